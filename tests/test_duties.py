"""Duties: each word of the vocabulary against each of the five answers, and the reports that tell them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
from ruamel.yaml import YAML

from bless import MINI, REAL, REAL_DAY, TOP, run
from kmics_cli import model
from kmics_cli.dates import typed
from kmics_cli.load import load
from kmics_cli.model import Registry
from kmics_cli.problems import UserError
from kmics_cli.query import Asked
from kmics_cli.query.duties import asked_for, checks, not_met, tallied
from kmics_cli.query.duties.verdict import ANSWERS, SEVERITIES
from kmics_cli.reports import REPORTS
from kmics_cli.shape import Shapes
from kmics_cli.snapshot import read_folder

SHAPES = Shapes(TOP / "schema")
DAY = "2022-09-01"

SETTLED = """
kmics.yaml:
  name: Test
  model: "1"
  kinds: {icb: icb, board: board, committee: committee, audit-committee: audit committee, trust: trust}
documents/paper.yaml: {title: Paper, kind: paper, speaks_of: 2022-06-01}
documents/old-paper.yaml: {title: Old paper, kind: paper, speaks_of: 2020-06-01}
documents/law.yaml: {title: Law, kind: act, standing: instrument, speaks_of: 2020-01-01}
documents/guide.yaml: {title: Guide, kind: guidance, standing: official-page, speaks_of: 2022-06-01}
people/ann-a.yaml: {name: Ann A}
people/ben-b.yaml: {name: Ben B}
people/cat-c.yaml: {name: Cat C}
bodies/icb-a.yaml:
  name: ICB A
  kind: icb
  from: 2020-01-01
  sources: [paper]
bodies/all-trusts.yaml: {name: All trusts, kind: trust, class: true, from: unknown, sources: [paper]}
bodies/trust-t.yaml:
  name: Trust T
  kind: trust
  one_of: all-trusts
  from: 2020-01-01
  sources: [paper]
bodies/ministry.yaml: {name: Ministry, kind: committee, from: 2020-01-01, sources: [paper]}
"""
BOARD = """
name: Board A
kind: board
from: 2020-01-01
part_of:
- {body: icb-a, relation: board-of}
sources: [law]
"""
WHOLE = """
recorded:
  roles: complete
  committees: complete
  as_at: 2022-06-01
  sources: [paper]
"""
SET = """
name: Set
applies_to: {kind: icb}
tested_on: board-of
from: 2020-01-01
status: in-force
sources: [law, guide]
rules:
  one:
    text: A duty
    basis: statute
    citation: Law 1
    severity: error
    requires:
