"""The first three rules of the house, read off the imports; a test file for every module; vmsc_obs.py parses on Python 3.6.

1. `obspython` only in vmsc_obs.py and vmsc_core/obs/. `websocket` nowhere by that name: link/library.py has it under another.
   `threading`, `socket`, `urllib`, `http`, `subprocess` and their like only in link/; `ctypes` and `threading` also in
   obs/ui_lane.py, `threading` also in obs/turns.py. `urllib.parse` is pure work on strings and
   allowed anywhere.
2. kick/, card/, rules/, words/, state, page, reasons, settings, known are pure: they import no time, random, threading or
   anything that reaches the world, and no OBS.
3. Imports point one way: printable, json_text, reasons, events, known, settings ← kick ← link; events, settings ← state ←
   card, rules, page; all of them ← app ← obs ← vmsc_obs. words is known to card, rules, rehearsal, page and obs only; rules
   takes from card how long a duration is said.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path.relative_to(ROOT).as_posix() for path in [ROOT / "vmsc_obs.py", *(ROOT / "vmsc_core").rglob("*.py")])

WORLD = (
    "websocket",
    "websockets",
    "threading",
    "_thread",
    "socket",
    "ssl",
    "select",
    "selectors",
    "asyncio",
    "concurrent",
    "urllib",
    "http",
    "subprocess",
    "multiprocessing",
    "ctypes",
    "queue",
    "requests",
)
MAY_REACH_THE_WORLD = ("vmsc_core/link/",)
MAY_REACH_A_PART_OF_IT = {
    "vmsc_core/obs/ui_lane.py": ("ctypes", "threading"),
    "vmsc_core/obs/turns.py": ("threading",),
}

GROUND = ("printable", "json_text", "reasons", "events", "known", "settings", "host", "placeholders")
PURE_ROOMS = (*GROUND, "row", "kick", "card", "rules", "words", "state", "page", "preview", "rehearsal", "report")
IMPURE = (*WORLD, "time", "random", "secrets", "uuid", "os", "io", "sys", "pathlib", "shutil", "tempfile", "obspython")

MAY_USE: dict[str, set[str]] = {
    "": set(),
    "printable": set(),
    "json_text": set(),
    "reasons": set(),
    "events": {"reasons"},
    "known": {"json_text", "printable"},
    "settings": {"known", "reasons"},
    "host": set(),
    "placeholders": set(),
    "row": set(),
    "words": {"printable", "reasons"},
    "kick": {*GROUND},
    "link": {*GROUND, "kick"},
    "state": {"events", "reasons", "settings"},
    "card": {"events", "host", "placeholders", "reasons", "settings", "state", "words"},
    "preview": {"events", "reasons", "settings", "state"},
    "rules": {"card", "events", "host", "placeholders", "printable", "reasons", "row", "settings", "state", "words"},
    "rehearsal": {"reasons", "rules", "words"},
    "page": {"events", "reasons", "row", "settings", "state", "card", "rules", "words"},
    "report": {*GROUND, "kick", "state"},
    "app": {*GROUND, "kick", "link", "state", "card", "preview", "rules"},
    "obs": {*GROUND, "row", "kick", "link", "state", "card", "rules", "page", "preview", "rehearsal", "words", "report", "app"},
}
MAY_USE["vmsc_obs"] = set(MAY_USE)
PURE = [file for file in FILES if file.removeprefix("vmsc_core/").split("/")[0].removesuffix(".py") in PURE_ROOMS]


def imports(source: str, file: str = "") -> Iterator[str]:
    """Every module a source names in an import, wherever it stands; `from a import b` gives a.b."""
    package = file.split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*base, *([node.module] if node.module else []), alias.name]) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__"):
            yield from (str(argument.value) for argument in node.args[:1] if isinstance(argument, ast.Constant))


def imports_of(file: str) -> list[str]:
    return list(imports((ROOT / file).read_text("utf-8"), file))


def names_one(module: str, forbidden: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(name + ".") for name in forbidden)


def is_string_work(module: str) -> bool:
    return names_one(module, ("urllib.parse",))


def room_of(file: str) -> str:
    """The room a file belongs to; "" for vmsc_core/__init__.py."""
    if file == "vmsc_obs.py":
        return "vmsc_obs"
    inside = file.removeprefix("vmsc_core/")
    return inside.split("/")[0].removesuffix(".py").replace("__init__", "")


def room_used(module: str) -> str | None:
    steps = module.split(".")
    return steps[1] if steps[0] == "vmsc_core" and len(steps) > 1 else None


# -- rule 1 ---------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_obspython_is_imported_on_the_obs_side_only(file):
    if file != "vmsc_obs.py" and not file.startswith("vmsc_core/obs/"):
        assert [module for module in imports_of(file) if names_one(module, ("obspython",))] == []


@pytest.mark.parametrize("file", FILES)
def test_the_world_is_reached_from_the_link_only(file):
    if file.startswith(MAY_REACH_THE_WORLD):
        return
    used = [module for module in imports_of(file) if names_one(module, WORLD) and not is_string_work(module)]
    assert [module for module in used if module not in MAY_REACH_A_PART_OF_IT.get(file, ())] == []


# -- rule 2 ---------------------------------------------


@pytest.mark.parametrize("file", PURE)
def test_a_pure_room_imports_nothing_that_reaches_outside(file):
    assert [module for module in imports_of(file) if names_one(module, IMPURE) and not is_string_work(module)] == []


@pytest.mark.parametrize("file", PURE)
def test_a_pure_room_reads_no_clock_and_no_file_by_another_way(file):
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("open", "print", "input", "exec", "eval", "datetime.now", "datetime.utcnow", "datetime.today")


# -- rule 3 ---------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_imports_point_one_way(file):
    room = room_of(file)
    for used in filter(None, map(room_used, imports_of(file))):
        assert used in MAY_USE, f"{file} imports {used}, which is no room: vmsc_core.{used}"
        assert used == room or used in MAY_USE[room], f"{file} must not import vmsc_core.{used}"


def test_every_file_is_in_a_room():
    assert {room_of(file) for file in FILES} <= set(MAY_USE)


@pytest.mark.parametrize("room", ["kick", "card", "rules", "rehearsal", "words", "state", "page"])
def test_a_pure_room_can_be_imported_without_obs_and_without_websocket_client(room):
    files = [file for file in FILES if file.startswith((f"vmsc_core/{room}/", f"vmsc_core/{room}.py"))]
    modules = [file[:-3].replace("/", ".").removesuffix(".__init__") for file in files]
    assert modules
    program = (
        "import sys\n"
        "sys.modules['obspython'] = sys.modules['websocket'] = None\n"
        f"for name in {modules!r}: __import__(name)\n"
        "print([name for name in sys.modules if name.startswith('vmsc_core')])\n"
    )
    done = subprocess.run([sys.executable, "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "vmsc_core.link" not in done.stdout


# -- a test file for every module ---------------------------------------------

TESTED_AS = {"vmsc_core/words/en.py": "tests/words/test_words.py", "vmsc_core/words/__init__.py": "tests/words/test_words.py"}


@pytest.mark.parametrize("file", [file for file in FILES if not file.endswith("__init__.py") or file in TESTED_AS])
def test_every_module_has_a_test_file_of_its_own(file):
    folder, _, name = file.removeprefix("vmsc_core/").rpartition("/")
    own = "tests/obs/test_vmsc_obs.py" if file == "vmsc_obs.py" else "/".join(["tests", *filter(None, [folder]), f"test_{name}"])
    tests = ROOT / TESTED_AS.get(file, own)
    assert tests.is_file() and "def test_" in tests.read_text("utf-8"), f"{tests.relative_to(ROOT)} is missing"


# -- nothing at import time, and old Pythons ---------------------------------------------


def test_vmsc_obs_parses_on_python_3_6():
    source = (ROOT / "vmsc_obs.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    # What feature_version lets through: names of later Pythons, and syntax that only the tokenizer would refuse.
    assert "from __future__ import annotations" not in source
    assert not any(isinstance(node, (ast.NamedExpr, ast.AnnAssign)) for node in ast.walk(tree))
    assert not any(node.args.posonlyargs for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    assert not any(isinstance(node, ast.Attribute) and node.attr in ("removeprefix", "removesuffix") for node in ast.walk(tree))


@pytest.mark.parametrize("file", [file for file in FILES if file != "vmsc_obs.py"])
def test_vmsc_core_parses_on_python_3_9(file):
    tree = ast.parse((ROOT / file).read_text("utf-8"), feature_version=(3, 9))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "dataclass":
            assert {keyword.arg for keyword in node.keywords} <= {"frozen", "order", "eq", "repr", "unsafe_hash"}


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".py") and not file.endswith("__init__.py")])
def test_every_module_says_why_it_is_there(file):
    assert len(ast.get_docstring(ast.parse((ROOT / file).read_text("utf-8"))) or "") > 20


# -- the test itself ---------------------------------------------


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import socket", ["socket"]),
        ("import urllib.request as r", ["urllib.request"]),
        ("from urllib import request, parse", ["urllib.request", "urllib.parse"]),
        ("from urllib.parse import urlsplit", ["urllib.parse.urlsplit"]),
        ("def f():\n    import threading", ["threading"]),
        ("from vmsc_core import app", ["vmsc_core.app"]),
        ("import importlib\nimportlib.import_module('vmsc_core.app')", ["importlib", "vmsc_core.app"]),
        ("from .pusher import verdict", ["vmsc_core.kick.pusher.verdict"]),
        ("from ..link import link", ["vmsc_core.link.link"]),
        ("from . import pusher", ["vmsc_core.kick.pusher"]),
    ],
)
def test_imports_are_found_in_every_spelling(source, found):
    assert list(imports(source, "vmsc_core/kick/x.py")) == found


def test_only_string_work_of_urllib_is_allowed():
    assert is_string_work("urllib.parse.urlsplit") and not is_string_work("urllib.request") and not is_string_work("urllib")
