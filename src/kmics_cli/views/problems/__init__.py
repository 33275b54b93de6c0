"""Problems as reports: each format is a module here, under its own name, with a function `report`.

`REPORTS` feeds the option's help and its completion, so that a format that is there is offered, and no other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kmics_cli.views.problems.findings import Findings

REPORTS = {
    "text": "to read",
    "json": "for programs, by schema/output/validate.json",
    "github": "remarks on a pull request, and a step summary",
    "sarif": "for code scanning and editors, SARIF 2.1.0",
    "junit": "for other build servers, JUnit XML",
}
"""The formats, and what each is for."""


def report(format: str, findings: Findings) -> str:
    """Return the findings as a report in `format`, one of `REPORTS`."""
    made: str = import_module(f"{__name__}.{format}").report(findings)
    return made
