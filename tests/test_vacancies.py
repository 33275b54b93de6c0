"""Vacancies: what is vacant, and what only looks so."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from bless import MINI, REAL, run
from kmics_cli.dates import on, typed
from kmics_cli.query import Asked
from kmics_cli.reports.frame import Wanted
from kmics_cli.reports.vacancies import report
from test_quorum import role, room


def told(given: Asked, ref: str | None = "alpha") -> dict[str, Any]:
    return report(given, ref, Wanted(given.span.first))


def rows(given: Asked, status: str) -> list[dict[str, Any]]:
    return [row for row in told(given)["rows"] if row["status"] == status]


VACANT = "vacant:\n- from: 2026-05-01\n  reason: resigned\n  cover: Shared out.\n  sources: [paper line 4]"


def test_vacant_is_what_a_source_says_and_not_recorded_is_another_thing() -> None:
    given = room(role("chair", "chair", more=VACANT), role("others", "member", "ann-a", more="seats: 3"))
    found = told(given)
    assert (found["summary"]["vacant"], found["summary"]["not_recorded"]) == (1, 2)
    (vacant,) = rows(given, "vacant")
    assert (vacant["since"], vacant["reason"], vacant["cover"], vacant["how_long"]) == (
        "2026-05-01",
        "resigned",
        "Shared out.",
        "2 months",
    )
    assert found["says"] == (
        "On 1 July 2026, 1 seat of Alpha and the bodies below it is recorded as vacant. Of 2 seats nobody is recorded, "
        "which does not say that they are vacant. All roles are listed."
    )
    assert found["bodies"] == [
        {
            "body": "alpha",
            "name": "Alpha",
            "complete": True,
            "vacant": 1,
            "not_recorded": 2,
            "not_recorded_roles": 0,
            "titles": ["The others"],
        }
    ]


def test_nothing_vacant_says_whether_the_list_is_whole() -> None:
    whole, partial = (told(room(role("chair", "chair", "ann-a"), whole=whole))["says"] for whole in (True, False))
    assert (
        whole
        == "On 1 July 2026, no seat of Alpha and the bodies below it is recorded as vacant. All roles are listed."
    )
    assert partial.endswith("No source here gives the whole list of roles, so others may be vacant.")
    assert "All roles" not in partial


SUBSTANTIVE = "ann-a, from: 2020-01-01, to: 2025-12-31"


@pytest.mark.parametrize(
    ("people", "since", "how_long", "least"),
    [
        ([SUBSTANTIVE, "ben-b, from: 2026-03-01, capacity: interim"], "2026-01-01", "6 months", None),
        (
            [SUBSTANTIVE, "ben-b, from: 2026-01-01, to: 2026-03-31, capacity: interim", "cat-c, from: 2026-04-01, capacity: acting"],
            "2026-01-01",
            "6 months",
            None,
        ),
        (["ben-b, from: 2026-03-01, capacity: interim"], None, "how long is not known", "2026-03-01"),
        (
            ["ben-b, from: 2025-01-01, to: 2026-02-28, capacity: interim", "cat-c, from: 2026-03-01, capacity: interim"],
            None,
            "how long is not known",
            "2025-01-01",
        ),
        (["ann-a, from: 2020-01-01, to: unknown", "ben-b, from: 2026-03-01, capacity: interim"], None, "how long is not known", "2026-03-01"),
        (
            ["ann-a, from: 2020-01-01, to: 2025-11/2025-12", "ben-b, from: 2026-03-01, capacity: interim"],
            "2025-11-02/2026-01-01",
            "between 6 months and 8 months",
            None,
        ),
    ],
)  # fmt: skip
def test_how_long_without_a_substantive_holder(
    people: list[str], since: str | None, how_long: str, least: str | None
) -> None:
    (found,) = rows(room(role("chair", "chair", *people)), "interim")
    assert (found["no_substantive_since"], found["how_long"], found["at_least_since"]) == (since, how_long, least)


def test_who_is_to_come_who_covers_and_whose_term_ran_out() -> None:
    given = room(
        role("chair", "chair", "ann-a, from: 2026-09-01, announced: 2026-05-01"),
        role("finance", "executive", "cat-c", "dan-d, capacity: acting, covering: cat-c"),
        role("over", "member", "eve-e, from: 2024-01-01, terms: [{ends: 2026-05-31}]"),
        role(
            "gone-on", "member", "fay-f, from: 2020-01-01, terms: [{ends: 2024-05-31}]", "gus-g, from: 2024-06-01"
        ),
    )
    (designate,) = rows(given, "designate")
    assert (designate["name"], designate["since"]) == ("Ann A", "2026-09-01")
    (covered,) = rows(given, "covered")
    assert (covered["name"], covered["covered_name"]) == ("Dan D", "Cat C")
    (over,) = rows(given, "overdue")
    assert (over["name"], over["term_ends"]) == ("Eve E", "2026-05-31"), (
        "the seat that another has by now is not told"
    )
    assert "1 has a term of office that ran out with nothing recorded after it" in told(given)["says"]


def test_a_holder_last_confirmed_long_ago_is_told_apart() -> None:
    given = room(role("chair", "chair", "ann-a"))
    later = Asked(given.registry, on(typed("1 July 2030").first))
    found = told(later)
    assert [row["status"] for row in found["rows"]] == ["not-confirmed"]
    assert "1 has a holder who is not confirmed" in found["says"]


def test_of_a_time_what_stood_so_on_one_of_its_days() -> None:
    given = room(
        role(
            "chair",
            "chair",
            SUBSTANTIVE,
            "ben-b, from: 2026-02-01, to: 2026-03-31, capacity: interim",
            "cat-c, from: 2026-04-01",
        )
    )
    during = Asked(given.registry, typed("2025/26"))
    assert [row["name"] for row in told(during)["rows"] if row["status"] == "interim"] == ["Ben B"]
    assert "each on some day of this time" in told(during)["says"]
    assert not told(given)["rows"]


def test_a_body_that_was_not_there() -> None:
    given = room(role("chair", "chair", more=VACANT))
    before = told(Asked(given.registry, on(typed("1 July 2019").first)))
    assert (
        before["says"]
        == "On 1 July 2019, Alpha was not yet in being; it begins on 1 January 2020, so no vacancy of it can be told."
    )
    assert not before["rows"]


def test_a_post_tells_of_the_seats_that_it_carries() -> None:
    done = run("report", "vacancies", "nowshire-icb", "--format", "json")
    found = json.loads(done.out)
    chief = [row for row in found["rows"] if row["status"] == "interim" and row["title"] == "Chief Executive"]
    assert [row["role"] for row in chief] == ["nowshire-executive/chief-executive"]
    assert chief[0]["carries"] == ["Chief Executive, Board of the Nowshire Integrated Care Board"]
    alone = json.loads(run("report", "vacancies", "nowshire-board", "--format", "json").out)
    assert [row["role"] for row in alone["rows"] if row["status"] == "interim"] == [
        "nowshire-board/chief-executive"
    ]


def test_a_seat_that_goes_with_a_post_is_told_and_counted_once_with_it() -> None:
    link = "ex_officio:\n- role: alpha/chair\n  from: 2024-01-01\n  to: {to}\n  sources: [paper line 5]"
    for to, nobody in (("2026-12-31", 0), ("2026-01-31", 1)):
        given = room(
            role("chair", "chair", more=VACANT),
            role("also", "member", more=link.format(to=to)),
            role("two", "member", "ann-a"),
        )
        found = told(given)
        assert (found["summary"]["vacant"], found["summary"]["not_recorded"]) == (1, nobody)
        (chair,) = [row for row in found["rows"] if row["status"] == "vacant"]
        assert chair["carries"] == ([] if nobody else ["The also, Alpha"])
    real = json.loads(run("report", "vacancies", "--on", "2026-11-21", "--format", "json", registry=REAL).out)
    triumvirate = [row["title"] for row in real["rows"] if row["body"] == "triumvirate"]
    chairs = [row for row in real["rows"] if any("ICB Chair" in one for one in row["carries"])]
    assert ("ICB Chair" in triumvirate) == (not chairs)


def test_a_turn_that_was_due_to_change_is_told_where_its_post_is_held() -> None:
    found = json.loads(run("report", "vacancies", "--format", "json").out)
    (chair,) = [row for row in found["rows"] if row["role"] == "nowshire-icp/chair"]
    assert (chair["status"], chair["says"]) == (
        "not-confirmed",
        "Possibly: last evidenced in a turn that was due to end.",
    )


def test_a_seat_is_counted_once_though_somebody_was_named_in_it() -> None:
    over = "from: 2024-01-01, terms: [{ends: 2026-05-31}]"
    many = role("many", "member", "ann-a", f"ben-b, {over}", more="seats: 4")
    found = told(room(many))
    assert (found["summary"]["overdue"], found["summary"]["not_recorded"]) == (1, 2), "one of four is held"
    one = role("one", "member", f"ann-a, {over}", f"ben-b, {over}", more="seats: 1")
    assert told(room(one))["summary"]["overdue"] == 1
    board = json.loads(run("report", "vacancies", "nowshire-board", "--format", "json").out)
    (nobody,) = [
        row for row in board["rows"] if row["status"] == "not-recorded" and row["title"] == "Non-executive member"
    ]
    assert nobody["count"] == 1


def test_a_role_is_not_a_seat() -> None:
    given = room(role("others", "member", more="seats: unknown"), role("chair", "chair"))
    found = told(given)
    assert found["summary"]["not_recorded_roles"] == 1
    assert " Of 1 seat, and of 1 role whose number of seats is not recorded, nobody is recorded," in found["says"]


def test_an_interim_who_is_not_confirmed_any_more_is_still_called_one() -> None:
    words = ("report", "vacancies", "--on", "2026-11-21")
    page = run(*words, "--format", "md", registry=REAL).out
    assert "| Lee Martin (named as interim) |" in page
    assert "(2 of them last named as interim or acting)" in page
    stamp = page.index("<!-- kmics")
    assert "kmics " not in page[:stamp].casefold()
    assert " --" not in page[:stamp].replace("| --", "")


def test_in_every_format() -> None:
    text = run("report", "vacancies", "nowshire-board", "--format", "md").out
    assert "Vacant seats" in text
    assert "3 months" in text  # 1 April to 30 June, both counted
    done = run("report", "vacancies", "--format", "csv")
    table = [*csv.DictReader(io.StringIO(done.out.removeprefix("\ufeff")))]
    assert {row["status"] for row in table} >= {
        "vacant",
        "interim",
        "designate",
        "covered",
        "overdue",
        "not-recorded",
    }
    assert [row["name"] for row in table if row["status"] == "interim"] == ["Cai Fictional", "Tess Placebo"]


@pytest.mark.parametrize("day", ["2018-01-01", "2022-06-30", "2022-09-20", "2023-09-13", "2026-11-27"])
def test_the_real_registry_calls_no_seat_vacant(day: str) -> None:
    """No source of it says that a seat was vacant, so none may be called so."""
    done = run("report", "vacancies", "--on", day, "--format", "json", registry=REAL)
    found = json.loads(done.out)
    assert found["summary"]["vacant"] == 0
    assert found["says"].split(", ")[1].startswith("no seat of any body is recorded as vacant")
    assert "All roles are listed." not in found["says"]


def test_within_is_not_for_it() -> None:
    done = run("report", "vacancies", "--within", "6m", registry=MINI)
    assert done.code == 2
    assert "takes no --within" in done.err
