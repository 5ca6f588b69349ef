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
from vmsc_core.reasons import Reason, because

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
class Tally:
    """What came since the stream started, over any number of connections; `latest` is a sentence about the last of it."""

    follows: int = 0
    subs: int = 0
    gifts: int = 0
    latest: Reason | None = None


@dataclass(frozen=True)
class Drop:
    """The connection that was lost at `at`: what it was, and since when it had been there. Monotonic seconds."""

    status: Status
    since: float | None
    at: float


@dataclass(frozen=True)
class State:
    """All that the card, the page and the rules need to know. `since` and `retry_at` are monotonic seconds.

    `count` is how many events of the kinds in events.Counted came since the connection was established at `since`. `drop` is
    there from the loss of a connection to the next one.
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
    tally: Tally = Tally()
    drop: Drop | None = None


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
        followers = state.followers if total is None else total
        return replace(state, count=state.count + counted, followers=followers, tally=_tallied(state.tally, event))
    if isinstance(event, LinkChanged):
        return _link_changed(state, event)
    if isinstance(event, (events.LiveKnown, events.StreamStarted, events.StreamEnded)):
        has_started = isinstance(event, events.StreamStarted)
        live = event.live if isinstance(event, events.LiveKnown) else has_started
        starts = has_started or (live and state.live is False)  # a start that was missed and found by a look
        return _follow_stream(replace(state, live=live, tally=Tally() if starts else state.tally))
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


def _tallied(tally: Tally, event: Event) -> Tally:
    if isinstance(event, events.Follow):
        more = because("latest_follows_one" if event.count == 1 else "latest_follows_many", count=f"{event.count:,}")
        latest = because("latest_follow", name=event.username) if event.username else more
        return replace(tally, follows=tally.follows + event.count, latest=latest)
    if isinstance(event, events.Subscription):
        name = event.username or because("card_someone")
        renewed = because("latest_renewal", name=name, months=event.months)
        return replace(tally, subs=tally.subs + 1, latest=renewed if event.months > 1 else because("latest_sub", name=name))
    if isinstance(event, events.GiftedSubscriptions):
        name, key = event.gifter or because("card_someone"), "latest_gifts_one" if event.count == 1 else "latest_gifts_many"
        return replace(tally, gifts=tally.gifts + event.count, latest=because(key, name=name, count=f"{event.count:,}"))
    return tally


def _link_changed(state: State, event: LinkChanged) -> State:
    if (state.status, event.signal) not in TRANSITIONS:
        return state
    if event.signal is Signal.TRYING:
        return _enter(replace(state, attempt=event.attempt, retry_at=None), event.signal)
    if event.signal is Signal.READY:
        fresh = replace(state, count=0, since=event.at, attempt=0, retry_at=None, reason=None, ever_connected=True, drop=None)
        return _follow_stream(_enter(fresh, event.signal, event.reason))
    drop = state.drop
    if state.status in (Status.CONNECTED, Status.LIVE):
        drop = Drop(state.status, state.since, event.at)
    broken = replace(state, reason=event.reason, since=None, attempt=event.attempt, retry_at=event.retry_at, notice=None)
    return _enter(replace(broken, drop=drop if event.signal is Signal.BROKE else None), event.signal)


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
