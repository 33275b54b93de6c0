"""What a registry's settings may relax, what a comparison with an earlier registry tells, and what neither can hide."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest

from bless import MINI, run
from kmics_cli.problems import Problem, UserError
from kmics_cli.rules import Verdict, checked
from registries import TODAY, laid, loaded

HEAD = '--- kmics.yaml\nname: Test\nmodel: "1"\nkinds:\n  board: board\n'
SHOUT = "--- people/ann-other.yaml\nname: ANN OTHER-INVENTED\n"
MARKUP = "--- people/ann-other.yaml\nname: Ann **Other**\n"


def suppressing(rule: str, path: str = "people/ann-other.yaml", until: str = "2027-01-31") -> str:
    return f"suppressions:\n- rule: {rule}\n  path: {path}\n  reason: Because\n  until: {until}\n"


def verdict(text: str, before: str | None = None, today: date = TODAY, **options: tuple[str, ...]) -> Verdict:
    now, _ = laid(text)
    since = None
    if before is not None:
        then, _ = laid(before)
        since = (then, loaded(then))
    return checked(now, loaded(now), today, since=since, **options)


def rules(found: Verdict) -> list[tuple[str, str]]:
    return [(problem.rule, problem.severity) for problem in found.problems]


def test_a_severity_is_changed_by_name() -> None:
    assert rules(verdict(SHOUT)) == [("shouting", "warning")]
    assert rules(verdict(HEAD + "severities:\n  shouting: error\n" + SHOUT)) == [("shouting", "error")]
    assert rules(verdict(HEAD + 'severities:\n  shouting: "off"\n' + SHOUT)) == []


def test_a_suppression_holds_for_its_rule_its_path_and_its_time() -> None:
    held = verdict(HEAD + suppressing("shouting") + SHOUT)
    assert (rules(held), held.suppressed) == ([], 1)
    assert rules(verdict(HEAD + suppressing("shouting", "people") + SHOUT)) == []
    other = verdict(HEAD + suppressing("shouting", "people/bo-other.yaml") + SHOUT)
    assert rules(other) == [("unused-suppression", "warning"), ("shouting", "warning")]
    last = verdict(HEAD + suppressing("shouting") + SHOUT, today=date(2027, 1, 31))
    assert rules(last) == []
    after = verdict(HEAD + suppressing("shouting") + SHOUT, today=date(2027, 2, 1))
    assert rules(after) == [("expired-suppression", "warning"), ("shouting", "warning")]


def test_what_cannot_be_read_cannot_be_relaxed() -> None:
    broken = "--- people/ann-other.yaml\nname: [Ann\n"
    for relaxed in ('severities:\n  yaml-syntax: "off"\n', suppressing("yaml-syntax")):
        some = rules(verdict(HEAD + relaxed + broken))
        assert ("yaml-syntax", "error") in some
        assert ("unknown-rule", "error") in some


def test_a_rule_that_there_is_not_is_told_with_what_was_meant() -> None:
    (one,) = verdict(HEAD + "severities:\n  shoutin: info\n").problems
    assert (one.rule, one.help, one.source.pointer) == (
        "unknown-rule",
        "Did you mean 'shouting'?",
        ("severities", "shoutin"),
    )


def test_rules_are_chosen_by_name() -> None:
    both = SHOUT + "--- people/bo-other.yaml\nname: Bo **Other**\n"
    assert rules(verdict(both, select=("shouting",))) == [("shouting", "warning")]
    assert rules(verdict(both, ignore=("shouting, stray-spaces",))) == [("markup-in-name", "error")]
    with pytest.raises(UserError, match="There is no rule 'shoutin'") as refused:
        verdict(both, select=("shoutin",))
    assert refused.value.help == "Did you mean 'shouting'?"
    # a suppression of a rule that was not run is not called unused
    assert rules(verdict(HEAD + suppressing("shouting"), ignore=("shouting",))) == []


def test_since_tells_only_what_is_new() -> None:
    other = "--- people/bo-other.yaml\nname: BO OTHER-INVENTED\n"
    assert rules(verdict(SHOUT + other, before=SHOUT)) == [("shouting", "warning")]
    assert rules(verdict(SHOUT, before=SHOUT)) == []
    assert rules(verdict("", before=SHOUT)) == []


def test_another_item_before_it_makes_no_old_problem_new() -> None:
    old = """
--- bodies/alpha.yaml
name: Alpha
kind: board
from: 2020-01-01
sources: [paper line 1]
roles:
  chair: {title: Chair, member_type: chair, appointments: [{person: ann-other, from: 2020-01-01, sources: [paper]}]}
  member: {title: Member, member_type: member, appointments: [{person: bo-other, from: 2020-01-01, sources: [paper]}]}
