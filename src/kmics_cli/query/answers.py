"""Questions in, plain dicts out: the JSON contract of every reading command, written down.

Dates stand as in the files, ids as they are; nothing is laid out here. Every question takes its day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kmics_cli.dates import Answer, Date, Span, lasts
from kmics_cli.model import (
    Appointment,
    Body,
    Citation,
    Disagreement,
    Document,
    Figure,
    Item,
    Milestone,
    Part,
    Person,
    Priorities,
    Registry,
    Requirements,
    Role,
    SubItem,
    Succession,
)
from kmics_cli.problems import UserError
from kmics_cli.query.evidence import carried, spoken_of
from kmics_cli.query.find import name_on
from kmics_cli.query.holders import NOT_NAMED, Holder, Holders, Seat, term_end
from kmics_cli.query.lives import Lives, evidence_of

Answered = dict[str, Any]


def text(when: Date | None) -> str | None:
    """Return a date as the files write it."""
    return when.text if when else None


class Asked:
    """A registry asked about a day (or days): makes the parts of the answers."""

    def __init__(self, registry: Registry, span: Span) -> None:
        self.registry = registry
        self.span = span
        self.lives = Lives(registry)
        self.holders = Holders(registry, self.lives, span)

    # what answers are made of

    def source(self, citation: Citation) -> Answered:
        """Return one citation."""
        document = self.registry.documents.get(citation.document)
        found: Answered = {
            "document": citation.document,
            "title": document.title if document else None,
            "at": citation.at,
            "speaks_of": text(spoken_of(self.registry, citation)),
        }
        if citation.shows:
            found["shows"] = citation.shows
        if citation.as_at:
            found["as_at"] = citation.as_at.text
        if citation.quote:
            found["quote"] = citation.quote
        return found

    def sources(self, citations: Iterable[Citation]) -> list[Answered]:
        """Return citations, each once."""
        return [self.source(citation) for citation in dict.fromkeys(citations)]

    def body_name(self, id: str) -> str:
        """Return what a body was called in the days asked about; its id if it is not recorded."""
        body = self.registry.bodies.get(id)
        return name_on(body, self.span) if body else id

    def party_name(self, ref: str) -> str:
        """Return what a body or a role is called."""
        role = self.holders.role(ref) if "/" in ref else None
        return f"{role.title}, {self.body_name(role.body)}" if role else self.body_name(ref)

    def _evidenced(self, part: Any) -> Answered:
        found: Answered = {"sources": self.sources(part.sources)}
        if part.confidence:
            found["confidence"] = part.confidence
        if part.note:
            found["note"] = part.note
        return found

    def _dated(self, part: Any) -> Answered:
        return {"from": text(part.from_), "to": text(part.to), **self._evidenced(part)}

    def holder(self, holder: Holder) -> Answered:
        """Return a holder (HOLDER of the contract)."""
        appointment = holder.appointment
        found: Answered = {
            "person": holder.person,
            "name": holder.name,
            "via": holder.via,
            "capacity": appointment.capacity,
            "from": text(appointment.from_),
            "to": text(appointment.to),
            "term_ends": text(holder.term_ends),
            "certainty": str(holder.answer),
            "standing": holder.standing,
            "confidence": holder.confidence,
            "stale": holder.carried.stale,
            "last_evidence": text(holder.carried.last),
            "says": holder.says,
            "note": holder.note,
            "sources": self.sources(holder.sources),
        }
        if appointment.covering:
            found["covering"] = appointment.covering
        if appointment.on_behalf_of:
            found["on_behalf_of"] = appointment.on_behalf_of
        if appointment.eligible_as:
            found["eligible_as"] = list(appointment.eligible_as)
        designations = [d.as_ for d in appointment.designations if lasts(d.from_, d.to, self.span) is not Answer.NO]
        if designations:
            found["designations"] = designations
        return found

    def role(self, seat: Seat) -> Answered:
        """Return a role on the day (ROLE of the contract)."""
        role = seat.role
        return {
            "id": role.ref,
            "title": role.title,
            "body": role.body,
            "member_type": role.member_type,
            "voting": role.voting,
            "existence": seat.existence,
            "state": seat.state,
            "seats": seat.seats if not role.per_member else None,
            "per_member": role.per_member,
            "holders": [self.holder(holder) for holder in seat.holders],
            "vacancies": [
                {
                    "from": text(v.from_),
                    "to": text(v.to),
                    "reason": v.reason,
                    "cover": v.cover,
                    **self._evidenced(v),
                }
                for v in seat.vacancies
            ],
            "not_recorded": seat.not_recorded,
            "next": [self.holder(holder) for holder in seat.next],
            "no_substantive_since": text(seat.no_substantive_since),
            "basis": role.basis,
            "focus": list(role.focus),
            "remit": role.remit,
            "term": self._term(role),
            "nominated_by": self._acts(role.nominated_by),
            "appointed_by": self._acts(role.appointed_by),
            "approved_by": self._acts(role.approved_by),
            "drawn_from": role.drawn_from,
            "notes": list(seat.notes),
            "note": role.note,
            "confidence": role.confidence or "stated",
            "planned": self._planned(role.planned),
            "sources": self.sources(role.sources or self.registry.bodies[role.body].sources),
        }

    @staticmethod
    def _term(role: Role) -> Any:
        if role.term is None:
            return None
        return "none" if role.term.none else {"years": role.term.years, "most": role.term.most}

    def _acts(self, acts: Iterable[Any]) -> list[str]:
        current = [act for act in acts if lasts(act.from_, act.to, self.span) is not Answer.NO]
        return [by for act in current for by in act.by]

    def _planned(self, planned: Any) -> Answered | None:
        return (
            {"from": text(planned.from_), "for": text(planned.for_), **self._evidenced(planned)}
            if planned
            else None
        )

    def _step(self, step: Succession, ids: Iterable[str]) -> list[Answered]:
        return [
            {
                "id": id,
                "name": self.body_name(id),
                "kind": step.kind,
                "date": text(step.date),
                **self._evidenced(step),
            }
            for id in ids
        ]

    def milestone(self, milestone: Milestone) -> Answered:
        """Return a milestone or deadline."""
        return {
            "what": milestone.what,
            "by": text(milestone.by),
            "on": text(milestone.on),
            "set_by": milestone.set_by,
            "status": milestone.status,
            **self._evidenced(milestone),
        }

    def figure(self, figure: Figure) -> Answered:
        """Return a figure."""
        return {
            "about": figure.about,
            "value": figure.value,
            "low": figure.low,
            "high": figure.high,
            "words": figure.words,
            "unit": figure.unit,
            "qualifier": figure.qualifier,
            "planned": bool(figure.planned),
            "as_at": text(figure.as_at),
            **self._evidenced(figure),
        }

    def disagreement(self, disagreement: Disagreement) -> Answered:
        """Return a disagreement with its claims."""
        return {
            "about": disagreement.about,
            "affects": list(disagreement.affects),
            "claims": [
                {"says": c.says, "preferred": c.preferred, "note": c.note, "sources": self.sources(c.sources)}
                for c in disagreement.claims
            ],
            "why": disagreement.why,
            "noted": text(disagreement.noted),
            "settled": text(disagreement.settled),
        }

    # whole things

    def show(self, kind: str, id: str) -> Answered:
        """Return one thing, whole: `kind` is bodies, roles, people, priorities, documents or requirements."""
        makers: dict[str, Callable[[str], Answered]] = {
            "bodies": self.show_body,
            "roles": self.show_role,
            "people": self.show_person,
            "priorities": self.show_priorities,
            "documents": self.show_document,
            "requirements": self.show_requirements,
        }
        return makers[kind](id)

    def show_body(self, id: str) -> Answered:
        """Return a body: its period, names, parents, predecessors, members, and its roles on the day."""
        body = self.registry.bodies[id]
        return {
            "body": self.body(body),
            "roles": [self.role(self.holders.seat(role)) for role in body.roles.values()],
        }

    def body(self, body: Body) -> Answered:
        """Return what is recorded of a body, but for its roles."""
        life = self.lives.life(body.id)
        status, sure = self.lives.status(body, self.span)
        there = status == "in-being"
        unconfirmed = self.lives.unconfirmed(body, self.span) if status == "in-being" else None
        recorded = body.recorded
        return {
            "id": body.id,
            "name": name_on(body, self.span),
            "present_name": body.name,
            "kind": body.kind,
            "kind_name": self.registry.settings.kinds.get(body.kind, body.kind),
            "level": body.level,
            "legal_form": body.legal_form,
            "class": body.class_,
            "one_of": body.one_of,
            "instances": self._instances(body.id),
            "status": status,
            "certainty": str(sure),
            "not_confirmed_since": text(unconfirmed),
            "from": text(life.start),
            "to": text(life.end),
            "end_implied_by": life.implied,
            "planned": self._planned(body.planned),
            "names": [{"name": n.name, "use": n.use, **self._dated(n)} for n in body.names],
            "identifiers": [{"scheme": i.scheme, "code": i.code, **self._dated(i)} for i in body.identifiers],
            "part_of": [
                {"body": p.body, "name": self.body_name(p.body), "relation": p.relation, **self._dated(p)}
                for p in body.part_of
                if lasts(p.from_, p.to, self.span) is not Answer.NO
            ],
            "parts": [
                {"body": child.id, "name": name_on(child, self.span), "relation": link.relation}
                for child, link in self.lives.children(body.id)
                if self._there(child) and lasts(link.from_, link.to, self.span) is not Answer.NO
            ],
            "members": [
                self._member(m) for m in body.members if there and lasts(m.from_, m.to, self.span) is not Answer.NO
            ],
            "predecessors": [entry for step in body.succeeds for entry in self._step(step, step.of)],
            "successors": [
                e for later, step in self.lives.successors(body.id) for e in self._step(step, [later.id])
            ],
            "area": body.area,
            "basis": body.basis,
            "remit": list(body.remit),
            "recorded": {
                "roles": (recorded and recorded.roles) or "partial",
                "members": (recorded and recorded.members) or "partial",
                "committees": (recorded and recorded.committees) or "partial",
                "as_at": text(recorded.as_at) if recorded else None,
                "sources": self.sources(recorded.sources) if recorded else [],
            },
            "governed_by": [
                {"document": g.document, "title": self._title(g.document), **self._dated(g)}
                for g in body.governed_by
                if lasts(g.from_, g.to, self.span) is not Answer.NO
            ],
            "quorum": next(
                (
                    {
                        "at_least": q.at_least,
                        "counting": q.counting,
                        "including": [list(i) if isinstance(i, tuple) else i for i in q.including],
                        "deputies_count": q.deputies_count,
                        "without_chair": q.without_chair,
                        **self._dated(q),
                    }
                    for q in body.quorum
                    if lasts(q.from_, q.to, self.span) is not Answer.NO
                ),
                None,
            ),
            "meetings": self._meetings(body),
            "deadlines": [self.milestone(m) for m in body.deadlines],
            "milestones": [self.milestone(m) for m in body.milestones],
            "figures": [self.figure(f) for f in body.figures],
            "asked_for": [
                {"what": a.what, "by": a.by, "on": text(a.on), **self._evidenced(a)} for a in body.asked_for
            ],
            "disagreements": [self.disagreement(d) for d in body.disagreements],
            "corrections": [
                {
                    "made": text(c.made),
                    "about": c.about,
                    "said": c.said,
                    "says": c.says,
                    "why": c.why,
                    "sources": self.sources(c.sources),
                }
                for c in body.corrections
            ],
            "confidence": body.confidence or "stated",
            "note": body.note,
            "sources": self.sources(body.sources),
        }

    def _there(self, body: Body) -> bool:
        return self.lives.status(body, self.span)[0] in ("in-being", "planned")

    def _instances(self, id: str) -> list[Answered]:
        same = [body for body in self.registry.bodies.values() if body.one_of == id]
        return [{"body": body.id, "name": name_on(body, self.span)} for body in same]

    def _title(self, id: str) -> str:
        document = self.registry.documents.get(id)
        return document.title if document else id

    def _member(self, member: Any) -> Answered:
        found: Answered = {
            "body": member.body,
            "name": self.body_name(member.body) if member.body else member.as_printed,
            "as": member.as_ or "member",
            **self._dated(member),
        }
        if member.could_be:
            found["could_be"] = [{"body": id, "name": self.body_name(id)} for id in member.could_be]
        return found

    def _meetings(self, body: Body) -> Answered | None:
        meetings = body.meetings
        if meetings is None:
            return None
        return {
            "inaugural": text(meetings.inaugural),
            "every": meetings.every,
            "in_public": meetings.in_public,
            "by_video": meetings.by_video,
            "held": [
                {
                    "on": text(m.on),
                    "in_public": m.in_public,
                    "papers": m.papers,
                    "minutes": m.minutes,
                    "reference": m.reference,
                    "chaired_by": m.chaired_by,
                    **self._evidenced(m),
                }
                for m in meetings.held
            ],
            **self._evidenced(meetings),
        }

    def show_role(self, ref: str) -> Answered:
        """Return a role on the day, and everyone who held it, in order."""
        role = self.holders.role(ref)
        if role is None:
            raise UserError(f"There is no role '{ref}'.")
        history: list[Answered] = [self._past(appointment) for appointment in role.appointments]
        history.extend(
            {"vacant": True, "reason": v.reason, "cover": v.cover, **self._dated(v)} for v in role.vacant
        )
        history.extend(
            {"turn_of": turn.role, "name": self.party_name(turn.role), **self._dated(turn)} for turn in role.turns
        )
        history.extend(
            {"goes_with": link.role, "name": self.party_name(link.role), **self._dated(link)}
            for link in role.ex_officio
        )
        return {
            "role": self.role(self.holders.seat(role)),
            "body_name": self.body_name(role.body),
            "history": history,
        }

    def _past(self, appointment: Appointment) -> Answered:
        person = self.registry.people.get(appointment.person)
        return {
            "person": None if appointment.person == NOT_NAMED else appointment.person,
            "name": person.full_name if person else "Not named",
            "capacity": appointment.capacity,
            "from": text(appointment.from_),
            "to": text(appointment.to),
            "announced": text(appointment.announced),
            "terms": [{"from": text(t.from_), "ends": text(t.ends)} for t in appointment.terms],
            "term_ends": text(term_end(appointment)),
            "covering": appointment.covering,
            "end_reason": appointment.end_reason,
            "decisions": [
                {"what": d.what, "by": list(d.by), "on": text(d.on), "reference": d.reference}
                for d in appointment.decisions
            ],
            "designations": [
                {"as": d.as_, "from": text(d.from_), "to": text(d.to)} for d in appointment.designations
            ],
            **self._evidenced(appointment),
        }

    def show_person(self, id: str) -> Answered:
        """Return a person and everything held, each as it stands on the day."""
        person = self.registry.people[id]
        held: list[Answered] = []
        for body in self.registry.bodies.values():
            for role in body.roles.values():
                held.extend(self._held(person, role))
        held.sort(key=lambda row: (row["certainty"] == "no", row["body"], row["role"]))
        return {"person": {"id": person.id, "name": person.full_name}, "appointments": held}

    def _held(self, person: Person, role: Role) -> Iterator[Answered]:
        seat = self.holders.seat(role)
        now = [holder for holder in (*seat.holders, *seat.next) if holder.person == person.id]
        common = {
            "role": role.ref,
            "body": role.body,
            "body_name": self.body_name(role.body),
            "title": role.title,
            "existence": seat.existence,
            "state": seat.state,
        }
        for holder in now:
            row = {**common, **self.holder(holder)}
            if holder in seat.next:
                row["certainty"] = "no"
            yield row
        listed = [holder.appointment for holder in now if holder.via is None]
        for appointment in role.appointments:
            if appointment.person == person.id and not any(appointment is one for one in listed):
                yield {
                    **common,
                    **self._past(appointment),
                    "via": None,
                    "certainty": "no",
                    "confidence": appointment.confidence or "stated",
                    "stale": False,
                    "last_evidence": None,
                    "says": None,
                    "note": appointment.note,
                }

    def show_priorities(self, id: str) -> Answered:
        """Return a set of priorities with its items."""
        found = self.registry.priorities[id]
        return {
            "priorities": {
                "id": found.id,
                "name": found.name,
                "title_printed": found.title_printed is not False,
                "names": [n.name for n in found.names],
                "summary": found.summary,
                "owner": found.owner,
                "owner_name": self.party_name(found.owner),
                "agreed_by": list(found.agreed_by),
                "document": found.document,
                "document_title": self._title(found.document) if found.document else None,
                "from": text(found.from_),
                "to": text(found.to),
                "status": found.status,
                "recorded": found.recorded or "partial",
                "disagreements": [self.disagreement(d) for d in found.disagreements],
                "followed_by": self._followed(found.id),
                **self._evidenced(found),
            },
            "items": [self.item(found, item) for item in found.items],
        }

    def item(self, owner: Priorities, item: SubItem, above: str = "") -> Answered:
        """Return an item of a set, with its sub-items."""
        number = f"{above}{item.number}"
        found: Answered = {
            "id": f"{owner.id}/{number}",
            "number": number,
            "title": item.title,
            "summary": item.summary,
            "leads": list(item.leads),
            "follows": [
                {"item": f.item, "title": self._item_title(f.item), **self._evidenced(f)} for f in item.follows
            ],
            **self._evidenced(item),
        }
        if isinstance(item, Item):
            found["items"] = [self.item(owner, sub, f"{number}.") for sub in item.items]
        return found

    def _item_title(self, ref: str) -> str | None:
        id, _, number = ref.partition("/")
        found = self.registry.priorities.get(id)
        item = next((i for i in found.items if str(i.number) == number), None) if found else None
        return (item.title or item.summary) if item else None

    def _followed(self, id: str) -> list[str]:
        """Return the ids of the sets with an item that follows from one of the set `id`."""
        return sorted(
            other.id
            for other in self.registry.priorities.values()
            if any(link.item.partition("/")[0] == id for item in other.items for link in item.follows)
        )

    def show_document(self, id: str) -> Answered:
        """Return a document, and everything that rests on it."""
        found = self.registry.documents[id]
        return {
            "document": self.document(found),
            "set_out": [s.id for s in self.registry.priorities.values() if s.document == id],
            "cited_by": [
                {"id": record, "name": name, "at": place.at, "where": where}
                for record, name, where, place in citations(self.registry)
                if place.document == id
            ],
        }

    def document(self, found: Document) -> Answered:
        """Return what is recorded of a document."""
        return {
            "id": found.id,
            "title": found.title,
            "title_printed": found.title_printed is not False,
            "kind": found.kind,
            "names": [n.name for n in found.names],
            "author": found.author,
            "publisher": found.publisher,
            "publisher_name": self.party_name(found.publisher) if found.publisher else None,
            "standing": found.standing,
            "citation": found.citation,
            "version": found.version,
            "summary": found.summary,
            "speaks_of": text(found.speaks_of),
            "published": text(found.published),
            "read": text(found.read),
            "address": found.address,
            "public": found.public,
            "extent": {k: getattr(found.extent, k) for k in ("lines", "pages", "paragraphs")}
            if found.extent
            else None,
            "layers": [
                {"lines": list(x.lines), "speaks_of": text(x.speaks_of), "note": x.note} for x in found.layers
            ],
            "owner": found.owner,
            "owner_name": self.party_name(found.owner) if found.owner else None,
            "producers": list(found.producers),
            "producer_names": [self.party_name(one) for one in found.producers],
            "supporters": list(found.supporters),
            "supporter_names": [self.party_name(one) for one in found.supporters],
            "required_by": found.required_by,
            "required_by_title": self._title(found.required_by) if found.required_by else None,
            "approvals": [
                {
                    "body": a.body,
                    "name": self.party_name(a.body) if a.body else None,
                    "step": a.step,
                    "date": text(a.date),
                    "reference": a.reference,
                    **self._evidenced(a),
                }
                for a in found.approvals
            ],
            "planned": self._planned(found.planned),
            "from": text(found.from_),
            "to": text(found.to),
            "review_due": text(found.review_due),
            "supersedes": list(found.supersedes),
            "part_of": found.part_of,
            "also_serves_as": [
                {"body": a.body, "name": self.body_name(a.body), "kind": a.kind, **self._evidenced(a)}
                for a in found.also_serves_as
            ],
            "deadlines": [self.milestone(m) for m in found.deadlines],
            "milestones": [self.milestone(m) for m in found.milestones],
            "figures": [self.figure(f) for f in found.figures],
            "disagreements": [self.disagreement(d) for d in found.disagreements],
            **self._evidenced(found),
        }

    def show_requirements(self, id: str) -> Answered:
        """Return a set of duties."""
        found: Requirements = self.registry.requirements[id]
        applies = found.applies_to
        return {
            "requirements": {
                "id": found.id,
                "name": found.name,
                "applies_to": {
                    "kind": applies.kind if applies else None,
                    "body": applies.body if applies else None,
                },
                "from": text(found.from_),
                "to": text(found.to),
                "status": found.status,
                "note": found.note,
                "sources": self.sources(found.sources),
            },
            "rules": [
                {
                    "id": duty.id,
                    "text": duty.text,
                    "basis": duty.basis,
                    "citation": duty.citation,
                    "severity": duty.severity,
                    "status": duty.status or found.status,
                    "from": text(duty.from_ or found.from_),
                    "to": text(duty.to or found.to),
                    "note": duty.note,
                }
                for duty in found.rules.values()
            ],
        }

    def body_evidence(self, body: Body) -> Date | None:
        """Return the last evidence of a body."""
        life = self.lives.life(body.id)
        return carried(self.registry, self.span, life.start, life.end, evidence_of(body)).last


def citations(registry: Registry) -> Iterator[tuple[str, str, str, Citation]]:
    """Yield every citation of the registry: the record's id, its name, the place in it, the citation."""
    for kind in ("bodies", "priorities", "documents", "requirements"):
        for id, record in registry.records(kind).items():
            name = str(getattr(record, "name", None) or getattr(record, "title", id))
            for place in _inside(record):
                yield id, name, _where(place), place


def _where(citation: Citation) -> str:
    steps = [
        str(step)
        for step in citation.source.pointer
        if not isinstance(step, int) and step not in ("sources", "roles")
    ]
    return " ".join(steps)


def _inside(part: Any) -> Iterator[Citation]:
    if isinstance(part, Citation):
        yield part
    elif isinstance(part, Part):
        for name in part.__dataclass_fields__:
            if name != "source":
                yield from _inside(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from _inside(item)
    elif isinstance(part, Mapping):
        for item in part.values():
            yield from _inside(item)
