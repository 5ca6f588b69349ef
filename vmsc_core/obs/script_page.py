"""The script's page in Tools > Scripts: what a press does, and what is to be read afterwards. UI thread; knows no timer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable

import obspython as obs

from vmsc_core.kick.channel import lookup_page, read_paste, slug_or_nothing
from vmsc_core.known import KnownChannel
from vmsc_core.obs import properties, python_setup
from vmsc_core.obs.kinds import COLOR_FAMILIES, TEXT_FAMILIES
from vmsc_core.obs.pieces import names_of_others
from vmsc_core.obs.properties import Callbacks
from vmsc_core.obs.values import erase_texts, write_values
from vmsc_core.page import COMMAND, OPEN_LOOKUP, Facts, Page, page
from vmsc_core.reasons import Reason, because
from vmsc_core.settings import Wish, read_wish

if TYPE_CHECKING:
    from vmsc_core.obs.script import Script


class ScriptPage:
    """The page of one script. `build` a new one; `press` and `typing` get the one that is drawn. Keeps no pointer to it."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._callbacks: Callbacks = {}
        self._presses: Mapping[str, Callable[[], None]] = {
            "connect": script.connect,
            "disconnect": script.disconnect,
            "add_card": script.add_card,
            "install_library": lambda: script.library.install(),  # made after this
            "use_paste": self._use_paste,
            "open_lookup": self._open_lookup,
            "refresh": lambda: None,  # a press brings the page up to date in any case
        }

    def build(self, callbacks: Callbacks) -> Any:
        """A new page of OBS. `callbacks` are called for what the user does on it."""
        self._callbacks = callbacks
        return properties.build(self._page(), callbacks)

    def press(self, action: str, drawn: Any) -> None:
        """A button: does what its label says, saves that at once, and brings the page up to date."""
        self._script.message = None
        self._presses[action]()
        self._script.save_what_is_new()
        properties.refresh(drawn, self._page(), self._callbacks)

    def typing(self, drawn: Any, settings: Any) -> None:
        """The username is being typed: the link must not open another channel's page, nothing else happens."""
        username = obs.obs_data_get_string(settings, "username")
        if username:  # up to OBS 30.2 this also comes with empty settings, after Add and Reload
            properties.follow_address(drawn, OPEN_LOOKUP, self._lookup_page(username))

    def _use_paste(self) -> None:
        """Connects with the IDs in what the user copied from the lookup page."""
        script, username = self._script, self._script.values["username"]
        found = read_paste(script.values["paste"], username)
        if isinstance(found, Reason):
            script.message = found
            return
        # IDs typed earlier must not win over those pasted now.
        username = username if slug_or_nothing(username) else found.slug
        write_values(script.settings, {"username": username, "paste": "", "channel_id": "", "chatroom_id": ""})
        script.update(script.settings)
        script.connect((found.slug, KnownChannel(found.chatroom_id, found.channel_id, found.name)))
        script.message = because("page_pasted")

    def _open_lookup(self) -> None:
        """Comes only where OBS can't open the address: the button was made for another name, or OBS is too old."""
        self._script.message = because("page_lookup_address", address=self._lookup_page(self._script.values["username"]))

    def _lookup_page(self, username: str) -> str:
        wish = read_wish(self._script.values)
        return lookup_page(username, wish.lookup_address if isinstance(wish, Wish) else "")

    def _page(self) -> Page:
        script = self._script
        script.follow_names()
        erase_texts(script.settings)
        command = python_setup.command(script.folder) if script.python == python_setup.NO_WEBSOCKET else ""
        write_values(script.settings, {COMMAND: command})
        wish = script.app.wish if isinstance(script.app.wish, Wish) else read_wish(script.values)
        return page(
            Facts(
                state=script.app.shown_state,
                now=script.app.now,
                is_wanted=script.app.wish is not None,
                connected_once=script.memory.connected_once,
                choices=script.choices,
                text_sources=names_of_others(TEXT_FAMILIES),
                color_sources=names_of_others(COLOR_FAMILIES),
                lookup_page=self._lookup_page(script.values["username"]),
                message=script.message or script.library.success(),
                python=script.python,
                how_to_run=python_setup.how_to_run(),
                install=script.library.offer,
                history=list(script.app.history),
                custom_hosts=wish.custom_hosts if isinstance(wish, Wish) else (),
            )
        )
