"""Each rule of style for papers, over every report, of the real registry and of the miniature one.

The rules are those of the NHS digital service manual and of the guidance on accessible documents: what a board reads.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bless import MINI, MINI_DAY, REAL, REAL_DAY, TOP, run
from kmics_cli.load import load
from kmics_cli.model import Registry
from kmics_cli.reports import REPORTS
from kmics_cli.shape import Shapes, schema_folder
from kmics_cli.snapshot import read_folder

MONTHS = "January February March April May June July August September October November December".split()
ASKED: dict[str, dict[Path, list[list[str]]]] = {
    "bodies": {
        MINI: [["nowshire-board"], ["nowshire-icb", "--on", "2024-07-01"], ["nowshire-icp", "--during", "2025/26"]],
        REAL: [
            ["icb-board", "--on", "2022-09-20"],
            ["nhs-kent-and-medway-icb"],
            ["kent-and-medway-icp", "--on", "2023-09-13"],
        ],
    }
}
BARE: dict[Path, list[list[str]]] = {
    MINI: [[], ["--on", "2015-01-01"], ["--during", "2025/26"]],
    REAL: [[], ["--on", "2022-06-30"], ["--during", "2022/23"]],
}
NO_DUTIES = "No duty in this registry applies"


@cache
def registry(root: Path) -> Registry:
    snapshot = read_folder(root)
    return load(snapshot.texts, Shapes(schema_folder()), snapshot.problems)[0]


@cache
def papers(name: str) -> list[tuple[str, Path, str]]:
    """Return what a report says, as Markdown, of each registry, several bodies and several days: (command, registry, text)."""
    found = []
    for root, day in ((MINI, MINI_DAY), (REAL, REAL_DAY)):
        asked = [*ASKED["bodies"][root]] if "bodies" in REPORTS[name].of else []
        if REPORTS[name].alone:
            asked += BARE[root]
        for words in asked:
            done = run("report", name, *words, "--format", "md", registry=root, today=day)
            if done.code == 2 and NO_DUTIES in done.err:
                continue
            assert (done.code, done.err) == (0, ""), f"{name} {words}: {done}"
            found.append((f"{name} {' '.join(words)}", root, done.out))
    return found


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def headings(text: str) -> list[tuple[int, str]]:
    made = tokens(text)
    return [
        (int(token.tag[1]), made[index + 1].content)
        for index, token in enumerate(made)
        if token.type == "heading_open"
    ]


def plain(text: str) -> str:
    """Return the words of a page as a reader sees them, without its headings and its stamp."""
    lines = [line for line in text.splitlines() if not line.startswith(("#", "<!--"))]
    return re.sub(r"\\([\\`*_~\[\]<>|#!&$.+=-])", r"\1", "\n".join(lines)).replace("\u200b", "")


def names(root: Path) -> list[str]:
    """Return what is called by a name in a registry, the longest first."""
    known = registry(root)
    found = {known.settings.name, *(body.name for body in known.bodies.values())}
    found |= {name.name for body in known.bodies.values() for name in body.names}
    found |= {role.title for body in known.bodies.values() for role in body.roles.values()}
    found |= {person.full_name for person in known.people.values()} | {p.name for p in known.people.values()}
    found |= {one.name for one in known.priorities.values()} | {one.title for one in known.documents.values()}
    found |= {item.title for one in known.priorities.values() for item in one.items if item.title}
    found |= {one.name for one in known.requirements.values()} | set(known.settings.kinds.values())
    found |= {one.about for body in known.bodies.values() for one in body.disagreements}
    found |= {
        one.about for some in (known.priorities, known.documents) for r in some.values() for one in r.disagreements
    }
    return sorted((name for name in found if name), key=len, reverse=True)


def lists(name: str) -> Iterator[tuple[str, Path, str]]:
    some = papers(name)
    assert some, f"nothing was asked of {name}"
    yield from some


every_report = pytest.mark.parametrize("name", REPORTS)


@every_report
def test_it_opens_with_a_title_and_one_sentence_that_answers(name: str) -> None:
    for command, _root, text in lists(name):
        blocks = text.split("\n\n")
        assert blocks[0].startswith("# "), command
        assert re.match(r"(On|From|In|The|No|Nothing|What) ", blocks[1]), f"{command}: {blocks[1]}"
        assert blocks[1].endswith("."), command
        assert re.search(r"[0-9]|\b[Nn]o\b|[Nn]othing|[Nn]one", blocks[1]), command


@every_report
def test_there_is_one_title_of_at_most_65_characters(name: str) -> None:
    for command, _root, text in lists(name):
        levels = headings(text)
        assert [level for level, _ in levels].count(1) == 1, command
        assert levels[0][0] == 1, command
        assert len(levels[0][1].replace("\\", "")) <= 65, command


@every_report
def test_no_level_of_heading_is_skipped_and_none_is_deep(name: str) -> None:
    for command, _root, text in lists(name):
        before = 0
        for level, words in headings(text):
            assert level <= min(before + 1, 4), f"{command}: {words}"
            before = level


@every_report
def test_headings_are_in_sentence_case(name: str) -> None:
    for command, root, text in lists(name):
        for _level, words in headings(text):
            left = words.replace("\\", "").replace("\u200b", "")
            for known in names(root):
                left = re.sub(re.escape(known), "x", left, flags=re.IGNORECASE)
            left = re.sub(
                "|".join([*MONTHS, "NHS England", "NHS", *registry(root).settings.abbreviations]), "x", left
            )
            assert not re.search(r"(?<=[a-z,] )[A-Z]", left), f"{command}: {words}"


@every_report
def test_each_table_has_a_caption_a_head_and_at_most_five_columns_without_an_empty_cell(name: str) -> None:
    for command, _root, text in lists(name):
        blocks = text.split("\n\n")
        number = 0
        for index, block in enumerate(blocks):
            if not block.startswith("|"):
                continue
            number += 1
            assert re.match(rf"Table {number}: \S", blocks[index - 1]), f"{command}: {blocks[index - 1][:80]}"
            rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in block.strip().splitlines()]
            assert len(rows) > 2, f"{command}: a table without rows"
            assert len(rows[0]) <= 5, f"{command}: {rows[0]}"
            assert {len(row) for row in rows} == {len(rows[0])}, command
            assert all(cell.strip() for row in rows for cell in row), f"{command}: {block[:300]}"
        assert len(re.findall(r"^Table [0-9]+: ", text, re.MULTILINE)) == number, (
            f"{command}: a caption without a table"
        )


@every_report
def test_days_are_written_out_and_ranges_have_no_dash(name: str) -> None:
    for command, root, text in lists(name):
        words = plain(text)
        for known in names(root):
            words = words.replace(known, "x")
        assert not (found := re.search(r"(?<![\w/.-])[0-9]{4}-[0-9]{2}(-[0-9]{2})?(?![\w-])", words)), (
            f"{command}: {found}"
        )
        assert not (found := re.search(r"\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.? [0-9]", words)), (
            f"{command}: {found}"
        )
        assert not (found := re.search(r"[0-9] ?[–—] ?[0-9]", words)), f"{command}: {found}"
        assert not (found := re.search(r"\b[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}\b", words)), f"{command}: {found}"


@every_report
def test_nothing_is_emphasised_linked_or_drawn(name: str) -> None:
    for command, _root, text in lists(name):
        body, _, stamp = text.rpartition("\n\n")
        assert stamp.startswith("<!-- kmics:stamp on="), command
        inline = [child for token in tokens(body) for child in token.children or ()]
        kinds = {token.type for token in [*tokens(body), *inline]}
        assert not kinds & {
            "em_open",
            "strong_open",
            "link_open",
            "image",
            "html_inline",
            "html_block",
            "code_block",
        }, command


@every_report
def test_abbreviations_are_explained_where_they_are_first_used(name: str) -> None:
    """All but NHS, GP and UK. Codes, ids and parts of names that are no abbreviations are left as they are."""
    besides = {"NHS", "GP", "UK", "DRAFT", "CSV", "JSON", "HCRG", "LMN", "GOV", "UIN", "HL"}
    for command, root, text in lists(name):
        known = registry(root)
        codes = {code.code for body in known.bodies.values() for code in body.identifiers}
        words = plain(text)
        for short in dict.fromkeys(re.findall(r"(?<![\w/.-])([A-Z][A-Z&]+)s?(?![\w/-])", words)):
            if short in besides or short in codes or not short.strip("IVX"):
                continue
            full = known.settings.abbreviations.get(short)
            if root == MINI and full is None:
                continue  # invented letters
            assert full, f"{command}: what is {short}?"
            first = re.search(rf"(?<![\w/.-]){re.escape(short)}(s?)(?![\w/-])", words)
            assert first
            around = " ".join(words[max(0, first.start() - len(full) - 3) : first.end() + len(full) + 6].split())
            assert full.casefold() in around.casefold(), f"{command}: {short} is used first in: {around}"


@every_report
def test_every_source_is_numbered_in_the_order_of_its_use(name: str) -> None:
    for command, _root, text in lists(name):
        body, heading, listed = text.partition("\n## Sources\n")
        used = list(dict.fromkeys(re.findall(r"\\\[([0-9]+)\\\]", body)))
        assert used == [str(number) for number in range(1, len(used) + 1)], command
        assert bool(used) is bool(heading), command
        assert re.findall(r"^- \\\[([0-9]+)\\\] \S", listed, re.MULTILINE) == used, command


@every_report
def test_it_names_the_registry_its_day_and_revision_and_is_stamped(name: str) -> None:
    for command, root, text in lists(name):
        line, stamp = text.strip().split("\n\n")[-2:]
        called = registry(root).settings.name
        assert line == f"Registry: {called}, as at 21 November 2026 (revision).", command
        assert re.fullmatch(r"<!-- kmics:stamp on=\S+ rev=revision tree=tree( about=\S+)? -->", stamp), command


@every_report
def test_a_draft_says_so_in_every_format(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import bless
    from kmics_cli.snapshot import Standing

    monkeypatch.setattr(bless, "STANDING", Standing("revision", REAL_DAY, True, ""))
    words = [] if REPORTS[name].alone else ["nowshire-board"]
    for format in ("table", "md"):
        text = run("report", name, *words, "--format", format).out
        assert text.split("\n\n")[1].startswith("DRAFT."), name
    assert json.loads(run("report", name, *words, "--format", "json").out)["registry"]["unrecorded_edits"] is True


@every_report
def test_as_data_it_has_the_opening_the_figures_and_the_rows(name: str) -> None:
    for root, day in ((MINI, MINI_DAY), (REAL, REAL_DAY)):
        words = [] if REPORTS[name].alone else [{MINI: "nowshire-board", REAL: "icb-board"}[root]]
        answer = json.loads(run("report", name, *words, "--format", "json", registry=root, today=day).out)
        schema = json.loads((TOP / "schema/output/report.json").read_bytes())
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(answer)
        assert answer["report"] == name
        done = run("report", name, *words, "--format", "csv", registry=root, today=day)
        rows = list(csv.reader(io.StringIO(done.out.removeprefix("\ufeff"))))
        assert len(set(rows[0])) == len(rows[0]), name
        assert all(rows[0]), name
        assert all(len(row) == len(rows[0]) for row in rows), name


@every_report
def test_tables_of_a_terminal_fit_eighty_columns(name: str) -> None:
    words = [] if REPORTS[name].alone else ["icb-board"]
    for line in run("report", name, *words, registry=REAL, today=REAL_DAY).out.splitlines():
        assert len(line) <= 80, line
        assert line == line.rstrip(), line


ODD = {
    "Ada Invented": "Łucja Ŵyn-ਪੰਜਾਬੀ | `x` <b>y</b> [z](https://evil.invalid/) @someone #1 <!-- kmics:end --> ![p](q)",
    "Finance and People Committee": "=Cyllid | `Pobl` <script>alert(1)</script> **bold** _it_ ~~no~~ $x$ &amp; żółć",
    "Papers of the Nowshire Board, May 2026": "ਬੋਰਡ | <img src=x onerror=y> www.evil.invalid GH-1 :smile: {{ x }}",
}
"""Names of the miniature registry, and what they are called in the hostile one."""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature registry with names that would be markup, formulas or other people's letters."""
    root = tmp_path_factory.mktemp("odd") / "registry"
    for path in MINI.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for name, other in ODD.items():
                called = json.dumps(other, ensure_ascii=False).replace("\\", "\\\\")
                text = re.sub(rf"(?m)^(\s*(?:name|title): ){re.escape(name)}$", rf"\g<1>{called}", text)
            target = root / path.relative_to(MINI)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return root


