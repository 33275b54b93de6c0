"""One registry as dated events, in order: what was set up, named, ended; who came and went; what fell due."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kmics_cli.dates import UNKNOWN, Answer, Date, in_words, lasts
from kmics_cli.model import NOT_NAMED, Appointment, Body, Citation, Role
from kmics_cli.query.answers import Asked
from kmics_cli.query.evidence import spoken_of
from kmics_cli.query.parts import Answered

_STEPS = {
    "merger": "{old} merged into {new}",
    "replacement": "{old} replaced by {new}",
    "absorption": "{old} taken into {new}",
    "split": "{new} split off from {old}",
    "evolution": "{old} carried on as {new}",
    "transfer": "Functions passed from {old} to {new}",
}


_CORE = ("board-of", "governing-body-of", "executive-of")
"""The parts of a body whose events are its own."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or is to happen, on a day as far as it is known."""

    date: Date
    event: str
    id: str
    text: str
    sources: tuple[Citation, ...] = ()
    confidence: str | None = None


def timeline(asked: Asked, kind: str, id: str) -> Answered:
    """Return the events of a body (with its predecessors and successors), a role, a person or a document, in order.

    Only those that may lie in the days asked about, where those are more than one; all of them for a single
    day. Events whose day is not known at all stand last.
    """
    if kind == "bodies":
        bodies = [
            *_line(asked, id),
            *(child.id for child, link in asked.lives.children(id) if link.relation in _CORE),
        ]
        found = [event for body in bodies for event in of_body(asked, asked.registry.bodies[body])]
    elif kind == "roles":
        role = asked.holders.role(id)
        found = list(of_role(asked, role)) if role else []
    elif kind == "people":
        found = list(of_person(asked, id))
    else:
        found = list(of_document(asked, id)) if kind == "documents" else []
    if not asked.span.one_day:
        found = [event for event in found if lasts(event.date, event.date, asked.span) is not Answer.NO]
    found = list(dict.fromkeys(found))
    found.sort(key=lambda event: (_order(event.date), event.event == "left", event.id, event.text))
    return {
        "of": {"kind": kind, "id": id, "name": _name(asked, kind, id)},
        "events": [
            {
                "date": event.date.text,
                "earliest": event.date.earliest.isoformat() if event.date.earliest > date.min else None,
                "latest": event.date.latest.isoformat() if event.date.latest < date.max else None,
                "event": event.event,
                "id": event.id,
                "text": event.text,
                "confidence": event.confidence or "stated",
                "sources": asked.sources(event.sources),
            }
            for event in found
        ],
    }


def _order(when: Date) -> tuple[bool, date, date]:
    if when.text == UNKNOWN:
        return True, date.max, date.max
    return False, when.earliest if when.earliest > date.min else when.latest, when.latest


def _name(asked: Asked, kind: str, id: str) -> str:
    if kind == "people":
        return asked.registry.people[id].full_name
    if kind == "documents":
        return asked.registry.documents[id].title
    return asked.party_name(id)


def _line(asked: Asked, id: str) -> list[str]:
    """Return the body, and all that came before it and after it; a transfer of functions is no such step."""

    def before(one: str) -> Iterator[str]:
        body = asked.registry.bodies.get(one)
        for step in body.succeeds if body else ():
            yield from step.of if step.kind != "transfer" else ()
        if body and body.one_of:
            return
        if one != id:
            yield from (
                each.id for each in asked.registry.mentioning("bodies", one, "one_of") if each.one_of == one
            )

    def after(one: str) -> Iterator[str]:
        yield from (later.id for later, step in asked.lives.successors(one) if step.kind != "transfer")
        body = asked.registry.bodies.get(one)
        if body and body.one_of and not asked.lives.successors(one):
            yield from (later.id for later, _step in asked.lives.successors(body.one_of))

    found = dict.fromkeys([id, *_reached(id, before), *_reached(id, after)])
    return [one for one in found if one in asked.registry.bodies]


def _reached(start: str, step: Callable[[str], Iterator[str]]) -> Iterable[str]:
    found: dict[str, None] = {}
    ahead = [start]
    while ahead:
        for one in step(ahead.pop()):
            if one not in found and one != start:
                found[one] = None
                ahead.append(one)
    return found


