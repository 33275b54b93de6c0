"""The reading of YAML: what is text, what is refused and where, and that both parsers agree."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fuzzing import examples, outcome, spelt
from kmics_cli import yamltext
from kmics_cli.problems import visible
from kmics_cli.yamltext import Bare, Place, Plain, YamlError, decode, places, read

REGISTRY = Path(__file__).parent.parent / "registry"

needs_c = pytest.mark.skipif(not yamltext.c_parser(), reason="ruamel.yaml.clib is not installed")
parsers = pytest.mark.parametrize(
    "pure", [pytest.param(False, marks=needs_c, id="c"), pytest.param(True, id="pure")]
)


def refusal(text: str, pure: bool = False) -> YamlError:
    with pytest.raises(YamlError) as caught:
        read(text, pure=pure)
    return caught.value


# ---------------------------------------------------------------------------------------------- reading


@parsers
def test_every_scalar_is_text(pure: bool) -> None:
    text = """\
---
# a comment
name: NHS Kent and Medway ICB Board
from: 2022-07
seats: 12
quoted: '12'
appointed_by: [icb-board/chair, "a, b"]
empty:
note: >-
  Folded
  text.
block: |
  a: b
  # no comment
roles:
- title: Chair
  appointments:
    - person: łukasz-𝕏
      from: 2020~
