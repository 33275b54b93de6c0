"""Abbreviations, explained where a page first uses them (NHS digital service manual: all but NHS, GP and UK)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kmics_cli.views.blocks import Block, Folded, Heading, Items, Paragraph, Table, Wide


def explained(blocks: Iterable[Block], meanings: Mapping[str, str]) -> list[Block]:
    """Return the blocks with each abbreviation explained at its first use in text: "ABC (what it stands for)".

    A heading is not the place to explain, so the first use below it is taken; where what the abbreviation stands for
    is printed right before it, or it stands in brackets behind its name already, nothing is added.
    """
    if not meanings:
        return list(blocks)
    known = "|".join(re.escape(one) for one in sorted(meanings, key=len, reverse=True))
    found = re.compile(rf"(?<![\w/-])({known})(s?)(?![\w/-])")
    seen: set[str] = set()

    def one(match: re.Match[str]) -> str:
        short, plural = match[1], match[2]
        if short in seen:
            return match[0]
        seen.add(short)
        around = match.string
        if around[: match.start()].casefold().rstrip(" (").endswith(meanings[short].casefold()):
            return match[0]
        if around[match.end() :].casefold().startswith(f" ({meanings[short].casefold()}"):
            return match[0]
        full = f"{meanings[short]}s" if plural else meanings[short]
        return f"{match[0]} ({full})"

    def text(words: str) -> str:
        return found.sub(one, words)

    def block(given: Block) -> Block:
        if isinstance(given, Heading):
            return given
        if isinstance(given, Paragraph):
            return Paragraph(text(given.text))
        if isinstance(given, Items):
            return Items(tuple((depth, text(words)) for depth, words in given.items))
        if isinstance(given, Folded):
            inside = block(given.items)
            assert isinstance(inside, Items)
            return Folded(text(given.summary), inside)
        if isinstance(given, Wide):  # only one of the two is read, so each explains what the other does
            before = set(seen)
            table, key = block(given.table), block(given.key)
            seen.intersection_update(before)
            assert isinstance(table, Table)
            assert isinstance(key, Items)
            return Wide(table, key, tuple(block(one) for one in given.otherwise))
        assert isinstance(given, Table)
        caption = text(given.caption)
        columns = tuple(text(name) for name in given.columns)
        return replace(
            given,
            caption=caption,
            columns=columns,
            rows=tuple(tuple(text(cell) for cell in row) for row in given.rows),
        )

    return [block(given) for given in blocks]
