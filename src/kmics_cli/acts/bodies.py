"""What happens to a body: another name, an end, a merger; and what of it or of a seat is otherwise from a day on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kmics_cli.acts.draft import Data, Draft, cited, day_before, id_for
from kmics_cli.acts.seats import called
from kmics_cli.dates import in_words, parse
from kmics_cli.model import KINDS, Body, Registry, Role
from kmics_cli.problems import Source, UserError, shortened
from kmics_cli.query.find import name_start
from kmics_cli.query.lives import ENDS_WITH_PARENT, Lives


def rename(draft: Draft, body: Body, name: str, start: str, sources: Sequence[str]) -> None:
    """Give a body another official name from a day on; its id stays, and the old name is kept with its last day."""
    if name == body.name:
        raise UserError(f"It has this name already: {name}.", "")
    began = name_start(body) or body.from_
    former: Data = {"name": body.name, "use": "former"}
    if began and began.text != "unknown":
        former["from"] = began.text
    former |= {"to": day_before(start), "sources": list(sources)}
    draft.append(Source(body.source.path), "names", former)
    draft.put(Source(body.source.path), "name", name)
    if short := [one.name for one in body.names if one.use in ("short", "abbreviation") and one.to is None]:
        draft.left.append(f"These shorter names stay in use until you end them: {', '.join(short)}.")


def close(draft: Draft, body: Body, last: str, sources: Sequence[str], reason: str = "body-closed") -> None:
    """End a body on its last day, with all who sit in it; what goes on pointing at it is named.

    Raises `UserError` (2) if it has ended already.
    """
    if body.to is not None and body.to.text != "unknown":
        raise UserError(
            f"{body.name} ended already, {in_words(body.to)}.", "If that day is wrong, use kmics correct."
        )
    top = Source(body.source.path)
    draft.put(top, "to", last)
    draft.cite(top, [cited(one, "end") for one in sources])
    ended: list[str] = []
    for role in body.roles.values():
        for held in role.appointments:
            if held.to is None:
                draft.put(held.source, "to", last)
                draft.put(held.source, "end_reason", reason)
                draft.cite(held.source, [cited(one, "end") for one in sources])
                ended.append(called(draft.registry, held.person))
        for vacancy in role.vacant:
            if vacancy.to is None:
                draft.put(vacancy.source, "to", last)
    if ended:
        count = f"{len(ended)} appointment{'' if len(ended) == 1 else 's'}"
        draft.said.append(f"{count} in {body.name} end on that day (reason: body closed): {', '.join(ended)}.")
    lives = Lives(draft.registry)
    children = [(child, link) for child, link in lives.children(body.id) if link.to is None and child.to is None]
    if with_it := [child.name for child, link in children if link.relation in ENDS_WITH_PARENT]:
        draft.said.append(f"These end with it, as parts of it do: {', '.join(with_it)}.")
    if orphans := [child.name for child, link in children if link.relation not in ENDS_WITH_PARENT]:
        draft.left.append(f"These are part of it and go on; give each another parent: {', '.join(orphans)}.")
    if pointing := sorted(set(_pointing(draft.registry, body)) - {child.id for child, _ in children}):
        draft.left.append(f"These records still name it; see whether they should: {', '.join(pointing)}.")


def _pointing(registry: Registry, body: Body) -> Iterator[str]:
    for kind in KINDS:
        for record in registry.mentioning(kind, body.id):
            if record.id != body.id:
                yield record.id


def merge(
    draft: Draft,
    merged: Sequence[Body],
    into: Body | str,
    start: str,
    sources: Sequence[str],
    *,
    id: str | None = None,
    kind: str | None = None,
) -> None:
    """Let bodies become one from a day on: a new one, by its name, or one that is there and carries on.

    The others end on the day before, with all who sit in them; nobody is taken over, since whoever appoints must appoint
    anew. Raises `UserError` (2) if there are too few, or what kind of body the new one is cannot be told.
    """
    closing = [one for one in merged if one is not into]
    if isinstance(into, Body):
        if not closing:
            raise UserError(
                "There is nothing to merge.", "Name the bodies that end, and the one that carries on with --into."
            )
        step: Data = {
            "of": [one.id for one in closing],
            "kind": "absorption",
            "date": start,
            "sources": list(sources),
        }
        draft.append(Source(into.source.path), "succeeds", step)
    else:
        if len(closing) < 2:
            raise UserError(
                "A merger needs two bodies or more.", "For a body that has another name, use kmics rename."
            )
        kinds = {one.kind for one in closing}
        if kind is None and len(kinds) > 1:
            raise UserError(
                "The bodies are of several kinds.", f"Say what the new one is: --kind {sorted(kinds)[0]}."
            )
        levels = {one.level for one in closing}
        data: Data = {"name": into, "kind": kind or kinds.pop(), "from": start}
        if len(levels) == 1 and (level := levels.pop()):
            data["level"] = level
        if parents := _common_parents(closing):
            data["part_of"] = parents
        data["succeeds"] = [
            {"of": [one.id for one in closing], "kind": "merger", "date": start, "sources": list(sources)}
        ]
        data["sources"] = list(sources)
        folder = closing[0].source.path.partition("/")[2].rpartition("/")[0]
        made = draft.new("bodies", id or id_for(into), data, folder)
        draft.said.append(f"The new body's id is {made.path.rpartition('/')[2].removesuffix('.yaml')}.")
        draft.left.append("Nothing is recorded yet of the new body's seats, terms of reference and quorum.")
    for one in closing:
        close(draft, one, day_before(start), sources)
    people = {
        held.person
        for one in closing
        for role in one.roles.values()
        for held in role.appointments
        if held.to is None
    }
    if people:
        names = ", ".join(sorted(called(draft.registry, person) for person in people))
        draft.left.append(f"Nobody was appointed to it. Who sat in the others: {names}.")


def _common_parents(some: Sequence[Body]) -> list[Data]:
    """Return the links to parents that all of the bodies have."""
    first, *rest = [{(link.body, link.relation) for link in one.part_of if link.to is None} for one in some]
    common = first.intersection(*rest)
    return [{"body": body, "relation": relation} for body, relation in sorted(common)]


ROLE_FIELDS = ("seats", "voting", "title", "member_type", "nominated_by", "appointed_by", "approved_by")
BODY_FIELDS = ("quorum", "part_of", "governed_by")
"""What can be amended from a day on, of a role and of a body."""


def amend(
    draft: Draft,
    part: Role | Body,
    field: str,
    values: Sequence[str],
    start: str,
    sources: Sequence[str],
    *,
    relation: str | None = None,
) -> None:
    """Let something of a body or a role be otherwise from a day on; what it was before is kept, with its last day.

    `values` are ids for who nominates, appoints or approves, a parent, a document; a number or a fraction for a quorum.
    Raises `UserError` (2) for a field that has no days, or a value that it cannot have.
    """
    known = ROLE_FIELDS if isinstance(part, Role) else BODY_FIELDS
    if field not in known:
        what = "role" if isinstance(part, Role) else "body"
        told = f"'{shortened(field)}' of a {what} cannot be amended from a day on."
        raise UserError(told, f"Give one of: {', '.join(known)}. For a mistake in the record, use kmics correct.")
    if isinstance(part, Role) and field in ("seats", "voting", "title", "member_type"):
        _amend_role(draft, part, field, values, start, sources)
    elif field == "part_of":
        _amend_parent(draft, part, values, start, sources, relation)
    else:
        new: Data = {"from": start, "sources": list(sources)}
        open_ = [one for one in getattr(part, field) if one.to is None]
        if field == "quorum":
            new = {**_quorum(open_[-1] if open_ else None), "at_least": _least(values), **new}
        elif field == "governed_by":
            new = {"document": _one(values), **new}
        else:
            new = {
                "by": list(values),
                **({"jointly": True} if open_ and open_[-1].jointly and len(values) > 1 else {}),
                **new,
            }
        if any(isinstance(one, str) for one in _written(draft, part.source, field)):
            _out_of_brackets(draft, part, field, new, start, sources)
            return
        for one in open_:
            _end(draft, one, start, sources)
        draft.append(part.source, field, new)


def _written(draft: Draft, at: Source, field: str) -> list[Any]:
    """Return a list as it is written in the file."""
    inside = draft.plain(at.path)
    for step in at.pointer:
        inside = inside[step]
    found: list[Any] = inside.get(field, [])
    return found


def _out_of_brackets(
    draft: Draft, part: Role | Body, field: str, new: Data, start: str, sources: Sequence[str]
) -> None:
    """Put another entry into a list of ids, each of which gets its last day, and so a group of its own on lines."""
    entries: list[Any] = []
    for one in _written(draft, part.source, field):
        if isinstance(one, str):
            entries.append({"by": [one], "to": day_before(start), "sources": list(sources)})
        else:
            kept = {**one, "jointly": one["jointly"] == "true"} if "jointly" in one else one
            entries.append(kept if "to" in one else {**kept, "to": day_before(start)})
    draft.put(part.source, field, [*entries, new])


def _end(draft: Draft, one: Any, start: str, sources: Sequence[str]) -> None:
    """End an entry on the day before."""
    if one.from_ is not None and one.from_.earliest >= parse(start).earliest:
        told = f"What is recorded now has been so only from {in_words(one.from_)}."
        raise UserError(told, "Give a later day, or use kmics correct for a mistake.")
    draft.put(one.source, "to", day_before(start))
    if one.sources:
        draft.cite(one.source, [cited(source, "end") for source in sources])


def _amend_role(
    draft: Draft, role: Role, field: str, values: Sequence[str], start: str, sources: Sequence[str]
) -> None:
    value = _of_role(field, _one(values))
    was = getattr(role, field)
    if was == value:
        raise UserError(f"It is so already: {field.replace('_', ' ')} {value}.", "")
    if was is None:
        told = f"What {field.replace('_', ' ')} was before {in_words(parse(start))} is not recorded."
        draft.said.append(f"{told} It is put in as if it had always been so; say otherwise in a note.")
    else:
        draft.append(role.source, "earlier", {field: was, "to": day_before(start), "sources": list(sources)})
    draft.put(role.source, field, value)


def _of_role(field: str, text: str) -> str | int | bool:
    if field == "seats" and text != "unknown":
        if not text.isdecimal() or not 0 < int(text) < 1000:
            raise UserError(f"'{shortened(text)}' is no number of seats.", "Give a number, or unknown.")
        return int(text)
    if field == "voting":
        if text.casefold() not in ("yes", "no", "true", "false"):
            raise UserError(f"'{shortened(text)}' is neither yes nor no.", "Give yes or no.")
        return text.casefold() in ("yes", "true")
    return text


def _amend_parent(
    draft: Draft, body: Any, values: Sequence[str], start: str, sources: Sequence[str], relation: str | None
) -> None:
    parent = _one(values)
    open_ = [link for link in body.part_of if link.to is None and (relation is None or link.relation == relation)]
    if len(open_) > 1 or (not open_ and relation is None):
        had = ", ".join(f"{link.relation} {link.body}" for link in open_) or "none"
        raise UserError(f"Which parent is to change cannot be told: it has {had}.", "Say which with --relation.")
    for link in open_:
        _end(draft, link, start, sources)
    new = {"body": parent, "relation": relation or open_[0].relation, "from": start, "sources": list(sources)}
    draft.append(body.source, "part_of", new)


def _quorum(was: Any) -> Data:
    """Return what a quorum rule says besides the number, as data: it stays as it was."""
    if was is None:
        return {}
    found: Data = {"at_least": 0, "counting": was.counting}
    found["including"] = [list(one) if isinstance(one, tuple) else one for one in was.including]
    found |= {"deputies_count": was.deputies_count, "without_chair": was.without_chair}
    return {key: value for key, value in found.items() if value is not None and value != []}


def _least(values: Sequence[str]) -> int | str:
    text = _one(values)
    return int(text) if text.isdecimal() else text


def _one(values: Sequence[str]) -> str:
    if len(values) != 1:
        raise UserError("Give one value.", "Put it in quotes if it has spaces in it.")
    return values[0]
