"""The properties page of the fake OBS: what is drawn when, and what a user can do on it."""

from __future__ import annotations

import pytest
from fake_obs.scripts import Write, broken
from fake_obspython import FakeObs, FakeObsError

PAGE = """
kept = {}

def script_defaults(settings):
    obs.obs_data_set_default_bool(settings, "advanced", False)
    obs.obs_data_set_default_string(settings, "pick", "1")

def script_properties():
    props = obs.obs_properties_create()
    kept["props"] = props
    obs.obs_properties_add_text(props, "name", "Name", obs.OBS_TEXT_DEFAULT)
    kept["go"] = obs.obs_properties_add_button(props, "go", "Connect", on_go)
    obs.obs_properties_add_text(props, "status", "Not connected", obs.OBS_TEXT_INFO)
    group = obs.obs_properties_create()
    pick = obs.obs_properties_add_list(
        group, "pick", "Pick", obs.OBS_COMBO_TYPE_LIST, obs.OBS_COMBO_FORMAT_STRING)
    obs.obs_property_list_add_string(pick, "One", "1")
    obs.obs_property_set_modified_callback(pick, on_pick)
    obs.obs_properties_add_group(props, "advanced", "Advanced", obs.OBS_GROUP_CHECKABLE, group)
    more = obs.obs_properties_add_button(props, "help", "Help", on_go)
    obs.obs_property_button_set_type(more, obs.OBS_BUTTON_URL)
    obs.obs_property_button_set_url(more, "https://example.invalid/")
    return props

def script_update(settings):
    seen.append(obs.obs_data_get_string(settings, "name"))

answer = True

def on_go(props, prop):
    obs.obs_property_set_description(obs.obs_properties_get(props, "go"), "Disconnect")
    return answer

def on_pick(props, prop, settings):
    obs.obs_property_set_visible(obs.obs_properties_get(props, "status"), False)
    return True
"""


def test_typing_calls_script_update_for_every_letter(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.type("name", "abc")
    assert fake.script.seen == ["", "a", "ab", "abc"]
    assert fake.settings["name"] == "abc"
    assert fake.violations == []


@pytest.mark.parametrize(("saved", "updates"), [("1", 0), ("2", 1), ("", 1)])
def test_a_list_whose_value_is_not_in_it_takes_the_first_entry(fake: FakeObs, write: Write, saved: str, updates: int) -> None:
    fake.load_script(write(PAGE), {"pick": saved})
    fake.script.seen.clear()
    page = fake.page()
    assert fake.settings["pick"] == page["pick"].value == "1"
    assert len(fake.script.seen) == updates
    assert fake.violations == []


def test_a_button_that_gives_true_redraws_the_page(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    page = fake.page()
    assert page["go"].text == "Connect"
    assert fake.press("go") is True
    assert page["go"].text == "Disconnect" and page.redraws == 1
    assert fake.violations == []


def test_a_button_that_gives_nothing_leaves_the_page_as_it_was_drawn(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.script.answer = None
    page = fake.page()
    fake.press("go")
    assert page["go"].text == "Connect"
    assert fake.violations == []


def test_a_truthy_answer_is_not_true(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.script.answer = 1
    fake.press("go")
    broken(fake, "literal True")


def test_old_property_pointers_die_with_the_page(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.page()
    old = fake.script.kept["go"]
    fake.page()
    with pytest.raises(FakeObsError, match="the page was opened again"):
        fake.call(fake.module.obs_property_set_description, old, "x")


def test_what_the_user_cannot_see_cannot_be_used(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    with pytest.raises(AssertionError, match="cannot use 'pick'"):
        fake.choose("pick", "1")
    fake.choose("advanced", True)
    page = fake.page()
    fake.choose("pick", "1")
    assert page["status"].visible is False
    assert fake.violations == []


def test_url_buttons_open_the_browser_and_call_nothing(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.press("help")
    assert fake.opened_urls == ["https://example.invalid/"]
    assert fake.page()["go"].text == "Connect"


def test_add_and_reload_call_the_modified_callbacks(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.reload_script()
    assert "modified pick" in fake.hooks
    assert fake.hooks.count("script_properties") == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("obs.obs_properties_create()\n    return obs.obs_properties_create()", "leaked"),
        ("return 3", "script_properties gave 3"),
        (
            "p = obs.obs_properties_create()\n    obs.obs_properties_add_bool(p, 'a', 'A')\n"
            "    obs.obs_properties_add_bool(p, 'a', 'A')\n    return p",
            "on this page already",
        ),
        (
            "p = obs.obs_properties_create()\n    obs.obs_properties_add_button(p, 'a', 'A', lambda p, q: True)\n    return p",
            "no module-level function",
        ),
        (
            "p = obs.obs_properties_create()\n"
            "    pick = obs.obs_properties_add_list(p, 'a', 'A', obs.OBS_COMBO_TYPE_LIST, obs.OBS_COMBO_FORMAT_STRING)\n"
            "    obs.obs_property_list_add_int(pick, 'One', 1)\n    return p",
            "no list of numbers",
        ),
    ],
)
def test_bad_pages(fake: FakeObs, write: Write, body: str, words: str) -> None:
    fake.load_script(write("def script_properties():\n    " + body + "\n"))
    fake._open_page()
    assert any(words in one for one in fake.violations), fake.violations


def test_obs_frontend_save_is_queued_and_saves_the_settings(fake: FakeObs, write: Write) -> None:
    script = """
    settings = None
    def script_load(given):
        global settings
        settings = given
    def script_properties():
        props = obs.obs_properties_create()
        obs.obs_properties_add_button(props, "go", "Go", go)
        return props
    def go(props, prop):
        obs.obs_data_set_string(settings, "name", "ann")
        obs.obs_frontend_save()
        seen.append("pressed")
    def script_save(given):
        seen.append("save")
    """
    fake.load_script(write(script))
    fake.press("go")
    assert fake.script.seen == ["pressed", "save"]
    assert fake.saved == {"name": "ann"} and fake.saves == 1


def test_what_properties_say_of_themselves(fake: FakeObs, write: Write) -> None:
    script = """
    def script_properties():
        props = obs.obs_properties_create()
        field = obs.obs_properties_add_text(props, "name", "Name", obs.OBS_TEXT_DEFAULT)
        assert obs.obs_property_long_description(field) is None
        obs.obs_property_set_long_description(field, "Your name")
        obs.obs_property_set_enabled(field, False)
        assert obs.obs_property_name(field) == "name"
        assert obs.obs_property_description(field) == "Name"
        assert obs.obs_property_long_description(field) == "Your name"
        assert obs.obs_property_visible(field) is True
        assert obs.obs_property_enabled(field) is False
        return props
    """
    fake.load_script(write(script))
    assert fake.page()["name"].long_text == "Your name"
    assert fake.violations == []
