"""The commands that ask what was edited in the record: diff and history."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.kept import corrected_in_papers
from kmics_cli.cli.session import Format, Session, days, reads
from kmics_cli.cli.sides import side, twice
from kmics_cli.problems import UserError, shortened

if TYPE_CHECKING:
    from kmics_cli.query import Answered
    from kmics_cli.snapshot import Commit


class FailOn(StrEnum):
    """What makes `diff` fail: a change of this level, or of one above."""

    BREAKING = "breaking"
    CHANGE = "change"
    ANY = "any"


_CI = "For CI"
_CUT = "This checkout lacks what was before (it is shallow): run `git fetch --unshallow`, or set `fetch-depth: 0` in CI."


def diff(
    session: Session,
    revs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REV [REV]]",
            help="Commits, branches, tags or days; BASE...HEAD is from where their ways part. None: HEAD. The second: the files as they are.",
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Show edits of evidence and wording too.")] = False,
    stat: Annotated[bool, typer.Option("--stat", help="Only count, record by record.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if anything differs.", rich_help_panel=_CI)
    ] = False,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on", help="Exit with 1 if there is a change of this level or above.", rich_help_panel=_CI
        ),
    ] = None,
) -> None:
    """Tell what was edited in the record, in words: what happened, was recorded late, or corrects what was said.

    For what happened in the world between two days, use kmics changes; for the commits that changed one thing, kmics history.
    """
    from kmics_cli.diff import LEVELS, changes
    from kmics_cli.diff.answer import compared
    from kmics_cli.places import Places
    from kmics_cli.snapshot.history import History

    with History(session.checkout) as past:
        old, new = _ends(session, revs or ())
        now = session.snapshot if new is None else None
        texts = past.differing_from(old.id, now) if now else past.differing(old.id, new.id if new else old.id)
        sides = [side(session, past, commit, text) for commit, text in zip((old, new), texts, strict=True)]
        found = changes(sides[0][0], sides[1][0], date.fromisoformat(old.day) if old.day else None)
        exact = session.format in (Format.JSON, Format.CSV)
        answer = compared(
            found,
            (old.id, old.day),
            (new.id, new.day) if new else (None, None),
            [[*problems, *twice(one)] for one, problems in sides],
            [Places(text) if exact else None for text in texts],
        )
        session.stand_on(new, sides[1][0].whole)
        if papers := corrected_in_papers(session, [one for one in found if one.group == "corrected"]):
            answer["papers"] = papers
        if len(revs or ()) == 2 and new is not None and _before(session, new, old):
            session.say(
                "The second revision comes before the first, so all is told backwards. Give the earlier one first."
            )
        session.print_edits({**answer, "all": all_ or session.format is not Format.TABLE, "stat": stat})
    level = FailOn.ANY if exit_code else fail_on
    if level is not None:
        least = len(LEVELS) - 1 if level is FailOn.ANY else LEVELS.index(level.value)
        if (
            sides[1][1] or twice(sides[1][0]) or any(LEVELS.index(one.level) <= least for one in found)
        ):  # what cannot be read may be anything
            raise typer.Exit(1)


def _ends(session: Session, revs: Sequence[str]) -> tuple["Commit", "Commit | None"]:
    """Return what is compared: two commits, or one with the files as they are (None)."""
    from kmics_cli.snapshot import common_commit

    if len(revs) > 2:
        raise UserError(
            "At most two revisions are compared.", "Put a day of several words in quotes: '31 January 2026'."
        )
    if len(revs) == 1 and "..." in revs[0]:
        left, _, right = revs[0].partition("...")
        new = session.commit_of(right or "HEAD")
        return common_commit(session.checkout, session.commit_of(left or "HEAD"), new), new
    if len(revs) == 1 and ".." in revs[0]:
        left, _, right = revs[0].partition("..")
        return session.commit_of(left or "HEAD"), session.commit_of(right or "HEAD")
    old = session.commit_of(revs[0] if revs else "HEAD")
    return old, session.commit_of(revs[1]) if len(revs) == 2 else None


def _before(session: Session, one: "Commit", other: "Commit") -> bool:
    """Return whether a commit is one of those that another was built on. Days are not asked: they may say anything."""
    from kmics_cli.snapshot import common_commit

    try:
        return one.id != other.id and common_commit(session.checkout, one, other).id == one.id
    except UserError:
        return False


def history(
    session: Session,
    ref: Annotated[
        list[str],
        typer.Argument(metavar="REF", help="An id, body/role, a name or a code.", autocompletion=complete.refs),
    ],
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Only commits made on this day or later.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="So many commits at most.")] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--every-commit", help="Also the single commits that a merge brought in, in place of the merge."
        ),
    ] = False,
    all_: Annotated[bool, typer.Option("--all", help="Show edits of evidence and wording too.")] = False,
) -> None:
    """Tell the commits that changed what the record says of one thing, newest first, and what each changed.

    For all that was edited between two revisions, use kmics diff; for what happened in the world, kmics changes or timeline.
    """
    from itertools import islice

    from kmics_cli.diff.answer import told_through_time
    from kmics_cli.diff.history import Thing, gone
    from kmics_cli.diff.history import history as told_of
    from kmics_cli.load import lazily
    from kmics_cli.shape import Shapes, schema_folder
    from kmics_cli.snapshot.history import History

    text = " ".join(ref)
    begin = days(since, "--since").first if since is not None else None
    asked_wrongly: UserError | None = None
    with History(session.checkout) as past:
        commit = session.commit or session.commit_of("HEAD")
        shapes = Shapes(schema_folder())
        session.stand_on(commit, lazily(past.texts(commit.id), shapes))
        try:
            found = session.find(text)
            kind, id, notice = found.kind, found.id, found.notice
        except UserError as error:
            was = gone(past, commit.id, text)
            if was is None:
                raise error from None
            kind, id, notice = was, text, f"'{shortened(text)}' is not in the record any more."
            asked_wrongly = error
        thing = Thing(kind, id, session.loaded[0])
        commits = told_of(past, commit.id, thing, shapes, session.moment(begin) if begin else None, every)
        some = list(islice((one for one in commits if one.changes or one.unread or all_), limit))
        if asked_wrongly and not some and not past.cut:
            raise asked_wrongly
        if past.cut:
            notice = f"{notice} {_CUT}".strip()
        answer = told_through_time(thing, some, all_)
        asked = {"all": all_, "limit": limit, "since": begin.isoformat() if begin else None, "cut": past.cut}
        session.print("history", {**answer, **asked}, notice)


def first_and_last(session: Session, kind: str, id: str) -> "Answered | None":
    """Return the commits in which a thing was first recorded and last changed in meaning; None where Git does not say."""
    from kmics_cli.diff.history import Thing, ends
    from kmics_cli.shape import Shapes, schema_folder
    from kmics_cli.snapshot.history import History

    try:
        with History(session.checkout) as past:
            commit = session.commit or session.commit_of("HEAD")
            return ends(past, commit.id, Thing(kind, id, session.loaded[0]), Shapes(schema_folder()))
    except UserError:
        return None


EXAMPLES = {
    "diff": ("kmics diff HEAD~1 HEAD", "kmics diff HEAD --stat"),
    "history": ("kmics history icb-executive/chief-executive", 'kmics history "Adam Doyle" --limit 3'),
}
"""Two real examples of each command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the commands that ask what was edited to `app`, in a panel of its help."""
    for name, command, without in (
        ("diff", diff, ("on", "during", "rev", "sources")),
        ("history", history, ("on", "during", "sources")),
    ):
        epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES[name])
        app.command(name, rich_help_panel=panel, epilog=epilog)(reads(command, without))
