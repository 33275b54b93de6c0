"""One duty of one body on a day: met, not met, not known, not applicable, or for a person to judge.

What a list leaves out is "not met" only if evidence of the day shows the list to be complete; too many, or two
roles that may not be held together, need no complete list. Nothing here knows what any law asks: that is data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from kmics_cli.dates import Answer, Date, a_day_in_words, in_words, lasts, later
from kmics_cli.model import (
    Apart,
    Body,
    CommitteeDuty,
    Document,
    DocumentDuty,
    Duty,
    Quorum,
    Requirements,
    Role,
    SeatCount,
)
from kmics_cli.query.duties.seats import CHAIR, Found, Ground, Tally, Told, sure
from kmics_cli.query.evidence import binds, carried, spoken_of
from kmics_cli.query.find import name_on
from kmics_cli.query.holders import Holder, Seat
from kmics_cli.query.parts import Parts
from kmics_cli.query.says import said_when

MET, NOT_MET, NOT_KNOWN, NOT_APPLICABLE, NEEDS_A_PERSON = (
    "met",
    "not-met",
    "not-known",
    "not-applicable",
    "needs-a-person",
)
ANSWERS = (NOT_MET, NOT_KNOWN, NEEDS_A_PERSON, MET, NOT_APPLICABLE)
"""The five answers, in the order in which a report tells them."""

SEVERITIES = ("error", "warning", "info")
"""The severities, the worst first."""

_ITS_OWN = ("constitution", "terms-of-reference")


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer of one duty, why, and the seats it rests on. `lacking`: the list that is not complete."""

    answer: str
    why: str
    seats: tuple[Told, ...] = ()
    inferred: bool = False
    lacking: str | None = None


def applies(requirements: Requirements, body: Body) -> bool:
    """Return whether a set of duties applies to a body: to its kind, to it, or to the class that it is of."""
    to = requirements.applies_to
    return not body.class_ and (body.kind == to.kind if to.kind else to.body in (body.id, body.one_of))


