"""What a user's template becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmsc_core.placeholders import fill

VALUES = {"name": "Day{state}fox", "state": "Live", "arg1": "one"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{state}", "Live"),
        ("{name} · {state}", "Day{state}fox · Live"),
        ("{arg1}{arg1}", "oneone"),
        ("{unknown} {State} { state } {}", "{unknown} {State} { state } {}"),
        ("{{state}}", "{Live}"),
        ("{state", "{state"),
        ("{state.__class__} {state!r} {0}", "{state.__class__} {state!r} {0}"),
    ],
)
def test_a_word_is_filled_once_and_what_is_unknown_stays(template: str, text: str) -> None:
    assert fill(template, VALUES) == text


@given(st.text(alphabet="{}abc_0. "), st.text())
def test_any_template_and_any_value_give_a_text(template: str, value: str) -> None:
    filled = fill(template, {"a": value})
    assert filled == template.replace("{a}", value)
