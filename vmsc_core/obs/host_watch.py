"""What OBS is doing, asked at most once a second. Knows no card."""

from __future__ import annotations

import math

import obspython as obs

from vmsc_core.host import Host
from vmsc_core.obs.targets import scene_on_air

ASK_EVERY = 1.0
"""Seconds between two questions."""


class HostWatch:
    """`host` from the timer, with monotonic seconds."""

    def __init__(self) -> None:
        self._host = Host()
        self._ask_at = -math.inf

    def host(self, now: float) -> Host:
        """What OBS is doing; the very same object for as long as that is so."""
        if now >= self._ask_at:
            self._ask_at = now + ASK_EVERY
            seen = Host(
                bool(obs.obs_frontend_streaming_active()),
                bool(obs.obs_frontend_recording_active()),
                bool(obs.obs_frontend_replay_buffer_active()),
                scene_on_air(),
            )
            self._host = self._host if seen == self._host else seen
        return self._host