"""


def files(text: str) -> dict[str, str]:
    """Return the files of a text in which each path stands at the margin, its contents indented or in braces."""
    found = {}
    for part in re.split(r"^(?=\S+\.yaml:)", text, flags=re.MULTILINE)[1:]:
        path, _, body = part.partition(":")
        braces = re.fullmatch(r" \{(.*)\}\n*", body, re.DOTALL)
        if braces:  # a short record on one line
            body = "\n".join(re.split(r", (?=[a-z_]+: )", braces[1]))
        found[path] = dedent(body).strip("\n") + "\n"
    return found


def world(
    requires: str, roles: str = "", *, whole: bool = True, more: str = "", board: str = "", **changed: str
) -> Registry:
    """Return a registry with one ICB, its board with `roles`, and one duty.

    `whole`: its lists are complete. `more` holds further files, `board` further lines of the board. `changed`
    replaces lines of the set, by their keys.
    """
    texts = files(SETTLED)
    written = f"roles:\n{indent(dedent(roles).strip(chr(10)), '  ')}\n" if roles else ""
    texts["bodies/board-a.yaml"] = (BOARD + (WHOLE if whole else "") + board + written).lstrip("\n")
    if whole:
        texts["bodies/icb-a.yaml"] += WHOLE.lstrip("\n")
    text = SET.lstrip("\n")
    for key, value in changed.items():
        text = re.sub(rf"(?m)^( *){key.rstrip('_')}: .*$", rf"\g<1>{key.rstrip('_')}: {value}", text, count=1)
    texts["requirements/set.yaml"] = text + indent(dedent(requires).strip("\n"), "      ") + "\n"
    texts.update(files(more))
    found, problems = load({path: text.encode() for path, text in texts.items()}, SHAPES)
    assert [(problem.source.path, problem.message) for problem in problems if problem.severity == "error"] == []
    return found


def answered(registry: Registry, day: str = DAY) -> Any:
    (row,) = checks(Asked(registry, typed(day)), None)["rows"]
    return row


SAT = "\n".join(("  - person: {0}", "    from: 2021-01-01", "    sources: [{1}]"))


def seat(
    id: str, type: str, *persons: str, of: str = "paper", seen: str = "paper", seats: str = "", more: str = ""
) -> str:
    """Return a role, held by `persons`; `seen` is what shows them there, `of` what shows the seat."""
    lines = [f"{id}:", f"  title: {id.title()}", f"  member_type: {type}", f"  sources: [{of}]"]
    lines += [f"  seats: {seats}"] if seats else []
    lines += ["  " + line for line in dedent(more).strip("\n").split("\n") if more]
    if persons:
        lines.append("  appointments:")
        lines += [SAT.format(person, seen) for person in persons]
    return "\n".join(lines) + "\n"


CHAIR = seat("chair", "chair", "ann-a")
ONE_HELD = "seats:\n  of:\n    member_type: [chair]\n  at_least: 1\n  held: true\n"


def count(of: str, how: str) -> str:
    """Return a requirement that counts seats; `of` and `how` are "key: value" pairs, parted by semicolons."""
    pairs = ["seats:", "  of:", *(f"    {one.strip()}" for one in of.split(";"))]
    return "\n".join([*pairs, *(f"  {one.strip()}" for one in how.split(";"))])


TWO = seat("first", "executive", "ann-a") + seat("second", "executive", "ben-b")
EXECUTIVE = "member_type: [executive]"
CASES: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    # at least, and held
    "held": (count("member_type: [chair]", "at_least: 1; held: true"), CHAIR, {}, "met", "Chair: Ann A."),
    "held, on a partial list": (ONE_HELD, CHAIR, {"whole": False}, "met", "Chair: Ann A."),
    "held by an interim": (
        ONE_HELD,
        CHAIR.replace("    from", "    capacity: interim\n    from"),
        {},
        "met",
        "Chair: Ann A (interim).",
    ),
    "left, only possibly": (
        ONE_HELD,
        CHAIR.replace("2021-01-01", "2021-01-01\n    to: 2022-08/2022-10"),
        {},
        "not-known",
        "Chair: possibly Ann A. Left between August and October 2022.",
    ),
    "held on stale evidence": (
        ONE_HELD,
        seat("chair", "chair", "ann-a", seen="old-paper").replace("2021-01-01", "2020-02-01"),
        {},
        "not-known",
        "Chair: last named Ann A. Not confirmed since 1 June 2020.",
    ),
    "held, only possibly": (
        ONE_HELD,
        CHAIR.replace("2021-01-01", "2022-08/2022-10"),
        {},
        "not-known",
        "Chair: possibly Ann A. Was to start between August and October 2022; nothing later has been read.",
    ),
    "not yet held: a designate": (
        ONE_HELD,
        CHAIR.replace("2021-01-01", "2022-12-01"),
        {},
        "not-met",
        "0 of 1, and the list of seats is complete. Chair: nobody there; Ann A is to start on 1 December 2022.",
    ),
    "a designate, on a partial list": (
        ONE_HELD,
        CHAIR.replace("2021-01-01", "2022-12-01"),
        {"whole": False},
        "not-known",
        "Chair: nobody there; Ann A is to start on 1 December 2022.",
    ),
    "vacant": (
        ONE_HELD,
        seat("chair", "chair", more="vacant:\n- from: 2022-05-01\n  sources: [paper]"),
        {},
        "not-met",
        "Chair: vacant since 1 May 2022.",
    ),
    "vacant, on a partial list": (
        ONE_HELD,
        seat("chair", "chair", more="vacant:\n- from: 2022-05-01\n  sources: [paper]"),
        {"whole": False},
        "not-known",
        "Chair: vacant since 1 May 2022.",
    ),
    "no holder recorded": (ONE_HELD, seat("chair", "chair"), {}, "not-known", "Chair: holder not recorded."),
    "no such seat, on a complete list": (ONE_HELD, TWO, {}, "not-met", "0 of 1, and the list of seats is complete."),
    "no such seat, on a partial list": (ONE_HELD, TWO, {"whole": False}, "not-known", "No such seat is recorded."),
    "disputed": (
        ONE_HELD,
        CHAIR.replace("    from", "    confidence: disputed\n    note: It is.\n    from"),
        {},
        "not-known",
        "Disputed",
    ),
    "inferred": (
        ONE_HELD,
        CHAIR.replace("    from", "    confidence: inferred\n    note: So.\n    from"),
        {},
        "met",
        "Chair: Ann A. Inferred: in post since 1 January 2021.",
    ),
    # a seat that only the law, or the policy that asks, knows of
    "only the law knows the seat": (
        count("member_type: [chair]", "at_least: 1"),
        seat("chair", "chair", of="law"),
        {},
        "not-known",
        "Chair: known only from the law or policy that asks for it; no source here names a holder on this day.",
    ),
    "only the law knows the seat, and nobody is sure to sit there": (
        count("member_type: [chair]", "at_most: 1"),
        seat("chair", "chair", "ann-a", "ben-b", of="law")
        .replace("sources: [paper]", "to: 2022-08/2022-10\n    sources: [paper]", 1)
        .replace("ben-b\n    from: 2021-01-01", "ben-b\n    from: 2022-08/2022-10"),
        {"whole": False},
        "not-known",
        "Chair: known only from the law or policy that asks for it; who sits there on this day is not certain: "
        "possibly Ann A, possibly Ben B. The list of seats is not complete.",
    ),
    "only the policy knows the seat": (
        count("member_type: [chair]", "at_least: 1"),
        seat("chair", "chair", of="guide"),
        {},
        "not-known",
        "Chair: known only from the law or policy that asks for it",
    ),
    "a holder shows the seat": (
        count("member_type: [chair]", "at_least: 1"),
        seat("chair", "chair", "ann-a", of="law"),
        {},
        "met",
        "Chair: Ann A.",
    ),
    "the law names nobody": (ONE_HELD, seat("chair", "chair", of="law"), {}, "not-known", "known only from the law"),
    "its own constitution makes a seat": (
        count("member_type: [chair]", "at_least: 1"),
        seat("chair", "chair", of="own"),
        {
            "more": "documents/own.yaml: {title: Own, kind: constitution, standing: instrument, speaks_of: 2022-06-01}\n",
            "board": "governed_by:\n- {document: own, from: 2020-01-01}\n",
        },
        "met",
        "Chair",
    ),
    # exactly, at most
    "exactly": (count(EXECUTIVE, "exactly: 2"), TWO, {}, "met", "First. Second."),
    "exactly, too few": (count(EXECUTIVE, "exactly: 3"), TWO, {}, "not-met", "2 of 3, and the list of seats is complete."),
    "exactly, too few of a partial list": (count(EXECUTIVE, "exactly: 3"), TWO, {"whole": False}, "not-known", "2 of 3 recorded: First."),
    "exactly, too many of a partial list": (count(EXECUTIVE, "exactly: 1"), TWO, {"whole": False}, "not-met", "2 are recorded."),
    "exactly, as far as a partial list goes": (count(EXECUTIVE, "exactly: 2"), TWO, {"whole": False}, "not-known", "2 are recorded: First. Second. The list of seats is not complete."),
    "at most": (count(EXECUTIVE, "at_most: 2"), TWO, {}, "met", "First. Second."),
    "at most, none": (count("member_type: [lay]", "at_most: 0"), TWO, {}, "met", "None is recorded, and the list of seats is complete."),
    "at most, too many of a partial list": (count(EXECUTIVE, "at_most: 1"), TWO, {"whole": False}, "not-met", "2 are recorded."),
    "at most, as far as a partial list goes": (count(EXECUTIVE, "at_most: 2"), TWO, {"whole": False}, "not-known", "2 are recorded: First. Second. The list of seats is not complete."),
    "a seat for several": (
        count(EXECUTIVE, "at_least: 3"),
        seat("many", "executive", "ann-a", seats="3"),
        {},
        "met",
        "Many: 3 seats.",
    ),
    "a seat for several, one held": (
        count(EXECUTIVE, "at_least: 2; held: true"),
        seat("many", "executive", "ann-a", seats="3"),
        {},
        "not-known",
        "1 of 2 held: Many: Ann A.",
    ),
    "a seat for several, two vacant": (
        count(EXECUTIVE, "at_least: 2; held: true"),
        seat(
            "many",
            "executive",
            "ann-a",
            seats="3",
            more="vacant:\n- from: 2022-05-01\n  sources: [paper]\n- from: 2022-05-02\n  sources: [paper]",
        ),
        {},
        "not-met",
        "1 of 2, and the list of seats is complete.",
    ),
    "two who share a job": (
        count(EXECUTIVE, "at_least: 2; held: true"),
        seat("one", "executive", "ann-a", "ben-b").replace("    from", "    capacity: job-share\n    from"),
        {},
        "not-met",
        "1 of 2, and the list of seats is complete. One: Ann A; Ben B.",
    ),
    "nobody knows how many seats": (
        count(EXECUTIVE, "at_least: 2; held: true"),
        seat("many", "executive", "ann-a", seats="unknown"),
        {},
        "not-known",
        "1 of 2 held: Many: Ann A.",
    ),
    # what is not sure
    "a seat last shown long ago": (
        count("member_type: [chair]", "at_least: 1"),
        seat("chair", "chair", of="old-paper"),
        {"whole": False},
        "not-known",
        "Chair: last shown 1 June 2020.",
    ),
    "a seat last shown long ago, on a complete list": (
        count("member_type: [chair]", "at_least: 1"),
        seat("chair", "chair", of="old-paper"),
        {},
        "met",
        "Chair.",
    ),
    "too many seats, shown long ago": (
        count(EXECUTIVE, "at_most: 1"),
        seat("many", "executive", of="old-paper", seats="2"),
        {"whole": False},
        "not-known",
        "Many: last shown 1 June 2020.",
    ),
    "a disputed seat": (
        count("member_type: [chair]", "at_least: 1"),
        seat("chair", "chair", more="confidence: disputed\nnote: It is."),
        {},
        "not-known",
        "Chair: whether there is such a seat is disputed.",
    ),
    "a designate, and one last named long ago": (
        ONE_HELD,
        seat("chair", "chair", "ann-a", seen="old-paper").replace("2021-01-01", "2020-02-01")
        + SAT.format("ben-b", "paper").replace("2021-01-01", "2022-12-01"),
        {},
        "not-known",
        "Chair: last named Ann A.",
    ),
    "a vacancy that may be over": (
        ONE_HELD,
        seat("chair", "chair", more="vacant:\n- from: 2022-05-01\n  to: 2022-08/2022-10\n  sources: [paper]"),
        {},
        "not-known",
        "Chair: vacant since 1 May 2022.",
    ),
    "a disputed vacancy": (
        ONE_HELD,
        seat(
            "chair",
            "chair",
            more="vacant:\n- from: 2022-05-01\n  confidence: disputed\n  note: It is.\n  sources: [paper]",
        ),
        {},
        "not-known",
        "Chair: vacant since 1 May 2022.",
    ),
    "a seat that may not be there": (
        count("member_type: [chair]", "at_least: 1"),
        seat("chair", "chair", more="absent:\n- from: 2022-08/2022-10\n  sources: [paper]"),
        {},
        "not-known",
        "Chair: whether there was such a seat on this day is not certain.",
    ),
    # focus
    "focus": (count(f"{EXECUTIVE}; focus: [money]", "at_least: 1"), seat("first", "executive", more="focus: [money, people]"), {}, "met", "First."),
    "another focus": (count(f"{EXECUTIVE}; focus: [money]", "at_least: 1"), seat("first", "executive", more="focus: [people]"), {}, "not-met", "0 of 1"),
    "no focus recorded": (count(f"{EXECUTIVE}; focus: [money]", "at_least: 1"), seat("first", "executive"), {}, "not-known", "First: its focus is not recorded."),
    # who acts on the seat
    "nominated": (
        count("nominated_by: [trust-t]", "at_least: 1; held: true"),
        seat("first", "partner", "ann-a", more="nominated_by: [trust-t]"),
        {},
        "met",
        "First: Ann A.",
    ),
    "nominated by one of a class": (
        count("nominated_by: [all-trusts]", "at_least: 1; held: true"),
        seat("first", "partner", "ann-a", more="nominated_by: [trust-t]"),
        {},
        "met",
        "First: Ann A.",
    ),
    "nominated by another": (
        count("nominated_by: [trust-t]", "at_least: 1; held: true"),
        seat("first", "partner", "ann-a", more="nominated_by: [ministry]"),
        {},
        "not-met",
        "0 of 1",
    ),
    "nominated, as only the law says": (
        count("nominated_by: [trust-t]", "at_least: 1; held: true"),
        seat("first", "partner", "ann-a", of="law", more="nominated_by: [trust-t]"),
        {},
        "not-known",
        "First: Ann A. Who nominates for this seat is known only from the law or policy that asks for it.",
    ),
    "by whom it is nominated is not recorded": (
        count("nominated_by: [trust-t]", "at_least: 1; held: true"),
        seat("first", "partner", "ann-a"),
        {},
        "not-known",
        "First: Ann A. Who nominates for this seat is not recorded.",
    ),
    "appointed, by decision": (
        count("appointed_by: [ministry]; approved_by: [chair]", "at_least: 1; held: true"),
        seat("first", "partner", "ann-a", of="law")
        + "    decisions:\n    - what: reappointed\n      by: [ministry]\n    - what: approved\n      by: [board-a/chair]\n"
        + CHAIR,
        {},
        "met",
        "First: Ann A.",
    ),
    "appointed by another, by decision": (
        count("member_type: [partner]; appointed_by: [ministry]", "at_least: 1; held: true"),
        seat("first", "partner", "ann-a", more="appointed_by: [ministry]")
        + "    decisions:\n    - what: appointed\n      by: [trust-t]\n",
        {},
        "not-met",
        "First: Ann A. Was appointed by Trust T.",
    ),
    # what a holder is named for
    "designated": (
        count("member_type: [executive]; designated: [lead]", "at_least: 1"),
        TWO + "    designations:\n    - as: lead\n      from: 2021-06-01\n",
        {},
        "met",
        "Second: Ben B.",
    ),
    "designated, long ago": (
        count("designated: [lead]", "at_least: 1"),
        TWO + "    designations:\n    - as: lead\n      from: 2020-02-01\n      sources: [old-paper]\n",
        {},
        "not-known",
        "Second: Ben B. Last known to be named for this: 1 June 2020.",
    ),
    "nobody designated": (count("designated: [lead]", "at_least: 1"), TWO, {}, "not-known", "Nobody is recorded as named for this."),
    "nobody there to designate": (count("member_type: [lay]; designated: [lead]", "at_least: 1"), TWO, {}, "not-met", "0 of 1"),
    # for whom a holder sits
    "on behalf of": (count("on_behalf_of: [trust-t]", "at_least: 1; held: true"), TWO + "    on_behalf_of: trust-t\n", {}, "met", "Second: Ben B."),
    "on behalf of one of a class": (count("on_behalf_of: [all-trusts]", "at_least: 1"), TWO + "    on_behalf_of: trust-t\n", {}, "met", "Second: Ben B."),
    "on behalf of nobody known": (count("on_behalf_of: [trust-t]", "at_least: 1"), TWO, {}, "not-known", "Nobody is recorded as sitting on behalf of one."),
    "on behalf of another": (
        count("member_type: [lay]; on_behalf_of: [trust-t]", "at_least: 1"),
        seat("first", "lay", "ann-a") + "    on_behalf_of: ministry\n",
        {},
        "not-met",
        "0 of 1",
    ),
    "on behalf of any: a delegate": (
        count("member_type: [executive]; on_behalf_of: [any]", "at_most: 0"),
        TWO + "    on_behalf_of: trust-t\n",
        {"whole": False},
        "not-met",
        "1 is recorded. Second: Ben B.",
    ),
    "on behalf of any: no delegate": (count("member_type: [executive]; on_behalf_of: [any]", "at_most: 0"), TWO, {}, "met", "None is recorded"),
    "on behalf of any: as far as a partial list goes": (count("member_type: [executive]; on_behalf_of: [any]", "at_most: 0"), TWO, {"whole": False}, "not-known", ""),
    # a judgement
    "judgement": ("judgement: Whether it is wise.", "", {}, "needs-a-person", "Whether it is wise."),
    # in force, in being
    "proposed": (ONE_HELD, CHAIR, {"status": "proposed"}, "not-applicable", "Proposed, and not in force."),
    "not yet": (ONE_HELD, CHAIR, {"from_": "2022-10-01"}, "not-applicable", "Before 1 October 2022, from which this registry holds it."),
    "perhaps not yet": (ONE_HELD, CHAIR, {"from_": "2022-08/2022-10"}, "not-known", "Whether this was in force on this day is not certain"),
    "repealed, on an unknown day": (ONE_HELD, CHAIR, {"status": "repealed"}, "not-applicable", "Repealed, on a day that is not recorded."),
    "ended": ("judgement: X", "", {"from_": "2020-01-01\nto: 2022-03-31"}, "not-applicable", "Not in force on this day: ended on 31 March 2022."),
    "perhaps not yet, and not known": (ONE_HELD, "", {"from_": "2022-08/2022-10"}, "not-known", "is not certain (from a day between August and October 2022). 0 of 1"),
    "perhaps ended": (ONE_HELD, CHAIR, {"from_": "2020-01-01\nto: 2022-08/2022-10"}, "not-known", "is not certain (from 1 January 2020 to a day between August and October 2022). Chair: Ann A."),
    "perhaps not yet: a judgement": ("judgement: X", "", {"from_": "2022-08/2022-10"}, "needs-a-person", "Whether this was in force on this day is not certain"),
    "a judgement that is not asked yet": ("judgement: X", "", {"from_": "2022-10-01"}, "not-applicable", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_seats(name: str) -> None:
    requires, roles, how, answer, why = CASES[name]
    row = answered(world(requires, roles, **how))
    assert row["answer"] == answer, row["why"]
    assert why in row["why"]


def test_every_answer_and_every_word_of_a_sort_is_tried() -> None:
    assert {case[3] for case in CASES.values()} == set(ANSWERS)
    told = " ".join(case[0] for case in CASES.values())
    words = {name for name in model.SeatSort.__dataclass_fields__ if name not in ("source", "not_chair_of")}
    assert {word for word in words if f"{word}:" in told} == words


def committee(chair: str = "", extra: str = "", seen: str = "paper") -> str:
    """Return the file of an audit committee with its chair."""
    roles = indent("roles:\n" + indent(chair, "  "), "  ") if chair else ""
    return (
        "bodies/audit.yaml:\n  name: Audit\n  kind: audit-committee\n  from: 2020-01-01\n"
        f"  part_of:\n  - {{body: icb-a, relation: committee-of}}\n  sources: [{seen}]\n{extra}{roles}\n"
    )


AUDIT = "committee:\n  kind: audit-committee\n"
BY_NON_EXECUTIVE = AUDIT + "  chaired_by:\n    member_type: [non-executive]\n    not_chair_of: [board]\n"
NEDS = seat("member", "non-executive", "ben-b") + CHAIR
COMMITTEES: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "there": (AUDIT, "", {"more": committee()}, "met", "Audit."),
    "there, long ago": (AUDIT, "", {"more": committee(seen="old-paper")}, "not-known", "Audit: last known in being 1 June 2020."),
    "none, of a complete list": (AUDIT, "", {}, "not-met", "There is none in the list of committees, which is complete."),
    "none, of a partial list": (AUDIT, "", {"whole": False}, "not-known", "None is recorded."),
    "ended": (AUDIT, "", {"more": committee(extra="  to: 2021-12-31\n")}, "not-met", "There is none"),
    "only the law knows it": (AUDIT, "", {"more": committee(seen="law")}, "not-known", "Audit: known only from the law or policy that asks for it."),
    "only the policy knows it": (AUDIT, "", {"more": committee(seen="guide")}, "not-known", "Audit: known only from the law or policy that asks for it."),
    "chaired by a member of the sort": (BY_NON_EXECUTIVE, NEDS, {"more": committee(seat("chair", "chair", "ben-b"))}, "met", "Audit, chaired by Ben B."),
    "chaired by another": (BY_NON_EXECUTIVE, NEDS, {"more": committee(seat("chair", "chair", "cat-c"))}, "not-met", "Audit, chaired by Cat C. Not recorded in such a seat."),
    "chaired by another, of a partial list": (BY_NON_EXECUTIVE, NEDS, {"more": committee(seat("chair", "chair", "cat-c")), "whole": False}, "not-known", "chaired by Cat C."),
    "chaired by who may not": (
        BY_NON_EXECUTIVE,
        seat("member", "non-executive", "ann-a") + CHAIR,
        {"more": committee(seat("chair", "chair", "ann-a")), "whole": False},
        "not-met",
        "Audit, chaired by Ann A. Chairs the Board A too.",
    ),
    "who chairs the other is not certain": (
        BY_NON_EXECUTIVE,
        seat("member", "non-executive", "ben-b") + seat("chair", "chair"),
        {"more": committee(seat("chair", "chair", "ben-b"))},
        "not-known",
        "Who chairs the Board A on this day is not certain.",
    ),
    "who chairs is stale": (
        BY_NON_EXECUTIVE,
        NEDS,
        {"more": committee(seat("chair", "chair", "ben-b", seen="old-paper").replace("2021-01-01", "2020-02-01"))},
        "not-known",
        "Audit: last named Ben B. Not confirmed since 1 June 2020.",
    ),
    "its chair is vacant": (
        BY_NON_EXECUTIVE,
        NEDS,
        {"more": committee(seat("chair", "chair", more="vacant:\n- from: 2022-05-01\n  sources: [paper]"))},
        "not-met",
        "Audit: its chair is vacant since 1 May 2022.",
    ),
    "who chairs is not recorded": (BY_NON_EXECUTIVE, NEDS, {"more": committee()}, "not-known", "Audit: who chairs it is not recorded."),
    "no kind of body to compare": (
        count("member_type: [non-executive]; not_chair_of: [audit-committee]", "at_least: 1"),
        NEDS,
        {},
        "not-known",
        "Who chairs the audit committee is not recorded.",
    ),
    "not in force": (AUDIT, "", {"from_": "2023-01-01"}, "not-applicable", "Before 1 January 2023"),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMITTEES)
def test_committees(name: str) -> None:
    requires, roles, how, answer, why = COMMITTEES[name]
    row = answered(world(requires, roles, **how))
    assert row["answer"] == answer, row["why"]
    assert why in row["why"]


def trust(roles: str, whole: bool = True) -> str:
    body = files(SETTLED)["bodies/trust-t.yaml"] + (WHOLE.lstrip("\n") if whole else "")
    return "bodies/trust-t.yaml:\n" + indent(body + "roles:\n" + indent(roles, "  "), "  ") + "\n"


APART = "holds_no_role_in:\n  of:\n    member_type: [chair, partner]\n  kinds: [trust]\n"
AS = APART + "  as: [chair]\n"
EXCEPT = APART + "  except:\n    member_type: [partner]\n"
BOTH: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "both": (APART, CHAIR, {"more": trust(CHAIR), "whole": False}, "not-met", "Ann A, Chair, is also Chair, Trust T."),
    "nobody both, all lists complete": (APART, CHAIR, {"more": trust(seat("chair", "chair", "ben-b"))}, "met", "Nobody holds both."),
    "nobody both, the trust's list partial": (APART, CHAIR, {"more": trust(seat("chair", "chair", "ben-b"), False)}, "not-known", "No such role is recorded; the lists of roles that could show one are not complete."),
    "possibly both": (APART, CHAIR, {"more": trust(CHAIR.replace("2021-01-01", "2022-08/2022-10"))}, "not-known", "may be also Chair, Trust T."),
    "both, as another sort": (AS, CHAIR, {"more": trust(seat("clerk", "officer", "ann-a"))}, "met", "Nobody holds both."),
    "both, and spared": (EXCEPT, seat("partner", "partner", "ann-a"), {"more": trust(CHAIR)}, "met", "Nobody holds both."),
    "both, and not spared": (EXCEPT, CHAIR, {"more": trust(CHAIR)}, "not-met", "is also Chair, Trust T."),
    "both, by a post that carries the seat": (
        APART,
        CHAIR,
        {"more": trust(seat("member", "member", more="ex_officio:\n- role: board-a/chair\n  from: 2021-01-01\n  sources: [paper]"))},
        "not-met",
        "is also Member, Trust T.",
    ),
    "who holds the seat is not recorded": (APART, seat("chair", "chair"), {"more": trust(seat("chair", "chair", "ben-b"))}, "not-known", "Chair: holder not recorded."),
    "not in force": (APART, CHAIR, {"status": "proposed"}, "not-applicable", "Proposed"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOTH)
def test_holds_no_role_in(name: str) -> None:
    requires, roles, how, answer, why = BOTH[name]
    row = answered(world(requires, roles, **how))
    assert row["answer"] == answer, row["why"]
    assert why in row["why"]


def plan(lines: str) -> str:
    return f"documents/plan.yaml:\n  title: Plan\n  kind: plan\n{indent(dedent(lines).strip(), '  ')}\n"


PLAN = "document:\n  kind: plan\n"
LATELY = PLAN + "  reviewed_within: 12 months\n"
DOCUMENTS: dict[str, tuple[str, str, str, str]] = {
    "owned": (PLAN, "owner: icb-a\nfrom: 2021-01-01", "met", "Plan, last approved 1 January 2021; no end and no later document is recorded."),
    "owned, and it is to end": (PLAN, "owner: icb-a\nfrom: 2021-01-01\nto: 2023-12-31", "met", "Plan, last approved 1 January 2021."),
    "owned by a role of the board": (PLAN, "owner: board-a/chair\nfrom: 2021-01-01", "met", "Plan"),
    "another's": (PLAN, "owner: trust-t\nfrom: 2021-01-01", "not-known", "None is recorded."),
    "serves as one": (
        "document:\n  kind: other\n",
        "owner: trust-t\nfrom: 2021-01-01\nalso_serves_as:\n- {body: icb-a, kind: other}",
        "met",
        "Plan",
    ),
    "planned": (PLAN, "owner: icb-a\nplanned:\n  from: 2021-01-01\n  sources: [paper]", "not-known", "Plan: planned, and no source shows it in force."),
    "ended": (PLAN, "owner: icb-a\nfrom: 2020-01-01\nto: 2021-12-31", "not-known", "None is recorded for this day."),
    "perhaps": (PLAN, "owner: icb-a\nfrom: 2022-08/2022-10", "not-known", "Plan: whether it was in force on this day is not certain."),
    "reviewed lately": (LATELY, "owner: icb-a\nfrom: 2020-01-01\napprovals:\n- {body: icb-a, step: approved, date: 2022-02-01}", "met", "last approved 1 February 2022; no end"),
    "reviewed long ago": (
        LATELY,
        "owner: icb-a\nfrom: 2020-01-01\nreview_due: 2021-01-01\napprovals:\n- {body: icb-a, step: approved, date: 2020-02-01}",
        "not-known",
        "Plan: last approved 1 February 2020; no later review is recorded. A review was due 1 January 2021.",
    ),
    "reviewed only after the day": (LATELY, "owner: icb-a\nfrom: 2020-01-01\napprovals:\n- {body: icb-a, step: approved, date: 2022-12-01}", "not-known", "no later review is recorded."),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents(name: str) -> None:
    requires, lines, answer, why = DOCUMENTS[name]
    row = answered(world(requires, CHAIR, more=plan(lines)))
    assert row["answer"] == answer, row["why"]
    assert why in row["why"]


TURN = """
chair:
  title: Chair
  member_type: chair
  sources: [paper]
  rotation:
    among: [trust-t/leader, ministry/leader]
    every: 2 years
    sources: [paper]
  turns:
  - role: trust-t/leader
    from: {0}
    sources: [{1}]
