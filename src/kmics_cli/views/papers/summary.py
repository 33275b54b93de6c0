"""The page of a summary of a body."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.reports.summary import SECTIONS
from kmics_cli.views.blocks import Block, Heading, items
from kmics_cli.views.pages.words import Evidence, hedge

COLUMNS = ("section", "says", "id", "confidence")


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield what is recorded of the body, section by section; one with nothing in it is left out."""
    for section, words in SECTIONS.items():
        rows = [row for row in answer["rows"] if row["section"] == section]
        if rows:
            yield Heading(words)
            yield items(
                *(f"{row['says'].removesuffix('.')}{hedge(row)}.{evidence.mark(row['sources'])}" for row in rows)
            )
