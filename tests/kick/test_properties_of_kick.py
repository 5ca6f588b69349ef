"""For any input: nothing raises, nothing is counted that did not happen, Connected is never said too early."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Union

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vmsc_core.events import Counted, Event, Follow, GiftedSubscriptions, StreamEnded, StreamStarted
from vmsc_core.kick import centrifugo, json_values, negotiation, pusher
from vmsc_core.kick.centrifugo import CentrifugoSession
from vmsc_core.kick.channel import (
    Channel,
    read_lookup,
    read_pasted,
    slug_candidates,
    slug_of,
    subscriptions,
)
from vmsc_core.kick.interpret import Interpreter
from vmsc_core.kick.pusher import PusherSession
from vmsc_core.kick.session import Message, Ready
from vmsc_core.known import read_known
from vmsc_core.reasons import Failure, Reason, Remedy
from vmsc_core.settings import Wish, address_trouble, read_wish
from vmsc_core.words import say

AnySession = Union[PusherSession, CentrifugoSession]

# Reproducible on every machine, and without a folder of examples.
checked = settings(max_examples=200, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

FRAMES = [json.loads(line) for line in (Path(__file__).parents[1] / "frames.jsonl").read_text("utf-8").rstrip("\n").split("\n")]
NAMES = sorted({frame["event"] for frame in FRAMES})
TOPICS = subscriptions(1, 2)
REQUIRED = [topic.name for topic in TOPICS if topic.required]
CHANNELS = [topic.name for topic in TOPICS]

NASTY = [
    float("nan"),
    float("inf"),
    -float("inf"),
    1e300,
    2**53,
    2**64,
    10**400,
    -1,
    0,
    "",
    "\ud800",
    "\x00",
    "null",
    "[",
    "{}",
    "[" * 2000,
    "9" * 4500,
    "1e999",
    "anonymous",
    "kick.com",
    "wss://kick.com",
    "\u2028",
    "x" * 5000,
    "2026-09-27T16:11:55Z",
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(NASTY)
# Keys that the code asks for, so that the values behind them are reached.
KEYS = sorted(set(re.findall(r'"([a-zA-Z_]{2,25})":', json.dumps([frame["data"] for frame in FRAMES]).replace("\\", ""))))
KEY = st.sampled_from([*KEYS, "code", "message", "event", "channel", "data", "push", "pub", "connect", "subscribe", "error"])
ANY = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY | st.text(max_size=5), inner, max_size=5),
    max_leaves=15,
)


def decoded(data: Any) -> Any:
    """What is in a recorded frame's data."""
    if not isinstance(data, str):
        return data
    try:
        return json.loads(data)
    except ValueError:
        return {}


@st.composite
def damaged(draw: Callable[..., Any]) -> tuple[str, Any]:
    """A recorded frame with some of its values replaced or gone, packed in a string or not."""
    frame = draw(st.sampled_from(FRAMES))
    data = json.loads(json.dumps(decoded(frame["data"])))
    for _ in range(draw(st.integers(0, 4))):
        place, key = data, None
        while isinstance(place, (dict, list)) and place:
            holder = place
            key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            place = holder[key]
            if draw(st.booleans()):
                break
        if key is None:
            data = draw(ANY)
            break
        if draw(st.booleans()):
            holder[key] = draw(ANY)
        else:
            del holder[key]
    return frame["event"], json.dumps(data) if draw(st.booleans()) else data


def tame(found: list[Event]) -> None:
    """What may leave the room: printable, of bounded size, of positive counts."""
    for event in found:
        text = repr(event)
        assert "\\ud8" not in text.lower() and "\\x00" not in text
        for value in vars(event).values():
            assert not isinstance(value, str) or len(value) <= 4000
        if isinstance(event, (Follow, GiftedSubscriptions)):
            assert event.count >= 1
        if isinstance(event, GiftedSubscriptions):
            assert len(event.recipients) <= 1000 or event.count >= 1
    repr(found).encode("utf-8")


# -- interpret ---------------------------------------------


@checked
@given(
    st.lists(
        st.tuples(damaged() | st.tuples(st.sampled_from(NAMES) | st.text(max_size=30), ANY), st.floats(0, 1000)), max_size=20
    )
)
def test_interpret_never_raises_and_gives_only_tame_events(happened):
    interpreter = Interpreter()
    now = 0.0
    for (event, data), later in happened:
        now += later
        found = interpreter.interpret(Message(event, "chatrooms.1.v2", data), now)
        tame(found + interpreter.poll(now))
    tame(interpreter.flush())


