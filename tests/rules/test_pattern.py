"""No pattern that is accepted needs more steps than its bound says, counted one by one; the known catastrophes are refused.

`Steps` is a backtracking matcher over the same parse tree that `re` compiles: it tries what `re` tries, without any of its
shortcuts, and counts each character it looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.reasons import Reason
from vmsc_core.rules.budget import LONGEST_SEARCH
from vmsc_core.rules.pattern import A_STEP, LENGTHS, LONGEST_PATTERN, LONGEST_TEXT, Pattern, _Cost, compiled, sre


class Steps:
    def __init__(self, pattern: str, text: str) -> None:
        self.tree, self.text, self.taken = sre.parse(pattern, re.IGNORECASE), text, 0

    def search(self) -> bool:
        return any(True for start in range(len(self.text) + 1) for _ in self.sequence(self.tree, 0, start))

    def sequence(self, items: Any, index: int, at: int) -> Iterator[int]:
        if index == len(items):
            yield at
            return
        for end in self.item(items[index], at):
            yield from self.sequence(items, index + 1, end)

    def item(self, item: Any, at: int) -> Iterator[int]:
        kind, value = item
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            low, high, inner = value
            yield from self.repeat(low, high, inner, at, 0, kind is sre.MAX_REPEAT)
        elif kind is sre.SUBPATTERN:
            yield from self.sequence(value[3], 0, at)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from self.sequence(branch, 0, at)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            assert value[0] == 1, "only what looks ahead is counted here"
            if any(True for _ in self.sequence(value[1], 0, at)) is (kind is sre.ASSERT):
                yield at
        else:
            yield from self.one(item, at)

    def one(self, item: Any, at: int) -> Iterator[int]:
        self.taken += 1
        kind, value = item
        if kind is sre.AT:
            word = [0 <= place < len(self.text) and re.match(r"\w", self.text[place]) is not None for place in (at - 1, at)]
            there = {
                sre.AT_BEGINNING: at == 0,
                sre.AT_END: at == len(self.text),
                sre.AT_BOUNDARY: word[0] != word[1],
                sre.AT_NON_BOUNDARY: word[0] == word[1],
            }
            if there[value]:
                yield at
        elif at < len(self.text) and self.holds(item, self.text[at]):
            yield at + 1

    def holds(self, item: Any, char: str) -> bool:
        kind, value = item
        if kind is sre.ANY:
            return char != "\n"
        if kind in (sre.LITERAL, sre.NOT_LITERAL):
            return (chr(value).lower() == char.lower()) is (kind is sre.LITERAL)
        if kind is sre.RANGE:
            return value[0] <= ord(char.lower()) <= value[1] or value[0] <= ord(char.upper()) <= value[1]
        if kind is sre.CATEGORY:
            letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(value).replace("CATEGORY_", "").replace("NOT_", "")]
            return re.match("\\" + (letter.upper() if "NOT_" in str(value) else letter), char) is not None
        assert kind is sre.IN
        inside = any(self.holds(part, char) for part in value if part[0] is not sre.NEGATE)
        return inside is not (value[0][0] is sre.NEGATE)

    def repeat(self, low: int, high: Any, inner: Any, at: int, done: int, is_greedy: bool) -> Iterator[int]:
        if not is_greedy and done >= low:
            yield at
        if high is sre.MAXREPEAT or done < high:
            for end in self.sequence(inner, 0, at):
                if end > at or done < low:
                    yield from self.repeat(low, high, inner, end, done + 1, is_greedy)
        if is_greedy and done >= low:
            yield at


def bound(pattern: str, length: int) -> int:
    return _Cost(length).of_search(sre.parse(pattern, re.IGNORECASE))


SLACK = 4
"""The counter looks at a character up to so many times where the bound counts one: its test, the end of a run, the end of all."""

ACCEPTED = [
    ("hello", "hell" * 5),
    (r"^!so @?(\w+)$", "!so " + "a" * 20 + "!"),
    (r".*a.*b.*", "a" * 24),
    (r"\w+ \w+ \w+!", "a a a a a a a a a a a"),
    (r"\d+/\d+", "1" * 24),
    (r"\bfoo\b.*\bbar\b", "foo " * 6),
    (r"(?:ab)+c", "ab" * 12),
    (r"(?:lol|haha)+x", "lol" * 8),
    (r"[ab]*c", "ab" * 12),
    (r".*?c", "a" * 24),
    (r"(?=.*a)(?=.*b)c", "ab" * 12),
    (r"[^a]{3,5}[^b]{3,5}z", "c" * 24),
    (r"(?:a.?){3}b", "a" * 24),
    (r"(?:https?://)?kick\.com/\w+", "kick.com/" * 3),
    (r"(gg|wp|ez)+!", "ggwp" * 6),
    (r"^(?:[a-z]+)$", "a" * 23 + "1"),
    (r"(?!.*bad)good", "good" * 6),
]


@pytest.mark.parametrize(("pattern", "text"), ACCEPTED)
def test_a_harmless_pattern_is_accepted_and_needs_no_more_steps_than_its_bound(pattern, text):
    assert isinstance(compiled(pattern), Pattern)
    for length in (0, 1, 5, len(text)):
        steps = Steps(pattern, text[:length])
        assert steps.search() is (re.search(pattern, text[:length], re.IGNORECASE) is not None)
        assert steps.taken <= SLACK * bound(pattern, length)


CATASTROPHES = [
    r"(a+)+$",
    r"(a*)*b",
    r"(a|a)*b",
    r"(a|aa)+$",
    r"(a|a?)+$",
    r"(.*a){12}",
    r"(x+x+)+y",
    r"([a-z]+)*!",
    r"^(\w+\s?)*$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(?:a?){30}a{30}",
    r"a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaaaa",
    r"((a{1,50}){1,50}){1,50}b",
    r"a*a*a*a*a*b",
    r"a.*b.*c",
    r".*a.*b.*c.*d.*",
    r"\s+\s+\s+$",
    r"(?=(a+)+b)a",
    r"(?!(a|a)*b)a",
    r"(?:\w|\d\d?)+!",
    r"(?:kx?|\u212ax?)+!",
    r"(.)\1",
    r"(?P<x>a)(?P=x)",
    r"(a)?(?(1)b|c)",
    r"https?://\S+\.\S+",
    r"(\d+)(\d+)(\d+)x",
    r"(?:){65535}(?:){65535}",
    r"(?:a{0,400}){0,400}",
]


@pytest.mark.parametrize("pattern", CATASTROPHES)
def test_a_pattern_that_could_stall_a_turn_is_refused(pattern):
    found = compiled(pattern)
    assert isinstance(found, Reason) and found.key == "rule_pattern_slow"


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(x+x+)+y", r"^(\w+\s?)*$", "a*a*a*a*a*b"])
def test_the_refused_ones_do_take_that_many_steps(pattern):
    short, long = Steps(pattern, "a" * 6 + "!"), Steps(pattern.replace("x", "a"), "a" * 12 + "!")
    short.search(), long.search()
    assert long.taken > 8 * short.taken


@pytest.mark.parametrize(
    "pattern", ["(", "[a", "*a", "a{2,1}", "(?P<x", "\\", "(?<=a+)b", "a{99999999999}", "(?P<1>a)", "\\N{nope}"]
)
def test_what_is_no_pattern_is_said(pattern):
    found = compiled(pattern)
    assert isinstance(found, Reason) and found.key in ("rule_pattern_wrong", "rule_pattern_slow")


def test_a_long_pattern_is_refused():
    assert isinstance(compiled("a" * LONGEST_PATTERN), Pattern)
    assert compiled("a" * (LONGEST_PATTERN + 1)).key == "rule_pattern_long"


def test_a_set_that_python_warns_of_is_accepted_without_a_word():
    assert isinstance(compiled("[[a]"), Pattern)  # pytest makes an error of every warning


def test_only_the_beginning_of_a_long_text_is_looked_at():
    found = compiled("end$")
    assert not found.found_in("x" * LONGEST_TEXT + "end") and found.found_in("x" * (LONGEST_TEXT - 3) + "end")


def test_what_a_search_can_take_grows_with_the_text():
    found = compiled("[ab]*c")
    assert 0 < found.worst("") < found.worst("a" * 100) < found.worst("a" * LONGEST_TEXT) == found.worst("a" * 9999)


@pytest.mark.parametrize("length", [0, 1, 8, 9, 60, 100, 128, 256])
def test_a_text_is_taken_for_no_shorter_than_it_is(length):
    for pattern in ("[ab]*c", "hello", r"\w+ \w+"):
        assert compiled(pattern).worst("a" * length) >= bound(pattern, min(length, compiled(pattern).longest)) * A_STEP


@pytest.mark.parametrize(("pattern", "at_least"), [("hello", 500), ("[ab]*c", 256), ("hello.*world", 128), ("(gg|wp|ez)+!", 128)])
def test_of_a_long_text_so_much_is_looked_at_that_no_search_takes_too_long(pattern, at_least):
    found = compiled(pattern)
    assert LONGEST_TEXT >= found.longest >= at_least and found.worst("a" * LONGEST_TEXT) <= LONGEST_SEARCH
    assert found.longest == LONGEST_TEXT or bound(pattern, LENGTHS[len(found.seconds)]) * A_STEP > LONGEST_SEARCH
    only_c = compiled("[ab]*c")
    assert only_c.found_in("x" * (only_c.longest - 1) + "c") and not only_c.found_in("x" * only_c.longest + "c")


ATOMS = st.sampled_from(["a", "b", "1", " ", ".", r"\w", r"\d", r"\s", r"\W", r"\S", "[ab]", "[^a]", "[a-z]", "[^1 ]", "k"])
REPEATS = st.sampled_from(["", "", "*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{0,2}?", "{2,}"])


def bigger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds("({}){}".format, inner, REPEATS)
    either = st.builds("(?:{}|{}){}".format, inner, inner, REPEATS)
    return group | either | st.builds("(?={})".format, inner) | st.lists(inner, min_size=1, max_size=4).map("".join)


PATTERNS = st.recursive(st.builds("{}{}".format, ATOMS, REPEATS) | st.just(r"\b"), bigger)


@settings(max_examples=600, deadline=None, database=None, derandomize=True)
@given(PATTERNS, st.text("ab1 k", max_size=9))
def test_no_pattern_needs_more_steps_than_its_bound(pattern, text):
    most = bound(pattern, len(text))
    if most > 20_000:
        return
    steps = Steps(pattern, text)
    steps.search()
    assert steps.taken <= SLACK * most


@settings(max_examples=500, deadline=None, database=None, derandomize=True)
@given(PATTERNS, st.text("ab1 k", max_size=9))
def test_what_is_accepted_finds_what_re_finds(pattern, text):
    found = compiled(pattern)
    if isinstance(found, Pattern):
        assert found.found_in(text) is (re.search(pattern, text, re.IGNORECASE) is not None)


@settings(max_examples=500, deadline=None, database=None, derandomize=True)
@given(st.text(max_size=60) | st.text("a*+?{}()[]|\\^$.1,:=!<>P", max_size=40))
def test_no_pattern_raises(pattern):
    assert isinstance(compiled(pattern), (Pattern, Reason))
