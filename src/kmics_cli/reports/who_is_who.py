"""Who is who: title, name, what the post does, where else they sit, and since when. No biography, no picture.

Nobody who is not confirmed is named as if they were there: such a seat says so, and `last_named` has the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kmics_cli.model import Body
from kmics_cli.query import Answered, Asked
from kmics_cli.query.holders import Seat
from kmics_cli.reports.composition import counted, figures, rows_of
from kmics_cli.reports.frame import (
    NOBODY,
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

_HERE = ("held", "interim", "possibly")


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return the posts and seats of a body and all below it, or of all, body by body, as a board lists them.

    `does` is what the post does, or, where `does_of` is "body", what its body does. `sits_on` are the other bodies
    where the person surely or possibly sits.
    """
    people: dict[str, list[Answered]] = {}
    rows: list[Answered] = []
    bodies: list[Answered] = []
    count: Counter[str] = Counter()
    for body in outlined(asked, ref):
        seats = [seat for role in body.roles.values() if (seat := asked.holders.seat(role)).existence == "in-being"]
        if not seats:
            continue
        bodies.append(
            {
                "body": body.id,
                "name": asked.body_name(body.id),
                "remit": list(body.remit),
                "complete": whole(asked, body),
                "sources": asked.sources(body.sources) if body.remit else [],
            }
        )
        for seat in sorted(seats, key=as_listed):
            found = list(rows_of(asked, seat))
            count.update(counted(found))
            rows.extend(_row(asked, body, seat, row, people) for row in found)
    summary = {"bodies": len(bodies), "people": len({row["person"] for row in rows if row["person"]}), **count}
    inferred = [
        said(f"{row['title']}, {row['body_name']}: {row['name']}. {row['note'] or row['says']}", row["sources"])
        for row in rows
        if row["confidence"] == "inferred" and row["person"]
    ]
    return framed(
        asked,
        ref,
        title=titled("Who is who", asked.body_name(ref) if ref else None, asked.span),
        says=_opening(asked, ref, bodies, count),
        summary=summary,
        rows=rows,
        inferred=inferred,
        not_recorded=[*_lacking(bodies, rows)],
        bodies=bodies,
    )


def _row(asked: Asked, body: Body, seat: Seat, row: Answered, people: dict[str, list[Answered]]) -> Answered:
    current = row["status"] in _HERE
    named = row["status"] in (*_HERE, "designate")
    does = seat.role.remit or ("; ".join(body.remit) or None)
    person = row["person"]
    if current and person and person not in people:
        people[person] = list(_sits(asked, person))
    return {
        **{key: row[key] for key in ("body", "body_name", "role", "title", "member_type", "attends", "status")},
        "person": person if named else None,
        "name": row["name"] if named or row["status"] in NOBODY else "Not confirmed",
        "last_named": row["name"] if row["status"] == "not-confirmed" and person else None,
        "does": does,
        "does_of": None if does is None else "post" if seat.role.remit else "body",
        "sits_on": [one for one in people.get(person, ()) if one["body"] != body.id] if current and person else [],
        "since": row["since"],
        **{key: row[key] for key in ("capacity", "covering", "designations", "via", "via_name", "certainty")},
        **{key: row[key] for key in ("confidence", "last_evidence", "says", "note", "count", "sources")},
    }


def _sits(asked: Asked, person: str) -> Iterator[Answered]:
    """Yield the seats where somebody surely or possibly sits, each with its body."""
    for body in asked.holders.bodies_of(person):
        for role in body.roles.values():
            for holder in asked.holders.seat(role).holders:
                if holder.person == person and holder.fresh:
                    yield {
                        "body": body.id,
                        "body_name": asked.body_name(body.id),
                        "role": role.ref,
                        "title": role.title,
                        "member_type": role.member_type,
                        "certainty": str(holder.answer),
                    }


def _opening(asked: Asked, ref: str | None, bodies: list[Answered], count: dict[str, int]) -> str:
    where = f"{asked.body_name(ref)} and all below it" if ref else "the registry"
    if not bodies:
        return f"{then(asked.span)}, no post or seat of {where} is recorded."
    seats = sum(count.values())
    return (
        f"{then(asked.span)}, {number(seats, 'post or seat', 'posts and seats')} of {number(len(bodies), 'body', 'bodies')} in {where} "
        f"{'is' if seats == 1 else 'are'} recorded: {figures(count, asked.span)}."
    )


def _lacking(bodies: list[Answered], rows: list[Answered]) -> Iterator[str]:
    if part := sum(not one["complete"] for one in bodies):
        yield f"Whether these are all the posts and seats of {number(part, 'body', 'bodies')} of {len(bodies)}."
    here = [row for row in rows if row["status"] in _HERE and row["person"]]
    if some := sum(row["does_of"] != "post" for row in here):
        yield f"What the post itself does, of {some} of {len(here)} that are held."
    if some_names := [row["name"] for row in here if row["since"] in (None, "unknown")]:
        yield f"Since when these hold their posts: {joined(dict.fromkeys(some_names))}."
