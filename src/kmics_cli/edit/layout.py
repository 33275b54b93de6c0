"""How a YAML text is laid out: where each part, its line, its dash and the comments stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from kmics_cli.problems import Pointer
from kmics_cli.yamltext import spots

_GAP = re.compile(r"(?:[ \n]+|#[^\n]*)*")
_COMMENT = re.compile(r"(?:(?<=[ \n])|\A)#[^\n]*")
_BLANK_TAIL = re.compile(r"(?:\n *)*\Z")


class Layout:
    """A text with LF line ends, what it says (`plain`), and where everything stands in it. Raises what `yamltext.read` raises."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain, self.spots = spots(text)
        self._children: dict[Pointer, list[Pointer]] = {}
        for pointer in self.spots:
            if pointer:
                self._children.setdefault(pointer[:-1], []).append(pointer)

    def children(self, pointer: Pointer) -> list[Pointer]:
        """Return the parts of a list or group, in their order."""
        return self._children.get(pointer, [])

    def flow(self, pointer: Pointer) -> bool:
        """Return whether a list or group stands in brackets."""
        return self.spots[pointer].style in ("[", "{")

    def end(self, pointer: Pointer) -> int:
        """Return where a value ends: after its last letter or bracket, and not after what the parser ran on over."""
        spot = self.spots[pointer]
        if spot.style in ("|", ">"):
            block = self.text[spot.start : spot.end]
            if "+" in block.partition("\n")[0].partition("#")[0]:
                return spot.end - block.endswith("\n")
            return spot.start + len(_BLANK_TAIL.sub("", block))
        if spot.style in ("-", ":") and (inside := self.children(pointer)):
            return self.end(inside[-1])
        if not spot.style and spot.start == spot.end:  # nothing: right after the colon or dash
            return self._after_mark(pointer)
        return spot.end

    def _after_mark(self, pointer: Pointer) -> int:
        if isinstance(pointer[-1], int):
            return self.dash(pointer) + 1
        colon = self.text.index(":", self.spots[pointer].key_end)
        return colon + 1

    def mark_end(self, pointer: Pointer) -> int:
        """Return where the colon or the dash before a value in lines ends."""
        return self._after_mark(pointer)

    def dash(self, pointer: Pointer) -> int:
        """Return where the dash of an item of a list in lines stands."""
        index = int(pointer[-1])
        if index == 0:
            return self.spots[pointer[:-1]].start
        before = self.end((*pointer[:-1], index - 1))
        return _GAP.match(self.text, before).end()  # type: ignore[union-attr]  # it matches nothing at least

    def start(self, pointer: Pointer) -> int:
        """Return where a part with its key or dash begins."""
        if isinstance(pointer[-1], int) and not self.flow(pointer[:-1]):
            return self.dash(pointer)
        return self.spots[pointer].key_start

    def line_start(self, at: int) -> int:
        """Return where the line begins in which `at` lies."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Return where the line ends in which `at` lies: at its line feed, or at the end of the text."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def column(self, at: int) -> int:
        """Return how many characters stand before `at` in its line."""
        return at - self.line_start(at)

    def whole_end(self, pointer: Pointer) -> int:
        """Return the end of the last line of a part in lines: with the comment after it, and deeper ones below it."""
        column = self.column(self.start(pointer))
        end = self.line_end(self.end(pointer))
        below = re.compile(rf"(?:\n *(?=\n))*\n {{{column + 1},}}#[^\n]*")
        while found := below.match(self.text, end):
            end = found.end()
        return end

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        """Where each comment begins, and what it says."""
        return list(self._comments())

    def _comments(self) -> Iterator[tuple[int, str]]:
        at = 0
        for pointer, spot in self.spots.items():
            for begin, end in ((spot.key_start, spot.key_end), (spot.start, self.end(pointer))):
                if spot.style and spot.style in "-:[{" and begin == spot.start:
                    continue
                if begin < at or begin == end:
                    continue
                yield from self._between(at, begin)
                if spot.style in ("|", ">") and begin == spot.start:
                    head = self.line_end(begin)
                    yield from self._between(begin, head)
                at = end
        yield from self._between(at, len(self.text))

    def _between(self, begin: int, end: int) -> Iterator[tuple[int, str]]:
        for found in _COMMENT.finditer(self.text, begin, end):
            yield found.start(), found[0].rstrip(" ")
