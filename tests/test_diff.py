"""What was edited in the record: each sort of edit in words, sorted rightly, and the same from either side."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bless import GOLDEN, MINI, REAL
from kmics_cli import model
from kmics_cli.diff import Change, Side, changes
from kmics_cli.diff.edits import Edit, edits
from kmics_cli.diff.judged import GROUPS, LEVELS
from kmics_cli.diff.names import Names
from kmics_cli.diff.pairs import Pair, paired
from kmics_cli.diff.vocabulary import EVIDENCE, WORDS
from kmics_cli.diff.words import Words
from kmics_cli.load import load, read_file
from kmics_cli.model import Part, Registry
from kmics_cli.problems import Source
from kmics_cli.snapshot import Snapshot, read_folder
from registries import BASE, SHAPES, laid

DAY = date(2026, 6, 1)
"""The day of the earlier record, in these tests."""


def registry(texts: Mapping[str, bytes]) -> Registry:
    return load(texts, SHAPES)[0]


def sound(texts: Mapping[str, bytes]) -> Registry:
    found = registry(texts)
    assert found.broken == {}, found.broken
    assert found.settings.source.path == "kmics.yaml"
    return found


def compared(old: Mapping[str, bytes], new: Mapping[str, bytes], day: date | None = DAY) -> list[Change]:
    before, after = registry(old), registry(new)
    return changes(Side(before, before), Side(after, after), day)


def edited(text: str, base: str = BASE, day: date | None = DAY) -> list[Change]:
    """Return what an edit of the small registry changes: `text` as in `registries.laid`, its `before` parts first."""
    now, then = laid(text, base)
    if then is None:
        then = laid("", base)[0]
    sound(then.texts)
    sound(now.texts)
    return compared(then.texts, now.texts, day)


def told(text: str, **more: Any) -> list[str]:
    """Return each change of an edit as "group level change: sentence"."""
    return [f"{one.group} {one.level} {one.change}: {one.text}" for one in edited(text, **more)]


ALPHA = BASE.partition("--- bodies/alpha.yaml\n")[2]


def alpha(old: str, new: str) -> str:
    """Return an edit of the body Alpha: one text in its file for another."""
    assert ALPHA.count(old) == 1, ALPHA.count(old)
    return "--- bodies/alpha.yaml\n" + ALPHA.replace(old, new)


CHAIR = "    - person: ann-other\n      from: 2020-01-01\n      sources: [paper line 1]\n"
CASES: dict[str, tuple[str, list[str]]] = {
    "somebody leaves": (
        alpha(
            CHAIR,
            CHAIR.replace(
                "from: 2020-01-01\n", "from: 2020-01-01\n      to: 2026-06-30\n      end_reason: retired\n"
            ),
        ),
        ["happened change appointment-to: Chair: last day of Ann Other: 30 June 2026 (retired)"],
    ),
    "somebody left long ago": (
        alpha(CHAIR, CHAIR.replace("from: 2020-01-01\n", "from: 2020-01-01\n      to: 2021-06-30\n")),
        ["late change appointment-to: Chair: last day of Ann Other: 30 June 2021"],
    ),
    "the last day was the day before the record": (
        alpha(CHAIR, CHAIR.replace("from: 2020-01-01\n", "from: 2020-01-01\n      to: 2026-05-31\n")),
        ["happened change appointment-to: Chair: last day of Ann Other: 31 May 2026"],
    ),
    "has left, nobody knows when": (
        alpha(CHAIR, CHAIR.replace("from: 2020-01-01\n", "from: 2020-01-01\n      to: unknown\n")),
        ["late change appointment-to: Chair: Ann Other has left, on a day that is not recorded"],
    ),
    "a successor, announced": (
        alpha(
            CHAIR,
            CHAIR.replace("from: 2020-01-01\n", "from: 2020-01-01\n      to: 2026-06-30\n")
            + "    - person: bo-other\n      capacity: interim\n      from: 2026-07-01\n      announced: 2026-05-01\n      sources: [paper line 2]\n",
        ),
        [
            "happened change appointment-to: Chair: last day of Ann Other: 30 June 2026",
            "happened change appointment-added: Chair: Bo Other (interim) appointed from 1 July 2026, after Ann Other; announced on 1 May 2026",
        ],
    ),
    "reappointed": (
        alpha(
            CHAIR,
            CHAIR + "      terms:\n      - ends: 2026-06-30\n      - from: 2026-07-01\n        ends: 2029-06-30\n",
        )
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(CHAIR, CHAIR + "      terms:\n      - ends: 2026-06-30\n"),
        ["happened change term-added: Chair: Ann Other reappointed from 1 July 2026 to 30 June 2029"],
    ),
    "a wrong start, not excused": (
        alpha(CHAIR, CHAIR.replace("2020-01-01", "2021-01-01")),
        [
            "corrected breaking appointment-from: Chair: Ann Other: start: the record said 1 January 2020, and now says 1 January 2021"
        ],
    ),
    "a wrong start, corrected": (
        alpha(
            "sources: [paper line 1]\nroles:\n  chair:\n",
            "corrections:\n- made: 2026-06-01\n  about: chair\n  said: From 2020\n  says: From 2021\n  why: A slip.\n  sources: [paper line 3]\n"
            "sources: [paper line 1]\nroles:\n  chair:\n",
        ).replace(CHAIR, CHAIR.replace("2020-01-01", "2021-01-01")),
        [
            "corrected change appointment-from: Chair: Ann Other: start: the record said 1 January 2020, and now says 1 January 2021. Correction: From 2021. Why: A slip",
            "evidence quiet correction-added: Alpha: correction about Chair. The record said: From 2020. It says: From 2021. Why: A slip",
        ],
    ),
    "a nearer start": (
        alpha(CHAIR, CHAIR)
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(CHAIR, CHAIR.replace("2020-01-01", '"2020"')),
        [
            "late change appointment-from: Chair: Ann Other: start now recorded more nearly: 1 January 2020 (it was 2020)"
        ],
    ),
    "a start that was not known": (
        alpha(CHAIR, CHAIR)
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(CHAIR, CHAIR.replace("2020-01-01", "unknown")),
        ["late change appointment-from: Chair: Ann Other: start now recorded: 1 January 2020"],
    ),
    "somebody deleted": (
        alpha(CHAIR, "    - person: bo-other\n      from: 2022-01-01\n      sources: [paper line 1]\n"),
        [
            "late change appointment-added: Chair: Bo Other appointed from 1 January 2022",
            "corrected breaking appointment-removed: Chair: Ann Other from 1 January 2020 is no longer recorded",
        ],
    ),
    "the wrong person": (
        alpha(CHAIR, CHAIR.replace("ann-other", "bo-other")),
        [
            "corrected breaking appointment-person: Chair: the holder from 1 January 2020: the record said Ann Other, and now says Bo Other"
        ],
    ),
    "somebody who was not named": (
        alpha(CHAIR, CHAIR)
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(CHAIR, CHAIR.replace("ann-other", "not-named")),
        ["late change appointment-person: Chair: the holder from 1 January 2020, who was not named, is Ann Other"],
    ),
    "a name withheld": (
        alpha(CHAIR, CHAIR.replace("ann-other", "p-7f3k"))
        + "--- people/ann-other.yaml\n--- people/p-7f3k.yaml\nname: Name withheld\n--- bodies/alpha.yaml before\n"
        + ALPHA
        + "--- people/p-7f3k.yaml before\n"
        "--- people/ann-other.yaml before\nname: Ann Other\n",
        [
            "corrected change appointment-person: Chair: the name of the holder from 1 January 2020 is withheld",
            "corrected change person-name: Name withheld: the name is withheld",
        ],
    ),
    "vacant": (
        alpha(
            CHAIR,
            CHAIR.replace("from: 2020-01-01\n", "from: 2020-01-01\n      to: 2026-06-30\n")
            + "    vacant:\n    - from: 2026-07-01\n      cover: The members take turns.\n      sources: [paper line 2]\n",
        ),
        [
            "happened change appointment-to: Chair: last day of Ann Other: 30 June 2026",
            "happened change vacancy-added: Chair: vacant from 1 July 2026; cover: The members take turns",
        ],
    ),
    "a body renamed": (
        alpha("name: Alpha\n", "name: Beta\nnames:\n- name: Alpha\n  use: former\n  to: 2026-06-30\n"),
        ["happened change body-name: Beta: so called from 1 July 2026; until then Alpha"],
    ),
    "another name, and nothing says since when": (
        alpha("name: Alpha\n", "name: Beta\n"),
        ["corrected breaking body-name: Beta: the record called it Alpha, and now Beta"],
    ),
    "another spelling of a name": (
        alpha("name: Alpha\n", "name: Alpha Board\n"),
        ["corrected change body-name: Alpha Board: the record called it Alpha, and now Alpha Board"],
    ),
    "another name for a person": (
        "--- people/ann-other.yaml\nname: Somebody Else\n--- people/ann-other.yaml before\nname: Ann Other\n",
        [
            "corrected breaking person-name: Somebody Else: the record called this person Ann Other, and now Somebody Else"
        ],
    ),
    "a new surname": (
        "--- people/ann-other.yaml\nname: Ann Invented\n--- people/ann-other.yaml before\nname: Ann Other\n",
        [
            "corrected breaking person-name: Ann Invented: the record called this person Ann Other, and now Ann Invented"
        ],
    ),
    "a name in other capitals": (
        alpha("name: Alpha\n", "name: ALPHA\n"),
        ["evidence quiet body-name: ALPHA: the record called it Alpha, and now ALPHA"],
    ),
    "a body closed": (
        alpha("from: 2020-01-01\nsources", "from: 2020-01-01\nto: 2026-06-30\nsources"),
        ["happened change body-to: Alpha: ended: last day 30 June 2026"],
    ),
    "a role renamed by id": (
        alpha("  chair:\n    title: Chair\n", "  chairperson:\n    title: Chair\n    former_ids: [chair]\n"),
        ["evidence quiet role-id: Chair: its id is now chairperson; chair is a former id"],
    ),
    "a role deleted": (
        alpha("  chair:\n    title: Chair\n    member_type: chair\n    appointments:\n" + CHAIR, ""),
        [
            "corrected breaking role-removed: Chair: the seat is no longer recorded, with 1 appointment",
            "corrected breaking appointment-removed: Chair: Ann Other from 1 January 2020 is no longer recorded",
        ],
    ),
    "made voting": (
        alpha("    member_type: chair\n", "    member_type: chair\n    voting: true\n"),
        ["late change role-voting: Chair: now recorded that the seat votes"],
    ),
    "seats": (
        alpha("seats: 3", "seats: 4"),
        ["corrected breaking role-seats: Member: number of seats: the record said 3, and now says 4"],
    ),
    "evidence added": (
        alpha(CHAIR, CHAIR.replace("[paper line 1]", "[paper line 1, paper line 9]")),
        ["evidence quiet citation-added: Chair: source added: A paper, line 9"],
    ),
    "evidence elsewhere in the same document": (
        alpha(CHAIR, CHAIR.replace("[paper line 1]", "[paper line 9]")),
        [
            "evidence quiet citation-at: Chair: Ann Other, A paper, line 9: place cited: the record said line 1, and now says line 9"
        ],
    ),
    "evidence removed": (
        alpha(CHAIR, CHAIR.replace("[paper line 1]", "[other line 1]"))
        + "--- documents/other.yaml\ntitle: Another paper\nkind: paper\n",
        [
            "evidence quiet citation-added: Chair: source added: Another paper, line 1",
            "evidence breaking citation-removed: Chair: no longer cited: A paper, line 1",
            "evidence quiet document-added: Another paper: recorded (paper)",
        ],
    ),
    "a body deleted": (
        "--- bodies/alpha.yaml\n--- bodies/alpha.yaml before\n" + ALPHA,
        [
            "corrected breaking body-removed: Alpha: the record is deleted, with 2 roles and 2 appointments",
            "corrected breaking role-removed: Chair: the seat is no longer recorded, with 1 appointment",
            "corrected breaking appointment-removed: Chair: Ann Other from 1 January 2020 is no longer recorded",
            "corrected breaking role-removed: Member: the seat is no longer recorded, with 1 appointment",
            "corrected breaking appointment-removed: Member: Bo Other from 1 January 2020 is no longer recorded",
        ],
    ),
    "a new id for a body that others name": (
        "--- bodies/alpha.yaml\n--- bodies/omega.yaml\nformer_ids: [alpha]\n"
        + ALPHA
        + "--- bodies/gamma.yaml\nname: Gamma\nkind: committee\nfrom: 2021-01-01\npart_of:\n- body: omega\n  relation: committee-of\nsources: [paper]\n"
        + "--- bodies/alpha.yaml before\n"
        + ALPHA
        + "--- bodies/omega.yaml before\n--- bodies/gamma.yaml before\nname: Gamma\nkind: committee\nfrom: 2021-01-01\npart_of:\n- body: alpha\n  relation: committee-of\nsources: [paper]\n",
        ["evidence quiet body-id: Alpha: its id is now omega; alpha is a former id"],
    ),
    "a new id for a person": (
        alpha(CHAIR, CHAIR.replace("ann-other", "ann-b-other"))
        + "--- people/ann-other.yaml\n--- people/ann-b-other.yaml\nname: Ann Other\nformer_ids: [ann-other]\n--- people/ann-other.yaml before\nname: Ann Other\n--- people/ann-b-other.yaml before\n--- bodies/alpha.yaml before\n"
        + ALPHA,
        ["evidence quiet person-id: Ann Other: its id is now ann-b-other; ann-other is a former id"],
    ),
    "a former id taken out": (
        alpha("name: Alpha\n", "name: Alpha\n") + "--- bodies/alpha.yaml before\nformer_ids: [old]\n" + ALPHA,
        ["corrected breaking body-former-ids: Alpha: nothing leads from the former id old to it any more"],
    ),
    "a role moved to another body's record": (
        alpha("  chair:\n    title: Chair\n    member_type: chair\n    appointments:\n" + CHAIR, "")
        + "--- bodies/beta.yaml\nname: Beta\nkind: board\nfrom: 2020-01-01\nsources: [paper line 1]\nroles:\n  chair:\n    title: Chair\n    member_type: chair\n    appointments:\n"
        + CHAIR
        + "--- bodies/beta.yaml before\nname: Beta\nkind: board\nfrom: 2020-01-01\nsources: [paper line 1]\n--- bodies/alpha.yaml before\n"
        + ALPHA,
        ["corrected breaking role-body: Chair: moved from the record of Alpha, where its id was alpha/chair"],
    ),
    "a merger": (
        "--- bodies/beta.yaml\nname: Beta\nkind: board\nfrom: 2026-07-01\nsucceeds:\n- of: [alpha]\n  kind: merger\n  date: 2026-07-01\n  sources: [paper]\nsources: [paper]\n",
        [
            "happened change body-added: Beta: set up on 1 July 2026 (board), by merger of Alpha (whose last day is 30 June 2026)"
        ],
    ),
    "a plan put off": (
        alpha(CHAIR, CHAIR + "    - person: bo-other\n      from: 2027-03-01\n      sources: [paper line 2]\n")
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            CHAIR, CHAIR + "    - person: bo-other\n      from: 2027-01-01\n      sources: [paper line 2]\n"
        ),
        [
            "happened change appointment-from: Chair: Bo Other: start: the record said 1 January 2027, and now says 1 March 2027"
        ],
    ),
    "a plan given up": (
        alpha(CHAIR, CHAIR)
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            CHAIR, CHAIR + "    - person: bo-other\n      from: 2027-01-01\n      sources: [paper line 2]\n"
        ),
        ["happened change appointment-removed: Chair: Bo Other from 1 January 2027 is no longer recorded"],
    ),
    "a name withheld whose start is not known": (
        alpha(CHAIR, CHAIR.replace("ann-other", "p-7f3k").replace("2020-01-01", "unknown"))
        + "--- people/ann-other.yaml\n--- people/p-7f3k.yaml\nname: Name withheld\n--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            "from: 2020-01-01\n      sources: [paper line 1]\n  member",
            "from: unknown\n      sources: [paper line 1]\n  member",
        )
        + "--- people/p-7f3k.yaml before\n--- people/ann-other.yaml before\nname: Ann Other\n",
        [
            "corrected change appointment-person: Chair: the name of the holder (start not recorded) is withheld",
            "corrected change person-name: Name withheld: the name is withheld",
        ],
    ),
    "a name withheld under the same id": (
        "--- people/ann-other.yaml\nname: Name withheld\n--- people/ann-other.yaml before\nname: Ann Other\n",
        ["corrected change person-name: Name withheld: the name is withheld"],
    ),
    "reappointed, as a tenure of its own": (
        alpha(
            CHAIR,
            CHAIR.replace(
                "from: 2020-01-01\n", "from: 2020-01-01\n      to: 2026-06-30\n      end_reason: term-ended\n"
            )
            + "    - person: ann-other\n      from: 2026-07-01\n      to: 2029-06-30\n      sources: [paper line 2]\n",
        ),
        ["happened change appointment-added: Chair: Ann Other reappointed from 1 July 2026 to 30 June 2029"],
    ),
    "made substantive": (
        alpha(
            CHAIR,
            CHAIR.replace("from: 2020-01-01\n", "from: 2020-01-01\n      to: 2026-06-30\n      capacity: interim\n")
            + "    - person: ann-other\n      capacity: substantive\n      from: 2026-07-01\n      sources: [paper line 2]\n",
        )
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(CHAIR, CHAIR.replace("from: 2020-01-01\n", "from: 2020-01-01\n      capacity: interim\n")),
        [
            "happened change appointment-added: Chair: Ann Other, until then interim, made substantive from 1 July 2026"
        ],
    ),
    "back after a while": (
        alpha(
            CHAIR,
            CHAIR.replace("from: 2020-01-01\n", "from: 2020-01-01\n      to: 2026-06-30\n")
            + "    - person: ann-other\n      from: 2026-09-01\n      sources: [paper line 2]\n",
        ),
        [
            "happened change appointment-to: Chair: last day of Ann Other: 30 June 2026",
            "happened change appointment-added: Chair: Ann Other appointed from 1 September 2026",
        ],
    ),
    "a term prolonged": (
        alpha(CHAIR, CHAIR + "      terms:\n      - ends: 2026-12-31\n")
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(CHAIR, CHAIR + "      terms:\n      - ends: 2025-09-30\n"),
        [
            "late change term-ends: Chair: term of office of Ann Other prolonged to 31 December 2026 (it was to end on 30 September 2025)"
        ],
    ),
    "a second term where none was recorded": (
        alpha(CHAIR, CHAIR + "      terms:\n      - from: 2026-07-01\n        ends: 2029-06-30\n"),
        ["happened change term-added: Chair: Ann Other reappointed from 1 July 2026 to 30 June 2029"],
    ),
    "who acts": (
        alpha(
            "    member_type: chair\n",
            "    member_type: chair\n    nominated_by: [alpha]\n    approved_by:\n    - by: [alpha]\n      from: 2026-07-01\n",
        ),
        [
            "happened change approved-by-added: Chair: recorded: approved by Alpha from 1 July 2026",
            "late change nominated-by-added: Chair: recorded: nominated by Alpha",
        ],
    ),
    "who acts no longer": (
        alpha(
            "    member_type: chair\n",
            "    member_type: chair\n    nominated_by:\n    - by: [alpha]\n      to: 2026-06-30\n",
        )
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            "    member_type: chair\n", "    member_type: chair\n    nominated_by:\n    - by: [alpha]\n"
        ),
        ["happened change nominated-by-to: Chair: nominated by Alpha: last day 30 June 2026"],
    ),
    "a milestone reached": (
        alpha(
            "sources: [paper line 1]\nroles",
            "milestones:\n- what: A new house\n  by: 2026-12-31\n  on: 2026-07-01\n  status: done\n  sources: [paper]\nsources: [paper line 1]\nroles",
        )
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            "sources: [paper line 1]\nroles",
            "milestones:\n- what: A new house\n  by: 2026-12-31\n  status: planned\n  sources: [paper]\nsources: [paper line 1]\nroles",
        ),
        ["happened change milestone-on: Alpha: A new house: done on 1 July 2026 (it was due by 31 December 2026)"],
    ),
    "a printed name understood": (
        alpha(
            "sources: [paper line 1]\nroles",
            "members:\n- body: alpha\n  from: unknown\n  sources: [paper]\nsources: [paper line 1]\nroles",
        )
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            "sources: [paper line 1]\nroles",
            "members:\n- as_printed: The Alphas\n  could_be: [alpha, beta]\n  from: unknown\n  sources: [paper]\nsources: [paper line 1]\nroles",
        )
        + "--- bodies/beta.yaml\nname: Beta\nkind: board\nfrom: 2020-01-01\nsources: [paper]\n",
        ["late change member-body: Alpha: the member printed as “The Alphas” is Alpha"],
    ),
    "a figure, whole": (
        alpha(
            "sources: [paper line 1]\nroles",
            "figures:\n- about: budget\n  value: 4725000000\n  unit: pounds\n  sources: [paper]\nsources: [paper line 1]\nroles",
        )
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            "sources: [paper line 1]\nroles",
            "figures:\n- about: budget\n  low: 4700000000\n  high: 4750000000\n  unit: pounds\n  sources: [paper]\nsources: [paper line 1]\nroles",
        ),
        [
            "corrected breaking figure-value: Alpha: figure, budget: the record said 4,700,000,000 to 4,750,000,000 pounds, and now says 4,725,000,000 pounds"
        ],
    ),
    "the list is complete": (
        alpha(
            "sources: [paper line 1]\nroles",
            "recorded:\n  roles: complete\n  sources: [paper]\nsources: [paper line 1]\nroles",
        )
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            "sources: [paper line 1]\nroles",
            "recorded:\n  roles: partial\n  sources: [paper]\nsources: [paper line 1]\nroles",
        ),
        ["late change recorded-roles: Alpha: the list of roles is now given as complete (it was partial)"],
    ),
    "planned": (
        "--- bodies/beta.yaml\nname: Beta\nkind: board\nplanned:\n  for: 2027-04-01\n  sources: [paper]\nsources: [paper]\n",
        ["happened change body-added: Beta: planned for 1 April 2027 (board)"],
    ),
    "another kind": (
        alpha("kind: board\n", "kind: trust\n"),
        ["corrected breaking body-kind: Alpha: kind: the record said board, and now says trust"],
    ),
    "a role's new id, and the old one left nowhere": (
        alpha("  chair:\n    title: Chair\n", "  chairperson:\n    title: Chair\n"),
        [
            "corrected breaking role-body: Chair: its id is now chairperson; nothing leads from the old id chair to it"
        ],
    ),
    "a role's new id, which a disagreement names": (
        alpha(
            "  chair:\n    title: Chair\n", "  chairperson:\n    title: Chair\n    former_ids: [chair]\n"
        ).replace(
            "roles:\n",
            "disagreements:\n- about: Who\n  affects: [chairperson]\n  claims:\n  - says: A\n    sources: [paper]\n  - says: B\n    sources: [paper line 2]\nroles:\n",
        )
        + "--- bodies/alpha.yaml before\n"
        + ALPHA.replace(
            "roles:\n",
            "disagreements:\n- about: Who\n  affects: [chair]\n  claims:\n  - says: A\n    sources: [paper]\n  - says: B\n    sources: [paper line 2]\nroles:\n",
        ),
        ["evidence quiet role-id: Chair: its id is now chairperson; chair is a former id"],
    ),
    "an honorific": (
        "--- people/ann-other.yaml\nname: Ann Other\n--- people/ann-other.yaml before\nname: Ann Other\nhonorific: Dame\n",
        ["corrected change person-honorific: Ann Other: honorific no longer recorded (it was Dame)"],
    ),
    "an item left out and the rest renumbered": (
        "--- priorities/aims.yaml\nname: Aims\nowner: alpha\nfrom: 2020-01-01\nitems:\n- number: 1\n  title: Walk\n  summary: Walk.\n- number: 2\n  title: Run\n  summary: Run.\nsources: [paper]\n"
        "--- priorities/aims.yaml before\nname: Aims\nowner: alpha\nfrom: 2020-01-01\nitems:\n- number: 1\n  title: Walk\n  summary: Walk.\n- number: 2\n  title: Rest\n  summary: Rest.\n"
        "- number: 3\n  title: Run\n  summary: Run.\nsources: [paper]\n",
        [
            "late change item-number: Aims, item 2: its number was 3",
            "corrected breaking item-removed: Aims, item 2: no longer recorded: Rest",
        ],
    ),
    "a suppression": (
        "--- kmics.yaml\n"
        + BASE.partition("--- kmics.yaml\n")[2].partition("---")[0]
        + "suppressions:\n- rule: term-ran-out\n  path: bodies\n  reason: A while.\n  until: 2027-01-31\n",
        [
            "late change suppression-added: Test: recorded: term-ran-out is not told in bodies until 31 January 2027: A while."
        ],
    ),
    "a kind of body": (
        "--- kmics.yaml\n"
        + BASE.partition("--- kmics.yaml\n")[2]
        .partition("---")[0]
        .replace("  trust: trust\n", "  trust: trust\n  club: club\n"),
        ["late change registry-kinds: Test: kinds of body in use: club (club) added"],
    ),
}
"""Edits of the small registry, and what is told of each."""


@pytest.mark.parametrize("name", CASES)
def test_an_edit_is_told(name: str) -> None:
    text, wanted = CASES[name]
    assert told(text) == wanted


@pytest.mark.parametrize("name", CASES)
def test_an_edit_undone_is_told_the_same_way_round(name: str) -> None:
    if "withheld" in name:
        return  # nothing says what the name was; turned round, it says what it is
    now, then = laid(CASES[name][0])
    old = (then or laid("")[0]).texts
    assert mirrored(compared(now.texts, old)) == sorted(map(keys, compared(old, now.texts)))


OPPOSITE = {"added": "removed", "removed": "added"}


def keys(one: Change) -> tuple[str, str, str, str, str]:
    """Return what of a change does not depend on which side is the earlier one; an id is that of the later side."""
    return (
        one.change,
        one.kind,
        "" if one.change in ("role-body", "role-id", "body-id", "person-id", "item-number") else one.id,
        json.dumps(one.before),
        json.dumps(one.after),
    )


def mirrored(some: list[Change]) -> list[tuple[str, str, str, str, str]]:
    found = []
    for one in some:
        head, _, what = one.change.rpartition("-")
        _, kind, id, before, after = keys(one)
        found.append((f"{head}-{OPPOSITE.get(what, what)}", kind, id, after, before))
    return sorted(found)


def test_a_record_under_another_id_is_named_where_one_is_deleted() -> None:
    old = laid("")[0].texts
    new = dict(old)
    new["bodies/omega.yaml"] = new.pop("bodies/alpha.yaml")
    told = [one.text for one in compared(old, new) if one.change == "body-removed"]
    assert len(told) == 1
    assert told[0].endswith("; omega is new and has its name: if it is the same, it needs former_ids: [alpha]")


@pytest.mark.parametrize(
    ("about", "alone"),
    [
        ("chair", True),
        ("Start of the Chair", True),
        ("Ann Other", True),
        ("Title of the chair", False),
        ("Chair, and Bo Other", False),
    ],
)
def test_a_correction_stands_with_a_change_only_if_it_is_about_that_alone(about: str, alone: bool) -> None:
    then = alpha(
        "sources: [paper line 1]\nroles:\n  chair:\n",
        f"corrections:\n- {{made: 2026-06-01, about: '{about}', said: One, says: Another, why: A slip, sources: [paper line 3]}}\n"
        "sources: [paper line 1]\nroles:\n  chair:\n",
    ).replace(CHAIR, CHAIR.replace("2020-01-01", "2021-01-01"))
    found = {one.change: one for one in edited(then)}
    assert found["correction-added"].group == ("evidence" if alone else "corrected")
    assert found["appointment-from"].text.endswith("Correction: Another. Why: A slip") is alone
    assert found["appointment-from"].level == "change"


def test_what_was_cited_with_a_change_is_told() -> None:
    def cited(old: str, new: str) -> list[tuple[str, tuple[str, ...] | None]]:
        texts = laid("")[0].texts
        file = texts["bodies/alpha.yaml"]
        assert old.encode() in file
        other = {**texts, "bodies/alpha.yaml": file.replace(old.encode(), new.encode(), 1)}
        return [(one.change, one.cited) for one in compared(texts, other) if one.group != "evidence"]

    end = CHAIR.replace("2020-01-01", "2020-01-01\n      to: 2026-05-05")
    assert cited(CHAIR, end) == [("appointment-to", ())]
    assert CHAIR.count("[paper line") == 1
    more = end.replace("[paper line", "[paper line 77, paper line")
    assert cited(CHAIR, more) == [("appointment-to", ("A paper",))]
    assert cited("name: Alpha\n", "name: Alphas\n") == [("body-name", ())]
    former = "name: Alphas\nnames:\n- {name: Alpha, use: former, to: 2026-05-31, sources: [paper line 9]}\n"
    assert cited("name: Alpha\n", former) == [("body-name", None)]


# --- whole registries, damaged at random


def files(root: Any) -> dict[str, Any]:
    """Return a registry's files as plain data, numbers as numbers."""
    return {
        path: read_file(text, path.partition("/")[0].removesuffix(".yaml"), Source(path), SHAPES)[0]
        for path, text in read_folder(root).texts.items()
    }


