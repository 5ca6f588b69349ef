"""Rules that came with somebody else's scene collection: they don't run until somebody looks at them and presses a button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from obs.session import SCRIPT, app, at_kick, lines, quit_and_come_back, signed, start, status

from vmsc_core.obs.trusted import FOLDER, config_folder
from vmsc_core.rules import actions as act
from vmsc_core.rules.mark import mark_of
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps, loads

ALERT = Rule("r0", "Alert", trigger=Trigger("host"), actions=(act.ShowAlert("stranger"), act.PressHotkey("x")))
FOLLOW = Rule("r1", "Mine", trigger=Trigger("follow"), actions=(act.SetText("Mine", "{user} x{count}"),))
FILE = Rule("r2", "File", trigger=Trigger("follow"), actions=(act.WriteEvent(), act.Record("start")))
LOOK = "These rules came with this scene collection, not from this computer. Look at them, then press Use these rules."
STRANGERS = mark_of(dumps([FOLLOW]), bytes(32))
NOTICES = ("rules_notice", "rules_strange", "use_rules")


def begun(fake: FakeObs, *rules: Rule, mark: str = "", **settings: Any) -> Any:
    start(fake, {"username": "speedy", "rules": dumps(rules), "rules_mark": mark, **settings})
    return staged(fake)


def staged(fake: FakeObs) -> Any:
    """The script's ObsRules, with a text in the scene for them."""
    if fake.source("Mine") is None:
        fake.create_source("text_ft2_source_v2", "Mine", {})
    for source in fake._sources:
        if source.name == "Mine":
            source.settings.values["text"] = "before"
    fake.tick(0.2)
    assert fake.script is not None
    return fake.script.script.rules


def followed(fake: FakeObs, kick: KickSimulator) -> str:
    """The text, once a follow has come in and its turn is over."""
    if status(fake) != "Connected":
        if app(fake).wish is None:  # after a restart it connects on its own
            fake.press("connect")
        fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    fake.tick(0.2)  # a change of the rules is followed at the end of the next turn
    count = app(fake).state.count
    kick.follow("speedy")
    fake.tick_until(lambda: app(fake).state.count == count + 1, what="the follow")
    fake.tick(0.3)
    return str(fake.source("Mine").settings["text"])


def said(fake: FakeObs) -> str:
    """What the page says of rules from elsewhere; empty when it says nothing."""
    page = fake._page or fake.page()
    shown = [page.drawn[key] for key in NOTICES]
    assert len({row.visible for row in shown}) == 1, "all of them or none"
    return " ".join(lines(fake, "rules_strange")) if shown[0].visible else ""


def can_use(fake: FakeObs) -> bool:
    page = fake._page or fake.page()
    return bool(page.drawn["use_rules"].visible and page.drawn["use_rules"].enabled)


# -- not unasked


@pytest.mark.parametrize("mark", ["", STRANGERS, "x", mark_of(dumps([]), bytes(32))])
def test_rules_from_elsewhere_do_not_run(fake: FakeObs, kick: KickSimulator, mark: str) -> None:
    begun(fake, FOLLOW, FILE, mark=mark, **at_kick(kick))
    assert followed(fake, kick) == "before"
    assert not any("vmsc-files" in thread.name for thread in fake.threads), "nothing is there to write files"
    fake.page()
    assert lines(fake, "rules_notice") == ["This scene collection's rules don't run yet: see Alerts and rules."]
    assert said(fake) == LOOK and can_use(fake)
    assert lines(fake, "rule_list")[0].startswith("1. On \u00b7 Mine"), "they can be looked at"


def test_one_press_and_they_run_here_and_after_a_restart(fake: FakeObs, kick: KickSimulator) -> None:
    begun(fake, FOLLOW, **at_kick(kick))
    fake.press("use_rules")
    fake.tick(0.2)
    assert followed(fake, kick) == "someone x1"
    assert "run from now on" in said(fake) and not can_use(fake), "nothing on the page jumps"
    fake.page()
    assert said(fake) == ""
    fake.tick(0.2)
    assert fake.saved["rules_mark"], "saved at once"
    quit_and_come_back(fake)
    fake.load_collection()
    staged(fake)
    assert followed(fake, kick) == "someone x1" and said(fake) == ""


def test_reload_asks_nobody_again(fake: FakeObs, kick: KickSimulator) -> None:
    begun(fake, FOLLOW, **at_kick(kick))
    fake.press("use_rules")
    fake.reload_script()
    staged(fake)
    assert said(fake) == "" and followed(fake, kick) == "someone x1"


@pytest.mark.parametrize("place", [20, -20])
def test_a_collection_that_was_changed_by_one_byte_asks_again(fake: FakeObs, kick: KickSimulator, place: int) -> None:
    begun(fake, FOLLOW, **at_kick(kick))
    fake.press("use_rules")
    fake.quit()
    saved = dict(fake.saved)
    text = saved["rules"]
    place = text.index("{user}") + 6 if place > 0 else text.index("Mine")
    saved["rules"] = text[:place] + "!" + text[place + 1 :]
    assert loads(saved["rules"]).rules
    fake.load_script(SCRIPT, saved)
    fake.load_collection()
    staged(fake)
    assert followed(fake, kick) == "before" and said(fake) == LOOK


