"""What Kick would send for what happens in a rehearsal: made-up people in the shapes of Kick's own frames. Knows no order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

PREFIX = "App\\Events\\"

CHANNEL_ID, CHATROOM_ID = 4242, 2424
"""The channel of every rehearsal. Nothing of it is remembered."""

CHAT, GIFTS = f"chatrooms.{CHATROOM_ID}.v2", f"chatroom_{CHATROOM_ID}"
STREAM, GOALS, OLD = f"channel.{CHANNEL_ID}", f"channel_{CHANNEL_ID}", f"chatrooms.{CHATROOM_ID}"
"""The five rooms in which Kick says things."""

LIVESTREAM_ID = 424201
PICTURE = "https://example.invalid/picture.png"


@dataclass(frozen=True)
class Viewer:
    """Somebody who writes. `badges` are Kick's words for them; a subscriber has been one for `months`."""

    name: str
    badges: tuple[str, ...] = ()
    months: int = 6


class Frames:
    """Frames as the text of Pusher messages, each with an ID of its own. `wall` is unix seconds, moved on by whoever tells."""

    def __init__(self, wall: float) -> None:
        self.wall = wall
        self.last_id = ""
        """The ID of the last chat message."""
        self._number = 0

    def chat(self, viewer: Viewer, text: str) -> str:
        """A chat message."""
        self.last_id = self._id()
        badges = [
            {
                "type": kind,
                "text": kind.capitalize(),
                **({"count": viewer.months} if kind == "subscriber" else {}),
                "sort_order": 1,
            }
            for kind in viewer.badges
        ]
        data = {
            "id": self.last_id,
            "chatroom_id": CHATROOM_ID,
            "content": text,
            "type": "message",
            "created_at": self._time(),
            "sender": {
                "id": _number_of(viewer.name),
                "username": viewer.name,
                "slug": viewer.name.lower().replace("_", "-"),
                "identity": {"color": "#75FD46", "badges": badges, "badges_v2": []},
            },
            "metadata": {"message_ref": str(round(self.wall * 1000))},
        }
        return _text(PREFIX + "ChatMessageEvent", CHAT, data)

    def deleted(self, message_id: str) -> str:
        """A chat message is gone."""
        data = {"id": self._id(), "message": {"id": message_id}, "aiModerated": False, "violatedRules": []}
        return _text(PREFIX + "MessageDeletedEvent", CHAT, data)

    def follow(self, username: str | None, total: int) -> str:
        """One follower more, whom Kick hardly ever names."""
        data = {
            "followersCount": total,
            "channel_id": CHANNEL_ID,
            "username": username,
            "created_at": round(self.wall),
            "followed": True,
        }
        return _text(PREFIX + "FollowersUpdated", STREAM, data)

    def subscription(self, username: str, months: int) -> list[str]:
        """The five frames that Kick sends for one subscription, in its order."""
        user_id = _number_of(username)
        message: dict[str, Any] = {
            "id": self._id(),
            "message": "",
            "type": "info",
            "replied_to": None,
            "is_info": False,
            "link_preview": None,
            "chatroom_id": CHATROOM_ID,
            "role": "user",
            "created_at": round(self.wall),
            "action": "subscribe",
            "optional_message": None,
            "months_subscribed": months,
            "subscriptions_count": 0,
            "giftedUsers": [],
        }
        user = {"id": user_id, "username": username, "role": "user", "isSuperAdmin": None, "profile_thumb": PICTURE}
        activity = {
            "channel_id": CHANNEL_ID,
            "type": "new_subscriber",
            "username": username,
            "metadata": {},
            "created_at": round(self.wall * 1000),
        }
        count = {"channel_id": CHANNEL_ID, "last_subscriber": username, "count": 42}
        return [
            _text(PREFIX + "SubscriptionEvent", CHAT, {"chatroom_id": CHATROOM_ID, "username": username, "months": months}),
            _text(
                PREFIX + "ChannelSubscriptionEvent",
                GOALS,
                {"user_ids": [user_id], "username": username, "channel_id": CHANNEL_ID},
            ),
            _text(PREFIX + "NewSubscriberUpdatedEvent", GOALS, count),
            _text(PREFIX + "NewActivityFeedEvent", GOALS, activity),
            _text(PREFIX + "ChatMessageSentEvent", GIFTS, {"message": message, "user": user}),
        ]

    def gift(self, gifter: str, names: Sequence[str], total: int, chunks: int) -> list[str]:
        """One gift of `total` subscriptions in `chunks` pieces, and the frames that Kick sends beside it."""
        correlation = f"{round(self.wall * 1000)}{self._id()[-3:]}"
        size = -(-len(names) // chunks)
        frames = [
            _text(
                "GiftedSubscriptionsEvent",
                GIFTS,
                {
                    "chatroom_id": CHATROOM_ID,
                    "correlation_id": correlation,
                    "gifted_usernames": list(names[place * size : (place + 1) * size]),
                    "gifter_username": gifter,
                    "gifted_total": total,
                    "gifter_total": total + 100,
                    "chunk_details": {"correlation_id": correlation, "chunk_index": place, "total_chunks": chunks},
                },
            )
            for place in range(chunks)
        ]
        board = [{"user_id": _number_of(gifter), "username": gifter, "quantity": total}]
        boards = {
            "leaderboard": board,
            "weekly_leaderboard": board,
            "monthly_leaderboard": board,
            "gifter_id": _number_of(gifter),
            "gifter_username": gifter,
            "gifted_quantity": total,
        }
        lucky = {"channel": {"id": CHANNEL_ID}, "usernames": list(names), "gifter_username": gifter}
        return [
            *frames,
            _text(PREFIX + "LuckyUsersWhoGotGiftSubscriptionsEvent", STREAM, lucky),
            _text("GiftsLeaderboardUpdated", GOALS, boards),
        ]

    def kicks(self, username: str, amount: int, message: str) -> str:
        """Somebody gives Kicks."""
        data = {
            "gift_transaction_id": self._id(),
            "message": message,
            "sender": {
                "id": _number_of(username),
                "username": username,
                "username_color": "#4CFF75",
                "profile_picture": PICTURE,
            },
            "gift": {
                "gift_id": "rage_quit",
                "name": "Rage Quit",
                "amount": amount,
                "type": "LEVEL_UP",
                "tier": "MID",
                "character_limit": 150,
                "pinned_time": 600000000000,
            },
            "created_at": self._time(),
        }
        return _text("KicksGifted", GOALS, data)

    def reward(self, username: str, title: str, text: str) -> str:
        """Somebody redeems a reward."""
        data = {
            "reward_title": title,
            "user_id": _number_of(username),
            "channel_id": CHANNEL_ID,
            "username": username,
            "user_input": text,
            "reward_background_color": "#00a3ff",
        }
        return _text("RewardRedeemedEvent", GIFTS, data)

    def host(self, username: str, viewers: int) -> list[str]:
        """Another channel hosts this one: both frames of it."""
        hosted = {
            "message": {"id": self._id(), "numberOfViewers": viewers, "optionalMessage": None, "createdAt": self._time()},
            "user": {"id": _number_of(username), "username": username, "isSuperAdmin": False, "verified": False},
        }
        host = {
            "chatroom_id": CHATROOM_ID,
            "optional_message": None,
            "number_viewers": viewers,
            "host_username": username,
        }
        return [_text(PREFIX + "StreamHostedEvent", OLD, hosted), _text(PREFIX + "StreamHostEvent", CHAT, host)]

    def live(self, title: str) -> str:
        """The stream has begun."""
        stream = {
            "id": LIVESTREAM_ID,
            "channel_id": CHANNEL_ID,
            "session_title": title,
            "source": None,
            "created_at": self._time(),
        }
        return _text(PREFIX + "StreamerIsLive", STREAM, {"livestream": stream})

    def offline(self) -> str:
        """The stream has ended."""
        stream = {"id": LIVESTREAM_ID, "channel": {"id": CHANNEL_ID, "is_banned": False}}
        return _text(PREFIX + "StopStreamBroadcast", STREAM, {"livestream": stream})

    def _id(self) -> str:
        self._number += 1
        return f"00000000-0000-4000-8000-{self._number:012d}"

    def _time(self) -> str:
        return datetime.fromtimestamp(self.wall, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _number_of(name: str) -> int:
    return 7919 * sum(map(ord, name))


def _text(event: str, channel: str, data: Any) -> str:
    return json.dumps({"event": event, "channel": channel, "data": json.dumps(data)})
