"""The page of documents and what rests on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table, items
from kmics_cli.views.pages.words import NOT_RECORDED, Evidence, day, spaced, upper

COLUMNS = (
    *("document", "title", "kind", "standing", "publisher", "speaks_of", "published", "read", "address"),
    *("statements", "alone", "cited_by", "superseded_by", "to", "layers"),
)


def table(answer: Answered) -> tuple[list[str], list[list[object]]]:
    """Return the columns and rows for CSV: the records that cite by id, the layers by their lines."""
    rows = [
        {
            **row,
            "cited_by": [one["id"] for one in row["records"]],
            "layers": [f"lines {'-'.join(map(str, one['lines']))}" for one in row["layers"]],
        }
        for row in answer["rows"]
    ]
    return [*COLUMNS], [[row[column] for column in COLUMNS] for row in rows]


def page(answer: Answered, _span: Span, _evidence: Evidence) -> Iterator[Block]:
    """Yield what the documents are, what rests on them, and what a reader must beware of."""
    rows = answer["rows"]
    if not rows:
        return
    yield Heading("Documents")
    cells = tuple(
        (row["title"], _kind(row), _publisher(row), _day(row, "speaks_of"), _day(row, "read")) for row in rows
    )
    yield Table(
        "What the documents are", ("Document", "Kind and standing", "Publisher", "Speaks of", "Read"), cells
    )
    cited = [row for row in rows if row["statements"]]
    if cited:
        yield Heading("What rests on them")
        counts = tuple(
            (row["title"], str(row["statements"]), str(len(row["records"])), str(row["alone"])) for row in cited
        )
        columns = ("Document", "Statements", "Records", "Statements on it alone")
        yield Table("Statements that cite each document", columns, counts, numbers=(1, 2, 3))
        yield Paragraph(
            "A statement on it alone cites no other document, and would have no source without it. What inherits the "
            "sources of its body is not counted for itself."
        )
        yield Heading("Records that cite them", 3)
        yield _records(cited)
    yield from _beware(rows)
    if isinstance(answer["papers"], list):
        yield from _papers(answer["papers"])


def _records(rows: Sequence[Answered]) -> Items:
    lines: list[tuple[int, str]] = []
    for row in rows:
        lines.append((0, row["title"]))
        for one in row["records"]:
            count = f"{one['statements']} {'statement' if one['statements'] == 1 else 'statements'}"
            alone = f", {one['alone']} on it alone" if one["alone"] else ""
            at = f" ({'; '.join(one['at'])})" if one["at"] else ""
            lines.append((1, f"{one['name']}: {count}{alone}{at}"))
    return Items(tuple(lines))


def _beware(rows: Sequence[Answered]) -> Iterator[Block]:
    """Yield the documents that nothing cites, that are superseded, or that were written at several times."""
    uncited = [row for row in rows if not row["statements"]]
    if uncited:
        yield Heading("Cited by nothing")
        yield items(*(_uncited(row) for row in uncited))
    over = [row for row in rows if row["superseded"]]
    if over:
        yield Heading("Superseded, or no longer in force")
        yield items(*(_over(row) for row in over))
    layered = [row for row in rows if row["layers"]]
    if layered:
        yield Heading("Written at several times")
        lines: list[tuple[int, str]] = []
        for row in layered:
            lines.append((0, row["title"]))
            lines.extend(
                (1, f"Lines {' to '.join(map(str, one['lines']))}: speak of {day(one['speaks_of'])}")
                for one in row["layers"]
            )
        yield Items(tuple(lines))


def _uncited(row: Answered) -> str:
    names = [one["name"] for one in row["named_by"]]
    return f"{row['title']}: named by {', '.join(names)}" if names else f"{row['title']}: named by no record"


def _over(row: Answered) -> str:
    parts = [f"replaced by {', '.join(row['superseded_by_titles'])}"] if row["superseded_by_titles"] else []
    if row["to"]:
        parts.append(f"last day in force {day(row['to'])}")
    count = row["statements"]
    parts.append(f"{count} {'statement cites' if count == 1 else 'statements cite'} it")
    return f"{row['title']}: {'; '.join(parts)}"


def _papers(papers: Sequence[Answered]) -> Iterator[Block]:
    """Yield the kept papers that printed what has since been corrected."""
    yield Heading("Kept papers that printed a statement since corrected")
    if not papers:
        yield Paragraph("None of the kept papers has one, as far as they could be read.")
        return
    yield items(*(f"{one['paper']}, line {one['line']}: {one['says']}" for one in papers))


def _kind(row: Answered) -> str:
    standing = f", {spaced(row['standing'])}" if row["standing"] else ", standing not recorded"
    return f"{upper(spaced(row['kind']))}{standing}"


def _publisher(row: Answered) -> str:
    return row["publisher_name"] or NOT_RECORDED


def _day(row: Answered, field: str) -> str:
    return upper(day(row[field]))
