"""What `kmics diff main...HEAD` tells of pull requests: whoever sees only that can say what each changes, and nothing in it lives."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from bless import FORMATS, GOLDEN, TOP, run
from kmics_cli.views.markdown import markdown
from kmics_cli.views.pages.edits import MOST_BYTES, diff_in_markdown, lines_of
from pulls import EVIL, KEPT, PULLS, git, pull_request, repository, told


@pytest.mark.parametrize("name", PULLS)
def test_what_is_told_is_what_is_kept(name: str) -> None:
    for format, text in told(name).items():
        kept = (GOLDEN / f"diff/{name}.{FORMATS[format]}").read_text(encoding="utf-8")
        assert text == kept, "run python tests/bless.py, and read the difference"


OUTPUT = TOP / "schema" / "output"


def test_what_programs_get_is_as_its_schema_says(tmp_path: Path) -> None:
    diff = Draft202012Validator(json.loads((OUTPUT / "diff.json").read_text(encoding="utf-8")))
    history = Draft202012Validator(json.loads((OUTPUT / "history.json").read_text(encoding="utf-8")))
    for schema in (diff, history):
        Draft202012Validator.check_schema(schema.schema)
    for name in ("hostile", "merger"):
        root = pull_request(tmp_path / name, name)
        diff.validate(json.loads(run("diff", "main...HEAD", "--format", "json", registry=root, today=None).out))
        diff.validate(json.loads(run("diff", "--format", "json", registry=root, today=None).out))
        for words in ("nowshire-executive", "Vic Whimsy", "--all audit-committee/chair", "strategy-aims"):
            done = run("history", *shlex.split(words), "--format", "json", registry=root, today=None)
            history.validate(json.loads(done.out))


def test_the_pull_requests_asked_for_are_there() -> None:
    wanted = {"appointment", "vacancy", "new-name", "merger", "correction", "late-recording", "hostile"}
    assert wanted <= PULLS.keys() == KEPT.keys()


@pytest.mark.parametrize("name", PULLS)
def test_nothing_in_the_markdown_lives(name: str) -> None:
    text = (GOLDEN / f"diff/{name}.md").read_text(encoding="utf-8")
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text):
        assert token.type != "html_block" or re.fullmatch(
            r"(<details>|<summary>Show [0-9]+</summary>|</details>|\n)+", token.content
        )
        for inner in token.children or ():
            assert inner.type in ("text", "softbreak", "text_special"), inner
    assert "@everyone" not in text


def test_a_comment_is_cut_to_its_size_from_what_matters_least() -> None:
    answer = json.loads((GOLDEN / "diff/hostile.json").read_text(encoding="utf-8"))
    one = answer["changes"][0]
    many = []
    for group in ("happened", "late", "corrected", "evidence"):
        many += [
            {
                **one,
                "group": group,
                "level": "change",
                "id": f"{group}-{n}/x",
                "under": f"Under {n}",
                "text": f"Under {n}: {group} {n} {EVIL}",
            }
            for n in range(200)
        ]
    answer["changes"] = many
    answer["totals"] = {"happened": 200, "late": 200, "corrected": 200, "evidence": 200, "breaking": 0}
    whole = diff_in_markdown(answer, most=10**9)
    assert len(whole.encode()) > 1.5 * MOST_BYTES
    cut = diff_in_markdown(answer)
    assert len(cut.encode()) <= MOST_BYTES
    shown = {
        group: cut.count(f"- {group.capitalize()} ") for group in ("happened", "late", "corrected", "evidence")
    }
    assert shown["evidence"] == 0
    assert shown["corrected"] == 200
    assert shown["late"] < 200
    for group in ("Happened", "Recorded late", "Corrected", "Evidence"):
        assert re.search(rf"^## {group}.* \(200\)$", cut, re.MULTILINE), group
    assert "200 happened, or decided, since then; 200 recorded late" in cut
    assert f"{200 - shown['late']} more are not shown here." in cut
    small = diff_in_markdown(answer, most=3_000)
    assert len(small.encode()) <= 3_000
    assert "200 more are not shown here." in small
    assert markdown([]) == "\n"
    assert lines_of([]) == []


def test_the_mirror_of_a_pull_request(tmp_path: Path) -> None:
    root = pull_request(tmp_path, "appointment")
    words = ("--format", "json", "--all")
    there = json.loads(run("diff", "main...HEAD", *words, registry=root, today=None).out)
    base = git(tmp_path, "merge-base", "main", "HEAD")
    turned = run("diff", "HEAD", base, *words, registry=root, today=None)
    assert "The second revision comes before the first" in turned.err
    assert run("diff", base, "HEAD", registry=root, today=None).err == ""
    back = json.loads(turned.out)
    assert sorted((json.dumps(c["before"]), json.dumps(c["after"])) for c in there["changes"]) == sorted(
        (json.dumps(c["after"]), json.dumps(c["before"])) for c in back["changes"]
    )
    for one in there["changes"]:
        for place, path in ((one["place_old"], "old"), (one["place_new"], "new")):
            assert place is None or (place["line"] >= 1 and (path == "old" or (root / place["path"]).is_file()))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("diff main...HEAD", 0),
        ("diff main...HEAD --exit-code", 1),
        ("diff main...HEAD --fail-on breaking", 0),
        ("diff main...HEAD --fail-on change", 1),
        ("diff main...HEAD --fail-on any", 1),
        ("diff HEAD HEAD --exit-code", 0),
        ("diff --exit-code", 0),
        ("diff main HEAD --fail-on breaking", 1),  # what came to main meanwhile is not there
        ("diff HEAD~1..HEAD --stat", 0),
        ("diff nowhere", 3),
        ("diff HEAD~40", 3),
        ("diff -- --output=x", 2),
        ("diff 'HEAD\n'", 2),
        ("diff a b c", 2),
        ("diff 2020-01-01", 3),
        ("diff '1 June 2026' HEAD", 0),
        ("diff '1 July 2027'", 2),
        ("diff 01/06/26", 2),
        ("diff 'Febuary 2026'", 2),
    ],
)
def test_exit_codes(words: str, code: int, tmp_path: Path) -> None:
    root = pull_request(tmp_path, "appointment")
    done = run(*shlex.split(words), registry=root)
    assert (done.code, "Traceback" in done.err) == (code, False), done
    assert bool(done.err) == (code > 1)


def test_files_as_they_are_against_a_commit(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert "What is said of the world is as it was." in run("diff", registry=root, today=None).out
    file = root / "bodies" / "audit-committee.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert "What is said of the world is as it was." in run("diff", "--all", registry=root, today=None).out
    file.write_bytes(file.read_bytes().replace(b"from: 2024-10-01", b"from: 2024-10-01\r\n      to: 2026-06-05"))
    done = run("diff", registry=root, today=None)
    assert "to the files as they are" in " ".join(done.out.split())
    assert "last day of Wing Commander Vic Whimsy: 5 June 2026." in " ".join(done.out.split())
    (root / "bodies" / "audit-committee.yaml").write_bytes(b"name: [")
    done = run("diff", registry=root, today=None)
    assert "These could not be read on one side" in done.out
    text = " ".join(done.out.split())
    assert (
        "In what can be read on both sides, what is said of the world is as it was. 1 file could not be compared."
        in text
    )
    for option in ("--exit-code", "--fail-on=breaking"):
        assert run("diff", option, registry=root, today=None).code == 1, "what cannot be read may be anything"
