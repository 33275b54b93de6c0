"""Problems as text for people: where, what is wrong, the line itself, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from kmics_cli.problems import Problem, visible
from kmics_cli.views.problems.findings import Findings, by_place
from kmics_cli.views.problems.frame import WIDTH, frame

_MOST, _MOST_OF_A_FILE, _MOST_PLACES = 500, 20, 10
_INDENT = "    "


def report(findings: Findings) -> str:
    """Return the problems by file and line, each with its line and a hint, then the totals.

    At most 20 of a file and 500 in all are told, the gravest; the rest are counted.
    """
    told = findings.worst(_MOST, _MOST_OF_A_FILE)
    lines: list[str] = []
    for problem in by_place(told):
        lines += [*_told(problem, findings), ""]
    if rest := findings.rest(told):
        more = (
            f"Not shown: {rest} more. At most {_MOST_OF_A_FILE} of a file and {_MOST} in all are; mend these first."
        )
        lines += [more, ""]
    lines.append(findings.totals())
    if unread := findings.unread_told():
        lines += wrap(unread, WIDTH)
    if told:
        lines.append(f"For what a rule asks, run for example: kmics explain {told[0].rule}")
    return "\n".join(lines) + "\n"


def _told(problem: Problem, findings: Findings) -> Iterator[str]:
    at = f"{findings.path(problem.source)}:{problem.line}:{problem.column}"
    yield f"{at}: {problem.severity}: {visible(problem.message)} [{visible(problem.rule)}]"
    yield from frame(findings.line(problem), problem.line, problem.column)
    for line in problem.help.split("\n"):
        yield from wrap(
            visible(line),
            WIDTH,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )
    for source in problem.related[:_MOST_PLACES]:
        yield f"{_INDENT}also {findings.place(source)}"
    if (more := len(problem.related) - _MOST_PLACES) > 0:
        yield f"{_INDENT}and in {more} more places"
