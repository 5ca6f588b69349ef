"""What OBS is doing: whether it is on air is asked each turn, the rest a few times a second. Knows no card."""

from __future__ import annotations

import math

import obspython as obs

from vmsc_core.host import Host
from vmsc_core.obs.targets import scene_on_air

ASK_EVERY = 0.3
"""Seconds between two looks at the scene, for which OBS 32 writes into its log where there is none."""


class HostWatch:
    """`host` from the timer, with monotonic seconds."""

    def __init__(self) -> None:
        self._host = Host()
        self._ask_at = -math.inf

    def host(self, now: float) -> Host:
        """What OBS is doing; the very same object for as long as that is so."""
        # Each turn: from the first frame on air, viewers must not read what is meant for the streamer.
        streaming, recording = bool(obs.obs_frontend_streaming_active()), bool(obs.obs_frontend_recording_active())
        if now >= self._ask_at or (streaming, recording) != (self._host.streaming, self._host.recording):
            self._ask_at = now + ASK_EVERY
            seen = Host(streaming, recording, bool(obs.obs_frontend_replay_buffer_active()), scene_on_air())
            self._host = self._host if seen == self._host else seen
        return self._host
