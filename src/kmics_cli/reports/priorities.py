"""Sets of priorities: whose, for when, how they stand on the day, and the line from an earlier item to a later one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from kmics_cli.dates import Answer, Date, lasts
from kmics_cli.model import Document, Priorities, SubItem
from kmics_cli.query import Answered, Asked
from kmics_cli.query.evidence import spoken_of
from kmics_cli.query.parts import text
from kmics_cli.reports.frame import Wanted, bodies_below, framed, joined, number, said, then, titled

STANDINGS = {
    "in-force": "in force",
    "not-confirmed": "not confirmed lately",
    "possibly-in-force": "possibly in force",
    "not-stated": "current without a stated agreement",
    "possibly-current": "possibly current without a stated agreement",
    "proposed": "proposed only",
    "planned": "planned only",
    "to-come": "to come",
    "replaced": "replaced",
    "dropped": "dropped",
    "ended": "ended",
}
"""How a set can stand in the days asked about, in the order in which a paper tells it."""


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return sets of priorities (one, those that a body or one below it owns, or all): `sets`, with a row for each item.

    `lines` are the items that follow one another from set to set, from the earliest to the latest: `(depth, item)` as
    a nested list, told from every item of these sets in both directions. Sets that nobody knew of yet are left out.
    """
    registry = asked.registry
    chosen = [found for found in _chosen(asked, ref) if found.id == ref or _known(asked, found)]
    chosen.sort(key=lambda found: _start(found.from_))
    sets = [_set(asked, found) for found in chosen]
    lines = _Lines(asked, (found for found in registry.priorities.values() if _begun(asked, found)))
    rows = [row for found, one in zip(chosen, sets, strict=True) for row in _rows(asked, found, one, lines)]
    count = Counter(one["standing"] for one in sets)
    told = lines.told([row["item"] for row in rows])
    links = [link for line in told for link in line["follows"]]
    inferred = [
        said(f"{one['name']}: {one['note'] or 'the set is worked out from its sources'}", one["sources"])
        for one in sets
        if one["confidence"] == "inferred"
    ]
    inferred += [
        said(f"That {link['says']}" + (f": {link['note']}" if link["note"] else "."), link["sources"])
        for link in links
        if link["confidence"] == "inferred"
    ]
    name = None
    if ref is not None:
        name = registry.priorities[ref].name if ref in registry.priorities else asked.body_name(ref)
    summary = {
        "sets": len(sets),
        "items": len(rows),
        "follow": sum(bool(row["follows"]) for row in rows),
        "lead_on": sum(bool(row["followed_by"]) for row in rows),
        **{standing.replace("-", "_"): count[standing] for standing in STANDINGS},
    }
    return framed(
        asked,
        ref,
        title=titled("Priorities", name, asked.span),
        says=_opening(asked, ref, name, sets, summary),
        summary=summary,
        rows=rows,
        inferred=inferred,
        not_recorded=[*_lacking(sets)],
        sets=sets,
        lines=told,
        leads_nowhere=_alone(rows, "followed_by"),
        follows_nothing=_alone(rows, "follows"),
    )


def _chosen(asked: Asked, ref: str | None) -> list[Priorities]:
    found = asked.registry.priorities
    if ref is None:
        return [*found.values()]
    if ref in found:
        return [found[ref]]
    owners = {body.id for body in bodies_below(asked, ref)}
    return [one for one in found.values() if one.owner.partition("/")[0] in owners]


def _start(when: Date | None) -> date:
    """Return the day by which a set had begun, as far as that is known; it sorts the sets."""
    return date.max if when is None else when.latest if when.latest < date.max else when.earliest


def _begun(asked: Asked, found: Priorities) -> bool:
    return found.from_ is None or found.from_.earliest <= asked.span.last


def _known(asked: Asked, found: Priorities) -> bool:
    """Return whether a set had begun by the last of the days, or a source of those days speaks of it."""
    if _begun(asked, found):
        return True
    days = [spoken_of(asked.registry, citation) for citation in found.sources]
    return any(when and when.earliest <= asked.span.last for when in days)


