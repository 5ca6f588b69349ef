"""websocket-client is found by looking, run under a name of our own, and never mistaken for a neighbor of its name."""

from __future__ import annotations

import shutil
import sys
import types
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from vmsc_core.link import library

REAL = Path(find_spec("websocket").origin).parent  # type: ignore[union-attr,arg-type]
PARTS = ("_abnf", "_core", "_handshake")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in an OBS that has just started; afterwards as it was."""
    before = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith(library.NAME)}
    monkeypatch.setattr(library, "_kept", [])
    yield
    for name in [name for name in sys.modules if name.startswith(library.NAME)]:
        del sys.modules[name]
    sys.modules.update(before)


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Python's path, without websocket-client."""
    entries = [entry for entry in sys.path if not (Path(entry) / "websocket").is_dir()]
    monkeypatch.setattr(sys, "path", entries)
    return entries


def write(folder: Path, text: str, parts: tuple[str, ...] = PARTS) -> Path:
    """A package called websocket in `folder`."""
    package = folder / "websocket"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(text)
    for part in parts:
        (package / f"{part}.py").write_text("CookieJar = None\n")
    return package


def install(folder: Path) -> Path:
    shutil.copytree(
        REAL, folder / "websocket", ignore=shutil.ignore_patterns("tests", "__pycache__"), copy_function=shutil.copyfile
    )
    return folder / "websocket"


def file_of(module: object) -> Path:
    assert isinstance(module, types.ModuleType) and module.__file__ is not None
    return Path(module.__file__)


@pytest.mark.parametrize("text", ["raise SystemExit('bye')", "open(__file__ + '.ran', 'w')", "import time; time.sleep(60)"])
def test_a_neighbors_websocket_py_is_not_run(path: list[str], tmp_path: Path, text: str) -> None:
    (tmp_path / "websocket.py").write_text(text)
    path[:0] = [str(tmp_path)]
    assert library.load() is None
    install(tmp_path / "site")
    path.append(str(tmp_path / "site"))
    assert file_of(library.load()).parent == tmp_path / "site" / "websocket"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["site", "websocket.py"]


def test_another_package_of_its_name_is_not_run(path: list[str], tmp_path: Path) -> None:
    write(tmp_path, "raise SystemExit", parts=())
    path.append(str(tmp_path))
    assert library.load() is None


def test_ours_wins_over_every_other(tmp_path: Path) -> None:
    install(tmp_path / library.FOLDER)
    assert file_of(library.load(str(tmp_path))).is_relative_to(tmp_path)


@pytest.mark.parametrize("text", ["raise SystemExit", "raise KeyboardInterrupt", "1 / 0", "this is no Python", "x = 1"])
def test_a_damaged_one_is_passed_over_and_leaves_nothing_behind(path: list[str], tmp_path: Path, text: str) -> None:
    write(tmp_path / library.FOLDER, text)
    assert library.load(str(tmp_path)) is None
    assert not [name for name in sys.modules if name.startswith(library.NAME)]
    install(tmp_path)
    path.append(str(tmp_path))
    assert file_of(library.load(str(tmp_path))).parent == tmp_path / "websocket"


def test_what_is_installed_later_is_found_then_and_kept(path: list[str], tmp_path: Path) -> None:
    with pytest.raises(ImportError):
        library.library()
    assert library.place() == ""
    install(tmp_path / library.FOLDER)
    found = library.load(str(tmp_path))
    assert found is not None and library.library() is found
    assert Path(library.place()) == tmp_path / library.FOLDER
    shutil.rmtree(tmp_path / library.FOLDER)
    assert library.load(str(tmp_path)) is found


def test_other_scripts_and_ours_do_not_disturb_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = types.ModuleType("websocket")
    monkeypatch.setitem(sys.modules, "websocket", theirs)
    path = list(sys.path)
    ours = library.library()
    assert sys.modules["websocket"] is theirs and sys.path == path
    monkeypatch.setitem(sys.modules, "websocket", types.ModuleType("websocket"))
    assert library.library() is ours and ours.WebSocket.__module__.startswith(library.NAME)


def test_odd_entries_of_the_path_are_passed_over(path: list[str]) -> None:
    path[:] = [None, b"/x", "", "\0", "/no/such/folder"]  # type: ignore[list-item]
    assert library.load("\0") is None


def test_ours_keeps_no_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    import websocket

    jar = library.library()._handshake.CookieJar
    jar.add("session=1; Domain=kick.com")
    assert jar.get("kick.com") == ""
    assert library.library()._handshake.CookieJar is not websocket._handshake.CookieJar  # type: ignore[attr-defined]
