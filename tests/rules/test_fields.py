"""The editor's fields: a rule put into them and read back, letter by letter, and what each typed text means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.editor_rules import RULES

from vmsc_core.rules.actions import (
    ACTIONS,
    AddLine,
    Media,
    PressHotkey,
    SetFilter,
    SetText,
    SetVolume,
    ShowAlert,
    ShowSource,
    SwitchScene,
    Wait,
    WriteEvent,
)
from vmsc_core.rules.fields import (
    ACTION_SPECS,
    ACTIONS_SHOWN,
    DEFAULTS,
    WHEN_SPECS,
    action_key,
    edited,
    name_of,
    read,
    shape,
    shown,
    values_of,
)
from vmsc_core.rules.filters import FILTERS, Filters
from vmsc_core.rules.rule import KINDS, Rule, Trigger
from vmsc_core.rules.saved import acceptable, dumps, loads
from vmsc_core.rules.spec import MOST_NAMES, Spec

SHOW = ShowSource("Confetti", seconds=8.0)
FOLLOW = Rule("r1", "Mine", True, Trigger("follow"), Filters(), (SHOW,))


def typed(rule: Rule, **values: Any) -> Rule:
    """The rule after its fields were shown and these were changed."""
    return edited(rule, {**values_of(rule), **values})


# -- the whole rule


@settings(max_examples=300, deadline=None, database=None)
@given(RULES)
def test_a_rule_that_is_only_looked_at_stays_as_it_is(rule: Rule) -> None:
    assert edited(rule, values_of(rule)) == rule


@settings(max_examples=150, deadline=None, database=None)
@given(RULES | st.none())
def test_the_settings_are_the_same_ones_whatever_the_rule(rule: Rule | None) -> None:
    values = values_of(rule)
    assert set(values) <= set(DEFAULTS)
    assert {key: type(value) for key, value in values.items()} == {key: type(DEFAULTS[key]) for key in values}


ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["5", "0.5", "-1", "1e400", "nan", "", "regex", "chat", "command", "wait", "show_source"]),
    st.booleans(),
    st.none(),
    st.integers(),
)


@settings(max_examples=300, deadline=None, database=None)
@given(RULES, st.dictionaries(st.sampled_from(sorted(DEFAULTS)), ANYTHING, max_size=12))
def test_whatever_stands_in_the_fields_the_rule_can_be_saved_and_comes_back(rule: Rule, values: dict[str, Any]) -> None:
    changed = edited(rule, {**values_of(rule), **values})
    assert acceptable(changed) == changed
    assert loads(dumps([changed])).rules == (changed,)
    assert edited(changed, values_of(changed)) == changed


def test_nothing_in_the_settings_changes_nothing() -> None:
    assert edited(FOLLOW, {}) == FOLLOW


# -- trigger, name, on


def test_name_and_tick() -> None:
    assert typed(FOLLOW, rule_name="New\u202e name", rule_on=False) == replace(FOLLOW, name="New name", on=False)


def test_another_trigger_begins_with_its_own_fields() -> None:
    command = replace(FOLLOW, trigger=Trigger("command", word="!brb"))
    assert typed(command, rule_kind="subscription").trigger == Trigger("subscription")
    assert typed(FOLLOW, rule_kind="command", rule_when_word="left over").trigger == Trigger("command")
    assert typed(FOLLOW, rule_kind="no such kind").trigger == Trigger("follow")


@pytest.mark.parametrize(
    ("kind", "values", "trigger"),
    [
        ("command", {"rule_when_word": "!so"}, Trigger("command", word="!so")),
        ("subscription", {"rule_when_which": "renewal"}, Trigger("subscription", which="renewal")),
        ("reward", {"rule_when_reward": "Hydrate"}, Trigger("reward", reward="Hydrate")),
        ("connection", {"rule_when_status": "error"}, Trigger("connection", status="error")),
        ("connection", {"rule_when_seconds": "10"}, Trigger("connection", seconds=10.0)),
        ("follow", {"rule_when_word": "!so"}, Trigger("follow")),
    ],
)
def test_a_trigger_follows_its_own_fields_only(kind: str, values: dict[str, Any], trigger: Trigger) -> None:
    assert typed(replace(FOLLOW, trigger=Trigger(kind)), **values).trigger == trigger


# -- filters


def test_a_role_that_the_new_trigger_has_not_becomes_anyone() -> None:
    chat = replace(FOLLOW, trigger=Trigger("chat"), filters=Filters(who="moderator", cooldown=5.0))
    assert typed(chat, rule_kind="follow").filters == Filters(cooldown=5.0)
    assert typed(chat, rule_kind="command").filters == chat.filters


def test_filters_that_do_not_apply_are_kept() -> None:
    chat = replace(FOLLOW, trigger=Trigger("chat"), filters=Filters(text="hi", hold=2.0))
    assert typed(chat, rule_kind="follow").filters == chat.filters


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("text", "hello", "hello"),
        ("how", "regex", "regex"),
        ("how", "rege", "contains"),
        ("names", "Ann, bob;carl  Ann", ("Ann", "bob", "carl")),
        ("names", ",".join(f"n{n}" for n in range(MOST_NAMES + 5)), tuple(f"n{n}" for n in range(MOST_NAMES))),
        ("at_least", "5", 5),
        ("at_least", "5.6", 6),
        ("at_least", "-3", 0),
        ("at_least", "", 0),
        ("at_least", "many", 0),
        ("chance", "0", 1),
        ("chance", "50%", 50),
        ("cooldown", "2,5", 2.5),
        ("cooldown", "30 s", 30.0),
        ("cooldown", "1e9", 86_400.0),
        ("cooldown", "nan", 0.0),
        ("cooldown", "inf", 0.0),
        ("hold", "9", 5.0),
        ("scene", "Game", "Game"),
    ],
)
def test_what_a_filters_field_means(key: str, text: str, value: Any) -> None:
    chat = replace(FOLLOW, trigger=Trigger("chat"))
    assert getattr(typed(chat, **{f"rule_if_{key}": text}).filters, key) == value


def test_a_text_that_is_too_long_is_cut() -> None:
    longest = next(spec.longest for spec in FILTERS if spec.key == "text")
    chat = replace(FOLLOW, trigger=Trigger("chat"))
    assert typed(chat, rule_if_text="x" * 9999).filters.text == "x" * longest


# -- actions


@pytest.mark.parametrize(
    ("action", "name", "text", "changed"),
    [
        (SHOW, "source", "Cat", replace(SHOW, source="Cat")),
        (SHOW, "seconds", "", replace(SHOW, seconds=None)),
        (SHOW, "seconds", "0.5", replace(SHOW, seconds=0.5)),
        (SHOW, "seconds", "99999", replace(SHOW, seconds=3600.0)),
        (SwitchScene("Game"), "back_after", "7", SwitchScene("Game", 7.0)),
        (ShowAlert(), "seconds", "", ShowAlert()),
        (ShowAlert(), "title", "{user}!", ShowAlert("{user}!")),
        (ShowAlert(), "priority", "first", ShowAlert(priority="first")),
        (SetVolume("Mic"), "percent", "250", SetVolume("Mic", 100)),
        (AddLine("Feed"), "keep", "0", AddLine("Feed", keep=1)),
        (Media("Song"), "do", "stop", Media("Song", "stop")),
        (Media("Song"), "do", "pause", Media("Song")),
        (PressHotkey(), "hotkey", "OBSBasic.StartRecording", PressHotkey("OBSBasic.StartRecording")),
        (SetFilter("Cam"), "filter", "Blur", SetFilter("Cam", "Blur")),
        (Wait(), "seconds", "2", Wait(2.0)),
    ],
)
def test_what_an_actions_field_means(action: Any, name: str, text: str, changed: Any) -> None:
    rule = replace(FOLLOW, actions=(Wait(), action))
    assert typed(rule, **{f"rule_do2_{name}": text}).actions == (Wait(), changed)


def test_an_action_is_added_behind_the_others_and_taken_out_of_their_middle() -> None:
    rule = replace(FOLLOW, actions=(SHOW, Wait(), WriteEvent()))
    assert typed(rule, rule_do4="show_alert").actions == (SHOW, Wait(), WriteEvent(), ShowAlert())
    assert typed(rule, rule_do2="").actions == (SHOW, WriteEvent())
    assert typed(rule, rule_do2="no such action").actions == rule.actions


def test_another_action_keeps_what_it_shares_with_the_one_before() -> None:
    rule = replace(FOLLOW, actions=(SetText("Feed", "{user} is here"),))
    assert typed(rule, rule_do1="add_line").actions == (AddLine("Feed", "{user} is here"),)
    assert typed(rule, rule_do1="wait").actions == (Wait(),)
    assert typed(rule, rule_do1="media").actions == (Media(),), "a text source can't be played"
    assert typed(FOLLOW, rule_do1="wait").actions == (Wait(),), "seconds that may be none are another thing"


def test_actions_that_find_no_room_on_the_page_stay() -> None:
    many = tuple(Wait(float(number)) for number in range(1, ACTIONS_SHOWN + 4))
    rule = replace(FOLLOW, actions=many)
    assert typed(rule, rule_do1_seconds="9").actions == (Wait(9.0), *many[1:])
    assert typed(rule, rule_do5="").actions == (*many[:4], *many[5:])


def test_the_shape_tells_other_fields_from_other_values() -> None:
    assert shape(typed(FOLLOW, rule_do1_source="Cat", rule_if_chance="5")) == shape(FOLLOW)
    others = [typed(FOLLOW, rule_kind="chat"), typed(FOLLOW, rule_do1="wait"), typed(FOLLOW, rule_do2="wait")]
    assert shape(FOLLOW) not in [shape(other) for other in others]


# -- the keys


def test_every_field_of_every_trigger_and_action_has_a_setting_that_is_either_typed_or_chosen() -> None:
    for kind in KINDS.values():
        assert {spec.key for spec in kind.specs} <= {spec.key for spec in WHEN_SPECS}
    ways: dict[str, set[bool]] = {}
    for row in ACTIONS.values():
        for spec in row.specs:
            assert action_key(1, spec) in DEFAULTS
            ways.setdefault(name_of(spec), set()).add(spec.kind in ("template", "text", "number", "seconds", "seconds_or_none"))
    assert {name: found for name, found in ways.items() if len(found) > 1} == {}
    assert set(ways) == {name_of(spec) for spec in ACTION_SPECS} and len(ways) == len(ACTION_SPECS)
    assert all(key.startswith("rule_") for key in DEFAULTS)


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (8.0, "8"), (0.5, "0.5"), (3, "3"), (("a", "b"), "a, b"), ("x", "x"), (86400.0, "86400")]
)
def test_how_a_value_is_shown(value: Any, text: str) -> None:
    assert shown(value) == text


def test_a_value_that_is_shown_shorter_than_it_is_stays_whole() -> None:
    assert read(Spec("seconds", "seconds", low=0, high=100), 1.23456789, shown(1.23456789)) == 1.23456789
    assert read(Spec("names", "names"), ("a b",), "a b") == ("a b",)
