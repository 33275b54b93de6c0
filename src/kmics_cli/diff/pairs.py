"""Which thing of a later record is which of an earlier one: by id, by former id, or by what tells entries of a list apart.

Everything here reads the same from either side, so that a comparison turned round tells the same changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from kmics_cli.dates import UNKNOWN
from kmics_cli.model import (
    KINDS,
    NOT_NAMED,
    AnyRecord,
    Appointment,
    Approval,
    Body,
    Citation,
    Claim,
    Correction,
    Dated,
    Decision,
    Designation,
    Disagreement,
    Earlier,
    ExOfficio,
    Figure,
    Follows,
    Governing,
    Identifier,
    Item,
    Layer,
    Meeting,
    Member,
    Milestone,
    Name,
    Nomination,
    Parent,
    Part,
    Quorum,
    Registry,
    Request,
    Role,
    SecondUse,
    SubItem,
    Succession,
    Suppression,
    Term,
    Turn,
    Vacancy,
)
from kmics_cli.problems import Problem
from kmics_cli.query.earlier import FIELDS
from kmics_cli.query.plain import plain
from kmics_cli.query.references import NAMING

P = TypeVar("P", bound=Part)
Key = Callable[[Any], Hashable]
"""What tells an entry of a list from the others; None where it has no such thing."""


def _start(one: Any) -> Hashable:
    return one.from_.text if one.from_ is not None and one.from_.text != UNKNOWN else None


def _end(one: Any) -> Hashable:
    return one.to.text if one.to is not None and one.to.text != UNKNOWN else None


def _person(one: Appointment) -> Hashable:
    return one.person if one.person != NOT_NAMED else None


def _with(first: Key, second: Key) -> Key:
    """Return the key of two parts; None where either part is."""

    def made(one: Any) -> Hashable:
        pair = first(one), second(one)
        return None if None in pair else pair

    return made


def _of(*names: str) -> Key:
    def made(one: Any) -> Hashable:
        values = tuple(getattr(one, name) for name in names)
        return None if all(value is None for value in values) else values

    return made


def _any(_one: Part) -> Hashable:
    return True


def _of_link(name: str) -> tuple[Key, ...]:
    return _with(_of(name), _start), _with(_of(name), _end), _of(name)


KEYS: dict[type[Part], tuple[Key, ...]] = {
    Appointment: (
        _with(_person, _start),
        _with(_person, _end),
        _person,
        _with(_start, _end),  # another person in the very same tenure: the record had the wrong one
        _start,
        lambda one: True if one.person == NOT_NAMED else None,
    ),
    Earlier: (
        lambda one: (one.to.text, *(name for name in FIELDS if getattr(one, name) is not None)) if one.to else None,
        _end,
        _any,
    ),
    Vacancy: (_start, _end, _any),
    Turn: _of_link("role"),
    ExOfficio: _of_link("role"),
    Name: (_of("name", "use"), _of("name"), _with(_of("use"), _end)),
    Identifier: (_with(_of("scheme", "code"), _start), _of("scheme", "code"), _with(_of("scheme"), _start)),
    Parent: (_with(_of("body", "relation"), _start), _of("body", "relation"), _of("body")),
    Member: (_with(_of("body", "as_printed"), _start), _of("body", "as_printed")),
    Succession: (
        lambda one: (frozenset(one.of), one.kind),
        lambda one: frozenset(one.of),
        lambda one: (one.kind, one.date.text) if one.date else None,
    ),
    Governing: _of_link("document"),
    Quorum: (_start, _end, _any),
    Meeting: (lambda one: one.on.text if one.on else None, _of("reference")),
    Milestone: (_of("what"), _of("by", "on")),
    Figure: (_of("about", "as_at"), _of("about"), _of("value", "low", "high", "words")),
    Request: (_of("what"),),
    Disagreement: (_of("about"),),
    Claim: (_of("says"), lambda one: one.sources or None),
    Correction: (lambda one: (one.about, one.made.text if one.made else None), _of("about"), _of("said")),
    Nomination: (_with(lambda one: frozenset(one.by), _start), _start, lambda one: frozenset(one.by), _any),
    Term: (_start, lambda one: one.ends.text if one.ends else None, _any),
    Designation: (_with(_of("as_"), _start), _of("as_")),
    Decision: (lambda one: (one.what, one.on.text if one.on else None), _of("what")),
    Follows: (_of("item"),),
    Item: (_of("title"), _of("number")),
    SubItem: (_of("title"), _of("number")),
    Approval: (lambda one: (one.step, one.body, one.date.text if one.date else None), _of("step", "body")),
    SecondUse: (_of("body", "kind"),),
    Layer: (_of("lines"),),
    Dated: (_start, _end, _any),
    Citation: (_of("document", "at"), _of("document")),
    Suppression: (_of("rule", "path"),),
}
"""How two versions of an entry are recognised: by the first of these that fits, and then by the next."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A part as it was and as it is, and the field of what holds it; None where it is not there."""

    old: Any
    new: Any
    field: str = ""

    @property
    def any(self) -> Any:
        """The part as it is, or as it was if it is gone."""
        return self.new if self.new is not None else self.old


