"""What is wrong, reported once: until it is fine again, or something else is wrong. Knows no trouble of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable

from vmsc_core.events import Notice
from vmsc_core.reasons import Reason

log = logging.getLogger("vmsc.link")


class Complaints:
    """The complaints of one link. `put` takes the notices."""

    def __init__(self, put: Callable[[Notice], None]) -> None:
        self._put = put
        self._made: dict[str, Reason | None] = {}  # what about → what was said

    def make(self, about: str, reason: Reason) -> None:
        """Something is wrong with `about`."""
        if self._made.get(about) != reason:
            self._made[about] = reason
            self._put(Notice(reason))

    def fine(self, about: str) -> None:
        """Nothing is wrong with `about`."""
        self._made.pop(about, None)

    def now(self, about: str, reason: Reason | None) -> None:
        """What is wrong with `about`, or that nothing is."""
        if reason is None:
            self.fine(about)
        else:
            self.make(about, reason)

    def bug(self, what: str) -> None:
        """The exception being handled is a bug: logged the first time, with its traceback. Never runs without one."""
        if what not in self._made:
            self._made[what] = None
            log.exception("%s", what)
