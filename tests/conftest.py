"""What holds for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from importlib.util import find_spec

import pytest

os.environ["KMICS_MEMO"] = "off"  # no test writes to the user's own cache; those of the memo make one


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only some systems have is no test on another: left out there, not skipped, since CI allows no skip."""
    systems = {"posix": os.name == "posix", "linux": sys.platform == "linux"}
    elsewhere = [item for item in items if any(not systems[m.args[0]] for m in item.iter_markers("only_on"))]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that skips itself has failed: something that CI should have installed is missing."""
    report = yield
    not_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that is skipped while its tests are looked for."""
    report = yield
    not_skipped(report)
    return report


def not_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {report.longrepr}"


# Of the marked tests, these cannot even be read without packages that the README's test command does not bring; .ci/run
# installs them before it runs the marked tests, and fails if it cannot.
collect_ignore = [] if find_spec("docx") else ["tools/test_opened.py"]
