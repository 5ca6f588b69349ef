"""The masks that give the card's color sources their shapes. Knows which piece has which picture, not where it lies."""

from __future__ import annotations

import os
from typing import Any

import obspython as obs

from vmsc_core.obs.references import filter_named, new_data, owned, settings_of, source_named
from vmsc_core.obs.sources import ObsSources

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pictures")
PICTURES = {"dot": "disc.png", "edge": "bar.png", "panel": "plate.png", "badge": "badge.png", "hole": "badge.png"}
"""Role → the picture whose alpha is that piece's shape."""

OLD_PICTURES = ("edge.png", "panel.png")
"""Those of version 0.1.0: its card keeps them until it is converted."""

DISC = PICTURES["dot"]
"""Also the panel's picture where it is round."""

MASK_FILTER = "mask_filter_v2"
MASK_NAME = "Kick card shape"
SEARCHES = 12
"""For a minute after the first mask was seen, renamed pieces are searched for; what is not there by then was deleted."""


def add_mask(source: Any, role: str) -> None:
    """Gives a piece its shape, or puts right the one it has; nothing for a piece without one."""
    if role not in PICTURES:
        return
    with new_data() as data:
        obs.obs_data_set_string(data, "type", "mask_alpha_filter.effect")
        obs.obs_data_set_string(data, "image_path", os.path.join(FOLDER, PICTURES[role]))
        obs.obs_data_set_bool(data, "stretch", True)
        with filter_named(source, MASK_NAME) as there:
            if there is not None:
                obs.obs_source_update(there, data)
                return
        with owned(obs.obs_source_create_private(MASK_FILTER, MASK_NAME, data)) as mask:
            if mask is not None:
                obs.obs_source_filter_add(source, mask)


def set_round(panel: Any, is_round: bool) -> None:
    """Makes the panel a disc, or a plate again. One whose shape was taken away, or is of version 0.1.0, stays as it is."""
    with filter_named(panel, MASK_NAME) as mask:
        if mask is None:
            return
        there = _path_of(mask)
        if _name_in(there) not in OLD_PICTURES:
            _point(mask, there, DISC if is_round else PICTURES["panel"])


class MaskPaths:
    """Points the masks of a card that is already there to this script's pictures, once: their paths are absolute.

    Without its picture OBS leaves a mask out, and the lime edge covers the card. Sources appear after the script has been
    loaded and one by one, so `repair` looks at one piece a turn until each has been seen.
    """

    def __init__(self) -> None:
        self._unseen = list(PICTURES)
        self._card_is_there = False
        self._searches = SEARCHES

    def repair(self, sources: ObsSources) -> None:
        """Looks at one piece, under the name by which `sources` know it. From the timer, once a turn."""
        if not self._unseen or self._searches == 0:
            return
        role = self._unseen.pop(0)
        with source_named(sources.name_of(role)) as source:
            seen = source is not None and _repair(source, role)
        if seen:
            self._card_is_there = True
            return
        self._unseen.append(role)
        if self._card_is_there and sources.search():
            self._searches -= 1


def _repair(source: Any, role: str) -> bool:
    """Whether the source has a mask; it then takes its shape from a picture in this folder."""
    with filter_named(source, MASK_NAME) as mask:
        if mask is None:
            return False
        there = _path_of(mask)
        name = _name_in(there)
        _point(mask, there, name if name in (*OLD_PICTURES, DISC) else PICTURES[role])
        return True


def _path_of(mask: Any) -> str:
    with settings_of(mask) as settings:
        return str(obs.obs_data_get_string(settings, "image_path"))


def _name_in(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _point(mask: Any, there: str, picture: str) -> None:
    """Gives a mask that has the path `there` the path of that picture."""
    path = os.path.join(FOLDER, picture)
    if there != path:
        with new_data() as data:
            obs.obs_data_set_string(data, "image_path", path)
            obs.obs_source_update(mask, data)
