"""Whose rules they are: a mark that only this computer's key can make, over each letter of the saved text."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from vmsc_core.rules import mark
from vmsc_core.rules.actions import PressHotkey
from vmsc_core.rules.mark import MOST_AT_ONCE, is_own, mark_of, may_run
from vmsc_core.rules.rule import Rule
from vmsc_core.rules.saved import dumps, loads

KEY, OTHER = bytes(range(32)), bytes(32)
TEXT = dumps([Rule("r1", actions=(PressHotkey("OBSBasic.StartRecording"),))])
NEWER = TEXT.replace('"hotkey"', '"not invented yet"')


def test_the_mark_is_an_hmac_of_the_text() -> None:
    assert mark_of(TEXT, KEY) == hmac.new(KEY, b"VMSC rules\n" + TEXT.encode(), hashlib.sha256).hexdigest()


def test_a_mark_is_good_for_its_text_and_its_key() -> None:
    good = mark_of(TEXT, KEY)
    assert is_own(TEXT, good, KEY)
    assert not is_own(TEXT, good, OTHER)
    assert not is_own(TEXT, mark_of(TEXT, OTHER), KEY)


@pytest.mark.parametrize("place", range(len(TEXT)))
def test_a_text_that_differs_in_one_letter_is_another(place: int) -> None:
    changed = TEXT[:place] + chr(ord(TEXT[place]) ^ 1) + TEXT[place + 1 :]
    assert not is_own(changed, mark_of(TEXT, KEY), KEY)


@pytest.mark.parametrize("wrong", ["", "0" * 64, "é" * 64, "\ud800", mark_of(TEXT, KEY)[:-1], mark_of(TEXT, KEY).upper() + " "])
def test_no_other_mark_is_good(wrong: str) -> None:
    assert not is_own(TEXT, wrong, KEY)


def test_texts_that_python_can_not_encode_have_a_mark_each() -> None:
    assert mark_of("\ud800", KEY) != mark_of("\udfff", KEY) != mark_of("?", KEY)


@pytest.mark.parametrize(
    ("text", "signed", "runs"),
    [
        ("", "", True),  # nothing that could run: what is added next is the user's own
        (dumps([]), "", True),
        ("broken", "", True),  # it is set aside when rules are added
        ('{"format": 99, "rules": [1]}', "", True),
        (TEXT, "", False),
        (TEXT, mark_of(TEXT, OTHER), False),
        (TEXT, mark_of(TEXT, KEY), True),
        (TEXT, mark_of(dumps([]), KEY), False),
        (NEWER, "", False),  # a newer version would run it
        (NEWER, mark_of(NEWER, KEY), True),
    ],
)
def test_which_rules_run_without_asking(text: str, signed: str, runs: bool) -> None:
    assert may_run(loads(text), text, signed, KEY) is runs


def test_hashing_never_lets_go_of_the_gil(monkeypatch: pytest.MonkeyPatch) -> None:
    """hashlib does so for 2,048 bytes and more at once; in a callback of OBS that can crash it."""
    sizes: list[int] = []

    class Spy:
        def __init__(self, *given: Any, **named: Any) -> None:
            sizes.extend(len(part) for part in given if isinstance(part, bytes))
            self._real = real(*given, **named)

        def update(self, piece: bytes) -> None:
            sizes.append(len(piece))
            self._real.update(piece)

        def hexdigest(self) -> str:
            return self._real.hexdigest()

    real = hmac.new
    monkeypatch.setattr(mark.hmac, "new", Spy)
    long = "é\u2026" * 5000
    found = mark_of(long, KEY)
    assert max(sizes) <= MOST_AT_ONCE < 2048 and sum(sizes) > 5 * 5000
    assert found == real(KEY, b"VMSC rules\n" + long.encode(), hashlib.sha256).hexdigest()
