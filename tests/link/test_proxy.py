"""The proxy: read from the settings, asked when it is needed, and never named with its login."""

from __future__ import annotations

import base64
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from end_to_end.raw_server import Certificates, Peer, RawServer
from link.network import Asked, Network, reach, row, serves

from vmsc_core.link import dial, race
from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.proxy import Proxy, bypassed, configured
from vmsc_core.link.tls import tls_context
from vmsc_core.settings import AUTOMATIC, NEVER_PROXY, PROXY_FIRST
from vmsc_core.words import say

BOTH = ("http", "websocket")
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxy_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(race, "SECOND_WAY", 0.4)


@pytest.fixture
def network() -> Iterator[Network]:
    with Network() as one:
        yield one


@pytest.fixture
def certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Certificates]:
    one = Certificates()
    monkeypatch.setenv("SSL_CERT_FILE", one.authority(tmp_path))
    tls_context.cache_clear()
    yield one
    tls_context.cache_clear()


def told(what: str, **more: object) -> str:
    """What is said when nothing can be reached, with its key in front."""
    with pytest.raises(CannotConnect) as problem:
        reach(what, limit=1.0, **more)  # type: ignore[arg-type]
    reason = problem.value.failure.reason
    return f"{reason.key}: {say(reason)}"


# -- the settings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://proxy.test:3128", Proxy("proxy.test", 3128)),
        ("proxy.test:3128", Proxy("proxy.test", 3128)),
        ("http://proxy.test", Proxy("proxy.test", 80)),
        ("https://proxy.test:8080/", Proxy("proxy.test", 8080)),
        ("http://[::1]:3128", Proxy("::1", 3128)),
        ("http://me:p%40ss@proxy.test:1", Proxy("proxy.test", 1, base64.b64encode(b"me:p@ss").decode())),
        ("http://me@proxy.test:1", Proxy("proxy.test", 1, base64.b64encode(b"me:").decode())),
        ("socks5://127.0.0.1:1080", Proxy("127.0.0.1", 1080, trouble="proxy_socks")),
        ("socks5h://me:secret@127.0.0.1:1080", Proxy("127.0.0.1", 1080, trouble="proxy_socks")),
        ("https://me:secret@proxy.test:443", Proxy("proxy.test", 443, trouble="proxy_kind")),
        ("ftp://proxy.test:21", Proxy("proxy.test", 21, trouble="proxy_kind")),
        ("http://proxy.test:port", Proxy("", trouble="proxy_unreadable")),
        ("http://", Proxy("", trouble="proxy_unreadable")),
        ("http://[broken", Proxy("", trouble="proxy_unreadable")),
        ("http://a\r\nb:80", Proxy("ab", 80)),
        ("   ", None),
    ],
)
def test_a_proxy_is_read_in_every_spelling(monkeypatch: pytest.MonkeyPatch, text: str, proxy: Proxy | None) -> None:
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": text})
    assert configured(True) == proxy
    assert configured(False) is None


def test_a_usable_proxy_goes_before_one_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": "socks5://a:1", "all": "http://b:2"})
    assert configured(True) == Proxy("b", 2)
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"socks": "socks://a:1"})  # how macOS says it
    assert configured(True) == Proxy("a", 1, trouble="proxy_socks")


def test_settings_that_cannot_be_read_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("registry")

    monkeypatch.setattr(urllib.request, "getproxies", broken)
    monkeypatch.setattr(urllib.request, "proxy_bypass", broken)
    assert configured(True) is None and not bypassed("kick.com", 443)


@pytest.mark.parametrize(
    ("rule", "host", "is_exempt"),
    [
        ("kick.com", "web.kick.com", True),
        ("kick.com", "kick.com", True),
        ("kick.com", "ws-us2.pusher.com", False),
        ("kick.com:443", "kick.com", True),
        ("*", "kick.com", True),
        ("::1", "::1", True),
        ("", "kick.com", False),
    ],
)
def test_hosts_can_be_exempt(monkeypatch: pytest.MonkeyPatch, rule: str, host: str, is_exempt: bool) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.test:1")
    monkeypatch.setenv("no_proxy", rule)
    assert bypassed(host, 443) is is_exempt


def test_the_login_is_in_the_request_only() -> None:
    proxy = Proxy("proxy.test", 1, base64.b64encode(b"me:secret").decode())
    assert b"\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n" in proxy.request("kick.com", 443)
    assert "bWU6" not in repr(proxy) and "secret" not in repr(proxy)
    assert Proxy("proxy.test").request("::1", 443).startswith(b"CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n")
    assert Proxy("proxy.test").request("k\u00efck.test", 443).startswith(b"CONNECT xn--kck-zma.test:443 HTTP/1.1\r\n")


# -- the way ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direct", ["refused", "silent", "unknown", "hangs"])
@pytest.mark.parametrize("what", BOTH)
def test_a_network_from_which_only_the_proxy_leads_out(
    network: Network, monkeypatch: pytest.MonkeyPatch, certificates: Certificates, what: str, direct: str
) -> None:
    asked = Asked()
    with RawServer(serves(what), tls=certificates.good()) as good, RawServer(asked.allow(good.port)) as proxy:
        blocked = {"refused": [network.refusing()], "silent": [network.silent()], "hangs": network.hangs}
        network.names["localhost"] = blocked.get(direct, OSError("no such name"))
        monkeypatch.setenv("https_proxy", f"http://me:secret@127.0.0.1:{proxy.port}")
        for _ in range(2):
            way = reach(what, host="localhost", tls=True)
        assert way == ("" if what == "http" else "127.0.0.1")
        assert asked.heads[0].startswith("CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\nProxy-Authorization: Basic ")
        assert len(asked.heads) == 2


