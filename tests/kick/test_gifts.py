"""Frames of gifted subscriptions in, gifts out: one event for each gift, however many frames it takes."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from vmsc_core.events import Event, GiftedSubscriptions
from vmsc_core.kick.gifts import CHUNK_TIMEOUT, MOST_RECIPIENTS, SAME_GIFT, Gifts
from vmsc_core.kick.seen import Seen

NOW = 1000.0

Frame = dict[str, Any]
"""The data of a GiftedSubscriptionsEvent."""


def chunk(index: int, names: list[str], *, total: Any = 5, chunks: Any = 3, key: str = "gift-1", **more: Any) -> Frame:
    # Shaped as line 55 of frames.jsonl.
    data = {
        "chatroom_id": 1,
        "gifter_username": "rich",
        "gifted_usernames": names,
        "gifted_total": total,
        "gifter_total": 100,
        "chunk_details": {"correlation_id": key, "chunk_index": index, "total_chunks": chunks},
    }
    data.update(more)
    return data


CHUNKS = [chunk(0, ["a", "b"]), chunk(1, ["c", "d"]), chunk(2, ["e"])]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_chunks_are_one_gift_in_any_order(order):
    gifts = Gifts()
    found = [gifts.given(CHUNKS[index], NOW + place) for place, index in enumerate(order)]
    assert found[:2] == [[], []]
    (gift,) = found[2]
    assert isinstance(gift, GiftedSubscriptions)
    assert (gift.gifter, sorted(gift.recipients), gift.count) == ("rich", list("abcde"), 5)
    assert gifts.deadline == float("inf")


def test_a_missing_chunk_is_waited_for_three_seconds_and_loses_nothing():
    gifts = Gifts()
    assert gifts.given(CHUNKS[0], NOW) == []
    assert gifts.given(CHUNKS[2], NOW + 1) == []
    assert gifts.deadline == NOW + CHUNK_TIMEOUT == NOW + 3.0
    assert gifts.due(NOW + 2.999) == []
    assert gifts.due(NOW + 3.0) == [GiftedSubscriptions("rich", ("a", "b", "e"), 5)]
    assert gifts.due(NOW + 3.0) == []


def test_a_late_chunk_does_not_count_again():
    gifts = Gifts()
    gifts.given(CHUNKS[0], NOW)
    assert len(gifts.due(NOW + 3)) == 1
    assert gifts.given(CHUNKS[1], NOW + 4) == []
    assert gifts.given(CHUNKS[2], NOW + SAME_GIFT - 0.001) == []
    assert gifts.deadline == float("inf")


def test_a_repeated_chunk_does_not_complete_a_gift():
    gifts = Gifts()
    for seconds in range(3):
        assert gifts.given(CHUNKS[0], NOW + seconds / 10) == []
    assert gifts.due(NOW + 3) == [GiftedSubscriptions("rich", ("a", "b"), 5)]


def test_a_gift_repeated_as_a_whole_counts_one():
    gifts = Gifts()
    found = [event for message in CHUNKS * 2 for event in gifts.given(message, NOW)]
    assert len(found) == 1


def test_two_gifts_at_once_are_two():
    gifts = Gifts()
    found: list[Event] = []
    for index in range(2):
        for key in ("one", "two"):
            found += gifts.given(chunk(index, [f"{key}{index}"], total=2, chunks=2, key=key), NOW)
    assert found == [
        GiftedSubscriptions("rich", ("one0", "one1"), 2),
        GiftedSubscriptions("rich", ("two0", "two1"), 2),
    ]


def test_the_correlation_id_may_stand_in_either_place():
    gifts = Gifts()
    first = chunk(0, ["a"], total=2, chunks=2, correlation_id="same")
    second = chunk(1, ["b"], total=2, chunks=2, key="", correlation_id="same")
    assert gifts.given(first, NOW) == []
    assert gifts.given(second, NOW) == [GiftedSubscriptions("rich", ("a", "b"), 2)]


def test_a_drop_of_the_connection_reports_what_was_gathered_and_the_rest_does_not_count_again():
    gifts = Gifts()
    gifts.given(CHUNKS[0], NOW)
    assert gifts.flush() == [GiftedSubscriptions("rich", ("a", "b"), 5)]
    assert gifts.given(CHUNKS[1], NOW + 2) == []


def test_a_gift_without_a_total_is_as_big_as_its_names():
    gifts = Gifts()
    gifts.given(chunk(0, ["a", "b"], total=None), NOW)
    gifts.given(chunk(1, ["c"], total=None), NOW)
    assert gifts.due(NOW + 3) == [GiftedSubscriptions("rich", ("a", "b", "c"), 3)]


def gift(**changes: Any) -> Frame:
    data: dict[str, Any] = {"gifter_username": "rich", "gifted_usernames": ["a"], "gifter_total": 999}
    data.update(changes)
    return data


@pytest.mark.parametrize("gifter", [None, "", "Anonymous", "anonymous", {}, []])
def test_an_anonymous_gifter_is_none(gifter):
    assert Gifts().given(gift(gifter_username=gifter), NOW) == [GiftedSubscriptions(None, ("a",), 1)]


def test_a_later_chunk_can_name_the_gifter():
    gifts = Gifts()
    gifts.given(chunk(0, ["a"], total=2, chunks=2, gifter_username=None), NOW)
    assert gifts.given(chunk(1, ["b"], total=2, chunks=2), NOW) == [GiftedSubscriptions("rich", ("a", "b"), 2)]


def test_the_gifters_all_time_total_is_never_the_size():
    assert Gifts().given(gift(gifted_usernames=["a", "b"]), NOW) == [GiftedSubscriptions("rich", ("a", "b"), 2)]


def test_a_gift_without_an_id_to_the_same_people_is_a_repetition(frames):
    gifts = Gifts()
    assert len(gifts.given(frames.data(32), NOW)) == 1
    assert gifts.given(frames.data(32), NOW + 1) == []
    assert len(gifts.given(gift(gifted_usernames=["somebody else"]), NOW + 1)) == 1


WITH_ID = gift(gifted_usernames=["a", "b"], gifted_total=2, correlation_id="x")
WITHOUT_ID = {"gifter_username": "Rich", "gifted_usernames": ["b", "a"]}


@pytest.mark.parametrize("order", [(WITH_ID, WITHOUT_ID), (WITHOUT_ID, WITH_ID), (WITH_ID, WITHOUT_ID, WITHOUT_ID, WITH_ID)])
def test_a_gift_that_comes_with_an_id_and_without_one_counts_one(order):
    gifts = Gifts()
    found = [event for place, message in enumerate(order) for event in gifts.given(message, NOW + place)]
    assert [event.count for event in found] == [2]
    assert gifts.given(WITHOUT_ID, NOW + SAME_GIFT - 0.001) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_a_gift_in_chunks_that_also_comes_as_a_whole_without_an_id_counts_one(order):
    whole = gift(gifted_usernames=list("abcde"))
    gifts = Gifts()
    found = [event for place in order for event in gifts.given([*CHUNKS, whole][place], NOW)]
    found += gifts.due(NOW + CHUNK_TIMEOUT)
    assert [(event.count, sorted(event.recipients)) for event in found] == [(5, list("abcde"))]


def test_a_gift_without_an_id_brings_its_names_to_the_right_one_of_those_being_gathered():
    gifts = Gifts()
    gifts.given(chunk(0, ["x"], total=50, key="other"), NOW)
    gifts.given(CHUNKS[0], NOW)
    (event,) = gifts.given(gift(gifter_username="RICH", gifted_usernames=list("abcde")), NOW)
    assert event == GiftedSubscriptions("rich", tuple("abcde"), 5)
    assert gifts.due(NOW + CHUNK_TIMEOUT) == [GiftedSubscriptions("rich", ("x",), 50)]


def in_pieces(number: int, key: str = "x", gifter: str = "rich") -> tuple[Frame, Frame]:
    """A piece of a gift of six in two pieces: with its ID, and the copy without."""
    names = [f"{key}{number}{letter}" for letter in "abc"]
    with_id = chunk(number, names, total=6, chunks=2, key=key, gifter_username=gifter)
    return with_id, {"gifter_username": gifter.upper(), "gifted_usernames": names}


PIECES = [message for number in range(2) for message in in_pieces(number)]  # chunk 0, copy 0, chunk 1, copy 1
TWO_COPIES_FIRST = [(1, 3), (3, 1)]


@pytest.mark.parametrize("order", [o for o in itertools.permutations(range(4)) if o[:2] not in TWO_COPIES_FIRST], ids=str)
def test_chunks_among_copies_of_them_without_an_id_are_one_gift(order):
    gifts = Gifts()
    found = [event for place in order for event in gifts.given(PIECES[place], NOW + place / 10)]
    found += gifts.due(NOW + CHUNK_TIMEOUT + 1)
    assert len(found) == 1
    assert [gifts.given(message, NOW + 30) for message in PIECES] == [[]] * 4
    assert gifts.deadline == float("inf")


def test_a_missing_chunk_is_brought_by_the_copy_without_an_id():
    gifts = Gifts()
    found = [event for place in (0, 1, 3) for event in gifts.given(PIECES[place], NOW)]
    assert [(event.count, len(event.recipients)) for event in found] == [(6, 6)]


def test_copies_between_the_chunks_of_two_gifts_of_one_gifter_lose_none_of_them():
    gifts = Gifts()
    (x0, _), (y0, copy_of_y0), (x1, _), (y1, _) = in_pieces(0), in_pieces(0, "y"), in_pieces(1), in_pieces(1, "y")
    found = [event for message in (x0, copy_of_y0, y0, x1, y1) for event in gifts.given(message, NOW)]
    assert [event.count for event in found] == [6, 6]


def test_another_gift_without_an_id_by_the_same_gifter_is_no_copy_of_one_that_lacks_fewer():
    gifts = Gifts()
    gifts.given(PIECES[0], NOW)
    assert gifts.given(gift(gifted_usernames=list("defg")), NOW) == [GiftedSubscriptions("rich", tuple("defg"), 4)]
    assert gifts.given(gift(gifter_username="b", gifted_usernames=["h"]), NOW) == [GiftedSubscriptions("b", ("h",), 1)]
    assert gifts.given(nameless("rich", 5), NOW) == [GiftedSubscriptions("rich", (), 5)]


def test_a_copy_without_an_id_of_a_gift_whose_chunks_are_missing_counts_nothing_before_or_after_it_is_reported():
    gifts = Gifts()
    gifts.given(chunk(0, ["a", "b"]), NOW)
    copies = gift(gifted_usernames=["c", "d"]), nameless("Rich", 5)
    assert [gifts.given(copy, NOW) for copy in copies] == [[], []]
    assert gifts.due(NOW + CHUNK_TIMEOUT) == [GiftedSubscriptions("rich", tuple("abcd"), 5)]
    assert gifts.given(copies[0], NOW + CHUNK_TIMEOUT + 1) == []


def test_two_anonymous_gifts_at_once_are_two():
    gifts = Gifts()
    gifts.given(chunk(0, ["a"], gifter_username=None), NOW)
    assert len(gifts.given(gift(gifter_username="Anonymous", gifted_usernames=["b"]), NOW)) == 1
    assert len(gifts.given(gift(gifter_username="", gifted_usernames=["c"]), NOW)) == 1
    assert len(gifts.due(NOW + CHUNK_TIMEOUT)) == 1


def test_a_gift_without_an_id_that_comes_in_other_pieces_is_known_by_each_of_its_people():
    gifts = Gifts()
    found = [event for names in ("a", "ac", "c") for event in gifts.given(gift(gifted_usernames=list(names)), NOW)]
    assert len(found) == 1


def nameless(gifter: Any, total: int) -> Frame:
    return {"gifter_username": gifter, "gifted_usernames": [], "gifted_total": total}


def test_a_gift_without_an_id_and_names_in_two_spellings_counts_one():
    gifts = Gifts()
    assert gifts.given(nameless("Big", 5), NOW) == [GiftedSubscriptions("Big", (), 5)]
    assert gifts.given(nameless("big", 5), NOW + 0.1) == []
    assert len(gifts.given(nameless("Big", 10), NOW + 0.2)) == 1
    assert len(gifts.given(nameless("Other", 5), NOW + 0.2)) == 1
    assert len(gifts.given(nameless("Big", 5), NOW + CHUNK_TIMEOUT)) == 1


def test_a_gift_with_an_id_counts_once_however_late_it_comes_again():
    gifts = Gifts()
    found = [event for message in CHUNKS for event in gifts.given(message, NOW)]
    for hours in (1, 12, 1000):
        found += [event for message in CHUNKS for event in gifts.given(message, NOW + hours * 3600)]
        found += gifts.due(NOW + hours * 3600 + CHUNK_TIMEOUT)
    assert [event.count for event in found] == [5]


def test_five_thousand_gifts_later_a_gift_is_forgotten_and_not_before():
    gifts = Gifts()
    for number in range(5000):
        assert len(gifts.given(gift(gifted_usernames=[f"n{number}"], correlation_id=f"k{number}"), NOW)) == 1
    assert gifts.given(gift(gifted_usernames=["n0"], correlation_id="k0"), NOW + 1) == []


@pytest.mark.parametrize("gifter", ["Big", None])
def test_a_gift_without_an_id_and_names_counts_once_by_its_time(gifter):
    gifts = Gifts()
    at = [{"created_at": f"2026-09-27T16:12:{second}Z"} for second in (16, 16, 17)]
    found = [gifts.given({**nameless(gifter, 5), **time}, NOW + 5000 * place) for place, time in enumerate(at)]
    assert list(map(len, found)) == [1, 0, 1]


def test_two_anonymous_gifts_without_names_count_two():
    gifts = Gifts()
    assert [len(gifts.given(nameless(None, 5), NOW)) for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("ids", list(itertools.product([None, "x", "y"], repeat=2)), ids=str)
def test_two_gifts_of_one_gifter_to_different_people_count_two(ids):
    if ids[0] and ids[0] == ids[1]:
        return
    gifts = Gifts()
    found = gifts.given(gift(gifted_usernames=["a", "b"], correlation_id=ids[0]), NOW)
    found += gifts.given(gift(gifted_usernames=["c", "d"], correlation_id=ids[1]), NOW + 1)
    assert len(found) == 2


def test_two_gifters_of_the_same_person_are_two_gifts():
    gifts = Gifts()
    found = gifts.given(gift(correlation_id="x"), NOW) + gifts.given(gift(gifter_username="y"), NOW)
    assert len(found) == 2


def test_gifts_without_an_id_to_the_same_person_after_a_while_are_two():
    gifts = Gifts()
    found = gifts.given(gift(correlation_id="x"), NOW) + gifts.given(gift(), NOW + SAME_GIFT)
    assert len(found) == 2


@pytest.mark.parametrize("names", [None, [], {}, "x"])
def test_a_gift_of_nothing_is_not_understood(names):
    assert Gifts().given({"gifted_usernames": names}, NOW) is None


@pytest.mark.parametrize(
    ("names", "recipients", "count"),
    [
        (None, (), 1),
        ([], (), 1),
        ([None, "", 5.5, {}, []], (), 3),
        (["a", None], ("a",), 2),
        ([{"username": "a"}, {"slug": "b-c", "id": 5}], ("a", "b-c"), 2),
        ('["a", "b"]', ("a", "b"), 2),
        ('[{"username": "a"}]', ("a",), 1),
    ],
    ids=str,
)
@pytest.mark.parametrize("more", [{}, {"correlation_id": "x"}], ids=["without an ID", "with one"])
def test_recipients_of_other_shapes_do_not_cost_the_gift(names, recipients, count, more):
    assert Gifts().given(gift(gifted_usernames=names, **more), NOW) == [GiftedSubscriptions("rich", recipients, count)]


def test_a_gifter_may_be_an_object_too():
    assert Gifts().given(gift(gifter_username={"username": "Rich"}), NOW) == [GiftedSubscriptions("Rich", ("a",), 1)]


def test_chunks_whose_recipients_are_objects_are_one_gift():
    gifts = Gifts()
    pieces = [chunk(place, [{"username": name}], total=None, chunks=2) for place, name in enumerate("ab")]
    pieces = [{**piece, "chunk_details": json.dumps(piece["chunk_details"])} for piece in pieces]
    found = [event for piece in pieces for event in gifts.given(piece, NOW)]
    assert found == [GiftedSubscriptions("rich", ("a", "b"), 2)]


def test_gifts_being_gathered_are_bounded_and_none_is_lost():
    gifts = Gifts()
    reported = 0
    for number in range(500):
        reported += len(gifts.given(chunk(0, ["a"], key=f"k{number}"), NOW))
    assert len(gifts._gathering) <= 100
    assert reported + len(gifts.due(NOW + 3)) == 500


@pytest.mark.parametrize("key", [None, "x"])
def test_a_hundred_recipients_are_kept_with_the_true_count(key):
    names = [f"u{number}" for number in range(1000)]
    (found,) = Gifts().given(gift(gifted_usernames=names, correlation_id=key), NOW)
    assert (found.count, found.recipients) == (1000, tuple(names[:MOST_RECIPIENTS]))
    (found,) = Gifts().given(gift(gifted_usernames=names * 2, correlation_id=key), NOW)
    assert found.count == 2000 and len(found.recipients) == MOST_RECIPIENTS


def test_a_gift_in_chunks_keeps_a_hundred_recipients_and_counts_them_all():
    gifts = Gifts()
    for index in range(30):
        found = gifts.given(chunk(index, [f"u{index}-{n}" for n in range(20)], total=None, chunks=30), NOW)
    assert [(event.count, len(event.recipients)) for event in found] == [(600, MOST_RECIPIENTS)]


def test_recipients_are_the_same_in_any_spelling():
    gifts = Gifts()
    gifts.given(chunk(0, ["Anna"], total=None, chunks=2), NOW)
    assert gifts.given(chunk(1, ["ANNA", "bert"], total=None, chunks=2), NOW) == [
        GiftedSubscriptions("rich", ("Anna", "bert"), 2)
    ]


def test_what_is_remembered_of_gathered_gifts_goes_with_them():
    gifts = Gifts()
    for number in range(500):
        gifts.given(chunk(0, [f"u{number}"], key=f"k{number}", gifter_username=None if number % 2 else "rich"), NOW)
        gifts.given(chunk(1, [f"v{number}"], key=f"k{number}"), NOW)
        gifts.given(gift(gifted_usernames=[f"u{number}", f"w{number}"]), NOW)
    gifts.flush()
    assert gifts._gathered_for == {}
    for number in range(20):
        names = [f"u{number}-{n}" for n in range(1000)]
        gifts.given(chunk(number, names, key="big", total=10**6, chunks=10**6, gifter_username=f"g{number}"), NOW)
    assert len(gifts._gathering["big"].names) <= 6000
    gifts.flush()
    assert gifts._gathering == {} and gifts._gathered_for == {}


def test_memory_is_bounded():
    gifts = Gifts()
    for number in range(12_000):
        gifts.given(gift(gifted_usernames=[f"u{number}"]), NOW)
        gifts.given(gift(gifted_usernames=[f"v{number}"], correlation_id=f"k{number}"), NOW)
        gifts.given(nameless(f"u{number}", 5), NOW)
    sizes = [len(memory._at) for memory in vars(gifts).values() if isinstance(memory, Seen)]
    assert len(sizes) == 5 and max(sizes) <= 5000
