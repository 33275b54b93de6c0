"""What the things of two registries are called: as the later one has it, else as the earlier."""

from __future__ import annotations

from kmics_cli.model import NOT_NAMED, WITHHELD, Registry


class Names:
    """What the things of two registries are called: as the later one has it, else as the earlier."""

    def __init__(self, old: Registry, new: Registry) -> None:
        self.old = old
        self.new = new
        self.seated: frozenset[str] = frozenset()
        """The people who are newly appointed: that there is a record of them is no news besides."""

    def person(self, id: str) -> str:
        """Return a person's name; the id of one of whom there is no record."""
        if id == NOT_NAMED:
            return "somebody who is not named"
        found = self.new.people.get(id) or self.old.people.get(id)
        return found.full_name if found else id

    def is_withheld(self, id: str) -> bool:
        """Return whether that person's name is withheld."""
        found = self.new.people.get(id) or self.old.people.get(id)
        return found is not None and found.name == WITHHELD

    def body(self, id: str) -> str:
        """Return a body's present name; the id of one of which there is no record."""
        found = self.new.bodies.get(id) or self.old.bodies.get(id)
        return found.name if found else id

    def role(self, ref: str) -> str:
        """Return a role's title and body; the ref of one of which there is no record."""
        body, _, id = ref.partition("/")
        for registry in (self.new, self.old):
            found = registry.bodies.get(body)
            if found and id in found.roles:
                return f"{found.roles[id].title}, {found.name}"
        return ref

    def document(self, id: str) -> str:
        """Return a document's title; the id of one of which there is no record."""
        found = self.new.documents.get(id) or self.old.documents.get(id)
        return found.title if found else id

    def of(self, kind: str, id: str) -> str:
        """Return what a reference of a kind (`query.references`) names."""
        if kind == "people":
            return self.person(id)
        if kind == "documents":
            return self.document(id)
        if kind in ("bodies", "roles", "parties", "actors", "represented"):
            return self.role(id) if "/" in id else self.body(id)
        if kind == "kinds":
            return self.new.settings.kinds.get(id, id)
        if kind == "schemes":
            return self.new.settings.identifier_schemes.get(id, id)
        return id
