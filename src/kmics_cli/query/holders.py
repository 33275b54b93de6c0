"""Who sits where: the state of a role on a day, its holders, who is next, and what can be said of each.

A holder comes from an appointment; from a post that carries the seat, only while evidence covers the link;
or from a turn of a rotation, which seats nobody by itself: the person who was evidenced in the turn stays
possible, while still in the post that the turn went with, and a turn that was due to end is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from kmics_cli.dates import (
    Answer,
    Date,
    Span,
    a_day_in_words,
    in_words,
    lasts,
    later,
    least,
    on,
    parse,
    shifted,
    window,
)
from kmics_cli.model import (
    NOT_NAMED,
    Appointment,
    Body,
    Citation,
    Disagreement,
    ExOfficio,
    Registry,
    Role,
    Turn,
    Vacancy,
)
from kmics_cli.query.evidence import Carried, binds, carried, spoken_of
from kmics_cli.query.lives import Lives
from kmics_cli.query.rings import rings
from kmics_cli.query.says import lower_first, said_when, says_of, term_end

_INTERIM = ("interim", "acting")
_MOST_POSTS = 40  # posts in a row, each held by holding the next: no real seat has three


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a role in the days asked about, as far as the record can say."""

    person: str | None  # None: a source says the seat is held, not by whom
    name: str
    role: Role
    appointment: Appointment
    carried: Carried
    span: Span
    answer: Answer
    fresh: bool
    says: str
    via: str | None = None
    confidence: str = "stated"
    note: str | None = None
    sources: tuple[Citation, ...] = ()

    @property
    def standing(self) -> str:
        """Return current, last-named or later-named: where the evidence lies from the days asked about."""
        if self.fresh:
            return "current"
        first = self.carried.first
        return "later-named" if first and first.earliest > self.span.last else "last-named"

    @property
    def term_ends(self) -> Date | None:
        """The day the last recorded term runs out."""
        return term_end(self.appointment)


