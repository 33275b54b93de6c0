"""What the values and the entries of records are called in a sentence: "the code X7C", "committee of NHS Somewhere"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kmics_cli.dates import UNKNOWN, Date, a_day_in_words, in_words
from kmics_cli.diff.names import Names
from kmics_cli.diff.vocabulary import SAID, WORDS
from kmics_cli.model import (
    Appointment,
    Approval,
    Citation,
    Claim,
    Correction,
    Dated,
    Decision,
    Designation,
    Disagreement,
    Duty,
    Earlier,
    ExOfficio,
    Figure,
    Follows,
    Governing,
    Identifier,
    Layer,
    Meeting,
    Member,
    Milestone,
    Name,
    Nomination,
    Parent,
    Part,
    Planned,
    Quorum,
    Recorded,
    Request,
    Rotation,
    SecondUse,
    Succession,
    Suppression,
    Term,
    TermRule,
    Turn,
    Vacancy,
)
from kmics_cli.query.references import NAMING
from kmics_cli.query.says import lower_first, said_when


def row(words: Iterable[str]) -> str:
    """Return words as a row: "A, B and C"."""
    some = list(words)
    return ", ".join(some[:-1]) + f" and {some[-1]}" if len(some) > 1 else "".join(some)


def spaced(word: str) -> str:
    """Return a code word as plain words."""
    return word.replace("_", " ").replace("-", " ")


def period(part: Any) -> str:
    """Return " from 1 July 2022 to 30 June 2025" and so on; nothing where there is no day."""
    start, end = getattr(part, "from_", None), getattr(part, "to", None)
    told = ""
    if start is not None and start.text != UNKNOWN:
        told += f" from {a_day_in_words(start)}"
    if end is not None and end.text != UNKNOWN:
        told += f" to {a_day_in_words(end)}"
    elif end is not None:
        told += ", which has ended on a day that is not recorded"
    return told


def period_of_term(term: Term) -> str:
    """Return " from 1 July 2022 to 30 June 2025", as far as that is recorded."""
    told = f" from {a_day_in_words(term.from_)}" if term.from_ else ""
    return told + (f" to {a_day_in_words(term.ends)}" if term.ends else "")


class Entries:
    """Calls values and entries by what they are called in a sentence, with the names of two registries."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def value(self, cls: type[Part], field: str, value: Any) -> str:
        """Return the value of a field in words."""
        kind = NAMING.get(cls, {}).get(field)
        if isinstance(value, Date):
            return in_words(value, "not recorded")
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return row(self.value(cls, field, one) for one in value) if value else "nothing"
        if isinstance(value, Mapping):
            return row(f"{name}: {said}" for name, said in value.items()) or "nothing"
        if isinstance(value, Part):
            return self.entry(value)
        if value is None:
            return "nothing"
        if kind and isinstance(value, str):
            return self.names.of(kind, value)
        if field in _CODED and isinstance(value, str):
            return spaced(value)
        return f"“{value}”" if isinstance(value, str) and field in _QUOTED else str(value)

    def entry(self, part: Any) -> str:
        """Return what to call an entry of a list: "the code X7C", "committee of NHS Somewhere"."""
        made = _ENTRIES.get(type(part))
        if made:
            return made(self, part)
        said = [(words, name, getattr(part, name)) for name, words in WORDS[type(part)].items() if name not in SAID]
        return "; ".join(
            f"{words}: {self.value(type(part), name, value)}"
            for words, name, value in said
            if value not in (None, (), {}, False)
        )

    def called(self, part: Any, field: str) -> str:
        """Return what to call an entry that stands in a field: who acts is "nominated by" or "approved by" somebody."""
        told = self.entry(part)
        return f"{spaced(field)} {told}" if isinstance(part, Nomination) else told

    def person(self, appointment: Appointment) -> str:
        """Return who an appointment is of, and how: "Ann Other (interim)"."""
        how = appointment.capacity if appointment.capacity not in (None, "substantive") else ""
        name = self.names.person(appointment.person)
        return f"{name} ({how})" if how else name


_CODED = frozenset(
    "kind legal_form level member_type capacity end_reason relation use status basis step standing severity as_ what "
    "confidence counting shows drawn_from focus designated tested_on including qualifier".split()
)
"""The fields whose values are words of a closed list or of the registry's own, written with hyphens."""
_QUOTED = frozenset("name title said says about text summary remit quote author reference note why".split())


