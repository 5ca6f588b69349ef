"""Does in OBS what a rule has planned: one function for each kind of action. Calls only what is safe in the timer.

What waits for the UI thread goes by way of ui_lane.py, what time ends by timed.py, what is written into files by link/writer.py.
Each function gives None, or the Reason why it could not: a source that isn't there is a sentence on the page, never a traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Optional, Protocol

import obspython as obs

from vmsc_core.obs.alert import NAME as ALERT
from vmsc_core.obs.alert import Alert
from vmsc_core.obs.kinds import AUDIO, MEDIA, can, is_text
from vmsc_core.obs.references import filter_named, new_data, settings_of, source_named
from vmsc_core.obs.targets import NO_SCENE, each_copy, is_scene, scene_on_air, set_visibility, set_visible, visibility
from vmsc_core.obs.timed import Fade, Timed
from vmsc_core.reasons import Reason, because
from vmsc_core.rules import actions as act

Outcome = Optional[Reason]

EVENTS_FILE = "events.jsonl"


class Lane(Protocol):
    """What is needed of ui_lane.UiLane."""

    @property
    def is_there(self) -> bool:
        """Whether this OBS has such a way."""

    def switch_scene(self, name: str) -> bool:
        """OBS goes to that scene soon."""

    @property
    def next_scene(self) -> str:
        """The scene OBS is about to be in; "" when no switch waits."""

    def press_hotkey(self, name: str) -> bool:
        """OBS soon does what that hotkey does."""


class Files(Protocol):
    """What is needed of link/writer.Writer."""

    def add_line(self, file: str, line: str) -> Outcome:
        """One line more."""

    def write(self, file: str, text: str) -> Outcome:
        """All of a file."""

    def take_back(self, file: str, text: str, before: str | None) -> Outcome:
        """A file has what it had before that text; None: before the first one."""


class Actions:
    """`perform` each action, then `turn` once. From the timer; `now` is monotonic seconds. `restore` at the end, UI thread."""

    def __init__(self, lane: Lane, files: Files) -> None:
        self._lane, self._files = lane, files
        self._timed, self._alert = Timed(lane.switch_scene, lambda: lane.next_scene), Alert()
        self._table: Mapping[type[Any], Callable[[Any, float], Outcome]] = {
            act.ShowSource: self._show,
            act.HideSource: self._hide,
            act.ToggleSource: self._toggle,
            act.SetText: lambda action, _: _set_text(action.source, lambda before: action.template),
            act.AddLine: lambda action, _: _set_text(action.source, lambda before: _added(before, action)),
            act.Withdraw: lambda action, _: _withdraw(action),
            act.SwitchScene: self._switch,
            act.Media: lambda action, _: _media(action),
            act.SetFilter: lambda action, _: _filter(action),
            act.SetMuted: lambda action, _: _mute(action),
            act.SetVolume: self._volume,
            act.Record: lambda action, _: _record(action),
            act.SaveReplay: lambda action, _: _save_replay(),
            act.ChapterMarker: lambda action, _: _chapter(action),
            act.PressHotkey: self._press,
            act.WriteEvent: lambda action, _: files.add_line(EVENTS_FILE, action.line),
            act.WriteLabel: lambda action, _: files.write(f"{action.label}.txt", action.template),
            act.WithdrawLabel: lambda action, _: files.take_back(f"{action.label}.txt", action.text, action.before),
            act.ShowAlert: lambda action, _: self._alert.show(action.title, action.text),
            act.HideAlert: lambda action, _: self._alert.hide(),
        }

    def perform(self, action: act.Action, now: float) -> Outcome:
        """Does it; why not, when it can't."""
        do = self._table.get(type(action))
        return None if do is None else do(action, now)

    def turn(self, now: float) -> None:
        """Ends what is over."""
        self._timed.turn(now)

    @property
    def begun(self) -> list[tuple[str, str | float]]:
        """What time is to end: shown for a while (scene, source), on its way to a volume (source, multiplier). Any thread.

        OBS saves it as it is in between, so when it comes back it must be ended.
        """
        alert = self._alert.scene
        return [*self._timed.shown, *([(alert, ALERT)] if alert else []), *self._timed.fading]

    def end(self, where: str, what: str | float) -> bool:
        """Ends what `begun` said when OBS saved; False when there is no such scene or source yet."""
        if isinstance(what, str):
            return each_copy(where, what, lambda item: set_visible(item, False)) != NO_SCENE
        with source_named(where) as source:
            if source is not None:
                obs.obs_source_set_volume(source, what)
            return source is not None

    def restore(self) -> None:
        """What was shown for a while is hidden again. UI thread."""
        self._timed.restore()
        self._alert.hide()

    # -- sources in scenes --------------------------------------------------------------------------------------------

    def _show(self, action: act.ShowSource, now: float) -> Outcome:
        scene = action.scene or scene_on_air()
        trouble = _each(scene, action.source, lambda item: set_visible(item, True))
        if trouble is None and action.seconds is not None:
            self._timed.hide_later(scene, action.source, now + action.seconds)
        elif trouble is None:
            self._timed.keep(scene, action.source)
        return trouble

    def _hide(self, action: act.HideSource, _: float) -> Outcome:
        scene = action.scene or scene_on_air()
        self._timed.keep(scene, action.source)
        return _each(scene, action.source, lambda item: set_visible(item, False))

    def _toggle(self, action: act.ToggleSource, _: float) -> Outcome:
        scene = action.scene or scene_on_air()
        self._timed.keep(scene, action.source)
        shown = next(filter(None, reversed(visibility(scene, action.source))), None)  # what viewers see decides
        if shown is None:
            return _each(scene, action.source, lambda item: None)
        set_visibility(scene, action.source, [[not is_shown for is_shown in shown]])
        return None

    # -- scenes and hotkeys -------------------------------------------------------------------------------------------

    def _switch(self, action: act.SwitchScene, now: float) -> Outcome:
        if not is_scene(action.scene):
            return because("rule_no_scene", scene=action.scene)
        before = self._lane.next_scene or scene_on_air()
        if before != action.scene and not self._lane.switch_scene(action.scene):
            return self._lane_trouble()
        if action.back_after is None:
            self._timed.stay()
        else:
            self._timed.go_back_later(action.scene, before, now + action.back_after)
        return None

    def _press(self, action: act.PressHotkey, _: float) -> Outcome:
        return None if self._lane.press_hotkey(action.name) else self._lane_trouble()

    def _lane_trouble(self) -> Reason:
        return because("rule_lane_full" if self._lane.is_there else "rule_no_lane")

    # -- sound --------------------------------------------------------------------------------------------------------

    def _volume(self, action: act.SetVolume, now: float) -> Outcome:
        with source_named(action.source) as source:
            if source is None or not can(source, AUDIO):
                return _missing(action.source)
            end = (action.percent / 100) ** 3  # OBS's mixer is cubic
            fade = Fade(max(0.0, float(obs.obs_source_get_volume(source))), end, now, now + action.fade_ms / 1000)
            obs.obs_source_set_volume(source, fade.at(now))
        self._timed.fade(action.source, fade)
        return None