class Judge:
    """Judges duties in the days of what is asked; what all of them share is worked out once."""

    def __init__(self, asked: Parts) -> None:
        self.asked = asked
        self._grounds: dict[tuple[str, str | None], Ground] = {}
        self._askings: dict[str, frozenset[str]] = {}
        self._owned: dict[str, list[Document]] | None = None
        self._posts: dict[str, list[Role]] | None = None

    def ground(self, body: Body, requirements: Requirements) -> Ground:
        """Return the body with what the duties are tested on: itself, or what stands in that relation to it."""
        key = (body.id, requirements.tested_on)
        if key not in self._grounds:
            self._grounds[key] = Ground(self.asked, body, tuple(self._tested(body, requirements.tested_on)))
        return self._grounds[key]

    def _tested(self, body: Body, relation: str | None) -> Iterator[Body]:
        if relation is None:
            yield body
            return
        span = self.asked.span
        for child, link in self.asked.lives.children(body.id):
            there = link.relation == relation and lasts(link.from_, link.to, span) is not Answer.NO
            if there and self.asked.lives.status(child, span)[0] == "in-being":
                yield child

    def _asking(self, body: Body) -> frozenset[str]:
        """Return the documents that ask something of a body from outside: they do not show that it is so.

        Its own constitution and terms of reference do: what they say of a seat makes it.
        """
        if body.id not in self._askings:
            self._askings[body.id] = frozenset(
                one.document
                for found in self.asked.registry.requirements.values()
                if applies(found, body)
                for duty in found.rules.values()
                if duty.basis not in _ITS_OWN
                for one in duty.sources or found.sources
            )
        return self._askings[body.id]

    def judged(self, body: Body, requirements: Requirements, duty: Duty) -> Judged:
        """Return the answer of a duty for a body."""
        asked, span = self.asked, self.asked.span
        status = duty.status or requirements.status
        start, end = duty.from_ or requirements.from_, duty.to or requirements.to
        if status == "proposed":
            return Judged(NOT_APPLICABLE, "Proposed, and not in force.")
        life, certain = asked.lives.status(body, span)
        if life != "in-being":
            began = asked.lives.life(body.id).start if life == "not-yet" else None
            when = f": it began {said_when(began)}" if began else ""
            return Judged(NOT_APPLICABLE, f"{name_on(body, span)} was not in being on this day{when}.")
        force = lasts(start, end, span)
        if force is Answer.NO or (status == "repealed" and end is None):
            when = f"ended {said_when(end)}" if end and end.latest < span.first else f"from {a_day_in_words(start)}"
            return Judged(NOT_APPLICABLE, f"Not in force on this day: {when}.")
        found = self._answered(self.ground(body, requirements), duty)
        doubt = ""
        if force is not Answer.YES:
            doubt = f"Whether this was in force on this day is not certain (from {a_day_in_words(start)})."
        elif certain is not Answer.YES:
            doubt = f"Whether {name_on(body, span)} was in being on this day is not certain."
        if doubt and found.answer in (MET, NOT_MET):
            return replace(found, answer=NOT_KNOWN, why=f"{doubt} {found.why}", seats=())
        return found

    def _answered(self, ground: Ground, duty: Duty) -> Judged:
        asks = duty.requires
        if asks.judgement is not None:
            return Judged(NEEDS_A_PERSON, asks.judgement)
        asking = self._asking(ground.body)
        if asks.committee is not None:
            return self._committee(ground, asks.committee, asking)
        if asks.document is not None:
            return self._document(ground, asks.document)
        if not ground.tested:
            return Judged(NOT_KNOWN, "The body whose seats this asks about is not recorded on this day.")
        if asks.seats is not None:
            return _counted(asks.seats, ground.tally(asks.seats.of, asks.seats.held, asking), ground)
        if asks.holds_no_role_in is not None:
            return self._apart(ground, asks.holds_no_role_in, asking)
        if asks.rotation_kept is not None:
            return self._rotation(ground, asks.rotation_kept)
        return self._quorum(ground)

    def _committee(self, ground: Ground, wanted: CommitteeDuty, asking: frozenset[str]) -> Judged:
        """A committee of the kind is in being, and confirmed lately; then its chair."""
        lives, span = self.asked.lives, self.asked.span
        found = [body for body in ground.committees if body.kind == wanted.kind]
        if not found:
            if ground.whole("committees", [ground.body]):
                return Judged(NOT_MET, "There is none in the list of committees, which is complete.")
            return Judged(NOT_KNOWN, "None is recorded.", lacking="committees")
        doubts = []
        there = []
        for body in found:
            name = name_on(body, span)
            if since := lives.unconfirmed(body, span):
                doubts.append(f"{name}: last known in being {in_words(since)}.")
            elif lives.status(body, span)[1] is not Answer.YES:
                doubts.append(f"{name}: whether it was in being on this day is not certain.")
            else:
                there.append(body)
        if not there:
            return Judged(NOT_KNOWN, " ".join(doubts))
        if wanted.chaired_by is None:
            return Judged(MET, f"{'; '.join(name_on(body, span) for body in there)}.")
        chaired = [self._chaired(ground, body, wanted, asking) for body in there]
        return min(chaired, key=lambda one: (MET, NOT_KNOWN, NOT_MET).index(one.answer))

    def _chaired(self, ground: Ground, body: Body, wanted: CommitteeDuty, asking: frozenset[str]) -> Judged:
        """Return whether who holds the chair of a committee holds a seat of the sort in the body tested."""
        sort = wanted.chaired_by
        assert sort is not None  # asked only where it is
        name = name_on(body, self.asked.span)
        chairs = [seat for seat in Ground(self.asked, body, (body,)).seats if seat.role.member_type == CHAIR]
        found: list[tuple[Seat, Holder, Found]] = [
            (seat, holder, ground.seated(holder.person, sort, asking))
            for seat in chairs
            for holder in seat.holders
            if holder.person is not None and sure(holder)
        ]
        for seat, holder, one in found:
            if one.answer is Answer.YES:
                told = Told(seat, (holder,), holder.name)
                return Judged(MET, f"{name}, chaired by {holder.name}.", (told,), holder.confidence == "inferred")
        for _seat, holder, one in found:
            answer = NOT_MET if one.answer is Answer.NO else NOT_KNOWN
            return Judged(answer, f"{name}, chaired by {holder.name}. {one.why}")
        known = [f"{holder.name}. {holder.says}" for seat in chairs for holder in seat.holders]
        return Judged(NOT_KNOWN, f"{name}: {' '.join(known) or 'who chairs it is not recorded.'}")

    def _document(self, ground: Ground, wanted: DocumentDuty) -> Judged:
        """A document is in force by its own dates: what an act made lasts until an act ends it."""
        span = self.asked.span
        possibly = ""
        for document, start, end in self._documents(ground, wanted.kind):
            force = lasts(start, end, span)
            if start is None and document.planned:
                possibly = possibly or f"{document.title}: planned, and no source shows it in force."
            if start is None or force is Answer.NO:
                continue
            if force is Answer.POSSIBLY:
                possibly = f"{document.title}: whether it was in force on this day is not certain."
                continue
            last = _latest((step.date for step in document.approvals), span.last) or _latest(
                (document.published, document.from_), span.last
            )
            if wanted.reviewed_within:
                if last is None:
                    possibly = f"{document.title}: when it was last approved is not recorded."
                    continue
                if later(last.latest, wanted.reviewed_within) < span.first:
                    due = f" A review was due {in_words(document.review_due)}." if document.review_due else ""
                    possibly = (
                        f"{document.title}: last approved {in_words(last)}; no later review is recorded.{due}"
                    )
                    continue
            approved = f", last approved {in_words(last)}" if last else ""
            return Judged(MET, f"{document.title}{approved}.")
        return Judged(NOT_KNOWN, possibly or "None is recorded as in force on this day.")

    def _documents(self, ground: Ground, kind: str) -> Iterator[tuple[Document, Date | None, Date | None]]:
        """Yield the documents of a kind that govern the body, that it owns, or that serve it as such, with their dates."""
        documents = self.asked.registry.documents
        for body in ground.bodies:
            for link in body.governed_by:
                found = documents.get(link.document)
                if found is not None and found.kind == kind:
                    yield found, link.from_ or found.from_, link.to or found.to
        for body in ground.bodies:
            for found in self._owned_by(body.id):
                if found.kind == kind or any(
                    use.kind == kind and use.body == body.id for use in found.also_serves_as
                ):
                    yield found, found.from_, found.to

    def _owned_by(self, body: str) -> list[Document]:
        if self._owned is None:
            self._owned = {}
            for document in self.asked.registry.documents.values():
                owner = document.owner.partition("/")[0] if document.owner else None
                for id in dict.fromkeys([owner, *(use.body for use in document.also_serves_as)]):
                    if id is not None:
                        self._owned.setdefault(id, []).append(document)
        return self._owned.get(body, [])

    def _apart(self, ground: Ground, wanted: Apart, asking: frozenset[str]) -> Judged:
        """Nobody surely sits in both; that nobody does at all needs every list that could show it."""
        seats = ground.tally(wanted.of, True, asking)
        clashes: list[str] = []
        doubts: list[str] = []
        for told in seats.counted:
            for holder in told.holders:
                if holder.person is None:
                    doubts.append(f"{told.seat.role.title}: who holds it is not named.")
                    continue
                spared = ground.seated(holder.person, wanted.except_, asking) if wanted.except_ else None
                if spared and spared.answer is Answer.YES:
                    continue
                for title, certain in self._elsewhere(holder.person, wanted, ground):
                    both = f"{holder.name}, {told.seat.role.title}, {'is' if certain else 'may be'} also {title}."
                    spare = spared is not None and spared.answer is Answer.POSSIBLY
                    (clashes if certain and not spare else doubts).append(both)
        if clashes:
            return Judged(NOT_MET, " ".join(clashes), seats.counted)
        whole = ground.whole("roles") and all(ground.whole("roles", [one]) for one in self._bodies_of(wanted.kinds))
        if not whole:
            doubts.append("No such role is recorded; the lists of roles that could show one are not complete.")
        doubts.extend(told.text for told in seats.doubted if whole)
        if doubts or seats.doubted:
            return Judged(NOT_KNOWN, " ".join(doubts))
        return Judged(MET, "Nobody holds both.", seats.counted)

    def _elsewhere(self, person: str, wanted: Apart, ground: Ground) -> Iterator[tuple[str, bool]]:
        """Yield the roles of a person in bodies of the kinds, and whether that is sure."""
        mine = {body.id for body in ground.bodies}
        for role in self._roles_of(person):
            body = self.asked.registry.bodies[role.body]
            if (
                body.kind not in wanted.kinds
                or body.id in mine
                or (wanted.as_ and role.member_type not in wanted.as_)
            ):
                continue
            for holder in self.asked.holders.seat(role).holders:
                if holder.person == person:
                    yield f"{role.title}, {name_on(body, self.asked.span)}", sure(holder)
                    break

    def _roles_of(self, person: str) -> list[Role]:
        """Return the roles to which a person was appointed; read once for everybody."""
        if self._posts is None:
            self._posts = {}
            for body in self.asked.registry.bodies.values():
                for role in body.roles.values():
                    for id in dict.fromkeys(one.person for one in role.appointments):
                        self._posts.setdefault(id, []).append(role)
        return self._posts.get(person, [])

    def _bodies_of(self, kinds: tuple[str, ...]) -> list[Body]:
        return [
            body
            for body in self.asked.registry.bodies.values()
            if body.kind in kinds
            and not body.class_
            and self.asked.lives.status(body, self.asked.span)[0] == "in-being"
        ]

    def _rotation(self, ground: Ground, id: str) -> Judged:
        """No turn lasted longer than it may; a change that was due and is not recorded is not known."""
        role = next((role for body in ground.tested for role in body.roles.values() if role.id == id), None)
        if role is None or role.rotation is None or role.rotation.every is None:
            return Judged(NOT_KNOWN, "No rotation of this role is recorded.")
        span, registry = self.asked.span, self.asked.registry
        turn = None
        for one in role.turns:
            start = one.from_
            if start is None or not start.bounded or start.earliest > span.last:
                continue
            due = Date(
                start.text, later(start.earliest, role.rotation.every), later(start.latest, role.rotation.every)
            )
            days = [when for c in one.sources if (when := spoken_of(registry, c)) and when.earliest <= span.last]
            seen = max([when.earliest for when in days], default=date.min)
            ran_to = max(seen, one.to.earliest if one.to else date.min)
            if min(ran_to, span.last) > due.latest:
                post = self.asked.party_name(one.role)
                return Judged(
                    NOT_MET,
                    f"The turn of {post} began {in_words(start)} and had not passed on after {role.rotation.every}.",
                )
            if lasts(start, one.to, span) is not Answer.NO:
                turn = one, due
        if turn is None:
            return Judged(NOT_KNOWN, "No turn is recorded for this day.")
        latest, due = turn
        post = self.asked.party_name(latest.role)
        checked = registry.bodies[role.body].checked
        how = carried(registry, span, latest.from_, latest.to, latest.sources, also_checked=checked)
        if span.last < due.earliest or latest.to is not None:
            if how.stale:
                return Judged(NOT_KNOWN, f"The turn of {post} was last confirmed {in_words(how.last)}.")
            if how.answer is Answer.POSSIBLY:
                return Judged(NOT_KNOWN, f"Whether the turn of {post} had begun on this day is not certain.")
            return Judged(MET, f"In turn: {post}, since {in_words(latest.from_)}.")
        notes = " ".join(self.asked.holders.seat(role).notes)
        return Judged(NOT_KNOWN, notes or f"The turn of {post} was due to end; no change is recorded.")

    def _quorum(self, ground: Ground) -> Judged:
        """The quorum says so, or names whom it needs and does not need the chair alone."""
        for body in ground.tested:
            if quorum := self._quorum_of(body):
                needs = quorum.without_chair
                if needs is None and quorum.including:
                    needs = all(one not in (CHAIR, (CHAIR,)) for one in quorum.including)
                if needs is None:
                    return Judged(NOT_KNOWN, "The quorum is recorded, but not whether it needs the chair.")
                inferred = quorum.confidence == "inferred"
                said = f" Inferred: {quorum.note}" if inferred and quorum.note else ""
                if needs:
                    return Judged(MET, f"The quorum does not need the chair.{said}", inferred=inferred)
                return Judged(NOT_MET, f"The quorum needs the chair.{said}", inferred=inferred)
        return Judged(NOT_KNOWN, "No quorum is recorded for this day.")

    def _quorum_of(self, body: Body) -> Quorum | None:
        """Return the quorum that surely stands on the day; of several, the one that began last."""
        registry, span = self.asked.registry, self.asked.span
        there = []
        for quorum in body.quorum:
            sources = quorum.sources or body.sources
            how = carried(registry, span, quorum.from_, quorum.to, sources, also_checked=body.checked)
            lasting = any(binds(registry, citation, span) for citation in sources)
            answer = lasts(quorum.from_, quorum.to, span) if lasting else how.answer
            if answer is Answer.YES:
                there.append(quorum)
        return max(there, key=lambda one: one.from_.earliest if one.from_ else date.min, default=None)


