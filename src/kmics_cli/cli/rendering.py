"""The command that keeps pages true: render makes the marked blocks of hand-written Markdown anew, and nothing else."""

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmics_cli.cli.sections import Dated, Section, section
from kmics_cli.cli.session import Session, reads
from kmics_cli.problems import UserError, shortened, visible

if TYPE_CHECKING:
    from kmics_cli.dates import Span
    from kmics_cli.papers.blocks import Marked
    from kmics_cli.papers.render import Looked


def render(
    session: Session,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Pages of Markdown, or folders of them. None: the kept papers that papers: in kmics.yaml names.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a block is out of date, and say which.")
    ] = False,
) -> None:
    """Make the reports in marked blocks of hand-written Markdown anew, and change nothing else in it.

    A block stands between two lines, <!-- kmics:begin composition BODY on=2022-09-20 --> and <!-- kmics:end -->. It takes a
    report, what that is of, on=DAY or during=TIME, level= (of its first heading; 2), title=no, and the report's own options.
    """
    pages = _read(session, files or ())
    _make(session, pages, check)
    if any(page.found for page in pages) and (unread := session.unread()):
        some = "1 file" if len(unread) == 1 else f"{len(unread)} files"
        first = shortened(next(iter(unread)))
        lacking = f"{some} of the registry could not be read ({first}), and pages would lack what is there."
        raise UserError(lacking, "Nothing was written. Run kmics validate, mend what it finds, and render then.", 3)
    stale = {page.shown: page.stale for page in pages if page.stale}
    lost = _lost(session, pages)
    blocks = sum(len(page.found) for page in pages)
    if check:
        told = [
            f"{shown}:{one.block.line}: out of date: {one.block.what}" for shown in stale for one in stale[shown]
        ]
        for page in pages:
            for seen in page.older(lost):
                session.say(f"{page.shown}:{seen.block.line}: {_LOST.format(_state(seen.tree))}")
        if told:
            told.append(f"Run {_mending(session, stale if files else ())}")
            session.write("\n".join(told) + "\n")
            raise typer.Exit(1)
    else:
        told = [*_written(pages, lost)]
    if not told:
        told = [f"{page.shown} has no block." for page in pages if not page.found] if files else []
        some = "1 block is" if blocks == 1 else f"{blocks} blocks are"
        told.append(f"{some} as the record has it." if blocks else "There is no block to make.")
    session.write("\n".join(told) + "\n")


_LOST = "This is as the record has it, but names {}. It is not out of date; kmics render names the present state."


def _state(tree: str | None) -> str:
    return f"the state {tree[:12]}, which no commit up to here has" if tree else "no state of the record"


@dataclass
class _Page:
    """A page of Markdown that was read."""

    file: Path
    shown: str
    data: bytes
    inside: bool  # the registry's own folder
    refused: str = ""  # why it must not be written
    blocks: "list[Marked]" = field(default_factory=list)
    found: "list[Looked]" = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        return self.data.decode("utf-8")

    @property
    def stale(self) -> "list[Looked]":
        """The blocks that are not as they would be made now."""
        from kmics_cli.papers.render import STALE

        return [one for one in self.found if one.how == STALE]

    def older(self, lost: "set[str | None]") -> "Iterator[Looked]":
        """Yield the blocks that are right, and name a state of the record that is lost."""
        from kmics_cli.papers.render import OLDER

        return (
            one for one in self.found if one.how == OLDER and one.tree in lost and (one.tree or not self.inside)
        )


def _read(session: Session, files: Sequence[Path]) -> list[_Page]:
    """Return the pages that are meant, each once. Raises `UserError` (2, 3) with all that is wrong with them."""
    from kmics_cli.papers.files import kept, pages_in, read_page

    root, shipped = session.place
    wrong: list[str] = []
    if files:
        some = [
            (file, visible(str(file)))
            for given in files
            for file in (pages_in(given) if given.is_dir() else (given,))
        ]
    else:
        named = session.loaded[0].settings.papers
        if shipped or not named:
            why = "The registry that ships with kmics keeps" if shipped else "The kmics.yaml of this registry names"
            session.tell_broken()  # perhaps kmics.yaml itself
            raise UserError(f"{why} no papers.", "Give the pages: kmics render FILE.")
        found, wrong = kept(root, named)
        some = [(file, visible(_from_here(file))) for file in found]
    papers: set[Path] | None = None
    pages: dict[Path, _Page] = {}
    for file, shown in some:
        try:
            there = file.resolve()
            page = _Page(file, shown, read_page(file), not shipped and there.is_relative_to(root.resolve()))
            page.text  # noqa: B018  # so that it is decoded here, where what is wrong is told
        except UserError as error:
            wrong.append(error.message)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            wrong.append(f"{shown}:{line}: This is not text in UTF-8, so the page is not read.")
        except (OSError, RuntimeError):  # links that lead to one another
            wrong.append(f"{shown} cannot be read.")
        else:
            if file.is_symlink():
                page.refused = (
                    "This is a link, and links are not followed when pages are written. Give the file itself."
                )
            elif page.inside:
                papers = {*kept(root, session.loaded[0].settings.papers)[0]} if papers is None else papers
                page.refused = "" if there in papers else _INSIDE
            pages.setdefault(there, page)
    if wrong:
        raise UserError("\n".join(wrong), "Nothing was written.", 3)
    return list(pages.values())


_INSIDE = (
    "This lies inside the registry, where only kept papers are written. Move it out, or name its folder under papers: in "
    "kmics.yaml."
)


