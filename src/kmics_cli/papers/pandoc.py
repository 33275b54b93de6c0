"""Blocks as a pandoc document, and pandoc's answer: Word or HTML in which data stays text.

The document is handed over as data (pandoc's JSON), never as markup: whatever a record says is a string in it, so nothing
in a record can become a link, a picture, a file that is read or a tag. Only pandoc that came with `pypandoc_binary` is
started, in its sandbox, and it sees none of the user's own templates.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kmics_cli.problems import UserError, visible
from kmics_cli.views.blocks import Block, Folded, Heading, Items, Paragraph, Table, unfolded
from kmics_cli.views.terminal import widths

_API = [1, 23, 1]  # pandoc's own types, which have not changed since pandoc 3.0
_DEEPEST = 8  # Word has nine levels of lists
_LINE = 72  # characters that fit on a line of a table in Word, besides what lies between columns
_BETWEEN = 3  # characters of room at the sides of a cell
_PATIENCE = 600.0  # seconds for the largest of lists

Node = dict[str, Any]
_PLAIN: list[Any] = ["", [], []]  # no id, no classes, no attributes


def plain(text: str) -> str:
    """Return text of a record on one line, with what nobody would see made visible."""
    return " ".join(visible(text).split())


def document(blocks: Iterable[Block], web: bool = False) -> Node:
    """Return the blocks as a document of pandoc; `web` is for a browser, where tables scroll and lists fold.

    Tables are numbered in their captions, and those with the same columns have them equally wide.
    """
    nodes: list[Node] = []
    tables = 0
    shown = list(unfolded(blocks))
    shares = _shares([block for block in shown if isinstance(block, Table)])
    for block in shown:
        if isinstance(block, Heading):
            nodes.append({"t": "Header", "c": [block.level, _PLAIN, _inline(block.text)]})
        elif isinstance(block, Paragraph):
            nodes.append({"t": "Para", "c": _inline(block.text)})
        elif isinstance(block, Items):
            nodes.append(_list(block))
        elif isinstance(block, Folded) and web:
            opened, closed = (_html(tag) for tag in ("<details><summary>", "</summary>"))
            summary = {"t": "Plain", "c": _inline(block.summary)}
            nodes += [opened, summary, closed, _list(block.items), _html("</details>")]
        elif isinstance(block, Folded):
            nodes += [{"t": "Para", "c": _inline(block.summary)}, _list(block.items)]
        else:
            tables += 1
            nodes.append(_table(block, f"Table {tables}: {plain(block.caption)}", shares[block.columns], web))
    return {"pandoc-api-version": _API, "meta": {}, "blocks": nodes}


def converted(document: Node, to: str) -> bytes:
    """Return a document as pandoc writes it (`docx`, `html5`). Raises `UserError` (3) without pandoc, or if it fails."""
    try:
        import pypandoc
    except ImportError:
        told = "Word and HTML files are made with pandoc, which is not installed beside kmics."
        raise UserError(told, "Run pipx inject kmics pypandoc_binary, or pip install 'kmics[word]'.", 3) from None
    # Not by pypandoc's own functions: they take the newest pandoc of any on the way, on Windows one in the current folder too.
    folder = Path(pypandoc.__file__).parent / "files"
    program = folder / ("pandoc.exe" if sys.platform == "win32" else "pandoc")
    wanted = [
        str(program),
        "--sandbox",
        "--from=json",
        f"--to={to}",
        "--wrap=none",
        f"--data-dir={folder}",
        "-o",
        "-",
    ]
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and nothing of a record among the words
            wanted, input=json.dumps(document).encode(), capture_output=True, timeout=_PATIENCE, check=False
        )
    except OSError as error:
        told = f"pandoc, with which Word and HTML files are made, cannot be started: {error.strerror}."
        raise UserError(
            told, "Run pipx inject --force kmics pypandoc_binary, or pip install 'kmics[word]'.", 3
        ) from None
    except subprocess.TimeoutExpired:
        told = f"pandoc took longer than {_PATIENCE:.0f} seconds, and was stopped."
        raise UserError(told, "Ask for less, or for Markdown or CSV.", 3) from None
    if done.returncode:
        why = plain(" ".join(done.stderr[:400].decode("utf-8", "replace").split()))
        raise UserError(f"pandoc could not write the file: {why}", "Take Markdown instead: --format md.", 3)
    return done.stdout


def _inline(text: str) -> list[Node]:
    return [{"t": "Str", "c": plain(text)}]


def _html(tag: str) -> Node:
    return {"t": "RawBlock", "c": ["html", tag]}


def _list(items: Items) -> Node:
    """Return a list with lists in its items; an item that is deeper by more than one is taken as deeper by one."""
    top: list[list[Node]] = []
    open_lists = [top]
    for depth, text in items.items:
        del open_lists[min(depth, _DEEPEST) + 1 :]
        if depth >= len(open_lists) and len(open_lists) <= _DEEPEST and open_lists[-1]:
            inner: list[list[Node]] = []
            open_lists[-1][-1].append({"t": "BulletList", "c": inner})
            open_lists.append(inner)
        open_lists[-1].append([{"t": "Plain", "c": _inline(text)}])
    return {"t": "BulletList", "c": top}


def _shares(tables: Iterable[Table]) -> dict[tuple[str, ...], list[float]]:
    """Return what share of the page each column has, by the columns of tables."""
    rows: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for table in tables:
        rows.setdefault(table.columns, []).extend(table.rows)
    wide = {columns: [one + _BETWEEN for one in widths(columns, some, _LINE)] for columns, some in rows.items()}
    return {columns: [round(one / sum(found), 4) for one in found] for columns, found in wide.items()}


def _table(table: Table, caption: str, shares: Sequence[float], web: bool) -> Node:
    sides = [
        {"t": "AlignRight" if index in table.numbers else "AlignDefault"} for index in range(len(table.columns))
    ]
    wide = [{"t": "ColWidth", "c": share} for share in shares]
    head = [_row(table.columns, [["scope", "col"]])]
    body = [_row(row) for row in table.rows]
    caption_block = [None, [{"t": "Plain", "c": _inline(caption)}]]
    columns = [list(pair) for pair in zip(sides, wide, strict=True)]
    node = {
        "t": "Table",
        "c": [_PLAIN, caption_block, columns, [_PLAIN, head], [[_PLAIN, 0, [], body]], [_PLAIN, []]],
    }
    if not web:
        return node
    # A table that is wider than a phone scrolls; whoever has only a keyboard must be able to get to it.
    scrolls = ["", ["table"], [["role", "group"], ["aria-label", caption], ["tabindex", "0"]]]
    return {"t": "Div", "c": [scrolls, [node]]}


def _row(cells: Sequence[str], attributes: Sequence[Sequence[str]] = ()) -> list[Any]:
    attr = ["", [], list(attributes)]
    return [_PLAIN, [[attr, {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": _inline(cell)}]] for cell in cells]]
