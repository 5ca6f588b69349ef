"""Whether rules are this computer's own: a mark beside the saved text, which only this computer's key can make.

Rules come with a scene collection, which may be somebody else's, and they press hotkeys and write files. Knows no file and no
setting: where the key comes from is obs/rules_key.py.
"""

from __future__ import annotations

import hashlib
import hmac

from vmsc_core.rules.saved import Loaded

PURPOSE = b"VMSC rules\n"
"""What the key signs besides the text: a mark for anything else is none for rules."""

MOST_AT_ONCE = 1024
"""Bytes: hashlib lets go of the GIL for 2,048 and more (HASHLIB_GIL_MINSIZE), which in a callback of OBS can crash it."""


def mark_of(text: str, key: bytes) -> str:
    """The mark of a saved text: 64 hexadecimal digits, HMAC-SHA256."""
    made = hmac.new(key, PURPOSE, hashlib.sha256)
    data = text.encode("utf-8", "surrogatepass")
    for start in range(0, len(data), MOST_AT_ONCE):
        made.update(data[start : start + MOST_AT_ONCE])
    return made.hexdigest()


def is_own(text: str, mark: str, key: bytes) -> bool:
    """Whether `mark` was made for this very text with this key."""
    return hmac.compare_digest(mark.encode("utf-8", "surrogatepass"), mark_of(text, key).encode("ascii"))


def may_run(loaded: Loaded, text: str, mark: str, key: bytes) -> bool:
    """Whether the rules of `text`, loaded, run without a press: they are this computer's own, or there are none.

    Rows of a newer version count as well, since that one would run them. What is refused as a whole doesn't: it is set aside
    as soon as there are other rules.
    """
    return not (loaded.rules or loaded.kept) or is_own(text, mark, key)
