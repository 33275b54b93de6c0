"""Rewrite what kmics prints wherever it is kept: the golden files, and the examples of README.md.

`python tests/bless.py` rewrites them; `--check` writes nothing, names what is out of date and exits with 1.

Golden files are the answers of `CASES` in every format, from the miniature registry on 30 June 2026. An example
of the README is a line `<!-- run: kmics … | head -N -->` and the text block after it, from the real registry on
21 November 2026; the head is cut here, without a shell. The day and the revision of the registry's last commit
change with every commit, so one `STANDING` stands for whatever Git would say: the examples read "as at
21 November 2026 (revision)". CSV is kept with plain line ends; that it is printed with CRLF is tested elsewhere.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import re
import shlex
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer.main

from kmics_cli import load
from kmics_cli.cli import main as kmics
from kmics_cli.snapshot import Standing

TOP = Path(__file__).resolve().parent.parent
REAL = TOP / "registry"
MINI = TOP / "tests" / "mini" / "registry"
GOLDEN = TOP / "tests" / "golden"
README = TOP / "README.md"
REAL_DAY = "2026-11-21"
MINI_DAY = "2026-06-30"

STANDING = Standing("revision", REAL_DAY, False, "")
FIRST_AND_LAST: Callable[..., Any] = lambda *_: {  # noqa: E731  # what stands for Git's answer
    "first": {"rev": "0" * 40, "day": "2026-05-01"},
    "last": {"rev": "1" * 40, "day": REAL_DAY},
}
FORMATS = {"table": "txt", "md": "md", "json": "json", "csv": "csv"}
"""Each format, and how its golden files end."""

CASES = {
    "show/board": "show nowshire-board",
    "show/board-2023": "show nowshire-board --on 2023-09-30",
    "show/board-2025-12": "show nowshire-board --on '1 December 2025'",
    "show/board-to-come": "show nowshire-board --on 2026-10-01",
    "show/board-during": "show nowshire-board --during 2025/26",
    "show/executive": "show nowshire-executive",
    "show/executive-2024": "show nowshire-executive --on 2024-07-01",
    "show/executive-2028": "show nowshire-executive --on 2028-01-01",
    "show/partnership": "show nowshire-icp --sources",
    "show/partnership-2023": "show nowshire-icp --on 2023-12-01",
    "show/partnership-2020": "show 'Nowshire Care Partnership' --on 2020-01-01",
    "show/before-it": "show nowshire-icb --on 2019-01-01",
    "show/icb": "show nowshire-icb",
    "show/ended-group": "show nowshire-ccg --sources",
    "show/ended-with-parent": "show upper-nonsuch-governing-body",
    "show/absorbed": "show finance-committee --on 2025-03-31",
    "show/two-parents": "show quality-committee",
    "show/class": "show nonsuch-ccgs",
    "show/planned": "show lower-nonsuch-place",
    "show/old-code": "show X1A --on 2018-01-01",
    "show/nothing-recorded": "show ministry-of-make-believe",
    "show/role-chair": "show nowshire-board/chair --sources",
    "show/role-former-id": "show nowshire-board/chairman",
    "show/role-five-seats": "show nowshire-board/non-executive",
    "show/role-job-share": "show nowshire-board/medical",
    "show/role-designate": "show nowshire-board/partner-local-authorities",
    "show/role-interim": "show nowshire-executive/chief-executive --on 2026-03-01",
    "show/role-absent": "show nowshire-board/public-engagement",
    "show/role-planned": "show nowshire-board/digital",
    "show/role-over": "show nowshire-executive/director-of-digital",
    "show/role-turns": "show nowshire-icp/chair",
    "show/role-turn-2024": "show nowshire-icp/chair --on 2024-06-01 --sources",
    "show/role-other-turn": "show nowshire-icp/vice-chair",
    "show/person": "show 'Ada Invented' --sources",
    "show/person-many-posts": "show tess-placebo",
    "show/person-to-come": "show hal-notional",
    "show/person-gone": "show fay-pretend",
    "show/person-disputed": "show ray-unlikely",
    "show/person-during": "show ida-fabled --during 2026",
    "show/priorities": "show strategy-aims --sources",
    "show/priorities-planned": "show place-aims",
    "show/document": "show board-constitution-v2 --sources",
    "show/document-layers": "show county-web",
    "show/document-strategy": "show county-care-strategy --sources",
    "show/requirements": "show care-board",
    "list/bodies": "list bodies",
    "list/bodies-all": "list bodies --status all --sort from",
    "list/bodies-ended": "list bodies --status ended --columns id,name,to",
    "list/bodies-place": "list bodies --level place",
    "list/bodies-2018": "list bodies --on 2018-01-01",
    "list/roles-of-board": "list roles --body nowshire-board",
    "list/roles-vacant": "list roles --state vacant --on 2026-04-15",
    "list/roles-non-executive": "list roles --member-type non-executive --sources",
    "list/people": "list people",
    "list/appointments-of-executive": "list appointments --body nowshire-executive",
    "list/appointments-of-person": "list appointments --person tess-placebo --sources",
    "list/appointments-of-source": "list appointments --source nowshire-news-2024",
    "list/priorities": "list priorities",
    "list/documents": "list documents --sort kind",
    "list/documents-disputed": "list documents --disputed",
    "list/milestones": "list milestones",
    "list/milestones-sources": "list milestones --status planned --sources",
    "list/figures": "list figures",
    "list/nothing": "list bodies --kind council --status ended",
    "tree/all": "tree",
    "tree/all-2018": "tree --on 2018-01-01",
    "tree/icb": "tree nowshire-icb",
    "tree/partnership": "tree nowshire-icp --during 2024/25",
    "tree/nothing-below": "tree people-forum",
    "search/finance": "search finance",
    "search/two-words": "search board chair",
    "search/nothing": "search xylophone",
    "timeline/icb": "timeline nowshire-icb",
    "timeline/icb-during": "timeline nowshire-icb --during 2026 --sources",
    "timeline/former-group": "timeline upper-nonsuch-ccg",
    "timeline/role": "timeline nowshire-board/non-executive --sources",
    "timeline/person": "timeline dee-imaginary",
    "timeline/document": "timeline county-care-strategy",
    "changes/one-day": "changes 2021-06-30 2021-07-01",
    "changes/two-years": "changes 2024-03-31 2026-05-31",
    "changes/to-come": "changes 2026-06-30 2026-12-31 --sources",
    "changes/since-meeting": "changes --since-meeting nowshire-board",
    "changes/body": "changes 2024 'May 2026' --body nowshire-executive --kind people --continuing",
    "changes/renamed": "changes 2025-03-31 2025-04-01 --body 'Finance Committee' --sources",
    "changes/nothing": "changes 2026-06-30 2026-06-30",
    "report/composition": "report composition nowshire-board",
    "report/composition-since": "report composition nowshire-icp --on 2023-12-01 --since 2022-01-01",
    "report/composition-before-it": "report composition nowshire-board --on 2019-01-01",
    "report/composition-during": "report composition nowshire-executive --during 2025/26",
    "report/summary": "report summary nowshire-icb",
    "report/summary-ended": "report summary nowshire-ccg",
    "report/summary-board": "report summary nowshire-board --on 2024-07-01 --sources",
    "report/checks-board": "report checks nowshire-board",
    "report/checks-board-sources": "report checks nowshire-board --on 2022-12-01 --sources",
    "report/checks-partnership": "report checks nowshire-icp --on 2023-12-01",
    "report/checks-before-it": "report checks nowshire-icb --on 2019-01-01",
    "report/checks-during": "report checks 'Upper Nonsuch CCG' --during 2018/19",
    "report/checks-all": "report checks --on 2024-07-01",
    "report/joiners-leavers": "report joiners-leavers",
    "report/joiners-leavers-board": "report joiners-leavers nowshire-board --since 2026-04-01 --sources",
    "report/joiners-leavers-during": "report joiners-leavers nowshire-icb --during 2024/25",
    "report/joiners-leavers-closed": "report joiners-leavers --on 2021-07-31",
    "report/joiners-leavers-to-come": "report joiners-leavers nowshire-board --during 2026-07-01..2027-03-31",
    "report/joiners-leavers-nothing": "report joiners-leavers people-forum",
    "report/matrix": "report matrix",
    "report/matrix-committee": "report matrix finance-committee",
    "report/matrix-icb-2023": "report matrix nowshire-icb --on 2023-09-30",
    "report/who-is-who": "report who-is-who nowshire-icb --sources",
    "report/who-is-who-all": "report who-is-who --on 2018-01-01",
    "report/priorities": "report priorities",
    "report/priorities-set": "report priorities county-aims --sources",
    "report/priorities-of": "report priorities nowshire-icb --on 2024-03-01",
    "quorum/board": "quorum nowshire-board --sources",
    "quorum/board-absent": "quorum nowshire-board --absent 'Ada Invented' --absent kit",
    "quorum/board-present": "quorum nowshire-board --present ada --present 'Cllr Dee Imaginary' --present tess",
    "quorum/committee": "quorum finance-committee --present dee --present vic --present eve --present lil",
    "quorum/not-recorded": "quorum audit-committee --absent whimsy",
    "quorum/ended": "quorum nowshire-ccg",
    "report/vacancies": "report vacancies",
    "report/vacancies-executive": "report vacancies nowshire-executive --on 2026-03-01",
    "report/vacancies-during": "report vacancies nowshire-icb --during 2025/26",
    "report/forward": "report forward",
    "report/forward-board": "report forward nowshire-board --within 15m",
    "report/forward-during": "report forward nowshire-icb --during 2026/27",
    "report/forward-nothing": "report forward people-forum --within 1d",
    "report/asked-for": "report asked-for --sources",
    "report/asked-for-of": "report asked-for nowshire-icb --on 2024-07-01",
    "chart/structure": "chart",
    "chart/structure-of": "chart nowshire-icb --sources",
    "chart/structure-2018": "chart --on 2018-01-01",
    "chart/succession": "chart nowshire-icb --of succession",
    "chart/succession-all": "chart --of succession --during 2023 --sources",
    "chart/seats": "chart nowshire-board --of seats",
    "chart/seats-executive": "chart nowshire-executive --of seats --on 2024-07-01 --sources",
    "chart/nothing": "chart people-forum --of succession",
    "report/asked-for-nothing": "report asked-for people-forum",
    "report/structure-all": "report structure",
    "report/structure-icb": "report structure nowshire-icb",
    "report/structure-during": "report structure nowshire-icp --during 2024/25",
    "report/structure-nothing-below": "report structure people-forum",
    "report/disagreements-all": "report disagreements",
    "report/disagreements-of": "report disagreements nowshire-icb --on 2026-05-31",
    "report/disagreements-settled-later": "report disagreements --on 2026-04-01",
    "report/disagreements-nothing": "report disagreements people-forum",
    "report/stale-all": "report stale",
    "report/stale-of": "report stale nowshire-icp --on 2028-01-01",
    "report/stale-during": "report stale --during 2025/26",
    "report/stale-nothing": "report stale --on 2010-01-01",
    "report/gaps-all": "report gaps",
    "report/gaps-of": "report gaps nowshire-icb --on 2024-07-01",
    "report/gaps-before-it": "report gaps nowshire-icb --on 2019-01-01",
    "report/sources-all": "report sources",
    "report/sources-of": "report sources nowshire-board --during 2025/26",
    "report/sources-document": "report sources county-web",
    "report/sources-nothing": "report sources resident-blog",
}
"""The commands whose answers are kept, by the name of their golden files."""

REAL_CASES = {
    f"papers/{name}-{day}": f"report {name} icb-board --on {day}"
    for name in ("composition", "summary")
    for day in ("2022-06-30", "2022-09-20", "2026-11-27")
}
"""The papers on the real board that are kept, as Markdown."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(*words: str, registry: Path | None = MINI, today: str | None = MINI_DAY, encoding: str = "utf-8") -> Ran:
    """Run kmics in this process, at the top of the checkout, as in a pipe; nothing around it shows in its answer."""
    told = [*words]
    if registry is not None and words[0] != "explain":
        told += ["--registry", os.path.relpath(registry, TOP)]
    if today is not None and words[0] not in ("doctor", "explain"):
        told += ["--today", today]
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="") for _ in range(2)]
    with _alone(), patch.multiple(sys, argv=["kmics", *told], stdout=streams[0], stderr=streams[1]):
        try:
            kmics()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        finally:
            gc.enable()
    texts = []
    for stream in streams:
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        texts.append(stream.buffer.getvalue().decode(encoding))
    return Ran(code, *texts)


