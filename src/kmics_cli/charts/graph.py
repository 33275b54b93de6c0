"""What a chart is made of: boxes, links and the lines of its list, and how they become an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kmics_cli.dates import MONTHS
from kmics_cli.problems import UserError, visible
from kmics_cli.query import Answered
from kmics_cli.query.says import lower_first

MOST_ALT = 124
"""So many characters the alternative text may have (NHS digital service manual: under 125)."""
MOST_TITLE = 65
MOST_BOXES, MOST_LINKS = 300, 450
"""So many boxes and links a drawing may have. Mermaid refuses to draw more than 500 links; nobody could read more."""
_MOST_LABEL = 200


@dataclass(slots=True)
class Box:
    """A box: a generated id, what it is of, its name, what else stands in it, and whether it is drawn dashed."""

    id: str
    kind: str
    record: str | None
    name: str
    words: list[str]
    unsure: bool
    more: Mapping[str, object]


@dataclass(slots=True)
class Graph:
    """Boxes, links between them, and the list that says the same. Ids are given in the order in which boxes come."""

    boxes: dict[str, Box] = field(default_factory=dict)
    edges: list[Answered] = field(default_factory=list)
    lines: list[Answered] = field(default_factory=list)

    def box(
        self,
        key: str,
        kind: str,
        record: str | None,
        name: str,
        words: Iterable[str] = (),
        unsure: bool = False,
        **more: object,
    ) -> Box:
        """Return the box of `key`, made if it is not there yet."""
        found = self.boxes.get(key)
        if found is None:
            found = self.boxes[key] = Box(f"n{len(self.boxes) + 1}", kind, record, name, list(words), unsure, more)
        return found

    def link(self, one: Box, other: Box, words: Iterable[str] = (), unsure: bool = False, **more: object) -> None:
        """Add an arrow from one box to another; `words` stand at it."""
        self.edges.append(
            {"from_node": one.id, "to_node": other.id, "words": list(words), "unsure": unsure, **more}
        )

    def line(self, depth: int, text: str, sources: Iterable[Answered] = ()) -> None:
        """Add a line of the list, `depth` steps in."""
        self.lines.append({"depth": depth, "text": text, "sources": list(sources)})

    def answer(
        self, of: str, ref: str | None, name: str, when: str, says: str, summary: Mapping[str, object]
    ) -> Answered:
        """Return the answer: `name` is what the chart is of, `when` its days in words, `says` what it shows in figures."""
        what = {"structure": "Structure", "succession": "Succession", "seats": "Who sits where"}[of]
        return {
            "chart": of,
            "ref": ref,
            "name": name,
            "title": fitting([f"{what}: {name}, {when}", f"{what}: {name}", f"{what}, {when}"], MOST_TITLE),
            "alt": fitting(
                [
                    f"Chart of {name}: {what.lower()}, {when}. A list says the same.",
                    f"Chart of {name}: {what.lower()}. A list says the same.",
                    f"Chart: {what.lower()}, {when}. A list says the same.",
                ],
                MOST_ALT,
            ),
            "says": says,
            "summary": dict(summary),
            "nodes": [
                {
                    "id": box.id,
                    "kind": box.kind,
                    "record": box.record,
                    "name": box.name,
                    "words": box.words,
                    "unsure": box.unsure,
                    **box.more,
                }
                for box in self.boxes.values()
            ],
            "edges": self.edges,
            "list": self.lines,
        }


def fitting(tries: Sequence[str], most: int) -> str:
    """Return the first of `tries` that has at most `most` characters, made visible and on one line; the last fits."""
    flat = [" ".join(visible(one).split()) for one in tries if len(one) <= most * 10]
    return next((one for one in flat if len(one) <= most), flat[-1] if flat else tries[-1])


def inside(words: str) -> str:
    """Return words that stood at the beginning of a line so that they can stand within one; a month keeps its capital."""
    return words if words.split(" ", 1)[0] in MONTHS else lower_first(words)


def label(text: str) -> str:
    """Return a text as it stands in a drawing: on one line, made visible, and cut where nobody would read on."""
    flat = " ".join(visible(text[: _MOST_LABEL * 4]).split())
    return flat if len(flat) <= _MOST_LABEL else f"{flat[: _MOST_LABEL - 1]}…"


def refuse_large(answer: Answered) -> None:
    """Raise `UserError` (2) for a chart that has more boxes or links than can be drawn and read."""
    if too_large(answer):
        raise UserError(
            f"A drawing of {len(answer['nodes'])} boxes and {len(answer['edges'])} links could not be read.",
            "Chart one body, or take the list: --format table, md or json.",
        )


def too_large(answer: Answered) -> bool:
    """Return whether a chart has more boxes or links than can be drawn and read."""
    return len(answer["nodes"]) > MOST_BOXES or len(answer["edges"]) > MOST_LINKS
