"""Which sets of duties apply to which bodies. Small, so that asking it costs nothing where none apply."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.model import Body, Registry, Requirements


def applies(requirements: Requirements, body: Body) -> bool:
    """Return whether a set of duties applies to a body: to its kind, to it, or to the class that it is of."""
    to = requirements.applies_to
    return not body.class_ and (body.kind == to.kind if to.kind else to.body in (body.id, body.one_of))


def applying(registry: Registry, id: str) -> Iterator[tuple[Body, Requirements]]:
    """Yield the sets of duties that apply to the body `id`, and those that are tested on it, each with its body."""
    here = registry.bodies[id]
    for found in registry.requirements.values():
        if applies(found, here):
            yield here, found
    for link in here.part_of:
        above = registry.bodies.get(link.body)
        for found in registry.requirements.values():
            if above is not None and found.tested_on == link.relation and applies(found, above):
                yield above, found


def all_applying(registry: Registry) -> Iterator[tuple[Body, Requirements]]:
    """Yield each body with each set of duties that applies to it, body by body."""
    by_kind: dict[str, list[Requirements]] = {}
    by_body: dict[str, list[Requirements]] = {}
    for found in registry.requirements.values():
        where, key = (by_kind, found.applies_to.kind) if found.applies_to.kind else (by_body, found.applies_to.body)
        if key is not None:
            where.setdefault(key, []).append(found)
    for body in registry.bodies.values() if by_kind or by_body else ():
        if not body.class_:
            some = [*by_kind.get(body.kind, ()), *by_body.get(body.id, ()), *by_body.get(body.one_of or "", ())]
            yield from ((body, requirements) for requirements in some)
