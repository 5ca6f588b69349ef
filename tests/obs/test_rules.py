"""The rules of the whole script in a fake OBS: saved, fired by what Kick sends, tried, and kept when they can't be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from obs.session import SCRIPT, app, at_kick, start, status

from vmsc_core.rules import actions as act
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps, loads

FOLLOW = Rule("r1", trigger=Trigger("follow"), actions=(act.SetText("Mine", "{user} x{count}"),))
CHAT = Rule("r2", trigger=Trigger("command", "!hi"), actions=(act.AddLine("Chat", "{user}: {args}"),))


def begun(fake: FakeObs, *rules: Rule, **settings: Any) -> Any:
    """The script with these rules and two texts in the scene; its ObsRules."""
    start(fake, {"username": "speedy", "rules": dumps(rules), **settings})
    for name in ("Mine", "Chat"):
        fake.create_source("text_ft2_source_v2", name, {"text": "before"})
    fake.tick(0.2)
    assert fake.script is not None
    return fake.script.script.rules


def connected(fake: FakeObs, kick: KickSimulator) -> None:
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")


def text(fake: FakeObs, name: str) -> str:
    return str(fake.source(name).settings["text"])


def own(fake: FakeObs, rule: Rule) -> Any:
    """The rule as a value of the script's own modules, which were imported anew."""
    return fake.import_module("vmsc_core.rules.saved").loads(dumps([rule])).rules[0]


def test_what_kick_sends_makes_obs_act(fake: FakeObs, kick: KickSimulator) -> None:
    begun(fake, FOLLOW, CHAT, **at_kick(kick))
    connected(fake, kick)
    kick.follow("speedy")
    fake.tick_until(lambda: text(fake, "Mine").endswith("x1"), what="the follow")
    kick.chat("speedy", 3)
    kick.chat("speedy", text="!hi there", username="Anna")
    fake.tick_until(lambda: text(fake, "Chat") == "before\nAnna: there", what="the command")
    assert app(fake).state.count == 5, "each event is counted once, whatever the rules do"


def test_a_rule_whose_regular_expression_is_too_slow_is_named_once(fake: FakeObs, kick: KickSimulator) -> None:
    slow = Rule("r1", trigger=Trigger("chat"), filters=Filters("[ab]*c", "regex"), actions=FOLLOW.actions)
    rules = begun(fake, slow, **at_kick(kick))
    connected(fake, kick)
    for _ in range(2):
        kick.chat("speedy", 60, text="ab" * 200)
        fake.tick_until(lambda: rules.problems, what="the sentence")
    say = fake.import_module("vmsc_core.words").say
    assert [say(problem) for problem in rules.problems if problem.key != "rules_thinned"] == [
        "someone writes in chat with a text that matches [ab]*c: its regular expression is too slow for all that came, so some "
        "of it was skipped."
    ]


def test_without_a_rule_for_chat_a_flood_is_counted_as_ever(fake: FakeObs, kick: KickSimulator) -> None:
    begun(fake, FOLLOW, **at_kick(kick))
    connected(fake, kick)
    kick.chat("speedy", 700)
    fake.tick_until(lambda: app(fake).state.count == 700, what="all of them")


def test_rules_are_saved_and_followed_from_the_next_turn_on(fake: FakeObs) -> None:
    rules = begun(fake)
    assert rules.rules == ()
    assert fake.call(rules.replace, (own(fake, FOLLOW),)) is None
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    assert text(fake, "Mine") == "NightOwl x1"
    fake._save_project()
    assert loads(fake.saved["rules"]).rules == (FOLLOW,)


def test_a_missing_source_is_said_once_and_forgotten_when_the_rules_change(fake: FakeObs) -> None:
    rules = begun(fake, Rule("r1", actions=(act.SetText("Gone", "x"), act.SetText("Gone", "y"))))
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    assert [reason.key for reason in rules.problems] == ["rule_no_source"]
    fake.call(rules.replace, ())
    assert rules.problems == []


def test_rules_that_can_not_be_read_are_kept_and_fire_nothing(fake: FakeObs) -> None:
    newer = json.dumps({"format": 99, "rules": [{"of": "tomorrow"}]})
    rules = begun(fake, rules=newer)
    assert [reason.key for reason in rules.problems] == ["rules_newer"] and rules.rules == ()
    fake._save_project()
    assert fake.saved["rules"] == newer
    fake.call(rules.replace, (own(fake, FOLLOW),))
    fake._save_project()
    assert fake.saved["rules_before"] == newer and loads(fake.saved["rules"]).rules == (FOLLOW,)
    assert rules.problems == []


def test_a_pause_keeps_rules_from_firing_until_it_ends(fake: FakeObs, kick: KickSimulator) -> None:
    rules = begun(fake, FOLLOW, **at_kick(kick))
    connected(fake, kick)
    fake.hotkey("vmsc_hotkey_pause_rules")
    fake.tick(0.2)
    assert rules.paused
    kick.follow("speedy")
    fake.tick_until(lambda: app(fake).state.count == 1, what="the follow")
    assert text(fake, "Mine") == "before"
    fake.hotkey("vmsc_hotkey_pause_rules")
    fake.tick(0.2)
    assert not rules.paused


def test_the_alert_can_be_tested_and_skipped_by_hotkey(fake: FakeObs) -> None:
    begun(fake)
    alert = fake.import_module("vmsc_core.obs.alert")
    fake.call(alert.add_alert, fake.import_module("vmsc_core.settings").Choices())

    def is_shown() -> bool:
        return next(item.visible for item in fake.scene_items() if item.name == "Kick alert")

    fake.hotkey("vmsc_hotkey_test_alert")
    fake.tick(0.3)
    assert is_shown()
    fake.hotkey("vmsc_hotkey_skip_alert")
    fake.tick(0.3)
    assert not is_shown()


