r"""From a message of Kick's feed to what happened, each thing once. Knows no protocol, no socket, no clock.

Rules a maintainer must keep:
1. No input raises; what cannot be understood is Unknown and costs nothing.
2. Dispatch is by the short name (after the last backslash): events lose and gain the `App\Events\` prefix and move between
   channels.
3. One thing that happens arrives as several frames. The table below names the one that counts:

   chat    ChatMessageEvent; the same id again is the same message. ChatMessageSentEvent is not chat.
   sub     SubscriptionEvent; the same (username, months) within 60 s is the same sub. Its four companions count nothing.
   gift    GiftedSubscriptionsEvent; chunks with one correlation id are one gift, gathered for at most 3 s. It can come once
           more without an id: then the people tell it, for nobody is given a second subscription so soon.
   follow  FollowersUpdated, GoalProgressUpdateEvent and polled totals tell of the same people. A total counts by what
           exceeds the known one; a goal by its own last number, because nobody knows how far it is from the total: whether
           it falls with an unfollow is Kick's secret. Whom one of them told first, the others owe: told again, no news.
   live    StreamerIsLive, StopStreamBroadcast and the polled look-up share one livestream id.
4. Every memory here is bounded in number and in time.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from enum import Enum
from typing import Any, Optional

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.channel import Channel
from vmsc_core.kick.session import Message

SAME_SUB = 60.0
"""Seconds in which the same (username, months) is the same subscription."""

CHUNK_PATIENCE = 3.0
"""Seconds to gather the chunks of one gift."""

SAME_GIFT = 600.0
"""Seconds in which a gift is remembered by its correlation id and its people: told again in any spelling it is no second one."""

SAME_CHAT = 300.0
"""Seconds in which the same chat message id is the same message."""

TOTAL_LAG = 120.0
"""Seconds in which a polled total may be older than one that was pushed: a lower one is not believed before."""

GOAL_LAG = 120.0
"""Seconds in which a goal may still tell the followers that a poll saw first; later it has told them before."""

BURST = 10_000
"""Followers that any channel can win between two totals: a tenth of a host of 100,000."""

MOST_GOALS = 20

_EMOTE = re.compile(r"\[emote:(\d{1,16}):([^\]]{0,100})\]", re.ASCII)

_COMPANIONS = frozenset(
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


class Seen:
    """Keys seen lately: at most `capacity` of them, each for `seconds`."""

    def __init__(self, seconds: float, capacity: int) -> None:
        self._seconds = seconds
        self._capacity = capacity
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def again(self, key: Hashable, now: float) -> bool:
        """Whether `key` was seen within the window. Notes it in any case; the window starts with the first sight."""
        while self._at and next(iter(self._at.values())) + self._seconds <= now:
            self._at.popitem(last=False)
        if key in self._at:
            return True
        if len(self._at) >= self._capacity:
            self._at.popitem(last=False)
        self._at[key] = now
        return False

    def holds(self, key: Hashable, now: float) -> bool:
        """Whether `key` was seen within the window. Notes nothing."""
        return key in self._at and now < self._at[key] + self._seconds


class _Gift:
    """A gift whose chunks are still coming in."""

    def __init__(self, gifter: str | None, total: int | None, chunks: int | None, until: float) -> None:
        self.gifter = gifter
        self.total = total
        self.chunks = chunks
        self.seen: set[int] = set()
        self.names: dict[str, None] = {}
        self.until = until

    def complete(self) -> bool:
        if self.chunks is not None and len(self.seen) >= self.chunks:
            return True
        return self.total is not None and len(self.names) >= self.total

    def event(self) -> events.GiftedSubscriptions:
        return events.GiftedSubscriptions(self.gifter, tuple(self.names), self.total or max(1, len(self.names)))


def _plausible(known: int, number: int) -> bool:
    """Whether `number` can follow `known`: neither less than half of it nor more than twice as much and BURST."""
    return known <= 2 * number and number <= 2 * known + BURST


class _Belief(Enum):
    USUAL = "usual"
    HELD = "held"  # beyond belief until the next number confirms it
    JUMP = "jump"  # confirmed: a start, nothing to count from


class _Doubt:
    """Kick sometimes answers 0 for a minute: a number beyond belief is held back until the next one agrees with it."""

    def __init__(self) -> None:
        self._held: int | None = None

    def weigh(self, known: int, number: int) -> _Belief:
        if _plausible(known, number):
            self._held = None
            return _Belief.USUAL
        if self._held is not None and _plausible(self._held, number):
            self._held = None
            return _Belief.JUMP
        self._held = number
        return _Belief.HELD


class _Teller:
    """One of those that push followers, by its own number; a rise of it counts but for whom others told first."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._doubt = _Doubt()
        self._owed = 0  # told by others, not by this one yet
        self._owed_until = float("-inf")
        self._away = False

    def owes(self, people: int, now: float) -> None:
        """Somebody else told `people` first."""
        self._owed = (self._owed if now < self._owed_until else 0) + people
        self._owed_until = float("inf") if self._away else now + GOAL_LAG

    def owes_less(self, people: int) -> None:
        """The total fell by so many: they will not come back."""
        self._owed = max(0, self._owed - people)

    def went_away(self) -> None:
        """The connection ended: the next number tells also who was missed meanwhile, however late it comes."""
        self._away = True
        self._owed_until = float("inf")

    def tells(self, number: int, now: float) -> int:
        """Its number is this now; gives how many people are news."""
        belief = self._doubt.weigh(self._number, number)
        if belief is _Belief.HELD:
            return 0
        rose, self._number = number - self._number, number
        owed = self._owed if now < self._owed_until else 0
        if belief is _Belief.JUMP:
            rose = owed = 0
        if self._away or rose < 0:
            self._owed_until = now + GOAL_LAG
        self._away = False
        self._owed = max(0, owed - rose)  # whom a fall took may come back
        return max(0, rose - owed)

    def tells_one(self, now: float) -> bool:
        """One more person; gives whether that is news."""
        return self.tells(self._number + 1, now) > 0


