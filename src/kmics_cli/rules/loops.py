"""Loops: what leads back to itself. Each is told once, with the way round.

Links with dates make a loop only if all of them surely held on one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kmics_cli.dates import Span
from kmics_cli.model import Dated, ExOfficio, Item, Role, SubItem, Turn
from kmics_cli.problems import Problem, Source
from kmics_cli.query.lives import ENDS_PREDECESSOR
from kmics_cli.query.rings import rings
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import sure

_ALWAYS = Span(date.min, date.max)
_MOST_DAYS = 20  # days tried in one ring: each costs a walk through it
_MOST_SHOWN = 7
_MOST_PLACES = 10


@dataclass(frozen=True, slots=True)
class _Link:
    """One thing that leads to another, where that is written, and when it surely held."""

    start: str
    end: str
    source: Source
    days: Span = _ALWAYS


def _dated(start: str, end: str, part: Dated, source: Source) -> Iterator[_Link]:
    days = sure(part.from_, part.to)
    if days:
        yield _Link(start, end, source, days)


def _loops(links: Iterable[_Link]) -> Iterator[list[_Link]]:
    """Yield a loop of each ring of links, as the links round it."""
    for inside in _inside_rings(links):
        days = sorted({link.days.first for link in inside}, reverse=True)
        for day in days[:_MOST_DAYS]:  # a loop that holds on a day holds on the day its last link began
            holding = [link for link in inside if link.days.first <= day <= link.days.last]
            first = next(_inside_rings(holding), None)
            if first:
                yield _round(first)
                break


def _inside_rings(links: Iterable[_Link]) -> Iterator[list[_Link]]:
    """Yield the links of each ring: those that lead from one of its things to another."""
    onward: dict[str, list[_Link]] = {}
    for link in links:
        onward.setdefault(link.start, []).append(link)
    number = rings(onward, lambda one: (link.end for link in onward.get(one, ())))
    inside: dict[int, list[_Link]] = {}
    for some in onward.values():
        for link in some:
            if number[link.start] == number[link.end]:
                inside.setdefault(number[link.start], []).append(link)
    yield from inside.values()


def _round(links: Sequence[_Link]) -> list[_Link]:
    """Return the shortest way from the first link's start back to it, through links of one ring."""
    onward: dict[str, list[_Link]] = {}
    for link in links:
        onward.setdefault(link.start, []).append(link)
    start = links[0].start
    reached: dict[str, _Link] = {}
    ahead = [start]
    for one in ahead:
        for link in onward.get(one, ()):
            if link.end not in reached:
                reached[link.end] = link
                ahead.append(link.end)
        if start in reached:
            break
    way = [reached[start]]
    while way[-1].start != start:
        way.append(reached[way[-1].start])
    return way[::-1]


def _told(links: Iterable[_Link], what: str, help: str) -> Iterator[Problem]:
    for way in _loops(links):
        names = [way[0].start, *(link.end for link in way)]
        if len(names) > _MOST_SHOWN:
            names = [*names[:3], "…", *names[-2:]]
        sources = [link.source for link in way]
        message = f"{what}: {' > '.join(names)}."
        yield found(sources[0], message, help, related=sources[1 : _MOST_PLACES + 1])


@rule("error")
def loop_of_parents(look: Look) -> Iterator[Problem]:
    """Bodies are part of one another in a loop, or a body is part of itself.

    Why: a tree of them has no top, and nobody can say what ends with what. Links that held at different times make
    no loop.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: committee
        from: 2020-01-01
        part_of:
        - body: alpha
          relation: committee-of
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: committee
        from: 2020-01-01
        part_of:
        - body: gamma # <- loop-of-parents
          relation: committee-of
        sources: [paper line 2]
        --- bodies/gamma.yaml
        name: Gamma
        kind: committee
        from: 2020-01-01
        part_of:
        - body: beta
          relation: committee-of
        sources: [paper line 2]
    """
    links = (
        one
        for body in look.registry.bodies.values()
        for link in body.part_of
        for one in _dated(body.id, link.body, link, link.source.at("body"))
    )
    help = "Take out the link that is wrong, or give the one that is over its last day."
    yield from _told(links, "A body is in the end part of itself", help)


@rule("error")
def loop_of_posts(look: Look) -> Iterator[Problem]:
    """Posts carry one another: each is held by whoever holds the next, and nobody holds any by appointment.

    Why: a seat that goes with a post has the holder of that post; in a loop there is none.

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
            ex_officio:
            - role: alpha/chair
              from: 2020-01-01

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
            ex_officio:
            - role: beta/leader # <- loop-of-posts
              from: 2020-01-01
          leader:
            title: Leader
            member_type: leader
            ex_officio:
            - role: beta/member
              from: 2020-01-01
    """
    links = (
        one
        for _, role in look.roles()
        for part in _posts(role)
        for one in _dated(role.ref, part.role, part, part.source.at("role"))
    )
    help = "Take out the link that is wrong: one of these posts is held by appointment."
    yield from _told(links, "These posts go with one another", help)


