"""The records of a registry as frozen dataclasses, field for field what the schema says.

A field that YAML spells with a Python keyword ends in an underscore here (`from_`, `class_`). Every part
knows its `source`, which takes no part in equality: two parts are equal if they mean the same. `build`
expects data that fits the schema; it reads no files and judges nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform

from kmics_cli.dates import Date, parse
from kmics_cli.problems import Problem, Source

KINDS = ("bodies", "people", "priorities", "documents", "requirements")
"""The folders of a registry, each with records of one kind."""

MEMBER_TYPES = frozenset(
    "chair deputy-chair vice-chair chief-executive executive non-executive partner lay associate leader officer member participant observer in-attendance deputy".split()
)
"""What a role can be among the members of a body: as the schema has them."""
ATTENDING = ("participant", "observer", "in-attendance", "deputy")
"""The member types of those who attend and are not members."""
WITHHELD = "Name withheld"
"""What stands as the name in the record of a person whose name is withheld."""
NOT_NAMED = "not-named"
"""The `person` of an appointment whose source names nobody; never a person's id."""

T = TypeVar("T", bound="Part")
Reader = Callable[[Any, Source], Any]


def _when() -> Any:
    return field(default=None, metadata={"simply": parse})


def _texts() -> Any:
    return field(default=(), metadata={"simply": tuple})


def _part(cls: type[Part]) -> Any:
    return field(default=None, metadata={"read": lambda value, source: build(cls, value, source)})


def _needed(cls: type[Part]) -> Any:
    return field(metadata={"read": lambda value, source: build(cls, value, source)})


def _parts(cls: type[Part]) -> Any:
    def read(value: list[Any], source: Source) -> tuple[Part, ...]:
        return tuple([build(cls, item, source.at(index)) for index, item in enumerate(value)])

    return field(default=(), metadata={"read": read})


class _Frozen:
    """The methods of every part. `dataclass` would write them anew for each of fifty classes, at each start."""

    __slots__ = ()

    if TYPE_CHECKING:  # there, each class has the `__init__` that its own fields make
        _fields: ClassVar[tuple[tuple[str, Callable[[Any, Any], None], Any, Any], ...]]
        _compared: ClassVar[tuple[str, ...]]
    else:

        def __init__(self, **values: Any) -> None:
            for name, put, default, factory in self._fields:
                value = values.pop(name, default)
                if value is MISSING:
                    if factory is MISSING:
                        raise TypeError(f"{type(self).__name__} needs {name}")
                    value = factory()
                put(self, value)
            if values:
                raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")

        def __setattr__(self, name: str, value: object) -> None:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")

        def __delattr__(self, name: str) -> None:
            raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented  # Python's word for: ask the other side, and else they differ
        return all(getattr(self, name) == getattr(other, name) for name in self._compared)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in self._compared))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{f[0]}={getattr(self, f[0])!r}' for f in self._fields)})"


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def _frozen(cls: type[T]) -> type[T]:
    """Return `cls` as a frozen dataclass with slots, its fields given by name."""
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    own = fields(made)
    made._fields = tuple(
        (found.name, getattr(made, found.name).__set__, found.default, found.default_factory) for found in own
    )
    made._compared = tuple(found.name for found in own if found.compare)
    return made


@_frozen
class Part(_Frozen):
    """A part of a record: anything that stands somewhere in a file."""

    source: Source = field(compare=False)

    @classmethod
    def expand(cls, text: str) -> dict[str, Any]:
        """Return the mapping that a part written as plain `text` stands for."""
        raise TypeError(f"{cls.__name__} is not written as text: {text!r}")


_put_source: Callable[[Any, Source], None] = Part.source.__set__  # type: ignore[attr-defined]  # a slot


@_frozen
class Citation(Part):
    """A document and the place in it. `shows`: presence (None), start, end or absence of the matter."""

    document: str
    at: str | None = None
    shows: str | None = None
    as_at: Date | None = _when()
    quote: str | None = None

    @classmethod
    def expand(cls, text: str) -> dict[str, Any]:
        """Split "board-paper lines 4-7" into the document and the place."""
        document, _, at = text.partition(" ")
        return {"document": document, "at": at} if at else {"document": document}


@_frozen
class Evidenced(Part):
    """A part that cites: `confidence` None means stated."""

    sources: tuple[Citation, ...] = _parts(Citation)
    confidence: str | None = None
    note: str | None = None


