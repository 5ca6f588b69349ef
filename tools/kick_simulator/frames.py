"""What Kick says, made up: channels, lookup answers, frames of each kind, and garbage. Knows no sockets.

The shapes are those of tests/frames.jsonl; names, numbers and words are invented here.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any, Optional, Union

PREFIX = "App\\Events\\"
WORDS = (
    "orange",
    "bridge",
    "rocket",
    "lamp",
    "window",
    "marble",
    "forest",
    "river",
    "planet",
    "silver",
    "garden",
    "quiet",
    "ticket",
    "cloud",
    "piano",
)

Frame = tuple[str, str, Any]
"""Event, Pusher channel, data (decoded, or a string exactly as on the wire)."""


def _now(digits: int = 0) -> str:
    when = datetime.now(timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S") + (f".{when.microsecond:06d}Z" if digits else "+00:00")


@dataclass
class Channel:
    """A made-up channel. Its fields may be changed at any time; the lookup answers with what they are then."""

    slug: str
    channel_id: int
    chatroom_id: int
    user_id: int
    username: str
    followers: int = 31642
    title: str = "Any% until it works"
    viewers: int = 14
    banned: bool = False
    livestream_id: Optional[int] = None
    """None while the stream is off."""
    live_since: str = ""
    subscribers: int = 1110
    streams: int = 0

    @property
    def chat_room(self) -> str:
        """`chatrooms.X.v2`, where chat is."""
        return f"chatrooms.{self.chatroom_id}.v2"

    @property
    def gift_room(self) -> str:
        """`chatroom_X`, where gifts are."""
        return f"chatroom_{self.chatroom_id}"

    @property
    def stream_room(self) -> str:
        """`channel.Y`, where live state and follows are."""
        return f"channel.{self.channel_id}"

    @property
    def goal_room(self) -> str:
        """`channel_Y`, where goals are."""
        return f"channel_{self.channel_id}"

    @property
    def old_room(self) -> str:
        """`chatrooms.X`, the oldest one."""
        return f"chatrooms.{self.chatroom_id}"

    @property
    def rooms(self) -> tuple[str, ...]:
        """All five Pusher channels."""
        return (self.chat_room, self.gift_room, self.stream_room, self.goal_room, self.old_room)

    def room_of(self, event: str) -> str:
        """The Pusher channel on which Kick sends an event of this name."""
        return {
            "StreamerIsLive": self.stream_room,
            "StopStreamBroadcast": self.stream_room,
            "FollowersUpdated": self.stream_room,
            "LuckyUsersWhoGotGiftSubscriptionsEvent": self.stream_room,
            "ChatMoveToSupportedChannelEvent": self.stream_room,
            "GiftedSubscriptionsEvent": self.gift_room,
            "ChatMessageSentEvent": self.gift_room,
            "RewardRedeemedEvent": self.gift_room,
            "StreamHostedEvent": self.old_room,
            "GoalProgressUpdateEvent": self.goal_room,
            "GiftsLeaderboardUpdated": self.goal_room,
            "KicksGifted": self.goal_room,
            "ChannelSubscriptionEvent": self.goal_room,
            "NewSubscriberUpdatedEvent": self.goal_room,
            "NewActivityFeedEvent": self.goal_room,
        }.get(event.rsplit("\\", 1)[-1], self.chat_room)

    def moved_here(self, room: str) -> str:
        """A recorded Pusher channel name (`chatrooms.*.v2` too) with this channel's numbers in it."""
        for pattern, own in (
            (r"chatrooms\.(\d+|\*)\.v2", self.chat_room),
            (r"chatroom_(\d+|\*)", self.gift_room),
            (r"channel\.(\d+|\*)", self.stream_room),
            (r"channel_(\d+|\*)", self.goal_room),
            (r"chatrooms\.(\d+|\*)", self.old_room),
        ):
            if re.fullmatch(pattern, room):
                return own
        return room

    def turn_on(self) -> None:
        """Begin a stream with an id of its own."""
        self.streams += 1
        self.livestream_id = self.channel_id * 1000 + self.streams
        self.live_since = _now(6)

    def lookup_answer(self, version: int = 2) -> dict[str, Any]:
        """What the lookup says about this channel, as version 1 or 2 of Kick's address does."""
        livestream = None
        if self.livestream_id is not None:
            began = self.live_since[:19].replace("T", " ")
            livestream = {
                "id": self.livestream_id,
                "slug": f"{self.slug}-stream",
                "channel_id": self.channel_id,
                "created_at": began,
                "session_title": self.title,
                "is_live": True,
                "start_time": began,
                "duration": 0,
                "language": "English",
                "is_mature": False,
                "viewer_count": self.viewers,
                "tags": [],
            }
        return {
            "id": self.channel_id,
            "user_id": self.user_id,
            "slug": self.slug,
            "is_banned": self.banned,
            "playback_url": "https://example.invalid/stream.m3u8",
            "vod_enabled": True,
            "subscription_enabled": True,
            "followersCount" if version == 1 else "followers_count": self.followers,
            "subscriber_badges": [],
            "recent_categories": [],
            "livestream": livestream,
            "role": None,
            "muted": False,
            "follower_badges": [],
            "user": {
                "id": self.user_id,
                "username": self.username,
                "agreed_to_terms": True,
                "bio": "",
                "profile_pic": "https://example.invalid/picture.png",
            },
            "chatroom": {
                "id": self.chatroom_id,
                "chatable_type": "App\\Models\\Channel",
                "channel_id": self.channel_id,
                "chat_mode": "public",
                "slow_mode": False,
                "followers_mode": False,
                "subscribers_mode": False,
                "emotes_mode": False,
                "message_interval": 0,
            },
        }


