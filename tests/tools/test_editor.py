"""The schema works as it is in yaml-language-server, which explains the files in most editors.

Files are opened under their own paths, so that the server follows their first line to the schema. A broken
one is the text of a sound one, changed in the editor and never on disk.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.tools

TOP = Path(__file__).parent.parent.parent
MINI = TOP / "tests" / "mini" / "registry"
REAL = TOP / "registry"
SERVER = Path(__file__).parent / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
SETTINGS = {"yaml": {"schemaStore": {"enable": False}}}
"""What an editor is asked for: fetch no catalogue of schemas. All else is as the server has it by default."""
PATIENCE = 60.0
"""Seconds to wait for an answer before the test fails; no time is asserted."""


class Server:
    """A language server and its standard streams: as much of the protocol as these tests need."""

    def __init__(self, settings: dict[str, Any] = SETTINGS, root: Path | None = None) -> None:
        node = shutil.which("node")
        assert node, "Node is not installed; these tests need Node 20 or later."
        assert SERVER.is_file(), "yaml-language-server is not installed; run `npm ci` in tests/tools."
        command = [node, str(SERVER), "--stdio"]
        self._settings = settings
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._count = 0
        self._told: dict[str, list[dict[str, Any]]] = {}
        about = {"hover": {"contentFormat": ["plaintext"]}, "completion": {}, "publishDiagnostics": {}}
        folder = root.as_uri() if root else None
        folders = [{"uri": folder, "name": root.name}] if root else None
        capabilities = {"textDocument": about, "workspace": {"configuration": True, "workspaceFolders": True}}
        who = {"processId": os.getpid(), "rootUri": folder, "workspaceFolders": folders}
        self.ask("initialize", **who, capabilities=capabilities)
        self.tell("initialized")

    def tell(self, method: str, **params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request and return its result."""
        self._count += 1
        self._send({"id": self._count, "method": method, "params": params})
        while True:
            message = self._next(method)
            if "method" not in message and message.get("id") == self._count:
                assert "error" not in message, message["error"]
                return message["result"]

    def open(self, *files: tuple[Path, str]) -> None:
        """Open files, each once, with the texts given."""
        for path, text in files:
            document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
            self.tell("textDocument/didOpen", textDocument=document)

    def problems(self, path: Path) -> list[dict[str, Any]]:
        """Return what the server says is wrong with an open file, when it has said it."""
        while path.as_uri() not in self._told:
            self._next(f"what is wrong with {path.name}")
        return self._told[path.as_uri()]

    def stop(self) -> None:
        """Ask the server to end."""
        self.ask("shutdown")
        self.tell("exit")
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _next(self, awaited: str) -> dict[str, Any]:
        try:
            message = self._inbox.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"yaml-language-server says nothing; awaited: {awaited}") from None
        assert message is not None, f"yaml-language-server has ended; awaited: {awaited}"
        if message.get("method") == "textDocument/publishDiagnostics":
            self._told[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            wanted = [item.get("section") for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": [self._settings.get(section) for section in wanted]})
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                header = stream.readline()
            self._inbox.put(json.loads(stream.read(length)))
        self._inbox.put(None)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


class Place(NamedTuple):
    """Where an editor draws its red line; both count from 0."""

    line: int
    character: int


def place_of(text: str, index: int) -> Place:
    return Place(text.count("\n", 0, index), index - text.rfind("\n", 0, index) - 1)


def judged(server: Server, path: Path, text: str) -> list[tuple[Place, str]]:
    """Open a file and return what is wrong with it: the place and the message of each problem."""
    server.open((path, text))
    return [(Place(**problem["range"]["start"]), problem["message"]) for problem in server.problems(path)]


def at(path: Path, place: Place) -> dict[str, Any]:
    """Return what the protocol calls a place in an open file."""
    return {"textDocument": {"uri": path.as_uri()}, "position": place._asdict()}


def texts(root: Path) -> dict[Path, str]:
    found = {path: path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.yaml"))}
    assert found
    return found


@pytest.mark.parametrize("root", [MINI, REAL], ids=["mini", "real"])
def test_every_file_is_accepted_as_it_is(server: Server, root: Path) -> None:
    files = texts(root)
    server.open(*files.items())
    assert {path.name: problems for path in files if (problems := server.problems(path))} == {}


@pytest.mark.parametrize("root", [MINI, REAL], ids=["mini", "real"])
def test_every_file_is_held_against_the_schema_that_its_first_line_names(server: Server, root: Path) -> None:
    """Without a schema there would be nothing to refuse: so each file, with a key too many, must be refused."""
    broken = {path.with_stem(f"{path.stem}-nonsense"): f"{text}nonsense: x\n" for path, text in texts(root).items()}
    server.open(*broken.items())
    for path, text in broken.items():
        (problem,) = server.problems(path)
        assert Place(**problem["range"]["start"]) == Place(text.count("\n") - 1, 0), path
        assert problem["message"] == "Property nonsense is not allowed."


NOT_A_DATE = "String does not match the pattern"
NOT_LISTED = "Value is not accepted. Valid values"
NOT_TEXT = 'Incorrect type. Expected "string".'

BROKEN = [
    ("kmics.yaml", "until: 2026-12-31", "until: ", "2026-12-32", NOT_A_DATE),
    ("bodies/nowshire-board.yaml", "announced: 2021-03\n", "announced: ", "2021-13\n", NOT_A_DATE),
    ("bodies/nowshire-board.yaml", "level: system", "level: ", "county", NOT_LISTED),
    ("bodies/nowshire-board.yaml", "name: Board of the Nowshire Integrated Care Board", "name: ", "2016", NOT_TEXT),
    ("people/ada-invented.yaml", "honorific: Dame", "honorific: ", "Mrs", NOT_LISTED),
    ("people/ada-invented.yaml", "name: Ada Invented", "name: ", "5E1", NOT_TEXT),
    ("priorities/strategy-aims.yaml", "from: 2023-06-27", "from: ", "27/06/2023", NOT_A_DATE),
    ("documents/county-care-strategy.yaml", "by: 2022-12\n", "by: ", "winter 2022\n", NOT_A_DATE),
    ("requirements/care-board.yaml", "to: 2024-03-31", "to: ", "2023/24", NOT_A_DATE),
]
"""A file, what is made wrong in it, what stays of that, what comes after it, and what the server then says."""


@pytest.mark.parametrize(("name", "right", "key", "value", "message"), BROKEN)
def test_a_wrong_value_is_refused_where_it_stands(
    server: Server, name: str, right: str, key: str, value: str, message: str
) -> None:
    path = MINI / name
    text = path.read_text(encoding="utf-8")
    assert text.count(right) == 1
    index = text.index(right) + len(key)
    text = text.replace(right, key + value)
    copy = path.with_stem(f"{path.stem}-{key.partition(':')[0]}-wrong")
    (found,) = judged(server, copy, text)
    assert found[0] == place_of(text, index)
    assert found[1].startswith(message)


MISSING = {
    "kmics.yaml": "name",
    "bodies/nowshire-board.yaml": "name",
    "people/ada-invented.yaml": "name",
    "priorities/strategy-aims.yaml": "name",
    "documents/county-care-strategy.yaml": "title",
    "requirements/care-board.yaml": "name",
}
"""A file of each kind, and a key that it must have."""


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_key_is_refused_where_its_mapping_begins(server: Server, name: str) -> None:
    path, key = MINI / name, MISSING[name]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (missing,) = (line for line in lines if line.startswith(f"{key}: "))
    lines.remove(missing)
    begins = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    found = judged(server, path.with_stem(f"{path.stem}-missing"), "".join(lines))
    assert found == [(Place(begins, 0), f'Missing property "{key}".')]


def schema(kind: str) -> Any:
    return json.loads((TOP / "schema" / f"{kind}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("kmics.yaml", "registry", "name"),
        ("bodies/nowshire-board.yaml", "body", "level"),
        ("people/ada-invented.yaml", "person", "honorific"),
        ("priorities/strategy-aims.yaml", "priorities", "from"),
        ("documents/county-care-strategy.yaml", "document", "publisher"),
        ("requirements/care-board.yaml", "requirements", "name"),
    ],
)
def test_a_key_is_explained_under_the_pointer_and_offered_where_one_may_stand(
    server: Server, name: str, kind: str, key: str
) -> None:
    path = MINI / name
    text = path.read_text(encoding="utf-8")
    start = text.index(f"\n{key}: ") + 1
    about = schema(kind)["properties"][key]
    copy = path.with_stem(f"{path.stem}-typing")
    left = text[:start] + text[text.index("\n", start) + 1 :]
    server.open((path.with_stem(f"{path.stem}-hovering"), text), (copy, f"{left}{key[0]}"))

    hovering = at(path.with_stem(f"{path.stem}-hovering"), place_of(text, start + 1))
    explained = server.ask("textDocument/hover", **hovering)["contents"]["value"]
    assert about["title"] in explained
    assert about["description"] in explained

    offered = server.ask("textDocument/completion", **at(copy, Place(left.count("\n"), 1)))["items"]
    documentation = {item["label"]: item.get("documentation", "") for item in offered}
    assert about["description"] in documentation[key]
    assert "nonsense" not in documentation


CAPACITY = "      capacity: interim\n"
"""A line of an appointment, deep in a body's file."""


def test_a_wrong_key_deep_in_a_file_is_refused_where_it_stands(server: Server) -> None:
    path = MINI / "bodies" / "nowshire-executive.yaml"
    text = path.read_text(encoding="utf-8")
    index = text.index(CAPACITY) + CAPACITY.index("capacity")
    text = text.replace(CAPACITY, CAPACITY.replace("capacity", "capasity"), 1)
    found = judged(server, path.with_stem("wrong-key"), text)
    assert found == [(place_of(text, index), "Property capasity is not allowed.")]


def test_the_values_of_capacity_are_offered(server: Server) -> None:
    path = MINI / "bodies" / "nowshire-executive.yaml"
    text = path.read_text(encoding="utf-8")
    index = text.index(CAPACITY) + CAPACITY.index("interim")
    text = text.replace(CAPACITY, CAPACITY.replace("interim", ""), 1)
    copy = path.with_stem("choosing-a-capacity")
    server.open((copy, text))
    offered = server.ask("textDocument/completion", **at(copy, place_of(text, index)))["items"]
    assert {item["label"] for item in offered} == set(appointment()["capacity"]["enum"])


def appointment() -> Any:
    return schema("definitions")["$defs"]["appointment"]["properties"]


OPENED = json.loads((TOP / ".vscode" / "settings.json").read_text(encoding="utf-8"))
"""What Visual Studio Code is told by this repository."""


def test_visual_studio_code_is_told_the_schema_of_each_folder() -> None:
    """As its yaml extension is: a file without a first line that names its schema is held against its folder's."""
    told = {name: OPENED[f"yaml.{name}"] for name in ("schemas", "schemaStore.enable")}
    kinds = {Path(name).stem for name in told["schemas"]}
    assert kinds == {path.stem for path in (TOP / "schema").glob("*.json")} - {"definitions"}
    settings = {"yaml": {"schemas": told["schemas"], "schemaStore": {"enable": told["schemaStore.enable"]}}}
    server = Server(settings, TOP)
    try:
        for folder, right in (("bodies", "name: X\nkind: board\n"), ("people", "name: X\n")):
            found = judged(server, REAL / folder / "not-there.yaml", f"{right}nonsense: x\n")
            assert (Place(right.count("\n"), 0), "Property nonsense is not allowed.") in found
    finally:
        server.stop()
