"""The painter's port: the card's pieces and the user's own sources, by role. Knows no state."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Callable

import obspython as obs

from vmsc_core.card.painter import USER_COLOR, USER_TEXT, Content
from vmsc_core.obs import pieces, user_source
from vmsc_core.obs.kinds import put, shown_by
from vmsc_core.obs.references import new_data, source_named
from vmsc_core.obs.turns import each
from vmsc_core.obs.user_source import UserSource

SEARCH_EVERY = 5.0
"""Seconds between two searches through all sources for one that is not there under its name."""


class ObsSources:
    """Looks sources up by name each time; holds no reference. `clock` gives monotonic seconds."""

    def __init__(self, text_source: str = "", color_source: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        chosen = {USER_TEXT: text_source, USER_COLOR: color_source}
        self._users = {role: UserSource(role, name) for role, name in chosen.items() if name}
        self._pieces = {role: pieces.piece_name(role) for role in pieces.ROLES}
        self._clock = clock
        self._search_at = 0.0
        self.renamed = False
        """Set when a source of the user's own is found under another name: the setting should follow."""

    @property
    def user_roles(self) -> tuple[str, ...]:
        """The roles of the user's own sources that are chosen: USER_TEXT, USER_COLOR."""
        return tuple(self._users)

    def write(self, role: str, content: Content) -> bool:
        """Puts the content on the source of that role; False when there is none that can take it."""
        with self._source(role) as source:
            if source is None:
                return False
            if role in (USER_TEXT, USER_COLOR):
                user = self._users.get(role)  # the UI thread may have left it meanwhile
                return user is not None and user.write(source, content)
            with new_data() as data:
                put(data, content)
                obs.obs_source_update(source, data)
            return True

    def read(self, role: str) -> Content | None:
        """What the source of that role shows, a text with its color; None when there is none."""
        with self._source(role) as source:
            return None if source is None else shown_by(source)

    def leave(self, still_chosen: Container[str] = ()) -> None:
        """Writes on no source of the user's own any more, and restores what they showed, but not on those `still_chosen`."""
        users, self._users = self._users, {}
        each(*(partial(user.leave, still_chosen) for user in users.values()))

    def search(self) -> bool:
        """Looks for sources that were renamed; rarely, since it goes through all of them. Whether it looked."""
        now = self._clock()
        if now < self._search_at:
            return False
        self._search_at = now + SEARCH_EVERY
        self.renamed = any([user.search() for user in list(self._users.values())])
        self._pieces = pieces.piece_names()
        return True

    def name_of(self, role: str) -> str:
        """What the source of that role is called, as of the last search; empty when nothing is chosen for it."""
        user = self._users.get(role)
        return user.name if user is not None else self._pieces.get(role, "")

    def current_name(self, role: str, chosen: str) -> str:
        """What the source is called right now that the user chose as `chosen`; `chosen` itself when it is nowhere."""
        user = self._users.get(role)
        return user_source.current_name(role, chosen, user.written if user is not None else None)

    @contextmanager
    def _source(self, role: str) -> Iterator[Any]:
        fits = pieces.fits if role in pieces.ROLES else user_source.fits
        with source_named(self.name_of(role)) as source:
            if source is not None and fits(source, role):
                yield source
                return
        if self.name_of(role) and self.search():
            with source_named(self.name_of(role)) as source:
                yield source if source is not None and fits(source, role) else None
        else:
            yield None
