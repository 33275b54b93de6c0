"""What Git can say of a registry's folder. The only module that runs git.

It refuses to run any git command that a repository's own settings can turn into a program: only
`rev-parse`, `ls-tree -z`, `cat-file --batch` and `rev-list`, never one that fetches. Each call is a fixed
list of arguments, and after the first one only full ids stand in it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from kmics_cli.problems import Problem, UserError, shortened, visible
from kmics_cli.snapshot.folder import (
    FOLDERS,
    MARK,
    MOST_BYTES,
    MOST_BYTES_A_FILE,
    Entry,
    Snapshot,
    composed,
    gathered,
    too_large,
)

_MOST_SECONDS = 10.0
_MOST_REVISION = 200
_FULL = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_MOST_OUTPUT = 64_000_000
_SAFELY = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.quotePath=false"),
    *("-c", "diff.external="),
    *("-c", "log.showSignature=false"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),  # a folder made to look like a repository is none
    *("--no-pager", "--literal-pathspecs"),
)
_KEPT = re.compile(  # what git needs to start and to find the user's own settings: no GIT_*, no PAGER
    "PATH|HOME|XDG_CONFIG_HOME|LD_LIBRARY_PATH|DEVELOPER_DIR|SUDO_UID|TMPDIR|TEMP|TMP|"
    "USERPROFILE|HOMEDRIVE|HOMEPATH|PROGRAMDATA|SYSTEMROOT|SYSTEMDRIVE|WINDIR",
    re.IGNORECASE,
)
_SET = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # `protocol.<name>.allow` overrides protocol.allow, not this
}
_COMMITTER = re.compile(rb"^committer .*> (-?\d{1,12}) ([+-])(\d\d)(\d\d)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be said of the registry as a whole; None is "not known", and `why` says why.

    `revision` is the short id of HEAD's commit; `as_of` the ISO day, in the committer's own time zone, of the
    last commit that touched the registry's folder; `unrecorded_edits` whether its files differ from HEAD's.
    """

    revision: str | None
    as_of: str | None
    unrecorded_edits: bool | None
    why: str = ""


class _GitError(Exception):
    """Git is missing, or has refused; the text is a sentence for the reader."""


def standing(root: Path, snapshot: Snapshot, environ: Mapping[str, str] | None = None) -> Standing:
    """Say which revision the registry in `root` stands on, its date, and whether it has unrecorded edits.

    `snapshot` is what `read_folder` read there. Its texts are compared with HEAD's by their ids, a difference
    in line ends alone being none, so that no index is read or refreshed; what could not be read is left out.
    `environ` (by default the process's) serves to find git and to build its environment. Raises nothing:
    what Git does not know is None, and `why` says why.
    """
    revision = as_of = edits = None
    try:
        shallow, head = _head(root, environ)
        if head is None:
            return Standing(None, None, True, "Nothing has been committed yet, so nothing dates the registry.")
        revision = head[:12]
        edits = _edited(_git(root, "ls-tree", "-r", "-z", head, environ=environ), snapshot)
        if edits is None:
            return Standing(revision, None, True, "The registry's files are not in the last commit.")
        as_of, why = _last_touched(root, head, shallow, environ)
    except _GitError as error:
        why = str(error)
    return Standing(revision, as_of, edits, why)


def read_revision(root: Path, rev: str, environ: Mapping[str, str] | None = None) -> Snapshot:
    """Return the registry in `root` as it stood in the commit that `rev` (a commit, branch or tag) means.

    The work tree is not touched, and what the commit holds is judged as `read_folder` judges a folder. Where the
    commit has no registry there, the snapshot has no texts. Raises UserError: (2) for words that can be no revision,
    (3) if there is no such commit here, or Git does not answer.
    """
    if not rev or rev[0] == "-" or len(rev) > _MOST_REVISION or visible(rev) != rev:
        raise UserError(
            f"'{shortened(rev)}' is not a revision.", "Give a commit, a branch or a tag, such as HEAD~1."
        )
    try:
        commit = _commit(root, rev, environ)
        tree = _Tree(_git(root, "ls-tree", "-r", "-l", "-z", commit, environ=environ))
        found = gathered(root, "", tree.listing, tree.read)
        wanted = list(dict.fromkeys(found.texts.values()))
        asked = b"".join(blob + b"\n" for blob in wanted)
        blobs = _blobs(_git(root, "cat-file", "--batch", input=asked, environ=environ, most=MOST_BYTES * 2))
    except _GitError as error:
        raise UserError(f"The registry cannot be read as at '{shortened(rev)}'. {error}", code=3) from None
    if missing := next((blob for blob in wanted if blob not in blobs), None):
        told = f"This checkout lacks what '{shortened(rev)}' holds ({missing.decode()[:12]})."
        raise UserError(told, "It may be a partial clone: fetch the whole of it.", 3)
    texts = {path: blobs[blob] for path, blob in found.texts.items()}
    return Snapshot(texts, found.problems, None)


