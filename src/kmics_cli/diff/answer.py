"""The changes of the record as plain data: the JSON contract of `diff` and `history`, written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kmics_cli.diff.changes import Change
from kmics_cli.diff.judged import BREAKING, GROUPS
from kmics_cli.places import Places
from kmics_cli.problems import Source
from kmics_cli.query import Answered


def as_answer(some: Iterable[Change], old: Places | None = None, new: Places | None = None) -> list[Answered]:
    """Return changes as plain data; with lines and columns where the texts of a side are given, else with paths only."""
    return [
        {
            "change": one.change,
            "group": one.group,
            "level": one.level,
            "kind": one.kind,
            "id": one.id,
            "title": one.title,
            "under": one.under,
            "before": one.before,
            "after": one.after,
            "text": one.text,
            "fingerprint": one.fingerprint,
            "place_old": _place(one.place_old, old),
            "place_new": _place(one.place_new, new),
        }
        for one in some
    ]


def totals(some: Sequence[Change]) -> dict[str, int]:
    """Return how many changes there are of each sort of news, and how many of them are breaking."""
    count = Counter(one.group for one in some)
    return {**{group: count[group] for group in GROUPS}, "breaking": sum(one.level == BREAKING for one in some)}


def _place(source: Source | None, places: Places | None) -> Answered | None:
    if source is None:
        return None
    line, column = places.at(source) if places else (None, None)
    return {"path": source.path, "line": line, "column": column}
