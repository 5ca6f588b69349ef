"""A chat message's JSON as a ChatMessage: field by field, each in any shape. Knows nothing of what came before.

Chat is nearly all of what arrives, so a field in its ordinary shape (text that can be shown, within its limit; an integer) is
taken as it is, here and at once. Any other shape goes to json_values, which gives the same for the ordinary one: the short ways
save time and decide nothing (tests/kick/test_chat.py compares both for any JSON).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from vmsc_core.events import Badge, ChatMessage, Reply, with_emote_names
from vmsc_core.kick import json_values as read

MOST_BADGES = 20
"""Badges kept of one message. Kick shows about five."""

LONGEST_BADGE, LONGEST_LABEL = 40, 80
"""Characters of a badge's kind and of its text."""

LONGEST_ID = 64
LONGEST_COLOR = 16
LONGEST_TIME = 40
REMEMBERED = 512
"""Badges and times that are remembered as they were read: a chat has few badges, and a flood is many messages a second."""


def chat_message(data: dict[str, Any]) -> ChatMessage | None:
    """What `data` says; None when it holds nothing of a message.

    Of nobody, or without words: still a message. Of nobody and without words only when its ID says that it is one.
    """
    said = data.get("content")
    if not (type(said) is str and len(said) <= read.LONGEST_TEXT and said.isprintable()):
        said = read.text(said)
    message_id = data.get("id")
    if not (type(message_id) is str and len(message_id) <= LONGEST_ID and message_id.isprintable()):
        message_id = read.text(message_id, LONGEST_ID)
    sender = data.get("sender")
    person = sender if type(sender) is dict else read.mapping(sender)
    username = person.get("username")
    if not (type(username) is str and 0 < len(username) <= read.LONGEST_NAME and username.isprintable()):
        username = read.username(sender)
    if not (username or said or (message_id and ("sender" in data or "content" in data))):
        return None

    identity = person.get("identity")
    if type(identity) is not dict:
        identity = read.mapping(identity)
    color = identity.get("color")
    if not (type(color) is str and len(color) <= LONGEST_COLOR and color.isprintable()):
        color = read.text(color, LONGEST_COLOR)
    user_id = person.get("id")
    if not (type(user_id) is int and 0 <= user_id <= read.LARGEST_NUMBER):
        user_id = read.integer(user_id)
    sent_at = data.get("created_at")
    is_short = type(sent_at) is str and len(sent_at) <= LONGEST_TIME
    kind = data.get("type")
    if kind != "message":
        kind = read.text(kind, 20)
    metadata = data.get("metadata")
    if type(metadata) is not dict:
        metadata = read.mapping(metadata)
    reply = _reply(metadata) if "original_sender" in metadata or "original_message" in metadata else None
    months = read.integer(read.mapping(metadata["celebration"]).get("total_months")) if "celebration" in metadata else None

    badges = identity.get("badges")
    badges = _badges(badges) if badges else ()
    time = (_remembered_time if is_short else read.time)(sent_at)
    if kind not in ("reply", "celebration"):
        if reply is None and months is None:  # nearly all
            return ChatMessage.unread(message_id, username, said, badges, time, user_id, color)
        kind = "message"
    text, emotes = with_emote_names(said)
    return ChatMessage(message_id, username, text, badges, emotes, reply, time, kind, months, user_id, color)


def _badges(value: Any) -> tuple[Badge, ...]:
    found: tuple[Badge, ...] = ()
    for badge in (value if type(value) is list else read.array(value))[:MOST_BADGES]:
        if type(badge) is not dict:
            badge = read.mapping(badge)
        kind, label, count = badge.get("type"), badge.get("text"), badge.get("count")
        is_plain = type(kind) is str and type(label) is str and (count is None or type(count) is int)
        is_short = is_plain and len(kind) <= LONGEST_BADGE and len(label) <= LONGEST_LABEL
        found += (_remembered_badge if is_short else _badge)(kind, label, count)
    return found


def _badge(kind: Any, label: Any, count: Any) -> tuple[Badge, ...]:
    """The one badge, or none."""
    kind = read.text(kind, LONGEST_BADGE)
    return (Badge(kind, read.text(label, LONGEST_LABEL), read.integer(count)),) if kind else ()


_remembered_badge = lru_cache(REMEMBERED)(_badge)
_remembered_time = lru_cache(REMEMBERED)(read.time)


def _reply(metadata: dict[str, Any]) -> Reply | None:
    original = read.mapping(metadata.get("original_message"))
    username = read.username(metadata.get("original_sender"))
    text = with_emote_names(read.text(original.get("content")))[0]
    return Reply(username, text) if username or text else None
