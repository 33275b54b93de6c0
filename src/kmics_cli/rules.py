"""What must be true across files. A rule is a generator function: its name is its code, its docstring its
manual page, and `RULES` is the register. Rules look and never write; none reads the clock.

What is wrong within one file (YAML, schema, quotes, ids used twice) is told by `load`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kmics_cli.dates import Date, in_words
from kmics_cli.load import SETTINGS
from kmics_cli.model import NOT_NAMED, Body, Citation, Dated, Nomination, Part, Registry
from kmics_cli.problems import Pointer, Problem, Source, UserError, shortened, visible
from kmics_cli.query.find import item_of
from kmics_cli.query.lives import Lives
from kmics_cli.snapshot import Snapshot
from kmics_cli.yamltext import Place, YamlError, decode, places

_MOST_PLACES = 10
_MOST_COMPARED = 100  # names that nearest ones are looked for: it takes long, and so many have one cause


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a file that names another record: what kind it should be, and what it names."""

    kind: str  # bodies, roles, parties (a body or a role), people, documents, items, kinds, schemes
    target: str
    source: Source


def references(registry: Registry) -> Iterator[Reference]:
    """Yield every reference of the registry, in the order of the files."""
    for kind in ("bodies", "priorities", "documents", "requirements"):
        for record in registry.records(kind).values():
            yield from _inside(record)
    for body in registry.bodies.values():
        yield Reference("kinds", body.kind, body.source.at("kind"))


_FIELDS: dict[str, dict[str, str]] = {
    "Body": {"one_of": "bodies"},
    "Parent": {"body": "bodies"},
    "Member": {"body": "bodies", "could_be": "bodies"},
    "Succession": {"of": "bodies"},
    "Identifier": {"scheme": "schemes"},
    "Governing": {"document": "documents"},
    "Meeting": {"papers": "documents", "minutes": "documents", "chaired_by": "people"},
    "Milestone": {"set_by": "parties"},
    "Appointment": {"person": "people", "covering": "people", "eligible_as": "roles", "on_behalf_of": "bodies"},
    "Decision": {"by": "parties"},
    "ExOfficio": {"role": "roles"},
    "Rotation": {"among": "roles"},
    "Turn": {"role": "roles"},
    "Nomination": {"by": "parties"},
    "Citation": {"document": "documents"},
    "Priorities": {"owner": "parties", "agreed_by": "parties", "document": "documents"},
    "Item": {"leads": "parties"},
    "SubItem": {"leads": "parties"},
    "Follows": {"item": "items"},
    "Document": {
        "publisher": "parties",
        "owner": "parties",
        "producers": "parties",
        "supporters": "parties",
        "required_by": "documents",
        "supersedes": "documents",
        "part_of": "documents",
    },
    "Approval": {"body": "parties"},
    "SecondUse": {"body": "bodies"},
    "AppliesTo": {"kind": "kinds", "body": "bodies"},
}
"""The fields of each part that name other records, with the kind of record they name."""


def _inside(record: Part) -> Iterator[Reference]:
    for part in _parts(record):
        for name, kind in _FIELDS.get(type(part).__name__, {}).items():
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
    if kind in ("parties", "roles"):
        body, slash, role = target.partition("/")
        if not slash:
            return kind == "parties" and _known(registry, "bodies", target)
        if ("bodies", body) in registry.broken:
            return True
        found = registry.bodies.get(body)
        return found is not None and role in found.roles
    if kind == "items":
        owner = target.partition("/")[0]
        if ("priorities", owner) in registry.broken:
            return True
        return item_of(registry, target) is not None
    if kind in ("kinds", "schemes") and registry.settings.source.path != SETTINGS:
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
    "parties": "body or role",
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
        return [f"{found.id}/{item.number}" for found in registry.priorities.values() for item in found.items]
    if kind in ("roles", "parties"):
        roles = [role.ref for body in registry.bodies.values() for role in body.roles.values()]
        return roles if kind == "roles" else [*registry.bodies, *roles]
    return list(registry.records(kind))


def unknown_reference(registry: Registry) -> Iterator[Problem]:
    """A reference names a record that is not there, or one of the wrong kind.

    Why: nothing can be answered through a name that leads nowhere. One missing record is one problem,
    however many places name it; a record that is there but cannot be read is not reported again.

    Passes: `person: example-person`, with a file `people/example-person.yaml`.
    Fails: `person: exmaple-person`, with no such file.
    """
    missing: dict[tuple[str, str], list[Source]] = {}
    former = _Former(registry)
    for found in references(registry):
        if not _known(registry, found.kind, found.target) and not former.now(found):
            missing.setdefault((found.kind, found.target), []).append(found.source)
    known: dict[str, list[str]] = {}
    for number, ((kind, target), sources) in enumerate(missing.items()):
        if number < _MOST_COMPARED and kind not in known:
            known[kind] = _candidates(registry, kind)
        near = known[kind] if number < _MOST_COMPARED else ()
        yield Problem(
            "unknown-reference",
            "error",
            sources[0],
            f"There is no {_CALLED[kind]} '{shortened(target, 100)}'{_times(sources)}.",
            _instead(registry, kind, target, near),
            related=tuple(sources[1 : _MOST_PLACES + 1]),
        )


