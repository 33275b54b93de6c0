"""The few things an edit does to the disk, in one place, so that a test can make each of them fail."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Disk:
    """The disk as it is."""

    def read(self, path: Path) -> bytes | None:
        """Return what a plain file holds, None if it is not there. Raises OSError for anything else, a link too."""
        try:
            handle = os.open(path, _READ)
        except FileNotFoundError:
            return None
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(0, "it is no plain file")
            return file.read()

    def stage(self, path: Path, data: bytes, like: Path | None = None) -> None:
        """Write a new file whole, down to the disk; with the mode of another, if there is one."""
        with suppress(FileNotFoundError):
            path.unlink()  # what a crash left
        with os.fdopen(os.open(path, _WRITE, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if like is not None:
            with suppress(FileNotFoundError):
                path.chmod(stat.S_IMODE(like.lstat().st_mode))

    def replace(self, new: Path, old: Path) -> None:
        """Put a file in the place of another, at once."""
        os.replace(new, old)  # noqa: PTH105  # what is put in its place is a path of ours

    def remove(self, path: Path) -> None:
        """Take a file away; if it is gone, all the better."""
        with suppress(FileNotFoundError):
            path.unlink()

    def make(self, folder: Path) -> bool:
        """Make a folder, and return whether it was not there."""
        try:
            folder.mkdir()
        except FileExistsError:
            return False
        return True

    def unmake(self, folder: Path) -> None:
        """Take a folder away, if it is empty."""
        with suppress(OSError):
            folder.rmdir()

    def settle(self, folder: Path) -> None:
        """See that the names in a folder are on the disk; where that cannot be asked for, the system does it."""
        if os.name != "nt":
            with suppress(OSError):
                handle = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
