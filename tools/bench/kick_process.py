"""The simulator of Kick in a process of its own, so that what it costs is not counted as anybody else's, and a reader for it."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from multiprocessing.connection import Connection
from typing import Any

from kick_simulator import KickSimulator
from own_rules import signed

SLUG = "speedy"
ROOM = "chatrooms.918.v2"
SUBSCRIBE = json.dumps({"event": "pusher:subscribe", "data": {"auth": "", "channel": ROOM}})


def _serve(pipe: Connection) -> None:
    lock = threading.Lock()
    with KickSimulator() as kick:
        kick.add_channel(SLUG)

        def answer(number: int, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
            began = time.monotonic()
            try:
                found = getattr(kick, name)
                said = found(*arguments, **named) if callable(found) else found
            except Exception as error:
                said = error
            with lock, contextlib.suppress(OSError):
                pipe.send((number, began, said))

        with contextlib.suppress(EOFError):
            while True:
                threading.Thread(target=answer, args=pipe.recv(), daemon=True).start()


class KickProcess:
    """Inside `with`. Calls the KickSimulator's methods by their names; several may run at the same time."""

    def __enter__(self) -> KickProcess:
        self._pipe, far_end = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_serve, args=(far_end,), daemon=True)
        self._process.start()
        far_end.close()
        self._waiting: dict[int, Future[tuple[float, Any]]] = {}
        self._number = 0
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join(5)
        self._pipe.close()

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                number, began, said = self._pipe.recv()
                waiting = self._waiting.pop(number)
                if isinstance(said, Exception):
                    waiting.set_exception(said)
                else:
                    waiting.set_result((began, said))

    def begin(self, name: str, *arguments: Any, **named: Any) -> Future[tuple[float, Any]]:
        """(monotonic seconds at which it began, its answer), when it has ended."""
        self._number += 1
        answer: Future[tuple[float, Any]] = Future()
        self._waiting[self._number] = answer
        self._pipe.send((self._number, name, arguments, named))
        return answer

    def do(self, name: str, *arguments: Any, **named: Any) -> Any:
        """Calls it, or reads it if it is a value, and waits for the answer."""
        return self.begin(name, *arguments, **named).result(150)[1]

    def settings(self, **more: Any) -> dict[str, Any]:
        """Settings of the script with which it connects here, with rules that are the user's own."""
        wanted = {"username": SLUG, "connected_once": True, "connect_wanted": True, "add_card_at_start": True}
        addresses = {"websocket_address": self.do("websocket_url"), "lookup_address": self.do("lookup_url")}
        return signed({**wanted, **addresses, **more})


def _read_and_forget(url: str) -> None:
    import websocket

    ws = websocket.create_connection(f"{url}/app/32cbd69e4b950bf97679?protocol=7")
    ws.send(SUBSCRIBE)
    raw: socket.socket = ws.sock
    raw.settimeout(None)
    while raw.recv(1 << 16):
        pass


@contextlib.contextmanager
def reader(kick: KickProcess) -> Iterator[None]:
    """Somebody who takes the chat and does nothing with it: the machine has the same to send as when the script is there."""
    process = multiprocessing.Process(target=_read_and_forget, args=(kick.do("websocket_url"),), daemon=True)
    process.start()
    try:
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.join(5)
