"""Measure what kmics costs: `python benchmarks/run.py` prints a table; --write puts it into a page.

Whole processes are timed, each with warm bytecode (kept in a temporary folder), in turns with a program that does the same job or none:
A B A B …, so that a busy computer slows both. What counts is the ratio of the two medians, which differs
little from computer to computer. Peak memory is what the system says of the ended process.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
ROOT = HERE.parent
REGISTRY = ROOT / "registry"
WARM = {2_080: 3.0, 10_000: 6.0}
"""How many bodies make 10,000 files and 48,000, and how much longer than the bare program `show` may then take."""
HISTORY_BODIES, COMMITS = 10_000, 2_000
"""How many bodies the registry has that is compared through time, and how many commits."""
STRUCTURE = 10_000
"""How many bodies the registry has whose whole structure is reported."""
CHECKED = (3_000, 10_000)
"""How many bodies are validated by kmics and by check-jsonschema."""
MARK = "<!-- Below this line benchmarks/run.py --write has written. -->"

Command = Sequence[str]
Environment = dict[str, str]


class Failed(Exception):
    """A program that should have been measured did not run."""


@dataclass(frozen=True)
class Run:
    """What one process took: seconds, and its peak memory in bytes (None where the system does not say)."""

    seconds: float
    memory: int | None


@dataclass(frozen=True)
class Job:
    """Something to measure: one or more commands, one after the other, and a word that they must print."""

    commands: Sequence[Command]
    word: str
    settings: Environment

    @property
    def environment(self) -> Environment:
        """The environment to run in: this one, with leave to write bytecode, so that it can be warm."""
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**given, **self.settings}

    def check(self) -> None:
        """Run the commands once, which also warms their bytecode. Raises `Failed`."""
        printed = ""
        for command in self.commands:
            done = subprocess.run(
                command, cwd=ROOT, env=self.environment, capture_output=True, encoding="utf-8", check=False
            )
            printed += done.stdout
            if done.returncode:
                raise Failed(f"{' '.join(command)[:300]} ended with {done.returncode}:\n{done.stderr or printed}")
        if self.word not in printed:
            raise Failed(f"{' '.join(self.commands[0])[:300]} did not print {self.word!r}, but:\n{printed}")

    def run(self) -> Run:
        """Run the commands and return their seconds together, and the highest peak."""
        runs = [_measured(command, self.environment) for command in self.commands]
        peaks = [run.memory for run in runs if run.memory is not None]
        return Run(sum(run.seconds for run in runs), max(peaks, default=None))


def _measured(command: Command, environment: Environment) -> Run:
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if sys.platform == "win32":
        status, memory = process.wait(), None
        seconds = time.perf_counter() - begun
    else:
        _, waited, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = status = os.waitstatus_to_exitcode(waited)
        memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # never less than this process's own
    if status:
        raise Failed(f"{' '.join(command)[:300]} ended with {status}.")
    return Run(seconds, memory)


@dataclass(frozen=True)
class Row:
    """A line of the table: a ratio, an amount of memory in MB, or (where there is nothing to compare with) seconds, and its limit."""

    what: str
    against: str
    found: float | None
    limit: float | None
    unit: str
    ours: float
    theirs: float
    memory: float | None

    @property
    def over(self) -> bool:
        """Whether a limit is broken."""
        return self.found is not None and self.limit is not None and self.found > self.limit

    def cells(self) -> tuple[str, ...]:
        """Return the row as the table prints it."""

        def shown(value: float | None, missing: str) -> str:
            if value is None:
                return missing
            return f"{value:.0f} MB" if self.unit == "MB" else f"{value:.2f}{' s' if self.unit else ''}"

        limit = shown(self.limit, "none")
        return (
            self.what,
            self.against,
            shown(self.found, "not measured") + (" (over)" if self.over else ""),
            limit if self.limit is None else f"at most {limit}",
            _time(self.ours),
            _time(self.theirs),
            "not measured" if self.memory is None else f"{self.memory:.0f} MB",
        )


HEADINGS = ("Measured", "Against", "Found", "Limit", "kmics", "The other", "Peak memory of kmics")


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds * 1000:,.0f} ms"


def _compare(what: str, ours: Job, against: str, theirs: Job, pairs: int, limit: float | None) -> Row:
    """Measure two jobs in turns and return the ratio of their medians."""
    print(f"Measuring: {what}", file=sys.stderr, flush=True)
    ours.check()
    theirs.check()
    runs = [(ours.run(), theirs.run()) for _ in range(pairs)]
    mine = median(run.seconds for run, _ in runs)
    other = median(run.seconds for _, run in runs)
    peaks = [run.memory / 1e6 for run, _ in runs if run.memory is not None]
    return Row(what, against, mine / other, limit, "", mine, other, median(peaks) if peaks else None)


def _program(entry: str, *arguments: str) -> Command:
    """Return the command that runs a program as its installed script would: `entry` is a Python statement."""
    name = "kmics" if "kmics" in entry else "bare"
    return (sys.executable, "-c", f"import sys; sys.argv[0] = {name!r}; {entry}", *arguments)


_CACHES = {"win32": "LOCALAPPDATA", "darwin": "HOME"}.get(sys.platform, "XDG_CACHE_HOME")
_MOST_NAMED = 20_000  # files named on one command line: Linux takes 2 MB of them


def _kmics(word: str, *arguments: str, **more: str) -> Job:
    entry = "from kmics_cli.cli import main; main()"
    return Job([_program(entry, *arguments)], word, {"KMICS_REGISTRY": str(REGISTRY), **more})


def _bare(word: str, *arguments: str, **more: str) -> Job:
    entry = f"sys.path.insert(0, {str(HERE)!r}); from bare import app; app()"
    return Job([_program(entry, *arguments)], word, more)


def _check_jsonschema(registry: Path = REGISTRY) -> Job:
    """Return the job that check-jsonschema has with a registry: one run for each schema, or for as many files as fit."""
    schemas = {
        "body": "bodies",
        "person": "people",
        "priorities": "priorities",
        "document": "documents",
        "requirements": "requirements",
    }
    files = {
        schema: sorted(str(path) for path in (registry / folder).rglob("*.yaml"))
        for schema, folder in schemas.items()
    }
    files["registry"] = [str(registry / "kmics.yaml")]
    commands = [
        (
            sys.executable,
            "-m",
            "check_jsonschema",
            "--schemafile",
            f"schema/{schema}.json",
            *paths[at : at + _MOST_NAMED],
        )
        for schema, paths in files.items()
        for at in range(0, len(paths), _MOST_NAMED)
    ]
    return Job(commands, "ok -- validation done", {})


def measured(pairs: int, whole: bool = True) -> list[Row]:
    """Measure everything and return the rows of the table; unless `whole`, not what takes minutes. Raises `Failed`."""
    bare = "the bare program"
    shown = _bare("Seat 10", "show", "icb-board")
    show = _compare("`show icb-board`", _kmics("Chair", "show", "icb-board"), bare, shown, pairs, 2.5)
    rows = [
        show,
        Row("peak memory of `show icb-board`", "-", show.memory, 90, "MB", show.ours, show.theirs, show.memory),
        _compare(
            "`report structure` of the whole registry",
            _kmics("Structure", "report", "structure"),
            bare,
            shown,
            pairs,
            3.0,
        ),
        _compare("`--help`", _kmics("validate", "--help"), bare, _bare("count", "--help"), pairs, 1.3),
        _compare(
            "completion of `icb-`",
            _kmics("icb-board", **_tab("kmics")),
            bare,
            _bare("icb-board", **_tab("bare")),
            pairs,
            1.3,
        ),
        _compare(
            "`validate`",
            _kmics(" files", "validate"),
            "check-jsonschema, one run per schema",
            _check_jsonschema(),
            pairs,
            1 / 3,
        ),
    ]
    few = max(1, pairs // 3)
    rows += _edit(bare, shown, pairs)
    rows += _through_time(bare, shown, pairs)
    for size in sorted({*WARM, *(CHECKED if whole else ())}):
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
            subprocess.run([sys.executable, HERE / "generate.py", str(size), folder], check=True)
            count = sum(path.is_file() for path in Path(folder).rglob("*"))
            own = {"KMICS_REGISTRY": folder, "KMICS_MEMO": "", "CI": ""}
            own[_CACHES] = home  # a memo of our own
            if size in WARM:
                first = min((Path(folder) / "bodies" / "group-0").iterdir()).stem
                name = f"`show`, warm, with {count:,} files ({size:,} bodies)"
                rows.append(_compare(name, _kmics("Chair", "show", first, **own), bare, shown, pairs, WARM[size]))
            if size == STRUCTURE:
                rows += _large_edit(f"`appoint`, warm, with {size:,} bodies", Path(folder), own, bare, shown, few)
                rows += _structure(f"`report structure`, warm, with {size:,} bodies", own, bare, shown, few)
            if whole and size in CHECKED:
                name, job = (
                    f"`validate` with {size:,} bodies ({count:,} files)",
                    _kmics(" files", "validate", **{**own, "CI": "1"}),
                )
                theirs = _check_jsonschema(Path(folder))
                row = _compare(name, job, "check-jsonschema, one run per schema", theirs, few, 1 / 4)
                rows += [
                    row,
                    Row(f"peak memory of {name}", "-", row.memory, 600, "MB", row.ours, row.theirs, row.memory),
                ]
    return rows


def _structure(name: str, own: Environment, bare: str, shown: Job, pairs: int) -> Iterator[Row]:
    """Measure the report that reads every body: its seconds, and its peak memory."""
    row = _compare(name, _kmics("Structure", "report", "structure", **own), bare, shown, pairs, None)
    yield replace(row, found=row.ours, limit=10.0, unit="s")
    yield Row(f"peak memory of {name}", "-", row.memory, 600, "MB", row.ours, row.theirs, row.memory)


def _edit(bare: str, shown: Job, pairs: int) -> Iterator[Row]:
    """Yield what an appointment costs that is written, in a copy of the registry: the same one each time, by turns undone."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "registry"
        shutil.copytree(REGISTRY, folder)
        first = next(folder.rglob("*-executive.yaml"))
        body = first.name.removesuffix(".yaml")
        people = sorted(path.name.removesuffix(".yaml") for path in (folder / "people").rglob("*.yaml"))
        document = min(path.name.removesuffix(".yaml") for path in (folder / "documents").rglob("*.yaml"))
        before = first.read_bytes()
        role = re.findall(r"^  ([a-z-]+):$", before.decode().partition("\nroles:\n")[2], re.MULTILINE)[0]
        own = {"KMICS_REGISTRY": str(folder), "HOME": made, "XDG_STATE_HOME": made}
        entry = f"from pathlib import Path; Path({str(first)!r}).write_bytes({before!r}); from kmics_cli.cli import main; main()"
        words = (
            "appoint",
            f"{body}/{role}",
            next(id for id in people if id not in before.decode()),
            "--from",
            "2030-01-01",
            "--source",
            f"{document} line 1",
            "--yes",
        )
        job = Job([_program(entry, *words)], "Written", own)
        yield _compare("`appoint`, written, in a copy of the registry", job, bare, shown, pairs, 3.0)


