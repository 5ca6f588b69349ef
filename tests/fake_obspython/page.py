"""The user at the properties page in Tools > Scripts: opening it, pressing, typing, choosing. Knows no scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Callable

from .clock import Clock
from .constants import CONSTANTS
from .references import Handle
from .things import Data, Properties, Property, as_number, as_string
from .views import Page

REOPENED = "the page was opened again"


class PageUser(Clock):
    """Opens the page as OBS does and keeps what was drawn."""

    def __init__(self, platform: str, version: tuple[int, int, int]) -> None:
        super().__init__(platform, version)
        self.opened_urls: list[str] = []
        self._page: Page | None = None
        self._loose_properties: list[Properties] = []

    def page(self) -> Page:
        """Opens the page (again): OBS destroys the old one and calls script_properties."""
        page = self._open_page()
        assert page is not None, "script_properties gave nothing"
        self._settle_lists()
        return page

    def press(self, name: str) -> Any:
        """The user presses a button; gives what its callback gave. Only a literal True redraws the page."""
        button = self._on_page(name, ("button",))
        if button.extra.get("button_type") == CONSTANTS["OBS_BUTTON_URL"] and button.extra.get("url"):
            self.opened_urls.append(button.extra["url"])
            return None
        if button.callback is None:
            return None
        return self._page_callback(f"button {name}", button.callback, button)

    def type(self, name: str, text: str) -> None:
        """The user selects what is in a text field and types ``text``: script_update for every letter."""
        letters = [text[: end + 1] for end in range(len(text))] or [""]
        for so_far in letters:
            self._edit(name, ("text", "list"), so_far)

    def choose(self, name: str, value: Any) -> None:
        """The user ticks a box, or picks from a list."""
        self._edit(name, ("bool", "list", "group"), value)

    # -- inside

    def _open_page(self) -> Page | None:
        self._close_page(REOPENED)
        if self.script is None or not hasattr(self.script, "script_properties"):
            return None
        handle = self._hook("script_properties")
        if handle is None:
            return None
        if not isinstance(handle, Handle) or handle.kind != "properties":
            self._note(f"script_properties gave {handle!r}")
            return None
        self._place_properties(handle.target)
        for _ in self._loose_properties:
            self._note("script_properties made properties that are on no page: leaked")
        self._loose_properties = []
        assert self._settings is not None
        self._page = Page(handle.target, self._settings)
        return self._page

    def _close_page(self, why: str) -> None:
        if self._page is not None:
            self._page.properties.destroy(why)
        self._page = None

    def _place_properties(self, properties: Properties) -> None:
        """They are on a page now."""
        self._loose_properties = [one for one in self._loose_properties if one is not properties]

    def _settle_lists(self) -> None:
        """A drawn list whose value is not among its entries takes the first one (AddList in properties-view.cpp)."""
        page = self._page
        for drawn in list(page.drawn.values()) if page is not None else ():
            if drawn.kind != "list" or not drawn.visible or not drawn.options:
                continue
            assert page is not None and self._settings is not None
            one = page.properties.find(drawn.name)
            if one is None or one.extra["combo_type"] != CONSTANTS["OBS_COMBO_TYPE_LIST"]:
                continue
            of_strings = one.extra["format"] == CONSTANTS["OBS_COMBO_FORMAT_STRING"]
            value = as_string(drawn.value) if of_strings else as_number(drawn.value)
            first = drawn.options[0][1]
            if value not in [entry for _, entry in drawn.options]:
                page.drawn[drawn.name] = replace(drawn, value=first)
                self._settings.values[drawn.name] = first
                self._hook("script_update", True)
                self._modified(one, self._settings)

    def _on_page(self, name: str, kinds: Sequence[str]) -> Property:
        page = self._page or self.page()
        seen = page.drawn.get(name)
        if seen is None or not seen.visible or not seen.enabled or seen.kind not in kinds:
            raise AssertionError(f"the user cannot use {name!r} on this page: {seen}")
        found = page.properties.find(name)
        assert found is not None
        return found

    def _edit(self, name: str, kinds: Sequence[str], value: Any) -> None:
        one = self._on_page(name, kinds)
        if one.extra.get("text_type") == CONSTANTS["OBS_TEXT_INFO"]:
            raise AssertionError(f"{name!r} is only to be read")
        assert self._settings is not None
        self._settings.values[name] = value
        self._hook("script_update", True)
        if not one.dead:
            self._modified(one, self._settings)

    def _modified(self, one: Property, settings: Data | None) -> None:
        if one.modified is not None:
            self._page_callback(f"modified {one.name}", one.modified, one, settings)

    def _page_callback(self, what: str, callback: Callable[..., Any], one: Property, *more: Data | None) -> Any:
        def run() -> Any:
            top = self._handle("properties", one.owner.top(), False, lasting=True)
            own = self._handle("property", one, False, lasting=True)
            return callback(top, own, *(self._handle("data", data, False, lasting=True) for data in more))

        result = self._ui(what, run)
        if result is not None and not isinstance(result, bool):
            self._note(f"{what} gave {result!r}: OBS takes only the literal True for yes")
        if result is True and self._page is not None:
            self._page.draw()
            self._settle_lists()
        return result
