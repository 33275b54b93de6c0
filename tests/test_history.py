"""The record through its commits: what each changed of a thing, and what the record said then. Real repositories."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bless import MINI, run
from kmics_cli.snapshot import find_commit
from kmics_cli.snapshot.history import History
from pulls import git, repository

BOARD = "bodies/audit-committee.yaml"


class Repository:
    """A registry whose commits are made one a day, from 1 June 2026 on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = repository(folder)
        self.days = 1

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        text = file.read_bytes().decode()
        assert text.count(old) == 1, (path, old)
        file.write_bytes(text.replace(old, new).encode())

    def commit(self, subject: str, *words: str) -> str:
        self.days += 1
        self.git("add", "-A")
        self.git("commit", "-qm", subject, *words)
        return self.git("rev-parse", "HEAD")

    def git(self, *words: str) -> str:
        return git(self.folder, *words, day=f"2026-06-{self.days:02}T12:00:00+00:00")

    def history(self, *words: str) -> Any:
        done = run("history", *words, "--format", "json", registry=self.root, today=None)
        assert done.code == 0, done
        return json.loads(done.out)

    def told(self, *words: str) -> list[tuple[str, list[str]]]:
        return [
            (one["subject"], [change["text"] for change in one["changes"]])
            for one in self.history(*words)["commits"]
        ]


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


LEFT = "last day of Wing Commander Vic Whimsy: 5 June 2026"


def leaves(repo: Repository, subject: str = "The chair left") -> str:
    repo.edit(BOARD, "      from: 2024-10-01\n", "      from: 2024-10-01\n      to: 2026-06-05\n")
    return repo.commit(subject)


def test_commits_that_changed_a_thing_newest_first(repo: Repository) -> None:
    repo.edit(BOARD, "name: Audit Committee\n", "# a comment\nname: Audit Committee\n")
    repo.commit("Only a comment")
    left = leaves(repo)
    repo.commit("Nothing at all", "--allow-empty")
    repo.edit("bodies/people-forum.yaml", "name: Nowshire People's Forum\n", "name: Another\n")
    repo.commit("Something else")
    repo.edit(
        BOARD, "  - board-minutes-2026-03 paragraph 18\nsources", "  - board-minutes-2026-03 paragraph 19\nsources"
    )
    repo.commit("A better place")
    assert repo.told("audit-committee")[0] == ("The chair left", [f"Chair of the Audit Committee: {LEFT}"])
    assert [subject for subject, _ in repo.told("audit-committee")] == ["The chair left", "The miniature"]
    assert [subject for subject, _ in repo.told("audit-committee", "--all")] == [
        "A better place",
        "The chair left",
        "The miniature",
    ]
    assert [subject for subject, _ in repo.told("audit-committee/chair")] == ["The chair left", "The miniature"]
    assert [subject for subject, _ in repo.told("audit-committee/member")] == ["The miniature"]
    person = repo.told("Vic Whimsy")
    assert [subject for subject, _ in person] == ["The chair left", "The miniature"]
    assert any(text.startswith("Deputy Chair") for text in person[1][1])
    [first] = repo.history("audit-committee", "--limit", "1")["commits"]
    assert (first["rev"], first["author"], first["day"]) == (left, "A Tester", "2026-06-03")
    assert repo.told("audit-committee", "--since", "2026-06-03") == [repo.told("audit-committee")[0]]
    assert repo.told("audit-committee", "--since", "2026-06-04") == []
    assert [subject for subject, _ in repo.told("audit-committee", "--rev", f"{left}~1")] == ["The miniature"]


def test_moves_and_new_ids_are_followed(repo: Repository) -> None:
    (repo.root / "bodies" / "committees").mkdir()
    (repo.root / BOARD).rename(repo.root / "bodies" / "committees" / "audit-committee.yaml")
    repo.commit("Into a folder of its own")
    path = "bodies/committees/audit-committee.yaml"
    repo.edit(path, "      from: 2024-10-01\n", "      from: 2024-10-01\n      to: 2026-06-05\n")
    repo.commit("The chair left")
    (repo.root / path).rename(repo.root / "bodies" / "audit-and-risk.yaml")
    repo.edit(
        "bodies/audit-and-risk.yaml",
        "name: Audit Committee\n",
        "name: Audit Committee\nformer_ids: [audit-committee]\n",
    )
    repo.edit(
        "bodies/audit-and-risk.yaml",
        "  member:\n    title: Member of",
        "  members:\n    former_ids: [member]\n    title: Member of",
    )
    repo.commit("A new id")
    for words in (["audit-and-risk", "--all"], ["audit-committee", "--all"]):
        assert [subject for subject, _ in repo.told(*words)] == ["A new id", "The chair left", "The miniature"]
    assert repo.told("audit-and-risk", "--all")[0][1] == [
        "Audit Committee: its id is now audit-and-risk; audit-committee is a former id",
        "Member of the Audit Committee: its id is now members; member is a former id",
    ]
    assert [subject for subject, _ in repo.told("audit-and-risk/members", "--all")] == ["A new id", "The miniature"]


