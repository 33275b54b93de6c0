"""The workflows, the action and the hook: read by the field's linters, and their commands run for real.

The commands of a step are run as GitHub's runner runs them, in bash, with the variables that they name; what other
people's actions do (a checkout, Python) is done by hand.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

pytestmark = pytest.mark.tools

TOP = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
FLOWS = TOP / ".github" / "workflows"


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_", "KMICS"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | more,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )


def done(*command: str | Path, cwd: Path, **more: str) -> str:
    finished = run(*command, cwd=cwd, **more)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


# The linters.


def actionlint(folder: Path) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    program = Path(__file__).parent / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"
    assert node, "Node is not installed; these tests need Node 20 or later."
    assert program.is_file(), "actionlint is not installed; run `npm ci` in tests/tools."
    return run(node, program, "*.yml", cwd=folder)


def zizmor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("zizmor", path=str(BIN))
    assert program, "zizmor is not installed; run `pip install -r tests/tools/requirements.txt`."
    return run(program, "--offline", "--no-config", "--strict-collection", "--persona=pedantic", *arguments, cwd=TOP)


HOSTILE = """
name: Hostile
on: pull_request_target
jobs:
  hostile:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: echo "${{ github.event.pull_request.title }}"
"""


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    found = actionlint(FLOWS)
    assert found.returncode == 0, found.stdout
    assert f"Checking {len(list(FLOWS.iterdir()))} workflow file(s)" in found.stdout
    (tmp_path / "hostile.yml").write_text(HOSTILE, encoding="utf-8")
    found = actionlint(tmp_path)
    assert found.returncode != 0
    assert "potentially untrusted" in found.stdout


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    found = zizmor(FLOWS, TOP / "action.yml")
    assert found.returncode == 0, found.stdout
    assert "No findings to report." in found.stdout
    (tmp_path / "hostile.yml").write_text(HOSTILE, encoding="utf-8")
    found = zizmor(tmp_path / "hostile.yml")
    assert found.returncode != 0
    for audit in ("dangerous-triggers", "template-injection", "unpinned-uses", "artipacked"):
        assert audit in found.stdout


def test_each_finding_that_is_ignored_says_why() -> None:
    ignored = set()
    for path in (*FLOWS.iterdir(), TOP / "action.yml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "zizmor:" in line:
                found = re.search(r"# zizmor: ignore\[([a-z-]+)\] \w.{20,}$", line)
                assert found, line
                ignored.add((path.name, found[1]))
    assert ignored == {("comment.yml", "dangerous-triggers"), ("daily.yml", "self-repository")}