def _counted(wanted: SeatCount, found: Tally, ground: Ground) -> Judged:
    """Return whether the number of seats fits; a list that may lack some can only be too long."""
    low = wanted.exactly if wanted.exactly is not None else wanted.at_least or 0
    high = wanted.exactly if wanted.exactly is not None else wanted.at_most
    told = " ".join(_full_stop(one.text) for one in found.counted)
    doubts = " ".join(_full_stop(one) for one in _together(found.doubted))
    inferred = any(
        holder.confidence == "inferred" or one.seat.role.confidence == "inferred"
        for one in found.counted
        for holder in one.holders
    )
    how = "held" if wanted.held else "recorded"
    if high is not None and found.least > high:
        return Judged(NOT_MET, f"{found.least} are {how}. {told}", found.counted, inferred)
    if found.most < low:
        number = f"{found.most:.0f} at most, of {low}" if found.least != found.most else f"{found.least} of {low}"
        why = f"{number}, and the list of seats is complete. {told} {doubts}"
        return Judged(NOT_MET, " ".join(why.split()), found.counted, inferred)
    if found.least >= low and (high is None or found.most <= high):
        return Judged(MET, told or "None is recorded, and the list of seats is complete.", found.counted, inferred)
    number = ""
    if found.counted:
        number = f"{found.least} of {low} {how}:" if found.least < low else f"{found.least} {how}:"
    elif wanted.of.designated:
        number = "Nobody is recorded as named for this."
    elif wanted.of.on_behalf_of:
        number = "Nobody is recorded as sitting on behalf of one."
    elif not found.doubted:
        number = "No such seat is recorded."
    lacking = None if ground.whole("roles") else "roles"
    return Judged(NOT_KNOWN, " ".join(f"{number} {told} {doubts}".split()), found.counted, inferred, lacking)


def _together(doubted: Iterable[Told]) -> Iterator[str]:
    """Yield the seats in doubt with the reason, those with the same reason together."""
    titles: dict[str, list[str]] = {}
    for one in doubted:
        titles.setdefault(one.why, []).append(one.seat.role.title)
    for why, some in titles.items():
        yield f"{'; '.join(some)}: {why}"


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _latest(days: Iterable[Date | None], until: date) -> Date | None:
    known = [day for day in days if day is not None and day.bounded and day.earliest <= until]
    return max(known, key=lambda day: day.latest, default=None)
