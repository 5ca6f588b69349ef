"""Remembered channel IDs: read, written, newest last. Knows no file: OBS keeps the text with the script's settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vmsc_core.printable import printable

REMEMBERED_CHANNELS = 20
"""How many channels are kept; the oldest goes first."""


@dataclass(frozen=True)
class KnownChannel:
    """IDs that worked before. They never change for an account, so they may be used before any lookup."""

    chatroom_id: int
    channel_id: int | None = None
    name: str = ""


def read_known(text: Any) -> dict[str, KnownChannel]:
    """The remembered IDs out of their saved text, slug → KnownChannel. Anything damaged is left out; never raises."""
    try:
        rows = json.loads(text) if isinstance(text, str) and text else {}
    except (ValueError, RecursionError):
        return {}
    known: dict[str, KnownChannel] = {}
    for slug, row in rows.items() if isinstance(rows, dict) else ():
        if not isinstance(row, dict):
            continue
        chatroom_id, channel_id, name = row.get("chatroom_id"), row.get("channel_id"), row.get("name", "")
        if type(chatroom_id) is int and chatroom_id > 0 and (channel_id is None or (type(channel_id) is int and channel_id > 0)):
            known[slug] = KnownChannel(chatroom_id, channel_id, printable(name) if isinstance(name, str) else "")
    return known


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
