"""From two registries to the changes between them: typed, sorted, in words, each with what it was and what it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from kmics_cli.diff.edits import ADDED, CHANGED, REMOVED, TOLD_APART, Edit, edits
from kmics_cli.diff.folded import VALUES, folded
from kmics_cli.diff.judged import CORRECTED, GROUPS, WORDING, Judge
from kmics_cli.diff.names import Names
from kmics_cli.diff.pairs import KEYS, Pair, Renamed, records
from kmics_cli.diff.vocabulary import kind_word
from kmics_cli.diff.words import Words
from kmics_cli.model import (
    Appointment,
    Citation,
    Correction,
    Document,
    Figure,
    Part,
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
    """One of two registries: the records that may differ, all of its records, and where names are looked up, if elsewhere.

    `judged` are the paths of the files that may differ, read or not: what `whole` has there is not looked for again.
    """

    registry: Registry
    whole: Registry
    names: Registry | None = None
    judged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the record.

    `change` is its stable name (`docs/changes.md`), `group` and `level` what sort of news it is (`diff.judged`), `kind`
    and `id` what it is of, `under` the record (or the body) that it is told under. `before` and `after` are plain data as the files have it.
    `text` is a whole sentence. `cited` are the titles of the documents that were cited with it; none, if nothing was
    added to the evidence of its record; None, if something was, but not for this, or none is asked for. `fingerprint` is the same for the same change, whatever else was edited.
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
    cited: tuple[str, ...] | None = None


def changes(old: Side, new: Side, day: date | None) -> list[Change]:
    """Return what was edited from `old`, the record of the day `day`, to `new`: by group, record and place.

    What either side has twice, or cannot be read in one of them, is left out; `Registry.broken` says what. Raises what
    reading a side raises: `UserError` (3) where Git does not answer.
    """
    some = list(records((old.registry, old.whole, old.judged), (new.registry, new.whole, new.judged)))
    renamed = Renamed(some)
    told = [
        edit
        for kind, pair in some
        for edit in edits(kind, Pair(_written(renamed, pair.old), _written(renamed, pair.new)))
    ]
    settings = Pair(old.registry.settings, new.registry.settings)
    if settings.old.source.path == settings.new.source.path:  # else one of them cannot be read
        told += edits("registry", settings)
    names = Names(old.names or old.whole, new.names or new.whole)
    proved = {id(edit.record.new) for edit in told if edit.op == ADDED and _cites(edit.entry)}
    told = list(folded(told, names.is_withheld))
    names.seated = frozenset(_seated(told))
    judge, words = Judge(names, day), Words(names)
    groups = [judge.group(edit) for edit in told]
    reasons = [
        judge.reason_of(edit) if group == CORRECTED and not isinstance(edit.entry, Correction) else None
        for edit, group in zip(told, groups, strict=True)
    ]
    used = {id(reason) for reason in reasons}
    found = [
        _change(
            edit, WORDING if edit.op == ADDED and id(edit.entry) in used else group, judge, words, reason, proved
        )
        for edit, group, reason in zip(told, groups, reasons, strict=True)
    ]
    return sorted(_counted(found), key=lambda one: GROUPS.index(one.group))


def _written(renamed: Renamed, part: Any) -> Any:
    """Return a record with the ids that others have now: an old id may be used on both sides."""
    return renamed.written(part) if part is not None else None


def _seated(some: Iterable[Edit]) -> Iterator[str]:
    """Yield the people who are appointed among the edits: that there is a record of them is no news besides."""
    for edit in some:
        if edit.op == ADDED and isinstance(edit.entry, Appointment):
            yield edit.entry.person
        elif edit.field == "person" and edit.op == CHANGED:
            yield edit.now


def _change(
    edit: Edit, group: str, judge: Judge, words: Words, reason: Correction | None, proved: Collection[int]
) -> Change:
    """Return an edit as a change; with the `reason` that a correction gives for it, which then is no news of its own."""
    kind = kind_word(type(edit.part), edit.standing)
    what = edit.op if edit.entry is not None else yaml_name(edit.field).replace("_", "-")
    before, after = _said(edit, edit.was, edit.owner.old), _said(edit, edit.now, edit.owner.new)
    id, title, under = _of(edit, words)
    name = f"{kind}-{what}"
    withheld = edit.op == CHANGED and edit.field in ("name", "person") and judge.withheld(edit)
    if withheld:
        before = None
    mark = json.dumps([name, id, before, after, *identity(edit)], sort_keys=True, ensure_ascii=True)
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
        words.sentence(edit) + (_because(reason) if reason else ""),
        sha256(mark.encode()).hexdigest()[:12],
        None if withheld and isinstance(edit.owner.any, Person) else old,
        new,
        frozenset(_people(edit)),
        None if group == WORDING or withheld else _sources(edit, words, reason, proved),
    )


def _because(reason: Correction) -> str:
    """Return what a correction says, to follow what it corrects."""
    why = f" Why: {reason.why.removesuffix('.')}." if reason.why else ""
    return f". Correction: {reason.says.removesuffix('.')}.{why}".removesuffix(".")


def _cites(part: Any) -> bool:
    """Return whether there is a citation anywhere in a part of a record."""
    if isinstance(part, Citation):
        return True
    if isinstance(part, Part):
        return any(_cites(getattr(part, name)) for name in part.__dataclass_fields__ if name != "source")
    inside = part.values() if isinstance(part, Mapping) else part if isinstance(part, tuple) else ()
    return any(_cites(one) for one in inside)


def _cited(entry: Any) -> Sequence[Citation]:
    """Return what an added entry cites, or the citation that it is."""
    return (entry,) if isinstance(entry, Citation) else getattr(entry, "sources", ())


def _sources(
    edit: Edit, words: Words, reason: Correction | None, proved: Collection[int]
) -> tuple[str, ...] | None:
    """Return the titles of the documents that were cited with an edit, as `Change.cited` has them."""
    record = edit.record.new
    if edit.op == REMOVED or not hasattr(record, "sources") or isinstance(record, Document):
        return None
    some = list(_cited(edit.entry)) if edit.entry is not None else []
    if edit.entry is None:
        before = getattr(edit.owner.old, "sources", ())
        some += [one for one in getattr(edit.owner.new, "sources", ()) if one not in before]
    some += reason.sources if reason else ()
    if some:
        return tuple(dict.fromkeys(words.names.document(one.document) for one in some))
    return None if id(record) in proved else ()


def identity(edit: Edit) -> list[str]:
    """Return what tells the entries of lists in which an edit stands from others: whose tenure, which code."""
    told = []
    for pair in edit.owners[1:]:
        keys = (key(pair.any) for key in KEYS.get(type(pair.any), ()))
        told.append(next((repr(found) for found in keys if found is not None), ""))
    return told


def _people(edit: Edit) -> Iterator[str]:
    """Yield the people whom an edit is about."""
    if (held := edit.within(Appointment)) is not None:
        yield from (part.person for part in (held.old, held.new) if part is not None)
    if isinstance(edit.record.any, Person):
        yield from (part.id for part in (edit.record.old, edit.record.new) if part is not None)


def _said(edit: Edit, value: Any, owner: Any) -> Any:
    """Return what a field or an entry said, as plain data: an end with its reason, a figure whole, a record without what is told apart."""
    if isinstance(value, Part):
        apart = TOLD_APART.get(type(value).__name__, ())
        return {name: said for name, said in plain(value).items() if name.replace("-", "_") not in apart}
    if edit.field == "to" and isinstance(owner, Appointment) and owner.end_reason:
        return {"to": plain(value), "end_reason": owner.end_reason}
    if isinstance(owner, Figure) and edit.field in VALUES:
        return {name: said for name, said in plain(owner).items() if name in VALUES}
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
