from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from fakes import (
    BLOCKED,
    CENTRIFUGO_URL,
    CHANNEL,
    CHATROOM,
    HELLO,
    KEY,
    OTHER_KEY,
    ScriptedSocket,
    World,
    acknowledged,
    centrifugo,
    changes,
    chat,
    delays,
    found,
    given_server,
    known,
    names_centrifugo,
    names_pusher,
    notices,
    pusher,
    quiet,
    refusing,
    rooms,
    said,
    signals,
)

from vmsc_core.events import ChannelFound, ChatMessage, Event, Follow, GiftedSubscriptions, LinkChanged, LiveKnown, Notice, Signal
from vmsc_core.known import KnownChannel
from vmsc_core.link.errors import ConnectionLost, for_the_user, passing
from vmsc_core.link.feed import BATCH_WEIGHT, NAP
from vmsc_core.link.gap import clock
from vmsc_core.link.http import Answer
from vmsc_core.link.link import REFUSED_PAUSE
from vmsc_core.reasons import Reason, because
from vmsc_core.settings import BUILT_IN_KEY, CENTRIFUGO, LOOKUP_ADDRESS, PUSHER, Wish

OUT_OF_REACH = passing("host_unreachable", "example.com")
LOST = ConnectionLost(None, "")
BUILT_IN_URL = f"wss://ws-us2.pusher.com/app/{BUILT_IN_KEY}?protocol=7&client=js&version=8.4.0&flash=false"


def url_of(key: str, cluster: str = "us2") -> str:
    return f"wss://ws-{cluster}.pusher.com/app/{key}?protocol=7&client=js&version=8.4.0&flash=false"


def asked(world: World, kind: str) -> list[str]:
    return [address for method, address, _, _ in world.requests if method == kind]


def offers(world: World) -> list[list[str]]:
    """The providers that each negotiation offered."""
    bodies = [json.loads(body) for method, _, body, _ in world.requests if method == "POST" and "capabilities" in body]
    return [[one["provider"] for one in body["capabilities"]["accepted_providers"]] for body in bodies]


def offers_both(world: World) -> None:
    """A Kick that names whichever of the two is offered first."""

    world.negotiation(lambda url: names_pusher() if offers(world)[-1][0] == PUSHER else names_centrifugo())


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, ChatMessage)]


# -- Connected -------------------------------------------------------------------------------------------------------------


def test_a_good_day_is_trying_then_ready() -> None:
    world = World()
    world.sockets(pusher(chat("hello")))
    events = world.run(given_server())
    assert signals(events) == [Signal.TRYING, Signal.READY]
    assert texts(events) == ["hello"]
    assert [json.loads(text)["data"]["channel"] for text in world.sent[0]] == rooms()


@pytest.mark.parametrize("missing", rooms()[:4])
def test_ready_waits_for_every_required_acknowledgement(missing: str) -> None:
    world = World()
    world.sockets([HELLO, *[acknowledged(room) for room in rooms() if room != missing], 5.0, acknowledged(missing)])
    events = world.run(given_server())
    ready = [event for event in events if isinstance(event, LinkChanged) and event.signal is Signal.READY]
    assert [event.at for event in ready] == [1005.0]


def test_ready_does_not_wait_for_the_old_room() -> None:
    world = World()
    world.sockets([HELLO, *map(acknowledged, rooms()[:4])])
    assert signals(world.run(given_server())) == [Signal.TRYING, Signal.READY]


def test_without_a_channel_id_three_rooms_are_enough() -> None:
    world = World()
    world.sockets(pusher(channel=None))
    events = world.run(given_server(Wish(chatroom_id=CHATROOM, poll=False)))
    assert signals(events) == [Signal.TRYING, Signal.READY]
    assert len(world.sent[0]) == 3


# -- how long it waits -----------------------------------------------------------------------------------------------------


def test_waits_longer_after_each_failure() -> None:
    world = World()
    world.sockets(*[[OUT_OF_REACH]] * 8)
    events = world.run(given_server())
    assert delays(events) == [1, 2, 4, 8, 16, 16, 16, 16]
    assert [event.attempt for event in changes(events)] == [1, 2, 3, 4, 5, 6, 7, 8]
    waited = [after - before for before, after in zip(world.opened_at, world.opened_at[1:])]
    assert waited == [1, 2, 4, 8, 16, 16, 16], "the announced time is the real one"


def test_ready_makes_the_next_failure_the_first_one_again() -> None:
    world = World()
    world.sockets([OUT_OF_REACH], [OUT_OF_REACH], pusher(10.0, LOST), [OUT_OF_REACH], pusher(LOST))
    events = world.run(given_server())
    assert delays(events) == [1, 2, 1, 2, 1]
    assert [event.attempt for event in events if isinstance(event, LinkChanged) and event.signal is Signal.TRYING] == [
        1,
        2,
        3,
        1,
        2,
        1,
    ]


def test_a_server_that_confirms_and_drops_again_and_again_is_not_hammered() -> None:
    world = World()
    world.sockets(*[pusher(0.3, LOST)] * 9)
    assert delays(world.run(given_server())) == [1, 1, 1, 2, 4, 8, 16, 16, 16]


def test_a_connection_that_lasted_a_minute_ends_that() -> None:
    world = World()
    world.sockets(*[pusher(0.3, LOST)] * 5, pusher(61.0, LOST), *[pusher(0.3, LOST)] * 4)
    assert delays(world.run(given_server())) == [1, 1, 1, 2, 4, 1, 1, 1, 1, 2]


def test_a_hello_alone_does_not_reset_the_waiting() -> None:
    world = World()
    world.sockets(*[[HELLO, acknowledged(rooms()[0]), LOST]] * 4)
    assert delays(world.run(given_server())) == [1, 2, 4, 8]


@pytest.mark.parametrize("code", [4200, 4201, 4299])
def test_comes_back_at_once_the_first_time_then_by_backoff(code: int) -> None:
    world = World()
    world.sockets(*[pusher(ConnectionLost(code, ""))] * 8)
    assert delays(world.run(given_server())) == [0, 1, 1, 2, 4, 8, 16, 16]