def test_the_end_of_the_script_hides_what_was_shown_for_a_while(fake: FakeObs) -> None:
    rules = begun(fake, Rule("r1", actions=(act.ShowSource("Mine", seconds=60.0),)))
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    fake.unload_script()
    assert [item.visible for item in fake.scene_items() if item.name == "Mine"] == [False]


def test_what_was_saved_while_it_was_shown_for_a_while_is_hidden_when_it_comes_back(fake: FakeObs) -> None:
    """OBS saves a collection before it unloads its scripts, and after a crash nothing is unloaded at all."""
    rules = begun(fake, Rule("r1", actions=(act.ShowSource("Mine", seconds=60.0),)))
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    fake._save_project()
    saved = dict(fake.saved)
    fake.unload_script()
    fake._current_scene.scene.items[0].visible = True  # as OBS has saved it
    fake.load_script(SCRIPT, saved)
    fake.tick(0.3)
    assert [item.visible for item in fake.scene_items() if item.name == "Mine"] == [False]
    fake._save_project()
    assert fake.saved["rules_shown"] == ""


def test_a_volume_that_was_saved_on_its_way_is_at_its_end_when_it_comes_back(fake: FakeObs) -> None:
    rules = begun(fake, Rule("r1", actions=(act.SetVolume("Horn", 0, fade_ms=60_000),)))
    fake.create_source("ffmpeg_source", "Horn", {})
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    fake._save_project()
    saved = dict(fake.saved)
    fake.unload_script()
    fake._the("Horn").volume = 0.9  # as OBS has saved it
    fake.load_script(SCRIPT, saved)
    fake.tick(0.3)
    assert fake.source("Horn").volume == 0.0
    fake._save_project()
    assert fake.saved["rules_shown"] == ""


FOR_A_WHILE = Rule("r1", actions=(act.HideSource("Mine"), act.Wait(60.0), act.ShowSource("Mine"), act.PressHotkey("x")))


def is_shown(fake: FakeObs) -> list[bool]:
    return [item.visible for item in fake.scene_items() if item.name == "Mine"]


def test_the_end_of_the_script_ends_a_chain_as_it_was_to_end(fake: FakeObs) -> None:
    rules = begun(fake, FOR_A_WHILE)
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    assert is_shown(fake) == [False]
    fake.unload_script()
    assert is_shown(fake) == [True]


def test_what_was_saved_in_the_middle_of_a_chain_ends_when_it_comes_back(fake: FakeObs) -> None:
    rules = begun(fake, FOR_A_WHILE)
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    fake._save_project()
    saved = dict(fake.saved)
    assert "PressHotkey" not in saved["rules_undone"] and "hotkey" not in saved["rules_undone"]
    fake.unload_script()
    fake._current_scene.scene.items[0].visible = False  # as OBS has saved it
    fake.load_script(SCRIPT, saved)
    fake.tick(0.3)
    assert is_shown(fake) == [True]
    fake._save_project()
    assert fake.saved["rules_undone"] == ""


def test_what_was_to_be_shown_again_for_a_while_is_hidden_when_it_comes_back(fake: FakeObs) -> None:
    show = act.ShowSource("Mine", seconds=30.0)
    rules = begun(fake, Rule("a", trigger=Trigger("chat"), actions=(show, act.Wait(5.0), show)))
    fake.call(rules.try_it, rules.rules[0])
    fake.tick(0.3)
    fake._save_project()
    saved = dict(fake.saved)
    fake.unload_script()
    assert is_shown(fake) == [False]
    fake._current_scene.scene.items[0].visible = True  # as OBS has saved it
    fake.load_script(SCRIPT, saved)
    fake.tick(0.5)
    assert is_shown(fake) == [False]


def test_all_that_long_chains_leave_undone_is_saved_and_read(fake: FakeObs) -> None:
    chain = (
        *[act.SetMuted(f"Mic {n}", "on") for n in range(9)],
        act.Wait(9.0),
        *[act.SetMuted(f"Mic {n}", "off") for n in range(9)],
    )
    rules = begun(fake, *[Rule(f"r{n}", trigger=Trigger("chat"), actions=chain) for n in range(4)])
    for rule in rules.rules:
        fake.call(rules.try_it, rule)
    fake.tick(0.6)
    fake._save_project()
    saved = dict(fake.saved)
    fake.unload_script()
    fake.load_script(SCRIPT, saved)
    assert fake.script is not None
    read = [(action.source, action.do) for action in fake.script.script.rules._undone]
    assert read == [(f"Mic {n}", "off") for n in range(9)] * 4


@pytest.mark.parametrize("action", [act.PressHotkey("x"), act.WriteEvent(), act.SwitchScene("Second"), act.SetText("Mine", "x")])
def test_a_strangers_note_of_what_is_to_be_ended_does_nothing_else(fake: FakeObs, action: act.Action) -> None:
    rules = begun(fake, rules_undone=dumps([Rule("undone", actions=(action,))]))
    assert rules._undone == []


@pytest.mark.parametrize(
    "odd",
    [
        "x",
        "{}",
        "[1, 2]",
        '[["a"], ["a", 1], [["a"], "b"]]',
        "[" * 5000,
        '[["Nowhere", "Mine"]]',
        '[["Mine", 7], ["Nowhere", 0.5]]',
    ],
)
def test_odd_notes_of_what_was_shown_hide_nothing(fake: FakeObs, odd: str) -> None:
    begun(fake, rules_shown=odd)
    fake.tick(0.5)
    assert [item.visible for item in fake.scene_items() if item.name == "Mine"] == [True]
