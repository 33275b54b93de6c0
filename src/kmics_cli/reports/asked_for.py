"""What was publicly asked of a body and is not law."""

from __future__ import annotations

from kmics_cli.query import Answered, Asked
from kmics_cli.query.duties import asked_for
from kmics_cli.reports.frame import Wanted, framed, number, then, titled


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return the requests made, by the last of the days, to a body and those below it, or to all bodies."""
    found = asked_for(asked, ref)
    rows = found["rows"]
    if rows:
        them = "it" if len(rows) == 1 else "them"
        says = (
            f"{then(asked.span)}, {number(len(rows), 'request')} to "
            f"{number(len({row['body'] for row in rows}), 'body', 'bodies')} {'is' if len(rows) == 1 else 'are'} recorded. "
            f"No law or policy in this registry asks for {them}, and none counts among the checks."
        )
    else:
        says = f"{then(asked.span)}, nothing is recorded as publicly asked for."
    return framed(
        asked,
        ref,
        title=titled("Asked for, and not law", found["name"], asked.span),
        says=says,
        summary=found["summary"],
        rows=rows,
    )
