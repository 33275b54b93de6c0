"""From texts to a registry: `{path: bytes}` in, `(Registry, [Problem])` out. Bad data never raises.

A record that cannot be read or does not fit is kept apart in `Registry.broken`, with its first problem,
and hides no other. The registry reads no files, no clock and no settings but its own `kmics.yaml`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from kmics_cli import __version__, yamltext
from kmics_cli.memo import Known
from kmics_cli.model import (
    KINDS,
    NOT_NAMED,
    Body,
    Document,
    Person,
    Priorities,
    Records,
    Registry,
    Requirements,
    Settings,
    build,
    mentioned,
)
from kmics_cli.problems import Problem, Source
from kmics_cli.shape import Shapes

SETTINGS = "kmics.yaml"
_READING = ("dates.py", "load.py", "memo.py", "model.py", "problems.py", "shape.py", "yamltext.py")
"""The code that decides what is read in a text."""
_CLASSES: dict[str, type[Any]] = {
    "bodies": Body,
    "people": Person,
    "priorities": Priorities,
    "documents": Document,
    "requirements": Requirements,
}


def load(
    texts: Mapping[str, bytes],
    shapes: Shapes,
    unread: Iterable[Problem] = (),
    memo: Known | None = None,
) -> tuple[Registry, list[Problem]]:
    """Return the registry that the texts make, and all that is wrong with their form.

    `texts` maps paths from the registry's root (`bodies/some-board.yaml`) to bytes; `unread` has the problems
    of the files that could not be read at all, whose records are known, but broken. Each file is read and
    held against the schema by itself; the rules that look across files are in `rules`. What `memo`
    knows is not read again; the sound texts that it does not know are added to it.
    """
    problems: list[Problem] = []
    found: dict[str, dict[str, tuple[str, bytes]]] = {kind: {} for kind in KINDS}
    broken: dict[tuple[str, str], Problem] = {}
    settings = _settings(texts, shapes, problems, memo)
    first: dict[str, str] = {}
    for path, data in texts.items():
        kind, _, name = path.partition("/")
        if kind not in found or not name:
            continue
        id = name.rpartition("/")[2].removesuffix(".yaml")
        other = first.setdefault(id, path)
        if other is not path:
            twice = _twice(id, path, other)
            problems.append(twice)
            if id in found[kind] or (kind, id) in broken:  # which of the two is meant cannot be told
                found[kind].pop(id, None)
                broken[kind, id] = twice
                continue
        line = memo.line(kind, data) if memo else None
        wrong: list[Problem] = []
        if line is None:
            line, wrong = _line(data, kind, path, shapes, memo)
        if id == NOT_NAMED and kind == "people":
            message, help = (
                f"'{NOT_NAMED}' stands for somebody who is not named.",
                "Give the file the person's name.",
            )
            wrong = [Problem("reserved-id", "error", Source(path), message, help), *wrong]
        if wrong:
            problems.extend(wrong)
            if fatal := next((problem for problem in wrong if problem.rule != "yaml-quote"), None):
                broken[kind, id] = fatal
                continue
        found[kind][id] = path, line
    for problem in unread:
        kind, _, name = problem.source.path.partition("/")
        id = name.rpartition("/")[2].removesuffix(".yaml")
        if problem.severity == "error" and name.endswith(".yaml") and id not in found.get(kind, {id}):
            broken.setdefault((kind, id), problem)
    records: dict[str, Any] = {kind: Records(_CLASSES[kind], found[kind]) for kind in KINDS}
    return Registry(source=Source(""), settings=settings, broken=broken, **records), problems


class _Loaded:
    """The lines of a registry that has been loaded, by the very texts that they were made of."""

    def __init__(self, registry: Registry, problems: Iterable[Problem], texts: Mapping[str, bytes]) -> None:
        told = {problem.source.path for problem in problems}
        self._lines: dict[int, bytes] = {}
        for kind in KINDS:
            records = registry.records(kind)
            if isinstance(records, Records):
                for id in records:
                    path = records.path(id)
                    if path not in told and path in texts:
                        self._lines[id_of(texts[path])] = records.line(id)

    def line(self, kind: str, data: bytes) -> bytes | None:  # noqa: ARG002  # one text is of one kind
        return self._lines.get(id_of(data))

    def add(self, kind: str, data: bytes, line: bytes) -> None:
        """Nothing is kept: this serves once."""


id_of = id
"""Which object something is: `id` stands for a record's id here."""


def again(
    loaded: tuple[Registry, list[Problem]],
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    shapes: Shapes,
    unread: Iterable[Problem] = (),
) -> tuple[Registry, list[Problem]]:
    """Return what `load` gives for the texts `after`, most of which are the very objects that are in `before`.

    `loaded` is what it gave for those: what it found sound in them is not read again.
    """
    return load(after, shapes, unread, _Loaded(*loaded, before))


