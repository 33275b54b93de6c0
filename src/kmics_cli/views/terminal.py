"""Blocks as text for a terminal or a pipe. rich is used here only."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from kmics_cli.problems import visible
from kmics_cli.views.blocks import Block, Folded, Heading, Items, Paragraph, Table, unfolded

_GAP = 2  # spaces between columns: one of padding, one for the rule between them


def widths(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return how wide each column is to be so that all fit in `width` and no short word is broken.

    Each column starts as wide as its text; while all are too wide together, the widest gives way, but none
    below its longest word (a word with hyphens or slashes counts part by part) unless there is no other way.
    """
    lines = [
        [visible(text) for text in (name, *(row[index] for row in rows))] for index, name in enumerate(columns)
    ]
    room = max(width - _GAP * len(columns), len(columns))
    found = [min(max(map(len, column)), room) for column in lines]
    words = [max((len(part) for text in column for part in _PARTS.split(text)), default=1) for column in lines]
    for least in (words, [1] * len(columns)):
        while sum(found) > room:
            can_give = [index for index, wide in enumerate(found) if wide > least[index]]
            if not can_give:
                break
            found[max(can_give, key=lambda index: found[index])] -= 1
    return found


_PARTS = re.compile(r"(?<=[-/])|\s+")


def _broken(words: str, wide: int) -> str:
    """Return an id that is too long for its column with line breaks after hyphens and slashes."""
    if len(words) <= wide or " " in words:
        return words
    lines = [""]
    for part in _PARTS.split(words):
        if len(lines[-1]) + len(part) > wide and lines[-1]:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def fits(table: Table, width: int) -> bool:
    """Return whether a table can be laid out in `width` columns without a word broken."""
    columns = [
        [visible(text) for text in (name, *(row[index] for row in table.rows))]
        for index, name in enumerate(table.columns)
    ]
    words = [max((len(part) for text in column for part in _PARTS.split(text)), default=1) for column in columns]
    return sum(words) + _GAP * len(columns) <= width


_BULLET = 2  # a dash and a space
_ODD = re.compile(r"[^!-~ ]|  |^ | $")


def _is_simple(words: str, room: int) -> bool:
    """Return whether words can be wrapped without knowing how wide letters are: plain ones, none too long for a line."""
    return not _ODD.search(words) and max(map(len, words.split(" "))) <= room


def _margin(depth: int, width: int) -> int:
    """Return how far an item stands in: never so far that no room is left for its words."""
    return min(2 * depth, width // 2)


def _item(depth: int, words: str, width: int) -> str:
    """Return an item of a list, of simple words, as lines."""
    margin = " " * _margin(depth, width)
    room = width - len(margin) - _BULLET
    lines = [""]
    for word in words.split(" "):
        if not lines[-1]:
            lines[-1] = word
        elif len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "".join(f"{margin}{'- ' if index == 0 else '  '}{line}\n" for index, line in enumerate(lines))


def terminal(blocks: Iterable[Block], width: int, styled: bool) -> str:
    """Return the blocks laid out in `width` columns, nothing cut; `styled` makes headings bold.

    Lines are plain text without trailing spaces; what a terminal would act on is made visible.
    """
    from rich.box import Box
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    under_head = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(width, 40),
        force_terminal=styled,
        no_color=True,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )

    def text(words: str, style: str = "") -> Text:
        return Text(visible(words), style=style if styled else "", overflow="fold")

    before: Block | None = None
    for given in unfolded(blocks, lambda table: fits(table, width)):
        block = given.items if isinstance(given, Folded) else given
        if before is not None and not (
            isinstance(block, Table) and isinstance(before, Heading) and before.level > 1
        ):
            console.print()
        if isinstance(block, Heading):
            console.print(text(block.text, "bold"))
        elif isinstance(block, Paragraph):
            console.print(text(block.text))
        elif isinstance(block, Items):
            for (depth, simple), some in groupby(
                block.items,
                key=lambda item: (
                    item[0],
                    _is_simple(item[1], console.width - _margin(item[0], console.width) - _BULLET),
                ),
            ):
                if simple:  # a list of thousands is laid out in no time
                    out.writelines(_item(depth, words, console.width) for _depth, words in some)
                    continue
                lines = Grid.grid(padding=(0, 1, 0, 0))
                lines.add_column(width=1)
                lines.add_column(overflow="fold")
                for _depth, words in some:
                    lines.add_row(Text("-"), text(words))
                console.print(Padding(lines, (0, 0, 0, _margin(depth, console.width))))
        else:
            grid = Grid(
                box=under_head, padding=(0, _GAP - 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold"
            )
            wide = widths(block.columns, block.rows, console.width)
            for index, (name, columns) in enumerate(zip(block.columns, wide, strict=True)):
                side: Literal["left", "right"] = "right" if index in block.numbers else "left"
                grid.add_column(text(name, "bold"), justify=side, overflow="fold", width=columns)
            for row in block.rows:
                grid.add_row(
                    *(Text(_broken(visible(cell), n), overflow="fold") for cell, n in zip(row, wide, strict=True))
                )
            if not isinstance(before, Heading):  # a heading says it already
                console.print(text(block.caption))
            console.print(grid)
        before = block
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
