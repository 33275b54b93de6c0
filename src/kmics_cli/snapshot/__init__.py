"""The registry's files as a mapping from path to bytes, and what Git can say about them."""

from kmics_cli.snapshot.checkout import Standing, standing
from kmics_cli.snapshot.folder import FOLDERS, MARK, Snapshot, find_registry, read_folder, shipped_registry
from kmics_cli.snapshot.git import git_program
from kmics_cli.snapshot.history import Changed, History, Step
from kmics_cli.snapshot.revisions import (
    Commit,
    commit_by,
    common_commit,
    find_commit,
    is_name,
    read_revision,
    standing_at,
    tree_of,
)

__all__ = [
    "FOLDERS",
    "MARK",
    "Changed",
    "Commit",
    "History",
    "Snapshot",
    "Standing",
    "Step",
    "commit_by",
    "common_commit",
    "find_commit",
    "find_registry",
    "git_program",
    "is_name",
    "read_folder",
    "read_revision",
    "shipped_registry",
    "standing",
    "standing_at",
    "tree_of",
]
