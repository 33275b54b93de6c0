"""What lies ahead in the record of some bodies: each thing a row, with its day and whether that is past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from kmics_cli.dates import Date, in_words
from kmics_cli.model import Appointment, Body, Citation, Document, Duty, Milestone, Requirements, Role
from kmics_cli.query import Answered, Asked
from kmics_cli.query.applying import applying
from kmics_cli.query.holders import Holder, Seat, turn_due
from kmics_cli.query.parts import text
from kmics_cli.query.says import said_when, term_end
from kmics_cli.reports.departure import Ending
from kmics_cli.reports.frame import sitting

KINDS = (
    "term-ends",
    "leaves",
    "interim-ends",
    "turn",
    "starts",
    "review",
    "deadline",
    "milestone",
    "meeting",
    "requirement",
    "law",
    "planned",
)
"""What a forward look tells, in the order of the paper."""

_STAND_IN = ("interim", "acting")
_OPEN = (None, "planned")


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is looked ahead over: the record on the first day, the last day, the bodies, and whether these are all."""

    asked: Asked
    last: date
    bodies: list[Body]
    everything: bool
    all_starts: bool  # also those that were not known on the first day

    @property
    def day(self) -> date:
        """The first day."""
        return self.asked.span.first

    def due(self, when: Date | None) -> bool:
        """Return whether a date lies in the time, or has passed."""
        return (
            when is not None and when.earliest > date.min and when.earliest <= self.last and when.latest < date.max
        )

    def coming(self, when: Date | None) -> bool:
        """Return whether a date lies in the time, perhaps."""
        return (
            when is not None and when.earliest > date.min and when.earliest <= self.last and when.latest >= self.day
        )

    def row(
        self,
        kind: str,
        when: Date | None,
        what: str,
        *,
        id: str,
        body: str | None = None,
        sources: Iterable[Citation] = (),
        confidence: str | None = None,
        note: str | None = None,
        **more: object,
    ) -> Answered:
        """Return a row."""
        known = when is not None and when.bounded
        return {
            "kind": kind,
            "over": bool(when and when.latest < self.day),
            "date": text(when),
            "earliest": when.earliest.isoformat() if when and known else None,
            "latest": when.latest.isoformat() if when and known else None,
            "what": what,
            "id": id,
            "body": body,
            "body_name": self.asked.body_name(body) if body else None,
            **dict.fromkeys(("role", "title", "person", "name", "terms", "further", "says")),
            "recorded_since": None,
            "also_holds": [],
            "next": [],
            "follows": [],
            "confidence": confidence or "stated",
            "note": note,
            "sources": self.asked.sources(sources),
            **more,
        }


def endings(ahead: Ahead) -> Iterator[tuple[Answered, Ending, Date]]:
    """Yield the terms and times of office that end in the time or ran out, each with its appointment and its end.

    A seat that goes with a post is told at the post. A term that ran out is not told where the seat is full by now.
    """
    inside = {body.id for body in ahead.bodies}
    told: set[Ending] = set()
    for body in ahead.bodies:
        for role in body.roles.values():
            seat = ahead.asked.holders.seat(role)
            if seat.existence != "in-being":
                continue
            full = seat.seats is not None and len(sitting(seat)) + len(seat.vacancies) >= seat.seats
            for holder in seat.holders:
                found = holder.appointment
                end = found.to or term_end(found)
                if end is None or not end.bounded or not ahead.due(end):
                    continue
                if end.latest < ahead.day and (full or found.to):
                    continue
                home = _home(ahead, holder)
                if home is None or (holder.via and home.body in inside):
                    continue
                index = next(n for n, one in enumerate(home.appointments) if one is found)
                if (home.ref, index) in told:
                    continue
                told.add((home.ref, index))
                row = _ending(ahead, seat, home, found, end)
                row["says"] = holder.says if not holder.fresh and not row["over"] else None
                row["via"] = holder.via
                last = holder.carried.last
                if row["over"] and last and end.latest < last.earliest and last.latest <= ahead.day:
                    row["recorded_since"] = f"still named {said_when(last)}"
                yield row, (home.ref, index), end


def _home(ahead: Ahead, holder: Holder) -> Role | None:
    """Return the role of the appointment by which somebody holds a seat: the seat, or the post that carries it."""
    role, via = holder.role, holder.via
    while via is not None:
        post = ahead.asked.holders.role(via)
        if post is None:
            return None
        if any(one is holder.appointment for one in post.appointments):
            return post
        there = ahead.asked.holders.seat(post).holders
        via = next((one.via for one in there if one.appointment is holder.appointment), None)
    return role if any(one is holder.appointment for one in role.appointments) else None


