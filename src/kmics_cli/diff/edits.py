"""What differs between two versions of a record: each field that says something else, each entry that came or went.

An edit knows where it stands, and judges nothing: whether it is news or a correction is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kmics_cli.dates import Date
from kmics_cli.diff.pairs import Pair, by_id, paired
from kmics_cli.model import Part
from kmics_cli.problems import Source

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
WORDED = frozenset("name title what about says text citation summary".split())
"""The fields that are words for people to read."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference. `owners` leads from the record to the part that has the `field`, each as it was and as it is.

    `was` and `now` are the values of the field, or, of an entry that came or went, the entry (None: not there). Of a
    whole record that came or went there are no owners and no field.
    """

    op: str
    kind: str  # of the record: bodies, people, priorities, documents, requirements, registry
    owners: tuple[Pair, ...]
    field: str
    was: Any
    now: Any

    @property
    def part(self) -> Any:
        """The part that it is of: the entry that came or went, or the one whose field changed."""
        return self.entry if self.entry is not None else self.owner.any

    @property
    def standing(self) -> str:
        """The field in which the part that it is of stands."""
        return self.field if self.entry is not None else self.owner.field

    @property
    def record(self) -> Pair:
        """The record in which it stands."""
        return self.owners[0] if self.owners else Pair(self.was, self.now)

    @property
    def owner(self) -> Pair:
        """The part that has the field; a whole record has itself."""
        return self.owners[-1] if self.owners else Pair(self.was, self.now)

    @property
    def entry(self) -> Any:
        """The entry or record that came or went; None where a field changed."""
        found = self.now if self.now is not None else self.was
        return found if self.op != CHANGED and isinstance(found, Part) else None

    def within(self, cls: type[Part]) -> Pair | None:
        """Return the innermost part of that type in which it stands, or which it is."""
        if isinstance(self.entry, cls):
            return Pair(self.was, self.now)
        return next((pair for pair in reversed(self.owners) if isinstance(pair.any, cls)), None)

    def places(self) -> tuple[Source | None, Source | None]:
        """Return where it stood and where it stands; of something missing, where it would."""
        old = new = None
        if self.op != ADDED:
            old = self._place(self.owner.old, self.was)
        if self.op != REMOVED:
            new = self._place(self.owner.new, self.now)
        return old, new

    def _place(self, owner: Any, value: Any) -> Source | None:
        if isinstance(value, Part):
            return value.source
        return owner.source.at(self.field.rstrip("_")) if owner is not None else None


def edits(kind: str, pair: Pair, owners: tuple[Pair, ...] = ()) -> Iterator[Edit]:
    """Yield what differs between two versions of a part of a record of `kind`.

    What came or went whole is one edit; of a body or role that did, the roles and those who held them are told too.
    """
    if pair.old is None or pair.new is None:
        op = ADDED if pair.old is None else REMOVED
        yield Edit(op, kind, owners, "", pair.old, pair.new)
        yield from _inside(kind, pair, owners)
        return
    inside = (*owners, pair)
    if _placed(pair.new) and pair.old.id != pair.new.id:
        yield Edit(CHANGED, kind, inside, "id", pair.old.id, pair.new.id)
    for name, field in type(pair.new).__dataclass_fields__.items():
        was, now = getattr(pair.old, name), getattr(pair.new, name)
        if not field.compare or (name in ("id", "body") and _placed(pair.new)) or was == now:
            continue
        if isinstance(was, Part) or isinstance(now, Part):
            yield from _entries(kind, [Pair(was, now)], inside, name)
        elif _has_parts(was) or _has_parts(now):
            some = by_id(was, now) if isinstance(now, dict) else paired(was, now)
            yield from _entries(kind, list(some), inside, name)
        elif name in _ORDERED or not _as_sets(was, now):
            yield Edit(CHANGED, kind, inside, name, was, now)


def _entries(kind: str, some: list[Pair], owners: tuple[Pair, ...], field: str) -> Iterator[Edit]:
    for pair in some:
        if pair.old is not None and pair.new is not None:
            yield from edits(kind, Pair(pair.old, pair.new, field), owners)
        else:
            op = ADDED if pair.old is None else REMOVED
            yield Edit(op, kind, owners, field, pair.old, pair.new)
            yield from _inside(kind, Pair(pair.old, pair.new, field), owners)


_ORDERED = frozenset(("among", "lines"))
"""The lists of words whose order says something: who comes first in a rotation, the first and the last line."""

TOLD_APART = {
    "Body": ("roles",),
    "Role": ("appointments", "vacant", "turns", "ex_officio"),
    "Priorities": ("items",),
    "Requirements": ("rules",),
}
"""What is told of a part that came or went whole: the lists whose entries a reader would look for."""


def _inside(kind: str, pair: Pair, owners: tuple[Pair, ...]) -> Iterator[Edit]:
    part = pair.any
    for name in TOLD_APART.get(type(part).__name__, ()):
        values = getattr(part, name)
        some = values.values() if isinstance(values, dict) else values
        yield from _entries(
            kind,
            [Pair(one, None) if pair.new is None else Pair(None, one) for one in some],
            (*owners, pair),
            name,
        )


def nearer(now: Date | None, was: Date) -> bool:
    """Return whether a date says the same as an earlier one, more nearly."""
    return now is not None and now.earliest >= was.earliest and now.latest <= was.latest


def _placed(part: Part) -> bool:
    """Whether a part knows its own id, and the body that it is in, from where it stands."""
    return "id" in part.__dataclass_fields__


def _has_parts(value: Any) -> bool:
    some = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return any(isinstance(one, Part) for one in some)


def _as_sets(was: Any, now: Any) -> bool:
    """Whether two lists of words, or of lists of words, have the same in them: their order says nothing."""
    return isinstance(was, tuple) and isinstance(now, tuple) and _sorted(was) == _sorted(now)


def _sorted(value: Any) -> Any:
    return sorted((_sorted(one) for one in value), key=repr) if isinstance(value, tuple) else value
