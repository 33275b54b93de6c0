"""Run the property tests for longer: `python benchmarks/fuzz.py [TIMES]`, by default 50 times as many examples.

Dates, reading (the C parser against the pure one) and the schema (the walk against jsonschema). Each ordinary
run of the tests is the short form.
"""

from __future__ import annotations

import os
import subprocess
import sys

FILES = ("tests/test_dates.py", "tests/test_yamltext.py", "tests/test_shape.py")


def main() -> int:
    """Run, and return pytest's exit code."""
    times = sys.argv[1] if len(sys.argv) > 1 else "50"
    command = [sys.executable, "-m", "pytest", "-q", *FILES]
    return subprocess.run(command, env={**os.environ, "KMICS_FUZZ": times}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
