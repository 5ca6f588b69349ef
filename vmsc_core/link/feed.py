"""One open connection, iterated: frames in, outputs out, until it ends. Knows no server's address, no event and no inbox.

feed = Feed(session, transport, ports, stop)
for now, outputs in feed:
    …                                # at least every RECEIVE_SLICE, also without any output
    feed.wake_at = …                 # when to come round at the latest
feed.failure                         # why it ended
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from vmsc_core.kick.session import NEVER, Message, Output, Ready, Session
from vmsc_core.link.errors import ConnectionLost, Stopped
from vmsc_core.link.ports import Ports
from vmsc_core.link.transport import Transport
from vmsc_core.reasons import Failure, Remedy, because

RECEIVE_SLICE = 0.25
"""Seconds that are waited for one frame."""

JUMP = 15.0
"""Seconds by which the clocks may disagree before the computer must have slept."""

QUIET_AT_LEAST = 180.0
QUIET_AT_MOST = 1800.0
QUIET_FACTOR = 20.0
"""A silence this many times longer than usual for this channel is looked into: after QUIET_AT_LEAST to QUIET_AT_MOST seconds."""

PROBE_EVERY = 900.0
"""Seconds after which a room is probed though others are busy: one room alone can have stopped delivering."""

BATCH = 20
BATCH_WEIGHT = 24 * 1024
NAP = 0.0005
"""In a flood: a nap of so many seconds after each batch of messages, so that OBS's frame doesn't wait for this thread. A batch
is BATCH messages or BATCH_WEIGHT characters, whichever comes first: a few tenths of a millisecond of work. What of it has
arrived is given at once. With batches of 50 and naps of 2 ms, the frames that met one waited up to three times as long, since
a thread that works for long is also the one that the system suspends, with Python's lock in its hand. With batches of 10 a
message costs a fifth more, for the naps: 1.44 to 1.55 times the floor of python3 tools/bench wire, where 20 cost 1.20 to 1.24.
"""

SLEPT = Failure(Remedy.BACKOFF, because("slept"))


class Feed:
    """What comes over one open connection. `failure` is None until the iteration has come to its end."""

    def __init__(self, session: Session, transport: Transport, ports: Ports, stop: threading.Event) -> None:
        self._session = session
        self._transport = transport
        self._ports = ports
        self._stop = stop
        self.failure: Failure | None = None
        self.wake_at = NEVER
        self.ready_at: float | None = None
        """Monotonic seconds: since when every subscription is acknowledged."""
        self.lost_at: float | None = None
        """Wall clock: since when nothing can have arrived, when that was before the end was found out."""
        self._rhythm = 0.0  # seconds between messages, smoothed
        self._heard_at = 0.0
        self._probed_at = 0.0

    def __iter__(self) -> Iterator[tuple[float, list[Output]]]:
        """Monotonic seconds and what came, again and again. Raises Stopped."""
        session, ports = self._session, self._ports
        now, wall = ports.monotonic(), ports.wall()
        offset = wall - now
        heard = wall
        note = ports.recent.note
        session.opened(now)
        busy = weight = 0
        while self.failure is None:
            try:
                self._send()
                before = ports.monotonic()
                text = self._transport.receive(self._timeout(before))
            except ConnectionLost as lost:
                self.failure = session.closed(lost.code, lost.said)
                return
            now, wall = ports.monotonic(), ports.wall()
            if now - before > RECEIVE_SLICE + JUMP or abs(wall - now - offset) > JUMP:
                # What the socket has to say now is old; a clean start is quicker than finding out what it is worth.
                self.lost_at = before + offset
                self.failure = SLEPT
                return
            offset += (wall - now - offset) * 0.01  # a clock that is being corrected drifts, it does not jump
            outputs: list[Output] = []
            if text is None:
                busy = weight = 0
            else:
                heard = wall
            while text is not None:
                said = session.receive(text, now)
                outputs += said
                busy, weight = busy + 1, weight + len(text)
                is_plain = said and type(said[-1]) is Message  # others may call for an answer, or be the end
                text = self._transport.more() if is_plain and busy < BATCH and weight < BATCH_WEIGHT else None
            if now >= session.deadline and not _failed(outputs):
                outputs += session.poll(now)
                self.lost_at = heard if _failed(outputs) else None
            for output in outputs:
                if type(output) is Message:
                    if self._heard_at:
                        self._rhythm += (now - self._heard_at - self._rhythm) * 0.1
                    self._heard_at = now
                    note(now, output)
                else:
                    self._note(output, now)
            yield now, outputs
            if self.ready_at is not None and self.failure is None:
                self._look_into_silence(now)
            if busy >= BATCH or weight >= BATCH_WEIGHT:
                busy = weight = 0
                self._nap()

    def _timeout(self, now: float) -> float:
        """Seconds to wait for a frame."""
        return max(0.0, min(RECEIVE_SLICE, min(self._session.deadline, self.wake_at) - now))

    def _send(self) -> None:
        for text in self._session.outgoing():
            self._transport.send(text)

    def _nap(self) -> None:
        """Lets the other threads of OBS run."""
        if self._ports.wait(self._stop, NAP):
            raise Stopped

    def _note(self, output: Output, now: float) -> None:
        if isinstance(output, Ready):
            self.ready_at = self._heard_at = self._probed_at = now
        elif isinstance(output, Failure):
            self.failure = self.failure or output

    def _look_into_silence(self, now: float) -> None:
        """Protocol pings prove the socket, not the subscription: after a silence unusual for this channel, probe."""
        is_quiet = now - self._heard_at > min(QUIET_AT_MOST, max(QUIET_AT_LEAST, QUIET_FACTOR * self._rhythm))
        if is_quiet or now - self._probed_at > PROBE_EVERY:
            self._heard_at = now if is_quiet else self._heard_at
            self._probed_at = now
            self._session.probe(now)


def _failed(outputs: list[Output]) -> bool:
    """Whether the session has come to its end: nothing more may be asked of it."""
    return any(isinstance(output, Failure) for output in outputs)
