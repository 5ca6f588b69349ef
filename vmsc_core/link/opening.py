"""A Stream to be: what is sent first goes out to each address in turn, and the first answer decides. Knows no address.

websocket-client and http.client write their request and then read: the race begins at the first read.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from vmsc_core.link.stream import Stream


class Opening:
    """A socket as websocket-client and http.client expect one.

    `dial` makes a Stream that has sent this request and whose answer has begun; `allowance` are the bytes of the answer that
    may be read.
    """

    def __init__(self, dial: Callable[[bytes], Stream], allowance: int) -> None:
        self.stream: Stream | None = None
        self._dial = dial
        self._allowance = allowance
        self._request = b""

    def send(self, data: bytes) -> int:
        """Keeps it until there is something to read; gives how many bytes."""
        self._request += data
        return len(data)

    def sendall(self, data: bytes) -> None:
        """As send."""
        self._request += data

    def recv(self, size: int) -> bytes:
        """The answer, its head cleaned. Raises what `dial` and Stream raise."""
        return self.open().recv(size)

    def makefile(self, *mode: Any, **options: Any) -> io.BufferedReader:
        """What http.client reads an answer from."""
        return self.open().makefile()

    def settimeout(self, seconds: float | None) -> None:
        """The deadline given to the dialing counts."""

    def gettimeout(self) -> float | None:
        """None: no reader waits on its own."""
        return None

    def fileno(self) -> int:
        """The socket's descriptor; -1 while there is none."""
        return self.stream.fileno() if self.stream else -1

    def shutdown(self, how: int = 0) -> None:
        """Nothing: see close."""

    def close(self) -> None:
        """Nothing: http.client closes before the answer has been read. Who made it closes the stream."""

    def open(self) -> Stream:
        """Sends what was kept, and gives the Stream whose answer has begun. Raises what `dial` raises."""
        if self.stream is None:
            self.stream = self._dial(self._request)
            self.stream.allowance = self._allowance
            self.stream.take_head()
        return self.stream
