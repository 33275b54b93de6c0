"""Installed, kmics answers anywhere: from the registry that is named, or found upwards, or else the shipped one.

Two installs: a copy laid out as a wheel lays it out, and, among the tools, the real one, built and installed by
pip, which needs the package index.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kmics_cli import __version__
from kmics_cli.dates import day_in_words
from kmics_cli.snapshot import read_folder, standing

TOP = Path(__file__).parent.parent
MINI = TOP / "tests" / "mini" / "registry"
SHIPPED = {"registry": TOP / "registry", "schema": TOP / "schema"}
"""What a wheel carries under kmics_cli/shipped/, and where it stands in the checkout."""
WHEEL = pytest.param("wheel", marks=pytest.mark.tools)


class Install(NamedTuple):
    """An installed kmics: how to run it, and what its stamp should say."""

    command: list[str]
    path: Path | None
    revision: str | None
    as_of: str


def run(*command: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("KMICS", "PYTHONPATH"))}
    return subprocess.run(
        command,
        cwd=cwd,
        env=environ | {"PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | more,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )


def done(*command: str, cwd: Path, **more: str) -> str:
    finished = run(*command, cwd=cwd, **more)
    assert finished.returncode == 0, f"{' '.join(command)}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


def built(source: Path, folder: Path, **more: str) -> Path:
    """Build a wheel as `pip install` does."""
    done(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", str(folder), str(source), cwd=folder, **more)
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment(folder: Path) -> Path:
    """Make a virtual environment and return its Python."""
    done(sys.executable, "-m", "venv", str(folder), cwd=folder.parent)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(TOP, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module", params=["copy", WHEEL])
def kmics(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Install:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "copy":
        package = folder / "kmics_cli"
        shutil.copytree(TOP / "src" / "kmics_cli", package, ignore=shutil.ignore_patterns("__pycache__"))
        for name, source in SHIPPED.items():
            shutil.copytree(source, package / "shipped" / name)
        stamp = {"revision": "0123456789ab", "as_of": "2026-05-19", "unrecorded_edits": False}
        (package / "shipped" / "stamp.json").write_text(json.dumps(stamp), encoding="utf-8")
        return Install([sys.executable, "-m", "kmics_cli"], folder, "0123456789ab", "2026-05-19")
    python = environment(folder / "venv")
    wheel = request.getfixturevalue("wheel")
    done(str(python), "-m", "pip", "install", str(wheel), cwd=folder)
    stamp = stamp_of(wheel)
    return Install([str(next(python.parent.glob("kmics*")))], None, stamp["revision"], stamp["as_of"])


def ask(kmics: Install, *arguments: str, cwd: Path, **more: str) -> str:
    """Run kmics, and nothing but what is installed, in a folder."""
    path = {"PYTHONPATH": str(kmics.path)} if kmics.path else {}
    return done(*kmics.command, *arguments, "--today", "2026-11-22", cwd=cwd, **path, **more)


def registry_of(kmics: Install, *arguments: str, cwd: Path, **more: str) -> dict[str, Any]:
    """Return what an answer says of the registry it comes from."""
    answer = json.loads(ask(kmics, "list", "bodies", "--format", "json", *arguments, cwd=cwd, **more))
    registry = answer["registry"]
    assert isinstance(registry, dict)
    return registry


def made_registry(folder: Path, name: str) -> Path:
    """Make a registry of nothing but its name."""
    folder.mkdir(parents=True)
    text = (MINI / "kmics.yaml").read_text(encoding="utf-8")
    assert "name: The Nowshire miniature\n" in text
    text = text.replace("name: The Nowshire miniature\n", f"name: {name}\n")
    (folder / "kmics.yaml").write_text(text, encoding="utf-8", newline="\n")
    return folder


def test_in_an_empty_folder_it_answers_from_the_shipped_registry_and_says_so(
    kmics: Install, tmp_path: Path
) -> None:
    said = " ".join(ask(kmics, "show", "icb-board", cwd=tmp_path).split())
    as_at = f"as at {day_in_words(date.fromisoformat(kmics.as_of))}"
    assert "Board of NHS Kent and Medway" in said
    assert f"as shipped with kmics {__version__}, read-only, {as_at} ({kmics.revision})" in said

    registry = registry_of(kmics, cwd=tmp_path)
    assert registry["name"] == "Kent and Medway health and care registry"
    assert registry["shipped"] is True
    assert (registry["revision"], registry["as_of"]) == (kmics.revision, kmics.as_of)
    assert list(tmp_path.iterdir()) == []


def test_a_checkout_is_found_upwards(kmics: Install, tmp_path: Path) -> None:
    registry = made_registry(tmp_path / "checkout" / "registry", "Found")
    deep = tmp_path / "checkout" / "docs" / "deep"
    deep.mkdir(parents=True)
    for folder in (registry, registry.parent, deep):
        found = registry_of(kmics, cwd=folder)
        assert (found["name"], found["shipped"]) == ("Found", False)


def test_what_is_named_wins(kmics: Install, tmp_path: Path) -> None:
    made_registry(tmp_path / "checkout" / "registry", "Found")
    named = made_registry(tmp_path / "named", "Named")
    given = made_registry(tmp_path / "given" / "registry", "Given").parent
    here = tmp_path / "checkout"

    assert registry_of(kmics, cwd=here)["name"] == "Found"
    assert registry_of(kmics, cwd=here, KMICS_REGISTRY="")["name"] == "Found"
    assert registry_of(kmics, cwd=here, KMICS_REGISTRY=str(named))["name"] == "Named"
    assert registry_of(kmics, "--registry", str(given), cwd=here, KMICS_REGISTRY=str(named))["name"] == "Given"


def test_what_is_named_and_missing_is_not_replaced_by_another(kmics: Install, tmp_path: Path) -> None:
    path = {"PYTHONPATH": str(kmics.path)} if kmics.path else {}
    finished = run(*kmics.command, "list", "bodies", cwd=tmp_path, KMICS_REGISTRY=str(tmp_path / "none"), **path)
    assert finished.returncode == 3
    assert finished.stdout == ""
    assert "There is no registry at" in finished.stderr
    assert "KMICS_REGISTRY should name a folder" in finished.stderr


def test_the_checkout_alone_ships_nothing(tmp_path: Path) -> None:
    """As after `pip install -e`: outside the checkout there is no registry to answer from, and kmics says so."""
    command = (sys.executable, "-m", "kmics_cli", "list", "bodies")
    finished = run(*command, cwd=tmp_path, PYTHONPATH=str(TOP / "src"))
    assert finished.returncode == 3
    assert "No registry was found here." in finished.stderr


def packed(wheel: Path) -> dict[str, bytes]:
    """Return the files of a wheel, but for its record of itself."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


