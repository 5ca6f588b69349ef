r"""Turns the messages of Kick's feed into events, one for each thing that happens. Knows no protocol, socket or clock.

Rules a maintainer must keep:
1. No input raises. What can't be understood is Unknown and counts nothing. One wrong or missing field costs that field, not
   the event: a chat message of nobody is one (its username is empty).
2. Dispatch is by the short name (after the last backslash, slash or dot): events lose and gain the `App\Events\` prefix and
   move between channels.
3. One thing that happens arrives as several frames. This table names the one that counts; the others count nothing:

   chat    ChatMessageEvent, read in kick/chat.py; the same ID is the same message. ChatMessageSentEvent is not chat.
   sub     SubscriptionEvent; the same (username, months) within SAME_SUB is the same sub. It has four duplicates.
   gift    GiftedSubscriptionsEvent, gathered and told apart in kick/gifts.py.
   Kicks   KicksGifted; the same transaction ID, or the same person, amount and time, is the same gift.
   host    StreamHostEvent; the same (username, viewers, message) within SAME_HOST is the same host.
   follow  polled totals, FollowersUpdated or GoalProgressUpdateEvent; kick/followers.py decides which.
   live    StreamerIsLive, StopStreamBroadcast and the polled lookup, in kick/livestream.py.
4. Everything remembered here is bounded in number. What has an ID is remembered by number alone, however late it comes
   again; what has none is remembered by what it says, for as long as nobody can really do it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from vmsc_core import events
from vmsc_core.events import Event, with_emote_names
from vmsc_core.kick import json_values as read
from vmsc_core.kick.channel import Channel
from vmsc_core.kick.chat import chat_message
from vmsc_core.kick.followers import Followers
from vmsc_core.kick.gifts import Gifts
from vmsc_core.kick.livestream import Livestream
from vmsc_core.kick.seen import ALWAYS, Seen
from vmsc_core.kick.session import Message

REMEMBERED = 5000
"""IDs and fingerprints of each kind."""

SAME_SUB = 7 * 86_400.0
"""Seconds in which the same (username, months) is the same subscription: nobody has the same month twice in a week."""

SAME_NAMELESS_SUB = 60.0
"""Seconds in which the same months without a username are the same subscription."""

SAME_HOST = 20 * 3600.0
"""Seconds in which the same (username, viewers, message) is the same host: tomorrow's may look the same."""

_DUPLICATES = frozenset(
    {
        "ChannelSubscriptionEvent",
        "NewSubscriberUpdatedEvent",
        "NewActivityFeedEvent",
        "ChatMessageSentEvent",
        "LuckyUsersWhoGotGiftSubscriptionsEvent",
        "GiftsLeaderboardUpdated",
        "StreamHostedEvent",
    }
)


