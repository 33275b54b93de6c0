"""The command that reports: papers about the registry or one body, each by its name."""

from typing import TYPE_CHECKING, Annotated

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.session import Session, days, reads
from kmics_cli.problems import UserError, shortened
from kmics_cli.reports import REPORTS

if TYPE_CHECKING:
    from kmics_cli.query import Answered, Found

_OWN = "What some reports take"
_WHAT = {
    "bodies": "body",
    "people": "person",
    "priorities": "set of priorities",
    "roles": "role",
    "documents": "document",
}


def _names(incomplete: str) -> list[tuple[str, str]]:
    return [(name, report.help) for name, report in REPORTS.items() if name.startswith(incomplete)]


_TOLD = "; ".join(f"{name}: {report.help}" for name, report in REPORTS.items())


def report(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"{_TOLD}.", autocompletion=_names)],
    ref: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF]", help="What it is of; all if left out.", autocompletion=complete.refs),
    ] = None,
    within: Annotated[
        str | None,
        typer.Option(
            "--within",
            metavar="LENGTH",
            help="How far to look ahead, to the end of the month: 6m, 90d, 1y. Default: 6m.",
            rich_help_panel=_OWN,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DAY",
            help="Tell changes since this day. Default: since the last recorded meeting, or of twelve months.",
            rich_help_panel=_OWN,
        ),
    ] = None,
) -> None:
    """Write a paper about a body, or about all: it says the day, the revision, and what each statement stands on.

    As Markdown (--format md, or -o paper.md) it is ready to paste: numbered sources, what is inferred, what is not recorded.
    """
    from kmics_cli.reports import report as made
    from kmics_cli.reports.frame import Wanted

    if name not in REPORTS:
        from difflib import get_close_matches

        near = get_close_matches(name[:40], REPORTS, 1)
        help = f"Did you mean {near[0]}? " if near else ""
        raise UserError(f"There is no report '{shortened(name)}'.", f"{help}There are: {', '.join(REPORTS)}.")
    found = found_for(session, name, " ".join(ref)) if ref else None
    wanted = Wanted(session.today, within, days(since, "--since").last if since is not None else None)
    answer = made(name, session.asked, found.id if found else None, wanted)
    if name == "sources":
        answer["papers"] = _wrong_papers(session)
    session.print("report", answer, found.notice if found else "")


def _wrong_papers(session: Session) -> "list[Answered] | None":
    """Return where kept papers printed what has since been corrected; None if that was not looked for."""
    from kmics_cli.cli.kept import corrected_in_papers

    found = corrected_in_papers(session)
    if found is None:
        return None
    return [{"paper": one["paper"], "line": one["line"], "says": one["correction"]["text"]} for one in found]


def found_for(session: Session, name: str, ref: str) -> "Found":
    """Return what a report is to be of. Raises `UserError` (2) if it cannot be of such a thing."""
    found = session.find(ref)
    kinds = REPORTS[name].of
    if found.kind not in kinds:
        what = " or ".join(f"a {_WHAT[kind]}" for kind in kinds)
        raise UserError(f"'{found.id}' is not {what}.", f"Try kmics show {found.id}.")
    return found


EXAMPLES = {
    "report": ("kmics report composition icb-board --on 2022-09-20", "kmics report checks icb-board --format md"),
}
"""Two real examples of the command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the command that reports to `app`, in a panel of its help."""
    epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES["report"])
    app.command("report", rich_help_panel=panel, epilog=epilog)(reads(report))
