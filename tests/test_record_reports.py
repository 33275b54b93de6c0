"""Reports about the record itself: disagreements, what is not confirmed lately, gaps, sources."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from bless import MINI, REAL, REAL_DAY, run
from kmics_cli.dates import Span, typed
from kmics_cli.query import Answered
from kmics_cli.views.pages.words import Evidence
from kmics_cli.views.papers import paper
from test_structure_report import made, under

REPORTS = ("disagreements", "stale", "gaps", "sources")


def told(name: str, *words: str, registry: Path | None = None) -> Any:
    done = run("report", name, *words, "--format", "json", registry=registry or MINI)
    assert done.code == 0, done
    return json.loads(done.out)


def page(name: str, *words: str, registry: Path) -> str:
    done = run("report", name, *words, "--format", "md", registry=registry)
    assert done.code == 0, done
    return done.out.replace("\\", "")


# --- disagreements

NOTED = """\
disagreements:
- about: When it began
  affects: [from]
  claims:
  - {says: In January, preferred: true, sources: [paper line 1]}
  - {says: In May, sources: [paper line 2], note: A guess}
  why: The first is a minute.
  noted: 2022-04-01
  settled: 2022-09-30
- about: Who chairs it
  affects: [chair]
  claims:
  - {says: Ann, sources: [paper line 3]}
  - {says: Ben, sources: [paper line 4]}
