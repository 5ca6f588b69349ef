"""A rule that fires: its actions with everything filled in."""

from __future__ import annotations

import json

import pytest
from rules.worlds import FOLLOW, chat, rule

from vmsc_core.events import ChatMessage, Emote, Follow, Subscription
from vmsc_core.rules.actions import AddLine, ChapterMarker, SetText, ShowAlert, ShowSource, WriteEvent, WriteLabel
from vmsc_core.rules.facts import Facts, read
from vmsc_core.rules.firing import chain_of, event_line, file_name, filled

VALUES = {"user": "Ann", "count": "5"}


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (SetText("T", "{user}!"), SetText("T", "Ann!")),
        (AddLine("T", "{user} {nope}", 3), AddLine("T", "Ann {nope}", 3)),
        (ShowAlert("{user}", "{count} subs", "first", 7.0), ShowAlert("Ann", "5 subs", "first", 7.0)),
        (ChapterMarker("{user}"), ChapterMarker("Ann")),
        (WriteLabel("latest sub", "{user}"), WriteLabel("latest_sub", "Ann")),
        (ShowSource("{user}"), ShowSource("{user}")),
    ],
)
def test_templates_are_filled_and_names_are_not(action, expected):
    assert filled(action, VALUES, None) == expected


@pytest.mark.parametrize(
    ("label", "name"),
    [("latest_sub", "latest_sub"), ("../../etc/passwd", "etc_passwd"), ("", "label"), ("a" * 99, "a" * 40), ("C:\\x\n", "C_x")],
)
def test_a_label_can_only_name_a_file(label, name):
    assert file_name(label) == name


def test_a_chat_chain_knows_its_message_and_one_that_is_tried_is_no_chat():
    made = rule("command", SetText("T", "{arg1} {arg2}"), word="!so")
    chain = chain_of(made, read(chat("!so Bob")), {}, 0.0, None)
    assert (chain.is_alert, chain.message_id, chain.viewer, chain.kind) == (False, "m1", "ann", "command")
    assert chain.actions == [SetText("T", "Bob ")]
    assert chain_of(made, read(chat("!so Bob")), {}, 0.0, None, is_tried=True).is_alert
    assert chain_of(rule("follow"), read(FOLLOW), {}, 0.0, None).message_id is None


def test_the_event_file_gets_one_line_of_json():
    line = event_line("subscription", read(Subscription("Ann\u202e", 3, "a\nb", 1.5)), 0.0, None)
    data = {"username": "Ann", "months": 3, "message": "a\nb", "time": 1.5}
    assert "\n" not in line
    assert json.loads(line) == {"id": "", "type": "subscription", "source": "kick", "ms": 1500, "user": "Ann", "data": data}


@pytest.mark.parametrize(
    ("time", "offset", "ms"),
    [(2.0, 1000.0, 2000), (None, 1000.0, 1_005_000), (None, None, None), (float("nan"), 1.0, 6000), (float("inf"), None, None)],
)
def test_the_time_is_kicks_or_this_computers(time, offset, ms):
    assert json.loads(event_line("follow", read(Follow("Ann", 1, time)), 5.0, offset))["ms"] == ms


def test_what_stands_inside_an_event_is_in_the_line():
    message = ChatMessage("m1", "Änn", "hi Kappa", emotes=(Emote(1, "Kappa", 3, 8),), user_id=2**60)
    line = event_line("chat", read(message), 0.0, None)
    row = json.loads(line)
    assert line.isascii() and row["user"] == "Änn" and row["id"] == "m1"
    assert row["data"]["emotes"] == [{"id": 1, "name": "Kappa", "start": 3, "end": 8}]
    assert row["data"]["user_id"] == 2**60 and row["data"]["reply"] is None


def test_no_event_is_a_line_without_data():
    assert json.loads(event_line("connection", Facts(None), 0.0, 1.0))["data"] == {}


def test_the_event_is_written_by_its_own_rule():
    (action,) = chain_of(rule("follow", WriteEvent()), read(FOLLOW), {}, 0.0, None).actions
    assert isinstance(action, WriteEvent) and json.loads(action.line)["user"] == "Ann"
