"""Whether the stream runs: a start and an end once for each livestream, whoever tells it. Knows no other event.

Starts can repeat and stops can be missing, so the polled look-up is the start state and the check; it may be some time behind.
"""

from __future__ import annotations

from typing import Any

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.channel import Channel
from vmsc_core.kick.seen import Seen

POLL_LAG = 120.0
"""Seconds by which a polled look-up may be older than what was pushed."""


class Livestream:
    """The stream of one channel. Each of `polled`, `started` and `stopped` gives the events in order."""

    def __init__(self) -> None:
        self._live: bool | None = None
        self._pushed_at = float("-inf")
        self._livestream: int | None = None
        self._ended = Seen(86_400.0, 100)
        self._ended_at = float("-inf")

    def polled(self, channel: Channel, now: float) -> list[Event]:
        """A look-up told whether the stream runs: the start state at first, later the check."""
        if channel.live is None:
            return []
        before = self._live
        if not channel.live:
            if before and now < self._pushed_at + POLL_LAG:
                return []  # the look-up is a minute behind: this stream has only just begun
            if before:
                return [self._over(self._livestream, now)]
            self._live = False
            return [events.LiveKnown(False)] if before is None else []
        livestream = channel.livestream_id
        if before is None:
            self._live, self._livestream = True, livestream
            return [events.LiveKnown(True)]
        return self._runs(livestream, channel.title, None, now, pushed=False)

    def _runs(self, livestream: int | None, title: str, time: float | None, now: float, pushed: bool) -> list[Event]:
        """Somebody says that this stream runs."""
        if self._live and (livestream is None or self._livestream in (None, livestream)):
            self._livestream = livestream if livestream is not None else self._livestream
            return []
        if livestream is not None and self._ended.holds(livestream, now):
            # Told to have ended before: from a look-up late news at first, else a fact (an encoder that came back), but no
            # second start.
            if self._live or (not pushed and now < self._ended_at + POLL_LAG):
                return []
            self._live, self._livestream = True, livestream
            return [events.LiveKnown(True)]
        found: list[Event] = [self._over(self._livestream, now)] if self._live else []
        self._live, self._livestream = True, livestream
        return [*found, events.StreamStarted(livestream, title, time)]

    def _over(self, livestream: int | None, now: float) -> Event:
        """The stream that ran has ended: an event once for each livestream, afterwards a state."""
        self._live, self._livestream, self._ended_at = False, None, now
        if livestream is not None and self._ended.again(livestream, now):
            return events.LiveKnown(False)
        return events.StreamEnded(livestream)

    def started(self, data: dict[str, Any], now: float) -> list[Event]:
        """A StreamerIsLive."""
        stream = read.mapping(data.get("livestream"))
        title, time = read.text(stream.get("session_title"), 300), read.time(stream.get("created_at"))
        livestream = read.whole(stream.get("id"))
        found = self._runs(livestream, title, time, now, pushed=True)
        if self._live and livestream in (None, self._livestream):
            self._pushed_at = now
        return found

    def stopped(self, data: dict[str, Any], now: float) -> list[Event]:
        """A StopStreamBroadcast."""
        livestream = read.whole(read.mapping(data.get("livestream")).get("id"))
        if self._live is False:
            self._ended.again(livestream, now)
            return []
        if livestream is not None and self._live and self._livestream not in (None, livestream):
            return []  # the end of an earlier stream, told late
        return [self._over(livestream if livestream is not None else self._livestream, now)]
