"""The moves: put, append, remove and rekey. Each is one splice in the text, and is proved before it is returned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

from kmics_cli.edit.layout import Layout
from kmics_cli.edit.proof import prove
from kmics_cli.edit.written import Value, after_mark, bracketed, entry_lines, foldable, item_lines, scalar
from kmics_cli.problems import Pointer, UserError
from kmics_cli.yamltext import Plain, Spot, YamlError, decode

Splice = tuple[int, int, str]
"""What takes the place of the characters from here to there."""


class EditError(UserError):
    """An edit that cannot be made without risk: why, and what to do. Whoever knows the file adds its path."""


def put(data: bytes, pointer: Pointer, value: Value, order: Sequence[str] = ()) -> bytes:
    """Return a file's bytes with a value put at a place: of a key, there already or new, or in place of an item.

    `order` is the order that the schema has for the keys of that group: a new key stands after those that come before
    it. A text that replaces another keeps its quotation marks, and the comment after it. Raises `EditError` if there is
    no group at the place, or the edit cannot be proved.
    """

    def splices(layout: Layout) -> Iterator[Splice]:
        if pointer in layout.spots:
            yield from _replaced(layout, pointer, value)
        elif isinstance(pointer[-1], str) and layout.spots.get(pointer[:-1], _NOTHING).style in (":", "{"):
            yield from _added_key(layout, pointer, value, order)

    def move(plain: Plain) -> None:
        _parent(plain, pointer)[pointer[-1]] = _as_read(value)

    return _made(data, splices, move, (pointer, value))


def append(data: bytes, pointer: Pointer, value: Value, at: int | None = None, order: Sequence[str] = ()) -> bytes:
    """Return a file's bytes with another item in the list at a place: at the end, or before the item `at`.

    A list that is not there yet is made, its key where `order` has it. Raises `EditError` as `put` does.
    """
    if pointer not in (layout := _layout(data)).spots:
        return put(data, pointer, [value], order)
    items = layout.children(pointer)
    index = len(items) if at is None else min(at, len(items))

    def splices(layout: Layout) -> Iterator[Splice]:
        if layout.spots[pointer].style in ("[", "-"):
            yield from _added_item(layout, pointer, value, index)

    def move(plain: Plain) -> None:
        _at(plain, pointer).insert(index, _as_read(value))

    return _made(data, splices, move, ((*pointer, index), value))


def remove(data: bytes, pointer: Pointer, comments: bool = False) -> bytes:
    """Return a file's bytes without the part at a place: a key with its value, or an item.

    The comments in it and after it on its lines go with it if `comments` says so, and else stay, on lines of their own.
    Raises `EditError` if it is not there, or is the last of its list or group, which should be removed whole.
    """

    def splices(layout: Layout) -> Iterator[Splice]:
        if pointer in layout.spots and len(layout.children(pointer[:-1])) > 1:
            yield _removed(layout, pointer)

    def move(plain: Plain) -> None:
        del _parent(plain, pointer)[pointer[-1]]

    return _made(data, splices, move, None, comments)


def rekey(data: bytes, pointer: Pointer, key: str) -> bytes:
    """Return a file's bytes with another name for a key, in its place. Raises `EditError` if that is taken."""

    def splices(layout: Layout) -> Iterator[Splice]:
        if pointer in layout.spots and (*pointer[:-1], key) not in layout.spots:
            spot = layout.spots[pointer]
            yield spot.key_start, spot.key_end, scalar(key, layout.flow(pointer[:-1]))

    def move(plain: Plain) -> None:
        group = _parent(plain, pointer)
        group[key] = group.pop(pointer[-1])

    return _made(data, splices, move, None)


_NOTHING = Spot("", 0, 0, 0, 0)


@lru_cache(maxsize=4)
def _layout(data: bytes) -> Layout:
    """Return how a file is laid out; that of the last ones is kept, since one edit often follows another."""
    try:
        return Layout(decode(data).replace("\r\n", "\n"))
    except YamlError as error:
        raise EditError(f"The file cannot be read: {error.message}", error.help) from None


