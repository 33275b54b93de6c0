"""The commands for what happens to a seat: appoint, end, vacate, reappoint, extend."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.editing import Editing, offered
from kmics_cli.problems import UserError

if TYPE_CHECKING:
    from kmics_cli.model import Appointment, Role

RoleArgument = Annotated[
    str | None,
    typer.Argument(metavar="ROLE", help="The role: body/role, or its name.", autocompletion=complete.refs),
]
PersonArgument = Annotated[
    str | None, typer.Argument(metavar="PERSON", help="A name or an id.", autocompletion=complete.people)
]
FromOption = Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day.")]
_HELD = ("roles", "role", "appointments", 0)


def appoint(
    editing: Editing,
    role: RoleArgument = None,
    person: PersonArgument = None,
    start: FromOption = None,
    new_person: Annotated[
        str | None,
        typer.Option("--new-person", metavar='"NAME"', help="Add this person, as the source has the name."),
    ] = None,
    honorific: Annotated[
        str | None, typer.Option("--honorific", help="With --new-person: Dr, Professor, Dame, Sir and others.")
    ] = None,
    capacity: Annotated[
        str | None,
        typer.Option("--capacity", help="substantive, interim, acting or job-share, if the source says."),
    ] = None,
    term_ends: Annotated[
        str | None, typer.Option("--term-ends", metavar="DATE", help="The day the term of office runs out.")
    ] = None,
    covering: Annotated[
        str | None,
        typer.Option("--covering", metavar="PERSON", help="Whose post is covered; nobody is ended then."),
    ] = None,
    announced: Annotated[
        str | None, typer.Option("--announced", metavar="DATE", help="The day it was announced.")
    ] = None,
    nominated_by: Annotated[
        list[str] | None,
        typer.Option("--nominated-by", metavar="BODY", help="Who nominated; several times for several."),
    ] = None,
    on_behalf_of: Annotated[
        str | None, typer.Option("--on-behalf-of", metavar="BODY", help="Whose representative it is, if one.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="What a reader must know.")] = None,
) -> None:
    """Record that somebody was appointed to a role.

    Whoever held a single seat is ended on the day before, and so is its vacancy: you are told.
    """
    from kmics_cli.acts import seats

    found = editing.role(role)
    id = _who(editing, person, new_person, honorific)
    seats.appoint(
        editing.draft,
        found,
        id,
        editing.date(start, "--from", editing.about(*_HELD, "from")),
        editing.sources(),
        capacity=capacity,
        term_ends=editing.maybe(term_ends, "--term-ends"),
        covering=editing.person(covering).id if covering else None,
        announced=editing.maybe(announced, "--announced"),
        nominated_by=editing.bodies(nominated_by or ()),
        on_behalf_of=editing.body(on_behalf_of).id if on_behalf_of else None,
        note=note,
    )
    editing.carry_out()


def _who(editing: Editing, person: str | None, name: str | None, honorific: str | None) -> str:
    """Return the id of whoever is appointed, added if they are new."""
    from kmics_cli.acts.draft import id_for
    from kmics_cli.model import NOT_NAMED

    if name is None:
        return NOT_NAMED if person == NOT_NAMED else editing.person(person).id
    if person is not None:
        raise UserError("A person was named, and --new-person given too.", "Give one of the two.")
    name = " ".join(name.split())
    if same := [one for one in editing.draft.registry.people.values() if one.name.casefold() == name.casefold()]:
        told = f"There is a person of that name already: {same[0].id}."
        raise UserError(told, f"If it is the same, give {same[0].id}; if not, kmics add person --id first.")
    id = id_for(name)
    editing.draft.new("people", id, {"name": name, **({"honorific": honorific} if honorific else {})})
    return id


def end(
    editing: Editing,
    role: RoleArgument = None,
    person: PersonArgument = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day.")] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", help="Only as the source puts it: term-ended, resigned, retired and others."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also end the other roles that the person was appointed to.")
    ] = False,
) -> None:
    """Record that somebody left a role, on the last day in it. The person's other roles are listed.

    Seats that go with the post end by themselves.
    """
    from kmics_cli.acts import seats

    found = editing.role(role)
    held = editing.held(found, person)
    day, sources, draft = editing.date(last, "--to", editing.about(*_HELD, "to")), editing.sources(), editing.draft
    seats.end(draft, found, held, day, sources, reason)
    more = list(seats.others(draft.registry, held.person, [held])) if held.person != "not-named" else []
    for other, one in more:
        if every:
            seats.end(draft, other, one, day, sources, reason)
    if more and not every:
        draft.left.append(
            f"Other roles still open: {', '.join(other.ref for other, _ in more)}. End them too with --all."
        )
    editing.carry_out()


def vacate(
    editing: Editing,
    role: RoleArgument = None,
    person: PersonArgument = None,
    start: FromOption = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day, if it is over.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why, only as the source puts it.")] = None,
    cover: Annotated[
        str | None,
        typer.Option("--cover", help="How the work is covered without a holder. An interim is appointed."),
    ] = None,
) -> None:
    """Record that a source says a seat is vacant. Whoever held a single seat is ended on the day before."""
    from kmics_cli.acts import seats

    found = editing.role(role)
    held: Appointment | None = None
    if person is not None or (found.seats == 1 and any(one.to is None for one in found.appointments)):
        held = editing.held(found, person)
    day = editing.date(start, "--from", editing.about(*_HELD, "from"))
    seats.vacate(
        editing.draft,
        found,
        day,
        editing.sources(),
        held=held,
        last=editing.maybe(last, "--to"),
        reason=reason,
        cover=cover,
    )
    editing.carry_out()


def reappoint(
    editing: Editing,
    role: RoleArgument = None,
    person: PersonArgument = None,
    start: FromOption = None,
    term_ends: Annotated[
        str | None, typer.Option("--term-ends", metavar="DATE", help="The day the new term runs out.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="What a reader must know.")] = None,
) -> None:
    """Record a further term of office: who is reappointed neither leaves nor joins."""
    from kmics_cli.acts import seats

    held = editing.held(editing.role(role), person)
    day = editing.date(start, "--from", editing.about(*_HELD, "terms", 0, "from"))
    ends = editing.date(term_ends, "--term-ends", editing.about(*_HELD, "terms", 0, "ends"))
    seats.reappoint(editing.draft, held, day, ends, editing.sources(), note)
    editing.carry_out()


def extend(
    editing: Editing,
    role: RoleArgument = None,
    person: PersonArgument = None,
    term_ends: Annotated[
        str | None, typer.Option("--term-ends", metavar="DATE", help="The day the term runs out now.")
    ] = None,
) -> None:
    """Record that the present term of office was extended."""
    from kmics_cli.acts import seats

    found: Role = editing.role(role)
    ends = editing.date(term_ends, "--term-ends", editing.about(*_HELD, "terms", 0, "ends"))
    seats.extend(editing.draft, found, editing.held(found, person), ends, editing.sources())
    editing.carry_out()


EXAMPLES = {
    "appoint": (
        'kmics appoint BODY/ROLE "NAME" --from "1 July 2022" --source "DOCUMENT line 4"',
        'kmics appoint BODY/ROLE --new-person "NAME" --capacity interim --from 2022-07-01 --source "DOCUMENT line 4"',
    ),
    "end": (
        'kmics end BODY/ROLE --to "30 June 2023" --reason resigned --source "DOCUMENT line 4"',
        'kmics end BODY/ROLE "NAME" --to unknown --source "DOCUMENT line 4" --dry-run',
    ),
    "vacate": (
        'kmics vacate BODY/ROLE --from "1 July 2023" --source "DOCUMENT line 4"',
        'kmics vacate BODY/ROLE --from 2023-07-01 --cover "Shared between two directors" --source "DOCUMENT line 4"',
    ),
    "reappoint": (
        'kmics reappoint BODY/ROLE --from "1 July 2025" --term-ends "30 June 2028" --source "DOCUMENT line 4"',
        'kmics reappoint BODY/ROLE "NAME" --from 2025-07-01 --term-ends 2028-06-30 --source "DOCUMENT line 4" --dry-run',
    ),
    "extend": (
        'kmics extend BODY/ROLE --term-ends "30 September 2029" --source "DOCUMENT line 4"',
        'kmics extend BODY/ROLE "NAME" --term-ends 2029-09-30 --source "DOCUMENT line 4" --commit',
    ),
}
"""Two examples of each command, shown in its help; a test runs them with real names in place of those in capitals."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands for what happens to a seat to `app`, in a panel of its help."""
    commands: list[tuple[str, Callable[..., None]]] = [
        ("appoint", appoint),
        ("end", end),
        ("vacate", vacate),
        ("reappoint", reappoint),
        ("extend", extend),
    ]
    offered(app, panel, commands, EXAMPLES)
