"""Each code has its sentence, with what it's about."""

from __future__ import annotations

import pytest
from rules.worlds import rule

from vmsc_core.reasons import because
from vmsc_core.rules import explain
from vmsc_core.rules.explain import reason
from vmsc_core.words import say

MADE = rule("gifted_subs", text="gg", at_least=5000, only="live", scene="Game", chance=20)


@pytest.mark.parametrize(
    ("code", "left", "text"),
    [
        ("text", 0.0, "The text doesn't match “gg”."),
        ("who", 0.0, "It came from somebody else."),
        ("at_least", 0.0, "It was less than 5,000."),
        ("only", 0.0, "It's only for while live on Kick."),
        ("scene", 0.0, "The scene isn't Game."),
        (explain.CHANCE, 0.0, "Not this time: the chance is 20%."),
        (explain.ALWAYS, 0.0, "It only fires 20% of the time."),
        (explain.CONNECTED, 0.0, "You're not connected to Kick."),
        (explain.OURS, 0.0, "These rules came with this scene collection: press Use these rules."),
        (explain.COOLDOWN, 29.6, "It fired a moment ago and waits 30 s more."),
        (explain.COOLDOWN_EACH, 0.2, "It fired for this viewer a moment ago and waits 1 s more."),
        (explain.OFF, 0.0, "The rule is off."),
        (explain.PAUSED, 0.0, "Rules are paused."),
        (explain.NO_ACTIONS, 0.0, "The rule has no action."),
        (explain.NEVER_ASKED, 0.0, "Nothing of that kind happened."),
        (explain.OTHER, 0.0, "The rule waits for something else."),
        (explain.THINNED, 0.0, "Too much happened at once."),
    ],
)
def test_why_it_did_not_fire(code, left, text):
    found = reason(code, MADE, left)
    assert found is not None and say(found) == text


def test_what_fired_needs_no_reason_and_a_broken_filter_has_its_own():
    assert reason("", MADE) is None and reason(explain.TROUBLE, MADE, trouble=because("rule_pattern_slow")) == because(
        "rule_pattern_slow"
    )


def test_a_broken_filter_is_not_named_for_something_else():
    assert reason("who", MADE, trouble=because("rule_pattern_slow")) == because("rule_not_who")
