"""The page of a body's composition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.query.duties.verdict import tally_in_words
from kmics_cli.reports.frame import called
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table, items
from kmics_cli.views.pages.words import Evidence, a_day, asked_on, day, spaced, upper

COLUMNS = (
    *(
        "body",
        "body_name",
        "role",
        "title",
        "member_type",
        "attends",
        "voting",
        "status",
        "person",
        "name",
        "capacity",
    ),
    *("via", "since", "to", "term_ends", "term", "certainty", "confidence", "last_evidence", "says", "note"),
)

GROUPS = {
    "chair": "Chair",
    "deputy-chair": "Deputy chair",
    "vice-chair": "Vice-chair",
    "chief-executive": "Chief executive",
    "executive": "Executive members",
    "non-executive": "Non-executive members",
    "partner": "Partner members",
    "lay": "Lay members",
    "associate": "Associates",
    "leader": "Leaders",
    "member": "Members",
    "officer": "Officers",
    "participant": "Participants",
    "observer": "Observers",
    "in-attendance": "In attendance",
    "deputy": "Deputies",
}
"""What the seats of each member type are called, in the order in which a paper lists them."""


def page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield members and attendees by member type, other seats, what changed, and the checks."""
    if answer["note"] and answer["rows"] and not answer["complete"]:
        yield Paragraph(answer["note"])
    for heading, attends in (("Members", False), ("In attendance", True)):
        rows = [row for row in answer["rows"] if row["attends"] is attends]
        if rows:
            yield Heading(heading)
            yield from _groups(rows, asked_on(span), evidence)
    if answer["other"]:
        yield Heading("Seats that are planned, or that a source says are not there")
        yield items(*(_other(seat, evidence) for seat in answer["other"]))
    if answer["rows"]:
        yield from _changes(answer, evidence)
    if answer["checks"] and answer["rows"]:
        yield Heading("Composition checks")
        yield Paragraph(f"{upper(tally_in_words(answer['checks']))}.")


def _groups(rows: Sequence[Answered], when: str, evidence: Evidence) -> Iterator[Block]:
    voting = any(row["voting"] is not None for row in rows)
    for member_type, words in GROUPS.items():
        some = [row for row in rows if row["member_type"] == member_type]
        if some:
            yield Heading(words, 3)
            columns = ("Seat", "Held by", "Status", "Since", "Term ends")
            yield Table(f"{words}, {when}", columns, tuple(_cells(row, voting, evidence) for row in some))


def _cells(row: Answered, voting: bool, evidence: Evidence) -> tuple[str, ...]:
    seat = upper(row["title"])
    if not row["number_known"]:
        seat += " (number of seats not recorded)"
    if voting and row["voting"] is not None:
        seat += " (votes)" if row["voting"] else " (does not vote)"
    name = called(row)
    if row["status"] == "not-recorded" and row["count"] > 1:
        name = f"Not recorded ({row['count']} seats)"
    duties = f" ({', '.join(spaced(one) for one in row['designations'])})" if row["designations"] else ""
    term = (
        "Not applicable"
        if row["status"] in ("vacant", "possibly-vacant")
        else "No fixed term"
        if row["no_fixed_term"]
        else upper(day(row["term_ends"]))
    )
    if row["term_ends"] and (which := _TERMS.get(row["term"] or 0)):
        term += f" ({which} recorded term)"
    since = upper(day(row["since"]))
    return seat, f"{name}{duties}{evidence.mark(row['sources'])}", status(row), since, term


_TERMS = {2: "second", 3: "third", 4: "fourth"}


def status(row: Answered) -> str:
    """Return how somebody sits in a seat, in a few words, with what makes it unsure."""
    if row["status"] in ("vacant", "possibly-vacant"):
        words = "Vacant" if row["status"] == "vacant" else "Possibly vacant"
        return words if row["confidence"] == "stated" else f"{words}, {row['confidence']}"
    if row["status"] == "not-recorded":
        return "No holder recorded; not the same as vacant"
    how = "" if row["capacity"] in (None, "substantive") else spaced(row["capacity"])
    if row["status"] == "designate":
        words = "Designate, yet to start"
    elif row["status"] == "not-confirmed":
        later = row["standing"] == "later-named"
        words = row["says"].removesuffix(".") if not later else f"First named later: {day(row['last_evidence'])}"
        words = words.removeprefix("Inferred, ").removeprefix("Inferred: ")
    elif row["confidence"] == "disputed":
        words = "Disputed"
    elif row["status"] == "possibly":
        words = "In post, not certain"
    else:
        words = {None: "In post", "substantive": "Substantive"}.get(row["capacity"], "")
    words = ", ".join(part for part in (words, how) if part)
    if row["to"] and row["to"] != "unknown" and row["status"] in ("held", "interim", "possibly"):
        words += f" until {a_day(row['to'])}"
    if row["via_name"]:
        words += ", ex officio"
    if row["covering"]:
        words += ", covering for another"
    if row["confidence"] == "inferred":
        words += ", inferred"
    return upper(words)


def _other(seat: Answered, evidence: Evidence) -> str:
    how = (
        "planned, not shown to exist"
        if seat["existence"] == "planned"
        else "a source says that there is no such seat"
    )
    note = f" {seat['note']}" if seat["note"] else ""
    return f"{seat['title']}: {how}.{note}{evidence.mark(seat['sources'])}"


def _changes(answer: Answered, evidence: Evidence) -> Iterator[Block]:
    told = answer["changes"]
    if told is None:
        if answer["on"]:
            yield Heading("Changes since the last meeting")
            yield Paragraph("No earlier meeting of it is recorded with its day, so none can be told.")
        return
    since = f"since it last met, on {day(told['since'])}" if told["meeting"] else f"since {day(told['since'])}"
    yield Heading(f"Changes {since}")
    if not told["rows"]:
        yield Paragraph("None is recorded. This does not say that there was none.")
        return
    yield Table(
        f"Changes {since}",
        ("When", "What", "How sure"),
        tuple(
            (
                upper(one["when"].removeprefix("on ").removeprefix("in ")),
                f"{one['told']}{evidence.mark(one['sources'])}",
                _sure(one),
            )
            for one in told["rows"]
        ),
    )


def _sure(change: Answered) -> str:
    words = "Recorded" if change["certainty"] == "yes" else "Possibly in this time"
    return words if change["confidence"] == "stated" else f"{words}, {change['confidence']}"
