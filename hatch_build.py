"""What the package carries beside its code: the schema, the registry, and a stamp that says how old that is.

A wheel gets them under `kmics_cli/shipped/`; an editable install reads the checkout's own and gets nothing. A
source distribution gets the stamp alone, since whoever builds from it has no Git to ask.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = "stamp.json"


class ShippedHook(BuildHookInterface):
    """Adds the registry, the schema and the stamp to what is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Say what goes in, before the building starts."""
        if version == "editable":
            return
        root = Path(self.root)
        self.folder = TemporaryDirectory(prefix="kmics-stamp-")
        stamp = root / STAMP  # only a source distribution has one
        if not stamp.is_file():
            stamp = Path(self.folder.name) / STAMP
            stamp.write_text(json.dumps(self.stamp(root), indent=2) + "\n", encoding="utf-8", newline="\n")
        if self.target_name == "sdist":
            build_data["force_include"][str(stamp)] = STAMP
            return
        shipped = {root / "registry": "registry", root / "schema": "schema", stamp: STAMP}
        for source, name in shipped.items():
            build_data["force_include"][str(source)] = f"kmics_cli/shipped/{name}"

    def finalize(self, version: str, *_rest: object) -> None:
        """Clear up."""
        if version != "editable":
            self.folder.cleanup()

    def stamp(self, root: Path) -> dict[str, str | bool | None]:
        """Return what kmics itself says of this checkout; where Git does not date it, its newest file does."""
        sys.path.insert(0, str(root / "src"))
        try:
            from kmics_cli.snapshot import read_folder, standing  # nothing but the standard library
        finally:
            sys.path.remove(str(root / "src"))
        registry = root / "registry"
        known = standing(registry, read_folder(registry))
        if known.why:
            self.app.display_warning(known.why)
        return {
            "revision": known.revision,
            "as_of": known.as_of or _newest(registry),
            "unrecorded_edits": bool(known.unrecorded_edits),
        }


def _newest(folder: Path) -> str:
    given = os.environ.get("SOURCE_DATE_EPOCH")
    second = int(given) if given else max(path.stat().st_mtime for path in folder.rglob("*.yaml"))
    return datetime.fromtimestamp(second, UTC).date().isoformat()
