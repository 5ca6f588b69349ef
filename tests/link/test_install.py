"""websocket-client installed beside the script: all of it or nothing, and what went wrong in words."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Callable, Optional

import pytest
from end_to_end.raw_server import Certificates, RawServer
from link.index import Index
from link.network import Network
from link.test_library import nothing_kept, path  # noqa: F401 - fixtures

from vmsc_core.link import install, library
from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.install import INDEX_VARIABLE, Installer, pins, put_in_place
from vmsc_core.link.wheels import read_pins
from vmsc_core.reasons import Failure, Reason, Remedy, because
from vmsc_core.words import say

ROOT = Path(__file__).resolve().parents[2]
USER = Remedy.USER


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    with Index() as running:
        monkeypatch.setenv(INDEX_VARIABLE, running.address)
        yield running


def installed(folder: Path, index: Index, check: Callable[[], Optional[Failure]] = lambda: None) -> Installer:
    installer = Installer(str(folder), read_pins(index.pins()), check)
    installer.run()
    assert installer.is_done and not list(folder.glob(".vmsc_lib*")), "nothing is left behind"
    return installer


def why(installer: Installer) -> Reason:
    """Why it was not installed; a sentence without the link's promise to try again."""
    assert installer.outcome is not None and not installer.is_good and installer.outcome.key == "install_failed"
    assert "Retrying" not in say(installer.outcome)
    (_, reason), *_ = installer.outcome.values
    assert isinstance(reason, Reason)
    return reason


# -- when all is well


@pytest.mark.usefixtures("path")
def test_what_was_installed_can_be_loaded_from_beside_the_script(index: Index, tmp_path: Path) -> None:
    def check() -> Optional[Failure]:
        return None if library.load(str(tmp_path)) else Failure(USER, because("websocket_missing"))

    installer = installed(tmp_path, index, check)
    assert (installer.outcome, installer.is_good) == (because("install_done"), True)
    assert Path(library.place()) == tmp_path / "vmsc_lib"
    names = sorted(one.name for one in (tmp_path / "vmsc_lib").iterdir() if not one.name.endswith(".dist-info"))
    assert names == ["certifi", "websocket"]
    assert len(list((tmp_path / "vmsc_lib").glob("*.dist-info/licenses/LICENSE"))) == 2
    assert index.asked == ["/simple/certifi/", "/files/certifi.whl", "/simple/websocket-client/", "/files/websocket-client.whl"]


@pytest.mark.usefixtures("path")
def test_a_damaged_one_is_replaced_and_what_else_is_there_stays(index: Index, tmp_path: Path) -> None:
    lib = tmp_path / "vmsc_lib"
    (lib / "websocket").mkdir(parents=True)
    (lib / "websocket" / "__init__.py").write_text("1 / 0")
    (lib / "mine.txt").write_text("mine")
    assert library.load(str(tmp_path)) is None
    assert installed(tmp_path, index).is_good
    assert library.load(str(tmp_path)) is not None and (lib / "mine.txt").read_text() == "mine"


def test_a_folder_with_odd_letters_is_no_trouble(index: Index, tmp_path: Path) -> None:
    folder = tmp_path / "A \u00e9 \u65e5\u672c [1] (x) & %20"
    folder.mkdir()
    assert installed(folder, index).is_good


def test_the_index_is_asked_by_https_and_its_address_stands_in_one_place() -> None:
    assert install.INDEX.startswith("https://") and install.INDEX.count("{name}") == 1
    host = install.INDEX.split("/")[2]
    folders = ("vmsc_core", "tools", "tests", "docs", ".ci")
    files = [*ROOT.glob("*.*"), *(file for folder in folders for file in (ROOT / folder).rglob("*"))]
    texts = [file for file in files if file.suffix in (".py", ".md", ".txt", ".toml", ".sh", "") and file.is_file()]
    assert [one.name for one in texts if host.encode() in one.read_bytes()] == ["install.py"]


def test_the_pins_are_read_from_beside_the_script(tmp_path: Path) -> None:
    assert len(pins(str(ROOT))) == 2
    assert pins(str(tmp_path)) == ()
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "requirements-release.txt").write_bytes(b"\xff\xfe")
    assert pins(str(tmp_path)) == ()


# -- when it is not


def test_a_wrong_hash_keeps_nothing(index: Index, tmp_path: Path) -> None:
    index.wheels["websocket-client"] = index.wheels["websocket-client"] + b"x"
    assert why(installed(tmp_path, index)).key == "install_hash"
    assert not (tmp_path / "vmsc_lib").exists()


@pytest.mark.parametrize(("end", "status"), [("certifi/", 404), (".whl", 503), ("/", 302)])
def test_an_index_that_answers_something_else_is_named_with_its_answer(
    index: Index, tmp_path: Path, end: str, status: int
) -> None:
    index.answers[end] = status
    assert why(installed(tmp_path, index)) == because("install_status", server="127.0.0.1", status=status)


def test_a_version_that_is_not_there_is_named(index: Index, tmp_path: Path) -> None:
    text = index.pins()
    index.pinned["certifi"] = "0" * 64
    installer = Installer(str(tmp_path), read_pins(text), lambda: None)
    installer.run()
    assert why(installer).key == "install_not_there" and "certifi 2026.1.2" in say(why(installer))


