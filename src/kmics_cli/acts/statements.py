"""What is done to the record itself: a mistake corrected, a fact confirmed or cited, a disagreement noted or settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kmics_cli.acts.draft import Data, Draft, cited
from kmics_cli.acts.seats import called
from kmics_cli.dates import Date
from kmics_cli.edit import Value
from kmics_cli.model import Appointment, Body, Part, Role
from kmics_cli.problems import Source, UserError, shortened


def correct(
    draft: Draft,
    part: Part,
    field: str,
    value: str | None,
    why: str | None,
    sources: Sequence[str],
    *,
    role: Role | None = None,
) -> None:
    """Put right what the record had wrong (None: take it out), and say so among the corrections of its file.

    `part` is the record, the role, or the appointment, whose `role` is given too. A person's file has no corrections: a
    name is only spelt rightly. Where nothing was recorded, nothing was wrong: that is added. Raises `UserError` (2) for a field that there is not, or that has several parts.
    """
    key = field.replace("-", "_")
    kind = part.source.path.partition("/")[0]
    if key == "term_ends" and isinstance(part, Appointment):
        if not part.terms:
            raise UserError("No term is recorded.", "Record it with kmics reappoint.")
        part, key = part.terms[-1], "ends"
    known = draft.shapes.about(kind, part.source.pointer).get("properties", {})
    if key not in known:
        simple = [name for name, about in known.items() if about.get("type") not in ("array", "object")]
        raise UserError(f"There is no field '{shortened(field)}' here.", f"Give one of: {', '.join(simple)}.")
    if known[key].get("type") in ("array", "object"):
        raise UserError(
            f"'{field}' has several parts.", "Correct it with kmics edit, and say so among the corrections."
        )
    was = recorded(part, key)
    typed = _typed(known[key], value) if value is not None else None
    if value is None and was is None:
        raise UserError(f"There is no '{field}' to take out.", "")
    if typed is not None and _said(was) == _said(typed):
        raise UserError(f"The record says so already: {_said(was)}.", "")
    if typed is None:
        draft.remove(part.source.at(key))
    else:
        draft.put(part.source, key, typed)
    if was is None:
        draft.cite(part.source, list(sources))
        draft.said.append(
            "Nothing was recorded there, so nothing was wrong: it is added, and no correction is noted."
        )
        return
    if kind not in ("bodies", "priorities", "documents"):
        return
    about, what = key.replace("_", " "), key.replace("_", " ")
    if role is not None:
        about = role.id
        whose = f"{called(draft.registry, part.person)}, " if isinstance(part, Appointment) else ""
        what = f"{whose}{what}"
    entry: Data = {
        "made": draft.today.isoformat(),
        "about": about,
        "said": f"{_upper(what)}: {_said(was)}",
        "says": f"{_upper(what)}: {_said(typed)}",
    }
    if why:
        entry["why"] = why
    draft.append(Source(part.source.path), "corrections", {**entry, "sources": list(sources)})


def recorded(part: Part, field: str) -> Any:
    """Return what a part has in a field, as the files spell it; None if nothing."""
    key = field.replace("-", "_")
    found = getattr(part, key, None)
    return getattr(part, f"{key}_", None) if found is None else found


def _typed(schema: Any, value: str) -> Value:
    """Return a value as the schema wants it: a number, yes or no, or text."""
    types = schema.get("type", ())
    types = [types] if isinstance(types, str) else types
    if "boolean" in types:
        if value.casefold() not in ("yes", "no", "true", "false"):
            raise UserError(f"'{shortened(value)}' is neither yes nor no.", "Give yes or no.")
        return value.casefold() in ("yes", "true")
    if ("integer" in types or "number" in types) and value.replace(".", "", 1).isdecimal():
        return float(value) if "." in value else int(value)
    return value


def _said(value: Any) -> str:
    if value is None:
        return "nothing recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.text if isinstance(value, Date) else str(value)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def confirm(
    draft: Draft, body: Body, sources: Sequence[str], read: date, but: Sequence[tuple[Role, Appointment]] = ()
) -> None:
    """Note that all that is open in a body was still so, as a document shows that was read on a day.

    With exceptions, each other appointment is confirmed by itself, since one line for all would confirm those too.
    """
    marks: list[Value] = []
    for one in sources:
        document, _, at = one.partition(" ")
        marks.append({"document": document, **({"at": at} if at else {}), "as_at": read.isoformat()})
        found = draft.registry.documents.get(document)
        if found is not None and (found.read is None or found.read.latest < read):
            draft.put(Source(found.source.path), "read", read.isoformat())
    if not but:
        draft.cite(Source(body.source.path), marks, "checked")
        return
    left_out = [id(held) for _role, held in but]
    count = 0
    for role in body.roles.values():
        for held in role.appointments:
            begun = held.from_ is None or held.from_.earliest <= read
            if held.to is None and begun and id(held) not in left_out:
                draft.cite(held.source, marks)
                count += 1
    if not count:
        raise UserError("That would confirm nothing: nobody else is recorded here now.", "See kmics show.")
    draft.said.append(f"{count} appointment{' is' if count == 1 else 's are'} confirmed one by one.")
    for role, held in but:
        draft.left.append(
            f"{called(draft.registry, held.person)} ({role.title}) is not confirmed; if the seat was left, give kmics end."
        )


def cite(draft: Draft, part: Part, sources: Sequence[str], shows: str | None = None) -> None:
    """Cite further documents for a record, a role or an appointment. Raises `UserError` (2) for what cites nothing."""
    if not hasattr(part, "sources"):
        raise UserError(
            "A person's file cites nothing: what is said of a person is said, and cited, in the bodies.", ""
        )
    draft.cite(part.source, [cited(one, shows or "") for one in sources])


def dispute(
    draft: Draft,
    record: Any,
    about: str,
    claims: Sequence[tuple[str, str]],
    *,
    affects: Sequence[str] = (),
    prefer: int | None = None,
    why: str | None = None,
) -> None:
    """Note that sources say different things on a matter: each claim with its source; `prefer` counts from 1.

    Raises `UserError` (2) for fewer than two claims, or a record that has no disagreements.
    """
    if not hasattr(record, "disagreements"):
        raise UserError("Disagreements are noted with a body, a set of priorities or a document.", "")
    if len(claims) < 2:
        raise UserError("A disagreement needs two claims.", "Give --says and --source for each, in the same order.")
    if prefer is not None and not 0 < prefer <= len(claims):
        raise UserError(f"There is no claim {prefer}.", f"Give --prefer a number from 1 to {len(claims)}.")
    told = [
        {"says": says, **({"preferred": True} if number == prefer else {}), "sources": [source]}
        for number, (says, source) in enumerate(claims, 1)
    ]
    entry: Data = {"about": about, "affects": list(affects), "claims": told, "why": why}
    entry["noted"] = draft.today.isoformat()
    draft.append(Source(record.source.path), "disagreements", {key: value for key, value in entry.items() if value})


def settle(draft: Draft, record: Any, about: str | None, on: str, prefer: int | None, why: str | None) -> None:
    """Settle an open disagreement on a day, perhaps in favour of one claim (counted from 1).

    Raises `UserError` (2) if there is none, or which is meant cannot be told.
    """
    open_ = [one for one in getattr(record, "disagreements", ()) if one.settled is None]
    if about is not None:
        open_ = [one for one in open_ if about.casefold() in one.about.casefold()]
    if len(open_) != 1:
        listed = "; ".join(one.about for one in open_)
        told = f"Several disagreements are open: {listed}." if open_ else "There is no such open disagreement."
        raise UserError(told, "Give the words of one of them." if open_ else "See kmics report disagreements.")
    (one,) = open_
    if prefer is not None:
        if not 0 < prefer <= len(one.claims):
            raise UserError(f"There is no claim {prefer}.", f"Give --prefer a number from 1 to {len(one.claims)}.")
        for claim in one.claims:
            if claim.preferred:
                draft.remove(claim.source.at("preferred"))
        draft.put(one.claims[prefer - 1].source, "preferred", True)
    if why:
        draft.put(one.source, "why", f"{one.why} {why}" if one.why else why)
    draft.put(one.source, "settled", on)
