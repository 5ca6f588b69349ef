"""Reads JSON of unknown quality: every function takes any value, returns the type it promises or a fallback, and never raises.

Knows no event and no protocol.
"""

from __future__ import annotations

import json
import math
import re
from datetime import datetime, timezone
from typing import Any

from vmsc_core.printable import printable

LARGEST_NUMBER = 2**53
"""IDs and counts above what JavaScript can represent exactly aren't Kick's; they are read as missing."""

LONGEST_TEXT = 4000
"""Characters kept of any text from the network. Kick's own limit for a chat message is 500."""

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def parse(text: str) -> Any:
    """The JSON value in `text`, or None if it isn't JSON or is nested too deeply. Numbers of over 20 digits become None."""
    try:
        return json.loads(text, parse_int=_int)
    except (ValueError, RecursionError):
        return None


def _int(digits: str) -> int | None:
    # Before 3.11, Python needs seconds for a million digits, and every other Python thread in OBS waits.
    return int(digits) if len(digits) <= 20 else None


def parse_if_text(value: Any) -> Any:
    """`value`, parsed if it is a string (Kick sends `data` both ways); None if that string isn't JSON."""
    return parse(value) if isinstance(value, str) else value


def mapping(value: Any) -> dict[str, Any]:
    """`value` if it is a JSON object, otherwise an empty dict."""
    return value if isinstance(value, dict) else {}


def array(value: Any) -> list[Any]:
    """`value` if it is a JSON array, otherwise an empty list."""
    return value if isinstance(value, list) else []


def text(value: Any, limit: int = LONGEST_TEXT) -> str:
    """Printable text of at most `limit` characters. Integers become digits, everything else the empty string."""
    if isinstance(value, str):
        return printable(value[:limit])
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER:
        return str(value)
    return ""


def integer(value: Any) -> int | None:
    """An integer from 0 to LARGEST_NUMBER, also from a float or a string of digits; otherwise None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) <= 16):
            return None
        value = int(value)
    elif isinstance(value, float):
        if not math.isfinite(value) or value != int(value):
            return None
        value = int(value)
    if isinstance(value, int) and 0 <= value <= LARGEST_NUMBER:
        return int(value)
    return None


def time(value: Any) -> float | None:
    """Unix seconds (UTC) from any time format found in Kick's frames, otherwise None.

    Found so far: ISO 8601 with `+00:00` or `Z` and up to 9 decimals, `YYYY-MM-DD HH:MM:SS` (UTC), Unix seconds and milliseconds.
    """
    number = integer(value)
    if number is not None:
        # Seconds reach 10^11 in the year 5138; anything above is in milliseconds.
        seconds = number / 1000 if number >= 10**11 else float(number)
        return seconds if 0 < seconds < 10**11 else None
    if not isinstance(value, str):
        return None
    match = _TIME.fullmatch(value.strip()[:64])
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=timezone.utc)
    except ValueError:
        return None
    seconds = moment.timestamp() + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)
    if zone and zone != "Z":
        offset = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
        seconds += offset if zone[0] == "-" else -offset
    return seconds
