"""The mark `linux_only`: what a test needs of Linux, in one reason. Elsewhere the test is skipped."""

from __future__ import annotations

import sys

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("linux_only"):
            if len(mark.args) != 1 or mark.kwargs or not str(mark.args[0]).strip():
                raise pytest.UsageError(f"{item.nodeid}: linux_only takes one reason")
            if not sys.platform.startswith("linux"):
                item.add_marker(pytest.mark.skip(reason=f"needs Linux: {mark.args[0]}"))
