"""What a page is made of, whatever it is shown on: headings, paragraphs, items and tables."""

from __future__ import annotations

from dataclasses import dataclass


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
    """A table with a caption; no cell is empty."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """A list under a line that opens it, where what shows it can do that; else it stands open."""

    summary: str
    items: Items


Block = Heading | Paragraph | Items | Table | Folded


def items(*texts: str | tuple[int, str]) -> Items:
    """Return a list; a text alone stands at the margin."""
    return Items(tuple((0, text) if isinstance(text, str) else text for text in texts))
