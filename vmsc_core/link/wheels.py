"""Pinned packages: what the pins say, which file of the index is meant, and what of a wheel is unpacked. Knows no network.

Rules a maintainer must keep:
1. Nothing of a wheel is looked at before its hash is that of a pin.
2. Only plain files below the package's own folders are taken, under names that are safe on every system. Nothing is run.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from vmsc_core.json_text import LONGEST_PAGE, parse

PACKAGES = {"certifi": "certifi", "websocket-client": "websocket"}
"""What may be pinned → the folder its code is in."""

MOST_BYTES = 4 * 1024 * 1024
MOST_FILES = 200
"""Of one wheel, unpacked. websocket-client has 300 kB in 41 files."""

_PIN = re.compile(r"([a-z-]+)==([0-9][0-9a-z.]*)((?: +--hash=sha256:[0-9a-f]{64})+)", re.ASCII)
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*[A-Za-z0-9_]|[A-Za-z0-9_]", re.ASCII)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.ASCII | re.IGNORECASE)
"""Names that aren't files on Windows."""


class BadWheel(ValueError):
    """A download that is not what was pinned, or can't be unpacked safely."""


@dataclass(frozen=True)
class Pin:
    """One package in one version; `hashes` are the SHA-256 of the files that are it, in hexadecimal."""

    name: str
    version: str
    hashes: tuple[str, ...]

    @property
    def package(self) -> str:
        """The folder its code is in."""
        return PACKAGES[self.name]

    @property
    def metadata(self) -> str:
        """The folder with its license and what else it says about itself."""
        return f"{self.name.replace('-', '_')}-{self.version}.dist-info"


def read_pins(text: str) -> tuple[Pin, ...]:
    """The pins in a requirements file of pip's --require-hashes form; empty unless it pins exactly PACKAGES."""
    rows = [line.partition("#")[0].strip() for line in text.splitlines()]
    found = [_PIN.fullmatch(row) for row in rows if row]
    pins = [Pin(one[1], one[2], tuple(re.findall(r"[0-9a-f]{64}", one[3]))) for one in found if one is not None]
    is_whole = len(pins) == len(found) and sorted(pin.name for pin in pins) == sorted(PACKAGES)
    return tuple(pins) if is_whole else ()


def wheel_address(pin: Pin, index: str, url: str) -> str:
    """Where the pinned wheel is, by what the index says at `url` about the package (PEP 691); empty if it isn't there."""
    content = parse(index, LONGEST_PAGE)
    files = content.get("files") if isinstance(content, dict) else None
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict) and _is_pinned(pin, file):
            try:
                return urljoin(url, str(file["url"]))
            except ValueError:
                continue
    return ""


def _is_pinned(pin: Pin, file: Mapping[str, Any]) -> bool:
    name, address, hashes = file.get("filename"), file.get("url"), file.get("hashes")
    is_wheel = isinstance(name, str) and name.endswith(".whl") and isinstance(address, str)
    return is_wheel and isinstance(hashes, dict) and hashes.get("sha256") in pin.hashes


def unpack(data: bytes, pin: Pin) -> dict[str, bytes]:
    """Path, with slashes → bytes of each file to keep: the package, its license, and its METADATA. Raises BadWheel."""
    if hashlib.sha256(data).hexdigest() not in pin.hashes:
        raise BadWheel("hash")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            return _files(wheel, pin)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise BadWheel(str(error)) from error


def _files(wheel: zipfile.ZipFile, pin: Pin) -> dict[str, bytes]:
    kept: dict[str, bytes] = {}
    size, seen = 0, set()
    for entry in wheel.infolist():
        if entry.is_dir() or not _is_kept(entry.filename, pin):
            continue
        if not _is_safe(entry) or entry.filename.lower() in seen:
            raise BadWheel(f"unsafe name {entry.filename!r}")
        seen.add(entry.filename.lower())
        with wheel.open(entry) as file:
            content = file.read(MOST_BYTES - size + 1)  # not entry.file_size: it is only what the archive says
        size += len(content)
        if size > MOST_BYTES or len(seen) > MOST_FILES:
            raise BadWheel("too big")
        kept[entry.filename] = content
    if not any(name.startswith(pin.package + "/") for name in kept):
        raise BadWheel("not that package")
    return kept


def _is_kept(name: str, pin: Pin) -> bool:
    """The package without its tests; of what it says about itself, the license and METADATA."""
    top, _, rest = name.partition("/")
    if top == pin.package:
        return not rest.startswith("tests/")
    words = rest.lower()
    return top == pin.metadata and (rest == "METADATA" or words.startswith(("license", "licence", "notice", "copying")))


def _is_safe(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    steps = entry.filename.split("/")
    return kind in (0, stat.S_IFREG) and all(_SAFE.fullmatch(step) and not _RESERVED.fullmatch(step) for step in steps)
