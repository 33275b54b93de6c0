"""Edits that are one thing to a reader, told as one: a rename with the former name, an end with its reason, a tenure that goes on.

Each rule reads the same from either side, so that a comparison turned round folds the same edits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kmics_cli.dates import UNKNOWN, Date, shifted
from kmics_cli.diff.edits import ADDED, CHANGED, REMOVED, Edit
from kmics_cli.diff.pairs import Pair, content, moved
from kmics_cli.model import Appointment, Body, Earlier, Figure, Member, Milestone, Name, Person, Role
from kmics_cli.query.earlier import FIELDS

CONTINUED = "continued"
"""The field of an appointment that came or went and goes on from another of the same person, without a gap."""
VALUES = ("value", "low", "high", "words", "unit", "qualifier")
"""The fields that say one figure together."""


def folded(some: Sequence[Edit], withheld: Callable[[str], bool]) -> Iterator[Edit]:
    """Yield the edits without those that another tells along. `withheld` says of a person's id if the name is withheld."""
    told = list(some)
    for rule in (_moved_roles, _told_along, _continued):
        told = list(rule(told))
    yield from _withheld(told, withheld)


def adjoins(end: Date | None, start: Date | None) -> bool:
    """Return whether what ended with the last day `end` may have gone straight on from the day `start`."""
    if end is None or start is None or UNKNOWN in (end.text, start.text):
        return False
    following = shifted(end, 1)
    return following.earliest <= start.latest and start.earliest <= following.latest


def _moved_roles(some: Sequence[Edit]) -> Iterator[Edit]:
    """A role that left one record, or one id, and stands elsewhere word for word."""
    gone = [edit.was for edit in some if edit.op == REMOVED and isinstance(edit.entry, Role)]
    come = [edit.now for edit in some if edit.op == ADDED and isinstance(edit.entry, Role)]
    away = {id(part): pair for pair in moved(gone, come) for part in (pair.old, pair.new)}
    for edit in some:
        role = edit.within(Role)
        pair = away.get(id(role.any)) if role is not None else None
        if pair is None:
            yield edit
        elif isinstance(edit.entry, Role) and edit.op == ADDED:
            yield Edit(CHANGED, edit.kind, (*edit.owners, pair), "body", pair.old.ref, pair.new.ref)


_WITH: dict[type[Any], dict[str, tuple[str, ...]]] = {
    Appointment: {"to": ("end_reason",)},
    Milestone: {"on": ("status",)},
    Member: {"body": ("as_printed", "could_be")},
    Figure: {name: VALUES[index + 1 :] for index, name in enumerate(VALUES)},
}
"""The fields that are told along with another of the same part, where that changed too."""


def _told_along(some: Sequence[Edit]) -> Iterator[Edit]:
    changed: dict[int, set[str]] = {}
    for edit in some:
        if edit.op == CHANGED:
            changed.setdefault(id(edit.owner), set()).add(edit.field)
    names = {
        (id(edit.owner), name)
        for edit in some
        if edit.field == "name" and edit.op == CHANGED and isinstance(edit.owner.new, Body)
        for name in (edit.was, edit.now)
    }
    amended = {
        (id(edit.owner), field)
        for edit in some
        if isinstance(edit.entry, Earlier) and edit.owners
        for field in FIELDS
        if getattr(edit.entry, field) is not None
    }
    for edit in some:
        if edit.op == CHANGED and (id(edit.owner), edit.field) in amended:
            continue
        along = _WITH.get(type(edit.owner.any), {})
        if edit.op == CHANGED and any(
            edit.field in others and field in changed[id(edit.owner)] for field, others in along.items()
        ):
            continue
        if isinstance(edit.entry, Name) and edit.owners and (id(edit.owner), edit.entry.name) in names:
            continue
        if edit.field == "former_ids" and edit.op == CHANGED and _only_renamed(edit):
            continue
        yield edit


def _only_renamed(edit: Edit) -> bool:
    """Whether former ids differ by those that the record has just got, or got back, by a new id."""
    ids = {edit.owner.old.id, edit.owner.new.id}
    return len(ids) == 2 and set(edit.was) ^ set(edit.now) <= ids


def _continued(some: Sequence[Edit]) -> Iterator[Edit]:
    """An end, and a tenure of the same person in the same role that goes on from it: nobody left, and nobody came."""
    ends: dict[tuple[int, str], list[Edit]] = {}
    for edit in some:
        one = edit.owner.new
        closed = edit.field == "to" and edit.op == CHANGED and None in (edit.was, edit.now)
        if closed and isinstance(one, Appointment) and edit.owner.old.person == one.person:
            ends.setdefault((id(edit.owners[-2]), one.person), []).append(edit)
    told: dict[int, Edit | None] = {}
    for edit in some:
        if (
            isinstance(edit.entry, Appointment)
            and edit.owners
            and edit.owner.old is not None
            and edit.owner.new is not None
        ):
            for end in ends.get((id(edit.owner), edit.entry.person), ()):
                if id(end) not in told and adjoins(end.now or end.was, edit.entry.from_):
                    told[id(end)] = None
                    told[id(edit)] = Edit(edit.op, edit.kind, edit.owners, CONTINUED, edit.was, edit.now)
                    break
    for edit in some:
        if (kept := told.get(id(edit), edit)) is not None:
            yield kept


def _withheld(some: Sequence[Edit], withheld: Callable[[str], bool]) -> Iterator[Edit]:
    """Somebody whose name is withheld, in the place of a person who was named: the name is told nowhere."""
    gone: dict[tuple[int, str], list[Edit]] = {}
    for edit in some:
        if edit.op == REMOVED and isinstance(edit.entry, Appointment) and edit.owners:
            gone.setdefault((id(edit.owner), content(edit.was, ("person",))), []).append(edit)
    told: dict[int, Edit | None] = {}
    for edit in some:
        if edit.op == ADDED and isinstance(edit.entry, Appointment) and edit.owners:
            twins = gone.get((id(edit.owner), content(edit.now, ("person",))), [])
            twin = next((one for one in twins if withheld(edit.now.person) != withheld(one.was.person)), None)
            if twin is not None:
                twins.remove(twin)
                told[id(twin)] = None
                owners = (*edit.owners, Pair(twin.was, edit.now, "appointments"))
                told[id(edit)] = Edit(CHANGED, edit.kind, owners, "person", twin.was.person, edit.now.person)
    one_for_another = {
        (edit.was, edit.now)
        for edit in (*some, *(one for one in told.values() if one is not None))
        if edit.field == "person" and edit.op == CHANGED and withheld(edit.was) != withheld(edit.now)
    }
    people = {edit.entry.id: edit for edit in some if isinstance(edit.entry, Person)}
    for was, now in sorted(one_for_another):
        old, new = people.get(was), people.get(now)
        if old is not None and new is not None and id(old) not in told and id(new) not in told:
            told[id(old)] = None
            pair = Pair(old.was, new.now)
            told[id(new)] = Edit(CHANGED, new.kind, (pair,), "name", old.was.name, new.now.name)
    for edit in some:
        if (one := told.get(id(edit), edit)) is not None:
            yield one
