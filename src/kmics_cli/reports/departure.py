"""What follows if a seat falls empty: the record is asked twice of the day after, with its holder there and gone.

In both, everybody else whose term or time ends meanwhile is taken to stay, and what is known on the day asked about to
be known still, so that only this departure differs. What answers the same both times is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from kmics_cli.dates import Answer, Date, lasts, later, on, window
from kmics_cli.model import (
    Appointment,
    Body,
    Citation,
    Duty,
    Registry,
    Requirements,
    Role,
    Vacancy,
    changed,
    with_bodies,
)
from kmics_cli.query import Answered, Asked
from kmics_cli.query.applying import applying
from kmics_cli.query.duties.judged import Judge
from kmics_cli.query.duties.verdict import NOT_KNOWN, NOT_MET
from kmics_cli.query.holders import Holder
from kmics_cli.query.quorum import NO, YES, Room
from kmics_cli.reports.frame import number, sitting

CHAIR = "chair"
Ending = tuple[str, int]
"""An appointment that ends: its role, as `body/role`, and which of the role's appointments it is."""

_MOST_DAYS = 999  # as many as a length of time can have
_WOULD_BE = {NOT_MET: "would not be met", NOT_KNOWN: "would not be known to be met"}


class Departures:
    """A registry in which some appointments end; asked what follows from each."""

    def __init__(self, asked: Asked, endings: Iterable[Ending]) -> None:
        self.day = asked.span.first
        stay: dict[str, list[int]] = {}
        for ref, index in endings:
            stay.setdefault(ref, []).append(index)
        self.staying = _edited(asked.registry, {ref: partial(_stay, some=some) for ref, some in stay.items()})
        self._then: dict[date, tuple[Asked, Judge]] = {}

    def follows(self, ending: Ending, end: Date, day: date) -> list[Answered]:
        """Return what would be otherwise on `day` if an appointment had ended on `end`: each with its kind and in words."""
        if day not in self._then:
            stays = Asked(_still_known(self.staying, self.day, day), on(day))
            self._then[day] = stays, Judge(stays)
        there, judge = self._then[day]
        role = there.holders.role(ending[0])
        assert role is not None
        leaving = role.appointments[ending[1]]
        posts = [role, *_carried(there, role)]
        edits: dict[str, Edit] = {ending[0]: partial(_end, index=ending[1], end=end)}
        if leaving.capacity != "job-share" and not leaving.covering:
            vacancy = _vacancy(leaving, day)
            edits |= {post.ref: partial(_vacate, vacancy=vacancy, then=edits.get(post.ref)) for post in posts}
        gone = Asked(_edited(there.registry, edits), on(day))
        return [*_told(there, judge, gone, posts, leaving)]


Edit = Callable[[Role], Role]


def _edited(registry: Registry, edits: Mapping[str, Edit]) -> Registry:
    """Return the registry with some roles changed."""
    bodies: dict[str, Body] = {}
    for ref, edit in edits.items():
        body_id, _, role_id = ref.partition("/")
        body = bodies.get(body_id) or registry.bodies[body_id]
        bodies[body_id] = changed(body, roles={**body.roles, role_id: edit(body.roles[role_id])})
    return with_bodies(registry, bodies.values())


def _still_known(registry: Registry, now: date, day: date) -> Registry:
    """Return the registry with evidence that carries so much longer that what is known now is still known on a later day."""
    settings = registry.settings
    length = (later(now, settings.stale_after) - now + (day - now)).days
    carries = f"{length} days" if length <= _MOST_DAYS else f"{min(length // 7, _MOST_DAYS)} weeks"
    return changed(registry, settings=changed(settings, stale_after=carries)) if day > now else registry


def _stay(role: Role, some: list[int]) -> Role:
    found = [
        changed(one, to=None, terms=()) if index in some else one for index, one in enumerate(role.appointments)
    ]
    return changed(role, appointments=tuple(found))


def _end(role: Role, index: int, end: Date) -> Role:
    found = [*role.appointments]
    found[index] = changed(found[index], to=end)
    return changed(role, appointments=tuple(found))


def _vacancy(leaving: Appointment, day: date) -> Vacancy:
    """Return a vacancy that is sure on a day: what would be recorded if the seat fell empty."""
    when = window(day, day)
    said = Citation(source=leaving.source, document="", as_at=when)
    return Vacancy(source=leaving.source, from_=when, sources=(said,))


def _vacate(role: Role, vacancy: Vacancy, then: Edit | None) -> Role:
    role = then(role) if then else role
    return changed(role, vacant=(*role.vacant, vacancy))


def _told(there: Asked, judge: Judge, gone: Asked, posts: list[Role], leaving: Appointment) -> Iterator[Answered]:
    role, person = posts[0], leaving.person
    for post in posts[1:]:
        yield _row("seat", post.ref, f"{_the(there, post)} goes with it.")
    for post in posts:
        if post.member_type == CHAIR and not sitting(gone.holders.seat(_in(gone, post))):
            yield _row("chair", post.body, f"{there.body_name(post.body)} would have no chair.")
    chairs = [*_chairs(there, gone, person, posts)]
    for seat in chairs:
        told = f"{there.body_name(seat.body)} would lose its chair, who is to be drawn from the {_plain(seat.drawn_from)} members."
        yield _row("chair", seat.body, told)
    yield from _designations(there, gone, role, leaving)
    affected = list(dict.fromkeys([*(post.body for post in posts), *(seat.body for seat in chairs)]))
    gone_judge = Judge(gone)
    for body, requirements, duty in _duties(there, affected):
        now = judge.judged(body, requirements, duty)
        then = gone_judge.judged(gone.registry.bodies[body.id], requirements, duty)
        if then.answer != now.answer and then.answer in _WOULD_BE:
            told = f"{duty.text.removesuffix('.')} ({duty.citation}): {_WOULD_BE[then.answer]}."
            yield {
                **_row("duty", f"{requirements.id}/{duty.id}", told),
                "before": now.answer,
                "after": then.answer,
                "why": then.why,
            }
    for id in affected:
        yield from _quorum(there, gone, id)


