"""The registry's files and what Git says of them: real folders, real repositories, hostile ones too."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kmics_cli.problems import Problem, UserError
from kmics_cli.snapshot import Snapshot, Standing, find_registry, read_folder, shipped_registry, standing
from kmics_cli.snapshot import folder as folder_room
from kmics_cli.snapshot import git as git_room
from kmics_cli.snapshot.checkout import blob_id

posix = pytest.mark.only_on("posix", reason="Windows has no such files")

TEXTS = {
    "bodies/board.yaml": b"name: Board\n",
    "bodies/trust/audit-committee.yaml": b"name: Audit\n",
    "kmics.yaml": b"name: Test\n",
    "people/ada-byron.yaml": b"name: Ada Byron\n",
}


@pytest.fixture(autouse=True)
def quiet_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


def make(root: Path) -> Path:
    for path, text in TEXTS.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "registry")


def git(folder: Path, *args: str, when: str = "2026-03-04T12:00:00+0000", input: bytes = b"") -> str:
    who = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    command = ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *args]
    done = subprocess.run(command, check=True, capture_output=True, input=input, env={**os.environ, **who})
    return done.stdout.decode("utf-8", "replace").strip()


def commit(folder: Path, when: str = "2026-03-04T12:00:00+0000") -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "A commit", when=when)
    return git(folder, "rev-parse", "HEAD")


def start(folder: Path, *options: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main", *options)
    git(folder, "config", "user.name", "Tester")
    git(folder, "config", "user.email", "tester@example.org")
    git(folder, "config", "core.autocrlf", "false")
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = start(tmp_path / "checkout")
    make(folder / "registry")
    (folder / "README.md").write_bytes(b"read me\n")
    commit(folder)
    return folder


def stands(root: Path) -> Standing:
    return standing(root, read_folder(root))


def one(found: Snapshot) -> Problem:
    """Return the only problem, after seeing that it hid no other file."""
    assert dict(found.texts) == TEXTS
    (problem,) = found.problems
    assert problem.message.endswith(".")
    assert problem.help.endswith(".")
    return problem


# --- where the registry is


def test_a_registry_is_found_from_within_from_beside_and_from_below(checkout: Path) -> None:
    registry = (checkout / "registry").resolve()
    (checkout / "docs" / "deep").mkdir(parents=True)
    for place in (registry, registry / "bodies" / "trust", checkout, checkout / "docs" / "deep"):
        assert find_registry(place) == registry


def test_a_registry_at_the_top_of_a_checkout_is_found(tmp_path: Path) -> None:
    make(tmp_path / "top")
    assert find_registry(tmp_path / "top" / "bodies") == (tmp_path / "top").resolve()


def test_no_registry_is_found_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "registry" / "kmics.yaml").mkdir(parents=True)  # a folder is no mark
    assert find_registry(tmp_path) is None
    assert find_registry(tmp_path / "not" / "there") is None


@posix
def test_a_linked_registry_folder_is_not_found(tmp_path: Path) -> None:
    make(tmp_path / "elsewhere")
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "registry").symlink_to(tmp_path / "elsewhere")
    assert find_registry(tmp_path / "checkout") is None


def test_the_shipped_registry_is_in_a_wheel_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folder_room, "__file__", str(tmp_path / "snapshot" / "folder.py"))
    assert shipped_registry() is None
    make(tmp_path / "shipped" / "registry")
    assert shipped_registry() == tmp_path / "shipped" / "registry"


# --- reading a folder


def test_texts_come_whole_and_in_order(root: Path) -> None:
    found = read_folder(root)
    assert found == Snapshot(TEXTS, (), root)
    assert list(found.texts) == sorted(TEXTS)


@pytest.mark.parametrize("text", [b"", b"a: 1\r\nb: 2\r\n", b"\xff\xfe\x00\x1a tail", b"x" * 1_000_000])
def test_bytes_are_left_as_they_are(root: Path, text: bytes) -> None:
    (root / "bodies" / "odd.yaml").write_bytes(text)
    assert read_folder(root).texts["bodies/odd.yaml"] == text


def test_what_is_not_a_registry_is_refused_with_advice(tmp_path: Path) -> None:
    for place in (tmp_path / "absent", tmp_path, tmp_path / "nul\0"):
        with pytest.raises(UserError) as refusal:
            read_folder(place)
        assert refusal.value.code == 3
        assert refusal.value.help


def test_dotfiles_and_readmes_are_passed_over(root: Path) -> None:
    for path in (".gitignore", "README.md", "LICENSE", "bodies/README.md", "bodies/.#board.yaml"):
        (root / path).write_bytes(b"")
    (root / ".git").mkdir()
    (root / ".git" / "odd.yaml").write_bytes(b"")
    (root / "pictures").mkdir()
    (root / "pictures" / "logo.svg").write_bytes(b"")
    assert read_folder(root) == Snapshot(TEXTS, (), root)


@pytest.mark.parametrize("name", ["board.json", "board.yaml~", "board.yaml.orig", "notes"])
def test_other_files_among_the_records_are_a_warning(root: Path, name: str) -> None:
    (root / "people" / name).write_bytes(b"")
    problem = one(read_folder(root))
    assert (problem.rule, problem.severity, problem.source.path) == ("file-ending", "warning", f"people/{name}")


@pytest.mark.parametrize("name", ["board.yml", "Board.YML"])
def test_a_record_under_another_ending_is_an_error(root: Path, name: str) -> None:
    (root / "people" / name).write_bytes(b"")
    problem = one(read_folder(root))
    assert (problem.rule, problem.severity, problem.source.path) == ("file-name", "error", f"people/{name}")
    assert problem.message == f"{name} ends in .yml, and only files that end in .yaml are read."
    assert problem.help == "Rename it, for example to board.yaml."


@pytest.mark.parametrize("path", ["board.yaml", "committees/board.yaml", "Bodies2/a/b.yaml"])
def test_records_that_nothing_reads_are_an_error(root: Path, path: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(b"")
    problem = one(read_folder(root))
    assert (problem.rule, problem.severity, problem.source.path) == ("file-place", "error", path)


def test_a_file_where_a_folder_belongs_is_an_error(root: Path) -> None:
    (root / "documents").write_bytes(b"")
    assert one(read_folder(root)).rule == "file-place"


def test_a_file_may_lie_eight_folders_deep_and_no_deeper(root: Path) -> None:
    deep = "bodies/2/3/4/5/6/7/8"
    (root / deep / "9").mkdir(parents=True)
    (root / deep / "eight.yaml").write_bytes(b"")
    (root / deep / "9" / "nine.yaml").write_bytes(b"")
    found = read_folder(root)
    assert set(found.texts) - set(TEXTS) == {f"{deep}/eight.yaml"}
    assert [(problem.rule, problem.source.path) for problem in found.problems] == [("file-place", f"{deep}/9")]


def test_a_file_of_more_than_a_million_bytes_is_not_read(root: Path) -> None:
    with (root / "bodies" / "huge.yaml").open("wb") as file:
        file.truncate(3_000_000_000)  # sparse: it must not be read to be refused
    problem = one(read_folder(root))
    assert (problem.rule, problem.source.path) == ("file-size", "bodies/huge.yaml")


def test_a_file_that_grows_while_it_is_read_is_cut_off(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "read", lambda _, most: b"x" * most)
    assert {problem.rule for problem in read_folder(root).problems} == {"file-size"}


@pytest.mark.parametrize(("limit", "most"), [("MOST_FILES", 5), ("MOST_BYTES", 20)])
def test_too_large_a_registry_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(folder_room, limit, most)
    with pytest.raises(UserError) as refusal:
        read_folder(root)
    assert refusal.value.code == 3


# --- hazards in a folder


@posix
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("bodies/link.yaml", "/etc/passwd"),
        ("bodies/link.yaml", "board.yaml"),
        ("bodies/broken.yaml", "nothing"),
        ("bodies/loop.yaml", "loop.yaml"),
        ("bodies/loop", ".."),
        ("bodies/trust/away", "/"),
        ("documents", "people"),
        ("elsewhere", "bodies"),
    ],
)
def test_links_are_not_followed(root: Path, path: str, target: str) -> None:
    (root / path).symlink_to(target)
    problem = one(read_folder(root))
    assert (problem.rule, problem.severity, problem.source.path) == ("file-link", "error", path)


@posix
def test_a_linked_mark_is_not_followed(root: Path) -> None:
    (root / "kmics.yaml").unlink()
    (root / "kmics.yaml").symlink_to("/etc/passwd")
    found = read_folder(root)
    assert "kmics.yaml" not in found.texts
    assert [problem.rule for problem in found.problems] == ["file-link"]


def fifo(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as open_socket:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path may not be long
        open_socket.bind(path.name)
        os.chdir(here)


@posix
@pytest.mark.parametrize("create", [fifo, listening])
def test_pipes_and_sockets_are_not_opened(root: Path, create: Callable[[Path], None]) -> None:
    create(root / "bodies" / "pipe.yaml")
    problem = one(read_folder(root))
    assert (problem.rule, problem.source.path) == ("file-kind", "bodies/pipe.yaml")


@posix
def test_a_pipe_put_in_place_of_a_file_meanwhile_does_not_hold_us_up(root: Path) -> None:
    fifo(root / "pipe.yaml")
    problem = folder_room._read(str(root / "pipe.yaml"), "pipe.yaml")
    assert isinstance(problem, Problem)
    assert problem.rule == "file-kind"


@posix
def test_a_link_put_in_place_of_a_file_meanwhile_is_not_followed(root: Path) -> None:
    (root / "link.yaml").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="link"):
        folder_room._read(str(root / "link.yaml"), "link.yaml")


def test_an_unreadable_file_hides_no_other(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "bodies" / "secret.yaml").write_bytes(b"")
    (root / "people" / "closed").mkdir()
    opened, listed = os.open, os.scandir

    def refuse(path: str, flags: int) -> int:
        if path.endswith("secret.yaml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, flags)

    def refuse_folder(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_folder)
    found = read_folder(root)
    assert dict(found.texts) == TEXTS
    assert [(problem.rule, problem.source.path) for problem in found.problems] == [
        ("file-read", "bodies/secret.yaml"),
        ("file-read", "people/closed"),
    ]
    assert "Permission denied" in found.problems[0].message


def test_an_unreadable_registry_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UserError, match="Permission denied") as refusal:
        read_folder(root)
    assert refusal.value.code == 3


GOOD_NAMES = ["a.yaml", "board.yaml", "3rd-sector.yaml", "console.yaml", "com10.yaml", "a-b-3.yaml"]
BAD_NAMES = {
    "Board.yaml": "board.yaml",
    "board.YAML": "board.yaml",
    "audit_committee.yaml": "audit-committee.yaml",
    "audit committee.yaml": "audit-committee.yaml",
    "Łódź é.yaml": "odz-e.yaml",
    "a.b.yaml": "a-b.yaml",
    "a-.yaml": "a.yaml",
    "a--b.yaml": "a-b.yaml",
    "-rf.yaml": "rf.yaml",
    "--output=x.yaml": "output-x.yaml",
    "con.yaml": "Rename it.",
    "2022-07.yaml": "Rename it.",
    "nul.old.yaml": "nul-old.yaml",
    "COM1.yaml": "Rename it.",
    "lpt².yaml": "Rename it.",
    "aux .yaml": "Rename it.",
    "board.yaml.": "Rename it",
    "board.yaml ": "Rename it",
    'a"b.yaml': "a-b.yaml",
    "a|b.yaml": "a-b.yaml",
    "a*b.yaml": "a-b.yaml",
    "a\\b.yaml": "a-b.yaml",
    "bodies:x.yaml": "bodies-x.yaml",
    "two\nlines.yaml": "two-lines.yaml",
    "esc\x1b[2J.yaml": "esc-2j.yaml",
    "rtl\u202elmay.yaml": "rtllmay.yaml",
    "\udcff\udcfe.yaml": "Rename it.",
    "日本.yaml": "Rename it.",
    ".yaml": "Rename it.",
}


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_names_that_every_computer_takes(name: str) -> None:
    assert folder_room._name_fault(name, "", folder=False) is None


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_some_computer_refuses(name: str) -> None:
    fault = folder_room._name_fault(name, "", folder=False)
    assert fault is not None
    message, help = fault
    assert (message + help).encode().decode().isprintable()
    assert BAD_NAMES[name] in help


@pytest.mark.parametrize("name", ["trusts", "NHS Trusts", "Łódź", "2022_23"])
def test_folders_are_named_freely(name: str) -> None:
    assert folder_room._name_fault(name, "", folder=True) is None


@pytest.mark.parametrize("name", ["con", "-x", "a:b", "a.", "new\nline", "\udcff"])
def test_folders_too_have_names_that_some_computer_refuses(name: str) -> None:
    assert folder_room._name_fault(name, "", folder=True)


@pytest.mark.only_on("linux", reason="only there can all these names be made")
def test_bad_names_are_reported_visibly_and_not_read(root: Path) -> None:
    names = [name for name in BAD_NAMES if not name.startswith(".")]
    for name in names:
        (root / "people" / name).write_bytes(b"")
    (root / "people" / "line\nbreak").mkdir()
    (root / "people" / "line\nbreak" / "lost.yaml").write_bytes(b"")
    found = read_folder(root)
    assert dict(found.texts) == TEXTS
    assert len(found.problems) == len(names) + 1
    for problem in found.problems:
        assert (problem.rule, problem.severity) == ("file-name", "error")
        assert problem.source.path.startswith("people/")
        assert (problem.source.path + problem.message + problem.help).encode().decode().isprintable()


@pytest.mark.only_on("linux", reason="other file systems take these names for one")
@pytest.mark.parametrize(
    ("kept", "lost"),
    [
        ("people/ada-byron.yaml", "people/Ada-Byron.yaml"),
        ("bodies/trust/x.yaml", "bodies/Trust/x.yaml"),
        ("bodies/é/x.yaml", "bodies/e\u0301/x.yaml"),
        ("bodies/É/x.yaml", "bodies/é/x.yaml"),
        ("bodies/STRASSE/x.yaml", "bodies/straße/x.yaml"),
    ],
)
def test_names_that_differ_by_case_or_composition_only_are_an_error(root: Path, kept: str, lost: str) -> None:
    for path in (kept, lost):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"text\n")
    found = read_folder(root)
    assert (kept in found.texts) != (lost in found.texts)
    assert found.texts.keys() >= TEXTS.keys()
    (problem,) = found.problems
    assert problem.rule == "file-name"
    assert "the same name as" in problem.message


def test_a_registry_in_a_folder_with_a_space_and_an_accent(tmp_path: Path) -> None:
    root = make(start(tmp_path / "Santé publique") / "le registre")
    commit(tmp_path / "Santé publique")
    assert dict(read_folder(root).texts) == TEXTS
    assert stands(root).unrecorded_edits is False


# --- what Git says


def test_a_clean_checkout(checkout: Path) -> None:
    head = git(checkout, "rev-parse", "HEAD")
    assert stands(checkout / "registry") == Standing(head[:12], "2026-03-04", False, "")


def test_a_registry_at_the_top_of_its_checkout(tmp_path: Path) -> None:
    root = make(start(tmp_path / "top"))
    (root / ".github").mkdir()
    (root / ".github" / "ci.yaml").write_bytes(b"")
    head = commit(root)
    assert stands(root) == Standing(head[:12], "2026-03-04", False, "")


def test_a_sha256_repository(tmp_path: Path) -> None:
    root = make(start(tmp_path / "long", "--object-format=sha256"))
    head = commit(root)
    assert len(head) == 64
    assert stands(root) == Standing(head[:12], "2026-03-04", False, "")
    (root / "bodies" / "board.yaml").write_bytes(b"name: The Board\n")
    assert stands(root).unrecorded_edits is True


def test_a_linked_work_tree(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "worktree", "add", "-q", str(tmp_path / "second"))
    assert stands(tmp_path / "second" / "registry") == stands(checkout / "registry")


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("2026-03-04T00:30:00+0100", "2026-03-04"),  # the third in Greenwich
        ("2026-03-03T20:00:00-0500", "2026-03-03"),  # the fourth in Greenwich
        ("2026-03-04T23:45:00-0030", "2026-03-04"),
        ("2026-03-04T03:00:00+1345", "2026-03-04"),
    ],
)
def test_the_day_is_that_of_the_committer(tmp_path: Path, when: str, day: str) -> None:
    root = make(start(tmp_path / "zone"))
    commit(root, when)
    assert stands(root).as_of == day


def test_the_day_is_that_of_the_last_commit_that_touched_the_registry(checkout: Path) -> None:
    (checkout / "README.md").write_bytes(b"read me again\n")
    head = commit(checkout, "2026-05-06T12:00:00+0000")
    assert stands(checkout / "registry") == Standing(head[:12], "2026-03-04", False, "")


@pytest.mark.parametrize("stamp", ["99999999999999 +0000", "999999999999 +0000", "then +0000"])
def test_a_date_that_cannot_be_read_is_not_known(checkout: Path, stamp: str) -> None:
    raw = git(checkout, "cat-file", "commit", "HEAD").replace("1772625600 +0000", stamp)
    assert stamp in raw
    odd = git(checkout, "hash-object", "--literally", "-t", "commit", "-w", "--stdin", input=raw.encode())
    git(checkout, "update-ref", "refs/heads/main", odd)
    found = stands(checkout / "registry")
    assert found.as_of is None
    assert found.why


def change(root: Path) -> None:
    (root / "bodies" / "board.yaml").write_bytes(b"name: The Board\n")


def add(root: Path) -> None:
    (root / "documents").mkdir()
    (root / "documents" / "terms.yaml").write_bytes(b"")


def remove(root: Path) -> None:
    (root / "people" / "ada-byron.yaml").unlink()


def move(root: Path) -> None:
    (root / "bodies" / "board.yaml").rename(root / "bodies" / "trust" / "board.yaml")


def empty(root: Path) -> None:
    shutil.rmtree(root / "bodies")


def stage(root: Path) -> None:
    change(root)
    git(root, "add", "-A")


def link(root: Path) -> None:
    empty(root)
    (root / "bodies").mkdir()


@pytest.mark.parametrize("edit", [change, add, remove, move, empty, stage, link])
def test_edits_that_are_not_recorded(checkout: Path, edit: Callable[[Path], None]) -> None:
    edit(checkout / "registry")
    assert stands(checkout / "registry").unrecorded_edits is True


def line_ends(root: Path) -> None:
    for path in root.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def touch(root: Path) -> None:
    for path in root.rglob("*.yaml"):
        os.utime(path, (0, 0))
        path.chmod(stat.S_IRWXU)


def others(root: Path) -> None:
    for path in ("bodies/notes.txt", "bodies/.board.yaml", "misplaced.yaml", "../more.yaml", "README.md"):
        (root / path).write_bytes(b"more\n")


@pytest.mark.parametrize("edit", [line_ends, touch, others])
def test_what_is_no_edit_of_the_registry(checkout: Path, edit: Callable[[Path], None]) -> None:
    edit(checkout / "registry")
    assert stands(checkout / "registry").unrecorded_edits is False


def test_files_recorded_and_not_read_are_no_edits(checkout: Path) -> None:
    root = checkout / "registry"
    (root / "bodies" / "Bad Name.yaml").write_bytes(b"")
    (root / "bodies" / "huge.yaml").write_bytes(b"x" * 1_000_001)
    (root / "elsewhere").mkdir()
    (root / "elsewhere" / "lost.yaml").write_bytes(b"")
    commit(checkout)
    assert len(read_folder(root).problems) == 3
    assert stands(root).unrecorded_edits is False


@posix
def test_links_and_submodules_in_a_commit_are_no_records(checkout: Path) -> None:
    root = checkout / "registry"
    (root / "bodies" / "link.yaml").symlink_to("board.yaml")
    commit(checkout)
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},registry/bodies/sub.yaml")
    git(checkout, "commit", "-q", "-m", "A submodule")
    assert stands(root).unrecorded_edits is False


@posix
def test_hostile_names_in_a_commit_do_no_harm(checkout: Path) -> None:
    blob = git(checkout, "hash-object", "-w", "--stdin", input=b"x")
    tree = git(checkout, "rev-parse", "HEAD:registry/bodies")
    listed = subprocess.run(
        ["git", "-C", str(checkout), "ls-tree", "-z", tree], check=True, capture_output=True
    ).stdout
    names = [b"--output=x.yaml", b"two\nlines.yaml", b"\xff\xfe.yaml", b"esc\x1b.yaml", b"tab\t.yaml"]
    more = b"".join(b"100644 blob %b\t%b\0" % (blob.encode(), name) for name in names)
    odd = git(checkout, "mktree", "-z", input=listed + more)
    git(checkout, "read-tree", "--prefix=registry/other/", odd)
    git(checkout, "commit", "-q", "-m", "Hostile names")
    git(checkout, "checkout", "-q", "--", ".")
    found = stands(checkout / "registry")
    assert found.revision
    assert found.unrecorded_edits is False


def test_a_registry_that_no_commit_holds(tmp_path: Path) -> None:
    folder = start(tmp_path / "new")
    root = make(folder / "registry")
    assert stands(root) == Standing(
        None, None, True, "Nothing has been committed yet, so nothing dates the registry."
    )
    (folder / ".gitignore").write_bytes(b"registry/\n")
    head = commit(folder)
    assert stands(root) == Standing(head[:12], None, True, "The registry's files are not in the last commit.")


def test_a_folder_outside_any_checkout(root: Path) -> None:
    found = stands(root)
    assert (found.revision, found.as_of, found.unrecorded_edits) == (None, None, None)
    assert "not in a Git checkout" in found.why


def test_a_shallow_clone_says_only_what_it_knows(checkout: Path, tmp_path: Path) -> None:
    (checkout / "README.md").write_bytes(b"again\n")
    head = commit(checkout, "2026-05-06T12:00:00+0000")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", checkout.resolve().as_uri(), str(clone))
    found = stands(clone / "registry")
    assert (found.revision, found.as_of, found.unrecorded_edits) == (head[:12], None, False)
    assert "git fetch --unshallow" in found.why
    git(clone, "config", "user.name", "Tester")
    git(clone, "config", "user.email", "tester@example.org")
    change(clone / "registry")
    head = commit(clone, "2026-07-08T12:00:00+0000")  # now the clone has the commit that touched it last
    assert stands(clone / "registry") == Standing(head[:12], "2026-07-08", False, "")


def test_a_shallow_clone_that_reaches_the_first_commit_knows_all(checkout: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", checkout.resolve().as_uri(), str(clone))
    assert stands(clone / "registry").as_of == "2026-03-04"


@pytest.mark.parametrize("path", [None, "", ".", "relative/bin", "/not/there"])
def test_no_git(checkout: Path, path: str | None) -> None:
    root = checkout / "registry"
    environ = {} if path is None else {"PATH": path}
    found = standing(root, read_folder(root), environ)
    assert (found.revision, found.as_of, found.unrecorded_edits) == (None, None, None)
    assert "not installed" in found.why


@pytest.mark.parametrize(
    "text", [b"", b"text\n", b"\0\r\n" * 1000, b"\xff" * 70_000], ids=["empty", "text", "crlf", "large"]
)
def test_ids_are_those_of_git(checkout: Path, text: bytes) -> None:
    blob = git(checkout, "hash-object", "--stdin", "--no-filters", input=text)
    assert blob_id(text, blob) == blob
    assert blob_id(b"", "0" * 64) == hashlib.sha256(b"blob 0\0").hexdigest()


def test_input_and_output_larger_than_a_pipe(checkout: Path) -> None:
    blob = git(checkout, "rev-parse", "HEAD:registry/kmics.yaml")
    output = git_room.git(checkout, "cat-file", "--batch", input=f"{blob}\n".encode() * 20_000)
    assert output == f"{blob} blob 11\nname: Test\n\n".encode() * 20_000


# --- a hostile checkout, a hostile environment


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(stat.S_IRWXU)
    return path


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file that a program of the repository's choosing would leave behind."""
    return tmp_path / "canary"


