"""The page of a body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.query.duties.verdict import tally_in_words
from kmics_cli.views.blocks import Block, Heading, Paragraph, items
from kmics_cli.views.pages.parts import claim_lines, figure_line, milestone_in_words
from kmics_cli.views.pages.seats import ATTENDING, other_roles, seat_rows, seat_table
from kmics_cli.views.pages.words import Evidence, a_day, asked_on, day, hedge, period, spaced, upper


def body_page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of a body on the day."""
    body, roles = answer["body"], answer["roles"]
    yield Heading(f"{upper(body['name'])}, {asked_on(span)}", 1)
    yield Paragraph(_what_it_is(body) + evidence.mark(body["sources"]))
    if warning := _completeness(body, roles):
        yield Paragraph(warning)
    if checks := answer.get("checks"):
        yield Paragraph(f"Checks: {tally_in_words(checks)} (kmics report checks {body['id']}).")
    members = [role for role in roles if role["member_type"] not in ATTENDING]
    attending = [role for role in roles if role["member_type"] in ATTENDING]
    for heading, some in (("Roles", members), ("In attendance", attending)):
        rows = [row for role in some if role["existence"] == "in-being" for row in seat_rows(role, evidence)]
        if rows:
            yield Heading(heading)
            yield seat_table(f"{body['name']}: {heading.lower()}", rows, some)
    yield from other_roles(roles, evidence)
    if any(role["per_member"] for role in roles):
        yield Paragraph("Each body of this class has its own seat where the table says so.")
    yield from _facts(body, evidence)


def _what_it_is(body: Answered) -> str:
    what = upper(body["kind_name"])
    if body["class"]:
        what = f"A class of bodies: {body['kind_name']}"
    if body["level"]:
        what += f", {body['level']} level"
    status, sure = body["status"], body["certainty"]
    began = a_day(body["from"])
    if status == "planned":
        planned = body["planned"] or {}
        meant = f" for {day(planned.get('for'))}" if planned.get("for") else ""
        told = f"Planned{meant}; no source here shows it in being on this day."
    elif status == "not-yet":
        told = f"Not yet in being: it begins {day(body['from'])}." if body["from"] else "Not yet planned."
    elif status == "ended":
        told = f"Ended: last day {day(body['to'])}."
        told = f"Ended: {period(body)}." if body["from"] not in (None, "unknown") else told
    else:
        told = f"In being {'since ' + began if body['from'] != 'unknown' else '(start not recorded)'}"
        told = told if sure == "yes" else f"Possibly in being: {period(body)}"
        told += f"; last day {a_day(body['to'])}." if body["to"] and sure == "yes" else "."
        if body["not_confirmed_since"]:
            told += f" Last known in being: {day(body['not_confirmed_since'])}."
    if body["confidence"] != "stated":
        told += f" {upper(body['confidence'])}."
    if body["present_name"] != body["name"]:
        told += f" Now called {body['present_name']}."
    return f"{what}. {told}"


def _completeness(body: Answered, roles: Sequence[Answered]) -> str:
    if body["recorded"]["roles"] == "complete":
        there = sum(role["existence"] == "in-being" for role in roles)
        as_at = f", as at {day(body['recorded']['as_at'])}" if body["recorded"]["as_at"] else ""
        return f"All its roles are listed{as_at}: {there} on this day."
    if not roles:
        boards = [part for part in body["parts"] if part["relation"] == "board-of"]
        sits = f" Its members sit on the {boards[0]['name']}: kmics show {boards[0]['body']}." if boards else ""
        return f"No role of it is recorded.{sits}"
    if not any(role["existence"] == "in-being" for role in roles):
        return "No seat of it is recorded on this day."
    lacking = [] if body["quorum"] else ["quorum"]
    if all(role["voting"] is None for role in roles):
        lacking.append("voting rights")
    also = f" Not recorded: {' and '.join(lacking)}." if lacking else ""
    note = f" {body['recorded']['note']}" if body["recorded"]["note"] else ""
    return f"NOT A COMPLETE LIST: no source here gives all of its roles.{also}{note}"


