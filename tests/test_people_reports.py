"""Reports about people: joiners and leavers, who sits where, who is who."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bless import MINI, MINI_DAY, REAL, REAL_DAY, run
from kmics_cli.model import MEMBER_TYPES
from kmics_cli.reports.frame import LISTED
from kmics_cli.views.blocks import Table
from kmics_cli.views.papers.composition import GROUPS
from kmics_cli.views.papers.matrix import _AS
from kmics_cli.views.terminal import fits
from registries import laid

FILES = """
--- kmics.yaml
name: Test
model: "1"
kinds: {icb: icb, board: board, committee: committee, trust: trust}
--- documents/paper.yaml
title: A paper
kind: paper
speaks_of: 2026-06-01
--- documents/old.yaml
title: An old paper
kind: paper
speaks_of: 2022-06-01
--- people/ann-a.yaml
name: Ann A
--- people/ben-b.yaml
name: Ben B
--- people/cat-c.yaml
name: Cat | C
--- people/dan-d.yaml
name: Dan D
--- bodies/icb-a.yaml
name: ICB A
kind: icb
from: 2020-01-01
sources: [paper]
--- bodies/sub-c.yaml
name: Sub C
kind: committee
from: 2020-01-01
part_of:
- body: audit-c
  relation: sub-committee-of
sources: [paper]
roles:
  member:
    title: Member
    member_type: member
    seats: 3
    appointments:
    - person: dan-d
      from: 2026-05
      sources: [paper]
--- bodies/audit-c.yaml
name: Audit C
kind: committee
from: 2020-01-01
part_of:
- body: icb-a
  relation: committee-of
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ben-b
      from: 2020-01-01
      to: 2026-03-31
      sources: [paper]
    - person: ann-a
      from: 2026-04-01
      sources: [paper]
  member:
    title: Member
    member_type: member
    seats: 3
    appointments:
    - person: ann-a
      from: 2022-01-01
      to: 2026-03-31
      sources: [paper]
  observer:
    title: Observer
    member_type: observer
    appointments:
    - person: cat-c
      from: 2026-01-01
      sources: [paper]
--- requirements/set.yaml
name: Set
applies_to: {kind: icb}
from: 2020-01-01
status: in-force
rules:
  interests:
    text: Interests are declared
    requires:
      judgement: Whether they are.
    basis: statute
    citation: Law 1
    severity: warning
    declared_within: 28 days
