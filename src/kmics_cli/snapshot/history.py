"""Two commits of a registry, or all of them, read object by object: what is the same in both is never read.

A folder of a commit has an id that says all that is in it, so whatever has the same id on both sides is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Self

from kmics_cli.problems import Problem, UserError, visible
from kmics_cli.snapshot.checkout import blob_id, day_of, head_of, same_text
from kmics_cli.snapshot.folder import (
    FOLDERS,
    MARK,
    MOST_BYTES_A_FILE,
    MOST_DEPTH,
    MOST_FILES,
    PLAIN_NAME,
    Entry,
    Snapshot,
    composed,
    gathered,
    too_large,
)
from kmics_cli.snapshot.git import GitError, Objects, git
from kmics_cli.snapshot.revisions import TreeEntry, lacking

_MOST_TREE = 20_000_000
_MOST_HISTORY = 256_000_000
_KEPT_TREES = 256
_LARGE_TREE = 20_000  # bytes: some hundred files
_AUTHOR = re.compile(rb"^author (.*?) ?<[^\n]*?> (-?\d{1,12}) ([+-])(\d\d)(\d\d)$", re.MULTILINE)
_COMMITTED = re.compile(rb"^committer [^\n]*> (-?\d{1,12}) ", re.MULTILINE)
_PARENT = re.compile(rb"^parent ([0-9a-f]{40,64})$", re.MULTILINE)
_TREE = re.compile(rb"tree ([0-9a-f]{40,64})\n")

Found = tuple[str, str]
"""What a folder of a commit has under a name: its mode and its id."""
Files = Mapping[str, Found]
Folders = Mapping[str, Collection[str] | None]
"""Folders of a registry, each with the names of the files in it that matter (None: all)."""
_NOTHING: Found = ("", "")


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that a commit changed: its path in the registry, and the ids of its texts before and after (None: none)."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A commit that changed files of the registry: who made it and when (author), what it was called, and the files.

    `trees` are the ids of the registry's folder before and after, `parent` is the first commit before it, `date` the author's day in ISO form where the author was, `moment` the same to the second; None if unreadable.
    """

    commit: str
    parent: str | None
    author: str
    date: str | None
    moment: str | None
    subject: str
    files: tuple[Changed, ...]
    trees: tuple[str | None, str | None] = (None, None)


