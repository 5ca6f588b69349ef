"""Rules are found by what they wait for, and keep their history when they are edited."""

from __future__ import annotations

import pytest
from rules.worlds import FOLLOW, chat, rule

from vmsc_core import events
from vmsc_core.events import MessageDeleted, RewardRedeemed, StreamEnded, StreamStarted, Subscription
from vmsc_core.rules.armed import Index
from vmsc_core.rules.rule import Rule, Trigger


def ids(armed):
    return [row.rule.id for row in armed]


def chatted(rules, text, is_first=False):
    return ids(Index(rules).for_chat(chat(text), is_first))


@pytest.mark.parametrize(
    ("word", "text", "fires"),
    [
        ("!brb", "!brb", True),
        ("!brb", "!BRB now", True),
        ("!BRB", "  !brb\tnow", True),
        ("!brb", "!brbx", False),
        ("!brb", "so !brb", False),
        ("!brb", "!br", False),
        ("!brb", "", False),
        ("!brb", "   ", False),
        ("", "", False),
        ("!größe", "!GRÖSSE", True),
        ("!so @x", "!so", True),
    ],
)
def test_a_command_is_the_whole_first_word_in_any_case(word, text, fires):
    assert bool(chatted([rule("command", word=word)], text)) is fires


def test_a_chat_message_costs_its_own_rules_only_in_the_users_order():
    rules = [rule("first_message", rule_id="a"), rule("chat", rule_id="b"), rule("command", rule_id="c", word="!x")]
    rules += [rule("command", rule_id=f"other{n}", word=f"!{n}") for n in range(100)] + [rule("follow", rule_id="d")]
    assert (
        chatted(rules, "hello") == ["b"] and chatted(rules, "!x") == ["b", "c"] and chatted(rules, "!x", True) == ["a", "b", "c"]
    )


@pytest.mark.parametrize(
    ("which", "months", "fires"),
    [
        ("both", 1, True),
        ("both", 2, True),
        ("new", 0, True),
        ("new", 1, True),
        ("new", 2, False),
        ("renewal", 1, False),
        ("renewal", 2, True),
    ],
)
def test_new_subs_and_renewals(which, months, fires):
    assert bool(Index([rule("subscription", which=which)]).for_event(Subscription("Ann", months))) is fires


@pytest.mark.parametrize(
    ("reward", "title", "fires"),
    [("", "Hydrate", True), ("hydrate", "Hydrate ", True), ("Hydrate", "Hydrate!", False), ("Hydrate", "", False)],
)
def test_a_reward_by_its_title(reward, title, fires):
    assert bool(Index([rule("reward", reward=reward)]).for_event(RewardRedeemed("Ann", title, ""))) is fires


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("stream_started", StreamStarted(1)),
        ("stream_ended", StreamEnded(1)),
        ("message_deleted", MessageDeleted("m")),
        ("follow", FOLLOW),
    ],
)
def test_each_event_has_its_trigger(kind, event):
    assert ids(Index([rule("chat", rule_id="x"), rule(kind)]).for_event(event)) == ["r1"]


@pytest.mark.parametrize("event", [events.LiveKnown(True), events.FollowerTotal(5), events.Duplicate("x"), events.Dropped(9)])
def test_what_is_no_happening_fires_nothing(event):
    kinds = ["chat", "follow", "subscription", "gifted_subs", "stream_started", "connection"]
    assert Index([rule(kind, rule_id=kind) for kind in kinds]).for_event(event) == []


def test_a_rule_that_is_off_empty_or_broken_is_not_found():
    broken = rule("chat", rule_id="r2", text="(a+)+", how="regex")
    rules = [rule("chat", on=False), broken, Rule("r3", trigger=Trigger("chat"))]
    assert chatted(rules, "a") == [] and Index(rules).on == {"r2", "r3"}


def test_of_two_rules_with_one_id_the_first_counts():
    assert ids(Index([rule("chat"), rule("follow")]).for_event(FOLLOW)) == []


def test_an_edited_rule_keeps_its_history():
    before = Index([rule("follow"), rule("chat", rule_id="r2")])
    before.by_id["r1"].ready_at, before.by_id["r1"].fired = 99.0, 7
    after = Index([rule("follow", at_least=5)], before)
    assert (after.by_id["r1"].ready_at, after.by_id["r1"].fired, len(after.by_id)) == (99.0, 7, 1)
