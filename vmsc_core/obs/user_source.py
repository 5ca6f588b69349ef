"""A source of the user's own that gets the card's text or its color too, and gets its own back. Knows no card.

Which one it is, from the surest sign to the weakest: its UUID (OBS 29.1 and newer) or, before that, its place in memory while
the script runs; the name it was chosen under; the marks in its settings. A copy has the marks too, and OBS lists sources in
no order that says which was first.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

import obspython as obs

from vmsc_core.card.painter import USER_COLOR, Content
from vmsc_core.obs.kinds import is_color, is_text, put
from vmsc_core.obs.references import all_sources, identity_of, is_lasting, new_data, source_known_by, source_named
from vmsc_core.obs.restore import Value, find, remember, restore


class UserSource:
    """The source that was chosen under the name `chosen` for `role`, which is USER_TEXT or USER_COLOR."""

    def __init__(self, role: str, chosen: str, identity: str = "") -> None:
        self.role = role
        self.chosen = chosen
        self.name = chosen
        """What it is called, as of the last look at it."""
        self.identity = identity
        """What it is known by, see references.identity_of; empty before the first time it was seen."""
        self.written: Value | None = None
        """What was written on it last; None before the first time."""
        self._left = False

    @property
    def is_renamed(self) -> bool:
        """Whether it has another name now than the one it was chosen under."""
        return self.name != self.chosen

    @contextmanager
    def source(self) -> Iterator[Any]:
        """The source, where one look is enough to find it; else None, and `search` may know more."""
        with source_known_by(self.identity) as known:
            if known is not None and fits(known, self.role):
                self.name = str(obs.obs_source_get_name(known))
                yield known
                return
        with source_named(self.name) as named:
            is_there = named is not None and fits(named, self.role)
            if not is_there or may_be(named, self.identity):
                yield named if is_there else None
                return
        self.search()  # another has its name now; from here on the one that this finds is the one
        with source_named(self.name) as found:
            yield found if found is not None and fits(found, self.role) else None

    def search(self) -> None:
        """Looks for it under another name. Goes through all sources."""
        self.name = current_name(self.role, self.chosen, self.written, self.identity)
        with source_named(self.name) as found:
            if found is not None and fits(found, self.role):
                self.identity = identity_of(found)
            elif not is_lasting(self.identity):
                self.identity = ""  # what comes to lie at its place in memory is another

    def write(self, source: Any, content: Content) -> bool:
        """Puts the content on it, with what `leave` needs; False once it was left."""
        with new_data() as data:
            put(data, content)
            written = remember(source, self.chosen, data, first=self.written is None)
            if self._left:  # by the UI thread, a moment ago
                return False
            self.written, self.identity = written, identity_of(source)
            obs.obs_source_update(source, data)
        return True

    def leave(self, still_chosen: Container[str] = ()) -> None:
        """Writes on it no more, and restores what it showed, unless it is among those `still_chosen`."""
        self._left = True
        name = current_name(self.role, self.chosen, self.written, self.identity)
        if self.chosen in still_chosen or name in still_chosen:
            return
        with source_named(name) as source:
            if source is not None and fits(source, self.role):
                restore(source)


def fits(source: Any, role: str) -> bool:
    """Whether the source is of a kind that can show what that role gets."""
    return is_color(source) if role == USER_COLOR else is_text(source)


def current_name(role: str, chosen: str, written: Value | None = None, identity: str = "") -> str:
    """What the source is called now that was chosen as `chosen`; `chosen` itself when it is nowhere."""
    with source_known_by(identity) as known:
        if known is not None and fits(known, role):
            return str(obs.obs_source_get_name(known))
    with source_named(chosen) as named:
        is_there = named is not None and fits(named, role)
        if is_there and may_be(named, identity):
            return chosen
    marked: list[tuple[bool, bool, int, str]] = []
    with all_sources() as sources:
        for source in sources:
            shown = find(source, chosen) if fits(source, role) else None
            if shown is not None:
                name = str(obs.obs_source_get_name(source))
                # Of several the one that is known; else the one that shows what was written last; else the one with the name
                # that OBS does not give to a copy: it makes "Name 2" of it.
                marked.append((identity_of(source) != identity, shown != written, len(name), name))
    is_another, _, _, found = min(marked, default=(True, True, 0, chosen))
    return chosen if is_there and is_another else found


def may_be(source: Any, identity: str) -> bool:
    """Whether a source under the right name may be the one with this identity.

    One with a lasting identity is looked for by that first: when it is gone, another under its name takes its place.
    """
    return not identity or is_lasting(identity) or identity_of(source) == identity
