"""Odd legal layouts of YAML, and random edits of them: for the short form in tests and the long one in benchmarks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from kmics_cli import edit
from kmics_cli.edit import EditError
from kmics_cli.yamltext import Bare, YamlError, places, read

WORDS = "alpha beta gamma delta 2022-07-01 paper line 4 É–ü it's a, b c: d #x 'q' \"r\" [s] {t} true 012 ~ - & * ! % @ ` > |".split(
    " "
)
KEYS = "name kind from to note sources roles chair a-b on 'k'".split()


class Maker:
    """Makes a random file: plain data, and a legal layout of it with comments, each with a number of its own."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.count = 0

    def comment(self) -> str:
        self.count += 1
        return f"# c{self.count} x: [y] - 'z"

    def text(self) -> str:
        many = self.rng.choice((1, 1, 2, 3, 5, 30))
        return " ".join(self.rng.choice(WORDS) for _ in range(many)).strip() or "x"

    def data(self, depth: int = 0) -> Any:
        sort = self.rng.random()
        if depth == 0 or (depth < 4 and sort < 0.3):
            keys = self.rng.sample(KEYS, self.rng.randint(1, 5))
            return {key: self.data(depth + 1) for key in keys}
        if depth < 4 and sort < 0.55:
            return [self.data(depth + 1) for _ in range(self.rng.randint(1, 4))]
        return self.text()

    def file(self) -> tuple[Any, str]:
        """Return data and a text that says it."""
        data = self.data()
        lines = [*self._between(0), *self.group(data, 0), *self._between(0)]
        text = "\n".join(lines) + self.rng.choice(("\n", "\n", "\n", "", "\n\n"))
        return data, text

    def _between(self, column: int) -> Iterator[str]:
        while self.rng.random() < 0.2:
            if self.rng.random() < 0.4:
                yield self.rng.choice(("", "  "))
            else:
                yield " " * self.rng.choice((0, column, column, column + 2)) + self.comment()

    def group(self, data: dict[str, Any], column: int) -> list[str]:
        lines: list[str] = []
        for key, value in data.items():
            lines += self._between(column) if lines else []
            shown = key if key.isalnum() or key == "a-b" else json.dumps(key)
            shown = self.rng.choice((shown, shown, shown, json.dumps(key)))
            lines += self.after(" " * column + shown + self.rng.choice(("", "", "", " ")) + ":", value, column, 0)
        return lines

    def items(self, data: list[Any], column: int) -> list[str]:
        lines: list[str] = []
        for value in data:
            lines += self._between(column) if lines else []
            lines += self.after(" " * column + "-", value, column, 1)
        return lines

    def after(self, head: str, value: Any, column: int, least: int) -> list[str]:
        """Return the lines of a value after a colon or a dash."""
        gap = " " * self.rng.choice((1, 1, 1, 2, 4))
        tail = f"{self.rng.choice((' ', '   '))}{self.comment()}" if self.rng.random() < 0.2 else ""
        tail = tail or self.rng.choice(("", "", "", "", "  "))
        if isinstance(value, str):
            return self.scalar(head, gap, tail, value, column)
        if self.rng.random() < 0.2:
            flow = self.flow(value, column + 2)
            return f"{head}{gap}{flow}{tail}".split("\n")
        deeper = column + self.rng.choice((1, 2, 2, 2, 3, 6))
        if isinstance(value, dict):
            if least and self.rng.random() < 0.7 and not tail.strip():
                inside = self.group(value, len(head) + len(gap))
                return [head + gap + inside[0].lstrip(" "), *inside[1:]]
            return [head + tail, *self._between(deeper), *self.group(value, deeper)]
        if least and self.rng.random() < 0.4 and not tail.strip():
            inside = self.items(value, len(head) + len(gap))
            return [head + gap + inside[0].lstrip(" "), *inside[1:]]
        inset = deeper if least else self.rng.choice((column, column, deeper))
        return [head + tail, *self._between(inset), *self.items(value, inset)]

    def scalar(self, head: str, gap: str, tail: str, value: str, column: int) -> list[str]:
        style = self.rng.choice("plain plain plain single double literal folded below".split())
        deeper = " " * (column + self.rng.choice((1, 2, 2, 5)))
        single = "'" + value.replace("'", "''") + "'"
        double = json.dumps(value, ensure_ascii=False)
        if style in ("literal", "folded") and value[0] not in " #":
            mark = {"literal": "|", "folded": ">"}[style] + self.rng.choice(("-", "-", "-2")[:2])
            below = [deeper + value]
            return [f"{head}{gap}{mark}{tail}", *below]
        shown = {"single": single, "double": double}.get(style) or (value if plain_here(value) else single)
        words = shown.split(" ")
        if len(words) > 3 and "" not in words and self.rng.random() < 0.3:
            cut = self.rng.randint(1, len(words) - 1)
            if words[cut][0] not in "#-'\"" or shown[0] in "'\"":
                return [f"{head}{gap}{' '.join(words[:cut])}", f"{deeper}{' '.join(words[cut:])}{tail}"]
        if style == "below":
            return [head + tail, deeper + shown]
        return [f"{head}{gap}{shown}{tail}"]

    def flow(self, value: Any, column: int) -> str:
        if isinstance(value, str):
            return (
                json.dumps(value, ensure_ascii=False) if self.rng.random() < 0.5 or not value.isalnum() else value
            )
        if isinstance(value, dict):
            inside = self._joined(
                [f"{json.dumps(key)}: {self.flow(item, column)}" for key, item in value.items()], column
            )
            return "{" + inside + "}"
        end = self.rng.choice(("", "", " ", ", "))
        return "[" + self._joined([self.flow(item, column) for item in value], column) + end + "]"

    def _joined(self, parts: list[str], column: int) -> str:
        below = f"\n{' ' * column}"
        sort = self.rng.randrange(8)
        text = parts[0]
        for part in parts[1:]:
            text += (
                ", ",
                ", ",
                ", ",
                ", ",
                ",",
                " , ",
                f",{below}",
                f",  {self.comment()}{below}" if sort == 7 else "",
            )[sort]
            text += part
        return text


