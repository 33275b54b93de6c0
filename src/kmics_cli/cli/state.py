"""Where this user's programs keep what must outlast a crash: the journal of an edit, where Git has no folder for it."""

import os
import sys
from pathlib import Path


def users_state() -> Path | None:
    """Return the user's folder for the state of programs, as the system has it, or None."""
    home = os.environ.get("HOME", "")
    if sys.platform == "win32":
        named = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        named = home and f"{home}/Library/Application Support"
    else:
        named = os.environ.get("XDG_STATE_HOME", "")
        if not Path(named).is_absolute():  # to be passed over then, says the XDG specification
            named = home and f"{home}/.local/state"
    return Path(named) / "kmics" if Path(named).is_absolute() else None
