"""What happened between two days: each event has its sentence, and two times together hold what each of them holds."""

from __future__ import annotations

import json
import shlex
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bless import CASES, GOLDEN, REAL, REAL_DAY, TOP, run
from fuzzing import examples
from kmics_cli.cli.happening import ChangeKind
from kmics_cli.dates import on
from kmics_cli.events import GROUPS, changes
from kmics_cli.events.told import _INFINITIVES, Said
from kmics_cli.model import Registry
from kmics_cli.query import Asked
from registries import BASE, TODAY, laid, loaded

SCHEMA = json.loads((TOP / "schema" / "output" / "changes.json").read_bytes())
EVENTS = set(SCHEMA["$defs"]["change"]["properties"]["change"]["enum"])


@cache
def made(text: str) -> Registry:
    registry, problems = loaded(laid(text)[0])
    assert [problem for problem in problems if problem.severity == "error"] == []
    return registry


def asked(text: str, day: date) -> Asked:
    return Asked(made(text), on(day))


def happened(text: str, old: str, new: str, today: date = TODAY, **more: Any) -> dict[str, Any]:
    first, last = date.fromisoformat(old), date.fromisoformat(new)
    return changes(asked(text, last), first, last, today, **more)


def body(more: str, start: str = "2021-01-01") -> str:
    return f"""
--- bodies/beta.yaml
name: Beta
kind: committee
from: {start}
sources: [paper line 1]
{more}
"""


def seat(more: str, start: str = "2021-01-01") -> str:
    inner = "\n".join(f"    {line}" for line in more.strip().split("\n"))
    return body(f"roles:\n  seat:\n    title: Seat\n    member_type: member\n{inner}", start)


def document(more: str) -> str:
    return f"--- documents/rules.yaml\ntitle: Rules\nkind: constitution\nsources: [paper line 1]\n{more}\n"


GAMMA = "--- bodies/gamma.yaml\nname: Gamma\nkind: board\nfrom: 2010-01-01\nsources: [paper line 1]\n"
TWO = GAMMA + GAMMA.replace("amma", "elta").replace("G", "D").replace("gelta", "delta")
VERSIONS = "".join(
    f"--- documents/terms-{n}.yaml\ntitle: Terms of Beta\nkind: terms-of-reference\nversion: '{n}'\n"
    for n in (1, 2)
)

