"""The rules about evidence."""

from __future__ import annotations

from kmics_cli.rules.look import Rule

EVIDENCE: tuple[Rule, ...] = ()
"""The rules about evidence."""
