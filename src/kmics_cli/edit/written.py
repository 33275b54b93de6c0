"""Plain data written as YAML, the way the registry's files are: in lines, unquoted where every reader sees text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from textwrap import wrap

from kmics_cli.yamltext import Bare, YamlError, read

Value = str | int | float | bool | Sequence["Value"] | Mapping[str, "Value"]
"""What can be written: text, numbers, true and false, lists and groups."""

WIDTH = 118
"""The longest line, so that a long text is folded."""
_SURE = re.compile(
    r"[A-Za-z][A-Za-z ()'&;/.-]*[A-Za-z).]|[0-9]{4}-[0-9]{2}(-[0-9]{2})?|[a-z]+(?:-[a-z0-9]+)*-[a-z0-9]+"
)
_WORDS = frozenset("null true false yes no on off".split())


def scalar(value: str | int | float | bool, flow: bool = False, quote: str = "") -> str:
    """Return a value on one line; a text so that every reader takes it for one, in quotes only if need be.

    `flow`: it is to stand in brackets. `quote`: the quotation marks to use at any rate.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    if not quote and _SURE.fullmatch(value) and value.casefold() not in _WORDS and not (flow and "'" in value):
        return value
    if not quote and _plain(value, flow):
        return value
    if quote != '"' and "\n" not in value and value.isprintable():
        return (
            "'" + value.replace("'", "''") + "'" if quote == "'" or '"' in value or "\\" in value else f'"{value}"'
        )
    return json.dumps(value, ensure_ascii=False)


def _plain(value: str, flow: bool) -> bool:
    """Return whether a text says itself without quotes."""
    if not value or value != value.strip() or "\n" in value:
        return False
    try:
        found = read(f"[{value}, x]\n" if flow else f"k: {value}\n")
    except YamlError:
        return False
    alone = found[0] if flow and isinstance(found, list) and len(found) == 2 else None
    alone = found.get("k") if isinstance(found, dict) and not flow else alone
    return alone == value and isinstance(alone, str) and not isinstance(alone, Bare)


def key_text(key: str, flow: bool = False) -> str:
    """Return a key: "on", "off", "yes" and "no" are text there to every reader of YAML 1.2."""
    return key if key in ("on", "off", "yes", "no") else scalar(key, flow)


def bracketed(value: Value) -> str:
    """Return a value on one line, lists and groups in brackets."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(key, True)}: {bracketed(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(bracketed(item) for item in value) + "]"
    return scalar(value, True)


def group_lines(value: Mapping[str, Value], column: int, inset: int) -> list[str]:
    """Return the lines of a group, as they stand at a column; a list's dash stands `inset` further in than its key."""
    return [line for key, item in value.items() for line in entry_lines(key, item, column, inset)]


def entry_lines(key: str, value: Value, column: int, inset: int) -> list[str]:
    """Return the lines of one key with its value, as they stand at a column."""
    first = f"{' ' * column}{key_text(key)}:"
    if isinstance(value, Mapping) and value:
        return [first, *group_lines(value, column + 2, inset)]
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return [first, *(line for item in value for line in item_lines(item, column + inset, inset))]
    return after_mark(first, value, column + 2)


def item_lines(value: Value, column: int, inset: int) -> list[str]:
    """Return the lines of an item of a list, its dash at a column."""
    dash = " " * column + "-"
    if isinstance(value, Mapping) and value:
        first, *rest = group_lines(value, column + 2, inset)
        return [f"{dash} {first.lstrip(' ')}", *rest]
    return after_mark(dash, value, column + 2)


def after_mark(first: str, value: Value, column: int) -> list[str]:
    """Return the lines of a value that stands after a colon or a dash; a text that is too long is folded at a column."""
    if isinstance(value, str | bool | int | float):
        if isinstance(value, str) and foldable(value) and len(first) + 1 + len(scalar(value)) > WIDTH:
            return [f"{first} >-", *folded(value, column)]
        return [f"{first} {scalar(value)}"]
    return [f"{first} {bracketed(value)}"]


def foldable(text: str) -> bool:
    """Return whether folding says the same: words with one space between, as lines become one."""
    return text == " ".join(text.split()) and text.isprintable() and " " in text and not text.startswith("#")


def folded(text: str, column: int) -> list[str]:
    """Return the lines of a text below `>-`."""
    lines = wrap(text, max(WIDTH - column, 40), break_long_words=False, break_on_hyphens=False)
    return [" " * column + line for line in lines]


def fresh(value: Mapping[str, Value], header: str = "") -> bytes:
    """Return a new file: `header`, a comment line, and the data in lines."""
    head = [header] if header else []
    return "\n".join([*head, *group_lines(value, 0, 0), ""]).encode()