"""
ROTATIONS: dict[str, tuple[str, str, str]] = {
    "in turn": (TURN.format("2021-01-01", "paper"), "met", "In turn: Leader, Trust T, since 1 January 2021."),
    "in turn, long ago": (TURN.format("2020-12-01", "old-paper"), "not-known", "The turn of Leader, Trust T was last confirmed 1 June 2020."),
    "a change was due": (TURN.format("2020-03-01", "old-paper"), "not-known", "A change was due about 1 March 2022; none is recorded."),
    "ran on": (TURN.format("2020-03-01", "paper"), "not-met", "The turn of Leader, Trust T began 1 March 2020 and ran on beyond 2 years."),
    "ran on, and has ended": (TURN.format("2020-01-01", "old-paper") + "    to: 2022-08-01\n", "not-met", "ran on beyond 2 years."),
    "in turn, after one that a later paper tells of": (
        TURN.format("2018-01-01", "paper")
        + "    to: 2019-12-31\n  - role: ministry/leader\n    from: 2021-01-01\n    sources: [paper]\n",
        "met",
        "In turn: ministry/leader, since 1 January 2021.",
    ),
    "a disputed turn": (
        TURN.format("2021-01-01", "paper") + "    confidence: disputed\n    note: It is.\n",
        "not-known",
        "is disputed.",
    ),
    "no turn": (seat("chair", "chair", more="rotation:\n  among: [trust-t/leader, ministry/leader]\n  every: 2 years\n  sources: [paper]"), "not-known", "No turn is recorded for this day."),
    "no rotation": (CHAIR, "not-known", "No rotation of this role is recorded."),
}  # fmt: skip


@pytest.mark.parametrize("name", ROTATIONS)
def test_rotations(name: str) -> None:
    roles, answer, why = ROTATIONS[name]
    row = answered(world("rotation_kept: chair", roles, more=trust(seat("leader", "leader", "ann-a"))))
    assert row["answer"] == answer, row["why"]
    assert why in row["why"]


QUORA: dict[str, tuple[str, str, str]] = {
    "without the chair": ("without_chair: true", "met", "The quorum does not need the chair."),
    "with the chair": ("without_chair: false", "not-met", "The quorum needs the chair."),
    "including the chair alone": ("including: [chair, executive]", "not-met", "The quorum needs the chair."),
    "including the chair or a deputy": ("including: [[chair, deputy-chair], executive]", "met", "does not need"),
    "it does not say": (
        "counting: seats",
        "not-known",
        "The quorum is recorded, but not whether it needs the chair.",
    ),
    "ended": ("without_chair: true\nto: 2021-12-31", "not-known", "No quorum is recorded for this day."),
    "long ago": (
        "without_chair: true\nfrom: 2020-01-01\nsources: [old-paper]",
        "not-known",
        "No quorum is recorded",
    ),
}


@pytest.mark.parametrize("name", QUORA)
def test_quora(name: str) -> None:
    lines, answer, why = QUORA[name]
    sources = "" if "sources" in lines else "  sources: [paper]\n"
    start = "" if "from" in lines else "  from: 2020-01-01\n"
    board = f"quorum:\n- at_least: 4\n{indent(lines, '  ')}\n{start}{sources}"
    row = answered(world("quorum_without_chair: true", board=board))
    assert row["answer"] == answer, row["why"]
    assert why in row["why"]
    turned = answered(world("quorum_without_chair: false", board=board))
    assert turned["answer"] == {"met": "not-met", "not-met": "met"}.get(answer, answer)


# --- on what it is tested, and when


def test_before_the_body_nothing_applies() -> None:
    row = answered(world(ONE_HELD, CHAIR, from_="2019-01-01"), "2019-06-01")
    assert row["answer"] == "not-applicable"
    assert row["why"] == "ICB A was not in being on this day: it began on 1 January 2020."


def test_a_body_that_was_only_possibly_in_being_meets_nothing_for_sure() -> None:
    more = "bodies/icb-a.yaml: {name: ICB A, kind: icb, from: 2022-08/2022-10, sources: [old-paper]}\n"
    row = answered(world(ONE_HELD, CHAIR, more=more))
    assert (row["answer"], row["seats"]) == ("not-known", [])
    assert row["why"].startswith("Whether ICB A was in being on this day is not certain.")


def test_without_a_board_its_seats_are_not_known() -> None:
    row = answered(
        world(
            ONE_HELD, CHAIR, more="bodies/board-a.yaml: {name: B, kind: board, from: unknown, sources: [paper]}\n"
        )
    )
    assert (row["answer"], row["why"]) == (
        "not-known",
        "The body whose seats this asks about is not recorded on this day.",
    )


def test_a_complete_list_is_complete_only_where_evidence_reaches() -> None:
    """The list is whole as at June 2022: a year and more later, or before it, a missing seat is not known."""
    lacking = world(ONE_HELD, TWO)
    assert [answered(lacking, day)["answer"] for day in ("2022-09-01", "2023-09-01", "2021-09-01")] == [
        "not-met",
        "not-known",
        "not-known",
    ]


def test_a_body_that_cannot_be_read_may_be_the_committee_that_is_missing() -> None:
    text = files(SETTLED) | {"bodies/board-a.yaml": (BOARD + WHOLE).lstrip("\n")}
    text["bodies/icb-a.yaml"] += WHOLE.lstrip("\n")
    text["requirements/set.yaml"] = SET.lstrip("\n") + indent(AUDIT, "      ")
    for audit, answer in (({}, "not-met"), ({"bodies/audit.yaml": "name: A\nname: B\n"}, "not-known")):
        found, _problems = load({path: body.encode() for path, body in (text | audit).items()}, SHAPES)
        assert answered(found)["answer"] == answer


def test_a_class_stands_for_its_members() -> None:
    found = world(ONE_HELD, CHAIR, applies_to="{body: all-trusts}", tested_on="governing-body-of")
    assert [row["body"] for row in checks(Asked(found, typed(DAY)), None)["rows"]] == ["trust-t"]


def test_the_board_is_asked_by_its_own_id_and_by_its_bodys() -> None:
    asked = Asked(world(ONE_HELD, CHAIR), typed(DAY))
    assert checks(asked, "board-a")["rows"] == checks(asked, "icb-a")["rows"] == checks(asked, None)["rows"]
    assert tallied(asked, "board-a") == {
        "total": 1,
        "not_met": 0,
        "not_known": 0,
        "needs_a_person": 0,
        "met": 1,
        "not_applicable": 0,
    }
    assert tallied(asked, "trust-t") is None
    assert tallied(Asked(asked.registry, typed("2022/23")), "board-a") is None
    with pytest.raises(UserError) as refused:
        checks(asked, "trust-t")
    assert (refused.value.code, refused.value.help) == (2, "Duties apply to: icb-a.")


def test_of_a_time_the_first_and_the_last_day_are_asked() -> None:
    found = checks(Asked(world(ONE_HELD, CHAIR, from_="2022-06-01"), typed("2022-01-01..2022-12-31")), None)
    assert [(row["on"], row["answer"]) for row in found["rows"]] == [
        ("2022-01-01", "not-applicable"),
        ("2022-12-31", "met"),
    ]
    assert [(day["on"], day["met"]) for day in found["days"]] == [("2022-01-01", 0), ("2022-12-31", 1)]


def test_not_met_is_what_validate_warns_of() -> None:
    found = list(not_met(world(ONE_HELD, TWO), date(2022, 9, 1)))
    assert [(one.body.id, one.requirements.id, one.duty.id) for one in found] == [("icb-a", "set", "one")]
    assert (found[0].duty.text, found[0].duty.citation) == ("A duty", "Law 1")
    assert found[0].why.startswith("0 of 1")
    assert found[0].duty.source.path == "requirements/set.yaml"
    assert found[0].body.source.path == "bodies/icb-a.yaml"
    assert list(not_met(world(ONE_HELD, CHAIR), date(2022, 9, 1))) == []
    assert list(not_met(world(ONE_HELD, TWO, whole=False), date(2022, 9, 1))) == []


# --- the registries


@cache
def loaded(root: Path) -> Registry:
    found, problems = load(read_folder(root).texts, SHAPES)
    assert problems == []
    return found


def rows(root: Path, day: str, ref: str | None) -> dict[str, Any]:
    return {row["id"]: row for row in checks(Asked(loaded(root), typed(day)), ref)["rows"]}


def test_the_miniature_has_every_answer() -> None:
    assert {row["answer"] for row in rows(MINI, "2026-06-30", None).values()} == set(ANSWERS)
    assert [(one.body.id, one.duty.id) for one in not_met(loaded(MINI), date(2026, 6, 30))] == [
        ("nowshire-icb", "partner-local-authorities"),
        ("nowshire-icb", "remuneration-chair"),
    ]


def test_on_the_day_before_the_board_began_nothing_is_asked_of_it() -> None:
    found = rows(REAL, "2022-06-30", "icb-board")
    assert len(found) > 30
    assert {row["answer"] for row in found.values()} == {"not-applicable"}


@pytest.mark.parametrize("day", ["2022-07-01", "2022-09-20", "2023-01-15", "2025-01-01", REAL_DAY])
def test_no_list_of_the_real_board_is_complete_so_nothing_is_not_met(day: str) -> None:
    found = rows(REAL, day, "icb-board")
    assert "not-met" not in {row["answer"] for row in found.values()}
    for id in ("partner-trusts", "partner-primary-care", "partner-local-authorities", "ordinary-members"):
        assert found[f"icb-membership/{id}"]["answer"] == "not-known"  # known only from the law
    for id in ("executive-finance", "executive-medical", "executive-nursing", "non-executives"):
        assert found[f"icb-policy/{id}"]["answer"] == "not-known"  # known only from the policy


def test_the_real_board_in_september_2022() -> None:
    found = rows(REAL, "2022-09-20", "icb-board")
    assert {id for id, row in found.items() if row["answer"] == "met"} == {
        "icb-membership/chair-seat",
        "icb-membership/chief-executive-seat",
        "icb-membership/chief-executive",
        "icb-plans-and-publications/partnership",
    }
    chief = found["icb-membership/chief-executive"]
    assert chief["confidence"] == "inferred"
    assert chief["why"].startswith("Chief executive: Paul Bentley. Inferred, as Chief Executive:")
    assert [one["role"] for one in chief["seats"]] == ["icb-board/chief-executive"]
    assert found["icb-policy/lead-send"]["answer"] == "not-applicable"  # asked from May 2023
    assert found["icb-policy/trust-chairs"]["answer"] == "not-applicable"  # in force from 16 December 2024


def test_the_real_board_today() -> None:
    found = rows(REAL, REAL_DAY, "icb-board")
    assert {id for id, row in found.items() if row["answer"] == "met"} == {
        "icb-membership/chief-executive-seat",
        "icb-membership/chief-executive",
    }
    chair = found["icb-membership/chair"]
    assert (chair["answer"], chair["why"]) == (
        "not-known",
        "Chair: last named Cedi Frederick. Not confirmed since 13 September 2023.",
    )
    assert {id for id, row in found.items() if row["answer"] == "not-applicable"} == {
        "health-bill-2026-membership/mayor"
    }
    assert {row["basis"] for row in found.values()} == {
        "statute",
        "regulation",
        "nhse-policy",
        "constitution",
        "good-practice",
    }


def test_the_two_chief_executives_of_october_2025() -> None:
    """Paul Bentley may still be there, Adam Doyle already: neither is left out, and neither is said to be there."""
    found = rows(REAL, "2025-10-15", "icb-board")
    may = "who sits there on this day is not certain: possibly Paul Bentley, possibly Adam Doyle."
    for id in ("chief-executive-seat", "one-chief-executive"):
        assert found[f"icb-membership/{id}"]["answer"] == "not-known"
        assert may in found[f"icb-membership/{id}"]["why"]
        assert found[f"icb-membership/{id}"]["evidence"]
    held = found["icb-membership/chief-executive"]["why"]
    assert held.startswith("Chief executive: possibly Paul Bentley. Inferred, as Chief Executive: left between ")
    assert "possibly Adam Doyle. Inferred, as Chief Executive: started between " in held


def test_who_may_sit_there_is_said_to_do_so_possibly() -> None:
    found = rows(REAL, "2022-09-20", "icb-board")
    assert "possibly Ivor Duffy. Inferred" in found["icb-policy/executive-finance"]["why"]
    chair = found["icb-membership/chair"]["why"]
    assert chair == (
        "Chair: later named Cedi Frederick. First named on 13 September 2023; start date not recorded."
    )


def test_guidance_of_an_unknown_day_is_said_to_be_so() -> None:
    why = rows(REAL, "2022-09-20", "icb-board")["icb-policy/quorum"]["why"]
    assert why.startswith(
        "Whether this was in force on this day is not certain (from a day between 13 May 2022 and"
    )


def test_a_vacancy_is_not_said_to_break_the_act() -> None:
    """The Act asks for the seat; that it is held is asked apart, and not in the Act's name."""
    rules = loaded(REAL).requirements["icb-membership"].rules
    for id in ("chair", "chief-executive"):
        assert (rules[id].basis, rules[f"{id}-seat"].basis) == ("good-practice", "statute")
        held, there = rules[id].requires.seats, rules[f"{id}-seat"].requires.seats
        assert held is not None
        assert there is not None
        assert (held.held, there.held) == (True, False)


