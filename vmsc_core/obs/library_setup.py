"""The button that installs websocket-client: begins it, says how it went, and connects afterwards. Knows no download and no page.

Threads: `turn` is the timer's and waits for nothing; `close` and all else are the UI's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.install import DONE, Installer, pins
from vmsc_core.obs import python_setup
from vmsc_core.reasons import Reason, because
from vmsc_core.settings import Refusal, Wish

if TYPE_CHECKING:
    from vmsc_core.obs.script import Script

CLOSE_TIMEOUT = 1.0
"""Seconds that `close` waits for an installation that is running: it ends when it is told to."""


NO_THREAD = because("install_failed", why=because("install_no_thread"))


class LibrarySetup:
    """Of one script. `turn` ten times a second; `close` once."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._running: Installer | None = None
        self._outcome: Reason | None = None
        self.postponed: Wish | Refusal | None = None
        """What is wanted as soon as websocket-client is there."""

    @property
    def offer(self) -> Reason | None:
        """What the page says beside its button, while websocket-client is missing; None when there is nothing to press."""
        if self._script.python != python_setup.NO_WEBSOCKET:
            return None
        if self._running is not None:
            return because("install_running")
        can_install = self._outcome is None and bool(pins(self._script.folder))
        return because("page_press_install") if can_install else self._outcome

    def install(self) -> None:
        """Begins it, or leaves the one that is running alone."""
        if self._running is not None:
            return
        folder = self._script.folder
        wanted = pins(folder)
        if not wanted:
            self._outcome = because("install_no_pins")
            return
        installer = Installer(folder, wanted, lambda: python_setup.check(folder))
        try:
            installer.start()
        except CannotConnect:
            self._outcome = NO_THREAD
            return
        self._outcome, self._running = None, installer

    def turn(self) -> None:
        """Takes the outcome when there is one, and wants what could not be wanted without websocket-client."""
        installer = self._running
        if installer is None or not (installer.is_done or installer.died):
            return
        if installer.is_good:
            self._arrived()
        self._outcome, self._running = installer.outcome or NO_THREAD, None

    def success(self) -> Reason | None:
        """What the page says once it has worked; once."""
        if self._running is not None or self._script.python == python_setup.NO_WEBSOCKET:
            return None
        outcome, self._outcome = self._outcome, None
        return outcome if outcome == DONE else None  # it may have come by the command, after the button failed

    def close(self) -> None:
        """Ends what is running."""
        if self._running is not None:
            self._running.stop()
            self._running.join(CLOSE_TIMEOUT)

    def _arrived(self) -> None:
        script = self._script
        script.python = None
        wish = script.app.wish
        if not (isinstance(wish, Refusal) and wish.failure == python_setup.NO_WEBSOCKET):
            return
        if self.postponed is None:
            script.app.disconnect()
        else:
            script.app.connect(self.postponed)