@pytest.fixture
def hostile(checkout: Path, canary: Path, tmp_path: Path) -> Path:
    """A checkout whose settings name a program wherever settings can, whose last commit is signed."""
    program = str(script(tmp_path / "evil.sh", f'echo ran >> "{canary}"'))
    for hook in ("post-index-change", "post-checkout", "reference-transaction", "pre-commit"):
        script(tmp_path / "hooks" / hook, f'echo hook >> "{canary}"')
    raw = git(checkout, "cat-file", "commit", "HEAD")
    sign = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\n"
    forged = raw.replace("\n\n", f"\n{sign}", 1) + "\n"
    signed = git(checkout, "hash-object", "-t", "commit", "-w", "--stdin", input=forged.encode())
    git(checkout, "update-ref", "refs/heads/main", signed)
    (checkout / ".gitattributes").write_text("* filter=evil diff=evil\n", encoding="utf-8")
    for key, value in {
        "core.fsmonitor": program,
        "core.hooksPath": str(tmp_path / "hooks"),
        "core.pager": program,
        "core.sshCommand": program,
        "core.alternateRefsCommand": program,
        "core.editor": program,
        "core.askPass": program,
        "credential.helper": f"!{program}",
        "diff.external": program,
        "diff.evil.command": program,
        "diff.evil.textconv": program,
        "filter.evil.clean": program,
        "filter.evil.smudge": program,
        "filter.evil.process": program,
        "gpg.program": program,
        "gpg.openpgp.program": program,
        "log.showSignature": "true",
        "uploadpack.packObjectsHook": program,
        "pager.rev-parse": program,
        "pager.rev-list": program,
        "pager.ls-tree": program,
        "alias.rev-parse": f"!{program}",
        "alias.rev-list": f"!{program}",
        "alias.ls-tree": f"!{program}",
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{program}",
        "protocol.ext.allow": "always",
    }.items():
        git(checkout, "config", key, value)
    assert git(checkout, "rev-parse", "HEAD") == signed
    canary.unlink(missing_ok=True)
    return checkout


