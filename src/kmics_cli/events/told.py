"""What an event is, and the words that all events share. Nothing here looks for events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from kmics_cli.dates import UNKNOWN, Date, in_words, parse, shifted
from kmics_cli.model import Citation, Dated
from kmics_cli.problems import Source
from kmics_cli.query import Asked
from kmics_cli.query.evidence import spoken_of

NEVER = parse(UNKNOWN)
"""The date of what happened on a day that nobody recorded."""

GROUPS = ("bodies", "roles", "people", "priorities", "documents", "deadlines", "meetings")
"""The groups of events, in the order in which a paper tells them."""

_INFINITIVES = {
    "was": "be",
    "began": "begin",
    "became": "become",
    "came": "come",
    "carried": "carry",
    "ceased": "cease",
    "closed": "close",
    "did": "do",
    "ended": "end",
    "fell": "fall",
    "joined": "join",
    "left": "leave",
    "met": "meet",
    "moved": "move",
    "ran": "run",
    "reached": "reach",
    "received": "receive",
    "replaced": "replace",
    "split": "split",
    "took": "take",
    "went": "go",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about an event without its day: who or what, one or several, a verb in the past, and the rest."""

    subject: str
    verb: str
    rest: str = ""
    several: bool = False

    @property
    def past(self) -> str:
        """The sentence for what has happened."""
        verb = f"were{self.verb.removeprefix('was')}" if self.several and self.verb.startswith("was") else self.verb
        return f"{self.subject} {verb}{self.rest}"

    @property
    def ahead(self) -> str:
        """The sentence for what lies ahead."""
        return f"{self.subject} {'are' if self.several else 'is'} to {self._infinitive}{self.rest}"

    @property
    def either(self) -> str:
        """The sentence for what may have happened, or may lie ahead."""
        to = f", or {'are' if self.several else 'is'} to {self._infinitive}{',' if self.rest else ''}"
        return f"{replace(self, rest='').past}{to}{self.rest}"

    @property
    def meant(self) -> str:
        """The sentence for what was meant to happen, of which nothing later has been read."""
        to = f"{'were' if self.several else 'was'} to {self._infinitive}"
        return f"{self.subject} {to}{self.rest}; nothing later has been read"

    @property
    def _infinitive(self) -> str:
        first, space, more = self.verb.partition(" ")
        return _INFINITIVES[first] + space + more


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or is to happen, on a day as far as it is known.

    `date` is what the record writes and the timeline shows; `ends` says that it is a last day, so that the event
    counts on the day after. `event`, `id` and `what` (a person's or body's id, or a name) name the event without
    its day. `touches` are other bodies that it is about. `seen` says that only evidence gives the day: what is
    told need not have happened then. `meant` says that all evidence is from before the day.
    """

    date: Date
    event: str
    id: str
    text: str
    sources: tuple[Citation, ...] = ()
    confidence: str | None = None
    kind: str = field(default="body", kw_only=True)
    group: str = field(default="bodies", kw_only=True)
    title: str = field(default="", kw_only=True)
    what: str = field(default="", kw_only=True)
    said: Said = field(kw_only=True)
    before: str | None = field(default=None, kw_only=True)
    after: str | None = field(default=None, kw_only=True)
    ends: bool = field(default=False, kw_only=True)
    seen: bool = field(default=False, kw_only=True)
    meant: bool = field(default=False, kw_only=True)
    touches: tuple[str, ...] = field(default=(), kw_only=True)
    source: Source = field(compare=False, kw_only=True)

    @property
    def counts(self) -> Date:
        """The day on which the event counts: of an end, the day after the last day."""
        return shifted(self.date, 1) if self.ends and self.date.text != UNKNOWN else self.date


def known(when: Date | None) -> bool:
    """Return whether a date is there and says anything."""
    return when is not None and when.text != UNKNOWN


def adjoin(end: Date | None, start: Date | None) -> bool:
    """Return whether what ended with the last day `end` may have gone straight on from the day `start`."""
    if end is None or start is None or UNKNOWN in (end.text, start.text):
        return False
    following = shifted(end, 1)
    return following.earliest <= start.latest and start.earliest <= following.latest


def since_start(start: Date | None, when: Date | None) -> bool:
    """Return whether what began in `when` may have begun with the whole that it belongs to, which began in `start`."""
    return bool(start and when and start.latest < date.max and when.earliest <= start.latest)


def until_end(end: Date | None, when: Date | None) -> bool:
    """Return whether what ended in `when` may have ended with the whole that it belongs to, which ended in `end`."""
    return bool(end and when and end.earliest > date.min and when.latest >= end.earliest)


T = TypeVar("T", bound=Dated)


def turnover(
    parts: Sequence[T],
    start: Date | None,
    end: Date | None,
    rank: Callable[[T, T], int | None],
) -> Iterator[tuple[T | None, T | None]]:
    """Yield what ended and what began among the dated parts of a whole, each pair of one after the other once.

    `rank` says how well a later part follows an earlier one (0: best), or None where it does not. What began
    with the whole, or ended with it, is part of its own beginning or end, and left out.
    """
    begun = [new for new in parts if known(new.from_) and not since_start(start, new.from_)]
    ended = [old for old in parts if known(old.to) and not until_end(end, old.to)]
    numbered = {id(part): number for number, part in enumerate(parts)}
    ranked = (
        sorted(
            (how, numbered[id(old)], numbered[id(new)], old, new)
            for new in begun
            for old in parts
            if old is not new and (how := rank(old, new)) is not None
        )
        if begun
        else []
    )
    used: set[tuple[str, int]] = set()
    partner: dict[int, T] = {}
    for _how, one, other, old, _new in ranked:
        if ("old", one) not in used and ("new", other) not in used:
            used |= {("old", one), ("new", other)}
            partner[other] = old
    for new in begun:
        yield partner.get(numbered[id(new)]), new
    for old in ended:
        if ("old", numbered[id(old)]) not in used:
            yield old, None


def first_word(asked: Asked, sources: Sequence[Citation]) -> Date:
    """Return the earliest day of which the sources speak; unknown if none of them says."""
    days = [when for citation in sources if (when := spoken_of(asked.registry, citation))]
    return min(days, key=lambda when: (when.latest, when.earliest), default=NEVER)


def listed(names: Sequence[str]) -> str:
    """Return names in a sentence: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def meant_for(planned: Any) -> str:
    """Return ", for April 2020" for an intention that names its day, else nothing."""
    return f", for {in_words(planned.for_)}" if planned.for_ else ""


def planned(name: str, how: Any) -> Said:
    """Return the sentence of an intention: of the day it was made; where no day is given, that a source names it."""
    if how.from_:
        return Said(name, "was planned", meant_for(how))
    return Said(name, "was first named", f" as planned{meant_for(how)}")
