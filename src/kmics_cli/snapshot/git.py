"""Runs git, and refuses to run any of its commands that a repository's own settings can turn into a program.

Only `rev-parse`, `ls-tree -z`, `cat-file --batch`, `rev-list` and `merge-base` are asked, never one that fetches; for an
edit's `--commit`, in one's own work tree, `snapshot.committing` has a few more that write, and run no program either. Each
call is a fixed list of arguments; what somebody typed stands in it after `--end-of-options`, and everything after the
first call by its full id.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from kmics_cli.problems import visible

if TYPE_CHECKING:
    from subprocess import Popen

_MOST_SECONDS = 10.0
_MOST_SECONDS_OPEN = 60.0
_MOST_OUTPUT = 64_000_000
_MOST_HEAD = 200
_AT_ONCE = 40  # ids asked for together: they fit into a pipe, so that neither side waits for the other
_TOO_MUCH = "Git took too long, or had too much to say, about this checkout."
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


class GitError(Exception):
    """Git is missing, or has refused; the text is a sentence for the reader."""


def git(
    root: Path,
    *args: str,
    input: bytes = b"",
    environ: Mapping[str, str] | None = None,
    most: int = _MOST_OUTPUT,
    index: Path | None = None,
) -> bytes:
    """Run git in `root` and return what it prints; GitError also if it takes or prints too much.

    `index`: a file to be used in place of the checkout's own index.
    """
    import threading

    said: list[bytes] = []
    try:
        with _started(root, args, environ, index) as process:
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
        raise GitError(f"Git could not be started ({error.strerror}).") from error
    if len(output) > most or status < 0:
        raise GitError(_TOO_MUCH)
    if status:
        raise GitError(_refusal(b"".join(said).decode("utf-8", "replace")))
    return output


def _started(
    root: Path, args: Iterable[str], environ: Mapping[str, str] | None, index: Path | None = None
) -> Popen[bytes]:
    """Start git in `root`, with nothing of the environment but what it needs."""
    import subprocess

    given = os.environ if environ is None else environ
    settings = {name: value for name, value in given.items() if _KEPT.fullmatch(name)} | _SET
    if index is not None:
        settings["GIT_INDEX_FILE"] = str(index)
    pipe = subprocess.PIPE
    where = root.absolute()
    _refuse_pipes(where)
    command = [_program(where, given), "-C", str(where), *_SAFELY, *args]
    # S603: the one place that starts a program, by its absolute path and with fixed arguments.
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=settings)  # noqa: S603


class Objects:
    """A repository's objects by their ids, read through one `cat-file --batch` that stays open meanwhile.

    Use it in a `with` block. Every reading raises GitError if git ends, or takes longer than a minute in all.
    """

    def __init__(self, root: Path, environ: Mapping[str, str] | None = None) -> None:
        self._root = root
        self._environ = environ
        self._process: Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        if self._process is not None:
            self._clock.cancel()
            self._process.kill()
            self._process.wait()
            self._drain.join()
            for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
                with suppress(OSError):
                    stream.close()  # type: ignore[union-attr]

    def read(self, id: str, most: int = _MOST_OUTPUT) -> tuple[int, bytes] | None:
        """Return an object's size and its bytes; no bytes if it has more than `most`, None if it is not there."""
        return next(self.several([id], most))

    def several(self, ids: Iterable[str], most: int = _MOST_OUTPUT) -> Iterator[tuple[int, bytes] | None]:
        """Yield the same for several objects, in their order."""
        ahead = iter(ids)
        while some := list(islice(ahead, _AT_ONCE)):
            try:
                asked, told = self._streams()
                asked.write("".join(f"{id}\n" for id in some).encode("ascii"))
                asked.flush()
                for _ in some:
                    yield _object(told, most)
            except (OSError, ValueError) as error:
                raise GitError(_TOO_MUCH) from error

    def _streams(self) -> tuple[IO[bytes], IO[bytes]]:
        import threading

        if self._process is None:
            try:
                self._process = _started(self._root, ("cat-file", "--batch"), self._environ)
            except OSError as error:
                raise GitError(f"Git could not be started ({error.strerror}).") from error
            self._clock = threading.Timer(_MOST_SECONDS_OPEN, self._process.kill)
            self._drain = threading.Thread(target=_drain, args=(self._process.stderr, []))
            for helper in (self._clock, self._drain):
                helper.daemon = True
                helper.start()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def _object(told: IO[bytes], most: int) -> tuple[int, bytes] | None:
    """Return the size and the bytes of the object that git tells next, or None if it has no such object."""
    head = told.readline(_MOST_HEAD).split(b" ")
    if len(head) != 3:  # "<id> missing"
        if head[-1] != b"missing\n":
            raise ValueError
        return None
    left = size = int(head[2])
    kept = b""
    if size <= most:
        kept = told.read(size)
        left -= len(kept)
    while left and (part := told.read(min(left, 1_000_000))):
        left -= len(part)
    if left or told.read(1) != b"\n":
        raise ValueError
    return size, kept


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
    """Raise GitError if `.git` has a pipe or a device where a file should be: git would wait for it for ever."""
    for folder in (root, *root.parents):
        try:
            with os.scandir(folder / ".git") as entries:
                modes = [entry.stat().st_mode for entry in entries if not entry.is_symlink()]
        except FileNotFoundError:
            continue
        except OSError:  # a file that leads elsewhere, or one that is not ours to look into: git will say
            return
        if any(stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) for mode in modes):
            raise GitError("Git is not asked: this checkout's .git holds a pipe or a device in place of a file.")
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
    raise GitError("Git is not installed, so the registry's revision and date are not known.")


def expected_prefix(root: Path) -> str | None:
    """Return where `root` lies below the top of its checkout, with `/` at the end; None where no checkout is found above it."""
    here = root.resolve()
    top = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)
    if top is None:
        return None
    inside = here.relative_to(top).as_posix()
    return "" if inside == "." else f"{inside}/"


def git_program(root: Path, environ: Mapping[str, str] | None = None) -> str | None:
    """Return the absolute path of the git that is used for the registry in `root`, or None without one."""
    try:
        return _program(root, os.environ if environ is None else environ)
    except GitError:
        return None
