"""Rehearse in a real OBS, by mouse: the card says REHEARSAL, rules act on real sources, and all is as before at the end."""

from __future__ import annotations

import os
import time
import wave
from pathlib import Path
from typing import Any

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import SCENE, ObsSandbox
from real_obs.session import BEHIND, ONLY_RULES, SCRIPT, ended_well, page, press, settings, text

from vmsc_core.events import Status
from vmsc_core.rules import actions as act
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps

RULES = (
    Rule("gift", "Confetti", trigger=Trigger("gifted_subs"), actions=(act.ShowSource("Confetti", seconds=60.0),)),
    Rule("chat", "Feed", trigger=Trigger("chat"), actions=(act.AddLine("Feed", "{user}: {message}"),)),
    Rule("banner", "Banner", trigger=Trigger("connection", seconds=10.0), actions=(act.SwitchScene("Second"),)),
    Rule("sub", "Horn", trigger=Trigger("subscription"), actions=(act.Media("Horn"),)),
    Rule("host", "Lost", trigger=Trigger("host"), actions=(act.SetText("Nowhere", "x"),)),
)
PICTURES = os.environ.get("VMSC_PICTURES", "")
"""A folder for what was to be seen; nothing is kept without."""


def said(obs: ObsSandbox) -> str:
    return str(obs.input_settings("Feed").get("text", ""))


def is_visible(obs: ObsSandbox, source: str) -> bool:
    return next(bool(item["sceneItemEnabled"]) for item in obs.scene_items(SCENE) if item["sourceName"] == source)


def on_air(obs: ObsSandbox) -> str:
    return str(obs.ask("GetCurrentProgramScene")["currentProgramSceneName"])


def is_rehearsal(obs: ObsSandbox) -> bool:
    return text(obs, "detail").endswith("REHEARSAL")


def place(obs: ObsSandbox, source: str, x: float, y: float) -> None:
    item = next(item for item in obs.scene_items(SCENE) if item["sourceName"] == source)
    where = {"sceneName": SCENE, "sceneItemId": item["sceneItemId"]}
    obs.ask("SetSceneItemTransform", {**where, "sceneItemTransform": {"positionX": x, "positionY": y}})


def stage(obs: ObsSandbox) -> None:
    """What the rules act on."""
    obs.ws.create_scene("Second")
    obs.ws.create_input(SCENE, "Confetti", "color_source_v3", {"color": 0xFF00FF00, "width": 50, "height": 50}, False)
    small = {"face": "Sans Serif", "style": "", "flags": 0, "size": 24}
    obs.ws.create_input(SCENE, "Feed", "text_ft2_source_v2", {"text": "before", "font": small}, True)
    place(obs, "Feed", 40, 300)
    place(obs, "Confetti", 600, 300)


def horn(obs: ObsSandbox, folder: Path) -> None:
    """A sound of two minutes that is stopped, and that OBS doesn't start on its own whenever its scene comes on air."""
    with wave.open(str(folder / "horn.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * 120))
    sound = {"local_file": str(folder / "horn.wav"), "restart_on_activate": False}
    obs.ws.create_input(SCENE, "Horn", "ffmpeg_source", sound, True)
    obs.wait(lambda: plays(obs), 10, "the horn, as OBS starts it")
    obs.ask("TriggerMediaInputAction", {"inputName": "Horn", "mediaAction": "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_STOP"})
    obs.wait(lambda: not plays(obs), 10, "silence")


def plays(obs: ObsSandbox) -> bool:
    return bool(obs.ask("GetMediaInputStatus", {"inputName": "Horn"})["mediaState"] == "OBS_MEDIA_STATE_PLAYING")


def keep(picture: Any, name: str) -> None:
    if PICTURES:
        picture.save(f"{PICTURES}/{name}.png")


@pytest.mark.timeout(200)
def test_a_rehearsal_plays_to_its_end_and_leaves_obs_as_it_was(kick: KickSimulator, tmp_path: Path) -> None:
    with ObsSandbox(SCRIPT, settings(kick, **ONLY_RULES, rules=dumps(RULES)), background=BEHIND) as obs:
        obs.wait(lambda: text(obs, "title") == "CONNECTED", 20, "the card says Connected")
        stage(obs)
        horn(obs, tmp_path)
        begun = time.monotonic()
        press(obs, "Rehearse", lambda: is_rehearsal(obs))
        obs.wait(lambda: text(obs, "title") == Status.LIVE.value.upper(), 10, "the made-up stream")
        obs.wait(lambda: "NightOwl: Hello" in said(obs), 10, "chat in the feed")
        obs.wait(lambda: is_visible(obs, "Confetti"), 30, "the confetti")
        obs.wait(lambda: plays(obs), 10, "the horn")
        keep(obs.scene_screenshot(), "rehearsal-card")
        kick.chat("speedy", 3)
        obs.wait(lambda: text(obs, "title") == "RECONNECTING", 30, "the loss")
        assert is_rehearsal(obs)
        obs.wait(lambda: on_air(obs) == "Second", 15, "the banner's scene")
        obs.wait(lambda: not is_rehearsal(obs), 60, "the end")
        assert 40 < time.monotonic() - begun < 90
        assert text(obs, "title") == "CONNECTED"
        obs.wait(lambda: on_air(obs) == SCENE, 5, "the scene from before")
        assert not is_visible(obs, "Confetti")
        obs.wait(lambda: not plays(obs), 5, "silence as before")
        obs.wait(lambda: said(obs).startswith("before"), 5, "the text from before")
        assert "NightOwl" not in said(obs)
        obs.wait(lambda: text(obs, "detail").startswith("3 events"), 5, "the count of what was real")
        press(obs, "Refresh", lambda: True)
        obs.screen.run("xdotool", "mousemove", "690", "1000", "click", "--repeat", "30", "--delay", "20", "5")  # to the end
        obs.still_picture()
        keep(obs.window_screenshot(), "rehearsal-page")
        obs.wait(lambda: "The rehearsal is over: 5 of 5 rules fired" in page(obs), 20, "what it showed")
        assert "There's no source called Nowhere" in page(obs)
        ended_well(obs)


def test_what_a_rehearsal_showed_when_obs_was_quit_is_put_back_at_the_next_start(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick, **ONLY_RULES, rules=dumps(RULES))) as obs:
        obs.wait(lambda: text(obs, "title") == "CONNECTED", 20, "the card says Connected")
        stage(obs)
        press(obs, "Rehearse", lambda: is_rehearsal(obs))
        obs.wait(lambda: is_visible(obs, "Confetti") and "NightOwl: Hello" in said(obs), 40, "the confetti")
        assert obs.restart().code == 0
        obs.wait(lambda: text(obs, "title") == "CONNECTED" and not is_rehearsal(obs), 20, "the truth")
        obs.wait(lambda: said(obs) == "before" and not is_visible(obs, "Confetti"), 5, "all as it was")
        ended_well(obs)
