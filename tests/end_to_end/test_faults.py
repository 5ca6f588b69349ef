"""Every fault in every phase, over real sockets: what the state must be, what the card says, and that nothing after it is lost.

A row of ROWS is a fault. Each is tried with both protocols (where it makes sense) in each of its phases: look-up, refresh (the
look-up beside a connection), negotiation, token, connect, hello, subscribe, connected, live. Then the fault is lifted; the very
next try has to give a connection that counts everything the simulator sends.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Callable, Optional

import pytest
from end_to_end.raw_server import CONTINUATION, PING, PONG, TEXT, Certificates, Peer, RawServer, close_frame, frame
from end_to_end.watched import Pace, Watched, threads
from fakes import CHANNEL, CHATROOM
from kick_simulator import KickSimulator
from kick_simulator import frames as made

from vmsc_core.events import Signal, Status
from vmsc_core.known import KnownChannel
from vmsc_core.link.http import curl_path
from vmsc_core.link.tls import tls_context
from vmsc_core.settings import AUTOMATIC, BUILT_IN_KEY, CENTRIFUGO, PUSHER, Wish

BOTH = (PUSHER, CENTRIFUGO)
LOOKUP, REFRESH, NEGOTIATION, TOKEN = "look-up", "refresh", "negotiation", "token"
CONNECT, HELLO, SUBSCRIBE, CONNECTED, LIVE = "connect", "hello", "subscribe", "connected", "live"
OPENING, OPEN = (HELLO, SUBSCRIBE), (CONNECTED, LIVE)
ON_THE_WIRE = (*OPENING, *OPEN)
SWITCHES = {LOOKUP: "lookup", REFRESH: "lookup", NEGOTIATION: "negotiation", TOKEN: "token", CONNECT: "handshake"}
SWITCHES.update({HELLO: "hello", SUBSCRIBE: "subscribe"})
HTTP = (LOOKUP, REFRESH, NEGOTIATION, TOKEN)
NOWHERE = "nowhere.invalid"
MARKS = ["mark one", "mark two", "mark three"]
"""Said on the same connection behind a fault that a connection has to survive."""

Deed = Callable[[Peer, str], Optional[list[str]]]
"""What a raw server does to a client of this provider; gives the chat texts of it that have to be counted."""


@dataclass(frozen=True)
class Row:
    """One fault.

    `told` is a fault of the simulator, `deed` one of a raw server. `host`, `certificate` and `refusing` say what is wrong with
    the server's address; `deaf` is a server whose network loses every packet; `slices` are the bytes that come through at once.
    `becomes` CONNECTED means that the connection has to survive (or that the way round the fault works); `born` are the events
    that the fault itself makes then. `waits` are the seconds between the tries, as many as there are before the fault is lifted;
    without any the link has ended and the user has to press Connect again. `limit` are the most seconds for one request or one
    handshake; `hurry` lets the clock run on. `rests`: Kick is not asked for a server again at the next try.
    """

    fault: str
    phases: tuple[str, ...]
    says: str = ""
    becomes: Status = Status.RECONNECTING
    waits: tuple[float, ...] = (1,)
    providers: tuple[str, ...] = BOTH
    told: Any = None
    deed: Optional[Deed] = None
    host: str = "127.0.0.1"
    certificate: str = ""
    refusing: bool = False
    deaf: bool = False
    born: int = 0
    slices: int = 0
    limit: float = 60.0
    hurry: bool = False
    rests: bool = False


# -- what a raw server does ------------------------------------------------------------------------------------------------


def worded(provider: str, event: str, room: str, data: str) -> str:
    """A text message of this provider; `data` is JSON, valid or not."""
    inner = f'{{"event":{json.dumps(event)},"channel":{json.dumps(room)},"data":{data}}}'
    return inner if provider == PUSHER else wrapped(inner, room)


def wrapped(inner: str, room: str) -> str:
    """A Pusher frame as Centrifugo publishes it."""
    return f'{{"push":{{"channel":{json.dumps(room)},"pub":{{"data":{inner}}}}}}}'


def said(provider: str, text: str) -> str:
    """A chat message."""
    data = {"id": text, "chatroom_id": CHATROOM, "content": text, "type": "message", "sender": {"username": "Viewerab1"}}
    return worded(provider, "App\\Events\\ChatMessageEvent", f"chatrooms.{CHATROOM}.v2", json.dumps(json.dumps(data)))


def does(act: Callable[[Peer], Any]) -> Deed:
    """A deed that is the same for both providers."""

    def deed(peer: Peer, provider: str) -> None:
        act(peer)

    return deed


def closes(code: Optional[int], reason: str = "") -> Deed:
    def close(peer: Peer) -> None:
        peer.send(close_frame(code, reason))
        peer.end()

    return does(close)


def sends(data: bytes) -> Deed:
    """These bytes; it is the client's choice to stay or to go."""
    return does(lambda peer: peer.send(data))


NINES = "9" * 9999
ZERO_KEY = "0" * 20


def answers(status: int, body: bytes = b"", **headers: str) -> Deed:
    return does(lambda peer: peer.answer(status, body, **headers))


def spoils(kind: str) -> Deed:
    """The simulator's garbage of this kind, in the words of both providers."""

    def deed(peer: Peer, provider: str) -> None:
        garbage = made.garbage(kind)
        if isinstance(garbage, bytes):
            peer.send(garbage)
            return
        room = f"chatrooms.{CHATROOM}.v2"
        texts = [text.replace("@chat", room) for text in garbage]
        if provider == CENTRIFUGO:
            foreign = [json.loads(text)["channel"] if kind == "other_channel" else room for text in texts]
            texts += [wrapped(*pair) for pair in zip(texts, foreign) if pair[0].startswith(("{", "["))]
        peer.send(b"".join(map(frame, texts)))

    return deed


def says_words(pusher: list[str], centrifugo: list[str]) -> Deed:
    def deed(peer: Peer, provider: str) -> None:
        peer.send(b"".join(map(frame, pusher if provider == PUSHER else centrifugo)))

    return deed


def word(value: Any) -> Deed:
    """One JSON message."""
    return sends(frame(json.dumps(value)))


