"""A source of the user's own that gets the card's text or its color too, and gets its own back. Knows no card."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import obspython as obs

from vmsc_core.card.painter import USER_COLOR, Content
from vmsc_core.obs.kinds import is_color, is_text, put
from vmsc_core.obs.references import all_sources, new_data, source_named
from vmsc_core.obs.restore import Value, find, remember, restore


class UserSource:
    """The source that was chosen under the name `chosen` for `role`, which is USER_TEXT or USER_COLOR."""

    def __init__(self, role: str, chosen: str) -> None:
        self.role = role
        self.chosen = chosen
        self.name = chosen
        """What it is called, as of the last `search`."""
        self.written: Value | None = None
        """What was written on it last; None before the first time."""
        self._left = False

    def search(self) -> bool:
        """Looks for it under another name; whether it has one. Goes through all sources."""
        self.name = current_name(self.role, self.chosen, self.written)
        return self.name != self.chosen

    def write(self, source: Any, content: Content) -> bool:
        """Puts the content on it, with what `leave` needs; False once it was left."""
        with new_data() as data:
            put(data, content)
            written = remember(source, self.chosen, data, first=self.written is None)
            if self._left:  # by the UI thread, a moment ago
                return False
            self.written = written
            obs.obs_source_update(source, data)
        return True

    def leave(self, still_chosen: Container[str] = ()) -> None:
        """Writes on it no more, and restores what it showed, unless it is among those `still_chosen`."""
        self._left = True
        name = current_name(self.role, self.chosen, self.written)
        if self.chosen in still_chosen or name in still_chosen:
            return
        with source_named(name) as source:
            if source is not None and fits(source, self.role):
                restore(source)


def fits(source: Any, role: str) -> bool:
    """Whether the source is of a kind that can show what that role gets."""
    return is_color(source) if role == USER_COLOR else is_text(source)


def current_name(role: str, chosen: str, written: Value | None = None) -> str:
    """What the source is called now that was chosen as `chosen`; `chosen` itself when it is nowhere.

    A copy has the marks too: the one under the chosen name wins, then the one that shows what was `written` last.
    """
    with source_named(chosen) as source:
        if source is not None and fits(source, role):
            return chosen
    found = ""
    with all_sources() as sources:
        for source in sources:
            shown = find(source, chosen) if fits(source, role) else None
            if shown is not None and (not found or shown == written):
                found = str(obs.obs_source_get_name(source))
    return found or chosen
