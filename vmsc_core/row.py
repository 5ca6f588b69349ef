"""One row of what Tools > Scripts shows, as a value. Knows no page and no OBS: page.py and rules/editor.py make them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

ANSWER = "answer_"
"""What begins the key of a row that says what the last press on one of the buttons above it did."""

LONGEST_TITLE = 34
"""Characters of an entry of a list: a wider one would make the page wider than its view."""


class Kind(Enum):
    """What a row is."""

    INFO = "info"  # text to read
    BUTTON = "button"
    LINK = "link"  # a button that opens an address in the browser
    TEXT = "text"  # one line to type
    LONG_TEXT = "long text"  # several lines to type, or to copy
    TICK = "tick"
    LIST = "list"


class Tone(Enum):
    """How an information row is meant."""

    NORMAL = "normal"
    WARNING = "warning"


@dataclass(frozen=True)
class Row:
    """One row. `key` is also the setting behind a TEXT, LONG_TEXT, TICK or LIST.

    `label` is the text of an INFO, which may have several lines. `choices` are the value and the title of each entry of a
    LIST. `action` is what a press on a BUTTON or LINK does, or a change of another row; a LINK does it only where OBS can't
    open `address` itself.
    """

    key: str
    kind: Kind
    label: str = ""
    help: str = ""
    visible: bool = True
    enabled: bool = True
    tone: Tone = Tone.NORMAL
    choices: tuple[tuple[str, str], ...] = ()
    action: str = ""
    address: str = ""
