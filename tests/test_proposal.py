"""What an edit newly breaks is told by looking around it alone, and is what looking at everything would tell."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bless import MINI, MINI_DAY
from kmics_cli.load import again, load
from kmics_cli.model import KINDS
from kmics_cli.proposal import Loaded, propose
from kmics_cli.rules import checked, newly
from kmics_cli.shape import Shapes, schema_folder
from kmics_cli.snapshot import Snapshot, read_folder
from kmics_cli.yamltext import decode, read

REAL = Path(__file__).parents[1] / "registry"
SHAPES = Shapes(schema_folder())
DAY = date.fromisoformat(MINI_DAY)
TIMES = 16


@cache
def at(root: Path) -> tuple[Snapshot, Loaded]:
    snapshot = read_folder(root)
    return snapshot, load(snapshot.texts, SHAPES, snapshot.problems)


def parts(data: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = []
    for step, value in data.items() if isinstance(data, dict) else enumerate(data):
        found.append((*above, step))
        if not isinstance(value, str):
            found += parts(value, (*above, step))
    return found


def edited(rng: Random, before: Snapshot) -> dict[str, bytes | None]:
    """Return random new texts: parts taken away, copied elsewhere, given another value; records taken away or added."""
    texts: dict[str, bytes | None] = {}
    paths = [path for path in before.texts if path != "kmics.yaml"]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        path = rng.choice(paths)
        sort = rng.random()
        if sort < 0.06:
            texts[path] = None
            continue
        if sort < 0.10:
            texts[path.replace(".yaml", "-copy.yaml")] = before.texts[path]
            continue
        data: Any = read(decode(texts.get(path) or before.texts[path]))
        if not isinstance(data, dict):
            continue
        pointer = rng.choice(parts(data))
        inside = data
        for step in pointer[:-1]:
            inside = inside[step]
        if sort < 0.3:
            del inside[pointer[-1]]
        elif isinstance(inside[pointer[-1]], str):
            other: Any = read(decode(before.texts[rng.choice(paths)]))
            some = [where for where in parts(other) if where[-1] == pointer[-1]]
            new: Any = other
            for step in rng.choice(some) if some else ():
                new = new[step]
            days = ("2019-01-01", "2024-05-05", "2031-01-01", "unknown", "nobody-here")
            inside[pointer[-1]] = new if some and rng.random() < 0.7 else rng.choice(days)
        elif isinstance(inside[pointer[-1]], list):
            inside[pointer[-1]].append(rng.choice(inside[pointer[-1]]) if inside[pointer[-1]] else "x")
        texts[path] = json.dumps(data, ensure_ascii=False).encode()
    return texts


def told(problems: Any) -> list[tuple[str, str, str, str]]:
    return sorted((one.rule, one.source.path, str(one.source.pointer), one.message) for one in problems)


def compare(root: Path, seed: int) -> str:
    """Return how the two answers differ for a random edit; nothing if they do not."""
    before, then = at(root)
    texts = edited(Random(seed), before)  # noqa: S311  # the same each time, on purpose
    made = {path: text for path, text in {**before.texts, **texts}.items() if text is not None}
    after = Snapshot({path: made[path] for path in sorted(made)}, before.problems, before.root)
    whole = load(after.texts, SHAPES, before.problems)
    now = again(then, before.texts, after.texts, SHAPES, before.problems)
    same = [list(map(repr, registry.records(kind).values())) for registry in (whole[0], now[0]) for kind in KINDS]
    if (
        same[: len(KINDS)] != same[len(KINDS) :]
        or told(whole[1]) != told(now[1])
        or whole[0].broken != now[0].broken
    ):
        return f"{seed}: loaded again, the registry is another"
    everything = told(checked(after, whole, DAY, since=(before, then)).problems)
    around = told(newly((before, then), (after, now), texts.keys(), DAY).problems)
    if everything != around:
        lacking = [one for one in everything if one not in around]
        too_many = [one for one in around if one not in everything]
        return f"{seed}: {list(texts)}: lacking {lacking}, too many {too_many}"
    return ""


@pytest.mark.parametrize(("root", "times"), [(MINI, TIMES), (REAL, 1)], ids=["mini", "real"])
def test_around_an_edit_is_all_that_it_breaks(root: Path, times: int) -> None:
    assert [found for seed in range(times) if (found := compare(root, seed))] == []


def test_a_proposal_tells_what_it_does() -> None:
    before, then = at(MINI)
    path = next(path for path in before.texts if path.endswith("/ada-invented.yaml"))
    text = before.texts[path]
    gone = propose(before, then, {path: None}, SHAPES, DAY, None)
    assert gone.refused
    assert {problem.rule for problem in gone.problems} >= {"unknown-reference"}
    named = propose(before, then, {path: text.replace(b"Ada Invented", b"Ada Invented-Again")}, SHAPES, DAY, None)
    assert not named.refused
    assert any("Ada Invented-Again" in change.text for change in named.changes)
    assert "+name: Ada Invented-Again" in named.unified.split("\n")
    same = propose(before, then, {path: text}, SHAPES, DAY, None)
    assert (same.rewrites, same.problems, same.changes, same.unified) == ((), (), [], "")
