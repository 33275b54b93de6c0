"""The seats that a duty speaks of: which surely count, and which may.

Every question has three answers. A seat that only the law or policy tells of proves nothing: that it is there,
or who sits in it, needs evidence of its own (`docs/registry.md`, Requirements). An interim holds a seat, and
somebody who is still to come does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import NamedTuple

from kmics_cli.dates import Answer, in_words, lasts, least
from kmics_cli.model import Appointment, Body, Citation, Nomination, Recorded, Role, SeatSort
from kmics_cli.query.evidence import carried
from kmics_cli.query.find import name_on
from kmics_cli.query.holders import Holder, Seat
from kmics_cli.query.parts import Parts
from kmics_cli.query.says import lower_first, said_when

ANY = "any"
"""The word of `on_behalf_of` that means any body at all."""

CHAIR = "chair"  # the member type of whoever chairs
_ACTS = {
    "nominated_by": ("nominated", "nominates for this seat", frozenset(("nominated",))),
    "appointed_by": ("appointed", "appoints to this seat", frozenset(("appointed", "reappointed"))),
    "approved_by": ("approved", "approves appointments to this seat", frozenset(("approved",))),
}
"""Who acts on a seat: the words for it, and the decisions of an appointment that are such an act."""


class Found(NamedTuple):
    """An answer with what stands against a yes."""

    answer: Answer
    why: str = ""


_YES = Found(Answer.YES)
_STAND_IN = ("interim", "acting")


def weakest(some: Iterable[Found]) -> Found:
    """Return the weakest of some answers, with its reason; yes for none at all."""
    found = _YES
    for one in some:
        if least(found.answer, one.answer) is not found.answer:
            found = one
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A seat that counts, or may: its holders that do, and what to say of them, or why it may not."""

    seat: Seat
    holders: tuple[Holder, ...]
    why: str

    @property
    def text(self) -> str:
        """The seat with what is said of it."""
        return f"{self.seat.role.title}: {self.why}" if self.why else self.seat.role.title


@dataclass(frozen=True, slots=True)
class Tally:
    """How many seats of a sort there are, at least and at most, and which."""

    least: int
    most: float
    counted: tuple[Told, ...]
    doubted: tuple[Told, ...]


