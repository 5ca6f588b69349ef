"""What OBS is doing, as far as the card and the rules must know. A value; whoever asks OBS is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Host:
    """Whether OBS streams, records, and has its replay buffer on; the name of the scene that viewers see, "" if unknown."""

    streaming: bool = False
    recording: bool = False
    replay_buffer: bool = False
    scene: str = ""

    @property
    def on_air(self) -> bool:
        """Whether somebody may see the card, now or later."""
        return self.streaming or self.recording
