"""Which server: the request to Kick, what it may answer, and in which order to try. Knows no network.

Rule: nothing an answer says is used before it is checked here. An answer that points elsewhere is refused with a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from vmsc_core.kick import json_values as read
from vmsc_core.kick import pusher
from vmsc_core.kick.channel import BLOCKED_PATIENCE
from vmsc_core.settings import (
    AUTOMATIC,
    BUILT_IN_CLUSTER,
    BUILT_IN_KEY,
    CENTRIFUGO,
    PUSHER,
    Settings,
    is_loopback,
)

ALLOWED_HOSTS = ("pusher.com", "kick.com")
ORIGIN = "https://kick.com"
"""The page the feed is made for: Centrifugo asks for it, Pusher does not care."""


@dataclass(frozen=True)
class Server:
    """One way to Kick's feed. `origin` says in a word where it comes from: Kick, built-in or settings."""

    provider: str
    url: str
    origin: str

    @property
    def title(self) -> str:
        """For the log: "Pusher, named by Kick"."""
        return f"{self.provider.capitalize()}, {'named by Kick' if self.origin == 'Kick' else self.origin}"


@dataclass(frozen=True)
class Negotiated:
    """A checked answer: the servers in Kick's order, and sentences about what was refused.

    `passing` says that this was no answer of Kick's to the question: asking again later may give one. `other_kind`: Kick
    named a server that could be used, but of a kind that the user has ruled out.
    """

    servers: tuple[Server, ...]
    refused: tuple[str, ...] = ()
    passing: bool = False
    other_kind: bool = False


def request(client_id: str, providers: Iterable[str]) -> str:
    """The body of the request. The order of `providers` decides which one Kick prefers."""
    return json.dumps(
        {
            "client": {"id": client_id, "type": "web"},
            "capabilities": {"accepted_providers": [{"provider": provider} for provider in providers]},
        }
    )


def read_answer(status: int, body: str, settings: Settings) -> Negotiated:
    """The servers in an answer; none when it is of no use. Never raises."""
    if not 200 <= status < 300:
        # A redirect is a network's sign-in page; 403 can be the check for robots, which lasts for minutes.
        passing = status in (403, 408, 425, 429) or status >= 500 or 300 <= status < 400
        return Negotiated((), (f"Kick's negotiation answered {status}.",), passing)
    answer = read.parse(body)
    connections = read.sequence(read.mapping(read.mapping(answer).get("data")).get("connections"))
    servers: list[Server] = []
    refused: list[str] = []
    for connection in map(read.mapping, connections[:10]):
        found = _server(connection, settings)
        if isinstance(found, Server):
            servers.append(found)
        else:
            refused.append(found)
    if not servers and not refused:
        refused.append("Kick's negotiation answered something unexpected.")
    any_kind = replace(settings, provider=AUTOMATIC)
    other_kind = not servers and any(isinstance(_server(read.mapping(one), any_kind), Server) for one in connections[:10])
    return Negotiated(tuple(servers), tuple(refused), not isinstance(answer, dict), other_kind)


def patience(status: int, retry_after: float | None) -> float:
    """Seconds for which Kick must not be asked the same again after this answer; `retry_after` is the header's seconds.

    A 403 is the check for robots: it stays for minutes, and asking prolongs it.
    """
    if status == 403:
        return BLOCKED_PATIENCE
    return min(max(retry_after or 60.0, 5.0), 3600.0) if status == 429 else 0.0


def token_request(client_id: str) -> str:
    """The body of the request for a guest's permission; the id is the one of `request`."""
    return json.dumps({"client_id": client_id})


def read_token(status: int, body: str) -> str:
    """The token in an answer of the auth address; empty when there is none that can be sent on."""
    if not 200 <= status < 300:
        return ""
    token = read.mapping(read.mapping(read.parse(body)).get("data")).get("token")
    return token if isinstance(token, str) and re.fullmatch(r"[!-~]{1,8192}", token) else ""


def offered(settings: Settings) -> tuple[str, ...]:
    """The providers to offer, the preferred one first."""
    return (PUSHER, CENTRIFUGO) if settings.provider == AUTOMATIC else (settings.provider,)


def negotiates(settings: Settings) -> bool:
    """Whether Kick is asked at all: not when the user gave the address of a server, but none of the negotiation."""
    return bool(settings.negotiation_address) or not settings.websocket_address


def given(settings: Settings) -> tuple[Server, ...]:
    """The servers the user's own settings name, to be tried before any other."""
    if settings.websocket_address and not settings.negotiation_address:
        if settings.provider == CENTRIFUGO:
            return (Server(CENTRIFUGO, settings.websocket_address, "settings"),)
        return (_pusher(settings, settings.pusher_key or BUILT_IN_KEY, "settings"),)
    if settings.pusher_key and settings.provider != CENTRIFUGO:
        return (_pusher(settings, settings.pusher_key, "settings"),)
    return ()


def built_in(settings: Settings) -> tuple[Server, ...]:
    """The last way: the key this version came with."""
    return (_pusher(settings, BUILT_IN_KEY, "built-in"),) if settings.provider != CENTRIFUGO else ()


def _pusher(settings: Settings, key: str, origin: str, cluster: str = "") -> Server:
    cluster = settings.pusher_cluster or cluster or BUILT_IN_CLUSTER
    return Server(PUSHER, pusher.address(settings.websocket_address, key, cluster), origin)


def _server(connection: dict[str, Any], settings: Settings) -> Server | str:
    provider, credentials = connection.get("provider"), read.mapping(connection.get("credentials"))
    if provider not in offered(settings):
        return "Kick's negotiation named a kind of server that was not asked for."
    if provider == PUSHER:
        key, cluster = credentials.get("app_key"), credentials.get("cluster", BUILT_IN_CLUSTER)
        if not isinstance(key, str) or not re.fullmatch(r"[0-9a-f]{20}", key):
            return "Kick's negotiation gave a Pusher key that cannot be one."
        if not isinstance(cluster, str) or not re.fullmatch(r"[a-z0-9-]{1,32}", cluster):
            return "Kick's negotiation gave a Pusher cluster that cannot be one."
        return _pusher(settings, key, "Kick", cluster)
    url = credentials.get("url")
    trouble = _url_trouble(url, settings.allowed_hosts) if isinstance(url, str) else "is missing"
    return f"Kick's negotiation named a server whose address {trouble}." if trouble else Server(CENTRIFUGO, str(url), "Kick")


def _url_trouble(url: str, extra_hosts: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "cannot be read"
    # Only plain characters, so that every reader of the address sees the same host in it.
    if not re.fullmatch(r"[A-Za-z0-9:/?&=._~%@\[\]-]{1,500}", url) or port == 0:
        return "cannot be read"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or password"
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d*)?|\[[0-9A-Fa-f:.]+\](:\d*)?", parts.netloc):
        return "cannot be read"
    if parts.scheme != "wss" and not (parts.scheme == "ws" and host in extra_hosts and is_loopback(host)):
        return "is not encrypted"
    allowed = any(host == name or host.endswith("." + name) for name in ALLOWED_HOSTS)
    return "" if allowed or host in extra_hosts else "is not Kick's"
