"""What a report is made of, and what all reports share: names of places, the worst first, the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kmics_cli.problems import Problem, Source, shortened, visible
from kmics_cli.rules import SEVERITIES, Verdict

WITHHELD = frozenset(("personal-data", "personal-data-field", "political-party"))
"""Rules about what must not be recorded of a person: no report repeats the line, which would spread it further."""


@dataclass(frozen=True)
class Findings:
    """What `validate` found, and how it is to be told.

    `root` is what to put before each path, so that it can be opened from where the reader is. `answer` is the head
    that every JSON answer has. `fail_on` is the least severity that fails, or never. `unread` counts the records that
    are so broken that nothing else could be checked in them. `since` is the revision compared with, if there is one;
    `some_rules` says that not all rules were asked.
    """

    verdict: Verdict
    root: str
    answer: Mapping[str, Any]
    fail_on: str = "error"
    unread: int = 0
    since: str | None = None
    some_rules: bool = False

    def fails(self, problem: Problem) -> bool:
        """Say whether a problem is grave enough to fail."""
        return self.fail_on in SEVERITIES and _rank(problem) <= SEVERITIES.index(self.fail_on)

    @property
    def failed(self) -> bool:
        """Whether anything found is grave enough to fail."""
        return any(map(self.fails, self.verdict.problems))

    def path(self, source: Source) -> str:
        """Return the path of a place, to open from where the reader is, with all that it holds visible."""
        return visible(self.root + source.path)

    def place(self, source: Source) -> str:
        """Return a secondary place as `path:line:col`."""
        line, column = self.verdict.places.at(source)
        return f"{self.path(source)}:{line}:{column}"

    def line(self, problem: Problem) -> str:
        """Return the text of the line at which a problem stands; nothing if it is about no line, or is withheld."""
        if problem.rule in WITHHELD:
            return ""
        return self.verdict.places.line(problem.source.path, problem.line)

    def worst(self, most: int, a_file: int | None = None) -> list[Problem]:
        """Return at most `most` problems, and `a_file` of each file: the gravest, and those in changed files, first."""
        told: Counter[str] = Counter()
        chosen: list[Problem] = []
        changed = self.verdict.changed
        for problem in sorted(self.verdict.problems, key=lambda p: (_rank(p), p.source.path not in changed)):
            if len(chosen) == most:
                break
            if a_file is None or told[problem.source.path] < a_file:
                told[problem.source.path] += 1
                chosen.append(problem)
        return chosen

    def totals(self) -> str:
        """Return what was found, counted, as a sentence: `2 errors, 1 warning in 222 files; 3 suppressed.`.

        After a comparison: `New since HEAD: 2 errors in 222 files.`.
        """
        files, suppressed = self.verdict.files, self.verdict.suppressed
        found = counted(self.verdict.counts()) or "No problems"
        if self.since is not None:
            found = f"New since {shortened(self.since)}: {found[0].lower()}{found[1:]}"
        if self.some_rules:
            found += ", of the rules asked,"
        return f"{found} in {_some(files, 'file')}{f'; {suppressed} suppressed' if suppressed else ''}."

    def rest(self, told: list[Problem]) -> str:
        """Return how many problems there are besides those told, counted; nothing if there are none."""
        shown = Counter(problem.severity for problem in told)
        return counted({severity: n - shown[severity] for severity, n in self.verdict.counts().items()})

    def unread_told(self) -> str:
        """Return what to say of the records that could not be read; nothing if there are none."""
        if not self.unread:
            return ""
        told = "1 record" if self.unread == 1 else f"{self.unread:,} records"
        return f"{told} could not be read: once that is mended, validate again, since more may come to light."


def by_place(problems: list[Problem]) -> list[Problem]:
    """Return problems by file and line, as they are read."""
    return sorted(problems, key=lambda problem: (problem.source.path, problem.line, problem.column))


def counted(counts: Mapping[str, int]) -> str:
    """Return counts by severity as words: `2 errors, 1 warning`."""
    return ", ".join(_some(n, severity, "" if severity == "info" else "s") for severity, n in counts.items() if n)


def _some(count: int, what: str, more: str = "s") -> str:
    return f"{count:,} {what}{'' if count == 1 else more}"


def _rank(problem: Problem) -> int:
    return SEVERITIES.index(problem.severity)
