"""Words that pages share: days, periods, hedges, and the numbering of sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kmics_cli.dates import Date, Span, a_day_in_words, in_words, parse, span_in_words
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items

NOT_RECORDED = "Not recorded"


def _date(text: str | None) -> Date | None:
    return parse(text) if text else None


def day(text: str | None, missing: str = "not recorded") -> str:
    """Return a date of an answer in words; `missing` where there is none."""
    return in_words(_date(text), missing)


def a_day(text: str | None) -> str:
    """Return a date that can stand after "from", "to" and "since"."""
    return a_day_in_words(parse(text) if text else None)


def upper(words: str) -> str:
    """Return words with the first letter in upper case."""
    return words[:1].upper() + words[1:]


_KEPT = re.compile(r"(?<!non)(?<!sub)(?<!vice)(?<!^job)-")


def spaced(word: str) -> str:
    """Return a code word as plain words; "non-executive", "vice-chair" and their like keep their hyphen."""
    return _KEPT.sub(" ", word).replace("_", " ")


def counted(some: Sequence[object], one: str, several: str = "") -> str:
    """Return "1 item", "2 items"."""
    return f"{len(some)} {one if len(some) == 1 else several or one + 's'}"


def period(row: Answered) -> str:
    """Return "from 1 July 2022", "1 July 2022 to 30 June 2025" and so on, honestly."""
    start, end = row["from"], row["to"]
    began = a_day(start)
    if end is None:
        return "start not recorded" if start in (None, "unknown") else f"from {began}"
    ended = "a day not recorded" if end == "unknown" else a_day(end)
    return (
        f"{'start not recorded' if start in (None, 'unknown') else began}, to {ended}"
        if start in (None, "unknown")
        else f"{began} to {ended}"
    )


class Evidence:
    """Numbers the sources of a page in the order of their use; numbers nothing unless asked to."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted
        self.numbers: dict[tuple[str, str | None], int] = {}
        self.told: list[str] = []

    def mark(self, sources: Iterable[Answered]) -> str:
        """Return " [1] [2]" for the sources, or nothing."""
        if not self.wanted:
            return ""
        marks = []
        for source in sources:
            key = (source["document"], source["at"])
            if key not in self.numbers:
                self.numbers[key] = len(self.numbers) + 1
                self.told.append(self._line(self.numbers[key], source))
            marks.append(f"[{self.numbers[key]}]")
        return f" {' '.join(dict.fromkeys(marks))}" if marks else ""

    @staticmethod
    def _line(number: int, source: Answered) -> str:
        title = source["title"] or source["document"]
        place = f", {source['at']}" if source["at"] else ""
        quote = f': "{source["quote"]}"' if source.get("quote") else ""
        speaks_of = f", speaks of {day(source['speaks_of'])}" if source["speaks_of"] else ""
        return f"[{number}] {title}{place}{quote} ({source['document']}{speaks_of})"

    def blocks(self) -> Iterator[Block]:
        """Yield the list of sources."""
        if self.told:
            yield Heading("Sources")
            yield Items(tuple((0, line) for line in self.told))


def asked_on(span: Span) -> str:
    """Return the days asked about for a heading."""
    return f"on {span_in_words(span)}" if span.one_day else f"{span_in_words(span)}"


def hedge(row: Answered) -> str:
    """Return " (inferred)" or " (disputed)" where that is so."""
    return f" ({row['confidence']})" if row.get("confidence", "stated") != "stated" else ""


def due(by: str | None) -> str:
    """Return "due by …" for a deadline."""
    words = day(by)
    return f"due {words}" if words.startswith("between") else f"due by {words}"
