"""Blocks as text for a terminal or a pipe. rich is used here only."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable

from kmics_cli.problems import visible
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table

_LONGEST = 26  # letters of an id before it is broken after a hyphen


def _broken(words: str) -> str:
    """Return a long id with line breaks after hyphens, so that no table has to break it in mid-word."""
    if len(words) <= _LONGEST or " " in words or "-" not in words:
        return words
    return "\n".join(textwrap.wrap(words.replace("/", "/ "), _LONGEST, break_on_hyphens=True)).replace("/ ", "/")


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
        return Text(_broken(visible(words)), style=style if styled else "", overflow="fold")

    before: Block | None = None
    for block in blocks:
        if before is not None and not (isinstance(block, Table) and isinstance(before, Heading)):
            console.print()
        if isinstance(block, Heading):
            console.print(text(block.text, "bold"))
        elif isinstance(block, Paragraph):
            console.print(text(block.text))
        elif isinstance(block, Items):
            for depth, words in block.items:
                line = Grid.grid(padding=(0, 1, 0, 0))
                line.add_column(width=1)
                line.add_column(overflow="fold")
                line.add_row(Text("-"), text(words))
                console.print(Padding(line, (0, 0, 0, 2 * depth)))
        else:
            grid = Grid(box=under_head, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
            for index, name in enumerate(block.columns):
                cells = [_broken(visible(row[index])) for row in block.rows]
                ids = len(cells) > 0 and all(" " not in cell for cell in cells)
                widest = max((len(line) for cell in cells for line in cell.split("\n")), default=0)
                grid.add_column(
                    text(name, "bold"), overflow="fold", min_width=min(widest, _LONGEST) if ids else None
                )
            for row in block.rows:
                grid.add_row(*(text(cell) for cell in row))
            if not isinstance(before, Heading):  # a heading says it already
                console.print(text(block.caption))
            console.print(grid)
        before = block
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