@posix
def test_the_canary_sings_for_git_itself(hostile: Path, canary: Path) -> None:
    for command in (["log", "-1"], ["status"]):
        subprocess.run(["git", "-C", str(hostile), *command], check=False, capture_output=True)
        assert canary.exists()
        canary.unlink()


@posix
def test_settings_of_the_checkout_start_no_program(hostile: Path, canary: Path) -> None:
    index = (hostile / ".git" / "index").read_bytes()
    head = git(hostile, "rev-parse", "HEAD")
    canary.unlink(missing_ok=True)
    assert stands(hostile / "registry") == Standing(head[:12], "2026-03-04", False, "")
    assert not canary.exists()
    assert (hostile / ".git" / "index").read_bytes() == index


@posix
@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD:registry"])
def test_a_missing_object_is_not_fetched(hostile: Path, canary: Path, what: str) -> None:
    lost = git(hostile, "rev-parse", what)
    loose = hostile / ".git" / "objects" / lost[:2] / lost[2:]
    loose.chmod(stat.S_IRWXU)
    loose.unlink()
    canary.unlink(missing_ok=True)
    subprocess.run(["git", "-C", str(hostile), "ls-tree", "-r", "HEAD"], check=False, capture_output=True)
    assert canary.exists(), "git by itself would have fetched it"
    canary.unlink()
    found = stands(hostile / "registry")
    assert found.revision
    assert found.unrecorded_edits is None
    assert "Git does not answer" in found.why
    assert not canary.exists()