class Interpreter:
    """Turns the messages of one channel into events. Lives as long as the link, across its connections.

    `interpret` for each message, `found` for each look-up, `poll` at `deadline`; each gives the events in order.
    """

    def __init__(self) -> None:
        self._chats = Seen(SAME_CHAT, 2000)
        self._subs = Seen(SAME_SUB, 5000)
        self._gifts = Seen(SAME_GIFT, 1000)
        self._given_by_id = Seen(SAME_GIFT, 5000)  # (gifter, recipient)
        self._given_without_id = Seen(SAME_GIFT, 5000)
        self._gathering: dict[str, _Gift] = {}
        self._total: int | None = None
        self._pushed_at = float("-inf")
        self._doubt = _Doubt()
        self._fallen = 0  # how many the last fall beyond belief took
        self._goals: dict[str, _Teller] = {}
        self._frames = _Teller(0)  # FollowersUpdated without a total
        self._live: bool | None = None
        self._live_pushed_at = float("-inf")
        self._livestream: int | None = None
        self._ended = Seen(86_400.0, 100)
        self._ended_at = float("-inf")

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `poll` has something to give."""
        return min((gift.until for gift in self._gathering.values()), default=float("inf"))

    def interpret(self, message: Message, now: float) -> list[Event]:
        """The events in one message: mostly one, none for a repetition."""
        name = message.event.rpartition("\\")[2]
        if name in _COMPANIONS:
            return [events.Companion(name)]
        reader = _READERS.get(name)
        data = read.parse_if_text(message.data) if reader is not None else None
        if reader is None or not (isinstance(data, dict) or (data == [] and name in _MAY_BE_EMPTY)):
            return [events.Unknown(read.text(name, 80))]
        found = reader(self, read.mapping(data), now)
        return [events.Unknown(read.text(name, 80))] if found is None else found

    def poll(self, now: float) -> list[Event]:
        """Gifts whose missing chunks have not come in time."""
        due = [key for key, gift in self._gathering.items() if gift.until <= now]
        return [self._gathering.pop(key).event() for key in due]

    def flush(self) -> list[Event]:
        """Everything that is still being gathered: the connection ended or the link stops."""
        for goal in self._goals.values():
            goal.went_away()
        gifts = [gift.event() for gift in self._gathering.values()]
        self._gathering.clear()
        return list(gifts)

    def found(self, channel: Channel, now: float) -> list[Event]:
        """What a look-up told. The first one is the start state, later ones check it."""
        found: list[Event] = []
        if channel.live is not None:
            found += self._live_polled(channel, now)
        if channel.followers is not None:
            found += self._polled_total(channel.followers, now)
        return found

    # -- follows ------------------------------------------------------------------------------------------------

    def _polled_total(self, total: int, now: float) -> list[Event]:
        known = self._total
        if known is None:
            self._total = total
            return [events.FollowerTotal(total)]
        if total < known and now < self._pushed_at + TOTAL_LAG:
            return []
        belief = self._doubt.weigh(known, total)
        if belief is _Belief.HELD:
            return []
        self._total, rose = total, total - known
        is_return = 0 < 9 * self._fallen <= 10 * rose  # at one stroke: that answer was wrong, however often it came
        if belief is _Belief.JUMP or is_return:
            self._fallen = max(0, -rose)
            return [events.FollowerTotal(total)]
        if rose <= 0:
            self._fell(-rose)
            return [events.FollowerTotal(total)]
        self._others_owe(rose, now)
        return [events.Follow(None, total, None, rose)]

    def _others_owe(self, people: int, now: float, teller: _Teller | None = None) -> None:
        """`teller` told of `people` first."""
        for other in (*self._goals.values(), self._frames):
            if other is not teller:
                other.owes(people, now)

    def _fell(self, people: int) -> None:
        for teller in (*self._goals.values(), self._frames):
            teller.owes_less(people)

    def _told(self, teller: _Teller, people: int, now: float) -> None:
        """`teller`, which knows no total, told of `people` first."""
        self._others_owe(people, now, teller)
        self._pushed_at = now
        if self._total is not None:
            self._total += people

    def _followers_updated(self, data: dict[str, Any], now: float) -> list[Event] | None:
        total = read.whole(data.get("followersCount"))
        if total is None:
            total = read.whole(data.get("followers_count"))
        if total is not None and self._total is not None and not _plausible(self._total, total):
            total = None
        if data.get("followed") is False:
            return [] if total is None else self._unfollowed(total, now)
        if data.get("followed") is not True:
            return None
        username = read.text(data.get("username"), 64) or None
        time = read.time(data.get("created_at"))
        if total is None or self._total is None:
            is_news = self._frames.tells_one(now)
            if is_news:
                self._told(self._frames, 1, now)
            self._total = self._total if total is None else total
            if is_news:
                return [events.Follow(username, self._total, time)]
            return [] if self._total is None else [events.FollowerTotal(self._total)]
        new = total - self._total
        if new <= 0:
            return [events.FollowerTotal(self._total)]  # the poll was faster, or the frame came twice
        self._total, self._pushed_at = total, now
        self._others_owe(new, now, self._frames)
        found: list[Event] = [events.Follow(username, total, time, 1 if username else new)]
        if username and new > 1:
            found.insert(0, events.Follow(None, total - 1, time, new - 1))
        return found

    def _unfollowed(self, total: int, now: float) -> list[Event]:
        known = self._total
        if known is None or total < known:  # a higher one has followers in it, whom the next total tells
            self._total, self._pushed_at = total, now
            self._fell(0 if known is None else known - total)
        return [events.FollowerTotal(total)]

    def _goal(self, data: dict[str, Any], now: float) -> list[Event] | None:
        kind, current = read.text(data.get("type"), 40), read.whole(data.get("current_value"))
        if not kind or current is None:
            return None
        found: list[Event] = [events.GoalUpdated(kind, current, read.whole(data.get("target_value")))]
        if kind != "followers":
            return found
        goal_id = read.text(data.get("id"), 64)
        goal = self._goals.get(goal_id)
        if goal is None:
            if len(self._goals) >= MOST_GOALS:
                self._goals.pop(next(iter(self._goals)))
            self._goals[goal_id] = _Teller(current)
            return found
        new = goal.tells(current, now)
        if new:
            self._told(goal, new, now)
            total = current if self._total is None else self._total
            found.append(events.Follow(None, total, read.time(data.get("updated_at")), new))
        return found

    # -- live ---------------------------------------------------------------------------------------------------

    def _live_polled(self, channel: Channel, now: float) -> list[Event]:
        before = self._live
        if not channel.live:
            if before and now < self._live_pushed_at + TOTAL_LAG:
                return []  # the look-up is a minute behind: this stream has only just begun
            if before:
                return [self._over(self._livestream, now)]
            self._live = False
            return [events.LiveKnown(False)] if before is None else []
        livestream = channel.livestream_id
        if before is None:
            self._live, self._livestream = True, livestream
            return [events.LiveKnown(True)]
        return self._runs(livestream, channel.title, None, now, pushed=False)

    def _runs(self, livestream: int | None, title: str, time: float | None, now: float, pushed: bool) -> list[Event]:
        """Somebody says that this stream runs."""
        if self._live and (livestream is None or self._livestream in (None, livestream)):
            self._livestream = livestream if livestream is not None else self._livestream
            return []
        if livestream is not None and self._ended.holds(livestream, now):
            # Told to have ended before: from a look-up late news at first, else a fact (an encoder that came back), but no
            # second start.
            if self._live or (not pushed and now < self._ended_at + TOTAL_LAG):
                return []
            self._live, self._livestream = True, livestream
            return [events.LiveKnown(True)]
        found: list[Event] = [self._over(self._livestream, now)] if self._live else []
        self._live, self._livestream = True, livestream
        return [*found, events.StreamStarted(livestream, title, time)]

    def _over(self, livestream: int | None, now: float) -> Event:
        """The stream that ran has ended: an event once for each livestream, afterwards a state."""
        self._live, self._livestream, self._ended_at = False, None, now
        if livestream is not None and self._ended.again(livestream, now):
            return events.LiveKnown(False)
        return events.StreamEnded(livestream)

    def _streamer_is_live(self, data: dict[str, Any], now: float) -> list[Event] | None:
        stream = read.mapping(data.get("livestream"))
        title, time = read.text(stream.get("session_title"), 300), read.time(stream.get("created_at"))
        livestream = read.whole(stream.get("id"))
        found = self._runs(livestream, title, time, now, pushed=True)
        if self._live and livestream in (None, self._livestream):
            self._live_pushed_at = now
        return found

    def _stop_stream_broadcast(self, data: dict[str, Any], now: float) -> list[Event] | None:
        livestream = read.whole(read.mapping(data.get("livestream")).get("id"))
        if self._live is False:
            self._ended.again(livestream, now)
            return []
        if livestream is not None and self._live and self._livestream not in (None, livestream):
            return []  # the end of an earlier stream, told late
        return [self._over(livestream if livestream is not None else self._livestream, now)]

    # -- subscriptions and gifts ----------------------------------------------------------------------------------

    def _subscription(self, data: dict[str, Any], now: float) -> list[Event] | None:
        username = read.text(data.get("username"), 64)
        months = read.whole(data.get("months"))
        if not username:
            return None
        if self._subs.again((username.lower(), months), now):
            return []
        message = read.text(data.get("message"), 500) or None
        return [events.Subscription(username, 1 if months is None else months, message, read.time(data.get("created_at")))]

    def _gifted(self, data: dict[str, Any], now: float) -> list[Event] | None:
        names = [read.text(name, 64) for name in read.sequence(data.get("gifted_usernames"))[:1000]]
        names = [name for name in names if name]
        chunk = read.mapping(data.get("chunk_details"))
        total = read.whole(data.get("gifted_total")) or None
        gifter: str | None = read.text(data.get("gifter_username"), 64)
        gifter = None if not gifter or gifter.lower() == "anonymous" else gifter
        key = read.text(data.get("correlation_id"), 100) or read.text(chunk.get("correlation_id"), 100)
        if not names and total is None:
            return None
        people = [(gifter.lower() if gifter else None, name.lower()) for name in names]
        if not key:
            # Every one of them is noted, not only the first that is found again.
            again = any([self._given_without_id.again(person, now) for person in people])
            if any(self._given_by_id.holds(person, now) for person in people):
                return self._gathered_at_once(gifter, names)
            if again:
                return []
            return [events.GiftedSubscriptions(gifter, tuple(names), total or len(names), read.time(data.get("created_at")))]
        for person in people:
            self._given_by_id.again(person, now)
        gift = self._gathering.get(key)
        if gift is None:
            if self._gifts.again(key, now) or any(self._given_without_id.holds(person, now) for person in people):
                return []
            gift = _Gift(gifter, total, read.whole(chunk.get("total_chunks")), now + CHUNK_PATIENCE)
        gift.total = total or gift.total
        gift.gifter = gift.gifter or gifter
        index = read.whole(chunk.get("chunk_index"))
        if index is not None:
            gift.seen.add(index)
        gift.names.update(dict.fromkeys(names))
        if not chunk or gift.complete() or len(self._gathering) >= 100:
            self._gathering.pop(key, None)
            return [gift.event()]
        self._gathering[key] = gift
        return []

    def _gathered_at_once(self, gifter: str | None, names: list[str]) -> list[Event]:
        """A gift came without its id, perhaps while its chunks are still coming in: then it brings names they lack."""
        for key, gift in self._gathering.items():
            if (gift.gifter or "").lower() == (gifter or "").lower() and not gift.names.keys().isdisjoint(names):
                gift.names.update(dict.fromkeys(names))
                return [self._gathering.pop(key).event()] if gift.complete() else []
        return []

    # -- the rest: one frame, one event ----------------------------------------------------------------------------

    def _chat(self, data: dict[str, Any], now: float) -> list[Event] | None:
        sender = read.mapping(data.get("sender"))
        identity = read.mapping(sender.get("identity"))
        metadata = read.mapping(data.get("metadata"))
        message_id, username = read.text(data.get("id"), 64), read.text(sender.get("username"), 64)
        if not username or not isinstance(data.get("content"), str):
            return None
        if message_id and self._chats.again(message_id, now):
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
                months=read.whole(celebration.get("total_months")),
                user_id=read.whole(sender.get("id")),
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
    for badge in map(read.mapping, read.sequence(value)[:50]):
        kind = read.text(badge.get("type"), 40)
        if kind:
            badges.append(events.Badge(kind, read.text(badge.get("text"), 80), read.whole(badge.get("count"))))
    return tuple(badges)


def _reply(metadata: dict[str, Any]) -> events.Reply | None:
    original = read.mapping(metadata.get("original_message"))
    username = read.text(read.mapping(metadata.get("original_sender")).get("username"), 64)
    text = _with_emote_names(read.text(original.get("content")))[0]
    return events.Reply(username, text) if username or text else None


_Reader = Callable[[Interpreter, dict[str, Any], float], Optional[list[Event]]]


def _plain(build: Callable[[dict[str, Any]], Event | None]) -> _Reader:
    """A reader for events that need no memory."""

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
    return events.Host(username, read.whole(data.get("number_viewers")) or 0, message)


def _reward(data: dict[str, Any]) -> Event | None:
    username, title = read.text(data.get("username"), 64), read.text(data.get("reward_title"), 200)
    return events.RewardRedeemed(username, title, read.text(data.get("user_input"), 500)) if username or title else None


def _kicks(data: dict[str, Any]) -> Event | None:
    gift = read.mapping(data.get("gift"))
    username, amount = _name_of(data.get("sender")), read.whole(gift.get("amount"))
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
    minutes = read.whole(data.get("duration"))
    # Older frames have neither `permanent` nor `duration`, only the end of a time-out.
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
        (read.text(option.get("label"), 200), read.whole(option.get("votes")) or 0)
        for option in map(read.mapping, read.sequence(poll.get("options"))[:50])
    ]
    return events.PollUpdated(title, tuple(options)) if title or options else None


def _moved(data: dict[str, Any]) -> Event | None:
    # `channel` is the one that is left.
    slug = read.text(data.get("slug"), 64) or read.text(read.mapping(data.get("hosted")).get("slug"), 64)
    return events.ChannelMoved(slug) if slug else None


_MAY_BE_EMPTY = frozenset({"ChatroomClearEvent", "PinnedMessageDeletedEvent"})
"""Events whose data is an empty array."""

_READERS: dict[str, _Reader] = {
    "ChatMessageEvent": Interpreter._chat,
    "SubscriptionEvent": Interpreter._subscription,
    "GiftedSubscriptionsEvent": Interpreter._gifted,
    "FollowersUpdated": Interpreter._followers_updated,
    "GoalProgressUpdateEvent": Interpreter._goal,
    "StreamerIsLive": Interpreter._streamer_is_live,
    "StopStreamBroadcast": Interpreter._stop_stream_broadcast,
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
