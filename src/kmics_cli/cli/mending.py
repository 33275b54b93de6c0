"""The commands for the record itself: correct, confirm, cite, dispute, settle."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.asked import asked
from kmics_cli.cli.editing import Editing, offered
from kmics_cli.cli.governing import BodyArgument
from kmics_cli.problems import UserError

if TYPE_CHECKING:
    from kmics_cli.model import Role

RefArgument = Annotated[
    str | None,
    typer.Argument(metavar="REF", help="An id, body/role, or a name.", autocompletion=complete.refs),
]
OfOption = Annotated[
    str | None,
    typer.Option(
        "--person", metavar="PERSON", help="With a role: whose appointment.", autocompletion=complete.people
    ),
]
WhyOption = Annotated[str | None, typer.Option("--why", help="Why, in a sentence.")]
PreferOption = Annotated[
    int | None, typer.Option("--prefer", metavar="NUMBER", min=1, help="The claim that the record follows, from 1.")
]


def correct(
    editing: Editing,
    ref: RefArgument = None,
    field: Annotated[
        str | None,
        typer.Argument(
            metavar="FIELD", help="What was wrong, such as from, to, capacity, person, term-ends, title."
        ),
    ] = None,
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help="What is right.")] = None,
    person: OfOption = None,
    why: WhyOption = None,
    take_out: Annotated[
        bool, typer.Option("--take-out", help="Take the field out: nothing is known of it.")
    ] = False,
) -> None:
    """Put right what the record had wrong, and say so in it: nothing happened in the world.

    For what changed in the world, use the other commands: end, rename, amend and so on.
    """
    from kmics_cli.acts import statements

    part, role = _part(editing, ref, person, field)
    key = asked(field, "FIELD", "What was wrong, such as from, to, capacity, person, title.")
    wanted = None if take_out else asked(value, "VALUE", "What is right.")
    if wanted is not None:
        wanted = _as_record(editing, key, wanted)
    named = part.source.path.startswith("people/")
    news = statements.recorded(part, key) is None and key.replace("-", "_") != "term_ends"
    sources = [] if named else editing.sources(needed=not news)
    statements.correct(editing.draft, part, key, wanted, why, sources, role=role)
    editing.carry_out()


_DATES = "from to announced term-ends term_ends date made noted published speaks_of speaks-of read review-due review_due".split()


def _as_record(editing: Editing, key: str, value: str) -> str:
    """Return a value as the files have it: days as dates, people, bodies and documents by their ids."""
    if key in _DATES:
        return editing.date(value, key, "")
    if key in ("person", "covering"):
        return value if value == "not-named" else editing.person(value).id
    if key in ("owner", "publisher", "on-behalf-of", "on_behalf_of", "one-of", "one_of"):
        return editing.find(value, "BODY", "bodies", "roles").id
    return value


def _part(editing: Editing, ref: str | None, person: str | None, field: str | None) -> "tuple[Any, Role | None]":
    """Return the record, role or appointment that is meant, and the role of the last two."""
    found = editing.find(ref, "REF")
    if found.kind != "roles":
        if person is not None:
            raise UserError("--person goes with a role.", "Give body/role first.")
        return editing.draft.registry.records(found.kind)[found.id], None
    role = editing.role(found.id)
    if person is not None:
        return editing.held(role, person, ended=True), role
    key = (field or "").replace("-", "_")
    own = editing.draft.shapes.keys("bodies", ("roles", role.id))
    held = (*editing.draft.shapes.keys("bodies", ("roles", role.id, "appointments", 0)), "term_ends")
    if key in held and (key not in own or (key in ("from", "to") and role.appointments)):
        return editing.held(role, None, ended=True), role
    return role, role


def confirm(
    editing: Editing,
    body: BodyArgument = None,
    read: Annotated[
        str | None, typer.Option("--read", metavar="DATE", help="The day it was read. Default: today.")
    ] = None,
    but: Annotated[
        list[str] | None,
        typer.Option(
            "--except", metavar="PERSON", help="Somebody whom it does not show; several times for several."
        ),
    ] = None,
) -> None:
    """Record that a document still shows all that is open in a body: who sits where, who it belongs to."""
    from datetime import date

    from kmics_cli.acts import statements

    found = editing.body(body)
    day = editing.date(read or editing.session.today.isoformat(), "--read", "The day it was read.")
    people = {editing.person(name).id for name in but or ()}
    some = [
        (role, held)
        for role in found.roles.values()
        for held in role.appointments
        if held.to is None and held.person in people
    ]
    if missing := people - {held.person for _role, held in some}:
        raise UserError(
            f"{', '.join(sorted(missing))} holds nothing in {found.name} now.", f"See kmics show {found.id}."
        )
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise UserError("--read is one day.", "Give the day on which the document was read.") from None
    statements.confirm(editing.draft, found, editing.sources(), when, some)
    editing.carry_out()


def cite(
    editing: Editing,
    ref: RefArgument = None,
    person: OfOption = None,
    shows: Annotated[
        str | None, typer.Option("--shows", help="What the place shows: presence, start, end or absence.")
    ] = None,
) -> None:
    """Cite a further document for a record, a role, or somebody's appointment."""
    from kmics_cli.acts import statements

    part, _role = _part(editing, ref, person, None)
    statements.cite(editing.draft, part, editing.sources(), shows)
    editing.carry_out()