def sentence(rng: random.Random) -> str:
    """Some made-up words."""
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 9)))


def viewer(rng: random.Random) -> str:
    """A made-up name."""
    letters = "".join(rng.choice("bcdfghjkmnpqrstvwxyz") for _ in range(4))
    return f"{rng.choice(('viewer', 'Viewer', 'viewer_'))}{letters}{rng.randint(1, 999)}"


def chat_data(channel: Channel, username: str, text: str, **more: Any) -> dict[str, Any]:
    """One chat message; `more` replaces or adds fields (type, metadata, badges, …)."""
    badges = more.pop("badges", [])
    return {
        "id": str(uuid.uuid4()),
        "chatroom_id": channel.chatroom_id,
        "content": text,
        "type": "message",
        "created_at": _now(),
        "sender": {
            "id": sum(map(ord, username)) * 7919,
            "username": username,
            "slug": username.lower().replace("_", "-"),
            "identity": {"color": "#E9113C", "badges": badges, "badges_v2": []},
        },
        "metadata": {"message_ref": str(uuid.uuid4().int)[:13]},
        **more,
    }


def chat_frames(channel: Channel, count: int, text: str = "orange bridge", viewers: int = 1) -> Iterator[Frame]:
    """Chat frames made fast for a flood, by so many viewers in turns; each has an id of its own."""
    names = [f"Viewerflood{number}" for number in range(1, max(1, viewers) + 1)]
    encoded = [json.dumps(chat_data(channel, name, text, id="@"), separators=(",", ":")) for name in names]
    around = itertools.cycle([whole.split('"@"', 1) for whole in encoded])
    run = uuid.uuid4().hex[:20]
    for number in range(count):
        identity = f"{run[:8]}-{run[8:12]}-{run[12:16]}-{run[16:20]}-{number:012d}"
        before, after = next(around)
        yield PREFIX + "ChatMessageEvent", channel.chat_room, f'{before}"{identity}"{after}'


def follow_frame(channel: Channel, username: Optional[str], followed: bool) -> Frame:
    """A follow or an unfollow with the total the channel has now."""
    data = {
        "followersCount": channel.followers,
        "channel_id": channel.channel_id,
        "username": username,
        "created_at": int(datetime.now(timezone.utc).timestamp()),
        "followed": followed,
    }
    return PREFIX + "FollowersUpdated", channel.stream_room, data


def goal_frame(channel: Channel) -> Frame:
    """The followers goal with the total the channel has now."""
    data = {
        "id": "chgoal_01M2DCX8C3VHC26STFB6C8D47V",
        "channel_id": "channel_01H2G5MMNG5C5Q338RP89H48YP",
        "type": "followers",
        "target_value": channel.followers + 1000,
        "current_value": channel.followers,
        "progress_bar_emoji_id": "chnl-goal-emotes/2",
        "status": "active",
        "created_at": "2026-09-13T12:47:08.16358Z",
        "updated_at": _now(6),
        "achieved_at": None,
        "end_date": None,
        "count_from_creation": True,
    }
    return "GoalProgressUpdateEvent", channel.goal_room, data


