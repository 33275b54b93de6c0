"""The marked tests need packages that the README's test command does not bring: without them they cannot even be read."""

from __future__ import annotations

from importlib.util import find_spec

# .ci/run installs them before it runs the marked tests, and fails if it cannot.
collect_ignore = [] if find_spec("docx") else ["test_opened.py"]
