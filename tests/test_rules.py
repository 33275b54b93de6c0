"""What `validate` finds: registries written as text, each guilty line marked with the rule it breaks."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bless import MINI, MINI_DAY, REAL, TOP, run
from kmics_cli.load import load
from kmics_cli.problems import Problem, visible
from kmics_cli.rules import checked
from kmics_cli.shape import SCHEMA_OF, Shapes
from kmics_cli.snapshot import Snapshot

SHAPES = Shapes(TOP / "schema")
TODAY = date(2026, 11, 21)
ORPHANS = {"unused-person", "uncited-document"}
SETTINGS = 'name: Test\nmodel: "1"\nkinds:\n  board: board\n  trust: trust\nidentifier_schemes:\n  code: a code\n'
posix = pytest.mark.only_on("posix", reason="Windows has no such files")


def registry(text: str) -> Snapshot:
    """Return the registry that `text` holds: a file after each line `--- path`, with the editor's line put first.

    `--- path as it is` puts no line first. A registry without a kmics.yaml gets a sound one.
    """
    files = {"kmics.yaml": SETTINGS}
    as_they_are: set[str] = set()
    for part in re.split(r"^--- ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        path, _, how = head.partition(" ")
        files[path] = body
        if how:
            as_they_are.add(path)
    texts = {}
    for path, body in sorted(files.items()):
        kind = SCHEMA_OF["kmics" if path == "kmics.yaml" else path.partition("/")[0]]
        line = f"# yaml-language-server: $schema={'../' * (path.count('/') + 1)}schema/{kind}.json\n"
        texts[path] = (body if path in as_they_are else line + body).encode()
    return Snapshot(texts, (), None)


def problems(snapshot: Snapshot) -> list[Problem]:
    """Return what is found, but for records that nothing names: a small example has them by its nature."""
    some = checked(snapshot, load(snapshot.texts, SHAPES), TODAY).problems
    return [problem for problem in some if problem.rule not in ORPHANS]


def expected(snapshot: Snapshot) -> set[tuple[str, int, str]]:
    return {
        (path, number, rule)
        for path, data in snapshot.texts.items()
        for number, line in enumerate(data.decode().split("\n"), 1)
        for rule in re.findall(r"# <- ([a-z-]+)", line)
    }


def found(some: list[Problem]) -> set[tuple[str, int, str]]:
    return {(problem.source.path, problem.line, problem.rule) for problem in some}


SOUND = """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2020-01-01
to: 2022-06-30
sources: [paper line 1]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ann-other
      from: 2020-01-01
      to: 2022-06-30
      sources: [paper line 2]
    - person: not-named
      from: 2022-06-30
      sources: [paper line 3]
--- people/ann-other.yaml
name: Ann Other
--- documents/paper.yaml
title: A paper
kind: paper
"""

MARKED: dict[str, str] = {
    "nothing wrong": SOUND,
    "a person, a document, a body, a kind and a scheme that are not there": """
--- bodies/alpha.yaml
name: Alpha
kind: bord # <- unknown-reference
from: "2020"
part_of:
- body: omega # <- unknown-reference
  relation: board-of
identifiers:
- scheme: cod # <- unknown-reference
  code: A1
sources:
- papre line 1 # <- unknown-reference
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: an-other # <- unknown-reference
      from: "2020"
      sources:
      - document: paper
--- people/ann-other.yaml
name: Ann Other
--- documents/paper.yaml
title: A paper
kind: paper
""",
    "a role that is not there, and a body where a role should be": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: "2020"
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    ex_officio:
    - role: alpha/chief # <- unknown-reference
      from: "2020"
  second:
    title: Second
    member_type: member
    nominated_by:
    - by: [alpha, alpha/third] # <- unknown-reference
--- documents/paper.yaml
title: A paper
kind: paper
""",
    "an item of priorities that is not there": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: "2020"
sources: [paper]
--- priorities/aims.yaml
name: Aims
owner: alpha
from: "2020"
sources: [paper]
items:
- number: 1
  summary: One.
- number: 2
  summary: Two.
  follows:
  - item: aims/1
    sources: [paper]
  - item: aims/3 # <- unknown-reference
    sources: [paper]
--- documents/paper.yaml
title: A paper
kind: paper
""",
    "a former id is only a warning": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: "2020"
sources:
- old-paper line 1 # <- former-id
roles:
  chair:
    title: Chair
    member_type: chair
    former_ids: [head]
  deputy:
    title: Deputy
    member_type: deputy
    ex_officio:
    - role: alpha/head # <- former-id
      from: "2020"
--- documents/paper.yaml
title: A paper
kind: paper
former_ids: [old-paper]
""",
    "a rotation beside a role that this body does not have": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: "2020"
