"""The registry's files as a mapping from path to bytes, and what Git can say about them.

The only module that runs git. It refuses to follow links, to open anything but plain files, to decode or
judge what the files say, and to run any git command that a repository's own settings can turn into a
program: only `rev-parse`, `ls-tree -z`, `rev-list` and `cat-file --batch`, never one that fetches.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import subprocess
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

from kmics_cli.problems import Problem, Source, UserError, visible

MARK = "kmics.yaml"
"""The file that makes a folder a registry."""
FOLDERS = ("bodies", "people", "priorities", "documents", "requirements")
"""The folders that are read, with all below them."""

MOST_BYTES_A_FILE = 1_000_000
MOST_BYTES = 500_000_000
MOST_FILES = 50_000
MOST_DEPTH = 8

_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)  # Windows would otherwise change line ends
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO put in a file's place must not hold us up
    | getattr(os, "O_NOCTTY", 0)
)
_JUNCTION = 0xA0000003  # Windows: a folder that is a link, and not a symlink (3.12 has `is_junction`)
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.yaml")
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_PLACES = ", ".join(f"{folder}/" for folder in FOLDERS[:-1]) + f" and {FOLDERS[-1]}/"
_WORDS = {
    "file-link": (
        "This is a link to another place, and links are not followed.",
        "Put the file or folder itself here instead of the link.",
    ),
    "file-kind": (
        "This is not a plain file but a device or a pipe, and is not opened.",
        "Remove it from the registry.",
    ),
    "file-size": (
        f"The file is larger than {MOST_BYTES_A_FILE:,} bytes, and is not read.",
        "Split it into several records, or move it out of the registry.",
    ),
    "file-place": (
        f"Nothing reads this file; records belong in the folders {_PLACES}.",
        "Move it to the folder for its kind, or out of the registry.",
    ),
    "file-depth": (
        f"This folder lies more than {MOST_DEPTH} folders deep, and is not read.",
        "Move it nearer to the top of the registry.",
    ),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The registry's texts at one moment, and the files that could not or must not be read.

    `texts` goes from path (from the registry's root, with `/`) to the file's bytes, in order of path.
    `problems` has one entry for each file kept apart; `root` is None where no folder was read.
    """

    texts: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    root: Path | None


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


def find_registry(start: Path) -> Path | None:
    """Return the registry that holds `start`, or None: the rule of `cli.md`, "found upwards".

    From `start` up to the top of the file system, the first folder that holds `kmics.yaml`, or that holds a
    `registry/` (not a link) with `kmics.yaml` in it. Raises nothing: what cannot be seen is not there.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if _marked(folder):
            return folder
        if _marked(folder / "registry") and not (folder / "registry").is_symlink():
            return folder / "registry"
    return None


def shipped_registry() -> Path | None:
    """Return the registry inside the installed package (`pyproject.toml`, force-include), or None.

    Only a wheel has it. Its folder belongs to no checkout, so `standing` has nothing to say of it.
    """
    folder = Path(__file__).parent / "shipped" / "registry"
    return folder if _marked(folder) else None


def read_folder(root: Path) -> Snapshot:
    """Read the registry in the folder `root`; the rules are those of `safety.md`, section 5 B.

    A file that cannot or must not be read becomes a problem (file-read, file-link, file-kind, file-size,
    file-name, file-place) and hides no other. Files whose names begin with a dot and README.md are passed
    over; so is everything in other folders, except that a `.yaml` file there is reported as misplaced.

    Raises UserError (3) if `root` is no registry, or has more files or bytes than kmics reads.
    """
    if not _marked(root):
        raise _no_registry(root)
    texts: dict[str, bytes] = {}
    problems: list[Problem] = []
    count = size = 0
    folders = [("", str(root))]
    while folders:
        inside, folder = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(islice(listing, MOST_FILES + 1))
        except OSError as error:
            problems.append(_unreadable(inside, error))
            continue
        count += len(entries)
        if count > MOST_FILES:
            raise _too_much(root, f"{MOST_FILES:,} files")
        for entry, path, twin in _siblings(inside, entries):
            try:
                found = _look(entry, path, twin)
            except OSError as error:
                found = _unreadable(path, error)
            if isinstance(found, bytes):
                texts[path] = found
                size += len(found)
                if size > MOST_BYTES:
                    raise _too_much(root, f"{MOST_BYTES // 1_000_000} MB")
            elif isinstance(found, Problem):
                problems.append(found)
            elif found:
                folders.append((path, entry.path))
    return Snapshot(dict(sorted(texts.items())), tuple(sorted(problems, key=lambda p: p.source.path)), root)


def _marked(folder: Path) -> bool:
    try:
        return not stat.S_ISDIR((folder / MARK).lstat().st_mode)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return False


def _siblings(inside: str, entries: list[os.DirEntry[str]]) -> Iterator[tuple[os.DirEntry[str], str, str]]:
    """Yield each entry that counts, its path, and an earlier name that some file systems take for its own."""
    seen: dict[str, str] = {}
    for entry in sorted(entries, key=lambda entry: (entry.name != entry.name.lower(), entry.name)):
        name = entry.name
        if name[0] == "." or name.lower() == "readme.md":
            continue
        key = name.lower() if name.isascii() else _nfc(_nfc(name).casefold())
        yield entry, f"{inside}/{name}" if inside else name, seen.get(key, "")
        seen.setdefault(key, name)


def _look(entry: os.DirEntry[str], path: str, twin: str) -> bytes | Problem | bool:
    """Return a file's bytes, or what is wrong with it; or whether it is a folder to go into."""
    top, _, below = path.partition("/")
    ours = top in FOLDERS or path == MARK
    link = _is_link(entry)
    folder = not link and entry.is_dir(follow_symlinks=False)
    if link and (ours or not below):
        return _problem("file-link", path)
    if folder and not ours:
        return path.count("/") < MOST_DEPTH
    if not ours:
        return entry.name.endswith(".yaml") and _problem("file-place", path)
    if below and (fault := _name_fault(entry.name, twin, folder)):
        return _problem("file-name", path, *fault)
    if folder:
        return path.count("/") < MOST_DEPTH or _problem("file-depth", path)
    if not entry.is_file(follow_symlinks=False):
        return _problem("file-kind", path)
    if below and not entry.name.endswith(".yaml"):
        words = f"Only files that end in .yaml are read, and {visible(entry.name)} does not."
        help = "If it is a record, rename it to end in .yaml; otherwise move it out of this folder."
        return _problem("file-name", path, words, help, "warning")
    return _read(entry.path, path) if below or path == MARK else _problem("file-place", path)


