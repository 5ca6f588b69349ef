"""Rules in a real OBS: each action does what it says to a real source, scene, filter, sound, recording, and hotkey."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
import wave
from pathlib import Path
from typing import Any

from kick_simulator import KickSimulator
from obs_sandbox import SCENE, ObsSandbox
from obs_sandbox.config import RECORDINGS
from real_obs.session import (
    BEHIND,
    ONLY_RULES,
    ROOT,
    SAME,
    SCRIPT,
    apart,
    ended_well,
    leaks_of_switches,
    page,
    settings,
    sockets_open,
    text,
    wait_for,
)

from vmsc_core.events import Status
from vmsc_core.rules import actions as act
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps

COMMANDS: dict[str, tuple[Any, ...]] = {
    "!show": (act.ShowSource("Confetti", seconds=1.5),),
    "!hide": (act.HideSource("Confetti"),),
    "!text": (act.SetText("Mine", "{user} said {args} {nothing}"),),
    "!line": (act.AddLine("Feed", "{user}: {message}", keep=3),),
    "!scene": (act.SwitchScene("Second", back_after=1.5),),
    "!go": (act.SwitchScene("Second"),),
    "!home": (act.SwitchScene(SCENE),),
    "!mute": (act.SetMuted("Horn", "on"),),
    "!vol": (act.SetVolume("Horn", 50, fade_ms=500),),
    "!again": (act.Media("Horn", "restart"),),
    "!stop": (act.Media("Horn", "stop"),),
    "!play": (act.Media("Horn", "play"),),
    "!off": (act.SetFilter("Confetti", "Blue", "off"),),
    "!rec": (act.Record("start"), act.Wait(2.0), act.Record("stop")),
    "!replay": (act.SaveReplay(),),
    "!chapter": (act.ChapterMarker("{args}"),),
    "!file": (act.WriteEvent(), act.WriteLabel("latest", "{user}")),
    "!own": (act.WriteLabel("latest", "{args}"),),
    "!bye": (act.PressHotkey("vmsc_hotkey_disconnect"),),
}
RULES = [Rule(word[1:], trigger=Trigger("command", word), actions=actions) for word, actions in COMMANDS.items()]


def stage(obs: ObsSandbox, folder: Path) -> None:
    """A second scene, and sources of each kind in the first."""
    obs.ws.create_scene("Second")
    obs.ws.create_input(SCENE, "Confetti", "color_source_v3", {"color": 0xFF00FF00, "width": 50, "height": 50}, False)
    obs.ws.create_source_filter("Confetti", "Blue", "color_filter_v2", {})
    for name in ("Mine", "Feed"):
        obs.ws.create_input(SCENE, name, "text_ft2_source_v2", {"text": ""}, True)
    with wave.open(str(folder / "horn.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * 30))
    obs.ws.create_input(SCENE, "Horn", "ffmpeg_source", {"local_file": str(folder / "horn.wav")}, True)


def said(obs: ObsSandbox, source: str) -> str:
    return str(obs.input_settings(source).get("text", ""))


def is_visible(obs: ObsSandbox, source: str) -> bool:
    return [bool(item["sceneItemEnabled"]) for item in obs.scene_items(SCENE) if item["sourceName"] == source] == [True]


def is_hidden(obs: ObsSandbox, source: str) -> bool:
    """It is in the scene, and isn't shown."""
    return [bool(item["sceneItemEnabled"]) for item in obs.scene_items(SCENE) if item["sourceName"] == source] == [False]


def on_air(obs: ObsSandbox) -> str:
    return str(obs.ask("GetCurrentProgramScene")["currentProgramSceneName"])


def media(obs: ObsSandbox) -> tuple[str, int]:
    """What the horn does, and how far it is, ms."""
    status = obs.ask("GetMediaInputStatus", {"inputName": "Horn"})
    return str(status["mediaState"]).replace("OBS_MEDIA_STATE_", ""), int(status["mediaCursor"] or 0)


def recorded(obs: ObsSandbox, start: str = "") -> list[Path]:
    """The files that OBS has recorded whose names begin like this; those of the replay buffer begin with "Replay"."""
    return [path for path in (obs.folder / RECORDINGS).iterdir() if path.name.startswith(start) and path.stat().st_size]


