"""From what somebody types to the record that is meant, on the day asked about.

A whole id or name beats a part of one; a name in use on the day beats one that was used at other times; an
exact spelling beats a plural. Case, accents, punctuation, "the" and "&" make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kmics_cli.dates import UNKNOWN, Answer, Date, Span, a_day_in_words, in_words, lasts, shifted
from kmics_cli.model import KINDS, Body, Name, Priorities, Registry, Role, SubItem
from kmics_cli.problems import Problem, UserError, shortened
from kmics_cli.query.lives import Lives

_NOT_WORD = re.compile(r"[^\w]+")
_MOST = 12  # candidates listed


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or name under which a record is found. `use` says what sort of name it is."""

    text: str
    kind: str  # bodies, roles, people, priorities, documents, requirements
    id: str
    use: str
    start: Date | None = None
    end: Date | None = None

    def answer(self, span: Span) -> Answer:
        """Whether it was in use in `span`."""
        return lasts(self.start, self.end, span) if self.start or self.end else Answer.YES


@dataclass(frozen=True, slots=True)
class Found:
    """The record that is meant, and what the reader should know about how it was found."""

    kind: str
    id: str
    notice: str = ""


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return `text` as names are compared: no case, accents, punctuation or "the"; "&" is "and"."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    words = _NOT_WORD.sub(" ", "".join(char for char in flat if not unicodedata.combining(char))).split()
    return " ".join(word for word in words if word != "the") or " ".join(words)


@lru_cache(maxsize=65536)
def singular(text: str) -> str:
    """Return compared text with plurals made singular, roughly and always the same way."""
    return " ".join(_one(word) for word in text.split())


