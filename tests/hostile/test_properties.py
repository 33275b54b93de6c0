"""Any bytes as a file, any records put out of shape, any words asked: problems, a record or a sentence, never a bug."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from bless import MINI, MINI_DAY
from fuzzing import SHAPES, examples, tried
from hostile.attack import CHECKS, assert_inert, assert_visible
from kmics_cli.cli.session import Format, Session
from kmics_cli.dates import on, parse, typed
from kmics_cli.load import load
from kmics_cli.problems import UserError
from kmics_cli.query import find
from kmics_cli.query.lives import Lives
from kmics_cli.rules import checked
from kmics_cli.snapshot import Snapshot, read_revision
from kmics_cli.yamltext import decode, read
from registries import laid

DAY = date.fromisoformat(MINI_DAY)
PATHS = (
    "people/x.yaml",
    "bodies/x.yaml",
    "documents/x.yaml",
    "priorities/x.yaml",
    "requirements/x.yaml",
    "kmics.yaml",
)


@cache
def sound() -> dict[str, bytes]:
    return dict(laid("")[0].texts)


@cache
def real() -> dict[str, bytes]:
    """A few records of each kind of the miniature registry, which name each other."""
    names = (
        "kmics.yaml bodies/nowshire-board.yaml bodies/nowshire-icb.yaml bodies/nowshire-icp.yaml people/ada-invented.yaml "
        "priorities/strategy-aims.yaml documents/board-constitution-v2.yaml requirements/care-board.yaml"
    )
    return {name: (MINI / name).read_bytes() for name in names.split()}


def answered(texts: dict[str, bytes], *refs: str) -> None:
    """Load, judge and show: whatever stands in the texts, each answer comes, in every format, and is inert."""
    snapshot = Snapshot(dict(sorted(texts.items())), (), None)
    registry, problems = load(snapshot.texts, SHAPES)
    verdict = checked(snapshot, (registry, problems), DAY)
    for problem in verdict.problems:
        assert_visible(f"{problem.source.path} {problem.message}\n{problem.help}", "validate")
        assert problem.line >= 1
    for ref in refs:
        for format in Format:
            session = Session(registry=MINI, today=MINI_DAY, format=format)
            vars(session).update(snapshot=snapshot, loaded=(registry, problems), place=(Path("x"), True))
            out = StringIO()
            with patch.dict(os.environ, GITHUB_ACTIONS="true"), redirect_stdout(out), redirect_stderr(StringIO()):
                try:
                    found = session.find(ref)
                    session.print("show", session.asked.show(found.kind, found.id))
                except UserError:
                    continue
            assert_inert(out.getvalue().replace("\r\n", "\n"), "show", format.value)
            if format.value in CHECKS:
                CHECKS[format.value](out.getvalue().replace("\r\n", "\n"), "show")


TEXT = st.sampled_from(
    [
        "name: A\n",
        "kind: board\n",
        "from: 2020\n",
        "sources: [paper]\n",
        "roles:\n",
        "  a: {title: A}\n",
        "- ",
        ": ",
        "#",
    ]
)


@settings(max_examples=examples(40), deadline=None)
@given(
    st.sampled_from(PATHS),
    st.binary(max_size=200)
    | st.text(max_size=100).map(str.encode)
    | st.lists(TEXT, max_size=8).map("".join).map(str.encode),
)
def test_any_bytes_are_a_record_or_problems(path: str, data: bytes) -> None:
    answered(sound() | {path: data}, "x", "alpha")


def parts(data: Any) -> list[tuple[Any, Any]]:
    """Return each (container, key) of plain data."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found = []
    for key, value in items:
        found += [(data, key), *parts(value)]
    return found


VALUES: list[Callable[[Any], Any]] = [
    lambda _: "",
    lambda _: "unknown",
    lambda _: "2999-12-31",
    lambda _: "1000-01-01~",
    lambda _: "../2022",
    lambda _: "2022-01/..",
    lambda _: "nowshire-board",
    lambda _: "nowshire-board/chair",
    lambda _: "x" * 300,
    lambda _: "a | =1 <b> :: ##[x]",
    lambda _: 0,
    lambda _: 1000,
    lambda _: [],
    lambda _: {},
    lambda value: [value],
    lambda value: [value, value],
    lambda value: {"a": value},
    lambda value: value[::-1] if isinstance(value, str | list) else value,
]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, bytes]:
    """Draw one real record or two, some parts of which have other values, or those of other parts."""
    texts = {}
    for name in draw(st.lists(st.sampled_from(sorted(real())), min_size=1, max_size=2, unique=True)):
        kind = "kmics" if name == "kmics.yaml" else name.partition("/")[0]
        typed, _ = SHAPES.fit(kind, read(decode(real()[name])), None)  # type: ignore[arg-type]
        data = json.loads(json.dumps(typed))
        for _ in range(draw(st.integers(1, 4))):
            places = parts(data)
            if not places:  # nothing is left
                break
            holder, key = draw(st.sampled_from(places))
            other_holder, other_key = draw(st.sampled_from(places))
            change = draw(st.sampled_from(["value", "delete", "other"]))
            with suppress(KeyError, IndexError):  # an earlier change may have taken the part out
                if change == "value":
                    holder[key] = draw(st.sampled_from(VALUES))(holder[key])
                elif change == "delete":
                    del holder[key]
                else:
                    holder[key] = json.loads(json.dumps(other_holder[other_key]))
        texts[name] = json.dumps(data).encode()
    return texts


@settings(max_examples=examples(14), deadline=None)
@given(mutated())
def test_real_records_put_out_of_shape_are_told_and_answered(texts: dict[str, bytes]) -> None:
    answered(
        real() | texts, "nowshire-board", "nowshire-icb", "nowshire-icp/chair", "ada-invented", "strategy-aims"
    )


@cache
def loaded() -> Any:
    snapshot = laid("")[0]
    registry, _ = load(snapshot.texts, SHAPES)
    return snapshot, registry


WORDS = st.text(max_size=40) | st.text(alphabet="alph-/ .AaOo~:{}[]\\\"'0129", max_size=20)


@settings(max_examples=examples(80), deadline=None)
@given(WORDS)
def test_any_words_are_answered_or_refused_in_a_sentence(words: str) -> None:
    snapshot, registry = loaded()
    asked: list[tuple[Callable[[], Any], str]] = [
        (lambda: find(registry, Lives(registry), words, on(DAY)), ".?:"),
        (lambda: parse(words), "."),
        (lambda: typed(words), "."),
        (lambda: checked(snapshot, (registry, []), DAY, select=(words,)), "."),
        (lambda: checked(snapshot, (registry, []), DAY, ignore=(words,)), "."),
        (lambda: Session(registry=MINI, on=words, today=MINI_DAY).span, ".:"),
        (lambda: Session(registry=MINI, during=words, today=MINI_DAY).span, ".:"),
    ]
    for ask, ends in asked:
        _, refused = tried(ask)
        if refused:
            assert refused.message[-1] in ends
            assert getattr(refused, "code", 2) == 2


@settings(max_examples=examples(40), deadline=None)
@given(WORDS)
def test_any_words_as_a_revision_are_refused_in_a_sentence(words: str) -> None:
    _, refused = tried(read_revision, MINI, words)
    if refused:
        assert refused.code in (2, 3)
        assert refused.message.endswith(".")
