"""Pages for Word and browsers, as far as they are ours: what is handed to pandoc, what is refused, and the stamp read back.

What pandoc, Word's format and a browser make of them is looked at in tests/tools/test_word.py, where pandoc is installed.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bless import Ran, run
from kmics_cli.papers.pandoc import converted, document, plain
from kmics_cli.papers.word import stamp_of
from kmics_cli.problems import UserError, visible
from kmics_cli.views.blocks import Block, Folded, Heading, Items, Paragraph, Table, items

HOSTILE = "<script>x</script> [a](http://b) | `c` ![d](/etc/passwd) $\\input{e}$ {.f} --- ''' &amp; \x1b[1m\u202e 012 =1+1 <!-- g -->"
NODES = {
    "Header",
    "Para",
    "Plain",
    "Str",
    "BulletList",
    "Table",
    "Div",
    "RawBlock",
    "AlignRight",
    "AlignDefault",
    "ColWidth",
}
RAW = {"<details><summary>", "</summary>", "</details>"}
TEXT = st.text(max_size=12) | st.just(HOSTILE)


def nodes(of: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of a document, also those within its lists."""
    if isinstance(of, dict):
        if "t" in of:
            yield of
        of = list(of.values())
    if isinstance(of, list):
        for one in of:
            yield from nodes(one)


def said(of: Any) -> list[str]:
    """Return the texts of a document in their order."""
    return [node["c"] for node in nodes(of) if node["t"] == "Str"]


@given(
    st.lists(
        st.builds(Heading, TEXT, st.integers(1, 4))
        | st.builds(Paragraph, TEXT)
        | st.builds(lambda some: items(*some), st.lists(st.tuples(st.integers(0, 20), TEXT), min_size=1))
        | st.builds(lambda summary, text: Folded(summary, items(text)), TEXT, TEXT)
        | st.builds(lambda caption, cell: Table(caption, (cell, "B"), ((cell, cell),), (1,)), TEXT, TEXT)
    ),
    st.booleans(),
)
def test_text_is_handed_over_as_text_and_nothing_else(blocks: list[Block], web: bool) -> None:
    made = document(blocks, web)
    assert {node["t"] for node in nodes(made)} <= NODES
    assert {node["c"][1] for node in nodes(made) if node["t"] == "RawBlock"} <= RAW
    given_texts: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            given_texts.append(block.text)
        elif isinstance(block, Items):
            given_texts += [text for _depth, text in block.items]
        elif isinstance(block, Folded):
            given_texts += [block.summary, block.items.items[0][1]]
        else:
            assert isinstance(block, Table)
            given_texts += [*block.columns, *block.rows[0]]
    told = [text for text in said(made) if not text.startswith("Table ")]
    assert told == [plain(text) for text in given_texts if not plain(text).startswith("Table ")]
    assert all(visible(text) == text for text in told)
    json.dumps(made, allow_nan=False).encode()  # lone surrogates have been made visible


def test_a_caption_is_numbered_and_a_header_cell_says_what_it_heads() -> None:
    table = Table("Seats", ("Seat", "Votes"), (("Chair", "1"),), (1,))
    _first, second = document([table, Paragraph("x"), table])["blocks"][::2]
    _attr, caption, columns, head, _bodies, _foot = second["c"]
    assert said(caption) == ["Table 2: Seats"]
    assert [side["t"] for side, _width in columns] == ["AlignDefault", "AlignRight"]
    assert [cell[0] for cell in head[1][0][1]] == [["", [], [["scope", "col"]]]] * 2


def test_tables_with_the_same_columns_have_them_equally_wide_and_all_fit() -> None:
    narrow = Table("a", ("Seat", "Held by"), (("Chair", "A"),))
    wide = Table("b", ("Seat", "Held by"), (("Chair " * 40, "x" * 10_000),))
    shares = [[width["c"] for _side, width in node["c"][2]] for node in document([narrow, wide])["blocks"]]
    assert shares[0] == shares[1]
    assert sum(shares[0]) == pytest.approx(1, abs=0.001)


def test_a_table_for_a_browser_can_be_scrolled_with_the_keyboard_and_says_what_it_is() -> None:
    div = document([Table(HOSTILE, ("A",), (("b",),))], web=True)["blocks"][0]
    attributes = dict(div["c"][0][2])
    assert attributes == {"role": "group", "aria-label": f"Table 1: {plain(HOSTILE)}", "tabindex": "0"}


