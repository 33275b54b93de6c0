"""The rules about the world: time, seats, structure, evidence, the past. Guilty lines are marked, near misses silent."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bless import REAL, REAL_DAY
from kmics_cli.dates import Answer, lasts, on, parse
from kmics_cli.model import Appointment, Body, Parent, Registry, Role, Settings, Succession
from kmics_cli.problems import Problem, Source
from kmics_cli.rules import RULES, Look, Rule, checked
from kmics_cli.rules.appointments import APPOINTMENTS
from kmics_cli.rules.evidence import EVIDENCE
from kmics_cli.rules.loops import LOOPS
from kmics_cli.rules.past import PAST
from kmics_cli.rules.seats import SEATS, too_many_holders
from kmics_cli.rules.stale import STALE
from kmics_cli.rules.structure import STRUCTURE
from kmics_cli.rules.succession import SUCCESSION
from kmics_cli.rules.sure import surely_there
from kmics_cli.rules.time import TIME
from kmics_cli.snapshot import Snapshot, read_folder
from registries import TODAY, laid, loaded, marked

WORLD: tuple[Rule, ...] = (
    *TIME,
    *APPOINTMENTS,
    *SEATS,
    *SUCCESSION,
    *STRUCTURE,
    *LOOPS,
    *EVIDENCE,
    *STALE,
    *PAST,
)
ORPHANS = ("unused-person", "uncited-document")

PEOPLE = """
--- people/cy-other.yaml
name: Cy Other
--- people/di-other.yaml
name: Di Other
"""
OLD = """
--- documents/old.yaml
title: An old paper
kind: paper
speaks_of: 2022-09-20
"""
BETA = """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2010-01-01
sources: [paper]
"""
GAMMA = BETA.replace("beta", "gamma").replace("Beta", "Gamma")
DELTA = BETA.replace("beta", "delta").replace("Beta", "Delta")
SEAT = "  {}:\n    title: Seat\n    member_type: member\n"

FIXTURES: dict[str, str] = {
    # --- time
    "terms and disagreements that end before they begin": BETA
    + """
disagreements:
- about: When
  noted: 2026-05-01
  settled: 2026-04-01 # <- end-before-start
  claims:
  - {says: One., sources: [paper]}
  - {says: Two., sources: [paper]}
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ann-other
      from: 2020-01-01
      terms:
      - from: 2025-01-01
        ends: 2024-12-31 # <- end-before-start # <- term-ran-out
      sources: [paper]
  second:
    title: Second
    member_type: member
    appointments:
    - person: bo-other
      from: 2020-01-01
      terms:
      - {from: "2025", ends: "2025"} # <- term-ran-out
      sources: [paper]
""",
    "outside the life of body and role, told once, and silent where a day is possible": """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2020-01-01 # <- outside-life
to: 2022-06-30 # <- outside-life
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    seats: 9
    appointments:
    - {person: ann-other, from: 2022-07-01, sources: [paper]}
    - {person: bo-other, from: unknown, to: 2019-12-31, sources: [paper]}
    - {person: not-named, from: 2019-12-31, to: 2020-01-31, sources: [paper]}
    - {person: not-named, from: 2020-03-01, to: 2022-07-01, sources: [paper]}
    - {person: bo-other, from: 2022-06/2022-07, sources: [paper]}
    - {person: not-named, from: unknown, to: unknown, sources: [paper]}
    - {person: not-named, from: "2019~", to: 2022-06/2022-08, sources: [paper]}
    vacant:
    - {from: 2023-01-01, sources: [paper]}
  second:
    title: Second
    member_type: member
    from: 2021-01-01
    to: 2021-12-31
    appointments:
    - {person: ann-other, from: 2022-07-01, sources: [paper]} # <- outside-life
    - {person: bo-other, from: 2021-12-31, to: 2021-12-31, sources: [paper]}
  late:
    title: Late
    member_type: member
    from: 2023-01-01
    appointments:
    - {person: ann-other, from: 2023-01-01, sources: [paper]}
--- bodies/gamma.yaml
name: Gamma
kind: board
from: 2020-01-01
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    vacant:
    - {from: 2019-01-01, to: 2019-02-01, sources: [paper]} # <- outside-life
  second:
    title: Second
    member_type: member
    to: 2021-12-31 # <- outside-life
    appointments:
    - {person: ann-other, from: 2022-07-01, to: 2022-07-31, sources: [paper]}
    - {person: bo-other, from: 2022-08-01, sources: [paper]}
""",
    "an end that follows from a successor, and one that follows from a parent": BETA
    + """
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - {person: ann-other, from: 2020-01-01, to: 2022-07-01, sources: [paper]} # <- outside-life
--- bodies/committee.yaml
name: Committee
kind: committee
from: 2020-01-01
part_of:
- {body: beta, relation: committee-of}
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - {person: ann-other, from: "2023", sources: [paper]} # <- outside-life
--- bodies/gamma.yaml
name: Gamma
kind: board
from: 2022-07-01
succeeds:
- {of: [beta], kind: replacement, date: 2022-07-01, sources: [paper]}
sources: [paper]
""",
    "a loop of succession, told as that alone, and what is wrong besides": """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2020-01-01
succeeds:
- of:
  - gamma # <- loop-of-succession
  kind: replacement
  date: 2020-01-01
  sources: [paper]
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - {person: ann-other, from: 2022-07-01, sources: [paper]}
    - {person: bo-other, from: 2019-01-01, to: 2019-12-01, sources: [paper]} # <- outside-life
--- bodies/committee.yaml
name: Committee
kind: committee
from: 2022-07-01
part_of:
- {body: gamma, relation: committee-of}
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - {person: ann-other, from: 2022-07-01, sources: [paper]}
--- bodies/delta.yaml
name: Delta
kind: board
from: 2018-01-01
to: 2024-01-01
sources: [paper]
--- bodies/gamma.yaml
name: Gamma
kind: board
from: 2022-07-01
succeeds:
- {of: [beta], kind: replacement, date: 2022-07-01, sources: [paper]}
- of: [delta]
  kind: replacement
  date: 2022-07-01 # <- succession-out-of-time
  sources: [paper]
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - {person: bo-other, from: 2022-07-01, sources: [paper]}
""",
    "what is planned, with what has begun, may have, and is to come": """
--- bodies/beta.yaml
name: Beta
kind: board
planned: {from: 2025-01-01, for: 2027-04-01}
sources: [paper]
meetings:
  held:
  - on: 2026-03-01
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - {person: ann-other, from: unknown, sources: [paper]} # <- planned-as-real
  second:
    title: Second
    member_type: member
    appointments:
    - {person: bo-other, from: 2026-06/2027-06, sources: [paper]}
    - {person: bo-other, from: 2027-04-01, sources: [paper]}
--- bodies/gamma.yaml
name: Gamma
kind: board
planned: {from: 2025-01-01}
meetings:
  held:
  - on: 2026-03-01 # <- planned-as-real
sources: [paper]
--- bodies/delta.yaml
name: Delta
kind: board
from: 2020-01-01
sources: [paper]
roles:
  third:
    title: Third
    member_type: member
    planned: {from: 2025-01-01}
    ex_officio:
    - {role: alpha/chair, from: 2026-01-01} # <- planned-as-real
  fourth:
    title: Fourth
    member_type: member
    planned: {from: 2025-01-01}
    from: 2026-01-01
    ex_officio:
    - {role: alpha/chair, from: 2026-01-01}
""",
    # --- appointments
    "starts to come, with what was public by today": """
--- documents/secret.yaml
title: A letter
kind: letter
speaks_of: 2026-06-01
public: false
standing: official-page
--- documents/later.yaml
title: A paper to come
kind: paper
speaks_of: 2026-12-01
public: true
--- documents/page.yaml
title: A page
kind: web-page
read: 2026-11-21
standing: official-page
--- documents/dateless.yaml
title: A page without a day
kind: web-page
public: true
"""
    + BETA
    + """
