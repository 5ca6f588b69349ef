"""Which texts of chat messages stand in the user's sources, so that they can be taken back. Knows no rule and no queue."""

from __future__ import annotations

from dataclasses import dataclass

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.rules.actions import AddLine, Planned, SetText, Withdraw

MOST_SHOWN = 100
"""Texts that are remembered; the oldest can't be withdrawn anymore."""


@dataclass(frozen=True)
class TakenBack:
    """Whose chat messages are gone: the one with `message_id`, all of a `viewer` (in lower case), or everybody's."""

    message_id: str | None = None
    viewer: str | None = None

    def covers(self, message_id: str | None, viewer: str) -> bool:
        """Whether a message is among them; what no message triggered (None) never is."""
        if message_id is None:
            return False
        if self.message_id is None and self.viewer is None:
            return True
        return message_id == self.message_id or (self.viewer is not None and viewer == self.viewer)


def taken_back(event: Event) -> TakenBack | None:
    """What `event` takes back; None for nearly all events."""
    if isinstance(event, events.MessageDeleted):
        return TakenBack(message_id=event.message_id)
    if isinstance(event, events.UserBanned):
        return TakenBack(viewer=event.username.casefold())
    return TakenBack() if isinstance(event, events.ChatCleared) else None


@dataclass(frozen=True)
class _Text:
    planned: Planned
    viewer: str
    action: SetText | AddLine


class Shown:
    """The texts that were handed out, the oldest first: `note` each action, `withdraw` what is taken back."""

    def __init__(self) -> None:
        self._texts: list[_Text] = []

    def __len__(self) -> int:
        return len(self._texts)

    def note(self, planned: Planned, viewer: str) -> None:
        """An action is handed out. One that sets a text ends what stood there before."""
        action = planned.action
        if not isinstance(action, (SetText, AddLine)):
            return
        if isinstance(action, SetText):
            self._texts = [text for text in self._texts if text.action.source != action.source]
        if planned.message_id is not None:
            self._texts.append(_Text(planned, viewer, action))
            del self._texts[:-MOST_SHOWN]

    def withdraw(self, gone: TakenBack) -> list[Planned]:
        """What takes these texts back."""
        covered = [text for text in self._texts if gone.covers(text.planned.message_id, text.viewer)]
        if covered:
            self._texts = [text for text in self._texts if text not in covered]
        return [_withdrawal(text) for text in covered]


def _withdrawal(text: _Text) -> Planned:
    action, planned = text.action, text.planned
    withdraw = Withdraw(action.source, action.template, isinstance(action, AddLine))
    return Planned(planned.rule_id, withdraw, planned.is_alert, planned.message_id, planned.kind)
