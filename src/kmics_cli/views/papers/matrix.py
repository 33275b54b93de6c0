"""The page of who sits where: a matrix where the screen holds it, else a list of each body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from kmics_cli.dates import Span, span_in_words
from kmics_cli.problems import UserError
from kmics_cli.query import Answered
from kmics_cli.query.says import lower_first
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table, Wide, items
from kmics_cli.views.pages.words import Evidence, upper
from kmics_cli.views.papers.composition import status
from kmics_cli.views.papers.who_is_who import since

_AS = {
    "chair": "Chair",
    "deputy-chair": "Deputy chair",
    "vice-chair": "Vice-chair",
    "chief-executive": "Chief executive",
    "executive": "Executive",
    "non-executive": "Non-executive member",
    "partner": "Partner member",
    "lay": "Lay member",
    "associate": "Associate",
    "leader": "Leader",
    "member": "Member",
    "officer": "Officer",
    "participant": "Attends, participant",
    "observer": "Attends, observer",
    "in-attendance": "Attends",
    "deputy": "Attends, deputy",
}
"""As what somebody of each member type sits on a body."""

_MOST_CELLS = 1_000_000
_MOST_COLUMNS = 60  # no screen holds more


def table(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    """Return the matrix for CSV: a row for each person, a column for each body; "No" only where the list is complete.

    Raises `UserError` (2) for a matrix that no spreadsheet could hold.
    """
    if len(answer["rows"]) * len(answer["columns"]) > _MOST_CELLS:
        size = f"{len(answer['rows'])} people and {len(answer['columns'])} bodies"
        raise UserError(f"A matrix of {size} is too large.", "Give a body: kmics report matrix BODY --format csv.")
    nobody = {one["body"]: "No" if one["complete"] else "None recorded" for one in answer["columns"]}
    rows = [
        [one["person"], one["name"], *(_words(one["bodies"].get(body), none) for body, none in nobody.items())]
        for one in answer["rows"]
    ]
    return ["person", "name", *_names(answer["columns"])], rows


_LETTERS = {"C": "Chair", "D": "Deputy chair", "M": "Member", "A": "Attends"}


def _words(codes: str | None, none: str) -> str:
    """Return the codes of a cell in words, so that a sheet needs no key: "Chair, by another post"."""
    if codes is None:
        return none
    told = []
    for code in codes.split(", "):
        words = _LETTERS[code.strip("()")[0]]
        words += ", by another post" if "*" in code else ""
        words += ", possibly" if "?" in code else ""
        told.append(f"{words}, not confirmed" if code.startswith("(") else words)
    return "; ".join(told)


def _names(columns: Sequence[Answered]) -> list[str]:
    """Return the names of the bodies; of two with the same name each with its id."""
    count = Counter(one["name"] for one in columns)
    return [one["name"] if count[one["name"]] == 1 else f"{one['name']} ({one['body']})" for one in columns]


def page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the matrix with its key, or the list of each body."""
    if not answer["columns"]:
        return
    lists = tuple(_lists(answer, evidence))
    if len(answer["columns"]) > _MOST_COLUMNS:
        yield from lists
        return
    when = ("on " if span.one_day else "") + span_in_words(span)
    rows = tuple(
        (one["name"], *(one["bodies"].get(column["body"], "-") for column in answer["columns"]))
        for one in answer["rows"]
    )
    used = {letter for row in rows for cell in row[1:] for letter in cell}
    key = items(*(f"{code}: {words}" for code, words in answer["key"].items() if code[0] in used))
    yield Wide(Table(f"Who sits where, {when}", ("Person", *_names(answer["columns"])), rows), key, lists)


def _lists(answer: Answered, evidence: Evidence) -> Iterator[Heading | Paragraph | Table]:
    seats: dict[str, list[Answered]] = {}
    for row in answer["seats"]:
        seats.setdefault(row["body"], []).append(row)
    for column, name in zip(answer["columns"], _names(answer["columns"]), strict=True):
        rows = tuple(_cells(row, evidence) for row in seats[column["body"]])
        yield Heading(upper(name))
        if column["says"]:
            yield Paragraph(f"Seats of members: {column['says']}.")
        yield Table(upper(name), ("Name", "Seat", "As", "Status", "Since"), rows)


def _cells(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    name = row["name"] if row["person"] else "Held, not named"
    named = row["as"] == "deputy-chair" and row["member_type"] not in ("deputy-chair", "vice-chair")
    return (
        f"{name}{evidence.mark(row['sources'])}",
        upper(row["title"]),
        f"Deputy chair, {lower_first(_AS[row['member_type']])}" if named else _AS[row["member_type"]],
        status(row),
        since(row),
    )
