"""Whether a meeting is quorate: who counts, how many are needed, and who may not leave the room.

Counted are members, each person once: an interim and whoever acts for somebody count, those who share a job count
as one, and so do a member and whoever covers for that member. Not counted are those in attendance, those recorded as
without a vote, and those who are still to come. Every figure has a sure value and a possible one; the answer is yes or no only where
both lead to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf

from kmics_cli.dates import Answer, lasts
from kmics_cli.model import ATTENDING, Body, Quorum, Role
from kmics_cli.query.answers import Asked
from kmics_cli.query.duties.besides import quorum_of
from kmics_cli.query.duties.seats import CHAIR, Ground, sure
from kmics_cli.query.evidence import carried
from kmics_cli.query.holders import Holder, Seat

YES, NO, NOT_RECORDED = "yes", "no", "not-recorded"
DEPUTY = "deputy"


@dataclass(slots=True)
class Sitter:
    """Somebody who may be in the room. `person` is None where a source says that a seat is held, and not by whom."""

    key: str
    person: str | None
    name: str
    places: dict[int, bool] = field(default_factory=dict)  # the places at the table, and whether that is sure
    holders: list[Holder] = field(default_factory=list)  # by which they are members
    besides: list[tuple[str, Holder]] = field(
        default_factory=list
    )  # in attendance, without a vote, or still to come
    stands_for: str | None = None  # the key of the member for whom a deputy stands

    @property
    def sure(self) -> bool:
        """Whether they are surely members."""
        return any(self.places.values())

    @property
    def deputy(self) -> bool:
        """Whether they are deputies, and no members."""
        return not self.places and any(why == DEPUTY for why, _holder in self.besides)


@dataclass(frozen=True, slots=True)
class Condition:
    """One of `including`: those of whom somebody must be there. `words` are its parts; `chair`: it is the chair alone."""

    words: tuple[str, ...]
    sure: frozenset[str]  # the keys of those who surely answer to it
    possible: frozenset[str]
    open: bool  # whether somebody may answer to it whom the record does not name, or not as such

    @property
    def chair(self) -> bool:
        """Whether only the chair answers to it."""
        return self.words == (CHAIR,)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for some people in the room, with the figures it rests on."""

    quorate: str
    present: int
    possible: float
    needed: tuple[float, float]
    met: tuple[Answer, ...]  # condition by condition


