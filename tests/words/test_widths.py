"""Labels and buttons fit OBS's own Scripts window of 775×492: measured in the font that OBS draws there."""

from __future__ import annotations

import pytest

from vmsc_core.page import BUTTON_WIDTH, COMMAND, LABEL_WIDTH, Facts, Kind, page
from vmsc_core.settings import FIELDS, Choices
from vmsc_core.state import State
from vmsc_core.words import LANGUAGES, say

EM, SIZE = 2048, 13
"""Units of DejaVu Sans, the widest of the fonts that OBS takes, and the px of an em on OBS's page."""

WIDTHS = {
    563: "'",
    569: "ijl",
    604: "IJ",
    651: " ,.",
    690: "/:;\\|",
    721: "f",
    739: "-",
    799: "()[]",
    803: "t",
    821: "!",
    842: "r",
    942: '"',
    1024: "*_`",
    1067: "s",
    1075: "z",
    1087: "?",
    1126: "c",
    1141: "L",
    1178: "F",
    1186: "k",
    1212: "vxy",
    1235: "P",
    1251: "TY",
    1253: "o",
    1255: "a",
    1260: "e",
    1294: "E",
    1298: "hnu",
    1300: "Sbdgpq",
    1303: "$0123456789{}",
    1343: "K",
    1401: "AV",
    1403: "XZ",
    1405: "B",
    1423: "R",
    1430: "C",
    1499: "U",
    1532: "N",
    1540: "H",
    1577: "D",
    1587: "G",
    1597: "&",
    1612: "OQ",
    1675: "w",
    1716: "#+<=>^~",
    1767: "M",
    1946: "%",
    1995: "m",
    2025: "W",
    2048: "@",
}
"""Units → the characters that wide."""

UNITS = {character: units for units, characters in WIDTHS.items() for character in characters}
QUESTION_MARK, FRAME, BOX = 22, 32, 26
"""px: the "?" behind a label with a help text, the frame of a button, the box of a tick."""


def width(text: str) -> float:
    """px."""
    return sum(UNITS.get(character, EM) for character in text) * SIZE / EM


def rows(language: str) -> list[tuple[str, str, float, int]]:
    """Key, text, width, room: of every row with a label, a button or a tick."""
    found = []
    for row in page(Facts(State(), Choices(language=language), other_name="dayfox")):
        if row.kind in (Kind.BUTTON, Kind.LINK):
            found.append((row.key, row.label, width(row.label) + FRAME, BUTTON_WIDTH))
        elif row.kind is Kind.TICK:
            found.append((row.key, row.label, width(row.label) + BOX + QUESTION_MARK, BUTTON_WIDTH + 20))
        elif row.kind is not Kind.INFO:
            found.append((row.key, row.label, width(row.label) + (QUESTION_MARK if row.help else 0), LABEL_WIDTH))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_and_button_fits(language: str) -> None:
    assert [(key, text, round(wide), room) for key, text, wide, room in rows(language) if wide > room] == []


def test_every_field_is_measured() -> None:
    assert {field.key for field in FIELDS} | {COMMAND, "connect"} <= {key for key, *_ in rows("en")}


def test_the_measure_is_that_of_the_screen() -> None:
    # As read off a screenshot of OBS 29: "Kick username" takes 96 px, "Also copy color to" 115.
    assert width("Kick username") == pytest.approx(96, abs=1)
    assert width("Also copy color to") == pytest.approx(115, abs=1)
    assert width(say("button_disconnect")) > width(say("button_connect"))
