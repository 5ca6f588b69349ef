"""The pieces are where the plan wants them, whatever is chosen or said, and at no cost when nothing changes."""

from __future__ import annotations

import os

import pytest
from fake_obspython import FakeObs
from obs.session import CARD, app, shapes, start


def with_card(fake: FakeObs, **choices: str) -> None:
    start(fake, choices)
    fake.press("add_card")
    fake.tick(0.3)


def visible(fake: FakeObs) -> set[str]:
    return {item.name.rpartition(" ")[2] for item in fake.scene_items()[0].items if item.visible}


def test_a_layout_is_followed_at_once_and_the_card_stays_where_it_is(fake: FakeObs) -> None:
    with_card(fake)
    place = fake.scene_items()[0].pos
    everything = {"name", "title", "detail", "dot", "hole", "badge", "edge", "panel"}
    assert visible(fake) == everything
    for layout, seen in (("dot", {"dot", "panel"}), ("compact", everything - {"dot", "detail"}), ("full", everything)):
        fake.choose("card_layout", layout)
        fake.tick(0.2)
        assert visible(fake) == seen, layout
        assert fake.scene_items()[0].pos == place


def test_behind_a_dot_alone_the_panel_is_a_disc_that_stays_one_and_goes(fake: FakeObs) -> None:
    def picture() -> str:
        return os.path.basename(shapes(fake)["panel"])

    with_card(fake, card_layout="dot")
    assert picture() == "disc.png"
    fake.press("add_card")
    fake.tick(0.3)
    fake.unload_script()
    start(fake, {"card_layout": "dot"})
    fake.run_timers(30)
    assert picture() == "disc.png"
    fake.choose("card_layout", "compact")
    fake.tick(0.3)
    assert picture() == "plate.png"


def test_the_panel_follows_what_is_on_the_card(fake: FakeObs) -> None:
    with_card(fake)
    before = fake.source(f"{CARD}: panel").size
    running = app(fake)
    running.state = type(running.state)(
        status=type(running.state.status)("Connected"), name="Somebody", since=running.now, followers=12345
    )
    fake.tick(0.2)
    width, height = fake.source(f"{CARD}: panel").size
    assert height > before[1] and width != before[0]


def test_a_turn_that_changes_nothing_arranges_nothing(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    with_card(fake)
    fake.tick(1.0)
    called: list[str] = []
    for name in ("obs_scene_find_source", "obs_sceneitem_get_pos", "obs_enum_sources", "obs_group_from_source"):
        monkeypatch.setattr(fake.module, name, lambda *_, name=name: called.append(name))
    fake.run_timers(30)
    assert called == []


def test_a_piece_moved_by_hand_is_left_alone_until_add_is_pressed(fake: FakeObs) -> None:
    with_card(fake)
    item = next(one for one in fake.scene_items()[0].items if one.name.endswith(": dot"))
    obs, right = fake.module, item.pos

    def move() -> None:
        source = obs.obs_frontend_get_current_scene()
        to = obs.vec2()
        to.x, to.y = 3.0, 4.0
        found = obs.obs_scene_find_source_recursive(obs.obs_scene_from_source(source), f"{CARD}: dot")
        obs.obs_sceneitem_set_pos(found, to)
        obs.obs_source_release(source)

    def place() -> tuple[float, float]:
        return next(one.pos for one in fake.scene_items()[0].items if one.name.endswith(": dot"))

    fake.call(move)
    fake.tick(1.0)
    assert place() == (3.0, 4.0)
    fake.press("add_card")
    fake.tick(0.3)
    assert place() == right


def test_a_card_for_another_canvas_is_scaled_when_add_is_pressed() -> None:
    with FakeObs(canvas=(1280, 720)) as fake:
        with_card(fake)
        before = fake.source(f"{CARD}: name").settings["font"]["size"]
        for piece in ("name", "title", "detail", "dot", "hole", "badge", "edge", "panel"):
            fake.change_source(f"{CARD}: {piece}", {"vmsc_canvas": "640x360"})
        fake.change_source(f"{CARD}: name", {"font": {"face": "Mine", "style": "Bold", "flags": 1, "size": 13}})
        fake.press("add_card")
        fake.tick(0.3)
        font = fake.source(f"{CARD}: name").settings["font"]
        assert (font["face"], font["size"]) == ("Mine", before)
        assert fake.source(f"{CARD}: name").settings["vmsc_canvas"] == "1280x720"
        fake.unload_script()
