"""What a rule can do, as values. Knows no OBS: obs/actions.py does it.

As saved, an action holds templates; the Rulebook hands it out as Planned, with every template filled in. An empty `scene` is the
current one. Seconds are floats. ACTIONS is the table: saved ID → the type and what can be typed for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Union

from vmsc_core.rules.spec import LONGEST_TEMPLATE, Spec

LONGEST_PAUSE = 3600
"""Seconds of anything that ends after a time."""

AUTOMATIC, FIRST, LAST = "automatic", "first", "last"
PLAY, RESTART, STOP = "play", "restart", "stop"
ON, OFF, TOGGLE = "on", "off", "toggle"
START, PAUSE, RESUME = "start", "pause", "resume"


@dataclass(frozen=True)
class ShowSource:
    """Shows every copy of a source in the scene, also inside groups; hides it again after `seconds`, or never (None)."""

    source: str = ""
    scene: str = ""
    seconds: float | None = None


@dataclass(frozen=True)
class HideSource:
    """Hides every copy of a source in the scene."""

    source: str = ""
    scene: str = ""


@dataclass(frozen=True)
class ToggleSource:
    """Shows a source where it is hidden and hides it where it's shown."""

    source: str = ""
    scene: str = ""


@dataclass(frozen=True)
class SetText:
    """A text source says `template`, filled in."""

    source: str = ""
    template: str = "{user}"


@dataclass(frozen=True)
class AddLine:
    """A text source gets one line more at its end and keeps its last `keep` lines."""

    source: str = ""
    template: str = "{user}: {message}"
    keep: int = 8


@dataclass(frozen=True)
class SwitchScene:
    """OBS switches to a scene, and back after `back_after` seconds unless somebody switched meanwhile; never back: None."""

    scene: str = ""
    back_after: float | None = None


@dataclass(frozen=True)
class Media:
    """A media source plays on, starts over, or stops."""

    source: str = ""
    do: str = RESTART


@dataclass(frozen=True)
class SetFilter:
    """A filter of a source is turned on, off, or over."""

    source: str = ""
    filter: str = ""
    do: str = TOGGLE


@dataclass(frozen=True)
class SetMuted:
    """An audio source is muted (on), heard (off), or the other of the two."""

    source: str = ""
    do: str = ON


@dataclass(frozen=True)
class SetVolume:
    """An audio source gets `percent` of full volume as OBS's mixer shows it (cubic), within `fade_ms` milliseconds."""

    source: str = ""
    percent: int = 100
    fade_ms: int = 0


@dataclass(frozen=True)
class Record:
    """OBS starts, stops, pauses or resumes its recording."""

    do: str = START


@dataclass(frozen=True)
class SaveReplay:
    """OBS saves its replay buffer."""


@dataclass(frozen=True)
class ChapterMarker:
    """OBS puts a chapter into the recording (30.2 or later); `name` is a template, empty for OBS's own numbering."""

    name: str = ""


@dataclass(frozen=True)
class PressHotkey:
    """OBS does what the hotkey of this name does, as if it were pressed and released."""

    name: str = ""


@dataclass(frozen=True)
class WriteEvent:
    """One line more in the events file. `line` is made by the Rulebook: a JSON object without a line's end."""

    line: str = ""


@dataclass(frozen=True)
class WriteLabel:
    """The text file of the name `label` says `template`, filled in, and nothing else."""

    label: str = "latest_follower"
    template: str = "{user}"


@dataclass(frozen=True)
class Wait:
    """The rest of the chain comes so many seconds later. The Rulebook's own: never handed out."""

    seconds: float = 1.0


@dataclass(frozen=True)
class ShowAlert:
    """The group "Kick alert" shows two texts. One alert at a time: the Rulebook hands out the next one, or HideAlert, at its end.

    `priority`: first, last, or automatic (gifts before subs before follows before chat).
    """

    title: str = "{user}"
    text: str = ""
    priority: str = AUTOMATIC
    seconds: float = 5.0


@dataclass(frozen=True)
class HideAlert:
    """The alert that is shown is over. Only handed out, never chosen."""


@dataclass(frozen=True)
class Withdraw:
    """A chat message was taken back: `source` is to lose `text` again, if it still shows it. Only handed out, never chosen.

    `added` tells a line of an AddLine from a SetText.
    """

    source: str
    text: str
    added: bool = False


@dataclass(frozen=True)
class WithdrawLabel:
    """The same for a label's file: it is to say `before` again, if it still says `text`.

    None is what it said before its first text of this run. Only handed out, never chosen.
    """

    label: str
    text: str
    before: str | None = None


