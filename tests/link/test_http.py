"""HTTP over loopback, and the system's curl: limits on size and time, no redirect, no shell."""

from __future__ import annotations

import gzip
import http.client
import io
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Optional

import pytest
from end_to_end.raw_server import Peer, RawServer

from vmsc_core.link import http as http_module
from vmsc_core.link.errors import CannotConnect, Stopped
from vmsc_core.link.http import SIZE_LIMIT, USER_AGENT, Answer, HttpClient, curl_path
from vmsc_core.link.stream import Stream
from vmsc_core.reasons import Failure, Remedy, because

BROKEN = Failure(Remedy.BACKOFF, because("answer_broken", host="127.0.0.1"))


class Client:
    """An HttpClient and its stop flag."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.http = HttpClient(self.stop)

    def get(self, server: RawServer, path: str = "/x", timeout: float = 5.0) -> Answer:
        return self.http.request("GET", f"http://127.0.0.1:{server.port}{path}", timeout=timeout)

    def post(self, server: RawServer, body: str) -> Answer:
        return self.http.request("POST", f"http://127.0.0.1:{server.port}/x", body, 5.0)

    def failure(self, ask: Callable[[], Answer]) -> Failure:
        with pytest.raises(CannotConnect) as raised:
            ask()
        return raised.value.failure


@pytest.fixture
def client() -> Client:
    return Client()


def raw(*pieces: bytes) -> Callable[[Peer], None]:
    """Reads the request, then sends exactly these bytes and ends."""

    def serve(peer: Peer) -> None:
        peer.read_request()
        for piece in pieces:
            peer.send(piece)

    return serve


def head(request: str) -> dict[str, str]:
    """The fields of a request, by their names in small letters."""
    lines = request.partition("\r\n\r\n")[0].split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


# -- the request -----------------------------------------------------------------------------------------------------------


def test_a_get_asks_for_plain_json_and_says_who_asks(client: Client) -> None:
    with RawServer(lambda peer: peer.answer(200, "{}")) as server:
        client.get(server, "/api/speedy?x=1&y=2")
        host = f"127.0.0.1:{server.port}"
    (request,) = server.requests
    assert request.startswith("GET /api/speedy?x=1&y=2 HTTP/1.1\r\n") and request.endswith("\r\n\r\n")
    assert head(request) == {
        "host": host,
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": USER_AGENT,
        "connection": "close",
    }


@pytest.mark.parametrize(
    ("url", "dialed", "host"),
    [
        ("https://kick.com/a", ("kick.com", 443, True), "kick.com"),
        ("https://kick.com:443/a", ("kick.com", 443, True), "kick.com"),
        ("https://kick.com:8443/a", ("kick.com", 8443, True), "kick.com:8443"),
        ("http://kick.com/a", ("kick.com", 80, False), "kick.com"),
        ("http://[::1]:8080/a", ("::1", 8080, False), "[::1]:8080"),
    ],
)
def test_host_port_and_tls_are_those_of_the_address(
    client: Client, monkeypatch: pytest.MonkeyPatch, url: str, dialed: tuple[str, int, bool], host: str
) -> None:
    asked: list[object] = []
    ours, theirs = socket.socketpair()
    ours.setblocking(False)

    def dial(*arguments: Any) -> Stream:
        asked.append(arguments[:3])
        ours.sendall(arguments[5])
        return Stream(ours, client.stop, arguments[4])

    monkeypatch.setattr(http_module, "dial", dial)
    theirs.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    assert client.http.request("GET", url) == Answer(200, "{}")
    assert asked == [dialed] and head(theirs.recv(10_000).decode())["host"] == host
    theirs.close()


@pytest.mark.parametrize("serve", [None, Peer.end, lambda peer: peer.read_request() and peer.end()])
def test_without_an_answer_none_is_left_half_made(
    client: Client, serve: Optional[Callable[[Peer], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # From Python 3.13 on its end is a traceback on stderr, which OBS shows over the stream.
    made: list[object] = []

    class Recorded(http.client.HTTPResponse):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            made.append(self)

        def __new__(cls, *arguments: Any, **options: Any) -> Any:
            begun.append(1)
            return super().__new__(cls)

    begun: list[int] = []
    monkeypatch.setattr(http.client.HTTPConnection, "response_class", Recorded)
    with RawServer(serve or Peer.end, refusing=serve is None) as server:
        client.failure(lambda: client.get(server))
    assert len(begun) == len(made)
    with RawServer(lambda peer: peer.answer(200, "{}")) as server:
        assert client.get(server) == Answer(200, "{}")
    assert made, "the test sees answers that are made"


def test_an_address_without_a_path_asks_for_the_root(client: Client) -> None:
    with RawServer(lambda peer: peer.answer(200)) as server:
        client.get(server, "")
    assert server.requests[0].startswith("GET / HTTP/1.1\r\n")


def test_a_post_carries_its_body_as_json_in_utf_8(client: Client) -> None:
    with RawServer(lambda peer: peer.answer(200)) as server:
        client.post(server, '{"name":"ä✨"}')
    (request,) = server.requests
    body = '{"name":"ä✨"}'.encode()
    assert request.encode("latin-1").endswith(b"\r\n\r\n" + body)
    assert head(request)["content-type"] == "application/json" and head(request)["content-length"] == str(len(body))


def test_the_connection_is_closed_after_the_answer(client: Client) -> None:
    closed = threading.Event()

    def serve(peer: Peer) -> None:
        peer.answer(200, "{}")
        if peer.sock.recv(100) == b"":
            closed.set()

    with RawServer(serve) as server:
        client.get(server)
        assert closed.wait(5.0)


# -- the answer ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 403, 404, 429, 500, 503])
def test_status_and_body_come_back_whatever_they_are(client: Client, status: int) -> None:
    with RawServer(lambda peer: peer.answer(status, "what Kick says ä")) as server:
        assert client.get(server) == Answer(status, "what Kick says ä", None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(client: Client, status: int) -> None:
    with RawServer(lambda peer: peer.answer(200, "elsewhere")) as elsewhere:
        target = f"http://127.0.0.1:{elsewhere.port}/"
        with RawServer(lambda peer: peer.answer(status, "go there", Location=target)) as server:
            assert client.get(server) == Answer(status, "go there")
        assert elsewhere.requests == [] and len(server.requests) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("42", 42.0),
        ("0", 0.0),
        ("999999", 999999.0),
        ("1000000", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("soon", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("\u00b2", None),
    ],
)
def test_retry_after_is_taken_when_it_is_a_number_of_seconds(client: Client, value: str, seconds: Optional[float]) -> None:
    answer = b"HTTP/1.1 429 x\r\nContent-Length: 0\r\nRetry-After: " + value.encode("latin-1") + b"\r\n\r\n"
    with RawServer(raw(answer)) as server:
        assert client.get(server) == Answer(429, "", seconds)


def test_bytes_that_are_no_text_are_replaced(client: Client) -> None:
    with RawServer(lambda peer: peer.answer(200, b"a\xff\xfeb")) as server:
        assert client.get(server).body == "a\ufffd\ufffdb"


def test_nothing_is_unpacked(client: Client) -> None:
    packed = gzip.compress(b"{}" * 1000)
    with RawServer(lambda peer: peer.answer(200, packed, Content_Encoding="gzip")) as server:
        assert client.get(server).body == packed.decode("utf-8", "replace")


def test_an_answer_without_a_length_ends_with_the_connection(client: Client) -> None:
    with RawServer(raw(b"HTTP/1.1 200 OK\r\n\r\n", b"one ", b"two")) as server:
        assert client.get(server).body == "one two"


def test_an_answer_in_chunks_is_put_together(client: Client) -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n"
    with RawServer(lambda peer: (peer.read_request(), peer.drip(chunks))[0]) as server:
        assert client.get(server).body == "one two"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1",
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "cut", "noise", "no status", "half a body", "half a chunk", "no chunk", "many fields", "a long field"],
)
def test_what_is_no_proper_answer_is_broken(client: Client, answer: bytes) -> None:
    with RawServer(raw(answer)) as server:
        assert client.failure(lambda: client.get(server)) == BROKEN


def test_a_reset_is_a_broken_answer(client: Client) -> None:
    with RawServer(lambda peer: (peer.read_request(), peer.reset())[0]) as server:
        assert client.failure(lambda: client.get(server)) == BROKEN


def test_a_server_that_refuses_is_unreachable(client: Client) -> None:
    with RawServer(Peer.hold, refusing=True) as server:
        found = client.failure(lambda: client.get(server))
    assert found == Failure(Remedy.BACKOFF, because("host_unreachable", host="127.0.0.1"))


# -- limits ----------------------------------------------------------------------------------------------------------------


def test_an_answer_may_be_as_large_as_the_limit(client: Client) -> None:
    with RawServer(lambda peer: peer.answer(200, b"x" * SIZE_LIMIT)) as server:
        assert len(client.get(server).body) == SIZE_LIMIT


@pytest.mark.parametrize(
    ("length", "total"),
    [
        (b"", 64 << 20),
        (b"Content-Length: %d\r\n" % (SIZE_LIMIT + 1), SIZE_LIMIT + 1),
        (b"Content-Length: 2147483648\r\n", 64 << 20),
    ],
    ids=["no length", "one byte too many", "2 GB"],
)
def test_a_larger_one_is_not_read_to_its_end(client: Client, length: bytes, total: int) -> None:
    sent: list[int] = []

    def serve(peer: Peer) -> None:
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n")
        while sum(sent) < total:
            piece = min(65_536, total - sum(sent))
            peer.send(b"x" * piece)
            sent.append(piece)

    with RawServer(serve) as server:
        assert client.failure(lambda: client.get(server)) == BROKEN
    assert sum(sent) < 16 << 20


def test_a_head_without_end_is_not_read_forever(client: Client) -> None:
    sent: list[int] = []

    def serve(peer: Peer) -> None:
        peer.read_request()
        while sum(sent) < 64 << 20:
            piece = b"HTTP/1.1 100 Continue\r\n\r\n" * 1000
            peer.send(piece)
            sent.append(len(piece))

    with RawServer(serve) as server:
        assert client.failure(lambda: client.get(server, timeout=20.0)) == BROKEN
    assert sum(sent) < 16 << 20


@pytest.mark.parametrize(
    "serve",
    [
        Peer.hold,
        lambda peer: (peer.read_request(), peer.hold())[0],
        lambda peer: (peer.read_request(), peer.drip(b"HTTP/1.1 200 OK\r\n" * 100, 0.02))[0],
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 200 OK\r\n\r\n"), peer.drip(b"x" * 1000, 0.02))[0],
    ],
    ids=["reads nothing", "answers nothing", "drips its head", "drips its body"],
)
def test_a_request_ends_in_its_time(client: Client, serve: Any) -> None:
    with RawServer(serve) as server:
        began = time.monotonic()
        assert client.failure(lambda: client.get(server, timeout=0.3)) == BROKEN
        assert 0.28 < time.monotonic() - began < 0.7


def test_stop_ends_a_request_at_once(client: Client) -> None:
    with RawServer(lambda peer: (peer.read_request(), client.stop.set(), peer.hold())[0]) as server:
        began = time.monotonic()
        with pytest.raises(Stopped):
            client.get(server)
        assert time.monotonic() - began < 0.5


# -- curl ------------------------------------------------------------------------------------------------------------------


class Process:
    """What Popen gives: a program that has printed this, or prints nothing until it is killed."""

    def __init__(self, output: Optional[bytes]) -> None:
        self.killed = self.waited = 0
        self._pipe: Optional[int] = None
        if output is None:
            read, self._pipe = os.pipe()
            self.stdout: Any = os.fdopen(read, "rb")
        else:
            self.stdout = io.BytesIO(output)

    def kill(self) -> None:
        self.killed += 1
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def wait(self, seconds: float) -> int:
        self.waited += 1
        return 0


class Curl:
    """The program and how it is started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[Any] = []
        self.options: dict[str, Any] = {}
        self.process = Process(b"{}\n200")
        monkeypatch.setattr(http_module, "curl_path", lambda: "/usr/bin/curl")
        monkeypatch.setattr(subprocess, "Popen", self._start)

    def _start(self, command: Any, **options: Any) -> Process:
        self.commands.append(command)
        self.options = options
        return self.process