names:
- {name: "Alpha  Board", use: former}
"""
    assert rules(verdict(old)) == [("stray-spaces", "warning")]
    new = old.replace("names:\n", "names:\n- {name: Alef, use: former}\n")
    assert rules(verdict(new, before=old)) == []
    twice = old + '- {name: "Alpha  Board Two", use: former}\n'
    assert rules(verdict(twice, before=old)) == [("stray-spaces", "warning")]


def dangling(*names: str) -> str:
    """Return boards, each part of a body that is not there."""
    head = "kind: board\nfrom: 2020-01-01\nsources: [paper line 2]\npart_of:\n"
    return "".join(
        f"--- bodies/board-{n}.yaml\nname: Board {n}\n{head}- {{body: {name}, relation: sub-group-of}}\n"
        for n, name in enumerate(names)
    )


def test_one_place_fewer_is_no_new_problem_and_one_more_is() -> None:
    two = dangling("nobody", "nobody", "alpha")
    assert rules(verdict(two)) == [("unknown-reference", "error")]
    assert rules(verdict(dangling("alpha", "nobody", "alpha"), before=two)) == []
    assert rules(verdict(dangling("nobody", "nobody", "nobody"), before=two)) == [("unknown-reference", "error")]


def test_a_fresh_statement_makes_no_old_evidence_new() -> None:
    old = """
--- documents/old.yaml
title: Old
kind: paper
speaks_of: 2022-09-20
--- bodies/beta.yaml
name: Beta
kind: board
from: 2020-01-01
sources: [old]
roles:
  chair: {title: Chair, member_type: chair, appointments: [{person: ann-other, from: 2020-01-01, sources: [old]}]}