roles:
  chair:
    title: Chair
    member_type: chair
    seats: 9
    appointments:
    - {person: ann-other, from: 2026-11-22, sources: [secret]} # <- future-appointment
    - {person: bo-other, from: "2027", sources: [later, dateless]} # <- future-appointment
    - {person: not-named, from: 2026-11-22, sources: [secret, page]}
    - {person: not-named, from: 2026-11-21, sources: [secret]}
    - {person: not-named, from: 2026-11/2026-12, sources: [secret]}
    - {person: not-named, from: unknown, sources: [secret]}
""",
    "terms that ran out, and those of which something came": PEOPLE
    + BETA
    + """
roles:
  chair:
    title: Chair
    member_type: chair
    seats: 9
    appointments:
    - person: ann-other
      from: 2020-01-01
      terms: [{ends: 2026-11-20}] # <- term-ran-out
      sources: [paper]
    - person: bo-other
      from: 2020-01-01
      terms: [{ends: 2026-11-21}]
      sources: [paper]
    - person: cy-other
      from: 2020-01-01
      terms: [{ends: "2026"}]
      sources: [paper]
    - person: di-other
      from: 2020-01-01
      to: unknown
      terms: [{ends: 2023-12-31}]
      sources: [paper]
    - person: not-named
      from: 2020-01-01
      terms: [{ends: 2023-12-31}, {ends: 2026-12-31}]
      sources: [paper]
    - person: not-named
      from: 2020-01-01
      terms: [{ends: 2025-12-31}] # <- term-ran-out
      decisions: [{what: extended, by: [alpha], on: 2025-12-01}]
      sources: [paper]
    - person: not-named
      from: 2020-01-01
      terms: [{ends: 2025-12-31}]
      decisions: [{what: extended, by: [alpha], on: 2026-01-05}]
      sources: [paper]
  single:
    title: Single
    member_type: member
    appointments:
    - person: ann-other
      from: 2020-01-01
      terms: [{ends: 2023-12-31}]
      sources: [paper]
    - {person: bo-other, from: 2026-10-01, sources: [paper]}
  gone:
    title: Gone
    member_type: member
    to: 2024-12-31
    appointments:
    - person: ann-other
      from: 2020-01-01
      terms: [{ends: 2023-12-31}]
      sources: [paper]
""",
    "terms in order, where one day is possible": BETA
    + """
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - person: ann-other
      from: 2020-01-01
      terms:
      - ends: 2026-12-31
      - ends: "2026"
      - ends: unknown
      sources: [paper]
""",
    "covering and eligible, where it is certain that it was not so": PEOPLE
    + BETA
    + """
roles:
  chief:
    title: Chief
    member_type: chief-executive
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [paper]}
    - {person: bo-other, covering: ann-other, from: 2026-01-01, sources: [paper]}
    - {person: bo-other, covering: ann-other, from: 2018-01-01, to: 2019-12-31, sources: [paper]} # <- not-in-post
    - {person: bo-other, covering: cy-other, from: 2010-01-01, to: 2010-12-31, sources: [paper]} # <- not-in-post
    - {person: bo-other, covering: ann-other, from: 2018-01-01, to: 2019/2020, sources: [paper]}
  leader:
    title: Leader
    member_type: leader
    ex_officio:
    - {role: alpha/chair, from: 2020-01-01}
    appointments:
    - {person: cy-other, covering: di-other, from: 2026-01-01, sources: [paper]}
  partner:
    title: Partner
    member_type: partner
    seats: 9
    appointments:
    - {person: ann-other, eligible_as: [alpha/chair], from: "2020", sources: [paper]}
    - {person: bo-other, eligible_as: [alpha/member], from: 2015-01-01, to: 2019-12-31, sources: [paper]} # <- not-in-post
    - {person: cy-other, eligible_as: [alpha/member], from: 2015-01-01, to: 2019-12-31, sources: [paper]}
    - {person: di-other, eligible_as: [alpha/chair], from: unknown, to: 2019-12-31, sources: [paper]}
""",
    "twice in one role": PEOPLE
    + BETA
    + """
roles:
  chair:
    title: Chair
    member_type: chair
    seats: 9
    appointments:
    - {person: ann-other, from: 2020-01-01, to: 2022-06-30, sources: [paper]}
    - {person: ann-other, from: 2022-06-30, to: 2022-12-31, sources: [paper]} # <- appointed-twice
    - {person: bo-other, from: 2020-01-01, to: 2022-06-30, sources: [paper]}
    - {person: bo-other, from: 2022-06/2022-07, to: 2022-12-31, sources: [paper]}
    - {person: cy-other, from: "2020", to: "2021", sources: [paper]}
    - {person: cy-other, from: "2021", to: "2022", sources: [paper]}
    - {person: not-named, from: 2020-01-01, sources: [paper]}
    - {person: not-named, from: 2020-01-01, sources: [paper]}
""",
    # --- seats
    "one seat and two people, day by day": PEOPLE
    + OLD
    + BETA
    + "checked: [paper]\nroles:\n"
    + SEAT.format("handed-over")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, to: 2022-06-30, sources: [paper]}
    - {person: bo-other, from: 2022-07-01, sources: [paper]}
"""
    + SEAT.format("one-day-too-many")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, to: 2022-06-30, sources: [paper]}
    - {person: bo-other, from: 2022-06-30, sources: [paper]} # <- too-many-holders
"""
    + SEAT.format("in-other-order")
    + """
    appointments:
    - {person: bo-other, from: 2022-06-30, sources: [paper]} # <- too-many-holders
    - {person: ann-other, from: 2020-01-01, to: 2022-06-30, sources: [paper]}
"""
    + SEAT.format("twice-too-many")
    + """
    appointments:
    - {person: ann-other, from: 2010-01-01, to: 2012-12-31, sources: [paper]}
    - {person: bo-other, from: 2012-01-01, to: 2013-12-31, sources: [paper]} # <- too-many-holders
    - {person: cy-other, from: 2014-01-01, to: 2015-12-31, sources: [paper]}
    - {person: di-other, from: 2015-12-01, to: 2016-12-31, sources: [paper]} # <- too-many-holders
"""
    + SEAT.format("substantive")
    + """
    appointments:
    - {person: ann-other, capacity: substantive, from: 2020-01-01, to: 2022-08-31, sources: [paper]}
    - {person: bo-other, capacity: substantive, from: 2022-07-01, sources: [paper]} # <- two-substantive-holders
"""
    + SEAT.format("stand-in-before-the-second")
    + """
    appointments:
    - {person: ann-other, capacity: substantive, from: 2020-01-01, to: 2022-08-31, sources: [paper]}
    - {person: cy-other, capacity: acting, from: 2022-06-01, to: 2022-08-31, sources: [paper]}
    - {person: bo-other, capacity: substantive, from: 2022-07-01, sources: [paper]} # <- two-substantive-holders
"""
    + SEAT.format("no-end-and-a-later-start")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [old]}
    - {person: bo-other, from: 2022-09-21, sources: [paper]}
"""
    + SEAT.format("no-end-and-seen-after-the-next-start")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [old]}
    - {person: bo-other, from: 2022-09-20, sources: [paper]} # <- too-many-holders
"""
    + SEAT.format("windows")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, to: 2022-09/2022-11, sources: [paper]}
    - {person: bo-other, from: 2022-10/2022-12, sources: [paper]} # <- possibly-too-many-holders
"""
    + SEAT.format("windows-that-follow")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, to: "2021", sources: [paper]}
    - {person: bo-other, from: "2022", sources: [paper]}
"""
    + SEAT.format("unknown")
    + """
    appointments:
    - {person: ann-other, from: unknown, to: unknown, sources: [old]}
    - {person: bo-other, from: unknown, sources: [paper]}
