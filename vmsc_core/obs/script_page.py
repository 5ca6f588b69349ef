"""The script's page in Tools > Scripts: what a press does, and what is to be read afterwards. UI thread; knows no timer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable

import obspython as obs

from vmsc_core.events import Status
from vmsc_core.kick.channel import clean_name, lookup_page, read_paste, slug_or_nothing
from vmsc_core.known import KnownChannel
from vmsc_core.obs import properties, python_setup, report
from vmsc_core.obs.kinds import COLOR_FAMILIES, TEXT_FAMILIES
from vmsc_core.obs.pieces import names_of_others
from vmsc_core.obs.properties import Callbacks
from vmsc_core.obs.rules_page import RulesPage
from vmsc_core.obs.values import erase_texts, write_values
from vmsc_core.page import COMMAND, OPEN_LOOKUP, Facts, Page, needed_section, page
from vmsc_core.reasons import Reason, because
from vmsc_core.rules.editor import STOP, TRY
from vmsc_core.rules.fields import CHOSEN
from vmsc_core.settings import RULES, SECTIONS, Wish, read_wish, section_key

if TYPE_CHECKING:
    from vmsc_core.obs.script import Script

OUTCOME_TIMEOUT, OUTCOME_PAUSE = 1.0, 0.02
"""Seconds: how long the page waits for the first outcome of a press in WAITED_FOR, and between two looks."""

CONNECTING = ("connect", "reconnect", "use_paste")
"""The presses that connect."""

WAITED_FOR = (*CONNECTING, TRY, STOP)


class ScriptPage:
    """The page of one script. `build` a new one; `press` and `typing` get the one that is drawn. Keeps no pointer to it."""

    def __init__(self, script: Script, pause: Callable[[float], None] = time.sleep) -> None:
        self._script, self._pause = script, pause
        self._callbacks: Callbacks = {}
        self.outcome_timeout = OUTCOME_TIMEOUT
        self._drawn_of: Mapping[str, Any] = {}  # the settings with which the page was last drawn
        self._pressed = ""
        self._was_needed = ""  # the section that opened on its own
        self.rules = RulesPage(script)
        self._presses: Mapping[str, Callable[[], None]] = {
            "connect": self._connect,
            "reconnect": lambda: self._connect(restart=True),
            "disconnect": script.disconnect,
            "add_card": lambda: self._say(script.card.add(script.choices, script.app)),
            "reset_card": lambda: self._say(script.card.reset(script.choices, script.app)),
            "show_preview": lambda: self._say(script.card.preview(script.values["preview"], script.app)),
            "install_library": lambda: script.library.install(),  # made after this
            "use_paste": self._use_paste,
            "open_lookup": self._open_lookup,
            "save_report": self._say_saving,
            "refresh": lambda: None,  # a press brings the page up to date in any case
            **self.rules.presses,
        }

        self._file_presses = {"save_report": lambda: report.save(script), **self.rules.file_presses}

    def build(self, callbacks: Callbacks) -> Any:
        """A new page of OBS. `callbacks` are called for what the user does on it."""
        self._callbacks = callbacks
        self.rules.opened()
        return properties.build(self._page_to_draw(), callbacks)

    def _draw(self, drawn: Any) -> None:
        properties.refresh(drawn, self._page_to_draw(), self._callbacks)

    def _page_to_draw(self) -> Page:
        page = self._page()
        self._drawn_of = dict(self._script.values)  # afterwards: the rule editor's fields are put into the settings meanwhile
        return page

    def press(self, action: str, drawn: Any) -> None:
        """A button: does what its label says, saves that at once, and brings the page up to date.

        After one in WAITED_FOR, the page waits up to OUTCOME_TIMEOUT for what comes of it. OBS's window stands still meanwhile,
        and nothing else does.
        """
        self._script.message, self._pressed = None, action
        self.rules.pressed(action)
        self._presses[action]()
        self._script.save_what_is_new()
        self._draw(drawn)
        if action in self._file_presses:  # now, since files let go of the GIL; see properties.retell
            self._script.message = self._file_presses[action]()
            properties.retell(drawn, self._page())
            self._script.save_what_is_new()
        elif action in WAITED_FOR:
            self._wait_for_outcome()
            properties.retell(drawn, self._page())  # even without a wait: the outcome may have come while the page was drawn

    def _say_saving(self) -> None:
        self._script.message = because("report_saving")

    def _wait_for_outcome(self) -> None:
        app, begun = self._script.app, self._script.app.now
        while self._is_pending() and 0 <= app.now - begun < self.outcome_timeout:
            self._pause(OUTCOME_PAUSE)

    def _is_pending(self) -> bool:
        is_connecting = self._script.app.shown_state.status is Status.CONNECTING
        return is_connecting if self._pressed in CONNECTING else self.rules.is_pending

    def open_section(self, drawn: Any, settings: Any) -> bool:
        """A section was ticked or not: its rows come or go; whether OBS should draw the page again."""
        # Up to OBS 30.2 this also comes with empty settings, after Add and Reload.
        if not any(obs.obs_data_has_user_value(settings, section_key(section)) for section in SECTIONS):
            return False
        return self._follow(drawn, settings)

    def edited(self) -> None:
        """Any setting has changed, by a letter or a choice: the rule that is edited follows at once. Nothing is drawn."""
        self.rules.edited()

    def rule_changed(self, drawn: Any, settings: Any) -> bool:
        """Something was chosen in the rule editor: its other rows come and go; whether OBS should draw the page again."""
        if not obs.obs_data_has_user_value(settings, CHOSEN):  # as in open_section
            return False
        return self._follow(drawn, settings)

    def _follow(self, drawn: Any, settings: Any) -> bool:
        """Whether there was anything to draw: from OBS 31 on, Add and Reload ask for each tick and each list on the page."""
        self._script.update(settings)
        self.edited()
        if self._script.values == self._drawn_of:
            return False
        self._draw(drawn)
        return True

    def typing(self, drawn: Any, settings: Any) -> None:
        """The username is being typed: the link must not open another channel's page, nothing else happens."""
        username = obs.obs_data_get_string(settings, "username")
        if username:  # up to OBS 30.2 this also comes with empty settings, after Add and Reload
            properties.follow_address(drawn, OPEN_LOOKUP, self._lookup_page(username))

    def _connect(self, restart: bool = False) -> None:
        """Connects, and puts the name that is meant into the field: a pasted address is long, and looks like a mistake."""
        script = self._script
        name = clean_name(script.values["username"])
        if name != script.values["username"]:
            write_values(script.settings, {"username": name})
            script.update(script.settings)
        script.connect(restart)

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
        script.connect(pasted=(found.slug, KnownChannel(found.chatroom_id, found.channel_id, found.name)))
        script.message = because("page_pasted")

    def _say(self, message: Reason) -> None:
        self._script.message = message

    def _open_lookup(self) -> None:
        """Comes only where OBS can't open the address: the button was made for another name, or OBS is too old."""
        self._script.message = because("page_lookup_address", address=self._lookup_page(self._script.values["username"]))

    def _lookup_page(self, username: str) -> str:
        wish = read_wish(self._script.values)
        return lookup_page(username, wish.lookup_address if isinstance(wish, Wish) else "")

    def _open_what_is_needed(self) -> None:
        """Opens the section that the state calls for, once: the user may close it again."""
        needed = needed_section(self._script.app.shown_state)
        if needed and needed != self._was_needed:
            write_values(self._script.settings, {section_key(needed): True})
            self._script.update(self._script.settings)
        self._was_needed = needed

    def _other_name(self) -> str:
        """What was typed, when it isn't the channel that is wanted."""
        wish, typed = self._script.app.wish, self._script.values["username"]
        return clean_name(typed) if wish is not None and slug_or_nothing(typed) != slug_or_nothing(wish.username) else ""

    def _page(self) -> Page:
        script = self._script
        script.follow_names()
        erase_texts(script.settings)
        self._open_what_is_needed()
        command = python_setup.command(script.folder) if script.python == python_setup.NO_WEBSOCKET else ""
        write_values(script.settings, {COMMAND: command})
        wish = script.app.wish if isinstance(script.app.wish, Wish) else read_wish(script.values)
        return page(
            Facts(
                state=script.app.shown_state,
                now=script.app.now,
                at=time.strftime("%H:%M:%S"),
                open_sections={section for section in SECTIONS if script.values[section_key(section)]},
                other_name=self._other_name(),
                pressed=self._pressed,
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
                canvas=script.card.canvas,
                history=list(script.app.history),
                custom_hosts=wish.custom_hosts if isinstance(wish, Wish) else (),
                rules=self.rules.facts(is_open=script.values[section_key(RULES)]),
            )
        )
