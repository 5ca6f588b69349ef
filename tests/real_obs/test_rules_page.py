"""The rule editor in a real OBS, by mouse and keyboard: add a ready-made rule, edit it, see it work, try it, delete it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kick_simulator import KickSimulator
from obs_sandbox import SCENE, SCREEN, ObsSandbox, reading
from real_obs.session import BEHIND, ONLY_RULES, SCRIPT, ended_well, make_obs_save, page, press, saved_now, settings, wait_for

from vmsc_core.events import Status
from vmsc_core.rules.actions import AddLine, PressHotkey, SetFilter, ShowAlert, ShowSource
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps, loads


def rules(obs: ObsSandbox) -> tuple[Rule, ...]:
    """The rules in OBS's file."""
    return loads(saved_now(obs).get("rules", "")).rules


def wait_rules(obs: ObsSandbox, wanted: Any, what: str) -> None:
    make_obs_save(obs)
    obs.wait(lambda: wanted(rules(obs)), 10, what)


LABELS = 100
"""px of the page that labels begin in, from its left."""


def choose(obs: ObsSandbox, label: str, title: str) -> None:
    """Picks `title` from the list beside `label`, as a user does who types its name. OCR takes the two for one phrase."""

    def place() -> Any:
        first = (phrase[0] for phrase in obs.phrases(obs.page_picture()) if says(phrase, label))
        return next((word for word in first if word.left < LABELS), None)

    obs.open_scripts_dialog()
    word = obs.wait(place, 10, f"a list {label!r} on the page")
    obs.screen.click(SCREEN[0] - 60, word.center[1])
    obs.still_picture()
    obs.screen.run("xdotool", "type", "--delay", "15", title)
    obs.screen.run("xdotool", "key", "Return")
    obs.still_picture()


def says(phrase: Any, label: str) -> bool:
    return reading.glued("".join(word.text for word in phrase)).startswith(reading.glued(label))


def said(obs: ObsSandbox, source: str) -> str:
    return str(obs.input_settings(source).get("text", ""))


def is_shown(obs: ObsSandbox, name: str) -> bool:
    return any(item["sourceName"] == name and item["sceneItemEnabled"] for item in obs.scene_items())


def test_a_ready_made_rule_is_added_edited_tried_and_deleted(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick, **ONLY_RULES), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        assert "No rules yet" in page(obs)
        choose(obs, "Ready-made", "Chat feed")
        press(obs, "Add this", lambda: "Kick chat" in obs.inputs())
        assert "Kick chat" in page(obs)
        kick.chat("speedy", text="hello there", username="Anna")
        obs.wait(lambda: said(obs, "Kick chat").endswith("Anna: hello there"), 10, "the message in the feed")

        obs.type_into("Name", "My feed")
        obs.type_into("Text", "{user} says {message}")
        wait_rules(
            obs,
            lambda found: found[0].name == "My feed" and found[0].actions == (AddLine("Kick chat", "{user} says {message}", 8),),
            "the edited rule",
        )
        kick.chat("speedy", text="and now", username="Anna")
        obs.wait(lambda: said(obs, "Kick chat").endswith("Anna says and now"), 10, "the edit at work")
        press(obs, "Try it", lambda: "NightOwl says" in said(obs, "Kick chat"))
        assert "Nothing would hold the rule back" in page(obs)

        press(obs, "Duplicate", lambda: "Rule 2 is the copy" in page(obs))
        press(obs, "Try it", lambda: "The rule is off" in page(obs))
        wait_rules(obs, lambda found: [rule.on for rule in found] == [True, False], "the copy, which is off")
        press(obs, "Delete rule", lambda: "Press again" in page(obs))
        wait_rules(obs, lambda found: len(found) == 2, "both of them, as before")
        press(obs, "Really delete?", lambda: "is deleted" in page(obs))
        wait_rules(obs, lambda found: [rule.on for rule in found] == [True], "one rule")
        obs.close_scripts_dialog()
        ended_well(obs)


def test_a_rule_is_made_from_nothing_and_shows_the_alert_that_was_built(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick, **ONLY_RULES), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        press(obs, "Add alert", lambda: "Kick alert: title" in obs.inputs())
        press(obs, "New rule", lambda: "not ready" in page(obs))
        choose(obs, "When", "Gifted subs")
        choose(obs, "Action 1", "Show the alert")
        obs.type_into("2nd line", "{count} at once")
        alert = ShowAlert("{user}", "{count} at once")
        wait_rules(obs, lambda found: found == (Rule("r1", trigger=Trigger("gifted_subs"), actions=(alert,)),), "the rule")
        assert not is_shown(obs, "Kick alert")
        kick.gift("speedy", 5)
        obs.wait(lambda: is_shown(obs, "Kick alert") and said(obs, "Kick alert: detail") == "5 at once", 10, "the alert")
        obs.wait(lambda: not is_shown(obs, "Kick alert"), 10, "its end")
        obs.close_scripts_dialog()
        ended_well(obs)


def test_lists_offer_the_filters_and_hotkeys_that_there_are(kick: KickSimulator) -> None:
    own = Rule("r1", actions=(SetFilter(), PressHotkey()))
    with ObsSandbox(SCRIPT, settings(kick, **ONLY_RULES, rules=dumps([own])), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.ws.create_input(SCENE, "Confetti", "color_source_v3", {"width": 50, "height": 50}, True)
        for name in ("Red", "Blue"):
            obs.ws.create_source_filter("Confetti", name, "color_filter_v2", {})
        choose(obs, "Source", "Confetti")
        choose(obs, "Filter", "Blue")
        choose(obs, "Hotkey", "vmsc_hotkey_connect")
        chosen = (SetFilter("Confetti", "Blue"), PressHotkey("vmsc_hotkey_connect"))
        wait_rules(obs, lambda found: [rule.actions for rule in found] == [chosen], "both to be chosen")
        obs.close_scripts_dialog()
        ended_well(obs)


def test_rules_go_out_to_a_file_and_come_in_again(kick: KickSimulator, tmp_path: Path) -> None:
    own = Rule("r1", "Confetti", trigger=Trigger("gifted_subs"), filters=Filters(at_least=5), actions=(ShowSource("Cat"),))
    path = tmp_path / "mine.json"
    more = {**ONLY_RULES, "rules": dumps([own]), "rule_show_file": True, "rule_file": str(path)}
    with ObsSandbox(SCRIPT, settings(kick, **more), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        press(obs, "Export", path.is_file)
        press(obs, "Import", lambda: "Added 1 rule" in page(obs))
        wait_rules(obs, lambda found: [rule.name for rule in found] == ["Confetti", "Confetti"], "both")
        path.write_text("broken", "utf-8")
        press(obs, "Import", lambda: "damaged" in page(obs))
        wait_rules(obs, lambda found: len(found) == 2, "nothing lost")
        obs.close_scripts_dialog()
        ended_well(obs)
