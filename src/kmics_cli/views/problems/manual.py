"""The manual pages of the rules, as text and as Markdown, and the list of all rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from textwrap import fill

from kmics_cli.rules import RULES, Rule
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table

_FILE = re.compile(r"^--- (\S+)(?: (before)| as it is)?$", re.MULTILINE)
_GROUPS = {
    "form": "Form of a file",
    "references": "References",
    "time": "Time",
    "appointments": "Appointments and terms",
    "seats": "Seats and their holders",
    "succession": "Succession",
    "structure": "Structure",
    "loops": "Loops",
    "evidence": "Evidence",
    "stale": "Stale evidence",
    "past": "The past",
    "duties": "Duties",
    "people": "People",
    "text": "Names and words",
    "settings": "The registry's own settings",
}
"""What the rules of each module are about; of any other, its name says it."""


def group(rule: Rule) -> str:
    """Return what a rule is about: the name of its module."""
    return rule.look.__module__.rpartition(".")[2]


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, on one line."""
    flat = " ".join(text.split())
    return re.split(r"(?<=[.])\s(?=[A-Z`'])", flat)[0]


def as_text(rule: Rule) -> str:
    """Return the manual page of a rule as plain text of at most 80 columns, but for long lines of examples."""
    parts = [f"{rule.name}: {rule.severity}", *_paragraphs(rule.manual.what)]
    parts += [fill(text, 80, break_on_hyphens=False) for text in (f"Why: {_flat(rule.manual.why)}", _relaxed(rule))]
    for head, example in _examples(rule):
        told = "\n".join(f"    {line}".rstrip() for line in example.split("\n"))
        parts.append(
            f"{head}\n\n{told}"
            if _is_file(example)
            else fill(f"{head} {_flat(example)}", 80, break_on_hyphens=False)
        )
    return "\n\n".join(parts) + "\n"


def as_markdown(rule: Rule) -> str:
    """Return the manual page of a rule as Markdown; its words are our own, and may be Markdown themselves."""
    what, why = _flat(rule.manual.what), _flat(rule.manual.why)
    parts = [f"## {rule.name}", f"Severity: {rule.severity}.", what, f"Why: {why}", _relaxed(rule)]
    for head, example in _examples(rule):
        parts.append(f"{head}\n\n```yaml\n{example}\n```" if _is_file(example) else f"{head} {_flat(example)}")
    return "\n\n".join(parts) + "\n"


def listed() -> list[Block]:
    """Return the list of all rules, by what they are about, with severity and the first sentence of the page."""
    blocks: list[Block] = [Heading("Rules", 1), Paragraph("Run kmics explain RULE for the page of one.")]
    for name, rules in groupby(RULES, group):
        rows = tuple((rule.name, rule.severity, _summary(rule)) for rule in rules)
        title = _GROUPS.get(name, name.capitalize())
        blocks += [Heading(title), Table(title, ("Rule", "Severity", "What it finds"), rows)]
    return blocks


def _summary(rule: Rule) -> str:
    return first_sentence(rule.manual.what) + (" Time alone can bring it." if rule.timely else "")


def _relaxed(rule: Rule) -> str:
    if rule.firm:
        told = "A registry cannot relax this rule: what breaks it cannot be read."
    else:
        told = "A registry can give it another severity, or accept single cases for a time, in its kmics.yaml."
    return f"Time alone can bring what it finds. {told}" if rule.timely else told


def _examples(rule: Rule) -> Sequence[tuple[str, str]]:
    both = (("Passes:", rule.manual.passes), ("Fails:", rule.manual.fails))
    return [(head, _FILE.sub(_named, example).strip("\n")) for head, example in both]


def _named(head: re.Match[str]) -> str:
    return f"# {head[1]}{', as it was before' if head[2] else ''}"


def _is_file(example: str) -> bool:
    return example.startswith("# ")


def _paragraphs(text: str) -> list[str]:
    return [fill(_flat(part), 80, break_on_hyphens=False) for part in text.split("\n\n")]


def _flat(text: str) -> str:
    return " ".join(text.split())
