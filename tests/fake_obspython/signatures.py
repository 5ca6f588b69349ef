"""The table of obspython's functions: what each takes, gives and is allowed to do. Knows none of them itself.

Words in ``takes``: the kinds of handles (KINDS), structs (things.STRUCTS), str, pystr (parsed by Python: no NUL), int (64 bits),
int32, uint, float, bool, list, callback, any. ``?`` after a word allows None; ``!`` after a handle releases it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Callable

KINDS = ("source", "scene", "sceneitem", "data", "data_array", "properties", "property")
"""Kinds of handles: obs_source_t, obs_scene_t and so on."""


@dataclass(frozen=True)
class Signature:
    """How a function of obspython is called. ``gives`` is the kind of handle it returns, in brackets for a list of them."""

    takes: tuple[str, ...]
    gives: str = ""
    owned: bool = False
    waits_for_ui: bool = False
    registers: bool = False


API: dict[str, tuple[Signature, Callable[..., Any]]] = {}
"""Each function by name, to be called with the FakeObs and what is behind the arguments."""


def add(name: str, signature: Signature, function: Callable[..., Any]) -> None:
    assert name not in API, name
    API[name] = signature, function


def api(*takes: str, **how: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a function part of the module; ``takes`` and ``how`` as in Signature."""

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        add(function.__name__, Signature(takes, **how), function)
        return function

    return keep


def plain(kind: str, rows: Mapping[str, tuple[str, ...]], result: Any = None) -> None:
    """Functions that only read or write an attribute of one thing: name → (attribute,) or (attribute, word of the value).

    ``result`` is what the writing ones give.
    """
    for name, (attribute, *words) in rows.items():
        add(name, Signature((kind, *words)), _writer(attribute, result) if words else _reader(attribute))


def lent(kind: str, rows: Mapping[str, tuple[str, str]]) -> None:
    """Functions that lend what an attribute of one thing holds: name → (attribute, the kind of handle given)."""
    for name, (attribute, gives) in rows.items():
        add(name, Signature((kind,), gives), _reader(attribute))


def _reader(attribute: str) -> Callable[..., Any]:
    read = attrgetter(attribute)
    return lambda _, thing: read(thing)


def _writer(attribute: str, result: Any) -> Callable[..., Any]:
    def write(_: Any, thing: Any, value: Any) -> Any:
        setattr(thing, attribute, value)
        return result

    return write
