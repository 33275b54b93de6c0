"""Where the lock and the journal of a registry lie: in its Git folder, or in the user's own; never in the checkout."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

from kmics_cli.problems import UserError

JOURNAL = "journal.json"
"""The journal's name in that folder."""
_TRIES = 40  # a twentieth of a second apart
_BUSY = "Somebody else is just writing to this registry."


def state_folder(root: Path, users: Path | None) -> Path | None:
    """Return the folder for the lock and the journal of the registry in `root`; it need not be there yet.

    In `<top>/.git/kmics` where `.git` is a folder; where it is a file that leads elsewhere, or there is no Git, in `users`,
    the user's folder for what programs keep; None without one. Each registry has a folder of its own there, since a checkout
    may hold several. A link is not followed.
    """
    from hashlib import sha256

    here = root.resolve()
    for folder in (here, *here.parents):
        git = folder / ".git"
        with suppress(OSError):
            mode = git.lstat().st_mode
            inside = here.relative_to(folder).as_posix()
            own = git / "kmics" / sha256(os.fsencode(inside)).hexdigest()[:16]
            if stat.S_ISDIR(mode) and not _is_link(git / "kmics") and not _is_link(own):
                return own
            break
    return users / sha256(os.fsencode(here)).hexdigest()[:32] if users else None


def _is_link(path: Path) -> bool:
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def unfinished(state: Path | None) -> bool:
    """Return whether an edit was broken off. One look; nothing is done about it."""
    try:
        return state is not None and (state / JOURNAL).lstat() is not None
    except OSError:
        return False


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Hold the lock of a registry. It ends with the process, however that ends.

    Raises `UserError` (3) if another holds it for two seconds, or the folder cannot be used.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(state / "lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise UserError(
            f"Nothing can be kept in {state}: {error.strerror}.", "An edit needs a place for its journal.", 3
        ) from None
    try:
        for _ in range(_TRIES):
            if _taken(handle):
                break
            sleep(0.05)
        else:
            raise UserError(_BUSY, "Wait a moment, and give the command again.", 3)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
