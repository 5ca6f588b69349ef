"""Ready-made rules in a fake OBS: one press adds the rules and what they need, and leaves the user's own alone."""

from __future__ import annotations

from typing import Any

import pytest
from fake_obspython import FakeObs
from obs.session import lines, start

from vmsc_core.rules.ready import READY, ready
from vmsc_core.rules.saved import loads


def add(fake: FakeObs, key: str) -> str:
    """What the page says once this one was added."""
    fake.page()
    fake.choose("rule_ready", key)
    assert fake.press("add_ready") is True
    return " ".join(lines(fake, "answer_ready"))


def rules(fake: FakeObs) -> Any:
    return loads(fake.settings["rules"]).rules


def items(fake: FakeObs) -> dict[str, bool]:
    return {item.name: item.visible for item in fake.scene_items()}


@pytest.mark.parametrize("key", READY)
def test_one_press_adds_the_rules_and_what_they_need(fake: FakeObs, key: str) -> None:
    start(fake)
    said = add(fake, key)
    made = ready(key)
    assert made is not None
    assert [rule.name for rule in rules(fake)] == [rule.name for rule in made.rules]
    wanted = {need.name or "Kick alert": need.visible for need in made.needs}
    assert items(fake) == wanted and all(name in said for name in wanted)
    assert all(fake.source(need.name).settings["text"] == need.text for need in made.needs if need.name)
    assert fake.settings["rule_chosen"] == "r1", "the new one is shown in the editor"


def test_a_second_press_uses_the_sources_of_the_first(fake: FakeObs) -> None:
    start(fake)
    add(fake, "chat_feed")
    fake.change_source("Kick chat", {"text": "mine"})
    assert add(fake, "chat_feed") == "Added and on. Press Try it to see it."
    assert items(fake) == {"Kick chat": True} and fake.source("Kick chat").settings["text"] == "mine"
    assert [rule.id for rule in rules(fake)] == ["r1", "r2"] and fake.settings["rule_chosen"] == "r2"


def test_a_name_that_something_else_has_is_not_taken(fake: FakeObs) -> None:
    start(fake)
    fake.create_source("color_source_v3", "Kick greeting")
    assert "Kick greeting 2" in add(fake, "greeting")
    assert {action.source for action in rules(fake)[0].actions} == {"Kick greeting 2"}
    assert fake.source("Kick greeting").kind == "color_source_v3"


def test_a_source_in_another_scene_is_put_into_this_one_too(fake: FakeObs) -> None:
    start(fake)
    fake.add_scene("Second")
    fake.create_source("text_ft2_source_v2", "Kick break", {"text": "Coffee"}, "Second")
    add(fake, "break")
    assert items(fake) == {"Kick break": False} and fake.source("Kick break").settings["text"] == "Coffee"


def test_an_alert_that_cannot_be_built_adds_no_rule(fake: FakeObs) -> None:
    start(fake)
    fake.create_source("color_source_v3", "Kick alert")
    assert "called" in add(fake, "follow")
    assert fake.settings["rules"] == "" and items(fake) == {"Kick alert": True}


def test_saving_a_replay_says_what_to_turn_on(fake: FakeObs) -> None:
    start(fake)
    assert "replay buffer" in add(fake, "replay")
