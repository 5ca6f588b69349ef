"""Sets up what the tests need and runs every one of them, the real OBS included: ``python3 tools/test.py``.

Options: ``--fast`` leaves the real OBS out, ``--no-wine`` Windows' Python; what stands after ``--`` goes to pytest on Linux
(``python3 tools/test.py -- -k pusher``), and Windows' Python is left out then: ``tools/windows_python.py`` takes the same.
``--root DIR`` runs the tests in a real OBS, and only those, in another root folder with another OBS (tools/make_root.py).
A whole run has two parts: the real OBS, which wants the machine for itself, then Linux's other tests beside Windows' Python.
The last line is pytest's own, of Linux's tests. With CI set in the environment a test that is left out is a failure.

Standard library only, Python 3.11 or newer, as what it pins needs; all it installs goes to .cache, but for Debian's packages.
"""

from __future__ import annotations

import whole_python  # noqa: F401 - before all else

# isort: split
import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import fresh_machine
import make_release
import pytest_run
import windows_python
from fresh_machine import INTERRUPTED, ROOT, SetupFailed, say
from obs_sandbox import ROOT_VARIABLE, Root

REAL_OBS, REAL_OBS_SECONDS, OTHERS_SECONDS = "tests/real_obs", 26 * 60, 20 * 60
"""What the tests in a real OBS may take, and then the others; .ci/run has 44 minutes for everything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it all; the exit code is 0 when everything was run and passed."""
    parser = argparse.ArgumentParser(description="Sets up and runs every test.")
    parser.add_argument("--fast", action="store_true", help="leave out the tests in a real OBS")
    parser.add_argument("--no-wine", action="store_true", help="leave out the tests on Windows' Python")
    parser.add_argument("--no-install", action="store_true", help="install no Debian packages")
    parser.add_argument("--setup", action="store_true", help="only make .cache/venv, which the other tools use too")
    parser.add_argument("--root", type=Path, metavar="DIR", help="only the tests in a real OBS, in this root folder's OBS")
    parser.add_argument("pytest", nargs="*", help="after --: options for pytest")
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except SetupFailed as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    if options.root:
        _use_root(Root(options.root))
    python = fresh_machine.prepare_venv()
    if options.setup:
        return 0
    make_release.libraries()  # downloaded now, not in the middle of a test
    if not options.fast and not options.no_install:
        _install_obs(options.root is not None)
    if options.root:
        return 0 if _pytest(python, options.pytest, REAL_OBS, seconds=REAL_OBS_SECONDS) else 1
    windows_left_out = _prepare_windows(python, options)
    in_ci = bool(os.environ.get("CI"))
    left_out = [] if options.fast else _left_out(python)
    if options.fast:
        left_out = ["the tests in a real OBS, because of --fast"]
    if windows_left_out:
        left_out.append(f"the tests on Windows' Python: {windows_left_out}")
    _report_left_out(left_out)
    checks_good = _checks(python)
    if options.pytest:
        ignored = [f"--ignore={REAL_OBS}"] if options.fast else []
        windows_good, tests_good = True, _pytest(python, [*options.pytest, *ignored], seconds=REAL_OBS_SECONDS + OTHERS_SECONDS)
    else:
        obs_good = options.fast or _pytest(python, [], REAL_OBS, seconds=REAL_OBS_SECONDS)
        windows_good, others_good = _both(python, bool(windows_left_out))
        tests_good = obs_good and others_good
    if checks_good and windows_good and tests_good and not (in_ci and left_out):
        return 0
    if not windows_good:
        print("A test on Windows' Python failed: see above.", file=sys.stderr)
    if not checks_good:
        print("A check before the tests failed: see above.", file=sys.stderr)
    if in_ci and left_out:
        print("In CI nothing may be left out.", file=sys.stderr)
    return 1


def _use_root(root: Root) -> None:
    """Lets every sandbox run in there. SetupFailed when it cannot."""
    lacking = root.lacking()
    if lacking:
        raise SetupFailed(lacking[0])
    os.environ[ROOT_VARIABLE] = str(root.folder)
    obs, python = root.prints("dpkg-query", "-W", "-f", "${Version}", "obs-studio"), root.prints("python3", "--version")
    say(f"In {root.folder}: OBS {obs.strip()}, {python.strip()}")


def _install_obs(in_root: bool) -> None:
    """OBS, a screen in memory and what the tests drive it with; only where apt is. With `in_root`, OBS is there already."""
    if not fresh_machine.has_apt():
        return
    if in_root:
        around = {program: package for program, package in fresh_machine.OBS_PACKAGES.items() if program != "obs"}
        fresh_machine.apt_install(fresh_machine.missing_packages(around))
        return
    packages = fresh_machine.missing_packages({**fresh_machine.OBS_PACKAGES, **fresh_machine.NODE_PACKAGES})
    if fresh_machine.renderer_missing():
        packages.append(fresh_machine.RENDERER)
    fresh_machine.apt_install(packages)


