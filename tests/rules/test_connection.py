"""Since when the connection has been in a state."""

from __future__ import annotations

from vmsc_core.events import Status
from vmsc_core.rules.connection import Connection
from vmsc_core.rules.rule import STATUSES


def test_what_is_true_at_the_start_was_never_entered():
    connection = Connection()
    assert not connection.follow(Status.DISCONNECTED, 1.0) and all(connection.since(name) is None for name in STATUSES)


def test_a_state_counts_from_its_entry_and_each_entry_is_another():
    connection = Connection()
    assert connection.follow(Status.RECONNECTING, 5.0) and not connection.follow(Status.RECONNECTING, 9.0)
    first = connection.since("reconnecting")
    connection.follow(Status.CONNECTED, 20.0)
    assert connection.since("reconnecting") is None
    connection.follow(Status.RECONNECTING, 30.0)
    again = connection.since("reconnecting")
    assert first and again and first[0] == 5.0 and again[0] == 30.0 and first[1] != again[1]


def test_live_is_connected_too_and_going_live_does_not_connect_again():
    connection = Connection()
    connection.follow(Status.CONNECTED, 5.0)
    connection.follow(Status.LIVE, 8.0)
    assert connection.since("connected") == (5.0, 1) and connection.since("live") == (8.0, 2)
    connection.follow(Status.CONNECTED, 9.0)
    assert connection.since("connected") == (5.0, 1) and connection.since("live") is None
