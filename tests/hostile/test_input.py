"""A: what may stand in a file. Each is one finding or a few, hides no other file, and costs little."""

from __future__ import annotations

import pytest

from hostile.attack import EVERY, KNOWN, KNOWN_NAME, Done, Ground

PERSON = b"# yaml-language-server: $schema=../../schema/person.json\n"

REFUSED: dict[str, tuple[bytes, str]] = {
    # nesting, of every shape: a parser that composes it ends the process
    "flow nesting": (b"name: " + b"[" * 100_000, "yaml-depth"),
    "flow nesting, closed": (b"name: " + b"[" * 50_000 + b"]" * 50_000, "yaml-depth"),
    "mapping nesting": (b"name: " + b"{a: " * 100_000, "yaml-depth"),
    "block nesting": (b"- " * 100_000, "yaml-depth"),
    "indented nesting": (b"".join(b" " * n + b"a:\n" for n in range(1_300)), "yaml-depth"),
    "question marks": (b"? " * 100_000, "yaml-key"),
    "quotes in brackets": (b'["' * 100_000, "yaml-syntax"),
    # what YAML can refer to or make
    "billion laughs": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nname: *c\n", "yaml-alias"),
    "anchor": (b"name: &a A\n", "yaml-alias"),
    "alias of nothing": (b"name: *a\n", "yaml-alias"),
    "self alias": (b"name: &x [*x]\n", "yaml-alias"),
    "merge key": (b"<<: {name: A}\n", "yaml-alias"),
    "python tag": (b"name: !!python/object/apply:os.system [echo]\n", "yaml-tag"),
    "own tag": (b"name: !include /etc/passwd\n", "yaml-tag"),
    "standard tag": (b"name: !!binary aGk=\n", "yaml-tag"),
    "tag on the whole": (b"!!map {name: A}\n", "yaml-tag"),
    "many tags": (b"name: [" + b"!a " * 50_000 + b"]\n", "yaml-tag"),
    # what one reader sees and another does not
    "second document": (b"name: A\n---\nname: B\n", "yaml-documents"),
    "end of a document": (b"name: A\n...\nname: B\n", "yaml-documents"),
    "directive": (b"%YAML 1.1\n---\nname: A\n", "yaml-directive"),
    "many directives": (b"%TAG ! tag:evil.invalid,2000:\n" * 20_000 + b"---\nname: A\n", "yaml-directive"),
    "duplicate key": (b"name: A\nname: B\n", "yaml-duplicate-key"),
    "duplicate key, quoted": (b"name: A\n'name': B\n", "yaml-duplicate-key"),
    "duplicate key, escaped": (b'name: A\n"na\\x6de": B\n', "yaml-duplicate-key"),
    "complex key": (b"? [a, b]\n: c\nname: A\n", "yaml-key"),
    "mapping as key": (b"{a: b}: c\n", "yaml-key"),
    "null key": (b"~: x\nname: A\n", "yaml-key"),
    "number as key": (b"1: x\nname: A\n", "yaml-key"),
    "true as key": (b"true: x\nname: A\n", "yaml-key"),
    "no key": (b": x\nname: A\n", "yaml-key"),
    # characters that are not what they seem
    "not UTF-8": (b"name: \xff\xfe\n", "text-encoding"),
    "overlong UTF-8": (b"name: \xc0\xaf\n", "text-encoding"),
    "surrogate in UTF-8": (b"name: \xed\xa0\x80\n", "text-encoding"),
    "UTF-16": ("name: A\n".encode("utf-16"), "text-encoding"),
    "UTF-32": ("name: A\n".encode("utf-32"), "text-encoding"),
    "byte-order mark": (b"\xef\xbb\xbfname: A\n", "text-encoding"),
    "byte-order mark inside": ("name: A\ufeffB\n".encode(), "text-control"),
    "NUL": (b"name: A\0B\n", "text-control"),
    "nothing but NUL": (b"\0" * 900_000, "text-control"),
    "escape": (b"name: \x1b[2JA\n", "text-control"),
    "escape in a comment": (b"# \x1b[2J\nname: A\n", "text-control"),
    "escape, escaped": (b'name: "\\x1b[2J"\n', "text-control"),
    "escape as \\e": (b'name: "\\e[2J"\n', "text-control"),
    "carriage return": (b"name: A\rhonorific: B\n", "text-control"),
    "carriage return, escaped": (b'name: "A\\r::error::x"\n', "text-control"),
    "line feed, escaped": (b'name: "A\\n::error::x"\n', "bad-text"),
    "C1": ("name: \x9b2J\n".encode(), "text-control"),
    "next line": ("name: a\x85honorific: b\n".encode(), "text-control"),
    "next line, escaped": (b'name: "a\\Nb"\n', "text-control"),
    "line separator": ("name: a\u2028honorific: b\n".encode(), "text-control"),
    "paragraph separator, escaped": (b'name: "a\\Pb"\n', "text-control"),
    "bidirectional": ("name: \u202eevil\u202c\n".encode(), "text-control"),
    "bidirectional, escaped": (b'name: "\\u202eevil"\n', "text-control"),
    "isolate": ("name: \u2066evil\u2069\n".encode(), "text-control"),
    "zero width": ("name: A\u200bB\n".encode(), "text-control"),
    "joiner": ("name: A\u200dB\n".encode(), "text-control"),
    "soft hyphen": ("name: A\u00adB\n".encode(), "text-control"),
    "filler": ("name: \u3164\n".encode(), "text-control"),
    "tag characters": ("name: A\U000e0041\n".encode(), "text-control"),
    "not a character": ("name: A\uffff\n".encode(), "text-control"),
    "surrogate, escaped": (b'name: "\\ud800"\n', "text-control"),
    "beyond Unicode, escaped": (b'name: "\\UFFFFFFFF"\n', "text-control"),
    "tab": (b"name:\tA\n", "text-control"),
    # what does not fit
    "empty": (b"", "yaml-empty"),
    "comments only": (b"# nothing\n\n", "yaml-empty"),
    "null": (b"~\n", "wrong-type"),
    "a list": (b"- name\n", "wrong-type"),
    "one word": (b"name\n", "wrong-type"),
    "no name": (b"{}\n", "missing-field"),
    "a number": (b"name: 2016\n", "yaml-quote"),
    "many digits": (b"name: " + b"9" * 5_000 + b"\n", "yaml-quote"),
    "not a number": (b"name: .nan\n", "yaml-quote"),
    "infinity": (b"name: -.inf\n", "yaml-quote"),
    "octal": (b"name: 012\n", "yaml-quote"),
    "sixty times sixty": (b"name: 1:30:00\n", "yaml-quote"),
    "yes": (b"name: yes\n", "yaml-quote"),
    "an id with a line end": (b'name: A\nformer_ids: ["a\\n"]\n', "bad-text"),
    "an id with a line end, in a block": (b"name: A\nformer_ids:\n- |\n  a\n", "bad-text"),
    "full-width digits": ('name: A\nformer_ids: ["a１"]\n'.encode(), "bad-text"),
    "a path for an id": (b'name: A\nformer_ids: ["../../secret"]\n', "bad-text"),
    "many ids": (b"name: A\nformer_ids:\n" + b"".join(b"- a%d\n" % n for n in range(50_000)), "out-of-range"),
    "the same id, often": (b"name: A\nformer_ids: [" + b"a, " * 60_000 + b"]\n", "out-of-range"),
    "forty thousand keys": (b"name: A\n" + b"".join(b"key%d: x\n" % n for n in range(40_000)), "unknown-field"),
    "forty thousand near keys": (b"".join(b"name%d: x\n" % n for n in range(40_000)), "unknown-field"),
    "a long key": (b"x" * 1_000 + b": y\nname: A\n", "unknown-field"),
    "a key that is too long": (b"x" * 200_000 + b": y\nname: A\n", "yaml-size"),
    "a key of control codes": (b'"\\x1b]8;;http://evil.invalid\\x07": y\nname: A\n', "text-control"),
    "a key that CI obeys": (b'"::error file=x::y": y\n"##[error]z": y\nname: A\n', "unknown-field"),
    "a key of markup": (b'"[/b][link=x]": y\n"<img src=x>": y\nname: A\n', "unknown-field"),
    "long text": (b"name: " + b"x" * 50_000 + b"\n", "yaml-size"),
    "many parts": (b"name: [" + b"a," * 250_000 + b"]\n", "yaml-size"),
    "too large": (b"name: " + b"x" * 1_000_001 + b"\n", "file-size"),
    # a megabyte of each awkward shape
    "line ends": (b"\n" * 999_999, "yaml-empty"),
    "a megabyte of spaces": (b" " * 999_999, "yaml-empty"),
    "a megabyte of hashes": (b"#" * 999_999, "yaml-empty"),
    "comment lines": (b"#\n" * 499_999, "yaml-empty"),
    "colons": (b":" * 999_999, "yaml-size"),
    "keys": (b"a: " * 333_333, "yaml-syntax"),
    "commas": (b"[" + b"," * 999_990, "yaml-syntax"),
    "single quotes": (b"'" * 999_999, "yaml-syntax"),
    "a quote that is never closed": (b'name: "' + b"x\n" * 490_000, "yaml-syntax"),
    "backslashes": (b'name: "' + b"\\\\" * 490_000, "yaml-syntax"),
    "a folded block": (b"name: >\n" + b"  x\n\n" * 190_000, "yaml-size"),
    "a block that is indented ever deeper": (
        b"name: |\n" + b"".join(b" " * n + b"x\n" for n in range(2, 1_300)),
        "yaml-size",
    ),
    "a text of many lines": (b"name: x\n" + b"  x\n" * 240_000, "yaml-size"),
    "accents on one letter": (("name: a" + "\u0301" * 30_000 + "\n").encode(), "yaml-size"),
    "letters that look alike": (b"name: A\nnote: '" + "аa ".encode() * 200_000 + b"'\n", "yaml-size"),
}
"""Files that no honest editor writes, and the rule under which each is told."""

