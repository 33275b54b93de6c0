"""The command line: a table of contents of what one can ask. Each command is one library call and one view."""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Annotated

import typer

from kmics_cli import __version__
from kmics_cli.cli.session import harmless_in_ci, visible_lines
from kmics_cli.problems import UserError

_ASK, _HAPPENED, _MEND, _CI = (
    "For everyone who asks",
    "To record what happened",
    "To mend the record",
    "For maintainers and CI",
)
FAMILIES: tuple[tuple[str, str, str], ...] = (
    ("asking", _ASK, "show list tree search timeline"),
    ("meeting", _ASK, "quorum"),
    ("happening", _ASK, "changes"),
    ("recording", _ASK, "diff history"),
    ("reporting", _ASK, "report"),
    ("rendering", _ASK, "render"),
    ("drawing", _ASK, "chart"),
    ("seating", _HAPPENED, "appoint end vacate reappoint extend"),
    ("governing", _HAPPENED, "rename close merge-bodies amend"),
    ("adding", _HAPPENED, "add"),
    ("mending", _MEND, "correct confirm cite dispute settle"),
    ("identity", _MEND, "move-id combine-records withhold-name"),
    ("texts", _MEND, "edit fmt"),
    ("checking", _CI, "validate explain doctor"),
)
"""The modules of commands, in the order of the help: their panel, and what they add. Each has a function `offer`."""


@cache
def app_of(families: tuple[str, ...]) -> typer.Typer:
    """Return the command line with the commands of some modules: making one costs time, and one is run."""
    app = typer.Typer(
        name="kmics",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help="Who does what in a health and care system, on any day, and which document says so.",
        epilog="Try: kmics show icb-board --on 2022-09-20 --sources",
    )
    app.callback()(_all)
    for family, panel, _commands in FAMILIES:
        if family in families:
            import_module(f"kmics_cli.cli.{family}").offer(app, panel)
    return app


def _wanted(words: Sequence[str]) -> tuple[str, ...]:
    """Return the modules that a command line needs: the one that has its command; all, where there is no such command."""
    for family, _panel, commands in FAMILIES:
        if words and words[0] in commands.split():
            return (family,)
    return tuple(family for family, _panel, _commands in FAMILIES)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kmics {__version__}")
        raise typer.Exit


def _all(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


_NO_SCREEN = (errno.ENOSPC, errno.EBADF, errno.EIO, errno.EPIPE)
"""What a full disk or a screen that is gone gives; any other is a bug, and is shown as one."""


def _tell(message: str, help: str) -> None:
    """Say what is wrong on the error stream; what was typed may be in it, so it is made harmless."""
    if message:
        typer.echo(harmless_in_ci(visible_lines(f"{message}\n{help}" if help else message)), err=True)


def _words() -> list[str]:
    """Return what was typed after the program's name; while a shell completes it, as far as it is whole."""
    if "_KMICS_COMPLETE" not in os.environ:
        return sys.argv[1:]
    typed = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")  # bash has its own
    words = typed.split()[1:]
    return words if len(words) > 1 or typed.endswith((" ", "\n")) else []


def main() -> None:
    """Run the command line and exit: 0 done, 1 found something, 2 asked wrongly, 3 could not run."""
    gc.disable()  # one short run makes little garbage, and loading makes many objects
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if "GITHUB_ACTIONS" in os.environ:
        os.environ["_TYPER_FORCE_DISABLE_TERMINAL"] = (
            "1"  # or Typer takes a log for a terminal, and colours its help
        )
    try:
        sys.exit(app_of(_wanted(_words()))(standalone_mode=False) or 0)
    except UserError as error:
        _tell(error.message, error.help)
        sys.exit(error.code)
    except OSError as error:
        if error.errno not in _NO_SCREEN:
            raise
        with suppress(OSError, ValueError):
            sys.stdout.close()  # or Python would try once more, and complain
        with suppress(OSError, ValueError):
            typer.echo(f"The answer cannot be written: {error.strerror}.", err=True)
        sys.exit(3)
    except RecursionError:
        typer.echo("This registry is nested too deeply to be answered from. Run kmics validate.", err=True)
        sys.exit(3)
    except Exception as error:
        if not hasattr(error, "format_message"):  # Typer's own errors, whose class has no name in public
            raise
        context = getattr(error, "ctx", None)
        _tell(error.format_message(), f"Try {context.command_path} --help." if context else "")
        sys.exit(2)
    finally:
        gc.freeze()  # or Python, before it ends, would look once through all that was loaded
