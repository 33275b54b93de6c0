"""Figures of one record on the same matter and time that differ: a disagreement of sources by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmics_cli.dates import UNKNOWN, Date
from kmics_cli.model import Figure, Registry
from kmics_cli.query.evidence import as_of, spoken_of

_MOST = 40  # figures on one matter in one stretch of time: no record has as many, and each is held against each


@dataclass(frozen=True, slots=True)
class Differing:
    """Figures that cannot all be so. `sure`: two of them are of just the same time; else of times that overlap."""

    figures: tuple[Figure, ...]
    sure: bool


def differing(registry: Registry, figures: Sequence[Figure]) -> Iterator[Differing]:
    """Yield the figures of one record that are about the same and differ at one time.

    Only numbers are compared, and only those with the same unit and qualifier ("over 5" and "7" can both be so); what is
    planned is apart from what is. A figure is of its own day, or else of the days that its sources speak of.
    """
    matters: dict[tuple[object, ...], list[tuple[Date, Figure]]] = {}
    for figure in figures:
        when = figure.as_at or max(
            (found for one in figure.sources if (found := spoken_of(registry, one))), key=as_of, default=None
        )
        if when is not None and when.text != UNKNOWN and _numbers(figure):
            key = (figure.about.casefold(), figure.unit, figure.qualifier, bool(figure.planned))
            matters.setdefault(key, []).append((when, figure))
    for some in matters.values():
        for stretch in _stretches(some):
            yield from _judged(stretch)


def _numbers(figure: Figure) -> tuple[float, float] | None:
    if figure.value is not None:
        return figure.value, figure.value
    low, high = figure.low, figure.high
    return None if low is None or high is None else (low, high)


def _stretches(some: list[tuple[Date, Figure]]) -> Iterator[list[tuple[Date, Figure]]]:
    """Yield the figures whose times overlap, one with the next."""
    stretch: list[tuple[Date, Figure]] = []
    for when, figure in sorted(some, key=lambda one: (one[0].earliest, one[0].latest)):
        if stretch and when.earliest > max(one.latest for one, _ in stretch[-_MOST:]):
            yield stretch
            stretch = []
        stretch.append((when, figure))
    if stretch:
        yield stretch


def _judged(stretch: list[tuple[Date, Figure]]) -> Iterator[Differing]:
    apart: dict[int, Figure] = {}
    sure = False
    for index, (when, figure) in enumerate(stretch):
        for then, other in stretch[max(0, index - _MOST) : index]:
            if then.latest >= when.earliest and _differ(figure, other):
                apart.update({id(other): other, id(figure): figure})
                sure = sure or (then.earliest, then.latest) == (when.earliest, when.latest)
    if apart:
        yield Differing(tuple(apart.values()), sure)


def _differ(one: Figure, other: Figure) -> bool:
    first, second = _numbers(one), _numbers(other)
    return bool(first and second) and (first[1] < second[0] or second[1] < first[0])  # type: ignore[index]