def _standing(asked: Asked, found: Priorities) -> str:
    """Return how a set stands in the days asked about, one of `STANDINGS`."""
    past = found.to is not None and found.to.latest < asked.span.first
    if found.status in ("proposed", "planned") and not past:
        return found.status
    answer = lasts(found.from_, found.to, asked.span)
    over = {"superseded": "replaced", "dropped": "dropped"}.get(found.status or "")
    if answer is Answer.NO:
        return "to-come" if not _begun(asked, found) else over or "ended"
    if over and found.to is None:
        return over
    if asked.unconfirmed(found):
        return "not-confirmed"
    if answer is Answer.POSSIBLY:
        return "possibly-in-force" if found.status else "possibly-current"
    return "in-force" if found.status else "not-stated"


def _set(asked: Asked, found: Priorities) -> Answered:
    shown = asked.show_priorities(found.id)["priorities"]
    document = asked.registry.documents.get(found.document) if found.document else None
    keys = (
        "id",
        "name",
        "title_printed",
        "summary",
        "owner",
        "owner_name",
        "document",
        "document_title",
        "from",
        "to",
    )
    return {
        **{key: shown[key] for key in keys},
        "status": found.status,
        "standing": _standing(asked, found),
        "not_confirmed_since": shown["not_confirmed_since"],
        "complete": found.recorded == "complete",
        "agreed_by": [{"ref": ref, "name": asked.party_name(ref)} for ref in found.agreed_by],
        "approvals": _approvals(asked, document) if document else [],
        "followed_by": shown["followed_by"],
        "confidence": shown["confidence"],
        "note": shown["note"],
        "sources": shown["sources"],
    }


def _approvals(asked: Asked, document: Document) -> list[Answered]:
    """Return the steps by which a document was approved, by the last of the days, as far as their days are known."""
    return [
        {
            "step": one.step,
            "body": one.body,
            "name": asked.party_name(one.body) if one.body else None,
            "date": text(one.date),
            "reference": one.reference,
            "confidence": one.confidence or "stated",
            "sources": asked.sources(one.sources),
        }
        for one in document.approvals
        if one.date is None or one.date.earliest <= asked.span.last
    ]


def _rows(asked: Asked, found: Priorities, one: Answered, lines: _Lines) -> Iterator[Answered]:
    for number_, depth, item in _items(found):
        id = f"{found.id}/{number_}"
        yield {
            "set": found.id,
            "set_name": found.name,
            "standing": one["standing"],
            "item": id,
            "depth": depth,
            "number": number_,
            "title": item.title,
            "summary": item.summary,
            "leads": [asked.party_name(ref) for ref in item.leads],
            "follows": [link["item"] for link in lines.follows.get(id, ())],
            "followed_by": lines.followed.get(id, []),
            "confidence": item.confidence or "stated",
            "note": item.note,
            "sources": asked.sources(item.sources),
        }


def _items(found: Priorities) -> Iterator[tuple[str, int, SubItem]]:
    for item in found.items:
        yield str(item.number), 0, item
        for sub in item.items:
            yield f"{item.number}.{sub.number}", 1, sub


