"""FakeObs: all of it put together, in and out of this process. Knows sys.modules; what OBS does is in the classes below it."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Sequence
from typing import Any

from . import calls  # noqa: F401 - fills the table of functions
from .script import Script, is_in


class FakeObs(Script):
    """An OBS for one test: the module, the user's hands (press, type, delete_source …) and OBS's clock.

    ``platform`` ("linux", "mac", "windows") decides the text kinds, ``version`` those that came later;
    ``fresh`` are the packages that a newly started OBS has not imported yet: they are taken out of
    sys.modules while the fake is in place and put back by close().
    """

    def __init__(
        self,
        platform: str = "linux",
        version: tuple[int, int, int] = (32, 1, 0),
        canvas: tuple[int, int] = (1920, 1080),
        fresh: Sequence[str] = ("vmsc_core",),
    ) -> None:
        super().__init__(platform, version)
        self.canvas = canvas
        self.faces = {"DejaVu Sans": 11}  # typefaces there are, each with the width of a letter
        self.frontend_calls: list[tuple[str, Any]] = []  # what a script told OBS to do, each with its arguments or None
        self.answers: dict[str, bool] = {}  # to obs_frontend_…_active and the like; False when not set
        self.module = self._build_module(version)
        self._fresh = tuple(fresh)
        self._kept_path: list[str] = []
        self._in_place = False

    def __enter__(self) -> FakeObs:
        return self.install()

    def __exit__(self, *_: object) -> None:
        self.close()

    def install(self) -> FakeObs:
        """Takes obspython's place in sys.modules; until close() ``fresh`` packages are as never imported."""
        self._in_place = True
        self._kept_path = list(sys.path)
        self._take_out(("obspython", *self._fresh))
        sys.modules["obspython"] = self.module
        self._start_threads()
        return self

    def close(self) -> None:
        """Puts sys.modules and sys.path back; a script that is still loaded is unloaded first."""
        if not self._in_place:
            return
        if self._settings is not None:
            self.unload_script()
        self._in_place = False
        self._end_threads()
        for name in list(sys.modules):
            if is_in(name, ("obspython", *self._fresh, *self._script_names)):
                del sys.modules[name]
        sys.modules.update(self._kept_modules)
        sys.path[:] = self._kept_path

    def import_module(self, name: str) -> types.ModuleType:
        """A module of the project as the script would import it, bound to this fake."""
        return importlib.import_module(name)
