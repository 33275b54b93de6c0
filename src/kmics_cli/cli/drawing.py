"""The command that draws: charts of structure, succession and seats, each with the same content as a list."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.session import Format, Session, reads
from kmics_cli.problems import UserError

if TYPE_CHECKING:
    from kmics_cli.query import Answered


class ChartOf(StrEnum):
    """What a chart can show."""

    STRUCTURE = "structure"
    SUCCESSION = "succession"
    SEATS = "seats"


class ChartFormat(StrEnum):
    """How a chart is printed."""

    TABLE = "table"
    MD = "md"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    DOCX = "docx"
    MERMAID = "mermaid"
    SVG = "svg"


_ENDINGS = {".svg": ChartFormat.SVG, ".mmd": ChartFormat.MERMAID, ".mermaid": ChartFormat.MERMAID}


def chart(
    session: Session,
    ref: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF]", help="The body; all if left out.", autocompletion=complete.bodies),
    ] = None,
    of: Annotated[
        ChartOf,
        typer.Option(
            "--of",
            help="structure: the bodies below it; succession: what came before and after it; seats: who sits where.",
        ),
    ] = ChartOf.STRUCTURE,
    format: Annotated[
        ChartFormat | None,
        typer.Option(
            "--format",
            help="How to print the chart: table is the list alone, md the list with a Mermaid drawing. "
            "Default: as the ending of FILE says (.svg, .mmd, .md), else table.",
            rich_help_panel="How to answer",
        ),
    ] = None,
) -> None:
    """Draw the structure below a body, its predecessors and successors, or who sits where. A list says the same.

    SVG needs an extra: pip install "kmics\\[charts]". Every other format comes with kmics.
    """
    from kmics_cli.charts import chart as made

    found = session.find(" ".join(ref)) if ref else None
    if found and found.kind != "bodies":
        raise UserError(f"'{found.id}' is not a body, so there is no chart of it.", f"Try kmics show {found.id}.")
    ending = session.output.suffix.lower() if session.output else ""
    wanted = format or _ENDINGS.get(ending) or ChartFormat(str(session.format))
    body = made(session.asked, of.value, found.id if found else None)
    notice = found.notice if found else ""
    if wanted in (ChartFormat.MERMAID, ChartFormat.SVG, ChartFormat.MD):
        _draw(session, body, wanted, notice)
    else:
        session.format = Format(wanted.value)
        session.print("chart", body, notice)


def _draw(session: Session, body: "Answered", wanted: ChartFormat, notice: str) -> None:
    """Print a chart as a drawing, alone or in a page of Markdown."""
    from kmics_cli.charts import in_markdown, mermaid, svg

    if wanted is ChartFormat.MD:
        session.format = Format.MD
        page = session.page("chart", session.answer("chart", body), notice)
        session.write(f"{in_markdown(body, page)}\n{session.stamp(body['ref'])}\n")
    else:
        drawn = mermaid(body) if wanted is ChartFormat.MERMAID else svg(body)
        if session.ascii_only():  # then letters are written as what both forms take for them
            mark = "#" if wanted is ChartFormat.MERMAID else "&#"
            drawn = "".join(one if one.isascii() else f"{mark}{ord(one)};" for one in drawn)
        session.write(drawn)
        session.say(notice)
    session.tell_broken()


EXAMPLES = {
    "chart": (
        "kmics chart nhs-kent-and-medway-icb --format md",
        "kmics chart icb-board --of seats --on 2022-09-20",
    ),
}
"""Two real examples of the command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the command that draws to `app`, in a panel of its help."""
    epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES["chart"])
    app.command("chart", rich_help_panel=panel, epilog=epilog)(reads(chart, without=("format",)))
