"""Composition checks, and what was asked for and is not law. Never one verdict, never a percentage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kmics_cli.dates import Span, span_in_words, typed
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table
from kmics_cli.views.pages.words import Evidence, asked_on, counted, day, hedge, upper

_ANSWERS = {
    "not-met": "Not met",
    "not-known": "Not known",
    "needs-a-person": "Needs a person",
    "met": "Met",
    "not-applicable": "Not applicable",
}
"""The five answers in words, in the order in which they are told."""

_SHOWS = {"needs-a-person": "What a person must judge", "not-applicable": "Why it does not apply"}
_BASES = {
    "statute": "Statute",
    "regulation": "Regulation",
    "nhse-policy": "NHS England policy",
    "constitution": "Constitution",
    "terms-of-reference": "Terms of reference",
    "good-practice": "Good practice",
}
_FOOT = "A vacancy does not by itself make proceedings invalid. Not legal advice."


def tally_in_words(tally: Mapping[str, int]) -> str:
    """Return the figures of some checks: "2 met, 0 not met, 17 not known, 6 need a person, 3 not applicable"."""
    person = "1 needs a person" if tally["needs_a_person"] == 1 else f"{tally['needs_a_person']} need a person"
    return (
        f"{tally['met']} met, {tally['not_met']} not met, {tally['not_known']} not known, {person}, "
        f"{tally['not_applicable']} not applicable"
    )


def checks_page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of composition checks: the figures in one sentence, then each body, answer by answer."""
    rows = answer["rows"]
    yield Heading(f"Composition checks{': ' + answer['name'] if answer['name'] else ''}", 1)
    if not rows:
        yield Paragraph("The registry holds no requirements that apply to a body.")
        return
    for on in answer["days"]:
        yield Paragraph(_opening([row for row in rows if row["on"] == on], typed(on)))
    if len(answer["days"]) > 1:
        yield Paragraph(f"Asked of the first and the last day of the time {span_in_words(span)}, and of no day between.")
    yield Paragraph(_FOOT)
    bodies = dict.fromkeys((row["on"], row["body"]) for row in rows)
    for on, body in bodies:
        some = [row for row in rows if (row["on"], row["body"]) == (on, body)]
        level = 2
        if len(bodies) > 1:
            when = f", on {span_in_words(typed(on))}" if len(answer["days"]) > 1 else ""
            yield Heading(f"{upper(some[0]['body_name'])}{when}")
            yield Paragraph(f"{_count(some)}.")
            level = 3
        yield from _tables(some, level, evidence)


def _opening(rows: Sequence[Answered], span: Span) -> str:
    of = {row["body"] for row in rows}
    bodies = "" if len(of) == 1 else f" of {len(of)} bodies"
    return f"On {span_in_words(span)}, of {counted(rows, 'check')}{bodies}: {_count(rows)}."


def _count(rows: Sequence[Answered]) -> str:
    answers = [row["answer"] for row in rows]
    return tally_in_words({name.replace("-", "_"): answers.count(name) for name in _ANSWERS})


def _tables(rows: Sequence[Answered], level: int, evidence: Evidence) -> Iterator[Block]:
    """Yield a table for each answer that there is; the worst severity comes first in each."""
    for name, words in _ANSWERS.items():
        some = [row for row in rows if row["answer"] == name]
        if some:
            yield Heading(f"{words} ({len(some)})", level)
            cells = tuple((_asks(row), _shows(row) + evidence.mark(row["sources"]), _where(row)) for row in some)
            yield Table(f"{words}", ("What is asked", _SHOWS.get(name, "What the record shows"), "By what"), cells)


def _asks(row: Answered) -> str:
    return f"{row['text']}."


def _shows(row: Answered) -> str:
    return f"{row['why']} {row['note']}" if row["note"] else str(row["why"])


def _where(row: Answered) -> str:
    return f"{_BASES[row['basis']]}: {row['citation']}"


def asked_for_page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of what was publicly asked of bodies and is not law."""
    rows = answer["rows"]
    yield Heading(f"Asked for, and not law{': ' + answer['name'] if answer['name'] else ''}", 1)
    if not rows:
        yield Paragraph(f"{upper(asked_on(span))}, nothing is recorded as publicly asked for.")
        return
    bodies = len({row["body"] for row in rows})
    yield Paragraph(
        f"{upper(asked_on(span))}, {counted(rows, 'request')} to {bodies} {'body' if bodies == 1 else 'bodies'} "
        f"{'is' if len(rows) == 1 else 'are'} recorded. No law or policy in this registry asks for "
        f"{'it' if len(rows) == 1 else 'them'}, and none counts among the checks."
    )
    cells = tuple(
        (
            f"{row['what']}{hedge(row)}" + (f". {row['note']}" if row["note"] else "") + evidence.mark(row["sources"]),
            row["body_name"],
            row["by"] or "Not recorded",
            upper(day(row["on"])),
        )
        for row in rows
    )
    yield Table("Publicly asked for", ("What", "Of", "Asked by", "When"), cells)
