"""Put a history of any length over an invented registry: `python benchmarks/repository.py FOLDER 2000`.

FOLDER is the top of a new repository that has the registry of `generate.py` in `registry/`. Each commit changes the
seats and the notes of three bodies, every tenth those of the first body too; so a comparison of ten commits meets
about thirty changed files. The same folder and count give the same commits.
"""

import argparse
import os
import random
import re
import subprocess
from pathlib import Path

FIRST_DAY = 1_700_000_000  # seconds since 1970


def first_body(top: Path) -> Path:
    """Return the file of the body that every tenth commit changes."""
    return min((top / "registry" / "bodies" / "group-0").iterdir())


def git(top: Path, *words: str, input: bytes = b"") -> str:
    """Run git in `top` as an invented author on a fixed day."""
    day = f"{FIRST_DAY} +0000"
    names = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.invalid", "-c", "gc.auto=0")
    done = subprocess.run(
        ["git", *names, *words],
        cwd=top,
        input=input,
        capture_output=True,
        check=True,
        env={**os.environ, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day},
    )
    return done.stdout.decode().strip()


def commit(top: Path, count: int) -> None:
    """Commit the registry, and then `count` changes of it, one an hour."""
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "The registry")
    chance = random.Random(1)  # noqa: S311
    bodies = sorted((top / "registry" / "bodies").rglob("*.yaml"))
    first = first_body(top)
    texts: dict[Path, str] = {}
    told: list[str] = []
    for number in range(count):
        some = [chance.choice(bodies) for _ in range(3)]
        if number % 10 == 0:
            some.append(first)
        told.append(
            f"commit refs/heads/main\ncommitter Nobody <nobody@example.invalid> {FIRST_DAY + 3600 * (number + 1)} +0000\n"
        )
        subject = f"Change {number}\n"
        told.append(f"data {len(subject)}\n{subject}" + ("from refs/heads/main^0\n" if number == 0 else ""))
        for path in dict.fromkeys(some):
            text = texts.get(path) or path.read_text(encoding="utf-8")
            text = re.sub(r"seats: [0-9]+", f"seats: {3 + number // 10 % 5}", text)
            texts[path] = text = re.sub(r"\nnote: .*\n", "\n", text) + f"note: Looked at for the {number}th time.\n"
            told.append(f"M 100644 inline {path.relative_to(top).as_posix()}\ndata {len(text.encode())}\n{text}\n")
    git(top, "fast-import", "--quiet", input="".join(told).encode())
    git(top, "reset", "-q", "--hard")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Put a history over an invented registry.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    asked = parser.parse_args()
    commit(asked.folder, asked.count)
