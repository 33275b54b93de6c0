"""What Git can say of a registry as it lies there: its revision, its day, and whether it has unrecorded edits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kmics_cli.problems import visible
from kmics_cli.snapshot.folder import FOLDERS, MARK, Snapshot, composed
from kmics_cli.snapshot.git import GitError, git

_COMMITTER = re.compile(rb"^committer .*> (-?\d{1,12}) ([+-])(\d\d)(\d\d)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be said of the registry as a whole; None is "not known", and `why` says why.

    `revision` is the short id of HEAD's commit; `as_of` the ISO day, in the committer's own time zone, of the
    last commit that touched the registry's folder; `unrecorded_edits` whether its files differ from HEAD's.
    """

    revision: str | None
    as_of: str | None
    unrecorded_edits: bool | None
    why: str = ""


def standing(root: Path, snapshot: Snapshot, environ: Mapping[str, str] | None = None) -> Standing:
    """Say which revision the registry in `root` stands on, its date, and whether it has unrecorded edits.

    `snapshot` is what `read_folder` read there. Its texts are compared with HEAD's by their ids, a difference
    in line ends alone being none, so that no index is read or refreshed; what could not be read is left out.
    `environ` (by default the process's) serves to find git and to build its environment. Raises nothing:
    what Git does not know is None, and `why` says why.
    """
    revision = as_of = edits = None
    try:
        shallow, head = head_of(root, environ)
        if head is None:
            return Standing(None, None, True, "Nothing has been committed yet, so nothing dates the registry.")
        revision = head[:12]
        edits = _edited(git(root, "ls-tree", "-r", "-z", head, environ=environ), snapshot)
        if edits is None:
            return Standing(revision, None, True, "The registry's files are not in the last commit.")
        as_of, why = last_touched(root, head, shallow, environ)
    except GitError as error:
        why = str(error)
    return Standing(revision, as_of, edits, why)


def head_of(root: Path, environ: Mapping[str, str] | None) -> tuple[bool, str | None]:
    """Return whether the checkout is a shallow one, and HEAD's commit id, None if there is none."""
    asked = ("rev-parse", "--is-shallow-repository", "--verify", "--end-of-options", "HEAD^{commit}")
    try:
        shallow, head = git(root, *asked, environ=environ).decode("ascii").split()
    except GitError as error:
        if "Needed a single revision" in str(error):
            return False, None
        raise
    return shallow == "true", head


def _recorded(lines: Iterable[bytes]) -> dict[str, str]:
    """Return {path: blob id} of the records among what `ls-tree -r -z` printed, no links or submodules."""
    records = {}
    for line in lines:
        about, _, name = line.partition(b"\t")
        mode, _, blob = about.decode("ascii").split(" ")
        path = composed(name.decode("utf-8", "surrogateescape"))
        if mode in ("100644", "100755") and _is_record(path):
            records[path] = blob
    return records


def _is_record(path: str) -> bool:
    """Whether `read_folder` reads a file at this path, or reports it."""
    return path == MARK or (
        path.partition("/")[0] in FOLDERS and path.endswith(".yaml") and "/" in path and "/." not in path
    )


def _edited(printed: bytes, snapshot: Snapshot) -> bool | None:
    """Whether the snapshot's texts are other than what `ls-tree -r -z` printed; None if that has no records.

    What could not be read is left out.
    """
    lines = set(printed.split(b"\0")[:-1])
    like = next((line.split(b" ")[2].partition(b"\t")[0].decode("ascii") for line in lines), "")
    texts = {}
    for path, text in snapshot.texts.items():
        line = f"100644 blob {blob_id(text, like)}\t{path}".encode("utf-8", "surrogateescape")
        if line in lines:  # as nearly all are; what is left is looked into
            lines.discard(line)
        else:
            texts[composed(path)] = text
    recorded = _recorded(lines)
    if not recorded and len(texts) == len(snapshot.texts):
        return None
    unread = {composed(problem.source.path) for problem in snapshot.problems}
    for path in recorded.keys() - texts.keys():
        steps = visible(path).split("/")
        if unread.isdisjoint("/".join(steps[:depth]) for depth in range(1, len(steps) + 1)):
            return True
    return any(not same_text(text, recorded.get(path, "")) for path, text in texts.items())


def same_text(text: bytes, blob: str) -> bool:
    """Return whether a text is the one with that id, but perhaps for its line ends."""
    if blob_id(text, blob) == blob:
        return True
    return b"\r\n" in text and blob_id(text.replace(b"\r\n", b"\n"), blob) == blob


def blob_id(text: bytes, like: str) -> str:
    """Return the id that Git gives to `text`, by the hash that the id `like` was made with."""
    import hashlib

    data = b"blob %d\0%b" % (len(text), text)
    if len(like) == 64:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def last_touched(root: Path, head: str, shallow: bool, environ: Mapping[str, str] | None) -> tuple[str | None, str]:
    """Return the day of the last commit that touched `root`, or None and why it is not known."""
    commit = git(root, "rev-list", "-1", "--header", head, "--", ".", environ=environ)
    header = commit.partition(b"\n\n")[0]
    if shallow and b"\nparent " in header:
        # The oldest commit of a shallow clone seems to touch everything: Git does not see its parents.
        found = header[: len(head)].decode("ascii")
        if len(git(root, "rev-list", "-1", "--parents", found, environ=environ).split()) == 1:
            help = "run `git fetch --unshallow`, or set `fetch-depth: 0` where CI checks it out"
            return None, f"This checkout lacks the history that would date the registry; {help}."
    day = day_of(header)
    return day, "" if day else "The last commit of the registry bears no date that can be read."


def day_of(header: bytes) -> str | None:
    """Return the day, in ISO form, on which a commit was made where its committer was; None if it bears none."""
    found = _COMMITTER.search(header)
    if not found:
        return None
    offset = timedelta(hours=int(found[3]), minutes=int(found[4])) * (-1 if found[2] == b"-" else 1)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(found[1])) + offset
    except OverflowError:
        return None
    return moment.date().isoformat() if 1000 <= moment.year <= 2999 else None