SENTENCES: dict[str, tuple[str, list[str]]] = {
    "planned": (
        body("planned:\n  from: 2024-03-05\n  for: 2027-04\n  sources: [paper line 2]", "2026-01-01"),
        ["On 5 March 2024: Beta was planned, for April 2027."],
    ),
    "set-up": (body("", "2024-03-05"), ["On 5 March 2024: Beta was set up."]),
    "succession": (
        GAMMA
        + body(
            "succeeds:\n- of: [gamma]\n  kind: merger\n  date: 2024-03-05\n  sources: [paper line 2]", "2024-03-05"
        ),
        [
            "On 5 March 2024: Beta was set up by the merger of Gamma.",
            "Last day 4 March 2024: Gamma closed; Beta follows.",
        ],
    ),
    "succession, the survivor carries on": (
        GAMMA + body("succeeds:\n- of: [gamma]\n  kind: absorption\n  date: 2024-03-05\n  sources: [paper line 2]"),
        ["On 5 March 2024: Beta took in Gamma.", "Last day 4 March 2024: Gamma closed; Beta follows."],
    ),
    "succession, nobody ends": (
        GAMMA + body("succeeds:\n- of: [gamma]\n  kind: transfer\n  date: 2024-03-05\n  sources: [paper line 2]"),
        ["On 5 March 2024: Beta took over functions from Gamma."],
    ),
    "ended": (
        body(
            "to: 2024-03-04\nroles:\n  seat:\n    title: Seat\n    member_type: member\n    appointments:\n"
            "    - person: ann-other\n      from: 2022-01-01\n      sources: [paper line 3]"
        ),
        ["Last day 4 March 2024: Beta closed; 1 appointment recorded without an end went with it."],
    ),
    "renamed": (
        body("names:\n- name: Old Beta\n  use: former\n  to: 2024-03-04"),
        ["On 5 March 2024: Beta was renamed; until then called Old Beta."],
    ),
    "renamed, from the day of the new name": (
        body("names:\n- name: The Beta\n  use: official\n  from: 2024-03-05"),
        ["On 5 March 2024: Beta took the name The Beta."],
    ),
    "renamed, both days known": (
        body(
            "names:\n- name: Old Beta\n  use: former\n  to: 2024-03-04\n"
            "- name: New Beta\n  use: official\n  from: 2024-03-05"
        ),
        ["On 5 March 2024: Beta was renamed; until then called Old Beta."],
    ),
    "relation": (
        GAMMA
        + body(
            "part_of:\n- {body: gamma, relation: sub-group-of, from: 2021-01-01, to: 2024-03-04}\n"
            "- {body: gamma, relation: committee-of, from: 2024-03-05}"
        ),
        ["On 5 March 2024: Beta became a committee of Gamma; until then a sub-group of Gamma."],
    ),
    "moved": (
        TWO
        + body(
            "part_of:\n- {body: gamma, relation: committee-of, to: 2024-03-04}\n"
            "- {body: delta, relation: committee-of, from: 2024-03-05}"
        ),
        ["On 5 March 2024: Beta moved from Gamma to Delta."],
    ),
    "moved, vaguely": (
        TWO
        + body(
            "part_of:\n- {body: gamma, relation: committee-of, to: 2024-03}\n"
            "- {body: delta, relation: committee-of, from: 2024-03}"
        ),
        ["In March 2024: Beta moved from Gamma to Delta."],
    ),
    "parent-gained": (
        GAMMA + body("part_of:\n- {body: gamma, relation: forum-of, from: 2024-03-05}"),
        ["On 5 March 2024: Beta became a forum of Gamma."],
    ),
    "parent-lost": (
        GAMMA + body("part_of:\n- {body: gamma, relation: forum-of, to: 2024-03-04}"),
        ["Last day 4 March 2024: Beta ceased to be a forum of Gamma."],
    ),
    "member-joined": (
        GAMMA + body("members:\n- {body: gamma, from: 2024-03-05}"),
        ["On 5 March 2024: Gamma joined Beta, as a member."],
    ),
    "member-changed": (
        GAMMA
        + body(
            "members:\n- {body: gamma, as: supporter, from: 2022-01-01, to: 2024-03-04}\n"
            "- {body: gamma, from: 2024-03-05}"
        ),
        ["On 5 March 2024: Gamma became a member of Beta; until then a supporter."],
    ),
    "member-left": (
        GAMMA + body("members:\n- {body: gamma, as: supporter, from: 2021-01-01, to: 2024-03-04}"),
        ["Last day 4 March 2024: Gamma left Beta, where it was a supporter."],
    ),
    "deadline": (
        body("deadlines:\n- {what: Report sent, by: 2024-03-05, status: missed, sources: [paper line 6]}"),
        ["On 5 March 2024: Report sent (Beta) fell due; missed."],
    ),
    "deadline, met": (
        body(
            "deadlines:\n- {what: Report sent, by: 2024-04-01, on: 2024-03-05, status: done, sources: [paper line 6]}"
        ),
        ["On 5 March 2024: Beta did what was due by 1 April 2024: Report sent."],
    ),
    "milestone": (
        body("milestones:\n- {what: Doors opened, on: 2024-03-05, sources: [paper line 6]}"),
        ["On 5 March 2024: Beta reached a milestone: Doors opened."],
    ),
    "meeting": (
        body("meetings:\n  inaugural: 2024-03-04\n  held:\n  - {on: 2024-03-05, in_public: true, note: The last.}"),
        ["On 4 March 2024: Beta met for the first time.", "On 5 March 2024: Beta met in public: The last."],
    ),
    "governed": (
        VERSIONS
        + body(
            "governed_by:\n- {document: terms-1, from: 2021-01-01, to: 2024-03-04}\n"
            "- {document: terms-2, from: 2024-03-05}"
        ),
        ["On 5 March 2024: Beta came under Terms of Beta, version 2, in place of Terms of Beta, version 1."],
    ),
    "governed-ended": (
        VERSIONS + body("governed_by:\n- {document: terms-1, from: 2021-01-01, to: 2024-03-04}"),
        ["Last day 4 March 2024: Beta ceased to be governed by Terms of Beta, version 1."],
    ),
    "quorum": (
        body(
            "quorum:\n- {at_least: 3, from: 2021-01-01, sources: [paper line 6]}\n- {at_least: 1/2, counting: seats, from: 2024-03-05, sources: [paper line 6]}"
        ),
        ["On 5 March 2024: The quorum of Beta became at least 1/2 of the seats; until then at least 3."],
    ),
    "quorum-ended": (
        body("quorum:\n- {at_least: 3, from: 2021-01-01, to: 2024-03-04, sources: [paper line 6]}"),
        ["Last day 4 March 2024: The quorum of Beta ceased to be at least 3."],
    ),
    "role-created": (seat("from: 2024-03-05"), ["On 5 March 2024: Seat, Beta, was created."]),
    "role-ended": (seat("to: 2024-03-04"), ["Last day 4 March 2024: Seat, Beta, ceased to exist."]),
    "role-amended": (
        seat("seats: 3\nearlier:\n- {to: 2024-03-04, seats: 2, sources: [paper line 4]}"),
        ["On 5 March 2024: The number of seats of Seat, Beta, became 3 (before: 2)."],
    ),
    "role-absent": (
        seat("absent:\n- {from: 2024-03-05, sources: [paper line 4]}"),
        ["On 5 March 2024: Seat, Beta, ceased to be a seat: a source says that there was none."],
    ),
    "role-absence-ended": (
        seat("absent:\n- {from: unknown, to: 2024-03-04, sources: [paper line 4]}"),
        ["Last day 4 March 2024: The time in which there was, says a source, no Seat, Beta, ended."],
    ),
    "planned, a role": (
        seat("planned: {from: 2024-03-05, for: '2025', sources: [paper line 4]}"),
        ["On 5 March 2024: Seat, Beta, was planned, for 2025."],
    ),
    "vacant": (
        seat("vacant:\n- {from: 2024-03-05, reason: retired, sources: [paper line 4]}"),
        ["On 5 March 2024: Seat, Beta, fell vacant: retired."],
    ),
    "vacancy-ended": (
        seat("vacant:\n- {from: unknown, to: 2024-03-04, sources: [paper line 4]}"),
        ["Last day 4 March 2024: Seat, Beta, ceased to be vacant."],
    ),
    "turn": (
        seat("turns:\n- {role: alpha/chair, from: 2024-03-05, sources: [paper line 4]}"),
        ["On 5 March 2024: The turn of the Chair, Alpha as Seat, Beta, began."],
    ),
    "turn-ended": (
        seat("turns:\n- {role: alpha/chair, from: 2021-01-01, to: 2024-03-04, sources: [paper line 4]}"),
        ["Last day 4 March 2024: The turn of the Chair, Alpha as Seat, Beta, ended."],
    ),
    "ex-officio": (
        seat(
            "ex_officio:\n- {role: alpha/chair, from: 2021-01-01, to: 2024-03-04}\n"
            "- {role: alpha/member, from: 2024-03-05}"
        ),
        ["On 5 March 2024: Seat, Beta, came to go with the post of Member, Alpha, no longer with Chair, Alpha."],
    ),
    "ex-officio-ended": (
        seat("ex_officio:\n- {role: alpha/chair, from: 2021-01-01, to: 2024-03-04}"),
        ["Last day 4 March 2024: Seat, Beta, ceased to go with the post of Chair, Alpha."],
    ),
    **{
        f"{who}{ending}": (TWO + seat(f"{field}:\n{acts}"), [said.format(verb=verb)])
        for who, field, verb in (
            ("nominators", "nominated_by", "nominated"),
            ("appointers", "appointed_by", "appointed"),
            ("approvers", "approved_by", "approved"),
        )
        for ending, acts, said in (
            (
                "",
                "- {by: [gamma], from: 2021-01-01, to: 2024-03-04}\n- {by: [gamma, delta], jointly: true, from: 2024-03-05}",
                "On 5 March 2024: Seat, Beta, came to be {verb} by Gamma and Delta jointly; until then by Gamma.",
            ),
            (
                "-ended",
                "- {by: [gamma], from: 2021-01-01, to: 2024-03-04}",
                "Last day 4 March 2024: Seat, Beta, ceased to be {verb} by Gamma.",
            ),
        )
    },
    "announced": (
        seat(
            "appointments:\n- {person: ann-other, announced: 2024-03-05, from: 2024-09-01, sources: [paper line 4]}"
        ),
        ["On 5 March 2024: Ann Other was announced as Seat, Beta, to start on 1 September 2024."],
    ),
    "joined": (
        seat("appointments:\n- {person: ann-other, capacity: acting, from: 2024-03-05, sources: [paper line 4]}"),
        ["On 5 March 2024: Ann Other became Seat, Beta (acting)."],
    ),
    "joined, nobody named": (
        seat("appointments:\n- {person: not-named, from: 2024-03-05, sources: [paper line 4]}"),
        ["On 5 March 2024: A holder who is not named became Seat, Beta."],
    ),
    "named": (
        "--- documents/letter.yaml\ntitle: Letter\nkind: letter\nspeaks_of: 2024-03-05\n"
        + seat("appointments:\n- {person: ann-other, from: unknown, sources: [letter]}"),
        ["On 5 March 2024: Ann Other was first named as Seat, Beta; start not recorded."],
    ),
    "reappointed": (
        seat(
            "appointments:\n- person: ann-other\n  from: 2021-03-05\n  terms:\n"
            "  - {from: 2021-03-05, ends: 2024-03-04}\n  - {from: 2024-03-05, ends: 2027-03-04}\n"
            "  sources: [paper line 4]"
        ),
        ["On 5 March 2024: Ann Other was reappointed as Seat, Beta."],
    ),
    "reappointed, by an appointment of its own": (
        seat(
            "appointments:\n- {person: ann-other, from: 2021-03-05, to: 2024-03-04, sources: [paper line 4]}\n"
            "- {person: ann-other, from: 2024-03-05, sources: [paper line 4]}"
        ),
        ["On 5 March 2024: Ann Other was reappointed as Seat, Beta."],
    ),
    "made-substantive": (
        seat(
            "appointments:\n"
            "- {person: ann-other, capacity: interim, from: 2021-03-05, to: 2024-03-04, sources: [paper line 4]}\n"
            "- {person: ann-other, capacity: substantive, from: 2024-03-05, sources: [paper line 4]}"
        ),
        ["On 5 March 2024: Ann Other was made substantive as Seat, Beta; until then interim."],
    ),
    "made-substantive, vaguely, in another order": (
        seat(
            "appointments:\n"
            "- {person: ann-other, capacity: substantive, from: 2024-03, sources: [paper line 4]}\n"
            "- {person: ann-other, capacity: acting, from: 2021-03-05, to: 2024-02/2024-03, sources: [paper line 4]}"
        ),
        ["In March 2024: Ann Other was made substantive as Seat, Beta; until then acting."],
    ),
    "made-substantive, no end of the interim": (
        seat(
            "appointments:\n"
            "- {person: ann-other, capacity: interim, from: 2021-03-05, sources: [paper line 4]}\n"
            "- {person: ann-other, capacity: substantive, from: 2024-03-05, sources: [paper line 4]}"
        ),
        ["On 5 March 2024: Ann Other was made substantive as Seat, Beta; until then interim."],
    ),
    "capacity": (
        seat(
            "appointments:\n"
            "- {person: ann-other, capacity: substantive, from: 2021-03-05, to: 2024-03-04, sources: [paper line 4]}\n"
            "- {person: ann-other, capacity: job-share, from: 2024-03-05, sources: [paper line 4]}"
        ),
        ["On 5 March 2024: Ann Other became Seat, Beta, job-share; until then substantive."],
    ),
    "term-ends": (
        seat(
            "appointments:\n- {person: ann-other, from: 2021-03-05, terms: [{ends: 2024-03-04}], sources: [paper line 4]}"
        ),
        [
            "Last day 4 March 2024: The term of Ann Other as Seat, Beta, ran out; no reappointment or departure is recorded."
        ],
    ),
    "left": (
        seat(
            "appointments:\n- {person: ann-other, from: 2021-03-05, to: 2024-03-04, end_reason: resigned, sources: [paper line 4]}"
        ),
        ["Last day 4 March 2024: Ann Other left as Seat, Beta: resigned."],
    ),
    "left, not stated why": (
        seat(
            "appointments:\n- {person: ann-other, from: 2021-03-05, to: 2024-03-04, end_reason: not-stated, sources: [paper line 4]}"
        ),
        ["Last day 4 March 2024: Ann Other left as Seat, Beta."],
    ),
    "designated": (
        seat(
            "appointments:\n- person: ann-other\n  from: 2021-03-05\n  designations:\n"
            "  - {as: deputy-chair, from: 2024-03-05}\n  sources: [paper line 4]"
        ),
        ["On 5 March 2024: Ann Other was named deputy chair of Beta."],
    ),
    "designation-ended": (
        seat(
            "appointments:\n- person: ann-other\n  from: 2021-03-05\n  designations:\n"
            "  - {as: deputy-chair, from: 2021-03-05, to: 2024-03-04}\n  sources: [paper line 4]"
        ),
        ["Last day 4 March 2024: Ann Other ceased to be deputy chair of Beta."],
    ),
    "decided": (
        GAMMA
        + seat(
            "appointments:\n- person: ann-other\n  from: 2021-03-05\n  decisions:\n"
            "  - {what: extended, by: [gamma], on: 2024-03-05, reference: '24/1'}\n  sources: [paper line 4]"
        ),
        ["On 5 March 2024: The appointment of Ann Other as Seat, Beta, was extended, decided by Gamma (24/1)."],
    ),
    "approval": (
        document("approvals:\n- {body: alpha, step: approved, date: 2024-03-05}"),
        ["On 5 March 2024: Rules was approved by Alpha."],
    ),
    "approval, in a step of its own": (
        document("approvals:\n- {step: first-look, date: 2024-03-05}"),
        ["On 5 March 2024: Rules reached the step first look."],
    ),
    "published": (document("published: 2024-03-05"), ["On 5 March 2024: Rules was published."]),
    "in-force": (document("from: 2024-03-05"), ["On 5 March 2024: Rules came into force."]),
    "ended, a document": (document("to: 2024-03-04"), ["Last day 4 March 2024: Rules ceased to be in force."]),
    "review": (document("review_due: 2024-03-05"), ["On 5 March 2024: Rules fell due for review."]),
    "planned, a document": (
        document("planned: {from: 2024-03-05, sources: [paper line 4]}"),
        ["On 5 March 2024: Rules was planned."],
    ),
    **{
        event: (
            f"--- priorities/aims.yaml\nname: Aims\nowner: alpha\n{dates}\nstatus: {status}\n"
            "items:\n- {number: 1, summary: A.}\nsources: [paper line 5]\n",
            [said],
        )
        for event, dates, status, said in (
            (
                "priorities-began",
                "from: 2024-03-05",
                "proposed",
                "On 5 March 2024: The set of priorities Aims, of Alpha, began (proposed).",
            ),
            (
                "priorities-ended",
                "from: '2020'\nto: 2024-03-04",
                "superseded",
                "Last day 4 March 2024: The set of priorities Aims, of Alpha, ended (superseded).",
            ),
        )
    },
}
"""For each event a registry in which it happened in March 2024, and all that is told of that month."""