@pytest.mark.parametrize("what", BOTH)
@pytest.mark.parametrize("wish", [AUTOMATIC, PROXY_FIRST])
def test_a_stale_proxy_does_not_hide_the_direct_way(
    network: Network, monkeypatch: pytest.MonkeyPatch, what: str, wish: str
) -> None:
    with RawServer(serves(what)) as good:
        network.names["kick.test"] = [row(good.port)]
        for stale in (network.refusing(), network.silent()):
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{stale[4][1]}")
            assert reach(what, proxy=wish) == ""


@pytest.mark.parametrize("what", BOTH)
@pytest.mark.parametrize(("wish", "times"), [(AUTOMATIC, 0), (PROXY_FIRST, 1), (NEVER_PROXY, 0)])
def test_which_way_goes_first_is_the_users_to_say(
    network: Network, monkeypatch: pytest.MonkeyPatch, what: str, wish: str, times: int
) -> None:
    asked = Asked()
    with RawServer(serves(what)) as good, RawServer(asked.allow(good.port)) as proxy:
        network.names["kick.test"] = [row(good.port)]
        monkeypatch.setenv("all_proxy", f"http://127.0.0.1:{proxy.port}")
        reach(what, proxy=wish)
        assert len(asked.heads) == times


def test_never_is_never(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    with RawServer(asked.allow(1)) as proxy:
        network.names["kick.test"] = [network.refusing()]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert told("http", proxy=NEVER_PROXY).startswith("host_unreachable: ")
        monkeypatch.setenv("no_proxy", "kick.test")
        assert told("http").startswith("host_unreachable: ")
        assert asked.heads == []


def test_the_way_that_worked_is_tried_first_the_next_time(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    with RawServer(serves("websocket")) as good, RawServer(asked.allow(good.port)) as proxy:
        network.names["kick.test"] = [network.silent()]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert reach("websocket") == "127.0.0.1"
        network.names["kick.test"] = [row(good.port)]
        assert reach("websocket") == "127.0.0.1" and len(asked.heads) == 2
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{network.refusing()[4][1]}")
        assert reach("websocket") == ""  # and when it is gone, the other one is found again


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200\r\nServer: \xff\xfe\r\nno colon\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 204 x\n\n",
    ],
)
def test_a_proxy_may_say_yes_in_its_own_way(network: Network, monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    with RawServer(serves("http")) as good, RawServer(Asked().allow(good.port, head)) as proxy:
        network.names["kick.test"] = [network.refusing()]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        reach("http")


# -- what is said -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (Asked().refuse(407), "proxy_login: The proxy 127.0.0.1 wants a username and password."),
        (Asked().refuse(403), "proxy_refused: The proxy 127.0.0.1 refused kick.test (403). Retrying."),
        (Asked().refuse(502), "proxy_refused: The proxy 127.0.0.1 refused kick.test (502). Retrying."),
        (Peer.reset, "proxy_unreachable: Can't reach kick.test or the proxy 127.0.0.1. Retrying automatically."),
        (Peer.hold, "proxy_unreachable: Can't reach kick.test or the proxy 127.0.0.1. Retrying automatically."),
        (lambda peer: (peer.read_request(), peer.send(b"\x05\x00" * 100)), "proxy_unreachable: "),
        (lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 200 OK\r\n"), peer.pour(b"X: y\r\n", 1 << 20)), "proxy_unreach"),
        (
            lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 200 OK\r\n\r\n<html>a page</html>"), peer.hold()),
            "proxy_refused",
        ),
    ],
)
def test_a_proxy_that_does_not_help_is_told(network: Network, monkeypatch: pytest.MonkeyPatch, behaviour, says: str) -> None:  # type: ignore[no-untyped-def]
    with RawServer(behaviour) as proxy:
        network.names["kick.test"] = [network.refusing()]
        monkeypatch.setenv("http_proxy", f"http://me:secret@127.0.0.1:{proxy.port}")
        said = told("websocket")
    assert said.startswith(says) and "secret" not in said


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("socks5://127.0.0.1:1080", "Can't reach kick.test, and VMSC can't use SOCKS proxies. Set an HTTP proxy."),
        ("http://nowhere.invalid:80", "Can't reach kick.test or the proxy nowhere.invalid. Retrying automatically."),
        ("http://[broken", "Can't reach kick.test, and the proxy's address can't be read. Check your proxy setting."),
        ("ftp://proxy.test", "Can't reach kick.test, and VMSC can't use this kind of proxy. Set an HTTP one."),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told(network: Network, monkeypatch: pytest.MonkeyPatch, setting: str, says: str) -> None:
    network.names.update({"kick.test": [network.refusing()], "nowhere.invalid": OSError("no")})
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"http": setting})
    assert told("http").partition(": ")[2] == says


def test_what_is_wrong_with_kick_itself_goes_before_a_stale_proxy(
    network: Network, monkeypatch: pytest.MonkeyPatch, certificates: Certificates
) -> None:
    with RawServer(serves("http"), tls=certificates.expired()) as bad:
        network.names["localhost"] = [row(bad.port)]
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{network.refusing()[4][1]}")
        assert told("http", host="localhost", tls=True).startswith("certificate_bad: ")


def test_the_wish_reads_the_setting() -> None:
    from vmsc_core.settings import Wish, read_wish

    for value in (AUTOMATIC, PROXY_FIRST, NEVER_PROXY):
        assert read_wish({"username": "a", "proxy": value}) == replace(Wish(username="a"), proxy=value)
    assert read_wish({"username": "a", "proxy": 7}) == Wish(username="a")
    assert dial.NEVER_PROXY == "never"
