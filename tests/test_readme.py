"""The pages tell the truth: their commands are real, and what they show is what is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

import bless
from bless import README, REAL, REAL_DAY, TOP, run
from kmics_cli.cli import FAMILIES, app_of

PAGES = [README, TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("*.md"))]
FENCED = re.compile(r"^(?P<fence>```+)(?P<language>[a-z]*)\n(?P<text>.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
PLACEHOLDER = re.compile(r"[A-Z]{3,}|[\[\]…|]")


def test_the_two_commands_are_the_first_two_shell_blocks_under_their_headings() -> None:
    text = README.read_text(encoding="utf-8")
    blocks = [found for found in FENCED.finditer(text) if found["language"] == "sh"]
    assert len(blocks) >= 2
    for heading, found in zip(("Run it", "Test it"), blocks[:2], strict=True):
        above = re.findall(r"^#+ (.+)$", text[: found.start()], re.MULTILINE)
        assert above[-1] == heading
        assert len(found["text"].splitlines()) == 1, "one line, so that it can be pasted"
        assert not found["text"].startswith(("$", "#"))


def test_no_other_shell_block_stands_under_the_two_headings() -> None:
    text = README.read_text(encoding="utf-8")
    for heading in ("Run it", "Test it"):
        section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
        assert [found["language"] for found in FENCED.finditer(section)].count("sh") == 1


def test_the_examples_are_what_is_printed() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count("<!-- run:") == len(list(bless._EXAMPLE.finditer(text))) > 0
    assert bless.page(text) == text, "run python tests/bless.py, and read the difference"


def told(page: Path) -> list[str]:
    """Return the kmics commands that a page tells its readers to type."""
    text = page.read_text(encoding="utf-8")
    blocks = [
        line for found in FENCED.finditer(text) if found["language"] != "text" for line in found["text"].split("\n")
    ]
    marked = re.findall(r"<!-- run: (.+?)(?: \| head -[0-9]+)? -->", text)
    spans = INLINE.findall(FENCED.sub("", text))
    commands = []
    for words in (*blocks, *marked, *(span for span in spans if not span.startswith("pipx "))):
        commands += re.findall(r"(?:^|(?<=[\s/\\]))kmics(?: .+)?$", words)
    return commands


def test_commands_are_found() -> None:
    assert len(told(README)) >= 10


@pytest.mark.parametrize(
    "command", sorted({command for page in PAGES for command in told(page) if " " in command.strip()})
)
def test_the_commands_of_the_pages_are_real(command: str, tmp_path: Path) -> None:
    """What would write is run so that nothing here is written over, and what needs an extra so that it needs none."""
    _kmics, *words = shlex.split(command)
    group = typer.main.get_command(app_of(tuple(family for family, _panel, _commands in FAMILIES)))
    named = next((word for word in words if not word.startswith("-")), None)
    known = {"--help", "-h", *(option for parameter in group.params for option in parameter.opts)}
    if named is not None:
        found = group.commands[named]  # type: ignore[attr-defined]
        known |= {option for parameter in found.params for option in parameter.opts}
    assert [word for word in words if word.startswith("-") and word not in known] == []
    if named is None or PLACEHOLDER.search(command.replace("QKS", "")):
        return
    if named == "render" and "--check" not in words:
        words.append("--check")
    if "-o" in words:
        at = words.index("-o") + 1
        kept = (
            Path(words[at]).with_suffix(".md")
            if words[at].endswith((".docx", ".html", ".svg"))
            else Path(words[at])
        )
        words[at] = str(tmp_path / kept.name)
    done = run(*words, registry=REAL, today=REAL_DAY)
    assert done.code == 0, done.err
