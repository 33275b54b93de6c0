"""One part of a file put, added or taken away: the text is as a careful human would have left it."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from bless import MINI, REAL
from kmics_cli.edit import EditError, append, fresh, put, rekey, remove
from kmics_cli.edit.canonical import canonical
from kmics_cli.edit.layout import Layout
from kmics_cli.edit.proof import prove
from kmics_cli.shape import Shapes, schema_folder
from kmics_cli.yamltext import YamlError, decode, read, spots
from layouts import Maker, tried

SHAPES = Shapes(schema_folder())
FILE = b"""\
# top
name: Alpha  # the name
from: 2020-01-01
kinds: [a, b]   # short
roles:
  chair:
    title: 'Chair'
    appointments:
    # the first
    - person: ann-other
      from: 2020-01-01
      # of the first
    - person: bo-other

note: >-
  A long note
  in two lines.
"""
MOVES: dict[str, tuple[bytes, str, str]] = {
    "a value, its comment kept": (
        put(FILE, ("name",), "Beta"),
        "name: Alpha  # the name\n",
        "name: Beta  # the name\n",
    ),
    "quotes stay": (put(FILE, ("roles", "chair", "title"), "Lead"), "'Chair'", "'Lead'"),
    "a new key where the schema has it": (
        put(FILE, ("to",), "2021-01-01", ("name", "from", "to", "kinds")),
        "from: 2020-01-01\nkinds",
        "from: 2020-01-01\nto: 2021-01-01\nkinds",
    ),
    "text that others would read as a number": (put(FILE, ("name",), "2016"), "name: Alpha ", 'name: "2016" '),
    "a number": (put(FILE, ("seats",), 3), "  in two lines.\n", "  in two lines.\nseats: 3\n"),
    "into brackets": (append(FILE, ("kinds",), "c, d"), "[a, b]", '[a, b, "c, d"]'),
    "below the comments of the item before": (
        append(FILE, ("roles", "chair", "appointments"), {"person": "cy-other"}, 1),
        "      # of the first\n",
        "      # of the first\n    - person: cy-other\n",
    ),
    "at the end of a list, before the blank line": (
        append(FILE, ("roles", "chair", "appointments"), {"person": "cy-other", "sources": ["a line 3"]}),
        "    - person: bo-other\n",
        "    - person: bo-other\n    - person: cy-other\n      sources:\n      - a line 3\n",
    ),
    "a list that was not there": (append(FILE, ("former_ids",), "old"), "lines.\n", "lines.\nformer_ids:\n- old\n"),
    "an item with its comments": (
        remove(FILE, ("roles", "chair", "appointments", 0), comments=True),
        "    - person: ann-other\n      from: 2020-01-01\n      # of the first\n",
        "",
    ),
    "an item without its comments": (
        remove(FILE, ("roles", "chair", "appointments", 0)),
        "    - person: ann-other\n      from: 2020-01-01\n      # of the first\n",
        "    # of the first\n",
    ),
    "the first key of an item": (
        remove(FILE, ("roles", "chair", "appointments", 0, "person")),
        "    - person: ann-other\n      from",
        "    - from",
    ),
    "another key": (rekey(FILE, ("roles", "chair"), "lead"), "  chair:\n", "  lead:\n"),
    "a folded text": (
        put(FILE, ("note",), "Short."),
        "note: >-\n  A long note\n  in two lines.\n",
        "note: Short.\n",
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_move_changes_this_and_nothing_else(name: str) -> None:
    after, old, new = MOVES[name]
    assert FILE.count(old.encode()) == 1
    assert after.decode() == FILE.decode().replace(old, new)


def test_line_ends_and_a_missing_last_one_stay() -> None:
    windows = FILE.replace(b"\n", b"\r\n")
    assert put(windows, ("to",), "2021").decode() == put(FILE, ("to",), "2021").decode().replace("\n", "\r\n")
    mixed = FILE.replace(b"roles:\n", b"roles:\r\n")
    assert put(mixed, ("roles", "chair", "voting"), True).count(b"\r\n") == 1
    assert put(b"name: A", ("to",), "2021-01") == b"name: A\nto: 2021-01"


@pytest.mark.parametrize(
    "move",
    [
        lambda: put(FILE, ("nowhere", "x"), "y"),
        lambda: append(FILE, ("name",), "y"),
        lambda: remove(FILE, ("to",)),
        lambda: remove(b"name: A\n", ("name",)),
        lambda: rekey(FILE, ("name",), "from"),
        lambda: put(b"name: [", ("name",), "x"),
        lambda: put(b"? name\n", ("name",), "x"),
        lambda: canonical(b"? name\n", lambda _pointer: {}),
        lambda: put(b"name: \xff", ("name",), "x"),
    ],
)
def test_what_cannot_be_done_safely_is_refused(move: Any) -> None:
    with pytest.raises(EditError):
        move()


def test_odd_layouts_are_edited_rightly_or_not_at_all() -> None:
    """The short form; `python benchmarks/fuzz.py edits` makes more than 100,000 edits."""
    found = [tried(Random(seed)) for seed in range(250)]  # noqa: S311  # the same each time, on purpose
    assert [one for one in found if one not in ("done", "refused", "odd")] == []
    assert found.count("refused") < 0.03 * found.count("done")
    assert found.count("done") > 100


def test_a_new_file_is_laid_out_as_all_are() -> None:
    data: Any = {"name": "A", "kind": "board", "sources": ["paper line 1"], "note": "word " * 40 + "end"}
    made = fresh(data, "# header")
    assert canonical(made, about("bodies")) == made
    assert read(decode(made)) == data


def about(kind: str) -> Any:
    return lambda pointer: SHAPES.about(kind, pointer)


@pytest.mark.parametrize("root", [MINI, REAL], ids=["mini", "real"])
def test_every_place_of_every_record_can_be_edited(root: Path) -> None:
    """Each scalar put anew is the same file; the real registry is laid out as all are."""
    for path in sorted(root.rglob("*.yaml"))[:: 5 if root == REAL else 3]:
        data = path.read_bytes()
        text = decode(data)
        plain: Any = read(text)
        places = [pointer for pointer, spot in spots(text)[1].items() if spot.style in ("", "'", '"') and pointer]
        for pointer in places[::25]:
            value = plain
            for step in pointer:
                value = value[step]
            assert put(data, pointer, str(value) + "x") != data
        kind = path.relative_to(root).parts[0].removesuffix(".yaml")
        if root == REAL:
            assert canonical(data, about(kind)) == data, path


LAID: dict[str, tuple[str, str]] = {
    "quotes where others would not see text, and only there": (
        "name: 2016\nkind: 'board'\nlevel: \"system\"\n",
        'name: "2016"\nkind: board\nlevel: system\n',
    ),
    "the schema's order, comments moving along": (
        "sources: [a line 1] # s\n# of the kind\nkind: board\nname: A\n",
        "name: A\n# of the kind\nkind: board\nsources: [a line 1] # s\n",
    ),
    "lists in lines, at the column of their key": (
        "names:\n    - name: A\n      use:   short\n\n\n    -   {name: B, use: short}\n",
        "names:\n- name: A\n  use: short\n\n- name: B\n  use: short\n",
    ),
    "numbers stay numbers": ("roles:\n    a:\n        seats: 2\n", "roles:\n  a:\n    seats: 2\n"),
    "line ends": ("name: A\r\nkind: board", "name: A\nkind: board\n"),
    "a text too long is folded": (
        "note: " + "word " * 30 + "end\n",
        "note: >-\n  " + ("word " * 23).strip() + "\n  " + "word " * 7 + "end\n",
    ),
}


@pytest.mark.parametrize("name", LAID)
def test_fmt_gives_the_one_layout(name: str) -> None:
    before, after = LAID[name]
    assert canonical(before.encode(), about("bodies")).decode() == after


def test_fmt_loses_nothing_and_the_same_again_is_the_same() -> None:
    refused = 0
    for seed in range(120):
        maker = Maker(Random(seed))  # noqa: S311  # the same each time, on purpose
        data, text = maker.file()
        try:
            if read(text, pure=True) != data:
                continue
            made = canonical(text.encode(), lambda _pointer: {})
        except YamlError:
            continue
        except EditError:
            refused += 1
            continue
        assert read(decode(made), pure=True) == data
        assert canonical(made, lambda _pointer: {}) == made
        for number in range(1, maker.count + 1):
            assert made.decode().count(f"# c{number} ") == text.count(f"# c{number} ")
    assert refused < 5


PROVED = "name: Alpha # c\nfrom: 2020-01-01\n"


@pytest.mark.parametrize(
    ("text", "wanted", "placed", "said"),
    [
        ("name: Beta # c\nfrom: 2020-01-01\n", {"name": "Beta", "from": "2020-01-01"}, "Beta", ""),
        ("name: Beta # c\nfrom: 2021-01-01\n", {"name": "Beta", "from": "2020-01-01"}, "Beta", "something else"),
        ("name: Beta\nfrom: 2020-01-01\n", {"name": "Beta", "from": "2020-01-01"}, "Beta", "comment"),
        ("name: Beta # d\nfrom: 2020-01-01\n", {"name": "Beta", "from": "2020-01-01"}, "Beta", "comment"),
        ("name: 12 # c\nfrom: 2020-01-01\n", {"name": "12", "from": "2020-01-01"}, "12", "as text"),
        ("name: 12 # c\nfrom: 2020-01-01\n", {"name": "12", "from": "2020-01-01"}, 12, ""),
        ("name: [ # c\nfrom: 2020-01-01\n", {}, "[", "could not be read"),
    ],
)
def test_the_proof_finds_what_is_not_as_it_should_be(text: str, wanted: Any, placed: Any, said: str) -> None:
    """Whatever made the new text: no edit known gets this far wrong, so that the proof is tried by itself."""
    found = prove(Layout(PROVED), text, (6, 11, "Beta"), wanted, (("name",), placed), False)
    assert said in found
    assert bool(found) == bool(said)
