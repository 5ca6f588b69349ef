"""Pusher protocol 7, as text in and text out. Knows no sockets, no clock, no Kick.

Source: pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import ClassVar

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
    ended,
    not_subscribed,
)
from vmsc_core.reasons import Failure, Remedy, because

ACTIVITY_TIMEOUT = 120.0
"""Seconds without any frame before we ask whether the server is there; the server can ask for less."""

PONG_TIMEOUT = 30.0
"""Seconds in which the answer has to come (or any other frame)."""

DO_NOT_RETRY, RETRY_AT_ONCE = range(4000, 4100), range(4200, 4300)
"""Close and error codes; 4100–4199 and all others ask for a pause."""

NO_SUCH_KEY = 4001
"""The close and error code for an app key that the cluster does not have."""

_PROTOCOL = ("pusher:", "pusher_internal:")
_GREETED = (Phase.SUBSCRIBING, Phase.READY)
_QUIET, _SILENCE = Timer.QUIET, Timer.SILENCE  # to look a member up takes Python's Enum as long as to read a field of a frame


def address(base: str, key: str, cluster: str) -> str:
    """The WebSocket address. `base` replaces Pusher's server; one with a path of its own is taken as it is."""
    query = "?protocol=7&client=js&version=8.4.0&flash=false"
    if not base:
        return f"wss://ws-{cluster}.pusher.com/app/{key}{query}"
    after_host = base.split("://", 1)[-1].partition("/")[2]
    return base if after_host else f"{base.rstrip('/')}/app/{key}{query}"


def remedy(code: int | None) -> Remedy:
    """What a close code or an error code calls for; None stands for a connection that ended without one."""
    if code in DO_NOT_RETRY:
        return Remedy.REFUSED
    return Remedy.AT_ONCE if code in RETRY_AT_ONCE else Remedy.BACKOFF


class PusherSession(Session):
    """One connection to a Pusher server."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        super().__init__(topics)
        self._activity_timeout = ACTIVITY_TIMEOUT
        self._probed = ""

    def receive(self, text: str, now: float) -> list[Output]:
        """One text message arrived. Gives Messages of our channels, Ready once, or a Failure."""
        if self._phase in _GREETED:
            self._heard(now)
        frame = read.parse(text)
        if type(frame) is not dict:
            return []
        event, channel = frame.get("event"), frame.get("channel")
        if type(event) is not str:
            return []
        if type(channel) is not str:
            channel = ""
        if not event.startswith(_PROTOCOL):
            return [Message(event, channel, frame.get("data"))] if channel in self._topics.names else []
        return self._protocol(event, channel, read.mapping(read.parse_if_text(frame.get("data"))), now)

    def closed(self, code: int | None, said: str) -> Failure:
        """The socket ended; `code` is the close code, None without one."""
        return _ended(code, said)

    def probe(self, now: float) -> None:
        """Subscribe again to a required channel, each in its turn.

        A healthy server answers either with a fresh acknowledgement or with an error that names the existing
        subscription; both prove that it knows us, and a lost subscription is fixed on the way.
        """
        if self._phase is Phase.READY and not self._probed:
            self._probed = self._topics.next_probe()
            self._subscribe(self._probed)
            self._set(Timer.PROBE, now + PROBE_TIMEOUT)

    def renew(self, token: str, now: float) -> None:
        """Pusher's public channels need no token."""

    def _heard(self, now: float) -> None:
        self._deadlines[_QUIET] = now + self._activity_timeout
        self._deadlines.pop(_SILENCE, None)

    def _ask_for_life(self, now: float) -> list[Output]:
        self._out.append('{"event":"pusher:ping","data":{}}')
        self._clear(Timer.QUIET)
        self._set(Timer.SILENCE, now + PONG_TIMEOUT)
        return []

    TIMERS: ClassVar[Mapping[Timer, Act]] = {
        Timer.ANSWER: Session._no_answer,
        Timer.SILENCE: Session._silent,
        Timer.PROBE: Session._not_confirmed,
        Timer.QUIET: _ask_for_life,
    }

    def _subscribe(self, channel: str) -> None:
        self._out.append(json.dumps({"event": "pusher:subscribe", "data": {"auth": "", "channel": channel}}))

    def _probe_answered(self) -> None:
        self._probed = ""
        self._clear(Timer.PROBE)

    def _protocol(self, event: str, channel: str, data: dict[str, object], now: float) -> list[Output]:
        if event == "pusher:ping":
            self._out.append('{"event":"pusher:pong","data":{}}')
        elif event == "pusher:connection_established" and self._phase is Phase.HELLO:
            self._hello(data, now)
        elif event == "pusher_internal:subscription_succeeded" and self._phase is not Phase.HELLO:
            if channel == self._probed:
                self._probe_answered()
            return self._acknowledged(channel)
        elif event == "pusher:subscription_error" and self._topics.is_required(channel):
            return [not_subscribed(channel)]
        elif event == "pusher:error":
            return self._error(data)
        return []

    def _hello(self, data: dict[str, object], now: float) -> None:
        timeout = read.integer(data.get("activity_timeout"))
        if timeout:
            self._activity_timeout = min(ACTIVITY_TIMEOUT, float(timeout))
        self._greeted(now)
        self._heard(now)
        for name in self._topics.names:
            self._subscribe(name)

    def _error(self, data: dict[str, object]) -> list[Output]:
        code = read.integer(data.get("code"))
        message = read.text(data.get("message"), 200)
        if code is not None:
            return [_ended(code, message)]
        # An error of one channel, the link stays. A probe of a healthy subscription is answered this way.
        if self._probed and self._probed in message:
            self._probe_answered()
        return []


def _ended(code: int | None, said: str) -> Failure:
    if code == NO_SUCH_KEY:
        return Failure(Remedy.REFUSED, because("key_retired"))
    return ended(remedy(code), code, said)
