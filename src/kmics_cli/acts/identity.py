"""Which record is which: another id, two records of one thing made one, a person's name withheld."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kmics_cli.acts.draft import Draft, check_id, records
from kmics_cli.acts.references import rewrite
from kmics_cli.edit.layout import Layout
from kmics_cli.model import KINDS, WITHHELD, Person
from kmics_cli.problems import Source, UserError
from kmics_cli.yamltext import decode


def move_id(draft: Draft, kind: str, old: str, new: str) -> None:
    """Give a record, or a role (`body/role`), another id: it is still found by the old one, and everything names the new.

    Raises `UserError` (2) if the new id is taken, or is none.
    """
    if kind == "roles":
        _move_role(draft, old, new)
        return
    check_id(new)
    if any(new in draft.registry.records(one) or (one, new) in draft.registry.broken for one in KINDS):
        raise UserError(
            f"There is already a record '{new}'.", "For two records of one thing, use kmics combine-records."
        )
    record = draft.registry.records(kind)[old]
    count = rewrite(draft, kind, old, new)
    top = Source(record.source.path)
    if new in record.former_ids:
        draft.remove(top.at("former_ids", record.former_ids.index(new)))
    draft.append(top, "former_ids", old)
    folder = record.source.path.rpartition("/")[0]
    _settings(draft, record.source.path, f"{folder}/{new}.yaml")
    draft.moved(record.source.path, f"{folder}/{new}.yaml")
    draft.said.append(
        f"{count} reference{'' if count == 1 else 's'} to it {'is' if count == 1 else 'are'} changed."
    )


def _move_role(draft: Draft, old: str, new: str) -> None:
    body_id, _, was = old.partition("/")
    same, slash, now = new.partition("/")
    if not slash:
        same, now = body_id, new
    if same != body_id:
        raise UserError("A role stays in its body.", f"Give the new id alone, or {body_id}/NEW.")
    check_id(now)
    body = draft.registry.bodies[body_id]
    if now in body.roles:
        raise UserError(f"{body.name} has a role '{now}' already.", "Choose another id.")
    role = body.roles[was]
    count = rewrite(draft, "roles", old, f"{body_id}/{now}")
    if now in role.former_ids:
        draft.remove(role.source.at("former_ids", role.former_ids.index(now)))
    draft.append(role.source, "former_ids", was)
    draft.rekey(role.source, now)
    draft.said.append(
        f"{count} reference{'' if count == 1 else 's'} to it {'is' if count == 1 else 'are'} changed."
    )


def _settings(draft: Draft, old: str, new: str) -> None:
    """Let the suppressions of `kmics.yaml` that name a file name it where it is to be."""
    for one in draft.registry.settings.suppressions:
        if one.path == old:
            draft.put(one.source, "path", new)


def combine(draft: Draft, kind: str, kept: str, other: str) -> None:
    """Make two records of one thing one: what only the other says is taken over, and everything names the one kept.

    Where the two say different things the kept one's word stands, and the other's is named. Raises `UserError` (2) if
    they are the same record, or requirements.
    """
    if kept == other:
        raise UserError("These are one record already.", "")
    if kind == "requirements":
        raise UserError("Sets of requirements are not combined.", "Move the duties with kmics edit.")
    one, two = draft.registry.records(kind)[kept], draft.registry.records(kind)[other]
    count = rewrite(draft, kind, other, kept)
    source = Source(two.source.path)
    typed, _problems = draft.shapes.fit(kind, draft.plain(source.path), source)
    former = [id for id in (other, *two.former_ids) if id not in one.former_ids]
    typed.pop("former_ids", None)
    _take_over(draft, Source(one.source.path), typed, "")
    for id in former:
        draft.append(Source(one.source.path), "former_ids", id)
    draft.gone(two.source.path)
    draft.said.append(
        f"{count} reference{'' if count == 1 else 's'} to '{other}' now name{'s' if count == 1 else ''} '{kept}'."
    )


def _take_over(draft: Draft, into: Source, data: Mapping[str, Any], where: str) -> None:
    here = draft.plain(into.path)
    for step in into.pointer:
        here = here[step]
    for key, value in data.items():
        if key not in here:
            draft.put(into, key, value)
        elif isinstance(value, list):
            known = [_flat(item) for item in here[key]]
            for item in value:
                if _flat(item) not in known:
                    draft.append(into, key, item)
        elif isinstance(value, Mapping):
            _take_over(draft, into.at(key), value, f"{where}{key} ")
        elif _flat(value) != _flat(here[key]):
            draft.left.append(f"The two differ in {where}{key}: '{here[key]}' stays, '{value}' is dropped.")


def _flat(value: Any) -> str:
    """Return a value so that two that say the same are the same: as the files would have it, all text."""
    if isinstance(value, Mapping):
        return str(sorted((key, _flat(item)) for key, item in value.items()))
    if isinstance(value, list):
        return str([_flat(item) for item in value])
    return str(value).lower() if isinstance(value, bool) else str(value)


MARK = "[name withheld]"
"""What takes the place of a withheld name in a text."""


def withhold(draft: Draft, person: Person, id: str) -> None:
    """Withhold a person's name: a record with an opaque id takes the place of the person's, and nothing leads there.

    The name, and the id made of it, are looked for in every text of the record: notes, titles, quotes, comments. Each is
    put out; where an id has the name in it, it is named as left to do. What happened in the seats stays.
    """
    rewrite(draft, "people", person.id, id)
    folder = person.source.path.partition("/")[2].rpartition("/")[0]
    draft.new("people", id, {"name": WITHHELD}, folder)
    draft.gone(person.source.path)
    pattern = of_name(person)
    for kind in KINDS:
        for other in records(draft.registry, kind).values():
            if other.id != person.id:
                _put_out(draft, other.source.path, pattern)
            if person.id in other.id and other.id != person.id:
                draft.left.append(
                    f"The id '{other.id}' has the name in it: move it, and take out the former id by hand."
                )
    _put_out(draft, "kmics.yaml", pattern)
    if some := sorted(_with_last_name(draft, person)):
        draft.left.append(
            f"These files have the last name alone; see whether this person is meant: {', '.join(some)}."
        )


def _with_last_name(draft: Draft, person: Person) -> Iterator[str]:
    """Yield the files of the record that have a person's last name in them, by itself."""
    last = re.compile(rf"(?<![\w-]){re.escape(person.name.split()[-1])}(?![\w-])")
    for kind in KINDS:
        for other in records(draft.registry, kind).values():
            path = other.source.path
            if other.id != person.id and last.search(decode(draft.text(path))):
                yield path


