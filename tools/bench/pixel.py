"""How soon an event is on the screen: from the moment the simulator sends it to the source that shows it, and to the picture.

Looked at from outside by obs-websocket, so each figure includes one question to OBS (measured beside it); a picture costs OBS
up to two frames more. A command writes to a text; a subscription shows the alert. Both while chat comes in.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable

from obs_sandbox import SCENE, ObsSandbox

from bench.frame import ROOT
from bench.inside import Inside
from bench.kick_process import SLUG, KickProcess
from bench.table import Goal, Result, Table, percentile
from vmsc_core.rules import actions as act
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps

LOADS = (50, 1000)
RULES = [
    Rule("text", trigger=Trigger("command", "!probe"), actions=(act.SetText("Probe", "{args}"),)),
    Rule("alert", trigger=Trigger("subscription"), actions=(act.ShowAlert("{user}", "subscribed", seconds=1.0),)),
]
ALERT_TIME = 1.0 + 0.5
"""Seconds for which an alert is shown, and the pause after it."""

TEXTS, ALERTS = 60, 50
GIVE_UP = 5.0
SIZE = (320, 180)
"""Of the pictures."""


class Eye:
    """Looks at one OBS from outside."""

    def __init__(self, obs: ObsSandbox) -> None:
        self._obs = obs
        self.questions: list[float] = []

    def text(self, name: str) -> str:
        """What a text source says."""
        began = time.monotonic()
        said = self._obs.ask("GetInputSettings", {"inputName": name})["inputSettings"].get("text", "")
        self.questions.append(time.monotonic() - began)
        return str(said)

    def part(self, box: tuple[int, int, int, int]) -> bytes:
        """A part of the scene, as small as SIZE."""
        import base64
        import io

        from PIL import Image

        request = {"sourceName": SCENE, "imageFormat": "png", "imageWidth": SIZE[0], "imageHeight": SIZE[1]}
        data = self._obs.ask("GetSourceScreenshot", request)["imageData"]
        picture = Image.open(io.BytesIO(base64.b64decode(data.split(",", 1)[1]))).convert("RGB")
        return bytes(picture.crop(box).tobytes())


def until(is_so: Callable[[], bool]) -> float:
    """Monotonic seconds at which an answer was yes. AssertionError after GIVE_UP."""
    end = time.monotonic() + GIVE_UP
    while not is_so():
        assert time.monotonic() < end, f"not within {GIVE_UP:g} s"
        time.sleep(0.001)
    return time.monotonic()


def one(eye: Eye, source: str, wanted: str, box: tuple[int, int, int, int], send: Callable[[], Any]) -> tuple[float, float]:
    """(seconds to the source, seconds to the picture) of one event."""
    before = eye.part(box)
    time.sleep(random.random() * 0.1)  # at any moment between two turns
    sent = send()
    there = until(lambda: eye.text(source) == wanted)
    seen = until(lambda: eye.part(box) != before)
    began, arrived = sent.result(10)
    assert arrived, "the simulator sent it to nobody"
    return there - began, seen - began


Delays = dict[tuple[int, str], list[tuple[float, float]]]


def delays(texts: int, alerts: int) -> tuple[Delays, float]:
    """(load, kind) → delays of the single events; and the seconds that one question takes, in the middle."""
    found: Delays = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kick = stack.enter_context(KickProcess())
        settings = kick.settings(rules=dumps(RULES), add_alert_at_start=True)
        obs = stack.enter_context(ObsSandbox(Inside(folder, ROOT / "vmsc_obs.py").script, settings))
        eye = Eye(obs)
        looks = {"text": "start", "font": {"face": "DejaVu Sans", "size": 96}}
        probe = {"sceneName": SCENE, "inputName": "Probe", "inputKind": "text_ft2_source_v2", "inputSettings": looks}
        made = obs.ask("CreateInput", probe)
        place = {"positionX": 40.0, "positionY": 540.0}
        obs.ask("SetSceneItemTransform", {"sceneName": SCENE, "sceneItemId": made["sceneItemId"], "sceneItemTransform": place})
        obs.wait(lambda: "Kick alert: title" in obs.inputs(), 10, "the alert")
        obs.hotkey("vmsc_hotkey_connect")
        obs.wait(lambda: eye.text("Kick card: detail").startswith("0 events"), 20, "Connected")
        low, high = (0, 130, SIZE[0], SIZE[1]), (90, 0, 230, 60)
        for load in LOADS:
            kick.do("go_live", SLUG)
            seconds = texts * 0.4 + alerts * (ALERT_TIME + 0.6) + 3
            flood = kick.begin("flood", SLUG, int(load * seconds), load)
            time.sleep(1)
            for number in range(texts):
                word = f"{load}W{number}"
                delay = one(eye, "Probe", word, low,
                            lambda word=word: kick.begin("chat", SLUG, 1, f"!probe {word}", "Anna"))  # fmt: skip
                found.setdefault((load, "a command's text"), []).append(delay)
            for number in range(alerts):
                word = f"Sub{load}x{number}"
                delay = one(eye, "Kick alert: title", word, high,
                            lambda word=word: kick.begin("subscribe", SLUG, word))  # fmt: skip
                found.setdefault((load, "an alert"), []).append(delay)
                time.sleep(ALERT_TIME + 0.2)
            flood.result(120)
        assert obs.quit().code == 0
    return found, statistics.median(eye.questions)


def measure(texts: int = TEXTS, alerts: int = ALERTS) -> Result:
    """One OBS, both loads."""
    print("OBS, event to pixel …", flush=True)
    found, question = delays(texts, alerts)
    return result(found, question)


def result(found: Delays, question: float) -> Result:
    """The table."""
    rows = []
    goals = []
    for (load, kind), seconds in found.items():
        columns: list[Sequence[float]] = [[1000 * pair[which] for pair in seconds] for which in (0, 1)]
        cells = [f"{percentile(column, part):.0f}" for column in columns for part in (0.5, 0.99)]
        rows.append((f"{kind}, {load:,} messages/s", *cells, str(len(seconds))))
        limit = 60 if kind == "an alert" else 110
        goals.append(Goal(f"event to source, {kind}, {load:,}/s: median", limit, percentile(columns[0], 0.5), "ms"))
    head = ("what", "in the source: median ms", "p99 ms", "in the picture: median ms", "p99 ms", "events")
    note = f"One question to OBS takes {question * 1000:.1f} ms and is in there. A picture is asked for once the source has it."
    return Result([Table("From the simulator to the screen", head, rows, note)], goals)
