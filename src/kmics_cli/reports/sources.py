"""Every document of the record and what rests on it: who cites it, and what would have no source without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from kmics_cli.dates import Answer, Date, lasts
from kmics_cli.model import Body, Document
from kmics_cli.query import Answered, Asked
from kmics_cli.query.citations import citations, citations_within
from kmics_cli.query.parts import text
from kmics_cli.reports.frame import Wanted, bodies_below, framed, joined, number, titled

_Statement = tuple[str, tuple[str | int, ...]]
"""A record's id, and where in it the statement stands that cites."""


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return the documents on which a body and those below it rest, or one document, or all, the most cited first.

    A statement is a part of a record that cites. It rests on one document alone where it cites no other; what only
    confirms (`checked`) is counted as citing, and never as resting on it alone. `papers` is None: it is for the caller to
    fill with the kept papers that printed a statement which has since been corrected, as {paper, line, says}.
    """
    documents = asked.registry.documents
    of_one = ref is not None and ref in documents
    within = {body.id: body for body in bodies_below(asked, ref)} if ref is not None and not of_one else None
    cited = _Cited(asked, ref if of_one else None, within)
    named = _named(asked)
    newer = _newer(asked)
    if of_one and ref is not None:
        shown = [documents[ref]]
    elif within is None:
        shown = list(documents.values())
    else:
        shown = [document for document in documents.values() if document.id in cited.statements]
    rows = [_row(asked, document, cited, named, newer) for document in shown]
    rows.sort(key=lambda row: (-row["statements"], row["title"].casefold(), row["document"]))
    summary: dict[str, Any] = {
        "documents": len(rows),
        "statements": len(cited.every),
        "records": len({record for record, _where in cited.every}),
        "alone": sum(row["alone"] for row in rows),
        "uncited": sum(not row["statements"] for row in rows),
        "superseded": sum(row["superseded"] for row in rows),
        "layered": sum(bool(row["layers"]) for row in rows),
        "unknown": sorted(id for id in cited.statements if id not in documents),
    }
    lacking = [f"The document '{id}', which is cited." for id in summary["unknown"]]
    name = documents[ref].title if of_one and ref else asked.body_name(ref) if ref else None
    return framed(
        asked,
        ref,
        title=titled("Sources", name, asked.span),
        says=_opening(asked, ref, rows, summary, within),
        summary=summary,
        rows=rows,
        not_recorded=lacking,
        of_one=of_one,
        papers=None,
    )


class _Cited:
    """The statements that cite, by document and record."""

    def __init__(self, asked: Asked, document: str | None, within: dict[str, Body] | None) -> None:
        self.names: dict[str, str] = {}
        self.every: dict[_Statement, set[str]] = {}
        places: dict[str, dict[str, list[str]]] = {}
        found = citations(asked.registry) if within is None else citations_within(asked.registry, within)
        for record, name, _where, citation in found:
            where = citation.source.pointer[:-1]
            self.names[record] = name
            self.every.setdefault((record, where), set()).add(citation.document)
            if citation.document == document and citation.at:
                places.setdefault(citation.document, {}).setdefault(record, []).append(citation.at)
        if document is not None:
            self.every = {key: some for key, some in self.every.items() if document in some}
        self.statements: Counter[str] = Counter()
        self.alone: Counter[str] = Counter()
        self.by_record: dict[str, Counter[str]] = {}
        self.alone_by_record: dict[str, Counter[str]] = {}
        self.places = places
        for (record, where), some in self.every.items():
            for id in some:
                self.statements[id] += 1
                self.by_record.setdefault(id, Counter())[record] += 1
            if len(some) == 1 and where[:1] != ("checked",):
                [only] = some
                self.alone[only] += 1
                self.alone_by_record.setdefault(only, Counter())[record] += 1


def _named(asked: Asked) -> dict[str, list[str]]:
    """Return the documents that records name without citing them: as constitutions, as papers, as what sets out priorities."""
    found: dict[str, list[str]] = {}
    for body in asked.registry.bodies.values():
        held = body.meetings.held if body.meetings else ()
        some = [link.document for link in body.governed_by]
        some += [one for meeting in held for one in (meeting.papers, meeting.minutes) if one]
        for id in some:
            found.setdefault(id, []).append(body.id)
    for one in asked.registry.priorities.values():
        if one.document:
            found.setdefault(one.document, []).append(one.id)
    for document in asked.registry.documents.values():
        for other in (document.required_by, document.part_of, *document.supersedes):
            if other:
                found.setdefault(other, []).append(document.id)
    return found


def _newer(asked: Asked) -> dict[str, list[str]]:
    """Return the documents that replaced each, as far as they were there in the days asked about."""
    found: dict[str, list[str]] = {}
    for document in asked.registry.documents.values():
        start: Date | None = document.from_ or document.published or document.speaks_of
        if start is None or start.earliest == date.min or start.earliest <= asked.span.last:
            for old in document.supersedes:
                found.setdefault(old, []).append(document.id)
    return found


def _row(
    asked: Asked, document: Document, cited: _Cited, named: dict[str, list[str]], newer: dict[str, list[str]]
) -> Answered:
    id = document.id
    records = [
        {
            "id": record,
            "name": cited.names[record],
            "statements": count,
            "alone": cited.alone_by_record.get(id, Counter())[record],
            "at": list(dict.fromkeys(cited.places.get(id, {}).get(record, ()))),
        }
        for record, count in cited.by_record.get(id, Counter()).most_common()
    ]
    over = document.to is not None and lasts(None, document.to, asked.span) is Answer.NO
    documents = asked.registry.documents
    return {
        "document": id,
        "title": document.title,
        "kind": document.kind,
        "standing": document.standing,
        "publisher": document.publisher,
        "publisher_name": asked.party_name(document.publisher) if document.publisher else None,
        "speaks_of": text(document.speaks_of),
        "published": text(document.published),
        "read": text(document.read),
        "address": document.address if document.public is not False else None,
        "statements": cited.statements[id],
        "alone": cited.alone[id],
        "records": records,
        "named_by": [_with_name(asked, one) for one in dict.fromkeys(named.get(id, ()))],
        "superseded": bool(newer.get(id)) or over,
        "superseded_by": newer.get(id, []),
        "superseded_by_titles": [documents[one].title for one in newer.get(id, ())],
        "to": text(document.to),
        "layers": [{"lines": list(one.lines), "speaks_of": text(one.speaks_of)} for one in document.layers],
    }


def _with_name(asked: Asked, id: str) -> Answered:
    """Return a record's id with its name."""
    for records in (asked.registry.bodies, asked.registry.priorities):
        if record := records.get(id):
            return {"id": id, "name": record.name}
    document = asked.registry.documents.get(id)
    return {"id": id, "name": document.title if document else id}


