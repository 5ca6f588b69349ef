"""What lives between script_load and script_unload: the App, its sources, the log, the page. Knows no protocol.

Threads: `turn` is the timer's (graphics thread); `hotkey_*` come on OBS's own thread and only set the wish; all else is UI.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import obspython as obs

from vmsc_core.app import App
from vmsc_core.card.card import render
from vmsc_core.card.painter import USER_COLOR, USER_TEXT
from vmsc_core.events import Status
from vmsc_core.kick.channel import Channel, read_pasted, slug_of
from vmsc_core.obs import properties, python_setup, scene
from vmsc_core.obs.log import ScriptLogHandler
from vmsc_core.obs.masks import MaskPaths
from vmsc_core.obs.properties import Buttons
from vmsc_core.obs.sources import ObsSources
from vmsc_core.settings import LOOKUP_ADDRESS, KnownChannel, Settings, read_known, write_known
from vmsc_core.words import say

log = logging.getLogger("vmsc.script")


class Script:
    """One loaded script. Made in script_load, closed in script_unload; `settings` stay valid in between."""

    def __init__(self, settings: Any, folder: str) -> None:
        self._settings = settings
        self._folder = folder
        self._log = ScriptLogHandler()
        self._log.install()
        # What the page holds, as of the last change: hotkeys come on another thread and must not read OBS's settings.
        self._values = values = properties.values_of(settings)
        self._targets = (values["text_source"], values["color_source"])
        self._targets_wanted = self._targets
        self._sources = ObsSources(*self._targets)
        self._mask_paths = MaskPaths()
        self._repaint = False
        self.app = App(self._sources, username=values["username"])
        self.app.known = read_known(values["known_channels"])
        self._connected_once = bool(values["connected_once"])
        self._add_card = bool(values["add_card_at_start"])
        self._said = ""
        self._buttons: Buttons = {}
        self._complained: set[str] = set()
        self._trouble = python_setup.check(folder)
        self._last_press = bool(values["connect_wanted"])
        wish = Settings.read(values)
        self._wanted = self._last_press and bool(values["connect_at_start"]) and self._connected_once and _names_one(wish)
        if self._trouble:
            self.app.connect(replace(wish, problem=say(self._trouble.reason)))
        elif self._wanted:
            self.app.connect(wish)

    # -- the timer ----------------------------------------------------------------------------------------------------

    def turn(self) -> None:
        """Ten times a second. A turn that raises is logged once and costs one turn."""
        try:
            self._follow_choice()
            self.app.turn()
            self._connected_once = self._connected_once or self.app.state.ever_connected
            if self._sources.renamed:
                self._sources.renamed, self.app.unsaved = False, True  # while saving, the setting follows
            if self.app.unsaved:
                self.app.unsaved = False
                obs.obs_frontend_save()  # queued; script_save then writes what is new
            self._mask_paths.repair(self._sources)
        except Exception as error:  # never runs unless there is a bug
            self._complain(error)
        self._log.flush_some()

    def _follow_choice(self) -> None:
        """The user chose other sources, or a piece of the card was made anew."""
        if self._targets == self._targets_wanted and not self._repaint:
            return
        self._repaint = False
        self._targets = self._targets_wanted
        self._sources.leave(self._targets)
        self._sources = ObsSources(*self._targets)
        self.app.repaint(self._sources)

    def _complain(self, error: Exception) -> None:
        what = f"{type(error).__name__} {error}"
        if what not in self._complained and len(self._complained) < 20:
            self._complained.add(what)
            log.exception("a turn of the timer failed; it goes on")

    # -- hotkeys and buttons --------------------------------------------------------------------------------------------

    def connect(self, anew: bool = False) -> None:
        """What Connect does: wants a connection with what the page holds now. Any thread.

        A good connection is left alone when that is the same; with `anew` it is given up for it.
        """
        wish = Settings.read(self._values)
        if not _names_one(wish):
            self._said = "Type your Kick username first."
            return
        self._wanted = self._last_press = True
        self.app.unsaved = True
        self._trouble = python_setup.check(self._folder)
        is_new = self.app.connect(replace(wish, problem=say(self._trouble.reason)) if self._trouble else wish, anew)
        self._said = "" if is_new else "Nothing has changed: the connection stays as it is."

    def disconnect(self) -> None:
        """What Disconnect does. Any thread."""
        self._wanted = self._last_press = False
        self._said = ""
        self.app.unsaved = True
        self.app.disconnect()

    # The page stays as it was drawn while the state changes behind it. So Connect and Disconnect are two buttons, of which
    # one or both are shown: a press does what its label says, whatever the state has become.

    def press_connect(self, page: Any) -> None:
        """The buttons Connect and Connect again."""
        self.connect()
        self.changed(page)

    def press_disconnect(self, page: Any) -> None:
        """The button Disconnect."""
        self.disconnect()
        self.changed(page)

    def press_add_card(self, page: Any) -> None:
        """The button that builds or repairs the card."""
        self._said = say(scene.add_card())
        self._repaint = True
        self.changed(page)

    def press_use_paste(self, page: Any) -> None:
        """The button that takes what the user copied from the look-up page, and connects with it."""
        slug = slug_of(self._values["username"])
        typed = slug if isinstance(slug, str) else ""
        found = read_pasted(self._values["paste"], typed)
        if not isinstance(found, Channel):
            self._said = found
        elif typed or found.slug:
            self._keep(typed or found.slug, self._values["username"] if typed else found.slug, found)
            self._said = "The ids are saved."
        else:
            self._said = "Type your Kick username first, then press the button again."
        self.changed(page)

    def press_refresh(self, page: Any) -> None:
        """The button that brings the page up to date."""
        self._said = ""
        self.refresh(page)

    def press_open_lookup(self, page: Any) -> None:
        """The button that opens the look-up page, when it was made for another name or OBS cannot open pages."""
        address = self._lookup_page(self._values["username"])
        self._said = f"The look-up page is {address}. Press the button once more, or open it in your browser."
        self.refresh(page)

    def _keep(self, slug: str, username: str, found: Channel) -> None:
        self.app.known = {
            **self.app.known,
            slug: KnownChannel(found.chatroom_id, found.channel_id, found.name),
        }
        obs.obs_data_set_string(self._settings, "username", username)
        for key in ("paste", "channel_id", "chatroom_id"):  # ids typed earlier must not win over those pasted now
            obs.obs_data_set_string(self._settings, key, "")
        self._values = properties.values_of(self._settings)  # OBS calls no script_update for these
        self.connect(anew=True)

    def changed(self, page: Any) -> None:
        """After a button: what must not be lost is saved at once, and the page it stands on is brought up to date."""
        self.save(self._settings)
        obs.obs_frontend_save()
        self.refresh(page)

    # -- OBS's hooks ----------------------------------------------------------------------------------------------------

    def update(self, settings: Any) -> None:
        """Settings changed, by a letter or a choice: only the targets follow at once, a connection needs a button."""
        self._values = properties.values_of(settings)
        self._targets_wanted = (self._values["text_source"], self._values["color_source"])

    def save(self, settings: Any) -> None:
        """Writes what the script has learned into its settings."""
        self._follow_names()
        obs.obs_data_set_bool(settings, "connect_wanted", self._last_press)
        obs.obs_data_set_bool(settings, "connected_once", self._connected_once)
        obs.obs_data_set_string(settings, "known_channels", write_known(self.app.known))

    def _follow_names(self) -> None:
        """Sources that were renamed in OBS stay chosen. UI thread: the page would drop a choice that is not on its list."""
        chosen = {USER_TEXT: "text_source", USER_COLOR: "color_source"}
        for role, key in chosen.items():
            name = self._values[key]
            new_name = self._sources.current_name(role, name) if name else name
            if new_name != name:
                obs.obs_data_set_string(self._settings, key, new_name)
                self.update(self._settings)  # OBS calls no script_update for this

    def page(self, buttons: Buttons) -> Any:
        """A new properties page."""
        self._buttons = buttons
        page = properties.build(buttons)
        self.refresh(page)
        return page

    def refresh(self, page: Any) -> None:
        """Brings a page up to date."""
        self._follow_names()
        obs.obs_data_set_string(self._settings, properties.COMMAND, self._command())
        properties.refresh(page, self.told(), self._buttons)

    def _command(self) -> str:
        """What installs websocket-client; empty when it is there."""
        return python_setup.command(self._folder) if self._trouble == python_setup.NO_WEBSOCKET else ""

    def follow_name(self, page: Any, settings: Any) -> None:
        """The username is being typed: "Open look-up page" must not open another channel's, nothing else happens."""
        username = obs.obs_data_get_string(settings, "username")
        if username:  # up to OBS 30.2 this also comes with empty settings, after Add and Reload
            properties.follow_address(page, self._lookup_page(username))

    def scene_ready(self) -> None:
        """A scene collection has been loaded: UI thread, so the card asked for at start can be added."""
        if self._add_card:
            self._add_card = False
            self._said = say(scene.add_card())

    def close(self) -> None:
        """Ends everything; script_unload waits for it, at most two seconds."""
        self.app.close()
        self._sources.leave()
        self._log.flush_some(20)
        self._log.remove()

    def told(self) -> Mapping[str, Any]:
        """What the page has to say."""
        state = self.app.prospect
        status = state.status
        if self._wanted and status is Status.DISCONNECTED:
            # The timer has not come round yet; with such a trouble there is only one way it can end.
            status = Status.ERROR if self._trouble else Status.CONNECTING
        lines = [f"State: {status.value}"]
        if state.name and status is not Status.DISCONNECTED:
            lines[0] += f" ({state.name})"
        if self._command():
            lines += [say("page_no_websocket"), say(python_setup.how_to_run())]
        elif status in (Status.ERROR, Status.RECONNECTING) and state.reason:
            lines.append(state.reason)
        elif status in (Status.CONNECTED, Status.LIVE):
            lines.append(render(state, self.app.now).detail.split("\n")[0])
        if self._said:
            lines.append(self._said)
        if status in (Status.CONNECTING, Status.RECONNECTING):
            lines.append("This page does not update by itself: watch the card, or press Refresh this page.")
        history = list(self.app.history)[-8:]
        return {
            "wanted": self._wanted,
            "failed": status is Status.ERROR,
            "first_run": not self._connected_once,
            "lines": lines,
            "command": bool(self._command()),
            "trouble": status is Status.ERROR or bool(self._trouble),
            "history": ["What happened, newest last:", *history] if history else [],
            "chosen": {key: self._values[key] for key in ("text_source", "color_source")},
            "lookup_page": self._lookup_page(self._values["username"]),
        }

    def _lookup_page(self, username: str) -> str:
        slug = slug_of(username)
        base = Settings.read(self._values).lookup_address or LOOKUP_ADDRESS
        return base + slug if isinstance(slug, str) else "https://kick.com/"


def _names_one(wish: Settings) -> bool:
    """Whether there is a channel to connect to: an empty page is no wish."""
    return bool(wish.username) or wish.chatroom_id is not None
