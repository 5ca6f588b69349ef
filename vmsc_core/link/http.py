"""HTTPS requests behind a port of one method, with limits on size and time. Knows no Kick.

Rules a maintainer must keep:
1. No redirect is followed: Kick's addresses do not redirect, sign-in pages of networks do.
2. Nothing is unpacked: we ask for plain text, and a packed answer is handed on as the nonsense it is.
3. curl gets no shell, no window, no configuration file, and an address that was checked before.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import vmsc_core
from vmsc_core.link.background import background
from vmsc_core.link.dial import dial, reached_directly
from vmsc_core.link.errors import CannotConnect, Stopped, passing
from vmsc_core.link.opening import Opening
from vmsc_core.link.stream import Stream
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import AUTOMATIC, NEVER_PROXY

REQUEST_TIMEOUT = 10.0
"""Seconds for a whole request."""

SIZE_LIMIT = 512 * 1024
"""Bytes of an answer. A lookup has about 10 kB."""

USER_AGENT = f"vmsc-for-obs/{vmsc_core.__version__}"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: `retry_after` in seconds when the header said so, `body` as text (bad bytes replaced)."""

    status: int
    body: str
    retry_after: float | None = None


class Http(Protocol):
    """What the link needs of HTTP."""

    def request(self, method: str, url: str, body: str = "", timeout: float = REQUEST_TIMEOUT) -> Answer:
        """One request within `timeout` seconds. Raises CannotConnect or Stopped."""

    def curl(self, url: str, timeout: float = REQUEST_TIMEOUT) -> Answer:
        """A GET by the system's curl, whose TLS differs from ours. Raises CannotConnect or Stopped."""


class HttpClient:
    """The Http port over the standard library. `stop` ends every waiting with Stopped."""

    def __init__(self, stop: threading.Event, proxy: str = AUTOMATIC) -> None:
        self._stop = stop
        self._proxy = proxy

    def request(self, method: str, url: str, body: str = "", timeout: float = REQUEST_TIMEOUT) -> Answer:
        """One request within `timeout` seconds. Raises CannotConnect or Stopped."""
        status, data, wait = self._exchange(method, url, body, timeout, "application/json")
        return Answer(status, _text(data), wait)

    def download(self, url: str, kind: str, timeout: float = REQUEST_TIMEOUT) -> tuple[int, bytes]:
        """A GET for a file of this kind (its media type): status and bytes. Raises CannotConnect or Stopped."""
        status, data, _ = self._exchange("GET", url, "", timeout, kind)
        return status, data

    def _exchange(self, method: str, url: str, body: str, timeout: float, kind: str) -> tuple[int, bytes, float | None]:
        deadline = time.monotonic() + timeout
        parts = urlsplit(url)
        host, tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if tls else 80)

        def open_stream(request: bytes) -> Stream:
            return dial(host, port, tls, self._stop, deadline, request, "answer_broken", self._proxy)

        opening = Opening(open_stream, SIZE_LIMIT + 100_000)
        client = http.client.HTTPConnection(host, port)
        client.sock = opening
        headers = {"Accept": kind, "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
        headers["Connection"] = "close"
        headers["Host"] = parts.netloc if not tls or port != 443 else host
        if body:
            headers["Content-Type"] = "application/json"
        path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        try:
            client.request(method, path, body.encode() if body else None, headers)
            # Before there is an answer: one that finds nothing to read is left half made, and from Python 3.13 on its end is
            # a traceback that OBS shows over the stream.
            opening.open()
            answer = client.getresponse()
            data = _read(answer)
            return answer.status, data, _seconds(answer.getheader("Retry-After"))
        except (http.client.HTTPException, OSError, ValueError) as error:
            if opening.stream is not None:
                opening.stream.blame()
            raise passing("answer_broken", host) from error
        finally:
            if opening.stream is not None:
                opening.stream.close()

    def curl(self, url: str, timeout: float = REQUEST_TIMEOUT) -> Answer:
        """A GET by the system's curl, whose TLS differs from ours. Raises CannotConnect or Stopped."""
        program = curl_path()
        if program is None:
            raise _curl_failed("curl_missing")
        command = [
            program, "--disable", "--silent", "--globoff", "--max-redirs", "0", "--max-time", str(int(timeout)),
            "--max-filesize", str(SIZE_LIMIT), "--proto", "=https,http", "--header", "Accept: application/json",
            "--user-agent", USER_AGENT, "--write-out", "\n%{http_code}", "--url", url,
        ]  # fmt: skip
        if self._proxy == NEVER_PROXY or reached_directly(url):
            command += ["--noproxy", "*"]  # it reads the environment too, where a proxy may stand that is no longer there
        flags: dict[str, Any] = {}
        if sys.platform == "win32":
            flags["creationflags"] = subprocess.CREATE_NO_WINDOW
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **flags
            )
        except OSError as error:
            raise _curl_failed("curl_failed") from error
        return self._curl_answer(process, time.monotonic() + timeout + 1.0)

    def _curl_answer(self, process: subprocess.Popen[bytes], deadline: float) -> Answer:
        output: list[bytes] = []

        def read() -> None:
            assert process.stdout is not None
            output.append(process.stdout.read(SIZE_LIMIT + 100))

        reader = background(read, "vmsc-curl")
        try:
            reader.start()
            while reader.is_alive():
                reader.join(0.1)
                if self._stop.is_set():
                    raise Stopped
                if time.monotonic() > deadline:
                    raise _curl_failed("curl_slow")
        finally:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                process.kill()
                process.wait(1.0)
            if process.stdout is not None:
                process.stdout.close()
        body, _, status = b"".join(output).rpartition(b"\n")
        if not re.fullmatch(rb"[1-5][0-9]{2}", status):  # what --write-out has put there; 000 without an answer
            raise _curl_failed("curl_silent")
        return Answer(int(status), _text(body))


def _curl_failed(key: str) -> CannotConnect:
    return CannotConnect(Failure(Remedy.BACKOFF, because(key)))


def curl_path() -> str | None:
    """Where the system's curl is; None without one."""
    if sys.platform == "win32":
        # Not by name: Windows looks into the current folder first.
        path = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "curl.exe")
        return path if os.path.isfile(path) else None
    return shutil.which("curl")


def _read(answer: http.client.HTTPResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= SIZE_LIMIT:
        part = answer.read(16_384)
        if not part:
            if answer.length:  # what is missing of the Content-Length; not every Python complains of it
                raise http.client.IncompleteRead(b"", answer.length)
            return b"".join(parts)
        parts.append(part)
        size += len(part)
    raise ValueError("the answer is too long")


def _text(data: bytes) -> str:
    # "utf-8-sig": some servers begin with a byte order mark, which is no part of the text.
    return data.decode("utf-8-sig", "replace")


def _seconds(value: str | None) -> float | None:
    # The header may also be a date; then the usual cooldown does.
    return float(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else None
