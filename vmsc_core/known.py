"""Remembered channel IDs: read, written, newest last. Knows no file: OBS keeps the text with the script's settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vmsc_core.json_text import LARGEST_NUMBER, parse
from vmsc_core.printable import printable

REMEMBERED_CHANNELS = 20
"""How many channels are kept; the oldest goes first."""

LONGEST_TEXT = 64 * 1024
"""Characters of the saved text: a scene collection of somebody else's may hold anything in its place."""

LONGEST_NAME = 64
"""Characters of a slug and of a name."""


@dataclass(frozen=True)
class KnownChannel:
    """IDs that worked before. They never change for an account, so they may be used before any lookup."""

    chatroom_id: int
    channel_id: int | None = None
    name: str = ""


def read_known(text: Any) -> dict[str, KnownChannel]:
    """The remembered IDs out of their saved text, slug → KnownChannel. Anything damaged is left out; never raises.

    To be called once, when the settings are loaded: what comes back is kept, changed by `remember` and saved by `write_known`.
    """
    rows = parse(text, LONGEST_TEXT) if isinstance(text, str) else None
    known: dict[str, KnownChannel] = {}
    for slug, row in list(rows.items())[-REMEMBERED_CHANNELS:] if isinstance(rows, dict) else ():
        if not isinstance(row, dict) or len(slug) > LONGEST_NAME:
            continue
        chatroom_id, channel_id, name = _id(row.get("chatroom_id")), _id(row.get("channel_id")), row.get("name", "")
        if chatroom_id is not None and (channel_id is not None or row.get("channel_id") is None):
            known[slug] = KnownChannel(chatroom_id, channel_id, printable(name[:LONGEST_NAME]) if isinstance(name, str) else "")
    return known


def _id(value: Any) -> int | None:
    return value if type(value) is int and 0 < value <= LARGEST_NUMBER else None


def write_known(known: Mapping[str, KnownChannel]) -> str:
    """The remembered IDs as the text that is saved; only the newest REMEMBERED_CHANNELS."""
    rows = list(known.items())[-REMEMBERED_CHANNELS:]
    return json.dumps({slug: {"chatroom_id": k.chatroom_id, "channel_id": k.channel_id, "name": k.name} for slug, k in rows})


def remember(known: Mapping[str, KnownChannel], slug: str, row: KnownChannel) -> Mapping[str, KnownChannel]:
    """`known` with this channel as its newest; `known` itself when it holds exactly that already.

    A new mapping, never a changed one: another thread may be reading the old one.
    """
    if not slug or known.get(slug) == row:
        return known
    rows = {**{other: kept for other, kept in known.items() if other != slug}, slug: row}
    return dict(list(rows.items())[-REMEMBERED_CHANNELS:])
