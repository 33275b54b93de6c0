"""How far facts carry, how long bodies live, and who sits where: the rules of the model, by the day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kmics_cli import yamltext
from kmics_cli.dates import Answer, Date, Span, parse, typed
from kmics_cli.load import load
from kmics_cli.model import Appointment, Body, Citation, Document, Part, Person, Registry, Settings, build
from kmics_cli.problems import Source
from kmics_cli.query.evidence import as_of, binds, carried, cited_numbers, spoken_of
from kmics_cli.query.holders import Holder, Holders, Seat
from kmics_cli.query.lives import Lives
from kmics_cli.shape import Shapes
from kmics_cli.snapshot import read_folder

TOP = Path(__file__).parent.parent
SHAPES = Shapes(TOP / "schema")
YES, POSSIBLY, NO = Answer.YES, Answer.POSSIBLY, Answer.NO


# ------------------------------------------------------------------------------------- small registries


def fitted(kind: str, id: str, data: Any) -> Any:
    typed_data, problems = SHAPES.fit(kind, data, Source(f"{kind}/{id}.yaml"))
    assert problems == []
    return typed_data


def parts(value: Any) -> Iterator[Part]:
    if isinstance(value, Part):
        yield value
    if is_dataclass(value) and not isinstance(value, Date | Source):
        for found in fields(value):
            yield from parts(getattr(value, found.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from parts(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from parts(item)


def world(bodies: str, documents: str = "{}", stale_after: str = "12 months") -> Registry:
    """Return a registry of these bodies, by id, each part given only as far as it matters.

    A document `seen-2024-05-14` that is cited speaks of the day in its id, one called `undated` of none;
    others are given. People are made as they are named.
    """
    plain = yamltext.read(bodies)
    assert isinstance(plain, dict)
    made = {}
    for id, given in plain.items():
        assert isinstance(given, dict)
        data: dict[str, Any] = {"name": f"The {id}", "kind": "board", "sources": ["undated"], **given}
        for role_id, role in data.get("roles", {}).items():
            data["roles"][role_id] = {"title": role_id.capitalize(), "member_type": "member", **role}
        made[id] = build(Body, {"id": id, **fitted("bodies", id, data)}, Source(f"bodies/{id}.yaml"))
    papers: dict[str, Document] = {}
    given_papers = yamltext.read(documents)
    assert isinstance(given_papers, dict)
    for id, given in given_papers.items():
        assert isinstance(given, dict)
        data = fitted("documents", id, {"title": id, "kind": "paper", **given})
        papers[id] = build(Document, {"id": id, **data}, Source(f"documents/{id}.yaml"))
    people = {}
    for part in parts(made):
        if isinstance(part, Citation) and part.document not in papers:
            data = {"id": part.document, "title": part.document, "kind": "paper"}
            if day := re.search(r"-([0-9]{4}(-[0-9]{2}){0,2})$", part.document):
                data["speaks_of"] = day[1]
            papers[part.document] = build(Document, data, Source(f"documents/{part.document}.yaml"))
        elif isinstance(part, Appointment):
            person = {"id": part.person, "name": part.person.title()}
            people[part.person] = build(Person, person, Source(f"people/{part.person}.yaml"))
    people.pop("not-named", None)
    settings = {"name": "Test", "model": "1", "kinds": {}, "stale_after": stale_after}
    return Registry(
        source=Source(""),
        settings=build(Settings, settings, Source("kmics.yaml")),
        bodies=made,
        people=people,
        documents=papers,
    )


def seat(registry: Registry, ref: str, day: str) -> Seat:
    """Return how the role stands on the day, or in the days `A..B`."""
    holders = Holders(registry, Lives(registry), typed(day))
    role = holders.role(ref)
    assert role is not None
    return holders.seat(role)


def board(role: str, day: str, *, body: str = "from: 2013-04-01", documents: str = "{}") -> Seat:
    """Return how `board/seat`, described by `role`, stands on the day."""
    indented = "".join(f"      {line}\n" for line in role.strip("\n").splitlines())
    lines = "".join(f"  {line}\n" for line in body.strip("\n").splitlines())
    return seat(world(f"board:\n{lines}  roles:\n    seat:\n{indented}", documents), "board/seat", day)


def only(found: Seat) -> Holder:
    [holder] = found.holders
    return holder


def people(found: Seat) -> list[tuple[str | None, str]]:
    return [(holder.person, holder.answer.value) for holder in found.holders]


# -------------------------------------------------------------------------------- how long a fact carries

SEEN = """
appointments:
- {person: ann, from: 2022-07-01, sources: [seen-2022-07-01, seen-2024-05-14]}
"""


@pytest.mark.parametrize(
    ("day", "answer", "stale", "says"),
    [
        ("2022-06-30", None, False, ""),
        ("2022-07-01", YES, False, "In post since 1 July 2022."),
        ("2024-05-14", YES, False, "In post since 1 July 2022."),
        ("2025-05-13", YES, False, "In post since 1 July 2022."),
        ("2025-05-14", YES, False, "In post since 1 July 2022."),  # the limit itself
        ("2025-05-15", POSSIBLY, True, "Not confirmed since 14 May 2024."),
        ("2026-11-21", POSSIBLY, True, "Not confirmed since 14 May 2024."),
    ],
)
def test_a_fact_carries_to_its_last_evidence_and_the_limit_beyond(
    day: str, answer: Answer | None, stale: bool, says: str
) -> None:
    found = board(SEEN, day)
    assert [(h.answer, h.carried.stale, h.says) for h in found.holders] == (
        [(answer, stale, says)] if answer else []
    )
    assert found.state == ("held" if answer is YES else "not-recorded")
    assert found.not_recorded == (0 if answer is YES else 1)


@pytest.mark.parametrize(
    ("limit", "last"), [("28 days", "2024-06-11"), ("6 months", "2024-11-14"), ("3 years", "2027-05-14")]
)
def test_the_limit_is_the_registrys(limit: str, last: str) -> None:
    text = "board: {from: 2013, roles: {seat: {appointments: [{person: ann, from: 2022-07-01, sources: [seen-2024-05-14]}]}}}"
    registry = world(text.replace("2013", '"2013"'), stale_after=limit)
    after = typed(last).first.toordinal() + 1
    assert only(seat(registry, "board/seat", last)).answer is YES
    assert only(seat(registry, "board/seat", date.fromordinal(after).isoformat())).carried.stale


def test_a_document_ages_from_what_it_speaks_of_and_not_from_when_it_was_read() -> None:
    documents = "page: {speaks_of: 2022-09, read: 2026-11-20}"
    role = "appointments: [{person: ann, from: 2022-07-01, sources: [page]}]"
    assert only(board(role, "2023-09-30", documents=documents)).answer is YES  # the last day it can speak of
    assert only(board(role, "2023-10-01", documents=documents)).says == "Not confirmed since September 2022."


def test_a_document_without_a_date_confirms_nothing() -> None:
    holder = only(board("appointments: [{person: ann, from: 2022-07-01, sources: [undated]}]", "2022-08-01"))
    assert (holder.answer, holder.carried.stale) == (POSSIBLY, True)
    assert holder.says == "Not confirmed: no source with a date has been read."


def test_published_stands_in_for_what_a_document_speaks_of() -> None:
    documents = "page: {published: 2022-09-20, read: 2026-11-20}"
    role = "appointments: [{person: ann, from: 2022-07-01, sources: [page]}]"
    assert only(board(role, "2023-09-20", documents=documents)).answer is YES
    assert only(board(role, "2023-09-21", documents=documents)).answer is POSSIBLY


def test_an_open_window_ages_from_its_first_day() -> None:
    documents = "page: {speaks_of: 2020-04/..}"
    role = "appointments: [{person: ann, from: 2019-07-01, sources: [page]}]"
    assert only(board(role, "2021-04-01", documents=documents)).answer is YES
    assert only(board(role, "2021-04-02", documents=documents)).answer is POSSIBLY


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2020-05-05", POSSIBLY),
        ("2022-09-19", POSSIBLY),
        ("2022-09-20", YES),
        ("2023-09-20", YES),
        ("2023-09-21", POSSIBLY),
    ],
)
def test_before_the_first_evidence_an_unknown_start_is_possible(day: str, answer: Answer) -> None:
    holder = only(board("appointments: [{person: ann, from: unknown, sources: [seen-2022-09-20]}]", day))
    assert holder.answer is answer
    assert holder.carried.stale == (day > "2023-09-20")
    if answer is YES:
        assert holder.says == "Named on 20 September 2022; start date not recorded."


def test_evidence_within_a_vague_start_settles_it() -> None:
    """Yes from its start *or first evidence*: whoever was there in March had begun by then."""
    role = 'appointments: [{person: ann, from: "2022", sources: [{document: seen-2022-03-01, shows: presence}]}]'
    assert only(board(role, "2022-02-28")).answer is POSSIBLY
    assert only(board(role, "2022-03-01")).answer is YES
    assert only(board(role, "2022-06-01")).answer is YES


def test_a_vague_start_is_possible_in_its_window() -> None:
    role = "appointments: [{person: ann, from: 2022-07/2022-08, sources: [seen-2022-12-01]}]"
    assert only(board(role, "2022-07-15")).answer is POSSIBLY
    assert only(board(role, "2022-07-15")).says == "Possibly: started in July or August 2022."
    assert only(board(role, "2022-08-31")).answer is YES
    assert board(role, "2022-06-30").holders == ()


KNOWN_END = "appointments: [{person: ann, from: 2013-04-01, to: 2019-03-31, sources: [seen-2014-01-01]}]"


@pytest.mark.parametrize(("day", "answer"), [("2018-01-01", YES), ("2019-03-31", YES), ("2019-04-01", None)])
def test_a_known_end_is_never_stale_and_its_day_is_included(day: str, answer: Answer | None) -> None:
    found = board(KNOWN_END, day)
    assert [h.answer for h in found.holders] == ([answer] if answer else [])
    assert not any(h.carried.stale for h in found.holders)
    assert found.state == ("held" if answer else "not-recorded")


ENDED = """
appointments:
- person: ann
  from: 2020-01-01
  to: unknown
  sources: [seen-2022-09-20, {document: seen-2025-03-01, shows: absence}]
