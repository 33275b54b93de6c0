"""What the model expects and nobody recorded, so that an editor can work it off.

Expected is only what can be: what a body with seats needs, or what another body of the same kind has in this record.
Nothing is expected of bodies that are only planned or have ended, and little of a class. What law and policy ask for is
among the composition checks, and not here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmics_cli.dates import UNKNOWN, Answer, Date, lasts
from kmics_cli.model import NOT_NAMED, Body, Document, Priorities
from kmics_cli.query import Answered, Asked
from kmics_cli.query.citations import citations, citations_within
from kmics_cli.query.holders import Seat
from kmics_cli.reports.expected import Expected
from kmics_cli.reports.frame import ATTENDING, Wanted, bodies_below, framed, joined, number, then, titled

SORTS = {
    "start": "Start of a body",
    "legal-form": "Legal form",
    "level": "Level",
    "parent": "Body it belongs to",
    "code": "Code",
    "remit": "Remit",
    "governing-document": "Constitution or terms of reference",
    "roles": "Any role",
    "chair": "A chair's role",
    "meetings": "How often it meets",
    "quorum": "Quorum",
    "whole-roles": "Whether all roles are listed",
    "whole-members": "Whether all member bodies are listed",
    "whole-committees": "Whether all committees are listed",
    "holder": "Holder of a role",
    "seats": "Number of seats of a role",
    "voting": "Whether a role votes",
    "term": "Term of office of a role",
    "appointment-start": "Start of an appointment",
    "capacity": "Capacity of an appointment",
    "end-reason": "Reason why an appointment ended",
    "priorities-document": "Document that sets out priorities",
    "priorities-status": "Status of priorities",
    "document-title": "Printed title of a document",
    "document-day": "Day of which a document speaks",
    "document-publisher": "Publisher of a document",
    "document-address": "Address of a document",
    "document-read": "Day on which a document was read",
    "person": "Role of a person",
}
"""What can be missing, in words, in the order in which it is told."""

_NO_TERM = (
    "executive",
    "chief-executive",
    "officer",
    "leader",
    *ATTENDING,
)  # whose seats go with employment or election


@dataclass(frozen=True, slots=True)
class _Found:
    """Something that is expected: what sort, of what, and whether it is missing."""

    sort: str
    kind: str
    body: str | None
    ref: str
    name: str
    missing: bool
    detail: str = ""


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return what is missing of a body, those below it and what they own and cite, or of all records: a row for each gap.

    `summary` has for each sort how many are missing, and of how many.
    """
    bodies = bodies_below(asked, ref)
    every = list(_looked_at(asked, ref, bodies))
    order = {name: index for index, name in enumerate(SORTS)}
    place = {body.id: index for index, body in enumerate(bodies)}
    gaps = [one for one in every if one.missing]
    gaps.sort(key=lambda one: (place.get(one.body or "", len(place)), order[one.sort]))
    rows = [
        {
            "sort": one.sort,
            "missing": SORTS[one.sort],
            "kind": one.kind,
            "body": one.body,
            "body_name": asked.body_name(one.body) if one.body else None,
            "ref": one.ref,
            "name": one.name,
            "detail": one.detail or None,
        }
        for one in gaps
    ]
    missing, expected = Counter(one.sort for one in gaps), Counter(one.sort for one in every)
    sorts = {name: {"missing": missing[name], "expected": expected[name]} for name in SORTS}
    summary = {"missing": len(gaps), "expected": len(every), "bodies": len(bodies), "sorts": sorts}
    return framed(
        asked,
        ref,
        title=titled("Gaps in the record", asked.body_name(ref) if ref else None, asked.span),
        says=_opening(asked, ref, bodies, gaps, len(every)),
        summary=summary,
        rows=rows,
    )


def _looked_at(asked: Asked, ref: str | None, bodies: Sequence[Body]) -> Iterator[_Found]:
    """Yield everything that is expected."""
    expected = Expected(asked)
    for body in bodies:
        if asked.lives.status(body, asked.span)[0] == "in-being":
            yield from _of_body(asked, expected, body)
    ids = {body.id for body in bodies}
    for found in asked.registry.priorities.values():
        if (ref is None or found.owner.partition("/")[0] in ids) and _lasts(asked, found.from_, found.to):
            yield from _of_priorities(found)
    some = citations(asked.registry) if ref is None else citations_within(asked.registry, ids)
    cited = dict.fromkeys(citation.document for _id, _name, _where, citation in some)
    for id in cited:
        if document := asked.registry.documents.get(id):
            yield from _of_document(document)
    if ref is None:
        yield from _of_people(asked)


