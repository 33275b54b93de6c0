"""C and D: what the checkout brings along. Code, schemas and settings beside the data; Git's own settings; revisions.

Nothing is loaded from the checkout, and git is asked only what no setting of a repository can turn into a program.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bless import MINI_DAY
from hostile.attack import SOURCE, Ground

posix = pytest.mark.only_on("posix", reason="the canaries are shell scripts")

FORMATS = ("show alpha --format json", "validate --format json", "doctor", "list people --format md")


# --- C: code, schemas and settings


MODULES = "yaml ruamel typer rich jsonschema referencing json typing re os kmics_cli sitecustomize usercustomize click".split()


def ran(command: list[str], ground: Ground, **more: str) -> subprocess.CompletedProcess[str]:
    words = [*command, "list", "people", "--registry", str(ground.root), "--today", MINI_DAY]
    env = {**ground.env, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", **more}
    return subprocess.run(words, cwd=ground.cwd, env=env, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("place", [".", "registry", "registry/people"])
def test_no_code_of_the_checkout_is_run(place: str, small: Ground) -> None:
    """As the console script, whose own folder comes first on the path, and as `python -P -m kmics_cli`."""
    small.cwd = small.checkout / place
    canary = f"open({str(small.canary)!r}, 'w').close()\nraise SystemExit('imported')\n"
    for name in MODULES:
        (small.cwd / f"{name}.py").write_text(canary, encoding="utf-8")
        (small.cwd / name).mkdir()
        (small.cwd / name / "__init__.py").write_text(canary, encoding="utf-8")
    for name in ("conftest.py", "setup.py", "kmics.py", "pyvenv.cfg", "kmics.pth"):
        (small.cwd / name).write_text(canary, encoding="utf-8")
    (small.cwd / "pyproject.toml").write_text("[tool.kmics]\nplugins = ['evil']\n", encoding="utf-8")
    bin = small.folder / "bin"
    bin.mkdir()
    path = [SOURCE, *(entry for entry in sys.path if entry.endswith("site-packages"))]
    script = f"import sys\nsys.path.extend({path!r})\nfrom kmics_cli.cli import main\nmain()\n"
    (bin / "kmics").write_text(script, encoding="utf-8")
    for command, more in (
        ([sys.executable, str(bin / "kmics")], {}),
        ([sys.executable, "-P", "-m", "kmics_cli"], {"PYTHONPATH": SOURCE}),
    ):
        done = ran(command, small, **more)
        assert "Ann Other" in done.stdout, done.stderr
        assert not small.canary.exists()


SCHEMAS: dict[str, object] = {
    "anything goes": {},
    "true": True,
    "remote": {"$ref": "http://127.0.0.1:9/evil.json"},
    "file": {"$ref": "file:///etc/passwd"},
    "recursive": {"$ref": "#"},
    "slow pattern": {"propertyNames": {"pattern": "^(a+)+$"}},
    "not JSON": "{",
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_in_the_checkout_is_not_read(name: str, small: Ground) -> None:
    """It would relax its own judge, or refer elsewhere: the launcher stops whatever opens a socket."""
    schema = SCHEMAS[name]
    text = schema if isinstance(schema, str) else json.dumps(schema)
    for folder in ("../schema", "schema", ".", "../registry/.schema"):
        for kind in ("body", "person", "definitions", "registry", "document"):
            small.put(f"{folder}/{kind}.json", text)
    line = b"# yaml-language-server: $schema=http://127.0.0.1:9/person.json\n# $schema: ../../schema/person.json\n"
    small.put("people/odd.yaml", line + b"$schema: http://127.0.0.1:9/x\nname: Odd\nphone: '1'\n")
    judged, shown = small.ask("validate --format json", "show alpha")
    assert "unknown-field" in judged.rules()
    assert shown.code == 0


def test_nothing_in_a_file_or_beside_it_switches_a_check_off(small: Ground) -> None:
    lines = "# yamllint disable\n# kmics: ignore\n# noqa\n# type: ignore\n# kmics: disable-file\n"
    small.put("people/odd.yaml", lines + "nam: Odd # noqa\n")
    for name in (".yamllint", ".kmics.yaml", "kmics.toml", "setup.cfg", ".kmics/kmics.yaml", ".env", "kmics.yml"):
        small.put(
            f"../{name}", "rules: {unknown-field: off}\nseverities: {unknown-field: 'off'}\nKMICS_REGISTRY=/\n"
        )
    (judged,) = small.ask("validate --format json")
    assert "unknown-field" in judged.rules("people/odd.yaml")


# --- D: Git


def git(folder: Path, *words: str, input: bytes = b"") -> str:
    command = ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *words]
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    who = {
        f"GIT_{who}_{what}": "tester@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(command, check=True, capture_output=True, input=input, env=env | who)
    return done.stdout.decode("utf-8", "replace").strip()


@pytest.fixture
def checkout(small: Ground) -> Ground:
    """The ground as a Git checkout of one commit."""
    git(small.checkout, "init", "-q", "-b", "main")
    git(small.checkout, "config", "core.autocrlf", "false")
    git(small.checkout, "add", "-A")
    git(small.checkout, "commit", "-q", "-m", "A commit")
    return small


def script(path: Path, body: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(stat.S_IRWXU)
    return str(path)


def canaries(ground: Ground) -> None:
    """Name a program wherever a repository's settings can, and sign the last commit, so that it would be checked."""
    program = script(ground.folder / "evil.sh", f'echo ran >> "{ground.canary}"')
    hooks = ground.folder / "hooks"
    for hook in "post-index-change post-checkout reference-transaction pre-commit fsmonitor-watchman".split():
        script(hooks / hook, f'echo hook >> "{ground.canary}"')
    raw = git(ground.checkout, "cat-file", "commit", "HEAD")
    sign = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\n"
    forged = (raw.replace("\n\n", f"\n{sign}", 1) + "\n").encode()
    signed = git(ground.checkout, "hash-object", "-t", "commit", "-w", "--stdin", input=forged)
    git(ground.checkout, "update-ref", "refs/heads/main", signed)
    ground.put("../.gitattributes", "* filter=evil diff=evil merge=evil\n")
    ground.put("../.gitmodules", f'[submodule "x"]\n\tpath = x\n\turl = ext::{program}\n\tupdate = !{program}\n')
    settings = {
        **dict.fromkeys("core.fsmonitor core.pager core.sshCommand core.alternateRefsCommand".split(), program),
        **dict.fromkeys("core.editor core.askPass core.gitProxy sequence.editor".split(), program),
        **dict.fromkeys("diff.external diff.evil.command diff.evil.textconv".split(), program),
        **dict.fromkeys("filter.evil.clean filter.evil.smudge filter.evil.process".split(), program),
        **dict.fromkeys("merge.evil.driver gpg.program gpg.openpgp.program gpg.ssh.program".split(), program),
        **dict.fromkeys("uploadpack.packObjectsHook interactive.diffFilter".split(), program),
        **{f"pager.{name}": program for name in ("rev-parse", "rev-list", "ls-tree", "cat-file")},
        **{f"alias.{name}": f"!{program}" for name in ("rev-parse", "rev-list", "ls-tree", "cat-file")},
        "core.hooksPath": str(hooks),
        "credential.helper": f"!{program}",
        "log.showSignature": "true",
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{program}",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }
    config = ground.checkout / ".git" / "config"
    with config.open("a", encoding="utf-8") as file:
        for name, value in settings.items():
            section, _, key = name.partition(".")
            sub, _, key = key.rpartition(".")
            file.write(f'[{section}{f" {chr(34)}{sub}{chr(34)}" if sub else ""}]\n\t{key} = "{value}"\n')
    assert git(ground.checkout, "rev-parse", "HEAD") == signed
    ground.canary.unlink(missing_ok=True)


@posix
def test_the_canaries_sing_for_git_itself(checkout: Ground) -> None:
    canaries(checkout)
    for words in (["log", "-1"], ["status"], ["diff", "HEAD"], ["blame", "registry/kmics.yaml"]):
        subprocess.run(["git", "-C", str(checkout.checkout), *words], check=False, capture_output=True)
        assert checkout.canary.exists(), words
        checkout.canary.unlink()


@posix
def test_with_all_canaries_set_no_command_runs_one(checkout: Ground) -> None:
    canaries(checkout)
    checkout.put("people/odd.yaml", "name: Odd\n")
    for done in checkout.ask(*FORMATS):
        assert done.code in (0, 1)
        assert done.git or done.words[0] == "list"
    shown = checkout.ask_one("show alpha --format json")
    assert shown.answer["registry"]["unrecorded_edits"] is True
    assert not (checkout.checkout / ".git" / "index.lock").exists()


@posix
@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD:registry", "HEAD:registry/people/ann-other.yaml"])
def test_what_a_partial_clone_lacks_is_not_fetched(what: str, checkout: Ground) -> None:
    lost = git(checkout.checkout, "rev-parse", what)
    canaries(checkout)
    loose = checkout.checkout / ".git" / "objects" / lost[:2] / lost[2:]
    loose.chmod(stat.S_IRWXU)
    loose.unlink()
    shown, _ = checkout.ask("show alpha --format json", "validate")
    assert shown.code == 0


@posix
def test_the_environment_runs_nothing_and_leads_nowhere_else(checkout: Ground) -> None:
    canaries(checkout)
    program, other = str(checkout.folder / "evil.sh"), checkout.folder / "other"
    shutil.copytree(checkout.checkout, other)
    commands = "rev-parse ls-tree rev-list cat-file git git-rev-parse git-ls-tree git-rev-list git-cat-file"
    for name in commands.split():
        script(checkout.folder / "exec" / name, f'echo exec >> "{checkout.canary}"')
    environ = {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(checkout.canary),
        "GIT_OBJECT_DIRECTORY": str(other / ".git" / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(other / ".git" / "objects"),
        "GIT_EXEC_PATH": str(checkout.folder / "exec"),
        "GIT_TEMPLATE_DIR": str(checkout.folder / "hooks"),
        **dict.fromkeys("GIT_EXTERNAL_DIFF GIT_PAGER PAGER GIT_EDITOR EDITOR VISUAL".split(), program),
        **dict.fromkeys("GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS SSH_ASKPASS GIT_PROXY_COMMAND".split(), program),
        **dict.fromkeys("GIT_TRACE GIT_TRACE2 GIT_TRACE2_EVENT GIT_TRACE_SETUP".split(), str(checkout.canary)),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": program,
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor'='{program}'",
        "GIT_CONFIG_GLOBAL": str(checkout.checkout / ".git" / "config"),
        "GIT_ALLOW_PROTOCOL": "ext",
        "BASH_ENV": program,
        "ENV": program,
        "LESSOPEN": f"|{program}",
        "PYTHONSTARTUP": program,
        "PYTHONBREAKPOINT": "os.system",
        "KMICS_SCHEMA": str(checkout.checkout),
        "BROWSER": program,
    }
    head = git(checkout.checkout, "rev-parse", "HEAD")
    checkout.canary.unlink(missing_ok=True)
    for done in checkout.ask(*FORMATS, env=environ):
        assert done.code in (0, 1)
        if done.format == "json":
            assert done.answer["registry"]["revision"] == head[:12]


@posix
def test_a_git_among_the_data_is_never_run(checkout: Ground) -> None:
    evil = f'echo ran >> "{checkout.canary}"'
    for place in (".", "registry", "tools"):
        script(checkout.checkout / place / "git", evil)
    (checkout.folder / "linked").symlink_to(checkout.checkout / "tools")
    places = ["", ".", str(checkout.checkout), str(checkout.checkout / "tools"), str(checkout.folder / "linked")]
    for path in (os.pathsep.join([*places, os.environ["PATH"]]), os.pathsep.join(places)):
        for done in checkout.ask(*FORMATS, env={"PATH": path}):
            assert done.code in (0, 1)


def bare(ground: Ground) -> None:
    """The registry's own folder looks like a bare repository."""
    for part in ("HEAD", "config", "objects", "refs"):
        (ground.checkout / ".git" / part).rename(ground.root / part)
    with (ground.root / "config").open("a", encoding="utf-8") as file:
        file.write(f"[core]\n\tbare = true\n\tfsmonitor = {ground.folder / 'evil.sh'}\n")


def pointing_elsewhere(ground: Ground) -> None:
    (ground.checkout / ".git").rename(ground.folder / "elsewhere")
    ground.put("../.git", f"gitdir: {ground.folder / 'elsewhere'}\n")


def pipe_for_config(ground: Ground) -> None:
    (ground.checkout / ".git" / "config").unlink()
    os.mkfifo(ground.checkout / ".git" / "config")


def pipe_for_head(ground: Ground) -> None:
    (ground.checkout / ".git" / "HEAD").unlink()
    os.mkfifo(ground.checkout / ".git" / "HEAD")


def pipe_for_git(ground: Ground) -> None:
    shutil.rmtree(ground.checkout / ".git")
    os.mkfifo(ground.checkout / ".git")


def write(path: str, text: str) -> Callable[[Ground], None]:
    return lambda ground: ground.put(f"../.git/{path}", text)


def objects_gone(ground: Ground) -> None:
    shutil.rmtree(ground.checkout / ".git" / "objects")
    (ground.checkout / ".git" / "objects").mkdir()


def somebody_elses(ground: Ground) -> None:
    for path in (ground.checkout, *ground.checkout.rglob("*")):
        os.chown(path, 12345, 12345)


def replaced(ground: Ground) -> None:
    """A replacement reference would show another commit under the name of this one."""
    head = git(ground.checkout, "rev-parse", "HEAD")
    other = git(ground.checkout, "commit-tree", "-m", "Another", git(ground.checkout, "mktree"))
    git(ground.checkout, "replace", head, other)


def a_loop_of_links(ground: Ground) -> None:
    (ground.checkout / ".git" / "HEAD").unlink()
    (ground.checkout / ".git" / "HEAD").symlink_to("HEAD")


REPOSITORIES: dict[str, Callable[[Ground], None]] = {
    "bare, in the registry's place": bare,
    "pointing elsewhere": pointing_elsewhere,
    "a pipe for config": pipe_for_config,
    "a pipe for HEAD": pipe_for_head,
    "a pipe for .git": pipe_for_git,
    "settings that are not settings": write("config", "\x1b[2J[core\n::error::x\n"),
    "settings that include others": write("config", "[include]\n\tpath = /dev/zero\n[include]\n\tpath = config\n"),
    "a work tree elsewhere": write("config", "[core]\n\trepositoryformatversion = 0\n\tworktree = /\n"),
    "a format of the future": write("config", "[core]\n\trepositoryformatversion = 99\n"),
    "an extension with codes": write("config", "[core]\nrepositoryformatversion = 1\n[extensions]\nx = \x1b[2J\n"),
    "HEAD is nonsense": write("HEAD", "\x1b[2J::error::x\n"),
    "HEAD leads out": write("HEAD", "ref: ../../../secret\n"),
    "HEAD is nobody's": write("HEAD", "0" * 40 + "\n"),
    "HEAD is long": write("HEAD", "ref: " + "x/" * 500_000 + "\n"),
    "a loop of links": a_loop_of_links,
    "packed-refs are nonsense": write("packed-refs", "\x1b" * 100_000),
    "alternates that loop": write("objects/info/alternates", "../../.git/objects\n/\n"),
    "grafts": write("info/grafts", "nonsense\n" * 1_000),
    "shallow is nonsense": write("shallow", "nonsense\n"),
    "objects are gone": objects_gone,
    "replaced": replaced,
}
if os.name != "nt" and os.geteuid() == 0:
    REPOSITORIES["somebody else's"] = somebody_elses


@posix
@pytest.mark.parametrize("name", REPOSITORIES)
def test_an_odd_repository_is_told_and_the_answer_still_comes(name: str, checkout: Ground) -> None:
    script(checkout.folder / "evil.sh", f'echo ran >> "{checkout.canary}"')
    REPOSITORIES[name](checkout)
    shown, judged = checkout.ask("show alpha", "validate --format json")
    assert (shown.code, "Ann Other" in shown.out) == (0, True)
    assert judged.code == 0
    if name == "somebody else's":
        assert "dubious ownership" in " ".join(shown.out.split())
        assert "safe.directory" in shown.out
    if name.startswith("a pipe for") and name != "a pipe for .git":
        assert "holds a pipe" in " ".join(shown.out.split())


def test_a_shallow_clone_says_how_to_get_the_rest(checkout: Ground) -> None:
    git(checkout.checkout, "commit", "-q", "--allow-empty", "-m", "Another")
    clone = checkout.folder / "clone"
    git(checkout.folder, "clone", "-q", "--depth=1", checkout.checkout.as_uri(), str(clone))
    checkout.root = clone / "registry"
    shown = checkout.ask_one("show alpha")
    assert shown.code == 0
    assert "git fetch --unshallow" in " ".join(shown.out.split())


# --- validate --since


REVISIONS = [
    "",
    " ",
    "-x",
    "--output=canary",
    "--upload-pack=touch canary",
    "--exec=touch canary",
    "--end-of-options",
    "HEAD --output=canary",
    "HEAD:../../secret",
    "HEAD:registry",
    ":/A commit",
    "HEAD^{/A commit}",
    "HEAD^{/(a+)+$}",
    "^{/.*}",
    "HEAD^{tree}",
    "^HEAD",
    "HEAD..HEAD",
    "HEAD...HEAD",
    "@{-1}",
    "@{u}",
    "HEAD@{yesterday}",
    "HEAD~99999999999999999999",
    "HEAD^99999",
    "registry",
    "registry/kmics.yaml",
    "refs/heads/../../config",
    "../../secret",
    "a\nHEAD",
    "HEAD\n::error::x",
    "##[error]x",
    "::error::x",
    "\x1b[2J",
    "\u202eHEAD",
    "\udcff",
    "HEAD%0A::error::x",
    "x" * 10_000,
    "HEAD" + "^" * 190,
    "HEAD" + "~" * 5_000,
    "0" * 40,
    "f" * 64,
    "$(touch canary)",
    "`touch canary`",
    "; touch canary",
    "nowhere",
]
"""What is no revision, or none that is there, or one only by a way of saying it that could do more."""


@pytest.mark.parametrize("rev", REVISIONS)
def test_a_revision_that_is_none_is_refused(rev: str, checkout: Ground) -> None:
    text, told = checkout.ask(["validate", f"--since={rev}"], ["validate", "--format", "json", f"--since={rev}"])
    assert text.code == told.code
    assert text.code in (0, 2, 3)
    if text.code == 0:
        assert rev in (":/A commit", "HEAD^{/A commit}", "HEAD@{yesterday}")
    else:
        assert told.out == ""
        assert len(text.err) < 1_000
    assert not list(checkout.folder.rglob("canary"))
    assert not (checkout.checkout / "canary").exists()


def test_a_revision_and_a_path_of_the_same_name_are_not_mistaken(checkout: Ground) -> None:
    git(checkout.checkout, "branch", "registry")
    git(checkout.checkout, "tag", "people")
    for name in ("registry", "people"):
        assert checkout.ask_one(f"validate --since {name} people --format json").code == 0


@posix
def test_with_all_canaries_set_a_comparison_runs_none(checkout: Ground) -> None:
    canaries(checkout)
    checkout.put("people/odd.yaml", "nam: Odd\n")
    for format in ("json", "github", "sarif"):
        done = checkout.ask_one(f"validate --since HEAD --format {format}")
        assert done.code == 1
    assert {words[words.index("--literal-pathspecs") + 1] for words in done.git} >= {
        "rev-parse",
        "ls-tree",
        "cat-file",
    }


def test_a_change_cannot_relax_its_judge(checkout: Ground) -> None:
    """Neither severities nor suppressions, neither a schema nor a settings file that is gone: the base's count."""
    checkout.put("people/odd.yaml", "name: AN ODD INVENTED NAME\nname: Twice\n")
    checkout.put("documents/papre.yaml", "title: A\nkind: paper\n")
    settings = (checkout.root / "kmics.yaml").read_text(encoding="utf-8")
    before = checkout.ask_one("validate --since HEAD --format json")
    assert before.code == 1
    relaxed = "severities: {markup-in-name: 'off', unknown-reference: 'off', schema-line: 'off', end-before-start: 'off'}\n"
    checkout.put("people/marked.yaml", "name: A **Stranger**\n")
    for text in (settings + relaxed, "", "\0"):
        checkout.put("kmics.yaml", text)
        done = checkout.ask_one("validate --since HEAD --format json")
        assert done.code == 1
        assert "markup-in-name" in done.rules("people/marked.yaml")
    (checkout.root / "kmics.yaml").unlink()
    assert checkout.ask_one("validate --since HEAD --format json").code in (1, 3)


@posix
def test_hostile_entries_of_a_commit_are_told_and_not_followed(checkout: Ground) -> None:
    blob = git(checkout.checkout, "hash-object", "-w", "--stdin", input=str(checkout.secret).encode())
    bomb = git(checkout.checkout, "hash-object", "-w", "--stdin", input=b"name: " + b"[" * 100_000)
    head = git(checkout.checkout, "rev-parse", "HEAD")
    names = [
        "--output=x.yaml",
        "two\nlines.yaml",
        "esc\x1b[2J.yaml",
        "::error::x.yaml",
        "UPPER.yaml",
        "\u202ex.yaml",
    ]
    entries = [
        f"120000 blob {blob}\tlink.yaml",
        f"160000 commit {head}\tmodule.yaml",
        f"100644 blob {bomb}\tbomb.yaml",
        f"100755 blob {blob}\tran.yaml",
        *(f"100644 blob {blob}\t{name}" for name in names),
    ]
    listed = [entry.encode() for entry in entries] + [b"100644 blob %b\t\xff\xfe.yaml" % blob.encode()]
    people = git(checkout.checkout, "mktree", "-z", input=b"\0".join(listed) + b"\0")
    mark = git(checkout.checkout, "rev-parse", "HEAD:registry/kmics.yaml")
    tree = f"040000 tree {people}\tpeople\n100644 blob {mark}\tkmics.yaml\n"
    registry = git(checkout.checkout, "mktree", input=tree.encode())
    top = git(checkout.checkout, "mktree", input=f"040000 tree {registry}\tregistry\n".encode())
    odd = git(checkout.checkout, "commit-tree", top, "-m", "Odd")
    for format in ("text", "json", "github", "sarif", "junit"):
        assert checkout.ask_one(f"validate --since {odd} --format {format}").code in (0, 1)
    linked = git(checkout.checkout, "mktree", input=f"120000 blob {blob}\tregistry\n".encode())
    for tree in (linked, git(checkout.checkout, "mktree", input=f"160000 commit {head}\tregistry\n".encode())):
        odd = git(checkout.checkout, "commit-tree", tree, "-m", "No registry")
        assert checkout.ask_one(f"validate --since {odd}").code in (0, 1, 3)


def test_a_shallow_clone_says_what_it_lacks(checkout: Ground) -> None:
    git(checkout.checkout, "commit", "-q", "--allow-empty", "-m", "Another")
    clone = checkout.folder / "clone"
    git(checkout.folder, "clone", "-q", "--depth=1", checkout.checkout.as_uri(), str(clone))
    checkout.root = clone / "registry"
    done = checkout.ask_one("validate --since HEAD~1")
    assert done.code == 3
    assert "git fetch --unshallow" in done.err


@posix
def test_a_partial_clone_fetches_nothing_for_a_comparison(checkout: Ground) -> None:
    lost = git(checkout.checkout, "rev-parse", "HEAD:registry/people/ann-other.yaml")
    canaries(checkout)
    loose = checkout.checkout / ".git" / "objects" / lost[:2] / lost[2:]
    loose.chmod(stat.S_IRWXU)
    loose.unlink()
    done = checkout.ask_one("validate --since HEAD")
    assert done.code == 3
