"""Pages and tables of seats and of those who hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table, items
from kmics_cli.views.pages.words import NOT_RECORDED, Evidence, asked_on, day, period, spaced, upper

ATTENDING = ("participant", "observer", "in-attendance", "deputy")
"""The member types of those who attend and are not members."""


Row = tuple[str, str, str, str]


def seat_rows(role: Answered, evidence: Evidence) -> Iterator[Row]:
    """Yield the rows of a role: a holder, a vacancy, or what is not recorded, each with a sentence."""
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
        yield title, held_by(holder), f"{says} {notes}".strip(), votes
        notes = ""
    for vacancy in role["vacancies"]:
        any_row = True
        cover = f" Cover: {vacancy['cover'].removesuffix('.')}." if vacancy["cover"] else ""
        yield title, "Vacant", f"Vacant {period(vacancy)}.{cover}{evidence.mark(vacancy['sources'])}", votes
    confirmed = role["state"] in ("held", "interim")
    if not any_row:
        says = notes or _nobody(role)
        yield title, "Nobody yet" if role["next"] else NOT_RECORDED, says + evidence.mark(role["sources"]), votes
    elif role["not_recorded"] and confirmed:
        seats = "1 seat" if role["not_recorded"] == 1 else f"{role['not_recorded']} seats"
        says = (
            "Who holds it on this day is not recorded."
            if role["not_recorded"] == 1
            else "Who holds them on this day is not recorded."
        )
        yield title, f"{seats}: not recorded", says, votes
    if role["no_substantive_since"]:
        yield title, "No substantive holder", f"Since {day(role['no_substantive_since'])}.", votes
    for coming in role["next"]:
        yield title, f"Next: {coming['name']}", coming["says"] + evidence.mark(coming["sources"]), votes


_BASES = {
    "statute": "Required by law",
    "regulation": "Required by regulations",
    "nhse-policy": "Required by NHS England policy",
    "constitution": "In the constitution",
    "terms-of-reference": "In the terms of reference",
    "good-practice": "Good practice",
}


def _nobody(role: Answered) -> str:
    if role["basis"]:
        return f"{_BASES[role['basis']]}; no source here names a holder."
    return "No source here names a holder on this day."


def held_by(holder: Answered) -> str:
    """Return who is there as a cell says it: how, and how surely."""
    name = holder["name"] if holder["person"] else "held, not named"
    extra = [word for word in (holder["capacity"],) if word and word != "substantive"]
    extra.extend(spaced(word) for word in holder.get("designations", ()))
    if holder["via"]:
        extra.append("ex officio")
    if holder["confidence"] == "inferred" and not holder["says"].startswith("Inferred"):
        extra.append("inferred")
    if holder.get("covering"):
        extra.append("covering")
    if extra:
        name += f" ({', '.join(extra)})"
    if holder["standing"] != "current":
        return f"{upper(spaced(holder['standing']))}: {name}"
    return upper(name) if holder["certainty"] == "yes" else f"Possibly {name}"


def seat_table(caption: str, rows: Sequence[Row], roles: Sequence[Answered]) -> Table:
    """Return the table of seats; with votes only where a source speaks of them."""
    told: list[tuple[str, ...]] = []
    before = ""
    voting = any(role["voting"] is not None for role in roles)
    for title, held_by, says, votes in rows:
        seat = title if title != before else "(same seat)"
        told.append((seat, held_by, says, votes) if voting else (seat, held_by, says))
        before = title
    columns = ("Seat", "Held by", "What we can say", "Votes")
    return Table(caption, columns if voting else columns[:3], tuple(told))


def other_roles(roles: Sequence[Answered], evidence: Evidence) -> Iterator[Block]:
    """Yield the seats that are absent, planned or not in being."""
    lines: list[str] = []
    for role in roles:
        note = f" {role['note']}" if role["note"] else ""
        if role["existence"] == "absent":
            lines.extend(_no_such_seat(role, absence, evidence) for absence in role["absent"])
        elif role["existence"] == "planned":
            planned = role["planned"] or {}
            meant = f" for {day(planned['for'])}" if planned.get("for") else ""
            told = f" {planned['note']}" if planned.get("note") else note
            mark = evidence.mark(planned.get("sources") or role["sources"])
            lines.append(f"Planned{meant}, not shown to exist: {role['title']}.{told}{mark}")
        elif role["existence"] == "not-in-being":
            lines.append(f"Not in being on this day: {role['title']}.")
    if lines:
        yield Heading("Other seats")
        yield items(*lines)


def role_page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of a role: on the day, and through time."""
    role = answer["role"]
    yield Heading(f"{role['title']}, {answer['body_name']}, {asked_on(span)}", 1)
    yield Paragraph(_role_state(role))
    if role["existence"] == "in-being":
        yield seat_table("The seat on this day", list(seat_rows(role, evidence)), [role])
    else:
        yield from other_roles([role], evidence)
    facts = [f"Member type: {spaced(role['member_type'])}."]
    votes = {True: "Votes.", False: "Does not vote.", None: "Whether it votes is not stated."}[role["voting"]]
    facts.append(votes)
    if role["basis"]:
        facts.append(f"{_BASES[role['basis']]}.")
    if role["term"]:
        term = role["term"]
        facts.append("No fixed term." if term == "none" else f"Term of office: {term['years']} years.")
    for key, words in (
        ("nominated_by", "Nominated by"),
        ("appointed_by", "Appointed by"),
        ("approved_by", "Approved by"),
    ):
        if role[key]:
            facts.append(f"{words}: {', '.join(role['acts_in_words'][key])}.")
    facts += [_until(one, evidence) for one in answer["earlier"]]
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