def _times(sources: Sequence[Source]) -> str:
    return "" if len(sources) == 1 else f", named in {len(sources)} places"


def _instead(registry: Registry, kind: str, target: str, candidates: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(target, candidates, 1, 0.7) if len(target) <= 120 and len(candidates) <= 5000 else []
    if near:
        return f"Did you mean '{near[0]}'?"
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
            for kind in ("bodies", "people", "priorities", "documents", "requirements")
            for id, record in registry.records(kind).items()
            for old in record.former_ids
        }
        self._roles = {
            (body.id, old): role.id
            for body in registry.bodies.values()
            for role in body.roles.values()
            for old in role.former_ids
        }

    def now(self, found: Reference) -> str | None:
        """Return the id that the target of a reference has now, or None if it was never another's."""
        body, slash, role = found.target.partition("/")
        if found.kind not in ("roles", "parties") or not slash:
            return self._records.get(("bodies" if found.kind == "parties" else found.kind, found.target))
        body_now = self._records.get(("bodies", body), body)
        role_now = self._roles.get((body_now, role), role)
        known = self._registry.bodies.get(body_now)
        changed = (body_now, role_now) != (body, role)
        return f"{body_now}/{role_now}" if changed and known and role_now in known.roles else None


def former_id(registry: Registry) -> Iterator[Problem]:
    """A reference uses an id that the record had before.

    Why: an answer looks for the present id only, and would leave this out.

    Passes: `body: new-id`. Fails: `body: old-id`, where `new-id` has `former_ids: [old-id]`.
    """
    former = _Former(registry)
    for found in references(registry):
        now = former.now(found)
        if now and not _known(registry, found.kind, found.target):
            message = f"'{shortened(found.target, 100)}' is now called '{now}'."
            yield Problem("former-id", "error", found.source, message, f"Write {now}.")


def unknown_role_of_this_body(registry: Registry) -> Iterator[Problem]:
    """A rotation is `other_than` a role that the body does not have.

    Passes: `other_than: chair`, with a role `chair` in the same file. Fails: `other_than: chairman`.
    """
    for body in registry.bodies.values():
        for role in body.roles.values():
            other = role.rotation.other_than if role.rotation else None
            if role.rotation and other is not None and other not in body.roles:
                yield Problem(
                    "unknown-role-of-this-body",
                    "error",
                    role.rotation.source.at("other_than"),
                    f"This body has no role '{shortened(other)}'.",
                    f"Its roles are: {', '.join(list(body.roles)[:_MOST_PLACES])}{', …' * (len(body.roles) > _MOST_PLACES)}.",
                )


def end_before_start(registry: Registry) -> Iterator[Problem]:
    """Something ends, on every day its dates can mean, before it begins.

    Why: such a period contains no day. A window or an unknown day that leaves a day possible is no error.

    Passes: `from: 2022-07-01` with `to: 2022-07-01` (one day). Fails: `from: 2022-07-01` with `to: 2022-06-30`.
    """
    for kind in ("bodies", "priorities", "documents", "requirements"):
        for record in registry.records(kind).values():
            for part in _parts(record):
                start, end = getattr(part, "from_", None), getattr(part, "to", None)
                if start and end and end.latest < start.earliest:
                    yield Problem(
                        "end-before-start",
                        "error",
                        part.source.at("to"),
                        f"This ends {in_words(end)}, before it begins {in_words(start)}.",
                        "Correct one of the two days; 'to' is the last day, and counts.",
                        related=(part.source.at("from"),),
                    )


def _parts(part: Part) -> Iterator[Part]:
    """Yield a part and all parts within it."""
    yield part
    for name in part.__dataclass_fields__:
        value = getattr(part, name)
        inner = value if type(value) is tuple else value.values() if type(value) is dict else (value,)
        for item in inner:
            if isinstance(item, Part):
                yield from _parts(item)


def outside_life(registry: Registry) -> Iterator[Problem]:
    """A role, appointment, vacancy or turn lies outside the life of its body, or an appointment outside its role's.

    Why: nobody can be in post in a body that is not there. The end of a body may follow from its successor's
    start or its parent's end. Only what is certain is reported. Somebody who was appointed before the body began
    is designate until then: `announced` says since when.

    Passes: an appointment to 2022-06-30 in a body that ended on 2022-06-30.
    Fails: an appointment from 2022-07-01 in a body that ended on 2022-06-30, or from 2021 in one that began in 2022.
    """
    lives = Lives(registry)
    for body in registry.bodies.values():
        life = lives.life(body.id)
        for role in body.roles.values():
            yield from _outside(role, "This role", life.start, life.end, body)
            for part in role.appointments:
                yield from _outside(part, "This appointment", life.start, life.end, body)
                yield from _outside(part, "This appointment", role.from_, role.to, body, f"the role '{role.id}'")
            for part_ in (*role.vacant, *role.turns, *role.ex_officio):
                yield from _outside(part_, "This entry", life.start, life.end, body)


