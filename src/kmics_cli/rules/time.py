"""Time: what begins, lasts and ends must fit together. Only what is sure on every reading of the dates is an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Date, in_words
from kmics_cli.model import Appointment, Citation, Dated, Disagreement, ExOfficio, Part, Role, Term, Turn
from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.query.says import said_when, term_end
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import called, has_begun, is_open, many, post, row

_MOST_PLACES = 10


@rule("error")
def end_before_start(look: Look) -> Iterator[Problem]:
    """Something ends, on every day its dates can mean, before it begins.

    Why: such a period contains no day. A window or an unknown day that leaves a day possible is no error.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        to: 2022-07-01
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        to: 2022-06-30 # <- end-before-start
        sources: [paper line 2]
    """
    for part in look.parts(Part):
        first, last = _ENDS.get(type(part), ("from_", "to"))
        start, end = getattr(part, first, None), getattr(part, last, None)
        if start and end and end.latest < start.earliest:
            yield found(
                part.source.at(last),
                f"This ends {said_when(end)}, before it begins {said_when(start)}.",
                "Correct one of the two days; the last day counts.",
                related=[part.source.at(first.rstrip("_"))],
            )


_ENDS: dict[type[Part], tuple[str, str]] = {Term: ("from_", "ends"), Disagreement: ("noted", "settled")}
"""The parts whose first and last day are not called `from` and `to`."""


@rule("error")
def outside_life(look: Look) -> Iterator[Problem]:
    """A role, appointment, vacancy, turn or post lies outside the life of its body, or of its role.

    Why: nobody can be in post in a body that is not there. The end of a body may follow from its successor's
    start or its parent's end. Only what is certain is reported. Somebody who was appointed before the body began
    is designate until then: `announced` says since when.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        to: 2022-06-30
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              to: 2022-06-30
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        to: 2022-06-30
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2022-07-01 # <- outside-life
              sources: [paper line 3]
    """
    for body, role in look.roles():
        life = look.lives.life(body.id)
        whole = (life.start, life.end, shortened(body.name, 60))
        problem = _outside(role, f"The role '{shortened(role.title, 60)}'", *whole)
        if problem:
            yield problem
        in_role = (role.from_, role.to, f"the role '{shortened(role.title, 60)}'")
        for part in (*role.appointments, *role.vacant, *role.turns, *role.ex_officio):
            what = _called(look, part)
            inside = _outside(part, what, *in_role) or (None if problem else _outside(part, what, *whole))
            if inside:
                yield inside


def _called(look: Look, part: Dated) -> str:
    if isinstance(part, Appointment):
        return f"The appointment of {called(look, part.person)}" if part.person in look.registry.people else "This"
    return "This"


def _outside(part: Dated, what: str, start: Date | None, end: Date | None, whose: str) -> Problem | None:
    """Return what is wrong if a part lies outside the time from `start` to `end`, told once."""
    if part.from_ and part.to and part.to.latest < part.from_.earliest:
        return None  # told as end-before-start
    if part.from_ and end and part.from_.earliest > end.latest:
        message = f"{what} begins {said_when(part.from_)}, after the end of {whose} {said_when(end)}."
        return found(part.source.at("from"), message, "Correct the day, or the end.")
    if part.to and start and part.to.latest < start.earliest:
        message = f"{what} ends {said_when(part.to)}, before {whose} began {said_when(start)}."
        return found(part.source.at("to"), message, "Correct the day, or the start.")
    if part.from_ and start and part.from_.latest < start.earliest:
        message = f"{what} begins {said_when(part.from_)}, before {whose} began {said_when(start)}."
        help = "Correct the day; what was announced before the start goes under 'announced'."
        return found(part.source.at("from"), message, help)
    if part.to and end and part.to.earliest > end.latest:
        message = f"{what} ends {said_when(part.to)}, after the end of {whose} {said_when(end)}."
        return found(part.source.at("to"), message, "Correct the day, or the end.")
    return None


@rule("error")
def succession_out_of_time(look: Look) -> Iterator[Problem]:
    """A body took over on a day when it had not begun, or from one that had not begun or went on afterwards.

    Why: the day of a succession is the first day of the new state. An earlier body that ends by it has ended then;
    only after a `transfer` does it go on.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2026-07-01
        succeeds:
        - of: [gamma]
          kind: replacement
          date: 2026-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2020-01-01
        to: 2026-06-30
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2026-07-01
        succeeds:
        - of: [gamma]
          kind: replacement
          date: 2026-07-01 # <- succession-out-of-time
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2020-01-01
        to: 2026-12-31
        sources: [paper line 2]
    """
    bodies = look.registry.bodies
    for body in bodies.values():
        for step in body.succeeds:
            if step.date is None:
                continue
            when, last = said_when(step.date), step.date.latest
            if body.from_ and body.from_.earliest > last:
                message = f"{shortened(body.name, 60)} took over {when}, before it began {said_when(body.from_)}."
                yield found(step.source.at("date"), message, "Correct one of the days.")
            for earlier in (bodies[id] for id in step.of if id in bodies):
                problem = f"{shortened(earlier.name, 60)} was taken over {when}"
                if earlier.from_ and earlier.from_.earliest > last:
                    problem += f", before it began {said_when(earlier.from_)}."
                elif step.kind != "transfer" and earlier.to and earlier.to.earliest > last:
                    problem += f", and went on until {in_words(earlier.to)}."
                else:
                    continue
                help = "Correct one of the days; if only functions moved, the kind is transfer."
                yield found(step.source.at("date"), problem, help, related=[earlier.source.at("to")])


@rule("error")
def terms_out_of_order(look: Look) -> Iterator[Problem]:
    """The terms of an appointment do not stand in the order of time.

    Why: the last term in the list says when the appointment runs out.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2021-01-01
              terms:
              - ends: 2023-12-31
              - ends: 2026-12-31
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2021-01-01
              terms:
              - ends: 2026-12-31
              - ends: 2023-12-31 # <- terms-out-of-order
              sources: [paper line 3]
              to: 2026-06-01
    """
    for appointment in look.of(Appointment):
        for before, after in zip(appointment.terms, appointment.terms[1:], strict=False):
            if before.ends and after.ends and before.ends.earliest > after.ends.latest:
                yield found(
                    after.source.at("ends"),
                    f"This term ends {said_when(after.ends)}, before the one above it ends {said_when(before.ends)}.",
                    "List the terms in the order of time, or correct the day.",
                    related=[before.source.at("ends")],
                )


@rule("warning", timely=True)
def term_ran_out(look: Look) -> Iterator[Problem]:
    """Somebody's last recorded term is over, and nothing says what came after it.

    Why: the person has left, was reappointed, or sits there without a term; an answer can only say "possibly".

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2023-04-01
              terms:
              - ends: 2026-03-31
              - ends: 2029-03-31
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2023-04-01
              terms:
              - ends: 2026-03-31 # <- term-ran-out
              sources: [paper line 3]
    """
    for body, role, appointment in look.appointments():
        over = term_end(appointment)
        if over is None or over.latest >= look.today or appointment.to or not is_open(look, body, role):
            continue
        if not _followed(role, appointment, over):
            yield found(
                appointment.terms[-1].source.at("ends"),
                f"The term of {called(look, appointment.person)} as {post(look, role)} ran out {said_when(over)}, "
                "and nothing is recorded of what came after.",
                "Add the next term under 'terms', or the last day under 'to'.",
            )


def _followed(role: Role, appointment: Appointment, over: Date) -> bool:
    """Whether a later decision, or another in the same single seat, says what came after a term."""
    for decision in appointment.decisions:
        later = decision.on is None or decision.on.latest >= over.earliest
        if later and decision.what in ("reappointed", "extended", "ended"):
            return True
    start = appointment.from_
    return role.seats == 1 and any(
        other.from_ and start and other.from_.earliest > start.latest and not other.covering
        for other in role.appointments
        if other is not appointment
    )


@rule("error", timely=True)
def planned_as_real(look: Look) -> Iterator[Problem]:
    """Somebody sits, or a meeting was held, in a body or role that is only planned.

    Why: what a plan announced is not what happened. Either a source shows that it exists, and gives it a `from`, or
    nobody can be in post there. Whoever is to come may have a start that lies ahead.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        planned: {from: 2026-01-01, for: 2027-04-01}
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2027-04-01
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        planned: {from: 2026-01-01, for: 2027-04-01}
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2026-04-01 # <- planned-as-real
              sources: [paper line 3]
    """
    for body in look.registry.bodies.values():
        if body.from_ is None:
            held = (
                [one.source.at("on") for one in body.meetings.held if has_begun(one.on, look.today)]
                if (body.meetings)
                else []
            )
            begun = [one for role in body.roles.values() for one in _begun(look, role)]
            yield from _only_planned(f"{shortened(body.name, 60)}", begun, held)
            continue
        for role in body.roles.values():
            if role.planned and role.from_ is None:
                yield from _only_planned(f"the role '{shortened(role.title, 60)}'", _begun(look, role), [])


def _begun(look: Look, role: Role) -> list[tuple[str, Source]]:
    """Return the names and places of all that has surely begun in a role."""
    found = [
        (called(look, one.person), one.source.at("from"))
        for one in role.appointments
        if has_begun(one.from_, look.today)
    ]
    links: list[ExOfficio | Turn] = [*role.ex_officio, *role.turns]
    found += [
        (f"the holder of {link.role}", link.source.at("from"))
        for link in links
        if has_begun(link.from_, look.today)
    ]
    return found


def _only_planned(whose: str, begun: Sequence[tuple[str, Source]], held: Sequence[Source]) -> Iterator[Problem]:
    places = [*(place for _, place in begun), *held]
    if not places:
        return
    what = f"{row([name for name, _ in begun])} already {'sits' if len(begun) == 1 else 'sit'} there"
    if not begun:
        what = f"{many(len(held), 'meeting')} of it {'is' if len(held) == 1 else 'are'} recorded"
    message = f"{whose[0].upper()}{whose[1:]} is only planned, and {what}."
    help = "If a source shows that it exists, give it a 'from'; if not, this belongs elsewhere or lies ahead."
    yield found(places[0], message, help, related=places[1 : _MOST_PLACES + 1])


@rule("error")
def future_appointment(look: Look) -> Iterator[Problem]:
    """An appointment starts after today and cites no document that was public by today.

    Why: an appointment that has not been announced is confidential, and Git never forgets. A document is public if
    it says `public: true`, or if it has an address, a day of publication, or is an instrument, a page or news; never
    with `public: false`. Time can only cure this, never bring it.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2027-01-01
              sources: [paper line 3]

    Fails:

        --- documents/letter.yaml
        title: A letter
        kind: letter
        speaks_of: 2026-06-01
        public: false
        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2027-01-01 # <- future-appointment
              sources: [letter]
    """
    for _, role, appointment in look.appointments():
        start = appointment.from_
        if start is None or start.earliest <= look.today:
            continue
        if not any(_was_public(look, citation) for citation in appointment.sources):
            yield found(
                appointment.source.at("from"),
                f"{called(look, appointment.person)} is to be {post(look, role)} from {in_words(start)}, "
                "and no public document cited here says so.",
                "Take it out until it is announced; or cite the public paper, with public: true and its day.",
            )


def _was_public(look: Look, citation: Citation) -> bool:
    document = look.registry.documents.get(citation.document)
    if document is None:
        return ("documents", citation.document) in look.registry.broken
    open_ = document.address or document.published or document.standing in ("instrument", "official-page", "news")
    if not (document.public or (document.public is None and open_)):
        return False
    days = (document.published, document.speaks_of, document.read, document.from_)
    return any(day is not None and day.latest <= look.today for day in days)


TIME = (
    end_before_start,
    outside_life,
    succession_out_of_time,
    terms_out_of_order,
    term_ran_out,
    planned_as_real,
    future_appointment,
)
"""The rules about time."""
