"""What lies ahead: terms ending, interims, starts, reviews, deadlines, meetings, law; and what follows if a seat falls empty.

One looks from a day to the end of a month (`--within`), or over a time that is itself the window (`--during`). What had run
out by the first day, or is past due and not recorded as done, is told first, with what is recorded since.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from kmics_cli.dates import day_in_words, in_words, later
from kmics_cli.events.told import adjoin
from kmics_cli.problems import UserError, shortened
from kmics_cli.query import Answered, Asked
from kmics_cli.reports.departure import Departures, also_held, next_day
from kmics_cli.reports.forthcoming import (
    KINDS,
    Ahead,
    endings,
    of_bodies,
    of_documents,
    of_law,
    planned,
    starts,
    turns,
)
from kmics_cli.reports.frame import Wanted, bodies_below, framed, joined, number, said, standing, titled

WITHIN = "6m"
_LENGTH = re.compile(r"([0-9]{1,3}) ?(d|days?|w|weeks?|m|months?|y|years?)", re.IGNORECASE)
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_MOST_FOLLOWED = 60  # endings of which it is worked out what follows: each asks the record twice
_MOST_NAMED = 12

WORDS = {
    "term-ends": ("term of office ends", "terms of office end"),
    "leaves": ("recorded departure", "recorded departures"),
    "interim-ends": ("interim ends", "interims end"),
    "turn": ("turn of a rotation ends or is due to", "turns of rotations end or are due to"),
    "starts": ("start to come", "starts to come"),
    "review": ("review due", "reviews due"),
    "deadline": ("deadline", "deadlines"),
    "milestone": ("milestone", "milestones"),
    "meeting": ("meeting", "meetings"),
    "requirement": ("change of a requirement", "changes of requirements"),
    "law": ("change of law or of a governing document", "changes of law or of governing documents"),
    "planned": ("planned body or seat", "planned bodies or seats"),
}
"""What each kind is called, one and several, in the order of the paper."""


def report(asked: Asked, ref: str | None, wanted: Wanted) -> Answered:
    """Return what lies ahead of a body and all below it, or of all; a row for each thing, what has run out first.

    Raises `UserError` (2) for a length of time that cannot be read, or one given beside a time.
    """
    span = asked.span
    if span.one_day:
        last = within(WITHIN if wanted.within is None else wanted.within, span.first)
    else:
        if wanted.within is not None:
            raise UserError(
                "--within counts from a day, and a time was given.", "Give a day with --on, or leave out --within."
            )
        last = span.last
    ahead = Ahead(asked, last, bodies_below(asked, ref), ref is None, not span.one_day)
    there = ref is None or not standing(asked, asked.registry.bodies[ref])
    rows, undated, more = _rows(ahead) if there else ([], [], 0)
    count = Counter(row["kind"] for row in rows)
    over = [row for row in rows if row["over"]]
    summary = {"total": len(rows), "over": len(over), **{kind.replace("-", "_"): count[kind] for kind in KINDS}}
    return framed(
        asked,
        ref,
        title=titled("Forward look", asked.body_name(ref) if ref else None, span),
        says=_opening(asked, ref, rows, last),
        summary=summary,
        rows=rows,
        inferred=[
            said(f"{row['what']}. {row['note'] or ''}".strip(), row["sources"])
            for row in rows
            if row["confidence"] == "inferred"
        ],
        not_recorded=[*_lacking(rows, undated, more)],
        first=span.first.isoformat(),
        last=last.isoformat(),
        within=(wanted.within or WITHIN) if span.one_day else None,
    )


def within(text: str, day: date) -> date:
    """Return the last day of the month in which a length of time ("6m", "90d", "26 weeks") from a day ends.

    Raises `UserError` (2) if it is no length of time.
    """
    found = _LENGTH.fullmatch(" ".join(text.split()))
    if not found or int(found[1]) == 0:
        raise UserError(
            f"--within {shortened(text)}: that is not a length of time.", "Write 6m, 90d, 26w or 1y; or '6 months'."
        )
    end = later(day, f"{int(found[1])} {_UNITS[found[2][0].casefold()]}")
    return end.replace(day=monthrange(end.year, end.month)[1])


def _rows(ahead: Ahead) -> tuple[list[Answered], list[str], int]:
    """Return the rows in order, the names of bodies planned for no known day, and of how many endings it is not worked out
    what follows."""
    found = sorted(endings(ahead), key=lambda one: _order(one[0]))
    departures = Departures(ahead.asked, [ending for _row, ending, _end in found])
    taken: set[int] = set()
    for number_, (row, ending, end) in enumerate(found):
        role = ahead.asked.holders.role(ending[0])
        assert role is not None
        day = next_day(end, ahead.day)
        coming = [
            holder
            for holder in ahead.asked.holders.seat(role).next
            if id(holder.appointment) not in taken and (holder.person is None or holder.person != row["person"])
        ]
        coming = coming if role.seats == 1 else coming[:1]  # of several seats, each to come fills one
        taken.update(id(holder.appointment) for holder in coming)
        row["next"] = [
            {"person": holder.person, "name": holder.name, "from": in_words(holder.appointment.from_)}
            for holder in coming
        ]
        at_once = any(adjoin(end, holder.appointment.from_) for holder in coming)
        row["empty_on"] = day.isoformat()
        if row["person"]:
            row["also_holds"] = also_held(ahead.asked, row["person"], ending[0])
        if at_once:
            continue
        row["follows"] = departures.follows(ending, end, day) if number_ < _MOST_FOLLOWED else None
    planned_rows, undated = planned(ahead)
    rows = [row for row, _ending, _end in found]
    rows += [*turns(ahead), *starts(ahead), *of_bodies(ahead), *of_documents(ahead), *of_law(ahead), *planned_rows]
    return sorted(rows, key=_order), undated, max(0, len(found) - _MOST_FOLLOWED)


def _order(row: Answered) -> tuple[bool, str, int, str, str]:
    return (
        not row["over"],
        row["earliest"] or row["date"] or "9999",
        KINDS.index(row["kind"]),
        row["what"],
        row["id"],
    )


def _opening(asked: Asked, ref: str | None, rows: Sequence[Answered], last: date) -> str:
    day = day_in_words(asked.span.first)
    ahead = f"{day} to {day_in_words(last)}"
    if ref is not None and (why := standing(asked, asked.registry.bodies[ref])):
        return f"On {day}, {why}, so nothing lies ahead of it in this record."
    of = f"{asked.body_name(ref)} and the bodies below it" if ref is not None else "all bodies"
    if not rows:
        return f"From {ahead}, nothing is recorded as lying ahead of {of}, which does not say that nothing does."
    coming = Counter(row["kind"] for row in rows if not row["over"])
    over = sum(row["over"] for row in rows)
    parts = [f"{coming[kind]} {WORDS[kind][coming[kind] != 1]}" for kind in KINDS if coming[kind]]
    past = (
        f" Besides, {number(over, 'thing has run out or is', 'things have run out or are')} past due."
        if over
        else ""
    )
    if not parts:
        return (
            f"From {ahead}, nothing is recorded as lying ahead of {of}, which does not say that nothing does.{past}"
        )
    return f"From {ahead}, this is recorded for {of}: {joined(parts)}.{past}"


def _lacking(rows: Sequence[Answered], undated: Sequence[str], more: int) -> Iterator[str]:
    unknown = [row for row in rows if row["kind"] == "term-ends" and row["further"].startswith("Not recorded")]
    if unknown:
        some = list(dict.fromkeys(f"{row['title']}, {row['body_name']}" for row in unknown))
        yield f"How many terms of office are allowed: {_listed(some)}."
    if undated:
        yield f"For when these bodies are planned: {_listed(undated)}."
    if more:
        yield f"What follows from the {more} latest of these departures: ask for one body to see it."
    yield "Ends, reviews and meetings that no source here gives."


def _listed(names: Sequence[str]) -> str:
    shown = "; ".join(names[:_MOST_NAMED])
    return f"{shown}; and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown
