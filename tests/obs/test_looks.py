"""The looks of the pieces: a choice changes what it names and nothing that was changed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_obspython import FakeObs
from obs.session import CARD, start


def font(fake: FakeObs, piece: str) -> dict:
    return dict(fake.source(f"{CARD}: {piece}").settings["font"])


def color(fake: FakeObs, piece: str) -> int:
    return fake.source(f"{CARD}: {piece}").settings["color"] & 0xFFFFFFFF


def with_card(fake: FakeObs, **choices: str) -> None:
    start(fake, choices)
    fake.press("add_card")
    fake.tick(0.3)


def test_a_choice_restyles_the_card_at_once_and_only_what_it_names(fake: FakeObs) -> None:
    with_card(fake)
    fonts = {piece: font(fake, piece) for piece in ("name", "title", "detail")}
    fake.updates.clear()
    fake.choose("card_accent", "gold")
    fake.tick(0.2)
    assert color(fake, "edge") == 0xFF15CCFA
    assert {piece: font(fake, piece) for piece in fonts} == fonts
    assert {one.thread for one in fake.updates} <= {"graphics"}
    fake.choose("card_opacity", "clear")
    fake.tick(0.2)
    assert color(fake, "panel") >> 24 == 242


def test_another_size_changes_the_size_of_the_font_and_keeps_the_users_face(fake: FakeObs) -> None:
    with_card(fake)
    before = font(fake, "name")
    fake.change_source(f"{CARD}: name", {"font": {**before, "face": "Mine", "style": "Black"}})
    fake.choose("card_size", "l")
    fake.tick(0.2)
    after = font(fake, "name")
    assert after["size"] > before["size"] and (after["face"], after["style"]) == ("Mine", "Black")


def test_pressing_add_again_keeps_what_was_styled_by_hand_and_reset_takes_it_away(fake: FakeObs) -> None:
    with_card(fake)
    right = color(fake, "panel"), color(fake, "edge"), font(fake, "name")
    fake.change_source(f"{CARD}: panel", {"color": 0xFF0000FF})
    fake.change_source(f"{CARD}: edge", {"color": 0xFF00FFFF})
    fake.change_source(f"{CARD}: name", {"font": {**right[2], "face": "Mine"}})
    fake.press("add_card")
    fake.add_scene("Second")
    fake.show_scene("Second")
    fake.press("add_card")
    fake.tick(0.5)
    assert (color(fake, "panel"), color(fake, "edge"), font(fake, "name")["face"]) == (0xFF0000FF, 0xFF00FFFF, "Mine")
    fake.press("reset_card")
    fake.tick(0.3)
    assert (color(fake, "panel"), color(fake, "edge"), font(fake, "name")) == right


def test_without_a_card_reset_says_so(fake: FakeObs) -> None:
    start(fake)
    fake.press("reset_card")
    assert fake.script is not None and fake.script.script.message.key == "scene_no_card"


@pytest.mark.usefixtures("scene_collection")
def test_what_differs_is_told_from_the_choices(fake: FakeObs) -> None:
    looks = fake.import_module("vmsc_core.obs.looks")
    choices = fake.import_module("vmsc_core.settings").Choices()
    before, after = (looks.looks_of(one, (1280, 720)) for one in (choices, replace(choices, card_accent="pink")))
    assert [role for role in before if before[role] != after[role]] == ["edge"]
