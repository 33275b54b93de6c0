"""The timeline: the dated events of a body, a role, a person or a document, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from kmics_cli.dates import UNKNOWN, Answer, Date, lasts
from kmics_cli.events.bodies import of_body
from kmics_cli.events.records import of_document
from kmics_cli.events.seats import of_holders, of_role, of_turns
from kmics_cli.events.told import Event
from kmics_cli.query import Answered, Asked

_CORE = ("board-of", "governing-body-of", "executive-of")
"""The parts of a body whose events are its own."""


def timeline(asked: Asked, kind: str, id: str) -> Answered:
    """Return the events of a body (with its predecessors and successors), a role, a person or a document, in order.

    Only those that may lie in the days asked about, where those are more than one; all of them for a single
    day. Events whose day is not known at all stand last.
    """
    if kind == "bodies":
        bodies = [
            *line_of(asked, id),
            *(child.id for child, link in asked.lives.children(id) if link.relation in _CORE),
        ]
        found = [event for body in bodies for event in of_body(asked, asked.registry.bodies[body])]
    elif kind == "roles":
        role = asked.holders.role(id)
        found = list(of_role(asked, role)) if role else []
    elif kind == "people":
        found = list(_of_person(asked, id))
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


def line_of(asked: Asked, id: str) -> list[str]:
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


def _of_person(asked: Asked, id: str) -> Iterator[Event]:
    """Yield the events of a person in all roles, turns of a rotation included."""
    for body in asked.holders.bodies_of(id):
        for role in body.roles.values():
            title = f"{role.title}, {asked.body_name(body.id)}"
            yield from of_holders(asked, role, title, id)
            yield from of_turns(asked, role, title, id)
