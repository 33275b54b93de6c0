"""Evidence: what must cite and does not, cites what is not there, or leaves open what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

from kmics_cli.dates import Date, in_words
from kmics_cli.model import (
    Body,
    Citation,
    Correction,
    Disagreement,
    Document,
    Evidenced,
    Layer,
    Part,
    Priorities,
    Recorded,
    yaml_name,
)
from kmics_cli.problems import Pointer, Problem, Source, shortened
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import many, row

_MOST_PLACES = 10


@rule("error")
def missing_source(look: Look) -> Iterator[Problem]:
    """A list is said to be complete, or a document to be planned, and nothing is cited for it.

    Why: "all seats filled" and "there is none" rest on the word complete: only a source that gives the whole list
    allows it, and the body's own sources need not. A document that is not there yet cannot speak for itself. What
    must cite in every case, the schema asks for.

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
        if document.planned and not (document.sources or document.planned.sources):
            message = "This document is planned, and nothing is cited that says so."
            yield found(document.planned.source, message, "Cite what announced it.")


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
                same=id,
                weight=len(places),
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


@lru_cache(maxsize=16384)
def _ranges(at: str) -> list[tuple[str, int, int]]:
    """Return what a place names: "lines 4-7, page 9" gives `[("line", 4, 7), ("page", 9, 9)]`."""
    return [
        (unit.casefold(), _number(first), _number(last or first))
        for unit, numbers in _PLACES.findall(at)
        for first, last in _RANGE.findall(numbers)
    ]


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _LONGEST else 10**_LONGEST


def _wrong_place(document: Document, at: str) -> str | None:
    """Return what is wrong with a place in a document, or None. Numbers with points are names, and not counted."""
    for unit, low, high in _ranges(at):
        if high < low:
            return "runs backwards"
        if low == 0:
            return f"is {unit} 0, and the first is 1"
        length = getattr(document.extent, _LENGTHS[unit]) if document.extent else None
        if length is not None and high > length:
            return f"is {unit} {high}, and the document has {many(length, unit)}"
    return None


_LENGTHS = {"line": "lines", "page": "pages", "paragraph": "paragraphs"}


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
def disagreement_about_nothing(look: Look) -> Iterator[Problem]:
    """A disagreement says that it affects something that is neither a role nor a field of its record.

    Why: what it is about is then shown as undisputed.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
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
        disagreements:
        - about: Who was in the chair
          affects:
          - chair # <- disagreement-about-nothing
          claims:
          - says: Ann Other.
            sources: [paper line 2]
          - says: Bo Other.
            sources: [paper line 3]
        sources: [paper line 2]
    """
    records: list[Body | Priorities | Document] = [
        *look.registry.bodies.values(),
        *look.registry.priorities.values(),
        *look.registry.documents.values(),
    ]
    for record in records:
        if not record.disagreements:
            continue
        parts = {yaml_name(name) for name in record.__dataclass_fields__}
        for role in record.roles.values() if isinstance(record, Body) else ():
            parts |= {role.id, role.ref}
        for disagreement in record.disagreements:
            for index, part in enumerate(disagreement.affects):
                if part not in parts:
                    yield found(
                        disagreement.source.at("affects", index),
                        f"'{shortened(part)}' is neither a role nor a field of this record.",
                        "Write a role's id as it stands under 'roles', or the name of a field.",
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


@rule("warning")
def recorded_in_the_future(look: Look) -> Iterator[Problem]:
    """A document is said to have been read, or a correction or disagreement noted, after today.

    Why: that day has not come; most often it is a slip in the year. A day ahead is allowed, since days begin earlier
    elsewhere. Time can only cure this, never bring it.

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
                if when and when.earliest > look.today + timedelta(1):
                    message = f"This names {in_words(when)} as past, and that day has not come."
                    yield found(part.source.at(name), message, "Correct the day.")


EVIDENCE = (
    missing_source,
    outside_extent,
    inferred_without_note,
    disputed_without_disagreement,
    disagreement_about_nothing,
    two_preferred_claims,
    recorded_in_the_future,
)
"""The rules about evidence."""
