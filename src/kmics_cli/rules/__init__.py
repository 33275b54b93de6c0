"""What must be true. Rules look and never write; `RULES` is the register, `checked` runs it."""

from kmics_cli.rules.judge import Verdict, checked, named, newly
from kmics_cli.rules.look import SEVERITIES, Look, Manual, Rule, found, near_rule, rule
from kmics_cli.rules.register import BY_NAME, RULES

__all__ = [
    "BY_NAME",
    "RULES",
    "SEVERITIES",
    "Look",
    "Manual",
    "Rule",
    "Verdict",
    "checked",
    "found",
    "named",
    "near_rule",
    "newly",
    "rule",
]