def test_at_once_holds_again_after_a_steady_minute() -> None:
    world = World()
    again = ConnectionLost(4200, "")
    world.sockets(pusher(again), pusher(59.0, again), pusher(61.0, again), pusher(again))
    assert delays(world.run(given_server())) == [0, 1, 0, 1]


@pytest.mark.parametrize("code", [1000, 1001, 1006, 1011, 4100, 4199, 4300, 3999, None])
def test_an_ordinary_end_waits_a_second(code: int | None) -> None:
    world = World()
    world.sockets(pusher(ConnectionLost(code, "")), pusher())
    events = world.run(given_server())
    assert signals(events) == [Signal.TRYING, Signal.READY, Signal.BROKE, Signal.TRYING, Signal.READY]
    assert delays(events) == [1]


@pytest.mark.parametrize("code", [4000, 4004, 4009, 4099])
def test_a_refusal_is_an_error_and_is_looked_at_again_after_five_minutes(code: int) -> None:
    world = World()
    world.sockets(refusing(code, "Over quota"), pusher())
    events = world.run(given_server())
    assert signals(events) == [Signal.TRYING, Signal.REFUSED, Signal.TRYING, Signal.READY]
    assert str(code) in said(changes(events)[0]) and "Over quota" in said(changes(events)[0])
    assert world.waits == [300.0]


# -- ends that are nobody's close code -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "word", "seconds"),
    [
        ([600.0], "respond", 10.0),
        ([HELLO, 600.0], "confirm", 10.0),
        (pusher(600.0), "stopped responding", 150.0),
    ],
    ids=["no hello", "no acknowledgement", "half-open"],
)
def test_silence_ends_by_its_deadline(script: list, word: str, seconds: float) -> None:
    world = World()
    world.sockets(script)
    broke = next(event for event in changes(world.run(given_server())) if event.signal is Signal.BROKE)
    assert word in said(broke)
    assert broke.at == pytest.approx(1000.0 + seconds, abs=0.3)


def test_a_pong_keeps_a_quiet_connection() -> None:
    world = World()
    pong = '{"event":"pusher:pong","data":{}}'
    world.sockets(pusher(121.0, pong, 50.0, chat("still here")))
    events = world.run(given_server())
    assert signals(events) == [Signal.TRYING, Signal.READY]
    assert texts(events) == ["still here"]
    assert sum("pusher:ping" in text for text in world.sent[0]) == 1


def test_nothing_is_lost_when_frame_and_end_come_together() -> None:
    world = World()
    world.sockets(pusher(chat("one"), chat("two"), ConnectionLost(1000, "")), pusher(chat("three")))
    assert texts(world.run(given_server())) == ["one", "two", "three"]


def chunked_gift(total: int) -> str:
    """The first of two parts; the rest of `total` gifts is announced and does not come."""
    data = {"gifter_username": "G", "gifted_usernames": ["a"], "gifted_total": total, "correlation_id": "1"}
    data["chunk_details"] = {"correlation_id": "1", "chunk_index": 0, "total_chunks": 2}
    return json.dumps({"event": "GiftedSubscriptionsEvent", "channel": f"chatroom_{CHATROOM}", "data": json.dumps(data)})


def gifted(events: list[Event]) -> list[int]:
    return [event.count for event in events if isinstance(event, GiftedSubscriptions)]


def test_a_chunked_gift_is_told_when_the_connection_ends() -> None:
    world = World()
    world.sockets(pusher(chunked_gift(3), LOST), pusher())
    assert gifted(world.run(given_server())) == [3]


def test_a_chunked_gift_whose_rest_does_not_come_is_told_while_the_connection_goes_on() -> None:
    world = World()
    world.sockets(pusher(chunked_gift(3), *quiet(30.0), chat("later")))
    events = world.run(given_server())
    assert gifted(events) == [3] and signals(events) == [Signal.TRYING, Signal.READY]
    assert [type(event) for event in events][-2:] == [GiftedSubscriptions, ChatMessage]


def test_a_connection_that_is_lost_while_stop_is_called_is_not_reported() -> None:
    world = World()

    def ends(socket: ScriptedSocket) -> None:
        world.end()
        raise ConnectionLost(None, "")

    world.sockets(pusher(ends))
    assert signals(world.run(given_server())) == [Signal.TRYING, Signal.READY]


# -- which channel ---------------------------------------------------------------------------------------------------------


def test_remembered_ids_are_used_before_any_look_up() -> None:
    world = World()
    world.lookup(found(followers=5))
    world.sockets(pusher(1.0))
    seen: list[int] = []
    world._sockets[0][0:0] = [lambda socket: seen.append(len(asked(world, "GET")))]  # type: ignore[index]
    events = world.run(given_server(replace(known(), poll=True)))
    assert seen == [0], "the socket was open before anybody asked kick.com"
    assert [event.chatroom_id for event in events if isinstance(event, ChannelFound)] == [CHATROOM]
    assert LiveKnown(False) in events, "the look-up refreshes the live state"


@pytest.mark.parametrize("answer", [BLOCKED, Answer(500, ""), Answer(404, ""), Answer(200, "<html>"), OUT_OF_REACH])
def test_a_failing_refresh_does_not_disturb_the_connection(answer: Answer) -> None:
    world = World()
    world.lookup(answer)
    world.sockets(pusher(300.0 / 4, chat("still here")))
    events = world.run(given_server(replace(known(), poll=True)))
    assert signals(events) == [Signal.TRYING, Signal.READY]
    assert texts(events) == ["still here"]


NOT_OURS = json.dumps({"event": "pusher:subscription_error", "channel": rooms()[0], "data": "{}"})


@pytest.mark.parametrize("refusal", [[HELLO, NOT_OURS], [HELLO, 11.0]], ids=["refused", "unanswered"])
def test_remembered_ids_that_no_server_takes_are_looked_up_again_after_three_tries(refusal: list[Any]) -> None:
    world = World()
    world.lookup(found(channel=5, chatroom=6))
    world.sockets(*[refusal] * 3, pusher(chat("in", chatroom=6), chatroom=6, channel=5))
    events = world.run(given_server())
    assert len(asked(world, "GET")) == 1 and delays(events) == [1, 2, 4]
    assert [event.chatroom_id for event in events if isinstance(event, ChannelFound)] == [CHATROOM, 6]
    assert texts(events) == ["in"]