def subscription_frames(channel: Channel, username: str, months: int) -> list[Frame]:
    """The five frames that Kick sends for one subscription, in the recorded order."""
    seconds = datetime.now(timezone.utc).timestamp()
    user_id = sum(map(ord, username)) * 7919
    message: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "message": "",
        "type": "info",
        "replied_to": None,
        "is_info": False,
        "link_preview": None,
        "chatroom_id": channel.chatroom_id,
        "role": "user",
        "created_at": int(seconds),
        "action": "subscribe",
        "optional_message": None,
        "months_subscribed": months,
        "subscriptions_count": 0,
        "giftedUsers": [],
    }
    user = {
        "id": user_id,
        "username": username,
        "role": "user",
        "isSuperAdmin": None,
        "profile_thumb": "https://example.invalid/picture.png",
        "verified": False,
        "follower_badges": [],
        "is_subscribed": False,
        "is_founder": False,
        "months_subscribed": None,
        "quantity_gifted": 0,
    }
    own = channel.channel_id
    return [
        (
            PREFIX + "SubscriptionEvent",
            channel.chat_room,
            {"chatroom_id": channel.chatroom_id, "username": username, "months": months},
        ),
        (
            PREFIX + "ChannelSubscriptionEvent",
            channel.goal_room,
            {"user_ids": [user_id], "username": username, "channel_id": own},
        ),
        (
            PREFIX + "NewSubscriberUpdatedEvent",
            channel.goal_room,
            {"channel_id": own, "last_subscriber": username, "count": channel.subscribers},
        ),
        (
            PREFIX + "NewActivityFeedEvent",
            channel.goal_room,
            {
                "channel_id": own,
                "type": "new_subscriber",
                "username": username,
                "metadata": {},
                "created_at": int(seconds * 1000),
            },
        ),
        (PREFIX + "ChatMessageSentEvent", channel.gift_room, {"message": message, "user": user}),
    ]


def celebration_frame(channel: Channel, username: str, months: int, text: str) -> Frame:
    """The chat message in which a viewer later shares a renewal."""
    data = chat_data(
        channel,
        username,
        text,
        type="celebration",
        metadata={
            "celebration": {
                "id": "chceleb_01M2DCX8C3VHC26STFB6C8D47V",
                "type": "subscription_renewed",
                "total_months": months,
                "created_at": _now(6),
            }
        },
        badges=[{"type": "subscriber", "text": "Subscriber", "count": months, "sort_order": 9}],
    )
    return PREFIX + "ChatMessageEvent", channel.chat_room, data