sources: [paper]
"""


def registry(folder: Path, more: str = "") -> Path:
    """Return the folder of a registry of `FILES`, with the files in `more` instead of those of the same path."""
    snapshot, _then = laid(FILES + more, "")
    for path, data in snapshot.texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def answer(*words: str, registry: Path = MINI, today: str = MINI_DAY) -> Any:
    done = run("report", *words, "--format", "json", registry=registry, today=today)
    assert (done.code, done.err) == (0, ""), done
    return json.loads(done.out)


def told(found: Any, table: str) -> list[tuple[str, str]]:
    """Return name and words of the rows of a table."""
    return [(row["name"], row["told"]) for row in found["rows"] if row["table"] == table]


def page(*words: str, registry: Path = MINI, today: str = MINI_DAY) -> str:
    done = run("report", *words, "--format", "md", registry=registry, today=today)
    assert (done.code, done.err) == (0, ""), done
    return done.out


# --- joiners and leavers


def test_somebody_who_moves_is_told_once(tmp_path: Path) -> None:
    found = answer("joiners-leavers", "icb-a", registry=registry(tmp_path))
    (row,) = [row for row in found["rows"] if row["person"] == "ann-a"]
    assert (row["table"], row["change"], row["when"]) == ("changed", "changed-seat", "2026-04-01")
    assert (row["before"], row["after"]) == ("Member, Audit C", "Chair, Audit C")
    assert [row["person"] for row in found["rows"] if row["table"] == "left"] == ["ben-b"]
    assert [row["person"] for row in found["rows"] if row["table"] == "joined"] == ["cat-c", "dan-d"]
    assert "1 change of seat or capacity is recorded" in found["says"]


@pytest.mark.parametrize(("start", "tables"), [("2026-04-02", ["joined", "left"]), ("2026-03-31", ["changed"])])
def test_a_gap_of_a_day_is_no_move_and_a_day_of_both_is_one(tmp_path: Path, start: str, tables: list[str]) -> None:
    folder = registry(tmp_path)
    path = folder / "bodies/audit-c.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("from: 2026-04-01", f"from: {start}"), encoding="utf-8"
    )
    found = answer("joiners-leavers", "audit-c", registry=folder)
    assert sorted(row["table"] for row in found["rows"] if row["person"] == "ann-a") == tables


def test_a_last_day_in_the_time_is_a_leaver_and_days_count_inclusively(tmp_path: Path) -> None:
    folder = registry(tmp_path)

    def left(*time: str) -> list[str]:
        found = answer("joiners-leavers", "audit-c", *time, registry=folder)
        return [row["person"] for row in found["rows"] if row["table"] in ("left", "changed")]

    assert "ben-b" in left("--during", "2026-03-01..2026-03-31")
    assert "ben-b" in left("--during", "2026-03-31..2026-05-01")
    assert "ben-b" not in left("--during", "2026-04-01..2026-05-01")
    assert "ben-b" not in left("--during", "2026-01-01..2026-03-30")
    assert "ben-b" in left("--since", "2026-03-31")
    assert "ben-b" not in left("--since", "2026-04-01")
    assert "ben-b" in left("--on", "2027-03-30")
    assert "ben-b" not in left("--on", "2027-03-31")


@pytest.mark.parametrize(
    ("words", "first", "last", "said"),
    [
        (["--on", "2026-06-30"], "2025-07-01", "2026-06-30", "the twelve months up to 30 June 2026"),
        (["--on", "2024-02-29"], "2023-03-01", "2024-02-29", "the twelve months up to 29 February 2024"),
        (["--since", "2026-05-19"], "2026-05-19", "2026-06-30", "since 19 May 2026"),
        (["--during", "2025/26"], "2025-04-01", "2026-03-31", "From 1 April 2025 to 31 March 2026, in"),
    ],
)
def test_the_time(words: list[str], first: str, last: str, said: str) -> None:
    found = answer("joiners-leavers", *words)
    assert (found["summary"]["from"], found["summary"]["to"]) == (first, last)
    assert said in found["says"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "2026-07-01"], "1 July 2026 lies after 30 June 2026"),
        (["--since", "2026-01-01", "--during", "2025/26"], "Both --during and --since say the time"),
        (["dee-imaginary"], "is not a body"),
    ],
)
def test_asked_wrongly(words: list[str], said: str) -> None:
    done = run("report", "joiners-leavers", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_post_is_told_with_the_seat_that_it_carries_and_once() -> None:
    found = answer("joiners-leavers", "nowshire-icb")
    (row,) = [row for row in found["rows"] if row["person"] == "cai-fictional"]
    assert (row["role"], row["table"]) == ("nowshire-executive/chief-executive", "joined")
    assert [one["role"] for one in row["carries"]] == ["nowshire-board/chief-executive"]
    assert row["follows"] == "Ben Madeup, last day 31 January 2026"
    of_board = answer("joiners-leavers", "nowshire-board")
    assert [row["role"] for row in of_board["rows"] if row["person"] == "cai-fictional"] == [row["role"]]
    (gone,) = [row for row in found["rows"] if row["person"] == "ben-madeup"]
    assert gone["other_seats"] == []  # the seat that went with the post is no other
    assert (
        gone["seat_now"] == "Cai Fictional, interim since 1 February 2026; Ida Fabled to start on 1 September 2026"
    )


def test_what_is_not_certain_is_apart() -> None:
    found = answer("joiners-leavers")
    assert ("Major Ray Unlikely", "is said to have become Director of Strategy, Executive team of the Nowshire "
            "Integrated Care Board about 2025") in told(found, "possibly")  # fmt: skip
    assert "samuel-example" in {row["person"] for row in found["rows"] if row["table"] == "first-named"}
    assert all(row["certainty"] == "yes" for row in found["rows"] if row["table"] in ("joined", "left", "changed"))
    assert [row["name"] for row in found["rows"] if row["change"] == "covered"] == ["Lil Conjured"]
    assert "lil-conjured" not in {row["person"] for row in found["rows"] if row["table"] == "joined"}
    later = answer("joiners-leavers", "--during", "2026-07-01..2027-03-31")
    assert {row["person"] for row in later["rows"] if row["table"] == "to-come"} >= {"hal-notional", "ida-fabled"}
    assert told(later, "joined") == []


def test_first_named_are_never_called_joiners() -> None:
    text = page("joiners-leavers", "--during", "2022/23", registry=REAL, today=REAL_DAY)
    joiners, _, rest = text.partition("## Leavers")
    assert "Paul Bentley" in joiners
    assert "Kate Langford" not in joiners
    assert "When they started is not recorded, so they are not joiners." in rest
    assert "Vincent Badu was to become Chief Strategy Officer" in rest
    assert "nothing later has been read" in rest


def test_why_a_post_of_another_body_is_told() -> None:
    text = page("joiners-leavers", "icb-board", "--on", REAL_DAY, registry=REAL, today=REAL_DAY)
    assert re.search(
        r"Adam Doyle became Chief Executive, .* \(the post (possibly )?carries the seat of Chief executive, ", text
    )


def test_with_a_body_its_people_leave_once(tmp_path: Path) -> None:
    more = """