def test_ids_that_the_lookup_confirms_are_kept_and_not_looked_up_all_the_time() -> None:
    world = World()
    world.lookup(found())
    world.sockets(*[[HELLO, NOT_OURS]] * 60)
    world.run(given_server())
    at = [at for method, _, _, at in world.requests if method == "GET"]
    assert 2 <= len(at) <= 4 and all(later - earlier >= 300 for earlier, later in zip(at, at[1:]))


@pytest.mark.parametrize("answer", [BLOCKED, Answer(404, ""), Answer(500, ""), OUT_OF_REACH, found("somebody", 5, 6)])
def test_a_lookup_that_fails_leaves_the_remembered_ids_as_they_are(answer: Any) -> None:
    world = World()
    world.lookup(answer)
    world.sockets(*[[HELLO, NOT_OURS]] * 5, pusher(chat("in")))
    assert texts(world.run(given_server())) == ["in"]


def test_ids_that_the_user_typed_are_never_doubted() -> None:
    world = World()
    world.lookup(found(channel=5, chatroom=6))
    world.sockets(*[[HELLO, NOT_OURS]] * 6)
    world.run(given_server(Wish(username="speedy", channel_id=CHANNEL, chatroom_id=CHATROOM, poll=False)))
    assert asked(world, "GET") == []


def test_tries_that_fail_elsewhere_are_no_doubt() -> None:
    world = World()
    world.lookup(found(channel=5, chatroom=6))
    world.sockets(*[[OUT_OF_REACH], [HELLO, LOST]] * 5)
    world.run(given_server())
    assert asked(world, "GET") == []


def test_an_hour_of_refused_subscriptions_asks_kick_a_few_times() -> None:
    world = World()
    offers_both(world)
    world.lookup(found())
    world.until(3600)
    denied = json.dumps({"id": 2, "error": {"code": 103, "message": "permission denied"}})

    def refuses(socket: ScriptedSocket) -> None:
        socket.then(*([centrifugo()[0], denied] if world.opened[-1] == CENTRIFUGO_URL else [HELLO, NOT_OURS]))

    world.sockets(*[[refuses]] * 2000)
    world.run(known())
    assert len(offers(world)) <= 60 and 1 <= len(asked(world, "GET")) <= 12


def test_kick_that_names_what_fails_rests_and_is_asked_anew_when_a_connection_was_good() -> None:
    world = World()
    world.negotiation(names_pusher(KEY))
    world.sockets(*[[OUT_OF_REACH]] * 24, pusher(1.0, ConnectionLost(4001, "")), pusher())
    world.run(replace(known(), provider=PUSHER))
    at = [at for method, _, body, at in world.requests if "capabilities" in body]
    assert len(at) <= 6, at
    assert at[-1] >= world.opened_at[-2], "once the connection was good, nothing stands in for Kick's answer"


def test_looks_up_then_connects_and_does_not_look_up_again() -> None:
    world = World()
    world.lookup(found("speedy"))
    world.sockets(pusher(LOST), pusher(10.0))
    events = world.run(given_server(Wish(username="@Speedy", poll=False)))
    assert asked(world, "GET") == [LOOKUP_ADDRESS + "speedy"]
    assert [event for event in events if isinstance(event, ChannelFound)] == [ChannelFound("speedy", "Speedy", CHANNEL, CHATROOM)]


def test_an_unknown_channel_is_an_error_for_the_user() -> None:
    world = World()
    world.lookup(Answer(404, ""))
    events = world.run(given_server(Wish(username="nobody_here")))
    assert signals(events) == [Signal.TRYING, Signal.REFUSED]
    assert "nobody_here" in said(changes(events)[0])
    assert world.waits == []


def test_a_name_that_is_a_number_is_never_taken_for_an_id() -> None:
    world = World()
    world.lookup(found("mossbadger", channel=77))
    events = world.run(given_server(Wish(username="77")))
    assert signals(events) == [Signal.TRYING, Signal.REFUSED] and world.opened == []
    assert said(changes(events)[0]) == "Kick found mossbadger for 77. Check the spelling, then press Connect."


def test_nor_by_a_poll() -> None:
    world = World()
    world.lookup(found("mossbadger", channel=77, chatroom=5))
    world.sockets(pusher(*quiet(100.0)))
    events = world.run(replace(given_server(known("77", "77")), poll=True))
    assert signals(events) == [Signal.TRYING, Signal.READY]
    assert any("no longer lists 77" in text for text in notices(events))


@pytest.mark.parametrize("username", ["", "  ", "a b", "ünicode", "https://example.com/x", "x" * 65, "a/b"])
def test_an_impossible_name_is_an_error_and_asks_nobody(username: str) -> None:
    world = World()
    events = world.run(given_server(Wish(username=username)))
    assert signals(events) == [Signal.TRYING, Signal.REFUSED]
    assert "Tools > Scripts" in said(changes(events)[0]) or "kick.com/name" in said(changes(events)[0])
    assert world.requests == []


def test_a_python_without_certificates_and_curl_is_an_error() -> None:
    world = World()
    world.lookup(for_the_user("certificates_missing"))
    events = world.run(given_server(Wish(username="speedy", poll=False)))
    assert signals(events) == [Signal.TRYING, Signal.REFUSED]
    assert changes(events)[0].reason == because("certificates_missing")


def test_after_a_403_nobody_asks_again_within_five_minutes() -> None:
    world = World()
    world.lookup(BLOCKED)
    world.until(1500)
    settings = given_server(Wish(username="speedy", poll=False))
    events = world.run(settings)
    at = [at for method, _, _, at in world.requests if method == "GET"]
    assert at[:4] == [1000.0, 1300.0, 1600.0, 1900.0]
    assert set(signals(events)) == {Signal.TRYING, Signal.REFUSED}
    assert "do steps 1\u20133" in said(changes(events)[0])


