"""The forward look: what lies ahead, what has run out, what follows, and the calendar."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from bless import MINI, REAL, TOP, run
from kmics_cli import model
from kmics_cli.dates import DateError, on, typed
from kmics_cli.load import load
from kmics_cli.model import Registry
from kmics_cli.problems import UserError
from kmics_cli.query import Asked
from kmics_cli.reports.forward import report, within
from kmics_cli.reports.frame import Wanted
from kmics_cli.shape import Shapes
from kmics_cli.snapshot import read_folder
from test_quorum import DAY, role, room

START = date(2026, 7, 1)


def told(given: Asked, length: str | None = None, ref: str | None = "alpha") -> dict[str, Any]:
    return report(given, ref, Wanted(given.span.first, length))


def kinds(found: dict[str, Any]) -> list[tuple[str, bool, str]]:
    return [(row["kind"], row["over"], row["date"]) for row in found["rows"]]


def answer(*words: str, registry: Path = MINI) -> dict[str, Any]:
    done = run("report", "forward", *words, "--format", "json", registry=registry)
    assert (done.code, done.err) == (0, ""), done
    found: dict[str, Any] = json.loads(done.out)
    return found


# --- how far


@pytest.mark.parametrize(
    ("text", "day", "last"),
    [
        ("4m", date(2026, 11, 24), date(2027, 3, 31)),
        ("6m", date(2026, 8, 31), date(2027, 2, 28)),
        ("6m", date(2027, 8, 31), date(2028, 2, 29)),
        ("90d", date(2026, 7, 1), date(2026, 9, 30)),
        ("26w", date(2026, 7, 1), date(2026, 12, 31)),
        ("1y", date(2026, 7, 1), date(2027, 7, 31)),
        ("12M", date(2026, 7, 1), date(2027, 7, 31)),
        (" 6  months ", date(2026, 7, 1), date(2027, 1, 31)),
        ("1 day", date(2026, 7, 31), date(2026, 8, 31)),
        ("999y", date(2026, 7, 1), date(2999, 12, 31)),
    ],
)
def test_a_length_is_counted_to_the_end_of_the_month(text: str, day: date, last: date) -> None:
    assert within(text, day) == last


@pytest.mark.parametrize(
    "text", ["", "6", "m", "0m", "-6m", "6.5m", "six months", "6q", "1000d", "6m6m", "6m\x1b[31m", "x" * 5000]
)
def test_what_is_no_length(text: str) -> None:
    done = run("report", "forward", "--within", text)
    assert (done.code, done.out) == (2, "")
    assert "that is not a length of time" in done.err
    assert "Write 6m, 90d, 26w or 1y" in done.err
    assert "\x1b" not in done.err
    assert len(done.err) < 400


@for_all(st.text(max_size=12), st.dates(date(1900, 1, 1), date(2999, 12, 31)))
@settings(deadline=None)
def test_any_text_is_a_length_or_an_error(text: str, day: date) -> None:
    try:
        last = within(text, day)
    except UserError:
        return
    assert last >= day


def test_a_time_is_the_window_itself() -> None:
    done = run("report", "forward", "--during", "2026/27", "--within", "6m")
    assert done.code == 2
    assert "--within counts from a day" in done.err
    found = answer("nowshire-icb", "--during", "2026/27")
    assert (found["first"], found["last"], found["within"]) == ("2026-04-01", "2027-03-31", None)
    assert {"term-ends", "interim-ends", "starts", "meeting", "review", "deadline"} <= {
        row["kind"] for row in found["rows"]
    }


# --- what is told


def test_what_ends_in_the_time_and_what_has_run_out_comes_first() -> None:
    given = room(
        role("chair", "chair", "ann-a, from: 2024-01-01, terms: [{ends: 2026-12-31}]"),
        role("one", "member", "ben-b, from: 2024-01-01, terms: [{ends: 2026-05-31}]"),
        role("two", "member", "cat-c, from: 2024-01-01, capacity: interim, to: 2026-09-30"),
        role("three", "member", "dan-d, from: 2024-01-01, to: 2026-08-31"),
        role("four", "member", "eve-e, from: 2024-01-01, terms: [{ends: 2027-02-01}]"),
        role("five", "member", "fay-f, from: 2026-10-01, announced: 2026-06-01"),
    )
    found = told(given)
    assert kinds(found) == [
        ("term-ends", True, "2026-05-31"),
        ("leaves", False, "2026-08-31"),
        ("interim-ends", False, "2026-09-30"),
        ("starts", False, "2026-10-01"),
        ("term-ends", False, "2026-12-31"),
    ]
    assert found["says"] == (
        "From 1 July 2026 to 31 January 2027, this is recorded for Alpha and the bodies below it: 1 term of office ends, "
        "1 recorded departure, 1 interim ends and 1 start to come. Besides, 1 thing has run out or is past due."
    )
    assert len(told(given, "1y")["rows"]) == 6
    assert len(told(given, "2m")["rows"]) == 3, "September is told to its last day"


def test_nothing_ahead() -> None:
    found = told(room(role("chair", "chair", "ann-a")))
    assert found["says"] == (
        "From 1 July 2026 to 31 January 2027, nothing is recorded as lying ahead of Alpha and the bodies below it, which does "
        "not say that nothing does."
    )
    before = told(Asked(room(role("chair", "chair", "ann-a")).registry, on(date(2019, 1, 1))))
    assert before["says"].startswith("On 1 January 2019, Alpha was not yet in being")
    assert not before["rows"]


def test_a_term_that_another_holder_has_overtaken_is_not_told() -> None:
    given = room(
        role("chair", "chair", "ann-a, from: 2020-01-01, terms: [{ends: 2024-05-31}]", "ben-b, from: 2024-06-01")
    )
    assert not told(given)["rows"]


@pytest.mark.parametrize(
    ("rule", "terms", "says"),
    [
        ("term: {years: 3, most: 3}", 1, "May be reappointed twice more (1 term recorded, of at most 3)"),
        ("term: {years: 3, most: 3}", 2, "May be reappointed once more (2 terms recorded, of at most 3)"),
        ("term: {years: 3, most: 3}", 3, "No further term: 3 terms recorded, at most 3 allowed"),
        ("term: {years: 3, most: 2}", 3, "No further term: 3 terms recorded, at most 2 allowed"),
        ("term: {years: 3}", 1, "Not recorded (1 term recorded)"),
        ("", 2, "Not recorded (2 terms recorded)"),
    ],
)
def test_whether_a_further_term_is_allowed(rule: str, terms: int, says: str) -> None:
    ends = [*["2020-12-31", "2023-12-31"][: terms - 1], "2026-12-31"]
    served = "terms: [" + "; ".join(f"{{ends: {end}}}" for end in ends).replace("; ", "\x00") + "]"
    given = room(role("chair", "chair", f"ann-a, from: 2018-01-01, {served}".replace("\x00", ","), more=rule))
    (row,) = told(given)["rows"]
    assert (row["terms"], row["further"]) == (terms, says)


DATED = """
meetings:
  held:
  - on: 2026-06-15
    sources: [paper line 1]
  - on: 2026-07-01
    sources: [paper line 1]
  - on: 2026-11
    in_public: true
    sources: [paper line 1]
