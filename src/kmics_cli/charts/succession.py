"""Succession: the bodies that came before a body and after it, with how and when each step was made."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.charts.graph import Box, Graph, inside
from kmics_cli.dates import Answer, lasts, span_in_words
from kmics_cli.events import line_of
from kmics_cli.model import Body, Succession
from kmics_cli.query import Answered, Asked
from kmics_cli.query.parts import text
from kmics_cli.reports.frame import number
from kmics_cli.views.pages.words import asked_on, day, period, spaced, upper

_KINDS = {"transfer": "transfer of functions"}


def succession(asked: Asked, ref: str | None) -> Answered:
    """Return the chart of the line of the body `ref`, or of all bodies that succeed one another.

    A transfer of functions is shown and not followed further. Of a time only the steps that may lie in it are told; of a
    day all, as the line does not end with the day.
    """
    bodies, graph = asked.registry.bodies, Graph()
    found = line_of(asked, ref) if ref else [body.id for body in bodies.values() if body.succeeds]
    if ref:
        _box(asked, graph, ref)
    steps: dict[tuple[str, int], Succession] = {}
    for body, index, step in _steps(asked, found):
        steps[(body.id, index)] = step
        later = _box(asked, graph, body.id)
        for one in dict.fromkeys(step.of):
            if one != body.id:
                _link(asked, graph, _box(asked, graph, one), later, step)
    _listed(graph)
    name = asked.body_name(ref) if ref else asked.registry.settings.name
    when = asked_on(asked.span)
    summary = {
        "bodies": len(graph.boxes),
        "steps": len(steps),
        "inferred": sum(1 for step in steps.values() if step.confidence == "inferred"),
        "disputed": sum(1 for step in steps.values() if step.confidence == "disputed"),
        "transfers": sum(1 for step in steps.values() if step.kind == "transfer"),
    }
    return graph.answer("succession", ref, name, when, _says(asked, ref, name, summary), summary)


def _steps(asked: Asked, line: list[str]) -> Iterator[tuple[Body, int, Succession]]:
    """Yield the steps that lead to a body of the line, and the transfers that lead away from it, each once."""
    told: set[tuple[str, int]] = set()
    for id in line:
        body = asked.registry.bodies[id]
        leading = [(body, step) for step in body.succeeds]
        for later, step in [*leading, *asked.lives.successors(id)]:
            index = next(number for number, one in enumerate(later.succeeds) if one is step)
            inside = asked.span.one_day or lasts(step.date, step.date, asked.span) is not Answer.NO
            if inside and (later.id, index) not in told:
                told.add((later.id, index))
                yield later, index, step


def _box(asked: Asked, graph: Graph, id: str) -> Box:
    body = asked.registry.bodies.get(id)
    if body is None:
        return graph.box(id, "body", id, id, ["Not in the registry"], True, status=None, certainty=None)
    status, sure = asked.lives.status(body, asked.span)
    life = asked.lives.life(id)
    dates = {"from": text(life.start), "to": text(life.end)}
    words = [] if life.start is None and life.end is None else [upper(period(dates))]
    if life.start is None and body.planned:
        words.append("Planned")
    if body.one_of and body.one_of in asked.registry.bodies:
        words.append(f"One of: {asked.body_name(body.one_of)}")
    unsure = life.start is None
    return graph.box(
        id, "body", id, asked.body_name(id), words, unsure, status=status, certainty=str(sure), **dates
    )


def _link(asked: Asked, graph: Graph, earlier: Box, later: Box, step: Succession) -> None:
    words = [upper(_KINDS.get(step.kind, spaced(step.kind))), upper(day(text(step.date), "date not recorded"))]
    unsure = step.confidence in ("inferred", "disputed")
    if step.confidence and unsure:
        words.append(step.confidence)
    graph.link(
        earlier,
        later,
        words,
        unsure,
        step=step.kind,
        date=text(step.date),
        confidence=step.confidence or "stated",
        sources=asked.sources(step.sources),
    )


def _listed(graph: Graph) -> None:
    """Add the list: the latest bodies at the margin, under each those it came from; what stands above is not told twice."""
    boxes = {box.id: box for box in graph.boxes.values()}
    into: dict[str, list[Answered]] = {}
    for edge in graph.edges:
        into.setdefault(edge["to_node"], []).append(edge)
    earlier = {edge["from_node"] for edge in graph.edges}
    tops = [id for id in boxes if id not in earlier]
    seen: set[str] = set()
    for start in [*tops, *boxes]:  # a ring of bodies has no latest: it begins at its first
        if start in seen:
            continue
        ahead: list[tuple[str, int, Answered | None]] = [(start, 0, None)]
        while ahead:
            id, depth, tie = ahead.pop()
            box = boxes[id]
            how = f"{', '.join(inside(word) for word in tie['words'])}: " if tie else ""
            notes = [inside(word) for word in box.words]
            shown = "shown above" if id in seen else "; ".join(notes)
            graph.line(
                depth,
                f"{upper(how)}{box.name}{' (' + shown + ')' if shown else ''}",
                tie["sources"] if tie else (),
            )
            if id not in seen:
                seen.add(id)
                ahead.extend((one["from_node"], depth + 1, one) for one in reversed(into.get(id, ())))


def _says(asked: Asked, ref: str | None, name: str, summary: dict[str, int]) -> str:
    when = "" if asked.span.one_day else f" from {span_in_words(asked.span)}"
    steps = summary["steps"]
    if not steps:
        what = f"No predecessor and no successor of {name}" if ref else "No succession of bodies"
        return f"{what}{when} is recorded."
    parts = [
        f"{summary[key]} {words}"
        for key, words in (
            ("transfers", "a transfer of functions"),
            ("inferred", "inferred"),
            ("disputed", "disputed"),
        )
        if summary[key]
    ]
    told = f" ({', '.join(parts)})" if parts else ""
    return (
        f"{'The line of ' if ref else ''}{name} has {number(steps, 'step')} of succession on record{told}{when}, between "
        f"{number(summary['bodies'], 'body', 'bodies')}."
    )
