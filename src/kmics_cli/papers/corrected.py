"""Where a paper printed what has since been corrected: the old wording, found in the paper's text.

A correction says what was and what is. The paper printed it if on one line (under the headings that it stands under) are
the old wording (a person's name, an old date or name) and what it is of (the role, or the person). A number alone is not
looked for, since it would be found everywhere. So what is found is a place to look at, not a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from kmics_cli.dates import UNKNOWN, DateError, in_words, parse
from kmics_cli.diff.changes import Change
from kmics_cli.events import Stamp, stamps
from kmics_cli.model import NOT_NAMED, Registry

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LEAST = 3
"""Letters that a wording must have to be looked for."""


def pieces(text: str) -> Iterator[tuple[int, list[str], Stamp]]:
    """Yield the parts of a page that have a stamp each: the number of the first line, the lines, the stamp at their end.

    What stands below the last stamp is of the last part. Nothing for a page without a stamp.
    """
    first, lines = 0, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")  # as an editor counts them
    ends = [
        (index, found[-1]) for index, line in enumerate(lines) if "kmics:stamp" in line and (found := stamps(line))
    ]
    for number, (index, stamp) in enumerate(ends):
        last = len(lines) if number == len(ends) - 1 else index + 1
        yield first + 1, lines[first:last], stamp
        first = index + 1


def printed(lines: Sequence[str], some: Sequence[Change], then: Registry) -> Iterator[tuple[int, Change]]:
    """Yield the corrections whose old wording these lines have, each once, with the index of the line.

    `then` is the record that the lines were made from.
    """
    plain = [_plain(line) for line in lines]
    whole = "\n".join(plain)
    above: list[str] = []
    heads: list[tuple[int, str]] = []
    under = ""
    for line, text in zip(lines, plain, strict=True):
        if found := _HEADING.match(line):
            heads = [head for head in heads if head[0] < len(found[1])]
            above.append("\n".join(words for _, words in heads))
            heads.append((len(found[1]), text))
            under = "\n".join(words for _, words in heads)
        else:
            above.append(under)
    for change in some:
        old, of, new = _sought(change, then)
        if not old or not any(one in whole for one in old):
            continue
        was, subjects = _any(old), [_any(one) for one in of]
        for index, text in enumerate(plain):
            under = f"{above[index]}\n{text}"
            for one in new:
                under = under.replace(one, " ")
            if (
                any(one.search(text) for one in (was, *subjects))
                and was.search(under)
                and all(one.search(under) for one in subjects)
            ):
                yield index, change
                break


def _plain(line: str) -> str:
    return _ESCAPED.sub(r"\1", line).replace("\u200b", "").casefold()


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?<!\d )(?:{'|'.join(re.escape(one) for one in words)})(?!\w)")


def _sought(change: Change, then: Registry) -> tuple[list[str], list[list[str]], list[str]]:
    """Return the old wordings of a correction, what they are of (one wording of each), and the new wordings."""
    old, dated = _wordings(change.before, then)
    new = [one for one in _wordings(change.after, then)[0] if any(was in one for was in old)]
    of = []
    if "/" in change.id:
        role = change.title.removesuffix(f", {change.under}")
        of.append([role.casefold()])
    if dated:
        people = [name for id in sorted(change.people) for name in _names(id, then)]
        of.append(people or [change.under.casefold()])
    return old, of, new


def _wordings(value: Any, then: Registry) -> tuple[list[str], bool]:
    """Return how papers print what a field or an entry said, in small letters; and whether that is a day."""
    if isinstance(value, dict):
        key = next((key for key in ("person", "body", "name", "title", "text", "says", "to") if key in value), None)
        return _wordings(value[key], then) if key else ([], False)
    if not isinstance(value, str) or value in (UNKNOWN, NOT_NAMED):
        return [], False
    try:
        return [in_words(parse(value)).casefold()], True
    except DateError:
        pass
    names = _names(value, then)
    return [one for one in names or [value.casefold()] if len(one) >= _LEAST and not one.isdigit()], False


def _names(id: str, then: Registry) -> list[str]:
    """Return how papers name the person, body or document with this id; nothing if there is none."""
    if person := then.people.get(id):
        return [person.name.casefold()]
    if body := then.bodies.get(id):
        return [body.name.casefold()]
    document = then.documents.get(id)
    return [document.title.casefold()] if document else []
