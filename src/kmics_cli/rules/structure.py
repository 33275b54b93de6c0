"""The rules about structure."""

from __future__ import annotations

from kmics_cli.rules.look import Rule

STRUCTURE: tuple[Rule, ...] = ()
"""The rules about structure."""