def _ending(ahead: Ahead, seat: Seat, home: Role, found: Appointment, end: Date) -> Answered:
    kind = "interim-ends" if found.capacity in _STAND_IN else "leaves" if found.to else "term-ends"
    name = ahead.asked.holders.called(found.person)
    where = f"{seat.role.title}, {ahead.asked.body_name(seat.role.body)}"
    ends = "ended" if end.latest < ahead.day else "ends"
    how = {
        "interim-ends": f"time of {name} as {'acting ' if found.capacity == 'acting' else 'interim '}{where} {ends}",
        "leaves": f"{name} leaves as {where}",
        "term-ends": f"term of office of {name} as {where} {ends}",
    }[kind]
    served = sum(len(one.terms) for one in home.appointments if one.person == found.person and _before(one, found))
    return ahead.row(
        kind,
        end,
        how[:1].upper() + how[1:],
        id=home.ref,
        body=seat.role.body,
        sources=[*found.sources, *(source for term in found.terms[-1:] for source in term.sources)],
        confidence=found.confidence,
        note=found.terms[-1].note if found.terms and not found.to else found.note,
        role=seat.role.ref,
        title=seat.role.title,
        person=None if name == "Not named" else found.person,
        name=name,
        capacity=found.capacity,
        since=text(found.from_),
        terms=served if kind == "term-ends" else None,
        further=further(home, served) if kind == "term-ends" else None,
    )


def _before(one: Appointment, other: Appointment) -> bool:
    start, end = (a.from_.earliest if a.from_ else date.min for a in (one, other))
    return start <= end


def further(role: Role, served: int) -> str:
    """Return whether another term may follow, by the rule of the role and the terms recorded."""
    rule = role.term
    recorded = f"{served} {'term' if served == 1 else 'terms'} recorded"
    if rule is None or rule.none or rule.most is None:
        return f"Not recorded ({recorded})"
    left = rule.most - served
    if left <= 0:
        return f"No further term: {recorded}, at most {rule.most} allowed"
    times = {1: "once more", 2: "twice more"}.get(left, f"{left} times more")
    return f"May be reappointed {times} ({recorded}, of at most {rule.most})"


def turns(ahead: Ahead) -> Iterator[Answered]:
    """Yield the turns of rotations that end in the time, or are due to, or were due to change with no change recorded."""
    holders = ahead.asked.holders
    for body in ahead.bodies:
        for role in body.roles.values():
            turn = holders.turn(role) if role.turns else None
            if turn is None or holders.existence(role) != "in-being":
                continue
            every = role.rotation.every if role.rotation else None
            due = None if turn.to or turn.from_ is None else turn_due(turn.from_, every)
            when = turn.to or due
            if when is None or not when.bounded or not ahead.due(when):
                continue
            seat = f"{role.title}, {ahead.asked.body_name(body.id)}"
            what = f"Turn of {ahead.asked.party_name(turn.role)} as {seat} "
            what += "ends" if turn.to else "is due to end"
            if due and due.latest < ahead.day:
                what = f"{seat}: a change was due about {in_words(due)}; none is recorded"
            worked_out = f"Worked out from the start of the turn, since it passes every {every}." if due else None
            rotation = role.rotation.sources if due and role.rotation else ()
            yield ahead.row(
                "turn",
                when,
                what,
                id=role.ref,
                body=body.id,
                sources=[*turn.sources, *rotation],
                confidence="inferred" if due and turn.confidence != "disputed" else turn.confidence,
                note=" ".join(filter(None, (worked_out, turn.note))) or None,
                role=role.ref,
                title=role.title,
                since=text(turn.from_),
            )


def starts(ahead: Ahead) -> Iterator[Answered]:
    """Yield who is to start, and which seats are planned."""
    inside = {body.id for body in ahead.bodies}
    for body in ahead.bodies:
        for role in body.roles.values():
            seat = ahead.asked.holders.seat(role)
            if seat.existence == "planned" and role.planned and ahead.due(role.planned.for_):
                what = f"Seat planned: {role.title}, {ahead.asked.body_name(body.id)}"
                plan = role.planned
                yield ahead.row(
                    "planned", plan.for_, what, id=role.ref, body=body.id, sources=plan.sources, note=plan.note
                )
            known = {id(one.appointment): one for one in seat.next}
            coming = [one for one in role.appointments if ahead.all_starts or id(one) in known]
            for holder in seat.next:
                home = _home(ahead, holder) if holder.via else None
                if home is not None and home.body not in inside:
                    coming.append(holder.appointment)
            for one in coming:
                if ahead.coming(one.from_) and one.from_ and one.from_.earliest > ahead.day:
                    yield _start(ahead, role, one)