deadlines:
- what: Was done
  by: 2026-05-01
  on: 2026-04-01
  sources: [paper line 1]
- what: Was missed
  by: 2026-05-01
  status: missed
  sources: [paper line 1]
- what: Nobody knows
  by: 2026-05-01
  sources: [paper line 1]
- what: Is to come
  by: 2026-12
  status: planned
  sources: [paper line 1]
- what: Far away
  by: "2029"
  sources: [paper line 1]
"""


def test_meetings_and_deadlines() -> None:
    given = room(role("chair", "chair", "ann-a"), more=DATED)
    assert [(row["kind"], row["over"], row["what"]) for row in told(given)["rows"]] == [
        ("deadline", True, "Nobody knows (Alpha)"),
        ("meeting", False, "Alpha meets"),
        ("meeting", False, "Alpha meets in public"),
        ("deadline", False, "Is to come (Alpha)"),
    ]


def test_reviews_of_documents_in_force_only() -> None:
    more = dedent("""
        governed_by:
        - {document: rules, from: 2024-01-01, sources: [paper line 1]}
        - {document: old-rules, from: 2020-01-01, to: 2023-12-31, sources: [paper line 1]}
        --- documents/rules.yaml
        title: Rules
        kind: rules
        standing: instrument
        from: 2024-01-01
        review_due: 2026-03-31
        --- documents/old-rules.yaml
        title: Old rules
        kind: rules
        from: 2020-01-01
        review_due: 2023-03-31
        --- documents/plan.yaml
        title: Plan
        kind: rules
        owner: alpha/chair
        review_due: 2026-10
        --- documents/replaced.yaml
        title: Replaced
        kind: rules
        owner: alpha
        review_due: 2026-10
        --- documents/newer.yaml
        title: Newer
        kind: rules
        owner: alpha
        from: 2026-01-01
        supersedes: [replaced]
        --- documents/reviewed.yaml
        title: Reviewed
        kind: rules
        owner: alpha
        review_due: 2026-03-31
        approvals:
        - {step: approved, date: 2026-04-10, body: alpha, sources: [paper line 1]}
        --- documents/others.yaml
        title: Another's
        kind: rules
        owner: beta
        review_due: 2026-10
        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 1]
        """)
    given = room(role("chair", "chair", "ann-a"), more=more)
    reviews = [(row["id"], row["over"]) for row in told(given)["rows"] if row["kind"] == "review"]
    assert reviews == [("rules", True), ("plan", False)]
    everything = [row["id"] for row in told(given, ref=None)["rows"] if row["kind"] == "review"]
    assert everything == ["rules", "others", "plan"]


def test_what_was_done_later_was_not_done_yet() -> None:
    found = answer("nowshire-icb", "--on", "2023-05-01", "--within", "3m")
    (plan,) = [row for row in found["rows"] if row["what"].startswith("Five-year forward plan")]
    assert (plan["kind"], plan["over"], plan["done"]) == ("deadline", False, "2023-06-27")
    page = run("report", "forward", "nowshire-icb", "--on", "2023-05-01", "--within", "3m", "--format", "md").out
    assert "recorded as done 27 June 2023" in " ".join(page.split())


def test_law_and_plans() -> None:
    found = answer("--within", "12m")
    laws = {row["id"]: row["what"] for row in found["rows"] if row["kind"] == "requirement"}
    assert laws == {
        "care-board/mayor": "Proposed, not in force: One member is nominated by the Mayor (Nonsuch Care Bill 2026, clause 3)",
        "care-board-2027": "Proposed, not in force: What a care board is to have from 2027",
    }
    plans = {row["id"]: row["over"] for row in found["rows"] if row["kind"] == "planned"}
    assert plans["nowshire-board/digital"] is False
    assert plans["lower-nonsuch-place"] is True
    overdue = answer("--on", "2028-01-01")
    (late,) = [row for row in overdue["rows"] if row["id"] == "care-board-2027"]
    assert (late["over"], late["what"]) == (
        True,
        "Still recorded as proposed: What a care board is to have from 2027",
    )


def test_who_comes_by_a_post_elsewhere_is_told_where_that_is_not_in_the_report() -> None:
    board = answer("nowshire-board")
    assert [row["name"] for row in board["rows"] if row["kind"] == "starts"] == [
        "Councillor Hal Notional",
        "Ida Fabled",
    ]
    assert [row["role"] for row in board["rows"] if row["kind"] == "interim-ends"] == [
        "nowshire-board/chief-executive"
    ]
    icb = answer("nowshire-icb")
    assert [row["role"] for row in icb["rows"] if row["kind"] == "interim-ends"] == [
        "nowshire-executive/chief-executive"
    ]


# --- what follows


def follows(length: str = "15m", day: str = "2026-06-30") -> dict[str, list[str]]:
    found = answer("nowshire-icb", "--on", day, "--within", length)
    return {row["person"]: [one["says"] for one in row["follows"]] for row in found["rows"] if "empty_on" in row}


def test_what_follows_if_the_chairs_seat_falls_empty() -> None:
    told = follows()["ada-invented"]
    assert told[:2] == [
        "The seat Member appointed by the integrated care board, Nowshire Care Partnership, goes with it.",
        "Board of the Nowshire Integrated Care Board would have no chair.",
    ]
    assert [one for one in told if "exactly one chair" in one and one.endswith("would not be met.")]


def test_what_follows_if_a_member_who_chairs_committees_leaves() -> None:
    told = follows()["vic-whimsy"]
    assert "Audit Committee would lose its chair, who is to be drawn from the non-executive members." in told
    assert "Nobody else of Board of the Nowshire Integrated Care Board is recorded as senior non-executive." in told
    assert [
        one for one in told if one.startswith("There is an audit committee") and one.endswith("would not be met.")
    ]
    assert not [one for one in told if "exactly one chair" in one], "what does not differ is not told"


def test_where_somebody_follows_the_seat_does_not_fall_empty() -> None:
    found = answer("nowshire-icb")
    (row,) = [row for row in found["rows"] if row["kind"] == "interim-ends"]
    assert row["next"] == [{"person": "ida-fabled", "name": "Ida Fabled", "from": "1 September 2026"}]
    assert row["follows"] == []


def test_a_quorum_that_could_no_longer_be_reached() -> None:
    def followed(at_least: int) -> list[str]:
        given = room(
            role("chair", "chair", "ann-a"),
            role("one", "member", "ben-b, from: 2024-01-01, terms: [{ends: 2026-09-30}]"),
            role("two", "member", "cat-c, from: 2024-01-01, terms: [{ends: 2026-09-30}]"),
            rule=f"at_least: {at_least}",
        )
        return [one["says"] for row in told(given)["rows"] for one in row["follows"]]

    assert followed(2) == [], "each is asked of as if the other stayed"
    assert followed(3) == ["Alpha could no longer be quorate: 2 members surely in post, 3 needed."] * 2


def test_one_who_shares_a_job_leaves_no_seat_empty() -> None:
    shared = ("ben-b, capacity: job-share, terms: [{ends: 2026-09-30}]", "cat-c, capacity: job-share")
    given = room(role("chair", "chair", "ann-a"), role("doctor", "executive", *shared), rule="at_least: 2")
    assert [row["follows"] for row in told(given)["rows"]] == [[]]


def test_asking_what_follows_changes_nothing() -> None:
    snapshot = read_folder(MINI)
    registry: Registry = load(snapshot.texts, Shapes(TOP / "schema"), snapshot.problems)[0]
    before = {id: repr(body) for id, body in registry.bodies.items()}
    report(Asked(registry, on(date(2026, 6, 30))), None, Wanted(DAY, "15m"))
    assert {id: repr(body) for id, body in registry.bodies.items()} == before


def test_a_part_with_a_field_changed() -> None:
    registry = room(role("chair", "chair", "ann-a")).registry
    body = registry.bodies["alpha"]
    other = model.changed(body, name="Beta")
    assert (other.name, other.roles, body.name, other.source) == ("Beta", body.roles, "Alpha", body.source)
    with pytest.raises(TypeError):
        model.changed(body, colour="red")
    made = model.with_bodies(registry, [other])
    assert (made.bodies["alpha"].name, registry.bodies["alpha"].name) == ("Beta", "Alpha")
    assert [one.name for one in made.mentioning("bodies", "ann-a")] == ["Beta"]
    plain = model.changed(registry, bodies=dict(registry.bodies))
    assert model.with_bodies(plain, [other]).bodies["alpha"].name == "Beta"


def test_many_departures_are_told_and_only_some_worked_out() -> None:
    people = "".join(f"--- people/p-{n}.yaml\nname: P {n}\n" for n in range(200))
    some = [f"p-{n}, from: 2024-01-01, terms: [{{ends: 2026-09-30}}]" for n in range(200)]
    given = room(
        role("chair", "chair", "ann-a"),
        role("crowd", "member", *some, more="seats: 200"),
        rule="at_least: 201",
        more=people,
    )
    found = told(given)
    assert found["summary"]["term_ends"] == 200
    assert sum(bool(row["follows"]) for row in found["rows"]) == 60
    assert any(
        one.startswith("What follows from the 140 latest of these departures") for one in found["not_recorded"]
    )


ROTATION = """
rotation:
  among: [alpha/one, alpha/two]
  every: 2 years
  sources: [paper line 5]
