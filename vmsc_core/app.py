"""One turn of the timer: reconcile → drain → reduce → render → paint. Knows no OBS call.

The UI thread sets `wanted` (last write wins); the next turn sees the difference and acts. Everything else here belongs to the
thread of the timer.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Callable

from vmsc_core import events
from vmsc_core.card.card import render
from vmsc_core.card.painter import Painter, Sources
from vmsc_core.card.state import State, reduce
from vmsc_core.events import Event, LinkChanged, Signal, Status
from vmsc_core.link.inbox import Inbox
from vmsc_core.link.link import Link, Ports
from vmsc_core.link.lookup import Patience
from vmsc_core.settings import REMEMBERED_CHANNELS, KnownChannel, Settings

log = logging.getLogger("vmsc.app")

EVENTS_PER_TURN = 600
"""6,000 a second at 10 turns a second: more than the worst burst to design for (5,000)."""

HISTORY_LINES = 30
LONGEST_NAME = 64
"""Characters of what the user typed, shown until the channel's own name is known."""

STOP_SECONDS = 2.0


class App:
    """What runs between script_load and script_unload. `turn` ten times a second, `close` once."""

    def __init__(
        self,
        sources: Sources,
        clock: Callable[[], float] = time.monotonic,
        ports: Ports | None = None,
        username: str = "",
    ) -> None:
        self.wanted: Settings | None = None
        self.state = _nothing_yet(username)
        self.unsaved = False
        self.history: deque[str] = deque(maxlen=HISTORY_LINES)
        self.known: Mapping[str, KnownChannel] = {}
        self._clock = clock
        self._ports = ports
        self._painter = Painter(sources)
        self._patience = Patience()
        self._running: Settings | None = None
        self._link: Link | None = None
        self._inbox = Inbox()
        self._ending: list[Link] = []
        self._presses = 0
        self._closed = False

    def connect(self, settings: Settings, anew: bool = False) -> bool:
        """Wants a connection with `settings`; whether that is a new wish. Any thread.

        While there is no connection, or with `anew`, also the same wish begins anew.
        """
        if anew or self.state.status in (Status.ERROR, Status.RECONNECTING):
            self._presses += 1
        before, self.wanted = self.wanted, replace(settings, press=self._presses)
        return self.wanted != before

    def disconnect(self) -> None:
        """Wants no connection. Any thread."""
        self.wanted = None

    @property
    def prospect(self) -> State:
        """The state of what is wanted: until the timer has come round to a new wish, nothing has happened for it. Any thread."""
        wish = self.wanted
        if wish == self._running:
            return self.state
        return State(name=self.state.name) if wish is None else _nothing_yet(wish.username)

    def repaint(self, sources: Sources) -> None:
        """Paints onto other sources from now on, everything anew. Any thread."""
        self._painter = Painter(sources)

    @property
    def now(self) -> float:
        """Monotonic seconds, by the clock the card counts with."""
        return self._clock()

    def turn(self) -> None:
        """One turn of the timer."""
        if self._closed:  # OBS waits for no timer before script_unload
            return
        self._reconcile()
        for event in self._inbox.drain(EVENTS_PER_TURN):
            self._happened(event)
        self._painter.paint(render(self.state, self._clock()))

    def close(self) -> bool:
        """Ends every thread within STOP_SECONDS, whether that worked; the card says Disconnected."""
        self._closed = True
        self.wanted = None
        links = [*self._ending, self._link] if self._link is not None else self._ending
        for link in links:
            link.stop()
        until = time.monotonic() + STOP_SECONDS
        ended = all([link.join(max(0.0, until - time.monotonic())) for link in links])
        # Nobody paints from here on: a card that is still in the scene must not go on saying Connected.
        self._happened(LinkChanged(Signal.STOPPED))
        self._painter.paint(render(self.state, self._clock()))
        return ended

    def _reconcile(self) -> None:
        wish = self.wanted
        self._ending = [link for link in self._ending if link.alive]
        if wish == self._running:
            return
        if self._link is not None:
            self._link.stop()
            self._ending.append(self._link)
            self._link = None
            self._happened(LinkChanged(Signal.STOPPED))
        # Late events of the old link land in the old inbox, which nobody reads.
        self._inbox = Inbox()
        self.state = State(name=self.state.name) if wish is None else _nothing_yet(wish.username)
        self._running = wish  # only now: `prospect` takes the state for this wish's from here on
        if wish is None:
            return
        self._link = Link(replace(wish, known={**wish.known, **self.known}), self._inbox, self._patience, self._ports)
        self._link.start()
        if self._closed:  # OBS waits for no timer before script_unload: close may have looked for links a moment ago
            self._link.stop()

    def _happened(self, event: Event) -> None:
        before, had_connected = self.state.status, self.state.ever_connected
        self.state = reduce(self.state, event)
        self.unsaved = self.unsaved or self.state.ever_connected > had_connected
        if isinstance(event, events.ChannelFound):
            self._remember(event)
        elif isinstance(event, events.Notice):
            log.info(event.text)
            self._note(event.text)
        if self.state.status is not before:
            reason = "" if self.state.status in (Status.CONNECTED, Status.LIVE) else self.state.reason
            self._note(f"{self.state.status.value}. {reason}")

    def _remember(self, found: events.ChannelFound) -> None:
        row = KnownChannel(found.chatroom_id, found.channel_id, found.name)
        if found.slug and self.known.get(found.slug) != row:
            rows = {slug: known for slug, known in self.known.items() if slug != found.slug}
            rows[found.slug] = row
            # A new mapping each time: the UI thread reads it while it saves.
            self.known = dict(list(rows.items())[-REMEMBERED_CHANNELS:])
            self.unsaved = True

    def _note(self, text: str) -> None:
        self.history.append(time.strftime("%H:%M:%S ") + text.rstrip(". ") + ".")


def _nothing_yet(username: str) -> State:
    """The state before anything happened: what the user typed stands for the channel's name."""
    return State(name=" ".join(username.split())[:LONGEST_NAME])
