"""Answers as blocks: what each command prints, in the words of the field. A page shows nothing the answer lacks.

A page's module is loaded when it is asked for: no command needs more than two.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block
from kmics_cli.views.pages.words import Evidence

_SHOWN = {
    "body": "bodies.body_page",
    "role": "seats.role_page",
    "person": "seats.person_page",
    "priorities": "records.set_page",
    "document": "records.document_page",
    "requirements": "records.requirements_page",
}
_PAGES = {
    "list": "lists.list_page",
    "tree": "lists.tree_page",
    "search": "lists.search_page",
    "timeline": "lists.timeline_page",
    "changes": "changes.changes_page",
    "diff": "edits.diff_page",
    "history": "edits.history_page",
    "quorum": "quorum.quorum_page",
    "chart": "charts.chart_page",
}
"""The pages of commands, and of what is shown: the module here and the function in it."""


def page(command: str, answer: Answered, span: Span, sources: bool = False) -> list[Block]:
    """Return the page of a command's answer, without the line that names the registry."""
    evidence = Evidence(sources)
    if command == "report":
        from kmics_cli.views.papers import paper

        return [*paper(answer, span, evidence)]
    name = next(_SHOWN[key] for key in _SHOWN if key in answer) if command == "show" else _PAGES[command]
    blocks = [*_made(name, answer, span, evidence), *evidence.blocks()]
    if command == "show":
        from kmics_cli.views.pages.edits import recorded

        blocks.extend(recorded(answer))
    return blocks


def _made(name: str, answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    module, _, function = name.partition(".")
    made: Iterator[Block] = getattr(import_module(f"{__name__}.{module}"), function)(answer, span, evidence)
    return made
