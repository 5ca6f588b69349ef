"""Whose servers Connect was pressed with on this computer: kept outside OBS, whatever the disk is like."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from vmsc_core.obs import trusted
from vmsc_core.obs.trusted import FILE, FOLDER, MOST_ROWS, is_trusted, trust

MINE = (("lookup_address", "https://example.com/"), ("allowed_hosts", "example.org"))
OTHER = (("lookup_address", "https://example.net/"), ("allowed_hosts", "example.org"))


@pytest.fixture
def kept(config_folder: Path) -> Path:
    """The file, on whichever system."""
    return Path(trusted.config_folder()) / FOLDER / FILE


def test_only_what_was_trusted_is(tmp_path: Path, kept: Path) -> None:
    assert is_trusted((), str(tmp_path)) and not is_trusted(MINE, str(tmp_path))
    trust(MINE, str(tmp_path))
    trust(MINE, str(tmp_path))
    assert is_trusted(MINE, str(tmp_path)) and is_trusted(MINE, "/elsewhere")
    for other in (OTHER, MINE[:1], MINE[1:], (*MINE, *OTHER)):
        assert not is_trusted(other, str(tmp_path))
    trust(OTHER, str(tmp_path))
    assert is_trusted(MINE, str(tmp_path)) and is_trusted(OTHER, str(tmp_path))
    assert len(kept.read_text().splitlines()) == 2 and "example" not in kept.read_text()
    assert [one.name for one in kept.parent.iterdir()] == [FILE]


def test_nothing_is_written_for_kicks_own(tmp_path: Path, kept: Path) -> None:
    trust((), str(tmp_path))
    assert not kept.parent.exists() and list(tmp_path.iterdir()) == []


BROKEN = [b"", b"\0" * 100, b"\xff\xfe", b"x" * 200_000, b"[" * 70_000, "é\n".encode() * 99, b"a" * 64 + b"b"]


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_trusts_nobody_and_is_written_again(tmp_path: Path, kept: Path, content: bytes) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_bytes(content)
    assert not is_trusted(MINE, str(tmp_path))
    trust(MINE, str(tmp_path))
    assert is_trusted(MINE, str(tmp_path))


def test_the_file_does_not_grow_without_end(tmp_path: Path, kept: Path) -> None:
    for number in range(MOST_ROWS + 20):
        trust((("lookup_address", str(number)),), str(tmp_path))
    assert len(kept.read_text().splitlines()) == MOST_ROWS
    assert is_trusted((("lookup_address", str(MOST_ROWS + 19)),), str(tmp_path))


@pytest.mark.parametrize("in_the_way", ["a file for the folder", "a folder for the file", "no home"])
def test_where_the_users_folder_can_not_be_used_the_scripts_own_is(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, in_the_way: str
) -> None:
    if in_the_way == "a file for the folder":
        kept.parent.write_text("")
    elif in_the_way == "a folder for the file":
        kept.mkdir(parents=True)
    else:
        monkeypatch.setattr(trusted, "config_folder", lambda: "")
    trust(MINE, str(tmp_path))
    assert is_trusted(MINE, str(tmp_path)) and (tmp_path / FILE).is_file()
    monkeypatch.setattr("platform.node", lambda: "another computer")
    assert not is_trusted(MINE, str(tmp_path)), "a stranger's folder, copied as it is"


def test_where_nothing_can_be_written_nothing_is_trusted_and_nothing_raised(tmp_path: Path, kept: Path) -> None:
    kept.parent.write_text("")
    for folder in (str(tmp_path / "file" / "deeper"), "\0", ""):
        (tmp_path / "file").write_text("")
        if folder:
            trust(MINE, folder)
            assert not is_trusted(MINE, folder)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True)
    os.mkfifo(kept)
    assert not is_trusted(MINE, str(tmp_path))
    assert stat.S_ISFIFO(kept.stat().st_mode)


@pytest.mark.parametrize(
    ("platform", "home", "config", "folder"),
    [
        ("linux", "/home/me", "/conf", "/conf"),
        ("linux", "/home/me", "", "/home/me/.config"),
        ("linux", "/home/me", "relative", ""),
        ("darwin", "/Users/me", "", "/Users/me/Library/Application Support"),
        ("win32", "/Users/me", "/Roaming", "/Roaming"),
        ("win32", "/Users/me", "", ""),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")
def test_the_users_folder_is_where_the_system_has_it(
    monkeypatch: pytest.MonkeyPatch, platform: str, home: str, config: str, folder: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("XDG_CONFIG_HOME", config)
    monkeypatch.setenv("APPDATA", config)
    assert trusted.config_folder() == folder