def drips(pause: float = 0.0, size: int = 1) -> Deed:
    """From now on little by little."""

    def deed(peer: Peer, provider: str) -> None:
        def send(data: Any) -> None:
            peer.drip(data.encode() if isinstance(data, str) else data, pause, size)

        peer.send = send  # type: ignore[method-assign]

    return deed


def coalesces(peer: Peer, provider: str) -> list[str]:
    texts = [f"coalesced {number}" for number in range(40)]
    messages = [said(provider, text) for text in texts]
    if provider == CENTRIFUGO:  # several objects in one message, and several messages in one segment
        messages = ["\n".join(messages[place : place + 10]) for place in range(0, 40, 10)]
    peer.send(b"".join(map(frame, messages)))
    return texts


def fragments(peer: Peer, provider: str) -> list[str]:
    text = "in pieces \u2728 \u65e5\u672c"
    whole = said(provider, text).encode()
    parts = [whole[place : place + 7] for place in range(0, len(whole), 7)]  # some characters are cut in two
    for place, part in enumerate(parts):
        peer.send(frame(part, CONTINUATION if place else TEXT, fin=place == len(parts) - 1))
        if place < len(parts) - 1:
            peer.send(frame(b"now", PING) + frame(b"unasked", PONG))
    return [text]


def repeats_its_hello(peer: Peer, provider: str) -> None:
    hello = {"socket_id": "2.2", "activity_timeout": 120}
    if provider == PUSHER:
        peer.send(frame(json.dumps({"event": "pusher:connection_established", "data": json.dumps(hello)})))
    else:
        peer.send(frame(json.dumps({"id": 1, "connect": {"client": "d", "ttl": 1, "expires": True, "ping": 1, "pong": True}})))


def half_a_frame_then(act: Callable[[Peer], Any]) -> Deed:
    def deed(peer: Peer) -> None:
        peer.send(frame("x" * 100)[:50])
        act(peer)

    return does(deed)


def closes_slowly(peer: Peer) -> None:
    peer.send(close_frame(1000, "bye"))
    peer.follow_along()  # the client has to go first


def endless_fragments(peer: Peer) -> None:
    peer.send(frame("x" * 60_000, fin=False))
    while True:
        peer.send(frame("x" * 60_000, CONTINUATION, fin=False))


def without_end(head: bytes, piece: bytes) -> Deed:
    """An answer of which there is always more; the client has to go before much of it was sent."""

    def deed(peer: Peer) -> None:
        peer.read_request()
        peer.send(head)
        sent = 0
        while True:
            peer.send(piece)
            sent += len(piece)
            if sent > 64 << 20:
                peer.server.problems.append(AssertionError(f"the client took {sent} bytes"))
                return

    return does(deed)


def reads_then(act: Callable[[Peer], Any]) -> Deed:
    def deed(peer: Peer) -> None:
        peer.read_request()
        act(peer)

    return does(deed)


