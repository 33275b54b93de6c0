"""The page of what was last confirmed too long ago. It names nobody as being in post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Table, items
from kmics_cli.views.pages.words import NOT_RECORDED, Evidence, day, upper

COLUMNS = (
    *("group", "body", "body_name", "ref", "title", "person", "name", "last_evidence", "age", "carried_to"),
    *("term_ended", "says", "refresh"),
)
_HEADINGS = {
    "holders": "Holders last named",
    "terms": "Terms of office that ran out",
    "posts": "Seats that go with a post",
    "turns": "Turns of a rotation",
    "vacancies": "Vacancies",
    "bodies": "Bodies",
    "members": "Member bodies",
    "lists": "Lists said to be complete",
    "priorities": "Sets of priorities",
    "reviews": "Documents past their review date",
}


def table(answer: Answered) -> tuple[list[str], list[list[object]]]:
    """Return the columns and rows for CSV: what would refresh a statement in words."""
    rows = [{**row, "refresh": row["refresh"]["says"]} for row in answer["rows"]]
    return [*COLUMNS], [[row[column] for column in COLUMNS] for row in rows]


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield figures, then a table of each group, the oldest first, then what would refresh it."""
    rows = answer["rows"]
    if not rows:
        return
    groups = answer["summary"]["groups"]
    overview = tuple(
        (words, str(groups[name]["stale"]), str(groups[name]["of"]), _oldest(rows, name))
        for name, words in _HEADINGS.items()
        if groups[name]["stale"]
    )
    columns = ("What", "Not vouched for", "Of all open", "Oldest evidence")
    yield Table("What the record can no longer vouch for", columns, overview, numbers=(1, 2))
    for name, words in _HEADINGS.items():
        some = [row for row in rows if row["group"] == name]
        if some:
            yield Heading(words)
            yield Table(words, *_cells(name, some, evidence))
    yield Heading("What would refresh it")
    yield items(*(_task(one) for one in answer["refresh"]))


def _task(one: Answered) -> str:
    """Return what to read, for how many statements, and where to list it."""
    count = one["statements"]
    where = (
        f"; if they still hold, list it under 'checked' of {', '.join(one['checked'])}" if one["checked"] else ""
    )
    return f"{one['says']}: {count} {'statement' if count == 1 else 'statements'}{where}"


def _oldest(rows: Sequence[Answered], group: str) -> str:
    days = [row["last_evidence"] for row in rows if row["group"] == group]
    return upper(day(days[0], "without a date"))


def _cells(
    group: str, rows: Sequence[Answered], evidence: Evidence
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    def body(row: Answered) -> str:
        return str(row["body_name"] or NOT_RECORDED)

    def title(row: Answered) -> str:
        return f"{upper(row['title'])}{evidence.mark(row['sources'])}"

    def last(row: Answered) -> str:
        return upper(day(row["last_evidence"], "no source with a date"))

    def age(row: Answered) -> str:
        return upper(row["age"] or "not known")

    if group == "holders":
        return ("Role", "Body", "Last named", "Last evidence", "Age"), tuple(
            (title(row), body(row), row["name"], last(row), age(row)) for row in rows
        )
    if group == "terms":
        return ("Role", "Body", "Last named", "Term ended", "Last evidence"), tuple(
            (title(row), body(row), row["name"], upper(day(row["term_ended"])), last(row)) for row in rows
        )
    if group == "bodies":
        return ("Body", "Last evidence", "Age"), tuple((title(row), last(row), age(row)) for row in rows)
    if group in ("turns", "reviews"):
        what = "Turn" if group == "turns" else "Document"
        return (what, "Body", "Last evidence", "What can be said"), tuple(
            (title(row), body(row), last(row), row["says"]) for row in rows
        )
    return ("What", "Body", "Last evidence", "Age"), tuple(
        (title(row), body(row), last(row), age(row)) for row in rows
    )
