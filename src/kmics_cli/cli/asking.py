"""The commands that ask: show, list, tree, search, timeline."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kmics_cli.cli import complete, recording
from kmics_cli.cli.session import Session, reads
from kmics_cli.problems import UserError, shortened

if TYPE_CHECKING:
    from kmics_cli.query import Asked


class ListKind(StrEnum):
    """What can be listed."""

    BODIES = "bodies"
    ROLES = "roles"
    PEOPLE = "people"
    APPOINTMENTS = "appointments"
    PRIORITIES = "priorities"
    DOCUMENTS = "documents"
    MILESTONES = "milestones"
    FIGURES = "figures"


_NAME = "An id, body/role, a name, an alias, a former name, an abbreviation or a code."
Ref = Annotated[list[str], typer.Argument(metavar="REF", help=_NAME, autocompletion=complete.refs)]
_FILTER = "Which ones"


def _filter(name: str, metavar: str, help: str, **more: Any) -> Any:
    return typer.Option(name, metavar=metavar, help=help, rich_help_panel=_FILTER, **more)


def show(session: Session, ref: Ref) -> None:
    """Show one thing, whole: a body, a role, a person, a set of priorities, or a document.

    A body comes with its seats, who holds each on the day, and what can be said of it.
    """
    found = session.find(" ".join(ref))
    answer = session.asked.show(found.kind, found.id)
    if found.kind == "bodies":
        answer["checks"] = _checks(session.asked, found.id)
    if session.sources:
        answer["recorded_in"] = recording.first_and_last(session, found.kind, found.id)
    session.print("show", answer, found.notice)


def _checks(asked: "Asked", id: str) -> dict[str, int] | None:
    """Return the figures of a body's composition checks; None where no duty applies, which is quick to see."""
    from kmics_cli.query.applying import applying

    if next(applying(asked.registry, id), None) is None:
        return None
    from kmics_cli.query.duties import tallied

    return tallied(asked, id)


def list_(
    session: Session,
    kind: Annotated[
        ListKind,
        typer.Argument(
            metavar="KIND",
            help="bodies, roles, people, appointments, priorities, documents, milestones or figures.",
        ),
    ],
    body_kind: Annotated[str | None, _filter("--kind", "KIND", "Of this kind, such as committee.")] = None,
    level: Annotated[
        str | None, _filter("--level", "LEVEL", "neighbourhood, place, system, region or national.")
    ] = None,
    body: Annotated[str | None, _filter("--body", "REF", "Of this body.", autocompletion=complete.bodies)] = None,
    member_type: Annotated[str | None, _filter("--member-type", "TYPE", "Such as chair or non-executive.")] = None,
    state: Annotated[
        str | None, _filter("--state", "STATE", "held, interim, designate, vacant or not-recorded.")
    ] = None,
    person: Annotated[
        str | None, _filter("--person", "REF", "Of this person.", autocompletion=complete.people)
    ] = None,
    status: Annotated[
        str | None, _filter("--status", "STATUS", "Such as in-being, planned, ended, or all.")
    ] = None,
    source: Annotated[
        str | None, _filter("--source", "DOCUMENT", "Resting on this document.", autocompletion=complete.documents)
    ] = None,
    disputed: Annotated[bool, _filter("--disputed", "", "Only where sources disagree.")] = False,
    sort: Annotated[str | None, typer.Option("--sort", metavar="FIELD", help="Sort by this field.")] = None,
    columns: Annotated[str | None, typer.Option("--columns", metavar="A,B,C", help="Show these fields.")] = None,
) -> None:
    """List many things of one kind on the day, filtered and sorted."""
    from kmics_cli.query import listed

    def id_of(text: str | None, kind: str) -> str | None:
        if text is None:
            return None
        found = session.find(text)
        if found.kind != kind:
            raise UserError(f"'{text}' is not one of the {kind}.", f"Try kmics list {kind}.")
        return found.id

    filters = {
        "kind": body_kind,
        "level": level,
        "body": id_of(body, "bodies"),
        "member_type": member_type,
        "state": state,
        "person": id_of(person, "people"),
        "status": status,
        "source": id_of(source, "documents"),
        "disputed": disputed,
    }
    answer = listed(session.asked, kind.value, filters, sort)
    if columns:
        chosen = [
            name.strip().lower().replace(" ", "_").replace("-", "_") for name in columns.split(",") if name.strip()
        ]
        if not chosen:
            raise UserError("--columns names no column.", "Try kmics list --help.")
        known = {name for item in answer["items"] for name in item} if answer["items"] else set(chosen)
        unknown = [name for name in chosen if name not in known]
        if unknown:
            raise UserError(
                f"There is no column '{shortened(unknown[0])}'.", f"There are: {', '.join(sorted(known))}."
            )
        answer["items"] = [{name: item.get(name) for name in chosen} for item in answer["items"]]
        answer["columns"] = chosen
    session.print("list", answer)


def tree(
    session: Session,
    ref: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REF]", help="The body at the top; all if left out.", autocompletion=complete.bodies
        ),
    ] = None,
) -> None:
    """Show the structure below a body on the day. A second parent is a reference, not a copy."""
    from kmics_cli.query import tree as made

    if not ref:
        session.print("tree", made(session.asked, None))
        return
    found = session.find(" ".join(ref))
    if found.kind != "bodies":
        raise UserError(f"'{found.id}' is not a body, so nothing stands below it.", f"Try kmics show {found.id}.")
    session.print("tree", made(session.asked, found.id), found.notice)


def search(
    session: Session,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="One or more words; all must occur.")],
) -> None:
    """Search all names, titles, remits and notes, best first, with where each matched."""
    from kmics_cli.query import searched

    answer = searched(session.asked, " ".join(text))
    session.print("search", answer)
    if not answer["hits"]:
        raise typer.Exit(2)


def timeline(session: Session, ref: Ref) -> None:
    """Tell the dated events of a body, role, person or document in order, predecessors and successors included."""
    from kmics_cli.events import timeline as told

    found = session.find(" ".join(ref))
    if found.kind in ("priorities", "requirements"):
        raise UserError(f"'{found.id}' has no timeline.", f"Try kmics show {found.id}.")
    session.print("timeline", told(session.asked, found.kind, found.id), found.notice)


EXAMPLES = {
    "show": ("kmics show icb-board --on 2022-09-20", 'kmics show "Roger Gough" --sources'),
    "list": ("kmics list bodies --level place", "kmics list appointments --body icb-executive --on 2022-09-20"),
    "tree": ("kmics tree", "kmics tree nhs-kent-and-medway-icb"),
    "search": ("kmics search patient engagement", "kmics search strategy --format json"),
    "timeline": ("kmics timeline nhs-kent-and-medway-icb", "kmics timeline icb-executive/chief-digital-officer"),
}
"""Two real examples of each command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands that ask to `app`, in a panel of its help."""
    for name, command in (
        ("show", show),
        ("list", list_),
        ("tree", tree),
        ("search", search),
        ("timeline", timeline),
    ):
        epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES[name])
        app.command(name, rich_help_panel=panel, epilog=epilog)(reads(command))
