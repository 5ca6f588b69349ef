"""Centrifugo's JSON protocol v2, as text in and text out. Knows no sockets, no clock, no Kick.

Source: centrifugal.dev/docs/transports/client_protocol.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import cycle
from typing import Any

from vmsc_core.kick import json_values as read
from vmsc_core.kick.channel import Wanted
from vmsc_core.kick.session import (
    HELLO_PATIENCE,
    PROBE_PATIENCE,
    PROBED_IN_VAIN,
    SILENT,
    SUBSCRIBE_PATIENCE,
    Broken,
    Message,
    Output,
    Ready,
    TokenWanted,
    Verdict,
    ended,
    late,
    not_subscribed,
    refused_for_now,
)

PING_GRACE = 10.0
"""Seconds a ping of the server may be late."""

DEFAULT_PING = 25.0
"""Seconds between pings of a server that does not say (Kick's own say 25). It may send none: it is asked before it is left."""

RENEW_EARLY = 0.75
"""The part of a token's life after which a new one is fetched."""

RENEW_AGAIN = 30.0
"""Seconds to the next try when no token could be had."""

ALREADY_SUBSCRIBED = 105
"""Error code for a second subscription to the same channel."""

TOKEN_EXPIRED = 109
"""Error code for a token that ran out between fetching and using it: the next connection fetches another."""

MOST_LINES = 5000
FOREVER = float("inf")


def verdict(code: int | None) -> Verdict:
    """What a close or disconnect code means; None stands for a connection that ended without one."""
    if code is not None and (3500 <= code <= 3999 or 4500 <= code <= 4999):
        return Verdict.REFUSED
    return Verdict.BACKOFF


class CentrifugoSession:
    """One connection to a Centrifugo server, as a kick.session.Session. `token` is the guest's permission."""

    def __init__(self, wanted: Iterable[Wanted], token: str) -> None:
        self.skipped = 0
        self._required = {w.channel: w.required for w in wanted}
        self._awaited = {channel for channel, required in self._required.items() if required}
        self._token = token
        self._out: list[str] = []
        self._last_id = 0
        self._asked: dict[int, str] = {}  # command id → channel, or "" for connect and refresh
        self._greeted = False
        self._ready = False
        self._ping = 0.0
        self._pings_promised = False
        self._pongs = True
        self._due = FOREVER
        self._ping_due = FOREVER
        self._renew_at = FOREVER
        self._expires = FOREVER
        self._probe_until = FOREVER
        self._probe_id = 0
        self._probes = cycle([channel for channel, required in self._required.items() if required])

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `poll` has something to do."""
        return min(self._due, self._ping_due, self._renew_at, self._expires, self._probe_until)

    def opened(self, now: float) -> None:
        """The WebSocket is open: we speak first."""
        self._due = now + HELLO_PATIENCE
        self._command({"connect": {"token": self._token, "name": "js"}}, "")

    def outgoing(self) -> list[str]:
        """Texts to send now; each is given once."""
        texts, self._out = self._out, []
        return texts

    def receive(self, text: str, now: float) -> list[Output]:
        """One text message arrived; it can hold several objects, one a line."""
        found: list[Output] = []
        # Not splitlines: JSON text may hold U+2028, which is no end of a line here.
        lines = text.split("\n")
        for line in lines[:MOST_LINES]:
            if line.strip() or len(lines) == 1:
                found += self._object(read.parse(line), now)
            if found and isinstance(found[-1], Broken):
                break
        return found

    def poll(self, now: float) -> list[Output]:
        """Time has passed."""
        if now >= self._due:
            return [late(self._greeted)]
        if now >= self._ping_due:
            if self._pings_promised:
                return [SILENT]
            self._ping_due = now + self._ping + PING_GRACE
            self.probe(now)
        if now >= self._probe_until:
            return [PROBED_IN_VAIN]
        if now >= self._expires:
            return [Broken(Verdict.BACKOFF, "Kick's permission for this connection ran out.")]
        if now >= self._renew_at:
            self._renew_at = now + RENEW_AGAIN
            return [TokenWanted()]
        return []

    def closed(self, code: int | None, reason: str) -> Broken:
        """The socket ended; `code` is the close code, None without one."""
        return ended(verdict(code), code, reason)

    def probe(self, now: float) -> None:
        """Subscribe again to a required channel, each in its turn; any answer that knows it proves the subscription."""
        if self._ready and not self._probe_id:
            self._probe_until = now + PROBE_PATIENCE
            channel = next(self._probes)
            self._probe_id = self._command({"subscribe": {"channel": channel}}, channel)

    def renew(self, token: str, now: float) -> None:
        """A token for TokenWanted; an empty one means that none could be had, and it is asked for again."""
        if token:
            self._command({"refresh": {"token": token}}, "")

    def _command(self, command: dict[str, Any], channel: str) -> int:
        self._last_id += 1
        if len(self._asked) > 100:  # a server that never answers: nothing is remembered for ever
            self._asked.pop(next(iter(self._asked)))
        self._asked[self._last_id] = channel
        self._out.append(json.dumps({**command, "id": self._last_id}))
        return self._last_id

    def _object(self, value: Any, now: float) -> list[Output]:
        if not isinstance(value, dict):
            self.skipped += 1
            return []
        if self._greeted and self._ping:
            self._ping_due = now + self._ping + PING_GRACE
        if not value:
            if self._pongs:
                self._out.append("{}")
            return []
        if "push" in value:
            return self._push(read.mapping(value["push"]))
        reply = read.whole(value.get("id"))
        if reply is None or reply not in self._asked:
            self.skipped += 1
            return []
        channel = self._asked.pop(reply)
        error = value.get("error")
        if isinstance(error, dict):
            return self._refused(reply, channel, error)
        if channel:
            # An answer that confirms nothing is none: the deadline decides.
            return self._subscribed(reply, channel) if isinstance(value.get("subscribe"), dict) else []
        if not self._greeted and isinstance(value.get("connect"), dict):
            return self._hello(value["connect"], now)
        if isinstance(value.get("refresh"), dict):
            self._lives(value["refresh"], now)
        return []

    def _hello(self, hello: dict[str, Any], now: float) -> list[Output]:
        self._greeted = True
        self._due = now + SUBSCRIBE_PATIENCE
        ping = read.whole(hello.get("ping"))
        self._pongs = hello.get("pong") is True
        self._pings_promised = ping is not None
        self._ping = DEFAULT_PING if ping is None else float(ping)
        if self._ping:
            self._ping_due = now + self._ping + PING_GRACE
        self._lives(hello, now)
        for name in self._required:
            self._command({"subscribe": {"channel": name}}, name)
        return []

    def _lives(self, reply: dict[str, Any], now: float) -> None:
        life = read.whole(reply.get("ttl"))
        if life and reply.get("expires") is not False:
            self._expires = now + life
            self._renew_at = now + life * RENEW_EARLY
        else:
            self._expires = self._renew_at = FOREVER

    def _answered(self, reply: int) -> None:
        if reply == self._probe_id:
            self._probe_id = 0
            self._probe_until = FOREVER

    def _subscribed(self, reply: int, channel: str) -> list[Output]:
        self._answered(reply)
        self._awaited.discard(channel)
        if self._awaited or self._ready:
            return []
        self._ready = True
        self._due = FOREVER
        return [Ready()]

    def _refused(self, reply: int, channel: str, error: dict[str, Any]) -> list[Output]:
        code, temporary = read.whole(error.get("code")), error.get("temporary") is True
        if channel and code == ALREADY_SUBSCRIBED:
            return self._subscribed(reply, channel)
        if channel and not self._required[channel]:
            return []
        if channel:
            # A refused subscription may be the token's fault; the next connection has a new one.
            return [not_subscribed(channel)]
        if self._greeted and temporary:
            return []  # a refresh that may be tried again
        words = read.text(error.get("message"))
        if temporary or self._greeted or code == TOKEN_EXPIRED:
            return [refused_for_now(code, words)]
        return [ended(Verdict.REFUSED, code, words)]

    def _push(self, push: dict[str, Any]) -> list[Output]:
        channel = push.get("channel")
        channel = channel if isinstance(channel, str) else ""
        if isinstance(push.get("disconnect"), dict):
            code = read.whole(push["disconnect"].get("code"))
            return [ended(verdict(code), code, read.text(push["disconnect"].get("reason"), 120))]
        if isinstance(push.get("unsubscribe"), dict) and self._required.get(channel):
            return [Broken(Verdict.BACKOFF, f"Kick's server ended the subscription to {channel}.")]
        frame = read.mapping(read.mapping(push.get("pub")).get("data"))
        event = frame.get("event")
        if channel not in self._required or not isinstance(event, str):
            self.skipped += 1
            return []
        return [Message(event, channel, frame.get("data"))]
