"""What SWIG and obs-scripting do with arguments and results: rule 5. Makes the module ``obspython`` out of the table."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Any, Callable

from .callbacks import Callbacks
from .constants import CONSTANTS, SINCE, UNUSABLE
from .references import Handle
from .signatures import API, KINDS, Signature
from .things import STRUCTS

RANGES = {"int": (-(2**63), 2**63), "int32": (-(2**31), 2**31), "uint": (0, 2**64)}
LASTING = ("properties", "property")
"""Kinds that live as long as what they point to, not as long as the callback they were got in."""


class Arguments(Callbacks):
    """Calls of the module on their way in and out."""

    def _build_module(self, version: tuple[int, int, int]) -> types.ModuleType:
        module = types.ModuleType("obspython", "A stand-in: see tests/fake_obspython/")
        contents: dict[str, Any] = {name: self._function(name, *row) for name, row in API.items()}
        contents.update(CONSTANTS)
        contents.update({name: self._unusable(name, why) for name, why in UNUSABLE.items()})
        contents.update({struct.__name__: struct for struct in STRUCTS.values()})
        for name, thing in contents.items():
            if version >= SINCE.get(name, version):
                setattr(module, name, thing)
        return module

    def _unusable(self, name: str, why: str) -> Callable[..., Any]:
        def call(*_: Any) -> None:
            self._violate(f"{name} cannot be used from Python: {why}")

        call.__name__ = name
        return call

    def _function(self, name: str, signature: Signature, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            with self._gil:
                return run(*args, **named)

        def run(*args: Any, **named: Any) -> Any:
            self._enter(name, signature)
            if named:
                self._violate(f"{name}: positional arguments, please; not every function takes keywords")
            if len(args) != len(signature.takes):
                self._violate(f"{name} takes {len(signature.takes)} arguments, got {len(args)}")
            values = [self._unpack(name, word, value) for word, value in zip(signature.takes, args)]
            if signature.takes and signature.takes[0].endswith("!"):
                if args[0] is None:
                    return None
                self._release(args[0], signature.takes[0][:-1], name)
            return self._pack(signature, function(self, *values), args)

        call.__name__ = call.__qualname__ = name
        return call

    def _pack(self, signature: Signature, result: Any, args: Sequence[Any]) -> Any:
        kind = signature.gives
        if not kind or result is None:
            return result
        if kind.startswith("["):
            return [self._handle(kind[1:-1], one, signature.owned) for one in result]
        if kind in LASTING:
            return self._handle(kind, result, False, lasting=True)
        lender = next((one for one in args if isinstance(one, Handle)), None)
        return self._handle(kind, result, signature.owned, None if signature.owned else lender)

    def _unpack(self, name: str, word: str, value: Any) -> Any:
        """What is behind an argument; violations for what SWIG refuses or OBS crashes on."""
        kind = word.rstrip("?!")
        if kind in KINDS:
            if value is None and word != kind:
                return None
            if word.endswith("!") and isinstance(value, Handle) and value.kind == kind:
                return value.target  # _release has its own words for what can be wrong here
            return self._target(value, kind, name)
        if kind in ("str", "pystr"):
            return self._text(name, word, value)
        if kind in RANGES:
            low, high = RANGES[kind]
            if not isinstance(value, int) or not low <= value < high:
                self._violate(f"{name}: expected {kind}, got {value!r}")
            return int(value)
        if kind == "float":
            if not isinstance(value, (int, float)):
                self._violate(f"{name}: expected float, got {value!r}")
            return float(value)
        if kind == "bool" and not isinstance(value, bool):
            self._violate(f"{name}: expected bool, got {value!r}; SWIG takes nothing else")
        elif kind == "list" and not isinstance(value, list):
            self._violate(f"{name}: expected the list OBS gave, got {value!r}")
        elif kind == "callback":
            self._check_callback(name, value)
        elif kind in STRUCTS and not isinstance(value, STRUCTS[kind]):
            self._violate(f"{name}: expected {kind}, got {value!r}")
        elif kind == "vec2" and not all(isinstance(part, (int, float)) for part in (value.x, value.y)):
            self._violate(f"{name}: vec2 of {value.x!r}, {value.y!r}")
        return value

    def _text(self, name: str, word: str, value: Any) -> str | None:
        if value is None and word.endswith("?"):
            return None
        if not isinstance(value, str):
            self._violate(f"{name}: expected str, got {value!r}")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            self._violate(f"{name}: {value!r} has a lone surrogate, SWIG raises TypeError")
        if "\0" in value and word == "pystr":
            self._violate(f"{name}: {value!r} has a NUL, PyArg_Parse raises ValueError")
        return str(value).split("\0")[0]  # where SWIG's C strings end

    def _check_callback(self, name: str, function: Any) -> None:
        if not isinstance(function, types.FunctionType):
            self._violate(f"{name}: {function!r} is no plain function; OBS refuses it silently")
        if function.__name__ == "<lambda>" or "<locals>" in function.__qualname__:
            self._violate(f"{name}: {function.__qualname__} is no module-level function and can never be removed")
