"""What a duty asks, in the words of the vocabulary: as it stands in the file, without what is left out."""

from __future__ import annotations

from dataclasses import fields

from kmics_cli.model import Part
from kmics_cli.query.parts import Answered


def asks(requires: Part) -> Answered:
    """Return what a duty requires: `{word: what it asks}`, as `docs/registry.md` (Requirements) writes it."""
    found: Answered = {}
    for one in fields(requires):
        value = getattr(requires, one.name)
        left_out = value is None or value == () or (value is False and one.default is False)
        if left_out or one.name == "source":
            continue
        told = asks(value) if isinstance(value, Part) else list(value) if isinstance(value, tuple) else value
        found[one.name.rstrip("_")] = told
    return found
