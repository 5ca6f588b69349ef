"""Pusher protocol 7: frames in, messages out; deadlines to the millisecond; what a close code means."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from vmsc_core.kick.channel import subscriptions
from vmsc_core.kick.pusher import ACTIVITY_TIMEOUT, PONG_TIMEOUT, PusherSession, address, remedy
from vmsc_core.kick.session import HELLO_TIMEOUT, PROBE_TIMEOUT, SUBSCRIBE_TIMEOUT, Message, Output, Ready
from vmsc_core.reasons import Failure, Remedy
from vmsc_core.words import say

T = 1000.0
MS = 0.001
NEVER = float("inf")
TOPICS = subscriptions(1, 2)
REQUIRED = [topic.name for topic in TOPICS if topic.required]
PING, PONG = '{"event":"pusher:ping","data":{}}', '{"event":"pusher:pong","data":{}}'


def hello(activity_timeout: Any = 120) -> str:
    # Line 28 of frames.jsonl.
    data = json.dumps({"socket_id": "214617.19803", "activity_timeout": activity_timeout})
    return json.dumps({"event": "pusher:connection_established", "data": data})


def ack(channel: str) -> str:
    return json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": channel, "data": "{}"})


def error(code: Any, message: str = "") -> str:
    return json.dumps({"event": "pusher:error", "data": {"code": code, "message": message}})


def chat(channel: str = "chatrooms.1.v2") -> str:
    return json.dumps({"event": "App\\Events\\ChatMessageEvent", "channel": channel, "data": "{}"})


def opened() -> PusherSession:
    session = PusherSession(TOPICS)
    session.opened(T)
    return session


def greeted(activity_timeout: Any = 120) -> PusherSession:
    session = opened()
    assert session.receive(hello(activity_timeout), T) == []
    return session


def ready(activity_timeout: Any = 120, now: float = T) -> PusherSession:
    session = greeted(activity_timeout)
    for channel in REQUIRED:
        session.receive(ack(channel), now)
    session.outgoing()
    return session


def the_break(outputs: list[Output]) -> Failure:
    (broken,) = outputs
    assert isinstance(broken, Failure)
    assert say(broken.reason).endswith(".") and say(broken.reason)[0].isupper()
    return broken


# -- the address ---------------------------------------------


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("", "wss://ws-us2.pusher.com/app/KEY?protocol=7&client=js&version=8.4.0&flash=false"),
        ("ws://127.0.0.1:9000", "ws://127.0.0.1:9000/app/KEY?protocol=7&client=js&version=8.4.0&flash=false"),
        ("ws://127.0.0.1:9000/", "ws://127.0.0.1:9000/app/KEY?protocol=7&client=js&version=8.4.0&flash=false"),
        ("wss://relay.example/app/other?protocol=7", "wss://relay.example/app/other?protocol=7"),
    ],
)
def test_the_address(base, url):
    assert address(base, "KEY", "us2") == url


# -- hello and subscriptions ---------------------------------------------


def test_the_server_speaks_first():
    assert opened().outgoing() == []


def test_the_recorded_hello_is_answered_by_five_subscriptions(frames):
    row = frames[28]
    session = opened()
    assert session.receive(json.dumps({"event": row["event"], "data": row["data"]}), T) == []
    assert [json.loads(text) for text in session.outgoing()] == [
        {"event": "pusher:subscribe", "data": {"auth": "", "channel": topic.name}} for topic in TOPICS
    ]
    assert session.outgoing() == []


@pytest.mark.parametrize("order", list(itertools.permutations(REQUIRED)), ids=str)
def test_ready_comes_with_the_last_required_acknowledgement_and_only_once(order):
    session = greeted()
    found = [session.receive(ack(channel), T) for channel in order]
    assert found == [[], [], [], [Ready()]]
    assert [session.receive(ack(topic.name), T) for topic in TOPICS] == [[]] * 5


def test_an_acknowledgement_may_lack_data():
    session = greeted()
    for channel in REQUIRED[1:]:
        session.receive(ack(channel), T)
    last = json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": REQUIRED[0]})
    assert session.receive(last, T) == [Ready()]


@pytest.mark.parametrize("channel", ["chatrooms.1", "chatrooms.9.v2", "", None, 5, []])
def test_an_acknowledgement_of_another_channel_does_not_count(channel):
    session = greeted()
    for required in REQUIRED[1:]:
        session.receive(ack(required), T)
    assert session.receive(json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": channel}), T) == []


def test_acknowledgements_before_the_hello_do_not_count():
    session = opened()
    assert [session.receive(ack(channel), T) for channel in REQUIRED] == [[]] * 4


def test_a_second_hello_subscribes_nothing_again():
    session = greeted()
    session.outgoing()
    session.receive(hello(), T)
    assert session.outgoing() == []


@pytest.mark.parametrize("channel", REQUIRED)
def test_a_refused_required_channel_breaks_the_connection_and_is_named(channel):
    session = greeted()
    refusal = json.dumps({"event": "pusher:subscription_error", "channel": channel, "data": {"status": 403}})
    broken = the_break(session.receive(refusal, T))
    assert broken.remedy is Remedy.BACKOFF and channel in say(broken.reason)


@pytest.mark.parametrize("channel", ["chatrooms.1", "somebody.else"])
def test_a_refusal_of_any_other_channel_is_no_matter(channel):
    session = greeted()
    assert session.receive(json.dumps({"event": "pusher:subscription_error", "channel": channel}), T) == []


def test_a_server_that_does_not_greet_is_left_after_ten_seconds():
    session = opened()
    assert session.deadline == T + HELLO_TIMEOUT == T + 10.0
    assert session.poll(T + 10.0 - MS) == []
    assert the_break(session.poll(T + 10.0)).remedy is Remedy.BACKOFF


def test_pings_before_the_hello_do_not_make_the_waiting_longer():
    session = opened()
    session.receive(PING, T + 9)
    assert session.outgoing() == [PONG]
    assert the_break(session.poll(T + 10.0))


def test_a_server_that_does_not_confirm_is_left_after_ten_seconds():
    session = opened()
    session.receive(hello(), T + 5)
    for channel in REQUIRED[1:]:
        session.receive(ack(channel), T + 6)
    assert session.deadline == T + 5 + SUBSCRIBE_TIMEOUT
    assert session.poll(T + 15.0 - MS) == []
    assert "confirm" in say(the_break(session.poll(T + 15.0)).reason)


# -- messages ---------------------------------------------


def test_every_recorded_frame_is_handed_on_as_it_is(frames):
    for line, row in frames.rows.items():
        if row["channel"] is None or row["event"].startswith("("):
            continue
        session = PusherSession(subscriptions(1, 2))
        session._topics._required[row["channel"]] = True
        session.opened(T)
        text = json.dumps({"event": row["event"], "channel": row["channel"], "data": row["data"]})
        assert session.receive(text, T) == [frames.message(line)], line


@pytest.mark.parametrize("channel", ["chatrooms.2.v2", "chatrooms.1.v2 ", "", None, 5])
def test_a_message_of_a_channel_that_is_not_ours_is_skipped(channel):
    session = ready()
    assert session.receive(json.dumps({"event": "x", "channel": channel, "data": "{}"}), T) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "5",
        '"x"',
        "[]",
        "{}",
        '{"event":null}',
        '{"event":5}',
        "[" * 100_000,
        '{"a":' * 50_000,
        "\ud800",
        "9" * 5000,
    ],
    ids=lambda text: repr(text)[:20],
)
def test_a_frame_that_cannot_be_read_is_skipped(text):
    session = ready()
    assert session.receive(text, T) == []
    assert session.receive(chat(), T) == [Message("App\\Events\\ChatMessageEvent", "chatrooms.1.v2", "{}")]


@pytest.mark.parametrize("data", [None, [], 5, "x", '"x"', "[]", {"code": [], "message": {}}, {"code": float("nan")}])
@pytest.mark.parametrize("event", ["connection_established", "error", "ping", "pong", "cache_miss", "signin_success", ""])
def test_a_protocol_frame_of_the_wrong_shape_breaks_nothing(event, data):
    session = ready()
    assert session.receive(json.dumps({"event": "pusher:" + event, "channel": {}, "data": data}), T) == []


def test_twenty_thousand_unknown_protocol_events_leave_nothing_behind():
    session = ready()
    for number in range(20_000):
        assert session.receive(json.dumps({"event": f"pusher:unknown{number}"}), T) == []
    assert session.outgoing() == []


# -- alive or dead ---------------------------------------------


@pytest.mark.parametrize("data", [{}, "{}", None, "absent"])
def test_a_ping_is_answered_by_a_pong(data):
    session = ready()
    frame = {"event": "pusher:ping", "data": data}
    if data == "absent":
        del frame["data"]
    session.receive(json.dumps(frame), T)
    assert session.outgoing() == [PONG]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (120, 120.0),
        (30, 30.0),
        (1, 1.0),
        (600, 120.0),
        (0, 120.0),
        (None, 120.0),
        ("30", 30.0),
        ("x", 120.0),
        (-5, 120.0),
        (1e999, 120.0),
    ],
    ids=str,
)
def test_the_smaller_activity_timeout_counts_to_the_millisecond(told, seconds):
    assert ACTIVITY_TIMEOUT == 120.0
    session = ready(told)
    assert session.deadline == T + seconds
    assert (session.poll(T + seconds - MS), session.outgoing()) == ([], [])
    assert (session.poll(T + seconds), session.outgoing()) == ([], [PING])


def test_no_answer_to_our_ping_within_thirty_seconds_is_death_to_the_millisecond():
    session = ready()
    session.poll(T + 120)
    session.outgoing()
    assert session.deadline == T + 120 + PONG_TIMEOUT == T + 150
    assert (session.poll(T + 150 - MS), session.outgoing()) == ([], [])
    assert the_break(session.poll(T + 150)).remedy is Remedy.BACKOFF


@pytest.mark.parametrize("sign_of_life", [PONG, PING, chat(), chat("somebody.else"), "garbage"])
def test_any_frame_is_a_sign_of_life(sign_of_life):
    session = ready()
    session.poll(T + 120)
    session.receive(sign_of_life, T + 150 - MS)
    assert session.deadline == pytest.approx(T + 270 - MS)
    assert session.poll(T + 270 - 2 * MS) == []


def test_our_pings_are_not_repeated_while_we_wait():
    session = ready()
    for seconds in range(120, 150):
        session.poll(T + seconds)
    assert session.outgoing() == [PING]


def test_every_frame_puts_the_ping_off():
    session = ready()
    for seconds in range(0, 1000, 100):
        session.receive(chat(), T + seconds)
        assert session.poll(T + seconds + 120 - MS) == []
    assert session.outgoing() == []


# -- the probe ---------------------------------------------


def test_a_probe_asks_for_the_chat_channel_again():
    session = ready()
    session.probe(T)
    (text,) = session.outgoing()
    assert json.loads(text) == {"event": "pusher:subscribe", "data": {"auth": "", "channel": "chatrooms.1.v2"}}


@pytest.mark.parametrize(
    "answer",
    [ack("chatrooms.1.v2"), error(None, "Existing subscription to channel chatrooms.1.v2")],
    ids=["acknowledged", "exists"],
)
def test_a_probe_that_is_answered_proves_the_subscription(answer):
    session = ready()
    session.probe(T)
    assert session.receive(answer, T + 1) == []
    assert session.poll(T + 100) == []


@pytest.mark.parametrize("answer", [ack("channel.2"), error(None, "something else"), chat("channel.2"), PONG])
def test_a_probe_that_is_not_answered_is_death_to_the_millisecond(answer):
    session = ready()
    session.probe(T)
    session.receive(answer, T + 1)
    assert session.deadline == T + PROBE_TIMEOUT
    assert session.poll(T + PROBE_TIMEOUT - MS) == []
    assert the_break(session.poll(T + PROBE_TIMEOUT)).remedy is Remedy.BACKOFF


def test_probes_do_not_pile_up():
    session = ready()
    for _ in range(5):
        session.probe(T)
    assert len(session.outgoing()) == 1


def test_each_required_channel_is_probed_in_its_turn():
    session = ready()
    asked = []
    for _ in range(len(REQUIRED) + 1):
        session.probe(T)
        (text,) = session.outgoing()
        asked.append(json.loads(text)["data"]["channel"])
        session.receive(ack(asked[-1]), T)
    assert asked == [*REQUIRED, REQUIRED[0]]


def test_no_probe_before_ready():
    session = greeted()
    session.outgoing()
    session.probe(T)
    assert session.outgoing() == []


def test_a_token_means_nothing_to_pusher():
    session = ready()
    session.renew("x", T)
    assert session.outgoing() == []


# -- what an end means ---------------------------------------------

VERDICTS = [
    (None, Remedy.BACKOFF),
    (0, Remedy.BACKOFF),
    (1000, Remedy.BACKOFF),
    (1001, Remedy.BACKOFF),
    (1006, Remedy.BACKOFF),
    (3999, Remedy.BACKOFF),
    (4000, Remedy.REFUSED),
    (4001, Remedy.REFUSED),  # no such key
    (4004, Remedy.REFUSED),  # over quota
    (4009, Remedy.REFUSED),  # not authorised
    (4099, Remedy.REFUSED),
    (4100, Remedy.BACKOFF),
    (4199, Remedy.BACKOFF),
    (4200, Remedy.AT_ONCE),
    (4201, Remedy.AT_ONCE),  # pong not received
    (4202, Remedy.AT_ONCE),  # inactivity
    (4299, Remedy.AT_ONCE),
    (4300, Remedy.BACKOFF),
    (65535, Remedy.BACKOFF),
]


@pytest.mark.parametrize(("code", "meaning"), VERDICTS)
def test_each_code_means_the_same_as_a_close_code_and_as_an_error(code, meaning):
    assert remedy(code) is meaning
    closed = ready().closed(code, "why")
    assert closed.remedy is meaning
    if code is not None:
        assert str(code) in say(closed.reason) or code == 1006
        assert the_break(ready().receive(error(code, "why"), T)) == closed


@pytest.mark.parametrize("data", ['{"code":4001,"message":"no"}', {"code": "4001", "message": "no"}])
def test_an_errors_data_may_be_packed_in_a_string(data):
    broken = the_break(opened().receive(json.dumps({"event": "pusher:error", "data": data}), T))
    assert "(4001)" in say(broken.reason)


@pytest.mark.parametrize("code", [None, "x", [], -1, 4001.5])
def test_an_error_without_a_code_is_one_of_a_channel_and_the_link_stays(code):
    assert ready().receive(error(code, "Existing subscription"), T) == []


def test_what_the_server_says_is_told_on_one_line_and_cut():
    broken = ready().closed(4100, "over\ncapacity " + "x" * 5000)
    assert "over capacity" in say(broken.reason) and "\n" not in say(broken.reason) and len(say(broken.reason)) < 300


def test_the_retired_key_has_its_own_sentence():
    assert "key" in say(ready().closed(4001, "App key is not in this cluster").reason)
