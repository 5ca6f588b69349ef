"""websocket-client behind a port of five methods: open, send, receive, more, close. Knows no protocol above WebSocket.

Why the low level of websocket-client: run_forever owns the thread, the waiting and the reconnecting, and all three are ours.
"""

from __future__ import annotations

import struct
import threading
import time
from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from vmsc_core.link.dial import dial
from vmsc_core.link.errors import CannotConnect, ConnectionLost, Stopped, passing
from vmsc_core.link.frames import plain_text
from vmsc_core.link.library import library
from vmsc_core.link.opening import Opening
from vmsc_core.link.stream import Stream
from vmsc_core.link.tls import tls_remark
from vmsc_core.reasons import Reason, because
from vmsc_core.settings import AUTOMATIC

LARGEST_MESSAGE = 128 * 1024
"""Bytes of one message. A Pusher frame has at most 10 kB of data; parsing 1 MiB of brackets holds OBS's frame for 113 ms."""

MOST_FRAGMENTS = 4096
HANDSHAKE_BYTES = 65_536

SEND_TIMEOUT = 10.0
"""Seconds for one message to leave: only a server that has stopped reading takes longer."""


@dataclass(frozen=True)
class Way:
    """How a connection was reached: the proxy's host, when there is one; and what the user should know of this computer."""

    proxy: str = ""
    remark: Reason | None = None

    def title(self, server: Reason) -> Reason:
        """What was reached, by which way."""
        return because("server_through", server=server, proxy=self.proxy) if self.proxy else server

    @property
    def notice(self) -> Reason | None:
        """For the history: that it isn't the direct way."""
        return because("through_proxy", proxy=self.proxy) if self.proxy else None


class Transport(Protocol):
    """One WebSocket. Belongs to one thread; the stop flag given at its making ends every waiting."""

    way: Way
    """Of the connection that is open."""

    def open(self, url: str, deadline: float, origin: str) -> None:
        """Connects by `deadline` (monotonic seconds). Raises CannotConnect or Stopped."""

    def send(self, text: str) -> None:
        """Sends one text message. Raises ConnectionLost or Stopped."""

    def receive(self, timeout: float) -> str | None:
        """The next text message, or None after `timeout` seconds. Raises ConnectionLost or Stopped."""

    def more(self) -> str | None:
        """The next text message if it is here already, or None: waits for nothing, and never raises."""

    def close(self) -> None:
        """Ends the connection at once, any number of times."""


