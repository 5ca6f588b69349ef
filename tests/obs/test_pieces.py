"""The card's own sources: known by their role when they were renamed, and kept off the lists."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs
from obs.user_sources import EACH_ORDER

pytestmark = [pytest.mark.usefixtures("scene_collection"), EACH_ORDER]


@pytest.fixture
def pieces(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.pieces")


def test_a_piece_that_is_not_there_has_its_first_name(fake: FakeObs, pieces: ModuleType) -> None:
    assert fake.call(pieces.piece_names) == {role: f"Kick status card: {role}" for role in pieces.ROLES}


def test_a_renamed_piece_is_known_by_its_role(fake: FakeObs, pieces: ModuleType) -> None:
    fake.create_source("color_source_v3", "Renamed", {"vmsc_role": "dot"})
    assert fake.call(pieces.pieces_by_role) == {"dot": "Renamed"}
    assert fake.call(pieces.piece_names)["dot"] == "Renamed"


@pytest.mark.parametrize("first", ["Renamed", "Kick status card: dot"])
def test_of_a_piece_and_its_copy_the_one_under_the_first_name_counts(fake: FakeObs, pieces: ModuleType, first: str) -> None:
    for name in (first, "Kick status card: dot" if first == "Renamed" else "Renamed"):
        fake.create_source("color_source_v3", name, {"vmsc_role": "dot"})
    assert fake.call(pieces.pieces_by_role) == {"dot": "Kick status card: dot"}


def test_a_source_of_another_kind_is_no_piece(fake: FakeObs, pieces: ModuleType) -> None:
    fake.create_source("image_source", "Picture", {"vmsc_role": "dot"})
    fake.create_source("color_source_v3", "Odd", {"vmsc_role": "no such role"})
    assert fake.call(pieces.pieces_by_role) == {}


def test_the_users_lists_leave_the_cards_pieces_out(fake: FakeObs, pieces: ModuleType) -> None:
    families = fake.import_module("vmsc_core.obs.kinds").TEXT_FAMILIES
    for name in ("Kick status card: title", "Mine"):
        fake.create_source("text_ft2_source_v2", name)
    assert fake.call(pieces.names_of_others, families) == ["Mine"]