--- bodies/gone.yaml
name: Gone
kind: board
from: 2020-01-01
to: 2026-05-31
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: cat-c
      from: 2025-12-01
      sources: [paper]
  member:
    title: Member
    member_type: member
    appointments:
    - person: dan-d
      from: 2025-01-01
      to: 2026-05-31
      end_reason: body-closed
      sources: [paper]
--- bodies/empty.yaml
name: Empty
kind: board
from: 2020-01-01
to: 2026-05-31
sources: [paper]
"""
    folder = registry(tmp_path, more)
    found = answer("joiners-leavers", registry=folder)
    (row,) = [row for row in found["rows"] if row["table"] == "closed"]
    assert (row["body"], row["left_with_it"]) == ("gone", ["Cat | C", "Dan D"])
    assert "dan-d" not in {row["person"] for row in found["rows"] if row["table"] == "left"}
    assert "1 body with people in it ended" in found["says"]
    assert "Cat \\| C; Dan D" in page("joiners-leavers", registry=folder)


def test_what_becomes_of_one_seat(tmp_path: Path) -> None:
    more = """
--- bodies/one.yaml
name: One
kind: board
from: 2020-01-01
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ann-a
      capacity: interim
      from: 2025-01-01
      to: 2025-12-31
      sources: [paper]
    - person: ann-a
      capacity: substantive
      from: 2026-01-01
      terms:
      - {from: 2026-01-01, ends: 2026-03-31}
      - {from: 2026-04-01, ends: 2029-03-31}
      designations:
      - {as: mental-health, from: 2026-05-01}
      sources: [paper]
  finance:
    title: Finance
    member_type: executive
    vacant:
    - {from: 2025-10-01, to: 2025-12-31, sources: [paper]}
    appointments:
    - person: ben-b
      from: 2020-01-01
      to: 2025-09-30
      sources: [paper]
    - person: cat-c
      from: 2026-01-01
      sources: [paper]
