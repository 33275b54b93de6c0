"""The page of joiners and leavers: three tables, and apart what is not certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from kmics_cli.dates import Span, day_in_words, span_in_words
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table, items
from kmics_cli.views.pages.words import NOT_RECORDED, Evidence, day, spaced, upper

COLUMNS = (
    *("table", "change", "person", "name", "role", "title", "body", "body_name", "member_type", "attends", "when"),
    *(
        "certainty",
        "confidence",
        "capacity",
        "term_ends",
        "covering",
        "covering_name",
        "before",
        "after",
        "follows",
        "seat_now",
    ),
    *("left_with_it", "perhaps_left_with_it", "told", "note"),
)

_CHANGES = {
    "changed-seat": "Moved to another seat",
    "reappointed": "Reappointed",
    "made-substantive": "Made substantive",
    "capacity": "Capacity changed",
    "designated": "Named for a duty",
    "designation-ended": "Duty ended",
    "covered": "Began to cover",
    "uncovered": "Ceased to cover",
    "turn": "Turn began",
    "turn-ended": "Turn ended",
    "ex-officio": "Seat came to go with the post",
    "ex-officio-ended": "Seat ceased to go with the post",
}
"""What each change of seat or capacity is called."""


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield joiners, leavers and changes as tables; then what is possible, first named, still to come, and what ended."""
    time = answer["time"]
    last = date.fromisoformat(time["to"])
    of = {table: [row for row in answer["rows"] if row["table"] == table] for table in _LISTS}
    joined, left, changed = (
        [row for row in answer["rows"] if row["table"] == table] for table in ("joined", "left", "changed")
    )
    when = span_in_words(Span(date.fromisoformat(time["from"]), last))
    if joined:
        yield Heading("Joiners")
        columns = ("Name", "Seat", "Started", "Capacity and term", "Follows")
        yield Table(f"Joiners, {when}", columns, tuple(_joined(row, evidence) for row in joined))
    if left:
        yield Heading("Leavers")
        columns = ("Name", "Seat", "Last day", "Other seats", f"The seat on {day_in_words(last)}")
        yield Table(f"Leavers, {when}", columns, tuple(_left(row, evidence) for row in left))
    if changed:
        yield Heading("Changed seat or capacity")
        columns = ("Name", "Change", "When", "Before", "After")
        caption = f"Changed seat or capacity, {when}"
        yield Table(caption, columns, tuple(_changed(row, evidence) for row in changed))
    for table, (heading, words) in _LISTS.items():
        if of[table]:
            yield Heading(heading)
            yield Paragraph(words)
            yield items(*(_line(row, evidence) for row in of[table]))
    if answer["declarations"]:
        yield from _declarations(answer["declarations"], evidence)


_LISTS = {
    "possibly": (
        "Possibly in this time",
        "Their days are not known closely enough, or what was announced has not been read to have happened.",
    ),
    "first-named": (
        "First named in this time; start not recorded",
        "A source names them for the first time in this time. When they started is not recorded, so they are not joiners.",
    ),
    "to-come": ("Still to come in this time", "These days lie ahead."),
    "closed": (
        "Bodies that ended",
        "Whoever sat in them to the end left with them, and is not told among the leavers.",
    ),
}
"""What stands apart from the tables: under which heading, and why."""


def _seat(row: Answered) -> str:
    seat = upper(f"{row['title']}, {row['body_name']}{_carries(row)}")
    return f"{seat} (in attendance)" if row["attends"] else seat


def _carries(row: Answered) -> str:
    """Return which seats go with the post of a row, surely or possibly, in brackets."""
    found = ""
    for sure, words in (("yes", "carries"), ("possibly", "possibly carries")):
        some = [f"{one['title']}, {one['body_name']}" for one in row["carries"] if one["certainty"] == sure]
        found += f" ({words} the seat of {'; '.join(some)})" if some else ""
    return found


