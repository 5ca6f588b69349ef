"""The buttons of the editor on the list of rules, and what a rule lacks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from vmsc_core.rules import edits
from vmsc_core.rules.actions import (
    ChapterMarker,
    PressHotkey,
    SetFilter,
    ShowAlert,
    ShowSource,
    SwitchScene,
    Wait,
    WriteEvent,
    WriteLabel,
)
from vmsc_core.rules.edits import chosen_of, lacking, place_of
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import MOST_RULES, Rule, Trigger

A, B, C = (Rule(f"r{number}", name, actions=(Wait(),)) for number, name in enumerate("ABC", 1))
ALL = (A, B, C)


def names(edit: edits.Edit) -> str:
    return "".join(rule.name or "-" for rule in edit.rules)


def test_a_new_rule_comes_last_and_is_chosen() -> None:
    edit = edits.added(ALL, "r1")
    assert (names(edit), edit.chosen, edit.said.key) == ("ABC-", "r4", "rule_added")
    assert edits.added((), "").chosen == "r1"


def test_a_copy_comes_right_behind_and_is_off() -> None:
    edit = edits.duplicated(ALL, "r2")
    assert names(edit) == "ABBC" and edit.chosen == "r4"
    assert edit.rules[2] == replace(B, id="r4", on=False)


@pytest.mark.parametrize(("chosen", "left", "then"), [("r1", "BC", "r2"), ("r2", "AC", "r3"), ("r3", "AB", "r2")])
def test_after_a_rule_is_deleted_its_neighbor_is_chosen(chosen: str, left: str, then: str) -> None:
    edit = edits.removed(ALL, chosen)
    assert (names(edit), edit.chosen) == (left, then)


def test_the_last_one_leaves_nothing_chosen() -> None:
    assert edits.removed((A,), "r1") == edits.Edit((), "", edits.because("rule_deleted", number=1))


@pytest.mark.parametrize(
    ("chosen", "by", "order", "said"),
    [
        ("r2", -1, "BAC", "rule_moved"),
        ("r2", 1, "ACB", "rule_moved"),
        ("r1", -1, "ABC", "rule_at_top"),
        ("r3", 1, "ABC", "rule_at_bottom"),
    ],
)
def test_a_rule_moves_by_one_place_and_stays_chosen(chosen: str, by: int, order: str, said: str) -> None:
    edit = edits.moved(ALL, chosen, by)
    assert (names(edit), edit.chosen, edit.said.key) == (order, chosen, said)


@pytest.mark.parametrize("press", [edits.duplicated, edits.removed, lambda rules, chosen: edits.moved(rules, chosen, 1)])
def test_without_a_rule_there_is_nothing_to_do(press: Any) -> None:
    edit = press(ALL, "gone")
    assert edit.rules == ALL and edit.said.key == "rule_none_chosen"


@pytest.mark.parametrize("press", [edits.added, edits.duplicated])
def test_there_are_never_more_rules_than_can_be_saved(press: Any) -> None:
    full = tuple(Rule(f"r{number}") for number in range(MOST_RULES))
    edit = press(full, "r5")
    assert (edit.rules, edit.chosen, edit.said.key) == (full, "r5", "rules_many")


def test_which_rule_is_chosen() -> None:
    assert chosen_of(ALL, "r2") == B and chosen_of(ALL, "gone") == A and chosen_of((), "r1") is None
    assert place_of(ALL, "r3") == 2 and place_of(ALL, "") is None


@pytest.mark.parametrize(
    ("rule", "lacks"),
    [
        (A, None),
        (Rule("r1"), "rule_not_no_actions"),
        (replace(A, trigger=Trigger("command")), "rule_lacks_word"),
        (replace(A, trigger=Trigger("command", word="!hi")), None),
        (replace(A, trigger=Trigger("chat"), filters=Filters(text="(", how="regex")), "rule_pattern_wrong"),
        (replace(A, trigger=Trigger("follow"), filters=Filters(text="(", how="regex")), None),
        (replace(A, actions=(Wait(), ShowSource())), "rule_lacks_source"),
        (replace(A, actions=(ShowSource("Cat"), SwitchScene())), "rule_lacks_scene"),
        (replace(A, actions=(SetFilter("Cat"),)), "rule_lacks_filter"),
        (replace(A, actions=(PressHotkey(),)), "rule_lacks_hotkey"),
        (replace(A, actions=(WriteLabel(""),)), "rule_lacks_label"),
        (replace(A, actions=(ChapterMarker(), WriteEvent(), ShowAlert(""), WriteLabel())), None),
    ],
)
def test_what_a_rule_lacks(rule: Rule, lacks: str | None) -> None:
    found = lacking(rule)
    assert (found and found.key) == lacks
