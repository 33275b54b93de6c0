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
from kmics_cli.query.quorum import DEPUTY, NO, NOT_RECORDED, YES, Condition, Leaving, Room, Sitter, Verdict

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
_NOT_EXACT = "More may perhaps leave, or fewer be too many: there were too many people to try all who could."


def quorum(asked: Asked, id: str, present: Names | None = None, absent: Names | None = None) -> Answered:
    """Return whether the body `id` is quorate on the day: with those present; or with all but those absent; or at all.

    With `present`, only those count; with `absent` alone, all other members do; with neither, all members, which says
    whether it can be quorate. A name with a place, from a list of attendance, that is nobody's or several people's is told as
    not recognised. Raises `UserError` (2): for more than one day, another such name, or one given as present and as absent.
    """
    if not asked.span.one_day:
        raise UserError("A quorum is of one day.", "Give a day, such as --on '1 July 2022'.")
    body = asked.registry.bodies[id]
    room = Room(asked, body)
    name = asked.body_name(id)
    strangers: list[Answered] = []
    there, away = _named(room, name, present, strangers), _named(room, name, absent, strangers)
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
    all_else = present is None
    leaving = room.leaving(there, all_else) if status == "in-being" else None
    breaks = [*_breaking(room, leaving)] if leaving else []
    if status == "in-being" and room.bounded(there):
        doubts.append("Too many places are uncertain to try each both ways, so the answer may be surer than this.")
    chairs = {key for one in room.conditions if one.chair for key in one.sure} | _chairs(room)
    without = room.judged([key for key in there if key not in chairs], all_else).quorate
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
        "survives_any": leaving.survives if leaving else None,
        "breaks_if": breaks,
        "breaks_exact": leaving.exact if leaving else None,
        "lacks": [*_lacks(verdict, conditions)] if verdict.quorate == NO else [],
        "doubts": doubts,
        "not_accounted_for": [room.sitters[key].name for key in members if key not in there and key not in away]
        if present is not None and absent is not None
        else [],
        "not_recognised": strangers,
        "rule": rule,
        "people": [_person(asked, one, set(there)) for one in room.sitters.values()],
    }
    if status != "in-being":
        found["says"] = _not_there(asked, id, status, name)
    else:
        found["says"] = " ".join(_says(room, found, verdict, there))
    return found


def _named(room: Room, name: str, given: Names | None, strangers: list[Answered]) -> list[str]:
    """Return the keys of those who are named; lines of a list that name nobody who is recorded there go to `strangers`."""
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
            if not place:
                raise
            several = "could mean several" in error.message
            strangers.append({"name": words, "place": place, "several": several})
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


def _breaking(room: Room, leaving: Leaving) -> Iterator[Answered]:
    """Yield what would end a quorum, or make it unsure: any so many leaving, then all of some people."""
    if leaving.ended != leaving.lost:
        yield _broken(leaving.lost, NOT_RECORDED)
    if leaving.ended is not None:
        yield _broken(leaving.ended, NO)
    for who, one, then in leaving.sets:
        names = [room.sitters[key].name for key in who]
        words = _words(room, one) if one else ""
        why = f"only {words} present" if len(who) == 1 else f"the only ones present who are {words}"
        if one is None:
            why = "too few would be left" if len(who) == 1 else "who share a seat, so that too few would be left"
        elif one.chair:
            why = "the chair, whom the quorum needs"
        says = f"{_joined(names)} {'leaves' if len(who) == 1 else 'leave'} ({why})"
        yield {
            "leave": len(who),
            "people": [room.sitters[key].person for key in who],
            "names": names,
            "then": then,
            "why": why,
            "says": says,
        }


