"""What the user can choose: the Wish, which needs Connect, and the Choices, which are followed at once.

One table, FIELDS, that the page, the defaults and the saved settings share. Knows no OBS and no sentence: a field's label and
help are in words/ under label_KEY and help_KEY, a choice's title under choice_KEY_VALUE.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from vmsc_core.known import KnownChannel
from vmsc_core.reasons import Failure, Reason, Remedy, because

BUILT_IN_KEY = "32cbd69e4b950bf97679"
"""Kick's Pusher key since 2024-07-23."""

BUILT_IN_CLUSTER = "us2"
LOOKUP_ADDRESS = "https://kick.com/api/v2/channels/"
NEGOTIATION_ADDRESS = "https://web.kick.com/api/v1/realtime/channels/{channel_id}/chat/connection"
TOKEN_ADDRESS = "https://web.kick.com/api/v1/realtime/auth/connection"

KICK_HOSTS = ("kick.com", "pusher.com")
"""Kick's servers, and those it uses for its chat."""

LONGEST_ADDRESS = 500
"""Characters."""

AUTOMATIC, PUSHER, CENTRIFUGO = "automatic", "pusher", "centrifugo"
PROXY_FIRST, NEVER_PROXY = "first", "never"
OFF_AIR, ALWAYS, NEVER = "off_air", "always", "never"
FULL, COMPACT, DOT = "full", "compact", "dot"
SMALL, MEDIUM, LARGE = "s", "m", "l"
EVENTS, TALLY, LATEST, FOLLOWERS = "events", "tally", "latest", "followers"
SOLID, DENSE, CLEAR = "solid", "dense", "clear"
LIME, WHITE, SKY, VIOLET, PINK, GOLD = "lime", "white", "sky", "violet", "pink", "gold"

PREVIEWS = ("live", "connected", "connecting", "reconnecting", "error", "disconnected", "follow", "sub", "renewal", "gift")
"""What the card can be made to show for a few seconds; see preview.py."""


@dataclass(frozen=True)
class Field:
    """One thing the user can choose. `kind` is text, long_text, bool, choice, text_source, color_source or section.

    `group` is the section of the page it is in; a field of the kind section is the tick that opens one.
    """

    key: str
    kind: str = "text"
    default: Any = ""
    group: str = ""
    choices: tuple[str, ...] = ()


CARD, RULES, BLOCKED, ADVANCED, HISTORY = SECTIONS = ("card", "rules", "blocked", "advanced", "history")
"""Parts of the page that are closed until they are needed."""


def section_key(section: str) -> str:
    """The setting that says whether a section of the page is open."""
    return f"show_{section}"


FIELDS: tuple[Field, ...] = (
    Field("username"),
    *(Field(section_key(section), "section", False) for section in SECTIONS),
    Field("text_source", "text_source", group=CARD),
    Field("text_template", group=CARD),
    Field("color_source", "color_source", group=CARD),
    Field("card_layout", "choice", FULL, CARD, (FULL, COMPACT, DOT)),
    Field("card_size", "choice", MEDIUM, CARD, (SMALL, MEDIUM, LARGE)),
    Field("card_line", "choice", EVENTS, CARD, (EVENTS, TALLY, LATEST, FOLLOWERS)),
    Field("card_problems", "choice", OFF_AIR, CARD, (OFF_AIR, ALWAYS, NEVER)),
    Field("card_opacity", "choice", DENSE, CARD, (SOLID, DENSE, CLEAR)),
    Field("card_accent", "choice", LIME, CARD, (LIME, WHITE, SKY, VIOLET, PINK, GOLD)),
    Field("preview", "choice", PREVIEWS[0], CARD, PREVIEWS),
    Field("paste", "long_text", group=BLOCKED),
    Field("connect_at_start", "bool", True, ADVANCED),
    Field("channel_id", group=ADVANCED),
    Field("chatroom_id", group=ADVANCED),
    Field("provider", "choice", AUTOMATIC, ADVANCED, (AUTOMATIC, PUSHER, CENTRIFUGO)),
    Field("poll", "bool", True, ADVANCED),
    Field("proxy", "choice", AUTOMATIC, ADVANCED, (AUTOMATIC, PROXY_FIRST, NEVER_PROXY)),
    Field("pusher_key", group=ADVANCED),
    Field("pusher_cluster", group=ADVANCED),
    Field("lookup_address", group=ADVANCED),
    Field("websocket_address", group=ADVANCED),
    Field("negotiation_address", group=ADVANCED),
    Field("token_address", group=ADVANCED),
    Field("allowed_hosts", group=ADVANCED),
)

