"""What lives between script_load and script_unload: the App, its sources, the log. Wires them; knows no protocol and no page.

Threads: `turn` is the timer's (graphics thread); `connect` and `disconnect` come on any (hotkeys have one); all else is UI.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import obspython as obs

from vmsc_core.app import App
from vmsc_core.known import KnownChannel, read_known
from vmsc_core.obs import python_setup
from vmsc_core.obs.alert import add_alert
from vmsc_core.obs.card import ObsCard
from vmsc_core.obs.host_watch import HostWatch
from vmsc_core.obs.library_setup import LibrarySetup
from vmsc_core.obs.log import ScriptLogHandler, log_versions
from vmsc_core.obs.memory import Memory
from vmsc_core.obs.rules import ObsRules
from vmsc_core.obs.script_page import ScriptPage
from vmsc_core.obs.turns import Turns, each
from vmsc_core.obs.values import read_values, write_values
from vmsc_core.obs.values import set_defaults as set_defaults  # for vmsc_obs.py
from vmsc_core.page import already
from vmsc_core.reasons import Reason, because
from vmsc_core.settings import Choices, Refusal, read_wish


class Script:
    """One loaded script. Made in script_load, closed in script_unload; `settings` stay valid in between."""

    def __init__(self, settings: Any, folder: str) -> None:
        self._log = ScriptLogHandler()
        self._log.install()
        log_versions()
        self.settings, self.folder = settings, folder
        self.update(settings)
        self.memory = Memory(settings, self.values, folder)
        self.card = ObsCard(self.choices, self.memory.identities)
        self._turns, self._host_watch = Turns(), HostWatch()
        self.page, self.library = ScriptPage(self), LibrarySetup(self)
        self.message: Reason | None = None  # what the page has to say about the last press
        self.python = python_setup.check(folder)
        self._add_card_at_start = bool(self.values["add_card_at_start"])
        known = read_known(self.values["known_channels"])
        self.rules = ObsRules(self)
        self.app = App(self.card.sources, username=self.values["username"], known=known, choices=self.choices)
        self.rules.attach()
        wish = read_wish(self.values)
        self.library.postponed = self.memory.at_start(wish)
        at_start = Refusal(wish.username, self.python) if self.python is not None else self.library.postponed
        if at_start is not None:
            self.app.connect(at_start)

    def close(self) -> None:
        """Ends everything; script_unload waits for it, at most two and a half seconds, and one more for an installation."""
        self._turns.end()
        # Asked for one by one: a turn that did not end in time may have put others in their place.
        each(self.library.close, self.rules.close, lambda: self.app.close(), lambda: self.card.arrange(self.app))
        each(lambda: self.card.sources.leave(), lambda: self._log.flush_some(20), self._log.remove)

    # -- the timer ----------------------------------------------------------------------------------------------------

    def turn(self) -> None:
        """Ten times a second. What raises costs one turn."""
        if not self._turns.begin():
            return
        try:
            self._turn()
        finally:
            if self._turns.ended:  # meanwhile, perhaps without waiting for this turn
                self.card.sources.leave()
            self._log.flush_some()
            self._turns.done()

    def _turn(self) -> None:
        self.card.follow(self.choices, self.app)
        self.library.turn()
        self.app.host = self._host_watch.host(self.app.now)
        self.app.turn()
        self.rules.turn(self.app.now)
        self.card.arrange(self.app)
        self.memory.connected_once = self.memory.connected_once or self.app.state.ever_connected
        self.save_what_is_new()
        self.card.repair()

    # -- hotkeys and buttons --------------------------------------------------------------------------------------------

    def connect(self, restart: bool = False, pasted: tuple[str, KnownChannel] | None = None) -> None:
        """Wants a connection with what the page holds now. A good one is left alone when that is the same.

        With `restart`, or `pasted`, a slug and its IDs, it starts over in any case.
        """
        self.python = python_setup.check(self.folder)
        wish = read_wish(self.values)
        if not wish.names_a_channel:
            self.message = because("page_name_first")
            return
        self.memory.pressed_connect(wish)
        self.library.postponed = wish
        if self.python is not None:
            wish = Refusal(wish.username, self.python)
        self.app.unsaved = True
        is_new = self.app.connect(replace(wish, pasted=pasted), restart=restart or pasted is not None)
        self.message = None if is_new else already(self.app.shown_state)

    def disconnect(self) -> None:
        """Wants no connection."""
        self.memory.connect_wanted, self.app.unsaved, self.message = False, True, None
        self.library.postponed = None
        self.app.disconnect()

    # -- OBS's hooks ----------------------------------------------------------------------------------------------------

    def update(self, settings: Any) -> None:
        """Settings changed, by a letter or a choice: only choices are followed at once, a connection needs a button."""
        # Kept: hotkeys come on another thread and must not read OBS's settings.
        self.values = read_values(settings)
        self.choices = Choices.read(self.values)

    def scene_ready(self) -> None:
        """A scene collection has been loaded: the card asked for at start can be added."""
        if self._add_card_at_start:
            self._add_card_at_start = False
            self.message = self.card.add(self.choices, self.app)
            if self.values["add_alert_at_start"]:
                add_alert(self.choices)

    def save(self, settings: Any) -> None:
        """Writes what the script has learned into its settings."""
        self.card.convert_old(self.choices, self.app)
        self.follow_names()
        self.rules.save(settings)
        self.memory.save(settings, self.app.known, self.card.sources.to_save(self.choices))

    def save_what_is_new(self) -> None:
        """Has OBS save, when there is something that must not be lost."""
        if self.app.unsaved or self.card.sources.renamed:
            self.app.unsaved = self.card.sources.renamed = False
            obs.obs_frontend_save()  # queued; it calls script_save

    def follow_names(self) -> None:
        """Sources that were renamed in OBS stay chosen: the page would drop a choice that is not on its list."""
        names = self.card.sources.current_names(self.choices)
        if any(self.values[key] != name for key, name in names.items()):
            write_values(self.settings, names)
            self.update(self.settings)  # OBS calls no script_update for this