Action = Union[
    ShowSource,
    HideSource,
    ToggleSource,
    SetText,
    AddLine,
    SwitchScene,
    Media,
    SetFilter,
    SetMuted,
    SetVolume,
    Record,
    SaveReplay,
    ChapterMarker,
    PressHotkey,
    WriteEvent,
    WriteLabel,
    Wait,
    ShowAlert,
    HideAlert,
    Withdraw,
    WithdrawLabel,
]


def changed_by(action: Action) -> tuple[str, ...] | None:
    """What the action changes for as long as nothing changes it back; None where there's no back."""
    if isinstance(action, (ShowSource, HideSource, ToggleSource)):
        return "shown", action.scene, action.source
    if isinstance(action, SetFilter):
        return "filter", action.source, action.filter
    if isinstance(action, (SetMuted, SetVolume)):
        return type(action).__name__, action.source
    return None


def in_the_end(action: Action) -> Action:
    """What brings about at once what the action leaves behind when all its time has passed."""
    if isinstance(action, ShowSource) and action.seconds is not None:
        return HideSource(action.source, action.scene)
    return replace(action, fade_ms=0) if isinstance(action, SetVolume) else action


@dataclass(frozen=True)
class Planned:
    """One action to be done now. `kind` is the saved ID of the trigger, "" for what no trigger asked for.

    `is_alert` is False for what a chat message triggered; `message_id` is that message's then.
    """

    rule_id: str
    action: Action
    is_alert: bool
    message_id: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class ActionKind:
    """A row of ACTIONS. The action's title on the page is in words/ under rule_action_ID."""

    type: type[Any]
    specs: tuple[Spec, ...] = ()


_SCENE = Spec("scene", "scene")
_TEMPLATE = Spec("template", "template", longest=LONGEST_TEMPLATE)


def _source(kind: str = "source") -> Spec:
    return Spec("source", kind)


def _seconds(key: str, kind: str = "seconds_or_none") -> Spec:
    return Spec(key, kind, low=0, high=LONGEST_PAUSE)


def _do(*choices: str) -> Spec:
    return Spec("do", "choice", choices)


ACTIONS: dict[str, ActionKind] = {
    "show_source": ActionKind(ShowSource, (_source(), _SCENE, _seconds("seconds"))),
    "hide_source": ActionKind(HideSource, (_source(), _SCENE)),
    "toggle_source": ActionKind(ToggleSource, (_source(), _SCENE)),
    "set_text": ActionKind(SetText, (_source("text_source"), _TEMPLATE)),
    "add_line": ActionKind(AddLine, (_source("text_source"), _TEMPLATE, Spec("keep", "number", low=1, high=100))),
    "show_alert": ActionKind(
        ShowAlert,
        (
            Spec("title", "template", longest=LONGEST_TEMPLATE),
            Spec("text", "template", longest=LONGEST_TEMPLATE),
            Spec("priority", "choice", (AUTOMATIC, FIRST, LAST)),
            Spec("seconds", "seconds", low=1, high=60),
        ),
    ),
    "switch_scene": ActionKind(SwitchScene, (_SCENE, _seconds("back_after"))),
    "media": ActionKind(Media, (_source("media_source"), _do(PLAY, RESTART, STOP))),
    "set_filter": ActionKind(SetFilter, (_source(), Spec("filter", "filter"), _do(ON, OFF, TOGGLE))),
    "set_muted": ActionKind(SetMuted, (_source("audio_source"), _do(ON, OFF, TOGGLE))),
    "set_volume": ActionKind(
        SetVolume,
        (_source("audio_source"), Spec("percent", "number", high=100), Spec("fade_ms", "number", high=60_000)),
    ),
    "record": ActionKind(Record, (_do(START, STOP, PAUSE, RESUME),)),
    "save_replay": ActionKind(SaveReplay),
    "chapter": ActionKind(ChapterMarker, (Spec("name", "template", longest=LONGEST_TEMPLATE),)),
    "hotkey": ActionKind(PressHotkey, (Spec("name", "hotkey"),)),
    "write_event": ActionKind(WriteEvent),
    "write_label": ActionKind(WriteLabel, (Spec("label", "text", longest=40), _TEMPLATE)),
    "wait": ActionKind(Wait, (_seconds("seconds", "seconds"),)),
}
"""Saved ID → action, in the order of the page's list. HideAlert and what withdraws aren't there: nobody chooses them."""

SAVED_AS: dict[type[Any], str] = {row.type: saved for saved, row in ACTIONS.items()}
