"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

os.environ["KMICS_MEMO"] = "off"  # no test writes to the user's own cache; those of the memo make one


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
