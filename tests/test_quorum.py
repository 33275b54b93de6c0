"""Quorum: who counts, how many are needed, who may not leave, and what is not known."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from datetime import date
from itertools import combinations, product
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bless import MINI, REAL, TOP, run
from kmics_cli.dates import on, typed
from kmics_cli.load import load
from kmics_cli.model import Registry
from kmics_cli.problems import UserError
from kmics_cli.query import Asked
from kmics_cli.query.attendance import names_in
from kmics_cli.query.meeting import quorum
from kmics_cli.query.quorum import Room
from kmics_cli.shape import Shapes
from kmics_cli.snapshot import read_folder
from registries import laid, loaded

SCHEMA = Draft202012Validator(json.loads((TOP / "schema" / "output" / "quorum.json").read_text(encoding="utf-8")))
DAY = date(2026, 7, 1)
PEOPLE = "ann-a ben-b cat-c dan-d eve-e fay-f gus-g hal-h"

BOARD = """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2020-01-01
sources: [paper line 1]
"""
WHOLE = """
recorded:
  roles: complete
  as_at: 2026-06-01
  sources: [paper line 1]
"""


def appointed(*people: str) -> str:
    """Return appointments: each a person's id, and perhaps more lines after a comma."""
    lines = ["appointments:"]
    for one in people:
        person, *more = one.split(", ")
        lines += [f"- person: {person}", "  sources: [paper line 2]"]
        lines += [f"  {line}" for line in more]
        if not any(line.startswith("from:") for line in more):
            lines.append("  from: 2024-01-01")
    return "\n".join(lines)


def role(id: str, member_type: str, *people: str, more: str = "") -> str:
    inside = [f"title: The {id}", f"member_type: {member_type}", *filter(None, [dedent(more).strip()])]
    if people:
        inside.append(appointed(*people))
    return f"{id}:\n" + indent("\n".join(inside), "  ")


def room(*roles: str, rule: str = "", whole: bool = True, more: str = "") -> Asked:
    text = BOARD + (WHOLE.lstrip("\n") if whole else "")
    if rule:
        lines = dedent(rule).strip().splitlines()
        lines += ["from: 2026-01-01", "sources: [paper line 3]"]
        text += "quorum:\n" + "\n".join(f"{'- ' if n == 0 else '  '}{line}" for n, line in enumerate(lines)) + "\n"
    text += "roles:\n" + indent("\n".join(roles), "  ") + "\n" + more
    for person in PEOPLE.split():
        text += f"--- people/{person}.yaml\nname: {person.replace('-', ' ').title()}\n"
    snapshot, _ = laid(text)
    registry, problems = loaded(snapshot)
    assert not [one for one in problems if one.severity == "error"], problems
    return Asked(registry, on(DAY))


def asked(given: Asked, present: str | None = None, absent: str | None = None) -> dict[str, Any]:
    def named(text: str | None) -> list[tuple[str, str]] | None:
        return None if text is None else [(one, "") for one in text.split()]

    return quorum(given, "alpha", named(present), named(absent))


def leaving(answer: dict[str, Any]) -> list[str]:
    return [one["says"] for one in answer["breaks_if"]]


SIX = (
    role("chair", "chair", "ann-a"),
    role("executives", "executive", "ben-b", "cat-c", more="seats: 2"),
    role("others", "non-executive", "dan-d", "eve-e", "fay-f", more="seats: 3"),
)


