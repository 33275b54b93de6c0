"""Answers as blocks: what each command prints, in the words of the field. A page shows nothing the answer lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from kmics_cli.dates import Date, Span, in_words, parse, span_in_words
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table, items

ATTENDING = ("participant", "observer", "in-attendance", "deputy")
"""The member types of those who attend and are not members."""

NOT_RECORDED = "Not recorded"


def _date(text: str | None) -> Date | None:
    return parse(text) if text else None


def _day(text: str | None, missing: str = "not recorded") -> str:
    return in_words(_date(text), missing)


def _a_day(text: str | None) -> str:
    """Return a date that can stand after "from", "to" and "since"."""
    words = _day(text)
    return f"a day {words}" if words.startswith("between") else words


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _spaced(word: str) -> str:
    return word.replace("-", " ")


def _period(row: Answered) -> str:
    """Return "from 1 July 2022", "1 July 2022 to 30 June 2025" and so on, honestly."""
    start, end = row["from"], row["to"]
    began = _a_day(start)
    if end is None:
        return "start not recorded" if start in (None, "unknown") else f"from {began}"
    ended = "a day not recorded" if end == "unknown" else _a_day(end)
    return (
        f"{'start not recorded' if start in (None, 'unknown') else began}, to {ended}"
        if start in (None, "unknown")
        else f"{began} to {ended}"
    )


class Evidence:
    """Numbers the sources of a page in the order of their use; numbers nothing unless asked to."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted
        self.numbers: dict[tuple[str, str | None], int] = {}
        self.told: list[str] = []

    def mark(self, sources: Iterable[Answered]) -> str:
        """Return " [1] [2]" for the sources, or nothing."""
        if not self.wanted:
            return ""
        marks = []
        for source in sources:
            key = (source["document"], source["at"])
            if key not in self.numbers:
                self.numbers[key] = len(self.numbers) + 1
                self.told.append(self._line(self.numbers[key], source))
            marks.append(f"[{self.numbers[key]}]")
        return f" {' '.join(dict.fromkeys(marks))}" if marks else ""

    @staticmethod
    def _line(number: int, source: Answered) -> str:
        title = source["title"] or source["document"]
        place = f", {source['at']}" if source["at"] else ""
        quote = f': "{source["quote"]}"' if source.get("quote") else ""
        speaks_of = f", speaks of {_day(source['speaks_of'])}" if source["speaks_of"] else ""
        return f"[{number}] {title}{place}{quote} ({source['document']}{speaks_of})"

    def blocks(self) -> Iterator[Block]:
        """Yield the list of sources."""
        if self.told:
            yield Heading("Sources")
            yield Items(tuple((0, line) for line in self.told))


def _asked_on(span: Span) -> str:
    return f"on {span_in_words(span)}" if span.one_day else f"{span_in_words(span)}"


def page(command: str, answer: Answered, span: Span, sources: bool = False) -> list[Block]:
    """Return the page of a command's answer, without the line that names the registry."""
    evidence = Evidence(sources)
    if command == "show":
        kind = next(key for key in _SHOWN if key in answer)
        return [*_SHOWN[kind](answer, span, evidence), *evidence.blocks()]
    return [*_PAGES[command](answer, span, evidence), *evidence.blocks()]


# show