@pytest.fixture
def curl(monkeypatch: pytest.MonkeyPatch) -> Iterator[Curl]:
    made = Curl(monkeypatch)
    yield made
    made.process.kill()


ODD_ADDRESS = "https://kick.com/a b;$(rm -rf)&'\"[1-9]"


def test_curl_gets_its_words_as_a_list_and_no_shell(client: Client, curl: Curl) -> None:
    assert client.http.curl(ODD_ADDRESS, 7.9) == Answer(200, "{}")
    (command,) = curl.commands
    assert isinstance(command, list) and command[0] == "/usr/bin/curl"
    assert command[-2:] == ["--url", ODD_ADDRESS]
    assert not curl.options.get("shell")
    assert curl.options["stdin"] == curl.options["stderr"] == subprocess.DEVNULL


def test_curl_gets_no_configuration_no_redirect_and_the_same_limits(client: Client, curl: Curl) -> None:
    client.http.curl("https://kick.com/a", 7.9)
    (command,) = curl.commands
    assert command[1] == "--disable", "only in the first place does it keep curl from its configuration"
    options = dict(zip(command, command[1:]))
    assert "--globoff" in command and "--location" not in command and "--compressed" not in command
    assert options["--max-redirs"] == "0" and options["--max-time"] == "7"
    assert options["--max-filesize"] == str(SIZE_LIMIT) and options["--proto"] == "=https,http"
    assert options["--user-agent"] == USER_AGENT and options["--header"] == "Accept: application/json"