def dispute(
    editing: Editing,
    ref: RefArgument = None,
    about: Annotated[str | None, typer.Option("--about", help="The matter, in words.")] = None,
    says: Annotated[
        list[str] | None, typer.Option("--says", help="A claim; one --source for each, in the same order.")
    ] = None,
    affects: Annotated[
        list[str] | None, typer.Option("--affects", help="The role's id or the field that it is about.")
    ] = None,
    prefer: PreferOption = None,
    why: WhyOption = None,
) -> None:
    """Record that sources say different things: each claim is kept, with its source."""
    from kmics_cli.acts import statements

    found = editing.find(ref, "REF")
    body, _, role = found.id.partition("/")
    kind = "bodies" if found.kind == "roles" else found.kind
    matter = asked(about, "--about", "The matter, in words, such as: number of networks.")
    sources = editing.sources()
    if len(says or ()) != len(sources):
        raise UserError("Each claim needs its source.", "Give --says and --source as often, in the same order.")
    statements.dispute(
        editing.draft,
        editing.draft.registry.records(kind)[body],
        matter,
        list(zip(says or (), sources, strict=True)),
        affects=affects or ([role] if role else []),
        prefer=prefer,
        why=why,
    )
    editing.carry_out()


def settle(
    editing: Editing,
    ref: RefArgument = None,
    about: Annotated[str | None, typer.Option("--about", help="Words of the matter, if several are open.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day it was settled. Default: today.")
    ] = None,
    prefer: PreferOption = None,
    why: WhyOption = None,
) -> None:
    """Record that a disagreement was settled, perhaps in favour of one of the claims."""
    from kmics_cli.acts import statements

    found = editing.find(ref, "REF")
    kind = "bodies" if found.kind == "roles" else found.kind
    record = editing.draft.registry.records(kind)[found.id.partition("/")[0]]
    day = editing.date(on or editing.session.today.isoformat(), "--on", "The day it was settled.")
    statements.settle(editing.draft, record, about, day, prefer, why)
    editing.carry_out()


EXAMPLES = {
    "correct": (
        'kmics correct BODY/ROLE from "2 July 2021" --person "NAME" --why "Misread" --source "DOCUMENT line 4"',
        'kmics correct BODY level place --source "DOCUMENT line 4" --dry-run',
    ),
    "confirm": (
        'kmics confirm BODY --read "20 June 2026" --source "DOCUMENT line 4"',
        'kmics confirm BODY --except "NAME" --read 2026-06-20 --source "DOCUMENT line 4" --dry-run',
    ),
    "cite": (
        'kmics cite BODY --source "DOCUMENT line 4"',
        'kmics cite BODY/ROLE --person "NAME" --shows start --source "DOCUMENT line 4" --dry-run',
    ),
    "dispute": (
        'kmics dispute BODY --about "Its size" --says "There are 4" --source "DOCUMENT line 4" --says "There are 5" --source "DOCUMENT line 5"',
        'kmics dispute BODY/ROLE --about "Who sits" --says "A" --source "DOCUMENT line 4" --says "B" --source "DOCUMENT line 5" --prefer 2 --dry-run',
    ),
    "settle": (
        'kmics settle DISPUTED --prefer 1 --why "The minutes say so."',
        "kmics settle DISPUTED --on 2026-06-30 --dry-run",
    ),
}
"""Two examples of each command, shown in its help; a test runs them with real names in place of those in capitals."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands for the record itself to `app`, in a panel of its help."""
    commands: list[tuple[str, Callable[..., None]]] = [
        ("correct", correct),
        ("confirm", confirm),
        ("cite", cite),
        ("dispute", dispute),
    ]
    offered(app, panel, commands, EXAMPLES)
    offered(app, panel, [("settle", settle)], EXAMPLES, without=("sources",))
