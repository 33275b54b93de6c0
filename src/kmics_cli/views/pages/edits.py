"""What was edited in the record: the page of a comparison, whole or as small as a comment on a pull request must be.

It shows only what the answer has, so that an answer kept as JSON can be laid out later, and elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kmics_cli.dates import Span
from kmics_cli.problems import shortened
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Folded, Heading, Items, Paragraph, Table
from kmics_cli.views.markdown import markdown
from kmics_cli.views.pages.words import Evidence, day, upper

GROUPS = {
    "happened": "Happened, or decided, since {}",
    "late": "Recorded late, or without a day",
    "corrected": "Corrected, replaced or taken out",
    "evidence": "Evidence and wording only",
}
"""The sorts of news, as the headings have them, in the order in which they are told."""
_MOST_OPEN = 25  # lines of a section of Markdown that stand open
_MOST_TEXT = 1_000
_SIDES = {"old": "In the earlier", "new": "In the later"}
_MOST_TITLE = 120
_MOST_SOURCES = 3
_MOST_PAPERS = 20
_MOST_PRINTED = 300
_MOST_UNREAD = 200  # letters of what is said of a file
_LEAST_FIRST = ("evidence", "late", "happened", "corrected")
"""What is cut first where there is too much."""
MOST_BYTES = 60_000
"""So much Markdown fits into a comment on GitHub, which takes 65,536 characters."""


def diff_page(answer: Answered, _span: Span, _evidence: Evidence) -> Iterator[Block]:
    """Yield the page of a comparison."""
    yield from _opening(answer)
    if answer["stat"]:
        yield from _figures(answer)
        return
    for group in GROUPS:
        there = _of(answer, group)
        if shown := [one for one in there if group != "evidence" or answer["all"] or one["level"] == "breaking"]:
            yield Heading(_heading(answer, group, len(there)))
            yield Items(tuple(lines_of(shown)))
    yield from _printed(answer)


def diff_in_markdown(answer: Answered, closing: Sequence[Block] = (), most: int = MOST_BYTES) -> str:
    """Return a comparison as Markdown of at most `most` bytes: what is least important is cut first, totals never.

    Long sections are folded, and evidence and wording always are; what is breaking stands open, and is cut last.
    """
    shown = {
        (group, loud): [one for one in _of(answer, group) if (one["level"] == "breaking") == loud]
        for group in GROUPS
        for loud in (True, False)
    }
    order = [(group, loud) for loud in (False, True) for group in _LEAST_FIRST]
    for cut in (*order, None):
        told = markdown([*_opening(answer), *_folded(answer, shown), *_printed(answer), *closing])
        while (over := len(told.encode()) - most) > 0 and cut is not None and shown[cut]:
            some = shown[cut]
            while over > 0 and some:
                over -= len(markdown([Items(((1, _line(some.pop(), True)),))]).encode())
            told = markdown([*_opening(answer), *_folded(answer, shown), *_printed(answer), *closing])
        if over <= 0:
            break
    return told


def _opening(answer: Answered) -> Iterator[Block]:
    yield Heading(f"Edited in the record, from {_side(answer, 'old')} to {_side(answer, 'new')}", 1)
    yield Paragraph(_in_figures(answer))
    if answer["unread"]:
        gone = any(one["level"] == "breaking" and one["change"].endswith("-removed") for one in answer["changes"])
        more = "; a record that is told as deleted may be one of them" if gone else ""
        yield Paragraph(f"These could not be read on one side, and are not compared{more}:")
        yield Items(
            tuple(
                (0, shortened(f"{_SIDES[one['side']]}: {one['path']}: {one['message']}", _MOST_UNREAD))
                for one in answer["unread"]
            )
        )
        if answer["unread_more"]:
            yield Paragraph(f"And {answer['unread_more']} more.")


def _side(answer: Answered, side: str) -> str:
    rev, made = answer[side], answer[f"{side}_day"]
    if rev is None:
        return "the files as they are"
    return f"{rev[:12]} of {day(made)}" if made else str(rev[:12])


def _in_figures(answer: Answered) -> str:
    totals = answer["totals"]
    told = [
        f"{totals[group]} {words}"
        for group, words in (
            ("happened", "happened, or decided, since then"),
            ("late", "recorded late, or without a day"),
            ("corrected", "corrected, replaced or taken out"),
        )
        if totals[group]
    ]
    wording = totals["evidence"]
    same = "What is said of the world is as it was."
    if answer["unread"]:
        same = "In what can be read on both sides, what is said of the world is as it was."
    parts = [f"{'; '.join(told)}." if told else same]
    if answer["unread"]:
        count = len(answer["unread"]) + answer["unread_more"]
        parts.append(f"{count} {'file' if count == 1 else 'files'} could not be compared.")
    if wording:
        shown = "" if answer["all"] else " (--all shows them)"
        parts.append(f"{wording} {'edit' if wording == 1 else 'edits'} of evidence and wording only{shown}.")
    if number := totals["breaking"]:
        does = "1 takes something away or changes" if number == 1 else f"{number} take something away or change"
        parts.append(
            f"{does} the past without a correction (BREAKING). If the world changed, keep what was, with its last day, and add "
            "what is new; if the record was wrong, add a correction that is about it."
        )
    if omitted := answer.get("omitted"):
        parts.append(f"{omitted} more are counted here but not told.")
    parts.append(
        "For what happened in the world between two days: kmics changes. For the commits that changed one thing: kmics history."
    )
    return " ".join(parts)


def _of(answer: Answered, group: str) -> list[Answered]:
    return [one for one in answer["changes"] if one["group"] == group]


def _heading(answer: Answered, group: str, count: int) -> str:
    since = day(answer["old_day"]) if answer["old_day"] else "then"
    return f"{GROUPS[group].format(since)} ({count})"


def lines_of(some: Sequence[Answered], cited: bool = False) -> list[tuple[int, str]]:
    """Return changes as the items of a list, under the records that they are of; with `cited`, each with its sources."""
    records: dict[tuple[str, str], list[str]] = {}
    for one in some:
        records.setdefault((one["under"], one["id"].partition("/")[0]), []).append(_line(one, cited))
    lines: list[tuple[int, str]] = []
    for (under, _id), told in records.items():
        lines.append((0, shortened(under, _MOST_TEXT)))
        lines.extend((1, line) for line in told)
    return lines


def _line(one: Answered, cited: bool = False) -> str:
    text = one["text"]
    for joint in (": ", ", "):  # the record's name stands above already
        if text.startswith(f"{one['under']}{joint}"):
            text = text[len(one["under"]) + len(joint) :]
            break
    text = text[:1].upper() + text[1:]
    end = "" if text.endswith((".", "!", "?")) else "."
    text = shortened(f"{'BREAKING: ' if one['level'] == 'breaking' else ''}{text}", _MOST_TEXT)
    if cited and (sources := one.get("cited")) is not None:
        some = "; ".join(shortened(title, _MOST_TITLE) for title in sources[:_MOST_SOURCES])
        more = f" and {len(sources) - _MOST_SOURCES} more" if len(sources) > _MOST_SOURCES else ""
        text, end = f"{text} ({f'source: {some}{more}' if sources else 'no source was added to its record'})", "."
    return f"{text}{end}"


def _folded(answer: Answered, shown: Mapping[tuple[str, bool], Sequence[Answered]]) -> Iterator[Block]:
    for group in GROUPS:
        there = _of(answer, group)
        loud, quiet = shown[group, True], shown[group, False]
        if not there or not (group != "evidence" or answer["all"] or loud):
            continue
        yield Heading(_heading(answer, group, len(there)))
        if group != "evidence" and len(loud) + len(quiet) <= _MOST_OPEN:
            loud, quiet = [one for one in there if one in loud or one in quiet], []
        if loud:
            yield Items(tuple(lines_of(loud, True)))
        if quiet:
            yield Folded(f"Show {len(quiet)}", Items(tuple(lines_of(quiet, True))))
        if left := len(there) - len(loud) - len(quiet):
            yield Paragraph(f"{left} more {'is' if left == 1 else 'are'} not shown here.")


def _printed(answer: Answered) -> Iterator[Block]:
    """Yield where kept papers printed what is now corrected; an answer has that only where it is so."""
    some = answer.get("papers")
    if not some:
        return
    yield Heading("Kept papers that printed what is now corrected")
    lines = [
        shortened(f"{one['paper']}:{one['line']}: {one['correction']['text']}", _MOST_PRINTED)
        for one in some[:_MOST_PAPERS]
    ]
    if len(some) > _MOST_PAPERS:
        lines.append(f"And {len(some) - _MOST_PAPERS} more.")
    yield Items(tuple((0, line) for line in lines))


def _figures(answer: Answered) -> Iterator[Block]:
    count: dict[tuple[str, str], Counter[str]] = {}
    for one in answer["changes"]:
        count.setdefault((one["under"], one["id"].partition("/")[0]), Counter())[one["group"]] += 1
    rows = tuple((under, *(str(found[group]) for group in GROUPS)) for (under, _id), found in count.items())
    columns = ("Record", "Happened", "Late", "Corrected", "Evidence")
    if rows:
        yield Table("Edits of each record", columns, rows)


def history_page(answer: Answered, _span: Span, _evidence: Evidence) -> Iterator[Block]:
    """Yield the commits that changed one thing."""
    commits = answer["commits"]
    yield Heading(f"{answer['of']['name']}: history of the record", 1)
    since = f" since {day(answer['since'])}" if answer["since"] else ""
    if not commits:
        which = "None of the commits that this checkout has" if answer["cut"] else "No commit"
        yield Paragraph(f"{which}{since} changed what the record says of it.")
    else:
        count = f"{len(commits)} {'commit' if len(commits) == 1 else 'commits'}"
        shown = "" if answer["all"] else " (not counting evidence and wording: --all)"
        told = f"{count}{since} changed what the record says of it{shown}."
        if answer["limit"] == len(commits):
            told = f"Shown: the newest {count}{since} that changed what the record says of it{shown}."
        yield Paragraph(
            f"{told} For all that was edited between two revisions: kmics diff. For what happened in the world: kmics changes."
        )
    for one in commits:
        yield Heading(f"{day(one['day'])}, {one['rev'][:12]}: {shortened(one['subject'], 200)}")
        by_record = answer["of"]["kind"] == "people"  # whose changes stand in the records of bodies
        lines = lines_of(one["changes"]) if by_record else [(0, _line(change)) for change in one["changes"]]
        if one["wording"] and not answer["all"]:
            lines.append((0, f"And {one['wording']} of evidence and wording."))
        lines += [
            (0, f"Cannot be read in this commit: {shortened(bad['path'], 200)}: {bad['message']}")
            for bad in one["unread"]
        ]
        yield Items(tuple(lines))


def recorded(answer: Answered) -> Iterator[Block]:
    """Yield when a thing was first recorded and last changed, where its answer says so."""
    found = answer.get("recorded_in")
    if not found:
        return
    told = [
        f"{words} on {day(found[name]['day'])} ({found[name]['rev'][:12]})"
        for name, words in (
            ("first", "first recorded in this registry"),
            ("last", "what its record says last changed"),
        )
        if found[name]
    ]
    if told:
        yield Paragraph(f"{upper('; '.join(told))}. For each change: kmics history.")
