"""Evidence: what must cite and does not, cites what is not there, or was last confirmed long ago."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmics_cli.dates import Answer, Date, a_day_in_words, in_words, later
from kmics_cli.model import (
    Body,
    Citation,
    Correction,
    Disagreement,
    Document,
    Evidenced,
    Layer,
    Milestone,
    Part,
    Recorded,
)
from kmics_cli.problems import Pointer, Problem, Source, shortened
from kmics_cli.query.evidence import as_of, binds, carried
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import is_open, many, row

_MOST_PLACES = 10


@rule("error")
def missing_source(look: Look) -> Iterator[Problem]:
    """A list is said to be complete, or a document to be planned or approved, and nothing is cited for it.

    Why: "all seats filled" and "there is none" rest on the word complete: only a source that gives the whole list
    allows it, and the body's own sources need not. A document with no sources of its own cannot lend any to what is
    said of it; a reference to a minute does as well. What must cite in every case, the schema asks for.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        recorded:
          roles: complete
          sources: [paper line 3]
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        recorded:
          roles: complete # <- missing-source
        sources: [paper line 2]
    """
    for recorded in look.of(Recorded):
        whole = [name for name in ("roles", "members", "committees") if getattr(recorded, name) == "complete"]
        if whole and not recorded.sources:
            yield found(
                recorded.source.at(whole[0]),
                f"The list of {row(whole)} is said to be complete, and no source is cited for that.",
                "Cite the document that gives the whole list, or write partial.",
            )
    for document in look.registry.documents.values():
        if document.sources:
            continue
        for what, part, source in _said_of(document):
            if not part.sources:
                yield found(source, f"Nothing is cited for {what} of this document.", "Cite what says so.")


def _said_of(document: Document) -> Iterator[tuple[str, Evidenced, Source]]:
    if document.planned:
        yield "the plan", document.planned, document.planned.source
    for approval in document.approvals:
        if not approval.reference:
            yield "this approval", approval, approval.source.at("step")
    for use in document.also_serves_as:
        yield "this second use", use, use.source.at("kind")


_PLACES = re.compile(
    r"\b(line|page|paragraph)s?\s+"
    r"([0-9]+(?:\s*[-–]\s*[0-9]+)?(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)[0-9]+(?:\s*[-–]\s*[0-9]+)?)*)(?![.\w]*[0-9])",
    re.IGNORECASE,
)
_RANGE = re.compile(r"([0-9]+)(?:\s*[-–]\s*([0-9]+))?")
_LONGEST = 9  # digits: no document has as many lines


@rule("error")
def outside_extent(look: Look) -> Iterator[Problem]:
    """A citation names lines, pages or paragraphs that the document does not have, or a range that runs backwards.

    Why: whoever looks there finds nothing. The document's `extent` says how long it is.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources:
        - paper lines 4-9, 100

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources:
        - paper lines 4-9, 101 # <- outside-extent
    """
    beyond: dict[str, list[tuple[Source, str]]] = {}
    for citation in look.of(Citation):
        document = look.registry.documents.get(citation.document)
        if document is None or not citation.at:
            continue
        wrong = _wrong_place(document, citation.at)
        if wrong and wrong.startswith("runs"):
            yield found(citation.source, f"'{shortened(citation.at)}' {wrong}.", "Write both ends of it in full.")
        elif wrong:
            beyond.setdefault(document.id, []).append((citation.source, wrong))
    for id, places in beyond.items():
        document = look.registry.documents[id]
        if len(places) > _SLIPS:
            yield found(
                document.source.at("extent"),
                f"{many(len(places), 'citation')} of this document lie beyond its extent: one {places[0][1]}.",
                "Correct the extent if the document is longer; if not, correct the citations.",
                related=[source for source, _ in places[:_MOST_PLACES]],
            )
            continue
        for source, wrong in places:
            yield found(
                source,
                f"This place in '{id}' {wrong}.",
                "Correct the place, or the document's extent.",
                related=[document.source.at("extent")],
            )
    for layer in look.of(Layer):
        document = look.registry.documents[_id_of(layer.source)]
        length = document.extent.lines if document.extent else None
        if length and max(layer.lines) > length:
            message = f"This layer ends at line {max(layer.lines)}, and the document has {many(length, 'line')}."
            yield found(layer.source.at("lines"), message, "Correct the lines, or the document's extent.")


_SLIPS = 5  # more citations than this beyond one document's extent, and it is the extent that is wrong


def _id_of(source: Source) -> str:
    return source.path.rpartition("/")[2].removesuffix(".yaml")


def _wrong_place(document: Document, at: str) -> str | None:
    """Return what is wrong with a place in a document, or None. Numbers with points are names, and not counted."""
    for unit, numbers in _PLACES.findall(at):
        unit = unit.casefold()
        length = getattr(document.extent, f"{unit}s") if document.extent else None
        for first, last in _RANGE.findall(numbers):
            low, high = (int(number[: _LONGEST + 1]) for number in (first, last or first))
            if high < low:
                return "runs backwards"
            if low == 0:
                return f"is {unit} 0, and the first is 1"
            if length is not None and high > length:
                return f"is {unit} {shortened(last or first, 12)}, and the document has {many(length, unit)}"
    return None


@rule("error")
def inferred_without_note(look: Look) -> Iterator[Problem]:
    """Something is inferred, and neither it nor what it stands in has a note that says from what.

    Why: an inference that nobody can follow can be neither trusted nor corrected.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        confidence: inferred
        note: The paper names its first meeting, and no founding.
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        confidence: inferred # <- inferred-without-note
        sources: [paper line 2]
    """
    noted: set[tuple[str, Pointer]] | None = None
    for part in look.parts(Evidenced):
        if part.confidence != "inferred" or part.note:
            continue
        if noted is None:
            noted = {(p.source.path, p.source.pointer) for p in look.parts(Part) if getattr(p, "note", None)}
        path, pointer = part.source.path, part.source.pointer
        if not any((path, pointer[:length]) in noted for length in range(len(pointer))):
            yield found(
                part.source.at("confidence"),
                "This is inferred, and no note says from what.",
                "Add a note: what the sources say, and how it follows.",
            )


@rule("error")
def disputed_without_disagreement(look: Look) -> Iterator[Problem]:
    """Something is disputed, and neither a disagreement nor a note in its file says what the sources say.

    Why: an answer prints "disputed", and the reader must be able to see by whom, and what else is said.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        confidence: disputed
        disagreements:
        - about: When it began
          affects: [from]
          claims:
          - says: On 1 January 2020.
            sources: [paper line 2]
          - says: In 2021.
            sources: [paper line 3]
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        confidence: disputed # <- disputed-without-disagreement
        sources: [paper line 2]
    """
    told = {one.source.path for one in look.of(Disagreement)}
    for part in look.parts(Evidenced):
        if part.confidence == "disputed" and not part.note and part.source.path not in told:
            yield found(
                part.source.at("confidence"),
                "This is disputed, and nothing says what the sources say.",
                "Add the claims under 'disagreements', each with its sources.",
            )


@rule("error")
def two_preferred_claims(look: Look) -> Iterator[Problem]:
    """Two claims of one disagreement are preferred.

    Why: the preferred claim is the one that the record follows, and it can follow only one.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        disagreements:
        - about: When it began
          claims:
          - says: On 1 January 2020.
            preferred: true
            sources: [paper line 2]
          - says: In 2021.
            sources: [paper line 3]
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        disagreements:
        - about: When it began
          claims:
          - says: On 1 January 2020.
            preferred: true
            sources: [paper line 2]
          - says: In 2021.
            preferred: true # <- two-preferred-claims
            sources: [paper line 3]
        sources: [paper line 2]
    """
    for disagreement in look.of(Disagreement):
        preferred = [claim.source.at("preferred") for claim in disagreement.claims if claim.preferred]
        if len(preferred) > 1:
            message = "Another claim of this disagreement is preferred already."
            help = "Leave one that the record follows, or none."
            yield found(preferred[1], message, help, related=[preferred[0]])


@rule("error")
def recorded_in_the_future(look: Look) -> Iterator[Problem]:
    """A document is said to have been read, or a correction or disagreement noted, after today.

    Why: that day has not come; most often it is a slip in the year. Time can only cure this, never bring it.

    Passes:

        --- documents/paper.yaml
        title: A paper
        kind: paper
        speaks_of: 2026-06-01
        read: 2026-06-30

    Fails:

        --- documents/paper.yaml
        title: A paper
        kind: paper
        speaks_of: 2026-06-01
        read: 2062-06-30 # <- recorded-in-the-future
    """
    kept = ((Document, ("read",)), (Correction, ("made",)), (Disagreement, ("noted", "settled")))
    for cls, names in kept:
        for part in look.of(cls):
            for name in names:
                when: Date | None = getattr(part, name)
                if when and when.earliest > look.today:
                    message = f"This was done on {in_words(when)}, which has not come."
                    yield found(part.source.at(name), message, "Correct the day.")


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
            due = list(_due(look, (*document.deadlines, *document.milestones), ()))
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
        f"{words[0].upper()}{words[1:]}, {of}, {'has' if len(old) == 1 else 'have'} not been confirmed since "
        f"{a_day_in_words(last)}.",
        help,
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
    for role in body.roles.values():
        if not is_open(look, body, role):
            continue
        own = role.sources or body.sources
        kinds = (("person", role.appointments), ("vacancy", role.vacant), ("turn", role.turns))
        for what, parts in (*kinds, ("post", role.ex_officio)):
            for part in parts:
                terms = [source for term in getattr(part, "terms", ()) for source in term.sources]
                yield from _one(look, what, part.from_, part.to, (*(part.sources or own), *terms), body.checked)
    for member in body.members:
        yield from _one(look, "member", member.from_, member.to, member.sources or body.sources, body.checked)
    if body.recorded and "complete" in (body.recorded.roles, body.recorded.members, body.recorded.committees):
        yield from _one(look, "list", None, None, body.recorded.sources, body.checked)
    yield from _due(look, (*body.deadlines, *body.milestones), body.checked)


def _due(look: Look, milestones: Sequence[Milestone], checked: Sequence[Citation]) -> Iterator[_Open]:
    for one in milestones:
        if one.on is None and one.status in (None, "planned"):
            yield from _one(look, "due", None, None, one.sources, checked)


def _one(
    look: Look,
    what: str,
    start: Date | None,
    end: Date | None,
    sources: Sequence[Citation],
    checked: Sequence[Citation],
) -> Iterator[_Open]:
    """Yield a statement if it is open today and has evidence with a day; an instrument in force does not age."""
    if end is not None or (start and start.earliest > look.today):
        return
    how = carried(look.registry, look.span, start, None, sources, also_checked=checked)
    if how.last is not None and how.answer is not Answer.NO:
        old = later(as_of(how.last), look.registry.settings.stale_after) < look.today
        bound = any(binds(look.registry, citation, look.span) for citation in sources)
        yield _Open(what, how.last, old and not bound)


EVIDENCE = (
    missing_source,
    outside_extent,
    inferred_without_note,
    disputed_without_disagreement,
    two_preferred_claims,
    recorded_in_the_future,
    stale_evidence,
)
"""The rules about evidence."""
