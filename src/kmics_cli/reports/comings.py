"""Who came, stayed on and went in a time: the steps of `joiners-leavers`, and what stands beside them.

Whether somebody joined, left or stayed on is judged by `events`, as in `changes`; here a step counts if its day lies
in the time, a last day too. What a post carries is told with the post: a seat ex officio makes nobody a joiner twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from kmics_cli.dates import UNKNOWN, Answer, Date, Span, lasts, on
from kmics_cli.events.seats import of_holders, of_role
from kmics_cli.events.told import Event, adjoin
from kmics_cli.model import NOT_NAMED, Appointment, Body, Role
from kmics_cli.query import Asked
from kmics_cli.query.holders import Holder

COMING = ("joined", "named", "left")
_MOST_SEATS = 50  # so many seats of one person are held against each other: nobody takes up more in a time
STAYING = ("reappointed", "made-substantive", "capacity", "designated", "designation-ended")
"""The events of somebody who goes on sitting in a seat."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """A seat that a post carries on the day of a step, surely or possibly."""

    role: Role
    sure: bool


@dataclass(frozen=True, slots=True)
class Step:
    """An event of an appointment that lies in the time, certainly or possibly."""

    event: Event
    role: Role
    appointment: Appointment
    when: Date  # the day of the event, as far as dates and evidence give it; of an end, the last day
    sure: bool
    confidence: str
    carries: tuple[Carrying, ...] = ()
    holder: Holder | None = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """What happened: joined, named, left, covered, uncovered, or one of `STAYING`."""
        if self.appointment.covering and self.event.event in COMING:
            return "uncovered" if self.event.event == "left" else "covered"
        return self.event.event


class Comings:
    """The steps of the seats of some bodies in a time."""

    def __init__(self, asked: Asked, bodies: Iterable[Body], time: Span) -> None:
        self.asked = asked
        self.time = time
        self.scope = {body.id: body for body in bodies}
        self._days: dict[date, Asked] = {}
        self._links: dict[str, dict[str, Role]] = {}
        self._closing: dict[str, Date] = {}
        for id in self.scope:
            end = asked.lives.life(id).end
            if end and end.text != UNKNOWN and self._within(end) is not Answer.NO:
                self._closing[id] = end

    def at(self, day: date) -> Asked:
        """Return the registry asked about one day; each day is made once."""
        if day not in self._days:
            self._days[day] = Asked(self.asked.registry, on(day))
        return self._days[day]

    def closing(self) -> Iterator[tuple[Body, Date, bool]]:
        """Yield the bodies that ended in the time, each with its last day and whether that surely lies in it."""
        for id, end in self._closing.items():
            yield self.scope[id], end, self._within(end) is Answer.YES

    def steps(self) -> list[Step]:
        """Return the steps of all roles of the bodies, and of posts elsewhere that carry a seat in them, in order."""
        return [step for role in self._roles() for step in self._of(role)]

    def turns(self) -> Iterator[tuple[Role, Event, bool]]:
        """Yield the turns of rotations that began or ended in the time, and the posts that came to carry a seat."""
        for body in self.scope.values():
            for role in body.roles.values():
                for event in of_role(self.asked, role) if self._passes(role) else ():
                    if event.event in ("turn", "ex-officio", "ex-officio-ended"):
                        answer = self._within(event.date)
                        if answer is not Answer.NO and event.date.bounded:
                            yield role, event, answer is Answer.YES

    def _passes(self, role: Role) -> bool:
        """Return whether a seat may have passed to another post in the time."""
        days = (day for link in (*role.turns, *role.ex_officio) for day in (link.from_, link.to) if day)
        return any(self._within(day) is not Answer.NO for day in days)

    def closes(self, step: Step) -> bool:
        """Return whether somebody left with the body: on what may be its last day."""
        end = self._closing.get(step.role.body)
        return bool(end and step.event.event == "left" and step.when.latest >= end.earliest)

    def _within(self, when: Date) -> Answer:
        if when.earliest > self.time.last or when.latest < self.time.first:
            return Answer.NO
        sure = self.time.first <= when.earliest and when.latest <= self.time.last
        return Answer.YES if sure else Answer.POSSIBLY

    def _roles(self) -> list[Role]:
        """Return the roles of the bodies, and the posts that carry their seats, each once."""
        found = {role.ref: role for body in self.scope.values() for role in body.roles.values()}
        ahead = list(found.values())
        for role in ahead:  # grows meanwhile
            for link in role.ex_officio:
                post = self.asked.holders.role(link.role)
                if post is None or lasts(link.from_, link.to, self.time) is Answer.NO:
                    continue
                self._links.setdefault(post.ref, {})[role.ref] = role
                if post.ref not in found:
                    found[post.ref] = post
                    ahead.append(post)
        return ahead

    def _of(self, role: Role) -> Iterator[Step]:
        title = f"{role.title}, {self.asked.body_name(role.body)}"
        some = [
            event
            for event in of_holders(self.asked, role, title)
            if event.event in (*COMING, *STAYING) and self._within(event.date) is not Answer.NO
        ]  # evidence narrows a day and never moves it
        by_id = (
            {id(h.appointment): h for h in self.asked.holders.seat(role).holders if h.via is None} if some else {}
        )
        for event in some:
            appointment = role.appointments[int(event.source.pointer[3])]
            holder = by_id.get(id(appointment))
            when = self._when(event, holder)
            unknown = when.text == UNKNOWN and not when.bounded
            answer = Answer.NO if unknown else self._within(when)
            if answer is Answer.NO:
                continue
            confidence = event.confidence or "stated"
            if holder and holder.confidence == "disputed":
                confidence = "disputed"
            step = Step(event, role, appointment, when, answer is Answer.YES, confidence, (), holder)
            step = replace(step, carries=tuple(self._carried(step)))
            if role.body in self.scope or any(one.role.body in self.scope for one in step.carries):
                yield step

    @staticmethod
    def _when(event: Event, holder: Holder | None) -> Date:
        """Return the day of an event, narrowed by evidence where the record gives more than a day."""
        if holder and event.event == "left" and holder.carried.ended:
            return holder.carried.ended
        if holder and event.event == "joined":
            return holder.carried.begun
        return event.date

    def undated(self) -> Iterator[Holder]:
        """Yield who has left, on a day that nothing narrows to an end, and may have left in this time."""
        for body in self.scope.values():
            for role in body.roles.values():
                gone = any(one.to and one.to.text == UNKNOWN for one in role.appointments)
                for holder in self.asked.holders.seat(role).holders if gone else ():
                    end, ended = holder.appointment.to, holder.carried.ended
                    if end and end.text == UNKNOWN and holder.via is None and not (ended and ended.bounded):
                        yield holder

    def _carried(self, step: Step) -> Iterator[Carrying]:
        """Yield the seats that the post of a step carries on its day, near to far."""
        ahead = [*self._links.get(step.role.ref, {}).values()]
        seen = {step.role.ref}
        day = min(max(step.when.earliest if step.event.ends else step.when.latest, self.time.first), self.time.last)
        for seat in ahead:  # grows meanwhile
            if seat.ref in seen:
                continue
            seen.add(seat.ref)
            there = next(
                (h for h in self.at(day).holders.seat(seat).holders if h.appointment is step.appointment), None
            )
            yield Carrying(seat, bool(there and there.fresh and there.answer is Answer.YES))
            ahead.extend(self._links.get(seat.ref, {}).values())


def moves(steps: Iterable[Step]) -> list[tuple[Step, Step]]:
    """Return who left one seat to take up another: of one person, on the day after, or with that as the reason."""
    gone: dict[str, list[Step]] = {}
    come: dict[str, list[Step]] = {}
    for step in steps:
        if step.appointment.person != NOT_NAMED and step.kind in ("joined", "left"):
            (gone if step.kind == "left" else come).setdefault(step.appointment.person, []).append(step)
    found = []
    for person, left in gone.items():
        free = come.get(person, [])[:_MOST_SEATS]
        for old in left[:_MOST_SEATS]:
            fitting = [new for new in free if new.role.ref != old.role.ref and _follows(old, new)]
            if fitting:
                new = min(fitting, key=lambda one, old=old: _apart(old, one))  # type: ignore[misc]
                free = [one for one in free if one is not new]
                found.append((old, new))
    return found


def _follows(old: Step, new: Step) -> bool:
    if old.appointment.end_reason == "moved-to-another-role":
        return new.when.latest >= old.when.earliest
    return adjoin(old.when, new.when) or old.when.text == new.when.text


def _apart(old: Step, new: Step) -> tuple[bool, int]:
    return old.role.body != new.role.body, abs((new.when.earliest - old.when.earliest).days)