def test_before_the_form_that_is_held_no_more_is_said() -> None:
    row = rows(REAL, "2018-01-01", "kent-county-council")["councils/health-and-wellbeing-strategy"]
    assert (row["answer"], row["why"]) == (
        "not-applicable",
        "Before 1 July 2022, from which this registry holds it.",
    )


def test_a_strategy_that_is_met_says_that_nothing_later_is_recorded() -> None:
    row = rows(REAL, REAL_DAY, "kent-and-medway-icp")["icp/strategy"]
    assert (row["answer"], row["why"]) == (
        "met",
        "Kent and Medway Integrated Care Strategy, last approved 4 January 2024; no end and no later document is "
        "recorded.",
    )


def test_a_later_document_is_not_denied() -> None:
    two = plan("owner: icb-a\nfrom: 2021-01-01") + plan("owner: icb-a\nfrom: {}").replace("/plan.", "/plan-b.")
    said = [answered(world(PLAN, CHAIR, more=two.format(day)))["why"] for day in ("2023-01-01", "2022-08-01")]
    assert all("last approved 1 January 2021." in why for why in said)


@pytest.mark.parametrize("root", [MINI, REAL])
def test_show_tells_what_each_duty_requires_as_the_file_has_it(root: Path) -> None:
    asked = Asked(loaded(root), typed(DAY))
    for id, found in loaded(root).requirements.items():
        text = (root / found.source.path).read_text(encoding="utf-8")
        written = tidied(text)
        shown = asked.show_requirements(id)
        assert shown["requirements"]["tested_on"] == written.get("tested_on")
        for rule in shown["rules"]:
            assert rule["requires"] == written["rules"][rule["id"]]["requires"]


