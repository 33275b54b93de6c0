"""What corrections are about: whether one excuses that the record says something else of the past than it did."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

_MOST_WORDS = 8  # of a name, looked for in what a correction is about


class Corrected:
    """What new corrections are about."""

    def __init__(self, abouts: Iterable[str]) -> None:
        self._abouts = [words_of(about) for about in abouts]
        self._rows = {row for about in self._abouts for row in _rows(about)}

    def of(self, names: Iterable[str]) -> bool:
        """Return whether a correction is about something that has one of these names."""
        return bool(self._rows) and any(_first(words_of(name)) in self._rows for name in names)

    def day(self, field: str, roles: Collection[str], whole: Collection[str]) -> bool:
        """Return whether a correction is about a day of the body itself, and not of one of its roles."""
        others = {_first(name) for name in roles} - {""}
        return any(
            about in whole
            or (
                (not _DAYS[field].isdisjoint(about.split()) or (field == "to" and about.split()[-1:] == ["to"]))
                and others.isdisjoint(_rows(about))
            )
            for about in self._abouts
        )


def words_of(text: str) -> str:
    """Return the words of a text, however they are written."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


def _rows(words: str) -> Iterator[str]:
    """Yield every row of words within a text."""
    each = words.split()
    for start in range(len(each)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(each)) + 1):
            yield " ".join(each[start:end])


def _first(words: str) -> str:
    return " ".join(words.split()[:_MOST_WORDS])


_DAYS = {
    "from": frozenset("from start started starts began begins beginning established date dates".split()),
    "to": frozenset("end ended ends abolished dissolved closed date dates".split()),
}