@_frozen
class Dated(Evidenced):
    """A part that lasts from a day to a last day, both perhaps vague, open or unknown."""

    from_: Date | None = _when()
    to: Date | None = _when()


@_frozen
class Name(Dated):
    """Another name, with its use: official, short, abbreviation, former or informal."""

    name: str
    use: str


@_frozen
class Identifier(Dated):
    """A code in a scheme, for a time."""

    scheme: str
    code: str


@_frozen
class Parent(Dated):
    """A body this one belongs to, and how."""

    body: str
    relation: str


@_frozen
class Member(Dated):
    """A body that belongs to this one; or a printed name that could be one of several."""

    body: str | None = None
    as_printed: str | None = None
    could_be: tuple[str, ...] = _texts()
    as_: str | None = None


@_frozen
class Succession(Evidenced):
    """A step from earlier bodies to the one that records it."""

    of: tuple[str, ...] = _texts()
    kind: str
    date: Date | None = _when()


@_frozen
class Planned(Evidenced):
    """An intention: on record from a day, meant for a day."""

    from_: Date | None = _when()
    for_: Date | None = _when()


@_frozen
class Governing(Dated):
    """The document that governs a body for a time."""

    document: str


@_frozen
class Quorum(Dated):
    """How many must be present: a number or a fraction such as "1/2", and who among them."""

    at_least: int | str
    counting: str | None = None
    including: tuple[str | tuple[str, ...], ...] = field(
        default=(),
        metadata={"read": lambda value, _s: tuple(tuple(v) if isinstance(v, list) else v for v in value)},
    )
    deputies_count: bool | None = None
    without_chair: bool | None = None


@_frozen
class Meeting(Evidenced):
    """One dated meeting."""

    on: Date | None = _when()
    in_public: bool | None = None
    papers: str | None = None
    minutes: str | None = None
    reference: str | None = None
    chaired_by: str | None = None


@_frozen
class Meetings(Evidenced):
    """How a body meets."""

    inaugural: Date | None = _when()
    every: str | None = None
    in_public: bool | None = None
    by_video: bool | None = None
    held: tuple[Meeting, ...] = _parts(Meeting)


@_frozen
class Milestone(Evidenced):
    """Something due by a day, or done on one."""

    what: str
    by: Date | None = _when()
    on: Date | None = _when()
    set_by: str | None = None
    status: str | None = None


@_frozen
class Figure(Evidenced):
    """A number, a range or a number in words, as a source gives it."""

    about: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    words: str | None = None
    unit: str | None = None
    qualifier: str | None = None
    planned: bool | None = None
    as_at: Date | None = _when()


@_frozen
class Recorded(Part):
    """Which lists of a body are whole: complete or partial (None: partial)."""

    roles: str | None = None
    members: str | None = None
    committees: str | None = None
    as_at: Date | None = _when()
    sources: tuple[Citation, ...] = _parts(Citation)
    note: str | None = None


@_frozen
class Request(Evidenced):
    """What somebody publicly asked of a body."""

    what: str
    by: str | None = None
    on: Date | None = _when()


@_frozen
class Claim(Part):
    """What one source, or one reading of it, says."""

    says: str
    preferred: bool = False
    sources: tuple[Citation, ...] = _parts(Citation)
    note: str | None = None


@_frozen
class Disagreement(Part):
    """What sources say differently on one matter; open until `settled`."""

    about: str
    affects: tuple[str, ...] = _texts()
    claims: tuple[Claim, ...] = _parts(Claim)
    why: str | None = None
    noted: Date | None = _when()
    settled: Date | None = _when()


@_frozen
class Correction(Part):
    """A statement of the record that was wrong, and what replaced it."""

    made: Date | None = _when()
    about: str
    said: str
    says: str
    why: str | None = None
    sources: tuple[Citation, ...] = _parts(Citation)


@_frozen
class Nomination(Dated):
    """Who nominates, appoints or approves, jointly or each, for a time."""

    by: tuple[str, ...] = _texts()
    jointly: bool | None = None

    @classmethod
    def expand(cls, text: str) -> dict[str, Any]:
        """Read a single body or role as one that acts alone."""
        return {"by": [text]}


@_frozen
class Term(Part):
    """One term of office."""

    from_: Date | None = _when()
    ends: Date | None = _when()
    sources: tuple[Citation, ...] = _parts(Citation)
    note: str | None = None


