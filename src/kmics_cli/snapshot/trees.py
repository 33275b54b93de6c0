"""The id that Git would give the registry's folder if its files were committed as they lie there.

So a page can name the state of the record that it was made from before there is a commit of it, and the name is found in
the history afterwards. Nothing is written, and no index is read: HEAD's own tree is taken, and what differs is put in.

What counts: the records as they were read, new and removed ones too; and of all other files those that Git has already,
as they lie there now. A file that is no record and that Git has not is left out, whether it is ignored or only not yet
added. Modes stay as HEAD has them, and a new file is a plain one. Line ends are as Git keeps them: CRLF counts as LF
unless the file (or, for a new one, some record as it is) has CRLF in Git too. What a filter of Git, such as that of
large files, would make of a file is not known here: the id is then one that no commit has.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from kmics_cli.snapshot.checkout import blob_id, head_of, same_text
from kmics_cli.snapshot.folder import Snapshot, composed
from kmics_cli.snapshot.git import GitError, Objects, git

_MOST_FILE = 64_000_000
_LINK, _MODULE, _PLAIN, _FOLDER = "120000", "160000", "100644", "40000"
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
)

Held = tuple[str, str]
"""What a commit has at a path: a mode and an id."""


def tree_of_files(root: Path, snapshot: Snapshot, environ: Mapping[str, str] | None = None) -> str | None:
    """Return the id of the registry's folder as it lies in `root`; None where there is no Git checkout to ask.

    `snapshot` is what `read_folder` read there. Raises nothing.
    """
    try:
        _, head = head_of(root, environ)
        files: dict[str, Held] = {}
        folders: dict[str, str] = {}
        if head is None:
            told = git(root, "rev-parse", "--show-object-format", environ=environ).strip()
            like = "0" * (64 if told == b"sha256" else 40)
        else:
            like = head
            files, folders = _listed(git(root, "ls-tree", "-r", "-t", "-z", head, environ=environ))
        return _hashed(_laid(root, snapshot, files, like, environ), files, folders, like)
    except GitError:
        return None


def _listed(printed: bytes) -> tuple[dict[str, Held], dict[str, str]]:
    """Return the files, and the ids of the folders, that `ls-tree -r -t -z` printed."""
    files: dict[str, Held] = {}
    folders: dict[str, str] = {}
    for line in printed.split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, kind, id = about.decode("ascii").split()
        path = name.decode("utf-8", "surrogateescape")
        if path.endswith("/"):  # "./", and what is above the registry
            continue
        if kind == "tree":
            folders[path] = id
        else:
            files[path] = mode, id
    return files, folders


def _laid(
    root: Path, snapshot: Snapshot, held: Mapping[str, Held], like: str, environ: Mapping[str, str] | None
) -> dict[str, Held]:
    """Return the files as they would be committed."""
    named = {composed(path): path for path in held}
    laid: dict[str, Held] = {}
    odd: dict[str, bytes] = {}  # with line ends of which it must be found out what Git makes of them
    for path, text in snapshot.texts.items():
        at = named.get(composed(path), composed(path))
        mode, id = held.get(at, (_PLAIN, ""))
        if mode in (_LINK, _MODULE):
            mode, id = _PLAIN, ""
        now = blob_id(text, like)
        if now != id and b"\r\n" in text:
            odd[at] = text
        laid[at] = mode, now
    for path, (mode, id) in held.items():
        if path in laid:
            continue
        if mode in (_LINK, _MODULE):
            if os.path.lexists(root / path) or mode == _MODULE:
                laid[path] = mode, id
            continue
        found = _on_disk(root / path)
        if found is None:
            continue
        laid[path] = mode, id if isinstance(found, bool) else blob_id(found, like)
        if isinstance(found, bytes) and laid[path][1] != id and b"\r\n" in found and b"\0" not in found[:8000]:
            odd[path] = found
    if odd:
        _mend(root, snapshot, held, laid, odd, environ)
    return laid


def _mend(
    root: Path,
    snapshot: Snapshot,
    held: Mapping[str, Held],
    laid: dict[str, Held],
    odd: Mapping[str, bytes],
    environ: Mapping[str, str] | None,
) -> None:
    """Give the files with CRLF the ids that they would have in Git."""
    kept = any(
        b"\r\n" in text and path not in odd and laid[path] == held.get(path)
        for path, text in snapshot.texts.items()
        if path in laid
    )
    with Objects(root, environ) as objects:
        for path, text in odd.items():
            mode, id = laid[path]
            before = held.get(path, ("", ""))[1]
            if before and same_text(text, before):
                laid[path] = mode, before
                continue
            was = objects.read(before, _MOST_FILE) if before else None
            if not (b"\r\n" in was[1] if was else kept):
                id = blob_id(text.replace(b"\r\n", b"\n"), id)
            laid[path] = mode, id


def _on_disk(file: Path) -> bytes | bool | None:
    """Return what a file holds; True if that cannot be told, None if there is no such file any more."""
    try:
        handle = os.open(file, _OPEN)
    except FileNotFoundError:
        return None
    except OSError:
        return True
    with os.fdopen(handle, "rb") as opened:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_size > _MOST_FILE:
            return True
        try:
            return opened.read(_MOST_FILE + 1)
        except OSError:
            return True


def _hashed(laid: Mapping[str, Held], held: Mapping[str, Held], folders: Mapping[str, str], like: str) -> str:
    """Return the id of the folder that holds these files; what has not changed keeps the id that it has in `folders`."""
    changed = {""}
    for path in laid.keys() | held.keys():
        if laid.get(path) != held.get(path):
            while path := path.rpartition("/")[0]:
                changed.add(path)
    inside: dict[str, dict[bytes, tuple[bytes, bytes]]] = {"": {}}

    def put(path: str, mode: str, id: str) -> None:
        above, _, name = path.rpartition("/")
        if above not in inside:
            inside[above] = {}
        raw = name.encode("utf-8", "surrogateescape")
        # Git sorts a folder as if its name ended in a slash.
        inside[above][raw + b"/" if mode == _FOLDER else raw] = mode.encode() + b" " + raw, bytes.fromhex(id)

    for path, id in folders.items():
        above = path.rpartition("/")[0]
        if above in changed and path not in changed:
            put(path, _FOLDER, id)
    for path, (mode, id) in laid.items():
        if path.rpartition("/")[0] in changed:
            put(path, mode, id)
    for path in sorted(changed - {""}, key=lambda path: -path.count("/")):
        if path in inside:  # else nothing is left in it, and Git keeps no empty folder
            put(path, _FOLDER, _tree_id(inside[path], like))
    return _tree_id(inside[""], like)


def _tree_id(entries: Mapping[bytes, tuple[bytes, bytes]], like: str) -> str:
    """Return the id that Git gives a folder with these entries, by the hash that the id `like` was made with."""
    import hashlib

    body = b"".join(head + b"\0" + id for _, (head, id) in sorted(entries.items()))
    data = b"tree %d\0%b" % (len(body), body)
    if len(like) == 64:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
