"""References: what names another record must name one that is there, by the id that it has now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmics_cli.model import KINDS, MEMBER_TYPES, NOT_NAMED, Citation, Nomination, Part, Registry
from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.query.find import item_of
from kmics_cli.query.references import NAMING
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.snapshot import MARK

_MOST_PLACES = 10
_MOST_COMPARED = 100  # names that nearest ones are looked for: it takes long, and so many have one cause


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a file that names another record: what kind it should be, and what it names."""

    kind: str  # bodies, roles, parties (a body or a role), actors (or a member type), people, documents, items, …
    target: str
    source: Source


def references(look: Look) -> Iterator[Reference]:
    """Yield every reference of the registry: by type of part, each in the order of the files."""
    for cls, fields in NAMING.items():
        for part in look.of(cls):
            for name, kind in fields.items():
                value = getattr(part, name)
                if isinstance(value, str):
                    yield Reference(kind, value, _place(part, name))
                else:
                    for index, target in enumerate(value or ()):
                        yield Reference(kind, target, part.source.at(name, index))


def _place(part: Part, name: str) -> Source:
    """Return where a field stands; a part written as one line of text stands where its line does."""
    return part.source if isinstance(part, Citation | Nomination) else part.source.at(name)


def _known(registry: Registry, kind: str, target: str) -> bool:
    """Whether the target of a reference is recorded, soundly or not."""
    if kind == "actors":
        return target in MEMBER_TYPES or _known(registry, "parties", target)
    if kind == "represented":
        return target == "any" or _known(registry, "bodies", target)
    if kind in ("parties", "roles"):
        body, slash, role = target.partition("/")
        if not slash:
            return kind == "parties" and _known(registry, "bodies", target)
        if ("bodies", body) in registry.broken:
            return True
        known = registry.bodies.get(body)
        return known is not None and role in known.roles
    if kind == "items":
        owner = target.partition("/")[0]
        if ("priorities", owner) in registry.broken:
            return True
        return item_of(registry, target) is not None
    if kind in ("kinds", "schemes") and registry.settings.source.path != MARK:
        return True  # kmics.yaml cannot be read, and is told of once
    if kind == "kinds":
        return target in registry.settings.kinds
    if kind == "schemes":
        return target in registry.settings.identifier_schemes
    if kind == "people" and target == NOT_NAMED:
        return True
    return target in registry.records(kind) or (kind, target) in registry.broken


_CALLED = {
    "bodies": "body",
    "roles": "role",
    "actors": "body, role or member type",
    "people": "person",
    "documents": "document",
    "items": "item of a set of priorities",
    "kinds": "kind of body",
    "schemes": "identifier scheme",
}


def _candidates(registry: Registry, kind: str) -> list[str]:
    if kind == "kinds":
        return list(registry.settings.kinds)
    if kind == "schemes":
        return list(registry.settings.identifier_schemes)
    if kind == "items":
        return [f"{some.id}/{item.number}" for some in registry.priorities.values() for item in some.items]
    if kind == "roles":
        return [role.ref for body in registry.bodies.values() for role in body.roles.values()]
    if kind == "actors":
        return [*registry.bodies, *MEMBER_TYPES]
    return list(registry.records(kind))


@rule("error")
def unknown_reference(look: Look) -> Iterator[Problem]:
    """A name leads to a record that is not there, or to one of the wrong kind.

    Why: nothing can be answered through a name that leads nowhere. One missing record is one problem, however many
    places name it; a record that is there but cannot be read is not told again.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        part_of:
        - body: alpha
          relation: sub-group-of
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        part_of:
        - body: alhpa # <- unknown-reference
          relation: sub-group-of
        sources: [paper line 2]
    """
    registry = look.registry
    missing: dict[tuple[str, str], list[Source]] = {}
    former = _Former(registry)
    for one in references(look):
        if not _known(registry, one.kind, one.target) and not former.now(one):
            missing.setdefault(_lacking(registry, one), []).append(one.source)
    for target in [target for kind, target in missing if kind == "actors" and ("bodies", target) in missing]:
        missing["bodies", target] += missing.pop(("actors", target))
    known: dict[str, list[str]] = {}
    for number, ((kind, target), sources) in enumerate(missing.items()):
        sources.sort(key=lambda source: source.path)
        if look.before and _known(look.before.registry, kind, target):
            help = (
                "It was there before this change: bring it back, or give it as a former id of what took its place."
            )
        else:
            if number < _MOST_COMPARED and kind not in known:
                known[kind] = _candidates(registry, kind)
            help = _instead(registry, kind, target, known[kind] if number < _MOST_COMPARED else ())
        yield found(
            sources[0],
            f"There is no {_CALLED[kind]} '{shortened(target, 100)}'{_times(sources)}.",
            help,
            related=sources[1 : _MOST_PLACES + 1],
            same=f"{kind} {target}",  # wherever it is told: mending one place moves it to the next
            weight=len(sources),
        )


