"""Finding, reading and writing OBS sources. Knows the card's roles, not what is written."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

import obspython as obs

from vmsc_core.card.painter import COLOR_ROLES, OWN_COLOR, OWN_TEXT
from vmsc_core.obs import keepsake
from vmsc_core.obs.references import all_sources, new_data, settings_of, source_named

ROLE_KEY = "vmsc_role"
"""In the settings of each piece of the card: which one it is. Survives renaming."""

ROLES = ("name", "title", "detail", "dot", "panel", "edge")
CARD_NAME = "Kick status card"
TEXT_KINDS = ("text_gdiplus_v3", "text_gdiplus_v2", "text_ft2_source_v2")
"""The first one OBS knows is the platform's: GDI+ on Windows, FreeType elsewhere."""

INKS = ("color", "color1", "color2")
"""Where a text source keeps its colour: GDI+ reads the first, FreeType the two others."""

COLOR_KIND = "color_source_v3"
TEXT_FAMILIES = ("text_gdiplus", "text_ft2_source")
COLOR_FAMILY = "color_source"
SEARCH_EVERY = 5.0
"""Seconds between two searches through all sources for a piece that is not there under its name."""


def piece_name(role: str) -> str:
    """The name a piece of the card is created with."""
    return f"{CARD_NAME}: {role}"


def text_kind() -> str:
    """The id of this platform's text source."""
    for kind in TEXT_KINDS:
        if obs.obs_source_get_display_name(kind) is not None:
            return kind
    return TEXT_KINDS[-1]


def names_of_kind(families: tuple[str, ...]) -> list[str]:
    """Names of all inputs of these kinds but the card's own, sorted."""
    with all_sources() as sources:
        found = [obs.obs_source_get_name(s) for s in sources if obs.obs_source_get_unversioned_id(s) in families]
    return sorted((name for name in found if not name.startswith(CARD_NAME)), key=str.lower)


def to_obs_color(color: int, alpha: int) -> int:
    """0xRRGGBB and 0–255 → OBS's 0xAABBGGRR."""
    red, green, blue = color >> 16 & 255, color >> 8 & 255, color & 255
    return alpha << 24 | blue << 16 | green << 8 | red


def from_obs_color(value: int) -> tuple[int, int]:
    """OBS's 0xAABBGGRR → 0xRRGGBB and alpha."""
    return (value & 255) << 16 | (value >> 8 & 255) << 8 | value >> 16 & 255, value >> 24 & 255


def set_ink(data: Any, color: int) -> None:
    """Puts the colour of a text (0xRRGGBB) into its settings, for whichever kind of text source."""
    for key in INKS:
        obs.obs_data_set_int(data, key, to_obs_color(color, 255))


