"""The life of a script in OBS: load, reload, remove and add, collection switches, exit. Knows the order of the hooks."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import types
from collections.abc import Mapping, Sequence
from typing import Any, Callable

from .page import REOPENED, PageUser
from .things import Data, Source


class Script(PageUser):
    """Loads one script and lets go of it."""

    def __init__(self, platform: str, version: tuple[int, int, int]) -> None:
        super().__init__(platform, version)
        self.module: types.ModuleType
        self.description = ""
        self.collection = "Untitled"
        self.saved: dict[str, Any] = {}  # the script's settings as last written into the collection's file
        self.saves = 0  # obs_frontend_save calls
        self.unload_seconds = 0.0
        self._path = ""
        self._script_names: set[str] = set()
        self._kept_modules: dict[str, types.ModuleType] = {}
        self._saved_sources: list[tuple[Source, dict[str, Any]]] = []
        self._parked: dict[str, tuple[list[Source], list[Source], Source | None]] = {}
        self._collection_settings: dict[str, dict[str, Any] | None] = {}

    # -- load

    def load_script(self, path: str | os.PathLike[str], settings_json: Mapping[str, Any] | str | None = None) -> None:
        """As OBS loads a script of a collection: body (unless cached), defaults, description, load, update.

        Before load_collection() there are no sources, as when a collection loads; after it, it is a script
        that the user added by hand. ``settings_json`` are the settings as saved.
        """
        if self._settings is not None:
            raise RuntimeError("a script is loaded already")
        values = json.loads(settings_json) if isinstance(settings_json, str) else settings_json
        self._path = os.path.abspath(os.fspath(path)).replace("\\", "/")
        self._settings = Data(values)
        folder = os.path.dirname(self._path)
        if folder not in sys.path:
            sys.path.append(folder)
        name = self._module_name()
        if name not in self._script_names:
            self._take_out((name,))
            self._script_names.add(name)
        self._load(lambda: importlib.import_module(name), cached=name in sys.modules)

    def _module_name(self) -> str:
        return os.path.basename(self._path).split(".py")[0]  # strstr(".py") in obs_python_script_create

    def _load(self, get: Callable[[], types.ModuleType], cached: bool) -> None:
        module = get() if cached else self._ui("module body", get)
        if module is None:
            self.script = None
            return
        self.script = module
        folder = os.path.dirname(self._path) + "/"
        module.__dict__.update(obspython=self.module, __script_dir__=folder, script_path=lambda: folder)
        if hasattr(module, "script_tick"):
            self._note("script_tick: it takes the GIL on the graphics thread every frame")
        self._hook("script_defaults", True)
        text = self._hook("script_description")
        self.description = text if isinstance(text, str) else ""
        if text is not None and not isinstance(text, str):
            self._note(f"script_description gave {text!r}")
        self._hook("script_load", True)
        self._hook("script_update", True)

    def _take_out(self, names: Sequence[str]) -> None:
        """Modules of these packages are as never imported, until close()."""
        for name in list(sys.modules):
            if is_in(name, names):
                self._kept_modules.setdefault(name, sys.modules.pop(name))

    def load_collection(self, scenes: Sequence[str] = ("Scene",), event: bool = True) -> None:
        """The collection's sources come into being, its first scene is shown. ``event``: FINISHED_LOADING."""
        if self.collection in self._parked:
            self._sources, self._scene_names, self._current_scene = self._parked.pop(self.collection)
        for name in scenes if not self._scene_names else ():
            self.add_scene(name)
        if event:
            self._event("FINISHED_LOADING")

    # -- unload

    def unload_script(self) -> None:
        """The end of a collection: script_save, then every callback is gone, then script_unload."""
        self._save_project()
        self._unload()
        self._destroy_script()

    def _unload(self) -> None:
        self._close_page("the script was unloaded")
        self._forget_callbacks()  # OBS removes a script's callbacks before it calls script_unload
        began = time.perf_counter()
        self._hook("script_unload")
        self.unload_seconds = time.perf_counter() - began
        self._note_living_threads()
        for held in self.unreleased():
            self._note(f"held after script_unload: {held}")

    def _destroy_script(self) -> None:
        if self._settings is not None:
            self._settings.dead = "the script's settings went with the script"
        self._settings = None

    def reload_script(self) -> None:
        """The round arrow: script_unload (no script_save), the file again in its namespace, page twice."""
        assert self._settings is not None
        self._unload()
        module = self.script

        def again() -> types.ModuleType:
            return importlib.import_module(self._module_name()) if module is None else importlib.reload(module)

        self._load(again, cached=False)
        self._after_adding()

    def remove_and_add(self, settings_json: Mapping[str, Any] | None = None) -> None:
        """Minus, then plus: script_unload without script_save, a load with empty settings, no module body."""
        path = self._path
        self._unload()
        self._destroy_script()
        self.load_script(path, settings_json)
        self._after_adding()

    def _after_adding(self) -> None:
        """Add and Reload ask for the properties once for the modified callbacks and throw them away."""
        page = self._open_page()
        if page is None:
            return
        settings = Data() if self.version < (31, 0, 0) else self._settings
        for one in reversed([one for one in page.properties.each() if one.modified]):
            self._modified(one, settings)
        self._close_page(REOPENED)
        self.page()

    def defaults_button(self) -> None:
        """ "Defaults": every user value goes, script_update, then the script is reloaded."""
        assert self._settings is not None
        self._settings.values.clear()
        self._hook("script_update", True)
        self.reload_script()

    # -- save, switch, exit

    def _save_project(self) -> None:
        if self._settings is None:
            return
        self._hook("script_save", True)
        self.saved = self._settings.json()

    def switch_collection(self, name: str, settings_json: Mapping[str, Any] | None = None, with_script: bool = True) -> None:
        """Saves, unloads, lets every source go, then loads the other collection: script first, sources after.

        A collection seen before comes back with its sources and the script's settings as saved;
        ``settings_json`` are for a new one, ``with_script=False`` for one that does not list the script.
        No FINISHED_LOADING comes.
        """
        path = self._path
        self._event("SCENE_COLLECTION_CHANGING")
        self._save_sources()
        if self._settings is not None:
            self._save_project()
            self._collection_settings[self.collection] = dict(self.saved)
        else:
            self._collection_settings.setdefault(self.collection, None)
        self._clear_collection()
        self.collection = name
        known = self._collection_settings.get(name, dict(settings_json or {}) if with_script else None)
        if known is not None:
            self.load_script(path, known)
        self.load_collection(event=False)
        self._event("SCENE_COLLECTION_CHANGED")

    def _save_sources(self) -> None:
        """A collection comes back as it was saved: without what the script does to its sources in script_unload."""
        self._saved_sources = [(one, one.settings.json()) for one in self._sources]

    def _clear_collection(self) -> None:
        self._event("SCENE_COLLECTION_CLEANUP")
        if self._settings is not None:
            self._unload()
            self._destroy_script()
        for held in self.unreleased():
            self._note(f"held across a collection switch (a crash): {held}")
        for one, values in self._saved_sources:
            one.settings.values = Data(values).values
        self._parked[self.collection] = (self._sources, self._scene_names, self._current_scene)
        self._sources, self._scene_names, self._current_scene = [], [], None

    def quit(self) -> None:
        """OBS exits: script_save, SCRIPTING_SHUTDOWN, SCENE_COLLECTION_CLEANUP, script_unload; no EXIT."""
        self._save_sources()
        if self._settings is not None:
            self._save_project()
        self._event("SCRIPTING_SHUTDOWN")
        self._clear_collection()

    @property
    def settings(self) -> dict[str, Any]:
        """The script's settings now, defaults filled in (a copy)."""
        assert self._settings is not None, "no script is loaded"
        return self._settings.json(with_defaults=True)


def is_in(module: str, packages: Sequence[str]) -> bool:
    return any(module == one or module.startswith(one + ".") for one in packages)
