"""Where an attack takes place, how kmics is asked there, and what must be true of every answer, whatever was done."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markdown_it import MarkdownIt

import kmics_cli
from bless import MINI, MINI_DAY
from kmics_cli.problems import visible
from registries import laid

LAUNCHER = Path(__file__).with_name("launcher.py")
SOURCE = str(Path(kmics_cli.__file__).parents[1])
FORKS = hasattr(os, "fork")


def _slowness() -> float:
    """Return how many times slower this machine is than the ones for which the limits were chosen; 1 for a quicker one."""
    begun = time.process_time()
    sum(range(5_000_000))
    return max(1.0, (time.process_time() - begun) / 0.12)


MOST_CPU = 2.0  # seconds of own work and the children's, on a machine that is not slow
MOST_PEAK = 300  # megabytes
MAY_ASK = {"rev-parse", "ls-tree", "cat-file", "rev-list", "merge-base"}  # the commands of git that run nothing
KNOWN, KNOWN_NAME = "nowshire-board", "Dame Ada Invented"
"""A record of the miniature registry that an attack on another must not hide, and a name that its page shows."""

Words = str | Sequence[str]


@dataclass(frozen=True)
class Done:
    """What came of one command line."""

    words: Sequence[str]
    code: int
    out: str
    err: str
    cpu: float = 0.0
    peak: int = 0
    told: Sequence[str] = ()
    git: Sequence[Sequence[str]] = ()
    env: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def format(self) -> str:
        """The format that was asked for, where it stands after `--format`."""
        return self.words[self.words.index("--format") + 1] if "--format" in self.words else "table"

    @cached_property
    def answer(self) -> Any:
        """The answer, if it is JSON."""
        return json.loads(self.out)

    def rules(self, ending: str = "") -> set[str]:
        """Return the rules of the errors that `validate --format json` told, of paths that end so."""
        told = self.answer["problems"]
        return {p["rule"] for p in told if p["severity"] == "error" and p["path"].endswith(ending)}


class Launcher:
    """The process that runs command lines under watch."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, job: dict[str, Any]) -> list[dict[str, Any]]:
        """Run the commands of a job, one after the other."""
        if not FORKS:
            return [self._alone(job, words, more) for words, more in job["commands"]]
        if self.process is None:
            environ = {**os.environ, "PYTHONPATH": SOURCE, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
            pipe = subprocess.PIPE
            command = [sys.executable, "-P", str(LAUNCHER)]
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environ)
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(job).encode() + b"\n")
        stdin.flush()
        told: list[dict[str, Any]] = json.loads(stdout.readline())
        return told

    def _alone(self, job: dict[str, Any], words: list[str], more: dict[str, str]) -> dict[str, Any]:
        """Run one command in a process that is started for it, where there is no fork."""
        folder = Path(job["allowed"][0])
        (folder / "job").write_text(json.dumps({**job, "words": words, "env": job["env"] | more}), encoding="utf-8")
        (folder / "report").write_bytes(b"")
        environ = {**os.environ, "PYTHONPATH": SOURCE, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-P", str(LAUNCHER), str(folder / "job"), str(folder / "report")]
        done = subprocess.run(command, capture_output=True, env=environ, check=False, timeout=60)
        report = json.loads((folder / "report").read_bytes() or b'{"told": ["it told nothing"], "git": []}')
        out, err = done.stdout.decode("latin-1"), done.stderr.decode("latin-1").replace("\r\n", "\n")
        return {"code": done.returncode, "out": out, "err": err, "cpu": 0, "peak": 0, **report}

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate()


class Ground:
    """A checkout with a registry in it, a home, a secret and a canary: where an attack takes place.

    The registry is the miniature one, or, `small`, the sound one of four files that the rules' manual starts from.
    """

    def __init__(self, folder: Path, launcher: Launcher, small: bool = False) -> None:
        self.folder = folder.resolve()
        self.launcher = launcher
        self.checkout = self.folder / "checkout"
        self.root = self.checkout / "registry"
        self.home, self.out = self.folder / "home", self.folder / "out"
        for place in (self.checkout, self.home, self.out):
            place.mkdir(parents=True)
        if small:
            for path, data in laid("")[0].texts.items():
                self.put(path, data)
        else:
            shutil.copytree(MINI, self.root)
        self.cwd = self.checkout
        self.gone = False
        self.secret = self.folder / "secret.yaml"
        self.secret.write_text("name: A SECRET OUTSIDE\n", encoding="utf-8")
        self.canary = self.folder / "canary"
        self.env = {
            "PATH": os.environ["PATH"],
            "GITHUB_ACTIONS": "true",  # whatever is printed may be read by a runner
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
            **dict.fromkeys(
                ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(self.home)
            ),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.home)),
        }

    def put(self, path: str, data: bytes | str) -> None:
        """Write a file into the registry, or as `../x` beside it."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.encode() if isinstance(data, str) else data)

    def ask(self, *commands: Words, registry: bool = True, env: Mapping[str, str] | None = None) -> list[Done]:
        """Run command lines, with more in their environment, and return what came of each, seen to be harmless."""
        lines = [self._line(words, registry) for words in commands]
        job = {
            "cwd": str(self.cwd),
            "gone": self.gone,
            "env": self.env,
            "allowed": [str(self.home), str(self.out)],
            "data": str(self.checkout),
            "secret": str(self.secret),
            "commands": [(words, dict(env or {})) for words in lines],
        }
        found = self.launcher.run(job)
        done = [
            Done(words, **_decoded(one), env={**self.env, **(env or {})})
            for words, one in zip(lines, found, strict=True)
        ]
        for one in done:
            assert_harmless(one)
            assert "A SECRET OUTSIDE" not in one.out + one.err
        assert not self.canary.exists(), "a program was run"
        return done

    def ask_one(self, words: Words) -> Done:
        """Run one command line, and return what came of it, seen to be harmless."""
        (done,) = self.ask(words)
        return done

    def _line(self, words: Words, registry: bool) -> list[str]:
        line = words.split() if isinstance(words, str) else list(words)
        more = ["--registry", str(self.root)] if registry else []
        if line[:1] == ["explain"]:
            return line
        if line[:1] != ["doctor"]:
            more += ["--today", MINI_DAY]
        return [*line[:1], *more, *line[1:]] if line and line[0][:1] != "-" else line


def _decoded(one: dict[str, Any]) -> dict[str, Any]:
    """Return what came of a command with its output as text. It is UTF-8, or this fails."""
    return {**one, "out": one["out"].encode("latin-1").decode(), "err": one["err"].encode("latin-1").decode()}


EVERY = (
    "validate",
    *(f"validate --format {format}" for format in ("json", "github", "sarif", "junit")),
    "explain unknown-field",
    *(f"show {KNOWN} --sources --format {format}" for format in ("table", "md", "json", "csv")),
    *(
        f"list {kind} --format {format}"
        for kind in ("bodies", "people")
        for format in ("table", "md", "json", "csv")
    ),
    "list appointments --format csv",
    "list roles --format md",
    "list documents --format json",
    "search board --format md",
    "tree --format md",
    f"timeline {KNOWN} --format md",
    *(f"changes 1900 2100 --continuing --sources --format {format}" for format in ("table", "md", "json", "csv")),
    *(f"report checks --sources --format {format}" for format in ("table", "md", "csv")),
    "report asked-for --format json",
    "doctor",
)
"""Every command, in its formats."""


def assert_harmless(done: Done) -> None:
    """Assert what is true of every answer: soon, small, no traceback, nothing done but answer, nothing to be obeyed."""
    what = f"kmics {' '.join(map(visible, done.words))}"
    assert not done.told, f"{what}: {done.told}"
    assert "Traceback" not in done.err, f"{what}\n{done.err[-3000:]}"
    assert done.code in (0, 1, 2, 3), f"{what}: exit code {done.code}\n{done.err[-3000:]}"
    if done.cpu >= MOST_CPU:  # is it the machine? It may be busy now, and have been quiet before
        limit = MOST_CPU * max(_slowness() for _ in range(3))
        assert done.cpu < limit, f"{what} took {done.cpu:.2f} s, of {limit:.2f}"
    assert done.peak < MOST_PEAK, f"{what} took {done.peak} MB"
    asked = {words[words.index("--literal-pathspecs") + 1] for words in done.git}
    assert asked <= MAY_ASK, f"{what} asked git for {asked}"
    out = done.out.replace("\r\n", "\n") if done.format == "csv" or os.name == "nt" else done.out
    if done.format == "github":
        out = without_commands(out, what)
    assert_inert(out, what, done.format)
    assert_inert(done.err, what, "text")
    check = CHECKS.get(done.format)
    if check and out:
        check(out, what)


_COMMAND = re.compile(r"^::(error|warning|notice) ((?:[a-zA-Z]+=[^:,\n]*,?)+)::([^\n]*)$", re.MULTILINE)


def without_commands(text: str, what: str) -> str:
    """Return a report for GitHub without its own commands, each seen to be whole: no part of it ends another."""
    for _, about, said in _COMMAND.findall(text):
        assert not re.search(r"%(?!25|0A|0D|3A|2C)", about + said), f"{what}: {about} {said}"
    return _COMMAND.sub(lambda command: f"{command[2]} {command[3]}", text)


def assert_inert(text: str, what: str, format: str) -> None:
    """Assert that nothing in `text` is obeyed by a terminal, hidden from a reader, or a command to a CI runner."""
    # what kmics itself puts in: in CI a character without width into what would be a command; more in Markdown
    broken = "\u200b" if format == "md" else "(?<=:)\u200b(?=:)|(?<=##)\u200b(?=\\[)"
    assert_visible(re.sub(broken, "", text), what)
    for line in text.split("\n"):
        assert not line.lstrip().startswith("::"), f"{what} gives CI the command {line!r:.300}"
        assert "##[" not in line, f"{what} gives CI the command {line!r:.300}"


def assert_visible(text: str, what: str) -> None:
    """Assert that nothing in `text` is obeyed by a terminal or hidden from a reader."""
    for line in text.split("\n"):
        assert line == visible(line), f"{what} prints {visible(line)!r:.300}"


def assert_json(text: str, what: str) -> None:
    """Assert that `text` is one JSON object of numbers that JSON has."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{what} prints {constant}")

    assert isinstance(json.loads(text, parse_constant=refuse), dict), what


