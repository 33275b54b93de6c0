"""Marked blocks in hand-written Markdown: where they are, what each asks for, and the text with other insides.

`<!-- kmics:begin composition some-board on=2022-09-20 level=2 -->` … `<!-- kmics:end -->`, each alone on its line. What
stands in fenced or indented code, or between backticks, is an example and no marker. Nothing but the insides is ever
changed: text in, the same text out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kmics_cli.dates import DateError, Span, typed
from kmics_cli.problems import shortened
from kmics_cli.reports import REPORTS

_LEVELS = (1, 3)
_MOST_MARKER = 2_000  # characters
_KEYS = ("on", "during", "level", "title", "within", "since")
_LINES = re.compile(  # what matters on a page: fences, lines that may be markers, captions of tables
    r"^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>[^\n]*)$|^(?P<told>[^\n]*kmics:[^\n]*)$|^(?P<caption>Table [0-9]+: )",
    re.MULTILINE | re.IGNORECASE,
)
_CODE = re.compile(r" {0,3}\t| {4}")
_BEGINS = re.compile(r" {0,3}<!--[ \t]*kmics:[ \t]*([a-z-]*)", re.IGNORECASE)
_MARKER = re.compile(r" {0,3}<!--[ \t]*kmics:(begin|end)(?:[ \t]+(?P<words>.*?))?[ \t]*-->[ \t]*")
_ELSEWHERE = re.compile(r"<!--[ \t]*kmics:[ \t]*(?:begin|end)\b", re.IGNORECASE)
_WORD = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""")
_END = "<!-- kmics:end -->"
_BEGIN = "<!-- kmics:begin NAME REF on=DAY -->"


