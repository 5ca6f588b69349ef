"""What is true now, reduced from events. Knows no OBS, no clock, no network and no sentence.

Rule: TRANSITIONS is the only way from one Status to another, and `_enter` its only user. A signal without a row changes
nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from enum import Enum
from typing import Union

from vmsc_core import events
from vmsc_core.events import Event, LinkChanged, Signal, Status
from vmsc_core.reasons import Reason

log = logging.getLogger("vmsc.state")


class Stream(Enum):
    """What moves the state beside the link's signals: whether the channel's stream runs."""

    LIVE = "live"
    OFFLINE = "offline"


TRANSITIONS: dict[tuple[Status, Union[Signal, Stream]], Status] = {
    (Status.DISCONNECTED, Signal.TRYING): Status.CONNECTING,
    (Status.DISCONNECTED, Signal.REFUSED): Status.ERROR,
    (Status.CONNECTING, Signal.READY): Status.CONNECTED,
    (Status.CONNECTING, Signal.BROKE): Status.RECONNECTING,
    (Status.CONNECTING, Signal.REFUSED): Status.ERROR,
    (Status.CONNECTING, Signal.STOPPED): Status.DISCONNECTED,
    (Status.CONNECTED, Stream.LIVE): Status.LIVE,
    (Status.CONNECTED, Signal.BROKE): Status.RECONNECTING,
    (Status.CONNECTED, Signal.REFUSED): Status.ERROR,
    (Status.CONNECTED, Signal.STOPPED): Status.DISCONNECTED,
    (Status.LIVE, Stream.OFFLINE): Status.CONNECTED,
    (Status.LIVE, Signal.BROKE): Status.RECONNECTING,
    (Status.LIVE, Signal.REFUSED): Status.ERROR,
    (Status.LIVE, Signal.STOPPED): Status.DISCONNECTED,
    (Status.RECONNECTING, Signal.TRYING): Status.RECONNECTING,
    (Status.RECONNECTING, Signal.BROKE): Status.RECONNECTING,
    (Status.RECONNECTING, Signal.READY): Status.CONNECTED,
    (Status.RECONNECTING, Signal.REFUSED): Status.ERROR,
    (Status.RECONNECTING, Signal.STOPPED): Status.DISCONNECTED,
    # In Error the link looks again every few minutes without a word; what it finds counts, that it looks does not.
    (Status.ERROR, Signal.READY): Status.CONNECTED,
    (Status.ERROR, Signal.BROKE): Status.RECONNECTING,
    (Status.ERROR, Signal.REFUSED): Status.ERROR,
    (Status.ERROR, Signal.STOPPED): Status.DISCONNECTED,
}


@dataclass(frozen=True)
class State:
    """All that the card, the page and the rules need to know. `since` and `retry_at` are monotonic seconds.

    `count` is how many events of the kinds in events.Counted came since the connection was established at `since`.
    """

    status: Status = Status.DISCONNECTED
    name: str = ""
    reason: Reason | None = None
    notice: Reason | None = None
    live: bool | None = None
    followers: int | None = None
    count: int = 0
    since: float | None = None
    attempt: int = 0
    retry_at: float | None = None
    ever_connected: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the history: at HH:MM:SS the state became `status`, or something is worth knowing (no status)."""

    at: str
    status: Status | None
    reason: Reason | None


def reduce(state: State, event: Event) -> State:
    """The state after `event`. Never raises."""
    counted = events.counts(event)
    if counted:
        total = event.total if isinstance(event, events.Follow) else None
        return replace(state, count=state.count + counted, followers=state.followers if total is None else total)
    if isinstance(event, LinkChanged):
        return _link_changed(state, event)
    if isinstance(event, (events.LiveKnown, events.StreamStarted, events.StreamEnded)):
        live = event.live if isinstance(event, events.LiveKnown) else isinstance(event, events.StreamStarted)
        return _follow_stream(replace(state, live=live))
    if isinstance(event, events.ChannelFound):
        return replace(state, name=event.name or state.name)
    if isinstance(event, events.FollowerTotal):
        return replace(state, followers=event.total)
    if isinstance(event, events.Notice) and event.on_card:
        return replace(state, notice=event.reason)
    return state


def chatted(state: State, messages: int) -> State:
    """What `reduce` gives after so many chat messages in a row, for the price of one: nearly all events are such."""
    return replace(state, count=state.count + messages) if messages else state


def _link_changed(state: State, event: LinkChanged) -> State:
    if (state.status, event.signal) not in TRANSITIONS:
        return state
    if event.signal is Signal.TRYING:
        return _enter(replace(state, attempt=event.attempt, retry_at=None), event.signal)
    if event.signal is Signal.READY:
        fresh = replace(state, count=0, since=event.at, attempt=0, retry_at=None, reason=None, ever_connected=True)
        return _follow_stream(_enter(fresh, event.signal, event.reason))
    broken = replace(state, reason=event.reason, since=None, attempt=event.attempt, retry_at=event.retry_at, notice=None)
    return _enter(broken, event.signal)


def _follow_stream(state: State) -> State:
    if state.live is None:
        return state
    return _enter(state, Stream.LIVE if state.live else Stream.OFFLINE)


def _enter(state: State, signal: Signal | Stream, server: Reason | None = None) -> State:
    status = TRANSITIONS.get((state.status, signal), state.status)
    if status is state.status:
        return state
    # The reasons are said where the line is written: the log's handler knows words.
    if server is not None:
        log.info("%s: %s (%s)", status.value, state.name, server)
    elif state.reason or state.name:
        log.info("%s: %s", status.value, state.reason or state.name)
    else:
        log.info(status.value)
    return replace(state, status=status)
