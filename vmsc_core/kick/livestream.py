"""Whether the channel is live: one start and one end for each livestream, whoever reports them. Knows no other event.

Starts can repeat and stops can be missing, so the polled lookup gives the initial state and checks the rest. It may lag behind
and it may be wrong for once, so one lookup alone never ends a stream: the second that contradicts is believed.
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
        self._ended = Seen(float("inf"), 100)
        self._stopped_at = float("-inf")  # when a frame last ended a stream: a lookup may not know it yet
        self._doubted = False  # the last lookup contradicted what is known

    @property
    def is_doubted(self) -> bool:
        """Whether another lookup is needed to know if the stream still runs."""
        return self._doubted

    def polled(self, channel: Channel, now: float) -> list[Event]:
        """A lookup: the first one gives the initial state (LiveKnown), later ones find what no frame reported."""
        if channel.live is None:
            return []
        before, livestream = self._live, channel.livestream_id
        if before and not self._agrees(channel):
            # Within POLL_LAG of its start, the lookup may be behind.
            was_doubted, self._doubted = self._doubted, True
            if not was_doubted or now < self._pushed_at + POLL_LAG:
                return []
        self._doubted = False
        if not channel.live:
            if before:
                return [self._over(self._livestream, now)]
            self._live = False
            return [events.LiveKnown(False)] if before is None else []
        if before is None:
            self._live, self._livestream = True, livestream
            return [events.LiveKnown(True)]
        return self._runs(livestream, channel.title, None, now, pushed=False)

    def _agrees(self, channel: Channel) -> bool:
        """Whether a lookup says that the stream we know runs on."""
        return bool(channel.live) and (self._livestream is None or channel.livestream_id in (None, self._livestream))

    def _runs(self, livestream: int | None, title: str, time: float | None, now: float, pushed: bool) -> list[Event]:
        """A frame (`pushed`) or a lookup says that this stream is live."""
        if self._live and (livestream is None or self._livestream in (None, livestream)):
            self._livestream = livestream if livestream is not None else self._livestream
            return []
        if livestream is not None and self._ended.contains(livestream, now):
            # It was reported as ended. A lookup may be behind; otherwise the encoder came back, which is no second start.
            if self._live or (not pushed and now < self._stopped_at + POLL_LAG):
                return []
            self._live, self._livestream = True, livestream
            return [events.LiveKnown(True)]
        found: list[Event] = [self._over(self._livestream, now)] if self._live else []
        self._live, self._livestream = True, livestream
        return [*found, events.StreamStarted(livestream, title, time)]

    def _over(self, livestream: int | None, now: float) -> Event:
        """The current stream has ended: StreamEnded once for each livestream, LiveKnown after that."""
        self._live, self._livestream, self._doubted = False, None, False
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
            self._pushed_at, self._doubted = now, False
        return found

    def stopped(self, data: dict[str, Any], now: float) -> list[Event]:
        """The data of a StopStreamBroadcast frame. An unreadable livestream ID counts as the current stream's."""
        livestream = read.integer(read.mapping(data.get("livestream")).get("id"))
        if self._live is False:
            self._ended.is_repeat(livestream, now)
            return []
        if livestream is not None and self._live and self._livestream not in (None, livestream):
            return []  # the end of an earlier stream, reported late
        self._stopped_at = now
        return [self._over(livestream if livestream is not None else self._livestream, now)]
