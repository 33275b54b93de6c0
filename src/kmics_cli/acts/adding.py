"""A body, a role, a person, a document, a priority, a figure or a meeting added to the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kmics_cli.acts.draft import Data, Draft, check_id, id_for
from kmics_cli.model import Body, Priorities
from kmics_cli.problems import Pointer, Source, UserError, shortened


def fields(draft: Draft, kind: str, pointer: Pointer, given: Mapping[str, str | Sequence[str]]) -> Data:
    """Return what was given as the schema wants it: numbers, yes and no, lists. Raises `UserError` (2) for what it has not."""
    about = draft.shapes.about(kind, pointer).get("properties", {})
    found: Data = {}
    for name, value in given.items():
        key = name.replace("-", "_")
        if key not in about:
            simple = [one for one, what in about.items() if what.get("type") != "object"]
            raise UserError(f"There is no field '{shortened(name)}'.", f"There are: {', '.join(simple)}.")
        found[key] = _as_wanted(about[key], key, value)
    return found


def _as_wanted(about: Mapping[str, Any], key: str, value: str | Sequence[str]) -> Any:
    types = about.get("type", ())
    types = [types] if isinstance(types, str) else types
    if "array" in types:
        return [value] if isinstance(value, str) else list(value)
    if not isinstance(value, str):
        if len(value) != 1:
            raise UserError(f"'{key}' has one value.", "Give it once.")
        (value,) = value
    if "boolean" in types:
        if value.casefold() not in ("yes", "no", "true", "false"):
            raise UserError(f"'{key}' is yes or no.", "")
        return value.casefold() in ("yes", "true")
    if {"integer", "number"} & set(types) and value.replace(".", "", 1).removeprefix("-").isdecimal():
        return float(value) if "." in value else int(value)
    return value


def record(
    draft: Draft,
    kind: str,
    name: str,
    given: Mapping[str, Any],
    sources: Sequence[str],
    id: str | None,
    folder: str,
) -> str:
    """Add a body, a person or a document, and return its id: as given, or as its name suggests."""
    key = "title" if kind == "documents" else "name"
    data: Data = {key: name, **fields(draft, kind, (), given)}
    if sources:
        data["sources"] = list(sources)
    made = id or id_for(name)
    draft.new(kind, made, data, folder)
    return made


def role(
    draft: Draft, body: Body, title: str, given: Mapping[str, Any], sources: Sequence[str], id: str | None
) -> str:
    """Add a role to a body, and return its id."""
    made = id or id_for(title)
    check_id(made)
    if made in body.roles:
        raise UserError(f"{body.name} has a role '{made}' already.", "Choose another id with --id.")
    data: Data = {"title": title, **fields(draft, "bodies", ("roles", made), given)}
    if sources:
        data["sources"] = list(sources)
    top = Source(body.source.path)
    keys = draft.shapes.keys("bodies", ("roles", made))
    ordered = dict(sorted(data.items(), key=lambda item: keys.index(item[0])))
    if body.roles:
        draft.put(top.at("roles"), made, ordered)
    else:
        draft.put(top, "roles", {made: ordered})
    return made


def entry(draft: Draft, owner: Any, at: tuple[str, ...], given: Mapping[str, Any], sources: Sequence[str]) -> None:
    """Add an entry to a list of a record: a figure, a meeting."""
    kind = owner.source.path.partition("/")[0]
    if at[0] not in draft.shapes.keys(kind, ()):
        raise UserError(f"{owner.id} can have no {at[0]}.", "")
    data = fields(draft, kind, (*at, 0), given)
    if sources:
        data["sources"] = list(sources)
    keys = draft.shapes.keys(kind, (*at, 0))
    ordered = dict(sorted(data.items(), key=lambda item: keys.index(item[0])))
    top = Source(owner.source.path)
    if len(at) == 2 and getattr(owner, at[0]) is None:
        draft.put(top, at[0], {at[1]: [ordered]})
    else:
        draft.append(Source(top.path, at[:-1]), at[-1], ordered)


def item(draft: Draft, owner: Priorities, given: Mapping[str, Any], sources: Sequence[str]) -> int:
    """Add an item to a set of priorities, and return its number: as given, or the next one."""
    data = fields(draft, "priorities", ("items", 0), given)
    data.setdefault("number", max((one.number for one in owner.items), default=0) + 1)
    if sources:
        data["sources"] = list(sources)
    keys = draft.shapes.keys("priorities", ("items", 0))
    draft.append(Source(owner.source.path), "items", dict(sorted(data.items(), key=lambda one: keys.index(one[0]))))
    return int(data["number"])
