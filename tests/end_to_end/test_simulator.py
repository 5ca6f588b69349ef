"""The simulator proved by clients that are not ours: pusher-js, centrifuge-python, websocket-client, urllib."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

import pytest
import websocket
from kick_simulator import KickSimulator, http_side, read_frames, terminal
from kick_simulator import frames as made

pytestmark = pytest.mark.timeout(60)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEY = "32cbd69e4b950bf97679"
FRAMES = read_frames(ROOT / "tests" / "frames.jsonl")
NOBODY = "00000000-0000-4000-8000-000000000000"


# -- pusher-js ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def pusher_js() -> Path:
    """A folder with probe.js and the official client beside it, installed once per lock file."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        lack = "Node.js with npm is missing: pusher-js cannot prove the simulator"
        if os.environ.get("CI"):
            pytest.fail(lack)
        pytest.skip(lack)
    source = HERE / "pusher_js"
    lock = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = ROOT / ".cache" / f"pusher_js-{lock}"
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        # Beside its place and then renamed: an interrupted or a second run finds all of it or nothing.
        fresh = Path(tempfile.mkdtemp(dir=folder.parent))
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, fresh)
        subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=fresh, check=True, timeout=120, capture_output=True
        )
        try:
            fresh.rename(folder)
        except OSError:
            shutil.rmtree(fresh)
    shutil.copy(source / "probe.js", folder)
    return folder


