"""Several files are written, all or none: whatever fails, and wherever the process is killed."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from killing import OLD, Quick, laid, moved, texts
from kmics_cli.problems import UserError
from kmics_cli.snapshot.committing import commit
from kmics_cli.snapshot.journal import Rewrite, recover
from kmics_cli.snapshot.state import JOURNAL as NAME
from kmics_cli.snapshot.state import state_folder, unfinished
from kmics_cli.snapshot.writing import seen, write


class Failing(Quick):
    """Fails at a step, and at all after it of the same sort if it `stays`."""

    def __init__(self, last: int, error: int, stays: str = "") -> None:
        super().__init__()
        self.last, self.error, self.stays = last, error, stays

    def at(self, what: str) -> None:
        super().at(what)
        if self.step == self.last or (self.stays == what and self.step > self.last):
            raise OSError(self.error, os.strerror(self.error))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return laid(tmp_path)


def state_of(root: Path) -> Path:
    state = state_folder(root, None)
    assert state is not None
    return state


def test_all_is_written_and_nothing_else_is_left(root: Path) -> None:
    (root / "bodies/body-3.yaml").chmod(0o600)
    rewrites, new = moved()
    write(root, state_of(root), rewrites, 0)
    assert texts(root) == new
    assert (root / "bodies/body-3.yaml").stat().st_mode & 0o777 == 0o600
    assert seen(state_of(root)) == 1
    assert not unfinished(state_of(root))
    assert not list(root.rglob(".*"))


@pytest.mark.only_on("posix", reason="it forks, and ends processes with SIGKILL")
def test_a_process_that_is_killed_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    """At each step of the writing, and then at each step of the recovery in turn: never a third state."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killing.py")), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=True,
        timeout=120,
    )
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["kills"] >= 300
    assert found["steps"] > 60
    assert found["finished"] > 10


def test_whatever_fails_everything_is_as_it_was(root: Path) -> None:
    """A full disk, a disk that fails, a folder that may not be written, a file that another program holds open."""
    rewrites, new = moved()
    state = state_of(root)
    for error in (errno.ENOSPC, errno.EACCES, errno.EIO):
        for last in range(1, 200):
            disk = Failing(last, error)
            failed = None
            try:
                write(root, state, rewrites, seen(state), disk)
            except UserError as refused:
                failed = refused
            if failed:
                assert failed.code == 3
                assert "cannot be written" in failed.message
                assert texts(root) == OLD, f"failed at step {last}"
                assert not list(root.rglob(".kmics*"))
            if disk.step < last:
                assert texts(root) == new
                break
            if texts(root) == new:  # it failed when all was done, and only the journal was left
                recover(root, state, Quick())
            back = [Rewrite(path, data, OLD.get(path)) for path, data in texts(root).items()]
            back += [Rewrite(path, None, data) for path, data in OLD.items() if path not in texts(root)]
            write(root, state, back, seen(state), Quick())
        back = [Rewrite(path, new.get(path), OLD.get(path)) for path in sorted({*OLD, *new})]
        write(root, state, back, seen(state), Quick())


def test_what_cannot_be_undone_now_is_settled_by_the_next(root: Path) -> None:
    rewrites, new = moved()
    state = state_of(root)
    disk = Failing(50, errno.EIO, "replace")  # in the midst of the replacing, and then for good
    with pytest.raises(UserError, match="could not be undone"):
        write(root, state, rewrites, seen(state), disk)
    assert texts(root) not in (OLD, new)
    with pytest.raises(UserError, match="broken off meanwhile"):
        write(root, state, [Rewrite("bodies/new.yaml", None, b"name: N\n")], seen(state))
    assert "it has now been" in recover(root, state)
    assert texts(root) in (OLD, new)


@pytest.mark.only_on("posix", reason="it forks")
def test_two_at_once_never_lose_an_edit(root: Path) -> None:
    state, file = state_of(root), "bodies/body-1.yaml"

    def add(mark: bytes) -> None:
        done = 0
        while done < 15:
            since, before = seen(state), (root / file).read_bytes()
            try:
                write(root, state, [Rewrite(file, before, before + mark)], since, Quick())
                done += 1
            except UserError:
                pass

    child = os.fork()
    if child == 0:
        add(b"# a\n")
        os._exit(0)
    add(b"# b\n")
    assert os.waitpid(child, 0)[1] == 0
    found = (root / file).read_bytes()
    assert (found.count(b"# a\n"), found.count(b"# b\n")) == (15, 15)


def test_what_was_changed_meanwhile_is_refused(root: Path) -> None:
    state, rewrites = state_of(root), moved()[0]
    (root / "bodies/body-5.yaml").write_bytes(b"name: By hand\n")
    with pytest.raises(UserError, match=r"bodies/body-5\.yaml was changed meanwhile"):
        write(root, state, rewrites, 0)
    (root / "bodies/body-5.yaml").write_bytes(OLD["bodies/body-5.yaml"])
    write(root, state, [Rewrite("bodies/new.yaml", None, b"name: N\n")], 0)
    with pytest.raises(UserError, match="edited meanwhile"):
        write(root, state, rewrites, 0)
    with pytest.raises(UserError, match=r"bodies/new\.yaml was changed"):
        write(root, state, [Rewrite("bodies/new.yaml", None, b"name: N\n")], 1)


