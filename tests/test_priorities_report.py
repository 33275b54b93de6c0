"""The report of priorities: how each set stands on a day, and the line from an earlier item to a later one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bless import MINI, MINI_DAY, REAL, REAL_DAY, run
from registries import laid

CHAIN = """
--- priorities/first.yaml
name: First
owner: alpha
from: 2020-01-01
to: 2022-12-31
status: superseded
recorded: complete
items:
- number: 1
  summary: One
  items:
  - number: 1
    summary: One and one
- number: 2
  summary: Two
sources: [paper line 1]
--- priorities/second.yaml
name: Second
owner: alpha
from: 2023-01-01
status: agreed
recorded: complete
items:
- number: 1
  summary: Again one
  follows:
  - item: first/1
    confidence: inferred
    note: Nearly the same words.
- number: 2
  summary: New
sources: [paper line 2]
--- priorities/third.yaml
name: Third
owner: ministry
from: 2024-01-01
items:
- number: 1
  title: Both
  summary: At last
  follows:
  - item: second/1
  - item: first/1.1
sources: [paper line 3]
--- bodies/ministry.yaml
name: Ministry
kind: board
from: 2020-01-01
sources: [paper line 1]
"""


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    snapshot, _then = laid(CHAIN)
    for path, data in snapshot.texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def answer(*words: str, registry: Path = MINI, today: str = MINI_DAY) -> Any:
    done = run("report", "priorities", *words, "--format", "json", registry=registry, today=today)
    assert (done.code, done.err) == (0, ""), done
    return json.loads(done.out)


def lines(found: Any) -> list[tuple[int, str]]:
    return [(line["depth"], line["id"] + (" again" if line["again"] else "")) for line in found["lines"]]


def test_the_line_is_told_from_the_earliest_item_to_the_latest(chain: Path) -> None:
    whole = [(0, "first/1"), (1, "second/1"), (2, "third/1"), (0, "first/1.1"), (1, "third/1 again")]
    assert lines(answer(registry=chain)) == whole
    for one in ("first", "third"):  # in both directions, from either end
        assert lines(answer(one, registry=chain)) == whole
    second = answer("second", registry=chain)
    assert lines(second) == whole[:3]
    (row, _other) = second["rows"]
    assert (row["follows"], row["followed_by"]) == (["first/1"], ["third/1"])


def test_what_leads_nowhere_and_what_follows_nothing(chain: Path) -> None:
    found = answer(registry=chain)
    assert found["leads_nowhere"] == ["first/2", "second/2"]
    assert found["follows_nothing"] == ["second/2"]
    assert (found["summary"]["follow"], found["summary"]["lead_on"]) == (2, 3)
    assert "of their 6 items, 2 follow an earlier item and 3 lead on to a later one" in found["says"]


def test_what_had_not_begun_is_no_part_of_the_line(chain: Path) -> None:
    found = answer("--on", "2022-06-30", registry=chain)
    assert [one["id"] for one in found["sets"]] == ["first"]
    assert (found["sets"][0]["standing"], found["lines"], found["leads_nowhere"]) == ("in-force", [], [])
    later = answer("--on", "2023-06-30", registry=chain)
    assert {one["id"]: one["standing"] for one in later["sets"]}["first"] == "replaced"
    assert lines(later) == [(0, "first/1"), (1, "second/1")]


def test_inferred_links_are_said_as_inferred(chain: Path) -> None:
    found = answer(registry=chain)
    assert [one["says"] for one in found["inferred"]] == [
        "That Second, item 1, follows First, item 1: Nearly the same words."
    ]
    text = run("report", "priorities", "--format", "md", registry=chain).out
    assert "  - Second, item 1: Again one (inferred)" in text
    assert "    - Third, item 1: Both\n" in text


@pytest.mark.parametrize(
    ("day", "standings"),
    [
        ("2026-06-30", "replaced dropped not-confirmed proposed in-force planned"),
        ("2017-06-30", "in-force"),
        ("2024-03-01", "replaced in-force in-force proposed"),
        ("2028-01-01", "replaced dropped not-confirmed proposed ended planned"),
    ],
)
def test_how_sets_stand_on_a_day(day: str, standings: str) -> None:
    assert [one["standing"] for one in answer("--on", day)["sets"]] == standings.split()


def test_of_a_body_and_those_below_it() -> None:
    found = answer("nowshire-icb")
    assert [one["id"] for one in found["sets"]] == ["digital-aims", "strategy-aims", "forum-wishes", "board-aims"]
    assert (
        "4 sets of priorities of Nowshire Integrated Care Board and the bodies below it are recorded"
        in found["says"]
    )
    nothing = answer("people-committee")
    assert (nothing["sets"], nothing["rows"]) == ([], [])
    assert "no set of priorities of People Committee and the bodies below it is recorded" in nothing["says"]


def test_from_vision_to_outcome() -> None:
    found = answer("integrated-care-strategy-outcomes", registry=REAL, today=REAL_DAY)
    assert [line["id"] for line in found["lines"][:2]] == ["ics-vision/1", "integrated-care-strategy-outcomes/1"]
    assert [line["depth"] for line in found["lines"]] == [0, 1] * 6
    assert all(line["follows"][0]["confidence"] == "inferred" for line in found["lines"] if line["depth"])
    assert len(found["inferred"]) == 6
    (one,) = found["sets"]
    assert one["standing"] == "not-confirmed"
    assert [step["step"] for step in one["approvals"]] == ["recommended", "approved", "approved"]
    assert "is not confirmed lately; of its 6 items, 6 follow an earlier item and none lead on" in found["says"]
    before = answer("integrated-care-strategy-outcomes", "--on", "2023-12-31", registry=REAL, today=REAL_DAY)
    assert [step["step"] for step in before["sets"][0]["approvals"]] == ["recommended", "approved"]
    forward = answer("ics-vision", registry=REAL, today=REAL_DAY)
    assert lines(forward) == lines(found)


def test_a_role_or_person_has_no_priorities() -> None:
    done = run("report", "priorities", "ada-invented")
    assert (done.code, done.out) == (2, "")
    assert "is not a body or a set of priorities" in done.err


def test_a_long_line_is_not_told_ever_deeper(chain: Path) -> None:
    items = "".join(
        f"- number: {number}\n  summary: Item\n"
        + (f"  follows:\n  - item: long/{number - 1}\n" if number > 1 else "")
        for number in range(1, 41)
    )
    text = f"name: Long\nowner: alpha\nfrom: 2020-01-01\nitems:\n{items}sources: [paper line 1]\n"
    (chain / "priorities/long.yaml").write_text(text, encoding="utf-8")
    found = answer("long", registry=chain)
    assert max(line["depth"] for line in found["lines"]) == 39
    text = run("report", "priorities", "long", "--format", "md", registry=chain).out
    assert max(len(line) - len(line.lstrip()) for line in text.splitlines()) == 24