def _outside(
    part: Dated, what: str, start: Date | None, end: Date | None, body: Body, whose: str | None = None
) -> Iterator[Problem]:
    whose = whose or f"'{body.name}'"
    if part.from_ and end and part.from_.earliest > end.latest:
        message = f"{what} begins {in_words(part.from_)}, after {whose} ended {in_words(end)}."
        yield Problem("outside-life", "error", part.source.at("from"), message, "Correct the day, or the end.")
    if (
        part.from_
        and start
        and part.from_.latest < start.earliest
        and not (part.to and part.to.latest < start.earliest)
    ):
        message = f"{what} begins {in_words(part.from_)}, before {whose} began {in_words(start)}."
        help = "Correct the day; what was announced before the start goes under 'announced'."
        yield Problem("outside-life", "error", part.source.at("from"), message, help)
    if part.to and start and part.to.latest < start.earliest:
        message = f"{what} ends {in_words(part.to)}, before {whose} began {in_words(start)}."
        yield Problem("outside-life", "error", part.source.at("to"), message, "Correct the day, or the start.")


Rule = Callable[[Registry], Iterator[Problem]]
RULES: tuple[Rule, ...] = (
    unknown_reference,
    former_id,
    unknown_role_of_this_body,
    end_before_start,
    outside_life,
)
"""Every rule that looks across files."""


def schema_line(snapshot: Snapshot) -> Iterator[Problem]:
    """A file does not begin with the line that tells an editor which schema it follows.

    Passes: `# yaml-language-server: $schema=../../schema/body.json` as the first line.
    Fails: a file that begins with `name:`.
    """
    from kmics_cli.shape import SCHEMA_OF

    for path, data in snapshot.texts.items():
        kind = SCHEMA_OF["kmics" if path == "kmics.yaml" else path.partition("/")[0]]
        first = data.split(b"\n", 1)[0].strip()
        if not (first.startswith(b"# yaml-language-server: $schema=") and first.endswith(f"/{kind}.json".encode())):
            yield Problem(
                "schema-line",
                "warning",
                Source(path),
                "The first line does not tell editors which schema this file follows.",
                f"Begin with: # yaml-language-server: $schema={'../' * (path.count('/') + 1)}schema/{kind}.json",
                1,
                1,
            )


def checked(
    snapshot: Snapshot, loaded: tuple[Registry, Iterable[Problem]], paths: Sequence[str] = ()
) -> list[Problem]:
    """Return all problems of a registry with their lines, sorted by file, line and rule.

    `loaded` is what `load` made of the snapshot. With `paths` (files or folders, from the registry's root),
    only the problems in them. Raises `UserError` (2) for a path in which the registry has nothing.
    """
    registry, of_form = loaded
    problems = [*of_form, *schema_line(snapshot)]
    for rule in RULES:
        problems.extend(rule(registry))
    if paths:
        wanted = [path.replace("\\", "/").strip("/") for path in paths]
        for path in wanted:
            if not any(_within(text, path) for text in (*snapshot.texts, *(p.source.path for p in problems))):
                raise UserError(
                    f"The registry has no file or folder '{visible(path)}'.",
                    "Give a path from here, or from the registry's folder.",
                )
        problems = [p for p in problems if any(_within(p.source.path, path) for path in wanted)]
    find = Places(snapshot)
    return sorted(map(find.of, problems), key=lambda p: (p.source.path, p.line, p.column, p.rule, p.message))


def _within(path: str, folder: str) -> bool:
    return folder in ("", ".") or path == folder or path.startswith(f"{folder}/")


class Places:
    """Finds the line and column of places by reading a file again, once each, when one is first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._texts = snapshot.texts
        self._known: dict[str, Mapping[Pointer, Place]] = {}

    def at(self, source: Source, on_key: bool = False) -> tuple[int, int]:
        """Return line and column of a place, each from 1; of something missing, where it should stand."""
        if source.path not in self._known:
            try:
                self._known[source.path] = places(decode(self._texts[source.path]))
            except (YamlError, KeyError):
                self._known[source.path] = {}
        known, pointer = self._known[source.path], source.pointer
        while pointer and pointer not in known:
            pointer, on_key = pointer[:-1], True
        place = known.get(pointer)
        if place is None:
            return 1, 1
        return (place.key_line, place.key_column) if on_key and pointer else (place.line, place.column)

    def of(self, problem: Problem) -> Problem:
        """Return the problem with its line and column."""
        if problem.line:
            return problem
        line, column = self.at(problem.source, problem.on_key)
        return replace(problem, line=line, column=column)
