"""The link on Windows' clock: time.monotonic moves there in steps of 15.625 ms. Decisions are the same, a step late at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import floor

import pytest
from fakes import (
    BLOCKED,
    World,
    centrifugo,
    changes,
    chat,
    delays,
    found,
    given_server,
    known,
    names_centrifugo,
    names_pusher,
    pusher,
    quiet,
    signals,
)

from vmsc_core.events import ChatMessage, Event
from vmsc_core.link.cooldowns import Cooldowns
from vmsc_core.link.errors import ConnectionLost, passing
from vmsc_core.link.ports import Ports
from vmsc_core.settings import Wish

STEP = 1 / 64
"""Seconds between two ticks of Windows' clock."""

LOST = ConnectionLost(None, "")
OUT_OF_REACH = passing("host_unreachable", "example.com")


class CoarseWorld(World):
    """A world in which only the clock that the link reads is coarse."""

    def __init__(self) -> None:
        super().__init__()
        self.now += 0.7 * STEP
        self.cooldowns = Cooldowns(self._read)

    def ports(self) -> Ports:
        return replace(super().ports(), monotonic=self._read)

    def _read(self) -> float:
        return floor(self.now / STEP) * STEP


def never_reached(world: World) -> Wish:
    world.sockets(*[[OUT_OF_REACH]] * 8)
    return given_server()


def lost_and_found(world: World) -> Wish:
    world.sockets(
        pusher(chat("one"), 10.0, LOST), [OUT_OF_REACH], pusher(chat("two"), 0.004, chat("three"), 61.0, LOST), pusher()
    )
    return given_server()


def a_quiet_hour(world: World) -> Wish:
    world.sockets(pusher(*quiet(3600.0)))
    return given_server()


def a_flood(world: World) -> Wish:
    world.sockets(pusher(*(chat(str(number)) for number in range(3000)), 0.3, LOST), pusher())
    return given_server()


def looked_up_and_polled(world: World) -> Wish:
    world.lookup(found(), found(followers=101), found(followers=103, live=7))
    world.negotiation(names_pusher())
    world.sockets(pusher(*quiet(300.0)))
    return Wish(username="speedy")


def blocked(world: World) -> Wish:
    world.lookup(BLOCKED)
    world.until(1200.0)
    return Wish(username="speedy")


def tokens_of_centrifugo(world: World) -> Wish:
    world.negotiation(names_centrifugo())
    world.sockets(centrifugo(chat("one"), 20.0, LOST), centrifugo(20.0, LOST), centrifugo())
    return known()


def story(world: World, tell: Callable[[World], Wish]) -> tuple[list[Event], list[float]]:
    began = world.now
    events = world.run(tell(world))
    return events, [at - began for at in world.opened_at]


@pytest.mark.parametrize(
    "tell", [never_reached, lost_and_found, a_quiet_hour, a_flood, looked_up_and_polled, blocked, tokens_of_centrifugo]
)
def test_a_clock_in_steps_changes_no_decision(tell: Callable[[World], Wish]) -> None:
    exact, coarse = World(), CoarseWorld()
    (events, opened), (seen, reopened) = story(exact, tell), story(coarse, tell)
    assert signals(seen) == signals(events) and delays(seen) == delays(events)
    assert [event.reason for event in changes(seen)] == [event.reason for event in changes(events)]
    assert [e.text for e in seen if isinstance(e, ChatMessage)] == [e.text for e in events if isinstance(e, ChatMessage)]
    assert [request[:2] for request in coarse.requests] == [request[:2] for request in exact.requests]
    assert coarse.sent == exact.sent
    assert reopened == pytest.approx(opened, abs=(len(opened) + 1) * STEP)


def test_a_wait_shorter_than_a_step_does_not_turn_into_a_spin() -> None:
    world = CoarseWorld()
    a_flood(world)
    world.run(given_server())
    assert len(world.waits) < 10
