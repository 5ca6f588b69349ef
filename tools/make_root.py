"""Makes another Debian with its own OBS in a folder, for the tests: ``python3 tools/make_root.py trixie|sid DIR``.

trixie (Debian 13) has OBS 30.2 with Python 3.13, sid has OBS 32 with Python 3.14. Needs Linux, root's rights and debootstrap;
takes some minutes and 2 GB. The same command goes on where an earlier one was stopped. Then::

    python3 tools/test.py --root DIR
    python3 tools/obs_sandbox --root DIR --script vmsc_obs.py

Nothing stays mounted. To remove it: ``rm -r DIR``. Standard library only, Python 3.9 or newer.
"""

from __future__ import annotations

import whole_python  # noqa: F401 - before all else

# isort: split
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import fresh_machine
from fresh_machine import INTERRUPTED, SetupFailed, say
from obs_sandbox.root import Root

SUITES = {"trixie": "Debian 13", "sid": "Debian unstable"}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MARK = "vmsc-root.json"
"""In the root: which Debian it is and how far it has got ("new", "base", "whole")."""

BASE = ("ca-certificates",)
PACKAGES = ("obs-studio", "python3", "python3-websocket", "libgl1-mesa-dri", "libgl1", "fonts-dejavu-core", "curl")
"""libgl1: sid's OBS opens libGL.so.1 without asking for it."""

IF_THERE = ("qt6-svg-plugins",)
"""Debian's OBS 30 draws its icons with it, but doesn't ask for it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes it; the exit code is 0 when it is whole."""
    parser = argparse.ArgumentParser(description="Makes another Debian with its own OBS in a folder, for the tests.")
    parser.add_argument("suite", choices=sorted(SUITES), help="trixie: OBS 30, Python 3.13; sid: OBS 32, Python 3.14")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to put it; outside this repository")
    parser.add_argument("--mirror", default=None, help="Debian's mirror (default: the one apt uses here)")
    parser.add_argument("--allow-expired", action="store_true", help="take a mirror whose lists are too old for apt")
    options = parser.parse_args(arguments)
    try:
        mirror = options.mirror or _mirror_of_apt()
        if not mirror:
            raise SetupFailed("apt names no mirror of Debian here. Choose one with --mirror.")
        _make(options.suite, options.folder.resolve(), mirror, options.allow_expired)
    except SetupFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return INTERRUPTED
    return 0


def _make(suite: str, folder: Path, mirror: str, allow_expired: bool) -> None:
    _check_machine()
    began = time.monotonic()
    stage = _stage_of(folder, suite)
    if stage == "new":
        _have_debootstrap(suite)
        say(f"{SUITES[suite]} ({suite}) into {folder}: the base, about a minute …")
        _bootstrap(suite, folder, mirror)
        _mark(folder, suite, "base")
    if stage != "whole":
        say("OBS and what it needs, a few minutes …")
        _install(folder, allow_expired)
        _mark(folder, suite, "whole")
    root = Root(folder)
    obs = root.prints("dpkg-query", "-W", "-f", "${Version}", "obs-studio")
    python = root.prints("python3", "--version").strip()
    say(f"Ready after {time.monotonic() - began:.0f} s: OBS {obs}, {python}. Try: python3 tools/test.py --root {folder}")


def _check_machine() -> None:
    if not sys.platform.startswith("linux"):
        raise SetupFailed("This needs Linux.")
    if os.geteuid() != 0:
        raise SetupFailed(f"This needs root's rights: sudo python3 {' '.join(sys.argv)}")


def _stage_of(folder: Path, suite: str) -> str:
    """How far the root has got; it and its mark are there afterwards."""
    if folder == fresh_machine.ROOT or fresh_machine.ROOT in folder.parents:
        raise SetupFailed("Choose a folder outside this repository.")
    mark = folder / MARK
    if folder.exists() and not folder.is_dir():
        raise SetupFailed(f"{folder} is not a folder.")
    if not mark.exists() and folder.is_dir() and any(folder.iterdir()):
        raise SetupFailed(f"{folder} isn't empty and wasn't made by this tool. Choose another folder.")
    if mark.exists():
        kept = json.loads(mark.read_text())
        if kept["suite"] != suite:
            raise SetupFailed(f"{folder} is a {kept['suite']}. Choose another folder, or remove it.")
        return str(kept["stage"])
    folder.mkdir(parents=True, exist_ok=True)
    _mark(folder, suite, "new")
    return "new"


