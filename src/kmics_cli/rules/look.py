"""What a rule is, and what it looks at.

A rule is a generator function under `@rule(severity)`: its name is its code, its docstring its manual page, with an
example that passes and one that fails, which a test runs. Rules look and never write; none reads the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from inspect import cleandoc
from typing import Any, TypeVar

from kmics_cli.dates import Span, on
from kmics_cli.model import KINDS, Appointment, Body, Part, Registry, Role
from kmics_cli.problems import Problem, Source
from kmics_cli.query.lives import Lives
from kmics_cli.snapshot import Snapshot

SEVERITIES = ("error", "warning", "info")
T = TypeVar("T", bound=Part)


class Look:
    """A registry as the rules see it: its texts, its records, the day, and perhaps what it was before a change."""

    def __init__(
        self,
        snapshot: Snapshot,
        registry: Registry,
        form: Sequence[Problem],
        today: date,
        before: Look | None = None,
        rules: Mapping[str, Rule] | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.registry = registry
        self.form = form
        self.today = today
        self.before = before
        self.rules = rules or {}
        self.whole = True
        """Whether all records are gone through, and not only those that an edit could touch."""

    def named_elsewhere(self, id: str) -> bool:
        """Return whether a record that is not gone through may name another."""
        return not self.whole and any(self.registry.mentioning(other, id) for other in KINDS)

    @cached_property
    def span(self) -> Span:
        """Today, as a span of one day."""
        return on(self.today)

    @cached_property
    def lives(self) -> Lives:
        """The lives of the bodies, and who succeeded whom."""
        return Lives(self.registry)

    @cached_property
    def _parts(self) -> dict[type[Part], list[Any]]:
        found: dict[type[Part], list[Any]] = {}
        for kind in KINDS:
            for record in self.registry.records(kind).values():
                _collect(record, found)
        _collect(self.registry.settings, found)
        return found

    def of(self, cls: type[T]) -> Sequence[T]:
        """Return all parts of exactly the type `cls`, in the order of the files."""
        return self._parts.get(cls, ())

    def parts(self, cls: type[T]) -> Iterator[T]:
        """Yield all parts of the type `cls` or of a type made from it."""
        for found, parts in self._parts.items():
            if issubclass(found, cls):
                yield from parts

    def roles(self) -> Iterator[tuple[Body, Role]]:
        """Yield every role with its body."""
        for body in self.registry.bodies.values():
            for role in body.roles.values():
                yield body, role

    def appointments(self) -> Iterator[tuple[Body, Role, Appointment]]:
        """Yield every appointment with its role and body."""
        for body, role in self.roles():
            for appointment in role.appointments:
                yield body, role, appointment

    @cached_property
    def _told(self) -> Mapping[str, list[Problem]]:
        told: dict[str, list[Problem]] = {}
        for problem in self.form:
            told.setdefault(problem.rule, []).append(problem)
        return told

    def told(self, rule: str) -> Iterator[Problem]:
        """Yield what reading and loading the files told under this rule."""
        yield from self._told.get(rule, ())


def _collect(part: Part, found: dict[type[Part], list[Any]]) -> None:
    found.setdefault(type(part), []).append(part)
    for name in part.__dataclass_fields__:
        value = getattr(part, name)
        inner = value if type(value) is tuple else value.values() if type(value) is dict else (value,)
        for item in inner:
            if isinstance(item, Part):
                _collect(item, found)


def found(
    source: Source,
    message: str,
    help: str = "",
    *,
    related: Sequence[Source] = (),
    on_key: bool = False,
    same: str = "",
    weight: int = 1,
) -> Problem:
    """Return a problem at a place; the rule that yields it gives it name and severity.

    Where the message holds counts, or the place may change, `same` says what makes it, of all that the rule finds, the
    same problem before and after a change, and `weight` how many cases it stands for: more cases than before are new.
    """
    return Problem("", "", source, message, help, on_key=on_key, same=same, weight=weight, related=tuple(related))


Looking = Callable[[Look], Iterator[Problem]]


@dataclass(frozen=True)
class Manual:
    """The manual page of a rule: what it asks, why, what passes and what fails (with the guilty lines marked)."""

    what: str
    why: str
    passes: str
    fails: str


@dataclass(frozen=True)
class Rule:
    """A rule under its name. `firm`: a registry cannot relax it, since what breaks it cannot be read at all.

    `timely`: time alone can bring what it finds.
    """

    name: str
    severity: str
    look: Looking
    firm: bool = False
    timely: bool = False

    def __call__(self, look: Look) -> Iterator[Problem]:
        """Yield the problems that this rule finds, under its name and severity."""
        for problem in self.look(look):
            yield replace(problem, rule=self.name, severity=self.severity)

    @property
    def manual(self) -> Manual:
        """The page, from the docstring: its first paragraph, then `Why:`, `Passes:` and `Fails:`."""
        page = re.split(r"^(Why|Passes|Fails):", cleandoc(self.look.__doc__ or ""), flags=re.MULTILINE)
        parts = {"what": page[0], **{page[n].lower(): page[n + 1] for n in range(1, len(page), 2)}}
        return Manual(**{name: cleandoc(parts.get(name, "")) for name in ("what", "why", "passes", "fails")})


def rule(severity: str, *, firm: bool = False, timely: bool = False) -> Callable[[Looking], Rule]:
    """Make a generator function a `Rule`: its name, with hyphens, is the rule's name."""

    def made(look: Looking) -> Rule:
        return Rule(look.__name__.strip("_").replace("_", "-"), severity, look, firm, timely)

    return made


def readable(data: bytes) -> str:
    """Return a file's text as a reader of YAML sees it: what is written as an escape (`\\u0410`) stands as itself.

    Lines stay lines; a column in a line with escapes is only near.
    """
    text = data.decode("utf-8", "replace")
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")


def _unescaped(hit: re.Match[str]) -> str:
    code = int(hit[1] or hit[2] or hit[3], 16)
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else "?"


def near_rule(name: str, rules: Iterable[str]) -> str:
    """Return what to say to whoever wrote a rule's name wrong."""
    from difflib import get_close_matches

    near = get_close_matches(name[:60], rules, 1, 0.6)
    return f"Did you mean '{near[0]}'?" if near else "Run kmics explain --list for all rules."
