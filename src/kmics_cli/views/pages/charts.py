"""The page of a chart: its title, what it shows in figures, and its content as a nested list."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph
from kmics_cli.views.pages.words import Evidence


def chart_page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield a chart as a list; the drawing is made elsewhere, from the same answer."""
    yield Heading(answer["title"], 1)
    yield Paragraph(answer["says"])
    if answer["list"]:
        yield Items(
            tuple((line["depth"], line["text"] + evidence.mark(line["sources"])) for line in answer["list"])
        )
