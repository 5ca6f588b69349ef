"""What the demo shows: one Kick, one OBS, and the card on its way through the states.

Knows the card by what it says, not by how it is built: its group is found in the scene, its texts in the group.
"""

from __future__ import annotations

import itertools
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo_pictures import Shot, brightness, film_strip, scenery
from fresh_machine import ROOT, say
from kick_simulator import KickSimulator
from obs_sandbox import SCENE, ObsDidNotStart, ObsHung, ObsMissing, ObsSandbox
from own_rules import signed

GUEST = "Kindotter"
RULES = [
    {
        "id": key,
        "when": {"kind": key},
        "only_if": {"who": "names", "names": [GUEST]},  # what else happens meanwhile would wait in line before it
        "do": [{"kind": "show_alert", "title": "{user}", "text": text, "seconds": 3.0}],
    }
    for key, text in (("follow", "just followed"), ("gifted_subs", "gifted {count} subs"))
]
"""What the demo's streamer has set up: two alerts."""

CANVAS = (1920, 1080)
FPS = 30
ALERT = "Kick alert"
ALERT_TITLE, ALERT_TEXT = f"{ALERT}: title", f"{ALERT}: detail"
CHANNEL, NAME = "nightowl", "NightOwl"
USUAL_SECONDS = 30.0
PULSE_SECONDS = 1.7
"""A little longer than one pulse of the dot, from bright to bright."""

MARGIN = 36
"""px of the scene around the card in a picture of the film strip."""

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


def run(headless: bool, seconds: float | None) -> int:
    """Runs it all; gives the exit code. KeyboardInterrupt, after everything has been cleaned up, when it was stopped."""
    for number in SIGNALS:
        signal.signal(number, _interrupt_once)
    begun = time.monotonic()
    try:
        with KickSimulator() as kick, tempfile.TemporaryDirectory(prefix="vmsc-demo-") as folder:
            kick.add_channel(CHANNEL, username=NAME)
            say("A pretend Kick runs on this computer. Starting OBS …")
            with ObsSandbox(ROOT / "vmsc_obs.py", _settings(kick), canvas=CANVAS, fps=FPS, headless=headless) as obs:
                show = Show(kick, obs, (seconds or USUAL_SECONDS) / USUAL_SECONDS, begun)
                try:
                    show.scenery(Path(folder) / "scenery.png")
                    show.tour()
                    if headless:
                        show.refused()
                    else:
                        show.play(None if seconds is None else begun + seconds)
                except Exception as problem:  # what a question to an OBS that has gone raises is anyone's guess
                    if not _has_ended(obs):
                        raise
                    if headless or obs.quit().code != 0:
                        raise ObsDidNotStart(f"OBS ended on its own with code {obs.quit().code}.") from problem
                finally:
                    _ignore_signals()
                ended = obs.quit()
        say(f"OBS has ended with code {ended.code}.")
        if headless:
            show.save(Path.cwd())
    except (ObsMissing, ObsDidNotStart, ObsHung, AssertionError, OSError) as problem:
        print(f"The demo broke off: {problem}", file=sys.stderr)
        return 1
    return 0 if ended.code == 0 else 1


def _interrupt_once(*_: object) -> None:
    _ignore_signals()  # a second Ctrl-C must not break into the cleaning up, which ends on its own
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _has_ended(obs: ObsSandbox) -> bool:
    """Whether OBS is on its way out already, as when its user has closed it; waits a few seconds for that."""
    deadline = time.monotonic() + 5
    while obs.running and time.monotonic() < deadline:
        time.sleep(0.1)
    return not obs.running


def _settings(kick: KickSimulator) -> dict[str, Any]:
    """A streamer's settings who has typed the name and not pressed Connect yet; every address leads to our simulator."""
    mine = {
        "username": CHANNEL,
        "add_card_at_start": True,
        "add_alert_at_start": True,
        "rules": json.dumps({"format": 1, "rules": RULES}),
        "lookup_address": kick.lookup_url,
        "websocket_address": kick.websocket_url,
        "token_address": kick.token_url,
    }
    return signed(mine)


