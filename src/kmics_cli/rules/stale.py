"""Age: what is so for all that is recorded, and was last confirmed long ago."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kmics_cli.dates import UNKNOWN, Date, a_day_in_words, later
from kmics_cli.model import (
    Body,
    Citation,
    Milestone,
)
from kmics_cli.problems import Problem, Source
from kmics_cli.query.evidence import as_of, binds, spoken_of
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import is_open, row, sentence


@dataclass(frozen=True, slots=True)
class _Open:
    """A statement of something that is so today for all that is recorded: its last evidence, and whether that is old."""

    what: str  # the word that counts it
    last: Date
    stale: bool


@rule("warning", timely=True)
def stale_evidence(look: Look) -> Iterator[Problem]:
    """What a body's or document's file says of today was last confirmed too long ago.

    Why: an answer about today then says "not confirmed since". It is told once for a file, with the count: of those
    in post, vacancies, turns, seats that go with a post, member bodies, whole lists, and what is still due. What has
    ended is never stale, nor is a body that only is: it counts when its file says more than that. How long evidence
    carries is `stale_after` in `kmics.yaml`, a year unless it says otherwise.

    Passes:

        --- documents/old-paper.yaml
        title: An old paper
        kind: paper
        speaks_of: 2022-09-20
        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [old-paper]
        checked: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              sources: [old-paper]

    Fails:

        --- documents/old-paper.yaml
        title: An old paper
        kind: paper
        speaks_of: 2022-09-20
        --- bodies/beta.yaml
        name: Beta # <- stale-evidence
        kind: board
        from: 2020-01-01
        sources: [old-paper]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              sources: [old-paper]
    """
    for body in look.registry.bodies.values():
        if is_open(look, body):
            yield from _stale(
                body.source.at("name"),
                list(_open_in(look, body)),
                "Read a newer source: end what is over, and list the source under 'checked' if the rest still holds.",
            )
    for document in look.registry.documents.values():
        if not (document.to and document.to.latest < look.today):
            due = list(_due(look, (*document.deadlines, *document.milestones), None))
            yield from _stale(document.source.at("title"), due, "Read a newer source, and say what became of it.")


def _stale(source: Source, statements: Sequence[_Open], help: str) -> Iterator[Problem]:
    old = [one for one in statements if one.stale]
    if not old:
        return
    counts = Counter(one.what for one in old)
    words = row(
        [_WORDS[what] if count == 1 else f"{count} {_WORDS_MANY[what]}" for what, count in counts.items()], 9
    )
    last = max((one.last for one in old), key=as_of)
    of = "all that is open here" if len(old) == len(statements) else f"of {len(statements)} open statements here"
    yield found(
        source,
        f"{sentence(words)}, {of}, {'has' if len(old) == 1 else 'have'} not been confirmed since "
        f"{a_day_in_words(last)}.",
        help,
        same=source.path.rpartition("/")[
            2
        ],  # a body that is stale already is no more so when an edit changes how much of it is
    )


_WORDS = {
    "person": "one person in post",
    "vacancy": "one vacancy",
    "turn": "one turn",
    "post": "one seat that goes with a post",
    "member": "one member body",
    "list": "one whole list",
    "due": "one thing still due",
}


_WORDS_MANY = {
    "person": "people in post",
    "vacancy": "vacancies",
    "turn": "turns",
    "post": "seats that go with a post",
    "member": "member bodies",
    "list": "whole lists",
    "due": "things still due",
}


def _open_in(look: Look, body: Body) -> Iterator[_Open]:
    """Yield what the file of a body says of today, but for the body itself: that it is, is not much."""
    checked = _confirmed(look, body.checked)
    for role in body.roles.values():
        if (role.to and role.to.earliest <= look.today) or role.absent:
            continue
        own = role.sources or body.sources
        kinds = (("person", role.appointments), ("vacancy", role.vacant), ("turn", role.turns))
        for what, parts in (*kinds, ("post", role.ex_officio)):
            for part in parts:
                if part.to is None and not (part.from_ and part.from_.earliest > look.today):
                    terms = [source for term in getattr(part, "terms", ()) for source in term.sources]
                    yield from _one(look, what, (*(part.sources or own), *terms), checked)
    for member in body.members:
        if member.to is None and not (member.from_ and member.from_.earliest > look.today):
            yield from _one(look, "member", member.sources or body.sources, checked)
    if body.recorded and "complete" in (body.recorded.roles, body.recorded.members, body.recorded.committees):
        yield from _one(look, "list", body.recorded.sources, checked)
    yield from _due(look, (*body.deadlines, *body.milestones), checked)


def _due(look: Look, milestones: Sequence[Milestone], checked: Date | None) -> Iterator[_Open]:
    for one in milestones:
        if one.on is None and one.status in (None, "planned"):
            yield from _one(look, "due", one.sources, checked)


def _one(look: Look, what: str, sources: Sequence[Citation], checked: Date | None) -> Iterator[_Open]:
    """Yield an open statement, if it has evidence with a day; what an instrument in force says does not age."""
    last = _confirmed(look, sources)
    if last and checked and as_of(checked) > as_of(last):
        last = checked
    if last:
        old = _is_old(as_of(last), look.registry.settings.stale_after, look.today)
        yield _Open(what, last, old and not any(binds(look.registry, one, look.span) for one in sources))


@lru_cache(maxsize=4096)
def _is_old(last: date, carries: str, today: date) -> bool:
    return later(last, carries) < today


def _confirmed(look: Look, sources: Sequence[Citation]) -> Date | None:
    """Return the latest day of which a source speaks that shows something to be so."""
    days = [
        when
        for one in sources
        if one.shows not in ("end", "absence") and (when := spoken_of(look.registry, one)) and when.text != UNKNOWN
    ]
    return max(days, key=as_of, default=None)


STALE = (stale_evidence,)
"""The rules about the age of evidence."""
