"""For any rules and any events: nothing raises, no rule fires twice for one event, no turn does too much, nothing grows."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules.test_saved import rules

from vmsc_core import events
from vmsc_core.events import ChatMessage, Status
from vmsc_core.host import Host
from vmsc_core.reasons import Reason
from vmsc_core.rules.actions import AddLine, Planned, SetText, Wait
from vmsc_core.rules.alerts import MOST_ALERTS
from vmsc_core.rules.book import Rulebook
from vmsc_core.rules.chains import ACTIONS_PER_TURN, MOST_CHAINS
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.shown import MOST_SHOWN
from vmsc_core.state import State
from vmsc_core.words import say

checked = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

names = st.sampled_from(["", "Ann", "bob", "{user}", "\u202eevil", "a" * 300]) | st.text(max_size=8)
words = st.sampled_from(["!so bob", "gg", "[emote:1:Kappa]", "{count} {arg1}"]) | st.text(max_size=30)
numbers = st.integers(-5, 10**12)
times = st.none() | st.floats()
badges = st.lists(
    st.builds(events.Badge, st.sampled_from(["moderator", "subscriber", "x"]), names, st.none() | numbers), max_size=3
)

happenings = st.one_of(
    st.builds(
        ChatMessage, st.sampled_from(["", "m1", "m2"]), names, words, badges.map(tuple), time=times, months=st.none() | numbers
    ),
    st.builds(events.Follow, st.none() | names, st.none() | numbers, times, numbers),
    st.builds(events.Subscription, names, numbers, st.none() | words, times),
    st.builds(events.GiftedSubscriptions, st.none() | names, st.lists(names, max_size=8).map(tuple), numbers, times),
    st.builds(events.KicksGifted, names, numbers, words, words, times),
    st.builds(events.RewardRedeemed, names, words, words),
    st.builds(events.Host, names, numbers, st.none() | words),
    st.builds(events.StreamStarted, st.none() | numbers, words, times),
    st.builds(events.StreamEnded, st.none() | numbers),
    st.builds(events.MessageDeleted, st.sampled_from(["m1", "m2"])),
    st.builds(events.UserBanned, names, names, st.booleans()),
    st.just(events.ChatCleared()),
    st.builds(events.LiveKnown, st.booleans()),
    st.builds(events.LinkChanged, st.sampled_from(events.Signal)),
    st.builds(events.Dropped, numbers),
)
states = st.builds(
    State,
    status=st.sampled_from(Status),
    name=names,
    live=st.none() | st.booleans(),
    followers=st.none() | numbers,
    since=st.none() | st.floats(0, 1e6),
)
hosts = st.builds(Host, st.booleans(), st.booleans(), st.booleans(), names)
books = st.lists(rules, max_size=6, unique_by=lambda rule: rule.id)
presses = st.lists(st.sampled_from(["", "pause", "skip", "replace", "try"]), max_size=6)
turns = st.lists(st.tuples(st.lists(happenings, max_size=6), states, hosts, st.floats(0, 100)), max_size=6)


@checked
@given(
    books, turns, st.lists(st.sampled_from(["pause", "skip", "replace", "try"]), max_size=6), st.randoms(use_true_random=False)
)
def test_nothing_raises_and_every_turn_keeps_to_its_budget(made, played, pressed, rng):
    book, now = Rulebook(made, rng.random), 0.0
    for number, (happened, state, host, seconds) in enumerate(played):
        press = pressed[number] if number < len(pressed) else ""
        planned: list[Planned] = []
        if press == "replace":
            book.replace(made[number:])
        elif press == "skip":
            book.skip_alert()
        elif press == "pause":
            book.paused = not book.paused
        elif press == "try":
            planned += [row for rule in made for row in book.try_now(rule, None, state, now)]
        for event in happened:
            planned += book.plan(event, state, host, now)
            for rule in made:
                reasons = book.why_not(rule, event, state, host, now)
                assert len(set(reasons)) == len(reasons) and all(say(reason).endswith(".") for reason in reasons)
        now += seconds
        planned += book.due(now, state, host)
        assert len(planned) <= ACTIONS_PER_TURN
        assert not any(isinstance(row.action, Wait) for row in planned)
        assert all(row.reason is None or isinstance(row.reason, Reason) for row in book.outcomes(now))
    chains = book._chains
    assert len(chains) <= MOST_CHAINS and len(chains.alerts) <= MOST_ALERTS and len(chains._shown) <= MOST_SHOWN


@checked
@given(st.lists(happenings, max_size=40), st.integers(1, 5))
def test_no_rule_fires_twice_for_one_event(happened, number):
    kinds = ["chat", "first_message", "follow", "subscription", "gifted_subs", "kicks", "reward", "host"]
    made = [Rule(f"{kind}-{place}", trigger=Trigger(kind), actions=(SetText("T"),)) for kind in kinds for place in range(number)]
    book = Rulebook(made, lambda: 0.0)
    for place, event in enumerate(happened):
        fired = Counter(row.rule_id for row in book.plan(event, State(), Host(), float(place)))
        assert not fired or max(fired.values()) == 1
        assert book.due(float(place)) == []
    total = sum(outcome.fired for outcome in book.outcomes(0.0))
    assert total <= 2 * number * len(happened)


said = st.builds(ChatMessage, st.uuids().map(str), st.sampled_from(["Ann", "Bob"]), st.sampled_from(["hi", "gg"]))
gone = st.sampled_from([events.UserBanned("ANN", "Mod", True), events.UserBanned("bob", "Mod", True), events.ChatCleared()])


@checked
@given(st.lists(said | gone, max_size=30), st.floats(0.5, 5.0), st.floats(0.1, 2.0))
def test_no_text_that_was_taken_back_in_time_ever_shows_and_none_stays(happened, hold, step):
    book = Rulebook([Rule("r1", trigger=Trigger("chat"), filters=Filters(hold=hold), actions=(AddLine("Feed"),))], lambda: 0.0)
    alive: set[str] = set()
    author: dict[str, str] = {}
    shown: set[str] = set()

    def perform(planned: list[Planned]) -> None:
        for row in planned:
            assert row.message_id is not None
            if isinstance(row.action, AddLine):
                assert row.message_id in alive
                shown.add(row.message_id)
            else:
                shown.discard(row.message_id)

    for number, event in enumerate(happened):
        now = number * step
        if isinstance(event, ChatMessage):
            alive.add(event.id)
            author[event.id] = event.username.casefold()
        else:
            banned = event.username.casefold() if isinstance(event, events.UserBanned) else None
            alive = {own for own in alive if banned is not None and author[own] != banned}
        perform(book.plan(event, State(), Host(), now))
        perform(book.due(now))
    perform(book.due(1e6))
    perform(book.due(1e6))
    perform(book.due(1e6))
    assert shown == alive