@pytest.mark.parametrize("what", SENTENCES)
def test_each_event_has_its_sentence(what: str) -> None:
    text, said = SENTENCES[what]
    answer = happened(text, "2024-02-29", "2024-03-31")
    assert sorted(change["text"].replace(", possibly:", ":") for change in answer["changes"]) == sorted(said)
    assert what.partition(",")[0] in {change["change"] for change in answer["changes"]}
    for change in answer["changes"]:
        Draft202012Validator(SCHEMA["$defs"]["change"] | {"$defs": SCHEMA["$defs"]}).validate(
            {**change, "place_new": {**change["place_new"], "line": 1, "column": 1}}
        )


@pytest.mark.parametrize("what", SENTENCES)
def test_nothing_of_it_is_told_of_the_time_before_or_after(what: str) -> None:
    text, _said = SENTENCES[what]
    now = {change["fingerprint"] for change in happened(text, "2024-02-29", "2024-03-31")["changes"]}
    for old, new in (("2023-06-30", "2024-01-31"), ("2024-04-30", "2024-08-01")):
        assert not now & {change["fingerprint"] for change in happened(text, old, new)["changes"]}


def test_every_event_of_the_contract_is_among_them() -> None:
    assert {name.partition(",")[0] for name in SENTENCES} == EVENTS


