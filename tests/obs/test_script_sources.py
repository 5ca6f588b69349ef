"""Sources of the user's own and the script in a fake OBS: chosen, renamed, left again."""

from __future__ import annotations

from typing import Any

import pytest
from fake_obspython import FakeObs
from obs.session import app, at, quit_and_come_back, search_now, start, text
from obs.user_sources import EACH_ORDER

pytestmark = EACH_ORDER

WELCOME, TEAL = "Welcome to my stream", 0x7F998800
RED = 0xFF3B3BFF


def choose_own(fake: FakeObs) -> None:
    """A text and a color of the user's are chosen and written."""
    start(fake)
    fake.create_source("text_ft2_source_v2", "My text", {"text": WELCOME})
    fake.create_source("color_source_v3", "My color", {"color": TEAL})
    fake.page()
    fake.choose("text_source", "My text")
    fake.choose("color_source", "My color")
    fake.tick(0.3)
    assert (own(fake, "My text"), own(fake, "My color")) == ("Disconnected", 0xFF988F8A)


def own(fake: FakeObs, name: str) -> Any:
    """What a source of the user's shows: a color, or a text, of which the state alone when the script wrote it."""
    found = fake.source(name)
    assert found is not None, name
    if found.kind == "color_source_v3":
        return found.settings["color"]
    lines = found.settings["text"].split("\n")
    return lines[1] if len(lines) > 1 else lines[0]


def rename_own(fake: FakeObs, text: str = "New text", color: str = "New color") -> None:
    for old, new in (("My text", text), ("My color", color)):
        fake.rename_source(old, new)


def go_on(fake: FakeObs) -> None:
    """The state changes and shows on what is chosen."""
    running, reason = app(fake), fake.import_module("vmsc_core.reasons").because("lost")
    running.state = type(running.state)(status=type(running.state.status)("Error"), name="Somebody", reason=reason)
    search_now(fake)
    fake.tick(0.5)


def test_sources_of_the_users_own_are_driven_instead(fake: FakeObs) -> None:
    start(fake)
    fake.create_source("text_ft2_source_v2", "My text", {"text": "hello"})
    fake.create_source("color_source_v3", "My color")
    page = fake.page()
    assert "My text" in [value for _, value in page["text_source"].options]
    assert "My color" in [value for _, value in page["color_source"].options]
    assert "My color" not in [value for _, value in page["text_source"].options]
    fake.create_source("text_ft2_source_v2", "Later")
    fake.press("refresh")
    assert [value for _, value in page["text_source"].options] == ["", "Later", "My text"]
    fake.choose("text_source", "My text")
    fake.choose("color_source", "My color")
    fake.tick(0.3)
    assert "Disconnected" in fake.source("My text").settings["text"]
    assert fake.source("My color").settings["color"] == 0xFF988F8A
    fake.delete_source("My text")
    fake.tick(0.5)
    fake.create_source("text_ft2_source_v2", "My text")
    fake.tick(1.5)
    assert "Disconnected" in fake.source("My text").settings["text"]
    fake.choose("text_source", "")
    fake.choose("color_source", "")
    fake.tick(0.3)
    assert fake.source("My text").settings["text"] == "", "what is written no more does not go on saying a state"


@pytest.mark.parametrize("between", ["nothing", "a reload", "a restart", "a switch of collections"])
def test_a_wrong_choice_costs_the_user_nothing(fake: FakeObs, between: str) -> None:
    choose_own(fake)
    if between == "a reload":
        fake.reload_script()
    elif between == "a restart":
        quit_and_come_back(fake)
        fake.load_collection()
    elif between == "a switch of collections":
        fake.switch_collection("Other")
        fake.switch_collection("Untitled")
    fake.tick(0.3)
    assert (own(fake, "My text"), own(fake, "My color")) == ("Disconnected", 0xFF988F8A)
    fake.page()
    fake.choose("text_source", "")
    fake.choose("color_source", "")
    fake.tick(0.3)
    assert (own(fake, "My text"), own(fake, "My color")) == (WELCOME, TEAL)
    fake.tick(2.0)
    assert (own(fake, "My text"), own(fake, "My color")) == (WELCOME, TEAL)