PLAIN = files(MINI)


def written(data: Mapping[str, Any]) -> dict[str, bytes]:
    """Return files as JSON, which is YAML too."""
    return {path: json.dumps(said, ensure_ascii=False).encode() for path, said in sorted(data.items())}


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside plain data."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*path, key)
        yield from spots(one, (*path, key))


SPOTS = [(path, spot) for path in PLAIN for spot in spots(PLAIN[path])]


def damaged(seed: int, count: int) -> dict[str, Any]:
    """Return the miniature registry with values taken out, doubled or given others from elsewhere in it."""
    chance = random.Random(seed)  # noqa: S311
    data: dict[str, Any] = json.loads(json.dumps(PLAIN))
    for _ in range(count):
        path, spot = chance.choice(SPOTS)
        try:
            holder = data[path]
            for step in spot[:-1]:
                holder = holder[step]
            what = chance.randrange(4)
            if what == 0:
                del holder[spot[-1]]
            elif what == 1 and isinstance(holder, list):
                holder.append(holder[spot[-1]])
            else:
                other = [(p, s) for p, s in SPOTS if s[-1] == spot[-1] and type(s[-1]) is type(spot[-1])]
                p, s = chance.choice(other)
                value = PLAIN[p]
                for step in s:
                    value = value[step]
                holder[spot[-1]] = json.loads(json.dumps(value))
        except (KeyError, IndexError, TypeError):
            continue
    return data


