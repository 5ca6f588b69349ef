"""The proxy that this computer's settings name, and how it is asked for a connection. Knows no socket.

Only HTTP's CONNECT: SOCKS is recognized, so that a sentence can say that it isn't used. What a proxy's login is stands in
`authorization` alone, which is in no log, no sentence and no repr.
"""

from __future__ import annotations

import base64
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

DEFAULT_PORT = 80


@dataclass(frozen=True)
class Proxy:
    """Where to ask. `trouble` is the key of the sentence why it can't be used; empty for one that can."""

    host: str
    port: int = DEFAULT_PORT
    authorization: str = field(default="", repr=False)
    trouble: str = ""

    def request(self, host: str, port: int) -> bytes:
        """What asks for a connection to `host` (RFC 9110, 9.3.6)."""
        name = host if host.isascii() else host.encode("idna").decode("ascii")
        target = _with_port(name, port)
        login = f"Proxy-Authorization: Basic {self.authorization}\r\n" if self.authorization else ""
        return f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode("ascii")


def configured(tls: bool) -> Proxy | None:
    """The proxy for encrypted or plain connections: from the environment, else from the system (Windows, macOS)."""
    try:
        given = urllib.request.getproxies()
    except (OSError, ValueError):  # a damaged registry
        return None
    texts = [given.get(name, "") for name in ("https" if tls else "http", "all", "socks")]
    found = [_read(text.strip()) for text in texts if isinstance(text, str) and text.strip()]
    usable = [proxy for proxy in found if not proxy.trouble]
    return next(iter([*usable, *found]), None)


def bypassed(host: str, port: int) -> bool:
    """Whether the settings exempt this host (NO_PROXY and the like). May take long: Windows' rules look names up."""
    try:
        return any(urllib.request.proxy_bypass(name) for name in dict.fromkeys((host, _with_port(host, port))))
    except (OSError, ValueError):
        return False


def _with_port(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _read(text: str) -> Proxy:
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname or "", parts.port or DEFAULT_PORT
    except ValueError:
        return Proxy("", trouble="proxy_unreadable")
    if not host or not host.isascii() or any(character <= " " for character in host):
        return Proxy("", trouble="proxy_unreadable")
    if parts.scheme.startswith("socks"):
        return Proxy(host, port, trouble="proxy_socks")
    login = ""
    if parts.username is not None:
        plain = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        login = base64.b64encode(plain.encode("utf-8", "replace")).decode("ascii")
    # https:// mostly means "for https"; such a proxy is asked in the clear, as Python does, but never with a login.
    if parts.scheme not in ("http", "https") or (parts.scheme == "https" and login):
        return Proxy(host, port, trouble="proxy_kind")
    return Proxy(host, port, login)