def _from_here(file: Path) -> str:
    try:
        return Path(os.path.relpath(file)).as_posix()
    except (ValueError, OSError):  # another drive; or the current folder is gone
        return str(file)


_MOST_BLOCKS = 500
_MOST_FAULTS = 50


def _make(session: Session, pages: Iterable[_Page], check: bool) -> None:
    """Find the blocks of the pages, and how they stand. Raises `UserError` (2) with all that is wrong with any of them."""
    from kmics_cli.papers.blocks import Fault, marked
    from kmics_cli.papers.render import looked

    faults: list[tuple[_Page, Fault]] = []
    days: dict[Span, Dated] = {}
    tree: str | None = None
    many = 0
    for page in pages:
        page.blocks, wrong = marked(page.text)
        faults += [(page, fault) for fault in wrong]
        if not page.blocks:
            continue
        if page.refused and not check:
            faults.append((page, Fault(page.blocks[0].line, page.blocks[0].column, page.refused, "")))
        sections: dict[int, Section] = {}
        many += len(page.blocks)
        if many > _MOST_BLOCKS:
            over = f"These pages have more than {_MOST_BLOCKS} blocks, too many to make in one run."
            raise UserError(over, "Nothing was written. Give fewer pages, or split them.", 3)
        if not days:
            session.loaded  # noqa: B018  # what is wrong with the registry as a whole is no fault of a block
            tree = _tree(session)
        for block in page.blocks:
            if block.span not in days:
                days[block.span] = Dated(session, block.span)
            try:
                sections[block.line] = section(days[block.span], block)
            except UserError as error:
                faults.append((page, Fault(block.line, block.ref_column, error.message, error.help)))
        if not faults:
            named = None if page.inside else tree  # what lies in the folder cannot name the folder's id
            page.found = looked(page.text, [(one, sections[one.line]) for one in page.blocks], named)
    if faults:
        told = [
            f"{page.shown}:{one.line}:{one.column}: {one.message} {one.help}".rstrip()
            for page, one in sorted(faults, key=lambda both: (both[0].shown, both[1].line, both[1].column))
        ]
        if len(told) > _MOST_FAULTS:
            told[_MOST_FAULTS:] = [f"And {len(told) - _MOST_FAULTS} more."]
        raise UserError("\n".join(told), "Nothing was written.")
    if days:
        _say_state(session, pages, tree)


def _tree(session: Session) -> str | None:
    """Return the id of the registry's folder as it is asked; None where it has none."""
    from kmics_cli.snapshot.revisions import tree_of
    from kmics_cli.snapshot.trees import tree_of_files

    root, shipped = session.place
    if shipped:
        return None
    return tree_of(root, session.commit.id) if session.commit else tree_of_files(root, session.snapshot)


def _say_state(session: Session, pages: Iterable[_Page], tree: str | None) -> None:
    """Say on the error stream what a reader of the pages cannot know from them."""
    if tree is None:
        why = "it ships with kmics" if session.place[1] else "it is in no Git checkout that can be read"
        session.say(f"The pages do not say which state of the registry they are from: {why}.")
    elif session.commit is None and session.standing.unrecorded_edits:
        session.say("The registry has edits that no commit has: commit it and the pages together.")
    for page in pages:
        if page.inside and page.found:
            session.say(
                f"{page.shown} does not say which state of the registry it is from: it lies in the registry itself."
            )
    session.tell_broken()


def _lost(session: Session, pages: Iterable[_Page]) -> "set[str | None]":
    """Return the states that blocks name, and that neither the present registry nor any commit has: nobody could find them.

    So it is with a page that was made before a last edit of the registry, where both were then committed together.
    """
    from kmics_cli.papers.render import OLDER
    from kmics_cli.snapshot.history import History

    named = {one.tree for page in pages for one in page.found if one.how == OLDER}
    ids = {tree for tree in named if tree is not None}
    lost: set[str | None] = {None}
    if ids and not session.place[1]:
        try:
            with History(session.checkout) as past:
                lost |= past.unknown(ids)
        except UserError:  # no Git, so nothing is known of its commits
            pass
    return lost


def _written(pages: Iterable[_Page], lost: "set[str | None]") -> Iterator[str]:
    """Write the pages that are not as they should be, and yield a line about each."""
    from kmics_cli.papers.files import write_page
    from kmics_cli.papers.render import renewed

    planned = [(page, renewed(page.text, page.found, lost).encode()) for page in pages if page.found]
    done: list[str] = []
    for page, data in planned:
        if data == page.data:
            continue
        try:
            write_page(page.file, page.data, data)
        except UserError as error:
            more = f"Written already: {', '.join(done)}. " if done else ""
            raise UserError(error.message, f"{more}{error.help}", error.code) from None
        done.append(page.shown)
        lines = sorted(one.block.line for one in (*page.stale, *page.older(lost)))
        where = ", ".join(str(line) for line in lines)
        yield f"{page.shown}: made anew: the {'block on line' if len(lines) == 1 else 'blocks on lines'} {where}"


def _mending(session: Session, files: Iterable[str]) -> str:
    return " ".join([f"kmics render{session.again()}", *(shlex.quote(file) for file in files)])


EXAMPLES = {
    "render": ("kmics render --check docs/summaries", "kmics render --check README.md docs/registry.md"),
}
"""Two real examples of the command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the command that renders to `app`, in a panel of its help."""
    epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES["render"])
    without = ("on", "during", "format", "output", "sources")
    app.command("render", rich_help_panel=panel, epilog=epilog)(reads(render, without=without))