class _Lines:
    """The links from item to item, in both directions, among sets that had begun."""

    def __init__(self, asked: Asked, sets: Iterable[Priorities]) -> None:
        self._names: dict[str, Answered] = {}
        self.follows: dict[str, list[Answered]] = {}
        self.followed: dict[str, list[str]] = {}
        found = list(sets)
        for one in found:
            for number_, _depth, item in _items(one):
                about = {
                    "set": one.id,
                    "set_name": one.name,
                    "number": number_,
                    "title": item.title or item.summary,
                }
                self._names[f"{one.id}/{number_}"] = about
        for one in found:
            for number_, _depth, item in _items(one):
                id = f"{one.id}/{number_}"
                for link in item.follows:
                    earlier = self._names.get(link.item)
                    if earlier is None or link.item == id or id in self.followed.get(link.item, [])[-1:]:
                        continue
                    self.follows.setdefault(id, []).append(
                        {
                            "item": link.item,
                            "says": f"{one.name}, item {number_}, follows {earlier['set_name']}, item {earlier['number']}",
                            "confidence": link.confidence or "stated",
                            "note": link.note,
                            "sources": asked.sources(link.sources or item.sources),
                        }
                    )
                    self.followed.setdefault(link.item, []).append(id)

    def told(self, items: Iterable[str]) -> list[Answered]:
        """Return the lines through some items as a nested list, earliest first; an item is told in full once."""
        wanted = self._through([id for id in items if id in self.follows or id in self.followed])
        tops = [id for id in wanted if not self.follows.get(id)]
        lines: list[Answered] = []
        told: set[str] = set()
        for start in (*tops, *wanted):  # what is in a loop of items has no top
            ahead: list[tuple[int, str, str | None]] = [(0, start, None)] if start not in told else []
            while ahead:
                depth, id, under = ahead.pop()
                again = id in told
                told.add(id)
                link = next((one for one in self.follows.get(id, ()) if one["item"] == under), None)
                lines.append(
                    {"depth": depth, "id": id, **self._names[id], "again": again, "follows": [link] if link else []}
                )
                if not again:
                    ahead.extend(
                        (depth + 1, later, id) for later in reversed(self.followed.get(id, [])) if later in wanted
                    )
        return lines

    def _through(self, items: list[str]) -> dict[str, None]:
        """Return the items, all that they follow and all that follows them, in the order of the record."""
        found = set(items)
        for step in (
            lambda id: [one["item"] for one in self.follows.get(id, ())],
            lambda id: self.followed.get(id, []),
        ):
            seen, ahead = set(items), list(items)
            while ahead:
                for one in step(ahead.pop()):
                    if one not in seen:
                        seen.add(one)
                        ahead.append(one)
            found |= seen
        return {id: None for id in self._names if id in found}


def _alone(rows: list[Answered], direction: str) -> list[str]:
    """Return the items without a link in a direction, of the sets of which other items have one."""
    linked = {row["set"] for row in rows if row[direction]}
    return [row["item"] for row in rows if row["set"] in linked and not row[direction]]


def _opening(asked: Asked, ref: str | None, name: str | None, sets: list[Answered], summary: Answered) -> str:
    when = then(asked.span)
    if not sets:
        of = f" of {name} and the bodies below it" if name else ""
        return f"{when}, no set of priorities{of} is recorded."
    items = (
        f"of {'its' if len(sets) == 1 else 'their'} {number(summary['items'], 'item')}, {summary['follow'] or 'none'} "
        f"{'follows' if summary['follow'] == 1 else 'follow'} an earlier item and {summary['lead_on'] or 'none'} "
        f"{'leads' if summary['lead_on'] == 1 else 'lead'} on to a later one"
    )
    if ref in asked.registry.priorities:
        one = sets[0]
        return f"{when}, {one['name']}, of {one['owner_name']}, is {STANDINGS[one['standing']]}; {items}."
    where = f"{name} and the bodies below it" if name else "the registry"
    standings = [
        f"{summary[key.replace('-', '_')]} {words}"
        for key, words in STANDINGS.items()
        if summary[key.replace("-", "_")]
    ]
    return f"{when}, {number(len(sets), 'set')} of priorities of {where} {'is' if len(sets) == 1 else 'are'} recorded: {joined(standings)}; {items}."


def _lacking(sets: list[Answered]) -> Iterator[str]:
    if some := [one["name"] for one in sets if not one["complete"]]:
        yield f"Whether these are all the items of: {'; '.join(some)}."
    if some := [one["name"] for one in sets if not one["status"]]:
        yield f"Whether these were agreed: {'; '.join(some)}."
    if some := [
        one["name"]
        for one in sets
        if one["to"] is None and one["standing"] in ("in-force", "not-stated", "not-confirmed")
    ]:
        yield f"Until when these hold: {'; '.join(some)}."
    if some := [one["name"] for one in sets if one["status"] == "agreed" and not one["approvals"]]:
        yield f"The days on which these were approved: {'; '.join(some)}."
