"""By when those who joined declare their interests, where a duty in the registry says how long there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from kmics_cli.dates import Answer, Date, Span, lasts, later
from kmics_cli.model import NOT_NAMED, Body, Duty, Requirements
from kmics_cli.query import Answered, Asked
from kmics_cli.query.applying import applying
from kmics_cli.query.parts import text
from kmics_cli.reports.comings import Step
from kmics_cli.reports.frame import ATTENDING

_COMMITTEES = ("committee-of", "sub-committee-of")
"""The relations of committees whose members such a duty binds; a joint committee has other parents too."""


def declarations(asked: Asked, joined: Iterable[Step]) -> list[Answered]:
    """Return, for each joiner whom a duty to declare interests binds, the day by which what was known at the start is due.

    Bound are members of the body that the duty applies to, of what it is tested on, and of the committees and
    sub-committees of both; who only attends is not. `by` is None where the day of starting is not recorded.
    """
    known: dict[str, list[tuple[Body, Requirements, Duty]]] = {}
    found: dict[tuple[str, str, str], Answered] = {}
    for step in sorted(joined, key=lambda one: one.when.latest):
        if step.appointment.person == NOT_NAMED:
            continue
        for seat in (step.role, *(one.role for one in step.carries if one.sure)):
            if seat.body not in known:
                known[seat.body] = list(_binding(asked, seat.body))
            for body, requirements, duty in known[seat.body] if seat.member_type not in ATTENDING else ():
                if _in_force(requirements, duty, step.when):
                    key = (step.appointment.person, duty.id, body.id)
                    row = found.setdefault(key, _row(asked, step, body, requirements, duty))
                    row["seats"].append(f"{seat.title}, {asked.body_name(seat.body)}")
    return list(found.values())


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