def test_a_file_split_in_two(repo: Repository) -> None:
    text = (repo.root / BOARD).read_bytes().decode()
    start = text.index("  member:\n")
    (repo.root / BOARD).write_bytes(text[:start].encode())
    other = "name: Audit Panel\nkind: committee\nfrom: 2021-07-01\nsources:\n- county-web\nroles:\n" + text[start:]
    (repo.root / "bodies" / "audit-panel.yaml").write_bytes(other.encode())
    repo.commit("In two")
    moved = "Member of the Audit Committee: moved from the record of Audit Committee, where its id was audit-committee/member"
    told = repo.told("audit-panel/member")
    assert told[0] == ("In two", [moved])
    assert [subject for subject, _ in told] == ["In two", "The miniature"]


def test_a_deleted_record_still_has_a_history(repo: Repository) -> None:
    (repo.root / BOARD).unlink()
    repo.commit("Deleted")
    answer = repo.history("audit-committee")
    assert [one["subject"] for one in answer["commits"]] == ["Deleted", "The miniature"]
    assert "is not in the record any more" in answer["notice"]
    assert [subject for subject, _ in repo.told("audit-committee/chair")] == ["Deleted", "The miniature"]
    done = run("history", "never-there", registry=repo.root, today=None)
    assert (done.code, done.out) == (2, "")


def test_a_broken_commit_in_the_middle(repo: Repository) -> None:
    whole = (repo.root / BOARD).read_bytes()
    (repo.root / BOARD).write_bytes(b"name: [\n")
    broken = repo.commit("Broken")
    (repo.root / BOARD).write_bytes(whole)
    repo.commit("Mended")
    answer = repo.history("audit-committee")
    assert [(one["subject"], bool(one["unread"]), len(one["changes"]) > 0) for one in answer["commits"]] == [
        ("Broken", True, False),
        ("The miniature", False, True),
    ]
    done = run("show", "audit-committee", "--rev", broken, registry=repo.root)
    assert done.code == 2
    assert f"{broken[:12]}:" in done.err
    done = run("tree", "--rev", broken, registry=repo.root)
    assert done.code == 0
    assert f"1 file could not be read as {broken[:12]} has it:" in done.err
    text = run("diff", f"{broken}~1", broken, registry=repo.root, today=None).out
    assert "These could not be read on one side" in text
    assert "is deleted" not in text


def branches(repo: Repository) -> None:
    """Make a branch with two commits, and another with one."""
    repo.git("checkout", "-qb", "side")
    repo.edit(BOARD, "      from: 2024-10-01\n", "      from: 2024-10-01\n      announced: 2024-09-01\n")
    repo.commit("Announced, on the side")
    repo.edit(BOARD, "      from: 2024-10-01\n", "      from: 2024-10-01\n      capacity: substantive\n")
    repo.commit("Capacity, on the side")
    repo.git("checkout", "-qb", "third", "main")
    repo.edit("bodies/people-forum.yaml", "name: Nowshire People's Forum\n", "name: Third\n")
    repo.commit("Third")
    repo.git("checkout", "-q", "main")
    repo.edit("bodies/care-trusts.yaml", "name: ", "area: Nowhere\nname: ")
    repo.commit("On main")


def test_a_merge_is_one_step_and_its_commits_are_told_on_request(repo: Repository) -> None:
    branches(repo)
    repo.days += 1
    repo.git("merge", "-q", "--no-ff", "-m", "Merged", "side")
    assert next((subject, len(changes)) for subject, changes in repo.told("audit-committee/chair")) == ("Merged", 2)
    every = [subject for subject, _ in repo.told("audit-committee/chair", "--every-commit")]
    assert every == ["Capacity, on the side", "Announced, on the side", "The miniature"]


def test_an_octopus(repo: Repository) -> None:
    branches(repo)
    repo.days += 1
    repo.git("merge", "-q", "-m", "Octopus", "side", "third")
    assert len(repo.git("rev-list", "--parents", "-1", "HEAD").split()) == 4
    assert [subject for subject, _ in repo.told("audit-committee/chair")] == ["Octopus", "The miniature"]
    assert repo.told("people-forum")[0][0] == "Octopus"
    assert repo.told("people-forum", "--every-commit")[0][0] == "Third"
    done = run("diff", "main~1...side", "--format", "json", registry=repo.root, today=None)
    assert [one["change"] for one in json.loads(done.out)["changes"]] == [
        "appointment-capacity",
        "appointment-announced",
    ]


