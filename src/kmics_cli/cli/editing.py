"""What every editing command shares: its options, and how an edit goes from what was typed to what is written.

What a crash left is settled first. Then: new texts, the registry as it would be, what that newly breaks, the change in
words and line by line; a question; all files or none. Nothing is written before that.
"""

import functools
import inspect
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kmics_cli.cli.asked import agreed, asked, somebody_is_there
from kmics_cli.cli.session import RegistryOption, Session
from kmics_cli.problems import Problem, UserError, shortened, visible

if TYPE_CHECKING:
    from kmics_cli.acts.draft import Draft
    from kmics_cli.model import Appointment, Body, Person, Role
    from kmics_cli.proposal import Proposal
    from kmics_cli.query import Found


class Editing:
    """One edit: the registry that it is of, and how it is to be carried out."""

    def __init__(
        self,
        *,
        sources: Sequence[str] | None = None,
        dry_run: bool = False,
        yes: bool = False,
        commit: bool = False,
        registry: Path | None = None,
        today: str | None = None,
    ) -> None:
        self.session = Session(registry=registry, today=today)
        self._sources = list(sources or ())
        self.dry_run, self.yes, self.commit = dry_run, yes, commit
        if dry_run and (yes or commit):
            raise UserError("--dry-run writes nothing, so it goes with neither --yes nor --commit.", "")

    @functools.cached_property
    def root(self) -> Path:
        """The registry's folder. Raises `UserError` (3) for the one that ships with kmics."""
        root, shipped = self.session.place
        if shipped:
            told = "The registry that ships with kmics is there to be read."
            raise UserError(told, "Go to a checkout of the registry, or name its folder with --registry.", 3)
        return root

    @functools.cached_property
    def state(self) -> Path:
        """The folder for the lock and the journal. Raises `UserError` (3) if there can be none."""
        from kmics_cli.cli.state import users_state
        from kmics_cli.snapshot.state import state_folder

        found = state_folder(self.root, users_state())
        if found is None:
            raise UserError("There is no place for the journal of an edit.", "Set HOME to your own folder.", 3)
        return found

    @functools.cached_property
    def draft(self) -> "Draft":
        """The registry as it is to be. What a crash left is settled before it is read."""
        from kmics_cli.acts.draft import Draft
        from kmics_cli.shape import Shapes, schema_folder
        from kmics_cli.snapshot.journal import recover
        from kmics_cli.snapshot.writing import seen

        self.session.say(recover(self.root, self.state))
        self.since = seen(self.state)
        registry = self.session.loaded[0]
        return Draft(registry, self.session.snapshot.texts, Shapes(schema_folder()), self.session.today)

    def sources(self, needed: bool = True) -> list[str]:
        """Return the citations given, each with the id of a document that there is.

        Asks for one if none was given and one is `needed`. Raises `UserError` (2) for a document that is not there.
        """
        documents = self.draft.registry.documents
        if not self._sources and needed:
            about = "The document that says so, and the place in it, such as: board-2026-09 minute 26/114. A source is never invented."
            self._sources = [asked(None, '--source "DOCUMENT PLACE"', about, documents)]
        return [self._cited(text) for text in self._sources]

    def _cited(self, text: str) -> str:
        name, _, at = " ".join(text.split()).partition(" ")
        registry = self.draft.registry
        if name not in registry.documents:
            former = [one.id for one in registry.mentioning("documents", name) if name in one.former_ids]
            if not former:
                from kmics_cli.query.attendance import meant

                with_help = (
                    "Add it first: kmics add document TITLE --id ID. A source begins with the document's id."
                )
                try:
                    near = meant(name, {id: (one.title,) for id, one in registry.documents.items()}, "documents")
                except UserError:
                    near = []
                told = f"There is no document '{shortened(name)}'."
                raise UserError(told, f"Did you mean {near[0]}?" if near else with_help)
            (name, *_rest) = former
        return f"{name} {at}".strip()

    def about(self, *pointer: str | int) -> str:
        """Return what the schema says of a field of a body's record."""
        return str(self.draft.shapes.about("bodies", pointer).get("description", ""))

    def date(self, text: str | None, option: str, about: str) -> str:
        """Return a day as the files write it, however it was typed; asks for it if it is missing."""
        from kmics_cli.dates import DateError, is_date, typed, written

        given = asked(text, f"{option} DATE", f"{about} Days as people write them: 1 July 2022, July 2022.").strip()
        if is_date(given):
            return given
        try:
            return written(typed(given)).strip('"')
        except DateError as error:
            raise UserError(f"{option} {shortened(given)}: {error.message}", error.help) from None

    def maybe(self, text: str | None, option: str) -> str | None:
        """Return a day as the files write it, or None if none was given."""
        return None if text is None else self.date(text, option, "")

    def find(self, ref: str | None, what: str, *kinds: str) -> "Found":
        """Return the record that is meant, of one of these kinds (all if none); asks for it if it is missing."""
        registry = self.draft.registry
        given = asked(ref, what, _ABOUT.get(what, ""), (id for kind in kinds for id in _ids(registry, kind)))
        found = self._by_id(given) or self.session.find(given)
        self.session.say(found.notice)
        if kinds and found.kind not in kinds:
            told = f"'{shortened(given)}' is {_A[found.kind]}, and {_A[kinds[0]]} is wanted."
            help = ""
            if found.kind == "bodies" and kinds[0] == "roles":
                roles = registry.bodies[found.id].roles
                help = (
                    f"Its roles: {', '.join(f'{found.id}/{id}' for id in roles)}."
                    if roles
                    else "It has no roles yet."
                )
            raise UserError(told, help or "See kmics list.")
        return found

    def _by_id(self, given: str) -> "Found | None":
        """Return the record or role whose id was given, letter for letter, without a search."""
        from kmics_cli.model import KINDS
        from kmics_cli.query import Found

        registry = self.draft.registry
        body, slash, role = given.partition("/")
        if slash:
            return (
                Found("roles", given) if body in registry.bodies and role in registry.bodies[body].roles else None
            )
        kinds = [kind for kind in KINDS if given in registry.records(kind)]
        return Found(kinds[0], given) if len(kinds) == 1 and (kinds[0], given) not in registry.broken else None

    def role(self, ref: str | None) -> "Role":
        """Return the role that is meant."""
        body, _, id = self.find(ref, "ROLE", "roles").id.partition("/")
        return self.draft.registry.bodies[body].roles[id]

    def body(self, ref: str | None) -> "Body":
        """Return the body that is meant."""
        return self.draft.registry.bodies[self.find(ref, "BODY", "bodies").id]

    def person(self, ref: str | None) -> "Person":
        """Return the person who is meant."""
        return self.draft.registry.people[self.find(ref, "PERSON", "people").id]

    def bodies(self, refs: Sequence[str]) -> list[str]:
        """Return the ids of bodies or roles that are named."""
        return [self.find(ref, "BODY", "bodies", "roles").id for ref in refs]

    def held(self, role: "Role", person: str | None, ended: bool = False) -> "Appointment":
        """Return the appointment that is meant: the open one, of the person if one is given; with `ended`, any.

        Raises `UserError` (2) if there is none, or several.
        """
        from kmics_cli.acts.seats import called

        registry = self.draft.registry
        some = [one for one in role.appointments if ended or one.to is None]
        if person is not None:
            id = person if any(one.person == person for one in some) else self.person(person).id
            some = [one for one in some if one.person == id]
            if len(some) > 1:
                some = [one for one in some if one.to is None] or some[-1:]
        if len(some) == 1:
            return some[0]
        names = ", ".join(called(registry, one.person) for one in some)
        if some:
            raise UserError(f"{role.title} is held by several: {names}.", "Say whose appointment is meant.")
        told = f"Nobody is recorded in {role.ref} now."
        if person is not None:
            told = f"{called(registry, self.person(person).id)} does not hold {role.ref}, as far as is recorded."
        raise UserError(told, f"See kmics show {role.ref}.")

    def carry_out(self) -> "Proposal":
        """Show the edit, ask, and write it. Raises `UserError` or exits with 1 if nothing is to be written."""
        from kmics_cli.proposal import propose

        session, draft = self.session, self.draft
        found = propose(session.snapshot, session.loaded, draft.changed, draft.shapes, session.today, session.today)
        if not found.rewrites:
            session.write("The record says so already: nothing to do.\n")
            raise typer.Exit
        session.write(self._told(found))
        if found.refused:
            session.say("Nothing was written: this would break the record. Mend what is said above, and try again.")
            raise typer.Exit(1)
        if self.dry_run:
            session.write("Nothing was written (--dry-run).\n")
            raise typer.Exit
        if not self.yes:
            if not somebody_is_there():
                raise UserError(
                    "Nothing was written: there is nobody to ask.", "Give --yes to write, --dry-run to look."
                )
            if not agreed("Write it?"):
                session.write("Nothing was written.\n")
                raise typer.Exit
        self._write(found)
        return found

    def _write(self, found: "Proposal") -> None:
        from kmics_cli.snapshot.git import expected_prefix
        from kmics_cli.snapshot.writing import write

        session = self.session
        write(self.root, self.state, found.rewrites, self.since)
        paths = [one.path for one in found.rewrites]
        session.write(
            f"Written: {', '.join(paths[:5])}{f' and {len(paths) - 5} more' if len(paths) > 5 else ''}.\n"
        )
        words = _words(found)
        if self.commit:
            from kmics_cli.snapshot.committing import commit, message_of

            made = commit(
                self.root, {one.path: one.after for one in found.rewrites}, message_of(words, self._sources)
            )
            session.write(f"Committed: {made}.\n")
        elif expected_prefix(self.root) is not None:
            where = shlex.quote(visible(session.shown_root().rstrip("/") or "."))
            message = visible(words[0] if words else "Edit the registry")  # never in a command line: it is data
            session.write(f"To commit it: git add {where} && git commit\nAs the message: {message}\n")

    def _told(self, found: "Proposal") -> str:
        """Return what is shown of an edit before it is written."""
        draft = self.draft
        words = [f"  {line}" for line in _words(found)]
        parts = ["This would be recorded:" if found.refused else "This will be recorded:", *words]
        if not words:
            parts = [
                "This would be changed:"
                if found.refused
                else "Only the evidence, the wording or the layout changes:"
            ]
        if draft.said:
            parts += ["", *draft.said]
        if draft.left:
            parts += ["", "Left for you:", *(f"  - {one}" for one in draft.left)]
        parts += ["", found.unified.rstrip("\n")]
        if found.problems:
            parts += ["", "New in kmics validate:", *(self._problem(one) for one in found.problems[:_MOST])]
            if len(found.problems) > _MOST:
                parts.append(f"  … and {len(found.problems) - _MOST} more")
        return "\n".join([*map(_lines, parts), "", ""])

    def _problem(self, one: Problem) -> str:
        place = f"{one.source.path}:{one.line}:{one.column}"
        return f"  {one.severity}: {place}: {one.message} [{one.rule}]\n    {one.help}".rstrip()


