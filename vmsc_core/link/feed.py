"""The loop of one open connection: frames in, messages out, until it is broken. Knows no server's address and no inbox.

What it cannot do itself it asks of its Owner, the link.
"""

from __future__ import annotations

import contextlib
from typing import Protocol

from vmsc_core.kick.session import Broken, Message, Output, Ready, Session, TokenWanted, Verdict
from vmsc_core.link.transport import Lost, Transport

RECEIVE_SLICE = 0.25
"""Seconds of one waiting for a frame."""

JUMP = 15.0
"""Seconds by which the clocks may disagree before the computer must have slept."""

QUIET_AT_LEAST = 180.0
QUIET_AT_MOST = 1800.0
QUIET_FACTOR = 20.0
"""A silence this many times longer than usual for this channel is looked into: after QUIET_AT_LEAST to QUIET_AT_MOST seconds."""

PROBE_EVERY = 900.0
"""Seconds after which a room is asked though others are busy: one room alone can have stopped delivering."""

BATCH = 50
NAP = 0.002
"""In a flood: a nap of so many seconds after each batch of messages, so that OBS's frame never waits for this thread."""


class Owner(Protocol):
    """What a feed asks of the link. Seconds everywhere; `now` is monotonic."""

    @property
    def clocks(self) -> tuple[float, float]:
        """Monotonic and wall clock."""

    def nap(self, seconds: float) -> None:
        """Lets the other threads of OBS run. Raises Stopped."""

    def connected(self) -> None:
        """Every required subscription was acknowledged."""

    def interpret(self, message: Message, now: float) -> None:
        """One message of the feed."""

    @property
    def interpreter_deadline(self) -> float:
        """When `gathered` has something to do."""

    def gathered(self, now: float) -> None:
        """Hands on what was waited for long enough."""

    def errands(self, now: float, session: Session) -> None:
        """Starts and collects what runs beside the feed."""

    def want_token(self) -> None:
        """The session's permission runs out."""


class Feed:
    """The loop of one open connection: frames in, events out, until it is Broken."""

    def __init__(self, owner: Owner, session: Session, transport: Transport) -> None:
        self._owner = owner
        self._session = session
        self._transport = transport
        self.ready_at: float | None = None
        self.lost_at: float | None = None
        """Wall clock: since when nothing can have arrived, when that was before the end was found out."""
        self._broken: Broken | None = None
        self._rhythm = 0.0  # seconds between messages, smoothed
        self._heard_at = 0.0
        self._probed_at = 0.0

    def run(self) -> Broken:
        """Until the connection ends; gives how."""
        owner, session = self._owner, self._session
        now, wall = owner.clocks
        offset = wall - now
        heard = wall
        session.opened(now)
        busy = 0
        while True:
            try:
                self._send()
                before, _ = owner.clocks
                text = self._transport.receive(self._patience(before))
            except Lost as lost:
                return self._broken or session.closed(lost.code, lost.reason)
            now, wall = owner.clocks
            if now - before > RECEIVE_SLICE + JUMP or abs(wall - now - offset) > JUMP:
                # What the socket has to say now is old; a clean start is quicker than finding out what it is worth.
                self.lost_at = before + offset
                return Broken(Verdict.BACKOFF, "This computer slept or its clock was changed.")
            offset += (wall - now - offset) * 0.01  # a clock that is being corrected drifts, it does not jump
            outputs: list[Output] = []
            if text is not None:
                outputs += session.receive(text, now)
                busy += 1
                heard = wall
            else:
                busy = 0
            if now >= session.deadline:
                outputs += session.poll(now)
                self.lost_at = heard if any(isinstance(output, Broken) for output in outputs) else None
            for output in outputs:
                self._take(output, now)
            if self._broken is not None:
                self._try_to_say_goodbye()
                return self._broken
            owner.gathered(now)
            if self.ready_at is not None:
                owner.errands(now, session)
                self._look_into_silence(now)
            if busy and busy % BATCH == 0:
                owner.nap(NAP)

    def _patience(self, now: float) -> float:
        until = min(self._session.deadline, self._owner.interpreter_deadline)
        return max(0.0, min(RECEIVE_SLICE, until - now))

    def _send(self) -> None:
        for text in self._session.outgoing():
            self._transport.send(text)

    def _try_to_say_goodbye(self) -> None:
        with contextlib.suppress(Lost):
            self._send()

    def _take(self, output: Output, now: float) -> None:
        if isinstance(output, Message):
            if self._heard_at:
                self._rhythm += (now - self._heard_at - self._rhythm) * 0.1
            self._heard_at = now
            self._owner.interpret(output, now)
        elif isinstance(output, Ready):
            self.ready_at = self._heard_at = self._probed_at = now
            self._owner.connected()
        elif isinstance(output, TokenWanted):
            self._owner.want_token()
        else:
            self._broken = self._broken or output

    def _look_into_silence(self, now: float) -> None:
        """Protocol pings prove the socket, not the subscription: after a silence unusual for this channel, ask."""
        is_quiet = now - self._heard_at > min(QUIET_AT_MOST, max(QUIET_AT_LEAST, QUIET_FACTOR * self._rhythm))
        if is_quiet or now - self._probed_at > PROBE_EVERY:
            self._heard_at = now if is_quiet else self._heard_at
            self._probed_at = now
            self._session.probe(now)
