"""The one vocabulary of the project: what can happen, as frozen values. Knows nothing of sockets, OBS or Kick's JSON.

Units: `time` is Unix seconds (UTC) from Kick's frame, None if that had no usable time. `at` and `retry_at` are seconds of this
process's monotonic clock. Counts are integers. A `username` is empty when Kick names nobody (a deleted account): the event still
counts, and who shows it says "someone" there, a word for words/ and not for here. Where Kick gives only a slug, that is the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Union

from vmsc_core.reasons import Reason


class Status(Enum):
    """The six states a viewer can see. state.py holds the only table that leads from one to another."""

    DISCONNECTED = "Disconnected"
    CONNECTING = "Connecting"
    CONNECTED = "Connected"
    LIVE = "Live"
    RECONNECTING = "Reconnecting"
    ERROR = "Error"


class Signal(Enum):
    """What the link reports of itself: input of the transition table in state.py."""

    TRYING = "trying"  # an attempt begins: lookup, socket, handshake, subscriptions
    READY = "ready"  # every required subscription was acknowledged; the reason names the server
    BROKE = "broke"  # a connection or an attempt was lost for a passing reason; retry_at says when the next one begins
    REFUSED = "refused"  # trying again unchanged can't help; the reason says what to do
    STOPPED = "stopped"  # the user wanted it so


@dataclass(frozen=True)
class LinkChanged:
    """The link's own state changed. `attempt` counts the attempts since the last good connection (1 is the first)."""

    signal: Signal
    reason: Reason | None = None
    at: float = 0.0
    attempt: int = 0
    retry_at: float | None = None


@dataclass(frozen=True)
class ChannelFound:
    """The channel's IDs are known: from a lookup, from memory, or because the user entered them."""

    slug: str
    name: str
    channel_id: int | None
    chatroom_id: int


@dataclass(frozen=True)
class LiveKnown:
    """Whether the channel is live: a state, not something that just happened, so rules don't fire on it."""

    live: bool


@dataclass(frozen=True)
class FollowerTotal:
    """How many followers the channel has. Nobody among them is new."""

    total: int


@dataclass(frozen=True)
class Notice:
    """Something the streamer may want to know, without having to act: the log and the page's history show it."""

    reason: Reason
    on_card: bool = False


@dataclass(frozen=True)
class Badge:
    """A chat badge. A "subscriber" badge's `count` is in months; `count` is None if Kick sends none."""

    kind: str
    text: str
    count: int | None = None


@dataclass(frozen=True)
class Emote:
    """An emote in a chat message. `name` can be empty; it is ChatMessage.text[start:end]."""

    id: int
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Reply:
    """The message that a chat message replies to. `username` or `text` can be empty."""

    username: str
    text: str


_EMOTE = re.compile(r"\[emote:(\d{1,16}):([^\]]{0,100})\]", re.ASCII)


def with_emote_names(content: str) -> tuple[str, tuple[Emote, ...]]:
    """The text of a message as viewers read it, emotes by their names, and where they stand in it."""
    if "[emote:" not in content:
        return content, ()
    pieces = _EMOTE.split(content)  # text, and then again and again: ID, name, text
    emotes = []
    length = len(pieces[0])
    for place in range(1, len(pieces), 3):
        name = pieces[place + 1]
        end = length + len(name)
        emotes.append(Emote(int(pieces[place]), name, length, end))
        length = end + len(pieces[place + 2])
        pieces[place] = ""
    return "".join(pieces), tuple(emotes)


class _FromContent:
    """A field of ChatMessage that is read from the message's content when it is first asked for: in a flood, hardly any is.

    Python comes here only when the message itself has no field of that name: not for one that was given all its fields.
    (How Python looks a field up: docs.python.org/3/howto/descriptor.html, "non-data descriptors".)
    """

    def __init__(self, *default: object) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, message: object, owner: type) -> Any:
        if message is not None:
            fields = vars(message)
            fields["text"], fields["emotes"] = with_emote_names(fields["_content"])
            return fields[self._name]
        if self._default:  # `dataclass` asks the class for the field's default
            return self._default[0]
        raise AttributeError(self._name)


def _from_content(*default: object) -> Any:
    return _FromContent(*default)


@dataclass(frozen=True)
class ChatMessage:
    """One chat message. `text` shows emotes by their names; `kind` is message, reply or celebration.

    A celebration is what a viewer writes about their renewal after `months` months: chat, not a second subscription.
    """

    id: str
    username: str
    text: str = _from_content()
    badges: tuple[Badge, ...] = ()
    emotes: tuple[Emote, ...] = _from_content(())
    reply: Reply | None = None
    time: float | None = None
    kind: str = "message"
    months: int | None = None
    user_id: int | None = None
    color: str = ""

    @staticmethod
    def unread(
        message_id: str,
        username: str,
        content: str,
        badges: tuple[Badge, ...],
        time: float | None,
        user_id: int | None,
        color: str,
    ) -> ChatMessage:
        """A message whose `text` and `emotes` are what `with_emote_names` gives, once somebody asks for one of them.

        Equal to the one that has been given them. For floods: a frozen value's own constructor takes three times as long.
        """
        message = object.__new__(ChatMessage)
        fields = vars(message)
        fields["id"] = message_id
        fields["username"] = username
        fields["_content"] = content
        if badges:
            fields["badges"] = badges
        fields["time"] = time
        fields["user_id"] = user_id
        fields["color"] = color
        return message

    @property
    def unread_content(self) -> str | None:
        """What `text` and `emotes` have yet to be read from; None when they have been."""
        fields = vars(self)
        return None if "text" in fields else fields["_content"]


