"""Parts that several pages show: milestones, figures, disagreements."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kmics_cli.query import Answered
from kmics_cli.views.pages.words import Evidence, day, due, hedge, upper


def milestone_in_words(found: Answered, evidence: Evidence) -> str:
    """Return a milestone or deadline as a line."""
    when = f"done {day(found['on'])}" if found["on"] else due(found["by"])
    if not found["on"] and not found["by"]:
        when = "day not recorded"
    if found["past_due"]:
        when += "; whether it was done is not recorded"
    elif found["status"] and not (found["on"] and found["status"] == "done"):
        when += f"; {found['status']}"
    return f"{found['what']}: {when}{hedge(found)}.{evidence.mark(found['sources'])}"


def figure_in_words(figure: Answered) -> str:
    """Return a figure as a reader says it: "about 42", "30,000 to 50,000 people (planned)"."""

    def number(value: float) -> str:
        return f"{Decimal(str(value)):,f}" if value != int(value) else f"{int(value):,}"

    if figure["value"] is not None:
        told = number(figure["value"])
    elif figure["low"] is not None and figure["high"] is not None:
        told = f"{number(figure['low'])} to {number(figure['high'])}"
    else:
        told = figure["words"] or ""
    words = " ".join(str(word) for word in (figure["qualifier"], told, figure["unit"]) if word)
    return f"{words} (planned)" if figure["planned"] else words


def figure_line(figure: Answered, evidence: Evidence) -> str:
    """Return a figure as a line."""
    as_at = f", as at {day(figure['as_at'])}" if figure["as_at"] else ""
    return f"{upper(figure['about'])}: {figure_in_words(figure)}{as_at}{hedge(figure)}{evidence.mark(figure['sources'])}"


def claim_lines(found: Answered, evidence: Evidence) -> Iterator[tuple[int, str]]:
    """Yield a disagreement and, below it, what each source says."""
    settled = f" (settled {day(found['settled'])})" if found["settled"] else ""
    yield 0, f"{found['about']}{settled}:"
    for claim in found["claims"]:
        preferred = " (the record follows this)" if claim["preferred"] else ""
        yield 1, f"{claim['says']}{preferred}{evidence.mark(claim['sources'])}"
    if found["why"]:
        yield 1, f"Why: {found['why']}"