LOOKED_UP = st.builds(
    Channel,
    st.just("name"),
    st.just(1),
    st.just(2),
    live=st.none() | st.booleans(),
    livestream_id=st.none() | st.integers(1, 3),
    followers=st.none() | st.integers(0, 30),
)
LIVE_FRAMES = st.tuples(
    st.sampled_from(["StreamerIsLive", "StopStreamBroadcast"]),
    st.builds(lambda number: {"livestream": {"id": number}}, st.integers(1, 3)),
)


@checked
@given(st.lists(st.tuples(LOOKED_UP | LIVE_FRAMES, st.floats(0, 300)), max_size=30))
def test_in_any_order_a_livestream_starts_once_and_ends_once_and_starts_and_ends_take_turns(happened):
    interpreter = Interpreter()
    now = 0.0
    found: list[Event] = []
    for what, later in happened:
        now += later
        if isinstance(what, Channel):
            found += interpreter.found(what, now)
        else:
            found += interpreter.interpret(Message(what[0], "channel.2", what[1]), now)
    started = [event.livestream_id for event in found if isinstance(event, StreamStarted) and event.livestream_id]
    ended = [event.livestream_id for event in found if isinstance(event, StreamEnded) and event.livestream_id]
    assert len(started) == len(set(started))
    assert len(ended) == len(set(ended))
    for before, after in zip(started, started[1:]):
        assert before != after


@checked
@given(st.integers(1, 8), st.data())
def test_chunks_in_any_order_with_repetitions_are_one_gift(chunks, data):
    names = [[f"viewer{number}a", f"viewer{number}b"] for number in range(chunks)]
    order = data.draw(st.permutations(list(range(chunks)) + data.draw(st.lists(st.integers(0, chunks - 1), max_size=8))))
    interpreter = Interpreter()
    found: list[Event] = []
    for index in order:
        details = {"correlation_id": "gift", "chunk_index": index, "total_chunks": chunks}
        body = {"gifter_username": "rich", "gifted_usernames": names[index], "gifted_total": 2 * chunks, "chunk_details": details}
        found += interpreter.interpret(Message("GiftedSubscriptionsEvent", "chatroom_1", body), 0.0)
    found += interpreter.poll(3.0)
    (gift,) = found
    assert isinstance(gift, GiftedSubscriptions)
    assert gift.count == 2 * chunks and sorted(gift.recipients) == sorted(itertools.chain(*names))


@checked
@given(st.lists(st.sampled_from(range(12, 21)), max_size=60))
def test_two_subs_among_all_their_duplicates_never_count_more_than_two(lines):
    interpreter = Interpreter()
    found: list[Event] = []
    for number, line in enumerate(lines):
        frame = FRAMES[line - 1]
        found += interpreter.interpret(Message(frame["event"], frame["channel"], frame["data"]), number * 0.5)
    assert sum(isinstance(event, Counted) for event in found) == len({12, 17} & set(lines))


# -- sessions ---------------------------------------------


def pusher_session() -> AnySession:
    return PusherSession(TOPICS)


def centrifugo_session() -> AnySession:
    return CentrifugoSession(TOPICS, "token")