def tidied(text: str) -> Any:
    """Return the data of a YAML text as another reader has it."""
    return YAML(typ="safe", pure=True).load(text)


def test_the_turn_of_the_partnerships_chair() -> None:
    turns = [
        rows(REAL, day, "kent-and-medway-icp")["kent-and-medway-icp-duties/rotation"]
        for day in ("2023-09-01", REAL_DAY)
    ]
    assert [row["answer"] for row in turns] == ["met", "not-known"]
    assert "A change was due about July or August 2024; none is recorded." in turns[1]["why"]


def test_every_real_duty_cites_a_document_and_stands_under_its_basis() -> None:
    registry = loaded(REAL)
    for found in registry.requirements.values():
        assert found.sources
        for duty in found.rules.values():
            cited = [one.document for one in (*duty.sources, *found.sources)]
            assert set(cited) <= registry.documents.keys()
            assert duty.severity in SEVERITIES
            if duty.basis == "statute":
                assert duty.citation.split(",")[0].removesuffix(" (introduced 14 May 2026)").split()[
                    -1
                ].isdigit() or ("Bill" in duty.citation)
    proposed = [one.id for one in registry.requirements.values() if one.status == "proposed"]
    assert proposed == ["health-bill-2026-membership"]


# --- the report as it is read


def told(*words: str) -> str:
    done = run("report", *words, registry=REAL, today=REAL_DAY)
    assert (done.code, done.err) == (0, "")
    return done.out