class Interpreter:
    """The events of one channel. Keep it across connections, so that what repeats after a reconnect counts once.

    Call `interpret` for each message, `found` for each lookup, `poll` at `deadline` and `flush` when a connection ends. Each
    returns the events in order. `now` is monotonic seconds.
    """

    def __init__(self) -> None:
        self._chats = Seen(ALWAYS, REMEMBERED)
        self._subs = Seen(SAME_SUB, REMEMBERED)
        self._nameless_subs = Seen(SAME_NAMELESS_SUB, REMEMBERED)
        self._kicks = Seen(ALWAYS, REMEMBERED)
        self._hosts = Seen(SAME_HOST, REMEMBERED)
        self._gifts = Gifts()
        self._followers = Followers()
        self._livestream = Livestream()

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `poll` has something to return; infinity when nothing is waiting."""
        return self._gifts.deadline

    @property
    def is_doubted(self) -> bool:
        """Whether the last lookup contradicted what is known, so that another one is needed soon."""
        return self._livestream.is_doubted

    def interpret(self, message: Message, now: float) -> list[Event]:
        """The events in one message: usually one, none for a repeat."""
        name = message.event.rpartition("\\")[2]
        reader = _READERS.get(name)
        if reader is None:
            short = name[max(name.rfind("/"), name.rfind(".")) + 1 :]
            if short in _DUPLICATES:
                return [events.Duplicate(short)]
            reader = _READERS.get(short)
            if reader is None:
                return [events.Unknown(read.text(name, 80))]
            name = short
        data: Any = message.data
        if type(data) is str:
            data = read.parse(data)
            if type(data) is str:
                data = read.parse(data)  # packed twice
        if type(data) is not dict:
            if name not in _NAME_IS_ENOUGH:
                return [events.Unknown(read.text(name, 80))]
            data = {}
        found = reader(self, data, now)
        return [events.Unknown(read.text(name, 80))] if found is None else found

    def poll(self, now: float) -> list[Event]:
        """The gifts whose missing chunks didn't arrive in time."""
        return self._gifts.due(now)

    def flush(self) -> list[Event]:
        """Everything that is still being gathered, because the connection ended or the link stops."""
        return self._gifts.flush()

    def found(self, channel: Channel, now: float) -> list[Event]:
        """What a lookup adds. The first one gives the initial state, later ones find what no message reported."""
        followers = [] if channel.followers is None else self._followers.polled(channel.followers, now)
        return [*self._livestream.polled(channel, now), *followers]

    # -- chat and subscriptions -----------------------------------------------------------------------------------

    def _subscription(self, data: dict[str, Any], now: float) -> list[Event] | None:
        username, months = read.username(data.get("username")), read.integer(data.get("months"))
        if not username and months is None:
            return None
        if (self._subs if username else self._nameless_subs).is_repeat((username.lower(), months), now):
            return []
        message = read.text(data.get("message"), 500) or None
        return [events.Subscription(username, 1 if months is None else months, message, read.time(data.get("created_at")))]

    def _host(self, data: dict[str, Any], now: float) -> list[Event] | None:
        username, viewers = read.username(data.get("host_username")), read.integer(data.get("number_viewers"))
        if not username and viewers is None:
            return None
        message = read.text(data.get("optional_message"), 500) or None
        if self._hosts.is_repeat((username.lower(), viewers, message), now):
            return []
        return [events.Host(username, viewers or 0, message)]

    def _kicks_gifted(self, data: dict[str, Any], now: float) -> list[Event] | None:
        gift = read.mapping(data.get("gift"))
        username, amount = read.username(data.get("sender")), read.integer(gift.get("amount"))
        if not username and amount is None:
            return None
        transaction, time = read.text(data.get("gift_transaction_id"), 64), read.time(data.get("created_at"))
        # Without an ID and a time, nothing tells a repeat from another click on the same gift.
        fingerprint = transaction or (username.lower(), amount, time)
        if (transaction or time is not None) and self._kicks.is_repeat(fingerprint, now):
            return []
        return [
            events.KicksGifted(username, amount or 0, read.text(gift.get("name"), 100), read.text(data.get("message"), 500), time)
        ]

    def _chat(self, data: dict[str, Any], now: float) -> list[Event] | None:
        message = chat_message(data)
        if message is None:
            return None
        return [] if message.id and self._chats.is_repeat(message.id, now) else [message]


_Reader = Callable[[Interpreter, dict[str, Any], float], Optional[list[Event]]]


def _plain(build: Callable[[dict[str, Any]], Event | None]) -> _Reader:
    """A reader of an event that depends on nothing that came before."""

    def reader(interpreter: Interpreter, data: dict[str, Any], now: float) -> list[Event] | None:
        event = build(data)
        return None if event is None else [event]

    return reader


def _reward(data: dict[str, Any]) -> Event | None:
    username, title = read.username(data.get("username")), read.text(data.get("reward_title"), 200)
    return events.RewardRedeemed(username, title, read.text(data.get("user_input"), 500)) if username or title else None