"""
    found = answer("joiners-leavers", "one", registry=registry(tmp_path, more))
    changes = {row["change"]: row for row in found["rows"] if row["table"] == "changed"}
    assert list(changes) == ["made-substantive", "reappointed", "designated"]
    assert changes["made-substantive"]["before"] == "Chair, One: interim"
    assert changes["made-substantive"]["after"] == "Chair, One: substantive"
    assert changes["reappointed"]["before"] == "Chair, One: term to 31 March 2026"
    assert changes["reappointed"]["after"] == "Chair, One: term to 31 March 2029"
    assert changes["designated"]["after"] == "Chair, One: named mental health"
    (joined,) = [row for row in found["rows"] if row["table"] == "joined"]
    assert joined["follows"] == "A vacancy since 1 October 2025; before that Ben B, last day 30 September 2025"
    (left,) = [row for row in found["rows"] if row["table"] == "left"]
    assert left["seat_now"] == "Cat | C since 1 January 2026"
    assert [(one["how"], one["role"]) for one in left["other_seats"]] == [("given-up", "audit-c/chair")]


def test_declarations_of_interests(tmp_path: Path) -> None:
    folder = registry(tmp_path)
    found = answer("joiners-leavers", registry=folder)
    due = {row["person"]: row for row in found["declarations"]}
    assert list(due) == ["dan-d"]  # an observer only attends, and Ann A was bound before she moved
    earlier = {
        row["person"]: row["by"]
        for row in answer("joiners-leavers", "--during", "2022", registry=folder)["declarations"]
    }
    assert earlier == {"ann-a": "2022-01-29"}
    assert (due["dan-d"]["by"], due["dan-d"]["seats"]) == (None, ["Member, Sub C"])
    text = page("joiners-leavers", registry=folder)
    assert "Within 28 days of starting; the day is not recorded" in text
    assert "Whether they were declared is not in this registry." in text
    path = folder / "requirements/set.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("from: 2020", "from: 2026-06-01 #"), encoding="utf-8")
    assert answer("joiners-leavers", registry=folder)["declarations"] == []


def test_a_new_committee_binds_nobody_anew() -> None:
    due = answer("joiners-leavers", "nowshire-icb", "--during", "2024/25")["declarations"]
    assert {row["person"]: len(row["seats"]) for row in due} == {"vic-whimsy": 2, "tib-allegory": 1, "bea-myth": 1}
    assert [
        row["name"] for row in answer("joiners-leavers", "--during", "2024/25")["rows"] if row["table"] == "joined"
    ].count("Professor Dee Imaginary") == 1


def test_a_joiner_has_the_term_that_began_then() -> None:
    found = answer("joiners-leavers", "nowshire-board", "--on", "2021-07-31")
    (row,) = [row for row in found["rows"] if row["person"] == "ada-invented"]
    assert row["term_ends"] == "2024-06-30"


def test_declarations_of_the_miniature_follow_the_board() -> None:
    found = answer("joiners-leavers")["declarations"]
    assert {(row["person"], row["by"]) for row in found} == {
        ("xan-mirage", "2026-03-01"),
        ("cai-fictional", "2026-03-01"),
    }
    assert all(row["citation"] == "Nonsuch Care Act 2016, section 5(2)" for row in found)


def test_an_empty_registry(tmp_path: Path) -> None:
    (tmp_path / "kmics.yaml").write_text('name: None\nmodel: "1"\nkinds: {board: board}\n', encoding="utf-8")
    for name, said in (
        ("joiners-leavers", "nobody is recorded as having joined or left and no change of seat"),
        ("matrix", "nobody is recorded as sitting on a body"),
        ("who-is-who", "no post or seat of the registry is recorded"),
        ("priorities", "no set of priorities is recorded"),
    ):
        found = answer(name, registry=tmp_path)
        assert said in found["says"]
        assert found["rows"] == []
        assert page(name, registry=tmp_path)
        assert run("report", name, "--format", "csv", registry=tmp_path).code == 0


# --- who sits where


def test_the_order_of_member_types_is_one() -> None:
    assert list(GROUPS) == [*LISTED] == list(_AS)
    assert set(LISTED) == MEMBER_TYPES


def test_the_matrix_has_a_code_for_each_seat() -> None:
    found = answer("matrix", "nowshire-icb")
    rows = {row["person"]: row["bodies"] for row in found["rows"]}
    assert rows["ada-invented"] == {"nowshire-board": "C", "nowshire-icp": "M*"}
    assert rows["dee-imaginary"]["nowshire-board"] == "D"  # named deputy chair
    assert rows["lil-conjured"]["nowshire-board"] == "M*, A"
    assert rows["ray-unlikely"] == {"nowshire-executive": "M?"}
    assert rows["oz-supposed"] == {"nowshire-board": "(M*)", "nowshire-executive": "(M)"}
    assert [row["confirmed"] for row in found["rows"]] == sorted(
        (row["confirmed"] for row in found["rows"]), reverse=True
    )
    assert [one["body"] for one in found["columns"]][:2] == ["nowshire-board", "nowshire-executive"]
    assert "hal-notional" not in rows  # yet to start
    people = [row["person"] for row in found["rows"]]
    assert people[0] == "ada-invented"
    assert people.index("vic-whimsy") < people.index("bea-myth")  # members before those who attend
    used = {letter for bodies in rows.values() for code in bodies.values() for letter in code} - set(", )")
    assert used <= {key[0] for key in found["key"]}


def test_the_matrix_as_csv_has_no_empty_cell_and_no_formula() -> None:
    done = run("report", "matrix", "nowshire-icb", "--format", "csv")
    table = list(csv.reader(io.StringIO(done.out)))
    assert all(cell and cell[0] not in "=+-@'" for row in table for cell in row)
    by_name = {row[0]: dict(zip(table[0], row, strict=True)) for row in table[1:]}
    assert by_name["xan-mirage"]["Audit Committee"] == "No"  # a complete list
    assert by_name["xan-mirage"]["Quality Committee"] == "None recorded"


def test_bodies_of_one_name_are_told_apart(tmp_path: Path) -> None:
    folder = registry(tmp_path)
    for path in folder.glob("bodies/*-c.yaml"):
        text = re.sub("(?m)^name: .*$", "name: The same", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
    done = run("report", "matrix", "--format", "csv", registry=folder)
    assert next(csv.reader(io.StringIO(done.out))) == ["person", "name", "The same (audit-c)", "The same (sub-c)"]


def test_the_matrix_where_the_screen_holds_it_and_else_a_list() -> None:
    table = Table("caption", ("Person", "A long-winded body"), (("Ann", "M*"),))
    assert fits(table, 20)
    assert not fits(table, 10)
    narrow = run("report", "matrix", "nowshire-icb").out
    assert "dee-imaginary" not in narrow
    assert "Non-executive" in narrow
    assert "Key" not in narrow
    assert "| M* |" not in page("matrix", "nowshire-icb")
    small = run("report", "matrix", "audit-committee").out
    assert "- C: chair" in small


# --- who is who


def test_who_is_who() -> None:
    found = answer("who-is-who", "nowshire-icb")
    rows = {(row["role"], row["person"]): row for row in found["rows"]}
    chair = rows["nowshire-board/chair", "ada-invented"]
    assert (chair["does"], chair["does_of"]) == ("Leads the board and answers for it to the Ministry.", "post")
    assert [one["body"] for one in chair["sits_on"]] == ["nowshire-icp"]
    quality = rows["quality-committee/chair", "dee-imaginary"]
    assert (quality["does"], quality["does_of"]) == ("Watches how good and how safe the services are", "body")
    assert rows["nowshire-executive/director-of-people", None]["name"] == "Vacant"
    panel = rows["remuneration-panel/chair", "vic-whimsy"]
    assert (panel["does"], panel["does_of"]) == (None, None)


def test_nobody_who_is_not_confirmed_is_named_as_if_there() -> None:
    found = answer("who-is-who", "nowshire-icb")
    stale = [row for row in found["rows"] if row["status"] == "not-confirmed"]
    assert {row["last_named"] for row in stale} >= {"Lady Oz Supposed", "Eve Unreal"}
    assert all((row["person"], row["name"], row["sits_on"]) == (None, "Not confirmed", []) for row in stale)
    text = page("who-is-who", "nowshire-icb")
    assert not [line for line in text.splitlines() if line.startswith("|") and "Oz Supposed" in line]
    assert "Director of Nursing: not confirmed. Lady Oz Supposed was named for it on another day." in text
    old = page("who-is-who", "icb-board", "--on", "2018-01-01", registry=REAL, today=REAL_DAY)
    assert (
        "no post or seat of NHS Kent and Medway ICB (integrated care board) Board and all below it is recorded"
        in old
    )


# --- every one of them


@pytest.mark.parametrize("name", ["joiners-leavers", "matrix", "who-is-who", "priorities"])
@pytest.mark.parametrize(
    ("where", "words"),
    [
        (MINI, ["--on", "2026-06-30"]),
        (MINI, ["--during", "2021/22"]),
        (MINI, ["nowshire-icb", "--on", "2024-01-01"]),
        (REAL, ["--on", "2022-06-30"]),
        (REAL, ["--during", "2022/23"]),
        (REAL, ["nhs-kent-and-medway-icb", "--on", "2026-11-21"]),
    ],
)
def test_the_style_of_a_paper(name: str, where: Path, words: list[str]) -> None:
    text = page(name, *words, registry=where, today=REAL_DAY if where == REAL else MINI_DAY)
    lines = text.splitlines()
    headings = [line for line in lines if line.startswith("#")]
    assert len(headings[0].removeprefix("# ")) <= 65
    levels = [len(line.split()[0]) for line in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(levels) <= 3
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for number, line in enumerate(lines):
        if line.startswith("| ---"):
            assert lines[number - 3].startswith("Table ")
        if line.startswith("| "):
            cells = re.split(r"(?<!\\) ?\| ?", line)[1:-1]
            assert len(cells) <= 5
            assert all(cell.strip() for cell in cells), line
    opening = lines[2]
    assert opening.endswith(".")
    assert opening.count(". ") == 0
    assert not re.search(r"[0-9] ?– ?[0-9]", text)


HOSTILE = """
--- people/evil.yaml
name: "=cmd|' /C calc'!A0 <script> @everyone `x` {long}"
--- bodies/loop-a.yaml
name: "Łoop ਪੰਜਾਬੀ | <b>A</b>"
kind: board
from: 2020-01-01
part_of:
- {{body: loop-b, relation: committee-of}}
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    ex_officio:
    - role: loop-b/chair
      from: 2020-01-01
    - role: nowhere/nobody
      from: 2020-01-01
    appointments:
    - {{person: evil, from: 2026-01-01, sources: [paper]}}
    - {{person: missing, from: 2026-01-01, to: 2026-02-01, covering: nobody, sources: [paper]}}
    - {{person: not-named, from: unknown, to: unknown, sources: [nothing]}}