class WebSocketTransport:
    """The Transport over websocket-client. `stop` ends every waiting with Stopped."""

    def __init__(self, stop: threading.Event, proxy: str = AUTOMATIC) -> None:
        self.way = Way()
        self._stop = stop
        self._proxy = proxy
        self._stream: Stream | None = None
        self._ws: Any = None
        self._parts: list[bytes] = []
        self._size = 0
        self._between_frames = False
        """Whether the library holds no part of a frame, so that the next byte is the first one of a frame."""

    def open(self, url: str, deadline: float, origin: str) -> None:
        """Connects by `deadline` (monotonic seconds). Raises CannotConnect or Stopped."""
        websocket = library()
        parts = urlsplit(url)
        tls = parts.scheme == "wss"
        host = parts.hostname or ""
        port = parts.port or (443 if tls else 80)

        def open_stream(request: bytes) -> Stream:
            self._stream = dial(host, port, tls, self._stop, deadline, request, "handshake_broken", self._proxy)
            return self._stream

        ws: Any = websocket.WebSocket(
            fire_cont_frame=True, skip_utf8_validation=True, enable_multithread=False
        )  # UTF-8 is checked once, by _text below: the library's own check is slow Python
        try:
            ws.connect(url, socket=Opening(open_stream, HANDSHAKE_BYTES), redirect_limit=0, origin=origin, timeout=None)
            if ws.handshake_response.status != 101:  # older versions take a redirect for a connection
                raise websocket.WebSocketException("redirected")
        except (Stopped, CannotConnect):
            self.close()
            raise
        except Exception as error:  # whatever the library makes of what a server sends
            self._give_up()
            status = getattr(error, "status_code", None)
            if isinstance(status, int):
                raise passing("handshake_refused", host, status=status) from error
            raise passing("handshake_broken", host) from error
        stream = self._stream
        assert stream is not None  # there is an answer
        ws.sock = stream
        stream.deadline = stream.allowance = None
        self.way = Way(stream.proxy, tls_remark() if tls else None)
        _refuse_large_frames(ws)
        # The library answers a close frame before it hands it out; when the server has gone already, that would cost
        # us the close code. We are about to drop the socket anyway.
        ws.send_close = lambda *code_and_reason: None
        self._ws = ws

    def send(self, text: str) -> None:
        """Sends one text message. Raises ConnectionLost or Stopped."""
        websocket = library()
        stream = self._stream
        if stream is None:
            raise ConnectionLost(None, "not open")
        stream.deadline = time.monotonic() + SEND_TIMEOUT
        try:
            self._ws.send(text)
        except (websocket.WebSocketException, OSError) as error:
            raise ConnectionLost(None, "sending failed") from error

    def receive(self, timeout: float) -> str | None:
        """The next text message, or None after `timeout` seconds. A binary or badly encoded one is the empty text."""
        text = self.more()
        if text is not None:
            return text
        websocket = library()
        stream = self._stream
        if stream is None:
            raise ConnectionLost(None, "not open")
        # One end for the whole receive, not one for each read: a frame that drips in must not keep us from the rest.
        deadline = stream.deadline = time.monotonic() + max(0.0005, timeout)
        while True:
            self._between_frames = False
            try:
                opcode, frame = self._ws.recv_data_frame(True)
            except websocket.WebSocketTimeoutException:
                return None  # a frame that has begun stays in the library's buffer
            except websocket.WebSocketPayloadException as error:
                raise ConnectionLost(1009, str(error)) from error
            except (websocket.WebSocketException, OSError, struct.error, ValueError) as error:
                raise ConnectionLost(None, type(error).__name__) from error
            self._between_frames = True
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                raise _closed(frame.data)
            if opcode in (
                websocket.ABNF.OPCODE_TEXT,
                websocket.ABNF.OPCODE_BINARY,
                websocket.ABNF.OPCODE_CONT,
            ):
                text = self._fragment(opcode, frame, websocket.ABNF.OPCODE_BINARY)
                if text is not None:
                    return text
            if time.monotonic() >= deadline:
                return None

    def more(self) -> str | None:
        """The next text message if it is here already and plain, without the library; None when `receive` has to look."""
        stream = self._stream
        if stream is None or self._parts or not self._between_frames:
            return None
        data, at = stream.peek()
        place = plain_text(data, at)
        if place is None:
            return None
        begin, end = place
        stream.take_to(end)
        return _text(data[begin:end])

    def close(self) -> None:
        """Ends the connection at once, any number of times."""
        self._between_frames = False  # what has arrived and was not taken is gone
        stream = self._stream
        if stream is not None:
            stream.close()

    def _give_up(self) -> None:
        """Ends what is no WebSocket; another address of the host is tried first the next time."""
        if self._stream is not None:
            self._stream.blame()
        self.close()

    def _fragment(self, opcode: int, frame: Any, binary: int) -> str | None:
        self._parts.append(frame.data)
        self._size += len(frame.data)
        if self._size > LARGEST_MESSAGE or len(self._parts) > MOST_FRAGMENTS:
            raise ConnectionLost(1009, "message too large")
        if not frame.fin:
            return None
        data, self._parts, self._size = b"".join(self._parts), [], 0
        return "" if opcode == binary else _text(data)


def _text(data: bytes) -> str:
    """The text of a message; empty when it is badly encoded."""
    try:
        return data.decode("utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8")
    except UnicodeDecodeError:
        return ""


def _refuse_large_frames(ws: Any) -> None:
    """Refuses a frame by its announced length, before a byte of it is read."""
    websocket = library()
    buffer = ws.frame_buffer
    read_length = buffer.recv_length

    def recv_length() -> None:
        read_length()
        if (buffer.length or 0) > LARGEST_MESSAGE:
            raise websocket.WebSocketPayloadException("message too large")

    buffer.recv_length = recv_length


def _closed(data: Any) -> ConnectionLost:
    data = bytes(data or b"")
    if len(data) < 2:
        return ConnectionLost(None, "")
    code = struct.unpack("!H", data[:2])[0]
    return ConnectionLost(code, data[2:125].decode("utf-8", "replace"))