def _one(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def entries(registry: Registry, lives: Lives, words: Iterable[str] = ()) -> Iterator[Entry]:
    """Yield every id, name, alias, former name, abbreviation and code of the registry.

    With `words`, at least those that have all of them.
    """
    found: dict[str, Iterable[Any]] = {
        kind: registry.having(kind, words) if words else registry.records(kind).values() for kind in KINDS
    }
    for kind in KINDS:
        for record in found[kind]:
            life = lives.life(record.id) if kind == "bodies" else None
            yield Entry(record.id, kind, record.id, "id", life.start if life else None, life.end if life else None)
            for former in record.former_ids:
                yield Entry(former, kind, record.id, "former id")
    for kind, id in registry.broken:
        yield Entry(id, kind, id, "id")
    for body in found["bodies"]:
        yield from _of_body(body, lives)
    for person in found["people"]:
        yield Entry(person.name, "people", person.id, "name")
        if person.honorific:
            yield Entry(person.full_name, "people", person.id, "name")
    for priorities in found["priorities"]:
        yield Entry(priorities.name, "priorities", priorities.id, "name")
        yield from _others("priorities", priorities.id, priorities.names)
    for document in found["documents"]:
        yield Entry(document.title, "documents", document.id, "title")
        if document.citation:
            yield Entry(document.citation, "documents", document.id, "citation")
        yield from _others("documents", document.id, document.names)
    for requirements in found["requirements"]:
        yield Entry(requirements.name, "requirements", requirements.id, "name")


def _of_body(body: Body, lives: Lives) -> Iterator[Entry]:
    life = lives.life(body.id)
    start = life.start or (body.planned.from_ if body.planned else None)
    yield Entry(body.name, "bodies", body.id, "name", name_start(body) or start, life.end)
    for name in body.names:
        if name.from_ or name.to:
            yield Entry(name.name, "bodies", body.id, name.use, name.from_ or start, name.to or life.end)
        else:
            yield Entry(name.name, "bodies", body.id, name.use, start, life.end)
    for code in body.identifiers:
        dated = (code.from_ or start, code.to or life.end)
        yield Entry(code.code, "bodies", body.id, f"{code.scheme} code", *dated)


def name_start(body: Body) -> Date | None:
    """Return the first day of a body's present name: the day after its last former official name."""
    ends = [name.to for name in body.names if name.use in ("former", "official") and name.to and name.to.bounded]
    if not ends:
        return None
    last = max(ends, key=lambda end: end.latest)
    return shifted(last, 1) if last.earliest == last.latest else last


def name_on(body: Body, span: Span) -> str:
    """Return the official name a body had in `span`: its present one, unless a dated former name was in use."""
    for name in body.names:
        if name.use in ("former", "official") and name.to and _was(name, span):
            return name.name
    return body.name


def _was(name: Name, span: Span) -> bool:
    """Whether a former name was in use: up to its last day, and from its first if that is known."""
    if name.to is None or not name.to.bounded:
        return False
    started = name.from_ if name.from_ and name.from_.bounded else None
    return lasts(started or Date(UNKNOWN, span.first, span.first), name.to, span) is Answer.YES


def _others(kind: str, id: str, names: Iterable[Name]) -> Iterator[Entry]:
    for name in names:
        yield Entry(name.name, kind, id, name.use, name.from_, name.to)


def find(registry: Registry, lives: Lives, text: str, span: Span) -> Found:
    """Return the record that `text` means in `span`.

    Raises `UserError` (2): none found, with the nearest names; several, with their periods and ids.  A record that could not be read is a `UserError` (2) that says why.
    """
    wanted = " ".join(text.split())
    if not wanted:
        raise UserError("No name was given.", "Try kmics list bodies.")
    if wanted.count("/") == 1 and (role := _role(registry, lives, wanted, span)):
        return role
    known = [kind for kind in KINDS if wanted in registry.records(kind)]
    if known := known or [kind for kind in KINDS if (kind, wanted) in registry.broken]:
        return _sound(registry, Entry(wanted, known[0], wanted, "id"), "")
    key = plain(wanted)
    words = _roots(key)
    near = list(entries(registry, lives, words))
    former = [entry for entry in near if entry.use == "former id" and entry.text == wanted]
    if former:
        if len({entry.id for entry in former}) > 1:
            raise UserError(f"'{shortened(wanted)}' was the id of several.", _listed(registry, lives, former))
        return _sound(registry, former[0], f"'{wanted}' is now '{former[0].id}'.")
    whole = [e for e in near if singular(plain(e.text)) == singular(key)] if key else []
    if whole:
        return _best(registry, whole, wanted, key, span)
    if same := _roles_titled(registry, key, words):
        if len(same) == 1:
            return Found("roles", same[0].ref)
        shown = "\n".join(f"  {role.ref}  {role.title}" for role in same[:_MOST])
        more = f"\n  and {len(same) - _MOST} more" if len(same) > _MOST else ""
        raise UserError(f"Several bodies have a {same[0].title}.", f"Give one of:\n{shown}{more}")
    part = _holding(near, key)
    ids = {(entry.kind, entry.id) for entry in part}
    if len(ids) == 1:
        return _sound(registry, part[0], "")
    if part:
        raise UserError(f"'{shortened(wanted)}' could mean several things.", _listed(registry, lives, part))
    ending = entries(registry, lives, _roots(key.rpartition(" ")[2]))
    titled = [
        e for e in ending if e.kind == "people" and e.use == "name" and f" {key}".endswith(f" {plain(e.text)}")
    ]
    if len({entry.id for entry in titled}) == 1:  # "Councillor" or "Cllr" before a name
        return _sound(registry, titled[0], "")
    raise UserError(
        f"Nothing here is called '{shortened(wanted)}'.", _nearest(list(entries(registry, lives)), wanted)
    )


def _role(registry: Registry, lives: Lives, wanted: str, span: Span) -> Found | None:
    """Return the role that `body/role` means, the body and the role each by id or name, or None."""
    left, _, right = (part.strip() for part in wanted.partition("/"))
    if ("bodies", left) in registry.broken:
        return find(registry, lives, left, span)  # which says that it cannot be read
    try:
        found = find(registry, lives, left, span)
    except UserError:
        return None
    body = registry.bodies.get(found.id) if found.kind == "bodies" else None
    if body is None or not right:
        return None
    exact = body.roles.get(right) or next((role for role in body.roles.values() if right in role.former_ids), None)
    if exact:
        return Found("roles", exact.ref, found.notice)
    key = singular(plain(right))
    same = [role for role in body.roles.values() if key in (singular(plain(role.id)), singular(plain(role.title)))]
    if not same:
        known = "\n".join(f"  {role.ref}  {role.title}" for role in list(body.roles.values())[:_MOST])
        offer = f"Its roles are:\n{known}" if known else "No role of it is recorded."
        raise UserError(f"'{shortened(right)}' is no role of {body.name}.", offer)
    if len(same) > 1:
        shown = "\n".join(f"  {role.ref}  {role.title}" for role in same[:_MOST])
        raise UserError(f"'{shortened(right)}' means several roles of {body.name}.", f"Give one of:\n{shown}")
    return Found("roles", same[0].ref, found.notice)


_USES = {
    "name": "the name",
    "official": "an official name",
    "short": "a short name",
    "abbreviation": "an abbreviation",
    "former": "a former name",
    "informal": "an informal name",
}
"""What to call the names of each use; what is not here is a code."""


def _best(registry: Registry, whole: list[Entry], wanted: str, key: str, span: Span) -> Found:
    order = {Answer.YES: 0, Answer.POSSIBLY: 1, Answer.NO: 2}

    def rank(entry: Entry) -> tuple[bool, bool, bool, int]:
        answer = entry.answer(span)
        return entry.use in ("id", "former id"), answer is Answer.NO, plain(entry.text) != key, order[answer]

    top = min(rank(entry) for entry in whole)
    best = {(entry.kind, entry.id): entry for entry in whole if rank(entry) == top}
    if len(best) > 1:
        lives = Lives(registry)
        raise UserError(f"'{shortened(wanted)}' means several things.", _listed(registry, lives, best.values()))
    chosen = next(iter(best.values()))
    others = {(e.kind, e.id): e for e in whole if (e.kind, e.id) != (chosen.kind, chosen.id)}
    notice = ""
    if top[1] and not top[0]:
        what = _USES.get(chosen.use, f"a {chosen.use}")
        notice = (
            f"'{wanted}' was not in use on this day: it is {what} of {label(registry, chosen)}, {_period(chosen)}."
        )
    elif others:
        told = [
            f"{label(registry, other)} ({', '.join(filter(None, (other.id, _period(other))))})"
            for other in list(others.values())[:_MOST]
        ]
        more = f"; and {len(others) - _MOST} more" if len(others) > _MOST else ""
        meant = "; ".join(told) + more
        notice = f"'{wanted}' also means, at other times or elsewhere: {meant}."
    return _sound(registry, chosen, notice)


class Unreadable(UserError):
    """The record that is meant is there, but could not be read; `problem` says why."""

    def __init__(self, id: str, problem: Problem) -> None:
        super().__init__(f"The record '{id}' cannot be read: {problem.message}", "Run kmics validate.")
        self.id = id
        self.problem = problem


def _sound(registry: Registry, entry: Entry, notice: str) -> Found:
    broken = registry.broken.get((entry.kind, entry.id))
    if broken:
        raise Unreadable(entry.id, broken)
    return Found(entry.kind, entry.id, notice)


def _roots(key: str) -> list[str]:
    """Return the letters that a name has somewhere if it has all words of `key` in the singular or the plural."""
    roots = (_one(word).removesuffix("y").encode("ascii", "ignore").decode() for word in key.split())
    return [root for root in roots if root and root != "and"]  # "and" may stand there as "&"


def _roles_titled(registry: Registry, key: str, words: Iterable[str]) -> list[Role]:
    """Return the roles whose whole title is `key`, of the bodies that have all `words` somewhere."""
    roles = (role for body in registry.having("bodies", words) for role in body.roles.values())
    return [role for role in roles if singular(plain(role.title)) == singular(key)]


def _holding(all_entries: list[Entry], key: str) -> list[Entry]:
    """Return the entries that have all words of `key` in order, people's and bodies' names first."""
    words = singular(key)
    if len(words) < 2:
        return []
    found: dict[tuple[str, str], Entry] = {}
    for entry in all_entries:
        if f" {words} " in f" {singular(plain(entry.text))} ":
            found.setdefault((entry.kind, entry.id), entry)
    return list(found.values())


def _listed(registry: Registry, lives: Lives, some: Iterable[Entry]) -> str:
    nearest = sorted(some, key=lambda entry: (KINDS.index(entry.kind), len(label(registry, entry)), entry.id))
    rows = [(entry.id, label(registry, entry), _period(entry, lives)) for entry in nearest]
    more = f"\n  and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    shown = "\n".join(
        f"  {id}  {name} ({period})" if period else f"  {id}  {name}" for id, name, period in rows[:_MOST]
    )
    return f"Give the id of one:\n{shown}{more}"


