"""Each filter lets through what it should and nothing else."""

from __future__ import annotations

import pytest
from rules.worlds import FOLLOW, GIFT, chat

from vmsc_core.events import Follow, KicksGifted, Status, Subscription
from vmsc_core.events import Host as Hosted
from vmsc_core.host import Host
from vmsc_core.rules.facts import read
from vmsc_core.rules.filters import Filters, Gate, name_key
from vmsc_core.rules.rule import KINDS
from vmsc_core.state import State


def blocked(event, kind, state=None, host=None, **filters):
    gate = Gate(Filters(**filters), KINDS[kind].filters)
    return gate.blocked(read(event), state or State(), host or Host())


@pytest.mark.parametrize(
    ("how", "text", "said", "passes"),
    [
        ("contains", "", "anything", True),
        ("contains", "GG", "well gg all", True),
        ("contains", "gg", "g g", False),
        ("contains", "a  b", "x a b y", True),
        ("contains", "straße", "STRASSE", True),
        ("is", "gg", "GG", True),
        ("is", "gg", " gg ", True),
        ("is", "gg", "gg!", False),
        ("starts", "go", "Gone", True),
        ("starts", "go", "a go", False),
        ("regex", r"^\d+$", "123", True),
        ("regex", r"^\d+$", "12x", False),
        ("regex", r"HELLO", "well hello", True),
    ],
)
def test_text(how, text, said, passes):
    assert blocked(chat(said), "chat", how=how, text=text) == ("" if passes else "text")


def test_a_message_is_looked_at_to_its_end():
    assert blocked(chat("x" * 498 + "gg"), "chat", text="gg") == ""


def test_text_is_looked_for_in_what_comes_with_an_event():
    assert blocked(Subscription("Ann", 3, "so good"), "subscription", text="good") == ""
    assert blocked(Subscription("Ann", 3, None), "subscription", text="good") == "text"
    assert blocked(KicksGifted("Ann", 5, "Wave", "hi"), "kicks", text="hi") == ""


@pytest.mark.parametrize(
    ("who", "badges", "passes"),
    [
        ("anyone", (), True),
        ("subscriber", (), False),
        ("subscriber", ("subscriber",), True),
        ("subscriber", ("founder",), True),
        ("subscriber", ("sub_gifter",), False),
        ("vip", ("vip",), True),
        ("vip", ("moderator",), False),
        ("og", ("og",), True),
        ("moderator", ("og", "moderator"), True),
        ("moderator", ("vip",), False),
        ("moderator", ("broadcaster",), True),
        ("broadcaster", ("moderator",), False),
        ("broadcaster", ("broadcaster",), True),
    ],
)
def test_who_by_badge(who, badges, passes):
    assert blocked(chat("x", badges=badges), "chat", who=who) == ("" if passes else "who")


@pytest.mark.parametrize(
    ("who", "user", "passes"),
    [("names", "ANN", True), ("names", "Bob", False), ("not_names", "ann", False), ("not_names", "Bob", True)],
)
def test_who_by_name(who, user, passes):
    for event, kind in ((chat("x", user), "chat"), (Follow(user, 1), "follow")):
        assert blocked(event, kind, who=who, names=("@Ann", " ")) == ("" if passes else "who")


def test_nobody_is_none_of_the_names_but_one_of_not_these():
    assert blocked(Follow(None, 1), "follow", who="names", names=("Ann", "")) == "who"
    assert blocked(Follow(None, 1), "follow", who="not_names", names=("Ann",)) == ""


def test_a_badge_is_not_asked_of_what_has_none():
    assert KINDS["follow"].who == ("anyone", "names", "not_names") and "moderator" in KINDS["chat"].who


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (GIFT, "gifted_subs"),
        (Subscription("a", 5), "subscription"),
        (KicksGifted("a", 5, "", ""), "kicks"),
        (Hosted("a", 5), "host"),
    ],
)
@pytest.mark.parametrize(("least", "passes"), [(0, True), (4, True), (5, True), (6, False)])
def test_at_least(event, kind, least, passes):
    assert blocked(event, kind, at_least=least) == ("" if passes else "at_least")


@pytest.mark.parametrize(
    ("only", "state", "host", "passes"),
    [
        ("always", State(), Host(), True),
        ("live", State(live=True), Host(), True),
        ("live", State(Status.LIVE), Host(), True),
        ("live", State(live=False), Host(True, True), False),
        ("live", State(), Host(), False),
        ("streaming", State(), Host(streaming=True), True),
        ("streaming", State(live=True), Host(recording=True), False),
        ("recording", State(), Host(recording=True), True),
        ("recording", State(), Host(streaming=True), False),
    ],
)
def test_only_while(only, state, host, passes):
    assert blocked(FOLLOW, "follow", state, host, only=only) == ("" if passes else "only")


@pytest.mark.parametrize(("scene", "passes"), [("Game", True), ("game", False), ("", False)])
def test_only_in_a_scene(scene, passes):
    assert blocked(FOLLOW, "follow", None, Host(scene=scene), scene="Game") == ("" if passes else "scene")


def test_a_filter_that_does_not_apply_does_nothing():
    filters = {"text": "x", "who": "moderator", "at_least": 99, "how": "regex"}
    assert blocked(chat("y"), "stream_ended", **filters) == "" and blocked(FOLLOW, "stream_started", **filters) == ""


def test_a_pattern_that_can_not_be_used_is_said():
    gate = Gate(Filters(text="(a+)+$", how="regex"), KINDS["chat"].filters)
    assert gate.trouble is not None and gate.trouble.key == "rule_pattern_slow" and gate.pattern is None


@pytest.mark.parametrize("name", ["Ann", "@ann", " ANN "])
def test_a_name_is_compared_in_any_spelling(name):
    assert name_key(name) == "ann"
