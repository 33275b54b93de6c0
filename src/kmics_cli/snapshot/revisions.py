"""The registry as it stood in a commit, read whole as a folder is read. The work tree is never touched."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kmics_cli.problems import Problem, UserError, shortened, visible
from kmics_cli.snapshot.checkout import Standing, day_of, last_touched
from kmics_cli.snapshot.folder import MOST_BYTES, MOST_BYTES_A_FILE, Entry, Snapshot, gathered, too_large
from kmics_cli.snapshot.git import GitError, expected_prefix, git

_MOST_REVISION = 200
_FULL = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its full id, and the day on which it was made, in ISO form, where its committer was (or None)."""

    id: str
    day: str | None

    @property
    def short(self) -> str:
        """The id as it is shown."""
        return self.id[:12]


def find_commit(root: Path, rev: str, environ: Mapping[str, str] | None = None) -> Commit:
    """Return the commit that `rev` (a commit, branch or tag, HEAD~3) means in the checkout of `root`.

    Raises UserError: (2) for words that can be no revision, (3) if there is no such commit here, or Git does not answer.
    """
    _refuse_odd(rev)
    try:
        return _commit(root, _id_of(root, rev, environ), environ)
    except GitError as error:
        raise _unreadable(rev, error) from None


def commit_by(root: Path, moment: int, day: str, environ: Mapping[str, str] | None = None) -> Commit:
    """Return the last commit on the way that HEAD took (by first parents) that was made before `moment`.

    `moment` is in seconds since 1970, `day` how it is called to the reader. Raises UserError (3) if there is none.
    """
    try:
        shallow, head = _id_and_depth(root, "HEAD", environ)
        told = git(root, "rev-list", "--first-parent", "--timestamp", head, environ=environ).decode("ascii")
        found, latest = "", 0
        for line in reversed(
            told.splitlines()
        ):  # a commit is no earlier than what came before it, whatever it says
            made, _, id = line.partition(" ")
            latest = max(latest, int(made))
            if latest >= moment:
                break
            found = id
        if found:
            return _commit(root, found, environ)
    except GitError as error:
        raise _unreadable(day, error) from None
    if shallow:
        raise UserError(f"This checkout lacks the history up to {day}.", _FETCH, 3)
    raise UserError(
        f"Nothing had been recorded yet by the end of {day}.",
        "Give a later day. For the world on a day: --on, or kmics changes.",
        3,
    )


def is_name(root: Path, rev: str, environ: Mapping[str, str] | None = None) -> bool:
    """Return whether a branch or tag is called exactly `rev`."""
    if not rev or " " in rev or visible(rev) != rev or len(rev) > _MOST_REVISION:
        return False
    for place in ("refs/heads/", "refs/tags/"):
        try:
            git(root, "rev-parse", "--verify", "--end-of-options", f"{place}{rev}^{{commit}}", environ=environ)
        except GitError:
            continue
        return True
    return False


def common_commit(root: Path, one: Commit, other: Commit, environ: Mapping[str, str] | None = None) -> Commit:
    """Return the commit at which the ways of two commits part (`merge-base`). Raises UserError (3) if there is none."""
    try:
        found = git(root, "merge-base", one.id, other.id, environ=environ).decode("ascii").split()
        return _commit(root, found[0], environ)
    except (GitError, IndexError):
        told = f"{one.short} and {other.short} have no commit in common here."
        raise UserError(told, _FETCH, 3) from None


def standing_at(root: Path, commit: Commit, environ: Mapping[str, str] | None = None) -> Standing:
    """Say of a commit what `standing` says of the work tree: the day is that of the last commit before that touched the registry."""
    try:
        shallow = git(root, "rev-parse", "--is-shallow-repository", environ=environ).strip() == b"true"
        as_of, why = last_touched(root, commit.id, shallow, environ)
    except GitError as error:
        as_of, why = None, str(error)
    return Standing(commit.short, as_of, False, why)


def tree_of(root: Path, commit: str = "HEAD", environ: Mapping[str, str] | None = None) -> str | None:
    """Return the id of the registry's folder, with all in it, in a commit; None where Git does not know one."""
    try:
        found = git(root, "rev-parse", "--verify", "--end-of-options", f"{commit}:./", environ=environ)
    except GitError:
        return None
    id = found.decode("ascii", "replace").strip()
    return id if _FULL.fullmatch(id) else None


def read_revision(root: Path, rev: str | Commit, environ: Mapping[str, str] | None = None) -> Snapshot:
    """Return the registry in `root` as it stood in the commit that `rev` (a commit, branch or tag) means.

    The work tree is not touched, and what the commit holds is judged as `read_folder` judges a folder. Where the
    commit has no registry there, the snapshot has no texts. Raises UserError: (2) for words that can be no revision,
    (3) if there is no such commit here, or Git does not answer.
    """
    shown = rev.short if isinstance(rev, Commit) else rev
    commit = rev if isinstance(rev, Commit) else find_commit(root, rev, environ)
    try:
        tree = _Tree(git(root, "ls-tree", "-r", "-l", "-z", commit.id, environ=environ))
        found = gathered(root, "", tree.listing, tree.read)
        wanted = list(dict.fromkeys(found.texts.values()))
        asked = b"".join(blob + b"\n" for blob in wanted)
        blobs = _blobs(git(root, "cat-file", "--batch", input=asked, environ=environ, most=MOST_BYTES * 2))
    except GitError as error:
        raise _unreadable(shown, error) from None
    if missing := next((blob for blob in wanted if blob not in blobs), None):
        raise lacking(shown, missing.decode("ascii"))
    texts = {path: blobs[blob] for path, blob in found.texts.items()}
    return Snapshot(texts, found.problems, None)