class Ground:
    """A body that duties apply to, and the bodies that they are tested on, in the days asked about."""

    def __init__(self, asked: Parts, body: Body, tested: tuple[Body, ...]) -> None:
        self.asked = asked
        self.body = body
        self.tested = tested
        self.bodies = tuple({one.id: one for one in (*tested, body)}.values())

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """The seats in being of the bodies that are tested."""
        return tuple(seat for body in self.tested for seat in self._seats(body))

    @cached_property
    def _perhaps_absent(self) -> tuple[Seat, ...]:
        """The seats of the bodies that are tested of which a source says that they were not there, perhaps on these days."""
        some = [
            self.asked.holders.seat(role) for body in self.tested for role in body.roles.values() if role.absent
        ]
        return tuple(
            seat
            for seat in some
            if seat.existence == "absent"
            and not any(
                lasts(one.from_, one.to, self.asked.span) is Answer.YES or not (one.from_ or one.to)
                for one in seat.role.absent
            )
        )

    def _seats(self, body: Body) -> Iterator[Seat]:
        for role in body.roles.values():
            seat = self.asked.holders.seat(role)
            if seat.existence == "in-being":
                yield seat

    @cached_property
    def committees(self) -> tuple[Body, ...]:
        """The bodies below the body and what is tested, on the day, that are in being or may be."""
        found: dict[str, Body] = {}
        for body in self.bodies:
            for child, link in self.asked.lives.children(body.id):
                there = lasts(link.from_, link.to, self.asked.span) is not Answer.NO
                if there and not child.class_ and self.asked.lives.status(child, self.asked.span)[0] == "in-being":
                    found.setdefault(child.id, child)
        found.pop(self.body.id, None)
        return tuple(found.values())

    def whole(self, name: str, bodies: Iterable[Body] | None = None) -> bool:
        """Return whether the lists `name` (roles, committees) of all the bodies are complete, by evidence of the day.

        No list of committees is while a body cannot be read: it could be one.
        """
        if name == "committees" and any(kind == "bodies" for kind, _id in self.asked.registry.broken):
            return False
        some = self.tested if bodies is None else tuple(bodies)
        return bool(some) and all(self._is_whole(body, name) for body in some)

    def _is_whole(self, body: Body, name: str) -> bool:
        said: Recorded | None = body.recorded
        if said is None or getattr(said, name) != "complete":
            return False
        sources = [*said.sources]
        if said.as_at:
            sources.append(Citation(source=said.source, document="", as_at=said.as_at))
        asked = self.asked
        how = carried(asked.registry, asked.span, None, None, sources, also_checked=body.checked)
        return how.answer is Answer.YES

    def tally(self, sort: SeatSort, held: bool, asking: frozenset[str]) -> Tally:
        """Return how many seats are of the sort; if `held`, how many of them are held.

        `asking` are the documents that ask for them, which prove nothing.
        """
        by_holder = held or bool(sort.designated or sort.on_behalf_of or sort.not_chair_of)
        low, high = 0, 0 if self.whole("roles") else inf
        counted: list[Told] = []
        doubted: list[Told] = []
        for seat in self.seats:
            of = self._role_is(seat.role, sort)
            if of.answer is Answer.NO:
                continue
            count = self._held if by_holder else self._there
            sure, most, told = count(seat, sort, of, asking)
            low, high = low + sure, high + most
            (counted if sure else doubted).append(told)
        for seat in self._perhaps_absent:
            if self._role_is(seat.role, sort).answer is not Answer.NO:
                high += inf if seat.seats is None else seat.seats
                if not (sort.designated or sort.on_behalf_of):
                    doubted.append(Told(seat, (), "whether there was such a seat on this day is not certain."))
        return Tally(low, high, tuple(counted), tuple(told for told in doubted if told.why))

    def _there(self, seat: Seat, sort: SeatSort, of: Found, asking: frozenset[str]) -> tuple[int, float, Told]:
        """Return how many seats a role surely has, how many it may have, and what to say of them."""
        role = seat.role
        of = weakest([of, *self._rules(role, sort, asking)])
        most = inf if seat.seats is None else seat.seats
        if of.answer is Answer.NO:
            return 0, 0, Told(seat, (), "")
        sitting = tuple(holder for holder in seat.holders if sure(holder) and self._proven(role, holder, asking))
        since = self._unconfirmed(role)
        if of.answer is Answer.YES and self._shown(role, asking) and not since:
            several = f"{seat.seats} seats" if seat.seats and seat.seats > 1 else ""
            return seat.seats or max(1, len(sitting)), most, Told(seat, sitting, several)
        if of.answer is Answer.YES and sitting:
            return len(sitting), most, Told(seat, sitting, _names(sitting))
        doubt = since if self._shown(role, asking) else _only_asked_for(seat)
        return 0, most, Told(seat, seat.holders, lower_first(of.why or doubt))

    def _held(self, seat: Seat, sort: SeatSort, of: Found, asking: frozenset[str]) -> tuple[int, float, Told]:
        """Return how many seats of a role are surely held by such holders, how many may be, and what to say."""
        rules = weakest([of, *self._rules(seat.role, sort, asking)])
        known = [holder for holder in seat.holders if not holder.appointment.covering]
        judged = [(holder, self._holder_is(holder, sort, of, rules, asking)) for holder in known]
        yes = tuple(holder for holder, found in judged if found.answer is Answer.YES)
        if rules.answer is Answer.NO and not yes:
            return 0, 0, Told(seat, (), "")
        no = [holder for holder, found in judged if found.answer is Answer.NO and sure(holder)]
        most = inf if seat.seats is None else seat.seats - self.surely_vacant(seat) - _places(no)
        if seat.state == "designate" and not known:
            most = 0
        if yes:
            places = _places(yes) if seat.seats is None else min(_places(yes), seat.seats)
            return places, max(most, places), Told(seat, yes, _names(yes))
        if sort.designated or sort.on_behalf_of:  # of most holders nothing is recorded: that is said once
            why = " ".join(named(holder, found.why) for holder, found in judged if found.why)
        else:
            why = self._doubt(seat, judged, asking)
        doubted = tuple(holder for holder, found in judged if found.why) if why else ()
        return 0, max(most, 0), Told(seat, doubted, why)

    def surely_vacant(self, seat: Seat) -> int:
        """Return how many seats of a role are surely vacant, by evidence that covers the day and nobody disputes."""
        asked, checked = self.asked, self.asked.registry.bodies[seat.role.body].checked
        return sum(
            one.confidence != "disputed"
            and carried(asked.registry, asked.span, one.from_, one.to, one.sources, also_checked=checked).answer
            is Answer.YES
            for one in seat.vacancies
        )

    def _doubt(self, seat: Seat, judged: list[tuple[Holder, Found]], asking: frozenset[str]) -> str:
        """Return why a seat does not surely count."""
        if judged:
            return " ".join(named(holder, found.why) for holder, found in judged)
        if seat.vacancies:
            return f"vacant since {in_words(seat.vacancies[0].from_)}."
        if seat.next:
            return f"nobody there; {seat.next[0].name} is to start {said_when(seat.next[0].appointment.from_)}."
        if not self._shown(seat.role, asking):
            return lower_first(_only_asked_for(seat))
        return "holder not recorded."

    def _role_is(self, role: Role, sort: SeatSort) -> Found:
        """Return whether a role is of the sort by its type and focus, and surely there in these days."""
        if sort.member_type and role.member_type not in sort.member_type:
            return Found(Answer.NO)
        if sort.focus and not set(sort.focus) & set(role.focus):
            return Found(Answer.NO) if role.focus else Found(Answer.POSSIBLY, "Its focus is not recorded.")
        if role.confidence == "disputed":
            return Found(Answer.POSSIBLY, "Whether there is such a seat is disputed.")
        start = role.from_ or self.asked.lives.life(role.body).start
        if (role.from_ or role.to) and lasts(start, role.to, self.asked.span) is not Answer.YES:
            return Found(Answer.POSSIBLY, "Whether there was such a seat on this day is not certain.")
        return _YES

    def _rules(self, role: Role, sort: SeatSort, asking: frozenset[str]) -> Iterator[Found]:
        """Yield whether those act on the seat who should, by what is recorded of the seat itself."""
        for name, (_done, acts, _decisions) in _ACTS.items():
            wanted: tuple[str, ...] = getattr(sort, name)
            rules: tuple[Nomination, ...] = getattr(role, name)
            rules = tuple(r for r in rules if lasts(r.from_, r.to, self.asked.span) is not Answer.NO)
            if not wanted:
                continue
            if not rules:
                yield Found(Answer.POSSIBLY, f"Who {acts} is not recorded.")
                continue
            acting = [rule for rule in rules if any(self._one_of(by, wanted) for by in rule.by)]
            if not acting:
                yield Found(Answer.NO, f"Another {acts}.")
                continue
            body = self.asked.registry.bodies[role.body]
            sources = [one for rule in acting for one in rule.sources or role.sources or body.sources]
            if not self.tells(body, sources, asking):
                yield Found(Answer.POSSIBLY, f"Who {acts} is known only from the law or policy that asks for it.")

    def _holder_is(self, holder: Holder, sort: SeatSort, of: Found, rules: Found, asking: frozenset[str]) -> Found:
        """Return whether a holder surely sits in a seat of the sort and is as the sort wants."""
        person = weakest(self._person_is(holder, sort))
        if person.answer is not Answer.YES and not person.why:
            return person
        if not sure(holder):
            return Found(Answer.POSSIBLY, holder.says)
        found = [person, of, *self._acts(holder, sort, rules)]
        if not self._proven(holder.role, holder, asking):
            found.append(
                Found(
                    Answer.POSSIBLY,
                    "That the post has a seat here is only inferred from the policy that asks for it.",
                )
            )
        return weakest(found)

    def _acts(self, holder: Holder, sort: SeatSort, rules: Found) -> Iterator[Found]:
        """Yield whether those acted who should: by the holder's own decisions; else by the seat's rules.

        Whoever sits here by way of another post was appointed to that post.
        """
        decided = True
        for name, (done, _acts, decisions) in _ACTS.items():
            wanted: tuple[str, ...] = getattr(sort, name)
            if not wanted:
                continue
            made = () if holder.via else holder.appointment.decisions
            acted = list(dict.fromkeys(by for one in made if one.what in decisions for by in one.by))
            if not acted:
                decided = False
            elif not any(self._one_of(by, wanted) for by in acted):
                who = " and ".join(self.asked.party_name(by) for by in acted)
                yield Found(Answer.NO, f"Was {done} by {who}.")
        if not decided:
            yield rules

    def _person_is(self, holder: Holder, sort: SeatSort) -> Iterator[Found]:
        """Yield whether the holder is named for what the sort says, represents whom it says, and chairs nothing else.

        A reason is given only where something is recorded.
        """
        if sort.designated:
            yield self._designated(holder, sort.designated)
        if sort.on_behalf_of:
            of = None if holder.via else holder.appointment.on_behalf_of
            if ANY in sort.on_behalf_of:
                yield _YES if of else Found(Answer.NO)
            elif of is None:
                yield Found(Answer.POSSIBLY)
            elif not self._one_of(of, sort.on_behalf_of):
                yield Found(Answer.NO)
        for kind in sort.not_chair_of:
            yield self._not_chairing(holder, kind)

    def _designated(self, holder: Holder, wanted: tuple[str, ...]) -> Found:
        appointment: Appointment = holder.appointment
        best = Found(Answer.POSSIBLY)
        for one in appointment.designations:
            if one.as_ not in wanted:
                continue
            sources = one.sources or appointment.sources
            how = carried(self.asked.registry, self.asked.span, one.from_, one.to, sources)
            if how.answer is Answer.YES and one.confidence != "disputed":
                return _YES
            if how.answer is Answer.POSSIBLY:
                best = Found(Answer.POSSIBLY, f"Last known to be named for this: {in_words(how.last)}.")
        return best

    def _not_chairing(self, holder: Holder, kind: str) -> Found:
        """Return whether the holder surely chairs no body of `kind` among the body and its committees."""
        chairs = [
            (body, seat)
            for body in {one.id: one for one in (*self.bodies, *self.committees)}.values()
            if body.kind == kind
            for seat in self._seats(body)
            if seat.role.member_type == CHAIR
        ]
        kind_name = self.asked.registry.settings.kinds.get(kind, kind)
        if not chairs:
            return Found(Answer.POSSIBLY, f"Who chairs the {kind_name} is not recorded.")
        for body, seat in chairs:
            mine = [one for one in seat.holders if one.person is not None and one.person == holder.person]
            name = name_on(body, self.asked.span)
            if any(sure(one) for one in mine):
                return Found(Answer.NO, f"Chairs the {name} too.")
            if mine or not any(sure(one) for one in seat.holders) or holder.person is None:
                return Found(Answer.POSSIBLY, f"Who chairs the {name} on this day is not certain.")
        return _YES

    def seated(self, person: str, sort: SeatSort, asking: frozenset[str]) -> Found:
        """Return whether a person surely holds a seat of the sort in the bodies that are tested."""
        best = Found(Answer.NO if self.whole("roles") else Answer.POSSIBLY, "Not recorded in such a seat.")
        for holder, seat in self._sitting.get(person, ()):
            of = self._role_is(seat.role, sort)
            if of.answer is not Answer.NO:
                rules = weakest([of, *self._rules(seat.role, sort, asking)])
                found = self._holder_is(holder, sort, of, rules, asking)
                if found.answer is Answer.YES:
                    return found
                best = found
        return best

    @cached_property
    def _sitting(self) -> dict[str | None, list[tuple[Holder, Seat]]]:
        """The holders of all seats, with these, by person."""
        found: dict[str | None, list[tuple[Holder, Seat]]] = {}
        for seat in self.seats:
            for holder in seat.holders:
                found.setdefault(holder.person, []).append((holder, seat))
        return found

    def _one_of(self, party: str, wanted: tuple[str, ...]) -> bool:
        """Return whether a body or role is one of those wanted, or of a class, or the seat of a type, that is."""
        if party in wanted:
            return True
        body = self.asked.registry.bodies.get(party)
        if body is not None and body.one_of in wanted:
            return True
        role = self.asked.holders.role(party) if "/" in party else None
        return role is not None and role.member_type in wanted and any(role.body == one.id for one in self.tested)

    def _shown(self, role: Role, asking: frozenset[str]) -> bool:
        """Return whether a source other than what asks for it shows that there is such a seat."""
        body = self.asked.registry.bodies[role.body]
        return role.confidence != "inferred" and self.tells(body, role.sources or body.sources, asking)

    def _unconfirmed(self, role: Role) -> str:
        """Return what to say of a seat that was last shown too long ago; nothing of one that was lately.

        The body's own governing document and a complete list of the day show it too.
        """
        asked, body = self.asked, self.asked.registry.bodies[role.body]
        sources = role.sources or body.sources
        own = {
            link.document for link in body.governed_by if lasts(link.from_, link.to, asked.span) is not Answer.NO
        }
        if self._is_whole(body, "roles") or any(one.document in own for one in sources):
            return ""
        named = [c for held in role.appointments if held.confidence != "inferred" for c in held.sources]
        shown = [*sources, *named]  # who is named there shows the seat too
        how = carried(asked.registry, asked.span, role.from_, role.to, shown, also_checked=body.checked)
        return f"Last shown {in_words(how.last)}." if how.stale else ""

    def tells(self, body: Body, sources: Iterable[Citation], asking: frozenset[str]) -> bool:
        """Return whether a source tells of the body itself: no law, and none that asks, but its own governing document."""
        documents = self.asked.registry.documents
        own = {link.document for link in body.governed_by}
        return any(
            one.document in own
            or (
                one.document not in asking
                and one.document in documents
                and documents[one.document].standing != "instrument"
            )
            for one in sources
        )

    def _proven(self, role: Role, holder: Holder, asking: frozenset[str]) -> bool:
        """Return whether a holder shows that there is the seat: two things inferred, one from the other, do not."""
        if self._shown(role, asking):
            return True
        own = any(one.document not in asking for one in holder.appointment.sources)
        return own and not (role.confidence == "inferred" and holder.confidence == "inferred")