@pytest.mark.parametrize(("answer", "pause"), [(BLOCKED, 300.0), (Answer(429, "", 600.0), 600.0)])
def test_pressing_connect_again_does_not_begin_the_pause_anew(answer: Answer, pause: float) -> None:
    world = World()
    world.lookup(answer)
    settings = given_server(Wish(username="speedy", poll=False))
    world.until(pause - 10)
    world.run(settings)
    world.now = 1000.0 + pause - 10
    world.until(pause + 1)
    events = world.run(settings)
    assert [at for method, _, _, at in world.requests if method == "GET"] == [1000.0, 1000.0 + pause]
    assert delays(events)[:1] in ([], [10.0])


def test_pasted_ids_need_no_look_up() -> None:
    world = World()
    world.lookup(BLOCKED)
    world.sockets(pusher())
    events = world.run(given_server(Wish(username="speedy", channel_id=CHANNEL, chatroom_id=CHATROOM, poll=False)))
    assert [signal for signal in signals(events)] == [Signal.TRYING, Signal.READY]


def test_429_waits_as_long_as_kick_says() -> None:
    world = World()
    world.lookup(Answer(429, "", retry_after=42.0), found())
    world.sockets(pusher())
    events = world.run(given_server(Wish(username="speedy", poll=False)))
    assert delays(events) == [42]
    assert Signal.READY in signals(events)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer(500, ""), "500"),
        (Answer(503, "<html>"), "503"),
        (Answer(302, ""), "login page"),
        (Answer(200, "<!doctype html><title>Hotel"), "login page"),
        (Answer(200, '{"id":1}'), "Unexpected"),
        (Answer(200, "[" * 100_000), "Unexpected"),
        (OUT_OF_REACH, "internet"),
    ],
)
def test_a_passing_trouble_of_the_look_up_is_tried_again(answer: Answer, word: str) -> None:
    world = World()
    world.lookup(answer, found())
    world.sockets(pusher())
    events = world.run(given_server(Wish(username="speedy", poll=False)))
    assert signals(events) == [Signal.TRYING, Signal.BROKE, Signal.TRYING, Signal.READY]
    assert word in said(changes(events)[0])


# -- which server ----------------------------------------------------------------------------------------------------------


def test_negotiates_first_and_uses_what_kick_names() -> None:
    world = World()
    world.negotiation(names_pusher(KEY, "eu"))
    world.sockets(pusher())
    events = world.run(known())
    assert world.opened == [url_of(KEY, "eu")]
    assert offers(world) == [["pusher", "centrifugo"]]
    assert f"/channels/{CHANNEL}/chat/connection" in asked(world, "POST")[0]
    assert said(changes(events)[0]) == "Pusher, named by Kick"


@pytest.mark.parametrize(
    "answer",
    [
        OUT_OF_REACH,
        Answer(403, "<html>"),
        Answer(404, ""),
        Answer(500, ""),
        Answer(200, "<html>"),
        Answer(200, "[" * 100_000),
        Answer(200, "null"),
        Answer(200, '{"data":{"connections":[]}}'),
        Answer(200, '{"data":{"connections":[{"provider":"x"}]}}'),
        names_pusher("nothex"),
        names_centrifugo("wss://example.com/connection/websocket"),
        names_centrifugo("ws://realtime.kick.com/x"),
        names_centrifugo("wss://kick.com.example.com/x"),
        names_centrifugo("wss://kick.com@example.com/x"),
        names_centrifugo("wss://example.com\\@kick.com/x"),
        names_centrifugo("wss://"),
        names_centrifugo(""),
    ],
)
def test_a_failing_negotiation_never_stops_what_the_built_in_key_can_give(answer: Answer) -> None:
    world = World()
    world.negotiation(answer)
    world.sockets(pusher())
    events = world.run(known())
    assert world.opened == [BUILT_IN_URL]
    assert signals(events) == [Signal.TRYING, Signal.READY]


def test_the_order_of_ways_is_negotiated_then_the_other_then_built_in() -> None:
    world = World()
    world.negotiation(names_pusher(KEY), names_centrifugo(), names_pusher(OTHER_KEY))
    world.sockets(refusing(4001), refusing(3500), refusing(4001), pusher())
    events = world.run(known())
    assert offers(world) == [["pusher", "centrifugo"], ["centrifugo"], ["pusher"]]
    assert world.opened == [url_of(KEY), CENTRIFUGO_URL, url_of(OTHER_KEY), BUILT_IN_URL]
    assert signals(events) == [Signal.TRYING, Signal.READY]


def test_a_key_of_the_users_comes_before_all() -> None:
    world = World()
    world.negotiation(names_pusher(KEY))
    world.sockets(refusing(4001), pusher())
    world.run(replace(known(), pusher_key="my-own-key"))
    assert world.opened == [url_of("my-own-key"), url_of(KEY)]


def test_only_when_every_way_is_refused_it_is_an_error() -> None:
    world = World()
    world.negotiation(names_pusher(KEY))
    world.sockets(refusing(4001), refusing(4001))
    world.until(10)
    events = world.run(known())
    assert world.opened == [url_of(KEY), BUILT_IN_URL]
    assert signals(events) == [Signal.TRYING, Signal.REFUSED]
    assert "4001" in said(changes(events)[0])


def test_a_changed_key_heals_within_one_step_and_says_so() -> None:
    world = World()
    world.negotiation(names_pusher(KEY), names_pusher(OTHER_KEY))
    world.sockets(pusher(60.0, ConnectionLost(4001, "")), pusher(chat("back")))
    events = world.run(known())
    assert world.opened == [url_of(KEY), url_of(OTHER_KEY)]
    assert Signal.REFUSED not in signals(events)
    assert delays(events) in ([], [1])
    assert world.opened_at[1] - world.opened_at[0] < 62.0
    said = [text for text in notices(events) if "changed its server" in text]
    assert len(said) == 1 and said[0].startswith("Kick changed its server at ") and said[0].endswith("; reconnected.")
    assert texts(events) == ["back"]


def test_the_card_does_not_stay_connected_while_another_way_is_tried() -> None:
    world = World()
    world.negotiation(names_pusher(KEY), names_pusher(OTHER_KEY))
    world.sockets(pusher(60.0, ConnectionLost(4001, "")), pusher())
    order = signals(world.run(known()))
    assert order.index(Signal.BROKE) < len(order) - 1, order
    assert order[-1] is Signal.READY


