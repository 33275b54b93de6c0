"""The past: what a record said of it may be corrected, and not changed in silence. Looks at a registry before a change."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Generic, TypeVar

from kmics_cli.dates import UNKNOWN, Date, in_words
from kmics_cli.model import NOT_NAMED, Appointment, Body, Dated, Registry, Role, Succession
from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import called, many, row, sentence

T = TypeVar("T", bound=Dated)

_HELP = (
    "If the record was wrong, say so under 'corrections'; if something ended, leave it and give it its last day."
)
_MOST_ROLES = 3


@rule("error")
def uncorrected_change(look: Look) -> Iterator[Problem]:
    """What the record said of the past was changed or deleted, and no correction was added to the file.

    Why: somebody has relied on it. What ended gets its last day; what was wrong is put right, and `corrections` says
    what was said, what is said now, and why. It is looked for only in a comparison with an earlier registry, among
    the dates of bodies, appointments, vacancies, turns, seats that go with a post, and successions. A first end,
    more evidence, a nearer day within the old one, a new id or file, another order: these are no change of the past.
    A name withheld on request is none either, if the person's record went with it.

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
            known = set(old.corrections)
            if all(one in known for one in new.corrections):
                yield from compare.bodies(old, new)
                if lost := len(known - set(new.corrections)):
                    message = (
                        f"{many(lost, 'correction')} that stood here {'was' if lost == 1 else 'were'} taken out."
                    )
                    yield found(
                        new.source.at("corrections"), message, "Put it back: a correction is never deleted."
                    )
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

    def bodies(self, old: Body, new: Body) -> Iterator[Problem]:
        """Yield what changed in the past of a body."""
        yield from self._days(old, new, old.name)
        for step in old.succeeds:
            if self.past(step.date):
                yield from self._step(step, new)
        lost: list[Role] = []
        for role in old.roles.values():
            now = new.roles.get(self._ref(role.ref).rpartition("/")[2])
            if now is not None:
                yield from self._role(role, now)
            elif any(
                self.past(one.from_) for one in (*role.appointments, *role.vacant, *role.turns, *role.ex_officio)
            ):
                lost.append(role)
        if lost:
            titles = row([f"'{shortened(role.title, 60)}'" for role in lost], _MOST_ROLES)
            message = f"The {'role' if len(lost) == 1 else 'roles'} {titles}, with what was recorded there, "
            message += f"{'is' if len(lost) == 1 else 'are'} deleted."
            yield found(new.source.at("roles"), message, f"{_HELP} A new id keeps the old one under 'former_ids'.")

    def _role(self, old: Role, new: Role) -> Iterator[Problem]:
        before = self.look.before or self.look
        yield from self._lists(
            old.appointments,
            new.appointments,
            self._person,
            lambda one: one.person,
            lambda one, other: one.person == NOT_NAMED or other.person not in self.then.people,
            lambda one: f"{called(before, one.person)} as '{old.title}'",
            new.source.at("appointments"),
        )
        links: tuple[tuple[str, Sequence[Dated], Sequence[Dated]], ...] = (
            ("vacant", old.vacant, new.vacant),
            ("turns", old.turns, new.turns),
            ("ex_officio", old.ex_officio, new.ex_officio),
        )
        for name, then, now in links:
            what = _WHAT[name].format(old.title)
            yield from self._lists(
                then,
                now,
                lambda one: self._ref(getattr(one, "role", "")),
                lambda one: getattr(one, "role", ""),
                lambda _one, _other: False,
                lambda _one, what=what: what,  # type: ignore[misc]
                new.source.at(name),
            )

    def _person(self, one: Appointment) -> str | None:
        """Return who a person is now; None for somebody not named, or whose record is gone: it may be anybody."""
        person = self._id("people", one.person)
        return None if person == NOT_NAMED or person not in self.now.people else person

    def _lists(
        self,
        old: Sequence[T],
        new: Sequence[T],
        who: Callable[[T], str | None],
        who_now: Callable[[T], str],
        became: Callable[[T, T], bool],
        title: Callable[[T], str],
        source: Source,
    ) -> Iterator[Problem]:
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
                yield from self._days(one, twin, title(one))
        for one in unmatched:
            twin = left.nearest(who(one), one, became)
            if twin is not None:
                yield from self._days(one, twin, title(one))
            elif self.past(one.from_):
                message = f"{shortened(title(one), 120)}, from {in_words(one.from_, 'an unknown day')}, "
                message += "is no longer recorded."
                yield found(source, sentence(message), _HELP, on_key=True)

    def _days(self, old: Dated | Body, new: Dated | Body, title: str) -> Iterator[Problem]:
        """Yield what changed in the days, and the capacity, of one thing."""
        title = sentence(shortened(title, 120))
        for name, word in (("from_", "began"), ("to", "ended")):
            was, now = getattr(old, name), getattr(new, name)
            if was != now and self.past(was) and not _within(now, was):
                said = in_words(was, "on an unknown day")
                message = f"{title}: the record said that this {word} {said}, and now "
                message += f"that it {word} {in_words(now, 'on an unknown day')}." if now else "gives no day."
                yield found(new.source.at(name.rstrip("_")), message, _HELP)
        was, now = getattr(old, "capacity", None), getattr(new, "capacity", None)
        if was and was != now and self.past(old.from_):
            message = f"{title}: the record said {was}, and now {now or 'gives no capacity'}."
            yield found(new.source.at("capacity"), message, _HELP)

    def _step(self, old: Succession, new: Body) -> Iterator[Problem]:
        of = {self._id("bodies", id) for id in old.of}
        near = [step for step in new.succeeds if of & set(step.of)]
        kept = {id for step in near for id in step.of}
        names = row([f"'{id}'" for id in old.of if self._id("bodies", id) not in kept] or ["?"])
        if not of <= kept:
            message = f"{shortened(new.name, 60)} no longer succeeds {names}."
            yield found(new.source.at("succeeds"), message, _HELP, on_key=True)
        elif not any(step.kind == old.kind and _within(step.date, old.date) for step in near):
            source = near[0].source.at("kind" if near[0].kind != old.kind else "date")
            message = f"The record said {old.kind}, {in_words(old.date)}, and now {near[0].kind}, "
            yield found(source, message + f"{in_words(near[0].date)}.", _HELP)


