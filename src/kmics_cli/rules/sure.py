"""What is sure: the days on which something was so on every reading of its dates; and words that several rules use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kmics_cli.dates import UNKNOWN, Answer, Date, Span, lasts
from kmics_cli.model import NOT_NAMED, Appointment, Body, Citation, Role, Vacancy
from kmics_cli.problems import shortened
from kmics_cli.query.evidence import spoken_of
from kmics_cli.rules.look import Look

_MOST_NAMES = 4


def sure(start: Date | None, end: Date | None) -> Span | None:
    """Return the days in which something was so whatever its dates mean, or None if there are none.

    No start: it was always so. No end: it is so for ever.
    """
    first = start.latest if start else date.min
    last = end.earliest if end else date.max
    if start and end:
        if end.latest < start.earliest:
            return None
        first, last = min(first, end.latest), max(last, start.earliest)
    return Span(first, last) if first <= last else None


def possible(start: Date | None, end: Date | None) -> Span:
    """Return the days in which something can have been so, from the earliest start to the latest end."""
    return Span(start.earliest if start else date.min, end.latest if end else date.max)


def apart(one: Span, other: Span) -> bool:
    """Return whether two spans have no day in common."""
    return one.last < other.first or other.last < one.first


def shown(look: Look, citations: Iterable[Citation]) -> list[Date]:
    """Return the days of which those sources speak that show something to be so (not its start, end or absence)."""
    found = (spoken_of(look.registry, one) for one in citations if one.shows in (None, "presence"))
    return [when for when in found if when and when.text != UNKNOWN]


def surely_there(look: Look, part: Appointment | Vacancy) -> Span | None:
    """Return the days in which an appointment or vacancy was surely so; without an end, up to its last evidence.

    None for what is inferred or disputed: a better reading may come.
    """
    if part.confidence in ("inferred", "disputed"):
        return None
    start, end = part.from_, part.to
    seen = shown(look, part.sources)
    after = [when for when in seen if start is None or when.earliest >= start.earliest]
    first = min([start.latest if start else date.max, *(when.latest for when in after)])
    if end is None:
        last = max((when.earliest for when in seen), default=date.min)
    elif start and end.latest < start.earliest:
        return None
    else:
        first = min(first, end.latest)
        inside = (when.earliest for when in seen if when.earliest <= end.latest)
        last = max([end.earliest, *inside, *([start.earliest] if start else [])])
    return Span(first, last) if first <= last else None


def perhaps_there(look: Look, part: Appointment) -> Span | None:
    """Return the days in which an appointment can have lasted; an open side reaches no further than the evidence."""
    start, end = part.from_, part.to
    seen = shown(look, part.sources)
    first = start.earliest if start else date.min
    if first == date.min:
        first = min((when.earliest for when in seen), default=start.latest if start else date.max)
    last = end.latest if end else date.max
    if last == date.max:
        known = [when.latest for when in seen if when.latest < date.max]
        last = max([*known, *([start.latest] if start and start.latest < date.max else [])], default=date.min)
    return Span(first, last) if first <= last else None


def has_begun(start: Date | None, today: date) -> bool:
    """Return whether something has surely begun: its start is past, or known only to have been."""
    return start is not None and (start.latest <= today or start.text == UNKNOWN)


def is_open(look: Look, body: Body, role: Role | None = None) -> bool:
    """Return whether a body, and a role in it, are surely in being today and have no end that is near or past."""
    life = look.lives.life(body.id)
    if life.start is None or lasts(life.start, life.end, look.span) is Answer.NO:
        return False
    ends = (life.end, role.to if role else None)
    return all(end is None or end.earliest > look.today for end in ends)


def called(look: Look, person: str) -> str:
    """Return a person's name for a sentence; the id if there is no such record."""
    found = look.registry.people.get(person)
    return shortened(found.name, 60) if found else "somebody not named" if person == NOT_NAMED else f"'{person}'"


def post(look: Look, role: Role) -> str:
    """Return a role's title and body for a sentence: "Chair of Alpha"."""
    body = look.registry.bodies[role.body]
    return f"{shortened(role.title, 60)} of {shortened(body.name, 60)}"


def row(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    """Return names as a row in a sentence: "A, B and C", or "A, B, C, D and 7 more"."""
    some = list(names[:most])
    if len(names) > most:
        some.append(f"{len(names) - most} more")
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} and {some[-1]}"


def many(count: int, one: str, several: str | None = None) -> str:
    """Return a count with its word: "1 seat", "3 seats"."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def sentence(text: str) -> str:
    """Return text that begins like a sentence."""
    return text[:1].upper() + text[1:]
