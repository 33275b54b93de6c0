"""An edit of the record as a sentence in the words of an officer."""

from __future__ import annotations

from collections.abc import Mapping

from kmics_cli.dates import UNKNOWN, Date, in_words
from kmics_cli.diff.edits import CHANGED, REMOVED, WORDED, Edit, nearer
from kmics_cli.diff.entries import CALLED, Entries, period, spaced
from kmics_cli.diff.sentences import SPECIAL
from kmics_cli.diff.vocabulary import WORDS
from kmics_cli.model import (
    Appointment,
    Body,
    Citation,
    Document,
    Duty,
    Part,
    Person,
    Priorities,
    Record,
    Role,
    SubItem,
)


class Words(Entries):
    """Tells edits in words, with the names of two registries."""

    def heading(self, record: Part) -> str:
        """Return what a record is called."""
        if isinstance(record, Document):
            return record.title
        return record.full_name if isinstance(record, Person) else str(getattr(record, "name", ""))

    def item_number(self, edit: Edit) -> str | None:
        """Return the number of the item of a set of priorities, or the id of the duty, that an edit is of; else None."""
        parts = [*(pair.any for pair in edit.owners), *([edit.entry] if edit.entry is not None else [])]
        numbers = [str(part.number) for part in parts if isinstance(part, SubItem)]
        ids = [part.id for part in parts if isinstance(part, Duty)]
        return ".".join(numbers) if numbers else ids[0] if ids else None

    def subject(self, edit: Edit) -> str:
        """Return what an edit is of, as the beginning of its sentence."""
        if (role := edit.within(Role)) is not None:
            return str(role.any.title)
        head, number = self.heading(edit.record.any), self.item_number(edit)
        return f"{head}, item {number}" if number and isinstance(edit.record.any, Priorities) else head

    def sentence(self, edit: Edit) -> str:
        """Return an edit as a sentence without a full stop: "Chair: Ann Other appointed from 1 July 2022"."""
        return f"{self.subject(edit)}: {self._told(edit)}"

    def _told(self, edit: Edit) -> str:
        if edit.field == "id" and edit.op == CHANGED:
            return f"its id is now {edit.now}; {edit.was} is a former id"
        special = SPECIAL.get((type(edit.part), edit.op if edit.entry is not None else edit.field))
        if special and (told := special(self, edit)):
            return told
        if edit.entry is not None:
            what = self.called(edit.entry, edit.field)
            if isinstance(edit.entry, Citation):
                return f"{'no longer cited' if edit.op == REMOVED else 'source added'}: {what}"
            return f"no longer recorded: {what}" if edit.op == REMOVED else f"recorded: {what}"
        return self._field(edit)

    def _field(self, edit: Edit) -> str:
        """Return that a field was something and is something else."""
        part = edit.owner.any
        words = WORDS.get(type(part), {}).get(edit.field, spaced(edit.field.rstrip("_")))
        if edit.field in ("from_", "to") and not isinstance(part, Body | Role | Appointment | Record):
            return self._day(edit, "first day" if edit.field == "from_" else "last day")
        return f"{self._of(edit)}{self._otherwise(edit, words)}"

    def _otherwise(self, edit: Edit, words: str) -> str:
        """Return that what `words` call was something and is something else."""
        cls = type(edit.owner.any)
        if isinstance(edit.was, Mapping) and isinstance(edit.now, Mapping):
            return f"{words}: {_by_key(edit.was, edit.now)}"
        if _texts(edit.was) and _texts(edit.now):
            return f"{words}: {self._by_word(cls, edit)}"
        was, now = (self.value(cls, edit.field, value) for value in (edit.was, edit.now))
        if edit.field == "confidence":
            marked = f"now marked {now}" if edit.now else "no longer marked"
            return f"{marked} (it was {was})" if edit.was else marked
        if edit.was in (None, (), UNKNOWN) or (isinstance(edit.was, Date) and edit.was.text == UNKNOWN):
            return f"{words} now recorded: {now}"
        if edit.now in (None, ()):
            return f"{words} no longer recorded (it was {was})"
        if isinstance(edit.was, Date) and nearer(edit.now, edit.was):
            return f"{words} now recorded more nearly: {now} (it was {was})"
        if edit.field in WORDED:
            return f"{words} is now worded: {now} (it was: {was})"
        return f"{words}: the record said {was}, and now says {now}"

    def _day(self, edit: Edit, words: str) -> str:
        """Return that the first or the last day of an entry was one and is another."""
        was, now = edit.was, edit.now
        what = self._of(edit).removesuffix(": ") or words
        if now is None:
            return f"{what}: no {words} recorded any more (it was {in_words(was)})"
        if now.text == UNKNOWN and was is None:
            return (
                f"{what}: over, since a day that is not recorded"
                if edit.field == "to"
                else f"{what}: first day not recorded"
            )
        if was is None or was.text == UNKNOWN:
            return f"{what}: {words} {in_words(now)}"
        if nearer(now, was):
            return f"{what}: {words} now recorded more nearly: {in_words(now)} (it was {in_words(was)})"
        return f"{what}: the record said that the {words} was {in_words(was)}, and now says {in_words(now)}"

    def _by_word(self, cls: type[Part], edit: Edit) -> str:
        """Return which words or names came to a list, and which went."""
        come = tuple(one for one in edit.now if one not in edit.was)
        gone = tuple(one for one in edit.was if one not in edit.now)
        told = [f"now also {self.value(cls, edit.field, come)}"] if come else []
        told += [f"no longer {self.value(cls, edit.field, gone)}"] if gone else []
        return "; ".join(told) or f"now in the order {self.value(cls, edit.field, edit.now)}"

    def _of(self, edit: Edit) -> str:
        """Return "the code X7C: " for the part that a field is of, where that is an entry of a list; in it, the outermost first."""
        some = [pair for pair in edit.owners[1:] if type(pair.any) in CALLED]
        if some and some[-1].any is edit.owner.any and edit.field in WORDED:
            some.pop()  # its words are what is told
        told = [self.called(pair.any, pair.field) for pair in some]
        if told and (isinstance(edit.was, Date) or isinstance(edit.now, Date)):  # its days are what is told
            told[-1] = told[-1].replace(period(some[-1].any) or "\0", "")
        return f"{', '.join(told)}: " if told else ""


def _texts(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, str) for one in value)


def _by_key(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return what differs between two tables of words."""
    told = [f"{name} ({said}) added" for name, said in now.items() if name not in was]
    told += [f"{name} ({said}) taken out" for name, said in was.items() if name not in now]
    told += [f"{name} was {was[name]}, and is {said}" for name, said in now.items() if was.get(name, said) != said]
    return "; ".join(told)
