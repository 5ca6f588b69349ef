"""Pusher protocol 7, as text in and text out. Knows no sockets, no clock, no Kick.

Source: pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import cycle

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
    Verdict,
    ended,
    late,
    not_subscribed,
)

ACTIVITY_TIMEOUT = 120.0
"""Seconds without any frame before we ask whether the server is there; the server can ask for less."""

PONG_TIMEOUT = 30.0
"""Seconds in which the answer has to come (or any other frame)."""

NO_SUCH_KEY = 4001
RETIRED_KEY = "Kick's server does not know the key of this script (4001). Look for an update, or set a new key under Advanced."


def address(base: str, key: str, cluster: str) -> str:
    """The WebSocket address. `base` replaces Pusher's server; one with a path of its own is taken as it is."""
    query = "?protocol=7&client=js&version=8.4.0&flash=false"
    if not base:
        return f"wss://ws-{cluster}.pusher.com/app/{key}{query}"
    after_host = base.split("://", 1)[-1].partition("/")[2]
    return base if after_host else f"{base.rstrip('/')}/app/{key}{query}"


def verdict(code: int | None) -> Verdict:
    """What a close code or an error code means; None stands for a connection that ended without one."""
    if code is not None and 4000 <= code <= 4099:
        return Verdict.REFUSED
    if code is not None and 4200 <= code <= 4299:
        return Verdict.AT_ONCE
    return Verdict.BACKOFF


class PusherSession:
    """One connection to a Pusher server, as a kick.session.Session."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self.skipped = 0
        self._required = {w.channel: w.required for w in wanted}
        self._awaited = {channel for channel, required in self._required.items() if required}
        self._out: list[str] = []
        self._greeted = False
        self._ready = False
        self._activity_timeout = ACTIVITY_TIMEOUT
        self._quiet_until = float("inf")  # nothing heard by then: ask
        self._silence_until = float("inf")  # nothing heard by then either: dead
        self._due = float("inf")  # hello, then acknowledgements
        self._probe_until = float("inf")
        self._probed = ""
        self._probes = cycle([channel for channel, required in self._required.items() if required])

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `poll` has something to do."""
        return min(self._due, self._quiet_until, self._silence_until, self._probe_until)

    def opened(self, now: float) -> None:
        """The WebSocket is open: the server speaks first."""
        self._due = now + HELLO_PATIENCE

    def outgoing(self) -> list[str]:
        """Texts to send now; each is given once."""
        texts, self._out = self._out, []
        return texts

    def receive(self, text: str, now: float) -> list[Output]:
        """One text message arrived. Gives Messages of our channels, Ready once, or Broken."""
        if self._greeted:
            self._heard(now)
        frame = read.parse(text)
        event = frame.get("event") if isinstance(frame, dict) else None
        if not isinstance(frame, dict) or not isinstance(event, str):
            self.skipped += 1
            return []
        channel = frame.get("channel")
        channel = channel if isinstance(channel, str) else ""
        if not event.startswith(("pusher:", "pusher_internal:")):
            if channel not in self._required:
                self.skipped += 1
                return []
            return [Message(event, channel, frame.get("data"))]
        return self._protocol(event, channel, read.mapping(read.parse_if_text(frame.get("data"))), now)

    def poll(self, now: float) -> list[Output]:
        """Time has passed: asks whether the server is there, or says that it is not."""
        if now >= self._due:
            return [late(self._greeted)]
        if now >= self._silence_until:
            return [SILENT]
        if now >= self._probe_until:
            return [PROBED_IN_VAIN]
        if now >= self._quiet_until:
            self._out.append('{"event":"pusher:ping","data":{}}')
            self._quiet_until = float("inf")
            self._silence_until = now + PONG_TIMEOUT
        return []

    def closed(self, code: int | None, reason: str) -> Broken:
        """The socket ended; `code` is the close code, None without one."""
        return _ended(code, reason)

    def probe(self, now: float) -> None:
        """Subscribe again to a required channel, each in its turn.

        A healthy server answers either with a fresh acknowledgement or with an error that names the existing
        subscription; both prove that it knows us, and a lost subscription is mended by the way.
        """
        if self._ready and not self._probed:
            self._probed = next(self._probes)
            self._subscribe(self._probed)
            self._probe_until = now + PROBE_PATIENCE

    def renew(self, token: str, now: float) -> None:
        """Pusher's public channels need no token."""

    def _heard(self, now: float) -> None:
        self._quiet_until = now + self._activity_timeout
        self._silence_until = float("inf")

    def _subscribe(self, channel: str) -> None:
        self._out.append(json.dumps({"event": "pusher:subscribe", "data": {"auth": "", "channel": channel}}))

    def _answered(self, channel: str) -> None:
        if channel == self._probed:
            self._probed = ""
            self._probe_until = float("inf")

    def _protocol(self, event: str, channel: str, data: dict[str, object], now: float) -> list[Output]:
        if event == "pusher:ping":
            self._out.append('{"event":"pusher:pong","data":{}}')
        elif event == "pusher:connection_established" and not self._greeted:
            self._greeted = True
            timeout = read.whole(data.get("activity_timeout"))
            if timeout:
                self._activity_timeout = min(ACTIVITY_TIMEOUT, float(timeout))
            self._heard(now)
            self._due = now + SUBSCRIBE_PATIENCE
            for name in self._required:
                self._subscribe(name)
        elif event == "pusher_internal:subscription_succeeded" and self._greeted:
            self._answered(channel)
            self._awaited.discard(channel)
            if not self._awaited and not self._ready:
                self._ready = True
                self._due = float("inf")
                return [Ready()]
        elif event == "pusher:subscription_error" and self._required.get(channel):
            return [not_subscribed(channel)]
        elif event == "pusher:error":
            return self._error(data)
        return []

    def _error(self, data: dict[str, object]) -> list[Output]:
        code = read.whole(data.get("code"))
        message = read.text(data.get("message"), 200)
        if code is None:
            # An error of one channel, the link stays. A probe of a healthy subscription is answered this way.
            if self._probed and self._probed in message:
                self._answered(self._probed)
            return []
        return [_ended(code, message)]


def _ended(code: int | None, said: str) -> Broken:
    if code == NO_SUCH_KEY:
        return Broken(Verdict.REFUSED, RETIRED_KEY)
    return ended(verdict(code), code, said)
