"""From two registries to the changes between them: typed, sorted, in words, each with what it was and what it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from kmics_cli.diff.edits import ADDED, CHANGED, REMOVED, Edit, edits
from kmics_cli.diff.judged import GROUPS, Judge
from kmics_cli.diff.names import WITHHELD, Names
from kmics_cli.diff.pairs import Pair, Renamed, moved, records
from kmics_cli.diff.vocabulary import kind_word
from kmics_cli.diff.words import Words
from kmics_cli.model import (
    Appointment,
    Body,
    Name,
    Person,
    Registry,
    Role,
    Settings,
    yaml_name,
)
from kmics_cli.problems import Source
from kmics_cli.query.plain import plain


@dataclass(frozen=True, slots=True)
class Side:
    """One of two registries: the records that may differ, all of its records, and where names are looked up, if elsewhere."""

    registry: Registry
    whole: Registry
    names: Registry | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the record.

    `change` is its stable name (`docs/changes.md`), `group` and `level` what sort of news it is (`diff.judged`), `kind`
    and `id` what it is of, `under` the record (or the body) that it is told under. `before` and `after` are plain data as the files have it.
    `text` is a whole sentence. `fingerprint` is the same for the same change, whatever else was edited.
    """

    change: str
    group: str
    level: str
    kind: str
    id: str
    title: str
    under: str
    before: Any
    after: Any
    text: str
    fingerprint: str
    place_old: Source | None
    place_new: Source | None
    people: frozenset[str] = frozenset()


def changes(old: Side, new: Side, day: date | None) -> list[Change]:
    """Return what was edited from `old`, the record of the day `day`, to `new`: by group, record and place.

    What either side has twice, or cannot be read in one of them, is left out; `Registry.broken` says what.
    """
    some = list(records(old.registry, new.registry, old.whole, new.whole))
    renamed = Renamed(some)
    told = [
        edit
        for kind, pair in some
        for edit in edits(kind, Pair(renamed.written(pair.old) if pair.old is not None else None, pair.new))
    ]
    settings = Pair(old.registry.settings, new.registry.settings)
    if settings.old.source.path == settings.new.source.path:  # else one of them cannot be read
        told += edits("registry", settings)
    told = list(_folded(told))
    named = new.names or new.whole
    names = Names(old.names or old.whole, named, _seated(told), _withheld(told, named))
    judge, words = Judge(names, day), Words(names)
    found = [_change(edit, judge, words) for edit in told]
    return sorted(_counted(found), key=lambda one: GROUPS.index(one.group))


def _folded(some: Sequence[Edit]) -> Iterator[Edit]:
    """Yield the edits without those that another tells along."""
    gone = [edit.was for edit in some if edit.op == REMOVED and isinstance(edit.entry, Role)]
    come = [edit.now for edit in some if edit.op == ADDED and isinstance(edit.entry, Role)]
    away = {id(part): pair for pair in moved(gone, come) for part in (pair.old, pair.new)}
    ends = {id(edit.owner.new) for edit in some if edit.field == "to" and edit.op == CHANGED}
    names = {
        (id(edit.owner.new), name)
        for edit in some
        if edit.field == "name" and edit.op == CHANGED and isinstance(edit.owner.new, Body)
        for name in (edit.was, edit.now)
    }
    for edit in some:
        role = edit.within(Role)
        if role is not None and (pair := away.get(id(role.any))) is not None:
            if isinstance(edit.entry, Role) and edit.op == ADDED:
                yield Edit(CHANGED, edit.kind, (*edit.owners, pair), "body", pair.old.ref, pair.new.ref)
            continue
        if edit.field == "end_reason" and isinstance(edit.owner.new, Appointment) and id(edit.owner.new) in ends:
            continue
        if isinstance(edit.entry, Name) and edit.owners and (id(edit.owner.new), edit.entry.name) in names:
            continue
        if edit.field == "former_ids" and edit.op == CHANGED and _only_renamed(edit):
            continue
        yield edit


def _only_renamed(edit: Edit) -> bool:
    """Whether former ids differ by those that the record has just got, or got back, by a new id."""
    ids = {edit.owner.old.id, edit.owner.new.id}
    return len(ids) == 2 and set(edit.was) ^ set(edit.now) <= ids


def _seated(some: Iterable[Edit]) -> Iterator[str]:
    """Yield the people who are appointed among the edits: that there is a record of them is no news besides."""
    for edit in some:
        if edit.op == ADDED and isinstance(edit.entry, Appointment):
            yield edit.entry.person
        elif edit.field == "person" and edit.op == CHANGED:
            yield edit.now


def _withheld(some: Iterable[Edit], new: Registry) -> Iterator[str]:
    """Yield the people in whose place one stands whose name is withheld."""
    for edit in some:
        if edit.field == "person" and edit.op == CHANGED:
            found = new.people.get(edit.now)
            if found is not None and found.name == WITHHELD:
                yield edit.was


def _change(edit: Edit, judge: Judge, words: Words) -> Change:
    group = judge.group(edit)
    part = edit.entry if edit.entry is not None else edit.owner.any
    kind = kind_word(type(part))
    what = edit.op if edit.entry is not None else yaml_name(edit.field).replace("_", "-")
    before, after = _said(edit, edit.was, edit.owner.old), _said(edit, edit.now, edit.owner.new)
    id, title, under = _of(edit, words)
    name = f"{kind}-{what}"
    mark = json.dumps([name, id, before, after], sort_keys=True, ensure_ascii=True)
    old, new = edit.places()
    return Change(
        name,
        group,
        judge.level(edit, group),
        kind,
        id,
        title,
        under,
        before,
        after,
        words.sentence(edit),
        sha256(mark.encode()).hexdigest()[:12],
        old,
        new,
        frozenset(_people(edit)),
    )


def _people(edit: Edit) -> Iterator[str]:
    """Yield the people whom an edit is about."""
    if (held := edit.within(Appointment)) is not None:
        yield from (part.person for part in (held.old, held.new) if part is not None)
    if isinstance(edit.record.any, Person):
        yield from (part.id for part in (edit.record.old, edit.record.new) if part is not None)


def _said(edit: Edit, value: Any, owner: Any) -> Any:
    """Return what a field or an entry said, as plain data; of an end, with its reason; of a record, without its roles."""
    if isinstance(value, Body):
        return {name: said for name, said in plain(value).items() if name != "roles"}
    if edit.field == "to" and isinstance(owner, Appointment) and owner.end_reason:
        return {"to": plain(value), "end_reason": owner.end_reason}
    return plain(value)


def _of(edit: Edit, words: Words) -> tuple[str, str, str]:
    """Return the id and the title of what an edit is of, and the title of the record that it is told under."""
    record = edit.record.any
    head = words.heading(record)
    role = edit.within(Role)
    if role is not None:
        return role.any.ref, f"{role.any.title}, {head}", head
    id = "kmics.yaml" if isinstance(record, Settings) else str(record.id)
    if (number := words.item_number(edit)) is not None:
        return f"{id}/{number}", words.subject(edit), head
    return id, words.subject(edit), head


def _counted(some: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes, each with a fingerprint of its own: of those that are alike, the second has its number."""
    seen: Counter[str] = Counter()
    for one in some:
        seen[one.fingerprint] += 1
        if seen[one.fingerprint] > 1:
            values = {name: getattr(one, name) for name in one.__dataclass_fields__}
            yield Change(**{**values, "fingerprint": f"{one.fingerprint}-{seen[one.fingerprint]}"})
        else:
            yield one