"""
    assert spelt(read(text, pure=pure)) == spelt(
        {
            "name": "NHS Kent and Medway ICB Board",
            "from": "2022-07",
            "seats": Bare("12"),
            "quoted": "12",
            "appointed_by": ["icb-board/chair", "a, b"],
            "empty": Bare(""),
            "note": "Folded text.",
            "block": "a: b\n# no comment\n",
            "roles": [{"title": "Chair", "appointments": [{"person": "łukasz-𝕏", "from": "2020~"}]}],
        }
    )


@parsers
@pytest.mark.parametrize("word", ["on", "off", "Yes", "NO"])
def test_a_key_that_only_yaml_1_1_would_not_read_as_text_is_allowed(word: str, pure: bool) -> None:
    assert spelt(read(f"{word}: {word}", pure=pure)) == f"{{'{word}': Bare('{word}')}}"


@parsers
def test_crlf_is_a_line_end(pure: bool) -> None:
    text = "a: |\n  one\n\n  two\nb: 'c\n  d'\n# e\n---f: g\n"
    crlf = text.replace("\n", "\r\n")
    assert outcome(crlf, pure) == outcome(text, pure) != "refused"


@parsers
def test_forty_thousand_keys_are_all_read(pure: bool) -> None:
    data = read("".join(f"key-{number}: value\n" for number in range(40_000)), pure=pure)
    assert len(data) == 40_000


def test_importing_yamltext_does_not_import_ruamel() -> None:
    code = "import sys, kmics_cli.yamltext; print([name for name in sys.modules if 'ruamel' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_does_without_the_c_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    yamltext._c_parser_class.cache_clear()
    monkeypatch.setitem(sys.modules, "ruamel.yaml.cyaml", None)
    try:
        assert not yamltext.c_parser()
        assert read("a: [b, 1]") == {"a": ["b", "1"]}
    finally:
        yamltext._c_parser_class.cache_clear()


# ----------------------------------------------------------------------------------------------- bytes


def test_decode_takes_utf_8() -> None:
    assert decode("name: Łukasz\r\n".encode()) == "name: Łukasz\r\n"


@pytest.mark.parametrize(
    ("data", "line", "column", "part"),
    [
        (b"a: b\n\xc3\xa9\xff", 2, 2, "0xff"),
        (b"\xef\xbb\xbfa: b", 1, 1, "byte-order mark"),
        ("a: b".encode("utf-16"), 1, 1, "0xff"),
        (b"a: \xed\xa0\x80", 1, 4, "0xed"),
        (b"a: b\nc: \xc3", 2, 4, "0xc3"),
        (b"caf\xe9", 1, 4, "0xe9"),
    ],
)
def test_decode_refuses_what_is_not_utf_8(data: bytes, line: int, column: int, part: str) -> None:
    with pytest.raises(YamlError) as caught:
        decode(data)
    assert (caught.value.rule, caught.value.line, caught.value.column) == ("text-encoding", line, column)
    assert part in caught.value.message


# --------------------------------------------------------------------------------------------- refusals

LONG = "x" * 20_001
REFUSED = [
    # text-control
    ("a: b\nc:\td", "text-control", 2, 3),
    ("a: b\rc: d", "text-control", 1, 5),
    ("a: b\r\r\n", "text-control", 1, 5),
    ("a: b\n\x00", "text-control", 2, 1),
    ("é: \x1b[31m", "text-control", 1, 4),
    ("a: \x7f", "text-control", 1, 4),
    ("a: b\x85c: d", "text-control", 1, 5),
    ("a: b\u2028c: d", "text-control", 1, 5),
    ("a: b\n\ufeffc: d", "text-control", 2, 1),
    ("\ufeffa: b", "text-control", 1, 1),
    ("a: \u202eb", "text-control", 1, 4),
    ("# \u2066", "text-control", 1, 3),
    ("a: b\u200bc", "text-control", 1, 5),
    ("a: \ud800", "text-control", 1, 4),
    ("a: \uffff", "text-control", 1, 4),
    ('a: "\\ud800"', "text-control", 1, 4),
    ('a: "\\x1b"', "text-control", 1, 4),
    ('a: "\\e"', "text-control", 1, 4),
    ('a: "\\0"', "text-control", 1, 4),
    ('a: "b\\tc"', "text-control", 1, 4),
    ('a: "b\\rc"', "text-control", 1, 4),
    ('a: "\\N"', "text-control", 1, 4),
    ('a: "\\L"', "text-control", 1, 4),
    ('- b\n- "\\u202E"', "text-control", 2, 3),
    ('"\\u200b": b', "text-control", 1, 1),
    # yaml-alias: anchors, aliases and merge keys
    ("a: &x b", "yaml-alias", 1, 4),
    ("a: &x [*x]", "yaml-alias", 1, 4),
    ("&x a: b", "yaml-alias", 1, 1),
    ("a:\n  - *x", "yaml-alias", 2, 5),
    ("a: *important* point", "yaml-alias", 1, 4),
    ("*x : b", "yaml-alias", 1, 1),
    ("a: &", "yaml-alias", 1, 4),
    ("<<: {a: b}", "yaml-alias", 1, 1),
    ("a:\n  <<: [b]", "yaml-alias", 2, 3),
    # yaml-tag
    ("a: !!python/object/apply:os.system [x]", "yaml-tag", 1, 4),
    ("a: !!str b", "yaml-tag", 1, 4),
    ("a: !important", "yaml-tag", 1, 4),
    ("a: ! b", "yaml-tag", 1, 4),
    ("a: !x!y b", "yaml-tag", 1, 4),
    ("a: !<tag:x> b", "yaml-tag", 1, 4),
    ("!!set\n? a", "yaml-tag", 1, 1),
    # yaml-duplicate-key
    ("a: b\na: b", "yaml-duplicate-key", 2, 1),
    ("a: b\n'a': c", "yaml-duplicate-key", 2, 1),
    ('x: {a: b, "\\x61": c}', "yaml-duplicate-key", 1, 11),
    ("é: b\n? é\n: c", "yaml-duplicate-key", 2, 3),
    # yaml-key
    ("2016: a", "yaml-key", 1, 1),
    ("true: a", "yaml-key", 1, 1),
    ("a:\n  False: b", "yaml-key", 2, 3),
    ("null: a", "yaml-key", 1, 1),
    ("~: a", "yaml-key", 1, 1),
    ("=: a", "yaml-key", 1, 1),
    (": a", "yaml-key", 1, 1),
    ("a: b\n: c", "yaml-key", 2, 1),
    ("'': a", "yaml-key", 1, 1),
    ("? [a]\n: b", "yaml-key", 1, 3),
    ("[a]: b", "yaml-key", 1, 1),
    ("a: {{ b }}", "yaml-key", 1, 5),
    # yaml-directive, yaml-documents
    ("%YAML 1.1\n---\na: b", "yaml-directive", 1, 1),
    ("# c\n%TAG ! x\n---\na: b", "yaml-directive", 2, 1),
    ("a: b\n%x", "yaml-directive", 2, 1),
    ("a: b\n---\nc: d", "yaml-documents", 2, 1),
    ("---\na: b\n---", "yaml-documents", 3, 1),
    ("---\n---\n", "yaml-documents", 2, 1),
    ("--- a\n--- b", "yaml-documents", 2, 1),
    ("...\na: b", "yaml-documents", 1, 1),
    ("a: b\r\n...\r\n", "yaml-documents", 2, 1),
    # yaml-empty
    ("", "yaml-empty", 1, 1),
    ("\n  \n# only a comment\n", "yaml-empty", 1, 1),
    ("---\n", "yaml-empty", 1, 1),
    # yaml-depth, yaml-size
    ("[" * 33 + "]" * 33, "yaml-depth", 1, 33),
    ("- " * 33 + "a", "yaml-depth", 1, 65),
    ("a: " + "[" * 100_000, "yaml-depth", 1, 35),
    (f"a: {LONG}", "yaml-size", 1, 4),
    (f"a:\n- '{LONG}'", "yaml-size", 2, 3),
    (f"? {LONG}\n: a", "yaml-size", 1, 3),
    ("# é\n" * 200_001, "yaml-size", 1, 1),
    # yaml-syntax
    ("name: 'King's Fund'", "yaml-syntax", 1, 13),
    ("a: 'b\nc: d", "yaml-syntax", 1, 4),
    ("a: b\nc:d\ne: f", "yaml-syntax", 2, 1),
    ("a: b: c", "yaml-syntax", 1, 5),
    ("a: b\n  c: d", "yaml-syntax", 2, 4),
    ("- a: b\n c: d", "yaml-syntax", 2, 2),
    ("a: b\n- c", "yaml-syntax", 2, 1),
    ("a: - b", "yaml-syntax", 1, 4),
    ("a: ? b", "yaml-syntax", 1, 4),
    ("a: @b", "yaml-syntax", 1, 4),
    ("a: `b`", "yaml-syntax", 1, 4),
    ("é: [a, b\nc: d", "yaml-syntax", 1, 4),
    ("a: [b, , c]", "yaml-syntax", 1, 8),
    ("a: [https://x.y]", "yaml-syntax", 1, 5),
    ("a: [b: c]", "yaml-syntax", 1, 5),
    ("{a: b} c", "yaml-syntax", 1, 8),
    ('a: "C:\\Users"', "yaml-syntax", 1, 4),
    ('a: "\\d"', "yaml-syntax", 1, 4),
    ("a: |b", "yaml-syntax", 1, 4),
    ("a: |#b\n  c", "yaml-syntax", 1, 4),
    ("|\nb", "yaml-syntax", 1, 1),
]


@parsers
@pytest.mark.parametrize(
    ("text", "rule", "line", "column"), [pytest.param(*row, id=visible(row[0])[:30]) for row in REFUSED]
)
def test_refused(text: str, rule: str, line: int, column: int, pure: bool) -> None:
    error = refusal(text, pure)
    assert (error.rule, error.line, error.column) == (rule, line, column)
    for sentence in (error.message, error.help):
        assert sentence[0].isupper() or sentence[0] == "'"
        assert sentence.endswith(".")
        assert len(sentence) < 200
        assert visible(sentence) == sentence
    assert "not YAML" not in error.message, "this cause deserves a sentence of its own"


@parsers
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: |\n \n  b", "yaml-syntax"),  # good YAML that ruamel's pure parser refuses
        ('a: "\\U00110000"', "text-control"),
        ("a: !!str &x b", "yaml-alias"),
        ("a: [what? me]", "yaml-syntax"),  # good YAML that ruamel's C parser refuses
        ('["a":b]', "yaml-syntax"),
    ],
)
def test_refused_by_both_at_places_near_by(text: str, rule: str, pure: bool) -> None:
    error = refusal(text, pure)
    assert error.rule == rule
    assert (error.line, error.column) > (1, 0)


def test_what_no_saying_fits_is_told_in_the_parsers_words_made_visible() -> None:
    class Mark:
        line, column, index = 1, 2, 5

    class Strange(Exception):
        context, context_mark, problem, problem_mark = None, None, "found \x1b" + "x" * 500, Mark

    error = yamltext._said(Strange(), "")
    assert error.message.startswith("This is not YAML: found \\x1bxxx")
    assert len(error.message) < 120
    assert (error.rule, error.line, error.column) == ("yaml-syntax", 2, 3)


def test_messages_show_no_hidden_character_and_no_long_name() -> None:
    name = "n" * 500
    assert len(refusal(f"? {name}\n: a\n? {name}\n: b").message) < 150
    assert len(refusal(f"? {'1' * 500}\n: a").message) < 150
    assert "<U+202E>" in refusal("a: \u202e").message
    assert str(refusal("a: b\n...")).startswith("2:1: ")


def test_the_limits_themselves_are_allowed() -> None:
    assert spelt(read("[" * 32 + "]" * 32)) == "[" * 32 + "]" * 32
    assert read(f"a: {LONG[:-1]}") == {"a": LONG[:-1]}
    just = "# é" + "x" * 999_990 + "\na:"
    assert len(just.encode()) == 999_997
    assert read(just) == {"a": ""}


def test_just_what_problems_would_make_visible_is_refused() -> None:
    for code in [*range(0x10000), 0x1F600, 0xE0041, 0xE0080, 0x10FFFF]:
        char = chr(code)
        refused = yamltext._REFUSED.search(char) is not None
        assert refused == (visible(char) != char) or char == "\n", hex(code)


# ------------------------------------------------------------------------------------------------ limits


@parsers
@pytest.mark.parametrize(
    "text",
    [
        "[" * 999_999,
        "{" * 999_999,
        "a: " + "[" * 100_000,
        "[\n" * 400_000,
        "- " * 100_000,
        "? " * 100_000,
        "".join(" " * depth + "a:\n" for depth in range(1_300)),
        "a: &a [x, x]\n" + "".join(f"a{n}: &a{n} [*a, *a, *a, *a]\n" for n in range(9)),
        "\n" * 900_000 + "---\n---",
        "---\n" * 200_000,
        "%\n" * 400_000,
        "a: " + " " * 900_000 + "\t",
        "a: |" + "#|" * 400_000,
        "a: 1" + ":1" * 9_000 + "x: b",
        "x" * 9_000_000,
    ],
    ids=lambda text: visible(text[:12]),
)
def test_hostile_text_is_refused_at_once(text: str, pure: bool) -> None:
    read("warm: up", pure=pure)
    start = time.perf_counter()
    refusal(text, pure)
    assert time.perf_counter() - start < (2.0 if pure else 0.5)  # a tenth of it here


@needs_c
@pytest.mark.parametrize(
    "text",
    [
        "".join(f"k{n}: v\n" for n in range(40_000)),
        "{" + ", ".join(f"k{n}: v" for n in range(40_000)) + "}",
        "[" * 31 + "a," * 150_000 + "]" * 31,
        "- \n" * 190_000,
        "a: >\n" + "\n\n  b" * 9_000,
    ],
    ids=lambda text: visible(text[:12]),
)
def test_large_text_takes_linear_time(text: str) -> None:
    read("warm: up")
    start = time.perf_counter()
    read(text)
    assert time.perf_counter() - start < 2.0  # a tenth of it here; quadratic would be minutes


# ------------------------------------------------------------------------------------------------ places

MARKED = """\
# Łukasz: é
name: «𝕏» board
"quoted é": 'x'
empty:
spaced :   # nothing
flow: {é: [a, "𝕏", b: , ], none: , c}
block: |
  text
