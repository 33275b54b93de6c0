"""Completion on the command line: ids, roles, commands, options and kinds, in four shells, quickly and quietly."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kmics_cli

TOP = Path(__file__).parent.parent
MINI = TOP / "tests" / "mini" / "registry"
SHELLS = ["bash", "zsh", "fish", "powershell", "pwsh"]
HEAVY = {"rich", "ruamel", "jsonschema", "markdown_it", "pygments"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a program named `kmics`, as an install does, that runs what is being tested."""
    path = tmp_path_factory.mktemp("bin") / "kmics"
    source = Path(kmics_cli.__file__).parent.parent
    lines = [f"#!{sys.executable}", "import sys", f"sys.path.insert(0, {str(source)!r})"]
    path.write_text("\n".join([*lines, "from kmics_cli.cli import main", "main()", ""]), encoding="utf-8")
    path.chmod(0o755)
    return path


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without what would speak to kmics or to Typer."""
    kept = {name: value for name, value in os.environ.items() if "KMICS" not in name and "TYPER" not in name}
    return kept | {"PYTHONUTF8": "1"} | more


def asked(shell: str, line: str) -> dict[str, str]:
    """Return what a shell's completion script says of a line with the cursor at its end."""
    words = line.split(" ")
    about = {"_KMICS_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line}
    if shell == "bash":
        return about | {"COMP_WORDS": line.rstrip(), "COMP_CWORD": str(len(words) - 1)}
    if shell == "fish":
        return about | {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return about | {"_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1]}


def complete(
    program: Path, line: str, *, shell: str = "bash", registry: Path | None = MINI, folder: Path | None = None
) -> list[str]:
    """Complete a line and return the candidates, in order, without what shells are told besides."""
    named = {"KMICS_REGISTRY": str(registry)} if registry else {}
    done = subprocess.run(
        [sys.executable, str(program)],
        env=environment(**named, **asked(shell, line)),
        cwd=folder or program.parent,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    if shell == "zsh":
        if done.stdout == "_files\n":
            return []
        assert done.stdout.startswith("_arguments '*: :((")
        return re.findall(r'(?m)(?:\(\(|^)"([^"]*)"', done.stdout)
    separator = {"bash": "\n", "fish": "\t"}.get(shell, ":::")
    return [found.partition(separator)[0] for found in done.stdout.splitlines() if found.partition(separator)[0]]


def ids(root: Path, start: str) -> list[str]:
    found = (path.stem for path in root.rglob("*.yaml") if path.name != "kmics.yaml")
    return sorted(id for id in found if id.startswith(start))


@pytest.mark.parametrize("shell", SHELLS)
class TestEveryShell:
    """What all shells are offered alike."""

    def test_ids(self, program: Path, shell: str) -> None:
        assert ids(MINI, "nowshire-b") == ["nowshire-board"]
        assert complete(program, "kmics show nowshire-b", shell=shell) == ["nowshire-board"]
        assert complete(program, "kmics timeline nowshire-", shell=shell) == ids(MINI, "nowshire-")

    def test_all_ids_where_nothing_is_typed_yet(self, program: Path, shell: str) -> None:
        assert complete(program, "kmics show ", shell=shell) == ids(MINI, "")

    def test_roles_of_a_body(self, program: Path, shell: str) -> None:
        found = complete(program, "kmics show nowshire-board/c", shell=shell)
        assert found == ["nowshire-board/chair", "nowshire-board/chief-executive"]

    def test_commands(self, program: Path, shell: str) -> None:
        assert complete(program, "kmics sh", shell=shell) == ["show"]
        assert {"list", "tree", "search", "timeline", "changes", "report", "validate"} <= set(
            complete(program, "kmics ", shell=shell)
        )

    def test_options_and_their_values(self, program: Path, shell: str) -> None:
        found = complete(program, "kmics show nowshire-board --", shell=shell)
        assert {"--on", "--during", "--registry", "--format", "--sources"} <= set(found)
        assert "--today" not in found
        assert complete(program, "kmics list bodies --format ", shell=shell) == [
            "table",
            "md",
            "json",
            "csv",
            "html",
            "docx",
        ]

    def test_kinds(self, program: Path, shell: str) -> None:
        assert complete(program, "kmics list p", shell=shell) == ["people", "priorities"]
        assert complete(program, "kmics changes 2022 --kind d", shell=shell) == ["documents", "deadlines"]

    def test_reports(self, program: Path, shell: str) -> None:
        assert complete(program, "kmics report a", shell=shell) == ["asked-for"]
        assert complete(program, "kmics report checks nowshire-b", shell=shell) == ["nowshire-board"]

    def test_nothing_to_offer(self, program: Path, shell: str) -> None:
        assert complete(program, "kmics show no-such-thing", shell=shell) == []


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ("kmics tree ", "bodies"),
        ("kmics list roles --body ", "bodies"),
        ("kmics list appointments --person ", "people"),
        ("kmics list roles --source ", "documents"),
    ],
)
def test_an_option_is_offered_what_it_can_take(program: Path, line: str, folder: str) -> None:
    assert complete(program, line) == ids(MINI / folder, "")


def test_the_registry_is_the_one_that_the_command_would_ask(program: Path, tmp_path: Path) -> None:
    for place, id in (("given", "from-option"), ("named", "from-environment"), ("here/registry", "from-folder")):
        (tmp_path / place / "bodies").mkdir(parents=True)
        shutil.copy(MINI / "kmics.yaml", tmp_path / place)
        (tmp_path / place / "bodies" / f"{id}.yaml").write_text("name: X\n", encoding="utf-8")
    deep = tmp_path / "here" / "docs" / "deep"
    deep.mkdir(parents=True)
    given, named = tmp_path / "given", tmp_path / "named"

    assert complete(program, "kmics show f", registry=None, folder=deep) == ["from-folder"]
    assert complete(program, "kmics show f", registry=named, folder=deep) == ["from-environment"]
    line = f"kmics show --registry {given.as_posix()} f"
    assert complete(program, line, registry=named, folder=deep) == ["from-option"]


@pytest.mark.parametrize("line", ["kmics show ", "kmics show x/", "kmics tree a", "kmics list bodies --person "])
def test_without_a_registry_nothing_is_offered_and_nothing_fails(program: Path, tmp_path: Path, line: str) -> None:
    assert complete(program, line, registry=tmp_path) == []


def test_in_a_folder_that_is_gone_nothing_fails(program: Path, tmp_path: Path) -> None:
    """The shell may stand in a folder that was removed under it; Windows forbids that."""
    gone = program.with_name("gone.py")
    leave = "import os, pathlib, sys\nif os.name != 'nt':\n    pathlib.Path.cwd().rmdir()\nsys.argv[0] = 'kmics'\n"
    gone.write_text(leave + program.read_text(encoding="utf-8"), encoding="utf-8")
    assert complete(gone, "kmics show no-such", registry=None, folder=tmp_path) == []


HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "a b",
    "a;b",
    "a'b",
    "-a",
    "a--b",
    "A",
    "été",
    "*",
    "a\nb",
    "\\$(touch x)",
]
"""Names that no id may have; Windows does not allow the last three for a file."""


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_names_that_no_id_may_have_never_reach_the_shell(program: Path, tmp_path: Path, shell: str) -> None:
    """Zsh evaluates what it is given, so the name of a file in somebody's checkout must not be a program."""
    (tmp_path / "bodies").mkdir()
    shutil.copy(MINI / "kmics.yaml", tmp_path)
    text = "name: X\nroles:\n" + "".join(f"  {json.dumps(name)}: {{}}\n" for name in [*HOSTILE, "chair"])
    for name in ["sound", *(HOSTILE if os.name != "nt" else HOSTILE[:-3])]:
        (tmp_path / "bodies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert complete(program, "kmics show ", shell=shell, registry=tmp_path) == ["sound"]
    assert complete(program, "kmics show sound/", shell=shell, registry=tmp_path) == ["sound/chair"]
    assert complete(program, "kmics show été/", shell=shell, registry=tmp_path) == []


@pytest.mark.parametrize("line", ["kmics ", "kmics list ", "kmics show nowshire-", "kmics list bodies --format "])
def test_nothing_heavy_is_imported(program: Path, line: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(program)],
        env=environment(KMICS_REGISTRY=str(MINI), **asked("bash", line)),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=120,
    )
    imported = {told.rpartition("|")[2].strip().partition(".")[0] for told in done.stderr.splitlines()}
    assert "kmics_cli" in imported
    assert imported & HEAVY == set()


def script(program: Path, shell: str) -> str:
    """Return the text that teaches a shell to complete."""
    done = subprocess.run(
        [sys.executable, str(program)],
        env=environment(_KMICS_COMPLETE=f"source_{shell}"),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=120,
    )
    return done.stdout


REAL_SHELLS = [
    "bash",
    pytest.param("zsh", marks=pytest.mark.tools),
    pytest.param("fish", marks=pytest.mark.tools),
]


def run_shell(program: Path, shell: str, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell that finds `kmics` on its path, with a home of its own."""
    path = shutil.which(shell)
    assert path, f"{shell} is not installed."
    search = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [path, *arguments],
        env=environment(PATH=search, HOME=str(home), KMICS_REGISTRY=str(MINI)),
        cwd=home,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )


@pytest.mark.parametrize("shell", REAL_SHELLS)
def test_the_script_parses(program: Path, tmp_path: Path, shell: str) -> None:
    path = tmp_path / "script"
    path.write_text(script(program, shell), encoding="utf-8", newline="\n")
    done = run_shell(program, shell, "-n", str(path), home=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_powershell_script_calls_kmics_and_clears_up(program: Path) -> None:
    text = script(program, "powershell")
    assert text == script(program, "pwsh")
    assert text.count("{") == text.count("}") > 0
    assert "Register-ArgumentCompleter -Native -CommandName kmics -ScriptBlock" in text
    given = re.findall(r'\$Env:(\w+) = (?!"")', text)
    assert given == ["_KMICS_COMPLETE", "_TYPER_COMPLETE_ARGS", "_TYPER_COMPLETE_WORD_TO_COMPLETE"]
    assert re.findall(r'\$Env:(\w+) = ""', text) == given


COMPLETES = {
    "bash": """
        . ~/.bashrc
        for word in nowshire-bo nowshire-board/c; do
            COMP_WORDS=(kmics show $word); COMP_CWORD=2; _kmics_completion kmics; printf '%s\\n' "${COMPREPLY[@]}"
        done""",
    "zsh": """
        compdef() {}
        _arguments() { print -r -- ${1//[^a-z\\/-]/ } }
        . ~/.zfunc/_kmics
        CURRENT=3
        for word in nowshire-bo nowshire-board/c; do words=(kmics show $word); _kmics_completion; done""",
    "fish": 'for word in nowshire-bo nowshire-board/c; complete -C "kmics show $word"; end',
}
"""How a shell is made to print what it completes. Zsh completes at terminals only: two of its functions are stood in for."""


@pytest.mark.parametrize("shell", REAL_SHELLS)
def test_the_shell_completes_once_it_has_been_taught(program: Path, tmp_path: Path, shell: str) -> None:
    taught = run_shell(program, shell, "-c", "kmics --install-completion; true", home=tmp_path)
    assert f"{shell} completion installed" in taught.stdout, taught.stderr
    done = run_shell(program, shell, "-c", COMPLETES[shell], home=tmp_path)
    assert done.stderr == ""
    assert done.stdout.split() == ["nowshire-board", "nowshire-board/chair", "nowshire-board/chief-executive"]
