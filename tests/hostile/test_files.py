"""B: what may lie in the registry's folder, what it may be called, and where an answer may be written."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.attack import Ground

PERSON = b"# yaml-language-server: $schema=../../schema/person.json\nname: A Stranger\n"
posix = pytest.mark.only_on("posix", reason="Windows has no such files")
linux = pytest.mark.only_on("linux", reason="only there can all these names be made")

Make = Callable[[Ground], object]


def link(path: str, target: str) -> Make:
    """Return what puts a link into the registry; `SECRET` in its target is the secret outside."""
    return lambda ground: (ground.root / path).symlink_to(target.replace("SECRET", str(ground.secret)))


def device(kind: int, number: tuple[int, int] = (0, 0)) -> Make:
    """Return what puts a pipe or a device there."""
    return lambda ground: os.mknod(ground.root / "people/bomb.yaml", kind | 0o666, os.makedev(*number))


def listening(ground: Ground) -> None:
    here = Path.cwd()
    os.chdir(ground.root / "people")  # the whole path may be too long for a socket
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.bind("bomb.yaml")
    finally:
        os.chdir(here)


def folder(ground: Ground) -> None:
    (ground.root / "people/bomb.yaml").mkdir()
    ground.put("people/bomb.yaml/inner.yaml", PERSON)


def deep(ground: Ground) -> None:
    ground.put("people/" + "/".join("abcdefghij") + "/bomb.yaml", PERSON)


def deeper_than_a_path(ground: Ground) -> None:
    here = os.open(ground.root / "people", os.O_RDONLY)
    for _ in range(300):
        os.mkdir("bomb" * 20, dir_fd=here)
        inner = os.open("bomb" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def sparse(ground: Ground) -> None:
    with (ground.root / "people/bomb.yaml").open("wb") as file:
        file.truncate(50_000_000_000)


ODD_FILES: dict[str, tuple[Make, str]] = {
    "link out": (link("people/bomb.yaml", "SECRET"), "file-link"),
    "link to a record": (link("people/bomb.yaml", "ann-other.yaml"), "file-link"),
    "link to nothing": (link("people/bomb.yaml", "nothing"), "file-link"),
    "link to itself": (link("people/bomb.yaml", "bomb.yaml"), "file-link"),
    "link to what never ends": (link("people/bomb.yaml", "/dev/zero"), "file-link"),
    "linked folder": (link("people/bomb", "/"), "file-link"),
    "folder linked to its own": (link("people/bomb", "."), "file-link"),
    "linked folder of records": (link("requirements", "people"), "file-link"),
    "link beside the records": (link("bomb", "/"), "file-link"),
    "pipe": (device(stat.S_IFIFO), "file-kind"),
    "socket": (listening, "file-kind"),
    "folder with a file's name": (folder, ""),
    "too deep": (deep, "file-place"),
    "sparse": (sparse, "file-size"),
}
if sys.platform == "linux":
    ODD_FILES["deeper than a path can be"] = (deeper_than_a_path, "file-place")
if sys.platform == "linux" and os.geteuid() == 0:
    ODD_FILES["device without end"] = (device(stat.S_IFCHR, (1, 5)), "file-kind")  # /dev/zero
    ODD_FILES["terminal"] = (device(stat.S_IFCHR, (5, 0)), "file-kind")  # /dev/tty


@posix
@pytest.mark.parametrize("name", ODD_FILES)
def test_what_is_no_plain_file_is_told_and_not_opened(name: str, small: Ground) -> None:
    make, rule = ODD_FILES[name]
    make(small)
    judged, shown, listed, _ = small.ask(
        "validate --format json", "show alpha", "list people --format csv", "show bomb"
    )
    assert {rule} - {""} <= judged.rules()
    assert judged.code == (1 if judged.rules() else 0)
    assert (shown.code, "Ann Other" in shown.out) == (0, True)
    assert listed.code == 0


@posix
@pytest.mark.parametrize("target", ["SECRET", "/dev/zero", "/dev/stdin", "kmics.yaml", "documents/paper.yaml"])
def test_settings_that_are_a_link_are_not_read(target: str, small: Ground) -> None:
    (small.root / "kmics.yaml").unlink()
    link("kmics.yaml", target)(small)
    judged, shown = small.ask("validate --format json", "show alpha")
    if shown.code == 0:
        assert judged.rules("kmics.yaml") == {"file-link"}
    else:  # what leads to no file at all is no registry
        assert target not in ("SECRET", "documents/paper.yaml")
        assert (judged.code, shown.code) == (3, 3)


@posix
def test_a_registry_that_is_a_pipe_or_a_link_is_not_found(small: Ground) -> None:
    os.mkfifo(small.home / "kmics.yaml")
    (small.folder / "linked").symlink_to(small.root)
    (done,) = small.ask(f"list people --registry {small.home}", registry=False)
    assert done.code in (1, 3)
    (done,) = small.ask(f"list people --registry {small.secret}", registry=False)
    assert done.code == 3


NAMES = [
    "two\nlines.yaml",
    "::error file=x,line=1::y.yaml",
    "\n::error::y.yaml",
    "##[error]y.yaml",
    "esc\x1b[2J\x1b]8;;http:evil.invalid\x07.yaml",
    "back\rspace\x08.yaml",
    "\x9b2J.yaml",
    "\u202elmay.evil.yaml",
    "zero\u200bwidth.yaml",
    "-rf.yaml",
    "--output=x.yaml",
    "a, b: c.yaml",
    "con.yaml",
    "nul.yaml",
    "ANN-OTHER.yaml",
    "Ann-Other.yaml",
    "ann\u2010other.yaml",
    "é.yaml",
    "e\u0301.yaml",
    "[link=x]y[-].yaml",
    "[b].yaml",
    ":smile:.yaml",
    "<img src=x onerror=alert(1)>.yaml",
    "`x` @everyone #1.yaml",
    "=1+1.yaml",
    "%0A::error::x.yaml",
    "$(touch canary).yaml",
    "`touch canary`.yaml",
    "; touch canary ;.yaml",
    "a" * 240 + ".yaml",
    "x.yaml.",
    "x.yaml ",
    " .yaml",
    "..yaml",
    "...yaml",
    "\udcff\udcfe.yaml",
    "{0.__class__}.yaml",
    "%s%n.yaml",
    "\u2028.yaml",
    "a\x01b.yaml",
    "\t.yaml",
]


@linux
@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_shown_and_does_nothing(name: str, small: Ground) -> None:
    (small.root / "people" / name).write_bytes(PERSON)
    (small.root / "documents" / f"in {name}").mkdir()
    (small.root / "documents" / f"in {name}" / "lost.yml").write_bytes(PERSON)
    judged, text, shown, listed = small.ask(
        "validate --format json", "validate", "show alpha --format md", "list people --format csv"
    )
    assert judged.code == 1 or name[0] == "."
    assert text.code == judged.code
    assert shown.code == listed.code == 0
    assert not list(small.folder.rglob("canary"))


@linux
def test_all_hostile_names_at_once_are_told_each_with_a_name_to_take(small: Ground) -> None:
    for name in NAMES:
        (small.root / "people" / name).write_bytes(PERSON)
    (judged,) = small.ask("validate --format json")
    told = [problem for problem in judged.answer["problems"] if problem["rule"] == "file-name"]
    assert len(told) == len([name for name in NAMES if name[0] != "."])
    assert all("Rename it" in problem["help"] for problem in told)


@linux
@pytest.mark.parametrize(
    ("first", "second"), [("é", "e\u0301"), ("x", "X"), ("straße", "STRASSE"), ("ﬁ", "fi"), ("K", "\u212a")]
)
def test_names_that_some_computers_take_for_one_are_an_error(first: str, second: str, small: Ground) -> None:
    for name in (first, second):
        small.put(f"people/{name}/a{len(name.encode())}{name[0].isupper():d}.yaml", PERSON)
    (judged,) = small.ask("validate --format json")
    told = {problem["message"] for problem in judged.answer["problems"] if problem["rule"] == "file-name"}
    assert (first, second) == ("ﬁ", "fi") or any("the same name" in message for message in told)


REFERENCES = [
    "../../../../etc/passwd",
    "/etc/passwd",
    "../../secret",
    "people/../kmics",
    "file:///etc/passwd",
    "\\\\evil.invalid\\share",
    "C:\\Windows\\win.ini",
    "\x1b[2J\x1b[31mred",
    "a\nb\n::error::c",
    "##[error]x",
    "::error::x",
    "\u202eevil",
    "\udcff",
    "[/b][link=http://evil.invalid]x[/link]",
    "a" * 100_000,
    "alpha/" * 10_000,
    "a" * 50 + "!",
    "((((((((((" * 1_000,
    "%s%s%n{0}",
    "",
    " ",
    ".",
    "..",
    "/",
    "alpha/",
    "/chair",
    "alpha//chair",
    "*",
    "\u0301" * 1_000,
    "ﷺ" * 10_000,
    "İ" * 50_000,
]
"""Words where the id or the name of a record is asked for; no shell lets a NUL through."""


@pytest.mark.parametrize("ref", REFERENCES)
def test_a_reference_leads_nowhere_else(ref: str, small: Ground) -> None:
    commands = [
        ["show", "--", ref],
        ["show", "--format", "json", "--", ref],
        ["search", "--", ref],
        ["search", "--format", "json", "--", ref],
        ["list", "people", f"--person={ref}"],
        ["list", "bodies", f"--kind={ref}"],
        ["list", "bodies", f"--columns={ref}"],
        ["validate", "--", ref],
        ["show", "alpha", f"--on={ref}"],
        ["show", "alpha", f"--during={ref}"],
    ]
    for done in small.ask(*commands):
        assert done.code in (0, 2)
        assert len(done.err) < 3_000


OUTPUTS = ["registry/x.md", "registry/people/ann-other.yaml", "registry/../registry/x", "linked/x", "to-record.md"]


@posix
@pytest.mark.parametrize("output", OUTPUTS)
def test_no_answer_is_written_into_the_registry(output: str, small: Ground) -> None:
    (small.checkout / "linked").symlink_to(small.root)
    (small.checkout / "to-record.md").symlink_to(small.root / "people/ann-other.yaml")
    before = {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    done = small.ask_one(["show", "alpha", "-o", output])
    assert done.code == 2
    assert {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()} == before


@posix
def test_an_answer_is_written_whole_or_not_at_all(small: Ground) -> None:
    target = small.out / "x\x1b[2J::error::.md"
    target.write_text("as it was", encoding="utf-8")
    refused, loop, absent, folder = small.ask(
        ["show", "nobody", "-o", str(target)],
        ["show", "alpha", "-o", str(small.out / "loop")],
        ["show", "alpha", "-o", str(small.out / "absent\n::error::" / "x")],
        ["show", "alpha", "-o", str(small.out)],
    )
    assert (refused.code, target.read_text(encoding="utf-8")) == (2, "as it was")
    assert (loop.code, absent.code, folder.code) == (0, 3, 3)
    assert small.ask_one(["show", "alpha", "-o", str(target)]).code == 0
    assert "Ann Other" in target.read_text(encoding="utf-8")
    assert sorted(path.name for path in small.out.iterdir()) == ["loop", target.name]


@posix
def test_in_a_folder_that_is_gone_nothing_fails(small: Ground) -> None:
    small.cwd = small.folder / "gone"
    for words in (
        "validate",
        "validate people",
        "validate --format json",
        "show alpha",
        "doctor",
        "list people -o x",
    ):
        small.cwd.mkdir()
        small.gone = True
        done = small.ask_one(words)
        assert done.code in (0, 3), done


def test_ids_that_are_in_two_places_are_an_error_and_neither_is_shown(small: Ground) -> None:
    small.put("people/more/ann-other.yaml", PERSON)
    judged, shown = small.ask("validate --format json", "show ann-other")
    assert "duplicate-id" in judged.rules()
    assert (shown.code, shown.out) == (2, "")


COMPLETE = {
    "complete_bash": {"COMP_WORDS": "kmics show ", "COMP_CWORD": "2"},
    "complete_zsh": {"_TYPER_COMPLETE_ARGS": "kmics show "},
    "complete_fish": {"_TYPER_COMPLETE_ARGS": "kmics show ", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
}


@linux
@pytest.mark.parametrize("shell", COMPLETE)
def test_completion_offers_only_ids(shell: str, small: Ground) -> None:
    for name in NAMES:
        (small.root / "people" / name).write_bytes(PERSON)
    (small.root / "people/linked").symlink_to("/")
    os.mkfifo(small.root / "people/pipe.yaml")
    (done,) = small.ask([], registry=False, env={"_KMICS_COMPLETE": shell, **COMPLETE[shell]})
    assert "ann-other" in done.out
    assert "touch" not in done.out
    assert "Stranger" not in done.out
