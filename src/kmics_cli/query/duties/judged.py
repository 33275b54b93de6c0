"""One duty of one body on a day: met, not met, not known, not applicable, or for a person to judge.

What a list leaves out is "not met" only if evidence of the day shows the list to be complete; too many, or two
roles that may not be held together, need no complete list. Nothing here knows what any law asks: that is data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kmics_cli.dates import Answer, a_day_in_words, lasts
from kmics_cli.model import Apart, Body, Document, Duty, Requirements, SeatCount
from kmics_cli.query.applying import applies
from kmics_cli.query.duties.besides import committee, document, quorum, rotation
from kmics_cli.query.duties.seats import Ground, Tally, Told, sure
from kmics_cli.query.duties.verdict import (
    MET,
    NEEDS_A_PERSON,
    NOT_APPLICABLE,
    NOT_KNOWN,
    NOT_MET,
    Judged,
    evidence_of,
)
from kmics_cli.query.find import name_on
from kmics_cli.query.parts import Parts
from kmics_cli.query.says import said_when

_ITS_OWN = ("constitution", "terms-of-reference")


class Judge:
    """Judges duties in the days of what is asked; what all of them share is worked out once."""

    def __init__(self, asked: Parts) -> None:
        self.asked = asked
        self._grounds: dict[tuple[str, str | None], Ground] = {}
        self._askings: dict[str, frozenset[str]] = {}
        self._owned: dict[str, list[Document]] | None = None
        self._sitters: dict[str, dict[str | None, dict[str, bool]]] = {}
        self._complete: dict[tuple[str, ...], bool] = {}

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
        if status == "repealed" and end is None:
            return Judged(NOT_APPLICABLE, "Repealed, on a day that is not recorded.")
        if force is Answer.NO:
            ended = end is not None and end.latest < span.first
            why = (
                f"Not in force on this day: ended {said_when(end)}."
                if ended
                else f"Before {a_day_in_words(start)}, from which this registry holds it."
            )
            return Judged(NOT_APPLICABLE, why)
        found = self._answered(self.ground(body, requirements), duty)
        settled = found.answer in (MET, NOT_MET)
        doubt = ""
        if force is not Answer.YES:
            until = f" to {a_day_in_words(end)}" if end else ""
            doubt = f"Whether this was in force on this day is not certain (from {a_day_in_words(start)}{until})."
        elif certain is not Answer.YES and settled:
            doubt = f"Whether {name_on(body, span)} was in being on this day is not certain."
        if settled and doubt:
            found = replace(found, answer=NOT_KNOWN, seats=())
        return replace(found, why=f"{doubt} {found.why}") if doubt else found

    def _answered(self, ground: Ground, duty: Duty) -> Judged:
        asks = duty.requires
        if asks.judgement is not None:
            return Judged(NEEDS_A_PERSON, asks.judgement)
        asking = self._asking(ground.body)
        if asks.committee is not None:
            return committee(ground, asks.committee, asking)
        if asks.document is not None:
            return document(ground, asks.document, self._owned_by)
        if not ground.tested:
            return Judged(NOT_KNOWN, "The body whose seats this asks about is not recorded on this day.")
        if asks.seats is not None:
            return _counted(asks.seats, ground.tally(asks.seats.of, asks.seats.held, asking), ground)
        if asks.holds_no_role_in is not None:
            return self._apart(ground, asks.holds_no_role_in, asking)
        if asks.rotation_kept is not None:
            return rotation(ground, asks.rotation_kept)
        return quorum(ground, asks.quorum_without_chair is not False)

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
            return Judged(NOT_MET, " ".join(clashes), evidence=evidence_of(seats.counted))
        whole = ground.whole("roles") and self._all_complete(ground, wanted.kinds)
        if not whole:
            doubts.append("No such role is recorded; the lists of roles that could show one are not complete.")
        doubts.extend(told.text for told in seats.doubted if whole)
        if doubts or seats.doubted:
            return Judged(NOT_KNOWN, " ".join(doubts))
        return Judged(MET, "Nobody holds both.", seats.counted, evidence_of(seats.counted))

    def _elsewhere(self, person: str, wanted: Apart, ground: Ground) -> Iterator[tuple[str, bool]]:
        """Yield the roles of a person in bodies of the kinds, and whether that is sure."""
        mine = {body.id for body in ground.bodies}
        for body in self.asked.holders.bodies_of(person):
            if body.kind in wanted.kinds and body.id not in mine:
                for id, certain in self._sitting(body).get(person, {}).items():
                    role = body.roles[id]
                    if not wanted.as_ or role.member_type in wanted.as_:
                        yield f"{role.title}, {name_on(body, self.asked.span)}", certain

    def _sitting(self, body: Body) -> dict[str | None, dict[str, bool]]:
        """Return who sits in a body: the roles of each person, and whether that is sure; worked out once."""
        if body.id not in self._sitters:
            found = self._sitters[body.id] = {}
            for role in body.roles.values():
                for holder in self.asked.holders.seat(role).holders:
                    found.setdefault(holder.person, {}).setdefault(role.id, sure(holder))
        return self._sitters[body.id]

    def _all_complete(self, ground: Ground, kinds: tuple[str, ...]) -> bool:
        """Return whether every body of the kinds that is in being has a complete list of roles."""
        if kinds not in self._complete:
            lives, span = self.asked.lives, self.asked.span
            self._complete[kinds] = all(
                ground.whole("roles", [body])
                for body in self.asked.registry.bodies.values()
                if body.kind in kinds and not body.class_ and lives.status(body, span)[0] == "in-being"
            )
        return self._complete[kinds]


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

    def judged(answer: str, why: str, lacking: str | None = None) -> Judged:
        shown = evidence_of((*found.counted, *(found.doubted if answer != MET else ())))
        return Judged(answer, " ".join(why.split()), found.counted, shown, inferred, lacking)

    if high is not None and found.least > high:
        return judged(NOT_MET, f"{found.least} {'is' if found.least == 1 else 'are'} {how}. {told}")
    if found.most < low:
        number = f"{found.most:.0f} at most, of {low}" if found.least != found.most else f"{found.least} of {low}"
        return judged(NOT_MET, f"{number}, and the list of seats is complete. {told} {doubts}")
    if found.least >= low and (high is None or found.most <= high):
        return judged(MET, told or "None is recorded, and the list of seats is complete.")
    number = rest = ""
    if found.least >= low and not ground.whole("roles"):  # there may be more than are recorded
        rest = "The list of seats is not complete."
    if found.counted:
        if found.least < low:
            number = f"{found.least} of {low} {how}:"
        else:
            number = f"{found.least} {'is' if found.least == 1 else 'are'} {how}:"
    elif not found.doubted:
        number = "No such seat is recorded."
        if wanted.of.designated:
            number = "Nobody is recorded as named for this."
        elif wanted.of.on_behalf_of:
            number = "Nobody is recorded as sitting on behalf of one."
    return judged(NOT_KNOWN, f"{number} {told} {doubts} {rest}", None if ground.whole("roles") else "roles")


def _together(doubted: Iterable[Told]) -> Iterator[str]:
    """Yield the seats in doubt with the reason, those with the same reason together."""
    titles: dict[str, list[str]] = {}
    for one in doubted:
        titles.setdefault(one.why, []).append(one.seat.role.title)
    for why, some in titles.items():
        yield f"{'; '.join(some)}: {why}"


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
