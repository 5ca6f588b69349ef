"""What the user can choose: Settings, and one FIELDS table that the properties page, the defaults and the checks share.

Knows no OBS: obs/properties.py turns FIELDS into a page, `Settings.read` turns what the page holds into values.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

BUILT_IN_KEY = "32cbd69e4b950bf97679"
"""Kick's Pusher key since 2024-07-23."""

BUILT_IN_CLUSTER = "us2"
LOOKUP_ADDRESS = "https://kick.com/api/v2/channels/"
NEGOTIATION_ADDRESS = "https://web.kick.com/api/v1/realtime/channels/{channel_id}/chat/connection"
TOKEN_ADDRESS = "https://web.kick.com/api/v1/realtime/auth/connection"
REMEMBERED_CHANNELS = 20
"""How many channels' ids are kept with the settings; the oldest goes first."""

AUTOMATIC, PUSHER, CENTRIFUGO = "automatic", "pusher", "centrifugo"


@dataclass(frozen=True)
class Field:
    """One row of the properties page. `kind` is text, long_text, bool, choice, text_source or color_source."""

    key: str
    label: str
    kind: str = "text"
    default: Any = ""
    help: str = ""
    group: str = ""
    choices: tuple[tuple[str, str], ...] = ()


ADVANCED = "advanced"
BLOCKED = "blocked"

FIELDS: tuple[Field, ...] = (
    Field("username", "Kick username", help="The name in your channel's address: kick.com/name. Any spelling works."),
    Field("connect_at_start", "Connect when OBS starts", "bool", True,
          "Takes effect once a connection has worked, and only if you did not press Disconnect."),
    Field("text_source", "Write the text to", "text_source", "", "Where the state is written: the card or a text source."),
    Field("color_source", "Colour this source", "color_source", "",
          "What takes the state's colour: the card's dot or a colour source."),
    Field("paste", "2. Paste all of it here", "long_text", help="Copy all that the look-up page shows in your browser, paste "
          "it here and press Use the pasted text. Or type: channel id, chatroom id.", group=BLOCKED),
    Field("channel_id", "Channel id", help="Only when the look-up is blocked. A number; not the chatroom id.", group=ADVANCED),
    Field("chatroom_id", "Chatroom id", help="Only when the look-up is blocked. A number; not the channel id.", group=ADVANCED),
    Field("provider", "Server", "choice", AUTOMATIC, "Automatic asks Kick which of its servers to use.", ADVANCED,
          ((AUTOMATIC, "Automatic"), (PUSHER, "Pusher only"), (CENTRIFUGO, "Centrifugo only"))),
    Field("poll", "Check followers every minute", "bool", True,
          "Asks kick.com once a minute while connected: new followers, and a stream start or end that got lost.", ADVANCED),
    Field("pusher_key", "Pusher key", help="Empty: what Kick says, or the built-in one.", group=ADVANCED),
    Field("pusher_cluster", "Pusher cluster", help="Empty: us2.", group=ADVANCED),
    Field("lookup_address", "Look-up address", help="The name is put behind it. Empty: " + LOOKUP_ADDRESS, group=ADVANCED),
    Field("websocket_address", "WebSocket address", help="Empty: Pusher's. wss://, or ws:// to this computer.", group=ADVANCED),
    Field("negotiation_address", "Negotiation address", help="Empty: Kick's. {channel_id} stands for the id.", group=ADVANCED),
    Field("token_address", "Token address", help="Empty: Kick's.", group=ADVANCED),
    Field("allowed_hosts", "Extra allowed hosts", help="Servers outside pusher.com and kick.com that the negotiation may name. "
          "Leave empty.", group=ADVANCED),
)  # fmt: skip

# Kept with the settings but not on the page.
HIDDEN_DEFAULTS: Mapping[str, Any] = {
    "connect_wanted": False,
    "connected_once": False,
    "known_channels": "",
    "add_card_at_start": False,
}