def test_every_verb_has_its_infinitive() -> None:
    said = Said("A", "was set up", " in time")
    assert (said.past, said.ahead) == ("A was set up in time", "A is to be set up in time")
    assert said.meant == "A was to be set up in time; nothing later has been read"
    assert said.either == "A was set up, or is to be set up, in time"
    several = Said("All", "was set up", several=True)
    assert (several.past, several.ahead) == ("All were set up", "All are to be set up")
    for what, (text, _told) in SENTENCES.items():
        ahead = happened(text, "2024-02-29", "2024-03-31", today=date(2020, 1, 1))
        for change in ahead["changes"]:
            assert " is to " in change["told"] or change["change"] == "named", (what, change["told"])
    assert len(set(_INFINITIVES.values())) == len(_INFINITIVES)


def events(answer: dict[str, Any]) -> list[str]:
    return sorted(change["change"] for change in answer["changes"])


def appointed(*times: str) -> str:
    return seat(
        "appointments:\n" + "\n".join(f"- {{person: ann-other, {time}, sources: [paper line 4]}}" for time in times)
    )


def test_a_tenure_inside_the_window_gives_both_events() -> None:
    answer = happened(appointed("from: 2024-02-01, to: 2024-03-31"), "2024-01-15", "2024-06-30")
    assert events(answer) == ["joined", "left"]


