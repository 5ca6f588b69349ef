"""The ready-made rules: each can be saved, is complete, and names what it needs."""

from __future__ import annotations

import pytest

from vmsc_core.rules.actions import SaveReplay, SetText, ShowAlert, ShowSource, Wait
from vmsc_core.rules.edits import lacking
from vmsc_core.rules.ready import ALERT, READY, TEXT, Ready, added, ready
from vmsc_core.rules.rule import Rule
from vmsc_core.rules.saved import acceptable
from vmsc_core.words import say


def made(key: str) -> Ready:
    found = ready(key)
    assert found is not None
    return found


@pytest.mark.parametrize("key", READY)
def test_a_ready_made_rule_lacks_nothing_and_can_be_saved(key: str) -> None:
    rules = added(made(key), ())
    assert rules and all(acceptable(rule) == rule and lacking(rule) is None for rule in rules)
    assert rules[0].name == say(f"ready_{key}") != f"ready_{key}"


@pytest.mark.parametrize("key", READY)
def test_what_it_does_something_with_is_among_its_needs(key: str) -> None:
    found = made(key)
    actions = [action for rule in found.rules for action in rule.actions]
    names = {getattr(action, "source", "") for action in actions} - {""}
    assert {need.name for need in found.needs if need.kind == TEXT} == names
    assert any(need.kind == ALERT for need in found.needs) == any(isinstance(action, ShowAlert) for action in actions)
    assert found.replay == any(isinstance(action, SaveReplay) for action in actions)


@pytest.mark.parametrize("key", READY)
def test_what_is_shown_for_a_while_is_hidden_at_first_and_what_always_is_is_visible(key: str) -> None:
    found = made(key)
    shown = {action.source for rule in found.rules for action in rule.actions if isinstance(action, ShowSource)}
    assert not any(need.visible for need in found.needs if need.name in shown)
    assert [need.visible for need in made("chat_feed").needs] == [True]


def test_rules_without_ids_get_their_own() -> None:
    rules = added(made("banner"), (Rule("r1"),))
    assert [rule.id for rule in rules] == ["r2", "r3"]


def test_a_source_whose_name_is_taken_gets_another_in_every_action() -> None:
    rule = Rule("", actions=(SetText("A", "{user}"), ShowSource("A"), ShowSource("B"), Wait()))
    (changed,) = added(Ready((rule,)), (), {"A": "A 2"})
    assert changed.actions == (SetText("A 2", "{user}"), ShowSource("A 2"), ShowSource("B"), Wait())


def test_there_is_nothing_of_another_name() -> None:
    assert ready("no such") is None
