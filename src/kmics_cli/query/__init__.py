"""Questions to a registry: find, show, list, tree, search. Every question takes its day; answers are plain data."""

from kmics_cli.query.answers import Asked
from kmics_cli.query.find import Found, Unreadable, find
from kmics_cli.query.lists import KINDS_LISTED, listed, searched, tree
from kmics_cli.query.parts import Answered

__all__ = ["KINDS_LISTED", "Answered", "Asked", "Found", "Unreadable", "find", "listed", "searched", "tree"]
