"""An edit before it is made: what it would newly break, what it says in words, and what it changes line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

        for left, right in _pairs(self.rewrites):
            old = ((left.before if left else None) or b"").decode("utf-8", "replace").splitlines()
            new = ((right.after if right else None) or b"").decode("utf-8", "replace").splitlines()
            names = (left.path if left else "/dev/null", right.path if right else "/dev/null")
            lines = list(unified_diff(old, new, *names, lineterm="", n=1))
            yield from map(visible, lines or [f"--- {names[0]}", f"+++ {names[1]}"])


def _pairs(rewrites: Sequence[Rewrite]) -> Iterator[tuple[Rewrite | None, Rewrite | None]]:
    """Yield each file as it was and as it is to be; one that is moved beside where it went: most of its lines are there."""
    gone = [one for one in rewrites if one.after is None]
    come = [one for one in rewrites if one.before is None]
    moved: dict[str, Rewrite] = {}
    for one in gone[:_MOST_MOVED]:
        lines = set((one.before or b"").splitlines())
        for other in come[:_MOST_MOVED]:
            both = lines & set((other.after or b"").splitlines())
            if 2 * len(both) > len(lines) and other.path not in {there.path for there in moved.values()}:
                moved[one.path] = other
                break
    new = {other.path for other in moved.values()}
    for one in rewrites:
        if one.path in moved:
            yield one, moved[one.path]
        elif one.path not in new:
            yield one if one.before is not None else None, one if one.after is not None else None


_MOST_MOVED = 20


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
