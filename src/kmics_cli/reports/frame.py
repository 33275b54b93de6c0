"""What every report shares: what it is asked, its title and its opening, and the shape of its answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kmics_cli import model
from kmics_cli.dates import Answer, Date, Span, day_in_words, in_words, lasts, span_in_words
from kmics_cli.model import Body
from kmics_cli.query import Answered, Asked
from kmics_cli.query.holders import Holder, Seat
from kmics_cli.query.says import said_when

MOST_TITLE = 65
"""So many characters a title may have (NHS digital service manual, headings)."""

ATTENDING = model.ATTENDING
"""The member types of those who attend and are not members."""


NOBODY = ("vacant", "possibly-vacant", "not-recorded")
"""How a seat can stand in which nobody is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked of a report besides a body and days: the present day, how far to look ahead, since when."""

    today: date
    within: str | None = None
    since: date | None = None


def titled(what: str, name: str | None, span: Span) -> str:
    """Return a title of at most 65 characters: with the name and the days where they fit; the opening has them anyway."""
    when = f"on {day_in_words(span.first)}" if span.one_day else f"{span_in_words(span)}"
    tries = [f"{what}: {name}, {when}", f"{what}: {name}"] if name else []
    fitting = (title for title in [*tries, f"{what}, {when}"] if len(title) <= MOST_TITLE)
    return next(fitting, what)


def then(span: Span) -> str:
    """Return the days asked about as the beginning of a sentence: "On 1 July 2022", "From 1 April 2022 to 31 March 2023"."""
    return f"On {day_in_words(span.first)}" if span.one_day else f"From {span_in_words(span)}"


def said(text: str, sources: Iterable[Answered] = ()) -> Answered:
    """Return a statement of a report with its sources: what is inferred, and from what."""
    return {"says": text, "sources": list(sources)}


def framed(
    asked: Asked,
    ref: str | None,
    *,
    title: str,
    says: str,
    summary: Mapping[str, object],
    rows: Sequence[Answered],
    inferred: Sequence[Answered] = (),
    not_recorded: Sequence[str] = (),
    **more: object,
) -> Answered:
    """Return the answer of a report.

    `title` is at most 65 characters; `says` is the sentence that answers the question in figures; `summary` has the
    figures; `rows` are what CSV prints; `inferred` are statements by `said`; `not_recorded` are sentences.
    """
    name = None
    if ref:
        name = asked.party_name(ref) if "/" in ref or ref in asked.registry.bodies else _named(asked, ref)
    return {
        "ref": ref,
        "name": name,
        "title": title,
        "says": says,
        "summary": dict(summary),
        "rows": list(rows),
        "inferred": list(inferred),
        "not_recorded": list(not_recorded),
        **more,
    }


def _named(asked: Asked, id: str) -> str:
    for records in (asked.registry.people, asked.registry.priorities, asked.registry.documents):
        if record := records.get(id):
            return str(
                getattr(record, "full_name", None) or getattr(record, "name", None) or getattr(record, "title", id)
            )
    return id


def bodies_below(asked: Asked, ref: str | None) -> list[Body]:
    """Return the body `ref` and all below it in the days asked about, or with None all bodies in being, each once.

    In the order of the structure below a body, else in that of the files.
    """
    bodies = asked.registry.bodies
    if ref is None:
        return [body for body in bodies.values() if asked.lives.status(body, asked.span)[0] == "in-being"]
    there = [bodies[id] for id in asked.lives.below(ref, asked.span)]
    return [body for body in there if body.id == ref or asked.lives.status(body, asked.span)[0] == "in-being"]


def sitting(seat: Seat) -> list[Holder]:
    """Return who is there as far as evidence reaches: not those last or later named, nor who covers for another."""
    return [holder for holder in seat.holders if holder.fresh and not holder.appointment.covering]


def whole(asked: Asked, body: Body, name: str = "roles") -> bool:
    """Return whether the record gives all roles (or committees) of a body, by evidence of the days asked about.

    Only then may totals and "there is none" be said.
    """
    from kmics_cli.query.duties.seats import Ground

    return Ground(asked, body, (body,)).whole(name)


def number(count: int, one: str, several: str = "") -> str:
    """Return "1 seat", "2 seats"."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def joined(parts: Collection[str]) -> str:
    """Return parts as a sentence lists them: "A", "A and B", "A, B and C"."""
    some = list(parts)
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} and {some[-1]}" if some else ""