def _large_edit(name: str, folder: Path, own: Environment, bare: str, shown: Job, pairs: int) -> Iterator[Row]:
    """Measure an appointment in a large registry, all but the writing: its seconds, and its peak memory."""
    body = min((folder / "bodies" / "group-0").iterdir()).stem
    person, document = (min((folder / kind).rglob("*.yaml")).stem for kind in ("people", "documents"))
    words = (
        "appoint",
        f"{body}/chair",
        person,
        "--from",
        "2030-01-01",
        "--source",
        f"{document} line 1",
        "--dry-run",
    )
    row = _compare(name, _kmics("Nothing was written", *words, **own), bare, shown, pairs, None)
    yield replace(row, found=row.ours, limit=3.0, unit="s")
    yield Row(f"peak memory of {name}", "-", row.memory, 600, "MB", row.ours, row.theirs, row.memory)


def _through_time(bare: str, shown: Job, pairs: int) -> Iterator[Row]:
    """Measure what is asked of a long history: a comparison of ten commits, and the history of one body."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        top = Path(folder)
        subprocess.run([sys.executable, HERE / "generate.py", str(HISTORY_BODIES), top / "registry"], check=True)
        subprocess.run([sys.executable, HERE / "repository.py", top, str(COMMITS)], check=True)
        own = {"KMICS_REGISTRY": str(top / "registry"), "KMICS_MEMO": "", "CI": "", _CACHES: home}
        stat = ("git", "-C", folder, "diff", "--stat", "HEAD~10", "HEAD")
        theirs = Job([*shown.commands, stat], "files changed", shown.settings)
        name = f"`diff` of two revisions, {HISTORY_BODIES:,} bodies, some 30 changed files"
        ours = _kmics("Edited in the record", "diff", "HEAD~10", "HEAD", **own)
        yield _compare(name, ours, f"{bare} and `git diff --stat`", theirs, pairs, 3.0)
        id = min((top / "registry" / "bodies" / "group-0").iterdir()).stem
        name = f"`history` of a body, {HISTORY_BODIES:,} bodies, {COMMITS:,} commits"
        row = _compare(name, _kmics("commits changed", "history", id, **own), bare, shown, max(1, pairs // 3), None)
        yield replace(row, found=row.ours, limit=5.0, unit="s")


def _tab(name: str) -> Environment:
    """Return what bash sets, by Typer's protocol, when Tab is pressed after `show icb-`."""
    return {f"_{name.upper()}_COMPLETE": "complete_bash", "COMP_WORDS": f"{name} show icb-", "COMP_CWORD": "2"}


