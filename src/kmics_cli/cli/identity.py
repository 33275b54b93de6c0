"""The commands for which record is which: move-id, combine-records, withhold-name."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kmics_cli.cli.asked import asked
from kmics_cli.cli.editing import Editing, offered
from kmics_cli.cli.mending import RefArgument
from kmics_cli.cli.seating import PersonArgument
from kmics_cli.cli.session import Session
from kmics_cli.problems import visible

if TYPE_CHECKING:
    import re
    from pathlib import Path

_MOST_FILES = 20_000
_MOST_TOLD = 40


def move_id(
    editing: Editing,
    ref: RefArgument = None,
    new: Annotated[str | None, typer.Argument(metavar="NEW", help="The new id.")] = None,
) -> None:
    """Give a record, or a role, another id. Everything then names the new one, and the old one still finds it.

    For a body's new name, use kmics rename: its id stays.
    """
    from kmics_cli.acts import identity

    found = editing.find(ref, "REF")
    wanted = asked(new, "NEW", "The new id: small letters, digits and single hyphens.")
    identity.move_id(editing.draft, found.kind, found.id, wanted)
    editing.carry_out()


def combine_records(
    editing: Editing,
    kept: Annotated[str | None, typer.Argument(metavar="KEEP", help="The record that stays.")] = None,
    other: Annotated[str | None, typer.Argument(metavar="OTHER", help="The record that goes into it.")] = None,
) -> None:
    """Make two records of one and the same thing one. Everything then names the one kept; both ids find it.

    For two bodies that merged, use kmics merge-bodies.
    """
    from kmics_cli.acts import identity

    one = editing.find(kept, "KEEP")
    two = editing.find(other, "OTHER", one.kind)
    identity.combine(editing.draft, one.kind, one.id, two.id)
    editing.carry_out()


def withhold_name(
    editing: Editing,
    person: PersonArgument = None,
    id: Annotated[str | None, typer.Option("--id", hidden=True, help="The opaque id.")] = None,
) -> None:
    """Take a person's name out of the record: an id that says nothing takes its place, and nothing leads back.

    What happened in the seats stays. Notes, titles, quotes and kept papers are searched, and you are told where the name
    remains.
    """
    import secrets

    from kmics_cli.acts import identity

    found = editing.person(person)
    pattern = identity.of_name(found)
    identity.withhold(editing.draft, found, id or f"withheld-{secrets.token_hex(4)}")
    left = list(_remaining(editing, pattern))
    if left:
        editing.draft.left.append(f"Other files of this checkout have the name: {', '.join(left)}.")
    editing.draft.left += [
        "Git keeps every earlier state, and so the name: ask whoever looks after the repository.",
        "What others have published, printed or copied stays as it is.",
    ]
    written = editing.carry_out()
    if left and written.now[0].settings.papers:
        from kmics_cli.cli.rendering import render

        editing.session.write("The kept papers are made anew, since they print the record:\n")
        render(Session(registry=editing.root, today=editing.session.today.isoformat()), None, False)
        left = list(_remaining(editing, pattern))
    where = (
        f"The name remains in these files: {', '.join(left)}."
        if left
        else "No file of this checkout has the name now."
    )
    editing.session.write(f"{where}\n")


def _remaining(editing: Editing, pattern: "re.Pattern[str]") -> "Iterator[str]":
    """Yield the files of the checkout, but for the registry's own, that have a name in them, by path or in their text."""
    from kmics_cli.papers.files import top_of

    root = editing.root.resolve()
    top = top_of(root)
    told = 0
    for path in _files(top):
        if path.is_relative_to(root):
            continue
        where = path.relative_to(top).as_posix()
        try:
            text = path.read_bytes()[:5_000_000].decode("utf-8", "replace")
        except OSError:
            continue
        if pattern.search(where) or pattern.search(text):
            told += 1
            if told > _MOST_TOLD:
                yield "and in more files"
                return
            yield visible(where)


def _files(top: "Path") -> "Iterator[Path]":
    """Yield the plain files below a folder, no link, and none in a folder whose name begins with a dot."""
    import os

    count = 0
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name[0] != "." and name != "node_modules")
        for name in sorted(names):
            path = type(top)(folder) / name
            count += 1
            if count > _MOST_FILES:
                return
            if path.is_file() and not path.is_symlink():
                yield path


EXAMPLES = {
    "move-id": ("kmics move-id BODY another-id", "kmics move-id BODY/ROLE another-role --dry-run"),
    "combine-records": ("kmics combine-records BODY SAME", "kmics combine-records BODY SAME --dry-run"),
    "withhold-name": ('kmics withhold-name "NAME" --dry-run', 'kmics withhold-name "NAME" --yes'),
}
"""Two examples of each command, shown in its help; a test runs them with real names in place of those in capitals."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands for which record is which to `app`, in a panel of its help."""
    commands: list[tuple[str, Callable[..., None]]] = [
        ("move-id", move_id),
        ("combine-records", combine_records),
        ("withhold-name", withhold_name),
    ]
    offered(app, panel, commands, EXAMPLES, without=("sources",))
