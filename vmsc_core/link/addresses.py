"""The addresses of a host: looked up once at a time, families interleaved, what worked first. Knows no connection.

Rules a maintainer must keep:
1. getaddrinfo can't be interrupted and may take half a minute: it runs in a thread that nobody waits for, one for each host.
2. What is remembered only changes the order: an address that failed comes last and is still tried.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from itertools import chain, zip_longest
from typing import Any, Generic, TypeVar

from vmsc_core.link.background import background
from vmsc_core.link.errors import CannotConnect

Row = Any
"""What getaddrinfo gives: family, kind, protocol, name, (address, port, …)."""

MOST_HOSTS = 64
"""Hosts that are remembered."""

MOST_ADDRESSES = 64
"""Addresses of one host that are tried, of both families."""

MOST_PENDING = 16
"""Lookups that may hang at once."""

T = TypeVar("T")


class Lookup(Generic[T]):
    """Something that is being looked up in the background: `done`, then `result` (None when nothing came of it)."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.result: T | None = None


_pending: dict[Hashable, Lookup[Any]] = {}
_lock = threading.Lock()


def look_up(key: Hashable, work: Callable[[], T]) -> Lookup[T]:
    """The lookup called `key`: the one that is running, or else a new one that does `work`. Any thread; waits for nobody."""
    lookup: Lookup[T]
    with _lock:
        if key in _pending:
            return _pending[key]
        lookup = Lookup()
        if len(_pending) >= MOST_PENDING:
            lookup.done.set()
            return lookup
        _pending[key] = lookup

    def ask() -> None:
        try:
            lookup.result = work()
        except (OSError, UnicodeError):
            pass
        finally:
            finish()

    def finish() -> None:
        with _lock:
            _pending.pop(key, None)
        lookup.done.set()

    try:
        background(ask, "vmsc-resolve").start()
    except CannotConnect:  # no thread to be had
        finish()
    return lookup


def interleave(rows: Sequence[Row]) -> list[Row]:
    """Each address once: the families take turns, in the system's order within each (RFC 8305, 4)."""
    families: dict[Any, dict[Any, Row]] = {}
    for row in rows:
        families.setdefault(row[0], {}).setdefault(row[4], row)
    turns = chain.from_iterable(zip_longest(*(family.values() for family in families.values())))
    return [row for row in turns if row is not None]


class Memory:
    """Which address of a host worked and which ones failed, and which way to it was the good one. Any thread.

    A host is whatever key its user gives, here (name, port).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: OrderedDict[Hashable, _Host] = OrderedDict()

    def order(self, host: Hashable, rows: Sequence[Row]) -> list[Row]:
        """The addresses, best first, at most MOST_ADDRESSES."""
        with self._lock:
            known = self._hosts.get(host) or _Host()
            failed = list(known.failed)

        def rank(row: Row) -> int:
            if row[4] == known.good:
                return -1
            return failed.index(row[4]) + 1 if row[4] in failed else 0

        return sorted(interleave(rows), key=rank)[:MOST_ADDRESSES]

    def worked(self, host: Hashable, address: Any, seconds: float) -> None:
        """The address answered, after so many seconds."""
        with self._lock:
            known = self._known(host)
            known.failed.pop(address, None)
            known.good, known.seconds = address, seconds

    def failed(self, host: Hashable, address: Any) -> None:
        """The address did not answer, or not well enough: it goes behind all others."""
        with self._lock:
            known = self._known(host)
            known.failed.pop(address, None)
            known.failed[address] = None
            if len(known.failed) > MOST_ADDRESSES:
                known.failed.popitem(last=False)
            if known.good == address:
                known.good = None

    def usual(self, host: Hashable, address: Any) -> float:
        """Seconds in which this address answered the last time; 0 when it is not the one that worked."""
        with self._lock:
            known = self._hosts.get(host)
            return known.seconds if known and known.good == address else 0.0

    def way(self, host: Hashable) -> str:
        """What `came` was told last; empty when it was told nothing."""
        with self._lock:
            known = self._hosts.get(host)
            return known.way if known else ""

    def came(self, host: Hashable, way: str) -> None:
        """The host was reached this way."""
        with self._lock:
            self._known(host).way = way

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._hosts.clear()

    def _known(self, host: Hashable) -> _Host:
        known = self._hosts.setdefault(host, _Host())
        self._hosts.move_to_end(host)
        if len(self._hosts) > MOST_HOSTS:
            self._hosts.popitem(last=False)
        return known


class _Host:
    def __init__(self) -> None:
        self.good: Any = None
        self.seconds = 0.0
        self.failed: OrderedDict[Any, None] = OrderedDict()  # the one that failed longest ago first
        self.way = ""


MEMORY = Memory()
"""What this computer's network has shown so far: it outlives a link, as the network does."""
