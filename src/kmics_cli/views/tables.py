"""Answers as CSV that opens in a spreadsheet as it is: no cell is a formula, and text with figures in it is quoted.

What is quoted stays text where the spreadsheet is told so (LibreOffice: "Format quoted field as text"): codes such as 012 and
5E1, and dates. No way is known by which Excel would leave them alone that does not change the value for all others.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from kmics_cli.dates import parse
from kmics_cli.problems import visible
from kmics_cli.query import Answered

_RISKY = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def harmless(cell: Any) -> str:
    """Return a cell's text; one that a spreadsheet would run as a formula gets an apostrophe before it.

    Numbers stay numbers. (OWASP, CSV injection: prefix before quoting.)
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return str(cell)
    text = "; ".join(str(item) for item in cell) if isinstance(cell, list | tuple) else str(cell)
    text = " ".join(visible(text).split())
    if _MONTH.fullmatch(text):  # a spreadsheet would make the first day of it; the window says the same
        month = parse(text)
        return f"{month.earliest.isoformat()}/{month.latest.isoformat()}"
    return f"'{text}" if text[:1] and text.lstrip(" \"'")[:1] in _RISKY and text.lstrip(" \"'") else text


def comma_separated(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as CSV with a header line and CRLF line ends (RFC 4180); all but numbers are quoted.

    A spreadsheet that is told to take quoted fields as text then changes no code and no day.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    for row in (columns, *rows):
        writer.writerow([cell if type(cell) in (int, float) else harmless(cell) for cell in row])
    return out.getvalue()


def _cited(sources: Sequence[Answered]) -> str:
    return "; ".join(f"{s['document']} {s['at']}" if s["at"] else s["document"] for s in sources)


def _sources(row: Answered) -> str:
    return _cited(row.get("sources", ()))


_HOLDER = [
    "person",
    "name",
    "via",
    "capacity",
    "from",
    "to",
    "term_ends",
    "certainty",
    "confidence",
    "stale",
    "last_evidence",
    "says",
]


def _roles(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    columns = ["role", "title", "member_type", "voting", "existence", "state", *_HOLDER, "sources"]
    rows: list[list[Any]] = []
    for role in answer["roles"]:
        head = [role["id"], role["title"], role["member_type"], role["voting"], role["existence"], role["state"]]
        held = [*role["holders"], *role["next"]] or [{}]
        rows.extend([*head, *(holder.get(key) for key in _HOLDER), _sources(holder or role)] for holder in held)
    return columns, rows


def _simple(key: str, columns: Sequence[str], answer: Answered) -> tuple[list[str], list[list[Any]]]:
    return [*columns, "sources"], [[*(row.get(column) for column in columns), _sources(row)] for row in answer[key]]


def _history(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    columns = ["person", "name", "capacity", "from", "to", "certainty", "end_reason"]
    kinds = {"vacant": "vacancy", "turn_of": "turn", "goes_with": "ex-officio"}
    rows = [
        [
            next((told for key, told in kinds.items() if key in row), "appointment"),
            *(row.get(column) for column in columns),
            _sources(row),
        ]
        for row in answer["history"]
    ]
    return ["what", *columns, "sources"], rows


def _items(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    rows = []
    for item in answer["items"]:
        for one in (item, *item.get("items", ())):
            follows = [link["item"] for link in one["follows"]]
            rows.append([one["number"], one["title"], one["summary"], one["leads"], follows, _sources(one)])
    return ["number", "title", "summary", "leads", "follows", "sources"], rows


def _nodes(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    rows: list[list[Any]] = []

    def walk(node: Answered, depth: int, under: str | None) -> None:
        rows.append([depth, node["id"], node["name"], node["kind"], node["relation"], under, node["also_under"]])
        for child in node["children"]:
            walk(child, depth + 1, node["id"])

    walk(answer["tree"], 0, None)
    return ["depth", "id", "name", "kind", "relation", "under", "also_under"], rows


def _listed(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    rows = answer["items"]
    columns = (
        [key for key, value in rows[0].items() if not isinstance(value, dict) and key != "sources"] if rows else []
    )
    held = [(key, row[key]) for row in rows for key in columns if isinstance(row.get(key), list)]
    nested = {key for key, value in held if any(isinstance(one, dict) for one in value)}
    plain = [key for key in columns if key not in nested]
    return [*plain, "sources"], [[*(row.get(key) for key in plain), _sources(row)] for row in rows]


def _changes(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    """What happened, and, where it was asked for, who held a role throughout, as rows of the change "continuing"."""
    columns = ["group", "change", "kind", "id", "title", "before", "after", "text", "certainty", "to_come"]
    columns += ["start_recorded", "date", "earliest", "latest", "last_day", "confidence", "fingerprint"]
    rows = list(answer["changes"])
    if "paper" in answer:
        columns.insert(0, "section")
        parts = {"since": "changes", "unreported": "unreported", "corrections": "corrections", "to-come": "to_come"}
        rows = [{**row, "section": name} for name, key in parts.items() for row in answer[key]]
    for held in answer.get("continuing", ()):
        title = f"{held['title']}, {held['body_name']}"
        told = {
            "group": "people",
            "change": "continuing",
            "kind": "appointment",
            "id": held["role"],
            "title": title,
        }
        rows.append({**held, **told, "after": held["name"], "text": f"{held['name']}: {held['says']}"})
    return [*columns, "sources"], [[*(row.get(column) for column in columns), _sources(row)] for row in rows]


def _people(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    """Return a row for each person in the room or away from it."""
    columns = ["person", "name", "counts", "present", "certainty", "confidence", "last_evidence", "says"]
    rows = [
        [*(one[name] for name in columns), [role["role"] for role in one["roles"]], _sources(one)]
        for one in answer["people"]
    ]
    return [*columns, "roles", "sources"], rows


def _boxes(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    """Return a chart as rows: a box with each tie that leads to it, or with none."""
    names = {node["id"]: node["name"] for node in answer["nodes"]}
    into: dict[str, list[Answered]] = {}
    for edge in answer["edges"]:
        into.setdefault(edge["to_node"], []).append(edge)
    rows = [
        [
            *(node[key] for key in ("id", "kind", "record", "name", "words")),
            edge.get("from_node"),
            names.get(edge.get("from_node", "")),
            *(edge.get(key) for key in ("words", "date", "certainty", "confidence")),
            _sources(edge),
        ]
        for node in answer["nodes"]
        for edge in into.get(node["id"], [{}])
    ]
    columns = [
        "box",
        "kind",
        "id",
        "name",
        "words",
        "from_box",
        "from_name",
        "tie",
        "date",
        "certainty",
        "confidence",
    ]
    return [*columns, "sources"], rows


_ROWS: dict[str, Callable[[Answered], tuple[list[str], list[list[Any]]]]] = {
    "roles": _roles,
    "appointments": lambda answer: _simple(
        "appointments", ["role", "body", "title", "existence", "state", *_HOLDER[2:]], answer
    ),
    "history": _history,
    "cited_by": lambda answer: _simple("cited_by", ["id", "name", "where", "at"], answer),
    "rules": lambda answer: _simple("rules", ["id", "text", "basis", "citation", "severity", "status"], answer),
    "events": lambda answer: _simple(
        "events", ["date", "earliest", "latest", "event", "id", "text", "confidence"], answer
    ),
    "hits": lambda answer: _simple("hits", ["id", "kind", "name", "field", "text", "score"], answer),
    "tree": _nodes,
    "people": _people,
    "nodes": _boxes,
    "changes": _changes,
}


_EDIT = ["change", "group", "level", "kind", "id", "title", "before", "after", "text", "fingerprint"]


def _edits(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    """Return a row for each change of the record; of a history, each with its commit."""
    commits = answer.get("commits", [{"changes": answer.get("changes", ())}])
    about = ["rev", "date", "author", "subject"] if "commits" in answer else []
    rows = [
        [
            *(commit[name] for name in about),
            *(_as_cell(one[name]) for name in _EDIT),
            *(place and place[name] for place in (one["place_old"], one["place_new"]) for name in ("path", "line")),
        ]
        for commit in commits
        for one in commit["changes"]
    ]
    return [*about, *_EDIT, "path_old", "line_old", "path_new", "line_new"], rows


def _as_cell(value: Any) -> Any:
    """Return a group of values as one line of JSON; anything else as it is."""
    nested = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict | list) for one in value)
    )
    return json.dumps(value, ensure_ascii=False) if nested else value


def rows_of(answer: Answered) -> tuple[list[str], list[list[Any]]]:
    """Return the column names and rows of an answer."""
    if "report" in answer:
        from kmics_cli.views.papers import rows as of_paper

        return of_paper(answer, _cited)
    if answer["schema"] in ("kmics/diff/1", "kmics/history/1"):
        return _edits(answer)
    if "priorities" in answer:
        return _items(answer)
    if "items" in answer:
        return _listed(answer)
    for key, make in _ROWS.items():
        if key in answer:
            return make(answer)
    raise KeyError("this answer has no rows")
