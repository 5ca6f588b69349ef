"""Text from outside becomes text that OBS can show."""

from __future__ import annotations

import pytest

from vmsc_core.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain \u2728 \u65e5\u672c", "plain \u2728 \u65e5\u672c"),
        ("a\ttab and a\nnewline", "a\ttab and a\nnewline"),
        ("a\x00b\x1fc\x7fd", "abcd"),
        ("a\ud800b", "ab"),
        ("a\u2028b\u2029c", "abc"),
        ("", ""),
    ],
)
def test_what_obs_cannot_show_is_left_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    printable(text).encode("utf-8")
