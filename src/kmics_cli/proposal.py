"""An edit before it is made: what it would newly break, what it says in words, and what it changes line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from kmics_cli.diff import Change, Side, changes
from kmics_cli.load import again
from kmics_cli.model import KINDS, Records, Registry
from kmics_cli.model import changed as with_fields
from kmics_cli.problems import Problem, visible
from kmics_cli.rules import newly
from kmics_cli.shape import Shapes
from kmics_cli.snapshot import Snapshot
from kmics_cli.snapshot.journal import Rewrite

MOST_LINES = 400
"""So many lines of a unified diff are shown."""
Loaded = tuple[Registry, list[Problem]]


@dataclass(frozen=True)
class Proposal:
    """The files as they would be: `problems` has what is newly wrong with them, `after` the registry that they make."""

    before: Snapshot
    then: Loaded
    after: Snapshot
    now: Loaded
    rewrites: tuple[Rewrite, ...]
    problems: tuple[Problem, ...]
    day: date | None

    @property
    def refused(self) -> bool:
        """Whether the edit would newly break the record."""
        return any(problem.severity == "error" for problem in self.problems)

    @cached_property
    def changes(self) -> list[Change]:
        """What the edit says, as `diff` tells it."""
        paths = {one.path for one in self.rewrites}
        old, new = (
            Side(_some(registry, paths), registry, judged=frozenset(paths)) for registry, _ in (self.then, self.now)
        )
        return changes(old, new, self.day)

    @cached_property
    def unified(self) -> str:
        """What it changes, line by line, as `diff -u` tells it; no more than `MOST_LINES` lines."""
        lines = list(self._lines())
        more = len(lines) - MOST_LINES
        return "\n".join([*lines[:MOST_LINES], *([f"… and {more} more lines"] if more > 0 else []), ""])

    def _lines(self) -> Iterator[str]:
        from difflib import unified_diff

        for one in self.rewrites:
            old, new = ((text or b"").decode("utf-8", "replace").splitlines() for text in (one.before, one.after))
            names = (
                one.path if one.before is not None else "/dev/null",
                one.path if one.after is not None else "/dev/null",
            )
            yield from map(visible, unified_diff(old, new, *names, lineterm="", n=1))


def propose(
    before: Snapshot, then: Loaded, texts: Mapping[str, bytes | None], shapes: Shapes, today: date, day: date | None
) -> Proposal:
    """Return what the edit would be that gives files these texts (None: takes them away).

    `then` is what `load` made of the snapshot `before`; `day` is that of the record before (of its last commit), by which
    `diff` tells what is recorded late.
    """
    changed = {path: text for path, text in texts.items() if before.texts.get(path) != text}
    made = {path: text for path, text in {**before.texts, **changed}.items() if text is not None}
    snapshot = Snapshot({path: made[path] for path in sorted(made)}, before.problems, before.root)
    now = again(then, before.texts, snapshot.texts, shapes, before.problems)
    found = newly((before, then), (snapshot, now), changed.keys(), today).problems if changed else ()
    rewrites = tuple(Rewrite(path, before.texts.get(path), changed[path]) for path in sorted(changed))
    return Proposal(before, then, snapshot, now, rewrites, tuple(found), day)


def _some(registry: Registry, paths: set[str]) -> Registry:
    """Return a registry of the records in some files alone."""
    kept: dict[str, Any] = {}
    for kind in KINDS:
        records = registry.records(kind)
        assert isinstance(records, Records)
        kept[kind] = records.alone(
            {path.rpartition("/")[2].removesuffix(".yaml") for path in paths if path.startswith(kind)}
        )
    return with_fields(registry, **kept)
