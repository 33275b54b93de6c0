"""Time: what begins, lasts and ends must fit together. Only what is certain on every reading of the dates is an error."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.dates import Date, in_words
from kmics_cli.model import Body, Dated, Part
from kmics_cli.problems import Problem
from kmics_cli.rules.look import Look, found, rule


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
        start, end = getattr(part, "from_", None), getattr(part, "to", None)
        if start and end and end.latest < start.earliest:
            yield found(
                part.source.at("to"),
                f"This ends {in_words(end)}, before it begins {in_words(start)}.",
                "Correct one of the two days; 'to' is the last day, and counts.",
                related=[part.source.at("from")],
            )


@rule("error")
def outside_life(look: Look) -> Iterator[Problem]:
    """A role, appointment, vacancy or turn lies outside the life of its body, or an appointment outside its role's.

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
    lives = look.lives
    for body, role in look.roles():
        life = lives.life(body.id)
        yield from _outside(role, "This role", life.start, life.end, body)
        for part in role.appointments:
            yield from _outside(part, "This appointment", life.start, life.end, body)
            yield from _outside(part, "This appointment", role.from_, role.to, body, f"the role '{role.id}'")
        for part_ in (*role.vacant, *role.turns, *role.ex_officio):
            yield from _outside(part_, "This entry", life.start, life.end, body)


def _outside(
    part: Dated, what: str, start: Date | None, end: Date | None, body: Body, whose: str | None = None
) -> Iterator[Problem]:
    whose = whose or f"'{body.name}'"
    if part.from_ and end and part.from_.earliest > end.latest:
        message = f"{what} begins {in_words(part.from_)}, after {whose} ended {in_words(end)}."
        yield found(part.source.at("from"), message, "Correct the day, or the end.")
    if (
        part.from_
        and start
        and part.from_.latest < start.earliest
        and not (part.to and part.to.latest < start.earliest)
    ):
        message = f"{what} begins {in_words(part.from_)}, before {whose} began {in_words(start)}."
        help = "Correct the day; what was announced before the start goes under 'announced'."
        yield found(part.source.at("from"), message, help)
    if part.to and start and part.to.latest < start.earliest:
        message = f"{what} ends {in_words(part.to)}, before {whose} began {in_words(start)}."
        yield found(part.source.at("to"), message, "Correct the day, or the start.")


TIME = (end_before_start, outside_life)
"""The rules about time."""