def test_a_number() -> None:
    given = room(*SIX, rule="at_least: 3")
    found = asked(given, "ann-a ben-b cat-c dan-d")
    assert (found["quorate"], found["present"], found["needed"], found["members"]) == ("yes", 4, 3, 6)
    assert leaving(found) == ["any 2 leave"]
    assert found["says"].startswith(
        "Quorate: 4 of 6 members present, 3 needed. Would stop being quorate if: any 2 leave."
    )
    found = asked(given, "ann-a ben-b")
    assert (found["quorate"], found["lacks"], found["breaks_if"]) == ("no", ["1 more member"], [])
    assert found["says"] == "Not quorate: 2 of 6 members present, 3 needed. Lacking: 1 more member."
    assert asked(given, "ann-a ben-b cat-c")["breaks_if"][0]["says"] == "any 1 leaves"


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        ("at_least: 1/2\ncounting: members-in-post", 3),
        ("at_least: 1/2\ncounting: seats", 4),
        ("at_least: 2/3\ncounting: members-in-post", 4),
        ("at_least: 1/3\ncounting: seats", 3),
        ("at_least: 1/2", None),
    ],
)
def test_a_fraction_is_rounded_up_and_taken_of_what_the_quorum_says(rule: str, needed: int | None) -> None:
    vacant = "seats: 4\nvacant:\n- from: 2026-06-01\n  sources: [paper line 4]"
    roles = (SIX[0], role("executives", "executive", "ben-b", more="seats: 2\nvacant:\n- from: 2026-06-01\n  sources: [paper line 4]"),
             role("others", "non-executive", "dan-d", "eve-e", "fay-f", more=vacant))  # fmt: skip
    found = asked(room(*roles, rule=rule))
    assert (found["members"], found["seats"], found["needed"]) == (5, 7, needed)
    if needed is None:
        assert (found["needed_least"], found["needed_most"]) == (3, 4)
        assert any("Of what the fraction" in one for one in found["doubts"])


def test_who_may_not_leave() -> None:
    given = room(*SIX, rule="at_least: 2\nincluding: [executive, [chair, others]]")
    found = asked(given, "ann-a ben-b dan-d eve-e")
    assert leaving(found) == ["any 3 leave", "Ben B leaves (only executive member present)"]
    found = asked(given, "ann-a ben-b cat-c dan-d")
    assert leaving(found) == [
        "any 3 leave",
        "Ben B and Cat C leave (the only ones present who are executive member)",
        "Ann A and Dan D leave (the only ones present who are chair or The others)",
    ]
    found = asked(given, "ann-a dan-d eve-e")
    assert (found["quorate"], found["lacks"]) == ("no", ["executive member"])
    assert asked(given, "ann-a ben-b")["breaks_if"][0]["leave"] == 1
    assert len(asked(given, "ann-a ben-b")["breaks_if"]) == 1, "any one includes the executive"


def test_a_quorum_that_needs_its_chair() -> None:
    given = room(*SIX, rule="at_least: 2\nwithout_chair: false")
    found = asked(given, "ann-a ben-b cat-c")
    assert leaving(found) == ["any 2 leave", "Ann A leaves (the chair, whom the quorum needs)"]
    assert found["quorate_without_chair"] == "no"
    assert asked(given, "ben-b cat-c dan-d")["lacks"] == ["chair"]
    free = asked(room(*SIX, rule="at_least: 2\nwithout_chair: true"), "ann-a ben-b cat-c")
    assert (free["quorate_without_chair"], free["without_chair"]) == ("yes", True)
    silent = asked(room(*SIX, rule="at_least: 2"), "ann-a ben-b cat-c")
    assert silent["without_chair"] is None


def test_each_person_counts_once_whatever_they_hold() -> None:
    roles = (*SIX, role("second", "executive", "ann-a"))
    found = asked(room(*roles, rule="at_least: 2\nincluding: [chair, executive]"), "ann-a")
    assert (found["present"], found["quorate"], found["members"]) == (1, "no", 6)
    assert [one["met"] for one in found["including"]] == ["yes", "yes"]
    assert asked(room(*roles, rule="at_least: 7"))["says"].startswith(
        "Cannot be quorate: 6 members in post, 7 needed."
    )


def test_a_shared_job_counts_once() -> None:
    shared = role("doctor", "executive", "gus-g, capacity: job-share", "hal-h, capacity: job-share")
    given = room(*SIX, shared, rule="at_least: 3\nincluding: [doctor]")
    found = asked(given, "ann-a gus-g hal-h")
    assert (found["present"], found["members"], found["quorate"]) == (2, 7, "no")
    found = asked(given, "ann-a ben-b gus-g hal-h")
    assert leaving(found) == [
        "any 2 leave",
        "Ann A leaves (too few would be left)",
        "Ben B leaves (too few would be left)",
    ], "one of those who share a job may leave"
    assert "any 2 leave; or one of these leaves: Ann A and Ben B (too few would be left)." in found["says"]
    found = asked(given, "ann-a ben-b cat-c gus-g hal-h")
    assert leaving(found)[1] == "Gus G and Hal H leave (the only ones present who are The doctor)"