def _deleted(data: dict[str, Any]) -> Event | None:
    message_id = read.text(read.mapping(data.get("message")).get("id"), 64)
    return events.MessageDeleted(message_id) if message_id else None


def _banned(data: dict[str, Any]) -> Event | None:
    username = read.username(data.get("user"))
    if not username:
        return None
    minutes = read.integer(data.get("duration"))
    # Frames of 2023 have neither `permanent` nor `duration`, only the end of a timeout (frames.jsonl, line 30).
    permanent = read.boolean(data.get("permanent")) is True or ("permanent" not in data and not data.get("expires_at"))
    return events.UserBanned(username, read.username(data.get("banned_by")), permanent, minutes)


def _unbanned(data: dict[str, Any]) -> Event | None:
    username = read.username(data.get("user"))
    return events.UserUnbanned(username, read.username(data.get("unbanned_by"))) if username else None


def _chatroom(data: dict[str, Any]) -> Event | None:
    def mode(key: str) -> bool | None:
        return read.boolean(read.mapping(data.get(key)).get("enabled"))

    return events.ChatroomUpdated(mode("slow_mode"), mode("subscribers_mode"), mode("followers_mode"), mode("emotes_mode"))


def _pinned(data: dict[str, Any]) -> Event | None:
    message = read.mapping(data.get("message"))
    message_id = read.text(message.get("id"), 64)
    text = with_emote_names(read.text(message.get("content")))[0]
    return events.MessagePinned(message_id, read.username(message.get("sender")), text) if message_id else None


def _poll(data: dict[str, Any]) -> Event | None:
    poll = read.mapping(data.get("poll"))
    title = read.text(poll.get("title"), 300)
    options = [
        (read.text(option.get("label"), 200), read.integer(option.get("votes")) or 0)
        for option in map(read.mapping, read.array(poll.get("options"))[:50])
    ]
    return events.PollUpdated(title, tuple(options)) if title or options else None


def _moved(data: dict[str, Any]) -> Event | None:
    # `channel` is where the frame came from; `slug` and `hosted` are where the chat goes (frames.jsonl, line 36).
    slug = read.text(data.get("slug"), 64) or read.text(read.mapping(data.get("hosted")).get("slug"), 64)
    return events.ChannelMoved(slug) if slug else None


_NAME_IS_ENOUGH = frozenset({"ChatroomClearEvent", "PinnedMessageDeletedEvent", "StreamerIsLive", "StopStreamBroadcast"})
"""Events that say what happened by their name, whatever their data is: null, an empty array or text, or broken."""

_READERS: dict[str, _Reader] = {
    "ChatMessageEvent": Interpreter._chat,
    "SubscriptionEvent": Interpreter._subscription,
    "GiftedSubscriptionsEvent": lambda self, data, now: self._gifts.given(data, now),
    "FollowersUpdated": lambda self, data, now: self._followers.updated(data, now),
    "GoalProgressUpdateEvent": lambda self, data, now: self._followers.goal(data, now),
    "StreamerIsLive": lambda self, data, now: self._livestream.started(data, now),
    "StopStreamBroadcast": lambda self, data, now: self._livestream.stopped(data, now),
    "StreamHostEvent": Interpreter._host,
    "RewardRedeemedEvent": _plain(_reward),
    "KicksGifted": Interpreter._kicks_gifted,
    "MessageDeletedEvent": _plain(_deleted),
    "UserBannedEvent": _plain(_banned),
    "UserUnbannedEvent": _plain(_unbanned),
    "ChatroomClearEvent": _plain(lambda data: events.ChatCleared()),
    "ChatroomUpdatedEvent": _plain(_chatroom),
    "PinnedMessageCreatedEvent": _plain(_pinned),
    "PinnedMessageDeletedEvent": _plain(lambda data: events.MessageUnpinned()),
    "PollUpdateEvent": _plain(_poll),
    "ChatMoveToSupportedChannelEvent": _plain(_moved),
}
