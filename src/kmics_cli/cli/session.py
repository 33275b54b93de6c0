"""What every command shares: its options, the registry it reads, the day it asks about, and how it answers.

Here are the clock, the environment and the terminal; nothing below the commands reads them. `reads` adds the options to a command, so
that they stand after its name, and hands it a `Session`.
"""

import functools
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kmics_cli.problems import UNSEEN, UserError, shortened, visible

if TYPE_CHECKING:
    from kmics_cli.dates import Span
    from kmics_cli.memo import Memo
    from kmics_cli.model import Registry
    from kmics_cli.problems import Problem
    from kmics_cli.query import Answered, Asked, Found
    from kmics_cli.snapshot import Commit, Snapshot, Standing
    from kmics_cli.views.blocks import Block

ENVIRONMENT = "KMICS_REGISTRY"
_MOST_TOLD = 5  # unreadable files named under an answer


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    MD = "md"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    DOCX = "docx"


_TELL_THEMSELVES = ("diff", "history")
"""The commands whose answers say what could not be read, and where."""

_ENDINGS = {f".{format.value}": format for format in Format if format is not Format.TABLE}


class Session:
    """One command's registry, day and way of answering. Everything is read when it is first needed."""

    def __init__(
        self,
        *,
        registry: Path | None = None,
        on: str | None = None,
        during: str | None = None,
        format: Format | None = None,
        output: Path | None = None,
        sources: bool = False,
        rev: str | None = None,
        today: str | None = None,
    ) -> None:
        self._registry = registry
        self._rev = rev
        self._on = on
        self._during = during
        self.format = format or _ENDINGS.get(output.suffix.lower() if output else "", Format.TABLE)
        self.output = output
        self._calendar = format is None and output is not None and output.suffix.lower() == ".ics"
        self.sources = sources
        self._today = today

    @functools.cached_property
    def today(self) -> date:
        """The day of the clock, or of --today."""
        if self._today is None:
            return date.today()  # noqa: DTZ011  # the day on the wall where the officer sits
        return days(self._today, "--today").first

    @functools.cached_property
    def span(self) -> "Span":
        """The days asked about: --on, --during, or today."""
        from kmics_cli.dates import on

        if self._on is not None and self._during is not None:
            raise UserError(
                "--on and --during cannot be given together.", "Give a day with --on, or a time with --during."
            )
        if self._during is not None:
            return days(self._during, "--during")
        if self._on is None or self._on.strip().casefold() == "today":
            return on(self.today)
        return days(self._on, "--on")

    @functools.cached_property
    def place(self) -> tuple[Path, bool]:
        """The registry's folder, and whether it is the one that ships inside the package."""
        return registry_place(self._registry)

    @functools.cached_property
    def commit(self) -> "Commit | None":
        """The commit whose record is asked, by --rev; None for the work tree."""
        return None if self._rev is None else self.commit_of(self._rev)

    def commit_of(self, rev: str) -> "Commit":
        """Return the commit that somebody means: a commit, branch or tag, or a day, whose last commit it is.

        A day ends when it ends here, on this computer. Raises `UserError`: (2) for what can be no revision or means two
        things, (3) if there is no such commit, no Git checkout, or the registry is the one that ships with kmics.
        """
        from kmics_cli.dates import DateError, day_in_words, typed
        from kmics_cli.snapshot import commit_by, find_commit, is_name

        root = self.checkout
        try:
            meant = typed(rev)
        except DateError as error:
            if re.search("[0-9]", rev) and re.search(
                "[ /]", rev.strip()
            ):  # a day was meant, or a branch with a slash
                try:
                    return find_commit(root, rev)
                except UserError as lacking:
                    if not lacking.message.startswith("There is no commit"):
                        raise
                    raise UserError(f"'{shortened(rev)}' is no commit here, and no day.", error.help) from None
            return find_commit(root, rev)
        if is_name(root, rev):
            told = f"'{shortened(rev)}' is the name of a branch or tag, and also a day."
            day = day_in_words(meant.last)
            raise UserError(told, f"Give refs/tags/{rev} or refs/heads/{rev}, or the day in words: '{day}'.")
        if meant.first > self.today:
            raise UserError(f"{day_in_words(meant.first)} has not come yet.", "Give a day that has, or a commit.")
        last = min(meant.last, self.today)
        return commit_by(root, self.moment(last + timedelta(1)), day_in_words(last))

    @staticmethod
    def moment(day: date) -> int:
        """Return when a day begins here, by the time of this computer, in seconds since 1970."""
        return int(datetime.combine(day, time()).astimezone().timestamp())

    @property
    def checkout(self) -> Path:
        """The folder of the registry, whose earlier states Git keeps. Raises `UserError` (3) for the shipped one."""
        root, shipped = self.place
        if shipped:
            told = "The registry that ships with kmics has no history."
            raise UserError(told, "Go to a Git checkout of the registry, or name its folder with --registry.", 3)
        return root

    @functools.cached_property
    def snapshot(self) -> "Snapshot":
        """The registry's files, as they lie in its folder or as they stood in the commit asked for."""
        from kmics_cli.snapshot import read_folder, read_revision

        if self.commit is None:
            return read_folder(self.place[0])
        found = read_revision(self.checkout, self.commit)
        if not found.texts and not found.problems:
            raise UserError(
                f"There was no registry here yet in {self.commit.short}.", "Give a later commit or day.", 3
            )
        return found

    @functools.cached_property
    def loaded(self) -> "tuple[Registry, list[Problem]]":
        """The registry, and what is wrong with the form of its files."""
        memo = self._memo
        loaded = self._load(self.snapshot)
        if memo and self.commit is None:
            memo.keep(self.snapshot.texts)
        return loaded

    def at_revision(self, rev: "str | Commit") -> "tuple[Snapshot, tuple[Registry, list[Problem]]]":
        """Return the registry as it stood in a commit: its texts, its records, and what is wrong with their form.

        Raises `UserError` (2, 3) if there is no such commit.
        """
        from kmics_cli.snapshot import read_revision

        snapshot = read_revision(self.checkout, self.commit_of(rev) if isinstance(rev, str) else rev)
        return snapshot, self._load(snapshot)

    def stand_on(self, commit: "Commit | None", registry: "Registry") -> None:
        """Answer from a registry that has been read already, of a commit or (None) of the files as they are."""
        self.commit = commit
        self.loaded = registry, []

    def print_edits(self, body: "Answered") -> None:
        """Print a comparison; as Markdown, so that it fits into a comment on a pull request."""
        if self.format is not Format.MD:
            self.print("diff", body)
            return
        from kmics_cli.views.blocks import Paragraph
        from kmics_cli.views.pages.edits import diff_in_markdown

        self.write(diff_in_markdown(self.answer("diff", body), [Paragraph(self.registry_line())]))

    def _load(self, snapshot: "Snapshot") -> "tuple[Registry, list[Problem]]":
        from kmics_cli.load import load
        from kmics_cli.shape import Shapes, schema_folder

        registry, problems = load(snapshot.texts, Shapes(schema_folder()), snapshot.problems, self._memo)
        return registry, [*snapshot.problems, *problems]

    @functools.cached_property
    def _memo(self) -> "Memo | None":
        """What is remembered of the registry's texts, where there are so many that it is worth the while."""
        from kmics_cli.cli.cache import memo_file
        from kmics_cli.load import stamp
        from kmics_cli.memo import LEAST_FILES, Memo
        from kmics_cli.shape import schema_folder

        if len(self.snapshot.texts) < LEAST_FILES:
            return None
        file, made = memo_file(self.place[0]), stamp(schema_folder())
        return Memo(file, made) if isinstance(file, Path) and made else None

    @functools.cached_property
    def asked(self) -> "Asked":
        """The registry, asked about these days."""
        from kmics_cli.query import Asked

        return Asked(self.loaded[0], self.span)

    def find(self, ref: str) -> "Found":
        """Return the record that `ref` means on the day. Raises `UserError` (2)."""
        from kmics_cli.query import Unreadable, find

        try:
            return find(self.loaded[0], self.asked.lives, ref, self.span)
        except Unreadable as error:
            from kmics_cli.places import Places

            found = Places(self.snapshot).of(error.problem)
            place = f"{self.shown_root()}{found.source.path}:{found.line}:{found.column}"
            raise UserError(
                f"The record '{error.id}' cannot be read: {place}: {found.message}", error.help
            ) from None
        except UserError as error:
            if self._rev is None:
                raise
            told = f"{error.message.removesuffix('.')}, {self.as_recorded()}."
            raise UserError(told, error.help, error.code) from None

    @functools.cached_property
    def standing(self) -> "Standing":
        """The registry's revision, its day, and whether it has unrecorded edits."""
        from kmics_cli.snapshot import standing, standing_at

        root, shipped = self.place
        if self.commit is not None:
            return standing_at(root, self.commit)
        if shipped:
            return shipped_standing(root)
        return standing(root, self.snapshot)

    def answer(self, command: str, body: "Answered") -> "Answered":
        """Return the whole answer: the schema's name, the days, the registry, and the body."""
        asked = {"on": self.span.text} if self.span.one_day else {"on": None, "during": self.span.text}
        standing = self.standing
        return {
            "schema": f"kmics/{command}/1",
            **asked,
            "rev": self.commit.id if self.commit else None,
            "registry": {
                "name": self.loaded[0].settings.name,
                "as_of": standing.as_of,
                "revision": standing.revision,
                "shipped": self.place[1],
                "unrecorded_edits": standing.unrecorded_edits,
            },
            **body,
        }

    def print(self, command: str, body: "Answered", notice: str = "") -> None:
        """Print the answer of a command in the chosen format, to the screen or to --output."""
        if self.format is Format.DOCX and self.output is None:
            raise UserError("A Word file cannot be shown here.", "Give it a name: -o paper.docx.")
        answer = self.answer(command, body)
        if self._calendar:
            self._write_calendar(answer)
        elif self.format is Format.JSON:
            if notice:
                answer["notice"] = notice
            text = json.dumps(answer, ensure_ascii=self.ascii_only(), indent=2, allow_nan=False)
            text = re.sub(f"[\x7f-\x9f{UNSEEN}]", lambda unseen: json.dumps(unseen[0])[1:-1], text)
            self.write(
                text.replace("##[", "#\\u0023[") + "\n"
            )  # the same to JSON, and no command to a GitHub runner
        elif self.format is Format.CSV:
            from kmics_cli.views.tables import comma_separated, rows_of

            self.write(comma_separated(*rows_of(answer)), bom=True)
            self.say(notice)
        else:
            blocks = self.page(command, answer, notice)
            if self.format is Format.MD:
                from kmics_cli.views.markdown import markdown

                self.write(f"{markdown(blocks)}\n{self.stamp(self._subject(answer))}\n")
            elif self.format in (Format.HTML, Format.DOCX):
                self._write_paper(blocks, self.stamp(self._subject(answer)))
            else:
                self.print_blocks(blocks)
        if command not in _TELL_THEMSELVES:
            self.tell_broken()
        if self.commit is None:
            self.tell_unfinished()

    def _write_calendar(self, answer: "Answered") -> None:
        """Write what lies ahead as a calendar. Raises `UserError` (2) for an answer that is none."""
        if answer.get("report") != "forward":
            raise UserError(
                "Only the report forward can be written as a calendar.", "Try kmics report forward -o FILE.ics."
            )
        from kmics_cli.views.calendar import calendar

        self.write(calendar(answer))

    def _subject(self, answer: "Answered") -> str | None:
        """Return the id of the body that an answer is about: of what was shown, reported on, or what happened to whom."""
        of = answer.get("body") or answer.get("of") or (answer.get("ref") if "report" in answer else None)
        if isinstance(of, dict):
            of = of.get("id") if of.get("kind", "bodies") == "bodies" or "body" in answer else None
        return of if isinstance(of, str) and of in self.loaded[0].bodies else None

    def page(self, command: str, answer: "Answered", notice: str = "") -> "list[Block]":
        """Return the page of an answer, with what must be said of the record it stands on.

        A report is a paper wherever it is not read off a terminal: with its sources, and marked as a draft if it was made
        from edits that no commit has.
        """
        from kmics_cli.views.blocks import Heading, Paragraph
        from kmics_cli.views.pages import page

        paper = command == "report" and self.format is not Format.TABLE
        blocks = page(command, answer, self.span, self.sources or paper)
        besides = [notice] if notice else []
        if self._rev is not None:
            if command == "report":
                besides.append(f"This is {self.as_recorded()}.")
            elif isinstance(blocks[0], Heading):
                blocks[0] = replace(blocks[0], text=f"{blocks[0].text}, {self.as_recorded()}")
        opening = 2 if command == "report" else 1  # a paper opens with its answer
        blocks[opening:opening] = [Paragraph(words) for words in besides]
        if command == "report" and self.standing.unrecorded_edits:
            blocks.insert(1, Paragraph("DRAFT. Made from edits that no commit has, so it cannot be made again."))
        if self.format is not Format.TABLE and command not in _TELL_THEMSELVES and (count := len(self.unread())):
            told = "1 file of the registry" if count == 1 else f"{count} files of the registry"
            words = f"{told} could not be read. What {'it holds' if count == 1 else 'they hold'} is left out here."
            blocks.insert(1 if command == "report" else len(blocks), Paragraph(words))
        blocks.append(Paragraph(self.registry_line()))
        if command == "report":
            from kmics_cli.views.papers.abbreviations import explained

            blocks = explained(blocks, self.loaded[0].settings.abbreviations)
        return blocks

    def stamp(self, about: str | None = None) -> str:
        """Return a line that no reader sees, by which a paper says which days and which record it was made from.

        The commit's id may be gone after a rebase; that of the registry's folder stays, and can be found again. `about`
        is the id of the body that the paper is about.
        """
        from kmics_cli.snapshot import tree_of

        root, shipped = self.place
        standing = self.standing
        tree = None if shipped else tree_of(root, self.commit.id if self.commit else "HEAD")
        parts = [f"on={self.span.text}"]
        more = (("rev", standing.revision), ("tree", tree), ("about", about))
        parts += [f"{name}={value}" for name, value in more if value]
        return f"<!-- kmics:stamp {' '.join(parts)}{' draft' if standing.unrecorded_edits else ''} -->"

    def as_recorded(self) -> str:
        """Return which state of the record an answer is from: "as recorded by 31 January 2026 (3f2a91c04d5e)"."""
        from kmics_cli.dates import DateError, day_in_words, typed

        commit = self.commit
        assert commit is not None
        assert self._rev is not None
        try:
            day = day_in_words(min(typed(self._rev).last, self.today))
        except DateError:
            made = f" of {day_in_words(date.fromisoformat(commit.day))}" if commit.day else ""
            return f"as recorded in {commit.short}{made}"
        return f"as recorded by the end of {day} ({commit.short})"

    def _write_paper(self, blocks: "Sequence[Block]", stamp: str) -> None:
        """Write blocks as a file for Word or a browser. Raises `UserError` (3) where pandoc is not installed."""
        from kmics_cli.views.blocks import Heading

        title = next((block.text for block in blocks if isinstance(block, Heading)), self.loaded[0].settings.name)
        if self.format is Format.DOCX:
            from kmics_cli.papers.word import word

            self.write(word(blocks, title, stamp, self.standing.as_of))
        else:
            from kmics_cli.papers.web import web

            page = web(blocks, title, stamp)
            self.write(page.encode("ascii", "xmlcharrefreplace").decode() if self.ascii_only() else page)

    def print_blocks(self, blocks: "Sequence[Block]") -> None:
        """Print blocks as a table page or as Markdown."""
        if self.format is Format.MD:
            from kmics_cli.views.markdown import markdown

            self.write(markdown(blocks))
        else:
            from kmics_cli.views.terminal import terminal

            self.write(terminal(blocks, *self._screen()))

    def _screen(self) -> tuple[int, bool]:
        """Return the width to lay out for, and whether headings may be bold."""
        if self.output is not None or sys.stdout is None or not sys.stdout.isatty():
            return 80, False
        import shutil

        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        return min(shutil.get_terminal_size((80, 24)).columns, 140), not plain

    def ascii_only(self) -> bool:
        """Return whether the screen, or what it is piped to, may not take every letter."""
        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
        return self.output is None and encoding != "utf8"

    def write(self, text: str | bytes, bom: bool = False, commands: bool = False) -> None:
        """Write `text` to the screen, or whole or not at all to --output; bytes only there. Raises `UserError` (3).

        `commands` says that the text is made of commands for a GitHub runner, and must reach it as it is.
        """
        if self.output is None:
            assert isinstance(text, str)
            stdout = sys.stdout
            if stdout is None:  # closed by whoever started us
                raise UserError("There is nowhere to print to.", "Write the answer to a file with -o.", 3)
            with suppress(AttributeError):
                stdout.reconfigure(newline="")  # type: ignore[union-attr]  # CSV keeps its line ends
            try:
                text = text if commands else harmless_in_ci(text)
                stdout.write(text if "\r" in text else text.replace("\n", os.linesep))
                stdout.flush()
            except BrokenPipeError:  # the reader has read enough, as `head` does; the exit code stays what it is
                os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
            return
        target = self.output
        import tempfile

        data = text if isinstance(text, bytes) else text.encode("utf-8-sig" if bom else "utf-8", "backslashreplace")
        try:
            if target.resolve().is_relative_to(self.place[0].resolve()):
                raise UserError(
                    f"{visible(str(target))} lies inside the registry.", "Write the answer somewhere else.", 2
                )
            if (
                target.exists() and not target.is_file()
            ):  # /dev/stdout, /dev/null, a pipe: written to, never replaced
                target.write_bytes(data)
                return
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=".kmics-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
                Path(name).chmod(mode)
                Path(name).replace(target)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except (OSError, RuntimeError) as error:  # RuntimeError: links that lead to one another
            why = getattr(error, "strerror", None) or "its links lead to one another"
            raise UserError(
                f"{visible(str(target))} cannot be written: {why}.", "Choose another file with -o.", 3
            ) from None

    def say(self, text: str) -> None:
        """Print a line on the error stream."""
        if text:
            typer.echo(harmless_in_ci(visible_lines(text)), err=True)

    def tell_broken(self) -> None:
        """Say on the error stream which records could not be read."""
        unread = self.unread()
        count = len(unread)
        if not count:
            return
        from kmics_cli.places import Places

        find, root = Places(self.snapshot), self.shown_root()
        told = [find.of(problem) for problem in list(unread.values())[:_MOST_TOLD]]
        where = f" as {self.commit.short} has {'it' if count == 1 else 'them'}" if self.commit else ""
        self.say(f"{'1 file' if count == 1 else f'{count} files'} could not be read{where}:")
        for problem in told:
            self.say(f"  {root}{problem.source.path}:{problem.line}:{problem.column}: {problem.message}")
        more = f"and {count - len(told)} more. " if count > len(told) else ""
        advice = "What they hold is left out." if self.commit else "Run kmics validate to see what to do."
        self.say(f"  {more}{advice}")

    def tell_unfinished(self) -> None:
        """Say on the error stream that an edit was broken off, so that what is read may be half of it."""
        from kmics_cli.cli.state import users_state
        from kmics_cli.snapshot.state import state_folder, unfinished

        root, shipped = self.place
        if not shipped and unfinished(state_folder(root, users_state())):
            self.say(
                "An edit was broken off, so what is here may be half of it. The next editing command settles that."
            )

    def unread(self) -> "dict[str, Problem]":
        """Return the files that could not be read, each with one problem."""
        registry, problems = self.loaded
        unread = {problem.source.path: problem for problem in registry.broken.values()}
        for problem in problems:
            unreadable = problem.rule.startswith("file-") and problem.severity == "error"
            if unreadable or (problem.source.path == "kmics.yaml" and problem.rule != "yaml-quote"):
                unread.setdefault(problem.source.path, problem)
        return unread

    def shown_root(self) -> str:
        """Return what to put before a path of the registry, so that it can be opened from the current folder."""
        root = self.place[0]
        with suppress(ValueError, OSError):
            root = Path(os.path.relpath(root))
        shown = "" if root.as_posix() == "." else f"{root.as_posix()}/"
        return f"{self.commit.short}:{shown}" if self.commit else shown

    def again(self) -> str:
        """Return the options that name the same registry and revision to another command, each after a space."""
        import shlex

        given = (("--registry", self._registry), ("--rev", self._rev))
        return "".join(f" {name} {shlex.quote(visible(str(value)))}" for name, value in given if value is not None)

    def inside(self, path: str) -> str:
        """Return a path, given from the current folder or from the registry's, as the registry names it."""
        with suppress(ValueError, OSError):  # OSError: the current folder may have been removed under us
            root, given = os.path.abspath(self.place[0]), os.path.abspath(path.replace("\\", "/"))  # noqa: PTH100
            return Path(given).relative_to(root).as_posix()
        return path

    def registry_line(self) -> str:
        """Return the line that names the registry, its day and revision."""
        name, standing, shipped = self.loaded[0].settings.name, self.standing, self.place[1]
        from kmics_cli.dates import day_in_words

        told = f"Registry: {name}"
        if shipped:
            told += f", as shipped with kmics {_version()}, read-only"
        if standing.as_of:
            told += f", as at {day_in_words(date.fromisoformat(standing.as_of))}"
        if standing.revision:
            told += f" ({standing.revision})"
        if standing.unrecorded_edits:
            told += ", with unrecorded edits"
        return f"{told}." + (f" {standing.why}" if standing.why and not shipped else "")


