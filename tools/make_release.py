"""Makes the release, one zip: ``python3 tools/make_release.py`` writes dist/vmsc-obs-VERSION.zip, the same bytes each time.

It holds the script, README, LICENSE, CHANGELOG, and in vmsc_lib websocket-client and certifi: from the package index, by pip,
in the versions and with the hashes of tools/requirements-release.txt. What was downloaded stays in .cache/release.

1. Nothing of the machine goes in: no time, no order, no permission, no line ending, and no compression, which differs from
   one zlib to the next.
2. A file's time comes from its content. With one time for all, Python would mistake what it kept of an older release's file
   (__pycache__) for the new one's, where both are of one length.

Standard library only, Python 3.9 or newer.
"""

from __future__ import annotations

import whole_python  # noqa: F401 - before all else

# isort: split
import argparse
import hashlib
import importlib.util
import re
import stat
import sys
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import fresh_machine
from fresh_machine import INTERRUPTED, ROOT, SetupFailed, say

sys.path.insert(0, str(ROOT))

import vmsc_core
from vmsc_core.link.library import FOLDER as LIBRARIES
from vmsc_core.link.wheels import BadWheel, Pin, read_pins, unpack

REQUIREMENTS = ROOT / "tools" / "requirements-release.txt"
DOWNLOADS = ROOT / ".cache" / "release"
TOP = "vmsc-obs"
"""The folder inside the zip: without a version, so that an update goes where the old one is."""

GIVEN = ("vmsc_obs.py", "LICENSE", "CHANGELOG.md", "tools/requirements-release.txt")
"""The last is for the button that installs websocket-client, should vmsc_lib get lost."""

CODE = (".py", ".png")
"""What of vmsc_core goes in; what else lies there is no part of it."""

TEXTS = (".py", ".md", ".txt", "")
IN_A_CHECKOUT = re.compile(r"<!-- checkout -->\n.*?<!-- /checkout -->\n", re.DOTALL)
"""What README.md says to those who have the whole repository."""

PICTURE = re.compile(r"!\[[^\]]*\]\((docs/[^)]+)\)")
YEAR = datetime(2025, 1, 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; the exit code is 0 when the zip was made."""
    parser = argparse.ArgumentParser(description="Makes vmsc-obs-VERSION.zip.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where to put it (dist)")
    options = parser.parse_args(arguments)
    try:
        made = make(options.out)
    except SetupFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return INTERRUPTED
    data = made.read_bytes()
    say(f"{made} ({len(data) / 1e6:.1f} MB)\nsha256 {hashlib.sha256(data).hexdigest()}")
    return 0


def make(folder: Path) -> Path:
    """Writes the zip into `folder` and gives its path. Raises SetupFailed."""
    files = contents(libraries())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{TOP}-{vmsc_core.__version__}.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in sorted(files):
            made.writestr(_entry(f"{TOP}/{name}", files[name]), files[name])
    return path


def contents(brought: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path inside the zip's folder → bytes; `brought` is what goes into vmsc_lib."""
    readme = IN_A_CHECKOUT.sub("", (ROOT / "README.md").read_text("utf-8"))
    code = [path for path in (ROOT / "vmsc_core").rglob("*") if path.suffix in CODE and "__pycache__" not in path.parts]
    pictures = [ROOT / name for name in PICTURE.findall(readme)]
    paths = [*(ROOT / name for name in GIVEN), *code, *pictures]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    files["README.md"] = readme.encode()
    files.update({f"{LIBRARIES}/{name}": content for name, content in brought.items()})
    return {name: _plain(name, content) for name, content in files.items()}


def _plain(name: str, content: bytes) -> bytes:
    """A text with the line endings that it has in the repository, whatever git made of them on this machine."""
    return content.replace(b"\r\n", b"\n") if Path(name).suffix in TEXTS else content


def _entry(name: str, content: bytes) -> zipfile.ZipInfo:
    seconds = int.from_bytes(hashlib.sha256(content).digest()[:6], "big") % (365 * 24 * 3600)
    entry = zipfile.ZipInfo(name, (YEAR + timedelta(seconds=seconds)).timetuple()[:6])
    entry.create_system = 3  # Unix, whose permissions these are
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


# -- websocket-client and certifi


def libraries(downloads: Path = DOWNLOADS) -> dict[str, bytes]:
    """Path inside vmsc_lib → bytes, out of the pinned wheels, which are downloaded unless they are there. Raises SetupFailed."""
    pins = read_pins(REQUIREMENTS.read_text("utf-8"))
    if not pins:
        raise SetupFailed(f"{REQUIREMENTS.relative_to(ROOT)} must pin websocket-client and certifi, with hashes.")
    if any(_wheel(pin, downloads) is None for pin in pins):
        _download(downloads)
    files: dict[str, bytes] = {}
    for pin in pins:
        data = _wheel(pin, downloads)
        if data is None:
            raise SetupFailed(f"pip downloaded no wheel of {pin.name} {pin.version} with a pinned hash.")
        try:
            files.update(unpack(data, pin))
        except BadWheel as problem:
            raise SetupFailed(f"The wheel of {pin.name} {pin.version} can't be unpacked: {problem}") from problem
    return files


def _wheel(pin: Pin, downloads: Path) -> bytes | None:
    wheels = (path.read_bytes() for path in sorted(downloads.glob("*.whl")))
    return next((data for data in wheels if hashlib.sha256(data).hexdigest() in pin.hashes), None)


def _download(downloads: Path) -> None:
    say(f"Downloading what {REQUIREMENTS.name} lists (pip) …")
    has_pip = importlib.util.find_spec("pip") is not None
    python = sys.executable if has_pip else str(fresh_machine.prepare_venv())
    options = ["--quiet", "--disable-pip-version-check", "--retries", "1"]
    options += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", str(downloads)]
    command = [python, "-m", "pip", "download", *options, "-r", str(REQUIREMENTS)]
    fresh_machine.try_again(command, f"pip could not download what {REQUIREMENTS.relative_to(ROOT)} lists")


if __name__ == "__main__":
    sys.exit(main())
