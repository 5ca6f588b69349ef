"""A rule in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.worlds import rule

from vmsc_core.rules.actions import (
    ACTIONS,
    AddLine,
    Media,
    SetFilter,
    SetText,
    SetVolume,
    ShowAlert,
    ShowSource,
    SwitchScene,
    Wait,
)
from vmsc_core.rules.rule import KINDS, STATUSES, Rule, Trigger
from vmsc_core.rules.sentence import LONGEST, do, sentence, when

CONFETTI = ShowSource("Confetti", seconds=8.0)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (
            rule("gifted_subs", CONFETTI, at_least=5, cooldown=30.0),
            "On · When someone gifts at least 5 subs, show Confetti for 8 s, at most once in 30 s",
        ),
        (
            rule("command", SwitchScene("Break"), word="!brb", who="moderator", on=False),
            "Off · When a moderator writes !brb, switch to Break",
        ),
        (
            rule("chat", AddLine("Feed"), text="gg", who="names", names=("Ann", "Bob"), cooldown_each=60.0, chance=50, hold=2.5),
            "On · When Ann or Bob writes in chat with “gg” in the text, add “{user}: {message}” to Feed, 50% of the time, "
            "at most once in 60 s per viewer, held for 2.5 s",
        ),
        (
            rule("connection", ShowSource("Banner", "Game"), status="reconnecting", seconds=10.0, only="streaming", scene="Game"),
            "On · When the connection has been Reconnecting for 10 s, show Banner in scene Game, only while OBS streams, "
            "only in scene Game",
        ),
        (
            rule("subscription", Media("Horn"), Wait(2.0), SetVolume("Music", 20, 500), which="renewal", at_least=12),
            "On · When someone renews a sub for at least 12 months, play Horn from the start, then wait 2 s, "
            "then fade the volume of Music to 20% within 0.5 s",
        ),
        (
            rule("reward", SetFilter("Cam", "", "toggle"), reward="Hydrate", who="not_names", names=tuple("abcde")),
            "On · When anyone but a or b or c and 2 more redeems Hydrate, turn (not chosen) of Cam on or off",
        ),
        (Rule("r1", "Hype", trigger=Trigger("follow")), "On · Hype: When someone follows, do nothing"),
    ],
)
def test_a_rule_reads_like_a_sentence(made, text):
    assert sentence(made) == text


def test_the_halves_alone():
    assert when(rule("kicks", at_least=100)) == "someone gives at least 100 Kicks"
    assert do(ShowAlert("{user}", seconds=5.0)) == "show the alert “{user}” for 5 s"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("which", ["new", "renewal", "both"])
@pytest.mark.parametrize("more", [{}, {"at_least": 5}, {"reward": "x", "word": "!x", "seconds": 5.0}])
def test_every_trigger_has_its_words(kind, which, more):
    assert "rule_" not in sentence(rule(kind, which=which, **more))


@pytest.mark.parametrize("status", STATUSES)
def test_every_connection_state_has_its_words(status):
    assert "status_" not in sentence(rule("connection", status=status))


@pytest.mark.parametrize("saved", ACTIONS)
def test_every_action_has_its_words_with_everything_chosen_and_with_nothing(saved):
    row = ACTIONS[saved]
    chosen = {spec.key: spec.choices[0] if spec.choices else (5 if spec.high else "Thing") for spec in row.specs}
    choices = [{"do": choice} for spec in row.specs if spec.key == "do" for choice in spec.choices]
    for values in [{}, chosen, *choices]:
        text = do(row.type(**values))
        assert "rule_" not in text and "{" not in text.replace("{user}", "").replace("{message}", "")


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.text(max_size=500), st.sampled_from(sorted(KINDS)))
def test_nothing_that_is_typed_breaks_the_sentence(text, kind):
    made = rule(kind, SetText(text, text), word=text, reward=text, text=text, names=(text,), who="names", scene=text)
    said = sentence(Rule("r1", text, True, made.trigger, made.filters, made.actions))
    assert len(said) <= LONGEST and "\n" not in said and said.encode()