"""
    more = "  member: {title: M, member_type: member, appointments: [{person: bo-other, from: 2020-01-01, sources: [%s]}]}\n"
    assert rules(verdict(old)) == [("stale-evidence", "warning")]
    assert rules(verdict(old + more % "paper", before=old)) == []


def test_a_file_that_moves_takes_its_problems_with_it() -> None:
    body = "name: BETA COMMITTEE-INVENTED\nkind: board\nfrom: 2020-01-01\nsources: [paper line 2]\n"
    here, there = f"--- bodies/beta.yaml\n{body}", f"--- bodies/deeper/beta.yaml\n{body}"
    assert rules(verdict(there)) == [("shouting", "warning")]
    assert rules(verdict(there, before=here)) == []


def test_another_number_in_the_same_place_is_another_problem() -> None:
    text = "--- people/ann-other.yaml\n# {}\nname: Ann Other\n"
    before = text.format("07700 900123")
    assert rules(verdict(before, before=before)) == []
    assert rules(verdict(text.format("07700 900456"), before=before)) == [("personal-data", "error")]


def test_many_suppressions_and_many_problems_cost_little() -> None:
    names = "".join(f"- {{name: ALPHA BOARD-INVENTED {n}, use: former}}\n" for n in range(200))
    body = f"kind: board\nfrom: 2020-01-01\nsources: [paper]\nnames:\n{names}"
    some = "".join(f"--- bodies/b-{n}.yaml\nname: B\n{body}" for n in range(40))
    entries = "".join(
        f"- {{rule: shouting, path: bodies/x-{n}.yaml, reason: So, until: 2027-01-31}}\n" for n in range(4_000)
    )
    now, _ = laid(HEAD + "suppressions:\n" + entries + some)
    began = time.process_time()
    found = checked(now, loaded(now), TODAY, select=("shouting", "unused-suppression"))
    assert time.process_time() - began < 10
    assert len(found.problems) == 12_000


def test_a_change_cannot_relax_its_judge() -> None:
    off = HEAD + 'severities:\n  markup-in-name: "off"\nstale_after: 20 years\n'
    assert rules(verdict(off + MARKUP)) == []
    assert rules(verdict(off + MARKUP, before=HEAD)) == [("markup-in-name", "error")]
    assert rules(verdict(HEAD + suppressing("markup-in-name") + MARKUP, before=HEAD)) == [
        ("markup-in-name", "error")
    ]
    assert rules(verdict(HEAD + MARKUP, before=off)) == []


def test_time_alone_is_nobodys_fault() -> None:
    excused = HEAD + suppressing("shouting") + SHOUT
    late = date(2027, 2, 1)
    assert rules(verdict(excused, today=late)) == [("expired-suppression", "warning"), ("shouting", "warning")]
    assert rules(verdict(excused, before=excused, today=late)) == []


def test_deleting_what_others_name_is_told_where_they_name_it() -> None:
    """The guilty change touched another file: judging by files touched would miss it."""
    some = verdict("--- people/ann-other.yaml\n", before="")
    assert [(problem.rule, problem.source.path) for problem in some.problems] == [
        ("unknown-reference", "bodies/alpha.yaml")
    ]
    assert some.changed == {"people/ann-other.yaml"}


def test_a_count_that_changes_makes_no_old_problem_new_but_one_more_case_is() -> None:
    """A missing person named once more is new; a body that was stale and is a little less so is not."""
    role = "  {id}:\n    title: Seat\n    member_type: member\n    appointments:\n    - person: {who}\n      from: 2020-01-01\n"
    head = "--- bodies/beta.yaml\nname: Beta\nkind: board\nfrom: 2020-01-01\nsources: [paper line 2]\nroles:\n"
    cited = "      sources: [paper line 3]\n"
    one, two = (head + "".join(role.format(id=id, who="gone") + cited for id in ids) for ids in ("a", "ab"))
    assert rules(verdict(one, before="")) == [("unknown-reference", "error")]
    assert rules(verdict(two, before=one)) == [("unknown-reference", "error")]
    assert ("unknown-reference", "error") not in rules(verdict(one, before=two))
    old = "--- documents/old.yaml\ntitle: Old\nkind: paper\nspeaks_of: 2021-06-01\nextent: {lines: 9}\n"
    cited = "      sources: [old line 3]\n"
    stale = old + head + "".join(role.format(id=id, who="ann-other") + cited for id in "ab")
    assert ("stale-evidence", "warning") in rules(verdict(stale))
    less = stale.replace(cited, cited + "      to: 2021-12-31\n", 1)
    assert ("stale-evidence", "warning") in rules(verdict(less))
    assert ("stale-evidence", "warning") not in rules(verdict(less, before=stale))


def test_what_a_change_deleted_is_not_guessed_at() -> None:
    near = "--- people/ann-othar.yaml\nname: Ann Othar\n"
    (one,) = (
        p for p in verdict(near + "--- people/ann-other.yaml\n", before=near).problems if p.severity == "error"
    )
    assert one.help.startswith("It was there before this change")
    digits = "--- documents/paper-12.yaml\ntitle: P\nkind: paper\nsources: [paper]\n--- bodies/beta.yaml\nname: Beta\nkind: board\n"
    digits += "from: 2020-01-01\nsources: [paper-13]\n"
    (one,) = (problem for problem in verdict(digits).problems if problem.rule == "unknown-reference")
    assert "paper-12" not in one.help


def test_a_first_registry_is_all_new() -> None:
    now, _ = laid(SHOUT)
    from kmics_cli.snapshot import Snapshot

    nothing = Snapshot({}, (), None)
    found = checked(now, loaded(now), TODAY, since=(nothing, loaded(nothing)))
    assert rules(found) == [("shouting", "warning")]


def test_problems_are_sorted_and_have_their_lines() -> None:
    found = verdict(SHOUT + "--- people/bo-other.yaml\nname: Bo **Other**\nnam: x\n")
    keys = [(problem.source.path, problem.line, problem.column) for problem in found.problems]
    assert keys == sorted(keys)
    assert all(line and column for _, line, column in keys)


def test_through_the_command_line(tmp_path: Path) -> None:
    """A pull request that breaks one file, repairs none, and tries to switch its judge off."""
    registry = shutil.copytree(MINI, tmp_path / "registry")

    def git(*words: str) -> None:
        who = ("-c", "user.name=A Tester", "-c", "user.email=a@test.invalid")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    (registry / "people" / "loud.yaml").write_text("name: LOUD OLD-INVENTED\n", encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "The base")
    assert run("validate", "--since", "HEAD", registry=registry).out.startswith("New since HEAD: no problems in ")
    settings = registry / "kmics.yaml"
    text = settings.read_text(encoding="utf-8")
    relaxed = re.sub(r"^severities:\n", 'severities:\n  markup-in-name: "off"\n', text, flags=re.MULTILINE)
    assert relaxed != text
    settings.write_text(relaxed, encoding="utf-8")
    person = "# yaml-language-server: $schema=../../schema/person.json\n"
    (registry / "people" / "ada-invented.yaml").write_text(f"{person}name: Ada **Invented**\n", encoding="utf-8")
    alone = run("validate", registry=registry)
    assert "markup-in-name" not in alone.out
    judged = run("validate", "--since", "HEAD", registry=registry)
    assert judged.code == 1
    assert "[markup-in-name]" in judged.out
    assert "loud.yaml" not in judged.out
    assert judged.out.splitlines()[-2].startswith("New since HEAD: 1 error in ")
    for rev in ("nowhere", "--output=x"):
        refused = run("validate", f"--since={rev}", registry=registry)
        assert (refused.code, refused.out) == (3 if rev == "nowhere" else 2, "")


def test_the_settings_of_a_broken_file_relax_nothing() -> None:
    found = verdict("--- kmics.yaml\nname: [\n" + SHOUT)
    assert [(p.rule) for p in found.problems] == ["yaml-syntax", "shouting"]
    assert isinstance(found.problems[0], Problem)
