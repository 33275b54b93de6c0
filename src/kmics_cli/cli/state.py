"""The folders in which a user's programs keep what is theirs: caches, and what must outlast a crash."""

import os
import sys
from pathlib import Path


def users_folder(variable: str, below_home: str, on_mac: str) -> Path | None:
    """Return one of the user's folders, as the system has it, or None.

    `variable` names it by the XDG specification, `below_home` is where it is without; Windows has one for all.
    """
    home = os.environ.get("HOME", "")
    if sys.platform == "win32":
        named = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        named = home and f"{home}/Library/{on_mac}"
    else:
        named = os.environ.get(variable, "")
        if not Path(named).is_absolute():  # to be passed over then, says the XDG specification
            named = home and f"{home}/{below_home}"
    return Path(named) if Path(named).is_absolute() else None


def users_state() -> Path | None:
    """Return the folder for the journal of an edit where Git has none, or None."""
    found = users_folder("XDG_STATE_HOME", ".local/state", "Application Support")
    return found / "kmics" if found else None
