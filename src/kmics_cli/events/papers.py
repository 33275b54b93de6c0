"""What to tell the readers of an earlier paper: what has happened since, what it missed, and what is still to come.

A paper was made on a day of the world from a state of the record, and its stamp says which. So there are two
comparisons in one: of two days, and of two records.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from kmics_cli.dates import UNKNOWN, Date, Span
from kmics_cli.events.changes import Placed, changes, events, numbered, placed, selected
from kmics_cli.events.told import Event
from kmics_cli.model import KINDS, Registry
from kmics_cli.query import Answered, Asked

_STAMP = re.compile(
    r"<!-- kmics:stamp on=(?:[0-9]{4}-[0-9]{2}-[0-9]{2}\.\.)?([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?: rev=([0-9a-f]{7,64}))?(?: tree=([0-9a-f]{40}|[0-9a-f]{64}))?"
    r"(?: about=([a-z0-9-]{1,100}))?( draft)? -->"
)
_NOT_TO_COME = frozenset(("deadline", "review", "term-ends", "meeting", "milestone"))
"""What falls due and is not decided: the forward look has it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the stamp of a paper says: its last day, its record (a commit and a folder), the body it is about, and if it is a draft."""

    day: date
    rev: str | None
    tree: str | None
    about: str | None
    draft: bool


def stamps(text: str) -> list[Stamp]:
    """Return the stamps in the text of a paper, each once, in their order; a day that there is not gives none."""
    found = []
    for stamp in _STAMP.finditer(text):
        try:
            found.append(Stamp(date.fromisoformat(stamp[1]), stamp[2], stamp[3], stamp[4], bool(stamp[5])))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def since_paper(
    asked: Asked,
    then: Asked,
    stamp: Stamp,
    new: date,
    today: date,
    *,
    body: str | None = None,
    kinds: Collection[str] = (),
    continuing: bool = False,
    place: Placed = placed,
) -> Answered:
    """Return the same as `changes` from the day of a paper to `new`, and what the paper had not, and what is to come.

    `then` is the record that the paper was made from. `unreported` are the events of its day or earlier that are not in
    that record, on whatever day; `to_come` those after `new` that somebody has decided; `below` the bodies asked about.
    """
    some = numbered(asked)
    told: dict[str, Any] = {"body": body, "kinds": kinds, "place": place}
    known = _Known(then, asked.registry)

    def news(event: Event) -> bool:
        """What may have happened before the paper too is told again only where it may have happened since as well, by a known day."""
        when = event.counts
        again = when.latest < date.max and not event.seen
        return when.earliest > stamp.day or again or not known.has(event)

    new_since = [(event, number) for event, number in some if news(event)]
    answer = changes(asked, stamp.day, new, today, continuing=continuing, some=new_since, **told)

    def unreported(event: Event) -> bool:
        past = event.counts.text != UNKNOWN and event.counts.latest <= stamp.day
        return past and not event.seen and not known.has(event)

    def to_come(event: Event) -> bool:
        when = event.counts
        return when.text != UNKNOWN and when.earliest > new and event.event not in _NOT_TO_COME and not event.seen

    answer["unreported"] = selected(asked, some, unreported, date.min, stamp.day, today, **told)
    answer["to_come"] = selected(asked, some, to_come, new, date.max, today, **told)
    answer["below"] = set(asked.lives.below(body, Span(stamp.day, max(stamp.day, new)))) if body else None
    return answer


class _Known:
    """The events of an earlier record, by what they are about, under the ids of today."""

    def __init__(self, then: Asked, now: Registry) -> None:
        self._ids = {
            old: record.id for kind in KINDS for record in now.records(kind).values() for old in record.former_ids
        }
        self._roles = {
            f"{body.id}/{old}": role.ref
            for body in now.bodies.values()
            for role in body.roles.values()
            for old in role.former_ids
        }
        self._dates: dict[tuple[str, str, str], list[Date]] = {}
        for event in events(then):
            key = event.event, self._now(event.id), self._now(event.what)
            self._dates.setdefault(key, []).append(event.counts)

    def _now(self, id: str) -> str:
        head, slash, tail = id.partition("/")
        ref = f"{self._ids.get(head, head)}{slash}{tail}"
        return self._roles.get(ref, ref)

    def has(self, event: Event) -> bool:
        """Return whether the earlier record had such an event, on whatever day: another day is a correction of it."""
        return (event.event, event.id, event.what) in self._dates
