"""What a source of the user's own held before the script wrote on it. Knows one source at a time, not which one is chosen.

It is kept in that source's own settings, so it survives a restart of OBS and a new name, as ROLE_KEY does for the card.

Rules a maintainer must keep:
1. Whatever is put there by `keep` is taken away by `give_back`: what stays behind are the user's own settings.
2. What was held before the first write is never replaced by what comes later, but when it was the user who wrote while the
   script was not at work.
"""

from __future__ import annotations

from typing import Any, Union

import obspython as obs

from vmsc_core.card.painter import OWN_COLOR, OWN_TEXT
from vmsc_core.obs.references import new_data, settings_of

SHOWN = {OWN_TEXT: "text", OWN_COLOR: "color"}
"""Role → the setting that the script writes."""

CHOSEN_KEY, BEFORE_KEY, WRITTEN_KEY = "vmsc_chosen", "vmsc_before", "vmsc_written"
"""The marks: the name under which the source was chosen, what the user had there, and what the script has written last."""

Shown = Union[str, int]
"""What a source shows: a text, or OBS's 0xAABBGGRR."""


def keep(source: Any, role: str, chosen: str, data: Any, first: bool) -> Shown:
    """Puts the marks into `data`, which is about to be written on `source`; `first` after a load or a choice.

    Gives what the source shows from then on.
    """
    with settings_of(source) as held:
        stands = _get(held, SHOWN[role], role)
        is_kept = obs.obs_data_has_user_value(held, BEFORE_KEY)
        if not is_kept or (first and stands != _get(held, WRITTEN_KEY, role)):
            _set(data, BEFORE_KEY, stands)
    shown = _get(data, SHOWN[role], role)
    _set(data, WRITTEN_KEY, shown)
    _set(data, CHOSEN_KEY, chosen)
    return shown


def kept_for(source: Any, role: str, chosen: str) -> Shown | None:
    """What the source shows when it, or what it is a copy of, was chosen under that name and still shows what was written.

    None for all others: a copy that the user has changed is no longer ours to write on.
    """
    with settings_of(source) as held:
        if str(obs.obs_data_get_string(held, CHOSEN_KEY)) != chosen:
            return None
        written = _get(held, WRITTEN_KEY, role)
        return written if _get(held, SHOWN[role], role) == written else None


def give_back(source: Any, role: str) -> None:
    """The source holds again what it held before, unless the user has changed it since; the marks are gone."""
    with settings_of(source) as held:
        if not obs.obs_data_has_user_value(held, BEFORE_KEY):
            return
        before = _get(held, BEFORE_KEY, role)
        untouched = _get(held, SHOWN[role], role) == _get(held, WRITTEN_KEY, role)
        for key in (CHOSEN_KEY, BEFORE_KEY, WRITTEN_KEY):  # an update only adds
            obs.obs_data_erase(held, key)
    if untouched:
        with new_data() as data:
            _set(data, SHOWN[role], before)
            obs.obs_source_update(source, data)


def _get(data: Any, key: str, role: str) -> Shown:
    if role == OWN_COLOR:
        return int(obs.obs_data_get_int(data, key)) & 0xFFFFFFFF
    return str(obs.obs_data_get_string(data, key))


def _set(data: Any, key: str, value: Shown) -> None:
    if isinstance(value, int):
        obs.obs_data_set_int(data, key, value)
    else:
        obs.obs_data_set_string(data, key, value)
