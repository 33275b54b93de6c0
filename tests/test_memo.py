"""The memo changes nothing but the time: it is the user's alone, never the checkout's, and may break or vanish."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bless import CASES, FORMATS, GOLDEN, MINI, MINI_DAY, REAL, REAL_DAY, TOP, Ran, run
from fuzzing import examples
from kmics_cli import memo
from kmics_cli.cli.cache import memo_file
from kmics_cli.dates import typed
from kmics_cli.load import _READING, load, stamp
from kmics_cli.memo import Memo
from kmics_cli.model import KINDS, Records
from kmics_cli.problems import Problem
from kmics_cli.query import Asked
from kmics_cli.query.find import _roots, entries, plain
from kmics_cli.query.lives import Lives
from kmics_cli.rules.look import Look
from kmics_cli.rules.references import references
from kmics_cli.shape import Shapes
from kmics_cli.snapshot import read_folder
from test_floors import SOURCE, own

SCHEMA = TOP / "schema"
SHAPES = Shapes(SCHEMA)
STAMP = "0" * 64


@pytest.fixture
def caches(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's folder for caches, which is empty; from here on a memo pays for any registry."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.delenv("KMICS_MEMO", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(memo, "LEAST_FILES", 0)
    monkeypatch.setattr(memo, "LEAST_NEW", 1)
    return home


def kept(caches: Path) -> list[Path]:
    return [path for path in caches.rglob("*") if path.is_file()]


def the_file(root: Path) -> Path:
    found = memo_file(root)
    assert isinstance(found, Path), found
    return found


def made_stamp() -> str:
    found = stamp(SCHEMA)
    assert found is not None
    return found


@pytest.mark.parametrize("format", FORMATS)
def test_a_warm_answer_is_the_one_without_a_memo(caches: Path, format: str) -> None:
    assert run("list", "bodies").code == 0
    file = the_file(MINI)
    before = file.read_bytes()
    turn = list(FORMATS).index(format)
    for name, command in list(CASES.items())[turn :: len(FORMATS)]:  # each question in one format, by turns
        done = run(*shlex.split(command), "--format", format)
        wanted = (GOLDEN / f"{name}.{FORMATS[format]}").read_text(encoding="utf-8")
        assert done.out.replace("\r\n", "\n") == wanted, command
    assert file.read_bytes() == before


REAL_QUESTIONS = (
    "show icb-board --sources",
    "show 'Roger Gough'",
    "show icb-executive/chief-digital-officer",
    "show nhs-kent-and-medway-icb",
    "show icb",
    "show nothing-of-this-name",
    "list bodies --status all",
    "list appointments",
    "list documents",
    "tree",
    "tree nhs-kent-and-medway-icb",
    "search strategy",
    "timeline nhs-kent-and-medway-icb",
    "timeline 'Roger Gough'",
    "changes 2022-06-30 2025 --continuing",
    "validate",
)


@pytest.mark.parametrize("question", REAL_QUESTIONS)
def test_off_cold_and_warm_answer_alike(caches: Path, monkeypatch: pytest.MonkeyPatch, question: str) -> None:
    def asked() -> list[Ran]:
        words = shlex.split(question)
        turn = REAL_QUESTIONS.index(question) % len(FORMATS)
        formats = ("text", "json") if words[0] == "validate" else (list(FORMATS)[turn],)
        return [run(*words, "--format", format, registry=REAL, today=REAL_DAY) for format in formats]

    monkeypatch.setenv("KMICS_MEMO", "off")
    off = asked()
    assert kept(caches) == []
    monkeypatch.delenv("KMICS_MEMO")
    cold = asked()
    assert [path.suffix for path in kept(caches)] == [".memo"]
    assert off == cold == asked()


def told(
    texts: dict[str, bytes], known: Memo | None
) -> tuple[list[str], dict[tuple[str, str], Problem], list[Problem]]:
    """Return all that loading gives: every record with its places, what is broken, and the problems."""
    registry, problems = load(texts, SHAPES, (), known)
    records = [repr(record) for kind in KINDS for record in registry.records(kind).values()]
    return [repr(registry.settings), *records], registry.broken, problems


MINI_TEXTS = dict(read_folder(MINI).texts)
PATHS = st.sampled_from(sorted(MINI_TEXTS))
EDITS = st.one_of(
    st.tuples(
        st.just("append"),
        PATHS,
        st.sampled_from(["# note\n", "name: X\n", 'note: Ünd "so\\n"\n', "\t", "from: 2019\n"]),
    ),
    st.tuples(st.just("remove"), PATHS, st.just("")),
    st.tuples(st.just("restore"), PATHS, st.just("")),
    st.tuples(st.just("copy"), PATHS, PATHS),
    st.tuples(st.just("add"), st.sampled_from(["people/new.yaml", "bodies/new.yaml"]), st.text(max_size=20)),
)


@hypothesis_settings(max_examples=examples(10), deadline=None)
@given(st.lists(st.lists(EDITS, max_size=4), min_size=2, max_size=4))
def test_whatever_is_edited_in_between(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str, str]]]
) -> None:
    """A memo kept from one state of the files to the next gives the same registry as reading them all."""
    file = tmp_path_factory.mktemp("memo") / "kept" / "a.memo"
    texts = dict(MINI_TEXTS)
    for edits in rounds:
        for what, path, more in edits:
            if what == "append":
                texts[path] = texts.get(path, b"") + more.encode()
            elif what == "remove":
                texts.pop(path, None)
            elif what == "copy":
                texts[path] = MINI_TEXTS[more]
            else:
                texts[path] = MINI_TEXTS.get(path, f"name: {more}\n".encode("utf-8", "replace"))
        known = Memo(file, STAMP)
        assert told(texts, known) == told(texts, None)
        memo.write(file, STAMP, known._known)


def test_the_same_text_in_another_folder_is_another_text() -> None:
    """What is sound as a person may be unsound as a document; a line of one is never the other's."""
    texts = {
        "kmics.yaml": MINI_TEXTS["kmics.yaml"],
        "people/a.yaml": b"name: A\n",
        "documents/b.yaml": b"name: A\n",
    }
    known = Memo(Path("nowhere"), STAMP)
    assert told(texts, known) == told(texts, known) == told(texts, None)
    assert ("documents", "b") in told(texts, known)[1]


