"""What happened in the world between two days, from the dated events of the record.

An event counts if it lies after the first day, up to and with the last; an end counts on the day after the last
day. Which events there are does not depend on the two days, so what happened in two times that follow one another
is what happened in both together.

Where somebody's start is not recorded, the record knows only when a source first names them in the role. That is
told too, since much of what an officer learns between two meetings is of that kind, but apart from the rest and
never as certain: it need not have happened then. Of a body the same is left out: which paper is the first to name
a council or a ministry says nothing about them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

from kmics_cli.dates import UNKNOWN, Answer, Span, lasts, least, on
from kmics_cli.events.bodies import of_body
from kmics_cli.events.records import of_document, of_priorities
from kmics_cli.events.told import GROUPS, Event, listed
from kmics_cli.model import Body, ExOfficio, Role, Turn
from kmics_cli.problems import Source
from kmics_cli.query import Answered, Asked
from kmics_cli.query.evidence import as_of, spoken_of
from kmics_cli.query.holders import Holder, Holders
from kmics_cli.query.says import said_when

Placed = Callable[[Source], Answered]
Numbered = tuple[Event, int]


def placed(source: Source) -> Answered:
    """Return a place as an answer gives it, without the line, which only reading the file again would tell."""
    return {"path": source.path, "line": None, "column": None}


def changes(
    asked: Asked,
    old: date,
    new: date,
    today: date,
    *,
    body: str | None = None,
    kinds: Collection[str] = (),
    continuing: bool = False,
    place: Placed = placed,
    some: Sequence[Numbered] | None = None,
) -> Answered:
    """Return what happened after `old`, up to and with `new`, as the record says.

    `asked` is asked about `new`, so that things are called what they were called then. What lies after `today` is
    told as still to come. With `body`, only what is about it or about what was below it at some time between the
    days. `kinds` are the groups wanted, all if none is given; `place` says where a part stands. `some` are the events of the record, if
    they have been made already.
    """
    wanted = [group for group in GROUPS if not kinds or group in kinds]

    def within(event: Event) -> bool:
        return _within(event, old, new)

    some = numbered(asked) if some is None else some
    told = selected(asked, some, within, old, new, today, body=body, kinds=kinds, place=place)
    answer: Answered = {
        "on": None,
        "old": old.isoformat(),
        "new": new.isoformat(),
        "of": body,
        "name": asked.body_name(body) if body else None,
        "kinds": wanted,
        "changes": told,
    }
    if continuing:
        comings = [event for event, _ in some if event.event in ("joined", "named", "left") and within(event)]
        moved = {(event.id, event.what) for event in comings}
        scope = set(asked.lives.below(body, Span(old, max(old, new)))) if body else None
        answer["continuing"] = [*_continuing(asked, old, new, scope, moved)]
    answer["totals"] = {group: sum(change["group"] == group for change in told) for group in wanted}
    return answer


def selected(
    asked: Asked,
    some: Sequence[Numbered],
    wanted: Callable[[Event], bool],
    old: date,
    new: date,
    today: date,
    *,
    body: str | None = None,
    kinds: Collection[str] = (),
    place: Placed = placed,
) -> list[Answered]:
    """Return the events that are `wanted`, in order, as the answer of `changes` tells those of the time from `old` to `new`."""
    scope = set(asked.lives.below(body, Span(old, max(old, new)))) if body else None
    carrying = _carrying(asked, scope) if scope else {}
    told = []
    for event, number in some:
        if wanted(event) and (not kinds or event.group in kinds):
            if _about(asked, event, scope):
                told.append(_told(asked, event, number, old, new, today, place))
            elif event.group == "people" and (carried := _carried(asked, event, carrying)):
                one = _told(asked, event, number, old, new, today, place)
                more = f" ({carried})"
                told.append(
                    {**one, "told": f"{one['told']}{more}", "text": f"{one['text'].removesuffix('.')}{more}."}
                )
    return sorted(told, key=_order)


def _carrying(asked: Asked, scope: Collection[str]) -> dict[str, list[tuple[Role, ExOfficio | Turn]]]:
    """Return the posts that carry a seat in these bodies at some time, each with the seats and what carries them."""
    found: dict[str, list[tuple[Role, ExOfficio | Turn]]] = {}
    for id in scope:
        for role in asked.registry.bodies[id].roles.values():
            links: tuple[ExOfficio | Turn, ...] = (*role.ex_officio, *role.turns)
            for link in links:
                found.setdefault(link.role, []).append((role, link))
    return found


def _carried(asked: Asked, event: Event, carrying: Mapping[str, Sequence[tuple[Role, ExOfficio | Turn]]]) -> str:
    """Return which seats go with the post that an event is of, on its day (of an end, the last): certainly, or possibly.

    A turn without an end is possible only: it may be another's by then.
    """
    seats: dict[str, list[str]] = {"carries": [], "possibly carries": []}
    for role, link in carrying.get(event.id, ()) if event.date.text != UNKNOWN else ():
        life = asked.lives.life(role.body)
        times = ((link.from_, link.to), (role.from_ or life.start, role.to or life.end))
        when = Span(event.date.earliest, event.date.latest)
        if any(lasts(*time, when) is Answer.NO for time in times):
            continue
        ends = (on(event.date.earliest), on(event.date.latest))
        sure = all(lasts(*time, day) is Answer.YES for time in times for day in ends)
        sure = sure and (isinstance(link, ExOfficio) or link.to is not None)
        seats["carries" if sure else "possibly carries"].append(f"{role.title}, {asked.body_name(role.body)}")
    words = [f"{verb} the seat of {listed(some)}" for verb, some in seats.items() if some]
    return f"the post {'; '.join(words)}" if words else ""


def last_meeting(body: Body, before: date) -> date | None:
    """Return the last day before `before` on which the body is recorded to have met, or None."""
    meetings = body.meetings
    days = [meeting.on for meeting in meetings.held] + [meetings.inaugural] if meetings else []
    return max((day.latest for day in days if day and day.earliest == day.latest < before), default=None)


def events(asked: Asked) -> Iterator[Event]:
    """Yield every event of the record."""
    for body in asked.registry.bodies.values():
        yield from of_body(asked, body)
    for priorities in asked.registry.priorities.values():
        yield from of_priorities(asked, priorities)
    for id in asked.registry.documents:
        yield from of_document(asked, id)


def numbered(asked: Asked) -> list[Numbered]:
    """Return all events of the record, each with how many before it are named alike and of the same day."""
    found = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for event in events(asked):
        key = (event.event, event.id, event.what, event.date.text)
        number = seen.get(key, 0)
        seen[key] = number + 1
        found.append((event, number))
    return found


def _within(event: Event, old: date, new: date) -> bool:
    """Return whether an event counts, certainly or possibly, between the two days."""
    when = event.counts
    if event.seen and event.kind == "body":
        return False
    return when.text != UNKNOWN and old < when.latest and when.earliest <= new and old < new


def _about(asked: Asked, event: Event, scope: set[str] | None) -> bool:
    if scope is None or not scope.isdisjoint(event.touches):
        return True
    if event.kind not in ("document", "priorities"):
        return event.id.partition("/")[0] in scope
    governed = asked.registry.mentioning("bodies", event.id, "governed_by") if event.kind == "document" else ()
    return any(
        body.id in scope and any(rule.document == event.id for rule in body.governed_by) for body in governed
    )


def _told(asked: Asked, event: Event, number: int, old: date, new: date, today: date, place: Placed) -> Answered:
    counts = event.counts
    doubt = event.seen or (event.meant and counts.earliest <= today)
    sure = old < counts.earliest and counts.latest <= new and not doubt
    told = _sentence(asked, event, today)
    when = _when(event)
    return {
        "change": event.event,
        "group": event.group,
        "level": "change",
        "kind": event.kind,
        "id": event.id,
        "title": event.title,
        "before": event.before,
        "after": event.after,
        "text": f"{when[0].upper()}{when[1:]}{'' if sure or event.seen else ', possibly'}: {told}.",
        "told": told,
        "when": when,
        "certainty": str(Answer.YES if sure else Answer.POSSIBLY),
        "date": counts.text,
        "earliest": counts.earliest.isoformat() if counts.earliest > date.min else None,
        "latest": counts.latest.isoformat() if counts.latest < date.max else None,
        "last_day": event.date.text if event.ends else None,
        "start_recorded": not event.seen,
        "to_come": counts.earliest > today,
        "confidence": event.confidence or "stated",
        "sources": asked.sources(event.sources),
        "fingerprint": _fingerprint(event, number),
        "place_old": None,
        "place_new": place(event.source),
    }


def _when(event: Event) -> str:
    """Return the day in words; of an end, the last day, unless something else is known to have begun the day after."""
    if not event.ends:
        return said_when(event.date)
    if event.before and event.after and event.counts.earliest == event.counts.latest:
        return said_when(event.counts)
    return f"last day {said_when(event.date).removeprefix('on ')}"


def _sentence(asked: Asked, event: Event, today: date) -> str:
    """Return what is said of an event: that it was, that it is to be, or, if that is all that was read, was to be."""
    earliest, latest = event.counts.earliest, event.counts.latest
    if event.seen:
        return event.said.past
    if earliest > today:
        return event.said.ahead
    if today < latest < date.max and not _shown(asked, event):
        return event.said.either
    return event.said.meant if event.meant else event.said.past


def _shown(asked: Asked, event: Event) -> bool:
    """Return whether a source of an event speaks of days when it may have happened already."""
    days = [spoken_of(asked.registry, source) for source in event.sources]
    return any(when and as_of(when) >= event.counts.earliest for when in days)


def _fingerprint(event: Event, number: int) -> str:
    """Return what stays the same while the event, what it is about and its day as written stay the same."""
    parts = [event.event, event.id, event.what, event.date.text, *([str(number)] if number else [])]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _order(change: Answered) -> tuple[int, bool, str, str, str, str]:
    """Return what sorts changes: by group, what is certain first, then by day."""
    return (
        GROUPS.index(change["group"]),
        change["certainty"] != "yes",
        change["earliest"] or "",
        change["latest"] or "9999",
        change["id"],
        change["told"],
    )


def _continuing(
    asked: Asked, old: date, new: date, scope: set[str] | None, moved: set[tuple[str, str]]
) -> Iterator[Answered]:
    """Yield who held a role on both days and not known to have come, gone or been first named in between."""
    then = Holders(asked.registry, asked.lives, on(old))
    now = Holders(asked.registry, asked.lives, on(new))
    for body in asked.registry.bodies.values():
        for role in body.roles.values() if scope is None or body.id in scope else ():
            before = {(holder.person, holder.via): holder for holder in then.seat(role).holders}
            for holder in now.seat(role).holders if before else ():
                earlier = before.get((holder.person, holder.via))
                if earlier and holder.person and (holder.via or role.ref, holder.person) not in moved:
                    yield _continues(asked, earlier, holder)


def _continues(asked: Asked, then: Holder, now: Holder) -> Answered:
    return {
        "person": now.person,
        "name": now.name,
        "role": now.role.ref,
        "title": now.role.title,
        "body": now.role.body,
        "body_name": asked.body_name(now.role.body),
        "via": now.via,
        "certainty": str(least(then.answer, now.answer)),
        "confidence": now.confidence,
        "says": now.says,
        "sources": asked.sources(now.sources),
    }
