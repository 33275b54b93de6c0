"""The report of a structure: what it says of each body, its figures, and lists of any depth."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bless import MINI, run
from kmics_cli.views import terminal as room
from kmics_cli.views.blocks import Heading, Items
from kmics_cli.views.terminal import terminal

SETTINGS = """\
name: Test
model: "1"
kinds: {trust: trust, committee: committee, sort: a sort}
"""
PAPER = 'title: A paper\nkind: paper\nspeaks_of: "2022"\n'


def made(folder: Path, bodies: dict[str, str], **more: str) -> Path:
    """Write a registry of bodies, each the lines that its file has besides name, kind and sources."""
    for name in ("bodies", "documents", "people", "priorities"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "kmics.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "documents" / "paper.yaml").write_text(PAPER, encoding="utf-8")
    for id, text in bodies.items():
        lines = f"name: {id.upper()}\nkind: committee\nfrom: 2022-01-01\n{text}sources: [paper]\n"
        (folder / "bodies" / f"{id}.yaml").write_text(lines, encoding="utf-8")
    for path, text in more.items():
        (folder / path.replace("__", "/")).with_suffix(".yaml").write_text(text, encoding="utf-8")
    return folder


def under(*parents: str, relation: str = "committee-of") -> str:
    return "part_of:\n" + "".join(f"- {{body: {one}, relation: {relation}}}\n" for one in parents)


def told(registry: Path, *words: str, day: str = "2022-06-01") -> Any:
    done = run("report", "structure", *words, "--on", day, "--format", "json", registry=registry)
    assert done.code == 0, done
    return json.loads(done.out)


def test_each_body_is_counted_once_and_the_one_asked_about_is_not(tmp_path: Path) -> None:
    registry = made(tmp_path, {"a": "", "b": under("a"), "c": under("a", "b"), "other": ""})
    answer = told(registry, "a")
    assert [(row["id"], row["depth"], row["reference"]) for row in answer["rows"]] == [
        ("a", 0, False),
        ("b", 1, False),
        ("c", 2, False),
        ("c", 1, True),
    ]
    assert answer["summary"]["bodies"] == 2
    assert answer["says"].startswith("On 1 June 2022, 2 bodies below A are recorded, of 1 kind: 2 in being.")
    assert told(registry)["summary"]["bodies"] == 4


def test_the_figures_are_those_of_the_list() -> None:
    for words in ((), ("nowshire-icb",), ("--during", "2024/25")):
        done = run("report", "structure", *words, "--format", "json")
        answer = json.loads(done.out)
        summary = answer["summary"]
        once = {row["id"] for row in answer["rows"]} - {answer["ref"]}
        assert summary["bodies"] == len(once) == sum(one["bodies"] for one in answer["figures"])
        assert sum(summary["levels"].values()) == sum(summary["kinds"].values()) == len(once)
        stands = ("in_being", "not_confirmed", "possibly", "planned", "not_in_being")
        assert sum(summary[name] for name in stands) == len(once)


def test_planned_possible_and_unconfirmed_are_not_told_as_in_being(tmp_path: Path) -> None:
    bodies = {
        "top": "",
        "planned": "planned: {from: 2022-01-01, sources: [paper]}\n" + under("top"),
        "perhaps": under("top"),
        "plain": under("top"),
    }
    registry = made(tmp_path, bodies)
    file = registry / "bodies" / "planned.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("from: 2022-01-01\npl", "pl"), encoding="utf-8")
    file = registry / "bodies" / "perhaps.yaml"
    text = file.read_text(encoding="utf-8").replace("from: 2022-01-01\n", "from: 2022-05/2022-07\n", 1)
    file.write_text(text, encoding="utf-8")
    by_id = {row["id"]: row["standing"] for row in told(registry, "top")["rows"]}
    assert by_id == {"top": "in-being", "planned": "planned", "perhaps": "possibly", "plain": "in-being"}
    later = told(registry, "top", day="2026-06-01")
    assert {row["standing"] for row in later["rows"]} == {"not-confirmed", "planned"}
    page = run("report", "structure", "top", "--on", "2026-06-01", "--format", "md", registry=registry).out
    assert "not confirmed since 2022" in page
    assert "planned, not shown to exist" in page
    assert re.search(r"3 bodies below TOP are recorded, of 1 kind: 2 last confirmed too long ago", page)


def test_a_body_that_is_not_there_says_so(tmp_path: Path) -> None:
    registry = made(tmp_path, {"a": "to: 2022-03-31\n", "b": "to: 2022-03-31\n" + under("a")})
    answer = told(registry, "a", day="2023-01-01")
    assert answer["says"] == "On 1 January 2023, no body below A is recorded. A itself is not in being."


def test_the_chair_is_told_only_where_surely_known(tmp_path: Path) -> None:
    role = (
        "roles:\n  chair:\n    title: Chair\n    member_type: chair\n    appointments:\n"
        "    - {{person: ann, from: {start}, sources: [paper]}}\n"
    )
    bodies = {"sure": role.format(start="2022-01-01"), "unsure": role.format(start="2022-05/2022-08")}
    registry = made(tmp_path, bodies, people__ann="name: Ann Other\n")
    chairs = {row["id"]: [one["name"] for one in row["chairs"]] for row in told(registry)["rows"]}
    assert chairs == {"sure": ["Ann Other"], "unsure": []}
    old = told(registry, day="2026-01-01")["rows"]
    assert not any(row["chairs"] for row in old)
    assert "Ann" not in run("report", "structure", "--on", "2026-01-01", registry=registry).out


def test_bodies_that_stand_alone_are_apart_and_parents_of_one_another_end(tmp_path: Path) -> None:
    bodies = {"a": under("b"), "b": under("a"), "self": under("self"), "alone": "", "lost": under("nobody")}
    page = run("report", "structure", "--on", "2022-06-01", "--format", "md", registry=made(tmp_path, bodies)).out
    families, _, alone = page.partition("## Bodies recorded neither above nor below another")
    assert "- A: committee" in families
    assert "  - B: committee of the body above" in families
    assert "- ALONE: committee" in alone
    assert "- LOST: committee" in alone


def test_a_row_of_parents_of_any_length_is_told_whole(tmp_path: Path) -> None:
    names = [f"b{number}" for number in range(1200)]
    bodies = {name: under(names[index - 1]) if index else "" for index, name in enumerate(names)}
    registry = made(tmp_path, bodies)
    done = run("report", "structure", "b0", "--on", "2022-06-01", registry=registry)
    assert done.code == 0, done.err
    assert len(re.findall(r"^ *- B[0-9]+:", done.out, re.MULTILINE)) == 1200
    table = run("report", "structure", "b0", "--on", "2022-06-01", "--format", "csv", registry=registry).out
    rows = list(csv.DictReader(io.StringIO(table)))
    assert rows[-1]["id"] == "b1199"
    assert rows[-1]["depth"] == "1199"


@pytest.mark.parametrize("width", [40, 57, 80, 140])
def test_plain_words_are_laid_out_as_any_others(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrapped without a table looks as if it had been wrapped in one."""
    words = [
        "A short item",
        "word " * 30 + "end",
        "x" * 36 + " and-a-half " + "y" * 35,
        "a/b-c, " * 20 + "z",
        "- dash",
    ]
    items = Items(tuple((depth, text.strip()) for depth in (0, 1, 3, 5, 0) for text in words))
    quick = terminal([Heading("Title", 1), items], width, False)
    monkeypatch.setattr(room, "_is_simple", lambda *_: False)
    assert quick == terminal([Heading("Title", 1), items], width, False)


def test_what_is_not_plain_is_left_to_the_table() -> None:
    assert room._is_simple("plain words, and a dash - too", 40)
    for odd in ("Łukasz", "two  spaces", " before", "after ", "x" * 41, "a\ttab", ""):
        assert not room._is_simple(odd, 40) or odd == "", odd


def test_the_miniature_reads_as_it_should() -> None:
    page = run("report", "structure", "nowshire-icb", "--format", "md", registry=MINI).out
    assert page.startswith("# Structure: Nowshire Integrated Care Board, on 30 June 2026\n")
    assert "Board of the Nowshire Integrated Care Board: board of the body above; since 1 July 2021" in page
    assert "[1]" in page.replace("\\", "")
    assert "_" not in page.split("<!--")[0]
