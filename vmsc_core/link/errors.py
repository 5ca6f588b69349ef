"""How the network says no: the exceptions that leave the sockets. Knows no socket."""

from __future__ import annotations

from vmsc_core.reasons import Failure, Reason, Remedy, because


class Stopped(Exception):
    """The user wanted it to end."""


class CannotConnect(Exception):
    """No connection, or no answer; `failure` says why and what it calls for."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure.reason))
        self.failure = failure


class ConnectionLost(Exception):
    """An open connection ended. `code` is the close code, None when there was none; `said` the words that came with it."""

    def __init__(self, code: int | None, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said


def passing(key: str, host: str, **values: str | int) -> CannotConnect:
    """A trouble with a host that may be over at the next try; `key` names its sentence."""
    return CannotConnect(Failure(Remedy.BACKOFF, because(key, host=host, **values)))


def for_the_user(key: str) -> CannotConnect:
    """A trouble with this computer that only the user can fix; `key` names its sentence."""
    return CannotConnect(Failure(Remedy.USER, because(key)))


def reason_of(error: BaseException) -> Reason:
    """A bug, for the user to report: its kind, never its words, which may hold anything."""
    return because("bug", error=type(error).__name__)
