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
    Counted,
    Duplicate,
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
from vmsc_core.kick.chat import MOST_BADGES
from vmsc_core.kick.gifts import CHUNK_TIMEOUT
from vmsc_core.kick.interpret import SAME_HOST, SAME_SUB, Interpreter
from vmsc_core.kick.seen import Seen
from vmsc_core.kick.session import Message
from vmsc_core.state import State, reduce

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
    13: (Duplicate, {"name": "ChannelSubscriptionEvent"}),
    14: (Duplicate, {"name": "NewSubscriberUpdatedEvent"}),
    15: (Duplicate, {"name": "NewActivityFeedEvent"}),
    16: (Duplicate, {"name": "ChatMessageSentEvent"}),
    17: (Subscription, {"username": "Viewerdfcn691", "months": 8}),
    18: (Duplicate, {"name": "ChannelSubscriptionEvent"}),
    19: (Duplicate, {"name": "NewSubscriberUpdatedEvent"}),
    20: (Duplicate, {"name": "NewActivityFeedEvent"}),
    # gifter_total 9 is all-time: the size of this gift is 1
    21: (GiftedSubscriptions, {"gifter": "Viewer_avbx697", "recipients": ("vieweruzed276",), "count": 1}),
    22: (Duplicate, {"name": "GiftsLeaderboardUpdated"}),
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
    # 2023: neither `permanent` nor `duration`, only the end of a timeout
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
    33: (Duplicate, {"name": "StreamHostedEvent"}),
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
    42: (Duplicate, {"name": "ChatMessageSentEvent"}),
    43: (Duplicate, {"name": "LuckyUsersWhoGotGiftSubscriptionsEvent"}),
    44: (Duplicate, {"name": "ChannelSubscriptionEvent"}),
    45: (
        StreamStarted,
        {
            "livestream_id": 36066505,
            "title": "+18 #marble🌟marble🌟piano🌟garden🌟rocket🌟lamp🌟planet🌟marble🌟cloud🌟marble🌟rocket🌟quiet ticket🌟",
            "time": utc(2025, 9, 14, 23, 18, 20),
        },
    ),
    46: (StreamEnded, {"livestream_id": 16765427}),
    47: (Duplicate, {"name": "StreamHostedEvent"}),
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
    # the first chunk of a bigger gift, alone: reported when the others did not arrive in time
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
    found = interpreter.interpret(frames.message(line), NOW) + interpreter.poll(NOW + CHUNK_TIMEOUT)
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


@pytest.mark.parametrize("before", ["App/Events/", "App.Events.", ".", "App\\Events.", "a/b.c\\"])
def test_a_name_may_be_written_with_slashes_or_dots(before):
    assert counted(Interpreter().interpret(frame(before + "ChatMessageEvent", chat().data), NOW))
    assert Interpreter().interpret(frame(before + "StreamHostedEvent", {}), NOW) == [Duplicate("StreamHostedEvent")]


def test_data_that_is_packed_twice_is_read(frames):
    row = frames[3]
    packed = json.dumps(json.dumps(frames.data(3)))
    assert Interpreter().interpret(frame(row["event"], packed), NOW) == Interpreter().interpret(frames.message(3), NOW)


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


def test_the_same_message_id_is_the_same_message_however_late():
    interpreter = Interpreter()
    assert len(interpreter.interpret(chat(), NOW)) == 1
    assert [interpreter.interpret(chat(), NOW + hours * 3600) for hours in (0.1, 5, 500)] == [[], [], []]


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
        ("[emote:١:y]", "[emote:١:y]", ()),  # other scripts' digits are no ID
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
    ("changes", "username", "text"),
    [
        ({"sender": None}, "", "rocket"),  # a deleted account
        ({"sender": {}}, "", "rocket"),
        ({"sender": {"username": None, "slug": "vie-wer"}}, "vie-wer", "rocket"),
        ({"sender": "viewer"}, "viewer", "rocket"),
        ({"sender": json.dumps({"username": "viewer"})}, "viewer", "rocket"),
        ({"content": None}, "viewer", ""),
        ({"content": 5}, "viewer", "5"),
        ({"content": []}, "viewer", ""),
        ({"type": None, "created_at": "x", "metadata": "[", "id": 7}, "viewer", "rocket"),
    ],
    ids=str,
)
def test_a_chat_message_of_nobody_or_without_words_is_chat(changes, username, text):
    found = one_chat(chat(**changes))
    assert (found.username, found.text) == (username, text)


