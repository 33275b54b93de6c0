"""One page about a body: what it is, who leads it, what it belongs to, what it is for, and what is open about it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kmics_cli.dates import UNKNOWN, Answer, Date, a_day_in_words, in_words, lasts, parse
from kmics_cli.model import Body
from kmics_cli.query import Answered, Asked
from kmics_cli.query.duties import tallied
from kmics_cli.query.duties.verdict import tally_in_words
from kmics_cli.query.parts import text
from kmics_cli.reports.composition import counted, figures, rows_of
from kmics_cli.reports.frame import (
    NOBODY,
    Wanted,
    called,
    framed,
    joined,
    number,
    said,
    standing,
    then,
    titled,
    whole,
)

LEADING = ("chair", "deputy-chair", "vice-chair", "chief-executive", "leader")
"""The member types of those who lead a body."""

SECTIONS = {
    "what": "What it is",
    "does": "What it does",
    "leads": "Who leads it",
    "seats": "Its seats",
    "part-of": "What it is part of",
    "parts": "Its parts",
    "members": "Member bodies",
    "before-after": "Before and after",
    "priorities": "Its priorities",
    "documents": "What governs it, and its plans",
    "meetings": "Meetings and quorum",
    "figures": "Figures",
    "due": "Deadlines and milestones",
    "asked-for": "Asked for, not required by law",
    "open": "Open disagreements",
    "checks": "Composition checks",
}
"""The sections of the page, in order, by what a row's `section` says."""


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return what the record says of a body in the days asked about, as rows `{section, says, id, confidence, note, sources}`.

    What is dated after those days is left out, but for what is due then.
    """
    assert ref is not None
    body = asked.registry.bodies[ref]
    rows = [*_rows(asked, body)]
    count = {section: sum(row["section"] == section for row in rows) for section in SECTIONS}
    return framed(
        asked,
        ref,
        title=titled("Summary", asked.body_name(ref), asked.span),
        says=_opening(asked, body, count),
        summary={section.replace("-", "_"): many for section, many in count.items()},
        rows=rows,
        inferred=[
            said(f"{row['says']} {row['note']}", row["sources"])
            for row in rows
            if row["confidence"] == "inferred" and row["note"]
        ],
        not_recorded=[*_lacking(asked, body, rows)],
    )


def _opening(asked: Asked, body: Body, count: dict[str, int]) -> str:
    if gone := standing(asked, body):
        return f"{then(asked.span)}, {gone}."
    known = [
        f"{number(count['parts'], 'body', 'bodies') if count['parts'] else 'no body'} directly below it",
        f"{number(count['priorities'], 'set') if count['priorities'] else 'no set'} of priorities of its own",
        f"{number(count['open'], 'open disagreement') if count['open'] else 'no open disagreement'} about it",
    ]
    boards = [child for child, link in asked.lives.children(body.id) if link.relation in _BOARDS]
    own, others = _roles(asked, body), sum(_roles(asked, board) for board in boards)
    roles = number(own, "role") if own else "no role"
    if others and not own:
        roles = f"{number(others, 'role')} on the board"
    partial = (
        ""
        if not (own or others) or all(whole(asked, one) for one in (boards if others else [body]))
        else (" (not the whole list)")
    )
    return f"{then(asked.span)}, the record has {roles} of {asked.body_name(body.id)}{partial}, {joined(known)}."


def _roles(asked: Asked, body: Body) -> int:
    return sum(asked.holders.seat(role).existence == "in-being" for role in body.roles.values())


def _row(section: str, says: str, found: Answered | None = None, id: str | None = None) -> Answered:
    found = found or {}
    return {
        "section": section,
        "says": says[:1].upper() + says[1:],
        "id": id,
        "confidence": found.get("confidence") or "stated",
        "note": found.get("note"),
        "sources": found.get("sources") or [],
    }


def _rows(asked: Asked, body: Body) -> Iterator[Answered]:
    told = asked.body(body)
    yield from _what(told)
    yield from (_row("does", line) for line in told["remit"])
    yield from _seats(asked, body)
    yield from _around(asked, told)
    yield from _owned(asked, body, told)
    if told["meetings"]:
        yield from _meetings(asked, told["meetings"])
    if told["quorum"]:
        yield _row("meetings", f"Quorum: at least {told['quorum']['at_least']}", told["quorum"])
    for figure in (one for one in told["figures"] if _by_then(asked, one["as_at"])):
        yield _row("figures", _figure(figure), figure)
    for due in (*told["deadlines"], *told["milestones"]):
        done = due["on"] is not None and _by_then(asked, due["on"])
        if not done and due["by"] is None and due["on"] is not None:
            continue  # it was to come, and nobody said so then
        when = f"done {in_words(_date(due['on']))}" if done else f"due by {in_words(_date(due['by']))}"
        late = "; whether it was done is not recorded" if due["past_due"] else ""
        if due["on"] is None and due["status"] and not late:
            late = f"; {due['status'].replace('-', ' ')}"
        yield _row("due", f"{due['what']}: {when}{late}.", due)
    for request in told["asked_for"]:
        yield _row("asked-for", f"{request['what']}. Asked by: {request['by'] or 'not recorded'}.", request)
    for found in told["disagreements"]:
        if found["settled"] is None or not _by_then(asked, found["settled"]):
            sources = [source for claim in found["claims"] for source in claim["sources"]]
            yield _row("open", f"{found['about']}.", {"sources": sources})
    if checks := tallied(asked, body.id):
        yield _row("checks", f"{tally_in_words(checks)}.")


def _date(written: str | None) -> Date | None:
    return parse(written) if written else None


def _by_then(asked: Asked, written: str | None) -> bool:
    """Return whether something without a day, or of that day, can have been so by the last of the days asked about."""
    return written is None or parse(written).earliest <= asked.span.last


def _lived(found: Answered) -> str:
    """Return from when to when something was, as a clause that can stand after a comma; nothing where neither is recorded."""
    start, end = _date(found["from"]), _date(found["to"])
    since = f"since {a_day_in_words(start)}" if start and start.text != UNKNOWN else ""
    until = f"to {a_day_in_words(end)}" if end and end.text != UNKNOWN else ""
    if since and until:
        since = since.replace("since ", "from ", 1)
    return " ".join(part for part in (since, until) if part)


def _what(told: Answered) -> Iterator[Answered]:
    kind = f"A class of bodies: {told['kind_name']}" if told["class"] else told["kind_name"]
    level = f", {told['level']} level" if told["level"] else ""
    status = "" if told["status"] == "in-being" else f", {told['status'].replace('-', ' ')}"
    lived = _lived(told)
    sure = "" if told["certainty"] == "yes" else " Whether it was in being is not certain."
    seen = told["not_confirmed_since"]
    stale = f" Last known in being: {in_words(_date(seen))}." if seen else ""
    yield _row("what", f"{kind}{level}{status}{', ' + lived if lived else ''}.{sure}{stale}", told)
    if told["legal_form"]:
        yield _row("what", f"Legal form: {told['legal_form'].replace('-', ' ')}.")
    if told["basis"]:
        yield _row("what", f"Basis in law: {told['basis']}.")
    for name in told["names"]:
        lived = _lived(name)
        yield _row("what", f"Also called: {name['name']} ({name['use']}{', ' + lived if lived else ''}).", name)
    for code in told["identifiers"]:
        lived = _lived(code)
        yield _row("what", f"{code['scheme_name']}: {code['code']}{', ' + lived if lived else ''}.", code)
    if told["area"]:
        yield _row("what", f"Area: {told['area']}.")


def _seats(asked: Asked, body: Body) -> Iterator[Answered]:
    """Yield who leads a body, in its own seats and in those of its board, and how its own seats stand."""
    boards = [child for child, link in asked.lives.children(body.id) if link.relation in _BOARDS]
    for one in (body, *boards):
        rows = [
            row
            for role in one.roles.values()
            if (seat := asked.holders.seat(role)).existence == "in-being"
            for row in rows_of(asked, seat)
        ]
        where = "" if one is body else f", {asked.body_name(one.id)}"
        for row in rows:
            if row["member_type"] in LEADING:
                nobody = row["status"] in NOBODY
                how = f" ({row['capacity']})" if row["status"] == "interim" else ""
                who = "" if nobody else f" {called(row)}{how}."
                yield _row("leads", f"{row['title']}{where}:{who} {row['says']}", row, row["role"])
        if rows:
            members = [row for row in rows if not row["attends"]]
            told = figures(counted(members), asked.span)
            listed = "All its roles are listed" if whole(asked, one) else "Not the whole list"
            yield _row("seats", f"{asked.body_name(one.id) + '. ' if where else ''}{listed}: {told}.")


_BOARDS = ("board-of", "governing-body-of")


def _around(asked: Asked, told: Answered) -> Iterator[Answered]:
    for link in told["part_of"]:
        relation = link["relation"].removesuffix("-of").replace("-", " ")
        yield _row("part-of", f"{relation} of {link['name']}.", link, link["body"])
    for part in told["parts"]:
        relation = part["relation"].removesuffix("-of").replace("-", " ")
        how = "; ".join([relation, *_how_sure(asked, part["body"])])
        yield _row("parts", f"{part['name']} ({how}).", None, part["body"])
    for member in told["members"]:
        as_ = "" if member["as"] == "member" else f", {member['as']}"
        yield _row("members", f"{member['name']}{as_}.", member, member["body"])
    for key, words in (("predecessors", "Before"), ("successors", "After")):
        for step in told[key]:
            yield _row(
                "before-after",
                f"{words}: {step['name']}, {step['kind']}, {in_words(_date(step['date']))}.",
                step,
                step["id"],
            )


def _how_sure(asked: Asked, id: str) -> Iterator[str]:
    """Yield that a body is only planned or possible, or since when it was not confirmed."""
    body = asked.registry.bodies[id]
    status, sure = asked.lives.status(body, asked.span)
    if status == "planned":
        yield "planned, not shown to exist"
    elif sure is not Answer.YES:
        yield "possibly"
    elif since := asked.lives.unconfirmed(body, asked.span):
        yield f"not confirmed since {in_words(since)}"


def _owned(asked: Asked, body: Body, told: Answered) -> Iterator[Answered]:
    for found in asked.registry.mentioning("priorities", body.id, "owner"):
        if found.owner.partition("/")[0] == body.id and _by_then(asked, text(found.from_)):
            status = f", {found.status.replace('-', ' ')}" if found.status else ""
            shown = {"confidence": found.confidence, "sources": asked.sources(found.sources)}
            yield _row("priorities", f"{found.name}: {number(len(found.items), 'item')}{status}.", shown, found.id)
    for rule in told["governed_by"]:
        lived = _lived(rule)
        yield _row("documents", f"{rule['title']}{', ' + lived if lived else ''}.", rule, rule["document"])
    governing = {rule["document"] for rule in told["governed_by"]}
    for document in asked.registry.mentioning("documents", body.id, "owner"):
        begun = document.from_ or document.published
        force = lasts(begun, document.to, asked.span)
        if document.owner == body.id and force is not Answer.NO and document.id not in governing:
            shown = {"confidence": document.confidence, "sources": asked.sources(document.sources)}
            version = f", version {document.version}" if document.version else ""
            kind = document.kind.replace("-", " ")
            planned = ", planned and not shown in force" if begun is None and document.planned else ""
            yield _row("documents", f"{document.title} ({kind}{version}{planned}).", shown, document.id)


def _meetings(asked: Asked, meetings: Answered) -> Iterator[Answered]:
    how = {True: " in public", False: " in private", None: ""}[meetings["in_public"]]
    if meetings["every"]:
        yield _row("meetings", f"Meets{how} every {meetings['every'].removeprefix('every ')}.", meetings)
    elif how:
        yield _row("meetings", f"Meets{how}; how often is not recorded.", meetings)
    if meetings["inaugural"] and _by_then(asked, meetings["inaugural"]):
        yield _row("meetings", f"First meeting: {in_words(_date(meetings['inaugural']))}.", meetings)
    if held := [one for one in meetings["held"] if one["on"] and _by_then(asked, one["on"])]:
        last = max(held, key=lambda one: one["on"])
        yield _row("meetings", f"Last recorded meeting: {in_words(_date(last['on']))}.", last)


def _figure(figure: Answered) -> str:
    value = figure["words"]
    if figure["value"] is not None:
        value = _number(figure["value"])
    elif figure["low"] is not None and figure["high"] is not None:
        value = f"{_number(figure['low'])} to {_number(figure['high'])}"
    words = " ".join(str(word) for word in (figure["qualifier"], value, figure["unit"]) if word)
    as_at = f", as at {in_words(_date(figure['as_at']))}" if figure["as_at"] else ", of a day that is not recorded"
    return f"{figure['about']}: {words}{' (planned)' if figure['planned'] else ''}{as_at}."


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{Decimal(str(value)):,f}"


_EXPECTED = {
    "does": "What it does.",
    "leads": "Who leads it.",
    "part-of": "What it is part of.",
    "priorities": "Priorities of its own.",
    "documents": "What governs it.",
    "meetings": "How often it meets.",
}


def _lacking(asked: Asked, body: Body, rows: list[Answered]) -> Iterator[str]:
    if standing(asked, body):
        return
    there = {row["section"] for row in rows}
    boards = [child for child, link in asked.lives.children(body.id) if link.relation in _BOARDS]
    if any(board.meetings for board in boards):
        there.add("meetings")
    yield from (words for section, words in _EXPECTED.items() if section not in there)
    if not asked.body(body)["quorum"] and body.roles:
        yield "The quorum."
