"""The key by which this computer knows its own rules: a file of the user's alone, whatever the disk is like."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from vmsc_core.obs import rules_key, trusted
from vmsc_core.obs.rules_key import FILE, LENGTH, Key, read_or_make


@pytest.fixture
def kept(config_folder: Path) -> Path:
    """The file, on whichever system."""
    return Path(trusted.config_folder()) / trusted.FOLDER / FILE


def test_it_is_made_once_and_read_ever_after(kept: Path) -> None:
    made = read_or_make()
    assert made.is_kept and len(made.key) == LENGTH == 32 and kept.read_bytes() == made.key
    assert read_or_make() == made
    assert [one.name for one in kept.parent.iterdir()] == [FILE]


def test_another_user_has_another_one(kept: Path) -> None:
    first = read_or_make()
    kept.unlink()
    assert read_or_make().key != first.key


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_nobody_else_may_read_it(kept: Path) -> None:
    before = os.umask(0)
    try:
        read_or_make()
    finally:
        os.umask(before)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33, b"x" * 200_000])
def test_what_is_no_key_is_replaced(kept: Path, content: bytes) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_bytes(content)
    made = read_or_make()
    assert made.is_kept and kept.read_bytes() == made.key


def test_what_a_crash_has_left_is_in_nobodys_way(kept: Path) -> None:
    kept.parent.mkdir(parents=True)
    Path(f"{kept}.{os.getpid()}").write_bytes(b"half")
    assert read_or_make().is_kept
    assert [one.name for one in kept.parent.iterdir()] == [FILE]


@pytest.mark.parametrize("in_the_way", ["a file for the folder", "a folder for the file", "no home", "an odd name"])
def test_where_it_can_not_be_kept_it_is_good_until_the_end(kept: Path, monkeypatch: pytest.MonkeyPatch, in_the_way: str) -> None:
    if in_the_way == "a file for the folder":
        kept.parent.write_text("")
    elif in_the_way == "a folder for the file":
        kept.mkdir(parents=True)
    else:
        monkeypatch.setattr(rules_key, "config_folder", lambda: "/\0" if in_the_way == "an odd name" else "")
    made = read_or_make()
    assert not made.is_kept and len(made.key) == LENGTH
    assert read_or_make() != made, "it is made up each time"


def test_what_another_obs_has_put_there_meanwhile_counts(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def and_then_the_other(new: str, path: str) -> None:
        replace(new, path)
        Path(path).write_bytes(b"y" * LENGTH)

    monkeypatch.setattr(os, "replace", and_then_the_other)
    assert read_or_make() == Key(b"y" * LENGTH, is_kept=True)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_a_pipe_in_its_place_is_not_waited_for(kept: Path) -> None:
    kept.parent.mkdir(parents=True)
    os.mkfifo(kept)
    assert read_or_make().is_kept