def test_pusher_gone_leads_to_centrifugo() -> None:
    world = World()
    world.negotiation(names_pusher(KEY), names_centrifugo())
    world.sockets(pusher(5.0, ConnectionLost(4001, "")), centrifugo())
    events = world.run(known())
    assert world.opened == [url_of(KEY), CENTRIFUGO_URL]
    assert said(changes(events)[-1]) == "Centrifugo, named by Kick"


@pytest.mark.parametrize(("provider", "offer"), [(PUSHER, ["pusher"]), (CENTRIFUGO, ["centrifugo"])])
def test_only_what_the_user_chose_is_offered(provider: str, offer: list[str]) -> None:
    world = World()
    world.negotiation(names_pusher(KEY) if provider == PUSHER else names_centrifugo())
    world.sockets(pusher() if provider == PUSHER else centrifugo())
    world.run(replace(known(), provider=provider))
    assert offers(world)[0] == offer


def test_an_answer_of_another_kind_than_the_user_chose_is_refused() -> None:
    world = World()
    world.negotiation(names_centrifugo())
    world.sockets(pusher())
    world.run(replace(known(), provider=PUSHER))
    assert world.opened == [BUILT_IN_URL]


def test_what_kick_named_is_kept_for_the_next_connection() -> None:
    world = World()
    world.negotiation(names_pusher(KEY))
    world.sockets(*[pusher(5.0, LOST)] * 3)
    world.run(known())
    assert len(offers(world)) == 1
    assert world.opened == [url_of(KEY)] * 3


def test_a_server_out_of_reach_is_asked_for_anew() -> None:
    world = World()
    world.negotiation(names_pusher(KEY), names_pusher(OTHER_KEY))
    world.sockets([OUT_OF_REACH], [OUT_OF_REACH], pusher())
    world.run(known())
    assert world.opened[-1] == url_of(OTHER_KEY)


def test_a_preferred_kind_out_of_reach_gives_way_to_the_other() -> None:
    world = World()
    world.negotiation(names_pusher(KEY), names_centrifugo())
    world.sockets([OUT_OF_REACH], [OUT_OF_REACH], centrifugo())
    world.run(known())
    assert offers(world)[-1] == ["centrifugo", "pusher"]
    assert world.opened[-1] == CENTRIFUGO_URL


def test_a_negotiation_out_of_reach_is_asked_once_a_try_and_complained_of_once() -> None:
    world = World()
    world.sockets(*[[OUT_OF_REACH]] * 6)
    events = world.run(known())
    assert len(offers(world)) <= 7, "offering other kinds does not help when nobody answers"
    assert len([text for text in notices(events) if "which server to use" in text]) == 1


# -- tokens ----------------------------------------------------------------------------------------------------------------


def centrifugo_only() -> Wish:
    return replace(known(), provider=CENTRIFUGO)


@pytest.mark.parametrize(
    "answer", [Answer(500, ""), Answer(403, "<html>"), Answer(200, "{}"), Answer(200, "<html>"), OUT_OF_REACH]
)
def test_without_a_token_the_built_in_key_is_tried(answer: Answer) -> None:
    world = World()
    world.negotiation(names_centrifugo())
    world.token(answer)
    world.sockets(pusher())
    events = world.run(known())
    assert world.opened == [BUILT_IN_URL]
    assert signals(events) == [Signal.TRYING, Signal.READY]


def test_without_a_token_and_without_another_way_it_is_tried_again() -> None:
    world = World()
    world.negotiation(names_centrifugo())
    world.token(Answer(500, ""), Answer(200, '{"data":{"token":"t"}}'))
    world.sockets(centrifugo())
    events = world.run(centrifugo_only())
    assert signals(events)[:2] == [Signal.TRYING, Signal.BROKE]
    assert "denied access" in said(changes(events)[0])
    assert signals(events)[-1] is Signal.READY


def client_ids(world: World) -> list[str]:
    """Of each negotiation and each request for a token, in order."""
    bodies = [json.loads(body) for method, _, body, _ in world.requests if method == "POST"]
    return [body["client"]["id"] if "client" in body else body["client_id"] for body in bodies]


@pytest.mark.parametrize("code", [3500, 3999, 4500, 4999])
def test_after_an_end_for_good_of_centrifugo_another_client_asks(code: int) -> None:
    world = World()
    world.negotiation(names_centrifugo())
    world.sockets([ConnectionLost(code, "no")], centrifugo())
    events = world.run(centrifugo_only())
    first, token, second, last = client_ids(world)
    assert first == token != second == last
    assert signals(events) == [Signal.TRYING, Signal.REFUSED, Signal.TRYING, Signal.READY]


def test_after_any_other_end_the_client_stays_the_same() -> None:
    world = World()
    world.negotiation(names_centrifugo())
    world.sockets([ConnectionLost(3000, "")], [ConnectionLost(4000, "")], centrifugo())
    world.run(centrifugo_only())
    assert len(set(client_ids(world))) == 1


def test_a_new_token_is_fetched_before_the_old_one_ends() -> None:
    world = World()
    world.negotiation(names_centrifugo())
    world.token(*[Answer(200, json.dumps({"data": {"token": f"t{number}"}})) for number in (1, 2)])
    quiet = [step for _ in range(4) for step in (20.0, "{}")]
    refreshed = json.dumps({"id": 7, "refresh": {"ttl": 100, "expires": True}})
    world.sockets(centrifugo(*quiet, refreshed, 20.0, "{}", 20.0, "{}", 5.0, ttl=100))
    events = world.run(centrifugo_only())
    assert signals(events) == [Signal.TRYING, Signal.READY]
    commands = [json.loads(text) for text in world.sent[0]]
    assert commands[0]["connect"]["token"] == "t1"
    assert [command["refresh"] for command in commands if "refresh" in command] == [{"token": "t2"}]


def test_a_token_that_cannot_be_renewed_ends_in_one_clean_reconnect() -> None:
    world = World()
    world.negotiation(names_centrifugo())
    good = Answer(200, '{"data":{"token":"t"}}')
    world.token(good, *[Answer(500, "")] * 1, good)
    quiet = [step for _ in range(6) for step in (20.0, "{}")]
    world.sockets(centrifugo(*quiet, ttl=100), centrifugo())
    events = world.run(centrifugo_only())
    assert signals(events) == [Signal.TRYING, Signal.READY, Signal.BROKE, Signal.TRYING, Signal.READY]


