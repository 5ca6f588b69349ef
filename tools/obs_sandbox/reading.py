"""Reads words off a picture of the screen, with tesseract. Knows no window and no OBS."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from .screen import Screen


@dataclass(frozen=True)
class Box:
    """A rectangle on the screen, px."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def around(cls, words: Sequence[Word]) -> Box:
        """The smallest box that holds all of `words`."""
        left, top = min(word.left for word in words), min(word.top for word in words)
        right = max(word.left + word.width for word in words)
        return cls(left, top, right - left, max(word.top + word.height for word in words) - top)

    @property
    def center(self) -> tuple[int, int]:
        """Its middle, px."""
        return self.left + self.width // 2, self.top + self.height // 2


@dataclass(frozen=True)
class Word(Box):
    """A word read off the screen; words with the same `line` stand in one line."""

    text: str
    line: tuple[int, ...]


def words(screen: Screen, picture: Any, folder: Path) -> list[Word]:
    """The words tesseract reads, with their boxes in px of `picture`; `folder` is for its file.

    It reads best what looks like print: the light letters of any color become black, three times as large, and
    fields, buttons and page all become white.
    """
    from PIL import Image, ImageChops

    red, green, blue = picture.convert("RGB").split()
    light = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    print_like = light.point([255 - max(0, min(255, (value - 100) * 3)) for value in range(256)])
    large = print_like.resize((picture.width * 3, picture.height * 3), Image.Resampling.BICUBIC)
    path = folder / "read.png"
    large.save(path)
    found = []
    for row in screen.run("tesseract", str(path), "-", "--psm", "11", "tsv").splitlines()[1:]:
        cells = row.split("\t")
        # Not by tesseract's own doubt: beside a help icon it is sure of nothing, and right all the same.
        if len(cells) == 12 and cells[11].strip() and float(cells[10]) >= 0:
            left, top, width, height = (int(cell) // 3 for cell in cells[6:10])
            line = tuple(int(cell) for cell in cells[1:5])
            found.append(Word(left, top, width, height, cells[11].strip(), line))
    return found


def phrases(found: Sequence[Word]) -> list[list[Word]]:
    """Words that stand close together, line by line: a label beside a field or a tick box is a phrase of its own."""
    rows: list[list[Word]] = []
    for word in found:
        last = rows[-1][-1] if rows else None
        if last is not None and last.line == word.line and word.left - (last.left + last.width) < 14:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [[word for word in row if re.search(r"\w", word.text)] for row in rows]


def glued(text: str) -> str:
    """The text without what OCR gets wrong: spaces, signs, case, and letters that look alike."""
    return re.sub(r"[\W_]", "", text).casefold().translate(str.maketrans("i10", "llo"))


SURE_LETTERS = 12
"""One letter in so many may be misread."""


class Read(str):
    """A text read off the screen: "in" compares it glued, and lets one letter in SURE_LETTERS be wrong."""

    __slots__ = ()

    def __contains__(self, said: object) -> bool:
        if not isinstance(said, str):
            return False
        searched = glued(said)
        return _letters_wrong(searched, glued(self)) <= len(searched) // SURE_LETTERS


def _letters_wrong(searched: str, text: str) -> int:
    """How many letters are wrong, missing or too many where `text` comes closest to `searched` (Sellers, 1980)."""
    row = list(range(len(searched) + 1))
    best = row[-1]
    for letter in text:
        before, row[0] = row[0], 0
        for place, wanted in enumerate(searched, 1):
            before, row[place] = row[place], min(before + (letter != wanted), row[place] + 1, row[place - 1] + 1)
        best = min(best, row[-1])
    return best


def says(phrase: Sequence[Word], label: str) -> bool:
    """Whether `phrase` is `label`, perhaps with a help icon after it, which OCR mistakes for a sign or a letter or two."""
    whole = glued("".join(word.text for word in phrase))
    rest = glued("".join(word.text for word in phrase[:-1])) if phrase and len(phrase[-1].text) <= 2 else ""
    return glued(label) in (whole, rest, whole.removesuffix("o"))


def label_box(label: str, picture: Any, rows: Sequence[Sequence[Word]], on_button: bool = False) -> Optional[Box]:
    """Where `label` is a phrase of its own among `rows`; with `on_button`, on something of another color than the page."""
    page_color = picture.getpixel((picture.width - 8, picture.height // 2))
    for phrase in rows:
        if not says(phrase, label):
            continue
        box = Box.around(phrase)
        beside = picture.getpixel((max(0, box.left - 7), box.center[1]))
        if not on_button or max(abs(a - b) for a, b in zip(beside, page_color)) > 8:
            return box
    return None


def row_of_boxes(picture: Any, count: int) -> list[Box]:
    """The only row of `count` things side by side in `picture`, each at least 14 px wide, from the left; [] when none is.

    What is not of the color at the picture's left edge is a thing.
    """
    lines = {y: runs for y in range(picture.height) if len(runs := _runs(picture, y)) == count}
    if not lines:
        return []
    top, bottom = min(lines), max(lines)
    middle = lines.get((top + bottom) // 2) or lines[top]
    return [Box(left, top, right - left, bottom - top + 1) for left, right in middle]


def _runs(picture: Any, y: int) -> list[tuple[int, int]]:
    """Where things are on one line of pixels: (first, last + 1), those of less than 14 px left out."""
    page_color = picture.getpixel((0, y))
    is_thing = [max(abs(a - b) for a, b in zip(picture.getpixel((x, y)), page_color)) > 8 for x in range(picture.width)]
    edges = [x for x in range(1, picture.width) if is_thing[x] != is_thing[x - 1]]
    edges += [picture.width] if len(edges) % 2 else []
    return [(left, right) for left, right in zip(edges[::2], edges[1::2]) if right - left >= 14]
