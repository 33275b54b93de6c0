"""A commit of the files that an edit wrote, and of nothing else, in one's own work tree.

Made of Git's inner commands, none of which runs a filter, a hook, an editor or a program that signs: whatever else is
staged stays staged, and the branch moves only if nobody moved it meanwhile.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from kmics_cli.problems import UserError
from kmics_cli.snapshot.checkout import head_of
from kmics_cli.snapshot.git import GitError, expected_prefix, git

_NAMELESS = ("empty ident", "Please tell me who you are", "unable to auto-detect")


def commit(
    root: Path, files: Mapping[str, bytes | None], message: str, environ: Mapping[str, str] | None = None
) -> str:
    """Commit files of the registry in `root`, by path from there (None: removed), and return the commit's short id.

    Raises `UserError` (3) where Git is missing or refuses, does not know who commits, or a merge is not finished. The
    files stay as they are.
    """
    prefix = expected_prefix(root)
    if prefix is None:
        raise UserError("The registry is not in a Git checkout, so nothing was committed.", "", 3)
    try:
        git_folder = Path(git(root, "rev-parse", "--absolute-git-dir", environ=environ).decode().rstrip("\n"))
        if (git_folder / "MERGE_HEAD").exists() or (git_folder / "rebase-merge").exists():
            told = "A merge or a rebase is not finished here, so nothing was committed."
            raise UserError(told, "Finish it, and commit the files then.", 3)
        _shallow, head = head_of(root, environ)
        lines = []
        for path, data in files.items():
            if data is None:
                lines.append(f"0 {'0' * len(head or '0' * 40)}\t{prefix}{path}")
                continue
            blob = git(root, "hash-object", "-w", "--stdin", "--no-filters", input=data, environ=environ)
            mode = "100755" if (root / path).stat().st_mode & stat.S_IXUSR and os.name != "nt" else "100644"
            lines.append(f"{mode} {blob.decode().strip()}\t{prefix}{path}")
        index = "\n".join([*lines, ""]).encode()
        tree = _tree(root, git_folder, head, index, environ)
        parents = ("-p", head) if head else ()
        made = git(root, "commit-tree", tree, *parents, "-F", "-", input=message.encode(), environ=environ)
        id = made.decode().strip()
        git(root, "update-ref", "-m", "commit: kmics", "HEAD", id, head or "0" * len(id), environ=environ)
        git(root, "update-index", "--add", "--index-info", input=index, environ=environ)
    except GitError as error:
        told, help = f"The files are written, but not committed. {error}", "Commit them yourself."
        if any(sign in str(error) for sign in _NAMELESS):
            told = "The files are written, but not committed: Git does not know who you are."
            help = 'Tell it once with git config --global user.name "…" and user.email "…".'
        raise UserError(told, help, 3) from None
    except OSError as error:
        raise UserError(f"The files are written, but not committed: {error.strerror}.", "", 3) from None
    return id[:12]


def _tree(root: Path, folder: Path, head: str | None, lines: bytes, environ: Mapping[str, str] | None) -> str:
    """Return the id of the tree of HEAD with some files changed; the user's own index is not looked at."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="kmics-") as made:
        index = Path(made) / "index"
        if head:
            git(root, "read-tree", head, environ=environ, index=index)
        git(root, "update-index", "--add", "--index-info", input=lines, environ=environ, index=index)
        return git(root, "write-tree", environ=environ, index=index).decode().strip()


def message_of(words: Sequence[str], sources: Sequence[str]) -> str:
    """Return the message of a commit: the first sentence on a line of its own, then all of them, and the sources."""
    first = words[0] if words else "Edit the registry"
    rest = "\n".join(words[1:])
    cited = "\n".join(f"Source: {source}" for source in sources)
    return "\n\n".join(part for part in (first, rest, cited) if part) + "\n"
