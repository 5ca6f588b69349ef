"""What the editor's buttons do to the list of rules, and what a rule still lacks. Knows no row and no OBS."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vmsc_core.reasons import Reason, because
from vmsc_core.rules.actions import ACTIONS, SAVED_AS, Action, SwitchScene
from vmsc_core.rules.filters import Gate
from vmsc_core.rules.rule import KINDS, Rule, new_id
from vmsc_core.rules.saved import dumps, too_long


@dataclass(frozen=True)
class Edit:
    """The rules after a press, the ID of the one that is chosen then, and what was done or why not."""

    rules: tuple[Rule, ...]
    chosen: str
    said: Reason


Rules = tuple[Rule, ...]


def place_of(rules: Rules, rule_id: str) -> int | None:
    """Where the rule stands, from 0; None when it isn't there."""
    return next((place for place, rule in enumerate(rules) if rule.id == rule_id), None)


def chosen_of(rules: Rules, rule_id: str) -> Rule | None:
    """The rule of that ID, else the first; None where there is none."""
    place = place_of(rules, rule_id)
    return rules[place or 0] if rules else None


def added(rules: Rules, chosen: str) -> Edit:
    """A new rule at the end, that lacks an action."""
    rule = Rule(new_id(rules))
    return _checked(Edit((*rules, rule), rule.id, because("rule_added")), Edit(rules, chosen, because("rule_added")))


def duplicated(rules: Rules, chosen: str) -> Edit:
    """A copy of the chosen rule right behind it, off: two that are the same would do all twice."""
    place = place_of(rules, chosen)
    if place is None:
        return Edit(rules, chosen, because("rule_none_chosen"))
    copy = replace(rules[place], id=new_id(rules), on=False)
    new = (*rules[: place + 1], copy, *rules[place + 1 :])
    return _checked(Edit(new, copy.id, because("rule_duplicated", number=place + 2)), Edit(rules, chosen, because("rule_added")))


def removed(rules: Rules, chosen: str) -> Edit:
    """Without the chosen rule; the one behind it is chosen then, or the last."""
    place = place_of(rules, chosen)
    if place is None:
        return Edit(rules, chosen, because("rule_none_chosen"))
    left = rules[:place] + rules[place + 1 :]
    next_one = left[min(place, len(left) - 1)].id if left else ""
    return Edit(left, next_one, because("rule_deleted", number=place + 1))


def moved(rules: Rules, chosen: str, by: int) -> Edit:
    """The chosen rule so many places further down (up: -1)."""
    place = place_of(rules, chosen)
    if place is None:
        return Edit(rules, chosen, because("rule_none_chosen"))
    to = place + by
    if not 0 <= to < len(rules):
        return Edit(rules, chosen, because("rule_at_top" if by < 0 else "rule_at_bottom"))
    others = list(rules[:place] + rules[place + 1 :])
    others.insert(to, rules[place])
    return Edit(tuple(others), chosen, because("rule_moved", number=to + 1))


def _checked(edit: Edit, before: Edit) -> Edit:
    """`edit`, or `before` where there would be more than can be saved."""
    trouble = too_long(dumps(edit.rules), len(edit.rules))
    return edit if trouble is None else replace(before, said=trouble)


def lacking(rule: Rule) -> Reason | None:
    """What must still be chosen or corrected before this rule does anything; None when nothing must."""
    trouble = Gate(rule.filters, KINDS[rule.trigger.kind].filters).trouble
    if trouble is not None:
        return trouble
    if rule.trigger.kind == "command" and not rule.trigger.word.strip():
        return because("rule_lacks_word")
    if not rule.actions:
        return because("rule_not_no_actions")
    return next((reason for action in rule.actions if (reason := _action_lacks(action)) is not None), None)


_NEEDED = {
    "source": "rule_lacks_source",
    "text_source": "rule_lacks_source",
    "media_source": "rule_lacks_source",
    "audio_source": "rule_lacks_source",
    "filter": "rule_lacks_filter",
    "hotkey": "rule_lacks_hotkey",
}


def _action_lacks(action: Action) -> Reason | None:
    if isinstance(action, SwitchScene) and not action.scene:
        return because("rule_lacks_scene")
    for spec in ACTIONS[SAVED_AS[type(action)]].specs if type(action) in SAVED_AS else ():
        if not getattr(action, spec.key) and (spec.kind in _NEEDED or spec.key == "label"):
            return because(_NEEDED.get(spec.kind, "rule_lacks_label"))
    return None
