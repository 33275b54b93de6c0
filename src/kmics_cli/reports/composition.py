"""Who sits on a body: members and attendees apart, seat by seat, and what changed since it last met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kmics_cli.dates import Answer, Span, a_day_in_words, in_words
from kmics_cli.events import changes, last_meeting
from kmics_cli.events.bodies import of_body
from kmics_cli.model import Body
from kmics_cli.problems import UserError
from kmics_cli.query import Answered, Asked
from kmics_cli.query.duties import tallied
from kmics_cli.query.evidence import carried
from kmics_cli.query.holders import Holder, Seat
from kmics_cli.query.parts import text
from kmics_cli.reports.frame import ATTENDING, Wanted, framed, joined, number, said, standing, then, titled, whole

STATUSES = (
    *("held", "interim", "possibly", "designate", "vacant", "possibly-vacant", "not-confirmed", "not-recorded"),
)
"""How a seat can stand, in the order in which figures are told."""


def report(asked: Asked, ref: str | None, wanted: Wanted) -> Answered:
    """Return the seats of a body in the days asked about, a row for each holder, vacancy, or seat of which nobody is recorded.

    Raises `UserError` (2) if changes are asked for since a day after those.

    `summary` counts roles, and how the seats stand: held, by an interim, possibly held, designate, vacant, not confirmed
    (somebody was last named there, too long ago), not recorded. It has a total only where the list is complete.
    """
    assert ref is not None
    body = asked.registry.bodies[ref]
    seats = [asked.holders.seat(role) for role in body.roles.values()]
    there = [seat for seat in seats if seat.existence == "in-being"]
    rows = [row for seat in there for row in rows_of(asked, seat)]
    complete = whole(asked, body)
    members = [row for row in rows if not row["attends"]]
    summary = {"roles": len(there), "complete": complete, **counted(members)}
    numbers = [seat.seats for seat in there if seat.role.member_type not in ATTENDING]
    if complete and asked.span.one_day and None not in numbers:
        summary["seats"] = sum(number or 0 for number in numbers)
    inferred = [
        said(f"{row['title']}: {row['name']}. {row['note'] or row['says']}", row["sources"])
        for row in rows
        if row["confidence"] == "inferred"
    ]
    return framed(
        asked,
        ref,
        title=titled("Composition", asked.body_name(ref), asked.span),
        says=opening(asked, body, there, members, complete),
        summary=summary,
        rows=rows,
        inferred=inferred,
        not_recorded=[*_lacking(asked, body, there, rows, complete)],
        complete=complete,
        note=body.recorded.note if body.recorded else None,
        checks=tallied(asked, ref),
        changes=_changes(asked, body, wanted),
        other=[_other(asked, seat) for seat in seats if seat.existence in ("planned", "absent")],
    )


def rows_of(asked: Asked, seat: Seat) -> Iterator[Answered]:
    """Yield the rows of a seat: who holds it, who is to come, that it is vacant, or that nobody is recorded."""
    role = seat.role
    common = {
        "role": role.ref,
        "title": role.title,
        "body": role.body,
        "body_name": asked.body_name(role.body),
        "member_type": role.member_type,
        "attends": role.member_type in ATTENDING,
        "voting": role.voting,
        "seats": seat.seats,
        "number_known": isinstance(role.seats, int) or role.per_member,
        "no_fixed_term": bool(role.term and role.term.none),
        "no_substantive_since": text(seat.no_substantive_since),
    }
    shared = False
    for holder in seat.holders:
        row = {**common, "status": _status(holder), **_held(asked, holder)}
        if holder.appointment.capacity == "job-share":
            row["count"] = 0 if shared else row["count"]  # who share a job share its seat
            shared = True
        yield row
    checked = asked.registry.bodies[role.body].checked
    for vacancy in seat.vacancies:
        how = carried(
            asked.registry, asked.span, vacancy.from_, vacancy.to, vacancy.sources, also_checked=checked
        ).answer
        sure = how is Answer.YES
        yield {
            **common,
            "status": "vacant" if sure else "possibly-vacant",
            **_nobody("Vacant" if sure else "Possibly vacant", f"Vacant since {a_day_in_words(vacancy.from_)}."),
            "certainty": str(how),
            "since": text(vacancy.from_),
            "to": text(vacancy.to),
            "note": vacancy.note,
            "confidence": vacancy.confidence or "stated",
            "sources": asked.sources(vacancy.sources),
        }
    for coming in seat.next:
        yield {**common, "status": "designate", **_held(asked, coming)}
    nobody = not (seat.holders or seat.vacancies or seat.next)
    gone = sum(not holder.fresh and not holder.appointment.covering for holder in seat.holders)
    left = (seat.not_recorded or 0) if seat.state in ("held", "interim") else 0
    left = max(0, left - gone)  # who was last named there may hold one of them still
    if nobody or left:
        says = " ".join(seat.notes) or "No source here names a holder."
        yield {
            **common,
            "status": "not-recorded",
            **_nobody("Not recorded", says),
            "count": left or seat.seats or 1,
            "sources": asked.sources(role.sources or asked.registry.bodies[role.body].sources) if nobody else [],
        }


def _held(asked: Asked, holder: Holder) -> Answered:
    found = asked.holder(holder)
    return {
        **{
            key: found[key]
            for key in ("person", "name", "via", "capacity", "to", "term_ends", "certainty", "standing")
        },
        **{key: found[key] for key in ("confidence", "last_evidence", "says", "note", "sources", "covering")},
        "via_name": asked.party_name(holder.via) if holder.via else None,
        "says": _alone(asked, holder),
        "designations": found["designations"],
        "since": found["from"],
        "term": len(holder.appointment.terms) or None,
        "count": 0 if holder.appointment.covering else 1,
    }


def _alone(asked: Asked, holder: Holder) -> str:
    """Return what can be said of a holder, without the post that the seat goes with: that stands beside it."""
    post = asked.holders.role(holder.via) if holder.via else None
    says = holder.says
    for hedge in ("Inferred, as", "As"):
        says = says.removeprefix(f"{hedge} {post.title}: ") if post else says
    return says[:1].upper() + says[1:]


def _nobody(name: str, says: str) -> Answered:
    return {
        **dict.fromkeys(
            ("person", "via", "via_name", "capacity", "since", "to", "term_ends", "certainty", "standing")
        ),
        **dict.fromkeys(("last_evidence", "note", "covering", "term")),
        "name": name,
        "says": says,
        "confidence": "stated",
        "designations": [],
        "count": 1,
    }


def _status(holder: Holder) -> str:
    if not holder.fresh:
        return "not-confirmed"
    if holder.answer is not Answer.YES:
        return "possibly"
    return "interim" if holder.appointment.capacity in ("interim", "acting") else "held"


def counted(rows: Sequence[Answered]) -> dict[str, int]:
    """Return how many seats stand each way, by the rows of `rows_of`.

    Somebody last named is not counted in a seat that another holds, nor somebody to come in a seat that is taken.
    """
    count: Counter[str] = Counter()
    of_role: dict[str, list[Answered]] = {}
    for row in rows:
        of_role.setdefault(row["role"], []).append(row)
    for some in of_role.values():
        sure = [row for row in some if row["status"] not in ("not-confirmed", "designate")]
        count.update({status: sum(row["count"] for row in sure if row["status"] == status) for status in STATUSES})
        left = (some[0]["seats"] or 1) - sum(row["count"] for row in sure)
        for row in some:
            if row["status"] in ("not-confirmed", "designate") and left > 0:
                count[row["status"]] += 1
                left -= 1
    return {status.replace("-", "_"): count[status] for status in STATUSES}


_WORDS = {
    "held": "held",
    "interim": "held by an interim",
    "possibly": "possibly held",
    "designate": "with somebody to come",
    "vacant": "vacant",
    "possibly-vacant": "possibly vacant",
    "not-confirmed": "whose holder was named on other days only and is not confirmed",
    "not-recorded": "of which no holder is recorded",
}


def figures(count: dict[str, int], span: Span) -> str:
    """Return how seats stand in words, without what is none; of a time, how often each was so at some time in it."""
    parts = [
        f"{count[status.replace('-', '_')]} {words}"
        for status, words in _WORDS.items()
        if count[status.replace("-", "_")]
    ]
    at_some_time = "" if span.one_day else ", each at some time in it"
    return f"{joined(parts)}{at_some_time}" if parts else "none of them with a holder"


def opening(asked: Asked, body: Body, there: Sequence[Seat], members: Sequence[Answered], complete: bool) -> str:
    """Return the sentence that answers who sits on a body, in figures.

    `there` are its seats in being, `members` the rows of `rows_of` of those that are members, `complete` whether the
    record gives all.
    """
    name, when = asked.body_name(body.id), then(asked.span)
    besides = len(there) - len({row["role"] for row in members})
    also = (
        f" {number(besides, 'role')} in attendance {'is' if besides == 1 else 'are'} recorded besides."
        if besides
        else ""
    )
    if not there:
        boards = [child.id for child, link in asked.lives.children(body.id) if link.relation == "board-of"]
        hint = f" Its members sit on the {asked.body_name(boards[0])}." if boards else ""
        return f"{when}, {standing(asked, body) or f'no seat of {name} is recorded'}.{hint}"
    count = counted(members)
    unknown = len({row["role"] for row in members if not row["number_known"]})
    roles = len({row["role"] for row in members})
    if complete:
        as_at = f", as at {in_words(body.recorded.as_at)}" if body.recorded and body.recorded.as_at else ""
        seats = number(sum(count.values()), "seat")
        if not asked.span.one_day:
            seats = number(roles, "role")
        elif unknown:
            seats = f"{number(roles, 'role')} ({unknown} of them with a number of seats that is not recorded)"
        return f"{when}, {name} has {seats}, all listed{as_at}: {figures(count, asked.span)}.{also}"
    seats = f"{number(roles, 'role')} of {name} {'is' if roles == 1 else 'are'} recorded"
    if unknown:
        seats += f" ({unknown} of them with a number of seats that is not recorded)"
    return f"{when}, {seats}, and no source here gives the whole list: {figures(count, asked.span)}.{also}"


def _lacking(
    asked: Asked, body: Body, there: Sequence[Seat], rows: Sequence[Answered], complete: bool
) -> Iterator[str]:
    """Yield what a paper on the composition needs and the record lacks."""
    if not there:
        return
    if not complete:
        yield "Whether these are all the seats."
    if there and not asked.body(body)["quorum"]:
        yield "The quorum."
    if there and all(seat.role.voting is None for seat in there):
        yield "Who may vote."
    if some := [row["title"] for row in rows if not row["number_known"] and row["status"] != "designate"]:
        yield f"The number of seats: {'; '.join(dict.fromkeys(some))}."
    if some := [row["title"] for row in rows if row["status"] == "not-recorded"]:
        yield f"Who holds: {'; '.join(dict.fromkeys(some))}."
    held = [row for row in rows if row["status"] in ("held", "interim", "possibly", "not-confirmed")]
    if some := [row["name"] for row in held if row["since"] in (None, "unknown") and row["person"]]:
        yield f"When these took up their seats: {'; '.join(dict.fromkeys(some))}."
    if some := [row["name"] for row in held if not row["term_ends"] and not row["no_fixed_term"] and row["person"]]:
        yield f"When the terms of office end of: {'; '.join(dict.fromkeys(some))}."


def _other(asked: Asked, seat: Seat) -> Answered:
    role = seat.role
    parts = [*role.absent] if seat.existence == "absent" else [role.planned] if role.planned else []
    sources = [citation for part in parts for citation in part.sources] or [*role.sources]
    return {
        "role": role.ref,
        "title": role.title,
        "existence": seat.existence,
        "note": next((part.note for part in parts if part.note), role.note),
        "sources": asked.sources(sources),
    }


def _changes(asked: Asked, body: Body, wanted: Wanted) -> Answered | None:
    """Return what changed since the body last met, or since the day given; None of a time, or where no day is known."""
    if not asked.span.one_day and wanted.since is None:
        return None
    new = asked.span.last
    met = last_meeting(body, new)
    old = wanted.since or met
    if old is None:
        return None
    if old > new:
        raise UserError(
            f"--since {old.isoformat()} lies after the day of the paper, {new.isoformat()}.", "Give an earlier day."
        )
    posts = [link.role for role in body.roles.values() for link in role.ex_officio]
    posts += [turn.role for role in body.roles.values() for turn in role.turns]
    about = {body.id, *(post.partition("/")[0] for post in posts)}
    events = [
        (event, index)
        for id in asked.registry.bodies
        if id in about
        for index, event in enumerate(of_body(asked, asked.registry.bodies[id]))
    ]
    told = changes(asked, old, new, wanted.today, body=body.id, kinds=("roles", "people"), some=events)
    keys = ("change", "id", "title", "told", "when", "certainty", "confidence", "sources")
    return {
        "since": old.isoformat(),
        "meeting": wanted.since is None,
        "rows": [{key: one[key] for key in keys} for one in told["changes"]],
    }
