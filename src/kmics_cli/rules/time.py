"""Time: what begins, lasts and ends must fit together. Only what is sure on every reading of the dates is an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Date
from kmics_cli.model import Appointment, Dated, Disagreement, ExOfficio, Part, Role, Term, Turn, Vacancy
from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.query.says import said_when
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import called, has_begun, many, row, sentence

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
        problem = _outside(look, role, role, *whole)
        if problem:
            yield problem
        in_role = (
            (role.from_, role.to, f"the role '{shortened(role.title, 60)}'") if role.from_ or role.to else None
        )
        for part in (*role.appointments, *role.vacant, *role.turns, *role.ex_officio):
            inside = _outside(look, part, role, *in_role) if in_role else None
            if inside is None and problem is None:
                inside = _outside(look, part, role, *whole)
            if inside:
                yield inside


_WHAT: dict[type[Part], str] = {
    Role: "This role",
    Vacancy: "This vacancy",
    Turn: "This turn",
    ExOfficio: "This link",
}


def _outside(
    look: Look, part: Dated, role: Role, start: Date | None, end: Date | None, whose: str
) -> Problem | None:
    """Return what is wrong if a part lies outside the time from `start` to `end`, told once."""
    if start is None and end is None:
        return None
    if part.from_ and part.to and part.to.latest < part.from_.earliest:
        return None  # told as end-before-start
    begins, ends = part.from_, part.to
    if begins and end and begins.earliest > end.latest:
        field, wrong, help = "from", f"begins {said_when(begins)}, after the end of {whose} {said_when(end)}", "end"
    elif ends and start and ends.latest < start.earliest:
        field, wrong, help = "to", f"ends {said_when(ends)}, before {whose} began {said_when(start)}", "start"
    elif begins and start and begins.latest < start.earliest:
        field, wrong, help = "from", f"begins {said_when(begins)}, before {whose} began {said_when(start)}", "start"
    elif ends and end and ends.earliest > end.latest:
        field, wrong, help = "to", f"ends {said_when(ends)}, after the end of {whose} {said_when(end)}", "end"
    else:
        return None
    what = _WHAT.get(type(part), "")
    if isinstance(part, Appointment):
        what = f"The time of {called(look, part.person)} as {shortened(role.title, 60)}"
    more = "; what was announced before the start goes under 'announced'" if help == "start" else ""
    return found(part.source.at(field), f"{what} {wrong}.", f"Correct the day, or the {help}{more}.")


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
            yield from _only_planned(shortened(body.name, 60), begun, held)
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
    if begun:
        what = f"{row([name for name, _ in begun])} already {'sits' if len(begun) == 1 else 'sit'} there"
    else:
        what = f"{many(len(held), 'meeting')} of it {'is' if len(held) == 1 else 'are'} recorded"
    message = sentence(f"{whose} is only planned, and {what}.")
    help = "If a source shows that it exists, give it a 'from'; if not, this belongs elsewhere or lies ahead."
    yield found(places[0], message, help, related=places[1 : _MOST_PLACES + 1])


TIME = (
    end_before_start,
    outside_life,
    planned_as_real,
)
"""The rules about time."""
