"""What is saved comes back; what a newer version wrote is kept; what is broken is refused with a sentence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.worlds import rule

from vmsc_core.rules import saved
from vmsc_core.rules.actions import ACTIONS, SetText, ShowSource, Wait
from vmsc_core.rules.filters import FILTERS, Filters
from vmsc_core.rules.rule import KINDS, MOST_ACTIONS, MOST_RULES, Rule, Trigger
from vmsc_core.rules.saved import FORMAT, LONGEST_SAVED, acceptable, dumps, loads, too_long
from vmsc_core.rules.spec import Spec
from vmsc_core.words import say

ROW = {"id": "r1", "when": {"kind": "follow"}, "do": [{"kind": "show_source", "source": "Confetti"}]}


def text_of(*rows, **more):
    return json.dumps({"format": FORMAT, "rules": list(rows), **more})


def changed(**more):
    return {**ROW, **more}


def values(spec: Spec) -> st.SearchStrategy:
    if spec.kind == "names":
        return st.lists(st.text(max_size=20), max_size=4).map(tuple)
    if spec.kind == "number":
        return st.integers(spec.low, spec.high)
    if spec.kind.startswith("seconds"):
        numbers = st.floats(spec.low, spec.high)
        return numbers | st.none() if spec.kind == "seconds_or_none" else numbers
    return st.sampled_from(spec.choices) if spec.choices else st.text(max_size=min(spec.longest, 40))


def fields(specs) -> st.SearchStrategy:
    return st.fixed_dictionaries({}, optional={spec.key: values(spec) for spec in specs})


triggers = st.sampled_from(sorted(KINDS)).flatmap(lambda kind: fields(KINDS[kind].specs).map(lambda v: Trigger(kind, **v)))
actions = st.sampled_from(sorted(ACTIONS)).flatmap(
    lambda kind: fields(ACTIONS[kind].specs).map(lambda v: ACTIONS[kind].type(**v))
)
rules = st.builds(
    Rule,
    id=st.from_regex(r"\A[A-Za-z0-9_-]{1,32}\Z"),
    name=st.text("abc é", max_size=20),
    on=st.booleans(),
    trigger=triggers,
    filters=fields(FILTERS).map(lambda v: Filters(**v)),
    actions=st.lists(actions, max_size=5).map(tuple),
)


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(st.lists(rules, max_size=3, unique_by=lambda rule: rule.id))
def test_every_rule_comes_back_as_it_was(made):
    loaded = loads(dumps(made))
    assert (loaded.rules, loaded.refused, loaded.kept) == (tuple(made), None, ())
    assert [acceptable(rule) for rule in made] == made


plain = st.none() | st.booleans() | st.floats() | st.text(max_size=5)
nested = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3))
texts = st.text(max_size=200) | nested.map(lambda value: json.dumps({"format": 1, "rules": value}))
texts |= st.dictionaries(st.sampled_from([*ROW, "x", "only_if"]), nested).map(lambda row: text_of({**ROW, **row}))


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(texts)
def test_no_text_raises(text):
    loaded = loads(text)
    assert loaded.refused is None or say(loaded.refused).endswith(".")


NEWER = [
    changed(later=True),
    changed(when={"kind": "raid_train"}),
    changed(when={"kind": "follow", "later": 1}),
    changed(only_if={"later": 5}),
    changed(only_if={"who": "follower"}),
    changed(only_if={"chance": 101}),
    changed(do=[{"kind": "send_chat", "text": "hi"}]),
    changed(do=[{"kind": "show_source", "later": [1, {"a": None}]}]),
    changed(do=[{"kind": "show_source", "seconds": "long"}]),
    changed(do=[{"kind": "wait"}] * (MOST_ACTIONS + 1)),
    changed(id="not an id"),
    changed(id=7),
    changed(name=5),
    changed(on="yes"),
    changed(when=None),
    changed(do={"kind": "wait"}),
    "a row that is a text",
    None,
]


@pytest.mark.parametrize("row", NEWER)
def test_a_row_that_is_not_understood_never_fires_and_is_saved_again_as_it_was(row):
    loaded = loads(text_of(changed(id="mine"), row))
    assert [rule.id for rule in loaded.rules] == ["mine"] and loaded.refused is None
    again = dumps(loaded.rules, loaded.kept)
    assert json.loads(again)["rules"][1] == row and loads(again) == loaded


def test_a_second_rule_with_the_same_id_is_kept_aside():
    loaded = loads(text_of(ROW, changed(name="other")))
    assert len(loaded.rules) == len(loaded.kept) == 1 and loads(dumps(loaded.rules, loaded.kept)) == loaded


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "rules_broken"),
        ("[]", "rules_broken"),
        ("5", "rules_broken"),
        ("null", "rules_broken"),
        ("{}", "rules_broken"),
        (json.dumps({"format": 1}), "rules_broken"),
        (json.dumps({"format": 1, "rules": {}}), "rules_broken"),
        (json.dumps({"format": 0, "rules": []}), "rules_broken"),
        (json.dumps({"format": True, "rules": []}), "rules_broken"),
        (json.dumps({"format": 1.0, "rules": []}), "rules_broken"),
        (json.dumps({"format": "1", "rules": []}), "rules_broken"),
        ("[" * 100_000, "rules_broken"),
        ('{"format": 1' + "0" * 5000 + ', "rules": []}', "rules_broken"),
        (json.dumps({"format": FORMAT + 1, "rules": [ROW]}), "rules_newer"),
        (json.dumps({"format": FORMAT + 1, "anything": 1}), "rules_newer"),
        (" " * LONGEST_SAVED + "{}", "rules_long"),
        (text_of(*[ROW] * (MOST_RULES + 1)), "rules_many"),
        (None, "rules_broken"),
        (5, "rules_broken"),
    ],
)
def test_a_broken_or_newer_text_is_refused_as_a_whole(text, key):
    loaded = loads(text)
    assert loaded.rules == () and loaded.refused is not None and loaded.refused.key == key


@pytest.mark.parametrize("text", ["", "  \n", text_of()])
def test_no_rules_are_no_trouble(text):
    assert loads(text) == saved.Loaded()


def test_what_is_saved_today_is_still_read_tomorrow():
    old = (
        '{"format": 1, "rules": [{"id": "r1", "name": "Hype", "on": false, "when": {"kind": "command", "word": "!so"}, '
        '"only_if": {"who": "names", "names": ["Ann"], "cooldown": 30.0, "hold": 2.5}, '
        '"do": [{"kind": "set_text", "source": "T", "template": "{user}"}, {"kind": "wait", "seconds": 3}, '
        '{"kind": "show_source", "source": "C", "scene": "", "seconds": null}]}]}'
    )
    filters = Filters(who="names", names=("Ann",), cooldown=30.0, hold=2.5)
    expected = Rule("r1", "Hype", False, Trigger("command", "!so"), filters, (SetText("T"), Wait(3.0), ShowSource("C")))
    assert loads(old).rules == (expected,) and loads(dumps([expected])).rules == (expected,)


def test_only_what_differs_is_written():
    (row,) = json.loads(dumps([rule("follow")]))["rules"]
    assert row["when"] == {"kind": "follow"} and row["only_if"] == {}


def test_as_many_rules_as_may_be_load_again():
    many = [rule("chat", rule_id=f"r{number}", text="x" * 100) for number in range(MOST_RULES)]
    text = dumps(many)
    assert too_long(text, len(many)) is None and len(loads(text).rules) == MOST_RULES


def test_too_much_is_said_before_it_is_saved():
    assert too_long("", MOST_RULES + 1).key == "rules_many" and too_long("x" * (LONGEST_SAVED + 1), 1).key == "rules_long"


@pytest.mark.parametrize(
    "bad", [rule("nope"), rule("follow", chance=0), rule("follow", rule_id="no id"), rule("follow", cooldown=float("nan"))]
)
def test_a_rule_that_would_not_come_back_is_not_acceptable(bad):
    assert acceptable(bad) is None
