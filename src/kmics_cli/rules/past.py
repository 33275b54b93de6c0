"""The past: what a record said of it may be corrected, and not changed in silence. Looks at a registry before a change."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Generic, TypeVar

from kmics_cli.dates import UNKNOWN, Date, in_words
from kmics_cli.model import NOT_NAMED, WITHHELD, Appointment, Body, Dated, Registry, Role, Succession
from kmics_cli.problems import Problem, shortened
from kmics_cli.query.corrected import Corrected, words_of
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import called, many, row, sentence

T = TypeVar("T", bound=Dated)

_HELP = (
    "If the record was wrong, say so under 'corrections', about '{}'; "
    "if something ended, leave it and give it its last day."
)
_MOST_ROLES = 3


@rule("error")
def uncorrected_change(look: Look) -> Iterator[Problem]:
    """What the record said of the past was changed or deleted, and no correction of it was added to the file.

    Why: somebody has relied on it. What ended gets its last day; what was wrong is put right, and `corrections` says
    what was said, what is said now, and why. The correction's `about` names the part: a role, by id or title, or the
    person concerned; `from` or `to` for the body's own days; `succeeds` or the earlier body for a succession.

    It is looked for only in a comparison with an earlier registry, among the dates of bodies, appointments,
    vacancies, turns, seats that go with a post, and successions. A first end, more evidence, a nearer day within the
    old one, a new id or file, another order: these are no change of the past. A name withheld on request is none
    either, if the person's record went with it. A name of which there is no record, and a value that is not
    written as it should be, are told under their own rules alone.

    Passes:

        --- bodies/alpha.yaml before
        name: Alpha
        kind: board
        from: 2020-01-01
        sources: [paper line 1]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: "2020"
              sources: [paper line 1]
        --- bodies/alpha.yaml
        name: Alpha
        kind: board
        from: 2020-01-01
        sources: [paper line 1]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-03-01
              to: 2026-05-31
              sources: [paper line 2]

    Fails:

        --- bodies/alpha.yaml before
        name: Alpha
        kind: board
        from: 2020-01-01
        sources: [paper line 1]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              sources: [paper line 1]
        --- bodies/alpha.yaml
        name: Alpha
        kind: board
        from: 2020-01-01
        sources: [paper line 1]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2021-01-01 # <- uncorrected-change
              sources: [paper line 1]
    """
    if look.before is None:
        return
    then, now = look.before.registry, look.registry
    bodies = {old: body for body in now.bodies.values() for old in body.former_ids} | dict(now.bodies)
    compare = _Compare(look, then, now)
    texts, texts_then = look.snapshot.texts, look.before.snapshot.texts
    for old in then.bodies.values():
        new = bodies.get(old.id)
        if new is not None and texts_then.get(old.source.path) == texts.get(new.source.path, b""):
            continue  # word for word as it was
        if new is not None:
            known = {one for id in (old.id, new.id) if id in then.bodies for one in then.bodies[id].corrections}
            lost = len(set(old.corrections) - set(new.corrections))
            added = [] if lost else [one for one in new.corrections if one not in known]
            yield from compare.bodies(old, new, Corrected(one.about for one in added))
            if lost > len(set(new.corrections) - known):  # one that was reworded is both
                message = f"{many(lost, 'correction')} that stood here {'was' if lost == 1 else 'were'} taken out or changed."
                help = "Put it back as it was: a correction is never deleted; one that was wrong is corrected by another."
                yield found(new.source.at("corrections"), message, help)
        elif ("bodies", old.id) not in now.broken and compare.past(old.from_):
            message = f"The record of {shortened(old.name, 60)}, a body that was there, is deleted."
            yield found(
                old.source,
                message,
                "Give it its last day instead; if it was another body's record, put its id under 'former_ids' there.",
            )


class _Compare:
    """What two registries say of the same past."""

    def __init__(self, look: Look, then: Registry, now: Registry) -> None:
        self.look = look
        self.then = then
        self.now = now
        self._renamed: dict[str, str] = {}
        for kind in ("people", "bodies"):
            for id, record in now.records(kind).items():
                self._renamed |= {f"{kind} {old}": id for old in record.former_ids if old not in now.records(kind)}
        self._roles = {
            f"{body.id}/{old}": role.ref
            for body in now.bodies.values()
            for role in body.roles.values()
            for old in role.former_ids
            if old not in body.roles
        }
        told_already = then.settings.severities.get("yaml-quote", "error") == "error"
        self._odd = {problem.source for problem in look.told("yaml-quote")} if told_already else frozenset()

    def past(self, when: Date | None) -> bool:
        """Return whether a day that was recorded lay, or can have lain, in the past."""
        return when is not None and (when.text == UNKNOWN or when.earliest <= self.look.today)

    def _id(self, kind: str, id: str) -> str:
        return self._renamed.get(f"{kind} {id}", id)

    def _ref(self, ref: str) -> str:
        body, slash, role = ref.partition("/")
        if not slash:
            return ref
        ref = f"{self._id('bodies', body)}/{role}"
        return self._roles.get(ref, ref)

    def bodies(self, old: Body, new: Body, corrected: Corrected) -> Iterator[Problem]:
        """Yield what changed in the past of a body, and was not corrected."""
        roles = {words_of(name) for role in (*old.roles.values(), *new.roles.values()) for name in _names(role)}
        whole = {words_of(name) for name in (old.id, old.name, new.id, new.name)}
        for field, problem in self._days(old, new, old.name, ""):
            if not corrected.day(field, roles, whole):
                yield problem
        for step in old.succeeds:
            if self.past(step.date) and not corrected.of(
                (*_SUCCEEDS, step.kind, *self._called("bodies", *step.of))
            ):
                yield from self._step(step, new)
        lost: list[Role] = []
        for role in old.roles.values():
            now = new.roles.get(self._ref(role.ref).rpartition("/")[2])
            names = (*_names(role), *(_names(now) if now else ()))
            if corrected.of(names):
                continue
            if now is not None:
                yield from self._role(role, now, corrected)
            elif any(
                self.past(one.from_) for one in (*role.appointments, *role.vacant, *role.turns, *role.ex_officio)
            ):
                lost.append(role)
        if lost:
            titles = row([f"'{shortened(role.title, 60)}'" for role in lost], _MOST_ROLES)
            message = f"The {'role' if len(lost) == 1 else 'roles'} {titles}, with what was recorded there, "
            message += f"{'is' if len(lost) == 1 else 'are'} deleted."
            help = f"{_HELP.format(lost[0].id)} A new id keeps the old one under 'former_ids'."
            yield found(new.source.at("roles"), message, help)

    def _called(self, kind: str, *ids: str) -> Iterator[str]:
        """Yield what records are called: their ids and names, then and now."""
        for id in ids:
            yield id
            for records in (self.then.records(kind), self.now.records(kind)):
                if record := records.get(self._id(kind, id)) or records.get(id):
                    yield getattr(record, "name", "")

    def _role(self, old: Role, new: Role, corrected: Corrected) -> Iterator[Problem]:
        before = self.look.before or self.look
        for one, problem in self._lists(
            old.appointments,
            new.appointments,
            self._person,
            lambda one: one.person if one.person == NOT_NAMED or one.person in self.now.people else _NOBODY,
            self._may_be,
            lambda one: f"{called(before, one.person)} as '{old.title}'",
            new,
            "appointments",
        ):
            if one.person == NOT_NAMED or not corrected.of(self._called("people", one.person)):
                yield problem
        links: tuple[tuple[str, Sequence[Dated], Sequence[Dated]], ...] = (
            ("vacant", old.vacant, new.vacant),
            ("turns", old.turns, new.turns),
            ("ex_officio", old.ex_officio, new.ex_officio),
        )
        for name, then, now in links:
            what = _WHAT[name].format(old.title)
            for _, problem in self._lists(
                then,
                now,
                lambda one: self._ref(getattr(one, "role", "")),
                lambda one: self._post(getattr(one, "role", "")),
                lambda _one, _other: False,
                lambda _one, what=what: what,  # type: ignore[misc]
                new,
                name,
            ):
                yield problem

    def _post(self, ref: str) -> object:
        """Return a post that one thing goes with; nobody for one of which there is no record."""
        body, slash, role = ref.partition("/")
        there = not slash or (body in self.now.bodies and role in self.now.bodies[body].roles)
        return ref if there else _NOBODY

    def _person(self, one: Appointment) -> str | None:
        """Return who a person is now; None for somebody not named, or whose record is gone: it may be anybody."""
        person = self._id("people", one.person)
        return None if person == NOT_NAMED or person not in self.now.people else person

    def _may_be(self, old: Appointment, new: Appointment) -> bool:
        """Return whether somebody whose record is gone can be who is recorded now: nobody named, or of the same name.

        A name that was withheld is nobody's name.
        """
        if NOT_NAMED in (old.person, new.person):
            return True
        if old.person not in self.then.people or new.person not in self.now.people:
            return True  # a name written wrongly, then or now, and told as that
        was, now = self.then.people.get(old.person), self.now.people.get(new.person)
        return new.person not in self.then.people and (
            was is None or now is None or now.name in (was.name, WITHHELD)
        )

    def _lists(
        self,
        old: Sequence[T],
        new: Sequence[T],
        who: Callable[[T], str | None],
        who_now: Callable[[T], object],
        became: Callable[[T, T], bool],
        title: Callable[[T], str],
        role: Role,
        field: str,
    ) -> Iterator[tuple[T, Problem]]:
        """Yield what changed between two lists; entries are known again by who or what and start, then end.

        `became`: whether an entry of nobody in particular can have become another.
        """
        left = _Left(new, who_now)
        unmatched = []
        for one in old:
            twin = left.taken((who(one), one.from_)) if who(one) is not None else None
            if twin is None:
                unmatched.append(one)
            else:
                yield from ((one, problem) for _, problem in self._days(one, twin, title(one), role.id))
        for one in unmatched:
            twin = left.nearest(who(one), one, became)
            if twin is not None:
                yield from ((one, problem) for _, problem in self._days(one, twin, title(one), role.id))
            elif self.past(one.from_):
                message = f"{shortened(title(one), 120)}, from {in_words(one.from_, 'an unknown day')}, "
                message += "is no longer recorded."
                help = _HELP.format(role.id)
                yield one, found(role.source.at(field), sentence(message), help, on_key=True)

    def _days(self, old: Dated | Body, new: Dated | Body, title: str, about: str) -> Iterator[tuple[str, Problem]]:
        """Yield what changed in the days, and the capacity, of one thing: the field, and what is wrong.

        `about` is what a correction would be about, if not the field itself.
        """
        title = sentence(shortened(title, 120))
        for name, word in (("from_", "began"), ("to", "ended")):
            was, now = getattr(old, name), getattr(new, name)
            field = name.rstrip("_")
            if new.source.at(field) in self._odd:
                continue
            if was != now and self.past(was) and not _within(now, was):
                said = in_words(was, "on an unknown day")
                message = f"{title}: the record said that this {word} {said}, and now "
                message += f"that it {word} {in_words(now, 'on an unknown day')}." if now else "gives no day."
                yield field, found(new.source.at(field), message, _HELP.format(about or field))
        was, now = getattr(old, "capacity", None), getattr(new, "capacity", None)
        if was and was != now and self.past(old.from_):
            message = f"{title}: the record said {was}, and now {now or 'gives no capacity'}."
            yield "capacity", found(new.source.at("capacity"), message, _HELP.format(about))

    def _step(self, old: Succession, new: Body) -> Iterator[Problem]:
        of = {self._id("bodies", id) for id in old.of}
        near = [step for step in new.succeeds if of & set(step.of)]
        kept = {id for step in near for id in step.of}
        help = _HELP.format("succeeds")
        names = row([f"'{id}'" for id in old.of if self._id("bodies", id) not in kept] or ["?"])
        unsure = any(id not in self.now.bodies for step in new.succeeds for id in step.of)
        if not of <= kept and (unsure or any(id not in self.then.bodies for id in old.of)):
            return  # told as unknown-reference, now or then
        if not of <= kept:
            message = f"{shortened(new.name, 60)} no longer succeeds {names}."
            yield found(new.source.at("succeeds"), message, help, on_key=True)
        elif not any(step.kind == old.kind and _within(step.date, old.date) for step in near):
            source = near[0].source.at("kind" if near[0].kind != old.kind else "date")
            message = f"The record said {old.kind}, {in_words(old.date)}, and now {near[0].kind}, "
            yield found(source, message + f"{in_words(near[0].date)}.", help)


class _Left(Generic[T]):
    """The entries of a new list that no old one has been matched with."""

    def __init__(self, new: Sequence[T], who: Callable[[T], object]) -> None:
        self._free = {id(one): one for one in new}
        self._lists: dict[object, deque[T]] = {}
        for one in new:
            for key in ((who(one), one.from_), who(one), one.from_):
                self._lists.setdefault(key, deque()).append(one)

    def taken(self, key: object) -> T | None:
        """Take the first free entry of a key."""
        return next((self._free.pop(id(one)) for one in self._some(key)), None)

    def nearest(self, who: str | None, old: T, became: Callable[[T, T], bool]) -> T | None:
        """Take the entry that `old` most likely became: of the same person or post; of another, with its start.

        An entry of somebody of whom there is no record is most likely the same, with a slip of the pen.
        """
        if who is None:
            some = [one for one in islice(self._some(old.from_), _MOST_NEAR) if became(old, one)]
            return self._free.pop(id(some[0])) if some else None
        near = list(islice(self._some(who), _MOST_NEAR)) or list(islice(self._some(_NOBODY), _MOST_NEAR))
        best = next((one for one in near if _within(one.from_, old.from_)), None)
        best = best or next((one for one in near if old.to and one.to == old.to), None) or next(iter(near), None)
        return self._free.pop(id(best)) if best is not None else None

    def _some(self, key: object) -> Iterator[T]:
        some = self._lists.get(key, deque())
        while some and id(some[0]) not in self._free:
            some.popleft()
        yield from (one for one in some if id(one) in self._free)


_MOST_NEAR = 50
_NOBODY = object()
"""Whoever an entry names of whom there is no record."""


_SUCCEEDS = ("succeeds", "succession", "successions", "predecessor", "predecessors")

_WHAT = {
    "vacant": "the vacancy of '{}'",
    "turns": "the turn in '{}'",
    "ex_officio": "the post that '{}' goes with",
}


def _names(role: Role) -> Iterator[str]:
    yield from (role.id, role.title, *role.former_ids)


def _within(new: Date | None, old: Date | None) -> bool:
    """Whether a date says the same as an earlier one, or more nearly."""
    if new is None or old is None:
        return new is old
    return new.earliest >= old.earliest and new.latest <= old.latest


PAST = (uncorrected_change,)
"""The rules about what was recorded before."""
