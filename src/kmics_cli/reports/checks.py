"""What law, policy and constitution ask of a body, held against the record."""

from __future__ import annotations

from collections.abc import Sequence

from kmics_cli.dates import span_in_words, typed
from kmics_cli.query import Answered, Asked
from kmics_cli.query.duties import checks
from kmics_cli.query.duties.verdict import tally_in_words
from kmics_cli.reports.frame import Wanted, framed, number, titled


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return the answer of every duty of a body, or of all bodies; of a time, on its first and its last day.

    Raises `UserError` (2) for a body to which no duty applies.
    """
    found = checks(asked, ref)
    rows = found["rows"]
    says = " ".join(_opening([row for row in rows if row["on"] == tally["on"]], tally) for tally in found["days"])
    if not rows:
        says = "The registry holds no requirements that apply to a body."
    elif len(found["days"]) > 1:
        says += " Asked of the first and the last day of the time, and of no day between."
    return framed(
        asked,
        ref,
        title=titled("Composition checks", found["name"], asked.span),
        says=says,
        summary=found["summary"],
        rows=rows,
        days=found["days"],
    )


def _opening(rows: Sequence[Answered], tally: Answered) -> str:
    of = {row["body"] for row in rows}
    bodies = "" if len(of) == 1 else f" of {len(of)} bodies"
    return (
        f"On {span_in_words(typed(tally['on']))}, of {number(len(rows), 'check')}{bodies}: {tally_in_words(tally)}."
    )
