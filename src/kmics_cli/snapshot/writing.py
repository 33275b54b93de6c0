"""Several files of a registry written: all or none, whatever fails, and whenever the power goes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from kmics_cli.problems import UserError, shortened
from kmics_cli.snapshot.disk import Disk
from kmics_cli.snapshot.journal import FINISH, UNDO, Rewrite, keep, place_of, staged, turn
from kmics_cli.snapshot.state import JOURNAL, locked, unfinished

_COUNT = "count"


def seen(state: Path) -> int:
    """Return how many edits have been written here: to be given to `write`, so that it tells if there were more since."""
    try:
        return int((state / _COUNT).read_bytes()[:20])
    except (OSError, ValueError):
        return 0


def write(root: Path, state: Path, rewrites: Sequence[Rewrite], since: int, disk: Disk | None = None) -> None:
    """Write, change and remove files of the registry in `root`, all or none; modes stay, links are not followed.

    `since` is what `seen` said when the record was read. Raises `UserError` (3), and leaves everything as it was, if
    another edit was written since, a file is not as it was (`Rewrite.before`), or anything cannot be written.
    """
    disk = disk or Disk()
    with locked(state):
        if unfinished(state):
            raise UserError("An edit was broken off meanwhile.", "Give the command again.", 3)
        if seen(state) != since:
            raise UserError(
                "The record was edited meanwhile, so nothing was written.", "Give the command again.", 3
            )
        places = [place_of(root, one.path) for one in rewrites]
        for one, place in zip(rewrites, places, strict=True):
            try:
                same = disk.read(place) == one.before
            except OSError as error:
                raise _cannot(one.path, error) from None
            if not same:
                told = f"{shortened(one.path)} was changed meanwhile, so nothing was written."
                raise UserError(told, "Give the command again.", 3)
        _written(state, list(zip(rewrites, places, strict=True)), since, disk)


def _written(state: Path, files: Sequence[tuple[Rewrite, Path]], since: int, disk: Disk) -> None:
    rewrites = [one for one, _place in files]
    made: list[Path] = []
    path = ""
    done: list[tuple[Rewrite, Path]] = []
    try:
        keep(state, UNDO, rewrites, disk)
        for one, place in files:
            path = one.path
            if one.after is not None:
                made += [one for one in (place.parent.parent, place.parent) if not one.exists() and disk.make(one)]
                disk.stage(staged(place), one.after, place)
        path = ""
        keep(state, FINISH, rewrites, disk)
        for one, place in sorted(files, key=lambda file: (file[0].before is not None, file[0].after is None)):
            path = one.path  # what is new comes first, what is removed last
            done.append((one, place))
            if one.after is None:
                disk.remove(place)
            else:
                disk.replace(staged(place), place)
        for folder in {place.parent for _one, place in files}:
            disk.settle(folder)
        disk.stage(state / f"{_COUNT}.new", str(since + 1).encode())
        disk.replace(state / f"{_COUNT}.new", state / _COUNT)
        disk.remove(state / JOURNAL)
        disk.settle(state)
    except OSError as error:
        _undo(state, files, done, made, disk)
        raise _cannot(path, error) from None


def _undo(
    state: Path,
    files: Sequence[tuple[Rewrite, Path]],
    done: Sequence[tuple[Rewrite, Path]],
    made: Sequence[Path],
    disk: Disk,
) -> None:
    """Put everything back as it was; if even that cannot be done, the journal says to the next edit what is left to do."""
    try:
        if done:
            keep(state, UNDO, [one for one, _place in files], disk)
        for one, place in reversed(done):
            if disk.read(place) != one.before:
                turn(place, one.before, disk)
        for _one, place in files:
            disk.remove(staged(place))
        disk.remove(state / JOURNAL)
        for folder in reversed(made):
            disk.unmake(folder)
        for left in (f"{JOURNAL}.new", f"{_COUNT}.new"):
            with suppress(OSError):
                disk.remove(state / left)
    except OSError as error:
        told = f"The edit failed, and could not be undone: {error.strerror}."
        raise UserError(told, "Mend that; the next edit finishes or undoes it before anything else.", 3) from None


def _cannot(path: str, error: OSError) -> UserError:
    what = shortened(path) if path else "The journal of the edit"
    why = error.strerror or "it is no plain file"
    help = "Everything is as it was. If another program has the file open, close it there."
    return UserError(f"{what} cannot be written: {why}.", help, 3)
