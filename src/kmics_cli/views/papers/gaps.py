"""The page of gaps: figures by sort, then body by body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Table
from kmics_cli.views.pages.words import Evidence

COLUMNS = ("body", "body_name", "kind", "ref", "name", "sort", "missing", "detail")

_OTHER = {
    "priorities": "Sets of priorities",
    "documents": "Cited documents",
    "people": "People",
}


def page(answer: Answered, _span: Span, _evidence: Evidence) -> Iterator[Block]:
    """Yield how much of each sort is missing, and then what, body by body."""
    rows = answer["rows"]
    words = {row["sort"]: row["missing"] for row in rows}
    sorts = answer["summary"]["sorts"]
    if not rows:
        return
    cells = tuple(
        (words[name], str(sorts[name]["missing"]), str(sorts[name]["expected"])) for name in sorts if name in words
    )
    yield Table("What is not recorded, by sort", ("What", "Not recorded", "Expected"), cells, numbers=(1, 2))
    bodies = [row for row in rows if row["kind"] not in _OTHER]
    if bodies:
        yield Heading("Body by body")
        yield _by(bodies, "body", "body_name")
    for kind, heading in _OTHER.items():
        some = [row for row in rows if row["kind"] == kind]
        if some:
            yield Heading(heading)
            yield _by_sort(some)


def _by(rows: Sequence[Answered], key: str, name: str) -> Items:
    """Return rows as a list of bodies, each with what it lacks."""
    groups: dict[str, list[Answered]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    lines: list[tuple[int, str]] = []
    for some in groups.values():
        lines.append((0, f"{some[0][name]} ({len(some)})"))
        own = [f"{_sort(row)}" for row in some if row["kind"] == "bodies"]
        if own:
            lines.append((1, "; ".join(own)))
        lines.extend((1, told) for told in _grouped([row for row in some if row["kind"] != "bodies"]))
    return Items(tuple(lines))


def _sort(row: Answered) -> str:
    detail = f" ({row['detail']})" if row["detail"] else ""
    return f"{row['missing']}{detail}"


def _grouped(rows: Sequence[Answered]) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for row in rows:
        detail = f" ({row['detail']})" if row["detail"] else ""
        groups.setdefault(row["missing"], []).append(f"{row['name']}{detail}")
    for missing, names in groups.items():
        yield f"{missing}: {'; '.join(names)}"


def _by_sort(rows: Sequence[Answered]) -> Items:
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row["missing"], []).append(row["name"])
    lines: list[tuple[int, str]] = []
    for missing, names in groups.items():
        lines.append((0, f"{missing} ({len(names)})"))
        lines.extend((1, name) for name in names)
    return Items(tuple(lines))