def test_an_interim_counts_a_designate_does_not_and_cover_counts_in_the_covered_place() -> None:
    roles = (
        role("chair", "chair", "ann-a, capacity: interim"),
        role("next", "executive", "ben-b, from: 2026-09-01, announced: 2026-05-01"),
        role("finance", "executive", "cat-c", "dan-d, capacity: acting, covering: cat-c"),
    )
    given = room(*roles, rule="at_least: 2")
    found = asked(given, "ann-a ben-b dan-d")
    assert (found["present"], found["members"], found["quorate"]) == (2, 2, "yes")
    assert "Ben B is still to come, so does not count." in found["says"]
    assert asked(given, "cat-c dan-d")["present"] == 1


def test_attendees_and_members_without_a_vote_do_not_count() -> None:
    roles = (
        *SIX,
        role("watcher", "observer", "gus-g"),
        role("associate", "associate", "hal-h", more="voting: false"),
    )
    found = asked(room(*roles, rule="at_least: 1/2\ncounting: seats"), "ann-a gus-g hal-h")
    assert (found["present"], found["seats"], found["needed"]) == (1, 6, 3)
    assert "Gus G observes, and is not a member, so does not count." in found["says"]
    assert "Hal H has a seat without a vote, so does not count." in found["says"]


@pytest.mark.parametrize(
    ("rule", "covering", "present", "possible", "quorate"),
    [
        ("deputies_count: true", ", covering: ben-b", 2, 2, "yes"),
        ("deputies_count: true", "", 1, 2, "not-recorded"),
        ("deputies_count: false", ", covering: ben-b", 1, 1, "no"),
        ("deputies_count: false", "", 1, 1, "no"),
        ("", ", covering: ben-b", 1, 2, "not-recorded"),
    ],
)
def test_deputies(rule: str, covering: str, present: int, possible: int, quorate: str) -> None:
    roles = (*SIX, role("stand-in", "deputy", f"gus-g{covering}"))
    found = asked(room(*roles, rule=f"at_least: 2\n{rule}"), "ann-a gus-g")
    assert (found["present"], found["present_possible"], found["quorate"]) == (present, possible, quorate)
    both = asked(room(*roles, rule="at_least: 3\ndeputies_count: true"), "ann-a ben-b gus-g")
    assert both["present"] == 2, "a deputy does not count beside the member"


def test_who_is_not_surely_a_member_leaves_the_answer_open() -> None:
    roles = (*SIX, role("old", "executive", "gus-g, from: 2024-01-01, terms: [{ends: 2026-05-31}]"))
    given = room(*roles, rule="at_least: 2")
    found = asked(given, "ann-a gus-g")
    assert (found["quorate"], found["present"], found["present_possible"]) == ("not-recorded", 1, 2)
    assert any(one.startswith("Gus G is not surely a member: Term ended 31 May 2026") for one in found["doubts"])
    assert asked(given, "ann-a ben-b gus-g")["quorate"] == "yes"
    assert asked(room(*roles, rule="at_least: 4"), "ann-a gus-g")["quorate"] == "no", "even if they counted"


def test_an_incomplete_list_leaves_a_fraction_open_and_a_number_not() -> None:
    assert asked(room(*SIX, rule="at_least: 3", whole=False), "ann-a ben-b cat-c")["quorate"] == "yes"
    assert asked(room(*SIX, rule="at_least: 3", whole=False), "ann-a ben-b")["quorate"] == "no"
    found = asked(room(*SIX, rule="at_least: 1/2\ncounting: seats", whole=False), "ann-a ben-b cat-c dan-d eve-e")
    assert (found["quorate"], found["needed"], found["needed_least"], found["needed_most"]) == (
        "not-recorded",
        None,
        3,
        None,
    )
    assert asked(room(*SIX, rule="at_least: 1/2\ncounting: seats", whole=False), "ann-a ben-b")["quorate"] == "no"
    assert asked(room(*SIX, rule="at_least: 7", whole=False))["quorate"] == "not-recorded", "others may be members"
    assert asked(room(*SIX, rule="at_least: 7"))["quorate"] == "no"


