"""What a page is made of, whatever it is shown on: headings, paragraphs, items and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the page's own."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; an item is `(depth, text)`, depth 0 at the margin."""

    items: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; no cell is empty. `numbers` are the columns of figures, which stand to the right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Folded:
    """A list under a line that opens it, where what shows it can do that; else it stands open."""

    summary: str
    items: Items


@dataclass(frozen=True, slots=True)
class Wide:
    """A table of many columns and its key, for a screen that holds it, and the blocks that say the same everywhere else."""

    table: Table
    key: Items
    otherwise: tuple[Block, ...]


Block = Heading | Paragraph | Items | Table | Folded | Wide


def items(*texts: str | tuple[int, str]) -> Items:
    """Return a list; a text alone stands at the margin."""
    return Items(tuple((0, text) if isinstance(text, str) else text for text in texts))


_DEEPEST = 4  # a fifth level of headings is more than a reader keeps in mind


def lowered(blocks: Iterable[Block], level: int) -> list[Block]:
    """Return the blocks with their first heading at `level` and the others below it, none deeper than the fourth."""

    def one(block: Block) -> Block:
        if isinstance(block, Heading):
            return replace(block, level=min(block.level + level - 1, max(_DEEPEST, level)))
        if isinstance(block, Wide):
            return replace(block, otherwise=tuple(lowered(block.otherwise, level)))
        return block

    return [one(block) for block in blocks]


def unfolded(
    blocks: Iterable[Block], fits: Callable[[Table], bool] = lambda _table: False
) -> Iterator[Heading | Paragraph | Items | Table | Folded]:
    """Yield the blocks with each wide table and its key where it `fits`, else with what is said instead."""
    for block in blocks:
        if isinstance(block, Wide):
            yield from unfolded((block.table, block.key) if fits(block.table) else block.otherwise, fits)
        else:
            yield block
