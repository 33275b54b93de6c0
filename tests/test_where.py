"""Where it runs: a pull request cannot relax, replace or fool what judges it, and cannot write anything.

What the workflows and the action say is held here; that their commands do it, in `tests/tools/test_workflows.py`.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

from kmics_cli.rules.register import RULES

TOP = Path(__file__).parent.parent
MINI = TOP / "tests" / "mini" / "registry"
WORKFLOWS = {path.stem: path for path in sorted((TOP / ".github" / "workflows").iterdir())}


def read(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def workflow(name: str) -> Any:
    return read(WORKFLOWS[name])


ACTION = read(TOP / "action.yml")


def steps(name: str) -> list[dict[str, Any]]:
    """Return the steps of all the jobs of a workflow, or of the action."""
    if name == "action":
        return list(ACTION["runs"]["steps"])
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


ALL = [(name, step) for name in ("action", *WORKFLOWS) for step in steps(name)]
RUN = [pytest.param(name, step, id=f"{name}: {step['name']}") for name, step in ALL if "run" in step]
USES = [pytest.param(name, step, id=f"{name}: {step['name']}") for name, step in ALL if "uses" in step]


def test_there_are_the_workflows_that_contributing_speaks_of() -> None:
    assert set(WORKFLOWS) == {"comment", "daily", "test", "validate"}
    told = (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in WORKFLOWS.values():
        assert f".github/workflows/{path.name}" in told


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_workflow_gives_a_pull_request_rights(name: str) -> None:
    flow = workflow(name)
    assert "pull_request_target" not in flow["on"]
    assert flow["permissions"] in ({}, {"contents": "read"})
    for job in flow["jobs"].values():
        assert job["timeout-minutes"] <= 30
        assert "secrets" not in str(job)
        if name != "comment":
            assert "permissions" not in job
    assert flow["concurrency"]["cancel-in-progress"] is True


@pytest.mark.parametrize(("name", "step"), USES)
def test_what_others_wrote_is_pinned_to_a_commit_and_gets_no_token_to_keep(name: str, step: dict[str, Any]) -> None:
    if (name, step["uses"]) == ("daily", "./"):
        return  # the action of the checkout, which is the default branch's
    action, _, commit = step["uses"].partition("@")
    assert re.fullmatch("[0-9a-f]{40}", commit)
    path = TOP / "action.yml" if name == "action" else WORKFLOWS[name]
    line = rf"uses: {action}@{commit} # v[0-9]+\.[0-9]+\.[0-9]+$"
    assert re.search(line, path.read_text(encoding="utf-8"), re.MULTILINE)
    assert action in {"actions/checkout", "actions/setup-python", "actions/upload-artifact"}
    if action == "actions/checkout":
        assert step["with"]["persist-credentials"] is False
        assert not {"submodules", "lfs", "allow-unsafe-pr-checkout"} & step["with"].keys()
    assert "cache" not in step.get("with", {})  # which a pull request could fill


def test_each_action_is_pinned_to_one_commit() -> None:
    pins = {step["uses"] for _, step in ALL if "uses" in step}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


@pytest.mark.parametrize(("name", "step"), RUN)
def test_no_text_of_an_event_is_put_into_a_shell(name: str, step: dict[str, Any]) -> None:
    """The runner pastes `${{ }}` into the script before the shell reads it; a variable stays data."""
    assert "${{" not in step["run"].replace("${{ matrix.", "")
    assert not re.search(r"\beval\b|\bsource\b|GITHUB_ENV|GITHUB_PATH", step["run"])


@pytest.mark.parametrize(("name", "step"), [one for one in RUN if one.values[0] != "test"])
def test_python_is_run_apart_from_the_folder_it_runs_in(name: str, step: dict[str, Any]) -> None:
    """-I: neither the current folder, nor the environment, nor the user's own packages reach it."""
    started = re.findall(
        r'(?:^|[\s"/(])(?:python3?|\$PYTHON|\$KMICS_PYTHON|\$kmics|bin/python)"? +([^"\s]+)', step["run"]
    )
    assert set(started) <= {"-I"}
    if "kmics_cli" in step["run"]:
        assert started == ["-I"]


