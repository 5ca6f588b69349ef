"""What to ask Kick, and what of its answer may be used. Knows no network and no order of trying; kick/servers.py does.

Rule: nothing an answer says is used before it is checked here. An answer that points elsewhere is refused with a reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from vmsc_core.kick import json_values as read
from vmsc_core.kick import pusher
from vmsc_core.kick.channel import BLOCKED_COOLDOWN, busy_cooldown
from vmsc_core.reasons import Failure, Reason, Remedy, because
from vmsc_core.settings import (
    AUTOMATIC,
    BUILT_IN_CLUSTER,
    BUILT_IN_KEY,
    CENTRIFUGO,
    PUSHER,
    Wish,
    is_host,
    is_loopback,
)

ALLOWED_HOSTS = ("pusher.com", "kick.com")
ORIGIN = "https://kick.com"
"""The page the feed is made for: Centrifugo asks for it, Pusher does not care."""

MOST_CONNECTIONS = 10
"""Servers that are looked at in one answer; Kick names one or two."""


class Origin(Enum):
    """Where a server's address comes from."""

    KICK = "kick"
    BUILT_IN = "built_in"
    SETTINGS = "settings"


@dataclass(frozen=True)
class Server:
    """One way to Kick's feed."""

    provider: str
    url: str
    origin: Origin

    @property
    def title(self) -> Reason:
        """For the log: "Pusher, named by Kick"."""
        return because("server", provider=because(f"provider_{self.provider}"), origin=because(f"origin_{self.origin.value}"))


@dataclass(frozen=True)
class Named:
    """The servers that Kick named, in its order and checked; and why others of its answer can't be used."""

    servers: tuple[Server, ...]
    refused: tuple[Reason, ...] = ()


def request(client_id: str, providers: Iterable[str]) -> str:
    """The body of the request. The order of `providers` decides which one Kick prefers."""
    return json.dumps(
        {
            "client": {"id": client_id, "type": "web"},
            "capabilities": {"accepted_providers": [{"provider": provider} for provider in providers]},
        }
    )


def read_answer(status: int, body: str, wish: Wish) -> Named | Failure:
    """The servers in an answer, or why there is none. Never raises.

    BACKOFF: Kick did not answer the question, asking later may help. REFUSED: Kick has only servers of a kind that the wish
    rules out. ELSEWHERE: an answer without any server that can be used; asking for another kind may give one.
    """
    if not 200 <= status < 300:
        # A redirect is a network's sign-in page; 403 can be the check for robots, which lasts for minutes.
        passing = status in (403, 408, 425, 429) or status >= 500 or 300 <= status < 400
        return Failure(Remedy.BACKOFF if passing else Remedy.ELSEWHERE, because("negotiation_status", status=status))
    answer = read.parse(body)
    if not isinstance(answer, dict):
        return Failure(Remedy.BACKOFF, because("negotiation_unexpected"))
    connections = read.array(read.mapping(answer.get("data")).get("connections"))[:MOST_CONNECTIONS]
    checked = [_server(read.mapping(connection), wish) for connection in connections]
    servers = tuple(found for found in checked if isinstance(found, Server))
    refused = tuple(found for found in checked if isinstance(found, Reason))
    if servers:
        return Named(servers, refused)
    any_kind = replace(wish, provider=AUTOMATIC)
    if any(isinstance(_server(read.mapping(connection), any_kind), Server) for connection in connections):
        return Failure(Remedy.REFUSED, because("no_server_of_kind"))
    return Failure(Remedy.ELSEWHERE, refused[0] if refused else because("negotiation_unexpected"))


def cooldown(status: int, retry_after: float | None) -> float:
    """Seconds for which Kick must not be asked the same again after this answer; `retry_after` is the header's seconds.

    A 403 is the check for robots: it stays for minutes, and asking prolongs it.
    """
    if status == 403:
        return BLOCKED_COOLDOWN
    return busy_cooldown(retry_after) if status == 429 else 0.0


