"""Seats: how many people sit in them at once, and whether those whom an appointment rests on were there.

Inferred and disputed appointments, and roles on which sources still disagree, are counted as possible only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, islice
from operator import itemgetter

from kmics_cli.dates import Span, day_in_words
from kmics_cli.model import NOT_NAMED, Appointment, Body, Dated, Role, Vacancy
from kmics_cli.problems import Problem, shortened
from kmics_cli.query.earlier import most_seats
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import apart, called, many, perhaps_there, possible, post, row, surely_there

_MOST_PLACES = 10


_INTERIM = ("interim", "acting")


@dataclass(frozen=True, slots=True)
class _Sitter:
    """What takes a place for some days: a person, by appointment, or a vacancy."""

    days: Span
    who: str
    part: Dated

    @property
    def shares(self) -> bool:
        return isinstance(self.part, Appointment) and self.part.capacity == "job-share"

    @property
    def substantive(self) -> bool:
        return isinstance(self.part, Appointment) and self.part.capacity == "substantive"


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Days in a row with more sitters than seats: those who were there on the first, the last to come first."""

    first: date
    last: date
    count: int
    sitters: Sequence[_Sitter]


def _crowds(sitters: Sequence[_Sitter], seats: int) -> Iterator[_Crowd]:
    """Yield each stretch of days with more people than seats; those who share a job take one."""
    moves = [(one.days.first, 1, number) for number, one in enumerate(sitters)]
    moves += [
        (one.days.last + timedelta(1), 0, number) for number, one in enumerate(sitters) if one.days.last < date.max
    ]
    present: dict[int, _Sitter] = {}
    people: Counter[str] = Counter()
    shares: Counter[str] = Counter()
    crowd: _Crowd | None = None
    for day, some in groupby(sorted(moves), key=itemgetter(0)):
        for _, comes, number in some:
            one = sitters[number]
            if comes:
                present[number] = one
            else:
                del present[number]
            _count(people, one.who, comes)
            if one.shares:
                _count(shares, one.who, comes)
        taken = len(people) - max(0, len(shares) - 1)
        if crowd and taken <= seats:
            yield replace(crowd, last=day - timedelta(1))
            crowd = None
        elif crowd is None and taken > seats:
            crowd = _Crowd(day, date.max, taken, list(islice(reversed(present.values()), _MOST_PLACES + 1)))
    if crowd:
        yield crowd


def _count(counter: Counter[str], who: str, comes: int) -> None:
    counter[who] += 1 if comes else -1
    if not counter[who]:
        del counter[who]


def _counted(look: Look) -> Iterator[tuple[Body, Role, int]]:
    """Yield the roles whose seats are a number, the most that they ever were, but for those of a class, which are many."""
    for body, role in look.roles():
        seats = most_seats(role)
        if isinstance(seats, int) and not role.per_member and not body.class_:
            yield body, role, seats


def _crowdable(look: Look) -> Iterator[tuple[Body, Role, int]]:
    """Yield the roles in which, by their dates alone, more people than seats can have been at once."""
    for body, role, seats in _counted(look):
        some = [possible(one.from_, one.to) for one in role.appointments] if len(role.appointments) > seats else []
        some = [span for span in some if span.first <= span.last]  # none that ends before it begins
        starts, ends = sorted(span.first for span in some), sorted(span.last for span in some)
        # the number of those who have come, less those who have gone before that day
        if any(number + 1 - bisect_left(ends, day) > seats for number, day in enumerate(starts)):
            yield body, role, seats


def _disputed(body: Body, role: Role) -> bool:
    """Whether sources disagree on a role, and no claim is preferred."""
    return any(
        not one.settled
        and (role.id in one.affects or role.ref in one.affects)
        and not any(claim.preferred for claim in one.claims)
        for one in body.disagreements
    )


def _sure_sitters(look: Look, role: Role) -> list[_Sitter]:
    """Return the named people who were surely in a role, each with the days; those who cover take no seat."""
    return [
        _Sitter(days, one.person, one)
        for one in role.appointments
        if not one.covering and one.person != NOT_NAMED and (days := surely_there(look, one))
    ]


def _sure_crowds(look: Look) -> Iterator[tuple[Role, int, _Crowd, bool]]:
    """Yield each stretch of days with surely more people than seats, and whether several in one seat are substantive.

    Such a stretch is from the first day with two substantive holders on, and no other is told for its days.
    """
    for body, role, seats in _crowdable(look):
        sitters = [] if _disputed(body, role) else _sure_sitters(look, role)
        settled = [one for one in sitters if seats == 1 and one.substantive]
        double = list(_crowds(settled, seats))
        lasts = [crowd.last for crowd in double]
        yield from ((role, seats, crowd, True) for crowd in double)
        for crowd in _crowds(sitters, seats):
            after = bisect_left(lasts, crowd.first)
            if after == len(double) or double[after].first > crowd.last:
                yield role, seats, crowd, False