def page(rows: Sequence[Row], pairs: int) -> str:
    """Return the table as Markdown, with what was measured on."""
    versions = subprocess.run(
        [sys.executable, "-c", _VERSIONS], check=True, capture_output=True, encoding="utf-8"
    ).stdout.strip()
    lines = [
        f"Medians of {pairs} runs each, in turns ({max(1, pairs // 3)} for `validate` of the generated registries). "
        f"Python {platform.python_version()}, {versions}; {platform.system()} on {platform.machine()}, "
        f"{os.cpu_count()} processors.",
        "",
        f"| {' | '.join(HEADINGS)} |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        *(f"| {' | '.join(row.cells())} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


_VERSIONS = """
from importlib.metadata import version
print(", ".join(f"{name} {version(name)}" for name in ("typer", "rich", "ruamel.yaml", "check-jsonschema")))
"""


def write(file: Path, table: str) -> None:
    """Put the table into a Markdown page, after the mark; what stands before the mark is kept."""
    above = file.read_text(encoding="utf-8").partition(MARK)[0] if file.exists() else "# Benchmarks\n\n"
    file.write_bytes(f"{above.rstrip()}\n\n{MARK}\n\n{table}".encode())


def main() -> None:
    """Measure, print, and exit: 0 measured; 1 something failed to run, or with --check is over its limit."""
    parser = argparse.ArgumentParser(description="Measure what kmics costs beside a bare Typer program.")
    parser.add_argument(
        "--quick", action="store_true", help="3 pairs of runs in place of 9, and no large `validate`"
    )
    parser.add_argument("--check", action="store_true", help="exit with 1 if a limit is broken")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="also put the table into this Markdown page")
    asked = parser.parse_args()
    pairs = 3 if asked.quick else 9
    try:
        with tempfile.TemporaryDirectory() as bytecode:
            os.environ["PYTHONPYCACHEPREFIX"] = bytecode
            rows = measured(pairs, not asked.quick)
    except Failed as failed:
        sys.exit(str(failed))
    table = page(rows, pairs)
    print(table, end="")
    if asked.write:
        write(asked.write, table)
    if asked.check and any(row.over for row in rows):
        sys.exit(f"Over the limit: {', '.join(row.what for row in rows if row.over)}.")


if __name__ == "__main__":
    main()
