"""The sources under the card in a real OBS: deleted, renamed, made again, and the user's own in their place."""

from __future__ import annotations

import time
from typing import Any

from kick_simulator import KickSimulator
from obs_sandbox import SCENE, ObsSandbox
from real_obs.session import (
    BEHIND,
    CARD,
    COLOR_LIST,
    NO_SOURCE,
    SCRIPT,
    TEXT_LIST,
    apart,
    choose,
    ended_well,
    make_obs_save,
    page,
    press,
    rgb,
    saved,
    saved_now,
    settings,
    text,
    wait_events,
    wait_for,
)

from vmsc_core.card.card import LOOKS
from vmsc_core.events import Status

TEXT, DOT = "My text", "My color"


def test_sources_of_the_users_own_are_driven_instead_of_the_card(kick: KickSimulator) -> None:
    chosen = settings(kick, add_card_at_start=False, text_source=TEXT, color_source=DOT)
    with ObsSandbox(SCRIPT, chosen, background=BEHIND) as obs:
        time.sleep(1.0)  # connected long before they are there
        font = {"face": "DejaVu Sans", "size": 32}
        obs.ws.create_input(SCENE, TEXT, "text_ft2_source_v2", {"text": "mine", "font": font, "color1": 0xFF00FFFF}, True)
        obs.ws.create_input(SCENE, DOT, "color_source_v3", {"width": 60, "height": 40}, True)
        obs.wait(lambda: Status.CONNECTED.value in words(obs), 10, "the text is written")
        assert words(obs).splitlines()[0] == "Speedy"
        kick.chat("speedy", 3)
        obs.wait(lambda: "3 events" in words(obs), 10, "three events")
        obs.wait(lambda: color(obs) == rgb(LOOKS[Status.CONNECTED].color), 10, "the color is written")
        picture = obs.source_screenshot(DOT)
        assert picture.size == (60, 40)
        assert apart(picture.getpixel((30, 20))[:3], rgb(LOOKS[Status.CONNECTED].color)) <= 3
        assert obs.input_settings(TEXT)["font"]["size"] == 32  # only what is the script's is touched
        assert obs.input_settings(TEXT)["color1"] == 0xFF00FFFF
        kick.go_live("speedy")
        obs.wait(lambda: Status.LIVE.value in words(obs), 10, "the text says Live")
        assert not any(name.startswith(CARD) for name in obs.inputs())

        obs.ws.remove_input(TEXT)
        obs.ws.set_input_name(DOT, "Renamed")
        kick.go_offline("speedy")
        time.sleep(1.0)
        obs.ws.create_input(SCENE, TEXT, "text_ft2_source_v2", {"text": ""}, True)
        obs.wait(lambda: Status.CONNECTED.value in words(obs), 10, "the new text is written")
        ended_well(obs)


