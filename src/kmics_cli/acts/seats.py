"""What happens to a seat: somebody is appointed, goes on, or goes; it falls vacant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.acts.draft import Data, Draft, cited, day_before
from kmics_cli.dates import in_words, parse
from kmics_cli.model import NOT_NAMED, Appointment, Registry, Role
from kmics_cli.problems import UserError
from kmics_cli.query.says import said_when

INTERIM = ("interim", "acting")


def appoint(
    draft: Draft,
    role: Role,
    person: str,
    start: str,
    sources: Sequence[str],
    *,
    capacity: str | None = None,
    term_ends: str | None = None,
    covering: str | None = None,
    announced: str | None = None,
    nominated_by: Sequence[str] = (),
    on_behalf_of: str | None = None,
    confidence: str | None = None,
    note: str | None = None,
) -> None:
    """Put a person into a role from a day on.

    Whoever held a single seat before is ended on the day before, and so is its vacancy: the source that shows the start
    is cited for that end too. Who covers for somebody ends nobody. Raises `UserError` (2) if the person is in the seat
    already, or another is recorded in it from a later day.
    """
    single = role.seats == 1 and not role.per_member
    if single and not covering and capacity != "job-share":
        _make_way(draft, role, person, start, sources, capacity)
    elif held := [one for one in role.appointments if one.to is None and one.person == person]:
        raise _already(draft.registry, role, held[0])
    for vacancy in role.vacant:
        if vacancy.to is None and (single or len(role.vacant) == 1):
            draft.put(vacancy.source, "to", day_before(start))
            draft.cite(vacancy.source, [cited(one, "end") for one in sources])
            draft.said.append(f"The vacancy recorded {_since(vacancy.from_)} ends on the day before.")
    data: Data = {"person": person, "capacity": capacity, "from": start, "announced": announced}
    if term_ends:
        data["terms"] = [{"from": start, "ends": term_ends}]
    data |= {"covering": covering, "on_behalf_of": on_behalf_of}
    if nominated_by:
        data["decisions"] = [{"what": "nominated", "by": list(nominated_by)}]
    data |= {"sources": list(sources), "confidence": confidence, "note": note}
    draft.append(role.source, "appointments", {key: value for key, value in data.items() if value})


def _make_way(
    draft: Draft, role: Role, person: str, start: str, sources: Sequence[str], capacity: str | None
) -> None:
    """End whoever holds a single seat, on the day before `start`."""
    for held in role.appointments:
        if held.to is not None or held.covering:
            continue
        name = called(draft.registry, held.person)
        if held.person == person and (held.capacity or "substantive") == (capacity or "substantive"):
            raise _already(draft.registry, role, held)
        if start == "unknown":
            told = (
                f"{name} holds this seat, as far as is recorded, and whether that was over before cannot be told."
            )
            raise UserError(told, f"Record the end first: kmics end {role.ref} --to DATE, or --to unknown.")
        if held.from_ and held.from_.earliest >= parse(start).earliest:
            told = f"{name} is recorded in this seat from {in_words(held.from_)}, which is not before {in_words(parse(start))}."
            raise UserError(
                told, "Give an earlier appointment its end with --to, or look at the seat with kmics show."
            )
        draft.put(held.source, "to", day_before(start))
        draft.cite(held.source, [cited(one, "end") for one in sources])
        draft.said.append(
            f"{name} held this single seat{f' ({held.capacity})' if held.capacity else ''}, and is ended on the day "
            f"before, {in_words(parse(day_before(start)))}. If it was earlier, run kmics end first."
        )


def _already(registry: Registry, role: Role, held: Appointment) -> UserError:
    told = f"{called(registry, held.person)} holds {role.title} already, {_since(held.from_)}."
    return UserError(
        told, f"For another term give kmics reappoint {role.ref}; for a mistake kmics correct {role.ref}."
    )


def end(
    draft: Draft, role: Role, held: Appointment, last: str, sources: Sequence[str], reason: str | None = None
) -> None:
    """End an appointment on its last day. Raises `UserError` (2) if it has ended already."""
    if held.to is not None and not (held.to.text == "unknown" and last != "unknown"):
        told = f"{called(draft.registry, held.person)} left {role.title} already: {in_words(held.to, 'on a day not recorded')}."
        raise UserError(told, f"If that day is wrong, give kmics correct {role.ref} to DATE.")
    draft.put(held.source, "to", last)
    if reason:
        draft.put(held.source, "end_reason", reason)
    draft.cite(held.source, [cited(one, "end") for one in sources])


def others(registry: Registry, person: str, but: Sequence[Appointment] = ()) -> Iterator[tuple[Role, Appointment]]:
    """Yield the appointments of a person that have no end, with their roles, but for some."""
    for body in registry.mentioning("bodies", person):
        for role in body.roles.values():
            for one in role.appointments:
                if one.person == person and one.to is None and all(one is not other for other in but):
                    yield role, one


def vacate(
    draft: Draft,
    role: Role,
    start: str,
    sources: Sequence[str],
    *,
    held: Appointment | None = None,
    last: str | None = None,
    reason: str | None = None,
    cover: str | None = None,
) -> None:
    """Record that a seat is vacant from a day on, as a source says. Whoever `held` it is ended on the day before."""
    if held is not None:
        end(draft, role, held, day_before(start), sources, reason)
        draft.said.append(f"{called(draft.registry, held.person)} is ended on the day before.")
    data: Data = {"from": start, "to": last, "reason": reason, "cover": cover, "sources": list(sources)}
    draft.append(role.source, "vacant", {key: value for key, value in data.items() if value})


def reappoint(
    draft: Draft, held: Appointment, start: str, ends: str, sources: Sequence[str], note: str | None = None
) -> None:
    """Give an appointment a further term: who goes on neither leaves nor joins."""
    term: Data = {"from": start, "ends": ends, "sources": list(sources)}
    if note:
        term["note"] = note
    draft.append(held.source, "terms", term)


def extend(draft: Draft, role: Role, held: Appointment, ends: str, sources: Sequence[str]) -> None:
    """Let the present term of an appointment end later; that it was to end earlier stays in a note of the term.

    Raises `UserError` (2) if no term is recorded, or it would not be longer.
    """
    if not held.terms or held.terms[-1].ends is None:
        told = f"No term of {called(draft.registry, held.person)} as {role.title} is recorded, so none can be extended."
        raise UserError(told, f"Record it: kmics reappoint {role.ref} --from DATE --term-ends DATE.")
    term, was = held.terms[-1], held.terms[-1].ends
    if parse(ends).earliest <= was.latest:
        told = f"The term ends {said_when(was)}; {in_words(parse(ends))} is no later."
        raise UserError(told, f"For a mistake give kmics correct {role.ref} term-ends DATE; for an end, kmics end.")
    draft.put(term.source, "ends", ends)
    draft.cite(term.source, list(sources))
    draft.put(
        term.source, "note", f"{f'{term.note} ' if term.note else ''}Extended: it was to end {said_when(was)}."
    )


def called(registry: Registry, person: str) -> str:
    """Return the name of whoever holds an appointment."""
    found = registry.people.get(person)
    return found.full_name if found else "Somebody not named" if person == NOT_NAMED else person


def _since(when: object) -> str:
    from kmics_cli.dates import Date

    return (
        f"since {in_words(when)}"
        if isinstance(when, Date) and when.text != "unknown"
        else "since a day not recorded"
    )