def _start(ahead: Ahead, role: Role, one: Appointment) -> Answered:
    name = ahead.asked.holders.called(one.person)
    return ahead.row(
        "starts",
        one.from_,
        f"{name} starts as {role.title}, {ahead.asked.body_name(role.body)}",
        id=role.ref,
        body=role.body,
        sources=one.sources,
        confidence=one.confidence,
        note=one.note,
        role=role.ref,
        title=role.title,
        person=None if name == "Not named" else one.person,
        name=name,
        capacity=one.capacity,
    )


def of_bodies(ahead: Ahead) -> Iterator[Answered]:
    """Yield the meetings, deadlines and milestones of the bodies."""
    for body in ahead.bodies:
        name = ahead.asked.body_name(body.id)
        for meeting in body.meetings.held if body.meetings else ():
            if ahead.coming(meeting.on) and meeting.on and meeting.on.bounded:
                public = {True: " in public", False: " in private"}.get(meeting.in_public, "")  # type: ignore[arg-type]
                yield ahead.row(
                    "meeting",
                    meeting.on,
                    f"{name} meets{public}",
                    id=body.id,
                    body=body.id,
                    sources=meeting.sources or (body.meetings.sources if body.meetings else ()),
                    confidence=meeting.confidence,
                    note=meeting.note,
                )
        yield from _due(ahead, "deadline", body.deadlines, body.id, body.id, name)
        yield from _due(ahead, "milestone", body.milestones, body.id, body.id, name)


def _due(
    ahead: Ahead,
    kind: str,
    some: tuple[Milestone, ...],
    id: str,
    body: str | None,
    name: str,
    of: Document | None = None,
) -> Iterator[Answered]:
    """Yield what is due or past due and has no recorded day on which it was done; what was done after the day is said.

    Of what a document has due, what is recorded of the document since then is said too.
    """
    for one in some:
        later = one.on is not None and one.on.earliest > ahead.day
        if (one.on and not later) or (one.status not in _OPEN and not later):
            continue
        when = one.by or one.on
        if ahead.due(when):
            yield ahead.row(
                kind,
                when,
                f"{one.what} ({name})",
                id=id,
                body=body,
                sources=one.sources,
                confidence=one.confidence,
                note=one.note,
                due=one.by is not None,
                done=text(one.on) if later and one.by else None,
                recorded_since=_since(ahead, of, when) if of and when and when.latest < ahead.day else None,
            )


def _since(ahead: Ahead, found: Document, due: Date) -> str | None:
    """Return what is recorded of a document since something of it was due, up to the day: approved, published, in force."""
    steps = [(one.step.replace("-", " "), one.date) for one in found.approvals]
    steps += [("published", found.published), ("in force from", found.from_), ("ended", found.to)]
    dated = sorted(((words, when) for words, when in steps if when and when.bounded), key=lambda one: one[1].latest)
    told = {  # the last of each kind
        words: when for words, when in dated if when.latest >= due.earliest and when.earliest <= ahead.day
    }
    days = {
        words: f"a day {in_words(when)}" if in_words(when).startswith("between") else in_words(when)
        for words, when in told.items()
    }
    return "; ".join(f"{words} {when}" for words, when in days.items()) or None


def of_documents(ahead: Ahead) -> Iterator[Answered]:
    """Yield the reviews that are due of documents in force, and what documents have due."""
    for found, body in _documents(ahead).values():
        yield from _due(ahead, "deadline", found.deadlines, found.id, body, found.title, found)
        yield from _due(ahead, "milestone", found.milestones, found.id, body, found.title, found)
        if found.review_due and ahead.due(found.review_due) and not _gone(ahead, found):
            yield ahead.row(
                "review",
                found.review_due,
                f"Review due: {found.title}",
                id=found.id,
                body=body,
                sources=found.sources,
                confidence=found.confidence,
                recorded_since=_since(ahead, found, found.review_due)
                if found.review_due.latest < ahead.day
                else None,
            )


def _documents(ahead: Ahead) -> dict[str, tuple[Document, str | None]]:
    """Return the documents that govern the bodies, that they own or that serve them; or all; each with its body.

    A document that governed a body once, and governs none now, is left out.
    """
    documents = ahead.asked.registry.documents
    found: dict[str, tuple[Document, str | None]] = {}
    former: set[str] = set()
    for body in ahead.bodies:
        for link in body.governed_by:
            if link.to is not None and link.to.latest < ahead.day:
                former.add(link.document)
            elif link.document in documents:
                found.setdefault(link.document, (documents[link.document], body.id))
    former -= found.keys()
    if ahead.everything:
        for document in documents.values():
            owner = document.owner.partition("/")[0] if document.owner else None
            found.setdefault(document.id, (document, owner))
        return {id: one for id, one in found.items() if id not in former}
    for body in ahead.bodies:
        for document in ahead.asked.registry.mentioning("documents", body.id):
            owner = document.owner.partition("/")[0] if document.owner else None
            if body.id in (owner, *(use.body for use in document.also_serves_as)):
                found.setdefault(document.id, (document, body.id))
    return {id: one for id, one in found.items() if id not in former}


