"""The ground of an attack, and the one process that runs them all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile.attack import Ground, Launcher


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    launcher = Launcher()
    yield launcher
    launcher.close()


@pytest.fixture
def ground(tmp_path: Path, launcher: Launcher) -> Ground:
    return Ground(tmp_path / "ground", launcher)


@pytest.fixture
def small(tmp_path: Path, launcher: Launcher) -> Ground:
    return Ground(tmp_path / "small", launcher, small=True)
