"""The painter's port: sources are found by name, by role when renamed, and never written on the wrong kind."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs
from obs.user_sources import EACH_ORDER, USER_COLOR, USER_TEXT, painter, write_color, write_text

pytestmark = [pytest.mark.usefixtures("scene_collection"), EACH_ORDER]


@pytest.fixture
def sources(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.sources")


def test_writes_merge_into_what_the_source_has(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("text_ft2_source_v2", "Mine", {"text": "old", "color1": 5})
    port = sources.ObsSources(text_source="Mine")
    assert write_text(fake, port, USER_TEXT, "new")
    assert [one.values["text"] for one in fake.source("Mine").updates] == ["new"]
    assert fake.source("Mine").settings["color1"] == 5
    assert fake.call_on_graphics(port.read, USER_TEXT).text == "new"


def test_a_source_that_is_not_there_is_no_error(fake: FakeObs, sources: ModuleType) -> None:
    port = sources.ObsSources(text_source="Nobody", color_source="Nobody")
    assert not write_text(fake, port, USER_TEXT, "x")
    assert not write_color(fake, port, USER_COLOR, 0x53FC18, 255)
    assert fake.call_on_graphics(port.read, USER_TEXT) is None
    assert fake.call_on_graphics(port.read, USER_COLOR) is None


def test_a_source_of_another_kind_is_left_alone(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("image_source", "Mine", {"file": "a.png"})
    port = sources.ObsSources(text_source="Mine", color_source="Mine")
    assert not write_text(fake, port, USER_TEXT, "x")
    assert not write_color(fake, port, USER_COLOR, 0x53FC18, 255)
    assert fake.updates == []


def test_a_renamed_piece_is_found_by_its_role(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("color_source_v3", "Renamed", {"vmsc_role": "dot"})
    port = sources.ObsSources()
    assert write_color(fake, port, "dot", 0x53FC18, 70)
    assert fake.source("Renamed").settings["color"] == 0x4618FC53
    assert fake.call_on_graphics(port.read, "dot") == painter(fake).Fill(0x53FC18, 70)


def test_searching_all_sources_is_rare(fake: FakeObs, sources: ModuleType) -> None:
    port = sources.ObsSources()
    assert not write_color(fake, port, "dot", 0, 255)
    fake.create_source("color_source_v3", "Renamed", {"vmsc_role": "dot"})
    assert not write_color(fake, port, "dot", 0, 255), "the next search is 5 s away"


@pytest.mark.parametrize("text", ["zero\0byte", "ünï ✨ 日本", "a" * 5000])
def test_any_text_can_be_written(fake: FakeObs, sources: ModuleType, text: str) -> None:
    fake.create_source("text_ft2_source_v2", "Mine")
    port = sources.ObsSources(text_source="Mine")
    assert write_text(fake, port, USER_TEXT, text)


def test_the_cards_own_pieces_keep_nothing(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("text_ft2_source_v2", "Kick card: detail", {"text": "old"})
    port = sources.ObsSources()
    write_text(fake, port, "detail", "new")
    assert [dict(one.values) for one in fake.updates] == [{"text": "new"}]


def test_the_title_is_read_with_its_color(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("text_ft2_source_v2", "Kick card: title", {"text": "old"})
    port = sources.ObsSources()
    assert write_text(fake, port, "title", "Live", 0x53FC18)
    assert fake.call_on_graphics(port.read, "title") == painter(fake).Text("Live", 0x53FC18)


def test_a_piece_that_is_made_again_under_its_name_is_written_at_once(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("color_source_v3", "Kick card: dot", {"vmsc_role": "dot"})
    port = sources.ObsSources()
    assert write_color(fake, port, "dot", 0, 255)
    fake.delete_source("Kick card: dot")
    fake.create_source("color_source_v3", "Kick card: dot", {"vmsc_role": "dot"})
    assert write_color(fake, port, "dot", 0, 255)


def test_two_sources_of_one_name_cost_one_search(fake: FakeObs, sources: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """OBS 29 lets them have one."""
    for _ in range(2):
        fake.create_source("color_source_v3", "Kick card: dot", {"vmsc_role": "dot"})
        fake.create_source("text_ft2_source_v2", "Mine")
    port = sources.ObsSources(text_source="Mine")
    for _ in range(3):
        assert write_color(fake, port, "dot", 0, 255) and write_text(fake, port, USER_TEXT, "x")
    monkeypatch.setattr(fake.module, "obs_enum_sources", lambda: pytest.fail("a search"))
    for _ in range(3):
        assert write_color(fake, port, "dot", 0, 255) and write_text(fake, port, USER_TEXT, "x")