_LINE = load._line
_LINES: OrderedDict[tuple[bytes, str, str], Any] = OrderedDict()
_MOST_LINES = 1000
_COMMAND = typer.main.get_command
_MADE: dict[int, Any] = {}


def _read_once(data: bytes, kind: str, path: str, shapes: Any, memo: Any) -> Any:
    """Read a text once for all runs in this process: that reading it again gives the same is tested elsewhere."""
    if memo is not None:
        return _LINE(data, kind, path, shapes, memo)
    key = data, kind, path
    if key not in _LINES:
        _LINES[key] = _LINE(data, kind, path, shapes, None)
        if len(_LINES) > _MOST_LINES:  # of registries made for one test
            _LINES.popitem(last=False)
    _LINES.move_to_end(key)
    line, wrong = _LINES[key]
    return line, list(wrong)


def _made_once(app: Any) -> Any:
    """Make the commands once for all runs in this process."""
    if id(app) not in _MADE:
        _MADE[id(app)] = _COMMAND(app)
    return _MADE[id(app)]


@contextmanager
def _alone() -> Iterator[None]:
    """Keep Git, the terminal and the environment of whoever runs this out of the answers."""
    here = Path.cwd()
    os.chdir(TOP)
    environment = {"COLUMNS": "80", "LINES": "24"}
    try:
        with (
            patch.dict(os.environ, environment),
            patch("kmics_cli.snapshot.standing", lambda *_: STANDING),
            patch("kmics_cli.snapshot.tree_of", lambda *_: "tree"),
            patch("kmics_cli.cli.recording.first_and_last", FIRST_AND_LAST),
            patch("kmics_cli.load._line", _read_once),
            patch("typer.main.get_command", _made_once),
        ):
            for name in ("KMICS_REGISTRY", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
                os.environ.pop(name, None)
            yield
    finally:
        os.chdir(here)


def golden() -> Iterator[tuple[Path, str]]:
    """Yield the path of each golden file and what it should hold."""
    for name, command in CASES.items():
        for format, ending in FORMATS.items():
            done = run(*shlex.split(command), "--format", format)
            assert done.code == (2 if name == "search/nothing" else 0), f"{command} --format {format}: {done}"
            yield GOLDEN / f"{name}.{ending}", done.out.replace("\r\n", "\n")
    for name, command in REAL_CASES.items():
        done = run(*shlex.split(command), "--format", "md", registry=REAL, today=REAL_DAY)
        assert (done.code, done.err) == (0, ""), f"{command}: {done}"
        yield GOLDEN / f"{name}.md", done.out


def golden_pulls() -> Iterator[tuple[Path, str]]:
    """Yield the same of what is told of the pull requests that are made up in `pulls`."""
    from pulls import PULLS, told  # which runs kmics by what stands here

    for name in PULLS:
        for format, text in told(name).items():
            yield GOLDEN / f"diff/{name}.{FORMATS[format]}", text


_EXAMPLE = re.compile(
    r"<!-- run: (?P<command>[^\n]*?)(?: \| head -(?P<most>[0-9]+))? -->\n```text\n.*?^```$",
    re.DOTALL | re.MULTILINE,
)


def page(text: str) -> str:
    """Return a page of Markdown with its examples as they should be."""
    return _EXAMPLE.sub(lambda found: _example(found["command"], found["most"]), text)


def _example(command: str, most: str | None) -> str:
    """Return an example; a head that would cut a paragraph or a row in two is made longer, in the comment too."""
    program, *words = shlex.split(command)
    assert program == "kmics", command
    done = run(*words, registry=REAL, today=REAL_DAY)
    assert (done.code, done.err) == (0, ""), f"{command}: {done}"
    lines = done.out.splitlines()
    if most is not None:
        end = int(most)
        while end < len(lines) and lines[end]:
            end += 1
        lines = lines[:end]
        command += f" | head -{end}"
    return "\n".join([f"<!-- run: {command} -->", "```text", *lines, "```"])


def everything() -> Mapping[Path, str]:
    """Return every file that is kept, and what it should hold."""
    from test_diff import sentences

    kept = {GOLDEN / "sentences.txt": sentences()}
    return {**dict(golden()), **dict(golden_pulls()), **kept, README: page(README.read_text(encoding="utf-8"))}


def orphans() -> list[Path]:
    """Return the golden files that no case makes."""
    from pulls import KEPT

    made = {GOLDEN / f"{name}.{ending}" for name in CASES for ending in FORMATS.values()}
    made.add(GOLDEN / "sentences.txt")
    made |= {GOLDEN / f"{name}.md" for name in REAL_CASES}
    made |= {GOLDEN / f"diff/{name}.{FORMATS[format]}" for name, formats in KEPT.items() for format in formats}
    return sorted(path for path in GOLDEN.rglob("*") if path.is_file() and path not in made)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite, or check; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if something is out of date"
    )
    check: bool = parser.parse_args(arguments).check
    wanted = everything()
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_bytes() != text.encode()]
    stale += orphans()
    for path in stale:
        what = "out of date" if check else "rewritten" if path in wanted else "removed"
        sys.stdout.write(f"{what}: {path.relative_to(TOP)}\n")
        if not check and path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path].encode())
        elif not check:
            path.unlink()
    if check and stale:
        sys.stdout.write("Run python tests/bless.py, and read the difference before you commit it.\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