"""
    + SEAT.format("inferred")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, to: 2022-06-30, sources: [paper]}
    - {person: bo-other, from: 2022-06-30, confidence: inferred, note: So it seems., sources: [paper]} # <- possibly-too-many-holders
"""
    + SEAT.format("sharing")
    + """
    appointments:
    - {person: ann-other, capacity: job-share, from: 2020-01-01, sources: [paper]}
    - {person: bo-other, capacity: job-share, from: 2020-01-01, sources: [paper]}
"""
    + SEAT.format("sharing-with-a-third")
    + """
    appointments:
    - {person: ann-other, capacity: job-share, from: 2020-01-01, sources: [paper]}
    - {person: bo-other, capacity: job-share, from: 2020-01-01, sources: [paper]}
    - {person: cy-other, from: 2020-02-01, sources: [paper]} # <- too-many-holders
"""
    + SEAT.format("covering")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [paper]}
    - {person: bo-other, capacity: acting, covering: ann-other, from: 2026-02-01, sources: [paper]}
"""
    + SEAT.format("not-named")
    + """
    appointments:
    - {person: not-named, from: 2020-01-01, sources: [paper]}
    - {person: ann-other, from: 2022-01-01, sources: [paper]}
"""
    + SEAT.format("seats-not-known")
    + """
    seats: unknown
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [paper]}
    - {person: bo-other, from: 2020-01-01, sources: [paper]}
"""
    + SEAT.format("two-seats")
    + """
    seats: 2
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [paper]}
    - {person: bo-other, from: 2020-01-01, to: 2022-06-30, sources: [paper]}
    - {person: cy-other, from: 2022-07-01, sources: [paper]}
    - {person: di-other, capacity: substantive, from: 2026-05-31, to: 2026-05-31, sources: [paper]} # <- too-many-holders
