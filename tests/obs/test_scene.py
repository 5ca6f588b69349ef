"""The card in the scene: built once, and brought back whatever was done to it."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs, ItemView
from obs.user_sources import EACH_ORDER

pytestmark = [pytest.mark.usefixtures("scene_collection"), EACH_ORDER]

CARD = "Kick card"
PIECES = ("name", "title", "detail", "dot", "hole", "badge", "edge", "panel")


@pytest.fixture
def scene(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.scene")


def stack(fake: FakeObs) -> list[str]:
    """The roles from the bottom to the top, as scene.py has them."""
    pieces = list(fake.import_module("vmsc_core.card.layout").ROLES)
    assert sorted(pieces) == sorted(PIECES)
    return pieces[::-1]


def names(fake: FakeObs) -> list[str]:
    return [f"{CARD}: {piece}" for piece in stack(fake)]


def card(fake: FakeObs, scene: str | None = None) -> ItemView:
    """The one card in the scene."""
    groups = [item for item in fake.scene_items(scene) if item.kind == "group"]
    assert len(groups) == 1, [item.name for item in fake.scene_items(scene)]
    return groups[0]


def whole(fake: FakeObs, scene: str | None = None) -> None:
    """Every piece is in the group once, in order, visible, where it belongs; nothing lies beside the group."""
    found = card(fake, scene)
    roles = [fake.source(item.name).settings["vmsc_role"] for item in found.items]
    assert roles == stack(fake)
    assert [item.name for item in found.items if not item.visible] == [found.items[stack(fake).index("detail")].name]
    assert found.items[0].pos == (0, 0), "the lowest piece spans the card"
    assert len({item.name for item in found.items}) == len(PIECES)
    beside = [item.name for item in fake.scene_items(scene) if item.kind != "group"]
    assert not [name for name in beside if fake.source(name).settings.get("vmsc_role")], beside


def test_builds_one_group_with_every_piece_in_order(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    assert [item.name for item in fake.scene_items()] == [CARD]
    assert [item.name for item in card(fake).items] == names(fake)
    assert card(fake).folded, "one row in OBS's list"
    fake.tick(0.1)
    whole(fake)


def test_a_text_that_shrinks_stays_in_the_middle_of_its_line(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    texts = {item.name: item for item in card(fake).items if item.bounds_type}
    center, middle, top = 0, 1, scene.TOP_LEFT
    assert {name.rpartition(" ")[2]: item.bounds_alignment for name, item in texts.items()} == {
        "name": middle,
        "title": center,  # of its badge
        "detail": top,  # of several lines
    }


def test_the_card_keeps_a_margin_to_the_corner(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    fake.tick(0.1)
    margin = scene.MARGIN * 1080 / 720
    assert card(fake).pos == pytest.approx((margin, margin))


@pytest.mark.parametrize(("canvas", "scale"), [((1280, 720), 1.0), ((1920, 1080), 1.5), ((3840, 2160), 3.0)])
def test_lengths_follow_the_canvas(canvas: tuple[int, int], scale: float) -> None:
    with FakeObs(canvas=canvas) as fake:
        fake.load_collection()
        module = fake.import_module("vmsc_core.obs.scene")
        fake.call(module.add_card)
        fake.tick(0.1)
        layout = fake.import_module("vmsc_core.card.layout")
        panel = layout.plan(module.EMPTY, module.DEFAULT, (1280, 720))["panel"]
        assert fake.source(f"{CARD}: panel").size == pytest.approx((panel.width * scale, panel.height * scale), abs=2)
        assert fake.violations == []


def test_pressing_again_makes_no_second_one(fake: FakeObs, scene: ModuleType) -> None:
    assert fake.call(scene.add_card).key == "scene_added"
    fake.tick(0.1)
    before = fake.sources()
    assert fake.call(scene.add_card).key == "scene_repaired"
    assert fake.sources() == before
    whole(fake)


def test_a_card_that_was_dragged_stays_where_it_is_when_repaired(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    fake.tick(0.1)
    move(fake, CARD, 900.0, 500.0)
    fake.delete_source(f"{CARD}: dot")
    fake.call(scene.add_card)
    fake.tick(0.1)
    assert card(fake).pos == pytest.approx((900.0, 500.0))
    whole(fake)


def test_dragging_moves_the_card_and_never_a_piece_of_it(fake: FakeObs, scene: ModuleType) -> None:
    fake.create_source("image_source", "Camera")
    select(fake, "Camera")
    for _ in ("added", "repaired"):
        fake.call(scene.add_card)
        assert [item.name for item in fake.scene_items() if item.selected] == [CARD]
        assert not card(fake).locked
        assert [item.name for item in card(fake).items if item.selected or not item.locked] == []
        fake.delete_source(f"{CARD}: title")
        select(fake, f"{CARD}: panel")


def select(fake: FakeObs, name: str) -> None:
    obs = fake.module

    def click() -> None:
        source = obs.obs_frontend_get_current_scene()
        obs.obs_sceneitem_select(obs.obs_scene_find_source_recursive(obs.obs_scene_from_source(source), name), True)
        obs.obs_source_release(source)

    fake.call(click)


def move(fake: FakeObs, name: str, x: float, y: float) -> None:
    obs = fake.module

    def drag() -> None:
        source = obs.obs_frontend_get_current_scene()
        to = obs.vec2()
        to.x, to.y = x, y
        obs.obs_sceneitem_set_pos(obs.obs_scene_find_source_recursive(obs.obs_scene_from_source(source), name), to)
        obs.obs_source_release(source)

    fake.call(drag)


@pytest.mark.parametrize("piece", PIECES)
def test_a_deleted_piece_comes_back(fake: FakeObs, scene: ModuleType, piece: str) -> None:
    fake.call(scene.add_card)
    fake.delete_source(f"{CARD}: {piece}")
    fake.call(scene.add_card)
    fake.tick(0.1)
    assert [item.name for item in card(fake).items] == names(fake)
    whole(fake)


@pytest.mark.parametrize("piece", PIECES)
def test_a_renamed_piece_is_the_same_piece(fake: FakeObs, scene: ModuleType, piece: str) -> None:
    fake.call(scene.add_card)
    fake.rename_source(f"{CARD}: {piece}", "My own name")
    fake.call(scene.add_card)
    fake.tick(0.1)
    assert len(card(fake).items) == len(PIECES)
    assert fake.source("My own name") is not None
    whole(fake)


@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_taken_out_of_the_group_is_shown_once(fake: FakeObs, scene: ModuleType, piece: str) -> None:
    fake.call(scene.add_card)
    fake.move_to_scene(f"{CARD}: {piece}", "Scene")
    fake.call(scene.add_card)
    fake.tick(0.1)
    whole(fake)


def test_the_deleted_group_comes_back(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    fake.delete_source(CARD)
    assert fake.sources() == ["Scene"]
    fake.call(scene.add_card)
    fake.tick(0.1)
    assert [item.name for item in card(fake).items] == names(fake)
    whole(fake)


def test_a_renamed_group_is_still_the_card(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    fake.rename_source(CARD, "My card")
    fake.call(scene.add_card)
    fake.tick(0.1)
    assert card(fake).name == "My card"
    whole(fake)


def test_an_ungrouped_card_is_grouped_again(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    obs = fake.module

    def ungroup() -> None:
        source = obs.obs_frontend_get_current_scene()
        obs.obs_sceneitem_group_ungroup(obs.obs_scene_find_source(obs.obs_scene_from_source(source), CARD))
        obs.obs_source_release(source)

    fake.call(ungroup)
    assert len(fake.scene_items()) == len(PIECES)
    fake.call(scene.add_card)
    fake.tick(0.1)
    whole(fake)


def test_a_second_scene_gets_the_same_card(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    fake.add_scene("Second")
    fake.show_scene("Second")
    fake.call(scene.add_card)
    fake.tick(0.1)
    whole(fake, "Scene")
    whole(fake, "Second")


@pytest.mark.parametrize("called", ["Kick status card", "Mine"])
def test_a_second_scene_gets_the_card_under_the_name_it_has(fake: FakeObs, scene: ModuleType, called: str) -> None:
    """Version 0.1.0 called the group otherwise; a second group would be a second card."""
    fake.call(scene.add_card)
    fake.rename_source(CARD, called)
    for name in names(fake):
        fake.rename_source(name, name.replace(CARD, called))
    fake.add_scene("Second")
    fake.show_scene("Second")
    fake.call(scene.add_card)
    assert [(item.name, item.folded) for item in fake.scene_items("Second")] == [(called, True)]
    assert not [name for name in fake.sources() if name.startswith(CARD)]


def test_a_piece_replaced_by_another_kind_is_made_again(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    fake.delete_source(f"{CARD}: dot")
    fake.create_source("image_source", f"{CARD}: dot")
    fake.call(scene.add_card)
    fake.tick(0.1)
    dots = [item for item in card(fake).items if item.name.startswith(f"{CARD}: dot")]
    assert [item.kind for item in dots] == ["color_source_v3"]
    fake.call(scene.add_card)
    assert len(card(fake).items) == len(PIECES), "and only once"


def test_a_foreign_source_with_the_cards_name_is_not_touched(fake: FakeObs, scene: ModuleType) -> None:
    fake.create_source("image_source", CARD)
    said = fake.call(scene.add_card)
    assert (said.key, dict(said.values)) == ("scene_name_taken", {"name": CARD})
    assert [item.kind for item in fake.scene_items()] == ["image_source"]


def test_without_a_scene_it_says_so(fake: FakeObs, scene: ModuleType) -> None:
    fake.delete_source("Scene")
    assert fake.call(scene.add_card).key == "scene_none"


def test_every_text_sets_its_own_size(fake: FakeObs, scene: ModuleType) -> None:
    fake.call(scene.add_card)
    for piece in ("name", "title", "detail"):
        font = fake.source(f"{CARD}: {piece}").settings["font"]
        assert 0 < font["size"] < 100, "OBS's default is 256 px"
        assert font["face"] and font["style"]


@pytest.mark.parametrize(
    ("platform", "canvas", "sizes"),
    [
        ("linux", (1280, 720), (26, 18, 20)),
        ("mac", (1280, 720), (26, 18, 20)),
        ("windows", (1280, 720), (35, 24, 27)),
        ("windows", (1920, 1080), (52, 36, 40)),
    ],
)
def test_letters_are_as_large_with_gdi_which_takes_the_size_of_the_whole_cell(
    platform: str, canvas: tuple[int, int], sizes: tuple[int, ...]
) -> None:
    with FakeObs(platform, canvas=canvas) as fake:
        fake.load_collection()
        fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
        fonts = [fake.source(f"{CARD}: {piece}").settings["font"] for piece in ("name", "title", "detail")]
        assert tuple(font["size"] for font in fonts) == sizes
        assert fake.violations == []


@pytest.mark.parametrize("version", [(29, 0, 2), (32, 1, 0)])
def test_on_windows_the_texts_are_gdi(version: tuple[int, int, int]) -> None:
    with FakeObs("windows", version) as fake:
        fake.load_collection()
        fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
        kinds = {item.kind for item in card(fake).items}
        assert kinds == {"color_source_v3", "text_gdiplus_v3" if version[0] > 29 else "text_gdiplus_v2"}
        assert fake.violations == []


def test_in_studio_mode_the_card_goes_to_the_preview_and_not_on_air(fake: FakeObs, scene: ModuleType) -> None:
    fake.add_scene("Next")
    fake.studio_mode, fake.preview_scene = True, "Next"
    fake.call(scene.add_card)
    assert card(fake, "Next") and fake.scene_items("Scene") == []
