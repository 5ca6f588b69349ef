"""The card's own sources: known by their role when they were renamed, and kept off the lists."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs
from obs.user_sources import EACH_ORDER, write_color

pytestmark = [pytest.mark.usefixtures("scene_collection"), EACH_ORDER]


@pytest.fixture
def pieces(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.pieces")


def test_a_piece_that_is_not_there_has_its_first_name(fake: FakeObs) -> None:
    port = fake.import_module("vmsc_core.obs.sources").ObsSources()
    assert port.name_of("dot") == "Kick card: dot"


def test_a_renamed_piece_is_known_by_its_role(fake: FakeObs, pieces: ModuleType) -> None:
    fake.create_source("color_source_v3", "Renamed", {"vmsc_role": "dot"})
    assert fake.call(pieces.pieces_by_role) == {"dot": "Renamed"}


@pytest.mark.parametrize("first", ["Renamed", "Kick card: dot"])
def test_of_a_piece_and_its_copy_the_one_under_the_first_name_counts(fake: FakeObs, pieces: ModuleType, first: str) -> None:
    for name in (first, "Kick card: dot" if first == "Renamed" else "Renamed"):
        fake.create_source("color_source_v3", name, {"vmsc_role": "dot"})
    assert fake.call(pieces.pieces_by_role) == {"dot": "Kick card: dot"}


def test_a_source_of_another_kind_is_no_piece(fake: FakeObs, pieces: ModuleType) -> None:
    fake.create_source("image_source", "Picture", {"vmsc_role": "dot"})
    fake.create_source("color_source_v3", "Odd", {"vmsc_role": "no such role"})
    assert fake.call(pieces.pieces_by_role) == {}


def test_the_users_lists_leave_the_cards_pieces_out(fake: FakeObs, pieces: ModuleType) -> None:
    families = fake.import_module("vmsc_core.obs.kinds").TEXT_FAMILIES
    for name in ("Kick card: title", "Mine"):
        fake.create_source("text_ft2_source_v2", name)
    assert fake.call(pieces.names_of_others, families) == ["Mine"]


COPIES = ("A copy", "Kick card: dot", "Renamed 2", "zz")
"""Names of a copy of a piece that is called Renamed; one of them is the piece's first name."""


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("group", ["Kick card", "My card"])
def test_of_a_renamed_piece_and_its_copy_the_one_inside_the_group_counts(
    fake: FakeObs, pieces: ModuleType, copy: str, group: str
) -> None:
    fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
    if group != "Kick card":
        fake.rename_source("Kick card", group)
    fake.rename_source("Kick card: dot", "Renamed")
    fake.duplicate_source("Renamed", copy)
    assert fake.call(pieces.pieces_by_role)["dot"] == "Renamed"
    fake.rename_source("Renamed", "Renamed again")
    assert fake.call(pieces.pieces_by_role)["dot"] == "Renamed again"


@pytest.mark.parametrize("copy", COPIES)
def test_a_renamed_piece_is_written_and_its_copy_is_left_alone(fake: FakeObs, pieces: ModuleType, copy: str) -> None:
    fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
    fake.rename_source("Kick card: dot", "Renamed")
    fake.duplicate_source("Renamed", copy)
    port = fake.import_module("vmsc_core.obs.sources").ObsSources()
    fake.updates.clear()
    assert write_color(fake, port, "dot", 0x53FC18, 255)
    assert [one.source for one in fake.updates] == ["Renamed"]
    before = dict(fake.source(copy).settings)
    assert fake.call(fake.import_module("vmsc_core.obs.scene").add_card).key == "scene_repaired"
    assert dict(fake.source(copy).settings) == before and fake.sources().count(copy) == 1


def test_a_copy_in_a_group_of_the_users_does_not_make_that_group_the_card(fake: FakeObs, pieces: ModuleType) -> None:
    fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
    fake.rename_source("Kick card", "My card")
    obs = fake.module

    def group() -> None:
        current = obs.obs_frontend_get_current_scene()
        scene = obs.obs_scene_from_source(current)
        made = obs.obs_scene_add_group(scene, "Another")
        obs.obs_sceneitem_group_add_item(made, obs.obs_scene_find_source(scene, "A copy"))
        obs.obs_source_release(current)

    fake.rename_source("Kick card: dot", "Renamed")
    fake.duplicate_source("Renamed", "A copy")
    fake.call(group)
    assert fake.call(pieces.pieces_by_role)["dot"] == "Renamed"