def _made(
    data: bytes,
    splices: Callable[[Layout], Iterator[Splice]],
    move: Callable[[Plain], None],
    placed: tuple[Pointer, Value] | None,
    comments: bool = False,
) -> bytes:
    """Return the bytes after the first splice that is proved. `placed` is the value and where it stands then."""
    layout = _layout(data)
    wanted = deepcopy(layout.plain)
    try:
        move(wanted)
    except (KeyError, IndexError, TypeError, AttributeError):
        raise EditError("There is no such place in the file.", "Look at the file again.") from None
    lost = ""
    try:
        ways = list(splices(layout))
    except ValueError:  # a key without a colon: "? key"
        ways = []
    for splice in ways:
        for start, end, new in (splice, *(() if comments else _with_comments(layout, splice))):
            text = layout.text[:start] + new + layout.text[end:]
            lost = prove(layout, text, (start, end, new), wanted, placed, comments)
            if not lost:
                return _spliced(data, layout.text, start, end, new)
    help = "Run kmics fmt on the file first, or edit it by hand with kmics edit."
    raise EditError(lost or "The file is laid out so that this edit cannot be made safely.", help)


def _with_comments(layout: Layout, splice: Splice) -> Iterator[Splice]:
    """Yield the splice that keeps the comments which another would take away: on lines of their own, above."""
    start, end, new = splice
    if gone := [said for at, said in layout.comments if start <= at < end]:
        begin = layout.line_start(start)
        before = layout.text[begin:start]
        line = layout.text[begin : layout.line_end(begin)]
        column = len(line) - len(line.lstrip(" "))
        lines = "".join(f"{' ' * column}{said}\n" for said in gone)
        if new or before.strip(" "):
            yield begin, end, lines + before + new
        else:
            yield begin, end, lines


def _spliced(data: bytes, text: str, start: int, end: int, new: str) -> bytes:
    """Return the bytes with the splice made in them: line ends stay as they are, and new ones are as those before."""
    raw = data.decode("utf-8")
    if "\r\n" not in raw:
        return (text[:start] + new + text[end:]).encode()
    ends = [found.end() - found.start() == 2 for found in re.finditer(r"\r?\n", raw)]
    first, last = text.count("\n", 0, start), text.count("\n", 0, end)
    begin, stop = start + sum(ends[:first]), end + sum(ends[:last])
    near = ends[first - 1] if first else ends[0]
    return (raw[:begin] + (new.replace("\n", "\r\n") if near else new) + raw[stop:]).encode()


def _replaced(layout: Layout, pointer: Pointer, value: Value) -> Iterator[Splice]:
    """Yield the ways to put a value in the place of another, the best first."""
    spot, end = layout.spots[pointer], layout.end(pointer)
    flow = bool(pointer) and layout.flow(pointer[:-1])
    if flow:
        yield spot.start, end, bracketed(value)
        return
    start = layout.mark_end(pointer)
    column = layout.column(layout.start(pointer))
    head = layout.text[layout.line_start(start) : start]
    if isinstance(value, str | bool | int | float) and spot.style in ("", "'", '"'):
        if spot.style and isinstance(value, str):
            yield spot.start, end, scalar(value, quote=spot.style)
        lines = after_mark(head, value, column + 2)
        if len(lines) > 1 and spot.start != end:
            yield start, end, "\n".join(lines)[len(head) :]
        if spot.start == end:
            yield start, end, f" {scalar(value)}"
        else:
            yield spot.start, end, scalar(value)
        return
    if isinstance(value, str | bool | int | float):
        if spot.style in ("|", ">") and isinstance(value, str) and not foldable(value):
            yield start, end, f" {scalar(value)}"
        lines = after_mark(head, value, column + 2)
        yield start, end, "\n".join(lines)[len(head) :]
        yield start, end, f" {scalar(value)}"
        return
    inset = _inset(layout)
    if isinstance(pointer[-1], str):
        lines = entry_lines(pointer[-1], value, column, inset)
        yield layout.start(pointer), end, "\n".join(lines)[column:]
    else:
        lines = item_lines(value, column, inset)
        yield layout.start(pointer), end, "\n".join(lines)[column:]
    yield start, end, f" {bracketed(value)}"


