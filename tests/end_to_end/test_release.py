"""The release, unpacked where users unpack things, on every Python of this machine: the whole script connects from there.

OBS is a fake one, in a process of its own that has no websocket-client but the release's; Kick is the simulator.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from kick_simulator import KickSimulator

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.linux_only("pythons and mounts")

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
NAMES = ("plain", "with spaces", "\u00e9 \u65e5\u672c \u042f", "[1] (x86) & 100% 'x' #", "a" * 150)

PROGRAM = """
import sys
tests, script, lookup, socket, neighbor = sys.argv[1:]
sys.path.append(tests)
before = {"websocket", "certifi"} & set(sys.modules)  # a Python's own site-packages may import one at its start
if neighbor:
    sys.path.insert(0, neighbor)
    import websocket as theirs
from fake_obspython import FakeObs
with FakeObs() as fake:
    fake.load_script(script, {"username": "speedy", "lookup_address": lookup, "websocket_address": socket})
    fake.load_collection()
    assert not fake.page()["install_library"].visible
    fake.press("connect")
    fake.tick_until(lambda: fake.script.script.app.state.status.value == "Connected", 20, "Connected")
    from vmsc_core.link import library, tls
    print(library.place())
    print(tls.certifi_bundle())
    fake.unload_script()
    assert (fake.violations, fake.warnings, fake.threads) == ([], [], [])
if neighbor:
    import websocket
    assert websocket is theirs and websocket.NEIGHBOR == "theirs"
else:
    assert {"websocket", "certifi"} & set(sys.modules) == before
"""

READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
"""What sh does in its own mount namespace: root writes through permissions, but not through this."""


def pythons() -> dict[str, str]:
    """Version → program, of those that are on this machine."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = {"own": sys.executable}
    for version in VERSIONS:
        programs = [*map(str, sorted(pyenv.glob(f"{version}.*/bin/python"))), shutil.which(f"python{version}")]
        good = next((program for program in programs if program and runs(program)), "")
        if good:
            found[version] = good
    return found


def runs(program: str) -> bool:
    """A version switcher's stand-in may be there without the version behind it."""
    return subprocess.run([program, "-c", "pass"], capture_output=True, check=False).returncode == 0


def unpacked(release: Path, folder: Path) -> Path:
    """The script, out of the zip in that folder."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(release) as made:
        made.extractall(folder)
    return folder / "vmsc-obs" / "vmsc_obs.py"


def connects(
    kick: KickSimulator, script: Path, python: str = sys.executable, neighbor: str = "", before: tuple[str, ...] = ()
) -> None:
    """The whole script connects, with the release's own libraries and without a warning of Python's."""
    kick.add_channel("speedy")
    # -I: nothing of the environment's; a warning of Python's would be a line in OBS's log.
    command = [*before, python, "-I", "-W", "error", "-c", PROGRAM, str(ROOT / "tests"), str(script)]
    command += [kick.lookup_url, kick.websocket_url, neighbor]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    lib = script.parent / "vmsc_lib"
    assert done.stdout.splitlines() == [str(lib), str(lib / "certifi" / "cacert.pem")]


@pytest.mark.parametrize("version", pythons())
def test_it_connects_on_every_python_of_this_machine(release: Path, kick: KickSimulator, tmp_path: Path, version: str) -> None:
    connects(kick, unpacked(release, tmp_path), pythons()[version])


@pytest.mark.parametrize("name", NAMES)
def test_it_connects_from_a_folder_of_any_name(release: Path, kick: KickSimulator, tmp_path: Path, name: str) -> None:
    connects(kick, unpacked(release, tmp_path / name))


def test_it_connects_from_a_folder_that_can_not_be_written(release: Path, kick: KickSimulator, tmp_path: Path) -> None:
    script = unpacked(release, tmp_path / "read only")
    if os.geteuid() == 0:
        before: tuple[str, ...] = ("unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(script.parent))
    else:
        before = ()
        for folder, _, _ in os.walk(script.parent):
            os.chmod(folder, 0o555)
    connects(kick, script, before=before)
    assert not list(script.parent.rglob("__pycache__")), "it could be written"


def test_a_neighbors_websocket_client_neither_disturbs_it_nor_is_disturbed(
    release: Path, kick: KickSimulator, tmp_path: Path
) -> None:
    neighbor = tmp_path / "neighbor"
    (neighbor / "websocket").mkdir(parents=True)
    for part in ("_abnf", "_core", "_handshake"):
        (neighbor / "websocket" / f"{part}.py").write_text("1 / 0")
    (neighbor / "websocket" / "__init__.py").write_text("NEIGHBOR = 'theirs'")
    (neighbor / "certifi.py").write_text("1 / 0")
    connects(kick, unpacked(release, tmp_path / "ours"), neighbor=str(neighbor))