def _commit(root: Path, rev: str, environ: Mapping[str, str] | None) -> str:
    """Return the full id of the commit that `rev` means."""
    asked = ("rev-parse", "--is-shallow-repository", "--verify", "--end-of-options", f"{rev}^{{commit}}")
    try:
        found = _git(root, *asked, environ=environ).decode("ascii").split()[-1]
        if _FULL.fullmatch(found):  # ^HEAD gives more than an id
            return found
    except _GitError as error:
        if "Git does not answer" not in str(error):
            raise
    shallow = _git(root, "rev-parse", "--is-shallow-repository", environ=environ).strip() == b"true"
    help = "Give a commit, a branch or a tag that this checkout has."
    if shallow:
        help = "This checkout lacks history: run `git fetch --unshallow`, or set `fetch-depth: 0` in CI."
    raise UserError(f"There is no commit '{shortened(rev)}' here.", help, 3)


@dataclass(frozen=True, slots=True)
class _TreeEntry:
    """A file or folder of a commit, as a listing of a folder would tell it."""

    name: str
    path: str
    mode: str

    def is_symlink(self) -> bool:
        return self.mode == "120000"

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002
        return self.mode == "040000"

    def is_file(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002
        return self.mode in ("100644", "100755")

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:  # noqa: ARG002
        return os.stat_result([0] * 10)


class _Tree:
    """What `ls-tree -r -l -z` prints, as folders to be listed and files to be read."""

    def __init__(self, printed: bytes) -> None:
        self._folders: dict[str, dict[str, _TreeEntry]] = {"": {}}
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
        self._folders[folder][name] = _TreeEntry(name, path, mode)

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


def _head(root: Path, environ: Mapping[str, str] | None) -> tuple[bool, str | None]:
    """Return whether the checkout is a shallow one, and HEAD's commit id, None if there is none."""
    asked = ("rev-parse", "--is-shallow-repository", "--verify", "--end-of-options", "HEAD^{commit}")
    try:
        shallow, head = _git(root, *asked, environ=environ).decode("ascii").split()
    except _GitError as error:
        if "Needed a single revision" in str(error):
            return False, None
        raise
    return shallow == "true", head


def _recorded(lines: Iterable[bytes]) -> dict[str, str]:
    """Return {path: blob id} of the records among what `ls-tree -r -z` printed, no links or submodules."""
    records = {}
    for line in lines:
        about, _, name = line.partition(b"\t")
        mode, _, blob = about.decode("ascii").split(" ")
        path = composed(name.decode("utf-8", "surrogateescape"))
        if mode in ("100644", "100755") and _is_record(path):
            records[path] = blob
    return records


def _is_record(path: str) -> bool:
    """Whether `read_folder` reads a file at this path, or reports it."""
    return path == MARK or (
        path.partition("/")[0] in FOLDERS and path.endswith(".yaml") and "/" in path and "/." not in path
    )


def _edited(printed: bytes, snapshot: Snapshot) -> bool | None:
    """Whether the snapshot's texts are other than what `ls-tree -r -z` printed; None if that has no records.

    What could not be read is left out.
    """
    lines = set(printed.split(b"\0")[:-1])
    like = next((line.split(b" ")[2].partition(b"\t")[0].decode("ascii") for line in lines), "")
    texts = {}
    for path, text in snapshot.texts.items():
        line = f"100644 blob {_blob(text, like)}\t{path}".encode("utf-8", "surrogateescape")
        if line in lines:  # as nearly all are; what is left is looked into
            lines.discard(line)
        else:
            texts[composed(path)] = text
    recorded = _recorded(lines)
    if not recorded and len(texts) == len(snapshot.texts):
        return None
    unread = {composed(problem.source.path) for problem in snapshot.problems}
    for path in recorded.keys() - texts.keys():
        steps = visible(path).split("/")
        if unread.isdisjoint("/".join(steps[:depth]) for depth in range(1, len(steps) + 1)):
            return True
    return any(not _same(text, recorded.get(path, "")) for path, text in texts.items())


def _same(text: bytes, blob: str) -> bool:
    if _blob(text, blob) == blob:
        return True
    return b"\r\n" in text and _blob(text.replace(b"\r\n", b"\n"), blob) == blob


def _blob(text: bytes, like: str) -> str:
    """Return the id that Git gives to `text`, by the hash that the id `like` was made with."""
    import hashlib

    data = b"blob %d\0%b" % (len(text), text)
    if len(like) == 64:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _last_touched(
    root: Path, head: str, shallow: bool, environ: Mapping[str, str] | None
) -> tuple[str | None, str]:
    """Return the day of the last commit that touched `root`, or None and why it is not known."""
    commit = _git(root, "rev-list", "-1", "--header", head, "--", ".", environ=environ)
    header = commit.partition(b"\n\n")[0]
    if shallow and b"\nparent " in header:
        # The oldest commit of a shallow clone seems to touch everything: Git does not see its parents.
        found = header[: len(head)].decode("ascii")
        if len(_git(root, "rev-list", "-1", "--parents", found, environ=environ).split()) == 1:
            help = "run `git fetch --unshallow`, or set `fetch-depth: 0` where CI checks it out"
            return None, f"This checkout lacks the history that would date the registry; {help}."
    day = _day(header)
    return day, "" if day else "The last commit of the registry bears no date that can be read."


def _day(header: bytes) -> str | None:
    found = _COMMITTER.search(header)
    if not found:
        return None
    offset = timedelta(hours=int(found[3]), minutes=int(found[4])) * (-1 if found[2] == b"-" else 1)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(found[1])) + offset
    except OverflowError:
        return None
    return moment.date().isoformat()


