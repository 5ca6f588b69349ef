"""What the card shows for a few seconds when the streamer wants to see how it will look. Pure; knows no OBS."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vmsc_core.events import Status
from vmsc_core.reasons import because
from vmsc_core.settings import LATEST, Choices
from vmsc_core.state import State, Tally

SECONDS = 5.0
"""How long it is shown."""

CONFIRM_SECONDS = 10.0
"""On air, a second press within this time is needed: viewers would take it for true."""

NAME, GUEST = "dayfox", "Kindotter"
"""The channel's name as long as there is none, and who follows, subscribes and gives."""

LATEST_EVENTS = {
    "follow": because("latest_follow", name=GUEST),
    "sub": because("latest_sub", name=GUEST),
    "renewal": because("latest_renewal", name=GUEST, months=12),
    "gift": because("latest_gifts_many", name=GUEST, count="5"),
}
"""Choice → what the line below the name says."""


@dataclass(frozen=True)
class Preview:
    """What stands in for the state and the choices until `until`, monotonic seconds.

    `for_viewers`: the streamer has said that viewers may see it. Else it ends when OBS goes on air.
    """

    state: State
    choices: Choices
    until: float
    for_viewers: bool = False


def preview(kind: str, state: State, choices: Choices, now: float, for_viewers: bool = False) -> Preview:
    """What the choice `kind` of the setting "preview" shows, with the channel's own name."""
    shown = State(name=state.name or NAME, ever_connected=True)
    up = replace(shown, since=now - 3723.0, count=1234, followers=state.followers if state.followers is not None else 5678)
    marked = replace(choices, mark="card_preview")
    if kind in LATEST_EVENTS:
        shown = replace(up, status=Status.LIVE, live=True, tally=Tally(latest=LATEST_EVENTS[kind]))
        marked = replace(marked, card_line=LATEST)
    elif kind == "connected":
        shown = replace(up, status=Status.CONNECTED, live=False)
    elif kind == "connecting":
        shown = replace(shown, status=Status.CONNECTING)
    elif kind == "reconnecting":
        shown = replace(shown, status=Status.RECONNECTING, reason=because("lost"), attempt=2, retry_at=now + 8.0)
    elif kind == "error":
        shown = replace(shown, status=Status.ERROR, reason=because("lookup_blocked"))
    elif kind != "disconnected":
        shown = replace(up, status=Status.LIVE, live=True, tally=Tally(12, 3, 5))
    return Preview(shown, marked, now + SECONDS, for_viewers)