--- bodies/loop-b.yaml
name: Loop B
kind: board
from: 2020-01-01
to: 2026-05-01
part_of:
- {{body: loop-a, relation: committee-of}}
- {{body: lost, relation: board-of}}
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    rotation:
      among: [loop-a/chair, loop-b/chair]
      every: 2 years
    turns:
    - {{role: loop-a/chair, from: 2026-02-01, sources: [paper]}}
    ex_officio:
    - role: loop-a/chair
      from: 2020-01-01
    appointments:
    - {{person: evil, from: 2026-02-01, sources: [paper]}}
--- priorities/round.yaml
name: Round
owner: lost
from: 2020-01-01
status: agreed
items:
- number: 1
  summary: One
  follows:
  - {{item: round/2}}
  - {{item: round/1}}
  - {{item: gone/9}}
- number: 2
  summary: Two
  follows:
  - {{item: round/1}}
sources: [paper]
""".format(long="x" * 9_900)


@pytest.mark.parametrize("name", ["joiners-leavers", "matrix", "who-is-who", "priorities"])
@pytest.mark.parametrize("ref", [[], ["loop-a"]])
@pytest.mark.parametrize("format", ["md", "table", "csv", "json"])
def test_hostile_records(tmp_path: Path, name: str, ref: list[str], format: str) -> None:
    folder = registry(tmp_path, HOSTILE)
    done = run("report", name, *ref, "--format", format, registry=folder)
    assert done.code == 0, done
    assert "Traceback" not in done.err
    if format == "md":
        assert "<script>" not in done.out
        assert "<b>" not in done.out
    if format == "csv":
        assert not [cell for row in csv.reader(io.StringIO(done.out)) for cell in row if cell.startswith("=")]
