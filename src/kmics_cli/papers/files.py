"""The files of pages: the kept ones that `kmics.yaml` names, read and written so that nothing else is touched.

What `kmics.yaml` names is data of whoever wrote it: nothing above the checkout is looked at, and no link is followed.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from kmics_cli.problems import UserError, shortened, visible

MOST_BYTES = 20_000_000
"""So much of a page is read."""
_MOST_FILES = 10_000
_MOST_DEPTH = 8
_OPEN = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
)  # a pipe must not hold us up


def top_of(root: Path) -> Path:
    """Return the top of the checkout that holds the registry in `root`; outside of one, the folder above it."""
    here = root.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here.parent)


def kept(root: Path, named: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Return the Markdown files in the files and folders `named` from the registry's folder `root`, each once.

    And a sentence about each that cannot be used: it is not there, is a link, or lies outside of the checkout.
    """
    here, top = root.resolve(), top_of(root)
    found: dict[Path, None] = {}
    wrong: list[str] = []
    for name in named:
        path = Path(os.path.normpath(here / name))
        told = f"kmics.yaml names '{shortened(name, 200)}' as a place of kept papers, "
        if not path.is_relative_to(top) or "\0" in name:
            wrong.append(f"{told}and that lies outside of this checkout.")
            continue
        steps = [
            top.joinpath(*path.relative_to(top).parts[:depth])
            for depth in range(1, len(path.relative_to(top).parts) + 1)
        ]
        try:
            modes = [step.lstat().st_mode for step in steps]
        except OSError as error:
            wrong.append(f"{told}and it cannot be read: {error.strerror}.")
            continue
        if any(step.name.startswith(".") for step in steps):
            wrong.append(f"{told}and that has a name that begins with a dot, or lies in one that does.")
        elif any(stat.S_ISLNK(mode) for mode in modes):
            wrong.append(f"{told}and that is a link, or in one, which is not followed.")
        elif not modes or stat.S_ISDIR(modes[-1]):
            found.update(dict.fromkeys(pages_in(path)))
        elif stat.S_ISREG(modes[-1]) and path.name.lower().endswith(".md"):
            found[path] = None
        else:
            wrong.append(f"{told}and that is neither a folder nor a file of Markdown.")
    return list(found), wrong


def pages_in(folder: Path) -> Iterator[Path]:
    """Yield the Markdown files in a folder and below it, by name; no link, and nothing whose name begins with a dot.

    Raises `UserError` (3) if there are more than can be looked at.
    """
    folders, count = [folder], 0
    while folders:
        inside = folders.pop(0)
        try:
            with os.scandir(inside) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError:
            continue
        count += len(entries)
        if count > _MOST_FILES:
            told = f"{visible(str(folder))} has more than {_MOST_FILES:,} files, too many to look for pages in."
            raise UserError(told, "Name the folder that the pages are in.", 3)
        for entry in entries:
            if entry.name[0] == "." or entry.is_symlink():
                continue
            path = inside / entry.name
            if entry.is_dir(follow_symlinks=False):
                if len(path.relative_to(folder).parts) < _MOST_DEPTH:
                    folders.append(path)
            elif entry.name.lower().endswith(".md") and entry.is_file(follow_symlinks=False):
                yield path


def read_page(file: Path) -> bytes:
    """Return what a page holds. Raises `UserError` (3) if it cannot be read, is no plain file, or is too large."""
    data = read_plain(file, MOST_BYTES, "Give a file of Markdown.")
    if len(data) > MOST_BYTES:
        shown = shortened(str(file), 200)
        raise UserError(f"{shown} is larger than {MOST_BYTES:,} bytes.", "Split it into several pages.", 3)
    return data


def read_plain(file: Path, most: int, help: str) -> bytes:
    """Return what a plain file holds, but no more than `most` bytes and one; a pipe is refused, and not waited for.

    Raises `UserError` (3), with what to do instead, if it cannot be read or is no plain file.
    """
    shown = shortened(str(file), 200)
    try:
        handle = os.open(file, _OPEN)
        with os.fdopen(handle, "rb") as opened:
            plain = stat.S_ISREG(os.fstat(handle).st_mode)
            data = opened.read(most + 1) if plain else b""
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name cannot be one"
        raise UserError(f"{shown} cannot be read: {why}.", help, 3) from None
    if not plain:
        raise UserError(f"{shown} is no plain file.", help, 3)
    return data


def write_page(file: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `before`, whole or not at all; its mode stays. Links are not followed.

    Raises `UserError` (3) if the file is not as it was read any more, or cannot be written.
    """
    shown = shortened(str(file), 200)
    if len(after) > MOST_BYTES:
        told = f"{shown} would become larger than {MOST_BYTES:,} bytes, and is left as it is."
        raise UserError(told, "Split it into several pages.", 3)
    try:
        state = file.lstat()
        if not stat.S_ISREG(state.st_mode):
            raise UserError(f"{shown} is a link, and links are not followed.", "Give the file itself.", 3)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".kmics-")
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(after)
                opened.flush()
                os.fsync(opened.fileno())
            if file.read_bytes() != before or file.is_symlink():
                raise UserError(
                    f"{shown} was changed meanwhile, and is left as it is.", "Run kmics render again.", 3
                )
            Path(name).replace(file)
            file.chmod(stat.S_IMODE(state.st_mode))  # only now: what may not be written cannot be moved everywhere
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UserError(
            f"{shown} cannot be written: {error.strerror}.", "Its folder must let you write.", 3
        ) from None
