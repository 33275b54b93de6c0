"""What can be expected of a body: what a body with seats needs, and what another body of its kind has in this record.

Nothing here knows a kind by name: a registry of other bodies has other kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from kmics_cli.dates import Answer, lasts
from kmics_cli.model import Body
from kmics_cli.query import Asked
from kmics_cli.query.lives import ENDS_WITH_PARENT

_EXECUTIVE = "executive-of"  # has posts, and no chair, vote or quorum of its own
_BOARDS = ("board-of", "governing-body-of")  # a constitution of the parent governs these too
_COMMITTEES = ("committee-of", "sub-committee-of", "joint-committee-of")
_MEETING = (ENDS_WITH_PARENT - {_EXECUTIVE, "department-of"}) | {"sub-group-of"}


class Expected:
    """What can be expected of the bodies of a registry, by what the bodies of each kind have."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @cached_property
    def _has(self) -> dict[str, set[str]]:
        """What some body of each kind has, that is no class."""
        found: dict[str, set[str]] = {}
        for body in self.asked.registry.bodies.values():
            if not body.class_:
                has = found.setdefault(body.kind, set())
                relations = {link.relation for link in body.part_of}
                facts = {
                    "legal form": body.legal_form,
                    "level": body.level,
                    "parent": body.part_of,
                    "roles": body.roles,
                    "governing document": body.governed_by,
                    "seats": relations & _MEETING or body.meetings or body.quorum,
                    "posts": _EXECUTIVE in relations,
                }
                has.update(name for name, value in facts.items() if value)
                has.update(f"code {one.scheme}" for one in body.identifiers)
        return found

    @cached_property
    def _with_remit(self) -> set[str]:
        return {body.kind for body in self.asked.registry.bodies.values() if body.remit}

    def _has_board(self, body: Body) -> bool:
        """Return whether a body has a board on record, on which its members sit."""
        return any(link.relation in _BOARDS for _child, link in self.asked.lives.children(body.id))

    def _of_kind(self, body: Body, what: str) -> bool:
        return what in self._has.get(body.kind, ())

    def legal_form(self, body: Body) -> bool:
        """Return whether a body can be expected to have a legal form on record."""
        return self._of_kind(body, "legal form")

    def level(self, body: Body) -> bool:
        """Return whether a body can be expected to have a level."""
        return self._of_kind(body, "level")

    def parent(self, body: Body) -> bool:
        """Return whether a body can be expected to belong to another."""
        return self._of_kind(body, "parent")

    def schemes(self, body: Body) -> Sequence[str]:
        """Return the schemes in which a body can be expected to have a code."""
        return sorted(one.removeprefix("code ") for one in self._has.get(body.kind, ()) if one.startswith("code "))

    def meets(self, body: Body) -> bool:
        """Return whether a body meets and decides: it can be expected to have a chair, votes and a quorum."""
        return self._of_kind(body, "seats") and not self._has_board(body)

    def sits(self, body: Body) -> bool:
        """Return whether a body has seats or posts of its own, of which a list could be complete."""
        return self.meets(body) or (self._of_kind(body, "posts") and not self._has_board(body)) or bool(body.roles)

    def roles(self, body: Body) -> bool:
        """Return whether a body can be expected to have a role; where its members sit on its board, that has them."""
        return (self.sits(body) or self._of_kind(body, "roles")) and not self._has_board(body)

    def remit(self, body: Body) -> bool:
        """Return whether a body can be expected to have a remit."""
        return self.meets(body) or body.kind in self._with_remit

    def governed(self, body: Body) -> bool:
        """Return whether a body can be expected to have a constitution or terms of reference."""
        return self.meets(body) or self._of_kind(body, "governing document")

    def is_governed(self, body: Body) -> bool:
        """Return whether a document governs a body in the days asked about: its own, or that of whose board it is."""
        bodies = self.asked.registry.bodies
        above = [bodies[one.body] for one in body.part_of if one.relation in _BOARDS and one.body in bodies]
        return any(
            lasts(link.from_, link.to, self.asked.span) is not Answer.NO
            for one in (body, *above)
            for link in one.governed_by
        )

    def has_committees(self, body: Body) -> bool:
        """Return whether some committee of a body is recorded for the days asked about."""
        return any(
            link.relation in _COMMITTEES and lasts(link.from_, link.to, self.asked.span) is not Answer.NO
            for _child, link in self.asked.lives.children(body.id)
        )