def _mark(folder: Path, suite: str, stage: str) -> None:
    (folder / MARK).write_text(json.dumps({"suite": suite, "stage": stage}))


def _have_debootstrap(suite: str) -> None:
    if shutil.which("debootstrap") is None:
        fresh_machine.apt_install(["debootstrap"])
    if not Path("/usr/share/debootstrap/scripts", suite).exists():
        raise SetupFailed(f"This machine's debootstrap doesn't know {suite}: a newer one is needed.")
    if not KEYRING.exists():
        raise SetupFailed("Debian's keys are missing. Install them: apt-get install debian-archive-keyring")


def _bootstrap(suite: str, folder: Path, mirror: str) -> None:
    for rest in folder.iterdir():  # of one that was stopped: it cannot go on, but it is quick
        if rest.name != MARK:
            shutil.rmtree(rest) if rest.is_dir() and not rest.is_symlink() else rest.unlink()
    command = [
        "debootstrap",
        "--variant=minbase",
        f"--keyring={KEYRING}",
        f"--include={','.join(BASE)}",
        suite,
        str(folder),
        mirror,
    ]
    # With mounts of its own: debootstrap's /proc goes with it, however it ends.
    _run(["unshare", "--mount", "--propagation", "private", *command], f"debootstrap could not get {suite} from {mirror}")
    hosts = folder / "etc" / "hosts"
    if not hosts.exists():
        hosts.write_text("127.0.0.1 localhost\n::1 localhost ip6-localhost\n")
    # Nothing is to be started in there.
    policy = folder / "usr" / "sbin" / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)


def _install(folder: Path, allow_expired: bool) -> None:
    root = Root(folder)
    apt = ["apt-get", "-qq", "-y", "-o", "Acquire::Retries=3", "--no-install-recommends"]
    if allow_expired:
        apt += ["-o", "Acquire::Check-Valid-Until=false"]
    _run(root.command(["dpkg", "--configure", "-a"]), "dpkg could not finish what was stopped")
    _run(root.command([*apt, "update"]), "apt-get update failed")
    _run(root.command([*apt, "install", *PACKAGES]), "apt-get could not install " + " ".join(PACKAGES))
    for package in IF_THERE:
        if root.prints("apt-cache", "show", package):
            _run(root.command([*apt, "install", package]), f"apt-get could not install {package}")
    _run(root.command(["apt-get", "clean"]), "apt-get clean failed")


def _run(command: Sequence[str], failure: str) -> None:
    """Runs one step; SetupFailed with its last lines when it fails. Ctrl-C ends it with all its children."""
    environment = {**Root(Path("/")).environment(), "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", **_proxies()}
    process = subprocess.Popen(
        list(command), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", start_new_session=True,
    )  # fmt: skip
    try:
        printed = process.communicate()[0]
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise
    if process.returncode != 0:
        if "InRelease is expired" in printed:
            raise SetupFailed("The mirror's lists are too old. Choose another (--mirror), or add --allow-expired.")
        lines = [line for line in printed.splitlines() if line.strip()]
        raise SetupFailed("\n".join([f"{failure}:", *lines[-5:]]))


def _proxies() -> dict[str, str]:
    """The proxies of our environment, and apt's own where there is none."""
    found = {name: value for name, value in os.environ.items() if name.lower() in ("http_proxy", "https_proxy", "no_proxy")}
    apt = _prints("apt-config", "dump", "--format", "%v", "Acquire::http::Proxy").strip()
    return {"http_proxy": apt, **found} if apt else found


def _mirror_of_apt() -> str | None:
    """The mirror this machine's own apt uses, when this is a Debian."""
    rows = _prints("apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)", "Created-By: Packages")
    for row in rows.splitlines():
        origin, label, address = (*row.split(" ", 2), "", "")[:3]
        if (origin, label) == ("Debian", "Debian") and address.startswith(("http://", "https://")):
            return address.rstrip("/")
    return None


def _prints(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    sys.exit(main())