@pytest.mark.parametrize("day", ["2022-06-30", "2022-09-20", REAL_DAY])
def test_the_sentences_of_an_officer(day: str) -> None:
    page = told("checks", "icb-board", "--on", day)
    assert max(map(len, page.splitlines())) <= 80
    flat = " ".join(page.split())
    assert page.startswith("Composition checks: NHS Kent and Medway ICB Board\n")
    assert re.search(
        r"On \d+ \w+ 20\d\d, of \d+ checks: \d+ met, 0 not met, \d+ not known, \d+ needs? a person, \d+ not applicable\.",
        flat.replace("need a", "needs a"),
    )
    assert (
        "A vacancy does not by itself make proceedings invalid. Not legal advice. Whether proceedings stand is for "
        "the constitution and the law to say."
    ) in flat
    assert not re.search(r"(?i)complian|%|per cent", page)


def test_many_duties_with_one_reason_are_counted_and_few_are_told() -> None:
    flat = " ".join(told("checks", "icb-board", "--on", "2022-06-30").split())
    found = rows(REAL, "2022-06-30", "icb-board").values()
    count = sum(row["basis"] == "statute" and "was not in being" in row["why"] for row in found)
    assert count > 20
    assert f"checks (each is in --format csv and json): - By statute: {count}" in flat
    assert "Schedule 1B" not in flat
    assert "A member is nominated by the mayor" in flat
    few = " ".join(told("checks", "icb-board", "--on", "2022-09-20").split())
    assert "Before May 2023, from which this registry holds it. 5 checks: - A member of the board is" in few