# -- polling ---------------------------------------------------------------------------------------------------------------


def polled() -> Wish:
    return given_server(replace(known(), poll=True))


def test_new_followers_are_seen_by_the_poll() -> None:
    world = World()
    world.lookup(found(followers=100), found(followers=103), found(followers=102))
    world.sockets(pusher(185.0 - 66.0, '{"event":"pusher:pong"}', 66.0))
    events = world.run(polled())
    assert [(event.count, event.total) for event in events if isinstance(event, Follow)] == [(3, 103)]
    at = [at for method, _, _, at in world.requests if method == "GET"]
    assert all(after - before >= 59.9 for before, after in zip(at, at[1:]))


def test_a_missed_stop_is_found_by_the_poll() -> None:
    world = World()
    world.lookup(found(live=7), found())
    world.sockets(pusher(100.0, '{"event":"pusher:pong"}', 40.0))
    events = world.run(polled())
    assert [type(event).__name__ for event in events if type(event).__name__.startswith("Stream")] == ["StreamEnded"]


def test_one_wrong_answer_of_the_poll_does_not_end_a_stream() -> None:
    world = World()
    world.lookup(found(live=7), found(), found(live=7))
    world.sockets(pusher(*quiet(200.0)))
    events = world.run(polled())
    assert [event for event in events if type(event).__name__.startswith(("Stream", "Live"))] == [LiveKnown(True)]


def test_a_lookup_that_contradicts_is_followed_by_another_within_90_s_though_polling_is_off() -> None:
    world = World()
    world.lookup(found(live=7), found())
    world.sockets(pusher(*quiet(40.0), LOST), pusher(*quiet(200.0)))
    events = world.run(replace(polled(), poll=False))
    at = [at for method, _, _, at in world.requests if method == "GET"]
    assert len(at) == 3 and at[2] - at[1] <= 90.0, "at each connection, and once more"
    assert [type(event).__name__ for event in events if type(event).__name__.startswith("Stream")] == ["StreamEnded"]


def test_a_name_that_belongs_to_somebody_else_now_leads_to_one_reconnect_without_invented_followers() -> None:
    world = World()
    world.lookup(found(followers=100), found(channel=5, chatroom=6, followers=90_000))
    world.sockets(pusher(70.0), pusher(70.0, chatroom=6, channel=5))
    events = world.run(polled())
    assert signals(events) == [Signal.TRYING, Signal.READY, Signal.BROKE, Signal.TRYING, Signal.READY]
    assert json.loads(world.sent[1][0])["data"]["channel"] == "chatrooms.6.v2"
    assert [event for event in events if isinstance(event, Follow)] == []


def test_gifts_that_are_being_gathered_are_told_when_the_name_leads_elsewhere() -> None:
    world = World()
    world.lookup(found(), found(channel=5, chatroom=6))
    world.sockets(pusher(5.0, *quiet(50.0), 3.5, chunked_gift(50), 1.0, 1.0), pusher(chatroom=6, channel=5))
    events = world.run(replace(given_server(), poll=True))
    assert gifted(events) == [50]


# -- alive or dead ---------------------------------------------------------------------------------------------------------


def test_a_long_silence_is_looked_into_and_an_answer_settles_it() -> None:
    world = World()
    pong = '{"event":"pusher:pong"}'
    existing = json.dumps(
        {"event": "pusher:error", "data": {"code": None, "message": f"Existing subscription to channel {rooms()[0]}"}}
    )
    world.sockets(pusher(100.0, pong, 81.0, existing, 50.0, chat("here")))
    events = world.run(given_server())
    assert signals(events) == [Signal.TRYING, Signal.READY]
    assert [json.loads(text)["data"].get("channel") for text in world.sent[0]].count(rooms()[0]) == 2
    assert texts(events) == ["here"]


def test_an_answer_of_the_look_up_that_takes_over_a_name_tells_the_new_live_state() -> None:
    world = World()
    world.lookup(found(), found(channel=5, chatroom=6, live=77))
    world.sockets(pusher(70.0), pusher(70.0, chatroom=6, channel=5))
    events = world.run(polled())
    assert [event.live for event in events if isinstance(event, LiveKnown)] == [False, True]


@pytest.mark.parametrize("monotonic", [0.0, 7200.0], ids=["Linux", "Windows"])
def test_sleep_is_one_clean_reconnect(monotonic: float) -> None:
    world = World()
    world.sockets(pusher(5.0, lambda socket: world.sleep(7200.0, monotonic), chat("old")), pusher(30.0, chat("new")))
    events = world.run(given_server())
    assert signals(events) == [Signal.TRYING, Signal.READY, Signal.BROKE, Signal.TRYING, Signal.READY]
    assert "asleep" in said(changes(events)[1])
    assert delays(events) == [1]
    assert texts(events)[-1] == "new"


def away(events: list[Event]) -> tuple[str, str]:
    """From when to when the link said that it was offline."""
    (reason,) = [event.reason for event in events if isinstance(event, Notice) and event.reason.key == "away"]
    values = dict(reason.values)
    return str(values["left"]), str(values["back"])


@pytest.mark.parametrize("hours", [-1, -5, -23])
@pytest.mark.parametrize("when", ["connected", "waiting"])
def test_a_clock_that_is_set_back_never_makes_the_gap_go_backwards(hours: int, when: str) -> None:
    world = World()
    if when == "connected":
        world.sockets(pusher(5.0, lambda socket: world.sleep(hours * 3600.0), chat("x")), pusher(1.0))
    else:
        world.sockets(pusher(5.0, lambda socket: world.sleep(hours * 3600.0), LOST), [OUT_OF_REACH], pusher(1.0))
    left, back = away(world.run(given_server()))
    at = world.now + world.wall_ahead - 1.0
    assert back == clock(at)
    assert left in [clock(at - seconds) for seconds in range(5)], f"a second or some, not {left} to {back}"


def test_a_night_asleep_is_told_as_it_was() -> None:
    world = World()
    world.sockets(pusher(5.0, lambda socket: world.sleep(9 * 3600.0), chat("x")), pusher(1.0))
    began = world.now + world.wall_ahead + 5.0
    assert away(world.run(given_server())) == (clock(began), clock(began + 9 * 3600.0 + 1.0))


