"""What the fuzz holds the reader and the dates to, and how many examples the property tests try.

`TARGETS` take any bytes and assert what must hold of them. `benchmarks/fuzz_guided.py` looks for bytes of which it
does not; what it found worth keeping is in `tests/corpus`, and tests/hostile/test_corpus.py tries it again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kmics_cli.dates import (
    DateError,
    Span,
    a_day_in_words,
    in_words,
    is_date,
    later,
    parse,
    shifted,
    span_in_words,
    typed,
    written,
)
from kmics_cli.load import load, read_file
from kmics_cli.problems import Source, UserError, visible
from kmics_cli.shape import SCHEMA_OF, Shapes, compiled
from kmics_cli.yamltext import Plain, YamlError, decode, places, read

CORPUS = Path(__file__).parent / "corpus"
SHAPES = Shapes(Path(__file__).parent.parent / "schema")
_DATE = compiled(SHAPES._file("definitions.json")["$defs"]["date"]["pattern"])
_PATHS = {"body": "bodies", "person": "people", "document": "documents"}


def examples(short: int) -> int:
    """Return `short`, times KMICS_FUZZ if that is set."""
    return short * int(os.environ.get("KMICS_FUZZ", "1"))


def tried(call: Callable[..., Any], *args: Any, **more: Any) -> tuple[Any, Any]:
    """Return what a call gives and None, or None and the refusal that it raises."""
    try:
        return call(*args, **more), None
    except (DateError, UserError) as error:
        return None, error


def spelt(node: Plain) -> str:
    """Write data with its order and the kind of each text, since Bare("1") == "1" and dicts have no order."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{key!r}: {spelt(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(spelt(value) for value in node) + "]"
    return f"{type(node).__name__}({str(node)!r})"


def outcome(text: str, pure: bool) -> str:
    """Read `text` and write down data and places, or that it was refused (why may differ: one looks further)."""
    try:
        return f"{spelt(read(text, pure=pure))} {places(text, pure=pure)}"
    except YamlError:
        return "refused"


def reader(data: bytes) -> None:
    """Any bytes are a record or problems, told in visible words at a place; both parsers say the same of them.

    Which kind of record it is held to be, the name of a schema in it says, as in the line for editors.
    """
    named = re.search(rb"(body|person|priorities|document|requirements|registry)\.json", data)
    schema = named[1].decode() if named else "person"
    kind = next(kind for kind, file in SCHEMA_OF.items() if file == schema)
    value, problems = read_file(data, kind, Source("a"), SHAPES)
    assert value is not None or problems
    for problem in problems:
        said = problem.message + problem.help.replace("\n", "")
        assert said == visible(said)
        assert len(said) < 2_000
    path = "kmics.yaml" if kind == "kmics" else f"{kind}/a.yaml"
    registry, told = load({path: data}, SHAPES)
    assert told or (kind == "kmics") or "a" in registry.records(kind)
    try:
        text = decode(data)
    except YamlError:
        return
    assert outcome(text, pure=False) == outcome(text, pure=True)


def dates(data: bytes) -> None:
    """Any text is a date or is refused, in words; the schema's pattern agrees, and a date can be told and moved."""
    text = data.decode("utf-8", "replace")
    when, error = tried(parse, text)
    assert is_date(text) is (error is None)
    if error:
        assert len(error.message) < 300
        if _DATE.search(text):  # what an editor, which knows only the pattern, cannot know
            assert re.search(r"has no day|ends before it begins|is too early|is too late", error.message)
    else:
        assert _DATE.search(text)
        assert when.earliest <= when.latest
        assert in_words(when)
        assert a_day_in_words(when)
        for days in (-400, -1, 0, 1, 400):
            moved = shifted(when, days)
            assert parse(moved.text) == moved
    span, error = tried(typed, text)
    if error:
        assert len(error.message) < 300
    else:
        assert span.first <= span.last
        assert span_in_words(span)
        again = parse(written(span).strip('"'))
        assert Span(again.earliest, again.latest) == span
        tried(later, span.first, text)


TARGETS: dict[str, Callable[[bytes], None]] = {"reader": reader, "dates": dates}
"""What is fuzzed, by the folder of its corpus."""
