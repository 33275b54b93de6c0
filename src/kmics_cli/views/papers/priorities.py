"""The page of priorities: each set with its items, and the lines from an earlier item to a later one."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table, items
from kmics_cli.views.pages.words import NOT_RECORDED, Evidence, day, hedge, period, spaced, upper

COLUMNS = (
    *("set", "set_name", "standing", "item", "number", "title", "summary", "leads", "follows", "followed_by"),
    *("confidence", "note"),
)

_STANDINGS = {
    "in-force": "In force",
    "not-confirmed": "Not confirmed",
    "possibly-in-force": "Possibly in force",
    "not-stated": "Current; whether it was agreed is not stated",
    "possibly-current": "Possibly current; whether it was agreed is not stated",
    "proposed": "Proposed only",
    "planned": "Planned only",
    "to-come": "To come",
    "replaced": "Replaced",
    "dropped": "Dropped",
    "ended": "Ended",
}


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield an overview of several sets, each set, the lines through their items, and what leads nowhere."""
    sets = answer["sets"]
    if len(sets) > 1:
        columns = ("Set", "Owner", "Period", "How it stands")
        rows = tuple((one["name"], one["owner_name"], upper(period(one)), _standing(one)) for one in sets)
        yield Table("Sets of priorities", columns, rows)
    rows_of: dict[str, list[Answered]] = {}
    for row in answer["rows"]:
        rows_of.setdefault(row["set"], []).append(row)
    for one in sets:
        yield from _set(one, rows_of.get(one["id"], []), evidence)
    if answer["lines"]:
        yield Heading("The line from item to item")
        yield Paragraph(
            "From the earliest item to the latest: what stands further in follows what stands above it."
        )
        yield Items(tuple(_lines(answer, evidence)))
    titles = {row["item"]: row for row in answer["rows"]}
    for key, (heading, words) in _ALONE.items():
        if answer[key]:
            yield Heading(heading)
            yield Paragraph(words)
            yield items(*(_item(titles[id]) for id in answer[key]))


_ALONE = {
    "leads_nowhere": (
        "Items that lead nowhere",
        "Other items of their set are followed by later ones; no source here shows that these are.",
    ),
    "follows_nothing": (
        "Items that follow nothing earlier",
        "Other items of their set follow earlier ones; no source here shows that these do.",
    ),
}
_DEEPEST = 12  # no line of items is as long; a deeper list could not be read


def _standing(one: Answered) -> str:
    words = _STANDINGS[one["standing"]]
    return f"{words} since {day(one['not_confirmed_since'])}" if one["standing"] == "not-confirmed" else words


def _set(one: Answered, rows: list[Answered], evidence: Evidence) -> Iterator[Block]:
    yield Heading(one["name"])
    told = [f"Of {one['owner_name']}, {period(one)}{evidence.mark(one['sources'])}. {_standing(one)}."]
    told.append(f"Status in the sources: {spaced(one['status']) if one['status'] else 'not stated'}.")
    if one["agreed_by"]:
        told.append(f"Agreed by: {'; '.join(by['name'] for by in one['agreed_by'])}.")
    if one["document_title"]:
        told.append(f"Set out in: {one['document_title']}.")
    if not one["title_printed"]:
        told.append("No title is printed; the name is ours.")
    yield Paragraph(" ".join(told))
    if one["summary"]:
        yield Paragraph(one["summary"])
    if one["approvals"]:
        columns = ("Step", "By", "When", "Reference")
        cells = tuple(
            (
                f"{upper(spaced(step['step']))}{hedge(step)}{evidence.mark(step['sources'])}",
                step["name"] or NOT_RECORDED,
                upper(day(step["date"])),
                step["reference"] or NOT_RECORDED,
            )
            for step in one["approvals"]
        )
        yield Table(f"Approvals of {one['document_title']}", columns, cells)
    if rows:
        yield Items(tuple((row["depth"], _line(row, evidence)) for row in rows))
    if one["note"]:
        yield Paragraph(one["note"])


def _item(row: Answered) -> str:
    return f"{row['set_name']}, item {row['number']}: {row['title'] or row['summary']}"


def _line(row: Answered, evidence: Evidence) -> str:
    title = f"{row['title']}. " if row["title"] else ""
    leads = f" Led by: {'; '.join(row['leads'])}." if row["leads"] else ""
    return f"{row['number']}. {title}{row['summary']}{leads}{hedge(row)}{evidence.mark(row['sources'])}"


def _lines(answer: Answered, evidence: Evidence) -> Iterator[tuple[int, str]]:
    for line in answer["lines"]:
        told = f"{line['set_name']}, item {line['number']}: {line['title']}"
        for link in line["follows"]:
            told += f"{hedge(link)}{evidence.mark(link['sources'])}"
        yield min(line["depth"], _DEEPEST), f"{told} (told above)" if line["again"] else told