"""


@pytest.mark.parametrize(
    ("day", "answer", "says"),
    [
        ("2022-09-20", YES, "Named on 20 September 2022."),
        ("2022-09-21", POSSIBLY, "Has left, on a day that is not recorded; last named on 20 September 2022."),
        ("2025-02-28", POSSIBLY, "Has left, on a day that is not recorded; last named on 20 September 2022."),
        ("2025-03-02", None, ""),
    ],
)
def test_an_end_on_an_unknown_day_lies_after_the_last_evidence(day: str, answer: Answer | None, says: str) -> None:
    found = board(ENDED, day)
    assert [(h.answer, h.says) for h in found.holders] == ([(answer, says)] if answer else [])
    assert not any(h.carried.stale for h in found.holders)


def test_evidence_within_a_vague_end_settles_it() -> None:
    """Yes to the last evidence: whoever was there in June had not left in March."""
    role = 'appointments: [{person: ann, from: 2020-01-01, to: "2022", sources: [seen-2022-06-01]}]'
    assert only(board(role, "2022-06-01")).answer is YES
    assert only(board(role, "2022-06-02")).answer is POSSIBLY
    assert board(role, "2023-01-01").holders == ()


def test_an_unknown_end_that_nothing_bounds_stays_possible() -> None:
    holder = only(
        board("appointments: [{person: ann, from: unknown, to: unknown, sources: [seen-2022-09-20]}]", "2030-01-01")
    )
    assert (holder.answer, holder.carried.stale) == (POSSIBLY, False)


TERMS = """
appointments:
- person: ann
  from: 2020-04-01
  terms: [{from: 2020-04-01, ends: 2023-03-31}, {from: 2023-04-01, ends: 2026-03-31}]
  sources: [seen-2025-11-01]