def _until(one: Answered, evidence: Evidence) -> str:
    """Return what was otherwise until a day, as a sentence."""
    said = [_was(field, one[field]) for field in ("title", "member_type", "voting", "seats") if field in one]
    doubt = f" ({one['confidence']})" if one["confidence"] != "stated" else ""
    return f"Until {day(one['to'])}: {', '.join(said)}{doubt}.{evidence.mark(one['sources'])}"


def _was(field: str, value: str | int | bool) -> str:
    if field == "title":
        return f"called {value}"
    if field == "member_type":
        return f"member type {spaced(str(value))}"
    if field == "voting":
        return "with a vote" if value else "without a vote"
    return {"unknown": "number of seats not recorded", 1: "1 seat"}.get(value, f"{value} seats")


def _role_state(role: Answered) -> str:
    if role["existence"] != "in-being":
        return {
            "planned": "Planned: no source here shows that the seat exists on this day.",
            "absent": "A source says that there is no such seat.",
            "not-in-being": "Not in being on this day.",
        }[role["existence"]]
    names = ", ".join(held_by(holder) for holder in role["holders"] if holder["standing"] == "current")
    sure = any(holder["certainty"] == "yes" for holder in role["holders"])
    told = {
        "held": f"Held: {names}." if sure else f"Possibly held: {names.replace('Possibly ', '')}.",
        "interim": f"Held on an interim basis: {names}.",
        "designate": f"Nobody there yet. To come: {', '.join(holder['name'] for holder in role['next'])}.",
        "vacant": "Vacant.",
        "not-recorded": "Who holds it on this day is not recorded.",
    }[role["state"]]
    return " ".join([told, *role["notes"]])


def _past(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    when = upper(period(row))
    mark = evidence.mark(row["sources"])
    doubt = upper(row["confidence"]) + ". " if row.get("confidence", "stated") != "stated" else ""
    if row.get("vacant"):
        return when, "Vacant", "Not applicable", f"{doubt}{row.get('note') or 'Vacant, says a source.'}{mark}"
    if "turn_of" in row:
        return (
            when,
            f"Turn of: {row['name']}",
            "Not applicable",
            f"{doubt}{_named_in(row)}{row.get('note') or 'A turn of the rotation.'}{mark}",
        )
    if "goes_with" in row:
        return (
            when,
            f"Goes with: {row['name']}",
            "Not applicable",
            f"{doubt}{row.get('note') or 'By holding that post.'}{mark}",
        )
    ends = (
        []
        if not row["end_reason"] or row["end_reason"] == "not-stated"
        else [f"{upper(spaced(row['end_reason']))}."]
    )
    if row["announced"]:
        ends.append(f"Announced {day(row['announced'])}.")
    if row["term_ends"]:
        ends.append(f"Term ends {day(row['term_ends'])}.")
    if row.get("note"):
        ends.append(row["note"])
    return (
        when,
        row["name"],
        upper(row["capacity"] or "not stated"),
        f"{doubt}{' '.join(ends) or 'Nothing more.'}{mark}",
    )


def person_page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the page of a person: what is held, and what was or will be."""
    name = answer["person"]["name"]
    now = [row for row in answer["appointments"] if row["certainty"] != "no"]
    other = [row for row in answer["appointments"] if row["certainty"] == "no"]
    yield Heading(f"{name}, {asked_on(span)}", 1)
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
        yield Table(f"Roles of {name}", ("Role", "How", "What we can say"), rows)
    if other:
        yield Heading("At other times")
        rows = tuple(
            (
                f"{row['title']}, {row['body_name']}",
                _period_or_sighting(row),
                ("Ex officio" if row["via"] else upper(row["capacity"] or "not stated"))
                + evidence.mark(row["sources"]),
            )
            for row in other
        )
        yield Table(f"Other roles of {name}, before or after", ("Role", "Period", "Capacity"), rows)


def _period_or_sighting(row: Answered) -> str:
    """Return when it was held; where the start or the end is not recorded, also when it was last named."""
    told = upper(period(row))
    open_ended = row["to"] == "unknown" or (row["from"] == "unknown" and row["to"] is None)
    if open_ended and row["last_evidence"]:
        told += f"; last named {day(row['last_evidence'])}"
    return told


def _held_as(row: Answered) -> str:
    words = [word for word in (row["capacity"], "ex officio" if row["via"] else None) if word]
    if row["confidence"] == "inferred" and not row["says"].startswith("Inferred"):
        words.append("inferred")
    if row["standing"] != "current":
        words.insert(0, spaced(row["standing"]))
    elif row["certainty"] != "yes":
        words.insert(0, "possibly")
    return upper(", ".join(words) or "held")


def _no_such_seat(role: Answered, absence: Answered, evidence: Evidence) -> str:
    """Return what a source says of a seat that is not there, with the source and its day."""
    source = absence["sources"][0]
    when = f" ({day(source['speaks_of'])})" if source["speaks_of"] else ""
    note = f" {absence['note'] or role['note']}" if absence["note"] or role["note"] else ""
    mark = evidence.mark(absence["sources"])
    return f"No such seat, says {source['title'] or source['document']}{when}: {role['title']}.{note}{mark}"


def _named_in(row: Answered) -> str:
    names = [one["name"] for one in row["evidenced"]]
    return f"Named in it: {', '.join(names)}. " if names else ""
