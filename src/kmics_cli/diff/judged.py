"""What sort of news an edit of the record is: something that happened, was recorded late, or corrects what was said.

The day of the earlier record decides. What can only lie before it was recorded late; what may lie on it or after it
happened, or was decided, since. A past that is told otherwise is corrected; a day told more nearly is recorded late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kmics_cli.dates import UNKNOWN, Date, shifted
from kmics_cli.diff.edits import ADDED, CHANGED, REMOVED, WORDED, Edit, nearer
from kmics_cli.diff.folded import VALUES
from kmics_cli.diff.names import Names
from kmics_cli.diff.sentences import renamed_on
from kmics_cli.diff.vocabulary import EVIDENCE
from kmics_cli.model import (
    NOT_NAMED,
    WITHHELD,
    Appointment,
    Body,
    Citation,
    Claim,
    Correction,
    Document,
    Duty,
    Earlier,
    Figure,
    Item,
    Member,
    Milestone,
    Name,
    Part,
    Person,
    Planned,
    Priorities,
    Record,
    Recorded,
    Requirements,
    Role,
    Settings,
    SubItem,
    Succession,
    Term,
)
from kmics_cli.query.corrected import Corrected, words_of
from kmics_cli.query.find import plain as flat

HAPPENED, LATE, CORRECTED, WORDING = "happened", "late", "corrected", "evidence"
GROUPS = (HAPPENED, LATE, CORRECTED, WORDING)
"""The sorts of news, in the order in which they are told."""
BREAKING, CHANGE, QUIET = "breaking", "change", "quiet"
LEVELS = (BREAKING, CHANGE, QUIET)
"""How much an edit asks of whoever reads it: it takes something away, it says something new, it words or proves it better."""

_PROGRESS: dict[type[Part], frozenset[str]] = {
    Milestone: frozenset(("status",)),
    Priorities: frozenset(("status", "recorded")),
    Requirements: frozenset(("status",)),
    Duty: frozenset(("status",)),
    Recorded: frozenset(("roles", "members", "committees")),
    Claim: frozenset(("preferred",)),
    Item: frozenset(("number",)),
    SubItem: frozenset(("number",)),
}
"""The fields that go on from one value to another as things go, so that another value corrects nothing."""

_DAYS = ("from_", "on", "date", "made", "noted", "published", "announced", "as_at", "by", "ends", "for_")
"""The fields that say when an entry was, the first that it has."""


class Judge:
    """Sorts edits between a record of the day `day` (None: not known; then all is taken for past) and a later one."""

    def __init__(self, names: Names, day: date | None) -> None:
        self.names = names
        self.day = day or date.max
        self._corrected: dict[int, list[tuple[Correction, Corrected]]] = {}

    def group(self, edit: Edit) -> str:
        """Return what sort of news an edit is: one of `GROUPS`."""
        if self._is_evidence(edit):
            return WORDING
        if isinstance(edit.entry, Correction):
            return CORRECTED
        if edit.op == REMOVED:
            return HAPPENED if self._only_meant(edit) else CORRECTED
        if edit.op == ADDED:
            return self._by_day(self.day_of(edit))
        return self._changed(edit)

    def level(self, edit: Edit, group: str) -> str:
        """Return how much an edit asks of its reader: one of `LEVELS`."""
        if group == WORDING:
            return BREAKING if self._evidence_gone(edit) else QUIET
        if self._id_lost(edit):
            return BREAKING
        if group != CORRECTED or self.withheld(edit) or (isinstance(edit.entry, Correction) and edit.op == ADDED):
            return CHANGE
        if edit.op == REMOVED and (not edit.owners or isinstance(edit.entry, Role | Correction | Duty)):
            return BREAKING
        if edit.field == "name" and edit.op == CHANGED and alike(edit.was, edit.now, edit.owner.any):
            return CHANGE
        if self.correction_of(edit) is not None:
            return CHANGE
        correctable = hasattr(edit.record.any, "corrections") or edit.field == "name"
        return BREAKING if correctable else CHANGE

    def _changed(self, edit: Edit) -> str:
        was, now = edit.was, edit.now
        if self._id_lost(edit):
            return CORRECTED
        if isinstance(was, Date) or isinstance(now, Date):
            return self._day_changed(edit)
        if edit.field == "name" and isinstance(edit.owner.any, Person | Body):
            day = renamed_on(edit) if isinstance(edit.owner.any, Body) else None
            return self._by_day(day) if day else CORRECTED
        if isinstance(edit.owner.any, Figure) and edit.field in VALUES and _has_value(edit.owner.old):
            return CORRECTED
        if was in (None, (), NOT_NAMED, UNKNOWN) or was == {}:
            return self._by_day(self.day_of(edit))
        if isinstance(edit.owner.any, Member) and edit.field == "body" and was is None:
            return self._by_day(self.day_of(edit))
        if self._starts(edit) > self.day:
            return HAPPENED
        if isinstance(edit.owner.any, Settings) or edit.field in _PROGRESS.get(type(edit.owner.any), ()):
            return LATE
        return CORRECTED

    def _day_changed(self, edit: Edit) -> str:
        was, now = edit.was, edit.now
        if was is None or (was.text == UNKNOWN and now is not None) or nearer(now, was):
            return self._by_day(_counts(edit.field, now))
        if was.earliest > self.day:
            return HAPPENED  # it was meant, and is meant otherwise
        if (
            edit.field == "ends"
            and isinstance(edit.owner.any, Term)
            and now is not None
            and now.earliest > was.latest
        ):
            return self._by_day(shifted(was, 1))  # the term was prolonged by the time it would have run out
        return CORRECTED

    @staticmethod
    def _id_lost(edit: Edit) -> bool:
        """Whether an id leads nowhere any more: no former id was left, or one was taken out."""
        if edit.op != CHANGED or not isinstance(edit.owner.any, Role | Record | Person | Requirements):
            return False
        if edit.field == "former_ids":
            return not set(edit.was or ()) <= set(edit.now or ())
        return edit.field == "body" and isinstance(edit.owner.any, Role)

    def _is_evidence(self, edit: Edit) -> bool:
        """Whether an edit is of evidence, of wording, or of how records are kept; where it stands decides, or its field."""
        parts = [*(type(pair.any) for pair in edit.owners), *([type(edit.entry)] if edit.entry is not None else [])]
        if Citation in parts:
            return True
        if edit.owners and edit.field in EVIDENCE.get(type(edit.owner.any), ()):
            return not _said_anew(edit)
        for outer, pair in zip(edit.owners, edit.owners[1:], strict=False):
            if pair.field in EVIDENCE.get(type(outer.any), ()):
                return True
        if edit.op == ADDED and isinstance(edit.entry, Person):
            return edit.entry.id in self.names.seated
        if edit.op == ADDED and isinstance(edit.entry, Document):
            return not binds(edit.entry)
        if edit.field == "id":
            return True
        if edit.field == "former_ids":
            return set(edit.was or ()) <= set(edit.now or ())
        if edit.op == CHANGED and isinstance(edit.was, str) and isinstance(edit.now, str) and edit.field in WORDED:
            return flat(edit.was) == flat(edit.now)
        return False

    @staticmethod
    def _evidence_gone(edit: Edit) -> bool:
        """Whether a document is no longer cited where it was, and what it proved still stands."""
        if edit.op != REMOVED or not isinstance(edit.was, Citation):
            return False
        holder = edit.owners[-1].new
        kept = getattr(holder, edit.field, ()) if holder is not None else ()
        return all(one.document != edit.was.document for one in kept)

    def _by_day(self, day: Date | None) -> str:
        if day is None or day.latest == date.max:
            later = day is not None and day.earliest > date.min and day.earliest >= self.day
            return HAPPENED if later else LATE
        return LATE if day.latest < self.day else HAPPENED

    def day_of(self, edit: Edit) -> Date | None:
        """Return the day of an entry, or of the part that has a field, or of what it came or went with; None where none is recorded."""
        part = edit.entry if edit.entry is not None else edit.owner.any
        whole = [pair.any for pair in reversed(edit.owners) if pair.old is None or pair.new is None]
        return next((day for one in (part, *whole) if (day := self._day_of(one)) is not None), None)

    @staticmethod
    def _day_of(part: Any) -> Date | None:
        if isinstance(part, Name) and part.from_ is None and part.to is not None and part.to.bounded:
            return shifted(part.to, 1)
        if isinstance(part, Earlier) and part.to is not None and part.to.bounded:
            return shifted(part.to, 1)
        for name in _DAYS:
            found = getattr(part, name, None)
            if isinstance(found, Date) and found.text != UNKNOWN:
                return found
        planned = getattr(part, "planned", None)
        return (planned.for_ or planned.from_) if isinstance(planned, Planned) else None

    def _starts(self, edit: Edit) -> date:
        """Return the first day on which what an edit is of can have been so; the first of all where none is recorded."""
        for part in (edit.entry, *(pair.any for pair in reversed(edit.owners))):
            if (found := getattr(part, "from_", None)) is not None:
                return found.earliest if isinstance(found, Date) else date.min
        return date.min

    def _only_meant(self, edit: Edit) -> bool:
        """Whether what was taken out lay in the future when it was recorded: it was meant, and is not any more."""
        part = edit.was
        for name in _DAYS:
            found = getattr(part, name, None)
            if isinstance(found, Date) and found.text != UNKNOWN:
                return found.earliest > self.day
        return False

    def withheld(self, edit: Edit) -> bool:
        """Return whether a name made way for one that is withheld: of a person, or of the holder of a role."""
        if edit.op != CHANGED or edit.field not in ("person", "name"):
            return False
        return edit.now == WITHHELD or (edit.field == "person" and self.names.is_withheld(edit.now))

    def correction_of(self, edit: Edit) -> Correction | None:
        """Return the correction that was added to the record and is about what the edit changed, or None."""
        record = edit.record
        if record.old is None or record.new is None or not hasattr(record.new, "corrections"):
            return None
        added = self._of(record.old, record.new)
        return next((one for one, about in added if self._is_about(edit, about)), None)

    def reason_of(self, edit: Edit) -> Correction | None:
        """Return the correction that was added and is about what the edit changed and about nothing else, or None."""
        one = self.correction_of(edit)
        if one is None:
            return None
        about = set(words_of(one.about).split())
        names = [set(words_of(name).split()) for name in self._called(edit)]
        return one if any(name and name <= about and about - name <= _BESIDES for name in names) else None

    def _is_about(self, edit: Edit, corrected: Corrected) -> bool:
        record = edit.record
        if isinstance(edit.owner.any, Body) and edit.field in ("from_", "to") and edit.op == CHANGED:
            roles = {
                words_of(name)
                for body in (record.old, record.new)
                for r in body.roles.values()
                for name in (r.id, r.title)
            }
            whole = {words_of(name) for body in (record.old, record.new) for name in (body.id, body.name)}
            return corrected.day(edit.field.rstrip("_"), roles, whole)
        return corrected.of(self._called(edit))

    def _of(self, old: Any, new: Any) -> list[tuple[Correction, Corrected]]:
        if id(new) not in self._corrected:
            lost = set(old.corrections) - set(new.corrections)
            # where one is lost, one that seems new may be the old one, reworded
            added = [] if lost else [one for one in new.corrections if one not in old.corrections]
            self._corrected[id(new)] = [(one, Corrected([one.about])) for one in added]
        return self._corrected[id(new)]

    def _called(self, edit: Edit) -> Iterator[str]:
        """Yield what a correction may call the thing that an edit is of."""
        role, held = edit.within(Role), edit.within(Appointment)
        for pair in (role, held):
            for part in (pair.old, pair.new) if pair else ():
                if isinstance(part, Role):
                    yield from (part.id, part.title, *part.former_ids)
                elif isinstance(part, Appointment):
                    yield from (part.person, self.names.person(part.person))
        if role is None:
            yield edit.field.rstrip("_").replace("_", " ")
            for part in (edit.entry, *(pair.any for pair in edit.owners[1:])):
                for name in ("what", "about", "name", "title", "code", "number"):
                    if isinstance(value := getattr(part, name, None), str | int):
                        yield str(value)
            if step := edit.within(Succession):
                for part in filter(None, (step.old, step.new)):
                    yield from ("succeeds", "succession", "predecessor", *part.of, *map(self.names.body, part.of))


def _counts(field: str, when: Date | None) -> Date | None:
    """Return the day on which a date counts: what ends on a day is over on the next."""
    return shifted(when, 1) if when is not None and field == "to" and when.text != UNKNOWN else when


def _said_anew(edit: Edit) -> bool:
    """Whether words that are the substance of an entry were not bettered but replaced."""
    from difflib import SequenceMatcher

    if edit.op != CHANGED or edit.field not in _SUBSTANCE or not (edit.was and edit.now):
        return False
    return SequenceMatcher(None, flat(edit.was)[:400], flat(edit.now)[:400]).ratio() < _LIKE


_BESIDES = frozenset("the of a s start end first last day date from to holder".split())
"""What may stand beside a name in what a correction is about, where it is about that alone."""
_SUBSTANCE = frozenset("what about says text summary".split())
_LIKE = 0.5


def _has_value(figure: Figure) -> bool:
    return any(getattr(figure, name) is not None for name in ("value", "low", "high", "words"))


def alike(was: str, now: str, of: Part) -> bool:
    """Return whether a name is most likely another spelling of one, or what somebody is called since: not another's.

    A person keeps the last name, or the first of several; a body half of its words.
    """
    from difflib import SequenceMatcher

    one, other = flat(was).split(), flat(now).split()
    if SequenceMatcher(None, flat(was)[:200], flat(now)[:200]).ratio() >= _ALIKE:
        return True
    if isinstance(of, Person):
        return bool(one and other) and one[-1] == other[-1] and one[0][:1] == other[0][:1]
    return 2 * len(set(one) & set(other)) >= max(len(set(one)), len(set(other)), 1)


_ALIKE = 0.8  # of the letters in their order


def binds(document: Document) -> bool:
    """Return whether a document does something in the world, and is not only cited: it is in force, approved or owned."""
    return bool(document.from_ or document.approvals or document.owner or document.planned or document.producers)
