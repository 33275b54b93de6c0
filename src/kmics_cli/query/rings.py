"""Rings: things that lead to one another, as posts that carry one another or bodies that are each other's parent.

Found in one pass, however long a row of them is (Tarjan 1972), so that no order of asking changes an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def rings(starts: Iterable[str], onward: Callable[[str], Iterable[str]]) -> dict[str, int]:
    """Return the number of the ring that each thing is in; one that nothing leads back to is a ring by itself.

    `onward` gives what a thing leads to. The things stand in an order in which each comes after all that it
    leads to, but for those of its own ring.
    """
    found: dict[str, int] = {}
    reached: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    path: list[tuple[str, Iterator[str]]] = []

    def enter(one: str) -> None:
        reached[one] = lowest[one] = len(reached)
        waiting.append(one)
        path.append((one, iter(onward(one))))

    for start in starts:
        if start not in reached:
            enter(start)
        while path:
            one, ahead = path[-1]
            for other in ahead:
                if other not in reached:
                    enter(other)
                    break
                if other not in found:
                    lowest[one] = min(lowest[one], reached[other])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[one])
                if lowest[one] == reached[one]:
                    number = len(found)
                    while one not in found:
                        found[waiting.pop()] = number
    return found