roles:
- title: Chair
  seats: 1
-
  - deep
  -
"""


@parsers
def test_places(pure: bool) -> None:
    text = MARKED.replace(" b: ,", "")
    found = places(text, pure=pure)
    assert {pointer: tuple(place) for pointer, place in found.items()} == {
        (): (2, 1, 2, 1),
        ("name",): (2, 7, 2, 1),
        ("quoted é",): (3, 13, 3, 1),
        ("empty",): (4, 7, 4, 1),
        ("spaced",): (5, 9, 5, 1),
        ("flow",): (6, 7, 6, 1),
        ("flow", "é"): (6, 11, 6, 8),
        ("flow", "é", 0): (6, 12, 6, 12),
        ("flow", "é", 1): (6, 15, 6, 15),
        ("flow", "none"): (6, 28, 6, 23),
        ("flow", "c"): (6, 32, 6, 31),
        ("block",): (7, 8, 7, 1),
        ("roles",): (10, 1, 9, 1),
        ("roles", 0): (10, 3, 10, 3),
        ("roles", 0, "title"): (10, 10, 10, 3),
        ("roles", 0, "seats"): (11, 10, 11, 3),
        ("roles", 1): (13, 3, 13, 3),
        ("roles", 1, 0): (13, 5, 13, 5),
        ("roles", 1, 1): (14, 4, 14, 4),
    }
    assert found[("roles", 0, "seats")] == Place(line=11, column=10, key_line=11, key_column=3)
    assert places(text.replace("\n", "\r\n"), pure=pure) == found


def test_places_refuses_what_read_refuses() -> None:
    with pytest.raises(YamlError):
        places("a: &x b")


# -------------------------------------------------------------------------------------------------- bare

BARE = """
0 1 -1 +1 12 012 09 00 2016 1_000 1__ 0b1 0b_ -0b11 0o17 0o_ 017 0x1F 0xa_ 10:30 1:30:45 -1:5 09:30.5 1:30.
1. 1.5 -1.5 .5 ._ -_ 1.5e3 1e3 5E1 1E+5 1.e-3 .5e+3 .5e3 +.5 1_0.5 .inf .Inf .INF -.inf +.INF .nan .NaN .NAN
true True TRUE false False FALSE yes Yes YES no No NO on On ON off Off OFF null Null NULL ~ = <<
""".split()
TEXT = """
2022-07-01 2022-07 2022-07/2022-08 ../2022-04 2020~ 2020? 2022-07~ 199X .. . -- + -. 1.2.3 1e 1e3.5 e5 0b2 0b 0o 0o8
0x 0xg 1:60 1:300 09:30 1-2 1/2 1,5 £5 5% ٣ １２ tRUE y Y n N none nil Nan nan inf -.nan .iNF truex yes! a _ _1 1a ~a
020/7 icb-board 01622-123456 2001-12-14T21:59:43Z 0_1:30 2016_to_2017 yes_no +44_(0)
""".split()
PYYAML = re.compile(  # yaml/resolver.py of PyYAML 6
    r"""yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|~|null|Null|NULL|=|<<
    |[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
    |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
    |[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+
    |[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+""",
    re.VERBOSE,
)
CORE = re.compile(  # YAML 1.2.2 section 10.3.2
    r"""null|Null|NULL|~|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+
    |[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)""",
    re.VERBOSE,
)


def is_text_to_check_jsonschema(scalar: str) -> bool:
    loader = pytest.importorskip("check_jsonschema.parsers.yaml")
    load = loader.impl2loader(loader.construct_yaml_implementation())
    try:
        return isinstance(load(io.BytesIO(f"- {scalar}\n".encode()))[0], str)
    except Exception:  # "=", "<<" and "-_" are errors there
        return False


def is_text_to_others(scalar: str) -> bool:
    by_pattern = any(pattern.fullmatch(scalar) for pattern in (PYYAML, CORE))
    return not by_pattern and is_text_to_check_jsonschema(scalar)


def kind(scalar: str) -> type:
    data = read(f"- {scalar}\n")
    assert isinstance(data, list)
    return type(data[0])


@pytest.mark.parametrize("scalar", [*BARE, ""])
def test_bare(scalar: str) -> None:
    assert kind(scalar) is Bare
    assert read(f"- {scalar}\n") == [scalar]
    assert scalar == "" or kind(f"'{scalar}'") is kind(f'"{scalar}"') is str
    assert not is_text_to_others(scalar)


@pytest.mark.parametrize("scalar", TEXT)
def test_not_bare(scalar: str) -> None:
    assert kind(scalar) is str
    assert is_text_to_others(scalar)


@settings(max_examples=examples(400), deadline=None)
@given(st.text(alphabet="0123456789_.:-+eExXobaf~ny", min_size=1, max_size=8))
@example("2022-07-01")
def test_bare_is_what_is_not_text_to_others(scalar: str) -> None:
    try:
        found = kind(scalar)
    except YamlError:
        return
    if read(f"- {scalar}\n") == [scalar]:
        assert (found is str) == is_text_to_others(scalar)


# ------------------------------------------------------------------------------------- the two parsers

WORDS = st.sampled_from(
    (
        "name|icb-board|2022-07-01|12|yes|~|Łukasz 𝕏|it's|a: b|- c|[d|#e|f #g|?|:|| |é\nù|two\n\nlines\n|\n"
        '|say "so"|back\\slash|&h|*i|!j|{{k}}|l,m|@|on|=|<<|2022~|../2022|> n|%o|a:b|https://x.y/?z'
    ).split("|")
)
KEYS = st.sampled_from(["name", "roles", "é", "a b", "2016", "is: it", "x'y", "-", "yes", "[", "#"])
DATA: st.SearchStrategy[Plain] = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def scalar_forms(value: str, indent: str) -> list[str]:
    """Return ways to write a text; not all are right for it, which is the point."""
    double = '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    single = "'" + value.replace("'", "''").replace("\n", "\n\n" + indent) + "'"
    body = "".join(f"\n{indent}  {line}" for line in value.split("\n"))
    return [double, double, single, "|" + body, "|-" + body, ">+" + body, value.replace("\n", f"\n{indent} ")]


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a document in the styles that people write: block and flow, every kind of scalar, comments, gaps."""

    def written(node: Plain, indent: str, flow: bool) -> str:
        if isinstance(node, str):
            forms = scalar_forms(node, indent)
            return draw(st.sampled_from(forms[:3] if flow else forms))
        flow = flow or not node or draw(st.integers(0, 3)) == 0
        tail = draw(st.sampled_from(["", "", " # c", "\n\n", "\n# c"]))
        deeper = indent + draw(st.sampled_from(["", "  ", " "]))
        if isinstance(node, list):
            parts = [written(item, deeper + "  ", flow) for item in node]
            return f"[{', '.join(parts)}]" if flow else "".join(f"\n{deeper}- {part}{tail}" for part in parts)
        pairs = [
            (draw(st.sampled_from([*scalar_forms(key, "")[:3], key])), written(value, deeper + "  ", flow))
            for key, value in node.items()
        ]
        if flow:
            return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        return "".join(f"\n{deeper}{key}: {value}{tail}" for key, value in pairs)

    start = draw(st.sampled_from(["", "", "---\n", "# c\n"]))
    end = draw(st.sampled_from(["\n", "", "\n\n", "\n# c\n"]))
    return start + written(draw(DATA), "", False).removeprefix("\n") + end


PIECES = st.sampled_from(
    [
        *"ab1é \n:-?[]{},#&*!|>'\"%@`\\~=.\r\t",
        *": ;- ; #;? ;<<: ;&a ;*a ;!!str ;a: ;a:b;'b';>-\n;---\n;...\n;\n  ;\n\n;\n \n;\r\n;|2\n".split(";"),
        *'[a, b];{a: b};a: |\n  x\n;"\\x41";"\\ud800"'.split(";"),
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    text = draw(documents())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(PIECES) + text[place + draw(st.sampled_from([0, 0, 1, 2, 9])) :]
    return text


@needs_c
@settings(max_examples=examples(500), deadline=None)
@given(documents() | damaged() | st.lists(PIECES, max_size=12).map("".join))
@example("|\n# top-level block text, a comment to the one and text to the other")
@example("a: |#b")
@example("a: |\n  \n   b")
@example("[a? b, c:d, :e]")
@example("{a:b: c}")
@example('["a":b]')
@example("{a\n,b:\n,c}")
@example("...\na: b")
@example("a: b\x85c: d")
def test_both_parsers_give_the_same_or_both_refuse(text: str) -> None:
    assert outcome(text, pure=False) == outcome(text, pure=True)


@needs_c
@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=30))
def test_both_parsers_agree_on_any_characters(text: str) -> None:
    assert outcome(text, pure=False) == outcome(text, pure=True)


@settings(max_examples=examples(300), deadline=None)
@given(documents() | damaged(), st.booleans())
def test_a_refusal_says_where_and_nothing_else_is_raised(text: str, pure: bool) -> None:
    error = None
    try:
        read(text, pure=pure)
    except YamlError as caught:
        error = caught
    if error:
        lines = [*text.split("\n"), ""]
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert visible(error.message + error.help) == error.message + error.help


@needs_c
def test_both_parsers_read_the_registry_alike() -> None:
    for path in sorted(REGISTRY.glob("**/*.yaml")):
        text = decode(path.read_bytes())
        assert outcome(text, pure=False) == outcome(text, pure=True) != "refused", path
