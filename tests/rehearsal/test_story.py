"""The story of a rehearsal through the real link, session, interpreter and rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from vmsc_core import events
from vmsc_core.events import Event, LinkChanged, Signal
from vmsc_core.host import Host
from vmsc_core.known import KnownChannel
from vmsc_core.link.scripted import found
from vmsc_core.link.stage import Stage
from vmsc_core.rehearsal.frames import CHANNEL_ID, CHATROOM_ID
from vmsc_core.rehearsal.story import FOLLOWERS, MOST_ASKED, story
from vmsc_core.rules.actions import SetText
from vmsc_core.rules.book import Rulebook
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import KINDS, Rule, Trigger
from vmsc_core.settings import PUSHER, Wish
from vmsc_core.state import State, reduce

DO = (SetText("Mine", "x"),)


def played(rules: Iterable[Rule] = ()) -> tuple[list[Event], float]:
    """All events of the story that these rules get, and how many seconds it took."""
    stage = Stage(story(rules, 1_795_000_000.0), wait=lambda stop, seconds: None)
    stage.lookup(found("speedy", CHANNEL_ID, CHATROOM_ID, FOLLOWERS))
    known = {"speedy": KnownChannel(CHATROOM_ID, CHANNEL_ID, "Speedy")}
    begun = stage.now
    told = stage.run(Wish("speedy", provider=PUSHER, poll=False, websocket_address="ws://127.0.0.1:9/", known=known))
    assert stage.over
    return told, stage.now - begun


def fired(*rules: Rule, host: Host = Host()) -> dict[str, int]:  # noqa: B008  # frozen
    """How often each rule fired."""
    book, state, now = Rulebook(rules, lambda: 0.0), State(), 0.0
    for event in played(rules)[0]:
        now = max(now + 0.01, event.at if isinstance(event, LinkChanged) else now)
        book.due(now, state, host)
        state = reduce(state, event)
        book.plan(event, state, host, now)
    return {outcome.rule_id: outcome.fired for outcome in book.outcomes(now)}


def test_everything_that_is_told_is_understood_and_nothing_is_lost() -> None:
    told, seconds = played()
    assert [event for event in told if isinstance(event, (events.Unknown, events.Dropped))] == []
    assert 40 <= seconds <= 60
    assert [event.key for event in (notice.reason for notice in told if isinstance(notice, events.Notice))] == ["away"]
    kinds = {type(event) for event in told}
    for kind in (
        events.ChatMessage, events.Follow, events.Subscription, events.GiftedSubscriptions, events.KicksGifted, events.Host,
        events.RewardRedeemed, events.StreamStarted, events.StreamEnded, events.MessageDeleted,
    ):  # fmt: skip
        assert kind in kinds


def test_companions_and_chunks_count_once() -> None:
    told, _ = played()
    assert [event.months for event in told if isinstance(event, events.Subscription)] == [1, 6]
    assert [event.count for event in told if isinstance(event, events.GiftedSubscriptions)] == [20]
    assert [(event.username, event.total) for event in told if isinstance(event, events.Follow)] == [
        (None, FOLLOWERS + 1),
        ("Bob99", FOLLOWERS + 2),
    ]
    assert len([event for event in told if isinstance(event, events.Host)]) == 1


def test_the_connection_is_lost_for_longer_than_ten_seconds_and_comes_back() -> None:
    changes = [event for event in played()[0] if isinstance(event, LinkChanged) and event.signal is not Signal.TRYING]
    signals = [change.signal for change in changes]
    assert signals == [Signal.READY, *[Signal.BROKE] * 4, Signal.READY]
    assert 10 < changes[-1].at - changes[1].at < 20


TRIGGERS = {
    **{kind: Trigger(kind) for kind in KINDS},
    "command": Trigger("command", "!brb"),
    "reward": Trigger("reward", reward="Push-ups"),
    "connection": Trigger("connection", status="reconnecting", seconds=10.0),
    "new sub": Trigger("subscription", which="new"),
    "renewal": Trigger("subscription", which="renewal"),
}


@pytest.mark.parametrize("name", TRIGGERS)
def test_each_trigger_fires_a_rule_that_is_made_for_it(name: str) -> None:
    assert fired(Rule("r1", trigger=TRIGGERS[name], actions=DO))["r1"] >= 1


@pytest.mark.parametrize(
    ("kind", "least"), [("gifted_subs", 250), ("kicks", 9000), ("host", 3000), ("subscription", 24), ("gifted_subs", 1)]
)
def test_what_is_given_reaches_the_highest_threshold(kind: str, least: int) -> None:
    assert fired(Rule("r1", trigger=Trigger(kind), filters=Filters(at_least=least), actions=DO))["r1"] >= 1


@pytest.mark.parametrize("who", ["anyone", "moderator", "subscriber", "vip", "og", "broadcaster"])
def test_a_command_comes_from_somebody_who_may_give_it(who: str) -> None:
    rule = Rule("r1", trigger=Trigger("command", "!BRB"), filters=Filters(who=who), actions=DO)
    assert fired(rule)["r1"] >= 1


def test_a_text_that_a_rule_looks_for_is_written() -> None:
    looking = [
        Rule(how, trigger=Trigger("chat"), filters=Filters("so long", how), actions=DO) for how in ("is", "starts", "contains")
    ]
    assert min(fired(*looking).values()) >= 1


def test_a_rule_for_live_only_fires() -> None:
    assert fired(Rule("r1", trigger=Trigger("follow"), filters=Filters(only="live"), actions=DO))["r1"] == 2


def test_a_rule_that_is_off_shapes_nothing() -> None:
    rule = Rule("r1", trigger=Trigger("command", "!off"), actions=DO)
    assert story([rule], 0.0) != story([], 0.0)
    assert story([replace(rule, on=False)], 0.0) == story([], 0.0)


def test_a_thousand_commands_do_not_make_it_long() -> None:
    rules = [Rule(f"r{number}", trigger=Trigger("command", f"!c{number}"), actions=DO) for number in range(1000)]
    told, seconds = played(rules)
    assert seconds <= 60
    assert (
        len([event for event in told if isinstance(event, events.ChatMessage) and event.text.startswith("!c")]) == 3 * MOST_ASKED
    )
    assert [event for event in told if isinstance(event, (events.Unknown, events.Dropped))] == []


def test_the_same_rules_give_the_same_story() -> None:
    assert story([], 5.0) == story([], 5.0)