def gift_frames(
    channel: Channel, names: Sequence[str], gifter: Optional[str], chunks: int = 1, companions: bool = True
) -> list[Frame]:
    """One gift of subscriptions: in `chunks` pieces with one correlation id, then what else Kick sends for it."""
    correlation = str(uuid.uuid4().int)[:15]
    size = -(-len(names) // chunks) if names else 1
    frames: list[Frame] = []
    for index in range(chunks):
        details = {"correlation_id": correlation, "chunk_index": index, "total_chunks": chunks}
        data = {
            "chatroom_id": channel.chatroom_id,
            "correlation_id": correlation,
            "gifted_usernames": list(names[index * size : (index + 1) * size]),
            "gifter_username": gifter,
            "gifted_total": len(names),
            "gifter_total": len(names) + 100,
            "chunk_details": details if chunks > 1 else None,
        }
        frames.append(("GiftedSubscriptionsEvent", channel.gift_room, data))
    if companions:
        about = {"id": channel.channel_id, "user_id": channel.user_id, "slug": channel.slug, "is_banned": False}
        board = [{"user_id": 1, "username": gifter or "Anonymous", "quantity": len(names)}]
        frames += [
            (
                PREFIX + "LuckyUsersWhoGotGiftSubscriptionsEvent",
                channel.stream_room,
                {"channel": about, "usernames": list(names), "gifter_username": gifter},
            ),
            *(
                (
                    prefix + "GiftsLeaderboardUpdated",
                    room,
                    {
                        "leaderboard": board,
                        "weekly_leaderboard": board,
                        "monthly_leaderboard": board,
                        "gifter_id": 1,
                        "gifter_username": gifter,
                        "gifted_quantity": len(names),
                    },
                )
                for prefix, room in (("", channel.goal_room), (PREFIX, channel.stream_room))
            ),
        ]
    return frames


def live_frame(channel: Channel) -> Frame:
    """The stream that the channel has now has begun."""
    data = {
        "livestream": {
            "id": channel.livestream_id,
            "channel_id": channel.channel_id,
            "session_title": channel.title,
            "source": None,
            "created_at": channel.live_since,
        }
    }
    return PREFIX + "StreamerIsLive", channel.stream_room, data


def offline_frame(channel: Channel, livestream_id: Optional[int]) -> Frame:
    """That stream has ended."""
    about = {"id": channel.channel_id, "is_banned": channel.banned}
    return (PREFIX + "StopStreamBroadcast", channel.stream_room, {"livestream": {"id": livestream_id, "channel": about}})


def host_frames(channel: Channel, username: str, viewers: int) -> list[Frame]:
    """A raid coming in: both frames of it."""
    hosted = {
        "message": {"id": str(uuid.uuid4()), "numberOfViewers": viewers, "optionalMessage": None, "createdAt": _now(6)},
        "user": {"id": 1, "username": username, "isSuperAdmin": False, "verified": False},
    }
    host = {"chatroom_id": channel.chatroom_id, "optional_message": None, "number_viewers": viewers, "host_username": username}
    return [(PREFIX + "StreamHostedEvent", channel.old_room, hosted), (PREFIX + "StreamHostEvent", channel.chat_room, host)]


def read_frames(path: Union[str, Path]) -> list[dict[str, Any]]:
    """The recorded frames of a JSONL file. Raises OSError or ValueError."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def recorded(frames: Iterable[dict[str, Any]], channel: Channel) -> Iterator[Frame]:
    """Recorded frames, re-addressed to this channel; those that are no event of a channel are left out."""
    for frame in frames:
        if frame.get("channel") and not str(frame["event"]).startswith(("(", "pusher")):
            yield frame["event"], channel.moved_here(frame["channel"]), frame["data"]


# -- garbage: what a broken or hostile server could send ---------------------------------------------------------------


def websocket_frame(payload: bytes, opcode: int = 1, fin: bool = True, rsv: int = 0, mask: bool = False) -> bytes:
    """A WebSocket frame by hand (RFC 6455, 5.2), for those that no library lets out."""
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    flag = 0x80 if mask else 0
    if len(payload) < 126:
        head += bytes([flag | len(payload)])
    elif len(payload) < 65536:
        head += bytes([flag | 126]) + len(payload).to_bytes(2, "big")
    else:
        head += bytes([flag | 127]) + len(payload).to_bytes(8, "big")
    return head + (b"\0\0\0\0" if mask else b"") + payload


def close_frame(code: Optional[int], reason: str = "") -> bytes:
    """A close frame with any code, also those that may not be sent; None gives one without a code."""
    payload = b"" if code is None else code.to_bytes(2, "big") + reason.encode()[:123]
    return websocket_frame(payload, opcode=8)


@cache
def _garbage_texts() -> dict[str, list[str]]:
    chat = PREFIX + "ChatMessageEvent"

    def frame(data: Any, event: Any = chat, channel: Any = "@chat") -> str:
        return json.dumps({"event": event, "channel": channel, "data": data})

    values: list[Any] = [None, True, 0, -1, 1.5, "", "x", [], {}, [[]], {"": None}]
    fields = ["id", "chatroom_id", "content", "type", "created_at", "sender", "metadata", "months", "username"]
    fields += ["livestream", "gifted_usernames", "gifter_username", "gifted_total", "chunk_details", "followersCount"]
    names = "ChatMessageEvent SubscriptionEvent GiftedSubscriptionsEvent FollowersUpdated StreamerIsLive"
    names += " StopStreamBroadcast StreamHostEvent GoalProgressUpdateEvent MessageDeletedEvent UserBannedEvent"
    events = names.split()
    odd = [10**400, -(10**30), 2**63, "9" * 5000]
    return {
        "text": ["hello", "{", "}", '{"event":', "\0", "<html>", "\ufeff{}", "'"],
        "empty": ["", " ", "\n"],
        "json": ["null", "true", "1", '"x"', "[]", "{}", "[[]]", '{"event":null}', '{"data":{}}', '{"event":[]}'],
        "deep": ["[" * 100_000, "[" * 60_000 + "]" * 60_000, '{"a":' * 20_000, frame("[" * 100_000)],
        "numbers": [
            f'{{"event":"{name}","channel":"@chat","data":{{"id":{number},"months":{number},"followersCount":{number}}}}}'
            for name in events
            for number in ("1e999", "-1e999", "NaN", "Infinity", "-0", "1E400", "0.1e-999")
        ],
        "huge_ids": [
            frame({"id": value, "chatroom_id": value, "months": value, "followersCount": value}, name)
            for name in events
            for value in odd
        ],
        "nulls": [frame(dict.fromkeys(fields), name) for name in events] + [frame(None), frame({}, None, None)],
        "wrong_types": [frame(dict.fromkeys(fields, value), name) for name in events for value in values]
        + [frame(value, name) for name in events for value in values]
        + [json.dumps({"event": value, "channel": value, "data": value}) for value in values],
        "duplicate_keys": [f'{{"event":"x","event":"{name}","channel":"@chat","data":"{{}}","data":{{}}}}' for name in events],
        "other_channel": [
            frame(json.dumps({"id": str(uuid.uuid4()), "content": "not ours", "sender": {"username": "stranger"}}), chat, room)
            for room in ("chatrooms.999999999.v2", "presence-x", "", "x" * 5000)
        ],
        "unknown_events": [frame("{}", f"{PREFIX}Unknown{number}Event") for number in range(20_000)],
        "surrogates": [frame('{"content":"\\ud800","sender":{"username":"\\udfff"}}'), '{"event":"\\ud800","data":"\\ud800"}'],
    }


@cache
def _garbage_bytes() -> dict[str, bytes]:
    chat = json.dumps({"event": PREFIX + "ChatMessageEvent", "channel": "chatrooms.1.v2", "data": "{}"}).encode()
    return {
        "binary": websocket_frame(chat, opcode=2) + websocket_frame(b"\0\xff\xfe", opcode=2),
        "invalid_utf8": websocket_frame(b'{"event":"\xff\xfe\xc3"}'),
        "cut_utf8": websocket_frame('{"event":"é"}'.encode()[:-3]),
        "compressed_bits": websocket_frame(b"\xff" * 40, rsv=4),
        "reserved_bits": websocket_frame(chat, rsv=3),
        "reserved_opcode": websocket_frame(chat, opcode=5),
        "masked": websocket_frame(chat, mask=True),
        "lost_continuation": websocket_frame(chat, opcode=0),
        "unfinished": websocket_frame(chat, fin=False) + websocket_frame(chat),
        "long_ping": websocket_frame(b"x" * 200, opcode=9),
        "bad_close": websocket_frame(b"\x03", opcode=8),
        "bad_close_code": close_frame(5000),
        "noise": bytes(range(256)) * 8,
        "largest": websocket_frame(b'"' + b"x" * (128 * 1024 - 2) + b'"'),
        "over_largest": websocket_frame(b'"' + b"x" * (128 * 1024 - 1) + b'"'),
        "huge_header": b"\x81\x7f" + (2**62).to_bytes(8, "big") + b"x" * 1000,
    }


GARBAGE_TEXTS = (
    "text", "empty", "json", "deep", "numbers", "huge_ids", "nulls", "wrong_types", "duplicate_keys", "other_channel",
    "unknown_events", "surrogates",
)  # fmt: skip
"""Kinds that a client must survive with its connection."""

GARBAGE_BYTES = (
    "binary", "invalid_utf8", "cut_utf8", "compressed_bits", "reserved_bits", "reserved_opcode", "masked", "lost_continuation",
    "unfinished", "long_ping", "bad_close", "bad_close_code", "noise", "largest", "over_largest", "huge_header",
)  # fmt: skip
"""Kinds that break the WebSocket protocol or its limits; a client may end the connection."""


def garbage(kind: str) -> Union[list[str], bytes]:
    """Text messages (with `@chat` where a channel of the client's own goes), or bytes for the TCP stream.

    Raises ValueError for a kind that is in neither GARBAGE_TEXTS nor GARBAGE_BYTES.
    """
    texts, raw = _garbage_texts(), _garbage_bytes()
    if kind in texts:
        return texts[kind]
    if kind in raw:
        return raw[kind]
    raise ValueError(f"no such garbage: {kind!r}; there are {', '.join((*texts, *raw))}")
