"""The page of what was publicly asked for."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Table
from kmics_cli.views.pages.words import Evidence, day, hedge, upper

COLUMNS = ("body", "body_name", "what", "by", "on", "confidence", "note")


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield what was publicly asked of bodies and is not law, as a table."""
    cells = tuple(
        (
            f"{row['what']}{hedge(row)}"
            + (f". {row['note']}" if row["note"] else "")
            + evidence.mark(row["sources"]),
            row["body_name"],
            row["by"] or "Not recorded",
            upper(day(row["on"])),
        )
        for row in answer["rows"]
    )
    if cells:
        yield Table("Publicly asked for", ("What", "Of", "Asked by", "When"), cells)
