"""OBS's own window, driven by mouse and keys and read off the screen: Tools > Scripts and the page of a script."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any, Callable, Optional, Union

from . import reading
from .reading import Box, Word
from .screen import SIZE, Screen

PAGE_LEFT = 640
"""px; where the script's page begins in a Scripts window as large as the screen."""

BELOW_LIST = 120
"""px; the part of such a window, from its bottom, that the row of buttons under the list is in."""

BUTTONS_BELOW_LIST = 6
"""How many buttons stand in a row under the list of scripts: Add, Remove, Reload; Defaults, Edit Script, Script Log."""

RELOAD = 2
"""Reload's place among them, from 0. Its picture changes between versions of OBS, its place doesn't."""

MENU_BAR = 25
"""px; its height in OBS's main window."""


class Window:
    """The part of ObsSandbox that a user sees. There is no window manager: xdotool focuses, moves and sizes the windows."""

    screen: Screen
    folder: Path
    pid: int
    wait: Callable[..., Any]

    def main_windows(self) -> list[str]:
        """The main window of this OBS, as a list: the user's own OBS may have one of the same name on the same screen."""
        return self.screen.windows("^OBS ", self.pid) if shutil.which("xdotool") else []

    def window_screenshot(self, path: Optional[Union[str, Path]] = None) -> Any:
        """The whole screen OBS runs on as a PIL.Image (RGB); also written to `path`. Needs ImageMagick."""
        picture = self.screen.picture(self.folder)
        if path is not None:
            picture.save(path)
        return picture

    def open_scripts_dialog(self) -> None:
        """Opens Tools > Scripts by mouse, as large as the screen, so that the script's whole page can be read without scrolling.

        There is no window manager here: the window is focused, moved and sized by xdotool.
        """
        if self.screen.windows("^Scripts$"):
            return
        main = self.wait(self.main_windows, 10, "OBS's window")[0]
        self.screen.run("xdotool", "windowfocus", "--sync", main)
        before = set(self.screen.windows(""))
        self._click_label(main, "Tools", MENU_BAR)
        menu = self.wait(lambda: set(self.screen.windows("")) - before, 10, "the Tools menu").pop()
        self.still_picture()
        self._click_label(menu, "Scripts")
        dialog = self.wait(lambda: self.screen.windows("^Scripts$"), 10, "the Scripts window")[0]
        self.wait(lambda: self._fills_the_screen(dialog), 10, "the size of the Scripts window")
        self.screen.run("xdotool", "windowfocus", "--sync", dialog)
        self.still_picture()

    def _fills_the_screen(self, dialog: str) -> bool:
        """Moves and sizes the dialog; whether it has stayed so. OBS 32 puts it back now and then while it opens it."""
        width, height = SIZE
        self.screen.run("xdotool", "windowmove", dialog, "0", "0", "windowsize", dialog, str(width), str(height))
        time.sleep(0.3)
        return self.screen.geometry(dialog) == (0, 0, width, height)

    def size_scripts_dialog(self, width: int, height: int) -> Any:
        """Makes the open dialog so large, px, and gives its picture. OBS 29 opens it with 775×492."""
        dialog = self.screen.windows("^Scripts$")[0]
        self.screen.run("xdotool", "windowmove", dialog, "0", "0", "windowsize", dialog, str(width), str(height))
        self.wait(lambda: self.screen.geometry(dialog)[2:] == (width, height), 5, f"a Scripts window of {width}×{height}")
        self.still_picture()
        return self.window_screenshot().crop((0, 0, width, height))

    def close_scripts_dialog(self) -> None:
        """Closes Tools > Scripts, as a window's close button does."""
        for dialog in self.screen.windows("^Scripts$"):
            self.screen.close_window(dialog)
        self.wait(lambda: not self.screen.windows("^Scripts$"), 5, "the Scripts window to close")

    def _click_label(self, window: str, label: str, height: int = 0) -> None:
        """Clicks on the words `label` in a window, or in its uppermost `height` px."""
        left, top, width, whole = self.screen.geometry(window)
        area = (left, top, left + width, top + (height or whole))
        box = self.wait(lambda: self._label_box(label, self.window_screenshot().crop(area)), 10, f"{label!r} to click on")
        self.screen.click(left + box.center[0], top + box.center[1])

    def page_text(self) -> reading.Read:
        """What the page of the selected script says, read off the screen (OCR: single letters can be wrong).

        `words in page_text()` makes up for what OCR gets wrong most: spaces, signs, letters that look alike.
        """
        self.open_scripts_dialog()
        lines: dict[tuple[int, ...], list[str]] = {}
        for word in reading.words(self.screen, self.page_picture(), self.folder):
            lines.setdefault(word.line, []).append(word.text)
        return reading.Read("\n".join(" ".join(words) for words in lines.values()))

    def click_script_button(self, label: str) -> None:
        """Presses the button with that label on the page of the selected script. AssertionError when there is none."""
        self.open_scripts_dialog()
        box = self.wait(lambda: self._button_box(label), 10, f"a button {label!r} on the script's page")
        self.screen.click(*box.center)
        self.still_picture()

    def type_into(self, label: str, text: str) -> None:
        """Replaces what the text field beside `label` holds, letter by letter, as a user types."""
        self.open_scripts_dialog()
        box = self.wait(lambda: self._label_box(label, self.page_picture()), 10, f"a field {label!r} on the page")
        x, y = box.center[0] + PAGE_LEFT, box.center[1]
        picture = self.window_screenshot()
        page_color = picture.getpixel((SIZE[0] - 8, y))
        right = SIZE[0] - 60  # inside every field: they all end at the page's right edge
        assert picture.getpixel((right, y)) != page_color, f"no field beside {label!r} at {x}, {y}"
        self.screen.click(right, y)
        self.screen.run("xdotool", "key", "ctrl+a", "key", "Delete")
        self.screen.run("xdotool", "type", "--delay", "15", text)
        self.still_picture()

    def select_script(self, place: int) -> None:
        """Selects a script in the list; `place` counts from 0."""
        self.open_scripts_dialog()
        self.screen.click(120, 62)  # inside the first row in every version
        for _ in range(place):
            self.screen.run("xdotool", "key", "Down")
        self.still_picture()

    def reload_script(self) -> None:
        """Presses the round arrow under the list of scripts: Reload."""
        self.open_scripts_dialog()
        row = self.wait(lambda: reading.row_of_boxes(self._below_list(), BUTTONS_BELOW_LIST), 10, "the buttons under the list")
        self.screen.click(row[RELOAD].center[0], SIZE[1] - BELOW_LIST + row[RELOAD].center[1])
        self.still_picture()

    def _below_list(self) -> Any:
        return self.window_screenshot().crop((0, SIZE[1] - BELOW_LIST, PAGE_LEFT, SIZE[1]))

    def page_picture(self) -> Any:
        """The part of the screen that the page of the selected script is on."""
        return self.window_screenshot().crop((PAGE_LEFT, 0, *SIZE))

    def phrases(self, picture: Any) -> list[list[Word]]:
        """Words in `picture` that stand close together, line by line."""
        return reading.phrases(reading.words(self.screen, picture, self.folder))

    def label_box(self, label: str) -> Optional[Box]:
        """Where `label` stands on the page of the selected script, px of page_picture; None when it doesn't."""
        return self._label_box(label, self.page_picture())

    def _label_box(self, label: str, picture: Any, on_button: bool = False) -> Optional[Box]:
        return reading.label_box(label, picture, self.phrases(picture), on_button)

    def _button_box(self, label: str) -> Optional[Box]:
        box = self._label_box(label, self.page_picture(), on_button=True)
        return box and Box(box.left + PAGE_LEFT, box.top, box.width, box.height)

    def still_picture(self) -> None:
        """Waits until two looks at the screen show the same but for a blinking cursor; a few seconds at most."""
        from PIL import ImageChops

        before = self.window_screenshot()
        for _ in range(10):
            time.sleep(0.1)
            now = self.window_screenshot()
            changed = ImageChops.difference(before, now).getbbox()
            if changed is None or changed[2] - changed[0] <= 3:
                return
            before = now
