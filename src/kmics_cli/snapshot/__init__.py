"""The registry's files as a mapping from path to bytes, and what Git can say about them."""

from kmics_cli.snapshot.folder import FOLDERS, MARK, Snapshot, find_registry, read_folder, shipped_registry
from kmics_cli.snapshot.git import Standing, git_program, read_revision, standing

__all__ = [
    "FOLDERS",
    "MARK",
    "Snapshot",
    "Standing",
    "find_registry",
    "git_program",
    "read_folder",
    "read_revision",
    "shipped_registry",
    "standing",
]
