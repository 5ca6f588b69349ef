"""Another Debian in a folder, with its own OBS and Python: what runs in there, and what of this machine it sees.

Knows chroot and mounts, not what OBS does. Every command gets mounts of its own (unshare -m), which end with it: nothing
stays mounted, whatever happens. The process keeps its ID and its place under the kernel's eye; screen and loopback are shared.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT_VARIABLE = "VMSC_OBS_ROOT"
"""The environment's variable with the root folder that every sandbox uses when it isn't given one."""

PROJECT = Path(__file__).resolve().parents[2]

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
"""The PATH inside: no Python of this machine's."""

DEBIANS_PYTHON_PACKAGES = "/usr/lib/python3/dist-packages"

ENTER = """
set -e
root=$1; folder=$2; hidden=$3; shared=$4; shift 4
for place in /dev /proc /sys; do mount --rbind "$place" "$root$place"; done
printf '%s\\n' "$shared" | while IFS= read -r place; do
  mkdir -p "$root$place"
  mount --bind "$place" "$root$place"
done
if [ -n "$hidden" ]; then mount -t tmpfs none "$root$hidden"; fi
exec chroot "$root" env --chdir="$folder" "$@"
"""
"""What sh does in its own mount namespace. Each step replaces the one before, so that the process ID stays the same."""


class Root:
    """A root folder, as tools/make_root.py makes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @classmethod
    def from_environment(cls) -> Root | None:
        """The one that ROOT_VARIABLE names; None without it."""
        folder = os.environ.get(ROOT_VARIABLE)
        return cls(Path(folder)) if folder else None

    def lacking(self) -> list[str]:
        """Why nothing can run in there, one sentence each; empty when it can."""
        if not sys.platform.startswith("linux"):
            return ["Another root folder needs Linux."]
        if os.geteuid() != 0:
            return ["Another root folder needs root's rights (sudo)."]
        gone = [name for name in ("unshare", "mount", "chroot", "sh") if _program(name) is None]
        if gone:
            return [f"{', '.join(gone)} is missing (Debian/Ubuntu: apt-get install util-linux coreutils dash)."]
        if not (self.folder / "usr" / "bin" / "obs").exists():
            return [f"There is no OBS in {self.folder}. Make one: python3 tools/make_root.py trixie {self.folder}"]
        return []

    def command(self, command: Sequence[str], folder: str = "/", without_packages: bool = False) -> list[str]:
        """The command that runs `command` inside, in the working folder `folder`.

        Project and temporary files are in the same places there; with `without_packages` its Python has none of Debian's.
        """
        temporary = str(Path(tempfile.gettempdir()).resolve())
        shared = sorted({"/tmp", temporary, str(PROJECT)})  # /tmp: the X server's socket is there
        hidden = DEBIANS_PYTHON_PACKAGES if without_packages else ""
        enter = [_program("unshare") or "unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "sh"]
        return [*enter, str(self.folder), folder, hidden, "\n".join(shared), *command]

    def prints(self, *command: str) -> str:
        """What a command prints inside; empty when it fails."""
        import subprocess

        done = subprocess.run(self.command(command), env=self.environment(), capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else ""

    def environment(self) -> dict[str, str]:
        """A short environment for a command that needs nothing of ours."""
        return {"PATH": PATH, "LANG": "C.UTF-8", "HOME": "/root"}


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=PATH)