class Show:
    """One run. `pace` stretches it: 1 is the usual 30 seconds. The order of use is scenery, tour, then refused or play."""

    def __init__(self, kick: KickSimulator, obs: ObsSandbox, pace: float, begun: float) -> None:
        self._kick, self._obs, self._pace, self._begun = kick, obs, pace, begun
        self._card = ""
        self._shots: list[Shot] = []
        self._whole: Any = None
        self._alerts: list[Any] = []
        self._traffic = itertools.cycle(
            [
                lambda: kick.chat(CHANNEL),
                lambda: kick.follow(CHANNEL),
                lambda: kick.chat(CHANNEL, 2),
                lambda: kick.subscribe(CHANNEL, months=3),
                lambda: kick.chat(CHANNEL),
                lambda: kick.gift(CHANNEL, 5),
            ]
        )

    def scenery(self, path: Path) -> None:
        """Puts something pretty behind the card, once that is in the scene."""
        scenery(CANVAS).save(path)
        self._card = self._obs.wait(self._group, 15, "the card in the scene")
        item = self._obs.ws.create_input(SCENE, "Scenery", "image_source", {"file": str(path)}, True).scene_item_id
        self._obs.ws.set_scene_item_index(SCENE, item, 0)
        self._obs.ws.set_scene_item_locked(SCENE, item, True)
        self._say("OBS runs in its own config folder, with the script loaded and the card in the scene.")

    def tour(self) -> None:
        """From Disconnected to Live, a lost connection, and back."""
        kick = self._kick
        self._reach("Disconnected")
        self._hold(1.0)
        self._shoot("Disconnected", "The name is typed; not connected yet.")
        self._say("Connect is pressed.")
        kick.fault.hello = 2.5
        self._obs.hotkey("vmsc_hotkey_connect")
        self._reach("Connecting")
        self._shoot("Connecting", "Connect was pressed: lookup, socket, subscriptions.", PULSE_SECONDS)
        self._reach("Connected")
        kick.fault.hello = None
        self._hold(3.0, events=True)
        self._shoot("Connected", "Chat, follows, subs and gifts are being counted.")
        self._say("The stream begins.")
        kick.go_live(CHANNEL)
        self._reach("Live")
        self._hold(5.0, events=True)
        self._whole = self._shoot("Live", "The stream has begun: the dot pulses.", PULSE_SECONDS)
        self._alert("followed", lambda: kick.follow(CHANNEL, GUEST))
        self._alert("gifted 5 subs", lambda: kick.gift(CHANNEL, 5, gifter=GUEST))
        self._lose_connection()
        self._reach("Live")
        self._hold(2.0, events=True)
        self._shoot("Live", "Back automatically, and counting from zero.", PULSE_SECONDS)

    def _alert(self, words: str, happen: Callable[[], object]) -> None:
        """Something happens on Kick, and the rules show it."""
        happen()
        self._obs.wait(lambda: words in self._says(ALERT_TEXT) and self._is_shown(ALERT), 10, f"the alert: {words}")
        time.sleep(0.3)
        self._say(f"The alert says: {self._says(ALERT_TITLE)}  |  {self._says(ALERT_TEXT)}")
        self._alerts.append(self._obs.scene_screenshot())
        self._obs.wait(lambda: not self._is_shown(ALERT), 10, "the end of the alert")

    def _says(self, source: str) -> str:
        return str(self._obs.input_settings(source).get("text", ""))

    def _is_shown(self, source: str) -> bool:
        return any(item["sourceName"] == source and item["sceneItemEnabled"] for item in self._obs.scene_items(SCENE))

    def _lose_connection(self) -> None:
        """The server goes away and refuses the first tries, so that the countdown is seen to grow: 1, 2, 4 s."""
        self._say("The connection is cut.")
        refused = (1, 2) if self._pace > 0.6 else (1,)
        self._kick.stop_listening()
        self._kick.drop()
        broken = time.monotonic()
        self._reach("Reconnecting")
        self._shoot("Reconnecting", "The connection broke. Retrying automatically.", 0.5)
        time.sleep(max(0.0, broken + sum(refused) + 0.4 - time.monotonic()))
        self._shoot("Reconnecting", "Still away: it waits longer after each try.", 1.2)
        self._kick.listen_again()

    def refused(self) -> None:
        """What only the streamer can fix."""
        self._say("Kick changes its key without saying so.")
        self._kick.change_key()
        self._reach("Error")
        self._shoot("Error", "Trying again cannot help: it says what to do.")
        self._hold(1.0)

    def play(self, deadline: float | None) -> None:
        """Traffic goes on until OBS is closed, or until `deadline` (monotonic seconds)."""
        self._say("The tour is over and the window is yours: Tools > Scripts has the script's page. Close OBS to end.")
        while self._obs.running and (deadline is None or time.monotonic() < deadline):
            next(self._traffic)()
            time.sleep(0.7)

    def save(self, folder: Path) -> None:
        """Writes both pictures."""
        self._whole.convert("RGB").save(folder / "demo.png", optimize=True)
        film_strip(self._shots).save(folder / "demo-states.png", optimize=True)
        self._alerts[-1].convert("RGB").save(folder / "demo-alert.png", optimize=True)
        self._say(f"The pictures are in {folder}: demo.png (the scene), demo-states.png (the states), and demo-alert.png.")

    def _hold(self, seconds: float, events: bool = False) -> None:
        deadline = time.monotonic() + seconds * self._pace
        while time.monotonic() < deadline:
            if events:
                next(self._traffic)()
            time.sleep(0.25)

    def _reach(self, title: str) -> None:
        try:
            self._obs.wait(lambda: title.upper() in self._texts(), 20, f"{title} on the card")
        except AssertionError as problem:
            raise AssertionError(f"{problem}\nThe card says: {self._words()}") from None

    def _shoot(self, title: str, note: str, looking: float = 0.0) -> Any:
        """Takes a picture for the film strip, the brightest in so many seconds: a dot that pulses is dim half of the time.

        Gives the whole scene.
        """
        self._say(f"The card says: {self._words()}")
        box = self._box()
        begun = time.monotonic()
        scenes = [self._obs.scene_screenshot()]
        while time.monotonic() < begun + looking:
            scene = self._obs.scene_screenshot()
            if title.upper() not in self._texts():
                break
            scenes.append(scene)
        best = max(scenes, key=lambda scene: brightness(scene.crop(box)))
        self._shots.append(Shot(title, note, begun - self._begun, best.crop(box)))
        return best

    def _group(self) -> str:
        names = [str(item["sourceName"]) for item in self._obs.scene_items(SCENE) if item["isGroup"]]
        return next((name for name in names if name != ALERT), "")

    def _texts(self) -> list[str]:
        """What the card says, from top to bottom."""
        items = [item for item in self._obs.group_items(self._card) if str(item["inputKind"]).startswith("text_")]
        return [str(self._obs.input_settings(item["sourceName"]).get("text", "")) for item in reversed(items)]

    def _words(self) -> str:
        return "  |  ".join("\n".join(self._texts()).split("\n"))

    def _box(self) -> tuple[int, int, int, int]:
        """The card and some of the scene around it, px of the canvas: left, top, right, bottom."""
        place = next(item for item in self._obs.scene_items(SCENE) if item["sourceName"] == self._card)["sceneItemTransform"]
        left, top = round(place["positionX"]), round(place["positionY"])
        right, bottom = left + round(place["width"]), top + round(place["height"])
        return (
            max(0, left - MARGIN),
            max(0, top - MARGIN),
            min(CANVAS[0], right + MARGIN),
            min(CANVAS[1], bottom + MARGIN),
        )

    def _say(self, text: str) -> None:
        say(f"{time.monotonic() - self._begun:5.1f} s  {text}")
