"""A Stream to be: nothing is dialed before there is something to read, and then with all that was written."""

from __future__ import annotations

import socket
import threading

from vmsc_core.link.opening import Opening
from vmsc_core.link.stream import Stream


def test_the_first_read_dials_with_all_that_was_written() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    asked: list[bytes] = []

    def dial(request: bytes) -> Stream:
        asked.append(request)
        return Stream(ours, threading.Event(), None, b"HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 OK\r\nno colon\r\n\r\nbody")

    opening = Opening(dial, 1000)
    assert opening.send(b"GET ") == 4 and opening.fileno() == -1 and opening.gettimeout() is None
    opening.sendall(b"/")
    assert asked == []
    assert opening.recv(100) == b"HTTP/1.1 200 OK\r\n\r\nbody"
    assert asked == [b"GET /"] and opening.stream is not None and opening.fileno() == ours.fileno()
    opening.close()  # http.client's way: the answer can still be read
    theirs.sendall(b"more")
    assert opening.makefile().read(4) == b"more"
    opening.stream.close()
    theirs.close()
