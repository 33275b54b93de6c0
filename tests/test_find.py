"""From what somebody types to the record that is meant, on the day asked about."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bless import MINI, MINI_DAY, REAL, REAL_DAY, TOP
from kmics_cli.dates import typed
from kmics_cli.load import load
from kmics_cli.model import Registry
from kmics_cli.problems import UserError
from kmics_cli.query import Found, find
from kmics_cli.query.find import plain, singular
from kmics_cli.query.lives import Lives
from kmics_cli.shape import Shapes
from kmics_cli.snapshot import read_folder


@cache
def loaded(root: Path) -> tuple[Registry, Lives]:
    registry, problems = load(read_folder(root).texts, Shapes(TOP / "schema"))
    assert problems == []
    return registry, Lives(registry)


def asked(root: Path, text: str, day: str) -> Found:
    return find(*loaded(root), text, typed(day))


def mini(text: str, day: str = MINI_DAY) -> Found:
    return asked(MINI, text, day)


def real(text: str, day: str = REAL_DAY) -> Found:
    return asked(REAL, text, day)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("nowshire-board", "nowshire-board"),
        ("NOWSHIRE-BOARD", "nowshire-board"),
        ("nowshire board", "nowshire-board"),
        ("Board of the Nowshire Integrated Care Board", "nowshire-board"),
        ("board of nowshire integrated care board", "nowshire-board"),
        ("  Board  of the   Nowshire Integrated Care Board ", "nowshire-board"),
        ("The Board for Nowshire", "nowshire-icb"),
        ("Nowshire ICB", "nowshire-icb"),
        ("nowshire icbs", "nowshire-icb"),
        ("MMB", "ministry-of-make-believe"),
        ("mmb", "ministry-of-make-believe"),
        ("Ministry of Make Believe", "ministry-of-make-believe"),
        ("ministry-of-make-believe", "ministry-of-make-believe"),
        ("Finance and People Committee", "finance-committee"),
        ("Finance & People Committee", "finance-committee"),
        ("FINANCE AND PEOPLE COMMITTEES", "finance-committee"),
        ("Finance Committee", "finance-committee"),
        ("Money Committee", "finance-committee"),
        ("Nowshire People's Forum", "people-forum"),
        ("Nowshire People’s Forum", "people-forum"),
        ("N99000001", "nowshire-icb"),
        ("x1a", "nowshire-icb"),
        ("Ada Invented", "ada-invented"),
        ("Dame Ada Invented", "ada-invented"),
        ("ada invented", "ada-invented"),
        ("Zoë Apocryphal", "zoe-apocryphal"),
        ("Zoe Apocryphal", "zoe-apocryphal"),
        ("ZOE\u0308 APOCRYPHAL", "zoe-apocryphal"),
        ("Bea Mŷth", "bea-myth"),
        ("bea myth", "bea-myth"),
        ("invented", "ada-invented"),
        ("Aims of the Nowshire Care Strategy", "strategy-aims"),
        ("The Strategy", "county-care-strategy"),
        ("What a care board must have", "care-board"),
        ("Quality", "quality-committee"),
    ],
)
def test_spellings_of_a_name(text: str, id: str) -> None:
    assert mini(text).id == id


@pytest.mark.parametrize(
    ("text", "id", "word"),
    [
        ("nowshire-care-partnership", "nowshire-ics", "nowshire-ics"),
        ("icb-duties", "care-board", "care-board"),
        ("nowshire-plan", "county-plan-2016", "county-plan-2016"),
    ],
)
def test_a_former_id_leads_on_and_says_so(text: str, id: str, word: str) -> None:
    found = mini(text)
    assert found.id == id
    assert f"'{text}' is now '{word}'" in found.notice


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("nowshire-board/chair", "nowshire-board/chair"),
        ("nowshire-board/chairman", "nowshire-board/chair"),
        ("Board of the Nowshire Integrated Care Board/Chair", "nowshire-board/chair"),
        ("nowshire-board / non-executive members", "nowshire-board/non-executive"),
        ("nowshire-board/Director of Finance", "nowshire-board/finance"),
        ("NOWSHIRE-BOARD/FINANCE", "nowshire-board/finance"),
        ("Nowshire Care Partnership/chair", "nowshire-icp/chair"),
        ("nowshire-executive/director of strategy", "nowshire-executive/director-of-strategy"),
    ],
)
def test_roles_by_id_and_by_title(text: str, ref: str) -> None:
    assert (mini(text).kind, mini(text).id) == ("roles", ref)


def test_an_id_beats_a_name_and_a_whole_beats_a_part() -> None:
    assert mini("people-committee").id == "people-committee"
    assert mini("People Committee", "2024-01-01").id == "people-committee"
    assert mini("Nowshire Care System").id == "nowshire-ics"


@pytest.mark.parametrize(
    ("text", "day", "id"),
    [
        ("Nowshire Care Partnership", "2020-01-01", "nowshire-ics"),
        ("Nowshire Care Partnership", "2021-06-30", "nowshire-ics"),
        ("Nowshire Care Partnership", "2021-10-01", "nowshire-icp"),
        ("Nowshire Care Partnership", "2026-06-30", "nowshire-icp"),
        ("X1A", "2018-01-01", "nowshire-ics"),
        ("X1A", "2021-06-30", "nowshire-ics"),
        ("X1A", "2021-07-01", "nowshire-icb"),
        ("X2B", "2020-01-01", "nowshire-ccg"),
    ],
)
def test_the_day_decides_and_the_other_meaning_is_told(text: str, day: str, id: str) -> None:
    found = mini(text, day)
    assert found.id == id
    assert f"'{text}' also means, at other times or elsewhere: " in found.notice


@pytest.mark.parametrize("day", ["1990-01-01", "2100-01-01"])
def test_a_name_that_was_not_in_use_says_so(day: str) -> None:
    found = mini("Finance Committee", day)
    assert found.id == "finance-committee"
    assert "'Finance Committee' was not in use on this day: " in found.notice


def test_what_is_asked_by_its_own_name_needs_no_notice() -> None:
    for text in ("nowshire-board", "Ada Invented", "nowshire-board/chair", "Nowshire ICB"):
        assert mini(text).notice == ""


def refused(text: str, day: str = MINI_DAY, root: Path = MINI) -> tuple[str, str]:
    with pytest.raises(UserError) as error:
        asked(root, text, day)
    assert error.value.code == 2
    return error.value.message, error.value.help


@pytest.mark.parametrize("text", ["Community Trust", "Example", "Nonsuch", "committee"])
def test_several_matches_are_listed_with_their_ids(text: str) -> None:
    message, help = refused(text)
    assert message.startswith(f"'{text}' ")
    lines = help.split("\n")
    assert lines[0] == "Give the id of one:"
    assert len(lines) > 2
    for line in lines[1:]:
        id = line.split()[0]
        assert id == "and" or mini(id).id == id
        if id != "and" and mini(id).kind == "bodies":
            assert line.endswith(")"), "a body comes with its period"


def test_a_long_list_of_matches_is_cut_and_says_so() -> None:
    _, help = refused("Nowshire")
    assert help.split("\n")[-1].strip().startswith("and ")
    assert help.endswith(" more")
    assert len(help.split("\n")) < 20


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("nowshir-board", "nowshire-board"),
        ("Ada Inventde", "ada-invented"),
        ("Qualty Committee", "quality-committee"),
        ("Apocrifal", "zoe-apocryphal"),
    ],
)
def test_the_nearest_names_are_offered(text: str, id: str) -> None:
    message, help = refused(text)
    assert message == f"Nothing here is called '{text}'."
    assert help.startswith("Did you mean:\n")
    assert id in help


@pytest.mark.parametrize("text", ["", "  ", "!!!", "/", "a/b/c", "x" * 10_000, "\0", "é" * 500, "/chair"])
def test_nonsense_is_refused_shortly(text: str) -> None:
    message, help = refused(text)
    assert len(message) < 200
    assert help


@pytest.mark.parametrize("root", [MINI, REAL], ids=["mini", "real"])
def test_every_id_finds_its_record_on_every_day(root: Path) -> None:
    registry, _lives = loaded(root)
    for kind in ("bodies", "people", "priorities", "documents", "requirements"):
        for id in registry.records(kind):
            for day in ("1990-01-01", "2019-07-01", "2026-11-21", "2100-01-01"):
                found = asked(root, id, day)
                assert (found.kind, found.id, found.notice) == (kind, id, "")


@pytest.mark.parametrize("root", [MINI, REAL], ids=["mini", "real"])
def test_every_role_is_found_by_its_id(root: Path) -> None:
    registry, _lives = loaded(root)
    for body in registry.bodies.values():
        for role in body.roles.values():
            assert asked(root, role.ref, REAL_DAY) == Found("roles", role.ref)


@pytest.mark.parametrize("root", [MINI, REAL], ids=["mini", "real"])
def test_every_name_leads_to_its_record_or_to_a_list_that_has_it(root: Path) -> None:
    registry, lives = loaded(root)
    for body in registry.bodies.values():
        life = lives.life(body.id)
        if life.start is None or not life.start.bounded:
            continue
        try:
            found = asked(root, body.name, life.start.latest.isoformat())
            led = found.id == body.id or found.notice != ""
        except UserError as several:
            led = f"  {body.id}  " in several.help
        assert led, body.id


def test_compared_texts() -> None:
    assert plain("The  NHS, Kent & Medway") == "nhs kent and medway"
    assert plain("the") == "the"
    assert plain("Zoë’s") == plain("zoe s")
    assert singular("committees") == singular("committee")
    assert singular("authorities") == singular("authority")
    assert singular("business") == "business"
    assert singular("bus") == "bus"


# --- the real record


@pytest.mark.parametrize(
    ("text", "day", "id"),
    [
        ("integrated care partnership", "2019-07-01", "health-and-care-partnerships"),
        ("Integrated Care Partnerships", "2019-07-01", "health-and-care-partnerships"),
        ("integrated care partnership", "2023-06-01", "kent-and-medway-icp"),
        ("QKS", "2018-01-01", "kent-and-medway-stp"),
        ("QKS", REAL_DAY, "nhs-kent-and-medway-icb"),
        ("qks", REAL_DAY, "nhs-kent-and-medway-icb"),
        ("91Q", "2021-01-01", "kent-and-medway-ccg"),
        ("Roger Gough", REAL_DAY, "roger-gough"),
        ("icb-board", REAL_DAY, "icb-board"),
        ("ICB Board", REAL_DAY, "icb-board"),
        ("NHS Kent & Medway Integrated Care Board", REAL_DAY, "nhs-kent-and-medway-icb"),
    ],
)
def test_names_of_the_real_record(text: str, day: str, id: str) -> None:
    assert real(text, day).id == id


def test_the_code_of_the_ccg_is_a_part_of_the_board_today() -> None:
    found = real("91Q")
    assert found.id != "kent-and-medway-ccg"
    assert "Clinical Commissioning Group" in found.notice


def test_a_code_that_changed_hands_on_a_day_nobody_recorded_is_ambiguous() -> None:
    _, help = refused("QKS", "2021-10-01", REAL)
    assert "  kent-and-medway-stp  " in help
    assert "  kent-and-medway-ics  " in help


def test_a_renamed_trust_is_one_trust() -> None:
    old = "Kent and Medway NHS and Social Care Partnership Trust"
    new = "Kent and Medway Mental Health NHS Trust"
    assert {real(old, "2024-01-01").id, real(old).id, real(new).id} == {real(new).id}
    assert real(old, "2024-01-01").notice == ""
    assert "was not in use on this day" in real(old).notice


def test_a_name_that_meant_something_else_says_so() -> None:
    for day in ("2019-07-01", "2023-06-01"):
        assert "also means, at other times or elsewhere" in real("integrated care partnership", day).notice


def test_a_role_is_found_by_its_id_before_another_ones_title(tmp_path: Path) -> None:
    (tmp_path / "bodies").mkdir()
    (tmp_path / "kmics.yaml").write_text('name: Nowhere\nmodel: "1"\nkinds:\n  board: board\n', encoding="utf-8")
    roles = "".join(
        f"  {id}:\n    title: {title}\n    member_type: member\n"
        for id, title in (("vice", "Chair"), ("chair", "Boss"), ("one", "Member"), ("two", "Member"))
    )
    body = f"name: B\nkind: board\nfrom: 2020\nsources: [paper]\nroles:\n{roles}".replace(
        "from: 2020", 'from: "2020"'
    )
    (tmp_path / "bodies" / "b.yaml").write_text(body, encoding="utf-8")
    assert asked(tmp_path, "b/chair", MINI_DAY).id == "b/chair"
    with pytest.raises(UserError) as refused:
        asked(tmp_path, "b/Member", MINI_DAY)
    assert "b/one" in refused.value.help
    assert "b/two" in refused.value.help