def _read(file: str, path: str) -> bytes | Problem:
    handle = os.open(file, _OPEN)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return _problem("file-kind", path)
        parts, left = [], MOST_BYTES_A_FILE + 1 if state.st_size <= MOST_BYTES_A_FILE else 0
        while left > 0 and (part := os.read(handle, min(left, 65_536))):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(handle)
    return b"".join(parts) if left > 0 else _problem("file-size", path)


def _is_link(entry: os.DirEntry[str]) -> bool:
    if entry.is_symlink():
        return True
    return os.name == "nt" and getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION


def _name_fault(name: str, twin: str, folder: bool) -> tuple[str, str] | None:
    """Return what is wrong with a name, and what to do; None for a name that every computer takes.

    Folders may be named freely among those; a record's file is named after its id.
    """
    if not twin and _PLAIN.fullmatch(name) and not _DEVICE.fullmatch(name):
        return None
    shown = visible(name)
    if twin:
        fault = f"is, on Windows and macOS, the same name as {visible(twin)}"
    elif any(0xD800 <= ord(char) <= 0xDFFF for char in name):
        fault = "is not written in UTF-8"
    elif shown != name:
        fault = "has characters in its name that cannot be seen"
    elif set(name) & set('<>:"|?*\\') or name[-1] in ". " or _DEVICE.fullmatch(name):
        fault = "is a name that Windows refuses"
    elif name[0] == "-":
        fault = "begins with a hyphen, so that programs would take it for an option"
    elif not folder and name.lower().endswith(".yaml"):
        fault = "is not made of small letters a-z, digits and hyphens only"
    else:
        return None
    return f"{shown} {fault}.", f"Rename it{_suggestion(name, folder) if not twin else ''}."


def _suggestion(name: str, folder: bool) -> str:
    ascii_only = unicodedata.normalize("NFKD", name.lower().removesuffix(".yaml")).encode("ascii", "ignore")
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_only.decode()).strip("-")
    better = stem if folder else f"{stem}.yaml"
    return f", for example to {better}" if stem and better != name and not _DEVICE.fullmatch(better) else ""


def _problem(rule: str, path: str, message: str = "", help: str = "", severity: str = "error") -> Problem:
    message, help = (message, help) if message else _WORDS[rule]
    rule = "file-place" if rule == "file-depth" else rule
    return Problem(rule, severity, Source(visible(path)), message, help)


