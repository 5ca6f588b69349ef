"""The release in a real OBS whose Python has no websocket-client: unpacked where it can't be written, it connects."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from kick_simulator import KickSimulator
from link.index import Index
from obs_sandbox import ObsSandbox
from real_obs.session import BEHIND, ROOT, SCRIPT, ended_well, first_run, page, press, settings, text, wait_for

import vmsc_core
from vmsc_core.events import Status


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be written there: root writes through permissions, but not through a mount."""
    if os.geteuid() != 0:
        for inside, _, _ in os.walk(folder):
            os.chmod(inside, 0o555)
        yield
        return
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def script(release: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "\u00e9 \u65e5\u672c [1] (x)"
    folder.mkdir()
    with zipfile.ZipFile(release) as made:
        made.extractall(folder)
    return folder / "vmsc-obs" / "vmsc_obs.py"


def test_from_the_zip_it_connects_without_a_websocket_client_of_the_systems(kick: KickSimulator, script: Path) -> None:
    with read_only(script.parent), ObsSandbox(script, settings(kick), websocket_client=False) as obs:
        wait_for(obs, Status.CONNECTED)
        assert f"VMSC for OBS {vmsc_core.__version__}, in OBS " in obs.script_lines()[0]
        ended_well(obs)


def test_from_a_checkout_the_button_installs_it_and_connects_without_reload(kick: KickSimulator, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "vmsc_core", tmp_path / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    script = Path(shutil.copy(SCRIPT, tmp_path))
    (tmp_path / "tools").mkdir()
    with Index() as index:
        (tmp_path / "tools" / "requirements-release.txt").write_text(index.pins())
        there = {"VMSC_PACKAGE_INDEX": index.address}
        first = {**first_run(kick), "username": "speedy", "add_card_at_start": True}
        with ObsSandbox(script, first, websocket_client=False, environment=there, background=BEHIND) as obs:
            press(obs, "Connect", lambda: text(obs, "title") == "ERROR")
            assert "websocket-client is missing" in page(obs)
            press(obs, "Install library", lambda: len(index.asked) == 4)
            wait_for(obs, Status.CONNECTED)
            obs.click_script_button("Refresh")
            obs.wait(lambda: "websocket-client is installed" in page(obs), 10, "the page to say so")
            ended_well(obs)
    assert (tmp_path / "vmsc_lib" / "websocket" / "_core.py").is_file()
