"""Templates: known placeholders are filled once, all else stays as typed, and no value can break out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.rules.spec import LONGEST_TEMPLATE
from vmsc_core.rules.template import LONGEST_VALUE, fill, plain

VALUES = {"user": "Ann", "count": "5", "message": ""}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{user} gifted {count} subs", "Ann gifted 5 subs"),
        ("{user}{user}", "AnnAnn"),
        ("[{message}]", "[]"),
        ("{nobody} {User} { user } {user", "{nobody} {User} { user } {user"),
        ("{user.__class__} {user!r} {0} {} %s %(user)s $user", "{user.__class__} {user!r} {0} {} %s %(user)s $user"),
        ("{{user}}", "{Ann}"),
        ("two\nlines", "two\nlines"),
        ("", ""),
        ("{arg1}|{arg2}|{arg3}|{arg20}", "one|two||"),
        ("{arg0} {arg21} {user1}", "{arg0} {arg21} {user1}"),
    ],
)
def test_a_template_is_filled(template, text):
    assert fill(template, VALUES, ("one", "two")) == text


def test_without_a_command_there_are_no_words_behind_it():
    assert fill("{arg1}", VALUES) == "{arg1}"


def test_a_value_is_never_looked_at_again():
    assert fill("{user}", {"user": "{count}{arg1}", "count": "5"}, ("x",)) == "{count}{arg1}"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("a\nb\tc  d\r\ne", "a b c d e"),
        ("a\u202eb\u2066c\u200bd\x00\ud800", "abcd"),
        ("[emote:37232:PeepoClap] hi [emote:1:]", "PeepoClap hi"),
        ("[emote:x:y] [emote:1:a", "[emote:x:y] [emote:1:a"),
        ("x" * 1000, "x" * LONGEST_VALUE),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_what_a_viewer_typed_is_one_plain_line(typed, text):
    assert plain(typed) == text


def test_a_text_is_never_longer_than_allowed():
    assert len(fill("{user}" * 80, {"user": "x" * LONGEST_VALUE})) == LONGEST_TEMPLATE
    assert len(fill("y" * 9999, {})) == LONGEST_TEMPLATE


anything = st.text(max_size=400)


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(
    st.text(max_size=300) | st.text("{}argusemn019:!.", max_size=60),
    st.dictionaries(st.sampled_from(["user", "message", "count"]), anything),
    st.none() | st.lists(anything, max_size=4),
)
def test_filling_never_raises_and_leaves_nothing_that_obs_can_not_show(template, values, args):
    known = {name: plain(value) for name, value in values.items()}
    text = fill(template, known, None if args is None else tuple(map(plain, args)))
    assert len(text) <= LONGEST_TEMPLATE and text.encode() is not None and "\u202e" not in text and "\x00" not in text
