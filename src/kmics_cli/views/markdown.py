"""Blocks as Markdown in which data stays text: no link, mention, HTML or heading can come out of a record."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kmics_cli.problems import visible
from kmics_cli.views.blocks import Block, Folded, Heading, Items, Paragraph, Table, unfolded

_SPECIAL = re.compile(r"([\\`*_~\[\]<>|#!&$])")
_START = re.compile(r"^([-+=]|[0-9]+[.)](?=\s|$))")
_ALIVE = re.compile(  # what GitHub makes a mention, a link, a reference to an issue or a commit, or an emoji of
    r"(?i)(?<=@)(?=\w)"
    r"|(?<=https)(?=:)|(?<=http)(?=:)|(?<=ftp)(?=:)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)|(?<=www)(?=\.)"
    r"|(?<=#)(?=[0-9])|(?<=\bgh-)(?=[0-9])|(?<=\b[0-9a-f]{39})(?=[0-9a-f]\b)"
    r"|(?<=:)(?=[\w+-]+:)"
)


def escaped(text: str) -> str:
    """Return `text` as Markdown that shows it as it is, on one line.

    Special characters are escaped; what GitHub would bring to life (a mention, an address, #1, GH-1, a
    commit's id, :smile:) is broken with a zero-width space, so that nobody is notified and nothing becomes a link.
    """
    flat = " ".join(visible(text).split())
    safe = _ALIVE.sub("\u200b", flat)
    safe = _SPECIAL.sub(r"\\\1", safe)
    return _START.sub(lambda found: f"{found[1][:-1]}\\{found[1][-1]}", safe)


def markdown(blocks: Iterable[Block], tables: int = 0) -> str:
    """Return the blocks as Markdown: one blank line between blocks, a caption before each table.

    `tables` is how many stand before these on the page: captions are numbered from there.
    """
    parts: list[str] = []
    for block in unfolded(blocks):
        if isinstance(block, Heading):
            parts.append(f"{'#' * block.level} {escaped(block.text)}")
        elif isinstance(block, Paragraph):
            parts.append(escaped(block.text))
        elif isinstance(block, Items):
            parts.append(_items(block))
        elif isinstance(block, Folded):
            parts.append(
                f"<details>\n<summary>{escaped(block.summary)}</summary>\n\n{_items(block.items)}\n\n</details>"
            )
        else:
            tables += 1
            parts.append(f"Table {tables}: {escaped(block.caption)}")
            parts.append(_table(block))
    return "\n\n".join(parts) + "\n"


def _items(block: Items) -> str:
    return "\n".join(f"{'  ' * depth}- {escaped(text)}" for depth, text in block.items)


def _table(table: Table) -> str:
    rule = tuple("---:" if index in table.numbers else "---" for index in range(len(table.columns)))
    lines = [table.columns, rule, *table.rows]
    return "\n".join(
        f"| {' | '.join(cell if index == 1 else escaped(cell) for cell in line)} |"
        for index, line in enumerate(lines)
    )
