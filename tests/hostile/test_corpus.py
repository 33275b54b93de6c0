"""What the guided fuzz found worth keeping (benchmarks/fuzz_guided.py) is tried again."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzzing import CORPUS, TARGETS

FILES = sorted(CORPUS.glob("*/*"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_is_found_no_more(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_the_corpus_is_there_and_small() -> None:
    assert {path.parent.name for path in FILES} == TARGETS.keys()
    assert sum(path.stat().st_size for path in FILES) < 300_000
