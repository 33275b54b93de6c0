"""The changes of the record as plain data: the JSON contract of `diff` and `history`, written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kmics_cli.diff.changes import Change
from kmics_cli.diff.history import Thing, Told
from kmics_cli.diff.judged import BREAKING, GROUPS, LEVELS
from kmics_cli.places import Places
from kmics_cli.problems import Problem, Source
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
            "cited": None if one.cited is None else list(one.cited),
            "fingerprint": one.fingerprint,
            "place_old": _place(one.place_old, old),
            "place_new": _place(one.place_new, new),
        }
        for one in some
    ]


def compared(
    some: Sequence[Change],
    old: tuple[str, str | None],
    new: tuple[str | None, str | None],
    unread: Sequence[Sequence[Problem]],
    places: Sequence[Places | None],
) -> Answered:
    """Return the answer of `diff`: `old` and `new` are a commit and its day each, the rest is first of the old side, then of the new.

    `unread` has what could not be read.
    """
    both = [
        {"side": side, "path": one.source.path, "message": one.message}
        for side, problems in zip(("old", "new"), unread, strict=True)
        for one in problems
    ]
    return {
        "on": None,
        "old": old[0],
        "new": new[0],
        "old_day": old[1],
        "new_day": new[1],
        "totals": totals(some),
        "unread": both[:_MOST_UNREAD],
        "unread_more": max(0, len(both) - _MOST_UNREAD),
        "changes": as_answer(_most(some), *places),
        "omitted": max(0, len(some) - _MOST_TOLD),
    }


def told_through_time(thing: Thing, some: Sequence[Told], wording: bool) -> Answered:
    """Return the answer of `history`; with `wording`, edits of evidence and wording are listed, and else only counted."""
    return {
        "on": None,
        "of": {"kind": thing.kind, "id": thing.id, "name": thing.name},
        "commits": [
            {
                "rev": one.step.commit,
                "date": one.step.moment,
                "day": one.step.date,
                "author": one.step.author,
                "subject": one.step.subject,
                "wording": len(one.wording),
                "unread": [{"path": bad.source.path, "message": bad.message} for bad in one.unread],
                "changes": as_answer([*one.changes, *(one.wording if wording else ())]),
            }
            for one in some
        ],
    }


def totals(some: Sequence[Change]) -> dict[str, int]:
    """Return how many changes there are of each sort of news, and how many of them are breaking."""
    count = Counter(one.group for one in some)
    return {**{group: count[group] for group in GROUPS}, "breaking": sum(one.level == BREAKING for one in some)}


def _most(some: Sequence[Change]) -> Sequence[Change]:
    """Return as many changes as are told, those that ask most of a reader before others, in their order."""
    if len(some) <= _MOST_TOLD:
        return some
    ranked = sorted(range(len(some)), key=lambda at: LEVELS.index(some[at].level))
    return [some[at] for at in sorted(ranked[:_MOST_TOLD])]


_MOST_UNREAD = 20
_MOST_TOLD = 10_000


def _place(source: Source | None, places: Places | None) -> Answered | None:
    if source is None:
        return None
    line, column = places.at(source) if places else (None, None)
    return {"path": source.path, "line": line, "column": column}
