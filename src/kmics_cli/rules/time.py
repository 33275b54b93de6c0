"""Time: what begins, lasts and ends must fit together. Only what is sure on every reading of the dates is an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kmics_cli.dates import Date
from kmics_cli.model import Appointment, Body, Dated, Disagreement, ExOfficio, Part, Role, Term, Turn, Vacancy
from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.query.says import said_when
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.loops import after_themselves
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
    is designate until then: `announced` says since when. Where several things lie beyond one end, it is told once,
    at that end: most likely that day is wrong.

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
    then = look.before
    loop, loop_then = after_themselves(look), after_themselves(then) if then else frozenset()
    for body in look.registry.bodies.values():
        for some in _all_outside(look, body, loop):
            first, count = some[0], len(some)
            if then and count == 1 and (old := then.registry.bodies.get(body.id)):  # one that is left is no new one
                before = (len(them) for them in _all_outside(then, old, loop_then) if them[0].same == first.same)
                count = max(count, *before, 1)
            if count == 1:
                yield found(first.source, f"{first.what} {first.wrong}.", first.help)
                continue
            parts = ("appointment", None) if all(one.appointment for one in some) else ("entry", "entries")
            yield found(
                first.limit,
                f"{many(len(some), *parts)} {'lies' if len(some) == 1 else 'lie'}, at least in part, {first.beyond}.",
                first.help,
                related=[one.source for one in some[:_MOST_PLACES]],
                same=first.same,
                weight=len(some),
            )


@dataclass(frozen=True, slots=True)
class _Whole:
    """What a part must lie within: its days, what it is called, and where those days are written."""

    start: Date | None
    end: Date | None
    called: str
    from_: Source
    to: Source
    whence: str = ""  # what the end follows from, if it is not written


@dataclass(frozen=True, slots=True)
class _Outside:
    """A part that lies outside: its name and place, what is wrong, which end of the whole it lies beyond."""

    appointment: bool
    what: str
    source: Source
    wrong: str
    beyond: str
    limit: Source
    side: Literal["start", "end"]

    @property
    def help(self) -> str:
        more = "; what was announced before the start goes under 'announced'" if self.side == "start" else ""
        return f"Correct the day, or the {self.side}{more}."

    @property
    def same(self) -> str:
        """What tells the end that things lie beyond from all others."""
        return f"{self.side} {'/'.join(map(str, self.limit.pointer))}"


def _all_outside(look: Look, body: Body, loop: frozenset[str]) -> Iterable[Sequence[_Outside]]:
    """Return what lies outside the life of a body or of its roles, by the end that it lies beyond."""
    life = look.lives.life(body.id)
    unsure = body.to is None and (body.id in loop or life.implied in loop)
    end_at = body.source.at("to" if body.to else "name")
    name = shortened(body.name, 60)
    cause = look.registry.bodies.get(life.implied or "")
    whence = f", which follows from the record of {shortened(cause.name, 60)}" if cause else ""
    whole = _Whole(life.start, None if unsure else life.end, name, body.source.at("from"), end_at, whence)
    beyond: dict[str, list[_Outside]] = {}
    for role in body.roles.values():
        problem = _outside(look, role, role, whole)
        some = [problem]
        title = f"the role '{shortened(role.title, 60)}'"
        in_role = _Whole(role.from_, role.to, title, role.source.at("from"), role.source.at("to"))
        for part in (*role.appointments, *role.vacant, *role.turns, *role.ex_officio):
            inside = _outside(look, part, role, in_role)
            if inside is None and problem is None:
                inside = _outside(look, part, role, whole)
            some.append(inside)
        for one in some:
            if one:
                beyond.setdefault(one.same, []).append(one)
    return beyond.values()


_WHAT: dict[type[Part], str] = {
    Role: "This role",
    Vacancy: "This vacancy",
    Turn: "This turn",
    ExOfficio: "This link",
}


def _outside(look: Look, part: Dated, role: Role, whole: _Whole) -> _Outside | None:
    """Return what is wrong if a part surely lies outside the whole, told once."""
    start, end = whole.start, whole.end
    if start is None and end is None:
        return None
    if part.from_ and part.to and part.to.latest < part.from_.earliest:
        return None  # told as end-before-start
    begins, ends = part.from_, part.to
    side: Literal["start", "end"]
    if begins and end and begins.earliest > end.latest:
        field, wrong, side = "from", f"begins {said_when(begins)}", "end"
    elif ends and start and ends.latest < start.earliest:
        field, wrong, side = "to", f"ends {said_when(ends)}", "start"
    elif begins and start and begins.latest < start.earliest:
        field, wrong, side = "from", f"begins {said_when(begins)}", "start"
    elif ends and end and ends.earliest > end.latest:
        field, wrong, side = "to", f"ends {said_when(ends)}", "end"
    else:
        return None
    if side == "end":
        beyond, limit = f"after the end of {whole.called} {said_when(end)}{whole.whence}", whole.to
    else:
        beyond, limit = f"before {whole.called} began {said_when(start)}", whole.from_
    what = _WHAT.get(type(part), "")
    if isinstance(part, Appointment):
        what = f"The time of {called(look, part.person)} as {shortened(role.title, 60)}"
    named = isinstance(part, Appointment)
    return _Outside(named, what, part.source.at(field), f"{wrong}, {beyond}", beyond, limit, side)


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