def _lacking(registry: Registry, one: Reference) -> tuple[str, str]:
    """Return the kind and the id of the record that a reference lacks: of a missing body's role, the body."""
    if one.kind in ("parties", "roles", "actors", "represented"):
        body, slash, _ = one.target.partition("/")
        if slash:
            return ("roles", one.target) if body in registry.bodies else ("bodies", body)
        return ("actors", one.target) if one.kind == "actors" else ("bodies", one.target)
    return one.kind, one.target


def _times(sources: Sequence[Source]) -> str:
    return "" if len(sources) == 1 else f", named in {len(sources)} places"


def _instead(registry: Registry, kind: str, target: str, candidates: Sequence[str]) -> str:
    from difflib import get_close_matches

    short = len(target) <= 120 and len(candidates) <= 5000
    near = get_close_matches(target, candidates, 3, 0.7) if short else []
    letters = re.sub("[0-9]+", "", target)
    meant = next((one for one in near if one == letters or re.sub("[0-9]+", "", one) != letters), None)
    if meant:  # two ids that differ in their digits alone are two things: a wrong guess would be believed
        return f"Did you mean '{meant}'?"
    other = next(
        (name for name in ("bodies", "people", "documents", "priorities") if target in registry.records(name)), None
    )
    if other:
        return f"'{target}' is there, but among the {other}."
    if kind == "kinds":
        return "List it under kinds in kmics.yaml, with what it is called."
    if kind == "schemes":
        return "List it under identifier_schemes in kmics.yaml, with what it is called."
    if kind in ("bodies", "people", "documents"):
        return f"Add a file {kind}/{shortened(target, 100)}.yaml, or correct the id."
    return "Correct the id, or add the record."


class _Former:
    """The ids that records had before: what a reference by one of them means now."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._records = {
            (kind, old): id
            for kind in KINDS
            for id, record in registry.records(kind).items()
            for old in record.former_ids
        }
        self._roles = {
            (body.id, old): role.id
            for body in registry.bodies.values()
            for role in body.roles.values()
            for old in role.former_ids
        }

    def now(self, one: Reference) -> str | None:
        """Return the id that the target of a reference has now, or None if it was never another's."""
        body, slash, role = one.target.partition("/")
        if one.kind not in ("roles", "parties", "actors") or not slash:
            of_bodies = one.kind in ("parties", "actors", "represented")
            return self._records.get(("bodies" if of_bodies else one.kind, one.target))
        body_now = self._records.get(("bodies", body), body)
        role_now = self._roles.get((body_now, role), role)
        known = self._registry.bodies.get(body_now)
        changed = (body_now, role_now) != (body, role)
        return f"{body_now}/{role_now}" if changed and known and role_now in known.roles else None


@rule("error")
def former_id(look: Look) -> Iterator[Problem]:
    """A reference uses an id that the record had before.

    Why: an answer looks for the present id only, and would leave this out.

    Passes:

        --- documents/second-paper.yaml
        title: A second paper
        kind: paper
        former_ids: [old-paper]
        --- people/ann-other.yaml
        name: Ann Other
        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [second-paper]

    Fails:

        --- documents/second-paper.yaml
        title: A second paper
        kind: paper
        former_ids: [old-paper]
        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources:
        - old-paper # <- former-id
    """
    former = _Former(look.registry)
    for one in references(look):
        now = former.now(one)
        if now and not _known(look.registry, one.kind, one.target):
            yield found(one.source, f"'{shortened(one.target, 100)}' is now called '{now}'.", f"Write {now}.")


