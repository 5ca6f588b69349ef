"""What both protocols share: the values that go in and out, the phases, the timers, the subscriptions. Knows no protocol.

Rules a maintainer must keep:
1. A session does no I/O and reads no clock: `now` (monotonic seconds) is an argument everywhere.
2. Order of use: `opened(now)` once the WebSocket is open; then for each text `receive(text, now)`; at `deadline` or later
   `poll(now)`; before waiting for anything, send all of `outgoing()`. After a Failure nothing more is called.
3. No input raises.
4. `_enter` is the only way from one Phase to another, and PHASES the only table of them. What is not in it changes nothing.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import cycle
from typing import Any, Callable, ClassVar, NamedTuple, Union

from vmsc_core.kick.channel import Topic
from vmsc_core.printable import printable
from vmsc_core.reasons import Failure, Reason, Remedy, because

log = logging.getLogger("vmsc.session")

HELLO_TIMEOUT = 10.0
"""Seconds from the open socket to the server's first word."""

SUBSCRIBE_TIMEOUT = 10.0
"""Seconds from the first word to the acknowledgement of every required subscription."""

PROBE_TIMEOUT = 10.0
"""Seconds in which a re-subscription has to be answered."""

NO_CODE, ABNORMAL = 1005, 1006
"""Close codes that stand for "none came" (RFC 6455, 7.4.1); no server may send them."""

NEVER = float("inf")


class Phase(Enum):
    """How far one connection has come."""

    NEW = "new"  # the socket is not open yet
    HELLO = "hello"  # open: waiting for the server's first word
    SUBSCRIBING = "subscribing"  # waiting for every required subscription to be acknowledged
    READY = "ready"


PHASES: dict[Phase, Phase] = {
    Phase.NEW: Phase.HELLO,
    Phase.HELLO: Phase.SUBSCRIBING,
    Phase.SUBSCRIBING: Phase.READY,
}


class Timer(Enum):
    """What a session may be waiting for; each protocol's TIMERS says what happens then, the most urgent first."""

    ANSWER = "answer"  # the hello, then the acknowledgements
    SILENCE = "silence"  # any sign of life
    PROBE = "probe"  # the answer to one
    EXPIRY = "expiry"  # the end of the token
    QUIET = "quiet"  # asking whether the server is there
    RENEWAL = "renewal"  # asking for another token

    __hash__ = object.__hash__  # Enum's own is Python code, and each frame asks four times


class Message(NamedTuple):
    """One frame of Kick's feed: `data` is as it came (a JSON text, an object, an array, None)."""

    event: str
    channel: str
    data: object


@dataclass(frozen=True)
class Ready:
    """Every required subscription was acknowledged. Comes once per session."""


@dataclass(frozen=True)
class TokenNeeded:
    """The access token expires soon: fetch another one for the same client id and hand it to `renew`."""


Output = Union[Message, Ready, Failure, TokenNeeded]

Act = Callable[[Any, float], list[Output]]
"""What a session does when one of its timers has run out, at that moment."""


# What every protocol has to say of an end.

SILENT = Failure(Remedy.BACKOFF, because("silent"))
NOT_CONFIRMED = Failure(Remedy.BACKOFF, because("quiet"))
NO_HELLO = Failure(Remedy.BACKOFF, because("no_hello"))
NO_SUBSCRIPTION = Failure(Remedy.BACKOFF, because("no_subscription"))


def not_subscribed(topic: str) -> Failure:
    """A required subscription was refused. The next connection may be luckier."""
    return Failure(Remedy.BACKOFF, because("subscription_refused", topic=topic))


def failed_at_subscriptions(failure: Failure) -> bool:
    """Whether a server took us but not what we asked for: then our IDs may be wrong."""
    return failure.reason.key in ("subscription_refused", "no_subscription")


def refused_for_now(code: int | None, said: str) -> Failure:
    """A connection was refused, but the next one may be accepted."""
    return Failure(Remedy.BACKOFF, because("refused_for_now", answer=answer(code, said)))


def ended(remedy: Remedy, code: int | None, said: str) -> Failure:
    """The server closed or refused a connection with this code and these words, or it was lost without any."""
    if remedy is Remedy.REFUSED:
        return Failure(remedy, because("refused", answer=answer(code, said)))
    if code is None or code in (NO_CODE, ABNORMAL):
        return Failure(remedy, because("lost"))
    return Failure(remedy, because("closed", answer=answer(code, said)))


