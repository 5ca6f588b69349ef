"""Since when the connection has been in which state: for rules that wait for one to last. Knows no rule."""

from __future__ import annotations

from vmsc_core.events import Status

_NAMES: dict[Status, tuple[str, ...]] = {
    Status.DISCONNECTED: ("disconnected",),
    Status.CONNECTING: ("connecting",),
    Status.CONNECTED: ("connected",),
    Status.LIVE: ("connected", "live"),
    Status.RECONNECTING: ("reconnecting",),
    Status.ERROR: ("error",),
}
"""What is true in a status, as the trigger "connection" names it: live is connected, too."""


class Connection:
    """Call `follow` with each status. What is true at the very start was never entered."""

    def __init__(self) -> None:
        self._status = Status.DISCONNECTED
        self._since: dict[str, tuple[float, int]] = {}
        self._entered = 0

    def follow(self, status: Status, now: float) -> bool:
        """The connection is in `status`; whether that is news."""
        if status is self._status:
            return False
        before = _NAMES[self._status]
        self._status = status
        for name in before:
            if name not in _NAMES[status]:
                self._since.pop(name, None)
        for name in _NAMES[status]:
            if name not in before:
                self._entered += 1
                self._since[name] = (now, self._entered)
        return True

    def since(self, name: str) -> tuple[float, int] | None:
        """When the state was entered (monotonic seconds), and which entry of all it was; None while it isn't true."""
        return self._since.get(name)
