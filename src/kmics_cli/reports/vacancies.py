"""Seats that are empty, or will be, or nobody knows: vacant, held by an interim, with somebody to come, a term that ran out.

A seat of which nobody is recorded is not vacant: it is counted, and told apart. Of a time, a seat is listed that stood
so on one of its days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kmics_cli.dates import Answer, Date, a_day_in_words, in_words, lasts, on, parse
from kmics_cli.model import Body, Role
from kmics_cli.query import Answered, Asked
from kmics_cli.query.holders import Seat
from kmics_cli.query.parts import text
from kmics_cli.reports.composition import rows_of
from kmics_cli.reports.frame import (
    Wanted,
    bodies_below,
    framed,
    how_long,
    joined,
    number,
    said,
    sitting,
    standing,
    then,
    titled,
    whole,
)

KINDS = ("vacant", "possibly-vacant", "interim", "overdue", "designate", "covered", "not-confirmed", "not-recorded")
"""What is told of a seat, in the order of the paper."""

_STAND_IN = ("interim", "acting")
_EMPTY = (
    "vacant",
    "possibly-vacant",
    "interim",
    "overdue",
    "not-confirmed",
    "not-recorded",
)  # nobody surely holds the post for good


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return the seats of a body and all below it, or of all, that are not simply held; a row for each.

    A seat that goes with a post, or that is that post's in turn, is told at the post and not counted again, where the post is
    told in the report too. `summary` counts seats by how they stand, each once; `not_recorded_roles` is how many of those in
    which nobody is recorded are roles whose number of seats is not recorded. `bodies` has, body by body, how many seats nobody
    is recorded in, and whether all its roles are listed.
    """
    bodies = bodies_below(asked, ref)
    inside = {body.id for body in bodies}
    told: dict[str, list[Answered]] = {}
    posts: dict[str, list[str]] = {}
    for body in bodies:
        for role in body.roles.values():
            seat = asked.holders.seat(role)
            if seat.existence == "in-being":
                told[role.ref] = [*_rows(asked, seat)]
                posts[role.ref] = [*_posts(asked, role, inside)]
    carried: dict[str, list[str]] = {}
    for seat_ref, some_posts in posts.items():
        for post in some_posts:
            carried.setdefault(post, []).append(asked.party_name(seat_ref))
    kept = {seat_ref: _kept(some, told, posts, seat_ref) for seat_ref, some in told.items()}
    rows: list[Answered] = []
    lists = []
    for body in bodies:
        some = [row for role in body.roles.values() for row in kept.get(role.ref, ())]
        rows.extend(some)
        if body.roles:
            lists.append(_list(asked, body, some))
    rows.sort(key=lambda row: KINDS.index(row["status"]))
    for row in rows:
        row["carries"] = carried.get(row["role"], [])
    count = {kind: sum(row["count"] for row in rows if row["status"] == kind) for kind in KINDS}
    complete = bool(lists) and all(one["complete"] for one in lists)
    summary = {"bodies": len(bodies), "with_roles": len(lists), "complete": complete}
    summary |= {kind.replace("-", "_"): count[kind] for kind in KINDS}
    perhaps = sum(row["status"] == "interim" and row["certainty"] == "possibly" for row in rows)
    summary["interim_possibly"] = perhaps
    summary["not_recorded_roles"] = sum(row["status"] == "not-recorded" and not row["number_known"] for row in rows)
    stood_in = [row for row in rows if row["status"] == "not-confirmed" and row["capacity"] in _STAND_IN]
    summary["not_confirmed_interim"] = sum(row["count"] for row in stood_in)
    inferred = [
        said(f"{row['title']}, {row['body_name']}: {row['note'] or row['says']}", row["sources"])
        for row in rows
        if row["confidence"] == "inferred" and row["status"] in ("vacant", "interim", "designate", "covered")
    ]
    return framed(
        asked,
        ref,
        title=titled("Vacancies", asked.body_name(ref) if ref else None, asked.span),
        says=_opening(asked, ref, count, summary, lists),
        summary=summary,
        rows=rows,
        inferred=inferred,
        not_recorded=[*_lacking(rows, lists)],
        bodies=lists,
    )


def _posts(asked: Asked, role: Role, inside: set[str]) -> Iterator[str]:
    """Yield the posts inside the report that a seat goes with, or that it is with in turn."""
    links = [link.role for link in role.ex_officio if lasts(link.from_, link.to, asked.span) is not Answer.NO]
    turn = asked.holders.turn(role) if role.turns else None
    for ref in dict.fromkeys([*links, *([turn.role] if turn else [])]):
        post = asked.holders.role(ref)
        if post is not None and post.body in inside and post.ref != role.ref:
            yield post.ref