def answer(code: int | None, said: str) -> Reason:
    """What a server said, for a sentence's brackets: its code, its words, both or neither."""
    words = " ".join(printable(said).split())
    if code is None:
        return because("said_words", said=words) if words else because("said_nothing")
    return because("said_code", code=code, said=words) if words else because("said_only_code", code=code)


class Subscriptions:
    """The topics of one connection: which are asked for, which still have to be acknowledged, which one is probed."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.names = self._required = {topic.name: topic.required for topic in topics}
        """All topics, in the order in which to subscribe."""
        self._awaited = {name for name, required in self._required.items() if required}
        self._probes = cycle([name for name, required in self._required.items() if required])

    def __contains__(self, name: str) -> bool:
        return name in self._required

    def is_required(self, name: str) -> bool:
        """Whether Connected has to wait for this topic."""
        return self._required.get(name, False)

    def acknowledged(self, name: str) -> bool:
        """The server confirmed this topic; whether every required one is confirmed now."""
        self._awaited.discard(name)
        return not self._awaited

    def next_probe(self) -> str:
        """The required topic to ask for again, each in its turn."""
        return next(self._probes)


class Session(ABC):
    """The protocol state of one connection; see the rules above for the order of use."""

    TIMERS: ClassVar[Mapping[Timer, Act]]
    """What to do when a timer has run out, in the order in which they are looked at."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics = Subscriptions(topics)
        self._phase = Phase.NEW
        self._deadlines: dict[Timer, float] = {}
        self._out: list[str] = []

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `poll` has something to do."""
        return min(self._deadlines.values(), default=NEVER)

    def outgoing(self) -> list[str]:
        """Texts to send now; each is given once."""
        texts, self._out = self._out, []
        return texts

    def opened(self, now: float) -> None:
        """The WebSocket is open."""
        self._enter(Phase.HELLO)
        self._set(Timer.ANSWER, now + HELLO_TIMEOUT)

    def poll(self, now: float) -> list[Output]:
        """Time has passed: does what is due. A Failure is the last output."""
        outputs: list[Output] = []
        for timer, act in self.TIMERS.items():
            if now >= self._deadlines.get(timer, NEVER):
                outputs += act(self, now)
                if outputs and isinstance(outputs[-1], Failure):
                    break
        return outputs

    @abstractmethod
    def receive(self, text: str, now: float) -> list[Output]:
        """One text message arrived."""

    @abstractmethod
    def closed(self, code: int | None, said: str) -> Failure:
        """The socket ended; `code` is the close code, None without one."""

    @abstractmethod
    def probe(self, now: float) -> None:
        """Ask the server to confirm a subscription again; silence becomes a Failure. Nothing before READY."""

    @abstractmethod
    def renew(self, token: str, now: float) -> None:
        """A token for TokenNeeded; an empty one means that none could be had."""

    def _enter(self, phase: Phase) -> bool:
        """Whether the phase changed; only the next one in PHASES can be entered."""
        if PHASES.get(self._phase) is not phase:
            return False
        log.debug("%s -> %s", self._phase.value, phase.value)
        self._phase = phase
        return True

    def _set(self, timer: Timer, deadline: float) -> None:
        self._deadlines[timer] = deadline

    def _clear(self, *timers: Timer) -> None:
        for timer in timers:
            self._deadlines.pop(timer, None)

    def _greeted(self, now: float) -> None:
        """The server's first word came: the acknowledgements are next."""
        if self._enter(Phase.SUBSCRIBING):
            self._set(Timer.ANSWER, now + SUBSCRIBE_TIMEOUT)

    def _acknowledged(self, topic: str) -> list[Output]:
        """A subscription was confirmed: Ready with the last required one."""
        if not self._topics.acknowledged(topic) or not self._enter(Phase.READY):
            return []
        self._clear(Timer.ANSWER)
        return [Ready()]

    def _no_answer(self, now: float) -> list[Output]:
        return [NO_HELLO if self._phase is Phase.HELLO else NO_SUBSCRIPTION]

    def _silent(self, now: float) -> list[Output]:
        return [SILENT]

    def _not_confirmed(self, now: float) -> list[Output]:
        return [NOT_CONFIRMED]
