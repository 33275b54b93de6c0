"""The proof of an edit: the new text says what it should, other readers see text where text is, and no comment is lost."""

from __future__ import annotations

from typing import Any

from kmics_cli.edit.layout import Layout
from kmics_cli.problems import Pointer
from kmics_cli.yamltext import Bare, Plain, YamlError


def prove(
    before: Layout,
    text: str,
    splice: tuple[int, int, str],
    wanted: Plain,
    placed: tuple[Pointer, Any] | None,
    comments: bool,
) -> str:
    """Return why an edit is not proved; nothing if it is.

    `splice` is what was done: all outside of it is the same by its making. `wanted` is what the new text must say,
    `placed` the new value and where it stands in it. With `comments`, those in the characters taken away may be gone.
    """
    try:
        after = Layout(text)
    except YamlError as error:
        return f"The file could not be read after this edit: {error.message}"
    if after.plain != wanted:
        return "The file is laid out so that this edit would change something else."
    if placed is not None and _bare(_at(after.plain, placed[0]), placed[1]):
        return "Other programs would not read what is put in as text."
    start, end, _new = splice
    kept = [said for at, said in before.comments if not (comments and start <= at < end)]
    if [said for _at, said in after.comments] != kept:
        return "A comment would be lost."
    return ""


def _at(found: Any, pointer: Pointer) -> Any:
    for step in pointer:
        found = found[step]
    return found


def _bare(found: Any, value: Any) -> bool:
    """Return whether a text stands there so that others would read a number, a boolean or nothing."""
    if isinstance(found, dict):
        return any(_bare(found[key], item) for key, item in value.items())
    if isinstance(found, list):
        return any(map(_bare, found, value))
    return isinstance(found, Bare) and isinstance(value, str)