def _kept(
    rows: list[Answered], told: dict[str, list[Answered]], posts: dict[str, list[str]], ref: str
) -> list[Answered]:
    """Return the rows of a seat without those that are told at a post it goes with, or at the post that this goes with."""
    above = [*posts[ref]]
    for post in above:  # grows meanwhile
        above.extend(one for one in posts.get(post, ()) if one not in above and one != ref)
    at_posts = [row for post in above for row in told.get(post, ())]
    people = {row["person"] for row in at_posts}
    seen = {row["via"] for row in rows}
    elsewhere = sum(
        post not in seen and any(row["status"] in _EMPTY for row in told.get(post, ())) for post in posts[ref]
    )
    kept = []
    for row in rows:
        if row["via"] is not None and row["person"] in people:
            continue
        if row["status"] == "not-recorded":
            row["count"] -= elsewhere
        if row["count"] > 0 or row["status"] != "not-recorded":
            kept.append(row)
    return kept


def _rows(asked: Asked, seat: Seat) -> Iterator[Answered]:
    """Yield the rows of a seat that tell more than that it is held; a seat is counted once, however many were named in it."""
    told = [*rows_of(asked, seat)]
    fresh = sitting(seat)
    full = seat.seats is not None and len(fresh) + len(seat.vacancies) >= seat.seats
    over = {holder.appointment.person for holder in seat.holders if holder.carried.term_over and not holder.fresh}
    vacancies = iter(seat.vacancies)
    left = seat.not_recorded  # seats in which nobody is sure to sit
    for row in told:
        common = {**row, "reason": None, "cover": None, "how_long": None, "term_ends": row["term_ends"]}
        if row["status"] in ("vacant", "possibly-vacant"):
            vacancy = next(vacancies)
            end = min(asked.span.last, vacancy.to.latest if vacancy.to else date.max)
            yield {
                **common,
                "reason": vacancy.reason,
                "cover": vacancy.cover,
                "how_long": how_long(vacancy.from_, end),
                "next": [holder.name for holder in seat.next],
            }
        elif row["covering"]:
            yield {
                **common,
                "status": "covered",
                "count": 1,
                "next": [],
                "covered_name": asked.holders.called(row["covering"]),
            }
        elif row["status"] == "interim" or (row["status"] == "possibly" and row["capacity"] in _STAND_IN):
            yield {
                **common,
                **_interims(asked, seat, row),
                "status": "interim",
                "next": [holder.name for holder in seat.next],
            }
        elif row["status"] == "designate":
            yield {**common, "next": []}
        elif row["status"] == "not-confirmed" and not full:
            status = "overdue" if row["person"] in over else "not-confirmed"
            taken = row["count"] if left is None else min(row["count"], left)
            left = None if left is None else left - taken
            yield {**common, "status": status, "count": taken, "next": [holder.name for holder in seat.next]}
        elif row["status"] == "not-recorded":
            nobody = row["count"] if left is None or row["count"] != seat.not_recorded else left
            if nobody:
                yield {**common, "count": nobody, "next": []}


def _interims(asked: Asked, seat: Seat, row: Answered) -> Answered:
    """Return since when a seat held by an interim has had no substantive holder, and how long that is.

    Of a time, it is told of the last of its days on which this interim sat there. Two interims in a row are one vacancy.
    Where the last substantive day is not recorded, neither is how long; the first of the interims that follow one another is
    told then, since it is at least as long as that.
    """
    last = asked.span.last
    if not asked.span.one_day:
        left = parse(row["to"]) if row["to"] else None
        last = min(last, left.earliest) if left and left.bounded else last
        seat = Asked(asked.registry, on(max(asked.span.first, last))).holders.seat(seat.role)
    since = seat.no_substantive_since
    if since is not None and since.bounded:
        return {"no_substantive_since": text(since), "how_long": how_long(since, last), "at_least_since": None}
    return {
        "no_substantive_since": None,
        "how_long": "how long is not known",
        "at_least_since": text(_first_interim(seat.role, last)),
    }


def _first_interim(role: Role, day: date) -> Date | None:
    """Return the start of the first of the interims that lead up to a day without a break."""
    starts = [
        (one.from_, one.to)
        for one in role.appointments
        if one.capacity in _STAND_IN
        and not one.covering
        and one.from_
        and one.from_.bounded
        and one.from_.latest <= day
    ]
    starts.sort(key=lambda one: one[0].earliest, reverse=True)
    found: Date | None = None
    for start, end in starts:
        if found is None or (end and end.bounded and (found.earliest - end.latest).days <= 1):
            found = start
        else:
            break
    return found


