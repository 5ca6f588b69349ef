"""The card's own sources: their roles, their names, and where they are when the user renamed them. Knows no layout."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import obspython as obs

from vmsc_core.obs.kinds import is_color, is_text, names_of
from vmsc_core.obs.references import all_sources, identity_of, items_of, settings_of

ROLE_KEY = "vmsc_role"
"""In the settings of each piece of the card: which one it is. Survives renaming. Saved: it can't be changed any more."""

LOOK_KEY, LOOK = "vmsc_look", 2
"""Also there: the version of the card's looks that the piece has; none in those of version 0.1.0."""

CANVAS_KEY = "vmsc_canvas"
"""Also there: the canvas it was made for, like 1920x1080."""

TEXT_ROLES = ("name", "title", "detail")
COLOR_ROLES = ("dot", "badge", "hole", "panel", "edge")
ROLES = (*TEXT_ROLES, *COLOR_ROLES)
CARD_NAME, OLD_CARD_NAME = "Kick card", "Kick status card"
"""What the card's group is made as, and what version 0.1.0 made it as."""


def piece_name(role: str) -> str:
    """The name a piece of the card is created with."""
    return f"{CARD_NAME}: {role}"


def first_names(role: str) -> tuple[str, str]:
    """The names that a piece of the card was created with, in this version and in 0.1.0."""
    return piece_name(role), f"{OLD_CARD_NAME}: {role}"


def fits(source: Any, role: str) -> bool:
    """Whether the source is of a kind that can be that piece."""
    return is_color(source) if role in COLOR_ROLES else is_text(source)


@dataclass(frozen=True)
class Found:
    """A piece of the card: its name, and what it is known by (references.identity_of), empty when it was not seen."""

    name: str
    identity: str = ""


def find_pieces() -> dict[str, Found]:
    """Role → every piece of the card there is. Goes through all sources.

    A copy of a piece has its role too. The one inside the card's group wins, then the one under its first name.
    """
    found: dict[str, list[tuple[str, int, str]]] = {}
    groups: list[tuple[bool, set[int]]] = []
    with all_sources() as sources:
        for source in sources:
            name = str(obs.obs_source_get_name(source))
            if obs.obs_source_is_group(source):
                groups.append((name in (CARD_NAME, OLD_CARD_NAME), _inside(source)))
            elif is_text(source) or is_color(source):
                with settings_of(source) as data:
                    role = str(obs.obs_data_get_string(data, ROLE_KEY))
                if role in ROLES and fits(source, role):
                    found.setdefault(role, []).append((name, int(source), identity_of(source)))
    card = _card_among(groups, found)

    def rank(piece: tuple[str, int, str], role: str) -> tuple[bool, bool, int, str]:
        name, place, _ = piece
        return place not in card, name not in first_names(role), len(name), name

    best = {role: min(pieces, key=partial(rank, role=role)) for role, pieces in found.items()}
    return {role: Found(name, identity) for role, (name, _, identity) in best.items()}


def pieces_by_role() -> dict[str, str]:
    """Role → name of every piece of the card there is; see `find_pieces`."""
    return {role: piece.name for role, piece in find_pieces().items()}


def _inside(group: Any) -> set[int]:
    """The places in memory of the sources in a group; they only mean something while all sources are held."""
    scene = obs.obs_group_from_source(group)
    if scene is None:
        return set()
    with items_of(scene) as items:
        return {int(obs.obs_sceneitem_get_source(item)) for item in items}


def _card_among(groups: list[tuple[bool, set[int]]], found: dict[str, list[tuple[str, int, str]]]) -> set[int]:
    """What is inside the card's group: the one with its first name, or else with the most of its roles."""

    def rank(group: tuple[bool, set[int]]) -> tuple[bool, bool, int]:
        has_first_name, inside = group
        roles = sum(any(place in inside for _, place, _ in pieces) for pieces in found.values())
        return roles > 0, has_first_name, roles

    return max(groups, key=rank, default=(False, set()))[1]


def names_of_others(families: tuple[str, ...]) -> list[str]:
    """The names of all inputs of these families but the card's own, sorted."""
    return [name for name in names_of(families) if not name.startswith((f"{CARD_NAME}: ", f"{OLD_CARD_NAME}: "))]
