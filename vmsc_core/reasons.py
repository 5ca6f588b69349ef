"""The one way to say "this did not work": why, as a key and its values, and what it calls for. Knows no sentence.

A Failure is returned, or raised inside link.errors.CannotConnect. words/ turns its Reason into a sentence where a person
reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Union

Value = Union[str, int, "Reason"]
"""What a sentence's placeholder is filled with; a Reason is said in its turn."""


@dataclass(frozen=True)
class Reason:
    """Why something is so: `key` names the sentence in words/, `values` fill its placeholders. Made by `because`."""

    key: str
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        """For a developer's eye: key(name=value)."""
        return f"{self.key}({', '.join(f'{name}={value}' for name, value in self.values)})"


def because(key: str, **values: Value) -> Reason:
    """The Reason with this key in words/ and these values."""
    return Reason(key, tuple(values.items()))


class Remedy(Enum):
    """What a failure calls for."""

    AT_ONCE = "at once"  # connect again immediately
    BACKOFF = "backoff"  # passing: wait, then try again
    ELSEWHERE = "elsewhere"  # passing, but another server may do right now
    REFUSED = "refused"  # the same again can't help: another server may, else it's an Error that is looked at again later
    USER = "user"  # only the user can fix it


@dataclass(frozen=True)
class Failure:
    """Something did not work. `wait` is the least number of seconds before the same may be tried again."""

    remedy: Remedy
    reason: Reason
    wait: float = 0.0