def _list(asked: Asked, body: Body, rows: Sequence[Answered]) -> Answered:
    nobody = [row for row in rows if row["status"] == "not-recorded"]
    return {
        "body": body.id,
        "name": asked.body_name(body.id),
        "complete": whole(asked, body),
        "vacant": sum(row["count"] for row in rows if row["status"] == "vacant"),
        "not_recorded": sum(row["count"] for row in nobody),
        "not_recorded_roles": sum(not row["number_known"] for row in nobody),
        "titles": [row["title"] for row in nobody],
    }


_WORDS = {
    "vacant": ("is recorded as vacant", "are recorded as vacant"),
    "possibly-vacant": ("is possibly vacant", "are possibly vacant"),
    "interim": ("is held by an interim", "are held by interims"),
    "overdue": (
        "has a term of office that ran out with nothing recorded after it",
        "have terms of office that ran out with nothing recorded after them",
    ),
    "designate": ("has somebody to come", "have somebody to come"),
    "covered": ("is covered for an absent holder", "are covered for absent holders"),
    "not-confirmed": ("has a holder who is not confirmed", "have holders who are not confirmed"),
}


def _opening(
    asked: Asked, ref: str | None, count: dict[str, int], summary: Mapping[str, int], lists: Sequence[Answered]
) -> str:
    perhaps, stood_in = summary["interim_possibly"], summary["not_confirmed_interim"]
    when = then(asked.span)
    if ref is not None and (why := standing(asked, asked.registry.bodies[ref])):
        return f"{when}, {why}, so no vacancy of it can be told."
    of = f"{asked.body_name(ref)} and the bodies below it" if ref is not None else "any body"
    if not lists:
        return f"{when}, no seat of {of} is recorded."
    parts = [f"{count[kind]} {words[count[kind] != 1]}" for kind, words in _WORDS.items() if count[kind]]
    if perhaps:
        which = parts.index(next(part for part in parts if "interim" in part))
        parts[which] += " (possibly)" if perhaps == count["interim"] else f" ({perhaps} of them possibly)"
    if stood_in:
        parts[-1] += f" ({stood_in} of them last named as interim or acting)"
    at_some_time = "" if asked.span.one_day or not parts else ", each on some day of this time"
    if count["vacant"]:
        first, _, rest = parts[0].partition(" ")
        told = joined([f"{number(int(first), 'seat')} of {of} {rest}", *parts[1:]])
    else:
        told = joined([f"no seat of {of} is recorded as vacant", *parts])
    nobody = ""
    if count["not-recorded"]:
        which_ones = _nobody(count["not-recorded"], summary["not_recorded_roles"])
        nobody = f" Of {which_ones} nobody is recorded, which does not say that they are vacant."
    known = sum(one["complete"] for one in lists)
    if known == len(lists):
        listed = "All roles are listed."
    elif len(lists) == 1:
        listed = "No source here gives the whole list of roles, so others may be vacant."
    else:
        listed = (
            f"Of the {len(lists)} bodies with roles, {known or 'none'} {'has' if known == 1 else 'have'} a complete list, so "
            "others may be vacant."
        )
    return f"{when}, {told}{at_some_time}.{nobody} {listed}"


def _nobody(seats: int, roles: int) -> str:
    """Return "2 seats", or "1 seat, and of 3 roles whose number of seats is not recorded,": of what nobody is recorded."""
    if not roles:
        return number(seats, "seat")
    of_roles = f"{number(roles, 'role')} whose number of seats is not recorded,"
    return f"{number(seats - roles, 'seat')}, and of {of_roles}" if seats > roles else of_roles


def _lacking(rows: Sequence[Answered], lists: Sequence[Answered]) -> Iterator[str]:
    unknown = [row for row in rows if row["status"] == "interim" and row["no_substantive_since"] is None]
    if unknown:
        seats = "; ".join(dict.fromkeys(f"{row['title']}, {row['body_name']}" for row in unknown))
        yield f"How long there has been no substantive holder: {seats}."
    for row in rows:
        if row["status"] == "vacant" and not (row["since"] and parse(row["since"]).bounded):
            yield f"Since when the seat is vacant: {row['title']}, {row['body_name']}."
    if some := [one["name"] for one in lists if not one["complete"]]:
        shown = "; ".join(some[:_MOST_TOLD])
        more = f"; and {len(some) - _MOST_TOLD} more" if len(some) > _MOST_TOLD else ""
        yield f"Whether all roles are listed: {shown}{more}."


_MOST_TOLD = 12


def lasting(row: Answered) -> str:
    """Return since when a seat has had no substantive holder, and for how long, in words."""
    if row["no_substantive_since"]:
        since = a_day_in_words(parse(row["no_substantive_since"]))
        return f"Since {since}: {row['how_long']}"
    if row["at_least_since"]:
        return f"Not known; an interim since {in_words(parse(row['at_least_since']))}"
    return "Not known"
