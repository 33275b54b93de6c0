"""From texts to a registry: `{path: bytes}` in, `(Registry, [Problem])` out. Bad data never raises.

A record that cannot be read or does not fit is kept apart in `Registry.broken`, with its first problem,
and hides no other. The registry reads no files, no clock and no settings but its own `kmics.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kmics_cli import yamltext
from kmics_cli.model import (
    KINDS,
    NOT_NAMED,
    AnyRecord,
    Body,
    Document,
    Person,
    Priorities,
    Registry,
    Requirements,
    Settings,
    build,
)
from kmics_cli.problems import Problem, Source
from kmics_cli.shape import Shapes

SETTINGS = "kmics.yaml"
_CLASSES: dict[str, type[Any]] = {
    "bodies": Body,
    "people": Person,
    "priorities": Priorities,
    "documents": Document,
    "requirements": Requirements,
}


def load(
    texts: Mapping[str, bytes], shapes: Shapes, unread: Iterable[Problem] = ()
) -> tuple[Registry, list[Problem]]:
    """Return the registry that the texts make, and all that is wrong with their form.

    `texts` maps paths from the registry's root (`bodies/some-board.yaml`) to bytes; `unread` has the problems
    of the files that could not be read at all, whose records are known, but broken. Each file is read,
    held against the schema and built by itself; the rules that look across files are in `rules`.
    """
    problems: list[Problem] = []
    found: dict[str, dict[str, AnyRecord]] = {kind: {} for kind in KINDS}
    broken: dict[tuple[str, str], Problem] = {}
    settings = _settings(texts, shapes, problems)
    first: dict[str, str] = {}
    for path, data in texts.items():
        kind, _, name = path.partition("/")
        if kind not in found or not name:
            continue
        id = name.rpartition("/")[2].removesuffix(".yaml")
        source = Source(path)
        if id in first:
            other = first[id]
            twice = Problem(
                "duplicate-id",
                "error",
                source,
                f"The id '{id}' is used twice: here and in {other}.",
                "Give one of the two files another name.",
                related=(Source(other),),
            )
            problems.append(twice)
            if id in found[kind] or (kind, id) in broken:  # which of the two is meant cannot be told
                found[kind].pop(id, None)
                broken[kind, id] = twice
                continue
        first.setdefault(id, path)
        value, wrong = read_file(data, kind, source, shapes)
        if (kind, id) == ("people", NOT_NAMED):
            message, help = (
                f"'{NOT_NAMED}' stands for somebody who is not named.",
                "Give the file the person's name.",
            )
            wrong = [Problem("reserved-id", "error", source, message, help), *wrong]
        problems.extend(wrong)
        fatal = next((problem for problem in wrong if problem.rule != "yaml-quote"), None)
        if fatal:
            broken[kind, id] = fatal
        else:
            found[kind][id] = build(_CLASSES[kind], {"id": id, **value}, source)
    for problem in unread:
        kind, _, name = problem.source.path.partition("/")
        id = name.rpartition("/")[2].removesuffix(".yaml")
        if problem.severity == "error" and name.endswith(".yaml") and id not in found.get(kind, {id}):
            broken.setdefault((kind, id), problem)
    registry = Registry(source=Source(""), settings=settings, broken=broken, **found)  # type: ignore[arg-type]
    return registry, problems


def read_file(data: bytes, kind: str, source: Source, shapes: Shapes) -> tuple[Any, list[Problem]]:
    """Return the typed data of one file of `kind`, and what is wrong with it."""
    try:
        plain = yamltext.read(yamltext.decode(data))
    except yamltext.YamlError as error:
        problem = Problem(error.rule, "error", source, error.message, error.help, error.line, error.column)
        return None, [problem]
    return shapes.fit(kind, plain, source)


def _settings(texts: Mapping[str, bytes], shapes: Shapes, problems: list[Problem]) -> Settings:
    source = Source(SETTINGS)
    if SETTINGS in texts:
        value, wrong = read_file(texts[SETTINGS], "kmics", source, shapes)
        problems.extend(wrong)
        if all(problem.rule == "yaml-quote" for problem in wrong):
            return build(Settings, value, source)
    return build(
        Settings, {"name": "A registry without a readable kmics.yaml", "model": "1", "kinds": {}}, Source("")
    )