def test_an_end_counts_on_the_day_after_the_last_day() -> None:
    text = appointed("from: 2021-02-01, to: 2024-03-31")
    assert events(happened(text, "2024-03-30", "2024-03-31")) == []
    assert events(happened(text, "2024-03-31", "2024-04-01")) == ["left"]
    (left,) = happened(text, "2024-03-31", "2024-04-01")["changes"]
    assert (left["date"], left["last_day"]) == ("2024-04-01", "2024-03-31")


def test_a_gap_is_a_leaving_and_a_joining() -> None:
    text = appointed("from: 2021-02-01, to: 2024-03-31", "from: 2024-04-02")
    assert events(happened(text, "2024-03-01", "2024-05-01")) == ["joined", "left"]
    text = appointed("from: 2021-02-01, to: 2024-03-31", "from: 2024-03-15")
    assert events(happened(text, "2024-03-01", "2024-05-01")) == ["reappointed"]
    text = appointed("from: 2021-02-01, to: unknown", "from: 2024-03-15")
    assert events(happened(text, "2024-03-01", "2024-05-01")) == ["joined"]


def test_a_body_that_ends_takes_nobodys_leaving_with_it() -> None:
    text = seat("appointments:\n- {person: ann-other, from: 2022-01-01, sources: [paper line 3]}").replace(
        "kind: committee", "kind: committee\nto: 2024-03-04"
    )
    assert events(happened(text, "2024-03-01", "2024-05-01")) == ["ended"]


@pytest.mark.parametrize(
    ("when", "window", "certainty", "text"),
    [
        ("2024-03", ("2024-02-29", "2024-03-31"), "yes", "In March 2024: Beta was set up."),
        ("2024-03", ("2024-03-10", "2024-04-30"), "possibly", "In March 2024, possibly: Beta was set up."),
        ("2024-03", ("2024-02-28", "2024-03-01"), "possibly", "In March 2024, possibly: Beta was set up."),
        ("2024-03/2024-05", ("2024-01-01", "2024-12-31"), "yes", "Between March and May 2024: Beta was set up."),
        (
            "../2024-03",
            ("2020-01-01", "2024-12-31"),
            "possibly",
            "In March 2024 or earlier, possibly: Beta was set up.",
        ),
        (
            "2024-03-05/..",
            ("2024-01-01", "2024-12-31"),
            "possibly",
            "On 5 March 2024 or later, possibly: Beta was set up.",
        ),
        ("2024~", ("2020-01-01", "2026-12-31"), "yes", "About 2024: Beta was set up."),
        ("2024-03", ("2024-03-31", "2024-04-30"), None, ""),
        ("unknown", ("2000-01-01", "2026-12-31"), None, ""),
    ],
)
def test_vague_dates_are_placed_honestly(
    when: str, window: tuple[str, str], certainty: str | None, text: str
) -> None:
    found = happened(body("", when), *window)["changes"]
    mine = [(change["certainty"], change["text"]) for change in found if change["id"] == "beta"]
    assert mine == ([(certainty, text)] if certainty else [])


def test_what_was_only_announced_was_to_happen() -> None:
    early = "--- documents/early.yaml\ntitle: Early\nkind: news\nspeaks_of: 2024-01-01\n"
    text = early + seat("appointments:\n- {person: ann-other, from: 2024-03-05, sources: [early]}")
    (change,) = happened(text, "2024-02-29", "2024-03-31")["changes"]
    assert change["told"] == "Ann Other was to become Seat, Beta; nothing later has been read"
    assert change["certainty"] == "possibly"
    (change,) = happened(text, "2024-02-29", "2024-03-31", today=date(2024, 1, 2))["changes"]
    assert change["told"] == "Ann Other is to become Seat, Beta"
    assert (change["certainty"], change["to_come"]) == ("yes", True)


def test_what_a_body_is_about_is_all_below_it_in_this_time() -> None:
    text = TWO + body(
        "part_of:\n- {body: gamma, relation: committee-of, to: 2024-03-04}\n"
        "- {body: delta, relation: committee-of, from: 2024-03-05}\n"
        "milestones:\n- {what: One, on: 2024-03-03, sources: [paper line 6]}\n- {what: Two, on: 2024-03-10, sources: [paper line 6]}"
    )
    assert events(happened(text, "2024-03-01", "2024-03-31", body="gamma")) == ["milestone", "milestone", "moved"]
    assert events(happened(text, "2024-03-05", "2024-03-31", body="gamma")) == []
    assert events(happened(text, "2024-03-05", "2024-03-31", body="delta")) == ["milestone"]
    assert events(happened(text, "2024-03-01", "2024-03-31", body="alpha")) == []


