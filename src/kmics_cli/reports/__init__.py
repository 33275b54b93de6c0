"""Reports: questions of a paper, answered as plain data. Each is a module here, and its page one of the same name in `views.papers`.

`REPORTS` feeds the command's help and completion, so that a report that is there is offered, and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from kmics_cli.problems import UserError

if TYPE_CHECKING:  # the command's help names the reports, and must not load what makes them
    from kmics_cli.query import Answered, Asked
    from kmics_cli.reports.frame import Wanted

__all__ = ["REPORTS", "Report", "report"]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: what its help says, which kinds of record it may be of, and which options of its own it takes."""

    help: str
    of: tuple[str, ...] = ("bodies",)
    alone: bool = True  # whether it can be of the whole registry
    options: tuple[str, ...] = ()


REPORTS: dict[str, Report] = {
    "composition": Report("members and attendees of a body, seat by seat", alone=False, options=("since",)),
    "vacancies": Report("seats that are vacant, held by an interim, or with a term that ran out"),
    "forward": Report(
        "what lies ahead, what has run out, and what follows if a seat falls empty", options=("within",)
    ),
    "checks": Report("what law, policy and constitution ask of a body, held against the record"),
    "joiners-leavers": Report(
        "who joined, left, or changed seat or capacity, and when interests are due", options=("since",)
    ),
    "matrix": Report("people and the bodies they sit on"),
    "who-is-who": Report("title, name, what the post does, where else they sit, since when"),
    "priorities": Report(
        "sets of priorities, and the line from an earlier item to a later one", of=("bodies", "priorities")
    ),
    "asked-for": Report("what was publicly asked of a body and is not law"),
    "summary": Report("one page about a body", alone=False),
    "structure": Report("a body and all below it, as a nested list"),
    "stale": Report("what the record can no longer vouch for, and what would refresh it"),
    "gaps": Report("what the model expects and nobody recorded"),
    "sources": Report("every document, and what rests on it", of=("bodies", "documents")),
    "disagreements": Report("where sources disagree, every claim, and which the record follows"),
}
"""The reports by name; a module's name has underscores for hyphens."""


def report(name: str, asked: Asked, ref: str | None, wanted: Wanted) -> Answered:
    """Return the answer of a report of `ref`, or of the whole registry, without what every answer of kmics carries.

    Raises `UserError` (2) where the report needs a body and none is given, or for an option that it does not take.
    """
    known = REPORTS[name]
    if ref is None and not known.alone:
        raise UserError(f"The report {name} is of one body.", f"Give it: kmics report {name} BODY.")
    for option in ("within", "since"):
        if getattr(wanted, option) is not None and option not in known.options:
            having = [other for other, one in REPORTS.items() if option in one.options]
            raise UserError(f"The report {name} takes no --{option}.", f"It is for: {', '.join(having)}.")
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    answer: Answered = module.report(asked, ref, wanted)
    return {"report": name, **answer}
