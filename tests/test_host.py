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