def _facts(body: Answered, evidence: Evidence) -> Iterator[Block]:
    """Yield the sections on a body that the record fills."""
    sections: list[tuple[str, Sequence[str | tuple[int, str]]]] = [
        (
            "Part of",
            [
                f"{_relation(p['relation'])} {p['name']} ({p['body']}).{evidence.mark(p['sources'])}"
                for p in body["part_of"]
            ],
        ),
        ("Before and after", [*_steps(body, evidence)]),
        (
            "Its parts",
            [f"{p['name']} ({p['body']}): {spaced(p['relation'].removesuffix('-of'))}" for p in body["parts"]],
        ),
        ("Bodies of this class", [f"{i['name']} ({i['body']})" for i in body["instances"]]),
        ("Planned", [_intended(body["planned"], evidence)] if body["planned"] else []),
        ("Member bodies", [_member(m, evidence) for m in body["members"]]),
        (
            "Other names",
            [
                f"{n['name']} ({n['use']}{'; ' + period(n) if n['from'] or n['to'] else ''}){evidence.mark(n['sources'])}"
                for n in body["names"]
            ],
        ),
        (
            "Codes",
            [
                f"{i['scheme_name']} {i['code']}{', ' + period(i) if i['from'] or i['to'] else ''}{hedge(i)}{evidence.mark(i['sources'])}"
                for i in body["identifiers"]
            ],
        ),
        ("What it does", list(body["remit"])),
        ("Basis in law", [body["basis"]] if body["basis"] else []),
        ("Governed by", [f"{g['title']}, {period(g)}{evidence.mark(g['sources'])}" for g in body["governed_by"]]),
        ("Quorum", [_quorum(body["quorum"]) + evidence.mark(body["quorum"]["sources"])] if body["quorum"] else []),
        ("Meetings", [*_meetings(body["meetings"], evidence)] if body["meetings"] else []),
        (
            "Deadlines and milestones",
            [milestone_in_words(m, evidence) for m in (*body["deadlines"], *body["milestones"])],
        ),
        ("Figures", [figure_line(f, evidence) for f in body["figures"]]),
        (
            "Asked for, not required by law",
            [
                f"{a['what']}. Asked by: {a['by'] or 'not recorded'}.{evidence.mark(a['sources'])}"
                for a in body["asked_for"]
            ],
        ),
        ("Disagreements", [line for d in body["disagreements"] for line in claim_lines(d, evidence)]),
        (
            "Corrections",
            [
                f"{day(c['made'])}: {c['about']}. The record said: {c['said']}. It says: {c['says']}.{evidence.mark(c['sources'])}"
                for c in body["corrections"]
            ],
        ),
        ("Note", [body["note"]] if body["note"] else []),
    ]
    for heading, lines in sections:
        if lines:
            yield Heading(heading)
            yield items(*lines)


def _relation(relation: str) -> str:
    words = upper(spaced(relation))
    return words if words.endswith(" of") else f"{words} of"


_STEPS = {"transfer": ("Functions came from", "Functions went to")}


def _steps(body: Answered, evidence: Evidence) -> Iterator[str]:
    for index, key in enumerate(("predecessors", "successors")):
        for step in body[key]:
            words = _STEPS.get(step["kind"], ("Before:", "After:"))[index]
            kind = f"{step['kind']}, " if step["kind"] not in _STEPS else ""
            note = f" {step['note']}" if step["note"] else ""
            yield f"{words} {step['name']} ({step['id']}); {kind}{day(step['date'])}{hedge(step)}.{note}{evidence.mark(step['sources'])}"


def _intended(planned: Answered, evidence: Evidence) -> str:
    meant = f"For {day(planned['for'])}" if planned["for"] else "For a day that is not recorded"
    known = f", on record from {day(planned['from'])}" if planned["from"] else ""
    note = f" {planned['note']}" if planned["note"] else ""
    return f"{meant}{known}{hedge(planned)}.{note}{evidence.mark(planned['sources'])}"


def _member(member: Answered, evidence: Evidence) -> str:
    who = f"{member['name']} ({member['body']})" if member["body"] else f'"{member["name"]}", as printed'
    if member.get("could_be"):
        who += ": could be " + " or ".join(one["name"] for one in member["could_be"])
    as_ = "" if member["as"] == "member" else f", {member['as']}"
    note = f". {member['note']}" if member["note"] else ""
    return f"{who}{as_}{hedge(member)}{note}{evidence.mark(member['sources'])}"


def _quorum(quorum: Answered) -> str:
    count = quorum["at_least"]
    of = {"seats": " of the seats", "members-in-post": " of the members in post"}.get(quorum["counting"] or "", "")
    among = [" or ".join(i) if isinstance(i, list) else spaced(i) for i in quorum["including"]]
    including = f", including {'; '.join(among)}" if among else ""
    deputies = {True: " Deputies count.", False: " Deputies do not count.", None: ""}[quorum["deputies_count"]]
    return f"At least {count}{of}{including}.{deputies}"


def _meetings(meetings: Answered, evidence: Evidence) -> Iterator[str]:
    if meetings["every"]:
        public = " in public" if meetings["in_public"] else ""
        yield f"Meets{public} every {meetings['every'].removeprefix('every ')}.{evidence.mark(meetings['sources'])}"
    elif meetings["in_public"] is not None:
        yield f"Meets {'in public' if meetings['in_public'] else 'in private'}; how often is not recorded.{evidence.mark(meetings['sources'])}"
    if meetings["by_video"]:
        yield "Can be watched by video link."
    if meetings["inaugural"]:
        yield f"First meeting: {day(meetings['inaugural'])}."
    for held in meetings["held"]:
        reference = f" ({held['reference']})" if held["reference"] else ""
        yield f"{day(held['on'])}{reference}{evidence.mark(held['sources'])}"
