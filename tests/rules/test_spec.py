"""What is accepted for a field, and nothing else."""

from __future__ import annotations

import pytest

from vmsc_core.rules.spec import LONGEST_WORD, MOST_NAMES, Spec, Unacceptable

NUMBER, SECONDS = Spec("n", "number", low=1, high=10), Spec("s", "seconds", low=0, high=10)
OR_NONE, CHOICE = Spec("o", "seconds_or_none", low=0, high=10), Spec("c", "choice", ("a", "b"))
TEXT, NAMES = Spec("t", "text", longest=5), Spec("names", "names")


@pytest.mark.parametrize(
    ("spec", "value", "kept"),
    [
        (NUMBER, 1, 1),
        (NUMBER, 10.0, 10),
        (SECONDS, 3, 3.0),
        (SECONDS, 0.5, 0.5),
        (OR_NONE, None, None),
        (OR_NONE, 10, 10.0),
        (CHOICE, "b", "b"),
        (TEXT, "12345", "12345"),
        (NAMES, ["Ann", "Bob"], ("Ann", "Bob")),
        (NAMES, [], ()),
        (NAMES, ["x" * LONGEST_WORD] * MOST_NAMES, ("x" * LONGEST_WORD,) * MOST_NAMES),
    ],
)
def test_what_fits_is_kept(spec, value, kept):
    assert spec.read(value) == kept and type(spec.read(value)) is type(kept)


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (NUMBER, 0),
        (NUMBER, 11),
        (NUMBER, 1.5),
        (NUMBER, True),
        (NUMBER, "1"),
        (NUMBER, None),
        (SECONDS, None),
        (SECONDS, float("nan")),
        (SECONDS, float("inf")),
        (SECONDS, -0.1),
        (CHOICE, "c"),
        (CHOICE, None),
        (TEXT, "123456"),
        (TEXT, 5),
        (TEXT, "a\ud800"),
        (NAMES, ["a\udfff"]),
        (NAMES, "Ann"),
        (NAMES, [1]),
        (NAMES, ["x" * (LONGEST_WORD + 1)]),
        (NAMES, ["x"] * (MOST_NAMES + 1)),
    ],
)
def test_what_does_not_fit_is_refused(spec, value):
    with pytest.raises(Unacceptable):
        spec.read(value)


@pytest.mark.parametrize(("value", "kept"), [(-5, 1), (5, 5), (50, 10)])
def test_a_typed_number_is_brought_inside(value, kept):
    assert NUMBER.clamped(value) == kept
