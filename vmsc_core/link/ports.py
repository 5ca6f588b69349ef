"""The world as the link sees it: HTTP, a WebSocket, two clocks, waiting, and calls in the background. Knows no Kick."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vmsc_core.link.background import BackgroundCall, Call
from vmsc_core.link.http import Http, HttpClient
from vmsc_core.link.recent import Recent
from vmsc_core.link.transport import Transport, WebSocketTransport


@dataclass(frozen=True)
class Ports:
    """What link.py reaches the world through; link/scripted.py is another world.

    The flag is the link's stop flag, the text beside it the wish's `proxy`.
    """

    http: Callable[[threading.Event, str], Http] = HttpClient
    transport: Callable[[threading.Event, str], Transport] = WebSocketTransport
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    """At most so many seconds for the flag; whether it is set."""

    recent: Recent = field(default_factory=Recent)
    """Notes each message of the feed, for a report."""

    background: Callable[[Callable[[], Any], str], Call[Any]] = BackgroundCall
    """Starts something slow that must not hold up the link; the link's own thread takes the result."""
