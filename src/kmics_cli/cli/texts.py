"""The commands for the files themselves: edit opens one in an editor, fmt gives all the one layout."""

import os
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kmics_cli.cli.asked import agreed, somebody_is_there
from kmics_cli.cli.editing import Editing, offered
from kmics_cli.cli.mending import RefArgument
from kmics_cli.cli.session import RegistryOption
from kmics_cli.problems import UserError, shortened, visible


def edit(editing: Editing, ref: RefArgument = None) -> None:
    """Open a record in your editor, and check it before it is saved: what breaks the record is shown, and opened again.

    The editor is the one that VISUAL or EDITOR names. Nothing is lost that you typed: it is kept in a file if you give up.
    """
    if not somebody_is_there():
        raise UserError("An editor needs a terminal.", "Use the other commands, or open the file yourself.")
    draft = editing.draft
    found = editing.find(ref, "REF")
    kind = "bodies" if found.kind == "roles" else found.kind
    path = draft.registry.records(kind)[found.id.partition("/")[0]].source.path
    before = draft.text(path)
    with tempfile.TemporaryDirectory(prefix="kmics-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / path.rpartition("/")[2]
        copy.write_bytes(before)
        while True:
            _open(editing, copy)
            text = copy.read_bytes()
            if text == before:
                editing.session.write("Nothing was changed.\n")
                return
            draft.changed[path] = text
            try:
                editing.carry_out()
                return
            except typer.Exit as ended:
                if ended.exit_code != 1:
                    raise
                if not agreed("Open it again?"):
                    kept = _kept(text, copy.name)
                    editing.session.say(f"What you typed is in {visible(str(kept))}.")
                    raise


def _open(editing: Editing, file: Path) -> None:
    from kmics_cli.snapshot.started import run_editor

    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    words = (
        shlex.split(named, posix=os.name != "nt") if named else ["notepad"] if sys.platform == "win32" else ["vi"]
    )
    if not run_editor([*words, str(file)]):
        raise UserError(
            f"The editor {shortened(words[0])} did not end well.", "Set EDITOR to the editor that you use.", 3
        )
    editing.session.say("")


def _kept(text: bytes, name: str) -> Path:
    """Keep what was typed, in a file of its own that nobody else reads, and return where."""
    handle, made = tempfile.mkstemp(prefix="kmics-", suffix=f"-{name}")
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    return Path(made)


def fmt(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]...", help="Only these files or folders of the registry.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with 1 if a file is laid out otherwise, and name it."),
    ] = False,
    registry: RegistryOption = None,
    today: Annotated[str | None, typer.Option("--today", hidden=True)] = None,
) -> None:
    """Give the files of the registry the one layout that all have. What they say, and their comments, stay.

    Keys in the schema's order, long texts folded, quotes where another reader would not see text. A file that is so already
    is left alone.
    """
    from kmics_cli.edit import EditError
    from kmics_cli.edit.canonical import canonical
    from kmics_cli.snapshot.journal import Rewrite
    from kmics_cli.snapshot.writing import write

    editing = Editing(registry=registry, today=today)
    session, draft = editing.session, editing.draft
    texts = session.snapshot.texts
    wanted = [session.inside(path).strip("/") for path in paths or ()]
    some = [
        path
        for path in texts
        if not wanted or any(one in ("", ".", path) or path.startswith(f"{one}/") for one in wanted)
    ]
    if wanted and not some:
        raise UserError(f"The registry has no file or folder '{shortened(wanted[0])}'.", "Give a path from here.")
    rewrites, refused = [], []
    for path in some:
        kind = path.partition("/")[0].removesuffix(".yaml")
        try:
            new = canonical(texts[path], lambda pointer, kind=kind: draft.shapes.about(kind, pointer))  # type: ignore[misc]
        except EditError as error:
            refused.append(f"{session.shown_root()}{path}: {error.message} {error.help}")
            continue
        if new != texts[path]:
            rewrites.append(Rewrite(path, texts[path], new))
    for told in refused:
        session.say(told)
    if check:
        session.write("".join(f"{session.shown_root()}{one.path}: laid out otherwise\n" for one in rewrites))
        if rewrites:
            session.write("Run kmics fmt.\n")
    elif rewrites:
        write(editing.root, editing.state, rewrites, editing.since)
        session.write("".join(f"{session.shown_root()}{one.path}: laid out anew\n" for one in rewrites))
    if not rewrites and not refused:
        session.write(f"{len(some)} file{' is' if len(some) == 1 else 's are'} laid out as all are.\n")
    if refused or (check and rewrites):
        raise typer.Exit(1)


EXAMPLES = {
    "edit": ("kmics edit BODY", "kmics edit BODY/ROLE --commit"),
    "fmt": ("kmics fmt --check", "kmics fmt --check registry"),
}
"""Two examples of each command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands for the files themselves to `app`, in a panel of its help."""
    commands: list[tuple[str, Callable[..., None]]] = [("edit", edit)]
    offered(app, panel, commands, EXAMPLES, without=("sources",))
    app.command("fmt", rich_help_panel=panel, epilog="Examples:\n\n" + "\n\n".join(EXAMPLES["fmt"]))(fmt)