def stamp_of(wheel: Path) -> Any:
    return json.loads(packed(wheel)["kmics_cli/shipped/stamp.json"])


@pytest.mark.tools
def test_the_wheel_carries_code_registry_schema_and_stamp_and_nothing_else(wheel: Path) -> None:
    files = packed(wheel)
    wanted = {f"kmics_cli/{path.relative_to(TOP / 'src' / 'kmics_cli').as_posix()}" for path in sources()}
    for name, folder in SHIPPED.items():
        for path in (path for path in folder.rglob("*") if path.is_file()):
            there = f"kmics_cli/shipped/{name}/{path.relative_to(folder).as_posix()}"
            assert files.get(there) == path.read_bytes(), there
            wanted.add(there)
    about = {name for name in files if name.startswith(f"kmics-{__version__}.dist-info/")}
    assert files.keys() - about == wanted | {"kmics_cli/shipped/stamp.json"}
    assert {name.rpartition("/")[2] for name in about} == {"METADATA", "WHEEL", "entry_points.txt", "LICENSE"}
    stamp = stamp_of(wheel)
    assert stamp.keys() == {"revision", "as_of", "unrecorded_edits"}
    known = standing(TOP / "registry", read_folder(TOP / "registry"))
    assert stamp["revision"] == known.revision
    assert stamp["unrecorded_edits"] is bool(known.unrecorded_edits)
    assert date.fromisoformat(stamp["as_of"]).isoformat() == (known.as_of or stamp["as_of"])


def sources() -> list[Path]:
    found = (TOP / "src" / "kmics_cli").rglob("*")
    return [path for path in found if path.is_file() and path.parent.name != "__pycache__"]


@pytest.mark.tools
def test_a_wheel_made_from_the_source_distribution_is_the_same(wheel: Path, tmp_path: Path) -> None:
    """Whoever has no Git gets the stamp with the sources; without that too, the files' own date has to do."""
    python = environment(tmp_path / "venv")
    done(str(python), "-m", "pip", "install", "hatchling", cwd=tmp_path)
    done(str(python), "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path), cwd=TOP)
    (archive,) = tmp_path.glob("*.tar.gz")
    done(sys.executable, "-m", "tarfile", "-e", str(archive), str(tmp_path), cwd=tmp_path)
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    assert not (unpacked / "tests" / "tools" / "node_modules").exists()

    (tmp_path / "again").mkdir()
    assert packed(built(unpacked, tmp_path / "again")) == packed(wheel)

    (unpacked / "stamp.json").unlink()
    (tmp_path / "bare").mkdir()
    day = stamp_of(built(unpacked, tmp_path / "bare", SOURCE_DATE_EPOCH="1779148800"))
    assert day == {"revision": None, "as_of": "2026-05-19", "unrecorded_edits": False}


@pytest.mark.tools
def test_an_editable_install_reads_the_schema_of_the_checkout(tmp_path: Path) -> None:
    python = environment(tmp_path / "venv")
    done(str(python), "-m", "pip", "install", "--no-deps", "-e", str(TOP), cwd=tmp_path)
    said = done(str(python), "-c", "from kmics_cli.shape import schema_folder as at; print(at())", cwd=tmp_path)
    assert Path(said.strip()) == TOP / "schema"
    assert list((tmp_path / "venv").rglob("shipped")) == []
