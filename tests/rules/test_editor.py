"""The section of the rules as rows: which are visible for a rule, what they say, and always the same ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.editor_rules import LISTS, RULES

from vmsc_core.reasons import because
from vmsc_core.row import Kind, Row
from vmsc_core.rules.actions import (
    ACTIONS,
    AddLine,
    HideAlert,
    Media,
    PressHotkey,
    SetFilter,
    ShowAlert,
    ShowSource,
    SwitchScene,
    Wait,
)
from vmsc_core.rules.editor import AT_REHEARSAL, LINES, rows
from vmsc_core.rules.editor_rows import Facts, Lists
from vmsc_core.rules.fields import DEFAULTS, values_of
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import KINDS, Rule, Trigger

FOLLOW = Rule("r1", "", True, Trigger("follow"), Filters(), (ShowSource("Cam"),))


def shown(rule: Rule, **more: Any) -> dict[str, Row]:
    """The visible rows of this rule, by key."""
    facts = replace(Facts(rules=(rule,), chosen=rule.id, lists=LISTS), **more)
    return {row.key: row for row in rows(facts) if row.visible}


def of_action(rule: Rule, place: int) -> list[str]:
    return [key.split("_", 2)[2] for key in shown(rule) if key.startswith(f"rule_do{place}_")]


def entries(row: Row) -> list[str]:
    return [value for value, _ in row.choices]


# -- always the same rows


@settings(max_examples=150, deadline=None, database=None)
@given(st.lists(RULES, max_size=4), st.sampled_from(["r1", "r2", "", "gone"]), st.booleans(), st.booleans(), st.booleans())
def test_whatever_the_rules_the_section_has_the_same_rows(
    found: list[Rule], chosen: str, filters_open: bool, file_open: bool, asked: bool
) -> None:
    facts = Facts(tuple(found), chosen, filters_open, file_open, LISTS, (because("rules_broken"),), delete_asked=asked)
    drawn = rows(facts)
    assert [(row.key, row.kind, row.action) for row in drawn] == [(row.key, row.kind, row.action) for row in rows(Facts())]
    assert len({row.key for row in drawn}) == len(drawn)


@settings(max_examples=200, deadline=None, database=None)
@given(RULES, st.booleans())
def test_what_a_list_holds_is_always_among_its_entries(rule: Rule, has_lists: bool) -> None:
    values = values_of(rule)
    drawn = rows(Facts((rule,), rule.id, True, True, LISTS if has_lists else Lists()))
    for row in drawn:
        if row.kind is Kind.LIST and row.visible and row.key in values:
            assert values[row.key] in entries(row), row.key


def test_every_row_that_holds_something_has_its_setting() -> None:
    fields = {row.key for row in rows(Facts()) if row.kind in (Kind.TEXT, Kind.LIST, Kind.TICK)}
    assert fields == set(DEFAULTS)


# -- the list of rules


def test_without_rules_the_section_offers_the_ready_made_ones_and_a_new_one() -> None:
    drawn = {row.key: row for row in rows(Facts()) if row.visible}
    beginning = ["rule_ready", "add_ready", "add_alert", "new_rule", "rule_list", "rule_show_file"]
    assert list(drawn) == [*beginning, *AT_REHEARSAL, "show_rehearsal"]
    assert drawn["rule_list"].label == "No rules yet. Add a ready-made one, or press New rule."


def test_a_rule_is_a_sentence_with_its_number_and_what_it_lacks() -> None:
    lines = shown(replace(FOLLOW, actions=(ShowSource(),)), rules=(FOLLOW, replace(FOLLOW, id="r2", actions=())))["rule_list"]
    assert lines.label.splitlines() == [
        "1. On \u00b7 When someone follows, show Cam",
        "2. On \u00b7 When someone follows, do nothing \u2013 not ready: The rule has no action.",
    ]


@pytest.mark.parametrize(("chosen", "first"), [(1, 1), (LINES, 4), (50, 46), (100, 93)])
def test_of_many_rules_those_around_the_chosen_one_are_listed(chosen: int, first: int) -> None:
    many = tuple(replace(FOLLOW, id=f"r{number}") for number in range(1, 101))
    lines = shown(many[chosen - 1], rules=many)["rule_list"].label.splitlines()
    assert lines[0].startswith(f"{first}. ") and len(lines) == LINES + 1
    assert any(line.startswith(f"{chosen}. ") for line in lines) and lines[-1].endswith(f"{100 - LINES} more")


def test_the_list_to_choose_from_has_every_rule_in_short() -> None:
    named = replace(FOLLOW, id="r2", name="A name that is much too long for a list on this page")
    row = shown(FOLLOW, rules=(FOLLOW, named))["rule_chosen"]
    assert row.choices == (("r1", "1. someone follows"), ("r2", "2. A name that is much too long\u2026"))


def test_problems_are_said_below_the_rules() -> None:
    assert shown(FOLLOW, problems=(because("rules_broken"),))["rule_problems"].label.startswith("This isn't a file")
    assert "rule_problems" not in shown(FOLLOW)


# -- only what applies


@pytest.mark.parametrize("kind", KINDS)
def test_a_trigger_shows_its_own_fields_and_conditions(kind: str) -> None:
    rule = replace(FOLLOW, trigger=Trigger(kind))
    assert [key for key in shown(rule) if key.startswith("rule_when_")] == [f"rule_when_{spec.key}" for spec in KINDS[kind].specs]
    conditions = {key[len("rule_if_") :] for key in shown(rule, filters_open=True) if key.startswith("rule_if_")}
    assert conditions == set(KINDS[kind].filters) - {"names"}
    assert not any(key.startswith("rule_if_") for key in shown(rule)), "closed until they are needed"


def test_names_are_asked_for_when_they_count() -> None:
    assert "rule_if_names" in shown(replace(FOLLOW, filters=Filters(who="not_names")), filters_open=True)


def test_only_chat_offers_the_roles_that_badges_tell() -> None:
    row = shown(FOLLOW, filters_open=True)["rule_if_who"]
    assert entries(row) == ["anyone", "names", "not_names"]
    assert "moderator" in entries(shown(replace(FOLLOW, trigger=Trigger("chat")), filters_open=True)["rule_if_who"])


@pytest.mark.parametrize("saved", ACTIONS)
def test_an_action_shows_its_own_fields(saved: str) -> None:
    row = ACTIONS[saved]
    names = {"hotkey" if spec.kind == "hotkey" else spec.key for spec in row.specs}
    assert set(of_action(replace(FOLLOW, actions=(row.type(),)), 1)) == names


def test_one_more_action_can_be_chosen_and_more_than_five_are_said() -> None:
    drawn = shown(replace(FOLLOW, actions=(Wait(), Wait())))
    assert [key for key in drawn if key.startswith("rule_do") and key.count("_") == 1] == ["rule_do1", "rule_do2", "rule_do3"]
    many = shown(replace(FOLLOW, actions=(Wait(),) * 7))
    assert many["rule_more"].label.endswith(": 2 (Wait)") and "rule_do5" in many


def test_what_finds_no_room_on_the_page_is_named_nevertheless() -> None:
    hidden = shown(replace(FOLLOW, actions=(*(Wait(),) * 5, PressHotkey("x"), Wait(), PressHotkey("y"))))
    assert hidden["rule_more"].label.endswith(": 3 (Press a hotkey, Wait)")


def test_an_action_nobody_can_choose_is_not_offered_for_change() -> None:
    assert "rule_do1" not in shown(replace(FOLLOW, actions=(HideAlert(),)))


def test_a_closed_file_part_shows_its_tick_alone() -> None:
    assert not {"rule_file", "export_rules", "import_rules"} & set(shown(FOLLOW))
    assert {"rule_file", "export_rules", "import_rules"} <= set(shown(FOLLOW, file_open=True))


# -- lists


@pytest.mark.parametrize(
    ("action", "key", "offered"),
    [
        (ShowSource(), "source", ["", "Cam", "Feed", "Song", "Game"]),
        (ShowSource(), "scene", ["", "Game", "Chat"]),
        (SwitchScene(), "scene", ["", "Game", "Chat"]),
        (AddLine(), "source", ["", "Feed"]),
        (Media("Song"), "source", ["", "Song"]),
        (Media("Gone"), "source", ["", "Song", "Gone"]),
        (Media("Song"), "do", ["play", "restart", "stop"]),
        (SetFilter("Cam"), "filter", ["", "Blur", "Crop"]),
        (SetFilter("Feed"), "filter", [""]),
        (PressHotkey(), "hotkey", ["", "OBSBasic.StartRecording"]),
        (ShowAlert(), "priority", ["automatic", "first", "last"]),
    ],
)
def test_what_a_list_offers(action: Any, key: str, offered: list[str]) -> None:
    assert entries(shown(replace(FOLLOW, actions=(action,)))[f"rule_do1_{key}"]) == offered


def test_nothing_chosen_is_called_by_what_it_means() -> None:
    actions = (ShowSource("Cam"), SwitchScene())
    drawn = shown(replace(FOLLOW, actions=actions), filters_open=True)
    titles = [drawn[key].choices[0][1] for key in ("rule_do1_scene", "rule_do2_scene", "rule_if_scene", "rule_do3")]
    assert titles == ["Current scene", "None", "Any scene", "Nothing"]


def test_a_template_says_what_is_filled_in_for_this_trigger() -> None:
    row = shown(replace(FOLLOW, trigger=Trigger("gifted_subs"), actions=(ShowAlert(),)))["rule_do1_title"]
    assert row.help.startswith("Filled in: {user}, {count}, {recipients}")


# -- presses


def test_an_answer_stands_below_its_buttons() -> None:
    for pressed, key in [("add_ready", "ready"), ("try_rule", "rule"), ("delete_rule", "rule"), ("import_rules", "file")]:
        drawn = shown(FOLLOW, message=because("rule_moved", number=3), pressed=pressed, file_open=True)
        assert [row.key for row in drawn.values() if row.key.startswith("answer_")] == [f"answer_{key}"]
        assert drawn[f"answer_{key}"].label == "It's rule 3 now."


def test_after_the_last_rule_is_deleted_the_answer_is_still_to_be_seen() -> None:
    drawn = {row.key: row for row in rows(Facts(message=because("rule_deleted", number=1), pressed="delete_rule"))}
    assert drawn["answer_ready"].visible and not drawn["answer_rule"].visible


def test_the_answer_below_the_first_buttons_stays_when_another_is_pressed_so_that_none_moves() -> None:
    said = because("rule_added")
    fresh = list(shown(FOLLOW, message=said, pressed="new_rule", ready_said=said))
    later = list(shown(FOLLOW, message=because("rule_at_top"), pressed="up_rule", ready_said=said))
    assert fresh.index("try_rule") == later.index("try_rule") and "answer_ready" in fresh and "rule_said" in later
    assert "rule_said" not in fresh


def test_nothing_that_grows_stands_above_a_button() -> None:
    drawn = list(shown(FOLLOW))
    assert drawn.index("delete_rule") < drawn.index("rule_list") < drawn.index("rule_name")


def test_delete_says_that_it_means_it() -> None:
    assert shown(FOLLOW)["delete_rule"].label == "Delete rule"
    assert shown(FOLLOW, delete_asked=True)["delete_rule"].label == "Really delete?"


# -- rehearsing


def test_what_a_rehearsal_showed_stands_below_its_buttons() -> None:
    lines = (because("rehearsal_over", fired="1", rules="2"), because("rehearsal_fired_one", rule="Confetti"))
    drawn = shown(FOLLOW, rehearsal=lines)
    assert list(drawn)[-4:] == [*AT_REHEARSAL, "show_rehearsal", "rehearsal"]
    assert drawn["rehearsal"].label == "The rehearsal is over: 1 of 2 rules fired.\nConfetti: fired once."
    assert "rehearsal" not in shown(FOLLOW)


def test_a_press_on_rehearse_is_answered_below_it() -> None:
    drawn = shown(FOLLOW, message=because("rehearsal_begun"), pressed="rehearse")
    assert drawn["answer_rehearsal"].label.startswith("The rehearsal takes about a minute.")


def test_how_far_a_rehearsal_is_is_not_said_beside_the_answer_to_its_press() -> None:
    running = {"rehearsal": (because("rehearsal_running", seconds=0),), "is_rehearsing": True}
    assert "rehearsal" not in shown(FOLLOW, message=because("rehearsal_begun"), pressed="rehearse", **running)
    assert "rehearsal" in shown(FOLLOW, pressed="refresh", **running)


def test_what_ended_meanwhile_is_not_said_to_be_ending() -> None:
    ending = {
        "message": because("rehearsal_stopping"),
        "pressed": "stop_rehearsal",
        "rehearsal": (because("rehearsal_no_rules"),),
    }
    assert "answer_rehearsal" in shown(FOLLOW, **ending, is_rehearsing=True)
    assert "answer_rehearsal" not in shown(FOLLOW, **ending)
    assert "rehearsal" in shown(FOLLOW, **ending)


# -- Try it


def test_the_answer_to_try_it_stands_right_below_it() -> None:
    keys = list(shown(FOLLOW, message=because("rule_tried"), pressed="try_rule"))
    assert keys.index("answer_rule") == keys.index("try_rule") + 1


def test_what_would_hold_a_rule_back_is_said_line_by_line() -> None:
    tried = {"message": because("rule_tried"), "pressed": "try_rule"}
    assert shown(FOLLOW, **tried)["answer_rule"].label == "Tried with made-up data."
    assert shown(FOLLOW, **tried, tried=())["answer_rule"].label.endswith("Nothing would hold the rule back right now.")
    held = shown(FOLLOW, **tried, tried=(because("rule_not_off"), because("rule_not_paused")))["answer_rule"].label
    assert held.splitlines()[1:] == ["\u2013 The rule is off.", "\u2013 Rules are paused."]
    assert "answer_rule" not in shown(FOLLOW, message=because("rule_tried"), pressed="refresh", tried=())
