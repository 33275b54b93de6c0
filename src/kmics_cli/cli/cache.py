"""Where the memo of a registry lies: in the user's own cache folder, never in the checkout it speaks of."""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from kmics_cli.cli.state import users_folder

ENVIRONMENT = "KMICS_MEMO"


def memo_file(root: Path) -> Path | str:
    """Return the file for the memo of the registry in `root`, or in words why none is kept."""
    if os.environ.get(ENVIRONMENT, "").strip().lower() in ("off", "0", "no", "false"):
        return f"none is kept: {ENVIRONMENT} is off"
    if os.environ.get("CI", "").strip().lower() not in ("", "0", "false"):
        return "none is kept where CI is set"
    with suppress(OSError, RuntimeError):  # RuntimeError: links that lead to one another
        here = root.resolve()
        folder = users_folder("XDG_CACHE_HOME", ".cache", "Caches")
        if folder is None:
            return "none is kept: this user has no folder for caches"
        folder = folder.resolve() / "kmics"
        checkout = next((above for above in (here, *here.parents) if (above / ".git").exists()), here)
        if folder.is_relative_to(checkout):
            return "none is kept: the folder for caches lies inside this checkout"
        return folder / f"{sha256(os.fsencode(here)).hexdigest()[:32]}.memo"
    return "none is kept: the folder for caches cannot be reached"
