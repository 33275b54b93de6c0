"""How wide text is, and where it is broken: rather too wide than too narrow, since a reader's font is not known."""

from __future__ import annotations

import unicodedata

_NARROW, _WIDE = frozenset("iIjl.,:;|!'()[]ft /\\-"), frozenset("mwMW@%")
_THIN, _MEDIUM, _CAPITAL, _BROAD, _FULL = 0.4, 0.62, 0.75, 1.0, 1.4


def width(text: str, size: float) -> float:
    """Return how wide a text is at most, in the common fonts without serifs, at a size in pixels."""
    return size * sum(_em(letter) for letter in text)


def _em(letter: str) -> float:
    if letter in _NARROW:
        return _THIN
    if letter in _WIDE:
        return _BROAD
    if letter.isascii():
        return _CAPITAL if letter.isupper() else _MEDIUM
    if unicodedata.east_asian_width(letter) in "WF" or unicodedata.category(letter) == "So":
        return _FULL
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0.3
    return _CAPITAL if letter.isupper() else 0.9 if ord(letter) > 0x600 else _MEDIUM


def wrapped(text: str, size: float, most: float) -> list[str]:
    """Return a text in lines of at most `most` pixels, broken at spaces and after hyphens, else within a word."""
    lines, line = [], ""
    for word in _words(text, size, most):
        if line and width(line + word.rstrip(), size) > most:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _words(text: str, size: float, most: float) -> list[str]:
    """Return the parts that are kept together, each with the space after it."""
    parts: list[str] = []
    for word in text.split():
        piece = ""
        for letter in word:
            if piece and not unicodedata.combining(letter) and width(piece + letter, size) > most:
                parts.append(piece)
                piece = ""
            piece += letter
            if letter in "-/" and len(piece) > 2:
                parts.append(piece)
                piece = ""
        if piece:
            parts.append(f"{piece} ")
        elif parts:
            parts[-1] += " "
    return parts