def test_the_judge_is_installed_from_the_base_before_the_pull_request_is_there() -> None:
    """Nothing that is run after it, but the judge itself, is of the pull request's making."""
    there = steps("validate")
    judge, python, install, proposed, validate, tell, say, keep = there
    assert judge["with"]["ref"] == "refs/heads/${{ github.base_ref }}"
    assert judge["with"]["path"] == "judge"
    assert "proposed" not in str([judge, python, install])
    assert proposed["with"]["path"] == "proposed"
    assert "ref" not in proposed["with"]  # what merging would give, of which the base is the first parent
    assert proposed["with"]["fetch-depth"] == 2
    assert "HEAD^1^{commit}" in validate["run"]
    assert '--since "$base"' in validate["run"]
    programs = re.findall(r"^ *(\S+)", validate["run"].replace("\\\n", ""), re.MULTILINE)
    assert set(programs) == {
        "if",
        "echo",
        "exit",
        "fi",
        "base=$(git",
        "mkdir",
        '"$RUNNER_TEMP/kmics/bin/python"',
    }
    assert 'diff --registry registry "$base" "$head" -o' in tell["run"]
    assert tell["if"] == "${{ !cancelled() }}"
    assert say["if"] == "failure()"
    assert "::notice::" in say["run"]
    assert "${{ runner.temp }}" in keep["with"]["path"]
    assert [step.get("working-directory") for step in there] == [None] * 4 + ["proposed"] * 3 + [None]


def test_only_the_comment_may_be_written_and_by_a_job_that_runs_nothing_of_the_pull_request() -> None:
    flow = workflow("comment")
    (job,) = flow["jobs"].values()
    assert flow["on"] == {"workflow_run": {"workflows": [workflow("validate")["name"]], "types": ["completed"]}}
    assert flow["permissions"] == {}
    assert "workflow_run.event == 'pull_request'" in job["if"]
    assert "workflow_run.path == '.github/workflows/validate.yml'" in job["if"]
    assert job["permissions"] == {"actions": "read", "contents": "read", "pull-requests": "write"}
    checkout, *rest = job["steps"]
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    for step in rest:
        text = step["run"]
        assert ("GH_TOKEN" in step["env"]) == ("gh api" in text)  # what reads the report has no token
        assert not re.search(r"unzip|\bgit\b|npm|pip", text)
    find, fetch, write, post = rest
    assert "HEAD_SHA" in find["env"]
    assert "artifact" not in find["run"]  # which pull request it is, the event says
    assert "size_in_bytes" in fetch["run"]
    assert "python3 -I .github/comment.py" in write["run"]
    assert post["env"]["NUMBER"] == "${{ steps.pull.outputs.number }}"


def test_the_tests_run_on_every_system_and_python_that_is_said_to_do() -> None:
    matrix = workflow("test")["jobs"]["test"]["strategy"]["matrix"]
    assert [system.partition("-")[0] for system in matrix["os"]] == ["ubuntu", "macos", "windows"]
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={matrix['python'][0]}"
    told = {line.rpartition(" ")[2] for line in project["classifiers"] if re.search(r":: 3\.\d+$", line)}
    assert told <= set(matrix["python"])
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]


LEFT_OUT = {"stale-evidence"}
"""What time alone can bring, but would fail every day until somebody publishes something."""


def test_the_daily_run_looks_for_what_time_alone_can_bring() -> None:
    given = steps("daily")[-1]["with"]
    timely = {rule.name for rule in RULES if rule.timely}
    assert set(given["select"].split(",")) == timely - LEFT_OUT
    assert timely >= LEFT_OUT
    assert given["strict"] == "true"