def test_a_chat_message_may_lack_any_of_its_fields_and_counts(frames):
    for line in (1, 4, 29, 52):
        for key in frames.data(line):
            data = {other: value for other, value in frames.data(line).items() if other != key}
            assert counted(Interpreter().interpret(frame("ChatMessageEvent", data), NOW)), (line, key)
            assert counted(Interpreter().interpret(frame("ChatMessageEvent", {**data, key: []}), NOW)), (line, key)


@pytest.mark.parametrize("data", [{"id": "m1"}, {"id": "", "content": "", "sender": ""}, {"content": "\ud800"}, {"content": []}])
def test_what_holds_nothing_of_a_message_is_none(data):
    assert Interpreter().interpret(frame("ChatMessageEvent", data), NOW) == [Unknown("ChatMessageEvent")]


def test_metadata_may_be_packed_as_text(frames):
    data = frames.data(4)
    packed = {**data, "metadata": json.dumps(data["metadata"])}
    plain, again = (Interpreter().interpret(frame("ChatMessageEvent", one), NOW) for one in (data, packed))
    assert plain == again and plain[0].reply is not None


def test_twenty_badges_are_kept():
    badges = [{"type": f"b{number}", "text": "x"} for number in range(1000)]
    found = one_chat(chat(sender={"username": "viewer", "identity": {"badges": badges}}))
    assert [badge.kind for badge in found.badges] == [f"b{number}" for number in range(MOST_BADGES)]


def test_an_empty_chat_message_is_chat():
    assert one_chat(chat(content="")).text == ""


# -- subscriptions ---------------------------------------------

SUB_AND_DUPLICATES = (12, 13, 14, 15, 16)  # one renewal, as captured: five frames within a second


@pytest.mark.parametrize("order", list(itertools.permutations(SUB_AND_DUPLICATES)), ids=str)
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


def test_the_same_sub_again_counts_only_when_it_can_be_another():
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
def test_a_sub_of_nobody_counts_and_its_repeat_does_not(username):
    interpreter = Interpreter()
    assert interpreter.interpret(sub(username, 3), NOW) == [Subscription("", 3)]
    assert interpreter.interpret(sub(username, 3), NOW + 59) == []
    assert len(interpreter.interpret(sub(username, 3), NOW + 60)) == 1
    assert Interpreter().interpret(sub(username, None), NOW) == [Unknown("SubscriptionEvent")]


# -- gifts ---------------------------------------------


def gift(index: int = 0, **changes: Any) -> Message:
    # Shaped as line 55 of frames.jsonl: one of the two chunks of a gift to five.
    details = {"correlation_id": "gift-1", "chunk_index": index, "total_chunks": 2}
    data = {"gifter_username": "rich", "gifted_usernames": [f"u{index}"], "gifted_total": 5, "chunk_details": details}
    return frame("GiftedSubscriptionsEvent", {**data, **changes}, "chatroom_1")


def test_the_chunks_of_a_gift_are_one_event_after_the_last_or_when_it_has_not_come_in_time():
    interpreter = Interpreter()
    assert interpreter.interpret(gift(0), NOW) == []
    assert interpreter.deadline == NOW + CHUNK_TIMEOUT
    assert interpreter.poll(NOW + CHUNK_TIMEOUT - 0.001) == []
    assert interpreter.poll(NOW + CHUNK_TIMEOUT) == [GiftedSubscriptions("rich", ("u0",), 5)]
    assert interpreter.interpret(gift(1), NOW + CHUNK_TIMEOUT) == []
    assert interpreter.deadline == float("inf")