def paired(old: Sequence[P], new: Sequence[P]) -> Iterator[Pair]:
    """Yield the entries of two lists in pairs: first those that are alike, then those known again by a key, then the rest.

    In the order of the new list, what is gone after it. Which order either list is in makes no difference to the pairs.
    """
    twins: dict[int, P] = {}
    left, free = _unlike(old, new, twins)
    for key in KEYS.get(type(free[0]), ()) if free else ():
        if not left or not free:
            break
        waiting: dict[Hashable, list[P]] = {}
        for one in left:
            if (name := key(one)) is not None:
                waiting.setdefault(name, []).append(one)
        rest = []
        for one in free:
            name = key(one)
            if name is not None and (some := waiting.get(name)):
                twins[id(one)] = some.pop(0)
            else:
                rest.append(one)
        taken = {id(one) for one in twins.values()}
        left, free = [one for one in left if id(one) not in taken], rest
    for one in free:  # somebody was not named, and now is; a printed name is understood
        twin = next((was for was in left if _may_be(was, one)), None)
        if twin is not None:
            twins[id(one)] = twin
            left.remove(twin)
    yield from (Pair(twins.get(id(one)), one) for one in new)
    yield from (Pair(one, None) for one in left)


def _may_be(was: Part, one: Part) -> bool:
    if isinstance(was, Appointment) and isinstance(one, Appointment):
        return NOT_NAMED in (was.person, one.person) and was.from_ == one.from_
    if isinstance(was, Member) and isinstance(one, Member):
        return was.body in one.could_be or one.body in was.could_be
    return False


def _unlike(old: Sequence[P], new: Sequence[P], twins: dict[int, P]) -> tuple[list[P], list[P]]:
    """Pair what is the same in both; return what is left of each, in an order that does not depend on the lists'."""
    known: dict[P, list[P]] = {}
    for one in old:
        known.setdefault(one, []).append(one)
    free = []
    for one in new:
        if some := known.get(one):
            twins[id(one)] = some.pop()
        else:
            free.append(one)
    left = [one for some in known.values() for one in some]
    return sorted(left, key=content), sorted(free, key=content)


def records(
    old: tuple[Registry, Registry, Collection[str]], new: tuple[Registry, Registry, Collection[str]]
) -> Iterator[tuple[str, Pair]]:
    """Yield each record of two registries with its kind, paired with what it is in the other.

    Of each side the records that may differ, the whole registry, and the paths of the files that may differ. What cannot
    be read on either side, or stands there twice, is left out. Raises what reading those raises: `UserError` (3) where Git
    does not answer.
    """
    for kind in KINDS:
        before, after = dict(old[0].records(kind)), dict(new[0].records(kind))
        ids = list(dict.fromkeys([*after, *before]))
        for id in ids:
            if (id in before) != (id in after):  # it may stand unchanged elsewhere: then one side has it twice
                _look_for(kind, id, new if id in before else old, old if id in before else new)
        unread = {id for side in (*old[:2], *new[:2]) for known, id in side.broken if known == kind}
        gone: dict[str, AnyRecord] = {}
        come: dict[str, AnyRecord] = {}
        for id in ids:
            was, is_ = before.get(id), after.get(id)
            if id in unread:
                continue
            if was is not None and is_ is not None:
                yield kind, Pair(was, is_)
            elif was is not None:
                gone[id] = was
            elif is_ is not None:
                come[id] = is_
        for id, is_ in come.items():
            twin = next((one for one in is_.former_ids if one in gone), None)
            twin = twin or next((one for one, was in gone.items() if id in was.former_ids), None)
            if twin is not None:
                yield kind, Pair(gone.pop(twin), is_)
            else:
                yield kind, Pair(None, is_)
        yield from ((kind, Pair(was, None)) for was in gone.values())