def _in(asked: Asked, role: Role) -> Role:
    """Return a role as another registry has it."""
    found = asked.holders.role(role.ref)
    assert found is not None
    return found


def _row(kind: str, id: str, says: str) -> Answered:
    return {"kind": kind, "id": id, "says": says, "before": None, "after": None, "why": None}


def _the(asked: Asked, role: Role) -> str:
    return f"The seat {asked.party_name(role.ref)},"


def _plain(word: str | None) -> str:
    return word if word in ("non-executive", "vice-chair") else (word or "").replace("-", " ")


def _carried(asked: Asked, post: Role) -> list[Role]:
    """Return the seats that go with a post, and those that go with them, each once."""
    found: dict[str, Role] = {post.ref: post}
    for ref in (ahead := [post.ref]):  # grows meanwhile
        for body in asked.registry.mentioning("bodies", ref, "ex_officio"):
            for role in body.roles.values():
                linked = any(
                    link.role == ref and lasts(link.from_, link.to, asked.span) is not Answer.NO
                    for link in role.ex_officio
                )
                if linked and role.ref not in found and asked.holders.existence(role) == "in-being":
                    found[role.ref] = role
                    ahead.append(role.ref)
    return list(found.values())[1:]


def _sits(asked: Asked, person: str) -> Iterator[tuple[Role, Holder]]:
    for body in asked.holders.bodies_of(person):
        for role in body.roles.values():
            seat = asked.holders.seat(role)
            if seat.existence == "in-being":
                yield from ((role, one) for one in sitting(seat) if one.person == person)


def _chairs(there: Asked, gone: Asked, person: str, posts: list[Role]) -> Iterator[Role]:
    """Yield the chairs elsewhere that a person holds as a member of the sort that these posts are, and no more after them."""
    left = {role.member_type for role, _holder in _sits(gone, person)}
    mine = {post.ref for post in posts}
    lost = {post.member_type for post in posts} - left
    for role, _holder in _sits(there, person):
        if role.ref not in mine and role.member_type == CHAIR and role.drawn_from in lost:
            yield role


def also_held(asked: Asked, person: str, but: str) -> list[str]:
    """Return what else a person holds by an appointment of its own, as the names of the seats."""
    return [asked.party_name(role.ref) for role, one in _sits(asked, person) if one.via is None and role.ref != but]


def _designations(there: Asked, gone: Asked, role: Role, appointment: Appointment) -> Iterator[Answered]:
    for one in appointment.designations:
        if lasts(one.from_, one.to, there.span) is Answer.NO or (one.to and one.to.text == "unknown"):
            continue
        others = [
            holder.name
            for other in gone.registry.bodies[role.body].roles.values()
            for holder in sitting(gone.holders.seat(other))
            if any(
                d.as_ == one.as_ and lasts(d.from_, d.to, gone.span) is Answer.YES
                for d in holder.appointment.designations
            )
        ]
        name = there.body_name(role.body)
        if not others:
            yield _row("designation", one.as_, f"Nobody else of {name} is recorded as {_called(one.as_)}.")


def _called(duty: str) -> str:
    return duty.replace("-", " ").replace("non executive", "non-executive").replace("vice chair", "vice-chair")


def _duties(asked: Asked, bodies: list[str]) -> Iterator[tuple[Body, Requirements, Duty]]:
    """Yield the duties that may depend on who sits in these bodies, each once."""
    seen: set[tuple[str, str]] = set()
    above = [link.body for id in bodies for link in asked.registry.bodies[id].part_of]
    for id in dict.fromkeys([*bodies, *above]):
        if id not in asked.registry.bodies:
            continue
        for body, requirements in applying(asked.registry, id):
            if (body.id, requirements.id) in seen:
                continue
            seen.add((body.id, requirements.id))
            for duty in requirements.rules.values():
                asks = duty.requires
                if asks.seats or asks.committee or asks.holds_no_role_in:
                    yield body, requirements, duty


def _quorum(there: Asked, gone: Asked, id: str) -> Iterator[Answered]:
    body = there.registry.bodies[id]
    if not body.quorum:
        return
    before, after = (_can_be(asked, asked.registry.bodies[id]) for asked in (there, gone))
    if before[0] != after[0] and after[0] != YES:
        name = there.body_name(id)
        how = (
            "could no longer be quorate"
            if after[0] == NO
            else "would not be known to have enough members for its quorum"
        )
        yield {**_row("quorum", id, f"{name} {how}: {after[1]}."), "before": before[0], "after": after[0]}


def _can_be(asked: Asked, body: Body) -> tuple[str, str]:
    room = Room(asked, body)
    verdict = room.judged([key for key, one in room.sitters.items() if one.places], True)
    least, most = verdict.needed
    needed = f"{least}" if least == most else f"at least {int(least)}"
    return verdict.quorate, f"{number(room.members, 'member')} surely in post, {needed} needed"


def next_day(end: Date, day: date) -> date:
    """Return the day after a departure, or the day asked about, whichever is later."""
    return max(day, end.latest + timedelta(1))
