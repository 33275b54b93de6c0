"""The command that asks what happened in the world between two days: changes."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kmics_cli.cli import complete
from kmics_cli.cli.kept import paper, record_of, stamps_of
from kmics_cli.cli.session import Format, Session, reads
from kmics_cli.problems import UserError, shortened

if TYPE_CHECKING:
    from kmics_cli.problems import Source
    from kmics_cli.query import Answered


class ChangeKind(StrEnum):
    """The groups of what happens in the world."""

    BODIES = "bodies"
    ROLES = "roles"
    PEOPLE = "people"
    PRIORITIES = "priorities"
    DOCUMENTS = "documents"
    DEADLINES = "deadlines"
    MEETINGS = "meetings"


_WHICH = "Which ones"


def changes(
    session: Session,
    start: Annotated[
        str | None,
        typer.Argument(
            metavar="FROM", help="The first day: what happened after it. In quotes if of several words."
        ),
    ] = None,
    end: Annotated[
        str | None, typer.Argument(metavar="[TO]", help="The last day: what happened up to it. Default: today.")
    ] = None,
    since_meeting: Annotated[
        str | None,
        typer.Option(
            "--since-meeting",
            metavar="BODY",
            help="Instead of FROM: the last recorded meeting of this body before TO.",
            autocompletion=complete.bodies,
        ),
    ] = None,
    since_paper: Annotated[
        Path | None,
        typer.Option(
            "--since-paper",
            metavar="FILE",
            help="Instead of FROM: the day and the record of an earlier paper, from its stamp; its file, or the name of a "
            "kept one (papers: in kmics.yaml). Tells also what it had not.",
        ),
    ] = None,
    body: Annotated[
        str | None,
        typer.Option(
            "--body",
            metavar="REF",
            help="Of this body, and of all that was below it in this time.",
            autocompletion=complete.bodies,
            rich_help_panel=_WHICH,
        ),
    ] = None,
    kinds: Annotated[
        list[ChangeKind] | None,
        typer.Option("--kind", help="Of this kind; may be given several times.", rich_help_panel=_WHICH),
    ] = None,
    continuing: Annotated[
        bool,
        typer.Option("--continuing", help="List also who held a role on both days.", rich_help_panel=_WHICH),
    ] = False,
) -> None:
    """Tell what happened in the world after one day, up to and with another, as the record has it.

    What was edited in the record is another question: ask kmics diff; for the commits of one thing, kmics history.
    """
    from kmics_cli.dates import on
    from kmics_cli.events import changes as told

    given = [
        name
        for name, value in (("--since-meeting", since_meeting), ("--since-paper", since_paper))
        if value is not None
    ]
    if len(given) > 1:
        raise UserError("--since-meeting and --since-paper cannot be given together.", "Give one of them.")
    if given and end is not None:
        raise UserError(f"FROM and {given[0]} cannot be given together.", f"With {given[0]}, give TO alone.")
    if given:
        start, end = None, start
    elif start is None:
        raise UserError("Missing argument 'FROM'.", "Give a day, such as 2022-06-30, or --since-meeting BODY.")
    new = _day(session, end, "TO") if end is not None else session.today
    session.span = on(new)  # things are found, and called, as on the last day
    notices = []
    since: Answered | None = None
    if since_meeting is not None:
        since, notice = _meeting(session, since_meeting, new)
        notices.append(notice)
    of = None
    if body is not None:
        of, notice = _body(session, body)
        notices.append(notice)
    wanted: dict[str, Any] = {
        "body": of,
        "kinds": [kind.value for kind in kinds or ()],
        "continuing": continuing,
        "place": _place(session),
    }
    if since_paper is not None:
        answer = _since_paper(session, since_paper, new, wanted)
    else:
        old = date.fromisoformat(since["on"]) if since else _day(session, start or "", "FROM")
        if old > new:
            raise UserError(
                f"FROM ({old.isoformat()}) lies after TO ({new.isoformat()}{'' if end else ', today'}).",
                "Write the earlier day first.",
            )
        answer = told(session.asked, old, new, session.today, **wanted)
        notices.append(_meant(start or "", end, old, new, f" --body {of}" if of else ""))
    session.print("changes", {**answer, "since": since}, " ".join(notice for notice in notices if notice))


def _meant(start: str, end: str | None, old: date, new: date, of: str) -> str:
    """Return what to ask instead, where FROM or both days were most likely meant as the time itself; else nothing."""
    from kmics_cli.dates import DateError, typed

    try:
        first = typed(start).first
    except DateError:
        return ""
    if first < old and end is None:
        asked = f"kmics changes {(first - timedelta(1)).isoformat()} {old.isoformat()}{of}"
        return f"What happened in {shortened(start)} itself: {asked}."
    if old == new and first == old:
        return f"The first day is not part of the time. What happened on it: kmics changes {(old - timedelta(1)).isoformat()} {new.isoformat()}{of}."
    return ""


def _since_paper(session: Session, file: Path, new: date, wanted: "dict[str, Any]") -> "Answered":
    """Return what to tell the readers of an earlier paper. Raises `UserError` (2, 3) if it has no stamp that leads anywhere."""
    from kmics_cli.dates import on
    from kmics_cli.diff import Side
    from kmics_cli.diff import changes as edited
    from kmics_cli.diff.answer import as_answer
    from kmics_cli.events import since_paper
    from kmics_cli.query import Asked

    file = paper(session, file)
    found = stamps_of(file)
    stamp = found[0]
    commit = record_of(session, found, file.name)
    if stamp.about and wanted["body"] is None:
        bodies = session.loaded[0].bodies  # of a body that is not recorded any more, all is told
        wanted["body"] = next((id for id, one in bodies.items() if stamp.about in (id, *one.former_ids)), None)
    then = session.at_revision(commit)[1][0]
    now = session.asked.registry
    answer = since_paper(session.asked, Asked(then, on(stamp.day)), stamp, new, session.today, **wanted)
    made = date.fromisoformat(commit.day) if commit.day else None
    corrected = [one for one in edited(Side(then, then), Side(now, now), made) if one.group == "corrected"]
    below = answer.pop("below")
    answer["corrections"] = [
        one for one in as_answer(corrected) if below is None or one["id"].partition("/")[0] in below
    ]
    answer["paper"] = {
        "file": file.name,
        "on": stamp.day.isoformat(),
        "rev": commit.id,
        "draft": stamp.draft,
    }
    return answer


def _day(session: Session, text: str, name: str) -> date:
    """Return the last day of what was typed."""
    from kmics_cli.dates import DateError, typed

    if text.strip().casefold() == "today":
        return session.today
    try:
        return typed(text).last
    except DateError as error:
        raise UserError(f"{name} {shortened(text)}: {error.message}", error.help) from None


def _body(session: Session, ref: str) -> tuple[str, str]:
    """Return the id of the body that `ref` means, and what must be said about that."""
    found = session.find(ref)
    if found.kind != "bodies":
        raise UserError(f"'{found.id}' is not a body.", f"Try kmics show {found.id}.")
    return found.id, found.notice


def _meeting(session: Session, ref: str, before: date) -> "tuple[Answered, str]":
    """Return the last meeting of a body before a day. Raises `UserError` (2) where none is recorded."""
    from kmics_cli.dates import day_in_words
    from kmics_cli.events import last_meeting

    id, notice = _body(session, ref)
    name = session.asked.body_name(id)
    day = last_meeting(session.loaded[0].bodies[id], before)
    if day is None:
        raise UserError(
            f"No meeting of {name} before {day_in_words(before)} is recorded with its day.",
            f"Give the day as FROM instead, or record the meeting under meetings: held: of {id}.{_who_met(session, before)}",
        )
    return {"body": id, "name": name, "on": day.isoformat()}, notice


def _who_met(session: Session, before: date) -> str:
    """Return a sentence about the bodies of which a meeting before a day is recorded; nothing if there are none."""
    from kmics_cli.events import last_meeting

    met = [id for id, body in session.loaded[0].bodies.items() if last_meeting(body, before)]
    if not met:
        return ""
    more = f" and {len(met) - 3} more" if len(met) > 3 else ""
    return f" Of {', '.join(met[:3])}{more} there is one: kmics changes --since-meeting {met[0]}."


def _place(session: Session) -> "Callable[[Source], Answered]":
    """Return what gives a part's place: with line and column only where they are printed, since they cost reading."""
    from kmics_cli.events.changes import placed

    if session.format is not Format.JSON:
        return placed
    from kmics_cli.places import Places

    places = Places(session.snapshot)

    def place(source: "Source") -> "Answered":
        line, column = places.at(source)
        return {"path": source.path, "line": line, "column": column}

    return place


EXAMPLES = {
    "changes": (
        "kmics changes 2022-06-30 2022-07-01",
        'kmics changes "June 2022" 2025 --body nhs-kent-and-medway-icb --kind people',
    ),
}
"""Two real examples of each command, shown in its help and run by a test."""


def offer(app: typer.Typer, panel: str) -> None:
    """Add the command that asks what happened to `app`, in a panel of its help."""
    epilog = "Examples:\n\n" + "\n\n".join(EXAMPLES["changes"])
    app.command("changes", rich_help_panel=panel, epilog=epilog)(reads(changes, without=("on", "during")))
