"""What the set-up tools say when something is missing: one sentence, at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import fresh_machine
import make_root
import pytest
from fresh_machine import SetupFailed
from obs_sandbox import Root, missing_parts

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, which are not made."""
    pauses: list[float] = []
    monkeypatch.setattr(fresh_machine.time, "sleep", pauses.append)
    return pauses


def printing(text: str, code: int) -> list[str]:
    return [sys.executable, "-c", f"import sys; print({text!r}); sys.exit({code})"]


def test_no_network_is_said_after_the_second_try(no_pause: list[float]) -> None:
    command = printing("W: Temporary failure resolving 'mirror.invalid'", 1)
    with pytest.raises(SetupFailed, match=r"^apt failed\. There is no internet connection"):
        fresh_machine.try_again(command, "apt failed")
    assert no_pause == [1]


def test_another_failure_is_tried_four_times_and_shown(no_pause: list[float]) -> None:
    with pytest.raises(SetupFailed, match=r"(?s)^pip failed:.*no such package"):
        fresh_machine.try_again(printing("no such package", 1), "pip failed")
    assert no_pause == [5, 10, 20]


def test_a_refused_sudo_is_said_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text("#!/bin/sh\nexit 1\n")
    sudo.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(fresh_machine, "has_apt", lambda: True)
    monkeypatch.setattr(fresh_machine.os, "geteuid", lambda: 1000)
    with pytest.raises(SetupFailed, match=r"^sudo refused\. Please install as root: apt-get install xvfb$"):
        fresh_machine.apt_install(["xvfb"])


def test_a_tool_without_its_environment_names_the_command_that_makes_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fresh_machine, "VENV", tmp_path / "none")
    monkeypatch.setattr(fresh_machine, "DEMO_VENV", tmp_path / "none")
    with pytest.raises(SystemExit, match=r"^Missing here: no_such_module\. .*tools/test\.py --setup$"):
        fresh_machine.continue_in_venv("sys", "no_such_module")
    fresh_machine.continue_in_venv("sys")


def test_a_python_without_its_library_is_told_what_to_install(tmp_path: Path) -> None:
    hide = "import importlib.util as u; real = u.find_spec; u.find_spec = lambda name: None if name == 'shutil' else real(name); "
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(TOOLS)!r}); {hide}import whole_python"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("This Python is only a part of one (python3-minimal).")
    assert len(done.stderr.splitlines()) == 1


# -- another root folder -------------------------------------------------------------------------------------------------


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.usefixtures("as_root")
@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda folder: folder.write_text(""), "is not a folder"),
        (lambda folder: (folder / "etc").mkdir(parents=True), "isn't empty and wasn't made by this tool"),
        (lambda folder: make_root._stage_of(folder, "sid"), "is a sid. Choose another folder"),
    ],
)
def test_a_root_is_only_made_where_nothing_else_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], prepare: object, said: str
) -> None:
    folder = tmp_path / "root"
    prepare(folder)  # type: ignore[operator]
    assert make_root.main(["trixie", str(folder)]) == 1
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 1


@pytest.mark.usefixtures("as_root")
def test_a_root_is_not_made_inside_the_repository(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_root.main(["sid", str(TOOLS / "sid")]) == 1
    assert "outside this repository" in capsys.readouterr().err


def test_a_root_remembers_how_far_it_has_got(tmp_path: Path) -> None:
    folder = tmp_path / "root"
    assert make_root._stage_of(folder, "trixie") == "new"
    make_root._mark(folder, "trixie", "base")
    assert make_root._stage_of(folder, "trixie") == "base"


@pytest.mark.usefixtures("as_root")
def test_a_root_without_obs_is_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    (lacking,) = missing_parts(root=Root(tmp_path))
    assert lacking.startswith(f"There is no OBS in {tmp_path}.") and "tools/make_root.py" in lacking


def test_what_runs_in_a_root_sees_project_and_temporary_files_and_keeps_its_arguments(tmp_path: Path) -> None:
    command = Root(tmp_path).command(["obs", "--profile", "a b"], "/tmp/x", without_packages=True)
    assert command[-3:] == ["obs", "--profile", "a b"]
    root, folder, hidden, shared = command[command.index("sh", command.index("-c")) + 1 :][:4]
    assert (root, folder, hidden) == (str(tmp_path), "/tmp/x", "/usr/lib/python3/dist-packages")
    assert {"/tmp", str(TOOLS.parent)} <= set(shared.splitlines())
