"""A report: nobody's name, no ID, no word and no address is in it, and a replay of it still tells the same story."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.events import Status
from vmsc_core.json_text import parse
from vmsc_core.kick.interpret import Interpreter
from vmsc_core.kick.session import Message
from vmsc_core.known import KnownChannel
from vmsc_core.reasons import because
from vmsc_core.report import Facts, Masks, Story, read_report, report
from vmsc_core.settings import FIELDS
from vmsc_core.state import Entry, State

FRAMES = [json.loads(line) for line in (Path(__file__).parent / "frames.jsonl").read_text("utf-8").splitlines()]
SAID = [frame for frame in FRAMES if isinstance(frame.get("event"), str)]
MESSAGES = [Message(frame["event"], frame.get("channel") or "", frame.get("data")) for frame in SAID]
STATE = State(Status.LIVE, "NightOwl", because("host_silent", host="secret.example"), count=7, since=40.0, followers=1234)
FACTS = Facts(
    versions={"vmsc": "1"},
    values={**{field.key: field.default for field in FIELDS}, "username": "NightOwl"},
    state=STATE,
    now=100.0,
    history=[Entry("20:14:03", Status.RECONNECTING, because("closed", answer="secret words"))],
    messages=[(float(place), message) for place, message in enumerate(MESSAGES)],
    channel=KnownChannel(918, 11624, "NightOwl"),
)
TELLING = re.compile(r"user|name|slug|content|title|message$|link|url|text")


def rows(value: Any, within: str = "") -> Iterator[tuple[str, Any]]:
    """Key and value of everything in a message's data, also where it is packed as text."""
    pairs = value.items() if isinstance(value, dict) else ((within, one) for one in value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield key, one
        yield from rows(parse(one) if isinstance(one, str) and one[:1] in ("{", "[") else one, key)


def is_telling(key: str, value: Any) -> bool:
    """Whether a person could be found by it."""
    if isinstance(value, str):
        return len(value) >= 6 and value[0] not in "{[" and TELLING.search(key) is not None
    return isinstance(value, int) and value > 99_999 and (key == "id" or key.endswith(("_id", "_ids")))


def test_no_name_no_id_and_no_word_of_the_recorded_frames_is_in_it() -> None:
    written, found = json.dumps([row["data"] for row in json.loads(report(FACTS, "salt"))["messages"]]), 0
    for message in MESSAGES:
        for key, value in rows(parse(message.data) if isinstance(message.data, str) else message.data):
            if is_telling(key, value):
                assert not re.search(rf"\b{re.escape(str(value))}\b", written), (message.event, key)
                found += 1
    assert found > 100, "the frames have names to look for"


def test_no_setting_that_was_typed_and_no_value_of_a_reason_is_in_it() -> None:
    typed = {field.key: f"secret-{field.key}" for field in FIELDS if field.kind not in ("bool", "choice", "section")}
    written = report(replace(FACTS, values={**FACTS.values, **typed}), "salt")
    assert "secret" not in written and "nightowl" not in written.lower()
    assert json.loads(written)["settings"]["websocket_address"] == "set"


def test_what_helps_is_in_it() -> None:
    found = json.loads(report(FACTS, "salt"))
    expected = {"status": "Live", "reason": "host_silent", "followers": 1234, "events": 7, "connected_for": 60.0}
    assert found["state"] == {**expected, "live": None, "attempt": 0}
    assert found["history"] == [["20:14:03", "Reconnecting", "closed"]]
    assert found["versions"] == {"vmsc": "1"} and len(found["messages"]) == len(MESSAGES)
    assert found["settings"]["poll"] is True and found["settings"]["provider"] == "automatic"


def test_the_same_name_has_the_same_mark_in_one_report_and_another_in_the_next() -> None:
    one, other = Masks("a"), Masks("b")
    assert one.name("Bert") == one.name("bert") != other.name("bert")
    assert one.number(5) == one.number(5) != other.number(5)


@pytest.mark.parametrize("place", range(len(MESSAGES)))
def test_a_masked_message_is_still_the_same_kind_of_event(place: int) -> None:
    message = MESSAGES[place]
    masked = message._replace(data=Masks("salt").data(message.data))
    first, second = ([type(event) for event in Interpreter().interpret(one, 0.0)] for one in (message, masked))
    assert first == second


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(max_size=30), st.text(max_size=30), anything)
def test_whatever_a_message_holds_a_report_is_made_and_read(event: str, channel: str, data: Any) -> None:
    story = read_report(report(replace(FACTS, messages=[(1.0, Message(event, channel, data))]), "salt"))
    assert story is not None and len(story.messages) == 1


def test_a_report_tells_its_story_again() -> None:
    masks, story = Masks("salt"), read_report(report(FACTS, "salt"))
    assert story is not None
    assert (story.chatroom_id, story.channel_id) == (masks.number(918), masks.number(11624))
    assert [pause for pause, _ in story.messages[:3]] == [0.0, 1.0, 1.0]


NO_REPORTS = ["", "{", "[]", "{}", '{"vmsc_report": 1}', '{"vmsc_report": 9, "channel": {"chatroom_id": 1}}', "[" * 9999]


@pytest.mark.parametrize("text", NO_REPORTS)
def test_what_is_no_report_is_none(text: str) -> None:
    assert read_report(text) is None


def test_odd_rows_of_a_report_are_left_out() -> None:
    messages = [1, {}, {"event": "x", "channel": "c", "ago": "?"}]
    text = json.dumps({"vmsc_report": 1, "channel": {"chatroom_id": 5}, "messages": messages})
    assert read_report(text) == Story(5, None, ((0.0, Message("x", "c", None)),))
