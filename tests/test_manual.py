"""Every rule is its own manual page, and the examples in it are run: one passes, one fails at the line it marks."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import kmics_cli
from kmics_cli.rules import BY_NAME, RULES, SEVERITIES, Rule, checked
from registries import BASE, TODAY, laid, loaded, marked

PROSE = {
    "yaml-depth",
    "yaml-size",
    "text-encoding",
    "more-of-shape",
    "file-link",
    "file-kind",
    "file-size",
    "file-read",
    "file-name",
    "file-ending",
    "file-place",
}
"""Rules whose failing example is a file that no text can show; each has tests of its own."""


ORPHANS = {"unused-person", "uncited-document"}
"""What a small example has by its nature, and does not mark unless it is about it."""


def found(example: str) -> tuple[set[tuple[str, int, str]], set[tuple[str, int, str]]]:
    now, then = laid(example)
    verdict = checked(now, loaded(now), TODAY, since=(then, loaded(then)) if then else None)
    some = {(problem.source.path, problem.line, problem.rule) for problem in verdict.problems}
    guilty = marked(now)
    about = {rule for _, _, rule in guilty}
    return {one for one in some if one[2] not in ORPHANS - about}, guilty


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_page_with_examples_that_do_what_they_say(rule: Rule) -> None:
    page = rule.manual
    assert rule.severity in SEVERITIES
    for part in (page.what, page.why, page.passes, page.fails):
        assert part, "the page lacks a part"
    assert page.what.split("\n\n")[0].endswith("."), page.what
    assert page.why.endswith(".")
    if page.passes.startswith("---"):
        some, _ = found(page.passes)
        assert not some
    if rule.name not in PROSE:
        some, guilty = found(page.fails)
        assert some == guilty
        assert rule.name in {name for _, _, name in guilty}
    else:
        assert not page.fails.startswith("---"), "what can be run should be"


def test_the_base_of_the_examples_is_sound() -> None:
    now, _ = laid(BASE)
    assert checked(now, loaded(now), TODAY).problems == ()


def test_names_are_unique_and_every_code_in_the_source_is_a_rule() -> None:
    assert [name for name, count in Counter(rule.name for rule in RULES).items() if count > 1] == []
    source = Path(kmics_cli.__file__).parent
    told = set()
    for name in ("yamltext.py", "shape.py", "load.py", "snapshot/folder.py"):
        text = (source / name).read_text(encoding="utf-8")
        told |= set(re.findall(r'"((?:yaml|file)-[a-z-]+|text-(?:control|encoding))"', text))
        told |= set(re.findall(r'Problem\(\s*"([a-z-]+)"', text))
    told |= set(re.findall(r'^    "\w+": "([a-z-]+)",$', (source / "shape.py").read_text(encoding="utf-8"), re.M))
    told -= {
        "file-depth",
        "text",
        "kmics-date",
        "body",
        "person",
        "priorities",
        "document",
        "requirements",
        "registry",
    }
    assert told - BY_NAME.keys() == set()
    assert len(told) > 25


def test_what_no_rule_knows_is_told_all_the_same() -> None:
    from kmics_cli.problems import Problem, Source

    now, _ = laid(BASE)
    registry, _ = loaded(now)
    odd = Problem("nobody-knows", "error", Source("kmics.yaml"), "Odd.")
    assert [problem.rule for problem in checked(now, (registry, [odd]), TODAY).problems] == ["nobody-knows"]
