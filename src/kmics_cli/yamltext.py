"""YAML text in, plain data out: every scalar is text, and whatever YAML could hide is refused.

The parser's events are pulled one at a time and never composed, so that nesting, aliases and size are
judged before they cost anything. Nothing here reads a file, or knows what the data means. This is the only
module that imports ruamel.yaml, and it does so inside functions: importing this one stays cheap.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kmics_cli.problems import UNSEEN, Pointer, shortened

Plain = str | list["Plain"] | dict[str, "Plain"]
"""What a file holds: text, lists and mappings. Every scalar is text, whatever it looks like."""

MOST_BYTES = 1_000_000
MOST_NODES = 200_000
MOST_CHARACTERS = 20_000
MOST_LEVELS = 32


class Bare(str):
    """A plain (unquoted) scalar that another YAML reader would not see as text.

    2016, 5E1, 012, true, yes, ~, 1:30, or nothing at all: exactly what ruamel.yaml (check-jsonschema),
    PyYAML or yaml-language-server, as they come, turn into a number, a boolean or null, or stumble over
    (YAML 1.2.2 section 10.3.2; the types of YAML 1.1). Dates such as 2022-07-01, and all that is in quotes,
    are text.
    """

    __slots__ = ()


class Place(NamedTuple):
    """Where a value and its key begin: lines and columns from 1, columns counted in characters."""

    line: int
    column: int
    key_line: int
    key_column: int


class Spot(NamedTuple):
    """Where a value and its key stand in a text: offsets in characters, the end being the first that is not theirs.

    `style` is "" for a plain text, a quotation mark or `|` or `>` for another, `[` or `{` for a list or group in
    brackets, `-` or `:` for one in lines. Of a block of text or of lines, `end` may run on over what follows. An item of
    a list, and the whole, has no key: both ends of it are its start.
    """

    style: str
    start: int
    end: int
    key_start: int
    key_end: int


class YamlError(Exception):
    """A text that is refused: by which rule, what is wrong, what to do about it, and where (from 1)."""

    def __init__(self, rule: str, message: str, help: str, line: int, column: int) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.rule = rule
        self.message = message
        self.help = help
        self.line = line
        self.column = column


_REFUSED = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{UNSEEN}]")  # what problems.visible() would change
_MARKER = re.compile(r"\n(%|(?:---|\.\.\.)(?=[ \n]|\Z))")
_COMMENTS = re.compile(r"(?: *+(?:#[^\n]*+)?+\n)*+")
_BLOCK_OPENING = re.compile(r"[|>][-+0-9]*(?: *| +#[^\n]*)(?:\Z|\n(?! +(?:\n|\Z)))")
_COLON = re.compile(" *:")
_WORDS = frozenset(
    form
    for word in ("", "~", "=", "<<", "null", "true", "false", "yes", "no", "on", "off")
    for form in (word, word.capitalize(), word.upper())
)
_KEY_WORDS = ("yes", "no", "on", "off")  # text to every reader of YAML 1.2, and "on" is a field of ours
_NUMBER = re.compile(
    r"""[-+]? (?: 0b[01_]+ | 0o?[0-7_]+ | 0x[0-9a-fA-F_]+ | [0-9_]+
                | [1-9][0-9_]* (?::[0-5]?[0-9])+ | [0-9][0-9_]* (?::[0-5]?[0-9])+ \.[0-9_]*
                | [0-9][0-9_]* (?:\.[0-9_]*)? (?:[eE][-+]?[0-9]+)?
                | \.[0-9_]+ (?:[eE][-+][0-9]+)? | \.[0-9]+ [eE][0-9]+
                | \.(?:inf|Inf|INF) )
      | \.(?:nan|NaN|NAN)""",
    re.VERBOSE,
)

_Saying = tuple[str, str, str]  # rule, message, help
_QUOTES = "If the text is meant to begin like that, put it in quotes."
_DIVIDE = "Divide it into several files."
_ALIAS = ("yaml-alias", "'&' or '*' begins a mark for repeating a part, which is not allowed.", _QUOTES)
_TAG = ("yaml-tag", "'!' begins a tag, which is not allowed.", _QUOTES)
_ESCAPE = (
    "text-control",
    "A backslash in this quoted text makes a control or hidden character.",
    "Take it out; where a backslash is meant, use single quotes, in which it is just a backslash.",
)
_BLOCK = (
    "yaml-syntax",
    "The block of text that opens here does not begin as it should.",
    "End the line after '|' or '>', and begin the text on the next line, indented by two spaces.",
)
_BACKSLASH = (
    "yaml-syntax",
    "A backslash in this quoted text stands before something it cannot stand before.",
    "Use single quotes, in which a backslash is just a backslash.",
)
_BEGINNING = ("yaml-syntax", "An unquoted text cannot begin with this character.", "Put the text in quotes.")
_NO_KEY = ("yaml-key", "The name before the colon is missing.", "Write it, or delete the line.")
_BRACKET = (
    "yaml-syntax",
    "What is in the bracket that opens here does not read as a list or a group.",
    "Close it, put commas between the items, and quotes round a text with a bracket, ':' or '?' in it.",
)
_FLOW = (
    "yaml-syntax",
    "Inside brackets, a text with ':' or '?' in it must be in quotes.",
    "Put the text in quotes, or write the list with one '- item' to a line.",
)
_SAYINGS: dict[str, _Saying] = {  # by a part of what either parser says: the first that fits is taken
    "scanning an a": _ALIAS,
    " tag": _TAG,
    "Unicode character escape": _ESCAPE,
    "block scalar": _BLOCK,
    "scanning a plain scalar": _FLOW,
    "parsing a flow ": _BRACKET,
    "quoted scalar: found unexpected end": (
        "yaml-syntax",
        "The quotation mark that opens here is never closed.",
        "Close it; inside single quotes an apostrophe is written twice ('').",
    ),
    "hexdecimal": _BACKSLASH,
    "escape character": _BACKSLASH,
    "could not find expected ':'": (
        "yaml-syntax",
        "The name on this line is not followed by a colon and a space.",
        "Write 'name: value', with a space after the colon, or '- value' for an item of a list.",
    ),
    "mapping values are not allowed": (
        "yaml-syntax",
        "A colon stands where none is expected.",
        "Put a text that contains ': ' in quotes, and give this line the indentation of its neighbours.",
    ),
    "sequence entries are not allowed": (
        "yaml-syntax",
        "A list cannot begin in the middle of a line.",
        "Begin it on the next line, each item after '- '; put a text that begins with '- ' in quotes.",
    ),
    "cannot start any token": _BEGINNING,
    "mapping keys are not allowed": _BEGINNING,
    "parsing a block ": (
        "yaml-syntax",
        "This does not fit the lines above: it is indented differently, or follows a closing quote.",
        "Give the lines of a group the same number of spaces, and put the whole of a text in quotes.",
    ),
    "document start": (
        "yaml-syntax",
        "This stands after the end of what the lines above say.",
        "Begin every line of the file with a name and a colon, or with '- '.",
    ),
}


def decode(data: bytes) -> str:
    """Return the bytes of a file as text.

    Raises YamlError `text-encoding` at the first byte that is not UTF-8 (YAML 1.2.2 section 5.2 would allow
    other encodings), and at a byte-order mark, which not every reader of the same file skips.
    """
    help = "Save the file again with the encoding 'UTF-8', without a byte-order mark (BOM)."
    if data.startswith(b"\xef\xbb\xbf"):
        raise YamlError("text-encoding", "This file begins with a byte-order mark (BOM).", help, 1, 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        message = f"The byte {data[error.start]:#04x} is not UTF-8 text."
        raise YamlError("text-encoding", message, help, *_place(before, len(before))) from None


def read(text: str, *, pure: bool = False) -> Plain:
    """Return the data of a YAML text as dict, list and str; a scalar others would not see as text is Bare.

    `pure` forces the parser written in Python, which gives the same data. Raises YamlError at the first
    thing that is wrong (YAML 1.2.2) or refused: anchors, aliases, merge keys, tags, directives, further
    documents, keys that are not text or not unique, control and hidden characters (CVE-2021-42574, "Trojan
    Source"), and what is larger or deeper than any honest file (CVE-2019-11253, "billion laughs").
    """
    return _walk(text, pure, None, None)


def places(text: str, *, pure: bool = False) -> dict[Pointer, Place]:
    """Return where every part of a text that `read` accepts begins, by its pointer; the whole is `()`.

    An item of a list has no key: the place of its value stands for both. Raises what `read` raises.
    """
    found: dict[Pointer, Place] = {}
    _walk(text, pure, found, None)
    return found


def spots(text: str) -> tuple[Plain, dict[Pointer, Spot]]:
    """Return what `read` returns, and where every part of it stands in the text, line ends counted as one character each.

    By its pointer, in the order of the text; the whole is `()`. Raises what `read` raises.
    """
    found: dict[Pointer, Spot] = {}
    return _walk(text, False, None, found), found


def c_parser() -> bool:
    """Return whether the C parser (ruamel.yaml.clib) is installed, and so in use."""
    return _c_parser_class() is not None


def parser_files() -> list[Path]:
    """Return the files that say which version of the parser is installed; it is not imported for that."""
    from importlib.util import find_spec

    found = find_spec("ruamel.yaml")
    return [Path(found.origin)] if found and found.origin else []


@cache
def _c_parser_class() -> Any:
    try:
        from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return None
    return CParser


def _parser(text: str, pure: bool) -> Any:
    from ruamel.yaml.loader import BaseLoader

    return (BaseLoader if pure else _c_parser_class() or BaseLoader)(text)


def _walk(text: str, pure: bool, found: dict[Pointer, Place] | None, stands: dict[Pointer, Spot] | None) -> Plain:
    """Return the data, from one pass over the events; put the places into `found` and `stands`, if they are there."""
    from ruamel.yaml import events
    from ruamel.yaml.error import MarkedYAMLError

    text = _screened(text)
    parser = _parser(text, pure)
    top: list[Plain] = []
    here: list[Plain] | dict[str, Plain] = top
    pointer: Pointer = ()
    flow = False
    above: list[tuple[list[Plain] | dict[str, Plain], Pointer, bool]] = []
    key: str | None = None
    key_event: Any = None
    nodes = 0
    try:
        while not isinstance(event := parser.get_event(), events.StreamEndEvent):
            node: Plain
            if isinstance(event, events.ScalarEvent):
                node = _scalar(event, text, not above, flow)
            elif isinstance(event, events.MappingStartEvent):
                node = {}
            elif isinstance(event, events.SequenceStartEvent):
                node = []
            elif isinstance(event, events.CollectionEndEvent):
                if stands is not None and flow:
                    stands[pointer] = stands[pointer]._replace(end=event.end_mark.index)
                here, pointer, flow = above.pop()
                continue
            elif isinstance(event, events.AliasEvent):
                raise _at(event, *_ALIAS)
            else:
                continue
            if event.anchor is not None:
                raise _at(event, *_ALIAS)
            if event.tag is not None:
                raise _at(event, *_TAG)
            nodes += 1
            if nodes > MOST_NODES:
                raise _at(event, "yaml-size", f"This file has more than {MOST_NODES:,} parts.", _DIVIDE)

            step: str | int
            if isinstance(here, list):
                step, key_event = len(here), event
                here.append(node)
            elif key is None:
                key, key_event = _key(event, node, here), event
                continue
            else:
                step, key = key, None
                here[step] = node
            child = pointer
            if found is not None or stands is not None:
                child = (*pointer, step) if above else ()
                if found is not None:
                    found[child] = _placed(event, key_event, node, text)
                if stands is not None:
                    stands[child] = _spot(event, key_event, node)
            if not isinstance(node, str):
                above.append((here, pointer, flow))
                here, pointer, flow = node, child, event.flow_style
                _check_opening(event, text, len(above))
    except MarkedYAMLError as error:
        raise _said(error, text) from None
    except (ValueError, OverflowError):  # the pure parser, at a character beyond Unicode: "\\U7FFFFFFF"
        raise YamlError(*_ESCAPE, parser.line + 1, parser.column + 1) from None
    if not top or (isinstance(top[0], Bare) and not top[0]):
        raise YamlError("yaml-empty", "There is nothing in this file.", "Fill it, or delete it.", 1, 1)
    return top[0]


def _scalar(event: Any, text: str, alone: bool, flow: bool) -> str:
    """Return a scalar's text, or refuse it: also what one of the two parsers takes and the other does not."""
    value: str = event.value
    if len(value) > MOST_CHARACTERS:
        message = f"This text is longer than {MOST_CHARACTERS:,} characters."
        raise _at(event, "yaml-size", message, "Keep it in a document of its own, and say here where it is.")
    if not event.style:
        if flow and (":" in value or "?" in value):
            raise _at(event, *_FLOW)
        return Bare(value) if _is_bare(value) else value
    if event.style == '"':
        if not (value.isascii() and value.isprintable()) and _REFUSED.search(value):
            raise _at(event, *_ESCAPE)
    elif event.style != "'" and (alone or not _BLOCK_OPENING.match(text, event.start_mark.index)):
        raise _at(event, *_BLOCK)
    return value


def _check_opening(event: Any, text: str, level: int) -> None:
    if level > MOST_LEVELS:
        message = f"Lists and groups are nested more than {MOST_LEVELS} deep here."
        raise _at(event, "yaml-depth", message, _QUOTES)
    if event.flow_style and text[event.start_mark.index] not in "[{":  # [a: b], a mapping without its braces
        raise _at(event, *_FLOW)


def _placed(event: Any, key_event: Any, node: Plain, text: str) -> Place:
    """Return the place of a value; one that is not there stands right after its colon or dash."""
    key, mark = key_event.start_mark, event.start_mark
    line, column = mark.line, mark.column
    if node == "" and not event.style and event is not key_event:
        end = key_event.end_mark
        colon = _COLON.match(text, end.index)
        line, column = end.line, end.column + (colon.end() - end.index if colon else 0)
    return Place(line + 1, column + 1, key.line + 1, key.column + 1)


def _spot(event: Any, key_event: Any, node: Plain) -> Spot:
    if isinstance(node, str):
        style = event.style or ""
    else:
        style = ("[" if event.flow_style else "-") if isinstance(node, list) else "{" if event.flow_style else ":"
    start, end = event.start_mark.index, event.end_mark.index
    if key_event is event or key_event is None:
        return Spot(style, start, end, start, start)
    return Spot(style, start, end, key_event.start_mark.index, key_event.end_mark.index)


def _is_bare(value: str) -> bool:
    return value in _WORDS or (value[0] in "-+.0123456789" and _NUMBER.fullmatch(value) is not None)


def _key(event: Any, node: Plain, siblings: dict[str, Plain]) -> str:
    if not isinstance(node, str):
        message = "A list or a mapping stands before the colon, where only a name may stand."
        raise _at(event, "yaml-key", message, "Put a text that begins with a bracket in quotes.")
    if node == "":
        raise _at(event, *_NO_KEY)
    if node == "<<" and not event.style:
        message = "'<<' merges another part into this one, which is not allowed."
        raise _at(event, "yaml-alias", message, "Write out here what it would have merged.")
    if isinstance(node, Bare) and node.lower() not in _KEY_WORDS:
        message = f"Other programs do not read the name '{shortened(node)}' before the colon as text."
        raise _at(event, "yaml-key", message, "Put it in quotes.")
    if node in siblings:
        message = f"The name '{shortened(node)}' stands twice in the same group."
        raise _at(event, "yaml-duplicate-key", message, "Keep one of the two, or make one list of both.")
    return str(node)


def _at(event: Any, rule: str, message: str, help: str) -> YamlError:
    return YamlError(rule, message, help, event.start_mark.line + 1, event.start_mark.column + 1)


def _said(error: Any, text: str) -> YamlError:
    """Return the parser's own error in plain English, or in its words where no saying fits."""
    words = f"{error.context or ''}: {error.problem or ''}".strip(": ")
    mark = error.problem_mark or error.context_mark
    if "parsing a block " not in words:
        mark = error.context_mark or mark  # the mistake is where the parser began, not where it gave up
    elif text.startswith(":", mark.index):
        return YamlError(*_NO_KEY, mark.line + 1, mark.column + 1)
    for part, saying in _SAYINGS.items():
        if part in words:
            return YamlError(*saying, mark.line + 1, mark.column + 1)
    message = f"This is not YAML: {shortened(words)}."
    help = "Compare the line with one that works in another file."
    return YamlError("yaml-syntax", message, help, mark.line + 1, mark.column + 1)


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _screened(text: str) -> str:
    """Return `text` with LF line ends, or refuse what no parser shall see."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise YamlError("yaml-size", f"This file is larger than {MOST_BYTES:,} bytes.", _DIVIDE, 1, 1)
    text = text.replace("\r\n", "\n")
    if hit := _REFUSED.search(text):
        what, help = "a control or hidden character", "Delete it, and type the words around it again."
        if hit[0] == "\t":
            what, help = "a tab", "Use spaces instead."
        elif hit[0] == "\r":
            what, help = "a line end of an old kind", "Save the file with the line ends LF or CRLF."
        message = f"Here stands <U+{ord(hit[0]):04X}>, {what}, which may not be used."
        raise YamlError("text-control", message, help, *_place(text, hit.start()))
    for hit in _MARKER.finditer("\n" + text):
        start = hit.start()
        if hit[1] == "%":
            message = "'%' at the start of a line begins a directive, which is not allowed."
            raise YamlError("yaml-directive", message, "Delete the line, or indent it.", *_place(text, start))
        if hit[1] == "..." or not _COMMENTS.fullmatch(text, 0, start):
            message = f"'{hit[1]}' ends the document here, and a file holds just one, with nothing after it."
            help = "Delete the line, or move what follows to a file of its own."
            raise YamlError("yaml-documents", message, help, *_place(text, start))
    return text
