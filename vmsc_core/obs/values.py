"""The script's settings in OBS ↔ plain values, key → value. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import obspython as obs

from vmsc_core.page import texts_only
from vmsc_core.rules.fields import DEFAULTS as EDITOR_DEFAULTS
from vmsc_core.settings import FIELDS, HIDDEN_DEFAULTS

DEFAULTS: Mapping[str, Any] = {**{field.key: field.default for field in FIELDS}, **HIDDEN_DEFAULTS, **EDITOR_DEFAULTS}


def set_defaults(settings: Any) -> None:
    """The default of every setting."""
    for key, value in DEFAULTS.items():
        if isinstance(value, bool):
            obs.obs_data_set_default_bool(settings, key, value)
        else:
            obs.obs_data_set_default_string(settings, key, value)


def read_values(settings: Any) -> dict[str, Any]:
    """Everything the page and the hidden settings hold."""
    return {
        key: obs.obs_data_get_bool(settings, key) if isinstance(default, bool) else obs.obs_data_get_string(settings, key)
        for key, default in DEFAULTS.items()
    }


def write_values(settings: Any, values: Mapping[str, Any]) -> None:
    """Puts these values into the settings, booleans and texts. OBS calls no script_update for it."""
    for key, value in values.items():
        if isinstance(value, bool):
            obs.obs_data_set_bool(settings, key, value)
        else:
            obs.obs_data_set_string(settings, key, value)


def erase_texts(settings: Any) -> None:
    """Takes out what the settings hold under the keys of rows that are only to be read.

    OBS would draw it there, as rich text, in place of ours: a scene collection of somebody else's could show a false sign-in.
    """
    for key in texts_only():
        obs.obs_data_erase(settings, key)
