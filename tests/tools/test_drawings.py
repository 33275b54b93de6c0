"""Charts as others see them: read by the real Mermaid, laid out by the real engine, shown by a browser."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bless import MINI, MINI_DAY, REAL, REAL_DAY, TOP, run
from test_charts import CHARTS, NAMES, hostile

pytestmark = pytest.mark.tools

HERE = Path(__file__).parent
REAL_CHARTS = (
    "chart",
    "chart --on 2018-01-01",
    "chart nhs-kent-and-medway-icb --on 2022-09-20",
    "chart nhs-kent-and-medway-icb --of succession",
    "chart --of succession",
    "chart icb-board --of seats --on 2022-09-20",
    "chart icb-executive --of seats --on 2023-09-13",
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with names that would be more than text."""
    return hostile(tmp_path_factory.mktemp("odd"), NAMES)


def charts(format: str, odd: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return each chart in a format, and its answer, by its command."""
    asked: list[tuple[str, Path, str]] = [(command, MINI, MINI_DAY) for command in CHARTS]
    asked += [(command, REAL, REAL_DAY) for command in REAL_CHARTS]
    asked += [("chart hostile-0", odd, MINI_DAY), ("chart", odd, MINI_DAY)]
    found = {}
    for command, registry, today in asked:
        done = run(*command.split(), "--format", format, registry=registry, today=today)
        assert done.code == 0, done
        answer = json.loads(run(*command.split(), "--format", "json", registry=registry, today=today).out)
        found[f"{command} ({registry.parent.name})"] = (done.out, answer)
    return found


# Mermaid.


def said_by_mermaid(texts: Sequence[str]) -> list[dict[str, Any]]:
    node = shutil.which("node")
    assert node, "Node is not installed; these tests need Node 20 or later."
    assert (HERE / "node_modules" / "mermaid").is_dir(), "Mermaid is not installed; run `npm ci` in tests/tools."
    done = subprocess.run(
        [node, "mermaid.mjs"],
        cwd=HERE,
        input=json.dumps(list(texts)).encode(),
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def plain(text: str | None) -> str:
    """Return what Mermaid shows for a text of its own, in which an entity stands between marks."""
    return re.sub("ﬂ°°([0-9]+)¶ß", lambda code: chr(int(code[1])), text or "").replace("\u200b", "")


def test_mermaid_reads_each_chart_as_it_is_meant(odd: Path) -> None:
    made = charts("mermaid", odd)
    for (command, (_text, answer)), said in zip(
        made.items(), said_by_mermaid([text for text, _answer in made.values()]), strict=True
    ):
        assert "error" not in said, (command, said)
        assert said["type"] == "flowchart-v2"
        assert plain(said["title"]) == answer["title"]
        assert plain(said["alt"]) == answer["alt"]
        assert [box["id"] for box in said["boxes"]] == [node["id"] for node in answer["nodes"]]
        for box, node in zip(said["boxes"], answer["nodes"], strict=True):
            assert box.get("link") is None
            assert not box.get("haveCallback")
            name = plain(box["text"].partition("<br>")[0])
            assert name == node["name"] or (name.endswith("…") and node["name"].startswith(name[:-1]))
            assert [plain(word) for word in box["text"].split("<br>")[1:]] == node["words"]
        ties = [(link["start"], link["end"], plain(link["text"])) for link in said["links"]]
        assert ties == [(e["from_node"], e["to_node"], ", ".join(e["words"])) for e in answer["edges"]]
        assert [link["stroke"] for link in said["links"]] == [
            "dotted" if edge["unsure"] else "normal" for edge in answer["edges"]
        ]


def test_mermaid_refuses_what_is_none() -> None:
    said = said_by_mermaid(['flowchart LR\n  n1["a" b"]\n'])
    assert "error" in said[0]


# SVG, in a browser.

LOOKS = """
const found = [];
for (const svg of document.querySelectorAll("svg")) {
  const around = svg.getBoundingClientRect(), wrong = [];
  const boxes = [...svg.querySelectorAll("rect[stroke]")].map((box) => box.getBoundingClientRect());
  const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  for (const line of svg.querySelectorAll("tspan")) {
    const at = line.getBoundingClientRect(), text = line.textContent;
    if (!text.trim()) continue;
    if (!(at.width > 0 && at.height > 0)) wrong.push("not drawn: " + text);
    if (!inside(at, around)) wrong.push("outside: " + text);
    if (boxes.some((box) => meet(at, box) && !inside(at, { left: box.left, right: box.right, top: box.top - 2, bottom: box.bottom + 2 })))
      wrong.push("over the edge of a box: " + text);
  }
  for (const [n, one] of boxes.entries()) {
    if (!inside(one, around)) wrong.push("box outside");
    if (boxes.slice(n + 1).some((other) => meet(one, other))) wrong.push("boxes overlap");
  }
  found.push({ texts: svg.querySelectorAll("tspan").length, boxes: boxes.length, wide: around.width, wrong });
}
document.body.innerHTML = "";
document.body.append(Object.assign(document.createElement("pre"), { textContent: JSON.stringify(found) }));
"""


def looked_at(page: str, folder: Path) -> Any:
    """Return what a script in a page found when a browser showed it."""
    browser = shutil.which("chromium")
    assert browser, "Chromium is not installed; on Debian it is the package chromium."
    (folder / "page.html").write_text(page, encoding="utf-8")
    options = "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking".split()
    options += "disable-component-update disable-sync dump-dom hide-scrollbars".split()
    done = subprocess.run(
        [
            browser,
            *(f"--{option}" for option in options),
            f"--user-data-dir={folder / 'profile'}",
            "--virtual-time-budget=60000",
            (folder / "page.html").as_uri(),
        ],
        capture_output=True,
        check=False,
        timeout=300,
    )
    text = done.stdout.decode("utf-8")
    shown = re.search("<pre>(.*?)</pre>", text, re.DOTALL)
    assert shown, (text[:2000], done.stderr.decode("utf-8", "replace")[-2000:])
    return json.loads(html.unescape(shown[1]))


def page_of(parts: Sequence[str], script: str) -> str:
    style = "body { margin: 0 } svg { display: block }"
    body = "\n".join(parts)
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style><body>{body}<script>{script}</script>'


def test_a_browser_shows_all_text_within_its_box(
    odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kmics_cli.charts.engine import Engine

    ready = Engine()  # which takes seconds to make, and is the same for all
    monkeypatch.setattr("kmics_cli.charts.picture.Engine", lambda: ready)
    made = charts("svg", odd)
    found = looked_at(page_of([svg for svg, _answer in made.values()], LOOKS), tmp_path)
    assert len(found) == len(made)
    for (command, (_svg, answer)), seen in zip(made.items(), found, strict=True):
        assert seen["wrong"] == [], command
        assert seen["boxes"] == len(answer["nodes"]), command
        assert seen["texts"] >= len(answer["nodes"])
        assert seen["wide"] < 2_500 or "odd" in command, command


def test_a_browser_tells_what_is_wrong(tmp_path: Path) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect x="0" y="0" width="40" height="20" stroke="#000"/>'
        '<text><tspan x="10" y="15">Much too long for it</tspan></text><text><tspan x="190" y="90">Outside of it</tspan></text></svg>'
    )
    (seen,) = looked_at(page_of([svg], LOOKS), tmp_path)
    assert seen["wrong"] == ["over the edge of a box: Much too long for it", "outside: Outside of it"]


def test_a_browser_draws_mermaid_with_each_name_as_text(odd: Path, tmp_path: Path) -> None:
    text = run("chart", "hostile-0", "--format", "mermaid", registry=odd).out
    library = HERE / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"
    script = """
      window.alert = () => { throw Error("a script of the data ran") };
      mermaid.initialize({ startOnLoad: false });
      mermaid.render("chart", JSON.parse(document.getElementById("text").textContent)).then(({ svg }) => {
        const place = document.createElement("div");
        place.innerHTML = svg;
        const shown = [...place.querySelectorAll(".node .nodeLabel")].map((label) => label.textContent);
        const alive = [...place.querySelectorAll("a, script, b, img, math, i, li, em, strong")].map((one) => one.outerHTML);
        document.body.innerHTML = "";
        document.body.append(Object.assign(document.createElement("pre"), { textContent: JSON.stringify({ shown, alive }) }));
      });
    """
    parts = [
        f'<script id="text" type="application/json">{json.dumps(text).replace("<", chr(92) + "u003c")}</script>'
    ]
    parts.append(f'<script src="{library.as_uri()}"></script>')
    seen = looked_at(page_of(parts, script), tmp_path)
    assert seen["alive"] == []
    for shown, name in zip(seen["shown"], NAMES, strict=True):
        assert shown.replace("\u200b", "").startswith(name[:150]), (shown, name)


# The engine.


def test_the_drawing_is_the_same_each_time() -> None:
    made = set()
    for seed in ("0", "1", "77"):
        kept = {name: text for name, text in os.environ.items() if not name.startswith("KMICS")}
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "kmics_cli",
                "chart",
                "--format",
                "svg",
                "--registry",
                str(MINI),
                "--on",
                "2026-06-30",
            ],
            cwd=TOP,
            env=kept
            | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
            capture_output=True,
            check=True,
            timeout=300,
        )
        made.add(done.stdout)
    assert len(made) == 1


def test_a_knot_is_refused_and_does_not_hang() -> None:
    from kmics_cli.charts.engine import Engine, Size, Tie
    from kmics_cli.problems import UserError

    ties = [Tie(one, other, Size(60, 14)) for one in range(30) for other in range(30) if (one * 7 + other * 11) % 2]
    with pytest.raises(UserError, match="too many ties"):
        Engine().lay_out([Size(200, 40)] * 30, ties)