def _prepare_windows(python: Path, options: argparse.Namespace) -> str:
    """Windows' Python, ready to run; or why the tests on it are left out."""
    if options.no_wine:
        return "--no-wine was asked for."
    if options.pytest:
        return "there are options for pytest."
    if not options.no_install:
        windows_python.install_wine()
    lack = windows_python.missing()
    if not lack:
        windows_python.prepare(python)
    return lack


def _left_out(python: Path) -> list[str]:
    ask = "import obs_sandbox; print(chr(10).join(obs_sandbox.missing_parts()))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tools")}
    printed = subprocess.run([str(python), "-c", ask], env=environment, capture_output=True, text=True, check=True).stdout
    lacking = ["the tests in a real OBS: " + line for line in printed.splitlines() if line]
    for program, what in (("node", "the tests with pusher-js: Node.js is missing (https://nodejs.org)."),):
        if shutil.which(program) is None:
            lacking.append(what)
    return lacking


def _report_left_out(left_out: Sequence[str]) -> None:
    if left_out:
        say("\n" + "!" * 100)
        for line in left_out:
            say(f"!! LEFT OUT: {line}")
        say("!" * 100 + "\n")


def _checks(python: Path) -> bool:
    """Lint, format, types, and the oldest Python's opinion of vmsc_obs.py; whether all passed."""
    checks = [
        ("ruff check", [str(python), "-m", "ruff", "check", "."]),
        ("ruff format", [str(python), "-m", "ruff", "format", "--check", "."]),
        ("mypy --strict", [str(python), "-m", "mypy", "--strict", "vmsc_core"]),
    ]
    parse = "import ast; ast.parse(open('vmsc_obs.py', encoding='utf-8').read())"
    checks += [(f"vmsc_obs.py on Python {v}", [program, "-c", parse]) for v, program in _pythons("3.6", "3.7", "3.8")]
    rest = _pythons("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
    checks += [(f"vmsc_core on Python {v}", [program, "-W", "error", "-c", "import vmsc_core.app"]) for v, program in rest]
    good = True
    for name, command in checks:
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        say(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)")
        if done.returncode != 0:
            say(done.stdout)
            good = False
    return good


def _pythons(*versions: str) -> list[tuple[str, str]]:
    """Those of the versions that this machine happens to have, each with the program that runs it."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = []
    for version in versions:
        programs = [shutil.which(f"python{version}"), *map(str, sorted(pyenv.glob(f"{version}.*/bin/python")))]
        found += [(version, program) for program in programs if program and _runs(program)][:1]
    return found


def _runs(program: str) -> bool:
    # A version switcher's stand-in may be on PATH without the version behind it.
    return subprocess.run([program, "-c", "pass"], capture_output=True, check=False).returncode == 0


def _both(python: Path, without_windows: bool) -> tuple[bool, bool]:
    """Windows' Python's tests and Linux's but those in a real OBS, at one time; whether each passed. Linux's end is said last."""
    results = [True] if without_windows else []
    # A daemon: after Ctrl-C nobody waits for it, and a pytest whose pipe is gone ends.
    beside = threading.Thread(target=lambda: results.append(windows_python.run_tests()), daemon=True)
    if not without_windows:
        beside.start()
    wait = (lambda: None) if without_windows else beside.join
    others_good = _pytest(python, [f"--ignore={REAL_OBS}"], seconds=OTHERS_SECONDS, before_the_end=wait)
    return results == [True], others_good


def _pytest(
    python: Path, more: Sequence[str], folder: str = "", *, seconds: float, before_the_end: Callable[[], object] = lambda: None
) -> bool:
    """Runs pytest with its output passed on; `folder` is what it runs when `more` names no test file.

    `before_the_end` is called before pytest's closing line is passed on, so that other output can come first.
    """
    command = [str(python), "-m", "pytest", "-q", "-ra", *more]
    if folder and not any((ROOT / option.partition("::")[0]).exists() for option in more):
        command.append(folder)
    held: list[str] = []

    def show(line: str) -> None:
        if held or pytest_run.CLOSING.search(line):
            held.append(line)
        else:
            say(line)

    ended = pytest_run.run(command, ROOT, {**os.environ, "PYTHONUNBUFFERED": "1"}, seconds, show)
    before_the_end()
    trouble = ended.trouble("pytest")
    for line in [*held, *([trouble] if trouble else [])]:
        say(line)
    return ended.code == 0 and not ended.too_long


if __name__ == "__main__":
    sys.exit(main())
