"""All rules over one registry, and what its settings say of their findings.

Severities and suppressions come from `kmics.yaml`; with a registry to compare with, from that one's, so that a
change cannot relax what judges it. What a change breaks is the problems after it less the problems before it, both
under the same clock: so what time alone brings is nobody's fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kmics_cli.dates import in_words
from kmics_cli.model import Registry, Settings
from kmics_cli.places import Places
from kmics_cli.problems import Problem, UserError, shortened
from kmics_cli.rules.around import Around, neighbourhood
from kmics_cli.rules.look import SEVERITIES, Look, Rule, found, near_rule
from kmics_cli.rules.register import BY_NAME, RULES
from kmics_cli.snapshot import Snapshot

Loaded = tuple[Registry, Iterable[Problem]]
"""What `load` made of a snapshot."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: the problems with their lines, by file, line and rule.

    `suppressed` counts those that the settings accept, `files` those that were read, `changed` are the paths whose
    texts differ from those compared with (none without a comparison). `places` finds lines and columns.
    """

    problems: tuple[Problem, ...]
    suppressed: int
    files: int
    changed: frozenset[str]
    places: Places

    def counts(self) -> dict[str, int]:
        """Return how many problems of each severity there are: error, warning and info."""
        count = Counter(problem.severity for problem in self.problems)
        return {severity: count[severity] for severity in SEVERITIES}


def checked(
    snapshot: Snapshot,
    loaded: Loaded,
    today: date,
    *,
    paths: Sequence[str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    since: tuple[Snapshot, Loaded] | None = None,
) -> Verdict:
    """Return all that is wrong with a registry on the day `today`.

    `paths` (files or folders, from the registry's root) keep only the problems in them; `select` only those of
    these rules, `ignore` leaves rules out. With `since`, an earlier snapshot and what `load` made of it, only
    the problems that were not there then. Raises `UserError` (2) for a path or a rule that there is not.
    """
    rules = _chosen(select, ignore)
    before = Look(since[0], since[1][0], tuple(since[1][1]), today, rules=BY_NAME) if since else None
    registry, form = loaded
    judge = before.registry.settings if before else registry.settings
    if before and before.snapshot.texts:
        registry = _judged_by(registry, judge)
    look = Look(snapshot, registry, tuple(form), today, before, BY_NAME)
    problems = list(_all(look, rules))
    if before:
        problems = _new(problems, _all(before, rules))
    kept, suppressed = _relaxed(problems, judge, today)
    if paths:
        kept = _inside(kept, paths, snapshot)
    places = Places(snapshot)
    kept = sorted(map(places.of, kept), key=lambda p: (p.source.path, p.line, p.column, p.rule, p.message))
    texts = since[0].texts if since else snapshot.texts
    changed = frozenset(path for path in {*texts, *snapshot.texts} if texts.get(path) != snapshot.texts.get(path))
    return Verdict(tuple(kept), suppressed, len(snapshot.texts), changed, places)


def newly(
    before: tuple[Snapshot, Loaded], after: tuple[Snapshot, Loaded], changed: Collection[str], today: date
) -> Verdict:
    """Return what an edit of the files `changed` newly breaks, on the day `today`: what `checked` says `since` before it.

    Only what the edit could touch is gone through, on both sides.
    """
    around = neighbourhood(before[1][0], after[1][0], changed)
    if around is None:
        return checked(after[0], after[1], today, since=before)
    judge = before[1][0].settings
    then, now = (_narrowed(snapshot, loaded, around, today) for snapshot, loaded in (before, after))
    now.before = then
    problems: list[Problem] = []
    for rule in RULES:
        if found := list(rule(now)):  # what is there no more is no news
            problems += _new(found, rule(then))
    kept, suppressed = _relaxed(problems, judge, today)
    places = Places(after[0])
    kept = sorted(map(places.of, kept), key=lambda p: (p.source.path, p.line, p.column, p.rule, p.message))
    return Verdict(tuple(kept), suppressed, len(after[0].texts), frozenset(changed), places)


def _narrowed(snapshot: Snapshot, loaded: Loaded, around: Around, today: date) -> Look:
    registry, form = loaded
    look = Look(around.texts_of(snapshot, registry), around.within(registry), tuple(form), today, None, BY_NAME)
    look.whole = False
    return look


def named(names: Sequence[str]) -> list[str]:
    """Return the names of rules, each of which may itself be several with commas between.

    Raises `UserError` (2) for one that is no rule.
    """
    wanted = [name.strip() for some in names for name in some.split(",") if name.strip()]
    for name in wanted:
        if name not in BY_NAME:
            raise UserError(f"There is no rule '{shortened(name)}'.", near_rule(name, BY_NAME))
    return wanted


def _chosen(select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    wanted, unwanted = named(select), named(ignore)
    return [rule for rule in RULES if (not wanted or rule.name in wanted) and rule.name not in unwanted]


def _judged_by(registry: Registry, judge: Settings) -> Registry:
    """Return the registry with the settings that judge it taken from `judge`."""
    own = registry.settings
    values = {name: getattr(own, name) for name in own.__dataclass_fields__}
    records = {name: getattr(registry, name) for name in registry.__dataclass_fields__}
    settings = Settings(**{**values, "stale_after": judge.stale_after})
    return Registry(**{**records, "settings": settings})


def _all(look: Look, rules: Sequence[Rule]) -> Iterator[Problem]:
    """Yield what the rules find, and what is wrong with the registry's own suppressions."""
    problems = [problem for rule in rules for problem in rule(look)]
    problems += [problem for problem in look.form if problem.rule not in BY_NAME]  # told rather than lost
    yield from problems
    names = {rule.name for rule in rules}
    for one in _unused(problems, look, names):
        if one.rule in names:
            yield one


def _new(after: Iterable[Problem], before: Iterable[Problem]) -> list[Problem]:
    """Return the problems of `after` that were not in `before`: by rule, record, place, and message or what is the same.

    Places are compared without the numbers of list items, which move when another item is added, and without the
    folders between, where a file may move; with `same`, wherever they are. What stands for several is new only if there are more.
    """
    known: Counter[tuple[object, ...]] = Counter()
    for problem in before:
        known[_key(problem)] += problem.weight
    new = []
    for problem in after:
        key = _key(problem)
        if known[key] >= problem.weight:
            known[key] -= problem.weight
        else:
            new.append(problem)
    return new


def _key(problem: Problem) -> tuple[object, ...]:
    if problem.same:
        return problem.rule, problem.same
    kind, _, rest = problem.source.path.partition("/")
    place = tuple(step for step in problem.source.pointer if isinstance(step, str))
    return problem.rule, kind, rest.rpartition("/")[2], place, problem.message


def _relaxed(problems: Iterable[Problem], judge: Settings, today: date) -> tuple[list[Problem], int]:
    """Return the problems with the severities of `judge`, without those that it accepts, and how many those are."""
    kept: list[Problem] = []
    suppressed = 0
    accepted = {(one.rule, one.path) for one in judge.suppressions if one.until and today <= one.until.latest}
    for problem in problems:
        rule = BY_NAME.get(problem.rule)
        if rule is None or rule.firm:
            kept.append(problem)
        elif accepted and not accepted.isdisjoint(_covered_by(problem)):
            suppressed += 1
        elif (severity := judge.severities.get(problem.rule, problem.severity)) != "off":
            kept.append(replace(problem, severity=severity))
    return kept, suppressed


def _covered_by(problem: Problem) -> Iterator[tuple[str, str]]:
    """Yield the rule and path of each suppression that would accept a problem: its file, and the folders that hold it."""
    steps = problem.source.path.split("/")
    yield from ((problem.rule, path) for path in ("", "."))
    yield from ((problem.rule, "/".join(steps[:depth])) for depth in range(1, len(steps) + 1))


def _unused(problems: Sequence[Problem], look: Look, ran: set[str]) -> Iterator[Problem]:
    suppressions = look.registry.settings.suppressions
    used = {covering for problem in problems for covering in _covered_by(problem)} if suppressions else set()
    for one in suppressions:
        if one.rule not in ran or BY_NAME[one.rule].firm or one.until is None:
            continue
        if look.today > one.until.latest:
            message = f"This suppression ran out {in_words(one.until)}, and suppresses nothing any more."
            help = "Mend what it suppressed, or give it a new day and say in the reason what has been done since."
            yield replace(found(one.source, message, help), rule="expired-suppression", severity="warning")
        elif (one.rule, one.path) not in used:
            message = f"There is nothing of the rule '{one.rule}' in {shortened(one.path)} to suppress."
            yield replace(found(one.source, message, "Delete it."), rule="unused-suppression", severity="warning")


def _inside(problems: list[Problem], paths: Sequence[str], snapshot: Snapshot) -> list[Problem]:
    wanted = [path.replace("\\", "/").strip("/") for path in paths]
    for path in wanted:
        if not any(_within(text, path) for text in (*snapshot.texts, *(p.source.path for p in problems))):
            raise UserError(
                f"The registry has no file or folder '{shortened(path, 200)}'.",
                "Give a path from here, or from the registry's folder.",
            )
    return [problem for problem in problems if any(_within(problem.source.path, path) for path in wanted)]


def _within(path: str, folder: str) -> bool:
    return folder in ("", ".") or path == folder or path.startswith(f"{folder}/")
