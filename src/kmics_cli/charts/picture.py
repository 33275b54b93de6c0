"""A chart as SVG: text stays text, only black and grey lines, nothing from elsewhere, the same bytes for the same answer.

The engine says where boxes and arrows go; everything that is seen is written here. What nothing is tied to stands below,
in rows. The title names the drawing, a first description is its alternative text, and a second one is the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape
from math import hypot

from kmics_cli.charts.engine import Arrow, Engine, Layout, Size, Tie
from kmics_cli.charts.graph import label, refuse_large
from kmics_cli.charts.lettering import width, wrapped
from kmics_cli.problems import visible
from kmics_cli.query import Answered

_NAME, _WORDS, _TIE, _TITLE = 14.0, 12.0, 12.0, 20.0  # sizes of letters
_NAME_LINE, _WORDS_LINE, _TIE_LINE = 18.0, 16.0, 14.4
_MOST, _LEAST, _MOST_TIE = 240.0, 90.0, 130.0  # widths of text in a box, of a box, of text at an arrow
_PAD, _MARGIN, _GAP, _PART = 10.0, 24.0, 16.0, 28.0
_FULL = 1100.0  # how wide the rows of single boxes may be
_FONT = "Arial, 'Helvetica Neue', Helvetica, 'DejaVu Sans', 'Noto Sans', sans-serif"
_ALONE = "Nothing is recorded above or below these"


@dataclass(frozen=True, slots=True)
class _Card:
    """A box as it is drawn: its lines of text, and its size."""

    name: tuple[str, ...]
    words: tuple[str, ...]
    unsure: bool
    size: Size


def drawn(answer: Answered) -> str:
    """Return a chart as SVG. Raises `UserError`: (3) without the extra that draws, (2) for a chart too large to draw."""
    refuse_large(answer)
    engine = Engine()
    cards = {node["id"]: _card(node) for node in answer["nodes"]}
    parts, alone = _parts(answer)
    body: list[str] = []
    across, down = 0.0, 0.0
    for part, edges in parts:
        ties = [
            wrapped(label(", ".join(edge["words"])), _TIE, _MOST_TIE) if edge["words"] else [] for edge in edges
        ]
        place = {id: index for index, id in enumerate(part)}
        widest = max(cards[id].size.width for id in part)
        even = [replace(cards[id], size=Size(widest, cards[id].size.height)) for id in part]
        found = engine.lay_out(
            [card.size for card in even],
            [
                Tie(
                    place[edge["from_node"]],
                    place[edge["to_node"]],
                    _tie_size(lines) if lines else None,
                    edge.get("tie")
                    == "carried-by",  # posts elsewhere stand on the right, as the seats they carry do
                )
                for edge, lines in zip(edges, ties, strict=True)
            ],
        )
        body.extend(_placed(found, even, edges, ties, down))
        across, down = max(across, found.size.width), down + found.size.height + _PART
    rows, (wide, down) = _rows([cards[id] for id in alone], max(across, _FULL), down, bool(parts))
    return _whole(answer, [*body, *rows], max(across, wide), down)


def _card(node: Answered) -> _Card:
    name = wrapped(label(node["name"]), _NAME, _MOST)
    words = [line for one in node["words"] for line in wrapped(label(one), _WORDS, _MOST)]
    widest = max(*(width(line, _NAME) for line in name), *(width(line, _WORDS) for line in words), _LEAST)
    high = len(name) * _NAME_LINE + len(words) * _WORDS_LINE
    return _Card(tuple(name), tuple(words), node["unsure"], Size(round(widest + 2 * _PAD, 1), round(high + 14, 1)))


def _points_back(edge: Answered) -> bool:
    """Return whether an arrow points to the left: posts elsewhere stand on the right, as the seats elsewhere do."""
    return bool(edge.get("tie") == "carried-by")


def _tie_size(lines: Sequence[str]) -> Size:
    return Size(max(width(line, _TIE) for line in lines) + 8, len(lines) * _TIE_LINE)


def _parts(answer: Answered) -> tuple[list[tuple[list[str], list[Answered]]], list[str]]:
    """Return the boxes that hang together, part by part in order, each with its arrows; and those that hang with none."""
    above: dict[str, str] = {node["id"]: node["id"] for node in answer["nodes"]}

    def top(id: str) -> str:
        while above[id] != id:
            above[id] = above[above[id]]
            id = above[id]
        return id

    for edge in answer["edges"]:
        above[top(edge["to_node"])] = top(edge["from_node"])
    members: dict[str, list[str]] = {}
    for node in answer["nodes"]:
        members.setdefault(top(node["id"]), []).append(node["id"])
    ties: dict[str, list[Answered]] = {}
    for edge in answer["edges"]:
        ties.setdefault(top(edge["from_node"]), []).append(edge)
    parts = [(some, ties[root]) for root, some in members.items() if root in ties]
    return parts, [some[0] for root, some in members.items() if root not in ties]


def _placed(
    found: Layout, cards: Sequence[_Card], edges: Sequence[Answered], ties: Sequence[Sequence[str]], down: float
) -> Iterator[str]:
    """Yield a part of the drawing: arrows first, so that boxes and words lie upon them."""
    for arrow, edge in zip(found.arrows, edges, strict=True):
        yield from _line(arrow, edge["unsure"], _points_back(edge), down)
    for (x, y), card in zip(found.boxes, cards, strict=True):
        yield from _box(card, x - card.size.width / 2, y - card.size.height / 2 + down)
    for arrow, lines in zip(found.arrows, ties, strict=True):
        if arrow.label and lines:
            x, y = arrow.label
            size = _tie_size(lines)
            top = y + down - size.height / 2
            yield from _text(lines, x, top, _TIE, _TIE_LINE, tie=True)


def _line(arrow: Arrow, unsure: bool, back: bool, down: float) -> Iterator[str]:
    """Yield an arrow: its curves, dashed where unsure, and its head, which is at the first curve of one that points back."""
    dashes = ' stroke-dasharray="5 4"' if unsure else ""
    for curve in arrow.curves:
        start = f"M{_n(curve[0][0])},{_n(curve[0][1] + down)}"
        steps = " ".join(f"{_n(x)},{_n(y + down)}" for x, y in curve[1:])
        yield f'<path d="{start} C{steps}" fill="none" stroke="#555" stroke-width="1.2"{dashes}/>'
    if arrow.tip is None or not arrow.curves:
        return
    (x, y), (tip_x, tip_y) = arrow.curves[0 if back else -1][-1], arrow.tip
    long = hypot(tip_x - x, tip_y - y) or 1.0
    side_x, side_y = -(tip_y - y) / long * 4, (tip_x - x) / long * 4
    head = [(tip_x, tip_y), (x + side_x, y + side_y), (x - side_x, y - side_y)]
    yield f'<polygon points="{" ".join(f"{_n(x)},{_n(y + down)}" for x, y in head)}" fill="#555"/>'


def _box(card: _Card, x: float, y: float) -> Iterator[str]:
    dashes = ' stroke-dasharray="5 4"' if card.unsure else ""
    yield (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(card.size.width)}" height="{_n(card.size.height)}" fill="#fff" '
        f'stroke="#000" stroke-width="1.2"{dashes}/>'
    )
    yield from _text(card.name, x + _PAD, y + 7, _NAME, _NAME_LINE)
    yield from _text(card.words, x + _PAD, y + 7 + len(card.name) * _NAME_LINE, _WORDS, _WORDS_LINE)


def _text(
    lines: Iterable[str], x: float, top: float, size: float, line: float, *, tie: bool = False
) -> Iterator[str]:
    """Yield lines of text; what stands at an arrow is centred, with a white edge that parts it from lines beneath."""
    where = ' text-anchor="middle" stroke="#fff" stroke-width="4" paint-order="stroke"' if tie else ""
    spans = "".join(
        f'<tspan x="{_n(x)}" y="{_n(top + (index + 1) * line - line * 0.28)}">{_e(text)} </tspan>'
        for index, text in enumerate(lines)
    )
    if spans:
        yield f'<text font-size="{_n(size)}"{where}>{spans}</text>'


def _rows(cards: Sequence[_Card], most: float, down: float, others: bool) -> tuple[list[str], tuple[float, float]]:
    """Return the boxes that no arrow leads to or from, in columns from left to right, and how far they reach."""
    if not cards:
        return [], (0.0, down)
    out = list(_text([_ALONE], 0, down, _NAME, _NAME_LINE)) if others or len(cards) > 1 else []
    down += 30 if out else 0
    column = max(card.size.width for card in cards) + _GAP
    count = max(1, min(len(cards), int((most + _GAP) // column)))
    for start in range(0, len(cards), count):
        row = cards[start : start + count]
        for index, card in enumerate(row):
            out.extend(_box(card, index * column, down))
        down += max(card.size.height for card in row) + _GAP
    return out, (max(count * column - _GAP, width(_ALONE, _NAME)), down)


def _whole(answer: Answered, body: Iterable[str], across: float, down: float) -> str:
    """Return the drawing with its heading, its title and its descriptions."""
    across = max(across, 480.0)
    heading = wrapped(label(answer["title"]), _TITLE, across)
    says = wrapped(" ".join(visible(answer["says"]).split()), _NAME, across)
    high = len(heading) * 26 + len(says) * _NAME_LINE + 20
    wide, tall = _n(across + 2 * _MARGIN), _n(high + down + 2 * _MARGIN)
    known = sha256(json.dumps([answer["title"], answer["nodes"], answer["edges"]], sort_keys=True).encode())
    id = f"kmics-{known.hexdigest()[:12]}"
    lines = "\n".join(f"{'  ' * one['depth']}- {_e(one['text'])}" for one in answer["list"])
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" lang="en-GB" xml:lang="en-GB" role="img" '
            f'aria-labelledby="{id}-title {id}-alt" aria-describedby="{id}-list" width="{wide}" height="{tall}" '
            f'viewBox="0 0 {wide} {tall}" font-family="{_FONT}" fill="#000">',
            f'<title id="{id}-title">{_e(answer["title"])}</title>',
            f'<desc id="{id}-alt">{_e(answer["alt"])}</desc>',
            f'<desc id="{id}-list">{_e(answer["says"])}\n{lines}</desc>',
            f'<rect width="{wide}" height="{tall}" fill="#fff"/>',
            f'<g transform="translate({_n(_MARGIN)} {_n(_MARGIN)})">',
            *_text(heading, 0, 0, _TITLE, 26),
            *_text(says, 0, len(heading) * 26 + 2, _NAME, _NAME_LINE),
            f'<g transform="translate(0 {_n(high)})">',
            *body,
            "</g>",
            "</g>",
            "</svg>",
            "",
        ]
    )


def _n(number: float) -> str:
    """Return a number as short as it can be, with one digit after the point at most."""
    text = f"{number:.1f}"
    return (text.removesuffix(".0") if text != "-0.0" else "0") or "0"


def _e(text: str) -> str:
    """Return a text for an element of XML, with nothing in it that XML does not allow."""
    return escape(visible(text), quote=True)
