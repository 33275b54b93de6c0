"""Problems as JUnit XML, for build servers that show test results: each problem is a test case.

One that is grave enough to fail has a `failure`; one that is not passes, and says what it found in `system-out`.
"""

from __future__ import annotations

from xml.etree import ElementTree

from kmics_cli.problems import Problem, visible
from kmics_cli.views.problems.findings import Findings, by_place
from kmics_cli.views.problems.frame import frame

_MOST = 5_000


def report(findings: Findings) -> str:
    """Return a suite of test cases as XML, in ASCII; at most 5,000 are in it, the gravest."""
    told = by_place(findings.worst(_MOST))
    counts = {
        "tests": str(max(len(told), 1)),
        "failures": str(sum(map(findings.fails, told))),
        "errors": "0",
        "skipped": "0",
    }
    top = ElementTree.Element("testsuites", {"name": "kmics", **counts})
    suite = ElementTree.SubElement(top, "testsuite", {"name": "kmics validate", **counts})
    for problem in told:
        _case(suite, problem, findings)
    if not told:
        ElementTree.SubElement(suite, "testcase", {"classname": "kmics", "name": "validate"})
    ElementTree.SubElement(suite, "system-out").text = findings.totals()
    ElementTree.indent(top)
    text: bytes = ElementTree.tostring(top, encoding="us-ascii", xml_declaration=True)
    return text.decode("ascii") + "\n"


def _case(suite: ElementTree.Element, problem: Problem, findings: Findings) -> None:
    path, rule = findings.path(problem.source), visible(problem.rule)
    about = {"classname": path, "name": f"{rule} at {problem.line}:{problem.column}"}
    case = ElementTree.SubElement(suite, "testcase", {**about, "file": path, "line": str(problem.line)})
    lines = [f"{path}:{problem.line}:{problem.column}: {problem.severity}: {visible(problem.message)}"]
    lines += frame(findings.line(problem), problem.line, problem.column)
    lines += [visible(line) for line in problem.help.split("\n") if line]
    lines += [f"also {findings.place(source)}" for source in problem.related]
    if findings.fails(problem):
        told = ElementTree.SubElement(case, "failure", {"type": rule, "message": visible(problem.message)})
    else:
        told = ElementTree.SubElement(case, "system-out")
    told.text = "\n".join(lines)