@pytest.mark.parametrize("address", ["http://files.test/x.whl", "ftp://127.0.0.1/x", "file:///etc/passwd", "https://a@b.test/x"])
def test_a_file_is_only_fetched_by_a_secure_connection(index: Index, tmp_path: Path, address: str) -> None:
    index.file_address = address
    assert why(installed(tmp_path, index)).key == "install_address"
    assert index.asked == ["/simple/certifi/"]


def test_an_index_that_is_not_secure_is_not_asked(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INDEX_VARIABLE, "http://index.test/{name}")
    assert why(installed(tmp_path, index)) == because("install_address", server="index.test")


def test_nobody_there_is_said_at_once_with_the_name(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        monkeypatch.setenv(INDEX_VARIABLE, f"http://127.0.0.1:{kept.getsockname()[1]}/{{name}}")
        assert why(installed(tmp_path, index)) == because("install_unreachable", server="127.0.0.1")


def test_an_index_that_says_nothing_is_waited_for_so_long_and_no_longer(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert install.DOWNLOAD_TIMEOUT <= 30
    monkeypatch.setattr(install, "DOWNLOAD_TIMEOUT", 0.3)
    index.silent = True
    assert why(installed(tmp_path, index)) == because("install_unreachable", server="127.0.0.1")


def test_what_an_installation_that_was_cut_off_left_behind_is_no_trouble(index: Index, tmp_path: Path) -> None:
    (tmp_path / f".vmsc_lib-{os.getpid()}" / "new").mkdir(parents=True)
    assert installed(tmp_path, index).is_good


def test_a_computer_that_is_offline_is_said_at_once(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INDEX_VARIABLE, "https://index.test/{name}")
    monkeypatch.setattr("vmsc_core.link.dial.is_offline", lambda: True)
    with Network() as network:
        network.names["index.test"] = socket.gaierror(socket.EAI_AGAIN, "no network")
        assert why(installed(tmp_path, index)).key == "install_offline"


def test_a_certificate_that_is_not_to_be_trusted_ends_it(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = Certificates().good()
    with RawServer(lambda peer: peer.answer(200, index.listing("certifi")), tls=stranger) as server:
        monkeypatch.setenv(INDEX_VARIABLE, f"https://127.0.0.1:{server.port}/{{name}}")
        assert why(installed(tmp_path, index)).key == "certificate_bad"


@pytest.mark.linux_only("a folder that refuses a file of that name")
def test_a_folder_that_can_not_be_written_is_named_before_anything_is_fetched(index: Index) -> None:
    folder = Path("/proc/self")  # read-only for root too
    installer = Installer(str(folder), read_pins(index.pins()), lambda: None)
    installer.run()
    assert why(installer) == because("install_folder", folder="/proc/self") and index.asked == []


def test_a_file_in_the_place_of_the_folder_is_told_and_kept(index: Index, tmp_path: Path) -> None:
    (tmp_path / "vmsc_lib").write_text("a file")
    assert why(installed(tmp_path, index)).key == "install_folder"
    assert (tmp_path / "vmsc_lib").read_text() == "a file"


def test_what_can_not_be_loaded_afterwards_is_said(index: Index, tmp_path: Path) -> None:
    missing = Failure(USER, because("websocket_missing"))
    assert why(installed(tmp_path, index, lambda: missing)).key == "install_useless"
    other = installed(tmp_path, index, lambda: Failure(USER, because("ssl_missing")))
    assert (other.outcome, other.is_good) == (because("ssl_missing"), False)


def test_a_bug_is_an_outcome_too(index: Index, tmp_path: Path) -> None:
    assert why(installed(tmp_path, index, lambda: 1 / 0)) == because("bug", error="ZeroDivisionError")  # type: ignore[arg-type,return-value]


def test_it_ends_at_once_when_it_is_told_to(index: Index, tmp_path: Path) -> None:
    index.silent = True
    installer = Installer(str(tmp_path), read_pins(index.pins()), lambda: None)
    installer.start()
    installer.stop()
    assert installer.join(3.0) and installer.outcome is None and not list(tmp_path.iterdir())


# -- putting it in place


def test_what_was_there_is_put_back_when_the_new_can_not_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside, target = tmp_path / "beside", tmp_path / "lib"
    (target / "websocket").mkdir(parents=True)
    (target / "websocket" / "old.py").touch()
    beside.mkdir()
    rename = os.rename

    def failing(old: str, new: str) -> None:
        if Path(old).parent.name == "new":
            raise PermissionError
        rename(old, new)

    monkeypatch.setattr(install.os, "rename", failing)
    with pytest.raises(PermissionError):
        put_in_place({"websocket/new.py": b""}, str(beside), str(target))
    assert [one.name for one in (target / "websocket").iterdir()] == ["old.py"]


def test_websocket_client_comes_last_since_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "beside").mkdir()
    placed: list[str] = []
    rename = os.rename
    monkeypatch.setattr(install.os, "rename", lambda old, new: (placed.append(Path(new).name), rename(old, new)))
    put_in_place({"websocket/a.py": b"", "certifi/b.py": b""}, str(tmp_path / "beside"), str(tmp_path / "lib"))
    assert placed == ["certifi", "websocket"]


def test_a_thread_that_can_not_be_had_is_for_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("vmsc_core.link.background._thread.start_new_thread", none_left)
    with pytest.raises(CannotConnect):
        Installer(str(tmp_path), (), lambda: None).start()