@_frozen
class Designation(Dated):
    """A named duty of the person appointed, such as deputy chair."""

    as_: str


@_frozen
class Decision(Evidenced):
    """An act that made, changed or ended an appointment."""

    what: str
    by: tuple[str, ...] = _texts()
    on: Date | None = _when()
    reference: str | None = None


@_frozen
class Appointment(Dated):
    """One person's time in a role; `person` is "not-named" where a source names nobody."""

    person: str
    capacity: str | None = None
    announced: Date | None = _when()
    terms: tuple[Term, ...] = _parts(Term)
    covering: str | None = None
    eligible_as: tuple[str, ...] = _texts()
    on_behalf_of: str | None = None
    designations: tuple[Designation, ...] = _parts(Designation)
    decisions: tuple[Decision, ...] = _parts(Decision)
    end_reason: str | None = None


@_frozen
class Vacancy(Dated):
    """A time when a source says that a seat was vacant."""

    reason: str | None = None
    cover: str | None = None


@_frozen
class ExOfficio(Dated):
    """A post that carries a seat, for a time."""

    role: str


@_frozen
class Rotation(Evidenced):
    """The posts a seat passes among: a rule to check against, never a source of holders."""

    among: tuple[str, ...] = _texts()
    every: str | None = None
    other_than: str | None = None


@_frozen
class Turn(Dated):
    """A turn of a rotation that a source shows."""

    role: str


@_frozen
class Earlier(Evidenced):
    """What was otherwise in a role until a day; each field is None where this says nothing of it. No `to`: until now."""

    to: Date | None = _when()
    title: str | None = None
    member_type: str | None = None
    voting: bool | None = None
    seats: int | str | None = None


@_frozen
class TermRule(Part):
    """How long a term lasts and how many there may be; `none` where a source says there is no fixed term."""

    years: int | None = None
    most: int | None = None
    none: bool = False
    sources: tuple[Citation, ...] = _parts(Citation)
    note: str | None = None

    @classmethod
    def expand(cls, text: str) -> dict[str, Any]:
        """Read "none"."""
        return {"none": text == "none"}


@_frozen
class Role(Dated):
    """A seat or post of a body. `seats`: a number, or "unknown"; 1 if not given."""

    id: str = ""
    body: str = ""
    title: str
    former_ids: tuple[str, ...] = _texts()
    member_type: str
    voting: bool | None = None
    seats: int | str = 1
    per_member: bool = False
    earlier: tuple[Earlier, ...] = _parts(Earlier)
    focus: tuple[str, ...] = _texts()
    remit: str | None = None
    basis: str | None = None
    term: TermRule | None = _part(TermRule)
    planned: Planned | None = _part(Planned)
    absent: tuple[Dated, ...] = _parts(Dated)
    nominated_by: tuple[Nomination, ...] = _parts(Nomination)
    appointed_by: tuple[Nomination, ...] = _parts(Nomination)
    approved_by: tuple[Nomination, ...] = _parts(Nomination)
    ex_officio: tuple[ExOfficio, ...] = _parts(ExOfficio)
    rotation: Rotation | None = _part(Rotation)
    turns: tuple[Turn, ...] = _parts(Turn)
    drawn_from: str | None = None
    appointments: tuple[Appointment, ...] = _parts(Appointment)
    vacant: tuple[Vacancy, ...] = _parts(Vacancy)

    @property
    def ref(self) -> str:
        """The role as everything else refers to it: `body-id/role-id`."""
        return f"{self.body}/{self.id}"


def _roles() -> Any:
    def read(value: Mapping[str, Any], source: Source) -> dict[str, Role]:
        body = source.path.rpartition("/")[2].removesuffix(".yaml")
        return {key: build(Role, {"id": key, "body": body, **item}, source.at(key)) for key, item in value.items()}

    return field(default_factory=dict, metadata={"read": read})


@_frozen
class Record(Evidenced):
    """A file of the registry: `id` is the file's name."""

    id: str
    former_ids: tuple[str, ...] = _texts()


