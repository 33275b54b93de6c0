"""People and the bodies they sit on: a matrix with a key, and the same as a list of each body."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.model import Body
from kmics_cli.query import Answered, Asked
from kmics_cli.reports.composition import counted, figures, rows_of
from kmics_cli.reports.frame import (
    Wanted,
    as_listed,
    framed,
    joined,
    number,
    outlined,
    said,
    then,
    titled,
    whole,
)

KEY = {
    "C": "chair",
    "D": "deputy chair or vice-chair",
    "M": "member, or holder of another post",
    "A": "attends",
    "*": "sits there because of another post",
    "?": "possibly; not certain",
    "( )": "named there on another day, and not confirmed for this one",
    "-": "no seat there is recorded",
}
"""What stands in a cell of the matrix, and what it means."""

_SITTING = ("held", "interim", "possibly", "not-confirmed")


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return who sits where: `rows` are people, each with the code of each body; `seats` are the seats, body by body.

    `columns` are the bodies with somebody, in the order of the structure. People come in the order in which the
    bodies list them, by member type; those who are not confirmed anywhere come last.
    """
    columns: list[Answered] = []
    seats: list[Answered] = []
    people: dict[str, Answered] = {}
    for body in outlined(asked, ref):
        found = list(_of(asked, body))
        rows = [row for row in found if row["status"] in _SITTING]
        if not rows:
            continue
        members = [row for row in found if not row["attends"]]
        columns.append(
            {
                "body": body.id,
                "name": asked.body_name(body.id),
                "complete": whole(asked, body),
                "says": figures(counted(members), asked.span) if members else None,
            }
        )
        seats.extend(rows)
        for row in rows:
            if row["person"] is not None:
                one = people.setdefault(
                    row["person"],
                    {"person": row["person"], "name": row["name"], "confirmed": False, "sure": False, "bodies": {}},
                )
                one["confirmed"] |= row["status"] != "not-confirmed"
                one["sure"] |= row["status"] in ("held", "interim")
                codes = one["bodies"].setdefault(body.id, [])
                if row["code"] not in codes:
                    codes.append(row["code"])
    ordered = sorted(people.values(), key=lambda one: not one["confirmed"])
    for one in ordered:
        one["bodies"] = {body: ", ".join(codes) for body, codes in one["bodies"].items()}
    inferred = [
        said(f"{row['name']}, {row['title']}, {row['body_name']}: {row['note'] or row['says']}", row["sources"])
        for row in seats
        if row["confidence"] == "inferred"
    ]
    sure = [one for one in ordered if one["confirmed"]]
    return framed(
        asked,
        ref,
        title=titled("Who sits where", asked.body_name(ref) if ref else None, asked.span),
        says=_opening(asked, ref, columns, seats, sure, len(ordered)),
        summary={
            "people": len(sure),
            "not_confirmed": len(ordered) - len(sure),
            "bodies": len(columns),
            "seats": _held(seats),
        },
        rows=ordered,
        inferred=inferred,
        not_recorded=[*_lacking(columns, seats)],
        columns=columns,
        seats=seats,
        key=dict(KEY),
    )


def _of(asked: Asked, body: Body) -> Iterator[Answered]:
    """Yield the rows of a body's seats as a board lists them, those of sitting people with their code."""
    seats = [seat for role in body.roles.values() if (seat := asked.holders.seat(role)).existence == "in-being"]
    for seat in sorted(seats, key=as_listed):
        for row in rows_of(asked, seat):
            yield {**row, "code": code(row), "as": as_what(row)} if row["status"] in _SITTING else row


def as_what(row: Answered) -> str:
    """Return how somebody sits on a body: chair, deputy-chair, member or attends."""
    if row["member_type"] == "chair":
        return "chair"
    if row["member_type"] in ("deputy-chair", "vice-chair"):
        return "deputy-chair"
    if row["attends"]:
        return "attends"
    named = {"deputy-chair", "vice-chair"} & {*row["designations"]}
    return "deputy-chair" if named else "member"


def code(row: Answered) -> str:
    """Return what stands in the matrix for a seat of somebody, by `KEY`."""
    letter = {"chair": "C", "deputy-chair": "D", "member": "M", "attends": "A"}[as_what(row)]
    found = f"{letter}{'*' if row['via'] else ''}"
    if row["status"] == "not-confirmed":
        return f"({found})"
    return (
        f"{found}?"
        if row["status"] == "possibly" or row["certainty"] != "yes" or row["confidence"] == "disputed"
        else found
    )


def _opening(
    asked: Asked, ref: str | None, columns: list[Answered], seats: list[Answered], sure: list[Answered], people: int
) -> str:
    where = f"{asked.body_name(ref)} and what is below it" if ref else "the registry"
    if not columns:
        return f"{then(asked.span)}, nobody is recorded as sitting on a body of {where}. This does not say that nobody did."
    held = _held(seats)
    bodies = len({row["body"] for row in seats if row["status"] != "not-confirmed"})
    surely = sum(one["sure"] for one in sure)
    possibly = len(sure) - surely
    who = (
        [f"{number(surely, 'person', 'people')} {'sits' if surely == 1 else 'sit'}"]
        if surely or not possibly
        else []
    )
    if possibly:
        more = f"{possibly} more" if surely else number(possibly, "person", "people")
        who.append(f"{more} possibly {'sits' if possibly == 1 else 'sit'}")
    told = (
        f"{then(asked.span)}, as far as is recorded, {joined(who)}, in {number(held, 'seat')} of "
        f"{number(bodies, 'body', 'bodies')} of {where}"
    )
    if not held:
        told = f"{then(asked.span)}, nobody is confirmed in a seat of {where}"
    rest = people - len(sure)
    if rest:
        told += f"; {rest} {'more was' if rest == 1 else 'more were'} named there on other days only, and {'is' if rest == 1 else 'are'} not confirmed"
    return f"{told}."


def _held(seats: list[Answered]) -> int:
    """Return in how many seats somebody sits, certainly or possibly; who share or cover one are in one seat."""
    return sum(row["count"] for row in seats if row["status"] != "not-confirmed")


def _lacking(columns: list[Answered], seats: list[Answered]) -> Iterator[str]:
    if part := [one["name"] for one in columns if not one["complete"]]:
        yield f"Whether these are all who sit on: {'; '.join(part)}."
    if some := [f"{row['title']}, {row['body_name']}" for row in seats if row["person"] is None]:
        yield f"Who holds these, which a source says are held: {'; '.join(dict.fromkeys(some))}."
