"""What a user sends along who asks for help: the state and the last messages, without anybody's name. Knows no file and no OBS.

Rules a maintainer must keep:
1. What isn't known to be harmless is not written: a text is kept by its key, or masked. Names and IDs become marks that are the
   same within one report, so that a replay still sees who is who, and differ from one report to the next.
2. No token, address, or path is in it. Settings with free text say only whether they are set.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vmsc_core.json_text import parse
from vmsc_core.kick.session import Message
from vmsc_core.known import KnownChannel
from vmsc_core.settings import FIELDS
from vmsc_core.state import Entry, State

VERSION = 1

KEPT = frozenset({"type", "badge_type", "created_at", "started_at", "start_time", "expires_at", "ends_at", "status", "provider"})
"""Keys whose texts say nothing of a person, when they look harmless."""

_HARMLESS = re.compile(r"[\w .:+-]{0,40}", re.ASCII)
_NAMES = re.compile(r"user|name|slug|host|gift|sender|broadcaster|banned", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![v\d])\d+", re.ASCII)
_EVENT = re.compile(r"[\w\\/.: -]{0,100}", re.ASCII)


class Masks:
    """Marks in place of names and IDs: the same thing gets the same mark, for one `salt`."""

    def __init__(self, salt: str) -> None:
        self._salt = salt

    def name(self, text: str) -> str:
        """A person's name or an ID that is a text."""
        return f"name{self._digest(text.lower()) % 10**8:08}" if text else ""

    def number(self, value: int) -> int:
        """An ID."""
        return self._digest(str(value)) % 9_000_000 + 1_000_000

    def channel(self, text: str) -> str:
        """A topic, whose digits are an ID, but for those of a version (.v2)."""
        return _DIGITS.sub(lambda match: str(self.number(int(match.group()))), text) if _EVENT.fullmatch(text) else ""

    def data(self, value: Any, key: str = "", depth: int = 0) -> Any:
        """The data of a message, at any depth; a text that is JSON stays one."""
        if depth > 20:
            return None
        if isinstance(value, dict):
            rows = list(value.items())[:100]
            return {name[:40]: self.data(row, name, depth + 1) for name, row in rows if _EVENT.fullmatch(name)}
        if isinstance(value, list):
            return [self.data(row, key, depth + 1) for row in value[:100]]
        if isinstance(value, str):
            return self._text(value, key, depth)
        if isinstance(value, int) and not isinstance(value, bool) and _is_id(key):
            return self.number(value)
        return value if value is None or isinstance(value, (bool, int, float)) else None

    def _text(self, value: str, key: str, depth: int) -> str:
        if value[:1] in ("{", "["):
            parsed = parse(value)
            if isinstance(parsed, (dict, list)):
                return json.dumps(self.data(parsed, key, depth + 1), separators=(",", ":"))
        if key in KEPT and _HARMLESS.fullmatch(value):
            return value
        if _is_id(key):
            return str(self.number(int(value))) if value.isascii() and value.isdigit() and len(value) < 20 else self.name(value)
        return self.name(value) if _NAMES.search(key) and len(value) <= 64 else "*" * min(len(value), 500)

    def _digest(self, text: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{self._salt}\0{text}".encode("utf-8", "replace")).digest()[:8], "big")


@dataclass(frozen=True)
class Facts:
    """All that a report is made of. `values` are the settings, `now` and the messages' times monotonic seconds."""

    versions: Mapping[str, str]
    values: Mapping[str, Any]
    state: State
    now: float
    history: Sequence[Entry] = ()
    messages: Sequence[tuple[float, Message]] = ()
    channel: KnownChannel | None = None


def report(facts: Facts, salt: str) -> str:
    """The report: JSON, of several lines. `salt` must not be guessable; it isn't in the report."""
    masks, state, channel = Masks(salt), facts.state, facts.channel
    return json.dumps(
        {
            "vmsc_report": VERSION,
            "versions": dict(facts.versions),
            "settings": _settings(facts.values, masks),
            "state": {
                "status": state.status.value,
                "reason": state.reason.key if state.reason else None,
                "live": state.live,
                "followers": state.followers,
                "events": state.count,
                "attempt": state.attempt,
                "connected_for": round(facts.now - state.since, 1) if state.since is not None else None,
            },
            "channel": {
                "name": masks.name(state.name),
                "chatroom_id": masks.number(channel.chatroom_id) if channel else None,
                "channel_id": masks.number(channel.channel_id) if channel and channel.channel_id is not None else None,
            },
            "history": [
                [entry.at, entry.status.value if entry.status else None, entry.reason.key if entry.reason else None]
                for entry in facts.history
            ],
            "messages": [
                {
                    "ago": round(facts.now - at, 2),
                    "event": message.event if _EVENT.fullmatch(message.event) else "*",
                    "channel": masks.channel(message.channel),
                    "data": masks.data(message.data),
                }
                for at, message in facts.messages
            ],
        },
        indent=1,
    )


@dataclass(frozen=True)
class Story:
    """What a report tells for a replay: the IDs it calls the channel by, and each message with the seconds before it."""

    chatroom_id: int
    channel_id: int | None
    messages: Sequence[tuple[float, Message]] = field(default_factory=tuple)


def read_report(text: str) -> Story | None:
    """The story in a report; None when it is none, or one without a channel."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    channel = found.get("channel") if isinstance(found, dict) and found.get("vmsc_report") == VERSION else None
    if not isinstance(channel, dict) or not isinstance(channel.get("chatroom_id"), int):
        return None
    rows = found.get("messages")
    messages, before = [], None
    for row in rows if isinstance(rows, list) else []:
        if not (isinstance(row, dict) and isinstance(row.get("event"), str) and isinstance(row.get("channel"), str)):
            continue
        ago = row.get("ago")
        ago = float(ago) if isinstance(ago, (int, float)) else 0.0
        messages.append(
            (max(0.0, before - ago) if before is not None else 0.0, Message(row["event"], row["channel"], row.get("data")))
        )
        before = ago
    channel_id = channel.get("channel_id")
    return Story(channel["chatroom_id"], channel_id if isinstance(channel_id, int) else None, tuple(messages))


def _settings(values: Mapping[str, Any], masks: Masks) -> dict[str, Any]:
    """Ticks and choices as they are; of what was typed only whether it is there."""
    shown: dict[str, Any] = {}
    for one in FIELDS:
        value = values.get(one.key)
        if isinstance(value, bool) or (one.kind == "choice" and value in one.choices):
            shown[one.key] = value
        elif one.key == "username":
            shown[one.key] = masks.name(str(value or ""))
        else:
            shown[one.key] = "set" if value else ""
    return shown


def _is_id(key: str) -> bool:
    return key in ("id", "ids") or key.endswith(("_id", "_ids", "Id", "Ids", "ID", "IDs", "_ref"))
