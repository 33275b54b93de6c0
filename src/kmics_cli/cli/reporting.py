"""The command that reports: papers about the registry or one body, each by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.session import Session, reads
from kmics_cli.problems import UserError, shortened

if TYPE_CHECKING:
    from kmics_cli.query import Answered, Asked


@dataclass(frozen=True, slots=True)
class Report:
    """A report: what its help says, and what answers it of one body (by its id) or, with None, of all."""

    help: str
    answer: "Callable[[Asked, str | None], Answered]"


def _checks(asked: "Asked", body: str | None) -> "Answered":
    from kmics_cli.query.duties import checks

    return checks(asked, body)


def _asked_for(asked: "Asked", body: str | None) -> "Answered":
    from kmics_cli.query.duties import asked_for

    return asked_for(asked, body)


REPORTS: dict[str, Report] = {
    "checks": Report("what law, policy and constitution ask of a body, held against the record", _checks),
    "asked-for": Report("what was publicly asked of a body and is not law", _asked_for),
}
"""The reports by name."""


def _names(incomplete: str) -> list[tuple[str, str]]:
    return [(name, report.help) for name, report in REPORTS.items() if name.startswith(incomplete)]


_TOLD = "; ".join(f"{name}: {report.help}" for name, report in REPORTS.items())


def report(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"{_TOLD}.", autocompletion=_names)],
    ref: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF]", help="The body; all if left out.", autocompletion=complete.bodies),
    ] = None,
) -> None:
    """Report on a body, or on all: a paper that says the day, the revision and what it stands on."""
    if name not in REPORTS:
        raise UserError(f"There is no report '{shortened(name)}'.", f"There are: {', '.join(REPORTS)}.")
    body, notice = None, ""
    if ref:
        found = session.find(" ".join(ref))
        if found.kind != "bodies":
            raise UserError(f"'{found.id}' is not a body.", f"Try kmics show {found.id}.")
        body, notice = found.id, found.notice
    session.print("report", {"report": name, **REPORTS[name].answer(session.asked, body)}, notice)


EXAMPLES = {"report": ("kmics report checks icb-board --on 2022-09-20", "kmics report asked-for")}
"""Two real examples of the command, shown in its help and run by a test."""


def reporting(app: typer.Typer, panel: str) -> None:
    """Add the command that reports to `app`, in a panel of its help."""
    epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES["report"])
    app.command("report", rich_help_panel=panel, epilog=epilog)(reads(report))