def test_one_member_is_no_members() -> None:
    found = asked(room(SIX[0], rule="at_least: 1", whole=False))
    assert found["says"].startswith("Can be quorate: at least 1 member in post, 1 needed.")


def test_who_is_uncertain_counts_on_both_sides_or_on_neither() -> None:
    old = role("old", "executive", "gus-g, from: 2024-01-01, terms: [{ends: 2026-05-31}]")
    given = room(*SIX, old, rule="at_least: 1/2\ncounting: members-in-post")
    found = asked(given, "ann-a ben-b cat-c gus-g")
    assert (found["quorate"], found["present"], found["present_possible"]) == ("yes", 3, 4)
    assert (found["needed_least"], found["needed_most"]) == (3, 4), "3 of 6, or 4 of 7"
    assert "counted among those present and among the members in post, or among neither" in " ".join(
        found["doubts"]
    )
    assert asked(given, "ann-a ben-b cat-c")["quorate"] == "not-recorded", "3 of 7 would not do"
    assert asked(given, "ann-a ben-b gus-g")["quorate"] == "no", "neither 2 of 6 nor 3 of 7 do"
    sure = asked(given, "ann-a ben-b cat-c dan-d gus-g")
    assert [(one["then"], one["says"]) for one in sure["breaks_if"]][:2] == [
        ("not-recorded", "any 2 leave"),
        ("no", "any 3 leave"),
    ]
    assert "Would no longer be certain if: any 2 leave" in sure["says"]


def test_without_the_chair_is_the_same_as_the_chair_away() -> None:
    both = [answer("finance-committee"), answer("finance-committee", "--absent", "Dee Imaginary")]
    assert (both[0]["quorate_without_chair"], both[1]["quorate"]) == ("not-recorded", "not-recorded")
    assert "None of them may be away" not in both[0]["says"]
    assert answer("finance-committee", "--absent", "Kit Feigned")["quorate"] == "yes"
    told = "It would not be certain without any one of these: Professor Dee Imaginary, Wing Commander Vic Whimsy and Eve Unreal."
    assert told in both[0]["says"]


@pytest.mark.parametrize("away", [[], ["Cai", "Xan"], ["Ada"], ["Ada", "Cai", "Xan"], ["Dee", "Kit"]])
@pytest.mark.parametrize("body", ["nowshire-board", "finance-committee"])
def test_every_claim_of_who_may_not_leave_is_so_in_the_miniature(body: str, away: list[str]) -> None:
    snapshot = read_folder(MINI)
    registry: Registry = load(snapshot.texts, Shapes(TOP / "schema"), snapshot.problems)[0]
    given = Asked(registry, on(date(2026, 6, 30)))
    room_ = Room(given, registry.bodies[body])
    there = [key for key, one in room_.sitters.items() if one.places and one.name.split()[-2] not in away]
    claims_hold(room_, there, True)


def claims_hold(room_: Room, there: list[str], all_else: bool) -> None:
    """Assert what is claimed of who may not leave, by asking the judge of every subset."""
    found = room_.leaving(there, all_else)
    whole = room_.judged(there, all_else).quorate
    assert (found is not None) == (whole == "yes")
    if found is None:
        return
    assert found.exact

    def answers(size: int) -> set[str]:
        return {
            room_.judged([key for key in there if key not in gone], all_else).quorate
            for gone in combinations(there, size)
        }

    assert answers(found.survives) == {"yes"}
    assert found.survives == len(there) or answers(found.survives + 1) != {"yes"}
    assert "yes" not in answers(found.lost)
    assert "yes" in answers(found.lost - 1)
    if found.ended is None:
        assert room_.judged([], all_else).quorate != "no"
    else:
        assert answers(found.ended) == {"no"}
        assert answers(found.ended - 1) != {"no"}
    alone = {who[0]: then for who, _one, then in found.sets if len(who) == 1}
    for key in there:
        then = room_.judged([one for one in there if one != key], all_else).quorate
        assert (then == "yes") == (key not in alone or found.lost == 1) or found.lost == 1
        assert alone.get(key, then) == then
    for who, _one, then in found.sets:
        assert room_.judged([one for one in there if one not in who], all_else).quorate == then != "yes"


