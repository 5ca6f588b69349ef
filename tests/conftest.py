"""The mark `linux_only`: what a test needs of Linux, in one reason; elsewhere it is skipped. And the release, made once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("linux_only"):
            if len(mark.args) != 1 or mark.kwargs or not str(mark.args[0]).strip():
                raise pytest.UsageError(f"{item.nodeid}: linux_only takes one reason")
            if not sys.platform.startswith("linux"):
                item.add_marker(pytest.mark.skip(reason=f"needs Linux: {mark.args[0]}"))


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release's zip; what it brings is downloaded once, into .cache/release."""
    import make_release  # only where it is asked for: it needs the package index the first time

    return make_release.make(tmp_path_factory.mktemp("release"))