class _Left(Generic[T]):
    """The entries of a new list that no old one has been matched with."""

    def __init__(self, new: Sequence[T], who: Callable[[T], str]) -> None:
        self._free = {id(one): one for one in new}
        self._lists: dict[object, deque[T]] = {}
        for one in new:
            for key in ((who(one), one.from_), who(one), one.from_):
                self._lists.setdefault(key, deque()).append(one)

    def taken(self, key: object) -> T | None:
        """Take the first free entry of a key."""
        return next((self._free.pop(id(one)) for one in self._some(key)), None)

    def nearest(self, who: str | None, old: T, became: Callable[[T, T], bool]) -> T | None:
        """Take the entry that `old` most likely became: of the same person or post; of another, with its start."""
        if who is None:
            some = [one for one in islice(self._some(old.from_), _MOST_NEAR) if became(old, one)]
            return self._free.pop(id(some[0])) if some else None
        near = list(islice(self._some(who), _MOST_NEAR))
        best = next((one for one in near if _within(one.from_, old.from_)), None)
        best = best or next((one for one in near if old.to and one.to == old.to), None) or next(iter(near), None)
        return self._free.pop(id(best)) if best is not None else None

    def _some(self, key: object) -> Iterator[T]:
        some = self._lists.get(key, deque())
        while some and id(some[0]) not in self._free:
            some.popleft()
        yield from (one for one in some if id(one) in self._free)


_MOST_NEAR = 50

_WHAT = {
    "vacant": "the vacancy of '{}'",
    "turns": "the turn in '{}'",
    "ex_officio": "the post that '{}' goes with",
}


def _within(new: Date | None, old: Date | None) -> bool:
    """Whether a date says the same as an earlier one, or more nearly."""
    if new is None or old is None:
        return new is old
    return new.earliest >= old.earliest and new.latest <= old.latest


PAST = (uncorrected_change,)
"""The rules about what was recorded before."""
