"""The five answers to a duty, and one answer with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kmics_cli.model import Citation
from kmics_cli.query.duties.seats import Told

MET, NOT_MET, NOT_KNOWN = "met", "not-met", "not-known"
NOT_APPLICABLE, NEEDS_A_PERSON = "not-applicable", "needs-a-person"

ANSWERS = (NOT_MET, NOT_KNOWN, NEEDS_A_PERSON, MET, NOT_APPLICABLE)
"""The five answers, in the order in which a report tells them."""

SEVERITIES = ("error", "warning", "info")
"""The severities, the worst first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer of one duty, why, the seats that satisfy it, and the evidence of what is said.

    `inferred`: it rests on something inferred. `lacking`: the list that would have to be complete.
    """

    answer: str
    why: str
    seats: tuple[Told, ...] = ()
    evidence: tuple[Citation, ...] = ()
    inferred: bool = False
    lacking: str | None = None


def evidence_of(told: tuple[Told, ...]) -> tuple[Citation, ...]:
    """Return what shows the seats that are told of: who sits there, or else that they are there."""
    found: list[Citation] = []
    for one in told:
        found.extend(source for holder in one.holders for source in holder.sources)
        if not one.holders:
            found.extend(one.seat.role.sources)
    return tuple(dict.fromkeys(found))


def tally_in_words(tally: Mapping[str, Any]) -> str:
    """Return the figures of some checks: "2 met, 0 not met, 17 not known, 6 need a person, 3 not applicable"."""
    person = "1 needs a person" if tally["needs_a_person"] == 1 else f"{tally['needs_a_person']} need a person"
    return (
        f"{tally['met']} met, {tally['not_met']} not met, {tally['not_known']} not known, {person}, "
        f"{tally['not_applicable']} not applicable"
    )