sources: [paper]
roles:
  vice-chair:
    title: Vice-chair
    member_type: vice-chair
    rotation:
      among: [alpha/vice-chair, alpha/third]
      other_than: chairman # <- unknown-role-of-this-body
  third:
    title: Third
    member_type: member
--- documents/paper.yaml
title: A paper
kind: paper
""",
    "ends before it begins, only where that is certain": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2020-01-01
to: 2019-12-31 # <- end-before-start
sources: [paper]
names:
- name: Beta
  use: former
  from: 2021-06
  to: 2021-05 # <- end-before-start
- name: Gamma
  use: former
  from: 2021-06/2021-07
  to: 2021-06
- name: Delta
  use: former
  from: 2021-06/2021-07
  to: 2021-05/2021-06
- name: Epsilon
  use: former
  from: "2021"
  to: "2021"
- name: Zeta
  use: former
  from: unknown
  to: "1999"
- name: Eta
  use: former
  from: "2020~"
  to: "2019"
--- documents/paper.yaml
title: A paper
kind: paper
from: 2020-01-02
to: 2020-01-01 # <- end-before-start
""",
    "outside the life of the body or the role, only where that is certain": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2020-01-01
to: 2022-06-30 # <- outside-life
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ann-other
      from: 2022-07-01
      sources: [paper]
    - person: ann-other
      from: unknown
      to: 2019-12-31 # <- outside-life
      sources: [paper]
    - person: ann-other
      from: 2022-06-30
      sources: [paper]
    - person: ann-other
      from: 2022-06/2022-07
      sources: [paper]
    - person: ann-other
      from: "2022"
      to: unknown
      sources: [paper]
    vacant:
    - from: 2023-01-01
      sources: [paper]
  second:
    title: Second
    member_type: member
    from: 2021-01-01
    to: 2021-12-31
    appointments:
    - person: ann-other
      from: 2022-01-01 # <- outside-life
      sources: [paper]
    - person: ann-other
      from: 2020-01-01
      to: 2020-12-31 # <- outside-life
      sources: [paper]
    - person: ann-other
      from: 2021-12-31
      sources: [paper]
--- people/ann-other.yaml
name: Ann Other
--- documents/paper.yaml
title: A paper
kind: paper
""",
    "outside a life that a successor and a parent end": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2020-01-01
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ann-other
      from: 2022-07-01 # <- outside-life
      sources: [paper]
    - person: ann-other
      from: 2022-06-30
      sources: [paper]
--- bodies/committee.yaml
name: Committee
kind: board
from: 2020-01-01
part_of:
- body: alpha
  relation: committee-of
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ann-other
      from: "2023" # <- outside-life
      sources: [paper]
--- bodies/beta.yaml
name: Beta
kind: board
from: 2022-07-01
succeeds:
- of: [alpha]
  kind: replacement
  date: 2022-07-01
  sources: [paper]
sources: [paper]
--- people/ann-other.yaml
name: Ann Other
--- documents/paper.yaml
title: A paper
kind: paper
""",
    "no line for editors, the wrong one, and one that is not first": """
--- people/a.yaml as it is
name: A # <- schema-line
--- people/b.yaml as it is
# yaml-language-server: $schema=../../schema/body.json # <- schema-line
name: B
--- people/c.yaml as it is
# A comment first. # <- schema-line
# yaml-language-server: $schema=../../schema/person.json
name: C
--- people/d.yaml as it is
# yaml-language-server: $schema=../../schema/person.json
name: D
""",
    "one id in two places": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: "2020"
sources: [paper]
--- bodies/more/alpha.yaml
name: Alpha # <- duplicate-id
kind: board
from: "2020"
sources: [paper]
--- documents/paper.yaml
title: A paper
kind: paper
--- people/alpha.yaml
name: Al Pha # <- duplicate-id
""",
    "shape": """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2022-23 # <- bad-date
rols: {} # <- unknown-field
level: local # <- unknown-value
class: maybe # <- wrong-type
part_of: [] # <- empty-field
sources: [paper]
roles:
  Chair: # <- bad-text
    title: Chair
    member_type: chair
  second:
    title: Second
    seats: two # <- bad-text
    member_type: king # <- unknown-value
--- documents/paper.yaml
title: A paper
kind: paper
""",
    "what other programs would not read as text": """