class History:
    """The commits of the checkout that holds the registry in `root`. Use it in a `with` block.

    Raises UserError (3), from every method, where Git does not answer or lacks an object.
    """

    def __init__(self, root: Path, environ: Mapping[str, str] | None = None) -> None:
        self._root = root
        self._environ = environ
        self._objects = Objects(root, environ)
        self._prefix: list[str] | None = None
        self._trees: dict[str, Files] = {}
        self._count = 0
        self.cut = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._objects.__exit__(kind, error, trace)

    def folder(self, commit: str) -> str | None:
        """Return the id of the registry's folder in a commit; None if the commit has none."""
        with _told():
            found = self._objects.read(commit)
            head = _TREE.match(found[1]) if found else None
            if head is None:
                raise lacking(commit[:12], commit)
            return self._below(head[1].decode("ascii"))

    def _below(self, tree: str) -> str | None:
        if self._prefix is None:
            told = git(self._root, "rev-parse", "--show-prefix", environ=self._environ)
            self._prefix = [
                step for step in told.rstrip(b"\n").decode("utf-8", "surrogateescape").split("/") if step
            ]
        at: str | None = tree
        for step in self._prefix:
            mode, id = self._tree(at).get(step, _NOTHING)
            at = id if _is_folder(mode) else None
        return at

    def _some(self, id: str | None, names: Collection[str] | None) -> Files:
        """Return what stands in a folder under some names, and its folders; all of it for None.

        A large folder is not taken apart where it has no folders in it: each name is looked for.
        """
        if names is None or id is None or id in self._trees:
            return self._tree(id)
        held = self._held(id)
        if len(held) < _LARGE_TREE or b"40000 " in held:
            return self._kept(id, held)
        there: dict[str, Found] = {}
        for name in names:
            at = held.find(b" %b\0" % name.encode())
            if at >= 0:
                there |= _entries(held[held.rfind(b"100", 0, at) : at + len(name) + 2 + len(id) // 2], len(id) // 2)
        return there

    def _tree(self, id: str | None) -> Files:
        """Return what stands in a folder of a commit, by name."""
        if id is None:
            return {}
        known = self._trees.get(id)
        return self._kept(id, self._held(id)) if known is None else known

    def _held(self, id: str) -> bytes:
        found = self._objects.read(id, _MOST_TREE)
        if found is None or len(found[1]) != found[0]:
            raise lacking("a commit", id)
        return found[1]

    def _kept(self, id: str, held: bytes) -> Files:
        if len(self._trees) >= _KEPT_TREES:
            del self._trees[next(iter(self._trees))]
        known = self._trees[id] = _entries(held, len(id) // 2)
        return known

    def day(self, commit: str) -> str | None:
        """Return the day, in ISO form, on which a commit was made where its committer was; None if that is not known."""
        with _told():
            found = self._objects.read(commit)
        return day_of(found[1].partition(b"\n\n")[0]) if found else None

    def text(self, id: str) -> bytes:
        """Return a file's text by its id; nothing of one that is too large to be read."""
        with _told():
            found = self._objects.read(id, MOST_BYTES_A_FILE)
        if found is None:
            raise lacking("a commit", id)
        return found[1]

    def differing(self, old: str, new: str) -> tuple[Snapshot, Snapshot]:
        """Return the registry in two commits, each without the files that are the same in both.

        What is left is judged as `read_folder` judges a folder. The registry's own settings are always there.
        """
        with _told():
            one, other = self.folder(old), self.folder(new)
            paths = {path for path, *_ in self._apart("", one, other, dict.fromkeys(FOLDERS))} | {MARK}
            return self._only(one, paths), self._only(other, paths)

    def differing_from(self, old: str, now: Snapshot) -> tuple[Snapshot, Snapshot]:
        """Return the registry in a commit and as it is read `now` in its folder, each without what is the same in both.

        A difference in line ends alone is none. The registry's own settings are always there.
        """
        with _told():
            tree = self.folder(old)
            held = {composed(path): (path, id) for path, (_mode, id) in self._files("", tree)}
            like = next((id for _path, id in held.values()), "")
            same = set()
            for path, text in now.texts.items():
                _, id = held.get(composed(path), ("", ""))
                if path != MARK and id and (blob_id(text, like) == id or same_text(text, id)):
                    same.add(composed(path))
            then = self._only(tree, {path for name, (path, _id) in held.items() if name not in same} | {MARK})
        texts = {path: text for path, text in now.texts.items() if composed(path) not in same}
        return then, Snapshot(texts, now.problems, now.root)

    def _only(self, tree: str | None, wanted: Collection[str]) -> Snapshot:
        """Return what these files of a registry's folder hold, judged beside all that lies with them, as `read_folder` judges."""
        above = {"/".join(path.split("/")[:depth]) for path in wanted for depth in range(1, path.count("/") + 1)}
        ids: dict[str, str | None] = {"": tree}

        def listing(folder: str) -> list[Entry]:
            entries: list[Entry] = []
            for name, (mode, id) in self._tree(ids.get(folder)).items():
                path = f"{folder}/{name}" if folder else name
                if path in (above if _is_folder(mode) else wanted):
                    ids[path] = id
                entries.append(TreeEntry(name, path, mode))
            return entries

        def read(path: str, shown: str) -> bytes | Problem:
            id = ids.get(path)
            if id is None:
                return b""  # the same on both sides
            found = self._objects.read(id, MOST_BYTES_A_FILE)
            if found is None:
                raise lacking("a commit", id)
            return too_large(shown) if found[0] > MOST_BYTES_A_FILE else found[1]

        found = gathered(self._root, "", listing, read)
        judged = {visible(path) for path in wanted} | {visible(path) for path in above}
        problems = tuple(one for one in found.problems if one.source.path in judged)
        return Snapshot({path: text for path, text in found.texts.items() if path in wanted}, problems, None)

    def _files(self, inside: str, tree: str | None) -> Iterator[tuple[str, Found]]:
        for name, (mode, id) in self._tree(tree).items():
            path = f"{inside}/{name}" if inside else name
            if not _is_folder(mode):
                yield path, (mode, id)
            elif path.partition("/")[0] in FOLDERS or not inside:
                yield from self._files(path, id)

    def texts(self, commit: str) -> Mapping[str, bytes]:
        """Return the registry's records in a commit as `{path: bytes}`, each read when it is asked for."""
        return _Texts(self, self.folder(commit))

    def with_folder(self, commit: str, folder: str) -> str | None:
        """Return the last commit up to `commit` in which the registry's folder has the id `folder`, or None."""
        return self.with_folders(commit, (folder,)).get(folder)

    def with_folders(self, commit: str, folders: Collection[str]) -> dict[str, str]:
        """Return for each of these ids of the registry's folder the last commit up to `commit` that has it, newest first."""
        found: dict[str, str] = {}
        wanted = set(folders)
        with _told():
            asked = ("rev-list", "--header", commit, "--", ".")
            told = git(self._root, *asked, environ=self._environ, most=_MOST_HISTORY) if wanted else b""
            for header in told.split(b"\0")[:-1]:
                id, _, body = header.partition(b"\n")
                folder = self._of(body)
                if folder in wanted:
                    found.setdefault(folder, id.decode("ascii"))
                    if len(found) == len(wanted):
                        break
        return found

    def unknown(self, folders: Collection[str]) -> set[str]:
        """Return those ids of the registry's folder that no commit up to HEAD has.

        None of them where nothing can be said of that: the checkout is a shallow one, or has no commit yet.
        """
        with _told():
            shallow, head = head_of(self._root, self._environ)
        if shallow or head is None or not folders:
            return set()
        return set(folders) - self.with_folders(head, folders).keys()

    def steps(self, commit: str, folders: Folders, since: int | None = None, every: bool = False) -> Iterator[Step]:
        """Yield the commits up to `commit` that changed files in these folders, newest first.

        `folders` gives for each the names of the files that matter, None for all; the names may grow meanwhile.

        By first parents only, or with `every` those too that a merge brought in; then a merge itself counts for what it
        has unlike all its parents. `since`: only those made (committed) after that moment, in seconds since 1970.
        Where a shallow checkout lacks what was before, it ends, and `cut` is true.
        """
        asked = ["rev-list", "--header", "--full-history" if every else "--first-parent"]
        with _told():
            told = git(self._root, *asked, commit, "--", ".", environ=self._environ, most=_MOST_HISTORY)
        headers = told.split(b"\0")[:-1]
        for number, header in enumerate(headers):
            if since is not None and _made(header) < since:
                continue  # and no more than that: a date says nothing about what was before
            following = headers[number + 1] if not every and number + 1 < len(headers) else None
            yield from self._step(header, following, folders)

    def _step(self, header: bytes, following: bytes | None, folders: Folders) -> Iterator[Step]:
        """Yield the step of a commit, if it changed files; `following` is the next in its row, if there is a row.

        Between two commits that Git lists one after the other, nothing touched the registry: so the later one's parent
        has the registry as the earlier one left it, and need not be read.
        """
        id, _, body = header.partition(b"\n")
        head, _, message = body.partition(b"\n\n")
        with _told():
            tree = self._of(body)
            before = [self._of(following.partition(b"\n")[2])] if following is not None else self._parents(head)
            found = [dict(self._files_apart(one, tree, folders)) for one in before]
        files = [found[0][path] for path in found[0] if all(path in other for other in found)] if found else []
        if not files:
            return
        author = _AUTHOR.search(head)
        when = _moment(author) if author else None
        lines = message.decode("utf-8", "replace").strip().splitlines()
        parent = _PARENT.search(head)
        yield Step(
            id.decode("ascii"),
            parent[1].decode("ascii") if parent else None,
            author[1].decode("utf-8", "replace") if author else "",
            when.date().isoformat() if when else None,
            when.isoformat() if when else None,
            lines[0].strip() if lines else "",
            tuple(files),
            (before[0], tree),
        )

    def all_files(self, step: Step, folder: str) -> list[Changed]:
        """Return all files of a folder that a commit changed."""
        with _told():
            return [file for _path, file in self._files_apart(*step.trees, {folder: None})]

    def _of(self, body: bytes) -> str | None:
        """Return the registry's folder in the commit whose text this is."""
        root = _TREE.match(body)
        return self._below(root[1].decode("ascii")) if root else None

    def _parents(self, head: bytes) -> list[str | None]:
        """Return the registry's folder in each parent of a commit: none for the first of all, and none for lack of them."""
        parents = [found[1].decode("ascii") for found in _PARENT.finditer(head)]
        if not parents:
            return [None]
        there = [id for id in parents if self._objects.read(id) is not None]
        self.cut = self.cut or len(there) < len(parents)
        return [self.folder(id) for id in there] if len(there) == len(parents) else []

    def _files_apart(self, before: str | None, tree: str | None, folders: Folders) -> Iterator[tuple[str, Changed]]:
        for path, was, now in self._apart("", before, tree, folders) if tree != before else ():
            if was[1] != now[1] or _is_file(was[0]) != _is_file(now[0]):
                yield path, Changed(path, *(id if _is_file(mode) else None for mode, id in (was, now)))

    def _apart(
        self, inside: str, old: str | None, new: str | None, folders: Folders
    ) -> Iterator[tuple[str, Found, Found]]:
        """Yield the files in these folders that are not the same in both: the path, and what each side has there."""
        names = folders.get(inside.partition("/")[0]) if inside else None
        before, after = self._some(old, names), self._some(new, names)
        for name in sorted({name for name, _found in before.items() ^ after.items()}):
            path = f"{inside}/{name}" if inside else name
            was, now = before.get(name, _NOTHING), after.get(name, _NOTHING)
            if not inside and path not in folders:
                continue
            if _is_folder(was[0]) or _is_folder(now[0]):
                one, other = (id if _is_folder(mode) else None for mode, id in (was, now))
                yield from self._apart(path, one, other, folders)
            if not (_is_folder(was[0]) and _is_folder(now[0])):
                self._count += 1
                if self._count > MOST_FILES:
                    told = f"More than {MOST_FILES:,} files differ, the most that is compared."
                    raise UserError(told, "Compare commits that lie nearer to one another.", 3)
                yield path, was, now


class _Texts(Mapping[str, bytes]):
    """The texts of a registry in a commit by path, each read when it is asked for, and no folder before it is looked into."""

    def __init__(self, history: History, tree: str | None) -> None:
        self._history = history
        self._tree = tree

    def __getitem__(self, path: str) -> bytes:
        *folders, name = path.split("/")
        at = self._tree
        with _told():
            for folder in folders:
                mode, id = self._history._tree(at).get(folder, _NOTHING)
                at = id if _is_folder(mode) else None
            mode, id = self._history._tree(at).get(name, _NOTHING)
        if not (_is_file(mode) and _readable(path)):
            raise KeyError(path)
        return self._history.text(id)

    def __iter__(self) -> Iterator[str]:
        return self._under("", self._tree)

    def under(self, folder: str) -> Iterator[str]:
        """Yield the paths in one of the folders of the registry."""
        with _told():
            mode, id = self._history._tree(self._tree).get(folder, _NOTHING)
        return self._under(folder, id if _is_folder(mode) else None)

    def _under(self, inside: str, tree: str | None) -> Iterator[str]:
        with _told():
            for path, (mode, _id) in self._history._files(inside, tree):
                if _is_file(mode) and _readable(path):
                    yield path

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _told:  # a context manager, used as a function is
    """Turns what Git refuses into a sentence for whoever asked."""

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, GitError):
            told = f"The history of the registry cannot be read. {error}"
            raise UserError(
                told,
                "kmics reads earlier states of a registry only from its Git checkout: install Git, and clone it.",
                3,
            ) from None


def _readable(path: str) -> bool:
    """Whether a file lies, and is named, as records are: `read_folder` looks at the others only to tell them."""
    *folders, name = path.split("/")
    plain = path == MARK or (PLAIN_NAME.fullmatch(name) is not None and len(folders) <= MOST_DEPTH)
    return plain and not any(folder.startswith(".") for folder in folders)


def _entries(data: bytes, length: int) -> Files:
    """Return what a tree object of Git holds; its ids are `length` bytes long."""
    found = re.findall(rb"([0-7]{5,6}) ([^\0]+)\0(.{%d})" % length, data, re.DOTALL)
    return {name.decode("utf-8", "surrogateescape"): (mode.decode("ascii"), id.hex()) for mode, name, id in found}


def _made(header: bytes) -> int:
    """Return when a commit was made, in seconds since 1970; 0 if it does not say."""
    found = _COMMITTED.search(header.partition(b"\n\n")[0])
    return int(found[1]) if found else 0


def _is_folder(mode: str) -> bool:
    return mode in ("40000", "040000")


def _is_file(mode: str) -> bool:
    return mode.startswith("100")  # 100664 too, which old repositories have


def _moment(found: re.Match[bytes]) -> datetime | None:
    offset = timedelta(hours=int(found[4]), minutes=int(found[5])) * (-1 if found[3] == b"-" else 1)
    try:
        moment = datetime.fromtimestamp(int(found[2]), UTC).astimezone(timezone(offset))
    except (OverflowError, ValueError, OSError):
        return None
    return moment if 1000 <= moment.year <= 2999 else None