def test_curl_opens_no_window_on_windows(client: Client, curl: Curl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "CREATE_NO_WINDOW", 0x08000000, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    client.http.curl("https://kick.com/a")
    assert curl.options["creationflags"] == 0x08000000


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        (b"{}\n200", Answer(200, "{}")),
        (b"two\nlines\n\n404", Answer(404, "two\nlines\n")),
        (b"\n503", Answer(503, "")),
        (b"a\xffb\n200", Answer(200, "a\ufffdb")),
    ],
)
def test_the_last_line_is_the_status_and_the_rest_the_body(client: Client, curl: Curl, output: bytes, answer: Answer) -> None:
    curl.process = Process(output)
    assert client.http.curl("https://kick.com/a") == answer
    assert curl.process.killed and curl.process.waited and curl.process.stdout.closed


@pytest.mark.parametrize("output", [
    b"", b"\n000", b"\n", b"{}\nabc", b"x" * (SIZE_LIMIT + 200), b"{}\n" + "٢٠٠".encode(), b"{}\n" + "²00".encode(), b"{}\n0200",
    b"{}\n200 ", b"{}\n" + b"9" * 5000, b"{}\n999", b"{}\n200\r",
])  # fmt: skip
def test_without_a_status_curl_was_not_answered(client: Client, curl: Curl, output: bytes) -> None:
    curl.process = Process(output)
    assert client.failure(lambda: client.http.curl("https://kick.com/a")) == Failure(Remedy.BACKOFF, because("curl_silent"))