def test_each_action_does_what_it_says(kick: KickSimulator, tmp_path: Path) -> None:
    def say(text: str) -> None:
        kick.chat("speedy", text=text, username="Anna")

    shutil.copytree(ROOT / "vmsc_core", tmp_path / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    script = Path(shutil.copy(SCRIPT, tmp_path))  # it writes files beside itself
    with ObsSandbox(script, settings(kick, **ONLY_RULES, rules=dumps(RULES))) as obs:
        wait_for(obs, Status.CONNECTED)
        stage(obs, tmp_path)

        say("!show")
        obs.wait(lambda: is_visible(obs, "Confetti"), 5, "the source to show")
        obs.wait(lambda: is_hidden(obs, "Confetti"), 5, "it to hide again")
        say("!text hello {user}")
        obs.wait(lambda: said(obs, "Mine") == "Anna said hello {user} {nothing}", 5, "the text")
        for number in range(5):
            say(f"!line {number}")
        obs.wait(lambda: said(obs, "Feed").split("\n") == [f"Anna: !line {number}" for number in (2, 3, 4)], 5, "the last lines")

        say("!scene")
        obs.wait(lambda: on_air(obs) == "Second", 5, "the other scene")
        obs.wait(lambda: on_air(obs) == SCENE, 5, "the scene from before")
        say("!go")
        obs.wait(lambda: on_air(obs) == "Second", 5, "the other scene for good")
        time.sleep(2)
        assert on_air(obs) == "Second"
        say("!home")
        obs.wait(lambda: on_air(obs) == SCENE, 5, "the first scene")

        say("!mute")
        obs.wait(lambda: obs.ask("GetInputMute", {"inputName": "Horn"})["inputMuted"], 5, "silence")
        say("!vol")
        obs.wait(lambda: abs(obs.ask("GetInputVolume", {"inputName": "Horn"})["inputVolumeMul"] - 0.125) < 1e-4, 5, "the volume")
        assert filter_is_on(obs)
        say("!off")
        obs.wait(lambda: not filter_is_on(obs), 5, "the filter to be off")

        obs.wait(lambda: media(obs)[0] == "PLAYING", 5, "the horn")
        say("!stop")
        obs.wait(lambda: media(obs)[0] in ("STOPPED", "ENDED"), 5, "the horn's end")
        time.sleep(0.5)  # OBS 29's own thread of the media takes a moment to see it
        say("!play")
        obs.wait(lambda: media(obs)[0] == "PLAYING" and media(obs)[1] > 1500, 8, f"the horn to go on: {media(obs)}")
        say("!again")
        obs.wait(lambda: 0 < media(obs)[1] < 1000, 5, "the horn to start over")

        folder = tmp_path / "VMSC files"
        label = folder / "latest.txt"
        folder.mkdir()
        label.write_text("from before")
        say("!file")
        obs.wait(lambda: label.read_text() == "Anna", 5, "the label")
        line = json.loads((folder / "events.jsonl").read_text("utf-8").splitlines()[-1])
        assert (line["type"], line["source"], line["user"]) == ("command", "kick", "Anna")
        kick.chat("speedy", text="!own words", username="Troll")
        obs.wait(lambda: label.read_text() == "words", 5, "somebody else's label")
        kick.ban("speedy", "Troll")
        obs.wait(lambda: label.read_text() == "Anna", 5, "the label of those who aren't banned")
        kick.ban("speedy", "Anna")
        obs.wait(lambda: label.read_text() == "from before", 5, "the label from before")

        obs.ask("StartReplayBuffer")
        obs.wait(lambda: obs.ask("GetReplayBufferStatus")["outputActive"], 10, "the replay buffer")
        say("!rec")
        obs.wait(lambda: obs.ask("GetRecordStatus")["outputActive"], 10, "a recording")
        say("!chapter Boss fight")
        obs.wait(lambda: not obs.ask("GetRecordStatus")["outputActive"], 15, "its end")
        obs.wait(lambda: recorded(obs), 5, "the recording")
        (recording,) = recorded(obs)
        say("!replay")
        obs.wait(lambda: recorded(obs, "Replay"), 10, "the replay")
        obs.ask("StopReplayBuffer")
        if version(obs) >= (30, 2):
            assert b"Boss fight" in recording.read_bytes()
        said_there = page(obs)
        assert ("Chapter markers need OBS 30.2" in said_there) == (version(obs) < (30, 2))
        obs.close_scripts_dialog()
        say("!bye")
        wait_for(obs, Status.DISCONNECTED)
        ended_well(obs)


def version(obs: ObsSandbox) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", obs.version)))


def filter_is_on(obs: ObsSandbox) -> bool:
    return bool(obs.ask("GetSourceFilter", {"sourceName": "Confetti", "filterName": "Blue"})["filterEnabled"])


MORE_SKIPPED = 0.03
"""Of all frames: what two runs of this machine may differ by."""


def skipped_in(obs: ObsSandbox, seconds: float) -> float:
    """Which part of the frames OBS skips in so many seconds."""
    before = obs.ask("GetStats")
    time.sleep(seconds)
    return skipped_since(obs, before)


def skipped_since(obs: ObsSandbox, before: dict[str, Any]) -> float:
    """Which part of the frames OBS has skipped since it answered GetStats like this."""
    after = obs.ask("GetStats")
    frames = after["renderTotalFrames"] - before["renderTotalFrames"]
    return float((after["renderSkippedFrames"] - before["renderSkippedFrames"]) / frames)


def test_a_flood_that_fires_rules_skips_no_frames(kick: KickSimulator) -> None:
    actions = (act.ToggleSource("Confetti"), act.SetText("Mine", "{user}"), act.SetMuted("Horn", "toggle"))
    with ObsSandbox(SCRIPT, settings(kick, rules=dumps([Rule("a", trigger=Trigger("chat"), actions=actions)]))) as obs:
        wait_for(obs, Status.CONNECTED)
        stage(obs, obs.folder)
        quiet = skipped_in(obs, 5.0)
        flood = threading.Thread(target=lambda: [(kick.chat("speedy", 20), time.sleep(0.1)) for _ in range(60)])
        flood.start()
        busy = skipped_in(obs, 5.0)
        flood.join()
        obs.wait(lambda: text(obs, "detail").startswith("1,200 events"), 10, "every message to be counted")
        assert busy <= quiet + MORE_SKIPPED, (busy, quiet)
        ended_well(obs)


BUSY = """
import obspython as obs

seen, switches, name = 0, 0, ""

def script_load(settings):
    obs.timer_add(tick, 20)
    obs.obs_frontend_add_event_callback(on_event)

def script_unload():
    obs.timer_remove(tick)

def on_event(event):
    global seen, switches, name
    seen += 1
    if event == obs.OBS_FRONTEND_EVENT_SCENE_CHANGED:
        switches += 1
        scene = obs.obs_frontend_get_current_scene()
        name = obs.obs_source_get_name(scene)
        obs.obs_source_release(scene)
        sum(range(5000))
        tell()

def tick():
    sum(range(5000))
    scenes = obs.obs_frontend_get_scenes()
    obs.source_list_release(scenes)
    tell()

def tell():
    source = obs.obs_get_source_by_name("Mine")
    if source is not None:
        data = obs.obs_data_create()
        obs.obs_data_set_string(data, "text", f"{switches} {name}")
        obs.obs_source_update(source, data)
        obs.obs_data_release(data)
        obs.obs_source_release(source)
"""
"""A script that looks at OBS fifty times a second, and each time the scene changes."""

CHAIN = tuple(act.SwitchScene(scene) for scene in ("Second", SCENE) * 10)
CHAINS = 50
SWITCHED = "User switched to scene '"


def test_a_thousand_switches_of_the_scene_skip_no_frames_beside_a_busy_script(kick: KickSimulator, tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(BUSY)
    rules = dumps([Rule("a", trigger=Trigger("host"), actions=CHAIN)])
    with ObsSandbox(SCRIPT, settings(kick, rules=rules), more_scripts=[(tmp_path / "busy.py", {})]) as obs:
        wait_for(obs, Status.CONNECTED)
        stage(obs, obs.folder)
        obs.ask("SetCurrentSceneTransition", {"transitionName": "Cut"})  # the other script hears of a switch at its end
        quiet = skipped_in(obs, 3.0)
        first, before = obs.log.count(SWITCHED), obs.ask("GetStats")
        for number in range(CHAINS):
            kick.raid("speedy", f"Raider{number}")
            wanted = first + (number + 1) * len(CHAIN)
            obs.wait(lambda wanted=wanted: obs.log.count(SWITCHED) == wanted, 10, f"all switches of chain {number}")
        skipped = skipped_since(obs, before)
        obs.wait(lambda: said(obs, "Mine").endswith(f" {SCENE}"), 5, "the last scene, as the other script sees it")
        assert on_air(obs) == SCENE
        assert int(said(obs, "Mine").split()[0]) >= CHAINS, "it hears of at least one in each frame"
        assert skipped <= quiet + MORE_SKIPPED, (skipped, quiet)
        ended_well(obs)


def viewers_see_green(obs: ObsSandbox) -> bool:
    """Whether the confetti is on what OBS's window shows of the program; no other part of it has that color."""
    return any(apart(color, (0, 255, 0)) <= SAME for _, color in obs.window_screenshot().convert("RGB").getcolors(1 << 24))


def test_in_studio_mode_viewers_see_what_rules_show_and_no_switch_is_lost(kick: KickSimulator) -> None:
    """Viewers see a copy of the scene there; the preview shows another one."""
    rules = [
        Rule("a", trigger=Trigger("host"), actions=(act.ShowSource("Confetti", seconds=4.0),)),
        Rule("b", trigger=Trigger("command", "!toggle"), actions=(act.ToggleSource("Confetti"),)),
        Rule("c", trigger=Trigger("command", "!there"), actions=(act.SwitchScene("Second", back_after=0.2),)),
    ]
    with ObsSandbox(SCRIPT, settings(kick, rules=dumps(rules))) as obs:
        wait_for(obs, Status.CONNECTED)
        stage(obs, obs.folder)
        obs.ask("SetStudioModeEnabled", {"studioModeEnabled": True})
        obs.ask("SetCurrentPreviewScene", {"sceneName": "Second"})
        assert on_air(obs) == SCENE and not viewers_see_green(obs)
        kick.raid("speedy")
        obs.wait(lambda: viewers_see_green(obs) and is_visible(obs, "Confetti"), 10, "viewers to see it")
        obs.wait(lambda: not viewers_see_green(obs) and is_hidden(obs, "Confetti"), 10, "it to go again")
        for is_shown in (True, False):
            kick.chat("speedy", text="!toggle")
            obs.wait(lambda now=is_shown: (viewers_see_green(obs), is_visible(obs, "Confetti")) == (now, now), 10, "the toggle")

        obs.ask("SetCurrentSceneTransitionDuration", {"transitionDuration": 1000})
        kick.chat("speedy", text="!there")  # back while the way there isn't over
        obs.wait(lambda: on_air(obs) == "Second", 5, "the other scene")
        obs.wait(lambda: on_air(obs) == SCENE, 5, "the scene from before")
        time.sleep(1.5)
        kick.raid("speedy", "Again")
        obs.wait(lambda: viewers_see_green(obs), 10, "viewers to see it in the new copy")
        obs.ask("SetStudioModeEnabled", {"studioModeEnabled": False})
        obs.wait(lambda: is_hidden(obs, "Confetti"), 10, "it to go where it came")
        ended_well(obs)


GROUPER = """
import obspython as obs

def script_load(settings):
    obs.timer_add(tick, 100)

def script_unload():
    obs.timer_remove(tick)

turns = [0]

def tick():
    third = obs.obs_get_source_by_name("Third")
    obs.obs_source_release(third)
    turns[0] += third is not None
    if turns[0] != 10:
        return
    confetti = obs.obs_get_source_by_name("Confetti")
    source = obs.obs_get_source_by_name("Scene")
    scene = obs.obs_scene_from_source(source)
    if confetti is not None and obs.obs_scene_find_source(scene, "Group") is None:
        group = obs.obs_scene_add_group(scene, "Group")
        for _ in range(2):
            obs.obs_sceneitem_group_add_item(group, obs.obs_scene_add(scene, confetti))
        obs.obs_scene_add(scene, confetti)
    obs.obs_source_release(confetti)
    obs.obs_source_release(source)
"""
"""A script that puts four copies of the confetti into the scene, two of them in a group, as a user may.

A second after the last scene was made: OBS 32 can lock itself up when obs-websocket makes something at that very moment.
"""


def shown(obs: ObsSandbox) -> list[bool]:
    """Whether each copy of the confetti is shown, those in the group last."""
    items = [*obs.scene_items(SCENE), *obs.group_items("Group")]
    return [bool(item["sceneItemEnabled"]) for item in items if item["sourceName"] == "Confetti"]


def test_what_a_rule_began_ends_when_it_should_and_a_users_hand_goes_before(kick: KickSimulator, tmp_path: Path) -> None:
    """Several copies, groups, the longer of two shows, a switch by hand, the end of the script, and what isn't there."""
    (tmp_path / "grouper.py").write_text(GROUPER)
    rules = {
        "!hide": (act.HideSource("Confetti"),),
        "!long": (act.ShowSource("Confetti", seconds=4.0),),
        "!short": (act.ShowSource("Confetti", seconds=1.0),),
        "!very": (act.ShowSource("Confetti", seconds=600.0), act.SetVolume("Horn", 50, fade_ms=60_000)),
        "!there": (act.SwitchScene("Second", back_after=2.0),),
        "!gone": (act.ShowSource("Gone"), act.SetText("Gone", "x"), act.SetFilter("Confetti", "Gone")),
    }
    made = dumps([Rule(word[1:], trigger=Trigger("command", word), actions=actions) for word, actions in rules.items()])
    grouper = (tmp_path / "grouper.py", {})
    with ObsSandbox(SCRIPT, settings(kick, **ONLY_RULES, rules=made), more_scripts=[grouper]) as obs:

        def say(text: str) -> None:
            kick.chat("speedy", text=text, username="Anna")

        wait_for(obs, Status.CONNECTED)
        stage(obs, tmp_path)
        obs.ws.create_scene("Third")
        time.sleep(2.0)  # the copies are being made
        obs.wait(lambda: "Group" in [item["sourceName"] for item in obs.scene_items(SCENE)] and len(shown(obs)) == 4, 5, "copies")

        say("!hide")
        obs.wait(lambda: shown(obs) == [False] * 4, 5, "no copy to show")
        say("!long")
        began = time.monotonic()
        obs.wait(lambda: shown(obs) == [True] * 4, 5, "every copy to show")
        say("!short")
        obs.wait(lambda: shown(obs) == [False] * 4, 8, "every copy to be hidden")
        assert time.monotonic() - began > 3.5, "the longer of the two shows"

        say("!there")
        obs.wait(lambda: on_air(obs) == "Second", 5, "the other scene")
        obs.ask("SetCurrentProgramScene", {"sceneName": "Third"})
        time.sleep(3.0)
        assert on_air(obs) == "Third", "what the user has switched to stays"
        obs.ask("SetCurrentProgramScene", {"sceneName": SCENE})
        obs.wait(lambda: on_air(obs) == SCENE, 5, "the first scene")

        for _ in range(3):
            say("!gone")
        obs.wait(lambda: text(obs, "detail").startswith("7 events"), 5, "all of it to be counted")
        obs.open_scripts_dialog()
        obs.select_script(1)
        told = obs.wait(lambda: "Gone isn't in the scene" in page(obs) and page(obs), 10, "what is missing")
        assert told.count("isn't in the scene") == 1
        assert "no source called Gone" in told and "Confetti has no filter called Gone" in told
        obs.close_scripts_dialog()

        say("!very")
        obs.wait(lambda: shown(obs) == [True] * 4, 5, "every copy to show for long")
        assert volume(obs) > 0.5
        assert obs.restart().code == 0
        wait_for(obs, Status.CONNECTED)
        obs.wait(lambda: shown(obs) == [False] * 4, 5, "what was shown for a while to be hidden")
        assert abs(volume(obs) - 0.125) < 1e-3, "the fade at its end"
        ended_well(obs)


def volume(obs: ObsSandbox) -> float:
    return float(obs.ask("GetInputVolume", {"inputName": "Horn"})["inputVolumeMul"])


QUITS = 6


def test_obs_quits_while_many_calls_wait_for_its_window(kick: KickSimulator) -> None:
    """Scenes and hotkeys go by way of OBS's UI thread, the one that ends it all."""
    chain = (act.ShowSource("Confetti", seconds=30.0), act.Wait(1.0), act.SwitchScene(SCENE))
    rules = [
        Rule("a", trigger=Trigger("chat"), actions=chain),
        Rule("b", trigger=Trigger("chat"), actions=(act.SwitchScene("Second"), act.PressHotkey("vmsc_hotkey_skip_alert"))),
        Rule("c", trigger=Trigger("follow"), actions=(act.SwitchScene("Second"), act.SwitchScene(SCENE)) * 5),
    ]
    with ObsSandbox(SCRIPT, settings(kick, rules=dumps(rules)), background=BEHIND) as obs:
        stage(obs, obs.folder)
        for left in reversed(range(QUITS)):
            kick.wait(lambda: sockets_open(kick), 20, what="the connection")
            wait_for(obs, Status.CONNECTED)
            for _ in range(5):
                kick.chat("speedy", 20)
                kick.follow("speedy")
            obs.wait(lambda: on_air(obs) == "Second", 5, "the flood to switch scenes")
            if not left:
                break
            ended = obs.restart()
            assert ended.code == 0, left
        ended_well(obs)


def test_a_collection_is_switched_in_the_middle_of_a_chain(kick: KickSimulator) -> None:
    # By its scene's name: a collection that was left in the middle comes back with the second scene on air.
    show = act.ShowSource("Confetti", SCENE, seconds=30.0)
    chain = (show, act.SwitchScene("Second"), act.Wait(1.0), act.SwitchScene(SCENE)) * 4
    both = ("Untitled", "Other")
    mine = settings(kick, rules=dumps([Rule("a", trigger=Trigger("chat"), actions=chain)]))
    with ObsSandbox(SCRIPT, mine, collections=both, scripted=both) as obs:
        for _ in range(5):
            wait_for(obs, Status.CONNECTED)
            if "Confetti" not in obs.inputs():
                stage(obs, obs.folder)
            kick.chat("speedy", 20)
            obs.wait(lambda: is_visible(obs, "Confetti"), 10, "the chain to run")
            obs.switch_collection("Other")
            obs.switch_collection("Untitled")
            obs.wait(lambda: is_hidden(obs, "Confetti"), 10, "what was only shown for a while to be hidden")
        ended_well(obs, leaks_of_switches(5))


def test_alerts_show_one_after_the_other_where_viewers_are(kick: KickSimulator) -> None:
    rules = [
        Rule("f", trigger=Trigger("follow"), actions=(act.ShowAlert("{user}", "followed", seconds=1.5),)),
        Rule("g", trigger=Trigger("gifted_subs"), actions=(act.ShowAlert("{user}", "gifted {count}", seconds=1.5),)),
    ]
    with ObsSandbox(SCRIPT, settings(kick, rules=dumps(rules), add_alert_at_start=True)) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.wait(lambda: "Kick alert: detail" in obs.inputs(), 10, "the alert's group")
        assert not is_visible(obs, "Kick alert")
        kick.follow("speedy")
        kick.gift("speedy", 5, gifter="Bob")
        seen: list[str] = []

        def next_one() -> bool:
            now = said(obs, "Kick alert: detail") if is_visible(obs, "Kick alert") else ""
            if now and now not in seen:
                seen.append(now)
            return len(seen) == 2 and not is_visible(obs, "Kick alert")

        obs.wait(next_one, 15, "two alerts, and then none")
        assert sorted(seen) == ["followed", "gifted 5"]
        ended_well(obs)
