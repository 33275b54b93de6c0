"""Two papers of one pack say the same: what one report counts, another counts alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bless import MINI, REAL, run

DAYS = ("2021-07-01", "2022-09-20", "2024-07-01", "2025-12-15", "2026-05-20", "2026-06-30", "2026-11-27")
TOPS = ((MINI, "nowshire-icb"), (REAL, "nhs-kent-and-medway-icb"))
SITTING = ("held", "interim", "possibly")


def told(*words: str, registry: Path, **options: str) -> dict[str, Any]:
    more = [part for name, value in options.items() for part in (f"--{name}", value)]
    done = run("report", *words, *more, "--format", "json", registry=registry)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("registry", "top"), TOPS)
def test_the_matrix_has_the_seats_of_the_compositions(registry: Path, top: str, day: str) -> None:
    matrix = told("matrix", top, registry=registry, on=day)
    seats = 0
    for column in matrix["columns"]:
        rows = told("composition", column["body"], registry=registry, on=day)["rows"]
        seats += sum(row["count"] for row in rows if row["status"] in SITTING)
    assert matrix["summary"]["seats"] == seats


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("registry", "top"), TOPS)
def test_a_chart_of_seats_counts_as_the_composition_does(registry: Path, top: str, day: str) -> None:
    for column in told("matrix", top, registry=registry, on=day)["columns"]:
        composition = told("composition", column["body"], registry=registry, on=day)
        chart = run("chart", column["body"], "--of", "seats", "--on", day, "--format", "json", registry=registry)
        assert json.loads(chart.out)["says"] == composition["says"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("registry", "top"), TOPS)
def test_no_seat_is_counted_twice_and_a_total_is_that_of_the_roles(registry: Path, top: str, day: str) -> None:
    for column in told("matrix", top, registry=registry, on=day)["columns"]:
        found = told("composition", column["body"], registry=registry, on=day)
        by_role: dict[str, list[dict[str, Any]]] = {}
        for row in found["rows"]:
            by_role.setdefault(row["role"], []).append(row)
        for role, rows in by_role.items():
            if rows[0]["seats"] is not None:
                sure = [row for row in rows if row["status"] in ("held", "interim", "vacant")]
                assert sum(row["count"] for row in sure) <= rows[0]["seats"], role
        summary = found["summary"]
        if "seats" in summary:
            kinds = (
                "held",
                "interim",
                "possibly",
                "designate",
                "vacant",
                "possibly_vacant",
                "not_confirmed",
                "not_recorded",
            )
            assert summary["seats"] == sum(summary[kind] for kind in kinds)


@pytest.mark.parametrize("registry", [MINI, REAL])
def test_open_disagreements_are_those_of_the_summary(registry: Path) -> None:
    for day in DAYS:
        every = told("disagreements", registry=registry, on=day)
        noted = [row for row in every["rows"] if row["type"] == "noted" and not row["settled_by_then"]]
        for body in {row["id"] for row in noted if row["sort"] == "bodies"}:
            about = told("summary", body, registry=registry, on=day)["summary"]["open"]
            assert about == sum(row["id"] == body for row in noted), (body, day)