def test_the_action_hands_its_inputs_over_as_variables_and_each_is_used() -> None:
    _, install, validate = steps("action")
    given = {
        value for step in steps("action") for value in {**step.get("env", {}), **step.get("with", {})}.values()
    }
    for name in ACTION["inputs"]:
        assert f"${{{{ inputs.{name} }}}}" in given
    for step in (install, validate):
        for name in step["env"]:
            assert f"${name}" in step["run"]
        for line in step["run"].splitlines():
            if "GITHUB_OUTPUT" in line:
                assert '<<%s\\n%s\\n%s\\n\' "$end"' in line
        assert "end=end-$(od -An -N16 -tx1 /dev/urandom" in step["run"]
    assert "GITHUB_WORKSPACE" not in install["run"]  # installed from its own folder
    assert '-r "$GITHUB_ACTION_PATH/.github/judge.txt"' in install["run"]


def test_the_judge_is_built_of_packages_whose_hashes_are_known() -> None:
    text = (TOP / ".github" / "judge.txt").read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    locked = {}
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+( ; [^;]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line), line[:80]
        name, _, version = line.split()[0].partition("==")
        locked[name] = tuple(int(part) for part in version.split("."))
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    for wanted in (*project["project"]["dependencies"], *project["build-system"]["requires"]):
        requirement = wanted.partition(";")[0].strip()
        name = re.split("[<>=]", requirement)[0].replace(".", "-")
        for sign, bound in re.findall(r"(>=|<)([0-9.]+)", requirement):
            limit = tuple(int(part) for part in bound.split("."))
            assert (locked[name] >= limit) if sign == ">=" else (locked[name] < limit), requirement


def test_the_hook_checks_the_whole_registry_when_a_file_of_it_changes() -> None:
    hook = read(TOP / ".pre-commit-hooks.yaml")[0]
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("kmics-validate", "python", False)
    assert hook["entry"] == "kmics validate"
    assert re.match(hook["files"], "registry/bodies/beta.yaml")
    assert not re.match(hook["files"], "tests/mini/registry/kmics.yaml")


# A hostile checkout: what it holds is read as data, and never run.

CANARY = "import pathlib\npathlib.Path({path!r}).write_text('run')\n"
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
    *("kmics_cli/__init__.py", "kmics_cli/__main__.py", "ruamel/__init__.py", "ruamel/yaml/__init__.py", "rich.py"),
    *("jsonschema/__init__.py", "typer.py", "lure.pth", "registry/yaml.py", "src/kmics_cli/__init__.py"),
)
"""What somebody might hope that Python runs, if it stands in the folder that Python runs in."""


def hostile(folder: Path) -> Path:
    """Put lures into a checkout; return the file that each of them would write."""
    canary = folder.parent / "canary"
    for name in LURES:
        lure = folder / name
        lure.parent.mkdir(parents=True, exist_ok=True)
        text = CANARY.format(path=str(canary))
        lure.write_text(text.replace("\n", "; ").rstrip("; ") if lure.suffix == ".pth" else text, encoding="utf-8")
    return canary


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with kmics in it, laid out as a wheel lays it out."""
    folder = tmp_path_factory.mktemp("judge")
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(
        subprocess.run([str(python), "-c", asked], check=True, capture_output=True, text=True).stdout.strip()
    )
    package = site / "kmics_cli"
    shutil.copytree(TOP / "src" / "kmics_cli", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TOP / "schema", package / "shipped" / "schema")
    import ruamel.yaml

    others = Path(next(iter(ruamel.yaml.__path__))).parent.parent  # what it needs, from where this runs
    (site / "others.pth").write_text(f"{others}\n", encoding="utf-8")
    return python


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with a registry in which one thing is wrong."""
    folder = tmp_path / "checkout"
    shutil.copytree(MINI, folder / "registry")
    body = folder / "registry" / "bodies" / "nowshire-board.yaml"
    body.write_text(body.read_text(encoding="utf-8") + "nonsense: x\n", encoding="utf-8", newline="\n")
    return folder