def _opening(
    asked: Asked,
    ref: str | None,
    rows: Sequence[Answered],
    summary: dict[str, Any],
    within: dict[str, Body] | None,
) -> str:
    count = summary["statements"]
    statements = f"{number(count, 'statement')} of {number(summary['records'], 'record')}"
    cite = "cites" if count == 1 else "cite"
    if ref is not None and within is None:
        row = rows[0]
        if not count:
            return f"No statement of the record cites {row['title']}."
        return f"{statements} {cite} {row['title']}: {row['alone'] or 'none'} of them with no other source."
    uncited = summary["uncited"]
    if within is not None:
        who = asked.body_name(str(ref))
        if len(within) > 1:
            who = f"{who} and of {number(len(within) - 1, 'body', 'bodies')} below it, of any day,"
        if not rows:
            return f"What the record says of {who} cites no document."
        told = f"What the record says of {who} rests on {number(len(rows), 'document')}: "
        told += f"{statements} {cite} them"
    elif not rows:
        return "The record holds no document."
    else:
        told = f"The record holds {number(len(rows), 'document')}: {statements} {cite} {len(rows) - uncited} of them, and "
        told += f"{uncited or 'none'} {'is' if uncited == 1 else 'are'} cited by nothing"
    more = [
        f"{summary[key]} {'document' if summary[key] == 1 else 'documents'} {words[summary[key] != 1]}"
        for key, words in _MORE.items()
        if summary[key]
    ]
    also = f" {joined(more)}." if more else ""
    alone = summary["alone"]
    rest = f"{number(alone, 'statement')} {'rests' if alone == 1 else 'rest'} on one document alone"
    return f"{told}. {rest}.{also}"


_MORE = {
    "superseded": ("is superseded or no longer in force", "are superseded or no longer in force"),
    "layered": ("was written at several times", "were written at several times"),
}