def assert_csv(text: str, what: str) -> None:
    """Assert that `text` is a table of which no cell is a formula to a spreadsheet."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows}) == 1, f"{what}: rows of several lengths"
    for cell in (cell for row in rows for cell in row):
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
            assert cell.lstrip(" \"'")[:1] not in tuple("=+-@＝＋－＠") or cell[0] == "'", (
                f"{what}: the cell {cell!r}"
            )


def assert_xml(text: str, what: str) -> None:
    """Assert that `text` is XML without a document type, entities of its own or instructions."""
    assert not re.search(r"<!DOCTYPE|<!ENTITY|<!\[CDATA\[|<\?(?!xml )", text), what
    ElementTree.fromstring(text)  # noqa: S314  # it has no document type


_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_PLAIN = frozenset(
    "heading paragraph bullet_list list_item table thead tbody tr th td inline text softbreak text_special".split()
)
_STAMP = re.compile(r"\n<!-- kmics:stamp [a-z0-9.= -]*-->\n\Z")  # our own, and always the last line
_ALIVE = re.compile(  # what GitHub makes a link, a mention, a reference or an emoji of in text that has no markup
    r"(?i)(?:https?|ftp|mailto|xmpp):(?!\s|$|\u200b)|www\.(?!\u200b)|(?<![\w`])@\w|#[0-9]|\bgh-[0-9]"
    r"|\b[0-9a-f]{40}\b|:[a-z0-9_+-]+:"
)


def assert_markdown(text: str, what: str) -> None:
    """Assert that `text` is headings, paragraphs, lists and tables of mere words, and rows as long as their head."""
    for table in re.findall(r"(?m)(?:^\|.*\n)+", text):
        sizes = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in table.splitlines()}
        assert len(sizes) == 1, f"{what}: rows of several lengths"
    text = _STAMP.sub("\n", text)
    for token in _MARKDOWN.parse(text):
        for one in (token, *(token.children or ())):
            kind = re.sub("_(open|close)$", "", one.type)
            assert kind != "heading" or token.markup[:1] in "#", f"{what}: a heading of {token.markup}"
            assert kind in _PLAIN, f"{what} prints {kind}: {one.content or token.content:.200}"
            if kind in ("text", "text_special"):
                alive = _ALIVE.search(one.content)
                assert not alive, f"{what}: {alive and alive[0]!r} is alive in {one.content:.200}"


CHECKS: dict[str, Callable[[str, str], None]] = {
    "json": assert_json,
    "sarif": assert_json,
    "csv": assert_csv,
    "md": assert_markdown,
    "junit": assert_xml,
}
"""What is seen to be true of each format."""
