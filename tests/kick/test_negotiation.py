"""Which server: what is asked, what an answer may say, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from vmsc_core.kick import negotiation
from vmsc_core.kick.negotiation import Named, Origin, Server, read_answer, read_token
from vmsc_core.reasons import Failure, Reason, Remedy, because
from vmsc_core.settings import BUILT_IN_KEY, CENTRIFUGO, PUSHER, Wish
from vmsc_core.words import say

KEY = "0123456789abcdef0123"
REALTIME = "wss://realtime.us-east-1.platform.kick.com/connection/websocket"


def answer(*connections: Any) -> str:
    return json.dumps({"data": {"connections": list(connections)}})


def pusher(app_key: Any = KEY, cluster: Any = "us2") -> dict[str, Any]:
    return {"provider": "pusher", "credentials": {"app_key": app_key, "cluster": cluster}}


def centrifugo(url: Any = REALTIME) -> dict[str, Any]:
    return {"provider": "centrifugo", "credentials": {"url": url}}


def servers(body: str, settings: Wish | None = None) -> tuple[Server, ...]:
    found = read_answer(200, body, settings or Wish())
    return found.servers if isinstance(found, Named) else ()


def refused(status: int, body: str, wish: Wish | None = None) -> Failure:
    """Why an answer names no server."""
    found = read_answer(status, body, wish or Wish())
    assert isinstance(found, Failure) and say(found.reason).endswith(".")
    return found


def test_the_request_offers_pusher_first():
    body = json.loads(negotiation.request("an-id", negotiation.offered(Wish())))
    assert body == {
        "client": {"id": "an-id", "type": "web"},
        "capabilities": {"accepted_providers": [{"provider": "pusher"}, {"provider": "centrifugo"}]},
    }


@pytest.mark.parametrize("only", [PUSHER, CENTRIFUGO])
def test_one_provider_can_be_chosen(only):
    assert negotiation.offered(Wish(provider=only)) == (only,)


def test_the_recorded_pusher_answer_gives_its_address(frames):
    assert servers(json.dumps(frames[60]["data"])) == (
        Server(
            PUSHER,
            "wss://ws-us2.pusher.com/app/32cbd69e4b950bf97679?protocol=7&client=js&version=8.4.0&flash=false",
            Origin.KICK,
        ),
    )


def test_the_recorded_centrifugo_answer_gives_its_address(frames):
    assert servers(json.dumps(frames[61]["data"])) == (Server(CENTRIFUGO, REALTIME, Origin.KICK),)


def test_kicks_order_is_kept():
    assert [server.provider for server in servers(answer(centrifugo(), pusher()))] == [CENTRIFUGO, PUSHER]


def test_a_good_server_beside_a_bad_one_is_used_and_the_bad_one_told():
    found = read_answer(200, answer(centrifugo("wss://evil.tld/"), pusher()), Wish())
    assert [server.provider for server in found.servers] == [PUSHER]
    assert len(found.refused) == 1 and found.refused[0] == because("negotiation_foreign")


@pytest.mark.parametrize(
    "url",
    [
        "wss://pusher.com.evil.tld/",
        "wss://kick.com.evil.tld/connection/websocket",
        "wss://evilpusher.com/",
        "wss://evilkick.com/",
        "wss://kick.com.",
        "wss://evil.tld/kick.com",
        "wss://evil.tld?kick.com",
        "wss://evil.tld#.kick.com",
        "wss://evil.tld\\.kick.com/",
        "wss://kick.com\\@evil.tld/",
        "wss://kick.com@evil.tld/",
        "wss://user@kick.com/",
        "wss://user:password@realtime.kick.com/",
        "wss://@kick.com/",
        "wss://.kick.com/",
        "wss://a..kick.com/",
        "wss://-a.kick.com/",
        "wss://a-.kick.com/",
        "wss://" + "a" * 64 + ".kick.com/",
        "wss://" + "a." * 123 + "kick.com/",
        "wss://kick.com:0/",
        "wss://kick.com:99999/",
        "wss://kick.com:x/",
        "wss://evil.tld%2f.kick.com/",
        "wss://evil.tld%00.kick.com/",
        "wss://[kick.com].evil.tld/",
        "wss://[::1]/",
        "wss://127.0.0.1/",
        "wss://localhost/",
        "wss://ｋick.com/",
        "wss://kiсk.com/",  # a Cyrillic с
        "wss://evil.tld／.kick.com/",
        "wss://kick。com/",
        "wss://kick.com /",
        "wss://kick.com/\r\nHost: evil.tld",
        "wss://ki\nck.com/",
        " wss://kick.com/",
        "ws://kick.com/",
        "ws://127.0.0.1/",
        "https://kick.com/",
        "http://kick.com/",
        "file:///etc/passwd",
        "javascript:alert(1)//kick.com",
        "//kick.com/",
        "kick.com",
        "wss:kick.com",
        "wss://",
        "",
        "wss://kick.com/" + "x" * 1000,
        None,
        5,
        [],
        {},
    ],
    ids=lambda url: repr(url)[:50],
)
def test_an_address_that_points_elsewhere_is_refused_with_a_sentence(url):
    assert refused(200, answer(centrifugo(url))).remedy is Remedy.ELSEWHERE


@pytest.mark.parametrize(
    "url",
    [
        REALTIME,
        "wss://kick.com/connection/websocket",
        "WSS://REALTIME.KICK.COM/Connection",
        "wss://ws.pusher.com:443/app",
        "wss://a.b.c.kick.com/x?y=z&w=1",
    ],
)
def test_an_address_of_kicks_is_taken(url):
    assert servers(answer(centrifugo(url))) == (Server(CENTRIFUGO, url, Origin.KICK),)


def test_a_user_name_in_the_address_is_named_as_the_reason():
    assert "password" in say(refused(200, answer(centrifugo("wss://user:word@kick.com/"))).reason)


@pytest.mark.parametrize(
    "key",
    ["", KEY[:-1], KEY + "0", KEY.upper(), KEY + "\n", "g" * 20, "../../evil", None, 5, [], "٣" * 20],
    ids=repr,
)
def test_a_key_that_cannot_be_one_is_refused(key):
    assert servers(answer(pusher(app_key=key))) == ()


@pytest.mark.parametrize(
    "cluster",
    ["", "US2", "us2.evil.tld", "us2/", "evil.tld/?", "us2\n", "x" * 40, "é", "@", None, 5, {}],
    ids=repr,
)
def test_a_cluster_that_cannot_be_one_is_refused(cluster):
    assert servers(answer(pusher(cluster=cluster))) == ()


def test_a_cluster_that_is_not_told_is_the_usual_one():
    assert "ws-us2." in servers(answer({"provider": "pusher", "credentials": {"app_key": KEY}}))[0].url


@pytest.mark.parametrize("provider", ["ably", "", None, 5, [], {}, "PUSHER"])
def test_an_unknown_kind_of_server_is_refused(provider):
    assert servers(answer({"provider": provider, "credentials": {"url": REALTIME}})) == ()


def test_a_provider_that_was_not_offered_is_refused():
    assert servers(answer(centrifugo()), Wish(provider=PUSHER)) == ()
    assert servers(answer(pusher()), Wish(provider=CENTRIFUGO)) == ()


@pytest.mark.parametrize("status", [0, 199, 301, 302, 400, 403, 404, 429, 500, 503])
def test_any_other_status_names_no_server(status):
    assert str(status) in say(refused(status, answer(pusher())).reason)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        '{"data":null}',
        '{"data":{"connections":null}}',
        '{"data":{"connections":{}}}',
        '{"data":{"connections":[]}}',
        '{"data":{"connections":[null,5,"x",[]]}}',
        "[" * 100_000,
        '{"data":[1e999]}',
        '{"data":{"connections":[{"provider":"pusher"}]}}',
        '{"data":{"connections":[{"provider":"pusher","credentials":[]}]}}',
    ],
    ids=lambda body: body[:40],
)
def test_nonsense_names_no_server_and_says_so(body):
    assert isinstance(refused(200, body).reason, Reason)


def test_a_flood_of_servers_is_cut():
    assert len(servers(answer(*[pusher()] * 1000))) <= 10


# -- extra hosts: only by setting ---------------------------------------------


def test_an_extra_host_is_allowed_by_setting_only():
    body = answer(centrifugo("wss://relay.example/x"))
    assert servers(body) == ()
    assert len(servers(body, Wish(allowed_hosts=("relay.example",)))) == 1
    assert servers(answer(centrifugo("wss://a.relay.example/x")), Wish(allowed_hosts=("relay.example",))) == ()


@pytest.mark.parametrize(
    ("url", "hosts", "taken"),
    [
        ("ws://127.0.0.1:9000/connection/websocket", ("127.0.0.1",), True),
        ("ws://localhost:9000/", ("localhost",), True),
        ("ws://[::1]:9000/", ("::1",), True),
        ("ws://relay.example/", ("relay.example",), False),
        ("ws://127.0.0.1:9000/", (), False),
        ("ws://127.0.0.1:0/", ("127.0.0.1",), False),
        ("ws://user@127.0.0.1/", ("127.0.0.1",), False),
    ],
)
def test_an_unencrypted_server_can_only_be_this_computer_and_only_by_setting(url, hosts, taken):
    assert bool(servers(answer(centrifugo(url)), Wish(allowed_hosts=hosts))) is taken


# -- what the user gave, and the last way ---------------------------------------------


def test_a_key_of_the_users_own_is_tried_first_and_kick_is_still_asked():
    settings = Wish(pusher_key="abc", pusher_cluster="eu")
    (given,) = negotiation.given(settings)
    assert given.url.startswith("wss://ws-eu.pusher.com/app/abc?")
    assert negotiation.negotiates(settings)


def test_a_server_of_the_users_own_is_used_without_asking_kick():
    settings = Wish(websocket_address="ws://127.0.0.1:9000")
    assert not negotiation.negotiates(settings)
    (given,) = negotiation.given(settings)
    assert given.url == f"ws://127.0.0.1:9000/app/{BUILT_IN_KEY}?protocol=7&client=js&version=8.4.0&flash=false"


def test_a_centrifugo_server_of_the_users_own_is_taken_as_it_is():
    settings = Wish(websocket_address="ws://127.0.0.1:9000/connection/websocket", provider=CENTRIFUGO)
    assert negotiation.given(settings) == (Server(CENTRIFUGO, settings.websocket_address, Origin.SETTINGS),)


def test_a_negotiation_address_beside_it_is_asked_all_the_same():
    settings = Wish(websocket_address="ws://127.0.0.1:9000", negotiation_address="http://127.0.0.1:9001/{channel_id}")
    assert negotiation.negotiates(settings) and negotiation.given(settings) == ()


def test_the_built_in_key_is_the_last_way_unless_only_centrifugo_is_wanted():
    (last,) = negotiation.built_in(Wish())
    assert BUILT_IN_KEY in last.url and last.origin is Origin.BUILT_IN
    assert negotiation.built_in(replace(Wish(), provider=CENTRIFUGO)) == ()


def test_nothing_is_given_by_default():
    assert negotiation.given(Wish()) == ()


@pytest.mark.parametrize(
    ("origin", "title"),
    [
        (Origin.KICK, "Pusher, named by Kick"),
        (Origin.BUILT_IN, "Pusher, built-in"),
        (Origin.SETTINGS, "Pusher, from your settings"),
    ],
)
def test_a_servers_title_says_where_it_comes_from(origin, title):
    assert say(Server(PUSHER, "", origin).title) == title


# -- the token ---------------------------------------------


def test_a_token_is_read():
    assert read_token(200, '{"data":{"token":"eyJ.abc-_.x"}}') == "eyJ.abc-_.x"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, '{"data":{"token":"x"}}'),
        (200, ""),
        (200, "<html>"),
        (200, "{}"),
        (200, '{"data":[]}'),
        (200, '{"data":{"token":null}}'),
        (200, '{"data":{"token":""}}'),
        (200, '{"data":{"token":5}}'),
        (200, '{"data":{"token":"a b"}}'),
        (200, '{"data":{"token":"a\\nb"}}'),
        (200, json.dumps({"data": {"token": "x" * 9000}})),
        (200, json.dumps({"data": {"token": "é"}})),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_token_that_cannot_be_sent_on_is_none(status, body):
    assert read_token(status, body) == Failure(Remedy.ELSEWHERE, because("token_denied", status=status))


@pytest.mark.parametrize(
    ("status", "told", "wait"), [(403, None, 300.0), (429, None, 60.0), (429, 200.0, 200.0), (500, 9.0, 0.0)]
)
def test_a_block_and_a_429_ask_for_a_cooldown(status, told, wait):
    found = read_token(status, "", told)
    assert isinstance(found, Failure) and found.wait == wait == negotiation.cooldown(status, told)


def test_what_is_refused_is_a_value():
    assert refused(500, "") == Failure(Remedy.BACKOFF, because("negotiation_status", status=500))
    assert refused(404, "") == Failure(Remedy.ELSEWHERE, because("negotiation_status", status=404))


@pytest.mark.parametrize(("status", "body"), [(302, ""), (403, "<html>"), (429, ""), (503, ""), (200, "<html>"), (200, "")])
def test_what_is_no_answer_of_kicks_is_asked_again(status, body):
    assert refused(status, body).remedy is Remedy.BACKOFF


@pytest.mark.parametrize(("status", "body"), [(404, ""), (400, "{}"), (200, "{}"), (200, '{"data":{"connections":[]}}')])
def test_what_kick_refuses_is_refused(status, body):
    assert refused(status, body).remedy is Remedy.ELSEWHERE


def test_only_servers_of_a_kind_that_is_ruled_out_are_a_reason_of_their_own():
    assert refused(200, answer(pusher()), Wish(provider=CENTRIFUGO)) == Failure(Remedy.REFUSED, because("no_server_of_kind"))
    assert refused(200, answer(pusher(KEY[:-1])), Wish(provider=CENTRIFUGO)).remedy is Remedy.ELSEWHERE
