"""Attacks on papers: files that are read back, pages that are written, places that the registry names."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from bless import MINI, run
from kmics_cli.papers.files import kept
from kmics_cli.papers.word import stamp_of
from kmics_cli.problems import UserError

ABOUT = b"<c><dc:description>kmics:stamp on=2026-06-30</dc:description></c>"


def packed(data: bytes, how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        archive.writestr("docProps/core.xml", data)
    return out.getvalue()


def test_a_word_file_is_read_as_word_packs_it_and_in_no_other_way() -> None:
    assert "on=2026-06-30" in stamp_of(packed(ABOUT, zipfile.ZIP_DEFLATED))
    assert "on=2026-06-30" in stamp_of(packed(ABOUT, zipfile.ZIP_STORED))
    for how in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):  # these unpack a bomb whole, however little is asked for
        assert stamp_of(packed(ABOUT, how)) == ""


@pytest.mark.parametrize("at", range(0, 40, 3))
def test_a_damaged_word_file_has_no_stamp(at: int) -> None:
    data = bytearray(packed(ABOUT * 50, zipfile.ZIP_DEFLATED))
    start = 30 + len("docProps/core.xml") + at
    data[start : start + 5] = b"\xff\x00\xff\x00\xff"
    assert isinstance(stamp_of(bytes(data)), str)


@pytest.mark.only_on("posix", reason="named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    if sys.platform == "win32":
        raise AssertionError("left out there")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for words in (
        ["changes", "--since-paper", str(pipe)],
        ["quorum", "nowshire-board", "--present-from", str(pipe)],
    ):
        done = run(*words)
        assert done.code == 3, done
        assert "is no plain file" in done.err


def test_too_many_blocks_are_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- kmics:begin structure on=2026-06-30 -->\n<!-- kmics:end -->\n" * 501, encoding="utf-8")
    before = page.read_bytes()
    done = run("render", str(page), today=None)
    assert done.code == 3
    assert "more than 500 blocks" in done.err
    assert page.read_bytes() == before


def test_faults_are_counted_beyond_some(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- kmics:end -->\n" * 5000, encoding="utf-8")
    done = run("render", str(page), today=None)
    assert done.code == 2
    assert done.err.count("\n") < 60
    assert "And 4950 more." in done.err


@pytest.mark.parametrize("name", ["../.git", "../.git/config", "../.hidden/page.md", "kmics.yaml", "../notes.yml"])
def test_kept_papers_are_no_hidden_files_and_only_markdown(name: str, tmp_path: Path) -> None:
    root = tmp_path / "registry"
    for file in ("registry/kmics.yaml", ".git/config", ".hidden/page.md", "notes.yml"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("x\n", encoding="utf-8")
    found, wrong = kept(root, [name])
    assert (found, len(wrong)) == ([], 1)


def test_no_page_becomes_larger_than_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kmics_cli.papers import files

    monkeypatch.setattr(files, "MOST_BYTES", 100)
    page = tmp_path / "page.md"
    page.write_bytes(b"before")
    with pytest.raises(UserError, match="would become larger"):
        files.write_page(page, b"before", b"x" * 101)
    assert page.read_bytes() == b"before"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_drawing_on_any_screen_has_its_letters_as_numbers(encoding: str) -> None:
    done = run("chart", "nowshire-board", "--of", "seats", "--format", "mermaid", registry=MINI, encoding=encoding)
    assert done.code == 0
    assert done.out.isascii()
    assert "\\x" not in done.out
