"""The lookup page as people copy it: raw, out of a viewer, an editor, a chat program."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vmsc_core.kick.channel import Channel, read_pasted
from vmsc_core.kick.viewer_copy import answer_in

PAGE: dict[str, Any] = {
    "id": 3281085,
    "user_id": 8241760,
    "slug": "viewer-one",
    "is_banned": False,
    "followers_count": 31642,
    "subscriber_badges": [{"id": 5, "channel_id": 3281085, "months": 1, "badge_image": {"src": "https://x.invalid/1"}}],
    "banner_image": {"url": "https://x.invalid/2"},
    "livestream": None,
    "recent_categories": [{"id": 9, "name": "Slots", "slug": "slots", "tags": ["a", "b"]}],
    "user": {"id": 8241760, "username": "Viewer_One", "bio": 'a "quoted" word, and more: \u2728'},
    "chatroom": {"id": 4336756, "chatable_type": "App\\Models\\Channel", "channel_id": 3281085, "slow_mode": False},
}
PRETTY = json.dumps(PAGE, indent=2, ensure_ascii=False)
FOUND = Channel("viewer-one", 4336756, 3281085, "Viewer_One", live=False, followers=31642)


def plain(**changes: Any) -> str:
    """The page without quotes inside its texts."""
    return json.dumps({**PAGE, "user": {"id": 8241760, "username": "Viewer_One"}, **changes}, indent=2)


def rows(value: Any, between: str = "\t") -> list[str]:
    """As Firefox's JSON tab copies it: a row for each key, its value beside it, objects opened below."""
    found: list[str] = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, (dict, list)):
            found += [f"{key}{between}", *rows(inner, between)]
        else:
            found.append(f"{key}{between}{json.dumps(inner, ensure_ascii=False)}")
    return found


def numbered(text: str, form: str) -> str:
    return "\n".join(form.format(number) + line for number, line in enumerate(text.split("\n"), 1))


def curly(text: str) -> str:
    """As a word processor writes quotes: each opening or closing."""
    inside, outside = text.split('"')[1::2], text.split('"')[::2]
    return "".join(f"{before}\u201c{quoted}\u201d" for before, quoted in zip(outside, inside)) + outside[-1]


@pytest.mark.parametrize(
    "text",
    [
        PRETTY,
        json.dumps(PAGE),
        "JSON\nRaw Data\nHeaders\nSave Copy\n" + PRETTY,
        PRETTY.replace(" ", "\u00a0"),
        PRETTY.replace("  ", "\u2003"),
        "\ufeff" + PRETTY.replace('"id"', '"\u200bid"'),
        plain().replace('"', "\u201d"),
        curly(plain()),
        numbered(PRETTY, "{:4d}  "),
        numbered(PRETTY, "{}\t"),
        numbered(PRETTY, "{}: "),
        numbered(PRETTY, "{:>5} | "),
        numbered(plain(), "{}\u00a0\u00a0").replace('"', "\u201c"),
        "1\t" + json.dumps(PAGE),
        "JSON\nRaw Data\nHeaders\nSave\nCopy\nCollapse All\nExpand All\nFilter JSON\n" + "\n".join(rows(PAGE)),
        "\n".join(rows(PAGE, ": ")),
        "\r\n".join(rows(PAGE)),
        "\n".join(rows(PAGE)).replace("\t", "\n"),
        "\n".join([*rows({key: PAGE[key] for key in ("id", "slug", "livestream", "followers_count")}),
                   'user\tObject { id: 8241760, username: "Viewer_One", \u2026 }',
                   "chatroom\tObject { id: 4336756, chatable_type: \"App\\\\Models\\\\Channel\", channel_id: 3281085, \u2026 }"]),
        "\n".join(line for line in PRETTY.split("\n") if line.strip() not in "{}[],"),
    ],
    ids=lambda text: ascii(text)[:40],
)  # fmt: skip
def test_a_copy_of_the_page_is_read(text: str) -> None:
    assert read_pasted(text, "viewer_one") == FOUND


def test_a_live_stream_is_seen_in_the_rows() -> None:
    live = {"id": 31, "is_live": True, "session_title": "hello", "viewer_count": 5}
    found = read_pasted("\n".join(rows({**PAGE, "livestream": live})), "viewer-one")
    assert isinstance(found, Channel)
    assert (found.live, found.livestream_id, found.title, found.chatroom_id) == (True, 31, "hello", 4336756)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "id\t5",
        "chatroom\t\nid\t5",
        "id\t5\nchatroom\t\nname\tx",
        "id\t5\nchatroom\t\nid\t6\nchannel_id\t7",  # of somebody else's channel
        "id\t5\nchatroom\t\nuser\t\nid\t6",
    ],
    ids=repr,
)
def test_ids_are_never_guessed(text: str) -> None:
    assert answer_in(text) == {}


@pytest.mark.timeout(5)
@pytest.mark.parametrize("part", ["{", "a:", "a\t\n", '"', "1 ", "1\n", "{}", " ", "\u201c", "a: {b: ", "9" * 50, "\t"])
def test_any_text_is_answered_at_once(part: str) -> None:
    answer_in(part * (300_000 // len(part)))
