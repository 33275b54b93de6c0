"""The page of vacancies: a table for each way in which a seat is not simply held."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.reports.vacancies import lasting
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table
from kmics_cli.views.pages.words import Evidence, day, spaced, upper

COLUMNS = (
    *(
        "status",
        "body",
        "body_name",
        "role",
        "title",
        "member_type",
        "count",
        "person",
        "name",
        "capacity",
        "since",
        "to",
    ),
    *("how_long", "no_substantive_since", "at_least_since", "reason", "cover", "term_ends", "last_evidence"),
    *("certainty", "confidence", "next", "carries", "says", "note"),
)

_MOST_TITLES = 6  # so many seats of a body are named; more are counted


def page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield vacant seats, interims, terms that ran out, those to come, cover, what is not confirmed and not recorded."""

    def some(status: str) -> list[Answered]:
        return [row for row in answer["rows"] if row["status"] == status]

    if rows := [*some("vacant"), *some("possibly-vacant")]:
        yield Heading("Vacant seats")
        columns = ("Seat", "Body", "Vacant since", "Reason", "Cover")
        yield Table(
            "Vacant seats",
            columns,
            tuple(
                (
                    _seat(row)
                    + (" (possibly vacant)" if row["status"] == "possibly-vacant" else "")
                    + evidence.mark(row["sources"]),
                    row["body_name"],
                    _since(row),
                    upper(spaced(row["reason"])) if row["reason"] else "Not recorded",
                    row["cover"] or "Not recorded",
                )
                for row in rows
            ),
        )
    if rows := some("interim"):
        yield Heading("Seats held by an interim")
        columns = ("Seat", "Body", "Held by", "No substantive holder", "Planned end, and who is next")
        yield Table("Seats held by an interim", columns, tuple(_interim(row, span, evidence) for row in rows))
    if rows := some("overdue"):
        yield Heading("Terms of office that ran out")
        yield Paragraph(
            "No reappointment and no departure is recorded, so whether these seats are still held is not known."
        )
        columns = ("Seat", "Body", "Last held by", "Term ended", "Last named")
        yield Table(
            "Terms of office that ran out",
            columns,
            tuple(
                (
                    _seat(row) + evidence.mark(row["sources"]),
                    row["body_name"],
                    _named(row),
                    upper(day(row["term_ends"])),
                    upper(day(row["last_evidence"])),
                )
                for row in rows
            ),
        )
    if rows := some("designate"):
        yield Heading("Those who are to come")
        yield Table(
            "Those who are to come",
            ("Seat", "Body", "Who", "Starts"),
            tuple(_coming(row, evidence) for row in rows),
        )
    if rows := some("covered"):
        yield Heading("Cover for absent holders")
        yield Paragraph("These seats are held. Somebody acts for the holder.")
        columns = ("Seat", "Body", "Acts", "For", "Since")
        yield Table("Cover for absent holders", columns, tuple(_cover(row, evidence) for row in rows))
    if rows := some("not-confirmed"):
        yield Heading("Holders who are not confirmed")
        yield Table(
            "Holders who are not confirmed",
            ("Seat", "Body", "Named", "What we can say"),
            tuple(
                (_seat(row) + evidence.mark(row["sources"]), row["body_name"], _named(row), row["says"])
                for row in rows
            ),
        )
    lists = [one for one in answer["bodies"] if one["not_recorded"]]
    if lists:
        heading = "Seats and roles of which nobody is recorded"
        yield Heading(heading)
        yield Paragraph("That nobody is recorded does not say that a seat is vacant.")
        yield Table(
            heading,
            ("Body", "Seats", "Which", "All roles listed"),
            tuple(
                (one["name"], _count(one), _which(one["titles"]), "Yes" if one["complete"] else "No")
                for one in lists
            ),
            numbers=(1,),
        )


def _count(one: Answered) -> str:
    """Return of how many seats of a body nobody is recorded: at least so many, where a role may have more."""
    return f"At least {one['not_recorded']}" if one["not_recorded_roles"] else str(one["not_recorded"])


def _seat(row: Answered) -> str:
    also = f" (carries: {'; '.join(row['carries'])})" if row["carries"] else ""
    return f"{upper(row['title'])}{also}"


def _name(row: Answered) -> str:
    return upper(row["name"]) if row["person"] else "Held, not named"


def _named(row: Answered) -> str:
    """Return who was last named in a seat, and how, unless as its substantive holder."""
    how = row["capacity"]
    return _name(row) if how in (None, "substantive") else f"{_name(row)} (named as {spaced(how)})"


def _since(row: Answered) -> str:
    since = upper(day(row["since"]))
    until = f" to {day(row['to'])}" if row["to"] and row["to"] != "unknown" else ""
    return f"{since}{until}: {row['how_long']}" if row["how_long"][:1].isdigit() else f"{since}{until}"


def _interim(row: Answered, span: Span, evidence: Evidence) -> tuple[str, ...]:
    capacity = spaced(row["capacity"]) if row["capacity"] else "interim"
    since = f" from {day(row['since'])}" if row["since"] and row["since"] != "unknown" else ""
    possibly = "Possibly " if row["certainty"] == "possibly" else ""
    held = f"{possibly}{_name(row)}, {capacity}{since}{evidence.mark(row['sources'])}"
    end = row["to"] or row["term_ends"]
    after = f"; next: {', '.join(row['next'])}" if row["next"] else ""
    if span.one_day and not after:
        after = "; nobody next is recorded"
    return _seat(row), row["body_name"], held, lasting(row), f"{upper(day(end))}{after}"


def _coming(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    return _seat(row), row["body_name"], f"{_name(row)}{evidence.mark(row['sources'])}", upper(day(row["since"]))


def _cover(row: Answered, evidence: Evidence) -> tuple[str, ...]:
    who = f"{_name(row)}{evidence.mark(row['sources'])}"
    return _seat(row), row["body_name"], who, row["covered_name"], upper(day(row["since"]))


def _which(titles: list[str]) -> str:
    shown = "; ".join(titles[:_MOST_TITLES])
    return f"{shown}; and {len(titles) - _MOST_TITLES} more" if len(titles) > _MOST_TITLES else shown
