"""What the rule editor's lists offer: the scenes, sources and filters there are."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs
from fake_obspython.things import Source


@pytest.fixture
def lists(fake: FakeObs, scene_collection: None) -> ModuleType:
    return fake.import_module("vmsc_core.obs.rule_lists")


def put_filter(fake: FakeObs, source: str, name: str) -> None:
    """The user adds a filter to a source."""
    fake._the(source).filters.append(Source(fake.kinds["mask_filter_v2"], name, True))


def test_each_source_is_on_the_lists_it_belongs_to(fake: FakeObs, lists: ModuleType) -> None:
    fake.add_scene("Break")
    for kind, name in [
        ("text_ft2_source_v2", "feed"),
        ("color_source_v3", "Red"),
        ("ffmpeg_source", "Song"),
        ("pulse_input_capture", "Mic"),
    ]:
        fake.create_source(kind, name)
    found = fake.call(lists.lists)
    assert found.scenes == ("Scene", "Break")
    assert found.sources == ("feed", "Mic", "Red", "Song", "Scene", "Break")
    assert (found.text_sources, found.media_sources, found.audio_sources) == (("feed",), ("Song",), ("Mic", "Song"))


def test_the_pieces_of_the_card_are_not_offered(fake: FakeObs, lists: ModuleType) -> None:
    fake.create_source("text_ft2_source_v2", "Kick card: name")
    fake.create_source("text_ft2_source_v2", "Kick card")
    assert fake.call(lists.lists).text_sources == ("Kick card",)


def test_filters_of_the_sources_that_are_asked_for(fake: FakeObs, lists: ModuleType) -> None:
    fake.create_source("color_source_v3", "Red")
    put_filter(fake, "Red", "Blur")
    put_filter(fake, "Red", "Crop")
    assert fake.call(lambda: lists.lists(["Red", "gone", ""])).filters == {"Red": ("Blur", "Crop"), "gone": ()}
    assert fake.call(lists.lists).filters == {}
