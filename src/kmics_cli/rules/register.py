"""The register of rules. A rule that is not here is not run."""

from __future__ import annotations

from kmics_cli.rules.appointments import APPOINTMENTS
from kmics_cli.rules.duties import DUTIES
from kmics_cli.rules.evidence import EVIDENCE
from kmics_cli.rules.form import FORM
from kmics_cli.rules.look import Rule
from kmics_cli.rules.loops import LOOPS
from kmics_cli.rules.past import PAST
from kmics_cli.rules.people import PEOPLE
from kmics_cli.rules.references import REFERENCES
from kmics_cli.rules.seats import SEATS
from kmics_cli.rules.settings import SETTINGS
from kmics_cli.rules.stale import STALE
from kmics_cli.rules.structure import STRUCTURE
from kmics_cli.rules.succession import SUCCESSION
from kmics_cli.rules.text import TEXT
from kmics_cli.rules.time import TIME

RULES: tuple[Rule, ...] = (
    *FORM,
    *REFERENCES,
    *TIME,
    *APPOINTMENTS,
    *SEATS,
    *SUCCESSION,
    *STRUCTURE,
    *LOOPS,
    *EVIDENCE,
    *STALE,
    *PAST,
    *DUTIES,
    *PEOPLE,
    *TEXT,
    *SETTINGS,
)
"""Every rule, by what it is about."""

BY_NAME = {rule.name: rule for rule in RULES}
"""Every rule under its name."""
