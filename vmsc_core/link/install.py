"""Installs websocket-client beside the script: downloads the pinned files and puts them in place. Knows no page and no OBS.

Rules a maintainer must keep:
1. Only over verified TLS (or from this computer), and only what a pin's hash names; nothing that was downloaded is run here.
2. All or nothing: files are written beside the place and renamed into it.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import shutil
import threading
from collections.abc import Mapping, Sequence
from typing import Callable, Optional
from urllib.parse import urlsplit

from vmsc_core.link.errors import CannotConnect, Stopped, reason_of
from vmsc_core.link.http import HttpClient
from vmsc_core.link.library import FOLDER
from vmsc_core.link.tls import forget
from vmsc_core.link.wheels import BadWheel, Pin, read_pins, unpack, wheel_address
from vmsc_core.link.worker import Worker
from vmsc_core.reasons import Failure, Reason, Remedy, because
from vmsc_core.settings import address_trouble

log = logging.getLogger("vmsc.link")

INDEX = "https://pypi.org/simple/{name}/"
"""Python's package index: the only place of its address."""

INDEX_VARIABLE = "VMSC_PACKAGE_INDEX"
"""The environment's variable with another index, in the form of INDEX. Whatever it serves, the hashes decide."""

PINS = os.path.join("tools", "requirements-release.txt")
"""Beside vmsc_obs.py, in a checkout as in a release."""

INDEX_TYPE = "application/vnd.pypi.simple.v1+json"
DOWNLOAD_TIMEOUT = 30.0
"""Seconds for each of the four requests."""

AS_THEY_ARE = ("certificate_bad", "certificates_gone", "certificates_none", "proxy_login")
"""Troubles whose sentences say what to do here as well; the others promise that the link tries again."""

DONE = because("install_done")
Check = Callable[[], Optional[Failure]]


def pins(script_folder: str) -> tuple[Pin, ...]:
    """What is to be installed; empty when the file with the pins isn't there or isn't whole."""
    try:
        with open(os.path.join(script_folder, PINS), encoding="utf-8") as file:
            return read_pins(file.read(64 * 1024))
    except (OSError, ValueError):
        return ()


class Installer(Worker):
    """One installation in the background: `start`, then look at `outcome`. `stop` ends it, and leaves nothing half done.

    `check` is called on its thread when all is in place, and says what still keeps the script from working.
    """

    def __init__(self, script_folder: str, wanted: Sequence[Pin], check: Check) -> None:
        super().__init__("vmsc-install", threading.Event.wait)
        self._folder, self._pins, self._check = script_folder, wanted, check
        self.is_good = False
        self.outcome: Reason | None = None
        """How it went; None while it runs. Set last: who sees it sees `is_good` too. Any thread may look."""

    def run(self) -> None:
        """All of it. Raises nothing."""
        outcome: Reason | None = None
        try:
            outcome = self._install()
        except Stopped:
            pass
        except CannotConnect as error:
            outcome = because("install_failed", why=_why(error.failure))
        except BaseException as error:  # never runs unless there is a bug
            log.exception("the installation failed")
            outcome = because("install_failed", why=reason_of(error))
        self.outcome, self.is_done = outcome, True

    def _install(self) -> Reason:
        # Not a temporary folder of Python's: on Windows only the account that made it could read what is renamed out of it.
        beside = os.path.join(self._folder, f".{FOLDER}-{os.getpid()}")
        shutil.rmtree(beside, ignore_errors=True)
        try:
            os.mkdir(beside)
        except OSError:
            return because("install_failed", why=because("install_folder", folder=self._folder))
        try:
            files: dict[str, bytes] = {}
            for pin in self._pins:
                files.update(self._download(pin))
            put_in_place(files, beside, os.path.join(self._folder, FOLDER))
        except BadWheel:
            return because("install_failed", why=because("install_hash"))
        except OSError:
            return because("install_failed", why=because("install_folder", folder=self._folder))
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        importlib.invalidate_caches()  # Python remembers what was in a folder it has looked into
        forget()  # the certificates of certifi have come
        failure = self._check()
        if failure is not None:
            missing = failure.reason.key == "websocket_missing"
            return because("install_failed", why=because("install_useless")) if missing else failure.reason
        self.is_good = True
        return DONE

    def _download(self, pin: Pin) -> Mapping[str, bytes]:
        http = HttpClient(self._stop)
        index = (os.environ.get(INDEX_VARIABLE) or INDEX).replace("{name}", pin.name)
        listed = _get(http, index, INDEX_TYPE)
        address = wheel_address(pin, listed.decode("utf-8", "replace"), index)
        if not address:
            raise _cannot("install_not_there", index, name=pin.name, version=pin.version)
        return unpack(_get(http, address, "*/*"), pin)


def put_in_place(files: Mapping[str, bytes], beside: str, target: str) -> None:
    """Writes the files (path, with slashes → bytes) and renames them into `target`. Raises OSError.

    `beside` is an empty folder on the same disk. What is in `target` already stays, but for the packages that are replaced;
    those are put back when it can't be done.
    """
    new, old = os.path.join(beside, "new"), os.path.join(beside, "old")
    for name, content in files.items():
        path = os.path.join(new, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    if not os.path.lexists(target):
        os.rename(new, target)
        return
    os.mkdir(old)
    # websocket-client last: library.py takes it for there as soon as it lies there.
    for top in sorted(os.listdir(new)):
        _replace(os.path.join(new, top), os.path.join(target, top), os.path.join(old, top))


def _replace(new: str, place: str, old: str) -> None:
    if os.path.lexists(place):
        os.rename(place, old)
    try:
        os.rename(new, place)
    except OSError:
        if os.path.lexists(old):
            with contextlib.suppress(OSError):
                os.rename(old, place)
        raise


def _get(http: HttpClient, url: str, kind: str) -> bytes:
    if address_trouble(url, ("https", "http")) is not None:
        raise _cannot("install_address", url)
    status, body = http.download(url, kind, DOWNLOAD_TIMEOUT)
    if status != 200:
        raise _cannot("install_status", url, status=status)
    return body


def _cannot(key: str, url: str, **values: str | int) -> CannotConnect:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return CannotConnect(Failure(Remedy.USER, because(key, server=host, **values)))


def _why(failure: Failure) -> Reason:
    """Why, without the promise that the link makes: nothing is tried again here until the button is pressed."""
    if failure.remedy is Remedy.USER or failure.reason.key in AS_THEY_ARE:
        return failure.reason
    if failure.reason.key == "network_down":
        return because("install_offline")
    if failure.reason.key == "thread_missing":
        return because("install_no_thread")
    host = next((value for name, value in failure.reason.values if name == "host"), "")
    return because("install_unreachable", server=host)
