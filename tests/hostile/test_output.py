"""E: what hostile words do in a terminal, in CI's log, in Markdown, in a spreadsheet, in JSON: nothing, in any field.

Every text of every record of the miniature registry is replaced by hostile words, wherever the schema lets them
through, and every command is asked in its formats. What is asserted is in `attack.assert_harmless`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rich.cells import cell_len

from bless import MINI
from fuzzing import SHAPES
from hostile.attack import Ground
from kmics_cli.shape import SCHEMA_OF, compiled
from kmics_cli.yamltext import decode, read

WORDS = {
    "a command": "::error file=a,line=1::x ##[error]y %0A::error::z ::stop-commands::y",
    "a formula": "=cmd|' /C calc'!A0 | a | b | ##[add-mask]x ::set-output name=a::b",
    "a heading and markup": "# heading [/b][link=http://evil.invalid]x[/link] :smile: **b** _i_ ~~s~~ `c`",
    "an item and HTML": "- item <script>alert(1)</script> <!-- x --> <details> &lt;b&gt; ]]> <?x?> --> </td>",
    "a mention": "@SUM(1) @everyone fixes #1 GH-1 a/b#2 0123456789012345678901234567890123456789",
    "links": "![i](http://evil.invalid/x.png) [t](javascript:alert(1)) www.evil.invalid mailto:a@b.c <x@y.z>",
    "a quote and templates": "> quote ```sh {{7*7}} ${{ github.token }} {0.__class__} %s%n ' \" \\x1b[2J $x^2$ \\",
    "wide letters": "＝1+1 名前 日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語 ﷺ e\u0301\u0301 𝔘",
    "a row and a number": "--- | --- |  | === 1. +1 -1 $(touch canary) `touch canary` ; touch canary",
    "one long word": "x" * 290,
}
"""Words that some program that reads an answer would take for more than words."""

HIDDEN = {
    "escape": "a\x1b[2J\x1b[31mb",
    "operating system command": "a\x1b]0;title\x07b",
    "hyperlink": "a\x1b]8;;http://evil.invalid\x1b\\b\x1b]8;;\x1b\\",
    "C1": "a\x9b2Jb",
    "carriage return": "a\r::error::b",
    "line feed": "a\n::error::b\n##[error]c",
    "bell and backspace": "a\x07\x08\x7fb",
    "bidirectional": "a\u202eb\u202c",
    "zero width": "a\u200bb\ufeff",
    "line separator": "a\u2028b\u0085",
    "tag characters": "a\U000e0041b",
}
"""What nobody sees; it is refused, and what refuses it shows it as codes."""

COMMANDS = (
    *(f"validate --format {format}" for format in ("text", "json", "github", "sarif", "junit")),
    "show nowshire-board --sources",
    "show nowshire-icp/chair --sources --format md",
    "show strategy-aims --sources --format md",
    "show county-care-strategy --format json",
    "show care-board --format md",
    "list people --format csv",
    "list documents --format md",
    "list figures --format csv",
    "timeline nowshire-icb --format md",
    "changes 2010 2030 --sources --format md",
    "changes 2010 2030 --format csv",
    "report checks --format md",
    "report asked-for --format csv",
    "tree",
    "search x",
)


def changed(data: Any, schema: Any, words: Callable[[], str]) -> Any:
    """Return the data of a record with each text that the schema leaves free replaced by other words."""
    if isinstance(data, dict):
        known = schema.get("properties", {})
        return {
            key: changed(value, known.get(key, schema.get("additionalProperties")), words)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [changed(item, schema.get("items"), words) for item in data]
    if isinstance(data, str) and schema.get("type") == "string" and not {"enum", "format"} & schema.keys():
        new = words()[: schema.get("maxLength", 10_000)].strip()
        if "pattern" not in schema or compiled(schema["pattern"]).search(new):
            return new
    return data


def replace(ground: Ground, words: str, escaped: bool, allowed: bool = True) -> int:
    """Put the words into every text of every record, raw or as YAML's escapes, and return into how many."""
    count = 0

    def next_words() -> str:
        nonlocal count
        count += 1
        return words if allowed else "HIDDEN"

    for path in sorted(MINI.rglob("*.yaml")):
        place = path.relative_to(MINI).as_posix()
        kind = "kmics" if place == "kmics.yaml" else place.partition("/")[0]
        schema = SHAPES.schema(kind)
        typed, problems = SHAPES.fit(kind, read(decode(path.read_bytes())), None)  # type: ignore[arg-type]
        assert not problems
        text = json.dumps(changed(typed, schema, next_words), ensure_ascii=False)
        spelt = (
            "".join(f"\\U{ord(char):08x}" if not char.isalnum() else char for char in words) if escaped else words
        )
        if not allowed:
            text = text.replace("HIDDEN", spelt)
        elif escaped:
            text = text.replace(json.dumps(words, ensure_ascii=False)[1:-1], spelt)
        line = "../" * (place.count("/") + 1)
        ground.put(place, f"# yaml-language-server: $schema={line}schema/{SCHEMA_OF[kind]}.json\n{text}\n")
    return count


