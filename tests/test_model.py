"""The model is the schema field for field, equality is meaning, and every part knows where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from kmics_cli import model, yamltext
from kmics_cli.dates import Date, parse
from kmics_cli.load import SETTINGS, load
from kmics_cli.model import KINDS, Duty, Part, Registry, Role, build, yaml_name
from kmics_cli.problems import Source
from kmics_cli.shape import SCHEMA_OF, Shapes
from kmics_cli.snapshot import read_folder

TOP = Path(__file__).parent.parent
SCHEMA = TOP / "schema"
SHAPES = Shapes(SCHEMA)
ROOTS = (TOP / "registry", TOP / "tests" / "mini" / "registry")

PLACES: dict[str, type[Part]] = {
    "body": model.Body,
    "body/identifiers/*": model.Identifier,
    "body/part_of/*": model.Parent,
    "body/members/*": model.Member,
    "body/succeeds/*": model.Succession,
    "body/governed_by/*": model.Governing,
    "body/quorum/*": model.Quorum,
    "body/meetings": model.Meetings,
    "body/meetings/held/*": model.Meeting,
    "body/figures/*": model.Figure,
    "body/recorded": model.Recorded,
    "body/asked_for/*": model.Request,
    "definitions/citation": model.Citation,
    "definitions/planned": model.Planned,
    "definitions/milestone": model.Milestone,
    "definitions/disagreement": model.Disagreement,
    "definitions/disagreement/claims/*": model.Claim,
    "definitions/correction": model.Correction,
    "definitions/name": model.Name,
    "definitions/nomination": model.Nomination,
    "definitions/appointment": model.Appointment,
    "definitions/appointment/terms/*": model.Term,
    "definitions/appointment/designations/*": model.Designation,
    "definitions/appointment/decisions/*": model.Decision,
    "definitions/vacancy": model.Vacancy,
    "definitions/role": model.Role,
    "definitions/role/term": model.TermRule,
    "definitions/role/absent/*": model.Dated,
    "definitions/role/earlier/*": model.Earlier,
    "definitions/role/ex_officio/*": model.ExOfficio,
    "definitions/role/rotation": model.Rotation,
    "definitions/role/turns/*": model.Turn,
    "person": model.Person,
    "priorities": model.Priorities,
    "priorities/items/*": model.Item,
    "priorities/items/*/items/*": model.SubItem,
    "priorities/items/*/items/*/follows/*": model.Follows,
    "priorities/items/*/follows/*": model.Follows,
    "document": model.Document,
    "document/extent": model.Extent,
    "document/layers/*": model.Layer,
    "document/approvals/*": model.Approval,
    "document/also_serves_as/*": model.SecondUse,
    "document/figures/*": model.Figure,
    "requirements": model.Requirements,
    "requirements/applies_to": model.AppliesTo,
    "requirements/rules/*": model.Duty,
    "requirements/rules/*/requires": model.Requires,
    "requirements/rules/*/requires/seats": model.SeatCount,
    "requirements/rules/*/requires/holds_no_role_in": model.Apart,
    "requirements/rules/*/requires/committee": model.CommitteeDuty,
    "requirements/rules/*/requires/document": model.DocumentDuty,
    "definitions/seat_sort": model.SeatSort,
    "registry": model.Settings,
    "registry/suppressions/*": model.Suppression,
}
"""Each place of the schema that describes a part, with the part; `*` is an item of a list or of a mapping."""

BESIDE: dict[type[Part], set[str]] = {
    model.Body: {"id"},
    model.Person: {"id"},
    model.Priorities: {"id"},
    model.Document: {"id"},
    model.Requirements: {"id"},
    model.Role: {"id", "body"},
    model.Duty: {"id"},
    model.TermRule: {"none"},
}
"""Fields that no schema has: an id is the file's name or the key, `term: none` is written as text."""


@cache
def schema(file: str) -> Any:
    return json.loads((SCHEMA / f"{file}.json").read_text(encoding="utf-8"))


Node = tuple[str, dict[str, Any]]


def resolved(at: str, node: dict[str, Any]) -> Node:
    """Follow a reference: the place is then that of the definition."""
    if "$ref" not in node:
        return at, node
    name = node["$ref"].rpartition("/")[2]
    return f"definitions/{name}", schema("definitions")["$defs"][name]


