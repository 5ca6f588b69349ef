"""What a source of the user's own showed before the script wrote on it. Knows one source at a time, not which is chosen.

It is kept in that source's own settings, so it survives a restart of OBS and a new name, as ROLE_KEY does for the card.

Rules a maintainer must keep:
1. Whatever `remember` puts there `restore` takes away: what stays behind are the user's own settings.
2. What was there before the first write is never replaced by what comes later, unless it was the user who wrote while the
   script was not running.
3. The three keys are saved with the user's scenes: they can't be changed any more.
"""

from __future__ import annotations

from typing import Any, Callable, Union

import obspython as obs

from vmsc_core.obs.kinds import is_color
from vmsc_core.obs.references import new_data, settings_of

CHOSEN_KEY, BEFORE_KEY, WRITTEN_KEY = "vmsc_chosen", "vmsc_before", "vmsc_written"
"""The name under which the source was chosen, what the user had there, and what the script wrote last."""

Value = Union[str, int]
"""A text, or OBS's 0xAABBGGRR: what a source shows, as its settings hold it."""


def remember(source: Any, chosen: str, data: Any, first: bool) -> Value:
    """Adds the marks to `data`, which is about to be written on `source`; `first` after a load or a choice.

    Gives what the source shows from then on.
    """
    key, get, put = _access(source)
    with settings_of(source) as settings:
        shown = get(settings, key)
        is_remembered = obs.obs_data_has_user_value(settings, BEFORE_KEY)
        if not is_remembered or (first and shown != get(settings, WRITTEN_KEY)):
            put(data, BEFORE_KEY, shown)
    written = get(data, key)
    put(data, WRITTEN_KEY, written)
    obs.obs_data_set_string(data, CHOSEN_KEY, chosen)
    return written


def find(source: Any, chosen: str) -> Value | None:
    """What the source shows, when it or what it is a copy of was chosen under that name and still shows what was written.

    None for all others: a copy that the user has changed is no longer ours to write on.
    """
    key, get, _ = _access(source)
    with settings_of(source) as settings:
        if str(obs.obs_data_get_string(settings, CHOSEN_KEY)) != chosen:
            return None
        written = get(settings, WRITTEN_KEY)
        return written if get(settings, key) == written else None


def restore(source: Any) -> None:
    """The source shows again what it showed before, unless the user has changed it since; the marks are gone."""
    key, get, put = _access(source)
    with settings_of(source) as settings:
        if not obs.obs_data_has_user_value(settings, BEFORE_KEY):
            return
        before = get(settings, BEFORE_KEY)
        untouched = get(settings, key) == get(settings, WRITTEN_KEY)
        for mark in (CHOSEN_KEY, BEFORE_KEY, WRITTEN_KEY):  # an update only adds
            obs.obs_data_erase(settings, mark)
    if untouched:
        with new_data() as data:
            put(data, key, before)
            obs.obs_source_update(source, data)


def _access(source: Any) -> tuple[str, Callable[[Any, str], Value], Callable[[Any, str, Value], None]]:
    """The setting that shows, and how such a setting is read and written."""
    if is_color(source):
        return "color", lambda data, key: int(obs.obs_data_get_int(data, key)) & 0xFFFFFFFF, obs.obs_data_set_int
    return "text", lambda data, key: str(obs.obs_data_get_string(data, key)), obs.obs_data_set_string
