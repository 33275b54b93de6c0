"""How long a fact carries: from its evidence and its dates to yes, possibly or no, on any day.

A fact is *yes* from its start, or its first evidence, to its last evidence plus the staleness limit, or to
the end of the term if that is sooner; after that *possibly*, and stale. A known end is never stale. Before
the first evidence, with an unknown start, *possibly*. A document ages from what it speaks of, not from the
day it was read. Where a document's own day is a window, only its last day is sure to lie after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kmics_cli.dates import UNKNOWN, Answer, Date, Span, lasts, later, least
from kmics_cli.model import Citation, Document, Registry

_NUMBERS = re.compile(r"([0-9]{1,7})(?:[-–]([0-9]{1,7}))?")


def spoken_of(registry: Registry, citation: Citation) -> Date | None:
    """Return the days of which a cited place speaks, or None where that is not recorded.

    The citation's own `as_at` first; then the layers that its lines lie in, the latest of them; then the
    document's `speaks_of`, or the day it was published, which also hold for lines in no layer.
    """
    if citation.as_at:
        return citation.as_at
    document = registry.documents.get(citation.document)
    if document is None:
        return None
    if document.layers and citation.at and citation.at.startswith("line"):
        found = [_of_lines(document, *lines) for lines in dict.fromkeys(cited_numbers(citation.at))]
        if known := [when for when in found if when]:
            return max(known, key=as_of)
    return document.speaks_of or document.published


def _of_lines(document: Document, first: int, last: int) -> Date | None:
    inside = (layer.speaks_of for layer in document.layers if layer.lines[0] <= first and last <= layer.lines[1])
    return next(inside, None) or document.speaks_of or document.published


def cited_numbers(at: str) -> list[tuple[int, int]]:
    """Return the ranges that a place names: "lines 4, 7-9" gives `[(4, 4), (7, 9)]`."""
    found = []
    for match in _NUMBERS.finditer(at):
        first = int(match[1])
        found.append((first, int(match[2] or first)))
    return found


def as_of(when: Date) -> date:
    """Return the day from which evidence of that date ages: its last possible day; its first, if open."""
    return when.latest if when.latest < date.max else when.earliest


@dataclass(frozen=True, slots=True)
class Carried:
    """What dates and evidence say of one fact in the days asked about."""

    answer: Answer
    stale: bool
    fresh: bool  # evidence or a known date covers these days
    first: Date | None  # the first evidence
    last: Date | None  # the last evidence
    begun: Date  # the start, narrowed by the first evidence
    ended: Date | None  # the end, narrowed by the last evidence
    only_announced: bool  # all evidence is from before the start
    term_over: Date | None  # the end of the last term, where that is past


def carried(
    registry: Registry,
    span: Span,
    start: Date | None,
    end: Date | None,
    sources: Iterable[Citation],
    *,
    also_checked: Iterable[Citation] = (),
    term_ends: Date | None = None,
) -> Carried:
    """Return how a fact that lasted from `start` to `end` stands in `span`, as far as its sources carry.

    `also_checked` are sources that confirm all that is open; they count from the start of the fact on, or
    from its first evidence, and say nothing of what has an end.
    """
    start = start or Date(UNKNOWN, date.min, date.max)
    shown: list[Date] = []
    gone: list[Date] = []
    for citation in sources:
        when = spoken_of(registry, citation)
        if when and when.text != UNKNOWN:
            (gone if citation.shows in ("end", "absence") else shown).append(when)
    opened = max(start.earliest, min(map(as_of, shown), default=date.min))
    for citation in also_checked if end is None else ():
        when = spoken_of(registry, citation)
        if when and as_of(when) >= opened:
            shown.append(when)
    shown.sort(key=as_of)
    first, last = (shown[0], shown[-1]) if shown else (None, None)
    seen_after_start = [when for when in shown if as_of(when) >= start.earliest]
    begun = start
    if seen_after_start:
        begun = Date(start.text, start.earliest, min(start.latest, as_of(seen_after_start[0])))
    ended = _narrowed(end, last, gone)
    answer = lasts(begun, ended, span)
    if ended is not None:
        near = (ended.latest < date.max or (last is not None and span.first <= as_of(last))) and _reached(
            begun, first, span
        )
        return Carried(
            answer,
            False,
            answer is Answer.YES or (answer is Answer.POSSIBLY and near),
            first,
            last,
            begun,
            ended,
            False,
            None,
        )
    limit = later(as_of(last), registry.settings.stale_after) if last else date.min
    stale = max(span.first, min(begun.latest, span.last)) > limit
    only_announced = bool(shown) and start.earliest > date.min and not seen_after_start
    term_over = term_ends if term_ends and term_ends.latest < span.first else None
    stale = stale or term_over is not None
    if stale or only_announced or (term_ends and term_ends.earliest < span.first):
        answer = least(answer, Answer.POSSIBLY)
    fresh = answer is Answer.YES or (answer is not Answer.NO and not stale and _reached(begun, first, span))
    return Carried(
        answer, stale and answer is not Answer.NO, fresh, first, last, begun, None, only_announced, term_over
    )


def _narrowed(end: Date | None, last: Date | None, gone: list[Date]) -> Date | None:
    """Return the end, no earlier than the last evidence of presence and no later than that of absence."""
    if end is None:
        return None
    earliest, latest = end.earliest, end.latest
    if last and last.earliest <= latest:
        earliest = max(earliest, last.earliest)
    if latest == date.max and gone:
        latest = max(earliest, min(as_of(when) for when in gone))
    return Date(end.text, earliest, latest)


def _reached(begun: Date, first: Date | None, span: Span) -> bool:
    """Whether the days asked about lie at or after the first day for which anything is known."""
    known = [when.earliest for when in (begun, first) if when and when.earliest > date.min]
    return bool(known) and min(known) <= span.last


def binds(registry: Registry, citation: Citation, span: Span) -> bool:
    """Return whether the cited document is an instrument in force in `span`: what it says does not age."""
    document = registry.documents.get(citation.document)
    if document is None or document.standing != "instrument":
        return False
    return lasts(document.from_ or document.speaks_of, document.to, span) is not Answer.NO
