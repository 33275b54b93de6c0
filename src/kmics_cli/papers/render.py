"""What the blocks of a page would hold if they were made now, held against what they hold.

A block names the state of the record by the Git id of the registry's folder, which every edit of the registry changes.
So a block that would hold the same words, were it made from the present record, is left byte for byte as it is and keeps
the older name: else every edit anywhere would change every page, and any two pull requests would conflict. It is made
with the older name put in, and compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kmics_cli.events import stamps
from kmics_cli.papers.blocks import Marked, replaced

FRESH, OLDER, STALE = "fresh", "older", "stale"
"""A block is as it would be made now; the same, but for an older state of the record in it; or not the same."""


class Section(Protocol):
    """What a block is made of: an answer, laid out."""

    def text(self, tree: str | None, tables: int) -> tuple[str, int]:
        """Return it as Markdown, stamped with the folder's id `tree`, where `tables` stand before it; and how many it has."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A block that was looked at: how it stands, the state of the record that it names, and what it would hold now."""

    block: Marked
    how: str
    tree: str | None
    inside: str


def looked(text: str, blocks: Iterable[tuple[Marked, Section]], tree: str | None) -> list[Looked]:
    """Return how the blocks of a page stand, now that the registry's folder has the id `tree` (None: none is known)."""
    found = []
    tables = 0
    for block, section in blocks:
        before = block.captions + tables
        held = text[block.start : block.end]
        now, count = section.text(tree, before)
        inside = _inside(now, block.newline)
        how, named = STALE, tree
        if held == inside:
            how = FRESH
        elif said := stamps(held):
            named = said[-1].tree
            if named != tree and held == _inside(section.text(named, before)[0], block.newline):
                how = OLDER
        found.append(Looked(block, how, named, inside))
        tables += count
    return found


def renewed(text: str, found: Sequence[Looked], lost: Collection[str | None] = ()) -> str:
    """Return the page with its stale blocks made anew; and those, too, that name a state of the record that is `lost`."""
    return replaced(
        text,
        [(one.block, one.inside) for one in found if one.how == STALE or (one.how == OLDER and one.tree in lost)],
    )


def _inside(section: str, newline: str) -> str:
    return f"\n{section}\n".replace("\n", newline)
