"""The page of composition checks. Never one verdict, never a percentage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span, span_in_words, typed
from kmics_cli.query import Answered
from kmics_cli.query.duties.verdict import tally_in_words
from kmics_cli.query.says import lower_first
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table
from kmics_cli.views.pages.words import Evidence, counted, upper

_ANSWERS = {
    "not-met": "Not met",
    "not-known": "Not known",
    "needs-a-person": "Needs a person",
    "met": "Met",
    "not-applicable": "Not applicable",
}
"""The five answers in words, in the order in which they are told."""

_SHOWS = {"needs-a-person": "What a person must judge"}
_LISTS = {"roles": "all seats", "committees": "all committees"}
_BASES = {
    "statute": "By statute",
    "regulation": "By regulation",
    "nhse-policy": "By NHS England's policy",
    "constitution": "By the constitution",
    "terms-of-reference": "By terms of reference",
    "good-practice": "By good practice",
}
_FOOT = (
    "A vacancy does not by itself make proceedings invalid. Not legal advice. Whether proceedings stand is for the "
    "constitution and the law to say."
)
"""What stands beneath: the first two sentences are fixed, and the third says on what the first depends."""

_LISTED = 6  # so many duties with one reason not to apply are told one by one; more are counted


COLUMNS = (
    *("on", "body", "body_name", "id", "text", "answer", "why", "confidence", "basis", "citation", "severity"),
    *("status", "from", "to", "note"),
)


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the checks of each body, answer by answer."""
    rows = answer["rows"]
    if not rows:
        return
    several = len(answer["days"]) > 1
    groups: dict[tuple[str, str], list[Answered]] = {}
    for row in rows:
        groups.setdefault((row["on"], row["body"]), []).append(row)
    titles = {
        key: upper(some[0]["body_name"]) + (f", on {span_in_words(typed(key[0]))}" if several else "")
        for key, some in groups.items()
    }
    if len(groups) > 1:
        yield _overview([(titles[key], some) for key, some in groups.items()])
    for key, some in groups.items():
        if answer["ref"] is None and all(row["answer"] == "not-applicable" for row in some):
            continue  # the overview says it
        level = 2
        if len(groups) > 1:
            yield Heading(titles[key])
            level = 3
        lacking = [_LISTS[name] for name in _LISTS if any(row["lacking"] == name for row in some)]
        if lacking:
            yield Paragraph(
                f"The record does not give {' and '.join(lacking)}: what it lacks is not known, and not taken for not met."
            )
        yield from _tables(some, level, evidence)
    yield Paragraph(_FOOT)


def _overview(groups: Sequence[tuple[str, Sequence[Answered]]]) -> Table:
    """Return how many checks of each body have each answer."""
    rows = []
    for title, some in groups:
        count = Counter(row["answer"].replace("-", "_") for row in some)
        rows.append((title, upper(tally_in_words(count))))
    return Table("Checks by body", ("Body", "Checks"), tuple(rows))


def _tables(rows: Sequence[Answered], level: int, evidence: Evidence) -> Iterator[Block]:
    """Yield the rows answer by answer, and within each by what asks; the most serious come first."""
    for name, words in _ANSWERS.items():
        some = [row for row in rows if row["answer"] == name]
        if not some:
            continue
        yield Heading(f"{words} ({len(some)})", level)
        if name == "not-applicable":
            yield _reasons(some)
            continue
        for basis, asked_by in _BASES.items():
            these = [row for row in some if row["basis"] == basis]
            if these:
                yield Heading(f"{asked_by} ({len(these)})", level + 1)
                cells = tuple(
                    (_asks(row) + evidence.mark(row["sources"]), _shows(row) + evidence.mark(row["evidence"]))
                    for row in these
                )
                caption = f"{words}: {lower_first(asked_by)}"
                yield Table(caption, ("What is asked", _SHOWS.get(name, "What the record shows")), cells)


def _asks(row: Answered) -> str:
    return f"{row['text']} ({row['citation']})"


def _shows(row: Answered) -> str:
    return f"{row['why']} Note: {row['note']}" if row["note"] else str(row["why"])


def _reasons(rows: Sequence[Answered]) -> Items:
    """Return why duties do not apply, each reason once, the commonest first, with the duties below it.

    Many with one reason are only counted, by what asks: JSON and CSV tell each.
    """
    reasons: dict[str, list[Answered]] = {}
    for row in rows:
        reasons.setdefault(row["why"], []).append(row)
    lines: list[tuple[int, str]] = []
    for why, some in sorted(reasons.items(), key=lambda item: -len(item[1])):
        if len(some) <= _LISTED:
            lines.append((0, f"{why} {upper(counted(some, 'check'))}:"))
            lines.extend((1, _asks(row)) for row in some)
            continue
        lines.append((0, f"{why} {upper(counted(some, 'check'))} (each is in --format csv and json):"))
        bases = Counter(row["basis"] for row in some)
        lines.extend((1, f"{words}: {bases[basis]}") for basis, words in _BASES.items() if bases[basis])
    return Items(tuple(lines))
