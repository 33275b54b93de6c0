"""Whom a name means among those who sit in a body; and the names of a list of attendance."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence

from kmics_cli.problems import UserError, shortened
from kmics_cli.query.find import plain

MOST_NAMES = 2000
"""So many names a list of attendance may have."""

_MOST_TOLD = 20
_BULLET = re.compile(r"\s*(?:[-*\u2022]|[0-9]{1,3}[.)])\s+")
_HEADS = frozenset("name names member members attendee attendees attendance present apologies".split())


def meant(words: str, known: Mapping[str, Iterable[str]], whose: str) -> list[str]:
    """Return the keys of those whom a name means: of one; or of several, where it is a list with commas.

    `known` has the names (an id, a name with and without an honorific) of each by key; `whose` says among whom.
    Raises `UserError` (2) for a name that is nobody's, or that several have, with who there is.
    """
    if found := _one(words, known, whose):
        return [found]
    parts = [part for part in (one.strip() for one in re.split(r"[,;]", words)) if part]
    if len(parts) < 2:
        raise _unknown(words, known, whose)
    keys = []
    for part in parts:
        one = _one(part, known, whose)
        if one is None:
            raise _unknown(part, known, whose)
        keys.append(one)
    return keys


def _one(words: str, known: Mapping[str, Iterable[str]], whose: str) -> str | None:
    """Return the key of whoever has the name; a whole name beats a part, and a title may stand before it."""
    key = plain(words)
    if not key:
        return None
    flat = {one: [plain(name) for name in names] for one, names in known.items()}
    ways = (
        lambda name: name == key,
        lambda name: f" {key}".endswith(f" {name}"),  # "Councillor" before it
        lambda name: f" {key} " in f" {name} ",
    )
    for way in ways:
        same = [one for one, names in flat.items() if any(name and way(name) for name in names)]
        if len(same) == 1:
            return same[0]
        if same:
            raise UserError(
                f"'{shortened(words)}' could mean several of {whose}.", f"Give one of: {_told(same, known)}."
            )
    return None


def _unknown(words: str, known: Mapping[str, Iterable[str]], whose: str) -> UserError:
    there = f"There are: {_told(known, known)}." if known else "Nobody is recorded there on this day."
    return UserError(f"'{shortened(words)}' is not among {whose}.", there)


def _told(some: Iterable[str], known: Mapping[str, Iterable[str]]) -> str:
    names = [shortened([*known[one]][-1]) for one in some]
    more = f"; and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
    return "; ".join(names[:_MOST_TOLD]) + more


def names_in(text: str, called: str) -> list[tuple[str, str]]:
    """Return the names of a list of attendance, each with its place in the file: one a line, or the first of a table's columns.

    Lines that are empty or begin with # say nothing, nor does a first line that heads the column. Raises `UserError`
    (2) if there is no name, or there are too many.
    """
    found: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        name = _first(line)
        if not name or (not found and plain(name) in _HEADS):
            continue
        if len(found) == MOST_NAMES:
            raise UserError(f"{called} has more than {MOST_NAMES} names.", "Give those who are there, one a line.")
        found.append((name, f"{called}, line {number}"))
    if not found:
        raise UserError(f"{called} holds no name.", "Write one name a line.")
    return found


def _first(line: str) -> str:
    line = line.strip().lstrip("\ufeff")
    if not line or line.startswith("#"):
        return ""
    line = _BULLET.sub("", line, count=1)
    mark = next((mark for mark in ("\t", ";", ",") if mark in line), ",")
    try:
        row: Sequence[str] = next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        row = [line]
    return " ".join(row[0].split()) if row else ""
