"""One thing that can be typed or chosen for a trigger, a filter or an action, and what is accepted for it. Knows no widget.

Tables of these are shared by the page, which draws them, and by saved.py, which reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Union

LONGEST_TEMPLATE = 500
"""Characters of a template, and of what is made of it."""

LONGEST_NAME = 256
"""Characters of what names something in OBS."""

LONGEST_WORD = 64
"""Characters of a viewer's name or a command."""

MOST_NAMES = 200

_SURROGATE = re.compile("[\ud800-\udfff]")

Accepted = Union[str, int, float, "tuple[str, ...]", None]


class Unacceptable(ValueError):
    """What stands there isn't one of what the spec accepts."""


@dataclass(frozen=True)
class Spec:
    """One field. `key` is its name in the dataclass and in the saved text.

    `kind` is template, text, names (a tuple), choice, number (an integer), seconds (a float), seconds_or_none, or what OBS has
    a list of: source, text_source, media_source, audio_source, scene, filter, hotkey. `low` and `high` are for numbers.
    """

    key: str
    kind: str
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    longest: int = LONGEST_NAME

    def read(self, value: Any) -> Accepted:
        """`value` as it is kept; raises Unacceptable where it isn't what this field can hold."""
        if self.kind == "names":
            return self._names(value)
        if self.kind in ("number", "seconds", "seconds_or_none"):
            return self._number(value)
        if not _is_text(value, self.longest):
            raise Unacceptable(self.key)
        if self.choices and value not in self.choices:
            raise Unacceptable(self.key)
        return str(value)

    def clamped(self, value: float) -> float:
        """`value` inside of what is accepted: for a number that somebody typed."""
        return min(max(value, self.low), self.high)

    def _names(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or len(value) > MOST_NAMES:
            raise Unacceptable(self.key)
        if not all(_is_text(name, LONGEST_WORD) for name in value):
            raise Unacceptable(self.key)
        return tuple(value)

    def _number(self, value: Any) -> int | float | None:
        if value is None and self.kind == "seconds_or_none":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self.low <= value <= self.high:
            raise Unacceptable(self.key)  # not a number compares as outside
        if self.kind != "number":
            return float(value)
        if value != int(value):
            raise Unacceptable(self.key)
        return int(value)


def _is_text(value: Any, longest: int) -> bool:
    """Whether this is a text that OBS can be given: a lone surrogate, which JSON can hold, would raise there."""
    return isinstance(value, str) and len(value) <= longest and not _SURROGATE.search(value)
