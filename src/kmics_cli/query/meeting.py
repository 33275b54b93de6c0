"""The answer of `kmics quorum`: quorate or not, by how much, and who may not leave the room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from kmics_cli.dates import Answer, day_in_words, in_words
from kmics_cli.problems import UserError, shortened
from kmics_cli.query.answers import Asked
from kmics_cli.query.attendance import meant
from kmics_cli.query.duties.seats import sure
from kmics_cli.query.parts import Answered, text
from kmics_cli.query.quorum import DEPUTY, NO, NOT_RECORDED, YES, Condition, Room, Sitter, Verdict

Names = Sequence[tuple[str, str]]
"""Names as they were given, each with where it was given."""

_TYPES = ("executive", "non-executive", "partner", "lay")
_WHY_NOT = {
    "participant": "takes part, and is not a member",
    "observer": "observes, and is not a member",
    "in-attendance": "is in attendance, and not a member",
    DEPUTY: "is a deputy, and not a member",
    "no-vote": "has a seat without a vote",
    "designate": "is still to come",
}
_MOST_TOLD = 12  # names in one sentence


def quorum(asked: Asked, id: str, present: Names | None = None, absent: Names | None = None) -> Answered:
    """Return whether the body `id` is quorate on the day: with those present; or with all but those absent; or at all.

    With `present`, only those count; with `absent` alone, all other members do; with neither, all members, which says
    whether it can be quorate. Raises `UserError` (2): for more than one day, or a name that is nobody's, several
    people's, or given as present and as absent.
    """
    if not asked.span.one_day:
        raise UserError("A quorum is of one day.", "Give a day, such as --on '1 July 2022'.")
    body = asked.registry.bodies[id]
    room = Room(asked, body)
    name = asked.body_name(id)
    there, away = _named(room, name, present), _named(room, name, absent)
    if both := [room.sitters[key].name for key in there if key in away]:
        raise UserError(f"{shortened(both[0])} is given both as present and as absent.", "Give each person once.")
    how = "in-post" if present is None and absent is None else "absent" if present is None else "present"
    named = set(there)
    there = [key for key in room.sitters if key in named]
    members = [key for key, one in room.sitters.items() if one.places]
    if present is None:
        there = [key for key in members if key not in away]
    verdict = room.judged(there, present is None)
    status, certain = asked.lives.status(body, asked.span)
    if status != "in-being":
        verdict = Verdict(NOT_RECORDED, 0, 0, verdict.needed, ())
    doubts = [*_doubts(room, there, verdict, present is None)] if status == "in-being" else []
    if status == "in-being" and certain is not Answer.YES:
        doubts.append("Whether it was in being on this day is not certain.")
    breaks = [_broken(room, *one) for one in room.breaking(there, verdict)]
    chairs = {key for one in room.conditions if one.chair for key in one.sure} | _chairs(room)
    without = room.judged([key for key in there if key not in chairs], False).quorate
    conditions = [_condition(room, one, met, there) for one, met in zip(room.conditions, verdict.met, strict=False)]
    least, most = verdict.needed
    rule = asked.body(body)["quorum"] if room.rule else None
    found: Answered = {
        "body": id,
        "name": name,
        "asked": how,
        "quorate": verdict.quorate,
        "present": verdict.present,
        "present_possible": _number(verdict.possible),
        "needed": _number(least) if least == most else None,
        "needed_least": _number(least) if room.rule else None,
        "needed_most": _number(most) if room.rule else None,
        "counting": room.rule.counting if room.rule else None,
        "members": room.members,
        "members_possible": _number(room.most_members),
        "seats": int(room.seats) if room.seats == room.most_seats else None,
        "complete": room.whole,
        "including": conditions,
        "deputies_count": room.rule.deputies_count if room.rule else None,
        "without_chair": room.rule.without_chair if room.rule else None,
        "quorate_without_chair": without if verdict.quorate == YES and chairs & set(there) else None,
        "breaks_if": breaks,
        "lacks": [*_lacks(verdict, conditions)] if verdict.quorate == NO else [],
        "doubts": doubts,
        "not_accounted_for": [room.sitters[key].name for key in members if key not in there and key not in away]
        if present is not None and absent is not None
        else [],
        "rule": rule,
        "people": [_person(asked, one, set(there)) for one in room.sitters.values()],
    }
    if status != "in-being":
        found["says"] = _not_there(asked, id, status, name)
    else:
        found["says"] = " ".join(_says(room, found, verdict, there))
    return found


def _named(room: Room, name: str, given: Names | None) -> list[str]:
    if given is None:
        return []
    known = {
        key: list(dict.fromkeys([*_names_of(room, one), one.name]))
        for key, one in room.sitters.items()
        if one.person is not None
    }
    keys: list[str] = []
    for words, place in given:
        try:
            keys.extend(meant(words, known, f"those recorded in {shortened(name)} on this day"))
        except UserError as error:
            where = f"{place}: " if place else ""
            raise UserError(f"{where}{error.message}", error.help) from None
    return list(dict.fromkeys(keys))


def _names_of(room: Room, one: Sitter) -> Iterator[str]:
    person = room.asked.registry.people.get(one.person or "")
    yield one.key
    if person:
        yield person.name


def _chairs(room: Room) -> set[str]:
    return {
        key
        for key, one in room.sitters.items()
        if any(holder.role.member_type == "chair" and sure(holder) for holder in one.holders)
    }


def _number(value: float) -> int | None:
    return None if value == inf else int(value)


def _person(asked: Asked, one: Sitter, present: set[str]) -> Answered:
    holders = [*one.holders, *(holder for _why, holder in one.besides)]
    counts = "member" if one.sure else "possibly" if one.places else DEPUTY if one.deputy else "no"
    first = next((holder for holder in holders if sure(holder)), holders[0])
    return {
        "person": one.person,
        "name": one.name,
        "counts": counts,
        "present": one.key in present,
        "roles": [
            {"role": holder.role.ref, "title": holder.role.title, "capacity": holder.appointment.capacity}
            for holder in holders
        ],
        "how": None if one.places else _WHY_NOT[one.besides[0][0]],
        "says": first.says,
        "certainty": str(first.answer),
        "confidence": first.confidence,
        "last_evidence": text(first.carried.last),
        "sources": asked.sources(dict.fromkeys(source for holder in holders for source in holder.sources)),
    }


def _condition(room: Room, one: Condition, met: Answer, present: Sequence[str]) -> Answered:
    by = [room.sitters[key].name for key in present if key in one.sure]
    return {"any_of": list(one.words), "words": _words(room, one), "met": str(met), "by": by}


def _words(room: Room, one: Condition) -> str:
    """Return whom a condition asks for: "chair or deputy chair", "executive member"."""
    parts = []
    for word in one.words:
        role = room.body.roles.get(word)
        if word in _TYPES:
            parts.append(f"{word} member")
        elif role and word != role.member_type:
            parts.append(role.title)
        else:
            parts.append(word if word == "vice-chair" else word.replace("-", " "))
    return " or ".join(dict.fromkeys(parts))


def _broken(room: Room, count: int, who: tuple[str, ...], one: Condition | None) -> Answered:
    names = [room.sitters[key].name for key in who]
    if one is None:
        says = f"any {count} leave{'s' if count == 1 else ''}"
        why = "too few would be left"
    else:
        words = _words(room, one)
        why = f"only {words} present" if len(who) == 1 else f"the only ones present who are {words}"
        if one.chair:
            why = "the chair, whom the quorum needs"
        says = f"{_joined(names)} {'leaves' if len(who) == 1 else 'leave'} ({why})"
    return {
        "leave": count,
        "people": [room.sitters[key].person for key in who],
        "names": names,
        "why": why,
        "says": says,
    }


def _joined(names: Sequence[str]) -> str:
    if len(names) > _MOST_TOLD:
        return f"{'; '.join(names[:_MOST_TOLD])}; and {len(names) - _MOST_TOLD} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _lacks(verdict: Verdict, conditions: Sequence[Answered]) -> Iterator[str]:
    if verdict.possible < verdict.needed[0]:
        short = int(verdict.needed[0] - verdict.possible)
        yield f"{short} more member{'s' if short > 1 else ''}"
    for one in conditions:
        if one["met"] == "no":
            yield one["words"]


def _doubts(room: Room, present: Sequence[str], verdict: Verdict, all_else: bool) -> Iterator[str]:
    """Yield what makes a figure unsure, or the whole answer."""
    rule = room.rule
    if rule is None:
        yield "No source here gives the quorum for this day."
    elif not room.sure_rule:
        yield (
            "That this quorum stands on this day is disputed."
            if rule.confidence == "disputed"
            else ("That this quorum stands on this day is not confirmed.")
        )
    if rule and rule.confidence == "inferred":
        yield f"The quorum is inferred. {rule.note or ''}".strip()
    unsure = verdict.needed[0] != verdict.needed[1]
    if not room.whole and (unsure or all_else or rule is None):
        yield "The list of roles is not complete, so there may be members whom the record does not name."
    if rule and not rule.counting and isinstance(rule.at_least, str):
        yield "Of what the fraction is taken, seats or members in post, is not recorded."
    for one in room.sitters.values():
        if one.places and not one.sure and (unsure or one.key in present):
            yield f"{one.name} is not surely a member: {one.holders[0].says}"
    if unsure or all_else:
        for ref, more in room.open.items():
            title = room.body.roles[ref.partition("/")[2]].title
            if more == inf:
                yield f"{title}: how many seats there are is not recorded."
            elif more:
                yield f"{title}: who holds {'a seat' if more == 1 else f'{int(more)} seats'} is not recorded."
    if rule is None or rule.deputies_count is not False:
        for key in present:
            if room.sitters[key].deputy and room.sitters[key].stands_for is None:
                yield f"{room.sitters[key].name} is a deputy; for whom is not recorded."
        if rule is not None and rule.deputies_count is None and any(room.sitters[key].deputy for key in present):
            yield "Whether deputies count is not recorded."


def _not_there(asked: Asked, id: str, status: str, name: str) -> str:
    start = asked.lives.life(id).start
    when = f": it began {in_words(start)}" if status == "not-yet" and start else ""
    state = {"ended": "had ended", "planned": "was only planned"}.get(status, "was not in being")
    return f"Whether it is quorate cannot be asked: {name} {state} on {day_in_words(asked.span.first)}{when}."


def _between(low: float, high: float) -> str:
    return str(int(low)) if low == high else f"at least {int(low)}" if high == inf else f"{int(low)} to {int(high)}"


def _figures(found: Answered, verdict: Verdict, room: Room) -> str:
    """Return "11 of 16 members present, 9 needed", with what is not sure as from so many to so many."""
    total = _between(room.members, room.most_members)
    there = _between(verdict.present, verdict.possible)
    if found["asked"] == "in-post":
        figures = f"{total} member{'' if total == '1' else 's'} in post"
    elif total.startswith("at least"):
        figures = f"{there} member{'' if there == '1' else 's'} present, of {total} in post"
    else:
        figures = f"{there} of {total} members present"
    if room.rule is None:
        return figures
    if room.rule.counting == "seats" and found["seats"] is not None and isinstance(room.rule.at_least, str):
        figures += f", {found['seats']} seats"
    return f"{figures}, {_between(*verdict.needed)} needed"


def _says(room: Room, found: Answered, verdict: Verdict, present: Sequence[str]) -> Iterator[str]:
    figures = _figures(found, verdict, room)
    can = found["asked"] == "in-post"
    if room.rule is None:
        yield f"Quorum not recorded: no source here gives it for this day. {figures[:1].upper()}{figures[1:]}, by this record."
    elif verdict.quorate == YES:
        yield f"{'Can be quorate' if can else 'Quorate'}: {figures}."
        if can:
            spare = found["breaks_if"][0]["leave"] - 1
            yield f"{spare or 'None'} of them may be away." if spare != 1 else "One of them may be away."
        else:
            told = [one["says"] for one in found["breaks_if"]]
            yield f"Would stop being quorate if: {'; or '.join(told)}."
    elif verdict.quorate == NO:
        yield f"{'Cannot be quorate' if can else 'Not quorate'}: {figures}. Lacking: {'; '.join(found['lacks'])}."
    else:
        whether = "Whether it can be quorate" if can else "Whether it is quorate"
        yield f"{whether} is not known: {figures}."
    needs = [one["words"] for one in found["including"]]
    if needs:
        yield f"Among them there must be: {'; '.join(needs)}."
    unmet = [one["words"] for one in found["including"] if one["met"] == "possibly"]
    if unmet and verdict.quorate != NO:
        yield f"Not certain to be there: {'; '.join(unmet)}."
    aside = [one for one in found["people"] if one["present"] and one["counts"] == "no"]
    for one in aside[:_MOST_TOLD]:
        yield f"{one['name']} {one['how']}, so does not count."
    for key in present:
        if room.sitters[key].deputy and room.rule and room.rule.deputies_count is False:
            yield f"{room.sitters[key].name} is a deputy; deputies do not count."
    if found["not_accounted_for"]:
        yield f"Given neither as present nor as absent, and not counted: {_joined(found['not_accounted_for'])}."
    if found["quorate_without_chair"] == YES:
        yield "It would be quorate without the chair too."
    elif found["quorate_without_chair"] == NO:
        yield "It would not be quorate without the chair."
