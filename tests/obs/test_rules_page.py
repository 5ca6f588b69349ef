"""The rule editor in a fake OBS: adding, choosing, typing, and every button, as a user does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_obspython import FakeObs
from obs.session import lines, quit_and_come_back, start

from vmsc_core.rules.actions import Record, SetFilter, SetText, ShowAlert, ShowSource, SwitchScene, Wait, WriteLabel
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps, loads

FOLLOW = Rule("r1", "One", actions=(ShowSource("Cat", seconds=8.0),))
CHAT = Rule("r2", "Two", trigger=Trigger("chat"), filters=Filters(who="moderator"), actions=(SetText("Feed", "{message}"),))


def begun(fake: FakeObs, *rules: Rule, **settings: Any) -> None:
    """The script with these rules, two sources, and its page open."""
    start(fake, {"rules": dumps(rules) if rules else "", **settings})
    fake.create_source("color_source_v3", "Cat")
    fake.create_source("text_ft2_source_v2", "Feed")
    fake.page()


def rules(fake: FakeObs) -> Any:
    return loads(fake.settings["rules"]).rules


def order(fake: FakeObs) -> str:
    return " ".join(rule.name for rule in rules(fake))


def visible(fake: FakeObs, beginning: str) -> list[str]:
    assert fake._page is not None
    return [key for key, row in fake._page.drawn.items() if row.visible and key.startswith(beginning)]


def answer(fake: FakeObs, place: str = "rule") -> str:
    return " ".join(lines(fake, f"answer_{place}"))


# -- editing


def test_a_rule_is_made_from_nothing(fake: FakeObs) -> None:
    begun(fake)
    assert visible(fake, "rule_") == ["rule_ready", "rule_list", "rule_show_file"]
    fake.press("new_rule")
    assert "not ready" in lines(fake, "rule_list")[0]
    fake.type("rule_name", "Hello")
    fake.choose("rule_kind", "command")
    assert "rule_when_word" in visible(fake, "rule_when_")
    fake.type("rule_when_word", "!hi")
    fake.choose("rule_show_filters", True)
    fake.choose("rule_if_who", "names")
    fake.type("rule_if_names", "Ann, Bob")
    fake.choose("rule_do1", "show_source")
    fake.choose("rule_do1_source", "Cat")
    fake.type("rule_do1_seconds", "12")
    fake.choose("rule_do2", "wait")
    wanted = Rule(
        "r1",
        "Hello",
        trigger=Trigger("command", word="!hi"),
        filters=Filters(who="names", names=("Ann", "Bob")),
        actions=(ShowSource("Cat", seconds=12.0), Wait()),
    )
    assert rules(fake) == (wanted,)
    fake.press("refresh")
    assert lines(fake, "rule_list") == ["1. On \u00b7 Hello: When Ann or Bob writes !hi, show Cat for 12 s, then wait 1 s"]


def test_another_action_or_trigger_begins_with_its_own_values(fake: FakeObs) -> None:
    begun(fake, Rule("r1", trigger=Trigger("connection", seconds=10.0), actions=(ShowSource("Cat"),)))
    fake.choose("rule_do1", "show_alert")
    fake.choose("rule_do2", "write_label")
    fake.choose("rule_kind", "subscription")
    assert rules(fake)[0].actions == (ShowAlert(), WriteLabel()) and rules(fake)[0].trigger == Trigger("subscription")
    assert (fake.settings["rule_do1_title"], fake.settings["rule_do1_seconds"]) == ("{user}", "5")
    fake.choose("rule_kind", "connection")
    assert rules(fake)[0].trigger == Trigger("connection")


def test_an_action_that_is_taken_out_leaves_the_others_as_they_are(fake: FakeObs) -> None:
    begun(fake, Rule("r1", actions=(Wait(1.0), Wait(2.0), SetText("Feed", "x"))))
    fake.choose("rule_do1", "")
    assert rules(fake)[0].actions == (Wait(2.0), SetText("Feed", "x"))
    assert fake.settings["rule_do3"] == ""


def test_what_was_edited_is_there_after_a_restart(fake: FakeObs) -> None:
    begun(fake, FOLLOW, CHAT)
    fake.choose("rule_chosen", "r2")
    fake.type("rule_do1_template", "{user} says {message}")
    quit_and_come_back(fake)
    fake.load_collection()
    assert rules(fake)[1].actions == (SetText("Feed", "{user} says {message}"),)
    fake.page()
    assert fake.settings["rule_do1_template"] == "{user} says {message}"


def test_choosing_another_rule_changes_neither(fake: FakeObs) -> None:
    begun(fake, FOLLOW, CHAT)
    for chosen in ("r2", "r1", "r2"):
        fake.choose("rule_chosen", chosen)
        assert rules(fake) == (FOLLOW, CHAT)
    assert (fake.settings["rule_name"], fake.settings["rule_kind"], fake.settings["rule_if_who"]) == ("Two", "chat", "moderator")


def test_opening_and_refreshing_the_page_changes_no_rule(fake: FakeObs) -> None:
    odd = Rule(
        "odd", trigger=Trigger("chat"), actions=(ShowSource("Gone", "No scene"), SwitchScene("Gone"), SetFilter("Gone", "No"))
    )
    begun(fake, odd, FOLLOW, rule_show_filters=True)
    before = fake.settings["rules"]
    for press in ("refresh", "add_card", "refresh"):
        fake.press(press)
        assert fake.settings["rules"] == before
    fake.page()
    assert fake.settings["rules"] == before


def test_a_reload_does_not_draw_the_page_for_each_of_its_lists(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(fake, FOLLOW, CHAT, rule_chosen="r2")
    drawn, load = [], fake._load

    def load_and_count(*arguments: Any, **named: Any) -> None:
        load(*arguments, **named)
        properties = fake.script.script.page.press.__globals__["properties"]
        refresh = properties.refresh
        monkeypatch.setattr(properties, "refresh", lambda *arguments: (drawn.append(1), refresh(*arguments)))

    monkeypatch.setattr(fake, "_load", load_and_count)
    fake.reload_script()
    assert drawn == []
    fake.choose("rule_chosen", "r1")
    assert drawn == [1] and "rule_when_word" not in visible(fake, "rule_when_")


def test_fields_of_a_rule_that_was_shown_last_time_do_not_change_the_one_that_is_shown_now(fake: FakeObs) -> None:
    begun(fake, FOLLOW, CHAT, rule_chosen="r2", rule_name="Left over", rule_kind="host", rule_do1="wait")
    assert rules(fake) == (FOLLOW, CHAT) and fake.settings["rule_name"] == "Two"


def test_nothing_is_drawn_while_somebody_types(fake: FakeObs) -> None:
    begun(fake, FOLLOW)
    page = fake._page
    assert page is not None
    drawn = page.redraws
    fake.type("rule_name", "Another name")
    assert page.redraws == drawn and rules(fake)[0].name == "Another name"
    fake.choose("rule_on", False)
    assert page.redraws == drawn + 1 and lines(fake, "rule_list")[0].startswith("1. Off \u00b7 Another name")


def test_a_number_that_is_none_is_put_right_with_the_next_press(fake: FakeObs) -> None:
    begun(fake, FOLLOW, rule_show_filters=True)
    fake.type("rule_if_chance", "mostly")
    assert rules(fake) == (FOLLOW,)
    fake.press("refresh")
    assert fake.settings["rule_if_chance"] == "100"


def test_the_filters_of_the_chosen_source_are_offered(fake: FakeObs) -> None:
    begun(fake, Rule("r1", actions=(SetFilter(),)))
    fake.press("add_card")
    fake.choose("rule_do1_source", "Cat")
    assert fake._page is not None
    assert [value for _, value in fake._page.properties.find("rule_do1_filter").options] == [""]


def test_hotkeys_are_asked_for_only_where_one_is_chosen(fake: FakeObs) -> None:
    begun(fake, FOLLOW)
    assert fake.script is not None
    asked: list[int] = []
    fake.script.script.rules.lane.hotkeys = lambda: asked.append(1) or {"b.key": 2, "a.key": 1, "": 3}
    fake.press("refresh")
    assert asked == []
    fake.choose("rule_do1", "hotkey")
    assert asked and fake._page is not None
    assert [value for _, value in fake._page.properties.find("rule_do1_hotkey").options] == ["", "a.key", "b.key"]


def test_a_closed_section_keeps_the_rules_and_shows_nothing(fake: FakeObs) -> None:
    begun(fake, FOLLOW)
    fake.choose("show_rules", False)
    assert visible(fake, "rule_") == [] and rules(fake) == (FOLLOW,)
    fake.choose("show_rules", True)
    assert fake.settings["rule_name"] == "One" and "rule_kind" in visible(fake, "rule_")


# -- buttons


def test_duplicate_move_and_delete(fake: FakeObs) -> None:
    begun(fake, FOLLOW, CHAT)
    fake.press("duplicate_rule")
    assert order(fake) == "One One Two" and answer(fake) == "Rule 2 is the copy. It's off."
    fake.press("down_rule")
    assert order(fake) == "One Two One" and fake.settings["rule_chosen"] == "r3"
    fake.press("down_rule")
    assert answer(fake) == "It's the last rule already."
    fake.press("up_rule")
    fake.press("up_rule")
    assert [rule.id for rule in rules(fake)] == ["r3", "r1", "r2"]
    fake.press("delete_rule")
    assert order(fake) == "One One Two" and answer(fake) == "Press again to delete this rule."
    fake.press("delete_rule")
    assert [rule.id for rule in rules(fake)] == ["r1", "r2"] and fake.settings["rule_chosen"] == "r1"


@pytest.mark.parametrize("between", ["refresh", "new_rule", "up_rule", "try_rule"])
def test_delete_asks_again_after_any_other_press(fake: FakeObs, between: str) -> None:
    begun(fake, FOLLOW, CHAT)
    fake.press("delete_rule")
    fake.press(between)
    count = len(rules(fake))
    fake.press("delete_rule")
    assert len(rules(fake)) == count


def test_delete_asks_again_for_another_rule(fake: FakeObs) -> None:
    begun(fake, FOLLOW, CHAT)
    fake.press("delete_rule")
    fake.choose("rule_chosen", "r2")
    fake.press("delete_rule")
    assert rules(fake) == (FOLLOW, CHAT)


def test_trying_a_rule_does_what_it_says(fake: FakeObs) -> None:
    begun(fake, CHAT)
    fake.press("try_rule")
    assert answer(fake)
    fake.tick(0.3)
    assert fake.source("Feed").settings["text"]


class Tried:
    """The script whose timer goes on while a press waits, as in OBS."""

    def __init__(self, fake: FakeObs, *made: Rule, **settings: Any) -> None:
        begun(fake, *made, **settings)
        self.fake = fake
        assert fake.script is not None
        self.page, self.waited = fake.script.script.page, 0
        self.page.outcome_timeout = 5.0
        self.page._pause = self._pause

    def _pause(self, seconds: float) -> None:
        self.waited += 1
        self.fake.run_timers()

    def press(self) -> list[str]:
        self.fake.press("try_rule")
        first, *rest = lines(self.fake, "answer_rule")
        assert all(line.startswith("\u2013 ") for line in rest)
        return [first, *(line[2:] for line in rest)]


HELD = "Tried with made-up data. What would hold the rule back right now:"


def test_a_rule_that_nothing_holds_back_says_so(fake: FakeObs) -> None:
    tried = Tried(fake, Rule("r1", trigger=Trigger("connection"), actions=(SetText("Feed", "hello"),)))
    assert tried.press() == ["Tried with made-up data. Nothing would hold the rule back right now."]
    assert fake.source("Feed").settings["text"] == "hello" and tried.waited == 1


def test_each_reason_for_which_it_would_not_have_run_is_said_and_it_runs_anyway(fake: FakeObs) -> None:
    filters = Filters(who="moderator", only="streaming", scene="Elsewhere", chance=10)
    actions = (SetText("Feed", "{user} hello"), SetText("Gone", "x"), Wait(1.0), SwitchScene("Nowhere"), ShowSource("Cat"))
    tried = Tried(fake, Rule("r1", trigger=Trigger("chat"), on=False, filters=filters, actions=actions))
    fake.hotkey("Kick: pause rules")
    fake.tick(0.2)
    assert tried.press() == [
        HELD,
        "The rule is off.",
        "Rules are paused.",
        "You're not connected to Kick.",
        "It's only for while OBS streams.",
        "The scene isn't Elsewhere.",
        "It only fires 10% of the time.",
        "There's no scene called Elsewhere.",
        "There's no source called Gone of the right kind.",
        "There's no scene called Nowhere.",
    ]
    assert fake.source("Feed").settings["text"] == "NightOwl hello"
    assert "rule_problems" not in visible(fake, "rule_"), "nothing is said twice"
    fake.press("refresh")
    assert "answer_rule" not in visible(fake, "answer_")
    assert "There's no source called Gone of the right kind." in lines(fake, "rule_problems")


def test_what_an_action_runs_into_is_said_as_well(fake: FakeObs) -> None:
    tried = Tried(fake, Rule("r1", trigger=Trigger("connection"), actions=(Record("stop"),)))
    assert tried.press() == [HELD, "OBS isn't recording, so there was nothing to do."]


def test_a_cooldown_that_runs_is_said(fake: FakeObs) -> None:
    tried = Tried(fake, Rule("r1", trigger=Trigger("connection"), filters=Filters(cooldown=60.0), actions=(Wait(),)))
    script = fake.script.script
    script.app.rulebook._index.by_id["r1"].ready_at = script.app.now + 30
    assert tried.press() == [HELD, "It fired a moment ago and waits 30 s more."]


def test_a_rule_without_an_action_or_with_one_that_lacks_something_says_that(fake: FakeObs) -> None:
    tried = Tried(fake, Rule("r1", trigger=Trigger("connection")))
    assert tried.press() == [HELD, "The rule has no action."]
    fake.choose("rule_do1", "set_text")
    assert tried.press() == [HELD, "Choose a source."]


def test_a_strangers_rule_can_be_tried_and_says_that_it_does_not_run(fake: FakeObs) -> None:
    rule = Rule("r1", trigger=Trigger("connection"), actions=(SetText("Feed", "hello"),))
    tried = Tried(fake, rule, rules_mark="")
    assert tried.press() == [HELD, "These rules came with this scene collection: press Use these rules."]
    assert fake.source("Feed").settings["text"] == "hello"


def test_a_turn_that_comes_while_the_page_is_drawn_is_not_missed(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = Tried(fake, Rule("r1", trigger=Trigger("connection"), actions=(SetText("Feed", "x"),)))
    properties = tried.page.press.__globals__["properties"]
    refresh = properties.refresh

    def and_a_turn(*arguments: Any) -> None:
        refresh(*arguments)
        fake.run_timers()

    monkeypatch.setattr(properties, "refresh", and_a_turn)
    assert tried.press() == ["Tried with made-up data. Nothing would hold the rule back right now."] and tried.waited == 0


def test_where_no_turn_comes_the_page_does_not_wait_for_ever(fake: FakeObs) -> None:
    tried = Tried(fake, Rule("r1", trigger=Trigger("connection"), actions=(SetText("Gone", "x"),)))
    tried.page._pause = lambda seconds: None
    tried.page.outcome_timeout = 0.05
    assert tried.press() == [HELD, "There's no source called Gone of the right kind."]


def test_the_alert_can_be_built_on_its_own(fake: FakeObs) -> None:
    begun(fake)
    fake.press("add_alert")
    assert "hidden" in answer(fake, "ready") and "Kick alert" in fake.sources()


def test_every_press_is_saved(fake: FakeObs) -> None:
    begun(fake, FOLLOW)
    fake.press("new_rule")
    fake.tick(0.2)
    assert len(loads(fake.saved["rules"]).rules) == 2


def test_the_page_says_that_rules_are_paused(fake: FakeObs) -> None:
    begun(fake, FOLLOW)
    fake.hotkey("Kick: pause rules")
    fake.tick(0.2)
    fake.press("refresh")
    assert lines(fake, "rule_problems") == ["Rules are paused."]


# -- files


def test_rules_go_out_and_come_in(fake: FakeObs, tmp_path: Path) -> None:
    begun(fake, FOLLOW, CHAT, rule_show_file=True)
    path = tmp_path / "rules.json"
    fake.type("rule_file", str(path))
    assert fake.press("export_rules") is True
    assert answer(fake, "file") == f"Saved 2 rules in {path}."
    fake.press("import_rules")
    assert answer(fake, "file") == f"Added 2 rules from {path}."
    assert [rule.id for rule in rules(fake)] == ["r1", "r2", "r3", "r4"] and order(fake) == "One Two One Two"
    assert fake.settings["rule_chosen"] == "r3"
    assert "3. " in " ".join(lines(fake, "rule_list"))


def test_a_file_that_cannot_be_used_changes_nothing(fake: FakeObs, tmp_path: Path) -> None:
    begun(fake, FOLLOW, rule_show_file=True)
    path = tmp_path / "rules.json"
    fake.type("rule_file", str(path))
    for content, said in [("no", "damaged"), ('{"format": 9, "rules": []}', "newer version")]:
        path.write_text(content, "utf-8")
        fake.press("import_rules")
        assert said in answer(fake, "file") and rules(fake) == (FOLLOW,)


def test_rows_of_a_newer_version_are_said(fake: FakeObs, tmp_path: Path) -> None:
    begun(fake, rule_show_file=True)
    saved = json.loads(dumps([FOLLOW, CHAT]))
    saved["rules"][1]["do"][0]["kind"] = "not invented yet"
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(saved), "utf-8")
    fake.type("rule_file", str(path))
    fake.press("import_rules")
    assert answer(fake, "file").startswith(f"Added 1 rule from {path}.") and "newer VMSC: 1" in answer(fake, "file")


def test_more_rules_than_can_be_kept_are_refused(fake: FakeObs, tmp_path: Path) -> None:
    many = tuple(Rule(f"r{number}") for number in range(600))
    begun(fake, *many, rule_show_file=True)
    path = tmp_path / "rules.json"
    path.write_text(dumps(many), "utf-8")
    fake.type("rule_file", str(path))
    fake.press("import_rules")
    assert "1,000" in answer(fake, "file") and len(rules(fake)) == 600


def test_what_a_newer_version_wrote_counts_as_well(fake: FakeObs, tmp_path: Path) -> None:
    saved = json.loads(dumps([Rule(f"r{number}") for number in range(995)]))
    saved["rules"] += [{"id": f"n{number}", "when": {"kind": "not invented yet"}} for number in range(5)]
    text = json.dumps(saved)
    start(fake, {"show_rules": True, "rule_show_file": True, "rules": text})
    assert len(rules(fake)) == 995
    path = tmp_path / "rules.json"
    path.write_text(dumps([FOLLOW]), "utf-8")
    fake.type("rule_file", str(path))
    fake.press("import_rules")
    assert "1,000" in answer(fake, "file") and len(rules(fake)) == 995
    fake.press("new_rule")
    assert "1,000" in answer(fake, "ready") and len(rules(fake)) == 995


def test_what_a_flood_left_out_is_said(fake: FakeObs) -> None:
    begun(fake, FOLLOW)
    assert fake.script is not None
    fake.script.script.rules._book.thinned = 1234
    fake.press("refresh")
    assert "Too much happened at once. Left out so far, chat first: 1,234." in lines(fake, "rule_problems")


def test_the_file_has_a_place_from_the_start(fake: FakeObs, config_folder: Path) -> None:
    begun(fake, rule_show_file=True)
    assert fake.settings["rule_file"] == str(config_folder / "kick-rules.json")
