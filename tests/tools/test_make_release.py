"""tools/make_release.py: the same bytes each time, all that the script needs, and nothing else."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path, PurePosixPath

import fresh_machine
import make_release
import pytest
from fresh_machine import SetupFailed

import vmsc_core

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.fixture
def inside(release: Path) -> dict[str, zipfile.ZipInfo]:
    """Path → entry."""
    with zipfile.ZipFile(release) as made:
        assert made.testzip() is None
        return {entry.filename: entry for entry in made.infolist()}


def read(release: Path, name: str) -> str:
    with zipfile.ZipFile(release) as made:
        return made.read(f"vmsc-obs/{name}").decode()


# -- the same bytes


def test_it_is_the_same_bytes_each_time(release: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        again = make_release.make(tmp_path / "made" / "elsewhere")
    finally:
        os.umask(before)
    assert again.read_bytes() == release.read_bytes()


def test_nothing_of_the_machine_is_in_it(inside: dict[str, zipfile.ZipInfo]) -> None:
    assert list(inside) == sorted(inside)
    for entry in inside.values():
        assert entry.compress_type == zipfile.ZIP_STORED and entry.create_system == 3 and not entry.extra
        assert entry.external_attr >> 16 == stat.S_IFREG | 0o644
        assert entry.date_time[0] == 2025


def test_another_content_has_another_time_which_python_needs(inside: dict[str, zipfile.ZipInfo]) -> None:
    first, second = (make_release._entry("x.py", content).date_time for content in (b"x = 1", b"x = 2"))
    assert first != second
    assert len({entry.date_time for entry in inside.values()}) > len(inside) * 0.8


def test_line_endings_are_the_repositorys_and_pictures_stay_as_they_are() -> None:
    assert make_release._plain("a.py", b"a\r\nb\n") == b"a\nb\n" and make_release._plain("LICENSE", b"\r\n") == b"\n"
    assert make_release._plain("a.png", b"\x89PNG\r\n") == b"\x89PNG\r\n"


# -- what is in it


def test_its_name_has_the_version(release: Path) -> None:
    assert release.name == f"vmsc-obs-{vmsc_core.__version__}.zip"


def test_all_is_in_one_folder_with_names_that_every_system_takes(inside: dict[str, zipfile.ZipInfo]) -> None:
    assert {PurePosixPath(name).parts[0] for name in inside} == {"vmsc-obs"}
    assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", name) for name in inside)
    assert max(map(len, inside)) < 100, "Windows' paths end at 260"
    top = {PurePosixPath(name).parts[1] for name in inside}
    assert top == {"vmsc_obs.py", "vmsc_core", "vmsc_lib", "README.md", "LICENSE", "CHANGELOG.md", "docs", "tools"}


@pytest.mark.skipif(not (ROOT / ".git").exists() or shutil.which("git") is None, reason="no git here")
def test_the_code_is_what_the_repository_has(inside: dict[str, zipfile.ZipInfo]) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "vmsc_core", "vmsc_obs.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    code = {name.removeprefix("vmsc-obs/") for name in inside if "/vmsc_core/" in name or name.endswith("/vmsc_obs.py")}
    assert code == {name for name in listed if (ROOT / name).exists()}
    assert any(name.endswith(".png") for name in code)


def test_both_libraries_come_with_their_licenses_and_without_their_tests(inside: dict[str, zipfile.ZipInfo]) -> None:
    brought = [name.removeprefix("vmsc-obs/vmsc_lib/") for name in inside if "/vmsc_lib/" in name]
    assert {"websocket/_core.py", "certifi/cacert.pem"} <= set(brought)
    assert len([name for name in brought if "dist-info" in name and name.endswith("LICENSE")]) == 2
    assert not any("/tests/" in name for name in brought)


def test_every_picture_and_file_that_the_readme_names_is_there(release: Path, inside: dict[str, zipfile.ZipInfo]) -> None:
    readme = read(release, "README.md")
    named = LINK.findall(readme)
    assert named and {f"vmsc-obs/{name}" for name in named} <= set(inside)
    assert "![" in readme


def test_the_readme_has_nothing_that_needs_the_repository(release: Path) -> None:
    readme, whole = read(release, "README.md"), (ROOT / "README.md").read_text("utf-8")
    assert whole.count("<!-- checkout -->") == whole.count("<!-- /checkout -->") >= 2
    assert "checkout -->" not in readme and "tools/demo.py" not in readme and "CONTRIBUTING" not in readme


def test_the_quick_start_begins_with_the_zip_and_needs_no_terminal(release: Path) -> None:
    steps = read(release, "README.md").partition("## Quick start")[2].partition("\n## ")[0]
    assert "1. Download `vmsc-obs-VERSION.zip`" in steps
    assert not re.search(r"terminal|command|pip\b|sudo", steps, re.IGNORECASE), steps


# -- what it downloads


def test_what_is_there_with_the_right_hash_is_not_downloaded_again(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_release, "_download", lambda folder: pytest.fail("it was"))
    assert make_release.libraries()


def test_what_is_there_with_another_hash_is_not_taken(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for wheel in make_release.DOWNLOADS.glob("*.whl"):
        (tmp_path / wheel.name).write_bytes(wheel.read_bytes() + b"x")
    monkeypatch.setattr(make_release, "_download", lambda folder: None)
    with pytest.raises(SetupFailed, match=r"^pip downloaded no wheel of \S+ \S+ with a pinned hash\.$"):
        make_release.libraries(tmp_path)


def test_without_a_network_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "https://no-such-host.invalid/simple")
    monkeypatch.setattr(fresh_machine.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(make_release, "libraries", lambda: make_release._download(tmp_path))
    assert make_release.main(["--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("pip could not download what tools") and "There is no internet connection" in said, said


def test_pins_without_hashes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pins = make_release.ROOT / "tools" / "requirements-demo.txt"
    monkeypatch.setattr(make_release, "REQUIREMENTS", pins)
    with pytest.raises(SetupFailed, match="must pin websocket-client and certifi, with hashes"):
        make_release.libraries(tmp_path)


def test_the_hash_that_is_printed_is_the_files(release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_release.main(["--out", str(tmp_path)]) == 0
    assert hashlib.sha256(release.read_bytes()).hexdigest() in capsys.readouterr().out
