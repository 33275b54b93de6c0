"""Since an earlier paper: what its stamp says, and the four headings under which its readers are told."""

from __future__ import annotations

import csv
import io
import json
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bless import TOP, run
from kmics_cli.cli.session import Session
from kmics_cli.events import Stamp, stamps
from pulls import edit, git, repository

SCHEMA = Draft202012Validator(json.loads((TOP / "schema" / "output" / "changes.json").read_text(encoding="utf-8")))
PAPER_DAY = "2026-06-02"


def on_day(root: Path, day: int, subject: str) -> None:
    git(root.parent, "add", "-A")
    git(root.parent, "commit", "-qm", subject, day=f"2026-06-{day:02}T12:00:00+00:00")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A registry after a paper of 2 June was made from it: since then something happened, was found, and was corrected."""
    root = repository(tmp_path)
    (tmp_path / ".git" / "info" / "exclude").write_text("*.md\n", encoding="utf-8")
    (tmp_path / "paper.md").write_text(
        f"# A paper\n\n{Session(registry=root, on=PAPER_DAY).stamp()}\n", encoding="utf-8"
    )
    edit(
        root,
        {
            "bodies/audit-committee.yaml": [
                (
                    "      from: 2024-10-01\n",
                    "      from: 2024-10-01\n      to: 2026-06-05\n      end_reason: resigned\n",
                )
            ]
        },
    )
    on_day(root, 6, "The chair of the audit committee left")
    edit(
        root,
        {
            "bodies/quality-committee.yaml": [
                (
                    "    - person: dee-imaginary\n",
                    "    - person: sam-example\n      capacity: interim\n      from: 2024-01-01\n      to: 2024-05-31\n      sources:\n      - county-web line 72\n"
                    "    - person: dee-imaginary\n",
                )
            ]
        },
    )
    on_day(root, 7, "An interim of 2024 was found")
    edit(
        root,
        {
            "bodies/nowshire-executive.yaml": [
                (
                    '    - person: ray-unlikely\n      from: "2025~"\n',
                    '    - person: mo-romance\n      from: "2025~"\n',
                ),
                (
                    "sources:\n- board-papers-2026-05 pages 10-12\n",
                    "corrections:\n- made: 2026-06-08\n  about: director-of-strategy\n  said: Ray Unlikely holds it\n  says: Mo Romance holds it\n"
                    "  why: Two lines of the page were read as one.\n  sources:\n  - county-web line 17\n"
                    "sources:\n- board-papers-2026-05 pages 10-12\n",
                ),
            ]
        },
    )
    on_day(root, 8, "The paper had the wrong name")
    return root


def answer(root: Path, *words: str) -> Any:
    paper = str(root.parent / "paper.md")
    done = run("changes", "--since-paper", paper, "2026-06-30", *words, "--format", "json", registry=root)
    assert (done.code, done.err) == (0, ""), done
    found = json.loads(done.out)
    SCHEMA.validate(found)
    return found


def test_four_headings(root: Path) -> None:
    found = answer(root)
    texts = {
        name: [one["text"] for one in found[name]] for name in ("changes", "unreported", "corrections", "to_come")
    }
    assert (
        "Last day 5 June 2026: Wing Commander Vic Whimsy left as Chair of the Audit Committee, Audit Committee: resigned."
        in texts["changes"]
    )
    assert [text for text in texts["unreported"] if "Sam Example" in text] == [
        "On 1 January 2024: Commander Sam Example became Chair of the Quality Committee, Quality Committee (interim).",
        "Last day 31 May 2024: Commander Sam Example left as Chair of the Quality Committee, Quality Committee (interim).",
    ]
    assert not [text for text in texts["unreported"] if "Vic Whimsy" in text]
    assert any(
        "the record said Major Ray Unlikely, and now says Councillor Mo Romance" in text
        for text in texts["corrections"]
    )
    assert any(
        text.startswith("On 1 September 2026: Ida Fabled is to become Chief Executive") for text in texts["to_come"]
    )
    assert not [text for text in texts["changes"] if "2023 or later" in text], "told to the last meeting already"
    assert not [one for one in found["to_come"] if one["change"] in ("deadline", "term-ends", "review", "meeting")]
    assert found["paper"]["on"] == PAPER_DAY
    assert found["paper"]["rev"] == git(root.parent, "rev-list", "--max-parents=0", "HEAD")


def test_nothing_is_unreported_where_nothing_was_edited(root: Path) -> None:
    git(root.parent, "checkout", "-q", "HEAD~3")
    found = answer(root)
    assert (found["unreported"], found["corrections"]) == ([], [])


def test_a_body_and_what_is_below_it(root: Path) -> None:
    found = answer(root, "--body", "audit-committee")
    assert [one["change"] for one in found["changes"]] == ["left"]
    assert (found["unreported"], found["corrections"]) == ([], [])
    assert {one["id"].partition("/")[0] for one in answer(root, "--body", "nowshire-icb")["corrections"]} == {
        "nowshire-executive"
    }


def test_the_page_has_the_four_headings_and_the_paper(root: Path) -> None:
    paper = str(root.parent / "paper.md")
    done = run("changes", "--since-paper", paper, "2026-06-30", registry=root)
    text = " ".join(done.out.split())
    for words in (
        "Changes since the paper of 2 June 2026",
        "Happened since (",
        "Happened earlier, and not reported then (2)",
        "Corrections to the record that it was made from (1)",
        "Decided and still to come (",
        "Position on 30 June 2026. The paper (paper.md) was made from the record of",
    ):
        assert words in text, words
    markdown = run("changes", "--since-paper", paper, "2026-06-30", "--format", "md", registry=root).out
    assert "kmics:stamp on=2026-06-30" in markdown
    rows = run("changes", "--since-paper", paper, "2026-06-30", "--format", "csv", registry=root).out
    assert {line[0] for line in csv.reader(io.StringIO(rows))} - {"section"} == {
        "since",
        "unreported",
        "corrections",
        "to-come",
    }


def test_a_commit_that_is_gone_is_found_by_its_folder(root: Path) -> None:
    before = answer(root)
    folder = root.parent
    git(folder, "commit", "-q", "--allow-empty", "-m", "Elsewhere")
    git(folder, "checkout", "-q", "--orphan", "other", "HEAD~4")
    git(folder, "commit", "-qm", "The miniature, again", day="2026-06-20T12:00:00+00:00")
    git(folder, "branch", "-q", "-D", "main")
    git(folder, "reflog", "expire", "--expire=now", "--all")
    git(folder, "gc", "-q", "--prune=now")
    assert before["paper"]["rev"] not in git(folder, "rev-list", "--all")
    found = answer(root)
    assert found["paper"]["rev"] == git(folder, "rev-parse", "HEAD")
    assert found["unreported"] == []


STAMP = "<!-- kmics:stamp on=2026-06-02 rev={} tree={} -->"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("no stamp at all", 2, "has no stamp of kmics"),
        (STAMP.format("0" * 12, "0" * 40), 3, "is not in this checkout"),
        ("<!-- kmics:stamp on=2026-06-02 rev=0000000 -->", 3, "There is no commit '0000000' here."),
        ("<!-- kmics:stamp on=2026-06-02 -->", 3, "is not in this checkout"),
        ("<!-- kmics:stamp on=2026-13-02 rev=0000000 -->", 2, "has no stamp of kmics"),
        ("<!-- kmics:stamp on=2026-06-02 rev=--output=x -->", 2, "has no stamp of kmics"),
        (
            STAMP.format("0" * 12, "0" * 40) + STAMP.format("1" * 12, "0" * 40),
            2,
            "stamps of several days or records",
        ),
    ],
)
def test_a_paper_that_leads_nowhere(text: str, code: int, said: str, root: Path) -> None:
    paper = root.parent / "other.md"
    paper.write_text(text, encoding="utf-8")
    done = run("changes", "--since-paper", str(paper), registry=root)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("changes --since-paper nowhere.md", 3, "cannot be read"),
        ("changes --since-paper . ", 3, "cannot be read"),
        ("changes --since-paper x --since-meeting nowshire-board", 2, "cannot be given together"),
        ("changes 2026 2027 --since-paper x", 2, "cannot be given together"),
    ],
)
def test_asked_wrongly(words: str, code: int, said: str, root: Path) -> None:
    done = run(*shlex.split(words), registry=root)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_every_answer_in_markdown_ends_with_a_stamp(root: Path) -> None:
    for words in (
        "show nowshire-icb",
        "list bodies",
        "tree",
        "report checks",
        "timeline nowshire-icb --during 2022/23",
    ):
        text = run(*shlex.split(words), "--format", "md", registry=root, today="2026-06-20").out
        day = "2022-04-01..2023-03-31" if "during" in words else "2026-06-20"
        about = " about=nowshire-icb"
        assert (
            text.splitlines()[-1]
            == f"<!-- kmics:stamp on={day} rev=revision tree=tree{about if 'icb' in words else ''} -->"
        )


def test_a_paper_about_a_body_is_compared_with_what_the_record_says_of_that_body(root: Path) -> None:
    paper = root.parent / "paper.md"
    paper.write_text(
        paper.read_text(encoding="utf-8").replace(" -->", " about=audit-committee -->"), encoding="utf-8"
    )
    assert answer(root) == answer(root, "--body", "audit-committee")
    assert answer(root, "--body", "nowshire-icb")["of"] == "nowshire-icb"
    paper.write_text(paper.read_text(encoding="utf-8").replace("audit-committee", "no-such-body"), encoding="utf-8")
    assert answer(root)["of"] is None
    paper.write_text(paper.read_text(encoding="utf-8").replace("no-such-body", "icb"), encoding="utf-8")
    assert answer(root)["of"] is None
    two = paper.read_text(encoding="utf-8").replace("about=icb", "about=audit-committee")
    paper.write_text(two + two.replace("audit-committee", "nowshire-icb"), encoding="utf-8")
    assert answer(root)["of"] is None


def test_what_was_possible_on_the_day_of_a_paper_and_may_have_come_since_is_told_again(root: Path) -> None:
    file = root / "bodies" / "audit-committee.yaml"
    file.write_bytes(file.read_bytes().replace(b"from: 2024-10-01", b"from: 2026-05"))
    git(root, "commit", "-qam", "Another start")
    paper = root.parent / "may.md"
    paper.write_text(Session(registry=root, on="2026-05-10").stamp(), encoding="utf-8")
    done = run("changes", "--since-paper", str(paper), "2026-06-30", "--format", "json", registry=root)
    told = [(one["when"], one["certainty"]) for one in json.loads(done.out)["changes"] if one["change"] == "joined"]
    assert ("in May 2026", "possibly") in told


def test_a_paper_says_that_a_file_could_not_be_read(root: Path) -> None:
    (root / "bodies" / "broken.yaml").write_text("name: [\n", encoding="utf-8")
    told = "1 file of the registry could not be read. What it holds is left out here."
    for words in ("show nowshire-icb", "changes 2026-05-01 2026-06-30"):
        assert told in run(*words.split(), "--format", "md", registry=root).out
        assert told not in run(*words.split(), registry=root).out


def test_stamps_are_read() -> None:
    assert stamps("<!-- kmics:stamp on=2026-06-02 rev=abcdef0 about=a-body draft -->")[0].about == "a-body"
    one = Stamp(date(2026, 6, 2), "a" * 12, "b" * 40, None, False)
    assert stamps(STAMP.format("a" * 12, "b" * 40) * 2) == [one]
    assert stamps("<!-- kmics:stamp on=2022-04-01..2023-03-31 rev=abcdef0 -->")[0].day == date(2023, 3, 31)
    assert stamps("<!-- kmics:stamp on=2026-06-02 rev=abcdef0 draft -->")[0].draft


def test_a_stamp_says_what_the_record_was_and_whether_it_was_a_draft(tmp_path: Path) -> None:
    root = repository(tmp_path)
    file = root / "bodies" / "audit-committee.yaml"
    head = git(tmp_path, "rev-parse", "HEAD")
    tree = git(tmp_path, "rev-parse", "HEAD:registry")
    plain = Session(registry=root, on="2026-06-02")
    assert plain.stamp() == f"<!-- kmics:stamp on=2026-06-02 rev={head[:12]} tree={tree} -->"
    file.write_bytes(file.read_bytes().replace(b"name: Audit Committee\n", b"name: Another\n"))
    assert Session(registry=root, on="2026-06-02").stamp().endswith(" draft -->")
    assert not Session(registry=root, on="2026-06-02", rev="HEAD").stamp().endswith(" draft -->")