def children(at: str, node: dict[str, Any]) -> Iterator[Node]:
    for key, child in node.get("properties", {}).items():
        yield resolved(f"{at}/{key}", child)
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            yield resolved(f"{at}/*", node[key])


@cache
def described() -> dict[str, dict[str, Any]]:
    """Return each place of the schema with properties of its own."""
    found: dict[str, dict[str, Any]] = {}
    queue = [(name, schema(name)) for name in SCHEMA_OF.values()]
    seen = set()
    while queue:
        at, node = queue.pop()
        if at in seen:
            continue
        seen.add(at)
        if "properties" in node:
            found[at] = node
        queue.extend(children(at, node))
    return found


def test_every_place_of_the_schema_has_its_part() -> None:
    assert described().keys() == PLACES.keys()


def test_every_part_has_its_place_in_the_schema() -> None:
    parts = {cls for cls in vars(model).values() if isinstance(cls, type) and issubclass(cls, Part)}
    bases = {Part, model.Evidenced, model.Record, Registry}
    assert parts - bases == set(PLACES.values())


@pytest.mark.parametrize("place", PLACES)
def test_the_fields_of_a_part_are_those_of_the_schema(place: str) -> None:
    cls = PLACES[place]
    names = {yaml_name(found.name) for found in fields(cls)} - {"source"} - BESIDE.get(cls, set())
    assert names == described()[place]["properties"].keys()


def wanted(found: Field[Any]) -> bool:
    return found.default is MISSING and found.default_factory is MISSING


@pytest.mark.parametrize("place", PLACES)
def test_what_a_part_needs_the_schema_requires(place: str) -> None:
    cls = PLACES[place]
    needs = {yaml_name(found.name) for found in fields(cls) if wanted(found)} - {"source"} - BESIDE.get(cls, set())
    assert needs <= set(described()[place].get("required", ()))


def types_of(hint: Any) -> set[Any]:
    """Return the plain types that a hint names, at any depth."""
    return {hint} | {inner for argument in get_args(hint) for inner in types_of(argument)}


@pytest.mark.parametrize("place", PLACES)
def test_the_fields_have_the_types_of_the_schema(place: str) -> None:
    cls = PLACES[place]
    hints = {yaml_name(name): types_of(hint) for name, hint in get_type_hints(cls).items()}
    for key in described()[place]["properties"]:
        at, node = resolved(f"{place}/{key}", described()[place]["properties"][key])
        kinds = {node["type"]} if isinstance(node["type"], str) else set(node["type"])
        inner = resolved(f"{at}/*", node.get("items") or node.get("additionalProperties") or {})[0]
        for part_place in (at, inner):
            if part_place in PLACES:
                assert PLACES[part_place] in hints[key], (place, key)
        assert (node.get("format") == "kmics-date") == (Date in hints[key]), (place, key)
        assert ("boolean" in kinds) == (bool in hints[key]), (place, key)
        if kinds & {"integer", "number"}:
            assert (int if "integer" in kinds else float) in hints[key], (place, key)


# --------------------------------------------------------------------------------------- equality, sources


@cache
def registry(root: Path) -> Registry:
    found, problems = load(read_folder(root).texts, SHAPES)
    assert problems == []
    return found


@cache
def raw(root: Path, path: str) -> Any:
    """Return the typed data of a file."""
    kind = "kmics" if path == SETTINGS else path.partition("/")[0]
    plain = yamltext.read((root / path).read_text(encoding="utf-8"))
    return SHAPES.fit(kind, plain, Source(path))[0]


def parts(value: Any) -> Iterator[Part]:
    """Yield every part in `value`, from the outside in."""
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


def all_parts(root: Path) -> Iterator[Part]:
    here = registry(root)
    yield from parts(here.settings)
    for kind in KINDS:
        yield from parts(here.records(kind))


@pytest.mark.parametrize("root", ROOTS, ids=["real", "mini"])
def test_every_part_knows_where_it_stands(root: Path) -> None:
    """What stands at a part's source, built again, is the part."""
    for part in all_parts(root):
        data = raw(root, part.source.path)
        for step in part.source.pointer:
            data = data[step]
        if isinstance(part, Role):
            data = {"id": part.source.pointer[-1], "body": part.source.path.rpartition("/")[2][:-5], **data}
        elif isinstance(part, Duty):
            data = {"id": part.source.pointer[-1], **data}
        elif not part.source.pointer and not isinstance(part, model.Settings):
            data = {"id": part.source.path.rpartition("/")[2][:-5], **data}
        assert build(type(part), data, part.source) == part


