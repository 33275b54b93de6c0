"""The kept papers that `papers:` in `kmics.yaml` names: found by name, led back to the record that they were made from,
and searched for what has since been corrected."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kmics_cli.cli.session import Session
from kmics_cli.cli.sides import side
from kmics_cli.problems import UserError, shortened

if TYPE_CHECKING:
    from kmics_cli.diff import Change
    from kmics_cli.events import Stamp
    from kmics_cli.query import Answered
    from kmics_cli.snapshot import Commit

Part = tuple[str, int, list[str]]
"""A stamped part of a kept paper: the paper, the number of its first line, its lines."""
_MOST_REVISIONS = 200  # so many commits are looked for that kept papers name; others are passed over
_MOST_PAPER = 5_000_000  # bytes of a paper that are looked through for its stamp


def paper(session: Session, file: Path) -> Path:
    """Return the paper that is meant: that file, or, where there is none, the kept paper with that name.

    Raises `UserError` (2) if several have it.
    """
    from kmics_cli.papers.files import kept

    with suppress(OSError, ValueError):
        if file.exists():
            return file
    named = session.loaded[0].settings.papers
    if session.place[1] or not named:
        return file
    found = [one for one in kept(session.place[0], named)[0] if _called(one, file)]
    if len(found) > 1:
        told = f"Several kept papers are called {shortened(str(file))}."
        some = "; ".join(shortened(str(one), 200) for one in found[:5])
        raise UserError(told, f"Give the file of one: {some}.")
    return found[0] if found else file


def _called(paper: Path, name: Path) -> bool:
    """Return whether a kept paper is meant by a name: its file's, with or without its ending, and folders before it or not."""
    wanted = name.parts
    return bool(wanted) and wanted in (paper.parts[-len(wanted) :], (*paper.parts[-len(wanted) : -1], paper.stem))


def stamps_of(file: Path) -> "list[Stamp]":
    """Return the stamps of a paper, which are all of one day. Raises `UserError`: (3) if it cannot be read, (2) otherwise.

    They are of one record too; but of a page with marked blocks, each may name the state in which it was last made anew.
    """
    from kmics_cli.events import stamps
    from kmics_cli.papers.files import read_plain

    shown = shortened(str(file), 200)
    data = read_plain(file, _MOST_PAPER, "Give the file of an earlier paper.")
    if data.startswith(b"PK"):  # a Word file
        from kmics_cli.papers.word import stamp_of

        found = stamps(stamp_of(data))
    else:
        found = stamps(data[:_MOST_PAPER].decode("utf-8", "replace"))
    if not found:
        told = f"{shown} has no stamp of kmics, so nothing says which day and which record it was made from."
        help = (
            "Give a paper that kmics wrote (-o paper.md, paper.docx or paper.html), or a day: kmics changes FROM."
        )
        raise UserError(told, help)
    if len({one.day for one in found}) > 1 or (
        any(one.rev for one in found) and len({(one.rev, one.tree) for one in found}) > 1
    ):
        told = f"{shown} has stamps of several days or records."
        raise UserError(told, "Give a paper with one, or a day: kmics changes FROM.")
    of_one = len({one.about for one in found}) == 1
    return found if of_one else [replace(one, about=None) for one in found]


def record_of(session: Session, some: "Sequence[Stamp]", name: str) -> "Commit":
    """Return the commit that a paper was made from; one with the same records, if that is gone.

    Of several states it is the newest: what is older was left so because it was the same in that. `name` is what the paper
    is called. Raises `UserError` (3) where there is none.
    """
    from kmics_cli.snapshot import find_commit
    from kmics_cli.snapshot.history import History

    root = session.checkout
    rev = some[0].rev
    trees = [one.tree for one in some if one.tree]
    try:
        if rev:
            return find_commit(root, rev)
    except UserError:
        if not trees:
            raise
    if trees:
        with History(root) as past:
            found = past.with_folders(find_commit(root, "HEAD").id, trees)
        if found:
            return find_commit(root, next(iter(found.values())))
    told = f"The record that {shortened(name)} was made from is not in this checkout."
    raise UserError(told, "It may lack history: run `git fetch --unshallow`. Or give a day: kmics changes FROM.", 3)