HARMLESS: dict[str, bytes] = {
    "CRLF": PERSON.replace(b"\n", b"\r\n") + b"name: A\r\n",
    "start of a document": PERSON + b"---\nname: A\n",
    "a marker in a text": PERSON + b"name: A --- B ... %YAML\n",
    "quoted markers": PERSON + b"name: '&A *b !c'\n",
    "flow": PERSON + b"{name: A, former_ids: [b, c]}\n",
    "escapes of letters": PERSON + b'"na\\x6de": "\\u00c5sa"\n',
    "right to left letters": PERSON + "name: דוד\n".encode(),
    "letters beyond the first plane": PERSON + "name: \U00020000\n".encode(),
    "a day that no month has, as a name": PERSON + b"name: 2020-02-30\n",
    "accents": PERSON + ("name: E" + "\u0301" * 100 + "\n").encode(),
}
"""Odd files that are sound all the same: at most a warning."""


def told(done: Done, path: str) -> set[str]:
    """Return the rules of the errors in a file, after seeing that they are few, short, and in no other file."""
    errors = [problem for problem in done.answer["problems"] if problem["severity"] == "error"]
    here = [problem for problem in errors if problem["path"].endswith(path)]
    assert done.code == (1 if errors else 0)
    assert len(here) <= 30
    assert all(len(problem["message"]) + len(problem["help"]) < 1_500 for problem in here)
    return {problem["rule"] for problem in here}


