"""The registry's files as a mapping from path to bytes, and what Git can say about them.

`snapshot.history` is asked for by its own name, so that only those who read many commits pay for it at the start.
"""

from kmics_cli.snapshot.checkout import Standing, standing
from kmics_cli.snapshot.folder import FOLDERS, MARK, Snapshot, find_registry, read_folder, shipped_registry
from kmics_cli.snapshot.git import git_program
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
from kmics_cli.snapshot.trees import tree_of_files

__all__ = [
    "FOLDERS",
    "MARK",
    "Commit",
    "Snapshot",
    "Standing",
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
    "tree_of_files",
]