def test_the_time_away_is_told() -> None:
    world = World()
    world.sockets(pusher(LOST), [OUT_OF_REACH], [OUT_OF_REACH], pusher())
    events = world.run(given_server())
    (away,) = [text for text in notices(events) if text.startswith("Offline ")]
    left, back = (time.strftime("%H:%M:%S", time.localtime(world.wall_ahead + at)) for at in (1000.0, 1007.0))
    assert away == f"Offline {left}\u2013{back}. Events in that time were missed."


def test_away_begins_with_the_last_word_of_a_server_that_fell_silent() -> None:
    world = World()
    world.sockets(pusher(20.0, chat("last word"), 200.0), pusher())
    (away,) = [text for text in notices(world.run(given_server())) if text.startswith("Offline ")]
    assert away.startswith("Offline " + time.strftime("%H:%M:%S", time.localtime(world.wall_ahead + 1020.0)))


def test_the_next_total_tells_how_many_followers_a_gap_hid() -> None:
    world = World()
    world.lookup(found(followers=100), found(followers=103), found(followers=104))
    world.sockets(pusher(5.0, LOST), pusher(*quiet(150)))
    events = world.run(replace(given_server(), poll=True))
    assert [text for text in notices(events) if "while offline" in text] == ["3 new followers while offline."]
    assert sum(event.count for event in events if isinstance(event, Follow)) == 4


# -- bugs and missing parts ------------------------------------------------------------------------------------------------


def test_a_missing_websocket_client_is_an_error_for_the_user() -> None:
    world = World()
    world.sockets([ImportError("websocket")])
    events = world.run(given_server())
    assert signals(events) == [Signal.TRYING, Signal.REFUSED]
    assert "websocket-client is missing" in said(changes(events)[0])


def test_a_bug_ends_in_an_error_and_not_in_silence_and_it_begins_anew_minutes_later() -> None:
    world = World()
    world.sockets([HELLO, ZeroDivisionError()], pusher(chat("back")))
    events = world.run(given_server())
    assert signals(events) == [Signal.TRYING, Signal.REFUSED, Signal.TRYING, Signal.READY]
    assert "bug (ZeroDivisionError)" in said(changes(events)[0])
    assert world.opened_at == [1000.0, 1000.0 + REFUSED_PAUSE]
    assert texts(events) == ["back"]


def test_a_bug_beside_the_connection_does_not_end_it() -> None:
    world = World()
    world.lookup(RuntimeError("can't start new thread"))  # type: ignore[arg-type]
    world.sockets(pusher(*quiet(90), chat("still here")))
    events = world.run(replace(given_server(), poll=True))
    assert signals(events) == [Signal.TRYING, Signal.READY]
    assert texts(events) == ["still here"]


def test_a_bug_in_one_event_costs_that_event(caplog: pytest.LogCaptureFixture) -> None:
    from vmsc_core.link.link import Link

    world = World()
    world.sockets(pusher(chat("one"), chat("two"), chat("three")))
    link = Link(given_server(), world.inbox, world.cooldowns, world.ports())
    honest = link._interpreter.interpret

    def buggy(message: object, now: float) -> list[Event]:
        if "two" in str(message):
            raise ZeroDivisionError
        return honest(message, now)  # type: ignore[arg-type]

    link._interpreter.interpret = buggy  # type: ignore[method-assign,assignment]
    link.start()
    assert link.join(5.0)
    assert texts(world.inbox.drain(1000)) == ["one", "three"]
    assert len(caplog.records) == 1


def test_a_link_that_was_never_started_can_be_stopped_and_joined() -> None:
    from vmsc_core.link.link import Link

    world = World()
    link = Link(known(), world.inbox, world.cooldowns, world.ports())
    link.stop()
    assert link.join(0.0) and not link.alive


def test_no_thread_is_left() -> None:
    world = World()
    world.lookup(found())
    world.sockets(pusher(70.0))
    world.run(polled())
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("vmsc")] == []


