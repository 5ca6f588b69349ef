"""Recorded frames in, events out: what each frame means, and that one thing that happens counts one."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from vmsc_core.events import (
    Badge,
    ChannelMoved,
    ChatCleared,
    ChatMessage,
    ChatroomUpdated,
    Companion,
    Counted,
    Emote,
    Event,
    Follow,
    FollowerTotal,
    GiftedSubscriptions,
    GoalUpdated,
    Host,
    KicksGifted,
    LiveKnown,
    MessageDeleted,
    MessagePinned,
    MessageUnpinned,
    PollUpdated,
    Reply,
    RewardRedeemed,
    StreamEnded,
    StreamStarted,
    Subscription,
    Unknown,
    UserBanned,
    UserUnbanned,
)
from vmsc_core.kick.channel import Channel
from vmsc_core.kick.gifts import CHUNK_PATIENCE, SAME_GIFT
from vmsc_core.kick.interpret import SAME_CHAT, SAME_SUB, Interpreter
from vmsc_core.kick.livestream import POLL_LAG
from vmsc_core.kick.seen import Seen
from vmsc_core.kick.session import Message

NOW = 1000.0


def utc(*moment: int, fraction: float = 0.0) -> float:
    return datetime(*moment, tzinfo=timezone.utc).timestamp() + fraction  # type: ignore[misc, arg-type]


def frame(event: str, data: Any, channel: str = "") -> Message:
    return Message(event, channel, data)


def counted(found: list[Event]) -> list[Event]:
    return [event for event in found if isinstance(event, Counted)]


# line of frames.jsonl → the event's type and its key values
EXPECTED: dict[int, tuple[type, dict[str, Any]]] = {
    1: (
        ChatMessage,
        {
            "id": "12f2858d-395d-823e-0496-b9225de8aa4c",
            "username": "viewermwcm183",
            "text": "orange bridge rocket lamp window marble marble bridge forest river lamp planet river",
            "badges": (),
            "emotes": (),
            "reply": None,
            "kind": "message",
            "user_id": 1340763,
            "color": "#E9113C",
            "time": utc(2026, 9, 27, 16, 11, 55),
        },
    ),
    2: (
        ChatMessage,
        {
            "text": "PeepoClapPeepoClapPeepoClap",
            "emotes": (
                Emote(37232, "PeepoClap", 0, 9),
                Emote(37232, "PeepoClap", 9, 18),
                Emote(37232, "PeepoClap", 18, 27),
            ),
        },
    ),
    3: (
        ChatMessage,
        {
            "username": "Viewerpqwg947",
            "badges": (
                Badge("moderator", "Moderator"),
                Badge("vip", "VIP"),
                Badge("og", "OG"),
                Badge("subscriber", "Subscriber", 24),
            ),
        },
    ),
    4: (
        ChatMessage,
        {
            "text": "orange marble straße",
            "kind": "reply",
            "reply": Reply(
                "Viewer_gfaw200",
                "forest, river silver garden quiet ticket garden silver quiet ticket river rocket garden lamp ticket "
                "cloud garden",
            ),
        },
    ),
    5: (MessageDeleted, {"message_id": "eb7eb7e5-a3f8-eb33-f6ba-f1eaae550548"}),
    6: (GoalUpdated, {"kind": "followers", "current": 247533, "target": 300000}),
    7: (GoalUpdated, {"kind": "followers", "current": 247538, "target": 300000}),
    8: (GoalUpdated, {"kind": "followers", "current": 247558, "target": 300000}),
    9: (
        KicksGifted,
        {
            "username": "Viewermvuu417",
            "amount": 500,
            "gift": "Rage Quit",
            "message": "🔝",
            "time": pytest.approx(utc(2026, 9, 27, 16, 12, 16, fraction=0.212275837)),
        },
    ),
    10: (KicksGifted, {"username": "viewermafh468", "amount": 1, "gift": "Hell Yeah", "message": ""}),
    11: (RewardRedeemed, {"username": "viewerjwqz699", "title": "lamp", "text": ""}),
    12: (Subscription, {"username": "viewerxbnz175", "months": 38, "message": None}),
    13: (Companion, {"name": "ChannelSubscriptionEvent"}),
    14: (Companion, {"name": "NewSubscriberUpdatedEvent"}),
    15: (Companion, {"name": "NewActivityFeedEvent"}),
    16: (Companion, {"name": "ChatMessageSentEvent"}),
    17: (Subscription, {"username": "Viewerdfcn691", "months": 8}),
    18: (Companion, {"name": "ChannelSubscriptionEvent"}),
    19: (Companion, {"name": "NewSubscriberUpdatedEvent"}),
    20: (Companion, {"name": "NewActivityFeedEvent"}),
    # gifter_total 9 is all-time: the size of this gift is 1
    21: (GiftedSubscriptions, {"gifter": "Viewer_avbx697", "recipients": ("vieweruzed276",), "count": 1}),
    22: (Companion, {"name": "GiftsLeaderboardUpdated"}),
    23: (
        ChatroomUpdated,
        {"slow_mode": False, "subscribers_mode": False, "followers_mode": True, "emotes_mode": False},
    ),
    24: (Unknown, {"name": "ChatSettingsChanged"}),
    25: (UserUnbanned, {"username": "Viewersghv724", "unbanned_by": "Viewer_rfaz660"}),
    26: (MessageUnpinned, {}),
    27: (
        MessagePinned,
        {
            "message_id": "c405b8a3-92ca-d2a9-7837-94da9e95ba74",
            "username": "Viewerqjby58",
            "text": "rocket river garden cloud bridge quiet cloud planet river ticket ありがとう привет "
            "こんにちは. привет window",
        },
    ),
    29: (ChatMessage, {"username": "Vieweregpc750", "text": "planet", "time": utc(2024, 4, 25, 7, 29, 14)}),
    # 2023: neither `permanent` nor `duration`, only the end of a time-out
    30: (
        UserBanned,
        {"username": "viewer_zbdx396", "banned_by": "Viewertbvn635", "permanent": False, "minutes": None},
    ),
    31: (Unknown, {"name": "FollowersUpdated"}),  # malformed as found: "created_at": ,
    32: (
        GiftedSubscriptions,
        {
            "gifter": "viewerjuke693",
            "recipients": (
                "Viewer_jcqw208",
                "viewermakg629",
                "Viewernffa537",
                "vieweretan218",
                "Viewerntfu249",
            ),
            "count": 5,
        },
    ),
    33: (Companion, {"name": "StreamHostedEvent"}),
    34: (ChatMessage, {"username": "viewermsnv637", "text": "planet garden river marble"}),
    35: (
        UserBanned,
        {"username": "viewerjjxk64", "banned_by": "Viewerqvye725", "permanent": False, "minutes": 5},
    ),
    # `channel` is the one the frame came on (channel.88782990); `slug` and `hosted` are where the chat goes
    36: (ChannelMoved, {"slug": "viewer-cszx537"}),
    37: (ChatMessage, {"text": "forest", "kind": "reply", "reply": Reply("Viewertgbt174", "planet window")}),
    38: (GoalUpdated, {"kind": "followers", "current": 87106, "target": 100000}),
    39: (
        UserBanned,
        {"username": "Viewernxfu154", "banned_by": "Viewernsrb540", "permanent": True, "minutes": None},
    ),
    40: (MessageDeleted, {"message_id": "4d94952b-6117-507e-2679-ffef62774d62"}),
    41: (RewardRedeemed, {"username": "viewerbeky33", "title": "river quiet", "text": ""}),
    42: (Companion, {"name": "ChatMessageSentEvent"}),
    43: (Companion, {"name": "LuckyUsersWhoGotGiftSubscriptionsEvent"}),
    44: (Companion, {"name": "ChannelSubscriptionEvent"}),
    45: (
        StreamStarted,
        {
            "livestream_id": 36066505,
            "title": "+18 #marble🌟marble🌟piano🌟garden🌟rocket🌟lamp🌟planet🌟marble🌟cloud🌟marble🌟rocket🌟quiet ticket🌟",
            "time": utc(2025, 9, 14, 23, 18, 20),
        },
    ),
    46: (StreamEnded, {"livestream_id": 16765427}),
    47: (Companion, {"name": "StreamHostedEvent"}),
    48: (Host, {"username": "Viewerbuad787", "viewers": 216, "message": None}),
    49: (Subscription, {"username": "viewer_dkem625", "months": 3}),
    50: (
        ChatroomUpdated,
        {"slow_mode": False, "subscribers_mode": False, "followers_mode": True, "emotes_mode": False},
    ),
    51: (UserUnbanned, {"username": "viewermrkc763", "unbanned_by": "viewerhvdt708"}),
    52: (
        ChatMessage,
        {
            "text": "frankdimespeepolovefrankdimesVibe",
            "emotes": (Emote(17289, "frankdimespeepolove", 0, 19), Emote(16676, "frankdimesVibe", 19, 33)),
            "badges": (Badge("moderator", "Moderator"),),
            "reply": Reply("viewerwngh968", "@window rocket marble orange piano quiet"),
        },
    ),
    53: (KicksGifted, {"username": "Viewernvkr713", "amount": 500, "message": "rocket bridge!"}),
    54: (PollUpdated, {"title": "window silver", "options": (("bridge planet", 0), ("bridge window", 1))}),
    # the first chunk of a bigger gift, alone: told when the others have not come in time
    55: (
        GiftedSubscriptions,
        {"gifter": "viewerkhkk243", "recipients": ("viewerufad371",), "count": 50},
    ),
    56: (ChatCleared, {}),
    57: (
        GiftedSubscriptions,
        {"gifter": "Viewerbdpy121", "recipients": ("viewergyrr858", "viewerwamv677"), "count": 50},
    ),
    # Not of the feed, but of the protocols below it: test_pusher, test_centrifugo and test_negotiation read them.
    28: (Unknown, {"name": "pusher:connection_established"}),
    58: (Unknown, {"name": "(centrifugo connect reply)"}),
    59: (Unknown, {"name": "(centrifugo push)"}),
    60: (Unknown, {"name": "(realtime negotiation, pusher)"}),
    61: (Unknown, {"name": "(realtime negotiation, centrifugo)"}),
}


def test_no_recorded_frame_is_left_out(frames):
    assert sorted(EXPECTED) == sorted(frames.rows)


@pytest.mark.parametrize("line", sorted(EXPECTED))
def test_each_recorded_frame_gives_its_event(frames, line):
    interpreter = Interpreter()
    found = interpreter.interpret(frames.message(line), NOW) + interpreter.poll(NOW + CHUNK_PATIENCE)
    kind, values = EXPECTED[line]
    assert [type(event) for event in found] == [kind]
    assert {key: getattr(found[0], key) for key in values} == values


@pytest.mark.parametrize("line", sorted(EXPECTED))
def test_prefix_channel_and_packing_of_data_do_not_matter(frames, line):
    row = frames[line]
    short = row["event"].rpartition("\\")[2]
    plain = Interpreter()
    once = plain.interpret(frames.message(line), NOW) + plain.flush()
    data = row["data"]
    other_packing = json.dumps(data) if not isinstance(data, str) else _loads(data)
    for event in (short, "App\\Events\\" + short, "App\\Events\\Chat\\" + short):
        moved = Interpreter()
        assert moved.interpret(frame(event, other_packing, "channel_1"), NOW) + moved.flush() == once


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


# -- unknown and broken ---------------------------------------------


@pytest.mark.parametrize("event", ["", "\\", "PredictionCreated", "App\\Events\\SomethingOfNextYear", "x" * 5000])
def test_an_event_nobody_knows_is_unknown_and_its_name_is_cut(event):
    (found,) = Interpreter().interpret(frame(event, "{}"), NOW)
    assert isinstance(found, Unknown) and len(found.name) <= 80


WRONG = [None, [], {}, "", "[]", "null", "{", 5, True, "[" * 100_000, '{"a":' * 50_000, "NaN", {"id": float("nan")}]
NAMES = sorted({"ChatMessageEvent", "SubscriptionEvent", "GiftedSubscriptionsEvent", "FollowersUpdated"})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", WRONG, ids=lambda data: repr(data)[:20])
def test_data_of_the_wrong_shape_is_unknown(name, data):
    assert Interpreter().interpret(frame(name, data), NOW) == [Unknown(name)]


def test_twenty_thousand_unknown_names_leave_nothing_behind():
    interpreter = Interpreter()
    for number in range(20_000):
        interpreter.interpret(frame(f"Unknown{number}", "{}"), NOW)
    assert interpreter.deadline == float("inf")
    assert interpreter.flush() == []


# -- chat ---------------------------------------------


def chat(**changes: Any) -> Message:
    data: dict[str, Any] = {
        "id": "m1",
        "content": "rocket",
        "type": "message",
        "created_at": "2026-09-27T16:11:55+00:00",
        "sender": {"id": 1, "username": "viewer", "identity": {"color": "#E9113C", "badges": []}},
    }
    data.update(changes)
    return frame("App\\Events\\ChatMessageEvent", data)


def one_chat(message: Message) -> ChatMessage:
    (found,) = Interpreter().interpret(message, NOW)
    assert isinstance(found, ChatMessage)
    return found


def test_the_same_message_id_is_the_same_message_for_a_while():
    interpreter = Interpreter()
    assert len(interpreter.interpret(chat(), NOW)) == 1
    assert interpreter.interpret(chat(), NOW + SAME_CHAT - 0.001) == []
    assert len(interpreter.interpret(chat(), NOW + SAME_CHAT)) == 1


def test_messages_without_an_id_all_count():
    interpreter = Interpreter()
    assert [len(interpreter.interpret(chat(id=None), NOW)) for _ in range(3)] == [1, 1, 1]


def test_a_celebration_is_chat_and_no_second_subscription():
    found = one_chat(
        chat(
            type="celebration",
            content="still here!",
            metadata={"celebration": {"type": "subscription_renewed", "total_months": 12}},
        )
    )
    assert (found.kind, found.text, found.months) == ("celebration", "still here!", 12)


@pytest.mark.parametrize(
    ("content", "text", "emotes"),
    [
        ("a [emote:1:x] b", "a x b", (Emote(1, "x", 2, 3),)),
        ("[emote:17:]", "", (Emote(17, "", 0, 0),)),  # the name can be empty
        ("hi[emote:1:]there", "hithere", (Emote(1, "", 2, 2),)),
        ("[emote:x:y]", "[emote:x:y]", ()),
        ("[emote:1:y", "[emote:1:y", ()),
        ("[emote:١:y]", "[emote:١:y]", ()),  # other scripts' digits are no id
        ("🌟[emote:5:w]🌟", "🌟w🌟", (Emote(5, "w", 1, 2),)),
    ],
)
def test_emotes_show_their_names_and_know_their_places(content, text, emotes):
    found = one_chat(chat(content=content))
    assert (found.text, found.emotes) == (text, emotes)
    assert all(found.text[emote.start : emote.end] == emote.name for emote in found.emotes)


def test_lone_surrogates_and_control_characters_do_not_reach_obs():
    found = one_chat(chat(content="a\ud800b\x00c\x1bd\ne", sender={"username": "vie\udfffwer"}))
    assert (found.text, found.username) == ("abcd\ne", "viewer")


@pytest.mark.parametrize(
    "changes", [{"sender": None}, {"sender": {}}, {"sender": {"username": None}}, {"content": None}, {"content": 5}]
)
def test_chat_without_a_sender_or_words_is_unknown(changes):
    assert Interpreter().interpret(chat(**changes), NOW) == [Unknown("ChatMessageEvent")]


def test_an_empty_chat_message_is_chat():
    assert one_chat(chat(content="")).text == ""


# -- subscriptions ---------------------------------------------

SUB_AND_COMPANIONS = (12, 13, 14, 15, 16)  # one renewal, as captured: five frames within a second


@pytest.mark.parametrize("order", list(itertools.permutations(SUB_AND_COMPANIONS)), ids=str)
def test_the_five_frames_of_one_sub_count_one_in_any_order(frames, order):
    interpreter = Interpreter()
    found = [event for line in order for event in interpreter.interpret(frames.message(line), NOW)]
    assert counted(found) == [Subscription("viewerxbnz175", 38)]


def test_the_frames_of_a_sub_repeated_after_a_reconnect_count_one(frames):
    interpreter = Interpreter()
    found: list[Event] = []
    for seconds, line in enumerate((13, 12, 14, 12, 15, 16, 12)):
        found += interpreter.interpret(frames.message(line), NOW + seconds)
        found += interpreter.flush()  # the connection dropped
    assert counted(found) == [Subscription("viewerxbnz175", 38)]


def sub(username: Any, months: Any) -> Message:
    return frame("App\\Events\\SubscriptionEvent", {"chatroom_id": 1, "username": username, "months": months})


def test_two_people_with_the_same_months_count_two():
    interpreter = Interpreter()
    found = interpreter.interpret(sub("anna", 3), NOW) + interpreter.interpret(sub("bert", 3), NOW)
    assert found == [Subscription("anna", 3), Subscription("bert", 3)]


def test_the_same_sub_again_counts_only_after_a_minute():
    interpreter = Interpreter()
    assert interpreter.interpret(sub("anna", 3), NOW) == [Subscription("anna", 3)]
    assert interpreter.interpret(sub("Anna", 3), NOW + SAME_SUB - 0.001) == []
    assert interpreter.interpret(sub("anna", 3), NOW + SAME_SUB) == [Subscription("anna", 3)]


def test_a_new_sub_and_its_renewal_differ_in_months():
    interpreter = Interpreter()
    found = interpreter.interpret(sub("anna", 1), NOW) + interpreter.interpret(sub("anna", 2), NOW)
    assert [event.months for event in found] == [1, 2]


@pytest.mark.parametrize("months", [None, "x", -1, 2.5, [], True])
def test_a_sub_with_unreadable_months_is_a_new_one(months):
    assert Interpreter().interpret(sub("anna", months), NOW) == [Subscription("anna", 1)]


@pytest.mark.parametrize("username", [None, "", [], {}])
def test_a_sub_of_nobody_is_unknown(username):
    assert Interpreter().interpret(sub(username, 1), NOW) == [Unknown("SubscriptionEvent")]


# -- gifts ---------------------------------------------


def chunk(index: int, names: list[str], *, total: Any = 5, chunks: Any = 3, key: str = "gift-1", **more: Any) -> Message:
    # Shaped as line 55 of frames.jsonl.
    data = {
        "chatroom_id": 1,
        "gifter_username": "rich",
        "gifted_usernames": names,
        "gifted_total": total,
        "gifter_total": 100,
        "chunk_details": {"correlation_id": key, "chunk_index": index, "total_chunks": chunks},
    }
    data.update(more)
    return frame("GiftedSubscriptionsEvent", data, "chatroom_1")


CHUNKS = [chunk(0, ["a", "b"]), chunk(1, ["c", "d"]), chunk(2, ["e"])]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_chunks_are_one_gift_in_any_order(order):
    interpreter = Interpreter()
    found = [interpreter.interpret(CHUNKS[index], NOW + place) for place, index in enumerate(order)]
    assert found[:2] == [[], []]
    (gift,) = found[2]
    assert isinstance(gift, GiftedSubscriptions)
    assert (gift.gifter, sorted(gift.recipients), gift.count) == ("rich", list("abcde"), 5)
    assert interpreter.deadline == float("inf")


def test_a_missing_chunk_is_waited_for_three_seconds_and_loses_nothing():
    interpreter = Interpreter()
    assert interpreter.interpret(CHUNKS[0], NOW) == []
    assert interpreter.interpret(CHUNKS[2], NOW + 1) == []
    assert interpreter.deadline == NOW + CHUNK_PATIENCE == NOW + 3.0
    assert interpreter.poll(NOW + 2.999) == []
    assert interpreter.poll(NOW + 3.0) == [GiftedSubscriptions("rich", ("a", "b", "e"), 5)]
    assert interpreter.poll(NOW + 3.0) == []


def test_a_late_chunk_does_not_count_again():
    interpreter = Interpreter()
    interpreter.interpret(CHUNKS[0], NOW)
    assert len(interpreter.poll(NOW + 3)) == 1
    assert interpreter.interpret(CHUNKS[1], NOW + 4) == []
    assert interpreter.interpret(CHUNKS[2], NOW + SAME_GIFT - 0.001) == []
    assert interpreter.deadline == float("inf")


def test_a_repeated_chunk_does_not_complete_a_gift():
    interpreter = Interpreter()
    for seconds in range(3):
        assert interpreter.interpret(CHUNKS[0], NOW + seconds / 10) == []
    assert interpreter.poll(NOW + 3) == [GiftedSubscriptions("rich", ("a", "b"), 5)]


def test_a_gift_repeated_as_a_whole_counts_one():
    interpreter = Interpreter()
    found = [event for message in CHUNKS * 2 for event in interpreter.interpret(message, NOW)]
    assert len(found) == 1


def test_two_gifts_at_once_are_two():
    interpreter = Interpreter()
    found: list[Event] = []
    for index in range(2):
        for key in ("one", "two"):
            found += interpreter.interpret(chunk(index, [f"{key}{index}"], total=2, chunks=2, key=key), NOW)
    assert found == [
        GiftedSubscriptions("rich", ("one0", "one1"), 2),
        GiftedSubscriptions("rich", ("two0", "two1"), 2),
    ]


def test_the_correlation_id_may_stand_in_either_place():
    interpreter = Interpreter()
    first = chunk(0, ["a"], total=2, chunks=2, correlation_id="same")
    second = chunk(1, ["b"], total=2, chunks=2, key="", correlation_id="same")
    assert interpreter.interpret(first, NOW) == []
    assert interpreter.interpret(second, NOW) == [GiftedSubscriptions("rich", ("a", "b"), 2)]


def test_a_drop_of_the_connection_tells_what_was_gathered_and_the_rest_does_not_count_again():
    interpreter = Interpreter()
    interpreter.interpret(CHUNKS[0], NOW)
    assert interpreter.flush() == [GiftedSubscriptions("rich", ("a", "b"), 5)]
    assert interpreter.interpret(CHUNKS[1], NOW + 2) == []


def test_a_gift_without_a_total_is_as_big_as_its_names():
    interpreter = Interpreter()
    interpreter.interpret(chunk(0, ["a", "b"], total=None), NOW)
    interpreter.interpret(chunk(1, ["c"], total=None), NOW)
    assert interpreter.poll(NOW + 3) == [GiftedSubscriptions("rich", ("a", "b", "c"), 3)]


def gift(**changes: Any) -> Message:
    data: dict[str, Any] = {"gifter_username": "rich", "gifted_usernames": ["a"], "gifter_total": 999}
    data.update(changes)
    return frame("GiftedSubscriptionsEvent", data)


@pytest.mark.parametrize("gifter", [None, "", "Anonymous", "anonymous", {}, []])
def test_an_anonymous_gifter_is_none(gifter):
    assert Interpreter().interpret(gift(gifter_username=gifter), NOW) == [GiftedSubscriptions(None, ("a",), 1)]


def test_a_later_chunk_can_name_the_gifter():
    interpreter = Interpreter()
    interpreter.interpret(chunk(0, ["a"], total=2, chunks=2, gifter_username=None), NOW)
    assert interpreter.interpret(chunk(1, ["b"], total=2, chunks=2), NOW) == [GiftedSubscriptions("rich", ("a", "b"), 2)]


def test_the_gifters_all_time_total_is_never_the_size():
    assert Interpreter().interpret(gift(gifted_usernames=["a", "b"]), NOW) == [GiftedSubscriptions("rich", ("a", "b"), 2)]


def test_a_gift_without_an_id_to_the_same_people_is_a_repetition(frames):
    interpreter = Interpreter()
    assert len(interpreter.interpret(frames.message(32), NOW)) == 1
    assert interpreter.interpret(frames.message(32), NOW + 1) == []
    assert len(interpreter.interpret(gift(gifted_usernames=["somebody else"]), NOW + 1)) == 1


WITH_ID = gift(gifted_usernames=["a", "b"], gifted_total=2, correlation_id="x")
WITHOUT_ID = frame(
    "App\\Events\\GiftedSubscriptionsEvent", {"gifter_username": "Rich", "gifted_usernames": ["b", "a"]}, "chatrooms.1.v2"
)


@pytest.mark.parametrize("order", [(WITH_ID, WITHOUT_ID), (WITHOUT_ID, WITH_ID), (WITH_ID, WITHOUT_ID, WITHOUT_ID, WITH_ID)])
def test_a_gift_that_comes_with_an_id_and_without_one_counts_one(order):
    interpreter = Interpreter()
    found = [event for place, message in enumerate(order) for event in interpreter.interpret(message, NOW + place)]
    assert [event.count for event in counted(found)] == [2]
    assert interpreter.interpret(WITHOUT_ID, NOW + SAME_GIFT - 0.001) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_a_gift_in_chunks_that_also_comes_as_a_whole_without_an_id_counts_one(order):
    whole = gift(gifted_usernames=list("abcde"))
    interpreter = Interpreter()
    found = [event for place in order for event in interpreter.interpret([*CHUNKS, whole][place], NOW)]
    found += interpreter.poll(NOW + CHUNK_PATIENCE)
    assert [(event.count, sorted(event.recipients)) for event in counted(found)] == [(5, list("abcde"))]


def test_a_gift_without_an_id_brings_its_names_to_the_right_one_of_those_being_gathered():
    interpreter = Interpreter()
    interpreter.interpret(chunk(0, ["x"], total=50, key="other"), NOW)
    interpreter.interpret(CHUNKS[0], NOW)
    (event,) = interpreter.interpret(gift(gifter_username="RICH", gifted_usernames=list("abcde")), NOW)
    assert event == GiftedSubscriptions("rich", tuple("abcde"), 5)
    assert interpreter.poll(NOW + CHUNK_PATIENCE) == [GiftedSubscriptions("rich", ("x",), 50)]


def in_pieces(number: int, key: str = "x", gifter: str = "rich") -> tuple[Message, Message]:
    """A piece of a gift of six in two pieces: with its id, and the copy without."""
    names = [f"{key}{number}{letter}" for letter in "abc"]
    with_id = chunk(number, names, total=6, chunks=2, key=key, gifter_username=gifter)
    without_id = {"gifter_username": gifter.upper(), "gifted_usernames": names}
    return with_id, frame("App\\Events\\GiftedSubscriptionsEvent", without_id, "chatrooms.1.v2")


PIECES = [message for number in range(2) for message in in_pieces(number)]  # chunk 0, copy 0, chunk 1, copy 1
TWO_COPIES_FIRST = [(1, 3), (3, 1)]


@pytest.mark.parametrize("order", [o for o in itertools.permutations(range(4)) if o[:2] not in TWO_COPIES_FIRST], ids=str)
def test_chunks_among_copies_of_them_without_an_id_are_one_gift(order):
    interpreter = Interpreter()
    found = [event for place in order for event in interpreter.interpret(PIECES[place], NOW + place / 10)]
    found += interpreter.poll(NOW + CHUNK_PATIENCE + 1)
    assert len(counted(found)) == 1
    assert [interpreter.interpret(message, NOW + 30) for message in PIECES] == [[]] * 4
    assert interpreter.deadline == float("inf")


def test_a_missing_chunk_is_brought_by_the_copy_without_an_id():
    interpreter = Interpreter()
    found = [event for place in (0, 1, 3) for event in interpreter.interpret(PIECES[place], NOW)]
    assert [(event.count, len(event.recipients)) for event in counted(found)] == [(6, 6)]


def test_copies_between_the_chunks_of_two_gifts_of_one_gifter_lose_none_of_them():
    interpreter = Interpreter()
    (x0, _), (y0, copy_of_y0), (x1, _), (y1, _) = in_pieces(0), in_pieces(0, "y"), in_pieces(1), in_pieces(1, "y")
    found = [event for message in (x0, copy_of_y0, y0, x1, y1) for event in interpreter.interpret(message, NOW)]
    assert [event.count for event in counted(found)] == [6, 6]


def test_another_gift_without_an_id_by_the_same_gifter_is_no_copy_of_one_that_lacks_fewer():
    interpreter = Interpreter()
    interpreter.interpret(PIECES[0], NOW)
    assert interpreter.interpret(gift(gifted_usernames=list("defg")), NOW) == [GiftedSubscriptions("rich", tuple("defg"), 4)]
    assert interpreter.interpret(gift(gifter_username="b", gifted_usernames=["h"]), NOW) == [GiftedSubscriptions("b", ("h",), 1)]
    assert interpreter.interpret(nameless("rich", 5), NOW) == [GiftedSubscriptions("rich", (), 5)]


def test_a_copy_without_an_id_of_a_gift_whose_chunks_are_missing_counts_nothing_before_or_after_it_is_told():
    interpreter = Interpreter()
    interpreter.interpret(chunk(0, ["a", "b"]), NOW)
    copies = gift(gifted_usernames=["c", "d"]), nameless("Rich", 5)
    assert [interpreter.interpret(copy, NOW) for copy in copies] == [[], []]
    assert interpreter.poll(NOW + CHUNK_PATIENCE) == [GiftedSubscriptions("rich", tuple("abcd"), 5)]
    assert interpreter.interpret(copies[0], NOW + CHUNK_PATIENCE + 1) == []


def test_two_anonymous_gifts_at_once_are_two():
    interpreter = Interpreter()
    interpreter.interpret(chunk(0, ["a"], gifter_username=None), NOW)
    assert len(interpreter.interpret(gift(gifter_username="Anonymous", gifted_usernames=["b"]), NOW)) == 1
    assert len(interpreter.interpret(gift(gifter_username="", gifted_usernames=["c"]), NOW)) == 1
    assert len(interpreter.poll(NOW + CHUNK_PATIENCE)) == 1


def test_a_gift_without_an_id_that_comes_in_other_pieces_is_known_by_each_of_its_people():
    interpreter = Interpreter()
    found = [event for names in ("a", "ac", "c") for event in interpreter.interpret(gift(gifted_usernames=list(names)), NOW)]
    assert len(found) == 1


def nameless(gifter: Any, total: int, prefix: str = "") -> Message:
    data = {"gifter_username": gifter, "gifted_usernames": [], "gifted_total": total}
    return frame(f"{prefix}GiftedSubscriptionsEvent", data)


def test_a_gift_without_an_id_and_names_in_two_spellings_counts_one():
    interpreter = Interpreter()
    assert interpreter.interpret(nameless("Big", 5), NOW) == [GiftedSubscriptions("Big", (), 5)]
    assert interpreter.interpret(nameless("big", 5, "App\\Events\\"), NOW + 0.1) == []
    assert len(interpreter.interpret(nameless("Big", 10), NOW + 0.2)) == 1
    assert len(interpreter.interpret(nameless("Other", 5), NOW + 0.2)) == 1
    assert len(interpreter.interpret(nameless("Big", 5), NOW + CHUNK_PATIENCE)) == 1


def test_two_anonymous_gifts_without_names_count_two():
    interpreter = Interpreter()
    assert [len(interpreter.interpret(nameless(None, 5), NOW)) for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("ids", list(itertools.product([None, "x", "y"], repeat=2)), ids=str)
def test_two_gifts_of_one_gifter_to_different_people_count_two(ids):
    if ids[0] and ids[0] == ids[1]:
        return
    interpreter = Interpreter()
    found = interpreter.interpret(gift(gifted_usernames=["a", "b"], correlation_id=ids[0]), NOW)
    found += interpreter.interpret(gift(gifted_usernames=["c", "d"], correlation_id=ids[1]), NOW + 1)
    assert len(counted(found)) == 2


def test_two_gifters_of_the_same_person_are_two_gifts():
    interpreter = Interpreter()
    found = interpreter.interpret(gift(correlation_id="x"), NOW) + interpreter.interpret(gift(gifter_username="y"), NOW)
    assert len(counted(found)) == 2


def test_gifts_without_an_id_to_the_same_person_after_a_while_are_two():
    interpreter = Interpreter()
    found = interpreter.interpret(gift(correlation_id="x"), NOW) + interpreter.interpret(gift(), NOW + SAME_GIFT)
    assert len(counted(found)) == 2


def test_the_companions_of_a_gift_count_nothing(frames):
    interpreter = Interpreter()
    found = [event for line in (22, 43, 21, 22, 43) for event in interpreter.interpret(frames.message(line), NOW)]
    assert [type(event) for event in counted(found)] == [GiftedSubscriptions]


@pytest.mark.parametrize("names", [None, [], [None, "", 5.5, {}]])
def test_a_gift_of_nothing_is_unknown(names):
    assert Interpreter().interpret(gift(gifted_usernames=names), NOW) == [Unknown("GiftedSubscriptionsEvent")]


def test_gifts_being_gathered_are_bounded_and_none_is_lost():
    interpreter = Interpreter()
    told = 0
    for number in range(500):
        told += len(interpreter.interpret(chunk(0, ["a"], key=f"k{number}"), NOW))
    assert len(interpreter._gifts._gathering) <= 100
    assert told + len(interpreter.poll(NOW + 3)) == 500


# -- follows ---------------------------------------------


def followers(total: Any, followed: Any = True, username: Any = None) -> Message:
    # Shaped as line 31 of frames.jsonl, with the time it lacks.
    data = {"followersCount": total, "channel_id": 77528, "username": username, "created_at": 1790525704, "followed": followed}
    return frame("App\\Events\\FollowersUpdated", data, "channel.11624")


def test_polls_frames_and_goals_share_one_total(frames):
    interpreter = Interpreter()
    assert interpreter.found(Channel("name", 1, 2, followers=100), NOW) == [FollowerTotal(100)]
    assert interpreter.interpret(followers(101), NOW + 30) == [Follow(None, 101, 1790525704.0)]
    assert interpreter.interpret(frames.message(6), NOW + 31) == [GoalUpdated("followers", 247533, 300000)]
    assert interpreter.flush() == []  # the connection dropped
    assert interpreter.found(Channel("name", 1, 2, followers=103), NOW + 60) == [Follow(None, 103, None, 2)]


@pytest.mark.parametrize("followed", [None, 1, "true", 0, []])
def test_a_followers_frame_that_does_not_say_which_way_is_unknown(followed):
    assert Interpreter().interpret(followers(5, followed=followed), NOW) == [Unknown("FollowersUpdated")]


# -- live ---------------------------------------------


def start(livestream: Any, title: str = "t") -> Message:
    # Shaped as line 45 of frames.jsonl.
    return frame("App\\Events\\StreamerIsLive", {"livestream": {"id": livestream, "session_title": title}})


def stop(livestream: Any) -> Message:
    # Shaped as line 46 of frames.jsonl.
    return frame("App\\Events\\StopStreamBroadcast", {"livestream": {"id": livestream}})


def looked_up(live: bool, livestream: Any = None) -> Channel:
    return Channel("name", 1, 2, live=live, livestream_id=livestream if live else None, title="t")


STARTED, ENDED = StreamStarted(7, "t"), StreamEnded(7)


@pytest.mark.parametrize("live", [True, False])
def test_the_first_look_up_tells_a_state_and_no_event(live):
    assert Interpreter().found(looked_up(live, 7), NOW) == [LiveKnown(live)]


def test_a_look_up_that_does_not_know_says_nothing():
    assert Interpreter().found(Channel("name", 1, 2), NOW) == []


def test_a_repeated_start_is_one_start():
    interpreter = Interpreter()
    found = [event for _ in range(3) for event in interpreter.interpret(start(7), NOW)]
    assert found == [STARTED]


def test_a_start_frame_in_mid_stream_is_no_new_start():
    interpreter = Interpreter()
    interpreter.found(looked_up(True, 7), NOW)
    assert interpreter.interpret(start(7), NOW + 1) == []


def test_a_start_and_its_stop_each_happen_once():
    interpreter = Interpreter()
    order = [start(7), start(7), stop(7), stop(7)]
    found = [event for message in order for event in interpreter.interpret(message, NOW)]
    assert found == [STARTED, ENDED]


@pytest.mark.parametrize("later", [0.0, 30.0, POLL_LAG, 5000.0])
def test_a_stream_that_is_said_to_be_live_again_is_live_but_does_not_start_or_end_twice(later):
    # The encoder lost its connection: the same livestream goes on.
    interpreter = Interpreter()
    found = interpreter.interpret(start(7), NOW) + interpreter.interpret(stop(7), NOW + 600)
    assert found == [STARTED, ENDED]
    assert interpreter.interpret(start(7), NOW + 600 + later) == [LiveKnown(True)]
    assert interpreter.interpret(start(7), NOW + 600 + later) == []
    assert interpreter.found(looked_up(False), NOW + 630 + later) == []  # a minute behind
    assert interpreter.found(looked_up(True, 7), NOW + 690 + later) == []
    assert interpreter.interpret(stop(7), NOW + 900 + later) == [LiveKnown(False)]
    assert interpreter.interpret(start(8), NOW + 999 + later) == [StreamStarted(8, "t")]


def test_the_next_stream_starts_even_when_the_stop_was_missing():
    interpreter = Interpreter()
    found = interpreter.interpret(start(7), NOW) + interpreter.interpret(start(8), NOW + 5000)
    assert found == [STARTED, ENDED, StreamStarted(8, "t")]


def test_a_late_repetition_of_the_stream_before_changes_nothing():
    interpreter = Interpreter()
    for message in (start(7), start(8)):
        interpreter.interpret(message, NOW)
    assert interpreter.interpret(start(7), NOW + 1) == []
    assert interpreter.interpret(stop(7), NOW + 1) == []
    assert interpreter.found(looked_up(True, 7), NOW + 2) == []
    assert interpreter.interpret(stop(8), NOW + 3) == [StreamEnded(8)]


def test_a_missing_stop_is_found_by_the_poll():
    interpreter = Interpreter()
    interpreter.interpret(start(7), NOW)
    assert interpreter.found(looked_up(False), NOW + POLL_LAG) == [ENDED]
    assert interpreter.interpret(stop(7), NOW + POLL_LAG + 1) == []


def test_a_missing_start_is_found_by_the_poll_and_not_told_again():
    interpreter = Interpreter()
    interpreter.found(looked_up(False), NOW)
    assert interpreter.found(looked_up(True, 7), NOW + 60) == [STARTED]
    assert interpreter.interpret(start(7), NOW + 61) == []


def test_a_look_up_behind_the_start_does_not_end_the_stream():
    interpreter = Interpreter()
    interpreter.interpret(start(7), NOW)
    assert interpreter.found(looked_up(False), NOW + POLL_LAG - 0.001) == []
    assert interpreter.found(looked_up(True, 7), NOW + POLL_LAG) == []


def test_a_look_up_behind_the_stop_does_not_start_the_stream_again():
    interpreter = Interpreter()
    interpreter.interpret(start(7), NOW)
    interpreter.interpret(stop(7), NOW + 5000)
    assert interpreter.found(looked_up(True, 7), NOW + 5030) == []
    assert interpreter.found(looked_up(False), NOW + 5090) == []


def test_a_stop_without_an_id_ends_the_stream_that_runs_for_good():
    interpreter = Interpreter()
    interpreter.interpret(start(7), NOW)
    assert interpreter.interpret(stop(None), NOW + 5000) == [ENDED]
    assert interpreter.found(looked_up(True, 7), NOW + 5030) == []
    assert interpreter.interpret(start(7), NOW + 5031) == [LiveKnown(True)]


def test_a_stop_before_any_look_up_is_told_once():
    interpreter = Interpreter()
    assert interpreter.interpret(stop(7), NOW) == [ENDED]
    assert interpreter.found(looked_up(True, 7), NOW + 1) == []


def test_a_stream_whose_id_was_not_told_at_first_is_not_started_again_by_it():
    interpreter = Interpreter()
    interpreter.found(looked_up(True, None), NOW)
    assert interpreter.found(looked_up(True, 7), NOW + 60) == []
    assert interpreter.interpret(stop(7), NOW + 61) == [ENDED]


def test_a_stream_that_goes_on_after_it_was_said_to_have_ended_is_live_but_does_not_start_or_end_twice():
    interpreter = Interpreter()
    interpreter.interpret(start(7), NOW)
    assert interpreter.found(looked_up(False), NOW + 5000) == [ENDED]  # one wrong answer of the look-up
    assert interpreter.found(looked_up(True, 7), NOW + 5060) == []
    assert interpreter.found(looked_up(True, 7), NOW + 5000 + POLL_LAG) == [LiveKnown(True)]
    assert interpreter.interpret(stop(7), NOW + 9000) == [LiveKnown(False)]


@pytest.mark.parametrize("data", [{}, {"livestream": None}, {"livestream": []}, {"livestream": {"id": "x"}}])
def test_a_start_and_a_stop_without_a_readable_id_still_count_once(data):
    interpreter = Interpreter()
    started, stopped = frame("StreamerIsLive", data), frame("StopStreamBroadcast", data)
    found = [event for message in (started, started, stopped, stopped) for event in interpreter.interpret(message, NOW)]
    assert found == [StreamStarted(None), StreamEnded(None)]


# -- hosts ---------------------------------------------


def test_one_host_comes_as_two_frames_and_is_told_once(frames):
    interpreter = Interpreter()
    found = [event for line in (47, 48) for event in interpreter.interpret(frames.message(line), NOW)]
    assert [event for event in found if isinstance(event, Host)] == [Host("Viewerbuad787", 216)]


# -- memory ---------------------------------------------


def test_seen_forgets_by_time_and_by_number():
    seen = Seen(10.0, 3)
    assert [seen.again(key, 0.0) for key in "abca"] == [False, False, False, True]
    assert not seen.again("d", 1.0)  # pushes out the oldest
    assert [seen.holds(key, 1.0) for key in "abcd"] == [False, True, True, True]
    assert [seen.holds(key, 10.0) for key in "abcd"] == [False, False, False, True]
    assert not seen.again("b", 10.0)


def test_a_repetition_in_a_full_memory_pushes_nothing_out():
    seen = Seen(10.0, 3)
    for key in "abc":
        seen.again(key, 0.0)
    assert [seen.again("a", 1.0) for _ in range(5)] == [True] * 5
    assert [seen.holds(key, 1.0) for key in "abc"] == [True] * 3


def test_every_memory_is_bounded():
    interpreter = Interpreter()
    for number in range(12_000):
        interpreter.interpret(chat(id=f"m{number}"), NOW)
        interpreter.interpret(sub(f"u{number}", 1), NOW)
        interpreter.interpret(gift(gifted_usernames=[f"u{number}"]), NOW)
        interpreter.interpret(nameless(f"u{number}", 5), NOW)
        interpreter.interpret(followers(number, username=f"u{number}"), NOW)
        interpreter.interpret(start(number), NOW)
        interpreter.interpret(stop(number), NOW)
    rooms = (interpreter, interpreter._gifts, interpreter._followers, interpreter._livestream)
    sizes = [len(memory._at) for room in rooms for memory in vars(room).values() if isinstance(memory, Seen)]
    assert len(sizes) == 8 and max(sizes) <= 5000