""",
    "one is enough to say that it may have been so": PEOPLE
    + BETA
    + "roles:\n"
    + SEAT.format("seat")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, to: 2022-07, sources: [paper]}
    - {person: bo-other, from: 2022-06/2022-07, to: "2024", sources: [paper]} # <- possibly-too-many-holders
    - {person: cy-other, from: "2024", sources: [paper]}
""",
    "sources that disagree leave it open": BETA
    + """
disagreements:
- about: Who it was
  affects: [seat]
  claims:
  - {says: Ann Other., sources: [paper]}
  - {says: Bo Other., sources: [paper]}
roles:
"""
    + SEAT.format("seat")
    + """
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [paper]}
    - {person: bo-other, from: 2020-01-01, sources: [paper]} # <- possibly-too-many-holders
""",
    "vacant, absent and held": OLD
    + BETA
    + "checked: [paper]\nroles:\n"
    + SEAT.format("vacant")
    + """
    vacant:
    - {from: 2022-07-01, to: 2022-07-31, sources: [paper]} # <- held-though-vacant
    - {from: 2021-07-01, to: 2021-07-31, sources: [paper]}
    - {from: "2022", to: "2022", sources: [paper]}
    appointments:
    - {person: ann-other, from: 2022-07-15, to: 2022-12-31, sources: [paper]}
"""
    + SEAT.format("vacant-for-years")
    + """
    vacant:
    - {from: 2022-01-01, sources: [paper]} # <- held-though-vacant
    appointments:
    - {person: ann-other, from: 2022-07-15, to: 2022-12-31, sources: [paper]}
"""
    + SEAT.format("vacant-when-last-seen")
    + """
    vacant:
    - {from: 2022-01-01, sources: [old], note: Filled since.} # an old source says nothing of later
    appointments:
    - {person: ann-other, from: 2022-09-21, sources: [paper]}
"""
    + SEAT.format("interim")
    + """
    vacant:
    - {from: 2026-01-01, sources: [paper]}
    appointments:
    - {person: ann-other, capacity: interim, from: 2026-01-01, sources: [paper]}
"""
    + SEAT.format("three")
    + """
    seats: 3
    vacant:
    - {from: 2026-01-01, sources: [paper]}
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [paper]}
    - {person: bo-other, from: 2020-01-01, sources: [paper]}
"""
    + SEAT.format("absent")
    + """
    absent:
    - {from: 2020-01-01, to: 2022-07-01, sources: [paper]} # <- held-though-absent
    - {from: 2019-01-01, to: 2022-06/2022-07, sources: [paper]}
    - {sources: [paper]}
    appointments:
    - {person: ann-other, from: 2022-07-01, sources: [paper]}
""",
    # --- succession
    "succession and its days": GAMMA
    + DELTA
    + """
to: 2026-07-01
--- bodies/beta.yaml
name: Beta
kind: board
from: 2026-07-01
succeeds:
- {of: [delta], kind: evolution, date: 2026-07-01, sources: [paper]}
- {of: [gamma], kind: transfer, date: 2026-06-30, sources: [paper]} # <- succession-out-of-time
sources: [paper]
--- bodies/epsilon.yaml
name: Epsilon
kind: board
from: 2026-07
succeeds:
- {of: [alpha], kind: transfer, date: 2026-07, sources: [paper]}
- {of: [zeta], kind: replacement, date: 2026-07-01, sources: [paper]}
sources: [paper]
--- bodies/zeta.yaml
name: Zeta
kind: board
from: unknown
to: unknown
sources: [paper]
""",
    "kinds of succession": GAMMA
    + DELTA
    + """
--- bodies/many.yaml
name: Many
kind: board
class: true
from: 2010-01-01
sources: [paper]
--- bodies/beta.yaml
name: Beta
kind: board
from: 2022-07-01
succeeds:
- {of: [many], kind: merger, date: 2022-07-01, sources: [paper]}
- {of: [gamma], kind: replacement, date: 2022-07-01, sources: [paper]}
sources: [paper]
--- bodies/eta.yaml
name: Eta
kind: board
from: 2022-07-01
succeeds:
- {of: [gamma], kind: transfer, date: 2022-07-01, sources: [paper]}
- {of: [many], kind: replacement, date: 2022-07-01, sources: [paper]}
- {of: [delta], kind: split, date: 2022-07-01, sources: [paper]} # <- split-into-one
sources: [paper]
""",
    "a split and another end": GAMMA
    + """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2022-07-01
succeeds:
- {of: [gamma], kind: split, date: 2022-07-01, sources: [paper]}
sources: [paper]
--- bodies/eta.yaml
name: Eta
kind: board
from: 2022-07-01
succeeds:
- {of: [gamma], kind: absorption, date: 2022-07-01, sources: [paper]} # <- ended-twice
sources: [paper]
""",
    # --- structure
    "children of what has ended": """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2010-01-01
to: 2022-06-30
sources: [paper]
--- bodies/committee.yaml
name: Committee
kind: committee
from: 2010-01-01
part_of: [{body: beta, relation: committee-of}]
sources: [paper]
--- bodies/group.yaml
name: Group
kind: committee
from: 2010-01-01
part_of: [{body: beta, relation: sub-group-of}] # <- living-children
sources: [paper]
--- bodies/ended-group.yaml
name: Ended group
kind: committee
from: 2010-01-01
to: unknown
part_of: [{body: beta, relation: sub-group-of}]
sources: [paper]
--- bodies/other-group.yaml
name: Other group
kind: committee
from: 2010-01-01
part_of: [{body: beta, relation: sub-group-of}, {body: alpha, relation: sub-group-of}]
sources: [paper]
--- bodies/place.yaml
name: Place
kind: committee
from: 2010-01-01
part_of: [{body: beta, relation: place-of}]
sources: [paper]
--- bodies/planned-place.yaml
name: Planned place
kind: committee
planned: {from: 2020-01-01}
part_of: [{body: beta, relation: place-of}]
sources: [paper]
""",
    "codes and the bodies that have them": """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2010-01-01
identifiers: [{scheme: code, code: A1, to: 2022-06-30}, {scheme: code, code: B1}, {scheme: code, code: C1}]
sources: [paper]
--- bodies/delta.yaml
name: Delta
kind: board
from: unknown
identifiers: [{scheme: code, code: D1}]
sources: [paper]
--- bodies/epsilon.yaml
name: Epsilon
kind: board
from: unknown
identifiers: [{scheme: code, code: D1}] # <- identifier-twice
sources: [paper]
--- bodies/gamma.yaml
name: Gamma
kind: board
from: 2022-01-01
identifiers:
- {scheme: code, code: A1, from: 2022-07-01}
- {scheme: code, code: B1, from: 2022-06/2022-07} # <- identifier-twice
- {scheme: code, code: C1, confidence: inferred, note: From a list.} # <- identifier-perhaps-twice
- {scheme: code, code: E1, from: unknown, confidence: inferred, note: From a list.}
- {scheme: code, code: F1, from: 2021-04/2022-06-30, to: 2022-06-30, confidence: inferred, note: From a list.}
- {scheme: code, code: G1, from: 2022-07-01}
- {scheme: code, code: H1, confidence: disputed, note: From a list.}
sources: [paper]
--- bodies/zeta.yaml
name: Zeta
kind: board
from: 2012-01-01
identifiers:
- {scheme: code, code: E1, from: unknown, confidence: inferred, note: From a list.} # <- identifier-perhaps-twice
- {scheme: code, code: F1, from: "2016", to: 2021-04/2022-06-30, confidence: inferred, note: From a list.}
- {scheme: code, code: G1, from: unknown, to: 2022-08-01, confidence: inferred, note: From a list.} # <- identifier-perhaps-twice
- {scheme: code, code: H1}
sources: [paper]
--- bodies/planned.yaml
name: Planned
kind: board
planned: {from: 2020-01-01}
identifiers: [{scheme: code, code: A1}]
sources: [paper]
--- bodies/zeta.yaml
name: Zeta
kind: board
from: unknown
to: unknown
identifiers: [{scheme: code, code: A1}]
sources: [paper]
""",
    "numbers of items and sub-items": """
--- priorities/aims.yaml
name: Aims
owner: alpha
from: 2020-01-01
sources: [paper]
items:
- number: 1
  summary: One.
  items:
  - {number: 1, summary: One.}
  - {number: 2, summary: Two.}
  - {number: 2, summary: Three.} # <- number-twice
- number: 2
  summary: Two.
  items:
  - {number: 1, summary: One.}
- {number: 2, summary: Three.} # <- number-twice
""",
    "figures and layers": BETA
    + """
figures:
- {about: networks, low: 30, high: 30, sources: [paper]}
- {about: places, low: 31, high: 30, sources: [paper]} # <- low-above-high
--- documents/second.yaml
title: A second paper
kind: paper
extent: {lines: 40}
layers:
- {lines: [10, 10], speaks_of: 2026-05-01}
- {lines: [11, 10], speaks_of: 2026-05-01} # <- layers-reversed
- {lines: [11, 41], speaks_of: 2026-05-01} # <- outside-extent
""",
    "turns": BETA
    + """
roles:
  chair:
    title: Chair
    member_type: chair
    rotation: {among: [alpha/chair, alpha/member]}
    turns:
    - {role: alpha/member, from: 2020-01-01, to: 2020-12-31, sources: [paper]}
    - {role: beta/second, from: 2021-01-01, to: 2021-12-31, sources: [paper]} # <- turn-outside-rotation
    - {role: beta/second, from: 2022-01-01, note: The rule was not kept., sources: [paper]}
  second:
    title: Second
    member_type: member
    turns:
    - {role: alpha/chair, from: 2020-01-01, sources: [paper]}
""",
    # --- loops
    "loops of parents, with links that never held together": """
--- bodies/a.yaml
name: A
kind: board
from: 2010-01-01
part_of: [{body: b, relation: part-of}] # <- loop-of-parents
sources: [paper]
--- bodies/b.yaml
name: B
kind: board
from: 2010-01-01
part_of: [{body: c, relation: part-of}, {body: a, relation: part-of, to: 2012-12-31}]
sources: [paper]
--- bodies/c.yaml
name: C
kind: board
from: 2010-01-01
part_of: [{body: a, relation: part-of, from: unknown}]
sources: [paper]
--- bodies/d.yaml
name: D
kind: board
from: 2010-01-01
part_of: [{body: e, relation: part-of, to: 2015-12-31}]
sources: [paper]
--- bodies/e.yaml
name: E
kind: board
from: 2010-01-01
part_of: [{body: d, relation: part-of, from: 2015-12/2016-01}]
sources: [paper]
--- bodies/f.yaml
name: F
kind: board
from: 2010-01-01
part_of: [{body: g, relation: part-of, to: 2015-12-31}] # <- loop-of-parents
sources: [paper]
--- bodies/g.yaml
name: G
kind: board
from: 2010-01-01
part_of: [{body: f, relation: part-of, from: 2015-12-31, to: 2016-12-31}]
sources: [paper]
--- bodies/self.yaml
name: Self
kind: board
from: 2010-01-01
part_of: [{body: self, relation: part-of}] # <- loop-of-parents
sources: [paper]
""",
    "posts and turns that go round": BETA
    + """
roles:
  chair:
    title: Chair
    member_type: chair
    turns: [{role: beta/second, from: 2020-01-01, sources: [paper]}] # <- loop-of-posts
  second:
    title: Second
    member_type: member
    ex_officio: [{role: beta/chair, from: 2020-01-01}, {role: beta/third, from: 2020-01-01}]
  third:
    title: Third
    member_type: member
    ex_officio: [{role: alpha/chair, from: 2020-01-01}]
""",
    "a succession that goes round, and functions that go back": """
--- bodies/a.yaml
name: A
kind: board
from: 2010-01-01
succeeds: [{of: [b], kind: replacement, date: 2015-01-01, sources: [paper]}] # <- loop-of-succession
sources: [paper]
--- bodies/b.yaml
name: B
kind: board
from: 2010-01-01
succeeds: [{of: [a], kind: replacement, date: 2016-01-01, sources: [paper]}]
sources: [paper]
--- bodies/c.yaml
name: C
kind: board
from: 2010-01-01
succeeds: [{of: [d], kind: transfer, date: 2015-01-01, sources: [paper]}]
sources: [paper]
--- bodies/d.yaml
name: D
kind: board
from: 2010-01-01
succeeds: [{of: [c], kind: transfer, date: 2016-01-01, sources: [paper]}]
sources: [paper]
--- bodies/e.yaml
name: E
kind: board
from: 2010-01-01
succeeds: [{of: [e], kind: transfer, date: 2015-01-01, sources: [paper]}] # <- loop-of-succession
sources: [paper]
""",
    "documents that are parts of one another, and a part that supersedes": """
--- documents/a.yaml
title: A
kind: paper
part_of: b # <- loop-of-documents
--- documents/b.yaml
title: B
kind: paper
part_of: a
--- documents/c.yaml
title: C
kind: paper
part_of: d
--- documents/d.yaml
title: D
kind: paper
supersedes: [c]
""",
    # --- evidence
    "places in a document": """
--- documents/long.yaml
title: Long
kind: paper
extent: {pages: 12}
--- bodies/beta.yaml
name: Beta
kind: board
from: 2010-01-01
sources:
- paper line 100
- paper line 101 # <- outside-extent
- paper lines 1, 2-3 and 99-100
- paper lines 9-4 # <- outside-extent
- paper line 0 # <- outside-extent
- paper lines 99999999999999999999 # <- outside-extent
- paper page 5000
- paper section 14Z25, paragraph 3.2
- paper minute 2022/101
- long page 12, line 400
- long pages 11–13 # <- outside-extent
- long lines 4000
- {document: long, at: "Page 13"} # <- outside-extent
""",
    "many citations beyond one extent have one cause": """
--- documents/short.yaml
title: Short
kind: paper
extent: {lines: 1} # <- outside-extent
--- bodies/beta.yaml
name: Beta
kind: board
from: 2010-01-01
sources: [short line 2, short line 3, short line 4, short line 5, short line 6, short line 7]
""",
    "inferred, with notes at every height": """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2010-01-01
sources: [paper]
names:
- {name: Bet, use: short, confidence: inferred} # <- inferred-without-note
- {name: Bat, use: short, confidence: inferred, note: From the heading.}
roles:
  chair:
    title: Chair
    member_type: chair
    note: Read from a figure.
    appointments:
    - {person: ann-other, from: 2020-01-01, confidence: inferred, sources: [paper]}
  second:
    title: Second
    member_type: member
    appointments:
    - {person: bo-other, from: 2020-01-01, confidence: inferred, sources: [paper]} # <- inferred-without-note
--- bodies/gamma.yaml
name: Gamma
kind: board
from: 2010-01-01
note: All of it is read from a figure.
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
    confidence: inferred
""",
    "days that have not come": """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2010-01-01
sources: [paper]
corrections:
- made: 2026-11-23 # <- recorded-in-the-future
  about: The name
  said: Bet
  says: Beta
  sources: [paper]
- {made: 2026-11-22, about: The day, said: One., says: Two., sources: [paper]}
""",
    "old evidence is counted once for a file": OLD
    + """
--- documents/act.yaml
title: An Act
kind: act
standing: instrument
from: 2012-01-01
--- documents/dateless.yaml
title: Dateless
kind: paper
--- documents/plan.yaml
title: A plan # <- stale-evidence
kind: plan
owner: alpha
milestones:
- {what: One., by: 2023-01-01, sources: [old]}
- {what: Two., by: 2023-01-01, status: done, sources: [old]}
--- bodies/beta.yaml
name: Beta # <- stale-evidence
kind: board
from: 2010-01-01
sources: [old]
members:
- {body: alpha, from: unknown}
- {body: gamma, from: unknown, to: unknown}
roles:
  chair:
    title: Chair
    member_type: chair
    seats: unknown
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [old]}
    - {person: bo-other, from: 2020-01-01, sources: [old, paper]}
    - {person: not-named, from: 2020-01-01, sources: [dateless]}
    - {person: not-named, from: 2020-01-01, to: 2022-12-31, sources: [old]}
  second:
    title: Second
    member_type: member
    ex_officio: [{role: alpha/chair, from: 2012-01-01, sources: [act]}]
--- bodies/gamma.yaml
name: Gamma
kind: board
from: 2010-01-01
to: 2024-01-01
sources: [old]
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
    - {person: ann-other, from: 2020-01-01, sources: [old]}
--- bodies/delta.yaml
name: Delta
kind: board
from: 2010-01-01
sources: [old]
--- bodies/epsilon.yaml
name: Epsilon
kind: board
from: 2010-01-01
checked: [paper]
sources: [old]
members:
- {body: alpha, from: unknown}
""",
}


