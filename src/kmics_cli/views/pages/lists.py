"""Lists, trees, search results and timelines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table
from kmics_cli.views.pages.parts import figure_in_words
from kmics_cli.views.pages.seats import held_by
from kmics_cli.views.pages.words import (
    NOT_RECORDED,
    Evidence,
    asked_on,
    counted,
    day,
    due,
    hedge,
    period,
    spaced,
    upper,
)


def _shown_value(item: Answered, column: str) -> str:
    value = item.get(column)
    if column in ("from", "to", "speaks_of", "published", "by", "on", "last_evidence", "term_ends", "as_at"):
        return upper(day(value)) if value else {"to": "No end recorded"}.get(column, NOT_RECORDED)
    if column == "sources":
        return "; ".join(f"{s['document']} {s['at'] or ''}".strip() for s in value or ()) or NOT_RECORDED
    if column == "items":
        return str(len(value or ()))
    if value is None or value == "" or value == []:
        return NOT_RECORDED
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "; ".join(str(one["name"] if isinstance(one, dict) and "name" in one else one) for one in value)
    return str(value)


def _holders_cell(item: Answered) -> str:
    if item["existence"] != "in-being":
        return {"planned": "Planned", "absent": "No such seat", "not-in-being": "Not in being"}[item["existence"]]
    held = [held_by(holder) for holder in item["holders"]]
    held.extend(["Vacant"] * len(item["vacancies"]))
    return "; ".join(held) or NOT_RECORDED


def _when_cell(item: Answered) -> str:
    if item["on"]:
        return upper(day(item["on"]))
    return upper(due(item["by"]).removeprefix("due ")) if item["by"] else NOT_RECORDED


def _set_period(item: Answered) -> str:
    since = f"; not confirmed since {day(item['not_confirmed_since'])}" if item["not_confirmed_since"] else ""
    return f"{upper(period(item))}{since}"


def _milestone_status(item: Answered) -> str:
    if item["past_due"]:
        return (
            "Planned; whether it was done is not recorded" if item["status"] else "Not recorded whether it was done"
        )
    return upper(item["status"] or "not recorded")


Column = tuple[str, Callable[[Answered], str]]


def _plain(label: str, key: str) -> Column:
    return label, lambda item: _shown_value(item, key)


_COLUMNS: dict[str, tuple[Column, ...]] = {
    "bodies": (
        _plain("Id", "id"),
        _plain("Name", "name"),
        _plain("Kind", "kind_name"),
        ("Status", lambda item: _body_status(item)),
    ),
    "roles": (_plain("Role", "id"), _plain("Title", "title"), ("Held by", _holders_cell)),
    "people": (
        _plain("Id", "id"),
        _plain("Name", "name"),
        ("Roles on this day, as far as recorded", lambda item: _shown_value(item, "roles_in_words")),
    ),
    "appointments": (
        ("Held by", lambda item: f"Next: {item['name']}" if item["state"] == "designate" else held_by(item)),
        ("Role", lambda item: f"{item['title']}, {item['body_name']}"),
        _plain("What we can say", "says"),
    ),
    "priorities": (
        _plain("Id", "id"),
        _plain("Name", "name"),
        _plain("Owner", "owner_name"),
        ("Period", _set_period),
        _plain("Items", "items"),
    ),
    "documents": (
        _plain("Id", "id"),
        _plain("Title", "title"),
        _plain("Kind", "kind"),
        _plain("Speaks of", "speaks_of"),
        _plain("Cited", "cited"),
    ),
    "milestones": (
        ("When", _when_cell),
        _plain("What", "what"),
        _plain("Of", "name"),
        ("Status", _milestone_status),
    ),
    "figures": (
        ("About", lambda item: upper(item["about"])),
        ("Figure", lambda item: f"{figure_in_words(item)}{hedge(item)}"),
        _plain("Of", "name"),
        ("As at", lambda item: _shown_value(item, "as_at")),
    ),
}


def _body_status(item: Answered) -> str:
    status = {"in-being": "In being", "planned": "Planned", "ended": "Ended", "not-yet": "Not yet in being"}[
        item["status"]
    ]
    if item["certainty"] != "yes":
        status = f"Possibly {status.lower()}"
    if item["not_confirmed_since"]:
        return f"Last known in being: {day(item['not_confirmed_since'])}"
    return status


def list_page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of a list."""
    kind, found = answer["kind"], answer["items"]
    yield Heading(f"{upper(kind)}, {asked_on(span)}", 1)
    if not found:
        yield Paragraph("Nothing in the registry matches.")
    else:
        chosen = answer.get("columns")
        columns = (
            tuple(_plain(upper(name.replace("_", " ")), name) for name in chosen) if chosen else _COLUMNS[kind]
        )
        rows = []
        for item in found:
            row = [cell(item) for _label, cell in columns]
            row[-1] += evidence.mark(item.get("sources", ()))
            rows.append(tuple(row))
        yield Table(f"{len(found)} {kind}", tuple(label for label, _cell in columns), tuple(rows))
    if answer["left_out"]:
        what = "have ended or are not yet in being (--status all shows them)"
        if kind == "roles":
            what = "belong to bodies or times not in being (--state not-in-being shows them)"
        yield Paragraph(f"{answer['left_out']} more {what}.")


def tree_page(answer: Answered, span: Span, _evidence: Evidence) -> Iterator[Block]:
    """Yield the structure as a nested list."""
    root = answer["tree"]
    yield Heading(f"{root['name']}: structure, {asked_on(span)}", 1)
    lines: list[tuple[int, str]] = []

    def walk(node: Answered, depth: int) -> None:
        relation = f": {spaced(node['relation'].removesuffix('-of'))}" if node["relation"] else ""
        status = (
            " (planned)" if node["status"] == "planned" else " (possibly)" if node["certainty"] != "yes" else ""
        )
        if node["reference"]:
            lines.append((depth, f"{node['name']} ({node['id']}){relation}, shown above"))
            return
        also = f"; also under {', '.join(node['also_under'])}" if node["also_under"] else ""
        lines.append((depth, f"{node['name']} ({node['id']}{also}){relation}{status}"))
        for child in node["children"]:
            walk(child, depth + 1)

    for child in root["children"]:
        walk(child, 0)
    yield Items(tuple(lines)) if lines else Paragraph("Nothing below it is recorded on this day.")


def search_page(answer: Answered, _span: Span, _evidence: Evidence) -> Iterator[Block]:
    """Yield the hits of a search."""
    hits = answer["hits"]
    yield Heading(f"Search for {answer['query']}", 1)
    if not hits:
        yield Paragraph("Nothing found.")
        return
    rows = tuple((hit["id"], hit["name"], f"{spaced(hit['field'])}: {hit['text']}") for hit in hits)
    yield Table(f"{len(hits)} found, best first", ("Id", "Name", "Where it matched"), rows)
    if answer["more"]:
        yield Paragraph(f"{answer['more']} more.")


def timeline_page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the events in order."""
    yield Heading(f"{answer['of']['name']}: timeline", 1)
    rows = tuple(
        (
            upper(day(event["date"])),
            f"{event['text']}{'' if event['confidence'] == 'stated' else ' (' + event['confidence'] + ')'}{evidence.mark(event['sources'])}",
        )
        for event in answer["events"]
    )
    yield (
        Table(counted(rows, "event"), ("When", "What"), rows) if rows else Paragraph("No dated event is recorded.")
    )
