"""Every reading command in every format prints what it printed when somebody last read it: see bless.py."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bless import CASES, FORMATS, GOLDEN, MINI, MINI_DAY, REAL, REAL_CASES, REAL_DAY, TOP, orphans, run
from kmics_cli.reports import REPORTS


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_one_that_is_kept(name: str, format: str) -> None:
    kept = (GOLDEN / f"{name}.{FORMATS[format]}").read_text(encoding="utf-8")
    done = run(*shlex.split(CASES[name]), "--format", format)
    assert done.code == (2 if name == "search/nothing" else 0)
    assert done.out.replace("\r\n", "\n") == kept, "run python tests/bless.py, and read the difference"


@pytest.mark.parametrize("name", REAL_CASES)
def test_the_paper_on_the_real_board_is_the_one_that_is_kept(name: str) -> None:
    kept = (GOLDEN / f"{name}.md").read_text(encoding="utf-8")
    done = run(*shlex.split(REAL_CASES[name]), "--format", "md", registry=REAL, today=REAL_DAY)
    assert (done.code, done.err) == (0, "")
    assert done.out == kept, "run python tests/bless.py, and read the difference"


def test_no_golden_file_is_left_over() -> None:
    assert orphans() == []


@pytest.mark.parametrize("name", CASES)
def test_kept_tables_fit_eighty_columns_and_are_plain(name: str) -> None:
    for line in (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        assert len(line) <= 80, line
        assert line == line.rstrip()
        assert line.isprintable()
        assert "…" not in line


@pytest.mark.parametrize("name", CASES)
def test_no_cell_of_a_kept_table_is_empty(name: str) -> None:
    for line in (GOLDEN / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            cells = re.split(r"(?<!\\)\|", line)[1:-1]
            assert all(cell.strip() for cell in cells), line


def test_every_reading_command_and_kind_is_kept() -> None:
    commands = {command.split()[0] for command in CASES.values()}
    assert commands == {"show", "list", "tree", "search", "timeline", "changes", "report", "quorum", "chart"}
    kinds = {command.split()[1] for command in CASES.values() if command.startswith("list ")}
    reports = {command.split()[1] for command in CASES.values() if command.startswith("report ")}
    assert reports == set(REPORTS)
    assert kinds == set("bodies roles people appointments priorities documents milestones figures".split())


@pytest.mark.parametrize("seed", ["1", "2"])
def test_nothing_depends_on_the_order_of_sets(seed: str) -> None:
    """One process for several commands: what it prints is what is kept, whatever the hash seed."""
    names = ["show/partnership", "list/appointments-of-person", "tree/all", "search/finance", "timeline/icb"]
    names += [next(case for case in CASES if CASES[case].startswith(f"report {name}")) for name in REPORTS]
    script = (
        "import shlex, sys\n"
        "from bless import CASES, FORMATS, run\n"
        "for name in sys.argv[1:]:\n"
        "    for format in FORMATS:\n"
        "        done = run(*shlex.split(CASES[name]), '--format', format)\n"
        "        sys.stdout.buffer.write(done.out.replace('\\r\\n', '\\n').encode())\n"
    )
    paths = [str(TOP / "tests"), *(path for path in sys.path if path)]
    done = subprocess.run(
        [sys.executable, "-c", script, *names],
        cwd=TOP,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    kept = [GOLDEN / f"{name}.{ending}" for name in names for ending in FORMATS.values()]
    assert done.stdout.decode("utf-8") == "".join(path.read_text(encoding="utf-8") for path in kept)


def test_run_twice_gives_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    """As a user runs it: two processes, two hash seeds, the same bytes."""
    folder = tmp_path_factory.mktemp("elsewhere")
    command = [sys.executable, "-m", "kmics_cli", "show", "nowshire-board", "--sources", "--today", MINI_DAY]
    outputs = [
        subprocess.run(
            [*command, "--registry", str(MINI)],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("3", "4")
    ]
    assert outputs[0] == outputs[1] != b""


def test_ties_between_parents_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """Several parents that ended on one day: which is named as the cause is the first in the file, always."""
    root = tmp_path / "registry"
    (root / "bodies").mkdir(parents=True)
    (root / "documents").mkdir()
    (root / "kmics.yaml").write_text('name: Nowhere\nmodel: "1"\nkinds:\n  council: council\n', encoding="utf-8")
    (root / "documents" / "paper.yaml").write_text(
        "title: Paper\nkind: paper\nspeaks_of: 2019-06-01\n", encoding="utf-8"
    )
    common = "kind: council\nfrom: 2010-01-01\nsources: [paper]\n"
    for number in range(6):
        (root / "bodies" / f"p{number}.yaml").write_text(
            f"name: P{number}\n{common}to: 2020-01-01\n", encoding="utf-8"
        )
    links = "".join(f"- body: p{number}\n  relation: joint-committee-of\n" for number in range(6))
    (root / "bodies" / "c.yaml").write_text(f"name: C\n{common}part_of:\n{links}", encoding="utf-8")
    command = [sys.executable, "-m", "kmics_cli", "show", "c", "--registry", str(root), "--format", "json"]
    causes = {
        json.loads(
            subprocess.run(
                [*command, "--today", "2020-06-01"],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
                capture_output=True,
                check=True,
                timeout=120,
            ).stdout
        )["body"]["end_implied_by"]
        for seed in ("0", "1", "2", "4", "5")
    }
    assert causes == {"p0"}
