"""From a slug to a Channel over the network: HTTPS, then the system's curl, never again soon after a 403.

Knows no JSON of Kick's: kick/channel.py reads the answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from vmsc_core.kick.channel import Channel, LookupTrouble, read_lookup, slug_candidates
from vmsc_core.link.background import background
from vmsc_core.link.http import Http
from vmsc_core.link.stream import CannotConnect

T = TypeVar("T")


class Patience:
    """Until when kick.com must not be asked again. Lives longer than a link: pressing Connect again does not ask again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, tuple[float, LookupTrouble]] = {}
        self._rests: dict[str, tuple[float, str]] = {}

    def trouble(self, address: str) -> LookupTrouble | None:
        """What was wrong the last time, while it is too early to ask again: its patience is what is left of it."""
        until, trouble = self._until.get(address, (0.0, None))
        left = until - self._clock()
        return replace(trouble, patience=left) if trouble is not None and left > 0 else None

    def note(self, address: str, trouble: LookupTrouble) -> None:
        """Remembers a trouble that asks for patience."""
        if trouble.kind in ("blocked", "country", "busy"):
            self._until[address] = (self._clock() + trouble.patience, trouble)

    def rest(self, what: str, seconds: float, sentence: str = "") -> None:
        """`what` is to be left alone for so many seconds; `sentence` says why."""
        self._rests[what] = max(self._rests.get(what, (0.0, "")), (self._clock() + seconds, sentence))

    def left(self, what: str) -> float:
        """Seconds for which `what` is still to be left alone."""
        return max(0.0, self._rests.get(what, (0.0, ""))[0] - self._clock())

    def why(self, what: str) -> str:
        """The sentence that came with the rest."""
        return self._rests.get(what, (0.0, ""))[1]


def look_up(slug: str, address: str, http: Http, patience: Patience) -> Channel | LookupTrouble:
    """The Channel called `slug`; `address` is where the slug is put behind. Raises CannotConnect or Stopped."""
    waiting = patience.trouble(address)
    if waiting is not None:
        return waiting
    found: Channel | LookupTrouble | None = None
    for candidate in slug_candidates(slug):
        found = _ask(candidate, address, http)
        if isinstance(found, Channel) or found.kind != "unknown":
            break
    assert found is not None  # there is always a candidate
    if isinstance(found, LookupTrouble):
        if found.kind == "unknown":
            found = read_trouble_of(slug)
        patience.note(address, found)
    return found


def read_trouble_of(slug: str) -> LookupTrouble:
    """The "no such channel" in the user's own spelling, after every other spelling was tried."""
    trouble = read_lookup(slug, 404, "")
    assert isinstance(trouble, LookupTrouble)
    return trouble


def _ask(slug: str, address: str, http: Http) -> Channel | LookupTrouble:
    url = address + slug
    try:
        answer = http.request("GET", url)
    except CannotConnect as first:
        if first.passing:
            raise
        # No ssl module or no certificates in this Python: curl brings its own.
        try:
            answer = http.curl(url)
        except CannotConnect:
            raise first from None
    found = read_lookup(slug, answer.status, answer.body, answer.retry_after)
    if isinstance(found, LookupTrouble) and found.kind == "blocked":
        try:
            second = http.curl(url)
        except CannotConnect:
            return found
        other = read_lookup(slug, second.status, second.body, second.retry_after)
        return other if isinstance(other, Channel) or other.kind == "unknown" else found
    return found


class Errand(Generic[T]):
    """Something slow that the link's thread must not wait for: runs on a thread of its own, `take` when it is done.

    The work must end by itself when the link's stop flag is set (everything in link/ does).
    """

    def __init__(self, work: Callable[[], T], name: str) -> None:
        self._result: T | None = None
        self._error: Exception | None = None
        self._work = work
        self._finished = False
        self._thread = background(self._run, name)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether `take` gives something at once."""
        return self._finished

    def take(self) -> T:
        """The result; raises what the work raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]

    def join(self, seconds: float) -> None:
        """Waits at most `seconds` for the end."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._result = self._work()
        except Exception as error:  # handed to whoever takes the result
            self._error = error
        finally:
            self._finished = True
