"""The page of a quorum: the answer first, then what is not certain, and who counts."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Paragraph, Table, items
from kmics_cli.views.pages.words import Evidence, asked_on, day, spaced, upper

_COUNTS = {"member": "Member", "possibly": "Possibly a member", "deputy": "Deputy", "no": "Does not count"}


def quorum_page(answer: Answered, span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield whether a body is quorate, what makes that unsure, the rule, and those who count or do not."""
    yield Heading(f"Quorum: {answer['name']}, {asked_on(span)}", 1)
    yield Paragraph(answer["says"])
    rule = answer["rule"]
    if rule:
        yield Paragraph(_rule(rule) + evidence.mark(rule["sources"]))
    if answer["doubts"]:
        yield Heading("What is not certain")
        yield items(*answer["doubts"])
    if answer["not_recognised"]:
        yield Heading("Not recognised, and not counted")
        yield items(
            *(
                f"{one['name']} ({one['place']}{'; it could mean several' if one['several'] else ''})"
                for one in answer["not_recognised"]
            )
        )
    if answer["people"]:
        yield Heading("Who is recorded there")
        given = answer["asked"] != "in-post"
        columns = ("Name", "Seat", "Counts as", "What we can say", *(("Present",) if given else ()))
        yield Table(
            "Who is recorded there",
            columns,
            tuple(
                (
                    f"{upper(one['name'])}{evidence.mark(one['sources'])}",
                    "; ".join(dict.fromkeys(_seat(role) for role in one["roles"])),
                    _COUNTS[one["counts"]],
                    one["says"],
                    *((_present(one),) if given else ()),
                )
                for one in answer["people"]
            ),
        )
    yield Paragraph(
        "Counted are members with a vote, each once; not those in attendance. Nobody's interests are considered: whoever "
        "has to leave for an item counts no more. What the constitution says of a meeting goes before this."
    )


def _seat(role: Answered) -> str:
    how = role["capacity"]
    return role["title"] if how in (None, "substantive") else f"{role['title']} ({spaced(how)})"


def _present(one: Answered) -> str:
    return ("Yes" if one["counts"] != "no" else "Yes, not counted") if one["present"] else "No"


def _rule(rule: Answered) -> str:
    least = rule["at_least"]
    of = {"seats": " of the seats", "members-in-post": " of the members in post"}.get(rule["counting"] or "", "")
    words = (
        f"The quorum recorded: {least}{of if isinstance(least, str) else ' member' if least == 1 else ' members'}"
    )
    deputies = {
        True: "deputies count",
        False: "deputies do not count",
        None: "whether deputies count is not recorded",
    }
    chair = {
        True: "it can meet without its chair",
        False: "it needs its chair",
        None: "whether it needs its chair is not recorded",
    }
    return (
        f"{words}; {deputies[rule['deputies_count']]}; {chair[rule['without_chair']]} (from {day(rule['from'])})."
    )
