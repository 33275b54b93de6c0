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
_MOST_NEAR = 3
_LONGEST = 80  # characters of a name that is compared
_LIKE = 0.5  # how much a name must be like another to be offered for it
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_BULLET = re.compile(r"\s*(?:[-*\u2022]|[0-9]{1,3}[.)])\s+")
_HEADS = frozenset("name names member members attendee attendees attendance present apologies".split())


def meant(words: str, known: Mapping[str, Iterable[str]], whose: str) -> list[str]:
    """Return the keys of those whom a name means: of one; or of several, where it is a list with commas.

    `known` has the names (an id, a name with and without an honorific) of each by key; `whose` says among whom.
    Words in brackets after a name, such as "(interim)", say nothing. Raises `UserError` (2) for a name that is nobody's, with
    those that are nearest to it, or that several have.
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
    key = plain(_BRACKETS.sub("", words))
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
    said = f"'{shortened(words)}' is not among {whose}."
    if not known:
        return UserError(said, "Nobody is recorded there on this day.")
    if near := _near(words, known):
        return UserError(said, f"Did you mean: {_told(near, known)}?")
    return UserError(said, "No name there is like it. Without names, the answer lists who is recorded there.")


def _near(words: str, known: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the keys of those whose names are nearest to some words, by the whole name or a part of it; the nearest first."""
    from difflib import SequenceMatcher

    key = plain(_BRACKETS.sub("", words))
    if not key or len(key) > _LONGEST:
        return []

    def like(name: str) -> float:
        flat = plain(name)
        parts = [flat, *(part for part in flat.split() if len(part) > 2 and " " not in key)]
        return max((SequenceMatcher(None, key, part, False).ratio() for part in parts), default=0)

    found = {one: max(map(like, names), default=0) for one, names in [*known.items()][:MOST_NAMES]}
    near = sorted((one for one in found if found[one] >= _LIKE), key=lambda one: -found[one])
    return near[:_MOST_NEAR]


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
