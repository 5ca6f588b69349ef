"""What a rehearsal changes in OBS, as it was before: remembered once, put back at the end. Knows no rule.

From the timer, or from the UI thread at the end of the script: only calls that are safe in both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import obspython as obs

from vmsc_core.json_text import parse
from vmsc_core.obs.alert import NAME as ALERT
from vmsc_core.obs.kinds import MEDIA, can, is_text
from vmsc_core.obs.references import filter_named, new_data, settings_of, source_named
from vmsc_core.obs.targets import scene_on_air, set_visibility, visibility
from vmsc_core.rules import actions as act

Place = tuple[str, ...]
"""What can be changed: shown, scene, source; text, muted, volume, or media, source; filter, source, filter; scene."""

Result = TypeVar("Result")


SCENE: Place = ("scene",)
LENGTHS = {"shown": 3, "text": 2, "muted": 2, "volume": 2, "filter": 3}
"""Of the places that are saved: OBS begins with a scene of its own choice, and with media as their sources say."""

PLAYS, PAUSED, STANDS = "plays", "paused", "stands"


class Before:
    """`around` each action, `restore` at the end. `switch` switches OBS to the scene of a name, without waiting.

    `saved` is what an earlier one gave as its `to_save`: OBS saves its sources before a script can put anything back.
    `next_scene` says to which scene OBS is still to be switched, "" for none.
    """

    def __init__(self, switch: Callable[[str], object], saved: str = "", next_scene: Callable[[], str] = str) -> None:
        self._switch, self._next_scene = switch, next_scene
        self._before: dict[Place, Any] = {}
        self._left: dict[Place, Any] = {}
        for place, value, left in _rows(saved):
            self._before[place], self._left[place] = value, left

    def __bool__(self) -> bool:
        """Whether there is anything to put back."""
        return bool(self._before)

    def to_save(self) -> str:
        """All of it as a text; empty when there is nothing. UI thread: the timer may be adding to it."""
        left = self._left.copy()
        rows = [(place, value, left.get(place)) for place, value in self._before.copy().items() if place[0] in LENGTHS]
        return json.dumps(rows) if rows else ""

    def around(self, action: act.Action, do: Callable[[], Result]) -> Result:
        """Does it, and remembers what it changes."""
        places = _places(action)
        for place in places:
            if place not in self._before:
                self._before[place] = _read(place)
        done = do()
        for place in places:
            self._left[place] = action.scene if isinstance(action, act.SwitchScene) else _read(place)
        return done

    def restore(self) -> None:
        """Puts everything back, the last change first. A text or a scene that is another by now is somebody else's: it stays."""
        before, left = self._before, self._left
        self._before, self._left = {}, {}
        for place in reversed(list(before)):
            now, value = (place == SCENE and self._next_scene()) or _read(place), before[place]
            is_ours = place[0] not in ("text", "scene") or now == left.get(place)
            if value is None or now is None or now == value or not is_ours:
                continue
            if place == SCENE:
                self._switch(value)
            else:
                _write(place, value)


def _rows(saved: str) -> list[tuple[Place, Any, Any]]:
    """What `to_save` gave, row by row; one that can't be used is left out."""
    found: list[tuple[Place, Any, Any]] = []
    rows = parse(saved) if saved else None
    for row in rows if isinstance(rows, list) else ():
        if not (isinstance(row, list) and len(row) == 3 and isinstance(row[0], list) and row[0]):
            continue
        place, value = tuple(row[0]), row[1]
        if not all(isinstance(part, str) for part in place) or LENGTHS.get(place[0]) != len(place):
            continue
        if _is_value(place[0], value):
            found.append((place, value, row[2]))
    return found


def _is_value(kind: str, value: Any) -> bool:
    if kind == "shown":
        rows = value if isinstance(value, list) else []
        return bool(rows) and all(isinstance(row, list) and all(type(one) is bool for one in row) for row in rows)
    if kind == "volume":
        return type(value) in (int, float) and 0 <= value <= 100
    return isinstance(value, str if kind == "text" else bool)


def _places(action: act.Action) -> tuple[Place, ...]:
    if isinstance(action, (act.ShowSource, act.HideSource, act.ToggleSource)):
        return (("shown", action.scene or scene_on_air(), action.source),)
    if isinstance(action, act.SetFilter):
        return (("filter", action.source, action.filter),)
    if isinstance(action, act.SwitchScene):
        return (SCENE,)
    if isinstance(action, act.ShowAlert):
        return (("shown", scene_on_air(), ALERT),)
    kind = _OF_A_SOURCE.get(type(action))
    return ((kind, action.source),) if kind is not None else ()  # type: ignore[union-attr]  # those all have one


_OF_A_SOURCE: Mapping[type[Any], str] = {
    act.SetText: "text",
    act.AddLine: "text",
    act.Withdraw: "text",
    act.SetMuted: "muted",
    act.SetVolume: "volume",
    act.Media: "media",
}


def _read(place: Place) -> Any:
    """What is there now; None where there is nothing of that kind."""
    if place == SCENE:
        return scene_on_air() or None
    if place[0] == "shown":
        shown = visibility(place[1], place[2]) if place[2] else []
        return shown if any(shown) else None
    with source_named(place[1]) as source:
        if source is None:
            return None
        if place[0] == "text":
            if not is_text(source):
                return None
            with settings_of(source) as settings:
                return str(obs.obs_data_get_string(settings, "text"))
        if place[0] == "media":
            return _media(source) if can(source, MEDIA) else None
        if place[0] == "muted":
            return bool(obs.obs_source_muted(source))
        if place[0] == "volume":
            return float(obs.obs_source_get_volume(source))
        with filter_named(source, place[2]) as found:
            return None if found is None else bool(obs.obs_source_enabled(found))


def _write(place: Place, value: Any) -> None:
    if place[0] == "shown":
        set_visibility(place[1], place[2], value)
        return
    with source_named(place[1]) as source:
        if source is None:
            return
        if place[0] == "text":
            with new_data() as data:
                obs.obs_data_set_string(data, "text", value)
                obs.obs_source_update(source, data)
        elif place[0] == "media":
            _set_media(source, value)
        elif place[0] == "muted":
            obs.obs_source_set_muted(source, value)
        elif place[0] == "volume":
            obs.obs_source_set_volume(source, value)
        else:
            with filter_named(source, place[2]) as found:
                if found is not None:
                    obs.obs_source_set_enabled(found, value)


def _media(source: Any) -> str:
    state = obs.obs_source_media_get_state(source)
    if state == obs.OBS_MEDIA_STATE_PAUSED:
        return PAUSED
    going = (obs.OBS_MEDIA_STATE_PLAYING, obs.OBS_MEDIA_STATE_OPENING, obs.OBS_MEDIA_STATE_BUFFERING)
    return PLAYS if state in going else STANDS


def _set_media(source: Any, value: str) -> None:
    """What plays again after it was stopped begins at its start."""
    if value == STANDS:
        obs.obs_source_media_stop(source)
        return
    if _media(source) == STANDS:
        obs.obs_source_media_restart(source)
    obs.obs_source_media_play_pause(source, value == PAUSED)