def _unreadable(path: str, error: OSError) -> Problem:
    words = f"could not be read: {error.strerror}."
    help = "Ask whoever looks after this computer, or the share it is on, for leave to read it."
    if not path:
        raise UserError(f"The registry's folder {words}", help, 3)
    return _problem("file-read", path, f"This {words}", help)


def _no_registry(root: Path) -> UserError:
    shown = visible(str(root))
    if not root.is_dir():
        return UserError(f"There is no folder {shown}.", "Check the path of the registry.", 3)
    help = f"Name the folder that holds {MARK}: in a checkout this is often its folder 'registry'."
    return UserError(f"The folder {shown} is not a registry: it has no {MARK}.", help, 3)


def _too_much(root: Path, limit: str) -> UserError:
    help = f"Keep the registry in a folder of its own, with only {MARK}, {_PLACES} in it."
    shown = visible(str(root))
    return UserError(f"The folder {shown} holds more than {limit}, the most that is read.", help, 3)


# Git: as `safety.md`, section 4, prescribes. Each call is a fixed list of arguments, and after the first one
# only full commit ids stand in it.

_MOST_SECONDS = 30.0
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


class _GitError(Exception):
    """Git is missing, or has refused; the text is a sentence for the reader."""


def standing(root: Path, snapshot: Snapshot, environ: Mapping[str, str] | None = None) -> Standing:
    """Say which revision the registry in `root` stands on, its date, and whether it has unrecorded edits.

    `snapshot` is what `read_folder` read there. Its texts are compared with HEAD's by their ids, a difference
    in line ends alone being none, so that no index is read or refreshed; what could not be read is left out.
    `environ` (by default the process's) serves to find git and to build its environment. Raises nothing:
    what Git does not know is None, and `why` says why. Source: `safety.md` section 4, `cli.md` on JSON.
    """
    revision = as_of = edits = None
    try:
        shallow, head = _head(root, environ)
        if head is None:
            return Standing(None, None, True, "Nothing has been committed yet, so nothing dates the registry.")
        revision = head[:12]
        recorded = _recorded(root, head, environ)
        if not recorded:
            return Standing(revision, None, True, "The registry's files are not in the last commit.")
        edits = _edited(recorded, snapshot)
        as_of, why = _last_touched(root, head, shallow, environ)
    except _GitError as error:
        why = str(error)
    return Standing(revision, as_of, edits, why)


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


def _recorded(root: Path, commit: str, environ: Mapping[str, str] | None) -> dict[str, str]:
    """Return {path: blob id} of the records that `commit` holds below `root`, no links or submodules."""
    records = {}
    for line in _git(root, "ls-tree", "-r", "-z", commit, environ=environ).split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, blob = about.decode("ascii").split(" ")
        path = _nfc(name.decode("utf-8", "surrogateescape"))
        if mode in ("100644", "100755") and _is_record(path):
            records[path] = blob
    return records


def _is_record(path: str) -> bool:
    """Whether `read_folder` reads a file at this path, or reports it."""
    return path == MARK or (
        path.partition("/")[0] in FOLDERS and path.endswith(".yaml") and "/" in path and "/." not in path
    )


def _edited(recorded: Mapping[str, str], snapshot: Snapshot) -> bool:
    """Whether the snapshot's texts are other than those recorded; what could not be read is left out."""
    texts = {_nfc(path): text for path, text in snapshot.texts.items()}
    unread = {_nfc(problem.source.path) for problem in snapshot.problems}
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
    data = b"blob %d\0%b" % (len(text), text)
    if len(like) == 64:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _nfc(path: str) -> str:
    return path if path.isascii() else unicodedata.normalize("NFC", path)  # macOS may list names decomposed


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


def _git(root: Path, *args: str, input: bytes = b"", environ: Mapping[str, str] | None = None) -> bytes:
    """Run git in `root` and return what it prints; _GitError also if it takes or prints too much."""
    given = os.environ if environ is None else environ
    settings = {name: value for name, value in given.items() if _KEPT.fullmatch(name)} | _SET
    pipe = subprocess.PIPE
    said: list[bytes] = []
    try:
        where = root.absolute()
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
            output = process.stdout.read(_MOST_OUTPUT + 1)
            if len(output) > _MOST_OUTPUT:
                process.kill()
            status = process.wait()
            clock.cancel()
            feeder.join()
            drain.join()
    except OSError as error:
        raise _GitError(f"Git could not be started ({error.strerror}).") from error
    if len(output) > _MOST_OUTPUT or status < 0:
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
