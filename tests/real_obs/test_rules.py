"""Rules in a real OBS: each action does what it says to a real source, scene, filter, sound, recording, and hotkey."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any

from kick_simulator import KickSimulator
from obs_sandbox import SCENE, ObsSandbox
from real_obs.session import ROOT, SCRIPT, ended_well, leaks_of_switches, settings, text, wait_for

from vmsc_core.events import Status
from vmsc_core.rules import actions as act
from vmsc_core.rules.filters import Filters
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
    "!play": (act.Media("Horn", "restart"),),
    "!off": (act.SetFilter("Confetti", "Blue", "off"),),
    "!rec": (act.Record("start"), act.Wait(2.0), act.Record("stop")),
    "!replay": (act.SaveReplay(),),
    "!chapter": (act.ChapterMarker("{args}"),),
    "!file": (act.WriteEvent(), act.WriteLabel("latest", "{user}")),
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
    obs.ws.create_input(SCENE, "Horn", "ffmpeg_source", {"local_file": str(folder / "none.mp4")}, True)


def said(obs: ObsSandbox, source: str) -> str:
    return str(obs.input_settings(source).get("text", ""))


def is_visible(obs: ObsSandbox, source: str) -> bool:
    return [bool(item["sceneItemEnabled"]) for item in obs.scene_items(SCENE) if item["sourceName"] == source] == [True]


def is_hidden(obs: ObsSandbox, source: str) -> bool:
    """It is in the scene, and isn't shown."""
    return [bool(item["sceneItemEnabled"]) for item in obs.scene_items(SCENE) if item["sourceName"] == source] == [False]


def on_air(obs: ObsSandbox) -> str:
    return str(obs.ask("GetCurrentProgramScene")["currentProgramSceneName"])


def test_each_action_does_what_it_says(kick: KickSimulator, tmp_path: Path) -> None:
    def say(text: str) -> None:
        kick.chat("speedy", text=text, username="Anna")

    shutil.copytree(ROOT / "vmsc_core", tmp_path / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    script = Path(shutil.copy(SCRIPT, tmp_path))  # it writes files beside itself
    with ObsSandbox(script, settings(kick, rules=dumps(RULES))) as obs:
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

        say("!file")
        folder = tmp_path / "VMSC files"
        obs.wait(lambda: (folder / "latest.txt").exists() and (folder / "latest.txt").read_text() == "Anna", 5, "the label")
        line = json.loads((folder / "events.jsonl").read_text("utf-8").splitlines()[-1])
        assert (line["type"], line["source"], line["user"]) == ("command", "kick", "Anna")

        say("!rec")
        obs.wait(lambda: obs.ask("GetRecordStatus")["outputActive"], 10, "a recording")
        say("!chapter here")
        obs.wait(lambda: not obs.ask("GetRecordStatus")["outputActive"], 15, "its end")
        say("!bye")
        wait_for(obs, Status.DISCONNECTED)
        ended_well(obs)


def filter_is_on(obs: ObsSandbox) -> bool:
    return bool(obs.ask("GetSourceFilter", {"sourceName": "Confetti", "filterName": "Blue"})["filterEnabled"])


MORE_SKIPPED = 0.03
"""Of all frames: what two runs of this machine may differ by."""


def skipped_in(obs: ObsSandbox, seconds: float) -> float:
    """Which part of the frames OBS skips in so many seconds."""
    before = obs.ask("GetStats")
    time.sleep(seconds)
    after = obs.ask("GetStats")
    frames = after["renderTotalFrames"] - before["renderTotalFrames"]
    return float((after["renderSkippedFrames"] - before["renderSkippedFrames"]) / frames)


def test_a_flood_that_fires_rules_skips_no_frames(kick: KickSimulator) -> None:
    actions = (act.ToggleSource("Confetti"), act.SetText("Mine", "{user}"), act.SetMuted("Horn", "toggle"))
    with ObsSandbox(SCRIPT, settings(kick, rules=dumps([Rule("a", trigger=Trigger("chat"), actions=actions)]))) as obs:
        wait_for(obs, Status.CONNECTED)
        stage(obs, Path("/nowhere"))
        quiet = skipped_in(obs, 5.0)
        flood = threading.Thread(target=lambda: [(kick.chat("speedy", 20), time.sleep(0.1)) for _ in range(60)])
        flood.start()
        busy = skipped_in(obs, 5.0)
        flood.join()
        obs.wait(lambda: text(obs, "detail").startswith("1,200 events"), 10, "every message to be counted")
        assert busy <= quiet + MORE_SKIPPED, (busy, quiet)
        ended_well(obs)


def test_hundreds_of_switches_of_the_scene_freeze_nothing(kick: KickSimulator) -> None:
    rules = [
        Rule("b", trigger=Trigger("follow"), actions=(act.SwitchScene("Second"),)),
        Rule("c", trigger=Trigger("subscription"), actions=(act.SwitchScene(SCENE),)),
    ]
    with ObsSandbox(SCRIPT, settings(kick, rules=dumps(rules))) as obs:
        wait_for(obs, Status.CONNECTED)
        stage(obs, Path("/nowhere"))
        for _ in range(50):
            kick.follow("speedy")
            time.sleep(0.12)
            kick.subscribe("speedy")
            time.sleep(0.12)
        obs.wait(lambda: on_air(obs) == SCENE, 10, "the last switch")
        ended_well(obs)


def test_obs_quits_in_the_middle_of_a_chain(kick: KickSimulator) -> None:
    chain = (act.ShowSource("Confetti", seconds=30.0), act.SwitchScene("Second"), act.Wait(1.0), act.SwitchScene(SCENE)) * 4
    rules = [Rule("a", trigger=Trigger("chat"), filters=Filters(), actions=chain)]
    with ObsSandbox(SCRIPT, settings(kick, rules=dumps(rules))) as obs:
        wait_for(obs, Status.CONNECTED)
        stage(obs, Path("/nowhere"))
        kick.chat("speedy", 20)
        time.sleep(1.3)
        ended_well(obs)


def test_a_collection_is_switched_in_the_middle_of_a_chain(kick: KickSimulator) -> None:
    chain = (act.ShowSource("Confetti", seconds=30.0), act.SwitchScene("Second"), act.Wait(1.0), act.SwitchScene(SCENE)) * 4
    both = ("Untitled", "Other")
    mine = settings(kick, rules=dumps([Rule("a", trigger=Trigger("chat"), actions=chain)]))
    with ObsSandbox(SCRIPT, mine, collections=both, scripted=both) as obs:
        for _ in range(5):
            wait_for(obs, Status.CONNECTED)
            if "Confetti" not in obs.inputs():
                stage(obs, Path("/nowhere"))
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
