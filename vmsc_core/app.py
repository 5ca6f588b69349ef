"""One turn of the timer: reconcile → drain → reduce → render → paint. Knows no OBS call.

The UI thread sets `wish` (last write wins); the next turn sees the difference and acts. Everything else here belongs to the
timer's thread.
"""

from __future__ import annotations

import logging
import random
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Callable, Optional, Union

from vmsc_core import events
from vmsc_core.card.painter import Painter, Sources
from vmsc_core.card.renderer import Renderer
from vmsc_core.events import ChatMessage, Event, LinkChanged, Signal, Status, Unheard
from vmsc_core.host import Host
from vmsc_core.kick import channel
from vmsc_core.kick.session import Message
from vmsc_core.known import KnownChannel, remember
from vmsc_core.link.cooldowns import Cooldowns
from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.inbox import Inbox, hears_all
from vmsc_core.link.link import Link
from vmsc_core.link.ports import Ports
from vmsc_core.preview import Preview
from vmsc_core.printable import printable
from vmsc_core.reasons import Failure, Reason, because
from vmsc_core.rules.actions import Planned
from vmsc_core.rules.book import Rulebook
from vmsc_core.settings import Choices, Refusal, Wish
from vmsc_core.state import Entry, State, Tally, chatted, reduce

log = logging.getLogger("vmsc.app")

EVENTS_PER_TURN = 600
"""6,000 a second at 10 turns a second: more than the worst burst to design for (5,000)."""

HISTORY_LINES = 30
LONGEST_NAME = 64
"""Characters of what the user typed, shown until the channel's own name is known."""

RESTART_PAUSE = 15.0
"""Seconds until a link whose thread died, or could not start, is replaced by a new one."""

STOP_TIMEOUT = 2.0
"""Seconds that `close` waits for the threads."""

Wanted = Optional[Union[Wish, Refusal]]


