"""The registry as it stood in a commit: read from real repositories in temporary folders, and no work tree touched."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bless import MINI
from kmics_cli.problems import UserError
from kmics_cli.snapshot import read_folder, read_revision

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    def run(*words: str, input: bytes | None = None) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=A Tester", "-c", "user.email=a@test.invalid", *words],
            cwd=tmp_path,
            capture_output=True,
            input=input,
            check=True,
        )
        return done.stdout.decode().strip()

    run("init", "-q", "-b", "main")
    run("config", "core.autocrlf", "false")
    return run


@pytest.fixture
def root(tmp_path: Path, git: Git) -> Path:
    registry = shutil.copytree(MINI, tmp_path / "registry")
    git("add", "-A")
    git("commit", "-qm", "The miniature")
    return registry


def test_a_commit_reads_as_its_folder_did(root: Path, git: Git) -> None:
    before = read_folder(root)
    git("tag", "first")
    (root / "people" / "ada-invented.yaml").write_text("name: Somebody Else\n", encoding="utf-8")
    git("commit", "-qam", "Another name")
    (root / "people" / "ada-invented.yaml").unlink()
    for rev in ("HEAD~1", "first", git("rev-parse", "first"), "main~1"):
        found = read_revision(root, rev)
        assert dict(found.texts) == dict(before.texts)
        assert list(found.texts) == list(before.texts)
        assert found.problems == before.problems
        assert found.root is None
    assert read_revision(root, "HEAD").texts["people/ada-invented.yaml"] == b"name: Somebody Else\n"
    assert not (root / "people" / "ada-invented.yaml").exists()
    assert git("status", "--porcelain") == "D registry/people/ada-invented.yaml"


@pytest.mark.parametrize(
    "rev",
    ["", "-x", "--output=x", "--upload-pack=touch x", "a\nb", "\x1b[2J", "x" * 10_000, "\0"],
)
def test_words_that_are_no_revision_are_refused_before_git_sees_them(rev: str, root: Path) -> None:
    with pytest.raises(UserError) as refused:
        read_revision(root, rev)
    assert refused.value.code == 2
    assert not (root / "x").exists()


@pytest.mark.parametrize(
    "rev", ["nowhere", "HEAD~9", "HEAD:registry", "HEAD --output=x", "HEAD:../../x", "@{-1}", "^HEAD", "HEAD..HEAD"]
)
def test_a_commit_that_is_not_there(rev: str, root: Path) -> None:
    with pytest.raises(UserError) as refused:
        read_revision(root, rev)
    assert refused.value.code == 3
    assert refused.value.message.startswith("There is no commit '")


def test_a_shallow_clone_says_how_to_get_more(root: Path, git: Git, tmp_path: Path) -> None:
    git("commit", "-q", "--allow-empty", "-m", "Second")
    git("clone", "-q", "--depth=1", root.parent.as_uri(), "shallow")
    with pytest.raises(UserError, match="no commit 'HEAD~1'") as refused:
        read_revision(tmp_path / "shallow" / "registry", "HEAD~1")
    assert "git fetch --unshallow" in refused.value.help
    assert "fetch-depth: 0" in refused.value.help


def test_outside_git_there_is_no_revision(tmp_path: Path) -> None:
    registry = shutil.copytree(MINI, tmp_path / "elsewhere")
    with pytest.raises(UserError, match="not in a Git checkout") as refused:
        read_revision(registry, "HEAD")
    assert refused.value.code == 3


def test_a_commit_before_the_registry_has_no_texts(git: Git, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("x", encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "Nothing yet")
    registry = shutil.copytree(MINI, tmp_path / "registry")
    assert read_revision(registry, "HEAD").texts == {}


def test_links_submodules_and_odd_names_in_a_commit_are_problems_as_in_a_folder(root: Path, git: Git) -> None:
    blob = git("hash-object", "-w", "--stdin", input=b"/etc/passwd")
    big = git("hash-object", "-w", "--stdin", input=b"name: " + b"x" * 1_000_001)
    listed = [
        f"120000 blob {blob}\tlink.yaml",
        f"100644 blob {blob}\tUPPER.yaml",
        f"100644 blob {blob}\t--output=x.yaml",
        f"100644 blob {blob}\ttwo\nlines.yaml",
        f"160000 commit {git('rev-parse', 'HEAD')}\tmodule.yaml",
        f"100644 blob {big}\tbig.yaml",
        f"100644 blob {blob}\tplain.yaml",
    ]
    people = git("mktree", "-z", input="\0".join(listed).encode() + b"\0")
    mark = git("rev-parse", "HEAD:registry/kmics.yaml")
    registry = git("mktree", input=f"040000 tree {people}\tpeople\n100644 blob {mark}\tkmics.yaml\n".encode())
    top = git("mktree", input=f"040000 tree {registry}\tregistry\n".encode())
    commit = git("commit-tree", top, "-m", "Odd")
    found = read_revision(root, commit)
    assert sorted(found.texts) == ["kmics.yaml", "people/plain.yaml"]
    assert {(problem.rule, problem.source.path) for problem in found.problems} == {
        ("file-link", "people/link.yaml"),
        ("file-name", "people/UPPER.yaml"),
        ("file-name", "people/--output=x.yaml"),
        ("file-name", "people/two\\x0alines.yaml"),
        ("file-kind", "people/module.yaml"),
        ("file-size", "people/big.yaml"),
    }