@posix
def test_the_environment_starts_no_program_and_leads_nowhere_else(
    hostile: Path, canary: Path, tmp_path: Path
) -> None:
    other = start(tmp_path / "other")
    commit(make(other))
    program = str(tmp_path / "evil.sh")
    for name in ("rev-parse", "ls-tree", "rev-list", "git-rev-parse", "git-ls-tree", "git-rev-list", "git"):
        script(tmp_path / "exec" / name, f'echo exec >> "{canary}"')
    environ = {
        **os.environ,
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(canary),
        "GIT_OBJECT_DIRECTORY": str(other / ".git" / "objects"),
        "GIT_NAMESPACE": "other",
        "GIT_CEILING_DIRECTORIES": str(hostile),
        "GIT_EXEC_PATH": str(tmp_path / "exec"),
        "GIT_EXTERNAL_DIFF": program,
        "GIT_PAGER": program,
        "PAGER": program,
        "GIT_SSH": program,
        "GIT_SSH_COMMAND": program,
        "GIT_ASKPASS": program,
        "SSH_ASKPASS": program,
        "GIT_TRACE": str(canary),
        "GIT_TRACE2": str(canary),
        "GIT_TRACE2_EVENT": str(canary),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": program,
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor'='{program}'",
        "GIT_ALLOW_PROTOCOL": "ext",
    }
    head = git(hostile, "rev-parse", "HEAD")
    canary.unlink(missing_ok=True)
    root = hostile / "registry"
    assert standing(root, read_folder(root), environ) == Standing(head[:12], "2026-03-04", False, "")
    assert not canary.exists()