def test_documents_and_priorities_belong_to_their_owner() -> None:
    text = document("owner: alpha\nfrom: 2024-03-05") + SENTENCES["priorities-began"][0]
    assert events(happened(text, "2024-03-01", "2024-03-31", body="alpha")) == ["in-force", "priorities-began"]
    governed = document("from: 2024-03-05") + body("governed_by: [{document: rules, from: 2024-03-05}]")
    assert events(happened(governed, "2024-03-01", "2024-03-31", body="beta")) == ["governed", "in-force"]
    assert events(happened(governed, "2024-03-01", "2024-03-31", body="alpha")) == []


def test_who_comes_to_a_post_comes_to_the_seats_that_go_with_it() -> None:
    text = GAMMA + seat("appointments:\n- {person: ann-other, from: 2024-03-05, sources: [paper line 4]}")
    for link, words in (
        (", from: 2024-03-05", "carries the seat of Chief, Gamma"),
        (', from: "2024"', "possibly carries the seat of Chief, Gamma"),
        (", from: 2024-03-06", ""),
        (", from: 2021-01-01, to: 2024-03-04", ""),
        (", from: 2021-01-01, to: '2024'", "possibly carries the seat of Chief, Gamma"),
    ):
        carried = text.replace(
            "name: Gamma\n",
            "name: Gamma\nroles:\n  chief:\n    title: Chief\n    member_type: member\n    sources: [paper line 5]\n"
            f"    ex_officio:\n    - {{role: beta/seat{link}, sources: [paper line 5]}}\n",
        )
        answer = happened(carried, "2024-02-29", "2024-03-31", body="gamma", kinds=["people"])
        told = [one["told"] for one in answer["changes"]]
        assert told == ([f"Ann Other became Seat, Beta (the post {words})"] if words else [])
        assert [
            one["told"] for one in happened(carried, "2024-02-29", "2024-03-31", kinds=["people"])["changes"]
        ] == ["Ann Other became Seat, Beta"]


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ("from: 2023-01-01", "possibly carries"),
        ("from: 2023-01-01, to: 2025-01-01", "carries"),
        ("from: 2024-03-06", ""),
    ],
)
def test_a_turn_without_an_end_carries_a_seat_possibly(times: str, words: str) -> None:
    text = GAMMA.replace(
        "name: Gamma\n",
        "name: Gamma\nroles:\n  chief:\n    title: Chief\n    member_type: member\n    sources: [paper line 5]\n"
        f"    turns:\n    - {{role: beta/seat, {times}, sources: [paper line 5]}}\n",
    ) + seat("appointments:\n- {person: ann-other, from: 2024-03-05, sources: [paper line 4]}")
    told = [
        one["told"] for one in happened(text, "2024-03-04", "2024-03-05", body="gamma", kinds=["people"])["changes"]
    ]
    assert told == ([f"Ann Other became Seat, Beta (the post {words} the seat of Chief, Gamma)"] if words else [])


def test_kinds_choose_groups_and_totals_count_them() -> None:
    text = document("from: 2024-03-05") + SENTENCES["vacant"][0] + SENTENCES["priorities-began"][0]
    whole = happened(text, "2024-02-29", "2024-03-31")
    assert whole["totals"] == dict.fromkeys(GROUPS, 0) | {"people": 1, "priorities": 1, "documents": 1}
    some = happened(text, "2024-02-29", "2024-03-31", kinds=["documents", "people"])
    assert (some["kinds"], some["totals"]) == (["people", "documents"], {"people": 1, "documents": 1})


def test_continuing_are_those_who_neither_came_nor_went() -> None:
    text = seat(
        "seats: 4\nappointments:\n- {person: ann-other, from: 2021-01-01, sources: [paper line 4]}\n"
        "- {person: bo-other, from: 2024-03-05, sources: [paper line 4]}"
    )
    answer = happened(text, "2024-02-29", "2024-03-31", continuing=True, body="beta")
    assert [(held["person"], held["role"], held["certainty"]) for held in answer["continuing"]] == [
        ("ann-other", "beta/seat", "yes")
    ]
    back = appointed("from: 2021-02-01, to: 2024-03-10", "from: 2024-03-15")
    assert happened(back, "2024-02-29", "2024-03-31", continuing=True, body="beta")["continuing"] == []
    stayed = appointed("from: 2021-02-01, to: 2024-03-10", "from: 2024-03-11")
    assert len(happened(stayed, "2024-02-29", "2024-03-31", continuing=True, body="beta")["continuing"]) == 1
    assert "continuing" not in happened(text, "2024-02-29", "2024-03-31")


def test_the_fingerprint_survives_what_does_not_change_the_event() -> None:
    one = happened(appointed("from: 2024-03-05"), "2024-02-29", "2024-03-31")["changes"]
    for edited in (
        "# a comment\n".join(appointed("from: 2024-03-05").partition("roles:\n")),
        appointed("from: 2024-03-05").replace("title: Seat", "title: Chair of all"),
        appointed("from: 2024-03-05").replace("name: Beta", "name: Better"),
        "--- people/ann-other.yaml\nname: Anne Other\n" + appointed("from: 2024-03-05"),
        appointed("from: 2023-01-01, to: 2023-02-01", "from: 2024-03-05"),
    ):
        other = happened(edited, "2024-02-29", "2024-03-31")["changes"]
        assert [change["fingerprint"] for change in other] == [change["fingerprint"] for change in one]
    moved = happened(appointed("from: 2024-03-06"), "2024-02-29", "2024-03-31")["changes"]
    assert moved[0]["fingerprint"] != one[0]["fingerprint"]


