"""The one layout that files have: the same data, and the same comments, always give the same text.

Keys stand in the schema's order, lists and groups in lines (but short lists of ids that were in brackets), long texts are
folded, quotes stand where another reader would not see text and nowhere else. A comment stays with what it stood above,
beside or below.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

from kmics_cli.edit.layout import Layout
from kmics_cli.edit.moves import EditError
from kmics_cli.edit.written import WIDTH, bracketed, foldable, folded, key_text, scalar
from kmics_cli.problems import Pointer
from kmics_cli.yamltext import Bare, YamlError, decode

About = Callable[[Pointer], Any]
"""What the schema says of a place: its `type` and its `properties`, in order."""


def canonical(data: bytes, about: About) -> bytes:
    """Return a file's bytes in the layout that all files have. The same again is the same.

    Raises `EditError` for a text that cannot be read, or whose comments cannot be kept.
    """
    for _ in range(_ROUNDS):
        new = _once(data, about)
        if new == data:
            return new
        data = new
    raise EditError(_LOSS, "Move its comments to lines of their own.")


_ROUNDS = 5  # a comment in an odd place may move twice, until it stands where it stays
_LOSS = "It is laid out so that it cannot be set anew without a loss."


def _once(data: bytes, about: About) -> bytes:
    try:
        layout = Layout(decode(data).replace("\r\n", "\n"))
        text = _Writer(layout, layout.plain, about).text()
        after = Layout(text)
        same = after.plain == layout.plain
        kept = sorted(said for _, said in after.comments) == sorted(said for _, said in layout.comments)
    except YamlError as error:
        raise EditError(f"It cannot be read: {error.message}", error.help) from None
    except ValueError:  # a key without a colon: "? key"
        raise EditError(_LOSS, "Write each key as 'key: value'.") from None
    if not same or not kept:
        raise EditError(_LOSS, "Move its comments to lines of their own.")
    return text.encode()


class _Writer:
    def __init__(self, layout: Layout, plain: Any, about: About) -> None:
        self.layout = layout
        self.plain = plain
        self.about = about
        self.above: dict[Pointer, list[str]] = {}
        self.beside: dict[Pointer, str] = {}
        self.below: dict[Pointer, list[str]] = {}
        self.tail: list[str] = []
        self._attach()

    def text(self) -> str:
        lines = self.inside((), self.plain, 0)
        while lines and not lines[0]:
            lines.pop(0)
        return "\n".join([*lines, *self.tail, ""])

    # --- comments and blank lines

    def _attach(self) -> None:
        """Find for each comment, and each blank line, the part that it belongs to."""
        layout = self.layout
        entries = sorted(
            ((layout.start(pointer), len(pointer), pointer) for pointer in layout.spots if pointer),
        )
        starts = [(at, pointer) for at, _depth, pointer in entries]
        places = [at for at, _pointer in starts]
        end = 0
        for at, said in layout.comments:
            index = bisect_left(places, at)
            before = starts[index - 1][1] if index else None
            after = starts[index][1] if index < len(starts) else None
            line = layout.text[layout.line_start(at) : at]
            blank = layout.text[max(end, 0) : layout.line_start(at)].endswith("\n\n") or _ends_blank(
                layout.text[end : layout.line_start(at)]
            )
            end = at + len(said)
            if line.strip() and before:
                owner = before
                while len(owner) > 1 and layout.flow(owner[:-1]) and layout.end(owner[:-1]) <= at:
                    owner = owner[:-1]  # the comment stands after the bracket
                if owner in self.beside:
                    self.above.setdefault(owner, []).append(said)
                else:
                    self.beside[owner] = said
                continue
            column = len(line)
            if after is not None and column <= self._column(after):
                self._above(after, said, blank)
                continue
            owners = [one for one in _chain(before) if self._column(one) < column] if before else []
            if owners and not (
                after is not None and after[:-1][: len(owners[-1])] == owners[-1] and after != owners[-1]
            ):
                self.below.setdefault(owners[-1], []).append(said)
            elif after is not None:
                self._above(after, said, blank)
            else:
                self.tail += ["", said] if blank else [said]
        for start, pointer in starts:
            if pointer[-1] != 0 and not self.above.get(pointer) and _blank_above(layout, start):
                self.above[pointer] = [""]

    def _above(self, pointer: Pointer, said: str, blank: bool) -> None:
        lines = self.above.setdefault(pointer, [])
        if blank:
            lines.append("")
        lines.append(said)

    def _column(self, pointer: Pointer) -> int:
        return self.layout.column(self.layout.start(pointer))

    # --- lines

    def inside(self, pointer: Pointer, value: Any, column: int) -> list[str]:
        """Return the lines of a list or group, as it stands at a column."""
        if isinstance(value, dict):
            return [
                line
                for key in self._ordered(pointer, value)
                for line in self.entry((*pointer, key), value[key], column)
            ]
        return [line for index, item in enumerate(value) for line in self.entry((*pointer, index), item, column)]

    def _ordered(self, pointer: Pointer, value: dict[str, Any]) -> Sequence[str]:
        known = list(self.about(pointer).get("properties", ()))
        if not known:
            return list(value)
        return sorted(value, key=lambda key: known.index(key) if key in known else len(known))

    def entry(self, pointer: Pointer, value: Any, column: int) -> list[str]:
        """Return the lines of a key or an item, with its comments."""
        above = list(self.above.get(pointer, ()))
        beside = self.beside.get(pointer, "")
        if isinstance(pointer[-1], int) and isinstance(value, dict) and value:
            first = (*pointer, self._ordered(pointer, value)[0])
            above += [beside] * bool(beside) + self.above.pop(first, [])
            lines = self.inside(pointer, value, column + 2)
            lines[0] = f"{' ' * column}- {lines[0].lstrip(' ')}"
        else:
            mark = "-" if isinstance(pointer[-1], int) else f"{key_text(pointer[-1])}:"
            lines = self._after(" " * column + mark, pointer, value, column, f" {beside}" if beside else "")
        below = [f"{' ' * (column + 2)}{said}" for said in self.below.get(pointer, ())]
        return [*(f"{' ' * column}{said}" if said else "" for said in _single(above)), *lines, *below]

    def _after(self, head: str, pointer: Pointer, value: Any, column: int, beside: str) -> list[str]:
        if isinstance(value, str):
            shown = self._scalar(pointer, value)
            if (
                shown is not value
                and foldable(value)
                and not isinstance(value, Bare)
                and len(head) + 1 + len(shown) > WIDTH
            ):
                return [f"{head} >-{beside}", *folded(value, column + 2)]
            if len(head) + 1 + len(shown) > WIDTH and foldable(value):
                return [f"{head} >-{beside}", *folded(value, column + 2)]
            return [f"{head} {shown}{beside}"]
        if not value or self._stays(pointer, value, head):
            return [f"{head} {bracketed(value)}{beside}"]
        inset = 2 if isinstance(value, dict) or isinstance(pointer[-1], int) else 0
        return [f"{head}{beside}", *self.inside(pointer, value, column + inset)]

    def _stays(self, pointer: Pointer, value: Any, head: str) -> bool:
        """Return whether a list stays in brackets: it stood so, holds words alone, no comments, and fits the line."""
        return (
            isinstance(value, list)
            and self.layout.flow(pointer)
            and all(isinstance(item, str) for item in value)
            and not any(isinstance(item, Bare) for item in value)
            and not any(
                (*pointer, index) in place
                for index in range(len(value))
                for place in (self.above, self.beside, self.below)
            )
            and len(head) + 1 + len(bracketed(value)) <= WIDTH
        )

    def _scalar(self, pointer: Pointer, value: str) -> str:
        """Return a scalar on one line: bare where the schema asks for a number or yes and no, and it is one."""
        types = self.about(pointer).get("type", ())
        types = [types] if isinstance(types, str) else types
        if isinstance(value, Bare) and value and {"integer", "number", "boolean"} & set(types):
            return str(value)
        return scalar(str(value))


def _chain(pointer: Pointer) -> list[Pointer]:
    """Return a part and those that it is in, the outermost first."""
    return [pointer[:depth] for depth in range(1, len(pointer) + 1)]


def _blank_above(layout: Layout, at: int) -> bool:
    start = layout.line_start(at)
    if layout.text[start:at].strip(" ") or start == 0:
        return False
    before = layout.line_start(start - 1)
    return not layout.text[before : start - 1].strip(" ")


def _ends_blank(text: str) -> bool:
    lines = text.split("\n")
    return len(lines) > 2 and not lines[-2].strip(" ")


def _single(lines: Sequence[str]) -> list[str]:
    """Return lines with no two blank ones together, and no blank one after the last comment."""
    return [line for at, line in enumerate(lines) if line or at == 0 or lines[at - 1]]