def test_the_most_serious_come_first() -> None:
    found = list(rows(REAL, REAL_DAY, "icb-board").values())
    order = [(ANSWERS.index(row["answer"]), SEVERITIES.index(row["severity"])) for row in found]
    assert order == sorted(order)


def test_show_says_the_figures() -> None:
    done = run("show", "icb-board", registry=REAL, today=REAL_DAY)
    flat = " ".join(done.out.split())
    tally = tallied(Asked(loaded(REAL), typed(REAL_DAY)), "icb-board")
    assert tally
    assert (
        f"Checks: {tally['met']} met, {tally['not_met']} not met, {tally['not_known']} not known, "
        f"{tally['needs_a_person']} need a person, {tally['not_applicable']} not applicable "
        "(kmics report checks icb-board)."
    ) in flat
    assert "Checks:" not in run("show", "icb-executive", registry=REAL, today=REAL_DAY).out


def test_what_was_asked_for_is_apart() -> None:
    for ref in ([], ["icb-board"], ["nhs-kent-and-medway-icb"]):
        flat = " ".join(told("asked-for", *ref).split())
        assert "1 request to 1 body is recorded. No law or policy in this registry asks for it" in flat
        assert "A member with a" in flat
    assert "nothing is recorded as publicly asked for" in told("asked-for", "icb-board", "--on", "2022-06-30")
    assert "engagement" not in " ".join(row["text"] for row in rows(REAL, REAL_DAY, None).values())


