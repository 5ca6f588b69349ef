"""The card's shapes: each has its picture, and one that lost its way to it is led back, cheaply and once."""

from __future__ import annotations

import os
from types import ModuleType

import pytest
from fake_obspython import FakeObs
from obs.session import CARD, SHAPE, shapes

pytestmark = pytest.mark.usefixtures("scene_collection")


@pytest.fixture
def masks(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.masks")


def add_card(fake: FakeObs) -> dict[str, str]:
    """The card; gives its shapes."""
    fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
    return shapes(fake)


def repair(fake: FakeObs, masks: ModuleType, turns: int = 12) -> None:
    """So many turns of the timer after the script was loaded."""
    paths, sources = masks.MaskPaths(), fake.import_module("vmsc_core.obs.sources").ObsSources()
    for _ in range(turns):
        fake.call_on_graphics(paths.repair, sources)


def test_dot_and_panel_have_their_shape_and_it_follows_the_folder(fake: FakeObs, masks: ModuleType) -> None:
    assert set(add_card(fake)) == {"dot", "panel", "edge", "badge", "hole"}
    for piece in ("dot", "panel", "edge", "badge", "hole"):
        (mask,) = fake.source(f"{CARD}: {piece}").filters
        path = mask.settings["image_path"]
        assert mask.kind == "mask_filter_v2" and mask.settings["type"] == "mask_alpha_filter.effect"
        assert os.path.isabs(path) and os.path.isfile(path)
    fake.remove_filter(f"{CARD}: dot", masks.MASK_NAME)
    add_card(fake)
    assert len(fake.source(f"{CARD}: dot").filters) == 1


def test_a_path_that_leads_elsewhere_is_repaired_and_only_the_path(fake: FakeObs, masks: ModuleType) -> None:
    right = add_card(fake)
    fake.change_filter(f"{CARD}: edge", SHAPE, {"image_path": "/old/bar.png"})
    fake.updates.clear()
    repair(fake, masks)
    assert shapes(fake) == right
    assert [dict(one.values) for one in fake.updates] == [{"image_path": right["edge"]}]


def test_a_shape_that_was_taken_away_is_not_made_again(fake: FakeObs, masks: ModuleType) -> None:
    add_card(fake)
    fake.remove_filter(f"{CARD}: panel", SHAPE)
    repair(fake, masks)
    assert set(shapes(fake)) == {"dot", "edge", "badge", "hole"}


def test_without_a_card_nothing_is_searched_for(fake: FakeObs, masks: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake.module, "obs_enum_sources", lambda: pytest.fail("a search"))
    repair(fake, masks)


@pytest.mark.parametrize(("piece", "picture"), [("edge", "edge.png"), ("panel", "panel.png")])
def test_a_card_of_version_0_1_0_keeps_its_pictures_until_it_is_made_anew(
    fake: FakeObs, masks: ModuleType, piece: str, picture: str
) -> None:
    add_card(fake)
    fake.change_filter(f"{CARD}: {piece}", SHAPE, {"image_path": f"C:\\old\\{picture}"})
    repair(fake, masks)
    assert shapes(fake)[piece] == os.path.join(masks.FOLDER, picture) and os.path.isfile(shapes(fake)[piece])


def test_the_panel_of_version_0_1_0_is_not_made_round(fake: FakeObs, masks: ModuleType) -> None:
    add_card(fake)
    fake.change_filter(f"{CARD}: panel", SHAPE, {"image_path": "C:\\old\\panel.png"})

    def set_round() -> None:
        panel = fake.module.obs_get_source_by_name(f"{CARD}: panel")
        masks.set_round(panel, True)
        fake.module.obs_source_release(panel)

    fake.call(set_round)
    assert shapes(fake)["panel"] == "C:\\old\\panel.png"