def _gone(ahead: Ahead, found: Document) -> bool:
    """Return whether a document was reviewed since it was due, has ended, or has been replaced by the day."""
    due = found.review_due
    assert due is not None
    if found.to and found.to.latest < ahead.day:
        return True
    if any(step.date and due.earliest <= step.date.earliest <= ahead.day for step in found.approvals):
        return True
    return any(
        found.id in other.supersedes and other.from_ is not None and other.from_.latest <= ahead.day
        for other in ahead.asked.registry.mentioning("documents", found.id, "supersedes")
    )


def of_law(ahead: Ahead) -> Iterator[Answered]:
    """Yield the requirements and laws that begin, end or are proposed in the time, as far as they apply to the bodies."""
    registry = ahead.asked.registry
    if ahead.everything:
        some = {one.id: one for one in registry.requirements.values()}
    else:
        some = {one.id: one for body in ahead.bodies for _body, one in applying(registry, body.id)}
    cited: dict[str, None] = {}
    for found in some.values():
        cited.update(dict.fromkeys(source.document for source in found.sources))
        yield from _of_rule(ahead, found, found, found.name)
        for duty in found.rules.values():
            cited.update(dict.fromkeys(source.document for source in duty.sources))
            yield from _of_rule(ahead, found, duty, f"{duty.text.removesuffix('.')} ({duty.citation})")
    governing = [link.document for body in ahead.bodies for link in body.governed_by]
    names = registry.documents if ahead.everything else dict.fromkeys([*cited, *governing])
    for id in names:
        document = registry.documents.get(id)
        if document is not None:
            yield from _of_document(ahead, document)


def _of_rule(ahead: Ahead, of: Requirements, one: Requirements | Duty, what: str) -> Iterator[Answered]:
    id = of.id if one is of else f"{of.id}/{one.id}"
    status = one.status or of.status
    sources = one.sources or of.sources

    def row(when: Date | None, how: str) -> Answered:
        return ahead.row("requirement", when, f"{how}: {what}", id=id, sources=sources, note=one.note)

    if status == "proposed":
        said = one is of or (one.status == "proposed" and of.status != "proposed")
        if said and (one.from_ is None or ahead.due(one.from_)):
            yield row(
                one.from_,
                "Proposed, not in force"
                if one.from_ is None or one.from_.latest >= ahead.day
                else "Still recorded as proposed",
            )
        return
    if status != "repealed" and ahead.coming(one.from_) and one.from_ and one.from_.earliest > ahead.day:
        yield row(one.from_, "Begins")
    if ahead.coming(one.to):
        yield row(one.to, "Ends")


def _of_document(ahead: Ahead, found: Document) -> Iterator[Answered]:
    if found.standing != "instrument":
        return

    def row(when: Date | None, how: str) -> Answered:
        past = when is not None and when.latest < ahead.day
        since = _since(ahead, found, when) if past and when else None
        what = f"{how}: {found.title}"
        return ahead.row("law", when, what, id=found.id, sources=found.sources, recorded_since=since)

    if ahead.coming(found.from_) and found.from_ and found.from_.earliest > ahead.day:
        yield row(found.from_, "Comes into force")
    if ahead.coming(found.to):
        yield row(found.to, "Ceases to be in force")
    if found.from_ is None and found.planned and ahead.due(found.planned.for_):
        yield row(found.planned.for_, "Planned, not shown to be in force")


def planned(ahead: Ahead) -> tuple[list[Answered], list[str]]:
    """Return the bodies that are planned for the time, or were for an earlier day; and the names of those for no known day."""
    asked = ahead.asked
    some: dict[str, Body] = {}
    if ahead.everything:
        some = {body.id: body for body in asked.registry.bodies.values()}
    else:
        for body in ahead.bodies:
            some.update({child.id: child for child, _link in asked.lives.children(body.id)})
    rows, undated = [], []
    for body in some.values():
        if body.planned is None or asked.lives.status(body, asked.span)[0] != "planned":
            continue
        when = body.planned.for_
        if when is None or not when.bounded:
            undated.append(asked.body_name(body.id))
        elif ahead.due(when):
            what = f"{asked.body_name(body.id)} is planned for {in_words(when)}"
            rows.append(
                ahead.row(
                    "planned",
                    when,
                    what,
                    id=body.id,
                    body=body.id,
                    sources=body.planned.sources,
                    note=body.planned.note,
                )
            )
    return rows, undated
