"""Finding, reading and writing sources: by name, by role when renamed, and never on the wrong kind."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs


@pytest.fixture
def sources(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.sources")


def test_colours_turn_round_for_obs(sources: ModuleType) -> None:
    assert sources.to_obs_color(0x53FC18, 255) == 0xFF18FC53  # 0xAABBGGRR
    assert sources.from_obs_color(0x4618FC53) == (0x53FC18, 0x46)


@pytest.mark.parametrize(
    ("platform", "version", "kind"),
    [
        ("linux", (29, 0, 2), "text_ft2_source_v2"),
        ("mac", (32, 1, 0), "text_ft2_source_v2"),
        ("windows", (29, 0, 2), "text_gdiplus_v2"),
        ("windows", (32, 1, 0), "text_gdiplus_v3"),
    ],
)
def test_text_kind_is_the_platforms_newest(platform: str, version: tuple[int, int, int], kind: str) -> None:
    with FakeObs(platform, version) as fake:
        assert fake.call(fake.import_module("vmsc_core.obs.sources").text_kind) == kind
        assert fake.violations == []


def test_writes_merge_into_what_the_source_has(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("text_ft2_source_v2", "Mine", {"text": "old", "color1": 5})
    port = sources.ObsSources(text_source="Mine")
    assert fake.call_on_graphics(port.write_text, "own text", "new") is True
    assert [dict(one.values) for one in fake.source("Mine").updates] == [{"text": "new"}]
    assert fake.source("Mine").settings["color1"] == 5
    assert fake.call_on_graphics(port.read, "own text") == "new"


@pytest.mark.parametrize(("platform", "kind"), [("linux", "text_ft2_source_v2"), ("windows", "text_gdiplus_v2")])
def test_the_title_takes_the_colour_of_the_state_on_every_kind_of_text_source(platform: str, kind: str) -> None:
    with FakeObs(platform, (29, 0, 2)) as fake:
        sources = fake.import_module("vmsc_core.obs.sources")
        fake.add_scene("Scene")
        fake.create_source(kind, sources.piece_name("title"), {"text": "old"})
        port = sources.ObsSources()
        assert fake.call_on_graphics(port.write_text, "title", "Live", 0x53FC18) is True
        used = ["color"] if platform == "windows" else ["color1", "color2"]
        assert [fake.source(sources.piece_name("title")).settings[key] for key in used] == [0xFF18FC53] * len(used)
        assert fake.call_on_graphics(port.read, "title") == ("Live", 0x53FC18)
        assert fake.violations == []


def test_a_source_that_is_not_there_is_no_error(fake: FakeObs, sources: ModuleType) -> None:
    port = sources.ObsSources(text_source="Nobody", color_source="Nobody")
    assert fake.call_on_graphics(port.write_text, "own text", "x") is False
    assert fake.call_on_graphics(port.write_color, "own color", 0x53FC18, 255) is False
    assert fake.call_on_graphics(port.read, "own text") is None
    assert fake.call_on_graphics(port.read, "own color") is None


def test_a_source_of_another_kind_is_left_alone(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("image_source", "Mine", {"file": "a.png"})
    port = sources.ObsSources(text_source="Mine", color_source="Mine")
    assert fake.call_on_graphics(port.write_text, "own text", "x") is False
    assert fake.call_on_graphics(port.write_color, "own color", 0x53FC18, 255) is False
    assert fake.updates == []


def test_a_renamed_piece_is_found_by_its_role(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("color_source_v3", "Renamed", {sources.ROLE_KEY: "dot"})
    port = sources.ObsSources()
    assert fake.call_on_graphics(port.write_color, "dot", 0x53FC18, 70) is True
    assert fake.source("Renamed").settings["color"] == 0x4618FC53
    assert fake.call_on_graphics(port.read, "dot") == (0x53FC18, 70)


def test_searching_all_sources_is_rare(fake: FakeObs, sources: ModuleType) -> None:
    port = sources.ObsSources()
    assert fake.call_on_graphics(port.write_color, "own color", 0, 255) is False
    fake.create_source("color_source_v3", "Renamed", {sources.ROLE_KEY: "dot"})
    assert fake.call_on_graphics(port.write_color, "own color", 0, 255) is False, "the next search is 5 s away"


def test_lists_name_only_sources_that_fit(fake: FakeObs, sources: ModuleType) -> None:
    for kind, name in (("text_ft2_source_v2", "b text"), ("text_ft2_source", "A text"), ("image_source", "pic")):
        fake.create_source(kind, name)
    fake.create_source("color_source_v2", "Colour")
    assert fake.call(sources.names_of_kind, sources.TEXT_FAMILIES) == ["A text", "b text"]
    assert fake.call(sources.names_of_kind, (sources.COLOR_FAMILY,)) == ["Colour"]


def test_what_is_got_is_released_when_the_body_raises(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("color_source_v3", "Dot")

    def fail() -> None:
        with sources.source_named("Dot") as dot, sources.settings_of(dot), sources.new_data(), sources.all_sources():
            raise KeyError("bug")

    with pytest.raises(KeyError):
        fake.call(fail)


# Lone surrogates do not come this far: kick/json_values.py takes them out where they come in.
@pytest.mark.parametrize("text", ["zero\0byte", "ünï ✨ 日本", "a" * 5000])
def test_any_text_can_be_written(fake: FakeObs, sources: ModuleType, text: str) -> None:
    fake.create_source("text_ft2_source_v2", "Mine")
    port = sources.ObsSources(text_source="Mine")
    assert fake.call_on_graphics(port.write_text, "own text", text) is True