def of_name(person: Person) -> re.Pattern[str]:
    """Return what finds a person's name in a text: however spaced or cased, and the id that was made of it."""
    name = r"[\s_-]+".join(re.escape(word) for word in person.name.split())
    ids = "|".join(re.escape(id) for id in (person.id, *person.former_ids))
    return re.compile(rf"(?<![\w-])(?:{name}|{ids})(?![\w-])", re.IGNORECASE)


def _put_out(draft: Draft, path: str, pattern: re.Pattern[str]) -> None:
    try:
        text = draft.text(path)
    except UserError:
        return
    if not pattern.search(decode(text).replace("\r\n", "\n")):
        return
    for pointer, value in list(_scalars(draft.plain(path))):
        if pattern.search(value):
            draft.put(Source(path, pointer[:-1]), pointer[-1], pattern.sub(MARK, value))
    text = draft.text(path)
    raw = decode(text)
    for _at, comment in Layout(raw.replace("\r\n", "\n")).comments:
        if pattern.search(comment):
            raw = raw.replace(comment, pattern.sub(MARK, comment))
    draft.changed[path] = raw.encode()


def _scalars(plain: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    for step, value in plain.items() if isinstance(plain, dict) else enumerate(plain):
        if isinstance(value, str):
            yield (*above, step), value
        else:
            yield from _scalars(value, (*above, step))
