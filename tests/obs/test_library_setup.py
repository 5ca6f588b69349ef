"""The button that installs websocket-client, in a fake OBS: what the page says, and that it connects without Reload."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from link.index import Index, websocket_files
from obs.session import REFRESH, ROOT, app, at_kick, lines, status

pytestmark = pytest.mark.usefixtures("no_websocket_client")

BUTTON = "install_library"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    with Index() as running:
        monkeypatch.setenv("VMSC_PACKAGE_INDEX", running.address)
        yield running


@pytest.fixture
def folder(tmp_path: Path, index: Index) -> Path:
    """A checkout whose pins are those of the index."""
    folder = tmp_path / "Kick [1] \u65e5"
    shutil.copytree(ROOT / "vmsc_core", folder / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "vmsc_obs.py", folder / "vmsc_copy.py")  # the path has another vmsc_obs.py
    (folder / "tools").mkdir()
    (folder / "tools" / "requirements-release.txt").write_text(index.pins())
    return folder


def start(fake: FakeObs, folder: Path, settings: dict[str, Any]) -> None:
    fake.load_script(folder / "vmsc_copy.py", settings)
    fake.load_collection()
    fake.page()


def installed(fake: FakeObs) -> None:
    """The button was pressed, and what it began is over."""
    assert fake.press(BUTTON) is True
    assert "Installing websocket-client\u2026 " + REFRESH in lines(fake)
    fake.tick_until(lambda: fake.script.script.library._running is None, what="the end")  # type: ignore[union-attr]


def test_before_connect_it_only_installs(fake: FakeObs, folder: Path, kick: KickSimulator) -> None:
    start(fake, folder, at_kick(kick))
    assert fake.page()[BUTTON].visible and lines(fake)[1] == "websocket-client is missing."
    assert lines(fake)[2] == "Press Install library. If that doesn't work:"
    installed(fake)
    fake.tick(0.3)
    assert status(fake) == "Disconnected" and not kick.connections
    fake.press("refresh")
    assert lines(fake) == ["State: Disconnected", "websocket-client is installed."]
    assert not fake.page()[BUTTON].visible and not fake.page()["install_command"].visible
    assert lines(fake) == ["State: Disconnected"], "it is said once"
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")


def test_after_connect_it_connects_without_reload(fake: FakeObs, folder: Path, kick: KickSimulator) -> None:
    start(fake, folder, at_kick(kick))
    fake.press("connect")
    fake.tick(0.3)
    assert status(fake) == "Error"
    installed(fake)
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    fake.press("refresh")
    assert lines(fake)[-1] == "websocket-client is installed."


def test_after_disconnect_it_stays_disconnected(fake: FakeObs, folder: Path, kick: KickSimulator) -> None:
    start(fake, folder, at_kick(kick))
    fake.press("connect")
    fake.press("disconnect")
    installed(fake)
    fake.tick(0.3)
    assert status(fake) == "Disconnected" and not kick.connections and app(fake).wish is None


def test_why_it_did_not_work_stays_on_the_page_until_the_next_try(fake: FakeObs, folder: Path, index: Index) -> None:
    start(fake, folder, {})
    index.answers["certifi/"] = 503
    installed(fake)
    for _ in range(2):
        fake.press("refresh")
        assert lines(fake)[2].startswith("websocket-client wasn't installed. 127.0.0.1 answered 503."), lines(fake)
        assert fake.page()[BUTTON].visible and fake.page()["install_command"].visible
    index.answers.clear()
    installed(fake)
    fake.press("refresh")
    assert lines(fake)[-1] == "websocket-client is installed."


def test_a_second_press_begins_nothing_new(fake: FakeObs, folder: Path, index: Index) -> None:
    index.silent = True
    start(fake, folder, {})
    fake.press(BUTTON)
    fake.press(BUTTON)
    fake.tick(0.3)
    assert len(fake.threads) == 1


def test_the_end_of_the_script_ends_it_and_leaves_nothing(fake: FakeObs, folder: Path, index: Index) -> None:
    index.silent = True
    start(fake, folder, {})
    fake.press(BUTTON)
    fake.tick_until(lambda: bool(index.asked), what="a question to the index")
    fake.unload_script()
    assert fake.threads == [] and sorted(one.name for one in folder.iterdir() if "vmsc_lib" in one.name) == []


def test_without_the_pins_only_the_command_is_offered(fake: FakeObs, folder: Path) -> None:
    (folder / "tools" / "requirements-release.txt").unlink()
    start(fake, folder, {})
    page = fake.page()
    assert not page[BUTTON].visible and page["install_command"].visible
    assert not any("Press Install" in line for line in lines(fake))


def test_pins_that_are_gone_when_it_is_pressed_are_said(fake: FakeObs, folder: Path) -> None:
    start(fake, folder, {})
    (folder / "tools" / "requirements-release.txt").write_text("websocket-client\n")
    fake.press(BUTTON)
    assert lines(fake)[2].startswith("The file tools/requirements-release.txt is missing or damaged.")


def test_no_thread_to_be_had_is_said(fake: FakeObs, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(fake, folder, {})

    def none_left(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    background = fake.import_module("vmsc_core.link.background")
    with monkeypatch.context() as inside:
        inside.setattr(background._thread, "start_new_thread", none_left)
        fake.press(BUTTON)
    assert lines(fake)[2].startswith("websocket-client wasn't installed. This computer has no thread left.")


def test_a_failure_is_forgotten_when_it_comes_by_the_command(
    fake: FakeObs, folder: Path, index: Index, kick: KickSimulator
) -> None:
    start(fake, folder, at_kick(kick))
    index.answers["certifi/"] = 503
    installed(fake)
    for name, data in websocket_files().items():
        place = folder / "vmsc_lib" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    fake.press("connect")
    assert "installed" not in fake.page().text()
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")


def test_the_certificates_that_came_are_used_at_once(fake: FakeObs, folder: Path) -> None:
    start(fake, folder, {})
    tls = fake.import_module("vmsc_core.link.tls")
    before = tls.tls_context()
    installed(fake)
    assert tls.tls_context() is not before and tls.certifi_bundle() == str(folder / "vmsc_lib" / "certifi" / "cacert.pem")
