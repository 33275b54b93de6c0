"""Two registries compared: what was edited in the record from the earlier to the later, in words."""

from kmics_cli.diff.changes import Change, Side, changes

__all__ = ["Change", "Side", "changes"]
