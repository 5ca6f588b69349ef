r"""Turns the messages of Kick's feed into events, one for each thing that happens. Knows no protocol, socket or clock.

Rules a maintainer must keep:
1. No input raises. What can't be understood is Unknown and counts nothing.
2. Dispatch is by the short name (after the last backslash): events lose and gain the `App\Events\` prefix and move between
   channels.
3. One thing that happens arrives as several frames. This table names the one that counts; the others count nothing:

   chat    ChatMessageEvent; the same ID is the same message. ChatMessageSentEvent is not chat.
   sub     SubscriptionEvent; the same (username, months) within 60 s is the same sub. It has four duplicates.
   gift    GiftedSubscriptionsEvent, gathered and told apart in kick/gifts.py.
   follow  polled totals, FollowersUpdated or GoalProgressUpdateEvent; kick/followers.py decides which.
   live    StreamerIsLive, StopStreamBroadcast and the polled lookup, in kick/livestream.py.
4. Everything remembered here is bounded in number and in time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Optional

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.channel import Channel
from vmsc_core.kick.followers import Followers
from vmsc_core.kick.gifts import Gifts
from vmsc_core.kick.livestream import Livestream
from vmsc_core.kick.seen import Seen
from vmsc_core.kick.session import Message

SAME_SUB = 60.0
"""Seconds in which the same (username, months) is the same subscription."""

SAME_CHAT = 300.0
"""Seconds in which the same chat message ID is the same message."""

_EMOTE = re.compile(r"\[emote:(\d{1,16}):([^\]]{0,100})\]", re.ASCII)

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
        self._chats = Seen(SAME_CHAT, 2000)
        self._subs = Seen(SAME_SUB, 5000)
        self._gifts = Gifts()
        self._followers = Followers()
        self._livestream = Livestream()

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `poll` has something to return; infinity when nothing is waiting."""
        return self._gifts.deadline

    def interpret(self, message: Message, now: float) -> list[Event]:
        """The events in one message: usually one, none for a repeat."""
        name = message.event.rpartition("\\")[2]
        if name in _DUPLICATES:
            return [events.Duplicate(name)]
        reader = _READERS.get(name)
        data = read.parse_if_text(message.data) if reader is not None else None
        if reader is None or not (isinstance(data, dict) or (data == [] and name in _MAY_BE_EMPTY)):
            return [events.Unknown(read.text(name, 80))]
        found = reader(self, read.mapping(data), now)
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
        username = read.text(data.get("username"), 64)
        months = read.integer(data.get("months"))
        if not username:
            return None
        if self._subs.is_repeat((username.lower(), months), now):
            return []
        message = read.text(data.get("message"), 500) or None
        return [events.Subscription(username, 1 if months is None else months, message, read.time(data.get("created_at")))]

    def _chat(self, data: dict[str, Any], now: float) -> list[Event] | None:
        sender = read.mapping(data.get("sender"))
        identity = read.mapping(sender.get("identity"))
        metadata = read.mapping(data.get("metadata"))
        message_id, username = read.text(data.get("id"), 64), read.text(sender.get("username"), 64)
        if not username or not isinstance(data.get("content"), str):
            return None
        if message_id and self._chats.is_repeat(message_id, now):
            return []
        text, emotes = _with_emote_names(read.text(data.get("content")))
        kind = read.text(data.get("type"), 20)
        celebration = read.mapping(metadata.get("celebration"))
        return [
            events.ChatMessage(
                id=message_id,
                username=username,
                text=text,
                badges=_badges(identity.get("badges")),
                emotes=emotes,
                reply=_reply(metadata),
                time=read.time(data.get("created_at")),
                kind=kind if kind in ("reply", "celebration") else "message",
                months=read.integer(celebration.get("total_months")),
                user_id=read.integer(sender.get("id")),
                color=read.text(identity.get("color"), 16),
            )
        ]


def _with_emote_names(content: str) -> tuple[str, tuple[events.Emote, ...]]:
    if "[emote:" not in content:
        return content, ()
    parts: list[str] = []
    emotes: list[events.Emote] = []
    done = length = 0
    for match in _EMOTE.finditer(content):
        before, name = content[done : match.start()], match.group(2)
        parts += (before, name)
        start = length + len(before)
        length = start + len(name)
        emotes.append(events.Emote(int(match.group(1)), name, start, length))
        done = match.end()
    parts.append(content[done:])
    return "".join(parts), tuple(emotes)


