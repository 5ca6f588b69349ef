"""The ear: it keeps from the timer what fires nothing, and nothing else."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.test_properties_of_rules import checked, hosts
from rules.worlds import SAY, SHOW, Book, chat, rule

from vmsc_core.events import ChatMessage, LiveKnown, Status, StreamStarted
from vmsc_core.host import Host
from vmsc_core.link.inbox import Inbox
from vmsc_core.rules.actions import Planned
from vmsc_core.rules.book import Rulebook
from vmsc_core.rules.ear import MOST_RULES, PER_TURN, QUICK
from vmsc_core.rules.filters import CONTAINS, IS, REGEX, STARTS, Filters
from vmsc_core.rules.memory import MOST_VIEWERS
from vmsc_core.rules.pattern import compiled
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.state import State

SAID = ("", "!x", "!X y", "so !x")


def knowing(*rules: Rule) -> Book:
    """A book in which Ann has written."""
    book = Book(*rules)
    book.turn(chat("."), seconds=1000.0)
    return book


def heard(book: Book, *messages: ChatMessage) -> list[bool]:
    ear = book.book.ear(lambda: book.now)
    return [ear(message) for message in messages]


@pytest.mark.parametrize(
    ("rules", "texts"),
    [
        ([], []),
        ([rule("follow")], []),
        ([rule("command", word="!x")], ["!x", "!X y"]),
        ([rule("command", word="!x"), rule("chat", rule_id="b", on=False)], ["!x", "!X y"]),
        ([rule("chat")], list(SAID)),
        ([rule("chat", text="never said")], []),
        ([rule("chat", text="O !X")], ["so !x"]),
        ([rule("command", word="!x"), rule("chat", rule_id="b", text="so", how=STARTS)], ["!x", "!X y", "so !x"]),
        ([rule("chat", text="!x", how=IS)], ["!x"]),
        ([rule("chat", text="^!x$", how=REGEX)], ["!x"]),
        ([rule("chat", who="names", names=("@ANN",))], list(SAID)),
        ([rule("chat", who="not_names", names=("ann",))], []),
        ([rule("chat", who="moderator")], []),
        ([rule("command", word="!x", who="moderator")], []),
        ([rule("first_message")], []),
    ],
)
def test_what_no_rule_waits_for_is_not_heard(rules, texts):
    book = knowing(*rules)
    assert [text for text in SAID if heard(book, chat(text)) == [True]] == texts


def test_the_first_message_of_everybody_is_heard_where_a_rule_greets():
    book = Book(rule("first_message", text="never said"))
    assert heard(book, chat(), chat(user="Bob"), chat(user="")) == [True, True, False]
    book.turn(chat())
    assert heard(book, chat(), chat(user="ANN"), chat(user="Bob")) == [False, False, True]
    book.turn(StreamStarted(1))
    assert heard(book, chat()) == [True]


def test_who_keeps_writing_stays_known_though_the_timer_hardly_sees_them():
    book, greeted = Book(rule("first_message", SAY)), []
    for number in range(2 * MOST_VIEWERS + 1):
        for message in (chat(user=str(number)), chat(user="Ann")):
            if heard(book, message) == [True]:
                greeted += [row.action.template.split(":")[0] for row in book.plan(message)]
                book.due()
    assert len(greeted) == len(set(greeted)) == 2 * MOST_VIEWERS + 2


def test_a_stream_begins_and_everybody_is_new_though_the_timer_has_not_come_to_it():
    book, inbox = knowing(rule("first_message")), Inbox()
    for begun in (StreamStarted(1), LiveKnown(True)):
        inbox.hears = book.book.ear(lambda: book.now)
        inbox.put_all([chat(), begun, chat(message_id="m2")])
        assert [event for event in inbox.drain(9) if isinstance(event, ChatMessage)] == [chat(message_id="m2")]
        inbox.put(chat())  # what was drained hasn't been planned yet
        assert inbox.drain(9) == [chat()]
        inbox.put(chat())
        assert inbox.drain(9) == []


def test_a_rule_that_waits_is_not_asked_until_its_cooldown_is_over():
    book = knowing(rule("chat", cooldown=5.0))
    assert heard(book, chat()) == [True]
    book.turn(chat(), seconds=0.0)
    for seconds, is_heard in ((0.0, False), (4.9, False), (0.1, True), (9.0, True)):
        book.now += seconds
        assert heard(book, chat()) == [is_heard]
        book.due()


def test_of_a_rule_with_a_cooldown_one_message_a_turn_is_heard():
    book = knowing(rule("chat", text="gg", cooldown=5.0))
    assert heard(book, chat("hi"), chat("gg"), chat("gg"), chat("hi")) == [False, True, False, False]
    book.due()  # nothing of it came: the inbox was full
    assert heard(book, chat("gg"), chat("gg")) == [True, False]
    book.turn(chat("gg"))
    assert heard(book, chat("gg")) == [False]


@pytest.mark.parametrize("more", [{"chance": 50}, {"only": "live"}, {"scene": "Main"}, {"cooldown_each": 1.0}])
def test_a_message_that_may_not_fire_after_all_keeps_no_other_one_away(more):
    book = knowing(rule("chat", text="gg", cooldown=5.0, **more))
    assert heard(book, chat("gg"), chat("gg")) == [True, True]


def test_a_search_that_may_take_long_is_left_to_the_timers_budget():
    slow = compiled("[ab]*c")
    text = next("ab" * number for number in range(1, 250) if slow.worst("ab" * number) > QUICK)
    assert slow.worst("ab") < QUICK < slow.worst(text)
    book = knowing(rule("chat", text="[ab]*c", how=REGEX))
    assert heard(book, chat("ab"), chat(text)) == [False, True]


def test_searches_that_took_long_leave_the_rest_of_the_turn_to_the_timers_budget():
    book, moments = knowing(rule("chat", text="[ab]*c", how=REGEX)), itertools.count()
    ear = book.book.ear(lambda: next(moments) * PER_TURN / 4.5)
    for _ in range(2):
        assert [ear(chat("ab")) for _ in range(7)] == [*[False] * 5, True, True]
        book.due()


def test_a_slow_search_that_is_left_to_the_timer_keeps_no_other_message_away():
    book = knowing(rule("chat", text="[ab]*c", how=REGEX, cooldown=5.0))
    assert heard(book, chat("ab" * 200), chat("ab" * 200)) == [True, True]


def test_many_quick_searches_are_made_by_the_ear():
    book = knowing(*(rule("chat", rule_id=str(n), text=f"(?:foo|bar|baz){n}", how=REGEX) for n in range(20)))
    assert heard(book, chat("hello there, how are you all doing tonight, foo"), chat("foo9")) == [False, True]


@pytest.mark.parametrize(("number", "is_heard"), [(MOST_RULES, False), (MOST_RULES + 1, True)])
def test_the_ear_compares_a_message_with_a_bounded_number_of_rules(number, is_heard):
    said = knowing(*(rule("chat", rule_id=str(n), text="never said", cooldown=n % 2) for n in range(number)))
    assert heard(said, chat()) == [is_heard]
    command = knowing(*(rule("command", rule_id=str(n), word="!x", who="moderator") for n in range(number)))
    assert heard(command, chat("!x"), chat("!y")) == [is_heard, False]


def test_other_rules_have_another_ear():
    book = knowing(rule("chat", text="gg"))
    before = book.book.ear(lambda: book.now)
    assert book.book.ear(lambda: book.now) is before
    book.book.replace([rule("chat", text="hi")])
    assert heard(book, chat("gg"), chat("hi")) == [False, True]


def test_all_is_heard_while_somebody_asks_why():
    book = knowing(rule("chat", text="gg"))
    book.book.explains = True
    assert heard(book, chat("hi")) == [True]


texts = st.sampled_from(["gg", "GG all", "hi", "!so gg", "!so", ""])
names = st.sampled_from(["Ann", "ANN", "bob", "Cleo", ""])
triggers = st.builds(Trigger, st.sampled_from(["chat", "chat", "command", "first_message"]), st.sampled_from(["!so", "gg"]))
filters = st.builds(
    Filters,
    text=st.sampled_from(["", "gg", "hi", "so gg"]),
    how=st.sampled_from([CONTAINS, IS, STARTS, REGEX]),
    who=st.sampled_from(["anyone", "anyone", "names", "not_names", "moderator"]),
    names=st.sampled_from([(), ("ann",), ("@Bob", "ann")]),
    chance=st.sampled_from([100, 100, 50]),
    cooldown=st.sampled_from([0.0, 0.15, 1.0]),
    cooldown_each=st.sampled_from([0.0, 0.0, 0.5]),
    only=st.sampled_from(["always", "always", "live"]),
    scene=st.sampled_from(["", "", "Main"]),
    hold=st.sampled_from([0.0, 0.0, 0.3]),
)
chat_rules = st.lists(st.tuples(triggers, filters, st.booleans()), max_size=4)
messages = st.builds(chat, texts, names, st.sampled_from([(), ("moderator",)]))
happened = messages | messages | messages | st.just(StreamStarted(1)) | st.just(LiveKnown(True))
spans = st.lists(st.tuples(st.lists(happened, max_size=3), st.booleans(), hosts), min_size=1, max_size=8)


@checked
@given(chat_rules, spans, st.integers())
def test_with_the_ear_the_same_is_done_as_without(made, played, seed):
    rules = [
        Rule(str(number), trigger=trigger, filters=asked, actions=(SAY, SHOW)[: 1 + both])
        for number, (trigger, asked, both) in enumerate(made)
    ]
    dice, inboxes = (random.Random(seed), random.Random(seed)), (Inbox(), Inbox())
    books = Rulebook(rules, dice[0].random), Rulebook(rules, dice[1].random)
    books[0].explains = True  # its ear lets everything through
    moments, done = [0.0], (list[Planned](), list[Planned]())
    for turn, (said, is_live, host) in enumerate([*played, *[([], False, Host())] * 30]):
        now, state = turn / 10, State(status=Status.CONNECTED, live=is_live)
        moments.append(now)
        for book, inbox, planned in zip(books, inboxes, done):
            inbox.hears = book.ear(lambda: moments[-1])
            inbox.put_all(said)
            for event in inbox.drain(99):
                planned += book.plan(event, state, host, now)
            planned += book.due(now, state, host)
    # The order within a turn may be another one: what was held is handed out with the next message that is looked at.
    assert Counter(map(repr, done[0])) == Counter(map(repr, done[1]))
