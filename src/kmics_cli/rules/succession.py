"""Succession: who came from whom, how, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import in_words
from kmics_cli.model import (
    Body,
    Succession,
)
from kmics_cli.problems import Problem, shortened
from kmics_cli.query.lives import ENDS_PREDECESSOR
from kmics_cli.query.says import said_when
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.loops import after_themselves
from kmics_cli.rules.sure import row

_MOST_PLACES = 10


@rule("error")
def succession_out_of_time(look: Look) -> Iterator[Problem]:
    """A body took over on a day when it had not begun, or from one that had not begun or went on afterwards.

    Why: the day of a succession is the first day of the new state. An earlier body that ends by it has ended then;
    only after a `transfer` does it go on. Bodies in a `loop-of-succession` are told as that alone.

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
    bodies, loop = look.registry.bodies, after_themselves(look)
    for body in bodies.values():
        for step in body.succeeds:
            if step.date is None or (body.id in loop and not loop.isdisjoint(step.of)):
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
def merger_of_one(look: Look) -> Iterator[Problem]:
    """A merger names a single earlier body, and that is no class.

    Why: a merger makes one of several. One that becomes another is a replacement or an evolution; one that is taken
    in by a body that carries on is an absorption.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [gamma, delta]
          kind: merger
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        --- bodies/delta.yaml
        name: Delta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [gamma]
          kind: merger # <- merger-of-one
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
    """
    bodies = look.registry.bodies
    for body in bodies.values():
        merged = {earlier for step in body.succeeds if step.kind == "merger" for earlier in step.of}
        for step in body.succeeds if len(merged) == 1 else ():
            only = bodies.get(next(iter(merged)))
            if step.kind == "merger" and only and not only.class_:
                yield found(
                    step.source.at("kind"),
                    f"A merger makes one of several, and only {shortened(only.name, 60)} is named.",
                    "Name the others, or write replacement, evolution or absorption.",
                )


@rule("error")
def replaced_several(look: Look) -> Iterator[Problem]:
    """A replacement or an evolution names several earlier bodies.

    Why: in both, one body becomes one other. Several that become one are a merger; several that a body takes in and
    carries on are an absorption.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [gamma]
          kind: evolution
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2020-01-01
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [gamma, delta]
          kind: replacement # <- replaced-several
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        --- bodies/delta.yaml
        name: Delta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
    """
    for step in look.of(Succession):
        if step.kind in ("replacement", "evolution") and len(step.of) > 1:
            article = "An" if step.kind == "evolution" else "A"
            yield found(
                step.source.at("kind"),
                f"{article} {step.kind} is of one body, and {len(step.of)} are named.",
                "Write merger if they became one, absorption if this body took them in, or split the entry.",
            )


@rule("error")
def ended_twice(look: Look) -> Iterator[Problem]:
    """Two bodies each say that they ended the same earlier body, and not by a split.

    Why: a body is merged, replaced or taken in once. Where it became several, each of them says `split`; where only
    some of its functions moved, `transfer`. A class of bodies can have several successors.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [delta]
          kind: split
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [delta]
          kind: split
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/delta.yaml
        name: Delta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [delta]
          kind: replacement
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [delta]
          kind: evolution # <- ended-twice
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/delta.yaml
        name: Delta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
    """
    for earlier in look.registry.bodies.values():
        steps = _ending_steps(look, earlier)
        if len({id for id, _ in steps}) > 1 and any(step.kind != "split" for _, step in steps):
            last = next(step for _, step in reversed(steps) if step.kind != "split")
            names = row([f"{step.kind} by {shortened(look.registry.bodies[id].name, 60)}" for id, step in steps])
            yield found(
                last.source.at("kind"),
                f"{shortened(earlier.name, 60)} has ended more than once: {names}.",
                "Write split for each if it became several, transfer if only functions moved, or take one out.",
                related=[step.source for _, step in steps if step is not last][:_MOST_PLACES],
            )


def _ending_steps(look: Look, earlier: Body) -> Sequence[tuple[str, Succession]]:
    """Return the steps by which a body ended, each with its successor; none of a class, and no disputed ones."""
    if earlier.class_:
        return ()
    return [
        (body.id, step)
        for body, step in look.lives.successors(earlier.id)
        if step.kind in ENDS_PREDECESSOR and step.confidence != "disputed"
    ]


@rule("warning")
def split_into_one(look: Look) -> Iterator[Problem]:
    """A body was split, and only one successor is recorded.

    Why: a split makes several. Either the others are missing, or it was another kind of succession.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [gamma]
          kind: transfer
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2020-01-01
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [gamma]
          kind: split # <- split-into-one
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
    """
    for earlier in look.registry.bodies.values():
        steps = _ending_steps(look, earlier)
        if len({id for id, _ in steps}) == 1 and (split := next((s for _, s in steps if s.kind == "split"), None)):
            yield found(
                split.source.at("kind"),
                f"{shortened(earlier.name, 60)} was split, and only one successor is recorded.",
                "Record the other successors, or write replacement, absorption or transfer.",
            )


SUCCESSION = (
    succession_out_of_time,
    merger_of_one,
    replaced_several,
    ended_twice,
    split_into_one,
)
"""The rules about succession."""