def test_a_text_with_a_problem_is_never_kept() -> None:
    texts = {**MINI_TEXTS, "people/quoted.yaml": b"name: 2016\n", "people/bad.yaml": b"name: [\n"}
    known = Memo(Path("nowhere"), STAMP)
    _, _, problems = told(texts, known)
    assert {problem.source.path for problem in problems} >= {"people/quoted.yaml", "people/bad.yaml"}
    assert len(known._known) == len({(path.split("/")[0], text) for path, text in texts.items()}) - len(
        {problem.source.path for problem in problems}
    )
    assert told(texts, known)[2] == problems


def test_a_memo_is_the_users_alone(caches: Path) -> None:
    assert run("show", "nowshire-board").code == 0
    (file,) = kept(caches)
    assert file == the_file(MINI)
    assert file.read_bytes().startswith(b"kmics memo " + made_stamp().encode())
    if os.name != "nt":
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def poisoned(file: Path) -> None:
    """Put a memo in place that is right in every way, but says other things of the same texts."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = Memo(file, made_stamp())
    told(MINI_TEXTS, known)
    memo.write(file, made_stamp(), {k: v.replace(b"Nowshire", b"Poisoned") for k, v in known._known.items()})


def test_what_the_memo_says_is_used(caches: Path) -> None:
    """Or the tests that a memo is not used would show nothing."""
    poisoned(the_file(MINI))
    assert "Poisoned" in run("show", "nowshire-board").out


@pytest.mark.parametrize("name", ["HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"])
@pytest.mark.parametrize("git", [True, False])
def test_no_memo_comes_from_the_checkout_or_goes_there(
    caches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, git: bool
) -> None:
    """Nor when the user's home, or the folder for caches, lies in the checkout, or is a link into it."""
    checkout = tmp_path / "checkout"
    root = checkout / "registry" if git else checkout
    shutil.copytree(MINI, root)
    if git:
        (checkout / ".git").mkdir()
    poisoned(the_file(root))
    inside = checkout / "kept"
    shutil.move(caches, inside)
    for each in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(each)
    before = sorted(checkout.rglob("*"))
    ways = [inside]
    if os.name != "nt":
        (tmp_path / "link").symlink_to(inside)
        ways.append(tmp_path / "link")
    for way in ways:
        monkeypatch.setenv(name, str(way))
        assert "none is kept" in str(memo_file(root))
        assert "Poisoned" not in run("show", "nowshire-board", registry=root).out
    monkeypatch.setenv(name, "kept")
    monkeypatch.chdir(checkout)
    assert "none is kept" in str(memo_file(root))
    assert sorted(checkout.rglob("*")) == before


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def of_another_tool(file: Path) -> None:
    known = memo.read(file, made_stamp())
    memo.write(file, "f" * 64, known)


