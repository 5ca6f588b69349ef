"""A template that a user wrote → text. Knows no meaning of any word in it.

Values come from the network: each is put in once, nothing in it is looked at again, and str.format is never used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with each {word} replaced by its value; a word that has none stays as it was typed."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)
