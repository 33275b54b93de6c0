"""Where sources disagree: what is claimed, by which sources, and which claim the record follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kmics_cli.dates import day_in_words
from kmics_cli.diff.vocabulary import WORDS
from kmics_cli.model import Body, Disagreement, Document, Figure, Priorities, yaml_name
from kmics_cli.query import Answered, Asked
from kmics_cli.query.differing import Differing, differing
from kmics_cli.query.parts import text
from kmics_cli.reports.frame import Wanted, bodies_below, framed, joined, number, titled

_Owning = Body | Priorities | Document

SORTS = {
    "in-being": ("body in being then", "bodies in being then"),
    "other": ("body not in being then", "bodies not in being then"),
    "priorities": ("set of priorities", "sets of priorities"),
    "documents": ("document", "documents"),
}
"""What a disagreement can be of, for figures; the first two are bodies, by how they stand in the days asked about."""


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return the disagreements of a body, those below it and what they own, or of all records, a row for each.

    Open is what is not settled by the last of the days asked about. Figures of one record that differ at one time are a
    disagreement by themselves; where the record notes one that affects its figures, that one counts, and they are
    `covered`.
    """
    rows = [row for sort, record in _records(asked, ref) for row in _rows(asked, sort, record)]
    rows.sort(key=lambda row: (row["settled_by_then"], row["covered"]))
    open_ = [row for row in rows if not row["settled_by_then"] and not row["covered"]]
    summary = {
        "open": len(open_),
        "followed": sum(row["follows"] is not None for row in open_),
        "figures": sum(row["type"] == "figures" for row in open_),
        "settled": sum(row["settled_by_then"] for row in rows if not row["covered"]),
        "of": {name.replace("-", "_"): sum(row["sort"] == name for row in open_) for name in SORTS},
    }
    undated = sum(row["noted"] is None for row in open_ if row["type"] == "noted")
    return framed(
        asked,
        ref,
        title=titled("Disagreements of sources", asked.body_name(ref) if ref else None, asked.span),
        says=_opening(asked, ref, open_, summary["settled"]),
        summary=summary,
        rows=rows,
        not_recorded=[f"When {number(undated, 'of them was', 'of them were')} noted."] if undated else [],
    )


def _records(asked: Asked, ref: str | None) -> Iterator[tuple[str, _Owning]]:
    """Yield the records with what each is, in the order of `SORTS`: bodies in being first."""
    registry = asked.registry
    bodies = bodies_below(asked, ref) if ref else list(registry.bodies.values())
    there = {id(body) for body in bodies if asked.lives.status(body, asked.span)[0] == "in-being"}
    yield from (("in-being", body) for body in bodies if id(body) in there)
    yield from (("other", body) for body in bodies if id(body) not in there)
    ids = {body.id for body in bodies}
    for owned in registry.priorities.values():
        if ref is None or owned.owner.partition("/")[0] in ids:
            yield "priorities", owned
    for document in registry.documents.values():
        if ref is None or (document.owner or document.publisher or "").partition("/")[0] in ids:
            yield "documents", document


def _rows(asked: Asked, sort: str, record: _Owning) -> Iterator[Answered]:
    noted = [_noted(asked, record, one) for one in record.disagreements]
    common = {
        "of": record.id,
        "kind": {Body: "bodies", Priorities: "priorities"}.get(type(record), "documents"),
        "sort": sort,
        "name": _name(asked, record),
    }
    yield from ({**common, **row} for row in noted)
    if isinstance(record, Priorities):
        return
    about = [row for row in noted if "figures" in row["affects"]]
    for found in differing(asked.registry, record.figures):
        yield {**common, **_figures(asked, found, about)}


def _name(asked: Asked, record: _Owning) -> str:
    if isinstance(record, Body):
        return asked.body_name(record.id)
    return record.name if isinstance(record, Priorities) else record.title


def _noted(asked: Asked, record: _Owning, one: Disagreement) -> Answered:
    found = asked.disagreement(one)
    preferred = [claim["says"] for claim in found["claims"] if claim["preferred"]]
    return {
        **found,
        "type": "noted",
        "affects_in_words": [_affected(record, part) for part in one.affects],
        "follows": preferred[0] if preferred else None,
        "settled_by_then": one.settled is not None and one.settled.earliest <= asked.span.last,
        "certainty": "yes",
        "covered": False,
    }


def _affected(record: _Owning, part: str) -> str:
    """Return what a disagreement affects in words: a role by its title, a field by what it says."""
    if isinstance(record, Body) and (role := record.roles.get(part.rpartition("/")[2])):
        return role.title
    words = WORDS[type(record)]
    return next((said for name, said in words.items() if yaml_name(name) == part), part)


def _figures(asked: Asked, found: Differing, about: Sequence[Answered]) -> Answered:
    settled = bool(about) and all(row["settled_by_then"] for row in about)
    return {
        "type": "figures",
        "about": found.figures[0].about,
        "affects": ["figures"],
        "affects_in_words": ["figures"],
        "claims": [_figure(asked, figure) for figure in found.figures],
        "why": None,
        "noted": None,
        "settled": None,
        "follows": None,
        "settled_by_then": settled,
        "certainty": "yes" if found.sure else "possibly",
        "covered": bool(about),
    }


def _figure(asked: Asked, figure: Figure) -> Answered:
    return {
        "says": None,
        "figure": asked.figure(figure),
        "as_at": text(figure.as_at),
        "preferred": False,
        "note": figure.note,
        "sources": asked.sources(figure.sources),
    }


def _opening(asked: Asked, ref: str | None, open_: Sequence[Answered], settled: int) -> str:
    of = f" of {asked.body_name(ref)}, the bodies below it and what they own" if ref else ""
    by = day_in_words(asked.span.last)
    also = f" {settled} more {'is' if settled == 1 else 'are'} settled." if settled else ""
    if not open_:
        return f"The record notes no disagreement of sources{of} not settled by {by}, and no figures that differ.{also}"
    count = Counter(row["sort"] for row in open_)
    parts = [f"{count[name]} about {_counted(open_, name)}" for name in SORTS if count[name]]
    follows = sum(row["follows"] is not None for row in open_)
    figures = sum(row["type"] == "figures" for row in open_)
    differ = f" {figures} {'is' if figures == 1 else 'are'} of figures that differ." if figures else ""
    follow = (
        f"In {follows} of them the record follows one claim" if follows else "The record follows none of the claims"
    )
    return (
        f"The record notes {number(len(open_), 'disagreement')} of sources{of} not settled by {by}: {joined(parts)}. "
        f"{follow}.{differ}{also}"
    )


def _counted(rows: Sequence[Answered], sort: str) -> str:
    return number(len({row["of"] for row in rows if row["sort"] == sort}), *SORTS[sort])
