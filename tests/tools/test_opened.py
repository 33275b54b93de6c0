"""What kmics writes is opened by the programs that people use: Word's format by python-docx and LibreOffice, HTML by
Chromium with axe-core, CSV by LibreOffice Calc, Markdown by markdownlint.

Names of the miniature are changed to such as break careless programs: letters of other alphabets, what is markup somewhere,
what looks like a number, and formulas.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bless import MINI, REAL, TOP, run
from kmics_cli.papers.web import web
from kmics_cli.papers.word import word
from kmics_cli.views.blocks import Heading, Table

pytestmark = pytest.mark.tools

STAMP = "<!-- kmics:stamp on=2026-01-01 draft -->"
HERE = Path(__file__).parent
MODULES = HERE / "node_modules"

NAMES = {
    "ada-invented": "Siân Ŵyn-Llŷr",
    "cai-fictional": "Łukasz Żółć-Święcicki",
    "nan-fancied": "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
    "max-bogus": "Max | Bogus || `code` \\| pipe",
    "kit-feigned": "<script>alert(1)</script> & <b>Kit</b> &amp; <!-- Feigned -->",
    "lil-conjured": "[Lil](http://example.org) ![](file:///etc/passwd) *Conjured* _x_ $\\input{x}$ {.a}",
    "ida-fabled": '=HYPERLINK("http://example.org","Ida")',
    "dee-imaginary": "012",
    "ray-unlikely": "5E1",
    "sam-example": "TRUE",
    "tess-placebo": "1/2",
    "zoe-apocryphal": "+44 1 @SUM(A1)",
}
"""New names of people of the miniature, by their ids."""

PAPERS = {
    "composition": "report composition nowshire-board",
    "checks": "report checks nowshire-board --on 2022-12-01",
    "asked-for": "report asked-for",
    "body": "show nowshire-board --sources",
    "person": "show ida-fabled",
    "document": "show board-constitution-v2 --sources",
    "people": "list people",
    "figures": "list figures --sources",
    "tree": "tree",
    "timeline": "timeline nowshire-icb",
    "changes": "changes 2024-03-31 2026-05-31 --continuing --sources",
    "nothing": "report asked-for people-forum",
}
"""Commands whose pages are made as Word, HTML and Markdown."""

ROWS = ("composition", "body", "people", "figures", "tree", "timeline", "changes", "codes", "documents")
MORE = {"codes": "list bodies --status all", "documents": "list documents"}
"""Commands whose answers are made as CSV."""


def wanted(program: str) -> str:
    found = shutil.which(program)
    assert found, f"{program} is not installed; .ci/run installs it."
    return found


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature with those names, and with bodies whose ids look like numbers."""
    root = shutil.copytree(MINI, tmp_path_factory.mktemp("hostile") / "registry")
    for id, name in NAMES.items():
        file = root / "people" / f"{id}.yaml"
        quoted = json.dumps(name, ensure_ascii=False).replace("\\", "\\\\")
        text, count = re.subn(r"(?m)^name: .*$", f"name: {quoted}", file.read_text("utf-8"))
        assert count == 1
        file.write_text(text, "utf-8", newline="\n")
    for id, name in (("0e12", "012"), ("5e1", "5E1")):
        text = (root / "bodies" / "people-forum.yaml").read_text("utf-8")
        text = re.sub(r"(?m)^name: .*$", f'name: "{name}"', text)
        (root / "bodies" / f"{id}.yaml").write_text(text, "utf-8", newline="\n")
    return root


