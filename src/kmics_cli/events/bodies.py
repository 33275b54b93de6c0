"""The events of bodies: set up, closed, renamed, moved, joined by others, governed anew; their meetings and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kmics_cli.dates import Date, in_words, on
from kmics_cli.events.seats import of_role
from kmics_cli.events.told import NEVER, Event, Said, adjoin, first_word, known, listed, meant_for, turnover
from kmics_cli.events.told import planned as intended
from kmics_cli.model import Body, Governing, Member, Milestone, Name, Parent, Quorum, Succession
from kmics_cli.query import Asked
from kmics_cli.query.find import name_on
from kmics_cli.query.lives import ENDS_PREDECESSOR, Life

_STEPS = {
    "merger": "{old} merged into {new}",
    "replacement": "{old} replaced by {new}",
    "absorption": "{old} taken into {new}",
    "split": "{new} split off from {old}",
    "evolution": "{old} carried on as {new}",
    "transfer": "Functions passed from {old} to {new}",
}
_BORN = {
    "merger": " by the merger of ",
    "replacement": " in place of ",
    "absorption": ", taking in ",
    "split": ", split off from ",
    "evolution": ", carrying on from ",
}
_TOOK = {
    "merger": ("took in", " {old} by merger"),
    "replacement": ("replaced", " {old}"),
    "absorption": ("took in", " {old}"),
    "split": ("split off", " from {old}"),
    "evolution": ("carried on", " from {old}"),
    "transfer": ("took over", " functions from {old}"),
}
_THE_ONLY = ("board-of", "governing-body-of", "executive-of", "neighbourhoods-of")
_AS = {"supporter": "a supporter", "represented": "represented", None: "a member", "member": "a member"}


def of_body(asked: Asked, body: Body) -> Iterator[Event]:
    """Yield the events of a body and of its roles."""
    life = asked.lives.life(body.id)
    name = asked.body_name(body.id)
    for event in _of_body(asked, body, life):
        several = body.class_ and event.said.subject == name
        yield replace(event, title=name, said=replace(event.said, several=several))
    for role in body.roles.values():
        yield from of_role(asked, role)


def _of_body(asked: Asked, body: Body, life: Life) -> Iterator[Event]:
    yield from _beginning(asked, body, life)
    if life.end:
        yield _end(asked, body, life, life.end)
    yield from _names(asked, body, life)
    yield from _parents(asked, body, life)
    yield from _members(asked, body, life)
    name = asked.body_name(body.id)
    yield from due(name, body.id, "body", body.deadlines, "deadline")
    yield from due(name, body.id, "body", body.milestones, "milestone")
    yield from _meetings(body, name)
    yield from _governing(asked, body, life)
    yield from _quorums(asked, body, life)


def _beginning(asked: Asked, body: Body, life: Life) -> Iterator[Event]:
    """Yield when a body was planned, was set up or is first named, and what came before it."""
    name = asked.body_name(body.id)
    steps = [step for step in body.succeeds if step.date]
    if body.planned:
        planned = body.planned
        yield Event(
            planned.from_ or first_word(asked, planned.sources),
            "planned",
            body.id,
            f"{body.name}: planned{meant_for(planned)}",
            planned.sources,
            planned.confidence,
            said=intended(name, planned),
            seen=not planned.from_,
            source=planned.source.at("from"),
        )
    born = next((step for step in steps if step.date == life.start and step.kind != "transfer"), None)
    if life.start and known(life.start) and not born:
        yield Event(
            life.start,
            "set-up",
            body.id,
            f"{body.name} set up",
            body.sources,
            body.confidence,
            said=Said(name, "was set up"),
            after=name,
            source=body.source.at("from"),
        )
    if life.start and not known(life.start):
        yield Event(
            first_word(asked, body.sources),
            "named",
            body.id,
            f"{body.name}: first named; start not recorded",
            body.sources,
            body.confidence,
            said=Said(name, "was first named", "; start not recorded"),
            seen=True,
            source=body.source.at("from"),
        )
    for step in steps:
        yield _step(asked, body, step, life, step is born)


def _step(asked: Asked, body: Body, step: Succession, life: Life, born: bool) -> Event:
    old, new = listed([asked.body_name(id) for id in step.of]), asked.body_name(body.id)
    if born:
        said = Said(new, "was set up", f"{_BORN[step.kind]}{old}")
    else:
        verb, rest = _TOOK[step.kind]
        said = Said(new, verb, rest.format(old=old))
    return Event(
        step.date or life.start or NEVER,
        "succession",
        body.id,
        _STEPS[step.kind].format(new=body.name, old=old),
        step.sources,
        step.confidence,
        what=f"{step.kind} of {' '.join(step.of)}",
        said=said,
        before=old,
        after=new,
        touches=step.of,
        source=step.source.at("date"),
    )


def _end(asked: Asked, body: Body, life: Life, end: Date) -> Event:
    """Return the end of a body; those who sat there without an end of their own went with it, by no event of theirs."""
    later = [(after.id, step) for after, step in asked.lives.successors(body.id) if step.kind in ENDS_PREDECESSOR]
    why = ""
    if life.implied:
        after = asked.body_name(life.implied)
        why = f" ({after} follows)" if life.implied in [id for id, _ in later] else f" (with {after})"
    next_ = dict.fromkeys(id for id, step in later if id == life.implied or adjoin(end, step.date))
    follows = f" with {asked.body_name(life.implied)}" if life.implied and life.implied not in next_ else ""
    if next_:
        several = len(next_) > 1 or any(asked.registry.bodies[id].class_ for id in next_)
        follows += f"; {listed([asked.body_name(id) for id in next_])} {'follow' if several else 'follows'}"
    left = sum(
        appointment.to is None and not (appointment.from_ and appointment.from_.earliest > end.latest)
        for role in body.roles.values()
        for appointment in role.appointments
    )
    if left:
        one = "1 appointment" if left == 1 else f"{left} appointments"
        follows += f"; {one} recorded without an end went with it"
    return Event(
        end,
        "ended",
        body.id,
        f"{body.name}: end{why}",
        body.sources,
        body.confidence,
        said=Said(asked.body_name(body.id), "closed", follows),
        before=asked.body_name(body.id),
        ends=True,
        touches=tuple(dict.fromkeys([*([life.implied] if life.implied else []), *next_])),
        source=body.source.at("to"),
    )


def _names(asked: Asked, body: Body, life: Life) -> Iterator[Event]:
    """Yield each new official name once: where the one before it ended, or else where it began."""
    dated = [name for name in body.names if name.use in ("former", "official")]

    def rank(old: Name, new: Name) -> int | None:
        return 0 if adjoin(old.to, new.from_) else None

    for old, new in turnover(dated, life.start, life.end, rank):
        if old is None and new is not None and new.from_:
            yield Event(
                new.from_,
                "renamed",
                body.id,
                f"{body.name} takes the name {new.name}",
                new.sources or body.sources,
                new.confidence,
                what=f"to {new.name}",
                said=Said(asked.body_name(body.id), "took", f" the name {new.name}"),
                after=new.name,
                source=new.source.at("from"),
            )
        elif old is not None and old.to:
            later = name_on(body, on(last)) if (last := _after(old.to)) else body.name
            yield Event(
                old.to,
                "renamed",
                body.id,
                f"The name {old.name} last used",
                old.sources,
                old.confidence,
                what=f"from {old.name}",
                said=Said(later, "was renamed", f"; until then called {old.name}"),
                before=old.name,
                after=later,
                ends=True,
                source=old.source.at("to"),
            )


def _after(end: Date) -> date | None:
    return None if end.latest >= date.max else date.fromordinal(end.latest.toordinal() + 1)


def _relation(asked: Asked, link: Parent) -> str:
    """Return what a body is to a parent: "a committee of Alpha", "the board of Alpha", "part of Alpha"."""
    what = link.relation.removesuffix("-of").replace("-", " ").replace("sub ", "sub-")
    article = "the " if link.relation in _THE_ONLY else "" if link.relation == "part-of" else "a "
    return f"{article}{what} of {asked.body_name(link.body)}"


def _parents(asked: Asked, body: Body, life: Life) -> Iterator[Event]:
    """Yield where a body moved: a link that ends and one that begins the day after are one move."""

    def rank(old: Parent, new: Parent) -> int | None:
        if not adjoin(old.to, new.from_):
            return None
        return 0 if old.body == new.body else 1 if old.relation == new.relation else 2

    name = asked.body_name(body.id)
    for old, new in turnover(body.part_of, life.start, life.end, rank):
        before, after = _relation(asked, old) if old else None, _relation(asked, new) if new else None
        if old and new and (old.body, old.relation) == (new.body, new.relation):
            continue
        if old and new:
            same = old.body == new.body
            event = "relation" if same else "moved"
            said = Said(name, "became", f" {after}; until then {before}")
            if not same:
                said = Said(name, "moved", f" from {asked.body_name(old.body)} to {asked.body_name(new.body)}")
                if old.relation != new.relation:
                    said = replace(said, rest=f"{said.rest}, as {after}; until then {before}")
        else:
            event = "parent-gained" if new else "parent-lost"
            said = Said(name, "became", f" {after}") if new else Said(name, "ceased", f" to be {before}")
        part = new or old
        when = (new.from_ if new else old.to if old else None) or NEVER
        assert part is not None
        yield Event(
            when,
            event,
            body.id,
            said.past,
            part.sources or body.sources,
            part.confidence,
            what=" to ".join(f"{link.relation} {link.body}" for link in (old, new) if link),
            said=said,
            before=before,
            after=after,
            ends=new is None,
            touches=tuple(link.body for link in (old, new) if link),
            source=part.source.at("from" if new else "to"),
        )


def _members(asked: Asked, body: Body, life: Life) -> Iterator[Event]:
    """Yield the bodies that joined or left a body, or took another standing there."""

    def rank(old: Member, new: Member) -> int | None:
        same = (old.body, old.as_printed) == (new.body, new.as_printed)
        return 0 if same and adjoin(old.to, new.from_) else None

    name = asked.body_name(body.id)
    for old, new in turnover(body.members, life.start, life.end, rank):
        part = new or old
        assert part is not None
        who = asked.body_name(part.body) if part.body else part.as_printed or ""
        before, after = (_AS[old.as_] if old else None), (_AS[new.as_] if new else None)
        if before == after:
            continue
        if old and new:
            event, said = "member-changed", Said(who, "became", f" {after} of {name}; until then {before}")
        elif new:
            event, said = "member-joined", Said(who, "joined", f" {name}, as {after}")
        else:
            event, said = "member-left", Said(who, "left", f" {name}, where it was {before}")
        yield Event(
            (new.from_ if new else old.to if old else None) or NEVER,
            event,
            body.id,
            said.past,
            part.sources or body.sources,
            part.confidence,
            what=part.body or part.as_printed or "",
            said=said,
            before=before,
            after=after,
            ends=new is None,
            touches=(part.body,) if part.body else part.could_be,
            source=part.source.at("from" if new else "to"),
        )


def _meetings(body: Body, name: str) -> Iterator[Event]:
    if body.meetings and body.meetings.inaugural:
        yield Event(
            body.meetings.inaugural,
            "meeting",
            body.id,
            f"First meeting of {body.name}",
            body.meetings.sources,
            group="meetings",
            what="first",
            said=Said(name, "met", " for the first time"),
            source=body.meetings.source.at("inaugural"),
        )
    for meeting in body.meetings.held if body.meetings else ():
        if meeting.on:
            public = {True: " in public", False: " in private", None: ""}[meeting.in_public]
            stated = meeting.note if not meeting.confidence else None  # else the note says from what it is inferred
            note = f": {stated.rstrip('.')}" if stated else ""
            yield Event(
                meeting.on,
                "meeting",
                body.id,
                f"Meeting of {body.name}{'. ' + meeting.note if meeting.note else ''}",
                meeting.sources,
                meeting.confidence,
                group="meetings",
                said=Said(name, "met", f"{public}{note}"),
                source=meeting.source.at("on"),
            )


def _governing(asked: Asked, body: Body, life: Life) -> Iterator[Event]:
    """Yield what came to govern a body: a new version in place of an old one is one change."""
    documents = asked.registry.documents

    def called(rule: Governing) -> str:
        document = documents.get(rule.document)
        version = f", version {document.version}" if document and document.version else ""
        return f"{document.title}{version}" if document else rule.document

    def rank(old: Governing, new: Governing) -> int | None:
        one, other = documents.get(old.document), documents.get(new.document)
        if other and old.document in other.supersedes and (adjoin(old.to, new.from_) or old.to is None):
            return 0
        same = old.document == new.document or (one and other and one.kind == other.kind)
        return 1 if same and adjoin(old.to, new.from_) else None

    name = asked.body_name(body.id)
    for old, new in turnover(body.governed_by, None, life.end, rank):
        before, after = called(old) if old else None, called(new) if new else None
        if old and new and old.document == new.document:
            continue
        part = new or old
        assert part is not None
        if new:
            instead = f", in place of {before}" if before else ""
            text = f"{_title(asked, new)} governs {body.name}"
            said = Said(name, "came", f" under {after}{instead}")
        else:
            said = Said(name, "ceased", f" to be governed by {before}")
            text = said.past
        yield Event(
            (new.from_ if new else part.to) or NEVER,
            "governed" if new else "governed-ended",
            body.id,
            text,
            part.sources,
            part.confidence,
            what=" to ".join(rule.document for rule in (old, new) if rule),
            said=said,
            before=before,
            after=after,
            ends=new is None,
            source=part.source.at("from" if new else "to"),
        )


def _title(asked: Asked, rule: Governing) -> str:
    document = asked.registry.documents.get(rule.document)
    return document.title if document else rule.document


def _present(quorum: Quorum) -> str:
    """Return a quorum in words."""
    of = {"seats": " of the seats", "members-in-post": " of the members in post"}.get(quorum.counting or "", "")
    among = [
        " or ".join(one).replace("-", " ") if isinstance(one, tuple) else one.replace("-", " ")
        for one in quorum.including
    ]
    deputies = {True: ", deputies count", False: ", deputies do not count", None: ""}[quorum.deputies_count]
    return f"at least {quorum.at_least}{of}{f', including {listed(among)}' if among else ''}{deputies}"


def _quorums(asked: Asked, body: Body, life: Life) -> Iterator[Event]:
    """Yield each new quorum, with the one before; one without an end is replaced by the next to begin."""

    def rank(old: Quorum, new: Quorum) -> int | None:
        if old.to is not None or not new.from_:
            return 0 if adjoin(old.to, new.from_) else None
        start = old.from_.earliest if old.from_ else date.min
        gap = (new.from_.earliest - start).days
        return 1 + gap if gap > 0 else None

    name = asked.body_name(body.id)
    for old, new in turnover(body.quorum, None, life.end, rank):
        before, after = _present(old) if old else None, _present(new) if new else None
        if before == after:
            continue
        part = new or old
        assert part is not None
        if new:
            was = f"; until then {before}" if before else ""
            said, text = (
                Said(f"The quorum of {name}", "became", f" {after}{was}"),
                f"Quorum of {body.name}: {new.at_least}",
            )
        else:
            said = Said(f"The quorum of {name}", "ceased", f" to be {before}")
            text = said.past
        yield Event(
            (new.from_ if new else part.to) or NEVER,
            "quorum" if new else "quorum-ended",
            body.id,
            text,
            part.sources,
            part.confidence,
            said=said,
            before=before,
            after=after,
            ends=new is None,
            source=part.source.at("from" if new else "to"),
        )


def due(name: str, id: str, kind: str, some: tuple[Milestone, ...], sort: str) -> Iterator[Event]:
    """Yield the deadlines or milestones of a body or a document: done on a day, or due by one."""
    for found in some:
        when = found.on or found.by
        if not when:
            continue
        if found.on:
            said = Said(name, "reached", f" a milestone: {found.what}")
            if sort == "deadline":
                by = f" by {in_words(found.by)}" if known(found.by) else ""
                said = Said(name, "did", f" what was due{by}: {found.what}")
            text = found.what
        else:
            status = f"; {found.status}" if found.status else ""
            said = Said(f"{found.what} ({name})", "fell", f" due{status}")
            text = f"{found.what} (due{status})"
        yield Event(
            when,
            sort,
            id,
            text,
            found.sources,
            found.confidence,
            kind=kind,
            group="deadlines",
            title=name,
            what=found.what,
            said=said,
            source=found.source.at("on" if found.on else "by"),
        )
