"""A source of the user's own shows again what it showed before the script wrote on it."""

from __future__ import annotations

import pytest
from fake_obspython import FakeObs
from obs.user_sources import EACH_ORDER, FOUR, HELD, USER_COLOR, USER_TEXT, chosen, shown, write

pytestmark = [pytest.mark.usefixtures("scene_collection"), EACH_ORDER]


def test_a_source_that_is_left_holds_what_it_held_before(fake: FakeObs, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    port = chosen(fake, role)
    for _ in range(3):
        assert write(fake, port, role)
    assert shown(fake, role) in ("Live", FOUR)
    fake.call_on_graphics(port.leave)
    assert fake.source("Mine").settings == before, "no mark of ours is left either"
    assert not write(fake, port, role), "and it is written no more"
    assert fake.call_on_graphics(port.read, role) is None


def test_a_source_that_held_nothing_is_left_with_nothing(fake: FakeObs) -> None:
    fake.create_source("color_source_v3", "Mine")
    before = dict(fake.source("Mine").settings)
    port = chosen(fake, USER_COLOR)
    write(fake, port, USER_COLOR)
    fake.call_on_graphics(port.leave)
    assert fake.source("Mine").settings == before


def test_what_was_held_before_survives_a_restart(fake: FakeObs, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    write(fake, chosen(fake, role), role)
    port = chosen(fake, role)
    assert write(fake, port, role)
    fake.call_on_graphics(port.leave)
    assert fake.source("Mine").settings == before


def test_a_restart_before_leaving_is_enough(fake: FakeObs, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    write(fake, chosen(fake, role), role)
    fake.call_on_graphics(chosen(fake, role).leave)
    assert fake.source("Mine").settings == before


def test_what_the_user_has_changed_since_stays(fake: FakeObs, role: str) -> None:
    port = chosen(fake, role)
    write(fake, port, role)
    _, key, value = HELD[role]
    theirs = value * 2 if isinstance(value, str) else 7
    fake.change_source("Mine", {key: theirs})
    fake.call_on_graphics(port.leave)
    assert shown(fake, role) == theirs
    assert not [name for name in fake.source("Mine").settings if name.startswith("vmsc")]


def test_scribbles_while_it_is_chosen_do_not_take_the_place_of_what_was_before(fake: FakeObs, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    port = chosen(fake, role)
    write(fake, port, role)
    fake.change_source("Mine", {HELD[role][1]: "Livex" if role == USER_TEXT else 7})
    write(fake, port, role)
    fake.call_on_graphics(port.leave)
    assert fake.source("Mine").settings == before


def test_what_was_written_while_the_script_was_away_is_the_users(fake: FakeObs, role: str) -> None:
    write(fake, chosen(fake, role), role)
    theirs = "Bye!" if role == USER_TEXT else 0xFF445566
    fake.change_source("Mine", {HELD[role][1]: theirs})
    port = chosen(fake, role)
    write(fake, port, role)
    fake.call_on_graphics(port.leave)
    assert shown(fake, role) == theirs


def test_a_source_that_stays_chosen_is_not_restored(fake: FakeObs, role: str) -> None:
    port = chosen(fake, role)
    write(fake, port, role)
    fake.call_on_graphics(port.leave, ("Mine",))
    assert shown(fake, role) in ("Live", FOUR)


def test_leaving_what_was_never_written_or_is_gone_or_foreign_changes_nothing(fake: FakeObs, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    fake.call_on_graphics(chosen(fake, role).leave)
    fake.call_on_graphics(chosen(fake, role, "Nobody").leave)
    fake.create_source("image_source", "Picture", {"text": "x", "color": 3})
    fake.call_on_graphics(chosen(fake, role, "Picture").leave)
    assert fake.updates == [] and fake.source("Mine").settings == before