"""


@pytest.mark.parametrize(
    ("day", "answer", "says"),
    [
        (
            "2023-04-01",
            YES,
            "In post since 1 April 2020; term ends 31 March 2026.",
        ),  # reappointed: not left and joined
        ("2026-03-31", YES, "In post since 1 April 2020; term ends 31 March 2026."),
        ("2026-04-01", POSSIBLY, "Term ended 31 March 2026; no reappointment or departure recorded."),
        ("2027-04-01", POSSIBLY, "Term ended 31 March 2026; no reappointment or departure recorded."),
    ],
)
def test_a_fact_carries_to_the_end_of_the_term_if_that_is_sooner(day: str, answer: Answer, says: str) -> None:
    found = board(TERMS, day)
    holder = only(found)
    assert (holder.answer, holder.says) == (answer, says)
    assert holder.term_ends == parse("2026-03-31")
    assert found.state == ("held" if answer is YES else "not-recorded")


def test_evidence_may_run_out_before_the_term_does() -> None:
    holder = only(board(TERMS.replace("2025-11-01", "2020-05-01"), "2022-01-01"))
    assert (holder.answer, holder.carried.stale) == (POSSIBLY, True)
    assert holder.says == "Not confirmed since 1 May 2020."


def test_a_term_that_ends_in_a_window_may_be_over_within_it() -> None:
    role = TERMS.replace("ends: 2026-03-31", "ends: 2026-03")
    assert only(board(role, "2026-02-28")).answer is YES
    assert only(board(role, "2026-03-15")).answer is POSSIBLY
    assert only(board(role, "2026-04-01")).says.startswith("Term ended March 2026")


CHECKED = """
from: 2013-04-01
checked: [seen-2025-11-01]
"""


def test_a_check_refreshes_all_that_is_open() -> None:
    role = """
    seats: 3
    appointments:
    - {person: ann, from: 2020-01-01, sources: [seen-2022-09-20]}
    - {person: bob, from: unknown, sources: [seen-2022-09-20]}
    - {person: cyd, from: 2020-01-01, to: 2024-12-31, sources: [seen-2022-09-20]}
    """
    assert people(board(role, "2026-11-01", body=CHECKED)) == [("ann", "yes"), ("bob", "yes")]
    assert people(board(role, "2024-06-01", body=CHECKED)) == [("ann", "yes"), ("cyd", "yes"), ("bob", "yes")]
    found = board(role, "2026-11-02", body=CHECKED)
    assert {(h.answer, h.says) for h in found.holders} == {(POSSIBLY, "Not confirmed since 1 November 2025.")}


def test_a_check_says_nothing_of_what_has_ended() -> None:
    """Who left on an unknown day is not open: the check does not put them there on its day."""
    role = "appointments: [{person: ann, from: 2020-01-01, to: unknown, sources: [seen-2022-09-20]}]"
    assert only(board(role, "2022-09-20", body=CHECKED)).answer is YES
    assert only(board(role, "2024-01-01", body=CHECKED)).answer is POSSIBLY


def test_a_check_refreshes_vacancies_and_links_too() -> None:
    vacancy = "vacant: [{from: 2024-05-01, sources: [seen-2024-05-19]}]"
    assert board(vacancy, "2025-05-20").state == "not-recorded"
    assert board(vacancy, "2026-11-01", body=CHECKED).state == "vacant"
    assert board(vacancy, "2026-11-02", body=CHECKED).state == "not-recorded"
    link = LINK.replace("seen-2026-05-19", "seen-2024-05-14")
    text = (
        LINKED.replace("POST", POST)
        .replace("LINK", link)
        .replace("board:\n", "board:\n  checked: [seen-2025-11-01]\n")
    )
    assert people(seat(world(text), "board/seat", "2026-06-01")) == [("ann", "yes")]


def test_a_check_says_nothing_of_who_came_later() -> None:
    role = "appointments: [{person: ann, from: 2026-01-01, announced: 2025-06-01, sources: [seen-2025-06-01]}]"
    holder = only(board(role, "2026-02-01", body=CHECKED))
    assert holder.carried.only_announced
    assert holder.answer is POSSIBLY


def test_a_check_is_no_first_evidence() -> None:
    """It confirms what is open; of somebody with an unknown start, not yet seen, it says nothing."""
    role = "appointments: [{person: ann, from: unknown, sources: [seen-2025-11-01]}]"
    body = "from: 2013-04-01\nchecked: [seen-2020-01-01]"
    assert only(board(role, "2020-06-01", body=body)).answer is POSSIBLY
    assert only(board(role, "2025-11-01", body=body)).answer is YES


# --------------------------------------------------------------------------- announced, designate, and next

ANNOUNCED = """
appointments:
- {person: ann, from: 2026-09-01, announced: 2026-06-15, sources: [seen-2026-06-20]}
"""


@pytest.mark.parametrize(
    ("day", "state", "coming"),
    [
        ("2026-06-14", "not-recorded", []),
        ("2026-06-15", "designate", ["Designate: to start on 1 September 2026."]),
        ("2026-08-31", "designate", ["Designate: to start on 1 September 2026."]),
    ],
)
def test_somebody_announced_is_to_come(day: str, state: str, coming: list[str]) -> None:
    found = board(ANNOUNCED, day)
    assert (found.state, [h.says for h in found.next], found.holders) == (state, coming, ())


def test_first_evidence_before_the_start_makes_a_designate_too() -> None:
    role = ANNOUNCED.replace("announced: 2026-06-15, ", "")
    assert board(role, "2026-06-19").next == ()
    assert [h.person for h in board(role, "2026-06-20").next] == ["ann"]


def test_once_the_day_has_come_an_announcement_alone_is_possible() -> None:
    holder = only(board(ANNOUNCED, "2026-09-01"))
    assert (holder.answer, holder.says) == (
        POSSIBLY,
        "Was to start on 1 September 2026; nothing later has been read.",
    )
    later_seen = ANNOUNCED.replace("[seen-2026-06-20]", "[seen-2026-06-20, seen-2026-09-22]")
    assert only(board(later_seen, "2026-09-01")).says == "In post since 1 September 2026."


def test_next_stands_beside_the_state() -> None:
    role = """
    appointments:
    - {person: ben, capacity: interim, from: 2026-02-01, to: 2026-08-31, sources: [seen-2026-03-17]}
    - {person: ann, from: 2026-09-01, announced: 2026-05-19, sources: [seen-2026-05-19]}
    """
    found = board(role, "2026-06-01")
    assert (found.state, [h.person for h in found.holders], [h.person for h in found.next]) == (
        "interim",
        ["ben"],
        ["ann"],
    )


# --------------------------------------------------------------------------------------------- the states


def test_interim_and_the_last_substantive_holder() -> None:
    role = """
    appointments:
    - {person: ann, capacity: substantive, from: 2021-07-01, to: 2026-01-31, sources: [seen-2026-03-17]}
    - {person: ben, capacity: CAPACITY, from: 2026-02-01, sources: [seen-2026-03-17]}
    """
    for capacity in ("interim", "acting"):
        found = board(role.replace("CAPACITY", capacity), "2026-06-01")
        assert (found.state, found.no_substantive_since) == ("interim", parse("2026-02-01"))
    found = board(role.replace("CAPACITY", "substantive"), "2026-06-01")
    assert (found.state, found.no_substantive_since) == ("held", None)
    assert board(role.replace("CAPACITY", "interim"), "2026-01-31").no_substantive_since is None


def test_a_capacity_that_no_source_gives_is_not_interim() -> None:
    assert board(SEEN, "2023-01-01").state == "held"


def test_vacant_only_where_a_source_says_so() -> None:
    role = """
    appointments:
    - {person: ann, from: 2021-07-01, to: 2026-04-30, sources: [seen-2026-05-19]}
    vacant:
    - {from: 2026-05-01, cover: Shared out., sources: [seen-2026-05-19]}
    """
    assert board(role, "2026-04-30").state == "held"
    found = board(role, "2026-05-01")
    assert (found.state, len(found.vacancies), found.not_recorded) == ("vacant", 1, 0)
    assert found.no_substantive_since == parse("2026-05-01")
    assert board(role, "2027-05-19").state == "vacant"
    assert board(role, "2027-05-20").state == "not-recorded"  # nobody has said so for a year
    assert board(role.partition("vacant")[0], "2026-05-01").state == "not-recorded"


def test_a_vacancy_with_a_designate_is_vacant_and_says_who_comes() -> None:
    role = ANNOUNCED + "vacant: [{from: 2026-06-01, sources: [seen-2026-06-15]}]"
    found = board(role, "2026-07-01")
    assert (found.state, [h.person for h in found.next]) == ("vacant", ["ann"])


def test_a_closed_vacancy_is_over() -> None:
    role = "vacant: [{from: 2025-11-01, to: 2026-01-31, sources: [seen-2026-03-17]}]"
    assert [board(role, day).state for day in ("2025-10-31", "2025-11-01", "2026-01-31", "2026-02-01")] == [
        "not-recorded", "vacant", "vacant", "not-recorded",
    ]  # fmt: skip


def test_held_by_somebody_no_source_names() -> None:
    found = board("appointments: [{person: not-named, from: unknown, sources: [seen-2026-05-19]}]", "2026-06-01")
    holder = only(found)
    assert (found.state, holder.person, holder.name, found.not_recorded) == ("held", None, "Not named", 0)


def test_nobody_stale_makes_a_seat_held() -> None:
    found = board(SEEN, "2026-11-21")
    assert (found.state, people(found)) == ("not-recorded", [("ann", "possibly")])


# -------------------------------------------------------------------------------- several seats, and sharing


def test_several_seats_are_counted_each() -> None:
    role = """
    seats: 6
    appointments:
    - {person: ann, from: 2021-07-01, sources: [seen-2026-05-19]}
    - {person: bob, from: 2021-07-01, capacity: interim, sources: [seen-2026-05-19]}
    - {person: not-named, from: 2021-07-01, sources: [seen-2026-05-19]}
    - {person: eve, from: 2021-07-01, sources: [seen-2022-05-19]}
    vacant:
    - {from: 2026-04-01, sources: [seen-2026-05-19]}
    - {from: 2026-05-01, sources: [seen-2026-05-19]}
    """
    found = board(role, "2026-06-01")
    assert (found.state, found.seats, len(found.vacancies), found.not_recorded) == ("held", 6, 2, 1)
    assert [h.person for h in found.holders if h.answer is YES] == ["ann", "bob", None]
    assert [h.person for h in found.holders if h.answer is POSSIBLY] == ["eve"]


def test_how_many_seats_may_be_unknown() -> None:
    found = board(
        "seats: unknown\nappointments: [{person: ann, from: 2021-07-01, sources: [seen-2026-05-19]}]", "2026-06-01"
    )
    assert (found.state, found.seats, found.not_recorded) == ("held", None, None)
    assert board("per_member: true", "2026-06-01").seats is None


def test_a_job_share_is_one_seat() -> None:
    role = """
    seats: SEATS
    appointments:
    - {person: max, capacity: job-share, from: 2023-01-01, sources: [seen-2026-05-19]}
    - {person: nan, capacity: job-share, from: 2024-01-01, sources: [seen-2026-05-19]}
    """
    found = board(role.replace("SEATS", "1"), "2026-06-01")
    assert (found.state, people(found), found.not_recorded) == ("held", [("max", "yes"), ("nan", "yes")], 0)
    assert board(role.replace("SEATS", "3"), "2026-06-01").not_recorded == 2


def test_who_covers_takes_no_seat() -> None:
    role = """
    appointments:
    - {person: kit, from: 2022-04-01, sources: [seen-2026-05-19]}
    - {person: lil, capacity: acting, from: 2026-04-13, covering: kit, sources: [seen-2026-05-19]}
    """
    found = board(role, "2026-06-01")
    assert (found.state, found.not_recorded, found.no_substantive_since) == ("held", 0, None)
    assert people(found) == [("kit", "yes"), ("lil", "yes")]
    assert people(board("seats: 2\n" + role.strip("\n").replace("\n    ", "\n").strip(), "2026-06-01"))[0] == (
        "kit",
        "yes",
    )
    assert board("seats: 2\n" + role.strip("\n").replace("\n    ", "\n").strip(), "2026-06-01").not_recorded == 1


FOLLOWED = """
seats: SEATS
appointments:
- {person: ann, from: 2022-01-01, capacity: substantive, sources: [seen-2022-06-01]}
- {person: bob, from: 2022-09-01, capacity: CAPACITY, sources: [seen-2022-10-01]}
"""


def followed(day: str, seats: str = "1", capacity: str = "substantive") -> Seat:
    return board(FOLLOWED.replace("SEATS", seats).replace("CAPACITY", capacity), day)


def test_a_later_holder_of_a_single_seat_makes_the_earlier_one_possible() -> None:
    assert people(followed("2022-08-31")) == [("ann", "yes")]
    found = followed("2022-12-01")
    assert (found.state, dict(people(found))) == ("held", {"ann": "possibly", "bob": "yes"})
    [ann] = [holder for holder in found.holders if holder.person == "ann"]
    assert ann.says == "A later appointment is recorded from 1 September 2022, and no end of this one."


def test_a_later_interim_in_a_single_seat_makes_it_interim() -> None:
    assert followed("2022-12-01", capacity="interim").state == "interim"


def test_seats_side_by_side_do_not_follow_one_another() -> None:
    assert people(followed("2022-12-01", seats="2")) == [("ann", "yes"), ("bob", "yes")]
    assert followed("2022-12-01", seats="2").not_recorded == 0


# -------------------------------------------------------------------------------------------- what we can say


def test_the_one_sentence_puts_the_strongest_hedge_first() -> None:
    """Disputed; ended or not unknown; not confirmed since; inferred; possibly; plain."""
    disputed, ended, stale = "confidence: disputed, ", "to: unknown, ", "2020-01-01"
    sentences = [
        ("2026-06-01", f"{disputed}{ended}from: unknown, sources: [seen-{stale}]", "Disputed"),
        (
            "2026-06-01",
            f"confidence: inferred, {ended}from: unknown, sources: [seen-{stale}]",
            "Has left, on a day",
        ),
        ("2026-06-01", f"confidence: inferred, from: unknown, sources: [seen-{stale}]", "Not confirmed since"),
        ("2026-06-01", "confidence: inferred, from: unknown, sources: [seen-2026-07-01]", "Inferred: "),
        ("2026-06-01", "from: unknown, sources: [seen-2026-07-01]", "Possibly: first named on 1 July 2026"),
        ("2026-06-01", "from: 2026-05-01, sources: [seen-2026-05-19]", "In post since 1 May 2026."),
    ]
    for day, appointment, begins in sentences:
        holder = only(board(f"appointments: [{{person: ann, {appointment}}}]", day))
        assert holder.says.startswith(begins), holder.says


DISPUTED = """
from: 2013-04-01
disagreements:
- about: Who sits here
  affects: [seat]
  claims: [{says: Ann, CLAIM sources: [seen-2026-01-01]}, {says: Nobody, sources: [seen-2026-02-01]}]