class App:
    """What runs between script_load and script_unload. `turn` ten times a second, `close` once."""

    def __init__(
        self,
        sources: Sources,
        clock: Callable[[], float] = time.monotonic,
        ports: Ports | None = None,
        username: str = "",
        known: Mapping[str, KnownChannel] | None = None,
        choices: Choices | None = None,
    ) -> None:
        self.wish: Wanted = None
        self.state = _nothing_yet(username)
        self.unsaved = False
        self.history: deque[Entry] = deque(maxlen=HISTORY_LINES)
        self.known: Mapping[str, KnownChannel] = known or {}
        self.choices = choices or Choices()
        self.preview: Preview | None = None
        """What is shown in place of the state for a while. Any thread may set it."""
        self.host = Host()  # whoever owns the app keeps it true
        self.rulebook = Rulebook((), random.random)
        self.perform: Callable[[Planned, float], None] = lambda planned, now: None
        """What does an action; whoever owns the app sets both."""
        self._clock = clock
        self._ports = ports or Ports()
        self._painter, self._renderer = Painter(sources), Renderer()
        self.card = self._renderer.card(self.state, self.choices, self.host, clock())
        """What is on the card since the last turn."""
        self._cooldowns = Cooldowns(self._ports.monotonic)
        self._running: Wanted = None
        self._link: Link | None = None
        self._restart_at: float | None = None
        self._inbox = Inbox()
        self._ending: list[Link] = []
        self._attempts = 0
        self._closed = False

    def connect(self, wish: Wish | Refusal, restart: bool = False) -> bool:
        """Wants a connection; whether that is a new wish. Any thread.

        While there is no connection, or with `restart`, the same wish starts over as well.
        """
        if restart or self.state.status in (Status.ERROR, Status.RECONNECTING):
            self._attempts += 1
        before, self.wish = self.wish, replace(wish, attempt_no=self._attempts)
        return self.wish != before

    def disconnect(self) -> None:
        """Wants no connection. Any thread."""
        self.wish = None

    @property
    def shown_state(self) -> State:
        """The state of what is wanted, also before the timer has come round to a new wish. Any thread."""
        wish = self.wish
        state = self.state if wish == self._running else self._start_state(wish)
        if isinstance(wish, Wish) and state.status is Status.DISCONNECTED:
            return replace(state, status=Status.CONNECTING)
        if isinstance(wish, Refusal) and state.status is Status.DISCONNECTED:
            return replace(state, status=Status.ERROR, reason=wish.failure.reason)
        return state

    def repaint(self, sources: Sources) -> None:
        """Paints onto other sources from now on, from scratch. Any thread."""
        self._painter = Painter(sources)

    @property
    def now(self) -> float:
        """Monotonic seconds, by the clock the card counts with."""
        return self._clock()

    def monotonic(self) -> float:
        """Seconds by the link's clock, which the messages of `recent` have."""
        return self._ports.monotonic()

    def recent(self) -> list[tuple[float, Message]]:
        """The last messages of the feed, the oldest first. Any thread."""
        return self._ports.recent.copy()

    def turn(self) -> None:
        """One turn of the timer."""
        if self._closed:  # OBS waits for no timer before script_unload
            return
        self._reconcile()
        self._inbox.hears = self.rulebook.ear(self._clock)
        drained = self._inbox.drain(EVENTS_PER_TURN)
        for is_chat, run in groupby(drained, key=_is_chat):
            if is_chat:
                self._chatted(list(run))
            else:
                for event in run:
                    self._happened(event)
        if len(drained) < EVENTS_PER_TURN:  # else the link may have said itself why it ended
            self._watch()
        self._do(self.rulebook.due(self._clock(), self.state, self.host))
        self._paint()

    def close(self) -> bool:
        """Ends every thread within STOP_TIMEOUT, whether that worked; the card says Disconnected."""
        self._closed = True
        self.wish = None
        links = [*self._ending, self._link] if self._link is not None else self._ending
        for link in links:
            link.stop()
        deadline = time.monotonic() + STOP_TIMEOUT
        ended = all([link.join(max(0.0, deadline - time.monotonic())) for link in links])
        # Nobody paints from here on: a card that is still in the scene must not go on saying Connected.
        self._happened(LinkChanged(Signal.STOPPED))
        self._paint()
        return ended

    def _do(self, planned: Iterable[Planned]) -> None:
        for one in planned:
            self.perform(one, self._clock())

    def _paint(self) -> None:
        now, preview = self._clock(), self.preview
        is_unasked = preview is not None and self.host.on_air and not preview.for_viewers
        if preview is not None and (now >= preview.until or self._closed or is_unasked):
            self.preview = preview = None
        state, choices = (self.state, self.choices) if preview is None else (preview.state, preview.choices)
        self.card = self._renderer.card(state, choices, self.host, now)
        self._painter.paint(self.card)

    def _reconcile(self) -> None:
        wish = self.wish
        if self._ending:
            self._ending = [link for link in self._ending if link.alive]
        if wish is self._running or wish == self._running:
            return
        self._restart_at = None
        if self._link is not None:
            self._link.stop()
            self._ending.append(self._link)
            self._link = None
            self._happened(LinkChanged(Signal.STOPPED))
        # Late events of the old link land in the old inbox, which nobody reads, and ask no rules.
        self._inbox.hears = hears_all
        self._inbox = Inbox()
        self.state = self._start_state(wish)
        self._running = wish  # only now: `shown_state` takes the state for this wish's from here on
        if wish is None:
            return
        if wish.pasted is not None:
            self._remember(*wish.pasted)
        failure = self._refused(wish)
        if failure is not None:
            self._happened(LinkChanged(Signal.REFUSED, failure.reason, self._ports.monotonic()))
        elif isinstance(wish, Wish):
            self._start(wish)

    def _refused(self, wish: Wish | Refusal) -> Failure | None:
        """Why no thread can help: a setting that can't be used, or a name that no channel can have."""
        if isinstance(wish, Refusal):
            return wish.failure
        found = channel.resolve(wish)
        return found if isinstance(found, Failure) else None

    def _start(self, wish: Wish) -> None:
        try:
            link = Link(replace(wish, known=self.known), self._inbox, self._cooldowns, self._ports)
            link.start()
        except CannotConnect as error:
            self._lost(error.failure.reason)
            return
        self._link = link
        if self._closed:  # OBS waits for no timer before script_unload: close may have looked for links a moment ago
            link.stop()

    def _watch(self) -> None:
        """A link without its thread says nothing any more: that is said for it, and it is replaced after a pause."""
        if self._link is not None and self._link.died:
            self._link = None
            self._lost(because("thread_ended"))
        if self._restart_at is not None and self._ports.monotonic() >= self._restart_at and isinstance(self._running, Wish):
            self._restart_at = None
            self._inbox = Inbox()
            self._start(self._running)

    def _lost(self, reason: Reason) -> None:
        now = self._ports.monotonic()
        self._restart_at = now + RESTART_PAUSE
        attempt = max(1, self.state.attempt)
        if self.state.status is Status.DISCONNECTED:
            self._happened(LinkChanged(Signal.TRYING, None, now, attempt))
        self._happened(LinkChanged(Signal.BROKE, reason, now, attempt, self._restart_at))

    def _start_state(self, wish: Wanted) -> State:
        if wish is None:
            return State(name=self.state.name)
        is_same_channel = self._running is not None and self._running.username == wish.username
        return replace(_nothing_yet(wish.username), tally=self.state.tally if is_same_channel else Tally())

    def _chatted(self, messages: list[Event]) -> None:
        """A run of chat messages: counted at once, since all that they change is the count, which no rule looks at."""
        self.state = chatted(self.state, sum(map(events.counts, messages)))
        if self.rulebook.hears_chat and not self._closed:
            now = self._clock()
            for message in messages:
                planned = self.rulebook.plan(message, self.state, self.host, now) if isinstance(message, ChatMessage) else None
                if planned:
                    self._do(planned)

    def _happened(self, event: Event) -> None:
        before, had_connected = self.state.status, self.state.ever_connected
        self.state = reduce(self.state, event)
        if not self._closed:
            self._do(self.rulebook.plan(event, self.state, self.host, self._clock()))
        self.unsaved = self.unsaved or self.state.ever_connected > had_connected
        if isinstance(event, events.ChannelFound):
            self._remember(event.slug, KnownChannel(event.chatroom_id, event.channel_id, event.name))
        elif isinstance(event, events.Notice):
            log.info("%s", event.reason)
            self._note(None, event.reason)
        if self.state.status is not before:
            is_good = self.state.status in (Status.CONNECTED, Status.LIVE)
            self._note(self.state.status, None if is_good else self.state.reason)

    def _remember(self, slug: str, row: KnownChannel) -> None:
        known = remember(self.known, slug, row)
        self.unsaved = self.unsaved or known is not self.known
        self.known = known

    def _note(self, status: Status | None, reason: Reason | None) -> None:
        self.history.append(Entry(time.strftime("%H:%M:%S"), status, reason))


def _is_chat(event: Event) -> bool:
    return isinstance(event, (ChatMessage, Unheard))


def _nothing_yet(username: str) -> State:
    """The state before anything happened: what the user typed stands for the channel's name."""
    return State(name=" ".join(printable(username[: 2 * LONGEST_NAME]).split())[:LONGEST_NAME])
