"""The vocabulary: frozen values, and what each adds to the count on the card."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from vmsc_core import events
from vmsc_core.events import ChatMessage, Dropped, Event, Follow, GiftedSubscriptions, Subscription, counts

KINDS = typing.get_args(Event)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_is_a_frozen_value_with_a_docstring(kind: type) -> None:
    assert dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.__doc__ and not kind.__doc__.startswith(kind.__name__ + "(")


def test_every_frozen_value_of_the_module_is_an_event_or_a_part_of_one() -> None:
    found = {value for value in vars(events).values() if dataclasses.is_dataclass(value) and value.__module__ == events.__name__}
    assert found - set(KINDS) == {events.Badge, events.Emote, events.Reply}


@pytest.mark.parametrize(
    ("event", "count"),
    [
        (ChatMessage("1", "a", "x"), 1),
        (Follow("a", None), 1),
        (Follow(None, 9, None, 5), 5),
        (Subscription("a", 1), 1),
        (GiftedSubscriptions("a", ("b", "c"), 50), 1),
        (Dropped(7), 7),
        (events.Host("a", 1000), 0),
        (events.KicksGifted("a", 100, "x", ""), 0),
        (events.Unknown("x"), 0),
        (events.Duplicate("x"), 0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_new_follower_counts_and_a_gift_of_fifty_is_one_event(event: Event, count: int) -> None:
    assert counts(event) == count
