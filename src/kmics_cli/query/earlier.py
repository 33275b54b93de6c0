"""A role as it was on a day: with the title, member type, vote and number of seats that it had then."""

from __future__ import annotations

from datetime import date
from typing import Any

from kmics_cli.model import Body, Earlier, Records, Registry, Role, changed

FIELDS = ("title", "member_type", "voting", "seats")
"""What a role may have had otherwise."""


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
    """Return the registry with each role as it was on a day. What a role is now stays with it: another day can be asked."""
    bodies = registry.bodies
    if isinstance(bodies, Records):
        return changed(registry, bodies=bodies.seen_as(lambda body: _body(body, day)))
    return changed(registry, bodies={id: _body(body, day) for id, body in bodies.items()})


def _body(body: Body, day: date) -> Body:
    if not any(role.earlier for role in body.roles.values()):
        return body
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