def _posts(role: Role) -> Iterator[ExOfficio | Turn]:
    yield from role.ex_officio
    yield from role.turns


@rule("error")
def loop_of_classes(look: Look) -> Iterator[Problem]:
    """Classes of bodies are instances of one another, or a body is one of itself.

    Why: nobody could count them.

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

        --- bodies/boards.yaml
        name: Boards
        kind: board
        class: true
        one_of: boards # <- loop-of-classes
        from: 2020-01-01
        sources: [paper line 2]
    """
    links = (
        _Link(body.id, body.one_of, body.source.at("one_of"))
        for body in look.registry.bodies.values()
        if body.one_of
    )
    yield from _told(links, "A body is in the end one of itself", "Take out the 'one_of' that is wrong.")


@rule("error")
def loop_of_succession(look: Look) -> Iterator[Problem]:
    """A body succeeds itself, at once or by way of others.

    Why: a body that was succeeded has ended and cannot come after its own successor. A new name is no succession:
    the body keeps its id. Functions that were transferred can go back.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-07-01
        succeeds:
        - of: [gamma]
          kind: replacement
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
        from: 2020-01-01
        succeeds:
        - of:
          - beta # <- loop-of-succession
          kind: evolution
          date: 2022-07-01
          sources: [paper line 2]
        sources: [paper line 2]
    """
    help = "Take out the step that is wrong; a new name goes under 'names'."
    yield from _told(_steps(look), "A body comes in the end after itself", help)


def _steps(look: Look) -> Iterator[_Link]:
    for body in look.registry.bodies.values():
        for step in body.succeeds:
            for index, earlier in enumerate(step.of):
                if step.kind in ENDS_PREDECESSOR or earlier == body.id:
                    yield _Link(body.id, earlier, step.source.at("of", index))


def after_themselves(look: Look) -> frozenset[str]:
    """Return the bodies that `loop_of_succession` tells of: which of them ended by which, nobody knows."""
    return frozenset(link.start for inside in _inside_rings(_steps(look)) for link in inside)


@rule("error")
def loop_of_documents(look: Look) -> Iterator[Problem]:
    """Documents supersede one another, or are part of one another, in a loop.

    Why: none of them could be the one in force, or the whole.

    Passes:

        --- documents/second-paper.yaml
        title: A second paper
        kind: paper
        supersedes: [paper]
        owner: alpha

    Fails:

        --- documents/second-paper.yaml
        title: A second paper
        kind: paper
        supersedes:
        - third-paper # <- loop-of-documents
        --- documents/third-paper.yaml
        title: A third paper
        kind: paper
        supersedes: [second-paper]
    """
    documents = look.registry.documents.values()
    older = (
        _Link(one.id, other, one.source.at("supersedes", index))
        for one in documents
        for index, other in enumerate(one.supersedes)
    )
    yield from _told(older, "A document in the end supersedes itself", "Take out the link that is wrong.")
    whole = (_Link(one.id, one.part_of, one.source.at("part_of")) for one in documents if one.part_of)
    yield from _told(whole, "A document is in the end part of itself", "Take out the link that is wrong.")


@rule("error")
def loop_of_items(look: Look) -> Iterator[Problem]:
    """Items of priorities follow from one another in a loop.

    Why: what an item follows from was there before it.

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
          follows:
          - item: aims/1

    Fails:

        --- priorities/aims.yaml
        name: Aims
        owner: alpha
        from: 2020-01-01
        sources: [paper line 2]
        items:
        - number: 1
          summary: One.
          follows:
          - item: aims/2 # <- loop-of-items
        - number: 2
          summary: Two.
          follows:
          - item: aims/1
    """
    links = (
        _Link(ref, follows.item, follows.source.at("item"))
        for some in look.registry.priorities.values()
        for ref, item in _items(some.id, some.items)
        for follows in item.follows
    )
    yield from _told(links, "An item follows in the end from itself", "Take out the link that is wrong.")


def _items(ref: str, items: Sequence[Item]) -> Iterator[tuple[str, SubItem]]:
    for item in items:
        yield f"{ref}/{item.number}", item
        for sub in item.items:
            yield f"{ref}/{item.number}.{sub.number}", sub


LOOPS = (
    loop_of_parents,
    loop_of_posts,
    loop_of_classes,
    loop_of_succession,
    loop_of_documents,
    loop_of_items,
)
"""The rules about loops."""