@pytest.fixture(scope="session")
def papers(registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every paper, in each format."""
    folder = tmp_path_factory.mktemp("papers")
    for name, command in (PAPERS | MORE).items():
        formats = (("docx", "html", "md") if name in PAPERS else ()) + (("csv",) if name in ROWS else ())
        for ending in formats:
            made = run(*command.split(), "-o", str(folder / f"{name}.{ending}"), registry=registry)
            assert (made.code, made.out, made.err) == (0, "", ""), (command, made)
    for day in ("2022-06-30", "2022-09-20", "2026-11-21"):
        target = str(folder / f"real-{day}.html")
        assert run("report", "composition", "icb-board", "--on", day, "-o", target, registry=REAL).code == 0
    return folder


def office(folder: Path, to: str, files: list[Path], *more: str) -> None:
    """Let LibreOffice, with a profile of its own, open files and write them in another format beside them."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [wanted("soffice"), profile, "--headless", *more, "--convert-to", to, "--outdir", str(folder)]
    done = subprocess.run(
        [*command, *map(str, files)], capture_output=True, check=True, encoding="utf-8", timeout=900
    )
    assert done.stdout.count("convert ") == len(files), done.stdout + done.stderr


# What a page says, whatever it is written in: (what it is, its text), in the order of the page.

Said = list[tuple[str, str]]


def in_markdown(file: Path) -> Said:
    told: Said = []
    what = ""
    for token in MarkdownIt("commonmark").enable("table").parse(file.read_text("utf-8")):
        if token.type in ("heading_open", "paragraph_open", "th_open", "td_open"):
            cell = token.tag in ("th", "td")
            what = token.tag if cell or token.tag.startswith("h") else "li" if token.hidden else "p"
        elif token.type == "inline":
            told.append((what, "".join(plain(one) for one in token.children or ())))
    return told


def plain(token: Token) -> str:
    assert token.type in ("text", "text_special"), token  # data is no markup
    return token.content.replace("\u200b", "")


def in_word(document: Document) -> Said:
    told: Said = []
    for block in document.iter_inner_content():
        if isinstance(block, WordTable):
            for index, row in enumerate(block.rows):
                told += [("td" if index else "th", cell.text) for cell in row.cells]
        else:
            told.append((kind(block), block.text))
    return told


def kind(paragraph: WordParagraph) -> str:
    style = paragraph.style
    assert style is not None
    name = style.name or ""
    if name.startswith("Heading "):
        return f"h{name[-1]}"
    properties = paragraph._p.pPr
    return "li" if properties is not None and properties.numPr is not None else "p"


@pytest.mark.parametrize("name", PAPERS)
def test_word_says_what_markdown_says(name: str, papers: Path) -> None:
    assert in_word(docx.Document(str(papers / f"{name}.docx"))) == in_markdown(papers / f"{name}.md")


def test_the_names_come_through(papers: Path) -> None:
    texts = " ".join(text for _what, text in in_word(docx.Document(str(papers / "people.docx"))))
    for name in NAMES.values():
        assert name in texts


@pytest.mark.parametrize("name", PAPERS)
def test_a_word_file_can_be_found_ones_way_in(name: str, papers: Path) -> None:
    """Headings without a skipped level, a caption before each table, header rows that repeat, figures to the right."""
    document = docx.Document(str(papers / f"{name}.docx"))
    levels = [int(what[1]) for what, _text in in_word(document) if re.fullmatch("h[1-9]", what)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    before: Any = None
    tables = 0
    for block in document.iter_inner_content():
        if isinstance(block, WordTable):
            tables += 1
            assert before.style.name == "Caption"
            assert before.text.startswith(f"Table {tables}: ")
            marked = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in block.rows]
            assert marked == [True] + [False] * (len(block.rows) - 1)
            assert all(cell.text for row in block.rows for cell in row.cells)
            wide = [int(column.get(qn("w:w"))) for column in block._tbl.tblGrid.gridCol_lst]
            assert min(wide) > 500
        before = block
    section = document.sections[0]
    assert section.page_width is not None
    assert round(section.page_width.mm) == 210
    assert "Page " in section.footer.paragraphs[0].text


def test_figures_stand_to_the_right(tmp_path: Path) -> None:
    table = Table("Seats", ("Seat", "Votes"), (("Chair", "1"), ("Member", "12")), (1,))
    (tmp_path / "x.docx").write_bytes(word([Heading("A", 1), table], "A", STAMP, None))
    rows = docx.Document(str(tmp_path / "x.docx")).tables[0].rows
    sides = [[cell.paragraphs[0].alignment for cell in row.cells] for row in rows]
    assert sides == [[None, WD_ALIGN_PARAGRAPH.RIGHT]] * 3
    assert 'style="text-align: right;" scope="col">Votes</th>' in web([table], "A", STAMP)


def test_a_word_file_says_what_it_is(papers: Path) -> None:
    for name in PAPERS:
        document = docx.Document(str(papers / f"{name}.docx"))
        about = document.core_properties
        assert about.title == next(text for what, text in in_markdown(papers / f"{name}.md") if what == "h1")
        assert about.language == "en-GB"
        stamp = re.search("<!-- (kmics:stamp .*) -->", (papers / f"{name}.md").read_text("utf-8"))
        assert stamp
        assert about.comments == stamp[1]
        assert str(about.created)[:10] == "2026-11-21"
        assert document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").get(qn("w:val")) == "en-GB"


def test_lists_in_lists_are_lists(papers: Path) -> None:
    document = docx.Document(str(papers / "tree.docx"))
    text = (papers / "tree.md").read_text("utf-8")
    depths = [len(spaces) // 2 for spaces in re.findall(r"(?m)^( *)- ", text)]
    levels = document.element.body.findall(f"{qn('w:p')}/{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:ilvl')}")
    assert [int(one.get(qn("w:val"))) for one in levels] == depths
    assert max(depths) >= 3


def test_a_draft_says_so_on_every_page(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(word([Heading("A", 1)], "A", STAMP, None))
    footer = docx.Document(str(tmp_path / "x.docx")).sections[0].footer
    assert footer.paragraphs[0].text.startswith("DRAFT. A")


def test_every_part_of_a_word_file_is_sound_xml_and_has_its_type(papers: Path) -> None:
    with ZipFile(papers / "people.docx") as archive:
        types = archive.read("[Content_Types].xml").decode()
        assert len(archive.namelist()) == len(set(archive.namelist()))
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))  # noqa: S314  # of our own making
            assert name.endswith(".rels") or name == "[Content_Types].xml" or f'"/{name}"' in types


@pytest.mark.parametrize("ending", ["docx", "html"])
def test_the_same_page_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    found = set()
    for seed in ("0", "1", "2"):
        target = tmp_path / f"{seed}.{ending}"
        command = ["report", "composition", "nowshire-board", "--on", "2026-06-30", "-o", str(target)]
        subprocess.run(
            [sys.executable, "-m", "kmics_cli", *command, "--registry", str(MINI)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            cwd=TOP,
        )
        found.add(target.read_bytes())
    assert len(found) == 1


@pytest.mark.parametrize("ending", ["md", "docx", "html"])
def test_what_happened_since_a_paper_is_told_of_each_kind_alike(ending: str, tmp_path: Path) -> None:
    root = shutil.copytree(MINI, tmp_path / "one" / "registry")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=root.parent, check=True)
    told = []
    for kind_of in ("md", ending):
        paper = str(tmp_path / f"paper.{kind_of}")
        kmics = [sys.executable, "-m", "kmics_cli"]
        where = ["--registry", str(root), "--today", "2026-06-30"]
        subprocess.run([*kmics, "show", "nowshire-board", "--on", "2026-01-31", "-o", paper, *where], check=True)
        asked = [*kmics, "changes", "--since-paper", paper, "--format", "json", *where]
        answer = json.loads(subprocess.run(asked, check=True, capture_output=True, encoding="utf-8").stdout)
        assert answer["paper"].pop("file") == f"paper.{kind_of}"
        told.append(answer)
    assert told[0] == told[1]
    assert told[0]["paper"]["on"] == "2026-01-31"
    assert told[0]["changes"]


# LibreOffice Writer

OFFICE = {
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def test_libreoffice_opens_a_word_file(papers: Path, tmp_path: Path) -> None:
    names = ("composition", "people", "tree")
    files = [papers / f"{name}.docx" for name in names]
    office(tmp_path, "fodt", files)
    office(tmp_path, "pdf", files)
    for name in names:
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF-")
        page = ElementTree.parse(tmp_path / f"{name}.fodt").getroot()  # noqa: S314
        said = in_word(docx.Document(str(papers / f"{name}.docx")))
        level = f"{{{OFFICE['text']}}}outline-level"
        headings = [(f"h{one.get(level)}", text_of(one)) for one in page.iterfind(".//office:text//text:h", OFFICE)]
        assert headings == [(what, text) for what, text in said if what.startswith("h")]
        rows = page.findall(".//table:table-header-rows/table:table-row", OFFICE)
        assert len(rows) == len(docx.Document(str(papers / f"{name}.docx")).tables)
        assert page.findtext(".//office:meta/dc:title", None, OFFICE) == headings[0][1]
        cells = [text_of(one) for one in page.iterfind(".//office:text//table:table-cell/text:p", OFFICE)]
        assert cells == [text for what, text in said if what in ("th", "td")]


def text_of(element: ElementTree.Element) -> str:
    """Return the text of a paragraph; of several spaces, LibreOffice keeps the number."""
    parts = [element.text or ""]
    for one in element:
        spaces = " " * int(one.get(f"{{{OFFICE['text']}}}c", "1")) if one.tag.endswith("}s") else text_of(one)
        parts += [spaces, one.tail or ""]
    return "".join(parts)


# Chromium


@pytest.fixture(scope="session")
def browsed(papers: Path) -> dict[str, dict[str, Any]]:
    """What axe-core says of every page, and Chromium of it on a screen and on a phone."""
    node = wanted("node")
    assert (MODULES / "axe-core").is_dir(), "axe-core is not installed; run `npm ci` in tests/tools."
    (papers / "bad.html").write_text(BAD, "utf-8")
    files = sorted(papers.glob("*.html"))
    done = subprocess.run(
        [node, str(HERE / "axe.mjs"), *map(str, files)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return {file.stem: told for file, told in zip(files, json.loads(done.stdout), strict=True)}


BAD = """<!DOCTYPE html><html><title></title><h3>A</h3><p style="color: #ccc; width: 999px">pale words<img src="none.png">
<div class="table">c</div><script>console.log("d")</script>"""


def test_the_browser_is_not_blind(browsed: dict[str, dict[str, Any]]) -> None:
    told = browsed["bad"]
    assert {"color-contrast", "html-has-lang", "image-alt"} <= {one.partition(":")[0] for one in told["violations"]}
    assert told["asked"] > 1
    assert "d" in told["messages"]
    assert told["overflow"] > 0
    assert not told["focusable"]
    assert "script" in told["tags"]


PAGES = [*PAPERS, "real-2022-06-30", "real-2022-09-20", "real-2026-11-21"]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, browsed: dict[str, dict[str, Any]]) -> None:
    told = browsed[name]
    assert (told["violations"], told["incomplete"]) == ([], [])
    assert told["rules"] >= 15
    assert told["lang"] == "en-GB"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_runs_nothing_and_fits_a_phone(
    name: str, browsed: dict[str, dict[str, Any]]
) -> None:
    told = browsed[name]
    assert told["asked"] == 1
    assert told["messages"] == []
    assert told["overflow"] <= 0
    assert told["focusable"]
    known = "html head meta title style body main h1 h2 h3 h4 p ul li div table caption colgroup col thead tbody tr th td"
    assert set(told["tags"]) <= {*known.split(), "details", "summary"}


@pytest.mark.parametrize("name", PAPERS)
def test_a_browser_shows_what_markdown_says(name: str, papers: Path, browsed: dict[str, dict[str, Any]]) -> None:
    said = [" ".join(text.split()) for _what, text in in_markdown(papers / f"{name}.md")]
    assert [" ".join(text.split()) for text in browsed[name]["texts"]] == said
    assert browsed[name]["title"] == said[0]


# LibreOffice Calc


def in_calc(file: Path) -> list[list[tuple[str, str, str]]]:
    """Return the cells of a sheet, each as its type, its formula, and its value as text."""
    office_, table = (f"{{{OFFICE[name]}}}" for name in ("office", "table"))
    rows = []
    sheet = ElementTree.parse(file).getroot()  # noqa: S314
    for row in sheet.iterfind(".//table:table/table:table-row", OFFICE):
        cells: list[tuple[str, str, str]] = []
        for cell in row.iterfind("table:table-cell", OFFICE):
            text = "\n".join(text_of(one) for one in cell.iterfind("text:p", OFFICE))
            value = cell.get(f"{office_}value") or text
            one = cell.get(f"{office_}value-type", ""), cell.get(f"{table}formula", ""), value
            cells += [one] * min(int(cell.get(f"{table}number-columns-repeated", "1")), 100)
        rows.append(cells)
    return rows


@pytest.fixture(scope="session")
def calculated(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every CSV as Calc opens it: UTF-8, English, with numbers and dates looked for and quoted fields as text."""
    folder = tmp_path_factory.mktemp("calc")
    files = [papers / f"{name}.csv" for name in ROWS]
    office(folder, "fods", files, "--infilter=CSV:44,34,76,1,,2057,true,true")
    return folder


@pytest.mark.parametrize("name", ROWS)
def test_calc_has_every_value_as_it_was(name: str, papers: Path, calculated: Path) -> None:
    rows = list(csv.reader(io.StringIO((papers / f"{name}.csv").read_text("utf-8-sig"), newline="")))
    opened = in_calc(calculated / f"{name}.fods")[: len(rows)]
    assert len(rows) > 1
    wide = len(rows[0])
    assert [[value for _type, _formula, value in cells[:wide]] for cells in opened] == rows
    assert {formula for cells in opened for _type, formula, _value in cells} == {""}
    assert {kind_of for cells in opened for kind_of, _formula, _value in cells} <= {"string", "float", ""}


def test_codes_dates_and_names_are_text_in_calc(calculated: Path) -> None:
    cells = {cell for file in calculated.glob("*.fods") for row in in_calc(file) for cell in row}
    texts = {value for kind_of, _formula, value in cells if kind_of == "string"}
    assert {"012", "0e12", "5e1", "5E1", "2021-07-01"} <= texts
    shown = " ".join(texts)
    for name in NAMES.values():
        assert name in shown
    assert {cell for cell in texts if cell.startswith(("=", "+", "-", "@"))} == set()


def test_calc_runs_no_formula_however_it_opens(papers: Path, tmp_path: Path) -> None:
    """Without the settings above it takes 012 for 12; but nothing is computed."""
    office(tmp_path, "fods", [papers / "people.csv", papers / "body.csv"])
    for file in tmp_path.glob("*.fods"):
        assert {formula for row in in_calc(file) for _type, formula, _value in row} == {""}


# markdownlint


@cache
def linted(*files: str) -> str:
    program = MODULES / "markdownlint-cli2" / "markdownlint-cli2-bin.mjs"
    assert program.is_file(), "markdownlint-cli2 is not installed; run `npm ci` in tests/tools."
    config = str(HERE / "papers.markdownlint-cli2.jsonc")
    command = [wanted("node"), str(program), "--no-globs", "--config", config, *(f":{file}" for file in files)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, check=False, encoding="utf-8", timeout=900)
    assert done.returncode in (0, 1), done.stderr
    assert f"Linting: {len(files)} file(s)" in done.stdout
    return done.stderr


def test_a_linter_finds_nothing_in_what_is_written_and_generated() -> None:
    files = [TOP / "README.md", TOP / "CONTRIBUTING.md", TOP / "CHANGELOG.md", *TOP.glob("docs/**/*.md")]
    files += TOP.glob("tests/golden/**/*.md")
    assert len(files) > 100
    assert linted(*(file.relative_to(TOP).as_posix() for file in sorted(files))) == ""


def test_a_linter_finds_nothing_in_papers_of_odd_names(papers: Path) -> None:
    assert linted(*(file.as_posix() for file in sorted(papers.glob("*.md")))) == ""


def test_the_linter_is_not_blind(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# A\n\n### B\n\n| a |\n| --- |\n| b | c |\n", "utf-8")
    told = linted((tmp_path / "x.md").as_posix())
    assert "MD001" in told
    assert "MD056" in told