def of_body(asked: Asked, body: Body) -> Iterator[Event]:
    """Yield the events of a body and of its roles."""
    life = asked.lives.life(body.id)
    steps = [step for step in body.succeeds if step.date]
    if body.planned:
        planned = body.planned
        meant = f", for {in_words(planned.for_)}" if planned.for_ else ""
        at = planned.from_ or _first_word(asked, planned.sources)
        yield Event(at, "planned", body.id, f"{body.name}: planned{meant}", planned.sources, planned.confidence)
    if life.start and life.start.text != UNKNOWN and not any(step.date == life.start for step in steps):
        yield Event(life.start, "set-up", body.id, f"{body.name} set up", body.sources, body.confidence)
    if life.start and life.start.text == UNKNOWN:
        seen = _first_word(asked, body.sources)
        yield Event(
            seen, "named", body.id, f"{body.name}: first named; start not recorded", body.sources, body.confidence
        )
    for step in steps:
        old = _and([asked.body_name(id) for id in step.of])
        words = _STEPS[step.kind].format(new=body.name, old=old)
        yield Event(
            step.date or life.start or _UNKNOWN, "succession", body.id, words, step.sources, step.confidence
        )
    if life.end:
        why = f" ({asked.body_name(life.implied)} follows)" if life.implied else ""
        if life.implied and life.implied not in [later.id for later, _ in asked.lives.successors(body.id)]:
            why = f" (with {asked.body_name(life.implied)})"
        yield Event(life.end, "ended", body.id, f"{body.name}: end{why}", body.sources, body.confidence)
    for name in body.names:
        if name.use in ("former", "official") and name.to and name.to.text != UNKNOWN:
            yield Event(
                name.to, "renamed", body.id, f"The name {name.name} last used", name.sources, name.confidence
            )
    yield from _due(body.id, body.deadlines, "deadline")
    yield from _due(body.id, body.milestones, "milestone")
    if body.meetings and body.meetings.inaugural:
        yield Event(
            body.meetings.inaugural, "meeting", body.id, f"First meeting of {body.name}", body.meetings.sources
        )
    for meeting in body.meetings.held if body.meetings else ():
        if meeting.on:
            what = f"Meeting of {body.name}{'. ' + meeting.note if meeting.note else ''}"
            yield Event(meeting.on, "meeting", body.id, what, meeting.sources, meeting.confidence)
    for rule in body.governed_by:
        if rule.from_:
            document = asked.registry.documents.get(rule.document)
            words = f"{document.title if document else rule.document} governs {body.name}"
            yield Event(rule.from_, "governed", body.id, words, rule.sources, rule.confidence)
    for quorum in body.quorum:
        if quorum.from_:
            yield Event(
                quorum.from_, "quorum", body.id, f"Quorum of {body.name}: {quorum.at_least}", quorum.sources
            )
    for role in body.roles.values():
        yield from of_role(asked, role)


_UNKNOWN = Date(UNKNOWN, date.min, date.max)


def _first_word(asked: Asked, sources: tuple[Citation, ...]) -> Date:
    days = [when for citation in sources if (when := spoken_of(asked.registry, citation))]
    return min(days, key=lambda when: (when.latest, when.earliest), default=_UNKNOWN)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _due(id: str, some: tuple[Any, ...], sort: str) -> Iterator[Event]:
    for found in some:
        if found.on:
            yield Event(found.on, sort, id, found.what, found.sources, found.confidence)
        elif found.by:
            told = f"{found.what} (due{'; ' + found.status if found.status else ''})"
            yield Event(found.by, sort, id, told, found.sources, found.confidence)


