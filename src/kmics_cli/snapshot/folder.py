"""A registry's folder as a mapping from path to bytes.

It refuses to follow links, to open anything but plain files, and to judge what the files say.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from kmics_cli.problems import Problem, Source, UserError, visible

MARK = "kmics.yaml"
"""The file that makes a folder a registry."""
FOLDERS = ("bodies", "people", "priorities", "documents", "requirements")
"""The folders that are read, with all below them."""

MOST_BYTES_A_FILE = 1_000_000
MOST_BYTES = 100_000_000  # a country's registry is a third of it; all are held in memory
MOST_FILES = 100_000
MOST_DEPTH = 8

_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)  # Windows would otherwise change line ends
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO put in a file's place must not hold us up
    | getattr(os, "O_NOCTTY", 0)
)
_JUNCTION = 0xA0000003  # Windows: a folder that is a link, and not a symlink (3.12 has `is_junction`)
PLAIN_NAME = re.compile(
    r"(?!(?:con|prn|aux|nul|(?:com|lpt)[0-9])\.)(?=.{1,105}\Z)(?=[0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*\.yaml"
)
"""A record's file as it should be named: small letters sort before all that could be taken for them."""
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


class Entry(Protocol):
    """What is asked of a file or folder in a listing: what `os.DirEntry` tells."""

    @property
    def name(self) -> str:
        """The name in its folder."""

    @property
    def path(self) -> str:
        """Where it is."""

    def is_symlink(self) -> bool:
        """Return whether it is a link."""

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Return whether it is a folder."""

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Return whether it is a plain file."""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return what the system says of it."""


def find_registry(start: Path) -> Path | None:
    """Return the registry that holds `start`, or None: "found upwards".

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
    folder = Path(__file__).parent.parent / "shipped" / "registry"
    return folder if _marked(folder) else None


def read_folder(root: Path) -> Snapshot:
    """Read the registry in the folder `root`; a hostile one does no harm.

    A file that cannot or must not be read becomes a problem (file-read, file-link, file-kind, file-size,
    file-name, file-place) and hides no other. Files whose names begin with a dot and README.md are passed
    over; so is everything in other folders, except that a `.yaml` file there is reported as misplaced.

    Raises UserError (3) if `root` is no registry, or has more files or bytes than kmics reads.
    """
    if not _marked(root):
        raise _no_registry(root)

    def listing(folder: str) -> list[Entry]:
        with os.scandir(folder or root) as found:
            return list(islice(found, MOST_FILES + 1))

    return gathered(root, str(root), listing, _read)


def gathered(
    root: Path, top: str, listing: Callable[[str], list[Entry]], read: Callable[[str, str], bytes | Problem]
) -> Snapshot:
    """Return what a tree of files holds, judged by the same rules wherever it comes from.

    `listing` gives the entries of a folder (`top` is the registry's own), `read` the bytes of a file, from where it
    is and its path in the registry, or what is wrong with it. Raises UserError (3) for too many files or bytes.
    """
    texts: dict[str, bytes] = {}
    problems: list[Problem] = []
    count = size = 0
    folders = [("", top)]
    while folders:
        inside, folder = folders.pop()
        try:
            entries = listing(folder)
        except OSError as error:
            problems.append(_unreadable(inside, error))
            continue
        count += len(entries)
        if count > MOST_FILES:
            raise _too_much(root, f"{MOST_FILES:,} files")
        for entry, path, twin in _siblings(inside, entries):
            try:
                if twin is None:
                    found: bytes | Problem | bool = read(entry.path, path)
                else:
                    found = _look(entry, path, twin, read)
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
    return Snapshot(
        {path: texts[path] for path in sorted(texts)}, tuple(sorted(problems, key=lambda p: p.source.path)), root
    )


def _marked(folder: Path) -> bool:
    try:
        return not stat.S_ISDIR((folder / MARK).lstat().st_mode)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return False