HIDDEN_DEFAULTS: Mapping[str, Any] = {
    "connect_wanted": False,
    "connected_once": False,
    "known_channels": "",
    "rules": "",
    "rules_mark": "",
    "rules_before": "",
    "rules_shown": "",
    "rules_undone": "",
    "rehearsal_before": "",
    "add_card_at_start": False,
    "add_alert_at_start": False,
    "text_source_uuid": "",
    "color_source_uuid": "",
}
"""Kept with the settings but not on the page."""


@dataclass(frozen=True)
class Choices:
    """What is followed at the next turn, without Connect: the user's own sources that get the text and the color, and the card.

    `text_template` is what the text source gets, with words in braces; empty for all that is on the card. What begins with
    card_ is one of the choices of that row of FIELDS. `mark` is a key of words/ for what stands on the card as long as it shows
    something made up; no setting.
    """

    text_source: str = ""
    color_source: str = ""
    text_template: str = ""
    language: str = "en"
    card_layout: str = FULL
    card_size: str = MEDIUM
    card_line: str = EVENTS
    card_problems: str = OFF_AIR
    card_opacity: str = DENSE
    card_accent: str = LIME
    mark: str = ""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Choices:
        """Choices out of what the page holds, key → value. Never raises."""
        texts = {key: values.get(key) for key in ("text_source", "text_template", "color_source")}
        rows = [row for row in FIELDS if row.key.startswith("card_")]
        looks = {row.key: values.get(row.key) for row in rows if values.get(row.key) in row.choices}
        return cls(**{key: text for key, text in {**texts, **looks}.items() if isinstance(text, str)})


@dataclass(frozen=True)
class Wish:
    """Which channel, reached how. Two equal wishes mean the running link can stay as it is.

    `attempt_no` tells a second press of Connect, after an Error, from the first. `pasted` (a slug and its IDs) is to be
    remembered before the link starts; `known` is what the app remembers, handed on to the link. Neither is part of the wish.
    """

    username: str = ""
    channel_id: int | None = None
    chatroom_id: int | None = None
    provider: str = AUTOMATIC
    poll: bool = True
    proxy: str = AUTOMATIC
    pusher_key: str = ""
    pusher_cluster: str = ""
    lookup_address: str = ""
    websocket_address: str = ""
    negotiation_address: str = ""
    token_address: str = ""
    allowed_hosts: tuple[str, ...] = ()
    attempt_no: int = 0
    pasted: tuple[str, KnownChannel] | None = field(default=None, compare=False)
    known: Mapping[str, KnownChannel] = field(default_factory=dict, compare=False)

    @property
    def names_a_channel(self) -> bool:
        """Whether there is a channel to connect to; what an untouched page holds names none."""
        return bool(self.username) or self.chatroom_id is not None

    @property
    def custom_servers(self) -> tuple[tuple[str, str], ...]:
        """The settings that name servers which aren't Kick's, this computer included: (key, address or host)."""
        keys = ("lookup_address", "websocket_address", "negotiation_address", "token_address")
        addresses = [(key, getattr(self, key)) for key in keys if getattr(self, key)]
        hosts = [("allowed_hosts", host) for host in sorted(set(self.allowed_hosts)) if not is_kicks(host)]
        return (*[row for row in addresses if not is_kicks(_host(row[1]))], *hosts)

    @property
    def custom_hosts(self) -> tuple[str, ...]:
        """The hosts of `custom_servers`, each once."""
        rows = self.custom_servers
        return tuple(dict.fromkeys(value if key == "allowed_hosts" else _host(value) for key, value in rows))


@dataclass(frozen=True)
class Refusal:
    """What stands in a wish's place when it can't be one: a setting is wrong, or this Python lacks something."""

    username: str
    failure: Failure
    attempt_no: int = 0
    pasted: tuple[str, KnownChannel] | None = field(default=None, compare=False)

    @property
    def names_a_channel(self) -> bool:
        """As Wish.names_a_channel."""
        return bool(self.username)


