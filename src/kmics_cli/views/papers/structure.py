"""The page of a structure: figures by kind and level, and a nested list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmics_cli.dates import Span
from kmics_cli.query import Answered
from kmics_cli.views.blocks import Block, Heading, Items, Table
from kmics_cli.views.pages.words import Evidence, a_day, spaced, upper

COLUMNS = (
    *("depth", "id", "name", "kind", "class", "level", "relation", "under", "reference", "also_under"),
    *("status", "certainty", "standing", "not_confirmed_since", "from", "to", "roles", "chair"),
)


def table(answer: Answered) -> tuple[list[str], list[list[object]]]:
    """Return the columns and rows for CSV: the chairs by name."""
    rows = [{**row, "chair": [one["name"] for one in row["chairs"]]} for row in answer["rows"]]
    return [*COLUMNS], [[row[column] for column in COLUMNS] for row in rows]


def page(answer: Answered, _span: Span, evidence: Evidence) -> Iterator[Block]:
    """Yield the figures, then the list: of the whole registry, those that stand alone apart."""
    if answer["figures"]:
        cells = tuple(
            (upper(one["kind_name"]), upper(one["level"] or "not recorded"), str(one["bodies"]))
            for one in answer["figures"]
        )
        yield Table("Bodies by kind and level", ("Kind", "Level", "Bodies"), cells, numbers=(2,))
    if answer["ref"]:
        if len(answer["rows"]) > 1:
            yield Heading("Structure")
            yield _listed(answer["rows"], evidence)
        return
    families, alone = _apart(answer["rows"])
    if families:
        yield Heading("Bodies with others below them")
        yield _listed(families, evidence)
    if alone:
        yield Heading("Bodies recorded neither above nor below another")
        yield _listed(alone, evidence)


def _apart(rows: Sequence[Answered]) -> tuple[list[Answered], list[Answered]]:
    """Return the rows of bodies with others below them, and of those that stand alone."""
    families: list[Answered] = []
    alone: list[Answered] = []
    for index, row in enumerate(rows):
        single = row["depth"] == 0 and (index + 1 == len(rows) or rows[index + 1]["depth"] == 0)
        (alone if single else families).append(row)
    return families, alone


def _listed(rows: Sequence[Answered], evidence: Evidence) -> Items:
    return Items(tuple((row["depth"], _line(row, evidence)) for row in rows))


def _line(row: Answered, evidence: Evidence) -> str:
    if row["reference"]:
        where = f"under {row['listed_under_name']}" if row["listed_under_name"] else "above, under no other body"
        return f"{row['name']}: {_what(row)}; listed {where}"
    parts = [_what(row), *_how(row)]
    if row["also_under_names"]:
        parts.append(f"also recorded under {', '.join(row['also_under_names'])}")
    if row["roles"]:
        parts.append(f"{row['roles']} {'role' if row['roles'] == 1 else 'roles'} recorded")
    if row["chairs"]:
        names = (
            f"{one['name']}{' (inferred)' if one['confidence'] == 'inferred' else ''}" for one in row["chairs"]
        )
        parts.append(f"chair: {', '.join(names)}")
    return f"{row['name']}: {'; '.join(parts)}{evidence.mark(row['sources'])}"


def _what(row: Answered) -> str:
    """Return what a body is, and what it is to the one above: "committee of the body above"."""
    kind = str(row["kind_name"]) + (" (all of a sort)" if row["class"] else "")
    if row["relation"] is None:
        return kind
    what = spaced(row["relation"].removesuffix("-of"))
    if not row["class"]:
        what = what.removesuffix("s")
    to_it = f"{what} of the body above"
    return f"{kind} of the body above" if f" {kind}".endswith(f" {what}") else f"{kind}, {to_it}"


def _how(row: Answered) -> Iterator[str]:
    """Yield since when there is a body, and what makes that unsure."""
    if row["standing"] == "planned":
        yield "planned, not shown to exist"
        return
    if row["standing"] == "not-in-being":
        yield "not in being"
        return
    if row["standing"] == "possibly":
        yield "possibly in being"
    started = row["from"] not in (None, "unknown")
    yield f"since {a_day(row['from'])}" if started else "start not recorded"
    if row["to"] == "unknown":
        yield "ended on a day not recorded"
    elif row["to"]:
        yield f"to {a_day(row['to'])}"
    if row["not_confirmed_since"]:
        yield f"not confirmed since {a_day(row['not_confirmed_since'])}"
