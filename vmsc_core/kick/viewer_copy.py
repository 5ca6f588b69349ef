"""The lookup page as it comes out of a browser: raw, or as its JSON viewer, an editor or a chat program changed the text.

Knows no channel: text in, the page's JSON object out, as far as it can be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vmsc_core.kick import json_values as read

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CURLY_QUOTES = re.compile("[\u201c-\u201f\u2033\u2036\u00ab\u00bb\uff02]")
_LINE_NUMBER = re.compile(r"^[ \t]*\d{1,6}[ \t.:|)]*(?=[\"\u201c-\u201f{}\[\]A-Za-z])", re.MULTILINE)

_ROW = re.compile(r"\"?([A-Za-z_0-9]{1,60})\"?[ \t]*(?:[ \t:][ \t]*(.*))?")
_PAIR = re.compile(r"\"?([a-z_]{1,60})\"?:[ \t]*(\"[^\"]*\"|[\w.+-]+)")
_SCALAR = re.compile(r"\"[^\"]*\"|-?\d+|true|false|null")

MOST_ROWS = 20_000


def answer_in(text: str) -> dict[str, Any]:
    """The page's JSON object in what was copied; empty when there is none. Takes LONGEST_PAGE characters at most."""
    text = text[: read.LONGEST_PAGE]
    if "{" in text:
        for version in _versions(text):
            # Browsers show JSON with a toolbar, so a copied page can have words around it.
            answer = read.mapping(read.parse(version[version.find("{") : version.rfind("}") + 1], read.LONGEST_PAGE))
            if "id" in answer and "chatroom" in answer:
                return answer
    *_, plainest = _versions(text)
    return _from_rows(plainest)


def _versions(text: str) -> Iterator[str]:
    """The text as it is, then with one change more each time that something may have made to it."""
    yield text
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    yield text
    text = _LINE_NUMBER.sub("", text)
    yield text
    yield _CURLY_QUOTES.sub('"', text)


def _from_rows(text: str) -> dict[str, Any]:
    """What a viewer shows as rows of a key and a value (Firefox's JSON tab), an object's own rows after the object's.

    Rows have no depth: of each key only the first one counts, and of a channel or a chatroom only the rows next to it.
    """
    found: dict[tuple[str, str], str] = {}
    section = before = key = ""
    for line in text.split("\n")[:MOST_ROWS]:
        line = line.strip().rstrip(",").rstrip()
        if key and _SCALAR.fullmatch(line):  # the value stands in a line of its own
            found.setdefault((before, key), line.strip('"'))
            section, key = before, ""
            continue
        match = _ROW.fullmatch(line)
        if match is None:
            continue
        name, value = match.group(1), match.group(2) or ""
        if not found and name != "id":
            continue  # the viewer's own words; the page begins with the channel's ID
        if _SCALAR.fullmatch(value) or value[:1] == '"':
            found.setdefault((section, name), value.strip('"'))
            key = ""
        else:
            before, section, key = section, name, "" if value else name
            for inside in _PAIR.finditer(value[:2000]):  # an object that is folded shows some of what it holds
                found.setdefault((name, inside.group(1)), inside.group(2).strip('"'))
    return _page(found)


def _page(found: dict[tuple[str, str], str]) -> dict[str, Any]:
    """The fields of the lookup page that are used."""
    channel, chatroom = found.get(("", "id")), found.get(("chatroom", "id"))
    if channel is None or chatroom is None or found.get(("chatroom", "channel_id"), channel) != channel:
        return {}
    first = {key: value for (_, key), value in reversed(found.items())}
    page: dict[str, Any] = {
        "id": channel,
        "slug": found.get(("", "slug")),
        "followers_count": first.get("followers_count"),
        "user": {"username": found.get(("user", "username"))},
        "chatroom": {"id": chatroom},
    }
    live = {key: value for (section, key), value in found.items() if section == "livestream"}
    if live.get("is_live") or first.get("livestream") == "null":
        page["livestream"] = live or None
    return page
