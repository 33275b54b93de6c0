"""Duties: what is asked of a body, held against what is recorded of it; and, apart, what was asked and is not law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kmics_cli.dates import Date, Span, on
from kmics_cli.model import Body, Duty, Registry, Requirements
from kmics_cli.problems import UserError
from kmics_cli.query.answers import Asked
from kmics_cli.query.applying import all_applying, applying
from kmics_cli.query.duties.judged import Judge
from kmics_cli.query.duties.verdict import ANSWERS, NOT_MET, SEVERITIES, Judged
from kmics_cli.query.find import name_on
from kmics_cli.query.parts import Answered, text


@dataclass(frozen=True, slots=True)
class NotMet:
    """A duty that a body does not meet: what a warning says of it."""

    body: Body
    requirements: Requirements
    duty: Duty
    why: str


def not_met(registry: Registry, today: date) -> Iterator[NotMet]:
    """Yield every duty in force that is certainly not met on the day, in the order of the files."""
    asked = Asked(registry, on(today))
    judge = Judge(asked)
    for body, requirements in all_applying(registry):
        for duty in requirements.rules.values():
            found = judge.judged(body, requirements, duty)
            if found.answer == NOT_MET:
                yield NotMet(body, requirements, duty, found.why)


def tallied(asked: Asked, id: str) -> dict[str, int] | None:
    """Return how many duties of the body `id` have each answer on the day; None if there are none, or of a time."""
    if not asked.span.one_day:
        return None
    judge = Judge(asked)
    answers = [
        judge.judged(body, requirements, duty).answer
        for body, requirements in applying(asked.registry, id)
        for duty in requirements.rules.values()
    ]
    return _tally(answers) if answers else None


def checks(asked: Asked, id: str | None) -> Answered:
    """Return the answer of every duty of the body `id`, or of all bodies: `{ref, days, summary, rows}`.

    A body's duties are those that apply to it and those that are tested on it. Of a time, duties are answered
    on its first and on its last day. Raises `UserError` (2) for a body to which no duty applies.
    """
    found = list(all_applying(asked.registry) if id is None else applying(asked.registry, id))
    if not found and id is not None:
        known_ids = sorted({body.id for body, _requirements in all_applying(asked.registry)})
        known = (
            f"Duties apply to: {', '.join(known_ids[:12])}." if known_ids else "The registry holds no requirements."
        )
        raise UserError(f"No duty in this registry applies to '{id}'.", known)
    rows = []
    days = _days(asked.span)
    for span in days:
        then = asked if span == asked.span else Asked(asked.registry, span)
        judge = Judge(then)
        some = [
            _row(then, body, requirements, duty, judge.judged(body, requirements, duty))
            for body, requirements in found
            for duty in requirements.rules.values()
        ]
        order = {id: index for index, id in enumerate(dict.fromkeys(row["body"] for row in some))}
        some.sort(
            key=lambda row: (order[row["body"]], ANSWERS.index(row["answer"]), SEVERITIES.index(row["severity"]))
        )
        rows.extend(some)
    return {
        "ref": id,
        "name": asked.body_name(id) if id else None,
        "days": [
            {"on": span.text, **_tally([row["answer"] for row in rows if row["on"] == span.text])} for span in days
        ],
        "summary": _tally([row["answer"] for row in rows]),
        "rows": rows,
    }


def asked_for(asked: Asked, id: str | None) -> Answered:
    """Return what was publicly asked, by the last of the days, of the body `id` and those below it, or of all."""
    bodies = asked.registry.bodies
    some = list(bodies.values()) if id is None else [bodies[one] for one in asked.lives.below(id, asked.span)]
    rows = [
        {
            "body": body.id,
            "body_name": name_on(body, asked.span),
            "what": request.what,
            "by": request.by,
            "on": text(request.on),
            "confidence": request.confidence or "stated",
            "note": request.note,
            "sources": asked.sources(request.sources),
        }
        for body in some
        for request in body.asked_for
        if _asked_by(request.on, asked.span)
    ]
    return {
        "ref": id,
        "name": asked.body_name(id) if id else None,
        "summary": {"total": len(rows)},
        "rows": rows,
    }


def _asked_by(when: Date | None, span: Span) -> bool:
    return when is None or when.earliest <= span.last


def _days(span: Span) -> list[Span]:
    """Return the days on which duties are answered: the day, or the first and the last day of a time."""
    if span.one_day:
        return [span]
    return [on(day) for day in (span.first, span.last) if date.min < day < date.max]


def _tally(answers: list[str]) -> dict[str, int]:
    count = Counter(answers)
    return {"total": len(answers), **{answer.replace("-", "_"): count[answer] for answer in ANSWERS}}


def _row(asked: Asked, body: Body, requirements: Requirements, duty: Duty, judged: Judged) -> Answered:
    return {
        "id": f"{requirements.id}/{duty.id}",
        "on": asked.span.text,
        "body": body.id,
        "body_name": name_on(body, asked.span),
        "text": duty.text,
        "answer": judged.answer,
        "why": judged.why,
        "lacking": judged.lacking,
        "confidence": "inferred" if judged.inferred else "stated",
        "seats": [
            {
                "role": told.seat.role.ref,
                "title": told.seat.role.title,
                "holders": [
                    {"person": holder.person, "name": holder.name, "says": holder.says} for holder in told.holders
                ],
            }
            for told in judged.seats
        ],
        "basis": duty.basis,
        "citation": duty.citation,
        "severity": duty.severity,
        "status": duty.status or requirements.status,
        "from": text(duty.from_ or requirements.from_),
        "to": text(duty.to or requirements.to),
        "note": duty.note,
        "sources": asked.sources(duty.sources or requirements.sources),
        "evidence": asked.sources(judged.evidence),
    }