def _twice(id: str, path: str, other: str) -> Problem:
    message, help = f"The id '{id}' is used twice: here and in {other}.", "Give one of the two files another name."
    return Problem("duplicate-id", "error", Source(path), message, help, related=(Source(other),))


def lazily(texts: Mapping[str, bytes], shapes: Shapes) -> Registry:
    """Return the registry that the texts make, each read only when its record is asked for.

    For questions to few of many records. A record that cannot be used is as one that is not there, and is in `broken`
    once it has been asked for.
    """
    broken: dict[tuple[str, str], Problem] = {}
    settings = _settings(texts, shapes, [], None)
    records: dict[str, Any] = {kind: Records(_CLASSES[kind], _Lines(kind, texts, shapes, broken)) for kind in KINDS}
    return Registry(source=Source(""), settings=settings, broken=broken, **records)


@runtime_checkable
class Foldered(Protocol):
    """Texts that know which of them lie in a folder without looking at all of them."""

    def under(self, folder: str) -> Iterator[str]:
        """Yield the paths in one of the folders of the registry."""


class _Lines(Mapping[str, tuple[str, bytes]]):
    """The path and the line of each record of a kind by its id, made when they are asked for."""

    def __init__(
        self, kind: str, texts: Mapping[str, bytes], shapes: Shapes, broken: dict[tuple[str, str], Problem]
    ) -> None:
        self._kind = kind
        self._texts = texts
        self._shapes = shapes
        self._broken = broken
        self._made: dict[str, tuple[str, bytes]] = {}

    @cached_property
    def _paths(self) -> dict[str, str]:
        paths: dict[str, str] = {}
        for path in self._texts.under(self._kind) if isinstance(self._texts, Foldered) else self._texts:
            kind, _, name = path.partition("/")
            if kind == self._kind:
                id = name.rpartition("/")[2].removesuffix(".yaml")
                if id in paths:
                    self._broken[kind, id] = _twice(id, path, paths[id])
                paths[id] = path
        return {id: path for id, path in paths.items() if (self._kind, id) not in self._broken}

    def __getitem__(self, id: str) -> tuple[str, bytes]:
        if id not in self._made:
            path = f"{self._kind}/{id}.yaml"  # where most are, so that no folder need be listed
            if path not in self._texts or id == NOT_NAMED:
                path = self._paths[id]
            line, wrong = _line(self._texts[path], self._kind, path, self._shapes, None)
            self._made[id] = path, line
            if not line:
                self._broken[self._kind, id] = wrong[0]
        if not self._made[id][1]:
            raise KeyError(id)
        return self._made[id]

    def __contains__(self, id: object) -> bool:
        return id in self._paths

    def __iter__(self) -> Iterator[str]:
        return (id for id in self._paths if self.get(id))

    def __len__(self) -> int:
        return len(self._paths)


def read_file(data: bytes, kind: str, source: Source, shapes: Shapes) -> tuple[Any, list[Problem]]:
    """Return the typed data of one file of `kind`, and what is wrong with it."""
    try:
        plain = yamltext.read(yamltext.decode(data))
    except yamltext.YamlError as error:
        problem = Problem(error.rule, "error", source, error.message, error.help, error.line, error.column)
        return None, [problem]
    return shapes.fit(kind, plain, source)


def _line(data: bytes, kind: str, path: str, shapes: Shapes, memo: Known | None) -> tuple[bytes, list[Problem]]:
    """Return one file's data as a line of `Records`, and what is wrong with it; no line where it cannot be used."""
    if memo and (line := memo.line(kind, data)):
        return line, []
    value, wrong = read_file(data, kind.removesuffix(".yaml"), Source(path), shapes)
    if any(problem.rule != "yaml-quote" for problem in wrong):
        return b"", wrong
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if memo and not wrong:
        line = b"%b\t%b" % (mentioned(line), line)
        memo.add(kind, data, line)
    return line, wrong


def _settings(texts: Mapping[str, bytes], shapes: Shapes, problems: list[Problem], memo: Known | None) -> Settings:
    source = Source(SETTINGS)
    if SETTINGS in texts:
        line, wrong = _line(texts[SETTINGS], SETTINGS, SETTINGS, shapes, memo)
        problems.extend(wrong)
        if line:
            return build(Settings, json.loads(line[line.find(b"\t") + 1 :]), source)
    return build(
        Settings, {"name": "A registry without a readable kmics.yaml", "model": "1", "kinds": {}}, Source("")
    )


def stamp(schema: Path) -> str | None:
    """Return a digest of all that decides how a text is read: the tool, the schema, the code and its libraries.

    None where that cannot be told. Two runs with the same stamp read the same text alike.
    """
    from hashlib import sha256

    here = Path(__file__).parent
    made = sha256(f"{__version__} {sys.version}".encode())
    try:
        for file in (*(here / name for name in _READING), *sorted(schema.glob("*.json")), *yamltext.parser_files()):
            text = file.read_bytes()
            made.update(f"{file.name} {len(text)} ".encode() + text)
    except OSError:
        return None
    return made.hexdigest()
