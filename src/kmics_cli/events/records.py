"""The events of documents and of sets of priorities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kmics_cli.events.bodies import due
from kmics_cli.events.told import NEVER, Event, Said, known, meant_for
from kmics_cli.events.told import planned as intended
from kmics_cli.model import Approval, Priorities
from kmics_cli.query import Asked

_STEPS = {
    "recommended": ("was recommended", ""),
    "approved": ("was approved", ""),
    "adopted": ("was adopted", ""),
    "published": ("was published", ""),
    "royal-assent": ("received", " royal assent"),
}


def of_document(asked: Asked, id: str) -> Iterator[Event]:
    """Yield the events of a document: its steps of approval, its days in force, what it sets."""
    found = asked.registry.documents[id]
    touches = (found.owner.partition("/")[0],) if found.owner else ()
    called = f"{found.title}, version {found.version}" if found.version else found.title
    for approval in found.approvals:
        if approval.date:
            words = f"{found.title}: {approval.step.replace('-', ' ')}"
            by = f" by {asked.party_name(approval.body)}" if approval.body else ""
            yield Event(
                approval.date,
                "approval",
                id,
                f"{words}{by}",
                approval.sources or found.sources,
                approval.confidence,
                kind="document",
                group="documents",
                title=found.title,
                what=f"{approval.step} {approval.body or ''}".strip(),
                said=_step(approval, called, by),
                after=approval.step,
                touches=(*touches, *((approval.body.partition("/")[0],) if approval.body else ())),
                source=approval.source.at("date"),
            )
    planned = found.planned
    if planned and planned.from_:
        yield Event(
            planned.from_,
            "planned",
            id,
            f"{found.title}: planned{meant_for(planned)}",
            planned.sources or found.sources,
            planned.confidence,
            kind="document",
            group="documents",
            title=found.title,
            said=intended(called, planned),
            touches=touches,
            source=planned.source.at("from"),
        )
    for when, sort, words, said, at in (
        (found.published, "published", "published", Said(called, "was published"), "published"),
        (found.from_, "in-force", "in force", Said(called, "came", " into force"), "from"),
        (found.to, "ended", "last day in force", Said(called, "ceased", " to be in force"), "to"),
        (found.review_due, "review", "review due", Said(called, "fell", " due for review"), "review_due"),
    ):
        if when:
            yield Event(
                when,
                sort,
                id,
                f"{found.title}: {words}",
                found.sources,
                found.confidence,
                kind="document",
                group="deadlines" if sort == "review" else "documents",
                title=found.title,
                said=said,
                ends=sort == "ended",
                touches=touches,
                source=found.source.at(at),
            )
    for name, some in (("deadline", found.deadlines), ("milestone", found.milestones)):
        for event in due(called, id, "document", some, name):
            yield replace(event, touches=touches)


def _step(approval: Approval, called: str, by: str) -> Said:
    verb, rest = _STEPS.get(approval.step, ("reached", f" the step {approval.step.replace('-', ' ')}"))
    reference = f" ({approval.reference})" if approval.reference else ""
    return Said(called, verb, f"{rest}{by}{reference}")


def of_priorities(asked: Asked, found: Priorities) -> Iterator[Event]:
    """Yield when a set of priorities began and ended."""
    subject = f"The set of priorities {found.name}, of {asked.party_name(found.owner)},"
    begun = found.status if found.status in ("proposed", "planned") else None
    for when, event, verb, status, ends in (
        (found.from_, "priorities-began", "began", begun, False),
        (
            found.to,
            "priorities-ended",
            "ended",
            found.status if found.status in ("superseded", "dropped") else None,
            True,
        ),
    ):
        if known(when):
            said = Said(subject, verb, f" ({status})" if status else "")
            yield Event(
                when or NEVER,
                event,
                found.id,
                said.past,
                found.sources,
                found.confidence,
                kind="priorities",
                group="priorities",
                title=found.name,
                said=said,
                after=None if ends else found.name,
                before=found.name if ends else None,
                ends=ends,
                touches=(found.owner.partition("/")[0],),
                source=found.source.at("to" if ends else "from"),
            )
