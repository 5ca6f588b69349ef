"""When to look the channel up: once at the start, then again and again beside the feed. Knows no event but its notices.

A lookup beside the feed runs in the background; its result, and the cooldown it asks for, are taken by the link's own thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from vmsc_core.kick.channel import Channel, Match, about, compare, unknown
from vmsc_core.kick.session import failed_at_subscriptions
from vmsc_core.link.background import Call
from vmsc_core.link.complaints import Complaints
from vmsc_core.link.cooldowns import POLLS, Cooldowns
from vmsc_core.link.errors import CannotConnect, Stopped
from vmsc_core.link.http import Http
from vmsc_core.link.lookup import Answered, look_up
from vmsc_core.link.ports import Ports
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import LOOKUP_ADDRESS, Wish

POLL_EVERY = 60.0
POLL_REST = 900.0
"""Seconds without polling after a lookup that was refused, or that no longer knows the name."""

DOUBT_FROM = 3
"""Connections in a row that fail at the subscriptions, and the channel's IDs are looked up again: they may be old."""

DOUBT_REST = 300.0
"""Seconds between two lookups of that kind."""

NEVER = float("inf")


@dataclass(frozen=True)
class Found:
    """A lookup's answer that can be used, and how it compares with what was known."""

    channel: Channel
    match: Match


class Polls:
    """The lookups of one link. `at_start` for the first one; `connected`, then `take` again and again."""

    def __init__(self, slug: str, wish: Wish, http: Http, cooldowns: Cooldowns, complaints: Complaints, ports: Ports) -> None:
        self._slug = slug
        self._ids_are_typed = wish.chatroom_id is not None
        self._address = wish.lookup_address or LOOKUP_ADDRESS
        self._every = POLL_EVERY if wish.poll else NEVER
        self._http = http
        self._cooldowns = cooldowns
        self._complaints = complaints
        self._ports = ports
        self._call: Call[Answered] | None = None
        self._next_at = NEVER
        self._asked_at = -NEVER  # the last lookup, whatever it gave
        self._not_listed_until = -NEVER
        self._not_taken = 0  # connections in a row that failed at the subscriptions

    def at_start(self) -> Channel | Failure:
        """The channel, now. Raises CannotConnect or Stopped."""
        running = self._cooldowns.running(self._address)
        if running is not None:
            return running
        found = about(self._slug, self._took(self._ask()))
        if isinstance(found, Channel):
            self._asked_at = self._ports.monotonic()
        return found

    def tried(self, failure: Failure) -> None:
        """A connection failed before it was good."""
        self._not_taken += failed_at_subscriptions(failure)

    def doubted(self, known: Channel) -> Channel | None:
        """Another channel than `known`, when no server takes that one's IDs and the lookup, now, has others. Raises Stopped."""
        now = self._ports.monotonic()
        is_time = self._not_taken >= DOUBT_FROM and now >= self._asked_at + DOUBT_REST
        if not is_time or not self._slug or self._ids_are_typed or self._cooldowns.running(self._address):
            return None
        self._not_taken, self._asked_at = 0, now
        try:
            found = about(self._slug, self._took(self._ask()))
        except CannotConnect:
            return None
        if isinstance(found, Failure) or (found.chatroom_id, found.channel_id) == (known.chatroom_id, known.channel_id):
            return None
        return found

    def connected(self, now: float) -> None:
        """A connection is good: from now on there is something to compare with."""
        is_fresh = now - self._asked_at < POLL_EVERY / 2
        self._not_taken = 0
        first = now + self._every if is_fresh else now
        self._next_at = max(now + self._cooldowns.left(POLLS), self._not_listed_until, first)

    def again(self, now: float) -> None:
        """The last answer was hard to believe: another one after POLL_EVERY, also when polling is off."""
        self._next_at = min(self._next_at, max(now + POLL_EVERY, now + self._cooldowns.left(POLLS), self._not_listed_until))

    def take(self, known: Channel, now: float) -> Found | None:
        """What a finished lookup says of the channel we are connected with, and starts the next one when its time has come.

        None while there is nothing new: what can't be used is complained of here.
        """
        if self._call is not None:
            return self._checked(self._finished(self._call), known, now) if self._call.done else None
        if now < self._next_at or not self._slug:
            return None
        self._next_at = now + self._every
        self._asked_at = now
        running = self._cooldowns.running(self._address)
        if running is not None:
            return self._checked(running, known, now)
        self._call = self._ports.background(self._ask, "vmsc-poll")
        return None

    def _checked(self, found: Channel | Failure | None, known: Channel, now: float) -> Found | None:
        if found is None:
            return None
        match = compare(known, found) if isinstance(found, Channel) else Match.STRANGER
        if isinstance(found, Failure) or match is Match.STRANGER:
            self._failed(found if isinstance(found, Failure) else unknown(self._slug), now)
            return None
        self._complaints.fine("lookup")
        if match is Match.MOVED and self._ids_are_typed:
            self._complaints.make("IDs", because("ids_differ", slug=self._slug, chatroom_id=found.chatroom_id))
            return None
        return Found(found, match)

    def _failed(self, failure: Failure, now: float) -> None:
        """Such a lookup is not repeated for a while. One that Kick's website could not answer just now simply is."""
        if failure.remedy is Remedy.REFUSED:
            self._complaints.make("lookup", because("lookups_blocked"))
            self._cooldowns.start(POLLS, POLL_REST, failure)
        elif failure.remedy is Remedy.USER:
            self._complaints.make("lookup", because("name_not_listed", slug=self._slug))
            # Not a cooldown: those hold for every channel, and this name alone is gone.
            self._not_listed_until = now + POLL_REST
        self._next_at = max(self._next_at, now + self._cooldowns.left(POLLS), self._not_listed_until)

    def join(self, seconds: float) -> None:
        """Waits at most `seconds` for a lookup that is running."""
        if self._call is not None:
            self._call.join(seconds)

    def _ask(self) -> Answered:
        """Any thread."""
        return look_up(self._slug, self._address, self._http)

    def _took(self, found: Answered) -> Channel | Failure:
        if isinstance(found.channel, Failure):
            self._cooldowns.start(self._address, found.cooldown, found.channel)
        return found.channel

    def _finished(self, call: Call[Answered]) -> Channel | Failure | None:
        self._call = None
        try:
            return self._took(call.take())
        except (CannotConnect, Stopped):
            return None  # the connection itself is fine: the next poll may tell
        except Exception:  # never runs unless there is a bug, and must not end a good connection
            self._complaints.bug("a lookup beside the connection failed; it goes on")
            return None
