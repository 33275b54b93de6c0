"""The journal of an edit: what the files were and are to be, so that whoever comes after a crash can finish or undo it.

It is data like any other: a checkout may come with one in its Git folder. So it can only name files of the registry, and
only turn a file from one of the two texts that it holds into the other.
"""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from kmics_cli.problems import UserError, shortened
from kmics_cli.snapshot.disk import Disk
from kmics_cli.snapshot.folder import FOLDERS, MARK, MOST_BYTES, MOST_BYTES_A_FILE, MOST_DEPTH, PLAIN_NAME
from kmics_cli.snapshot.state import JOURNAL as NAME
from kmics_cli.snapshot.state import locked, unfinished

FINISH, UNDO = "finish", "undo"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A file of a registry, by its path from the registry's root, as it was and as it is to be (None: not there)."""

    path: str
    before: bytes | None
    after: bytes | None


def place_of(root: Path, path: str) -> Path:
    """Return where a file of the registry lies. Raises `UserError` (3) if it is none, or a link leads to it."""
    parts = PurePosixPath(path).parts
    ours = path == MARK or (len(parts) > 1 and parts[0] in FOLDERS and PLAIN_NAME.fullmatch(parts[-1]))
    if (
        not ours
        or ".." in parts
        or len(parts) > MOST_DEPTH
        or path != "/".join(parts)
        or "\\" in path
        or ":" in path
    ):
        raise UserError(f"{shortened(path)} is no file of a registry.", "", 3)
    place = root
    for part in parts[:-1]:
        place = place / part
        try:
            if not stat.S_ISDIR(place.lstat().st_mode):
                raise UserError(
                    f"{shortened(path)} lies behind a link, which is not followed.",
                    "Put the folder itself there.",
                    3,
                )
        except FileNotFoundError:
            break
    return root.joinpath(*parts)


def staged(place: Path) -> Path:
    """Return the name that a new text has beside the file whose place it will take; no reader looks at it."""
    return place.with_name(f".kmics-{place.name}.new")


def keep(state: Path, way: str, rewrites: Sequence[Rewrite], disk: Disk) -> None:
    """Write the journal: `way` is what is to be done after a crash, FINISH or UNDO."""
    files = [{"path": one.path, "before": _packed(one.before), "after": _packed(one.after)} for one in rewrites]
    new = state / f"{NAME}.new"
    disk.stage(new, json.dumps({"journal": 1, "way": way, "files": files}).encode())
    disk.replace(new, state / NAME)
    disk.settle(state)


def recover(root: Path, state: Path, disk: Disk | None = None) -> str:
    """Finish or undo what a crash left, and return in a sentence what was done; nothing if there was nothing to do.

    A file that is neither as it was nor as it was to be has been changed since, and is left as it is and named. Raises
    `UserError` (3) if that cannot be done: the journal stays.
    """
    if not unfinished(state):
        return ""
    with locked(state):
        return _recovered(root, state, disk or Disk())


def _recovered(root: Path, state: Path, disk: Disk) -> str:
    try:
        way, rewrites = _read(state)
        places = [place_of(root, one.path) for one in rewrites]
    except (OSError, ValueError, KeyError, TypeError, UserError):
        help = "If you know of no edit that was broken off, delete that file."
        raise UserError(f"{state / NAME} is no journal of an edit of this registry.", help, 3) from None
    left = []
    try:
        for one, place in zip(rewrites, places, strict=True):
            from_, to = (one.before, one.after) if way == FINISH else (one.after, one.before)
            now = disk.read(place)
            if now not in (from_, to):
                left.append(one.path)
            elif now != to:
                turn(place, to, disk)
            disk.remove(staged(place))
        disk.remove(state / NAME)
        disk.settle(state)
    except OSError as error:
        raise UserError(
            f"An edit was broken off, and cannot be {_DONE[way]} now: {error.strerror}.",
            "Mend that, and try again.",
            3,
        ) from None
    told = f"An earlier edit was broken off; it has now been {_DONE[way]}: {len(rewrites)} files."
    if left:
        told += f" Changed since, and left as they are: {', '.join(map(shortened, left))}."
    return told.replace(": 1 files", ": 1 file")


_DONE = {FINISH: "finished", UNDO: "undone"}


def turn(place: Path, data: bytes | None, disk: Disk) -> None:
    """Give a file a text, or take it away (None)."""
    if data is None:
        disk.remove(place)
    else:
        for folder in [*reversed(place.parents)][-MOST_DEPTH:]:
            if not folder.exists():
                disk.make(folder)
        disk.stage(staged(place), data, place)
        disk.replace(staged(place), place)
    disk.settle(place.parent)


def _packed(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _unpacked(text: Any) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)


def _read(state: Path) -> tuple[str, list[Rewrite]]:
    path = state / NAME
    if not stat.S_ISREG(path.lstat().st_mode) or path.lstat().st_size > 3 * MOST_BYTES:
        raise ValueError
    found = json.loads(path.read_bytes())
    rewrites = [
        Rewrite(str(one["path"]), _unpacked(one["before"]), _unpacked(one["after"])) for one in found["files"]
    ]
    if found["way"] not in _DONE or any(
        len(text or b"") > MOST_BYTES_A_FILE for one in rewrites for text in (one.before, one.after)
    ):
        raise ValueError
    return found["way"], rewrites