def test_what_is_named_alike_on_one_day_is_told_apart() -> None:
    text = seat("seats: 3\nvacant:" + "\n- {from: 2024-03-05, sources: [paper line 4]}" * 2)
    found = happened(text, "2024-02-29", "2024-03-31")["changes"]
    assert len({change["fingerprint"] for change in found}) == 2


# --- two times together


DATES = (
    "2023-12-31 2024-01-01 2024-01-02 2024-02-29 2024-03 2024-03-01 2024-03-04 2024-03-05 2024-03-06 2024-04 '2024' "
    "2024~ 2023-11/2024-02 ../2024-03 2024-02/.. unknown"
).split()
WHEN = st.sampled_from(DATES)
DAYS = st.integers(0, 400).map(lambda days: date(2023, 9, 1) + timedelta(days))


@st.composite
def dated(draw: st.DrawFn) -> str:
    """Return the from and perhaps the to of a part, in the order in which they may stand."""
    start, end = draw(WHEN), draw(st.none() | WHEN)
    return f"from: {start}" + (f", to: {end}" if end else "")


@st.composite
def registry(draw: st.DrawFn) -> str:
    """Return a registry with a body Beta, all of whose parts have dates that lie near one another."""

    def some(form: str, *choices: list[str]) -> str:
        rows = draw(st.lists(st.tuples(dated(), *(st.sampled_from(choice) for choice in choices)), max_size=3))
        return "\n".join("- {" + form.format(*row) + "}" for row in rows)

    fields = {
        "names": some("name: {1}, use: {2}, {0}", ["One", "Two"], ["former", "official"]),
        "part_of": some("body: {1}, relation: {2}, {0}", ["gamma", "delta"], ["committee-of", "sub-group-of"]),
        "members": some("body: {1}, as: {2}, {0}", ["gamma", "delta"], ["member", "supporter"]),
        "governed_by": some("document: terms-{1}, {0}", ["1", "2"]),
        "quorum": some("at_least: {1}, {0}, sources: [paper line 6]", ["2", "3"]),
    }
    role = {
        "appointments": some(
            "person: {1}, capacity: {2}, {0}, sources: [paper line 4]",
            ["ann-other", "bo-other"],
            ["interim", "substantive", "acting"],
        ),
        "vacant": some("{0}, sources: [paper line 4]"),
        "nominated_by": some("by: [{1}], {0}", ["gamma", "delta"]),
        "ex_officio": some("role: alpha/{1}, {0}", ["chair", "member"]),
        "turns": some("role: alpha/{1}, {0}, sources: [paper line 4]", ["chair", "member"]),
    }
    end = draw(st.none() | WHEN)
    more = "".join(f"{name}:\n{rows}\n" for name, rows in fields.items() if rows)
    seats = "".join(f"{name}:\n{rows}\n" for name, rows in role.items() if rows)
    text = seat(f"seats: 9\n{seats}", draw(WHEN)).replace("roles:\n", f"{more}roles:\n", 1)
    return TWO + VERSIONS + text + (f"to: {end}\n" if end else "")


def prints(about: Asked, old: date, new: date) -> set[str]:
    found = changes(about, old, new, TODAY)["changes"]
    told = {change["fingerprint"] for change in found}
    assert len(told) == len(found)
    return told


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(registry(), st.tuples(DAYS, DAYS, DAYS))
def test_two_times_together_hold_what_each_of_them_holds(text: str, days: tuple[date, date, date]) -> None:
    a, b, c = sorted(days)
    whole, first, second = (prints(asked(text, new), old, new) for old, new in ((a, c), (a, b), (b, c)))
    assert whole == first | second
    assert prints(asked(text, b), b, b) == set()


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(registry(), st.tuples(DAYS, DAYS))
def test_what_is_certain_is_told_in_one_time_only(text: str, days: tuple[date, date]) -> None:
    """What certainly happened between two days did not happen before or after; what is told counts in the window."""
    old, new = sorted(days)
    about = asked(text, new)
    found = changes(about, old, new, TODAY)["changes"]
    around = prints(about, date(1001, 1, 1), old) | prints(about, new, date(2999, 1, 1))
    for change in found:
        first, last = change["earliest"] or "0", change["latest"] or "9999"
        assert last > old.isoformat()
        assert first <= new.isoformat()
        if change["certainty"] == "yes":
            assert change["fingerprint"] not in around
        assert (change["certainty"] == "yes") <= (old.isoformat() < first and last <= new.isoformat())


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(dated(), st.sampled_from(["interim", "substantive"])), min_size=1, max_size=4))
def test_who_came_and_never_had_a_gap_came_once(times: list[tuple[str, str]]) -> None:
    """One after another, never with a gap: at most one joining, and no leaving before the last."""
    start, rows = date(2024, 1, 1), []
    for number, (_dated, capacity) in enumerate(times):
        end = start + timedelta(20)
        last = number == len(times) - 1
        rows.append(f"capacity: {capacity}, from: {start}" + ("" if last else f", to: {end}"))
        start = end + timedelta(1)
    found = events(happened(appointed(*rows), "2023-12-31", "2026-01-01"))
    assert found.count("joined") == 1
    assert "left" not in found
    assert len(found) == len(times)


