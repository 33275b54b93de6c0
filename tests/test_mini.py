"""The miniature registry is whole: it uses all that the schema offers, and check-jsonschema reads it as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

TOP = Path(__file__).parent.parent
SCHEMAS = TOP / "schema"
MINI = TOP / "tests" / "mini" / "registry"
REAL = TOP / "registry"

FILES = {
    "registry": "kmics.yaml",
    "body": "bodies/**/*.yaml",
    "person": "people/**/*.yaml",
    "priorities": "priorities/**/*.yaml",
    "document": "documents/**/*.yaml",
    "requirements": "requirements/**/*.yaml",
}
"""Each schema, and the files it is for, from a registry's folder."""

NOT_USED: dict[str, str] = {}
"""What the miniature may do without, as `file.json/pointer` of a property or `... = value`, and why."""


class Node(NamedTuple):
    """A part of a schema: the file and the way to it."""

    file: str
    pointer: tuple[str, ...]

    def at(self, *steps: str) -> Node:
        return Node(self.file, (*self.pointer, *steps))

    def __str__(self) -> str:
        return "/".join((self.file, *self.pointer))


@cache
def schema(file: str) -> Any:
    return json.loads((SCHEMAS / file).read_text(encoding="utf-8"))


def part(node: Node) -> dict[str, Any]:
    found = schema(node.file)
    for step in node.pointer:
        found = found[step]
    assert isinstance(found, dict)
    return found


def resolved(node: Node) -> Node:
    """Follow `$ref`s of the two forms in use, `#/$defs/x` and `definitions.json#/$defs/x`."""
    while "$ref" in part(node):
        file, _, way = part(node)["$ref"].partition("#/")
        assert file in {"", "definitions.json"}, node
        steps = way.split("/")
        assert len(steps) == 2, node
        assert steps[0] == "$defs", node
        node = Node(file or node.file, tuple(steps))
    return node


def inner(node: Node) -> Iterator[Node]:
    """Yield the parts that stand directly inside a part, without following `$ref`s."""
    here = part(node)
    for group in ("properties", "$defs"):
        for name in here.get(group, {}):
            yield node.at(group, name)
    for key in ("items", "additionalProperties"):
        if isinstance(here.get(key), dict):
            yield node.at(key)


def offered(node: Node) -> Iterator[str]:
    """Yield every property and every value of a closed list at or below a part of a schema."""
    for value in part(node).get("enum", ()):
        yield f"{node} = {value}"
    for child in inner(node):
        if child.pointer[-2:-1] == ("properties",):
            yield str(child)
        yield from offered(child)


def used(node: Node, data: Any) -> Iterator[str]:
    """Yield every property and every value of a closed list that `data` uses, walking schema and data together."""
    node = resolved(node)
    here = part(node)
    if isinstance(data, dict):
        for name, value in data.items():
            if name in here.get("properties", {}):
                yield str(node.at("properties", name))
                yield from used(node.at("properties", name), value)
            else:
                assert isinstance(here.get("additionalProperties"), dict), f"{node}: {name}"
                yield from used(node.at("additionalProperties"), value)
    elif isinstance(data, list):
        for value in data:
            yield from used(node.at("items"), value)
    elif data in here.get("enum", ()):
        yield f"{node} = {data}"


def files(root: Path, kind: str) -> list[Path]:
    return sorted(root.glob(FILES[kind]))


def loaded(path: Path) -> Any:
    """Return what a file holds, every scalar as text."""
    return YAML(typ="base").load(path.read_text(encoding="utf-8"))


@cache
def used_by_mini() -> frozenset[str]:
    return frozenset(
        item
        for kind in FILES
        for path in files(MINI, kind)
        for item in used(Node(f"{kind}.json", ()), loaded(path))
    )


@pytest.mark.parametrize("file", [*(f"{kind}.json" for kind in FILES), "definitions.json"])
def test_every_property_and_every_value_of_a_closed_list_is_used(file: str) -> None:
    wanted = set(offered(Node(file, ())))
    assert wanted
    assert sorted(wanted - used_by_mini() - NOT_USED.keys()) == []


def test_no_schema_is_left_out() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == {*FILES, "definitions"}


def test_every_exception_is_one() -> None:
    everything = {item for path in SCHEMAS.glob("*.json") for item in offered(Node(path.name, ()))}
    assert NOT_USED.keys() <= everything - used_by_mini()