def test_another_choice_gives_back_the_first_and_takes_the_second(fake: FakeObs) -> None:
    choose_own(fake)
    fake.create_source("text_ft2_source_v2", "Right", {"text": "?"})
    fake.press("refresh")
    fake.choose("text_source", "Right")
    fake.tick(0.3)
    assert [own(fake, name) for name in ("My text", "Right", "My color")] == [WELCOME, "Disconnected", 0xFF988F8A]


def test_sources_renamed_in_obs_stay_chosen_under_their_new_names(fake: FakeObs) -> None:
    choose_own(fake)
    rename_own(fake)
    go_on(fake)
    assert (own(fake, "New text"), own(fake, "New color")) == ("Error", RED)
    assert (fake.saved["text_source"], fake.saved["color_source"]) == ("New text", "New color"), "saved without a press"
    page = fake.page()
    assert (page["text_source"].value, page["color_source"].value) == ("New text", "New color")
    assert ("New text", "New text") in page["text_source"].options
    assert [value for _, value in page["text_source"].options] == ["", "New text"]
    fake.updates.clear()
    fake.tick(2.0)
    assert [one for one in fake.updates if one.source.startswith("New")] == []
    fake.choose("text_source", "")
    fake.choose("color_source", "")
    fake.tick(0.3)
    assert (own(fake, "New text"), own(fake, "New color")) == (WELCOME, TEAL)


@pytest.mark.parametrize("copies", [("A", "B"), ("New text 2", "New color 2"), ("My text", "My color")])
def test_a_copy_of_a_renamed_source_is_not_taken_for_it(fake: FakeObs, copies: tuple[str, str]) -> None:
    choose_own(fake)
    rename_own(fake)
    for name, copy in zip(("New text", "New color"), copies):
        fake.duplicate_source(name, copy)
    fake.updates.clear()
    go_on(fake)
    go_on(fake)
    assert (own(fake, "New text"), own(fake, "New color")) == ("Error", RED)
    assert not {one.source for one in fake.updates} & set(copies)
    assert (fake.saved["text_source"], fake.saved["color_source"]) == ("New text", "New color")
    fake._unload()
    assert (own(fake, "New text"), own(fake, "New color")) == (WELCOME, TEAL)


def test_a_source_that_was_renamed_while_the_script_was_away_is_known_by_its_uuid(fake: FakeObs) -> None:
    choose_own(fake)
    fake._save_project()
    saved = dict(fake.saved)
    uuids = {key: saved[f"{key}_uuid"] for key in ("text_source", "color_source")}
    if fake.version < (29, 1, 0):
        assert uuids == {"text_source": "", "color_source": ""}
        return
    assert len(set(uuids.values()) - {""}) == 2
    rename_own(fake, "A long new name", "Another long one")
    for name, copy in (("A long new name", "A"), ("Another long one", "My color")):
        fake.duplicate_source(name, copy)
    quit_and_come_back(fake, saved)
    fake.tick(0.3)
    fake.load_collection()
    go_on(fake)
    assert (own(fake, "A long new name"), own(fake, "Another long one")) == ("Error", RED)
    assert (own(fake, "A"), own(fake, "My color")) == ("Disconnected", 0xFF988F8A)
    assert (fake.saved["text_source"], fake.saved["color_source"]) == ("A long new name", "Another long one")
    fake.page()
    fake.choose("text_source", "A")
    fake._save_project()
    assert fake.saved["text_source_uuid"] == "", "not that of the one chosen before"
    fake.tick(0.3)
    fake._save_project()
    assert fake.saved["text_source_uuid"] not in ("", saved["text_source_uuid"])


