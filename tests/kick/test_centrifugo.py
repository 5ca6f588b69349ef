"""Centrifugo's JSON protocol v2 behind the same session interface: objects in, messages out; deadlines to the millisecond."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from vmsc_core.kick.centrifugo import DEFAULT_PING, LONGEST_PING, PING_GRACE, RENEW_AGAIN, RENEW_EARLY, CentrifugoSession, remedy
from vmsc_core.kick.channel import subscriptions
from vmsc_core.kick.interpret import Interpreter
from vmsc_core.kick.session import (
    HELLO_TIMEOUT,
    PROBE_TIMEOUT,
    SUBSCRIBE_TIMEOUT,
    Message,
    Output,
    Ready,
    TokenNeeded,
)
from vmsc_core.reasons import Failure, Remedy
from vmsc_core.words import say

T = 1000.0
MS = 0.001
NEVER = float("inf")
MISSING = object()
TOPICS = subscriptions(1, 2)
REQUIRED = [topic.name for topic in TOPICS if topic.required]


def connected(ttl: Any = 2699, ping: Any = 25, pong: Any = True, expires: Any = True, reply: int = 1) -> str:
    # Line 58 of frames.jsonl.
    hello = {"client": "anonymous-client", "expires": expires, "ttl": ttl, "ping": ping, "pong": pong}
    return json.dumps({"id": reply, "connect": {key: value for key, value in hello.items() if value is not MISSING}})


def push(data: Any, channel: Any = "chatrooms.1.v2") -> str:
    return json.dumps({"push": {"channel": channel, "pub": {"data": data}}})


CHAT = push({"event": "App\\Events\\ChatMessageEvent", "data": '{"id":"x"}'})
CHAT_MESSAGE = Message("App\\Events\\ChatMessageEvent", "chatrooms.1.v2", '{"id":"x"}')


def opened() -> CentrifugoSession:
    session = CentrifugoSession(TOPICS, "a-token")
    session.opened(T)
    return session


def greeted(**hello: Any) -> CentrifugoSession:
    session = opened()
    session.outgoing()
    assert session.receive(connected(**hello), T) == []
    return session


def asked(session: CentrifugoSession) -> dict[str, int]:
    """channel → the id of the subscribe command just sent"""
    commands = [json.loads(text) for text in session.outgoing()]
    return {command["subscribe"]["channel"]: command["id"] for command in commands if "subscribe" in command}


def ack(number: int) -> str:
    return json.dumps({"id": number, "subscribe": {}})


def refusal(number: int, code: Any = 103, message: Any = "permission denied", temporary: Any = False) -> str:
    return json.dumps({"id": number, "error": {"code": code, "message": message, "temporary": temporary}})


def ready(**hello: Any) -> CentrifugoSession:
    session = greeted(**hello)
    found = [output for number in asked(session).values() for output in session.receive(ack(number), T)]
    assert found == [Ready()]
    return session


def the_break(outputs: list[Output]) -> Failure:
    broken = outputs[-1]
    assert isinstance(broken, Failure)
    assert say(broken.reason).endswith(".") and say(broken.reason)[0].isupper()
    return broken


# -- hello and subscriptions ---------------------------------------------


def test_we_speak_first():
    (text,) = opened().outgoing()
    assert json.loads(text) == {"connect": {"token": "a-token", "name": "js"}, "id": 1}


def test_the_recorded_hello_is_answered_by_five_subscriptions(frames):
    session = opened()
    session.outgoing()
    assert session.receive(json.dumps({**frames[58]["data"], "id": 1}), T) == []
    commands = [json.loads(text) for text in session.outgoing()]
    assert [command["subscribe"] for command in commands] == [{"channel": topic.name} for topic in TOPICS]
    assert [command["id"] for command in commands] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("order", list(itertools.permutations(REQUIRED)), ids=str)
def test_ready_comes_with_the_last_required_acknowledgement_and_only_once(order):
    session = greeted()
    numbers = asked(session)
    assert [session.receive(ack(numbers[channel]), T) for channel in order] == [[], [], [], [Ready()]]
    assert session.receive(ack(numbers["chatrooms.1"]), T) == []
    assert session.receive(ack(numbers[REQUIRED[0]]), T) == []


def test_acknowledgements_before_the_hello_do_not_count():
    session = opened()
    assert [session.receive(ack(number), T) for number in range(2, 7)] == [[]] * 5


@pytest.mark.parametrize(
    "answer", [{}, {"subscribe": None}, {"subscribe": True}, {"error": "x"}, {"error": None}, {"connect": {}}]
)
def test_an_answer_that_confirms_nothing_is_no_acknowledgement(answer):
    session = greeted()
    numbers = asked(session)
    for channel in REQUIRED[1:]:
        session.receive(ack(numbers[channel]), T)
    assert session.receive(json.dumps({"id": numbers[REQUIRED[0]], **answer}), T) == []


@pytest.mark.parametrize("number", [None, 0, -1, 99, "x", [], 2.5, True])
def test_a_reply_to_nothing_we_asked_is_skipped(number):
    session = greeted()
    session.outgoing()
    assert session.receive(json.dumps({"id": number, "subscribe": {}}), T) == []


@pytest.mark.parametrize("channel", REQUIRED)
def test_a_refused_required_channel_breaks_the_connection_and_is_named(channel):
    session = greeted()
    broken = the_break(session.receive(refusal(asked(session)[channel]), T))
    assert broken.remedy is Remedy.BACKOFF
    assert channel in say(broken.reason) and say(broken.reason).endswith("Retrying automatically.")


def test_a_refusal_of_the_channel_that_is_not_required_is_no_matter():
    session = greeted()
    assert session.receive(refusal(asked(session)["chatrooms.1"]), T) == []


def test_already_subscribed_is_as_good_as_an_acknowledgement():
    session = greeted()
    numbers = asked(session)
    found = [session.receive(refusal(numbers[channel], 105, "already subscribed"), T) for channel in REQUIRED]
    assert found == [[], [], [], [Ready()]]


@pytest.mark.parametrize(("temporary", "meaning"), [(True, Remedy.BACKOFF), (False, Remedy.REFUSED), (None, Remedy.REFUSED)])
def test_a_refused_connect_asks_anew_unless_it_is_temporary(temporary, meaning):
    session = opened()
    assert the_break(session.receive(refusal(1, 101, "unauthorized", temporary), T)).remedy is meaning


def test_a_token_that_ran_out_on_the_way_is_fetched_anew_by_backoff():
    session = opened()
    assert the_break(session.receive(refusal(1, 109, "token expired"), T)).remedy is Remedy.BACKOFF


@pytest.mark.parametrize(
    ("code", "temporary", "ends"),
    [
        (109, False, "(109: why). Retrying automatically."),
        (100, True, "(100: why). Retrying automatically."),
        (101, False, "Try again later; if it keeps happening, check for an update."),
    ],
)
def test_only_a_refusal_that_stays_asks_the_user_to_do_something(code, temporary, ends):
    assert say(the_break(opened().receive(refusal(1, code, "why", temporary), T)).reason).endswith(ends)


def test_a_server_that_does_not_greet_is_left_after_ten_seconds():
    session = opened()
    assert session.deadline == T + HELLO_TIMEOUT == T + 10.0
    assert session.poll(T + 10.0 - MS) == []
    assert the_break(session.poll(T + 10.0)).remedy is Remedy.BACKOFF


def test_a_server_that_does_not_confirm_is_left_after_ten_seconds():
    session = greeted()
    for number in list(asked(session).values())[1:]:
        session.receive(ack(number), T + 1)
    assert session.deadline == T + SUBSCRIBE_TIMEOUT
    assert session.poll(T + 10.0 - MS) == []
    assert "confirm" in say(the_break(session.poll(T + 10.0)).reason)


def test_a_second_hello_subscribes_nothing_again():
    session = greeted()
    session.outgoing()
    session.receive(connected(), T)
    assert session.outgoing() == []


# -- messages ---------------------------------------------


def test_the_recorded_push_is_a_message(frames):
    assert ready().receive(json.dumps(frames[59]["data"]), T) == [
        Message("App\\Events\\ChatMessageEvent", "chatrooms.1.v2", '{"id":"x","content":"rocket"}')
    ]


def test_every_recorded_frame_means_the_same_as_over_pusher(frames):
    for line, row in frames.rows.items():
        if row["channel"] is None or row["event"].startswith("("):
            continue
        session = ready()
        session._topics._required[row["channel"]] = True
        (found,) = session.receive(push({"event": row["event"], "data": row["data"]}, row["channel"]), T)
        assert isinstance(found, Message)
        assert Interpreter().interpret(found, T) == Interpreter().interpret(frames.message(line), T), line


def test_several_objects_in_one_frame_are_taken_one_after_the_other():
    session = ready()
    assert session.receive("\n".join([CHAT, "{}", CHAT, ""]), T) == [CHAT_MESSAGE, CHAT_MESSAGE]
    assert session.outgoing() == ["{}"]


def test_a_line_separator_inside_a_text_does_not_end_an_object():
    data = {"event": "x", "data": "a\u2028b"}
    text = json.dumps({"push": {"channel": "chatrooms.1.v2", "pub": {"data": data}}}, ensure_ascii=False)
    assert ready().receive(text, T) == [Message("x", "chatrooms.1.v2", "a\u2028b")]


def test_one_broken_line_does_not_cost_the_others():
    session = ready()
    assert session.receive(f"{CHAT}\n{{broken\n{CHAT}", T) == [CHAT_MESSAGE, CHAT_MESSAGE]


def test_nothing_comes_after_broken():
    session = ready()
    gone = json.dumps({"push": {"disconnect": {"code": 3000, "reason": "shutdown"}}})
    found = session.receive(f"{CHAT}\n{gone}\n{CHAT}", T)
    assert [type(output) for output in found] == [Message, Failure]


@pytest.mark.parametrize("channel", ["chatrooms.2.v2", "", None, 5, []])
def test_a_message_of_a_channel_that_is_not_ours_is_skipped(channel):
    session = ready()
    assert session.receive(push({"event": "x", "data": "{}"}, channel), T) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "5",
        "[]",
        "{",
        '"x"',
        "[" * 100_000,
        '{"push":null}',
        '{"push":[]}',
        '{"push":{"channel":"chatrooms.1.v2"}}',
        '{"push":{"channel":"chatrooms.1.v2","pub":{"data":"x"}}}',
        '{"push":{"channel":"chatrooms.1.v2","pub":{"data":{"event":5}}}}',
        '{"push":{"channel":"chatrooms.1.v2","join":{}}}',
        '{"id":null}',
        '{"x":1}',
        "\ud800",
    ],
    ids=lambda text: repr(text)[:40],
)
def test_a_frame_that_cannot_be_read_is_skipped(text):
    session = ready()
    assert session.receive(text, T) == []
    assert session.receive(CHAT, T) == [CHAT_MESSAGE]


def test_a_publication_may_be_packed_as_text():
    frame = {"event": "App\\Events\\ChatMessageEvent", "data": '{"id":"x"}'}
    assert ready().receive(push(json.dumps(frame)), T) == [CHAT_MESSAGE]
    packed = json.dumps({"push": {"channel": "chatrooms.1.v2", "pub": json.dumps({"data": json.dumps(frame)})}})
    assert ready().receive(packed, T) == [CHAT_MESSAGE]


def unsubscribed(channel: str, code: int = 2500) -> str:
    return json.dumps({"push": {"channel": channel, "unsubscribe": {"code": code, "reason": "x"}}})


@pytest.mark.parametrize("code", [2000, 2500])
def test_an_end_of_a_required_subscription_breaks_the_connection(code):
    assert "channel.2" in say(the_break(ready().receive(unsubscribed("channel.2", code), T)).reason)


@pytest.mark.parametrize("code", [2000, 2500])
def test_an_end_of_a_subscription_that_is_being_asked_for_is_left_to_the_answer(code):
    session = greeted()
    numbers = asked(session)
    assert session.receive(unsubscribed("chatroom_1", code), T) == []
    found = [output for number in numbers.values() for output in session.receive(ack(number), T)]
    assert found == [Ready()]


def test_an_end_of_a_subscription_that_was_acknowledged_breaks_it_though_others_are_being_asked_for():
    session = greeted()
    session.receive(ack(asked(session)["chatroom_1"]), T)
    assert "chatroom_1" in say(the_break(session.receive(unsubscribed("chatroom_1"), T)).reason)


def test_an_end_of_a_subscription_that_is_probed_is_left_to_the_answer():
    session = ready()
    session.probe(T)
    ((topic, number),) = asked(session).items()
    assert session.receive(unsubscribed(topic), T) == [] and session.receive(ack(number), T) == []


@pytest.mark.parametrize("channel", ["chatrooms.1", "somebody.else"])
def test_an_end_of_any_other_subscription_is_no_matter(channel):
    text = json.dumps({"push": {"channel": channel, "unsubscribe": {"code": 2500, "reason": "x"}}})
    assert ready().receive(text, T) == []


# -- alive or dead ---------------------------------------------


@pytest.mark.parametrize("ping", [120, 121, 2**40])
def test_a_dead_pipe_is_found_out_within_minutes_whatever_the_server_promises(ping):
    session = ready(ping=ping)
    assert session.poll(T + LONGEST_PING + PING_GRACE - MS) == []
    assert "stopped responding" in say(the_break(session.poll(T + LONGEST_PING + PING_GRACE)).reason)


@pytest.mark.parametrize(("pong", "answers"), [(True, ["{}"]), (False, []), (None, [])])
def test_a_ping_is_answered_when_the_server_asked_for_it(pong, answers):
    session = ready(pong=pong)
    assert session.receive("{}", T) == []
    assert session.outgoing() == answers


@pytest.mark.parametrize("ping", [25, 1, 60])
def test_a_missing_ping_is_death_to_the_millisecond(ping):
    session = ready(ping=ping, ttl=None)
    late = T + ping + PING_GRACE
    assert session.deadline == late
    assert session.poll(late - MS) == []
    assert the_break(session.poll(late)).remedy is Remedy.BACKOFF


@pytest.mark.parametrize("sign_of_life", ["{}", CHAT, '{"x":1}'])
def test_any_object_is_a_sign_of_life(sign_of_life):
    session = ready(ttl=None)
    session.receive(sign_of_life, T + 20)
    assert session.deadline == T + 20 + 35


def test_a_server_that_says_it_sends_no_pings_is_not_held_to_any():
    assert ready(ping=0, ttl=None).deadline == NEVER


@pytest.mark.parametrize("ping", [MISSING, None, -1, "x", []], ids=str)
def test_a_server_that_does_not_say_how_often_it_pings_is_asked_after_a_silence(ping):
    # A server that sends none may leave the key out: silence alone is no death.
    session = ready(ping=ping, ttl=None)
    quiet = T + DEFAULT_PING + PING_GRACE
    assert session.deadline == quiet
    assert session.poll(quiet - MS) == [] and session.outgoing() == []
    assert session.poll(quiet) == []
    (channel,) = asked(session)
    assert channel == "chatrooms.1.v2"
    assert session.deadline == quiet + PROBE_TIMEOUT
    assert the_break(session.poll(quiet + PROBE_TIMEOUT)).remedy is Remedy.BACKOFF


def test_a_server_that_answers_in_the_silence_is_alive():
    session = ready(ping=MISSING, ttl=None)
    now = T
    for _ in range(5):
        now = session.deadline
        assert session.poll(now) == []
        (number,) = asked(session).values()
        assert session.receive(refusal(number, 105, "already subscribed"), now + 1) == []
        assert session.deadline == now + 1 + DEFAULT_PING + PING_GRACE


def test_the_silence_before_the_subscriptions_are_confirmed_has_its_own_deadline():
    session = greeted(ping=MISSING, ttl=None)
    session.outgoing()
    assert session.deadline == T + SUBSCRIBE_TIMEOUT


# -- the token ---------------------------------------------


def test_a_new_token_is_fetched_before_the_old_one_runs_out_to_the_millisecond():
    session = ready(ping=0, ttl=2699)
    soon = T + 2699 * RENEW_EARLY
    assert session.deadline == soon < T + 2699
    assert session.poll(soon - MS) == []
    assert session.poll(soon) == [TokenNeeded()]


def test_a_new_token_refreshes_the_connection():
    session = ready(ping=0, ttl=100)
    session.poll(T + 75)
    session.renew("new-token", T + 76)
    (text,) = session.outgoing()
    command = json.loads(text)
    assert command["refresh"] == {"token": "new-token"}
    reply = json.dumps({"id": command["id"], "refresh": {"client": "x", "expires": True, "ttl": 200}})
    assert session.receive(reply, T + 77) == []
    assert session.deadline == T + 77 + 150
    assert session.poll(T + 101) == []  # the old end has no meaning any more


def test_a_token_that_could_not_be_had_is_asked_for_again():
    session = ready(ping=0, ttl=2000)
    assert session.poll(T + 1500) == [TokenNeeded()]
    session.renew("", T + 1501)
    assert session.outgoing() == []
    assert session.poll(T + 1500 + RENEW_AGAIN - MS) == []
    assert session.poll(T + 1500 + RENEW_AGAIN) == [TokenNeeded()]


def test_a_connection_whose_token_ran_out_is_over():
    session = ready(ping=0, ttl=100)
    session.poll(T + 75)
    assert session.poll(T + 100 - MS) == []
    assert the_break(session.poll(T + 100)).remedy is Remedy.BACKOFF


@pytest.mark.parametrize(("temporary", "outputs"), [(True, 0), (False, 1)])
def test_a_refused_refresh_ends_the_connection_unless_it_is_temporary(temporary, outputs):
    session = ready(ping=0, ttl=100)
    session.poll(T + 75)
    session.renew("new", T + 75)
    number = json.loads(session.outgoing()[0])["id"]
    found = session.receive(refusal(number, 109, "token expired", temporary), T + 76)
    assert len(found) == outputs
    if found:
        assert the_break(found).remedy is Remedy.BACKOFF  # the next connection has a new token


@pytest.mark.parametrize("hello", [{"ttl": None}, {"ttl": 0}, {"ttl": "x"}, {"ttl": -5}, {"expires": False}, {"ttl": 1e999}])
def test_a_connection_that_does_not_expire_asks_for_no_token(hello):
    assert ready(ping=0, **hello).deadline == NEVER


# -- the probe ---------------------------------------------


def probed() -> tuple[CentrifugoSession, int]:
    session = ready(ping=0, ttl=None)
    session.probe(T)
    (text,) = session.outgoing()
    command = json.loads(text)
    assert command["subscribe"] == {"channel": "chatrooms.1.v2"}
    return session, command["id"]


@pytest.mark.parametrize("code", [None, 105])
def test_a_probe_that_is_answered_proves_the_subscription(code):
    session, number = probed()
    answer = ack(number) if code is None else refusal(number, code, "already subscribed")
    assert session.receive(answer, T + 1) == []
    assert session.deadline == NEVER


def test_a_probe_that_is_not_answered_is_death_to_the_millisecond():
    session, _ = probed()
    session.receive(CHAT, T + 1)
    assert session.poll(T + PROBE_TIMEOUT - MS) == []
    assert the_break(session.poll(T + PROBE_TIMEOUT)).remedy is Remedy.BACKOFF


def test_each_required_channel_is_probed_in_its_turn():
    session = ready(ping=0, ttl=None)
    asked = []
    for _ in range(len(REQUIRED) + 1):
        session.probe(T)
        command = json.loads(*session.outgoing())
        asked.append(command["subscribe"]["channel"])
        session.receive(ack(command["id"]), T)
    assert asked == [*REQUIRED, REQUIRED[0]]


def test_a_probe_that_is_refused_breaks_the_connection():
    session, number = probed()
    assert the_break(session.receive(refusal(number), T + 1))


def test_probes_do_not_pile_up_and_do_not_come_before_ready():
    session, _ = probed()
    session.probe(T)
    assert session.outgoing() == []
    early = greeted()
    early.outgoing()
    early.probe(T)
    assert early.outgoing() == []


def test_commands_without_an_answer_are_not_remembered_for_ever():
    session = ready()
    for _ in range(1000):
        session.renew("x", T)
    assert len(session._asked) <= 101


# -- what an end means ---------------------------------------------


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (None, Remedy.BACKOFF),
        (1000, Remedy.BACKOFF),
        (1006, Remedy.BACKOFF),
        (3000, Remedy.BACKOFF),
        (3499, Remedy.BACKOFF),
        (3500, Remedy.REFUSED),
        (3999, Remedy.REFUSED),
        (4000, Remedy.BACKOFF),
        (4499, Remedy.BACKOFF),
        (4500, Remedy.REFUSED),
        (4999, Remedy.REFUSED),
        (5000, Remedy.BACKOFF),
    ],
)
def test_each_code_means_the_same_as_a_close_code_and_as_a_disconnect(code, meaning):
    assert remedy(code) is meaning
    closed = ready().closed(code, "why")
    assert closed.remedy is meaning
    assert the_break(ready().receive(json.dumps({"push": {"disconnect": {"code": code, "reason": "why"}}}), T)) == closed


def test_what_the_server_says_is_told_on_one_line_and_cut():
    broken = ready().closed(3000, "shut\ndown " + "x" * 5000)
    assert "shut down" in say(broken.reason) and "\n" not in say(broken.reason) and len(say(broken.reason)) < 300
