"""The recorded frames of Kick's feed (tests/frames.jsonl), by the number of their line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vmsc_core.kick.session import Message

FRAMES = Path(__file__).parents[1] / "frames.jsonl"


class Frames:
    """`frames[12]` is the twelfth line: kind, event, channel, data."""

    def __init__(self) -> None:
        # Not splitlines: JSON text may hold U+2028.
        lines = FRAMES.read_text("utf-8").rstrip("\n").split("\n")
        self.rows: dict[int, dict[str, Any]] = dict(enumerate(map(json.loads, lines), start=1))

    def __getitem__(self, line: int) -> dict[str, Any]:
        return self.rows[line]

    def data(self, line: int) -> dict[str, Any]:
        """What the frame reports, unpacked."""
        data = self.rows[line]["data"]
        unpacked: dict[str, Any] = json.loads(data) if isinstance(data, str) else data
        return unpacked

    def message(self, line: int) -> Message:
        """The frame as a session hands it on."""
        row = self.rows[line]
        return Message(row["event"], row["channel"] or "", row["data"])


@pytest.fixture(scope="session")
def frames() -> Frames:
    return Frames()