def test_mine_then_a_strangers_then_mine(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick, rules=dumps([FOLLOW])))
    staged(fake)
    assert followed(fake, kick) == "someone x1" and said(fake) == ""
    fake.switch_collection("Stranger's", at_kick(kick, show_rules=True, rules=dumps([FOLLOW]), rules_mark=STRANGERS))
    staged(fake)
    assert followed(fake, kick) == "before" and said(fake) == LOOK
    fake.switch_collection("Untitled")
    staged(fake)
    assert followed(fake, kick) == "someone x1" and said(fake) == ""


def test_a_duplicated_collection_is_mine_as_well(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick, rules=dumps([FOLLOW])))
    staged(fake)
    fake._save_project()
    fake.switch_collection("Copy", dict(fake.saved))
    staged(fake)
    assert followed(fake, kick) == "someone x1" and said(fake) == ""


def test_a_hotkey_runs_none_of_them(fake: FakeObs) -> None:
    rules = begun(fake, ALERT)
    alert = fake.import_module("vmsc_core.obs.alert")
    fake.call(alert.add_alert, fake.import_module("vmsc_core.settings").Choices())
    fake.hotkey("vmsc_hotkey_test_alert")
    fake.tick(0.3)
    assert fake.source("Kick alert: title").settings["text"] == "NightOwl"
    assert rules.problems == [], "the hotkey x was not asked for"


# -- edits


def test_what_is_made_on_this_page_is_this_computers(fake: FakeObs, kick: KickSimulator) -> None:
    begun(fake, **at_kick(kick))
    fake.page()
    fake.press("new_rule")
    fake.choose("rule_do1", "set_text")
    fake.choose("rule_do1_source", "Mine")
    fake.type("rule_do1_template", "typed")
    assert followed(fake, kick) == "typed" and said(fake) == ""
    quit_and_come_back(fake)
    fake.load_collection()
    staged(fake)
    assert followed(fake, kick) == "typed" and said(fake) == ""


def test_an_edit_does_not_make_the_rest_mine(fake: FakeObs, kick: KickSimulator) -> None:
    begun(fake, FOLLOW, FILE, **at_kick(kick))
    fake.page()
    fake.type("rule_name", "Another name")
    fake.press("new_rule")
    fake.press("delete_rule")
    fake.press("delete_rule")
    fake.press("up_rule")
    assert [rule.name for rule in loads(fake.settings["rules"]).rules] == ["File", "Another name"]
    assert followed(fake, kick) == "before" and said(fake) == LOOK
    fake.press("use_rules")
    assert followed(fake, kick) == "someone x1"


def test_a_file_is_imported_because_the_user_asked_for_it(fake: FakeObs, kick: KickSimulator, tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(dumps([FOLLOW]), "utf-8")
    begun(fake, **at_kick(kick, rule_show_file=True))
    fake.page()
    fake.type("rule_file", str(path))
    fake.press("import_rules")
    assert followed(fake, kick) == "someone x1" and said(fake) == ""


def test_once_all_of_them_are_deleted_what_is_added_is_mine(fake: FakeObs, kick: KickSimulator) -> None:
    begun(fake, FOLLOW, **at_kick(kick))
    fake.page()
    fake.press("delete_rule")
    fake.press("delete_rule")
    assert "are deleted" in said(fake) and not can_use(fake)
    fake.press("new_rule")
    fake.page()
    assert said(fake) == "" and fake.settings["rules_mark"]


def test_rows_that_only_a_newer_version_can_show_are_said_before_they_are_used(fake: FakeObs) -> None:
    text = dumps([FOLLOW, FILE]).replace('"record"', '"not invented yet"')
    start(fake, {"rules": text, "rules_mark": ""})
    fake.page()
    fake.press("use_rules")
    assert "Left out until you have a newer VMSC: 1." in said(fake)
    assert fake.settings["rules"] == text and fake.settings["rules_mark"] == signed({"rules": text})["rules_mark"]


def test_what_is_added_among_them_does_not_say_that_it_runs(fake: FakeObs, kick: KickSimulator) -> None:
    begun(fake, FOLLOW, **at_kick(kick))
    fake.page()
    fake.press("add_ready")
    assert "It doesn't run yet" in lines(fake, "answer_ready")[0]


# -- the key


def test_the_key_is_read_when_the_script_is_loaded_and_never_again(fake: FakeObs) -> None:
    begun(fake, FOLLOW)
    Path(config_folder(), FOLDER, "rules-key").unlink()
    fake.page()
    fake.press("new_rule")
    fake.type("rule_name", "x")
    fake.press("use_rules")
    fake.tick(0.5)
    assert not Path(config_folder(), FOLDER, "rules-key").exists()


def test_without_a_place_for_the_key_each_start_asks(fake: FakeObs, kick: KickSimulator) -> None:
    Path(config_folder(), FOLDER).write_text("in the way")
    begun(fake, FOLLOW, **at_kick(kick))
    assert said(fake) == LOOK + " This computer can't remember that, so press it again each time OBS starts."
    fake.press("use_rules")
    assert followed(fake, kick) == "someone x1"
    quit_and_come_back(fake)
    fake.load_collection()
    staged(fake)
    assert said(fake).startswith(LOOK) and followed(fake, kick) == "before"


def test_nothing_is_said_where_there_is_nothing_to_use(fake: FakeObs) -> None:
    for text in ("", "broken", '{"format": 99, "rules": [1]}', dumps([])):
        start(fake, {"rules": text, "rules_mark": ""})
        fake.page()
        assert said(fake) == ""
        fake.unload_script()
