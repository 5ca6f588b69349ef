"""The demo as a newcomer starts it, without a screen: its pictures, and that nothing is left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from demo_show import CANVAS
from PIL import Image, ImageChops

from vmsc_core.card.card import LOOKS

DEMO = Path(__file__).resolve().parents[2] / "tools" / "demo.py"
MARK = "VMSC_DEMO_TEST"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home and a folder for temporary files of the demo's own, and a mark by which its processes are known."""
    for name in ("home", "temporary", "pictures"):
        (tmp_path / name).mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return {**kept, "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary"), MARK: str(tmp_path)}


def start(tmp_path: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(DEMO), "--headless", "--seconds", "5"],
        cwd=tmp_path / "pictures",
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_left(tmp_path: Path) -> list[str]:
    """The command lines of all processes that carry the mark."""
    mark = f"{MARK}={tmp_path}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it has ended meanwhile, or is another user's
            continue
    return found


def nothing_is_left(tmp_path: Path) -> None:
    # Ctrl-C in the moment in which a process is being made: the kernel ends that one, just after us.
    until = time.monotonic() + 5.0
    while processes_left(tmp_path) and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_left(tmp_path) == []
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list((tmp_path / "home").rglob("*obs-studio*")) == []


def pixels_of(picture: Image.Image, color: int) -> int:
    """How many pixels have that color (0xRRGGBB), give or take what a renderer rounds."""
    flat = Image.new("RGB", picture.size, ((color >> 16) & 255, (color >> 8) & 255, color & 255))
    red, green, blue = ImageChops.difference(picture.convert("RGB"), flat).split()
    farthest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(farthest.histogram()[:4])


def test_leaves_its_pictures_and_nothing_else(tmp_path: Path, environment: dict[str, str]) -> None:
    process = start(tmp_path, environment)
    told = process.communicate(timeout=90)[0]
    assert process.returncode == 0, told
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["demo-alert.png", "demo-states.png", "demo.png"]
    with Image.open(tmp_path / "pictures" / "demo.png") as scene:
        assert scene.size == CANVAS
        assert pixels_of(scene, 0x53FC18) > 500
    with Image.open(tmp_path / "pictures" / "demo-alert.png") as alert:
        middle = alert.crop((480, 240, 1440, 480))
        assert pixels_of(middle, 0xFFFFFF) > 300, "the words of the alert"
        assert pixels_of(middle, 0x53FC18) > 300, "its edge"
    with Image.open(tmp_path / "pictures" / "demo-states.png") as strip:
        assert strip.width > 1000 and strip.height > 1000
        for status, look in LOOKS.items():
            assert pixels_of(strip, look.color) > 100, status
    nothing_is_left(tmp_path)


@pytest.mark.parametrize("line", ["Starting OBS", "Connect is pressed", "The connection is cut"])
def test_control_c_leaves_nothing(tmp_path: Path, environment: dict[str, str], line: str) -> None:
    process = start(tmp_path, environment)
    assert process.stdout is not None
    told = ""
    while line not in told:
        read = process.stdout.readline()
        assert read, told
        told += read
    process.send_signal(signal.SIGINT)
    told += process.communicate(timeout=30)[0]
    assert process.returncode == 130, told
    assert told.endswith("Stopped.\n")
    assert "Traceback" not in told
    nothing_is_left(tmp_path)
