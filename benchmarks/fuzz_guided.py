"""Look for bytes that break the reader or the dates, guided by the code they reach: `python benchmarks/fuzz_guided.py`.

`fuzz_guided.py [reader|dates] [SECONDS]` needs atheris (`pip install atheris`, Linux and macOS), by default fuzzes the
reader for 600 seconds, and starts from `tests/corpus` and the miniature registry. What breaks is written to a file
`crash-…` in the current folder, with the traceback. `fuzz_guided.py --keep reader FOLDER` puts what a run has found,
small files that together reach as much code, into `tests/corpus`.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

TOP = Path(__file__).resolve().parent.parent
Trace = Any  # a function that is called for each line
MOST_BYTES = {"reader": 4_000, "dates": 60}
SEEDS = {
    "dates": "2022-07-01|2022-07/2022-08|../2022~|unknown|1st July 2022|autumn 2025|2022/23|2022-23|a..b|07/01/22|12 months".split(
        "|"
    )
}


def fuzz(target: str, options: list[str]) -> None:
    """Hand over to atheris, which does not return."""
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    sys.path[:0] = [str(TOP / "tests"), str(TOP / "src")]
    atheris.enabled_hooks.add("str")  # not "RegEx", which breaks re.Pattern.match (atheris 3.0.0)
    with atheris.instrument_imports(include=["kmics_cli", "ruamel"]):
        import ruamel.yaml.loader  # noqa: F401

        from fuzzing import TARGETS

    atheris.Setup([sys.argv[0], *options], TARGETS[target])
    atheris.Fuzz()


def seeds(target: str, folder: Path) -> None:
    """Write something to begin with."""
    texts = [text.encode() for text in SEEDS.get(target, [])] or [
        path.read_bytes() for path in (TOP / "tests" / "mini" / "registry").rglob("*.yaml")
    ]
    for number, text in enumerate(texts):
        (folder / f"seed-{number}").write_bytes(text[: MOST_BYTES[target]])


def kept(target: str, folder: Path) -> list[bytes]:
    """Return the texts of a folder that together take every step that all of them take, small ones first."""
    sys.path[:0] = [str(TOP / "tests"), str(TOP / "src")]
    from fuzzing import TARGETS

    taken: set[tuple[str, int, int]] = set()
    new = False

    def watch(frame: FrameType, _event: str, _value: object) -> Trace | None:
        name = frame.f_code.co_filename
        if "kmics_cli" not in name and "ruamel" not in name:
            return None
        before = frame.f_lineno

        def line(frame: FrameType, _event: str, _value: object) -> Trace:
            nonlocal before, new
            step = (name, before, frame.f_lineno)
            before = frame.f_lineno
            if step not in taken:
                taken.add(step)
                new = True
            return line

        return line

    texts = sorted({path.read_bytes() for path in folder.iterdir()}, key=lambda text: (len(text), text))
    useful = []
    for text in texts:
        new = False
        sys.settrace(watch)
        try:
            TARGETS[target](text)
        finally:
            sys.settrace(None)
        if new:
            useful.append(text)
    return useful


def main() -> None:
    """Fuzz, or keep what was found."""
    words = sys.argv[1:]
    keep = "--keep" in words
    words = [word for word in words if word != "--keep"]
    target = words[0] if words else "reader"
    most = f"-max_len={MOST_BYTES[target]}"
    corpus = TOP / "tests" / "corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    if keep:
        for text in kept(target, Path(words[1])):
            (corpus / hashlib.sha256(text).hexdigest()[:16]).write_bytes(text)
        return
    seconds = words[1] if len(words) > 1 else "600"
    found = Path(words[2]) if len(words) > 2 else Path(tempfile.mkdtemp(prefix=f"kmics-fuzz-{target}-"))
    found.mkdir(exist_ok=True)
    seeds(target, found)
    print(f"Finds go to {found}", flush=True)
    fuzz(target, [f"-max_total_time={seconds}", most, "-timeout=20", str(found), str(corpus)])


if __name__ == "__main__":
    main()
