"""Whether the channel is live: one start and one end for each livestream, whoever reports them. Knows no other event.

Starts can repeat and stops can be missing, so the polled lookup gives the initial state and checks the rest. It may lag behind.
"""

from __future__ import annotations

from typing import Any

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.channel import Channel
from vmsc_core.kick.seen import Seen

POLL_LAG = 120.0
"""Seconds by which a polled lookup may be older than the frames received before it."""


class Livestream:
    """The live state of one channel. `polled`, `started` and `stopped` return the events in order; `now` is monotonic seconds."""

    def __init__(self) -> None:
        self._live: bool | None = None
        self._pushed_at = float("-inf")
        self._livestream: int | None = None
        self._ended = Seen(86_400.0, 100)
        self._ended_at = float("-inf")

    def polled(self, channel: Channel, now: float) -> list[Event]:
        """A lookup: the first one gives the initial state (LiveKnown), later ones find what no frame reported."""
        if channel.live is None:
            return []
        before = self._live
        if not channel.live:
            if before and now < self._pushed_at + POLL_LAG:
                return []  # the lookup is a minute behind: this stream has only just started
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
        """A frame (`pushed`) or a lookup says that this stream is live."""
        if self._live and (livestream is None or self._livestream in (None, livestream)):
            self._livestream = livestream if livestream is not None else self._livestream
            return []
        if livestream is not None and self._ended.contains(livestream, now):
            # It was reported as ended. A lookup may be behind; otherwise the encoder came back, which is no second start.
            if self._live or (not pushed and now < self._ended_at + POLL_LAG):
                return []
            self._live, self._livestream = True, livestream
            return [events.LiveKnown(True)]
        found: list[Event] = [self._over(self._livestream, now)] if self._live else []
        self._live, self._livestream = True, livestream
        return [*found, events.StreamStarted(livestream, title, time)]

    def _over(self, livestream: int | None, now: float) -> Event:
        """The current stream has ended: StreamEnded once for each livestream, LiveKnown after that."""
        self._live, self._livestream, self._ended_at = False, None, now
        if livestream is not None and self._ended.is_repeat(livestream, now):
            return events.LiveKnown(False)
        return events.StreamEnded(livestream)

    def started(self, data: dict[str, Any], now: float) -> list[Event]:
        """The data of a StreamerIsLive frame. An unreadable livestream ID counts as the current stream's."""
        stream = read.mapping(data.get("livestream"))
        title, time = read.text(stream.get("session_title"), 300), read.time(stream.get("created_at"))
        livestream = read.integer(stream.get("id"))
        found = self._runs(livestream, title, time, now, pushed=True)
        if self._live and livestream in (None, self._livestream):
            self._pushed_at = now
        return found

    def stopped(self, data: dict[str, Any], now: float) -> list[Event]:
        """The data of a StopStreamBroadcast frame. An unreadable livestream ID counts as the current stream's."""
        livestream = read.integer(read.mapping(data.get("livestream")).get("id"))
        if self._live is False:
            self._ended.is_repeat(livestream, now)
            return []
        if livestream is not None and self._live and self._livestream not in (None, livestream):
            return []  # the end of an earlier stream, reported late
        return [self._over(livestream if livestream is not None else self._livestream, now)]
