"""A role as it was on a day: with the title, member type, vote and number of seats that it had then."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from kmics_cli.model import Body, Earlier, Records, Registry, Role, changed, with_bodies

FIELDS = ("title", "member_type", "voting", "seats")
"""What a role may have had otherwise."""
_ANY = re.compile(rb'"earlier":')


def on_day(role: Role, field: str, day: date) -> Any:
    """Return what a field of a role was on a day: as the first entry has it that lasted until then or longer; else as now."""
    some = [one for one in role.earlier if getattr(one, field) is not None]
    some = [one for one in some if one.to is None or day <= one.to.latest]
    first = min(some, key=lambda one: date.max if one.to is None else one.to.latest, default=None)
    return getattr(role if first is None else first, field)


def most_seats(role: Role) -> int | str:
    """Return the most seats that a role ever had; "unknown" if that was so at any time."""
    every = [role.seats, *(one.seats for one in role.earlier if one.seats is not None)]
    return "unknown" if "unknown" in every else max(one for one in every if isinstance(one, int))


def as_it_was(registry: Registry, day: date) -> Registry:
    """Return the registry with each role as it was on a day. One in which nothing was otherwise comes back itself.

    What a role is now stays with it, so that the same may be asked again for another day.
    """
    some = [then for body in _with_earlier(registry) if (then := _body(body, day)) is not body]
    return with_bodies(registry, some) if some else registry


def _with_earlier(registry: Registry) -> Iterable[Body]:
    bodies = registry.bodies
    if isinstance(bodies, Records):
        return [bodies[id] for id in bodies.holding(_ANY)]
    return bodies.values()


def _body(body: Body, day: date) -> Body:
    roles = {id: _role(role, day) for id, role in body.roles.items()}
    return changed(body, roles=roles) if any(roles[id] is not role for id, role in body.roles.items()) else body


def _role(role: Role, day: date) -> Role:
    if not role.earlier:
        return role
    then = {field: on_day(role, field, day) for field in FIELDS}
    if all(then[field] == getattr(role, field) for field in FIELDS):
        return role
    now = {field: getattr(role, field) for field in FIELDS}
    known = (
        role.earlier
        if any(one.to is None for one in role.earlier)
        else (*role.earlier, Earlier(source=role.source, **now))
    )
    return changed(role, earlier=known, **then)
