"""Lookups, one at a time for each host; the order of addresses; what is remembered, and how much of it."""

from __future__ import annotations

import socket
import threading

import pytest

from vmsc_core.link import addresses
from vmsc_core.link.addresses import MOST_ADDRESSES, MOST_HOSTS, Memory, interleave, look_up

V4, V6 = socket.AF_INET, socket.AF_INET6


def four(number: int) -> tuple[object, ...]:
    return (V4, socket.SOCK_STREAM, 6, "", (f"192.0.2.{number}", 443))


def six(number: int) -> tuple[object, ...]:
    return (V6, socket.SOCK_STREAM, 6, "", (f"2001:db8::{number}", 443, 0, 0))


def test_the_families_take_turns_in_the_systems_order() -> None:
    assert interleave([six(1), six(2), six(3), four(1)]) == [six(1), four(1), six(2), six(3)]
    assert interleave([four(1), four(2), six(1)]) == [four(1), six(1), four(2)]
    assert interleave([four(1), four(1), six(1), four(1)]) == [four(1), six(1)]
    assert interleave([]) == []


def test_no_number_of_addresses_hides_the_other_family() -> None:
    found = Memory().order("host", [*map(six, range(500)), four(1)])
    assert len(found) == MOST_ADDRESSES and found[1] == four(1)


def test_what_worked_is_first_and_what_failed_is_last() -> None:
    memory, rows = Memory(), [four(1), four(2), four(3), four(4)]
    memory.worked("host", four(3)[4], 0.2)
    memory.failed("host", four(1)[4])
    memory.failed("host", four(2)[4])
    assert memory.order("host", rows) == [four(3), four(4), four(1), four(2)]
    memory.failed("host", four(1)[4])  # once more: behind the other one
    memory.failed("host", four(3)[4])
    assert memory.order("host", rows) == [four(4), four(2), four(1), four(3)]
    memory.worked("host", four(1)[4], 0.1)
    assert memory.order("host", rows) == [four(1), four(4), four(2), four(3)]
    assert memory.order("another", rows) == rows
    assert memory.usual("host", four(1)[4]) == 0.1 and memory.usual("host", four(4)[4]) == 0.0


def test_the_way_is_remembered() -> None:
    memory = Memory()
    assert memory.way("host") == ""
    memory.came("host", "proxy")
    assert memory.way("host") == "proxy"
    memory.clear()
    assert memory.way("host") == ""


def test_the_memory_is_bounded() -> None:
    memory = Memory()
    for number in range(1000):
        memory.came(number, "direct")
        memory.failed("host", number)
    assert memory.way(999 - MOST_HOSTS - 1) == "" and memory.way(999) == "direct"
    assert len(memory._hosts) == MOST_HOSTS and len(memory._hosts["host"].failed) == MOST_ADDRESSES


def test_a_lookup_gives_what_it_found_or_nothing() -> None:
    def fails() -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no")

    for work, result in ((lambda: 7, 7), (fails, None)):
        lookup = look_up("host", work)
        assert lookup.done.wait(5) and lookup.result == result


def test_a_lookup_that_hangs_is_shared_and_not_started_again() -> None:
    go, count = threading.Event(), []

    def hangs() -> int:
        count.append(1)
        go.wait(20)
        return len(count)

    first = look_up("host", hangs)
    assert all(look_up("host", hangs) is first for _ in range(100))
    go.set()
    assert first.done.wait(5) and first.result == 1
    again = look_up("host", hangs)
    assert again is not first and again.done.wait(5) and again.result == 2


def test_hanging_lookups_are_bounded() -> None:
    go = threading.Event()
    running = [look_up(number, lambda: go.wait(20)) for number in range(addresses.MOST_PENDING)]
    assert look_up("one more", lambda: True).done.is_set()
    go.set()
    assert all(one.done.wait(5) for one in running)


def test_a_thread_that_cannot_start_costs_this_lookup_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_thread)
        lookup = look_up("host", lambda: 1)
        assert lookup.done.is_set() and lookup.result is None
    lookup = look_up("host", lambda: 1)
    assert lookup.done.wait(5) and lookup.result == 1
    for thread in [thread for thread in threading.enumerate() if thread.name == "vmsc-resolve"]:
        thread.join(5)
