"""Reads JSON of unknown quality: every function takes any value, returns the type it promises or a fallback, and never raises.

Knows no event and no protocol.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timezone
from typing import Any

from vmsc_core.json_text import LARGEST_NUMBER as LARGEST_NUMBER
from vmsc_core.json_text import LONGEST_PAGE as LONGEST_PAGE
from vmsc_core.json_text import parse as parse
from vmsc_core.printable import printable

LONGEST_TEXT = 4000
"""Characters kept of any text from the network. Kick's own limit for a chat message is 500."""

LONGEST_NAME = 64
"""Characters kept of a person's name. Kick's own limit is 25."""

LATEST = 4_102_444_800.0
"""The year 2100: a number that is later in micro- or nanoseconds is no time."""

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_NUMBER = re.compile(r"\d{1,20}(\.\d{1,9})?", re.ASCII)
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def parse_if_text(value: Any) -> Any:
    """`value`, parsed if it is a string (Kick sends `data` both ways); None if that string isn't JSON."""
    return parse(value) if isinstance(value, str) else value


def mapping(value: Any) -> dict[str, Any]:
    """`value` if it is a JSON object, also as text (Kick packs some a second time), otherwise an empty dict."""
    if isinstance(value, str) and value[:1] == "{":
        value = parse(value)
    return value if isinstance(value, dict) else {}


def array(value: Any) -> list[Any]:
    """`value` if it is a JSON array, also as text, otherwise an empty list."""
    if isinstance(value, str) and value[:1] == "[":
        value = parse(value)
    return value if isinstance(value, list) else []


def boolean(value: Any) -> bool | None:
    """True or False, also from 1 and 0 and from these as text; otherwise None."""
    if isinstance(value, str):
        return _BOOLEANS.get(value.lower())
    return bool(value) if isinstance(value, (bool, int, float)) and value in (0, 1) else None


def username(value: Any) -> str:
    """A person's name: the text itself, or an object's username, without one its name or slug. Empty for nobody."""
    if not isinstance(value, dict):
        if not isinstance(value, str) or value[:1] != "{":
            return text(value, LONGEST_NAME)
        value = mapping(value)
    for key in ("username", "name", "slug"):
        name = text(value.get(key), LONGEST_NAME)
        if name:
            return name
    return ""


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

    Found so far: ISO 8601 with `+00:00` or `Z` and up to 9 decimals, `YYYY-MM-DD HH:MM:SS` (UTC), Unix seconds (whole or with
    a fraction), milliseconds, microseconds and nanoseconds, as numbers or as text.
    """
    if isinstance(value, str):
        value = value.strip()[:64]
        match = _TIME.fullmatch(value)
        if match is not None:
            return _iso(match)
        value = float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 10**20:
        return None
    # Seconds reach 10^11 in the year 5138; anything above is in a smaller unit.
    for unit, largest in ((1, 1e11), (10**3, 1e11), (10**6, LATEST), (10**9, LATEST)):
        if value < 10**11 * unit:
            seconds = value / unit
            return seconds if seconds < largest else None
    return None


def _iso(match: re.Match[str]) -> float | None:
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