def registry_place(given: Path | None) -> tuple[Path, bool]:
    """Return the registry's folder and whether it is the shipped one.

    --registry first, then KMICS_REGISTRY, then upwards from the current folder, then the shipped registry.
    Raises `UserError` (3) if there is none.
    """
    from kmics_cli.snapshot import find_registry, shipped_registry

    named = given or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    if named is not None:
        for folder in (named, named / "registry"):
            with suppress(OSError):  # too long, or not ours to look into
                if (folder / "kmics.yaml").is_file():
                    return folder, False
        told = "--registry" if given else ENVIRONMENT
        raise UserError(
            f"There is no registry at {shortened(str(named), 200)}.",
            f"{told} should name a folder with a kmics.yaml in it.",
            3,
        )
    with suppress(OSError):  # the folder may have been removed under us
        found = find_registry(Path.cwd())
        if found is not None:
            return found, False
    shipped = shipped_registry()
    if shipped is not None:
        return shipped, True
    raise UserError("No registry was found here.", "Go to a folder that has one, or give --registry FOLDER.", 3)


def shipped_standing(root: Path) -> "Standing":
    """Return what was written beside the shipped registry when it was packed (hatch_build.py)."""
    from kmics_cli.snapshot import Standing

    try:
        stamp = json.loads((root.parent / "stamp.json").read_bytes())
    except (OSError, ValueError):
        stamp = {}
    return Standing(stamp.get("revision"), stamp.get("as_of"), stamp.get("unrecorded_edits", False))