@pytest.mark.parametrize("how", ["opened", "refreshed", "edited and refreshed"])
def test_the_page_right_after_a_new_name_drops_no_choice(fake: FakeObs, how: str) -> None:
    choose_own(fake)
    page = fake.page()
    rename_own(fake)
    if how == "edited and refreshed":
        fake.type("username", "abc")
    if how == "opened":
        page = fake.page()
    else:
        fake.press("refresh")
    assert (page["text_source"].value, page["color_source"].value) == ("New text", "New color")
    fake.tick(0.2)
    assert (own(fake, "New text"), own(fake, "New color")) == ("Disconnected", 0xFF988F8A)
    go_on(fake)
    assert (own(fake, "New text"), own(fake, "New color")) == ("Error", RED)


def test_sources_renamed_just_before_the_end_are_found_after_it(fake: FakeObs) -> None:
    choose_own(fake)
    rename_own(fake)
    quit_and_come_back(fake, {**fake.settings, "text_source": "My text", "color_source": "My color"})
    fake.tick(1.0)
    fake.load_collection()
    go_on(fake)
    assert (own(fake, "New text"), own(fake, "New color")) == ("Error", RED)
    assert (fake.settings["text_source"], fake.settings["color_source"]) == ("New text", "New color")


def test_another_choice_right_after_a_new_name_gives_back_the_renamed_one(fake: FakeObs) -> None:
    choose_own(fake)
    fake.create_source("text_ft2_source_v2", "Right", {"text": "?"})
    fake.page()
    rename_own(fake)
    fake.choose("text_source", "Right")
    fake.tick(0.3)
    assert [own(fake, name) for name in ("New text", "Right", "New color")] == [WELCOME, "Disconnected", 0xFF988F8A]


def test_a_deleted_source_stays_chosen_and_the_page_says_that_it_is_not_there(fake: FakeObs) -> None:
    choose_own(fake)
    fake.delete_source("My text")
    fake.delete_source("My color")
    page = fake.page()
    assert page["text_source"].options[-1] == ("My text (not there)", "My text")
    assert (page["text_source"].value, page["color_source"].value) == ("My text", "My color")
    go_on(fake)
    fake.press("refresh")
    assert (fake.settings["text_source"], fake.settings["color_source"]) == ("My text", "My color")
    fake.create_source("text_ft2_source_v2", "My text")
    fake.tick(0.3)
    assert own(fake, "My text") == "Error"
    fake.press("refresh")
    assert page["text_source"].options[-1] == ("My text", "My text")
    fake.choose("color_source", "")
    fake.tick(0.3)


def test_a_turn_looks_up_no_more_names_for_what_is_chosen(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    choose_own(fake)
    fake.press("add_card")
    fake.tick(2.0)
    asked: list[str] = []
    by_name = fake.module.obs_get_source_by_name
    monkeypatch.setattr(fake.module, "obs_get_source_by_name", lambda name: asked.append(name) or by_name(name))
    monkeypatch.setattr(fake.module, "obs_enum_sources", lambda: pytest.fail("a search"))
    fake.run_timers(20)
    assert len(asked) <= 10, "the painter's looks, each second turn"


@pytest.mark.parametrize("how", ["removed", "Defaults"])
def test_a_script_that_goes_gives_back_what_is_the_users(fake: FakeObs, how: str) -> None:
    choose_own(fake)
    if how == "removed":
        fake._unload()
    else:
        fake.defaults_button()
        fake.tick(0.3)
    assert (own(fake, "My text"), own(fake, "My color")) == (WELCOME, TEAL)


def test_a_card_in_the_scene_is_painted_too_when_own_sources_are_chosen(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: text(fake, "title") == "RECONNECTING")
    fake.create_source("text_ft2_source_v2", "My text")
    fake.page()
    fake.choose("text_source", "My text")
    fake.press("disconnect")
    fake.tick(0.5)
    assert text(fake, "title") == "DISCONNECTED"
    assert "Disconnected" in fake.source("My text").settings["text"]