turns:
- role: alpha/one
  from: {start}
  sources: [paper line 5]
"""


@pytest.mark.parametrize(
    ("start", "over", "when", "what"),
    [
        ("2024-08/2024-09", False, "2026-08/2026-09", "Turn of The one, Alpha as The chair, Alpha is due to end"),
        (
            "2022-07/2022-08",
            True,
            "2024-07/2024-08",
            "The chair, Alpha: a change was due about July or August 2024; none is recorded",
        ),
        ("2026-06-01", None, None, None),
    ],
)
def test_rotations(start: str, over: bool | None, when: str | None, what: str | None) -> None:
    given = room(
        role("chair", "chair", more=ROTATION.format(start=start)),
        role("one", "member", "ann-a"),
        role("two", "member", "ben-b"),
    )
    rows = [row for row in told(given)["rows"] if row["kind"] == "turn"]
    assert [(row["over"], row["date"], row["what"], row["confidence"]) for row in rows] == (
        [] if over is None else [(over, when, what, "inferred")]
    )


def test_a_change_of_turn_that_was_due_in_the_real_registry() -> None:
    ahead = answer("kent-and-medway-icp", "--on", "2024-01-15", "--within", "12m", registry=REAL)
    assert ahead["says"].split(": ")[1].startswith("1 turn of a rotation ends or is due to")
    (row,) = [row for row in answer("kent-and-medway-icp", registry=REAL)["rows"] if row["kind"] == "turn"]
    assert row["over"]
    assert row["what"].endswith("a change was due about July or August 2024; none is recorded")


def test_what_is_recorded_of_a_document_since_something_of_it_was_due() -> None:
    words = ("report", "forward", "kent-and-medway-icp", "--on", "2024-01-15")
    found = answer(*words[2:], registry=REAL)
    since = {row["what"]: row["recorded_since"] for row in found["rows"] if row["over"]}
    assert since["Initial strategy published (Kent and Medway Integrated Care Strategy)"] == (
        "recommended 7 December 2023; approved 4 January 2024; in force from a day between December 2022 and January 2024"
    )
    page = run(*words, "--format", "md", registry=REAL).out
    assert "Nothing later is recorded" not in page
    assert "Recommended 7 December 2023; approved 4 January 2024" in page
    before = answer("kent-and-medway-icp", "--on", "2023-06-01", registry=REAL)["rows"]
    assert not any("approved" in (row["recorded_since"] or "") for row in before), "what came after the day"
    mini = {row["person"]: row["recorded_since"] for row in answer("--on", "2026-06-30")["rows"] if row["person"]}
    assert mini["eve-unreal"] == "still named on 19 May 2026"


# --- pages and rows


def test_rows() -> None:
    done = run("report", "forward", "--format", "csv")
    table = [*csv.DictReader(io.StringIO(done.out.removeprefix("\ufeff")))]
    assert table[0]["over"] == "yes"
    (dee,) = [row for row in table if row["person"] == "dee-imaginary"]
    assert dee["follows"].startswith("Finance and People Committee would lose its chair")
    (cai,) = [row for row in table if row["person"] == "cai-fictional"]
    assert cai["next"] == "Ida Fabled from 1 September 2026"


@pytest.mark.parametrize("day", ["2018-01-01", "2022-06-30", "2022-09-20", "2023-09-13", "2026-11-27"])
def test_on_the_real_registry(day: str) -> None:
    found = answer("--on", day, registry=REAL)
    assert found["says"].startswith("From ")
    assert all(row["what"] and row["date"] for row in found["rows"])


# --- the calendar

HOSTILE = "Zed\u202e, a;b\\c\x07 \U0001f600 " + "long " * 100


def calendar(tmp_path: Path, *words: str, registry: Path = MINI) -> bytes:
    path = tmp_path / "ahead.ics"
    done = run("report", "forward", *words, "-o", str(path), registry=registry)
    assert (done.code, done.out, done.err) == (0, "", "")
    return path.read_bytes()


def events(data: bytes) -> list[Any]:
    from icalendar import Calendar

    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_a_calendar_has_an_event_for_each_row_with_a_day(tmp_path: Path) -> None:
    found = answer("--within", "15m")
    some = events(calendar(tmp_path, "--within", "15m"))
    assert len(some) == len([row for row in found["rows"] if row["date"]])
    (dee,) = [one for one in some if "Dee Imaginary" in one["summary"]]
    assert (dee["dtstart"].dt, dee["dtend"].dt) == (date(2026, 10, 31), date(2026, 11, 1))
    assert "If the seat falls empty: Finance and People Committee would lose its chair" in dee["description"]
    assert "May be reappointed once more" in dee["description"]
    assert len({one["uid"] for one in some}) == len(some)
    assert all(isinstance(one["dtstart"].dt, date) and one["transp"] == "TRANSPARENT" for one in some)


def test_it_is_the_same_each_time_and_another_parser_reads_it(tmp_path: Path) -> None:
    import vobject  # type: ignore[import-untyped]

    data = calendar(tmp_path)
    assert data == calendar(tmp_path)
    (read,) = vobject.readComponents(data.decode("utf-8"))
    ours = [(str(one["summary"]), one["dtstart"].dt) for one in events(data)]
    theirs = [(one.summary.value, one.dtstart.value) for one in read.vevent_list]
    assert theirs == ours
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_an_event_stays_the_same_when_its_day_is_corrected(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    copied(root)
    before = {str(one["uid"]): one["dtstart"].dt for one in events(calendar(tmp_path, registry=root))}
    board = root / "bodies" / "nowshire-board.yaml"
    board.write_text(
        board.read_text(encoding="utf-8").replace("ends: 2026-10-31", "ends: 2026-11-30"), encoding="utf-8"
    )
    after = {str(one["uid"]): one["dtstart"].dt for one in events(calendar(tmp_path, registry=root))}
    assert before.keys() == after.keys()
    assert [day for uid, day in after.items() if before[uid] != day] == [date(2026, 11, 30)]


def copied(root: Path, **changes: str) -> None:
    for path in MINI.rglob("*.yaml"):
        target = root / path.relative_to(MINI)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def test_vague_days_span_their_window_or_stand_on_its_first_day(tmp_path: Path) -> None:
    more = "deadlines:\n" + "".join(
        f"- what: {what}\n  by: {by}\n  sources: [paper line 1]\n"
        for what, by in (("Short", "2026-08/2026-09"), ("Long", "'2026'"), ("A month", "2026-08"))
    )
    given = room(role("chair", "chair", "ann-a"), more=more)
    from kmics_cli.views.calendar import calendar as made

    found = {**told(given), "registry": {"name": "Test", "as_of": None}}
    some = {str(one["summary"]): (one["dtstart"].dt, one["dtend"].dt) for one in events(made(found).encode())}
    assert some == {
        "Short (Alpha) (August or September 2026)": (date(2026, 8, 1), date(2026, 10, 1)),
        "Long (Alpha) (2026)": (date(2026, 1, 1), date(2026, 1, 2)),
        "A month (Alpha) (August 2026)": (date(2026, 8, 1), date(2026, 9, 1)),
    }


def test_the_words_of_an_event_say_what_is_past_due_and_inferred_and_whose_it_is(tmp_path: Path) -> None:
    words = ("kent-and-medway-icp", "--on", "2026-01-15")
    data = calendar(tmp_path, *words, registry=REAL)
    some = {str(one["summary"]): (one["dtstart"].dt, one["dtend"].dt) for one in events(data)}
    assert all(one.startswith("Past due: ") for one in some)
    (turn,) = [one for one in some if "a change was due about July or August 2024" in one]
    assert "(inferred)" in turn
    (work,) = [one for one in some if "Further work" in one]
    assert work.endswith("(between January and April 2023)")
    assert some[work] == (date(2023, 1, 1), date(2023, 5, 1))
    assert b"X-WR-CALNAME:Forward look: Kent and Medway Integrated Care Partnership" in data
    assert b"X-WR-CALNAME:Forward look: The Nowshire miniature" in calendar(tmp_path)


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    copied(root)
    what = json.dumps(HOSTILE + "\r\nBEGIN:VEVENT\r\nEND:VCALENDAR").replace("\\r\\n", "\\n")
    people = root / "people" / "dee-imaginary.yaml"
    people.write_text(
        re.sub("name: .*", lambda _: f"name: {what}", people.read_text(encoding="utf-8")), encoding="utf-8"
    )
    for path in (people,):
        assert "BEGIN:VEVENT" in path.read_text(encoding="utf-8")
    from kmics_cli.views.calendar import calendar as made

    found = answer("--within", "15m")
    for row in found["rows"]:
        row["what"] = HOSTILE + "\r\nBEGIN:VEVENT\r\nSUMMARY:evil\r\n" + row["what"]
    data = made(found).encode()
    some = events(data)
    assert len(some) == len([row for row in found["rows"] if row["date"]])
    assert not re.search(rb"^SUMMARY:evil", data, re.MULTILINE)
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", data)
    assert all(
        str(one["summary"]).removeprefix("Past due: ").startswith("Zed<U+202E>, a;b\\c\\x07 \U0001f600 long")
        for one in some
    )
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\r\nBEGIN:VEVENT\r\n") == len(some)


def test_nothing_ahead_is_an_empty_calendar(tmp_path: Path) -> None:
    assert events(calendar(tmp_path, "people-forum", "--within", "1d")) == []


@pytest.mark.parametrize("words", [["report", "vacancies"], ["show", "nowshire-board"], ["list", "bodies"]])
def test_no_other_answer_is_a_calendar(words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "x.ics"
    done = run(*words, "-o", str(path))
    assert done.code == 2
    assert "Only the report forward" in done.err
    assert not path.exists()
    other = run("report", "forward", "-o", str(path), "--format", "json")
    assert other.code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["report"] == "forward"


def test_a_calendar_is_read_only_when_it_is_asked_for() -> None:
    import subprocess
    import sys

    code = "import sys; import kmics_cli.reports.forward, kmics_cli.views.papers.forward; sys.exit('icalendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_days_that_cannot_be_typed() -> None:
    with pytest.raises(DateError):
        typed("01/07/26")
