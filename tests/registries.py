"""Small registries written as text, for tests: files after lines `--- path`, guilty lines marked `# <- rule-name`."""

from __future__ import annotations

import re
from datetime import date

from bless import TOP
from kmics_cli.load import load
from kmics_cli.model import Registry
from kmics_cli.problems import Problem
from kmics_cli.shape import SCHEMA_OF, Shapes
from kmics_cli.snapshot import Snapshot

SHAPES = Shapes(TOP / "schema")
TODAY = date(2026, 11, 21)

BASE = """
--- kmics.yaml
name: Test
model: "1"
kinds:
  board: board
  trust: trust
  committee: committee
identifier_schemes:
  code: a code
--- documents/paper.yaml
title: A paper
kind: paper
speaks_of: 2026-06-01
read: 2026-06-30
public: true
extent: {lines: 100}
--- people/ann-other.yaml
name: Ann Other
--- people/bo-other.yaml
name: Bo Other
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2020-01-01
sources: [paper line 1]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ann-other
      from: 2020-01-01
      sources: [paper line 1]
  member:
    title: Member
    member_type: member
    seats: 3
    appointments:
    - person: bo-other
      from: 2020-01-01
      sources: [paper line 1]
"""
"""A sound registry, over which the examples in the rules' manual pages are laid."""


def laid(text: str, base: str = BASE) -> tuple[Snapshot, Snapshot | None]:
    """Return the registry that `text` makes, laid over `base`; and what it was before, if it says so.

    `--- path` puts the line for editors first, `--- path as it is` does not, `--- path before` is the file as it was
    before, and an empty file is one that is not there.
    """
    now = _files(base, "") | _files(text, "") | _files(text, "as it is")
    then = _files(text, "before")
    return _snapshot(now), _snapshot({**now, **then}) if then else None


def _files(text: str, wanted: str) -> dict[str, str]:
    files = {}
    for part in re.split(r"^--- ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        path, _, how = head.partition(" ")
        if how == wanted:
            kind = SCHEMA_OF["kmics" if path == "kmics.yaml" else path.partition("/")[0]]
            line = f"# yaml-language-server: $schema={'../' * (path.count('/') + 1)}schema/{kind}.json\n"
            files[path] = body if how == "as it is" or not body.strip() else line + body
    return files


def _snapshot(files: dict[str, str]) -> Snapshot:
    return Snapshot({path: body.encode() for path, body in sorted(files.items()) if body.strip()}, (), None)


def loaded(snapshot: Snapshot) -> tuple[Registry, list[Problem]]:
    return load(snapshot.texts, SHAPES)


def marked(snapshot: Snapshot) -> set[tuple[str, int, str]]:
    """Return the guilty lines that a registry marks: path, line and rule."""
    return {
        (path, number, rule)
        for path, data in snapshot.texts.items()
        for number, line in enumerate(data.decode().split("\n"), 1)
        for rule in re.findall(r"# <- ([a-z-]+)", line)
    }