def _of_body(asked: Asked, expected: Expected, body: Body) -> Iterator[_Found]:
    def found(sort: str, missing: bool, detail: str = "") -> _Found:
        return _Found(sort, "bodies", body.id, body.id, asked.body_name(body.id), missing, detail)

    if expected.remit(body):
        yield found("remit", not body.remit)
    if body.class_:
        return
    yield found("start", _unknown(asked.lives.life(body.id).start))
    if expected.legal_form(body):
        yield found("legal-form", body.legal_form is None)
    if expected.level(body):
        yield found("level", body.level is None)
    if expected.parent(body):
        yield found("parent", not any(_lasts(asked, link.from_, link.to) for link in body.part_of))
    for scheme in expected.schemes(body):
        words = asked.registry.settings.identifier_schemes.get(scheme, scheme)
        codes = [one for one in body.identifiers if one.scheme == scheme and _lasts(asked, one.from_, one.to)]
        yield found("code", not codes, words)
    seats = [asked.holders.seat(role) for role in body.roles.values()]
    there = [seat for seat in seats if seat.existence == "in-being"]
    meets = expected.meets(body)
    if expected.governed(body):
        yield found("governing-document", not expected.is_governed(body))
    if expected.roles(body):
        yield found("roles", not there)
    if meets:
        yield found("chair", not any(seat.role.member_type == "chair" for seat in there))
        yield found("meetings", body.meetings is None or body.meetings.every is None)
        yield found("quorum", not any(_lasts(asked, one.from_, one.to) for one in body.quorum))
    recorded = body.recorded
    if expected.sits(body):
        yield found("whole-roles", recorded is None or recorded.roles != "complete")
    if body.members:
        yield found("whole-members", recorded is None or recorded.members != "complete")
    if expected.has_committees(body):
        yield found("whole-committees", recorded is None or recorded.committees != "complete")
    for seat in there:
        yield from _of_seat(asked, body, seat, meets)


def _of_seat(asked: Asked, body: Body, seat: Seat, meets: bool) -> Iterator[_Found]:
    role = seat.role

    def found(sort: str, missing: bool, detail: str = "") -> _Found:
        return _Found(sort, "roles", body.id, role.ref, role.title, missing, detail)

    nobody = not (seat.holders or seat.vacancies or seat.next)
    left = (seat.not_recorded or 0) if seat.state in ("held", "interim") else 0
    yield found("holder", bool(nobody or left), f"{left} of {seat.seats} seats" if left else "")
    if not role.per_member:
        yield found("seats", not isinstance(role.seats, int))
    if meets and role.member_type not in ATTENDING:
        yield found("voting", role.voting is None)
        if role.member_type not in _NO_TERM and not (role.ex_officio or role.rotation or role.turns):
            held = [holder for holder in seat.holders if holder.fresh]
            yield found("term", role.term is None and not any(holder.term_ends for holder in held))
    for appointment in role.appointments:
        name = f"{asked.holders.called(appointment.person)}, {role.title}"

        def of(sort: str, missing: bool, name: str = name) -> _Found:
            return _Found(sort, "appointments", body.id, role.ref, name, missing)

        if _lasts(asked, appointment.from_, appointment.to):
            yield of("appointment-start", _unknown(appointment.from_))
            if appointment.person != NOT_NAMED:
                yield of("capacity", appointment.capacity is None)
        end = appointment.to
        if end is not None and (end.text == UNKNOWN or end.latest <= asked.span.last):
            yield of("end-reason", appointment.end_reason is None)


def _of_priorities(one: Priorities) -> Iterator[_Found]:
    body = one.owner.partition("/")[0]
    for sort, missing in (("priorities-document", one.document is None), ("priorities-status", one.status is None)):
        yield _Found(sort, "priorities", body, one.id, one.name, missing)


def _of_document(one: Document) -> Iterator[_Found]:
    gaps = {
        "document-title": one.title_printed is False,
        "document-day": one.speaks_of is None and one.published is None,
        "document-publisher": one.publisher is None,
        "document-read": one.read is None,
    }
    if one.public is not False:
        gaps["document-address"] = one.address is None
    for sort, missing in gaps.items():
        yield _Found(sort, "documents", None, one.id, one.title, missing)


def _of_people(asked: Asked) -> Iterator[_Found]:
    named = {NOT_NAMED}
    for body in asked.registry.bodies.values():
        named.update(one.person for role in body.roles.values() for one in role.appointments)
        named.update(one.chaired_by for one in (body.meetings.held if body.meetings else ()) if one.chaired_by)
    for person in asked.registry.people.values():
        yield _Found("person", "people", None, person.id, person.full_name, person.id not in named)


def _lasts(asked: Asked, start: Date | None, end: Date | None) -> bool:
    return lasts(start, end, asked.span) is not Answer.NO


def _unknown(when: Date | None) -> bool:
    return when is None or when.text == UNKNOWN


_KINDS = {
    "bodies": "of bodies",
    "roles": "of roles",
    "appointments": "of appointments",
    "priorities": "of priorities",
    "documents": "of cited documents",
    "people": "of people",
}


def _opening(asked: Asked, ref: str | None, bodies: Sequence[Body], gaps: Sequence[_Found], expected: int) -> str:
    of = f" of {asked.body_name(ref)} and the bodies below it" if ref else ""
    when = then(asked.span)
    what = (
        "Expected of a body is its start, and besides only what a body with seats needs or another body of its kind has "
        "in this record."
    )
    if not expected:
        return f"{when}, nothing is expected{of}: no such body is in being. {what}"
    if not gaps:
        return f"{when}, all of {number(expected, 'particular')} that can be expected{of} are recorded. {what}"
    kinds = Counter(one.kind for one in gaps)
    parts = [f"{count} {words}" for kind, words in _KINDS.items() if (count := kinds[kind])]
    some = len({one.body for one in gaps if one.body})
    return (
        f"{when}, {len(gaps)} of {number(expected, 'particular')} that can be expected{of} "
        f"{'is' if len(gaps) == 1 else 'are'} not recorded, in {number(some, 'body', 'bodies')} of {len(bodies)}: "
        f"{joined(parts)}. {what}"
    )