def _look_for(
    kind: str,
    id: str,
    lacking: tuple[Registry, Registry, Collection[str]],
    having: tuple[Registry, Registry, Collection[str]],
) -> None:
    """Find a record that differs on one side only in the other's unchanged files: the side that has both has it twice."""
    found = lacking[1].records(kind).get(id)
    if found is not None and not any(_within(found.source.path, side[2]) for side in (lacking, having)):
        here = having[0].records(kind)[id].source
        message = f"The id '{id}' is used twice: here and in {found.source.path}."
        having[1].broken[kind, id] = Problem(
            "duplicate-id", "error", here, message, "Give one of the two files another name."
        )


def _within(path: str, judged: Collection[str]) -> bool:
    """Whether a file, or a folder that it lies in, is among those that may differ and were judged."""
    steps = path.split("/")
    return any("/".join(steps[:depth]) in judged for depth in range(1, len(steps) + 1))


def by_id(old: Mapping[str, P], new: Mapping[str, P]) -> Iterator[Pair]:
    """Yield the entries of two mappings by id, or by the former ids of roles, in pairs."""
    come = {id: one for id, one in new.items() if id not in old}
    gone = {id: one for id, one in old.items() if id not in new}
    twins: dict[str, str] = {}
    for id, one in come.items():
        former = getattr(one, "former_ids", ())
        twin = next((known for known in former if known in gone), None)
        twin = twin or next((known for known, was in gone.items() if id in getattr(was, "former_ids", ())), None)
        if twin is not None:
            twins[id] = twin
            gone.pop(twin)
    yield from (Pair(old.get(twins.get(id, id)), one) for id, one in new.items())
    yield from (Pair(one, None) for one in gone.values())


class Renamed:
    """The ids that records and roles of the earlier side have on the later one, where they differ."""

    def __init__(self, some: Sequence[tuple[str, Pair]]) -> None:
        self._ids: dict[tuple[str, str], str] = {}
        for kind, pair in some:
            if pair.old is None or pair.new is None:
                continue
            if pair.old.id != pair.new.id:
                self._ids[kind, pair.old.id] = pair.new.id
            if kind == "bodies":
                for role in by_id(pair.old.roles, pair.new.roles):
                    if role.old is not None and role.new is not None and role.old.ref != role.new.ref:
                        self._ids["roles", role.old.ref] = role.new.ref

    def now(self, kind: str, id: str) -> str:
        """Return the id that a record or role has now."""
        if "/" not in id:
            return self._ids.get(("bodies" if kind in ("parties", "actors", "represented") else kind, id), id)
        whole = self._ids.get(("roles", id))
        if whole:
            return whole
        head, _, tail = id.partition("/")
        return f"{self._ids.get(('priorities' if kind == 'items' else 'bodies', head), head)}/{tail}"

    def written(self, part: P, roles: Mapping[str, str] | None = None) -> P:
        """Return the part with every name of a record as it would be written now; its own ids stay.

        `roles` are the new ids of roles in the record that the part is of.
        """
        if not self._ids:
            return part
        if isinstance(part, Body):
            roles = {
                id: self._ids.get(("roles", role.ref), role.ref).rpartition("/")[2]
                for id, role in part.roles.items()
            }
        naming = NAMING.get(type(part), {})
        values: dict[str, Any] = {}
        for name in part.__dataclass_fields__:
            value = getattr(part, name)
            kind = naming.get(name)
            if isinstance(value, Part):
                values[name] = self.written(value, roles)
            elif isinstance(value, str) and kind:
                values[name] = self.now(kind, value)
            elif name == "affects" and isinstance(part, Disagreement):
                values[name] = tuple((roles or {}).get(one, one) for one in part.affects)
            elif isinstance(value, tuple):
                values[name] = tuple(
                    self.written(one, roles)
                    if isinstance(one, Part)
                    else self.now(kind, one)
                    if kind and isinstance(one, str)
                    else one
                    for one in value
                )
            elif isinstance(value, dict):
                values[name] = {
                    id: self.written(one, roles) if isinstance(one, Part) else one for id, one in value.items()
                }
            else:
                values[name] = value
        return type(part)(**values)


def moved(gone: Sequence[Role], come: Sequence[Role]) -> Iterator[Pair]:
    """Yield the roles that left one body's record and stand, word for word, in another's."""
    free = {content(role, ("former_ids",)): role for role in come}
    for role in gone:
        if not (role.appointments or role.vacant or role.turns or role.ex_officio):
            continue  # a bare seat is like many others
        twin = free.pop(content(role, ("former_ids",)), None)
        if twin is not None:
            yield Pair(role, twin)


def content(part: Part, but: Sequence[str] = ()) -> str:
    """Return all that a part says, wherever it stands, as one text; without the fields in `but`."""
    said = plain(part)
    return json.dumps({name: value for name, value in said.items() if name not in but}, sort_keys=True)
