"""On air is whenever somebody may see the card, now or later."""

from __future__ import annotations

import pytest

from vmsc_core.host import Host


@pytest.mark.parametrize(
    ("host", "on_air"),
    [(Host(), False), (Host(streaming=True), True), (Host(recording=True), True), (Host(True, True), True)],
)
def test_obs_is_on_air_while_it_streams_or_records(host, on_air):
    assert host.on_air is on_air


def test_what_only_rules_ask_for_is_not_on_air():
    assert not Host(replay_buffer=True, scene="Game").on_air and Host() == Host(False, False, False, "")
