"""Pages that stay true: marked blocks made anew and nothing else, the state that they name, and kept papers gone wrong."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bless import MINI_DAY, REAL, TOP, Ran, run
from kmics_cli.events import stamps
from kmics_cli.papers.blocks import Marked, marked, replaced
from kmics_cli.papers.render import looked, renewed
from kmics_cli.snapshot import read_folder, tree_of_files
from kmics_cli.snapshot.git import git as own_git
from pulls import edit, git, repository

BEGIN = "<!-- kmics:begin composition nowshire-board on=2026-06-30 -->"
END = "<!-- kmics:end -->"
PAGE = f"# A page\n\nBy hand.\n\n{BEGIN}\nold\n{END}\n\nBy hand too.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path)


def page(root: Path, text: str = PAGE, name: str = "page.md") -> Path:
    file = root.parent / name
    file.write_bytes(text.encode())
    return file


def render(root: Path, *words: str | Path, today: str | None = MINI_DAY) -> Ran:
    return run("render", *(str(word) for word in words), registry=root, today=today)


def commit(root: Path, subject: str = "Edited") -> str:
    git(root.parent, "add", "-A")
    git(root.parent, "commit", "-qm", subject)
    return git(root.parent, "rev-parse", "HEAD:registry")


# --- markers


def faults(text: str) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.message) for one in marked(text)[1]]


B = "<!-- kmics:begin {} -->\n<!-- kmics:end -->\n"
WRONG = {
    B.format("compositon a on=2022"): (1, 18, "There is no report 'compositon'."),
    B.format("composition a"): (1, 18, "does not say of which day"),
    "<!-- kmics:begin -->\n<!-- kmics:end -->\n": (1, 1, "No report is named."),
    B.format("composition a on=today"): (1, 32, "'on=today' moves from day to day."),
    B.format("composition a during=TODAY"): (1, 32, "'during=today' moves"),
    B.format("composition a on=01/07/22"): (1, 32, "on=01/07/22: "),
    B.format("composition a on=2022 during=2022"): (1, 40, "cannot be given together"),
    B.format("composition a on=2022 on=2023"): (1, 40, "'on=' stands here twice."),
    B.format("composition a on=2022 level=0"): (1, 40, "level=0 is no level"),
    B.format("composition a on=2022 level=4"): (1, 40, "level=4 is no level"),
    B.format("composition a on=2022 level=²"): (1, 40, "level=² is no level"),
    B.format("composition a on=2022 title=maybe"): (1, 40, "neither yes nor no"),
    B.format("composition a on=2022 colour=red"): (1, 40, "A block takes no 'colour='."),
    B.format("composition a on=2022 within=6m"): (1, 40, "The report composition takes no 'within='."),
    B.format("composition a on=2022 since=soon"): (1, 40, "since=soon: "),
    B.format("composition a b on=2022"): (1, 32, "'b' is one word too many"),
    B.format("composition People's on=2022"): (1, 36, "A quote opens here and does not close."),
    B.format('composition "" on=2022'): (1, 30, "What the report is of is empty."),
    f"{BEGIN}\nx\n": (1, 1, "has no end"),
    f"x\n{END}\n": (2, 1, "did not begin"),
    f"{BEGIN}\n{BEGIN}\n{END}\n": (2, 1, "inside the one that began on line 1"),
    f"{BEGIN}\n<!-- kmics:end composition -->\n": (2, 1, "takes no words"),
    f"text {BEGIN}\n": (1, 6, "alone on its line, at the margin"),
    f"> {END}\n": (1, 3, "alone on its line, at the margin"),
    f"{BEGIN} text\n": (1, 1, "alone on its line, from <!-- to -->"),
    "  <!-- kmics:begin composition a\non=2022 -->\n": (1, 3, "alone on its line, from <!-- to -->"),
    "<!-- kmics:begn composition -->\n": (1, 1, "There is no marker 'kmics:begn'."),
    "<!-- KMICS:begin composition a on=2022 -->\n": (1, 1, "alone on its line, from"),
    f"<!-- kmics:begin {'x' * 3000} -->\n": (1, 1, "longer than any can be"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_a_marker_is_told_with_its_place(text: str) -> None:
    line, column, said = WRONG[text]
    for variant in (text, text.replace("\n", "\r\n"), text.replace("\n", "\r")):
        told = faults(variant)
        assert any((one[0], one[1]) == (line, column) and said in one[2] for one in told), told


NO_MARKERS = (
    f"```\n{BEGIN}\n```\n",
    f"~~~~ markdown\n{BEGIN}\n~~~\n{END}\n~~~~~  \n",
    f"   ```text\n{END}\n",
    f"    {BEGIN}\n",
    f"\t{BEGIN}\n",
    f"  \t{END}\n",
    f"Write `{BEGIN}` and `{END}`.\n",
    "<!-- kmics:stamp on=2022-01-01 -->\n",
    "<!-- a comment about kmics:begin -->\n",
)


@pytest.mark.parametrize("text", NO_MARKERS)
def test_examples_are_text(text: str) -> None:
    for variant in (text, text.replace("\n", "\r\n"), text.replace("\n", "\r")):
        assert marked(variant) == ([], [])


def test_a_fence_that_is_closed_hides_nothing_after_it() -> None:
    blocks, wrong = marked(f"```\n``\n```\n\n{BEGIN}\n```\n{END}\n")
    assert (len(blocks), wrong) == (1, [])
    assert marked("``` a`b\n" + B.format("composition a on=2022"))[0], "a line with a backtick in it opens no fence"


def test_the_words_of_a_marker() -> None:
    text = """<!-- kmics:begin composition "People's Forum" during="1 July 2022..2023" level=3 title=no since='1 May 2022' -->\n<!-- kmics:end -->"""
    ((one,), wrong) = marked(f"\ufeff{text}")
    assert not wrong
    assert (one.name, one.ref, one.span.text) == ("composition", "People's Forum", "2022-07-01..2023-12-31")
    assert (one.level, one.title, str(one.since), one.within) == (3, False, "2022-05-01", None)
    assert marked(B.format("checks on=2022-01-01"))[0][0].ref is None


def test_captions_by_hand_count() -> None:
    text = f"Table 1: By hand\n\n```\nTable 2: An example\n```\n\n{BEGIN}\nTable 9: x\n{END}\nTable 3: y\n{BEGIN}\n{END}\n"
    assert [block.captions for block in marked(text)[0]] == [1, 2]


# --- the insides, and nothing else


def test_a_block_is_made_and_made_no_second_time(root: Path) -> None:
    file = page(root)
    done = render(root, "--check", file)
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        f"{file}:5: out of date: composition nowshire-board\nRun kmics render --registry "
        f"{shlex.quote(os.path.relpath(root, TOP))} {file}\n"
    )
    assert file.read_bytes() == PAGE.encode(), "--check writes nothing"
    assert render(root, file).code == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# A page\n\nBy hand.\n\n{BEGIN}\n\n## Composition: ")
    assert text.endswith(f" about=nowshire-board -->\n\n{END}\n\nBy hand too.\n")
    assert "\n### Members\n" in text
    assert "### Sources" in text
    assert re.findall(r"^(#+) ", text, re.MULTILINE).count("#") == 1
    state = file.stat()
    done = render(root, file)
    assert (done.code, done.out) == (0, "1 block is as the record has it.\n")
    assert file.stat().st_mtime_ns == state.st_mtime_ns, "it is not even written"
    assert render(root, "--check", file).code == 0


def test_it_says_what_the_report_says(root: Path) -> None:
    file = page(root)
    render(root, file)
    inside = file.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    alone = run(
        "report", "composition", "nowshire-board", "--on", "2026-06-30", "--format", "md", registry=root
    ).out

    def words(text: str) -> list[str]:
        some = [line.lstrip("#") for line in text.splitlines() if line]
        return [line for line in some if not line.startswith(("Registry:", "<!--"))]

    assert words(inside) == words(alone)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("final", ["", "\n"])
def test_line_ends_bom_and_final_newline_stay(newline: str, bom: str, final: str, root: Path) -> None:
    text = bom + PAGE.removesuffix("\n").replace("\n", newline) + final
    file = page(root, text)
    assert render(root, file).code == 0
    after = file.read_bytes().decode()
    head, tail = text.split("old")
    assert after.startswith(head)
    assert after.endswith(tail)
    inside = after[len(head) : len(after) - len(tail)]
    assert inside.count(newline) > 20
    assert not re.search(r"[\r\n]", inside.replace(newline, ""))
    assert render(root, "--check", file).code == 0


@pytest.mark.only_on("posix", reason="modes and links are there")
def test_the_mode_stays_and_links_are_not_followed(root: Path) -> None:
    file = page(root)
    file.chmod(0o640)
    link = root.parent / "link.md"
    link.symlink_to(file)
    done = render(root, link)
    assert (done.code, done.out) == (2, "")
    assert f"{link}:5:1: This is a link" in done.err
    assert file.read_bytes() == PAGE.encode()
    assert render(root, file).code == 0
    assert file.stat().st_mode & 0o777 == 0o640
    assert render(root, "--check", link).code == 0
    assert sorted(one.name for one in root.parent.glob("*.md")) == ["link.md", "page.md"]


def test_titles_and_levels(root: Path) -> None:
    words = "composition nowshire-board on=2026-06-30"
    file = page(root, B.format(f"{words} level=1") + B.format(f"{words} level=3 title=no"))
    assert render(root, file).code == 0
    one, other = file.read_text(encoding="utf-8").split("<!-- kmics:end -->\n")[:2]
    assert "\n# Composition: " in one
    assert "\n## Members" in one
    assert "Composition: " not in other
    assert set(re.findall(r"^#+", other, re.MULTILINE)) == {"####"}


def test_tables_are_numbered_through_the_page(root: Path) -> None:
    text = "Table 1: By hand\n\n" + B.format("composition nowshire-board on=2026-06-30") * 2
    file = page(root, text)
    assert render(root, file).code == 0
    numbers = [
        int(found) for found in re.findall(r"^Table (\d+): ", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 8
    assert render(root, "--check", file).code == 0


def test_all_errors_of_all_pages_are_told_and_nothing_is_written(root: Path) -> None:
    good, bad, worse = page(root), page(root, PAGE.replace("on=", "no="), "bad.md"), page(root, END, "worse.md")
    lost = page(
        root, B.format("composition nobody-here on=2026-06-30") + B.format("composition on=2026"), "lost.md"
    )
    done = render(root, good, bad, worse, lost)
    assert (done.code, done.out) == (2, "")
    for told in (
        f"{bad}:5:45: A block takes no 'no='",
        f"{bad}:5:18: The block does not say",
        f"{worse}:1:1: A block ends here",
        f"{lost}:1:30: Nothing here is called 'nobody-here'.",
        f"{lost}:3:18: The report composition is of one body.",
        "Nothing was written.",
    ):
        assert told in done.err
    assert good.read_bytes() == PAGE.encode()


def test_a_name_that_could_mean_several_things_is_refused(root: Path) -> None:
    file = page(root, B.format('composition "Community Trust" on=2024-01-01'))
    done = render(root, "--check", file)
    assert done.code == 2
    assert f"{file}:1:30: 'Community Trust' could mean several things" in done.err


def test_what_cannot_be_read(root: Path) -> None:
    (root.parent / "latin.md").write_bytes(b"one\ntwo \xe9\n")
    done = render(root, root.parent / "latin.md", root.parent / "none.md", page(root))
    assert (done.code, done.out) == (3, "")
    assert f"{root.parent / 'latin.md'}:2: This is not text in UTF-8" in done.err
    assert "none.md cannot be read" in done.err
    assert (root.parent / "page.md").read_bytes() == PAGE.encode()


def test_a_page_without_blocks(root: Path) -> None:
    file = page(root, "# Nothing\n")
    for words in ((file,), ("--check", file)):
        done = render(root, *words)
        assert (done.code, done.out, done.err) == (0, f"{file} has no block.\nThere is no block to make.\n", "")


def test_a_page_that_changed_meanwhile_is_left(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kmics_cli.papers import files

    file = page(root)
    write = files.write_page

    def meanwhile(path: Path, before: bytes, after: bytes) -> None:
        path.write_bytes(before + b"more\n")
        write(path, before, after)

    monkeypatch.setattr(files, "write_page", meanwhile)
    done = render(root, file)
    assert done.code == 3
    assert "was changed meanwhile" in done.err
    assert file.read_bytes() == PAGE.encode() + b"more\n"
    assert [one.name for one in root.parent.iterdir() if one.name.startswith(".kmics")] == []


def test_nothing_in_a_block_depends_on_the_clock(root: Path) -> None:
    kinds = ("composition nowshire-board on=2026-06-30 since=2024-01-01", "checks nowshire-board during=2025/26")
    made = []
    for today in ("2026-01-01", "2031-12-31"):
        file = page(root, "".join(B.format(one) for one in (*kinds, "composition nowshire-board on=2028-01-01")))
        assert render(root, file, today=today).code == 0
        made.append(file.read_bytes())
        assert render(root, "--check", file, today="2040-01-01").code == 0
    assert made[0] == made[1]


def test_a_registry_on_the_top_and_pages_inside_it(root: Path) -> None:
    inside = root / "papers" / "own.md"
    inside.write_bytes(PAGE.encode())
    other = root / "bodies" / "README.md"
    other.write_bytes(PAGE.encode())
    done = render(root, other)
    assert done.code == 2
    assert "only kept papers are written" in done.err
    assert other.read_bytes() == PAGE.encode()
    done = render(root)  # papers: names the folder
    assert done.code == 0
    assert "it lies in the registry itself" in done.err
    text = inside.read_text(encoding="utf-8")
    assert "Registry: The Nowshire miniature. Which state of it this was made from is not recorded." in text
    assert stamps(text)[0].tree is None
    assert render(root, "--check").code == 0


def test_outside_of_git(tmp_path: Path) -> None:
    root = shutil.copytree(TOP / "tests" / "mini" / "registry", tmp_path / "registry")
    file = page(root)
    done = render(root, file)
    assert done.code == 0
    assert "it is in no Git checkout that can be read" in done.err
    assert stamps(file.read_text(encoding="utf-8"))[0].tree is None
    git(tmp_path, "init", "-q")
    commit(root)
    assert render(root, "--check", file).code == 0, "the same words"
    assert render(root, file).code == 0
    assert stamps(file.read_text(encoding="utf-8"))[0].tree == git(tmp_path, "rev-parse", "HEAD:registry")


# --- the state that a block names


def test_committed_together_the_page_names_its_own_commits_folder(root: Path) -> None:
    edit(root, {"bodies/nowshire-board.yaml": [("\nroles:\n", "\n# Looked at again.\nroles:\n")]})
    file = page(root)
    assert render(root, file).code == 0
    tree = commit(root)
    text = file.read_text(encoding="utf-8")
    assert [one.tree for one in stamps(text)] == [tree]
    assert f"Registry: The Nowshire miniature, state {tree[:12]}." in text
    assert "rev=" not in text
    assert "DRAFT" not in text
    assert render(root, "--check", file).code == 0
    found = json.loads(run("changes", "--since-paper", str(file), "--format", "json", registry=root).out)
    assert found["paper"]["rev"] == git(root.parent, "rev-parse", "HEAD")


NEW = "name: A new forum\nkind: forum\nfrom: 2026-01-01\nsources:\n- county-web line 1\n"


def new_and_gone(root: Path) -> None:
    edit(root, {"bodies/zz-new.yaml": NEW, "bodies/new/folder/deep.yaml": NEW, "people/una-yarn.yaml": ""})
    edit(root, {"bodies/people-forum.yaml": ""})


def folder_gone(root: Path) -> None:
    shutil.rmtree(root / "priorities")


def sorted_as_git_sorts(root: Path) -> None:
    edit(
        root,
        {"bodies/new.yaml": NEW, "bodies/new/one.yaml": NEW, "bodies/new-a.yaml": NEW, "bodies/new0.yaml": NEW},
    )


def no_records(root: Path) -> None:
    (root / "bodies" / "nowshire-ics-notes.txt").write_bytes(b"Other notes\r\nof two lines\n")
    (root / "papers" / "2026-05-board.md").unlink()


def crlf(root: Path) -> None:
    file = root / "bodies" / "audit-committee.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


def nothing(root: Path) -> None:
    pass


@pytest.mark.parametrize("change", [nothing, new_and_gone, folder_gone, sorted_as_git_sorts, no_records, crlf])
@pytest.mark.parametrize("hash", ["sha1", "sha256"])
@pytest.mark.parametrize("top", [False, True])
def test_the_folders_id_is_the_one_that_git_gives(
    change: Callable[[Path], None], hash: str, top: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "repository"
    root = shutil.copytree(TOP / "tests" / "mini" / "registry", folder if top else folder / "a b" / "registry")
    git(folder, "init", "-q", f"--object-format={hash}")
    (folder / ".gitattributes").write_text("* text=auto eol=lf\n*.png binary\n", encoding="utf-8")
    (root / "mark.png").write_bytes(b"\x89PNG\r\n\0\r\n")
    (root / "run.sh").write_bytes(b"#!/bin/sh\n")
    if os.name == "posix":
        (root / "run.sh").chmod(0o755)
        (root / "link").symlink_to("run.sh")
    assert tree_of_files(root, read_folder(root)) is not None, "before any commit"
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "All")
    change(root)
    told = tree_of_files(root, read_folder(root))
    git(folder, "add", "-A")
    prefix = [] if top else ["--prefix=a b/registry/"]
    assert told == git(folder, "write-tree", *prefix)
    git(folder, "commit", "-qm", "Changed", "--allow-empty")
    assert told == git(folder, "rev-parse", "HEAD:" if top else "HEAD:a b/registry")
    assert tree_of_files(root, read_folder(root)) == told


def test_line_ends_as_git_keeps_them(tmp_path: Path) -> None:
    """Where Git keeps CRLF, it counts as it is: in files that have it, and in new ones beside them."""
    root = repository(tmp_path)
    for file in root.rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    commit(root)
    edit(root, {"bodies/zz-new.yaml": NEW.replace("\n", "\r\n")})
    file = root / "bodies" / "audit-committee.yaml"
    file.write_bytes(file.read_bytes() + b"# more\r\n")
    told = tree_of_files(root, read_folder(root))
    assert told == commit(root)


def test_before_the_first_commit(tmp_path: Path) -> None:
    root = shutil.copytree(TOP / "tests" / "mini" / "registry", tmp_path / "registry")
    for path in (root / "papers", root / "bodies" / "nowshire-ics-notes.txt"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    git(tmp_path, "init", "-q")
    assert tree_of_files(root, read_folder(root)) == commit(root)


def test_what_git_has_not_and_is_no_record_does_not_count(root: Path) -> None:
    before = tree_of_files(root, read_folder(root))
    (root / ".gitignore").write_text("*.tmp\n", encoding="utf-8")
    for name in ("x.tmp", "bodies/notes.txt", "bodies/.hidden.yaml", "new.md"):
        (root / name).write_text("x\n", encoding="utf-8")
    assert tree_of_files(root, read_folder(root)) == before


@pytest.mark.only_on("posix", reason="there are pipes")
def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(root: Path) -> None:
    before = tree_of_files(root, read_folder(root))
    file = root / "papers" / "2026-05-board.md"
    file.unlink()
    os.mkfifo(file)
    assert tree_of_files(root, read_folder(root)) == before


def test_git_is_only_asked_what_cannot_run_a_program(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def noted(root: Path, *args: str, **more: Any) -> bytes:
        asked.append(args[0])
        return own_git(root, *args, **more)

    monkeypatch.setattr("kmics_cli.snapshot.trees.git", noted)
    monkeypatch.setattr("kmics_cli.snapshot.checkout.git", noted)
    tree_of_files(root, read_folder(root))
    assert set(asked) <= {"rev-parse", "ls-tree"}


ELSEWHERE: Any = {"people/una-yarn.yaml": "name: Una Yarn-Elsewhere\n"}
HERE: Any = {"bodies/nowshire-board.yaml": [("    title: Chair\n", "    title: The chair\n")]}


def test_an_edit_elsewhere_leaves_a_block_byte_for_byte(root: Path) -> None:
    file = page(root)
    render(root, file)
    first = commit(root)
    before = file.read_bytes()
    edit(root, ELSEWHERE)
    for committed in (False, True):
        if committed:
            assert commit(root) != first
        done = render(root, file)
        assert (done.code, file.read_bytes()) == (0, before)
        assert render(root, "--check", file).code == 0
    edit(root, HERE)
    assert render(root, "--check", file).code == 1
    assert render(root, file).code == 0
    assert stamps(file.read_text(encoding="utf-8"))[0].tree == commit(root)


def test_words_changed_by_hand_are_out_of_date_whatever_the_stamp_says(root: Path) -> None:
    file = page(root)
    render(root, file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Dame Ada", "Lady Ada"), encoding="utf-8")
    assert render(root, "--check", file).code == 1
    file.write_text(text.replace(", state ", ", state 0"), encoding="utf-8")
    assert render(root, "--check", file).code == 1
    file.write_text(re.sub(r"<!-- kmics:stamp.*?-->\n\n", "", text), encoding="utf-8")
    assert render(root, "--check", file).code == 1
    render(root, file)
    assert file.read_text(encoding="utf-8") == text


def test_a_state_that_no_commit_has_is_mended_and_is_no_failure(root: Path) -> None:
    file = page(root)
    edit(root, ELSEWHERE)
    render(root, file)
    lost = stamps(file.read_text(encoding="utf-8"))[0].tree
    edit(root, {"people/una-yarn.yaml": "name: Una Yarn\n# edited once more before the commit\n"})
    tree = commit(root)
    assert lost
    assert lost != tree
    done = render(root, "--check", file)
    assert done.code == 0
    assert f"{file}:5: This is as the record has it, but names the state {lost[:12]}, which no commit" in done.err
    done = render(root, file)
    assert (done.code, done.out) == (0, f"{file}: made anew: the block on line 5\n")
    assert stamps(file.read_text(encoding="utf-8"))[0].tree == tree
    assert render(root, "--check", file).err == ""


def test_a_shallow_checkout_says_nothing_of_older_states(root: Path, tmp_path: Path) -> None:
    file = page(root)
    render(root, file)
    commit(root)
    edit(root, ELSEWHERE)
    commit(root)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}", str(clone))
    before = (clone / "page.md").read_bytes()
    for words in (("--check",), ()):
        done = render(clone / "registry", *words, clone / "page.md")
        assert (done.code, done.err) == (0, "")
    assert (clone / "page.md").read_bytes() == before


def test_since_a_paper_whose_blocks_name_several_states(root: Path) -> None:
    text = (
        PAGE
        + B.format("checks nowshire-icp on=2026-06-30")
        + B.format("composition finance-committee on=2026-06-30")
    )
    file = page(root, text)
    render(root, file)
    commit(root)
    edit(root, HERE)
    render(root, file)
    commit(root)
    assert len({one.tree for one in stamps(file.read_text(encoding="utf-8"))}) == 2
    found = json.loads(run("changes", "--since-paper", str(file), "--format", "json", registry=root).out)
    assert found["paper"]["rev"] == git(root.parent, "rev-parse", "HEAD"), "the newest: all were as it has them"


def test_a_page_as_a_commit_had_it(root: Path) -> None:
    file = page(root)
    tree = git(root.parent, "rev-parse", "HEAD:registry")
    edit(root, HERE)
    assert render(root, "--rev", "HEAD", file).code == 0
    text = file.read_text(encoding="utf-8")
    assert stamps(text)[0].tree == tree
    assert "The chair |" not in text
    done = render(root, "--check", file)
    assert done.code == 1
    assert render(root, "--check", "--rev", "HEAD", file).code == 0


def test_unrecorded_edits_are_said_and_are_no_draft(root: Path) -> None:
    """As it is run, without what stands for Git in other tests."""
    edit(root, HERE)
    file = page(root)
    words = [sys.executable, "-m", "kmics_cli", "render", str(file)]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        words, cwd=root.parent, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert b"The registry has edits that no commit has: commit it and the pages together." in done.stderr
    assert b"DRAFT" not in file.read_bytes()


# --- kept papers


def settings_of(root: Path, *papers: str) -> None:
    file = root / "kmics.yaml"
    text = file.read_text(encoding="utf-8").partition("papers:\n")[0]
    file.write_text(f"{text}papers:\n" + "".join(f'- "{one}"\n' for one in papers), encoding="utf-8")


def test_without_files_the_kept_papers_are_rendered(root: Path) -> None:
    settings_of(root, "../docs", "../one.md")
    (root.parent / "docs" / "deep").mkdir(parents=True)
    pages = [page(root, PAGE, name) for name in ("docs/a.md", "docs/deep/B.MD", "one.md")]
    others = [page(root, PAGE, name) for name in ("docs/a.txt", "docs/.hidden.md", "other.md")]
    done = render(root, "--check")
    assert done.code == 1
    assert done.out.count("out of date") == 3
    assert done.out.splitlines()[-1].startswith("Run kmics render --registry ")
    assert render(root).code == 0
    assert all("kmics:stamp" in one.read_text(encoding="utf-8") for one in pages)
    assert all(one.read_text(encoding="utf-8") == PAGE for one in others)
    assert render(root, "--check").code == 0
    assert render(root, "--check", root.parent / "docs").out == "2 blocks are as the record has it.\n"


@pytest.mark.only_on("posix", reason="there are links")
def test_nothing_outside_of_the_checkout_and_nothing_by_a_link(root: Path, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.md"
    outside.write_text(PAGE, encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "link.md").symlink_to(outside)
    (tmp_path / "way").symlink_to(tmp_path / "docs")
    for named, said in (
        (f"../../{outside.name}", "lies outside of this checkout"),
        (str(outside), "lies outside of this checkout"),
        ("../docs/link.md", "that is a link"),
        ("../way", "that is a link"),
        ("../way/x.md", "cannot be read"),
        ("../nowhere", "cannot be read: No such file"),
    ):
        settings_of(root, named)
        done = render(root)
        assert (done.code, done.out) == (3, ""), named
        assert said in done.err
    settings_of(root, "../docs")
    assert render(root).out == "There is no block to make.\n"
    assert outside.read_text(encoding="utf-8") == PAGE
    outside.unlink()


def test_no_papers_are_named() -> None:
    done = run("render", registry=REAL)
    if done.code:
        assert (done.code, done.err) == (
            2,
            "The kmics.yaml of this registry names no papers.\nGive the pages: kmics render FILE.\n",
        )


def test_a_kept_paper_is_found_by_its_name(root: Path) -> None:
    settings_of(root, "../docs")
    (root.parent / "docs" / "more").mkdir(parents=True)
    for name in ("docs/board.md", "docs/two.md", "docs/more/two.md"):
        render(root, page(root, PAGE, name))
    commit(root)
    for name in ("board.md", "board", "docs/board.md"):
        done = run("changes", "--since-paper", name, registry=root)
        assert done.code == 0, done
        assert "The paper (board.md) was made from the record" in " ".join(done.out.split())
    assert run("changes", "--since-paper", "more/two.md", registry=root).code == 0
    done = run("changes", "--since-paper", "two", registry=root)
    assert done.code == 2
    assert "Several kept papers are called two." in done.err
    assert "cannot be read" in run("changes", "--since-paper", "three", registry=root).err


# --- kept papers that have become wrong

WRONG_NAME: Any = {
    "bodies/nowshire-executive.yaml": [
        (
            '    - person: ray-unlikely\n      from: "2025~"\n',
            '    - person: mo-romance\n      from: "2025~"\n',
        ),
        (
            "sources:\n- board-papers-2026-05 pages 10-12\n",
            "corrections:\n- made: 2026-06-08\n  about: director-of-strategy\n  said: Ray Unlikely holds it\n  says: Mo Romance holds it\n"
            "  why: Two lines of the page were read as one.\n  sources:\n  - county-web line 17\n"
            "sources:\n- board-papers-2026-05 pages 10-12\n",
        ),
    ]
}
SCHEMA = Draft202012Validator(json.loads((TOP / "schema" / "output" / "diff.json").read_text(encoding="utf-8")))


@pytest.fixture
def printed(root: Path) -> Path:
    """A registry with two kept papers: one made by report -o that prints a wrong name, and one about another body."""
    settings_of(root, "../docs")
    (root.parent / "docs").mkdir()
    commit(root, "Where papers lie")
    kept = root.parent / "docs"
    where = ("--registry", str(root))
    path = os.pathsep.join(entry for entry in sys.path if entry)
    for name, body in (("executive", "nowshire-executive"), ("audit", "audit-committee")):
        words = ["report", "composition", body, "--on", "2026-06-30", "-o", str(kept / f"{name}.md"), *where]
        subprocess.run(
            [sys.executable, "-m", "kmics_cli", *words], check=True, env={**os.environ, "PYTHONPATH": path}
        )
    page(root, PAGE.replace("nowshire-board", "nowshire-executive"), "docs/block.md")
    render(root, kept / "block.md")
    (kept / "unstamped.md").write_text("Ray Unlikely is director of strategy.\n", encoding="utf-8")
    commit(root, "Papers")
    return root


def wrong_papers(root: Path, *words: str) -> list[tuple[str, str]]:
    done = run("diff", *words, "--format", "json", registry=root, today=None)
    answer = json.loads(done.out)
    SCHEMA.validate(answer)
    lines = {}
    for one in answer.get("papers", []):
        text = (root.parent / one["paper"]).read_text(encoding="utf-8").splitlines()[one["line"] - 1]
        assert "Ray Unlikely" in text
        lines[one["paper"]] = one["correction"]["change"]
    return sorted(lines.items())


BOTH = [("docs/block.md", "appointment-person"), ("docs/executive.md", "appointment-person")]


def test_diff_tells_which_kept_papers_printed_what_is_now_corrected(printed: Path) -> None:
    edit(printed, WRONG_NAME)
    found = wrong_papers(printed)
    assert [paper for paper, _ in found] == [paper for paper, _ in BOTH]
    table = run("diff", registry=printed, today=None).out
    told = table.split("Kept papers that printed what is now corrected")[1]
    assert re.search(r"docs/executive\.md:\d+: .*Ray\s+Unlikely", told, re.DOTALL)
    markdown = run("diff", "--format", "md", registry=printed, today=None).out
    assert "## Kept papers that printed what is now corrected" in markdown
    edit(printed, {"people/una-yarn.yaml": "name: Una Yarn\n# later\n"})
    commit(printed, "Corrected")
    assert wrong_papers(printed, "HEAD~1", "HEAD") == found, "the paper's own record is older than what is compared"
    assert wrong_papers(printed, "HEAD~2", "HEAD~1") == [], "not the present record"
    assert wrong_papers(printed) == []
    render(printed)
    assert [paper for paper, _ in wrong_papers(printed, "HEAD~1", "HEAD")] == ["docs/executive.md"], (
        "the page is mended"
    )


def test_nothing_is_read_where_nothing_was_corrected(printed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("papers are looked for")

    monkeypatch.setattr("kmics_cli.papers.files.kept", never)
    edit(printed, {"bodies/zz-new.yaml": NEW})
    assert run("diff", registry=printed, today=None).code == 0


def test_all_that_kept_papers_have_wrong(printed: Path) -> None:
    from kmics_cli.cli.kept import corrected_in_papers
    from kmics_cli.cli.session import Session

    assert corrected_in_papers(Session(registry=printed)) == []
    edit(printed, WRONG_NAME)
    commit(printed, "Corrected")
    for session in (Session(registry=printed), Session(registry=printed, rev="HEAD")):
        found = corrected_in_papers(session) or []
        assert [one["paper"] for one in found] == ["docs/block.md", "docs/executive.md"]
        assert all(one["correction"]["group"] == "corrected" for one in found)
    assert corrected_in_papers(Session(registry=printed, rev="HEAD~1")) is None


# --- the hooks


def test_the_hooks_are_for_what_they_say(root: Path) -> None:
    from ruamel.yaml import YAML

    hooks = {
        one["id"]: one
        for one in YAML(typ="safe").load((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    }
    settings_of(root, "../docs")
    (root.parent / "docs").mkdir()
    file = page(root, PAGE, "docs/a.md")
    for id, code in (("kmics-render-check", 1), ("kmics-render", 0), ("kmics-render-check", 0)):
        hook = hooks[id]
        program, *words = shlex.split(hook["entry"])
        assert (program, hook["pass_filenames"]) == ("kmics", False)
        assert re.search(hook["files"], "registry/bodies/x.yaml")
        assert re.search(hook["files"], "docs/x.md")
        assert run(*words, registry=root).code == code
    assert stamps(file.read_text(encoding="utf-8"))[0].tree == commit(root)


# --- hostile


def test_what_a_record_says_cannot_end_a_block(root: Path) -> None:
    evil = "--> <!-- kmics:end --> <!-- kmics:stamp on=2020-01-01 --> <!-- kmics:begin"
    edit(root, {"people/ada-invented.yaml": f'name: "{evil}"\n'})
    file = page(root)
    assert render(root, file).code == 0
    text = file.read_text(encoding="utf-8")
    ((block,), wrong) = marked(text)
    assert not wrong
    assert text[block.end :] == f"{END}\n\nBy hand too.\n"
    assert "kmics:end" in text[block.start : block.end]
    assert [str(one.day) for one in stamps(text)] == ["2026-06-30"]
    assert render(root, "--check", file).code == 0


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5_000_000,
        "\n" * 5_000_000,
        "\r" * 5_000_000,
        "`" * 5_000_000,
        "```\n" * 1_250_000,
        "`<!-- kmics:end " * 300_000,
        f"<!-- kmics:begin {' ' * 5_000_000}",
        "<!-- kmics:begin " + '"' * 5_000_000 + " -->",
        "Table 1: \n" * 500_000,
        "kmics:" * 800_000,
        "<!--" * 1_250_000,
        f"{BEGIN}\n" * 70_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_page_of_five_megabytes_is_read_in_a_moment(text: str) -> None:
    start = time.perf_counter()
    marked(text)
    marked(text + f"\n{BEGIN}\nx\n{END}\n")
    assert time.perf_counter() - start < 20  # quadratic, it would be hours


def test_a_large_page_is_rendered(root: Path) -> None:
    text = f"{'word ' * 1_000_000}\n{PAGE}"
    file = page(root, text)
    assert render(root, file).code == 0
    after = file.read_text(encoding="utf-8")
    assert after.startswith(text[: text.index("old")])
    file.write_bytes(b"x" * 21_000_000)
    assert "is larger than 20,000,000 bytes" in render(root, file).err


LINES = st.sampled_from(
    [
        *(
            "text",
            "",
            "# A heading",
            "```",
            "~~~",
            "    code",
            "Table 1: By hand",
            "`<!-- kmics:end -->`",
            " \t",
            "é\u2028\x85\x0b",
        ),
        *("> quote", "<!-- a comment -->", "<!-- kmics:stamp on=2022-01-01 -->", "  ```text", "\x00", "|a|b|"),
    ]
)
BLOCK = st.sampled_from([BEGIN, f"  {BEGIN} ", "<!-- kmics:begin checks on=2022-01-01 level=3 title=no -->"])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ANY = st.text(alphabet=st.sampled_from("ab`~<>!- \r\n\t#"), max_size=12)
LINE = st.one_of(st.tuples(LINES, ENDS), st.tuples(ANY, ENDS))
WHOLE = st.tuples(st.tuples(BLOCK, ENDS), st.lists(LINE, max_size=3), st.tuples(st.just(END), ENDS)).map(
    lambda parts: [parts[0], *parts[1], parts[2]]
)
PARTS = st.lists(st.one_of(LINE.map(lambda one: [one]), WHOLE), max_size=12).map(
    lambda some: [one for part in some for one in part]
)
"""Lines of a page with their ends: whatever may stand there, and whole blocks."""


class Made:
    """Stands for an answer: a heading, a table, what a record could say at worst, and the stamp."""

    def __init__(self, block: Marked) -> None:
        self.block = block

    def text(self, tree: str | None, tables: int) -> tuple[str, int]:
        stamp = f"<!-- kmics:stamp on=2022-01-01 tree={tree} -->"
        return (
            f"## {self.block.name}\n\nTable {tables + 1}: A table\n\n\\<!-- kmics:end --\\>\n\nstate {tree}\n\n{stamp}\n",
            1,
        )


def rendered(text: str, tree: str) -> str:
    blocks, _ = marked(text)
    return renewed(text, looked(text, [(block, Made(block)) for block in blocks], tree))


@settings(deadline=None, max_examples=150)
@given(parts=PARTS, bom=st.sampled_from(["", "\ufeff"]))
def test_rendering_is_idempotent_and_changes_nothing_outside(parts: list[tuple[str, str]], bom: str) -> None:
    text = bom + "".join(line + end for line, end in parts)
    blocks, wrong = marked(text)
    if wrong:  # an end whose begin is hidden in code: such a page is refused
        return
    after = rendered(text, "a" * 40)
    again, still = marked(after)
    assert [block.what for block in again] == [block.what for block in blocks]
    assert still == []
    outside = [
        text[a:b]
        for a, b in zip([0, *(one.end for one in blocks)], [*(one.start for one in blocks), None], strict=True)
    ]
    kept = [
        after[a:b]
        for a, b in zip([0, *(one.end for one in again)], [*(one.start for one in again), None], strict=True)
    ]
    assert outside == kept
    assert rendered(after, "a" * 40) == after
    assert rendered(after, "b" * 40) == after, "the same words from another state"
    assert replaced(text, []) == text
