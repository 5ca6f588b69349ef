"""Templates: "{user} gifted {count} subs" and what is known → text. Knows no event.

A placeholder that isn't known stays as it was typed. Nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from vmsc_core import placeholders
from vmsc_core.printable import printable
from vmsc_core.rules.spec import LONGEST_TEMPLATE

LONGEST_VALUE = 500
"""Characters of one value: Kick's own limit for a chat message."""

MOST_ARGS = 20
"""Words behind a command that have a placeholder of their own: {arg1} … {arg20}."""

_EMOTE = re.compile(r"\[emote:\d{1,16}:([^\]]{0,100})\]", re.ASCII)


def plain(text: str) -> str:
    """What a viewer typed, on one line: emotes by their names, nothing that OBS can't show or that turns a line around."""
    text = text[: 4 * LONGEST_VALUE]
    if "[emote:" in text:
        text = _EMOTE.sub(r"\1", text)
    return " ".join(printable(text).split())[:LONGEST_VALUE]


def fill(template: str, values: Mapping[str, str], args: tuple[str, ...] | None = None) -> str:
    """`template` with its placeholders filled in, at most LONGEST_TEMPLATE characters.

    `values` are what `plain` returns; `args` are the words behind a command: {arg1} is the first, empty if there are fewer.
    """
    template = template[:LONGEST_TEMPLATE]
    if args is not None and "{arg" in template:
        words = (*args, *[""] * MOST_ARGS)[:MOST_ARGS]
        values = {**values, **{f"arg{place}": word for place, word in enumerate(words, 1)}}
    return printable(placeholders.fill(template, values))[:LONGEST_TEMPLATE]
