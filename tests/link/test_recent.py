"""The last messages: bounded in number and in weight, and read by another thread while they come."""

from __future__ import annotations

import threading

from vmsc_core.kick.session import Message
from vmsc_core.link.recent import LONGEST, MOST, Recent


def test_only_the_last_ones_are_kept_in_order() -> None:
    recent = Recent()
    for number in range(MOST + 5):
        recent.note(float(number), Message("x", "c", str(number)))
    kept = recent.copy()
    assert len(kept) == MOST and kept[0] == (5.0, Message("x", "c", "5")) and kept[-1][1].data == str(MOST + 4)


def test_of_a_heavy_one_only_its_name_is_kept() -> None:
    recent = Recent()
    recent.note(1.0, Message("x", "c", "y" * (LONGEST + 1)))
    recent.note(2.0, Message("x", "c", {"a": 1}))
    assert [message.data for _, message in recent.copy()] == [None, {"a": 1}]


def test_a_copy_can_be_taken_while_they_come() -> None:
    recent, ended = Recent(), threading.Event()

    def pour() -> None:
        while not ended.is_set():
            recent.note(1.0, Message("x", "c", "y"))

    thread = threading.Thread(target=pour, daemon=True)
    thread.start()
    try:
        for _ in range(2000):
            assert len(recent.copy()) <= MOST
    finally:
        ended.set()
        thread.join(5)
