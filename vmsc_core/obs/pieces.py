"""The card's own sources: their roles, their names, and where they are when the user renamed them. Knows no layout."""

from __future__ import annotations

from typing import Any

import obspython as obs

from vmsc_core.obs.kinds import is_color, is_text, names_of
from vmsc_core.obs.references import all_sources, settings_of

ROLE_KEY = "vmsc_role"
"""In the settings of each piece of the card: which one it is. Survives renaming. Saved: it can't be changed any more."""

TEXT_ROLES = ("name", "title", "detail")
COLOR_ROLES = ("dot", "panel", "edge")
ROLES = (*TEXT_ROLES, *COLOR_ROLES)
CARD_NAME = "Kick status card"


def piece_name(role: str) -> str:
    """The name a piece of the card is created with."""
    return f"{CARD_NAME}: {role}"


def fits(source: Any, role: str) -> bool:
    """Whether the source is of a kind that can be that piece."""
    return is_color(source) if role in COLOR_ROLES else is_text(source)


def piece_names() -> dict[str, str]:
    """Role → the name of that piece; where there is none, the name it is created with. Goes through all sources."""
    return {**{role: piece_name(role) for role in ROLES}, **pieces_by_role()}


def pieces_by_role() -> dict[str, str]:
    """Role → name of every piece of the card there is; one under its first name wins over a copy."""
    found: dict[str, str] = {}
    with all_sources() as sources:
        for source in sources:
            if not is_text(source) and not is_color(source):
                continue
            with settings_of(source) as data:
                role = obs.obs_data_get_string(data, ROLE_KEY)
            name = obs.obs_source_get_name(source)
            if role in ROLES and (role not in found or name == piece_name(role)):
                found[role] = name
    return found


def names_of_others(families: tuple[str, ...]) -> list[str]:
    """The names of all inputs of these families but the card's own, sorted."""
    return [name for name in names_of(families) if not name.startswith(CARD_NAME)]
