"""Problems as JSON for machines: `kmics/validate/1`, which schema/output/validate.json describes."""

from __future__ import annotations

import json
from typing import Any

from kmics_cli.problems import Problem, Source
from kmics_cli.views.problems.findings import Findings, by_place

_MOST = 5_000


def report(findings: Findings) -> str:
    """Return the answer as JSON, in ASCII; at most 5,000 problems are in it, and `omitted` counts the rest."""
    told = by_place(findings.worst(_MOST))
    body = {
        "since": findings.since,
        "problems": [_problem(problem, findings) for problem in told],
        "counts": findings.verdict.counts(),
        "suppressed": findings.verdict.suppressed,
        "omitted": len(findings.verdict.problems) - len(told),
        "files": findings.verdict.files,
    }
    return dumped({**findings.answer, **body})


def dumped(answer: Any) -> str:
    """Return an answer as JSON that no runner takes a command from: `##[` is written otherwise, and means the same."""
    return json.dumps(answer, indent=2, ensure_ascii=True, allow_nan=False).replace("##[", "#\\u0023[") + "\n"


def _problem(problem: Problem, findings: Findings) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        **_place(problem.source, problem.line, problem.column, findings),
        "message": problem.message,
        "help": problem.help,
        "related": [_place(source, *findings.verdict.places.at(source), findings) for source in problem.related],
    }


def _place(source: Source, line: int, column: int, findings: Findings) -> dict[str, Any]:
    return {"path": findings.root + source.path, "line": line, "column": column}
