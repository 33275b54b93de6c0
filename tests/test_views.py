"""Whatever stands in a record is shown as it is: on a terminal, in Markdown, in CSV. And nothing is cut."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kmics_cli.problems import visible
from kmics_cli.views.blocks import Block, Heading, Items, Paragraph, Table, items
from kmics_cli.views.markdown import escaped, markdown
from kmics_cli.views.tables import comma_separated, harmless
from kmics_cli.views.terminal import terminal, widths

HOSTILE = [
    "\x1b[2J\x1b[31mred",
    "\x9b2J",
    "bell\x07",
    "a\rb",
    "\x1b]8;;http://evil.invalid\x1b\\link\x1b]8;;\x1b\\",
    "\u202eevil\u202c",
    "zero\u200bwidth",
    "line\u2028separator",
    "del\x7f",
    "\ud800",
]
MARKUP = ["[b]bold[/b]", "[/b]", "List [a, b]", "[link=http://evil.invalid]gov[/link]", ":smile:", "[red]", r"\[x]"]


def blocks_of(text: str) -> list[Block]:
    return [
        Heading(text, 1),
        Paragraph(text),
        items(text, (1, text)),
        Table(text, (text, "Two"), ((text, "x"), ("y", text))),
    ]


# --- terminal


@pytest.mark.parametrize("styled", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_terminal_is_told_nothing_by_a_record(text: str, styled: bool) -> None:
    told = terminal(blocks_of(text), 120, styled)
    plain = re.sub(r"\x1b\[[01]m", "", told) if styled else told
    assert all(line == visible(line) for line in plain.split("\n"))
    assert plain.count(visible(text)) == 8


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_as_it_is(text: str) -> None:
    assert terminal(blocks_of(text), 120, False).count(text) == 8


def test_a_styled_page_differs_only_in_bold() -> None:
    page: list[Block] = [Heading("A page", 1), Paragraph("Words."), Table("T", ("A", "B"), (("a", "b"),))]
    styled = terminal(page, 80, True)
    assert "\x1b[1mA page\x1b[0m" in styled
    assert re.sub(r"\x1b\[[01]m", "", styled) == terminal(page, 80, False)


def test_no_line_is_too_wide_and_none_ends_in_spaces() -> None:
    words = "some words of a sentence that goes on and on " * 10
    for width in (40, 80, 140):
        for line in terminal(blocks_of(words), width, False).split("\n"):
            assert len(line) <= width
            assert line == line.rstrip()


WORD = st.text(st.characters(codec="ascii", categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=12)
CELL = st.lists(WORD, min_size=1, max_size=12).map(" ".join)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    count = draw(st.integers(1, 5))
    columns = tuple(draw(CELL) for _ in range(count))
    rows = tuple(tuple(draw(CELL) for _ in range(count)) for _ in range(draw(st.integers(0, 5))))
    return Table("T", columns, rows)


@given(tables(), st.integers(40, 140))
@settings(deadline=None)
def test_columns_fit_and_break_no_word_that_fits(table: Table, width: int) -> None:
    wide = widths(table.columns, table.rows, width)
    count = len(table.columns)
    assert len(wide) == count
    assert all(one >= 1 for one in wide)
    assert sum(wide) + 2 * count <= max(width, 3 * count)
    cells = [table.columns, *table.rows]
    longest = [max(len(word) for line in cells for word in line[index].split()) for index in range(count)]
    if sum(longest) + 2 * count <= width:
        assert all(have >= need for have, need in zip(wide, longest, strict=True))
    most = [max(len(line[index]) for line in cells) for index in range(count)]
    assert all(have <= need for have, need in zip(wide, most, strict=True)), "no wider than its text"
    if sum(most) + 2 * count <= width:
        assert wide == most


@given(tables(), st.integers(40, 140))
@settings(deadline=None)
def test_a_table_loses_no_word(table: Table, width: int) -> None:
    """Column by column, what is printed is what the cells say, apart from where lines break."""
    wide = widths(table.columns, table.rows, width)
    lines = terminal([Heading("H"), table], width, False).split("\n")[1:-1]
    assert all(len(line) <= width for line in lines)
    starts = [sum(wide[:index]) + 2 * index for index in range(len(wide))]
    printed = []
    for start, one in zip(starts, wide, strict=True):
        printed.append(
            "".join(line[start : start + one] for line in lines if not set(line) <= {"-", " "}).replace(" ", "")
        )
    told = [
        "".join(line[index] for line in (table.columns, *table.rows)).replace(" ", "") for index in range(len(wide))
    ]
    assert printed == told


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=4))
@settings(deadline=None)
@example(["[/b]"])
@example(["x" * 200])
@example(["名前 は 長い"])
def test_a_terminal_takes_any_text(texts: list[str]) -> None:
    table = Table("T", tuple(texts), (tuple(texts),))
    told = terminal([Heading(texts[0]), *[Paragraph(text) for text in texts], items(*texts), table], 80, False)
    assert all(line == visible(line) for line in told.split("\n"))
    flat = re.sub(r"\s", "", told)
    for text in texts:
        assert re.sub(r"\s", "", visible(text)) in flat


def test_ids_break_at_their_hyphens() -> None:
    table = Table("T", ("Id", "Words"), (("nowshire-board/voluntary-sector-participant", "words " * 30),))
    told = terminal([table], 60, False)
    assert any(line.rstrip().startswith("nowshire-board/") for line in told.split("\n"))
    first = [line.split("  ")[0].strip() for line in told.split("\n")[3:] if line[:1].strip()]
    assert "".join(first).startswith("nowshire-board/voluntary-sector-participant")
    assert all(part.endswith(("-", "/")) for part in first[:-1])


# --- Markdown


INJECTIONS = [
    "| a | b |",
    "<script>alert(1)</script>",
    "<!-- end -->",
    "--> <b>",
    "[text](http://evil.invalid)",
    "![image](http://evil.invalid/x.png)",
    "http://evil.invalid",
    "https://evil.invalid/a_b",
    "HTTPS://EVIL.INVALID",
    "www.evil.invalid",
    "mailto:a@evil.invalid",
    "javascript:alert(1)",
    "@everyone",
    "cc @octocat, @org/team",
    "a@b.example",
    "fixes #123",
    "GH-1",
    "*bold* _it_ ~~no~~ `code`",
    "```sh",
    "# heading",
    "## heading",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "> quote",
    "---",
    "===",
    "a\n# heading\n\n- item",
    "    code",
    "&lt; &#x41; &copy;",
    "trailing \\",
    "a\\|b",
    "^note[^1]",
    "$$x$$",
    ":smile:",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_markdown_out_of_a_record_is_text(text: str) -> None:
    told = escaped(text)
    assert "\n" not in told
    for sign in "|<>[]`*_~!#":
        assert re.search(rf"(?<!\\)(?:\\\\)*{re.escape(sign)}", told) is None, told
    assert (
        not re.search(r"(?i)\b(?:https?|ftp|mailto):(?!\u200b)|\bwww\.(?!\u200b)", told.replace(":", ":"))
        or "\u200b" in told
    )
    assert not re.search(r"(?<![\w.])@\w", told)
    assert not re.match(r"\s*(?:[-+=]|\d+[.)])(?:\s|$)", told)
    if "&" in text:
        assert "\\&" in told


@given(st.text(max_size=80))
def test_unescaped_markdown_is_the_text(text: str) -> None:
    back = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped(text).replace("\u200b", ""))
    assert back == " ".join(visible(text).split())


@pytest.mark.parametrize("text", [*INJECTIONS, *HOSTILE])
def test_a_table_of_markdown_keeps_its_shape(text: str) -> None:
    told = markdown([Table("Caption", ("A", text), ((text, "b"), ("c", text)))])
    rows = [line for line in told.split("\n") if line.startswith("|")]
    assert len(rows) == 4
    assert rows[1] == "| --- | --- |"
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 3 for row in rows)
    assert told.startswith("Table 1: Caption\n\n| A | ")


@pytest.mark.parametrize("text", [*INJECTIONS, *HOSTILE])
def test_a_page_of_markdown_has_the_headings_it_was_given(text: str) -> None:
    told = markdown(blocks_of(text))
    lines = told.split("\n")
    assert [line.split(" ")[0] for line in lines if line.startswith("#")] == ["#"]
    assert sum(bool(re.match(r"\s*- ", line)) for line in lines) == 2
    assert told.endswith("\n")
    assert not told.endswith("\n\n")


def test_blocks_as_markdown() -> None:
    page: list[Block] = [
        Heading("A page", 1),
        Paragraph("Words."),
        Heading("Part"),
        Items(((0, "one"), (1, "two"))),
        Table("Cap", ("A", "B"), (("a", "b"),)),
        Table("Cup", ("C",), ()),
    ]
    assert markdown(page) == (
        "# A page\n\nWords.\n\n## Part\n\n- one\n  - two\n\nTable 1: Cap\n\n| A | B |\n| --- | --- |\n| a | b |\n\n"
        "Table 2: Cup\n\n| C |\n| --- |\n"
    )


# --- CSV


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        " =1",
        '"=1',
        "'=1",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    told = harmless(text)
    assert told.startswith("'") or told.lstrip(" \"'")[0] not in "=+-@＝＋－＠\t\r\n"
    assert told.endswith(text[-1])


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-5, "-5"),
        (0, "0"),
        (2.5, "2.5"),
        (-0.5, "-0.5"),
        ("2022-07-01", "2022-07-01"),
        ("012", "012"),
        ("5E1", "5E1"),
        ("Zoë", "Zoë"),
        ("a\nb", "a\\x0ab"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202e", "<U+202E>"),
        (["a", "b"], "a; b"),
        ([], ""),
        (["=1", "b"], "'=1; b"),
        ("", ""),
        ("'", "'"),
    ],
)
def test_cells(cell: Any, told: str) -> None:
    assert harmless(cell) == told


def test_csv_is_of_rfc_4180() -> None:
    told = comma_separated(["a", "b"], [["x,y", 'q"q'], ["l1  l2", None]])
    assert told == '"a","b"\r\n"x,y","q""q"\r\n"l1 l2",""\r\n'


def test_text_is_quoted_and_numbers_are_not() -> None:
    rows: list[list[Any]] = [["012", "5E1", "2022-07-01", "true"], [12, 2.5, True, "Zoë"]]
    told = comma_separated(["=a", "b", "c", "d"], rows)
    assert told.split("\r\n")[:3] == ['"\'=a","b","c","d"', '"012","5E1","2022-07-01","true"', '12,2.5,"yes","Zoë"']


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
def test_csv_reads_back(rows: list[list[str]]) -> None:
    told = comma_separated(["a", "b"], rows)
    assert told.count("\r\n") == len(rows) + 1
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", told)
    back = list(csv.reader(io.StringIO(told, newline="")))
    assert back == [["a", "b"], *[[harmless(cell) for cell in row] for row in rows]]
    for row in back[1:]:
        for cell in row:
            assert cell.lstrip(" \"'")[:1] not in tuple("=+-@＝＋－＠") or cell.startswith("'")
