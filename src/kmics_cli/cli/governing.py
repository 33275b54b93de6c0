"""The commands for what happens to a body: rename, close, merge-bodies, amend."""

from collections.abc import Callable
from typing import Annotated

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.editing import Editing, offered
from kmics_cli.cli.seating import FromOption
from kmics_cli.problems import UserError

BodyArgument = Annotated[
    str | None,
    typer.Argument(metavar="BODY", help="The body: its id or a name.", autocompletion=complete.bodies),
]


def rename(
    editing: Editing,
    body: BodyArgument = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The new official name.")] = None,
    start: FromOption = None,
) -> None:
    """Record that a body took a new name. Its id stays, and the old name is kept with its last day.

    For a name that was recorded wrongly, use kmics correct; for another id, kmics move-id.
    """
    from kmics_cli.acts import bodies
    from kmics_cli.cli.asked import asked

    found = editing.body(body)
    new = asked(name, "NAME", "The new official name, word for word.")
    day = editing.date(start, "--from", "The first day of the new name.")
    bodies.rename(editing.draft, found, " ".join(new.split()), day, editing.sources())
    editing.carry_out()


def close(
    editing: Editing,
    body: BodyArgument = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day.")] = None,
) -> None:
    """Record that a body ended, and with it the appointments in it. What goes on pointing at it is listed."""
    from kmics_cli.acts import bodies

    found = editing.body(body)
    bodies.close(editing.draft, found, editing.date(last, "--to", "The last day."), editing.sources())
    editing.carry_out()


def merge_bodies(
    editing: Editing,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="BODY...", help="The bodies that become one.", autocompletion=complete.bodies),
    ] = None,
    into: Annotated[
        str | None, typer.Option("--into", metavar="NAME", help="The name of the new body, or one that carries on.")
    ] = None,
    start: FromOption = None,
    id: Annotated[
        str | None, typer.Option("--id", help="The new body's id. Default: as its name suggests.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="The new body's kind, where the others' kinds differ.")
    ] = None,
) -> None:
    """Record that bodies merged into a new one, or into one that carries on. Nobody is taken over: they are listed.

    For two records of one and the same body, use kmics combine-records.
    """
    from kmics_cli.acts import bodies
    from kmics_cli.cli.asked import asked

    merged = [editing.body(name) for name in names or ()]
    new = asked(into, "--into NAME", "The name of the new body, or the body that carries on.")
    day = editing.date(start, "--from", "The first day on which they are one.")
    registry = editing.draft.registry
    same = [
        one for one in registry.having("bodies", new.casefold().split()) if one.name.casefold() == new.casefold()
    ]
    carrying = registry.bodies.get(new) or next((one for one in same if one.to is None), None)
    bodies.merge(editing.draft, merged, carrying or new, day, editing.sources(), id=id, kind=kind)
    editing.carry_out()


def amend(
    editing: Editing,
    ref: Annotated[
        str | None, typer.Argument(metavar="REF", help="A body, or a role.", autocompletion=complete.refs)
    ] = None,
    field: Annotated[
        str | None,
        typer.Argument(
            metavar="FIELD",
            help="Of a role: seats, voting, title, member-type, nominated-by, appointed-by, approved-by. Of a body: quorum, part-of, governed-by.",
        ),
    ] = None,
    values: Annotated[
        list[str] | None, typer.Argument(metavar="VALUE...", help="What it is from that day on.")
    ] = None,
    start: FromOption = None,
    relation: Annotated[
        str | None, typer.Option("--relation", help="With part-of: what it is to the parent, such as committee-of.")
    ] = None,
) -> None:
    """Record that something of a body or a role is otherwise from a day on. What it was before is kept.

    For what was recorded wrongly, use kmics correct.
    """
    from kmics_cli.acts import bodies
    from kmics_cli.cli.asked import asked
    from kmics_cli.model import Body, Role

    found = editing.find(ref, "REF", "roles", "bodies")
    part: Role | Body = editing.role(found.id) if found.kind == "roles" else editing.body(found.id)
    known = bodies.ROLE_FIELDS if found.kind == "roles" else bodies.BODY_FIELDS
    key = asked(field, "FIELD", f"What changes: {', '.join(known)}.", known).replace("-", "_")
    given = list(values or ()) or [asked(None, "VALUE", "What it is from that day on.")]
    if key in ("nominated_by", "appointed_by", "approved_by", "part_of"):
        given = editing.bodies(given)
    elif key == "governed_by":
        given = [editing.find(one, "DOCUMENT", "documents").id for one in given]
    elif len(given) > 1 and key not in known:
        raise UserError("Put a value of several words in quotes.", "")
    day = editing.date(start, "--from", "The first day on which it is so.")
    bodies.amend(editing.draft, part, key, given, day, editing.sources(), relation=relation)
    editing.carry_out()


EXAMPLES = {
    "rename": (
        'kmics rename BODY "The New Name" --from "1 October 2025" --source "DOCUMENT line 4"',
        'kmics rename BODY "The New Name" --from 2025-10 --source "DOCUMENT line 4" --dry-run',
    ),
    "close": (
        'kmics close BODY --to "31 March 2027" --source "DOCUMENT line 4"',
        'kmics close BODY --to 2027-03-31 --source "DOCUMENT line 4" --dry-run',
    ),
    "merge-bodies": (
        'kmics merge-bodies BODY OTHER --into "The New Name" --from "1 April 2027" --source "DOCUMENT line 4"',
        'kmics merge-bodies OTHER --into BODY --from 2027-04-01 --source "DOCUMENT line 4" --dry-run',
    ),
    "amend": (
        'kmics amend BODY/ROLE seats 3 --from "1 October 2026" --source "DOCUMENT line 4"',
        'kmics amend BODY quorum 4 --from 2026-10-01 --source "DOCUMENT line 4" --dry-run',
    ),
}
"""Two examples of each command, shown in its help; a test runs them with real names in place of those in capitals."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands for what happens to a body to `app`, in a panel of its help."""
    commands: list[tuple[str, Callable[..., None]]] = [
        ("rename", rename),
        ("close", close),
        ("merge-bodies", merge_bodies),
        ("amend", amend),
    ]
    offered(app, panel, commands, EXAMPLES)
