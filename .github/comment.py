"""The comment on a pull request: what its check found and what it changes, told from reports that may be anybody's.

The reports come out of a run that the pull request could change, so they are data: only two files of the archive are
read, in memory and up to a size; only text and numbers of known names are taken from them; and all of them are
escaped, so that nothing in them is a link, a mention or HTML. Run by `.github/workflows/comment.yml`, from the default
branch, with the standard library and kmics's own writer of Markdown.
"""

import json
import re
import struct
import sys
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from kmics_cli.problems import shortened  # found by the line above
from kmics_cli.views.markdown import escaped
from kmics_cli.views.pages.edits import GROUPS, diff_in_markdown

MARK = "<!-- kmics -->"
"""How the comment is found again."""
NOTHING = "Nothing is wrong, and nothing that the registry says is changed."
"""What it says if there is nothing to say, and no need for a comment."""
SEVERITIES = ("error", "warning", "info")
MOST_BYTES = {"kmics.json": 4_000_000, "diff.json": 20_000_000}
"""How much is read of each report."""
MOST_TOLD = 30
MOST_TEXT = 500
MOST_LETTERS = 20_000
"""Of all problems together but the last, which may bring 22,000."""
MOST_ALL = 62_000
"""Bytes of the whole comment: GitHub takes 65,536 characters."""
LEVELS = ("breaking", "change", "quiet")


def read(archive: Path, name: str, schema: str) -> dict[str, Any] | None:
    """Return one report of the archive; None if there is none, or it is none of kmics's."""
    try:
        with zipfile.ZipFile(archive) as opened:
            member = opened.getinfo(name)
            if member.file_size > MOST_BYTES[name] or member.compress_type not in (
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            ):
                return None
            with opened.open(member) as file:
                data = file.read(MOST_BYTES[name])
        report = json.loads(data)
    except (OSError, EOFError, KeyError, ValueError, RuntimeError, struct.error, zipfile.BadZipFile, zlib.error):
        return None  # RuntimeError: encrypted, or nested too deeply
    return report if isinstance(report, dict) and report.get("schema") == schema else None


def problems_in(archive: Path) -> list[dict[str, Any]] | None:
    """Return the problems of a report; None if there is no report, or it is none of kmics's."""
    problems = (read(archive, "kmics.json", "kmics/validate/1") or {}).get("problems")
    if not isinstance(problems, list) or not all(isinstance(one, dict) and _sound(one) for one in problems):
        return None
    return problems


def changes_in(archive: Path) -> dict[str, Any] | None:
    """Return what a comparison found, of known names and sorts only; None if there is none, or it is none of kmics's."""
    report = read(archive, "diff.json", "kmics/diff/1") or {}
    changes, unread = report.get("changes"), report.get("unread")
    if not isinstance(changes, list) or not isinstance(unread, list):
        return None
    revs = [report.get("old"), report.get("new")]
    days = [_day(report.get(name)) for name in ("old_day", "new_day")]
    if not all(isinstance(rev, str) and re.fullmatch("[0-9a-f]{40,64}", rev) for rev in revs):
        return None
    if not all(isinstance(one, dict) and _sound_change(one) for one in changes):
        return None
    if not all(
        isinstance(one, dict) and all(isinstance(one.get(name), str) for name in ("side", "path", "message"))
        for one in unread
    ):
        return None
    told = [{name: one[name] for name in ("group", "level", "id", "under", "text")} for one in changes]
    totals = {group: sum(one["group"] == group for one in told) for group in GROUPS}
    totals["breaking"] = sum(one["level"] == "breaking" for one in told)
    return {
        "old": revs[0],
        "new": revs[1],
        "old_day": days[0],
        "new_day": days[1],
        "all": True,
        "stat": False,
        "totals": totals,
        "unread": unread[:MOST_TOLD],
        "unread_more": max(0, len(unread) - MOST_TOLD),
        "changes": told,
    }


def _day(value: Any) -> str | None:
    try:
        return value if 1000 <= date.fromisoformat(value).year <= 2999 else None
    except (TypeError, ValueError):
        return None


def _sound_change(change: dict[str, Any]) -> bool:
    texts = all(isinstance(change.get(name), str) for name in ("id", "under", "text"))
    return texts and change.get("group") in tuple(GROUPS) and change.get("level") in LEVELS


def _sound(problem: dict[str, Any]) -> bool:
    texts = all(isinstance(problem.get(name), str) for name in ("rule", "path", "message", "help"))
    numbers = all(type(problem.get(name)) is int and 0 <= problem[name] < 10**9 for name in ("line", "column"))
    return texts and numbers and problem.get("severity") in SEVERITIES


def comment(problems: list[dict[str, Any]] | None, changes: dict[str, Any] | None, run: str, own: bool) -> str:
    """Return the comment: what was found, what is changed, and a warning if the check itself is changed.

    `run` is the address of the run, `own` says whether the pull request changes something under `.github/`.
    """
    parts = [MARK]
    if own:
        parts.append(
            "**This pull request changes the checks themselves** (`.github/`), and GitHub runs them as it has them: "
            "read those changes first, and take nothing below on trust."
        )
    silent = changes is not None and not changes["changes"] and not changes["unread"]
    if problems is None:
        parts.append(f"The check did not get as far as a report. [Its run]({run}) says why.")
    elif not problems:
        parts.append(
            NOTHING if silent and not own else "No problem was found in what this changes in the registry."
        )
    else:
        counts = {severity: sum(one["severity"] == severity for one in problems) for severity in SEVERITIES}
        words = [f"{n} {name}{'s' if n > 1 and name != 'info' else ''}" for name, n in counts.items() if n]
        parts.append(
            f"**{', '.join(words)}** in what this changes in the registry. [The run]({run}) shows each line."
        )
        ranked = sorted(problems, key=lambda one: SEVERITIES.index(one["severity"]))
        told: list[str] = []
        while len(told) < min(len(ranked), MOST_TOLD) and sum(map(len, told)) < MOST_LETTERS:
            told.append(_item(ranked[len(told)]))
        parts.append("\n".join(told))
        if len(ranked) > len(told):
            parts.append(f"{len(ranked) - len(told)} more are in the run.")
    if changes is None:
        parts.append(f"What it changes could not be told. [Its run]({run}) may say why.")
    elif not silent:
        left = MOST_ALL - len("\n\n".join(parts).encode())
        page = diff_in_markdown(changes, most=left).rstrip("\n")
        parts.append(
            page
            if len(page.encode()) <= left
            else f"What it changes is too much to be told here. [Its run]({run}) has it."
        )
    return "\n\n".join(parts) + "\n"


def _item(problem: dict[str, Any]) -> str:
    path, message, help, rule = (
        escaped(shortened(problem[name], MOST_TEXT)) for name in ("path", "message", "help", "rule")
    )
    advice = f"<br>{help}" if help else ""
    return f"- **{problem['severity']}**, {path}, line {problem['line']}: {message} ({rule}){advice}"


def main(archive: str, run: str, own: str) -> None:
    """Print the comment as UTF-8."""
    file = Path(archive)
    sys.stdout.buffer.write(comment(problems_in(file), changes_in(file), run, own == "true").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
