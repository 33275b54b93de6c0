"""What answers are made of: sources, holders, roles, milestones, figures, each as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kmics_cli.dates import Answer, Date, Span, lasts
from kmics_cli.model import (
    Citation,
    Disagreement,
    Figure,
    Milestone,
    Registry,
    Role,
    Succession,
)
from kmics_cli.query.earlier import as_it_was
from kmics_cli.query.evidence import spoken_of
from kmics_cli.query.find import name_on
from kmics_cli.query.holders import Holder, Holders, Seat
from kmics_cli.query.lives import Lives

Answered = dict[str, Any]


def text(when: Date | None) -> str | None:
    """Return a date as the files write it."""
    return when.text if when else None


class Parts:
    """A registry asked about a day (or days): makes the parts of the answers."""

    def __init__(self, registry: Registry, span: Span) -> None:
        self.registry = as_it_was(registry, span.last)
        self.span = span
        self.lives = Lives(self.registry)
        self.holders = Holders(self.registry, self.lives, span)

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
        confidence = part.confidence or "stated"
        return {"sources": self.sources(part.sources), "confidence": confidence, "note": part.note}

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
        found["covering"] = appointment.covering
        found["on_behalf_of"] = appointment.on_behalf_of
        found["eligible_as"] = list(appointment.eligible_as)
        found["designations"] = [
            d.as_ for d in appointment.designations if lasts(d.from_, d.to, self.span) is not Answer.NO
        ]
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
            "acts_in_words": {
                name: [self.party_name(by) for by in self._acts(getattr(role, name))]
                for name in ("nominated_by", "appointed_by", "approved_by")
            },
            "absent": [self._dated(absence) for absence in role.absent],
            "drawn_from": role.drawn_from,
            "notes": list(seat.notes),
            "note": role.note,
            "confidence": role.confidence or "stated",
            "planned": self._planned(role.planned),
            "sources": self.sources(self._of_role(seat)),
        }

    def _of_role(self, seat: Seat) -> Iterable[Citation]:
        """Return what says that there is such a role; or, where a source says that there is none, that source."""
        if seat.existence == "absent":
            return [citation for absence in seat.role.absent for citation in absence.sources]
        return seat.role.sources or self.registry.bodies[seat.role.body].sources

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
            "past_due": bool(
                milestone.by
                and not milestone.on
                and milestone.status in (None, "planned")
                and milestone.by.latest < self.span.first
            ),
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