_MOST = 20
_MOST_WORDS = 60
_ABOUT = {
    "ROLE": "The role: a body's id, a slash, the role's id. A name does too.",
    "BODY": "The body: its id or its name.",
    "PERSON": "The person: a name or an id.",
}
_A = {
    "bodies": "a body",
    "roles": "a role",
    "people": "a person",
    "documents": "a document",
    "priorities": "a set of priorities",
    "requirements": "a set of requirements",
}


def _ids(registry: Any, kind: str) -> list[str]:
    if kind == "roles":
        return [role.ref for body in registry.bodies.values() for role in body.roles.values()]
    return list(registry.records(kind))


def _lines(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))


def _words(found: "Proposal") -> list[str]:
    """Return what an edit says, in sentences; of evidence and wording only if it says nothing else."""
    words = []
    for one in [one for one in found.changes if one.group != "evidence"] or found.changes:
        where = f"{one.under}: " if one.under and not one.text.startswith(one.under) else ""
        words.append(f"{'Corrected: ' if one.group == 'corrected' else ''}{where}{one.text}")
    words = list(dict.fromkeys(words))
    more = len(words) - _MOST_WORDS
    return [*words[:_MOST_WORDS], f"And {more} more changes."] if more > 0 else words


_HOW = "How to write"
SourcesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar='"DOCUMENT PLACE"',
        help="The document that says so, and where in it. May be given several times.",
    ),
]
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "sources": (SourcesOption, None),
    "dry_run": (
        Annotated[
            bool,
            typer.Option("--dry-run", help="Show what would be done, and write nothing.", rich_help_panel=_HOW),
        ],
        False,
    ),
    "yes": (
        Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.", rich_help_panel=_HOW)],
        False,
    ),
    "commit": (
        Annotated[
            bool, typer.Option("--commit", help="Commit what was written, and nothing else.", rich_help_panel=_HOW)
        ],
        False,
    ),
    "registry": (RegistryOption, None),
    "today": (Annotated[str | None, typer.Option("--today", hidden=True)], None),
}


def edits(command: Callable[..., None], without: Sequence[str] = ()) -> Callable[..., None]:
    """Give a command the options of an editing command, and an `Editing` made of them as its first argument."""
    parameters = list(inspect.signature(command).parameters.values())[1:]

    @functools.wraps(command)
    def wrapper(**values: Any) -> None:
        own = {name: values.pop(name) for name in [parameter.name for parameter in parameters]}
        command(Editing(**values), **own)

    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
        for name, (annotation, default) in _OPTIONS.items()
        if name not in without
    ]
    wrapper.__signature__ = inspect.Signature([*parameters, *added])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in [*parameters, *added]}
    return wrapper


def offered(
    app: typer.Typer,
    panel: str,
    commands: Sequence[tuple[str, Callable[..., None]]],
    examples: dict[str, tuple[str, str]],
    without: Sequence[str] = (),
) -> None:
    """Add editing commands to `app`, in a panel of its help, each with its examples."""
    for name, command in commands:
        app.command(name, rich_help_panel=panel, epilog="Examples:\n\n" + "\n\n".join(examples[name]))(
            edits(command, without)
        )
