"""The command line: a table of contents of what one can ask. Each command is one library call and one view."""

import errno
import gc
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from kmics_cli import __version__
from kmics_cli.cli.adding import adding
from kmics_cli.cli.asking import asking
from kmics_cli.cli.checking import checking
from kmics_cli.cli.drawing import drawing
from kmics_cli.cli.governing import governing
from kmics_cli.cli.happening import happening
from kmics_cli.cli.identity import identifying
from kmics_cli.cli.meeting import meeting
from kmics_cli.cli.mending import mending
from kmics_cli.cli.recording import recording
from kmics_cli.cli.rendering import rendering
from kmics_cli.cli.reporting import reporting
from kmics_cli.cli.seating import seating
from kmics_cli.cli.session import harmless_in_ci, visible_lines
from kmics_cli.cli.texts import texts
from kmics_cli.problems import UserError

app = typer.Typer(
    name="kmics",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Who does what in a health and care system, on any day, and which document says so.",
    epilog="Try: kmics show icb-board --on 2022-09-20 --sources",
)
asking(app, panel="For everyone who asks")
meeting(app, panel="For everyone who asks")
happening(app, panel="For everyone who asks")
recording(app, panel="For everyone who asks")
reporting(app, panel="For everyone who asks")
rendering(app, panel="For everyone who asks")
drawing(app, panel="For everyone who asks")
seating(app, panel="To record what happened")
governing(app, panel="To record what happened")
adding(app, panel="To record what happened")
mending(app, panel="To mend the record")
identifying(app, panel="To mend the record")
texts(app, panel="To mend the record")
checking(app, panel="For maintainers and CI")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kmics {__version__}")
        raise typer.Exit


@app.callback()
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
        sys.exit(app(standalone_mode=False) or 0)
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
