"""The workflows, the action and the hook: read by the field's linters, and their commands run for real.

The commands of a step are run as GitHub's runner runs them, in bash, with the variables that they name; what other
people's actions do (a checkout, Python) is done by hand.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

pytestmark = pytest.mark.tools

TOP = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
FLOWS = TOP / ".github" / "workflows"


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_", "KMICS"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | more,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )


def done(*command: str | Path, cwd: Path, **more: str) -> str:
    finished = run(*command, cwd=cwd, **more)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


# The linters.


def actionlint(folder: Path) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    program = Path(__file__).parent / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"
    assert node, "Node is not installed; these tests need Node 20 or later."
    assert program.is_file(), "actionlint is not installed; run `npm ci` in tests/tools."
    return run(node, program, "*.yml", cwd=folder)


def zizmor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("zizmor", path=str(BIN))
    assert program, "zizmor is not installed; run `pip install -r tests/tools/requirements.txt`."
    return run(
        program, "--offline", "--no-config", "--strict-collection", "--persona=pedantic", *arguments, cwd=TOP
    )


HOSTILE = """
name: Hostile
on: pull_request_target
jobs:
  hostile:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: echo "${{ github.event.pull_request.title }}"
"""


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    found = actionlint(FLOWS)
    assert found.returncode == 0, found.stdout
    assert f"Checking {len(list(FLOWS.iterdir()))} workflow file(s)" in found.stdout
    (tmp_path / "hostile.yml").write_text(HOSTILE, encoding="utf-8")
    found = actionlint(tmp_path)
    assert found.returncode != 0
    assert "potentially untrusted" in found.stdout


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    found = zizmor(TOP)
    assert found.returncode == 0, found.stdout
    assert "No findings to report." in found.stdout
    (tmp_path / "hostile.yml").write_text(HOSTILE, encoding="utf-8")
    found = zizmor(tmp_path / "hostile.yml")
    assert found.returncode != 0
    for audit in ("dangerous-triggers", "template-injection", "unpinned-uses", "artipacked"):
        assert audit in found.stdout


def test_each_finding_that_is_ignored_says_why() -> None:
    ignored = set()
    for path in (*FLOWS.iterdir(), TOP / "action.yml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "zizmor:" in line:
                found = re.search(r"# zizmor: ignore\[([a-z-]+)\] \w.{20,}$", line)
                assert found, line
                ignored.add((path.name, found[1]))
    assert ignored == {("comment.yml", "dangerous-triggers"), ("daily.yml", "self-repository")}


# The commands.


def git(*arguments: str | Path, cwd: Path) -> str:
    who = ("-c", "user.name=Ann Other", "-c", "user.email=ann@other.example", "-c", "commit.gpgsign=false")
    return done("git", *who, "-c", "core.autocrlf=false", *arguments, cwd=cwd).strip()


def commit(folder: Path, message: str) -> None:
    git("add", "--all", "--force", cwd=folder)
    git("commit", "--quiet", "--message", message, cwd=folder)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with the files that stand here, and with the mini registry as its registry."""
    folder = tmp_path_factory.mktemp("repositories") / "base"
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=TOP)
    for name in listed.split("\0"):
        source = TOP / name
        if name and source.is_file() and not name.startswith(("registry/", "tests/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / name)
    shutil.copytree(TOP / "tests" / "mini" / "registry", folder / "registry")
    for path in (folder / "registry").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("../../../../schema", "../../schema")
        path.write_text(text.replace("../../../schema", "../schema"), encoding="utf-8", newline="\n")
    git("init", "--quiet", "--initial-branch=main", cwd=folder)
    git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=folder)
    commit(folder, "Base")
    return folder


class Runner:
    """A machine of GitHub's: its folders, and how it runs the commands of a step."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "work"
        self.temp = folder / "temp"
        self.workspace.mkdir()
        self.temp.mkdir()
        self.output = folder / "output"
        self.summary = folder / "summary"
        self.path = f"{BIN}{os.pathsep}{os.environ['PATH']}"

    def step(self, step: dict[str, Any], **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a step's commands, with the variables that the runner would put together from its expressions."""
        assert set(variables) >= set(step.get("env", {}))
        script = self.temp / "step.sh"
        script.write_text(step["run"], encoding="utf-8", newline="\n")
        bash = shutil.which("bash")
        assert bash
        options = ("--noprofile", "--norc", "-eo", "pipefail") if step.get("shell") == "bash" else ("-e",)
        for path in (self.output, self.summary):
            path.write_text("", encoding="utf-8")
        return run(
            bash,
            *options,
            script,
            cwd=self.workspace / step.get("working-directory", "."),
            PATH=self.path,
            CI="true",
            GITHUB_ACTIONS="true",
            GITHUB_REPOSITORY="o/r",
            GITHUB_WORKSPACE=str(self.workspace),
            GITHUB_OUTPUT=str(self.output),
            GITHUB_STEP_SUMMARY=str(self.summary),
            RUNNER_TEMP=str(self.temp),
            RUNNER_OS="Linux",
            **variables,
        )

    def outputs(self) -> dict[str, str]:
        """Return what the last step gave to those after it: `NAME=VALUE` lines, or NAME<<END to the line END."""
        found: dict[str, str] = {}
        lines = iter(self.output.read_text(encoding="utf-8").splitlines())
        for line in lines:
            name, sign, rest = line.partition("<<") if "<<" in line else line.partition("=")
            assert sign, line
            if sign == "=":
                found[name] = rest
                continue
            assert re.fullmatch("end-[0-9a-f]{32}", rest)
            value = []
            while (line := next(lines)) != rest:
                value.append(line)
            found[name] = "\n".join(value)
        return found


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def steps(path: Path) -> dict[str, dict[str, Any]]:
    """Return the steps of a workflow or an action by their names."""
    read = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    jobs = [read["runs"]] if "runs" in read else read["jobs"].values()
    return {step["name"]: step for job in jobs for step in job["steps"]}


# The hook.


def test_the_hook_stops_a_commit_that_breaks_the_registry(base: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    git("clone", "--quiet", base, here, cwd=tmp_path)
    git("clean", "-qdfx", cwd=here)
    cache = {"PRE_COMMIT_HOME": str(tmp_path / "cache"), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    tried = ("pre-commit", "try-repo", str(base), "kmics-validate", "--files")
    program = shutil.which("pre-commit", path=str(BIN))
    assert program, "pre-commit is not installed; run `pip install -r tests/tools/requirements.txt`."
    body = here / "registry" / "bodies" / "nowshire-board.yaml"
    sound = run(program, *tried[1:], "registry/kmics.yaml", cwd=here, **cache)
    assert sound.returncode == 0, sound.stdout
    assert "Passed" in sound.stdout
    elsewhere = run(program, *tried[1:], "README.md", cwd=here, **cache)
    assert "no files to check" in elsewhere.stdout
    body.write_text(body.read_text(encoding="utf-8") + "nonsense: x\n", encoding="utf-8", newline="\n")
    broken = run(program, *tried[1:], "registry/bodies/nowshire-board.yaml", cwd=here, **cache)
    assert broken.returncode == 1
    assert "nowshire-board.yaml:" in broken.stdout
    assert "nonsense" in broken.stdout


# The comment.

GH = """#!/bin/sh
# Stands for GitHub's own program: tells what it was asked, and answers from files.
printf '%s\\n' "$*" >> "$ANSWERS/asked"
case "$*" in
*/issues/*) case "$*" in *PATCH*|*POST*) exit 0;; esac; cat "$ANSWERS/comments";;
*/files*) cat "$ANSWERS/files";;
*/pulls*) cat "$ANSWERS/pulls";;
*/zip*) cat "$ANSWERS/zip";;
*/artifacts*) cat "$ANSWERS/artifacts";;
*) exit 1;;
esac
"""
NOTHING_CHANGED = {"schema": "kmics/diff/1", "old": "0" * 40, "new": "1" * 40, "unread": [], "changes": []}
SHA = "0123456789abcdef0123456789abcdef01234567"
EVENT = {
    "GH_TOKEN": "none",
    "HEAD": "ann:fix$(touch run)`touch run`",
    "HEAD_SHA": SHA,
    "RUN": "1",
    "RUN_URL": "https://github.com/o/r/actions/runs/1",
}
"""A branch may be named like this."""


class GitHub:
    """What GitHub answers, as files, and what it was asked."""

    def __init__(self, folder: Path, runner: Runner) -> None:
        self.answers = folder / "answers"
        programs = folder / "programs"
        self.answers.mkdir()
        programs.mkdir()
        (programs / "gh").write_text(GH, encoding="utf-8", newline="\n")
        (programs / "gh").chmod(0o755)
        self.runner = runner
        runner.path = f"{programs}{os.pathsep}{runner.path}"
        self.give("pulls", [{"number": 7, "head": {"sha": SHA}}])
        self.give("comments", [])
        self.give(
            "artifacts", {"artifacts": [{"id": 5, "name": "kmics-reports", "size_in_bytes": 9, "expired": False}]}
        )
        (self.answers / "files").write_text("registry/kmics.yaml\n", encoding="utf-8")
        for name in ("src", ".github"):
            shutil.copytree(TOP / name, runner.workspace / name, ignore=shutil.ignore_patterns("__pycache__"))

    def give(self, name: str, value: object) -> None:
        (self.answers / name).write_text(json.dumps(value), encoding="utf-8")

    def report(self, *problems: dict[str, object]) -> None:
        with zipfile.ZipFile(self.answers / "zip", "w") as made:
            made.writestr("kmics.json", json.dumps({"schema": "kmics/validate/1", "problems": problems}))
            made.writestr("diff.json", json.dumps(NOTHING_CHANGED))

    def comment(self) -> tuple[str, list[str]]:
        """Run the workflow; return what the comment would be, and what GitHub was asked."""
        there = steps(FLOWS / "comment.yml")
        given = {**EVENT, "ANSWERS": str(self.answers)}
        found = self.runner.step(there["Find the pull request"], **given)
        assert found.returncode == 0, found.stderr
        pull = self.runner.outputs()
        if pull:
            given |= {"NUMBER": pull["number"], "OWN": pull["own"]}
            for name in ("Fetch the report", "Write the comment", "Post it, or change the one that is there"):
                finished = self.runner.step(there[name], **given)
                assert finished.returncode == 0, finished.stderr
        assert not list(self.runner.workspace.rglob("run"))
        said = self.runner.temp / "comment.md"
        asked = (self.answers / "asked").read_text(encoding="utf-8").splitlines()
        return said.read_text(encoding="utf-8") if said.exists() else "", asked


PROBLEM: dict[str, object] = {
    "rule": "unknown-field",
    "severity": "error",
    "path": "registry/bodies/beta.yaml",
    "line": 3,
    "column": 1,
    "message": "There is no field 'x'.",
    "help": "",
}


@pytest.fixture
def github(tmp_path: Path, runner: Runner) -> GitHub:
    return GitHub(tmp_path, runner)


def test_a_comment_is_posted_once_and_then_changed(github: GitHub) -> None:
    github.report(PROBLEM)
    said, asked = github.comment()
    assert "There is no field" in said
    assert asked[-1].startswith("api --silent --method POST repos/o/r/issues/7/comments -F body=@")
    bot, mark = {"login": "github-actions[bot]"}, "<!-- kmics -->"
    others = [{"id": 1, "user": {"login": "ann"}, "body": mark}, {"id": 2, "user": bot, "body": "Not kmics's"}]
    github.give("comments", [*others, {"id": 3, "user": bot, "body": f"{mark}\n"}])
    said, asked = github.comment()
    assert asked[-1].startswith("api --silent --method PATCH repos/o/r/issues/comments/3 -F body=@")


def test_where_nothing_is_wrong_there_is_no_comment_but_an_old_one_says_so(github: GitHub) -> None:
    github.report()
    said, asked = github.comment()
    assert "Nothing is wrong" in said
    assert not any("POST" in line or "PATCH" in line for line in asked)
    github.give("comments", [{"id": 3, "user": {"login": "github-actions[bot]"}, "body": "<!-- kmics -->\n"}])
    assert "PATCH" in github.comment()[1][-1]


@pytest.mark.parametrize(
    "pulls", [[], [{"number": 7, "head": {"sha": "0" * 40}}], [{"number": 7, "head": {"sha": SHA}}] * 2]
)
def test_only_the_one_open_pull_request_with_that_commit_is_commented_on(
    github: GitHub, pulls: list[dict[str, object]]
) -> None:
    github.give("pulls", pulls)
    github.report({**PROBLEM, "number": 8})
    said, asked = github.comment()
    assert said == ""
    assert len(asked) == 1


def test_a_change_of_the_checks_themselves_is_said(github: GitHub) -> None:
    github.report(PROBLEM)
    (github.answers / "files").write_text("README.md\n.github/workflows/validate.yml\n", encoding="utf-8")
    assert "changes the checks themselves" in github.comment()[0]
    (github.answers / "files").write_text("registry/a.yaml\n" * 3_000, encoding="utf-8")
    assert "changes the checks themselves" in github.comment()[0]


def test_a_report_that_is_missing_or_too_large_is_not_fetched(github: GitHub) -> None:
    github.report(PROBLEM)
    large = {"id": 5, "name": "kmics-reports", "size_in_bytes": 4_000_001, "expired": False}
    for artifacts in ([], [large]):
        github.give("artifacts", {"artifacts": artifacts})
        said, asked = github.comment()
        assert "did not get as far as a report" in said
        assert not any("/zip" in line for line in asked)


# The judge.

BOARD = "registry/bodies/nowshire-board.yaml"
LURE = "import pathlib\npathlib.Path({path!r}).write_text('run')\nraise SystemExit(0)\n"
LURES = (
    *(
        "yaml.py",
        "typing.py",
        "json.py",
        "sitecustomize.py",
        "usercustomize.py",
        "conftest.py",
        "setup.py",
        "pip.py",
    ),
    *(
        "kmics_cli/__init__.py",
        "kmics_cli/__main__.py",
        "ruamel/__init__.py",
        "rich.py",
        "typer.py",
        "jsonschema.py",
    ),
    *(
        "src/kmics_cli/__init__.py",
        "src/kmics_cli/__main__.py",
        "src/kmics_cli/rules/__init__.py",
        "hatch_build.py",
    ),
)


def edited(folder: Path, name: str, *, old: str = "", new: str) -> None:
    """Put `new` in the place of `old`, or at the end of a file."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1) if old else text + new
    path.write_text(text, encoding="utf-8", newline="\n")


class Pull:
    """A pull request to `base`: its files, to be changed, and then what is checked out for it."""

    def __init__(self, base: Path, folder: Path) -> None:
        self.base = base
        self.files = folder / "pull"
        git("clone", "--quiet", base, self.files, cwd=folder)

    def checked_out(self, place: Path) -> None:
        """Commit the change, merge it as GitHub does, and check that out with its parents into `place`."""
        git("checkout", "--quiet", "-b", "change", cwd=self.files)
        commit(self.files, "Change")
        git("checkout", "--quiet", "main", cwd=self.files)
        git("merge", "--quiet", "--no-ff", "--message", "Merge", "change", cwd=self.files)
        git("clone", "--quiet", "--depth=2", self.files.as_uri(), place, cwd=self.files)

    def hostile(self, canary: Path) -> None:
        """Change the schema, the code and the settings, and put in what somebody might hope is run."""
        for schema in (self.files / "schema").glob("*.json"):
            schema.write_text("{}\n", encoding="utf-8")
        for name in LURES:
            lure = self.files / name
            lure.parent.mkdir(parents=True, exist_ok=True)
            lure.write_text(LURE.format(path=str(canary)), encoding="utf-8")
        (self.files / "lure.pth").write_text(LURE.format(path=str(canary)).replace("\n", ";"), encoding="utf-8")
        (self.files / ".gitattributes").write_text("* filter=lure diff=lure export-subst\n", encoding="utf-8")
        off = "".join(f"  {rule}: 'off'\n" for rule in ("end-before-start", "outside-life"))
        edited(self.files, "registry/kmics.yaml", old="severities:\n", new=f"severities:\n{off}")


@pytest.fixture
def pull(base: Path, tmp_path: Path) -> Pull:
    return Pull(base, tmp_path)


VALIDATE = steps(FLOWS / "validate.yml")


@pytest.fixture(scope="module")
def judge(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the environment that the workflow's own step makes of the base."""
    runner = Runner(tmp_path_factory.mktemp("judge"))
    git("clone", "--quiet", base, runner.workspace / "judge", cwd=runner.workspace)
    installed = runner.step(VALIDATE["Install the judge"])
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return runner.temp / "kmics"


def judged(runner: Runner, judge: Path) -> tuple[int, str]:
    """Run the step that validates; return its exit code and what it prints."""
    (runner.temp / "kmics").symlink_to(judge)
    found = runner.step(VALIDATE["Validate"])
    assert "Traceback" not in found.stderr
    return found.returncode, found.stdout + found.stderr


def test_a_pull_request_is_judged_by_what_it_changes(runner: Runner, pull: Pull, judge: Path) -> None:
    edited(pull.files, BOARD, new="nonsense: x\n")
    pull.checked_out(runner.workspace / "proposed")
    code, said = judged(runner, judge)
    assert code == 1, said
    line = (pull.files / BOARD).read_text(encoding="utf-8").count("\n")
    assert f"::error file={BOARD},line={line}" in said
    assert "nonsense" in runner.summary.read_text(encoding="utf-8")
    reports = runner.temp / "reports"
    (problem,) = json.loads((reports / "kmics.json").read_text(encoding="utf-8"))["problems"]
    assert (problem["rule"], problem["path"], problem["line"]) == ("unknown-field", BOARD, line)
    assert {path.name for path in reports.iterdir()} == {"kmics.json", "kmics.sarif", "kmics.xml"}
    edited_at = runner.step(VALIDATE["Tell what it changes"])
    assert edited_at.returncode == 0, edited_at.stderr

    archive = shutil.make_archive(str(runner.temp / "reports"), "zip", reports)  # as the comment would get it
    shutil.copytree(TOP / ".github", runner.workspace / ".github")
    shutil.copytree(TOP / "src", runner.workspace / "src")
    written = runner.step(steps(FLOWS / "comment.yml")["Write the comment"], OWN="false", RUN_URL=EVENT["RUN_URL"])
    assert written.returncode == 0, written.stderr
    said = Path(archive).with_name("comment.md").read_text(encoding="utf-8")
    assert "**1 error** in what this changes" in said
    assert f"line {line}: There is no field 'nonsense' here." in said
    assert "These could not be read on one side, and are not compared:" in said
    assert "bodies/nowshire-board.yaml" in said


def test_what_a_pull_request_changes_is_told_in_the_comment(runner: Runner, pull: Pull, judge: Path) -> None:
    edited(
        pull.files,
        "registry/bodies/audit-committee.yaml",
        old="      from: 2024-10-01\n",
        new="      from: 2024-10-01\n      to: 2026-06-05\n",
    )
    pull.checked_out(runner.workspace / "proposed")
    code, said = judged(runner, judge)
    assert code == 0, said
    told = runner.step(VALIDATE["Tell what it changes"])
    assert told.returncode == 0, told.stderr
    shutil.make_archive(str(runner.temp / "reports"), "zip", runner.temp / "reports")
    shutil.copytree(TOP / ".github", runner.workspace / ".github")
    shutil.copytree(TOP / "src", runner.workspace / "src")
    written = runner.step(steps(FLOWS / "comment.yml")["Write the comment"], OWN="false", RUN_URL=EVENT["RUN_URL"])
    assert written.returncode == 0, written.stderr
    comment = (runner.temp / "comment.md").read_text(encoding="utf-8")
    assert "No problem was found in what this changes in the registry." in comment
    assert "- Chair of the Audit Committee: last day of Wing Commander Vic Whimsy: 5 June 2026." in comment


def test_a_harmless_pull_request_passes_although_much_is_wrong_already(
    runner: Runner, pull: Pull, judge: Path
) -> None:
    edited(pull.files, "registry/kmics.yaml", old="An invented county", new="A wholly invented county")
    pull.checked_out(runner.workspace / "proposed")
    code, said = judged(runner, judge)
    assert code == 0, said
    assert "::error" not in said


def test_a_hostile_pull_request_does_not_relax_its_judge(
    runner: Runner, pull: Pull, judge: Path, tmp_path: Path
) -> None:
    """What it does wrong is told as if it had left schema, code and settings alone, and nothing of it is run."""
    canary = tmp_path / "canary"
    pull.hostile(canary)
    edited(pull.files, BOARD, new="nonsense: x\n")
    edited(pull.files, "registry/people/ada-invented.yaml", new="former_ids: [nobody]\nnonsense: x\n")
    pull.checked_out(runner.workspace / "proposed")
    code, said = judged(runner, judge)
    assert code == 1, said
    for name in (BOARD, "registry/people/ada-invented.yaml"):
        assert f"::error file={name}," in said
    assert not canary.exists()
    told = runner.step(VALIDATE["Say whether the schema must go first"])
    assert told.returncode == 0, told.stderr
    assert "::notice::This changes kmics and the registry at once" in told.stdout
    assert not canary.exists()


def test_severities_and_suppressions_are_the_bases(runner: Runner, pull: Pull, judge: Path) -> None:
    body = pull.files / "registry" / "bodies" / "new-body.yaml"
    body.write_text(
        "# yaml-language-server: $schema=../../schema/body.json\nname: New\nkind: board\nlevel: place\n"
        "from: 2022-02-01\nto: 2022-01-01\nsources: [board-minutes-2026-03 page 1]\n",
        encoding="utf-8",
        newline="\n",
    )
    edited(pull.files, "registry/kmics.yaml", old="severities:\n", new="severities:\n  end-before-start: 'off'\n")
    pull.checked_out(runner.workspace / "proposed")
    code, said = judged(runner, judge)
    assert code == 1, said
    assert "new-body.yaml" in said
    assert "end-before-start" in said


def test_a_registry_that_is_a_link_is_refused(runner: Runner, pull: Pull, judge: Path) -> None:
    shutil.rmtree(pull.files / "registry")
    (pull.files / "registry").symlink_to("../judge/registry")
    pull.checked_out(runner.workspace / "proposed")
    git("clone", "--quiet", pull.base, runner.workspace / "judge", cwd=runner.workspace)
    code, said = judged(runner, judge)
    assert code == 1
    assert "registry is a link" in said


def test_the_action_installs_itself_and_tells_its_exit_code(runner: Runner, pull: Pull, base: Path) -> None:
    there = steps(TOP / "action.yml")
    canary = runner.temp / "canary"
    pull.hostile(canary)
    edited(pull.files, BOARD, new="nonsense: x\n")
    runner.workspace.rmdir()
    pull.checked_out(runner.workspace)
    installed = runner.step(there["Install kmics"], PYTHON=sys.executable, GITHUB_ACTION_PATH=str(base))
    assert installed.returncode == 0, installed.stdout + installed.stderr
    given = {
        "KMICS_PYTHON": runner.outputs()["python"],
        "REGISTRY": "registry",
        "SINCE": "HEAD^1",
        "REPORTS": f"sarif={runner.temp}/kmics.sarif\n\njunit={runner.temp}/kmics.xml\n",
        "SELECT": "",
        "IGNORE": "",
        "STRICT": "false",
        "FAIL_ON": "",
    }
    found = runner.step(there["Validate"], **given)
    assert found.returncode == 1, found.stderr
    assert runner.outputs() == {"exit-code": "1"}
    assert f"::error file={BOARD}," in found.stdout
    assert (runner.temp / "kmics.sarif").is_file()
    assert (runner.temp / "kmics.xml").is_file()
    for changed, code in (
        ({"FAIL_ON": "never"}, 0),
        ({"IGNORE": "unknown-field"}, 0),
        ({"SELECT": "end-before-start"}, 0),
        ({"SELECT": "no-such-rule"}, 2),
        ({"SINCE": "--output=x"}, 2),
        ({"FAIL_ON": "nonsense"}, 2),
        ({"REPORTS": "$(touch canary)"}, 2),
    ):
        found = runner.step(there["Validate"], **given | changed)
        assert (found.returncode, runner.outputs()) == (code, {"exit-code": str(code)}), found.stdout + found.stderr
    assert not canary.exists()
    assert not (runner.workspace / "canary").exists()