def test_a_flood_of_heavy_messages_takes_a_nap_by_their_weight() -> None:
    world = World()
    heavy = [json.dumps({"event": "x", "data": "y" * (BATCH_WEIGHT // 2), "number": number}) for number in range(30)]
    world.sockets(pusher(*heavy))
    before = world.now
    world.run(given_server())
    assert NAP * 14 <= world.now - before <= NAP * 16


def test_remembered_ids_of_another_spelling_are_found() -> None:
    world = World()
    world.sockets(pusher())
    rows = {"my-name": KnownChannel(CHATROOM, CHANNEL, "my_name")}
    events = world.run(given_server(Wish(username="my_name", poll=False, known=rows)))
    assert signals(events) == [Signal.TRYING, Signal.READY]


# -- a negotiation that was not heard is no refusal ------------------------------------------------------------------------

NOT_HEARD = [OUT_OF_REACH, Answer(429, ""), Answer(503, ""), Answer(302, ""), Answer(200, "<html>sign in</html>")]


@pytest.mark.parametrize("hiccup", NOT_HEARD)
def test_a_retired_built_in_key_is_no_error_while_kick_was_not_heard(hiccup: object) -> None:
    world = World()
    world.negotiation(hiccup, names_pusher(KEY))  # type: ignore[arg-type]
    world.sockets(refusing(4001), pusher(chat("in")))
    events = world.run(known())
    assert signals(events) == [Signal.TRYING, Signal.BROKE, Signal.TRYING, Signal.READY]
    asks_for_a_pause = isinstance(hiccup, Answer) and hiccup.status == 429
    why = because("host_unreachable", host="example.com") if hiccup is OUT_OF_REACH else because("no_server_named")
    assert changes(events)[0].reason == why and delays(events) == [60 if asks_for_a_pause else 1]
    assert texts(events) == ["in"]


def test_a_key_that_is_retired_on_air_is_replaced_though_the_first_question_is_not_heard() -> None:
    world = World()
    world.negotiation(names_pusher(KEY), OUT_OF_REACH, names_pusher(OTHER_KEY))
    world.sockets(pusher(60.0, ConnectionLost(4001, "")), refusing(4001), pusher())
    events = world.run(known())
    assert Signal.REFUSED not in signals(events)
    assert [event.reason for event in changes(events) if event.signal is Signal.BROKE] == [
        because("server_dropped_us"),
        because("host_unreachable", host="example.com"),
    ]
    assert delays(events) == [1, 2]
    assert any("changed its server" in text for text in notices(events))


def test_kick_that_refuses_to_name_a_server_is_an_error_when_the_built_in_key_is_retired() -> None:
    world = World()
    world.negotiation(Answer(404, "{}"))
    world.sockets(refusing(4001))
    world.until(5)
    events = world.run(known())
    assert signals(events) == [Signal.TRYING, Signal.REFUSED]


def test_without_a_channel_id_a_retired_key_asks_for_it() -> None:
    world = World()
    world.sockets(refusing(4001))
    world.until(5)
    events = world.run(Wish(chatroom_id=CHATROOM, poll=False))
    assert changes(events)[-1].reason == because("channel_id_needed")


def test_a_token_that_is_blocked_is_left_alone_and_the_next_try_waits_for_it() -> None:
    world = World()
    world.negotiation(names_centrifugo())
    world.token(Answer(403, ""))
    world.until(290)
    world.sockets(*[refusing(4001)] * 20)
    events = world.run(replace(known(), provider=CENTRIFUGO))
    assert len(asked(world, "POST")) <= 3
    assert changes(events)[-1].reason == because("token_denied", status=403)


def test_a_way_that_is_blocked_for_minutes_does_not_slow_down_the_other() -> None:
    world = World()
    offers_both(world)
    world.token(Answer(403, ""))
    world.sockets(*[[OUT_OF_REACH]] * 4, pusher())
    events = world.run(known())
    assert delays(events) == [1, 2, 4]
    assert {event.reason for event in changes(events)[:-1]} == {OUT_OF_REACH.failure.reason}
    assert signals(events)[-1] is Signal.READY


def test_a_first_connection_says_nothing_of_a_change() -> None:
    world = World()
    world.negotiation(names_centrifugo())
    world.token(Answer(500, ""))
    world.sockets(pusher())
    assert not any("changed its server" in text for text in notices(world.run(known())))


def test_a_dead_key_of_the_users_own_is_no_change_of_kicks() -> None:
    world = World()
    world.negotiation(names_pusher(KEY))
    world.sockets(refusing(4001), pusher(1.0, LOST), refusing(4001), pusher())
    assert not any("changed its server" in text for text in notices(world.run(replace(known(), pusher_key="my-own-key"))))


# -- a server that takes us and then refuses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "server", "code"),
    [(names_pusher(), pusher, 4004), (names_pusher(), pusher, 4009), (names_centrifugo(), centrifugo, 4501)],
)
def test_servers_that_all_refuse_again_after_they_took_us_are_an_error(named: Answer, server: Any, code: int) -> None:
    world = World()
    world.negotiation(named)
    world.until(200)
    refusals = [server(0.1, ConnectionLost(code, "no")), pusher(0.1, ConnectionLost(4001, "no"))]
    world.sockets(*refusals * 25)
    events = world.run(known())
    again = [Signal.READY, Signal.BROKE]
    assert [event.signal for event in changes(events)] == [*again, *again, Signal.READY, Signal.REFUSED]
    assert world.opened == [world.opened[0], BUILT_IN_URL, world.opened[0]]


def test_a_server_that_takes_us_and_refuses_gives_way_to_the_other() -> None:
    world = World()
    offers_both(world)
    world.sockets(pusher(5.0, *refusing(4009)), centrifugo(*quiet(5.0)))
    events = world.run(known())
    assert [event.signal for event in changes(events)] == [Signal.READY, Signal.BROKE, Signal.READY]
    assert world.opened[1] == CENTRIFUGO_URL


def test_the_last_way_of_all_is_the_server_that_took_us_and_refused() -> None:
    world = World()
    offers_both(world)
    world.token(Answer(500, ""))
    world.sockets(pusher(5.0, *refusing(4009)), refusing(4001), pusher())
    events = world.run(known())
    assert world.opened == [url_of(KEY), BUILT_IN_URL, url_of(KEY)]
    assert [event.signal for event in changes(events)] == [Signal.READY, Signal.BROKE, Signal.READY]


def test_a_refusal_long_after_the_one_before_asks_kick_again() -> None:
    world = World()
    world.negotiation(names_pusher())
    world.sockets(*[pusher(*quiet(70), ConnectionLost(4001, "no"))] * 3, pusher())
    assert Signal.REFUSED not in signals(world.run(known()))


# -- a server that cannot be reached -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [OUT_OF_REACH, LOST], ids=["no socket", "no hello"])
@pytest.mark.parametrize("named", [names_centrifugo(), names_pusher(KEY, "zz9")], ids=["centrifugo", "cluster"])
def test_the_built_in_key_is_tried_too_when_the_named_server_stays_out_of_reach(named: Answer, failure: Exception) -> None:
    world = World()
    world.negotiation(named)
    world.sockets([failure], [failure], [failure], pusher(chat("in")))
    events = world.run(known())
    assert world.opened[-1] == BUILT_IN_URL and texts(events) == ["in"]
    assert delays(events) == [1, 2]


def test_kick_is_asked_again_after_a_break_of_a_connection_that_it_did_not_name() -> None:
    # The built-in key may still be taken when nothing is told there any more.
    world = World()
    world.negotiation(OUT_OF_REACH, names_pusher())
    world.sockets(pusher(5.0, LOST), pusher())
    world.run(known())
    assert world.opened == [BUILT_IN_URL, url_of(KEY)]


# -- what only the user can mend -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (Wish(chatroom_id=CHATROOM, provider=CENTRIFUGO, poll=False), because("channel_id_needed")),
        (replace(known(), provider=CENTRIFUGO), because("no_server_of_kind")),
    ],
)
def test_centrifugo_alone_without_an_offer_is_an_error_that_says_what_to_do(wish: Wish, reason: Reason) -> None:
    world = World()
    world.negotiation(names_pusher())
    world.until(100)
    events = world.run(wish)
    assert [(event.signal, event.reason) for event in changes(events)] == [(Signal.REFUSED, reason)]
