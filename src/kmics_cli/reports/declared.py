"""By when those who joined declare their interests, where a duty in the registry says how long there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from kmics_cli.dates import Answer, Date, Span, lasts, later
from kmics_cli.model import NOT_NAMED, Body, Duty, Requirements, Role
from kmics_cli.query import Answered, Asked
from kmics_cli.query.applying import applying
from kmics_cli.query.parts import text
from kmics_cli.reports.comings import Step
from kmics_cli.reports.frame import ATTENDING

_COMMITTEES = ("committee-of", "sub-committee-of")
"""The relations of committees whose members such a duty binds; a joint committee has other parents too."""


def declarations(asked: Asked, joined: Iterable[Step], at: Callable[[date], Asked]) -> list[Answered]:
    """Return, for each joiner whom a duty to declare interests binds, the day by which what was known at the start is due.

    Bound are members of the body that the duty applies to, of what it is tested on, and of the committees and
    sub-committees of both; who only attends is not, and who was bound on the day before by another seat is left out. `by`
    is None where the day of starting is not recorded; `at` gives the registry asked about a day.
    """
    known: dict[str, list[tuple[Body, Requirements, Duty]]] = {}
    found: dict[tuple[str, ...], Answered] = {}

    def binding(role: Role) -> list[tuple[Body, Requirements, Duty]]:
        if role.member_type in ATTENDING:
            return []
        if role.body not in known:
            known[role.body] = list(_binding(asked, role.body))
        return known[role.body]

    for step in sorted(joined, key=lambda one: one.when.latest):
        person = step.appointment.person
        seats = [step.role, *(one.role for one in step.carries if one.sure)]
        some = [(seat, one) for seat in seats for one in binding(seat) if _in_force(one[1], one[2], step.when)]
        if person == NOT_NAMED or not some:
            continue
        before = at(max(step.when.earliest, date(1, 1, 2)) - timedelta(1))
        bound = {_key(*one) for role in _sat(before, person) for one in binding(role)}
        for seat, one in some:
            if _key(*one) not in bound:
                row = found.setdefault((person, *_key(*one)), _row(asked, step, *one))
                row["seats"].append(f"{seat.title}, {asked.body_name(seat.body)}")
    return list(found.values())


def _key(body: Body, requirements: Requirements, duty: Duty) -> tuple[str, str]:
    return body.id, f"{requirements.id}/{duty.id}"


def _sat(asked: Asked, person: str) -> Iterator[Role]:
    """Yield the roles in which somebody surely sat on a day."""
    for body in asked.holders.bodies_of(person):
        for role in body.roles.values():
            for holder in asked.holders.seat(role).holders:
                if holder.person == person and holder.fresh and holder.answer is Answer.YES:
                    yield role


def _row(asked: Asked, step: Step, body: Body, requirements: Requirements, duty: Duty) -> Answered:
    exact = step.when.earliest == step.when.latest
    within = duty.declared_within or ""
    return {
        "person": step.appointment.person,
        "name": asked.holders.called(step.appointment.person),
        "seats": [],
        "started": text(step.when),
        "within": within,
        "by": later(step.when.latest, within).isoformat() if exact else None,
        "duty": f"{requirements.id}/{duty.id}",
        "body": body.id,
        "body_name": asked.body_name(body.id),
        "text": duty.text,
        "citation": duty.citation,
        "note": duty.note,
        "sources": asked.sources(duty.sources or requirements.sources),
    }


def _in_force(requirements: Requirements, duty: Duty, when: Date) -> bool:
    if (duty.status or requirements.status) != "in-force":
        return False
    day = when.latest if when.latest < date.max else when.earliest
    return lasts(duty.from_ or requirements.from_, duty.to or requirements.to, Span(day, day)) is not Answer.NO


def _binding(asked: Asked, id: str) -> Iterator[tuple[Body, Requirements, Duty]]:
    """Yield the duties to declare interests that bind the members of a body: its own, and those of what it is a committee of."""
    ahead = [id]
    seen = {id}
    told = set()
    for one in ahead:  # grows meanwhile
        if one not in asked.registry.bodies:
            continue
        for body, requirements in applying(asked.registry, one):
            for duty in requirements.rules.values():
                if duty.declared_within and (body.id, requirements.id, duty.id) not in told:
                    told.add((body.id, requirements.id, duty.id))
                    yield body, requirements, duty
        for link in asked.registry.bodies[one].part_of:
            there = lasts(link.from_, link.to, asked.span) is not Answer.NO
            if link.relation in _COMMITTEES and link.body not in seen and there:
                seen.add(link.body)
                ahead.append(link.body)