"""


def test_an_open_disagreement_makes_a_holder_disputed() -> None:
    role = "appointments: [{person: ann, from: 2025-01-01, sources: [seen-2026-01-01]}]"
    holder = only(board(role, "2026-06-01", body=DISPUTED.replace("CLAIM ", "")))
    assert (holder.confidence, holder.says) == ("disputed", "Disputed: who sits here.")
    decided = only(board(role, "2026-06-01", body=DISPUTED.replace("CLAIM", "preferred: true,")))
    assert decided.confidence == "stated"
    settled = DISPUTED.replace("CLAIM ", "").replace("affects", "settled: 2026-03-01\n  affects")
    assert only(board(role, "2026-06-01", body=settled)).confidence == "stated"


# ------------------------------------------------------------------------------------------------ ex officio

LINKED = """
team:
  from: 2013-04-01
  roles:
    director:
      appointments: [POST]
board:
  from: 2013-04-01
  roles:
    seat:
      ex_officio: [LINK]
"""
POST = "{person: ann, from: 2020-01-01, sources: [seen-2026-05-19]}"
LINK = "{role: team/director, from: 2021-07-01, sources: [seen-2026-05-19]}"
RULES = """
rules: {standing: instrument, speaks_of: 2021-07-01, from: 2021-07-01}
old-rules: {standing: instrument, speaks_of: 2021-07-01, from: 2021-07-01, to: 2024-03-31}
"""


def linked(day: str, link: str = LINK, post: str = POST) -> Seat:
    return seat(world(LINKED.replace("POST", post).replace("LINK", link), RULES), "board/seat", day)


def test_a_seat_goes_with_a_post() -> None:
    found = linked("2026-06-01")
    holder = only(found)
    assert (found.state, holder.person, holder.answer, holder.via) == ("held", "ann", YES, "team/director")
    assert {citation.document for citation in holder.sources} == {"seen-2026-05-19"}
    assert people(linked("2021-07-01")) == [("ann", "yes")]
    assert linked("2021-06-30").holders == ()


def test_a_link_whose_evidence_is_stale_seats_nobody() -> None:
    link = LINK.replace("seen-2026-05-19", "seen-2024-05-14")
    assert people(linked("2025-05-14", link)) == [("ann", "yes")]
    found = linked("2025-05-15", link)
    assert (found.state, found.holders) == ("not-recorded", ())
    assert found.notes == ("Last known to go with the post of Director, The team: 14 May 2024.",)


def test_a_link_that_ended_seats_nobody_after_it() -> None:
    link = LINK.replace("from: 2021-07-01", "from: 2021-07-01, to: 2024-12-31")
    assert people(linked("2024-12-31", link)) == [("ann", "yes")]
    found = linked("2025-01-01", link)
    assert (found.state, found.holders, found.notes) == ("not-recorded", (), ())


def test_a_link_before_its_evidence_seats_nobody() -> None:
    """The holder is derived only for the period that a source covers."""
    link = "{role: team/director, from: unknown, sources: [seen-2024-05-14]}"
    assert people(linked("2024-05-14", link)) == [("ann", "yes")]
    assert linked("2022-01-01", link).state == "not-recorded"
    assert not any(holder.answer is YES for holder in linked("2022-01-01", link).holders)


def test_what_an_instrument_says_does_not_age_while_it_is_in_force() -> None:
    link = LINK.replace("seen-2026-05-19", "rules paragraph 3")
    assert people(linked("2026-06-01", link)) == [("ann", "yes")]
    old = LINK.replace("seen-2026-05-19", "old-rules paragraph 3")
    assert people(linked("2024-03-31", old)) == [("ann", "yes")]
    assert linked("2024-04-01", old).holders == ()


def test_a_derived_holder_is_only_as_certain_as_both() -> None:
    stale_post = POST.replace("seen-2026-05-19", "seen-2022-01-01")
    found = linked("2026-06-01", post=stale_post)
    assert (found.state, people(found)) == ("not-recorded", [("ann", "possibly")])
    assert only(found).says == "As Director: not confirmed since 1 January 2022."
    vague = LINK.replace("from: 2021-07-01", "from: 2026-06/2026-07")
    assert people(linked("2026-06-15", vague)) == [("ann", "possibly")]
    inferred = LINK.replace("from:", "confidence: inferred, from:")
    assert (only(linked("2026-06-01", inferred)).confidence, only(linked("2026-06-01", inferred)).answer) == (
        "inferred",
        YES,
    )
    assert only(linked("2026-06-01", inferred)).says == "Inferred, as Director: in post since 1 January 2020."


def test_a_post_that_nobody_is_known_to_hold_says_so() -> None:
    found = linked("2026-06-01", post="{person: ann, from: 2020-01-01, to: 2025-01-01, sources: [seen-2022-01-01]}")
    assert (found.state, found.holders) == ("not-recorded", ())
    assert found.notes == ("Goes with the post of Director, The team, whose holder is not recorded.",)


def test_a_change_in_the_post_passes_the_seat_on() -> None:
    post = (
        "{person: ann, from: 2020-01-01, to: 2026-01-31, sources: [seen-2026-05-19]},"
        " {person: bob, capacity: interim, from: 2026-02-01, sources: [seen-2026-05-19]}"
    )
    assert people(linked("2026-01-31", post=post)) == [("ann", "yes")]
    found = linked("2026-02-01", post=post)
    assert (found.state, people(found)) == ("interim", [("bob", "yes")])


def test_a_condition_passes_no_seat_on() -> None:
    text = LINKED.replace("POST", POST).replace(
        "ex_officio: [LINK]",
        "appointments: [{person: old, from: 2020-01-01, to: 2025-10-31, eligible_as: [team/director], sources: [seen-2025-11-01]}]",
    )
    found = seat(world(text), "board/seat", "2026-01-01")
    assert (found.state, found.holders) == ("not-recorded", ())


LOOP = """
board:
  from: 2013-04-01
  roles:
    one: {ex_officio: [{role: board/two, from: 2021-07-01, sources: [seen-2026-05-19]}] MORE}
    two: {ex_officio: [{role: board/one, from: 2021-07-01, sources: [seen-2026-05-19]}]}
    self: {ex_officio: [{role: board/self, from: 2021-07-01, sources: [seen-2026-05-19]}]}
    lost: {ex_officio: [{role: nowhere/chair, from: 2021-07-01, sources: [seen-2026-05-19]}]}
