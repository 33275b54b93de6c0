"""The registry as it is to be: the new texts of an edit, made one proved move after the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kmics_cli.dates import Date, parse, shifted
from kmics_cli.edit import EditError, Value, append, fresh, put, rekey, remove
from kmics_cli.model import KINDS, Citation, Records, Registry
from kmics_cli.problems import Pointer, Source, UserError, shortened
from kmics_cli.shape import SCHEMA_OF, Shapes
from kmics_cli.yamltext import decode, read

Data = dict[str, Any]


class Draft:
    """New texts for some of the files of a registry. `said` is what else the edit does, `left` what it leaves to do."""

    def __init__(self, registry: Registry, texts: Mapping[str, bytes], shapes: Shapes, today: date) -> None:
        self.registry = registry
        self.shapes = shapes
        self.today = today
        self._texts = texts
        self.changed: dict[str, bytes | None] = {}
        self.said: list[str] = []
        self.left: list[str] = []
        self._read: tuple[bytes, Any] = b"", None

    def text(self, path: str) -> bytes:
        """Return a file's bytes as they are by now."""
        found = self.changed.get(path, self._texts.get(path))
        if found is None:
            raise UserError(f"There is no file {shortened(path)} any more.", "Do one thing after the other.")
        return found

    def plain(self, path: str) -> Any:
        """Return what a file says by now, every scalar as text."""
        text = self.text(path)
        if self._read[0] is not text:
            self._read = text, read(decode(text))
        return self._read[1]

    def put(self, at: Source, key: str | int, value: Value) -> None:
        """Put a value under a key of a group, or in place of an item. Raises `EditError`, with the file's path."""
        pointer = (*at.pointer, key)
        self._move(at.path, lambda data: put(data, pointer, value, self._keys(at)))

    def append(self, at: Source, key: str, value: Value) -> None:
        """Add an item to the list under a key of a group, made if need be."""
        pointer = (*at.pointer, key)
        self._move(at.path, lambda data: append(data, pointer, value, order=self._keys(at)))

    def remove(self, at: Source, comments: bool = False) -> None:
        """Take a part away: with its list or group, if it is the last in it."""
        pointer: Pointer = at.pointer
        while len(pointer) > 1 and self._alone(at.path, pointer):
            pointer = pointer[:-1]
        self._move(at.path, lambda data: remove(data, pointer, comments))

    def rekey(self, at: Source, key: str) -> None:
        """Give a part another key."""
        self._move(at.path, lambda data: rekey(data, at.pointer, key))

    def new(self, kind: str, id: str, data: Data, folder: str = "") -> Source:
        """Add a record; in the folder of its kind, or one below it. Raises `UserError` (2) if the id is taken or is none."""
        check_id(id)
        for other in KINDS:
            if id in self.registry.records(other) or (other, id) in self.registry.broken:
                raise UserError(f"There is already a record '{id}'.", "Choose another id with --id.")
        if folder and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*){0,4}", folder):
            raise UserError(
                f"'{shortened(folder)}' can be no folder of records.", "Give the name of a folder, such as north."
            )
        path = f"{kind}/{folder}/{id}.yaml" if folder else f"{kind}/{id}.yaml"
        keys = self.shapes.keys(kind, ())
        ordered = dict(sorted(data.items(), key=lambda item: keys.index(item[0]) if item[0] in keys else len(keys)))
        self.changed[path] = fresh(ordered, self._header(kind, path))
        return Source(path)

    def gone(self, path: str) -> None:
        """Take a file away."""
        self.changed[path] = None

    def moved(self, path: str, new: str) -> None:
        """Give a file another path."""
        text = self.text(path)
        self.changed[path], self.changed[new] = None, text

    def cite(self, at: Source, sources: Sequence[Value], key: str = "sources") -> None:
        """Add citations to a part that has them not yet."""
        for one in sources:
            self.append(at, key, one)

    def _move(self, path: str, move: Any) -> None:
        try:
            self.changed[path] = move(self.text(path))
        except EditError as error:
            raise EditError(f"{path}: {error.message}", error.help) from None

    def _keys(self, at: Source) -> Sequence[str]:
        return self.shapes.keys(at.path.partition("/")[0].removesuffix(".yaml"), at.pointer)

    def _alone(self, path: str, pointer: Pointer) -> bool:
        inside = self.plain(path)
        for step in pointer[:-1]:
            inside = inside[step]
        return len(inside) == 1

    def _header(self, kind: str, path: str) -> str:
        """Return the line that tells an editor which schema a file has, as `kmics.yaml` has it for itself."""
        first = self._texts.get("kmics.yaml", b"").partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r")
        found = re.fullmatch(r"(# yaml-language-server: \$schema=)(\S*?)registry\.json", first)
        return f"{found[1]}{'../' * path.count('/')}{found[2]}{SCHEMA_OF[kind]}.json" if found else ""


def check_id(id: str) -> None:
    """Raise `UserError` (2) if a text can be no id."""
    if not re.fullmatch(r"(?=[0-9-]*[a-z])[a-z0-9]+(-[a-z0-9]+)*", id) or len(id) > 100:
        help = "An id is made of small letters, digits and single hyphens. Give one with --id."
        raise UserError(f"'{shortened(id)}' can be no id." if id else "No id can be made of this name.", help)


_WRITTEN = str.maketrans(
    {
        "&": " and ",
        "'": "",
        "’": "",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
    }
)
"""Letters that have no accent to take off, and what stands for them in an id."""


def id_for(name: str) -> str:
    """Return the id that a name suggests: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_WRITTEN))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())[:100].strip("-")


def cited(text: str, shows: str = "") -> Value:
    """Return a citation as the files have it: one line, or a mapping where it is to say what the place shows."""
    if not shows:
        return text
    document, _, at = text.partition(" ")
    return {"document": document, **({"at": at} if at else {}), "shows": shows}


def as_cited(citation: Citation) -> Value:
    """Return a citation of the record as data."""
    found = {"document": citation.document, "at": citation.at, "shows": citation.shows, "quote": citation.quote}
    if citation.as_at:
        found["as_at"] = citation.as_at.text
    if not (citation.shows or citation.quote or citation.as_at):
        return f"{citation.document} {citation.at}" if citation.at else citation.document
    return {key: value for key, value in found.items() if value}


def day_before(when: str) -> str:
    """Return the date a day before another, as the files write it."""
    return shifted(parse(when), -1).text


def date_of(when: str) -> Date:
    """Return a date of a file's text."""
    return parse(when)


def records(registry: Registry, kind: str) -> Records[Any]:
    """Return the records of a kind, with the lines that they were made of."""
    found = registry.records(kind)
    assert isinstance(found, Records)
    return found
