"""Kills a process at each step of writing ten files, and at steps of the recovery: run by `test_writing`, and small.

A process of its own, since each of several hundred forks copies what it has in memory. Prints what was found, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from kmics_cli.snapshot.disk import Disk
from kmics_cli.snapshot.journal import Rewrite, recover
from kmics_cli.snapshot.state import state_folder, unfinished
from kmics_cli.snapshot.writing import seen, write

OLD = {f"bodies/body-{n}.yaml": f"name: Old {n}\n".encode() for n in range(8)} | {"kmics.yaml": b"name: R\n"}


class Quick(Disk):
    """The disk, without waiting for it: a killed process, unlike a lost current, loses nothing that was written."""

    def __init__(self) -> None:
        self.step = 0

    def at(self, what: str) -> None:  # noqa: ARG002  # those who fail ask it
        """Count a step."""
        self.step += 1

    def stage(self, path: Path, data: bytes, like: Path | None = None) -> None:
        """Write a file, in two halves."""
        self.at("stage")
        path.unlink(missing_ok=True)
        with path.open("xb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            self.at("half a stage")
            file.write(data[len(data) // 2 :])
        if like is not None and like.exists():
            path.chmod(like.stat().st_mode & 0o777)
        self.at("staged")

    def replace(self, new: Path, old: Path) -> None:
        """Put a file in the place of another."""
        self.at("replace")
        super().replace(new, old)
        self.at("replaced")

    def remove(self, path: Path) -> None:
        """Take a file away."""
        self.at("remove")
        super().remove(path)
        self.at("removed")

    def make(self, folder: Path) -> bool:
        """Make a folder."""
        self.at("make")
        return super().make(folder)

    def settle(self, folder: Path) -> None:  # noqa: ARG002
        """Wait for nothing."""
        self.at("settle")


class Killed(Quick):
    """Ends this process at a step, as if somebody had pulled the plug."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self.last = last

    def at(self, what: str) -> None:
        """Count a step, perhaps the last."""
        super().at(what)
        if self.step == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def texts(root: Path) -> dict[str, bytes]:
    """Return the files of a registry."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.yaml"))}


def moved(number: int = 1) -> tuple[list[Rewrite], dict[str, bytes]]:
    """Return a move of a record to another id, ten files in all, and what the registry is then."""
    new = dict(OLD)
    rewrites = []
    for path, data in OLD.items():
        if path == "bodies/body-0.yaml":
            new[f"bodies/sub/moved-{number}.yaml"] = new.pop(path) + b"former_ids: [body-0]\n"
            rewrites.append(Rewrite(path, data, None))
            rewrites.append(
                Rewrite(f"bodies/sub/moved-{number}.yaml", None, new[f"bodies/sub/moved-{number}.yaml"])
            )
        else:
            new[path] = data + b"# moved\n"
            rewrites.append(Rewrite(path, data, new[path]))
    return rewrites, new


def laid(top: Path) -> Path:
    """Lay a registry in a checkout, and return its folder."""
    (top / ".git").mkdir()
    for path, data in OLD.items():
        (top / "registry" / path).parent.mkdir(parents=True, exist_ok=True)
        (top / "registry" / path).write_bytes(data)
    return top / "registry"


def in_a_child(act: Callable[[], object]) -> int:
    """Run something in a process of its own, and return how that ended."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:  # whatever it is, this process must end here
            os._exit(9)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def main(top: Path) -> dict[str, int | list[str]]:
    """Kill at each step of the writing, and then at steps of the recovery in turn; return how often, and what came of it."""
    root = laid(top)
    rewrites, new = moved()
    state = state_folder(root, None)
    assert state is not None
    kills = finished = last = 0
    wrong = []
    while True:
        last += 1
        ended = in_a_child(lambda: write(root, state, rewrites, seen(state), Killed(last)))  # noqa: B023
        if not os.WIFSIGNALED(ended):
            break
        kills += 1
        for again in (3 * last % 17 + 1, last % 29 + 1, 1, 2, 4, 9):  # the recovery is killed too, and again
            kills += os.WIFSIGNALED(in_a_child(lambda: recover(root, state, Killed(again))))  # noqa: B023
        recover(root, state, Quick())
        found = texts(root)
        if found not in (OLD, new) or unfinished(state) or list(root.rglob(".kmics*")):
            wrong.append(f"killed at step {last}: {sorted(found)}")
        finished += found == new
        if found == new:
            back = [Rewrite(path, found.get(path), OLD.get(path)) for path in sorted({*OLD, *new})]
            write(root, state, back, seen(state), Quick())
    return {"steps": last, "kills": kills, "finished": finished, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))  # noqa: T201
