"""Centrifugo's JSON protocol v2, as text in and text out. Knows no sockets, no clock, no Kick.

Source: centrifugal.dev/docs/transports/client_protocol.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from vmsc_core.kick import json_values as read
from vmsc_core.kick.channel import Topic
from vmsc_core.kick.session import (
    PROBE_TIMEOUT,
    Act,
    Message,
    Output,
    Phase,
    Session,
    Timer,
    TokenNeeded,
    ended,
    not_subscribed,
    refused_for_now,
)
from vmsc_core.reasons import Failure, Remedy, because

PING_GRACE = 10.0
"""Seconds a ping of the server may be late."""

DEFAULT_PING = 25.0
"""Seconds between pings of a server that does not say (Kick's own say 25). It may send none: it is asked before it is left."""

LONGEST_PING = 120.0
"""Seconds: a server that promises fewer is not believed. Without a limit, a dead pipe would look like a quiet chat."""

RENEW_EARLY = 0.75
"""The part of a token's life after which a new one is fetched."""

RENEW_AGAIN = 30.0
"""Seconds to the next try when no token could be had."""

TERMINAL = (range(3500, 4000), range(4500, 5000))
"""Close and disconnect codes after which the same connection is not to be tried again."""

ALREADY_SUBSCRIBED = 105
"""Error code for a second subscription to the same channel."""

TOKEN_EXPIRED = 109
"""Error code for a token that ran out between fetching and using it: the next connection fetches another."""

MOST_LINES = 5000
MOST_COMMANDS = 100
"""Commands whose answers are waited for: a server that never answers must not fill the memory."""


def remedy(code: int | None) -> Remedy:
    """What a close or disconnect code calls for; None stands for a connection that ended without one."""
    return Remedy.REFUSED if any(code in codes for codes in TERMINAL) else Remedy.BACKOFF


class CentrifugoSession(Session):
    """One connection to a Centrifugo server. `token` is the guest's access token."""

    def __init__(self, topics: Iterable[Topic], token: str) -> None:
        super().__init__(topics)
        self._token = token
        self._last_id = 0
        self._asked: dict[int, str] = {}  # command id → topic, or "" for connect and refresh
        self._ping = 0.0
        self._pings_promised = False
        self._pongs = True
        self._probe_id = 0

    def opened(self, now: float) -> None:
        """The WebSocket is open: we speak first."""
        super().opened(now)
        self._command({"connect": {"token": self._token, "name": "js"}}, "")

    def receive(self, text: str, now: float) -> list[Output]:
        """One text message arrived; it can hold several objects, one a line."""
        found: list[Output] = []
        # Not splitlines: JSON text may hold U+2028, which is no end of a line here.
        lines = text.split("\n")
        for line in lines[:MOST_LINES]:
            if line.strip() or len(lines) == 1:
                found += self._object(read.parse(line), now)
            if found and isinstance(found[-1], Failure):
                break
        return found

    def closed(self, code: int | None, said: str) -> Failure:
        """The socket ended; `code` is the close code, None without one."""
        return ended(remedy(code), code, said)

    def probe(self, now: float) -> None:
        """Subscribe again to a required topic, each in its turn; any answer that knows it proves the subscription."""
        if self._phase is Phase.READY and not self._probe_id:
            self._set(Timer.PROBE, now + PROBE_TIMEOUT)
            topic = self._topics.next_probe()
            self._probe_id = self._command({"subscribe": {"channel": topic}}, topic)

    def renew(self, token: str, now: float) -> None:
        """A token for TokenNeeded; an empty one means that none could be had, and it is asked for again."""
        if token:
            self._command({"refresh": {"token": token}}, "")

    def _ping_is_late(self, now: float) -> list[Output]:
        if self._pings_promised:
            return self._silent(now)
        self._set(Timer.SILENCE, now + self._ping + PING_GRACE)
        self.probe(now)
        return []

    def _expired(self, now: float) -> list[Output]:
        return [Failure(Remedy.BACKOFF, because("token_expired"))]

    def _ask_for_token(self, now: float) -> list[Output]:
        self._set(Timer.RENEWAL, now + RENEW_AGAIN)
        return [TokenNeeded()]

    TIMERS: ClassVar[Mapping[Timer, Act]] = {
        Timer.ANSWER: Session._no_answer,
        Timer.SILENCE: _ping_is_late,
        Timer.PROBE: Session._not_confirmed,
        Timer.EXPIRY: _expired,
        Timer.RENEWAL: _ask_for_token,
    }

    def _command(self, command: dict[str, Any], topic: str) -> int:
        self._last_id += 1
        if len(self._asked) > MOST_COMMANDS:
            self._asked.pop(next(iter(self._asked)))
        self._asked[self._last_id] = topic
        self._out.append(json.dumps({**command, "id": self._last_id}))
        return self._last_id

    def _object(self, value: Any, now: float) -> list[Output]:
        if not isinstance(value, dict):
            return []
        if self._ping:
            self._set(Timer.SILENCE, now + self._ping + PING_GRACE)
        if not value:
            if self._pongs:
                self._out.append("{}")
            return []
        if "push" in value:
            return self._push(read.mapping(value["push"]))
        reply = read.integer(value.get("id"))
        return [] if reply is None or reply not in self._asked else self._reply(reply, value, now)

    def _reply(self, reply: int, value: dict[str, Any], now: float) -> list[Output]:
        topic = self._asked.pop(reply)
        error = value.get("error")
        if isinstance(error, dict):
            return self._refused(reply, topic, error)
        if topic:
            # An answer that confirms nothing is none: the deadline decides.
            return self._subscribed(reply, topic) if isinstance(value.get("subscribe"), dict) else []
        if self._phase is Phase.HELLO and isinstance(value.get("connect"), dict):
            self._hello(value["connect"], now)
        elif isinstance(value.get("refresh"), dict):
            self._lives(value["refresh"], now)
        return []

    def _hello(self, hello: dict[str, Any], now: float) -> None:
        self._greeted(now)
        ping = read.integer(hello.get("ping"))
        self._pongs = hello.get("pong") is True
        self._pings_promised = ping is not None
        self._ping = DEFAULT_PING if ping is None else min(LONGEST_PING, float(ping))
        if self._ping:
            self._set(Timer.SILENCE, now + self._ping + PING_GRACE)
        self._lives(hello, now)
        for name in self._topics.names:
            self._command({"subscribe": {"channel": name}}, name)

    def _lives(self, reply: dict[str, Any], now: float) -> None:
        life = read.integer(reply.get("ttl"))
        if life and reply.get("expires") is not False:
            self._set(Timer.EXPIRY, now + life)
            self._set(Timer.RENEWAL, now + life * RENEW_EARLY)
        else:
            self._clear(Timer.EXPIRY, Timer.RENEWAL)

    def _subscribed(self, reply: int, topic: str) -> list[Output]:
        if reply == self._probe_id:
            self._probe_id = 0
            self._clear(Timer.PROBE)
        return self._acknowledged(topic)

    def _refused(self, reply: int, topic: str, error: dict[str, Any]) -> list[Output]:
        code, temporary = read.integer(error.get("code")), error.get("temporary") is True
        if topic and code == ALREADY_SUBSCRIBED:
            return self._subscribed(reply, topic)
        if topic:
            # A refused subscription may be the token's fault; the next connection has a new one.
            return [not_subscribed(topic)] if self._topics.is_required(topic) else []
        is_connected = self._phase is not Phase.HELLO
        if is_connected and temporary:
            return []  # a refresh that may be tried again
        words = read.text(error.get("message"))
        if temporary or is_connected or code == TOKEN_EXPIRED:
            return [refused_for_now(code, words)]
        return [ended(Remedy.REFUSED, code, words)]

    def _push(self, push: dict[str, Any]) -> list[Output]:
        channel = push.get("channel")
        channel = channel if isinstance(channel, str) else ""
        if isinstance(push.get("disconnect"), dict):
            code = read.integer(push["disconnect"].get("code"))
            return [ended(remedy(code), code, read.text(push["disconnect"].get("reason"), 120))]
        # While a subscribe of ours is on its way, its answer decides: the push is about the subscription before it.
        is_asked_for = channel in self._asked.values()
        if isinstance(push.get("unsubscribe"), dict) and self._topics.is_required(channel) and not is_asked_for:
            return [Failure(Remedy.BACKOFF, because("subscription_ended", topic=channel))]
        frame = read.mapping(read.mapping(push.get("pub")).get("data"))
        event = frame.get("event")
        if channel not in self._topics or not isinstance(event, str):
            return []
        return [Message(event, channel, frame.get("data"))]