@rule("error")
def unknown_role_of_this_body(look: Look) -> Iterator[Problem]:
    """A rotation is `other_than` a role that the body does not have.

    Why: the rotation then says nothing of who may not have the turn.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
          vice-chair:
            title: Vice-chair
            member_type: vice-chair
            rotation:
              among: [alpha/chair, alpha/member]
              other_than: chair

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          vice-chair:
            title: Vice-chair
            member_type: vice-chair
            rotation:
              among: [alpha/chair, alpha/member]
              other_than: chairman # <- unknown-role-of-this-body
    """
    for body, role in look.roles():
        other = role.rotation.other_than if role.rotation else None
        if role.rotation and other is not None and other not in body.roles:
            yield found(
                role.rotation.source.at("other_than"),
                f"This body has no role '{shortened(other)}'.",
                f"Its roles are: {', '.join(list(body.roles)[:_MOST_PLACES])}{', …' * (len(body.roles) > _MOST_PLACES)}.",
            )


@rule("info")
def unused_person(look: Look) -> Iterator[Problem]:
    """A person holds no role, and no other record names them.

    Why: a name that serves no answer is personal data kept for nothing; often it is a person recorded twice.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/zed-other.yaml
        name: Zed Other # <- unused-person
    """
    named = {one.target for one in references(look) if one.kind == "people"}
    sure = not look.registry.broken and all(_known(look.registry, "people", target) for target in named)
    for id, person in look.registry.people.items():
        if (
            id not in named and sure and not look.named_elsewhere(id)
        ):  # a record that cannot be read, or a name written wrongly, may mean this person
            yield found(
                person.source.at("name"),
                f"No record names {shortened(person.name)}.",
                "Add the appointment, or delete the file; if it is somebody recorded twice, keep one of the two.",
            )


@rule("info")
def uncited_document(look: Look) -> Iterator[Problem]:
    """A document is cited by nothing, governs nothing and is named by no other record.

    Why: a document that proves nothing is dead weight, or a sign that a citation was forgotten. A document that
    itself cites where it is spoken of, that somebody owns or that binds is no orphan: it is there for its own sake.

    Passes:

        --- documents/second-paper.yaml
        title: A second paper
        kind: strategy
        owner: alpha

    Fails:

        --- documents/second-paper.yaml
        title: A second paper # <- uncited-document
        kind: paper
    """
    named = {one.target for one in references(look) if one.kind == "documents"}
    sure = not look.registry.broken and all(_known(look.registry, "documents", target) for target in named)
    for id, document in look.registry.documents.items():
        alive = document.sources or document.owner or document.producers or document.standing == "instrument"
        if id not in named and not alive and sure and not look.named_elsewhere(id):
            yield found(
                document.source.at("title"),
                f"Nothing cites the document '{id}'.",
                "Cite it where it proves something, or delete the file.",
            )


@rule("error")
def former_id_in_use(look: Look) -> Iterator[Problem]:
    """An id stands among the former ids of one record and is the id, or a former id, of another of the same kind.

    Why: whoever asks by that id could mean either, and the answer would be luck. Two records that name each other as
    former are the same mistake.

    Passes:

        --- people/zed-other.yaml
        name: Zed Other
        former_ids: [zed]

    Fails:

        --- people/zed-other.yaml
        name: Zed Other
        former_ids: [ann-other] # <- former-id-in-use
    """
    for kind in KINDS:
        seen: dict[str, Source] = {}
        records = look.registry.records(kind)
        for record in records.values():
            for index, old in enumerate(record.former_ids):
                here = record.source.at("former_ids", index)
                other = records[old].source if old in records else seen.get(old)
                seen.setdefault(old, here)
                if other is not None:
                    whose = "the id of another record" if old in records else "a former id of another record"
                    if old == record.id:
                        whose = "this record's own id"
                    yield found(
                        here, f"'{shortened(old)}' is {whose}.", "Keep it where it belongs.", related=[other]
                    )
    for body in look.registry.bodies.values():
        former: dict[str, Source] = {}
        for role in body.roles.values():
            for index, old in enumerate(role.former_ids):
                here = role.source.at("former_ids", index)
                other = body.roles[old].source if old in body.roles else former.get(old)
                former.setdefault(old, here)
                if other is not None:
                    yield found(
                        here,
                        f"'{shortened(old)}' is the id, or a former id, of another role of this body.",
                        "Keep it where it belongs.",
                        related=[other],
                    )


REFERENCES = (
    unknown_reference,
    former_id,
    former_id_in_use,
    unknown_role_of_this_body,
    unused_person,
    uncited_document,
)
"""The rules about what names what."""