def test_a_computer_without_curl_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "curl_path", lambda: None)
    assert client.failure(lambda: client.http.curl("https://kick.com/a")).reason == because("curl_missing")


def test_a_curl_that_cannot_be_started_says_so(client: Client, curl: Curl, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(command: Any, **options: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(subprocess, "Popen", broken)
    assert client.failure(lambda: client.http.curl("https://kick.com/a")).reason == because("curl_failed")


def test_a_curl_that_nobody_can_read_is_ended(client: Client, curl: Curl, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    curl.process = Process(b"{}\n200")
    assert client.failure(lambda: client.http.curl("https://kick.com/a")).reason == because("thread_missing")
    assert curl.process.killed and curl.process.stdout.closed


def test_a_curl_that_does_not_end_is_ended_a_second_after_its_time(client: Client, curl: Curl) -> None:
    curl.process = Process(None)
    began = time.monotonic()
    assert client.failure(lambda: client.http.curl("https://kick.com/a", 0.0)).reason == because("curl_slow")
    assert 0.9 < time.monotonic() - began < 1.6
    assert curl.process.killed and curl.process.waited


def test_stop_ends_curl_within_three_tenths_of_a_second(client: Client, curl: Curl) -> None:
    curl.process = Process(None)
    timer = threading.Timer(0.05, client.stop.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        client.http.curl("https://kick.com/a")
    assert time.monotonic() - began < 0.35 and curl.process.killed
    timer.join()


@pytest.mark.parametrize("trouble", [ProcessLookupError(), subprocess.TimeoutExpired("curl", 1.0)])
def test_a_curl_that_cannot_be_ended_is_left_behind(
    client: Client, curl: Curl, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def wait(seconds: float) -> int:
        raise trouble

    monkeypatch.setattr(curl.process, "wait", wait)
    assert client.http.curl("https://kick.com/a") == Answer(200, "{}")


def test_on_windows_curl_is_taken_from_windows_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    assert curl_path() is None
    (tmp_path / "System32").mkdir()
    (tmp_path / "System32" / "curl.exe").write_text("")
    assert curl_path() == str(tmp_path / "System32" / "curl.exe")


def test_elsewhere_curl_is_taken_from_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert curl_path() is None
    (tmp_path / "curl").write_text("#!/bin/sh\n")
    (tmp_path / "curl").chmod(0o755)
    assert curl_path() == str(tmp_path / "curl")


# -- the real curl ---------------------------------------------------------------------------------------------------------

needs_curl = pytest.mark.skipif(curl_path() is None, reason="this computer has no curl")


@needs_curl
def test_the_real_curl_gives_status_and_body_of_one_address(client: Client) -> None:
    with RawServer(lambda peer: peer.answer(404, "no\nsuch")) as server:
        assert client.http.curl(f"http://127.0.0.1:{server.port}/a[1-3]?x=1", 5.0) == Answer(404, "no\nsuch")
    (request,) = server.requests
    assert request.startswith("GET /a[1-3]?x=1 HTTP/1.1\r\n")
    assert head(request)["user-agent"] == USER_AGENT and head(request)["accept"] == "application/json"


@needs_curl
def test_the_real_curl_follows_no_redirect_and_reads_no_configuration(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".curlrc").write_text('header = "X-Mine: yes"\nlocation\n')
    for variable in ("HOME", "CURL_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    with RawServer(lambda peer: peer.answer(302, "go", Location="/elsewhere")) as server:
        assert client.http.curl(f"http://127.0.0.1:{server.port}/a", 5.0) == Answer(302, "go")
    assert len(server.requests) == 1 and "x-mine" not in head(server.requests[0])
