"""The HTTP side of the simulator: whole answers on a good day, and every bad one on demand. Knows no channels.

On asyncio streams, not on http.server: most faults (drip, half a body, a body without end) are bytes that no library sends.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import socket
import struct
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Union

FAULTS = (
    "html", "nonsense", "null", "empty", "deep", "invalid_utf8", "blocked", "hang", "drip", "drip_head", "huge", "bulk",
    "endless", "gzip_bomb", "truncated", "reset", "close", "noise", "long_head", "loop", "to_http", "to_file", "to_other_host",
)  # fmt: skip
"""Names for an HTTP fault. A number is that status; (status, headers, body) is that answer; a list is used up one each."""

Fault = Union[int, str, tuple[int, dict[str, str], Union[str, bytes]], list[Any], None]

REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}
REASONS.update({405: "Method Not Allowed", 422: "Unprocessable Content", 423: "Locked", 429: "Too Many Requests"})
REASONS.update({500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"})

CLOUDFLARE = (
    '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>'
    "<body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>"
)
PORTAL = "<!doctype html><html><head><title>Welcome to Hotel Wi-Fi</title></head><body>Please sign in.</body></html>"


@dataclass
class Request:
    """What a client asked."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Answer:
    """What it gets."""

    status: int
    body: Union[str, bytes]
    headers: dict[str, str] = field(default_factory=dict)


def as_json(value: Any, status: int = 200) -> Answer:
    """An answer in JSON, as Kick's are."""
    return Answer(status, json.dumps(value), {"Content-Type": "application/json"})


def check_fault(fault: Fault) -> None:
    """Raises ValueError for a fault that this server does not know: a misspelled one would be a test that tests nothing."""
    for one in fault if isinstance(fault, list) else [fault]:
        known = one is None or isinstance(one, (int, tuple)) or one in FAULTS
        if not known:
            raise ValueError(f"no such HTTP fault: {one!r}; there are {', '.join(FAULTS)}, numbers and tuples")


def of_status(status: int, retry_after: Optional[str]) -> Answer:
    """What Kick, or the network before it, says with this status."""
    if status == 403:
        return Answer(403, CLOUDFLARE, {"Content-Type": "text/html; charset=UTF-8", "cf-mitigated": "challenge"})
    if status == 404:
        return as_json({"message": ""}, 404)
    if status == 423:
        return as_json({"message": "This channel is not available in your country."}, 423)
    if status == 429:
        answer = as_json({"message": "Too Many Attempts."}, 429)
        if retry_after is not None:
            answer.headers["Retry-After"] = retry_after
        return answer
    if status >= 500:
        return Answer(status, f"<html><body><h1>{status}</h1></body></html>", {"Content-Type": "text/html"})
    return as_json({"message": f"status {status}"}, status)


Respond = Callable[[Request], Awaitable[tuple[Answer, Fault, Optional[str]]]]
"""Request → healthy answer, fault, value of Retry-After."""


class HttpServer:
    """Answers one request per connection; runs on the loop it was started on."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._server: Optional[asyncio.AbstractServer] = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def open(self) -> int:
        """How many connections are being answered."""
        return len(self._writers)

    async def start(self, host: str, port: int, ssl: Any = None) -> int:
        """Listen; gives the port. Raises OSError."""
        self._server = await asyncio.start_server(self._serve, host, port, ssl=ssl)
        return int(self._server.sockets[0].getsockname()[1])

    def stop_listening(self) -> None:
        """New connections are refused, open ones go on."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def stop(self) -> None:
        """End everything."""
        self.stop_listening()
        for task in list(self._tasks):
            task.cancel()
        for writer in list(self._writers):
            writer.transport.abort()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=2)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            request = await asyncio.wait_for(_read(reader), 30)
            if request is not None:
                answer, fault, retry_after = await self._respond(request)
                await _misbehave(fault, request, answer, retry_after, reader, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, asyncio.LimitOverrunError, ValueError):
            pass  # the client went away, or spoke no HTTP
        except asyncio.CancelledError:
            pass  # the simulator ends; nothing waits for this task's result
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Optional[Request]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _version = head[0].split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(min(int(headers.get("content-length", 0)), 1 << 20))
    return Request(method, path, headers, body)


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}",
        *(f"{k}: {v}" for k, v in headers.items()),
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _whole(answer: Answer) -> bytes:
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    return _head(answer.status, {"Content-Length": str(len(body)), **answer.headers}) + body


