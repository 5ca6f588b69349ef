"""The hand-over between the threads: in order, bounded, and a flood costs chat lines only."""

from __future__ import annotations

import sys
import threading
from enum import Enum

import pytest

from vmsc_core.events import (
    Badge,
    ChatMessage,
    Dropped,
    Duplicate,
    Emote,
    Event,
    Follow,
    FollowerTotal,
    GiftedSubscriptions,
    Host,
    LinkChanged,
    LiveKnown,
    MessagePinned,
    Notice,
    PollUpdated,
    Reply,
    Signal,
    StreamEnded,
    StreamStarted,
    Subscription,
    Unheard,
    Unknown,
)
from vmsc_core.link.inbox import CAPACITY, HARD_CAPACITY, HEAVY, Inbox, weight
from vmsc_core.reasons import because

ALL = 10**9
CHAT = ChatMessage("1", "a", "x")


def chat(number: int) -> ChatMessage:
    return ChatMessage(str(number), "a", "x")


def full(capacity: int = 10) -> Inbox:
    inbox = Inbox(capacity)
    for number in range(capacity):
        inbox.put(chat(number))
    return inbox


def test_events_come_out_in_the_order_they_went_in():
    inbox = Inbox()
    put: list[Event] = [chat(1), LinkChanged(Signal.READY), Follow(None, 5), chat(2), Unknown("x")]
    for event in put:
        inbox.put(event)
    assert inbox.drain(ALL) == put
    assert inbox.drain(ALL) == []


def test_a_drain_takes_no_more_than_asked():
    inbox = Inbox()
    for number in range(5):
        inbox.put(chat(number))
    assert [inbox.drain(2) for _ in range(4)] == [[chat(0), chat(1)], [chat(2), chat(3)], [chat(4)], []]


@pytest.mark.parametrize("event", [CHAT, Unknown("x"), Duplicate("x")])
def test_chat_and_what_means_nothing_is_dropped_when_it_is_full(event):
    inbox = full()
    inbox.put(event)
    assert event not in [one for one in inbox.drain(ALL) if one is event]