def _added_key(layout: Layout, pointer: Pointer, value: Value, order: Sequence[str]) -> Iterator[Splice]:
    """Yield the ways to add a key to a group."""
    parent, key = pointer[:-1], str(pointer[-1])
    keys = layout.children(parent)
    before = _before(keys, key, order)
    if layout.flow(parent):
        spot = layout.spots[parent]
        said = f"{scalar(key, True)}: {bracketed(value)}"
        if not keys:
            yield spot.start + 1, spot.start + 1, said
        else:
            at = layout.end(before or keys[-1])
            yield at, at, f", {said}"
        return
    column = layout.column(layout.start(keys[0]))
    lines = entry_lines(key, value, column, _inset(layout))
    if before is None:  # first of all
        at = layout.start(keys[0])
        yield at, at, "\n".join(lines)[column:] + "\n" + " " * column
        before = keys[-1]
    yield _below(layout, before, lines)
    last = keys[-1]
    if before != last:
        yield _below(layout, last, lines)


def _before(keys: Sequence[Pointer], key: str, order: Sequence[str]) -> Pointer | None:
    """Return the key after which a new one is to stand; None for first of all."""
    if key not in order:
        return keys[-1] if keys else None
    rank = {name: at for at, name in enumerate(order)}
    found = None
    for one in keys:
        if rank.get(str(one[-1]), len(order)) < rank[key]:
            found = one
    if found is None and any(str(one[-1]) not in rank for one in keys):
        return keys[-1]
    return found


def _below(layout: Layout, pointer: Pointer, lines: Sequence[str]) -> Splice:
    """Return the splice that puts lines below a part, and below the comments that belong to it."""
    at = layout.whole_end(pointer)
    return at, at, "\n" + "\n".join(lines)


def _added_item(layout: Layout, pointer: Pointer, value: Value, index: int) -> Iterator[Splice]:
    """Yield the ways to add an item to a list."""
    items = layout.children(pointer)
    if layout.flow(pointer):
        if not items:
            at = layout.spots[pointer].start + 1
            yield at, at, bracketed(value)
        elif index == 0:
            at = layout.spots[items[0]].start
            yield at, at, f"{bracketed(value)}, "
        else:
            at = layout.end(items[index - 1])
            yield at, at, f", {bracketed(value)}"
        return
    column = layout.column(layout.dash(items[0]))
    lines = item_lines(value, column, _inset(layout))
    if index == 0:
        at = layout.dash(items[0])
        yield at, at, "\n".join(lines)[column:] + "\n" + " " * column
    else:
        yield _below(layout, items[index - 1], lines)


def _removed(layout: Layout, pointer: Pointer) -> Splice:
    """Return the splice that takes a part away, one of several."""
    siblings = layout.children(pointer[:-1])
    at = siblings.index(pointer)
    following = siblings[at + 1] if at + 1 < len(siblings) else None
    if layout.flow(pointer[:-1]):
        if following:
            return layout.spots[pointer].key_start, layout.spots[following].key_start, ""
        return layout.end(siblings[at - 1]), layout.end(pointer), ""
    start, end = layout.start(pointer), layout.whole_end(pointer)
    begin = layout.line_start(start)
    if layout.text[begin:start].strip(" "):  # it stands after a dash, which stays
        assert following is not None or at == 0
        return (start, layout.start(following), "") if following else (start, end, "")
    if end < len(layout.text):
        return begin, end + 1, ""
    return max(begin - 1, 0), end, ""


def _inset(layout: Layout) -> int:
    """Return how much further in than its key the dashes of this file stand: as in its first list in lines."""
    for pointer, spot in layout.spots.items():
        if spot.style == "-" and pointer and isinstance(pointer[-1], str):
            return max(0, layout.column(spot.start) - layout.column(spot.key_start))
    return 0


def _parent(plain: Plain, pointer: Pointer) -> Any:
    return _at(plain, pointer[:-1])


def _at(plain: Any, pointer: Pointer) -> Any:
    for step in pointer:
        plain = plain[step]
    return plain


def _as_read(value: Value) -> Plain:
    """Return a value as a reader gets it: every scalar is text."""
    if isinstance(value, Mapping):
        return {key: _as_read(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_as_read(item) for item in value]
    return value if isinstance(value, str) else scalar(value)