TOGETHER = 5  # as many as are named below an answer
LARGE = [name for name in REFUSED if len(REFUSED[name][0]) > 20_000]
SMALL = [name for name in REFUSED if name not in LARGE]
ROUNDS = [[name] for name in LARGE] + [SMALL[at : at + TOGETHER] for at in range(0, len(SMALL), TOGETHER)]


@pytest.mark.parametrize("names", ROUNDS, ids=lambda names: names[0])
def test_a_hostile_file_is_told_and_hides_no_other(names: list[str], small: Ground) -> None:
    """Several at once, so that each stands beside others, within the time and the memory of one command."""
    for number, name in enumerate(names):
        small.put(f"people/bomb-{number}.yaml", REFUSED[name][0])
    judged, shown, *asked = small.ask(
        "validate --format json",
        "show alpha",
        *(f"show bomb-{number} --format json" for number in range(len(names))),
    )
    assert (shown.code, "Ann Other" in shown.out) == (0, True)
    for number, (name, one) in enumerate(zip(names, asked, strict=True)):
        path, rule = f"people/bomb-{number}.yaml", REFUSED[name][1]
        assert rule in told(judged, path)
        if rule != "yaml-quote":
            assert path in shown.err
            assert (one.code, one.out) == (2, "")
            assert path in one.err


@pytest.mark.parametrize("name", HARMLESS)
def test_an_odd_file_that_is_sound_is_read(name: str, small: Ground) -> None:
    small.put("people/odd.yaml", HARMLESS[name])
    judged, shown, _ = small.ask("validate --format json", "show odd --format md", "show odd")
    assert told(judged, "people/odd.yaml") <= {"orphan"}
    assert shown.code == 0


@pytest.mark.parametrize("name", [name for name in REFUSED if len(REFUSED[name][0]) < 5_000][::3])
def test_hostile_settings_hide_no_record(name: str, small: Ground) -> None:
    small.put("kmics.yaml", REFUSED[name][0])
    (shown,) = small.ask("show alpha --format md")
    assert (shown.code, "Ann Other" in shown.out) == (0, True)
    assert "kmics.yaml" in shown.err


def test_all_of_them_at_once_in_every_kind_of_record(ground: Ground) -> None:
    small = {number: data for number, (data, _) in enumerate(REFUSED.values()) if len(data) < 1_000}
    for number, data in small.items():
        for kind in ("bodies", "documents", "priorities", "requirements"):
            ground.put(f"{kind}/bomb-{kind}-{number}.yaml", data)
    done = ground.ask(*EVERY)
    judged, shown = done[1], done[EVERY.index(f"show {KNOWN} --sources --format table")]
    found = {problem["path"].rpartition("/")[2] for problem in judged.answer["problems"]}
    assert {f"bomb-bodies-{number}.yaml" for number in small} <= found
    assert KNOWN_NAME in shown.out
    assert shown.err.count("\n") < 10