class Room:
    """A body on a day: its places, who may fill them, and its quorum."""

    def __init__(self, asked: Asked, body: Body) -> None:
        self.asked = asked
        self.body = body
        self.ground = Ground(asked, body, (body,))
        self.sitters: dict[str, Sitter] = {}
        self.capacity: list[int] = []
        self.open: dict[str, float] = {}  # how many more may sit there, by role
        self.seats: float = 0
        self.most_seats: float = 0
        for seat in self.ground.seats:
            if not self.counts(seat.role):
                self._beside(seat)
                continue
            self._places(seat)
        self.whole = self.ground.whole("roles")
        self.most_seats = self.most_seats if self.whole else inf
        self.rule, self.sure_rule = self._rule()
        self._deputise()
        self.conditions = tuple(self._conditions())
        members = [one.key for one in self.sitters.values() if one.places]
        self.members = self.most([key for key in members if self.sitters[key].sure], sure_only=True)
        self.most_members = self.most(members) + sum(self.open.values()) + (0 if self.whole else inf)
        self.needed = self._needed()

    @staticmethod
    def counts(role: Role) -> bool:
        """Return whether those in a role are members who count."""
        return role.member_type not in ATTENDING and role.voting is not False

    def _rule(self) -> tuple[Quorum | None, bool]:
        """Return the quorum of the day, and whether it surely stands."""
        found = quorum_of(self.ground, self.body)
        if found is not None:
            return found, found.confidence != "disputed"
        there = [one for one in self.body.quorum if lasts(one.from_, one.to, self.asked.span) is not Answer.NO]
        latest = max(there, key=lambda one: one.from_.earliest.toordinal() if one.from_ else 0, default=None)
        return latest, False

    def _sitter(self, holder: Holder) -> Sitter:
        key = holder.person or f"{holder.role.ref}#{id(holder.appointment)}"
        name = holder.name if holder.person else "somebody whom no source names"
        return self.sitters.setdefault(key, Sitter(key, holder.person, name))

    def _beside(self, seat: Seat) -> None:
        why = seat.role.member_type if seat.role.member_type in ATTENDING else "no-vote"
        for holder in seat.holders:
            self._sitter(holder).besides.append((why, holder))
        for holder in seat.next:
            self._sitter(holder).besides.append(("designate", holder))

    def _places(self, seat: Seat) -> None:
        """Add the places of a role: those who share a job, or of whom one covers for the other, have one together."""
        groups: list[list[Holder]] = []
        of: dict[str | None, list[Holder]] = {}
        shared: list[Holder] = []
        for holder in seat.holders:
            if holder.appointment.covering:
                continue
            if holder.appointment.capacity == "job-share":
                group = shared
                if not shared:
                    groups.append(shared)
            else:
                group = []
                groups.append(group)
            group.append(holder)
            of.setdefault(holder.person, group)
        for holder in seat.holders:
            if holder.appointment.covering:
                if holder.appointment.covering in of:
                    of[holder.appointment.covering].append(holder)
                else:
                    groups.append([holder])
        number = seat.seats
        vacant = self.ground.surely_vacant(seat)
        if number is not None and len(groups) > number:  # more people than seats: they have them together
            groups, sizes = [[holder for group in groups for holder in group]], [number]
        else:
            sizes = [1] * len(groups)
        for group, size in zip(groups, sizes, strict=True):
            place = len(self.capacity)
            self.capacity.append(size)
            for holder in group:
                sitter = self._sitter(holder)
                sitter.places[place] = sitter.places.get(place, False) or sure(holder)
                sitter.holders.append(holder)
        for holder in seat.next:
            self._sitter(holder).besides.append(("designate", holder))
        if number is None:
            self.open[seat.role.ref] = inf
            self.seats, self.most_seats = self.seats + sum(sizes), inf
        else:
            nobody = seat.state == "designate"
            self.open[seat.role.ref] = 0 if nobody else max(0, number - sum(sizes) - vacant)
            self.seats, self.most_seats = self.seats + number, self.most_seats + number

    def _deputise(self) -> None:
        """Let deputies stand for the member for whom they are recorded to cover; of others nobody knows for whom they stand."""
        for sitter in self.sitters.values():
            if sitter.deputy:
                for why, holder in sitter.besides:
                    covered = holder.appointment.covering
                    if why == DEPUTY and covered in self.sitters and self.sitters[covered].places:
                        sitter.stands_for = covered

    def most(self, keys: Iterable[str], sure_only: bool = False) -> int:
        """Return how many of these people can be counted, each in one place and no place more than once."""
        taken: dict[int, list[str]] = {}
        found = 0
        edges = {key: self._edges(key, sure_only) for key in dict.fromkeys(keys)}
        for key, own in edges.items():
            found += self._seated(key, own, edges, taken)
        return found

    def _edges(self, key: str, sure_only: bool) -> list[int]:
        sitter = self.sitters[key]
        if sitter.stands_for is not None:
            certain = self.rule is not None and self.rule.deputies_count is True
            certain = certain and any(sure(holder) for why, holder in sitter.besides if why == DEPUTY)
            allowed = certain or not sure_only
            places = self.sitters[sitter.stands_for].places if allowed else {}
        else:
            places = sitter.places
        return [place for place, certain in places.items() if certain or not sure_only]

    def _seated(
        self, key: str, own: list[int], edges: Mapping[str, list[int]], taken: dict[int, list[str]]
    ) -> bool:
        """Seat one more, moving others to another of their places if need be; return whether that could be done."""
        came: dict[int, tuple[str, int | None]] = dict.fromkeys(own, (key, None))
        ahead = [*came]
        for place in ahead:  # grows meanwhile
            there = taken.setdefault(place, [])
            if len(there) < self.capacity[place]:
                at: int | None = place
                while at is not None:
                    who, before = came[at]
                    taken[at].append(who)
                    if before is not None:
                        taken[before].remove(who)
                    at = before
                return True
            for other in there:
                for step in edges[other]:
                    if step not in came:
                        came[step] = (other, place)
                        ahead.append(step)
        return False

    def _needed(self) -> tuple[float, float]:
        """Return how many must be there, at least and at most; of a fraction, what it is taken of bounds it."""
        if self.rule is None:
            return 0, inf
        at_least = self.rule.at_least
        if isinstance(at_least, int):
            return at_least, at_least
        part, _, whole = at_least.partition("/")

        def of(number: float) -> float:
            return number if number == inf else -(-int(number) * int(part) // int(whole))

        seats, members = (self.seats, self.most_seats), (self.members, self.most_members)
        low, high = {"seats": seats, "members-in-post": members}.get(
            self.rule.counting or "", (min(seats[0], members[0]), max(seats[1], members[1]))
        )
        return max(1, of(low)), max(1, of(high))

    def _conditions(self) -> Iterator[Condition]:
        if self.rule is None:
            return
        groups = [(one,) if isinstance(one, str) else tuple(one) for one in self.rule.including]
        if self.rule.without_chair is False and (CHAIR,) not in groups:
            groups.insert(0, (CHAIR,))
        for words in dict.fromkeys(groups):
            certain: set[str] = set()
            possible: set[str] = set()
            more = not self.whole
            for word in words:
                answers, open_ = self._answering(word)
                more = more or open_
                for key, answer in answers:
                    (certain if answer is Answer.YES else possible).add(key)
            yield Condition(words, frozenset(certain), frozenset(possible - certain), more)

    def _answering(self, word: str) -> tuple[list[tuple[str, Answer]], bool]:
        """Return who answers to a word, surely or possibly, and whether others may: a type, a role, or a duty by name."""
        found: list[tuple[str, Answer]] = []
        roles = {
            role.ref
            for role in self.body.roles.values()
            if self.counts(role) and word in (role.member_type, role.id, *role.former_ids)
        }
        for sitter in self.sitters.values():
            for holder in sitter.holders:
                if holder.role.ref in roles:
                    found.append((sitter.key, Answer.YES if sure(holder) else Answer.POSSIBLY))
                for named in holder.appointment.designations:
                    if named.as_ == word:
                        how = carried(
                            self.asked.registry,
                            self.asked.span,
                            named.from_,
                            named.to,
                            named.sources or holder.appointment.sources,
                            also_checked=self.body.checked,
                        )
                        if how.answer is not Answer.NO:
                            certain = how.answer is Answer.YES and sure(holder) and named.confidence != "disputed"
                            found.append((sitter.key, Answer.YES if certain else Answer.POSSIBLY))
            if sitter.stands_for and any(one.role.ref in roles for one in self.sitters[sitter.stands_for].holders):
                found.append((sitter.key, Answer.POSSIBLY))
        return found, any(self.open.get(ref) for ref in roles) or not (roles or found)

    def judged(self, present: Collection[str], all_else: bool) -> Verdict:
        """Return the verdict for those present. `all_else`: also there are members whom the record does not name."""
        deputies = [key for key in present if self.sitters[key].deputy]
        others = [key for key in present if not self.sitters[key].deputy or self.sitters[key].stands_for]
        counting = self.rule is None or self.rule.deputies_count is not False
        others = others if counting else [key for key in others if not self.sitters[key].deputy]
        low = self.most(others, sure_only=True)
        high: float = self.most(others)
        if counting:
            loose = sum(self.sitters[key].stands_for is None for key in deputies)
            high = min(high + loose, max(high, self.most_members))
        if all_else:
            high += sum(self.open.values()) + (0 if self.whole else inf)
        there = {key for key in present if counting or not self.sitters[key].deputy}
        met = []
        for one in self.conditions:
            if one.sure & there:
                met.append(Answer.YES)
                continue
            unnamed = one.open and (all_else or (bool(there) and not (one.sure or one.possible)))
            unsaid = counting and any(self.sitters[key].stands_for is None for key in deputies)
            met.append(Answer.POSSIBLY if one.possible & there or unnamed or unsaid else Answer.NO)
        least, most = self.needed
        if self.rule is None or not self.sure_rule:
            answer = NOT_RECORDED
        elif high < least or Answer.NO in met:
            answer = NO
        elif low >= most and all(one is Answer.YES for one in met):
            answer = YES
        else:
            answer = NOT_RECORDED
        return Verdict(answer, low, high, self.needed, tuple(met))

    def breaking(
        self, present: Collection[str], verdict: Verdict
    ) -> list[tuple[int, tuple[str, ...], Condition | None]]:
        """Return what would end a quorum that stands: any so many leaving, or all of these, each set as small as can be."""
        if verdict.quorate != YES:
            return []
        spare = verdict.present - int(verdict.needed[1]) + 1
        found: list[tuple[int, tuple[str, ...], Condition | None]] = [(spare, (), None)]
        there = set(present)
        sets: list[tuple[frozenset[str], Condition]] = []
        for one in sorted(self.conditions, key=lambda one: len(one.sure & there)):
            who = one.sure & there
            if self.most(who, sure_only=True) < spare and not any(smaller <= who for smaller, _one in sets):
                sets.append((frozenset(who), one))
        order = {key: number for number, key in enumerate(self.sitters)}
        found.extend((len(who), tuple(sorted(who, key=order.__getitem__)), one) for who, one in sets)
        return found
