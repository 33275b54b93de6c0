"""Charts: structure, succession and seats as boxes and arrows, each with the same content as a nested list.

A chart is an answer like any other: plain data with `nodes`, `edges` and `list`. `flowchart` (Mermaid) and `picture` (SVG) draw what is in it
and nothing else; both are told of no record, only of the answer.
"""

from __future__ import annotations

from kmics_cli.charts.flowchart import in_markdown, mermaid
from kmics_cli.charts.graph import MOST_ALT, MOST_BOXES, MOST_LINKS
from kmics_cli.charts.seats import seats
from kmics_cli.charts.structure import structure
from kmics_cli.charts.succession import succession
from kmics_cli.problems import UserError
from kmics_cli.query import Answered, Asked

__all__ = ["CHARTS", "MOST_ALT", "MOST_BOXES", "MOST_LINKS", "chart", "in_markdown", "mermaid", "svg"]

CHARTS = {
    "structure": "the bodies below a body, or all",
    "succession": "what came before a body and after it, with how and when",
    "seats": "who sits on a body, and which posts carry seats",
}
"""The charts, and what each shows."""


def chart(asked: Asked, of: str, ref: str | None) -> Answered:
    """Return the chart `of` (one of `CHARTS`) of the body `ref`, or of the whole registry.

    Without what every answer of kmics carries. Raises `UserError` (2) for the seats of no body.
    """
    if of == "seats":
        if ref is None:
            raise UserError("A chart of seats is of one body.", "Give it: kmics chart BODY --of seats.")
        return seats(asked, ref)
    return succession(asked, ref) if of == "succession" else structure(asked, ref)


def svg(answer: Answered) -> str:
    """Return a chart as SVG. Raises `UserError`: (3) without the extra that draws, (2) for a chart too large to draw."""
    from kmics_cli.charts.picture import drawn

    return drawn(answer)