def judged(python: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("KMICS", "GITHUB"))}
    return subprocess.run(
        [str(python), *arguments, "validate", "--registry", "registry", "--today", "2026-11-22"],
        cwd=cwd,
        env=environ | {"PYTHONPATH": str(cwd), "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )


def test_nothing_of_the_checkout_is_run(judge: Path, checkout: Path) -> None:
    before = judged(judge, "-I", "-m", "kmics_cli", cwd=checkout)
    assert before.returncode == 1, before.stderr
    assert "nonsense" in before.stdout
    canary = hostile(checkout)
    shutil.rmtree(checkout / "registry" / "__pycache__", ignore_errors=True)
    after = judged(judge, "-I", "-m", "kmics_cli", cwd=checkout)
    (checkout / "registry" / "yaml.py").unlink()
    assert after.returncode == 1, after.stderr
    assert not canary.exists()
    assert judged(judge, "-I", "-m", "kmics_cli", cwd=checkout).stdout == before.stdout


def test_without_its_isolation_the_lures_would_be_run(judge: Path, checkout: Path) -> None:
    """So the test above can fail."""
    canary = hostile(checkout)
    judged(judge, "-m", "kmics_cli", cwd=checkout)
    assert canary.exists()


def test_the_schema_of_the_checkout_is_not_read(judge: Path, checkout: Path) -> None:
    for path in (checkout / "schema", checkout / "registry"):
        path.mkdir(exist_ok=True)
        for schema in (TOP / "schema").glob("*.json"):
            (path / schema.name).write_text("{}", encoding="utf-8")
    found = judged(judge, "-I", "-m", "kmics_cli", cwd=checkout)
    assert found.returncode == 1, found.stderr
    assert "nonsense" in found.stdout


# The comment: its report may be anybody's.


@pytest.fixture(scope="module")
def comment() -> Iterator[ModuleType]:
    path = list(sys.path)
    spec = importlib.util.spec_from_file_location("comment", TOP / ".github" / "comment.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = path


def archive(folder: Path, data: bytes, name: str = "kmics.json") -> Path:
    path = folder / "reports.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, data)
    return path


def problem(**other: object) -> dict[str, object]:
    sound = {"rule": "unknown-field", "severity": "error", "path": "registry/bodies/b.yaml", "line": 3, "column": 1}
    return {**sound, "message": "There is no field 'x'.", "help": "Delete it.", **other}


def report(*problems: object, schema: str = "kmics/validate/1") -> bytes:
    return json.dumps({"schema": schema, "problems": problems}).encode()


NO_REPORT = {
    "nothing": b"",
    "no JSON": b"{",
    "no text": b'{"schema": "\xff"}',
    "nested": b"[" * 200_000,
    "a long number": b"1" * 10_000,
    "a list": b"[]",
    "another schema": report(schema="kmics/show/1"),
    "no list of problems": b'{"schema": "kmics/validate/1", "problems": {}}',
    "too large": report(*[problem()] * 40_000),
    "a problem that is none": report(problem(), None),
    "no line": report(problem(line="1")),
    "a line that is true": report(problem(line=True)),
    "a path that is none": report(problem(path=["a"])),
    "an unknown severity": report(problem(severity="**fine**")),
    "a severity that is none": report(problem(severity=[])),
}


@pytest.mark.parametrize("data", NO_REPORT.values(), ids=NO_REPORT)
def test_a_report_that_is_none_is_said_to_be_none(comment: ModuleType, tmp_path: Path, data: bytes) -> None:
    assert comment.problems_in(archive(tmp_path, data)) is None


def test_an_archive_that_is_none_is_said_to_hold_no_report(comment: ModuleType, tmp_path: Path) -> None:
    assert comment.problems_in(tmp_path / "missing.zip") is None
    assert comment.problems_in(tmp_path) is None
    assert comment.problems_in(archive(tmp_path, report(), "../kmics.json")) is None
    (tmp_path / "x").write_bytes(b"PK\x03\x04 no archive")
    assert comment.problems_in(tmp_path / "x") is None
    good = archive(tmp_path, report(problem())).read_bytes()
    for index in range(0, len(good), 7):
        (tmp_path / "x").write_bytes(good[:index] + bytes([good[index] ^ 0xFF]) + good[index + 1 :])
        comment.problems_in(tmp_path / "x")  # never raises
    for kind in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", kind) as made:
            made.writestr("kmics.json", report(problem()))
        for index in range(0, len(buffer.getvalue()), 5):
            whole = bytearray(buffer.getvalue())
            whole[index] ^= 0xFF
            (tmp_path / "x").write_bytes(whole)
            comment.problems_in(tmp_path / "x")


RUN_URL = "https://github.com/o/r/actions/runs/1"


def change(**other: object) -> dict[str, object]:
    sound = {"group": "happened", "level": "change", "id": "beta/chair", "under": "Beta"}
    return {**sound, "text": "Chair: Ann Other appointed from 1 July 2026", **other}


def comparison(*some: object, **other: object) -> bytes:
    sound = {
        "schema": "kmics/diff/1",
        "old": "0" * 40,
        "new": "1" * 40,
        "old_day": "2026-06-29",
        "new_day": "2026-06-30",
    }
    return json.dumps({**sound, "unread": [], "changes": some, **other}).encode()


def changes(*some: object) -> dict[str, object]:
    found: dict[str, object] = json.loads(comparison(*some))
    totals = {"happened": len(some), "late": 0, "corrected": 0, "evidence": 0, "breaking": 0}
    return {**found, "all": True, "stat": False, "unread_more": 0, "totals": totals}


SILENT = changes()
"""A comparison of two registries that say the same."""

NO_COMPARISON = {
    "another schema": comparison(schema="kmics/show/1"),
    "no list": comparison(changes={}),
    "no list of what is unread": comparison(unread=None),
    "a commit that is none": comparison(old="main"),
    "no commit": comparison(new=None),
    "a change that is none": comparison(change(), []),
    "a group of its own": comparison(change(group="**fine**")),
    "a group that is none": comparison(change(group=[])),
    "a level of its own": comparison(change(level="<b>")),
    "a text that is none": comparison(change(text=["a"])),
    "something unread that is none": comparison(unread=[{"side": "old"}]),
    "too large": comparison(*[change()] * 160_000),
}


@pytest.mark.parametrize("data", NO_COMPARISON.values(), ids=NO_COMPARISON)
def test_a_comparison_that_is_none_is_said_to_be_none(comment: ModuleType, tmp_path: Path, data: bytes) -> None:
    assert comment.changes_in(archive(tmp_path, data, "diff.json")) is None
    assert "What it changes could not be told." in comment.comment([], None, RUN_URL, False)


def test_the_comment_says_what_is_changed(comment: ModuleType, tmp_path: Path) -> None:
    data = comparison(
        change(), change(group="evidence", level="breaking", text="Beta: <img>"), old_day="2026-99-99"
    )
    found = comment.changes_in(archive(tmp_path, data, "diff.json"))
    assert (found["old_day"], found["new_day"]) == (None, "2026-06-30")
    said = comment.comment([], found, RUN_URL, False)
    assert "No problem was found in what this changes in the registry." in said
    assert "  - Chair: Ann Other appointed from 1 July 2026." in said
    assert "  - BREAKING: \\<img\\>." in said
    data = comparison(unread=[{"side": "new", "path": HOSTILE, "message": HOSTILE}] * 60)
    said = comment.comment([], comment.changes_in(archive(tmp_path, data, "diff.json")), RUN_URL, False)
    assert "And 30 more." in said
    assert "@everyone" not in said


def test_problems_and_changes_together_stay_under_what_github_takes(comment: ModuleType, tmp_path: Path) -> None:
    for letters in ("a", "<", "\u202e", "@a"):
        long = letters * 100
        many = comment.changes_in(
            archive(
                tmp_path, comparison(*[change(text=long, under=long, id=str(n)) for n in range(300)]), "diff.json"
            )
        )
        assert many
        problems = [problem(path=long, message=long, help=long, rule=long)] * 150
        for found in (problems, [], None):
            said = comment.comment(found, many, RUN_URL, True)
            assert len(said.encode()) < 65_000
            assert "300 happened, or decided, since then." in said
            assert "more are not shown here." in said


def test_the_comment_says_what_was_found(comment: ModuleType, tmp_path: Path) -> None:
    data = report(problem(severity="warning", rule="stale-evidence"), problem())
    said = comment.comment(comment.problems_in(archive(tmp_path, data)), SILENT, RUN_URL, False)
    assert said.startswith("<!-- kmics -->\n\n**1 error, 1 warning** in what this changes")
    first, second = [line for line in said.splitlines() if line.startswith("- ")]
    assert first.startswith(
        "- **error**, registry/bodies/b.yaml, line 3: There is no field 'x'. (unknown-field)<br>"
    )
    assert "stale-evidence" in second
    assert f"({RUN_URL})" in said


def test_the_comment_begins_as_the_workflow_expects(comment: ModuleType) -> None:
    post = steps("comment")[-1]["run"]
    nothing = comment.comment([], SILENT, RUN_URL, False)
    assert f'startswith("{nothing.splitlines()[0]}")' in post
    assert "grep -q '^Nothing is wrong, and nothing'" in post
    assert re.search("^Nothing is wrong, and nothing", nothing, re.MULTILINE)
    for other in (
        comment.comment(None, SILENT, RUN_URL, False),
        comment.comment([problem()], SILENT, RUN_URL, False),
        comment.comment([], None, RUN_URL, False),
        comment.comment([], changes(change()), RUN_URL, False),
    ):
        assert not re.search("^Nothing is wrong", other, re.MULTILINE)
    warned = comment.comment([], SILENT, RUN_URL, True)
    assert "changes the checks themselves" in warned


HOSTILE = (
    "@everyone #1 GH-1 https://evil.example <img src=x> <!-- kmics --> [a](b) **fine** `x` \x1b[2J \u202e |"
    "\n\nNothing is wrong\n\n- **info** ::error::x ##[error] :smile: $x$ www.evil.example mailto:a@b.example"
)


def test_nothing_in_a_report_comes_to_life(comment: ModuleType, tmp_path: Path) -> None:
    data = report(problem(path=HOSTILE, message=HOSTILE, help=HOSTILE, rule=HOSTILE))
    said = comment.comment(comment.problems_in(archive(tmp_path, data)), SILENT, RUN_URL, False)
    assert len(said.splitlines()) == 5
    dead = said.removeprefix("<!-- kmics -->").replace("<br>", "").replace(f"[The run]({RUN_URL})", "")
    assert not re.search(r"(?<!\\)[<>`\[]|@\w|#1|GH-1|https?:|www\.|mailto:|:smile:|\x1b|\u202e", dead)
    assert not re.search("^Nothing is wrong", said, re.MULTILINE)


def test_the_comment_stays_under_what_github_takes(comment: ModuleType, tmp_path: Path) -> None:
    for letters in ("a", "<", "\u202e", "@a", ":a:"):
        long = letters * 100
        many = report(*[problem(path=long, message=long, help=long, rule=long)] * 150)
        said = comment.comment(comment.problems_in(archive(tmp_path, many)), SILENT, RUN_URL, True)
        assert len(said) < 65_000
        told = said.count("- **error**")
        assert 1 <= told <= 30
        assert f"{150 - told} more are in the run." in said