def _names(look: Look, crowd: _Crowd) -> str:
    return row([called(look, who) for who in dict.fromkeys(one.who for one in reversed(crowd.sitters))])


@rule("error")
def two_substantive_holders(look: Look) -> Iterator[Problem]:
    """Two people are substantive holders of one seat on the same day.

    Why: a seat has one substantive holder; every count of the board would be one too high. Somebody who stands in is
    interim or acting; two who share the post each have the capacity job-share.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              capacity: substantive
              from: 2020-01-01
              to: 2022-06-30
              sources: [paper line 3]
            - person: bo-other
              capacity: substantive
              from: 2022-07-01
              sources: [paper line 4]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              capacity: substantive
              from: 2020-01-01
              to: 2022-07-31
              sources: [paper line 3]
            - person: bo-other # <- two-substantive-holders
              capacity: substantive
              from: 2022-07-01
              sources: [paper line 4]
    """
    for role, _, crowd, substantive in _sure_crowds(look):
        if substantive:
            message = (
                f"On {day_in_words(crowd.first)}, {_names(look, crowd)} were substantive holders of one seat, "
                f"{post(look, role)}."
            )
            yield _told(
                role, crowd, message, "Give the earlier one a last day ('to'), or correct the capacity of one."
            )


@rule("error")
def too_many_holders(look: Look) -> Iterator[Problem]:
    """On some day more people are surely in a role than it has seats.

    Why: one of them had left, the seats are more, or somebody stood in. Whoever stands in for somebody who stays in
    post says so with `covering` and takes no seat; those who share a job take one. An appointment without an end
    is sure up to its last evidence.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              sources: [paper line 3]
            - person: bo-other
              capacity: acting
              covering: ann-other
              from: 2022-07-01
              sources: [paper line 4]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              sources: [paper line 3]
            - person: bo-other # <- too-many-holders
              capacity: acting
              from: 2022-07-01
              sources: [paper line 4]
    """
    for role, seats, crowd, substantive in _sure_crowds(look):
        if not substantive:
            message = (
                f"On {day_in_words(crowd.first)} there were {many(crowd.count, 'person', 'people')} in "
                f"{many(seats, 'seat')}, {post(look, role)}: {_names(look, crowd)}."
            )
            help = (
                "Give whoever had left a last day ('to'), name whom a stand-in is 'covering', or correct 'seats'. "
                "If a source only announces somebody, write shows: start there."
            )
            yield _told(role, crowd, message, help)


def _told(role: Role, crowd: _Crowd, message: str, help: str) -> Problem:
    """Return the problem at whoever came last, with the others as further places."""
    last, *others = crowd.sitters
    return found(
        last.part.source.at("person"),
        message,
        help,
        related=[one.part.source.at("person") for one in others],
        same=" ".join([role.ref, crowd.first.isoformat(), *sorted(one.who for one in crowd.sitters)]),
    )


@rule("info")
def possibly_too_many_holders(look: Look) -> Iterator[Problem]:
    """The dates of a role's holders leave it open whether there were more people than seats.

    Why: if a source gives the days of the handover, an answer need not say "possibly". A later start makes the end
    of an earlier holder plain, where none is recorded; that is not told. One is told for a role.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              to: 2022-06
              sources: [paper line 3]
            - person: bo-other
              from: 2022-07
              sources: [paper line 4]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              to: 2022-07
              sources: [paper line 3]
            - person: bo-other # <- possibly-too-many-holders
              from: 2022-06/2022-07
              sources: [paper line 4]
    """
    for body, role, seats in _crowdable(look):
        if not _disputed(body, role) and next(_crowds(_sure_sitters(look, role), seats), None):
            continue  # told as an error
        crowd = next(_crowds(_perhaps_sitters(look, role, seats), seats), None)
        if crowd:
            when = f"On {day_in_words(crowd.first)}" if crowd.first == crowd.last else _between(crowd)
            message = (
                f"{when} there may have been {many(crowd.count, 'person', 'people')} in {many(seats, 'seat')}, "
                f"{post(look, role)}: {_names(look, crowd)}."
            )
            yield _told(
                role, crowd, message, "If a source gives the days, write them; if none does, leave this as it is."
            )


def _between(crowd: _Crowd) -> str:
    return f"Between {day_in_words(crowd.first)} and {day_in_words(crowd.last)}"


