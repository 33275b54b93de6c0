"""Where a thing stands, what is wrong with it, and what cannot be done: the three kinds of bad news.

Bad data is a `Problem` value, collected and never raised. An impossible request is a `UserError`, raised
and caught once, at the edge. A bug is a traceback. Nothing here reads a file or prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Pointer = tuple[str | int, ...]
"""The way from the top of a file to a part of it: `("roles", "chair", "appointments", 0)`."""

# What Unicode says may be left undrawn (Default_Ignorable_Code_Point), and what marks, joins or turns text:
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""The characters that nobody sees, as they stand in the brackets of a regular expression."""

_UNSEEN = re.compile(f"[\x00-\x1f\x7f-\x9f{UNSEEN}]")


def visible(text: str) -> str:
    """Return `text` with what a terminal or a reader would not show made visible.

    Control characters (C0, DEL, C1) become `\\x1b`; bidirectional marks, characters without width or shape,
    line separators, tags and lone surrogates become `<U+202E>`. Plain text comes back unchanged. Used for
    whatever came from a file, a file's name or the command line before it is printed (kubectl CVE-2021-25743).
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0xA0 else f"<U+{code:04X}>"


def shortened(text: str, most: int = 80) -> str:
    """Return `text` made visible and cut to `most` characters, so that no message carries a whole file."""
    seen = visible(text[: most + 1])
    return seen if len(text) <= most else seen[:most] + "…"


@dataclass(frozen=True, slots=True)
class Source:
    """A place in the registry: `path` from its root, with `/`, and the pointer into the file."""

    path: str
    pointer: Pointer = ()

    def at(self, *steps: str | int) -> Source:
        """Return the place `steps` further in."""
        return Source(self.path, (*self.pointer, *steps))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the registry's data, and what to do about it.

    `rule` is the name of what was broken, `severity` one of error, warning and info. `source` says where;
    `line` and `column` (from 1) are 0 until they are looked up, which is done only for what is printed.
    `same` is what tells the problem from all others of its rule, where its message or its place may change with how many
    cases it stands for; `weight` is how many those are. `on_key` is true where the guilty text is the key and not its value.
    """

    rule: str
    severity: str
    source: Source
    message: str
    help: str = ""
    line: int = 0
    column: int = 0
    on_key: bool = False
    same: str = field(default="", compare=False)
    weight: int = field(default=1, compare=False)
    related: tuple[Source, ...] = field(default=(), compare=False)


class UserError(Exception):
    """A request that cannot be met: what is wrong, what to do, and the exit code.

    Exit codes: 2 asked wrongly (unknown name, bad option); 3 could not run (no registry, unreadable disk).
    """

    def __init__(self, message: str, help: str = "", code: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code
