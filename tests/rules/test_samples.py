"""Every trigger has a made-up event that fires it."""

from __future__ import annotations

import pytest
from rules.worlds import Book, rule

from vmsc_core.rules.rule import KINDS
from vmsc_core.rules.samples import sample


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "connection"])
@pytest.mark.parametrize("more", [{}, {"at_least": 50}, {"which": "renewal"}, {"which": "new"}, {"word": "!Go"}, {"reward": "X"}])
def test_the_sample_fires_the_rule(kind, more):
    made = rule(kind, **{"word": "!go", **more})
    if more.get("which") == "new" and kind == "subscription":
        assert sample(made)
    assert Book(made).plan(sample(made))


FITTING = [
    {"text": "GG", "how": "contains"},
    {"text": "go  there", "how": "starts"},
    {"text": "only this", "how": "is"},
    {"who": "names", "names": ("Zed",)},
    {"who": "names", "names": (" ", "@Zed")},
    {"who": "not_names", "names": ("nightowl", "@ANNA_K", "Bob99", "x")},
    *({"who": who} for who in ("anyone", "subscriber", "vip", "og", "moderator", "broadcaster")),
    {"text": "gg", "who": "moderator", "cooldown_each": 5.0, "chance": 50},
]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "connection"])
@pytest.mark.parametrize("filters", FITTING)
def test_the_sample_is_one_that_the_filters_let_through(kind, filters):
    made = rule(kind, **{"word": "!go", **filters})
    is_possible = kind != "command" or filters.get("how") not in ("is", "starts")  # a command's text begins with its word
    if "who" not in filters or filters["who"] in (KINDS[kind].who or ("anyone",)):
        assert bool(Book(made).plan(sample(made))) is is_possible


@pytest.mark.parametrize("filters", [{"text": "!go", "how": "is"}, {"text": "!go now", "how": "starts"}])
def test_a_text_that_begins_with_the_command_is_said_as_it_is(filters):
    made = rule("command", word="!go", **filters)
    assert Book(made).plan(sample(made))


def test_nobody_at_all_is_nobody():
    assert not Book(rule("follow", who="names")).plan(sample(rule("follow", who="names")))


def test_no_event_stands_for_the_connection():
    assert sample(rule("connection")) is None