def token_request(client_id: str) -> str:
    """The body of the request for a guest's permission; the id is the one of `request`."""
    return json.dumps({"client_id": client_id})


def read_token(status: int, body: str, retry_after: float | None = None) -> str | Failure:
    """The access token in an answer of the auth address, or why there is none that can be sent on."""
    token = read.mapping(read.mapping(read.parse(body)).get("data")).get("token") if 200 <= status < 300 else None
    if isinstance(token, str) and re.fullmatch(r"[!-~]{1,8192}", token):
        return token
    return Failure(Remedy.ELSEWHERE, because("token_denied", status=status), cooldown(status, retry_after))


def offered(wish: Wish) -> tuple[str, ...]:
    """The providers to offer, the preferred one first."""
    return (PUSHER, CENTRIFUGO) if wish.provider == AUTOMATIC else (wish.provider,)


def negotiates(wish: Wish) -> bool:
    """Whether Kick is asked at all: not when the user gave the address of a server, but none of the negotiation."""
    return bool(wish.negotiation_address) or not wish.websocket_address


def given(wish: Wish) -> tuple[Server, ...]:
    """The servers the user's own settings name, to be tried before any other."""
    if wish.websocket_address and not wish.negotiation_address:
        if wish.provider == CENTRIFUGO:
            return (Server(CENTRIFUGO, wish.websocket_address, Origin.SETTINGS),)
        return (_pusher(wish, wish.pusher_key or BUILT_IN_KEY, Origin.SETTINGS),)
    if wish.pusher_key and wish.provider != CENTRIFUGO:
        return (_pusher(wish, wish.pusher_key, Origin.SETTINGS),)
    return ()


def built_in(wish: Wish) -> tuple[Server, ...]:
    """The last server: the key this version came with."""
    return (_pusher(wish, BUILT_IN_KEY, Origin.BUILT_IN),) if wish.provider != CENTRIFUGO else ()


def _pusher(wish: Wish, key: str, origin: Origin, cluster: str = "") -> Server:
    cluster = wish.pusher_cluster or cluster or BUILT_IN_CLUSTER
    return Server(PUSHER, pusher.address(wish.websocket_address, key, cluster), origin)


def _server(connection: dict[str, Any], wish: Wish) -> Server | Reason:
    provider, credentials = connection.get("provider"), read.mapping(connection.get("credentials"))
    if provider not in offered(wish):
        return because("negotiation_kind")
    if provider == PUSHER:
        key, cluster = credentials.get("app_key"), credentials.get("cluster", BUILT_IN_CLUSTER)
        if not isinstance(key, str) or not re.fullmatch(r"[0-9a-f]{20}", key):
            return because("negotiation_key")
        if not isinstance(cluster, str) or not re.fullmatch(r"[a-z0-9-]{1,32}", cluster):
            return because("negotiation_cluster")
        return _pusher(wish, key, Origin.KICK, cluster)
    url = credentials.get("url")
    if not isinstance(url, str):
        return because("negotiation_no_address")
    return _url_trouble(url, wish.allowed_hosts) or Server(CENTRIFUGO, url, Origin.KICK)


def _url_trouble(url: str, extra_hosts: tuple[str, ...]) -> Reason | None:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return because("negotiation_unreadable")
    # Only plain characters, so that every reader of the address sees the same host in it.
    if not re.fullmatch(r"[A-Za-z0-9:/?&=._~%@\[\]-]{1,500}", url) or port == 0:
        return because("negotiation_unreadable")
    if parts.username is not None or parts.password is not None:
        return because("negotiation_login")
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d*)?|\[[0-9A-Fa-f:.]+\](:\d*)?", parts.netloc) or not is_host(host):
        return because("negotiation_unreadable")
    if parts.scheme != "wss" and not (parts.scheme == "ws" and host in extra_hosts and is_loopback(host)):
        return because("negotiation_plain")
    allowed = any(host == name or host.endswith("." + name) for name in ALLOWED_HOSTS)
    return None if allowed or host in extra_hosts else because("negotiation_foreign")