def test_a_rebase_changes_ids_and_dates_and_not_what_is_told(repo: Repository) -> None:
    branches(repo)
    before = repo.told("audit-committee/chair", "--rev", "side")
    repo.days += 1
    repo.git("checkout", "-q", "side")
    repo.git("rebase", "-q", "main")
    assert repo.told("audit-committee/chair", "--rev", "side") == before
    marks = [[c["fingerprint"] for c in one["changes"]] for one in repo.history("audit-committee/chair")["commits"]]
    assert len({mark for some in marks for mark in some}) == sum(map(len, marks))


def test_a_shallow_clone_says_where_it_ends(repo: Repository, tmp_path: Path) -> None:
    leaves(repo)
    repo.commit("Nothing", "--allow-empty")
    git(tmp_path, "clone", "-q", "--depth=2", repo.folder.as_uri(), "shallow")
    root = tmp_path / "shallow" / "registry"
    answer = json.loads(run("history", "audit-committee", "--format", "json", registry=root, today=None).out)
    assert answer["commits"] == []
    assert "git fetch --unshallow" in answer["notice"]
    done = run("diff", "HEAD~2", registry=root, today=None)
    assert done.code == 3
    assert "git fetch --unshallow" in done.err
    done = run("show", "audit-committee", "--rev", "2026-06-01", registry=root)
    assert done.code == 3
    assert "git fetch --unshallow" in done.err


def test_hostile_configuration_runs_nothing(repo: Repository) -> None:
    leaves(repo)
    canary = repo.folder / "canary"
    script = repo.folder / "evil"
    script.write_text(f"#!/bin/sh\ntouch {canary}\n", encoding="utf-8")
    script.chmod(0o755)
    for name in (
        "core.fsmonitor diff.external core.pager gpg.program core.sshCommand core.hooksPath core.editor "
        "diff.x.textconv diff.x.command filter.x.smudge filter.x.clean alias.rev-list uploadpack.packObjectsHook"
    ).split():
        git(repo.folder, "config", name, str(script))
    git(repo.folder, "config", "log.showSignature", "true")
    (repo.folder / ".gitattributes").write_text("*.yaml diff=x filter=x\n", encoding="utf-8")
    for words in (
        "diff HEAD~1 HEAD",
        "diff",
        "history audit-committee",
        "show audit-committee --rev HEAD~1",
        "diff main...HEAD",
    ):
        assert run(*shlex.split(words), registry=repo.root, today=None).code == 0
    assert not canary.exists()


def test_a_subject_is_only_text(repo: Repository) -> None:
    leaves(repo, "\x1b[31m @everyone <b> [x](y) ::error:: ")
    for format in ("table", "md"):
        out = run("history", "audit-committee", "--format", format, registry=repo.root, today=None).out
        assert "\x1b" not in out
        assert "\\x1b" in out.replace("\\\\x1b", "\\x1b")
    assert "@everyone" not in out


