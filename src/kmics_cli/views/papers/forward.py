"""The page of a forward look: what has run out first, then kind by kind, then what follows if a seat falls empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table
from kmics_cli.views.pages.words import Evidence, day, due, hedge, upper

COLUMNS = (
    *(
        "kind",
        "over",
        "date",
        "earliest",
        "latest",
        "what",
        "id",
        "body",
        "body_name",
        "role",
        "title",
        "person",
        "name",
    ),
    *("terms", "further", "recorded_since", "next", "also_holds", "follows", "says", "confidence", "note"),
)

HEADINGS = {
    "term-ends": "Terms of office ending",
    "leaves": "Recorded departures",
    "interim-ends": "Interims ending",
    "turn": "Turns of rotations that end or are due to",
    "starts": "Starts to come",
    "meeting": "Meetings",
    "review": "Reviews due",
    "deadline": "Deadlines",
    "milestone": "Milestones",
    "requirement": "Requirements that begin, end or are proposed",
    "law": "Laws and governing documents that begin or end",
    "planned": "Planned bodies and seats",
}
"""What each kind is headed, in the order of the page."""

_SEATS = ("term-ends", "leaves", "interim-ends")


def table(answer: Answered) -> tuple[list[str], list[list[object]]]:
    """Return the columns and rows for CSV, in which what follows is one text."""
    rows: list[list[object]] = []
    for row in answer["rows"]:
        told = {
            **row,
            "next": [f"{one['name']} from {one['from']}" for one in row["next"]],
            "follows": " ".join(one["says"] for one in row["follows"] or ()),
        }
        rows.append([told.get(column) for column in COLUMNS])
    return [*COLUMNS], rows


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield what has run out, what is to come, and what follows."""
    over = [row for row in answer["rows"] if row["over"]]
    if over:
        yield Heading("Run out or past due")
        yield Paragraph("Where nothing is recorded since, that does not say that nothing was done.")
        columns: tuple[str, ...] = ("What", "When", "Recorded since")
        yield Table(
            "Run out or past due",
            columns,
            tuple((*_line(row, evidence), _since(row)) for row in over),
        )
    for kind, heading in HEADINGS.items():
        rows = [row for row in answer["rows"] if row["kind"] == kind and not row["over"]]
        if not rows:
            continue
        yield Heading(heading)
        if kind == "term-ends":
            columns = ("Seat", "Body", "Held by", "Term ends", "Further term")
            yield Table(heading, columns, tuple(_term(row, evidence) for row in rows))
        elif kind in _SEATS:
            columns = ("Seat", "Body", "Held by", "Last day", "Who follows")
            yield Table(heading, columns, tuple(_departure(row, evidence) for row in rows))
        elif kind == "starts":
            yield Table(heading, ("Seat", "Body", "Who", "Starts"), tuple(_start(row, evidence) for row in rows))
        else:
            yield Table(heading, ("What", "When"), tuple(_line(row, evidence) for row in rows))
    yield from _following([row for row in answer["rows"] if row["kind"] in _SEATS])


def _term(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    says = f" ({row['says'].removesuffix('.')})" if row["says"] else ""
    held = f"{upper(row['name'])}{says}{hedge(row)}{evidence.mark(row['sources'])}"
    return upper(row["title"]), row["body_name"], held, upper(day(row["date"])), row["further"]


def _departure(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    held = f"{upper(row['name'])}{hedge(row)}{evidence.mark(row['sources'])}"
    return upper(row["title"]), row["body_name"], held, upper(day(row["date"])), _next(row) or "Not recorded"


def _next(row: Answered) -> str:
    return "; ".join(f"{one['name']}, from {one['from']}" for one in row["next"])


def _start(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    who = f"{upper(row['name'])}{hedge(row)}{evidence.mark(row['sources'])}"
    return upper(row["title"]), row["body_name"], who, upper(day(row["date"]))


def _line(row: Answered, evidence: Evidence) -> tuple[str, str]:
    when = day(row["date"])
    if (row["kind"] == "review" or row.get("due")) and row["date"]:
        when = due(row["date"])
    if row.get("done"):
        when += f"; recorded as done {day(row['done'])}"
    return f"{upper(row['what'])}{hedge(row)}{evidence.mark(row['sources'])}", upper(when)


def _since(row: Answered) -> str:
    """Return what is recorded since something ran out, or was due."""
    follows = f"to follow: {_next(row)}" if row["next"] else None
    return upper("; ".join(filter(None, (row["recorded_since"], follows))) or "Nothing")


def _following(rows: Sequence[Answered]) -> Iterator[Block]:
    """Yield what follows if each seat falls empty; of one whose successor is recorded, who that is."""
    told = [row for row in rows if row["next"] or row["follows"] or row["also_holds"]]
    if not told:
        return
    yield Heading("What follows if a seat falls empty")
    yield Paragraph(
        "Worked out from this record for the day after, as if everybody else stayed and what is known now were known then. "
        "A vacancy does not by itself make proceedings invalid."
    )
    lines: list[tuple[int, str]] = []
    for row in told:
        ends = "ended" if row["over"] else "ends"
        lines.append((0, f"{upper(row['name'])}, {row['title']}, {row['body_name']} ({ends} {day(row['date'])}):"))
        if row["next"]:
            lines.append((1, f"Recorded to follow: {_next(row)}."))
        lines.extend((1, one["says"]) for one in row["follows"] or ())
        if row["also_holds"]:
            lines.append((1, f"Also holds: {'; '.join(row['also_holds'])}."))
        if row["follows"] is None:
            lines.append((1, "What follows was not worked out: too many end in this time."))
        elif not row["next"] and not row["follows"]:
            lines.append((1, "Nothing else in this record depends on it."))
    yield Items(tuple(lines))
