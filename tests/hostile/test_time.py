"""A hostile change, and hostile commits: nothing hides what was edited, and no date of a commit is believed beyond reason."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from bless import run
from pulls import git, repository

AUDIT = "bodies/audit-committee.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path)


def commit(root: Path, subject: str = "Change", day: str = "2026-06-10T09:00:00+00:00") -> None:
    git(root.parent, "add", "-A", "-f")
    git(root.parent, "commit", "-qm", subject, day=day)


def diff(root: Path, *words: str) -> Any:
    done = run("diff", *(words or ("HEAD~1", "HEAD")), "--format", "json", registry=root, today=None)
    assert done.code == 0, done
    return json.loads(done.out)


def levels(answer: Any) -> set[str]:
    return {f"{one['change']} {one['level']}" for one in answer["changes"]}


def edit(root: Path, path: str, *pairs: tuple[str, str]) -> None:
    text = (root / path).read_bytes().decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (root / path).write_bytes(text.encode())


@pytest.mark.parametrize(
    "where",
    [".x/audit-committee.yaml", "a/b/c/d/e/f/g/h/i/audit-committee.yaml", "audit-committee.yml", "x/CON.yaml"],
)
def test_a_record_put_where_none_is_read_is_deleted(where: str, root: Path) -> None:
    target = root / "bodies" / where
    target.parent.mkdir(parents=True, exist_ok=True)
    (root / AUDIT).rename(target)
    commit(root)
    for words in ((), ("HEAD~1",)):
        assert "body-removed breaking" in levels(diff(root, *words))
        assert (
            run("diff", *(words or ("HEAD~1", "HEAD")), "--fail-on", "breaking", registry=root, today=None).code
            == 1
        )


@pytest.mark.only_on("linux", reason="the names of the two folders are one elsewhere")
def test_a_folder_whose_name_is_anothers_in_other_letters_hides_nothing(root: Path) -> None:
    (root / "bodies" / "teams").mkdir()
    (root / AUDIT).rename(root / "bodies" / "teams" / "audit-committee.yaml")
    (root / "bodies" / "teams" / "other.yaml").write_bytes(
        b"name: Other\nkind: forum\nfrom: 2020-01-01\nsources: [county-web]\n"
    )
    commit(root)
    (root / "bodies" / "TEAMS").mkdir()
    (root / "bodies" / "teams" / "audit-committee.yaml").rename(root / "bodies" / "TEAMS" / "audit-committee.yaml")
    commit(root)
    answer = diff(root)
    assert "body-removed breaking" in levels(answer)
    assert any("TEAMS" in one["path"] for one in answer["unread"])


def test_two_steps_do_not_hide_a_deletion(root: Path) -> None:
    (root / "people" / ".a").mkdir()
    (root / "people" / ".a" / "vic-whimsy.yaml").write_bytes((root / "people" / "vic-whimsy.yaml").read_bytes())
    commit(root)
    assert diff(root)["changes"] == []
    (root / "people" / "vic-whimsy.yaml").unlink()
    commit(root)
    assert levels(diff(root)) == {"person-removed breaking"}


def test_an_id_used_twice_is_told(root: Path) -> None:
    (root / "bodies" / "zz").mkdir()
    (root / "bodies" / "zz" / "audit-committee.yaml").write_bytes((root / AUDIT).read_bytes())
    commit(root)
    for words in ((), ("HEAD~1",)):
        answer = diff(root, *words)
        assert answer["changes"] == []
        [unread] = [one for one in answer["unread"] if one["side"] == "new"]
        assert "is used twice" in unread["message"]
        assert run("diff", *(words or ("HEAD~1", "HEAD")), "--exit-code", registry=root, today=None).code == 1


def test_what_was_changed_while_a_file_was_broken_is_told(root: Path) -> None:
    whole = (root / AUDIT).read_bytes()
    (root / AUDIT).write_bytes(b"name: [\n")
    commit(root, "Break")
    (root / AUDIT).write_bytes(b"name: {\n")
    commit(root, "Break differently")
    (root / AUDIT).write_bytes(whole.replace(b"person: vic-whimsy", b"person: ada-invented"))
    commit(root, "Mend")
    answer = json.loads(run("history", "audit-committee/chair", "--format", "json", registry=root, today=None).out)
    told = [(one["subject"], [change["change"] for change in one["changes"]]) for one in answer["commits"]]
    assert told[:3] == [("Mend", ["appointment-person"]), ("Break differently", []), ("Break", [])]


@pytest.mark.parametrize("setting", ["core.bare", "core.worktree"])
def test_settings_that_move_the_top_of_the_checkout_are_told(setting: str, root: Path) -> None:
    edit(root, AUDIT, ("vic-whimsy", "ada-invented"))
    commit(root)
    git(root.parent, "config", setting, "true" if setting == "core.bare" else str(root.parent.parent))
    for words in ("diff HEAD~1 HEAD", "diff", "history audit-committee", "show audit-committee --rev HEAD"):
        done = run(*shlex.split(words), registry=root, today=None)
        assert (done.code, done.out) == (3, ""), words
        assert "core.worktree" in done.err or "Git does not answer" in done.err


@pytest.mark.only_on("posix", reason="modes are made by hand")
def test_a_mode_of_old_repositories_hides_nothing(root: Path) -> None:
    folder = root.parent
    edit(root, AUDIT, ("person: vic-whimsy", "person: ada-invented"))
    blob = git(folder, "hash-object", "-w", f"registry/{AUDIT}")
    import subprocess

    def tree(path: str, old: str, new: str) -> str:
        told = subprocess.run(["git", "ls-tree", path], cwd=folder, capture_output=True, check=True).stdout.decode()
        lines = [new if line.endswith(f"\t{old}") else line for line in told.splitlines()]
        made = subprocess.run(
            ["git", "mktree"], cwd=folder, input="\n".join(lines).encode() + b"\n", capture_output=True, check=True
        )
        return made.stdout.decode().strip()

    bodies = tree("HEAD:registry/bodies", "audit-committee.yaml", f"100664 blob {blob}\taudit-committee.yaml")
    registry = tree("HEAD:registry", "bodies", f"040000 tree {bodies}\tbodies")
    top = tree("HEAD", "registry", f"040000 tree {registry}\tregistry")
    made = git(folder, "commit-tree", top, "-p", "HEAD", "-m", "Mode")
    assert "appointment-person breaking" in levels(diff(root, "HEAD", made))


def test_an_id_that_is_escaped_is_found(root: Path) -> None:
    edit(root, AUDIT, ("person: vic-whimsy", 'person: "ada\\x2dinvented"'))
    commit(root, "Escaped")
    answer = json.loads(
        run("history", "ada-invented", "--limit", "1", "--format", "json", registry=root, today=None).out
    )
    assert [one["subject"] for one in answer["commits"]] == ["Escaped"]


def test_one_forged_date_changes_no_answer_about_others(root: Path) -> None:
    edit(root, AUDIT, ("vic-whimsy", "ada-invented"))
    commit(root, "one")
    edit(root, AUDIT, ("ada-invented", "sam-example"))
    commit(root, "forged", day="2020-01-01T00:00:00+00:00")
    done = run("show", "audit-committee/chair", "--rev", "2021-01-01", registry=root)
    assert done.code == 3
    assert "Nothing had been recorded yet" in done.err
    edit(root, AUDIT, ("2024-10-01", "2023-10-01"))
    commit(root, "three")
    answer = json.loads(
        run("history", "audit-committee/chair", "--since", "2026", "--format", "json", registry=root).out
    )
    assert [one["subject"] for one in answer["commits"]] == ["three", "one", "The miniature"]


@pytest.mark.parametrize("stamp", ["@32503680000 +0000", "@-62000000000 +0000", "@253402300799 +0000"])
def test_commits_of_impossible_years(stamp: str, root: Path) -> None:
    edit(root, AUDIT, ("vic-whimsy", "ada-invented"))
    git(root.parent, "add", "-A")
    try:
        git(root.parent, "commit", "-qm", "Odd", day=stamp)
    except Exception:  # some versions of Git refuse some of these
        commit(root)
    for words in (
        "diff HEAD~1 HEAD",
        "diff",
        "history audit-committee",
        "show audit-committee --sources",
        "show audit-committee --rev HEAD",
    ):
        done = run(*shlex.split(words), registry=root)
        assert done.code == 0, done
    assert "appointment-person breaking" in levels(diff(root))


def test_an_old_correction_reworded_excuses_nothing(root: Path) -> None:
    edit(
        root,
        "bodies/nowshire-board.yaml",
        ("  why: A misprint in the agenda, put right by the papers.\n", "  why: A slip.\n"),
        ("      announced: 2021-03\n", "      announced: 2020-03\n"),
    )
    commit(root)
    answer = diff(root)
    assert {"appointment-announced breaking"} <= levels(answer)


def test_another_person_under_a_former_id_is_breaking(root: Path) -> None:
    (root / "people" / "vic-whimsy.yaml").rename(root / "people" / "vic-clown.yaml")
    (root / "people" / "vic-clown.yaml").write_bytes(
        b"name: Vic Clown\nhonorific: Wing Commander\nformer_ids: [vic-whimsy]\n"
    )
    for file in (root / "bodies").rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"vic-whimsy", b"vic-clown"))
    commit(root)
    assert levels(diff(root)) == {"person-name breaking", "person-id quiet"}


def test_a_former_id_that_is_still_used_elsewhere_is_no_change_of_holder(root: Path) -> None:
    (root / "people" / "vic-whimsy.yaml").rename(root / "people" / "vic-w.yaml")
    edit(root, "people/vic-w.yaml", ("name: Vic Whimsy\n", "name: Vic Whimsy\nformer_ids: [vic-whimsy]\n"))
    edit(root, AUDIT, ("name: Audit Committee\n", "name: Audit Committee\nlegal_form: committee\n"))
    commit(root)
    assert levels(diff(root)) == {"person-id quiet", "body-legal-form change"}


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("voting: true", "voting: false", "role-voting"),
        ("seats: 2", "seats: 9", "role-seats"),
        ("member_type: member", "member_type: lay", "role-member-type"),
        ("title: Member of the Audit Committee", "title: Tea person", "role-title"),
        ("kind: audit-committee", "kind: forum", "body-kind"),
    ],
)
def test_a_fact_without_a_day_that_is_replaced_is_breaking(old: str, new: str, change: str, root: Path) -> None:
    edit(root, AUDIT, (old, new))
    commit(root)
    assert f"{change} breaking" in levels(diff(root))


@pytest.mark.parametrize(
    ("path", "old", "new", "change"),
    [
        (
            "priorities/strategy-aims.yaml",
            "title: Homes that keep people well",
            "title: Anything at all",
            "item-title",
        ),
        (
            "bodies/nowshire-icp.yaml",
            "among: [nowshire-county-council/leader, port-nonsuch-council/leader]",
            "among: [port-nonsuch-council/leader, nowshire-county-council/leader]",
            "rotation-among",
        ),
        (
            "requirements/care-board.yaml",
            "text: The board has exactly one chair",
            "text: Nobody needs to do anything",
            "duty-text",
        ),
    ],
)
def test_words_that_are_the_substance_and_are_replaced_are_told(
    path: str, old: str, new: str, change: str, root: Path
) -> None:
    text = (root / path).read_bytes().decode()
    assert old in text
    line = next(line for line in text.splitlines() if old in line)
    (root / path).write_bytes(text.replace(line, line[: line.index(old)] + new).encode())
    commit(root)
    told = [one for one in diff(root)["changes"] if one["change"] == change]
    assert told
    assert {one["group"] for one in told} == {"corrected"}


def test_a_reordering_of_who_comes_first_is_not_hidden_among_other_orders(root: Path) -> None:
    edit(
        root, AUDIT, ("approved_by: [nowshire-board/chair]", "approved_by: [nowshire-board/chair, nowshire-board]")
    )
    commit(root)
    edit(
        root,
        AUDIT,
        (
            "approved_by: [nowshire-board/chair, nowshire-board]",
            "approved_by: [nowshire-board, nowshire-board/chair]",
        ),
    )
    commit(root)
    assert diff(root)["changes"] == []


def test_two_people_have_two_fingerprints(root: Path) -> None:
    text = (root / "bodies" / "nowshire-executive.yaml").read_bytes()
    for name in (b"max-bogus", b"nan-fancied"):
        text = text.replace(
            b"    - person: %b\n      capacity: job-share\n" % name,
            b"    - person: %b\n      to: 2026-07-31\n      capacity: job-share\n" % name,
        )
    (root / "bodies" / "nowshire-executive.yaml").write_bytes(text)
    commit(root)
    marks = [one["fingerprint"] for one in diff(root)["changes"]]
    assert len(marks) == len({mark.partition("-")[0] for mark in marks}) == 2


def test_a_role_that_never_was_has_no_history(root: Path) -> None:
    (root / AUDIT).unlink()
    commit(root)
    done = run("history", "audit-committee/chiar", registry=root, today=None)
    assert (done.code, done.out) == (2, "")


def test_a_side_branch_that_was_taken_back_is_told_on_request(root: Path) -> None:
    folder = root.parent
    git(folder, "checkout", "-qb", "side")
    edit(root, AUDIT, ("vic-whimsy", "ada-invented"))
    commit(root, "There")
    edit(root, AUDIT, ("ada-invented", "vic-whimsy"))
    commit(root, "And back")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "side")
    answer = json.loads(
        run("history", "audit-committee/chair", "--every-commit", "--format", "json", registry=root, today=None).out
    )
    assert [one["subject"] for one in answer["commits"]] == ["And back", "There", "The miniature"]


def test_documents_are_first_recorded_when_they_were_added(root: Path) -> None:
    edit(root, "documents/board-papers-2026-05.yaml", ("public: true\n", "public: true\nreview_due: 2027-01-01\n"))
    commit(root)
    from kmics_cli.cli.recording import first_and_last
    from kmics_cli.cli.session import Session

    found = first_and_last(Session(registry=root), "documents", "board-papers-2026-05")
    assert found
    assert (found["first"]["day"], found["last"]["day"]) == ("2026-06-01", "2026-06-10")


def test_more_changes_than_are_told_leave_out_the_least(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kmics_cli.diff.answer._MOST_TOLD", 20)
    for number in range(40):
        (root / "people" / f"new-{number}.yaml").write_bytes(f"name: New {number} Invented\n".encode())
    (root / "priorities" / "strategy-aims.yaml").unlink()
    commit(root)
    answer = diff(root)
    assert "priorities-removed breaking" in levels(answer)
    assert (len(answer["changes"]), answer["omitted"]) == (
        20,
        answer["totals"]["late"] + answer["totals"]["corrected"] - 20,
    )