def shuffled(value: Any, chance: random.Random) -> Any:
    """Return the same data with keys, and the entries of lists, in another order."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: value[name] if name == "among" else shuffled(value[name], chance) for name in names}
    if isinstance(value, list):
        if len(value) == 2 and all(str(one).isdigit() for one in value):
            return value  # the first and the last line of a layer
        some = [shuffled(one, chance) for one in value]
        chance.shuffle(some)
        return some
    return value


SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 10**9)


@SLOW
@given(SEEDS, st.integers(0, 12))
def test_nothing_differs_from_itself(seed: int, count: int) -> None:
    texts = written(damaged(seed, count))
    assert compared(texts, texts) == []


@SLOW
@given(SEEDS, st.integers(1, 8), st.integers(0, 4))
def test_a_comparison_turned_round_tells_the_same(seed: int, one: int, other: int) -> None:
    old, new = written(damaged(seed, one)), written(damaged(seed + 1, other))
    assert mirrored(compared(new, old)) == sorted(map(keys, compared(old, new)))


@SLOW
@given(SEEDS, st.integers(0, 6))
def test_order_quotes_line_ends_and_folders_change_nothing(seed: int, count: int) -> None:
    data = damaged(seed, count)
    chance = random.Random(seed)  # noqa: S311
    moved = {}
    for path, said in data.items():
        folder, slash, name = path.rpartition("/")
        moved[f"{folder}/deeper/{name}" if slash and chance.random() < 0.5 else path] = shuffled(said, chance)
    texts = {path: text.replace(b", ", b",\r\n ") for path, text in written(moved).items()}
    assert [one.text for one in compared(written(data), texts)] == []


def test_the_files_of_the_miniature_as_they_are_and_as_json_say_the_same() -> None:
    assert compared(read_folder(MINI).texts, written(PLAIN)) == []


def test_crlf_changes_nothing() -> None:
    texts = read_folder(MINI).texts
    assert compared(texts, {path: text.replace(b"\n", b"\r\n") for path, text in texts.items()}) == []


@SLOW
@given(SEEDS, st.integers(1, 10))
def test_every_change_is_whole(seed: int, count: int) -> None:
    found = compared(written(PLAIN), written(damaged(seed, count)))
    marks = [one.fingerprint for one in found]
    assert len(set(marks)) == len(marks)
    for one in found:
        assert one.group in GROUPS
        assert one.level in LEVELS
        assert one.text.isprintable() or "\n" in one.text
        assert not one.text.endswith("None")
        assert one.place_old or one.place_new
        assert one.before != one.after


@SLOW
@given(SEEDS, st.integers(1, 4), st.integers(1, 4))
def test_a_fingerprint_outlives_other_edits(seed: int, one: int, other: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    data = damaged(seed, one)
    path = chance.choice([path for path in PLAIN if PLAIN[path] == data.get(path)])
    elsewhere = {**data, path: damaged(seed + 7, other).get(path, PLAIN[path])}
    alone = {mark.fingerprint for mark in compared(written(PLAIN), written(data))}
    apart = {mark.fingerprint for mark in compared(written(data), written(elsewhere))}
    both = {mark.fingerprint for mark in compared(written(PLAIN), written(elsewhere))}
    assert alone <= both
    assert len(both) <= len(alone) + len(apart)


def test_a_fingerprint_outlives_edits_of_the_same_record() -> None:
    role = "  deputy:\n    title: Deputy\n    member_type: deputy-chair\n"
    one = edited(alpha("roles:\n", "roles:\n" + role))
    more = "    appointments:\n    - person: bo-other\n      from: 2026-07-01\n      sources: [paper line 2]\n"
    other = edited(alpha("roles:\n", "roles:\n" + role + more))
    assert {change.fingerprint for change in one} < {change.fingerprint for change in other}
    assert [change.change for change in other] == ["appointment-added", "role-added"]


# --- every field has its words


PARTS = [cls for cls in vars(model).values() if isinstance(cls, type) and issubclass(cls, Part)]
ABSTRACT = {"Part", "Evidenced", "Record", "Registry"}


def test_every_part_of_the_model_has_words() -> None:
    assert {cls.__name__ for cls in PARTS} - ABSTRACT == {cls.__name__ for cls in WORDS}


@pytest.mark.parametrize("cls", list(WORDS), ids=[cls.__name__ for cls in WORDS])
def test_every_field_of_the_model_has_words(cls: type[Part]) -> None:
    its_own = {"source"} | ({"id", "body"} if "id" in {one.name for one in fields(cls)} else set())
    wanted = {one.name for one in fields(cls)} - its_own
    assert WORDS[cls].keys() == wanted
    assert EVIDENCE.get(cls, frozenset()) <= wanted
    assert all(words and words == words.strip() for words in WORDS[cls].values())


def sentences() -> str:
    """Return the sentence of each field of each part of the miniature registry: taken out, recorded, and said otherwise."""
    whole = sound(written(PLAIN))
    words = Words(Names(whole, whole))
    told: dict[tuple[str, str], str] = {}
    values: dict[tuple[str, str], list[Any]] = {}
    found = []
    for kind in model.KINDS:
        for record in whole.records(kind).values():
            for owners in chains(record, ()):
                part = owners[-1]
                for name in WORDS[type(part)]:
                    value = getattr(part, name)
                    if value not in (None, (), {}, False):
                        values.setdefault((type(part).__name__, name), []).append(value)
                        found.append((kind, owners, name, value))
    for kind, owners, name, value in found:
        key = type(owners[-1]).__name__, name
        if key in told:
            continue
        others = [other for other in values[key] if other != value and type(other) is type(value)]
        lines = []
        needed = next(one for one in fields(owners[-1]) if one.name == name)
        there = needed.default is MISSING and needed.default_factory is MISSING
        empty = () if there else ((value, None), (None, value))
        for was, now in (*empty, *([(others[0], value)] if others else [])):
            if isinstance(value, tuple):
                was, now = was or (), now or ()
            if isinstance(value, dict) or (isinstance(value, tuple) and isinstance(value[0], Part)):
                continue  # entries, which have their own sentences
            if isinstance(value, Part):
                op, field = ("added" if was is None else "removed" if now is None else ""), name
                pairs = tuple(Pair(one, one) for one in owners)
                edit = Edit(op, kind, pairs, field, was, now)
                if not op:
                    continue
            else:
                pairs = (
                    *(Pair(one, one) for one in owners[:-1]),
                    Pair(with_(owners[-1], name, was), with_(owners[-1], name, now)),
                )
                pairs = tuple(Pair(pair.old, pair.new, field_of(owners, at)) for at, pair in enumerate(pairs))
                edit = Edit("changed", kind, pairs, name, was, now)
            lines.append(f"  {words.sentence(edit)}")
        if lines:
            told[key] = "\n".join(lines)
    return "".join(f"{cls}.{name}\n{text}\n" for (cls, name), text in sorted(told.items()))


def with_(part: Part, name: str, value: Any) -> Part:
    return type(part)(**{**{one.name: getattr(part, one.name) for one in fields(part)}, name: value})


def field_of(owners: tuple[Part, ...], at: int) -> str:
    """Return the field of the part before in which a part of a chain stands."""
    if at == 0:
        return ""
    for one in fields(owners[at - 1]):
        value = getattr(owners[at - 1], one.name)
        inner = value if isinstance(value, tuple) else value.values() if isinstance(value, dict) else (value,)
        if any(item is owners[at] for item in inner):
            return one.name
    raise AssertionError(owners[at])


def chains(part: Part, above: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """Yield the way to each part of a record, from the record down."""
    yield (*above, part)
    for one in fields(part):
        value = getattr(part, one.name)
        inner = value if isinstance(value, tuple) else value.values() if isinstance(value, dict) else (value,)
        for item in inner:
            if isinstance(item, Part):
                yield from chains(item, (*above, part))


def test_every_field_has_its_sentence_and_somebody_has_read_it() -> None:
    text = sentences()
    kept = (GOLDEN / "sentences.txt").read_text(encoding="utf-8")
    assert text == kept, "run python tests/bless.py, and read the difference"
    assert text.count("\n  ") > 300
    for line in text.splitlines():
        assert not re.search(
            r"\bNone\b|e\+0|\b(\w+ \w+ \w+) of \1\b|Date\(|\(\)|\bof of\b|  +\S+  ", line.strip()
        ), line


# --- pairs


def test_entries_are_known_again_by_person_and_start_then_end_then_person() -> None:
    text = "--- bodies/alpha.yaml\n" + ALPHA.replace(
        "    - person: bo-other\n      from: 2020-01-01\n",
        "    - person: bo-other\n      from: 2010-01-01\n      to: 2011-01-01\n      sources: [paper line 1]\n"
        "    - person: bo-other\n      from: 2020-01-01\n",
    )
    member = registry(laid(text)[0].texts).bodies["alpha"].roles["member"].appointments
    pairs = list(paired(member, member[::-1]))
    assert [pair.old for pair in pairs] == [pair.new for pair in pairs] == list(member[::-1])


def test_a_whole_registry_against_an_empty_one_tells_each_record() -> None:
    whole = registry(read_folder(REAL).texts)
    nothing = registry({"kmics.yaml": read_folder(REAL).texts["kmics.yaml"]})
    found = changes(Side(nothing, nothing), Side(whole, whole), None)
    told = {(one.kind, one.id) for one in found if one.change.endswith("-added")}
    for kind, word in (("bodies", "body"), ("people", "person"), ("documents", "document")):
        assert set(whole.records(kind)) == {id for what, id in told if what == word}
    assert {one.level for one in found} == {"change", "quiet"}


def test_a_record_that_cannot_be_read_on_one_side_is_neither_new_nor_gone() -> None:
    texts = read_folder(MINI).texts
    broken = {**texts, "bodies/audit-committee.yaml": b"name: [\n", "people/abe-fiction.yaml": b"name: 5: 6\n"}
    for old, new in ((texts, broken), (broken, texts)):
        assert compared(old, new) == []


def test_edits_know_their_places() -> None:
    old, new = registry(laid("")[0].texts), registry(laid(CASES["a wrong start, not excused"][0])[0].texts)
    [edit] = list(edits("bodies", Pair(old.bodies["alpha"], new.bodies["alpha"])))
    places = edit.places()
    assert [place.pointer for place in places if place] == [("roles", "chair", "appointments", 0, "from")] * 2


def test_a_snapshot_is_no_registry() -> None:
    """Files that are the same on both sides need not be given at all."""
    texts = read_folder(MINI).texts
    changed = {**texts, "people/abe-fiction.yaml": b"name: Abe Changed\n"}
    whole_old, whole_new = registry(texts), registry(changed)
    some = {path: texts[path] for path in ("kmics.yaml", "people/abe-fiction.yaml")}
    partly_old = registry(some)
    partly_new = registry({**some, "people/abe-fiction.yaml": b"name: Abe Changed\n"})
    partial = changes(Side(partly_old, whole_old), Side(partly_new, whole_new), DAY)
    assert [one.text for one in partial] == [one.text for one in compared(texts, changed)] != []
    assert Snapshot(some, (), None).texts == some