def test_no_quorum_recorded_still_counts_who_is_there() -> None:
    found = asked(room(*SIX), "ann-a ben-b")
    assert (found["quorate"], found["present"], found["needed"], found["rule"]) == ("not-recorded", 2, None, None)
    assert found["says"].startswith(
        "Quorum not recorded: no source here gives it for this day. 2 of 6 members present"
    )


def test_nobody_is_recorded_as_named_for_it() -> None:
    rule = "at_least: 2\nincluding: [[chair, deputy-chair]]"
    found = asked(room(*SIX, rule=rule), "ben-b cat-c dan-d")
    assert (found["quorate"], found["including"][0]["met"]) == ("no", "no"), "the chair is known and away"
    found = asked(room(*SIX[1:], rule="at_least: 2\nincluding: [deputy-chair]"), "ben-b cat-c dan-d")
    assert (found["quorate"], found["including"][0]["met"]) == ("not-recorded", "possibly")


def test_present_and_absent_together() -> None:
    given = room(*SIX, rule="at_least: 2")
    found = asked(given, "ann-a ben-b", "cat-c")
    assert found["not_accounted_for"] == ["Dan D", "Eve E", "Fay F"]
    assert found["present"] == 2
    with pytest.raises(UserError, match="both as present and as absent"):
        asked(given, "ann-a", "ann-a")


def test_days_and_bodies_without_an_answer() -> None:
    given = room(*SIX, rule="at_least: 2")
    with pytest.raises(UserError, match="one day"):
        quorum(Asked(given.registry, typed("July 2026")), "alpha")
    before = quorum(Asked(given.registry, on(date(2019, 1, 1))), "alpha")
    assert (before["quorate"], before["present"]) == ("not-recorded", 0)
    assert "was not in being on 1 January 2019: it began 1 January 2020" in before["says"]
    earlier = quorum(Asked(given.registry, on(date(2025, 6, 1))), "alpha")
    assert earlier["rule"] is None, "the rule began in 2026"


KEYS = PEOPLE.split()
ROOMS = [
    room(*SIX, role("doctor", "executive", "gus-g, capacity: job-share", "hal-h, capacity: job-share"), rule=rule, whole=whole)
    for rule in (
        "at_least: 3",
        "at_least: 1/2\ncounting: members-in-post\nincluding: [executive, [chair, others]]",
        "at_least: 2/3\ncounting: seats\nwithout_chair: false\ndeputies_count: true",
        "at_least: 4\nincluding: [doctor, deputy-chair]",
    )
    for whole in (True, False)
]  # fmt: skip
ORDER = {"no": 0, "not-recorded": 1, "yes": 2}


# shared jobs, cover, terms that ran out, deputies, several seats of one person, more people than seats
_OVER = "from: 2024-01-01, terms: [{ends: 2026-05-31}]"
ODD = [
    room(*roles, rule=rule)
    for roles in (
        (
            role("chair", "chair", f"ann-a, {_OVER}"),
            role("finance", "executive", "ben-b", "cat-c, capacity: acting, covering: ben-b"),
            role("doctor", "executive", "dan-d, capacity: job-share", "eve-e, capacity: job-share"),
            role("others", "non-executive", "fay-f", f"gus-g, {_OVER}", more="seats: 4"),
            role("stand-in", "deputy", "hal-h, covering: ann-a"),
        ),
        (
            role("chair", "chair", "ann-a"),
            role("pool", "member", "ben-b", f"cat-c, {_OVER}", "dan-d", "ann-a", more="seats: 2"),
            role("second", "member", f"ann-a, {_OVER}", f"eve-e, {_OVER}"),
            role("third", "executive", "fay-f", "gus-g, capacity: acting, covering: fay-f"),
            role("stand-in", "deputy", "hal-h"),
        ),
    )
    for rule in (
        "at_least: 2\ndeputies_count: true",
        "at_least: 1/2\ncounting: members-in-post\nincluding: [executive]",
        "at_least: 1/2\ncounting: seats\ndeputies_count: false",
        "at_least: 1/3\ndeputies_count: true\nincluding: [[chair, executive]]",
    )
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*ROOMS, *ODD]), st.sets(st.sampled_from(KEYS)), st.booleans())
def test_every_claim_of_who_may_not_leave_is_so(given: Asked, some: set[str], all_else: bool) -> None:
    room_ = Room(given, given.registry.bodies["alpha"])
    claims_hold(room_, [key for key in room_.sitters if key in some], all_else)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(ODD), st.sets(st.sampled_from(KEYS)), st.booleans())
