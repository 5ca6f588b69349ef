"""The rule editor's fields: a rule ↔ what the settings hold while it is edited, key → text or tick. Knows no row, no sentence.

Rules a maintainer must keep:
1. The keys are always the same: a field of each name that any trigger, filter or action has, whatever the rule is.
2. `edited` never raises and never loses anything: what can't be read, or stands there as it was shown, leaves the rule as it was.
3. What it returns is what comes back after it has been saved (saved.acceptable).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from vmsc_core.printable import printable
from vmsc_core.rules.actions import ACTIONS, SAVED_AS, Action
from vmsc_core.rules.filters import ANYONE, FILTERS, Filters
from vmsc_core.rules.rule import KINDS, Rule, Trigger
from vmsc_core.rules.saved import LONGEST_RULE_NAME
from vmsc_core.rules.spec import LONGEST_WORD, MOST_NAMES, Spec, Unacceptable

ACTIONS_SHOWN = 5

CHOSEN, READY, FILE = "rule_chosen", "rule_ready", "rule_file"
"""Which rule is edited, which ready-made one is chosen, and the file to export to and to import from."""

FILTERS_OPEN, FILE_OPEN = "rule_show_filters", "rule_show_file"
NAME, ON, KIND = "rule_name", "rule_on", "rule_kind"


def when_key(spec: Spec) -> str:
    """The setting of a trigger's field."""
    return f"rule_when_{spec.key}"


def filter_key(spec: Spec) -> str:
    """The setting of a filter."""
    return f"rule_if_{spec.key}"


def do_key(place: int) -> str:
    """The setting that says which action stands in that place, 1 to ACTIONS_SHOWN; empty for none."""
    return f"rule_do{place}"


def name_of(spec: Spec) -> str:
    """An action's field: a name stands for one kind of row only, and "name" is typed in one action and chosen in another."""
    return "hotkey" if spec.kind == "hotkey" else spec.key


def action_key(place: int, spec: Spec) -> str:
    """The setting of a field of the action in that place."""
    return f"{do_key(place)}_{name_of(spec)}"


def _distinct(specs: Iterable[Spec]) -> tuple[Spec, ...]:
    return tuple({name_of(spec): spec for spec in specs}.values())


WHEN_SPECS = _distinct(spec for kind in KINDS.values() for spec in kind.specs)
"""One for each name of a trigger's field."""

_LAST = ("do", "keep", "priority", "seconds", "back_after")

ACTION_SPECS = tuple(
    sorted(_distinct(spec for action in ACTIONS.values() for spec in action.specs), key=lambda spec: spec.key in _LAST)
)
"""One for each name of an action's field, in the order of the page."""

PLACES = range(1, ACTIONS_SHOWN + 1)


def shown(value: Any) -> str:
    """What a field shows for a value of a rule."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def values_of(rule: Rule | None) -> dict[str, Any]:
    """What the settings hold while this rule is edited; without a rule, all empty."""
    trigger, filters = (rule.trigger, rule.filters) if rule is not None else (Trigger(), Filters())
    actions = rule.actions[:ACTIONS_SHOWN] if rule is not None else ()
    found: dict[str, Any] = {
        NAME: rule.name if rule is not None else "",
        ON: rule is not None and rule.on,
        KIND: trigger.kind,
        **{when_key(spec): shown(getattr(trigger, spec.key)) for spec in WHEN_SPECS},
        **{filter_key(spec): shown(getattr(filters, spec.key)) for spec in FILTERS},
    }
    for place in PLACES:
        found[do_key(place)] = ""
        found.update({action_key(place, spec): "" for spec in ACTION_SPECS})
    for place, action in enumerate(actions, 1):
        found[do_key(place)] = SAVED_AS.get(type(action), "")
        found.update({action_key(place, spec): shown(getattr(action, spec.key)) for spec in specs_of(action)})
    return found


DEFAULTS: Mapping[str, Any] = {
    CHOSEN: "",
    READY: "",
    FILE: "",
    FILTERS_OPEN: False,
    FILE_OPEN: False,
    **values_of(None),
}
"""The editor's settings, with what they hold before anything was chosen."""


def specs_of(action: Action) -> tuple[Spec, ...]:
    """The fields of an action."""
    return ACTIONS[SAVED_AS[type(action)]].specs if type(action) in SAVED_AS else ()


