"""The page of disagreements: each with all its claims, the settled ones apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Table
from kmics_cli.views.pages.parts import figure_in_words
from kmics_cli.views.pages.words import Evidence, day, hedge, upper

COLUMNS = (
    *("kind", "of", "name", "type", "about", "affects", "state", "certainty", "claim", "as_at", "followed", "note"),
    *("why", "noted", "settled", "sources"),
)
_SORTS = {
    "in-being": "Of bodies in being then",
    "other": "Of bodies not in being then",
    "priorities": "Of priorities",
    "documents": "Of documents",
}


def table(answer: Answered) -> tuple[list[str], list[list[object]]]:
    """Return the columns and rows for CSV: a row for each claim."""
    rows: list[list[object]] = []
    for row in answer["rows"]:
        for claim in row["claims"]:
            told = {
                **row,
                "state": "settled" if row["settled_by_then"] else "open",
                "claim": _claim(claim),
                "as_at": claim.get("as_at"),
                "followed": claim["preferred"],
                "note": claim["note"],
                "sources": [f"{one['document']} {one['at'] or ''}".strip() for one in claim["sources"]],
            }
            rows.append([told.get(column) for column in COLUMNS])
    return [*COLUMNS], rows


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield figures, then each open disagreement by what it is of, and the settled ones."""
    counted = [row for row in answer["rows"] if not row["covered"]]
    if not counted:
        return
    yield _overview(counted)
    open_ = [row for row in counted if not row["settled_by_then"]]
    if open_:
        yield Heading("Open disagreements")
    for sort, words in _SORTS.items():
        some = [row for row in open_ if row["sort"] == sort]
        if some:
            yield Heading(words, 3)
            yield _listed(some, answer["rows"], evidence)
    settled = [row for row in counted if row["settled_by_then"]]
    if settled:
        yield Heading("Settled disagreements")
        yield _listed(settled, answer["rows"], evidence)


def _overview(rows: Sequence[Answered]) -> Table:
    cells = []
    for sort, words in _SORTS.items():
        some = [row for row in rows if row["sort"] == sort]
        if some:
            open_ = [row for row in some if not row["settled_by_then"]]
            follows = sum(row["follows"] is not None for row in open_)
            cells.append((words, str(len(open_)), str(follows), str(len(some) - len(open_))))
    columns = ("Of what", "Open", "Of these, one claim followed", "Settled")
    return Table("Disagreements by what they are of", columns, tuple(cells), numbers=(1, 2, 3))


def _listed(rows: Sequence[Answered], every: Sequence[Answered], evidence: Evidence) -> Items:
    lines: list[tuple[int, str]] = []
    covered: dict[str, list[Answered]] = {}
    for row in every:
        if row["covered"]:
            covered.setdefault(row["of"], []).append(row)
    for row in rows:
        lines.extend(_lines(row, evidence))
        if "figures" in row["affects"]:
            for figures in covered.get(row["of"], ()):
                lines.append((1, f"Figures that differ: {figures['about']}"))
                lines.extend((2, _said(claim, evidence)) for claim in figures["claims"])
    return Items(tuple(lines))


def _lines(row: Answered, evidence: Evidence) -> Iterator[tuple[int, str]]:
    if row["type"] == "figures":
        same = "" if row["certainty"] == "yes" else ", perhaps of the same time"
        yield 0, f"{row['name']}: figures that differ{same}: {row['about']}"
    else:
        yield 0, f"{row['name']}: {row['about']}"
    for claim in row["claims"]:
        yield 1, _said(claim, evidence)
    if row["follows"] is None:
        yield 1, "The record follows none of them"
    if row["affects_in_words"] and row["type"] != "figures":
        yield 1, f"Affects: {', '.join(row['affects_in_words'])}"
    if row["why"]:
        yield 1, f"Why: {row['why']}"
    if row["type"] != "figures":
        settled = f"; settled {day(row['settled'])}" if row["settled"] else ""
        yield 1, f"Noted: {day(row['noted'])}{settled}"


def _said(claim: Answered, evidence: Evidence) -> str:
    """Return a claim with its sources and whether the record follows it."""
    follows = " (the record follows this)" if claim["preferred"] else ""
    note = f" Note: {claim['note']}" if claim["note"] else ""
    stop = "." if note and not _claim(claim).endswith((".", "?")) else ""
    return f"{_claim(claim)}{follows}{stop}{note}{evidence.mark(claim['sources'])}"


def _claim(claim: Answered) -> str:
    if claim["says"] is not None:
        return str(claim["says"])
    figure = claim["figure"]
    when = f", as at {day(figure['as_at'])}" if figure["as_at"] else ""
    return f"{upper(figure_in_words(figure))}{when}{hedge(figure)}"
