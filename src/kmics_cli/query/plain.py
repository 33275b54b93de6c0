"""What a part of a record says, as its file would say it: plain data, without what is left out or stands there by default."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

from kmics_cli.dates import Date
from kmics_cli.model import Part, yaml_name

_ITS_OWN = ("source", "id", "body")
"""What a part knows of where it stands, and its file does not repeat (the body of a parent is a name like others)."""


@cache
def _said(cls: type[Part]) -> tuple[tuple[str, str, Any], ...]:
    placed = "id" in cls.__dataclass_fields__
    left = _ITS_OWN if placed else _ITS_OWN[:1]
    return tuple((one.name, yaml_name(one.name), one.default) for one in fields(cls) if one.name not in left)


def plain(value: Any) -> Any:
    """Return a part as `{field: value}` in the words of the schema, a date as it is written, any other value as it is."""
    if isinstance(value, Part):
        found = {}
        for attribute, name, default in _said(type(value)):  # type: ignore[arg-type]  # a class is hashable
            said = getattr(value, attribute)
            if said is None or said in ((), {}) or said == default:
                continue
            found[name] = plain(said)
        return found
    if isinstance(value, Date):
        return value.text
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value
