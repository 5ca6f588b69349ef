"""A server that sends what is dear to read: OBS must not lose frames by it."""

from __future__ import annotations

import json
import threading
import time
from itertools import cycle

import pytest
from end_to_end.raw_server import Peer, RawServer, frame
from obs_sandbox import ObsSandbox
from real_obs.session import READY, SCRIPT, ended_well, wait_for

from vmsc_core.events import Status

SECONDS = 6.0
NEARLY_TOO_LONG = (128 << 10) - 200
"""Bytes: what a message may be."""

MUCH_TOO_LONG = 1 << 20
"""Bytes. Parsed as they came, two such frames a second skipped 47 % of OBS's frames."""

KNOWN = json.dumps({"speedy": {"chatroom_id": 918, "channel_id": 11624, "name": "Speedy"}})

MORE_SKIPPED = 0.03
"""Of all frames: what two runs of this machine may differ by."""


def frames(size: int) -> list[bytes]:
    """Texts of so many bytes that are dear to read as JSON: brackets inside each other, side by side, and inside a message."""
    side_by_side = "[" + ",".join(["[]"] * (size // 3)) + "]"
    message = {"event": "App\\Events\\ChatMessageEvent", "channel": "chatrooms.918.v2", "data": side_by_side}
    return [frame(text) for text in ("[" * (size // 2) + "]" * (size // 2), side_by_side, json.dumps(message))]


@pytest.mark.parametrize(("size", "each", "stays"), [(NEARLY_TOO_LONG, 0.05, True), (MUCH_TOO_LONG, 0.5, False)])
def test_hostile_frames_skip_no_frames_of_obs(size: int, each: float, stays: bool) -> None:
    is_hostile, sent, hostile_frames = threading.Event(), [], cycle(frames(size))

    def serve(peer: Peer) -> None:
        peer.handshake().serve_pusher()
        while True:
            peer.pause(each)
            if is_hostile.is_set():
                sent.append(next(hostile_frames))
                peer.send(sent[-1])

    with RawServer(serve) as server:
        mine = {
            **READY,
            "username": "speedy",
            "provider": "pusher",
            "poll": False,
            "known_channels": KNOWN,
            "websocket_address": f"ws://127.0.0.1:{server.port}/",
            "lookup_address": "http://127.0.0.1:9/",
        }
        with ObsSandbox(SCRIPT, mine) as obs:
            wait_for(obs, Status.CONNECTED)
            quiet = skipped(obs)
            is_hostile.set()
            hostile = skipped(obs)
            is_hostile.clear()
            assert sent and hostile <= quiet + MORE_SKIPPED
            if stays:
                assert len(sent) > SECONDS / each / 2 and len(server.accepted) == 1, "such a frame is left out, no more"
            wait_for(obs, Status.CONNECTED)
            ended_well(obs)


def skipped(obs: ObsSandbox) -> float:
    """The share of frames that OBS skips while SECONDS pass."""
    before = obs.ask("GetStats")
    time.sleep(SECONDS)
    after = obs.ask("GetStats")
    lost, all_of_them = (after[key] - before[key] for key in ("renderSkippedFrames", "renderTotalFrames"))
    return float(lost / max(1, all_of_them))
