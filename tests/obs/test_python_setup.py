"""What is wrong with OBS's Python, and the command that fixes it."""

from __future__ import annotations

import pytest
from fake_obspython import FakeObs


@pytest.mark.parametrize(("folder", "quoted"), [("C:\\Kick", False), ("C:\\Users\\A B\\Kick", True)])
def test_the_command_is_quoted_only_where_it_must_be(fake: FakeObs, folder: str, quoted: bool) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    assert ('"' in setup.command(folder).partition("--target")[2]) is quoted
    assert "Command Prompt" in setup.how_to_run("win32") and "terminal" in setup.how_to_run("darwin")
