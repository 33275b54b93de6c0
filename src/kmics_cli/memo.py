"""What sound texts say, kept from one run to the next, so that they need not be read as YAML again.

A memo goes from the digest of a text to its line, the text's data as JSON (`model.Records`). It lies in a file of
the user's own, outside any checkout, and is safe to delete. Nothing in it goes stale: another text has another
digest, and another way of reading has another stamp. What is not exactly as `write` left it is not there.
It never holds a text with a problem, and nothing in it is ever run.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from zlib import crc32

MOST_BYTES = 200_000_000
LEAST_FILES = 500
"""From so many files on, a memo pays."""
LEAST_NEW = 100
"""So many texts, newly read, are worth writing a memo for."""
_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Known(Protocol):
    """What is known of texts that have been read before: the memo, or a registry that has been loaded."""

    def line(self, kind: str, data: bytes) -> bytes | None:
        """Return the line that a sound text of a kind of record gives, or None where that is not known."""

    def add(self, kind: str, data: bytes, line: bytes) -> None:
        """Take note of the line of another sound text."""


class Memo:
    """The memo in a file while a registry is loaded. `stamp` says how texts are read; another way, another memo."""

    def __init__(self, file: Path, stamp: str) -> None:
        self._file = file
        self._stamp = stamp
        self._known = read(file, stamp)
        self._before = len(self._known)

    def line(self, kind: str, text: bytes) -> bytes | None:
        """Return the line of a text in a file of that kind, or None if it is not known."""
        return self._known.get(sha256(kind.encode() + b"/" + text).hexdigest().encode())  # `_key`, called often

    def add(self, kind: str, text: bytes, line: bytes) -> None:
        """Take in the line of a sound text that was not known."""
        self._known[_key(kind, text)] = line

    def keep(self, texts: Mapping[str, bytes]) -> None:
        """Write the memo, cut to these texts by path, if enough of it was added since it was read."""
        if len(self._known) - self._before >= LEAST_NEW:
            keys = (_key(path.partition("/")[0], text) for path, text in texts.items())
            write(self._file, self._stamp, {key: self._known[key] for key in keys if key in self._known})


def _key(kind: str, text: bytes) -> bytes:
    return sha256(kind.encode() + b"/" + text).hexdigest().encode()


def read(file: Path, stamp: str) -> dict[bytes, bytes]:
    """Return the memo in `file`: `{digest: line}`; empty if there is none, or none that `write` made with `stamp`."""
    with suppress(OSError):
        if not _private(file.parent):
            return {}
        handle = os.open(file, _OPEN)
        with os.fdopen(handle, "rb", buffering=0) as opened:
            state = os.fstat(handle)
            if not (stat.S_ISREG(state.st_mode) and _ours(state, 0o022)) or state.st_size > MOST_BYTES:
                return {}
            head = opened.read(len(_head(stamp, b"")))
            body = opened.readall()
        if head == _head(stamp, body):
            parts = body.split(b"\n")
            return dict(zip(parts[::2], parts[1::2], strict=False))
    return {}


def write(file: Path, stamp: str, memo: Mapping[bytes, bytes]) -> None:
    """Put the memo into `file`, whole or not at all; where that cannot be done, nothing happens."""
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(file.parent):
            return
        body = b"".join(b"%b\n%b\n" % entry for entry in memo.items())
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".memo-")  # for the user alone to read
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.writelines((_head(stamp, body), body))
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def _head(stamp: str, body: bytes) -> bytes:
    return f"kmics memo {stamp} {crc32(body):08x}\n".encode()  # against damage, not against malice


def _private(folder: Path) -> bool:
    state = folder.lstat()
    return stat.S_ISDIR(state.st_mode) and _ours(state, 0o077)


def _ours(state: os.stat_result, shared: int) -> bool:
    """Whether what was found is the user's alone: nobody else's, and not open to others in the ways of `shared`."""
    if os.name == "nt":  # the folder of a user's own settings is closed to others
        return True
    return state.st_uid == os.getuid() and not state.st_mode & shared
