"""Problems as remarks on a pull request (workflow commands), and as the summary of a step, for GitHub Actions.

Nothing from the registry can become a command: the parts of one are escaped as GitHub's own toolkit does, and `##[`,
which a runner looks for anywhere in a line, is broken.
"""

from __future__ import annotations

from kmics_cli.problems import Problem, shortened, visible
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table
from kmics_cli.views.markdown import markdown
from kmics_cli.views.problems.findings import Findings

_MOST = {"error": 10, "warning": 10}  # as many as GitHub shows of a step
_MOST_ROWS = 50
_MOST_TEXT = 300


def report(findings: Findings) -> str:
    """Return a command for each of the first ten errors and ten warnings, one that counts the rest, and the totals."""
    told: list[Problem] = []
    left = dict(_MOST)
    for problem in findings.worst(len(findings.verdict.problems)):
        if left.get(problem.severity, 0):
            left[problem.severity] -= 1
            told.append(problem)
    lines = [_command(problem, findings) for problem in told]
    if rest := findings.rest(told):
        lines.append(
            f"::notice title=kmics::{_data(f'Not shown here: {rest} more. Run kmics validate to see all.')}"
        )
    return "\n".join([*lines, _inert(findings.totals())]) + "\n"


def summary(findings: Findings) -> str:
    """Return the findings as a page of Markdown of at most 50 rows, far below the limit of 1 MiB for a summary."""
    told = findings.worst(_MOST_ROWS)
    blocks: list[Block] = [
        Heading("kmics validate"),
        Paragraph(f"{findings.totals()} {findings.unread_told()}".strip()),
    ]
    if told:
        columns = ("Where", "Severity", "What is wrong", "What to do", "Rule")
        blocks.append(Table("Problems", columns, tuple(_row(problem, findings) for problem in told)))
    if rest := findings.rest(told):
        blocks.append(Paragraph(f"Not shown: {rest} more."))
    return markdown(blocks)


def _row(problem: Problem, findings: Findings) -> tuple[str, ...]:
    texts = (f"{shortened(findings.path(problem.source), _MOST_TEXT)}:{problem.line}", problem.severity)
    return (*texts, *(shortened(text, _MOST_TEXT) for text in (problem.message, problem.help or "–", problem.rule)))


def _command(problem: Problem, findings: Findings) -> str:
    said = "\n".join(visible(line) for line in (problem.message, *problem.help.split("\n")) if line)
    about = {
        "file": findings.path(problem.source),
        "line": str(problem.line),
        "col": str(problem.column),
        "title": f"kmics {visible(problem.rule)}",
    }
    told = ",".join(f"{name}={_property(value)}" for name, value in about.items())
    return f"::{problem.severity} {told}::{_data(said)}"


def _data(text: str) -> str:
    return _inert(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _inert(text: str) -> str:
    """Break the older form of a command, which a runner looks for anywhere in a line."""
    return text.replace("##[", "##\u200b[")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
