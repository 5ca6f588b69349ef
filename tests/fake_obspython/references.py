"""Who owns which pointer, and for how long: rule 1. Knows reference counts and callbacks, not what a call does."""

from __future__ import annotations

from typing import Any

from .things import Item, Scene, Source
from .violations import Violations, place


class Handle:
    """What Python holds of an OBS thing: equal to another handle of the same thing, as SWIG's are."""

    __slots__ = ("kind", "lender", "owned", "place", "released", "reported", "serial", "target")

    def __init__(self, kind: str, target: Any, owned: bool, place: str, lender: Handle | None, serial: int | None) -> None:
        self.kind = kind
        self.target = target
        self.owned = owned
        self.place = place
        self.lender = lender
        self.serial = serial  # of the callback it was got in; None: lives as long as its target
        self.released = ""
        self.reported = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and other.target is self.target and other.kind == self.kind

    __hash__ = None  # type: ignore[assignment]  # as SwigPyObject

    def __int__(self) -> int:
        """The address, as SwigPyObject gives it: of the thing, not of this handle."""
        return id(self.target)

    def __repr__(self) -> str:
        return f"<Swig Object of type 'obs_{self.kind}_t *'>"

    def counted(self) -> Source | None:
        """The source whose count of references this one is in, if it is in one."""
        target = self.target.source if isinstance(self.target, (Scene, Item)) else self.target
        return target if isinstance(target, Source) else None


class References(Violations):
    """Handles given out, and the checks when one comes back."""

    def __init__(self) -> None:
        super().__init__()
        self._handles: list[Handle] = []

    def _handle(self, kind: str, target: Any, owned: bool, lender: Handle | None = None, lasting: bool = False) -> Handle:
        serial = None if lasting else self._stack[-1].serial
        handle = Handle(kind, target, owned, place() if owned else "", lender, serial)
        if owned:
            self._handles.append(handle)
            source = handle.counted()
            if source is not None:
                source.refs += 1
        return handle

    def _release(self, handle: Any, kind: str, name: str) -> None:
        if not isinstance(handle, Handle) or handle.kind != kind:
            self._violate(f"{name}: expected obs_{kind}_t, got {handle!r}")
        if handle.released:
            self._violate(f"{name}: released twice; first at {handle.released}")
        if not handle.owned:
            self._violate(f"{name}: this {kind} was only lent by OBS and must not be released")
        handle.released = place()
        self._handles = [one for one in self._handles if one is not handle]
        source = handle.counted()
        if source is not None:
            source.refs -= 1

    def _target(self, handle: Any, kind: str, name: str) -> Any:
        """The thing behind a handle that is used."""
        if not isinstance(handle, Handle) or handle.kind != kind:
            self._violate(f"{name}: expected obs_{kind}_t, got {handle!r}")
        one: Handle | None = handle
        while one is not None:
            if one.released:
                self._violate(f"{name}: this {kind} came from a {one.kind} that was released at {one.released}")
            one = one.lender
        if handle.target.dead:
            self._violate(f"{name}: this {kind} is no more: {handle.target.dead}")
        running = {current.serial for current in self._stack}
        if not handle.owned and handle.serial is not None and handle.serial not in running:
            self._violate(f"{name}: this {kind} was lent to an earlier callback and kept")
        return handle.target

    def _note_held(self, serial: int, what: str) -> None:
        """A callback has ended: what it got and did not release is noted, once."""
        for handle in self._handles:
            if handle.serial == serial and not handle.reported:
                handle.reported = True
                self._note(f"still held when {what} ended: {handle.kind} got at {handle.place}")

    def unreleased(self) -> list[str]:
        """What is held at this moment, each with the place it was got."""
        return [f"{handle.kind} got at {handle.place}" for handle in self._handles]