def corrected_in_papers(session: Session, only: "Collection[Change] | None" = None) -> "list[Answered] | None":
    """Return where kept papers printed what has since been corrected: `[{paper, line, correction}]`, by paper and line.

    None where that cannot be told: no kept papers are named, or the record asked is that of neither the files nor HEAD.

    Each stamped part of a kept paper is held against the record it was made from, and that against the record that the
    session asks, if it is that of the files or of HEAD. `paper` is a path from the top of the checkout; `correction` is a
    change as `diff` tells it. With `only`, only these corrections count; of none, nothing is read. What has no stamp, or
    one that leads nowhere here, is passed over.
    """
    named = session.loaded[0].settings.papers
    if not named or session.place[1]:
        return None
    if only is not None and not only:
        return []
    from kmics_cli.diff import changes
    from kmics_cli.diff.answer import as_answer
    from kmics_cli.papers.corrected import pieces, printed
    from kmics_cli.papers.files import kept, read_page, top_of
    from kmics_cli.snapshot.history import History

    parts: dict[Stamp, list[Part]] = {}
    top = top_of(session.place[0])
    for file in kept(session.place[0], named)[0]:
        with suppress(UserError):
            for first, lines, stamp in pieces(read_page(file).decode("utf-8", "replace")):
                parts.setdefault(stamp, []).append((file.relative_to(top).as_posix(), first, lines))
    try:
        now, head = session.commit, session.commit_of("HEAD")
    except UserError:
        return None
    if now is not None and now.id != head.id:
        return None
    marks = None if only is None else {one.fingerprint for one in only}
    told: list[Answered] = []
    with History(session.checkout) as past:
        for commit, some in _by_record(session, past.with_folders, head, parts).items():
            texts = past.differing(commit.id, now.id) if now else past.differing_from(commit.id, session.snapshot)
            old, new = (side(session, past, one, text)[0] for one, text in zip((commit, now), texts, strict=True))
            found = changes(old, new, date.fromisoformat(commit.day) if commit.day else None)
            wrong = [
                one for one in found if one.group == "corrected" and (marks is None or one.fingerprint in marks)
            ]
            for path, first, lines in some if wrong else ():
                told += [
                    {"paper": path, "line": first + index, "correction": as_answer([one])[0]}
                    for index, one in printed(lines, wrong, old.whole)
                ]
    return sorted(told, key=lambda one: (one["paper"], one["line"], one["correction"]["fingerprint"]))


def _by_record(
    session: Session,
    with_folders: "Callable[[str, Collection[str]], dict[str, str]]",
    head: "Commit",
    parts: "Mapping[Stamp, list[Part]]",
) -> "dict[Commit, list[Part]]":
    """Return the parts of papers by the commits that they were made from."""
    from kmics_cli.snapshot import find_commit

    found: dict[Commit, list[Part]] = {}
    left: dict[str, list[Part]] = {}
    known: dict[str, Commit | None] = {}
    for stamp, some in parts.items():
        rev = stamp.rev or ""
        if rev and rev not in known and len(known) < _MOST_REVISIONS:  # each costs a process
            known[rev] = None
            with suppress(UserError):
                known[rev] = find_commit(session.checkout, rev)
        if commit := known.get(rev):
            found.setdefault(commit, []).extend(some)
        elif stamp.tree:
            left.setdefault(stamp.tree, []).extend(some)
    for tree, id in list(with_folders(head.id, left).items())[:_MOST_REVISIONS]:
        found.setdefault(find_commit(session.checkout, id), []).extend(left[tree])
    return found
