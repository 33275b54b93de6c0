"""Blocks as Markdown in which data stays text: no link, mention, HTML or heading can come out of a record."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kmics_cli.problems import visible
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table

_SPECIAL = re.compile(r"([\\`*_~\[\]<>|#!&])")
_START = re.compile(r"^(\s*)([-+=]|[0-9]+[.)])(?=\s|$)")
_MENTION = re.compile(r"(?<![\w.])@(?=\w)")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto):|\bwww\.")


def escaped(text: str) -> str:
    """Return `text` as Markdown that shows it as it is, on one line.

    Special characters are escaped; a mention and a bare address are broken with a zero-width space, so
    that nobody is notified and nothing becomes a link.
    """
    flat = " ".join(visible(text).split())
    safe = _SPECIAL.sub(r"\\\1", flat)
    safe = _START.sub(
        lambda found: (
            f"{found[1]}\\{found[2]}" if found[2] in "-+=" else f"{found[1]}{found[2][:-1]}\\{found[2][-1]}"
        ),
        safe,
    )
    safe = _MENTION.sub("@\u200b", safe)
    return _LINK.sub(lambda found: found[0][:-1] + "\u200b" + found[0][-1], safe)


def markdown(blocks: Iterable[Block]) -> str:
    """Return the blocks as Markdown: one blank line between blocks, a caption before each table."""
    parts: list[str] = []
    tables = 0
    for block in blocks:
        if isinstance(block, Heading):
            parts.append(f"{'#' * block.level} {escaped(block.text)}")
        elif isinstance(block, Paragraph):
            parts.append(escaped(block.text))
        elif isinstance(block, Items):
            parts.append("\n".join(f"{'  ' * depth}- {escaped(text)}" for depth, text in block.items))
        else:
            tables += 1
            parts.append(f"Table {tables}: {escaped(block.caption)}")
            parts.append(_table(block))
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    lines = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return "\n".join(
        f"| {' | '.join(cell if index == 1 else escaped(cell) for cell in line)} |"
        for index, line in enumerate(lines)
    )
