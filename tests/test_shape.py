"""Data against the schema: the quick walk and the jsonschema library agree, and messages are plain words."""

from __future__ import annotations

import copy
import json
import re
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from fuzzing import examples
from kmics_cli import yamltext
from kmics_cli.dates import is_date
from kmics_cli.load import read_file
from kmics_cli.problems import Pointer, Problem, Source, UserError
from kmics_cli.shape import _RULES, SCHEMA_OF, Node, Shapes, _fit, compiled, schema_folder
from kmics_cli.yamltext import Bare

TOP = Path(__file__).parent.parent
ROOTS = (TOP / "registry", TOP / "tests" / "mini" / "registry")
SHAPES = Shapes(TOP / "schema")
KINDS = tuple(SCHEMA_OF)
HERE = Source("some/file.yaml")
SHAPE_RULES = {*_RULES.values(), "out-of-range"}


def files(root: Path, kind: str) -> list[Path]:
    return [root / "kmics.yaml"] if kind == "kmics" else sorted(root.glob(f"{kind}/**/*.yaml"))


@cache
def plain(path: Path) -> Any:
    return yamltext.read(path.read_text(encoding="utf-8"))


@cache
def library(kind: str) -> Any:
    """Return the library's own judge, given only what the tool says that a pattern and a date mean."""

    def pattern(_validator: Any, wanted: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not compiled(wanted).search(instance):
            yield ValidationError("does not match")

    checker = FormatChecker(formats=())
    checker.checks("kmics-date")(lambda value: not isinstance(value, str) or is_date(value))
    judge = extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
    return judge(SHAPES.schema(kind), format_checker=checker)


def test_the_schema_is_the_tools_own() -> None:
    assert schema_folder().name == "schema"
    assert {path.stem for path in schema_folder().glob("*.json")} == {*SCHEMA_OF.values(), "definitions"}


# ------------------------------------------------------------------------------- the walk and the library


@pytest.mark.parametrize("root", ROOTS, ids=["real", "mini"])
@pytest.mark.parametrize("kind", KINDS)
def test_sound_files_are_accepted_by_both(kind: str, root: Path) -> None:
    for path in files(root, kind):
        doubts: list[Pointer] = []
        typed = _fit(Node(SHAPES.schema(kind)), plain(path), (), doubts)
        assert doubts == [], path
        assert library(kind).is_valid(typed), path
        assert SHAPES.fit(kind, plain(path), HERE) == (typed, [])


def pointers(data: Any, at: Pointer = ()) -> Iterator[Pointer]:
    yield at
    if isinstance(data, dict):
        for key, value in data.items():
            yield from pointers(value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from pointers(value, (*at, index))


TEXTS = (
    "", " ", "x", "X", " led", "led ", "two\nlines", "id\n", "unknown", "none", "2022-07", "2022-07-01", "2022-02-30",
    "2022-23", "2022/2021", "0999", "9998", "1/2", "0/3", "a-b", "a--b", "a/b", "a/1", "a/1.2", "a/b/c", "２", "a２", "é",
    "true", "12 months", "2 year\n", "chair", "stated", "official", "https://a.b", "https://a.b/ c", "x" * 101, "x" * 4001,
)  # fmt: skip
BARES = (
    "", "2016", "5E1", "yes", "no", "true", "false", "True", "null", "~", "012", "0", "1", "-0", "-3", "1.5", "1.50", "01.5", "-1.5", "1.",
    ".5", "1001", "999999999999999", "9999999999999999", "0x1F", "1:30", "1_000", "1e3",
)  # fmt: skip
KEYS = ("name", "note", "sources", "from", "to", "roles", "class", "xyz", "Chair", "chair", "a b", "id\n", "")
VALUES: tuple[Any, ...] = (
    *TEXTS, *map(Bare, BARES), {}, [], {"xyz": "x"}, {"name": "x"}, {"years": Bare("3")}, ["x"], ["x", "x"], [[]], [{}], [Bare("2016")],
)  # fmt: skip


def changed(data: Any, choose: Callable[[int], int]) -> Any:
    """Return `data` with one thing changed; `choose` picks a number below the one it is given."""
    data = copy.deepcopy(data)
    every = list(pointers(data))
    at = every[choose(len(every))]
    above: Any = None
    here = data
    for step in at:
        above, here = here, here[step]
    value = copy.deepcopy(VALUES[choose(len(VALUES))])
    move = choose(4)
    if isinstance(here, dict) and move == 0:
        here[KEYS[choose(len(KEYS))]] = value
    elif isinstance(here, list) and move == 0:
        here.append(copy.deepcopy(here[choose(len(here))]) if here else value)
    elif above is None:
        return value
    elif move == 1:
        del above[at[-1]]
    else:
        above[at[-1]] = value
    return data


def texts_wanted(problems: list[Problem]) -> bool:
    return any(problem.rule == "yaml-quote" or "nothing after the colon" in problem.message for problem in problems)


EVERY_FILE = [(kind, path) for root in ROOTS for kind in KINDS for path in files(root, kind)]
ONE_OF_EACH_KIND = [(kind, max(files(ROOTS[1], kind), key=lambda path: path.stat().st_size)) for kind in KINDS]


@settings(max_examples=examples(1_000), deadline=None)
@given(
    st.sampled_from(EVERY_FILE) | st.sampled_from(ONE_OF_EACH_KIND),
    st.randoms(use_true_random=False),
    st.integers(1, 3),
)
def test_the_walk_and_the_library_agree_on_damaged_files(which: tuple[str, Path], dice: Any, times: int) -> None:
    kind, path = which
    data = plain(path)
    for _ in range(times):
        data = changed(data, lambda below: int(dice.randrange(below)))
    before = copy.deepcopy(data)
    doubts: list[Pointer] = []
    typed = _fit(Node(SHAPES.schema(kind)), data, (), doubts)
    accepted = library(kind).is_valid(typed)
    again, problems = SHAPES.fit(kind, data, HERE)
    assert again == typed
    assert data == before, "the data was changed in place"
    if not doubts:
        assert accepted, "the quick walk let something through"
        assert problems == []
    elif accepted:
        assert texts_wanted(problems), (doubts, "the quick walk doubts what the library accepts")
    assert bool(problems) == bool(doubts)
    assert all(problem.rule == "yaml-quote" for problem in problems) or not accepted or texts_wanted(problems)
    assert accepted or any(problem.rule in SHAPE_RULES for problem in problems)


@pytest.mark.parametrize(
    ("schema", "value", "typed"),
    [
        ({"type": "integer"}, Bare("7"), 7),
        ({"type": "integer"}, Bare("-7"), -7),
        ({"type": "integer"}, Bare("0"), 0),
        ({"type": "integer", "minimum": 1}, Bare("0"), None),
        ({"type": "integer", "maximum": 5}, Bare("6"), None),
        ({"type": "integer"}, Bare("012"), None),
        ({"type": "integer"}, Bare("1.5"), None),
        ({"type": "integer"}, Bare("1_000"), None),
        ({"type": "integer"}, Bare("5E1"), None),
        ({"type": "integer"}, "7", None),  # quoted: text
        ({"type": "number"}, Bare("1.5"), 1.5),
        ({"type": "number"}, Bare("-0.5"), -0.5),
        ({"type": "number"}, Bare("3"), 3),
        ({"type": "number"}, Bare("１"), None),
        ({"type": "boolean"}, Bare("true"), True),
        ({"type": "boolean"}, Bare("false"), False),
        ({"type": "boolean"}, Bare("yes"), None),
        ({"type": "boolean"}, Bare("True"), None),
        ({"type": ["integer", "string"], "pattern": "^unknown$"}, Bare("7"), 7),
        ({"type": ["integer", "string"], "pattern": "^unknown$"}, "unknown", "unknown"),
        ({"type": ["integer", "string"], "pattern": "^unknown$"}, "unknown\n", None),
        ({"type": "string", "pattern": "^[0-9]+$"}, "１２", None),
        ({"type": "string", "pattern": r"^\d+$"}, "１２", None),
        ({"type": "string", "pattern": r"^\$[0-9]$"}, "$1", "$1"),
        ({"type": "string", "format": "uri"}, "x", None),  # a format that the walk does not know
        ({"type": "string", "contentMediaType": "x"}, "x", None),  # nor this keyword
        ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, ["a", "a"], None),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 1}, ["a", "b"], None),
        ({"type": "array"}, ["a"], None),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "b", "c": "d"}, None),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": Bare("1")}, {"a": 1}),
        ({"type": "object", "additionalProperties": True}, {"a": "b"}, None),
        ({}, "x", None),
    ],
)
def test_what_the_walk_is_sure_of(schema: dict[str, Any], value: Any, typed: Any) -> None:
    doubts: list[Pointer] = []
    found = _fit(Node(schema), value, (), doubts)
    assert bool(doubts) == (typed is None)
    if typed is not None:
        assert (found, type(found)) == (typed, type(typed))


