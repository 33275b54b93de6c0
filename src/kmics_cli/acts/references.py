"""Every place where the record names a record or a role, rewritten to another id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kmics_cli.acts.draft import Draft
from kmics_cli.model import KINDS, Disagreement, Part, Quorum, Requires, yaml_name
from kmics_cli.problems import Source
from kmics_cli.query.references import NAMING

_SORTS = {
    "bodies": ("bodies", "parties", "roles", "actors", "represented"),
    "people": ("people",),
    "documents": ("documents",),
    "priorities": ("items",),
    "requirements": (),
    "roles": ("roles", "parties", "actors"),
}
"""The sorts of naming field in which a record of a kind, or a role, can be named."""


def rewrite(draft: Draft, kind: str, old: str, new: str) -> int:
    """Make every reference to a record (or a role, `body/role`) name it by another id, and return how many there were."""
    count = 0
    for other in KINDS:
        for record in draft.registry.mentioning(other, old):
            for at, value in list(_named(draft, record, _SORTS[kind])):
                named = value.split(" ")[0]
                if named == old or named.startswith(f"{old}/"):
                    draft.put(Source(at.path, at.pointer[:-1]), at.pointer[-1], new + value[len(old) :])
                    count += 1
    return count + (_within(draft, old, new) if kind == "roles" else 0)


def parts(part: Part) -> Iterator[Part]:
    """Yield a part and all parts in it."""
    yield part
    for name in part.__dataclass_fields__:
        value = getattr(part, name)
        inner = value if type(value) is tuple else value.values() if type(value) is dict else (value,)
        for item in inner:
            if isinstance(item, Part):
                yield from parts(item)


def _named(draft: Draft, record: Part, sorts: tuple[str, ...]) -> Iterator[tuple[Source, str]]:
    """Yield each text of a record that begins with an id of these sorts, and where it stands in the file."""
    for part in parts(record):
        for field, sort in NAMING.get(type(part), {}).items():
            if sort not in sorts:
                continue
            value: Any = getattr(part, field)
            here = part.source.at(yaml_name(field))
            if isinstance(value, str) and _is_text(draft, part.source):
                yield part.source, _text(draft, part.source)
            elif isinstance(value, tuple) and value and _is_text(draft, part.source):
                yield part.source, value[0]
            elif isinstance(value, str):
                yield here, value
            elif isinstance(value, tuple):
                yield from ((here.at(index), item) for index, item in enumerate(value))


def _text(draft: Draft, at: Source) -> str:
    """Return what is written at a place if it is a text, such as a citation on one line; "" if it is a group."""
    found: Any = draft.plain(at.path)
    for step in at.pointer:
        found = found[step]
    return found if isinstance(found, str) else ""


def _is_text(draft: Draft, at: Source) -> bool:
    return bool(at.pointer) and bool(_text(draft, at))


def _within(draft: Draft, old: str, new: str) -> int:
    """Rewrite the places that name a role by its own id alone, as its own body's file and duties do."""
    body_id, _, was = old.partition("/")
    now = new.partition("/")[2]
    count = 0
    for record in (draft.registry.bodies[body_id], *draft.registry.requirements.values()):
        for part in parts(record):
            field = {Disagreement: "affects", Quorum: "including", Requires: "rotation_kept"}.get(type(part), "")
            if not field or (isinstance(part, Requires) and _elsewhere(draft, was, body_id)):
                continue
            value = getattr(part, field)
            if value == was:
                draft.put(part.source, field, now)
                count += 1
            for index, item in enumerate(value if isinstance(value, tuple) else ()):
                if item == was:
                    draft.put(part.source.at(field), index, now)
                    count += 1
    return count


def _elsewhere(draft: Draft, role: str, but: str) -> bool:
    """Return whether another body has a role of that id, so that a duty may mean that one."""
    return any(role in body.roles for body in draft.registry.bodies.values() if body.id != but)
