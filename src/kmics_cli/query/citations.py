"""Every citation of a registry, and where it stands."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from kmics_cli.model import Citation, Part, Registry


def citations(registry: Registry, document: str | None = None) -> Iterator[tuple[str, str, str, Citation]]:
    """Yield every citation of the registry, or of one document: the record's id, its name, the place, the citation."""
    for kind in ("bodies", "priorities", "documents", "requirements"):
        records = registry.mentioning(kind, document) if document else registry.records(kind).values()
        for record in records:
            name = str(getattr(record, "name", None) or getattr(record, "title", record.id))
            for place in _inside(record):
                if document in (None, place.document):
                    yield record.id, name, _where(place), place


def citations_within(registry: Registry, bodies: Container[str]) -> Iterator[tuple[str, str, str, Citation]]:
    """Yield the same of some bodies, by id, and of the priorities that they own."""
    for id, body in registry.bodies.items():
        if id in bodies:
            yield from ((id, body.name, _where(place), place) for place in _inside(body))
    for found in registry.priorities.values():
        if found.owner.partition("/")[0] in bodies:
            yield from ((found.id, found.name, _where(place), place) for place in _inside(found))


def _where(citation: Citation) -> str:
    steps = [
        str(step)
        for step in citation.source.pointer
        if not isinstance(step, int) and step not in ("sources", "roles")
    ]
    return " ".join(steps)


def _inside(part: Any) -> Iterator[Citation]:
    if isinstance(part, Citation):
        yield part
    elif isinstance(part, Part):
        for name in part.__dataclass_fields__:
            if name != "source":
                yield from _inside(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from _inside(item)
    elif isinstance(part, Mapping):
        for item in part.values():
            yield from _inside(item)
