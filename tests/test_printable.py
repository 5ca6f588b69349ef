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
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\u2066a\u2067b\u2068c\u2069d\u202ae\u202bf\u202cg\u202dh\u200ei\u200fj\u061ck", "abcdefghijk"),
        ("\ufeffa\u200bb\u2060c", "abc"),
        ("a\x85b\x9bc", "abc"),
        ("\U0001f469\u200d\U0001f4bb \u2764\ufe0f", "\U0001f469\u200d\U0001f4bb \u2764\ufe0f"),
        ("\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627"),
    ],
)
def test_what_obs_cannot_show_is_left_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    printable(text).encode("utf-8")


def test_what_is_left_out_is_what_the_quick_look_does_not_pass() -> None:
    left_out = [chr(number) for number in range(0x110000) if printable("a" + chr(number)) == "a"]
    assert not any(character.isprintable() for character in left_out) and len(left_out) > 2000