@dataclass(frozen=True)
class KnownChannel:
    """Ids that worked before. They never change for an account, so they may be used before any look-up."""

    chatroom_id: int
    channel_id: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Settings:
    """One wish: which channel, reached how. Two equal values mean the running link can stay as it is.

    `known` is memory, not a wish: it does not take part in the comparison. `press` tells a second press of Connect, after
    an Error, from the first.
    """

    username: str = ""
    channel_id: int | None = None
    chatroom_id: int | None = None
    provider: str = AUTOMATIC
    poll: bool = True
    pusher_key: str = ""
    pusher_cluster: str = ""
    lookup_address: str = ""
    websocket_address: str = ""
    negotiation_address: str = ""
    token_address: str = ""
    allowed_hosts: tuple[str, ...] = ()
    problem: str = ""
    press: int = 0
    known: Mapping[str, KnownChannel] = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Settings:
        """Settings out of what the page holds, key → value. Never raises.

        What cannot be used is named in `problem`, a sentence for the user; the link then reports it as an Error.
        """
        problems: list[str] = []

        def line(key: str) -> str:
            value = values.get(key, "")
            return value.strip() if isinstance(value, str) else ""

        def number(key: str, label: str) -> int | None:
            digits = line(key).replace(" ", "")
            if not digits:
                return None
            if digits.isascii() and digits.isdigit() and 0 < len(digits) <= 15 and int(digits) > 0:
                return int(digits)
            problems.append(f"The {label} must be a number. Correct it in the script's Advanced settings, or empty it.")
            return None

        def address(key: str, label: str, schemes: tuple[str, str]) -> str:
            value = line(key)
            trouble = address_trouble(value, schemes) if value else ""
            if trouble:
                problems.append(f"The {label} {trouble}. Correct it in the script's Advanced settings, or empty it.")
                return ""
            return value

        key, cluster = line("pusher_key"), line("pusher_cluster").lower()
        if key and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key, re.ASCII):
            problems.append("The Pusher key has impossible characters. Correct it in the Advanced settings, or empty it.")
        if cluster and not re.fullmatch(r"[a-z0-9-]{1,32}", cluster, re.ASCII):
            problems.append("The Pusher cluster has impossible characters. Correct it in the Advanced settings, or empty it.")
        channel_id = number("channel_id", "channel id")
        chatroom_id = number("chatroom_id", "chatroom id")
        if channel_id is not None and chatroom_id is None and not problems:
            problems.append("A channel id alone is not enough. Give the chatroom id too, or empty both.")
        provider = line("provider") or AUTOMATIC
        http = ("https", "http")
        found = cls(
            username=line("username"),
            channel_id=channel_id,
            chatroom_id=chatroom_id,
            provider=provider if provider in (AUTOMATIC, PUSHER, CENTRIFUGO) else AUTOMATIC,
            poll=values.get("poll", True) is not False,
            pusher_key=key,
            pusher_cluster=cluster,
            lookup_address=address("lookup_address", "look-up address", http),
            websocket_address=address("websocket_address", "WebSocket address", ("wss", "ws")),
            negotiation_address=address("negotiation_address", "negotiation address", http),
            token_address=address("token_address", "token address", http),
            allowed_hosts=tuple(host.strip().lower() for host in line("allowed_hosts").split(",") if host.strip()),
            known=read_known(values.get("known_channels", "")),
        )
        return found if not problems else replace(found, problem=problems[0])


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this computer: localhost, 127.x.x.x or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address_trouble(address: str, schemes: tuple[str, str]) -> str:
    """What is wrong with an address, as the end of a sentence; empty when it can be used.

    `schemes` are the encrypted one and the plain one; the plain one is for this computer only.
    """
    encrypted, plain = schemes
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is no web address"
    if re.search(r"[\x00-\x20\x7f\\]", address) or not host or port == 0:
        return "is no web address"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user name or password"
    if parts.scheme == encrypted:
        return ""
    if parts.scheme == plain:
        return "" if is_loopback(host) else f"must begin with {encrypted}:// (only this computer may use {plain}://)"
    return f"must begin with {encrypted}://"


# Lone surrogates come through JSON escapes and would raise when OBS encodes the text; control characters break a line
# of text or the log.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")


def printable(text: str) -> str:
    """`text` without what OBS cannot show or raises on: lone surrogates, control characters. Tab and newline stay."""
    return _UNPRINTABLE.sub("", text)


def read_known(text: Any) -> dict[str, KnownChannel]:
    """The remembered ids out of their saved text, slug → KnownChannel. Anything damaged is left out."""
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
    """The remembered ids as the text that is saved; only the newest REMEMBERED_CHANNELS."""
    rows = list(known.items())[-REMEMBERED_CHANNELS:]
    return json.dumps({slug: {"chatroom_id": k.chatroom_id, "channel_id": k.channel_id, "name": k.name} for slug, k in rows})