def test_only_the_files_that_may_speak_of_it_are_read(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        (repo.root / "people" / f"nobody-{number}.yaml").write_bytes(b"name: Nobody Real\n")
        repo.commit(f"Something else {number}")
    leaves(repo)
    read: list[str] = []
    text = History.text

    def counted(self: History, id: str) -> bytes:
        read.append(id)
        return text(self, id)

    monkeypatch.setattr(History, "text", counted)
    repo.history("audit-committee")
    blobs = {repo.git("rev-parse", f"{rev}:registry/{BOARD}") for rev in ("HEAD", "HEAD~1")}
    names = {
        repo.git("rev-parse", f"HEAD:registry/people/{name}.yaml") for name in ("vic-whimsy", "samuel-example")
    }
    assert blobs <= set(read)
    assert len(set(read) - blobs - names) < 12, "names, settings, and nothing of the other commits"


# --- what the record said


def test_a_clean_tree_reads_as_its_commit(repo: Repository) -> None:
    for words in (
        "show audit-committee",
        "tree",
        "list people",
        "search board",
        "timeline nowshire-icb",
        "report checks nowshire-board",
    ):
        now = json.loads(run(*shlex.split(words), "--format", "json", registry=repo.root).out)
        then = json.loads(run(*shlex.split(words), "--format", "json", "--rev", "HEAD", registry=repo.root).out)
        assert then.pop("rev") == repo.git("rev-parse", "HEAD")
        assert now.pop("rev") is None
        now.pop("registry")
        then.pop("registry")
        assert now == then


def test_both_axes_stand_in_the_first_line(repo: Repository) -> None:
    commit = repo.git("rev-parse", "--short=12", "HEAD")
    leaves(repo)
    done = run("show", "audit-committee/chair", "--rev", "HEAD~1", "--on", "2026-06-20", registry=repo.root)
    first = " ".join(done.out.partition("\n\n")[0].split())
    assert (
        first
        == f"Chair of the Audit Committee, Audit Committee, on 20 June 2026, as recorded in {commit} of 1 June 2026"
    )
    assert "Held: Wing Commander Vic Whimsy" in done.out
    assert (
        "Wing Commander Vic Whimsy"
        not in run("show", "audit-committee/chair", "--on", "2026-06-20", registry=repo.root).out.partition(
            "Through time"
        )[0]
    )


@pytest.fixture
def zone() -> Callable[[str], None]:
    """Set the time of the computer; it is set back afterwards."""

    def setter(name: str) -> None:
        os.environ["TZ"] = name
        time.tzset()

    return setter


@pytest.mark.only_on("posix", reason="Windows has no TZ")
def test_a_day_is_the_record_at_its_end_by_the_time_of_this_computer(
    repo: Repository, zone: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    leaves(repo)  # at noon of 2 June, UTC
    first, second = repo.git("rev-parse", "HEAD~1"), repo.git("rev-parse", "HEAD")

    def at(rev: str) -> str:
        done = run("show", "audit-committee", "--rev", rev, "--format", "json", registry=repo.root)
        return str(json.loads(done.out)["rev"]) if not done.code else done.err

    try:
        for name, day, wanted in (
            ("UTC", "1 June 2026", first),
            ("UTC", "2 June 2026", second),
            ("UTC", "June 2026", second),
            ("UTC", "2026", second),
            ("XXX-13", "2 June 2026", first),  # 13 hours ahead: there it was the 3rd already
            ("XXX-13", "3 June 2026", second),
            ("XXX+13", "1 June 2026", second),  # 13 hours behind: there it was the 1st still
        ):
            zone(name)
            assert at(day) == wanted, (name, day)
        zone("UTC")
        assert "Nothing had been recorded yet by the end of 31 May 2026." in at("31 May 2026")
        git(repo.folder, "tag", "2026-06-01")
        assert "is the name of a branch or tag, and also a day" in at("2026-06-01")
        assert at("refs/tags/2026-06-01") == second
        assert at("1 June 2026") == first
        done = run("show", "audit-committee", "--rev", "1 June 2026", registry=repo.root)
        assert "as recorded by the end of 1 June 2026" in " ".join(done.out.split())
    finally:
        monkeypatch.undo()
        time.tzset()


def test_outside_git_and_in_the_shipped_registry_there_is_no_earlier_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = shutil.copytree(MINI, tmp_path / "plain")
    for words in ("show nowshire-icb --rev HEAD", "diff", "history nowshire-icb", "diff HEAD~1 HEAD"):
        done = run(*shlex.split(words), registry=root, today=None)
        assert done.code == 3, done
        assert "not in a Git checkout" in done.err
        monkeypatch.setattr("kmics_cli.cli.session.registry_place", lambda _given: (root, True))
        done = run(*shlex.split(words), registry=None, today=None)
        assert done.code == 3
        assert "ships with kmics has no history" in done.err
        monkeypatch.undo()


def test_no_git_at_all(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.folder / "nowhere"))
    for words in ("show nowshire-icb --rev HEAD", "diff", "history nowshire-icb"):
        done = run(*shlex.split(words), registry=repo.root, today=None)
        assert (done.code, done.out) == (3, "")
        assert "Git is not installed" in done.err


def test_a_commit_from_before_the_registry(repo: Repository) -> None:
    repo.git("checkout", "-q", "--orphan", "other")
    repo.git("rm", "-rqf", ".")
    (repo.folder / "note").write_text("x", encoding="utf-8")
    bare = repo.commit("No registry here")
    repo.git("checkout", "-q", "main")
    done = run("show", "nowshire-icb", "--rev", bare, registry=repo.root)
    assert done.code == 3
    assert "There was no registry here yet" in done.err
    done = run("diff", f"{bare}...main", registry=repo.root, today=None)
    assert done.code == 3
    assert "have no commit in common" in done.err
    answer = json.loads(run("diff", bare, "main", "--format", "json", registry=repo.root, today=None).out)
    assert answer["totals"]["breaking"] == 0
    assert answer["totals"]["late"] > 100


def test_steps_are_read_by_object_ids(repo: Repository) -> None:
    leaves(repo)
    with History(repo.root) as past:
        head = find_commit(repo.root, "HEAD").id
        steps = list(past.steps(head, {"bodies": None}))
        assert [(step.subject, len(step.files) > 1) for step in steps] == [
            ("The chair left", False),
            ("The miniature", True),
        ]
        [file] = steps[0].files
        assert file.path == BOARD
        assert file.before
        assert past.text(file.before) == (MINI / BOARD).read_bytes()
        assert next(past.steps(head, {"people": None})).subject == "The miniature"
        assert re.fullmatch("[0-9a-f]{40}", past.folder(head) or "")
        assert dict(past.texts(head))[BOARD] == (repo.root / BOARD).read_bytes()
