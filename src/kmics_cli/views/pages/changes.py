"""What happened between two days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from kmics_cli.dates import Span, day_in_words
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table
from kmics_cli.views.pages.edits import lines_of
from kmics_cli.views.pages.words import Evidence, counted, hedge, upper

_NOTHING = "Nothing is recorded to have happened in this time. This does not say that nothing happened."
_ELSEWHERE = "For what was edited in the record: kmics diff. For one thing's commits: kmics history."


def changes_page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield what happened, by group; what possibly did; who is first named; and, if asked for, who stayed.

    What is certain stands first and by itself: on one day, most of what the record knows only roughly is possible.
    """
    if "paper" in answer:
        yield from _since_paper(answer, evidence)
        return
    yield Heading(_heading(answer), 1)
    told = [change for change in answer["changes"] if change["start_recorded"]]
    named = [change for change in answer["changes"] if not change["start_recorded"]]
    yield Paragraph(f"{_figures(told, named) if answer['changes'] else _NOTHING} {_ELSEWHERE}")
    if any(change["to_come"] for change in told):
        yield Paragraph("What lies ahead is told as the record has it today.")
    sure = [change for change in told if change["certainty"] == "yes"]
    for group in answer["kinds"]:
        if some := [change for change in sure if change["group"] == group]:
            yield Heading(upper(group))
            yield _table(some, evidence)
    possible = [change for change in told if change["certainty"] != "yes"]
    open_ = [one for one in possible if one["latest"] is None and (one["earliest"] or "") <= answer["old"]]
    if possible := [change for change in possible if change not in open_]:
        yield Heading("Possibly in this time")
        yield _table(possible, evidence)
    if open_:
        told_of = "; ".join(
            f"{one['told']} ({one['when']}){evidence.mark(one['sources'])}" for one in open_[:_MOST_OPEN]
        )
        more = f"; and {len(open_) - _MOST_OPEN} more" if len(open_) > _MOST_OPEN else ""
        yield Paragraph(
            f"Of an open date from before, and so possibly in this time as in any later one: {told_of}{more}."
        )
    if named:
        yield Heading("First named; start not recorded")
        yield Paragraph("A source of this time is the first to name these. When they began is not recorded.")
        yield _table(named, evidence)
    if "continuing" in answer:
        yield from _continuing(answer, evidence)


def _continuing(answer: Answered, evidence: Evidence) -> Iterator[Block]:
    yield Heading("Continuing")
    rows = tuple(
        (
            held["name"],
            f"{held['title']}, {held['body_name']}",
            f"{_throughout(held)}{evidence.mark(held['sources'])}",
        )
        for held in answer["continuing"]
    )
    if rows:
        yield Table(counted(rows, "seat held on both days", "seats held on both days"), _CONTINUING, rows)
    else:
        yield Paragraph("Nobody is recorded to have held a role throughout.")


def _since_paper(answer: Answered, evidence: Evidence) -> Iterator[Block]:
    """Yield what to tell the readers of an earlier paper, under four headings; one with nothing under it is left out."""
    paper = answer["paper"]
    on, new = (day_in_words(date.fromisoformat(day)) for day in (paper["on"], answer["new"]))
    of = f"{answer['name']}: changes" if answer["name"] else "Changes"
    yield Heading(f"{of} since the paper of {on}", 1)
    told_then = "what was told" if answer["of"] else "the record that it was made from"
    parts = {
        "happened since": answer["changes"],
        "happened earlier, and not reported then": answer["unreported"],
        f"corrections to {told_then}": answer["corrections"],
        "decided and still to come": answer["to_come"],
    }
    figures = [
        f"{len(some)} {words.replace('corrections', 'correction') if len(some) == 1 else words}"
        for words, some in parts.items()
        if some
    ]
    draft = ", with edits that no commit had: what it told from those cannot be compared" if paper["draft"] else ""
    whole = "" if answer["of"] else " This is of the whole registry: --body REF keeps to one body."
    yield Paragraph(
        f"{upper('; '.join(figures)) or 'No change is recorded'}. Position on {new}. The paper ({paper['file']}) was made "
        f"from the record of {paper['rev'][:12]}{draft}.{whole}"
    )
    for words, some in parts.items():
        if some and words.startswith("corrections"):
            yield Heading(f"{upper(words)} ({len(some)})")
            yield Items(tuple(lines_of(some)))
        elif some:
            yield Heading(f"{upper(words)} ({len(some)})")
            some = sorted(some, key=lambda one: (one["earliest"] or "", one["latest"] or "9999"))
            if sure := [one for one in some if one["certainty"] == "yes"]:
                yield _table(sure, evidence)
            if possible := [one for one in some if one["certainty"] != "yes"]:
                if sure:
                    yield Paragraph("Possibly in this time:")
                yield _table(possible, evidence, "possible change" if not sure else "change")
    if "continuing" in answer:
        yield from _continuing(answer, evidence)


_MOST_OPEN = 5
_CONTINUING = ("Name", "Role", "What we can say")


def _throughout(held: Answered) -> str:
    """Return what can be said of a holder on the last day, and whether they were there on the first is only possible."""
    doubt = "Possibly on both days. " if held["certainty"] != "yes" else ""
    return f"{doubt}{held['says']}"


def _heading(answer: Answered) -> str:
    old, new = (day_in_words(date.fromisoformat(answer[day])) for day in ("old", "new"))
    what = f"{answer['name']}: what happened" if answer["name"] else "What happened"
    if answer["since"]:
        return f"{what} after the last recorded meeting of {answer['since']['name']} on {old}, up to {new}"
    return f"{what} after {old}, up to {new}"


def _figures(told: Sequence[Answered], named: Sequence[Answered]) -> str:
    """Return one sentence with how much is certain, how much is possible, and who is only first named."""
    sure = [change for change in told if change["certainty"] == "yes"]
    by_group = ", ".join(
        f"{group} {number}"
        for group in dict.fromkeys(change["group"] for change in sure)
        if (number := sum(change["group"] == group for change in sure))
    )
    words = f"{counted(sure, 'change')} recorded ({by_group})" if sure else "Nothing recorded for certain"
    if possible := len(told) - len(sure):
        words += f", {possible} more possibly in this time"
    if named:
        words += f", {len(named)} first named without a start"
    return f"{words}."


def _table(some: Sequence[Answered], evidence: Evidence, what: str = "change") -> Table:
    rows = tuple(
        (
            upper(change["when"].removeprefix("on ").removeprefix("in ")),
            f"{change['told']}{hedge(change)}{evidence.mark(change['sources'])}",
        )
        for change in some
    )
    return Table(counted(rows, what), ("When", "What"), rows)