def test_the_chunks_of_a_gift_that_came_before_a_drop_of_the_connection_are_one_event():
    interpreter = Interpreter()
    assert interpreter.interpret(gift(0), NOW) == []
    assert interpreter.flush() == [GiftedSubscriptions("rich", ("u0",), 5)]
    assert interpreter.interpret(gift(1), NOW + 1) == []


def test_the_duplicates_of_a_gift_count_nothing(frames):
    interpreter = Interpreter()
    found = [event for line in (22, 43, 21, 22, 43) for event in interpreter.interpret(frames.message(line), NOW)]
    assert [type(event) for event in counted(found)] == [GiftedSubscriptions]


def test_a_gift_of_nothing_is_unknown():
    message = frame("GiftedSubscriptionsEvent", {"gifted_usernames": None, "gifter_username": None})
    assert Interpreter().interpret(message, NOW) == [Unknown("GiftedSubscriptionsEvent")]


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


@pytest.mark.parametrize("followed", [None, 2, "yes", []])
def test_a_followers_frame_that_does_not_say_which_way_is_unknown(followed):
    assert Interpreter().interpret(followers(5, followed=followed), NOW) == [Unknown("FollowersUpdated")]


# -- live ---------------------------------------------


def start(livestream: Any) -> Message:
    return frame("App\\Events\\StreamerIsLive", {"livestream": {"id": livestream}})


def stop(livestream: Any) -> Message:
    return frame("App\\Events\\StopStreamBroadcast", {"livestream": {"id": livestream}})


def test_lookups_and_frames_share_one_stream():
    interpreter = Interpreter()
    assert interpreter.found(Channel("name", 1, 2, live=False), NOW) == [LiveKnown(False)]
    assert interpreter.interpret(start(7), NOW + 1) == [StreamStarted(7)]
    assert interpreter.found(Channel("name", 1, 2, live=True, livestream_id=7), NOW + 60) == []
    assert interpreter.interpret(stop(7), NOW + 61) == [StreamEnded(7)]


@pytest.mark.parametrize("data", [None, "null", [], "", "[]", "{}", '""', {"livestream": None}, '{"livestream":"31"}', "{", 5])
def test_a_stop_is_a_stop_whatever_its_data_is(data):
    interpreter = Interpreter()
    assert interpreter.interpret(start(31), NOW) == [StreamStarted(31)]
    assert interpreter.interpret(frame("App\\Events\\StopStreamBroadcast", data), NOW + 5) == [StreamEnded(31)]
    assert interpreter.interpret(frame("App\\Events\\StopStreamBroadcast", data), NOW + 6) == []


# -- hosts ---------------------------------------------


def test_one_host_comes_as_two_frames_and_is_reported_once(frames):
    interpreter = Interpreter()
    found = [event for line in (47, 48) for event in interpreter.interpret(frames.message(line), NOW)]
    assert [event for event in found if isinstance(event, Host)] == [Host("Viewerbuad787", 216)]


# -- shapes seen in the field: the event still counts ---------------------------------------------

FIELD: list[tuple[str, list[tuple[str, Any]], int, Any]] = [
    ("a stop without data", [("StreamerIsLive", {"livestream": {"id": 31}}), ("StopStreamBroadcast", None)], 0, False),
    ("a stop with an empty list", [("StreamerIsLive", {"livestream": {"id": 31}}), ("StopStreamBroadcast", [])], 0, False),
    ("a sender that is null", [("ChatMessageEvent", {"id": "b1", "content": "hello", "sender": None})], 1, None),
    ("no words", [("ChatMessageEvent", {"id": "b3", "content": None, "sender": {"id": 4, "username": "Pinefinch"}})], 1, None),
    ("a slash", [("App/Events/ChatMessageEvent", {"id": "b5", "content": "hi", "sender": {"username": "Pinefinch"}})], 1, None),
    (
        "recipients as objects",
        [
            (
                "GiftedSubscriptionsEvent",
                {"correlation_id": "c1", "gifted_usernames": [{"username": "amber"}, {"username": "birch"}]},
            )
        ],
        1,
        None,
    ),
]


