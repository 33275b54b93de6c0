"""What the record can no longer vouch for: what it says of these days, and was last confirmed too long ago.

A statement is judged as the answers judge it (`query.evidence`), so what `show` hedges is told here, and nothing else.
What an instrument in force says does not age. Nobody is said to be in post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from kmics_cli.dates import Answer, Date, a_day_in_words, day_in_words, in_words, lasts, later, window
from kmics_cli.model import Body, Citation, Document, Role
from kmics_cli.query import Answered, Asked
from kmics_cli.query.evidence import as_of, binds, carried, spoken_of
from kmics_cli.query.holders import Seat
from kmics_cli.query.parts import text
from kmics_cli.reports.frame import Wanted, bodies_below, framed, how_long, joined, number, then, titled

GROUPS = {
    "holders": ("holder last named", "holders last named"),
    "terms": ("term of office that ran out", "terms of office that ran out"),
    "posts": ("seat that goes with a post", "seats that go with a post"),
    "turns": ("turn of a rotation", "turns of a rotation"),
    "vacancies": ("vacancy", "vacancies"),
    "bodies": ("body", "bodies"),
    "members": ("member body", "member bodies"),
    "lists": ("complete list", "complete lists"),
    "priorities": ("set of priorities", "sets of priorities"),
    "reviews": ("document past its review date", "documents past their review date"),
}
"""What can grow old, in words for one and for several, in the order in which it is told."""


def report(asked: Asked, ref: str | None, _wanted: Wanted) -> Answered:
    """Return every statement that is not confirmed for the first of the days asked about, grouped, the oldest first.

    `summary` has for each group how many there are, and how many open statements of the sort there are in all.
    """
    counted = dict.fromkeys(GROUPS, 0)
    rows = []
    for row in _looked_at(asked, ref):
        counted[row["group"]] += 1
        if row.pop("old"):
            rows.append(row)
    order = list(GROUPS)
    rows.sort(key=lambda row: (order.index(row["group"]), row.pop("_age"), row["body_name"] or "", row["title"]))
    found = {name: [row for row in rows if row["group"] == name] for name in GROUPS}
    limit = asked.registry.settings.stale_after
    summary = {
        "statements": len(rows),
        "of": sum(counted.values()),
        "stale_after": limit,
        "groups": {name: {"stale": len(found[name]), "of": counted[name]} for name in GROUPS},
    }
    return framed(
        asked,
        ref,
        title=titled("Not confirmed lately", asked.body_name(ref) if ref else None, asked.span),
        says=_opening(asked, ref, rows, found, sum(counted.values())),
        summary=summary,
        rows=rows,
        stale_after=limit,
        refresh=_to_do(rows),
    )


def _looked_at(asked: Asked, ref: str | None) -> Iterator[Answered]:
    """Yield every open statement about the days asked about, each with whether it is old."""
    bodies = bodies_below(asked, ref)
    for body in bodies:
        yield from _of_body(asked, body)
    ids = {body.id for body in bodies}
    for found in asked.registry.priorities.values():
        if found.to is None and (ref is None or found.owner.partition("/")[0] in ids):
            for row in _part(asked, "priorities", None, found.id, found.name, found.from_, found.sources):
                yield row | {"body": found.owner, "body_name": asked.party_name(found.owner)}
    newer: dict[str, list[str]] = {}
    for document in asked.registry.documents.values():
        for one in document.supersedes:
            newer.setdefault(one, []).append(document.title)
    for document in asked.registry.documents.values():
        owner = document.owner or ""
        if document.review_due and (ref is None or owner.partition("/")[0] in ids):
            there = lasts(document.from_ or document.speaks_of, document.to, asked.span) is not Answer.NO
            if there:
                yield _review(asked, document, document.review_due, newer.get(document.id, ()))


def _of_body(asked: Asked, body: Body) -> Iterator[Answered]:
    life = asked.lives.life(body.id)
    last = asked.lives.unconfirmed(body, asked.span)
    if life.end is None and (last is not None or asked.lives.status(body, asked.span) == ("in-being", Answer.YES)):
        name = asked.body_name(body.id)
        yield _row(asked, "bodies", body, body.id, name, body.sources, last is not None, last=last)
    for role in body.roles.values():
        seat = asked.holders.seat(role)
        if seat.existence == "in-being":
            yield from _of_seat(asked, body, seat)
    for member in body.members:
        if member.to is None:
            name = asked.body_name(member.body) if member.body else member.as_printed or "not named"
            yield from _part(asked, "members", body, body.id, name, member.from_, member.sources or body.sources)
    recorded = body.recorded
    if recorded:
        whole = [name for name in ("roles", "members", "committees") if getattr(recorded, name) == "complete"]
        for name in whole:
            yield from _part(asked, "lists", body, body.id, f"All {name}", None, recorded.sources)


def _of_seat(asked: Asked, body: Body, seat: Seat) -> Iterator[Answered]:
    role = seat.role
    title = role.title
    own = role.sources or body.sources
    for holder in seat.holders:
        if holder.via is not None or holder.carried.ended is not None or holder.standing == "later-named":
            continue  # told where that post is; a known end is never stale; nothing is said of a day before the evidence
        group = "terms" if holder.carried.term_over else "holders"
        old = holder.carried.stale or bool(holder.carried.term_over)
        row = _row(
            asked, group, body, role.ref, title, holder.sources, old, last=holder.carried.last, says=holder.says
        )
        row.update(name=holder.name, person=holder.person, term_ended=text(holder.carried.term_over))
        yield row
    for vacancy in role.vacant:
        if vacancy.to is None:
            yield from _part(asked, "vacancies", body, role.ref, title, vacancy.from_, vacancy.sources or own)
    for link in role.ex_officio:
        if link.to is None:
            words = f"{title}: goes with the post of {asked.party_name(link.role)}"
            yield from _part(asked, "posts", body, role.ref, words, link.from_, link.sources or own)
    yield from _turns(asked, body, role)


def _turns(asked: Asked, body: Body, role: Role) -> Iterator[Answered]:
    """Yield the last turn of a rotation, old if it is not confirmed or was due to end."""
    span = asked.span
    begun = [turn for turn in role.turns if lasts(turn.from_, turn.to, span) is not Answer.NO]
    if not begun:
        return
    turn = max(begun, key=lambda one: one.from_.earliest if one.from_ else date.min)
    if turn.to is not None:
        return
    every = role.rotation.every if role.rotation else None
    due = later(turn.from_.latest, every) if every and turn.from_ and turn.from_.bounded else None
    words = f"{role.title}: turn of {asked.party_name(turn.role)}"
    for row in _part(asked, "turns", body, role.ref, words, turn.from_, turn.sources):
        if due is not None and due < span.first:
            row["old"] = True
            row["says"] = f"A change was due by {day_in_words(due)}; none is recorded."
        yield row


def _part(
    asked: Asked,
    group: str,
    body: Body | None,
    ref: str,
    title: str,
    start: Date | None,
    sources: Sequence[Citation],
) -> Iterator[Answered]:
    """Yield a statement without an end, if evidence covers these days or did earlier ones."""
    checked = body.checked if body else ()
    how = carried(asked.registry, asked.span, start, None, sources, also_checked=checked)
    in_force = any(binds(asked.registry, one, asked.span) for one in sources)
    if how.answer is not Answer.NO and (how.fresh or how.stale or in_force):
        old = how.stale and not in_force
        yield _row(asked, group, body, ref, title, sources, old, last=how.last)


def _row(
    asked: Asked,
    group: str,
    body: Body | None,
    ref: str,
    title: str,
    sources: Iterable[Citation],
    old: bool,
    *,
    last: Date | None,
    says: str | None = None,
) -> Answered:
    cited = [*sources]
    over = later(as_of(last), asked.registry.settings.stale_after) if last else None
    return {
        "group": group,
        "body": body.id if body else None,
        "body_name": asked.body_name(body.id) if body else None,
        "ref": ref,
        "title": title,
        "name": None,
        "person": None,
        "last_evidence": text(last),
        "carried_to": over.isoformat() if over else None,
        "age": _age(last, asked.span.first) if last else None,
        "term_ended": None,
        "says": says or _not_since(last),
        "refresh": _refresh(asked, cited, body, last) if old else None,
        "sources": asked.sources(cited) if old else [],
        "old": old,
        "_age": as_of(last) if last else date.min,
    }


def _not_since(last: Date | None) -> str:
    if last is None:
        return "No source with a date has been read."
    return f"Not confirmed since {a_day_in_words(last)}."


def _age(last: Date, day: date) -> str:
    """Return how long ago the last evidence is; of a window that is open, at most."""
    if last.latest < date.max or last.earliest == date.min:
        return how_long(last, day)
    return f"at most {how_long(window(last.earliest, last.earliest), day)}"


def _refresh(asked: Asked, cited: Sequence[Citation], body: Body | None, last: Date | None) -> Answered:
    """Return what would confirm a statement: the source to read again, or that a newer one is needed.

    Only a page can say something new when it is read again; of the others it is told which is the last that was read.
    """
    documents = asked.registry.documents
    newest = None
    for one in (*cited, *(body.checked if body else ())):
        when = spoken_of(asked.registry, one)
        if newest is None or (last is not None and when is not None and when == last):
            newest = one
    document = documents.get(newest.document) if newest else None
    address = document.address if document and document.public is not False else None
    again = document is not None and document.standing == "official-page" and address is not None
    words = "Read a source that shows it"
    if document is not None:
        words = (
            f"Read {document.title} again ({address})" if again else f"Read a newer source than {document.title}"
        )
    return {
        "document": document.id if document else None,
        "title": document.title if document else None,
        "address": address,
        "checked": body.id if body else None,
        "says": words,
    }


def _to_do(rows: Sequence[Answered]) -> list[Answered]:
    """Return what would refresh the statements, each source once, with the bodies under whose `checked` it is to be listed."""
    found: dict[str, Answered] = {}
    for row in rows:
        told = row["refresh"]
        one = found.setdefault(
            told["says"],
            {key: told[key] for key in ("document", "title", "address", "says")} | {"checked": [], "statements": 0},
        )
        one["statements"] += 1
        if told["checked"] and told["checked"] not in one["checked"]:
            one["checked"].append(told["checked"])
    return sorted(found.values(), key=lambda one: -one["statements"])


def _review(asked: Asked, document: Document, due: Date, newer: Sequence[str]) -> Answered:
    """Return a document with the day by which it is to be reviewed."""
    old = due.latest < asked.span.first
    last = document.speaks_of or document.published
    row = _row(asked, "reviews", None, document.id, document.title, document.sources, old, last=last)
    row.update(
        body=document.owner,
        body_name=asked.party_name(document.owner) if document.owner else None,
        says=f"Was to be reviewed by {in_words(due)}; no end of it is recorded.",
        age=how_long(due, asked.span.first) if old else None,
        carried_to=None,
        _age=due.latest,
    )
    if old:
        words = (
            f"Record the last day of {document.title}, which {joined(newer)} replaced"
            if newer
            else f"Record what the review of {document.title} decided, or its next version"
        )
        row["refresh"] = {"document": document.id, "title": document.title, "address": document.address}
        row["refresh"].update(checked=None, says=words)
    return row


def _opening(
    asked: Asked, ref: str | None, rows: Sequence[Answered], found: dict[str, list[Answered]], every: int
) -> str:
    of = f" of {asked.body_name(ref)} and the bodies below it" if ref else ""
    limit = asked.registry.settings.stale_after
    carries = f"Evidence carries a statement for {limit}."
    when = then(asked.span)
    if not asked.span.one_day:
        when = f"On {day_in_words(asked.span.first)}, the first of the days asked about"
    if not every:
        return f"{when}, the record makes no open statement{of} on evidence of that day or earlier. {carries}"
    if not rows:
        return f"{when}, of {number(every, 'open statement')}{of} none has gone without confirmation for longer than {limit}."
    parts = [number(len(some), *GROUPS[name]) for name, some in found.items() if some]
    return (
        f"{when}, the record can no longer vouch for {len(rows)} of its {number(every, 'open statement')}{of}: "
        f"{joined(parts)}. {carries}"
    )
