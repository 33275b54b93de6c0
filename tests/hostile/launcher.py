"""Runs kmics command lines under watch: `python launcher.py`, a job a line as JSON in, what came of it a line out.

Each command line runs in a process of its own, forked from this one once everything is imported, so that hundreds
take seconds; where there is no fork (Windows), and for jobs that say so, in this one, which then runs only one. An
audit hook (PEP 578) notes and stops what no command may do: open a socket, start anything but git, write outside the
folders allowed, read what is secret, or run code that lies among the data.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

MOST_WALL = 60  # seconds until a command that hangs is ended: waiting is not working
MOST_SPACE = 4_000_000_000  # what a command can take at all, so that a test that fails does not take the machine
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = frozenset(
    "os.remove os.rename os.mkdir os.rmdir os.symlink os.link os.chmod os.chown os.truncate".split()
)
_STARTS = frozenset("os.system os.exec os.posix_spawn os.spawn os.startfile os.startfile/2 pty.spawn".split())


class Forbidden(BaseException):
    """Something was tried that no command may do; no handler of errors may swallow it."""


class Watch:
    """What a command does to the world outside it, and what of that it must not."""

    def __init__(self, allowed: list[str], data: str, secret: str) -> None:
        self.allowed = tuple(map(os.path.realpath, allowed))
        self.data = os.path.realpath(data)
        self.secret = os.path.realpath(secret)
        self.told: list[str] = []
        self.git: list[list[str]] = []
        self.over = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """Note an event of the interpreter, and stop what is forbidden."""
        if self.over:
            return
        if event == "open":
            self._opened(*args)
        elif event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")):
            self._tell(f"network: {event} {args}")
        elif event == "subprocess.Popen":
            self._started(str(args[0]), args[1])
        elif event in _STARTS or event == "pickle.find_class":
            self._tell(f"{event} {args}")
        elif event in _CHANGES:
            for path in args[: 2 if event in ("os.rename", "os.link") else 1]:
                self._written(path, event)
        elif event == "exec" and _within(args[0].co_filename, self.data):
            self._tell(f"ran {args[0].co_filename}")

    def _opened(self, path: Any, mode: Any, flags: Any) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        if (isinstance(flags, int) and flags & _WRITES) or (isinstance(mode, str) and set(mode) & set("wax+")):
            self._written(path, "open to write")
        if os.path.realpath(os.fsdecode(path)) == self.secret:
            self._tell(f"read {path!r}")

    def _written(self, path: Any, how: str) -> None:
        place = os.path.realpath(os.fsdecode(path))
        if place != os.devnull and not any(_within(place, folder) for folder in self.allowed):
            self._tell(f"{how} {path!r}")

    def _started(self, program: str, args: Any) -> None:
        words = [os.fsdecode(word) for word in args]
        self.git.append(words)
        if Path(program).stem != "git" or not Path(program).is_absolute() or _within(program, self.data):
            self._tell(f"started {words}")

    def _tell(self, what: str) -> None:
        self.told.append(what)
        raise Forbidden(what)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def run(job: dict[str, Any], words: list[str], report: int) -> int:
    """Run one command line here, write what was noted to the file `report`, and return the exit code."""
    os.chdir(job["cwd"])
    if job["gone"]:
        Path(job["cwd"]).rmdir()
    os.environ.clear()
    os.environ.update(job["env"])
    watch = Watch(job["allowed"], job["data"], job["secret"])
    from kmics_cli.cli import main

    sys.argv = ["kmics", *words]
    sys.addaudithook(watch)
    try:
        main()
        code: object = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # a bug in kmics, or Forbidden: the test shall see it
        traceback.print_exc()
        code = 70
    watch.over = True
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.write(report, json.dumps({"told": watch.told, "git": watch.git}).encode())
    return code if isinstance(code, int) else int(code is not None)


def imported() -> None:
    """Import all that any command will need, so that each fork has it."""
    import importlib
    import pkgutil

    import kmics_cli

    for module in pkgutil.walk_packages(kmics_cli.__path__, "kmics_cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("ruamel.yaml.cyaml", "ruamel.yaml.loader", "jsonschema", "rich.table", "rich.console", "tempfile"):
        importlib.import_module(name)


def started(job: dict[str, Any], words: list[str], folder: Path) -> int:
    """Start one command line in a process of its own, what it prints going into `folder`, and return its number."""
    import resource
    import signal

    folder.mkdir()
    files = [os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_TRUNC) for name in ("out", "err", "report")]
    child = os.fork()
    if child == 0:
        signal.alarm(MOST_WALL)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_SPACE, MOST_SPACE))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(files[0], 1)
        os.dup2(files[1], 2)
        code = 71
        try:
            code = run(job, words, files[2])
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(code)
    for file in files:
        os.close(file)
    return child


def ended(child: int, folder: Path) -> dict[str, Any]:
    """Wait for a process to end, and return what came of it."""
    _, status, used = os.wait4(child, 0)
    out, err, report = ((folder / name).read_bytes() for name in ("out", "err", "report"))
    return {
        "code": os.waitstatus_to_exitcode(status),
        "out": out.decode("latin-1"),
        "err": err.decode("latin-1"),
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss // (1024 if sys.platform == "darwin" else 1) // 1024,
        **json.loads(report or b'{"told": ["it ended before it could tell"], "git": []}'),
    }


def done(job: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """Run the command lines of a job, as many at once as there are processors, and return what came of each."""
    running: list[tuple[int, Path]] = []
    told: list[dict[str, Any]] = []
    for number, (words, more) in enumerate(job["commands"]):
        if len(running) == (os.cpu_count() or 1):
            told.append(ended(*running.pop(0)))
        place = folder / str(number)
        running.append((started({**job, "env": job["env"] | more}, words, place), place))
    return told + [ended(*one) for one in running]


def main() -> None:
    """Serve jobs until there are no more; or, given the name of a file, do the one job and write there what was noted."""
    if len(sys.argv) > 1:
        job = json.loads(Path(sys.argv[1]).read_bytes())
        report = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT)
        sys.exit(run(job, job["words"], report))
    import tempfile

    imported()
    answers = os.dup(1)
    for line in sys.stdin:
        with tempfile.TemporaryDirectory() as folder:
            data = json.dumps(done(json.loads(line), Path(folder))).encode() + b"\n"
        while data:
            data = data[os.write(answers, data) :]


if __name__ == "__main__":
    main()
