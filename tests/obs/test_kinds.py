"""The kinds of source that show a text or a color, on every platform, and where each keeps it."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


@pytest.fixture
def kinds(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.kinds")


def test_colors_turn_round_for_obs(kinds: ModuleType) -> None:
    assert kinds.to_obs_color(0x53FC18, 255) == 0xFF18FC53  # 0xAABBGGRR
    assert kinds.from_obs_color(0x4618FC53) == (0x53FC18, 0x46)


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
        assert fake.call(fake.import_module("vmsc_core.obs.kinds").text_kind) == kind
        assert fake.violations == []


def test_lists_name_only_sources_that_fit(fake: FakeObs, kinds: ModuleType) -> None:
    for kind, name in (("text_ft2_source_v2", "b text"), ("text_ft2_source", "A text"), ("image_source", "pic")):
        fake.create_source(kind, name)
    fake.create_source("color_source_v2", "Color")
    assert fake.call(kinds.names_of, kinds.TEXT_FAMILIES) == ["A text", "b text"]
    assert fake.call(kinds.names_of, kinds.COLOR_FAMILIES) == ["Color"]


@pytest.mark.parametrize(
    ("kind", "size"), [("text_gdiplus", 32), ("text_gdiplus_v2", 32), ("text_gdiplus_v3", 32), ("text_ft2_source_v2", 24)]
)
def test_the_font_size_follows_the_kind_and_not_the_platform(kind: str, size: int) -> None:
    with FakeObs("windows") as fake:
        kinds, references = (fake.import_module(f"vmsc_core.obs.{name}") for name in ("kinds", "references"))
        fake.add_scene("Scene")
        fake.create_source(kind, "Mine")

        def of_mine() -> float:
            with references.source_named("Mine") as source:
                return float(kinds.font_size(source, 24))

        assert round(fake.call(of_mine)) == size
        assert fake.violations == []


@pytest.mark.parametrize(("platform", "kind"), [("linux", "text_ft2_source_v2"), ("windows", "text_gdiplus_v2")])
def test_a_text_takes_its_color_where_its_kind_looks_for_it(platform: str, kind: str) -> None:
    with FakeObs(platform, (29, 0, 2)) as fake:
        kinds, references = (fake.import_module(f"vmsc_core.obs.{name}") for name in ("kinds", "references"))
        fake.add_scene("Scene")
        fake.create_source(kind, "Mine", {"text": "old"})

        def write(text: object) -> object:
            with references.source_named("Mine") as source, references.new_data() as data:
                kinds.put(data, text)
                fake.module.obs_source_update(source, data)
                return kinds.shown_by(source)

        assert fake.call_on_graphics(write, kinds.Text("Live", 0x53FC18)) == kinds.Text("Live", 0x53FC18)
        used = ["color"] if platform == "windows" else ["color1", "color2"]
        assert [fake.source("Mine").settings[key] for key in used] == [0xFF18FC53] * len(used)
        # A text without a color leaves the one the source has.
        assert fake.call_on_graphics(write, kinds.Text("Connected")) == kinds.Text("Connected", 0x53FC18)
        assert fake.violations == []


def test_an_obs_that_knows_none_of_them_gets_the_oldest_kind(
    fake: FakeObs, kinds: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake.module, "obs_source_get_display_name", lambda kind: None)
    assert fake.call(kinds.text_kind) == "text_ft2_source_v2"
