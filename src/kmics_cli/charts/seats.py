"""Who sits where: a box for each seat of a body with its holder, and arrows from the posts that carry seats."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.charts.graph import Box, Graph
from kmics_cli.dates import Answer, lasts, parse
from kmics_cli.model import ExOfficio, Role
from kmics_cli.query import Answered, Asked
from kmics_cli.query.holders import Seat
from kmics_cli.reports.composition import counted, opening, rows_of
from kmics_cli.reports.frame import ATTENDING, NOBODY, called, whole
from kmics_cli.views.pages.words import a_day, asked_on, upper
from kmics_cli.views.papers.composition import GROUPS, status

_EXISTENCE = {"planned": "Planned, not shown to exist", "absent": "A source says that there is no such seat"}


def seats(asked: Asked, ref: str) -> Answered:
    """Return the chart of the seats of a body in the days asked about, with what is unsure of each in words.

    A post elsewhere that carries a seat here, and a seat elsewhere that a post here carries, have boxes of their own.
    """
    body, graph = asked.registry.bodies[ref], Graph()
    name = asked.body_name(ref)
    top = graph.box(ref, "body", ref, name)
    graph.line(0, name, asked.sources(body.sources))
    found = [asked.holders.seat(role) for role in body.roles.values()]
    order = {member_type: number for number, member_type in enumerate(GROUPS)}
    found.sort(key=lambda seat: order.get(seat.role.member_type or "", len(order)))
    rows: list[Answered] = []
    for seat in found:
        if seat.existence != "not-in-being":
            rows.extend(_seat(asked, graph, top, seat))
    members = [row for row in rows if not row["attends"]]
    there = [seat for seat in found if seat.existence == "in-being"]
    complete = whole(asked, body)
    summary: dict[str, object] = {
        "roles": len(there),
        "complete": complete,
        **counted(members),
        "carried_here": sum(1 for edge in graph.edges if edge["tie"] == "carried-by"),
        "carried_elsewhere": sum(1 for edge in graph.edges if edge["tie"] == "carries"),
    }
    says = opening(asked, body, there, members, complete)
    return graph.answer("seats", ref, name, asked_on(asked.span), says, summary)


def _seat(asked: Asked, graph: Graph, top: Box, seat: Seat) -> list[Answered]:
    """Add a seat with who sits in it, and the posts that it goes with; return its rows."""
    role = seat.role
    rows = list(rows_of(asked, seat)) if seat.existence == "in-being" else []
    holders = [_holder(row) for row in rows]
    words = ["In attendance"] if role.member_type in ATTENDING else []
    words += [holder for holder, _unsure in holders] or [_EXISTENCE[seat.existence]]
    attends = role.member_type in ATTENDING
    box = graph.box(
        role.ref,
        "seat",
        role.ref,
        upper(role.title),
        words,
        not rows or any(unsure for _holder, unsure in holders),
        body=role.body,
        member_type=role.member_type,
        existence=seat.existence,
        state=seat.state,
        holders=[
            {key: row[key] for key in ("person", "name", "status", "capacity", "via", "since", "term_ends", "says")}
            for row in rows
        ],
    )
    graph.link(
        top,
        box,
        (),
        seat.existence != "in-being",
        tie="seat",
        certainty="yes",
        confidence=role.confidence or "stated",
        sources=asked.sources(role.sources),
    )
    graph.line(1, upper(role.title) + (" (in attendance)" if attends else ""), asked.sources(role.sources))
    for row in rows:
        graph.line(2, _holder(row)[0], row["sources"])
    if not rows:
        graph.line(2, words[-1])
    for link, post in _links(asked, role):
        other = _elsewhere(asked, graph, post)
        _carry(asked, graph, other, box, link, "carried-by")
        graph.line(2, _how(asked, link, "goes with the post of", other.name), asked.sources(link.sources))
    for carried, link in _carried(asked, role):
        other = _elsewhere(asked, graph, carried)
        _carry(asked, graph, box, other, link, "carries")
        graph.line(2, _how(asked, link, "carries the seat", other.name), asked.sources(link.sources))
    return rows


def _holder(row: Answered) -> tuple[str, bool]:
    """Return who sits in a seat and how, in words, and whether that is anything but sure."""
    nobody = row["status"] in NOBODY
    unsure = (
        row["status"] in ("possibly", "not-confirmed", "not-recorded", "designate") or row["confidence"] != "stated"
    )
    if nobody:
        several = f" ({row['count']} seats)" if row["count"] > 1 else ""
        return f"{status(row)}{several}", unsure
    since = f", since {a_day(row['since'])}" if _told(row) else ""
    return f"{called(row)}. {status(row)}{since}", unsure


def _told(row: Answered) -> bool:
    """Return whether the day on which a holder took the seat is recorded and can be told."""
    return row["status"] in ("held", "interim") and bool(row["since"]) and parse(row["since"]).bounded


def _links(asked: Asked, role: Role) -> Iterator[tuple[ExOfficio, Role]]:
    """Yield the posts elsewhere that carry a seat in the days asked about."""
    for link in role.ex_officio:
        post = asked.holders.role(link.role)
        if post and post.ref != role.ref and lasts(link.from_, link.to, asked.span) is not Answer.NO:
            yield link, post


def _carried(asked: Asked, role: Role) -> Iterator[tuple[Role, ExOfficio]]:
    """Yield the seats in other bodies that a post carries in the days asked about."""
    for body in asked.registry.mentioning("bodies", role.ref, "ex_officio"):
        if body.id == role.body:
            continue  # told at the seat itself
        for other in body.roles.values():
            if asked.holders.existence(other) == "in-being":
                yield from ((other, link) for link, post in _links(asked, other) if post.ref == role.ref)


def _elsewhere(asked: Asked, graph: Graph, role: Role) -> Box:
    name = f"{upper(role.title)}, {asked.body_name(role.body)}"
    return graph.box(role.ref, "post", role.ref, name, body=role.body, member_type=role.member_type)


def _carry(asked: Asked, graph: Graph, post: Box, seat: Box, link: ExOfficio, tie: str) -> None:
    sure = lasts(link.from_, link.to, asked.span)
    graph.link(
        post,
        seat,
        [_how(asked, link, "carries the seat")],
        sure is not Answer.YES or link.confidence in ("inferred", "disputed"),
        tie=tie,
        certainty=str(sure),
        confidence=link.confidence or "stated",
        sources=asked.sources(link.sources),
    )


def _how(asked: Asked, link: ExOfficio, *words: str) -> str:
    possibly = "possibly " if lasts(link.from_, link.to, asked.span) is not Answer.YES else ""
    hedge = f" ({link.confidence})" if link.confidence in ("inferred", "disputed") else ""
    return upper(f"{possibly}{' '.join(words)}{hedge}")