def lacking(rev: str, id: str) -> UserError:
    """Return what to say where the checkout has a commit, but not all that it holds."""
    told = f"This checkout lacks what '{shortened(rev)}' holds ({id[:12]})."
    return UserError(told, "It may be a partial clone: fetch the whole of it.", 3)


_FETCH = "This checkout lacks history: run `git fetch --unshallow`, or set `fetch-depth: 0` in CI."


def _refuse_odd(rev: str) -> None:
    if not rev or rev[0] == "-" or len(rev) > _MOST_REVISION or visible(rev) != rev:
        help = "Give a commit, a branch or a tag, such as HEAD~1, or a day, such as 31 January 2026."
        raise UserError(f"'{shortened(rev)}' is not a revision.", help)


def _unreadable(rev: str, error: GitError) -> UserError:
    told = f"The registry cannot be read as at '{shortened(rev)}'. {error}"
    return UserError(
        told,
        "kmics reads earlier states of a registry only from its Git checkout: install Git, and clone it.",
        code=3,
    )


def _id_of(root: Path, rev: str, environ: Mapping[str, str] | None) -> str:
    """Return the full id of the commit that `rev` means."""
    return _id_and_depth(root, rev, environ)[1]


def _id_and_depth(root: Path, rev: str, environ: Mapping[str, str] | None) -> tuple[bool, str]:
    """Return whether the checkout is a shallow one, and the full id of the commit that `rev` means."""
    asked = ("--is-shallow-repository", "--show-prefix", "--verify", "--end-of-options", f"{rev}^{{commit}}")
    try:
        told = git(root, "rev-parse", *asked, environ=environ).decode("utf-8", "surrogateescape")
        shallow, prefix, *_, found = told.removesuffix("\n").split("\n")
        expected = expected_prefix(root)
        if expected is not None and prefix.casefold() != expected.casefold():
            raise GitError(_ELSEWHERE)
        if _FULL.fullmatch(found):  # ^HEAD gives more than an id
            return shallow == "true", found
    except GitError as error:
        if "Git does not answer" not in str(error):
            raise
    cut = git(root, "rev-parse", "--is-shallow-repository", environ=environ).strip() == b"true"
    help = _FETCH if cut else "Give a commit, a branch or a tag that this checkout has, or a day."
    raise UserError(f"There is no commit '{shortened(rev)}' here.", help, 3)


_ELSEWHERE = (
    "Git takes another folder than this one for the top of the checkout: look at core.bare and core.worktree."
)


def _commit(root: Path, id: str, environ: Mapping[str, str] | None) -> Commit:
    header = git(root, "rev-list", "-1", "--header", id, environ=environ).partition(b"\n\n")[0]
    return Commit(id, day_of(header))


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file or folder of a commit, as a listing of a folder would tell it."""

    name: str
    path: str
    mode: str

    def is_symlink(self) -> bool:
        """Return whether it is a link."""
        return self.mode == "120000"

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002
        """Return whether it is a folder."""
        return self.mode in ("040000", "40000")

    def is_file(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002
        """Return whether it is a plain file."""
        return self.mode.startswith("100")

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:  # noqa: ARG002
        """Return nothing of use: what Git keeps has no more than a mode."""
        return os.stat_result([0] * 10)


class _Tree:
    """What `ls-tree -r -l -z` prints, as folders to be listed and files to be read."""

    def __init__(self, printed: bytes) -> None:
        self._folders: dict[str, dict[str, TreeEntry]] = {"": {}}
        self._files: dict[str, tuple[bytes, int]] = {}
        self._size = 0
        for line in printed.split(b"\0")[:-1]:
            about, _, name = line.partition(b"\t")
            mode, _, blob, size = about.split()
            path = name.decode("utf-8", "surrogateescape")
            self._put(path, mode.decode("ascii"))
            self._files[path] = blob, int(size) if size.isdigit() else 0

    def _put(self, path: str, mode: str) -> None:
        folder, slash, name = path.rpartition("/")
        if slash and folder not in self._folders:
            self._folders[folder] = {}
            self._put(folder, "040000")
        self._folders[folder][name] = TreeEntry(name, path, mode)

    def listing(self, folder: str) -> list[Entry]:
        """Return the entries of a folder."""
        return list(self._folders.get(folder, {}).values())

    def read(self, path: str, shown: str) -> bytes | Problem:
        """Return the id of a file's text, or what is wrong with the file."""
        blob, size = self._files[path]
        self._size += size
        if self._size > MOST_BYTES:
            raise UserError(f"That commit's registry is larger than {MOST_BYTES // 1_000_000} MB.", code=3)
        return too_large(shown) if size > MOST_BYTES_A_FILE else blob


def _blobs(printed: bytes) -> dict[bytes, bytes]:
    """Return {id: text} of what `cat-file --batch` prints."""
    blobs = {}
    at = 0
    while at < len(printed):
        end = printed.index(b"\n", at)
        head = printed[at:end].split(b" ")
        if len(head) != 3:  # "<id> missing"
            at = end + 1
            continue
        size = int(head[2])
        blobs[head[0]] = printed[end + 1 : end + 1 + size]
        at = end + 2 + size
    return blobs
