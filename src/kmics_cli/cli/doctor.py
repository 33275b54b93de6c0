"""What `kmics doctor` finds, each with what to do about it if something should be done."""

import platform
import sys
from collections.abc import Iterator

from kmics_cli import __version__
from kmics_cli.cli.cache import memo_file
from kmics_cli.cli.session import Session
from kmics_cli.problems import UserError, visible


def findings(session: Session, encoding: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield a name, what was found, and advice ("" if all is well), for each thing looked at."""
    from kmics_cli.snapshot import FOLDERS, git_program
    from kmics_cli.yamltext import c_parser

    yield "kmics", f"{__version__}, Python {platform.python_version()} on {platform.system()}", ""
    root = None
    try:
        root, shipped = session.place
        where = "the one that ships with kmics, read-only" if shipped else visible(str(root))
        yield "Registry", where, ""
        registry, problems = session.loaded
        errors = sum(problem.severity == "error" for problem in problems)
        count = sum(len(registry.records(kind)) for kind in FOLDERS)
        advice = "Run kmics validate to see what is wrong." if errors else ""
        yield "Records", f"{count} sound, {len(registry.broken)} that cannot be read", advice
        yield "Date", session.registry_line().removeprefix("Registry: "), ""
    except UserError as error:
        yield "Registry", error.message, error.help or "Give --registry FOLDER."
    slow = "Install ruamel.yaml.clib to read about ten times faster: pip install ruamel.yaml.clib"
    yield "YAML parser", "C (libyaml)" if c_parser() else "pure Python", "" if c_parser() else slow
    git = git_program(root) if root else None
    no_git = "Install Git to see the registry's date and whether it has unrecorded edits."
    yield "Git", visible(git) if git else "not found", "" if git or root is None else no_git
    name = encoding or "unknown"
    utf8 = name.lower().replace("-", "") == "utf8"
    console = "Letters that the console lacks are shown as codes; set PYTHONUTF8=1 to see them all."
    yield "Console encoding", name, "" if utf8 else console
    yield "Memo", _memo(session) if root else "none without a registry", ""
    if sys.flags.optimize:
        yield "Python flags", "-O is set", ""


def _memo(session: Session) -> str:
    """Return where the memo of the registry is and how big, or why there is none."""
    from kmics_cli.memo import LEAST_FILES

    file = memo_file(session.place[0])
    if isinstance(file, str):
        return file
    try:
        size = file.stat().st_size / 1e6
    except OSError:
        return f"none yet; one is kept for {LEAST_FILES} files or more, in {visible(str(file))}"
    return f"{size:.1f} MB in {visible(str(file))}; it is safe to delete"
