"""The one sentence "what we can say" of a holder: one hedge, the strongest first."""

from __future__ import annotations

import re

from kmics_cli.dates import Answer, Date, Span, a_day_in_words, in_words
from kmics_cli.model import Appointment, Disagreement
from kmics_cli.query.evidence import Carried

_A_DAY = re.compile(r"[0-9]{1,2} ")


def term_end(appointment: Appointment) -> Date | None:
    """Return the day on which the last recorded term of office runs out, or None."""
    return appointment.terms[-1].ends if appointment.terms else None


def says_of(
    appointment: Appointment,
    how: Carried,
    confidence: str,
    dispute: Disagreement | None,
    follower: Appointment | None,
    span: Span,
) -> str:
    """Return the one sentence "what we can say", the strongest hedge first (`docs/registry.md`).

    The order: disputed; has left on an unknown day; only announced; term over; followed by another; not
    confirmed since; possibly; inferred; plain.
    """
    start = appointment.from_
    since = _since(appointment, how)
    if confidence == "disputed":
        return f"Disputed: {lower_first(dispute.about)}." if dispute else "Disputed."
    if appointment.to is not None and appointment.to.text == "unknown":
        if how.answer is Answer.YES:
            return _sentence(f"named {said_when(how.last)}")
        return f"Has left, on a day that is not recorded; last named {said_when(how.last)}."
    if how.only_announced and start is not None and start.earliest <= span.last:
        return f"Was to start {said_when(start)}; nothing later has been read."
    if how.term_over:
        return f"Term ended {in_words(how.term_over)}; no reappointment or departure recorded."
    if follower is not None:
        return f"A later appointment is recorded from {in_words(follower.from_)}, and no end of this one."
    if how.stale:
        return (
            f"Not confirmed since {in_words(how.last)}."
            if how.last
            else "Not confirmed: no source with a date has been read."
        )
    if how.answer is Answer.POSSIBLY:
        return f"{'Inferred' if confidence == 'inferred' else 'Possibly'}: {_doubt(appointment, how, span)}."
    if confidence == "inferred":
        return f"Inferred: {since}."
    term = term_end(appointment)
    return _sentence(f"{since}; term ends {in_words(term)}" if term and appointment.to is None else since)


def _since(appointment: Appointment, how: Carried) -> str:
    """Return since when, or from when to when, as far as that is recorded."""
    start, end = appointment.from_, appointment.to
    until = f"to {a_day_in_words(end)}" if end is not None and end.bounded else ""
    if start is None or start.text == "unknown":
        return (
            f"in post {until}; start date not recorded"
            if until
            else f"named {said_when(how.last)}; start date not recorded"
        )
    if not start.bounded:
        return f"started {in_words(start)}{', in post ' + until if until else ''}"
    return f"in post from {a_day_in_words(start)} {until}" if until else f"in post since {a_day_in_words(start)}"


def _doubt(appointment: Appointment, how: Carried, span: Span) -> str:
    """Return why it is not certain."""
    start, end = appointment.from_, appointment.to or how.ended
    if start is not None and start.bounded and how.begun.latest > span.first:
        return f"started {said_when(start)}"
    if end is not None and end.bounded and end.earliest <= span.last:
        return f"left {said_when(end)}" if appointment.to else f"the body or the role ended {said_when(end)}"
    if end is None and (term := term_end(appointment)) and term.earliest < span.first:
        return f"term ends {in_words(term)}"
    if how.first is not None and how.begun.latest > span.first:
        return f"first named {said_when(how.first)}; start date not recorded"
    return f"named {said_when(how.last)}; start date not recorded"


def said_when(when: Date | None) -> str:
    """Return "on 13 September 2023", "in July 2022", "between …" for a sentence."""
    words = in_words(when, "in a source without a date")
    if when is None or when.text == "unknown" or words.startswith(("between", "about")):
        return words
    return f"on {words}" if _A_DAY.match(words) else f"in {words}"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def lower_first(words: str) -> str:
    """Return words to stand within a sentence; an abbreviation keeps its capitals."""
    return words[0].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words