def _body(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    body, roles = answer["body"], answer["roles"]
    yield Heading(f"{_upper(body['name'])}, {_asked_on(span)}", 1)
    yield Paragraph(_what_it_is(body) + evidence.mark(body["sources"]))
    if warning := _completeness(body, roles):
        yield Paragraph(warning)
    members = [role for role in roles if role["member_type"] not in ATTENDING]
    attending = [role for role in roles if role["member_type"] in ATTENDING]
    for heading, some in (("Roles", members), ("In attendance", attending)):
        rows = [row for role in some if role["existence"] == "in-being" for row in _seats(role, evidence)]
        if rows:
            yield Heading(heading)
            yield _seat_table(f"{body['name']}: {heading.lower()}", rows, some)
    yield from _other_roles(roles, evidence)
    if any(role["per_member"] for role in roles):
        yield Paragraph("Each body of this class has its own seat where the table says so.")
    yield from _facts(body, evidence)


def _what_it_is(body: Answered) -> str:
    what = _upper(body["kind_name"])
    if body["class"]:
        what = f"A class of bodies: {body['kind_name']}"
    if body["level"]:
        what += f", {body['level']} level"
    status, sure = body["status"], body["certainty"]
    began = _a_day(body["from"])
    if status == "planned":
        planned = body["planned"] or {}
        meant = f" for {_day(planned.get('for'))}" if planned.get("for") else ""
        told = f"Planned{meant}; no source here shows it in being on this day."
    elif status == "not-yet":
        told = f"Not yet in being: it begins {_day(body['from'])}."
    elif status == "ended":
        told = f"Ended: last day {_day(body['to'])}."
        told = f"Ended: {_period(body)}." if body["from"] not in (None, "unknown") else told
    else:
        told = f"In being {'since ' + began if body['from'] != 'unknown' else '(start not recorded)'}"
        told = told if sure == "yes" else f"Possibly in being: {_period(body)}"
        told += f"; last day {_a_day(body['to'])}." if body["to"] and sure == "yes" else "."
        if body["not_confirmed_since"]:
            told += f" Not confirmed since {_day(body['not_confirmed_since'])}."
    if body["confidence"] != "stated":
        told += f" {_upper(body['confidence'])}."
    if body["present_name"] != body["name"]:
        told += f" Now called {body['present_name']}."
    return f"{what}. {told}"


def _completeness(body: Answered, roles: Sequence[Answered]) -> str:
    if body["recorded"]["roles"] == "complete":
        return f"All {len(roles)} roles are listed{', as at ' + _day(body['recorded']['as_at']) if body['recorded']['as_at'] else ''}."
    if not roles:
        boards = [part for part in body["parts"] if part["relation"] == "board-of"]
        sits = f" Its members sit on the {boards[0]['name']}: kmics show {boards[0]['body']}." if boards else ""
        return f"No role of it is recorded.{sits}"
    lacking = [] if body["quorum"] else ["quorum"]
    if all(role["voting"] is None for role in roles):
        lacking.append("voting rights")
    also = f" Not recorded: {' and '.join(lacking)}." if lacking else ""
    return f"NOT A COMPLETE LIST: no source here gives all of its roles.{also}"


Row = tuple[str, str, str, str]


def _seats(role: Answered, evidence: Evidence) -> Iterator[Row]:
    title = role["title"]
    if role["per_member"]:
        title += " (each has one)"
    elif role["seats"] is None:
        title += " (number of seats not recorded)"
    elif role["seats"] > 1:
        title += f" ({role['seats']} seats)"
    votes = {True: "Yes", False: "No", None: "Not stated"}[role["voting"]]
    notes = " ".join(role["notes"])
    any_row = False
    for holder in role["holders"]:
        any_row = True
        says = holder["says"] + evidence.mark(holder["sources"])
        yield title, _held_by(holder), f"{says} {notes}".strip(), votes
        notes = ""
    for vacancy in role["vacancies"]:
        any_row = True
        cover = f" Cover: {vacancy['cover'].removesuffix('.')}." if vacancy["cover"] else ""
        yield title, "Vacant", f"Vacant {_period(vacancy)}.{cover}{evidence.mark(vacancy['sources'])}", votes
    confirmed = role["state"] in ("held", "interim")
    if not any_row:
        says = notes or _nobody(role)
        yield title, "Nobody yet" if role["next"] else NOT_RECORDED, says + evidence.mark(role["sources"]), votes
    elif role["not_recorded"] and confirmed:
        seats = "1 seat" if role["not_recorded"] == 1 else f"{role['not_recorded']} seats"
        yield title, f"{seats}: not recorded", "No source here names a holder.", votes
    if role["no_substantive_since"]:
        yield title, "No substantive holder", f"Since {_day(role['no_substantive_since'])}.", votes
    for coming in role["next"]:
        yield title, f"Next: {coming['name']}", coming["says"] + evidence.mark(coming["sources"]), votes


def _nobody(role: Answered) -> str:
    if role["basis"]:
        required = {
            "statute": "Required by law",
            "regulation": "Required by regulations",
            "nhse-policy": "Required by NHS England policy",
            "constitution": "In the constitution",
            "terms-of-reference": "In the terms of reference",
            "good-practice": "Good practice",
        }[role["basis"]]
        return f"{required}; no source here names a holder."
    return "No source here names a holder on this day."


def _held_by(holder: Answered) -> str:
    name = holder["name"] if holder["person"] else "held, not named"
    extra = [word for word in (holder["capacity"],) if word and word != "substantive"]
    extra.extend(_spaced(word) for word in holder.get("designations", ()))
    if holder["via"]:
        extra.append("ex officio")
    if holder.get("covering"):
        extra.append("covering")
    if extra:
        name += f" ({', '.join(extra)})"
    if holder["standing"] != "current":
        return f"{_upper(_spaced(holder['standing']))}: {name}"
    return _upper(name) if holder["certainty"] == "yes" else f"Possibly {name}"


def _seat_table(caption: str, rows: Sequence[Row], roles: Sequence[Answered]) -> Table:
    told: list[tuple[str, ...]] = []
    before = ""
    voting = any(role["voting"] is not None for role in roles)
    for title, held_by, says, votes in rows:
        seat = title if title != before else "(same seat)"
        told.append((seat, held_by, says, votes) if voting else (seat, held_by, says))
        before = title
    columns = ("Seat", "Held by", "What we can say", "Votes")
    return Table(caption, columns if voting else columns[:3], tuple(told))


def _other_roles(roles: Sequence[Answered], evidence: Evidence) -> Iterator[Block]:
    lines = []
    for role in roles:
        note = f" {role['note']}" if role["note"] else ""
        mark = evidence.mark(role["sources"])
        if role["existence"] == "absent":
            lines.append(f"No such seat, says a source: {role['title']}.{note}{mark}")
        elif role["existence"] == "planned":
            planned = role["planned"] or {}
            meant = f" for {_day(planned['for'])}" if planned.get("for") else ""
            told = f" {planned['note']}" if planned.get("note") else note
            lines.append(f"Planned{meant}, not shown to exist: {role['title']}.{told}{mark}")
        elif role["existence"] == "not-in-being":
            lines.append(f"Not in being on this day: {role['title']}.")
    if lines:
        yield Heading("Other seats")
        yield items(*lines)


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
            [f"{p['name']} ({p['body']}): {_spaced(p['relation'].removesuffix('-of'))}" for p in body["parts"]],
        ),
        ("Bodies of this class", [f"{i['name']} ({i['body']})" for i in body["instances"]]),
        ("Member bodies", [_member(m, evidence) for m in body["members"]]),
        (
            "Other names",
            [
                f"{n['name']} ({n['use']}{'; ' + _period(n) if n['from'] or n['to'] else ''}){evidence.mark(n['sources'])}"
                for n in body["names"]
            ],
        ),
        (
            "Codes",
            [
                f"{i['scheme']}: {i['code']}{', ' + _period(i) if i['from'] or i['to'] else ''}{_hedge(i)}{evidence.mark(i['sources'])}"
                for i in body["identifiers"]
            ],
        ),
        ("What it does", list(body["remit"])),
        ("Basis in law", [body["basis"]] if body["basis"] else []),
        ("Governed by", [f"{g['title']}, {_period(g)}{evidence.mark(g['sources'])}" for g in body["governed_by"]]),
        ("Quorum", [_quorum(body["quorum"]) + evidence.mark(body["quorum"]["sources"])] if body["quorum"] else []),
        ("Meetings", [*_meetings(body["meetings"], evidence)] if body["meetings"] else []),
        ("Deadlines and milestones", [_milestone(m, evidence) for m in (*body["deadlines"], *body["milestones"])]),
        ("Figures", [_figure(f, evidence) for f in body["figures"]]),
        (
            "Asked for, and not law",
            [
                f"{a['what']}. Asked by: {a['by'] or 'not recorded'}.{evidence.mark(a['sources'])}"
                for a in body["asked_for"]
            ],
        ),
        ("Disagreements", [line for d in body["disagreements"] for line in _claims(d, evidence)]),
        (
            "Corrections",
            [
                f"{_day(c['made'])}: {c['about']}. The record said: {c['said']}. It says: {c['says']}.{evidence.mark(c['sources'])}"
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
    words = _upper(_spaced(relation))
    return words if words.endswith(" of") else f"{words} of"


def _hedge(row: Answered) -> str:
    return f" ({row['confidence']})" if row.get("confidence", "stated") != "stated" else ""


def _steps(body: Answered, evidence: Evidence) -> Iterator[str]:
    for step in body["predecessors"]:
        yield f"Before: {step['name']} ({step['id']}); {step['kind']}, {_day(step['date'])}{_hedge(step)}.{evidence.mark(step['sources'])}"
    for step in body["successors"]:
        yield f"After: {step['name']} ({step['id']}); {step['kind']}, {_day(step['date'])}{_hedge(step)}.{evidence.mark(step['sources'])}"


def _member(member: Answered, evidence: Evidence) -> str:
    who = f"{member['name']} ({member['body']})" if member["body"] else f'"{member["name"]}", as printed'
    if member.get("could_be"):
        who += ": could be " + " or ".join(one["name"] for one in member["could_be"])
    as_ = "" if member["as"] == "member" else f", {member['as']}"
    return f"{who}{as_}{_hedge(member)}{evidence.mark(member['sources'])}"


def _quorum(quorum: Answered) -> str:
    count = quorum["at_least"]
    of = {"seats": " of the seats", "members-in-post": " of the members in post"}.get(quorum["counting"] or "", "")
    among = [" or ".join(i) if isinstance(i, list) else _spaced(i) for i in quorum["including"]]
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
        yield f"First meeting: {_day(meetings['inaugural'])}."
    for held in meetings["held"]:
        reference = f" ({held['reference']})" if held["reference"] else ""
        yield f"{_day(held['on'])}{reference}{evidence.mark(held['sources'])}"


def _due(by: str | None) -> str:
    words = _day(by)
    return f"due {words}" if words.startswith("between") else f"due by {words}"


def _milestone(found: Answered, evidence: Evidence) -> str:
    when = f"done {_day(found['on'])}" if found["on"] else _due(found["by"])
    if not found["on"] and not found["by"]:
        when = "day not recorded"
    if found["status"] and not (found["on"] and found["status"] == "done"):
        when += f"; {found['status']}"
    return f"{found['what']}: {when}{_hedge(found)}.{evidence.mark(found['sources'])}"


def figure_in_words(figure: Answered) -> str:
    """Return a figure as a reader says it: "about 42", "30,000 to 50,000 people (planned)"."""

    def number(value: float) -> str:
        return f"{value:,.10g}" if value != int(value) else f"{int(value):,}"

    if figure["value"] is not None:
        told = number(figure["value"])
    elif figure["low"] is not None:
        told = f"{number(figure['low'])} to {number(figure['high'])}"
    else:
        told = figure["words"] or ""
    words = " ".join(str(word) for word in (figure["qualifier"], told, figure["unit"]) if word)
    return f"{words} (planned)" if figure["planned"] else words


def _figure(figure: Answered, evidence: Evidence) -> str:
    as_at = f", as at {_day(figure['as_at'])}" if figure["as_at"] else ""
    return f"{_upper(figure['about'])}: {figure_in_words(figure)}{as_at}{_hedge(figure)}{evidence.mark(figure['sources'])}"


def _claims(found: Answered, evidence: Evidence) -> Iterator[tuple[int, str]]:
    settled = f" (settled {_day(found['settled'])})" if found["settled"] else ""
    yield 0, f"{found['about']}{settled}:"
    for claim in found["claims"]:
        preferred = " (the record follows this)" if claim["preferred"] else ""
        yield 1, f"{claim['says']}{preferred}{evidence.mark(claim['sources'])}"
    if found["why"]:
        yield 1, f"Why: {found['why']}"


def _role(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    role = answer["role"]
    yield Heading(f"{role['title']}, {answer['body_name']}, {_asked_on(span)}", 1)
    yield Paragraph(_role_state(role))
    if role["existence"] == "in-being":
        yield _seat_table("The seat on this day", list(_seats(role, evidence)), [role])
    else:
        yield from _other_roles([role], evidence)
    facts = [f"Member type: {_spaced(role['member_type'])}."]
    votes = {True: "Votes.", False: "Does not vote.", None: "Whether it votes is not stated."}[role["voting"]]
    facts.append(votes)
    if role["basis"]:
        facts.append(f"Basis: {_spaced(role['basis'])}.")
    if role["term"]:
        term = role["term"]
        facts.append("No fixed term." if term == "none" else f"Term of office: {term['years']} years.")
    for key, words in (
        ("nominated_by", "Nominated by"),
        ("appointed_by", "Appointed by"),
        ("approved_by", "Approved by"),
    ):
        if role[key]:
            facts.append(f"{words}: {', '.join(role[key])}.")
    if role["remit"]:
        facts.append(role["remit"])
    if role["note"]:
        facts.append(role["note"])
    yield Heading("About the seat")
    yield items(*facts)
    if answer["history"]:
        yield Heading("Through time")
        rows = tuple(_past(row, evidence) for row in answer["history"])
        yield Table(
            f"{role['title']}: who held it, as recorded", ("Period", "Holder", "Capacity", "What is recorded"), rows
        )


def _role_state(role: Answered) -> str:
    if role["existence"] != "in-being":
        return {
            "planned": "Planned: no source here shows that the seat exists on this day.",
            "absent": "A source says that there is no such seat.",
            "not-in-being": "Not in being on this day.",
        }[role["existence"]]
    names = ", ".join(_held_by(holder) for holder in role["holders"] if holder["standing"] == "current")
    told = {
        "held": f"Held: {names}.",
        "interim": f"Held on an interim basis: {names}.",
        "designate": f"Nobody there yet. To come: {', '.join(holder['name'] for holder in role['next'])}.",
        "vacant": "Vacant.",
        "not-recorded": "Who holds it on this day is not recorded.",
    }[role["state"]]
    return " ".join([told, *role["notes"]])


def _past(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    period = _upper(_period(row))
    mark = evidence.mark(row["sources"])
    hedge = _upper(row["confidence"]) + ". " if row.get("confidence", "stated") != "stated" else ""
    if row.get("vacant"):
        return period, "Vacant", "Not applicable", f"{hedge}{row['note'] or 'Vacant, says a source.'}{mark}"
    if "turn_of" in row:
        return (
            period,
            f"Turn of: {row['name']}",
            "Not applicable",
            f"{hedge}{row['note'] or 'A turn of the rotation.'}{mark}",
        )
    if "goes_with" in row:
        return (
            period,
            f"Goes with: {row['name']}",
            "Not applicable",
            f"{hedge}{row['note'] or 'By holding that post.'}{mark}",
        )
    ends = (
        []
        if not row["end_reason"] or row["end_reason"] == "not-stated"
        else [f"{_upper(_spaced(row['end_reason']))}."]
    )
    if row["announced"]:
        ends.append(f"Announced {_day(row['announced'])}.")
    if row["term_ends"]:
        ends.append(f"Term ends {_day(row['term_ends'])}.")
    if row.get("note"):
        ends.append(row["note"])
    return (
        period,
        row["name"],
        _upper(row["capacity"] or "not stated"),
        f"{hedge}{' '.join(ends) or 'Nothing more.'}{mark}",
    )


def _person(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    name = answer["person"]["name"]
    now = [row for row in answer["appointments"] if row["certainty"] != "no"]
    other = [row for row in answer["appointments"] if row["certainty"] == "no"]
    yield Heading(f"{name}, {_asked_on(span)}", 1)
    if not now:
        yield Paragraph(f"No role of {name} is recorded on this day.")
    else:
        rows = tuple(
            (
                f"{row['title']}, {row['body_name']}",
                _held_as(row),
                row["says"] + evidence.mark(row["sources"]),
            )
            for row in now
        )
        yield Table(f"Roles of {name}", ("Role", "Held", "What we can say"), rows)
    if other:
        yield Heading("At other times")
        rows = tuple(
            (
                f"{row['title']}, {row['body_name']}",
                _upper(_period(row)),
                _upper(row["capacity"] or "not stated") + evidence.mark(row["sources"]),
            )
            for row in other
        )
        yield Table(f"Other roles of {name}, before or after", ("Role", "Period", "Capacity"), rows)


def _held_as(row: Answered) -> str:
    how = _upper(row["capacity"]) if row["capacity"] else "Held"
    if row["via"]:
        how = "Ex officio"
    return (
        how
        if row["certainty"] == "yes"
        else ("Not confirmed" if row["stale"] else f"Possibly; {how.lower()}" if how != "Held" else "Possibly")
    )


def _set(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    found = answer["priorities"]
    yield Heading(found["name"], 1)
    told = [] if found["title_printed"] else ["No title is printed; the name is ours."]
    told.insert(0, f"{len(answer['items'])} items of {found['owner_name']}, {_period(found)}.")
    told.append(f"Status: {found['status'] or 'not stated'}.{evidence.mark(found['sources'])}")
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
        yield Paragraph(f"Followed by: {', '.join(found['followed_by'])}.")
    claims = [line for d in found["disagreements"] for line in _claims(d, evidence)]
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
            f"Follows {link['item']}{_hedge(link)}: {link['title'] or 'not recorded'}{evidence.mark(link['sources'])}",
        )
    for sub in item.get("items", ()):
        yield from _item(sub, depth + 1, evidence)


def _document(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    found = answer["document"]
    yield Heading(found["title"], 1)
    told = [f"{_upper(_spaced(found['kind']))}"]
    if found["publisher_name"]:
        told.append(f"published by {found['publisher_name']}")
    if found["speaks_of"]:
        told.append(f"speaks of {_day(found['speaks_of'])}")
    title = "" if found["title_printed"] else " No title is printed; this one is ours."
    yield Paragraph(f"{', '.join(told)}.{title}")
    facts = [
        ("Summary", found["summary"]),
        ("Author", found["author"]),
        ("Owner", found["owner_name"]),
        ("Citation", found["citation"]),
        ("Version", found["version"]),
        ("Published", _day(found["published"]) if found["published"] else None),
        ("In force", _period(found) if found["from"] or found["to"] else None),
        (
            "Planned",
            f"for {_day(found['planned']['for'])}" if found["planned"] and found["planned"]["for"] else None,
        ),
        ("Review due", _day(found["review_due"]) if found["review_due"] else None),
        ("Read", _day(found["read"]) if found["read"] else None),
        ("Address", found["address"]),
        ("Standing", _spaced(found["standing"]) if found["standing"] else None),
        ("Also called", ", ".join(found["names"]) or None),
        ("Producers", ", ".join(found["producer_names"]) or None),
        ("Supporters", ", ".join(found["supporter_names"]) or None),
        ("Required by", found["required_by_title"]),
        ("Supersedes", ", ".join(found["supersedes"]) or None),
        ("Note", found.get("note")),
    ]
    yield items(*(f"{label}: {value}" for label, value in facts if value))
    lines = [
        f"{_upper(_spaced(a['step']))}{' by ' + a['name'] if a['name'] else ''}: {_day(a['date'])}{' (' + a['reference'] + ')' if a['reference'] else ''}{_hedge(a)}{evidence.mark(a['sources'])}"
        for a in found["approvals"]
    ]
    also = [
        f"{_upper(_spaced(a['kind']))} of {a['name']}{evidence.mark(a['sources'])}" for a in found["also_serves_as"]
    ]
    dues = [_milestone(m, evidence) for m in (*found["deadlines"], *found["milestones"])]
    layers = [f"Lines {x['lines'][0]} to {x['lines'][1]} speak of {_day(x['speaks_of'])}." for x in found["layers"]]
    claims = [line for d in found["disagreements"] for line in _claims(d, evidence)]
    figures = [_figure(f, evidence) for f in found["figures"]]
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
    places: dict[tuple[str, str], list[str]] = {}
    for one in answer["cited_by"]:
        place = one["at"] or "no place given"
        told = places.setdefault((one["name"], _spaced(one["where"]) or "whole record"), [])
        told.extend([place] if place not in told else [])
    rows = tuple((*key, _upper("; ".join(told))) for key, told in places.items())
    if answer["set_out"]:
        yield Paragraph(f"Sets out the priorities: {', '.join(answer['set_out'])}.")
    yield Heading("What rests on it")
    yield (
        Table("Statements that cite this document", ("Record", "Statement", "Place"), rows)
        if rows
        else Paragraph("Nothing.")
    )


def _requirements(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    found = answer["requirements"]
    yield Heading(found["name"], 1)
    applies = found["applies_to"]
    what = f"bodies of the kind {applies['kind']}" if applies["kind"] else applies["body"]
    yield Paragraph(
        f"{len(answer['rules'])} duties of {what}; {_spaced(found['status'])}, {_period(found)}.{evidence.mark(found['sources'])}"
    )
    rows = tuple((rule["text"], _spaced(rule["basis"]), rule["citation"]) for rule in answer["rules"])
    yield Table("Duties", ("Duty", "Basis", "Citation"), rows)


_SHOWN: dict[str, Callable[[Answered, Span, Evidence], Iterator[Block]]] = {
    "body": _body,
    "role": _role,
    "person": _person,
    "priorities": _set,
    "document": _document,
    "requirements": _requirements,
}


# list, tree, search, timeline


def _shown_value(item: Answered, column: str) -> str:
    value = item.get(column)
    if column in ("from", "to", "speaks_of", "published", "by", "on", "last_evidence", "term_ends", "as_at"):
        return _upper(_day(value)) if value else {"to": "No end recorded"}.get(column, NOT_RECORDED)
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
    held = [_held_by(holder) for holder in item["holders"]]
    held.extend(["Vacant"] * len(item["vacancies"]))
    return "; ".join(held) or NOT_RECORDED


def _when_cell(item: Answered) -> str:
    if item["on"]:
        return _upper(_day(item["on"]))
    return _upper(_due(item["by"]).removeprefix("due ")) if item["by"] else NOT_RECORDED


Column = tuple[str, Callable[[Answered], str]]


def _plain(label: str, key: str) -> Column:
    return label, lambda item: _shown_value(item, key)


_COLUMNS: dict[str, tuple[Column, ...]] = {
    "bodies": (
        _plain("Id", "id"),
        _plain("Name", "name"),
        _plain("Kind", "kind"),
        ("Status", lambda item: _body_status(item)),
    ),
    "roles": (_plain("Role", "id"), _plain("Title", "title"), ("Held by", _holders_cell)),
    "people": (
        _plain("Id", "id"),
        _plain("Name", "name"),
        ("Roles on this day, as far as recorded", lambda item: _shown_value(item, "roles")),
    ),
    "appointments": (
        _plain("Name", "name"),
        ("Role", lambda item: f"{item['title']}, {item['body_name']}"),
        _plain("What we can say", "says"),
    ),
    "priorities": (
        _plain("Id", "id"),
        _plain("Name", "name"),
        _plain("Owner", "owner_name"),
        ("Period", lambda item: _upper(_period(item))),
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
        ("Status", lambda item: _upper(item["status"] or "not recorded")),
    ),
    "figures": (
        _plain("About", "about"),
        ("Figure", figure_in_words),
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
        status += f"; not confirmed since {_day(item['not_confirmed_since'])}"
    return status


def columns_of(kind: str, item: Answered) -> list[str]:
    """Return what `--columns` may name for a kind: the fields of its items."""
    return [key for key in item if not key.startswith("_")] if item else [label for label, _cell in _COLUMNS[kind]]


def _list(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    kind, found = answer["kind"], answer["items"]
    yield Heading(f"{_upper(kind)}, {_asked_on(span)}", 1)
    if not found:
        yield Paragraph("Nothing in the registry matches.")
    else:
        chosen = answer.get("columns")
        columns = (
            tuple(_plain(_upper(name.replace("_", " ")), name) for name in chosen) if chosen else _COLUMNS[kind]
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


def _tree(answer: Answered, span: Span, _evidence: Evidence) -> Iterator[Block]:
    root = answer["tree"]
    yield Heading(f"{root['name']}: structure, {_asked_on(span)}", 1)
    lines: list[tuple[int, str]] = []

    def walk(node: Answered, depth: int) -> None:
        relation = f": {_spaced(node['relation'].removesuffix('-of'))}" if node["relation"] else ""
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


def _search(answer: Answered, _span: Span, _evidence: Evidence) -> Iterator[Block]:
    hits = answer["hits"]
    yield Heading(f"Search for {answer['query']}", 1)
    if not hits:
        yield Paragraph("Nothing found.")
        return
    rows = tuple((hit["id"], hit["name"], f"{_spaced(hit['field'])}: {hit['text']}") for hit in hits)
    yield Table(f"{len(hits)} found, best first", ("Id", "Name", "Where it matched"), rows)
    if answer["more"]:
        yield Paragraph(f"{answer['more']} more.")


def _timeline(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    yield Heading(f"{answer['of']['name']}: timeline", 1)
    rows = tuple(
        (
            _upper(_day(event["date"])),
            f"{event['text']}{'' if event['confidence'] == 'stated' else ' (' + event['confidence'] + ')'}{evidence.mark(event['sources'])}",
        )
        for event in answer["events"]
    )
    yield Table(f"{len(rows)} events", ("When", "What"), rows) if rows else Paragraph("No dated event is recorded.")


_PAGES: dict[str, Callable[[Answered, Span, Evidence], Iterator[Block]]] = {
    "list": _list,
    "tree": _tree,
    "search": _search,
    "timeline": _timeline,
}
