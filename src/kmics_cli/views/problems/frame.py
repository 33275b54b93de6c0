"""A line of a file with a mark under one place, as it is shown: what is hidden made visible, what is long cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from kmics_cli.problems import visible

WIDTH = 80
_CUT = "…"


def frame(line: str, number: int, column: int) -> list[str]:
    """Return a line of a file with its number, and under it a caret at `column` (from 1, in characters).

    The caret stands under what is shown there: wide characters take two columns of a screen, accents none, and
    hidden ones as many as it takes to show them. No line is wider than 80. Nothing to show gives no lines.
    """
    if not line.strip():
        return []
    at = min(max(column - 1, 0), len(line))
    gutter = f"{number:>6} | "
    room = WIDTH - len(gutter)
    before = [visible(char) for char in line[max(at - room, 0) : at]]
    after = [visible(char) for char in line[at : at + room]]
    whole = len(before) == at and len(after) == len(line) - at
    rest = max(_wide(after), 1)  # the caret needs a column even where the line has ended
    if not whole or _wide(before) + rest > room:
        left = _fitting(reversed(before), room - min(rest, room // 3) - 2 * len(_CUT))
        before = [_CUT] * (len(left) < at) + left[::-1]
        right = _fitting(after, room - _wide(before) - len(_CUT))
        after = right + [_CUT] * (len(right) < len(line) - at)
    caret = " " * (len(gutter) - 2) + "| " + " " * _wide(before) + "^"
    return [(gutter + "".join(before + after)).rstrip(), caret]


def _fitting(cells: Iterable[str], room: int) -> list[str]:
    """Return as many of the first cells as fit."""
    kept: list[str] = []
    for cell in cells:
        room -= _wide([cell])
        if room < 0:
            break
        kept.append(cell)
    return kept


def _wide(cells: Iterable[str]) -> int:
    """Return how many columns of a screen the cells take (Unicode Standard Annex 11)."""
    return sum(map(_columns, "".join(cells)))


def _columns(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