def _period(entry: Entry, lives: Lives | None = None) -> str:
    start, end = entry.start, entry.end
    if entry.kind == "bodies" and lives and start is None:
        life = lives.life(entry.id)
        start, end = life.start, life.end
    if start is None and end is None:
        return "" if entry.kind != "bodies" else "planned"
    began = in_words(start, "start not recorded")
    began = a_day_in_words(start) if start and start.text != UNKNOWN else began
    if end is None:
        return f"from {began}" if start and start.text != UNKNOWN else began
    return f"{began} to {in_words(end)}"


def item_of(registry: Registry, ref: str) -> SubItem | None:
    """Return the item that `set-id/number` or `set-id/number.number` means, or None."""
    owner, _, numbers = ref.partition("/")
    found: Priorities | SubItem | None = registry.priorities.get(owner)
    for number in numbers.split("."):
        inside: tuple[SubItem, ...] = getattr(found, "items", ())
        found = next((item for item in inside if item.number == int(number)), None)
    return found if isinstance(found, SubItem) else None


def label(registry: Registry, entry: Entry) -> str:
    """Return what to call the record of an entry."""
    record = registry.records(entry.kind).get(entry.id) if entry.kind in KINDS else None
    return str(getattr(record, "name", None) or getattr(record, "title", None) or entry.id)


def _nearest(all_entries: list[Entry], wanted: str) -> str:
    from difflib import get_close_matches

    key = plain(wanted)[:60]
    texts = {plain(entry.text): entry for entry in all_entries if len(entry.text) <= 120}
    words: dict[str, list[Entry]] = {}
    for text, entry in texts.items():
        for word in text.split():
            words.setdefault(word, []).append(entry)
    near = [texts[text] for text in get_close_matches(key, list(texts)[:20_000], 5, 0.6)]
    if not near and " " not in key:
        near = [
            entry for word in get_close_matches(key, list(words)[:20_000], 3, 0.75) for entry in words[word][:3]
        ]
    if not near:
        return "Try kmics search, or kmics list bodies."
    shown = {f"{entry.id}": entry.text for entry in near}
    return "Did you mean:\n" + "\n".join(
        f"  {id}  {text}" if id != text else f"  {id}" for id, text in shown.items()
    )
