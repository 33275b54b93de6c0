"""The page of who is who: a table of each body, and briefly the seats of which nobody is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table, items
from kmics_cli.views.pages.words import NOT_RECORDED, Evidence, day, spaced, upper

_COLUMNS = (
    *("body", "body_name", "role", "title", "member_type", "status", "person", "name", "last_named", "does"),
    *("does_of", "sits_on", "since", "capacity", "via", "certainty", "confidence", "last_evidence", "says", "note"),
)


def table(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and rows for CSV; where somebody else sits is one cell."""
    rows = [{**row, "sits_on": [_sits(one) for one in row["sits_on"]]} for row in answer["rows"]]
    return [*_COLUMNS], [[row[column] for column in _COLUMNS] for row in rows]


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield, of each body with posts or seats, what it does, who is there, and of which seats nobody is."""
    rows: dict[str, list[Answered]] = {}
    for row in answer["rows"]:
        rows.setdefault(row["body"], []).append(row)
    for body in answer["bodies"]:
        some = rows.get(body["body"], [])
        yield Heading(upper(body["name"]))
        if body["remit"]:
            yield Paragraph(f"What the body does: {'; '.join(body['remit'])}.{evidence.mark(body['sources'])}")
        here = [
            row for row in some if row["status"] in ("held", "interim", "possibly", "vacant", "possibly-vacant")
        ]
        if here:
            columns = ("Title", "Name", "What the post does", "Also sits on", "Since")
            yield Table(upper(body["name"]), columns, tuple(_cells(row, body, evidence) for row in here))
        if lines := [*_others(some, evidence)]:
            yield items(*lines)


def _cells(row: Answered, body: Answered, evidence: Evidence) -> tuple[str, ...]:
    name = row["name"] if row["person"] or row["status"] in ("vacant", "possibly-vacant") else "Held, not named"
    how = [spaced(row["capacity"])] if row["capacity"] not in (None, "substantive") else []
    how += ["covering for another"] if row["covering"] else []
    how += ["possibly"] if row["status"] == "possibly" else []
    how += [row["confidence"]] if row["confidence"] != "stated" else []
    name += f" ({', '.join(how)})" if how else ""
    does = (
        row["does"] if row["does_of"] == "post" else "Not recorded for the post" if body["remit"] else NOT_RECORDED
    )
    where = "; ".join(_sits(one) for one in row["sits_on"])
    sits = "Not applicable" if row["person"] is None else where or "None recorded"
    attends = " (in attendance)" if row["attends"] else ""
    title = f"{upper(row['title'])}{_named(row)}{attends}"
    return title, f"{name}{evidence.mark(row['sources'])}", does, sits, since(row)


def since(row: Answered) -> str:
    """Return since when somebody sits; of a seat that goes with a post, since when they are in the post."""
    words = upper(day(row["since"]))
    return f"{words}, in the post that carries it" if row["via"] and words != NOT_RECORDED else words


def _named(row: Answered) -> str:
    return f", {', '.join(spaced(one) for one in row['designations'])}" if row["designations"] else ""


_AS = {"chair": "chair", "deputy-chair": "deputy chair", "vice-chair": "vice-chair"}
_ATTENDS = ("participant", "observer", "in-attendance", "deputy")


def _sits(seat: Answered) -> str:
    how = _AS.get(seat["member_type"]) or ("attends" if seat["member_type"] in _ATTENDS else "")
    if seat["certainty"] != "yes":
        how = f"{how}, possibly" if how else "possibly"
    return f"{seat['body_name']} ({how})" if how else str(seat["body_name"])


def _others(rows: Sequence[Answered], evidence: Evidence) -> Iterator[str]:
    """Yield who is to come, whose seat is not confirmed, and which seats have nobody recorded."""
    for row in rows:
        if row["status"] == "designate":
            yield f"{upper(row['title'])}: {row['name']}, to start {day(row['since'])}{evidence.mark(row['sources'])}"
        elif row["status"] == "not-confirmed":
            how = f" as {row['capacity']}" if row["capacity"] in ("interim", "acting") else ""
            name = f"{row['last_named']} was named for it{how} on another day. " if row["last_named"] else ""
            yield f"{upper(row['title'])}: not confirmed. {name}{row['says']}{evidence.mark(row['sources'])}"
    if nobody := [_several(row) for row in rows if row["status"] == "not-recorded"]:
        yield f"Nobody recorded: {'; '.join(nobody)}."


def _several(row: Answered) -> str:
    return f"{row['title']} ({row['count']} seats)" if row["count"] > 1 else str(row["title"])
