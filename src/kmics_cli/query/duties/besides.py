"""Duties that count no seats: a committee and its chair, a document, a rotation, a quorum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from kmics_cli.dates import Answer, Date, in_words, lasts, later
from kmics_cli.model import Body, CommitteeDuty, Document, DocumentDuty, Quorum, SeatSort
from kmics_cli.query.duties.seats import CHAIR, Ground, Told, named, sure
from kmics_cli.query.duties.verdict import MET, NOT_KNOWN, NOT_MET, Judged
from kmics_cli.query.evidence import binds, carried, spoken_of
from kmics_cli.query.find import name_on


def committee(ground: Ground, wanted: CommitteeDuty, asking: frozenset[str]) -> Judged:
    """A committee of the kind is in being, and was confirmed lately; then its chair."""
    lives, span = ground.asked.lives, ground.asked.span
    found = [body for body in ground.committees if body.kind == wanted.kind]
    if not found:
        if ground.whole("committees", [ground.body]):
            return Judged(NOT_MET, "There is none in the list of committees, which is complete.")
        return Judged(NOT_KNOWN, "None is recorded.", lacking="committees")
    there: list[Body] = []
    doubts: list[str] = []
    for body in found:
        name = name_on(body, span)
        shown = [*body.sources, *(one for link in body.part_of for one in link.sources)]
        if not ground.tells(body, shown, asking):
            doubts.append(f"{name}: known only from the law or policy that asks for it.")
        elif since := lives.unconfirmed(body, span):
            doubts.append(f"{name}: last known in being {in_words(since)}.")
        elif lives.status(body, span)[1] is not Answer.YES:
            doubts.append(f"{name}: whether it was in being on this day is not certain.")
        else:
            there.append(body)
    if not there:
        return Judged(NOT_KNOWN, " ".join(doubts), evidence=tuple(one for body in found for one in body.sources))
    if wanted.chaired_by is None:
        names = "; ".join(name_on(body, span) for body in there)
        return Judged(MET, f"{names}.", evidence=tuple(one for body in there for one in body.sources))
    chaired = [_chaired(ground, body, wanted.chaired_by, asking) for body in there]
    return min(chaired, key=lambda one: (MET, NOT_KNOWN, NOT_MET).index(one.answer))


def _chaired(ground: Ground, body: Body, sort: SeatSort, asking: frozenset[str]) -> Judged:
    """Return whether who holds the chair of a committee holds a seat of the sort in the bodies tested."""
    name = name_on(body, ground.asked.span)
    chairs = [seat for seat in Ground(ground.asked, body, (body,)).seats if seat.role.member_type == CHAIR]
    judged: list[Judged] = []
    doubts: list[str] = []
    for seat in chairs:
        if ground.surely_vacant(seat) and not any(holder.fresh for holder in seat.holders):
            since = in_words(seat.vacancies[0].from_)
            judged.append(Judged(NOT_MET, f"{name}: its chair is vacant since {since}."))
        for holder in seat.holders:
            if holder.person is None or not sure(holder):
                doubts.append(named(holder, holder.says))
                continue
            seated = ground.seated(holder.person, sort, asking)
            answer = {Answer.YES: MET, Answer.NO: NOT_MET}.get(seated.answer, NOT_KNOWN)
            why = " ".join(f"{name}, chaired by {holder.name}. {seated.why}".split())
            told = (Told(seat, (holder,), holder.name),) if answer == MET else ()
            judged.append(Judged(answer, why, told, holder.sources, holder.confidence == "inferred"))
    if judged:
        return min(judged, key=lambda one: (MET, NOT_KNOWN, NOT_MET).index(one.answer))
    return Judged(NOT_KNOWN, f"{name}: {' '.join(doubts) or 'who chairs it is not recorded.'}")


def document(ground: Ground, wanted: DocumentDuty, owned_by: Callable[[str], Iterable[Document]]) -> Judged:
    """A document is in force by its own dates: what an act made lasts until an act ends it.

    `owned_by` gives the documents that a body owns, or that serve it. That there is none is never certain.
    """
    span = ground.asked.span
    doubt, shown = "", None
    known = list(_documents(ground, wanted.kind, owned_by))
    for found, start, end in known:
        force = lasts(start, end, span)
        if start is None and found.planned:
            doubt, shown = doubt or f"{found.title}: planned, and no source shows it in force.", shown or found
        if start is None or force is Answer.NO:
            continue
        shown = found
        last = _latest((step.date for step in found.approvals), span.last) or _latest(
            (found.published, found.from_), span.last
        )
        if force is Answer.POSSIBLY:
            doubt = f"{found.title}: whether it was in force on this day is not certain."
        elif wanted.reviewed_within and last is None:
            doubt = f"{found.title}: when it was last approved is not recorded."
        elif wanted.reviewed_within and last and later(last.latest, wanted.reviewed_within) < span.first:
            due = f" A review was due {in_words(found.review_due)}." if found.review_due else ""
            doubt = f"{found.title}: last approved {in_words(last)}; no later review is recorded.{due}"
        else:
            approved = f", last approved {in_words(last)}" if last else ""
            newer = any(
                other is not found and (begun is None or begun.latest > start.earliest)
                for other, begun, _end in known
            )
            last_word = "" if end or newer else "; no end and no later document is recorded"
            return Judged(MET, f"{found.title}{approved}{last_word}.", evidence=found.sources)
    return Judged(
        NOT_KNOWN,
        doubt or ("None is recorded for this day." if known else "None is recorded."),
        evidence=shown.sources if shown else (),
    )


def _documents(
    ground: Ground, kind: str, owned_by: Callable[[str], Iterable[Document]]
) -> Iterator[tuple[Document, Date | None, Date | None]]:
    """Yield the documents of a kind that govern the body, that it owns, or that serve it as such, with their dates."""
    documents = ground.asked.registry.documents
    for body in ground.bodies:
        for link in body.governed_by:
            found = documents.get(link.document)
            if found is not None and found.kind == kind:
                yield found, link.from_ or found.from_, link.to or found.to
    for body in ground.bodies:
        for found in owned_by(body.id):
            serves = any(use.kind == kind and use.body == body.id for use in found.also_serves_as)
            if found.kind == kind or serves:
                yield found, found.from_, found.to


def _latest(days: Iterable[Date | None], until: date) -> Date | None:
    known = [day for day in days if day is not None and day.bounded and day.earliest <= until]
    return max(known, key=lambda day: day.latest, default=None)


def rotation(ground: Ground, id: str) -> Judged:
    """No turn lasted longer than it may; a change that was due and is not recorded is not known."""
    role = next((role for body in ground.tested for role in body.roles.values() if role.id == id), None)
    if role is None or role.rotation is None or role.rotation.every is None:
        return Judged(NOT_KNOWN, "No rotation of this role is recorded.")
    asked, every = ground.asked, role.rotation.every
    span, registry = asked.span, asked.registry
    current = None
    for turn in role.turns:
        start = turn.from_
        if start is None or not start.bounded or start.earliest > span.last:
            continue
        due = Date(start.text, later(start.earliest, every), later(start.latest, every))
        shown = [one for one in turn.sources if one.shows in (None, "presence")]
        days = [when.earliest for one in shown if (when := spoken_of(registry, one)) and when.earliest <= span.last]
        until = turn.to.latest if turn.to else span.last  # a later paper that tells of a turn does not prolong it
        ran_to = max([turn.to.earliest if turn.to else date.min, *(day for day in days if day <= until)])
        if min(ran_to, span.last) > due.latest and turn.confidence != "disputed":
            why = f"The turn of {asked.party_name(turn.role)} began {in_words(start)} and ran on beyond {every}."
            return Judged(NOT_MET, why, evidence=turn.sources, inferred=turn.confidence == "inferred")
        if lasts(start, turn.to, span) is not Answer.NO:
            current = turn, due
    if current is None:
        return Judged(NOT_KNOWN, "No turn is recorded for this day.")
    turn, due = current
    post = asked.party_name(turn.role)
    how = carried(
        registry, span, turn.from_, turn.to, turn.sources, also_checked=registry.bodies[role.body].checked
    )
    if span.last >= due.earliest and turn.to is None:
        notes = " ".join(asked.holders.seat(role).notes)
        why = notes or f"The turn of {post} was due to end; no change is recorded."
        return Judged(NOT_KNOWN, why, evidence=turn.sources)
    if how.stale:
        why = f"The turn of {post} was last confirmed {in_words(how.last)}."
        return Judged(NOT_KNOWN, why, evidence=turn.sources)
    if how.answer is Answer.POSSIBLY:
        why = f"Whether the turn of {post} ran on this day is not certain."
        return Judged(NOT_KNOWN, why, evidence=turn.sources)
    if turn.confidence == "disputed":
        return Judged(NOT_KNOWN, f"The turn of {post} is disputed.", evidence=turn.sources)
    inferred = turn.confidence == "inferred"
    hedge = "Inferred: in" if inferred else "In"
    why = f"{hedge} turn: {post}, since {in_words(turn.from_)}."
    return Judged(MET, why, evidence=turn.sources, inferred=inferred)


def quorum(ground: Ground, without: bool) -> Judged:
    """The quorum says whether it needs the chair; or it names whom it needs, and the chair alone is one, or not."""
    for body in ground.tested:
        if found := quorum_of(ground, body):
            sources = found.sources or body.sources
            free = found.without_chair
            if free is None and found.including:
                free = all(one not in (CHAIR, (CHAIR,)) for one in found.including)
            if free is None:
                why = "The quorum is recorded, but not whether it needs the chair."
                return Judged(NOT_KNOWN, why, evidence=sources)
            inferred = found.confidence == "inferred"
            said = f" Inferred: {found.note}" if inferred and found.note else ""
            why = f"The quorum {'does not need' if free else 'needs'} the chair.{said}"
            return Judged(MET if free is without else NOT_MET, why, evidence=sources, inferred=inferred)
    return Judged(NOT_KNOWN, "No quorum is recorded for this day.")


def quorum_of(ground: Ground, body: Body) -> Quorum | None:
    """Return the quorum that surely stands on the day; of several, the one that began last."""
    registry, span = ground.asked.registry, ground.asked.span
    there = []
    for found in body.quorum:
        sources = found.sources or body.sources
        if any(binds(registry, citation, span) for citation in sources):
            answer = lasts(found.from_, found.to, span)
        else:
            answer = carried(registry, span, found.from_, found.to, sources, also_checked=body.checked).answer
        if answer is Answer.YES:
            there.append(found)
    return max(there, key=lambda one: one.from_.earliest if one.from_ else date.min, default=None)
