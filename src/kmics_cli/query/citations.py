"""Every citation of a registry, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
