"""What an editing command lacks is asked for, where somebody sits at a terminal; never in a pipe."""

import sys
from collections.abc import Iterable
from contextlib import suppress

import typer

from kmics_cli.problems import UserError


def somebody_is_there() -> bool:
    """Return whether a person reads what is printed and can answer."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def asked(value: str | None, option: str, about: str, known: Iterable[str] = ()) -> str:
    """Return the value, or what a person answers; `about` says what it is, `known` completes with the Tab key.

    Raises `UserError` (2) in a pipe, and for no answer.
    """
    if value is not None:
        return value
    if not somebody_is_there():
        raise UserError(f"{option} is missing.", about)
    completing(sorted(known))
    typer.echo(about)
    answer = str(typer.prompt(option, prompt_suffix=": ", default="", show_default=False)).strip()
    if not answer:
        raise UserError(f"{option} is missing.", "Nothing was written.")
    return answer


def completing(known: list[str]) -> None:
    """Let the Tab key complete these, where the terminal can."""
    with suppress(ImportError):
        import readline

        def complete(text: str, state: int) -> str | None:
            found = [one for one in known if one.startswith(text)]
            return found[state] if state < len(found) else None

        readline.set_completer(complete)
        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")


def agreed(question: str) -> bool:
    """Return whether a person says yes; who only presses Enter does not."""
    return typer.confirm(question, default=False)