# --- the command


def answer(command: str) -> Any:
    done = run(*shlex.split(command), "--format", "json")
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)


KEPT = [name for name in CASES if name.startswith("changes/")]


@pytest.mark.parametrize("name", KEPT)
def test_the_kept_answers_are_as_the_schema_says(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    found = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(found)
    assert found.keys() <= SCHEMA["properties"].keys()
    assert found["totals"] == {
        group: sum(change["group"] == group for change in found["changes"]) for group in found["kinds"]
    }
    for change in found["changes"]:
        assert change.keys() == SCHEMA["$defs"]["change"]["properties"].keys()


def test_places_are_those_of_the_files() -> None:
    (change,) = (
        c
        for c in answer("changes 2026-01-31 2026-02-01 --kind people")["changes"]
        if c["id"] == "nowshire-executive/chief-executive" and c["change"] == "joined"
    )
    lines = (TOP / "tests/mini/registry" / change["place_new"]["path"]).read_text(encoding="utf-8").splitlines()
    assert lines[change["place_new"]["line"] - 1].strip() == "from: 2026-02-01"


def test_the_kinds_of_the_command_are_the_groups() -> None:
    assert tuple(kind.value for kind in ChangeKind) == GROUPS


def test_days_are_read_as_people_write_them() -> None:
    found = answer("changes 'May 2024' 2024/25")
    assert (found["old"], found["new"]) == ("2024-05-31", "2025-03-31")
    assert answer("changes 2025 today")["new"] == answer("changes 2025")["new"] == "2026-06-30"
    assert answer("changes 2025-12-31 2026-06-30 --today 2026-01-31")["on"] is None


def test_since_the_last_meeting() -> None:
    found = answer("changes --since-meeting nowshire-board")
    assert (found["old"], found["new"]) == ("2026-05-19", "2026-06-30")
    assert found["since"] == {
        "body": "nowshire-board",
        "name": "Board of the Nowshire Integrated Care Board",
        "on": "2026-05-19",
    }
    assert answer("changes --since-meeting nowshire-board 2026-05-19")["old"] == "2026-03-17"
    assert answer("changes --since-meeting nowshire-board 'August 2026'")["old"] == "2026-07-21"


ASKED_WRONGLY = {
    "changes": "Missing argument 'FROM'.",
    "changes 2026 2025": "FROM (2026-12-31) lies after TO (2025-12-31).",
    "changes 2027": "FROM (2027-12-31) lies after TO (2026-06-30, today).",
    "changes 01/07/22": "FROM 01/07/22: '01/07/22' is not taken: day and month could be mistaken.",
    "changes 2022 someday": "TO someday: 'someday' is not a date.",
    "changes 2022 --body nobody-knows": "Nothing here is called 'nobody-knows'.",
    "changes 2022 --body ada-invented": "'ada-invented' is not a body.",
    "changes 2022 --kind zebras": "'zebras' is not one of 'bodies', 'roles',",
    "changes 2022 2023 --since-meeting nowshire-board": "FROM and --since-meeting cannot be given together.",
    "changes --since-meeting nowshire-icb": "No meeting of Nowshire Integrated Care Board before 30 June 2026 is",
    "changes --since-meeting ada-invented": "'ada-invented' is not a body.",
    "changes 2022 --on 2023": "No such option: --on",
    "changes 2022 --during 2023": "No such option: --during",
}


@pytest.mark.parametrize("command", ASKED_WRONGLY)
def test_asked_wrongly_is_two(command: str) -> None:
    done = run(*shlex.split(command))
    assert (done.code, done.out) == (2, "")
    assert ASKED_WRONGLY[command] in done.err


def test_the_help_names_what_answers_other_questions() -> None:
    told = " ".join(run("changes", "--help", registry=None, today=None).out.split())
    assert "kmics diff" in told
    assert "kmics history" in told


def test_the_day_the_group_became_the_board() -> None:
    done = run("changes", "2022-06-30", "2022-07-01", registry=REAL, today=REAL_DAY)
    assert (done.code, done.err) == (0, "")
    told = " ".join(done.out.split())
    assert (
        "NHS Kent and Medway Integrated Care Board was set up in place of NHS Kent and Medway Clinical Commissioning Group"
        in told
    )
    assert "NHS Kent and Medway Clinical Commissioning Group closed" in told


@pytest.mark.parametrize(
    "words",
    [
        ["1000", "2030"],
        ["2018", "2020-12-31", "--sources"],
        ["2021", "2024", "--continuing", "--body", "nhs-kent-and-medway-icb"],
    ],
)
def test_the_real_pages_fit_a_terminal_and_the_real_answers_the_schema(words: list[str]) -> None:
    done = run("changes", *words, registry=REAL, today=REAL_DAY)
    assert (done.code, done.err) == (0, "")
    assert all(len(line) <= 80 and line.isprintable() for line in done.out.splitlines())
    found = json.loads(run("changes", *words, "--format", "json", registry=REAL, today=REAL_DAY).out)
    assert found["changes"]
    Draft202012Validator(SCHEMA).validate(found)


def test_the_base_registry_is_quiet() -> None:
    assert happened(BASE, "2021-01-01", "2025-01-01")["changes"] == []
