"""Reading JSON of unknown quality: the asked type or a fallback, never an exception."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from vmsc_core.kick import json_values as read

SEEN = datetime(2026, 9, 27, 16, 11, 55, tzinfo=timezone.utc).timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "]",
        "'a'",
        "\ufeff{}",
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 5_000,
        "nul",
        "\x00",
        '"\x01"',
        "{} {}",
    ],
    ids=lambda text: repr(text)[:20],
)
def test_text_that_is_no_usable_json_is_none(text):
    assert read.parse(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("null", None), ("{}", {}), ('{"a":1,"a":2}', {"a": 2}), ("1e999", float("inf")), ('"\\ud800"', "\ud800")],
)
def test_odd_but_legal_json_is_read(text, value):
    assert read.parse(text) == value


def test_data_is_read_packed_in_a_string_or_not():
    assert read.parse_if_text('{"a":1}') == read.parse_if_text({"a": 1}) == {"a": 1}
    assert read.parse_if_text("not json") is None


@pytest.mark.parametrize("value", [None, [], "x", 1, True])
def test_what_is_no_object_is_an_empty_one(value):
    assert read.mapping(value) == {}


def test_objects_and_arrays_may_be_packed_as_text():
    assert read.mapping('{"a":1}') == {"a": 1} and read.array("[1]") == [1]
    assert read.mapping("{") == {} and read.mapping("[1]") == {} and read.array("{}") == [] and read.array("[") == []


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (True, True),
        (1, True),
        ("1", True),
        ("True", True),
        (1.0, True),
        (False, False),
        (0, False),
        ("false", False),
        ("0", False),
    ]
    + [(value, None) for value in (2, -1, 0.5, float("nan"), "yes", "", None, [], {}, 10**400)],
    ids=repr,
)
def test_true_and_false_have_other_spellings(value, truth):
    assert read.boolean(value) is truth


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("anna", "anna"),
        ({"username": "anna", "slug": "x"}, "anna"),
        ({"username": None, "slug": "an-na"}, "an-na"),
        ({"name": "anna"}, "anna"),
        ('{"username":"anna"}', "anna"),
        ("{", ""),
        ({"username": {}}, ""),
        (None, ""),
        ([], ""),
        ("x" * 100, "x" * 64),
    ],
    ids=repr,
)
def test_a_person_has_a_name_in_several_shapes(value, name):
    assert read.username(value) == name


@pytest.mark.parametrize("value", [None, {}, "x", 1, True])
def test_what_is_no_array_is_an_empty_one(value):
    assert read.array(value) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("straße 🌟", "straße 🌟"),
        (3821, "3821"),  # line 52 of frames.jsonl has ids both ways
        (True, ""),
        (None, ""),
        (1.5, ""),
        ([], ""),
        (2**53 + 1, ""),
        ("a\ud800\x00\x1b\x7f\u2028b\tc\nd", "ab\tc\nd"),
    ],
)
def test_text_is_printable(value, text):
    assert read.text(value) == text


def test_text_is_cut():
    assert read.text("x" * 10_000) == "x" * read.LONGEST_TEXT
    assert read.text("12345", 3) == "123"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        (5, 5),
        ("5", 5),
        (5.0, 5),
        (2**53, 2**53),
        (2**53 + 1, None),
        (10**400, None),
        (-1, None),
        ("-1", None),
        ("١", None),
        ("²", None),
        ("", None),
        (" 5", None),
        ("9" * 17, None),
        (5.5, None),
        (float("nan"), None),
        (float("inf"), None),
        (1e300, None),
        (True, None),
        (None, None),
        ([], None),
        ({}, None),
    ],
    ids=repr,
)
def test_whole_numbers(value, number):
    assert read.integer(value) == number


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2026-09-27T16:11:55+00:00", SEEN),  # line 1 of frames.jsonl
        ("2026-09-27T16:11:55Z", SEEN),
        ("2026-09-27T16:11:55.16358Z", SEEN + 0.16358),  # line 6
        ("2026-09-27T16:11:55.225514152Z", SEEN + 0.225514152),  # line 6: 9 decimals
        ("2026-09-27 16:11:55", SEEN),  # line 36: UTC without saying so
        ("2026-09-27T18:11:55+02:00", SEEN),
        ("2026-09-27T12:41:55-0330", SEEN),
        (1790525704, 1790525704.0),  # line 16: seconds
        (1790525704722, 1790525704.722),  # line 15: milliseconds
        ("1790525704", 1790525704.0),
        (1790525704.5, 1790525704.5),
        (1790525704722.25, 1790525704.72225),
        ("1790525704.722", 1790525704.722),
        (1790525704722581, 1790525704.722581),  # microseconds
        (1790525704722581_001, 1790525704.722581),  # nanoseconds
        ("1790525704722581001", 1790525704.722581),
        (1e18, 1e9),
        (10**20, None),
        (1e300, None),
        (10**400, None),
        (float("inf"), None),
        ("1790525704.", None),
        ("1.2.3", None),
        (0, None),
        (-5, None),
        (2**53, None),
        ("", None),
        (None, None),
        ("2026-13-01T00:00:00Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("2026-09-27", None),
        ("2026-09-27T16:11:55Z and more", None),
        ([], None),
        (True, None),
        (float("nan"), None),
    ],
    ids=repr,
)
def test_every_spelling_of_time_seen_is_unix_seconds(value, seconds):
    assert read.time(value) == (None if seconds is None else pytest.approx(seconds, abs=1e-6))


def test_a_value_read_from_json_can_be_written_again():
    assert json.dumps(read.text(json.loads('"\\ud83d"'))) == '""'
