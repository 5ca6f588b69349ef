"""The painter's port: the card's pieces and the user's own sources, by role. Knows no state."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Callable

import obspython as obs

from vmsc_core.card.painter import USER_COLOR, USER_TEXT, Content
from vmsc_core.obs import pieces, user_source
from vmsc_core.obs.kinds import put, shown_by
from vmsc_core.obs.pieces import Found
from vmsc_core.obs.references import identity_of, is_lasting, new_data, owned, source_known_by, source_named
from vmsc_core.obs.turns import each
from vmsc_core.obs.user_source import UserSource
from vmsc_core.settings import Choices

SEARCH_EVERY = 5.0
"""Seconds between two searches through all sources for one that is not there under its name."""


class ObsSources:
    """Looks sources up by name each time; holds no reference. `clock` gives monotonic seconds."""

    def __init__(
        self,
        text_source: str = "",
        color_source: str = "",
        identities: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        chosen, known = {USER_TEXT: text_source, USER_COLOR: color_source}, identities or {}
        self._users = {role: UserSource(role, name, known.get(name, "")) for role, name in chosen.items() if name}
        self._pieces = {role: Found(pieces.piece_name(role)) for role in pieces.ROLES}
        self._clock = clock
        self._search_at = 0.0
        self._has_seen_pieces = False
        self._looked_into: set[str] = set()
        self._names: tuple[str, ...] = ()  # of the user's own, as of the last look
        self.renamed = False
        """Set when a source of the user's own is found under another name: the setting should follow."""

    @property
    def user_roles(self) -> tuple[str, ...]:
        """The roles of the user's own sources that are chosen: USER_TEXT, USER_COLOR."""
        return tuple(self._users)

    @property
    def has_pieces(self) -> bool:
        """Whether there were pieces of the card when they were last searched for."""
        return self._has_seen_pieces

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
        for user in list(self._users.values()):
            user.search()
        self._note_names()
        found = pieces.find_pieces()
        self._has_seen_pieces = bool(found)
        self._pieces = {role: found.get(role, Found(pieces.piece_name(role))) for role in pieces.ROLES}
        return True

    @property
    def identities(self) -> dict[str, str]:
        """What the user's own sources are known by, under the names they were chosen by and those they have now."""
        users = list(self._users.values())
        return {name: user.identity for user in users for name in (user.chosen, user.name)}

    def to_save(self, choices: Choices) -> dict[str, str]:
        """The hidden settings by which a source is found after a restart of OBS, whatever it is called by then."""
        known = self.identities
        uuids = {key: known.get(name, "") for key, (_, name) in _chosen(choices).items()}
        return {f"{key}_uuid": uuid if is_lasting(uuid) else "" for key, uuid in uuids.items()}

    def current_names(self, choices: Choices) -> dict[str, str]:
        """Setting → what the source is called right now that is chosen there; what is chosen itself when it is nowhere."""
        return {key: self.current_name(role, name) for key, (role, name) in _chosen(choices).items() if name}

    def name_of(self, role: str) -> str:
        """What the source of that role is called, as of the last search; empty when nothing is chosen for it."""
        user = self._users.get(role)
        return user.name if user is not None else self._pieces[role].name if role in self._pieces else ""

    def current_name(self, role: str, chosen: str) -> str:
        """What the source is called right now that the user chose as `chosen`; `chosen` itself when it is nowhere."""
        user = self._users.get(role)
        if user is None or chosen not in (user.chosen, user.name):
            return user_source.current_name(role, chosen)
        return user_source.current_name(role, chosen, user.written, user.identity)

    @contextmanager
    def _source(self, role: str) -> Iterator[Any]:
        piece = self._pieces.get(role)
        if piece is not None and piece.identity:  # the way of nearly every look, ten times a second: as short as can be
            by_uuid = is_lasting(piece.identity)
            with owned(obs.obs_get_source_by_uuid(piece.identity) if by_uuid else obs.obs_get_source_by_name(piece.name)) as seen:
                if seen is not None and pieces.fits(seen, role) and (by_uuid or identity_of(seen) == piece.identity):
                    yield seen
                    return
        with self._at_hand(role) as source:
            if source is not None:
                yield source
                return
        if self.name_of(role) and self.search():
            with self._at_hand(role) as source:
                yield source
        else:
            yield None

    @contextmanager
    def _at_hand(self, role: str) -> Iterator[Any]:
        """The source of that role where it was seen last, or None."""
        user = self._users.get(role)
        if user is not None:
            with user.source() as source:
                self._note_names()
                yield source
        elif role in self._pieces:
            if not self._has_seen_pieces:  # under its first name may be a copy of a piece that is called something else
                self.search()
            with self._piece(role, self._pieces[role]) as source:
                yield source
        else:
            yield None

    @contextmanager
    def _piece(self, role: str, piece: Found) -> Iterator[Any]:
        with source_known_by(piece.identity) as known:
            if known is not None and pieces.fits(known, role):
                yield known
                return
        with source_named(piece.name) as named:
            is_there = named is not None and pieces.fits(named, role)
            if is_there and not user_source.may_be(named, piece.identity) and identity_of(named) not in self._looked_into:
                self._looked_into.add(identity_of(named))  # once: before OBS 30 two sources may have one name for good
                self._search_at, is_there = 0.0, False
            yield named if is_there else None

    def _note_names(self) -> None:
        users = list(self._users.values())
        names = tuple(user.name for user in users)
        if names != self._names:
            self._names = names
            self.renamed = self.renamed or any(user.is_renamed for user in users)


def _chosen(choices: Choices) -> dict[str, tuple[str, str]]:
    """Setting → the role and the name of what is chosen there."""
    return {"text_source": (USER_TEXT, choices.text_source), "color_source": (USER_COLOR, choices.color_source)}
