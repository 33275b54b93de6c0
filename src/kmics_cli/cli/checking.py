"""The commands that check: validate, explain and doctor."""

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmics_cli.cli.session import Format, RegistryOption, Session
from kmics_cli.problems import UserError, shortened
from kmics_cli.views.problems import REPORTS

if TYPE_CHECKING:
    from kmics_cli.views.problems.findings import Findings

_SUMMARY = "GITHUB_STEP_SUMMARY"


class Level(StrEnum):
    """The least severity that fails."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class PageFormat(StrEnum):
    """How a manual page is printed."""

    TEXT = "text"
    MD = "md"


def _formats(incomplete: str) -> list[str]:
    return [name for name in REPORTS if name.startswith(incomplete)]


def _rules(incomplete: str) -> list[str]:
    from kmics_cli.rules import BY_NAME

    *before, last = incomplete.split(",")
    if not BY_NAME.keys() >= set(before):
        return []
    return sorted(",".join([*before, name]) for name in BY_NAME if name.startswith(last) and name not in before)


_FORMATS = "; ".join(f"{name} ({what})" for name, what in REPORTS.items())
_WHICH, _HOW = "Which problems", "How to answer"


def validate(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]...", help="Only problems in these files or folders.")
    ] = None,
    registry: RegistryOption = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            metavar="RULES",
            help="Only these rules, with commas between.",
            rich_help_panel=_WHICH,
            autocompletion=_rules,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore",
            metavar="RULES",
            help="All rules but these.",
            rich_help_panel=_WHICH,
            autocompletion=_rules,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="REV",
            help="Only what was not there in this commit; severities and suppressions are read from it.",
            rich_help_panel=_WHICH,
        ),
    ] = None,
    format: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT[=FILE]",
            help=f"To the screen, or to a file; may be given several times. {_FORMATS}. Default: text.",
            rich_help_panel=_HOW,
            autocompletion=_formats,
        ),
    ] = None,
    fail_on: Annotated[
        Level | None,
        typer.Option(
            "--fail-on", help="The least severity that gives exit code 1. Default: error.", rich_help_panel=_HOW
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings fail too: --fail-on warning.", rich_help_panel=_HOW)
    ] = False,
    today: Annotated[str | None, typer.Option("--today", hidden=True)] = None,
) -> None:
    """Check the whole registry: YAML, schema and rules, each problem at path:line:col with what to do.

    Exits with 1 if there is an error; --strict and --fail-on say what else fails.

    With --since, a change answers only for what it breaks, in whatever file, and cannot relax what judges it.
    """
    if strict and fail_on is not None:
        raise UserError("--strict and --fail-on cannot be given together.", "Give --fail-on alone.")
    screen, files = _targets(format or ())
    from kmics_cli.rules import checked
    from kmics_cli.views.problems import report
    from kmics_cli.views.problems.findings import Findings

    session = Session(registry=registry, today=today)
    verdict = checked(
        session.snapshot,
        session.loaded,
        session.today,
        paths=[session.inside(path) for path in paths or ()],
        select=select or (),
        ignore=ignore or (),
        since=session.at_revision(since) if since is not None else None,
    )
    level = fail_on or (Level.WARNING if strict else Level.ERROR)
    unread = len(session.loaded[0].broken)
    findings = Findings(
        verdict, session.shown_root(), session.answer("validate", {}), level, unread, since, bool(select or ignore)
    )
    shown = report(screen, findings)
    for file, text in [(file, report(name, findings)) for file, name in files.items()]:
        try:
            Session(registry=registry, output=file).write(text)
        except UserError as error:
            raise UserError(error.message, "Choose another file after --format.", error.code) from None
    if "github" in (screen, *files.values()) and os.environ.get(_SUMMARY):
        _summarise(findings, session)
    session.write(shown, commands=screen == "github")
    if findings.failed:
        raise typer.Exit(1)


def _targets(formats: Sequence[str]) -> tuple[str, dict[Path, str]]:
    """Return the format for the screen, text unless another is asked for, and the format of each file.

    Raises `UserError` (2) for a format that there is not, two for the screen, or two for one file.
    """
    screen: list[str] = []
    files: dict[Path, str] = {}
    for given in formats:
        name, equals, file = given.partition("=")
        if name not in REPORTS:
            raise UserError(f"There is no format '{shortened(name)}'.", f"Give one of: {', '.join(REPORTS)}.")
        if not equals:
            screen.append(name)
        elif not file or Path(file) in files:
            told = "no file" if not file else f"{shortened(file)} twice"
            raise UserError(f"--format names {told}.", f"Give each format a file of its own: {name}=FILE.")
        else:
            files[Path(file)] = name
    if len(screen) > 1:
        told = f"Only one format goes to the screen, not {' and '.join(screen)}."
        raise UserError(told, f"Write the others to files: {screen[1]}=FILE.")
    return (screen or ["text"])[0], files


def _summarise(findings: "Findings", session: Session) -> None:
    """Add the summary to the file that GitHub shows under the step; it fails nothing if that cannot be done."""
    from kmics_cli.views.problems.github import summary

    try:
        with Path(os.environ[_SUMMARY]).open("a", encoding="utf-8", newline="\n") as file:
            file.write(summary(findings))
    except OSError as error:
        session.say(f"The summary of the step cannot be written: {error.strerror}.")


def explain(
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="A rule's name.", autocompletion=_rules)
    ] = None,
    all_rules: Annotated[bool, typer.Option("--list", help="List all rules instead.")] = False,
    format: Annotated[PageFormat, typer.Option("--format", help="text or md.")] = PageFormat.TEXT,
) -> None:
    """Print what a rule asks, why, a file that passes and one that fails; or list all rules.

    The name stands in brackets after each problem that kmics validate tells.
    """
    from kmics_cli.rules import BY_NAME, named
    from kmics_cli.views.problems.manual import as_markdown, as_text, listed

    if all_rules == (rule is not None):
        raise UserError("Give the name of one rule, or --list.", "Run kmics explain --list for all rules.")
    session = Session(format=Format.MD if format is PageFormat.MD else Format.TABLE)
    if all_rules:
        session.print_blocks(listed())
        return
    page = as_markdown if format is PageFormat.MD else as_text
    session.write("\n".join(page(BY_NAME[name]) for name in named([rule or ""])))


def doctor(registry: RegistryOption = None) -> None:
    """Say what this installation has: registry, YAML reader, Git, console, cache, and what to do about each."""
    from kmics_cli.cli.doctor import findings

    session = Session(registry=registry)
    wrong = False
    for name, found, advice in findings(session, getattr(sys.stdout, "encoding", None)):
        session.write(f"{name}: {found}\n")
        if advice:
            wrong = True
            session.write(f"  {advice}\n")
    if not wrong:
        session.write("All is well.\n")


EXAMPLES = {
    "validate": ("kmics validate", "kmics validate --since HEAD"),
    "explain": ("kmics explain unknown-reference", "kmics explain --list"),
    "doctor": ("kmics doctor", "kmics doctor --registry registry"),
}
"""Two real examples of each command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands that check to `app`, in a panel of its help."""
    for name, command in (("validate", validate), ("explain", explain), ("doctor", doctor)):
        epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES[name])
        app.command(name, rich_help_panel=panel, epilog=epilog)(command)