def test_pieces_deleted_renamed_and_made_anew_are_painted(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.ws.set_input_name(f"{CARD}: title", "My own title")
        kick.go_live("speedy")
        obs.wait(
            lambda: obs.input_settings("My own title")["text"] == Status.LIVE.value.upper(), 10, "the renamed title says Live"
        )
        obs.ws.set_input_name("My own title", f"{CARD}: title")
        kick.go_offline("speedy")
        wait_for(obs, Status.CONNECTED)

        obs.ws.remove_input(f"{CARD}: detail")
        obs.ws.remove_input(f"{CARD}: dot")
        kick.chat("speedy", 2)
        time.sleep(0.5)
        obs.ws.create_input(SCENE, f"{CARD}: detail", "text_ft2_source_v2", {"text": "?"}, True)
        obs.ws.create_input(SCENE, f"{CARD}: dot", "color_source_v3", {"color": 0}, True)
        wait_events(obs, 2)
        green = rgb(LOOKS[Status.CONNECTED].color)
        obs.wait(lambda: color(obs, f"{CARD}: dot") == green, 10, "the new dot has the state's color")

        obs.ws.set_input_settings(f"{CARD}: title", {"text": "scribbled over"}, True)
        wait_for(obs, Status.CONNECTED)
        for name in [name for name in obs.inputs() if name.startswith(CARD)]:
            obs.ws.remove_input(name)
        kick.chat("speedy", 2)
        time.sleep(1.0)
        assert not text(obs, "title")
        ended_well(obs)


def test_a_wrong_choice_is_taken_back_after_a_restart_of_obs(kick: KickSimulator) -> None:
    before = [{"text": "Welcome!", "font": {"size": 32}}, {"color": 0x80112233, "width": 60, "height": 40}]
    chosen = settings(kick, add_card_at_start=False, text_source=TEXT, color_source=DOT)
    with ObsSandbox(SCRIPT, chosen, background=BEHIND) as obs:
        obs.ws.create_input(SCENE, TEXT, "text_ft2_source_v2", before[0], True)
        obs.ws.create_input(SCENE, DOT, "color_source_v3", before[1], True)
        obs.wait(lambda: Status.CONNECTED.value in words(obs), 10, "the text is written")
        obs.wait(lambda: color(obs) == rgb(LOOKS[Status.CONNECTED].color), 10, "the color is written")
        ended = obs.restart()
        assert (ended.code, ended.leaks) == (0, 0)

        obs.wait(lambda: Status.CONNECTED.value in words(obs), 10, "the text is written again")
        choose(obs, *TEXT_LIST, NO_SOURCE, "")
        choose(obs, *COLOR_LIST, NO_SOURCE, "")
        obs.wait(lambda: own_settings(obs) == before, 5, "both to be as they were")
        obs.close_scripts_dialog()
        time.sleep(0.5)
        assert own_settings(obs) == before
        ended_well(obs)


def test_sources_renamed_in_obs_stay_chosen_and_copies_stay_as_they_are(kick: KickSimulator) -> None:
    new_text, new_dot, copy = "New words", "New color", "Copy"
    chosen = settings(kick, add_card_at_start=False, text_source=TEXT, color_source=DOT)
    with ObsSandbox(SCRIPT, chosen, background=BEHIND) as obs:
        obs.ws.create_input(SCENE, TEXT, "text_ft2_source_v2", {"text": "Welcome!", "font": {"size": 32}}, True)
        obs.ws.create_input(SCENE, DOT, "color_source_v3", {"width": 60, "height": 40}, True)
        obs.wait(lambda: Status.CONNECTED.value in words(obs), 10, "the text is written")
        obs.wait(lambda: color(obs) == rgb(LOOKS[Status.CONNECTED].color), 10, "the color is written")
        obs.ws.create_input(SCENE, copy, "text_ft2_source_v2", own_settings(obs)[0], True)
        copied = obs.input_settings(copy)
        obs.ws.set_input_name(TEXT, new_text)
        obs.ws.set_input_name(DOT, new_dot)
        kick.chat("speedy", 3)
        obs.wait(lambda: "3 events" in words(obs, new_text), 10, "three events under the new name")
        obs.wait(lambda: saved_now(obs).get("text_source") == new_text, 10, "the new name to be saved without a press")
        saved(obs, color_source=new_dot)
        assert new_text in page(obs) and new_dot in page(obs)

        obs.ws.remove_input(new_dot)
        press(obs, "Refresh", lambda: "(not there)" in page(obs))
        make_obs_save(obs)
        time.sleep(0.7)  # OBS reports a list that it changed on its own half a second later
        saved(obs, text_source=new_text, color_source=new_dot)
        assert obs.input_settings(copy) == copied
        obs.close_scripts_dialog()
        ended_well(obs)


def own_settings(obs: ObsSandbox) -> list[dict[str, Any]]:
    return [obs.ask("GetInputSettings", {"inputName": name})["inputSettings"] for name in (TEXT, DOT)]


def words(obs: ObsSandbox, name: str = TEXT) -> str:
    return str(obs.input_settings(name)["text"])


def color(obs: ObsSandbox, name: str = DOT) -> tuple[int, int, int]:
    value = int(obs.input_settings(name)["color"])
    return value & 255, value >> 8 & 255, value >> 16 & 255