@pytest.mark.parametrize("root", ROOTS, ids=["real", "mini"])
def test_no_two_parts_stand_at_the_same_place(root: Path) -> None:
    sources = [part.source for part in all_parts(root)]
    assert len(sources) == len(set(sources)) > 500


@pytest.mark.parametrize("root", ROOTS, ids=["real", "mini"])
def test_a_part_stands_inside_the_part_that_holds_it(root: Path) -> None:
    for outer in all_parts(root):
        way = outer.source.pointer
        for inner in parts(outer):
            assert inner.source.path == outer.source.path
            assert inner.source.pointer[: len(way)] == way


def test_the_miniature_holds_every_part() -> None:
    assert {type(part) for part in all_parts(ROOTS[1])} == set(PLACES.values())


def test_parts_are_equal_if_they_mean_the_same() -> None:
    for part in all_parts(ROOTS[1]):
        moved = replace(part, source=Source("bodies/elsewhere.yaml", ("x", 9)))
        assert moved == part
        assert moved.source != part.source


def test_parts_differ_if_they_mean_something_else() -> None:
    here = Source("bodies/a.yaml")
    body = {"id": "a", "name": "A", "kind": "board", "from": "2022-07-01", "sources": ["paper line 1"]}
    one = build(model.Body, body, here)
    for key, other in [
        ("id", "b"),
        ("name", "B"),
        ("from", "2022-07"),
        ("sources", ["paper line 2"]),
        ("class", True),
    ]:
        assert build(model.Body, {**body, key: other}, here) != one
    # the same days, written otherwise, are told apart: what was written is kept
    assert build(model.Body, {**body, "from": "2022-07-01/2022-07-01"}, here) != one


# ------------------------------------------------------------------------------------- what is written short


def test_a_citation_on_one_line() -> None:
    here = Source("bodies/a.yaml", ("sources", 0))
    short = build(model.Citation, "paper lines 4-7, 9", here)
    assert (short.document, short.at, short.shows) == ("paper", "lines 4-7, 9", None)
    assert short == build(model.Citation, {"document": "paper", "at": "lines 4-7, 9"}, here)
    assert build(model.Citation, "paper", here).at is None


def test_what_may_be_written_as_text() -> None:
    here = Source("bodies/a.yaml")
    assert build(model.Nomination, "a-trust", here) == build(model.Nomination, {"by": ["a-trust"]}, here)
    assert build(model.TermRule, "none", here).none
    assert build(model.Person, {"id": "a", "name": "A", "honorific": "Dr"}, here).full_name == "Dr A"
    with pytest.raises(TypeError):
        build(model.Vacancy, "yes", here)


def test_a_role_has_one_seat_unless_said() -> None:
    here = Source("bodies/places/board.yaml", ("roles", "chair"))
    data = {"id": "chair", "body": "board", "title": "Chair", "member_type": "chair"}
    role = build(Role, data, here)
    assert (role.seats, role.ref, role.voting) == (1, "board/chair", None)
    assert build(Role, {**data, "seats": "unknown"}, here).seats == "unknown"
    assert build(Role, {**data, "from": "2022-07"}, here).from_ == parse("2022-07")


def test_a_role_knows_its_body_by_the_files_name_in_whatever_folder() -> None:
    data = {"id": "board", "name": "B", "kind": "board", "roles": {"chair": {"title": "C", "member_type": "chair"}}}
    for path in ("bodies/board.yaml", "bodies/a/b/board.yaml"):
        assert build(model.Body, data, Source(path)).roles["chair"].ref == "board/chair"


def test_yaml_names() -> None:
    assert [yaml_name(name) for name in ("from_", "class_", "former_ids")] == ["from", "class", "former_ids"]


def test_the_member_types_are_those_of_the_schema() -> None:
    found = json.loads((SCHEMA / "definitions.json").read_text(encoding="utf-8"))
    assert set(found["$defs"]["member_type"]["enum"]) == model.MEMBER_TYPES