--- people/year.yaml
name: 2016 # <- yaml-quote
--- people/code.yaml
name: 5E1 # <- yaml-quote
--- people/word.yaml
name: yes # <- yaml-quote # <- name-with-additions
--- people/nothing.yaml
name: # <- empty-field
--- people/quoted.yaml
name: "2016"
""",
    "YAML": """
--- people/a.yaml
name: [A # <- yaml-syntax
--- people/b.yaml
name: B
name: C # <- yaml-duplicate-key
--- people/c.yaml
name: &anchor C # <- yaml-alias
--- people/d.yaml
name: !!str D # <- yaml-tag
--- people/f.yaml
[name]: F # <- yaml-key
--- people/g.yaml
name: "\\e[2J" # <- text-control
--- people/h.yaml as it is
%YAML 1.1 # <- yaml-directive # <- schema-line
--- people/i.yaml as it is
# <- yaml-empty # <- schema-line
""",
}


@pytest.mark.parametrize("name", MARKED)
def test_each_marked_line_is_found_and_no_other(name: str) -> None:
    snapshot = registry(MARKED[name])
    some = problems(snapshot)
    assert found(some) == expected(snapshot)
    assert len(some) == len(expected(snapshot)), "one cause, one message"
    for problem in some:
        assert problem.message.endswith(".")
        assert problem.help
        assert problem.column > 0


def test_a_second_document_is_refused_at_its_line() -> None:
    path = "people/a.yaml"
    line = b"# yaml-language-server: $schema=../../schema/person.json\n"
    snapshot = Snapshot(
        {"kmics.yaml": registry("").texts["kmics.yaml"], path: line + b"name: A\n---\nname: B\n"}, (), None
    )
    assert found(problems(snapshot)) == {(path, 3, "yaml-documents")}


def many(count: int) -> str:
    roles = "".join(
        f"  seat-{n}:\n    title: Seat\n    member_type: member\n    appointments:\n"
        f"    - person: gone-away\n      from: 2020-01\n      sources: [paper]\n"
        for n in range(count)
    )
    return (
        "--- bodies/alpha.yaml\nname: Alpha\nkind: board\nfrom: 2020-01\nsources: [paper]\nroles:\n"
        f"{roles}--- documents/paper.yaml\ntitle: A paper\nkind: paper\n"
    )


def test_ten_roles_pointing_at_one_missing_person_are_one_problem() -> None:
    some = problems(registry(many(10)))
    assert [problem.rule for problem in some] == ["unknown-reference"]
    assert some[0].message == "There is no person 'gone-away', named in 10 places."
    assert some[0].help == "Add a file people/gone-away.yaml, or correct the id."
    assert len(some[0].related) == 9
    assert len({source.pointer for source in some[0].related} | {some[0].source.pointer}) == 10


def test_the_places_told_are_bounded() -> None:
    (one,) = problems(registry(many(50)))
    assert "in 50 places" in one.message
    assert len(one.related) == 10


def test_references_to_a_broken_record_do_not_cascade() -> None:
    text = SOUND.replace("name: Ann Other", "name: [").replace("title: A paper", "titel: A paper")
    text += "--- bodies/beta.yaml\nname: Beta\nkind: board\nfrom: 2020-01\nsources: [paper]\npart_of:\n"
    text += "- body: gamma\n  relation: board-of\nroles:\n  deputy:\n    title: Deputy\n    member_type: deputy\n"
    text += "    ex_officio:\n    - role: gamma/chair\n      from: 2020-01\n--- bodies/gamma.yaml\nname: 5\n- x\n"
    some = problems(registry(text))
    assert {problem.source.path for problem in some} == {
        "people/ann-other.yaml",
        "documents/paper.yaml",
        "bodies/gamma.yaml",
    }
    assert "unknown-reference" not in {problem.rule for problem in some}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("person: ann-othr", "Did you mean 'ann-other'?"),
        ("person: paper", "'paper' is there, but among the documents."),
        ("person: zzzzzzzz", "Add a file people/zzzzzzzz.yaml, or correct the id."),
    ],
)
def test_what_was_meant_is_offered(wrong: str, right: str) -> None:
    (one,) = problems(registry(SOUND.replace("person: ann-other", wrong)))
    assert one.help == right


def test_did_you_mean_has_its_limits() -> None:
    """A name of 10,000 characters, and hundreds of missing ones, cost no more than others."""
    long = "a" * 9_000
    text = SOUND.replace("person: ann-other", f"person: {long}")
    began = time.perf_counter()
    some = problems(registry(text))
    assert len(some) == 1
    assert len(some[0].message) < 250
    assert len(some[0].help) < 250
    names = "".join(f"    - person: nobody-{n}\n      from: 2020-01\n      sources: [paper]\n" for n in range(900))
    some = problems(registry(SOUND.replace("    appointments:\n", f"    appointments:\n{names}")))
    assert sum(problem.rule == "unknown-reference" for problem in some) == 900
    assert time.perf_counter() - began < 20


def test_places_are_columns_that_an_editor_finds() -> None:
    (one,) = problems(registry(SOUND.replace("person: ann-other", "person: ann-othr")))
    line = (
        registry(SOUND.replace("person: ann-other", "person: ann-othr"))
        .texts["bodies/alpha.yaml"]
        .decode()
        .split("\n")[one.line - 1]
    )
    assert line[one.column - 1 :].startswith("ann-othr")


@pytest.mark.parametrize(("root", "day"), [(MINI, MINI_DAY), (REAL, "2026-11-22")], ids=["mini", "real"])
def test_both_registries_are_without_errors(root: Path, day: str) -> None:
    """On the last day on which one of their documents was read, or a later one."""
    done = run("validate", "--format", "json", registry=root, today=day)
    assert [one for one in json.loads(done.out)["problems"] if one["severity"] == "error"] == []
    assert done.code == 0


# --- through the command line


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    return shutil.copytree(MINI, tmp_path / "registry")


def put(root: Path, path: str, text: str | bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode() if isinstance(text, str) else text)


PERSON = "# yaml-language-server: $schema=../../schema/person.json\n"


def test_only_the_problems_of_a_path(mini: Path) -> None:
    put(mini, "people/odd.yaml", f"{PERSON}nam: Odd\n")
    put(mini, "documents/odd-paper.yaml", "titel: Odd\n")
    root = Path(os.path.relpath(mini, TOP)).as_posix()

    def paths(*words: str) -> tuple[int, set[str]]:
        done = run("validate", *words, "--format", "json", registry=mini)
        told = (problem for problem in json.loads(done.out)["problems"] if problem["severity"] == "error")
        return done.code, {Path(problem["path"]).name for problem in told}

    assert paths() == (1, {"odd.yaml", "odd-paper.yaml"})
    for path in ("people", "people/", f"{root}/people", f"{root}/people/odd.yaml", "people/odd.yaml"):
        assert paths(path) == (1, {"odd.yaml"})
    assert paths("people", "documents/odd-paper.yaml") == (1, {"odd.yaml", "odd-paper.yaml"})
    assert paths("people/ada-invented.yaml") == (0, set())
    assert run("validate", "peop", registry=mini).code == 2


BOMBS: dict[str, bytes] = {
    "flow nesting": b"name: " + b"[" * 100_000,
    "block nesting": b"- " * 100_000,
    "closed nesting": b"name: " + b"[" * 50_000 + b"]" * 50_000,
    "mapping nesting": b"name: " + b"{a: " * 50_000,
    "billion laughs": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nname: *c\n",
    "self alias": b"name: &x [*x]\n",
    "merge key": b"<<: {name: A}\n",
    "python tag": b"name: !!python/object/apply:os.system [echo]\n",
    "second document": b"name: A\n---\nname: B\n",
    "directive": b"%YAML 1.1\n---\nname: A\n",
    "duplicate keys": b'name: A\n"na\\x6de": B\n',
    "complex key": b"? [a, b]\n: c\nname: A\n",
    "null key": b"~: x\nname: A\n",
    "forty thousand keys": b"".join(b"key%d: x\n" % n for n in range(40_000)),
    "long digits": b"name: " + b"9" * 5_000 + b"\n",
    "nobody's day": b"name: 2020-02-30x\nfrom: 2020-02-30\n",
    "empty": b"",
    "comments only": b"# nothing\n\n",
    "not UTF-8": b"name: \xff\xfe\n",
    "UTF-16": "name: A\n".encode("utf-16"),
    "byte-order mark": b"\xef\xbb\xbfname: A\n",
    "NUL": b"name: A\0B\n",
    "escape": b"name: \x1b[2JA\n",
    "escaped escape": b'name: "\\x1b[2J"\n',
    "C1": "name: \x9b2J\n".encode(),
    "next line": "name: a\x85b: c\n".encode(),
    "line separator": "name: a\u2028b: c\n".encode(),
    "bidirectional": "name: \u202eevil\u202c\n".encode(),
    "surrogate": b'name: "\\ud800"\n',
    "tab": b"name:\tA\n\tb: c\n",
    "a list": b"- name\n",
    "one word": b"name\n",
    "too large": b"name: " + b"x" * 1_000_001 + b"\n",
    "long text": b"name: " + b"x" * 50_000 + b"\n",
    "id with a line end": b'name: A\nformer_ids: ["a\\n"]\n',
    "full-width digits": 'name: A\nformer_ids: ["a１"]\n'.encode(),
}
"""Files that no honest editor writes."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_is_one_finding_and_hides_no_other(name: str, mini: Path) -> None:
    put(mini, "people/bomb.yaml", BOMBS[name])
    began = time.perf_counter()
    done = run("validate", "--format", "json", registry=mini)
    shown = run("show", "nowshire-board", registry=mini)
    assert time.perf_counter() - began < 20
    assert done.code == 1
    answer = json.loads(done.out)
    told = [problem for problem in answer["problems"] if problem["severity"] == "error"]
    assert told
    assert {Path(problem["path"]).name for problem in told} == {"bomb.yaml"}
    assert len(told) <= 30
    assert all(len(problem["message"]) + len(problem["help"]) < 2_000 for problem in told)
    assert shown.code == 0
    assert "Dame Ada Invented" in shown.out
    assert "people/bomb.yaml" in shown.err
    asked = run("show", "bomb", registry=mini)
    assert (asked.code, asked.out) == (2, "")
    assert "bomb" in asked.err
    for text in (done.out, shown.err, asked.err, run("validate", registry=mini).out):
        assert all(line == visible(line) for line in text.split("\n"))
        assert "Traceback" not in text


def link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def loop(path: Path) -> None:
    path.symlink_to(path.parent)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def socket_file(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the whole path may be too long for a socket
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(path.name)
    finally:
        os.chdir(here)


@posix
@pytest.mark.parametrize("make", [link, loop, pipe, socket_file])
def test_what_is_no_plain_file_is_not_opened(make: Callable[[Path], None], mini: Path) -> None:
    make(mini / "people" / "bomb.yaml")
    done = run("validate", registry=mini)
    assert done.code == 1
    assert "people/bomb.yaml:1:1: error: " in done.out
    shown = run("show", "nowshire-board", registry=mini)
    assert (shown.code, "Dame Ada Invented" in shown.out) == (0, True)
    assert "people/bomb.yaml" in shown.err


@posix
@pytest.mark.parametrize(
    "name",
    [
        "two\nlines.yaml",
        "::error file=x::y.yaml",
        "esc\x1b[2J.yaml",
        "\u202eevil.yaml",
        "-rf.yaml",
        "a, b: c.yaml",
        "con.yaml",
        "ADA-INVENTED.yaml",
        "[link=x].yaml",
    ],
)
def test_a_hostile_file_name_is_shown_as_it_is_and_does_nothing(name: str, mini: Path) -> None:
    (mini / "people" / name).write_text(f"{PERSON}name: A\n", encoding="utf-8")
    for format in ("text", "json"):
        done = run("validate", "--format", format, registry=mini)
        assert done.code == 1
        assert all(line == visible(line) for line in done.out.split("\n"))
        assert not any(line.startswith("::") for line in done.out.split("\n"))
    shown = run("show", "nowshire-board", registry=mini)
    assert shown.code == 0
    assert all(line == visible(line) for line in shown.err.split("\n"))
    assert shown.err.count("\n") == 3


def test_hostile_words_in_sound_files_stay_words(mini: Path) -> None:
    """Markup of rich, Markdown and HTML is text to YAML; it is text to every view as well."""
    words = "[red]A[/] [/b] :smile: [link=http://evil.invalid]b[/link] <b>c</b> | *d* `e`"
    put(mini, "people/odd-words.yaml", f"{PERSON}name: '{words}'\n")
    done = run("show", "odd-words", registry=mini)
    assert done.code == 0
    assert " ".join(done.out.split()).startswith(f"{words}, on 30 June 2026")
    assert json.loads(run("show", "odd-words", "--format", "json", registry=mini).out)["person"]["name"] == words


def test_ids_that_reach_out_of_the_registry_lead_nowhere(mini: Path) -> None:
    for ref in (
        "../../../etc/passwd",
        "/etc/passwd",
        "people/../kmics",
        "\0",
        "-x",
        "..",
        "/",
        "a/b/c",
    ):
        words = ["show", "--", ref] if ref.startswith("-") else ["show", ref]
        done = (
            run(*words, registry=mini)
            if words[1] != "--"
            else run("show", "--registry", str(mini), "--", ref, registry=None, today=None)
        )
        assert (done.code, done.out) == (2, "")
        assert "Traceback" not in done.err