@pytest.mark.parametrize(("what", "frames_in", "number", "live"), FIELD, ids=[row[0] for row in FIELD])
@pytest.mark.parametrize("packed", [True, False])
def test_a_frame_of_another_shape_is_not_lost(what, frames_in, number, live, packed):
    interpreter, state = Interpreter(), State()
    for place, (name, data) in enumerate(frames_in):
        for event in interpreter.interpret(frame(name, json.dumps(data) if packed else data), NOW + 5 * place):
            state = reduce(state, event)
    assert (state.count, state.live) == (number, live)


# -- reported again, hours later ---------------------------------------------

HOURS = [10.0, 3600.0, 9 * 3600.0]


@pytest.mark.parametrize("later", HOURS)
@pytest.mark.parametrize("line", [1, 9, 12, 21, 32, 48, 53, 57], ids=str)
def test_what_is_reported_again_hours_later_counts_once(frames, line, later):
    interpreter = Interpreter()

    def reported(now: float) -> list[Event]:
        return interpreter.interpret(frames.message(line), now) + interpreter.poll(now + CHUNK_TIMEOUT)

    assert len(reported(NOW)) == 1
    assert reported(NOW + later) == [] and reported(NOW + 2 * later) == []


def kicks(**changes: Any) -> Message:
    # Shaped as line 9 of frames.jsonl.
    data = {"gift_transaction_id": "t1", "message": "", "sender": {"username": "anna"}, "gift": {"name": "Hi", "amount": 1}}
    return frame("KicksGifted", {**data, "created_at": "2026-09-27T16:12:16.2Z", **changes})


@pytest.mark.parametrize("changes", [{}, {"gift_transaction_id": None}], ids=["with its ID", "by its time"])
def test_a_kicks_gift_counts_once_and_the_next_one_too(changes):
    interpreter = Interpreter()
    other = {"gift_transaction_id": "t2"} if not changes else {**changes, "created_at": "2026-09-27T16:12:17.2Z"}
    found = [len(interpreter.interpret(message, NOW + at)) for at, message in ((0, kicks(**changes)), (9999, kicks(**changes)))]
    assert found == [1, 0]
    assert len(interpreter.interpret(kicks(**other), NOW + 1)) == 1


def test_kicks_without_an_id_and_a_time_all_count():
    interpreter = Interpreter()
    message = kicks(gift_transaction_id=None, created_at=None)
    assert [len(interpreter.interpret(message, NOW)) for _ in range(3)] == [1, 1, 1]


def test_a_host_of_tomorrow_and_one_with_other_viewers_are_other_hosts(frames):
    interpreter = Interpreter()
    data = frames.data(48)
    again = [(0.0, {}), (60.0, {}), (61.0, {"number_viewers": 217}), (SAME_HOST, {})]
    found = [len(interpreter.interpret(frame("StreamHostEvent", {**data, **more}), NOW + at)) for at, more in again]
    assert found == [1, 0, 1, 1]


# -- memory ---------------------------------------------


def test_every_memory_is_bounded():
    interpreter = Interpreter()
    for number in range(12_000):
        interpreter.interpret(chat(id=f"m{number}"), NOW)
        interpreter.interpret(sub(f"u{number}", 1), NOW)
        interpreter.interpret(gift(gifted_usernames=[f"u{number}"], chunk_details=None), NOW)
        interpreter.interpret(gift(gifted_usernames=[], gifter_username=f"u{number}", chunk_details=None), NOW)
        interpreter.interpret(followers(number, username=f"u{number}"), NOW)
        interpreter.interpret(start(number), NOW)
        interpreter.interpret(stop(number), NOW)
        interpreter.interpret(kicks(gift_transaction_id=f"t{number}"), NOW)
        interpreter.interpret(frame("StreamHostEvent", {"host_username": f"u{number}"}), NOW)
    rooms = (interpreter, interpreter._gifts, interpreter._followers, interpreter._livestream)
    sizes = [len(memory._at) for room in rooms for memory in vars(room).values() if isinstance(memory, Seen)]
    assert len(sizes) == 13 and max(sizes) <= 5000
