"""The events of roles and of those who hold them: created, vacant, nominated anew; who came, stayed on, and went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from kmics_cli.dates import Date, shifted
from kmics_cli.events.told import (
    NEVER,
    Event,
    Said,
    adjoin,
    first_word,
    known,
    listed,
    meant_for,
    planned,
    since_start,
    turnover,
    until_end,
)
from kmics_cli.model import NOT_NAMED, Appointment, Dated, Nomination, Role
from kmics_cli.query import Asked
from kmics_cli.query.earlier import FIELDS, on_day
from kmics_cli.query.evidence import as_of, spoken_of
from kmics_cli.query.says import said_when

_INTERIM = ("interim", "acting")

REASONS = {
    "term-ended": "the term ended",
    "resigned": "resigned",
    "retired": "retired",
    "moved-to-another-role": "moved to another role",
    "role-abolished": "the role was abolished",
    "body-closed": "the body closed",
    "no-longer-eligible": "no longer eligible",
    "ended-by-appointing-body": "ended by the appointing body",
    "directed-by-nhse": "directed by NHS England",
    "died-in-office": "died in office",
}
"""Why an appointment ended, or a seat is vacant, in words; not-stated says nothing."""


def of_role(asked: Asked, role: Role) -> Iterator[Event]:
    """Yield the events of a role: who came, went, was reappointed or named for a duty; when it was vacant."""
    title = f"{role.title}, {asked.body_name(role.body)}"
    for event in _of_role(asked, role, title):
        yield replace(event, title=title)


def _of_role(asked: Asked, role: Role, title: str) -> Iterator[Event]:
    yield from of_holders(asked, role, title)
    for vacancy in role.vacant:
        why = f": {REASONS[vacancy.reason]}" if vacancy.reason in REASONS else ""
        if vacancy.from_:
            yield Event(
                vacancy.from_,
                "vacant",
                role.ref,
                f"{title}: vacant",
                vacancy.sources,
                vacancy.confidence,
                kind="role",
                group="people",
                said=Said(f"{title},", "fell", f" vacant{why}"),
                after="vacant",
                source=vacancy.source.at("from"),
            )
        if vacancy.to and known(vacancy.to):
            yield Event(
                vacancy.to,
                "vacancy-ended",
                role.ref,
                f"{title}: last day of the vacancy",
                vacancy.sources,
                vacancy.confidence,
                kind="role",
                group="people",
                said=Said(f"{title},", "ceased", " to be vacant"),
                before="vacant",
                ends=True,
                source=vacancy.source.at("to"),
            )
    yield from of_turns(asked, role, title)
    yield from _of_posts(asked, role, title)
    yield from _of_life(asked, role, title)
    for acts, event, verb in (
        (role.nominated_by, "nominators", "nominated"),
        (role.appointed_by, "appointers", "appointed"),
        (role.approved_by, "approvers", "approved"),
    ):
        yield from _of_acts(asked, role, title, acts, event, verb)


def _span_of(asked: Asked, role: Role) -> tuple[Date | None, Date | None]:
    """Return the first and the last day of a role, as far as it or its body gives them."""
    life = asked.lives.life(role.body)
    return role.from_ or life.start, role.to or life.end


def _of_life(asked: Asked, role: Role, title: str) -> Iterator[Event]:
    """Yield when a role was planned, was created and ended, and when there was none."""

    def event(
        when: Date, name: str, text: str, part: Role | Dated, said: Said, at: str, *, ends: bool = False
    ) -> Event:
        return Event(
            when,
            name,
            role.ref,
            text,
            part.sources,
            part.confidence,
            kind="role",
            group="roles",
            said=said,
            ends=ends,
            source=part.source.at(at),
        )

    if role.from_ and known(role.from_):
        yield event(
            role.from_, "role-created", f"{title}: seat created", role, Said(f"{title},", "was created"), "from"
        )
    if role.to and known(role.to):
        yield event(
            role.to,
            "role-ended",
            f"{title}: seat ends",
            role,
            Said(f"{title},", "ceased", " to exist"),
            "to",
            ends=True,
        )
    if role.planned:
        yield Event(
            role.planned.from_ or first_word(asked, role.planned.sources),
            "planned",
            role.ref,
            f"{title}: planned{meant_for(role.planned)}",
            role.planned.sources,
            role.planned.confidence,
            kind="role",
            group="roles",
            said=planned(f"{title},", role.planned),
            seen=not role.planned.from_,
            source=role.planned.source.at("from"),
        )
    yield from _amended(role, title)
    life = asked.lives.life(role.body)
    for absence in role.absent:
        if absence.from_ and known(absence.from_) and not since_start(life.start, absence.from_):
            said = Said(f"{title},", "ceased", " to be a seat: a source says that there was none")
            yield event(absence.from_, "role-absent", said.past, absence, said, "from")
        if absence.to and known(absence.to) and not until_end(life.end, absence.to):
            said = Said(f"The time in which there was, says a source, no {title},", "ended")
            text = f"{title}: last day on which a source says that there was no such seat"
            yield event(absence.to, "role-absence-ended", text, absence, said, "to", ends=True)


def _amended(role: Role, title: str) -> Iterator[Event]:
    """Yield what of a role was otherwise from a day on: its title, member type, vote, number of seats."""
    for was in role.earlier:
        if was.to is None or not known(was.to):
            continue
        since = shifted(was.to, 1)
        for field in FIELDS:
            then = getattr(was, field)
            if then is None:
                continue
            now = on_day(role, field, since.latest)
            told = f"{_CALLED[field]} {_state(now)}, and was {_state(then)} until then"
            yield Event(
                since,
                "role-amended",
                role.ref,
                f"{title}: {told}",
                was.sources,
                was.confidence,
                kind="role",
                group="roles",
                said=Said(f"The {_SUBJECT[field]} {title},", "became", f" {_state(now)} (before: {_state(then)})"),
                source=was.source.at("to"),
            )


_CALLED = {
    "title": "title",
    "member_type": "member type",
    "voting": "whether it votes:",
    "seats": "number of seats",
}
_SUBJECT = {
    "title": "title of",
    "member_type": "member type of",
    "voting": "vote of",
    "seats": "number of seats of",
}


def _state(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not recorded" if value in (None, "unknown") else str(value).replace("-", " ")


def of_turns(asked: Asked, role: Role, title: str, holder: str | None = None) -> Iterator[Event]:
    """Yield the turns of a rotation, each where it begins and ends; with `holder`, those that are evidenced as theirs."""
    _start, end = _span_of(asked, role)
    for turn in role.turns:
        if holder and holder not in asked.holders.evidenced_in(turn):
            continue
        of = asked.party_name(turn.role)
        if turn.from_:
            yield Event(
                turn.from_,
                "turn",
                role.ref,
                f"{title}: turn of the {of}",
                turn.sources,
                turn.confidence,
                kind="role",
                group="people",
                title=title,
                what=turn.role,
                said=Said(f"The turn of the {of} as {title},", "began"),
                after=of,
                source=turn.source.at("from"),
            )
        if turn.to and known(turn.to) and not until_end(end, turn.to):
            yield Event(
                turn.to,
                "turn-ended",
                role.ref,
                f"{title}: last day of the turn of the {of}",
                turn.sources,
                turn.confidence,
                kind="role",
                group="people",
                title=title,
                what=turn.role,
                said=Said(f"The turn of the {of} as {title},", "ended"),
                before=of,
                ends=True,
                source=turn.source.at("to"),
            )


def _of_posts(asked: Asked, role: Role, title: str) -> Iterator[Event]:
    """Yield the posts that came to carry a seat, and those that ceased to."""
    start, end = _span_of(asked, role)
    for old, new in turnover(
        role.ex_officio, start, end, lambda old, new: 0 if adjoin(old.to, new.from_) else None
    ):
        if old and new and old.role == new.role:
            continue
        before, after = asked.party_name(old.role) if old else None, asked.party_name(new.role) if new else None
        part = new or old
        assert part is not None
        if new:
            instead = f", no longer with {before}" if before else ""
            said = Said(f"{title},", "came", f" to go with the post of {after}{instead}")
        else:
            said = Said(f"{title},", "ceased", f" to go with the post of {before}")
        yield Event(
            (new.from_ if new else part.to) or NEVER,
            "ex-officio" if new else "ex-officio-ended",
            role.ref,
            said.past,
            part.sources or role.sources,
            part.confidence,
            kind="role",
            group="roles",
            what=" to ".join(link.role for link in (old, new) if link),
            said=said,
            before=before,
            after=after,
            ends=new is None,
            source=part.source.at("from" if new else "to"),
        )


def _of_acts(
    asked: Asked, role: Role, title: str, acts: tuple[Nomination, ...], event: str, verb: str
) -> Iterator[Event]:
    """Yield where others came to nominate, appoint or approve."""
    start, end = _span_of(asked, role)

    def whom(act: Nomination) -> str:
        together = " jointly" if act.jointly and len(act.by) > 1 else ""
        return f"{listed([asked.party_name(by) for by in act.by])}{together}"

    for old, new in turnover(acts, start, end, lambda old, new: 0 if adjoin(old.to, new.from_) else None):
        before, after = whom(old) if old else None, whom(new) if new else None
        if before == after:
            continue
        part = new or old
        assert part is not None
        if new:
            was = f"; until then by {before}" if before else ""
            said = Said(f"{title},", "came", f" to be {verb} by {after}{was}")
        else:
            said = Said(f"{title},", "ceased", f" to be {verb} by {before}")
        yield Event(
            (new.from_ if new else part.to) or NEVER,
            event if new else f"{event}-ended",
            role.ref,
            said.past,
            part.sources or role.sources,
            part.confidence,
            kind="role",
            group="roles",
            said=said,
            before=before,
            after=after,
            ends=new is None,
            source=part.source.at("from" if new else "to"),
        )


def of_holders(asked: Asked, role: Role, title: str, holder: str | None = None) -> Iterator[Event]:
    """Yield who came to a role, stayed on and went, in the order of the file; with `holder`, only of that person.

    Appointments of one person that follow one another without a gap are one time in the role: between them
    nobody left and nobody joined.
    """
    before, after = _rows(role)
    for appointment in role.appointments:
        if holder in (None, appointment.person):
            key = id(appointment)
            for event in _of_appointment(asked, role, title, appointment, before.get(key), key in after):
                yield replace(event, kind="appointment", group="people", title=title, what=event.what)


def _rows(role: Role) -> tuple[dict[int, Appointment], set[int]]:
    """Return, of each appointment that goes straight on from another of the same person, that other; and all such others."""
    of_one: dict[str, list[Appointment]] = {}
    for appointment in role.appointments:
        if appointment.person != NOT_NAMED and not appointment.covering:
            of_one.setdefault(appointment.person, []).append(appointment)
    before: dict[int, Appointment] = {}
    followed: set[int] = set()
    for several in of_one.values():
        several.sort(key=lambda one: (one.from_.earliest, one.from_.latest) if one.from_ else (date.min, date.max))
        for old, new in pairwise(several):
            if known(new.from_) and _goes_on(old, new):
                before[id(new)] = old
                followed.add(id(old))
    return before, followed


def _goes_on(old: Appointment, new: Appointment) -> bool:
    """Return whether one appointment follows another of the same person with no gap that is certain."""
    if old.to is None:
        return True
    return adjoin(old.to, new.from_) or bool(known(old.to) and new.from_ and new.from_.latest <= old.to.earliest)


def _of_appointment(
    asked: Asked, role: Role, title: str, found: Appointment, before: Appointment | None, followed: bool
) -> Iterator[Event]:
    named = found.person != NOT_NAMED
    who = asked.holders.called(found.person) if named else "A holder who is not named"
    how = f" ({found.capacity})" if found.capacity and found.capacity != "substantive" else ""

    def event(
        when: Date,
        name: str,
        text: str,
        said: Said,
        at: str | None,
        *,
        what: str = "",
        ends: bool = False,
        after: str | None = None,
        left: str | None = None,
    ) -> Event:
        return Event(
            when,
            name,
            role.ref,
            text,
            found.sources,
            found.confidence,
            what=f"{found.person} {what}".strip(),
            said=said,
            before=left,
            after=after,
            ends=ends,
            source=found.source.at(at) if at else found.source,
        )

    if found.announced:
        to_start = f", to start {said_when(found.from_)}" if known(found.from_) else ""
        said = Said(who, "was announced", f" as {title}{how}{to_start}")
        yield event(found.announced, "announced", f"{who} announced as {title}{how}", said, "announced")
    if before is not None and found.from_:
        yield _stayed_on(event, who, title, how, before, found, found.from_)
    elif found.from_ and known(found.from_):
        covering = f", covering {asked.holders.called(found.covering)}" if found.covering else ""
        behalf = f", on behalf of {asked.body_name(found.on_behalf_of)}" if found.on_behalf_of else ""
        said = Said(who, "became", f" {title}{how}{covering}{behalf}")
        joined = event(found.from_, "joined", f"{who} becomes {title}{how}", said, "from", after=who)
        yield replace(joined, meant=_only_announced(asked, found))
    else:
        seen = first_word(asked, [c for c in found.sources if c.shows not in ("end", "absence")])
        said = Said(who, "was first named", f" as {title}{how}; start not recorded")
        text = f"{who} named as {title}{how}; start not recorded"
        yield replace(event(seen, "named", text, said, "from", after=who), seen=True)
    for number, term in enumerate(found.terms[1:], 1):
        if term.from_:
            said = Said(who, "was reappointed", f" as {title}")
            again = event(term.from_, "reappointed", f"{who} reappointed as {title}", said, None)
            yield replace(
                again,
                sources=term.sources or found.sources,
                confidence=None,
                source=found.source.at("terms", number, "from"),
            )
    if found.terms and (over := found.terms[-1].ends) and not found.to and not followed:
        said = Said(f"The term of {who} as {title},", "ran", " out; no reappointment or departure is recorded")
        text = f"Term of {who} as {title} runs out"
        ran = event(over, "term-ends", text, said, None, ends=True)
        yield replace(ran, confidence=None, source=found.source.at("terms", len(found.terms) - 1, "ends"))
    yield from _of_duties(asked, role, who, found)
    yield from _of_decisions(asked, role, title, who, found)
    if followed:
        return
    if found.to and known(found.to):
        why = f": {REASONS[found.end_reason]}" if found.end_reason in REASONS else ""
        said = Said(who, "left", f" as {title}{how}{why}")
        yield event(found.to, "left", f"Last day of {who} as {title}{how}", said, "to", ends=True, left=who)
    elif found.to:
        said = Said(who, "left", f" as {title}")
        text = f"{who} leaves as {title}; day not recorded"
        yield replace(event(NEVER, "left", text, said, "to", ends=True, left=who), confidence=None)


def _stayed_on(
    event: Any, who: str, title: str, how: str, old: Appointment, new: Appointment, start: Date
) -> Event:
    """Return the one event between two appointments of the same person with no gap: nobody left, nobody joined."""
    before, after = old.capacity, new.capacity
    if before in _INTERIM and after == "substantive":
        said = Said(who, "was made substantive", f" as {title}; until then {before}")
        name = "made-substantive"
    elif before and after and before != after:
        said = Said(who, "became", f" {title}, {after}; until then {before}")
        name = "capacity"
    else:
        said = Said(who, "was reappointed", f" as {title}{how}")
        name = "reappointed"
        before = after = None
    found: Event = event(start, name, said.past, said, "from", left=before, after=after)
    return found


def _only_announced(asked: Asked, found: Appointment) -> bool:
    """Return whether all evidence of an appointment is from before its start: whether it came is not known."""
    start = found.from_
    cited = [*found.sources, *(source for term in found.terms for source in term.sources)]
    shown = [when for c in cited if c.shows not in ("end", "absence") and (when := spoken_of(asked.registry, c))]
    return bool(
        start and start.earliest > date.min and shown and all(as_of(when) < start.earliest for when in shown)
    )


def _of_duties(asked: Asked, role: Role, who: str, found: Appointment) -> Iterator[Event]:
    """Yield the named duties that somebody took on and gave up."""
    body = asked.body_name(role.body)
    for duty in found.designations:
        as_ = duty.as_.replace("-", " ")
        sources = duty.sources or found.sources
        if duty.from_ and known(duty.from_):
            yield Event(
                duty.from_,
                "designated",
                role.ref,
                f"{who} named {as_} of {body}",
                sources,
                duty.confidence,
                what=f"{found.person} {duty.as_}",
                said=Said(who, "was named", f" {as_} of {body}"),
                after=as_,
                source=duty.source.at("from"),
            )
        if duty.to and known(duty.to) and not until_end(found.to, duty.to):
            yield Event(
                duty.to,
                "designation-ended",
                role.ref,
                f"Last day of {who} as {as_} of {body}",
                sources,
                duty.confidence,
                what=f"{found.person} {duty.as_}",
                said=Said(who, "ceased", f" to be {as_} of {body}"),
                before=as_,
                ends=True,
                source=duty.source.at("to"),
            )


def _of_decisions(asked: Asked, role: Role, title: str, who: str, found: Appointment) -> Iterator[Event]:
    """Yield the dated acts by which somebody was appointed, kept on or ended."""
    for decision in found.decisions:
        if not decision.on or not known(decision.on):
            continue
        whose = f"The appointment of {who} as {title},"
        by = f", decided by {listed([asked.party_name(by) for by in decision.by])}" if decision.by else ""
        reference = f" ({decision.reference})" if decision.reference else ""
        subject, rest = (whose, "") if decision.what in ("extended", "ended") else (who, f" as {title}")
        said = Said(subject, f"was {decision.what}", f"{rest}{by}{reference}")
        yield Event(
            decision.on,
            "decided",
            role.ref,
            said.past,
            decision.sources or found.sources,
            decision.confidence,
            what=f"{found.person} {decision.what}",
            said=said,
            source=decision.source.at("on"),
        )
