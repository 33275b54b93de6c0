"""Many things at once: lists with filters, the tree below a body, and full text search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kmics_cli.dates import Answer, Date, lasts
from kmics_cli.model import KINDS, Body, Citation, Part
from kmics_cli.problems import Source, UserError, shortened
from kmics_cli.query.answers import Asked
from kmics_cli.query.citations import citations
from kmics_cli.query.find import name_on, plain, singular
from kmics_cli.query.parts import Answered, text

_THERE = ("in-being", "planned")


def _bodies(asked: Asked) -> Iterator[Answered]:
    for body in asked.registry.bodies.values():
        status, sure = asked.lives.status(body, asked.span)
        life = asked.lives.life(body.id)
        since = asked.lives.unconfirmed(body, asked.span) if status == "in-being" else None
        yield {
            "id": body.id,
            "name": name_on(body, asked.span),
            "kind": body.kind,
            "kind_name": asked.registry.settings.kinds.get(body.kind, body.kind),
            "level": body.level,
            "class": body.class_,
            "status": status,
            "certainty": str(sure),
            "not_confirmed_since": text(since),
            "from": text(life.start),
            "to": text(life.end),
            "part_of": [
                link.body for link in body.part_of if lasts(link.from_, link.to, asked.span) is not Answer.NO
            ],
            "disputed": bool([d for d in body.disagreements if not d.settled]),
            "sources": asked.sources(body.sources),
        }


def _roles(asked: Asked) -> Iterator[Answered]:
    for body in asked.registry.bodies.values():
        for role in body.roles.values():
            found = asked.role(asked.holders.seat(role))
            found["kind"] = body.kind
            found["level"] = body.level
            found["body_name"] = name_on(body, asked.span)
            found["disputed"] = _disputed(body, role.id)
            yield found


def _disputed(body: Body, part: str) -> bool:
    return any(part in d.affects and not d.settled for d in body.disagreements)


def _appointments(asked: Asked) -> Iterator[Answered]:
    for body in asked.registry.bodies.values():
        for role in body.roles.values():
            seat = asked.holders.seat(role)
            for state, holder in (
                *((seat.state, holder) for holder in seat.holders),
                *(("designate", holder) for holder in seat.next),
            ):
                yield {
                    "role": role.ref,
                    "title": role.title,
                    "body": body.id,
                    "body_name": name_on(body, asked.span),
                    "kind": body.kind,
                    "level": body.level,
                    "member_type": role.member_type,
                    "state": state,
                    "disputed": _disputed(body, role.id),
                    **asked.holder(holder),
                }


def _people(asked: Asked) -> Iterator[Answered]:
    posts: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    for row in _appointments(asked):
        if row["person"] and row["state"] != "designate":
            title = f"{row['title']}, {row['body_name']}"
            if row["standing"] == "current":
                posts.setdefault(row["person"], []).append(row["role"])
                told = title if row["certainty"] == "yes" else f"Possibly {title}"
            elif row["standing"] == "last-named":
                told = f"Last named: {title}"
            else:
                continue
            words.setdefault(row["person"], []).append(told)
    for person in asked.registry.people.values():
        yield {
            "id": person.id,
            "name": person.full_name,
            "person": person.id,
            "roles": posts.get(person.id, []),
            "roles_in_words": words.get(person.id, []),
        }


def _priorities(asked: Asked) -> Iterator[Answered]:
    for found in asked.registry.priorities.values():
        shown = asked.show_priorities(found.id)
        yield {
            "id": found.id,
            "name": found.name,
            "title_printed": found.title_printed is not False,
            "body": found.owner,
            "owner": found.owner,
            "owner_name": asked.party_name(found.owner),
            "document": found.document,
            "from": text(found.from_),
            "to": text(found.to),
            "status": found.status,
            "not_confirmed_since": shown["priorities"]["not_confirmed_since"],
            "disputed": bool([d for d in found.disagreements if not d.settled]),
            "items": [
                {key: item[key] for key in ("number", "title", "summary", "items")} for item in shown["items"]
            ],
            "sources": asked.sources(found.sources),
        }


def _documents(asked: Asked) -> Iterator[Answered]:
    cited: dict[str, int] = {}
    for _id, _name, _where, citation in citations(asked.registry):
        cited[citation.document] = cited.get(citation.document, 0) + 1
    for found in asked.registry.documents.values():
        yield {
            "id": found.id,
            "title": found.title,
            "title_printed": found.title_printed is not False,
            "kind": found.kind,
            "standing": found.standing,
            "publisher": found.publisher,
            "body": found.owner or found.publisher,
            "owner": found.owner,
            "speaks_of": text(found.speaks_of),
            "published": text(found.published),
            "from": text(found.from_),
            "to": text(found.to),
            "cited": cited.get(found.id, 0),
            "disputed": bool([d for d in found.disagreements if not d.settled]),
            "sources": asked.sources(found.sources),
        }


def _milestones(asked: Asked) -> Iterator[Answered]:
    for kind in ("bodies", "documents"):
        for id, record in asked.registry.records(kind).items():
            for sort, some in (("deadline", record.deadlines), ("milestone", record.milestones)):  # type: ignore[union-attr]
                for found in some:
                    yield {
                        "of": id,
                        "body": id if kind == "bodies" else getattr(record, "owner", None),
                        "name": asked.body_name(id) if kind == "bodies" else getattr(record, "title", id),
                        "type": sort,
                        **asked.milestone(found),
                        "set_by_name": asked.party_name(found.set_by) if found.set_by else None,
                        "_date": found.on or found.by,
                    }


def _figures(asked: Asked) -> Iterator[Answered]:
    for kind in ("bodies", "documents"):
        for id, record in asked.registry.records(kind).items():
            for found in record.figures:  # type: ignore[union-attr]
                yield {
                    "of": id,
                    "body": id if kind == "bodies" else getattr(record, "owner", None),
                    "name": asked.body_name(id) if kind == "bodies" else getattr(record, "title", id),
                    "level": getattr(record, "level", None),
                    **asked.figure(found),
                }


_MAKERS: dict[str, Callable[[Asked], Iterator[Answered]]] = {
    "bodies": _bodies,
    "roles": _roles,
    "people": _people,
    "appointments": _appointments,
    "priorities": _priorities,
    "documents": _documents,
    "milestones": _milestones,
    "figures": _figures,
}
KINDS_LISTED = tuple(_MAKERS)
"""What can be listed."""

FILTERS = {
    "kind": "kind",
    "level": "level",
    "body": "body",
    "member_type": "member_type",
    "state": "state",
    "person": "person",
    "status": "status",
    "source": "sources",
    "disputed": "disputed",
}
"""The filters, each with the field of an item that it looks at."""


def listed(asked: Asked, kind: str, filters: Mapping[str, Any], sort: str | None = None) -> Answered:
    """Return the items of a kind that pass all filters, sorted: `{"items": [...], "left_out": n}`.

    `filters` maps names of `FILTERS` to a value; None filters nothing. Without a status, bodies that have
    ended or do not yet exist are left out and counted. Raises `UserError` (2) for an unknown kind, a filter
    that this kind does not have, or an unknown field to sort by.
    """
    if kind not in _MAKERS:
        raise UserError(f"'{shortened(kind)}' cannot be listed.", f"These can: {', '.join(KINDS_LISTED)}.")
    every = items = list(_MAKERS[kind](asked))
    filters = {**filters, "kind": _kind_meant(asked, filters.get("kind"))}
    for name, wanted in filters.items():
        if wanted is None or wanted is False:
            continue
        field = FILTERS[name]
        if every and field not in every[0]:
            has = [f"--{other.replace('_', '-')}" for other, field in FILTERS.items() if field in every[0]]
            raise UserError(f"--{name.replace('_', '-')} does not apply to {kind}.", f"These do: {', '.join(has)}.")
        if not (name == "status" and wanted == "all"):
            passing = [item for item in items if _passes(item, field, wanted)]
            if not passing and name in _VALUES:
                _refuse_unknown(asked, every, kind, name, wanted)
            items = passing
    left_out = 0
    if kind == "bodies" and filters.get("status") is None:
        there = [item for item in items if item["status"] in _THERE]
        left_out, items = len(items) - len(there), there
    if kind == "roles" and filters.get("state") is None:
        there = [item for item in items if item["existence"] != "not-in-being"]
        left_out, items = len(items) - len(there), there
    items.sort(key=_order(kind, sort, items))
    for item in items:
        item.pop("_date", None)
    return {"kind": kind, "items": items, "left_out": left_out}


_VALUES: dict[str, tuple[str, ...]] = {
    "kind": (),
    "level": ("neighbourhood", "place", "system", "region", "national"),
    "member_type": (),
    "state": ("held", "interim", "designate", "vacant", "not-recorded", "planned", "absent", "not-in-being"),
    "status": (),
}
"""The filters whose value is a word, and the words that are known whether or not the record uses them."""
_STATUSES = ("in-being", "planned", "ended", "not-yet", "all")


def _kind_meant(asked: Asked, wanted: str | None) -> str | None:
    """Return the id of the kind of body that is meant by an id or a name, in the singular or plural."""
    if wanted is None or wanted in asked.registry.settings.kinds:
        return wanted
    key = singular(plain(wanted))
    kinds = asked.registry.settings.kinds.items()
    return next((id for id, name in kinds if key in (singular(plain(id)), singular(plain(name)))), wanted)


def _refuse_unknown(asked: Asked, every: Sequence[Answered], kind: str, name: str, wanted: str) -> None:
    """Raise `UserError` (2) if no item has, and none could have, the value that a filter asks for."""
    known = {str(item[FILTERS[name]]) for item in every if item[FILTERS[name]] is not None}
    known.update(_VALUES[name])
    if name == "status" and kind == "bodies":
        known.update(_STATUSES)
    if name == "kind" and kind != "documents":
        known.update(asked.registry.settings.kinds)
    if wanted not in known:
        option = name.replace("_", "-")
        raise UserError(
            f"None of the {kind} has the {option.replace('-', ' ')} '{shortened(wanted)}'.",
            f"--{option} can be one of: {', '.join(sorted(known))}.",
        )


def _passes(item: Answered, field: str, wanted: Any) -> bool:
    value = item.get(field)
    if field == "sources":
        return any(source["document"] == wanted for source in value or ())
    if wanted is True:
        return bool(value)
    if field == "state" and value is None:
        return bool(item.get("existence") == wanted)
    if field == "state" and wanted == "vacant" and item.get("vacancies"):
        return True  # one of several seats
    return bool(value == wanted)


def _order(kind: str, sort: str | None, items: Sequence[Answered]) -> Callable[[Answered], Any]:
    if sort is None:
        if kind == "milestones":
            return lambda item: (*_days(item["_date"]), item["what"])
        return {
            "bodies": lambda item: (item["kind"], plain(item["name"])),
            "people": lambda item: [*plain(item["name"]).split()[-1:], plain(item["name"])],
        }.get(kind, lambda _item: 0)
    known = {key for item in items for key in item if not key.startswith("_")}
    if items and sort not in known:
        fields = ", ".join(sorted(known))
        raise UserError(f"There is nothing called '{shortened(sort)}' to sort by.", f"Sort by one of: {fields}.")

    def key(item: Answered) -> tuple[bool, bool, float, str]:
        value: Any = item.get(sort)
        number = isinstance(value, int | float)
        return value is None, not number, value if number else 0, "" if number else str(value)

    return key


def _days(when: Date | None) -> tuple[date, date]:
    return (when.earliest, when.latest) if when and when.earliest > date.min else (date.max, date.max)


def tree(asked: Asked, root: str | None) -> Answered:
    """Return the structure below the body `root`, or of the whole registry, on the day.

    A body with several parents stands in full under the first that is met, and as a `reference` under the
    others; `also_under` names them. A loop of parents ends where it closes.
    """
    seen: set[str] = set()

    def node(top: Body) -> Answered:
        """Return a body with all below it, worked out one after the other: a row of parents may be of any length."""
        whole: list[Answered] = []
        ahead: list[tuple[Body, str | None, str | None, list[Answered]]] = [(top, None, None, whole)]
        while ahead:
            body, relation, under, beside = ahead.pop()
            found = one(body, relation, under)
            beside.append(found)
            if body.id in seen:
                continue
            seen.add(body.id)
            below: dict[str, tuple[Body, str]] = {}
            for child, link in asked.lives.children(body.id):
                if there(child, link):
                    below.setdefault(child.id, (child, link.relation))
            ahead.extend((child, how, body.id, found["children"]) for child, how in reversed(below.values()))
        return whole[0]

    def one(body: Body, relation: str | None, under: str | None) -> Answered:
        status, sure = asked.lives.status(body, asked.span)
        parents = [p.body for p in body.part_of if lasts(p.from_, p.to, asked.span) is not Answer.NO]
        return {
            "id": body.id,
            "name": name_on(body, asked.span),
            "kind": body.kind,
            "relation": relation,
            "status": status,
            "certainty": str(sure),
            "also_under": [one for one in dict.fromkeys(parents) if one != under and one in asked.registry.bodies],
            "reference": body.id in seen,
            "children": [],
        }

    def there(body: Body, link: Any = None) -> bool:
        if link is not None and lasts(link.from_, link.to, asked.span) is Answer.NO:
            return False
        return asked.lives.status(body, asked.span)[0] in _THERE

    if root is not None:
        return {"tree": node(asked.registry.bodies[root])}
    tops = [
        body
        for body in asked.registry.bodies.values()
        if there(body)
        and not any(
            parent.body in asked.registry.bodies and there(asked.registry.bodies[parent.body], parent)
            for parent in body.part_of
        )
    ]
    tops.sort(key=lambda body: (not asked.lives.children(body.id), plain(body.name)))
    children = [node(body) for body in tops]
    for body in asked.registry.bodies.values():  # parts of one another have no top: a loop begins at its first
        if there(body) and body.id not in seen:  # `seen` grows as each is told
            children.append(node(body))  # noqa: PERF401
    name = asked.registry.settings.name
    top: Answered = {"id": None, "name": name, "kind": None, "relation": None, "status": None, "certainty": None}
    return {"tree": {**top, "also_under": [], "reference": False, "children": children}}


_ID = re.compile(r"[a-z0-9]+(?:[-/.][a-z0-9]+)+")
_NOT_TEXT = frozenset(
    "source sources kind legal_form level relation use scheme status member_type basis focus capacity confidence "
    "standing step end_reason reason counting severity model as_".split()
)
"""Fields whose value is a word of the schema, not text of the record."""
_WEIGHTS = {"name": 100, "title": 100, "id": 90, "names": 80, "code": 80, "roles": 50, "summary": 40, "remit": 40}


def searched(asked: Asked, words: str, most: int = 50) -> Answered:
    """Return where all of `words` occur, best first: `{"hits": [...], "more": n}`.

    A name counts more than a remit, a remit more than a note; whole phrases more than scattered words.
    """
    wanted = singular(plain(words)).split()
    if not wanted:
        raise UserError("There is nothing to search for.", "Give one or more words.")
    hits: list[Answered] = []
    for kind in KINDS:
        for id, record in asked.registry.records(kind).items():
            name = str(
                getattr(record, "full_name", None) or getattr(record, "name", None) or getattr(record, "title", id)
            )
            best = max(
                (_scored(where, told, wanted) for where, told in _texts(record)), key=lambda s: s[0], default=None
            )
            if best and best[0] > 0:
                hits.append(
                    {"id": id, "kind": kind, "name": name, "field": best[1], "text": best[2], "score": best[0]}
                )
    hits.sort(key=lambda hit: (-hit["score"], hit["kind"], hit["id"]))
    return {"query": words, "hits": hits[:most], "more": max(0, len(hits) - most)}


def _scored(where: tuple[str | int, ...], told: str, wanted: list[str]) -> tuple[int, str, str]:
    flat = singular(plain(told)).split()
    if not all(any(word == one or (len(word) > 2 and one.startswith(word)) for one in flat) for word in wanted):
        return 0, "", ""
    weight = next((_WEIGHTS[step] for step in reversed(where) if isinstance(step, str) and step in _WEIGHTS), 20)
    if where[:1] == ("roles",):
        weight = min(weight, 50)
    phrase = f" {' '.join(wanted)} " in f" {' '.join(flat)} "
    score = weight + (15 if phrase else 0) + (25 if flat == wanted else 0)
    steps = [step for step in where if not isinstance(step, int)]
    if steps[0] in ("roles", "rules"):
        steps = ["role" if steps[0] == "roles" else "rule", *steps[2:]]
    return score, " ".join(steps), told


def _texts(part: Any, where: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(part, str):
        if where == ("id",) or not _ID.fullmatch(part):  # an id that refers elsewhere is no text of this record
            yield where, part
    elif isinstance(part, Part):
        for name in part.__dataclass_fields__:
            value = getattr(part, name)
            if (
                name not in _NOT_TEXT
                and (name != "id" or not where)
                and not isinstance(value, Citation | Source | Date)
            ):
                yield from _texts(value, (*where, name.removesuffix("_")))
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _texts(item, (*where, index))
    elif isinstance(part, Mapping):
        for key, item in part.items():
            yield from _texts(item, (*where, key))
