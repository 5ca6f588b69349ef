"""The one hand-over between threads: the link puts, the timer drains. Knows nothing of either.

Bounded, in number and in weight: when the timer cannot keep up (OBS stalled, a flood), new chat messages and events without a
meaning of their own are dropped and counted. A status, a subscription, a gift, a follow or a stream start is never dropped,
but by the last resort. Chat messages that no rule may fire for are only counted here, on the link's thread: all that the timer
would do with them is to count them, in OBS's own frame.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from vmsc_core.events import (
    ChatMessage,
    Dropped,
    Duplicate,
    Event,
    LinkChanged,
    LiveKnown,
    StreamStarted,
    Unheard,
    Unknown,
    counts,
)

CAPACITY = 10_000
"""Waiting events above which chat is dropped: two seconds of the worst burst (5,000 messages a second)."""

HARD_CAPACITY = 100_000
"""Last resort against a server that invents subscriptions: beyond it only states of the link are kept."""

LIGHT, HEAVY = 48 << 20, 64 << 20
"""Bytes, about: the same two limits by what the waiting events weigh. CAPACITY chat messages of a busy chat weigh 25 MiB."""


def weight(event: Event) -> int:
    """About how many bytes an event takes; never too few by much, and quickly for chat."""
    if isinstance(event, ChatMessage):
        content, badges = event.unread_content, event.badges
        emotes = event.emotes if content is None else ()  # to ask an unread message for them would be to read it
        characters = len(event.text if content is None else content)
        if emotes:
            characters *= 2  # their names are in the text
        if event.reply is not None:
            characters += 250 + len(event.reply.text)
        for badge in badges:
            characters += len(badge.kind) + len(badge.text)
        return 800 + 4 * characters + 400 * (len(emotes) + len(badges))
    return 200 + sum(map(_weight, vars(event).values()))


def _weight(value: object) -> int:
    if isinstance(value, str):
        return 80 + 4 * len(value)
    return 60 + sum(map(_weight, value)) if isinstance(value, tuple) else 60


def hears_all(message: ChatMessage) -> bool:
    """Every message is waited for."""
    return True


class Inbox:
    """Events on their way from the link's thread to OBS's graphics thread: one puts, one drains.

    Without a lock: a deque's append and popleft are atomic, and each count has one writer. With a lock, the timer would
    wait for the link's thread to be scheduled, milliseconds of a frame (python3 tools/bench obs).
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.hears: Callable[[ChatMessage], bool] = hears_all
        """Whether a rule may fire for this message. Set by the timer, called on the link's thread."""
        self._capacity = capacity
        self._unheard = 0  # the link's thread's own
        self._events: deque[Event] = deque()
        self._weights: deque[int] = deque()  # of each: put before its event and taken after it, so that none is without
        self._put = 0  # the weight of all that was ever put: the link's thread's own
        self._drained = 0  # and of all that was drained: the timer's own
        self._dropped = 0  # the link's thread's own
        self._all_until = 0  # the link's thread's own: what is put before so much has been dealt with is passed on in any case
        self._dealt_with = 0  # the timer's own: of what was drained, all but the last time's

    def put(self, event: Event) -> None:
        """Hand on one event. Only the link's thread; waits for nobody. What is only counted is there after `settle`."""
        if isinstance(event, ChatMessage) and self._dealt_with >= self._all_until and not self.hears(event):
            self._unheard += 1
            return
        waiting, heavy = len(self._events), self._put - self._drained
        if (waiting < self._capacity and heavy < LIGHT) or isinstance(event, LinkChanged):
            if self._dropped or self._unheard:
                self._report()
            self._append(event)
        elif isinstance(event, (ChatMessage, Unknown, Duplicate)) or waiting >= HARD_CAPACITY or heavy >= HEAVY:
            self._dropped += counts(event)
        else:
            self._append(event)

    def _append(self, event: Event) -> None:
        size = weight(event)
        self._put += size
        if isinstance(event, StreamStarted) or (isinstance(event, LiveKnown) and event.live):
            self._all_until = self._put  # with a stream everybody is new: `hears` knows that only when it has been planned
        self._weights.append(size)
        self._events.append(event)

    def put_all(self, events: Iterable[Event]) -> None:
        """Hand on some events, in order. Only the link's thread."""
        for event in events:
            self.put(event)

    def settle(self) -> None:
        """Reports what was only counted as soon as there is room. Only the link's thread, when it has put what there was."""
        is_waited_for = self._dropped or (self._unheard and not self._events)  # else in one with what comes until the next drain
        if is_waited_for and len(self._events) < self._capacity and self._put - self._drained < LIGHT:
            self._report()

    def _report(self) -> None:
        # In its place among the events: a connection that begins later must not count what the one before it dropped.
        if self._dropped:
            self._append(Dropped(self._dropped))
            self._dropped = 0
        if self._unheard:
            self._append(Unheard(self._unheard))
            self._unheard = 0

    def drain(self, limit: int) -> list[Event]:
        """At most `limit` events, oldest first. What it gave the last time has been dealt with by now."""
        self._dealt_with = self._drained
        if not self._events:  # most turns
            return []
        count = min(limit, len(self._events))
        take, take_weight = self._events.popleft, self._weights.popleft
        taken = [take() for _ in range(count)]
        self._drained += sum([take_weight() for _ in range(count)])
        return taken
