"""The one vocabulary of the project: what can happen, as frozen values. Knows nothing of sockets, OBS or Kick's JSON.

Units: `time` is unix seconds (UTC) as Kick said it, None when it said nothing usable; `at` and `retry_at` are seconds of the
monotonic clock of this process; counts are whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Union

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
    """The ids of the channel are known, from a look-up, from memory or from what the user gave."""

    slug: str
    name: str
    channel_id: int | None
    chatroom_id: int


@dataclass(frozen=True)
class LiveKnown:
    """The look-up says whether the stream runs: a state, not something that just happened. Rules do not fire on it."""

    live: bool


@dataclass(frozen=True)
class FollowerTotal:
    """How many followers the channel has, without anybody new among them."""

    total: int


@dataclass(frozen=True)
class Notice:
    """Something the streamer may want to know, without having to act: the log and the page's history show it."""

    reason: Reason
    on_card: bool = False


@dataclass(frozen=True)
class Badge:
    """A chat badge, e.g. kind "subscriber" with count 12 (months). `count` is None when Kick gives none."""

    kind: str
    text: str
    count: int | None = None


@dataclass(frozen=True)
class Emote:
    """An emote inside a chat text. The name can be empty; `start` and `end` are positions in ChatMessage.text."""

    id: int
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Reply:
    """What a chat message answers. Either part can be empty."""

    username: str
    text: str


@dataclass(frozen=True)
class ChatMessage:
    """One chat message. `text` shows emotes by their names; `kind` is message, reply or celebration.

    A celebration carries a viewer's words for a renewal: it is chat, not a second subscription.
    """

    id: str
    username: str
    text: str
    badges: tuple[Badge, ...] = ()
    emotes: tuple[Emote, ...] = ()
    reply: Reply | None = None
    time: float | None = None
    kind: str = "message"
    months: int | None = None
    user_id: int | None = None
    color: str = ""


@dataclass(frozen=True)
class Follow:
    """`count` new followers; `username` is None unless Kick named the one follower (it hardly ever does)."""

    username: str | None
    total: int | None
    time: float | None = None
    count: int = 1


@dataclass(frozen=True)
class Subscription:
    """Somebody subscribed (months ≤ 1) or renewed (months > 1).

    `message` is None when the frame carries no words; a renewal's words come later as a celebration ChatMessage.
    """

    username: str
    months: int
    message: str | None = None
    time: float | None = None


@dataclass(frozen=True)
class GiftedSubscriptions:
    """`count` gifted subscriptions, once for the whole gift. `gifter` is None for an anonymous one.

    `recipients` are the names that were told; there can be fewer than `count`.
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
    """Another channel hosts (raids) this one with `viewers` viewers."""

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
    """A viewer gave `amount` Kicks."""

    username: str
    amount: int
    gift: str
    message: str
    time: float | None = None


@dataclass(frozen=True)
class MessageDeleted:
    """A chat message was taken back; `message_id` is ChatMessage.id."""

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
    """A ban or a time-out was lifted."""

    username: str
    unbanned_by: str


@dataclass(frozen=True)
class ChatCleared:
    """A moderator cleared the chat."""


@dataclass(frozen=True)
class ChatroomUpdated:
    """Chat modes changed; None where the frame did not tell."""

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
    """The pinned message was taken down."""


@dataclass(frozen=True)
class PollUpdated:
    """A chat poll was opened or votes came in; `options` are (label, votes)."""

    title: str
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class GoalUpdated:
    """A channel goal moved. `kind` is Kick's word, e.g. followers."""

    kind: str
    current: int
    target: int | None


@dataclass(frozen=True)
class ChannelMoved:
    """The chat was asked to move to another channel."""

    slug: str


@dataclass(frozen=True)
class Companion:
    """A second report of something another frame counts (see the table in kick/interpret.py). Counts nothing."""

    name: str


@dataclass(frozen=True)
class Unknown:
    """An event this version has no type for. Counts nothing, costs nothing. `name` is cut at 80 characters."""

    name: str


@dataclass(frozen=True)
class Shed:
    """A flood was faster than OBS: `count` chat messages were counted but not handed on one by one."""

    count: int


Counted = (ChatMessage, Follow, Subscription, GiftedSubscriptions)
"""The four kinds of the mission: what "1,234 events" on the card counts."""

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
    Companion,
    Unknown,
    Shed,
]


def counts(event: Event) -> int:
    """By how much `event` raises the count on the card: each new follower counts, a gift of fifty is one event."""
    if isinstance(event, Follow):
        return event.count
    return event.count if isinstance(event, Shed) else int(isinstance(event, Counted))
