"""What is read off the screen is compared as loosely as OCR needs, and buttons are found by their places."""

from __future__ import annotations

import pytest
from obs_sandbox.reading import Box, Read, Word, row_of_boxes, says
from PIL import Image, ImageDraw


def phrase(*texts: str) -> list[Word]:
    return [Word(0, 0, 9, 9, text, (1,)) for text in texts]


@pytest.mark.parametrize(
    "read",
    [
        "Also copy text to",
        "Also copy textto",
        "Alsocopy text to@",
        "Also copy text to (?)",
        "Also copy text to O",
        "A1so copy text t0",
    ],
)
def test_a_label_is_known_glued_misread_and_with_its_help_icon(read: str) -> None:
    assert says(phrase(*read.split()), "Also copy text to")


@pytest.mark.parametrize("read", [("Connect", "again"), ("Disconnect",), (), ("Conn",)])
def test_another_label_is_not_taken_for_it(read: tuple[str, ...]) -> None:
    assert not says(phrase(*read), "Connect")


def test_a_page_says_what_it_says_over_lines_and_signs() -> None:
    page = Read("Saved. You wont have\nto do this again\nState: Connected")
    assert "Saved. You won't have to do this again" in page
    assert "State: Connected" in page
    assert "State: Connecting" not in page
    assert "State: Disconnected" not in page


def test_a_misread_letter_in_a_sentence_is_forgiven_and_in_a_word_is_not() -> None:
    page = Read("ary Another copy of this script is alre acy loaded, fram")
    assert "Another copy of this script is already loaded" in page
    assert "A second copy of this script is loaded" not in page
    assert "from" not in page


@pytest.mark.parametrize("width", [26, 46], ids=["as OBS 29 and 30 draw them", "as OBS 32 does"])
def test_buttons_in_a_row_are_found_whatever_their_width_and_picture(width: int) -> None:
    picture = Image.new("RGB", (640, 120), (30, 32, 38))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 0, 620, 10), fill=(40, 44, 52))  # the end of the list above them
    lefts = [22 + (width + 8) * place for place in range(3)] + [340, 440, 540]
    for left in lefts:
        draw.rectangle((left, 30, left + width - 1, 55), fill=(60, 64, 75))
        draw.line((left + 10, 35, left + 16, 50), fill=(255, 255, 255))
    found = row_of_boxes(picture, 6)
    assert found == [Box(left, 30, width, 26) for left in lefts]
    assert row_of_boxes(picture, 5) == []