def _siblings(inside: str, entries: list[Entry]) -> Iterator[tuple[Entry, str, str | None]]:
    """Yield each entry that counts, its path, and an earlier name that some file systems take for its own.

    That is "" where there is none; None for a plain file of ours whose name is beyond question, as nearly all are.
    """
    seen: dict[str, str] = {}
    rest = entries
    if inside.partition("/")[0] in FOLDERS:
        plain = [e for e in entries if PLAIN_NAME.fullmatch(e.name) and e.is_file(follow_symlinks=False)]
        for entry in plain:
            yield entry, f"{inside}/{entry.name}", None
        if len(plain) == len(entries):
            return
        seen = {entry.name: entry.name for entry in plain}
        rest = [entry for entry in entries if entry.name not in seen]
    for entry in sorted(rest, key=lambda entry: (entry.name != entry.name.lower(), entry.name)):
        name = entry.name
        if name[0] == "." or name.lower() == "readme.md":
            continue
        key = name.lower() if name.isascii() else composed(composed(name).casefold())
        yield entry, f"{inside}/{name}" if inside else name, seen.get(key, "")
        seen.setdefault(key, name)


def _look(
    entry: Entry, path: str, twin: str, read: Callable[[str, str], bytes | Problem]
) -> bytes | Problem | bool:
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
        return _problem("file-ending", path, words, help, "warning")
    return read(entry.path, path) if below or path == MARK else _problem("file-place", path)


def _read(file: str, path: str) -> bytes | Problem:
    handle = os.open(file, _OPEN)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return _problem("file-kind", path)
        if state.st_size > MOST_BYTES_A_FILE:
            return _problem("file-size", path)
        text = os.read(handle, state.st_size + 1)
        if len(text) != state.st_size:  # it changes while it is read, or the disk gives it in parts
            while len(text) <= MOST_BYTES_A_FILE and (part := os.read(handle, 65_536)):
                text += part
    finally:
        os.close(handle)
    return text if len(text) <= MOST_BYTES_A_FILE else _problem("file-size", path)


def _is_link(entry: Entry) -> bool:
    if entry.is_symlink():
        return True
    return os.name == "nt" and getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION


def composed(path: str) -> str:
    """Return the path with its accents composed: macOS may give them apart."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)  # macOS may list names decomposed


def _name_fault(name: str, twin: str, folder: bool) -> tuple[str, str] | None:
    """Return what is wrong with a name, and what to do; None for a name that every computer takes.

    Folders may be named freely among those; a record's file is named after its id.
    """
    if not twin and PLAIN_NAME.fullmatch(name):
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
    elif not folder and re.fullmatch(r"[0-9-]+\.yaml", name):
        fault = "has no letter in it, so that references to it look like numbers or dates"
    elif not folder and name.lower().endswith(".yml"):
        fault = "ends in .yml, and only files that end in .yaml are read"
    elif not folder and name.lower().endswith(".yaml"):
        fault = "is not made of small letters a-z, digits and single hyphens only, 100 at most"
    else:
        return None
    return f"{shown} {fault}.", f"Rename it{_suggestion(name, folder) if not twin else ''}."


def _suggestion(name: str, folder: bool) -> str:
    plain = name.lower().removesuffix(".yaml").removesuffix(".yml")
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore")
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_only.decode()).strip("-")
    better = stem if folder else f"{stem}.yaml"
    return f", for example to {better}" if stem and better != name and not _DEVICE.fullmatch(better) else ""


def _problem(rule: str, path: str, message: str = "", help: str = "", severity: str = "error") -> Problem:
    message, help = (message, help) if message else _WORDS[rule]
    rule = "file-place" if rule == "file-depth" else rule
    return Problem(rule, severity, Source(visible(path)), message, help)


def too_large(path: str) -> Problem:
    """Return the problem of a file that is not read since it is too large."""
    return _problem("file-size", path)


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