@pytest.mark.only_on("posix", reason="links need a right on Windows")
def test_no_link_is_followed(root: Path, tmp_path: Path) -> None:
    state, outside = state_of(root), tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_bytes(b"name: Secret\n")
    (root / "people").symlink_to(outside)
    (root / "bodies/link.yaml").symlink_to(outside / "x.yaml")
    for path in ("people/x.yaml", "people/new.yaml", "bodies/link.yaml"):
        with pytest.raises(UserError):
            write(root, state, [Rewrite(path, b"name: Secret\n", b"name: Changed\n")], 0)
        with pytest.raises(UserError):
            write(root, state, [Rewrite(path, None, b"name: Changed\n")], 0)
    assert [(path.name, path.read_bytes()) for path in outside.iterdir()] == [("x.yaml", b"name: Secret\n")]
    (tmp_path / ".git" / "kmics").rename(tmp_path / "elsewhere")
    (tmp_path / ".git" / "kmics").symlink_to(tmp_path / "elsewhere")
    assert state_folder(root, None) is None


LIES = (
    b"",
    b"[1, 2",
    b"[]",
    json.dumps({"way": "finish", "files": [{"path": "../x.yaml", "before": None, "after": "YQ=="}]}).encode(),
    json.dumps(
        {"way": "finish", "files": [{"path": "bodies/../../x.yaml", "before": None, "after": "YQ=="}]}
    ).encode(),
    json.dumps({"way": "finish", "files": [{"path": "/x/x.yaml", "before": None, "after": "YQ=="}]}).encode(),
    json.dumps({"way": "finish", "files": [{"path": "bodies/.x.yaml", "before": None, "after": "YQ=="}]}).encode(),
    json.dumps({"way": "shell", "files": []}).encode(),
    json.dumps(
        {"way": "finish", "files": [{"path": "bodies/a.yaml", "before": None, "after": "no base 64!"}]}
    ).encode(),
)


@pytest.mark.parametrize("lie", LIES)
def test_a_journal_that_lies_is_refused(root: Path, lie: bytes) -> None:
    state = state_of(root)
    state.mkdir(parents=True)
    (state / NAME).write_bytes(lie)
    with pytest.raises(UserError, match="no journal of an edit"):
        recover(root, state)
    assert texts(root) == OLD
    assert not (root.parent / "x.yaml").exists()


def test_what_somebody_changed_after_a_crash_is_left_and_named(root: Path) -> None:
    state = state_of(root)
    state.mkdir(parents=True)
    files = [
        {"path": "bodies/body-1.yaml", "before": "b2xk", "after": "bmV3"},
        {"path": "bodies/body-2.yaml", "before": "b2xk", "after": "bmV3"},
    ]
    (root / "bodies/body-2.yaml").write_bytes(b"old")
    (state / NAME).write_text(json.dumps({"journal": 1, "way": "finish", "files": files}))
    told = recover(root, state)
    assert "left as they are: bodies/body-1.yaml" in told
    assert texts(root) == OLD | {"bodies/body-2.yaml": b"new"}


def git(folder: Path, *words: str) -> str:
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *words], cwd=folder, env=environ, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for path, data in OLD.items():
        (tmp_path / "registry" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "registry" / path).write_bytes(data)
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "--global", "user.name", "Alex Example")
    git(tmp_path, "config", "--global", "user.email", "alex@example.invalid")
    git(tmp_path, "add", "registry")
    git(tmp_path, "commit", "-qm", "Start")
    return tmp_path


def test_a_commit_holds_what_was_edited_and_nothing_else(checkout: Path) -> None:
    hook = checkout / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\ntouch canary\nexit 1\n")
    hook.chmod(0o755)
    (checkout / "registry/bodies/body-7.yaml").write_bytes(b"name: Staged by hand\n")
    git(checkout, "add", "registry/bodies/body-7.yaml")
    (checkout / "registry/bodies/body-6.yaml").write_bytes(b"name: Edited by hand\n")
    rewrites, _new = moved()
    some = [one for one in rewrites if one.path not in ("bodies/body-6.yaml", "bodies/body-7.yaml")]
    environ = {"PATH": os.environ["PATH"], "HOME": str(checkout)}
    root = checkout / "registry"
    write(root, state_of(root), some, 0)
    made = commit(root, {one.path: one.after for one in some}, "Moved\n\nSource: paper line 2\n", environ)
    assert git(checkout, "rev-parse", "--short=12", "HEAD").strip() == made
    assert git(checkout, "log", "-1", "--format=%B%an").strip() == "Moved\n\nSource: paper line 2\nAlex Example"
    changed = git(checkout, "diff", "--name-only", "--no-renames", "HEAD~1", "HEAD").split()
    assert sorted(changed) == sorted(f"registry/{one.path}" for one in some)
    assert git(checkout, "diff", "--cached", "--name-only").split() == ["registry/bodies/body-7.yaml"]
    assert git(checkout, "diff", "--name-only").split() == ["registry/bodies/body-6.yaml"]
    assert not (checkout / "canary").exists()


def test_a_commit_that_cannot_be_made_says_why(checkout: Path) -> None:
    root = checkout / "registry"
    environ = {"PATH": os.environ["PATH"], "HOME": str(checkout / "nobody")}
    git(checkout, "config", "user.useConfigOnly", "true")
    with pytest.raises(UserError, match="does not know who you are"):
        commit(root, {"kmics.yaml": b"name: N\n"}, "M", environ)
    (checkout / ".git/MERGE_HEAD").write_text("x")
    with pytest.raises(UserError, match="merge"):
        commit(root, {"kmics.yaml": b"name: N\n"}, "M", environ)
