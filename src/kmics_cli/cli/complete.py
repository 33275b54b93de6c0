"""Completion of ids on the command line: from file names alone, so that it is quick and never fails."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import typer

from kmics_cli.problems import UserError

_MOST_DEPTH = 8  # as deep as records are read from
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # zsh evaluates what it is offered: nothing else may reach it


def _ids(folder: Path, depth: int = 0) -> list[str]:
    found: list[str] = []
    if depth > _MOST_DEPTH:
        return found
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    found.extend(_ids(Path(entry.path), depth + 1))
                elif entry.name.endswith(".yaml") and _ID.fullmatch(entry.name[:-5]):
                    found.append(entry.name[:-5])
    except OSError:
        return []
    return found


def _root(context: typer.Context) -> Path | None:
    from kmics_cli.cli.session import registry_place

    given = context.params.get("registry")
    try:
        return registry_place(Path(given).expanduser() if given else None)[0]
    except (UserError, OSError, RuntimeError):  # RuntimeError: a ~ that is nobody's home
        return None


def refs(context: typer.Context, incomplete: str) -> list[str]:
    """Return the ids that begin with what was typed; after `body/`, the body's roles."""
    root = _root(context)
    if root is None:
        return []
    body, slash, _rest = incomplete.partition("/")
    if slash:
        return sorted(f"{body}/{role}" for role in _roles(root / "bodies", body))
    kinds = ("bodies", "people", "priorities", "documents", "requirements")
    found = [id for kind in kinds for id in _ids(root / kind)]
    return sorted(id for id in found if id.startswith(incomplete))


def _of(kind: str) -> Callable[[typer.Context, str], list[str]]:
    def ids(context: typer.Context, incomplete: str) -> list[str]:
        root = _root(context)
        return sorted(id for id in _ids(root / kind) if id.startswith(incomplete)) if root else []

    return ids


bodies, people, documents = _of("bodies"), _of("people"), _of("documents")
"""Return the ids of bodies, people or documents that begin with what was typed."""


def _roles(folder: Path, body: str) -> list[str]:
    for path in folder.rglob(f"{body}.yaml") if _ID.fullmatch(body) else ():
        from kmics_cli.yamltext import MOST_BYTES, YamlError, decode, read

        try:
            if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
                continue
            data = read(decode(path.read_bytes()))
        except (OSError, YamlError):
            return []
        roles = data.get("roles") if isinstance(data, dict) else None
        return [id for id in roles if _ID.fullmatch(id)] if isinstance(roles, dict) else []
    return []