@dataclass(frozen=True, slots=True)
class Marked:
    """A block: the report that it asks for, where its marker stands, and where in the text its inside begins and ends.

    `title` is whether the report's own heading stands in it, `newline` how its lines end, `captions` how many captions
    of tables stand before it that are not in blocks.
    """

    name: str
    ref: str | None
    span: Span
    level: int
    title: bool
    within: str | None
    since: date | None
    line: int
    column: int
    ref_column: int
    start: int
    end: int
    newline: str
    captions: int

    @property
    def what(self) -> str:
        """What it asks for, in short."""
        return f"{self.name} {self.ref}" if self.ref else self.name


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a marker, where it stands, and what to do."""

    line: int
    column: int
    message: str
    help: str


def marked(text: str) -> tuple[list[Marked], list[Fault]]:
    """Return the blocks of a page in their order, and what is wrong with its markers."""
    view = text.replace("\r\n", " \n").replace("\r", "\n")  # as long as the text, with one sort of line ends
    if view.startswith("\ufeff"):
        view = f" {view[1:]}"
    found: list[Marked] = []
    faults: list[Fault] = []
    opened: _Opened | None = None
    fence = ""
    captions = line = at = 0
    for one in _LINES.finditer(view):
        line += view.count("\n", at, one.start())
        at = one.start()
        told = one["told"]
        if opened is None and one["fence"]:
            mark, info = one["fence"], one["info"]
            if not fence:
                fence = mark
            elif mark[0] == fence[0] and len(mark) >= len(fence) and not info.strip():
                fence = ""
            continue
        if fence:
            continue
        if one["caption"]:
            captions += opened is None
            continue
        if not told or _CODE.match(told):
            continue
        marker = _MARKER.fullmatch(told) if len(told) <= _MOST_MARKER else None
        if marker is None:
            if opened is None and (fault := _no_marker(told, line + 1)):
                faults.append(fault)
            continue
        column = told.index("<") + 1
        if marker[1] == "begin":
            start = view.find("\n", one.end()) + 1
            if opened is not None:
                message = f"A block begins here inside the one that began on line {opened.line}."
                faults.append(Fault(line + 1, column, message, f"End that one first: {_END}"))
                continue
            asked = _asked(
                marker["words"] or "", marker.start("words") + 1 if marker["words"] else column, line + 1
            )
            newline = "\r\n" if text[start - 2 : start] == "\r\n" else text[start - 1 : start]
            opened = _Opened(asked, line + 1, column, start, newline, captions)
        elif opened is None:
            faults.append(Fault(line + 1, column, "A block ends here that did not begin.", f"Begin it: {_BEGIN}"))
        else:
            if marker["words"]:
                faults.append(Fault(line + 1, column, "The end of a block takes no words.", f"Write {_END}"))
            if isinstance(opened.asked, _Asked):
                found.append(opened.block(opened.asked, one.start()))
            else:
                faults.extend(opened.asked)
            opened = None
    if opened is not None:
        faults.extend(opened.asked if not isinstance(opened.asked, _Asked) else ())
        message = "The block that begins here has no end."
        faults.append(
            Fault(opened.line, opened.column, message, f"Write {_END} on a line of its own where it ends.")
        )
    return found, sorted(faults, key=lambda fault: (fault.line, fault.column))


def replaced(text: str, some: Sequence[tuple[Marked, str]]) -> str:
    """Return the page with other insides in some of its blocks (in their order), and everything else as it is."""
    parts, at = [], 0
    for block, inside in some:
        parts += [text[at : block.start], inside]
        at = block.end
    return "".join([*parts, text[at:]])


def _no_marker(told: str, line: int) -> Fault | None:
    """Return what is wrong with a line that was meant to be a marker and is none; None where it was not."""
    begins = _BEGINS.match(told)
    if begins:
        column = told.index("<") + 1
        if len(told) > _MOST_MARKER:
            return Fault(line, column, "This marker is longer than any can be.", f"Write {_BEGIN}")
        if begins[1] == "stamp":
            return None
        if begins[1] in ("begin", "end"):
            message = "A marker stands alone on its line, from <!-- to -->."
            return Fault(line, column, message, "Put what else stands here on lines of its own.")
        message = f"There is no marker 'kmics:{shortened(begins[1], 20)}'."
        return Fault(line, column, message, f"There are {_BEGIN} and {_END}")
    at = ticks = 0
    for found in _ELSEWHERE.finditer(told):
        ticks += told.count("`", at, found.start())
        at = found.start()
        if ticks % 2 == 0:
            message = "A marker stands alone on its line, at the margin."
            return Fault(
                line, found.start() + 1, message, "Put it on a line of its own; an example, between backticks."
            )
    return None


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    ref: str | None
    ref_column: int
    span: Span
    level: int
    title: bool
    within: str | None
    since: date | None


@dataclass(frozen=True, slots=True)
class _Opened:
    asked: _Asked | list[Fault]
    line: int
    column: int
    start: int
    newline: str
    captions: int

    def block(self, asked: _Asked, end: int) -> Marked:
        return Marked(
            asked.name,
            asked.ref,
            asked.span,
            asked.level,
            asked.title,
            asked.within,
            asked.since,
            self.line,
            self.column,
            asked.ref_column,
            self.start,
            end,
            self.newline,
            self.captions,
        )


def _asked(words: str, column: int, line: int) -> _Asked | list[Fault]:
    """Return what the words of a marker ask for, or all that is wrong with them."""
    faults: list[Fault] = []

    def wrong(at: int, message: str, help: str) -> None:
        faults.append(Fault(line, at, message, help))

    plain: list[tuple[int, str]] = []
    given: dict[str, tuple[int, str]] = {}
    for at, word in _words(words, column, wrong):
        key, equals, value = word.partition("=")
        if not equals or word[0] in "\"'":
            plain.append((at, _unquoted(word)))
        elif key not in _KEYS:
            wrong(
                at, f"A block takes no '{shortened(key)}='.", f"It takes {', '.join(f'{name}=' for name in _KEYS)}."
            )
        elif key in given:
            wrong(at, f"'{key}=' stands here twice.", "Keep one of them.")
        else:
            given[key] = at, _unquoted(value)
    there = f"There are: {', '.join(REPORTS)}."
    if not plain:
        wrong(column, "No report is named.", f"Name one after kmics:begin. {there}")
    elif plain[0][1] not in REPORTS:
        wrong(plain[0][0], f"There is no report '{shortened(plain[0][1])}'.", there)
    if len(plain) > 2:
        words = f"'{shortened(plain[2][1])}' is one word too many after the report's name."
        wrong(plain[2][0], words, 'Put what it is of between quotes if it has several words: "People\'s Forum".')
    ref = plain[1] if len(plain) > 1 else (column, None)
    if ref[1] == "":
        wrong(ref[0], "What the report is of is empty.", "Give an id, or leave it out.")
    span = _span(given, column, wrong)
    level = _level(given.get("level"), wrong)
    title = _title(given.get("title"), wrong)
    since = _day("since", given["since"], wrong) if "since" in given else None
    for key in ("within", "since"):
        if key in given and plain and key not in (known := REPORTS.get(plain[0][1], _ANY)).options:
            takes = ", ".join(f"{one}=" for one in known.options) or "none of its own"
            wrong(given[key][0], f"The report {plain[0][1]} takes no '{key}='.", f"Leave it out. It takes {takes}.")
    if faults or span is None:
        return faults
    within = given["within"][1] if "within" in given else None
    return _Asked(plain[0][1], ref[1], ref[0], span, level, title, within, since.last if since else None)


Wrong = Callable[[int, str, str], None]


class _ANY:
    """Stands for a report that there is not: nothing is said of its options."""

    options = ("within", "since")


def _words(words: str, column: int, wrong: Wrong) -> Iterator[tuple[int, str]]:
    at = 0
    for found in _WORD.finditer(words):
        if words[at : found.start()].strip():
            break
        yield column + found.start(), found[0]
        at = found.end()
    rest = words[at:]
    if rest.strip():
        message = "A quote opens here and does not close."
        help = 'Close it; put words with an apostrophe between double quotes: "People\'s Forum".'
        wrong(column + at + len(rest) - len(rest.lstrip()), message, help)


def _unquoted(word: str) -> str:
    return re.sub(r"""(["'])(.*?)\1""", r"\2", word).strip()


def _span(given: dict[str, tuple[int, str]], column: int, wrong: Wrong) -> Span | None:
    if "on" in given and "during" in given:
        at = max(given["on"][0], given["during"][0])
        wrong(at, "'on=' and 'during=' cannot be given together.", "Give a day with on=, or a time with during=.")
        return None
    for key in ("on", "during"):
        if key in given:
            return _day(key, given[key], wrong)
    help = "Write on=2022-09-20 (the day of the paper), or during=2022/23, so that the page says the same tomorrow."
    wrong(column, "The block does not say of which day it is.", help)
    return None


def _day(key: str, given: tuple[int, str], wrong: Wrong) -> Span | None:
    at, value = given
    if value.casefold() == "today":
        help = "Write the day itself, such as on=2022-09-20: a page must say the same tomorrow."
        wrong(at, f"'{key}=today' moves from day to day.", help)
        return None
    try:
        return typed(value)
    except DateError as error:
        wrong(at, f"{key}={shortened(value)}: {error.message}", error.help)
        return None


def _level(given: tuple[int, str] | None, wrong: Wrong) -> int:
    least, most = _LEVELS
    if given is None:
        return 2
    if given[1] not in [str(level) for level in range(least, most + 1)]:
        message = f"level={shortened(given[1])} is no level of a heading that a block can have."
        wrong(given[0], message, f"Give the level of its title, from {least} to {most}.")
        return 2
    return int(given[1])


def _title(given: tuple[int, str] | None, wrong: Wrong) -> bool:
    if given is not None and given[1] not in ("yes", "no"):
        wrong(
            given[0],
            f"title={shortened(given[1])} is neither yes nor no.",
            "Write title=no where the page has its own.",
        )
    return given is None or given[1] != "no"
