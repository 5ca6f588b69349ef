"""What a rule's actions and filters name and OBS doesn't have, each once."""

from __future__ import annotations

import pytest
from rules.editor_rules import LISTS
from rules.worlds import rule

from vmsc_core.reasons import because
from vmsc_core.rules.actions import AddLine, Media, PressHotkey, SetFilter, SetMuted, ShowAlert, ShowSource, SwitchScene, Wait
from vmsc_core.rules.editor_rows import Lists
from vmsc_core.rules.missing import missing
from vmsc_core.words import say


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (ShowSource("Cam"), None),
        (ShowSource("Cam", "Game"), None),
        (ShowSource("Game"), None),
        (ShowSource("Gone"), "There's no source called Gone of the right kind."),
        (ShowSource("Cam", "Gone"), "There's no scene called Gone."),
        (ShowSource(), "Choose a source."),
        (AddLine("Feed"), None),
        (AddLine("Cam"), "There's no source called Cam of the right kind."),
        (Media("Song"), None),
        (Media("Cam"), "There's no source called Cam of the right kind."),
        (SetMuted("Mic"), None),
        (SetMuted("Cam"), "There's no source called Cam of the right kind."),
        (SwitchScene("Chat"), None),
        (SwitchScene("Feed"), "There's no scene called Feed."),
        (SwitchScene(), "Choose a scene."),
        (SetFilter("Cam", "Blur"), None),
        (SetFilter("Cam", "Gone"), "Cam has no filter called Gone."),
        (SetFilter("Cam"), "Choose a filter."),
        (SetFilter("Gone", "Blur"), "There's no source called Gone of the right kind."),
        (PressHotkey("OBSBasic.StartRecording"), None),
        (PressHotkey("Gone"), "OBS has no hotkey called Gone."),
        (PressHotkey(), "Choose a hotkey."),
        (ShowAlert(), None),
        (Wait(), None),
    ],
)
def test_what_an_action_needs(action, text):
    assert [say(reason) for reason in missing(rule("follow", action), LISTS)] == ([text] if text else [])


def test_all_of_it_is_said_each_once():
    made = rule("follow", ShowSource("A"), Wait(), ShowSource("A"), SwitchScene("B"), scene="C")
    assert [reason.key for reason in missing(made, LISTS)] == ["rule_no_scene", "rule_no_source", "rule_no_scene"]


def test_a_scene_that_a_rule_is_only_for_counts_where_that_filter_applies():
    assert because("rule_no_scene", scene="Gone") in missing(rule("follow", scene="Gone"), LISTS)
    assert missing(rule("follow", ShowSource("Cam"), scene="Game"), LISTS) == []


def test_where_hotkeys_can_not_be_listed_none_is_called_missing():
    assert missing(rule("follow", PressHotkey("x")), Lists()) == []


def test_a_command_without_a_word_is_said_too():
    assert [say(one) for one in missing(rule("command", ShowSource("Cam")), LISTS)] == ["Type a command."]
