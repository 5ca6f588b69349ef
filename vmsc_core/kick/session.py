"""What a session is, whichever protocol it speaks: the values that go in and out. Knows no protocol.

Rules a maintainer must keep:
1. A session does no I/O and reads no clock: `now` (monotonic seconds) is an argument everywhere.
2. Order of use: `opened(now)` once the WebSocket is open; then for each text `receive(text, now)`; at `deadline` or later
   `poll(now)`; after each of these send all of `outgoing()`. After a Broken output nothing more is called.
3. No input raises.
4. A Broken's reason has to fit on the card: a passing one in two lines of 52 characters, one for the user in three. Where it
   says that something was refused and the link goes on nevertheless, it ends in AGAIN.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol, Union

from vmsc_core.kick import json_values as read

HELLO_PATIENCE = 10.0
"""Seconds from the open socket to the server's first word."""

SUBSCRIBE_PATIENCE = 10.0
"""Seconds from the first word to the acknowledgement of every required subscription."""

PROBE_PATIENCE = 10.0
"""Seconds in which a re-subscription has to be answered."""

AGAIN = "It tries again by itself."


def told(code: int | None, words: str, most: int) -> str:
    """What a server said, for a sentence's brackets: its code and at most `most` characters of its words, on one line."""
    said = " ".join(read.text(words, most).split())
    parts = [str(code)[:10]] if code is not None else []  # as many digits as 32 bits have
    return ": ".join([*parts, said] if said else parts) or "no reason given"


class Verdict(Enum):
    """What an ended connection means for the next one."""

    AT_ONCE = "at once"  # the server asks to come back immediately
    BACKOFF = "backoff"  # an ordinary loss
    REFUSED = "refused"  # the same again cannot help: ask anew which server, or tell the user


@dataclass(frozen=True)
class Message:
    """One frame of Kick's feed: `data` is as it came (a JSON text, an object, an array, None)."""

    event: str
    channel: str
    data: object


@dataclass(frozen=True)
class Ready:
    """Every required subscription was acknowledged. Comes once per session."""


@dataclass(frozen=True)
class Broken:
    """The connection is of no more use. `reason` is a sentence for people."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class TokenWanted:
    """The server's permission runs out: fetch a new token for the same client id and give it to `renew`."""


Output = Union[Message, Ready, Broken, TokenWanted]


# What every protocol has to say of an end.

SILENT = Broken(Verdict.BACKOFF, "Kick's server stopped answering.")
PROBED_IN_VAIN = Broken(Verdict.BACKOFF, "The channel went silent and did not confirm its subscription.")


def late(greeted: bool) -> Broken:
    """HELLO_PATIENCE is over or, when the server has greeted us, SUBSCRIBE_PATIENCE."""
    if not greeted:
        return Broken(Verdict.BACKOFF, "Kick's server did not greet us within 10 seconds.")
    return Broken(Verdict.BACKOFF, "Kick's server did not confirm the subscriptions within 10 seconds.")


def not_subscribed(channel: str) -> Broken:
    """A required subscription was refused. The next connection may be luckier."""
    return Broken(Verdict.BACKOFF, f"Kick's server refused the subscription to {channel}. {AGAIN}")


def refused_for_now(code: int | None, said: str) -> Broken:
    """A connection was refused, but the next one may be taken."""
    return Broken(Verdict.BACKOFF, f"Kick's server refuses the connection ({told(code, said, 22)}). {AGAIN}")


def ended(verdict: Verdict, code: int | None, said: str) -> Broken:
    """The server ended or refused a connection with this code and these words, or it was lost without any."""
    what = told(code, said, 35)
    if verdict is Verdict.REFUSED:
        reason = f"Kick's server refuses the connection ({what}). Press Connect again later; if it stays, look for an update."
    elif code is None or code in (1005, 1006):
        reason = "The connection to Kick was lost."
    else:
        reason = f"Kick's server ended the connection ({what})."
    return Broken(verdict, reason)


class Session(Protocol):
    """The protocol state of one connection; see the rules above for the order of use."""

    skipped: int
    """Frames that could not be read."""

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `poll` has something to do."""

    def opened(self, now: float) -> None:
        """The WebSocket is open."""

    def receive(self, text: str, now: float) -> list[Output]:
        """One text message arrived."""

    def poll(self, now: float) -> list[Output]:
        """Time has passed."""

    def outgoing(self) -> list[str]:
        """Texts to send now; each is given once."""

    def closed(self, code: int | None, reason: str) -> Broken:
        """The socket ended; `code` is the close code, None without one."""

    def probe(self, now: float) -> None:
        """Ask the server to confirm a subscription again; silence becomes Broken."""

    def renew(self, token: str, now: float) -> None:
        """A token for TokenWanted; an empty one means that none could be had."""
