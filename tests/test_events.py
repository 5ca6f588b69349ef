"""The vocabulary: frozen values, and what each adds to the count on the card."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import typing

import pytest

from vmsc_core import events
from vmsc_core.events import Badge, ChatMessage, Dropped, Emote, Event, Follow, GiftedSubscriptions, Subscription, Unheard, counts

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
        (Unheard(7), 7),
        (events.Host("a", 1000), 0),
        (events.KicksGifted("a", 100, "x", ""), 0),
        (events.Unknown("x"), 0),
        (events.Duplicate("x"), 0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_new_follower_counts_and_a_gift_of_fifty_is_one_event(event: Event, count: int) -> None:
    assert counts(event) == count


# -- a chat message that nobody has read yet -------------------------------------------------------------------------------------

CONTENT = "a [emote:7:KEKW]!"
BADGES = (Badge("subscriber", "Subscriber", 3),)
READ = ChatMessage("1", "a", "a KEKW!", BADGES, (Emote(7, "KEKW", 2, 6),), None, 1.5, "message", None, 9, "#FF00AA")


def unread() -> ChatMessage:
    return ChatMessage.unread("1", "a", CONTENT, BADGES, 1.5, 9, "#FF00AA")


@pytest.mark.parametrize(
    "same",
    [
        lambda message: message,
        copy.copy,
        copy.deepcopy,
        lambda message: pickle.loads(pickle.dumps(message)),
        dataclasses.replace,
    ],
    ids=["itself", "copy", "deepcopy", "pickle", "replace"],
)
def test_an_unread_message_is_the_same_value_as_one_that_was_given_all(same: typing.Callable[[ChatMessage], ChatMessage]) -> None:
    assert same(unread()) == READ and hash(same(unread())) == hash(READ)
    assert repr(same(unread())) == repr(READ)
    assert dataclasses.asdict(same(unread())) == dataclasses.asdict(READ)


@pytest.mark.parametrize("first", ["text", "emotes"])
def test_an_unread_message_is_read_by_the_first_of_both_that_is_asked_for(first: str) -> None:
    message = unread()
    assert (message.badges, message.username, message.kind, message.months, message.reply) == (BADGES, "a", "message", None, None)
    assert message.unread_content == CONTENT, "nothing else reads it"
    assert getattr(message, first) == getattr(READ, first)
    assert message.unread_content is None and READ.unread_content is None
    assert message.emotes is message.emotes and (message.text, message.emotes) == (READ.text, READ.emotes)


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(ChatMessage)])
@pytest.mark.parametrize("message", [unread(), READ], ids=["unread", "read"])
def test_no_field_of_a_message_can_be_set_or_deleted(message: ChatMessage, name: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(message, name, "x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(message, name)
    assert message == READ


def test_a_message_without_text_cannot_be_made_and_one_without_emotes_has_none() -> None:
    with pytest.raises(TypeError):
        ChatMessage("1", "a")
    assert ChatMessage("1", "a", "x").emotes == () and ChatMessage("1", "a", "x").badges == ()