def reset(writer: Any) -> None:
    """End a TCP connection with RST, as a crashed server or an impatient router does. Takes a transport or a StreamWriter."""
    transport = getattr(writer, "transport", writer)
    tcp = transport.get_extra_info("socket")
    if tcp is not None:
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0))
    transport.abort()


async def _misbehave(
    fault: Fault,
    request: Request,
    answer: Answer,
    retry_after: Optional[str],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    plain = {
        None: answer,
        "html": Answer(200, PORTAL, {"Content-Type": "text/html"}),
        "nonsense": as_json({"data": [], "id": "x", "chatroom": 5, "livestream": "yes", "user": None}),
        "null": as_json(None),
        "empty": Answer(200, ""),
        "invalid_utf8": Answer(200, b'{"id":1,"slug":"\xff\xfe"}', {"Content-Type": "application/json"}),
        "deep": Answer(200, "[" * 100_000, {"Content-Type": "application/json"}),
        "blocked": as_json({"error": "Request blocked by security policy.", "reference": "x"}, 403),
        "loop": Answer(302, "", {"Location": request.path}),
        "to_http": Answer(302, "", {"Location": f"http://{request.headers.get('host', '')}{request.path}"}),
        "to_file": Answer(302, "", {"Location": "file:///etc/hostname"}),
        "to_other_host": Answer(302, "", {"Location": "https://kick.invalid" + request.path}),
    }
    if isinstance(fault, tuple):
        writer.write(_whole(Answer(fault[0], fault[2], dict(fault[1]))))
    elif isinstance(fault, int):
        writer.write(_whole(of_status(fault, retry_after)))
    elif fault is None or fault in plain:
        writer.write(_whole(plain[fault]))
    elif fault == "hang":
        await reader.read()  # until the client has had enough
    elif fault in ("drip", "drip_head"):
        data = _whole(answer)
        begin = data.index(b"\r\n\r\n") + 4 if fault == "drip" else 0
        writer.write(data[:begin])
        for place in range(begin, len(data)):
            writer.write(data[place : place + 1])
            await writer.drain()
            await asyncio.sleep(0.1)
    elif fault == "huge":
        writer.write(_head(200, {"Content-Type": "application/json", "Content-Length": str(2 << 30)}))
        await _pour(writer, b"[" + b"1," * 32_000, 2 << 30)
    elif fault == "bulk":
        writer.write(_head(200, {"Content-Type": "application/json"}))  # no length: it ends when it ends
        await _pour(writer, b" " * 65_536, 2 << 30)
    elif fault == "endless":
        writer.write(_head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}))
        while True:
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            await asyncio.sleep(0.02)
    elif fault == "gzip_bomb":
        bomb = await asyncio.get_running_loop().run_in_executor(None, _bomb)
        writer.write(_whole(Answer(200, bomb, {"Content-Type": "application/json", "Content-Encoding": "gzip"})))
    elif fault == "truncated":
        data = _whole(answer)
        writer.write(data[: -max(1, len(data) // 4)])
    elif fault == "reset":
        reset(writer)
    elif fault == "noise":
        writer.write(bytes(range(256)) * 4)
    elif fault == "long_head":
        writer.write(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 60_000) for n in range(200)))
    # "close": not a byte


async def _pour(writer: asyncio.StreamWriter, piece: bytes, total: int) -> None:
    for _ in range(total // len(piece)):
        writer.write(piece)
        await writer.drain()


def _bomb() -> bytes:
    piece = gzip.compress(b" " * (16 << 20), 9)
    return piece * 64  # 1 GiB of spaces as 1 MB: gzip members may follow one another
