"""A chart as Mermaid text, in which data stays text, and as Markdown with the same content as a list.

Ids are generated, and every character of a label but letters, digits and spaces is written as an entity, so that no
name can end a label, begin a directive, a link or a list, or bring HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kmics_cli.charts.graph import label, refuse_large, too_large
from kmics_cli.problems import UserError
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph
from kmics_cli.views.markdown import escaped, markdown

MOST_TEXT = 48_000
"""So many characters the text may have: Mermaid draws no more than 50,000, and no setting of a text can change it."""

_NOT_WORD = re.compile(r"[^\w\s]|_")
_ALIVE = re.compile(r"(?i)(?<=\$)(?=\$)|(?<=:)(?=fa-)|(?<=\\)(?=n)")
"""Where Mermaid, which reads entities first, would begin a formula, an icon or a line."""


def quoted(text: str) -> str:
    """Return a text as it stands within the quotes of a label: one line, with entities for all that is no letter or digit.

    What would become a formula, an icon or a new line is broken with a zero-width space.
    """
    return _NOT_WORD.sub(lambda found: f"#{ord(found[0])};", _ALIVE.sub("\u200b", label(text)))


def mermaid(answer: Answered) -> str:
    """Return a chart as the text of a Mermaid flowchart, from left to right.

    Boxes and arrows of what is planned, possible or inferred are dashed; the words say it too. Raises `UserError` (2) for a
    chart too large to draw.
    """
    refuse_large(answer)
    text = _text(answer)
    if len(text) > MOST_TEXT:
        raise UserError(
            f"Mermaid draws texts of 50,000 characters at most, and this one has {len(text)}.",
            "Chart one body, or take the list: --format table, md or json.",
        )
    return text


def _text(answer: Answered) -> str:
    lines = [
        '%%{init: {"theme": "neutral"}}%%',
        "flowchart LR",
        f"  accTitle: {quoted(answer['title'])}",
        f"  accDescr: {quoted(answer['alt'])}",
    ]
    for node in answer["nodes"]:
        told = "<br>".join(quoted(one) for one in (node["name"], *node["words"]))
        lines.append(f'  {node["id"]}["{told}"]')
    for edge in answer["edges"]:
        words = ", ".join(edge["words"])
        arrow = "-.->" if edge["unsure"] else "-->"
        told = f'|"{quoted(words)}"|' if words else ""
        lines.append(f"  {edge['from_node']} {arrow}{told} {edge['to_node']}")
    if unsure := [node["id"] for node in answer["nodes"] if node["unsure"]]:
        lines.append("  classDef unsure stroke-dasharray: 5 4")
        lines.append(f"  class {','.join(unsure)} unsure")
    return "\n".join(lines) + "\n"


def in_markdown(answer: Answered, page: Sequence[Block]) -> str:
    """Return a chart's page as Markdown: the drawing with its caption and alternative text, then the list that says the same.

    A chart too large to draw has the list alone, and says so.
    """
    first = next((index for index, block in enumerate(page) if isinstance(block, Items)), len(page))
    before, after = page[:first], page[first:]
    if not answer["nodes"]:
        return markdown(page)
    text = "" if too_large(answer) else _text(answer)
    if not text or len(text) > MOST_TEXT:
        told = f"Not drawn: {len(answer['nodes'])} boxes and {len(answer['edges'])} links could not be read as a drawing."
        return markdown([*before, Paragraph(told), *after])
    caption = f"Figure 1: {escaped(answer['title'])}\n\nAlternative text: {escaped(answer['alt'])}"
    drawing = f"{caption}\n\n```mermaid\n{text}```\n"
    return f"{markdown(before)}\n{drawing}\n{markdown([Heading('The same as a list'), *after])}"
