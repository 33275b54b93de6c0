"""What an edit could touch: the records that it changes, and those about which a rule may then say something else.

Rules go through all records of a registry; after an edit of a few of them, most of that is the same as before. Those that
could differ are the changed records themselves, those that name one of them or are named by one, before or after; those
that share a name or a code with one; and those that name the same people.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kmics_cli.model import KINDS, Records, Registry, changed, mentioned
from kmics_cli.snapshot import Snapshot

MOST = 60
"""So many changed records are looked around in; beyond, everything is judged."""


@dataclass(frozen=True, slots=True)
class Around:
    """The ids of the records around an edit, by kind."""

    ids: Mapping[str, Collection[str]]

    def within(self, registry: Registry) -> Registry:
        """Return a registry of which only these are gone through, while all can be asked for."""
        values: dict[str, Any] = {}
        for kind in KINDS:
            records = registry.records(kind)
            assert isinstance(records, Records)
            values[kind] = records.only(self.ids[kind])
        return changed(registry, **values)

    def texts_of(self, snapshot: Snapshot, registry: Registry) -> Snapshot:
        """Return a snapshot with the texts of these, and of what cannot be read, alone."""
        paths = {"kmics.yaml"}
        for kind in KINDS:
            records = registry.records(kind)
            assert isinstance(records, Records)
            paths |= {records.path(id) for id in self.ids[kind] if id in records}
        paths |= {problem.source.path for problem in registry.broken.values()}
        texts = {path: text for path, text in snapshot.texts.items() if path in paths}
        return Snapshot(texts, snapshot.problems, snapshot.root)


def neighbourhood(before: Registry, after: Registry, paths: Collection[str]) -> Around | None:
    """Return what an edit of some files could touch; None where that may be anything."""
    sides = [_Side(registry) for registry in (before, after)]
    edited = {(path.partition("/")[0], path.rpartition("/")[2].removesuffix(".yaml")) for path in paths}
    if len(edited) > MOST or any(kind not in KINDS for kind, _ in edited):
        return None
    if any(registry.broken.keys() & edited for registry in (before, after)):
        return None
    found: dict[str, set[str]] = defaultdict(set)
    for kind, id in edited:
        found[kind].add(id)
    named = {word for side in sides for kind, id in edited for word in side.mentions(kind, id)}
    people = {word for word in named if any(word in side.registry.people for side in sides)}
    ids = {id for _, id in edited}
    for side in sides:
        for kind in KINDS:
            found[kind].update(word for word in named if word in side.records(kind))
            found[kind].update(side.naming(kind, ids | people))
            found[kind].update(side.sharing(kind, edited))
    found["requirements"].update(after.requirements, before.requirements)
    return Around({kind: frozenset(found[kind]) for kind in KINDS})


class _Side:
    """One of the two registries."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def records(self, kind: str) -> Records[Any]:
        """Return the records of a kind."""
        records = self.registry.records(kind)
        assert isinstance(records, Records)
        return records

    def mentions(self, kind: str, id: str) -> set[str]:
        """Return the ids that may be named in a record."""
        if id not in (records := self.records(kind)):
            return set()
        line = records.line(id)
        tab = line.find(b"\t")
        words = line[:tab] if tab >= 0 else mentioned(line)
        return {word.decode().partition("/")[0] for word in words.split()}

    def naming(self, kind: str, ids: Collection[str]) -> Iterator[str]:
        """Yield the ids of the records of a kind that may name one of these."""
        if ids:
            some = b"|".join(re.escape(id.encode()) for id in sorted(ids))
            yield from self.records(kind).holding(re.compile(b'"(?:' + some + b')(?=[/ "])'))

    def sharing(self, kind: str, edited: Collection[tuple[str, str]]) -> Iterator[str]:
        """Yield the ids of the records of a kind that have a name or a code in common with an edited one."""
        words = {
            word for own, id in edited if own == kind and id in self.records(kind) for word in self._names(own, id)
        }
        if words:
            some = b"|".join(re.escape(json.dumps(word, ensure_ascii=False).encode()) for word in sorted(words))
            yield from self.records(kind).holding(re.compile(some))

    def _names(self, kind: str, id: str) -> Iterator[str]:
        record = self.records(kind)[id]
        yield from record.former_ids
        for field in ("name", "title"):
            if text := getattr(record, field, ""):
                yield text
        for field, inner in (("names", "name"), ("identifiers", "code")):
            for part in getattr(record, field, ()):
                yield getattr(part, inner)
