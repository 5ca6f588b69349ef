"""What the script remembers from one start of OBS to the next, and what may be done at start because of it. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vmsc_core.known import KnownChannel, write_known
from vmsc_core.obs.trusted import is_trusted, trust
from vmsc_core.obs.values import erase_texts, write_values
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import Refusal, Wish

CUSTOM_SERVERS = Failure(Remedy.USER, because("custom_servers"))


class Memory:
    """Read out of the script's settings when it is loaded, written by `save`. `values` are all of them, key → value."""

    def __init__(self, settings: Any, values: Mapping[str, Any], folder: str) -> None:
        erase_texts(settings)
        self._folder = folder
        self._may_connect_at_start = bool(values["connect_at_start"])
        self.connect_wanted = bool(values["connect_wanted"])
        self.connected_once = bool(values["connected_once"])
        self.identities: Mapping[str, str] = {
            values[key]: values[key + "_uuid"] for key in ("text_source", "color_source") if values[key]
        }
        """Name of a source of the user's own → its UUID, which finds it under another name."""

    def at_start(self, wish: Wish | Refusal) -> Wish | Refusal | None:
        """What to want without a press: a connection that worked and was not ended by the user.

        The settings are the scene collection's, which may be somebody else's. Servers that aren't Kick's are only used after
        a press of Connect on this computer.
        """
        if not (self._may_connect_at_start and self.connect_wanted and self.connected_once and wish.names_a_channel):
            return None
        if isinstance(wish, Wish) and not is_trusted(wish.custom_servers, self._folder):
            return Refusal(wish.username, CUSTOM_SERVERS)
        return wish

    def pressed_connect(self, wish: Wish | Refusal) -> None:
        """The user wants a connection, with these servers."""
        self.connect_wanted = True
        if isinstance(wish, Wish):
            trust(wish.custom_servers, self._folder)

    def save(self, settings: Any, known: Mapping[str, KnownChannel], more: Mapping[str, Any]) -> None:
        """Writes it into the settings, with the channels that are known and whatever else there is to keep."""
        erase_texts(settings)
        learned = {"connect_wanted": self.connect_wanted, "connected_once": self.connected_once}
        write_values(settings, {**learned, "known_channels": write_known(known), **more})
