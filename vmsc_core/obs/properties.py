"""A Page → OBS's properties: drawn once, then only what differs. Knows not one row by name.

Rules a maintainer must keep:
1. Nothing is drawn on a keystroke. A button brings the page it stands on up to date and returns the literal True.
2. No pointer to a page is kept: what is drawn is read back.
3. Text from outside is escaped: OBS draws information rows as rich text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

import obspython as obs

from vmsc_core.page import Kind, Page, Row, Tone

Callbacks = Mapping[str, Callable[..., Any]]
"""Row.action → module-level callback of vmsc_obs.py."""

INPUTS = {Kind.INFO: obs.OBS_TEXT_INFO, Kind.TEXT: obs.OBS_TEXT_DEFAULT, Kind.LONG_TEXT: obs.OBS_TEXT_MULTILINE}
"""A field of one line cuts a pasted page after 32,767 characters, one of several lines does not."""


def build(page: Page, callbacks: Callbacks) -> Any:
    """A new page in OBS."""
    drawn = obs.obs_properties_create()
    for row in page.rows:
        _add(drawn, row, callbacks)
    return drawn


def refresh(drawn: Any, page: Page, callbacks: Callbacks) -> None:
    """Changes a page in OBS where it differs from `page`."""
    # A new row goes to the end: where one must be made again, all below it are.
    keep = next((place for place, row in enumerate(page.rows) if not _can_stay(drawn, row)), len(page.rows))
    for row in page.rows[keep:]:
        obs.obs_properties_remove_by_name(drawn, row.key)
    for row in page.rows[:keep]:
        _change(drawn, row)
    for row in page.rows[keep:]:
        _add(drawn, row, callbacks)


def retell(drawn: Any, page: Page) -> None:
    """As refresh, but makes no row: none of these calls needs the running script, which OBS may have taken away meanwhile.

    OBS keeps it in one variable for all threads. A turn of the timer that ends while a button's callback waits can empty it,
    and then what takes a callback of ours (obs_properties_add_button) reads through a null pointer; see obs/turns.py.
    """
    for row in page.rows:
        if _can_stay(drawn, row):
            _change(drawn, row)


def follow_address(drawn: Any, key: str, address: str) -> None:
    """While something is being typed: a LINK that would open anything but `address` calls its action instead."""
    button = obs.obs_properties_get(drawn, key)
    if button is not None and _can_open():
        _set_button_type(button, address)


def _can_stay(drawn: Any, row: Row) -> bool:
    """A button keeps its first address for good: OBS never frees the one it had before (libobs/obs-properties.c)."""
    there = obs.obs_properties_get(drawn, row.key)
    return there is not None and (row.kind is not Kind.LINK or not _can_open() or _opens(there, row.address))


def _add(drawn: Any, row: Row, callbacks: Callbacks) -> None:
    if row.kind in (Kind.BUTTON, Kind.LINK):
        button = obs.obs_properties_add_button(drawn, row.key, row.label, callbacks[row.action])
        if row.kind is Kind.LINK and _can_open():
            obs.obs_property_button_set_url(button, row.address)
    elif row.kind is Kind.TICK:
        obs.obs_properties_add_bool(drawn, row.key, row.label)
    elif row.kind is Kind.LIST:
        obs.obs_properties_add_list(drawn, row.key, row.label, obs.OBS_COMBO_TYPE_LIST, obs.OBS_COMBO_FORMAT_STRING)
    else:
        obs.obs_properties_add_text(drawn, row.key, _label(row), INPUTS[row.kind])
    if row.action and row.kind not in (Kind.BUTTON, Kind.LINK):
        obs.obs_property_set_modified_callback(obs.obs_properties_get(drawn, row.key), callbacks[row.action])
    _change(drawn, row)


def _change(drawn: Any, row: Row) -> None:
    there = obs.obs_properties_get(drawn, row.key)
    if obs.obs_property_description(there) != _label(row):
        obs.obs_property_set_description(there, _label(row))
    if (obs.obs_property_long_description(there) or "") != row.help:
        obs.obs_property_set_long_description(there, row.help)
    if obs.obs_property_visible(there) != row.visible:
        obs.obs_property_set_visible(there, row.visible)
    if obs.obs_property_enabled(there) != row.enabled:
        obs.obs_property_set_enabled(there, row.enabled)
    if row.kind is Kind.LIST and _entries(there) != row.choices:
        obs.obs_property_list_clear(there)
        for value, title in row.choices:
            obs.obs_property_list_add_string(there, title, value)
    elif row.kind is Kind.LINK and _can_open():
        _set_button_type(there, row.address)


def _label(row: Row) -> str:
    """What is drawn. An information row is rich text, and says so: without a tag Qt would draw the escapes.

    What is meant as a warning begins in bold: OBS's own orange and red are hard to read (2.1:1 in its Light theme).
    """
    if row.kind is not Kind.INFO:
        return row.label
    lines = [_escaped(line) for line in row.label.splitlines()]
    if row.tone is Tone.WARNING and lines:
        lines[0] = f"<b>{lines[0]}</b>"
    return f"<qt>{'<br>'.join(lines)}</qt>"


def _escaped(text: str) -> str:
    """`text` as rich text shows it. Python's `html` would bring the names of 2,231 characters: 0.7 MiB."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _entries(there: Any) -> tuple[tuple[str, str], ...]:
    places = range(obs.obs_property_list_item_count(there))
    return tuple((obs.obs_property_list_item_string(there, at), obs.obs_property_list_item_name(there, at)) for at in places)


def _can_open() -> bool:
    return hasattr(obs, "obs_property_button_set_url")


def _opens(button: Any, address: str) -> bool:
    return bool(obs.obs_property_button_url(button) == address)


def _set_button_type(button: Any, address: str) -> None:
    kind = obs.OBS_BUTTON_URL if _opens(button, address) else obs.OBS_BUTTON_DEFAULT
    if obs.obs_property_button_type(button) != kind:
        obs.obs_property_button_set_type(button, kind)
