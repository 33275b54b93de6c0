"""Questions in, plain dicts out: the JSON contract of every reading command, written down.

Dates stand as in the files, ids as they are; nothing is laid out here. Every question takes its day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kmics_cli.dates import UNKNOWN, Answer, Date, lasts
from kmics_cli.model import (
    NOT_NAMED,
    Appointment,
    Body,
    Document,
    Item,
    Person,
    Priorities,
    Requirements,
    Role,
    SubItem,
)
from kmics_cli.problems import UserError
from kmics_cli.query.citations import citations
from kmics_cli.query.earlier import FIELDS
from kmics_cli.query.evidence import as_of, carried, spoken_of
from kmics_cli.query.find import item_of, name_on
from kmics_cli.query.holders import Holder
from kmics_cli.query.parts import Answered, Parts, text
from kmics_cli.query.plain import plain
from kmics_cli.query.says import term_end

_AT_OTHER_TIMES: Answered = {
    "certainty": "no",
    "standing": None,
    "capacity": None,
    "term_ends": None,
    "stale": False,
    "last_evidence": None,
    "says": None,
}


class Asked(Parts):
    """A registry asked about a day (or days): makes whole answers."""

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
            "identifiers": [
                {
                    "scheme": i.scheme,
                    "scheme_name": self.registry.settings.identifier_schemes.get(i.scheme, i.scheme),
                    "code": i.code,
                    **self._dated(i),
                }
                for i in body.identifiers
            ],
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
                "note": recorded.note if recorded else None,
            },
            "governed_by": [
                {"document": g.document, "title": self._title(g.document), **self._dated(g)}
                for g in body.governed_by
                if lasts(g.from_, g.to, self.span) is not Answer.NO
            ],
            "quorum": self._quorum(body),
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
        same = [body for body in self.registry.mentioning("bodies", id, "one_of") if body.one_of == id]
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

    def _quorum(self, body: Body) -> Answered | None:
        """Return the quorum of the day: of several without an end, the one that began last."""
        there = [(lasts(q.from_, q.to, self.span), q) for q in body.quorum]
        there = [(answer, q) for answer, q in there if answer is not Answer.NO]
        if not there:
            return None
        _sure, quorum = max(
            there, key=lambda one: (one[0] is Answer.YES, one[1].from_.earliest if one[1].from_ else date.min)
        )
        return {
            "at_least": quorum.at_least,
            "counting": quorum.counting,
            "including": [list(one) if isinstance(one, tuple) else one for one in quorum.including],
            "deputies_count": quorum.deputies_count,
            "without_chair": quorum.without_chair,
            **self._dated(quorum),
        }

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
        seat = self.holders.seat(role)
        now = {id(h.appointment): h for h in (*seat.next, *seat.holders) if h.via is None}
        history: list[Answered] = [self._past(appointment, now) for appointment in role.appointments]
        history.extend(
            {"vacant": True, "reason": v.reason, "cover": v.cover, **self._dated(v)} for v in role.vacant
        )
        history.extend(
            {
                "turn_of": turn.role,
                "name": self.party_name(turn.role),
                "evidenced": [
                    {"person": id, "name": self.registry.people[id].full_name}
                    for id in sorted(self.holders.evidenced_in(turn))
                    if id in self.registry.people
                ],
                **self._dated(turn),
            }
            for turn in role.turns
        )
        history.extend(
            {"goes_with": link.role, "name": self.party_name(link.role), **self._dated(link)}
            for link in role.ex_officio
        )
        return {
            "role": self.role(seat),
            "body_name": self.body_name(role.body),
            "history": history,
            "earlier": [
                {
                    "to": text(one.to),
                    **{field: value for field in FIELDS if (value := getattr(one, field)) is not None},
                    **self._evidenced(one),
                }
                for one in role.earlier
                if one.to is not None
            ],
        }

    def _past(self, appointment: Appointment, now: Mapping[int, Holder] = MappingProxyType({})) -> Answered:
        """Return an appointment with all that is recorded of it, and how it stands if it is one of `now` (by its `id()`)."""
        holder = now.get(id(appointment))
        days = [when for citation in appointment.sources if (when := spoken_of(self.registry, citation))]
        return {
            "via": None,
            "certainty": "no",
            "standing": None,
            "stale": False,
            "last_evidence": text(max(days, key=as_of, default=None)),
            "says": None,
            **(self.holder(holder) if holder else {}),
            "person": None if appointment.person == NOT_NAMED else appointment.person,
            "name": self.holders.called(appointment.person),
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
            "all_designations": [
                {"as": d.as_, "from": text(d.from_), "to": text(d.to)} for d in appointment.designations
            ],
            **self._evidenced(appointment),
        }

    def show_person(self, id: str) -> Answered:
        """Return a person and everything held, each as it stands on the day."""
        person = self.registry.people[id]
        held: list[Answered] = []
        for body in self.holders.bodies_of(id):
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
            if any(holder is coming for coming in seat.next):
                row["certainty"] = "no"
            yield row
        listed = {id(holder.appointment) for holder in now if holder.via is None}
        for appointment in role.appointments:
            if appointment.person == person.id and id(appointment) not in listed:
                yield {**common, **self._past(appointment)}
        if not any(holder.via for holder in now):
            yield from ({**common, **row} for row in self._carried_by_posts(person, role))

    def _carried_by_posts(self, person: Person, role: Role) -> Iterator[Answered]:
        """Yield what a person held at other times by another post: in an evidenced turn, or ex officio."""
        for turn in role.turns:
            if person.id in self.holders.evidenced_in(turn):
                days = [when for citation in turn.sources if (when := spoken_of(self.registry, citation))]
                row = {**_AT_OTHER_TIMES, "via": turn.role, "name": person.full_name, **self._dated(turn)}
                left = turn.to is None and self._left(person, turn.role)  # over by then, on a day nobody recorded
                yield {
                    **row,
                    "to": UNKNOWN if left else text(turn.to),
                    "last_evidence": text(max(days, key=as_of, default=None)),
                }
        for link in role.ex_officio:
            post = self.holders.role(link.role)
            for held in post.appointments if post else ():
                if held.person == person.id and link.from_ and held.from_:
                    start = max(link.from_, held.from_, key=lambda when: (when.latest < date.max, when.latest))
                    ends = [end for end in (link.to, held.to) if end]
                    end = min(ends, key=lambda when: when.latest) if ends else None
                    if end and end.latest < start.earliest:
                        continue  # left the post before it carried the seat
                    row = {**_AT_OTHER_TIMES, "via": link.role, "name": person.full_name, **self._dated(link)}
                    yield {**row, "from": start.text, "to": text(end), "capacity": held.capacity}

    def _left(self, person: Person, ref: str) -> Date | None:
        """Return the last day of a person in a post for good; None while an appointment there is open."""
        post = self.holders.role(ref)
        ends = [a.to for a in post.appointments if a.person == person.id] if post else []
        known = [end for end in ends if end]
        return max(known, key=lambda when: when.latest) if known and len(known) == len(ends) else None

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
                "followed_by_names": [self.registry.priorities[id].name for id in self._followed(found.id)],
                "not_confirmed_since": text(self.unconfirmed(found)),
                **self._evidenced(found),
            },
            "items": [self.item(found, item) for item in found.items],
        }

    def unconfirmed(self, found: Priorities) -> Date | None:
        """Return the last evidence of a set of priorities that has no recorded end and was not confirmed lately."""
        how = carried(self.registry, self.span, found.from_, found.to, found.sources)
        return how.last if how.stale else None

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
        found = item_of(self.registry, ref)
        return (found.title or found.summary) if found else None

    def _followed(self, id: str) -> list[str]:
        """Return the ids of the sets with an item that follows from one of the set `id`."""
        return sorted(
            other.id
            for other in self.registry.mentioning("priorities", id, "follows")
            if any(
                link.item.partition("/")[0] == id
                for item in other.items
                for one in (item, *item.items)
                for link in one.follows
            )
        )

    def show_document(self, id: str) -> Answered:
        """Return a document, and everything that rests on it."""
        found = self.registry.documents[id]
        sets = [one for one in self.registry.mentioning("priorities", id, "document") if one.document == id]
        return {
            "document": self.document(found),
            "set_out_names": [one.name for one in sets],
            "set_out": [one.id for one in sets],
            "cited_by": [
                {"id": record, "name": name, "at": place.at, "where": where}
                for record, name, where, place in citations(self.registry, id)
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
                "tested_on": found.tested_on,
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
                    "requires": plain(duty.requires),
                    "basis": duty.basis,
                    "citation": duty.citation,
                    "severity": duty.severity,
                    "declared_within": duty.declared_within,
                    "status": duty.status or found.status,
                    "from": text(duty.from_ or found.from_),
                    "to": text(duty.to or found.to),
                    "note": duty.note,
                }
                for duty in found.rules.values()
            ],
        }