def read_wish(values: Mapping[str, Any]) -> Wish | Refusal:
    """The wish in what the page holds, key → value; the first thing that can't be used makes it a Refusal. Never raises."""
    problems: list[Reason] = []

    def line(key: str) -> str:
        value = values.get(key, "")
        return value.strip() if isinstance(value, str) else ""

    def number(key: str) -> int | None:
        digits = line(key).replace(" ", "")
        if not digits:
            return None
        if digits.isascii() and digits.isdigit() and 0 < len(digits) <= 15 and int(digits) > 0:
            return int(digits)
        problems.append(because("number_wrong", field=because("field_name_" + key)))
        return None

    def address(key: str, schemes: tuple[str, str]) -> str:
        value = line(key)
        trouble = address_trouble(value, schemes) if value else None
        if trouble is None:
            return value
        problems.append(because("address_wrong", field=because("field_name_" + key), trouble=trouble))
        return ""

    key, cluster = line("pusher_key"), line("pusher_cluster").lower()
    if key and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key, re.ASCII):
        problems.append(because("key_wrong"))
    if cluster and not re.fullmatch(r"[a-z0-9-]{1,32}", cluster, re.ASCII):
        problems.append(because("cluster_wrong"))
    channel_id, chatroom_id = number("channel_id"), number("chatroom_id")
    if channel_id is not None and chatroom_id is None and not problems:
        problems.append(because("channel_id_alone"))
    provider, proxy = line("provider"), line("proxy")
    http = ("https", "http")
    wish = Wish(
        username=line("username"),
        channel_id=channel_id,
        chatroom_id=chatroom_id,
        provider=provider if provider in (PUSHER, CENTRIFUGO) else AUTOMATIC,
        poll=values.get("poll", True) is not False,
        proxy=proxy if proxy in (PROXY_FIRST, NEVER_PROXY) else AUTOMATIC,
        pusher_key=key,
        pusher_cluster=cluster,
        lookup_address=address("lookup_address", http),
        websocket_address=address("websocket_address", ("wss", "ws")),
        negotiation_address=address("negotiation_address", http),
        token_address=address("token_address", http),
        allowed_hosts=tuple(host.strip().lower() for host in line("allowed_hosts").split(",") if host.strip()),
    )
    return wish if not problems else Refusal(wish.username, Failure(Remedy.USER, problems[0]))


def is_kicks(host: str) -> bool:
    """Whether `host` is one of Kick's or of Pusher's."""
    return any(host == own or host.endswith("." + own) for own in KICK_HOSTS)


def _host(address: str) -> str:
    """The host of an address that `address_trouble` has found nothing wrong with."""
    return urlsplit(address).hostname or ""


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this computer: localhost, 127.x.x.x or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?", re.ASCII)


def is_host(host: str) -> bool:
    """Whether `host` can be a host's name (labels of letters, digits, -, _) or is an IP address, without brackets."""
    if ":" in host:
        try:
            return ipaddress.ip_address(host).version == 6
        except ValueError:
            return False
    return len(host) <= 253 and _HOST_NAME.fullmatch(host) is not None


def address_trouble(address: str, schemes: tuple[str, str]) -> Reason | None:
    """What is wrong with an address, as the end of a sentence; None when it can be used.

    `schemes` are the encrypted one and the plain one; the plain one is for this computer only.
    """
    encrypted, plain = schemes
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return because("not_an_address")
    if re.search(r"[\x00-\x20\x7f\\]", address) or port == 0 or len(address) > LONGEST_ADDRESS:
        return because("not_an_address")
    try:
        plain_host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return because("not_an_address")
    if not is_host(plain_host):
        return because("not_an_address")
    if parts.username is not None or parts.password is not None:
        return because("address_with_login")
    if parts.scheme == encrypted or (parts.scheme == plain and is_loopback(host)):
        return None
    if parts.scheme == plain:
        return because("address_plain_elsewhere", scheme=encrypted, plain=plain)
    return because("address_not_encrypted", scheme=encrypted)
