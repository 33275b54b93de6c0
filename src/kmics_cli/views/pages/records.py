"""The pages of priorities, documents and duties."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table, items
from kmics_cli.views.pages.parts import claim_lines, figure_line, milestone_in_words
from kmics_cli.views.pages.words import Evidence, counted, day, hedge, period, spaced, upper


def set_page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of a set of priorities."""
    found = answer["priorities"]
    yield Heading(found["name"], 1)
    told = [] if found["title_printed"] else ["No title is printed; the name is ours."]
    told.insert(0, f"{counted(answer['items'], 'item')} of {found['owner_name']}, {period(found)}.")
    told.append(f"Status: {found['status'] or 'not stated'}.{evidence.mark(found['sources'])}")
    if found["not_confirmed_since"]:
        told.append(f"Not confirmed since {day(found['not_confirmed_since'])}.")
    if found["recorded"] != "complete":
        told.append("The list may not be complete.")
    yield Paragraph(" ".join(told))
    if found["summary"]:
        yield Paragraph(found["summary"])
    lines: list[tuple[int, str]] = []
    for item in answer["items"]:
        lines.extend(_item(item, 0, evidence))
    yield Heading("Items")
    yield Items(tuple(lines))
    if found["followed_by"]:
        yield Paragraph(f"Followed by: {', '.join(found['followed_by_names'])}.")
    claims = [line for d in found["disagreements"] for line in claim_lines(d, evidence)]
    if claims:
        yield Heading("Disagreements")
        yield items(*claims)
    if found.get("note"):
        yield Paragraph(found["note"])


def _item(item: Answered, depth: int, evidence: Evidence) -> Iterator[tuple[int, str]]:
    title = f"{item['title']}. " if item["title"] else ""
    leads = f" Led by: {', '.join(item['leads'])}." if item["leads"] else ""
    yield depth, f"{item['number']}. {title}{item['summary']}{leads}{evidence.mark(item['sources'])}"
    for link in item["follows"]:
        yield (
            depth + 1,
            f"Follows {link['item']}{hedge(link)}: {link['title'] or 'not recorded'}{evidence.mark(link['sources'])}",
        )
    for sub in item.get("items", ()):
        yield from _item(sub, depth + 1, evidence)


def document_page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of a document, and what rests on it."""
    found = answer["document"]
    yield Heading(found["title"], 1)
    told = [f"{upper(spaced(found['kind']))}"]
    if found["publisher_name"]:
        told.append(f"published by {found['publisher_name']}")
    if found["speaks_of"]:
        told.append(f"speaks of {day(found['speaks_of'])}")
    title = "" if found["title_printed"] else " No title is printed; this one is ours."
    yield Paragraph(f"{', '.join(told)}.{title}")
    facts = [
        ("Summary", found["summary"]),
        ("Author", found["author"]),
        ("Owner", found["owner_name"]),
        ("Citation", found["citation"]),
        ("Version", found["version"]),
        ("Published", day(found["published"]) if found["published"] else None),
        ("In force", period(found) if found["from"] or found["to"] else None),
        (
            "Planned",
            f"for {day(found['planned']['for'])}" if found["planned"] and found["planned"]["for"] else None,
        ),
        ("Review due", day(found["review_due"]) if found["review_due"] else None),
        ("Read", day(found["read"]) if found["read"] else None),
        ("Address", found["address"]),
        ("Standing", spaced(found["standing"]) if found["standing"] else None),
        ("Also called", ", ".join(found["names"]) or None),
        ("Producers", ", ".join(found["producer_names"]) or None),
        ("Supporters", ", ".join(found["supporter_names"]) or None),
        ("Required by", found["required_by_title"]),
        ("Supersedes", ", ".join(found["supersedes"]) or None),
        ("Note", found.get("note")),
    ]
    yield items(*(f"{label}: {value}" for label, value in facts if value))
    lines = [
        f"{upper(spaced(a['step']))}{' by ' + a['name'] if a['name'] else ''}: {day(a['date'])}{' (' + a['reference'] + ')' if a['reference'] else ''}{hedge(a)}{evidence.mark(a['sources'])}"
        for a in found["approvals"]
    ]
    also = [
        f"{upper(spaced(a['kind']))} of {a['name']}{evidence.mark(a['sources'])}" for a in found["also_serves_as"]
    ]
    dues = [milestone_in_words(m, evidence) for m in (*found["deadlines"], *found["milestones"])]
    layers = [f"Lines {x['lines'][0]} to {x['lines'][1]} speak of {day(x['speaks_of'])}." for x in found["layers"]]
    claims = [line for d in found["disagreements"] for line in claim_lines(d, evidence)]
    figures = [figure_line(f, evidence) for f in found["figures"]]
    for heading, some in (
        ("Approvals", lines),
        ("Also serves as", also),
        ("Deadlines and milestones", dues),
        ("Figures", figures),
        ("Written at several times", layers),
        ("Disagreements", claims),
    ):
        if some:
            yield Heading(heading)
            yield items(*some)
    places: dict[tuple[str, str], dict[str, None]] = {}
    for one in answer["cited_by"]:
        place = one["at"] or "no place given"
        places.setdefault((one["name"], spaced(one["where"]) or "whole record"), {})[place] = None
    rows = tuple((*key, upper("; ".join(found_at))) for key, found_at in places.items())
    if answer["set_out"]:
        yield Paragraph(f"Sets out the priorities: {', '.join(answer['set_out_names'])}.")
    yield Heading("What rests on it")
    yield (
        Table("Statements that cite this document", ("Record", "Statement", "Place"), rows)
        if rows
        else Paragraph("Nothing.")
    )


def requirements_page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of a set of duties."""
    found = answer["requirements"]
    yield Heading(found["name"], 1)
    applies = found["applies_to"]
    what = f"bodies of the kind {applies['kind']}" if applies["kind"] else applies["body"]
    if found["tested_on"]:
        each = "each " if applies["kind"] else ""
        what = f"{what}, {each}tested on the body that is {spaced(found['tested_on'])} it"
    yield Paragraph(
        f"{counted(answer['rules'], 'duty', 'duties')} of {what}; {spaced(found['status'])}, {period(found)}.{evidence.mark(found['sources'])}"
    )
    rows = tuple((rule["text"], spaced(rule["basis"]), rule["citation"]) for rule in answer["rules"])
    yield Table("Duties", ("Duty", "Basis", "Citation"), rows)