"""


@pytest.mark.parametrize("role", ["one", "two", "self", "lost"])
def test_posts_that_carry_one_another_seat_nobody(role: str) -> None:
    found = seat(world(LOOP.replace(" MORE", "")), f"board/{role}", "2026-06-01")
    assert (found.state, found.holders) == ("not-recorded", ())


def test_in_a_loop_it_does_not_matter_who_is_asked_first() -> None:
    registry = world(
        LOOP.replace(" MORE", ", appointments: [{person: ann, from: 2021-07-01, sources: [seen-2026-05-19]}]")
    )
    answers = []
    for order in (("one", "two"), ("two", "one")):
        holders = Holders(registry, Lives(registry), typed("2026-06-01"))
        seats = registry.bodies["board"].roles
        answers.append({role: sorted(people(holders.seat(seats[role]))) for role in order})
    assert answers[0] == answers[1]


# ------------------------------------------------------------------------------------------------- rotation

TURNS = """
county:
  from: 2013-04-01
  roles:
    leader:
      appointments:
      - {person: ann, from: 2021-05-01, LEFT sources: [seen-2022-09-20, seen-2026-01-01]}
      NEXT
city:
  from: 2013-04-01
  roles: {leader: {appointments: [{person: cat, from: 2021-05-01, sources: [seen-2026-01-01]}]}}
board:
  from: 2022-07-01
  roles:
    chair:
      rotation: {among: [county/leader, city/leader], every: 2 years}
      turns: [{role: county/leader, from: 2022-07, TO sources: [seen-2022-09-20, seen-2023-09-20]} AND]
    vice:
      rotation: {among: [county/leader, city/leader], other_than: chair}