class ObsSources:
    """The painter's port. Looks sources up by name each time; holds no reference."""

    def __init__(self, text_source: str = "", color_source: str = "") -> None:
        chosen = {OWN_TEXT: text_source, OWN_COLOR: color_source}
        self._chosen = {role: name for role, name in chosen.items() if name}
        self._names = {**{role: piece_name(role) for role in ROLES}, **self._chosen}
        self._search_at = 0.0
        self.written: dict[str, keepsake.Shown] = {}
        """Role → what was written last on a source of the user's own."""
        self.renamed = False
        """Set when a chosen source has been found under another name: the setting should follow."""

    @property
    def own(self) -> tuple[str, ...]:
        """The roles of sources that the user chose beside the card: OWN_TEXT, OWN_COLOR."""
        return tuple(self._chosen)

    def write_text(self, role: str, text: str, ink: int | None = None) -> bool:
        """Puts a text, and with `ink` its colour (0xRRGGBB), on the source of that role; False when there is none."""
        with self._source(role) as source:
            if source is None:
                return False
            with new_data() as data:
                obs.obs_data_set_string(data, "text", text)
                if ink is not None:
                    set_ink(data, ink)
                self._keep(role, source, data)
                obs.obs_source_update(source, data)
            return True

    def write_color(self, role: str, color: int, alpha: int) -> bool:
        """Puts a colour (0xRRGGBB, alpha 0–255) on the source of that role; False when there is none."""
        with self._source(role) as source:
            if source is None:
                return False
            with new_data() as data:
                obs.obs_data_set_int(data, "color", to_obs_color(color, alpha))
                self._keep(role, source, data)
                obs.obs_source_update(source, data)
            return True

    def read(self, role: str) -> object | None:
        """What the source shows: a text, (text, ink) for the title, (colour, alpha) for a colour; None when there is none."""
        with self._source(role) as source:
            if source is None:
                return None
            with settings_of(source) as data:
                if role in COLOR_ROLES:
                    return from_obs_color(obs.obs_data_get_int(data, "color") & 0xFFFFFFFF)
                text = str(obs.obs_data_get_string(data, "text"))
                return (text, from_obs_color(obs.obs_data_get_int(data, INKS[0]) & 0xFFFFFFFF)[0]) if role == "title" else text

    def leave(self, still_chosen: Container[str] = ()) -> None:
        """Writes on no source of the user's own any more, and gives back what they held, but for those `still_chosen`."""
        for role in self.own:
            chosen = self._chosen.pop(role)
            self._names.pop(role)
            name = now_called(role, chosen, self.written.get(role))
            if chosen in still_chosen or name in still_chosen:
                continue
            with source_named(name) as source:
                if source is not None and _fits(source, role):
                    keepsake.give_back(source, role)

    def _keep(self, role: str, source: Any, data: Any) -> None:
        chosen = self._chosen.get(role)
        if chosen is not None:
            self.written[role] = keepsake.keep(source, role, chosen, data, first=role not in self.written)

    def name_of(self, role: str) -> str:
        """The name a source goes by, as far as is known."""
        return self._names[role]

    @contextmanager
    def _source(self, role: str) -> Iterator[Any]:
        with source_named(self._names.get(role, "")) as source:
            if source is not None and _fits(source, role):
                yield source
                return
        if role in self._names and self.search():
            with source_named(self._names.get(role, "")) as source:  # the UI thread may have left it meanwhile
                yield source if source is not None and _fits(source, role) else None
        else:
            yield None

    def search(self) -> bool:
        """Looks for sources that were renamed; rarely, since it goes through all of them. Whether it looked."""
        now = time.monotonic()
        if now < self._search_at:
            return False
        self._search_at = now + SEARCH_EVERY
        own = {role: now_called(role, name, self.written.get(role)) for role, name in self._chosen.items()}
        self._names = {**{role: piece_name(role) for role in ROLES}, **pieces_by_role(), **own}
        self.renamed = own != self._chosen
        return True


def _fits(source: Any, role: str) -> bool:
    """Whether it is of a kind that can be written in that role."""
    return obs.obs_source_get_unversioned_id(source) in ((COLOR_FAMILY,) if role in COLOR_ROLES else TEXT_FAMILIES)


def now_called(role: str, chosen: str, written: keepsake.Shown | None = None) -> str:
    """The name that the source goes by which the user chose as `chosen`; `chosen` itself when it is nowhere.

    A copy has the marks too: the one under the chosen name wins, then the one that shows what was `written` last.
    """
    with source_named(chosen) as source:
        if source is not None and _fits(source, role):
            return chosen
    found = ""
    with all_sources() as sources:
        for source in sources:
            shown = keepsake.kept_for(source, role, chosen) if _fits(source, role) else None
            if shown is not None and (not found or shown == written):
                found = str(obs.obs_source_get_name(source))
    return found or chosen


def pieces_by_role() -> dict[str, str]:
    """Role → name of every piece of the card there is; one under its first name wins over a copy."""
    found: dict[str, str] = {}
    with all_sources() as sources:
        for source in sources:
            if obs.obs_source_get_unversioned_id(source) not in (*TEXT_FAMILIES, COLOR_FAMILY):
                continue
            with settings_of(source) as data:
                role = obs.obs_data_get_string(data, ROLE_KEY)
            name = obs.obs_source_get_name(source)
            if role in ROLES and (role not in found or name == piece_name(role)):
                found[role] = name
    return found
