"""Every sentence a person reads: `say` turns a key or a Reason into text. Knows no widget, no card and no protocol.

Rules a maintainer must keep:
1. Values come from the network: a placeholder is replaced by its value once, nothing in the value is looked at again, and
   str.format is never used.
2. A template says how much room a value gets: `{said:22}` is at most 22 characters, cut between words.
3. Nothing here raises: a key without a sentence or a placeholder without a value shows its name (tests/words finds both).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from vmsc_core.printable import printable
from vmsc_core.reasons import Reason, Value
from vmsc_core.words.en import SENTENCES as ENGLISH

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH}

LONGEST_HOST = 17
"""Characters of a host's name up to which a sentence names it (ws-us2.pusher.com); longer ones would not fit on the card."""

REMEMBERED = 256
"""Sentences that are kept as they were said last."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::(\d+))?\}")


def say(what: Reason | str, language: str = "en", **values: Value) -> str:
    """The sentence for a Reason, or for a key with these values. An unknown language is English."""
    if isinstance(what, Reason):
        return _said(what.key, language, what.values)
    return _said(what, language, tuple(values.items()))


@lru_cache(maxsize=REMEMBERED)
def _said(key: str, language: str, items: tuple[tuple[str, Value], ...]) -> str:
    # Remembered: the card says the same from turn to turn, and each turn is a part of OBS's frame.
    values = dict(items)
    parts, end = _parts(key, language)
    said = []
    for before, name, room, typed in parts:
        said.append(before)
        value = values.get(name)
        if value is None and name not in values:
            said.append(typed)
            continue
        text = say(value, language) if isinstance(value, Reason) else printable(str(value))
        if name == "host" and len(text) > LONGEST_HOST:
            text = say("long_host", language)
        said.append(cut(text, room) if room else text)
    said.append(end)
    return "".join(said)


@cache
def _parts(key: str, language: str) -> tuple[tuple[tuple[str, str, int, str], ...], str]:
    """A sentence taken apart: before each placeholder, its name, its room (0: any), it as it stands there; and the end."""
    sentence = LANGUAGES.get(language, ENGLISH).get(key) or ENGLISH.get(key) or key
    parts, at = [], 0
    for match in _PLACEHOLDER.finditer(sentence):
        name, room = match.groups()
        parts.append((sentence[at : match.start()], name, int(room or 0), match.group()))
        at = match.end()
    return tuple(parts), sentence[at:]


def count(key: str, number: int, language: str = "en", **values: Value) -> str:
    """The sentence `key`_one or `key`_many, by `number`, which fills {count}: 1 event, 1,234 events."""
    return say(f"{key}_{'one' if number == 1 else 'many'}", language, count=f"{number:,}", **values)


def cut(text: str, most: int) -> str:
    """`text` on one line, at most `most` characters: cut between words where it can be, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    short = text[: most - 1]
    if not text[most - 1].isspace():
        short = short.rpartition(" ")[0] or short
    return short.rstrip(" ,;:") + "\u2026"