def _badges(value: Any) -> tuple[events.Badge, ...]:
    badges = []
    for badge in map(read.mapping, read.array(value)[:50]):
        kind = read.text(badge.get("type"), 40)
        if kind:
            badges.append(events.Badge(kind, read.text(badge.get("text"), 80), read.integer(badge.get("count"))))
    return tuple(badges)


def _reply(metadata: dict[str, Any]) -> events.Reply | None:
    original = read.mapping(metadata.get("original_message"))
    username = read.text(read.mapping(metadata.get("original_sender")).get("username"), 64)
    text = _with_emote_names(read.text(original.get("content")))[0]
    return events.Reply(username, text) if username or text else None


_Reader = Callable[[Interpreter, dict[str, Any], float], Optional[list[Event]]]


def _plain(build: Callable[[dict[str, Any]], Event | None]) -> _Reader:
    """A reader of an event that depends on nothing that came before."""

    def reader(interpreter: Interpreter, data: dict[str, Any], now: float) -> list[Event] | None:
        event = build(data)
        return None if event is None else [event]

    return reader


def _name_of(value: Any) -> str:
    return read.text(read.mapping(value).get("username"), 64)


def _host(data: dict[str, Any]) -> Event | None:
    username = read.text(data.get("host_username"), 64)
    if not username:
        return None
    message = read.text(data.get("optional_message"), 500) or None
    return events.Host(username, read.integer(data.get("number_viewers")) or 0, message)


def _reward(data: dict[str, Any]) -> Event | None:
    username, title = read.text(data.get("username"), 64), read.text(data.get("reward_title"), 200)
    return events.RewardRedeemed(username, title, read.text(data.get("user_input"), 500)) if username or title else None


def _kicks(data: dict[str, Any]) -> Event | None:
    gift = read.mapping(data.get("gift"))
    username, amount = _name_of(data.get("sender")), read.integer(gift.get("amount"))
    if not username or amount is None:
        return None
    words = read.text(data.get("message"), 500)
    return events.KicksGifted(username, amount, read.text(gift.get("name"), 100), words, read.time(data.get("created_at")))


def _deleted(data: dict[str, Any]) -> Event | None:
    message_id = read.text(read.mapping(data.get("message")).get("id"), 64)
    return events.MessageDeleted(message_id) if message_id else None


def _banned(data: dict[str, Any]) -> Event | None:
    username = _name_of(data.get("user"))
    if not username:
        return None
    minutes = read.integer(data.get("duration"))
    # Frames of 2023 have neither `permanent` nor `duration`, only the end of a timeout (frames.jsonl, line 30).
    permanent = data.get("permanent") is True or ("permanent" not in data and not data.get("expires_at"))
    return events.UserBanned(username, _name_of(data.get("banned_by")), permanent, minutes)


def _unbanned(data: dict[str, Any]) -> Event | None:
    username = _name_of(data.get("user"))
    return events.UserUnbanned(username, _name_of(data.get("unbanned_by"))) if username else None


def _chatroom(data: dict[str, Any]) -> Event | None:
    def mode(key: str) -> bool | None:
        enabled = read.mapping(data.get(key)).get("enabled")
        return enabled if isinstance(enabled, bool) else None

    return events.ChatroomUpdated(mode("slow_mode"), mode("subscribers_mode"), mode("followers_mode"), mode("emotes_mode"))


def _pinned(data: dict[str, Any]) -> Event | None:
    message = read.mapping(data.get("message"))
    message_id = read.text(message.get("id"), 64)
    text = _with_emote_names(read.text(message.get("content")))[0]
    return events.MessagePinned(message_id, _name_of(message.get("sender")), text) if message_id else None


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


_MAY_BE_EMPTY = frozenset({"ChatroomClearEvent", "PinnedMessageDeletedEvent"})
"""Events whose data is an empty array."""

_READERS: dict[str, _Reader] = {
    "ChatMessageEvent": Interpreter._chat,
    "SubscriptionEvent": Interpreter._subscription,
    "GiftedSubscriptionsEvent": lambda self, data, now: self._gifts.given(data, now),
    "FollowersUpdated": lambda self, data, now: self._followers.updated(data, now),
    "GoalProgressUpdateEvent": lambda self, data, now: self._followers.goal(data, now),
    "StreamerIsLive": lambda self, data, now: self._livestream.started(data, now),
    "StopStreamBroadcast": lambda self, data, now: self._livestream.stopped(data, now),
    "StreamHostEvent": _plain(_host),
    "RewardRedeemedEvent": _plain(_reward),
    "KicksGifted": _plain(_kicks),
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