def told(text: str, *names: str) -> list[Problem]:
    now, then = laid(text)
    verdict = checked(now, loaded(now), TODAY, select=names, since=(then, loaded(then)) if then else None)
    return [problem for problem in verdict.problems if names or problem.rule not in ORPHANS]


@pytest.mark.parametrize("name", FIXTURES)
def test_each_guilty_line_is_told_once_and_no_near_miss(name: str) -> None:
    now, _ = laid(FIXTURES[name])
    some = told(FIXTURES[name])
    assert {(p.source.path, p.line, p.rule) for p in some} == marked(now)
    assert len(some) == len(marked(now)), "one cause, one message"
    for problem in some:
        assert problem.message.endswith(".")
        assert problem.message[0].isupper() or problem.message[0] in "'0123456789", problem.message
        assert problem.help.endswith(".")


def test_a_message_names_people_posts_and_days() -> None:
    (one,) = told(
        BETA
        + "roles:\n"
        + SEAT.format("seat")
        + """
    appointments:
    - {person: ann-other, from: 2020-01-01, to: 2022-06-30, sources: [paper]}
    - {person: bo-other, from: 2022-06-30, sources: [paper]}
"""
    )
    assert one.message == "On 30 June 2022 there were 2 people in 1 seat, Seat of Beta: Ann Other and Bo Other."
    assert [source.pointer for source in one.related] == [("roles", "seat", "appointments", 0, "person")]


def test_old_evidence_is_told_with_its_count_and_day() -> None:
    body = BETA.replace("sources: [paper]", "sources: [old]")
    some = told(OLD + body + "members:\n- {body: alpha, from: unknown}\n", "stale-evidence")
    assert [problem.message for problem in some] == [
        "One member body, all that is open here, has not been confirmed since 20 September 2022."
    ]


def test_staleness_follows_the_settings() -> None:
    kmics = '--- kmics.yaml\nname: Test\nmodel: "1"\nkinds:\n  board: board\nstale_after: {}\n'
    text = OLD + BETA.replace("[paper]", "[old]") + "members:\n- {body: alpha, from: unknown}\n"
    assert told(kmics.format("4 years") + text, "stale-evidence")
    assert not told(kmics.format("5 years") + text, "stale-evidence")


def test_time_alone_brings_only_what_timely_rules_find() -> None:
    """On a later day the same registry has more to tell, and nothing new from a rule that is not timely."""
    for text in FIXTURES.values():
        now, _ = laid(text)
        registry = loaded(now)
        early = {(p.rule, p.source, p.message) for p in checked(now, registry, TODAY).problems}
        late = {(p.rule, p.source, p.message) for p in checked(now, registry, date(2029, 1, 1)).problems}
        timely = {rule.name for rule in RULES if rule.timely}
        assert {rule for rule, _, _ in late - early} <= timely


# --- what is sure, against a count of every day

DAYS = [date(2022, 1, 1) + timedelta(n) for n in range(12)]


def looking(*bodies: Body) -> Look:
    nowhere = Source("kmics.yaml")
    kept = Settings(source=nowhere, name="T", model="1", kinds={})
    registry = Registry(source=nowhere, settings=kept, bodies={body.id: body for body in bodies})
    return Look(Snapshot({}, (), None), registry, (), TODAY)


@st.composite
def moments(draw: st.DrawFn) -> str:
    first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    return draw(st.sampled_from([first.isoformat(), f"{first}/{last}", "unknown", f"../{last}", f"{first}/.."]))


@settings(max_examples=150, deadline=None)
@given(times=st.lists(st.tuples(moments(), moments()), min_size=2, max_size=4), seats=st.integers(1, 2))
@example(times=[("2022-01-01", "2022-01-02"), ("2022-01-02", "unknown"), ("2022-01-03", "2022-01-01")], seats=1)
def test_too_many_holders_are_those_that_a_count_of_every_day_finds(
    times: list[tuple[str, str]], seats: int
) -> None:
    appointments = tuple(
        Appointment(source=Source("bodies/beta.yaml", (n,)), person=f"p{n}", from_=parse(start), to=parse(end))
        for n, (start, end) in enumerate(times)
    )
    here = Source("bodies/beta.yaml")
    role = Role(
        source=here, id="seat", body="beta", title="S", member_type="member", seats=seats, appointments=appointments
    )
    look = looking(Body(source=here, id="beta", name="Beta", kind="board", roles={"seat": role}))
    sure = [sum(lasts(one.from_, one.to, on(day)) is Answer.YES for one in appointments) for day in DAYS]
    stretches = sum(count > seats and (n == 0 or sure[n - 1] <= seats) for n, count in enumerate(sure))
    assert len(list(too_many_holders(look))) == stretches
    for one in appointments:
        days = surely_there(look, one)
        there = [day for day in DAYS if lasts(one.from_, one.to, on(day)) is Answer.YES]
        assert there == [day for day in DAYS if days and days.first <= day <= days.last]


# --- large and hostile registries


def timed(text: str, *names: str) -> tuple[list[Problem], float]:
    now, then = laid(text)
    look = Look(now, loaded(now)[0], (), TODAY, Look(then, loaded(then)[0], (), TODAY) if then else None)
    began = time.perf_counter()
    some = [problem for rule in RULES if rule.name in names for problem in rule(look)]
    return some, time.perf_counter() - began


def test_a_loop_of_ten_thousand_bodies_is_told_once_and_soon() -> None:
    def body(number: int) -> Body:
        source = Source(f"bodies/b{number}.yaml")
        before = f"b{(number + 1) % 10_000}"
        parent = Parent(source=source, body=before, relation="part-of")
        step = Succession(source=source, of=(before,), kind="replacement")
        return Body(
            source=source,
            id=source.path[7:-5],
            name="B",
            kind="board",
            part_of=(parent,),
            succeeds=(step,),
            one_of=before,
            class_=True,
        )

    look = looking(*map(body, range(10_000)))
    began = time.perf_counter()
    some = [problem for rule in LOOPS for problem in rule(look)]
    assert time.perf_counter() - began < 20
    assert sorted(problem.rule for problem in some) == ["loop-of-classes", "loop-of-parents", "loop-of-succession"]
    for problem in some:
        assert problem.message.endswith(": b0 > b1 > b2 > … > b9999 > b0.")
        assert len(problem.related) == 10