def of_role(asked: Asked, role: Role) -> Iterator[Event]:
    """Yield the events of a role: who came, went, was reappointed or named for a duty; when it was vacant."""
    title = f"{role.title}, {asked.body_name(role.body)}"
    for appointment in role.appointments:
        yield from _of_appointment(asked, role, title, appointment)
    for vacancy in role.vacant:
        if vacancy.from_:
            yield Event(vacancy.from_, "vacant", role.ref, f"{title}: vacant", vacancy.sources, vacancy.confidence)
    for turn in role.turns:
        if turn.from_:
            words = f"{title}: turn of the {asked.party_name(turn.role)}"
            yield Event(turn.from_, "turn", role.ref, words, turn.sources, turn.confidence)
    if role.from_ and role.from_.text != UNKNOWN:
        yield Event(role.from_, "role-created", role.ref, f"{title}: seat created", role.sources, role.confidence)
    if role.to and role.to.text != UNKNOWN:
        yield Event(role.to, "role-ended", role.ref, f"{title}: seat ends", role.sources, role.confidence)
    if role.planned:
        at = role.planned.from_ or _first_word(asked, role.planned.sources)
        meant = f", for {in_words(role.planned.for_)}" if role.planned.for_ else ""
        yield Event(
            at, "planned", role.ref, f"{title}: planned{meant}", role.planned.sources, role.planned.confidence
        )


def _of_appointment(asked: Asked, role: Role, title: str, found: Appointment) -> Iterator[Event]:
    who = "A holder who is not named" if found.person == NOT_NAMED else asked.holders.called(found.person)
    how = f" ({found.capacity})" if found.capacity and found.capacity != "substantive" else ""
    if found.announced:
        yield Event(found.announced, "announced", role.ref, f"{who} announced as {title}{how}", found.sources)
    if found.from_ and found.from_.text != UNKNOWN:
        yield Event(found.from_, "joined", role.ref, f"{who} becomes {title}{how}", found.sources, found.confidence)
    else:
        seen = _first_word(asked, tuple(c for c in found.sources if c.shows not in ("end", "absence")))
        told = f"{who} named as {title}{how}; start not recorded"
        yield Event(seen, "named", role.ref, told, found.sources, found.confidence)
    for term in found.terms[1:]:
        if term.from_:
            yield Event(
                term.from_, "reappointed", role.ref, f"{who} reappointed as {title}", term.sources or found.sources
            )
    if found.terms and found.terms[-1].ends and not found.to:
        yield Event(
            found.terms[-1].ends, "term-ends", role.ref, f"Term of {who} as {title} runs out", found.sources
        )
    for duty in found.designations:
        if duty.from_ and duty.from_.text != UNKNOWN:
            words = f"{who} named {duty.as_.replace('-', ' ')} of {asked.body_name(role.body)}"
            yield Event(duty.from_, "designated", role.ref, words, duty.sources or found.sources, duty.confidence)
    if found.to and found.to.text != UNKNOWN:
        yield Event(
            found.to, "left", role.ref, f"Last day of {who} as {title}{how}", found.sources, found.confidence
        )
    elif found.to:
        yield Event(_UNKNOWN, "left", role.ref, f"{who} leaves as {title}; day not recorded", found.sources)


def of_person(asked: Asked, id: str) -> Iterator[Event]:
    """Yield the events of a person in all roles, turns of a rotation included."""
    for body in asked.holders.bodies_of(id):
        for role in body.roles.values():
            title = f"{role.title}, {asked.body_name(body.id)}"
            for appointment in role.appointments:
                if appointment.person == id:
                    yield from _of_appointment(asked, role, title, appointment)
            for turn in role.turns:
                if turn.from_ and id in asked.holders.evidenced_in(turn):
                    words = f"{title}: turn of the {asked.party_name(turn.role)}"
                    yield Event(turn.from_, "turn", role.ref, words, turn.sources, turn.confidence)


def of_document(asked: Asked, id: str) -> Iterator[Event]:
    """Yield the events of a document: its steps of approval, its days in force, what it sets."""
    found = asked.registry.documents[id]
    for approval in found.approvals:
        if approval.date:
            by = f" by {asked.party_name(approval.body)}" if approval.body else ""
            words = f"{found.title}: {approval.step.replace('-', ' ')}{by}"
            yield Event(
                approval.date, "approval", id, words, approval.sources or found.sources, approval.confidence
            )
    for when, sort, words in (
        (found.published, "published", "published"),
        (found.from_, "in-force", "in force"),
        (found.to, "ended", "last day in force"),
        (found.review_due, "review", "review due"),
    ):
        if when:
            yield Event(when, sort, id, f"{found.title}: {words}", found.sources, found.confidence)
    yield from _due(id, found.deadlines, "deadline")
    yield from _due(id, found.milestones, "milestone")
