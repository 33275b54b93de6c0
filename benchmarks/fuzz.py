"""Run the property tests for longer.

`python benchmarks/fuzz.py [TIMES]`: dates, reading (the C parser against the pure one) and the schema (the walk against
jsonschema), by default 50 times as many examples. `python benchmarks/fuzz.py edits [NUMBER]`: so many random edits of odd
legal layouts, by default 110,000, and how many were done, refused and wrong. `python benchmarks/fuzz.py around [NUMBER]`:
random edits of the registry, judged by what is around them and by everything. Each ordinary run of the tests is the short
form.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
FILES = ("tests/test_dates.py", "tests/test_yamltext.py", "tests/test_shape.py")


def main() -> int:
    """Run, and return an exit code: 0 if nothing was found."""
    words = sys.argv[1:]
    sys.path.insert(0, str(ROOT / "tests"))
    if words[:1] == ["edits"]:
        return edits(int(words[1]) if len(words) > 1 else 110_000)
    if words[:1] == ["around"]:
        return around(int(words[1]) if len(words) > 1 else 300)
    times = words[0] if words else "50"
    command = [sys.executable, "-m", "pytest", "-q", *FILES]
    return subprocess.run(command, env={**os.environ, "KMICS_FUZZ": times}, check=False).returncode


def edits(number: int) -> int:
    """Make so many edits; what is wrong is printed."""
    from layouts import tried

    count: Counter[str] = Counter()
    seed = 0
    while count["done"] + count["refused"] + count["wrong"] < number:
        seed += 1
        found = tried(Random(seed))  # noqa: S311  # the same each time, on purpose
        if found not in ("done", "refused", "odd"):
            print(f"{seed}: {found}")
            found = "wrong"
        count[found] += 1
    share = count["refused"] / number
    print(
        f"{number:,} edits: {count['done']:,} done, {count['refused']:,} refused ({share:.2%}), {count['wrong']} wrong."
    )
    return int(count["wrong"] > 0 or share >= 0.03)


def around(number: int) -> int:
    """Judge so many random edits of the registry in both ways; where they differ is printed."""
    from test_proposal import REAL, compare

    found = [told for seed in range(number) if (told := compare(REAL, seed))]
    print("\n".join(found))
    print(f"{number} edits judged in both ways: {len(found)} differ.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