ROW = (
    "id on body body_name text answer why lacking confidence seats basis citation severity status from to note sources "
    "evidence"
).split()


def test_the_json_of_a_report() -> None:
    found = json.loads(told("checks", "icb-board", "--format", "json"))
    assert list(found)[:5] == ["schema", "on", "rev", "registry", "report"]
    assert (found["schema"], found["report"], found["on"]) == ("kmics/report/1", "checks", REAL_DAY)
    assert found["summary"]["total"] == len(found["rows"]) == sum(found["summary"].values()) / 2
    for row in found["rows"]:
        assert list(row) == ROW
        assert row["answer"] in ANSWERS
    apart = json.loads(told("asked-for", "--format", "json"))
    assert (apart["report"], apart["summary"]) == ("asked-for", {"total": 1})
    assert list(apart["rows"][0]) == "body body_name what by on confidence note sources".split()


def test_the_csv_of_a_report() -> None:
    table = list(csv.DictReader(io.StringIO(told("checks", "icb-board", "--format", "csv"))))
    assert [row["id"] for row in table] == list(rows(REAL, REAL_DAY, "icb-board"))
    assert {"answer", "why", "citation", "basis", "severity", "sources", "evidence"} <= table[0].keys()


def every_table(page: str) -> Iterator[list[str]]:
    for line in page.splitlines():
        if line.startswith("|"):
            yield re.split(r"(?<!\\)\|", line)[1:-1]


@pytest.mark.parametrize("words", [["checks"], ["checks", "icb-board", "--sources"], ["asked-for"]])
def test_the_markdown_of_a_report(words: list[str]) -> None:
    page = told(*words, "--format", "md")
    assert page.startswith("# ")
    assert page.count("\n# ") == 0
    for cells in every_table(page):
        assert all(cell.strip() for cell in cells)
    levels = [len(line.split()[0]) for line in page.splitlines() if line.startswith("#")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert max(levels) <= 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check"], "Did you mean checks?"),
        (["verdict"], "There is no report 'verdict'.\nThere are: "),
        (["checks", "Roger Gough"], "'roger-gough' is not a body.\nTry kmics show roger-gough."),
        (["checks", "medway-nhs-ft"], "No duty in this registry applies to 'medway-nhs-ft'."),
        (["checks", "nowhere-at-all"], "Nothing here is called 'nowhere-at-all'"),
    ],
)
def test_asked_wrongly(words: list[str], said: str) -> None:
    done = run("report", *words, registry=REAL, today=REAL_DAY)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_every_report_is_in_the_help() -> None:
    told = " ".join(run("report", "--help", registry=None, today=None).out.split())
    for name in REPORTS:
        assert f"{name}:" in told


def test_a_registry_without_duties() -> None:
    text = files(SETTLED)
    found, _problems = load({path: body.encode() for path, body in text.items()}, SHAPES)
    asked = Asked(found, typed(DAY))
    assert checks(asked, None)["rows"] == []
    assert asked_for(asked, None)["rows"] == []
    assert tallied(asked, "icb-a") is None
    assert list(not_met(found, date(2022, 9, 1))) == []