@_frozen
class Body(Record):
    """An organisation, board, committee, partnership or network, or a class of them, with its roles."""

    name: str
    kind: str
    class_: bool = False
    one_of: str | None = None
    legal_form: str | None = None
    level: str | None = None
    planned: Planned | None = _part(Planned)
    from_: Date | None = _when()
    to: Date | None = _when()
    names: tuple[Name, ...] = _parts(Name)
    identifiers: tuple[Identifier, ...] = _parts(Identifier)
    part_of: tuple[Parent, ...] = _parts(Parent)
    members: tuple[Member, ...] = _parts(Member)
    succeeds: tuple[Succession, ...] = _parts(Succession)
    area: str | None = None
    basis: str | None = None
    remit: tuple[str, ...] = _texts()
    governed_by: tuple[Governing, ...] = _parts(Governing)
    quorum: tuple[Quorum, ...] = _parts(Quorum)
    meetings: Meetings | None = _part(Meetings)
    deadlines: tuple[Milestone, ...] = _parts(Milestone)
    milestones: tuple[Milestone, ...] = _parts(Milestone)
    figures: tuple[Figure, ...] = _parts(Figure)
    recorded: Recorded | None = _part(Recorded)
    checked: tuple[Citation, ...] = _parts(Citation)
    asked_for: tuple[Request, ...] = _parts(Request)
    disagreements: tuple[Disagreement, ...] = _parts(Disagreement)
    corrections: tuple[Correction, ...] = _parts(Correction)
    roles: dict[str, Role] = _roles()


@_frozen
class Person(Part):
    """A person: the name as published, and at most an honorific."""

    id: str
    name: str
    honorific: str | None = None
    former_ids: tuple[str, ...] = _texts()

    @property
    def full_name(self) -> str:
        """The name with the honorific before it."""
        return f"{self.honorific} {self.name}" if self.honorific else self.name


@_frozen
class Follows(Evidenced):
    """A line from an item to an earlier one."""

    item: str


@_frozen
class SubItem(Evidenced):
    """Part of an item of a set of priorities."""

    number: int
    title: str | None = None
    summary: str
    leads: tuple[str, ...] = _texts()
    follows: tuple[Follows, ...] = _parts(Follows)


@_frozen
class Item(SubItem):
    """An item of a set of priorities, with its sub-items."""

    items: tuple[SubItem, ...] = _parts(SubItem)


@_frozen
class Priorities(Record):
    """A numbered set of priorities, outcomes, purposes or benefits."""

    name: str
    names: tuple[Name, ...] = _parts(Name)
    title_printed: bool | None = None
    summary: str | None = None
    owner: str
    agreed_by: tuple[str, ...] = _texts()
    document: str | None = None
    from_: Date | None = _when()
    to: Date | None = _when()
    status: str | None = None
    recorded: str | None = None
    items: tuple[Item, ...] = _parts(Item)
    disagreements: tuple[Disagreement, ...] = _parts(Disagreement)
    corrections: tuple[Correction, ...] = _parts(Correction)


@_frozen
class Extent(Part):
    """How long a document is, against which cited places are checked."""

    lines: int | None = None
    pages: int | None = None
    paragraphs: int | None = None


@_frozen
class Layer(Part):
    """Lines of a document that speak of other days than the rest."""

    lines: tuple[int, ...] = _texts()
    speaks_of: Date | None = _when()
    note: str | None = None


@_frozen
class Approval(Evidenced):
    """A step by which a document was approved."""

    body: str | None = None
    step: str
    date: Date | None = _when()
    reference: str | None = None


@_frozen
class SecondUse(Evidenced):
    """What else a document is, and for whom."""

    body: str
    kind: str


@_frozen
class Document(Record):
    """A document that is cited, or that binds, or both."""

    title: str
    title_printed: bool | None = None
    kind: str
    names: tuple[Name, ...] = _parts(Name)
    author: str | None = None
    publisher: str | None = None
    standing: str | None = None
    citation: str | None = None
    version: str | None = None
    summary: str | None = None
    speaks_of: Date | None = _when()
    published: Date | None = _when()
    read: Date | None = _when()
    address: str | None = None
    public: bool | None = None
    extent: Extent | None = _part(Extent)
    layers: tuple[Layer, ...] = _parts(Layer)
    owner: str | None = None
    producers: tuple[str, ...] = _texts()
    supporters: tuple[str, ...] = _texts()
    required_by: str | None = None
    approvals: tuple[Approval, ...] = _parts(Approval)
    planned: Planned | None = _part(Planned)
    from_: Date | None = _when()
    to: Date | None = _when()
    review_due: Date | None = _when()
    supersedes: tuple[str, ...] = _texts()
    part_of: str | None = None
    also_serves_as: tuple[SecondUse, ...] = _parts(SecondUse)
    deadlines: tuple[Milestone, ...] = _parts(Milestone)
    milestones: tuple[Milestone, ...] = _parts(Milestone)
    figures: tuple[Figure, ...] = _parts(Figure)
    disagreements: tuple[Disagreement, ...] = _parts(Disagreement)
    corrections: tuple[Correction, ...] = _parts(Correction)