@pytest.mark.parametrize(
    ("name", "escaped"), [*((name, False) for name in WORDS), *((name, True) for name in WORDS if name[0] == "a")]
)
def test_words_stay_words_in_every_field_and_every_answer(name: str, escaped: bool, ground: Ground) -> None:
    assert replace(ground, WORDS[name], escaped) > 500
    turn = list(WORDS).index(name) % 3  # each command meets every third sort of words
    done = ground.ask(*(COMMANDS[turn::3] if not escaped else COMMANDS[5:7]))
    for one in done:
        assert one.code in ((0, 1) if one.words[0] == "validate" else (0, 2)), one.err
        if one.format == "table" and one.words[0] not in ("validate", "doctor"):
            assert max(map(cell_len, one.out.splitlines())) <= 80, one.words
        if one.words[0] == "show":
            assert WORDS[name][:6].rstrip() in one.out.replace("\u200b", "").replace("\\", "")


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        *((name, False) for name in HIDDEN if name != "line feed"),  # which YAML folds: it is a space
        *((name, True) for name in HIDDEN if name != "tag characters"),
    ],
)
def test_what_nobody_sees_is_refused_in_every_field_and_shown_as_codes(
    name: str, escaped: bool, ground: Ground
) -> None:
    replace(ground, HIDDEN[name], escaped, allowed=False)
    done = ground.ask(*COMMANDS[:5], "list people")
    told = {problem["path"] for problem in done[1].answer["problems"] if problem["severity"] == "error"}
    assert done[1].code == 1
    assert len(told) >= len(list(MINI.rglob("*.yaml"))) - 3
    assert done[5].code == 0
    assert len(done[5].err) < 3_000


@pytest.mark.parametrize("name", WORDS)
def test_words_stay_words_where_they_are_refused(name: str, small: Ground) -> None:
    """As a field's name, as an id, a date, a citation, a kind, a number: in each report of what is wrong."""
    words = json.dumps(WORDS[name][:1_000], ensure_ascii=False)
    small.put(
        "bodies/odd.yaml",
        f"name: Odd\nkind: {words}\nfrom: {words}\nsources: [{words}]\nfigures: {words}\n{words}: {words}\nroles:\n"
        f"  {words}: {{title: A, member_type: {words}}}\n  a: {{title: A, member_type: chair, seats: {words},"
        f" appointments: [{{person: {words}, from: {words}}}]}}\n",
    )
    kinds = (
        "\nkinds: {board: board, trust: trust, committee: committee, "
        + f"{words}: {words}}}\nseverities: {{{words}: {words}}}\n"
    )
    small.put(
        "kmics.yaml", f"name: {words}\nmodel: {words}{kinds}{words}: {words}\nsuppressions: [{{rule: {words}}}]\n"
    )
    for done in small.ask(*COMMANDS[:5], "show alpha", "show odd", "list bodies --format json", "doctor"):
        assert done.code in (0, 1, 2)


@pytest.mark.parametrize("name", [*WORDS, *HIDDEN])
def test_words_stay_words_on_the_command_line(name: str, small: Ground) -> None:
    words = (WORDS | HIDDEN)[name]
    commands = [
        ["show", "--", words],
        ["search", "--format", "json", "--", words],
        ["search", "--format", "md", "--", words],
        ["search", "--format", "csv", "--", words],
        ["search", "--", words],
        ["list", "people", f"--format={words}"],
        ["list", "--", words],
        ["show", "alpha", f"--registry={words}"],
        ["show", "alpha", "-o", str(small.out / words / "x")],
        ["validate", f"--format={words}"],
        ["validate", f"--select={words}"],
        ["validate", "--", words],
        ["explain", "--", words],
        ["show", "alpha", f"--{words}"],
        ["doctor", words],
    ]
    for done in small.ask(*commands):
        assert done.code in (0, 2, 3)


@pytest.mark.only_on("posix", reason="its variables have no such names")
def test_nothing_of_the_environment_is_told(small: Ground) -> None:
    secret = {"GITHUB_TOKEN": "ghs_TOPSECRET", "AWS_SECRET_ACCESS_KEY": "TOPSECRET", "NO_COLOR": "TOPSECRET"}
    for done in small.ask(
        "validate",
        "show alpha",
        "doctor",
        "show nobody",
        env={**secret, "COLUMNS": "1", "LINES": "0", "TERM": "x\x1b"},
    ):
        assert "TOPSECRET" not in done.out + done.err
