"""The one place where text from outside becomes JSON values: never raises, and never takes long. Knows no field and no protocol.

json.loads is C code that holds the GIL to its end, and OBS's own frame waits for the GIL: what could take long is refused
before it is called, by counts that take microseconds.
"""

from __future__ import annotations

import json
import re
from typing import Any

LARGEST_NUMBER = 2**53
"""IDs and counts above what JavaScript can represent exactly aren't Kick's."""

LONGEST = 128 * 1024
"""Characters of one text. A frame of Kick's has at most 10 kB."""

LONGEST_PAGE = 512 * 1024
"""Characters of a text that comes once a minute at most: the lookup page, and what a user pastes."""

ONE_IN = 64
"""Of the length that is allowed, one in so many characters may be an opening bracket (each an object to make), and one a comma
(each a value to make): 2,048 in a message. The largest gift has 1,000 names, a lookup page about 200 brackets.
"""

DEEPEST = 64
"""Brackets inside each other. The deepest frame of Kick's has 6."""

_BRACKET = re.compile(r"[\[\]{}]")


def parse(text: str, longest: int = LONGEST) -> Any:
    """The JSON value in `text`; None if it isn't JSON, is too long or too big. Numbers of over 20 digits become None."""
    if len(text) > longest:
        return None
    opening = text.count("{") + text.count("[")
    if opening > DEEPEST and (opening > longest // ONE_IN or _is_deep(text)):
        return None
    if len(text) > longest // ONE_IN and text.count(",") > longest // ONE_IN:
        return None
    text = text.strip(_SPACE)
    try:
        value, end = _decode(text)
    except (ValueError, RecursionError):
        return None
    return value if end == len(text) else None


def _int(digits: str) -> int | None:
    # Before 3.11, Python needs seconds for a million digits, and every other Python thread in OBS waits.
    return int(digits) if len(digits) <= 20 else None


_SPACE = " \t\n\r"
"""What JSON allows around a value."""

_decode = json.JSONDecoder(parse_int=_int).raw_decode
"""What json.loads comes down to; around it, making a decoder and looking for space take as long as a chat message's text."""


def _is_deep(text: str) -> bool:
    """Whether more than DEEPEST brackets stand inside each other, or can't be JSON's. Brackets inside strings don't count."""
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    depth = 0
    for match in _BRACKET.finditer(outside):
        depth += 1 if match.group() in "[{" else -1
        if not 0 <= depth <= DEEPEST:
            return True
    return False
