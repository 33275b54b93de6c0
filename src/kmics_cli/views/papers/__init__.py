"""Reports as papers: each report's page is a module here, under the report's name; what all papers share stands here.

A page module has `page`, which yields what stands between the opening and the sources, and `COLUMNS`, the columns of
its rows as CSV (or `table`, where they are not the same for every answer).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Paragraph, items
from kmics_cli.views.pages.words import Evidence


def _module(report: str) -> ModuleType:
    return import_module(f"{__name__}.{report.replace('-', '_')}")


def paper(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield a report as a paper: title, opening, its own sections, what is inferred, what is not recorded, sources."""
    yield Heading(answer["title"], 1)
    yield Paragraph(answer["says"])
    yield from _module(answer["report"]).page(answer, span, evidence)
    if answer["inferred"]:
        yield Heading("What is inferred")
        yield items(*(f"{one['says']}{evidence.mark(one['sources'])}" for one in answer["inferred"]))
    if answer["not_recorded"]:
        yield Heading("What is not recorded")
        yield items(*answer["not_recorded"])
    yield from evidence.blocks()


def rows(answer: Answered, cited: Callable[[Sequence[Answered]], str]) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and rows of a report for CSV; to a page's `COLUMNS` those of what is cited are added.

    `cited` makes one cell of sources.
    """
    module = _module(answer["report"])
    if hasattr(module, "table"):
        made: tuple[list[str], list[list[Any]]] = module.table(answer)
        return made
    columns: Sequence[str] = module.COLUMNS
    shown = ["sources", *(["evidence"] if any("evidence" in row for row in answer["rows"]) else [])]
    cells = [
        [*(row.get(column) for column in columns), *(cited(row.get(name) or ()) for name in shown)]
        for row in answer["rows"]
    ]
    return [*columns, *shown], cells