def _broken(count: int, then: str) -> Answered:
    return {
        "leave": count,
        "people": [],
        "names": [],
        "then": then,
        "why": "too few would be left" if then == NO else "too few would surely be left",
        "says": f"any {count} leave{'s' if count == 1 else ''}",
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
    if (
        rule
        and unsure
        and rule.counting != "seats"
        and any(one.places and not one.sure for one in room.sitters.values())
    ):
        yield (
            "Who is not surely a member is counted among those present and among the members in post, or among neither; a "
            "seat whose last holder has left is then taken to be empty."
        )
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


def _members(figure: str) -> str:
    return "member" if figure in ("1", "at least 1") else "members"


def _figures(found: Answered, verdict: Verdict, room: Room) -> str:
    """Return "11 of 16 members present, 9 needed", with what is not sure as from so many to so many."""
    total = _between(room.members, room.most_members)
    there = _between(verdict.present, verdict.possible)
    if found["asked"] == "in-post":
        figures = f"{total} {_members(total)} in post"
    elif total.startswith("at least"):
        figures = f"{there} {_members(there)} present, of {total} in post"
    else:
        figures = f"{there} of {total} {_members(total)} present"
    if room.rule is None:
        return figures
    if room.rule.counting == "seats" and found["seats"] is not None and isinstance(room.rule.at_least, str):
        figures += f", {found['seats']} seats"
    return f"{figures}, {_between(*verdict.needed)} needed"


def _stays(found: Answered) -> Iterator[str]:
    """Yield how many may leave a meeting, and what would end its quorum or make it unsure."""
    survives, breaks = found["survives_any"], found["breaks_if"]
    if survives and survives + 1 < breaks[0]["leave"]:
        yield f"Stays quorate if any {survives} leave{'s' if survives == 1 else ''}."
    for then, words in ((NO, "Would stop being quorate if"), (NOT_RECORDED, "Would no longer be certain if")):
        some = [one for one in breaks if one["then"] == then]
        told = [one["says"] for one in some if not one["people"]]
        alone: dict[str, list[Answered]] = {}
        for one in some:
            if one["people"]:
                alone.setdefault(one["why"] if one["leave"] == 1 else one["says"], []).append(one)
        for why, same in alone.items():
            names = [one["names"][0] for one in same]
            told.append(same[0]["says"] if len(same) == 1 else f"one of these leaves: {_joined(names)} ({why})")
        if told:
            yield f"{words}: {'; or '.join(told)}."
    if not found["breaks_exact"]:
        yield _NOT_EXACT


def _away(found: Answered) -> Iterator[str]:
    """Yield how many of those in post may be away; if not any of them, without whom it cannot be, or may not be, quorate."""
    survives = found["survives_any"]
    if survives:
        yield f"Any {survives} of them may be away." if survives > 1 else "Any one of them may be away."
    if not found["breaks_exact"]:
        yield _NOT_EXACT
    alone = [one for one in found["breaks_if"] if one["leave"] == 1]
    if any(not one["people"] for one in alone):
        yield "None of them may be away."
        return
    for then, words in ((NO, "It could not be without"), (NOT_RECORDED, "It would not be certain without")):
        names = [one["names"][0] for one in alone if one["then"] == then]
        if names:
            yield f"{words} {'any one of these: ' if len(names) > 1 else ''}{_joined(names)}."


def _says(room: Room, found: Answered, verdict: Verdict, present: Sequence[str]) -> Iterator[str]:
    figures = _figures(found, verdict, room)
    can = found["asked"] == "in-post"
    if room.rule is None:
        yield f"Quorum not recorded: no source here gives it for this day. {figures[:1].upper()}{figures[1:]}, by this record."
    elif verdict.quorate == YES:
        yield f"{'Can be quorate' if can else 'Quorate'}: {figures}."
        yield from _away(found) if can else _stays(found)
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
    if found["not_recognised"]:
        lines = [f"{shortened(one['name'])} ({shortened(one['place'])})" for one in found["not_recognised"]]
        yield f"Not recognised as anybody recorded there, and not counted: {_joined(lines)}."
    if found["not_accounted_for"]:
        yield f"Given neither as present nor as absent, and not counted: {_joined(found['not_accounted_for'])}."
    if found["quorate_without_chair"] == YES:
        yield "It would be quorate without the chair too."
    elif found["quorate_without_chair"] == NO:
        yield "It would not be quorate without the chair."
    elif found["quorate_without_chair"] == NOT_RECORDED:
        yield "Whether it would be quorate without the chair is not known."