def plain_here(value: str) -> bool:
    try:
        found = read(f"k: {value}\n")
    except YamlError:
        return False
    return isinstance(found, dict) and found.get("k") == value


def pointers(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every part but the whole."""
    for step, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*above, step)
        if not isinstance(value, str):
            yield from pointers(value, (*above, step))


def tried(rng: Random) -> str:
    """Make a file and an edit of it: return "done", "refused", "odd" for a layout that is none, or what went wrong."""
    maker = Maker(rng)
    data, text = maker.file()
    try:
        if read(text, pure=True) != data:
            return "odd"
    except YamlError:
        return "odd"
    ends = rng.choice(("\n", "\n", "\r\n"))
    before = text.replace("\n", ends).encode()
    places_before = list(pointers(data))
    pointer = rng.choice(places_before)
    value = maker.data(rng.choice((2, 3, 5, 5, 5)))
    move = rng.choice(("put", "put", "new", "append", "insert", "remove", "rekey"))
    wanted = json.loads(json.dumps(data))
    inside = wanted
    for step in pointer[:-1]:
        inside = inside[step]
    there = inside[pointer[-1]]
    try:
        if move == "put":
            inside[pointer[-1]] = value
            after = edit.put(before, pointer, value)
        elif move == "new":
            if not isinstance(inside, dict):
                return "odd"
            inside["new-key"] = value
            order = rng.sample([*KEYS, "new-key"], len(KEYS) + 1) if rng.random() < 0.5 else ()
            after = edit.put(before, (*pointer[:-1], "new-key"), value, order)
        elif move in ("append", "insert"):
            if not isinstance(there, list):
                return "odd"
            at = rng.randint(0, len(there)) if move == "insert" else len(there)
            there.insert(at, value)
            after = edit.append(before, pointer, value, at)
        elif move == "remove":
            if len(inside) < 2:
                return "odd"
            del inside[pointer[-1]]
            with_comments = rng.random() < 0.5
            move = "remove" if with_comments else "take"
            after = edit.remove(before, pointer, comments=with_comments)
        else:
            if not isinstance(inside, dict):
                return "odd"
            inside["new-key"] = inside.pop(pointer[-1])
            after = edit.rekey(before, pointer, "new-key")
    except EditError:
        return "refused"
    return wrong(text, before, after, wanted, pointer, move, ends, maker.count) or "done"


def wrong(
    text: str, before: bytes, after: bytes, wanted: Any, pointer: tuple[Any, ...], move: str, ends: str, count: int
) -> str:
    """Return what is wrong with an edit, by other means than those of the room that made it."""
    told = after.decode()
    if ends == "\r\n" and "\n" in text and told.replace("\r\n", "").count("\n"):
        return f"line ends: {text!r} -> {told!r}"
    told = told.replace("\r\n", "\n")
    try:
        found = read(told, pure=True)
    except YamlError as error:
        return f"{error}: {text!r} -> {told!r}"
    if found != wanted:
        return f"{move} {pointer} says something else: {text!r} -> {told!r}"
    numbers = [number for number in range(1, count + 1) if f"# c{number} " in text]
    lost = [number for number in numbers if told.count(f"# c{number} ") != 1]
    old, new = text.split("\n"), told.split("\n")
    begin = 0
    while begin < min(len(old), len(new)) and old[begin] == new[begin]:
        begin += 1
    end = 0
    while end < min(len(old), len(new)) - begin and old[-1 - end] == new[-1 - end]:
        end += 1
    touched = range(begin + 1, len(old) - end + 1)  # the lines of the old text that are not there any more
    marks = places(text, pure=True)
    first = marks[pointer].key_line
    last = min(
        (
            place.key_line
            for where, place in marks.items()
            if place.key_line > first and where[: len(pointer)] != pointer
        ),
        default=len(old) + 1,
    )
    while first > 1 and not old[first - 2].split("#")[0].strip(" -"):  # the dash may stand above
        first -= 1
    if (
        move in ("put", "remove", "take", "rekey")
        and touched
        and not first - 1 <= touched[0] <= touched[-1] <= max(last, first)
    ):
        return f"{move} {pointer} touched lines {touched}, not only {first} to {last}: {text!r} -> {told!r}"
    if move in ("new", "append", "insert") and len(touched) > 1:
        return f"{move} {pointer} changed more than one line: {text!r} -> {told!r}"
    if lost and move != "remove":
        return f"{move} {pointer} lost comments {lost}: {text!r} -> {told!r}"
    return ""


def texts_alone(value: Any) -> bool:
    """Return whether no part of what was read is one that others would not read as text."""
    if isinstance(value, dict):
        return all(map(texts_alone, value.values()))
    if isinstance(value, list):
        return all(map(texts_alone, value))
    return not isinstance(value, Bare)