def number(value: float) -> str:
    """Return a number as a paper prints it: 4,700,000,000, and 2.5."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def figure_value(one: Figure) -> str:
    """Return the value of a figure: "about 4,700 to 4,750 pounds"."""
    ends = [number(value) for value in (one.low, one.high) if value is not None]
    value = one.words or (number(one.value) if one.value is not None else " to ".join(ends) or "no value")
    return " ".join(filter(None, (one.qualifier, value, one.unit)))


def _figure(words: Entries, one: Figure) -> str:
    as_at = f", as at {in_words(one.as_at)}" if one.as_at else ""
    return f"figure, {one.about}: {figure_value(one)}{as_at}"


def _milestone(words: Entries, one: Milestone) -> str:
    when = f" ({said_when(one.on)})" if one.on else f" (due by {in_words(one.by)})" if one.by else ""
    status = f", {one.status}" if one.status else ""
    return f"{one.what}{when}{status}"


def _quorum(words: Entries, one: Quorum) -> str:
    of = {"seats": " of the seats", "members-in-post": " of the members in post"}.get(one.counting or "", "")
    among = [" or ".join(i) if isinstance(i, tuple) else spaced(i) for i in one.including]
    return (
        f"a quorum of at least {one.at_least}{of}{', including ' + '; '.join(among) if among else ''}{period(one)}"
    )


def _parent(words: Entries, one: Parent) -> str:
    relation = spaced(one.relation)
    told = relation if relation.endswith(" of") else f"{relation} of"
    return f"{told} {words.names.body(one.body)}{period(one)}"


_ENTRIES: dict[type[Part], Callable[[Entries, Any], str]] = {
    Name: lambda words, one: f"the name {one.name} ({one.use}){period(one)}",
    Identifier: lambda words, one: f"the {words.names.of('schemes', one.scheme)} {one.code}{period(one)}",
    Parent: _parent,
    Member: lambda words, one: (
        f"{words.names.body(one.body) if one.body else one.as_printed or 'a member'} as {one.as_ or 'member'}{period(one)}"
    ),
    Succession: lambda words, one: f"{one.kind} of {row(words.names.body(id) for id in one.of)}",
    Planned: lambda words, one: f"planned{' for ' + a_day_in_words(one.for_) if one.for_ else ''}",
    Governing: lambda words, one: f"governed by {words.names.document(one.document)}{period(one)}",
    Quorum: _quorum,
    Meeting: lambda words, one: (
        f"a meeting {said_when(one.on)}" if one.on else "a meeting on a day that is not recorded"
    ),
    Milestone: _milestone,
    Figure: _figure,
    Request: lambda words, one: f"what {one.by or 'somebody'} asked for: {one.what}",
    Disagreement: lambda words, one: f"the disagreement about {lower_first(one.about)}",
    Claim: lambda words, one: f"the claim “{one.says}”",
    Correction: lambda words, one: f"the correction about {one.about}",
    Nomination: lambda words, one: (
        f"{row(words.names.of('parties', id) for id in one.by)}{', jointly' if one.jointly else ''}{period(one)}"
    ),
    Term: lambda words, one: f"the term of office{period_of_term(one)}",
    Designation: lambda words, one: f"{spaced(one.as_)}{period(one)}",
    Decision: lambda words, one: (
        f"{spaced(one.what)}{' by ' + row(words.names.of('parties', id) for id in one.by) if one.by else ''}{' ' + said_when(one.on) if one.on else ''}"
    ),
    Appointment: lambda words, one: words.person(one),
    Earlier: lambda words, one: f"the state until {a_day_in_words(one.to)}",
    Vacancy: lambda words, one: f"the vacancy{period(one)}",
    ExOfficio: lambda words, one: f"the link to {words.names.role(one.role)}{period(one)}",
    Turn: lambda words, one: f"the turn of the {words.names.role(one.role)}{period(one)}",
    Rotation: lambda words, one: (
        f"rotation among {row(words.names.role(id) for id in one.among)}{', every ' + one.every if one.every else ''}"
    ),
    TermRule: lambda words, one: (
        "no fixed term of office"
        if one.none
        else f"a term of office of {one.years} years{', ' + str(one.most) + ' at most' if one.most else ''}"
    ),
    Follows: lambda words, one: f"follows {one.item}",
    Approval: lambda words, one: (
        f"{spaced(one.step)}{' by ' + words.names.of('parties', one.body) if one.body else ''}{' ' + said_when(one.date) if one.date else ''}"
    ),
    SecondUse: lambda words, one: f"also serves {words.names.body(one.body)} as {spaced(one.kind)}",
    Duty: lambda words, one: f"the duty “{one.text}”",
    Recorded: lambda words, one: "what is said of how complete the lists are",
    Citation: lambda words, one: f"{words.names.document(one.document)}{', ' + one.at if one.at else ''}",
    Dated: lambda words, one: f"a source says that there is no such seat{period(one)}",
    Suppression: lambda words, one: (
        f"{one.rule} is not told in {one.path} until {in_words(one.until)}: {one.reason}"
    ),
    Layer: lambda words, one: f"lines {'-'.join(map(str, one.lines))} speak of {in_words(one.speaks_of)}",
}
"""What to call an entry of each sort in a sentence."""

CALLED = _ENTRIES.keys() - {Planned, Recorded, TermRule}
"""The parts that are called by what they say where a field of theirs is told; of the others, the field says enough."""