ONLY_ASKED_FOR = "Known only from the law or policy that asks for it"


def sure(holder: Holder) -> bool:
    """Return whether somebody is in post on evidence that covers the day, undisputed."""
    return holder.fresh and holder.answer is Answer.YES and holder.confidence != "disputed"


def _places(holders: Iterable[Holder]) -> int:
    """Return how many seats the holders take up: those who share a job take one."""
    some = list(holders)
    sharing = sum(holder.appointment.capacity == "job-share" for holder in some)
    return len(some) - max(0, sharing - 1)


def _only_asked_for(seat: Seat) -> str:
    """Return that only what asks for a seat tells of it, with whom a source names there in these days, if anybody."""
    if not seat.holders:
        return f"{ONLY_ASKED_FOR}; no source here names a holder on this day."
    names = ", ".join(_hedged(holder) for holder in seat.holders)
    return f"{ONLY_ASKED_FOR}; who sits there on this day is not certain: {names}."


def _hedged(holder: Holder) -> str:
    """Return the name of somebody whose seat is in doubt, with where the evidence lies."""
    hedge = "" if sure(holder) else "possibly "
    return {"last-named": "last named ", "later-named": "later named "}.get(holder.standing, hedge) + holder.name


def named(holder: Holder, why: str) -> str:
    """Return who may sit in a seat, and why that is not certain; "possibly" is said once."""
    if not sure(holder):
        plain = why.removeprefix("Possibly: ").replace(": possibly: ", ": ", 1)
        why = plain[:1].upper() + plain[1:]
    return f"{_hedged(holder)}. {why}"


def _names(holders: Iterable[Holder]) -> str:
    """Return who holds a seat; of an interim or an inferred holder, that it is so."""
    told = []
    for holder in holders:
        interim = f" ({holder.appointment.capacity})" if holder.appointment.capacity in _STAND_IN else ""
        hedge = f". {holder.says}" if holder.confidence == "inferred" else ""
        told.append(f"{holder.name}{interim}{hedge}")
    return "; ".join(told)