def _perhaps_sitters(look: Look, role: Role, seats: int) -> list[_Sitter]:
    """Return those who may have been in a role; in a single seat one without an end makes room for the next."""
    sitters = [
        _Sitter(days, one.person, one)
        for one in role.appointments
        if not one.covering and one.person != NOT_NAMED and (days := perhaps_there(look, one))
    ]
    if seats > 1:
        return sitters
    starts = sorted({one.days.first for one in sitters if one.part.from_ and one.part.from_.bounded})
    cut = []
    for one in sitters:
        days, start, end = one.days, one.part.from_, one.part.to
        if end is None or not end.bounded:
            known = start.latest if start and start.bounded else days.first
            after = next((day for day in starts if day > known), None)
            if after and after <= days.last:
                days = Span(days.first, after - timedelta(1))
        cut.append(_Sitter(days, one.who, one.part))
    return cut


@rule("error")
def held_though_vacant(look: Look) -> Iterator[Problem]:
    """A seat is said to be vacant on a day when people surely fill all the seats.

    Why: both cannot be so. An interim or acting holder of a vacant seat is no contradiction.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            vacant:
            - from: 2022-01-01
              to: 2022-06-30
              sources: [paper line 3]
            appointments:
            - person: ann-other
              from: 2022-07-01
              sources: [paper line 4]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            vacant:
            - from: 2022-01-01 # <- held-though-vacant
              to: 2022-08-31
              sources: [paper line 3]
            appointments:
            - person: ann-other
              from: 2022-07-01
              sources: [paper line 4]
    """
    for body, role, seats in _counted(look):
        if not role.vacant or _disputed(body, role):
            continue
        people = [one for one in _sure_sitters(look, role) if not _stands_in(one)]
        empty = [_empty(look, one, n) for n, one in enumerate(role.vacant)]
        for crowd in _crowds([*people, *(one for one in empty if one)], seats):
            vacancy = next((one.part for one in crowd.sitters if isinstance(one.part, Vacancy)), None)
            if vacancy:
                who = [one for one in crowd.sitters if isinstance(one.part, Appointment)]
                names = row([called(look, one.who) for one in reversed(who)]) if who else "another vacancy"
                verb = "holds" if len(who) == 1 else "hold" if who else "is recorded for"
                held = "it" if seats == 1 else f"the {many(seats, 'seat')}"
                yield found(
                    vacancy.source.at("from"),
                    f"On {day_in_words(crowd.first)} this seat is said to be vacant, and {names} {verb} {held}: "
                    f"{post(look, role)}.",
                    "Correct the days of one of them, or the number of seats.",
                    related=[one.part.source for one in crowd.sitters if one.part is not vacancy],
                )


def _stands_in(one: _Sitter) -> bool:
    return isinstance(one.part, Appointment) and one.part.capacity in _INTERIM


def _empty(look: Look, one: Vacancy, number: int) -> _Sitter | None:
    days = surely_there(look, one)
    return _Sitter(days, f"vacancy {number}", one) if days else None


@rule("error")
def held_though_absent(look: Look) -> Iterator[Problem]:
    """Somebody is surely in a role on a day when a source says that there is no such seat.

    Why: `absent` is for a seat that a source says does not exist; it is no vacancy, and nobody can hold it.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          deputy:
            title: Deputy
            member_type: deputy-chair
            absent:
            - from: 2020-01-01
              to: 2022-06-30
              sources: [paper line 3]
            appointments:
            - person: ann-other
              from: 2022-07-01
              sources: [paper line 4]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          deputy:
            title: Deputy
            member_type: deputy-chair
            absent:
            - from: 2020-01-01 # <- held-though-absent
              to: 2022-07-31
              sources: [paper line 3]
            appointments:
            - person: ann-other
              from: 2022-07-01
              sources: [paper line 4]
    """
    for body, role in look.roles():
        if not role.absent or _disputed(body, role):
            continue
        for gap in role.absent:
            if gap.from_ is None or gap.to is None or gap.confidence in ("inferred", "disputed"):
                continue
            days = Span(gap.from_.latest, gap.to.earliest)
            there = [
                one for one in _sure_sitters(look, role) if days.first <= days.last and not apart(days, one.days)
            ]
            if there:
                yield found(
                    gap.source.at("from"),
                    f"A source says that there was no seat '{shortened(role.title, 60)}' then, and "
                    f"{row([called(look, one.who) for one in there])} held it.",
                    "Correct the days of one of them.",
                    related=[one.part.source.at("person") for one in there[:_MOST_PLACES]],
                )


SEATS = (
    two_substantive_holders,
    too_many_holders,
    possibly_too_many_holders,
    held_though_vacant,
    held_though_absent,
)
"""The rules about how many sit in a role."""
