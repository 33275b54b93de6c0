"""Answers as blocks: what each command prints, in the words of the field. A page shows nothing the answer lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block
from kmics_cli.views.pages.bodies import body_page
from kmics_cli.views.pages.changes import changes_page
from kmics_cli.views.pages.charts import chart_page
from kmics_cli.views.pages.edits import diff_page, history_page, recorded
from kmics_cli.views.pages.lists import list_page, search_page, timeline_page, tree_page
from kmics_cli.views.pages.records import document_page, requirements_page, set_page
from kmics_cli.views.pages.seats import person_page, role_page
from kmics_cli.views.pages.words import Evidence


def page(command: str, answer: Answered, span: Span, sources: bool = False) -> list[Block]:
    """Return the page of a command's answer, without the line that names the registry."""
    evidence = Evidence(sources)
    if command == "show":
        kind = next(key for key in _SHOWN if key in answer)
        return [*_SHOWN[kind](answer, span, evidence), *evidence.blocks(), *recorded(answer)]
    if command == "report":
        from kmics_cli.views.papers import paper

        return [*paper(answer, span, evidence)]
    return [*_PAGES[command](answer, span, evidence), *evidence.blocks()]


_SHOWN: dict[str, Callable[[Answered, Span, Evidence], Iterator[Block]]] = {
    "body": body_page,
    "role": role_page,
    "person": person_page,
    "priorities": set_page,
    "document": document_page,
    "requirements": requirements_page,
}


_PAGES: dict[str, Callable[[Answered, Span, Evidence], Iterator[Block]]] = {
    "list": list_page,
    "tree": tree_page,
    "search": search_page,
    "timeline": timeline_page,
    "changes": changes_page,
    "diff": diff_page,
    "history": history_page,
    "chart": chart_page,
}