@_frozen
class SeatSort(Part):
    """Which seats a duty speaks of: those that answer to all that is said; each list means any of its words."""

    member_type: tuple[str, ...] = _texts()
    focus: tuple[str, ...] = _texts()
    nominated_by: tuple[str, ...] = _texts()
    appointed_by: tuple[str, ...] = _texts()
    approved_by: tuple[str, ...] = _texts()
    designated: tuple[str, ...] = _texts()
    on_behalf_of: tuple[str, ...] = _texts()
    not_chair_of: tuple[str, ...] = _texts()


@_frozen
class SeatCount(Part):
    """How many seats of a sort there are to be, or, if `held`, are to be held."""

    of: SeatSort = _needed(SeatSort)
    exactly: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    held: bool = False


@_frozen
class Apart(Part):
    """What holders of a sort of seat may not hold beside it: roles of these types, in bodies of these kinds."""

    of: SeatSort = _needed(SeatSort)
    kinds: tuple[str, ...] = _texts()
    as_: tuple[str, ...] = _texts()
    except_: SeatSort | None = _part(SeatSort)


@_frozen
class CommitteeDuty(Part):
    """A committee that there is to be, and who is to chair it."""

    kind: str
    chaired_by: SeatSort | None = _part(SeatSort)


@_frozen
class DocumentDuty(Part):
    """A document that there is to be, and how lately it is to have been approved."""

    kind: str
    reviewed_within: str | None = None


@_frozen
class Requires(Part):
    """What a duty asks: one of these."""

    seats: SeatCount | None = _part(SeatCount)
    holds_no_role_in: Apart | None = _part(Apart)
    committee: CommitteeDuty | None = _part(CommitteeDuty)
    document: DocumentDuty | None = _part(DocumentDuty)
    rotation_kept: str | None = None
    quorum_without_chair: bool | None = None
    judgement: str | None = None


@_frozen
class Duty(Part):
    """One duty that a machine can check, or put to a person. `declared_within`: how long there is to declare an interest."""

    id: str = ""
    text: str
    requires: Requires = _needed(Requires)
    basis: str
    citation: str
    severity: str
    declared_within: str | None = None
    status: str | None = None
    from_: Date | None = _when()
    to: Date | None = _when()
    sources: tuple[Citation, ...] = _parts(Citation)
    note: str | None = None


def _duties() -> Any:
    def read(value: Mapping[str, Any], source: Source) -> dict[str, Duty]:
        return {key: build(Duty, {"id": key, **item}, source.at(key)) for key, item in value.items()}

    return field(default_factory=dict, metadata={"read": read})


@_frozen
class AppliesTo(Part):
    """The kind of body, or the one body (of a class, each of its members), that a set of requirements applies to."""

    kind: str | None = None
    body: str | None = None


@_frozen
class Requirements(Part):
    """A set of duties. `tested_on`: the relation of the body whose seats are looked at, such as board-of."""

    id: str
    former_ids: tuple[str, ...] = _texts()
    name: str
    applies_to: AppliesTo = _needed(AppliesTo)
    tested_on: str | None = None
    from_: Date | None = _when()
    to: Date | None = _when()
    status: str
    rules: dict[str, Duty] = _duties()
    sources: tuple[Citation, ...] = _parts(Citation)
    note: str | None = None


@_frozen
class Suppression(Part):
    """A problem accepted until a day, with the reason."""

    rule: str
    path: str
    reason: str
    until: Date | None = _when()


@_frozen
class Settings(Part):
    """What `kmics.yaml` says of the registry as a whole."""

    name: str
    model: str
    description: str | None = None
    licence: str | None = None
    kinds: dict[str, str]
    identifier_schemes: dict[str, str] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)
    stale_after: str = "12 months"
    severities: dict[str, str] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = _parts(Suppression)
    papers: tuple[str, ...] = _texts()


