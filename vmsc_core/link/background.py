"""Threads of ours that cannot end in a traceback: OBS shows what a thread prints over the stream. Knows no work.

Why not threading.excepthook: it belongs to every script in this OBS.
"""

from __future__ import annotations

import logging
import threading
from typing import Callable

log = logging.getLogger("vmsc.link")


def background(work: Callable[[], object], name: str) -> threading.Thread:
    """A thread, not yet started, that does `work`; what it raises is logged. A daemon: OBS waits for ever for any other."""

    def run() -> None:
        try:
            work()
        except Exception:  # never runs unless there is a bug: each work handles what it expects
            log.exception("the thread %s failed", name)

    return threading.Thread(target=run, name=name, daemon=True)
