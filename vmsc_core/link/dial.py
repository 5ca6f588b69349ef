"""From a host's name to a connected Stream: the ways there, the race, and what to say when all were in vain. Knows no Kick.

Rules a maintainer must keep:
1. Foreign exceptions end here: what comes out is CannotConnect or Stopped.
2. A proxy's login is in no sentence: only its host is.
"""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Iterator
from typing import Union
from urllib.parse import urlsplit

from vmsc_core.link import proxy as proxies
from vmsc_core.link.addresses import MEMORY, Lookup, look_up
from vmsc_core.link.candidate import Candidate, Phase, Target, TunnelRefused
from vmsc_core.link.errors import CannotConnect, passing
from vmsc_core.link.proxy import Proxy
from vmsc_core.link.race import Found, Lane, race
from vmsc_core.link.stream import Stream
from vmsc_core.link.tls import forget, lacks_a_root, tls_context
from vmsc_core.link.tls import trouble as tls_trouble
from vmsc_core.settings import AUTOMATIC, NEVER_PROXY, PROXY_FIRST

Trouble = tuple[str, dict[str, Union[str, int]]]
"""The key of a sentence, and its values beside the host."""

DIRECT, THROUGH = "direct", "proxy"

NO_ROUTE = (errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.EADDRNOTAVAIL)
"""What connecting gives when this computer knows no way to an address."""

SOMEWHERE = ((socket.AF_INET, "198.41.0.4"), (socket.AF_INET6, "2001:503:ba3e::2:30"))
"""Addresses of the internet (a root name server's): nothing is sent to them, the system is only asked for a way there."""

RANKS = (
    "host_no_route",
    "host_not_found",
    "host_silent",
    "host_unreachable",
    "network_down",
    "proxy_unreadable",
    "proxy_kind",
    "proxy_socks",
    "proxy_unreachable",
    "proxy_refused",
    "proxy_login",
    "tls_failed",
)
"""What is told of several troubles: the last of these; before them all, what is not in here, such as a bad certificate."""


def dial(
    host: str,
    port: int,
    tls: bool,
    stop: threading.Event,
    deadline: float,
    request: bytes = b"",
    unanswered: str = "answer_broken",
    proxy: str = NEVER_PROXY,
) -> Stream:
    """A Stream to `host`, by `deadline` (monotonic seconds); with a request, one whose answer has begun.

    The request may go out to several addresses. `unanswered` is the key of the sentence when none answers it; `proxy` is the
    wish's. Raises CannotConnect or Stopped.
    """
    for is_last in (False, True):
        context = tls_context() if tls else None
        lanes = _lanes(Target(host, port, context, request), tls, proxy)
        won = race(lanes, stop, deadline)
        if won is not None:
            return _won(*won, stop, deadline)
        errors = [candidate.error for lane in lanes for candidate in lane.candidates if candidate.error]
        if not any(map(lacks_a_root, errors)):
            break
        # The root may have come in the meantime: Windows fetches one only when it is asked for it.
        forget()
        if is_last or time.monotonic() >= deadline:
            break
    raise _why(lanes, host, unanswered)


def reached_directly(url: str) -> bool:
    """Whether the host of this address answered the last time without a proxy."""
    parts = urlsplit(url)
    return MEMORY.way((parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))) == DIRECT


def is_offline() -> bool:
    """Whether this computer knows no way to the internet at all. Nothing is sent."""
    for family, address in SOMEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.connect((address, 53))
                return False
        except OSError:
            continue
    return True


def _lanes(target: Target, is_tls: bool, wish: str) -> list[Lane]:
    host = (target.host, target.port)

    def find_host() -> Lookup[Found]:
        return look_up((DIRECT, *host), lambda: (None, socket.getaddrinfo(*host, type=socket.SOCK_STREAM)))

    direct = Lane(DIRECT, target, host, find_host, MEMORY)
    proxy = None if wish == NEVER_PROXY else proxies.configured(is_tls)
    if proxy is None:
        return [direct]

    def addresses() -> Found:
        if proxies.bypassed(*host):
            return None, ()
        return proxy, [] if proxy.trouble else socket.getaddrinfo(proxy.host, proxy.port, type=socket.SOCK_STREAM)

    def find_proxy() -> Lookup[Found]:
        return look_up((THROUGH, proxy, *host), addresses)

    through = Lane(THROUGH, target, (THROUGH, proxy.host, proxy.port), find_proxy, MEMORY, proxy)
    is_first = wish == PROXY_FIRST or (wish == AUTOMATIC and MEMORY.way(host) == THROUGH)
    return [through, direct] if is_first else [direct, through]


def _won(lane: Lane, winner: Candidate, stop: threading.Event, deadline: float) -> Stream:
    stream = Stream(winner.sock, stop, deadline, winner.first)
    stream.proxy = lane.proxy.host if lane.proxy else ""
    stream.blame = lambda: MEMORY.failed(lane.host, winner.address)
    MEMORY.worked(lane.host, winner.address, time.monotonic() - winner.began)
    MEMORY.came((lane.target.host, lane.target.port), lane.name)
    return stream


def _why(lanes: list[Lane], host: str, unanswered: str) -> CannotConnect:
    """What to say: of several troubles the one that came furthest."""
    troubles = [trouble for lane in lanes for trouble in _troubles(lane, unanswered)]
    ranks = {key: rank for rank, key in enumerate(RANKS)}
    key, values = max(troubles, key=lambda trouble: ranks.get(trouble[0], len(RANKS)), default=("host_silent", {}))
    return passing(key, host, **values)


def _troubles(lane: Lane, unanswered: str) -> Iterator[Trouble]:
    if not lane.candidates and lane.began:
        if lane.proxy is not None:
            yield lane.proxy.trouble or "proxy_unreachable", {"proxy": lane.proxy.host}
        elif lane.name == DIRECT:
            yield "network_down" if is_offline() else "host_not_found", {}
    for candidate in lane.candidates:
        if candidate.proxy is not None and candidate.phase in (Phase.CONNECT, Phase.TUNNEL):
            yield _proxy_trouble(candidate.proxy, candidate.error)
        elif candidate.phase is Phase.CONNECT:
            yield _connect_trouble(candidate.error), {}
        elif candidate.phase is Phase.TLS:
            yield tls_trouble(candidate.error, lane.target.context)
        else:
            yield unanswered, {}


def _connect_trouble(error: OSError | None) -> str:
    if error is None or error.errno == errno.ETIMEDOUT:
        return "host_silent"
    if error.errno not in NO_ROUTE:
        return "host_unreachable"
    return "network_down" if is_offline() else "host_no_route"


def _proxy_trouble(proxy: Proxy, error: OSError | None) -> Trouble:
    status = error.status if isinstance(error, TunnelRefused) else 0
    if status == 407:
        return "proxy_login", {"proxy": proxy.host}
    if status:
        return "proxy_refused", {"proxy": proxy.host, "status": status}
    return "proxy_unreachable", {"proxy": proxy.host}