def test_the_spare_at_worst_and_at_best_is_that_of_every_way_to_read_the_record(
    given: Asked, some: set[str], all_else: bool
) -> None:
    room_ = Room(given, given.registry.bodies["alpha"])
    there = [key for key in room_.sitters if key in some]
    unsure = [
        (key, place) for key, one in room_.sitters.items() for place, certain in one.places.items() if not certain
    ]
    members = [key for key, one in room_.sitters.items() if one.places]
    deputies = room_.rule is not None and room_.rule.deputies_count is True
    others = [key for key in there if not room_.sitters[key].deputy or (room_.sitters[key].stands_for and deputies)]
    if room_.rule is not None and room_.rule.deputies_count is None and any(room_.sitters[k].deputy for k in there):
        return
    if any(room_.sitters[key].deputy and not room_.sitters[key].stands_for for key in there):
        return
    found = []
    for ways in product((False, True), repeat=len(unsure)):
        chosen = [one for one, way in zip(unsure, ways, strict=True) if way]
        for more in range(int(sum(room_.open.values())) + 1):
            in_post = room_.most(members, True, chosen) + more
            present = room_.most(others, True, chosen) + (more if all_else else 0)
            found += [present - needed for needed in room_._asked_for(in_post)]
    assert room_.spare(there, all_else) == (min(found), max(found))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ROOMS), st.sets(st.sampled_from(KEYS)), st.sampled_from(KEYS))
def test_one_more_present_never_hurts(given: Asked, some: set[str], more: str) -> None:
    before, after = asked(given, " ".join(sorted(some))), asked(given, " ".join(sorted(some | {more})))
    assert ORDER[after["quorate"]] >= ORDER[before["quorate"]]
    assert after["present"] >= before["present"]
    assert after["needed"] == before["needed"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ROOMS), st.lists(st.sampled_from(KEYS)), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(given: Asked, some: list[str], chance: random.Random) -> None:
    turned = [*some]
    chance.shuffle(turned)
    assert asked(given, " ".join(some)) == asked(given, " ".join(turned))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ROOMS), st.sets(st.sampled_from(KEYS)))
def test_those_away_and_those_present_say_the_same_where_all_are_recorded(given: Asked, away: set[str]) -> None:
    there = [key for key in KEYS if key not in away]
    one, other = asked(given, " ".join(there)), asked(given, None, " ".join(sorted(away)))
    assert one["present"] == other["present"]
    if one["complete"]:
        assert one["quorate"] == other["quorate"] or "possibly" in {c["met"] for c in other["including"]}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ROOMS), st.sets(st.sampled_from(KEYS)))
def test_what_is_said_to_break_it_breaks_it_and_nothing_smaller_does(given: Asked, there: set[str]) -> None:
    found = asked(given, " ".join(sorted(there)))
    assert bool(found["breaks_if"]) == (found["quorate"] == "yes")
    for one in found["breaks_if"]:
        if one["people"]:
            assert asked(given, " ".join(sorted(there - set(one["people"]))))["quorate"] != "yes"
            for spared in one["people"]:
                assert asked(given, " ".join(sorted(there - set(one["people"]) | {spared})))["quorate"] == "yes"


# --- on the command line