@pytest.mark.parametrize(
    "event",
    [
        LinkChanged(Signal.BROKE, "x"),
        Subscription("a", 1),
        GiftedSubscriptions("a", ("b",), 50),
        Follow(None, 5),
        FollowerTotal(5),
        StreamStarted(1),
        StreamEnded(1),
        LiveKnown(True),
        Host("a", 5),
        Notice("x"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_flood_of_chat_never_costs_anything_else(event):
    inbox = full()
    for _ in range(1000):
        inbox.put(CHAT)
    inbox.put(event)
    assert event in inbox.drain(ALL)


def test_dropped_chat_is_counted_and_reported_once_behind_what_was_kept():
    inbox = full(10)
    for _ in range(1000):
        inbox.put(CHAT)
        inbox.put(Unknown("x"))
    assert [type(event) for event in inbox.drain(ALL)] == [ChatMessage] * 10
    inbox.settle()
    assert inbox.drain(ALL) == [Dropped(1000)]
    inbox.settle()
    assert inbox.drain(ALL) == []


def test_what_no_rule_waits_for_is_counted_in_its_place_among_the_others():
    inbox = Inbox()
    inbox.hears = lambda message: message.text == "!x"
    command = ChatMessage("9", "a", "!x")
    inbox.put_all([*[CHAT] * 3, command, CHAT, LinkChanged(Signal.READY), *[CHAT] * 2])
    inbox.settle()
    assert inbox.drain(ALL) == [Unheard(3), command, Unheard(1), LinkChanged(Signal.READY)]
    inbox.settle()
    inbox.settle()
    assert inbox.drain(ALL) == [Unheard(2)]


def test_what_no_rule_waits_for_is_one_event_between_two_drains():
    inbox = Inbox()
    inbox.hears = lambda message: False
    for _ in range(5):
        inbox.put(CHAT)
        inbox.settle()
    assert inbox.drain(ALL) == [Unheard(1)]
    inbox.settle()
    assert inbox.drain(ALL) == [Unheard(4)]


def test_what_no_rule_waits_for_is_counted_though_the_inbox_is_full():
    inbox = full(10)
    inbox.hears = lambda message: False
    for _ in range(1000):
        inbox.put(CHAT)
        inbox.settle()
    assert [type(event) for event in inbox.drain(ALL)] == [ChatMessage] * 10
    inbox.settle()
    assert inbox.drain(ALL) == [Unheard(1000)]


def test_no_message_is_lost_to_the_count():
    inbox = Inbox(100)
    reported = 0
    for number in range(5000):
        inbox.put(chat(number))
        if number % 700 == 0:
            reported += sum(event.count if isinstance(event, Dropped) else 1 for event in inbox.drain(60))
        inbox.settle()
    inbox.drain(0)
    while drained := inbox.drain(60):
        inbox.settle()
        reported += sum(event.count if isinstance(event, Dropped) else 1 for event in drained)
    assert reported == 5000


def test_room_is_made_by_draining():
    inbox = full(10)
    inbox.drain(1)
    inbox.put(chat(99))
    assert inbox.drain(ALL)[-1] == chat(99)


def test_two_seconds_of_the_worst_burst_fit():
    assert CAPACITY == 2 * 5000


@pytest.mark.parametrize("event", [Subscription("a", 1), FollowerTotal(5), Host("a", 5)], ids=lambda event: type(event).__name__)
def test_a_server_that_invents_events_cannot_fill_the_memory(event):
    inbox = Inbox()
    for _ in range(HARD_CAPACITY + 1000):
        inbox.put(event)
    inbox.put(LinkChanged(Signal.BROKE))
    drained = inbox.drain(ALL)
    assert len(drained) <= HARD_CAPACITY + 2
    assert LinkChanged(Signal.BROKE) in drained


def test_many_followers_dropped_at_the_last_resort_are_all_counted():
    inbox = Inbox()
    for _ in range(HARD_CAPACITY):
        inbox.put(FollowerTotal(1))
    inbox.put(Follow(None, 100, None, 7))
    inbox.drain(ALL)
    inbox.settle()
    assert inbox.drain(ALL) == [Dropped(7)]


def test_what_was_dropped_stands_before_what_came_after_it():
    inbox = full(10)
    for _ in range(5):
        inbox.put(CHAT)
    inbox.settle()  # no room yet
    inbox.put(LinkChanged(Signal.READY))
    inbox.put(CHAT)
    kept = inbox.drain(ALL)
    assert kept[10:] == [Dropped(5), LinkChanged(Signal.READY)]


# -- by weight ---------------------------------------------


def deep_size(value: object) -> int:
    """Bytes of a value and of all that is in it."""
    size = sys.getsizeof(value)
    if isinstance(value, tuple):
        return size + sum(map(deep_size, value))
    inside = getattr(value, "__dict__", None)
    return size + (sys.getsizeof(inside) + sum(map(deep_size, inside.values())) if inside and not isinstance(value, Enum) else 0)


WIDE = "\U0001f469"
LARGEST = [
    ChatMessage(WIDE * 64, WIDE * 64, "x" + WIDE * 3999, time=1.5),
    ChatMessage(
        "1", "a", WIDE * 4000, (Badge(WIDE * 40, WIDE * 80, 10**9),) * 20, (Emote(10**9, WIDE * 11, 10**9, 10**9),) * 360
    ),
    ChatMessage.unread("1" * 64, WIDE * 64, WIDE * 4000, (Badge(WIDE * 40, WIDE * 80, 10**9),) * 20, 1.5, 10**9, "x" * 16),
    ChatMessage("1", "a", "x", reply=Reply(WIDE * 64, WIDE * 4000)),
    GiftedSubscriptions(WIDE * 64, tuple(WIDE * 63 + chr(number + 0x4E00) for number in range(100)), 1000),
    PollUpdated(WIDE * 300, tuple((WIDE * 200, 10**9) for _ in range(50))),
    MessagePinned(WIDE * 64, WIDE * 64, WIDE * 4000),
    Unknown("x"),
    Notice(because("x", y="z")),
]


@pytest.mark.parametrize("event", LARGEST, ids=lambda event: type(event).__name__)
def test_no_event_is_much_heavier_than_it_is_taken_for(event):
    assert deep_size(event) <= 1.5 * weight(event) + 500


def test_to_weigh_a_message_is_not_to_read_it():
    message = ChatMessage.unread("1", "a", "[emote:1:x]", (), None, None, "")
    inbox = Inbox()
    inbox.put(message)
    assert inbox.drain(ALL)[0].unread_content == "[emote:1:x]"


@pytest.mark.parametrize("event", LARGEST[:7], ids=lambda event: type(event).__name__)
def test_heavy_events_fill_it_before_the_memory(event):
    inbox = Inbox(10**9)
    for _ in range(100_000):
        inbox.put(event)
    inbox.put(LinkChanged(Signal.BROKE))
    drained = inbox.drain(ALL)
    assert sum(map(weight, drained)) <= HEAVY + 2 * weight(event)
    assert drained[-1] == LinkChanged(Signal.BROKE)


def test_a_busy_chat_fits_by_weight_as_well():
    badges = (Badge("subscriber", "Subscriber", 24), Badge("moderator", "Moderator"))
    text = "KEKW hello there how are you all doing tonight KEKW"
    busy = ChatMessage(
        "x" * 36, "viewer_name", text, badges, (Emote(37226, "KEKW", 0, 4), Emote(37226, "KEKW", 47, 51)), time=1.5
    )
    inbox = Inbox()
    for _ in range(CAPACITY):
        inbox.put(busy)
    assert len(inbox.drain(ALL)) == CAPACITY


def test_heavy_chat_leaves_room_for_what_matters():
    inbox = Inbox()
    for _ in range(HEAVY // weight(LARGEST[0]) + 1):
        inbox.put(LARGEST[0])
    inbox.put(Subscription("a", 1))
    assert inbox.drain(ALL)[-1] == Subscription("a", 1)


def test_what_was_too_heavy_is_counted_and_draining_makes_room():
    inbox, put = Inbox(10**9), 20_000
    for _ in range(put):
        inbox.put(LARGEST[0])
    kept = len(inbox.drain(ALL))
    inbox.settle()
    assert inbox.drain(ALL) == [Dropped(put - kept)] and kept < put
    inbox.put(LARGEST[0])
    assert inbox.drain(ALL) == [LARGEST[0]]


def test_two_threads_hand_over_everything():
    inbox = Inbox(10**6)
    count = 20_000

    def put() -> None:
        for number in range(count):
            inbox.put(chat(number))

    thread = threading.Thread(target=put)
    thread.start()
    drained: list[Event] = []
    while thread.is_alive():
        drained += inbox.drain(600)
    thread.join()
    drained += inbox.drain(ALL)
    assert drained == [chat(number) for number in range(count)]
