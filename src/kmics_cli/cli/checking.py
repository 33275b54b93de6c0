"""The commands that check: validate and doctor."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from kmics_cli.cli.session import RegistryOption, Session


class ReportFormat(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"


def validate(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]...", help="Only problems in these files or folders.")
    ] = None,
    registry: RegistryOption = None,
    format: Annotated[ReportFormat, typer.Option("--format", help="text or json.")] = ReportFormat.TEXT,
    today: Annotated[str | None, typer.Option("--today", hidden=True)] = None,
) -> None:
    """Check the whole registry: YAML, schema, references and dates, each problem at path:line:col.

    Exits with 1 if there is an error. Warnings alone exit with 0.
    """
    from kmics_cli.rules import checked
    from kmics_cli.views.reports import as_json, as_text

    session = Session(registry=registry, today=today)
    snapshot = session.snapshot
    prefix = session.shown_root()
    found = checked(snapshot, session.loaded, session.today, paths=[session.inside(path) for path in paths or ()])
    if format is ReportFormat.JSON:
        session.write(as_json(found.problems, prefix, session.answer("validate", {}), found.places.at))
    else:
        session.write(as_text(found.problems, prefix, found.files, found.places.at))
    if any(problem.severity == "error" for problem in found.problems):
        raise typer.Exit(1)


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
    "validate": ("kmics validate", "kmics validate --format json"),
    "doctor": ("kmics doctor", "kmics doctor --registry registry"),
}
"""Two real examples of each command, shown in its help and run by a test."""


def checking(app: typer.Typer, panel: str) -> None:
    """Add the commands that check to `app`, in a panel of its help."""
    for name, command in (("validate", validate), ("doctor", doctor)):
        epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES[name])
        app.command(name, rich_help_panel=panel, epilog=epilog)(command)