@posix
def test_a_git_in_the_checkout_or_in_the_current_folder_is_never_run(
    checkout: Path, canary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = f'echo ran >> "{canary}"'
    here = script(tmp_path / "here" / "git", evil).parent
    script(checkout / "git", evil)
    script(checkout / "tools" / "git", evil)
    (checkout / "registry" / "git").symlink_to(tmp_path / "evil")
    (tmp_path / "linked").symlink_to(checkout / "tools")
    monkeypatch.chdir(here)
    places = ["", ".", str(here), str(checkout), str(checkout / "tools"), str(tmp_path / "linked")]
    path = os.pathsep.join([*places, os.environ["PATH"]])
    root = checkout / "registry"
    assert standing(root, read_folder(root), {**os.environ, "PATH": path}).unrecorded_edits is False
    assert "not installed" in standing(root, read_folder(root), {"PATH": os.pathsep.join(places)}).why
    assert not canary.exists()


@posix
def test_a_folder_made_to_look_like_a_repository_is_none(checkout: Path) -> None:
    root = checkout / "registry"
    commit(make(start(checkout / "false")))
    for part in ("HEAD", "config", "objects", "refs"):
        (checkout / "false" / ".git" / part).rename(root / part)
    shutil.rmtree(checkout / "false")
    git(root, "config", "--file", "config", "core.bare", "true")
    found = stands(root)
    assert found.revision is None
    assert "bare repository" in found.why


@pytest.fixture
def stub(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Return an environment in which git is a script: for answers that git gives only at other places."""

    def give(body: str) -> dict[str, str]:
        folder = script(tmp_path / "stub" / "git", body).parent
        return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}

    return give


@posix
def test_the_advice_of_git_on_dubious_ownership_is_relayed(
    checkout: Path, stub: Callable[[str], dict[str, str]]
) -> None:
    environ = stub(
        "printf >&2 'fatal: detected dubious ownership in repository at \\047/x\\033[2J\\047\\n"
        "To add an exception for this directory, call:\\n\\n"
        "\\tgit config --global --add safe.directory /x\\n'; exit 128"
    )
    found = standing(checkout / "registry", Snapshot({}, (), None), environ)
    assert found.revision is None
    assert "dubious ownership" in found.why
    assert "git config --global --add safe.directory /x" in found.why
    assert found.why.isprintable()


@posix
@pytest.mark.parametrize("body", ["exec sleep 60", "exec yes"])
def test_a_git_that_does_not_end_is_ended(
    checkout: Path, stub: Callable[[str], dict[str, str]], monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setattr(git_room, "_MOST_SECONDS", 0.2)
    monkeypatch.setattr(git_room, "_MOST_OUTPUT", 100_000)
    found = standing(checkout / "registry", Snapshot({}, (), None), stub(body))
    assert found.revision is None
    assert "too long" in found.why


@posix
def test_a_git_that_says_much_on_the_side_does_not_hold_us_up(
    checkout: Path, stub: Callable[[str], dict[str, str]]
) -> None:
    environ = stub("yes warning | head -c 1000000 >&2; exit 1")
    found = standing(checkout / "registry", Snapshot({}, (), None), environ)
    assert "Git does not answer" in found.why
    assert len(found.why) < 11_000


@posix
def test_a_git_that_cannot_be_started(checkout: Path, stub: Callable[[str], dict[str, str]]) -> None:
    environ = stub("")
    (Path(environ["PATH"].split(os.pathsep)[0]) / "git").write_bytes(b"\x7fELF not a program")
    assert "could not be started" in standing(checkout / "registry", Snapshot({}, (), None), environ).why


def test_what_git_was_asked_is_what_may_be_asked(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    started = subprocess.Popen.__init__

    def note(self: subprocess.Popen[bytes], command: list[str], **rest: object) -> None:
        asked.append(command)
        started(self, command, **rest)  # type: ignore[call-overload]

    found = read_folder(checkout / "registry")
    monkeypatch.setattr(subprocess.Popen, "__init__", note)
    standing(checkout / "registry", found)
    commands = [command[command.index("--literal-pathspecs") + 1] for command in asked]
    assert commands == ["rev-parse", "ls-tree", "rev-list"]
    assert all(Path(command[0]).is_absolute() for command in asked)