def _missing(source: str) -> Reason:
    return because("rule_no_source", source=source) if source else because("rule_source_unset")


def _each(scene_name: str, source: str, do: Callable[[Any], object]) -> Outcome:
    found = each_copy(scene_name, source, do) if source else 0
    if found == NO_SCENE:
        return because("rule_no_scene", scene=scene_name)
    if found:
        return None
    return because("rule_not_in_scene", source=source, scene=scene_name) if source else _missing(source)


def _set_text(name: str, new: Callable[[str], str | None]) -> Outcome:
    """Writes on a text source what `new` makes of what it says; None leaves it."""
    with source_named(name) as source:
        if source is None or not is_text(source):
            return _missing(name)
        with settings_of(source) as settings:
            before = str(obs.obs_data_get_string(settings, "text"))
        after = new(before)
        if after is not None and after != before:
            with new_data() as data:
                obs.obs_data_set_string(data, "text", after)
                obs.obs_source_update(source, data)
    return None


def _added(before: str, action: act.AddLine) -> str:
    lines = [line for line in before.split("\n") if line]
    return "\n".join([*lines, action.template][-action.keep :])


def _withdraw(action: act.Withdraw) -> Outcome:
    def without(before: str) -> str | None:
        if not action.added:
            return "" if before == action.text else None
        lines = before.split("\n")
        if action.text in lines:
            lines.reverse()
            lines.remove(action.text)  # the newest of several
            lines.reverse()
        return "\n".join(lines)

    return _set_text(action.source, without)


_BEGUN = (
    obs.OBS_MEDIA_STATE_PLAYING,
    obs.OBS_MEDIA_STATE_OPENING,
    obs.OBS_MEDIA_STATE_BUFFERING,
    obs.OBS_MEDIA_STATE_PAUSED,
)


def _media(action: act.Media) -> Outcome:
    with source_named(action.source) as source:
        if source is None or not can(source, MEDIA):
            return _missing(action.source)
        state = obs.obs_source_media_get_state(source)
        if action.do == act.STOP:
            obs.obs_source_media_stop(source)
        elif action.do == act.RESTART or state not in _BEGUN:  # what has ended doesn't go on
            obs.obs_source_media_restart(source)
        elif state == obs.OBS_MEDIA_STATE_PAUSED:
            obs.obs_source_media_play_pause(source, False)
    return None


def _wanted(do: str, is_on: bool) -> bool:
    return not is_on if do == act.TOGGLE else do == act.ON


def _filter(action: act.SetFilter) -> Outcome:
    with source_named(action.source) as source:
        if source is None:
            return _missing(action.source)
        with filter_named(source, action.filter) as found:
            if found is None:
                return because("rule_no_filter", filter=action.filter, source=action.source)
            obs.obs_source_set_enabled(found, _wanted(action.do, bool(obs.obs_source_enabled(found))))
    return None


def _mute(action: act.SetMuted) -> Outcome:
    with source_named(action.source) as source:
        if source is None or not can(source, AUDIO):
            return _missing(action.source)
        obs.obs_source_set_muted(source, _wanted(action.do, bool(obs.obs_source_muted(source))))
    return None


def _record(action: act.Record) -> Outcome:
    is_recording = bool(obs.obs_frontend_recording_active())
    if action.do == act.START:
        if not is_recording:
            obs.obs_frontend_recording_start()
    elif not is_recording:
        return because("rule_not_recording")
    elif action.do == act.STOP:
        obs.obs_frontend_recording_stop()
    else:
        obs.obs_frontend_recording_pause(action.do == act.PAUSE)
    return None


def _save_replay() -> Outcome:
    if not obs.obs_frontend_replay_buffer_active():
        return because("rule_no_replay")
    obs.obs_frontend_replay_buffer_save()
    return None


def _chapter(action: act.ChapterMarker) -> Outcome:
    add = getattr(obs, "obs_frontend_recording_add_chapter", None)
    if add is None:
        return because("rule_no_chapters")
    if not obs.obs_frontend_recording_active():
        return because("rule_not_recording")
    return None if add(action.name or None) else because("rule_chapter_failed")
