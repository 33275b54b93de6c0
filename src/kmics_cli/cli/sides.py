"""One side of a comparison of records: what of it differs, all that names are looked up in, and what cannot be read."""

from typing import TYPE_CHECKING

from kmics_cli.cli.session import Session

if TYPE_CHECKING:
    from kmics_cli.diff import Side
    from kmics_cli.problems import Problem
    from kmics_cli.snapshot import Commit, Snapshot
    from kmics_cli.snapshot.history import History


def side(
    session: Session, past: "History", commit: "Commit | None", texts: "Snapshot"
) -> tuple["Side", "list[Problem]"]:
    """Return one side of a comparison, and what of it could not be read."""
    from kmics_cli.diff import Side
    from kmics_cli.load import lazily, load
    from kmics_cli.shape import Shapes, schema_folder

    shapes = Shapes(schema_folder())
    registry, problems = load(texts.texts, shapes, texts.problems)
    whole = lazily(past.texts(commit.id) if commit else session.snapshot.texts, shapes)
    unread = {problem.source.path: problem for problem in (*texts.problems, *registry.broken.values())}
    unread.update((p.source.path, p) for p in problems if p.source.path == "kmics.yaml" and p.rule != "yaml-quote")
    return Side(registry, whole, judged=frozenset(texts.texts) | {one.source.path for one in texts.problems}), [
        problem for problem in unread.values() if problem.severity == "error"
    ]


def twice(one: "Side") -> "list[Problem]":
    """Return the ids that a side has twice, so that neither record is compared, as far as they were asked for."""
    return [problem for problem in one.whole.broken.values() if problem.rule == "duplicate-id"]