def shape(node: dict[str, Any]) -> Any:
    """Return a list as its texts, with the lists within."""
    return [[shape(one) if one["t"] == "BulletList" else said(one)[0] for one in item] for item in node["c"]]


def test_lists_are_nested_as_deep_as_word_goes() -> None:
    some = items((0, "a"), (1, "b"), (1, "c"), (0, "d"), (3, "e"), (1, "f"))
    assert shape(document([some])["blocks"][0]) == [["a", [["b"], ["c"]]], ["d", [["e"], ["f"]]]]
    deep = document([items(*((depth, str(depth)) for depth in range(5_000)))])
    assert len(said(deep)) == 5_000
    assert json.dumps(deep).count("BulletList") == 9


def test_what_is_folded_for_a_browser_stands_open_in_word() -> None:
    folded = [Folded("More", items("a"))]
    assert [node["t"] for node in document(folded)["blocks"]] == ["Para", "BulletList"]
    assert next(node["t"] for node in document(folded, web=True)["blocks"]) == "RawBlock"


@pytest.mark.parametrize("ending", ["docx", "html", "DOCX"])
def test_without_pandoc_a_sentence_says_how_to_get_it(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    done = run("show", "nowshire-board", "-o", str(tmp_path / f"paper.{ending}"))
    assert done.code == 3
    assert done.err == (
        "Word and HTML files are made with pandoc, which is not installed beside kmics.\n"
        "Run pipx inject kmics pypandoc_binary, or pip install 'kmics[word]'.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_word_is_not_for_a_screen() -> None:
    told = "A Word file cannot be shown here.\nGive it a name: -o paper.docx.\n"
    assert run("show", "nowshire-board", "--format", "docx") == Ran(2, "", told)


def found(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", SimpleNamespace(__file__=str(folder / "__init__.py")))


def test_a_pandoc_that_does_not_start_or_does_not_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(monkeypatch, tmp_path)
    with pytest.raises(UserError, match=r"cannot be started: No such file") as missing:
        converted(document([]), "docx")
    assert missing.value.code == 3

    def endless(*_words: Any, timeout: float, **_more: Any) -> None:
        raise subprocess.TimeoutExpired("pandoc", timeout)

    monkeypatch.setattr(subprocess, "run", endless)
    with pytest.raises(UserError, match="longer than 600 seconds"):
        converted(document([]), "docx")


def test_a_pandoc_that_fails_is_told_in_one_harmless_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, tmp_path)
    failed = subprocess.CompletedProcess([], 6, b"", b"Bad\n\x1b[2Jinput " + b"x" * 9_999)
    monkeypatch.setattr(subprocess, "run", lambda *_words, **_more: failed)
    with pytest.raises(UserError) as told:
        converted(document([]), "html5")
    assert told.value.message.startswith("pandoc could not write the file: Bad \\x1b[2Jinput xxx")
    assert len(told.value.message) < 500


def zipped(text: bytes, name: str = "docProps/core.xml") -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return out.getvalue()


def test_the_stamp_of_a_word_file_is_read_back() -> None:
    kept = b'<x><dc:description xml:lang="x">kmics:stamp on=2022-09-20 rev=0123456 &amp; more</dc:description></x>'
    assert stamp_of(zipped(kept)) == "<!-- kmics:stamp on=2022-09-20 rev=0123456 & more -->"


@pytest.mark.parametrize(
    "data",
    [
        b"PK",
        b"PK\x03\x04" + b"\x00" * 100,
        zipped(b"<x/>"),
        zipped(b"<dc:description>x</dc:description>", "other.xml"),
        zipped(b" " * 50_000_000 + b"<dc:description>kmics:stamp on=2022-09-20</dc:description>"),
        zipped(b"<dc:description>" * 5_000),
        zipped(b"<dc:description>x</dc:description>").replace(b"\x08\x00", b"\x63\x00"),
        zipped(b"<dc:description>x</dc:description>")[:-30],
    ],
    ids=["nothing", "noughts", "none", "elsewhere", "bomb", "open", "packed-otherwise", "cut"],
)
def test_a_file_that_is_no_word_file_or_has_no_stamp_gives_none(data: bytes) -> None:
    assert stamp_of(data) == ""


def test_a_word_file_without_a_stamp_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "paper.docx").write_bytes(zipped(b"<x/>"))
    done = run("changes", "--since-paper", str(tmp_path / "paper.docx"))
    assert done.code == 2
    assert "has no stamp of kmics" in done.err
    assert "-o paper.md, paper.docx or paper.html" in done.err