def linked(file: Path) -> None:
    file.rename(file.with_suffix(".elsewhere"))
    file.symlink_to(file.with_suffix(".elsewhere"))


def open_to_others(file: Path) -> None:
    file.chmod(0o666)


def folder_open_to_others(file: Path) -> None:
    file.parent.chmod(0o755)


def folder_linked(file: Path) -> None:
    folder = file.parent
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def too_big(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(memo.MOST_BYTES + 1)


def empty(file: Path) -> None:
    file.write_bytes(b"")


EVERYWHERE = (cut, flipped, of_another_tool, a_folder, too_big, empty)
POSIX = (linked, open_to_others, folder_open_to_others, folder_linked, a_pipe) if os.name != "nt" else ()
NEVER_MENDED = (folder_open_to_others, folder_linked, a_folder)


@pytest.mark.parametrize("damage", [*EVERYWHERE, *POSIX], ids=lambda damage: damage.__name__)
def test_a_memo_that_is_not_as_we_left_it_is_passed_over(caches: Path, damage: object) -> None:
    """In silence; and where the place is good, it is written anew."""
    assert callable(damage)
    file = the_file(MINI)
    poisoned(file)
    damage(file)
    wanted = (GOLDEN / "show" / "board.txt").read_text(encoding="utf-8")
    for _ in range(2):
        done = run("show", "nowshire-board")
        assert (done.code, done.out.replace("\r\n", "\n"), done.err) == (0, wanted, "")
    if damage not in NEVER_MENDED:
        assert len(memo.read(file, made_stamp())) == len(MINI_TEXTS)


def test_a_memo_of_somebody_else_is_passed_over(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poisoned(the_file(MINI))
    if os.name != "nt":
        monkeypatch.setattr(os, "getuid", lambda: 12_345)
        assert "Poisoned" not in run("show", "nowshire-board").out


def test_a_memo_that_cannot_be_written_costs_nothing(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = caches / "blocked"
    blocked.write_text("a file where a folder should be", encoding="utf-8")
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(blocked))
    done = run("show", "nowshire-board")
    assert (done.code, done.err) == (0, "")
    assert kept(caches) == [blocked]


def test_a_full_disk_leaves_nothing_behind(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert run("show", "nowshire-board").code == 0
    assert kept(caches) == []


@pytest.mark.parametrize(("name", "value"), [("KMICS_MEMO", "off"), ("CI", "true"), ("CI", "1")])
def test_it_can_be_switched_off_and_ci_has_none(
    caches: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    poisoned(the_file(MINI))
    file = the_file(MINI)
    monkeypatch.setenv(name, value)
    for command in (("show", "nowshire-board"), ("validate",)):
        assert "Poisoned" not in run(*command).out
    assert kept(caches) == [file]
    assert f"Memo: {memo_file(MINI)}\n" in run("doctor").out


def test_a_small_registry_has_none(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "LEAST_FILES", len(MINI_TEXTS) + 1)
    assert run("show", "nowshire-board").code == 0
    assert kept(caches) == []


def test_a_few_new_texts_are_not_worth_writing_for(
    caches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "registry"
    shutil.copytree(MINI, root)
    run("list", "bodies", registry=root)
    before = the_file(root).read_bytes()
    monkeypatch.setattr(memo, "LEAST_NEW", 3)
    for number in range(3):
        (root / "people" / f"new-{number}.yaml").write_text(f"name: New {number}\n", encoding="utf-8")
        assert f"New {number}" in run("list", "people", registry=root).out
        assert (the_file(root).read_bytes() == before) == (number < 2)
    (root / "people" / "new-0.yaml").unlink()
    for number in range(3, 6):
        (root / "people" / f"new-{number}.yaml").write_text(f"name: New {number}\n", encoding="utf-8")
    run("list", "bodies", registry=root)
    assert b"New 5" in the_file(root).read_bytes()
    assert b"New 0" not in the_file(root).read_bytes()


def test_doctor_says_where_it_is_and_how_big(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as small:
        small.setattr(memo, "LEAST_FILES", len(MINI_TEXTS) + 1)
        told = f"Memo: none yet; one is kept for {len(MINI_TEXTS) + 1} files or more, in {the_file(MINI)}\n"
        assert told in run("doctor").out
    run("show", "nowshire-board")
    assert f" MB in {the_file(MINI)}; it is safe to delete\n" in run("doctor").out


def test_several_at_once(caches: Path, tmp_path: Path) -> None:
    """Processes that read and write the same memo answer alike, and leave one whole memo behind."""
    root = tmp_path / "registry"
    made = [sys.executable, str(TOP / "benchmarks" / "generate.py"), "130", str(root)]
    subprocess.run(made, check=True, timeout=120)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "kmics_cli", "list", "bodies", "--format", "json", "--registry", str(root)]
    outputs = set()
    for _ in range(2):
        at_once = [
            subprocess.Popen([*command, "--today", MINI_DAY], env=environment, stdout=subprocess.PIPE)
            for _ in range(4)
        ]
        outputs |= {process.communicate(timeout=120)[0] for process in at_once}
        assert {process.returncode for process in at_once} == {0}
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())["items"]) > 100
    (file,) = kept(caches)
    assert len(memo.read(file, made_stamp())) == len({*read_folder(root).texts.items()})


def test_another_way_of_reading_is_another_stamp(tmp_path: Path) -> None:
    shutil.copytree(SCHEMA, tmp_path / "schema")
    assert stamp(tmp_path / "schema") == made_stamp()
    with (tmp_path / "schema" / "person.json").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert stamp(tmp_path / "schema") not in (None, made_stamp())


def test_the_stamp_covers_all_code_that_reads() -> None:
    reading, ahead = set(), ["load"]
    while ahead:
        name = ahead.pop()
        reading.add(f"{name}.py")
        ahead.extend(
            found.partition(":")[0] for found in own(SOURCE / f"{name}.py") if f"{found}.py" not in reading
        )
    assert reading == set(_READING)


WORLDS = pytest.mark.parametrize("root", [MINI, REAL], ids=["mini", "real"])


@WORLDS
def test_whoever_refers_to_a_record_is_found(root: Path) -> None:
    """Asking who may mention an id, or a role, misses nobody."""
    snapshot = read_folder(root)
    registry, _ = load(snapshot.texts, SHAPES)
    count = 0
    for reference in references(Look(snapshot, registry, (), date(2026, 6, 30))):
        kind, _, name = reference.source.path.partition("/")
        id = name.rpartition("/")[2].removesuffix(".yaml")
        if kind not in KINDS or reference.kind in ("kinds", "schemes"):
            continue
        targets = (
            {reference.target, reference.target.partition("/")[0]}
            if reference.kind != "items"
            else {reference.target.partition("/")[0]}
        )
        for target in targets:
            assert id in [record.id for record in registry.mentioning(kind, target)], reference
            count += 1
    assert count > 100


@WORLDS
def test_whoever_has_a_name_is_found(root: Path) -> None:
    """Looking only at records with the letters of a name in them misses none that has the name."""
    registry, _ = load(read_folder(root).texts, SHAPES)
    everything = list(entries(registry, Lives(registry)))
    for entry in everything:
        for typed_in in (entry.text, f"the {entry.text.upper()}", f"{entry.text}s"):
            key = plain(typed_in)
            near = list(entries(registry, Lives(registry), _roots(key)))
            if key == plain(entry.text):
                assert entry in near, entry


def test_odd_letters_are_found() -> None:
    for name, asked in (
        ("José Ñandú-Łęcki", "jose nandu łęcki"),
        ("The Straße & Co", "strasse and co"),
        ('A "B" \\C', 'a "b" c'),
        ("Health and Care Committees", "health & care committee"),
        ("Priorities", "priority"),
        ("ﬁnance Office", "finance offices"),
    ):
        texts = {"people/x.yaml": f"name: '{name}'\n".encode()}
        found, problems = load(texts, SHAPES)
        if problems:
            continue
        near = [entry.text for entry in entries(found, Lives(found), _roots(plain(asked)))]
        assert name in near, (name, asked)


def test_a_question_about_one_body_builds_few_records() -> None:
    found, _ = load(read_folder(REAL).texts, SHAPES)
    Asked(found, typed(REAL_DAY)).show("bodies", "icb-board")
    for kind in ("bodies", "people", "documents"):
        records = found.records(kind)
        assert isinstance(records, Records)
        assert 0 < len(records._built) < len(records), kind