def _name(row: Answered, evidence: Evidence) -> str:
    hedge = f" ({row['confidence']})" if row["confidence"] != "stated" else ""
    return f"{row['name']}{hedge}{evidence.mark(row['sources'])}"


def _joined(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    parts = [spaced(row["capacity"])] if row["capacity"] else []
    if row["no_fixed_term"]:
        parts.append("no fixed term")
    elif row["term_ends"]:
        parts.append(f"term ends {day(row['term_ends'])}")
    capacity = upper("; ".join(parts)) or NOT_RECORDED
    return _name(row, evidence), _seat(row), upper(day(row["when"])), capacity, row["follows"] or NOT_RECORDED


_HOW = {
    "given-up": "Gave up",
    "held": "Still holds",
    "possibly": "Possibly still holds",
    "not-confirmed": "Last named in",
}
"""How somebody who left stands to another seat."""


def _left(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    others = []
    for how, words in _HOW.items():
        some = [
            f"{one['title']}, {one['body_name']}"
            + (f" ({day(one['to'])})" if how == "given-up" else "")
            + (f" (not confirmed since {day(one['last_evidence'])})" if how == "not-confirmed" else "")
            for one in row["other_seats"]
            if one["how"] == how
        ]
        if some:
            others.append(f"{words}: {'; '.join(some)}")
    return (
        _name(row, evidence),
        _seat(row),
        upper(day(row["when"])),
        ". ".join(others) or "None recorded",
        row["seat_now"] or NOT_RECORDED,
    )


def _changed(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    seat = _seat(row)
    before = row["before"] or (
        "Not applicable" if row["change"] in ("designated", "covered", "ex-officio") else seat
    )
    after = row["after"] or (
        "Not applicable" if row["change"] in ("designation-ended", "uncovered", "ex-officio-ended") else seat
    )
    if row["change"] in ("turn", "turn-ended"):
        before, after = row["before"] or NOT_RECORDED, row["after"] or NOT_RECORDED
    return _name(row, evidence), _CHANGES[row["change"]], upper(day(row["when"])), upper(before), upper(after)


def _line(row: Answered, evidence: Evidence) -> str:
    if row["table"] == "closed":
        told = (
            f"{row['name']} {row['told']}. Left with it: {'; '.join(row['left_with_it']) or 'nobody is recorded'}."
        )
        if row["perhaps_left_with_it"]:
            told += f" Named there on other days, and not confirmed for its last: {'; '.join(row['perhaps_left_with_it'])}."
        return told + evidence.mark(row["sources"])
    told = (
        row["told"]
        if row["change"] in ("turn", "turn-ended", "ex-officio", "ex-officio-ended")
        else f"{row['name']} {row['told']}"
    )
    hedge = f" ({row['confidence']})" if row["confidence"] != "stated" else ""
    carries = _carries(row).replace("(", "(the post ", 1)
    return f"{told}{hedge}{carries}.{evidence.mark(row['sources'])}"


def _declarations(rows: Sequence[Answered], evidence: Evidence) -> Iterator[Block]:
    yield Heading("Declarations of interests")
    yield Paragraph(
        "Counted from the first day in the seat, for interests that were known then; for others the time runs from when they "
        "become known. Taken to bind members of the body, of its board and of their committees and sub-committees; not "
        "those who only attend, nor members of joint committees. Who was bound already by another seat is left out. Whether they were declared is not in this registry."
    )
    cells = tuple(
        (
            row["name"],
            "; ".join(row["seats"]),
            upper(day(row["started"])),
            upper(day(row["by"])) if row["by"] else f"Within {row['within']} of starting; the day is not recorded",
            f"{row['citation']}{evidence.mark(row['sources'])}",
        )
        for row in rows
    )
    yield Table("Declarations of interests", ("Name", "Seat", "Started", "Due by", "Asked by"), cells)
    notes = list(dict.fromkeys(row["note"] for row in rows if row["note"]))
    if notes:
        yield items(*notes)