# ------------------------------------------------------------------------------------------- the schema


def nodes(schema: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each node of an inlined schema with the way to it, leaving out choices of required keys."""
    yield at, schema
    for key, child in schema.get("properties", {}).items():
        yield from nodes(child, f"{at}/{key}")
    for key in ("items", "additionalProperties", "propertyNames"):
        if isinstance(schema.get(key), dict):
            yield from nodes(schema[key], f"{at}/[{key}]")


@pytest.mark.parametrize("kind", KINDS)
def test_the_walk_knows_every_keyword_of_the_schema(kind: str) -> None:
    """Else each file would go the slow way, unnoticed."""
    for at, schema in nodes(SHAPES.schema(kind), kind):
        node = Node(schema)
        assert node.sure, at
        assert node.types or at.endswith("[propertyNames]"), at
        assert "array" not in node.types or node.item is not None, at
        assert "object" not in node.types or schema.get("additionalProperties") not in (None, True), at


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_explains_itself(kind: str) -> None:
    for at, schema in nodes(SHAPES.schema(kind), kind):
        if at.endswith("]"):
            continue
        assert schema.get("title"), at
        assert str(schema.get("description")).rstrip(")").endswith("."), at
        assert schema.get("examples") or at == kind, at


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_fits(kind: str) -> None:
    judge = library(kind)
    for at, schema in nodes(SHAPES.schema(kind), kind):
        for example in schema.get("examples", ()):
            errors = [error.message for error in judge.evolve(schema=schema).iter_errors(example)]
            assert errors == [], (at, example)


def test_no_schema_has_an_id() -> None:
    for path in (TOP / "schema").glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert '"$id"' not in text, path
        assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in text, path
        Draft202012Validator.check_schema(json.loads(text))


def test_every_pattern_means_the_same_in_an_editor() -> None:
    """Editors read patterns as JavaScript does: no `\\d` that is more than ten digits, no look-behind, no flags."""
    for path in (TOP / "schema").glob("*.json"):
        for pattern in re.findall(r'"pattern": "(.*)"', path.read_text(encoding="utf-8")):
            wanted = json.loads(f'"{pattern}"')
            assert wanted.startswith("^"), pattern
            assert wanted.endswith("$"), pattern
            assert not re.search(r"\\[dwWDbB]|\(\?", wanted), pattern


# ------------------------------------------------------------------------------------------- the messages

BROKEN = [
    # kind, the file with its guilty line marked, rule, message, help; `…` stands for anything
    (
        "bodies",
        """\
name: Board
kind: board
from: 2022-07-01
sources: [paper]
nmae: Panel  # <-
""",
        "unknown-field",
        "There is no field 'nmae' here.",
        "Did you mean 'name'?",
    ),
    (
        "bodies",
        """\
name: Board
kind: board
from: 2022-07-01
sources: [paper]
roles:
  chair:
    title: Chair
    memebr_type: chair  # <-
    member_type: chair
""",
        "unknown-field",
        "There is no field 'memebr_type' here.",
        "Did you mean 'member_type'?",
    ),
    (
        "people",
        """\
name: A Person
telephone: 01622 000000  # <-
""",
        "unknown-field",
        "There is no field 'telephone' here.",
        "Fields here: name, honorific, former_ids.",
    ),
    (
        "people",
        "honorific: Dr  # <-\n",
        "missing-field",
        "'name' is missing here.",
        "…For example: name: …",
    ),
    (
        "bodies",
        """\
name: Board
kind: board
from: 2022-07-01
sources: [paper]
roles:
  chair:
    title: Chair  # <-
""",
        "missing-field",
        "'member_type' is missing in 'chair'.",
        "…For example: member_type: …",
    ),
    ("people", "name: [A, B]  # <-\n", "wrong-type", "'name' should be text, not a list.", "…For example: name: …"),
    ("people", "- A Person  # <-\n", "wrong-type", "This entry should be a mapping (indented keys and values), not a list.", "…"),
    ("people", "name:\n  first: A  # <-\n", "wrong-type", "'name' should be text, not a mapping.", "…For example: name: …"),
    (
        "people",
        "name: A\nhonorific: Dr.  # <-\n",
        "unknown-value",
        "'Dr.' is not a… honorific.",
        "Did you mean 'Dr'?",
    ),
    (
        "people",
        "name: A\nhonorific: Mrs  # <-\n",
        "unknown-value",
        "'Mrs' is not a…",
        "Write one of: Dr, Professor, …",
    ),
    (
        "people",
        "name: A\nformer_ids: []  # <-\n",
        "empty-field",
        "'former_ids' is empty.",
        "Fill it, or take the line out.",
    ),
    (
        "people",
        "name: A\nformer_ids: [a, a]  # <-\n",
        "out-of-range",
        "'former_ids' names the same thing twice.",
        "Keep one of them.",
    ),
    (
        "people",
        "name: A\nformer_ids:\n- Not An Id  # <-\n",
        "bad-text",
        "'Not An Id' is not an id.",
        "The name of a record's file without .yaml: small letters, digits and single hyphens.…",
    ),
    (
        "people",
        'name: A\nformer_ids:\n- "an-id\\n"  # <-\n',
        "bad-text",
        "'an-id\\x0a' is not an id.",
        "The name of a record's file …",
    ),
    ("people", "name: A\nformer_ids:\n- id-１２  # <-\n", "bad-text", "'id-１２' is not an id.", "The name of a record's file …"),
    ("people", 'name: ""  # <-\n', "bad-text", "'' is not …", "…"),
    ("people", 'name: " A"  # <-\n', "bad-text", "' A' is not …", "…"),
    ("people", f"name: {'x' * 4001}  # <-\n", "out-of-range", "'name' is too long: 4,001 characters; at most 300.", ""),
    (
        "people",
        "name:  # <-\n",
        "empty-field",
        "There is nothing after the colon.",
        "Write the value, or take the line out.",
    ),
    *(
        (
            "people",
            f"name: {bare}  # <-\n",
            "yaml-quote",
            f"{bare} without quotes is not text to other programs that read this file.",
            f'Write "{bare}" in quotes.',
        )
        for bare in ("2016", "5E1", "yes", "012", "~", "null", "1:30")
    ),
    *(
        (
            "documents",
            f"title: T\nkind: page\nspeaks_of: {date}  # <-\n",
            "bad-date",
            message,
            help,
        )
        for date, message, help in [
            ("2022/23", "2022/23 is not a date: it could be a financial year or a season.", "…write 2022-04-01/2023-03-31."),
            ("2022-23", "2022-23 is not a date: …", "…2022-04-01/2023-03-31. For autumn 2022 write 2022-09/2022-11."),
            ("autumn 2022", "'autumn 2022' is not a date as the files write it.", "Write 2022-09/2022-11."),
            ("1 July 2022", "'1 July 2022' is not a date as the files write it.", "Write 2022-07-01."),
            ("01/07/22", "01/07/22 is not a date here: day and month could be mistaken.", "For 1 July 2022 write 2022-07-01."),
            ("2022-02-30", "February 2022 has no day 30.", "Dates look like …"),
            ("2022-08/2022-07", "The window 2022-08/2022-07 ends before it begins.", "Write the earlier date first."),
            ("soon", "'soon' is not a date.", "Dates look like …"),
        ]
    ),
    (
        "documents",
        "title: T\nkind: page\nspeaks_of: 2022  # <-\n",
        "yaml-quote",
        "2022 without quotes is not text to other programs that read this file.",
        'Write "2022" in quotes.',
    ),
    ("documents", "title: T\nkind: page\nread: 2022-07  # <-\n", "bad-date", "'2022-07' is not a day.", "…For example: read: …"),
    (
        "documents",
        'title: T\nkind: page\nextent:\n  lines: "20"  # <-\n',
        "wrong-type",
        "'lines' should be a number without quotes.",
        "Write 20.",
    ),
    (
        "documents",
        "title: T\nkind: page\nextent:\n  lines: many  # <-\n",
        "wrong-type",
        "'lines' should be a whole number, not 'many'.",
        "…For example: lines: …",
    ),
    ("documents", "title: T\nkind: page\nextent:\n  lines: 0  # <-\n", "out-of-range", "'lines' should be at least 1.", ""),
    ("documents", 'title: T\nkind: page\npublic: "true"  # <-\n', "wrong-type", "'public' should be true or false, not 'true'.", "Write true or false, without quotes."),
    ("documents", "title: T\nkind: page\npublic: yes  # <-\n", "wrong-type", "'public' should be true or false, not 'yes'.", "Write true or false, without quotes."),
    (
        "documents",
        "title: T\nkind: page\nlayers:\n- lines: [3]  # <-\n  speaks_of: 2022-07\n",
        "out-of-range",
        "'lines' has too few entries: 1, not 2.",
        "",
    ),
    (
        "documents",
        "title: T\nkind: page\nlayers:\n- lines: [3, 4, 5]  # <-\n  speaks_of: 2022-07\n",
        "out-of-range",
        "'lines' has too many entries: 3; at most 2 can be here.",
        "",
    ),
    (
        "bodies",
        """\
name: Board  # <-
kind: board
sources: [paper]
""",
        "missing-field",
        "Needs 'from' or 'planned' here.",
        "Give one of them.",
    ),
    (
        "bodies",
        """\
name: Board
kind: board
from: 2022-07-01
sources: [paper]
figures:
- about: patients  # <-
  low: 3
  sources: [paper]
""",
        "missing-field",
        "Needs 'value' or 'low' and 'high' or 'words' here.",
        "Give one of them.",
    ),
    (
        "bodies",
        """\
name: Board
kind: board
from: 2022-07-01
sources: [paper]
roles:
  The Chair:  # <-
    title: Chair
    member_type: chair
""",
        "bad-text",
        "'The Chair' cannot be an id.",
        "The name of a record's file …",
    ),
    (
        "bodies",
        """\
name: Board
kind: board
from: 2022-07-01
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    seats: 1001  # <-
""",
        "out-of-range",
        "'seats' should be at most 1000.",
        "",
    ),
    (
        "bodies",
        """\
name: Board
kind: board
from: 2022-07-01
sources:
- A Paper lines 4-7  # <-
""",
        "bad-text",
        "'A Paper lines 4-7' is not a citation.",
        "A document's id and the place in it, on one line; …",
    ),
    (
        "requirements",
        """\
name: Duties
applies_to:
  kind: board  # <-
  body: a-board
from: 2022-07-01
status: in-force
sources: [act]
rules:
  one:
    text: One.
    requires:
      roles: {at_least: 1, member_type: chair}
    basis: statute
    citation: Act
    severity: warning
""",
        "out-of-range",
        "'applies_to' has too many entries: 2; at most 1 can be here.",
        "",
    ),
]  # fmt: skip


def like(wanted: str) -> re.Pattern[str]:
    return re.compile("(?s:.*)".join(map(re.escape, wanted.split("…"))))


@pytest.mark.parametrize(("kind", "text", "rule", "message", "help"), BROKEN)
def test_messages(kind: str, text: str, rule: str, message: str, help: str) -> None:
    """One cause, one message, on the marked line, in plain words."""
    _, problems = read_file(text.encode(), kind, HERE, SHAPES)
    if len(problems) > 1 and "applies_to" in text:
        problems = [problem for problem in problems if problem.source.pointer == ("applies_to",)]
    assert [problem.rule for problem in problems] == [rule], problems
    [problem] = problems
    assert like(message).fullmatch(problem.message), problem.message
    assert like(help).fullmatch(problem.help), problem.help
    assert problem.severity == "error"
    place = yamltext.places(text)[problem.source.pointer]
    marked = next(number for number, line in enumerate(text.splitlines(), 1) if "# <-" in line)
    assert (place.key_line if problem.on_key else place.line) == marked


def test_each_problem_of_a_file_is_told() -> None:
    text = "name: 2016\nhonorific: Mrs\nphone: none\nformer_ids: []\n"
    _, problems = read_file(text.encode(), "people", HERE, SHAPES)
    assert {(problem.rule, problem.source.pointer) for problem in problems} == {
        ("yaml-quote", ("name",)),
        ("unknown-value", ("honorific",)),
        ("unknown-field", ("phone",)),
        ("empty-field", ("former_ids",)),
    }


def test_problems_in_a_list_are_told_in_its_order() -> None:
    _, problems = SHAPES.fit("people", {"name": "A", "former_ids": ["A B"] * 12}, HERE)
    indices = [problem.source.pointer[-1] for problem in problems if len(problem.source.pointer) == 2]
    assert indices == list(range(12))


def test_a_missing_quote_leaves_the_data_usable() -> None:
    typed, problems = read_file(b"name: 2016\n", "people", HERE, SHAPES)
    assert typed == {"name": "2016"}
    assert type(typed["name"]) is str
    assert [problem.rule for problem in problems] == ["yaml-quote"]


def test_messages_hold_nothing_hidden() -> None:
    data = {"name": "A", "h\x1b[31mx": "y", "honorific": "\u202eDr", "former_ids": ["a\x07"]}
    _, problems = SHAPES.fit("people", data, HERE)
    assert len(problems) == 3
    assert all(f"{problem.message}{problem.help}".isprintable() for problem in problems)


@pytest.mark.parametrize(
    "data",
    [
        {"name": "A", "x" * 10_000: "y"},
        {"name": "A", "honorific": "D" * 10_000},
        {"name": "A"} | {f"name{number}": "y" for number in range(40_000)},
        {"name": "A"} | {"honorifi" * 6 + str(number): "y" for number in range(40_000)},
        {"name": "A", "former_ids": ["a b"] * 40_000},
        {"name": "A", "former_ids": [f"a-{number}" for number in range(40_000)] + ["a-1"]},
    ],
    ids=["long key", "long value", "many keys", "many nearly right keys", "many wrong ids", "many ids"],
)
def test_hostile_input_is_judged_in_bounded_time_and_words(data: dict[str, Any]) -> None:
    begun = time.process_time()
    _, problems = SHAPES.fit("people", data, HERE)
    assert time.process_time() - begun < 15
    assert 1 <= len(problems) <= 26
    assert all(len(problem.message) < 300 and len(problem.help) < 800 for problem in problems)
    assert len(problems) < 26 or "more problems of shape" in problems[-1].message


# --------------------------------------------------------------------------------- nothing can be fetched


@pytest.fixture
def nothing_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> NoReturn:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)


def shapes_with(folder: Path, schema: Any, **others: Any) -> Shapes:
    for name, content in {"person": schema, **others}.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return Shapes(folder)


REMOTE = [
    "http://127.0.0.1:9/x.json",
    "https://example.org/x.json#/a",
    "file:///etc/passwd",
    "//example.org/x.json",
    "/etc/hosts",
    "../x.json",
    "folder/x.json",
    "urn:uuid:0",
    "X.JSON",
    "https://json-schema.org/draft/2020-12/schema",
]


@pytest.mark.usefixtures("nothing_fetched")
@pytest.mark.parametrize("reference", REMOTE)
@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
def test_a_schema_cannot_refer_elsewhere(tmp_path: Path, reference: str, keyword: str) -> None:
    schema = {"type": "object", "properties": {"name": {keyword: reference}}}
    with pytest.raises(UserError) as refused:
        shapes_with(tmp_path, schema).fit("people", {"name": "A"}, HERE)
    assert refused.value.code == 3


@pytest.mark.usefixtures("nothing_fetched")
@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"properties": {"name": {"$ref": "#"}}},
        {"properties": {"name": {"$ref": "person.json"}}},
        {"properties": {"name": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}},
        {"properties": {"name": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        {"properties": {"name": {"$ref": "other.json#/$defs/a"}}},
    ],
)  # fmt: skip
def test_a_schema_cannot_refer_to_itself(tmp_path: Path, schema: Any) -> None:
    other = {"$defs": {"a": {"$ref": "person.json#/properties/name"}}}
    with pytest.raises(UserError) as refused:
        shapes_with(tmp_path, schema, other=other).schema("people")
    assert "refers to itself" in refused.value.message
    assert refused.value.code == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 200_000, "cannot be read"),
        ("[]", "has no"),
        ('{"properties": {"name": {"$ref": "definitions.json#/$defs/x"}}}', "cannot be read"),
        ('{"properties": {"name": {"$ref": "#/$defs/x"}}}', "has no person.json#/$defs/x"),
    ],
)
def test_an_unreadable_schema_is_said(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "person.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        Shapes(tmp_path).schema("people")
    assert message in refused.value.message
    assert refused.value.code == 3


def test_a_misspelt_field_that_must_be_there_is_one_problem() -> None:
    _, problems = SHAPES.fit("people", yamltext.read("nam: A Person\n"), HERE)
    assert [(problem.rule, problem.help) for problem in problems] == [("unknown-field", "Did you mean 'name'?")]
    _, problems = SHAPES.fit("people", yamltext.read("titles: A Person\n"), HERE)
    assert [problem.rule for problem in problems] == ["missing-field", "unknown-field"]