@dataclass(frozen=True, slots=True)
class Seat:
    """A role in the days asked about."""

    role: Role
    existence: str  # in-being, planned, absent, not-in-being
    state: str | None  # held, interim, designate, vacant, not-recorded; None unless in being
    seats: int | None
    holders: tuple[Holder, ...] = ()
    next: tuple[Holder, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()
    not_recorded: int | None = None
    no_substantive_since: Date | None = None
    notes: tuple[str, ...] = field(default=())


class Holders:
    """The seats of a registry in the days asked about; each role is worked out once."""

    def __init__(self, registry: Registry, lives: Lives, span: Span) -> None:
        self.registry = registry
        self.lives = lives
        self.span = span
        self._seats: dict[str, Seat] = {}
        self._open: set[str] = set()
        self._then: dict[Span, Holders] = {span: self}
        self._rings: dict[str, tuple[str, int]] = {}
        self._order: dict[str, int] = {}

    def role(self, ref: str) -> Role | None:
        """Return the role `body-id/role-id`, or None; an id that a role had before is followed."""
        body_id, _, role_id = ref.partition("/")
        body = self.registry.bodies.get(body_id)
        if body is None:
            return None
        return body.roles.get(role_id) or next((r for r in body.roles.values() if role_id in r.former_ids), None)

    def bodies_of(self, person: str) -> list[Body]:
        """Return the bodies with a role that a person had at any time, or that goes, or went in turn, with such a role.

        In the order of the files; perhaps with others.
        """
        found: set[str] = set()
        tied = {person}  # the person, and each role, by all its ids, that the person may have had
        ahead = [person]
        while ahead:
            for body in self.registry.mentioning("bodies", ahead.pop()):
                found.add(body.id)
                for role in body.roles.values():
                    ties = {a.person for a in role.appointments} | {
                        link.role for link in (*role.ex_officio, *role.turns)
                    }
                    if role.ref not in tied and not tied.isdisjoint(ties):
                        refs = [f"{role.body}/{id}" for id in (role.id, *role.former_ids)]
                        tied.update(refs)
                        ahead.extend(refs)
        if not self._order:
            self._order.update((id, number) for number, id in enumerate(self.registry.bodies))
        last = len(self._order)  # for what is not gone through, but can be asked for
        return [self.registry.bodies[id] for id in sorted(found, key=lambda id: (self._order.get(id, last), id))]

    def called(self, person: str) -> str:
        """Return the name of an appointment's person; says so if none is named, or the record is missing."""
        found = self.registry.people.get(person)
        if found:
            return found.full_name
        return "Not named" if person == NOT_NAMED else f"Not known ('{person}' is not in the registry)"

    def seat(self, role: Role) -> Seat:
        """Return how `role` stands in the days asked about."""
        if role.ref not in self._seats:
            if role.ref in self._open or len(self._open) >= _MOST_POSTS:
                # posts that carry one another in a loop seat nobody, nor does a row of posts that has no end
                return Seat(role, "in-being", "not-recorded", None)
            self._open.add(role.ref)
            self._seats[role.ref] = self._work_out(role)
            self._open.discard(role.ref)
        return self._seats[role.ref]

    def existence(self, role: Role) -> str:
        """Return in-being, planned, absent (a source says there is none) or not-in-being."""
        body = self.registry.bodies[role.body]
        status, _sure = self.lives.status(body, self.span)
        if status in ("ended", "not-yet"):
            return "not-in-being"
        for absence in role.absent:
            if absence.from_ or absence.to:
                said = lasts(absence.from_, absence.to, self.span) is not Answer.NO
            else:
                said = any(
                    (when := spoken_of(self.registry, citation)) and when.earliest <= self.span.last
                    for citation in absence.sources
                )
            if said:
                return "absent"
        if role.absent and not (role.appointments or role.from_ or role.ex_officio):
            return "not-in-being"
        if role.planned and role.from_ is None:
            begun = role.planned.from_
            return "not-in-being" if begun and begun.earliest > self.span.last else "planned"
        if lasts(role.from_, role.to, self.span) is Answer.NO:
            ended = role.to and role.to.latest < self.span.first
            return "planned" if role.planned and not ended else "not-in-being"
        if status == "planned":  # nothing sits in a body that nobody has shown to exist
            return "planned" if role.planned else "not-in-being"
        return "in-being"

    def _work_out(self, role: Role) -> Seat:
        existence = self.existence(role)
        seats = role.seats if isinstance(role.seats, int) and not role.per_member else None
        if existence != "in-being":
            return Seat(role, existence, None, seats, next=self._next(role))
        notes: list[str] = []
        holders = self._appointed(role)
        for link, post in self._posts(role):
            holders.extend(self._by_post(role, link, post, notes))
        if role.turns or role.rotation:
            holders.extend(self._by_turn(role, notes))
        holders = _once(holders)
        holders.sort(key=lambda holder: (not holder.fresh, holder.carried.begun.latest, holder.name))
        checked = self.registry.bodies[role.body].checked
        vacancies = tuple(v for v in role.vacant if self._vacant(v, checked))
        current = [holder for holder in holders if holder.fresh and not holder.appointment.covering]
        next_ = self._next(role)
        if current:
            latest = max(current, key=lambda holder: (holder.answer is Answer.YES, holder.carried.begun.latest))
            state = "interim" if all(h.appointment.capacity in _INTERIM for h in current) else "held"
            if (
                role.seats == 1
                and not role.per_member
                and latest.appointment.capacity not in ("job-share", *_INTERIM)
            ):
                state = "held"
        elif vacancies:
            state = "vacant"
        elif next_:
            state = "designate"
        else:
            state = "not-recorded"
        shares = {h.appointment.person for h in current if h.appointment.capacity == "job-share"}
        taken = len(current) - max(0, len(shares) - 1)
        left = None if seats is None else max(0, seats - taken - len(vacancies))
        since = (
            None if any(h.appointment.capacity not in _INTERIM for h in holders) else self._last_substantive(role)
        )
        return Seat(role, existence, state, seats, tuple(holders), next_, vacancies, left, since, tuple(notes))

    def _vacant(self, vacancy: Vacancy, checked: tuple[Citation, ...]) -> bool:
        found = carried(self.registry, self.span, vacancy.from_, vacancy.to, vacancy.sources, also_checked=checked)
        return found.answer is not Answer.NO and not found.stale

    def _carried(self, role: Role, appointment: Appointment) -> Carried:
        body = self.registry.bodies[role.body]
        return carried(
            self.registry,
            self.span,
            appointment.from_,
            self._end(body, role, appointment),
            [*appointment.sources, *(source for term in appointment.terms for source in term.sources)],
            also_checked=body.checked,
            term_ends=term_end(appointment),
        )

    def _end(self, body: Body, role: Role, appointment: Appointment) -> Date | None:
        """Return the end, no later than that of the role and the body: an appointment outlives neither."""
        bounds = [bound for bound in (role.to, self.lives.life(body.id).end) if bound]
        end = appointment.to
        for bound in bounds:
            if end is None:
                if bound.latest < date.max and bound.earliest < self.span.last:
                    end = bound
            elif end.latest > bound.latest:
                end = Date(end.text, min(end.earliest, bound.latest), bound.latest)
        return end

    def _appointed(self, role: Role) -> list[Holder]:
        found = [(appointment, self._carried(role, appointment)) for appointment in role.appointments]
        holders = []
        single = role.seats == 1 and not role.per_member
        starts = [(o, o.from_.earliest) for o, h in found if single and o.from_ and _can_follow(o, h)]
        newest = max((earliest for _o, earliest in starts), default=date.min)
        for appointment, how in found:
            unnamed_yet = appointment.person == NOT_NAMED and how.first and how.first.earliest > self.span.last
            if how.answer is Answer.NO or unnamed_yet:
                continue
            begun = how.begun.latest
            followed = newest > begun and appointment.to is None and _can_follow(appointment, how)
            follower = next(
                (o for o, first in starts if followed and first > begun and o.person != appointment.person),
                None,
            )
            if follower:
                how = replace(how, answer=Answer.POSSIBLY, fresh=False)
            holders.append(self._holder(role, appointment, how, follower=follower))
        cover = {holder.appointment.covering: holder.name for holder in holders if holder.appointment.covering}
        return [
            replace(holder, says=f"{holder.says.removesuffix('.')}; covered by {cover[holder.person]}.")
            if holder.person in cover
            else holder
            for holder in holders
        ]

    def _holder(
        self,
        role: Role,
        appointment: Appointment,
        how: Carried,
        *,
        via: str | None = None,
        link_confidence: str | None = None,
        link_note: str | None = None,
        link_sources: tuple[Citation, ...] = (),
        follower: Appointment | None = None,
    ) -> Holder:
        named = appointment.person != NOT_NAMED
        name = self.called(appointment.person)
        confidence = _weakest(appointment.confidence, link_confidence)
        dispute = _dispute(self.registry.bodies[role.body], role, appointment)
        if dispute:
            confidence = "disputed"
        note = " ".join(text for text in (appointment.note, link_note) if text) or None
        says = says_of(appointment, how, confidence, dispute, follower, self.span)
        return Holder(
            appointment.person if named else None,
            name,
            role,
            appointment,
            how,
            self.span,
            how.answer,
            how.fresh,
            says,
            via,
            confidence,
            note,
            (*appointment.sources, *link_sources),
        )

    def _posts(self, role: Role) -> Iterator[tuple[ExOfficio, Role]]:
        """Yield the links of `role` to posts that carry it, but for those that it carries: a loop seats nobody."""
        for link in role.ex_officio:
            post = self.role(link.role)
            if post and self._ring(post) != self._ring(role):
                yield link, post

    def _ring(self, role: Role) -> tuple[str, int]:
        """Return the name of the ring of posts that `role` is in: those that carry one another."""
        if role.ref not in self._rings:
            found = rings([role.ref], lambda ref: () if ref in self._rings else self._carried_by(ref))
            for ref, number in found.items():
                self._rings.setdefault(ref, (role.ref, number))
        return self._rings[role.ref]

    def _carried_by(self, ref: str) -> Iterator[str]:
        role = self.role(ref)
        for link in role.ex_officio if role else ():
            if post := self.role(link.role):
                yield post.ref

    def _by_post(self, role: Role, link: ExOfficio, post: Role, notes: list[str]) -> list[Holder]:
        """Return who sits here by holding the post of `link`, only where its evidence covers the days."""
        sources = link.sources or role.sources or self.registry.bodies[role.body].sources
        checked = self.registry.bodies[role.body].checked
        how = carried(self.registry, self.span, link.from_, link.to, sources, also_checked=checked)
        answer, covered = how.answer, how.fresh
        if any(binds(self.registry, citation, self.span) for citation in sources):
            answer, covered = lasts(link.from_, link.to, self.span), True
        if answer is Answer.NO:
            return []
        title = f"{post.title}, {self.registry.bodies[post.body].name}"
        if not covered:
            known, when = ("Last", how.last) if how.stale else ("First", how.first)
            notes.append(f"{known} known to go with the post of {title}: {in_words(when)}.")
            return []
        seat = self.seat(post)
        if not seat.holders:
            notes.append(f"Goes with the post of {title}, whose holder is not recorded.")
        return [
            self._through(role, holder, link.role, answer, link.confidence, link.note, sources)
            for holder in seat.holders
        ]

    def _through(
        self,
        role: Role,
        holder: Holder,
        via: str,
        answer: Answer,
        confidence: str | None,
        note: str | None,
        sources: tuple[Citation, ...],
    ) -> Holder:
        how = replace(holder.carried, answer=least(holder.answer, answer))
        both = _weakest(holder.confidence, confidence)
        post = self.role(via)
        title = post.title if post else via
        says = holder.says
        if both != "disputed":
            hedge = "Inferred, as" if both == "inferred" else "As"
            says = f"{hedge} {title}: {lower_first(says.removeprefix('Inferred: '))}"
        notes = " ".join(text for text in (note, holder.note) if text) or None
        return replace(
            holder,
            role=role,
            via=via,
            carried=how,
            answer=how.answer,
            confidence=both,
            says=says,
            note=notes,
            sources=(*sources, *holder.sources),
        )

    def turn(self, role: Role) -> Turn | None:
        """Return the last turn of a rotation that had begun, and was not surely over, in the days asked about."""
        begun = [turn for turn in role.turns if lasts(turn.from_, turn.to, self.span) is not Answer.NO]
        return max(begun, key=lambda found: found.from_.earliest if found.from_ else date.min, default=None)

    def _by_turn(self, role: Role, notes: list[str]) -> list[Holder]:
        """Return who was evidenced in the last turn, possibly, while still in the post it went with."""
        turn = self.turn(role)
        if turn is None:
            if role.rotation:
                posts = [self._title(ref) for ref in role.rotation.among]
                notes.append(f"Passes in turn among: {'; '.join(posts)}. No turn is recorded for this day.")
            return []
        post = self.role(turn.role)
        if post is None or turn.from_ is None:
            return []
        every = role.rotation.every if role.rotation else None
        due = turn_due(turn.from_, every) if turn.to is None else None
        checked = self.registry.bodies[role.body].checked
        how = carried(self.registry, self.span, turn.from_, turn.to, turn.sources, also_checked=checked)
        overdue = due is not None and due.earliest <= self.span.last
        if overdue and due is not None:
            notes.append(f"A change was due about {in_words(due)}; none is recorded.")
        evidenced = self.evidenced_in(turn)
        sure = how.answer if not overdue else Answer.POSSIBLY
        found = []
        for holder in self.seat(post).holders:
            if holder.person in evidenced:
                person = self._through(role, holder, turn.role, sure, turn.confidence, turn.note, turn.sources)
                since = f"since {a_day_in_words(turn.from_)}" if turn.from_.bounded else "start date not recorded"
                says = f"In turn as {post.title}, {since}."
                if overdue:
                    person, says = (
                        replace(person, fresh=False),
                        "Possibly: last evidenced in a turn that was due to end.",
                    )
                elif how.stale:
                    says = f"Possibly: last named in the turn {said_when(how.last)}."
                elif how.answer is Answer.POSSIBLY and turn.from_.bounded:
                    says = f"Possibly: the turn began {said_when(turn.from_)}."
                found.append(replace(person, says=says) if person.confidence != "disputed" else person)
        if not found:
            notes.append(self._why_nobody(turn, post, evidenced))
        return found

    def _why_nobody(self, turn: Turn, post: Role, evidenced: set[str]) -> str:
        """Return why a turn gives nobody on the day: its holder left the post, or was never recorded."""
        told = f"The turn went with the post of {self._title(turn.role)}"
        if evidenced:
            names = [self.registry.people[id].full_name for id in sorted(evidenced) if id in self.registry.people]
            return f"{told}; {' and '.join(names) or 'who was evidenced in it'} has left that post."
        then = said_when(min(self._turn_days(turn), key=lambda when: when.earliest))
        now = [holder.name for holder in self.seat(post).holders if holder.person and holder.fresh]
        there = (
            f" {' and '.join(now)} holds that post on this day, and no source shows the turn as theirs."
            if now
            else ""
        )
        return f"{told}; who held it {then} is not recorded.{there}"

    def evidenced_in(self, turn: Turn) -> set[str]:
        """Return the ids of those who were in the turn's post on the days of which its sources speak."""
        post = self.role(turn.role)
        if post is None:
            return set()
        return {person for when in self._turn_days(turn) for person in self._in_post(post, when) if person}

    def _turn_days(self, turn: Turn) -> list[Date]:
        days = [spoken_of(self.registry, citation) for citation in turn.sources]
        return list(dict.fromkeys(when for when in days if when and when.bounded)) or (
            [turn.from_] if turn.from_ else []
        )

    def _in_post(self, post: Role, when: Date) -> set[str | None]:
        """Return who was in `post`, certainly or possibly, in the days of `when`."""
        then = self._at(Span(when.earliest, when.latest))
        return {holder.person for holder in then.seat(post).holders if holder.person and holder.fresh}

    def _at(self, span: Span) -> Holders:
        """Return the seats in other days; each role is worked out once for all who ask of those days."""
        if span not in self._then:
            then = self._then[span] = Holders(self.registry, self.lives, span)
            then._open = self._open  # turns that go round seat nobody, then as now
            then._then, then._rings = self._then, self._rings
        return self._then[span]

    def _title(self, ref: str) -> str:
        role = self.role(ref)
        return f"{role.title}, {self.registry.bodies[role.body].name}" if role else ref

    def _next(self, role: Role) -> tuple[Holder, ...]:
        """Return who was known, in the days asked about, to be coming."""
        coming = []
        for appointment in role.appointments:
            start = appointment.from_
            if start is None or start.earliest <= self.span.last:
                continue
            known = [appointment.announced, *(spoken_of(self.registry, c) for c in appointment.sources)]
            if any(when and when.earliest <= self.span.last for when in known):
                how = carried(self.registry, on(start.latest), start, appointment.to, appointment.sources)
                holder = self._holder(role, appointment, how)
                says = f"Designate: to start {said_when(start)}"
                coming.append(
                    replace(holder, says=f"{says} (inferred)." if holder.confidence == "inferred" else f"{says}.")
                )
        for link, post in self._posts(role):
            if lasts(link.from_, link.to, self.span) is not Answer.NO:
                coming.extend(replace(holder, role=role, via=link.role) for holder in self.seat(post).next)
        return tuple(sorted(_once(coming), key=lambda holder: holder.carried.begun.earliest))

    def _last_substantive(self, role: Role) -> Date | None:
        """Return the day after the last substantive holder's last day, where that is recorded and past."""
        ends = [
            a.to
            for a in role.appointments
            if a.capacity not in _INTERIM
            and not a.covering
            and a.to
            and a.to.bounded
            and a.to.latest < self.span.first
        ]
        if not ends:
            posts = [
                post for link, post in self._posts(role) if lasts(link.from_, link.to, self.span) is not Answer.NO
            ]
            return next((self.seat(post).no_substantive_since for post in posts), None)
        return shifted(max(ends, key=lambda end: end.latest), 1)


def _can_follow(one: Appointment, how: Carried) -> bool:
    """Whether `one` is a holder of a single seat whose start has come, who leaves no room for another."""
    return how.answer is not Answer.NO and not one.covering and one.capacity != "job-share"


def _once(holders: list[Holder]) -> list[Holder]:
    """Return each appointment once, though it leads here by several posts; by the surest of them."""
    best: dict[int, Holder] = {}
    for holder in holders:
        known = best.setdefault(id(holder.appointment), holder)
        if (holder.fresh, holder.answer is Answer.YES) > (known.fresh, known.answer is Answer.YES):
            best[id(holder.appointment)] = holder
    return list(best.values())


def turn_due(start: Date, every: str | None) -> Date | None:
    """Return the window in which a turn that began in `start` is due to end, or None if that cannot be worked out."""
    if not every or not start.bounded:
        return None
    earliest, latest = later(start.earliest, every), later(start.latest, every)
    if len(start.text.partition("/")[0]) == 7:  # months in, months out
        first, last = f"{earliest:%Y-%m}", f"{latest:%Y-%m}"
        return parse(first if first == last else f"{first}/{last}")
    return window(earliest, latest)


def _weakest(*confidences: str | None) -> str:
    order = ("disputed", "inferred")
    return next((weak for weak in order if weak in confidences), "stated")


def _dispute(body: Body, role: Role, appointment: Appointment) -> Disagreement | None:
    """Return the open disagreement that leaves this holder undecided: one in which no claim is preferred."""
    for disagreement in body.disagreements:
        affected = role.id in disagreement.affects or role.ref in disagreement.affects
        if affected and not disagreement.settled and not any(claim.preferred for claim in disagreement.claims):
            return disagreement
    if appointment.confidence == "disputed":
        return next((d for d in body.disagreements if role.id in d.affects), None)
    return None