def shape(rule: Rule) -> tuple[str, ...]:
    """What decides which fields there are: the trigger and the actions. When it changes, the fields must be shown again."""
    return (rule.trigger.kind, *(SAVED_AS.get(type(action), "") for action in rule.actions))


# -- settings → rule ----------------------------------------------------------------------------------------------------


def edited(rule: Rule, values: Mapping[str, Any]) -> Rule:
    """`rule` as the editor's fields have it now."""
    on = values.get(ON)
    return replace(
        rule,
        name=_name(rule.name, values.get(NAME)),
        on=on if isinstance(on, bool) else rule.on,
        trigger=(trigger := _trigger(rule.trigger, values)),
        filters=_filters(rule.filters, trigger.kind, values),
        actions=(*_actions(rule.actions[:ACTIONS_SHOWN], values), *rule.actions[ACTIONS_SHOWN:]),
    )


def _name(old: str, text: Any) -> str:
    return old if not isinstance(text, str) or text == old else printable(text)[:LONGEST_RULE_NAME]


def _trigger(old: Trigger, values: Mapping[str, Any]) -> Trigger:
    kind = values.get(KIND)
    if not isinstance(kind, str) or kind not in KINDS:
        kind = old.kind
    if kind != old.kind:
        return Trigger(kind)
    return replace(
        old, **{spec.key: read(spec, getattr(old, spec.key), values.get(when_key(spec))) for spec in KINDS[kind].specs}
    )


def _filters(old: Filters, kind: str, values: Mapping[str, Any]) -> Filters:
    new = replace(old, **{spec.key: read(spec, getattr(old, spec.key), values.get(filter_key(spec))) for spec in FILTERS})
    # Somebody's badges come with chat messages only: with another trigger, a moderator would never be found.
    is_possible = "who" not in KINDS[kind].filters or new.who in KINDS[kind].who
    return new if is_possible else replace(new, who=ANYONE)


def _actions(old: tuple[Action, ...], values: Mapping[str, Any]) -> Iterator[Action]:
    for place in PLACES:
        before = old[place - 1] if place <= len(old) else None
        kind = values.get(do_key(place))
        if not isinstance(kind, str) or (kind and kind not in ACTIONS):
            kind = SAVED_AS.get(type(before), "") if before is not None else ""
        if before is not None and type(before) not in SAVED_AS:
            yield before  # not one that can be chosen
        elif before is not None and kind == SAVED_AS[type(before)]:
            yield _action(before, place, values)
        elif kind:
            yield _other_action(kind, before)


def _action(old: Action, place: int, values: Mapping[str, Any]) -> Action:
    changed = {spec.key: read(spec, getattr(old, spec.key), values.get(action_key(place, spec))) for spec in specs_of(old)}
    return replace(old, **changed)


def _other_action(kind: str, before: Action | None) -> Action:
    """An action of this kind, with what it shares with the one that stood there; the settings still hold that one's fields."""
    made: Action = ACTIONS[kind].type()
    shared = {name_of(spec): spec for spec in specs_of(before)} if before is not None else {}
    kept: dict[str, Any] = {}
    for spec in specs_of(made):
        there = shared.get(name_of(spec))
        if there is not None and there.kind == spec.kind:
            value = getattr(before, spec.key)
            kept[spec.key] = read(spec, getattr(made, spec.key), shown(value))
    return replace(made, **kept)


def read(spec: Spec, old: Any, text: Any) -> Any:
    """What `text` means in a field that held `old`; `old` itself where it means nothing."""
    if not isinstance(text, str) or text == shown(old):
        return old
    try:
        return spec.read(_meant(spec, text))
    except (Unacceptable, ValueError, OverflowError):
        return old


def _meant(spec: Spec, text: str) -> Any:
    if spec.kind == "names":
        names = [name[:LONGEST_WORD] for name in re.split(r"[,;\s]+", text) if name]
        return tuple(dict.fromkeys(names))[:MOST_NAMES]
    if spec.kind in ("number", "seconds", "seconds_or_none"):
        text = text.strip().replace(",", ".").rstrip("s%").strip()
        if not text and spec.kind == "seconds_or_none":
            return None
        number = float(text)
        if not math.isfinite(number):
            raise Unacceptable(spec.key)
        number = spec.clamped(number)
        return round(number) if spec.kind == "number" else number
    return text[: spec.longest]