"""


def turn(day: str, *, left: str = "", next_: str = "", to: str = "", more: str = "", role: str = "chair") -> Seat:
    text = TURNS.replace("LEFT ", left).replace("NEXT", next_).replace("TO ", to).replace(" AND", more)
    return seat(world(text), f"board/{role}", day)


DUE = "A change was due about July 2024; none is recorded."


def test_a_turn_that_is_evidenced_seats_the_holder_of_its_post() -> None:
    found = turn("2023-01-01")
    assert (found.state, people(found), only(found).via) == ("held", [("ann", "yes")], "county/leader")
    assert not found.notes
    assert turn("2022-06-30").existence == "not-in-being"


@pytest.mark.parametrize("day", ["2024-07-01", "2025-01-01", "2026-06-01"])
def test_after_a_turn_was_due_to_end_its_holder_is_possible(day: str) -> None:
    found = turn(day)
    assert people(found) == [("ann", "possibly")]
    assert DUE in found.notes
    assert found.state == "not-recorded"


def test_no_turn_is_due_before_its_time() -> None:
    assert turn("2024-06-30").notes == ()
    assert people(turn("2024-06-30")) == [("ann", "yes")]


def test_whoever_left_the_post_left_the_turn() -> None:
    left = turn(
        "2025-06-01", left="to: 2025-05-19, ", next_="- {person: bob, from: 2025-05-20, sources: [seen-2026-01-01]}"
    )
    assert (left.state, left.holders) == (
        "not-recorded",
        (),
    )  # bob leads the county: he was never seen in the chair
    assert DUE in left.notes
    assert any("has left that post" in note for note in left.notes)


def test_a_change_of_leader_within_a_turn_passes_nothing_on() -> None:
    """The rule is a check, never a source of holders."""
    found = turn(
        "2024-02-01", left="to: 2023-12-31, ", next_="- {person: bob, from: 2024-01-01, sources: [seen-2026-01-01]}"
    )
    assert found.holders == ()


def test_a_turn_that_ended_is_over() -> None:
    found = turn("2024-07-01", to="to: 2024-06-30, ")
    assert (found.state, found.holders) == ("not-recorded", ())
    assert any("No turn is recorded for this day" in note for note in found.notes)


def test_the_next_turn_when_a_source_shows_it() -> None:
    more = ", {role: city/leader, from: 2024-07-01, sources: [seen-2024-09-20]}"
    assert people(turn("2025-01-01", to="to: 2024-06-30, ", more=more)) == [("cat", "yes")]
    assert people(turn("2024-06-30", to="to: 2024-06-30, ", more=more)) == [("ann", "yes")]


def test_a_rotation_alone_seats_nobody() -> None:
    found = turn("2023-01-01", role="vice")
    assert (found.state, found.holders) == ("not-recorded", ())
    assert found.notes == (
        "Passes in turn among: Leader, The county; Leader, The city. No turn is recorded for this day.",
    )


def test_turns_that_go_round_end() -> None:
    text = """
    board:
      from: 2013-04-01
      roles:
        one: {turns: [{role: board/two, from: 2022-07, sources: [seen-2022-09-20]}]}
        two: {turns: [{role: board/one, from: 2022-07, sources: [seen-2022-09-20]}]}
        self: {turns: [{role: board/self, from: 2022-07, sources: [seen-2022-09-20]}]}
        lost: {turns: [{role: nowhere/chair, from: 2022-07, sources: [seen-2022-09-20]}]}
    """
    for role in ("one", "two", "self", "lost"):
        assert seat(world(text), f"board/{role}", "2022-10-01").holders == ()


# ------------------------------------------------------------------------------- roles that are not there

ABSENT = "absent: [{from: 2022-01, to: 2024-12-31, sources: [seen-2023-09-19]}]"


def test_a_role_that_a_source_says_is_absent_is_no_vacancy() -> None:
    found = board(ABSENT, "2023-06-01")
    assert (found.existence, found.state, found.holders, found.vacancies, found.not_recorded) == (
        "absent",
        None,
        (),
        (),
        None,
    )


def test_an_absence_has_its_days() -> None:
    role = ABSENT + "\nappointments: [{person: bea, from: 2025-01-01, sources: [seen-2026-05-19]}]"
    assert [board(role, day).existence for day in ("2024-12-31", "2025-01-01")] == ["absent", "in-being"]
    assert board(role, "2025-01-01").state == "held"


def test_an_absence_without_days_holds_from_what_its_source_speaks_of() -> None:
    role = "absent: [{sources: [seen-2023-09-19]}]"
    assert [board(role, day).existence for day in ("2023-09-18", "2023-09-19", "2026-01-01")] == [
        "not-in-being", "absent", "absent",
    ]  # fmt: skip


def test_a_planned_role() -> None:
    role = "planned: {from: 2026-05-19, for: 2027-04, sources: [seen-2026-05-19]}"
    assert [board(role, day).existence for day in ("2026-05-18", "2026-05-19", "2030-01-01")] == [
        "not-in-being", "planned", "planned",
    ]  # fmt: skip
    assert board(role, "2026-06-01").state is None
    begun = role + "\nfrom: 2027-04-05"
    assert [board(begun, day).existence for day in ("2027-04-04", "2027-04-05")] == ["planned", "in-being"]


def test_a_role_with_days_of_its_own() -> None:
    role = (
        "from: 2022-01\nto: 2024-09-30\nappointments: [{person: sam, from: 2022-02-01, sources: [seen-2024-09-01]}]"
    )
    assert [board(role, day).existence for day in ("2021-12-31", "2022-01-15", "2024-09-30", "2024-10-01")] == [
        "not-in-being", "in-being", "in-being", "not-in-being",
    ]  # fmt: skip
    assert board(role, "2024-10-01").holders == ()


def test_a_role_of_a_body_that_is_over_planned_or_not_begun() -> None:
    role = "appointments: [{person: ann, from: 2020-01-01, sources: [seen-2022-01-01]}]"
    days = ("2019-12-31", "2022-06-30", "2022-07-01")
    ended = [board(role, day, body="from: 2020-01-01\nto: 2022-06-30") for day in days]
    assert [found.existence for found in ended] == ["not-in-being", "in-being", "not-in-being"]
    assert ended[2].holders == ()
    planned = board("seats: 1", "2022-01-01", body="planned: {from: 2019-06-27, sources: [seen-2019-06-27]}")
    assert (planned.existence, planned.state) == ("not-in-being", None)


def test_an_appointment_never_outlives_its_body() -> None:
    role = "appointments: [{person: ann, from: 2020-01-01, TO sources: [seen-2022-01-01]}]"
    for to in ("", "to: unknown,", "to: 2025-01-01,"):
        found = board(role.replace("TO", to), "2021-01-01..2024-12-31", body="from: 2020-01-01\nto: 2022-06-30")
        ended = only(found).carried.ended
        assert ended is not None
        assert ended.latest == date(2022, 6, 30)


def test_a_role_is_found_by_a_former_id() -> None:
    registry = world("board: {from: 2013-04, roles: {chair: {former_ids: [chairman]}}}")
    holders = Holders(registry, Lives(registry), typed("2022-01-01"))
    assert [(role := holders.role(ref)) and role.id for ref in ("board/chair", "board/chairman", "board/x", "x/chair")] == [
        "chair", "chair", None, None,
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------- lives

SUCCESSION = """
old: {from: 2013-04-01}
new: {from: 2019-04-01, succeeds: [{of: [old], kind: KIND, date: 2019-04-01, sources: [seen-2019-01-01]}]}
"""


@pytest.mark.parametrize("kind", ["merger", "replacement", "absorption", "split", "evolution"])
def test_a_successor_ends_a_body_on_the_day_before(kind: str) -> None:
    life = Lives(world(SUCCESSION.replace("KIND", kind))).life("old")
    assert (life.end, life.implied) == (parse("2019-03-31"), "new")


def test_a_transfer_ends_nobody() -> None:
    assert Lives(world(SUCCESSION.replace("KIND", "transfer"))).life("old").end is None


def test_a_typed_end_is_not_overruled() -> None:
    text = SUCCESSION.replace("KIND", "merger").replace("from: 2013-04-01", "from: 2013-04-01, to: 2019-06-30")
    life = Lives(world(text)).life("old")
    assert (life.end, life.implied) == (parse("2019-06-30"), None)


def test_a_vague_succession_gives_a_vague_end() -> None:
    text = SUCCESSION.replace("KIND", "merger").replace("date: 2019-04-01", "date: 2019-04")
    registry = world(text)
    end = Lives(registry).life("old").end
    assert end is not None
    assert (end.earliest, end.latest) == (date(2019, 3, 31), date(2019, 4, 29))
    statuses = [
        Lives(registry).status(registry.bodies["old"], typed(day))
        for day in ("2019-03-31", "2019-04-15", "2019-04-30")
    ]
    assert statuses == [("in-being", YES), ("in-being", POSSIBLY), ("ended", YES)]


def test_a_committee_ends_with_its_parent_and_may_begin_before_it() -> None:
    text = SUCCESSION.replace("KIND", "merger") + (
        "panel: {from: 2012-10-01, part_of: [{body: old, relation: RELATION}]}\n"
        "inner: {from: 2012-10-01, part_of: [{body: panel, relation: sub-committee-of}]}\n"
    )
    lives = Lives(world(text.replace("RELATION", "committee-of")))
    assert (lives.life("panel").start, lives.life("panel").end) == (parse("2012-10-01"), parse("2019-03-31"))
    assert (lives.life("inner").end, lives.life("inner").implied) == (parse("2019-03-31"), "panel")
    for relation in ("sub-group-of", "place-of", "part-of"):
        assert Lives(world(text.replace("RELATION", relation))).life("panel").end is None


def test_a_joint_committee_lives_as_long_as_a_parent() -> None:
    text = """
    one: {from: 2013-04-01, to: 2019-03-31}
    two: {from: 2013-04-01, to: 2022-06-30}
    three: {from: 2013-04-01}
    joint: {from: 2014-04-01, part_of: [{body: one, relation: joint-committee-of}, {body: two, relation: joint-committee-of}]}
    longer: {from: 2014-04-01, part_of: [{body: one, relation: joint-committee-of}, {body: three, relation: joint-committee-of}]}
    """
    lives = Lives(world(text))
    assert lives.life("joint").end == parse("2022-06-30")
    assert lives.life("longer").end is None


def test_an_instance_ends_with_its_class() -> None:
    life = Lives(
        world("ccgs: {class: true, from: 2013-04-01, to: 2022-06-30}\none: {from: 2014-04-01, one_of: ccgs}")
    ).life("one")
    assert (life.end, life.implied) == (parse("2022-06-30"), "ccgs")


def test_loops_of_parents_imply_nothing_and_end() -> None:
    text = """
    one: {from: 2013-04-01, part_of: [{body: two, relation: committee-of}]}
    two: {from: 2013-04-01, part_of: [{body: one, relation: committee-of}]}
    self: {from: 2013-04-01, part_of: [{body: self, relation: committee-of}], succeeds: [{of: [self], kind: merger, date: unknown, sources: [undated]}]}
    """
    lives = Lives(world(text))
    assert (lives.life("one").end, lives.life("two").end) == (None, None)
    assert lives.life("self").start == parse("2013-04-01")
    assert lives.life("nowhere").start is None


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2019-06-26", ("not-yet", YES)),
        ("2019-06-27", ("planned", YES)),
        ("2020-03-31", ("planned", YES)),
        ("2020-04-15", ("in-being", POSSIBLY)),
        ("2020-05-01", ("in-being", YES)),
        ("2022-06-30", ("in-being", YES)),
        ("2022-07-01", ("ended", YES)),
    ],
)
def test_the_status_of_a_body_is_derived(day: str, status: tuple[str, Answer]) -> None:
    text = "board: {planned: {from: 2019-06-27, for: 2020-04, sources: [seen-2019-06-27]}, from: 2020-04, to: 2022-06-30}"
    registry = world(text)
    assert Lives(registry).status(registry.bodies["board"], typed(day)) == status


def test_a_plan_that_no_document_shows_happening_stays_planned() -> None:
    registry = world("board: {planned: {from: 2019-06-27, for: 2020-04, sources: [seen-2019-06-27]}}")
    assert Lives(registry).status(registry.bodies["board"], typed("2026-11-21")) == ("planned", YES)


def test_a_body_with_an_unknown_start_is_possible_before_its_first_evidence() -> None:
    registry = world("board: {from: unknown, sources: [seen-2016-06-01]}")
    lives, body = Lives(registry), registry.bodies["board"]
    assert lives.status(body, typed("2016-05-31")) == ("in-being", POSSIBLY)
    assert lives.status(body, typed("2016-06-01")) == ("in-being", YES)
    assert lives.status(body, typed("2026-06-01")) == ("in-being", YES)
    assert lives.unconfirmed(body, typed("2017-06-01")) is None
    assert lives.unconfirmed(body, typed("2017-06-02")) == parse("2016-06-01")


# ---------------------------------------------------------------------------------------- parts of evidence

LAYERED = """
page:
  speaks_of: 2026-01/2026-04
  layers:
  - {lines: [41, 60], speaks_of: 2024-10/2025-03}
  - {lines: [61, 80], speaks_of: 2025/..}
