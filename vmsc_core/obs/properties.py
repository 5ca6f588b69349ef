"""FIELDS → the properties page, and what the page says. Knows no connection.

Rules a maintainer must keep:
1. Nothing happens on a keystroke. A button changes the page it stands on (`refresh`) and returns the literal True.
2. No pointer to a page is kept.
3. Text from outside is escaped: OBS draws information rows as rich text.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any, Callable

import obspython as obs

from vmsc_core.obs.kinds import COLOR_FAMILIES, TEXT_FAMILIES
from vmsc_core.obs.pieces import names_of_others
from vmsc_core.settings import ADVANCED, BLOCKED, FIELDS, HIDDEN_DEFAULTS, Field

Buttons = Mapping[str, Callable[..., Any]]
"""Button key → module-level callback of vmsc_obs.py."""

WELCOME = "Type your Kick username, press <b>Connect</b>, then <b>Add status card</b>."
COMMAND = "install_command"
"""The setting behind the field that shows a command: text in a field can be copied, text in an information row cannot."""

GROUPS = ((BLOCKED, "If Kick blocks the look-up"), (ADVANCED, "Advanced"))


def set_defaults(settings: Any) -> None:
    """The default of every setting."""
    for field in FIELDS:
        _set_default(settings, field.key, field.default)
    for key, value in HIDDEN_DEFAULTS.items():
        _set_default(settings, key, value)


def _set_default(settings: Any, key: str, value: Any) -> None:
    if isinstance(value, bool):
        obs.obs_data_set_default_bool(settings, key, value)
    else:
        obs.obs_data_set_default_string(settings, key, value)


def values_of(settings: Any) -> dict[str, Any]:
    """Everything the page and the hidden settings hold, key → value."""
    defaults = {**{field.key: field.default for field in FIELDS}, **HIDDEN_DEFAULTS}
    return {
        key: obs.obs_data_get_bool(settings, key) if isinstance(default, bool) else obs.obs_data_get_string(settings, key)
        for key, default in defaults.items()
    }


def build(buttons: Buttons) -> Any:
    """A new page; `refresh` fills in what changes."""
    page = obs.obs_properties_create()
    obs.obs_properties_add_text(page, "welcome", WELCOME, obs.OBS_TEXT_INFO)
    groups = {key: obs.obs_properties_create() for key, _ in GROUPS}
    for field in FIELDS:
        if field.group != BLOCKED:  # those rows come with the first `refresh`
            _add_field(groups.get(field.group, page), field)
        if field.key == "username":
            obs.obs_properties_add_button(page, "connect", "Connect", buttons["connect"])
            obs.obs_properties_add_button(page, "disconnect", "Disconnect", buttons["disconnect"])
            obs.obs_properties_add_button(page, "connect_again", "Connect again", buttons["connect"])
            obs.obs_properties_add_button(page, "add_card", "Add status card to current scene", buttons["add_card"])
            obs.obs_properties_add_text(page, "status", "", obs.OBS_TEXT_INFO)
            # Of several lines: one line would show only the end of a command that must be read and copied whole.
            obs.obs_properties_add_text(page, COMMAND, "Command", obs.OBS_TEXT_MULTILINE)
            obs.obs_properties_add_button(page, "refresh", "Refresh this page", buttons["refresh"])
    obs.obs_properties_add_text(page, "history", "", obs.OBS_TEXT_INFO)
    for key, title in GROUPS:
        obs.obs_properties_add_group(page, key, title, obs.OBS_GROUP_NORMAL, groups[key])
    return page


def refresh(page: Any, told: Mapping[str, Any], buttons: Buttons) -> None:
    """Brings a page up to date. `told` is what Script.told gives."""
    wanted = told["wanted"]
    _visible(page, "welcome", told["first_run"])
    _visible(page, "connect", told["failed"] or not wanted)
    _visible(page, "disconnect", wanted)
    _visible(page, "connect_again", wanted and not told["failed"])
    _visible(page, COMMAND, told["command"])
    status = obs.obs_properties_get(page, "status")
    if status is not None:
        obs.obs_property_set_description(status, rich(told["lines"]))
        obs.obs_property_text_set_info_type(status, obs.OBS_TEXT_INFO_WARNING if told["trouble"] else obs.OBS_TEXT_INFO_NORMAL)
    _title(page, "history", rich(told["history"]))
    _visible(page, "history", bool(told["history"]))
    for field in FIELDS:
        row = obs.obs_properties_get(page, field.key)
        if field.kind in ("text_source", "color_source") and row is not None:
            obs.obs_property_list_clear(row)
            _add_choices(row, field, told["chosen"][field.key])
    if not follow_address(page, told["lookup_page"]):
        _add_lookup_rows(page, buttons, told["lookup_page"])


def follow_address(page: Any, address: str) -> bool:
    """Whether "Open look-up page" opens `address`. If it would open another one, it asks the script instead."""
    button = obs.obs_properties_get(page, "open_lookup")
    if button is None or not hasattr(obs, "obs_property_button_set_url"):
        return button is not None
    right = bool(obs.obs_property_button_url(button) == address)
    obs.obs_property_button_set_type(button, obs.OBS_BUTTON_URL if right else obs.OBS_BUTTON_DEFAULT)
    return right


def _add_lookup_rows(page: Any, buttons: Buttons, address: str) -> None:
    """A new button for a new address: OBS never frees the one a button had before (libobs/obs-properties.c).

    What stands below the button is made anew with it, since a new row goes to the end.
    """
    group = obs.obs_property_group_content(obs.obs_properties_get(page, BLOCKED))
    fields = [field for field in FIELDS if field.group == BLOCKED]
    for key in ("open_lookup", *(field.key for field in fields), "use_paste"):
        obs.obs_properties_remove_by_name(group, key)
    button = obs.obs_properties_add_button(group, "open_lookup", "1. Open look-up page", buttons["open_lookup"])
    if hasattr(obs, "obs_property_button_set_url"):
        obs.obs_property_button_set_type(button, obs.OBS_BUTTON_URL)
        obs.obs_property_button_set_url(button, address)
    for field in fields:
        _add_field(group, field)
    obs.obs_properties_add_button(group, "use_paste", "3. Use the pasted text", buttons["use_paste"])


def rich(lines: Iterable[str]) -> str:
    """Lines of plain text as the rich text OBS draws."""
    return "<br>".join(html.escape(line) for line in lines)


def _add_field(page: Any, field: Field) -> None:
    if field.kind == "bool":
        row = obs.obs_properties_add_bool(page, field.key, field.label)
    elif field.kind in ("text", "long_text"):
        # A field of one line cuts a pasted page after 32,767 characters.
        kind = obs.OBS_TEXT_MULTILINE if field.kind == "long_text" else obs.OBS_TEXT_DEFAULT
        row = obs.obs_properties_add_text(page, field.key, field.label, kind)
    else:
        row = obs.obs_properties_add_list(page, field.key, field.label, obs.OBS_COMBO_TYPE_LIST, obs.OBS_COMBO_FORMAT_STRING)
        _add_choices(row, field)
    if field.help:
        obs.obs_property_set_long_description(row, field.help)


def _add_choices(row: Any, field: Field, chosen: str = "") -> None:
    for title, value in _choices(field, chosen):
        obs.obs_property_list_add_string(row, title, value)


def _choices(field: Field, chosen: str) -> list[tuple[str, str]]:
    if field.kind == "choice":
        return [(title, value) for value, title in field.choices]
    names = names_of_others(TEXT_FAMILIES if field.kind == "text_source" else COLOR_FAMILIES)
    # OBS takes the first entry when the setting is not on the list: what is chosen is on it, whether it is there or not.
    gone = [(f"{chosen} (not there)", chosen)] if chosen and chosen not in names else []
    return [("The status card", ""), *((name, name) for name in names), *gone]


def _visible(page: Any, key: str, visible: bool) -> None:
    row = obs.obs_properties_get(page, key)
    if row is not None:
        obs.obs_property_set_visible(row, visible)


def _title(page: Any, key: str, title: str) -> None:
    row = obs.obs_properties_get(page, key)
    if row is not None:
        obs.obs_property_set_description(row, title)