def test_a_ring_of_bodies_that_all_belong_to_one_another_is_bounded() -> None:
    """Every body is part of fifty others, each link with a day of its own."""
    text = "".join(
        f"--- bodies/b{n}.yaml\nname: B\nkind: board\nfrom: 2000-01-01\nsources: [paper]\npart_of:\n"
        + "".join(
            f"- {{body: b{(n + k) % 300}, relation: part-of, to: {2001 + (n + k) % 900}-01-01}}\n"
            for k in range(1, 51)
        )
        for n in range(300)
    )
    some, took = timed(text, "loop-of-parents")
    assert len(some) == 1
    assert took < 20


def test_a_thousand_people_in_one_seat_cost_little() -> None:
    lines = "".join(
        f"    - {{person: p{n}, capacity: substantive, from: 2020-01-01, to: 20{21 + n % 5}-01-01, sources: [paper]}}\n"
        for n in range(1000)
    )
    vacant = "".join(
        f"    - {{from: 20{10 + n % 9}-01-01, to: 2025-01-01, sources: [paper]}}\n" for n in range(200)
    )
    text = BETA + "roles:\n" + SEAT.format("seat") + f"    vacant:\n{vacant}    appointments:\n{lines}"
    some, took = timed(text, *(rule.name for rule in (*SEATS, *APPOINTMENTS)))
    assert took < 20
    assert {problem.rule for problem in some} == {"two-substantive-holders", "held-though-vacant"}
    assert all(len(problem.message) < 300 and len(problem.related) <= 11 for problem in some)
    (one,) = [problem for problem in some if problem.rule == "two-substantive-holders"]
    assert "and 7 more" in one.message


# --- one wrong end

WIDE = BETA.replace("board\n", "board\nto: {}\n") + "roles:\n"
FIVE = "".join(
    SEAT.format(f"s{n}") + "    appointments:\n    - {person: not-named, from: 2021-01-01, sources: [paper]}\n"
    for n in range(5)
)


def test_a_wrong_end_of_a_body_is_told_once_at_that_end() -> None:
    text = WIDE.format("2012-01-01") + FIVE
    (one,) = told(text, "outside-life")
    assert one.message == "5 appointments lie, at least in part, after the end of Beta on 1 January 2012."
    assert one.source.pointer == ("to",)
    assert len(one.related) == 5
    vacant = FIVE + "    vacant:\n    - {from: 2010-02-01, to: 2021-01-02, sources: [paper]}\n"
    (one,) = told(WIDE.format("2012-01-01") + vacant, "outside-life")
    assert one.message.startswith("6 entries lie, ")


def test_of_an_end_that_follows_from_another_record_it_is_said_from_which() -> None:
    taken = GAMMA + "succeeds:\n- {of: [beta], kind: replacement, date: 2012-01-01, sources: [paper]}\n"
    (one,) = told(BETA + "roles:\n" + FIVE + taken, "outside-life")
    assert one.message.endswith("the end of Beta on 31 December 2011, which follows from the record of Gamma.")
    assert one.source.pointer == ("name",)


def test_fewer_things_beyond_an_end_are_no_new_problem_and_more_are() -> None:
    def after(old: int, new: int) -> list[str]:
        lines = FIVE.split("  s")
        texts = [WIDE.format("2012-01-01") + "  s".join(lines[: count + 1]) for count in (old, new)]
        before = texts[0].replace("beta.yaml\n", "beta.yaml before\n")
        return [problem.message for problem in told(before + texts[1], "outside-life")]

    for old in range(1, 6):
        for new in range(1, 6):
            assert len(after(old, new)) == (new > old), (old, new)
    assert after(1, 2) == ["2 appointments lie, at least in part, after the end of Beta on 1 January 2012."]


# --- people and text


def of_a_person(line: str) -> list[str]:
    """Return the rules that a line in a person's record breaks."""
    return [problem.rule for problem in told(f"--- people/cy-other.yaml\n{line}\n")]


@pytest.mark.parametrize(
    "words",
    [
        "Cy Other (Con)",
        "Cllr Cy Other (Ind)",
        "Councillor A. Nobody (Green)",
        "Ann Other (LD)",
        "A Conservative.",
        "The Conservatives hold the council",
        "Tory leader",
        "One of two Tories",
        "A Reform councillor",
        "The Labour-led council",
        "Leader of the Green group",
    ],
)
def test_a_party_is_told_however_it_is_named(words: str) -> None:
    text = BETA + f"note: {words!r}\n"
    (one,) = told(text, "political-party")
    assert one.source.path == "bodies/beta.yaml"
    assert one.message == "This names a political party."


@pytest.mark.parametrize(
    "words",
    [
        "Reform of services, and the Reform Act",
        "Health and Care (Reform) Act",
        "Labour and delivery; a Labour ward",
        "Green spaces; rated (Green) for safety",
        "A conservative estimate. A Conservative estimate. Conservative treatment",
        "Learning disability (LD) and the (Lab)",
        "Independent members, and a member (Independent)",
        "The territory of a factory",
        "Liberal use of the independent sector",
    ],
)
def test_words_that_are_no_party_are_silent(words: str) -> None:
    assert told(BETA + f"note: {words!r}\n", "political-party") == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Cy (Other) Otherton", "Brackets are no part of a person's name."),
        ("Cy Other OBE", "Letters after a name are no part of a person's name."),
        ("Cy Other, CBE", "Letters after a name are no part of a person's name."),
        ("Cy Other FRCGP", "Letters after a name are no part of a person's name."),
        ("The Rt Hon Cy Other", "'Rt Hon' is no part of a person's name."),
        ("Other, Cy", "A comma is no part of a person's name."),
        ("cy other", "This name has no capital letter."),
    ],
)
def test_a_name_with_additions_is_told_once(name: str, message: str) -> None:
    (one,) = told(f"--- people/cy-other.yaml\nname: {name!r}\n")
    assert (one.rule, one.message) == ("name-with-additions", message)


@pytest.mark.parametrize(
    "name",
    ["Cy de la Other-O'Neill", "C. Other", "Mp Other", "Kc Other", "Jo Ma", "王小明", "Ó Other", "bell Other"],
)
def test_names_without_additions_are_silent(name: str) -> None:
    assert of_a_person(f'name: "{name}"') == []


@pytest.mark.parametrize(
    ("name", "rules"),
    [("CY OTHER", ["shouting"]), ("J NG", ["shouting"]), ("Cy OTHER", []), ("王 小明", []), ("OTHER", [])],
)
def test_two_words_of_a_person_in_capitals_are_enough(name: str, rules: list[str]) -> None:
    assert of_a_person(f'name: "{name}"') == rules


def test_other_names_may_be_short_and_in_capitals() -> None:
    assert told(BETA.replace("name: Beta", "name: NHS BETA"), "shouting") == []
    assert len(told(BETA.replace("name: Beta", "name: NHS BETA AND GAMMA"), "shouting")) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Cy  Other", "2 spaces stand after 'Cy' in this name."),
        ("Cy X.   Other", "3 spaces stand after 'X.' in this name."),
        ("Cy\u00a0Other", "A no-break space (U+00A0) stands after 'Cy' in this name."),
        ("Cy\u2009Other", "An unusual space (U+2009) stands after 'Cy' in this name."),
    ],
)
def test_it_is_said_which_space_is_stray(name: str, message: str) -> None:
    (one,) = told(f"--- people/cy-other.yaml\nname: {name}\n", "stray-spaces")
    assert one.message == message


# --- the past

