"""What is wrong with OBS's Python, and the command that fixes it."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest
from fake_obspython import FakeObs

SPECIAL = ["A B", "OBS (x86)", "Tom & Jerry", "a;b", "O'Neil", "$HOME", "a,b=c", "[old]", "a^b", "Andr\u00e9 !", "\u65e5 \u672c"]


@pytest.mark.parametrize("name", [*SPECIAL, "plain", "Andr\u00e9", "\u65e5\u672c", "back`tick", "new\\line", 'say "hi"'])
def test_a_shell_takes_each_path_of_the_command_for_one_word(fake: FakeObs, name: str) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    words = shlex.split(setup.command(f"/home/{name}", "linux"))
    assert words[1:4] == ["-m", "pip", "install"]
    assert words[4:] == ["--target", os.path.join(f"/home/{name}", "vmsc_lib"), "websocket-client"]


@pytest.mark.parametrize("name", SPECIAL)
def test_the_command_prompt_takes_each_path_of_the_command_for_one_word(fake: FakeObs, name: str) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    target = setup.command(f"C:/Users/{name}/Kick/", "win32").partition(" --target ")[2]
    assert target == f'"C:\\Users\\{name}\\Kick\\vmsc_lib" websocket-client'


@pytest.mark.parametrize(
    "path", ["C:\\Kick", "C:\\Users\\Andr\u00e9\\Python312\\python.exe", "D:\\\u65e5\u672c\\kick_2.0-b", "py"]
)
def test_windows_has_no_quotes_where_they_are_not_needed(fake: FakeObs, path: str) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    assert setup.quoted(path, "win32") == path, "PowerShell does not run a quoted program"


def test_windows_program_has_no_slash_that_looks_like_an_option(fake: FakeObs) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    assert setup.quoted("C:/Python312\\python.exe", "win32") == "C:\\Python312\\python.exe"


@pytest.mark.parametrize(("platform", "place"), [("win32", "Command Prompt"), ("darwin", "terminal"), ("linux", "terminal")])
def test_where_the_command_is_typed_is_said_as_the_platform_calls_it(fake: FakeObs, platform: str, place: str) -> None:
    setup, words = fake.import_module("vmsc_core.obs.python_setup"), fake.import_module("vmsc_core.words")
    assert place in words.say(setup.how_to_run(platform, apt="/no/apt"))


def test_debian_and_ubuntu_are_told_apts_package_too(fake: FakeObs, tmp_path: Path) -> None:
    setup, words = fake.import_module("vmsc_core.obs.python_setup"), fake.import_module("vmsc_core.words")
    apt = tmp_path / "apt"
    apt.touch()
    said = words.say(setup.how_to_run("linux", str(apt)))
    assert "sudo apt install python3-websocket" in said and "command below" in said and "Reload" in said
    assert "apt" not in words.say(setup.how_to_run("win32", str(apt)))


def test_a_healthy_python_has_no_failure(fake: FakeObs, tmp_path: Path) -> None:
    assert fake.import_module("vmsc_core.obs.python_setup").check(str(tmp_path)) is None


@pytest.mark.usefixtures("no_websocket_client")
def test_a_missing_websocket_client_is_for_the_user_to_fix(fake: FakeObs, tmp_path: Path) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    assert setup.check(str(tmp_path)) == setup.NO_WEBSOCKET
    assert (setup.NO_WEBSOCKET.remedy.name, setup.NO_WEBSOCKET.reason.key) == ("USER", "websocket_missing")


@pytest.mark.usefixtures("no_websocket_client")
def test_websocket_client_beside_the_script_is_found(fake: FakeObs, tmp_path: Path) -> None:
    library = tmp_path / "vmsc_lib" / "websocket"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text("from . import _handshake\nWebSocket = ABNF = WebSocketException = object")
    for part in ("_abnf", "_core", "_handshake"):
        (library / f"{part}.py").write_text("")
    before = list(sys.path)
    assert fake.import_module("vmsc_core.obs.python_setup").check(str(tmp_path)) is None
    assert fake.import_module("vmsc_core.link.library").library().__file__ == str(library / "__init__.py")
    assert sys.path == before


@pytest.mark.parametrize("key", ["ssl_missing", "certificates_missing", "certificates_unreadable"])
def test_a_python_without_tls_is_for_the_user_to_fix(
    fake: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    for_the_user = fake.import_module("vmsc_core.link.errors").for_the_user

    def broken() -> None:
        raise for_the_user(key)

    monkeypatch.setattr(setup, "tls_context", broken)
    failure = setup.check(str(tmp_path))
    assert (failure.remedy.name, failure.reason.key) == ("USER", key)
    assert fake.import_module("vmsc_core.words").say(failure.reason) != key, "there is a sentence for it"


@pytest.mark.parametrize(
    ("platform", "program", "found"),
    [
        ("win32", "python.exe", "python.exe"),
        ("win32", "", "py"),
        ("linux", "bin/python3", "bin/python3"),
        ("darwin", "", "python3"),
    ],
)
def test_the_command_names_the_program_of_this_very_python(
    fake: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, program: str, found: str
) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    if program:
        (tmp_path / program).parent.mkdir(exist_ok=True)
        (tmp_path / program).touch()
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    assert setup.python_program() == (str(tmp_path / program) if program else found)