def how_long(start: Date | None, day: date) -> str:
    """Return how long it is, or was, from a date to a day, both counted: in whole months, under one in days.

    Between two lengths where the date is vague.
    """
    if start is None or not start.bounded or start.earliest > day:
        return "how long is not known"
    most, least = _length(start.earliest, day), _length(min(start.latest, day), day)
    return most if most == least else f"between {least} and {most}"


def _length(start: date, day: date) -> str:
    day += timedelta(1)  # the last day counts
    months = (day.year - start.year) * 12 + day.month - start.month - (day.day < start.day)
    if months < 1:
        return number((day - start).days, "day")
    if months < 24:
        return number(months, "month")
    years, rest = divmod(months, 12)
    return number(years, "year") + (f" and {number(rest, 'month')}" if rest else "")


def standing(asked: Asked, body: Body) -> str:
    """Return why a body is not in being in the days asked about, as a clause: "X had not begun"; nothing if it is."""
    status, _sure = asked.lives.status(body, asked.span)
    life, name = asked.lives.life(body.id), asked.body_name(body.id)
    if status == "ended":
        return f"{name} had ended; its last day was {in_words(life.end, 'not recorded')}"
    if status == "not-yet":
        begins = f"; it begins {said_when(life.start)}" if life.start and life.start.bounded else ""
        return f"{name} was not yet in being{begins}"
    if status == "planned":
        meant = in_words(body.planned.for_, "") if body.planned else ""
        return f"{name} was planned{f' for {meant}' if meant else ''}, and no source here shows it in being"
    return ""


def called(row: Answered) -> str:
    """Return who is in a seat, by a row of the composition, so that nobody last or later named passes for the holder."""
    name = row["name"] if row["person"] or row["status"] in NOBODY else "held, not named"
    if row["status"] == "not-confirmed":
        return f"{'Later' if row['standing'] == 'later-named' else 'Last'} named: {name}"
    if row["status"] == "possibly":
        return f"Possibly {name}"
    return f"{name[:1].upper()}{name[1:]}"


LISTED = tuple(
    "chair deputy-chair vice-chair chief-executive executive non-executive partner lay associate leader member officer "
    "participant observer in-attendance deputy".split()
)
"""The member types in the order in which a board lists its members."""


def as_listed(seat: Seat) -> int:
    """Return where a seat stands among those of its body, as a board lists them."""
    return LISTED.index(seat.role.member_type)


_FIRST = ("board-of", "governing-body-of", "executive-of")


def outlined(asked: Asked, ref: str | None) -> list[Body]:
    """Return what `bodies_below` returns as an outline: each body, then what is below it, its board and executive first."""
    inside = {body.id: body for body in bodies_below(asked, ref)}

    def above(body: Body) -> bool:
        links = (link for link in body.part_of if link.body in inside and link.body != body.id)
        return any(lasts(link.from_, link.to, asked.span) is not Answer.NO for link in links)

    tops = [ref] if ref else [id for id, body in inside.items() if not above(body)]
    tops.sort(key=lambda id: -len(asked.lives.children(id)))  # what has most below it first
    found: dict[str, Body] = {}
    ahead = [*reversed([*tops, *(id for id in inside if id not in set(tops))])]
    while ahead:  # the rest is reached from the tops, but for loops of parents
        id = ahead.pop()
        if id not in inside or id in found:
            continue
        found[id] = inside[id]
        links = [
            (link.relation not in _FIRST, number, child.id)
            for number, (child, link) in enumerate(asked.lives.children(id))
            if lasts(link.from_, link.to, asked.span) is not Answer.NO
        ]
        ahead.extend(child for _late, _number, child in sorted(links, reverse=True))
    return list(found.values())
