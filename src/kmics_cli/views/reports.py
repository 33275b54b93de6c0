"""Problems as text for people and as JSON for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from kmics_cli.problems import Problem, Source, visible

Place = Callable[[Source], tuple[int, int]]


def _count(problems: Sequence[Problem]) -> dict[str, int]:
    found = Counter(problem.severity for problem in problems)
    return {"error": found["error"], "warning": found["warning"]}


def as_text(problems: Sequence[Problem], root: str, files: int, place: Place) -> str:
    """Return the problems one by one, `path:line:col: severity: what is wrong`, and a line of totals.

    `root` is what to put before each path, so that it can be opened from where the reader is.
    """
    lines = []
    for problem in problems:
        at = f"{visible(root + problem.source.path)}:{problem.line}:{problem.column}"
        lines.append(f"{at}: {problem.severity}: {visible(problem.message)} [{problem.rule}]")
        lines.extend(f"    {visible(line)}" for line in problem.help.split("\n") if line)
        for source in problem.related:
            line, column = place(source)
            lines.append(f"    also {visible(root + source.path)}:{line}:{column}")
    count = _count(problems)
    read = f"{files} file{'' if files == 1 else 's'}"
    if not problems:
        lines.append(f"No problems in {read}.")
    else:
        words = [f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in count.items() if n]
        lines.append(f"{' and '.join(words) or 'Notes only'} in {read}.")
    return "\n".join(lines) + "\n"


def as_json(problems: Sequence[Problem], root: str, answer: dict[str, Any], place: Place) -> str:
    """Return the problems as the JSON contract has them: `{problems: […], counts: {error, warning}}`."""
    told = [
        {
            "rule": problem.rule,
            "severity": problem.severity,
            "path": root + problem.source.path,
            "line": problem.line,
            "column": problem.column,
            "message": problem.message,
            "help": problem.help,
            "related": [
                {"path": root + source.path, "line": place(source)[0], "column": place(source)[1]}
                for source in problem.related
            ],
        }
        for problem in problems
    ]
    text = json.dumps({**answer, "problems": told, "counts": _count(problems)}, indent=2, ensure_ascii=True)
    return text.replace("##[", "#\\u0023[") + "\n"  # the same to JSON, and no command to a GitHub runner