@every_report
def test_odd_names_come_through_and_bring_nothing_to_life(name: str, odd: Path) -> None:
    asked = [[]] if REPORTS[name].alone else [["nowshire-board"], ["finance-committee"]]
    for words in asked:
        told = {
            format: run("report", name, *words, "--format", format, registry=odd).out
            for format in ("table", "md", "json", "csv")
        }
        cells = [cell for row in csv.reader(io.StringIO(told["csv"].removeprefix("\ufeff"))) for cell in row]
        assert not [
            cell for cell in cells if cell[:1] in "=+-@" and cell[:1] and not re.fullmatch(r"-?[0-9.]+", cell)
        ]
        body = told["md"].rpartition("\n\n")[0]
        inline = [child for token in tokens(body) for child in token.children or ()]
        kinds = {token.type for token in [*tokens(body), *inline]}
        assert not kinds & {
            "em_open",
            "strong_open",
            "link_open",
            "image",
            "html_inline",
            "html_block",
            "code_inline",
        }
        shown = "".join(token.content for token in inline).replace("\u200b", "")
        for other in ODD.values():
            if other in shown:
                assert json.dumps(other, ensure_ascii=False)[1:-1] in told["json"]


def test_odd_names_come_through_in_every_format(odd: Path) -> None:
    """In a terminal a name may be broken over lines of its cell, so there its words are looked for."""
    told = {
        format: run("report", "composition", "nowshire-board", "--format", format, registry=odd).out
        for format in ("table", "md", "json", "csv")
    }
    name = ODD["Ada Invented"]
    assert f"Dame {name}" in [row["name"] for row in json.loads(told["json"])["rows"]]
    assert f"Dame {name}" in [
        row["name"] for row in csv.DictReader(io.StringIO(told["csv"].removeprefix("\ufeff")))
    ]
    inline = [child.content for token in tokens(told["md"]) for child in token.children or ()]
    assert f"Dame {name}" in "".join(inline).replace("\u200b", "")
    for word in name.split():
        assert word[:6] in told["table"]