paper: {speaks_of: 2022-09-20, published: 2022-09-12, read: 2026-01-01}
printed: {published: 2022-09-12}
bare: {read: 2026-01-01}
"""


@pytest.mark.parametrize(
    ("citation", "speaks_of"),
    [
        ("paper lines 4-7", "2022-09-20"),
        ("printed", "2022-09-12"),
        ("bare", None),
        ("nowhere line 3", None),
        ({"document": "paper", "as_at": "2022-08-31"}, "2022-08-31"),
        ({"document": "nowhere", "as_at": "2022-08-31"}, "2022-08-31"),
        ("page lines 1-40", "2026-01/2026-04"),
        ("page lines 41-60", "2024-10/2025-03"),
        ("page line 45", "2024-10/2025-03"),
        ("page line 61", "2025/.."),
        ("page lines 44, 50-52", "2024-10/2025-03"),
        ("page lines 58-63", "2026-01/2026-04"),  # across two layers: in neither
        ("page page 45", "2026-01/2026-04"),
        ("page", "2026-01/2026-04"),
        # a line outside the layers beside one inside: the page's own day is the later
        ("page lines 12, 45", "2026-01/2026-04"),
    ],
)
def test_of_which_days_a_cited_place_speaks(citation: Any, speaks_of: str | None) -> None:
    registry = world("{}", LAYERED)
    found = spoken_of(registry, build(Citation, citation, Source("")))
    assert (found and found.text) == speaks_of


def test_cited_numbers() -> None:
    assert cited_numbers("lines 4, 7-9, 254–268") == [(4, 4), (7, 9), (254, 268)]
    assert cited_numbers("minute") == []


def test_as_of() -> None:
    assert as_of(parse("2022-09")) == date(2022, 9, 30)
    assert as_of(parse("2025/..")) == date(2025, 1, 1)


def test_only_an_instrument_in_force_binds() -> None:
    registry = world("{}", RULES + "paper: {standing: official-paper, speaks_of: 2022-09-20}")
    for citation, day, expected in [
        ("rules paragraph 3", "2021-06-30", False),
        ("rules paragraph 3", "2021-07-01", True),
        ("rules paragraph 3", "2040-01-01", True),
        ("old-rules", "2024-03-31", True),
        ("old-rules", "2024-04-01", False),
        ("paper", "2022-09-20", False),
        ("nowhere", "2022-09-20", False),
    ]:
        assert binds(registry, build(Citation, citation, Source("")), typed(day)) is expected, (citation, day)


def test_over_several_days_a_fact_need_not_last_throughout() -> None:
    role = "appointments: [{person: ann, from: 2022-03-01, to: 2022-03-20, sources: [seen-2022-03-10]}]"
    assert people(board(role, "2022-03")) == [("ann", "yes")]
    assert people(board(role, "2021/22")) == [("ann", "yes")]
    assert board(role, "2022-04").holders == ()
    began = "appointments: [{person: ann, from: 2022-03-01, to: unknown, sources: [seen-2022-03-10]}]"
    assert people(board(began, "2022")) == [("ann", "yes")]


def test_stale_over_several_days_only_if_no_day_of_them_is_fresh() -> None:
    assert only(board(SEEN, "2025-05-01..2026-05-01")).answer is YES
    assert only(board(SEEN, "2025-05-15..2026-05-01")).answer is POSSIBLY


def test_nothing_known_is_stale_and_possible() -> None:
    registry = world("{}")
    found = carried(registry, typed("2022-01-01"), None, None, [])
    assert (found.answer, found.stale, found.fresh, found.first, found.last) == (POSSIBLY, True, False, None, None)


# ------------------------------------------------------------------------------------ the miniature registry


@cache
def mini() -> Registry:
    registry, problems = load(read_folder(TOP / "tests" / "mini" / "registry").texts, SHAPES)
    assert problems == []
    return registry


MINI_SEATS = [
    # the role, the day, existence, state, holders (? for possibly), next
    ("nowshire-board/chair", "2021-06-30", "not-in-being", "", "", "ada-invented"),
    ("nowshire-board/chair", "2021-07-01", "in-being", "held", "ada-invented", ""),
    ("nowshire-board/chairman", "2026-06-30", "in-being", "held", "ada-invented", ""),
    ("nowshire-board/chair", "2027-07-01", "in-being", "not-recorded", "ada-invented?", ""),
    ("nowshire-board/chief-executive", "2026-01-31", "in-being", "held", "ben-madeup", ""),
    ("nowshire-board/chief-executive", "2026-02-01", "in-being", "interim", "cai-fictional", ""),
    ("nowshire-board/chief-executive", "2026-09-01", "in-being", "held", "ida-fabled?", ""),
    ("nowshire-executive/chief-executive", "2026-05-18", "in-being", "interim", "cai-fictional", ""),
    ("nowshire-executive/chief-executive", "2026-05-19", "in-being", "interim", "cai-fictional", "ida-fabled"),
    ("nowshire-board/finance", "2026-04-12", "in-being", "held", "kit-feigned", ""),
    ("nowshire-board/finance", "2026-06-01", "in-being", "held", "kit-feigned lil-conjured", ""),
    ("nowshire-board/medical", "2026-06-01", "in-being", "held", "max-bogus nan-fancied", ""),
    ("nowshire-board/nursing", "2025-05-14", "in-being", "held", "oz-supposed", ""),
    ("nowshire-board/nursing", "2025-05-15", "in-being", "not-recorded", "oz-supposed?", ""),
    ("nowshire-board/non-executive", "2026-06-01", "in-being", "held", "dee-imaginary vic-whimsy eve-unreal?", ""),
    ("nowshire-board/partner-trusts", "2025-10-31", "in-being", "held", "gus-nonesuch", ""),
    ("nowshire-board/partner-trusts", "2025-11-01", "in-being", "vacant", "", ""),
    ("nowshire-board/partner-trusts", "2026-02-01", "in-being", "held", "xan-mirage", ""),
    ("nowshire-board/partner-local-authorities", "2023-05-15", "in-being", "held", "abe-fiction?", ""),
    ("nowshire-board/partner-local-authorities", "2026-05-31", "in-being", "held", "abe-fiction", ""),
    ("nowshire-board/partner-local-authorities", "2026-06-14", "in-being", "not-recorded", "", ""),
    ("nowshire-board/partner-local-authorities", "2026-06-15", "in-being", "designate", "", "hal-notional"),
    ("nowshire-board/partner-local-authorities", "2026-09-01", "in-being", "held", "hal-notional?", ""),
    ("nowshire-board/partner-primary-care", "2026-06-01", "in-being", "held", "not-named", ""),
    ("nowshire-board/associate", "2026-06-01", "in-being", "not-recorded", "", ""),
    ("nowshire-board/public-engagement", "2026-06-01", "absent", "", "", ""),
    ("nowshire-board/digital", "2026-05-18", "not-in-being", "", "", ""),
    ("nowshire-board/digital", "2026-06-01", "planned", "", "", ""),
    ("nowshire-executive/director-of-people", "2026-06-01", "in-being", "vacant", "", ""),
    ("nowshire-executive/director-of-strategy", "2023-09-19", "in-being", "held", "quin-storied", ""),
    ("nowshire-executive/director-of-digital", "2024-09-30", "in-being", "held", "sam-example", ""),
    ("nowshire-executive/director-of-digital", "2024-10-01", "not-in-being", "", "", ""),
    ("nowshire-icp/chair", "2023-08-31", "in-being", "held", "jon-mythic", ""),
    ("nowshire-icp/chair", "2023-09-01", "in-being", "held", "ned-saga", ""),
    ("nowshire-icp/vice-chair", "2026-06-01", "in-being", "not-recorded", "", ""),
    ("nowshire-icp/icb-member", "2026-06-01", "in-being", "held", "ada-invented", ""),
    ("nowshire-icp/cabinet-seat", "2024-09-19", "in-being", "held", "mo-romance", ""),
    ("nowshire-icp/cabinet-seat", "2024-09-20", "in-being", "not-recorded", "", ""),
    ("nowshire-icp/council-representative", "2026-06-01", "in-being", "held", "una-yarn zoe-apocryphal", ""),
    ("nowshire-icp/secretary", "2026-06-01", "in-being", "interim", "tess-placebo", ""),
    ("nowshire-county-council/leader", "2025-05-19", "in-being", "held", "jon-mythic", ""),
    ("nowshire-county-council/leader", "2025-05-20", "in-being", "held", "lou-legend", ""),
    ("quality-committee/chair", "2023-09-19", "in-being", "held", "pam-parable", ""),
    ("quality-committee/chair", "2024-03-01", "in-being", "held", "pam-parable?", ""),
    ("quality-committee/chair", "2024-08-01", "in-being", "held", "dee-imaginary", ""),
    ("quality-committee/clinical-adviser", "2024-12-31", "in-being", "held", "max-bogus nan-fancied", ""),
    ("quality-committee/clinical-adviser", "2025-01-01", "in-being", "held", "tib-allegory", ""),
    ("quality-committee/lay-member", "2024-12-31", "absent", "", "", ""),
    ("quality-committee/lay-member", "2025-01-01", "in-being", "held", "bea-myth", ""),
    ("audit-committee/member", "2026-06-01", "in-being", "held", "samuel-example", ""),
    ("upper-nonsuch-governing-body/chair", "2019-03-31", "in-being", "held", "dot-fable", ""),
    ("upper-nonsuch-governing-body/chair", "2019-04-01", "not-in-being", "", "", ""),
    ("nowshire-partnership-board/chair", "2019-06-01", "in-being", "held", "rex-rumour", ""),
    ("nowshire-partnership-board/chair", "2021-10-01", "not-in-being", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("ref", "day", "existence", "state", "holders", "coming"), MINI_SEATS)
def test_seats_of_the_miniature(ref: str, day: str, existence: str, state: str, holders: str, coming: str) -> None:
    found = seat(mini(), ref, day)
    assert (found.existence, found.state or "") == (existence, state)
    assert sorted(
        (h.person or "not-named") + ("?" if h.answer is POSSIBLY else "") for h in found.holders
    ) == sorted(holders.split())
    assert [h.person for h in found.next] == coming.split()


MINI_SAYS = [
    ("nowshire-board/chair", "2026-06-01", "In post since 1 July 2021; term ends 30 June 2027."),
    ("nowshire-board/chair", "2027-07-01", "Term ended 30 June 2027; no reappointment or departure recorded."),
    ("nowshire-board/nursing", "2026-06-01", "As Director of Nursing: not confirmed since 14 May 2024."),
    ("nowshire-board/partner-primary-care", "2026-06-01", "Named on 19 May 2026; start date not recorded."),
    ("nowshire-executive/director-of-strategy", "2026-06-01", "Disputed: who leads on strategy."),
    ("audit-committee/member", "2026-06-01", "Inferred: named on 17 March 2026; start date not recorded."),
    (
        "quality-committee/chair",
        "2024-03-01",
        "Has left, on a day that is not recorded; last named on 19 September 2023.",
    ),
]


@pytest.mark.parametrize(("ref", "day", "says"), MINI_SAYS)
def test_what_is_said_in_the_miniature(ref: str, day: str, says: str) -> None:
    assert only(seat(mini(), ref, day)).says == says


def test_the_five_seats_of_the_miniature() -> None:
    found = seat(mini(), "nowshire-board/non-executive", "2026-06-01")
    held = [holder for holder in found.holders if holder.fresh]
    assert (found.seats, len(held), len(found.vacancies), found.not_recorded) == (5, 2, 1, 2)


def test_no_substantive_chief_executive_in_the_miniature() -> None:
    assert seat(mini(), "nowshire-executive/chief-executive", "2026-06-01").no_substantive_since == parse(
        "2026-02-01"
    )


MINI_STATUS = [
    ("upper-nonsuch-ccg", "2019-03-31", "in-being", "nowshire-ccg"),
    ("upper-nonsuch-ccg", "2019-04-01", "ended", "nowshire-ccg"),
    ("nowshire-ccg", "2021-06-30", "in-being", None),
    ("nowshire-ccg", "2021-07-01", "ended", None),
    ("upper-nonsuch-governing-body", "2012-10-31", "in-being", "upper-nonsuch-ccg"),
    ("upper-nonsuch-governing-body", "2019-04-01", "ended", "upper-nonsuch-ccg"),
    ("nowshire-community-trust", "2023-03-31", "in-being", "east-nowshire-trust"),
    ("nowshire-community-trust", "2023-04-01", "ended", "east-nowshire-trust"),
    ("people-committee", "2025-03-31", "in-being", "finance-committee"),
    ("people-committee", "2025-04-01", "ended", "finance-committee"),
    ("nowshire-partnership-board", "2021-10-01", "ended", "nowshire-icp"),
    ("make-believe-east", "2026-06-01", "in-being", None),
    ("lower-nonsuch-place", "2026-06-01", "planned", None),
    ("nowshire-icb", "2021-01-31", "not-yet", None),
    ("nowshire-icb", "2021-06-30", "planned", None),
    ("nowshire-icb", "2021-07-01", "in-being", None),
    ("quality-committee", "2026-06-01", "in-being", None),
    ("nowshire-ics", "2026-06-01", "in-being", None),
]


@pytest.mark.parametrize(("id", "day", "status", "implied"), MINI_STATUS)
def test_lives_of_the_miniature(id: str, day: str, status: str, implied: str | None) -> None:
    lives = Lives(mini())
    assert lives.status(mini().bodies[id], typed(day))[0] == status
    assert lives.life(id).implied in (implied, {"east-nowshire-trust": "west-nowshire-trust"}.get(str(implied)))


@pytest.mark.parametrize("root", ["registry", "tests/mini/registry"])
@pytest.mark.parametrize("day", ["2019-07-01", "2022-09-20", "2026-11-21", "2022/23", "1000-01-01", "2999-12-31"])
def test_every_seat_of_every_day_is_answered_in_order(root: str, day: str) -> None:
    """What holds for all: one sentence each, counts that add up, nobody stale or unseen in a seat."""
    registry, _ = load(read_folder(TOP / root).texts, SHAPES)
    lives, span = Lives(registry), typed(day)
    holders = Holders(registry, lives, span)
    for body in registry.bodies.values():
        for role in body.roles.values():
            found = holders.seat(role)
            assert (found.state is not None) == (found.existence == "in-being")
            assert found.existence == "in-being" or not found.holders
            if found.state in ("held", "interim"):
                assert any(holder.fresh for holder in found.holders), role.ref
            if found.state == "vacant":
                assert found.vacancies
            if found.state == "designate":
                assert found.next
            for holder in (*found.holders, *found.next):
                assert re.fullmatch(r"[A-Z].*[^.]\.", holder.says), holder.says
                assert not re.search(r"[0-9]{4}-[0-9]|None|\bunknown\b", holder.says), holder.says
                assert not (holder.fresh and holder.carried.stale), (role.ref, holder.person)
                assert holder.answer is not NO
            fresh = Holders(registry, lives, span).seat(role)
            assert replace(found, holders=()) == replace(fresh, holders=()), role.ref
            assert people(found) == people(fresh)


def test_a_span_of_one_day_is_that_day() -> None:
    one = Span(date(2026, 6, 1), date(2026, 6, 1))
    assert typed("2026-06-01") == one
    assert typed("2026-06-01..2026-06-01") == one
