"""How many examples the property tests try: a short form in every run, a long one by `benchmarks/fuzz.py`."""

from __future__ import annotations

import os


def examples(short: int) -> int:
    """Return `short`, times KMICS_FUZZ if that is set."""
    return short * int(os.environ.get("KMICS_FUZZ", "1"))
