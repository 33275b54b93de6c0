"""The commits that changed what the record says of one thing, wherever its file lay and whatever its id was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kmics_cli.diff.changes import Change, Side, changes
from kmics_cli.diff.judged import WORDING
from kmics_cli.diff.names import Names
from kmics_cli.load import load
from kmics_cli.model import KINDS, Registry
from kmics_cli.problems import Problem
from kmics_cli.query import Answered
from kmics_cli.shape import Shapes
from kmics_cli.snapshot.history import Changed, History, Step


@dataclass(frozen=True, slots=True)
class Told:
    """A commit, and what it changed of the thing: in meaning, and (`wording`) in evidence and wording only.

    `unread` has what is wrong with the files that could not be read in it, as kmics reads them today.
    """

    step: Step
    changes: tuple[Change, ...]
    wording: tuple[Change, ...]
    unread: tuple[Problem, ...] = ()


class Thing:
    """A thing whose history is asked for, by all the ids that it has had.

    `kind` is bodies, roles, people, priorities, documents or requirements; `registry` is the one in which it is now,
    from which names are taken too.
    """

    def __init__(self, kind: str, id: str, registry: Registry) -> None:
        self.kind = kind
        self.id = id
        self.registry = registry
        body, _, role = id.partition("/")
        self.ids = {body if kind == "roles" else id}
        self.roles = {role}
        self.files: set[str] = set()
        self._learn(registry)

    @property
    def name(self) -> str:
        """What it is called now; its id if it is not there any more."""
        names = Names(self.registry, self.registry)
        if self.kind == "people":
            return names.person(self.id)
        if self.kind in ("bodies", "roles", "documents"):
            return names.of(self.kind, self.id)
        record = self.registry.records(self.kind).get(self.id)
        return str(getattr(record, "name", self.id))

    def _learn(self, registry: Registry) -> None:
        """Take in the former ids that a registry gives, and the names of the files that may be of it."""
        kind = "bodies" if self.kind == "roles" else self.kind
        for id in tuple(self.ids):
            record = registry.records(kind).get(id)
            self.ids.update(record.former_ids if record else ())
            for role in getattr(record, "roles", {}).values() if self.kind == "roles" else ():
                if not self.roles.isdisjoint((role.id, *role.former_ids)):
                    self.roles.update((role.id, *role.former_ids))
        self.files.update(f"{id}.yaml" for id in self.ids)

    def follow(self, *registries: Registry) -> bool:
        """Take in what earlier records say of former ids; return whether that is something new."""
        known = len(self.ids)
        for registry in registries:
            self._learn(registry)
        return len(self.ids) > known

    def follow_moves(self, some: Iterable[Change]) -> None:
        """Take in where a role stood before it moved to the record in which it is."""
        for one in some:
            if one.change == "role-body":
                body, _, role = str(one.before).partition("/")
                self.ids.add(body)
                self.files.add(f"{body}.yaml")
                self.roles.add(role)

    @property
    def folders(self) -> Mapping[str, Collection[str] | None]:
        """The folders in which something of it may stand, and the files in them, as `History.steps` takes them."""
        if self.kind == "people":
            return {"people": self.files, "bodies": None}
        return {"bodies" if self.kind == "roles" else self.kind: self.files}

    def may_be_in(self, file: Changed, texts: Mapping[str, bytes]) -> bool:
        """Return whether a changed file can say something of it, by its name or by the texts before and after."""
        kind, _, name = file.path.partition("/")
        if kind == "bodies" and self.kind == "people":
            words = [id.encode() for id in self.ids]
            some = [texts[id] for id in (file.before, file.after) if id]
            return any(
                b"\\" in text or any(word in text for word in words) for text in some
            )  # an id may be escaped
        return name.rpartition("/")[2].removesuffix(".yaml") in self.ids

    def concerns(self, change: Change) -> bool:
        """Return whether a change is of it."""
        if self.kind == "people":
            return not self.ids.isdisjoint(change.people)
        if self.kind == "roles":
            body, _, role = change.id.partition("/")
            return body in self.ids and role in self.roles
        return change.id.partition("/")[0] in self.ids


def history(
    past: History, commit: str, thing: Thing, shapes: Shapes, since: int | None = None, every: bool = False
) -> Iterator[Told]:
    """Yield the commits up to `commit` that touched what is said of a thing, newest first, each with its changes.

    Only files that a commit changed are read, and of these only such as may speak of the thing. A commit that changed
    a file and nothing of what it says is not there. `since` and `every` are as in `History.steps`. Raises `UserError` (3) where Git does not answer.
    """
    texts = _Texts(past)
    mended: tuple[Step, Registry, date | None] | None = None  # a commit that made the record readable again
    broken: list[Told] = []  # those before it in which it was not
    for step in past.steps(commit, thing.folders, since, every):
        files = [file for file in step.files if thing.may_be_in(file, texts)]
        if not files:
            continue
        old, new = _both(files, texts, shapes)
        if thing.follow(new, old):  # it had another id before, and so another file
            files = [file for file in step.files if thing.may_be_in(file, texts)]
            old, new = _both(files, texts, shapes)
        before = past.day(step.parent) if step.parent else None  # the day of the record that it changed
        day = date.fromisoformat(before) if before else None
        unread = tuple(new.broken.values())
        if mended is not None and (new.broken or old.broken):
            broken.append(Told(step, (), (), unread))
            if not old.broken:  # what was said before it broke, against what was said when it was mended
                yield _told(mended[0], _compared(old, mended[1], thing, day))
                yield from broken
                mended, broken = None, []
            continue
        if old.broken and not new.broken:
            mended = step, new, day
            continue
        found = _compared(old, new, thing, day)
        if thing.kind == "roles" and any(one.change == "role-added" for one in found):
            others = past.all_files(step, "bodies")[:_MOST_LOOKED_INTO]
            found = _compared(*_both(others, texts, shapes), thing, day)
            thing.follow_moves(found)
        if found or unread:
            yield _told(step, found, unread, thing.kind == "documents")
    if mended is not None:
        yield Told(mended[0], (), ())
        yield from broken


def _told(step: Step, found: Sequence[Change], unread: tuple[Problem, ...] = (), all_matters: bool = False) -> Told:
    """Return what a commit changed, apart by whether it means something; of a document, which is evidence, all does."""
    wording = [one for one in found if one.group == WORDING and not all_matters]
    return Told(step, tuple(one for one in found if one not in wording), tuple(wording), unread)


def _both(files: Iterable[Changed], texts: Mapping[str, bytes], shapes: Shapes) -> tuple[Registry, Registry]:
    """Return the records in some files, before and after a commit."""
    some = tuple(files)
    old = load({file.path: texts[file.before] for file in some if file.before}, shapes)[0]
    return old, load({file.path: texts[file.after] for file in some if file.after}, shapes)[0]


def _compared(old: Registry, new: Registry, thing: Thing, day: date | None) -> list[Change]:
    before, after = (Side(one, one, thing.registry) for one in (old, new))
    return [one for one in changes(before, after, day) if one.kind != "registry" and thing.concerns(one)]


_MOST_LOOKED_INTO = 100  # files of a commit, for where a role may have come from


class _Texts(Mapping[str, bytes]):
    """Texts by their ids, each read once for the two commits that it stands between."""

    def __init__(self, past: History) -> None:
        self._past = past
        self._read: dict[str, bytes] = {}

    def __getitem__(self, id: str) -> bytes:
        if id not in self._read:
            if len(self._read) > _KEPT:
                del self._read[next(iter(self._read))]
            self._read[id] = self._past.text(id)
        return self._read[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


_KEPT = 200


def ends(past: History, commit: str, thing: Thing, shapes: Shapes) -> Answered:
    """Return the commits, each with its day, in which a thing was first recorded and last changed in meaning; None where not known."""
    told = list(history(past, commit, thing, shapes))
    changed = [one.step for one in told if one.changes]
    found = {"first": told[-1].step if told and not past.cut else None, "last": changed[0] if changed else None}
    return {name: {"rev": one.commit, "day": one.date} if one else None for name, one in found.items()}


def gone(past: History, commit: str, id: str) -> str | None:
    """Return the kind of a record that is not there any more, by its id, or None if there never was one."""
    name = f"{id.partition('/')[0]}.yaml"
    for step in past.steps(commit, dict.fromkeys(KINDS, (name,))):
        for file in step.files:
            if file.before and file.path.endswith(f"/{name}"):
                kind = file.path.partition("/")[0]
                return "roles" if kind == "bodies" and "/" in id else kind
    return None