class Probe:
    """probe.js running; what it says so far is in `said`."""

    def __init__(self, folder: Path, kick: KickSimulator, key: str, channels: tuple[str, ...]) -> None:
        command = ["node", "probe.js", kick.host, str(kick.port), key, "20", *channels]
        self.said: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def heard(self, what: str, **more: Any) -> list[dict[str, Any]]:
        return [one for one in list(self.said) if one["what"] == what and more.items() <= one.items()]

    def end(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self._reader.join(5)
        self.process.stdout.close()


@contextmanager
def probe(folder: Path, kick: KickSimulator, key: str = KEY, channels: tuple[str, ...] = ()) -> Iterator[Probe]:
    one = Probe(folder, kick, key, channels)
    try:
        yield one
    finally:
        one.end()


def test_pusher_js_connects_subscribes_and_gets_the_recorded_frames(kick: KickSimulator, pusher_js: Path) -> None:
    own = kick.add_channel("speedy")
    with probe(pusher_js, kick, channels=own.rooms) as client:
        kick.wait_subscribed("speedy", 10)
        kick.wait(lambda: len(client.heard("subscribed")) == 5, 5)
        assert kick.chat("speedy", text="日本 ✨") == 1
        # pusher-js parses the data; the malformed FollowersUpdated stays a string.
        playable = [frame for frame in FRAMES if frame["channel"] and not frame["event"].startswith(("(", "pusher"))]
        assert kick.play(FRAMES, "speedy") == len(playable)
        events = kick.wait(lambda: len(client.heard("event")) == 1 + len(playable) and client.heard("event"), 5)
        assert events[0]["data"]["content"] == "日本 ✨"
        assert [one["event"] for one in events[1:]] == [frame["event"] for frame in playable]
        assert {one["channel"] for one in events} == set(own.rooms)
        connection = kick.connections[0]
        assert connection.path.startswith(f"/app/{KEY}?protocol=7")


def test_pusher_js_answers_the_server_s_ping_and_gets_its_own_answered(kick: KickSimulator, pusher_js: Path) -> None:
    kick.add_channel("speedy")
    kick.server_ping_after = 0.3
    with probe(pusher_js, kick, channels=kick.channels["speedy"].rooms):
        connection = kick.wait_subscribed("speedy", 10)
        kick.wait(lambda: connection.ponged >= 2, 5)
        assert connection.open


def test_pusher_js_pings_after_the_activity_timeout_it_was_told(kick: KickSimulator, pusher_js: Path) -> None:
    kick.activity_timeout, kick.server_ping_after = 1, 60
    with probe(pusher_js, kick, channels=("chatrooms.1.v2",)) as client:
        kick.wait(lambda: kick.connections and kick.connections[0].pings >= 1, 10)
        assert client.heard("state", state="connected")
        assert not client.heard("state", state="unavailable")


def test_pusher_js_is_refused_with_4001_for_a_key_that_is_not_there(kick: KickSimulator, pusher_js: Path) -> None:
    with probe(pusher_js, kick, key="eb1d5f283081a78b932c") as client:
        kick.wait(lambda: client.heard("error", code=4001), 10)
        kick.wait(lambda: client.heard("state", state="disconnected"), 5)
        kick.wait(lambda: kick.past_connections, 5)
        assert not client.heard("state", state="connected")
        time.sleep(0.5)
        assert kick.tries == 1  # it does not come back


def test_pusher_js_comes_back_after_a_drop(kick: KickSimulator, pusher_js: Path) -> None:
    kick.add_channel("speedy")
    with probe(pusher_js, kick, channels=kick.channels["speedy"].rooms) as client:
        first = kick.wait_subscribed("speedy", 10)
        assert kick.drop() == 1
        kick.wait(lambda: not first.open, 5)
        second = kick.wait_subscribed("speedy", 10)
        assert second is not first
        assert kick.close(4200, "Please reconnect immediately") == 1
        kick.wait(lambda: not second.open and second.close_code == 4200, 5)
        kick.wait_subscribed("speedy", 10)
        assert kick.chat("speedy", text="again") == 1
        kick.wait(lambda: client.heard("event"), 5)


# -- centrifuge-python -------------------------------------------------------------------------------------------------


def post(url: str, body: Any) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def negotiate(kick: KickSimulator, *providers: str) -> Any:
    accepted = [{"provider": name} for name in providers or ("pusher", "centrifugo")]
    body = {"client": {"id": NOBODY, "type": "web"}, "capabilities": {"accepted_providers": accepted}}
    return post(kick.negotiation_url.format(channel_id=11624), body)["data"]


def token(kick: KickSimulator) -> str:
    return str(post(kick.token_url, {"client_id": NOBODY})["data"]["token"])


def test_centrifuge_python_connects_subscribes_receives_and_refreshes(kick: KickSimulator) -> None:
    from centrifuge import Client, ClientEventHandler, PublicationContext, SubscriptionEventHandler

    own = kick.add_channel("speedy")
    kick.token_ttl = 2
    kick.centrifugo_ping = 1
    got: list[Any] = []
    codes: list[int] = []

    class Events(ClientEventHandler):
        async def on_disconnected(self, ctx: Any) -> None:
            codes.append(ctx.code)

    class Subscribed(SubscriptionEventHandler):
        async def on_publication(self, ctx: PublicationContext) -> None:
            got.append(ctx.pub.data)

    async def fetch() -> str:
        return await asyncio.get_running_loop().run_in_executor(None, token, kick)

    async def until(true: Any) -> None:
        for _ in range(800):
            if true():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(kick.picture())

    async def run() -> None:
        client = Client(kick.centrifugo_url, events=Events(), get_token=fetch, proxy=None)
        await client.connect()
        for room in own.rooms:
            await client.new_subscription(room, events=Subscribed()).subscribe()
        await until(lambda: kick.connections and set(kick.connections[0].subscriptions) == set(own.rooms))
        connection = kick.connections[0]
        loop = asyncio.get_running_loop()
        # The calls of the simulator block; the client needs this loop.
        assert await loop.run_in_executor(None, lambda: kick.chat("speedy", text="hello")) == 1
        frames = [("StopStreamBroadcast", "", {}), ("FollowersUpdated", "", {"followersCount": 5})]
        assert await loop.run_in_executor(None, lambda: kick.push_together("speedy", frames)) == 2
        await until(lambda: len(got) == 3)
        await until(lambda: connection.refreshed >= 2 and connection.ponged >= 2)
        assert connection.open and not codes
        await client.disconnect()

    asyncio.run(asyncio.wait_for(run(), 15))
    assert got[0]["event"] == "App\\Events\\ChatMessageEvent"
    assert json.loads(got[0]["data"])["content"] == "hello"
    assert len(kick.token_requests) >= 3


def test_centrifugo_ends_a_connection_whose_token_has_run_out_and_refuses_old_tokens(kick: KickSimulator) -> None:
    kick.token_ttl = 0.3
    kick.expired_close_delay = 0.1
    old = token(kick)
    with centrifugo(kick, old) as client:
        assert json.loads(client.recv())["connect"]["expires"] is True
        assert ended(client) == 3005
    with centrifugo(kick, old) as client:
        assert json.loads(client.recv())["error"]["code"] == 109
    with centrifugo(kick, "not.a.token") as client:
        assert ended(client) == 3500
    with pytest.raises(websocket.WebSocketBadStatusException):
        centrifugo(kick, old, origin="https://example.invalid").__enter__()


def test_centrifugo_tells_a_second_subscription_and_a_missing_pong(kick: KickSimulator) -> None:
    kick.centrifugo_ping = kick.pong_timeout = 0.2
    with centrifugo(kick, token(kick)) as client:
        client.recv()
        client.send('{"id":2,"subscribe":{"channel":"a"}}\n{"id":3,"subscribe":{"channel":"a"}}')
        first, second = client.recv().split("\n")
        assert json.loads(first) == {"id": 2, "subscribe": {}}
        assert json.loads(second)["error"]["code"] == 105
        assert client.recv() == "{}"
        assert ended(client) == 3012


@pytest.mark.parametrize(
    "message",
    [
        "{}",
        "",
        "null",
        "[]",
        '{"id":2}',
        '{"id":2,"shout":{}}',
        '{"id":2,"subscribe":{"channel":""}}',
        '{"id":2,"subscribe":{}}',
        '{"id":2,"subscribe":"a"}',
        '{"id":2,"subscribe":{"channel":"a"},"unsubscribe":{"channel":"b"}}',
        '{"id":4294967296,"subscribe":{"channel":"a"}}',
        '{"id":-1,"subscribe":{"channel":"a"}}',
        '{"subscribe":{"channel":"a"}}',
        '{"id":2,"refresh":{}}',
        '{"id":2,"connect":{"token":"again"}}',
    ],
)
def test_centrifugo_ends_a_client_that_says_something_wrong_with_3501(kick: KickSimulator, message: str) -> None:
    with centrifugo(kick, token(kick)) as client:
        client.recv()
        client.send(message)
        assert ended(client) == 3501


def test_centrifugo_takes_no_pong_before_connect_and_no_second_one(kick: KickSimulator) -> None:
    client = websocket.create_connection(kick.centrifugo_url, timeout=5, suppress_origin=True)
    client.send("{}")
    assert ended(client) == 3501
    client.shutdown()
    with centrifugo(kick, token(kick)) as client:
        client.recv()
        kick.ping()
        assert client.recv() == "{}"
        client.send("{}")
        client.send('{"id":2,"ping":{}}')
        assert json.loads(client.recv()) == {"id": 2, "ping": {}}
        client.send("{}")
        assert ended(client) == 3501


def test_centrifugo_refuses_what_it_has_not_and_what_is_too_much(kick: KickSimulator) -> None:
    kick.channel_limit = 3
    asked = [{name: {"channel": "a"}} for name in ("presence", "presence_stats", "history", "publish", "rpc")]
    asked += [{"subscribe": {"channel": name}} for name in ("x" * 300, "x" * 255, "b", "b", "c", "d")]
    with centrifugo(kick, token(kick)) as client:
        client.recv()
        client.send("\n".join(json.dumps({"id": number, **one}) for number, one in enumerate(asked, 2)))
        replies = [json.loads(line) for line in client.recv().split("\n")]
    assert [reply["id"] for reply in replies] == list(range(2, 2 + len(asked)))
    codes = [reply.get("error", {}).get("code") for reply in replies]
    assert codes == [108] * 5 + [107, None, None, 105, None, 106]


def test_a_refreshed_token_is_answered_without_the_client_and_a_stopping_server_says_3001() -> None:
    with KickSimulator() as kick, centrifugo(kick, token(kick)) as client:
        assert json.loads(client.recv())["connect"]["client"]
        client.send(json.dumps({"id": 2, "refresh": {"token": token(kick)}}))
        assert json.loads(client.recv()) == {"id": 2, "refresh": {"expires": True, "ttl": pytest.approx(2699, abs=2)}}
        kick.stop()
        assert ended(client) == 3001


def test_the_first_ping_of_centrifugo_comes_at_a_random_moment(kick: KickSimulator) -> None:
    kick.centrifugo_ping = 0.5
    waited = []
    for _ in range(6):
        with centrifugo(kick, token(kick)) as client:
            client.recv()
            begun = time.monotonic()
            assert client.recv() == "{}"
            waited.append(time.monotonic() - begun)
    assert max(waited) < 0.8 and max(waited) - min(waited) > 0.05


@contextmanager
def centrifugo(kick: KickSimulator, with_token: str, origin: Optional[str] = None) -> Iterator[websocket.WebSocket]:
    options = {"suppress_origin": True} if origin is None else {"origin": origin}
    client = websocket.create_connection(kick.centrifugo_url, timeout=5, **options)
    try:
        client.send(json.dumps({"connect": {"token": with_token, "name": "js"}, "id": 1}))
        yield client
    finally:
        client.shutdown()  # not close(): that leaves the socket open when the server has said goodbye


# -- negotiation -------------------------------------------------------------------------------------------------------


def test_negotiation_answers_with_the_client_s_first_choice_as_kick_does(kick: KickSimulator) -> None:
    recorded = next(frame["data"] for frame in FRAMES if frame["event"] == "(realtime negotiation, pusher)")
    assert negotiate(kick) == recorded["data"]
    there = {"provider": "centrifugo", "credentials": {"url": kick.centrifugo_url}}
    assert negotiate(kick, "centrifugo", "pusher") == {"connections": [there], "mode": "websocket"}
    assert negotiate(kick, "smoke signals") == {"connections": []}
    assert [channel for _, channel, _ in kick.negotiations] == [11624] * 3


def test_a_changed_key_closes_the_old_one_and_is_told_by_negotiation(kick: KickSimulator) -> None:
    with pusher(kick) as client:
        client.recv()
        new = kick.change_key()
        assert ended(client) == 4001
    assert negotiate(kick)["connections"][0]["credentials"]["app_key"] == new
    with pusher(kick) as client:
        assert json.loads(client.recv())["data"]["code"] == 4001
        assert ended(client) == 4001
    with pusher(kick, new) as client:
        assert json.loads(client.recv())["event"] == "pusher:connection_established"


def test_when_pusher_is_gone_every_key_gets_4001_and_centrifugo_is_offered(kick: KickSimulator) -> None:
    kick.retire_pusher()
    with pusher(kick) as client:
        assert json.loads(client.recv())["data"]["code"] == 4001
    assert [one["provider"] for one in negotiate(kick)["connections"]] == ["centrifugo"]
    assert negotiate(kick, "pusher") == {"connections": []}
    kick.pusher_gone, kick.centrifugo_only = False, True
    assert [one["provider"] for one in negotiate(kick)["connections"]] == ["centrifugo"]
    with pusher(kick) as client:
        assert json.loads(client.recv())["event"] == "pusher:connection_established"


# -- Pusher, by hand ---------------------------------------------------------------------------------------------------


@contextmanager
def pusher(
    kick: KickSimulator, key: str = KEY, query: str = "?protocol=7&client=js&version=8.4.0&flash=false"
) -> Iterator[websocket.WebSocket]:
    client = websocket.create_connection(f"{kick.websocket_url}/app/{key}{query}", timeout=5)
    try:
        yield client
    finally:
        client.shutdown()


def subscribe(client: websocket.WebSocket, *channels: str) -> None:
    for channel in channels:
        client.send(json.dumps({"event": "pusher:subscribe", "data": {"auth": "", "channel": channel}}))


def ended(client: websocket.WebSocket) -> Optional[int]:
    """The close code, when nothing but frames comes before it; None for a close frame without one."""
    for _ in range(1000):
        opcode, data = client.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big") if data else None
    raise AssertionError("no end")


@contextmanager
def joined(kick: KickSimulator) -> Iterator[websocket.WebSocket]:
    """A client subscribed to all that is sent for the channel "speedy", past its hello and acks."""
    rooms = (kick.channels.get("speedy") or kick.add_channel("speedy")).rooms
    with pusher(kick) as client:
        client.recv()
        subscribe(client, *rooms)
        for _ in rooms:
            assert json.loads(client.recv())["event"] == "pusher_internal:subscription_succeeded"
        yield client


def test_says_what_pusher_says(kick: KickSimulator) -> None:
    kick.activity_timeout = 7
    with pusher(kick) as client:
        hello = json.loads(client.recv())
        assert hello["event"] == "pusher:connection_established"
        assert json.loads(hello["data"])["activity_timeout"] == 7
        for text in ("nonsense", "[]", '{"event":"pusher:unheard_of"}', '{"event":"pusher:subscribe","data":null}'):
            client.send(text)
        client.send('{"event":"pusher:ping","data":{}}')
        assert json.loads(client.recv())["event"] == "pusher:pong"
        subscribe(client, "chatrooms.1.v2", "chatrooms.1.v2", "no such#channel", "private-x")
        answers = [json.loads(client.recv()) for _ in range(4)]
        assert answers[0] == {"event": "pusher_internal:subscription_succeeded", "data": "{}", "channel": "chatrooms.1.v2"}
        assert answers[1]["event"] == "pusher:error"
        assert answers[1]["data"] == {"code": None, "message": "Existing subscription to channel chatrooms.1.v2"}
        assert [answer["event"] for answer in answers[2:]] == ["pusher:error"] * 2


@pytest.mark.parametrize(("query", "code"), [("", 4008), ("?protocol=x", 4006), ("?protocol=99", 4007)])
def test_refuses_wrong_versions_as_pusher_does(kick: KickSimulator, query: str, code: int) -> None:
    with pusher(kick, query=query) as client:
        assert json.loads(client.recv())["data"]["code"] == code
        assert ended(client) == code


def test_ends_a_client_that_does_not_answer_its_ping_with_4201(kick: KickSimulator) -> None:
    kick.server_ping_after = kick.pong_timeout = 0.2
    with pusher(kick) as client:
        client.recv()
        assert json.loads(client.recv())["event"] == "pusher:ping"
        assert ended(client) == 4201


def test_a_second_subscribe_is_refused_as_pusher_does_or_answered_as_soketi_does(kick: KickSimulator) -> None:
    with pusher(kick) as client:
        client.recv()
        subscribe(client, "a", "a")
        first, second = (json.loads(client.recv()) for _ in range(2))
        assert first["event"] == "pusher_internal:subscription_succeeded"
        assert second["event"] == "pusher:error"
        assert second["data"] == {"code": None, "message": "Existing subscription to channel a"}
        kick.fault.resubscribe = "succeed"
        subscribe(client, "a")
        assert json.loads(client.recv()) == first
        assert kick.connections[0].subscribed_again == 2
        assert kick.connections[0].subscriptions == ["a"]


def test_sends_only_what_was_subscribed_to(kick: KickSimulator) -> None:
    own = kick.add_channel("speedy")
    kick.add_channel("other")
    with pusher(kick) as client:
        client.recv()
        subscribe(client, own.chat_room)
        client.recv()
        assert kick.chat("other") == 0
        assert kick.subscribe("speedy", "viewerxbnz175", 38) == 1
        assert json.loads(json.loads(client.recv())["data"]) == {
            "chatroom_id": own.chatroom_id,
            "username": "viewerxbnz175",
            "months": 38,
        }
        client.send(json.dumps({"event": "pusher:unsubscribe", "data": {"channel": own.chat_room}}))
        kick.wait(lambda: not kick.connections[0].subscriptions)
        assert kick.chat("speedy") == 0


def test_made_up_frames_have_the_fields_of_recorded_ones(kick: KickSimulator) -> None:
    with joined(kick) as client:
        count = (
            kick.chat()
            + kick.subscribe()
            + kick.gift(names=5, chunks=2)
            + kick.follow()
            + kick.follow(goal=True)
            + kick.go_live()
        )
        count += kick.go_offline() + kick.raid()
        seen = [json.loads(client.recv()) for _ in range(count)]
    assert count == 1 + 5 + 5 + 1 + 1 + 1 + 1 + 2
    for frame in seen:
        own = set(json.loads(frame["data"]))
        shapes = []
        for recorded in FRAMES:
            if recorded["event"].rsplit("\\", 1)[-1] == frame["event"].rsplit("\\", 1)[-1]:
                try:
                    data = json.loads(recorded["data"]) if isinstance(recorded["data"], str) else recorded["data"]
                    shapes.append(set(data))
                except ValueError:
                    shapes.append({"followersCount", "channel_id", "username", "created_at", "followed"})
        assert any(own <= shape or own >= shape for shape in shapes), frame


def test_gifts_come_in_chunks_with_every_name_once(kick: KickSimulator) -> None:
    names = [f"viewer{number}" for number in range(50)]
    with joined(kick) as client:
        assert kick.gift("speedy", names, chunks=7, companions=False) == 7
        chunks = [json.loads(json.loads(client.recv())["data"]) for _ in range(7)]
    assert [name for chunk in chunks for name in chunk["gifted_usernames"]] == names
    assert {chunk["gifted_total"] for chunk in chunks} == {50}
    assert len({chunk["chunk_details"]["correlation_id"] for chunk in chunks}) == 1


def test_a_flood_arrives_whole_and_in_order(kick: KickSimulator) -> None:
    got: list[str] = []
    with joined(kick) as client:

        def read() -> None:
            while len(got) < 5_000:
                got.append(client.recv())

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        assert kick.flood("speedy", 5_000) == 5_000
        reader.join(20)
    numbers = [int(json.loads(json.loads(text)["data"])["id"][-12:]) for text in got]
    assert numbers == list(range(5_000))


def test_a_flood_keeps_its_rate(kick: KickSimulator) -> None:
    with joined(kick):
        begun = time.monotonic()
        assert kick.flood("speedy", 100, rate=200) == 100
        assert 0.4 < time.monotonic() - begun < 1.5


# -- look-up -----------------------------------------------------------------------------------------------------------


def get(url: str, timeout: float = 2.0) -> tuple[int, bytes, Any]:
    """Status, body, headers; a redirect is not followed. Raises what urllib raises when there is no whole answer."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    opener = urllib.request.build_opener(Stay)
    try:
        with opener.open(url, timeout=timeout) as answer:
            return answer.status, answer.read(1 << 21), answer.headers
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read(), answer.headers


def test_looks_up_channels_as_kick_does(kick: KickSimulator) -> None:
    kick.add_channel("speedy", channel_id=11624, chatroom_id=918, username="Speedy", followers=31642)
    kick.add_channel("two_words")
    kick.add_channel("two-words")
    status, body, headers = get(kick.lookup_url + "speedy")
    told = json.loads(body)
    assert status == 200 and headers["Content-Type"] == "application/json"
    assert (told["id"], told["chatroom"]["id"], told["user"]["username"], told["followers_count"]) == (
        11624,
        918,
        "Speedy",
        31642,
    )
    assert told["livestream"] is None and told["is_banned"] is False
    kick.go_live("speedy")
    assert json.loads(get(kick.lookup_url + "speedy")[1])["livestream"]["is_live"] is True
    kick.go_offline("speedy", tell=False)
    assert json.loads(get(kick.lookup_url + "speedy")[1])["livestream"] is None
    assert json.loads(get(kick.lookup_url.replace("v2", "v1") + "speedy")[1])["followersCount"] == 31642
    for slug in ("nobody", "Speedy"):
        assert get(kick.lookup_url + slug)[0] == 404
    assert json.loads(get(kick.lookup_url + "two_words")[1])["id"] != json.loads(get(kick.lookup_url + "two-words")[1])["id"]
    assert [slug for _, slug, _ in kick.lookups][:2] == ["speedy", "speedy"]
    kick.rename("speedy", "swift")
    assert get(kick.lookup_url + "speedy")[0] == 404
    assert json.loads(get(kick.lookup_url + "swift")[1])["id"] == 11624


def test_look_up_fails_as_it_is_told_to(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    url = kick.lookup_url + "speedy"
    for status in (403, 404, 423, 429, 500, 503):
        kick.fault.lookup = status
        assert get(url)[0] == status
    kick.fault.lookup = 429
    kick.fault.retry_after = 7
    assert get(url)[2]["Retry-After"] == "7"
    kick.fault.lookup = 403
    assert b"Just a moment" in get(url)[1]
    kick.fault.lookup = "blocked"
    assert get(url)[0] == 403 and json.loads(get(url)[1])["error"] == "Request blocked by security policy."
    kick.fault.lookup = "html"
    assert get(url)[0] == 200 and b"<html>" in get(url)[1]
    kick.fault.lookup = "to_file"
    assert get(url)[2]["Location"].startswith("file:")
    kick.fault.lookup = [500, None]
    assert [get(url)[0] for _ in range(3)] == [500, 200, 200]
    kick.fault.lookup = (418, {"X-Kind": "tea"}, "short")
    assert get(url)[0] == 418


@pytest.mark.parametrize("fault", ["hang", "drip", "drip_head", "endless", "reset", "close", "noise", "long_head", "truncated"])
def test_look_up_gives_no_whole_answer(kick: KickSimulator, fault: str) -> None:
    kick.add_channel("speedy")
    kick.fault.lookup = fault
    got = b""
    with socket.create_connection((kick.host, kick.http_port), timeout=0.5) as client:
        client.sendall(b"GET /api/v2/channels/speedy HTTP/1.1\r\nHost: kick\r\n\r\n")
        end = time.monotonic() + 0.5
        try:
            while time.monotonic() < end and len(got) < 1 << 24:
                piece = client.recv(65536)
                if not piece:
                    break
                got += piece
        except (TimeoutError, ConnectionResetError):
            pass
    head, _, body = got.partition(b"\r\n\r\n")
    assert (got == b"") == (fault in ("hang", "reset", "close"))
    assert b"HTTP/1.1 200 OK" in head or fault in ("hang", "reset", "close", "noise", "drip_head")
    with pytest.raises(ValueError):
        json.loads(body)
    kick.fault.clear()
    assert get(kick.lookup_url + "speedy")[0] == 200


@pytest.mark.parametrize(
    "fault",
    ["huge", "bulk", "gzip_bomb", "deep", "empty", "null", "nonsense", "invalid_utf8", "loop", "to_http", "to_other_host"],
)
def test_look_up_answers_something_odd(kick: KickSimulator, fault: str) -> None:
    kick.add_channel("speedy")
    kick.fault.lookup = fault
    status, body, headers = get(kick.lookup_url + "speedy", timeout=5)
    if fault in ("loop", "to_http", "to_other_host"):
        assert status == 302 and headers["Location"]
    if fault == "gzip_bomb":
        assert headers["Content-Encoding"] == "gzip" and len(body) < 1 << 21
    if fault == "huge":
        assert int(headers["Content-Length"]) == 2 << 30
    if fault in ("huge", "bulk"):
        assert len(body) == 1 << 21


def test_every_named_http_fault_is_tried_above() -> None:
    tried = {
        "hang",
        "drip",
        "drip_head",
        "endless",
        "reset",
        "close",
        "noise",
        "long_head",
        "truncated",
        "html",
        "blocked",
        "to_file",
    }
    tried |= {
        "huge",
        "bulk",
        "gzip_bomb",
        "deep",
        "empty",
        "null",
        "nonsense",
        "invalid_utf8",
        "loop",
        "to_http",
        "to_other_host",
    }
    assert tried == set(http_side.FAULTS)


def test_a_misspelt_fault_is_told(kick: KickSimulator) -> None:
    for name, value in (("lookup", "htlm"), ("handshake", "sloww"), ("hello", "never"), ("subscribe", {"x": "eror"})):
        with pytest.raises(ValueError, match="no such"):
            setattr(kick.fault, name, value)
    with pytest.raises(AttributeError):
        kick.fault.look_up = 403  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="no such garbage"):
        kick.garbage("rubbish")


def test_negotiation_and_token_have_faults_of_their_own(kick: KickSimulator) -> None:
    kick.fault.negotiation, kick.fault.token = 503, "html"
    with pytest.raises(urllib.error.HTTPError) as refused:
        negotiate(kick)
    refused.value.close()
    with pytest.raises(ValueError):
        token(kick)
    kick.fault.clear()
    kick.offer = [{"provider": "centrifugo", "credentials": {"url": "wss://evil.invalid"}}]
    assert negotiate(kick)["connections"] == kick.offer


# -- faults of the socket ----------------------------------------------------------------------------------------------


def test_in_silence_the_socket_stays_and_nothing_comes(kick: KickSimulator) -> None:
    with joined(kick) as client:
        assert kick.silence() == 1
        client.ping()
        client.send('{"event":"pusher:ping","data":{}}')
        assert kick.chat() == 0
        client.settimeout(0.3)
        with pytest.raises(websocket.WebSocketTimeoutException):
            client.recv_data(control_frame=True)
        kick.silence(False)
        client.settimeout(5)
        assert client.recv_data(control_frame=True)[0] == websocket.ABNF.OPCODE_PONG
        assert json.loads(client.recv())["event"] == "pusher:pong"
        assert kick.chat() == 1


def test_drops_and_closes_in_every_way(kick: KickSimulator) -> None:
    with joined(kick) as client:
        assert kick.drop() == 1
        with pytest.raises(ConnectionResetError):
            client.recv()
    with joined(kick) as client:
        kick.drop(rst=False)
        with pytest.raises(websocket.WebSocketConnectionClosedException):
            client.recv()
    for code in (None, 1000, 1001, 1006, 3999, 4000, 4100, 4201, 4300, 5000):
        with joined(kick) as client:
            kick.wait(lambda: len(kick.connections) == 1)
            assert kick.close(code, "because") == 1
            try:
                assert ended(client) == code
            except websocket.WebSocketProtocolException:
                assert code in (1006, 5000)  # which no server may send
        kick.wait(lambda: not kick.connections)
    with joined(kick) as client:
        kick.error(4100, "over capacity", close=True)
        assert json.loads(client.recv())["data"] == {"code": 4100, "message": "over capacity"}
        assert ended(client) == 4100
    with joined(kick) as client:
        kick.close(4200, linger=0.4)
        begun = time.monotonic()
        assert ended(client) == 4200
        client.sock.settimeout(5)
        with pytest.raises((ConnectionResetError, AssertionError)):
            assert client.sock.recv(1) != b""
        assert time.monotonic() - begun > 0.2


@pytest.mark.parametrize("fault", ["refuse", "reset", "close", "html", "noise", "redirect", "wrong_accept", 403, "hang"])
def test_the_handshake_fails_as_it_is_told_to(kick: KickSimulator, fault: Any) -> None:
    kick.fault.handshake = fault
    with pytest.raises((OSError, websocket.WebSocketException)):
        websocket.create_connection(f"{kick.websocket_url}/app/{KEY}?protocol=7", timeout=0.4, redirect_limit=0)
    assert kick.tries >= 1
    kick.fault.clear()
    with pusher(kick) as client:
        client.recv()


def test_the_server_can_take_a_client_in_and_drop_it(kick: KickSimulator) -> None:
    kick.fault.handshake = "drop"
    with pytest.raises((OSError, websocket.WebSocketException)), pusher(kick) as client:
        client.recv()


def test_hello_and_acks_can_be_late_missing_or_refused(kick: KickSimulator) -> None:
    kick.fault.hello = 0.3
    begun = time.monotonic()
    with pusher(kick) as client:
        client.recv()
        assert time.monotonic() - begun > 0.25
    kick.fault.hello = "none"
    with pusher(kick) as client:
        subscribe(client, "a")
        client.settimeout(0.2)
        with pytest.raises(websocket.WebSocketTimeoutException):
            client.recv()
    kick.fault.hello = None
    kick.fault.subscribe = {"a": "none", "b": "error"}
    with pusher(kick) as client:
        client.recv()
        subscribe(client, "a", "b", "c")
        answers = [json.loads(client.recv()) for _ in range(2)]
        assert [(answer["event"], answer["channel"]) for answer in answers] == [
            ("pusher:subscription_error", "b"),
            ("pusher_internal:subscription_succeeded", "c"),
        ]


def test_refuses_connections_and_listens_again_on_the_same_ports(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    ports = kick.port, kick.http_port
    with joined(kick) as client:
        kick.stop_listening()
        with pytest.raises(ConnectionRefusedError):
            websocket.create_connection(f"{kick.websocket_url}/app/{KEY}?protocol=7", timeout=2)
        with pytest.raises(urllib.error.URLError):
            get(kick.lookup_url + "speedy")
        assert kick.chat() == 1
        client.recv()
        kick.listen_again()
        assert ports == (kick.port, kick.http_port)
        with pusher(kick) as second:
            second.recv()
    assert get(kick.lookup_url + "speedy")[0] == 200


def test_bytes_can_come_one_by_one_together_in_pieces_and_slowly(kick: KickSimulator) -> None:
    kick.fault.slices = 1
    with joined(kick) as client:
        kick.chat(text="one by one")
        assert "one by one" in client.recv()
    kick.fault.slices, kick.fault.bandwidth = None, 2000
    with pusher(kick) as client:
        begun = time.monotonic()
        client.recv()
        kick.send_raw("x" * 1000)
        assert client.recv() == "x" * 1000
        assert time.monotonic() - begun > 0.4
    kick.fault.clear()
    with joined(kick) as client:
        frames = [("StopStreamBroadcast", "", {"n": number}) for number in range(3)]
        assert kick.push_together("speedy", frames) == 3
        assert [json.loads(json.loads(client.recv())["data"])["n"] for _ in range(3)] == [0, 1, 2]
        assert kick.chat_in_pieces(text="in pieces") == 1
        assert "in pieces" in client.recv()


def test_every_kind_of_garbage_goes_out_and_the_server_stays(kick: KickSimulator) -> None:
    for kind in made.GARBAGE_TEXTS:
        with joined(kick) as client:
            stop = threading.Thread(target=lambda client=client: drain(client), daemon=True)
            stop.start()
            assert kick.garbage(kind) == 1
            assert kick.connections and kick.chat() == 1, kind
            kick.drop()
            stop.join(10)
            assert not stop.is_alive()
    for kind in made.GARBAGE_BYTES:
        with joined(kick) as client:
            assert kick.garbage(kind) == 1
            drain(client, 0.05)
    with joined(kick) as client:
        assert kick.chat() == 1
        client.recv()


def drain(client: websocket.WebSocket, quiet: float = 5.0) -> None:
    """Read until the end, an error, or so many seconds without a byte."""
    client.sock.settimeout(quiet)
    try:
        while client.sock.recv(1 << 16):
            pass
    except OSError:
        return


def test_stops_at_once_with_clients_in_every_phase() -> None:
    with KickSimulator() as kick:
        kick.add_channel("speedy")
        kick.fault.handshake = "hang"
        with pytest.raises(websocket.WebSocketTimeoutException):
            websocket.create_connection(f"{kick.websocket_url}/app/{KEY}?protocol=7", timeout=0.1)
        kick.fault.clear()
        with joined(kick), pusher(kick):
            kick.silence()
            begun = time.monotonic()
            kick.stop()
            assert time.monotonic() - begun < 3
    assert not [thread for thread in threading.enumerate() if thread.name == "kick-simulator"]


# -- the terminal ------------------------------------------------------------------------------------------------------


def test_runs_from_a_terminal_with_traffic_and_ends_by_itself() -> None:
    command = [
        sys.executable,
        str(ROOT / "tools" / "kick_simulator"),
        "--channel",
        "Speedy",
        "--chat",
        "50/s",
        "--follow",
        "2/min",
    ]
    command += ["--sub", "1/s", "--gift", "1/s", "--live", "after", "0.2", "s", "--drop", "0.9", "--fault", "negotiation=500"]
    command += ["--frames", str(ROOT / "tests" / "frames.jsonl"), "--frames-rate", "20", "--stop", "2.5"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(6)]
        address = next(line.split()[-1] for line in lines if "WebSocket address" in line)
        client = websocket.create_connection(f"{address}/app/{KEY}?protocol=7", timeout=5)
        subscribe(client, *made.Channel("speedy", 11624, 918, 1, "Speedy").rooms)
        seen = []
        with pytest.raises((OSError, websocket.WebSocketException)):
            for _ in range(10_000):
                seen.append(json.loads(client.recv())["event"])
        client.shutdown()
        rest = process.communicate(timeout=10)[0]
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(5)
    assert process.returncode == 0
    assert seen.count("App\\Events\\ChatMessageEvent") > 5 and "App\\Events\\StreamerIsLive" in seen
    assert "connected: pusher" in rest and "subscribed: chatrooms.918.v2" in rest


@pytest.mark.parametrize(("text", "rate"), [("5/s", 5), ("2/min", 2 / 60), ("36/h", 0.01), ("3", 3)])
def test_reads_rates(text: str, rate: float) -> None:
    assert terminal.per_second(text) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("words", "value"), [(["3"], 3), (["after", "3", "s"], 3), (["after 3 s"], 3), (["after", "2", "min"], 120)]
)
def test_reads_times(words: list[str], value: float) -> None:
    assert terminal.seconds(words) == value
