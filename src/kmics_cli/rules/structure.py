"""Structure: who belongs to whom, and numbers, codes and lists that cannot be as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kmics_cli.dates import Span, day_in_words, in_words
from kmics_cli.model import Body, Figure, Identifier, Layer, Quorum, Role, SubItem
from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.query.earlier import FIELDS, on_day
from kmics_cli.query.lives import ENDS_WITH_PARENT
from kmics_cli.query.says import said_when
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import many, post, row, sure

_MOST_PLACES = 10


@rule("warning", timely=True)
def living_children(look: Look) -> Iterator[Problem]:
    """A body has ended, and others that were part of it go on without an end and without another parent.

    Why: a committee or board ends with its parent, and needs no end of its own. Other parts (places, sub-groups,
    locations) do not: somebody took them over, or they have ended too.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        to: 2022-06-30
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: committee
        from: 2020-01-01
        part_of:
        - body: beta
          relation: sub-group-of
          to: 2022-06-30
        - body: alpha
          relation: sub-group-of
          from: 2022-07-01
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        to: 2022-06-30
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: committee
        from: 2020-01-01
        part_of:
        - body: beta # <- living-children
          relation: sub-group-of
        sources: [paper line 2]
    """
    lives = look.lives
    for body in look.registry.bodies.values():
        end = lives.life(body.id).end
        if end is None or end.latest >= look.today:
            continue
        orphans = [
            (child, link)
            for child, link in lives.children(body.id)
            if link.to is None and link.relation not in ENDS_WITH_PARENT and _goes_on(look, child)
        ]
        if orphans:
            names = row([shortened(child.name, 60) for child, _ in orphans])
            places = [link.source.at("body") for _, link in orphans]
            yield found(
                places[0],
                f"{shortened(body.name, 60)} ended {said_when(end)}, and {names}, part of it, "
                f"{'goes' if len(orphans) == 1 else 'go'} on.",
                "Give it an end too, or end the link and name the parent that took over.",
                related=places[1 : _MOST_PLACES + 1],
            )


def _goes_on(look: Look, child: Body) -> bool:
    """Whether a body has begun, has no end, and every parent that it has now is over."""
    life = look.lives.life(child.id)
    if life.start is None or life.end is not None:
        return False
    ends = [look.lives.life(link.body).end for link in child.part_of if link.to is None]
    return all(end is not None and end.latest < look.today for end in ends)


@rule("error")
def not_a_class(look: Look) -> Iterator[Problem]:
    """A body is `one_of` another that is not marked as a class.

    Why: only a class stands for many; otherwise the body belongs to it as a part (`part_of`) or a member (`members`).

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        one_of: boards
        from: 2020-01-01
        sources: [paper line 2]
        --- bodies/boards.yaml
        name: Boards
        kind: board
        class: true
        from: 2020-01-01
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        one_of: alpha # <- not-a-class
        from: 2020-01-01
        sources: [paper line 2]
    """
    bodies = look.registry.bodies
    for body in bodies.values():
        many_of = bodies.get(body.one_of) if body.one_of else None
        if many_of and not many_of.class_:
            yield found(
                body.source.at("one_of"),
                f"{shortened(many_of.name, 60)} is one body, and stands for no class of them.",
                "Write class: true there if it stands for many; or use part_of or members.",
                related=[many_of.source.at("name")],
            )


@rule("error")
def identifier_twice(look: Look) -> Iterator[Problem]:
    """Two bodies have the same code of one scheme at the same time.

    Why: whoever asks by the code could mean either. A code can pass from a body to the next: then each has its days.
    A code without days lasts as long as its body. What is only inferred is told as `identifier-perhaps-twice`.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        to: 2022-06-30
        identifiers:
        - scheme: code
          code: QX1
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2022-07-01
        identifiers:
        - scheme: code
          code: QX1
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        identifiers:
        - scheme: code
          code: QX1
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2022-07-01
        identifiers:
        - scheme: code
          code: QX1 # <- identifier-twice
        sources: [paper line 2]
    """
    yield from _codes_twice(look, inferred=False)


@rule("warning")
def identifier_perhaps_twice(look: Look) -> Iterator[Problem]:
    """Two bodies have the same code of one scheme at the same time, and of one of them that is only inferred.

    Why: whoever asks by the code could mean either, and one of the two is most likely a slip. See `identifier-twice`.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        identifiers:
        - scheme: code
          code: QX1
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2022-07-01
        identifiers:
        - scheme: code
          code: QX2
          confidence: inferred
          note: From a list of others.
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        identifiers:
        - scheme: code
          code: QX1
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: board
        from: 2022-07-01
        identifiers:
        - scheme: code
          code: QX1 # <- identifier-perhaps-twice
          confidence: inferred
          note: From a list of others.
        sources: [paper line 2]
    """
    yield from _codes_twice(look, inferred=True)


@dataclass(frozen=True, slots=True)
class _Use:
    """The days in which a body surely has a code, if what is inferred is so."""

    days: Span
    body: Body
    code: Identifier


def _codes_twice(look: Look, inferred: bool) -> Iterator[Problem]:
    """Yield the codes that two bodies have at once: both on evidence, or one of them by inference only."""
    uses: dict[tuple[str, str], list[_Use]] = {}
    for body in look.registry.bodies.values():
        life = look.lives.life(body.id)
        for code in body.identifiers if life.start else ():
            days = sure(code.from_ or life.start, code.to or life.end)
            if days and code.confidence != "disputed" and (inferred or code.confidence != "inferred"):
                uses.setdefault((code.scheme, code.code), []).append(_Use(days, body, code))
    for some in uses.values():
        some.sort(key=lambda use: use.days.first)
        longest: dict[bool, _Use] = {}  # the one that lasts longest: on evidence, and by inference
        for use in some:
            own = use.code.confidence == "inferred"
            against = (False, True) if own else (inferred,)
            for other in (longest[kind] for kind in against if kind in longest):
                if use.days.first <= other.days.last and use.body is not other.body:
                    yield _both(look, use, other)
                    break
            if own not in longest or use.days.last > longest[own].days.last:
                longest[own] = use


def _both(look: Look, use: _Use, other: _Use) -> Problem:
    schemes = look.registry.settings.identifier_schemes
    code, scheme = use.code.code, use.code.scheme
    when = "now" if use.days.first == date.max else f"on {day_in_words(use.days.first)}"
    return found(
        use.code.source.at("code"),
        f"{shortened(use.body.name, 60)} and {shortened(other.body.name, 60)} both have the code '{code}' "
        f"{when} ({shortened(schemes.get(scheme, scheme), 60)}).",
        "Correct one of them; if the code passed from one to the other, give each its days.",
        related=[other.code.source.at("code")],
    )


@rule("error")
def number_twice(look: Look) -> Iterator[Problem]:
    """Two items of a set of priorities, or two sub-items of one item, have the same number.

    Why: other records refer to an item by its number.

    Passes:

        --- priorities/aims.yaml
        name: Aims
        owner: alpha
        from: 2020-01-01
        sources: [paper line 2]
        items:
        - number: 1
          summary: One.
        - number: 2
          summary: Two.

    Fails:

        --- priorities/aims.yaml
        name: Aims
        owner: alpha
        from: 2020-01-01
        sources: [paper line 2]
        items:
        - number: 1
          summary: One.
        - number: 1 # <- number-twice
          summary: Two.
    """
    for some in look.registry.priorities.values():
        yield from _twice(some.items)
        for item in some.items:
            yield from _twice(item.items)


def _twice(items: Sequence[SubItem]) -> Iterator[Problem]:
    seen: dict[int, Source] = {}
    for item in items:
        here = item.source.at("number")
        if item.number in seen:
            message = f"Another item here has the number {item.number}."
            yield found(here, message, "Give each its own number, as printed.", related=[seen[item.number]])
        seen.setdefault(item.number, here)


@rule("error")
def quorum_above_whole(look: Look) -> Iterator[Problem]:
    """A quorum asks for more than all members.

    Why: no meeting could ever be quorate; most likely the fraction is turned round.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        quorum:
        - at_least: 2/3
          from: 2020-01-01
          sources: [paper line 2]
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        quorum:
        - at_least: 3/2 # <- quorum-above-whole
          from: 2020-01-01
          sources: [paper line 2]
        sources: [paper line 2]
    """
    for quorum in look.of(Quorum):
        part, slash, whole = str(quorum.at_least).partition("/")
        if slash and int(part) > int(whole):
            yield found(
                quorum.source.at("at_least"),
                f"{quorum.at_least} is more than the whole.",
                f"If the fraction is turned round, write {whole}/{part}.",
            )


@rule("error")
def low_above_high(look: Look) -> Iterator[Problem]:
    """The low end of a figure's range is above its high end.

    Why: no value lies in such a range.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        figures:
        - about: networks
          low: 30
          high: 40
          sources: [paper line 2]
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        figures:
        - about: networks
          low: 40 # <- low-above-high
          high: 30
          sources: [paper line 2]
        sources: [paper line 2]
    """
    for figure in look.of(Figure):
        if figure.low is not None and figure.high is not None and figure.low > figure.high:
            yield found(
                figure.source.at("low"),
                f"The range begins at {figure.low:g}, above its end, {figure.high:g}.",
                "Write the smaller number under 'low'.",
                related=[figure.source.at("high")],
            )


@rule("warning")
def earlier_not_otherwise(look: Look) -> Iterator[Problem]:
    """What is said to have been otherwise in a role until a day was the same after it.

    Why: 'earlier' says what changed. An entry that changes nothing was put into the wrong role, or what is so now was
    never put in.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          member:
            title: Member
            member_type: member
            seats: 3
            earlier:
            - to: 2022-06-30
              seats: 2
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          member:
            title: Member
            member_type: member
            seats: 2
            earlier:
            - to: 2022-06-30
              seats: 2 # <- earlier-not-otherwise
              sources: [paper line 3]
    """
    for role in look.of(Role):
        for one in role.earlier:
            for field in FIELDS:
                was = getattr(one, field)
                if was is None or one.to is None or not one.to.bounded:
                    continue
                if on_day(role, field, one.to.latest + timedelta(1)) == was:
                    yield found(
                        one.source.at(field),
                        f"This was so until {in_words(one.to)}, says the record, and is so after it as well.",
                        "Write what it has been since beside it in the role; or take this out.",
                    )


@rule("error")
def layers_reversed(look: Look) -> Iterator[Problem]:
    """A layer of a document ends at a line before it begins.

    Why: no line lies in it, and what is cited from there would be dated wrongly.

    Passes:

        --- documents/paper.yaml
        title: A paper
        kind: paper
        speaks_of: 2026-06-01
        extent: {lines: 100}
        layers:
        - lines: [10, 20]
          speaks_of: 2026-05-01

    Fails:

        --- documents/paper.yaml
        title: A paper
        kind: paper
        speaks_of: 2026-06-01
        extent: {lines: 100}
        layers:
        - lines: [20, 10] # <- layers-reversed
          speaks_of: 2026-05-01
    """
    for layer in look.of(Layer):
        first, last = layer.lines
        if first > last:
            message = f"This layer begins at line {first} and ends before it, at line {last}."
            yield found(layer.source.at("lines"), message, "Write the first line first.")


@rule("warning")
def turn_outside_rotation(look: Look) -> Iterator[Problem]:
    """A turn went with a post that is not among those that the seat passes among.

    Why: either the turn or the list is wrong; or the rule was another then, which a note should say.

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
            rotation:
              among: [alpha/chair, alpha/member]
            turns:
            - role: alpha/chair
              from: 2020-01-01
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          deputy:
            title: Deputy
            member_type: deputy
          chair:
            title: Chair
            member_type: chair
            rotation:
              among: [alpha/chair, alpha/member]
            turns:
            - role: beta/deputy # <- turn-outside-rotation
              from: 2020-01-01
              sources: [paper line 3]
    """
    for role in look.of(Role):
        among = set(role.rotation.among) if role.rotation else set()
        for turn in role.turns if role.rotation else ():
            if turn.role not in among and not turn.note:
                yield found(
                    turn.source.at("role"),
                    f"'{turn.role}' is not among the {many(len(among), 'post')} that {post(look, role)} passes among.",
                    "Correct the turn or the rotation; or say in a note why this turn was outside it.",
                )


STRUCTURE = (
    living_children,
    not_a_class,
    identifier_twice,
    identifier_perhaps_twice,
    number_twice,
    quorum_above_whole,
    low_above_high,
    earlier_not_otherwise,
    layers_reversed,
    turn_outside_rotation,
)
"""The rules about structure."""