def answer(*words: str, registry: Path = MINI, today: str = "2026-06-30") -> dict[str, Any]:
    done = run("quorum", *words, "--format", "json", registry=registry, today=today)
    assert (done.code, done.err) == (0, ""), done
    found: dict[str, Any] = json.loads(done.out)
    SCHEMA.validate(found)
    return found


@pytest.mark.parametrize(
    "words",
    [
        ["nowshire-board"],
        ["nowshire-board", "--absent", "Ada"],
        ["finance-committee", "--present", "dee", "--present", "vic", "--sources"],
        ["nowshire-board", "--on", "2022-01-01"],
        ["audit-committee"],
        ["nowshire-ccg"],
        ["upper-nonsuch-place"],
        ["nowshire-ics"],
    ],
)
def test_the_published_schema_is_kept(words: list[str]) -> None:
    found = answer(*words)
    assert found["says"].endswith(".")


def test_the_real_registry_says_that_it_is_not_recorded() -> None:
    for day in ("2018-01-01", "2022-06-30", "2022-09-20", "2023-09-13", "2026-11-27"):
        found = answer("icb-board", "--on", day, registry=REAL)
        assert found["quorate"] == "not-recorded"
        assert not found["breaks_if"]


def test_names_as_people_write_them(tmp_path: Path) -> None:
    ways = ["ada-invented", "ADA INVENTED", "Dame Ada Invented", "Invented", "ada", "Cllr Ada Invented"]
    for way in ways:
        found = answer("nowshire-board", "--present", way)
        assert [one["name"] for one in found["people"] if one["present"]] == ["Dame Ada Invented"], way
    several = answer("nowshire-board", "--present", "ada, dee; vic")
    assert several["present"] == 3


@pytest.mark.parametrize(
    ("name", "message", "help"),
    [
        ("Nobody", "'Nobody' is not among those recorded in", "No name there is like it."),
        ("d", "'d' is not among", "Did you mean: "),
        ("ada, Nobody", "'Nobody' is not among", "No name there is like it."),
        ("", "'' is not among", "No name there is like it."),
        ("Ada Invinted", "'Ada Invinted' is not among", "Did you mean: Dame Ada Invented?"),
        ("Whimsey", "'Whimsey' is not among", "Did you mean: Wing Commander Vic Whimsy?"),
        ("x" * 10_000, "…' is not among", "No name there is like it."),
    ],
)
def test_a_name_that_is_nobodys(name: str, message: str, help: str) -> None:
    done = run("quorum", "nowshire-board", "--present", name)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert help in done.err
    assert len(done.err) < 3000


def test_a_name_that_several_have() -> None:
    other = room(role("chair", "chair", "ann-a"), role("others", "member", "ann-other"), rule="at_least: 2")
    with pytest.raises(UserError, match="'Ann' could mean several of those recorded") as caught:
        asked(other, "Ann")
    assert caught.value.help == "Give one of: Ann A; Ann Other."
    assert asked(other, "ann-a")["present"] == 1


def test_names_after_absent_without_the_option() -> None:
    done = run("quorum", "nowshire-board", "--absent", "Ada", "Dee")
    assert done.code == 2
    assert "--absent 'A' --absent 'B'" in done.err