BOTH = pytest.mark.parametrize("make", [pusher_session, centrifugo_session], ids=["pusher", "centrifugo"])
SERVER_TEXTS = [
    '{"event":"pusher:connection_established","data":"{\\"socket_id\\":\\"1.1\\",\\"activity_timeout\\":120}"}',
    '{"event":"pusher:ping"}',
    '{"event":"pusher:error","data":{"code":null,"message":"Existing subscription to channel chatrooms.1.v2"}}',
    '{"id":1,"connect":{"client":"x","ttl":100,"expires":true,"ping":25,"pong":true}}',
    "{}",
    *[json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": channel, "data": "{}"}) for channel in CHANNELS],
    *[json.dumps({"event": "App\\Events\\ChatMessageEvent", "channel": channel, "data": "{}"}) for channel in CHANNELS],
    *[json.dumps({"id": number, "subscribe": {}}) for number in range(1, 9)],
    *[json.dumps({"push": {"channel": channel, "pub": {"data": {"event": "x", "data": {}}}}}) for channel in CHANNELS],
]
FRAME = st.sampled_from(SERVER_TEXTS) | ANY.map(lambda value: json.dumps(value)) | st.text(max_size=60)
SHAPED = st.builds(
    lambda event, channel, data: json.dumps({"event": event, "channel": channel, "data": data}),
    st.sampled_from(["connection_established", "error", "ping", "pong", "subscription_error"]).map("pusher:".__add__)
    | st.just("pusher_internal:subscription_succeeded")
    | SCALARS,
    st.sampled_from(CHANNELS) | SCALARS,
    ANY,
) | st.builds(
    lambda number, key, value, error: json.dumps({"id": number, key: value, **({"error": error} if error else {})}),
    st.integers(0, 9) | SCALARS,
    st.sampled_from(["connect", "subscribe", "refresh", "push", "x"]),
    ANY,
    ANY,
)
STEP = st.tuples(st.sampled_from(["receive", "receive", "receive", "poll", "probe", "renew"]), FRAME | SHAPED, st.floats(0, 60))


@BOTH
@checked
@given(st.lists(STEP, max_size=40))
def test_a_session_never_raises_and_says_ready_once_at_most(make, steps):
    session = make()
    now = 1000.0
    session.opened(now)
    ready = 0
    for what, text, later in steps:
        now += later
        if what == "receive":
            outputs = session.receive(text, now)
        elif what == "poll":
            outputs = session.poll(now)
        else:
            outputs = []
            session.probe(now) if what == "probe" else session.renew("token", now)
        for sent in session.outgoing():
            json.loads(sent)
        ready += sum(isinstance(output, Ready) for output in outputs)
        assert session.deadline == session.deadline  # not NaN
        for output in outputs:
            if isinstance(output, Message):
                assert output.channel in CHANNELS
            if isinstance(output, Failure):
                assert isinstance(output.remedy, Remedy) and say(output.reason)
                repr(output).encode("utf-8")
        if any(isinstance(output, Failure) for output in outputs):
            break
    assert ready <= 1
    assert len(getattr(session, "_asked", ())) <= 101


@checked
@given(st.permutations(SERVER_TEXTS), st.lists(st.sampled_from(SERVER_TEXTS), max_size=10))
def test_pusher_is_never_ready_before_the_last_acknowledgement_whatever_the_order(texts, again):
    session = PusherSession(TOPICS)
    session.opened(0.0)
    greeted = False
    acknowledged: set[str] = set()
    for text in [*again, *texts, *again]:
        outputs = session.receive(text, 1.0)
        frame = json.loads(text)
        greeted = greeted or frame.get("event") == "pusher:connection_established"
        if greeted and frame.get("event") == "pusher_internal:subscription_succeeded":
            acknowledged.add(frame["channel"])
        assert Ready() not in outputs or (greeted and acknowledged.issuperset(REQUIRED))


@checked
@given(st.permutations(SERVER_TEXTS), st.lists(st.sampled_from(SERVER_TEXTS), max_size=10))
def test_centrifugo_is_never_ready_before_the_last_acknowledgement_whatever_the_order(texts, again):
    session = CentrifugoSession(TOPICS, "token")
    session.opened(0.0)
    asked: dict[int, str] = {}
    acknowledged: set[str] = set()
    for text in [*again, *texts, *again]:
        outputs = session.receive(text, 1.0)
        frame = json.loads(text)
        if isinstance(frame.get("subscribe"), dict) and frame.get("id") in asked:
            acknowledged.add(asked[frame["id"]])
        assert Ready() not in outputs or acknowledged.issuperset(REQUIRED)
        for sent in map(json.loads, session.outgoing()):
            if "subscribe" in sent:
                asked[sent["id"]] = sent["subscribe"]["channel"]


@checked
@given(
    st.lists(st.sampled_from(SERVER_TEXTS[3:5] + SERVER_TEXTS[-5:]), min_size=1, max_size=20), st.randoms(use_true_random=False)
)
def test_centrifugo_objects_mean_the_same_however_they_are_put_together(texts, order: random.Random):
    def fed(frames: list[str]) -> tuple[list[Any], list[str]]:
        session = CentrifugoSession(TOPICS, "token")
        session.opened(0.0)
        outputs = [output for frame in frames for output in session.receive(frame, 1.0)]
        return outputs, session.outgoing()

    together: list[str] = []
    for text in texts:
        if together and order.random() < 0.5:
            together[-1] += "\n" + text
        else:
            together.append(text)
    assert fed(texts) == fed(together)


@checked
@given(st.none() | st.integers(), st.text(max_size=200))
@BOTH
def test_any_end_of_a_connection_has_a_meaning_and_a_sentence(make, code, reason):
    broken = make().closed(code, reason)
    assert say(broken.reason).endswith(".") and "\n" not in say(broken.reason)
    repr(broken).encode("utf-8")
    assert pusher.remedy(code) in Remedy and centrifugo.remedy(code) in Remedy


# -- negotiation ---------------------------------------------

URL_PIECE = st.sampled_from(
    [
        "wss",
        "ws",
        "https",
        "://",
        "/",
        "//",
        ":",
        "@",
        "\\",
        "?",
        "#",
        ".",
        "%2e",
        "%00",
        "[",
        "]",
        "kick",
        "com",
        "kick.com",
        "pusher.com",
        "evil.tld",
        "user",
        "443",
        "0",
        "127.0.0.1",
        "localhost",
        "::1",
        "\t",
        "\n",
        " ",
        "é",
        "。",
        "K",
        "KICK.COM",
    ]
)
URL = st.lists(URL_PIECE, max_size=9).map("".join) | st.text(max_size=40).map("wss://".__add__)


@checked
@given(st.lists(URL | ANY, max_size=4), ANY, st.integers(-5, 700))
def test_negotiation_never_raises_and_names_only_kicks_servers(urls, odd, status):
    connections = [{"provider": "centrifugo", "credentials": {"url": url}} for url in urls]
    for body in (
        json.dumps({"data": {"connections": connections}}),
        json.dumps({"data": {"connections": [{"provider": "pusher", "credentials": odd}, odd]}}),
        json.dumps({"data": odd}),
        json.dumps(odd),
        str(odd),
    ):
        found = negotiation.read_answer(200, body, Wish())
        for server in found.servers if isinstance(found, negotiation.Named) else ():
            # Read by another, stricter rule than the code's own.
            assert re.fullmatch(r"wss://([a-z0-9-]*\.)*(kick|pusher)\.com(:[1-9]\d*|:)?([/?].*)?", server.url, re.IGNORECASE)
        negotiation.read_answer(status, body, Wish(allowed_hosts=("127.0.0.1",)))
        token = negotiation.read_token(200, body)
        assert isinstance(token, Failure) or (token.isascii() and not re.search(r"\s", token))


# -- channel ---------------------------------------------

TYPED = st.text(max_size=40) | URL | st.text(max_size=20).map("kick.com/".__add__) | st.text(max_size=20).map("@".__add__)


@checked
@given(TYPED)
def test_whatever_is_typed_is_a_slug_or_a_sentence(typed):
    found = slug_of(typed)
    if isinstance(found, Failure):
        assert say(found.reason)
    else:
        assert re.fullmatch(r"[a-z0-9_-]{1,64}", found)
        assert slug_of(found) == found
        assert slug_candidates(found)[0] == found


@checked
@given(ANY, st.text(max_size=60), st.integers(-5, 700), st.none() | st.floats(0, 1e9))
def test_whatever_the_look_up_answers_is_a_channel_or_a_sentence(odd, text, status, retry_after):
    for body in (json.dumps(odd), text, "<" + text):
        found = read_lookup("name", status, body, retry_after)
        if isinstance(found, Failure):
            assert say(found.reason) and 0 <= found.wait <= 3600
        else:
            assert status == 200 and found.chatroom_id > 0 and found.channel_id
        assert isinstance(read_pasted(body, "name"), (Reason, Channel))


@checked
@given(st.dictionaries(st.sampled_from(["id", "slug", "user", "chatroom", "livestream", "followers_count", "is_banned"]), ANY))
def test_a_damaged_channel_page_is_a_channel_or_a_sentence(changes):
    page = {"id": 2, "slug": "name", "user": {"username": "Name"}, "chatroom": {"id": 1}, "livestream": None, **changes}
    found = read_lookup("name", 200, json.dumps(page))
    if isinstance(found, Channel):
        repr(found).encode("utf-8")
        assert re.fullmatch(r"[a-z0-9_-]{1,64}", found.slug)
        assert found.name and len(found.name) <= 64
        tame(Interpreter().found(found, 0.0))
    assert isinstance(read_pasted(json.dumps(page), "name"), (Reason, Channel))


# -- settings and values ---------------------------------------------

FIELDS = [
    "username",
    "channel_id",
    "chatroom_id",
    "provider",
    "poll",
    "pusher_key",
    "pusher_cluster",
    "allowed_hosts",
    "known_channels",
]
ADDRESSES = ["lookup_address", "websocket_address", "negotiation_address", "token_address"]


@checked
@given(
    st.dictionaries(st.sampled_from(FIELDS), ANY | st.text(max_size=30)), st.dictionaries(st.sampled_from(ADDRESSES), URL | ANY)
)
def test_settings_can_be_read_from_anything(values, addresses):
    found = read_wish({**values, **addresses})
    hash(found)
    for key in ADDRESSES if isinstance(found, Wish) else ():
        assert address_trouble(getattr(found, key), ("wss", "ws")) or address_trouble(getattr(found, key), ("https", "http"))
    assert found == read_wish({**values, **addresses})


@checked
@given(ANY)
def test_remembered_ids_can_be_read_from_anything(odd):
    for text in (odd, json.dumps(odd), json.dumps({"name": odd})):
        for known in read_known(text).values():
            assert known.chatroom_id > 0


@checked
@given(ANY)
def test_values_are_read_from_anything(odd):
    json_values.text(odd).encode("utf-8")
    number, seconds = json_values.integer(odd), json_values.time(odd)
    assert number is None or 0 <= number <= json_values.LARGEST_NUMBER
    assert seconds is None or -1e11 < seconds < 1e12
    json_values.parse_if_text(odd)
