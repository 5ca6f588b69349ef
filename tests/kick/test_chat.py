"""A chat message is read the same in the short way and in the long one, whatever its JSON holds."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vmsc_core.events import Badge, ChatMessage, Emote, Reply, with_emote_names
from vmsc_core.kick import json_values as read
from vmsc_core.kick.chat import LONGEST_ID, MOST_BADGES, chat_message

checked = settings(max_examples=1500, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


# -- the long way: every field through json_values, none of them taken as it is -----------------------------------------------


def long_way(data: dict[str, Any]) -> ChatMessage | None:
    sender = read.mapping(data.get("sender"))
    identity = read.mapping(sender.get("identity"))
    metadata = read.mapping(data.get("metadata"))
    message_id, username = read.text(data.get("id"), 64), read.username(data.get("sender"))
    content = read.text(data.get("content"))
    if not (username or content or (message_id and ("sender" in data or "content" in data))):
        return None
    text, emotes = long_emotes(content)
    original = read.mapping(metadata.get("original_message"))
    reply = Reply(read.username(metadata.get("original_sender")), long_emotes(read.text(original.get("content")))[0])
    kind = read.text(data.get("type"), 20)
    return ChatMessage(
        id=message_id,
        username=username,
        text=text,
        badges=long_badges(identity.get("badges")),
        emotes=emotes,
        reply=reply if reply.username or reply.text else None,
        time=read.time(data.get("created_at")),
        kind=kind if kind in ("reply", "celebration") else "message",
        months=read.integer(read.mapping(metadata.get("celebration")).get("total_months")),
        user_id=read.integer(sender.get("id")),
        color=read.text(identity.get("color"), 16),
    )


def long_badges(value: Any) -> tuple[Badge, ...]:
    found = [
        Badge(read.text(badge.get("type"), 40), read.text(badge.get("text"), 80), read.integer(badge.get("count")))
        for badge in map(read.mapping, read.array(value)[:20])
    ]
    return tuple(badge for badge in found if badge.kind)


def long_emotes(content: str) -> tuple[str, tuple[Emote, ...]]:
    text, emotes, done = "", [], 0
    for match in re.finditer(r"\[emote:(\d{1,16}):([^\]]{0,100})\]", content, re.ASCII):
        text += content[done : match.start()]
        emotes.append(Emote(int(match.group(1)), match.group(2), len(text), len(text) + len(match.group(2))))
        text += match.group(2)
        done = match.end()
    return text + content[done:], tuple(emotes)


# -- any JSON, with the values near each limit more often than chance would have them ------------------------------------------

ODD = [
    *[None, True, False, 0, 1, 5, -1, 2**53, 2**53 + 1, 10**19, 1.0, 1.5, 1e300, float("nan"), float("inf"), [], {}],
    *[
        "",
        " ",
        "message",
        "reply",
        "celebration",
        "subscriber",
        "#FF00AA",
        "#FF00AA-and-more-of-it",
        "12",
        "1e5",
        "{",
        "[",
        "[]",
        "{}",
    ],
    *[
        "a\u202eb",
        "a\ud800b",
        "\x00",
        "tab\tand\nline",
        "\u200d",
        "\ufeff",
        "\U0001f469",
        "İ",
        "x" * 41,
        "x" * 64,
        "x" * 65,
        "x" * 81,
    ],
    *[
        "x" * 4000,
        "x" * 3999 + "\x00y",
        "x" * 4001,
        "[emote:1:x]",
        "a[emote:17:]b [emote:5:\u202e]",
        "[emote:12345678901234567:x]",
    ],
    *[
        "2026-09-27T16:11:55+00:00",
        "2026-09-27 16:11:55",
        " 1790000000 ",
        "2026-13-27T16:11:55Z",
        "2026-09-27T16:11:55Z" + " " * 30,
    ],
]
VALUE = st.sampled_from(ODD) | st.integers() | st.text(max_size=8)
BADGE = VALUE | st.fixed_dictionaries({}, optional={"type": VALUE, "text": VALUE, "count": VALUE})


def thing(**fields: Any) -> Any:
    """An object with any of these fields: as it is, packed as text, or something else altogether."""
    made = st.fixed_dictionaries({}, optional=fields)
    return made | made | made.map(json.dumps) | VALUE


PERSON = thing(
    username=VALUE,
    slug=VALUE,
    name=VALUE,
    id=VALUE,
    identity=thing(color=VALUE, badges=st.lists(BADGE, max_size=3) | VALUE | st.lists(BADGE, max_size=2).map(json.dumps)),
)
METADATA = thing(
    original_sender=PERSON, original_message=thing(content=VALUE), celebration=thing(total_months=VALUE), message_ref=VALUE
)
DATA = st.fixed_dictionaries(
    {}, optional={"id": VALUE, "content": VALUE, "sender": PERSON, "type": VALUE, "created_at": VALUE, "metadata": METADATA}
)


@checked
@given(DATA)
def test_both_ways_read_the_same_in_any_object(data: dict[str, Any]) -> None:
    short, long = chat_message(data), long_way(data)
    assert short == long and repr(short) == repr(long), "repr also tells 1 from True and from 1.0"


ORDINARY: dict[str, Any] = {
    "id": "00000000-0000-4000-8000-000000000001",
    "content": "hello [emote:37226:KEKW] there",
    "type": "message",
    "created_at": "2026-11-26T10:00:00+00:00",
    "sender": {
        "id": 7,
        "username": "Viewer",
        "slug": "viewer",
        "identity": {"color": "#FF00AA", "badges": [{"type": "subscriber", "text": "Subscriber", "count": 3}]},
    },
    "metadata": {"message_ref": "1"},
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *[deeper for key, one in inside for deeper in places(one, (*path, key))]]


@pytest.mark.parametrize("place", places(ORDINARY)[1:], ids=str)
def test_one_odd_value_in_an_ordinary_message_costs_the_same_in_both_ways(place: tuple[Any, ...]) -> None:
    for odd in ODD:
        data = json.loads(json.dumps(ORDINARY))
        holder = data
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = odd
        assert repr(chat_message(data)) == repr(long_way(data)), odd
        del holder[place[-1]]
        assert repr(chat_message(data)) == repr(long_way(data))


def test_an_ordinary_message_is_read_whole() -> None:
    assert chat_message(ORDINARY) == ChatMessage(
        "00000000-0000-4000-8000-000000000001",
        "Viewer",
        "hello KEKW there",
        (Badge("subscriber", "Subscriber", 3),),
        (Emote(37226, "KEKW", 6, 10),),
        None,
        1795687200.0,
        "message",
        None,
        7,
        "#FF00AA",
    )


def test_a_badge_seen_before_is_not_taken_for_one_that_only_looks_equal() -> None:
    # 1 == True == 1.0 for a memory by value.
    counts = [1, True, 1.0, "1", None, 0, False]
    for count in [*counts, *reversed(counts)]:
        badges = [{"type": "subscriber", "text": "Subscriber", "count": count}]
        data = {"content": "x", "sender": {"username": "a", "identity": {"badges": badges}}}
        assert repr(chat_message(data)) == repr(long_way(data)), count


def test_nothing_of_the_json_is_kept() -> None:
    # What waits in the inbox is bounded by the weight of the event's own fields.
    data = json.loads(json.dumps({**ORDINARY, "more": "x" * 100_000}))
    message = chat_message(data)
    assert message is not None
    data["sender"]["username"] = data["content"] = "changed"
    data["sender"]["identity"]["badges"].clear()
    assert message == chat_message(ORDINARY)


@pytest.mark.parametrize("data", [{}, {"id": "1"}, {"content": "", "sender": None}, {"metadata": {"original_sender": "a"}}])
def test_what_holds_nothing_of_a_message_is_none(data: dict[str, Any]) -> None:
    assert chat_message(data) is None


def test_limits_are_of_the_text_as_it_came() -> None:
    found = chat_message({"id": "x" * (LONGEST_ID + 1), "sender": {"username": "\u202e" * 64 + "a"}, "content": "hi"})
    assert found is not None and (found.id, found.username) == ("x" * LONGEST_ID, "")


def test_badges_beyond_the_most_are_left_out() -> None:
    badges = [{"type": f"b{number}"} for number in range(MOST_BADGES + 1)]
    found = chat_message({"content": "x", "sender": {"identity": {"badges": badges}}})
    assert found is not None and len(found.badges) == MOST_BADGES and found.badges[-1].kind == f"b{MOST_BADGES - 1}"


@settings(checked, max_examples=500)
@given(
    st.lists(st.sampled_from(["[emote:", "1", ":", "]", "x", "[", "١", "[emote:7:", "[emote:7:y]", "\U0001f31f"]), max_size=14)
)
def test_emotes_stand_where_they_are_said_to_stand(pieces: list[str]) -> None:
    content = "".join(pieces)
    text, emotes = with_emote_names(content)
    assert (text, emotes) == long_emotes(content)
    assert all(text[emote.start : emote.end] == emote.name for emote in emotes)


def test_an_ordinary_message_is_not_read_before_somebody_asks_and_holds_no_more_than_its_fields() -> None:
    # However large the frame was: the content is at most as long as the text that it becomes may be.
    message = chat_message(json.loads(json.dumps({**ORDINARY, "content": "x" * 100_000, "more": ["y"] * 1000})))
    assert message is not None and message.unread_content == "x" * read.LONGEST_TEXT
    assert {type(value) for value in vars(message).values()} <= {str, int, float, tuple}
