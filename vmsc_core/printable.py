"""Text that OBS can show, whatever came from outside. Knows no meaning."""

from __future__ import annotations

import re

# Lone surrogates come through JSON escapes and would raise when OBS encodes the text; control characters break a line
# of text or the log.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")


def printable(text: str) -> str:
    """`text` without what OBS cannot show or raises on: lone surrogates, control characters. Tab and newline stay."""
    return _UNPRINTABLE.sub("", text)