ALPHA = """
--- bodies/alpha.yaml before
name: Alpha
kind: board
from: 2020-01-01
sources: [paper line 1]
succeeds:
- {of: [beta], kind: replacement, date: 2020-01-01, sources: [paper]}
roles:
  chair:
    title: Chair
    member_type: chair
    vacant:
    - {from: 2020-06-01, to: 2020-06-30, sources: [paper]}
    appointments:
    - {person: ann-other, capacity: interim, from: 2020-01-01, to: 2020-05-31, sources: [paper]}
    - {person: ann-other, from: "2021", sources: [paper]}
    - {person: not-named, from: 2027-01-01, to: 2028-12-31, sources: [paper]}
  member:
    title: Member
    member_type: member
    ex_officio:
    - {role: beta/chair, from: 2020-01-01}
    appointments:
    - {person: bo-other, from: 2020-01-01, to: unknown, sources: [paper]}
"""
BEFORE = (
    ALPHA
    + """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2010-01-01
to: 2019-12-31
sources: [paper]
roles:
  chair:
    title: Chair
    member_type: chair
"""
)
CORRECTION = "corrections:\n- {{made: 2026-11-21, about: {}, said: One., says: Two., sources: [paper]}}\n"
ABOUT: dict[str, tuple[str, ...]] = {
    "an end on an unknown day taken away": ("member", "Bo Other", "bo-other", "The seat 'member' (its end)"),
    "a holder": ("member", "Bo Other"),
    "a post": ("member",),
    "a role": ("member", "roles.member"),
    "a vacancy": ("chair", "Chair"),
    "the body's start": ("from", "alpha", "Alpha", "its start", "When it began"),
    "the kind of a succession": ("succeeds", "beta", "Beta", "Succession"),
    "a succession": ("succeeds", "The replacement of Beta"),
}
"""What a correction of the changes below can be about, if not `chair`."""


def changed(*swaps: tuple[str, str], more: str = "") -> list[str]:
    """Return what is told when parts of Alpha's file are swapped for others."""
    after = ALPHA.replace(" before\n", "\n")
    for old, new in swaps:
        assert old in after
        after = after.replace(old, new)
    return [problem.message for problem in told(BEFORE + after + more, "uncorrected-change")]


QUIET: dict[str, tuple[tuple[str, str], ...]] = {
    "nothing": (),
    "a first end": (('from: "2021", ', 'from: "2021", to: 2026-01-31, '),),
    "a nearer day": (('from: "2021"', "from: 2021-04-01"),),
    "a nearer end": (("to: unknown", "to: 2022"),),
    "more evidence": (('from: "2021", sources: [paper]', 'from: "2021", sources: [paper, paper line 3]'),),
    "a capacity where there was none": (('from: "2021"', 'capacity: substantive, from: "2021"'),),
    "what lies ahead": (("from: 2027-01-01, to: 2028-12-31", "from: 2027-02-01"),),
    "another order": (
        ("    - {person: ann-other, capacity: interim, from: 2020-01-01, to: 2020-05-31, sources: [paper]}\n", ""),
        (
            "sources: [paper]}\n    - {person: not-named",
            "sources: [paper]}\n    - {person: ann-other, capacity: interim, from: 2020-01-01, to: 2020-05-31, "
            "sources: [paper]}\n    - {person: not-named",
        ),
    ),
    "a role with a new id": (("  chair:\n", "  head:\n    former_ids: [chair]\n"),),
    "what replaced nothing": (
        ("replacement, date: 2020-01-01", "replacement, date: 2020-01-01, note: So it says."),
    ),
}
LOUD: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "a start": (
        (('from: "2021"', "from: 2022-01-01"),),
        "Ann Other as 'Chair': the record said that this began 2021, and now that it began 1 January 2022.",
    ),
    "a vaguer start": (
        (("interim, from: 2020-01-01", "interim, from: 2020-01"),),
        "Ann Other as 'Chair': the record said that this began 1 January 2020, and now that it began January 2020.",
    ),
    "an end": (
        (("to: 2020-05-31", "to: 2020-06-30"),),
        "Ann Other as 'Chair': the record said that this ended 31 May 2020, and now that it ended 30 June 2020.",
    ),
    "an end taken away": (
        ((", to: 2020-05-31", ""),),
        "Ann Other as 'Chair': the record said that this ended 31 May 2020, and now gives no day.",
    ),
    "an end on an unknown day taken away": (
        ((", to: unknown", ""),),
        "Bo Other as 'Member': the record said that this ended on an unknown day, and now gives no day.",
    ),
    "a capacity": (
        (("capacity: interim", "capacity: substantive"),),
        "Ann Other as 'Chair': the record said interim, and now substantive.",
    ),
    "a holder": (
        (("{person: bo-other", "{person: ann-other"),),
        "Bo Other as 'Member', from 1 January 2020, is no longer recorded.",
    ),
    "an appointment deleted": (
        (('    - {person: ann-other, from: "2021", sources: [paper]}\n', ""),),
        "Ann Other as 'Chair', from 2021, is no longer recorded.",
    ),
    "a vacancy": (
        (("    vacant:\n    - {from: 2020-06-01, to: 2020-06-30, sources: [paper]}\n", ""),),
        "The vacancy of 'Chair', from 1 June 2020, is no longer recorded.",
    ),
    "a post": (
        (("role: beta/chair, from: 2020-01-01", "role: beta/chair, from: 2021-01-01"),),
        "The post that 'Member' goes with: the record said that this began 1 January 2020, "
        "and now that it began 1 January 2021.",
    ),
    "a role": (
        (
            (
                "  member:\n    title: Member\n    member_type: member\n    ex_officio:\n"
                "    - {role: beta/chair, from: 2020-01-01}\n    appointments:\n"
                "    - {person: bo-other, from: 2020-01-01, to: unknown, sources: [paper]}\n",
                "",
            ),
        ),
        "The role 'Member', with what was recorded there, is deleted.",
    ),
    "the body's start": (
        (("board\nfrom: 2020-01-01", "board\nfrom: 2020-02-01"),),
        "Alpha: the record said that this began 1 January 2020, and now that it began 1 February 2020.",
    ),
    "the kind of a succession": (
        (("kind: replacement", "kind: transfer"),),
        "The record said replacement, 1 January 2020, and now transfer, 1 January 2020.",
    ),
    "a succession": (
        (("succeeds:\n- {of: [beta], kind: replacement, date: 2020-01-01, sources: [paper]}\n", ""),),
        "Alpha no longer succeeds 'beta'.",
    ),
}


@pytest.mark.parametrize("name", QUIET)
def test_what_is_no_change_of_the_past(name: str) -> None:
    assert changed(*QUIET[name]) == []


@pytest.mark.parametrize("name", LOUD)
def test_a_past_that_changed_is_told_unless_it_is_corrected(name: str) -> None:
    swaps, message = LOUD[name]
    assert changed(*swaps) == [message]
    for about in ABOUT.get(name, ("chair", "roles/chair: the appointments", "Ann Other", "Dr Ann Other's start")):
        assert changed(*swaps, corrected(about)) == [], about
    for about in ("deputy", "the chairs", "to", "It", "Cy Other"):
        assert changed(*swaps, corrected(about)) == [message], about


def corrected(about: str) -> tuple[str, str]:
    """Return the swap that adds a correction."""
    return "sources: [paper line 1]\n", f"sources: [paper line 1]\n{CORRECTION.format(chr(34) + about + chr(34))}"


SLIP = ("{person: bo-other", "{person: bo-othr")


def test_a_slip_of_the_pen_is_no_change_of_the_past() -> None:
    assert changed(SLIP) == []
    assert changed(("role: beta/chair", "role: beta/chiar")) == []
    assert changed(("of: [beta]", "of: [betta]")) == []
    (one,) = changed(SLIP, ("from: 2020-01-01, to: unknown", "from: 2020-02-01, to: unknown"))
    assert one.startswith("Bo Other as 'Member': the record said that this began 1 January 2020")
    now, then = laid(BEFORE + ALPHA.replace(" before\n", "\n").replace(*SLIP))
    assert then is not None
    back = checked(then, loaded(then), TODAY, select=["uncorrected-change"], since=(now, loaded(now)))
    assert back.problems == ()  # nor is putting it right


