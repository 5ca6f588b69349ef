"""Text from outside becomes values or None: at once, whatever it holds."""

from __future__ import annotations

import json
import time

import pytest

from vmsc_core.json_text import DEEPEST, LONGEST, LONGEST_PAGE, ONE_IN, parse


@pytest.mark.parametrize(
    "text",
    [
        "[" * (1 << 19) + "]" * (1 << 19),
        "[" + "[]," * 40_000 + "[]]",
        "[" + "{}," * 2100 + "0]",
        "[" + "0," * 5000 + "0]",
        '{"a":' * 70 + "0" + "}" * 70,
        '["' + "x" * LONGEST + '"]',
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "[],]" * 80,
    ],
    ids=lambda text: text[:12] + f" {len(text)}",
)
def test_what_is_too_big_too_many_or_too_deep_is_refused(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "value",
    [
        ["[" * 3000 + '\\"]}' * 10],  # brackets in a string are text
        json.loads("[" * DEEPEST + "]" * DEEPEST),
        [{"a": [1]}] * 900,
        ["\\", '"', "[[[", '\\"', "\\\\"] * 60 + [[]] * 70,
        ["name"] * 2000,
        "x" * (LONGEST - 2),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_is_not_is_read(value: object) -> None:
    text = json.dumps(value)
    assert (parse(text) == value) is (text.count("[") + text.count("{") <= LONGEST // ONE_IN)
    assert parse(text, LONGEST_PAGE) == value


@pytest.mark.parametrize("space", ["", " ", "\n", " \t\r\n "])
@pytest.mark.parametrize("text", ["{}", "0", '"a"', "null", '[1, {"a": 1.5e3}]', "NaN", "-0", '" "', "123456789012345678901"])
def test_space_around_a_value_is_nothing(space: str, text: str) -> None:
    expected = json.loads(text) if len(text) <= 20 else None
    assert repr(parse(space + text + space)) == repr(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{} {}",
        "1 2",
        "[1]]",
        "{}x",
        "\ufeff{}",
        "\xa0{}",
        "{}\xa0",
        "{}\x0b",
        "\u2028{}",
        "x",
        "'a'",
        "{,}",
        "tru",
        '"',
        "\x00",
    ],
)
def test_what_is_no_json_from_end_to_end_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        json.loads(text)
    assert parse(text) is None


def test_a_page_may_be_longer_than_a_message() -> None:
    page = json.dumps(["name"] * (LONGEST // ONE_IN * 2))
    assert parse(page) is None and parse(page, LONGEST_PAGE) == json.loads(page)


@pytest.mark.parametrize("character", ['"', "\\", '\\"', "[", "]", '"[', "[]", ",", '"",', " ", "0", "9,", "\\u0041", "\ud800"])
def test_no_text_takes_long(character: str) -> None:
    times = []
    for before in ("", '["', "[" * 65, '{"a":'):
        text = (before + character * LONGEST)[:LONGEST]
        began = time.process_time()
        parse(text)
        times.append(time.process_time() - began)
    assert max(times) < 0.1, "a quadratic pattern takes minutes"
