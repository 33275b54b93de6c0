"""What people type and what they get: exit codes, messages, options, encodings, help, and the names in the JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bless import MINI, MINI_DAY, REAL, REAL_DAY, TOP, Ran, run
from kmics_cli import __version__
from kmics_cli.cli import FAMILIES
from kmics_cli.cli.asking import EXAMPLES as ASKING
from kmics_cli.cli.checking import EXAMPLES as CHECKING
from kmics_cli.cli.drawing import EXAMPLES as DRAWING
from kmics_cli.cli.happening import EXAMPLES as HAPPENING
from kmics_cli.cli.meeting import EXAMPLES as MEETING
from kmics_cli.cli.recording import EXAMPLES as RECORDING
from kmics_cli.cli.rendering import EXAMPLES as RENDERING
from kmics_cli.cli.reporting import EXAMPLES as REPORTING


def subject(done: Ran) -> str:
    """Return what was said on the error stream, on one line, without the frames that help is drawn in."""
    return " ".join(re.sub(r"[╭╮╰╯─│]", " ", done.err).split())


def process(
    *words: str, folder: Path, registry: Path | None = MINI, today: str = MINI_DAY, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m kmics_cli` as a user would, in `folder`, with a clean environment and `more`."""
    left = {name: text for name, text in os.environ.items() if not name.startswith(("KMICS", "_KMICS", "PYTHON"))}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    told = [*words, *(["--registry", str(registry)] if registry else []), *(["--today", today] if today else [])]
    return subprocess.run(
        [sys.executable, "-m", "kmics_cli", *told],
        cwd=folder,
        env={**left, "PYTHONPATH": path, "PYTHONUTF8": "0", **more},
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of the miniature registry, to break."""
    return shutil.copytree(MINI, tmp_path / "copy" / "registry")


# --- exit codes and messages

ASKED_WRONGLY = {
    "show nowshir-board": "Nothing here is called 'nowshir-board'. Did you mean: nowshire-board",
    "show 'Ada Inventd'": "Did you mean: ada-invented Dame Ada Invented",
    "show qqqqqq": "Nothing here is called 'qqqqqq'. Try kmics search, or kmics list bodies.",
    "show ''": "No name was given.",
    "show 'Community Trust'": "could mean several things. Give the id of one:",
    "show nowshire-board/chiar": "'chiar' is no role of Board of the Nowshire Integrated Care Board. Its roles are: "
    "nowshire-board/chair Chair",
    "show nowshire-board --on 2026-01-01 --during 2026": "--on and --during cannot be given together.",
    "list bodies --sort colour": "There is nothing called 'colour' to sort by. Sort by one of:",
    "list bodies --columns id,colour": "There is no column 'colour'. There are:",
    "list people --level place": "--level does not apply to people.",
    "list bodies --kind comittee": "'comittee'",
    "list bodies --level county": "'county'",
    "list bodies --status dead": "'dead'",
    "list roles --state empty": "'empty'",
    "list roles --member-type king": "'king'",
    "list roles --body ada-invented": "'ada-invented' is not one of the bodies.",
    "list appointments --person nowshire-board": "'nowshire-board' is not one of the people.",
    "list zebras": "'zebras' is not one of 'bodies', 'roles',",
    "tree ada-invented": "'ada-invented' is not a body",
    "timeline strategy-aims": "'strategy-aims' has no timeline.",
    "search ''": "There is nothing to search for.",
    "validate bodies/none.yaml": "The registry has no file or folder 'bodies/none.yaml'.",
    "show": "Missing argument 'REF'.",
    "show nowshire-board --format yaml": "'yaml' is not one of 'table', 'md', 'json', 'csv', 'html', 'docx'.",
    "show nowshire-board --bogus": "No such option: --bogus",
    "frobnicate": "No such command 'frobnicate'.",
}
"""What is asked wrongly, and a part of what is said."""


@pytest.mark.parametrize("command", ASKED_WRONGLY)
def test_asked_wrongly_is_two(command: str) -> None:
    done = run(*shlex.split(command))
    assert (done.code, done.out) == (2, "")
    assert ASKED_WRONGLY[command] in subject(done)
    assert "Traceback" not in done.err


def test_no_command_is_help_and_two() -> None:
    left = process(folder=TOP, registry=None, today="")
    assert left.returncode == 2
    assert b"timeline" in left.stdout + left.stderr


def test_several_matches_come_with_periods_and_ids() -> None:
    done = run("show", "Community Trust")
    assert "  east-nowshire-trust  East Nowshire Community Trust (from 1 April 2023)\n" in done.err
    assert "  nowshire-community-trust  Nowshire Community Trust (1 April 2014 to 31 March 2023)\n" in done.err


@pytest.mark.parametrize(
    "written",
    ["01/07/22", "1/7/2022", "01.07.2022", "2022-13", "2022-02-30", "unknown", "soon", "", "2020~", "../2022"],
)
@pytest.mark.parametrize("option", ["--on", "--during"])
def test_a_wrong_date_says_what_dates_look_like(option: str, written: str) -> None:
    done = run("show", "nowshire-board", option, written)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(option)
    assert "1 July 2022" in done.err
    assert "2022/23" in done.err


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2024-07-01", "2024-07-01"),
        ("1 July 2024", "2024-07-01"),
        ("July 2024", "2024-07-01..2024-07-31"),
        ("autumn 2025", "2025-09-01..2025-11-30"),
        ("2022/23", "2022-04-01..2023-03-31"),
        ("2023", "2023-01-01..2023-12-31"),
        ("2022-07-01..2024-06-30", "2022-07-01..2024-06-30"),
        ("July 2022..1 May 2023", "2022-07-01..2023-05-01"),
    ],
)
@pytest.mark.parametrize("option", ["--on", "--during"])
def test_days_as_people_write_them(option: str, written: str, days: str) -> None:
    answer = json.loads(run("show", "nowshire-board", option, written, "--format", "json").out)
    assert (answer["on"] or answer["during"]) == days
    assert ("during" in answer) == (".." in days)


@pytest.mark.parametrize("command", ["show nowshire-board", "list bodies", "tree", "search board", "validate"])
def test_no_registry_is_three(command: str, tmp_path: Path) -> None:
    done = process(*shlex.split(command), folder=tmp_path, registry=tmp_path / "none")
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.startswith(b"There is no registry at ")
    assert b"kmics.yaml" in done.stderr


def test_code_one_is_for_problems_found(mini: Path) -> None:
    assert run("validate").code == 0
    (mini / "people" / "odd.yaml").write_text("name: [\n", encoding="utf-8")
    assert run("validate", registry=mini).code == 1


# --- where the registry is found


def names(done: subprocess.CompletedProcess[bytes]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["registry"]["name"]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A small registry of another name, in a checkout's folder."""
    folder = tmp_path / "checkout" / "registry"
    (folder / "people").mkdir(parents=True)
    (folder / "kmics.yaml").write_text('name: Other\nmodel: "1"\nkinds: {board: board}\n', encoding="utf-8")
    (folder / "people" / "jo-doe.yaml").write_text("name: Jo Doe\n", encoding="utf-8")
    return folder


def test_the_option_wins_then_the_environment_then_upwards(other: Path, tmp_path: Path) -> None:
    ask = ["list", "people", "--format", "json"]
    below = other / "people"
    empty = tmp_path / "empty"
    empty.mkdir()
    assert names(process(*ask, folder=below, KMICS_REGISTRY=str(other))) == "The Nowshire miniature"
    assert names(process(*ask, folder=below, registry=None, KMICS_REGISTRY=str(MINI))) == "The Nowshire miniature"
    for folder in (below, other, other.parent):
        assert names(process(*ask, folder=folder, registry=None)) == "Other"
    assert names(process(*ask, folder=empty, registry=other.parent)) == "Other"
    wrong = process(*ask, folder=below, registry=None, KMICS_REGISTRY=str(empty))
    assert wrong.returncode == 3
    assert b"KMICS_REGISTRY should name a folder" in wrong.stderr


# --- broken files


def test_a_broken_file_hides_no_other_and_is_told(mini: Path) -> None:
    whole = run("show", "nowshire-board", registry=mini)
    (mini / "bodies" / "finance-committee.yaml").write_text("name: A\nname: B\n", encoding="utf-8")
    done = run("show", "nowshire-board", registry=mini)
    assert (done.code, done.out) == (0, whole.out)
    first, file, last = done.err.splitlines()
    assert first == "1 file could not be read:"
    assert "bodies/finance-committee.yaml:2:1: The name 'name' stands twice" in file
    assert last == "  Run kmics validate to see what to do."


@pytest.mark.parametrize("ref", ["remuneration-panel", "Remuneration Panel", "remuneration-panel/chair"])
def test_asking_for_the_broken_record_says_so(mini: Path, ref: str) -> None:
    (mini / "bodies" / "remuneration-panel.yaml").write_text("name: A\nname: B\n", encoding="utf-8")
    done = run("show", ref, registry=mini)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("The record 'remuneration-panel' cannot be read: ")
    assert "bodies/remuneration-panel.yaml:2:1: The name 'name'" in done.err
    assert "Run kmics validate." in done.err


def test_broken_settings_hide_nothing(mini: Path) -> None:
    (mini / "kmics.yaml").write_text("name: [\n", encoding="utf-8")
    done = run("show", "nowshire-board", registry=mini)
    assert done.code == 0
    assert "Dame Ada Invented" in done.out
    assert "kmics.yaml" in done.err


# --- -o FILE


def test_the_answer_goes_to_a_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "board.md"
    target.write_text("x" * 100_000, encoding="utf-8")
    done = run("show", "nowshire-board", "--format", "md", "-o", str(target))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert target.read_bytes() == run("show", "nowshire-board", "--format", "md").out.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["board.md"]


def test_a_refused_question_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "board.md"
    target.write_bytes(b"as it was\n")
    assert run("show", "qqqqqq", "-o", str(target)).code == 2
    assert target.read_bytes() == b"as it was\n"


def test_csv_in_a_file_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    assert run("list", "people", "--format", "csv", "-o", str(target)).code == 0
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") > 10
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert {"General Zoë Apocryphal", "Dame Ada Invented"} <= {row["name"] for row in rows}


@pytest.mark.parametrize("inside", ["x.md", "bodies/x.yaml", "bodies/nowshire-board.yaml"])
def test_a_file_inside_the_registry_is_refused(mini: Path, inside: str) -> None:
    before = sorted((path, path.read_bytes()) for path in mini.rglob("*") if path.is_file())
    done = run("show", "nowshire-board", "-o", str(mini / inside), registry=mini)
    assert done.code == 2
    assert "lies inside the registry" in done.err
    assert sorted((path, path.read_bytes()) for path in mini.rglob("*") if path.is_file()) == before


def test_what_cannot_be_written_is_three(tmp_path: Path) -> None:
    for target in (tmp_path / "none" / "x.md", tmp_path):
        done = run("show", "nowshire-board", "-o", str(target))
        assert done.code == 3
        assert "cannot be written" in done.err
    assert list(tmp_path.iterdir()) == []


# --- streams


ENCODINGS = ["cp1252", "ascii", "utf-8"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("format", ["table", "md"])
def test_a_console_that_lacks_letters_shows_codes(encoding: str, format: str, tmp_path: Path) -> None:
    done = process("list", "people", "--format", format, folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    mark = "\\" if format == "md" else ""
    wanted = {"ascii": f"Zo{mark}\\xeb", "cp1252": "Zoë", "utf-8": "Zoë"}[encoding]
    assert wanted in text.replace("\\\\xeb", "\\xeb").replace("Zo\\xeb", f"Zo{mark}\\xeb")
    assert ("Mŷth" in text) == (encoding == "utf-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_and_csv_lose_nothing_on_any_console(encoding: str, tmp_path: Path) -> None:
    done = process("list", "people", "--format", "json", folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    found = [item["name"] for item in json.loads(done.stdout.decode(encoding))["items"]]
    assert {"General Zoë Apocryphal", "Admiral Bea Mŷth"} <= set(found)
    done = process("list", "people", "--format", "csv", folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode(encoding), newline="")))
    assert [row["id"] for row in rows] == [item.split("/")[-1] for item in (row["person"] for row in rows)]


def test_names_that_a_console_lacks_do_not_stop_a_message(tmp_path: Path) -> None:
    done = process("show", "Łukasz", folder=tmp_path, PYTHONIOENCODING="cp1252")
    assert done.returncode == 2
    assert b"\\u0141ukasz" in done.stderr
    assert b"Traceback" not in done.stderr


def without_a_reader(*words: str, folder: Path, registry: Path) -> subprocess.CompletedProcess[bytes]:
    """Run kmics with a standard output that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [sys.executable, "-m", "kmics_cli", *words, "--registry", str(registry), "--today", MINI_DAY],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
    finally:
        os.close(writer)


@pytest.mark.only_on("posix", reason="Windows has no such pipe")
@pytest.mark.parametrize("command", ["list people", "show nowshire-board --format json", "validate --format json"])
def test_a_pipe_that_closes_early_is_no_fault(command: str, tmp_path: Path) -> None:
    done = without_a_reader(*command.split(), folder=tmp_path, registry=MINI)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.only_on("posix", reason="Windows has no such pipe")
def test_a_pipe_that_closes_early_hides_no_problem(mini: Path, tmp_path: Path) -> None:
    """`kmics validate | head -1` under `set -o pipefail` still fails."""
    (mini / "people" / "odd.yaml").write_text("name: [\n", encoding="utf-8")
    done = without_a_reader("validate", folder=tmp_path, registry=mini)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.only_on("posix", reason="Windows has no such terminals")
@pytest.mark.parametrize(
    ("no_color", "term", "bold"),
    [(None, "xterm-256color", True), ("1", "xterm-256color", False), (None, "dumb", False)],
)
def test_on_a_terminal_only_headings_are_bold(no_color: str | None, term: str, bold: bool, tmp_path: Path) -> None:
    import pty

    parent, child = pty.openpty()
    environment = {name: text for name, text in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "kmics_cli",
            "show",
            "remuneration-panel",
            "--registry",
            str(MINI),
            "--today",
            MINI_DAY,
        ],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": path, "TERM": term, "COLUMNS": "100"}
        | ({"NO_COLOR": no_color} if no_color else {}),
        stdin=child,
        stdout=child,
        stderr=child,
    ) as process:
        os.close(child)
        data = b""
        while True:
            try:
                part = os.read(parent, 65_536)
            except OSError:  # Linux, when the other end is closed
                break
            if not part:
                break
            data += part
        assert process.wait(timeout=60) == 0
    os.close(parent)
    text = data.decode("utf-8").replace("\r\n", "\n")
    assert ("\x1b[1m" in text) == bold
    plain = re.sub(r"\x1b\[[01]m", "", text)
    assert "\x1b" not in plain
    assert plain.startswith("Remuneration Panel, on 30 June 2026\n")
    assert any(80 < len(line) <= 100 for line in plain.split("\n"))


@pytest.mark.parametrize(("no_color", "term"), [("1", "xterm-256color"), ("", "dumb"), ("", "xterm-256color")])
def test_nothing_is_coloured_in_a_pipe(no_color: str, term: str, tmp_path: Path) -> None:
    for format in ("table", "md", "json", "csv"):
        words = ["show", "nowshire-board", "--format", format]
        done = process(*words, folder=tmp_path, NO_COLOR=no_color, TERM=term)
        assert done.returncode == 0
        assert b"\x1b" not in done.stdout + done.stderr


# --- help


def test_help_is_in_panels_for_those_who_ask_and_those_who_edit() -> None:
    done = run("--help", registry=None, today=None)
    assert done.code == 0
    panels = [panel for _family, panel, _commands in FAMILIES]
    first, *others = re.split("|".join(dict.fromkeys(panels)), done.out)[1:]
    assert len(others) == 3
    assert re.findall(r"^│ ([a-z]+) ", first, re.MULTILINE) == [
        *ASKING,
        *MEETING,
        *HAPPENING,
        *RECORDING,
        *REPORTING,
        *RENDERING,
        *DRAWING,
    ]
    assert re.findall(r"^│ ([a-z]+) ", others[-1], re.MULTILINE) == list(CHECKING)
    told = re.findall(r"^│ ([a-z-]+) ", "".join([first, *others]), re.MULTILINE)
    assert told == " ".join(commands for _family, _panel, commands in FAMILIES).split()


EXAMPLES = {**ASKING, **MEETING, **HAPPENING, **RECORDING, **REPORTING, **RENDERING, **DRAWING, **CHECKING}


@pytest.mark.parametrize("command", EXAMPLES)
def test_every_help_shows_two_real_examples(command: str) -> None:
    assert len(set(EXAMPLES[command])) == 2
    for flag in ("--help", "-h"):
        done = run(command, flag, registry=None, today=None)
        assert done.code == 0
        told = " ".join(done.out.split())
        for example in EXAMPLES[command]:
            assert example.startswith(f"kmics {command}")
            assert example in told
    assert "--today" not in done.out


@pytest.mark.parametrize("example", [example for both in EXAMPLES.values() for example in both])
def test_examples_run_on_the_real_registry(example: str) -> None:
    _kmics, *words = shlex.split(example)
    done = run(*words, registry=None if "--registry" in words else REAL, today=REAL_DAY)
    assert (done.code, done.err) == (0, "")
    assert done.out
    assert "Nothing" not in done.out


@pytest.mark.parametrize("words", [["-m", "kmics_cli", "--version"], ["-m", "kmics_cli", "show", "--help"]])
def test_the_package_runs_as_a_module(words: list[str], tmp_path: Path) -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.strip() == f"kmics {__version__}".encode() or b"REF" in done.stdout


def test_a_file_of_the_current_folder_is_not_imported(tmp_path: Path) -> None:
    """`kmics` in a hostile folder: its yaml.py, ruamel.py and json.py stay unread (the console script has no '')."""
    for name in ("yaml", "ruamel", "typer", "rich", "jsonschema"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    script = "import sys; sys.argv = ['kmics', *sys.argv[1:]]; from kmics_cli.cli import main; main()"
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, "list", "people", "--registry", str(MINI), "--today", MINI_DAY],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, b"")


# --- the names of the JSON contract

SOURCE = "document at"
HOLDER = (
    "person name via capacity from to term_ends certainty confidence stale last_evidence says note sources".split()
)
ROLE = (
    "id title body member_type voting existence state seats holders vacancies not_recorded next no_substantive_since "
    "sources".split()
)
BODY = (
    "id name kind level legal_form status from to names identifiers part_of members predecessors successors recorded "
    "quorum governed_by figures disagreements sources".split()
)
APPOINTMENT = "role body title existence state capacity from to certainty".split()
CONTRACT: dict[str, tuple[str, list[str]]] = {
    "show body": ("show nowshire-board", ["body", "roles"]),
    "show person": ("show dee-imaginary", ["person", "appointments"]),
    "show role": ("show nowshire-board/non-executive", ["role", "history"]),
    "show document": ("show county-web", ["document", "cited_by"]),
    "show priorities": ("show strategy-aims", ["priorities", "items"]),
    "tree": ("tree", ["tree"]),
    "search": ("search finance", ["hits"]),
    "timeline": ("timeline nowshire-icb", ["events"]),
    "list bodies": ("list bodies", ["items"]),
    "list roles": ("list roles", ["items"]),
    "list people": ("list people", ["items"]),
    "list appointments": ("list appointments", ["items"]),
    "list priorities": ("list priorities", ["items"]),
    "list documents": ("list documents", ["items"]),
    "list milestones": ("list milestones", ["items"]),
    "list figures": ("list figures", ["items"]),
    "report checks": ("report checks nowshire-board", ["report", "summary", "rows"]),
    "report asked-for": ("report asked-for", ["report", "summary", "rows"]),
    "validate": ("validate", ["problems", "counts"]),
}
"""Each answer, a command that gives it, and the names at its top beside those that all answers have."""
EXISTENCES = {"in-being", "planned", "absent", "not-in-being"}
STATES = {"held", "interim", "designate", "vacant", "not-recorded", None}


def answer(command: str) -> Any:
    done = run(*shlex.split(command), "--format", "json")
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)


@pytest.mark.parametrize("what", CONTRACT)
def test_every_answer_says_what_it_is_and_what_it_stands_on(what: str) -> None:
    command, own = CONTRACT[what]
    found = answer(command)
    assert list(found)[:4] == ["schema", "on", "rev", "registry"]
    assert found["schema"] == f"kmics/{command.split()[0]}/1"
    assert (found["on"], found["rev"]) == (MINI_DAY, None)
    assert found["registry"].keys() >= {"name", "as_of", "shipped", "unrecorded_edits"}
    assert found["registry"]["name"] == "The Nowshire miniature"
    assert found["registry"]["as_of"] == REAL_DAY
    assert found["registry"]["shipped"] is False
    assert found["registry"]["unrecorded_edits"] is False
    assert found.keys() >= set(own)


def test_a_time_is_given_as_during() -> None:
    found = answer("list bodies --during 2022/23")
    assert (found["on"], found["during"]) == (None, "2022-04-01..2023-03-31")


def has(part: Any, names: list[str]) -> None:
    assert [name for name in names if name not in part] == []


def check_holder(holder: Any) -> None:
    has(holder, HOLDER)
    assert holder["certainty"] in {"yes", "possibly"}
    assert holder["confidence"] in {"stated", "inferred", "disputed"}
    assert isinstance(holder["stale"], bool)
    assert holder["says"].endswith(".")


def check_role(role: Any) -> None:
    has(role, ROLE)
    assert role["existence"] in EXISTENCES
    assert role["state"] in STATES
    assert (role["state"] is None) == (role["existence"] != "in-being")
    assert role["voting"] in (True, False, None)
    for holder in (*role["holders"], *role["next"]):
        check_holder(holder)


@pytest.mark.parametrize("day", [MINI_DAY, "2023-09-30", "2019-01-01", "2028-01-01"])
@pytest.mark.parametrize("body", ["nowshire-board", "nowshire-executive", "nowshire-icp", "nowshire-icb"])
def test_names_of_show_body(body: str, day: str) -> None:
    found = answer(f"show {body} --on {day}")
    has(found["body"], BODY)
    for role in found["roles"]:
        check_role(role)


def test_names_of_show_role() -> None:
    for ref in ("nowshire-board/non-executive", "nowshire-icp/chair", "nowshire-executive/chief-executive"):
        found = answer(f"show {ref}")
        check_role(found["role"])
        for entry in found["history"]:
            if "person" in entry:
                has(entry, HOLDER)
            has(entry, ["from", "to", "sources"])


def test_names_of_show_person() -> None:
    for id in ("dee-imaginary", "fay-pretend", "hal-notional", "ada-invented"):
        found = answer(f"show {id}")
        has(found["person"], ["id", "name"])
        assert found["appointments"]
        for row in found["appointments"]:
            has(row, [*APPOINTMENT, *HOLDER[2:]])
            assert row["certainty"] in {"yes", "possibly", "no"}
            assert row["existence"] in EXISTENCES
            assert row["state"] in STATES


def test_names_of_the_other_answers() -> None:
    for hit in answer("search finance")["hits"]:
        has(hit, "id kind name field text score".split())
    for event in answer("timeline nowshire-icb")["events"]:
        has(event, "date earliest latest event id text sources".split())

    def walk(node: Any) -> None:
        has(node, "id name kind relation also_under children".split())
        for child in node["children"]:
            walk(child)

    walk(answer("tree")["tree"])
    walk(answer("tree nowshire-icb")["tree"])


@pytest.mark.parametrize("kind", "bodies roles people appointments priorities documents milestones figures".split())
def test_every_item_of_a_list_has_the_same_names(kind: str) -> None:
    items = answer(f"list {kind}" + (" --status all" if kind == "bodies" else ""))["items"]
    assert len(items) > 1
    optional = {"covering", "on_behalf_of", "eligible_as", "designations"}
    assert {frozenset(item.keys() - optional) for item in items} == {frozenset(items[0].keys() - optional)}


def every_source(part: Any) -> Iterator[Any]:
    if isinstance(part, list):
        for item in part:
            yield from every_source(item)
    elif isinstance(part, dict):
        yield from part.get("sources", ())
        for item in part.values():
            yield from every_source(item)


@pytest.mark.parametrize("what", CONTRACT)
def test_every_source_has_its_names(what: str) -> None:
    for source in every_source(answer(CONTRACT[what][0])):
        has(source, SOURCE.split())
        assert source.keys() <= {"document", "title", "speaks_of", "at", "shows", "as_at", "quote"}


def test_names_of_validate(mini: Path) -> None:
    (mini / "bodies" / "remuneration-panel.yaml").write_text("name: A\nkind: nothing\nrols: x\n", encoding="utf-8")
    done = run("validate", "--format", "json", registry=mini)
    assert (done.code, done.err) == (1, "")
    found = json.loads(done.out)
    assert found["problems"]
    for problem in found["problems"]:
        has(problem, "rule severity path line column message help related".split())
        assert problem["line"] > 0
        assert problem["column"] > 0
    assert found["counts"] == {
        severity: sum(problem["severity"] == severity for problem in found["problems"])
        for severity in ("error", "warning", "info")
    }


def test_the_notice_is_in_every_format() -> None:
    """A name that meant something else on the day says so."""
    words = ["show", "X1A", "--on", "2018-01-01"]
    for format in ("table", "md", "csv", "json"):
        done = run(*words, "--format", format)
        told = " ".join((done.out + done.err).replace("\\", "").split())
        assert "also means, at other times or elsewhere" in told
        assert "nowshire-icb" in told