roles:
  chair: {title: The chair's seat, member_type: chair}
"""


def test_open_is_what_is_not_settled_by_the_last_day(tmp_path: Path) -> None:
    registry = made(tmp_path, {"a": NOTED})
    for day, states in (("2022-06-01", [False, False]), ("2022-10-01", [False, True])):
        answer = told("disagreements", "--on", day, registry=registry)
        assert [row["settled_by_then"] for row in answer["rows"]] == states, day
        assert answer["summary"]["open"] == states.count(False)
    during = told("disagreements", "--during", "2022", registry=registry)
    assert during["summary"] == {
        "open": 1,
        "followed": 0,
        "figures": 0,
        "settled": 1,
        "of": {"in_being": 1, "other": 0, "priorities": 0, "documents": 0},
    }


def test_every_claim_is_told_with_what_the_record_follows(tmp_path: Path) -> None:
    text = page("disagreements", "a", "--on", "2022-06-01", registry=made(tmp_path, {"a": NOTED}))
    assert "  - In January (the record follows this) [1]" in text
    assert "  - In May. Note: A guess [2]" in text
    assert "  - The record follows none of them" in text
    assert "  - Affects: The chair's seat" in text
    assert "  - Affects: start" in text
    assert "  - Noted: 1 April 2022; settled 30 September 2022" in text
    assert "In 1 of them the record follows one claim." in text


def figures(*lines: str) -> str:
    return "figures:\n" + "".join(f"- {{about: networks, sources: [paper], {line}}}\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "certainty"),
    [
        (("value: 40, as_at: 2022-05-01", "value: 42, as_at: 2022-05-01"), "yes"),
        (("value: 40, as_at: 2022-05-01", "value: 42, as_at: 2022-05"), "possibly"),
        (("value: 40, as_at: 2022-05-01", "value: 42, as_at: 2022-06-01"), None),
        (("value: 40, as_at: 2022-05-01", "value: 42, as_at: 2022-05-01, planned: true"), None),
        (("value: 40, as_at: 2022-05-01", "value: 42, as_at: 2022-05-01, qualifier: over"), None),
        (("value: 40, as_at: 2022-05-01", "low: 30, high: 50, as_at: 2022-05-01"), None),
        (("value: 60, as_at: 2022-05-01", "low: 30, high: 50, as_at: 2022-05-01"), "yes"),
        (("value: 40", "value: 42"), "yes"),  # both of the days that the paper speaks of
        (("value: 40, unit: people", "value: 42, unit: homes"), None),
        (("words: many", "value: 42"), None),
        (("value: 40, as_at: unknown", "value: 42"), None),
    ],
)
def test_figures_that_cannot_both_be_so_are_a_disagreement(
    tmp_path: Path, lines: tuple[str, ...], certainty: str | None
) -> None:
    answer = told("disagreements", "--on", "2022-06-01", registry=made(tmp_path, {"a": figures(*lines)}))
    assert [row["certainty"] for row in answer["rows"]] == ([certainty] if certainty else [])
    assert answer["summary"]["figures"] == bool(certainty)


def test_figures_of_a_noted_disagreement_count_once() -> None:
    answer = told("disagreements")
    (row,) = [row for row in answer["rows"] if row["type"] == "figures"]
    assert row["covered"]
    assert row["settled_by_then"]
    assert answer["summary"]["figures"] == 0
    assert "Figures that differ: number in the class" in run("report", "disagreements", "--format", "md").out


def test_csv_has_a_row_for_each_claim() -> None:
    rows = list(csv.DictReader(io.StringIO(run("report", "disagreements", "--format", "csv").out.lstrip("\ufeff"))))
    claims = sum(len(row["claims"]) for row in told("disagreements")["rows"])
    assert len(rows) == claims
    assert {"yes", "no"} == {row["followed"] for row in rows}


# --- stale

OPEN = """\
members:
- {body: b, from: 2022-01-01, sources: [paper]}
recorded: {roles: complete, sources: [paper]}
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - {person: ann, from: 2022-01-01, sources: [paper]}
  gone:
    title: Gone
    member_type: member
    appointments:
    - {person: ann, from: 2022-01-01, to: 2022-03-01, sources: [paper]}
  termed:
    title: Termed
    member_type: member
    appointments:
    - person: ann
      from: 2022-01-01
      terms: [{from: 2022-01-01, ends: 2022-04-30}]
      sources: [paper]
"""
ANN = {"people__ann": "name: Ann Other\n"}


def test_a_statement_is_old_after_the_limit_and_not_before(tmp_path: Path) -> None:
    registry = made(tmp_path, {"a": OPEN, "b": ""}, **ANN)
    on_last = told("stale", "--on", "2023-12-31", registry=registry)["summary"]["groups"]
    assert {name: one["stale"] for name, one in on_last.items() if one["of"]} == {
        "holders": 0,
        "terms": 1,
        "bodies": 0,
        "members": 0,
        "lists": 0,
    }
    after = told("stale", "--on", "2024-01-01", registry=registry)
    assert {row["group"]: row["age"] for row in after["rows"]} == {
        "holders": "between 12 months and 2 years",
        "terms": "between 12 months and 2 years",
        "bodies": "between 12 months and 2 years",
        "members": "between 12 months and 2 years",
        "lists": "between 12 months and 2 years",
    }
    assert all(row["carried_to"] == "2023-12-31" for row in after["rows"])
    assert [row["name"] for row in after["rows"] if row["name"]] == ["Ann Other", "Ann Other"]


def test_nobody_is_told_as_in_post_and_what_has_ended_is_not_old(tmp_path: Path) -> None:
    text = page("stale", "--on", "2026-01-01", registry=made(tmp_path, {"a": OPEN, "b": ""}, **ANN))
    assert "| Chair [1] | A | Ann Other | 2022 |" in text
    assert "| Role | Body | Last named |" in text
    assert "Gone" not in text
    assert "in post" not in text.lower()


def test_a_check_of_the_body_refreshes_it(tmp_path: Path) -> None:
    newer = 'title: Newer\nkind: paper\nstanding: official-page\nspeaks_of: 2025-12-01\naddress: "https://a.example/x"\n'
    registry = made(tmp_path, {"a": OPEN + "checked: [newer]\n", "b": ""}, documents__newer=newer, **ANN)
    groups = {row["group"] for row in told("stale", "a", "--on", "2026-01-01", registry=registry)["rows"]}
    assert groups == {"terms"}  # a term that ran out stays so
    later = told("stale", "a", "--on", "2027-01-01", registry=registry)
    (again,) = {row["refresh"]["says"] for row in later["rows"] if row["group"] == "holders"}
    assert again == "Read Newer again (https://a.example/x)"
    assert later["refresh"][0]["checked"] == ["a"]


def test_before_any_evidence_nothing_is_vouched_for_or_old(tmp_path: Path) -> None:
    answer = told(
        "stale", "--on", "2010-01-01", registry=made(tmp_path, {"a": OPEN.replace("2022-01-01", "unknown")})
    )
    assert answer["rows"] == []
    assert answer["summary"]["of"] == 0
    assert "makes no open statement on evidence of that day or earlier" in answer["says"]


def test_a_document_is_due_for_review_after_its_day(tmp_path: Path) -> None:
    plan = "title: Plan\nkind: plan\nowner: a\nspeaks_of: 2022-01-01\nreview_due: 2022-12-31\n"
    registry = made(tmp_path, {"a": ""}, documents__plan=plan)
    for day, count in (("2022-12-31", 0), ("2023-01-01", 1)):
        groups = told("stale", "a", "--on", day, registry=registry)["summary"]["groups"]
        assert groups["reviews"] == {"stale": count, "of": 1}, day


# --- gaps


def gaps(registry: Path, *words: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in told("gaps", *words, "--on", "2022-06-01", registry=registry)["rows"]:
        found.setdefault(row["ref"], set()).add(row["sort"])
    return found


def test_what_cannot_be_is_not_expected(tmp_path: Path) -> None:
    bodies = {
        "top": "",
        "meets": under("top"),
        "sort": "class: true\n",
        "planned": "planned: {from: 2022-01-01, sources: [paper]}\n",
    }
    registry = made(tmp_path, bodies)
    for id in ("top", "sort", "planned"):
        file = registry / "bodies" / f"{id}.yaml"
        text = file.read_text(encoding="utf-8").replace(
            "kind: committee", f"kind: {'sort' if id == 'sort' else 'trust'}"
        )
        file.write_text(text.replace("from: 2022-01-01\npl", "pl"), encoding="utf-8")
    found = gaps(registry)
    assert "quorum" in found["meets"]
    assert "chair" in found["meets"]
    assert found.get("top") == {"whole-committees"}
    assert "sort" not in found
    assert "planned" not in found


def test_what_another_of_its_kind_has_is_expected(tmp_path: Path) -> None:
    code = "identifiers:\n- {scheme: ods, code: A1}\nlevel: place\nremit: [Does it]\n"
    registry = made(tmp_path, {"a": code, "b": ""})
    (registry / "kmics.yaml").write_text(
        (registry / "kmics.yaml").read_text(encoding="utf-8") + "identifier_schemes: {ods: a code of theirs}\n",
        encoding="utf-8",
    )
    found = gaps(registry)
    assert found["b"] == {"code", "level", "remit"}
    assert "a" not in found
    assert "quorum" not in set.union(*found.values())


def test_roles_and_appointments_lack_what_they_lack(tmp_path: Path) -> None:
    roles = """\
roles:
  chair: {title: Chair, member_type: chair, voting: true}
  member:
    title: Member
    member_type: member
    seats: unknown
    term: {years: 3}
    appointments:
    - {person: ann, from: unknown, sources: [paper]}
    - {person: not-named, from: 2022-01-01, sources: [paper]}
  guest: {title: Guest, member_type: observer, appointments: [{person: ann, from: 2021-01-01, to: 2022-02-01, sources: [paper]}]}
"""
    registry = made(
        tmp_path, {"top": "", "a": under("top") + roles}, people__ann="name: Ann\n", people__ben="name: Ben\n"
    )
    found = gaps(registry)
    assert found["a/chair"] == {"holder", "term"}
    assert found["a/member"] == {"seats", "voting", "appointment-start", "capacity"}
    assert found["a/guest"] == {"holder", "end-reason"}
    assert found["ben"] == {"person"}
    assert "ann" not in found
    assert found["paper"] >= {"document-address", "document-publisher", "document-read"}


def test_figures_of_gaps_add_up() -> None:
    for words in ((), ("nowshire-icb", "--on", "2024-07-01"), ("--during", "2025/26")):
        answer = told("gaps", *words)
        sorts = answer["summary"]["sorts"].values()
        assert sum(one["missing"] for one in sorts) == answer["summary"]["missing"] == len(answer["rows"])
        assert sum(one["expected"] for one in sorts) == answer["summary"]["expected"]
        assert all(one["missing"] <= one["expected"] for one in sorts)


# --- sources

BOTH = """\
names:
- {name: First, use: short, sources: [paper]}
- {name: Second, use: short, sources: [paper, other]}
checked: [other]
"""
OTHER = {"documents__other": "title: Other\nkind: paper\nspeaks_of: 2022-01-01\nsupersedes: [paper]\n"}


def test_what_rests_on_one_document_alone_is_counted(tmp_path: Path) -> None:
    registry = made(tmp_path, {"a": BOTH}, documents__spare="title: Spare\nkind: paper\n", **OTHER)
    rows = {row["document"]: row for row in told("sources", "--on", "2022-06-01", registry=registry)["rows"]}
    assert {id: (row["statements"], row["alone"]) for id, row in rows.items()} == {
        "paper": (3, 2),
        "other": (2, 0),  # what is only checked is not supported
        "spare": (0, 0),
    }
    assert rows["paper"]["superseded_by"] == ["other"]
    assert told("sources", "--on", "2021-06-01", registry=registry)["summary"]["superseded"] == 0
    text = page("sources", "--on", "2022-06-01", registry=registry)
    assert "3 statements of 1 record cite 2 of them" not in text  # there are four: two names, a check, the body
    assert "4 statements of 1 record cite 2 of them, and 1 is cited by nothing. 2 statements rest" in text
    assert "A paper: replaced by Other; 3 statements cite it" in text
    assert "Spare: named by no record" in text


def test_sources_of_a_body_and_of_a_document(tmp_path: Path) -> None:
    registry = made(tmp_path, {"a": "", "b": under("a") + BOTH, "c": ""}, **OTHER)
    of_body = told("sources", "b", "--on", "2022-06-01", registry=registry)
    assert {row["document"]: row["statements"] for row in of_body["rows"]} == {"paper": 3, "other": 2}
    assert of_body["summary"]["records"] == 1
    of_one = told("sources", "other", "--on", "2022-06-01", registry=registry)
    assert [row["document"] for row in of_one["rows"]] == ["other"]
    assert of_one["says"] == "2 statements of 1 record cite Other: none of them with no other source."
    none = told("sources", "c", "--on", "2022-06-01", registry=registry)
    assert [row["document"] for row in none["rows"]] == ["paper"]


def test_kept_papers_are_printed_where_a_caller_found_them() -> None:
    answer: Answered = told("sources")
    assert answer["papers"] == []  # looked for, and none found
    answer["papers"] = None  # not looked for

    def headings() -> list[str]:
        blocks = paper(answer, Span(typed("2026-06-30").first, typed("2026-06-30").last), Evidence(True))
        return [str(getattr(block, "text", "")) for block in blocks]

    heading = "Kept papers that printed a statement since corrected"
    assert heading not in headings()
    answer["papers"] = [{"paper": "papers/old.md", "line": 4, "says": "Second term ends 30 June 2026"}]
    assert heading in headings()
    answer["papers"] = []
    assert "None of the kept papers has one, as far as they could be read." in headings()


# --- all of them


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("when", [("--on", "2018-01-01"), ("--on", "2022-09-20"), ("--during", "2022/23"), ()])
def test_the_real_record_can_be_asked(name: str, when: tuple[str, ...]) -> None:
    for words in ((), ("icb-board",)):
        done = run("report", name, *words, *when, "--format", "md", registry=REAL, today=REAL_DAY)
        assert done.code == 0, done
        title = done.out.splitlines()[0]
        assert len(title.replace("\\", "")) <= 65 + 2
        tables = [line for line in done.out.splitlines() if line.startswith("|")]
        assert all("|  |" not in line and line.replace("\\|", "").count("|") <= 6 for line in tables)


@pytest.mark.parametrize("name", [*REPORTS, "structure"])
@pytest.mark.parametrize("format", ["table", "md", "json", "csv"])
def test_a_hostile_registry_is_answered(tmp_path: Path, name: str, format: str) -> None:
    evil = """\
part_of: [{body: b, relation: committee-of}, {body: nobody, relation: part-of}]
figures:
- {about: q, value: 1, as_at: 2022, sources: [paper]}
- {about: q, value: 2, as_at: 2022, sources: [nothing]}
disagreements:
- {about: "|", affects: [zz], claims: [{says: "a|b <b>", sources: [paper]}, {says: c, sources: [nothing]}]}
roles:
  chair: {title: "C | `x`", member_type: chair, appointments: [{person: nobody, from: unknown, sources: [paper]}], ex_officio: [{role: b/chair, from: unknown}]}
"""
    registry = made(
        tmp_path, {"a": evil, "b": evil.replace("{body: b,", "{body: a,").replace("b/chair", "a/chair")}
    )
    file = registry / "bodies" / "a.yaml"
    text = file.read_text(encoding="utf-8").replace("name: A", f'name: "N | <script> @you {"x" * 200}"')
    file.write_text(text, encoding="utf-8")
    for words in ((), ("a",)):
        done = run("report", name, *words, "--on", "2026-01-01", "--format", format, registry=registry)
        assert done.code == 0, done.err
        assert "<script>" not in done.out or format != "md"
