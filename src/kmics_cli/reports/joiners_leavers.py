"""Who joined, who left, and who changed seat or capacity in a time; and by when joiners declare their interests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kmics_cli.dates import UNKNOWN, Answer, Date, Span, a_day_in_words, day_in_words, in_words, parse, window
from kmics_cli.events.told import Event, adjoin, known, since_start
from kmics_cli.model import NOT_NAMED, Appointment, Body, Role
from kmics_cli.problems import UserError
from kmics_cli.query import Answered, Asked
from kmics_cli.query.parts import text
from kmics_cli.query.says import said_when, term_end
from kmics_cli.reports.comings import STAYING, Comings, Step, moves
from kmics_cli.reports.composition import counted, figures, rows_of
from kmics_cli.reports.declared import declarations
from kmics_cli.reports.frame import (
    ATTENDING,
    NOBODY,
    Wanted,
    bodies_below,
    framed,
    joined,
    number,
    said,
    then,
    titled,
    whole,
)

TABLES = ("joined", "left", "changed", "possibly", "first-named", "to-come", "closed")
"""What a row is about, in the order in which a paper tells it."""


def report(asked: Asked, ref: str | None, wanted: Wanted) -> Answered:
    """Return who joined, left, or changed seat or capacity in a body and all below it, or in all.

    In the days of --during; else since --since; else in the twelve months up to the day. `rows` are told under
    `table` (see `TABLES`): what is certain stands in the first three. Raises `UserError` (2) for a time that cannot be.
    """
    time, how = _time(asked.span, wanted)
    during = Asked(asked.registry, time)
    comings = Comings(during, bodies_below(during, ref), time)
    end = comings.at(time.last)
    steps = comings.steps()
    rows = [row for _order, row in sorted(_rows(comings, end, steps, wanted.today), key=lambda one: one[0])]
    of = {name: [row for row in rows if row["table"] == name] for name in TABLES}
    summary = {
        "from": time.first.isoformat(),
        "to": time.last.isoformat(),
        **{name.replace("-", "_"): len(of[name]) for name in TABLES},
        "people_joined": len({row["person"] or row["role"] for row in of["joined"]}),
        "people_left": len({row["person"] or row["role"] for row in of["left"]}),
    }
    inferred = [
        said(f"{row['name']}: {row['told']}." + (f" {row['note']}" if row["note"] else ""), row["sources"])
        for row in rows
        if row["confidence"] == "inferred"
    ]
    came = [step for step in steps if _table(comings, step, wanted.today) in ("joined", "possibly")]
    return framed(
        asked,
        ref,
        title=titled("Joiners and leavers", during.body_name(ref) if ref else None, time),
        says=_opening(during, ref, time, how, of),
        summary=summary,
        rows=rows,
        inferred=inferred,
        not_recorded=[*_lacking(comings, end, of)],
        time={"from": time.first.isoformat(), "to": time.last.isoformat(), "how": how},
        declarations=declarations(during, [step for step in came if step.kind == "joined"], comings.at),
    )


def _time(span: Span, wanted: Wanted) -> tuple[Span, str]:
    if wanted.since is not None:
        if not span.one_day:
            raise UserError("Both --during and --since say the time.", "Give one of them.")
        if wanted.since > span.last:
            raise UserError(
                f"{day_in_words(wanted.since)} lies after {day_in_words(span.last)}.", "Give an earlier --since."
            )
        return Span(wanted.since, span.last), f"since {day_in_words(wanted.since)}"
    if not span.one_day:
        return span, "the time asked about"
    day = span.last
    leap = (day.month, day.day) == (2, 29)
    year = max(day.year - 1, date.min.year)
    before = day.replace(year=year, day=28 if leap else day.day) + timedelta(1)
    return Span(min(before, day), day), f"the twelve months up to {day_in_words(day)}"


def _table(comings: Comings, step: Step, today: date) -> str | None:
    """Return where a step of an appointment is told; None where it is told with something else."""
    if step.when.earliest > today:
        return "to-come"
    if step.kind == "named":
        if step.role.body not in comings.scope:
            return None
        return "first-named" if step.sure else "possibly"
    if comings.closes(step) and step.kind != "uncovered":
        return None
    elsewhere = step.role.body not in comings.scope
    carried = any(one.sure and one.role.body in comings.scope for one in step.carries)
    if not step.sure or step.event.meant or step.confidence == "disputed" or (elsewhere and not carried):
        return "possibly"
    return step.kind if step.kind in ("joined", "left") else "changed"


_RANK = {name: index for index, name in enumerate(TABLES)}
Ordered = tuple[tuple[int, date, str, str], Answered]


def _rows(comings: Comings, end: Asked, steps: Sequence[Step], today: date) -> Iterator[Ordered]:
    """Yield the rows, each with what it is sorted by."""
    told = [(step, table) for step in steps if (table := _table(comings, step, today))]
    moved = moves(step for step, table in told if table in ("joined", "left"))
    in_moves = {id(step) for pair in moved for step in pair}
    for old, new in moved:
        before, after = _seat(comings, old), _seat(comings, new)
        yield _ordered(
            new,
            _row(comings, new, "changed", "changed-seat", f"moved from {before} to {after}")
            | {
                "before": before,
                "after": after,
                "sources": comings.asked.sources([*old.event.sources, *new.event.sources]),
            },
        )
    for step, table in told:
        if id(step) not in in_moves:
            yield _ordered(step, _told(comings, end, step, table))
    for role, event, sure in comings.turns():
        yield _turn(comings, role, event, sure, today)
    for body, when, sure in comings.closing():
        if row := _closed(comings, body, when, sure):
            yield row


def _ordered(step: Step, row: Answered) -> Ordered:
    return (_RANK[row["table"]], step.when.earliest, step.role.ref, row["name"]), row


def _seat(comings: Comings, step: Step) -> str:
    return f"{step.role.title}, {comings.asked.body_name(step.role.body)}"


def _row(comings: Comings, step: Step, table: str, change: str, told: str) -> Answered:
    asked, appointment, role = comings.asked, step.appointment, step.role
    named = appointment.person != NOT_NAMED
    return {
        **_ABOUT,
        "table": table,
        "change": change,
        "person": appointment.person if named else None,
        "name": asked.holders.called(appointment.person) if named else "Somebody who is not named",
        **_of_role(asked, role),
        "when": text(step.when),
        "certainty": str(Answer.YES if step.sure else Answer.POSSIBLY),
        "confidence": step.confidence,
        "capacity": appointment.capacity,
        "term_ends": text(term_end(appointment)),
        "no_fixed_term": bool(role.term and role.term.none),
        "covering": appointment.covering,
        "covering_name": asked.holders.called(appointment.covering) if appointment.covering else None,
        "carries": [
            {**_of_role(asked, one.role), "certainty": str(Answer.YES if one.sure else Answer.POSSIBLY)}
            for one in step.carries
        ],
        "told": told,
        "note": appointment.note,
        "sources": asked.sources(step.event.sources),
    }


def _of_role(asked: Asked, role: Role) -> Answered:
    return {
        "role": role.ref,
        "title": role.title,
        "body": role.body,
        "body_name": asked.body_name(role.body),
        "member_type": role.member_type,
        "attends": role.member_type in ATTENDING,
    }


_ABOUT: Answered = {
    **dict.fromkeys(("table", "change", "person", "name", "role", "title", "body", "body_name", "member_type")),
    "attends": False,
    **dict.fromkeys(("when", "certainty")),
    "confidence": "stated",
    **dict.fromkeys(("capacity", "term_ends")),
    "no_fixed_term": False,
    "covering": None,
    "covering_name": None,
    "carries": (),
    **dict.fromkeys(("before", "after", "follows", "seat_now")),
    "other_seats": (),
    "left_with_it": (),
    "perhaps_left_with_it": (),
    "told": "",
    "note": None,
    "sources": (),
}
"""What every row has."""


def _told(comings: Comings, end: Asked, step: Step, table: str) -> Answered:
    """Return the row of a step."""
    seat, when = _seat(comings, step), said_when(step.when)
    said_of = {
        "joined": f"became {seat} {when}",
        "left": f"left as {seat}, last day {when.removeprefix('on ')}",
        "named": f"first named as {seat} {when}; start not recorded",
        "covered": f"began to cover as {seat} {when}",
        "uncovered": f"ceased to cover as {seat}, last day {when.removeprefix('on ')}",
    }
    if step.when.text == UNKNOWN or (not step.when.bounded and step.kind == "left"):
        near = f" ({in_words(window(step.when.earliest, step.when.latest))})" if step.when.bounded else ""
        said_of["left"] = f"left as {seat} on a day that is not recorded{near}"
    told = said_of.get(step.kind) or f"{step.event.said.past.removeprefix(_subject(step))} {when}".strip()
    if step.confidence == "disputed" and step.kind == "joined":
        told = f"is said to have become {seat} {when}"
    elif step.kind == "named" and step.appointment.person == NOT_NAMED:
        told = f"is first shown as {seat} {when}; start not recorded"
    elif step.event.meant and step.kind == "joined":
        told = f"was to become {seat} {when}; nothing later has been read"
    elif table == "to-come":
        told = {
            "joined": f"is to become {seat} {when}",
            "left": f"is to leave as {seat}, last day {when.removeprefix('on ')}",
        }.get(step.kind, step.event.said.ahead.removeprefix(_subject(step)).strip() + f" {when}")
    row = _row(comings, step, table, step.kind, told)
    if step.kind == "joined":
        terms = step.appointment.terms
        row["term_ends"] = text(terms[0].ends) if terms else None  # the term that began then
        row["follows"] = _follows(comings.asked, step)
    elif step.kind == "left":
        row["seat_now"] = _seat_now(end, step.role)
        row["other_seats"] = _other_seats(comings, end, step)
    elif step.kind in STAYING:
        before, after = _capacities(step)
        row["before"], row["after"] = before and f"{seat}: {before}", after and f"{seat}: {after}"
    elif step.kind in ("covered", "uncovered"):
        how = f"{seat}: {step.appointment.capacity or 'sits'}, covering for {row['covering_name']}"
        row["before" if step.kind == "uncovered" else "after"] = how
    return row


def _subject(step: Step) -> str:
    return f"{step.event.said.subject} "


def _capacities(step: Step) -> tuple[str | None, str | None]:
    """Return how somebody sat before and after a step that left them in the seat."""
    event = step.event
    if event.event == "reappointed":
        terms = step.appointment.terms
        number_ = event.source.pointer[5] if "terms" in event.source.pointer else 0
        ends = [term.ends for term in terms]
        new = ends[int(number_)] if len(ends) > int(number_) else None
        old = ends[int(number_) - 1] if int(number_) else None
        before, after = (f"term to {a_day_in_words(one)}" if known(one) else None for one in (old, new))
        return before, after
    if event.event == "designation-ended":
        return f"named {_duty(event.before)}", None
    if event.event == "designated":
        return None, f"named {_duty(event.after)}"
    return event.before, event.after


def _duty(words: str | None) -> str:
    return (words or "").replace("non executive", "non-executive").replace("vice chair", "vice-chair")


def _follows(asked: Asked, step: Step) -> str | None:
    """Return whom, or what, somebody follows in a seat for one person; None where that is not recorded."""
    role, start = step.role, step.when
    if role.seats != 1 or role.per_member:
        how_many = (
            f"one of {role.seats} seats"
            if isinstance(role.seats, int) and not role.per_member
            else "one of several seats"
        )
        return f"Not recorded: {how_many}"
    earlier = [one for one in role.appointments if _before(one, step)]
    last = max(earlier, key=_reach, default=None)
    whom = None
    if last is not None:
        name = asked.holders.called(last.person) if last.person != NOT_NAMED else "Somebody who is not named"
        how = f" ({last.capacity})" if last.capacity in ("interim", "acting") else ""
        day = f"last day {in_words(last.to)}" if known(last.to) else "last day not recorded"
        whom = f"{name}{how}, {day}"
    for vacancy in role.vacant:
        if (
            vacancy.from_
            and vacancy.from_.earliest < start.latest
            and (vacancy.to is None or adjoin(vacancy.to, start))
        ):
            since = f"A vacancy since {a_day_in_words(vacancy.from_)}"
            return f"{since}; before that {whom}" if whom else since
    if whom:
        return whom
    for what, begun in (("seat", role.from_), ("body", asked.lives.life(role.body).start)):
        if begun and begun.bounded and begun.latest >= start.earliest:
            return f"Nobody: the {what} began then"
    return None


def _before(one: Appointment, step: Step) -> bool:
    """Return whether an appointment came before that of a step, of another person and for the seat itself."""
    if (
        one.covering
        or (one.person == step.appointment.person and one.person != NOT_NAMED)
        or one is step.appointment
    ):
        return False
    if one.from_ is not None and one.from_.earliest >= step.when.earliest:
        return False
    return (one.to is not None and one.to.earliest <= step.when.latest) or (one.to is None and known(one.from_))


def _reach(one: Appointment) -> date:
    """Return the latest day that the record gives of an appointment."""
    days = [day for when in (one.from_, one.to) if when for day in (when.earliest, when.latest)]
    return max((day for day in days if date.min < day < date.max), default=date.min)


def _seat_now(end: Asked, role: Role) -> str:
    """Return how the seat stands on the last day of the time."""
    seat = end.holders.seat(role)
    if seat.existence != "in-being":
        return "There is no such seat now"
    rows = [row for row in rows_of(end, seat) if not row["covering"]]
    if role.seats != 1 or role.per_member:
        told = figures(counted(rows), end.span)
        return f"{told[0].upper()}{told[1:]}"
    words = []
    for row in rows:
        name, since = (
            row["name"] if row["person"] or row["status"] in NOBODY else "Not named",
            "",
        )
        when = parse(row["since"]) if row["since"] else None
        if known(when):
            since = f" since {a_day_in_words(when)}"
        words.append(
            {
                "held": f"{name}{since}",
                "interim": f"{name}, {row['capacity']}{since}",
                "possibly": f"Possibly {name}",
                "vacant": f"Vacant{since}",
                "possibly-vacant": f"Possibly vacant{since}",
                "designate": f"{name} to start {said_when(when)}",
                "not-confirmed": f"Not confirmed; {name} named on another day",
                "not-recorded": "Holder not recorded",
            }[row["status"]]
        )
    return "; ".join(words)


def _other_seats(comings: Comings, end: Asked, step: Step) -> list[Answered]:
    """Return the other seats of somebody who left one: given up in the same time, or still held at its end."""
    if step.appointment.person not in end.registry.people:
        return []
    found = []
    told = {step.role.ref, *(one.role.ref for one in step.carries)}
    for row in end.show_person(step.appointment.person)["appointments"]:
        gone = parse(row["to"]) if row["to"] else None
        if row["role"] in told:
            continue
        if gone and gone.bounded and comings.time.first <= gone.earliest and gone.latest <= comings.time.last:
            how = "given-up"
        elif row["standing"] == "current" and row["certainty"] != "no":
            how = "held" if row["certainty"] == "yes" else "possibly"
        elif row["standing"] == "last-named":
            how = "not-confirmed"
        else:
            continue
        keys = ("role", "title", "body", "body_name", "to", "last_evidence")
        found.append({"how": how, **{key: row[key] for key in keys}})
    return found


def _turn(comings: Comings, role: Role, event: Event, sure: bool, today: date) -> Ordered:
    """Return the row of a seat that passed to another post in turn, or came to go with one."""
    asked = comings.asked
    seat = f"{role.title}, {asked.body_name(role.body)}"
    turn = next((one for one in role.turns if one.source.pointer == event.source.pointer[:-1]), None)
    people = sorted(asked.holders.evidenced_in(turn)) if turn else []
    to_come = event.date.earliest > today
    table = "to-come" if to_come else "changed" if sure and event.confidence != "disputed" else "possibly"
    row = {
        **_ABOUT,
        "table": table,
        "change": event.event,
        "person": people[0] if len(people) == 1 else None,
        "name": joined([asked.holders.called(one) for one in people]) or "Whoever holds the post",
        **_of_role(asked, role),
        "when": event.date.text,
        "certainty": str(Answer.YES if sure else Answer.POSSIBLY),
        "confidence": event.confidence or "stated",
        "before": f"{seat}: with the {event.before}" if event.before else _began(asked, role, event.date),
        "after": event.after and f"{seat}: with the {event.after}",
        "told": f"{event.said.ahead if to_come else event.said.past} {said_when(event.date)}",
        "sources": asked.sources(event.sources),
    }
    return (_RANK[table], event.date.earliest, role.ref, str(row["name"])), row


def _began(asked: Asked, role: Role, when: Date) -> str | None:
    """Return that a body began with the first turn of a seat in it, where it did."""
    return "Nobody: the body began then" if since_start(asked.lives.life(role.body).start, when) else None


def _closed(comings: Comings, body: Body, when: Date, sure: bool) -> Ordered | None:
    """Return the row of a body that ended: who left with it; None if nobody is recorded in it."""
    day = min(
        max(when.earliest if when.earliest > date.min else when.latest, comings.time.first), comings.time.last
    )
    then_ = comings.at(day)
    holders = [holder for role in body.roles.values() for holder in then_.holders.seat(role).holders]
    there = [holder for holder in holders if holder.fresh and holder.answer is Answer.YES]
    others = [holder for holder in holders if holder.person not in {one.person for one in there}]
    names = list(dict.fromkeys(holder.name for holder in there if holder.person))
    perhaps = list(dict.fromkeys(holder.name for holder in others if holder.person))
    if not names and not perhaps:
        return None
    sources = [*body.sources, *(citation for holder in there for citation in holder.sources)]
    name = then_.body_name(body.id)
    implied = comings.asked.lives.life(body.id).implied
    row = {
        **_ABOUT,
        "table": "closed",
        "change": "body-ended",
        "name": name,
        "body": body.id,
        "body_name": name,
        "when": when.text,
        "certainty": str(Answer.YES if sure else Answer.POSSIBLY),
        "left_with_it": names,
        "perhaps_left_with_it": perhaps,
        "told": f"ended, last day {said_when(when).removeprefix('on ')}"
        + (" (as follows from another record)" if implied else ""),
        "sources": comings.asked.sources(sources),
    }
    return (_RANK["closed"], when.earliest, body.id, name), row


def _opening(asked: Asked, ref: str | None, time: Span, how: str, of: dict[str, list[Answered]]) -> str:
    where = f"{asked.body_name(ref)} and all below it" if ref else "all bodies of the registry"
    people = {table: len({row["person"] or row["role"] for row in of[table]}) for table in of}
    verbs = {"joined": "took up", "left": "left"}
    parts = [
        f"{number(people[table], 'person', 'people')} {verb} {number(_seats(of[table]), 'seat')}"
        for table, verb in verbs.items()
        if of[table]
    ]
    nobody = [table for table in verbs if not of[table]]
    if nobody:
        parts.append(f"nobody is recorded as having {' or '.join(nobody)}")
    changed = len(of["changed"])
    change = number(changed, "change") if changed else "no change"
    parts.append(f"{change} of seat or capacity {'are' if changed > 1 else 'is'} recorded")
    besides = []
    if count := len(of["possibly"]):
        besides.append(f"{number(count, 'more step')} possibly fell into this time")
    if count := people["first-named"]:
        besides.append(f"{number(count, 'person was', 'people were')} first named in it without a recorded start")
    if count := len(of["to-come"]):
        besides.append(f"{number(count, 'step')} {'lies' if count == 1 else 'lie'} ahead")
    if count := len(of["closed"]):
        besides.append(f"{number(count, 'body', 'bodies')} with people in {'it' if count == 1 else 'them'} ended")
    told = joined(parts)
    more = f"; besides, {joined(besides)}" if besides else ""
    when = then(time) if how == "the time asked about" else f"{then(time)} ({how})"
    return f"{when}, in {where}, {told}{more}."


def _seats(rows: Sequence[Answered]) -> int:
    """Return how many seats rows are of: those who share a job share its seat."""
    shared = {row["role"] for row in rows if row["capacity"] == "job-share"}
    return len([row for row in rows if row["capacity"] != "job-share"]) + len(shared)


def _lacking(comings: Comings, end: Asked, of: dict[str, list[Answered]]) -> Iterator[str]:
    part = [body for body in comings.scope.values() if not whole(end, body)]
    yield_ = number(len(part), "body", "bodies")
    if part:
        yield f"Whether these are all: no source here gives the whole list of seats of {yield_} of {len(comings.scope)}."
    undated = [
        f"{holder.name} ({holder.role.title}, {comings.asked.body_name(holder.role.body)})"
        for holder in comings.undated()
    ]
    if undated:
        yield f"On which day these left: {'; '.join(dict.fromkeys(undated))}."
    if some := [row["name"] for row in of["joined"] if row["follows"] is None]:
        yield f"Whom these follow: {'; '.join(dict.fromkeys(some))}."
    if some := [row["name"] for row in of["joined"] if not row["capacity"]]:
        yield f"In what capacity these sit: {'; '.join(dict.fromkeys(some))}."