def _git(
    root: Path, *args: str, input: bytes = b"", environ: Mapping[str, str] | None = None, most: int = _MOST_OUTPUT
) -> bytes:
    """Run git in `root` and return what it prints; _GitError also if it takes or prints too much."""
    import subprocess
    import threading

    given = os.environ if environ is None else environ
    settings = {name: value for name, value in given.items() if _KEPT.fullmatch(name)} | _SET
    pipe = subprocess.PIPE
    said: list[bytes] = []
    try:
        where = root.absolute()
        _refuse_pipes(where)
        command = [_program(where, given), "-C", str(where), *_SAFELY, *args]
        # S603: the one place that starts a program, by its absolute path and with fixed arguments.
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=settings) as process:  # noqa: S603
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            clock = threading.Timer(_MOST_SECONDS, process.kill)
            feeder = threading.Thread(target=_feed, args=(process.stdin, input))
            drain = threading.Thread(target=_drain, args=(process.stderr, said))
            for helper in (clock, feeder, drain):
                helper.daemon = True
                helper.start()
            output = process.stdout.read(most + 1)
            if len(output) > most:
                process.kill()
            status = process.wait()
            clock.cancel()
            feeder.join()
            drain.join()
    except OSError as error:
        raise _GitError(f"Git could not be started ({error.strerror}).") from error
    if len(output) > most or status < 0:
        raise _GitError("Git took too long, or had too much to say, about this checkout.")
    if status:
        raise _GitError(_refusal(b"".join(said).decode("utf-8", "replace")))
    return output


def _feed(stream: IO[bytes], data: bytes) -> None:
    try:
        with stream:
            stream.write(data)
    except OSError:  # git has ended already: its exit status says why
        pass


def _drain(stream: IO[bytes], said: list[bytes]) -> None:
    said.append(stream.read(10_000))
    while stream.read(65_536):
        pass


def _refusal(said: str) -> str:
    if "not a git repository" in said:
        return "The registry is not in a Git checkout, so its revision and date are not known."
    words = visible(" ".join(said.split()).removeprefix("fatal: "))
    return f"Git does not answer for this checkout: {words or 'it gave no reason'}"


def _refuse_pipes(root: Path) -> None:
    """Raise _GitError if `.git` has a pipe or a device where a file should be: git would wait for it for ever."""
    for folder in (root, *root.parents):
        try:
            with os.scandir(folder / ".git") as entries:
                modes = [entry.stat().st_mode for entry in entries if not entry.is_symlink()]
        except FileNotFoundError:
            continue
        except OSError:  # a file that leads elsewhere, or one that is not ours to look into: git will say
            return
        if any(stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) for mode in modes):
            raise _GitError("Git is not asked: this checkout's .git holds a pipe or a device in place of a file.")
        return


def _program(root: Path, environ: Mapping[str, str]) -> str:
    """Return git's absolute path: from PATH, never from the current folder or from the checkout itself."""
    name = "git.exe" if os.name == "nt" else "git"
    above = (folder for folder in (root, *root.parents) if (folder / ".git").exists())
    checkout = next(above, root).resolve()
    for place in environ.get("PATH", "").split(os.pathsep):
        folder = Path(place.strip('"'))
        try:
            if not folder.is_absolute() or folder.resolve() == Path.cwd():
                continue
            program = (folder / name).resolve()
            inside = folder.resolve().is_relative_to(checkout) or program.is_relative_to(checkout)
            if not inside and program.is_file() and os.access(program, os.X_OK):
                return str(folder / name)
        except (OSError, ValueError):
            continue
    raise _GitError("Git is not installed, so the registry's revision and date are not known.")


def git_program(root: Path, environ: Mapping[str, str] | None = None) -> str | None:
    """Return the absolute path of the git that is used for the registry in `root`, or None without one."""
    try:
        return _program(root, os.environ if environ is None else environ)
    except _GitError:
        return None
