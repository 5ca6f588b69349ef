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


def test_no_event_stands_for_the_connection():
    assert sample(rule("connection")) is None
