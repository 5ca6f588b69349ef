"""A rule fires: its actions with everything filled in, as a Chain. Knows no filter and no queue."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any

from vmsc_core.printable import printable
from vmsc_core.rules.actions import Action, AddLine, ChapterMarker, SetText, ShowAlert, WriteEvent, WriteLabel
from vmsc_core.rules.chains import Chain
from vmsc_core.rules.facts import Facts
from vmsc_core.rules.rule import KINDS, Rule
from vmsc_core.rules.template import fill

LONGEST_DATA_TEXT = 500
"""Characters of one text in a line of the events file."""


def chain_of(
    rule: Rule, facts: Facts, values: Mapping[str, str], now: float, clock_offset: float | None, is_tried: bool = False
) -> Chain:
    """The chain of `rule` for this event. `clock_offset` is Unix seconds minus monotonic ones, None if that isn't known.

    What is only tried isn't chat: no flood thins it.
    """
    kind = KINDS[rule.trigger.kind]
    is_chat = kind.is_chat and not is_tried
    args = facts.words[1:] if kind.is_chat else None
    actions = [
        WriteEvent(event_line(rule.trigger.kind, facts, now, clock_offset))
        if isinstance(action, WriteEvent)
        else filled(action, values, args)
        for action in rule.actions
    ]
    message_id = facts.message_id if kind.is_chat else None
    return Chain(rule.id, rule.trigger.kind, kind.rank, not is_chat, actions, message_id, facts.viewer)


def filled(action: Action, values: Mapping[str, str], args: tuple[str, ...] | None) -> Action:
    """`action` with its templates filled in."""

    def text(template: str) -> str:
        return fill(template, values, args)

    if isinstance(action, (SetText, AddLine)):
        return dataclasses.replace(action, template=text(action.template))
    if isinstance(action, ShowAlert):
        return dataclasses.replace(action, title=text(action.title), text=text(action.text))
    if isinstance(action, ChapterMarker):
        return ChapterMarker(text(action.name))
    if isinstance(action, WriteLabel):
        return WriteLabel(file_name(action.label), text(action.template))
    return action


def file_name(label: str) -> str:
    """`label` as it may be a part of a file's name on every system: letters, digits, _ and -; never empty."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", label)[:40].strip("_") or "label"


def event_line(kind: str, facts: Facts, now: float, clock_offset: float | None) -> str:
    """One line of the events file: a JSON object. `ms` is Unix milliseconds: Kick's, else this computer's, else null."""
    event = facts.event
    data = {} if event is None else {field.name: _plain(getattr(event, field.name)) for field in dataclasses.fields(event)}
    time = data.get("time")
    if time is None and clock_offset is not None:
        time = now + clock_offset
    ms = int(time * 1000) if isinstance(time, (int, float)) and abs(time) < 1e12 else None
    line = {"id": facts.message_id or "", "type": kind, "source": "kick", "ms": ms, "user": printable(facts.user), "data": data}
    return json.dumps(line, ensure_ascii=True, allow_nan=False)


def _plain(value: Any) -> Any:
    """A value of an event as JSON can hold it."""
    if isinstance(value, str):
        return printable(value)[:LONGEST_DATA_TEXT]
    if isinstance(value, tuple):
        return [_plain(item) for item in value[:100]]
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, float) and not abs(value) < 1e300:
        return None
    return value if isinstance(value, (int, float, bool)) else None
