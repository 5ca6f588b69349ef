"""The button that installs websocket-client: begins it, says how it went, and connects afterwards. Knows no download and no page.

Threads: `turn` is the timer's and waits for nothing; `close` and all else are the UI's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.install import Installer, pins
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
    def can_install(self) -> bool:
        """Whether there is something to install and it is known what."""
        return self._script.python == python_setup.NO_WEBSOCKET and bool(pins(self._script.folder))

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

    def message(self) -> Reason | None:
        """What the page has to say about it: while it runs, or how it went. A success is said once."""
        if self._running is not None:
            return because("install_running")
        outcome = self._outcome
        if self._script.python != python_setup.NO_WEBSOCKET:
            self._outcome = None
        return outcome

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
