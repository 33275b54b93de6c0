"""A forward look as a calendar (RFC 5545): one all-day event for each thing. icalendar is used here only.

Nothing depends on when it is written: an event is known again by what it is about, so that a calendar that is read in anew
replaces the events it had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from kmics_cli.dates import day_in_words, in_words, parse
from kmics_cli.problems import visible
from kmics_cli.query import Answered

_MOST_DAYS = 184  # a window as long as half a year is shown whole; a longer one on its first day
_MOST_WORDS = 200  # characters of a title
_MOST_TEXT = 5000
_SEATS = ("term-ends", "leaves", "interim-ends")


def calendar(answer: Answered) -> str:
    """Return the rows of a forward look as the text of an .ics file, its lines folded and ended as the standard asks.

    What has no day is left out. Control characters are made visible.
    """
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//kmics//report forward//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", _line(_called(answer)))
    stamp = _stamp(answer)
    seen: dict[str, int] = {}
    for row in answer["rows"]:
        if row["date"] is None:
            continue
        uid = _uid(answer, row)
        seen[uid] = seen.get(uid, 0) + 1
        first, last, vague = _days(row)
        event = Event()
        event.add("uid", f"{uid}{f'-{seen[uid]}' if seen[uid] > 1 else ''}@kmics")
        event.add("dtstamp", stamp)
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(1))
        event.add("summary", _summary(row, vague))
        event.add(
            "description",
            "\n".join(_cut(visible(" ".join(line.split())), _MOST_TEXT) for line in _told(answer, row)),
        )
        event.add("categories", [row["kind"]])
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    data: bytes = made.to_ical()
    return data.decode("utf-8")


def _called(answer: Answered) -> str:
    """Return the name of a calendar: of the body that it is of, or of the registry."""
    return f"Forward look: {answer['name'] or answer['registry']['name']}"


def _summary(row: Answered, vague: bool) -> str:
    """Return the words of an event: that it is past due before them, that it is inferred or not of one day after them."""
    when = in_words(parse(row["date"]))
    past = "Past due: " if row["over"] else ""
    hedge = f" ({row['confidence']})" if row["confidence"] != "stated" else ""
    days = f" ({when})" if vague and not row["what"].endswith(when) else ""
    return f"{past}{_line(row['what'])}{hedge}{days}"


def _stamp(answer: Answered) -> datetime:
    day = date.fromisoformat(answer["registry"]["as_of"] or answer["first"])
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _days(row: Answered) -> tuple[date, date, bool]:
    """Return the first and the last day of an event, and whether its words must say that it is one day of several."""
    when = parse(row["date"])
    if when.earliest == when.latest:
        return when.earliest, when.latest, False
    if when.bounded and (when.latest - when.earliest).days <= _MOST_DAYS:
        return when.earliest, when.latest, True
    first = when.earliest if when.earliest > date.min else when.latest
    return first, first, True


def _uid(answer: Answered, row: Answered) -> str:
    """Return by what an event is known again; a day that is corrected later leaves a term or a deadline the same event."""
    about: list[object] = [row["id"]]
    if row["kind"] in _SEATS:
        about = ["seat", *about, row["person"] or row["name"], row.get("since"), row["terms"]]
    elif row["kind"] == "starts":
        about = ["starts", *about, row["person"] or row["name"]]
    elif row["kind"] == "turn":
        about = ["turn", *about, row["since"]]
    elif row["kind"] in ("meeting", "review"):
        about = [row["kind"], *about, row["date"]]
    else:
        about = [row["kind"], *about, row["what"]]
    text = "\x1f".join(str(one) for one in [answer["registry"]["name"], *about])
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _told(answer: Answered, row: Answered) -> Iterator[str]:
    yield f"{row['what']}: {in_words(parse(row['date']))}."
    if not row["earliest"] or row["earliest"] != row["latest"]:
        yield "The record does not give the day."
    if row["over"]:
        since = row["recorded_since"]
        yield (
            f"Run out or past due. Recorded since: {since}."
            if since
            else "Run out or past due; nothing is recorded since."
        )
    if row["further"]:
        yield f"Further term: {row['further']}."
    for one in row["next"]:
        yield f"Recorded to follow: {one['name']}, from {one['from']}."
    for one in row["follows"] or ():
        yield f"If the seat falls empty: {one['says']}"
    if row["confidence"] != "stated":
        yield f"This is {row['confidence']}."
    for source in row["sources"]:
        place = f", {source['at']}" if source["at"] else ""
        yield f"Source: {source['title'] or source['document']}{place}."
    yield f"From the registry {answer['registry']['name']}, asked on {day_in_words(date.fromisoformat(answer['first']))}."


def _line(text: str) -> str:
    return _cut(visible(" ".join(text.split())), _MOST_WORDS)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