@pytest.mark.parametrize("root", [MINI, REAL], ids=["mini", "real"])
def test_first_line_names_the_schema(root: Path) -> None:
    held = {path: kind for kind in FILES for path in files(root, kind)}
    assert sorted(held) == sorted(root.rglob("*.yaml"))
    for path, kind in held.items():
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        start, _, name = first.partition("=")
        assert start == "# yaml-language-server: $schema"
        assert (path.parent / name).resolve() == SCHEMAS / f"{kind}.json", path


def check_jsonschema(kind: str, *paths: Path) -> tuple[int, list[tuple[str, str]]]:
    """Run check-jsonschema, which knows nothing of kmics: its exit code, and (place, message) of each error."""
    command = [sys.executable, "-m", "check_jsonschema", "--output-format", "json"]
    done = subprocess.run(
        [*command, "--schemafile", str(SCHEMAS / f"{kind}.json"), *map(str, paths)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    assert not answer.get("parse_errors"), answer["parse_errors"]
    return done.returncode, [(error["path"], error["message"]) for error in answer.get("errors", ())]


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        pytest.param(root, kind, id=f"{name}-{kind}")
        for name, root in (("mini", MINI), ("real", REAL))
        for kind in FILES
        if root == MINI or files(root, kind)
    ],
)
def test_check_jsonschema_accepts_the_registries_as_they_are(kind: str, root: Path) -> None:
    assert check_jsonschema(kind, *files(root, kind)) == (0, [])


BROKEN = {
    "registry": ("kmics.yaml", "until: 2026-12-31", "until: 2026-12-32", "$.suppressions[0].until"),
    "body": (
        "bodies/nowshire-board.yaml",
        "announced: 2021-03\n",
        "announced: 2021-13\n",
        "$.roles.chair.appointments[0].announced",
    ),
    # A person has no date: the honorific is what can be wrong.
    "person": ("people/ada-invented.yaml", "honorific: Dame", "honorific: Mrs", "$.honorific"),
    "priorities": (
        "priorities/strategy-aims.yaml",
        "from: 2023-06-27",
        "from: 27/06/2023",
        "$.from",
    ),
    "document": (
        "documents/county-care-strategy.yaml",
        "by: 2022-12\n",
        "by: winter 2022\n",
        "$.deadlines[0].by",
    ),
    "requirements": (
        "requirements/care-board.yaml",
        "to: 2024-03-31",
        "to: 2023/24",
        "$.rules['old-size'].to",
    ),
}
"""A file of each kind, what is made wrong in it, and where that stands."""


@pytest.mark.parametrize("kind", FILES)
def test_check_jsonschema_refuses_a_broken_copy_at_the_right_place(kind: str, tmp_path: Path) -> None:
    name, right, wrong, place = BROKEN[kind]
    text = (MINI / name).read_text(encoding="utf-8")
    assert text.count(right) == 1
    bad_value = tmp_path / "bad-value.yaml"
    bad_value.write_text(text.replace(right, wrong), encoding="utf-8", newline="\n")
    unknown_key = tmp_path / "unknown-key.yaml"
    unknown_key.write_text(f"{text}nonsense: x\n", encoding="utf-8", newline="\n")

    code, errors = check_jsonschema(kind, bad_value)
    assert code == 1
    assert [where.replace('"', "'") for where, _ in errors] == [place]
    code, errors = check_jsonschema(kind, unknown_key)
    assert code == 1
    assert [where for where, _ in errors] == ["$"]
    assert "'nonsense' was unexpected" in errors[0][1]


@pytest.mark.parametrize("kind", FILES)
def test_check_jsonschema_refuses_what_lacks_a_name_or_has_a_number_for_one(kind: str, tmp_path: Path) -> None:
    text = (MINI / BROKEN[kind][0]).read_text(encoding="utf-8")
    key = "title" if kind == "document" else "name"
    lines = text.splitlines(keepends=True)
    (named,) = (number for number, line in enumerate(lines) if line.startswith(f"{key}: "))
    copies = []
    for number, line in enumerate(("", f"{key}: 2016\n", f"{key}: 5E1\n", f'{key}: "2016"\n')):
        copies.append(tmp_path / f"copy-{number}.yaml")
        changed = "".join([*lines[:named], line, *lines[named + 1 :]])
        copies[-1].write_text(changed, encoding="utf-8", newline="\n")
    assert check_jsonschema(kind, *copies) == (
        1,
        [
            ("$", f"'{key}' is a required property"),
            (f"$.{key}", "2016 is not of type 'string'"),
            (f"$.{key}", "50.0 is not of type 'string'"),
        ],
    )
