"""The map of the five source documents (docs/facts.md) and the lines that the registry cites from them."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from kmics_cli.load import load
from kmics_cli.model import Citation, Part, Registry
from kmics_cli.shape import Shapes, schema_folder
from kmics_cli.snapshot import read_folder

ROOT = Path(__file__).parent.parent
DOCUMENTS = {
    "B": ("blog-hart-2022", 36),
    "K": ("kcc-briefing-2022-09", 148),
    "W": ("ics-web-2022", 70),
    "C": ("kcc-web-ics", 40),
    "N": ("nhs-news-2019-06-27", 46),
}
FACTS = [f"{letter}{number:03}" for letter, (_, count) in DOCUMENTS.items() for number in range(1, count + 1)]
CONFLICTS = [f"C{number:02}" for number in range(1, 43)]
GAPS = [f"G{number:02}" for number in range(1, 44)]
ROW = re.compile(r"\| ([A-Z][0-9]+) \| (none|`[^|]+`) \| ([^|]+) \|")
LINES = re.compile(r"lines? ([0-9]+(?:-[0-9]+)?(?:, [0-9]+(?:-[0-9]+)?)*)")


@cache
def registry() -> Registry:
    found, problems = load(read_folder(ROOT / "registry").texts, Shapes(schema_folder()))
    assert problems == []
    return found


@cache
def rows() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Every row of the map: the id, its places, and how it stands there."""
    text = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| (?!---)", line) and "| Place |" not in line]
    found = [ROW.fullmatch(line) for line in lines]
    assert all(found), [line for line, row in zip(lines, found, strict=True) if not row]
    return tuple([(row[1], tuple(re.findall("`([^`]+)`", row[2])), row[3]) for row in found if row])


def facts() -> list[tuple[str, tuple[str, ...]]]:
    """The rows of the first table that have a place."""
    return [(id, places) for id, places, _ in rows()[: len(FACTS)] if places]


def record_of(place: str) -> Any:
    kind, id, *_ = place.split("/")
    return registry().records(kind)[id]


def at(place: str) -> Any:
    """What stands at a place: a record, a field of it, a role, or an item of a set of priorities."""
    kind, _, *steps = place.split("/")
    found: Any = record_of(place)
    if kind == "priorities" and steps and steps[0][0].isdigit():
        for number in steps[0].split("."):
            found = next(item for item in found.items if item.number == int(number))
        return found
    for step in steps:
        if isinstance(found, dict):
            found = found[step]
        else:
            found = getattr(found, step if hasattr(found, step) else f"{step}_")
    return found


def citations(node: object) -> Iterator[Citation]:
    """All citations in a part and below it."""
    if isinstance(node, Citation):
        yield node
    elif isinstance(node, Part):
        for field in fields(node):
            yield from citations(getattr(node, field.name))
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from citations(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from citations(value)


def cited_lines(citation: Citation) -> list[tuple[int, int]]:
    """The first and last lines of each range of a locator in lines; none for another locator."""
    found = LINES.fullmatch(citation.at or "")
    ranges = [part.partition("-") for part in found[1].split(", ")] if found else []
    return [(int(first), int(last or first)) for first, _, last in ranges]


def source_lines(document: str) -> list[str] | None:
    """The lines of a source document, where the folder with the documents is at hand."""
    folder = Path(os.environ.get("KMICS_SOURCES") or ROOT.parent / "shared" / "sources")
    path = folder / f"{document}.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else None


def test_every_fact_conflict_and_gap_has_one_row() -> None:
    assert [id for id, _, _ in rows()] == FACTS + CONFLICTS + GAPS
    assert len(FACTS) == 340


def test_every_place_is_there() -> None:
    for id, places, _ in rows():
        assert len(places) == len(set(places)), id
        for place in places:
            assert at(place), f"{id}: nothing stands at {place}"


def test_a_row_without_a_place_says_why() -> None:
    for id, places, how in rows():
        assert bool(places) != how.startswith("no place: "), id
        assert places or id in FACTS, f"{id}: conflicts and gaps all have a place"


def test_the_record_at_a_place_cites_the_document_of_the_fact() -> None:
    for id, places in facts():
        document, _ = DOCUMENTS[id[0]]
        for place in places:
            record = record_of(place)
            cited = {citation.document for citation in citations(record)}
            assert record.id == document or document in cited, f"{id}: {place} does not cite {document}"


def test_cited_lines_are_in_the_documents() -> None:
    for document, _ in DOCUMENTS.values():
        extent = registry().documents[document].extent
        assert extent is not None
        assert extent.lines is not None
        lines = source_lines(document)
        assert lines is None or len(lines) == extent.lines, document
        found = [citation for citation in citations(registry()) if citation.document == document]
        assert found, document
        for citation in found:
            where = f"{citation.source.path}: {document} {citation.at}"
            assert cited_lines(citation), f"{where} is no locator in lines"
            for first, last in cited_lines(citation):
                assert 1 <= first <= last <= extent.lines, where
                assert lines is None or "".join(lines[first - 1 : last]).strip(), f"{where} is blank"
