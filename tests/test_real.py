"""What the real record answers, on 21 November 2026 and other days; and that the code knows no place."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bless import REAL, REAL_DAY, TOP, run
from kmics_cli.dates import Span, parse, typed
from kmics_cli.events import timeline
from kmics_cli.load import load
from kmics_cli.model import KINDS, Registry
from kmics_cli.query import KINDS_LISTED, Asked, listed, tree
from kmics_cli.shape import Shapes
from kmics_cli.snapshot import read_folder
from kmics_cli.views.blocks import Table
from kmics_cli.views.pages import page
from kmics_cli.views.terminal import terminal

DAYS = ("2018-01-01", "2019-07-01", "2022-09-20", "2025-01-01", REAL_DAY)


@cache
def registry() -> Registry:
    found, problems = load(read_folder(REAL).texts, Shapes(TOP / "schema"))
    assert problems == []
    return found


@cache
def asked(day: str = REAL_DAY) -> Asked:
    return Asked(registry(), typed(day))


def answer(*words: str) -> Any:
    done = run(*words, "--format", "json", registry=REAL, today=REAL_DAY)
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)


def text(*words: str) -> str:
    done = run(*words, registry=REAL, today=REAL_DAY)
    assert (done.code, done.err) == (0, "")
    return " ".join(done.out.split())


def role(found: Any, id: str) -> Any:
    (one,) = [role for role in found["roles"] if role["id"] == id]
    return one


# --- nobody is presented as in post on old evidence


def test_nobody_last_seen_long_ago_is_presented_as_in_post() -> None:
    """Over all roles: what was last confirmed more than 12 months ago is possible at most, and says so."""
    old = 0
    for body in registry().bodies.values():
        for seat in asked().show_body(body.id)["roles"]:
            for holder in seat["holders"]:
                last = parse(holder["last_evidence"]).latest if holder["last_evidence"] else date.min
                ends = parse(holder["to"]).earliest if holder["to"] else date.min
                if last >= date(2025, 11, 21) or ends >= date(2026, 11, 21):
                    continue
                old += 1
                assert holder["certainty"] == "possibly", (seat["id"], holder["name"])
                assert holder["standing"] == "last-named", (seat["id"], holder["name"])
                assert not re.match(r"(As [^:]+: )?(In post|Named|Started) ", holder["says"], re.IGNORECASE), (
                    holder["says"]
                )
            if seat["holders"] and all(holder["standing"] != "current" for holder in seat["holders"]):
                assert seat["state"] in ("not-recorded", "vacant", "designate"), seat["id"]
    assert old > 10


def test_the_executive_of_september_2022_is_only_last_named_today() -> None:
    then = answer("show", "icb-executive", "--on", "2022-09-20")
    now = answer("show", "icb-executive")
    seen = {holder["person"] for seat in then["roles"] for holder in seat["holders"]}
    assert len(seen) == 10
    held = [seat["id"] for seat in now["roles"] if seat["state"] in ("held", "interim")]
    assert set(held) <= {"icb-executive/chief-executive"}
    for seat in now["roles"]:
        for holder in seat["holders"]:
            if holder["person"] in seen:
                assert (holder["certainty"], holder["standing"]) == ("possibly", "last-named")
    table = run("show", "icb-executive", registry=REAL, today=REAL_DAY).out
    assert "Last named: Kate Langford" in table
    assert "Paul Bentley" not in table.split("Disagreements")[0]


# --- the ICP's chair


def test_the_chair_of_the_partnership_on_the_first_day_of_2025() -> None:
    found = answer("show", "kent-and-medway-icp/chair", "--on", "2025-01-01")["role"]
    assert (found["existence"], found["state"], found["not_recorded"]) == ("in-being", "not-recorded", 1)
    (holder,) = found["holders"]
    assert (holder["person"], holder["certainty"], holder["standing"]) == ("roger-gough", "possibly", "last-named")
    assert holder["via"] == "kent-county-council/leader"
    assert holder["says"].startswith("Possibly: ")
    told = text("show", "kent-and-medway-icp/chair", "--on", "2025-01-01")
    assert "Last named: Roger Gough" in told
    assert "A change was due about July or August 2024; none is recorded." in told


def test_the_chair_of_the_partnership_while_the_turn_ran() -> None:
    found = answer("show", "kent-and-medway-icp/chair", "--on", "2023-06-01")["role"]
    assert [holder["person"] for holder in found["holders"]] == ["roger-gough"]
    assert found["state"] == "held"


def test_the_chair_of_the_partnership_today_is_not_recorded() -> None:
    found = answer("show", "kent-and-medway-icp/chair")["role"]
    assert (found["state"], found["holders"], found["next"]) == ("not-recorded", [], [])
    told = text("show", "kent-and-medway-icp/chair")
    assert "Who holds it on this day is not recorded." in told
    assert "A change was due about July or August 2024; none is recorded." in told
    assert "Roger Gough has left that" in told
    assert "Last named" not in told


def test_roger_gough() -> None:
    on_the_day = {
        row["role"]
        for row in answer("show", "Roger Gough", "--on", "2023-06-01")["appointments"]
        if row["certainty"] != "no"
    }
    assert {"kent-county-council/leader", "kent-and-medway-icp/chair"} <= on_the_day
    today = answer("show", "Roger Gough")["appointments"]
    assert today
    assert {row["certainty"] for row in today} == {"no"}
    assert "No role of Roger Gough is recorded on this day." in text("show", "Roger Gough")


# --- the executive, two columns torn apart


def test_the_pairing_of_the_executive_is_inferred_and_its_alternatives_are_kept() -> None:
    found = answer("show", "icb-executive", "--on", "2022-09-20")
    assert len(found["roles"]) == 11
    by = {seat["id"].partition("/")[2]: seat for seat in found["roles"]}
    inferred = [
        "chief-medical-officer",
        "chief-nurse",
        "chief-finance-officer",
        "chief-people-officer",
        "chief-delivery-officer",
        "chief-digital-officer",
        "chief-of-staff",
        "director-of-communications-and-engagement",
    ]
    for id in inferred:
        (holder,) = by[id]["holders"]
        assert (holder["confidence"], holder["certainty"]) == ("inferred", "possibly"), id
        assert holder["says"].startswith("Inferred: ")
        assert holder["note"]
    assert [holder["confidence"] for holder in by["director-of-corporate-governance"]["holders"]] == ["stated"]
    assert [holder["person"] for holder in by["chief-executive"]["holders"]] == ["paul-bentley"]
    strategy, digital = by["chief-strategy-officer"], by["chief-digital-officer"]
    assert (strategy["state"], [n["person"] for n in strategy["next"]]) == ("designate", ["vincent-badu"])
    assert [holder["person"] for holder in digital["holders"]] == ["morfydd-williams"]
    assert [(n["person"], n["from"], n["confidence"]) for n in digital["next"]] == [
        ("martin-carpenter", "2023-01", "inferred")
    ]
    (pairing,) = [d for d in found["body"]["disagreements"] if "name" in d["about"] and len(d["claims"]) >= 4]
    assert sum(bool(claim["preferred"]) for claim in pairing["claims"]) == 1
    told = text("show", "icb-executive", "--on", "2022-09-20")
    assert "Next: Vincent Badu" in told
    assert "Next: Martin Carpenter" in told


# --- the board


@pytest.mark.parametrize("day", ["2022-09-20", REAL_DAY])
def test_the_board_is_partial_and_nobody_is_invented(day: str) -> None:
    found = answer("show", "icb-board", "--on", day)
    assert found["body"]["recorded"]["roles"] == "partial"
    assert "NOT A COMPLETE LIST" in text("show", "icb-board", "--on", day)
    basis = {seat["id"].partition("/")[2]: seat for seat in found["roles"]}
    for id in ("partner-nhs-trusts", "partner-primary-care", "partner-local-authorities"):
        assert (basis[id]["basis"], basis[id]["state"], basis[id]["holders"]) == ("statute", "not-recorded", [])
    assert basis["patient-and-public-engagement"]["existence"] == "absent"
    assert basis["patient-and-public-engagement"]["state"] is None
    assert basis["additional"]["existence"] == "planned"
    assert not any(seat["state"] == "vacant" for seat in found["roles"])
    (wish,) = found["body"]["asked_for"]
    assert "patient and public engagement" in wish["what"]
    assert wish["sources"][0]["document"] == "blog-hart-2022"
    for seat in found["roles"]:
        for holder in seat["holders"]:
            assert holder["sources"], seat["id"]
            assert holder["person"] in registry().people


@pytest.mark.parametrize("ref", ["icb-board", "kent-and-medway-icp", "kent-and-medway-icp/chair", "paul-bentley"])
def test_every_source_that_is_listed_is_used_and_numbered(ref: str) -> None:
    told = run("show", ref, "--on", "2022-09-20", "--sources", registry=REAL, today=REAL_DAY).out
    page_, _, sources = told.partition("\nSources\n")
    used = {int(number) for number in re.findall(r"\[([0-9]+)\]", page_)}
    numbered = [int(number) for number in re.findall(r"^- \[([0-9]+)\]", sources, re.MULTILINE)]
    assert numbered == list(range(1, len(numbered) + 1)) != []
    assert used == set(numbered)


# --- names, codes, successions, lists


@pytest.mark.parametrize(
    ("ref", "day", "id"),
    [
        ("integrated care partnership", "2019-07-01", "health-and-care-partnerships"),
        ("integrated care partnership", "2023-06-01", "kent-and-medway-icp"),
        ("QKS", "2018-01-01", "kent-and-medway-stp"),
        ("QKS", REAL_DAY, "nhs-kent-and-medway-icb"),
    ],
)
def test_a_name_means_what_it_meant_on_the_day(ref: str, day: str, id: str) -> None:
    found = answer("show", ref, "--on", day)
    assert found["body"]["id"] == id
    assert "also means, at other times or elsewhere" in found["notice"]
    assert "also means, at other times or elsewhere" in text("show", ref, "--on", day)


def test_the_timeline_of_the_board_goes_back_to_the_eight_groups() -> None:
    events = answer("timeline", "nhs-kent-and-medway-icb")["events"]
    groups = {
        "nhs-ashford-ccg",
        "nhs-canterbury-and-coastal-ccg",
        "nhs-dartford-gravesham-and-swanley-ccg",
        "nhs-medway-ccg",
        "nhs-south-kent-coast-ccg",
        "nhs-swale-ccg",
        "nhs-thanet-ccg",
        "nhs-west-kent-ccg",
    }
    assert groups | {"kent-and-medway-ccg", "nhs-kent-and-medway-icb"} <= {event["id"] for event in events}
    assert all(event["sources"] for event in events if event["event"] == "succeeded")
    dated = [event["earliest"] or event["latest"] for event in events if event["date"] != "unknown"]
    assert dated == sorted(dated)
    told = text("timeline", "nhs-kent-and-medway-icb")
    assert "1 July 2022" in told
    assert "NHS Thanet CCG" in told


def test_twelve_sets_of_priorities() -> None:
    items = answer("list", "priorities")["items"]
    assert len(items) == 12
    assert all(item["sources"] or item["document"] for item in items)
    for item in items:
        numbers = [int(one["number"]) for one in item["items"]]
        assert numbers == list(range(1, len(numbers) + 1)), item["id"]


def test_the_milestones_are_in_order_and_cited() -> None:
    items = answer("list", "milestones")["items"]
    assert len(items) > 40
    assert all(item["sources"] for item in items)
    days = [parse(item["on"] or item["by"]) for item in items if item["on"] or item["by"]]
    bounded = [day.earliest for day in days if day.bounded]
    assert bounded == sorted(bounded)


def test_the_renamed_trust_is_one_trust_with_one_code() -> None:
    old, new = "Kent and Medway NHS and Social Care Partnership Trust", "Kent and Medway Mental Health NHS Trust"
    before = answer("show", old, "--on", "2025-10-12")["body"]
    after = answer("show", new, "--on", "2025-10-13")["body"]
    assert before["id"] == after["id"]
    assert (before["name"], after["name"]) == (old, new)
    assert before["identifiers"] == after["identifiers"]
    assert len(after["identifiers"]) == 1
    assert before["successors"] == after["predecessors"] == []


# --- every page


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("kind", [*KINDS, "roles"])
def test_no_page_is_wider_than_a_terminal_and_no_cell_is_empty(kind: str, day: str) -> None:
    about = asked(day)
    if kind == "roles":
        ids = [role.ref for body in registry().bodies.values() for role in body.roles.values()]
    else:
        ids = list(registry().records(kind))
    for id in ids:
        check("show", about.show(kind, id), about.span)
        if kind in ("bodies", "people", "documents", "roles"):
            check("timeline", timeline(about, kind, id), about.span)
        if kind == "bodies":
            check("tree", tree(about, id), about.span)


@pytest.mark.parametrize("day", [*DAYS, "2022/23"])
@pytest.mark.parametrize("kind", KINDS_LISTED)
def test_no_list_is_wider_than_a_terminal_and_no_cell_is_empty(kind: str, day: str) -> None:
    about = asked(day)
    filters = {"status": "all"} if kind == "bodies" else {}
    check("list", listed(about, kind, filters), about.span)


def check(command: str, answer: dict[str, Any], span: Span) -> None:
    blocks = page(command, answer, span, True)
    for block in blocks:
        if isinstance(block, Table):
            assert all(cell.strip() for row in block.rows for cell in row), block.caption
            assert all(len(row) == len(block.columns) for row in block.rows)
    told = terminal(blocks, 80, False)
    assert all(len(line) <= 80 for line in told.split("\n")), told
    assert "None" not in told.split()
    assert "…" not in told
    assert not re.search(r"[.;,] ?[.;,](?!\.)", told.replace("...", "")), told
    assert not re.search(r" [.;,](?:\s|$)", told), told


def test_the_tree_of_everything_names_each_body_once_in_full() -> None:
    about = asked()
    found: list[str] = []

    def walk(node: dict[str, Any]) -> None:
        if node["id"] and not node["reference"]:
            found.append(node["id"])
        for child in node["children"]:
            walk(child)

    walk(tree(about, None)["tree"])
    assert len(found) == len(set(found)) > 40


# --- the registry describes one place; the code knows none

ENGLISH = {
    "ics": "the ending of a calendar's file",
    "board": "a board paper; and what a body may be (model)",
    "committee": "what a body may be (model); an example of a kind",
    "network": "what a body may be (model)",
    "group": "a part of a file",
    "provider": "whoever provides",
    "sector": "a part of something",
    "places": "where something stands in a file",
    "forum": "a relation of the schema (forum-of)",
    "geography": "the subject",
    "nhs england": "the schema's word nhse-policy, in full",
}
"""Names of the record that are words of the language, or of the model, as well."""
PLACE = "Kent Medway Thanet Canterbury Swale Dartford Gravesham KCC KMPT ICB ICP ICS CCG PCN HCP STP QKS".split()


@cache
def names_of_the_record() -> re.Pattern[str]:
    """Return what finds them as whole words: ids between hyphens are none."""
    found = registry()
    names = {*found.settings.kinds, *found.settings.kinds.values(), *PLACE}
    for body in found.bodies.values():
        names |= {body.id, body.name, *(name.name for name in body.names), *(i.code for i in body.identifiers)}
    for person in found.people.values():
        names |= {person.id, person.name, person.name.split()[-1]}
    for kind in ("documents", "priorities"):
        names |= set(found.records(kind))
    wanted = sorted({name.casefold() for name in names} - ENGLISH.keys())
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, wanted))})(?![\w-])")


def without_examples(path: Path) -> str:
    """Return the text of a module without its help examples: command lines that begin with `kmics`.

    They are real on purpose (another test runs them on the real record), and no code looks at them.
    """
    text = path.read_text(encoding="utf-8")
    constants = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    examples = [
        ast.get_source_segment(text, node) or ""
        for node in constants
        if isinstance(node.value, str) and re.match(r"(Try: )?kmics ", node.value)
    ]
    for example in examples:
        text = text.replace(example, '"an example"')
    return text


@pytest.mark.parametrize(
    "path", sorted((TOP / "src").rglob("*.py")), ids=lambda path: path.relative_to(TOP / "src").as_posix()
)
def test_the_code_names_nothing_of_the_record(path: Path) -> None:
    """Neither in code nor in comments: a rule for one place would begin with its name."""
    text = without_examples(path).casefold()
    assert names_of_the_record().findall(text) == []


def test_every_exception_is_a_name_of_the_record() -> None:
    found = registry()
    kinds = {*found.settings.kinds, *found.settings.kinds.values()}
    names = {
        name.casefold() for body in found.bodies.values() for name in (body.name, *(n.name for n in body.names))
    }
    assert ENGLISH.keys() <= {kind.casefold() for kind in kinds} | names
