"""Whether a meeting is quorate: who counts, how many are needed, and who may not leave the room.

Counted are members, each person once: an interim and whoever acts for somebody count, those who share a job count
as one, and so do a member and whoever covers for that member. Not counted are those in attendance, those recorded as
without a vote, and those who are still to come. Every figure has a sure value and a possible one. Who is not surely a
member counts among those present and among the members in post, or among neither; the answer is yes or no only where it is so
either way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
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
_MOST_MIXED = 6  # uncertain places of which each must be tried both ways: these make 64 rooms
_MOST_TOGETHER = 60  # so many who share a place are looked at one by one
_MOST_WORK = 60_000  # people looked at in the search for who may not leave; more, and the figures are bounds


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


@dataclass(frozen=True, slots=True)
class Leaving:
    """What would end a quorum that stands: any so many leaving, or all of some people.

    It survives any `survives` leaving; it is no longer sure if any `lost` leave, and no longer there if any `ended` do (None:
    never). `exact`: no higher or lower number would do. `sets`: some who may not leave together, each as small as can be; the
    condition that they alone answer to, if that is why; and the answer without them.
    """

    survives: int
    lost: int
    ended: int | None
    exact: bool
    sets: tuple[tuple[tuple[str, ...], Condition | None, str], ...]


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

    def most(self, keys: Iterable[str], sure_only: bool = False, also: Collection[tuple[str, int]] = ()) -> int:
        """Return how many of these people can be counted, each in one place and no place more than once.

        With `sure_only` only in places that are surely theirs, and in those of `also`: a key and a place.
        """
        return self._matched({key: self._edges(key, sure_only, also) for key in dict.fromkeys(keys)})

    def _matched(self, edges: Mapping[str, list[int]]) -> int:
        """Return how many people can be seated, each in one of their places."""
        taken: dict[int, list[str]] = {}
        shut: set[int] = set()
        return sum(self._seated(key, own, edges, taken, shut) for key, own in edges.items())

    def _edges(self, key: str, sure_only: bool, also: Collection[tuple[str, int]]) -> list[int]:
        sitter = self.sitters[key]
        whose = key
        if sitter.stands_for is not None:
            certain = self.rule is not None and self.rule.deputies_count is True
            certain = certain and any(sure(holder) for why, holder in sitter.besides if why == DEPUTY)
            whose = sitter.stands_for
            places = self.sitters[whose].places if certain or not sure_only else {}
        else:
            places = sitter.places
        return [place for place, certain in places.items() if certain or not sure_only or (whose, place) in also]

    def _seated(
        self,
        key: str,
        own: list[int],
        edges: Mapping[str, list[int]],
        taken: dict[int, list[str]],
        shut: set[int],
    ) -> bool:
        """Seat one more, moving others to another of their places if need be; return whether that could be done.

        Places that could not be freed are `shut`, and never tried again: those who sit there can sit nowhere else.
        """
        came: dict[int, tuple[str, int | None]] = dict.fromkeys(
            (one for one in own if one not in shut), (key, None)
        )
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
                    if step not in came and step not in shut:
                        came[step] = (other, place)
                        ahead.append(step)
        shut.update(came)
        return False

    def _needed(self) -> tuple[float, float]:
        """Return how many must be there, at least and at most; of a fraction, what it is taken of bounds it."""
        return self._asked_for(self.members)[0], self._asked_for(self.most_members)[1]

    def _asked_for(self, members: float) -> tuple[float, float]:
        """Return how many must be there, at least and at most, where there are so many members in post."""
        if self.rule is None:
            return 0, inf
        at_least = self.rule.at_least
        if isinstance(at_least, int):
            return at_least, at_least
        part, _, whole = at_least.partition("/")

        def of(number: float) -> float:
            return number if number == inf else max(1, -(-int(number) * int(part) // int(whole)))

        if self.rule.counting == "seats":
            return of(self.seats), of(self.most_seats)
        if self.rule.counting == "members-in-post":
            return of(members), of(members)
        return min(of(self.seats), of(members)), max(of(self.most_seats), of(members))

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
        counting = self._counting
        others = self._others(present)
        low = self.most(others, sure_only=True)
        high: float = self.most(others)
        if counting:
            loose = sum(self.sitters[key].stands_for is None for key in deputies)
            high = min(high + loose, max(high, self.most_members))
        if all_else:
            high += self._unnamed
        there = {key for key in present if counting or not self.sitters[key].deputy}
        met = []
        for one in self.conditions:
            if one.sure & there:
                met.append(Answer.YES)
                continue
            unnamed = one.open and (all_else or (bool(there) and not (one.sure or one.possible)))
            unsaid = counting and any(self.sitters[key].stands_for is None for key in deputies)
            met.append(Answer.POSSIBLY if one.possible & there or unnamed or unsaid else Answer.NO)
        worst, best = self.spare(present, all_else)
        if self.rule is None or not self.sure_rule:
            answer = NOT_RECORDED
        elif best < 0 or Answer.NO in met:
            answer = NO
        elif worst >= 0 and all(one is Answer.YES for one in met):
            answer = YES
        else:
            answer = NOT_RECORDED
        return Verdict(answer, low, high, self.needed, tuple(met))

    @property
    def _counting(self) -> bool:
        """Whether deputies count, or may."""
        return self.rule is None or self.rule.deputies_count is not False

    @property
    def _unnamed(self) -> float:
        """How many members there may be whom the record does not name."""
        return sum(self.open.values()) + (0 if self.whole else inf)

    def _others(self, present: Collection[str]) -> list[str]:
        """Return those present who can be counted: members, and deputies of whom it is known for whom they stand."""
        people = [(key, self.sitters[key]) for key in present]
        return [key for key, one in people if not one.deputy or (one.stands_for and self._counting)]

    def bounded(self, present: Collection[str]) -> bool:
        """Return whether too many places are uncertain to try each both ways, so that the answer is between bounds."""
        return len(self._mixed(present)) > _MOST_MIXED

    def _mixed(self, present: Collection[str]) -> list[tuple[str, int]]:
        """Return the uncertain places of which it cannot be said at once which way makes a quorum harder.

        It can of whoever has uncertain places only: to be a member then costs at most one more who is needed, and whoever is
        there brings one more who is there. Nor can it where a deputy who is there stands for them.
        """
        stood_for = {self.sitters[key].stands_for for key in self._others(present)}
        return [
            (key, place)
            for key, one in self.sitters.items()
            if one.sure or key in stood_for
            for place, certain in one.places.items()
            if not certain
        ]

    def spare(self, present: Collection[str], all_else: bool) -> tuple[float, float]:
        """Return by how many those present are more than are needed, at worst and at best; less than none is too few.

        Whoever is not surely a member counts on both sides, or on neither; so do those whom the record does not name, where all
        of them are there. A seat whose last holder is no member any more is taken to be empty.
        """
        others = self._others(present)
        members = [key for key, one in self.sitters.items() if one.places]
        there = set(others)
        mixed = self._mixed(present)
        bounds = len(mixed) > _MOST_MIXED
        of_mixed = {key for key, _place in mixed}
        alone = [
            (key, place)
            for key in members
            if key not in of_mixed
            for place, certain in self.sitters[key].places.items()
            if not certain
        ]
        here = [one for one in alone if one[0] in there]
        away = [one for one in alone if one[0] not in there]
        unnamed = self._unnamed
        loose = 0
        if self._counting:
            loose = sum(self.sitters[key].deputy and self.sitters[key].stands_for is None for key in present)
        worst, best = inf, -inf
        for ways in [(True,) * len(mixed)] if bounds else product((False, True), repeat=len(mixed)):
            chosen = [one for one, way in zip(mixed, ways, strict=True) if way]
            low = self.most(others, sure_only=True, also=[] if bounds else chosen)
            most_needed = self._asked_for(
                self.most(members, sure_only=True, also=[*chosen, *away])
                + (unnamed if not all_else or unnamed == inf else 0)
            )[1]
            worst = min(worst, low - most_needed if most_needed < inf else -inf)
            in_post = self.most(members, sure_only=True, also=[*([] if bounds else chosen), *here])
            high: float = self._high(others, [*chosen, *here])
            high = min(high + loose, max(high, self.most_members))
            least_needed = self._asked_for(in_post)[0]
            if all_else and unnamed < inf:
                high, least_needed = high + unnamed, self._asked_for(in_post + unnamed)[0]
            elif all_else:
                high = inf
            best = max(best, high - least_needed)
        return worst, best

    def _high(self, others: Collection[str], also: Collection[tuple[str, int]]) -> int:
        """Return how many of those there count at best: deputies for whoever they may stand for, members as `also` has it."""
        sure_ones = set(also)
        edges: dict[str, list[int]] = {}
        for key in dict.fromkeys(others):
            whose = self.sitters[key].stands_for or key
            edges[key] = [
                place
                for place, certain in self.sitters[whose].places.items()
                if certain or (whose, place) in sure_ones
            ]
        return self._matched(edges)

    def leaving(self, present: Collection[str], all_else: bool) -> Leaving | None:
        """Return who may not leave those present, by judging them with some away; None where they are not surely quorate.

        Everybody is tried alone, so many together as there are places to spare, all who share a place, and all who answer to a
        condition. How many may leave, whoever they are, is found by trying all who could, as far as there is time; beyond it,
        the figures are bounds that hold.
        """
        there = [key for key in self.sitters if key in set(present)]
        if self.judged(there, all_else).quorate != YES:
            return None
        search = _Search(self, there, all_else)
        survives, surely = search.survives()
        stay, sure_stay = search.fewest(lambda answer: answer == YES, self.spare((), all_else)[0])
        open_, sure_open = search.fewest(lambda answer: answer != NO, self.spare((), all_else)[1])
        lost = len(there) - stay + 1
        ended = None if open_ == 0 else len(there) - open_ + 1
        sets = [*search.sets(lost)]
        return Leaving(survives, lost, ended, surely and sure_stay and (sure_open or open_ == 0), tuple(sets))


class _Search:
    """The search for who may not leave: every question is put to the same judge."""

    def __init__(self, room: Room, there: list[str], all_else: bool) -> None:
        self.room = room
        self.there = there
        self.all_else = all_else
        self.known: dict[frozenset[str], str] = {}
        self.left = 0
        self.margin = room.spare(there, all_else)[0]
        conditions = [(frozenset(one.sure & set(there)), one) for one in room.conditions]
        self.answering = sorted(conditions, key=lambda one: len(one[0]))

    def with_(self, present: Iterable[str]) -> str:
        """Return the answer for some people."""
        some = frozenset(present)
        if some not in self.known:
            self.left -= len(self.room.sitters) * 4
            self.known[some] = self.room.judged([key for key in self.there if key in some], self.all_else).quorate
        return self.known[some]

    def without(self, gone: Iterable[str]) -> str:
        """Return the answer for all but some."""
        return self.with_(set(self.there) - set(gone))

    def survives(self) -> tuple[int, bool]:
        """Return how many may leave, whoever they are, and whether one more may not.

        Nobody who leaves takes more than one from what there is to spare; a condition falls with all who answer to it.
        """
        of_condition = min([len(who) for who, _one in self.answering], default=len(self.there))
        least = int(min(self.margin, of_condition - 1, len(self.there)))
        order = sorted(self.there, key=self._shared)
        self.left = _MOST_WORK
        for size in range(least + 1, len(self.there) + 1):
            if size >= of_condition:
                return size - 1, True
            for gone in combinations(order, size):
                if self.left < 0:
                    return size - 1, False
                if self.without(gone) != YES:
                    return size - 1, True
        return len(self.there), True

    def _shared(self, key: str) -> int:
        """Return how many others have the places of somebody: those who have theirs alone are missed most."""
        one = self.room.sitters[key]
        if not one.sure:
            return len(self.there) + 1
        mine = set(one.places)
        return sum(not mine.isdisjoint(self.room.sitters[other].places) for other in self.there)

    def fewest(self, enough: Callable[[str], bool], spare: float) -> tuple[int, bool]:
        """Return the fewest people with whom the answer is still one of those that are `enough`, and whether fewer will not do.

        `spare` is what nobody at all leaves to spare; nobody who is there adds more than one to it.
        """
        if enough(self.with_(())):
            return 0, True
        wanted = [who for who, _one in self.answering]
        order = sorted(
            self.there,
            key=lambda key: (-sum(key in who for who in wanted), self._shared(key), self.there.index(key)),
        )
        self.left = _MOST_WORK
        for size in range(max(1, int(-spare)) if spare > -inf else 1, len(self.there) + 1):
            if enough(self.with_(self._few(order, wanted, size))):
                return size, True
            for some in combinations(order, size):
                if self.left < 0:
                    return size, False
                if enough(self.with_(some)):
                    return size, True
        return len(self.there), True

    def _few(self, order: list[str], wanted: list[frozenset[str]], size: int) -> set[str]:
        """Return so many people who answer to as many conditions, and have as many places, as may be: a first guess."""
        some: list[str] = []
        places: set[int] = set()
        unmet = [*wanted]
        for key in order:
            if any(key in who for who in unmet) and len(some) < size:
                some.append(key)
                unmet = [who for who in unmet if key not in who]
                places.update(self.room.sitters[key].places)
        for key in sorted(order, key=self._shared):
            if len(some) >= size:
                break
            if key not in some and places.isdisjoint(self.room.sitters[key].places):
                some.append(key)
                places.update(self.room.sitters[key].places)
        some += [key for key in order if key not in some][: max(0, size - len(some))]
        return set(some)

    def sets(self, lost: int) -> Iterator[tuple[tuple[str, ...], Condition | None, str]]:
        """Yield those who may not leave together, fewer than `lost`: everybody alone, who share a place, who answer to a condition."""
        some: list[tuple[frozenset[str], Condition | None]] = []
        if self.margin < 1:
            self.left = _MOST_WORK
            some += [(frozenset({key}), None) for key in self.there]
            shared: dict[int, set[str]] = {}
            for key in self.there:
                for place in self.room.sitters[key].places:
                    shared.setdefault(place, set()).add(key)
            some += [(frozenset(who), None) for who in shared.values() if len(who) > 1]
        some += self.answering
        found: list[frozenset[str]] = []
        why = dict(self.answering[::-1])
        order = {key: number for number, key in enumerate(self.there)}
        for who, _one in sorted(some, key=lambda one: len(one[0])):
            if not 0 < len(who) < lost or any(smaller <= who for smaller in found):
                continue
            if self.left < 0 and who not in why:
                continue
            answer = self.without(who)
            small = self.margin >= len(who) - 1 or (
                len(who) <= _MOST_TOGETHER and all(self.without(who - {key}) == YES for key in who)
            )
            if answer != YES and small:
                found.append(who)
                yield tuple(sorted(who, key=order.__getitem__)), why.get(who), answer