AnyRecord = Body | Person | Priorities | Document | Requirements


R = TypeVar("R", bound="Body | Person | Priorities | Document | Requirements")
_REFERENCE = re.compile(rb'"(?![0-9-]+")([a-z0-9]+(?:-[a-z0-9]+)*)(/[a-z0-9]+(?:-[a-z0-9]+)*)?(?=[/ ]|"(?!:))')


def mentioned(line: bytes) -> bytes:
    """Return every word of a record's line (its data as JSON) that may be an id, or `body/role`, with spaces between.

    But for those of digits and hyphens only: they are dates, and an id that looks like one is asked for rarely.
    """
    found = {word for match in _REFERENCE.finditer(line) for word in (match[1], match[0][1:])}
    return b" ".join(sorted(found))


class Records(Mapping[str, R]):
    """The sound records of one kind by id, in the order of the files; each is built when it is first asked for.

    Made of each record's path and line: what it `mentioned` and a tab, if that has been worked out already, and its
    data as JSON. So a question about few records need not build, nor even look into, all the others.
    """

    def __init__(self, cls: type[R], lines: Mapping[str, tuple[str, bytes]]) -> None:
        self._class = cls
        self._lines = lines
        self._built: dict[str, R] = {}
        self._instead: dict[str, R] = {}
        self._only: Collection[str] | None = None
        self._base: Records[R] = self
        self._seen_as: Callable[[R], R] | None = None
        self._naming: defaultdict[bytes, list[str]] | None = None

    def __getitem__(self, id: str) -> R:
        found = self._instead.get(id) or self._built.get(id)
        if found is None and self._seen_as is not None:
            found = self._built[id] = self._seen_as(self._base[id])
        if found is None:
            path, line = self._lines[id]
            data = json.loads(line[line.find(b"\t") + 1 :])
            found = self._built[id] = build(self._class, {"id": id, **data}, Source(path))
        return found

    def __contains__(self, id: object) -> bool:
        return id in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines if self._only is None else self._only)

    def __len__(self) -> int:
        return len(self._lines if self._only is None else self._only)

    def only(self, ids: Collection[str]) -> Records[R]:
        """Return the same records, of which only some are met when all are gone through; all are there to be asked for."""
        made = copy(self)
        made._only = [id for id in self._lines if id in ids]
        return made

    def seen_as(self, seen: Callable[[R], R]) -> Records[R]:
        """Return the same records, each as `seen` makes it when it is asked for: it refers to nothing else."""
        made = copy(self)
        made._base, made._seen_as = self, seen
        made._built, made._instead = {}, {}
        return made

    def alone(self, ids: Collection[str]) -> Records[R]:
        """Return some of the records, and nothing of the others."""
        return Records(self._class, {id: line for id, line in self._lines.items() if id in ids})

    def line(self, id: str) -> bytes:
        """Return a record's line: what it `mentioned` and a tab, if that has been worked out, and its data as JSON."""
        return self._lines[id][1]

    def path(self, id: str) -> str:
        """Return the path of a record's file, from the registry's root."""
        return self._lines[id][0]

    def holding(self, pattern: re.Pattern[bytes]) -> list[str]:
        """Return the ids of the records in whose lines something is found."""
        return [id for id, (_path, line) in self._lines.items() if pattern.search(line)]

    def _named(self) -> defaultdict[bytes, list[str]]:
        if self._naming is None:
            self._naming = defaultdict(list)
            for id, (_path, line) in self._lines.items():
                tab = line.find(b"\t")
                for word in (line[:tab] if tab >= 0 else mentioned(line)).split():
                    self._naming[word].append(id)
        return self._naming

    def instead(self, some: Iterable[R]) -> Records[R]:
        """Return the same records but for some, which stand in place of those with their ids.

        They may say less than those that they replace, or give other days, but must refer to nothing else.
        """
        self._named()
        made = copy(self)
        made._instead = {**self._instead, **{record.id: record for record in some}}
        return made

    def mentioning(self, ref: str, field: str = "") -> list[R]:
        """Return the records that may refer to `ref` (an id, or `body/role`): all that do, and perhaps others.

        With `field`, only of those that have a field of that name, at any depth.
        """
        key = f'"{field}":'.encode() if field else b""
        named = self._named().get(ref.encode("utf-8", "surrogatepass"), ())
        found = named if ref.strip("0123456789-") else self._lines
        return [self[id] for id in found if key in self._lines[id][1]]

    def having(self, words: Iterable[str]) -> list[R]:
        """Return the records that may have all `words` (no capitals, no accents) in their id or in their text."""
        wanted = [(word, word.encode()) for word in words]
        found = []
        for id, (_path, line) in self._lines.items():
            flat = line.lower() if line.isascii() else _folded(line)
            if all(word in id for word, _ in wanted) or all(word in flat for _, word in wanted):
                found.append(self[id])
        return found


