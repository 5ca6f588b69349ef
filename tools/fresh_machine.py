"""Puts on a machine what the tools here need: a virtual environment in .cache/venv, and on Debian/Ubuntu packages by apt.

Knows nothing of the project's code. Standard library only: it runs before anything is installed. Python 3.9 or newer.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".cache" / "venv"
DEMO_VENV = ROOT / ".cache" / "demo-venv"
REQUIREMENTS = ROOT / "tools" / "requirements-dev.txt"

OBS_PACKAGES = {
    "obs": "obs-studio",
    "Xvfb": "xvfb",
    "import": "imagemagick",
    "xdotool": "xdotool",
    "tesseract": "tesseract-ocr",
}
"""A program that must be on PATH → Debian's package with it."""

NODE_PACKAGES = {"node": "nodejs", "npm": "npm"}
RENDERER = "libgl1-mesa-dri"
INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""

OFFLINE = re.compile(
    "Temporary failure (in name resolution|resolving)|Name or service not known|Could not resolve|getaddrinfo failed"
    "|nodename nor servname|Network is unreachable|No route to host"
)
"""What apt and pip print when there is no network."""

NO_INTERNET = "There is no internet connection. Run this again when there is."

TRIES = 4
"""How often a download is tried."""


class SetupFailed(RuntimeError):
    """Something could not be installed; the text says what and what to do."""


def say(text: str) -> None:
    """One line of progress, at once."""
    print(text, flush=True)


def python_in_venv(venv: Path = VENV) -> Path:
    """The virtual environment's Python."""
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def prepare_venv(venv: Path = VENV, requirements: Path = REQUIREMENTS, oldest: tuple[int, int] = (3, 11)) -> Path:
    """Makes a virtual environment with what is pinned, or finds it ready; gives its Python. SetupFailed when it cannot.

    `oldest` is the oldest Python for which the pinned versions exist.
    """
    if sys.version_info < oldest:
        raise SetupFailed("Python %d.%d or newer is needed; this is %d.%d." % (*oldest, *sys.version_info[:2]))  # noqa: UP031
    python = python_in_venv(venv)
    stamp = venv / "installed"
    needed = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == needed:
        return python
    say(f"Making a virtual environment in {venv.relative_to(ROOT)} …")
    if not _make_venv(venv):
        apt_install(
            [f"python{sys.version_info[0]}-venv", f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"],
            any_of=True,
        )
        if not _make_venv(venv):
            raise SetupFailed("This Python cannot make virtual environments (no venv or ensurepip).")
    say(f"Installing what {requirements.name} lists (pip) …")
    try_again(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--retries",
            "1",
            "-r",
            str(requirements),
        ],
        f"pip could not install what {requirements.relative_to(ROOT)} lists",
    )
    stamp.write_text(needed)
    return python


def _make_venv(venv: Path) -> bool:
    shutil.rmtree(venv, ignore_errors=True)
    venv.parent.mkdir(exist_ok=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False)
    return made.returncode == 0 and python_in_venv(venv).exists()


def continue_in_venv(*modules: str) -> None:
    """Runs this very command with a Python in .cache that has these modules when this one lacks one of them.

    Without such a Python it ends with the command that makes one.
    """
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if not missing:
        return
    for venv in (VENV, DEMO_VENV):
        if _has(python_in_venv(venv), modules):
            sys.exit(run_with(python_in_venv(venv)))
    sys.exit(f"Missing here: {', '.join(missing)}. Run this once: python3 tools/test.py --setup")


def _has(python: Path, modules: Sequence[str]) -> bool:
    look = "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))"
    return python.exists() and subprocess.run([str(python), "-c", look, *modules], check=False).returncode == 0


def run_with(python: Path) -> int:
    """Runs this very command with another Python and gives its exit code."""
    command = [str(python), str(Path(sys.argv[0]).resolve()), *sys.argv[1:]]
    if os.name == "posix":
        os.execv(command[0], command)
    process = subprocess.Popen(command)  # Windows has no exec that a console waits for
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the other one got it too, and cleans up
            continue


def has_apt() -> bool:
    """Whether this is a Debian or Ubuntu, whose packages can be installed."""
    return sys.platform.startswith("linux") and shutil.which("apt-get") is not None


def missing_packages(programs: dict[str, str]) -> list[str]:
    """Debian's packages for those of `programs` (program → package) that are not on PATH."""
    return [package for program, package in programs.items() if shutil.which(program) is None]


def renderer_missing() -> bool:
    """Whether Debian's software OpenGL still has to be installed."""
    known = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", RENDERER], capture_output=True, text=True, check=False)
    return "install ok installed" not in known.stdout


def apt_install(packages: Sequence[str], any_of: bool = False) -> None:
    """Installs Debian packages, with sudo when this is not root; says so first. SetupFailed when that does not work.

    With `any_of` it is enough when one of them can be had.
    """
    if not packages:
        return
    if not has_apt():
        raise SetupFailed("Please install: " + ", ".join(packages))
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    if prefix and shutil.which("sudo") is None:
        raise SetupFailed("Please install as root: apt-get install " + " ".join(packages))
    if prefix and subprocess.run(["sudo", "-v"], check=False).returncode != 0:
        raise SetupFailed("sudo refused. Please install as root: apt-get install " + " ".join(packages))
    say(f"Installing by apt{' (sudo may ask for your password)' if prefix else ''}: {' '.join(packages)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-o", "Acquire::Retries=1", "-o", "DPkg::Lock::Timeout=300"]
    keep = ["env", "DEBIAN_FRONTEND=noninteractive"] if prefix else []
    printed = try_again([*prefix, *keep, "apt-get", *options, "-qq", "update"], "apt-get update failed", environment)
    offline = bool(OFFLINE.search(printed))  # apt doesn't call that a failure
    install = [*prefix, *keep, "apt-get", *options, "-qq", "-y", "--no-install-recommends", "install"]
    if not any_of:
        try_again([*install, *packages], "apt-get could not install " + " ".join(packages), environment, offline)
        return
    for package in packages:
        done = subprocess.run(
            [*install, package], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        if done.returncode == 0:
            return
        if offline:
            break
    failure = "apt-get could install none of: " + ", ".join(packages)
    raise SetupFailed(f"{failure}. {NO_INTERNET}" if offline else failure)


def try_again(command: Sequence[str], failure: str, environment: dict[str, str] | None = None, offline: bool = False) -> str:
    """Runs a command that downloads and gives what it printed. SetupFailed when it does not work.

    A hiccup of the network costs a pause of 5, 10, 20 s, not the run; no network at all is said after the second try, and
    after the first when the caller knows that it is `offline`.
    """
    printed = ""
    for attempt in range(TRIES):
        done = subprocess.run(
            list(command),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout
        printed = done.stdout
        if offline or OFFLINE.search(printed):
            if attempt or offline:
                raise SetupFailed(f"{failure}. {NO_INTERNET}")
            time.sleep(1)
        elif attempt + 1 < TRIES:
            time.sleep(5 * 2**attempt)
    raise SetupFailed(f"{failure}:\n{printed[-3000:]}")
