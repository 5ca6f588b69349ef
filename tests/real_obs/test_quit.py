"""A real OBS ends within 8 seconds, with code 0, whatever the connection is doing at that moment."""

from __future__ import annotations

import time
from typing import Callable

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox
from real_obs.session import SCRIPT, ended_well, is_in, settings, sockets_open, wait_for

from vmsc_core.events import Status


def look_up_unanswered(kick: KickSimulator) -> None:
    kick.fault.latency = 60.0


def negotiation_unanswered(kick: KickSimulator) -> None:
    kick.fault.negotiation = "hang"


def handshake_unanswered(kick: KickSimulator) -> None:
    kick.silence(new_too=True)


def one_byte_at_a_time(kick: KickSimulator) -> None:
    kick.fault.bandwidth = 20.0


def hello_never_said(kick: KickSimulator) -> None:
    kick.fault.hello = "none"


def subscriptions_unanswered(kick: KickSimulator) -> None:
    kick.fault.subscribe = "none"


CONNECTING = (
    look_up_unanswered,
    negotiation_unanswered,
    handshake_unanswered,
    one_byte_at_a_time,
    hello_never_said,
    subscriptions_unanswered,
)


@pytest.mark.parametrize("fault", CONNECTING, ids=lambda fault: fault.__name__)
def test_while_connecting(kick: KickSimulator, fault: Callable[[KickSimulator], None]) -> None:
    fault(kick)
    asks = {"negotiation_address": kick.negotiation_url} if fault is negotiation_unanswered else {}
    with ObsSandbox(SCRIPT, settings(kick, **asks)) as obs:
        wait_for(obs, Status.CONNECTING)
        kick.wait(lambda: kick.sockets_open, 5, "a socket")
        time.sleep(0.5)
        assert is_in(obs, Status.CONNECTING)
        ended_well(obs)


def test_while_connected_and_live(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, Status.CONNECTED)
        ended = obs.restart()
        assert (ended.code, ended.leaks) == (0, 0)
        wait_for(obs, Status.CONNECTED)
        kick.go_live("speedy")
        wait_for(obs, Status.LIVE)
        ended_well(obs)
        kick.wait(lambda: sockets_open(kick) == 0, 5)


def test_while_reconnecting_and_in_error(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, Status.CONNECTED)
        kick.stop_listening()
        kick.drop()
        wait_for(obs, Status.RECONNECTING)
        time.sleep(2.5)  # into a longer waiting
        ended = obs.restart()  # what is wanted is remembered: it begins with Reconnecting
        assert (ended.code, ended.leaks) == (0, 0)
        wait_for(obs, Status.RECONNECTING)
        kick.keys = ["0123456789abcdef0123"]
        kick.listen_again()
        wait_for(obs, Status.ERROR, 40)
        ended_well(obs)
