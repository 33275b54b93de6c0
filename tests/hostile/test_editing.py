"""What is typed into an editing command, and what lies where it would write, does no more than be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from hostile.attack import Ground

TYPED = {
    "a command": "$(touch canary) `touch canary`; touch canary",
    "paths": "../../secret.yaml",
    "YAML": "x: [&a *a, !!python/object:os.system 'x', {<<: *a}] # c\n---\nname: y",
    "hidden": "a\x1b[2J\u202eb\u200b\x00c".replace("\x00", ""),
    "a formula and a mention": "=cmd|' /C calc'!A0 @everyone <script>",
    "long": "x" * 30_000,
    "options": "--output=x",
}


@pytest.mark.parametrize("name", TYPED)
def test_words_are_words_in_every_command(name: str, small: Ground) -> None:
    words = TYPED[name]
    before = {path: path.read_bytes() for path in small.root.rglob("*.yaml")}
    source = ["--source", "paper line 3", "--dry-run"]
    for done in small.ask(
        ["appoint", "alpha/chair", f"--new-person={words}", "--from=2026-01-01", *source],
        ["appoint", "alpha/chair", "ann-other", "--from=2026-01-01", f"--note={words}", *source],
        ["appoint", "alpha/chair", "ann-other", f"--from={words}", *source],
        ["end", "alpha/chair", "--to=2026-01-01", f"--source={words}", "--dry-run"],
        ["rename", "--from=2026-01-01", *source, "--", "alpha", words],
        ["correct", *source, "--", "alpha", words, words],
        ["move-id", "--dry-run", "--", "alpha", words],
        [
            "add",
            "body",
            "--kind=board",
            "--from=2026-01-01",
            f"--folder={words}",
            f"--id={words}",
            *source,
            "--",
            words,
        ],
        ["add", "document", "--kind=paper", f"--set={words}", "--dry-run", "--", words],
        ["withhold-name", "--dry-run", "--", words],
        ["fmt", "--check", "--", words],
    ):
        assert done.code in (0, 1, 2)
        assert len(done.err) < 3_000
    assert {path: path.read_bytes() for path in small.root.rglob("*.yaml")} == before


@pytest.mark.only_on("posix", reason="links need a right on Windows")
def test_an_edit_follows_no_link_out_of_the_registry(small: Ground, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_bytes(b"name: X\n")
    (small.root / "people" / "linked.yaml").symlink_to(outside / "x.yaml")
    (small.root / "documents").rename(outside / "documents")
    (small.root / "documents").symlink_to(outside / "documents")
    seen = {path: path.read_bytes() for path in outside.rglob("*.yaml")}
    for done in small.ask(
        ["add", "person", "Linked", "--id=linked", "--yes"],
        ["add", "document", "New", "--kind=paper", "--yes"],
        ["fmt"],
    ):
        assert done.code in (0, 1, 2, 3)
    assert {path: path.read_bytes() for path in outside.rglob("*.yaml")} == seen
