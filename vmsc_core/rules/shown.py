"""Which texts of chat messages stand in the user's sources and label files, so that they can be taken back. Knows no queue."""

from __future__ import annotations

from dataclasses import dataclass, field

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.rules.actions import AddLine, Planned, SetText, Withdraw, WithdrawLabel, WriteLabel

MOST_SHOWN = 100
"""Texts in sources that are remembered; the oldest can't be withdrawn anymore."""

MOST_LABELS, MOST_OF_A_LABEL = 100, 20
"""Labels that are remembered, the first ones, and the last texts of each."""


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
    action: SetText | AddLine | WriteLabel
    target: str

    def is_covered(self, gone: TakenBack) -> bool:
        return gone.covers(self.planned.message_id, self.viewer)


@dataclass
class _Label:
    """What a label said, the newest last. `base` is what it said before that; None for before this run."""

    base: str | None = None
    texts: list[_Text] = field(default_factory=list)

    def withdraw(self, gone: TakenBack) -> Planned | None:
        left = [text for text in self.texts if not text.is_covered(gone)]
        last, self.texts = self.texts[-1:], left
        before = left[-1].action.template if left else self.base
        if not last or last == left[-1:] or last[0].action.template == before:
            return None
        return _withdrawal(last[0], before)


class Shown:
    """The texts that were handed out, the oldest first: `note` each action, `withdraw` what is taken back."""

    def __init__(self) -> None:
        self._texts: list[_Text] = []
        self._labels: dict[str, _Label] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def note(self, planned: Planned, viewer: str) -> None:
        """An action is handed out. One that sets a text ends what stood there before."""
        action = planned.action
        if isinstance(action, WriteLabel):
            self._note_label(_Text(planned, viewer, action, action.label.casefold()))  # as some systems name files
        if not isinstance(action, (SetText, AddLine)):
            return
        if isinstance(action, SetText):
            self._texts = [text for text in self._texts if text.target != action.source]
        if planned.message_id is not None:
            self._texts.append(_Text(planned, viewer, action, action.source))
            del self._texts[:-MOST_SHOWN]

    def withdraw(self, gone: TakenBack) -> list[Planned]:
        """What takes these texts back."""
        covered = [text for text in self._texts if text.is_covered(gone)]
        if covered:
            self._texts = [text for text in self._texts if text not in covered]
        labels = [label.withdraw(gone) for label in self._labels.values()]
        return [*map(_withdrawal, covered), *(planned for planned in labels if planned is not None)]

    def _note_label(self, text: _Text) -> None:
        label = self._labels.get(text.target)
        if label is None:
            if len(self._labels) >= MOST_LABELS:
                return
            label = self._labels[text.target] = _Label()
        label.texts.append(text)
        ended = label.texts[-1:] if text.planned.message_id is None else label.texts[:-MOST_OF_A_LABEL]
        if ended:
            label.base = ended[-1].action.template
            label.texts = [] if text.planned.message_id is None else label.texts[-MOST_OF_A_LABEL:]


def _withdrawal(text: _Text, before: str | None = None) -> Planned:
    action, planned = text.action, text.planned
    withdraw: Withdraw | WithdrawLabel
    if isinstance(action, WriteLabel):
        withdraw = WithdrawLabel(action.label, action.template, before)
    else:
        withdraw = Withdraw(action.source, action.template, isinstance(action, AddLine))
    return Planned(planned.rule_id, withdraw, planned.is_alert, planned.message_id, planned.kind)