@dataclass(frozen=True)
class Follow:
    """`count` new followers, `total` with them. `username` is None unless Kick named a single one (it hardly ever does)."""

    username: str | None
    total: int | None
    time: float | None = None
    count: int = 1


@dataclass(frozen=True)
class Subscription:
    """Somebody subscribed (months ≤ 1) or renewed (months > 1).

    `message` is None if the frame has no text; what a viewer writes about a renewal comes later as a celebration ChatMessage.
    """

    username: str
    months: int
    message: str | None = None
    time: float | None = None


@dataclass(frozen=True)
class GiftedSubscriptions:
    """`count` gifted subscriptions: one event for the whole gift. `gifter` is None for an anonymous gift.

    `recipients` are the usernames Kick reported, at most 100 of them; `count` is the true number.
    """

    gifter: str | None
    recipients: tuple[str, ...]
    count: int
    time: float | None = None


@dataclass(frozen=True)
class StreamStarted:
    """The stream went live just now."""

    livestream_id: int | None
    title: str = ""
    time: float | None = None


@dataclass(frozen=True)
class StreamEnded:
    """The stream ended just now."""

    livestream_id: int | None


@dataclass(frozen=True)
class Host:
    """Another channel hosts (raids) this one and brings `viewers` viewers."""

    username: str
    viewers: int
    message: str | None = None


@dataclass(frozen=True)
class RewardRedeemed:
    """A viewer redeemed a channel reward."""

    username: str
    title: str
    text: str


@dataclass(frozen=True)
class KicksGifted:
    """A viewer gave `amount` Kicks. `gift` is what Kick calls a gift of that size."""

    username: str
    amount: int
    gift: str
    message: str
    time: float | None = None


@dataclass(frozen=True)
class MessageDeleted:
    """A chat message was deleted; `message_id` is its ChatMessage.id."""

    message_id: str


@dataclass(frozen=True)
class UserBanned:
    """A viewer was banned, or timed out for `minutes` minutes."""

    username: str
    banned_by: str
    permanent: bool
    minutes: int | None = None


@dataclass(frozen=True)
class UserUnbanned:
    """A ban or a timeout was lifted."""

    username: str
    unbanned_by: str


@dataclass(frozen=True)
class ChatCleared:
    """A moderator cleared the chat."""


@dataclass(frozen=True)
class ChatroomUpdated:
    """Chat modes changed. None where the frame didn't say."""

    slow_mode: bool | None = None
    subscribers_mode: bool | None = None
    followers_mode: bool | None = None
    emotes_mode: bool | None = None


@dataclass(frozen=True)
class MessagePinned:
    """A chat message was pinned."""

    message_id: str
    username: str
    text: str


@dataclass(frozen=True)
class MessageUnpinned:
    """The pinned chat message was removed."""


@dataclass(frozen=True)
class PollUpdated:
    """A chat poll started or got votes; `options` are (label, number of votes)."""

    title: str
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class GoalUpdated:
    """A channel goal changed. `kind` is Kick's word for it, such as followers."""

    kind: str
    current: int
    target: int | None


@dataclass(frozen=True)
class ChannelMoved:
    """Kick asks the chat to move to the channel `slug`."""

    slug: str


@dataclass(frozen=True)
class Duplicate:
    """A second report of what another event counts (see the table in kick/interpret.py). `name` is Kick's event name."""

    name: str


@dataclass(frozen=True)
class Unknown:
    """An event this version has no type for. `name` is Kick's event name, cut at 80 characters."""

    name: str


@dataclass(frozen=True)
class Dropped:
    """A flood was faster than OBS: `count` events, nearly always chat messages, are counted but not passed on one by one."""

    count: int


@dataclass(frozen=True)
class Unheard:
    """`count` chat messages that no rule may fire for: they are counted, not passed on one by one."""

    count: int


Counted = (ChatMessage, Follow, Subscription, GiftedSubscriptions)
"""The four kinds that "1,234 events" on the card counts."""

Event = Union[
    LinkChanged,
    ChannelFound,
    LiveKnown,
    FollowerTotal,
    Notice,
    ChatMessage,
    Follow,
    Subscription,
    GiftedSubscriptions,
    StreamStarted,
    StreamEnded,
    Host,
    RewardRedeemed,
    KicksGifted,
    MessageDeleted,
    UserBanned,
    UserUnbanned,
    ChatCleared,
    ChatroomUpdated,
    MessagePinned,
    MessageUnpinned,
    PollUpdated,
    GoalUpdated,
    ChannelMoved,
    Duplicate,
    Unknown,
    Dropped,
    Unheard,
]


def counts(event: Event) -> int:
    """How much `event` adds to the count on the card: one for each new follower, one for a gift of fifty."""
    if isinstance(event, Follow):
        return event.count
    return event.count if isinstance(event, (Dropped, Unheard)) else int(isinstance(event, Counted))
