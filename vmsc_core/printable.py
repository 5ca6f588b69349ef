"""Text that OBS can show, whatever came from outside. Knows no meaning."""

from __future__ import annotations

import re

# Lone surrogates come through JSON escapes and would raise when OBS encodes the text; control characters break a line
# of text or the log; marks of direction turn around what stands behind them, so that a name can rewrite a whole line. The
# joiner (U+200D) stays: emoji are made with it.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e001f]"
)


def printable(text: str) -> str:
    """`text` without what OBS cannot show, raises on, or shows in the wrong order. Tab and newline stay.

    Left out: lone surrogates, control characters, marks of direction, invisible ones but the joiner.
    """
    # Nearly all texts: isprintable is true when there is none of these characters, and C.
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)