def test_a_list_of_attendance(tmp_path: Path) -> None:
    path = tmp_path / "who.csv"
    path.write_bytes(
        b'\xef\xbb\xbfName,Role\r\n# a comment\r\n\r\n"Invented",Chair\r\nDee Imaginary;NED\r\n- Vic Whimsy\r\n2. Tess Placebo\t x\r\n'
    )
    found = answer("nowshire-board", "--present-from", str(path))
    there = [one["name"] for one in found["people"] if one["present"]]
    assert there == ["Dame Ada Invented", "Professor Dee Imaginary", "Wing Commander Vic Whimsy", "Tess Placebo"]
    more = answer("nowshire-board", "--present-from", str(path), "--present", "xan")
    assert more["present"] == 4
    path.write_bytes("Ada Invented\n".encode("utf-16"))
    assert answer("nowshire-board", "--present-from", str(path))["present"] == 1


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"", 2, "holds no name"),
        (b"# nobody\n\n", 2, "holds no name"),
        (b"\xff\x00\xfa", 2, "is not text in UTF-8"),
        (b"\xff\xfea", 2, "is not text in UTF-8"),
        (b"Ada\n" * 3000, 2, "has more than 2000 names"),
        (b"a" * 1_000_001, 2, "is larger than 1 MB"),
        (None, 3, "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_used(tmp_path: Path, data: bytes | None, code: int, message: str) -> None:
    path = tmp_path / "who.txt"
    if data is not None:
        path.write_bytes(data)
    done = run("quorum", "nowshire-board", "--present-from", str(path))
    assert (done.code, done.out) == (code, "")
    assert message in done.err


def test_guests_in_a_list_are_told_and_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "who.txt"
    path.write_text("Attendance in May\nDame Ada Invented\nMr Tumble\nCai Fictional (interim)\n", encoding="utf-8")
    found = answer("nowshire-board", "--present-from", str(path))
    assert [one["name"] for one in found["people"] if one["present"]] == ["Dame Ada Invented", "Cai Fictional"]
    assert found["not_recognised"] == [
        {"name": "Attendance in May", "place": "who.txt, line 1", "several": False},
        {"name": "Mr Tumble", "place": "who.txt, line 3", "several": False},
    ]
    told = "Not recognised as anybody recorded there, and not counted: Attendance in May (who.txt, line 1) and Mr Tumble"
    assert told in found["says"]
    page = run("quorum", "nowshire-board", "--present-from", str(path), "--format", "md").out
    assert "- Mr Tumble (who.txt, line 3)" in page
    strict = run("quorum", "nowshire-board", "--present", "Mr Tumble")
    assert strict.code == 2


def test_a_list_that_is_piped_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Ada Invented\nvic\n")))
    assert answer("nowshire-board", "--present-from", "-")["present"] == 2


@given(st.text(max_size=200))
def test_any_text_is_a_list_or_an_error(text: str) -> None:
    try:
        found = names_in(text, "it")
    except UserError:
        return
    assert all(name and name == " ".join(name.split()) for name, _place in found)


def test_rows_and_pages() -> None:
    done = run("quorum", "nowshire-board", "--format", "csv")
    rows = [*csv.reader(io.StringIO(done.out.removeprefix("\ufeff")))]
    assert rows[0][:4] == ["person", "name", "counts", "present"]
    assert all(len(row) == len(rows[0]) for row in rows)
    page = run("quorum", "nowshire-board", "--sources").out
    assert page.splitlines()[2].startswith("Can be quorate: 8 to 11 members in post, 4 to 6 needed.")
    assert "Sources" in page


@pytest.mark.parametrize(
    "words", [["ada-invented"], ["nowshire-board/chair"], ["nowshire-board", "--during", "2022"]]
)
def test_what_has_no_quorum(words: list[str]) -> None:
    done = run("quorum", *words)
    assert (done.code, done.out) == (2, "")


def test_more_people_than_seats_is_quick_and_counts_the_seats() -> None:
    crowd = [f"--- people/p-{n}.yaml\nname: P {n}\n" for n in range(900)]
    roles = [role("crowd", "member", *(f"p-{n}" for n in range(900)), more="seats: 400")]
    found = asked(room(*SIX, *roles, rule="at_least: 1/2\ncounting: seats", more="".join(crowd)))
    assert (found["members"], found["seats"], found["needed"]) == (406, 406, 203)


def test_who_may_not_leave_a_crowd_is_bounded_and_said_to_be() -> None:
    people = [f"p-{n}" for n in range(60)]
    crowd = "".join(f"--- people/{one}.yaml\nname: {one}\n" for one in people)
    roles = [
        role(f"seat-{n}", "member", *(f"{one}, capacity: job-share" for one in people[n : n + 2]))
        for n in range(0, 60, 2)
    ]
    found = asked(room(*SIX, *roles, rule="at_least: 1/2\ncounting: members-in-post", more=crowd))
    assert (found["members"], found["survives_any"] >= 18, found["breaks_exact"]) == (36, True, False)
    assert "there were too many people to try all who could" in found["says"]