NULLS = says_words(
    [
        '{"event":null,"data":null,"channel":null}',
        '{"event":"pusher:error","data":null}',
        '{"event":"pusher:error","data":{"code":null,"message":null}}',
        '{"event":"pusher:ping","data":null}',
        '{"event":"pusher_internal:subscription_succeeded","channel":null,"data":null}',
        '{"event":"pusher:subscription_error","channel":null,"data":null}',
    ],
    [
        '{"id":null,"connect":null,"subscribe":null,"error":null}',
        '{"push":null}',
        '{"push":{"channel":null,"pub":null,"disconnect":null,"unsubscribe":null}}',
        '{"push":{"channel":"chatrooms.918.v2","pub":{"data":null}}}',
        '{"push":{"channel":"chatrooms.918.v2","pub":{"data":{"event":null,"data":null}}}}',
        '{"id":77,"error":{"code":null,"message":null,"temporary":null}}',
    ],
)
ODD: list[Any] = [True, 0, -1, 1.5, "", "x", [], {}, [[]], {"": None}, 10**400, "9" * 5000]
WRONG_TYPES = says_words(
    [
        json.dumps({"event": event, "data": value, "channel": value})
        for value in ODD
        for event in ("pusher:pong", "pusher:ping", "pusher_internal:subscription_succeeded", "pusher:subscription_error", "x")
    ]
    + [json.dumps({"event": "pusher:error", "data": value}) for value in ODD],
    [json.dumps({key: value}) for value in ODD for key in ("id", "push", "connect", "subscribe", "error")]
    + [json.dumps({"push": {"channel": value, "pub": {"data": value}}}) for value in ODD]
    + [json.dumps({"push": {"channel": "chatrooms.918.v2", "pub": {"data": {"event": value, "data": value}}}}) for value in ODD],
)
NUMBERS = ("1e999", "-1e999", "NaN", "-Infinity", "1E400", "-0", "9" * 4000, "0.1e-999")
IMPOSSIBLE_NUMBERS = says_words(
    [f'{{"event":"pusher:error","data":{{"code":{n},"message":{n}}}}}' for n in NUMBERS if n not in ("-0", "0.1e-999")]
    + [f'{{"event":"pusher_internal:subscription_succeeded","channel":{n},"data":{n}}}' for n in NUMBERS],
    [f'{{"id":{n},"subscribe":{{}},"error":{{"code":{n}}}}}' for n in NUMBERS]
    + [f'{{"push":{{"channel":{n},"unsubscribe":{{"code":{n}}}}}}}' for n in NUMBERS],
)
DUPLICATES = says_words(
    ['{"event":"pusher:error","event":"x","data":{"code":4001},"data":{"code":4001,"code":null}}'],
    ['{"push":{"disconnect":{"code":3500}},"push":{"channel":"x","channel":"y"}}', '{"id":1,"id":900,"subscribe":{}}'],
)
STRANGERS = says_words(
    [json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": "chatrooms.1.v2", "data": "{}"})]
    + [json.dumps({"event": "pusher:subscription_error", "channel": "private-x", "data": "{}"})]
    + [said(PUSHER, "not ours").replace("chatrooms.918.v2", name) for name in ("chatrooms.9180.v2", "", "x" * 5000)],
    [json.dumps({"push": {"unsubscribe": {"code": 2500}, "channel": "chatrooms.1.v2"}}), '{"id":900,"subscribe":{}}']
    + [said(CENTRIFUGO, "not ours").replace("chatrooms.918.v2", name) for name in ("chatrooms.9180.v2", "", "x" * 5000)],
)

# -- the table -------------------------------------------------------------------------------------------------------------

LOST = "Lost the connection to Kick."
ENDED = "Kick's server closed the connection"
TOO_LARGE = ENDED + " (1009: message too large)."
INCOMPLETE = "didn't complete the connection. Retrying automatically."
NO_PROPER_ANSWER = "Incomplete answer from 127.0.0.1. Check your internet."
PORTAL = "Got a web page instead of Kick. If your Wi-Fi has a login page"
UNEXPECTED = "Unexpected answer from Kick"
BLOCKED = "Kick blocked the channel lookup. In Tools > Scripts, do steps 1\u20133 once."
COUNTRY = "Kick or this channel is unavailable in your country."
NO_SERVER = "Kick didn't say which server to use. Retrying automatically."
DROPPED = "Kick's server dropped us. Asking Kick for another one."
NO_TOKEN = "Kick denied access"
UNSAFE = "Untrusted certificate from localhost. Check your clock, antivirus, and any Wi-Fi login page."
UNREACHABLE = "Can't reach 127.0.0.1. Check your internet."


def json_answer(body: str) -> tuple[int, dict[str, str], str]:
    return 200, {"Content-Type": "application/json"}, body


def http_rows(
    fault: str, told: Any, says: str, waits: tuple[float, ...] = (1,), token: str = "", rest: float = 0.0, **more: Any
) -> list[Row]:
    """One fault of HTTP in its four phases: only the look-up and the token can be in the way of a connection by Pusher.

    `rest` are the seconds for which the negotiation and the token must not be asked again.
    """
    later = (rest,) if rest else (1,)
    return [
        Row(fault, (LOOKUP,), says, told=told, waits=waits, **more),
        Row(fault, (REFRESH,), becomes=Status.CONNECTED, told=told, limit=more.get("limit", 60.0)),
        Row(
            fault,
            (NEGOTIATION,),
            becomes=Status.CONNECTED,
            told=told,
            providers=(PUSHER,),
            rests=bool(rest),
            limit=more.get("limit", 60.0),
        ),
        Row(fault, (NEGOTIATION,), NO_SERVER, told=told, waits=later, providers=(CENTRIFUGO,), limit=more.get("limit", 60.0)),
        Row(fault, (TOKEN,), token or says, told=told, waits=later, providers=(CENTRIFUGO,), limit=more.get("limit", 60.0)),
    ]


def address_rows(fault: str, says: str, unnamed: str = "", **more: Any) -> list[Row]:
    """One thing that can be wrong with a server's address, for each of the four servers.

    `unnamed` is what is said without a negotiation, when that isn't the same: Kick was reached, but it gave no proper answer.
    """
    return [
        Row(fault, (LOOKUP, CONNECT), says, **more),
        Row(fault, (TOKEN,), says, providers=(CENTRIFUGO,), **more),
        Row(fault, (NEGOTIATION,), becomes=Status.CONNECTED, providers=(PUSHER,), **more),
        Row(fault, (NEGOTIATION,), unnamed or says, providers=(CENTRIFUGO,), **more),
    ]


def address_rows_of_http(fault: str, deed: Deed) -> list[Row]:
    """A raw answer of the three servers that speak HTTP."""
    return [row for row in address_rows(fault, NO_PROPER_ANSWER, NO_SERVER, deed=deed) if CONNECT not in row.phases] + [
        Row(fault, (LOOKUP,), NO_PROPER_ANSWER, deed=deed)
    ]


def negotiates(fault: str, connection: str) -> list[Row]:
    """A negotiation whose one connection is this JSON."""
    told = json_answer(f'{{"data":{{"connections":[{connection}]}}}}')
    return [
        Row(fault, (NEGOTIATION,), becomes=Status.CONNECTED, told=told, providers=(PUSHER,)),
        Row(fault, (NEGOTIATION,), NO_SERVER, told=told, providers=(CENTRIFUGO,)),
    ]


def survives(fault: str, deed: Deed, phases: tuple[str, ...] = ON_THE_WIRE, **more: Any) -> Row:
    return Row(fault, phases, becomes=Status.CONNECTED, deed=deed, **more)


def breaks(fault: str, deed: Deed, says: str = LOST, phases: tuple[str, ...] = ON_THE_WIRE, **more: Any) -> Row:
    return Row(fault, phases, says, deed=deed, **more)


SILENT = does(Peer.follow_along)
SIX = (1, 2, 4, 8, 16, 16)

ROWS: list[Row] = [
    # out of reach
    *address_rows("refused", UNREACHABLE, refusing=True),
    *address_rows("no such name", f"Can't find {NOWHERE}. Check your internet.", host=NOWHERE, certificate="good"),
    *address_rows("certificate of another host", UNSAFE, host="localhost", certificate="wrong_host"),
    *address_rows("expired certificate", UNSAFE, host="localhost", certificate="expired"),
    *address_rows("self-signed certificate", UNSAFE, host="localhost", certificate="self_signed"),
    *address_rows(
        "no TLS where TLS should be", "No secure connection to localhost.", host="localhost", certificate="none",
        deed=does(lambda peer: (peer.sock.recv(100), peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"))),
    ),
    *address_rows(
        "RST in the TLS handshake", "No secure connection to localhost.", host="localhost", certificate="none",
        deed=does(lambda peer: (peer.sock.recv(100), peer.reset())),
    ),
    *address_rows(
        "TLS handshake without an answer", "No secure connection to localhost.", host="localhost", certificate="none",
        deed=does(Peer.hold), limit=0.4,
    ),
    *address_rows("packets get lost", "No response from 127.0.0.1. Check your internet.", deaf=True, limit=0.4),
    Row("one byte at a time all the way", (LOOKUP, NEGOTIATION, CONNECT), becomes=Status.CONNECTED, slices=1),
    Row("one byte at a time all the way", (TOKEN,), becomes=Status.CONNECTED, slices=1, providers=(CENTRIFUGO,)),
    # HTTP answers
    *http_rows("a sign-in page", "html", PORTAL, (5,), NO_TOKEN + " (200)"),
    *http_rows("JSON of another shape", "nonsense", UNEXPECTED, (30,), NO_TOKEN + " (200)"),
    *http_rows("null", "null", UNEXPECTED, (30,), NO_TOKEN + " (200)"),
    *http_rows("nothing", "empty", UNEXPECTED, (30,), NO_TOKEN + " (200)"),
    *http_rows("100,000 brackets", "deep", UNEXPECTED, (30,), NO_TOKEN + " (200)"),
    *http_rows("invalid UTF-8", "invalid_utf8", UNEXPECTED, (30,), NO_TOKEN + " (200)"),
    *http_rows("answers never", "hang", NO_PROPER_ANSWER, limit=0.5),
    *http_rows("body one byte at a time", "drip", NO_PROPER_ANSWER, limit=0.5),
    *http_rows("head one byte at a time", "drip_head", NO_PROPER_ANSWER, limit=0.5),
    *http_rows("2 GB Content-Length", "huge", NO_PROPER_ANSWER),
    *http_rows("2 GB without a length", "bulk", NO_PROPER_ANSWER),
    *http_rows("chunks without end", "endless", NO_PROPER_ANSWER, limit=0.5),
    *http_rows("gzip bomb", "gzip_bomb", NO_PROPER_ANSWER),
    *http_rows("half an answer", "truncated", NO_PROPER_ANSWER),
    *http_rows("RST", "reset", NO_PROPER_ANSWER),
    *http_rows("closes without a byte", "close", NO_PROPER_ANSWER),
    *http_rows("noise", "noise", NO_PROPER_ANSWER),
    *http_rows("12 MB of head", "long_head", NO_PROPER_ANSWER),
    *http_rows("redirect to itself", "loop", PORTAL, (5,), NO_TOKEN + " (302)"),
    *http_rows("redirect to http", "to_http", PORTAL, (5,), NO_TOKEN + " (302)"),
    *http_rows("redirect to a file", "to_file", PORTAL, (5,), NO_TOKEN + " (302)"),
    *http_rows("redirect to another host", "to_other_host", PORTAL, (5,), NO_TOKEN + " (302)"),
    *http_rows("400", 400, UNEXPECTED + " (400)", (30,), NO_TOKEN + " (400)"),
    *http_rows("401", 401, BLOCKED, (300,), NO_TOKEN + " (401)", becomes=Status.ERROR),
    *http_rows("403", 403, BLOCKED, (300,), NO_TOKEN + " (403)", rest=300, becomes=Status.ERROR),
    *http_rows("403 in JSON", "blocked", BLOCKED, (300,), NO_TOKEN + " (403)", rest=300, becomes=Status.ERROR),
    *http_rows("404", 404, "There's no Kick channel \"speedy\".", (), NO_TOKEN + " (404)", becomes=Status.ERROR),
    *http_rows("410", 410, "There's no Kick channel \"speedy\".", (), NO_TOKEN + " (410)", becomes=Status.ERROR),
    *http_rows("423", 423, COUNTRY, (300,), NO_TOKEN + " (423)", becomes=Status.ERROR),
    *http_rows("451", 451, COUNTRY, (300,), NO_TOKEN + " (451)", becomes=Status.ERROR),
    *http_rows("429", 429, "Kick is rate-limiting us.", (30,), NO_TOKEN + " (429)", rest=30),
    *http_rows("500", 500, "Kick's website is down (error 500).", (5,), NO_TOKEN + " (500)"),
    *http_rows("503", 503, "Kick's website is down (error 503).", (5,), NO_TOKEN + " (503)"),
    *http_rows("511", 511, PORTAL, (5,), NO_TOKEN + " (511)"),
    *http_rows("204", (204, {}, ""), UNEXPECTED + " (204)", (30,), NO_TOKEN + " (204)"),
    *http_rows("nulls everywhere", json_answer('{"id":null,"slug":null,"chatroom":{"id":null},"livestream":null,"user":null,'
               '"data":{"token":null,"connections":[null]}}'), UNEXPECTED, (30,), NO_TOKEN),
    *http_rows("1e999 and NaN", json_answer('{"id":1e999,"chatroom":{"id":NaN},"data":{"token":1e999,"connections":NaN}}'),
               UNEXPECTED, (30,), NO_TOKEN),
    *http_rows("huge ids", json_answer('{"id":@,"chatroom":{"id":@},"data":{"token":@,"connections":[@]}}'.replace("@", NINES)),
               UNEXPECTED, (30,), NO_TOKEN),
    *http_rows("wrong types", json_answer('{"id":[1],"chatroom":[{"id":2}],"data":[{"token":[],"connections":{}}]}'),
               UNEXPECTED, (30,), NO_TOKEN),
    Row("duplicate keys", (LOOKUP, REFRESH), becomes=Status.CONNECTED,
        told=json_answer('{"id":1,"id":11624,"chatroom":{"id":2},"chatroom":{"id":1,"id":918},"livestream":null}')),
    Row("drops for ever", (LOOKUP,), NO_PROPER_ANSWER, told="reset", waits=SIX),
    Row("drops for ever", (NEGOTIATION,), NO_SERVER, told="reset", waits=SIX, providers=(CENTRIFUGO,)),
    *address_rows_of_http("100 Continue without end", without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)),
    *address_rows_of_http("2 GB Content-Length, and they come",
                          without_end(b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n", b" " * 65_536)),
    *address_rows_of_http("chunks of 1 MiB without end",
                          without_end(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                                      b"100000\r\n" + b" " * (1 << 20) + b"\r\n")),
    *address_rows_of_http("trailers without end",
                          without_end(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 1000)),
    *address_rows_of_http("a chunk of a negative size", reads_then(lambda peer: peer.send(
                          b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx\r\n"))),
    *address_rows_of_http("a chunk that breaks off", reads_then(lambda peer: (peer.send(
                          b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n{"), peer.end()))),
    # answers of the negotiation that point elsewhere
    *negotiates("another provider", '{"provider":"carrier-pigeon","credentials":{"url":"wss://kick.com/"}}'),
    *negotiates("another company's server", '{"provider":"centrifugo","credentials":{"url":"wss://kick.com.evil.invalid/c"}}'),
    *negotiates("a user in the address", '{"provider":"centrifugo","credentials":{"url":"wss://kick.com@evil.invalid/c"}}'),
    *negotiates("no encryption", '{"provider":"centrifugo","credentials":{"url":"ws://realtime.kick.com/c"}}'),
    *negotiates("a file", '{"provider":"centrifugo","credentials":{"url":"file:///etc/passwd"}}'),
    *negotiates("an impossible key", '{"provider":"pusher","credentials":{"app_key":"../../x","cluster":"us2"}}'),
    *negotiates("an impossible cluster",
                f'{{"provider":"pusher","credentials":{{"app_key":"{ZERO_KEY}","cluster":"evil.invalid/"}}}}'),
    Row("a token with spaces", (TOKEN,), NO_TOKEN, providers=(CENTRIFUGO,),
        told=json_answer('{"data":{"token":"a b\\nc"}}')),
    Row("a token of 10 kB", (TOKEN,), NO_TOKEN, providers=(CENTRIFUGO,),
        told=json_answer('{"data":{"token":"%s"}}' % ("a" * 10_000))),
    Row("a token that is none", (TOKEN,), "Kick refused the connection (3500: invalid token).", Status.ERROR, (300,),
        (CENTRIFUGO,), told=json_answer('{"data":{"token":"a.b.c"}}')),
    Row("drops for ever", (TOKEN,), NO_PROPER_ANSWER, told="reset", waits=SIX, providers=(CENTRIFUGO,)),
    # the WebSocket's handshake
    Row("answers never", (CONNECT,), INCOMPLETE, told="hang", limit=0.5),
    Row("503", (CONNECT,), "answered 503 instead of connecting", told="refuse"),
    Row("403", (CONNECT,), "answered 403 instead of connecting", told=403),
    Row("404", (CONNECT,), "answered 404 instead of connecting", told=404),
    Row("RST", (CONNECT,), INCOMPLETE, deed=reads_then(Peer.reset)),
    Row("closes without a byte", (CONNECT,), INCOMPLETE, told="close"),
    Row("noise", (CONNECT,), INCOMPLETE, told="noise"),
    Row("a sign-in page", (CONNECT,), "answered 200 instead of connecting", told="html"),
    Row("wrong accept", (CONNECT,), INCOMPLETE, told="wrong_accept"),
    Row("redirect to http", (CONNECT,), INCOMPLETE, deed=answers(302, Location="http://127.0.0.1:9/")),
    Row("redirect to a file", (CONNECT,), INCOMPLETE, deed=answers(302, Location="file:///etc/passwd")),
    Row("redirect to another host", (CONNECT,), INCOMPLETE, told="redirect"),
    Row("redirect to itself", (CONNECT,), INCOMPLETE, deed=answers(307, Location="/app/x"), waits=(1, 2)),
    Row("head one byte at a time", (CONNECT,), INCOMPLETE, limit=0.5,
        deed=reads_then(lambda peer: peer.drip(b"HTTP/1.1 101 Switching Protocols\r\nX: " + b"x" * 10_000, 0.02))),
    Row("2 GB Content-Length", (CONNECT,), INCOMPLETE,
        deed=without_end(b"HTTP/1.1 500 x\r\nContent-Length: 2147483648\r\n\r\n", b"x" * 65_536)),
    Row("chunks without end", (CONNECT,), "answered 500 instead of connecting",
        deed=without_end(b"HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n")),
    Row("a header without end", (CONNECT,), INCOMPLETE, deed=without_end(b"HTTP/1.1 101 x\r\nX-Long: ", b"x" * 65_536)),
    Row("headers without end", (CONNECT,), INCOMPLETE, deed=without_end(b"HTTP/1.1 101 x\r\n", b"X: x\r\n" * 10_000)),
    Row("gzip bomb", (CONNECT,), "answered 502 instead of connecting",
        deed=does(lambda peer: peer.answer(502, b"\x1f\x8b" + b"\0" * 60_000, Content_Encoding="gzip"))),
    Row("accepts and drops for ever", (CONNECT,), INCOMPLETE, deed=reads_then(Peer.end), waits=SIX),
    # ends
    breaks("RST", does(Peer.reset)),
    breaks("FIN", does(Peer.end)),
    breaks("close without a code", closes(None)),
    breaks("close 1000", closes(1000, "bye"), ENDED + " (1000: bye)."),
    breaks("close 1001", closes(1001), ENDED + " (1001)."),
    breaks("close 1011", closes(1011, "internal error"), ENDED + " (1011: internal error)."),
    breaks("close 1012", closes(1012, "service restart"), ENDED + " (1012: service restart)."),
    breaks("close 4100", closes(4100, "Over capacity"), ENDED + " (4100: Over capacity)."),
    breaks("close 4200", closes(4200, "again"), ENDED + " (4200: again).", providers=(PUSHER,), waits=(0,)),
    breaks("close 4201", closes(4201), ENDED + " (4201).", providers=(PUSHER,), waits=(0,)),
    breaks("close 3000", closes(3000), ENDED + " (3000).", providers=(CENTRIFUGO,)),
    breaks("close 3499", closes(3499), ENDED + " (3499).", providers=(CENTRIFUGO,)),
    breaks("a word and a close at once", does(
        lambda peer: (peer.send(frame('{"event":"x"}') + close_frame(1000, "bye")), peer.end())), ENDED + " (1000: bye)."),
    breaks("close with a reason that is no text", sends(frame(b"\x03\xe8\xff\xfe", 8)), ENDED + " (1000"),
    breaks("close with an impossible code", spoils("bad_close_code")),
    *(breaks(f"close {code} on the wire", closes(code)) for code in (999, 1004, 1005, 1006, 2999)),
    breaks("slow close", does(closes_slowly), ENDED + " (1000: bye)."),
    breaks("half a frame, then RST", half_a_frame_then(Peer.reset)),
    breaks("half a frame, then FIN", half_a_frame_then(Peer.end)),
    breaks("refused for good", closes(4004, "Over quota"), "refused the connection (4004: Over quota). Try again later",
           OPENING, becomes=Status.ERROR, waits=(300,), providers=(PUSHER,)),
    breaks("refused for good", closes(4004, "Over quota"), DROPPED, OPEN,
           providers=(PUSHER,)),
    breaks("refused for good", closes(3500, "invalid token"), "refused the connection (3500: invalid token).", OPENING,
           becomes=Status.ERROR, waits=(300,), providers=(CENTRIFUGO,)),
    breaks("refused for good", closes(4501, "no"), DROPPED, OPEN, providers=(CENTRIFUGO,)),
    breaks("drops for ever", does(Peer.end), phases=OPENING, waits=SIX),
    breaks("drops for ever", does(Peer.end), phases=OPEN, waits=(1, 1, 1, 2, 4)),
    breaks("asks for ever to come back at once", closes(4200), ENDED, OPENING, providers=(PUSHER,), waits=(0, 1, 2, 4, 8, 16)),
    breaks("asks for ever to come back at once", closes(4200), ENDED, OPEN, providers=(PUSHER,), waits=(0, 1, 1, 2, 4)),
    breaks("the key is gone", closes(4001, "no such key"), "Kick changed its chat server (4001).", OPENING,
           becomes=Status.ERROR, waits=(300,), providers=(PUSHER,)),
    breaks("the key is gone", closes(4001, "no such key"), DROPPED, OPEN,
           providers=(PUSHER,)),
    # ends in the protocol's own words
    *(breaks(f"pusher:error {code}", word({"event": "pusher:error", "data": {"code": code, "message": "so it is"}}),
             ENDED + f" ({code}: so it is).", providers=(PUSHER,), waits=(0 if 4200 <= code < 4300 else 1,))
      for code in (0, 3999, 4100, 4199, 4200, 4299, 4300)),
    breaks("pusher:error 4009", word({"event": "pusher:error", "data": {"code": 4009, "message": "no"}}),
           "refused the connection (4009: no).", OPENING, providers=(PUSHER,), becomes=Status.ERROR, waits=(300,)),
    breaks("pusher:error 4009", word({"event": "pusher:error", "data": {"code": 4009, "message": "no"}}),
           DROPPED, OPEN, providers=(PUSHER,)),
    survives("pusher:error of a channel",
             word({"event": "pusher:error", "data": {"code": None, "message": "Existing subscription"}}), providers=(PUSHER,)),
    breaks("pusher:subscription_error", word({"event": "pusher:subscription_error", "channel": "chatroom_918", "data": "{}"}),
           "refused the subscription to chatroom_918.", (SUBSCRIBE, *OPEN), providers=(PUSHER,)),
    survives("pusher:subscription_error of the old room",
             word({"event": "pusher:subscription_error", "channel": "chatrooms.918", "data": "{}"}), (SUBSCRIBE, *OPEN),
             providers=(PUSHER,)),
    *(breaks(f"disconnect {code}", word({"push": {"disconnect": {"code": code, "reason": "so it is"}}}),
             ENDED + f" ({code}: so it is).", providers=(CENTRIFUGO,)) for code in (3000, 3005, 3012, 3499, 4000, 4499, 5000)),
    breaks("disconnect 3501", word({"push": {"disconnect": {"code": 3501, "reason": "bad request"}}}),
           "refused the connection (3501: bad request).", OPENING, providers=(CENTRIFUGO,), becomes=Status.ERROR, waits=(300,)),
    breaks("disconnect 3501", word({"push": {"disconnect": {"code": 3501, "reason": "bad request"}}}),
           DROPPED, OPEN, providers=(CENTRIFUGO,)),
    breaks("unsubscribe", word({"push": {"channel": "channel.11624", "unsubscribe": {"code": 2500}}}),
           "ended the subscription to channel.11624.", OPEN, providers=(CENTRIFUGO,)),
    survives("unsubscribe while subscribing", word({"push": {"channel": "channel.11624", "unsubscribe": {"code": 2500}}}),
             (SUBSCRIBE,), providers=(CENTRIFUGO,)),
    survives("unsubscribe of the old room", word({"push": {"channel": "chatrooms.918", "unsubscribe": {"code": 2500}}}),
             (SUBSCRIBE, *OPEN), providers=(CENTRIFUGO,)),
    breaks("connect error for now", word({"id": 1, "error": {"code": 100, "message": "internal", "temporary": True}}),
           "refused the connection (100: internal).", (HELLO,), providers=(CENTRIFUGO,)),
    breaks("connect error for good", word({"id": 1, "error": {"code": 101, "message": "unauthorized"}}),
           "refused the connection (101: unauthorized).", (HELLO,), providers=(CENTRIFUGO,), becomes=Status.ERROR, waits=(300,)),
    breaks("connect error: the token has run out", word({"id": 1, "error": {"code": 109, "message": "token expired"}}),
           "(109: token expired).", (HELLO,), providers=(CENTRIFUGO,)),
    Row("hello refused", (HELLO,), ENDED + " (4100: Over capacity).", told="error", providers=(PUSHER,)),
    Row("hello of wrong types", (HELLO,), becomes=Status.CONNECTED, told="wrong"),
    Row("hello late", (HELLO,), becomes=Status.CONNECTED, told=0.5),
    Row("subscriptions refused", (SUBSCRIBE,), "refused the subscription to chatrooms.918.v2", told="error"),
    Row("subscription to the old room refused", (SUBSCRIBE,), becomes=Status.CONNECTED, told={"chatrooms.918": "error"}),
    Row("subscription to the old room unanswered", (SUBSCRIBE,), becomes=Status.CONNECTED, told={"chatrooms.918": "none"}),
    # silence
    breaks("silence", SILENT, "Kick's server didn't respond within 10 seconds.", (HELLO,), hurry=True),
    breaks("silence", SILENT, "Kick's server didn't confirm the subscriptions within 10 seconds.", (SUBSCRIBE,), hurry=True),
    breaks("silence", SILENT, "Kick's server stopped responding.", OPEN, hurry=True),
    breaks("reads nothing more", does(Peer.hold), "Kick's server stopped responding.", OPEN, hurry=True),
    breaks("half a frame, then silence", half_a_frame_then(Peer.follow_along), "Kick's server", hurry=True),
    # slow and in pieces
    survives("one byte at a time", drips(), (CONNECT, *ON_THE_WIRE)),
    survives("1 kB/s", drips(0.05, 50), (CONNECT, CONNECTED)),
    survives("many frames in one segment", coalesces, OPEN),
    survives("fragments with control frames between", fragments, OPEN),
    survives("2,000 pings", sends(frame(b"x", PING) * 2000)),
    survives("unasked pongs", sends(frame(b"x", PONG) * 100)),
    survives("a second hello", repeats_its_hello, (SUBSCRIBE, *OPEN)),
    # frames that break WebSocket or its limits
    survives("a frame of 128 KiB", spoils("largest")),
    survives("binary frames", spoils("binary")),
    survives("invalid UTF-8", spoils("invalid_utf8")),
    survives("masked frames", spoils("masked")),
    survives("UTF-8 cut off", spoils("cut_utf8")),
    breaks("a frame above 128 KiB", spoils("over_largest"), TOO_LARGE),
    breaks("a frame of 4 EiB", spoils("huge_header"), TOO_LARGE),
    breaks("a message of fragments without end", does(endless_fragments), TOO_LARGE),
    breaks("compressed frames", spoils("compressed_bits")),
    breaks("reserved bits", spoils("reserved_bits")),
    breaks("a reserved opcode", spoils("reserved_opcode")),
    breaks("a continuation of nothing", spoils("lost_continuation")),
    breaks("a message within a message", spoils("unfinished")),
    breaks("a ping of 200 bytes", spoils("long_ping")),
    breaks("half a close code", spoils("bad_close")),
    breaks("noise", spoils("noise")),
    breaks("HTTP in the middle", sends(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 200\r\n\r\n" + b"x" * 200)),
    # JSON that is none of ours
    # Some of it says something: a message, a subscription, and a gift of a user called x, 0 or -1; a month of a nameless one.
    *(survives(kind.replace("_", " "), spoils(kind), born={"wrong_types": 9, "numbers": 1}.get(kind, 0))
      for kind in made.GARBAGE_TEXTS),
    survives("nulls in the protocol", NULLS),
    survives("wrong types in the protocol", WRONG_TYPES),
    survives("impossible numbers in the protocol", IMPOSSIBLE_NUMBERS),
    survives("duplicate keys in the protocol", DUPLICATES),
    survives("channels that are not ours", STRANGERS),
]  # fmt: skip


# -- the stage -------------------------------------------------------------------------------------------------------------


class Stage:
    """A simulator with a gate before the server that a row spoils; the gate hands everything on once the fault is lifted."""

    def __init__(self, kick: KickSimulator, row: Row, provider: str, phase: str, certificates: Certificates) -> None:
        self.kick, self.row, self.provider, self.phase = kick, row, provider, phase
        self.pace = Pace()
        self.pace.hold_after = len(row.waits) or float("inf")
        self.pace.limit = row.limit
        self.reached = threading.Event()  # the phase, as the link sees it
        self.spoilt = threading.Event()
        self.over = threading.Event()
        self.counted: list[str] = []
        self._certificates = certificates
        self._is_http = phase in HTTP
        self._lifted = False
        self.gate = RawServer(self._serve, refusing=row.refusing, deaf=row.deaf)

    def begin(self) -> None:
        """The fault is there from now on."""
        kick, row = self.kick, self.row
        kick.add_channel("speedy", live=self.phase == LIVE)
        if row.told is not None:
            setattr(kick.fault, SWITCHES[self.phase], row.told)
        if row.certificate not in ("", "none"):
            self.gate.tls = getattr(self._certificates, row.certificate)()

    def lift(self) -> None:
        """The fault is gone."""
        self.kick.fault.clear()
        self.pace.limit = 60.0
        if self.row.refusing or self.row.deaf:
            self.gate.listen()
        if self.row.certificate:
            self.gate.tls = self._certificates.good()
        self._lifted = True
        self.pace.hold_after = float("inf")

    @property
    def name_is_known(self) -> bool:
        """Whether NOWHERE has an address."""
        return self._lifted

    @property
    def good_server_speaks(self) -> bool:
        """Whether the WebSocket ends at the simulator even before the fault is lifted."""
        return self._is_http or self.row.deed is None

    @property
    def settings(self) -> Wish:
        """What the user wants: everything by its ordinary way, and the spoilt server by the gate."""
        kick, row = self.kick, self.row
        tls = "s" if row.certificate else ""
        web, wire = f"http{tls}://{row.host}:{self.gate.port}", f"ws{tls}://{row.host}:{self.gate.port}"
        path = {LOOKUP: kick.lookup_url, NEGOTIATION: kick.negotiation_url, TOKEN: kick.token_url}
        spoilt = {name: web + url[len(kick.http_url) :] for name, url in path.items()}
        gated = row.told is None
        spoilt = {**path, self.phase: spoilt[self.phase]} if self._is_http and gated else path
        wire = wire if gated and not self._is_http else kick.websocket_url
        centrifugo = wire + kick.centrifugo_url[len(kick.websocket_url) :]
        kick.offer = [
            {"provider": PUSHER, "credentials": {"app_key": BUILT_IN_KEY, "cluster": "us2"}}
            if self.provider == PUSHER
            else {"provider": CENTRIFUGO, "credentials": {"url": centrifugo}}
        ]
        return Wish(
            username="speedy",
            provider=AUTOMATIC if self.provider == PUSHER else CENTRIFUGO,
            poll=False,
            lookup_address=spoilt[LOOKUP],
            negotiation_address=spoilt[NEGOTIATION],
            token_address=spoilt[TOKEN],
            websocket_address=wire,
            allowed_hosts=("127.0.0.1", "localhost", NOWHERE),
            known={"speedy": KnownChannel(CHATROOM, CHANNEL, "Speedy")} if self.phase == REFRESH else {},
        )

    def _serve(self, peer: Peer) -> None:
        if self._lifted or self.row.deed is None:
            slices = 65536 if self._lifted else self.row.slices or 65536
            peer.pass_on(self.kick.http_port if self._is_http else self.kick.port, slices)
        elif self._is_http:
            self.row.deed(peer, self.provider)
        else:
            self._serve_websocket(peer, self.row.deed)

    def _serve_websocket(self, peer: Peer, deed: Deed) -> None:
        greet = partial(peer.serve_pusher, 20.0) if self.provider == PUSHER else partial(peer.serve_centrifugo, 25)
        if self.phase == CONNECT:
            self._spoil(peer, deed)
        peer.handshake()
        if self.phase == HELLO:
            peer.settle()
            self._spoil(peer, deed)
        greet(rooms=2)
        if self.phase == SUBSCRIBE:
            peer.settle()
            self._spoil(peer, deed)
        greet(rooms=3, hello=False)
        assert self.reached.wait(20)
        if self.phase in OPEN:
            self._spoil(peer, deed)
        for text in MARKS:
            peer.send(frame(said(self.provider, text)))
        assert self.over.wait(20)

    def _spoil(self, peer: Peer, deed: Deed) -> None:
        self.spoilt.set()
        self.counted = deed(peer, self.provider) or []
        if self.row.becomes is not Status.CONNECTED:
            peer.follow_along()  # it is the client that has to go


CASES = [(row, provider, phase) for row in ROWS for provider in row.providers for phase in row.phases]


def name_of(case: tuple[Row, str, str]) -> str:
    row, provider, phase = case
    return f"{row.fault}-{phase}-{provider}"


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates()


@pytest.fixture
def stage(
    request: pytest.FixtureRequest,
    kick: KickSimulator,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Stage]:
    one = Stage(kick, *request.param, certificates)
    with ExitStack() as undone:
        if one.row.certificate:
            monkeypatch.setenv("SSL_CERT_FILE", certificates.authority(tmp_path))
            tls_context.cache_clear()
            undone.callback(tls_context.cache_clear)
        ask = socket.getaddrinfo

        def getaddrinfo(host: Any, *more: Any, **options: Any) -> Any:
            return ask("127.0.0.1" if host == NOWHERE and one.name_is_known else host, *more, **options)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        with one.gate:
            one.begin()
            yield one


@pytest.mark.parametrize("stage", CASES, indirect=True, ids=map(name_of, CASES))
def test_the_fault_is_told_and_the_next_good_connection_counts_everything(stage: Stage) -> None:
    row, settings = stage.row, stage.settings
    with Watched(settings, stage.pace) as link:
        if row.becomes is Status.CONNECTED:
            assert_it_stays(stage, link)
        else:
            assert_it_is_told(stage, link)
        tries = link.signals.count(Signal.TRYING)
        stage.lift()
        if row.waits or row.becomes is Status.CONNECTED:
            link.wait(lambda: link.signals.count(Signal.TRYING) == tries + 1)
            assert_everything_counts(stage, link)
            assert link.signals[-2:] == [Signal.TRYING, Signal.READY], "the next try is the good one"
            if stage.phase != CONNECT:
                origin = "built-in" if row.rests else "named by Kick"
                assert link.server == f"{stage.provider.capitalize()}, {origin}"
    if not row.waits:
        with Watched(settings, stage.pace) as link:
            assert_everything_counts(stage, link)


def assert_it_is_told(stage: Stage, link: Watched) -> None:
    """The connection, or the try, ends in the right state with the right words, after the right number of tries."""
    row, pace = stage.row, stage.pace
    if stage.phase in OPEN:
        link.wait(Status.LIVE if stage.phase == LIVE else Status.CONNECTED)
        stage.reached.set()
    if row.hurry:
        link.wait(stage.spoilt.is_set)
        pace.hurry = 6.0
    link.wait((lambda: pace.holding) if row.waits else (lambda: not link.link.alive), what="the end of the last try")
    assert link.status is row.becomes
    assert row.says in link.card.detail
    assert pace.waits == pytest.approx(row.waits, abs=0.5)  # a rest counts from the answer, a wait from a moment later
    assert link.signals.count(Signal.TRYING) == max(1, len(row.waits)), "one try for each waiting"
    assert link.signals.count(Signal.READY) == (len(row.waits) if stage.phase in OPEN else 0)
    tries = max(1, len(row.waits))
    if row.deed is not None:
        assert stage.spoilt.is_set() or stage.phase in HTTP
        assert 1 <= len(stage.gate.accepted) <= tries, "no more connections than tries"
    if stage.phase == LOOKUP and row.told is not None:
        by_curl = tries if row.says == BLOCKED and curl_path() else 0
        assert len(stage.kick.lookups) == tries + by_curl, "no redirect is followed, nobody is asked twice"
    if stage.phase == TOKEN and row.told is not None:
        assert len(stage.kick.token_requests) == tries
    if stage.phase == NEGOTIATION and row.told is not None:
        assert len(stage.kick.negotiations) == tries


def assert_it_stays(stage: Stage, link: Watched) -> None:
    """The connection goes on, and what comes behind the fault is counted, exactly; then it ends."""
    row, kick = stage.row, stage.kick
    link.wait(Status.LIVE if stage.phase == LIVE else Status.CONNECTED)
    stage.reached.set()
    if stage.phase == REFRESH:
        link.wait(lambda: kick.lookups and "vmsc-poll" not in threads(), what="the look-up's end")
    if stage.phase == NEGOTIATION and not row.slices:
        assert link.server == "Pusher, built-in"
        assert link.notices, "what was wrong is said"
    if stage.good_server_speaks:
        for text in MARKS:
            kick.chat(text=text)
    link.wait(lambda: link.texts[-3:] == MARKS)
    assert stage.spoilt.is_set() or stage.good_server_speaks
    assert [text for text in link.texts if text in MARKS or text in stage.counted] == [*stage.counted, *MARKS]
    assert link.state.count == (row.born if stage.phase in OPEN else 0) + len(stage.counted) + len(MARKS)
    assert link.signals == [Signal.TRYING, Signal.READY]
    assert link.status in (Status.CONNECTED, Status.LIVE)
    stage.over.set()
    if stage.good_server_speaks:
        kick.drop()
    link.lost()


def assert_everything_counts(stage: Stage, link: Watched) -> None:
    """22 events over a good connection are 22 on the card, in order."""
    link.wait(lambda: link.status in (Status.CONNECTED, Status.LIVE))
    kick = stage.kick
    kick.wait_subscribed()
    before = len(link.texts)
    texts = [f"after {number}" for number in range(20)]
    for text in texts:
        kick.chat(text=text)
    kick.subscribe(username="Newcomer")
    kick.gift(names=5)
    kick.chat(text="last")
    link.wait(lambda: link.texts[-1:] == ["last"])
    link.link.stop()
    kick.drop()  # wakes the link, which would look up from its waiting by itself a tenth of a second later
    assert link.texts[before:] == [*texts, "last"]
    assert link.state.count == 23
    assert link.card.detail.startswith("23 events")
