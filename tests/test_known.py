"""Remembered channel IDs: saved, read back, damaged, and the newest last."""

from __future__ import annotations

import json

import pytest

from vmsc_core.known import REMEMBERED_CHANNELS, KnownChannel, read_known, remember, write_known

KNOWN = {"name": KnownChannel(4336756, 3281085, "Name"), "other_one": KnownChannel(5, None, "")}


def test_remembered_ids_survive_being_saved():
    assert read_known(write_known(KNOWN)) == KNOWN


def test_only_the_newest_are_remembered():
    many = {f"name{number}": KnownChannel(number + 1) for number in range(50)}
    kept = read_known(write_known(many))
    assert list(kept) == list(many)[-REMEMBERED_CHANNELS:]


@pytest.mark.parametrize(
    "saved", ["", None, 5, [], "{", "[]", "null", '"x"', "[" * 100_000, "9" * 5000, '{"name":null}', '{"name":[]}']
)
def test_a_damaged_memory_is_no_memory(saved):
    assert read_known(saved) == {}


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"chatroom_id": None},
        {"chatroom_id": "5"},
        {"chatroom_id": 0},
        {"chatroom_id": -5},
        {"chatroom_id": 5.0},
        {"chatroom_id": True},
        {"chatroom_id": 2**53 + 1},
        {"chatroom_id": 10**19},
        {"chatroom_id": 10**30},
        {"chatroom_id": 5, "channel_id": 2**53 + 1},
        {"chatroom_id": 5, "channel_id": "6"},
        {"chatroom_id": 5, "channel_id": 0},
        {"chatroom_id": 5, "channel_id": True},
    ],
    ids=repr,
)
def test_a_damaged_row_is_left_out_and_the_others_are_kept(row):
    saved = json.dumps({"bad": row, "good": {"chatroom_id": 5, "channel_id": 6, "name": "Good"}})
    assert read_known(saved) == {"good": KnownChannel(5, 6, "Good")}


def test_the_largest_id_is_one():
    assert read_known('{"a":{"chatroom_id":9007199254740992}}') == {"a": KnownChannel(2**53)}


def test_of_a_text_that_was_not_ours_no_more_is_read_than_we_would_have_saved():
    rows = {f"name{number}": {"chatroom_id": number + 1} for number in range(500)}
    assert list(read_known(json.dumps(rows))) == list(rows)[-REMEMBERED_CHANNELS:]
    assert read_known(json.dumps({"a": {"chatroom_id": 5, "name": "x" * 70_000}})) == {}
    assert read_known(json.dumps({"a": {"chatroom_id": 5, "more": [[]] * 2000}})) == {}
    assert read_known(json.dumps({"a" * 65: {"chatroom_id": 5}})) == {}
    assert read_known(json.dumps({"a": {"chatroom_id": 5, "name": "x" * 5000}})) == {"a": KnownChannel(5, None, "x" * 64)}


def test_what_we_save_is_always_read_again():
    longest = {("s" * 60 + f"{number:04}"): KnownChannel(2**53, 2**53, "\u2728" * 64) for number in range(REMEMBERED_CHANNELS)}
    assert read_known(write_known(longest)) == longest


@pytest.mark.parametrize("name", [None, 5, [], "\ud800\x00"])
def test_a_damaged_name_does_not_cost_the_ids(name):
    (known,) = read_known(json.dumps({"a": {"chatroom_id": 5, "name": name}})).values()
    assert known.chatroom_id == 5
    known.name.encode("utf-8")


# -- the newest last ---------------------------------------------


def test_a_channel_that_is_remembered_again_is_the_newest():
    known = remember({"a": KnownChannel(1), "b": KnownChannel(2)}, "a", KnownChannel(3))
    assert list(known.items()) == [("b", KnownChannel(2)), ("a", KnownChannel(3))]


def test_nothing_new_is_the_same_mapping_and_anything_new_another_one():
    known = {"a": KnownChannel(1)}
    assert remember(known, "a", KnownChannel(1)) is known and remember(known, "", KnownChannel(5)) is known
    assert remember(known, "b", KnownChannel(2)) is not known and known == {"a": KnownChannel(1)}


def test_the_oldest_is_forgotten():
    known = {}
    for number in range(REMEMBERED_CHANNELS + 5):
        known = remember(known, f"name{number}", KnownChannel(number + 1))
    assert list(known) == [f"name{number}" for number in range(5, REMEMBERED_CHANNELS + 5)]
