"""Two registries compared: what was edited in the record from the earlier to the later, in words."""

from kmics_cli.diff.changes import Change, Side, changes
from kmics_cli.diff.judged import GROUPS, LEVELS

__all__ = ["GROUPS", "LEVELS", "Change", "Side", "changes"]
