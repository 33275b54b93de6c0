"""The sentences of what an officer knows by a word of its own: appointed, reappointed, vacant, set up, renamed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kmics_cli.dates import UNKNOWN, Date, a_day_in_words, in_words, shifted
from kmics_cli.diff.edits import ADDED, REMOVED, Edit, nearer
from kmics_cli.diff.entries import Entries, figure_value, period, period_of_term, row, spaced
from kmics_cli.diff.folded import CONTINUED, VALUES, adjoins
from kmics_cli.model import (
    NOT_NAMED,
    WITHHELD,
    Appointment,
    Approval,
    Body,
    Correction,
    Designation,
    Disagreement,
    Document,
    Duty,
    Earlier,
    ExOfficio,
    Figure,
    Identifier,
    Item,
    Member,
    Milestone,
    Part,
    Person,
    Priorities,
    Recorded,
    Requirements,
    Role,
    SubItem,
    Succession,
    Term,
    Turn,
    Vacancy,
)
from kmics_cli.query.earlier import FIELDS, on_day
from kmics_cli.query.lives import ENDS_PREDECESSOR
from kmics_cli.query.says import lower_first, said_when

_STEPS = {
    "merger": "by merger of {}",
    "replacement": "in place of {}",
    "absorption": "taking in {}",
    "split": "split off from {}",
    "evolution": "carrying on {}",
    "transfer": "taking over functions from {}",
}


def renamed_on(edit: Edit) -> Date | None:
    """Return the day on which a body took the name that it has now, if its record dates the name it had."""
    for body in (edit.owner.new, edit.owner.old):
        other = edit.was if body is edit.owner.new else edit.now
        for name in body.names:
            if (
                name.name == other
                and name.use in ("former", "official")
                and name.to is not None
                and name.to.bounded
            ):
                return shifted(name.to, 1)
    return None


def sort_day(when: Date | None) -> str:
    """Return what dates are sorted by; unknown ones stand first."""
    return "" if when is None or when.text == UNKNOWN else when.latest.isoformat()


def _goes_on(words: Entries, edit: Edit) -> str:
    """Return that somebody stays: the tenure before, of the same person, ended the day before this one began."""
    one: Appointment = edit.now
    assert one.from_ is not None
    name, start = words.names.person(one.person), a_day_in_words(one.from_)
    before = next(
        other
        for other in edit.owner.new.appointments
        if other.person == one.person and adjoins(other.to, one.from_)
    )
    if before.capacity in _FOR_A_TIME and one.capacity not in _FOR_A_TIME:
        return f"{name}, until then {before.capacity}, made substantive from {start}"
    how = f" ({one.capacity})" if one.capacity in _FOR_A_TIME else ""
    end = f" to {a_day_in_words(one.to)}" if _known(one.to) else ""
    return f"{name}{how} reappointed from {start}{end}"


_FOR_A_TIME = ("interim", "acting")


def _appointed(words: Entries, edit: Edit) -> str:
    if edit.field == CONTINUED:
        return _goes_on(words, edit)
    one: Appointment = edit.now
    who, start, end = words.person(one), one.from_, one.to
    told = f"{who} named; start not recorded"
    if start is not None and start.text != UNKNOWN:
        told = f"{who} appointed from {a_day_in_words(start)}"
    if end is not None and end.text == UNKNOWN:
        told += "; has left, on a day that is not recorded"
    elif end is not None:
        told += f" to {a_day_in_words(end)}" if _known(start) else f"; last day {in_words(end)}"
    if one.covering:
        told += f", covering for {words.names.person(one.covering)}"
    elif before := _before(edit.owner.any, one):
        open_ = before.to is None and before.capacity not in _FOR_A_TIME
        told += f", after {words.person(before)}{', whose end is not recorded' if open_ else ''}"
    if one.announced:
        told += f"; announced {said_when(one.announced)}"
    if one.terms and one.terms[-1].ends:
        told += f"; term of office ends {said_when(one.terms[-1].ends)}"
    if one.on_behalf_of:
        told += f"; on behalf of {words.names.body(one.on_behalf_of)}"
    for duty in one.designations:
        told += f"; {spaced(duty.as_)}"
    if one.confidence in ("inferred", "disputed"):
        told += f" ({one.confidence})"
    return told


def _before(role: Any, one: Appointment) -> Appointment | None:
    """Return who held a single seat before, as far as the role records it."""
    if not isinstance(role, Role) or role.seats != 1 or not _known(one.from_):
        return None
    some = [other for other in role.appointments if other.person != one.person and _precedes(other, one)]
    return max(some, key=lambda other: (sort_day(other.to), sort_day(other.from_)), default=None)


def _precedes(other: Appointment, one: Appointment) -> bool:
    """Whether one tenure is known to have begun before another, or to have ended by then, or was to be for a time only."""
    assert one.from_ is not None
    if other.covering:
        return False
    if other.to is not None and _known(other.to):
        return other.to.latest <= one.from_.latest
    if other.from_ is not None and _known(other.from_):
        return other.from_.earliest < one.from_.earliest
    return other.capacity in ("interim", "acting")


def _known(when: Date | None) -> bool:
    return when is not None and when.text != UNKNOWN


def _no_appointment(words: Entries, edit: Edit) -> str:
    one: Appointment = edit.was
    start = period(one) or " (start not recorded)"
    return f"{words.person(one)}{start} is no longer recorded"


def _left(words: Entries, edit: Edit) -> str:
    one: Appointment = edit.owner.any
    who = words.person(one)
    was, now = edit.was, edit.now
    if now is None:
        return f"{who}: no end recorded any more (it was {in_words(was, 'on an unknown day')})"
    why = f" ({spaced(one.end_reason)})" if one.end_reason not in (None, "not-stated") else ""
    if was is None:
        if now.text == UNKNOWN:
            return f"{who} has left{why}, on a day that is not recorded"
        return f"last day of {who}: {in_words(now)}{why}"
    if nearer(now, was):
        return f"last day of {who} now recorded more nearly: {in_words(now)} (it was {in_words(was)}){why}"
    told = f"last day of {who}: the record said {in_words(was, 'an unknown day')}"
    return f"{told}, and now says {in_words(now, 'an unknown day')}{why}"


def _another(words: Entries, edit: Edit) -> str:
    one: Appointment = edit.owner.any
    days = period(one) or " (start not recorded)"
    if words.names.is_withheld(edit.now):
        return f"the name of the holder{days} is withheld"
    if edit.was == NOT_NAMED:
        return f"the holder{days}, who was not named, is {words.names.person(edit.now)}"
    was, now = words.names.person(edit.was), words.names.person(edit.now)
    return f"the holder{days}: the record said {was}, and now says {now}"


def _term(words: Entries, edit: Edit) -> str:
    term: Term = edit.now
    held: Appointment = edit.owner.any
    days = period_of_term(term)
    later = term.from_ is not None and held.from_ is not None and term.from_.earliest > held.from_.latest
    if later or (edit.owner.old is not None and len(edit.owner.old.terms) > 0 and held.terms[0] is not term):
        return f"{words.person(held)} reappointed{days}"
    return f"term of office of {words.person(held)} recorded:{days or ' no days'}"


def _designated(words: Entries, edit: Edit) -> str:
    duty: Designation = edit.now
    held: Appointment = edit.owner.any
    return f"{words.person(held)} named {spaced(duty.as_)}{period(duty)}"


def _amended(words: Entries, edit: Edit) -> str:
    was: Earlier = edit.now
    role: Role = edit.owner.any
    if was.to is None or not was.to.bounded:
        return ""
    since = shifted(was.to, 1)
    told = []
    for field in FIELDS:
        if (then := getattr(was, field)) is not None:
            now = _state(field, on_day(role, field, since.latest))
            told.append(f"{_CALLED[field]} {now} from {a_day_in_words(since)}; until then {_state(field, then)}")
    return "; ".join(told)


_CALLED = {"title": "title:", "member_type": "member type:", "voting": "votes:", "seats": "seats:"}


def _state(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        spaced(str(value)) if field == "member_type" else "not recorded" if value in (None, UNKNOWN) else str(value)
    )


def _vacant(words: Entries, edit: Edit) -> str:
    one: Vacancy = edit.now
    cover = f"; cover: {one.cover.removesuffix('.')}" if one.cover else ""
    reason = f" ({spaced(one.reason)})" if one.reason else ""
    return f"vacant{period(one) or ' (since when is not recorded)'}{reason}{cover}"


def _not_vacant(words: Entries, edit: Edit) -> str:
    return f"the vacancy{period(edit.was)} is no longer recorded"


def _filled(words: Entries, edit: Edit) -> str:
    if edit.was is None and edit.now is not None and edit.now.text != UNKNOWN:
        return f"the vacancy{period(edit.owner.old)} ended: last day {in_words(edit.now)}"
    return ""


def _new_role(words: Entries, edit: Edit) -> str:
    role: Role = edit.now
    kind = spaced(role.member_type)
    seats = (
        ""
        if role.seats == 1
        else f", {role.seats} seats"
        if role.seats != UNKNOWN
        else ", how many is not recorded"
    )
    votes = {True: ", votes", False: ", does not vote", None: ""}[role.voting]
    about = f"({kind}{seats}{votes})"
    if role.planned and not role.from_:
        meant = f" for {a_day_in_words(role.planned.for_)}" if role.planned.for_ else ""
        return f"a seat planned{meant} {about}"
    if role.absent:
        return f"recorded that there is no such seat {about}"
    if role.from_ is not None and role.from_.text != UNKNOWN:
        return f"seat created from {a_day_in_words(role.from_)} {about}"
    return f"seat recorded {about}"


def _no_role(words: Entries, edit: Edit) -> str:
    count = len(edit.was.appointments)
    with_ = f", with {count} {'appointment' if count == 1 else 'appointments'}" if count else ""
    return f"the seat is no longer recorded{with_}"


def _new_body(words: Entries, edit: Edit) -> str:
    body: Body = edit.now
    kind = words.names.of("kinds", body.kind)
    steps = [_step_of(words, step) for step in body.succeeds]
    by = f", {'; '.join(steps)}" if steps else ""
    if body.from_ is None:
        planned = (
            f"planned for {a_day_in_words(body.planned.for_)}" if body.planned and body.planned.for_ else "planned"
        )
        told = f"{planned if body.planned else 'recorded'} ({kind}){by}"
    elif body.from_.text == UNKNOWN:
        told = f"recorded ({kind}; start not recorded){by}"
    else:
        told = f"set up {said_when(body.from_)} ({kind}){by}"
    if body.to is not None:
        told += (
            f"; ended {said_when(body.to)}"
            if body.to.text != UNKNOWN
            else "; has ended, on a day that is not recorded"
        )
    links = [words.entry(link) for link in body.part_of]
    return f"{told}; {row(links)}" if links else told


def _no_body(words: Entries, edit: Edit) -> str:
    body: Body = edit.was
    seats = len(body.roles)
    held = sum(len(role.appointments) for role in body.roles.values())
    with_ = f", with {seats} role{'s' * (seats != 1)} and {held} appointment{'s' * (held != 1)}" if seats else ""
    return f"the record is deleted{with_}{_namesake(words, edit)}"


def _deleted(words: Entries, edit: Edit) -> str:
    return f"the record is deleted{_namesake(words, edit)}"


def _namesake(words: Entries, edit: Edit) -> str:
    """Return which new record has the name of one that is deleted; nothing if none has."""
    gone = edit.was
    if not isinstance(gone, Body | Person):
        return ""
    now, then = (of.bodies if isinstance(gone, Body) else of.people for of in (words.names.new, words.names.old))
    for id, one in now.items():
        if one.name == gone.name and id not in then:
            return f"; {id} is new and has its name: if it is the same, it needs former_ids: [{gone.id}]"
    return ""


def _renamed(words: Entries, edit: Edit) -> str:
    day = renamed_on(edit)
    when = f" from {a_day_in_words(day)}" if day else ""
    return (
        f"so called{when}; until then {edit.was}" if day else f"the record called it {edit.was}, and now {edit.now}"
    )


def _began(words: Entries, edit: Edit) -> str:
    if edit.was is None and edit.now is not None and edit.now.text != UNKNOWN:
        return f"set up {said_when(edit.now)}"
    return ""


def _ended(words: Entries, edit: Edit) -> str:
    if edit.was is None and edit.now is not None:
        if edit.now.text == UNKNOWN:
            return "has ended, on a day that is not recorded"
        return f"ended: last day {in_words(edit.now)}"
    return ""


def _step(words: Entries, edit: Edit) -> str:
    step: Succession = edit.now
    when = said_when(step.date) if _known(step.date) else "on a day that is not recorded"
    return f"{_step_of(words, step)}, {when}"


def _step_of(words: Entries, step: Succession) -> str:
    """Return what a body came from, and when that ended thereby, where its own record has no end."""
    told = _STEPS[step.kind].format(row(words.names.body(id) for id in step.of))
    ended = [body for id in step.of if (body := words.names.new.bodies.get(id)) and body.to is None]
    if step.kind in ENDS_PREDECESSOR and len(ended) == len(step.of) and _known(step.date):
        assert step.date is not None
        last = "whose last day is" if len(ended) == 1 else "the last day of each is"
        told += f" ({last} {in_words(shifted(step.date, -1))})"
    return told


def _correction(words: Entries, edit: Edit) -> str:
    one: Correction = edit.now
    why = f" Why: {one.why}" if one.why else ""
    return f"correction about {_matter(edit)}. The record said: {one.said.removesuffix('.')}. It says: {one.says.removesuffix('.')}.{why}".removesuffix(
        "."
    )


def _no_correction(words: Entries, edit: Edit) -> str:
    return f"the correction about {_matter(edit)} is taken out"


def _matter(edit: Edit) -> str:
    """Return what a correction is about; a role by its title."""
    about: str = edit.entry.about
    for body in (edit.owner.new, edit.owner.old):
        roles = body.roles if isinstance(body, Body) else {}
        if about in roles:
            return str(roles[about].title)
    return about


def _disagreement(words: Entries, edit: Edit) -> str:
    claims = "; or ".join(claim.says.removesuffix(".") for claim in edit.now.claims)
    return f"sources disagree about {lower_first(edit.now.about)}: {claims}"


def _settled(words: Entries, edit: Edit) -> str:
    if edit.was is None and edit.now is not None:
        return f"the disagreement about {lower_first(edit.owner.any.about)} is settled, {said_when(edit.now)}"
    return ""


def _new_person(words: Entries, edit: Edit) -> str:
    return "recorded as a person"


def _called(words: Entries, edit: Edit) -> str:
    if edit.now == WITHHELD:
        return "the name is withheld"
    return f"the record called this person {edit.was}, and now {edit.now}"


def _titled(words: Entries, edit: Edit) -> str:
    return f"the title is now “{edit.now}”; it was “{edit.was}”"


def _new_set(words: Entries, edit: Edit) -> str:
    one: Priorities = edit.now
    return f"recorded, of {words.names.of('parties', one.owner)}{period(one)}, with {len(one.items)} item{'s' * (len(one.items) != 1)}"


def _new_item(words: Entries, edit: Edit) -> str:
    return f"added: {edit.now.title or edit.now.summary}"


def _no_item(words: Entries, edit: Edit) -> str:
    return f"no longer recorded: {edit.was.title or edit.was.summary}"


def _new_document(words: Entries, edit: Edit) -> str:
    one: Document = edit.now
    day = one.published or one.speaks_of
    said = [spaced(one.kind), *([f"of {in_words(day)}"] if day and day.text != UNKNOWN else [])]
    force = f", in force{period(one)}" if one.from_ else ""
    return f"recorded ({' '.join(said)}){force}"


def _done(words: Entries, edit: Edit) -> str:
    one: Milestone = edit.owner.any
    if edit.was is None and edit.now is not None:
        due = f" (it was due by {in_words(one.by)})" if one.by else ""
        return f"{one.what}: {one.status or 'done'} {said_when(edit.now)}{due}"
    return ""


def _understood(words: Entries, edit: Edit) -> str:
    """Return what a printed name means, where it was open."""
    printed = edit.owner.old.as_printed or edit.owner.new.as_printed
    if printed and edit.was is None and edit.now is not None:
        return f"the member printed as “{printed}” is {words.names.body(edit.now)}"
    return ""


def _measured(words: Entries, edit: Edit) -> str:
    was, now = (figure_value(one) for one in (edit.owner.old, edit.owner.new))
    return f"figure, {edit.owner.any.about}: the record said {was}, and now says {now}"


def _listed(words: Entries, edit: Edit) -> str:
    what = {"roles": "roles", "members": "members", "committees": "committees", "recorded": "items"}[edit.field]
    return f"the list of {what} is now given as {edit.now or 'partial'} (it was {edit.was or 'partial'})"


def _approved(words: Entries, edit: Edit) -> str:
    if edit.was is None and edit.now is not None:
        return f"{words.entry(edit.owner.any)} (the day was not recorded)"
    return ""


def _prolonged(words: Entries, edit: Edit) -> str:
    if edit.was is None or edit.now is None:
        return ""
    who = words.person(edit.owners[-2].any)
    if edit.now.earliest > edit.was.latest:
        return f"term of office of {who} prolonged to {in_words(edit.now)} (it was to end {said_when(edit.was)})"
    return f"term of office of {who}: the record said that it ends {said_when(edit.was)}, and now {said_when(edit.now)}"


def _seats(words: Entries, edit: Edit) -> str:
    if UNKNOWN not in (edit.was, edit.now):
        return ""
    if edit.was == UNKNOWN:
        return f"{edit.now} {'seat' if edit.now == 1 else 'seats'} (how many was not recorded)"
    return f"how many seats there are is not recorded any more (it was {edit.was})"


def _code(words: Entries, edit: Edit) -> str:
    scheme = words.names.of("schemes", edit.owner.any.scheme)
    return f"{scheme}: the record said {edit.was}, and now says {edit.now}"


def _votes(words: Entries, edit: Edit) -> str:
    if edit.was is None:
        return f"now recorded that the seat {'votes' if edit.now else 'does not vote'}"
    if edit.now is None:
        return (
            f"whether the seat votes is not recorded any more (it was: {'votes' if edit.was else 'does not vote'})"
        )
    told = ["does not vote", "votes"]
    return f"the record said that the seat {told[edit.was]}, and now that it {told[edit.now]}"


def _elsewhere(words: Entries, edit: Edit) -> str:
    was, now = edit.was.partition("/"), edit.now.partition("/")
    if was[0] == now[0]:
        return f"its id is now {now[2]}; nothing leads from the old id {was[2]} to it"
    return f"moved from the record of {words.names.body(was[0])}, where its id was {edit.was}"


def _renumbered(words: Entries, edit: Edit) -> str:
    return f"its number was {edit.was}"


def _new_duties(words: Entries, edit: Edit) -> str:
    return f"a set of {len(edit.now.rules)} {'duty' if len(edit.now.rules) == 1 else 'duties'} is recorded"


def _new_duty(words: Entries, edit: Edit) -> str:
    return f"duty recorded: {edit.now.text}"


def _no_duty(words: Entries, edit: Edit) -> str:
    return f"duty no longer recorded: {edit.was.text}"


def _former(words: Entries, edit: Edit) -> str:
    lost = [id for id in edit.was if id not in edit.now]
    return f"nothing leads from the former id {row(lost)} to it any more" if lost else ""


def _goes_with(words: Entries, edit: Edit) -> str:
    return f"the seat goes with {words.names.role(edit.now.role)}{period(edit.now)}"


def _turn(words: Entries, edit: Edit) -> str:
    return f"turn of the {words.names.role(edit.now.role)}{period(edit.now)}"


SPECIAL: dict[tuple[type[Part], str], Callable[[Entries, Edit], str]] = {
    (Appointment, ADDED): _appointed,
    (Appointment, REMOVED): _no_appointment,
    (Appointment, "to"): _left,
    (Appointment, "person"): _another,
    (Term, ADDED): _term,
    (Term, "ends"): _prolonged,
    (Milestone, "on"): _done,
    (Member, "body"): _understood,
    **{(Figure, name): _measured for name in VALUES},
    (Recorded, "roles"): _listed,
    (Recorded, "members"): _listed,
    (Recorded, "committees"): _listed,
    (Priorities, "recorded"): _listed,
    (Approval, "date"): _approved,
    (Role, "seats"): _seats,
    (Role, "voting"): _votes,
    (Role, "body"): _elsewhere,
    (Identifier, "code"): _code,
    (Item, "number"): _renumbered,
    (SubItem, "number"): _renumbered,
    (Designation, ADDED): _designated,
    (Earlier, ADDED): _amended,
    (Vacancy, ADDED): _vacant,
    (Vacancy, REMOVED): _not_vacant,
    (Vacancy, "to"): _filled,
    (ExOfficio, ADDED): _goes_with,
    (Turn, ADDED): _turn,
    (Role, ADDED): _new_role,
    (Role, REMOVED): _no_role,
    (Role, "former_ids"): _former,
    (Body, ADDED): _new_body,
    (Body, REMOVED): _no_body,
    (Body, "name"): _renamed,
    (Body, "from_"): _began,
    (Body, "to"): _ended,
    (Body, "former_ids"): _former,
    (Succession, ADDED): _step,
    (Correction, ADDED): _correction,
    (Correction, REMOVED): _no_correction,
    (Disagreement, ADDED): _disagreement,
    (Disagreement, "settled"): _settled,
    (Person, ADDED): _new_person,
    (Person, REMOVED): _deleted,
    (Person, "name"): _called,
    (Role, "title"): _titled,
    (Person, "former_ids"): _former,
    (Priorities, ADDED): _new_set,
    (Priorities, REMOVED): _deleted,
    (Item, ADDED): _new_item,
    (Item, REMOVED): _no_item,
    (SubItem, ADDED): _new_item,
    (SubItem, REMOVED): _no_item,
    (Document, ADDED): _new_document,
    (Document, REMOVED): _deleted,
    (Requirements, ADDED): _new_duties,
    (Requirements, REMOVED): _deleted,
    (Duty, ADDED): _new_duty,
    (Duty, REMOVED): _no_duty,
}
"""The sentences of what an officer knows by a word of its own: by the part, and what was done to it or which field changed."""
