"""The command for a meeting: quorum."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.session import Session, reads
from kmics_cli.problems import UserError, shortened, visible

_WHO = "Who is there"
_MOST_BYTES = 1_000_000  # of a list of attendance


def quorum(
    session: Session,
    body: Annotated[
        list[str], typer.Argument(metavar="BODY", help="The body that meets.", autocompletion=complete.bodies)
    ],
    present: Annotated[
        list[str] | None,
        typer.Option("--present", metavar="NAME", help="Who is there; repeatable.", rich_help_panel=_WHO),
    ] = None,
    absent: Annotated[
        list[str] | None,
        typer.Option(
            "--absent",
            metavar="NAME",
            help="Who is not; repeatable. Without --present all other members are taken to be there.",
            rich_help_panel=_WHO,
        ),
    ] = None,
    present_from: Annotated[
        Path | None,
        typer.Option(
            "--present-from",
            metavar="FILE",
            help=(
                "Who is there, one name a line, or the first column of a CSV; - for what is piped in. Lines that name nobody "
                "recorded there are listed, and not counted."
            ),
            rich_help_panel=_WHO,
        ),
    ] = None,
) -> None:
    """Say whether a meeting is quorate, by how much, and who may not leave the room.

    Without names it says whether the body can be quorate at all. The exit code is 0 whatever the answer.
    """
    from kmics_cli.query.meeting import quorum as answered

    words = " ".join(body)
    try:
        found = session.find(words)
    except UserError as error:
        if len(body) > 1 and (present or absent):
            help = "Give --present or --absent before each name: --absent 'A' --absent 'B'."
            raise UserError(error.message, help) from None
        raise
    if found.kind != "bodies":
        raise UserError(f"'{found.id}' is not a body, so it has no quorum.", f"Try kmics show {found.id}.")
    there = None if present is None and present_from is None else [(name, "") for name in present or ()]
    if there is not None and present_from is not None:
        from kmics_cli.query.attendance import names_in

        called = "What was piped in" if str(present_from) == "-" else visible(str(present_from))
        named = called if str(present_from) == "-" else visible(present_from.name)
        there += names_in(_read(present_from, called), named)
    away = None if absent is None else [(name, "") for name in absent]
    session.print("quorum", answered(session.asked, found.id, there, away), found.notice)


def _read(path: Path, called: str) -> str:
    """Return the text of a list of attendance. Raises `UserError`: (3) if it cannot be read, (2) if it is no text."""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            from kmics_cli.papers.files import read_plain

            data = read_plain(path, _MOST_BYTES, "Give a text file of names, or - to read what is piped in.")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is none"
        raise UserError(f"{shortened(called)} cannot be read: {why}.", "Give a text file of names.", 3) from None
    if len(data) > _MOST_BYTES:
        raise UserError(f"{shortened(called)} is larger than 1 MB.", "Give a list of names, one a line.")
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        told = f"{shortened(called)} is not text in UTF-8."
        raise UserError(told, "Save it as UTF-8: in Excel, 'CSV UTF-8'.") from None


EXAMPLES = {
    "quorum": (
        "kmics quorum icb-board --on 2022-09-20",
        "kmics quorum icb-board --present 'Cedi Frederick' --on 2022-09-20",
    ),
}
"""Two real examples of the command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the command for a meeting to `app`, in a panel of its help."""
    epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES["quorum"])
    app.command("quorum", rich_help_panel=panel, epilog=epilog)(reads(quorum, without=("during",)))