def test_a_value_without_quotes_is_told_as_that_alone() -> None:
    quoteless = ('from: "2021"', "from: 2022")
    assert changed(quoteless) == []
    off = '--- kmics.yaml before\nname: Test\nmodel: "1"\nkinds: {board: board}\nseverities: {yaml-quote: "off"}\n'
    assert len(changed(quoteless, more=off)) == 1  # unless that is not told


def test_a_correction_of_one_part_covers_no_other() -> None:
    swaps = (("to: 2020-05-31", "to: 2020-06-30"), ("{person: bo-other", "{person: ann-other"))
    (one,) = changed(*swaps, corrected("chair"))
    assert one.startswith("Bo Other as 'Member'")
    (one,) = changed(*swaps, corrected("Bo Other"))
    assert one.startswith("Ann Other as 'Chair'")
    start = ("board\nfrom: 2020-01-01", "board\nfrom: 2020-02-01")
    assert len(changed(start, corrected("chair: from"))) == 1
    assert len(changed(start, corrected("from"))) == 0


def test_a_past_that_changed_twice_is_told_twice() -> None:
    assert len(changed(("to: 2020-05-31", "to: 2020-06-30"), ("to: unknown", "to: unknown, capacity: acting"))) == 1
    assert len(changed(("to: 2020-05-31", "to: 2020-06-30"), ('from: "2021"', "from: 2022-01-01"))) == 2


def test_a_person_with_a_new_id_or_a_name_withheld_is_no_change() -> None:
    new_id = "--- people/bo-other.yaml\n\n--- people/bo-new.yaml\nname: Bo Other\n{}"
    before = "--- people/bo-other.yaml before\nname: Bo Other\n--- people/bo-new.yaml before\n"
    swap = ("person: bo-other", "person: bo-new")
    assert changed(swap, more=before + new_id.format("former_ids: [bo-other]\n")) == []
    assert changed(swap, more=before + new_id.format("")) == []
    # but not if somebody else, who was there before, takes the place
    assert len(changed(("person: bo-other", "person: ann-other"), more=before + "--- people/bo-other.yaml\n")) == 1


def test_a_body_deleted_renamed_or_moved() -> None:
    gone = "--- bodies/alpha.yaml\n"
    (one,) = told(BEFORE + gone, "uncorrected-change")
    assert one.message == "The record of Alpha, a body that was there, is deleted."
    after = ALPHA.replace(" before\n", "\n")
    renamed = after.replace("bodies/alpha.yaml", "bodies/omega.yaml")
    before = "--- bodies/omega.yaml before\n"
    assert told(BEFORE + gone + before + renamed + "former_ids: [alpha]\n", "uncorrected-change") == []
    moved = after.replace("bodies/alpha.yaml", "bodies/deeper/alpha.yaml")
    assert told(BEFORE + gone + moved + "--- bodies/deeper/alpha.yaml before\n", "uncorrected-change") == []
    broken = "--- bodies/alpha.yaml\nname: [\n"
    assert told(BEFORE + broken, "uncorrected-change") == []


def test_a_correction_is_not_taken_out() -> None:
    corrected = ALPHA.replace("sources: [paper line 1]\n", f"sources: [paper line 1]\n{CORRECTION.format('It')}")
    after = ALPHA.replace(" before\n", "\n")
    (one,) = told(corrected + after, "uncorrected-change")
    assert one.message == "1 correction that stood here was taken out or changed."
    assert told(corrected + corrected.replace(" before\n", "\n"), "uncorrected-change") == []
    reworded = corrected.replace(" before\n", "\n").replace("said: One.", "said: 1.")
    assert told(corrected + reworded, "uncorrected-change") == []


def test_a_correction_that_was_there_or_is_changed_excuses_nothing() -> None:
    corrected = ALPHA.replace("sources: [paper line 1]\n", f"sources: [paper line 1]\n{CORRECTION.format('It')}")
    after = corrected.replace(" before\n", "\n").replace("to: 2020-05-31", "to: 2020-06-30")
    assert len(told(corrected + after, "uncorrected-change")) == 1
    reworded = after.replace("said: One.", "said: Not one.")
    assert reworded != after
    assert [one.message[:14] for one in told(corrected + reworded, "uncorrected-change")] == ["Ann Other as '"]
    # nor does one of another body, whose record takes this one's place
    body = f"name: Omega\nkind: board\nfrom: 2020-01-01\nsources: [paper]\n{CORRECTION.format('It')}"
    other = f"--- bodies/omega.yaml before\n{body}--- bodies/omega.yaml\n{body}former_ids: [alpha]\n"
    assert told(BEFORE + "--- bodies/alpha.yaml\n" + other, "uncorrected-change")


def test_nobody_new_takes_the_place_of_somebody_deleted() -> None:
    swap = ("person: bo-other", "person: eve-new")
    more = "--- people/bo-other.yaml before\nname: Bo Other\n--- people/eve-new.yaml before\n--- people/bo-other.yaml\n"
    assert len(changed(swap, more=more + "--- people/eve-new.yaml\nname: Eve New\n")) == 1


def test_who_is_covered_may_sit_there_by_a_post() -> None:
    text = """
--- bodies/beta.yaml
name: Beta
kind: board
from: 2020-01-01
sources: [paper line 2]
roles:
  member:
    title: Member
    member_type: member
    ex_officio:
    - {role: alpha/chair, from: 2020-01-01, sources: [paper]}
  deputy:
    title: Deputy
    member_type: deputy
    appointments:
    - {person: bo-other, covering: ann-other, from: 2021-01-01, sources: [paper]}
"""
    assert told(text, "not-in-post") == []
    assert (
        len(
            told(
                text.replace(
                    "    ex_officio:\n    - {role: alpha/chair, from: 2020-01-01, sources: [paper]}\n", ""
                ),
                "not-in-post",
            )
        )
        == 1
    )
    assert told(text.replace("covering: ann-other", "covering: nobody-here"), "not-in-post") == []


def test_many_names_in_one_file_cost_little() -> None:
    people = "".join(
        f"--- people/p-{n}.yaml\nname: P{chr(97 + n % 26)} Q{chr(97 + n // 26)}z\n" for n in range(600)
    )
    mail = "# governance@example.org Labour Party ME1 1AA\n" * 20_000
    some, took = timed(f"{people}--- people/zed.yaml\n{mail}name: Zed\n", "personal-data", "political-party")
    assert (len(some), took < 10) == (40_000, True)


def test_a_comparison_of_long_lists_is_bounded() -> None:
    def roles(year: int) -> str:
        return "".join(
            f"  r{k}:\n    title: Seat\n    member_type: member\n    seats: unknown\n    appointments:\n"
            + "".join(
                f"    - {{person: ann-other, from: {year}-01-01, to: {year + 1}-01-01, sources: [paper]}}\n"
                for _ in range(400)
            )
            for k in range(10)
        )

    head = BETA + "roles:\n"
    text = head.replace(".yaml\n", ".yaml before\n", 1) + roles(2010) + head + roles(2012)
    some, took = timed(text, "uncorrected-change")
    assert len(some) == 8_000
    assert took < 20


# --- the register, and the real record


def test_every_rule_about_the_world_has_a_fixture_and_runs() -> None:
    met = {rule for text in FIXTURES.values() for _, _, rule in marked(laid(text)[0])}
    paged = {rule.name for rule in WORLD if rule.name in rule.manual.fails}
    assert {rule.name for rule in WORLD} <= met | paged
    assert {rule.name for rule in WORLD} <= {rule.name for rule in RULES}


def test_the_real_record_has_no_errors_and_each_warning_is_counted() -> None:
    snapshot = read_folder(REAL)
    verdict = checked(snapshot, loaded(snapshot), date.fromisoformat(REAL_DAY))
    assert [problem for problem in verdict.problems if problem.severity == "error"] == []
    stale = [problem.source.path for problem in verdict.problems if problem.rule == "stale-evidence"]
    assert len(stale) == len(set(stale)), "one for a file"
