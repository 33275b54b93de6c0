"""The structure below a body: one box for each body, an arrow from each of its parents."""

from __future__ import annotations

from kmics_cli.charts.graph import Box, Graph, inside
from kmics_cli.dates import Answer, a_day_in_words, lasts
from kmics_cli.model import Body, Parent
from kmics_cli.query import Answered, Asked, tree
from kmics_cli.query.evidence import carried
from kmics_cli.reports.frame import joined, number, then
from kmics_cli.views.pages.words import asked_on, spaced, upper

STATUS = {"planned": "Planned", "ended": "Ended", "not-yet": "Not yet in being"}
"""What stands in the box of a body that is not in being."""


def structure(asked: Asked, ref: str | None) -> Answered:
    """Return the chart of the bodies below `ref`, or of all, in the days asked about.

    A body with several parents has one box and several arrows; a loop of parents is a ring of arrows.
    """
    graph, top = Graph(), tree(asked, ref)["tree"]
    name = top["name"]
    ahead: list[tuple[Answered, int, Box | None]] = (
        [(top, 0, None)] if ref else [(child, 0, None) for child in reversed(top["children"])]
    )
    while ahead:
        node, depth, above = ahead.pop()
        box = _told(asked, graph, node, depth, above)
        ahead.extend((child, depth + 1, box) for child in reversed(node["children"]))
    below = [box for box in graph.boxes.values() if box.record != ref]
    linked = {edge[end] for edge in graph.edges for end in ("from_node", "to_node")}
    summary = {
        "bodies": len(below),
        "alone": sum(1 for box in below if box.id not in linked),
        "planned": sum(1 for box in below if box.more["status"] == "planned"),
        "possibly": sum(1 for box in below if box.more["certainty"] != "yes"),
        "not_confirmed": sum(1 for box in below if box.more["not_confirmed_since"]),
    }
    return graph.answer(
        "structure", ref, name, asked_on(asked.span), _says(asked, ref, name, top, summary), summary
    )


def _says(asked: Asked, ref: str | None, name: str, top: Answered, summary: dict[str, int]) -> str:
    when, count = then(asked.span), summary["bodies"]
    if not count:
        status = STATUS.get(top["status"] or "", "").lower()
        shown = f", which is {status} then," if status and ref else ""
        return f"{when}, no body below {name}{shown} is recorded." if ref else f"{when}, no body is recorded."
    verb = "is" if count == 1 else "are"
    where = f" below {name}" if ref else ""
    counts = {
        "alone": (0 if ref else summary["alone"], "with nothing recorded above or below"),
        "planned": (summary["planned"], "planned and not shown to exist"),
        "possibly": (summary["possibly"], "possibly in being"),
        "not_confirmed": (summary["not_confirmed"], "not confirmed of late"),
    }
    parts = [f"{some} {words}" for some, words in counts.values() if some]
    told = f", of which {joined(parts)}" if parts else ""
    return f"{when}, {number(count, 'body', 'bodies')}{where} {verb} recorded{told}."


def _told(asked: Asked, graph: Graph, node: Answered, depth: int, above: Box | None) -> Box:
    """Add a body's box, the arrow from the one above, and its line."""
    body = asked.registry.bodies[node["id"]]
    since = asked.lives.unconfirmed(body, asked.span) if node["status"] == "in-being" else None
    words = [STATUS[node["status"]]] if node["status"] in STATUS else []
    if node["certainty"] != "yes":
        words.append("Possibly in being")
    if since:
        words.append(f"Not confirmed since {a_day_in_words(since)}")
    box = graph.box(
        body.id,
        "body",
        body.id,
        node["name"],
        words,
        node["status"] != "in-being" or node["certainty"] != "yes",
        body_kind=node["kind"],
        status=node["status"],
        certainty=node["certainty"],
        not_confirmed_since=since.text if since else None,
    )
    link = _link(asked, body, above, node["relation"])
    how = _how(asked, body, link) if link else []
    if above and link:
        graph.link(
            above,
            box,
            [upper(", ".join(how))],
            len(how) > 1,
            relation=link.relation,
            certainty=str(_sure(asked, body, link)),
            confidence=link.confidence or "stated",
            sources=asked.sources(link.sources or body.sources),
        )
    sources = asked.sources((link.sources if link else ()) or body.sources)
    told = f"{node['name']}{': ' + ', '.join(how) if how else ''}"
    if node["reference"]:
        graph.line(depth, f"{told} (shown above)", sources)
        return box
    also = [asked.body_name(id) for id in node["also_under"]]
    notes = [inside(word) for word in words] + ([f"also under {joined(also)}"] if also else [])
    graph.line(depth, f"{told}{' (' + '; '.join(notes) + ')' if notes else ''}", sources)
    return box


def _link(asked: Asked, body: Body, above: Box | None, relation: str | None) -> Parent | None:
    """Return the link to the body above by which the tree came here."""
    if above is None:
        return None
    for link in body.part_of:
        here = link.body == above.record and link.relation == relation
        if here and lasts(link.from_, link.to, asked.span) is not Answer.NO:
            return link
    return None


def _how(asked: Asked, body: Body, link: Parent) -> list[str]:
    """Return what a body is to the one above, and what is unsure about it."""
    words = [spaced(link.relation.removesuffix("-of"))]
    if _sure(asked, body, link) is not Answer.YES:
        words.append("possibly")
    if link.confidence and link.confidence != "stated":
        words.append(link.confidence)
    return words


def _sure(asked: Asked, body: Body, link: Parent) -> Answer:
    """Return how sure a link is in the days asked about; one without days of its own is as sure as the body."""
    if link.from_ is None and link.to is None:
        return Answer.YES
    how = carried(
        asked.registry, asked.span, link.from_, link.to, link.sources or body.sources, also_checked=body.checked
    )
    return Answer.YES if how.stale else how.answer  # that the body was not confirmed of late stands in its box
