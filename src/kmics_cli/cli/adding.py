"""The commands that add to the record: add body, role, person, document, priority, figure, meeting."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.asked import asked
from kmics_cli.cli.editing import Editing, edits
from kmics_cli.cli.governing import BodyArgument
from kmics_cli.problems import UserError, shortened

IdOption = Annotated[str | None, typer.Option("--id", help="The id. Default: as the name suggests.")]
FolderOption = Annotated[
    str, typer.Option("--folder", help="A folder below that of the kind, if the record is sorted so.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="Any other field of docs/registry.md that has one value, or several if given several times.",
    ),
]


def _given(editing: Editing, several: Sequence[str] | None, **values: Any) -> dict[str, Any]:
    """Return the fields given, by name: those with an option of their own, and those given by --set."""
    found: dict[str, Any] = {name.rstrip("_"): value for name, value in values.items() if value is not None}
    for one in several or ():
        name, equals, value = one.partition("=")
        if not equals:
            raise UserError(f"--set {shortened(one)} has no '='.", "Write it as --set FIELD=VALUE.")
        key = name.strip().replace("-", "_")
        found[key] = [*found[key], value] if isinstance(found.get(key), list) else [value]
    for name in ("from", "to", "on", "by", "as_at", "speaks_of", "published", "read", "review_due"):
        if name in found:
            value = found[name] if isinstance(found[name], str) else found[name][0]
            found[name] = editing.date(value, f"--{name}", "")
    return found


def body(
    editing: Editing,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The official name, word for word.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="One of the kinds listed in kmics.yaml.")] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day; unknown if no source gives it.")
    ] = None,
    level: Annotated[
        str | None,
        typer.Option("--level", help="neighbourhood, place, system, region or national, if a source says."),
    ] = None,
    part_of: Annotated[
        str | None, typer.Option("--part-of", metavar="BODY", help="The body it belongs to.")
    ] = None,
    relation: Annotated[
        str | None, typer.Option("--relation", help="With --part-of: such as committee-of, board-of.")
    ] = None,
    id: IdOption = None,
    folder: FolderOption = "",
    more: SetOption = None,
) -> None:
    """Add a body."""
    from kmics_cli.acts import adding

    draft = editing.draft
    called = asked(name, "NAME", _about(editing, "bodies", "name"))
    sort = asked(kind, "--kind", _about(editing, "bodies", "kind"), draft.registry.settings.kinds)
    day = editing.date(start, "--from", _about(editing, "bodies", "from"))
    given = _given(editing, more, kind=sort, from_=day, level=level)
    if part_of is not None:
        what = asked(relation, "--relation", "What it is to the parent, such as committee-of, board-of or part-of.")
        given["part_of"] = [{"body": editing.body(part_of).id, "relation": what}]
    made = adding.record(draft, "bodies", called, given, editing.sources(), id, folder)
    draft.said.append(f"Its id is {made}.")
    editing.carry_out()


def role(
    editing: Editing,
    body: BodyArgument = None,
    title: Annotated[str | None, typer.Argument(metavar="TITLE", help="The official title, word for word.")] = None,
    member_type: Annotated[
        str | None, typer.Option("--member-type", help="Such as chair, executive, non-executive, partner, member.")
    ] = None,
    voting: Annotated[str | None, typer.Option("--voting", help="yes or no, if a source says.")] = None,
    seats: Annotated[
        str | None, typer.Option("--seats", help="How many seats, if more than one; or unknown.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day of the role.")] = None,
    id: IdOption = None,
    more: SetOption = None,
) -> None:
    """Add a role to a body."""
    from kmics_cli.acts import adding

    found = editing.body(body)
    called = asked(title, "TITLE", _about(editing, "bodies", "roles", "x", "title"))
    known = editing.draft.shapes.about("bodies", ("roles", "x", "member_type")).get("enum", ())
    sort = asked(member_type, "--member-type", f"What sort of seat it is: {', '.join(known)}.", known)
    given = _given(editing, more, member_type=sort, voting=voting, seats=seats, from_=start)
    made = adding.role(editing.draft, found, called, given, editing.sources(needed=False), id)
    editing.draft.said.append(f"Its id is {found.id}/{made}.")
    editing.carry_out()


def person(
    editing: Editing,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The name as published, without titles.")
    ] = None,
    honorific: Annotated[
        str | None, typer.Option("--honorific", help="Dr, Professor, Dame, Sir and others.")
    ] = None,
    id: IdOption = None,
    folder: FolderOption = "",
) -> None:
    """Add a person: the name as published, and nothing else."""
    from kmics_cli.acts import adding

    called = asked(name, "NAME", _about(editing, "people", "name"))
    given = _given(editing, None, honorific=honorific)
    made = adding.record(editing.draft, "people", called, given, [], id, folder)
    editing.draft.said.append(f"The id is {made}.")
    editing.carry_out()


def document(
    editing: Editing,
    title: Annotated[str | None, typer.Argument(metavar="TITLE", help="The title as printed.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Such as board-paper, minutes, web-page, news, constitution.")
    ] = None,
    speaks_of: Annotated[
        str | None, typer.Option("--speaks-of", metavar="DATE", help="The day, or days, of which it speaks.")
    ] = None,
    address: Annotated[str | None, typer.Option("--address", help="The web address, if one is known.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", metavar="BODY", help="Who published it.")] = None,
    read: Annotated[str | None, typer.Option("--read", metavar="DATE", help="The day it was read.")] = None,
    public: Annotated[
        str | None,
        typer.Option("--public", help="yes or no. Who is to come can only be cited from what is public."),
    ] = None,
    standing: Annotated[
        str | None,
        typer.Option("--standing", help="instrument, minute, official-paper, official-page, news or personal."),
    ] = None,
    id: IdOption = None,
    folder: FolderOption = "",
    more: SetOption = None,
) -> None:
    """Add a document, so that it can be cited."""
    from kmics_cli.acts import adding

    called = asked(title, "TITLE", _about(editing, "documents", "title"))
    sort = asked(kind, "--kind", _about(editing, "documents", "kind"))
    given = _given(
        editing,
        more,
        kind=sort,
        speaks_of=speaks_of,
        address=address,
        publisher=editing.find(publisher, "BODY", "bodies", "roles").id if publisher else None,
        read=read,
        standing=standing,
        public=public,
    )
    made = adding.record(editing.draft, "documents", called, given, editing.sources(needed=False), id, folder)
    editing.draft.said.append(f"Its id is {made}.")
    editing.carry_out()


def priority(
    editing: Editing,
    of: Annotated[
        str | None, typer.Argument(metavar="PRIORITIES", help="The set of priorities: its id or name.")
    ] = None,
    summary: Annotated[str | None, typer.Argument(metavar="SUMMARY", help="What it says, in our words.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="The official title, word for word.")] = None,
    number: Annotated[str | None, typer.Option("--number", help="Its number. Default: the next one.")] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="BODY", help="Whose they are: makes a new set of that name.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="With --owner: the first day.")
    ] = None,
    id: IdOption = None,
    more: SetOption = None,
) -> None:
    """Add an item to a set of priorities; with --owner, a new set that begins with this item."""
    from kmics_cli.acts import adding

    draft = editing.draft
    if owner is None:
        found = draft.registry.priorities[editing.find(of, "PRIORITIES", "priorities").id]
        text = asked(summary, "SUMMARY", "What it says, in plain English of our own.")
        given = _given(editing, more, summary=text, title=title, number=number)
        made = adding.item(draft, found, given, editing.sources(needed=False))
        draft.said.append(f"It is number {made}.")
    else:
        name = asked(of, "PRIORITIES", "What the set is called.")
        text = asked(summary, "SUMMARY", "What its first item says, in plain English of our own.")
        first = {"number": int(number or 1), **({"title": title} if title else {}), "summary": text}
        whose = editing.find(owner, "BODY", "bodies", "roles").id
        given = _given(editing, more, owner=whose, from_=editing.date(start, "--from", "The first day of the set."))
        made_id = adding.record(draft, "priorities", name, {**given, "items": [first]}, editing.sources(), id, "")
        draft.said.append(f"Its id is {made_id}.")
    editing.carry_out()


def figure(
    editing: Editing,
    ref: Annotated[
        str | None,
        typer.Argument(metavar="REF", help="The body or document it is of.", autocompletion=complete.refs),
    ] = None,
    about: Annotated[str | None, typer.Argument(metavar="ABOUT", help="What is counted.")] = None,
    value: Annotated[str | None, typer.Option("--value", help="The number.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="What it is a number of.")] = None,
    as_at: Annotated[str | None, typer.Option("--as-at", metavar="DATE", help="The day it speaks of.")] = None,
    more: SetOption = None,
) -> None:
    """Add a figure that a source gives. A range is --set low=… --set high=…; what is no number, --set words=…"""
    from kmics_cli.acts import adding

    found = editing.find(ref, "REF", "bodies", "documents")
    owner = editing.draft.registry.records(found.kind)[found.id]
    what = asked(about, "ABOUT", "What is counted, such as: registered patients.")
    given = _given(editing, more, about=what, value=value, unit=unit, as_at=as_at)
    if not {"value", "low", "high", "words"} & given.keys():
        given["value"] = asked(None, "--value", "The number.")
    adding.entry(editing.draft, owner, ("figures",), given, editing.sources())
    editing.carry_out()


def meeting(
    editing: Editing,
    body: BodyArgument = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day.")] = None,
    papers: Annotated[str | None, typer.Option("--papers", metavar="DOCUMENT", help="Its papers.")] = None,
    minutes: Annotated[str | None, typer.Option("--minutes", metavar="DOCUMENT", help="Its minutes.")] = None,
    in_public: Annotated[str | None, typer.Option("--in-public", help="yes or no, if a source says.")] = None,
    more: SetOption = None,
) -> None:
    """Add a meeting of a body, past or to come."""
    from kmics_cli.acts import adding

    found = editing.body(body)
    day = editing.date(on, "--on", "The day of the meeting.")
    named = {
        name: editing.find(one, "DOCUMENT", "documents").id
        for name, one in (("papers", papers), ("minutes", minutes))
        if one is not None
    }
    given = _given(editing, more, on=day, in_public=in_public, **named)
    adding.entry(editing.draft, found, ("meetings", "held"), given, editing.sources(needed=False))
    editing.carry_out()


def _about(editing: Editing, kind: str, *pointer: str) -> str:
    """Return what the schema says of a field."""
    about = editing.draft.shapes.about(kind, pointer)
    known = editing.draft.registry.settings.kinds if pointer == ("kind",) and kind == "bodies" else ()
    listed = f" They are: {', '.join(known)}." if known else ""
    return f"{about.get('description', '')}{listed}"


EXAMPLES = {
    "body": (
        'kmics add body "A New Committee" --kind committee --from "1 July 2026" --source "DOCUMENT line 4"',
        'kmics add body "A New Committee" --kind committee --from unknown --part-of BODY --relation committee-of --source "DOCUMENT line 4" --dry-run',
    ),
    "role": (
        'kmics add role BODY "Deputy Chair" --member-type deputy-chair',
        'kmics add role BODY "Ordinary Member" --member-type member --seats 3 --voting yes --source "DOCUMENT line 4" --dry-run',
    ),
    "person": (
        'kmics add person "SOMEBODY NEW"',
        'kmics add person "SOMEBODY NEW" --honorific Dr --id somebody-else --dry-run',
    ),
    "document": (
        'kmics add document "Board paper, July 2026" --kind board-paper --speaks-of "July 2026"',
        'kmics add document "Minutes, July 2026" --kind minutes --speaks-of 2026-07-14 --id minutes-2026-07 --dry-run',
    ),
    "priority": (
        'kmics add priority PRIORITIES "Shorter waits" --source "DOCUMENT line 4"',
        'kmics add priority "A new set" "Shorter waits" --owner BODY --from 2026-07-01 --source "DOCUMENT line 4" --dry-run',
    ),
    "figure": (
        'kmics add figure BODY "people served" --value 400 --as-at 2026-07-01 --source "DOCUMENT line 4"',
        'kmics add figure BODY "people served" --set "words=almost a quarter" --source "DOCUMENT line 4" --dry-run',
    ),
    "meeting": (
        'kmics add meeting BODY --on "14 July 2026" --in-public yes',
        "kmics add meeting BODY --on 2026-07-14 --papers DOCUMENT --dry-run",
    ),
}
"""Two examples of each command, shown in its help; a test runs them with real names in place of those in capitals."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands that add to the record to `app`, in a panel of its help."""
    inner = typer.Typer(
        no_args_is_help=True, help="Add a body, a role, a person, a document, a priority, a figure or a meeting."
    )
    commands: list[tuple[str, Callable[..., None], tuple[str, ...]]] = [
        ("body", body, ()),
        ("role", role, ()),
        ("person", person, ("sources",)),
        ("document", document, ()),
        ("priority", priority, ()),
        ("figure", figure, ()),
        ("meeting", meeting, ()),
    ]
    for name, command, without in commands:
        inner.command(name, epilog="Examples:\n\n" + "\n\n".join(EXAMPLES[name]))(edits(command, without))
    app.add_typer(inner, name="add", rich_help_panel=panel)
