"""A body and all below it, or the whole registry, as a nested list: what each is, since when, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kmics_cli.model import Body
from kmics_cli.query import Answered, Asked, tree
from kmics_cli.query.parts import text
from kmics_cli.reports.frame import Wanted, framed, joined, number, sitting, then, titled, whole

STANDINGS = {
    "in-being": "in being",
    "not-confirmed": "last confirmed too long ago to rely on",
    "possibly": "possibly in being",
    "planned": "planned and not shown to exist",
    "not-in-being": "not in being",
}
"""How a body can stand in the days asked about, in words, in the order in which figures are told."""

LEVELS = ("neighbourhood", "place", "system", "region", "national")


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return the structure below a body, or of the whole registry, a row for each place at which a body stands.

    Rows are in the order of the list, each with its depth. A body with several parents stands in full under the first
    and as a `reference` under the others. `summary` counts each body once, and not the one that the report is of.
    """
    rows = [*_rows(asked, tree(asked, ref)["tree"])]
    once = [row for row in rows if not row["reference"] and row["id"] != ref]
    standings = Counter(row["standing"] for row in once)
    levels = Counter(row["level"] or "not-recorded" for row in once)
    pairs = Counter((row["kind_name"], row["kind"], row["level"]) for row in once)
    summary = {
        "bodies": len(once),
        **{name.replace("-", "_"): standings[name] for name in STANDINGS},
        "classes": sum(row["class"] for row in once),
        "kinds": dict(sorted(Counter(row["kind"] for row in once).items())),
        "levels": {level: levels[level] for level in (*LEVELS, "not-recorded") if levels[level]},
    }
    complete = ref is not None and whole(asked, asked.registry.bodies[ref], "committees")
    lacking = []
    if once and not complete:
        lacking.append("Whether these are all the bodies that there are.")
    if some := [row for row in once if row["status"] == "in-being" and row["from"] in (None, "unknown")]:
        lacking.append(f"Since when there {'has' if len(some) == 1 else 'have'} been {len(some)} of them.")
    name = asked.body_name(ref) if ref else asked.registry.settings.name
    return framed(
        asked,
        ref,
        title=titled("Structure", name, asked.span),
        says=_opening(asked, ref, rows, once, standings, levels),
        summary=summary,
        rows=rows,
        not_recorded=lacking,
        figures=[
            {"kind": kind, "kind_name": kind_name, "level": level, "bodies": count}
            for (kind_name, kind, level), count in sorted(pairs.items(), key=lambda pair: _by_kind(pair[0]))
        ],
    )


def _by_kind(key: tuple[str, str, str | None]) -> tuple[str, str, int]:
    name, kind, level = key
    return name.casefold(), kind, LEVELS.index(level) if level in LEVELS else len(LEVELS)


def _rows(asked: Asked, root: Answered) -> Iterator[Answered]:
    """Yield the bodies of a tree as they stand in a list, each with its depth below the margin."""
    first: dict[str, str | None] = {}
    ahead: list[tuple[Answered, str | None, int]] = [(root, None, -1 if root["id"] is None else 0)]
    while ahead:
        node, under, depth = ahead.pop()
        if node["id"] is not None:
            first.setdefault(node["id"], under)
            yield _row(asked, node, under, first[node["id"]], depth)
        ahead.extend((child, node["id"], depth + 1) for child in reversed(node["children"]))


def _row(asked: Asked, node: Answered, under: str | None, first: str | None, depth: int) -> Answered:
    """Return a body at one place of the list; where it stands elsewhere in full, that is the place that has its particulars."""
    body = asked.registry.bodies[node["id"]]
    since = asked.lives.unconfirmed(body, asked.span) if node["status"] == "in-being" else None
    life = asked.lives.life(body.id)
    settings = asked.registry.settings
    here = not node["reference"]
    return {
        "depth": depth,
        "id": body.id,
        "name": node["name"],
        "kind": body.kind,
        "kind_name": settings.kinds.get(body.kind, body.kind),
        "class": body.class_,
        "level": body.level,
        "relation": node["relation"],
        "under": under,
        "under_name": asked.body_name(under) if under else None,
        "reference": node["reference"],
        "listed_under": first,
        "listed_under_name": asked.body_name(first) if first else None,
        "also_under": node["also_under"],
        "also_under_names": [asked.body_name(one) for one in node["also_under"]],
        "status": node["status"],
        "certainty": node["certainty"],
        "standing": _standing(node, since is not None),
        "not_confirmed_since": text(since),
        "from": text(life.start),
        "to": text(life.end),
        "roles": _roles(asked, body) if here else None,
        "chairs": _chairs(asked, body) if here else [],
        "sources": asked.sources(body.sources) if here else [],
    }


def _standing(node: Answered, old: bool) -> str:
    if node["status"] == "planned":
        return "planned"
    if node["status"] != "in-being":
        return "not-in-being"
    return "not-confirmed" if old else "in-being" if node["certainty"] == "yes" else "possibly"


def _roles(asked: Asked, body: Body) -> int:
    """Return how many roles of a body are recorded for these days."""
    return sum(asked.holders.existence(role) == "in-being" for role in body.roles.values())


def _chairs(asked: Asked, body: Body) -> list[Answered]:
    """Return who surely chairs a body; of a time, all who surely did."""
    seats = [asked.holders.seat(role) for role in body.roles.values() if role.member_type == "chair"]
    return [
        {"person": holder.person, "name": holder.name, "role": seat.role.ref, "confidence": holder.confidence}
        for seat in seats
        if seat.existence == "in-being"
        for holder in sitting(seat)
        if holder.person and holder.answer == "yes" and holder.confidence != "disputed"
    ]


def _opening(
    asked: Asked,
    ref: str | None,
    rows: Sequence[Answered],
    once: Sequence[Answered],
    standings: Counter[str],
    levels: Counter[str],
) -> str:
    when = then(asked.span)
    below = f" below {asked.body_name(ref)}" if ref else ""
    itself = ""
    if ref and rows[0]["standing"] in ("planned", "not-in-being"):
        itself = f" {rows[0]['name']} itself is {STANDINGS[rows[0]['standing']]}."
    if not once:
        return f"{when}, no body{below} is recorded.{itself}"
    parts = [f"{standings[name]} {words}" for name, words in STANDINGS.items() if standings[name]]
    kinds = len({row["kind"] for row in once})
    at = [f"{levels[level]} at {level} level" for level in LEVELS if levels[level]]
    if unknown := levels["not-recorded"]:
        at.append(f"{unknown} with no level recorded")
    classes = sum(row["class"] for row in once)
    stand = (
        f" {classes} of them {'stands' if classes == 1 else 'stand'} for all bodies of a sort." if classes else ""
    )
    return (
        f"{when}, {number(len(once), 'body', 'bodies')}{below} {'is' if len(once) == 1 else 'are'} recorded, of "
        f"{number(kinds, 'kind')}: {joined(parts)}. By level, {joined(at)}.{stand}{itself}"
    )
