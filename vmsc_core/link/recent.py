"""The last messages of the feed, for a report: the link's thread notes them, anybody may take a copy. Knows no report.

The one thing beside the inbox that leaves the link's thread. Nothing is decided by it: it is read when somebody presses a button.
"""

from __future__ import annotations

from collections import deque

from vmsc_core.kick.session import Message

MOST = 200
"""Messages."""

LONGEST = 16 * 1024
"""Characters of a message's data above which only its name is kept: Kick's are at most 10 kB."""


class Recent:
    """`note` on the link's thread; `copy` on any."""

    def __init__(self) -> None:
        self._messages: deque[tuple[float, Message]] = deque(maxlen=MOST)

    def note(self, now: float, message: Message) -> None:
        """One message, at `now` (monotonic seconds)."""
        data = message.data
        if isinstance(data, str) and len(data) > LONGEST:
            message = Message(message.event, message.channel, None)
        self._messages.append((now, message))

    def copy(self) -> list[tuple[float, Message]]:
        """All of them, the oldest first."""
        while True:
            try:
                return list(self._messages)
            except RuntimeError:  # one was noted meanwhile
                continue
