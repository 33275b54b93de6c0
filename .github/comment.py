"""The comment on a pull request: what its check found, told from a report that may be anybody's.

The report comes out of a run that the pull request could change, so it is data: only one file of its archive is
read, in memory and up to a size; only text and numbers of known names are taken from it; and all of them are
escaped, so that nothing in them is a link, a mention or HTML. Run by `.github/workflows/comment.yml`, from the default
branch, with the standard library and kmics's own writer of Markdown.
"""

import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from kmics_cli.problems import shortened  # found by the line above
from kmics_cli.views.markdown import escaped

MARK = "<!-- kmics -->"
"""How the comment is found again."""
NOTHING = "Nothing is wrong"
"""How it begins if there is nothing to say, and no need for a comment."""
SEVERITIES = ("error", "warning", "info")
MOST_BYTES = 4_000_000
MOST_TOLD = 30
MOST_TEXT = 500
MOST_LETTERS = 40_000
"""Of all problems together but the last, which may bring 22,000: GitHub takes 65,536."""


def problems_in(archive: Path) -> list[dict[str, Any]] | None:
    """Return the problems of a report; None if there is no report, or it is none of kmics's."""
    try:
        with zipfile.ZipFile(archive) as opened:
            member = opened.getinfo("kmics.json")
            if member.file_size > MOST_BYTES or member.compress_type not in (
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            ):
                return None
            with opened.open(member) as file:
                data = file.read(MOST_BYTES)
        report = json.loads(data)
    except (OSError, EOFError, KeyError, ValueError, RuntimeError, struct.error, zipfile.BadZipFile, zlib.error):
        return None  # RuntimeError: encrypted, or nested too deeply
    if not isinstance(report, dict) or report.get("schema") != "kmics/validate/1":
        return None
    problems = report.get("problems")
    if not isinstance(problems, list) or not all(isinstance(one, dict) and _sound(one) for one in problems):
        return None
    return problems


def _sound(problem: dict[str, Any]) -> bool:
    texts = all(isinstance(problem.get(name), str) for name in ("rule", "path", "message", "help"))
    numbers = all(type(problem.get(name)) is int and 0 <= problem[name] < 10**9 for name in ("line", "column"))
    return texts and numbers and problem.get("severity") in SEVERITIES


def comment(problems: list[dict[str, Any]] | None, run: str, own: bool) -> str:
    """Return the comment: what was found, where to read more, and a warning if the check itself is changed.

    `run` is the address of the run, `own` says whether the pull request changes something under `.github/`.
    """
    parts = [MARK]
    if own:
        parts.append(
            "**This pull request changes the checks themselves** (`.github/`), and GitHub runs them as it has them: "
            "read those changes first, and take nothing below on trust."
        )
    if problems is None:
        parts.append(f"The check did not get as far as a report. [Its run]({run}) says why.")
    elif not problems:
        parts.append(f"{NOTHING} with what this changes in the registry.")
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
    return "\n\n".join(parts) + "\n"


def _item(problem: dict[str, Any]) -> str:
    path, message, help, rule = (
        escaped(shortened(problem[name], MOST_TEXT)) for name in ("path", "message", "help", "rule")
    )
    advice = f"<br>{help}" if help else ""
    return f"- **{problem['severity']}**, {path}, line {problem['line']}: {message} ({rule}){advice}"


def main(archive: str, run: str, own: str) -> None:
    """Print the comment as UTF-8."""
    sys.stdout.buffer.write(comment(problems_in(Path(archive)), run, own == "true").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