def _folded(line: bytes) -> bytes:
    text = unicodedata.normalize("NFKD", line.decode("utf-8", "surrogatepass").casefold())
    return text.encode("ascii", "ignore")


@_frozen
class Registry(Part):
    """All sound records by id, and the broken ones by kind and id, each with its first problem."""

    settings: Settings
    bodies: Mapping[str, Body] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    priorities: Mapping[str, Priorities] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    requirements: Mapping[str, Requirements] = field(default_factory=dict)
    broken: dict[tuple[str, str], Problem] = field(default_factory=dict)

    def records(self, kind: str) -> Mapping[str, AnyRecord]:
        """Return the records of one of `KINDS`, by id."""
        found: Mapping[str, AnyRecord] = getattr(self, kind)
        return found

    def mentioning(self, kind: str, ref: str, field: str = "") -> Collection[Any]:
        """Return the records of a kind that may refer to `ref` (in `field`), in order: all that do, and perhaps others."""
        records = self.records(kind)
        return records.mentioning(ref, field) if isinstance(records, Records) else records.values()

    def having(self, kind: str, words: Iterable[str]) -> Collection[Any]:
        """Return the records of a kind that may have all `words` in their id or text, in order; perhaps others."""
        records = self.records(kind)
        return records.having(words) if isinstance(records, Records) else records.values()


def changed(part: T, **values: Any) -> T:
    """Return a part that differs from another in the fields given, and stands at the same place."""
    kept = {name: getattr(part, name) for name, _put, _default, _factory in part._fields}
    return type(part)(**{**kept, **values})


def with_bodies(registry: Registry, some: Iterable[Body]) -> Registry:
    """Return a registry in which some bodies stand in place of those with their ids: what would be, if it were so.

    They refer to nothing that those they replace did not refer to.
    """
    bodies = registry.bodies
    if isinstance(bodies, Records):
        return changed(registry, bodies=bodies.instead(some))
    return changed(registry, bodies={**bodies, **{body.id: body for body in some}})


def yaml_name(attribute: str) -> str:
    """Return the YAML key of a model field: `from` for `from_`."""
    return attribute.removesuffix("_")


_Plan = tuple[
    dict[str, tuple[Callable[[Any, Any], None], Callable[[Any], Any] | None, Reader | None]],
    list[tuple[str, Callable[[Any, Any], None], Any, Any]],
]


@cache
def _plan(cls: Any) -> _Plan:
    """Return how the fields of a part are put into it, each by its key in the files: as read, and where it is not given."""
    steps, missing = {}, []
    for found, (name, put, default, factory) in zip(fields(cls), cls._fields, strict=True):
        if name != "source":
            steps[yaml_name(name)] = put, found.metadata.get("simply"), found.metadata.get("read")
            missing.append((yaml_name(name), put, default, factory))
    return steps, missing


def build(cls: type[T], data: Mapping[str, Any] | str, source: Source) -> T:
    """Return the part of type `cls` that `data` describes, standing at `source`.

    `data` has been checked against the schema: scalars are text, numbers or booleans as it says. Raises
    `KeyError` or `TypeError` for data that has not.
    """
    if isinstance(data, str):
        data = cls.expand(data)
    steps, missing = _plan(cls)  # type: ignore[arg-type]  # a class is hashable, whatever its type variable
    part = cls.__new__(cls)  # not by `__init__`, which would look at each field twice: a registry has many parts
    _put_source(part, source)
    for key, value in data.items():
        put, simply, read = steps[key]
        put(part, simply(value) if simply else read(value, source.at(key)) if read else value)
    for key, put, default, factory in missing:
        if key not in data:
            if default is MISSING:
                if factory is MISSING:
                    raise TypeError(f"{cls.__name__} needs {key}")
                default = factory()
            put(part, default)
    return part