def harmless_in_ci(text: str) -> str:
    """Return `text` so that a GitHub runner that logs it takes no part of it for a command (`::error::`, `##[…]`)."""
    if "GITHUB_ACTIONS" not in os.environ:
        return text
    return re.sub(r"(?m)^([^\S\n]*:)(?=:)|(##)(?=\[)", "\\g<0>\u200b", text)


def visible_lines(text: str) -> str:
    """Return text of several lines with whatever a terminal would act on made visible."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _version() -> str:
    from kmics_cli import __version__

    return __version__


def days(text: str, option: str) -> "Span":
    """Return the days that somebody means who gave `text` to an option. Raises `UserError` (2)."""
    from kmics_cli.dates import DateError, typed

    try:
        return typed(text)
    except DateError as error:
        raise UserError(f"{option} {shortened(text)}: {error.message}", error.help) from None


_READING = "The registry and the day"
RegistryOption = Annotated[
    Path | None,
    typer.Option("--registry", metavar="FOLDER", help="The registry's folder.", rich_help_panel=_READING),
]
_OPTIONS: dict[str, Any] = {
    "on": Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DAY",
            help="Ask about this day, such as 1 July 2022. Default: today.",
            rich_help_panel=_READING,
        ),
    ],
    "during": Annotated[
        str | None,
        typer.Option(
            "--during",
            metavar="TIME",
            help="Ask about a time: 2022/23, July 2022, or A..B.",
            rich_help_panel=_READING,
        ),
    ],
    "rev": Annotated[
        str | None,
        typer.Option(
            "--rev",
            metavar="REV",
            help="Ask the record as it stood in a commit, branch or tag, or at the end of a day. Default: the files.",
            rich_help_panel=_READING,
        ),
    ],
    "registry": RegistryOption,
    "format": Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="How to print the answer. Default: as the ending of FILE says, else table.",
            rich_help_panel="How to answer",
        ),
    ],
    "output": Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write the answer to a file.", rich_help_panel="How to answer"
        ),
    ],
    "sources": Annotated[
        bool, typer.Option("--sources", help="Number the evidence and list it.", rich_help_panel="How to answer")
    ],
    "today": Annotated[str | None, typer.Option("--today", hidden=True, help="The day to take for today.")],
}


def reads(command: Callable[..., None], without: Collection[str] = ()) -> Callable[..., None]:
    """Give a command the options of a reading command, and a `Session` made of them as its first argument.

    `without`: the options that make no sense for it.
    """
    parameters = list(inspect.signature(command).parameters.values())[1:]

    @functools.wraps(command)
    def wrapper(**values: Any) -> None:
        own = {name: values.pop(name) for name in [parameter.name for parameter in parameters]}
        command(Session(**values), **own)

    added = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=annotation,
            default=False if name == "sources" else None,
        )
        for name, annotation in _OPTIONS.items()
        if name not in without
    ]
    wrapper.__signature__ = inspect.Signature([*parameters, *added])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in [*parameters, *added]}
    return wrapper
