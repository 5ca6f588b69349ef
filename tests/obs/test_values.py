"""The script's settings in OBS as plain values, and back."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from fake_obspython import FakeObs

from vmsc_core.settings import SECTIONS, section_key


@pytest.fixture
def values(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.values")


def through(fake: FakeObs, function: Any) -> Any:
    """What the function gives for empty settings of OBS."""

    def run() -> Any:
        data = fake.module.obs_data_create()
        try:
            return function(data)
        finally:
            fake.module.obs_data_release(data)

    return fake.call(run)


def test_defaults_are_read_where_nothing_is_set(fake: FakeObs, values: ModuleType) -> None:
    def run(data: Any) -> dict[str, Any]:
        values.set_defaults(data)
        return dict(values.read_values(data))

    assert through(fake, run) == dict(values.DEFAULTS)


def test_what_is_written_is_read(fake: FakeObs, values: ModuleType) -> None:
    new = {"username": "Night_Owl", "poll": False, "connected_once": True, "known_channels": "{}"}

    def run(data: Any) -> dict[str, Any]:
        values.set_defaults(data)
        values.write_values(data, new)
        return dict(values.read_values(data))

    assert through(fake, run) == {**values.DEFAULTS, **new}


def test_the_saved_keys_are_those_of_version_0_1_0_and_the_newer_ones(values: ModuleType) -> None:
    newer = {section_key(section) for section in SECTIONS} | {
        "proxy",
        "text_source_uuid",
        "color_source_uuid",
        "text_template",
        "preview",
        "rules",
        "rules_mark",
        "rules_before",
        "rules_shown",
        "rules_undone",
        "rehearsal_before",
        "add_alert_at_start",
    }
    newer |= {key for key in values.DEFAULTS if key.startswith("rule_")}  # the editor's fields
    looks = {key for key in values.DEFAULTS if key.startswith("card_")}
    assert set(values.DEFAULTS) - newer - looks == {
        "username", "connect_at_start", "text_source", "color_source", "paste", "channel_id", "chatroom_id", "provider", "poll",
        "pusher_key", "pusher_cluster", "lookup_address", "websocket_address", "negotiation_address", "token_address",
        "allowed_hosts", "connect_wanted", "connected_once", "known_channels", "add_card_at_start",
    }  # fmt: skip
