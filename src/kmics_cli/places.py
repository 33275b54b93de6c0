"""Lines and columns of places in files, found by reading a file again: only for what is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kmics_cli.problems import Pointer, Problem, Source
from kmics_cli.snapshot import Snapshot
from kmics_cli.yamltext import Place, YamlError, decode, places


class Places:
    """Finds the line and column of places by reading a file again, once each, when one is first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._texts = snapshot.texts
        self._known: dict[str, Mapping[Pointer, Place]] = {}
        self._open: tuple[str, Sequence[bytes]] = "", ()

    def at(self, source: Source, on_key: bool = False) -> tuple[int, int]:
        """Return line and column of a place, each from 1; of something missing, where it should stand."""
        if source.path not in self._known:
            try:
                self._known[source.path] = places(decode(self._texts[source.path]))
            except (YamlError, KeyError):
                self._known[source.path] = {}
        known, pointer = self._known[source.path], source.pointer
        while pointer and pointer not in known:
            pointer, on_key = pointer[:-1], True
        place = known.get(pointer)
        if place is None:
            return 1, 1
        return (place.key_line, place.key_column) if on_key and pointer else (place.line, place.column)

    def of(self, problem: Problem) -> Problem:
        """Return the problem with its line and column."""
        if problem.line:
            return problem
        line, column = self.at(problem.source, problem.on_key)
        return replace(problem, line=line, column=column)

    def line(self, path: str, number: int) -> str:
        """Return the text of a line of a file, from 1; nothing if there is no such line or it is not text."""
        if path != self._open[0]:
            self._open = path, self._texts.get(path, b"").split(b"\n")
        lines = self._open[1]
        return lines[number - 1].rstrip(b"\r").decode("utf-8", "replace") if 0 < number <= len(lines) else ""
