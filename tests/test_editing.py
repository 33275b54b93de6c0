"""What happened, and what was wrong, is recorded with commands alone: nothing else changes, and nothing breaks."""

from __future__ import annotations

import difflib
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bless import MINI, REAL, Ran, run
from kmics_cli.cli.adding import EXAMPLES as ADDING
from kmics_cli.cli.governing import EXAMPLES as GOVERNING
from kmics_cli.cli.identity import EXAMPLES as IDENTITY
from kmics_cli.cli.mending import EXAMPLES as MENDING
from kmics_cli.cli.seating import EXAMPLES as SEATING
from kmics_cli.cli.texts import EXAMPLES as TEXTS

DAY = "2026-06-30"
SETTINGS = """\
# yaml-language-server: $schema=../schema/registry.json
name: A registry of invented people
model: "1"
kinds:
  board: board
  committee: committee
"""


def git(folder: Path, *words: str) -> str:
    settings = ("-c", "user.name=Alex Example", "-c", "user.email=alex@example.invalid")
    done = subprocess.run(["git", *settings, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def committed(root: Path, message: str) -> None:
    git(root.parent, "add", "-A")
    git(root.parent, "commit", "-qm", message, "--allow-empty")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A registry of nothing, in a checkout."""
    root = tmp_path / "registry"
    for folder in ("bodies", "people", "documents"):
        (root / folder).mkdir(parents=True)
    (root / "kmics.yaml").write_text(SETTINGS, encoding="utf-8")
    git(tmp_path, "init", "-q")
    committed(root, "Start")
    return root


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of the miniature registry, in a checkout."""
    root = tmp_path / "registry"
    shutil.copytree(MINI, root)
    git(tmp_path, "init", "-q")
    committed(root, "Start")
    return root


def do(root: Path, line: str, code: int = 0, day: str = DAY) -> Ran:
    """Run an editing command that writes without asking, and see that it ended as it should."""
    words = shlex.split(line)
    more = [] if {"--dry-run", "--yes"} & set(words) or words[0] in ("fmt", "validate") else ["--yes"]
    done = run(*words, *more, registry=root, today=day)
    assert done.code == code, f"{line}\n{done.out}\n{done.err}"
    assert "Traceback" not in done.err
    return done


def sound(root: Path, day: str = DAY) -> None:
    """See that a registry has no error and no warning, but for those that time brings."""
    done = run("validate", "--strict", "--ignore", "term-ran-out,stale-evidence", registry=root, today=day)
    assert done.code == 0, done.out


def texts(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.yaml"))}


STEPS = (
    ('add document "Board paper, June 2026" --id paper --kind board-paper --speaks-of 2026-06', ""),
    (
        'add body "The Example Board" --id board --kind board --from 2020-01-01 --source "paper line 1"',
        "The Example Board",
    ),
    ('add role board Chair --member-type chair --voting yes --source "paper line 1"', "Chair"),
    ('vacate board/chair --from 2020-01-01 --source "paper line 2"', "vacant from 1 January 2020"),
    (
        'appoint board/chair --new-person "Alex Example" --capacity interim --from 2020-07-01 --source "paper line 3"',
        "Alex Example",
    ),
    (
        'appoint board/chair --new-person "Bo Sample" --capacity substantive --from 2021-01-01 --announced 2020-10-01'
        ' --term-ends 2023-12-31 --source "paper line 4"',
        "Bo Sample",
    ),
    ('reappoint board/chair --from 2024-01-01 --term-ends 2026-12-31 --source "paper line 5"', "reappointed"),
    ('extend board/chair --term-ends 2027-03-31 --source "paper line 6"', "31 March 2027"),
    ('end board/chair --to 2026-05-31 --reason resigned --source "paper line 7"', "31 May 2026"),
    (
        'correct board/chair to 2020-12-30 --person "Alex Example" --why "Misread." --source "paper line 8"',
        "Corrected",
    ),
)


def test_the_history_of_one_seat_is_recorded_with_commands_alone(empty: Path) -> None:
    for line, word in STEPS:
        told = do(empty, line).out
        assert word in " ".join(told.split()), told
        sound(empty)
        assert do(empty, "fmt --check").code == 0
        committed(empty, line)
    timeline = " ".join(run("timeline", "board/chair", registry=empty, today=DAY).out.split())
    for words in (
        "vacant",
        "Alex Example",
        "30 December 2020",
        "Bo Sample",
        "1 January 2021",
        "reappointed",
        "31 May 2026",
    ):
        assert words in timeline, timeline
    diff = json.loads(run("diff", "HEAD~1", "HEAD", "--format", "json", registry=empty, today=DAY).out)
    assert [one["group"] for one in diff["changes"] if one["level"] != "quiet"] == ["corrected"]
    shown = " ".join(run("show", "board/chair", "--on", "2022-01-01", registry=empty, today=DAY).out.split())
    assert "Bo Sample" in shown
    for old, new, words in (
        ("HEAD~7", "HEAD~6", "vacant from 1 January 2020"),
        ("HEAD~6", "HEAD~5", "Alex Example (interim) appointed from 1 July 2020"),
        ("HEAD~5", "HEAD~4", "Bo Sample appointed from 1 January 2021"),
        ("HEAD~4", "HEAD~3", "Bo Sample reappointed from 1 January 2024"),
        ("HEAD~3", "HEAD~2", "31 March 2027"),
        ("HEAD~2", "HEAD~1", "last day of Bo Sample: 31 May 2026 (resigned)"),
    ):
        on_record = " ".join(run("diff", old, new, registry=empty, today=DAY).out.split())
        assert words in on_record, on_record


def test_only_lines_that_a_careful_human_would_have_changed(empty: Path) -> None:
    for line, _word in STEPS[:7]:
        do(empty, line)
    file = empty / "bodies/board.yaml"
    odd = file.read_text(encoding="utf-8").replace("  chair:\n", "  # The chair's seat\n  chair:   # once more\n")
    odd = odd.replace("name: The Example Board\n", 'name:   "The Example Board"   # kept\n\n')
    file.write_bytes(odd.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    do(empty, STEPS[8][0])
    after = file.read_bytes().decode()
    assert "\n" not in after.replace("\r\n", "")
    changed = [
        line
        for line in difflib.unified_diff(odd.split("\n"), after.replace("\r\n", "\n").split("\n"), lineterm="", n=0)
        if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == [
        "+      to: 2026-05-31",
        "+      end_reason: resigned",
        "+      - document: paper",
        "+        at: line 7",
        "+        shows: end",
    ]
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o640


# --- each command and each example


NAMES = {
    "BODY/ROLE": "people-committee/chair",
    "BODY": "people-committee",
    "OTHER": "quality-committee",
    "DOCUMENT": "board-papers-2026-05",
    "SOMEBODY NEW": "Zed Newcomer",
    "PRIORITIES": "strategy-aims",
}


def filled(example: str) -> str:
    """Return an example with names of the miniature registry in place of the words in capitals."""
    for word, name in NAMES.items():
        example = re.sub(rf"(?<![\w-]){word}(?![\w-])", name, example)
    return example.removeprefix("kmics ")


@pytest.mark.parametrize(
    "name", [*SEATING, *GOVERNING, *MENDING, *IDENTITY, *TEXTS, *(f"add {one}" for one in ADDING)]
)
def test_every_help_shows_its_two_examples(name: str) -> None:
    done = run(*name.split(), "--help", registry=None, today=None)
    told = " ".join(done.out.split())
    examples = (
        ADDING[name.removeprefix("add ")]
        if name.startswith("add ")
        else (SEATING | GOVERNING | MENDING | IDENTITY | TEXTS)[name]
    )
    assert len(set(examples)) == 2
    for example in examples:
        assert example.startswith(f"kmics {name}")
        assert example in told


SEATED = {
    "NAME": "Alex Example",
    "BODY/ROLE": "board/chair",
    "BODY": "board",
    "OTHER": "panel",
    "SAME": "panel",
    "DISPUTED": "board",
    "DOCUMENT": "paper",
    "SOMEBODY NEW": "Zed Newcomer",
    "PRIORITIES": "aims",
}
READY = (
    'add document "Paper" --id paper --kind board-paper --speaks-of 2020-06',
    'add body "The Example Board" --id board --kind board --from 2020-01-01 --source "paper line 1"',
    'add body "The Example Panel" --id panel --kind board --from 2020-01-01 --source "paper line 1"',
    'add role board Chair --member-type chair --source "paper line 1"',
    'add priority "Aims" "Shorter waits" --id aims --owner board --from 2020-01-01 --source "paper line 1"',
    'dispute board --about "Its age" --says Young --source "paper line 1" --says Old --source "paper line 2"',
)
HOLDER = 'appoint board/chair --new-person "Alex Example" --from 2021-07-01 --term-ends 2025-06-30 --source "paper line 3"'
HAVE_NONE = ("appoint", "vacate")


@pytest.mark.parametrize(
    "example",
    [one for some in (SEATING, GOVERNING, MENDING, IDENTITY, ADDING) for both in some.values() for one in both],
)
def test_an_example_does_what_it_says(example: str, empty: Path) -> None:
    for line in READY:
        do(empty, line)
    words = shlex.split(example)
    if words[1] not in HAVE_NONE and words[1] != "add":
        do(empty, HOLDER)
    elif "NAME" in example and "--new-person" not in example:
        do(empty, 'add person "Alex Example"')
    if words[1] == "confirm":
        do(empty, 'add role board Lead --member-type leader --source "paper line 1"')
        do(empty, 'appoint board/lead --new-person "Bo Sample" --from 2022-01-01 --source "paper line 4"')
    committed(empty, "Ready")
    before = texts(empty)
    for word, name in SEATED.items():
        example = re.sub(rf"(?<![\w-]){word}(?![\w-])", name, example)
    environ = {name: f"{name.title()} Example" for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME")}
    assert environ
    git(empty.parent, "config", "user.name", "Alex Example")
    git(empty.parent, "config", "user.email", "alex@example.invalid")
    done = do(empty, example.removeprefix("kmics "))
    assert ("Nothing was written" in done.out) == ("--dry-run" in example)
    assert (texts(empty) == before) == ("--dry-run" in example)
    assert (git(empty.parent, "status", "--porcelain") == "") == bool(
        {"--dry-run", "--commit"} & set(shlex.split(example))
    )
    assert run("validate", registry=empty, today=DAY).code == 0


# --- what is refused, and what is said


def test_nothing_is_written_where_nobody_can_be_asked(mini: Path) -> None:
    before = texts(mini)
    line = 'rename quality-committee "Another" --from 2026-07-01 --source "board-papers-2026-05 page 2"'
    done = run(*shlex.split(line), registry=mini, today=DAY)
    assert done.code == 2
    assert "there is nobody to ask" in done.err
    lacking = run("rename", "quality-committee", registry=mini, today=DAY)
    assert (lacking.code, lacking.out) == (2, "")
    assert "NAME is missing" in lacking.err
    assert texts(mini) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'end nowshire-board/chair --to 01/07/22 --source "board-papers-2026-05 page 2"',
            "day and month could be mistaken",
        ),
        (
            'end nowshire-board/chair --to 2026-06-01 --source "no-such-paper page 2"',
            "There is no document 'no-such-paper'",
        ),
        ("end nowshire-board/chair --to 2026-06-01", "--source"),
        ('end nowshire-board --to 2026-06-01 --source "board-papers-2026-05 page 2"', "Its roles: nowshire-board/"),
        ('end nowshire-board/chair Nobody --to 2026-06-01 --source "board-papers-2026-05 page 2"', "Nobody"),
        (
            'appoint nowshire-board/chair "Ada Invented" --from 2026-07-01 --source "board-papers-2026-05 page 2"',
            "already",
        ),
        (
            'appoint nowshire-board/chair --new-person "Ada Invented" --from 2026-07-01 --source "county-web line 2"',
            "of that name already",
        ),
        (
            'amend nowshire-board level place --from 2026-07-01 --source "board-papers-2026-05 page 2"',
            "quorum, part_of",
        ),
        (
            'amend nowshire-board/chair seats many --from 2026-07-01 --source "board-papers-2026-05 page 2"',
            "no number of seats",
        ),
        ('correct nowshire-board nothing x --source "board-papers-2026-05 page 2"', "There is no field 'nothing'"),
        ('correct nowshire-board level system --source "board-papers-2026-05 page 2"', "says so already"),
        ("move-id nowshire-board nowshire-icb", "already a record"),
        ("move-id nowshire-board Not-An-Id", "can be no id"),
        ("settle quality-committee", "no such open disagreement"),
        ('add person "Ada Invented"', "already a record"),
        ("combine-records nowshire-board nowshire-board", "one record already"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(line: str, said: str, mini: Path) -> None:
    before = texts(mini)
    done = do(mini, line, code=2)
    assert said in " ".join(done.err.split()), done.err
    assert texts(mini) == before


def test_what_would_break_the_record_is_refused_and_shown(mini: Path) -> None:
    before = texts(mini)
    line = 'end nowshire-board/chair --to 2019-06-01 --source "board-papers-2026-05 page 2"'
    done = do(mini, line, code=1)
    assert "would break the record" in done.err
    assert re.search(r"error: bodies/nowshire-board\.yaml:\d+:\d+: .*\[[a-z-]+\]", done.out)
    assert texts(mini) == before


def test_what_is_wrong_elsewhere_does_not_block(mini: Path) -> None:
    (mini / "people/broken.yaml").write_text("name: [\n", encoding="utf-8")
    (mini / "people/odd.yaml").write_text("name: Odd One\nhonorific: Mrs\n", encoding="utf-8")
    do(mini, 'rename quality-committee "Another" --from 2026-07-01 --source "board-papers-2026-05 page 2"')


def test_the_registry_that_ships_is_not_edited(mini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kmics_cli.cli.session.registry_place", lambda _given: (mini, True))
    done = run("cite", "nowshire-board", "--source", "county-web line 2", "--yes", registry=None, today=DAY)
    assert done.code == 3
    assert "there to be read" in done.err


def test_what_a_crash_left_is_settled_by_the_next_edit_and_told_by_a_question(mini: Path) -> None:
    from kmics_cli.snapshot.disk import Disk
    from kmics_cli.snapshot.journal import FINISH, Rewrite, keep
    from kmics_cli.snapshot.state import state_folder

    state = state_folder(mini, None)
    assert state is not None
    state.mkdir(parents=True)
    path = "people/ada-invented.yaml"
    text = (mini / path).read_bytes()
    keep(state, FINISH, [Rewrite(path, text, text + b"# finished\n")], Disk())
    asked = run("show", "nowshire-board", registry=mini, today=DAY)
    assert "An edit was broken off" in asked.err
    assert (mini / path).read_bytes() == text
    done = do(mini, 'cite nowshire-board --source "county-web line 2"')
    assert "has now been finished" in done.err
    assert (mini / path).read_bytes() == text + b"# finished\n"
    assert "broken off" not in run("show", "nowshire-board", registry=mini, today=DAY).err


# --- ids and names


def test_moving_the_id_of_a_board_leaves_no_dangling_reference(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    shutil.copytree(REAL, root)
    git(tmp_path, "init", "-q")
    committed(root, "Start")
    before = run("validate", "--format", "json", registry=root, today="2026-11-27")
    do(root, "move-id icb-board board-of-the-icb", day="2026-11-27")
    after = run("validate", "--format", "json", registry=root, today="2026-11-27")
    counts = [json.loads(one.out)["counts"] for one in (before, after)]
    assert counts[0] == counts[1]
    left = {
        path: line
        for path, data in texts(root).items()
        for line in data.decode().split("\n")
        if re.search(r"(?<![\w-])icb-board(?![\w-])", line)
    }
    assert list(left.values()) == ["- icb-board"]  # among the former ids
    assert run("show", "icb-board", registry=root, today="2026-11-27").code == 0
    changed = git(tmp_path, "diff", "--stat", "--find-renames").splitlines()[-1]
    assert "insertion" in changed


def test_a_withheld_name_is_nowhere_in_the_work_tree(mini: Path) -> None:
    file = mini / "bodies/quality-committee.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("name: Quality Committee\n", "name: Quality Committee # as Ada Invented says\n")
        + "note: Ada  Invented was asked, and ADA INVENTED said so.\n",
        encoding="utf-8",
    )
    pages = mini.parent / "pages"
    pages.mkdir()
    (pages / "page.md").write_text(
        "# Page\n\n<!-- kmics:begin composition nowshire-board on=2022-09-20 -->\n<!-- kmics:end -->\n",
        encoding="utf-8",
    )
    settings = mini / "kmics.yaml"
    settings.write_text(
        re.sub(r"papers:\n(- .*\n)+", "papers:\n- ../pages\n", settings.read_text(encoding="utf-8"))
    )
    shutil.rmtree(mini / "papers", ignore_errors=True)
    run("render", registry=mini, today=DAY)
    committed(mini, "Page")
    assert "Ada Invented" in (pages / "page.md").read_text(encoding="utf-8")
    done = do(mini, 'withhold-name "Ada Invented" --id withheld-1')
    assert "Git keeps every earlier state" in done.out
    assert "No file of this checkout has the name now." in done.out
    for path in mini.parent.rglob("*"):
        if ".git" not in path.parts and path.is_file():
            assert not re.search(
                r"ada[\s_-]+invented", f"{path.name} {path.read_text(encoding='utf-8')}", re.IGNORECASE
            ), path
    shown = run("show", "nowshire-board/chair", registry=mini, today=DAY).out
    assert "Name withheld" in shown
    assert run("validate", registry=mini, today=DAY).code == 0


def test_two_records_of_one_person_become_one(empty: Path) -> None:
    for line in (*READY, HOLDER, 'add person "Alex B Example" --honorific Dr'):
        do(empty, line)
    do(empty, 'appoint panel/lead alex-b-example --from 2022-01-01 --source "paper line 4"', code=2)
    do(empty, 'add role panel Lead --id lead --member-type leader --source "paper line 1"')
    do(empty, 'appoint panel/lead alex-b-example --from 2022-01-01 --source "paper line 4"')
    done = do(empty, "combine-records alex-example alex-b-example")
    assert "'Alex Example' stays" in " ".join(done.out.split())
    assert not (empty / "people/alex-b-example.yaml").exists()
    assert (empty / "people/alex-example.yaml").read_text(encoding="utf-8").split("\n")[1:] == [
        "name: Alex Example",
        "honorific: Dr",
        "former_ids:",
        "- alex-b-example",
        "",
    ]
    sound(empty)


# --- bodies


def test_two_committees_merge_and_nobody_is_taken_over(empty: Path) -> None:
    for line in (*READY[:4], HOLDER):
        do(empty, line)
    done = do(empty, 'merge-bodies board panel --into "The Joint Board" --from 2027-04-01 --source "paper line 9"')
    told = " ".join(done.out.split())
    assert "Alex Example" in told
    assert "Nobody was appointed to it" in told
    made = (empty / "bodies/the-joint-board.yaml").read_text(encoding="utf-8")
    assert "- board\n  - panel" in made
    assert "kind: merger" in made
    assert "to: 2027-03-31\n      end_reason: body-closed\n" in (empty / "bodies/board.yaml").read_text(
        encoding="utf-8"
    ).replace("      terms:\n      - from: 2021-07-01\n        ends: 2025-06-30\n", "")
    assert run("validate", registry=empty, today=DAY).code == 0


def test_a_number_of_seats_is_amended_and_the_past_stays(empty: Path) -> None:
    for line in (*READY[:4], HOLDER):
        do(empty, line)
    committed(empty, "Before")
    do(empty, 'amend board/chair seats 2 --from 2026-03-01 --source "paper line 5"')
    told = json.loads(run("diff", "--format", "json", registry=empty, today=DAY).out)
    assert {(one["group"], one["level"]) for one in told["changes"]} <= {("happened", "change"), ("late", "change")}
    for day, seats in (("2026-02-28", 1), ("2026-03-01", 2)):
        found = json.loads(
            run("show", "board/chair", "--on", day, "--format", "json", registry=empty, today=DAY).out
        )
        assert found["role"]["seats"] == seats
    assert "number of seats 2" in " ".join(run("timeline", "board/chair", registry=empty, today=DAY).out.split())


@pytest.mark.parametrize(
    ("old", "new"), [("board-papers-2026-05", "papers-of-may"), ("ada-invented", "ada"), ("strategy-aims", "aims")]
)
def test_moving_an_id_is_told_as_one_thing(old: str, new: str, mini: Path) -> None:
    told = do(mini, f"move-id {old} {new}").out.split("\n\n")[0].splitlines()
    assert len(told) == 2
    assert f"its id is now {new}; {old} is a former id" in told[1]
    assert run("validate", registry=mini, today=DAY).code == 0
    assert not any(
        re.search(rf"(?<![\w-]){old}(?![\w-])", line)
        and old not in line.partition("former_ids")[2]
        and line != f"- {old}"
        for data in texts(mini).values()
        for line in data.decode().split("\n")
    )


def test_who_has_not_begun_is_not_confirmed(empty: Path) -> None:
    for line in (*READY[:4], HOLDER):
        do(empty, line)
    do(empty, 'add role board Lead --member-type leader --source "paper line 1"')
    do(empty, "correct paper public yes")
    do(empty, 'appoint board/lead --new-person "Cy Later" --from 2027-01-01 --source "paper line 4"')
    do(empty, 'confirm board --except "Alex Example" --read 2026-06-01 --source "paper line 5"', code=2)
    told = do(empty, 'add role board Clerk --member-type officer --source "paper line 1"')
    do(empty, 'appoint board/clerk --new-person "Di Present" --from 2022-01-01 --source "paper line 4"')
    told = do(empty, 'confirm board --except "Alex Example" --read 2026-06-01 --source "paper line 5"')
    assert "1 appointment is confirmed one by one" in told.out
    assert "Alex Example (Chair) is not confirmed" in told.out


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Łukasz Ćwikła", "lukasz-cwikla"),
        ("Siân O'Dŵr", "sian-odwr"),
        ("Bjørn Æther & Co", "bjorn-aether-and-co"),
        ("ਗੁਰਪ੍ਰੀਤ", ""),
    ],
)
def test_a_name_of_any_letters_gives_an_id_or_is_asked_for_one(name: str, id: str, empty: Path) -> None:
    done = run("add", "person", name, "--yes", registry=empty, today=DAY)
    assert done.code == (0 if id else 2)
    assert [path.stem for path in (empty / "people").iterdir()] == ([id] if id else [])
    if not id:
        assert "--id" in done.err


def test_all_that_a_person_holds_is_listed_and_ended_together(empty: Path) -> None:
    for line in (*READY[:4], HOLDER, 'add role panel Lead --member-type leader --source "paper line 1"'):
        do(empty, line)
    do(empty, 'appoint panel/lead alex-example --from 2022-01-01 --source "paper line 4"')
    line = 'end board/chair --to 2025-01-31 --source "paper line 5"'
    assert "Other roles still open: panel/lead" in do(empty, f"{line} --dry-run").out
    do(empty, f"{line} --all")
    for body in ("board", "panel"):
        assert "to: 2025-01-31" in (empty / f"bodies/{body}.yaml").read_text(encoding="utf-8")


def test_who_is_to_come_is_designate_and_the_covered_stays(empty: Path) -> None:
    for line in (*READY[:4], HOLDER, "correct paper public yes"):
        do(empty, line)
    do(
        empty,
        'appoint board/chair --new-person "Bo Cover" --capacity acting --covering alex-example --from 2026-06-01 --source "paper line 5"',
    )
    text = (empty / "bodies/board.yaml").read_text(encoding="utf-8")
    assert "to:" not in text
    do(empty, 'end board/chair "Bo Cover" --to 2026-06-15 --source "paper line 6"')
    do(empty, 'appoint board/chair --new-person "Cy Later" --from 2027-01-01 --source "paper line 7"')
    shown = " ".join(run("show", "board/chair", registry=empty, today=DAY).out.split())
    assert "Cy Later" in shown
    assert "Designate: to start on 1 January 2027" in shown


def test_what_can_be_amended_is_kept_as_it_was(empty: Path) -> None:
    for line in (*READY[:4], HOLDER):
        do(empty, line)
    for line, was in (
        ("amend board/chair voting yes", "It is put in as if it had always been so"),
        ("amend board/chair voting no", "votes: no from 1 March 2026; until then yes"),
        ('amend board/chair title "Chair in Common"', "until then Chair"),
        ("amend board/chair appointed-by panel", "appointed by The Example Panel"),
        ("amend board part-of panel --relation committee-of", "committee of The Example Panel"),
        ("amend board governed-by paper", "Paper"),
        ("amend board quorum 2", "a quorum of at least 2"),
    ):
        assert was in " ".join(do(empty, f'{line} --from 2026-03-01 --source "paper line 5"').out.split())
    for line, was in (
        ("amend board/chair appointed-by board", "last day 31 May 2026"),
        ("amend board quorum 3", "last day 31 May 2026"),
        ("amend board part-of panel --relation part-of", "part of The Example Panel"),
    ):
        assert was in " ".join(do(empty, f'{line} --from 2026-06-01 --source "paper line 6"').out.split())
    assert run("validate", registry=empty, today=DAY).code == 0
    shown = " ".join(run("show", "board/chair", registry=empty, today=DAY).out.split())
    assert "Until 28 February 2026: called Chair." in shown


def test_a_commit_has_the_words_and_the_source(empty: Path) -> None:
    for line in READY[:4]:
        do(empty, line)
    committed(empty, "Ready")
    git(empty.parent, "config", "user.name", "Alex Example")
    git(empty.parent, "config", "user.email", "alex@example.invalid")
    do(empty, f"{HOLDER} --commit")
    assert git(empty.parent, "log", "-1", "--format=%B").strip() == (
        "The Example Board: Chair: Alex Example appointed from 1 July 2021; term of office ends on 30 June 2025\n\n"
        "Source: paper line 3"
    )
    assert git(empty.parent, "status", "--porcelain") == ""


def test_nominators_in_brackets_become_groups_of_their_own(empty: Path) -> None:
    for line in READY[:4]:
        do(empty, line)
    file = empty / "bodies/board.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace(
            "    member_type: chair\n", "    member_type: chair\n    appointed_by: [panel]\n"
        ),
        encoding="utf-8",
    )
    do(empty, 'amend board/chair appointed-by board --from 2026-03-01 --source "paper line 5"')
    assert (
        "    appointed_by:\n    - by:\n      - panel\n      to: 2026-02-28\n      sources:\n      - paper line 5\n"
        "    - by:\n      - board\n      from: 2026-03-01\n      sources:\n      - paper line 5\n"
    ) in file.read_text(encoding="utf-8")
    assert do(empty, "fmt --check").code == 0
    assert run("validate", registry=empty, today=DAY).code == 0


def test_a_body_that_carries_on_is_known_by_its_name(empty: Path) -> None:
    for line in READY[:4]:
        do(empty, line)
    do(empty, 'merge-bodies panel --into "The Example Board" --from 2027-04-01 --source "paper line 9"')
    text = (empty / "bodies/board.yaml").read_text(encoding="utf-8")
    assert "kind: absorption" in text
    assert "to: 2027-03-31" in (empty / "bodies/panel.yaml").read_text(encoding="utf-8")
    assert not (empty / "bodies/the-example-board.yaml").exists()


def test_two_registries_of_one_checkout_have_a_journal_each(tmp_path: Path) -> None:
    from kmics_cli.snapshot.state import state_folder

    (tmp_path / ".git").mkdir()
    folders = {state_folder(tmp_path / name, None) for name in ("one", "two", ".")}
    assert len(folders) == 3
    assert None not in folders


def test_whoever_begins_on_an_unknown_day_ends_nobody(empty: Path) -> None:
    for line in (*READY[:4], HOLDER):
        do(empty, line)
    done = do(empty, 'appoint board/chair --new-person "Bo Sample" --from unknown --source "paper line 5"', code=2)
    assert "Record the end first" in done.err
    do(empty, 'end board/chair --to unknown --source "paper line 5"')
    do(empty, 'appoint board/chair --new-person "Bo Sample" --from unknown --source "paper line 5"')
