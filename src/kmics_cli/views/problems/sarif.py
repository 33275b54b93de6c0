"""Problems as SARIF 2.1.0 (OASIS), as GitHub's code scanning and editors read it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any
from urllib.parse import quote

from kmics_cli import __version__
from kmics_cli.problems import Problem, Source, visible
from kmics_cli.rules import BY_NAME
from kmics_cli.views.problems.findings import Findings, by_place
from kmics_cli.views.problems.json import dumped
from kmics_cli.views.problems.manual import as_markdown, as_text, first_sentence, group

_MOST = 5_000  # as many as GitHub takes of one run
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ALIVE = re.compile(r"\{(?=[0-9]+\})|\](?=\()")  # what SARIF takes for a placeholder or a link
_BASE = "%SRCROOT%"


def report(findings: Findings) -> str:
    """Return one run of SARIF, in ASCII; at most 5,000 results are in it, the gravest.

    Paths are relative to `%SRCROOT%`, the folder that kmics ran in; where the registry is not inside that, to the
    registry's own. Columns are counted in UTF-16 units.
    """
    told = by_place(findings.worst(_MOST))
    names = sorted({problem.rule for problem in told})
    seen: Counter[str] = Counter()
    run = {
        "tool": {
            "driver": {"name": "kmics", "semanticVersion": __version__, "rules": [_rule(name) for name in names]}
        },
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {_BASE: {"description": {"text": _base(findings)[1]}}},
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(problem, names.index(problem.rule), findings, seen) for problem in told],
    }
    return dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str) -> dict[str, Any]:
    if (rule := BY_NAME.get(name)) is None:
        return {"id": name}
    page = rule.manual
    return {
        "id": name,
        "shortDescription": {"text": first_sentence(page.what)},
        "fullDescription": {"text": " ".join(f"{page.what} Why: {page.why}".split())},
        "help": {"text": as_text(rule), "markdown": as_markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [group(rule)]},
    }


def _result(problem: Problem, index: int, findings: Findings, seen: Counter[str]) -> dict[str, Any]:
    line = findings.line(problem)
    said = " ".join(visible(text) for text in (problem.message, *problem.help.split("\n")) if text)
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": _LEVELS[problem.severity],
        "message": {"text": _plain(said)},
        "locations": [_location(problem.source, problem.line, _units(line, problem.column), findings)],
        "partialFingerprints": {"kmics/v1": _fingerprint(problem, line, seen)},
    }
    if problem.related:
        result["relatedLocations"] = []
        for number, source in enumerate(problem.related, 1):
            at, column = findings.verdict.places.at(source)
            text = findings.verdict.places.line(source.path, at)
            place = _location(source, at, _units(text, column), findings)
            result["relatedLocations"].append({"id": number, **place, "message": {"text": "Here too."}})
    return result


def _location(source: Source, line: int, column: int, findings: Findings) -> dict[str, Any]:
    uri = quote(f"{_base(findings)[0]}{source.path}".encode("utf-8", "surrogatepass"))
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": _BASE},
            "region": {"startLine": line, "startColumn": column},
        }
    }


def _base(findings: Findings) -> tuple[str, str]:
    """Return what to put before each path, so that it is relative to the base, and what the base is."""
    if findings.root.startswith(("/", "../")) or ":" in findings.root:
        return "", "The registry's folder."
    return findings.root, "The folder that kmics ran in."


def _units(line: str, column: int) -> int:
    """Return a column, counted in characters, in UTF-16 units: both from 1."""
    before = line[: column - 1]
    return column + (0 if before.isascii() else sum(char > "\uffff" for char in before))


def _fingerprint(problem: Problem, line: str, seen: Counter[str]) -> str:
    """Return what stays the same while the rest of the file changes: rule, path, the named steps, the line's text.

    The second of two that are alike gets a 2.
    """
    steps = (step for step in problem.source.pointer if isinstance(step, str))
    what = "\0".join((problem.rule, problem.source.path, *steps, line.strip()))
    digest = hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"


def _plain(text: str) -> str:
    return _ALIVE.sub("\\g<0>\u200b", text)
